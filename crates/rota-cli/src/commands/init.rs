//! `rota init`

use crate::args::{DeskGrid, Init, Starter};
use crate::load::write_scenario;
use crate::output::{print, say, write};
use crate::quoted::quoted;
use crate::{Exit, MISTAKE};
use rota_io::workbook::folder::is_folder;
use rota_io::workbook::is_workbook;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;

/// Small teams that solve as they are.
fn team(starter: Option<Starter>) -> &'static str {
    match starter {
        None => include_str!("../../starters/team.json"),
        Some(Starter::Coding) => include_str!("../../starters/coding.json"),
        Some(Starter::Reception) => include_str!("../../starters/reception.json"),
        Some(Starter::WardClerks) => include_str!("../../starters/ward_clerks.json"),
        Some(Starter::Secretaries) => include_str!("../../starters/secretaries.json"),
    }
}

/// Writes a starter scenario; never over a file that is there.
pub fn run(args: &Init) -> Exit {
    let to_stdout = args.output == Path::new("-");
    if !args.grid.is_empty() {
        return desks(args, to_stdout);
    }
    let is_workbook = is_workbook(&args.output);
    let is_json = args.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let is_sheets = is_workbook || is_folder(&args.output);
    let unlike = (args.json && is_sheets) || (args.workbook && !is_sheets);
    if unlike || !(to_stdout || is_sheets || is_json) {
        say(&format!(
            "error[init.kind]: `{}` does not say what to write\n  help: rota init --workbook -o team.xlsx, or rota init --json -o week.json",
            args.output.display()
        ));
        return MISTAKE;
    }
    if !to_stdout && args.output.exists() && !args.output.is_dir() {
        say(&format!(
            "error[init.exists]: `{}` is there already and is left as it is\n  help: choose another name with -o",
            args.output.display()
        ));
        return MISTAKE;
    }
    match write_scenario(Some(&args.output), team(args.starter)) {
        Ok(Some(saved)) => {
            print(&format!(
                "Wrote {saved}: a small team to change into your own.\nNext:  rota solve {}",
                quoted(&saved)
            ));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}

/// A calendar for a plan that has none yet; people are to be added.
const FIRST_DAY: &str = "2020-06-15";
/// Its last day.
const LAST_DAY: &str = "2020-06-19";

/// Writes desks in rows as a table or a scenario; never over a file that is there.
fn desks(args: &Init, to_stdout: bool) -> Exit {
    let mistake = |what: &str| {
        say(what);
        MISTAKE
    };
    let zones: BTreeSet<&str> = args.grid.iter().map(|grid| grid.zone.as_str()).collect();
    if zones.len() < args.grid.len() {
        return mistake(
            "error[init.grid]: a zone is given twice\n  help: give each --grid a zone of its own",
        );
    }
    let ending = args.output.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let text = match ending.as_deref() {
        Some("json") => scenario(&args.grid),
        Some("csv") => table(&args.grid),
        None if to_stdout => {
            if args.json {
                scenario(&args.grid)
            } else {
                table(&args.grid)
            }
        }
        _ => {
            return mistake(&format!(
                "error[init.kind]: `{}` is neither a .csv nor a .json file\n  help: write a table of desks with -o desks.csv, or a scenario with -o week.json",
                args.output.display()
            ))
        }
    };
    if !to_stdout && args.output.exists() {
        return mistake(&format!(
            "error[init.exists]: `{}` is there already and is left as it is\n  help: choose another name with -o",
            args.output.display()
        ));
    }
    match write(Some(&args.output), &text) {
        Ok(Some(saved)) => {
            let number: u32 = args.grid.iter().map(|grid| grid.columns * grid.rows).sum();
            print(&format!(
                "Wrote {saved}: {number} desks, to be corrected where they stand otherwise.\nNext:  rota capacity {}",
                quoted(&saved)
            ));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}

/// Each desk of the rows: its name and position in metres, to the millimetre.
fn placed(grid: &DeskGrid) -> impl Iterator<Item = (String, [f64; 2])> + '_ {
    let metres = |at: u32, apart: f64| (f64::from(at) * apart * 1000.0).round() / 1000.0;
    (0..grid.rows).flat_map(move |row| {
        (0..grid.columns).map(move |column| {
            let name = format!("{}{}", grid.zone, row * grid.columns + column + 1);
            (name, [metres(column, grid.apart[0]), metres(row, grid.apart[1])])
        })
    })
}

fn table(grids: &[DeskGrid]) -> String {
    let rows = grids
        .iter()
        .flat_map(|grid| placed(grid).map(move |(name, [x, y])| format!("{},{name},{x},{y},\n", grid.zone)));
    std::iter::once("zone,desk,x,y,features\n".to_string()).chain(rows).collect()
}

fn scenario(grids: &[DeskGrid]) -> String {
    let zones: Vec<_> = grids
        .iter()
        .map(|grid| {
            let desks: Vec<_> = placed(grid).map(|(id, at)| json!({ "id": id, "at": at })).collect();
            json!({ "id": grid.zone, "desks": desks })
        })
        .collect();
    crate::output::json(&json!({
        "scenario": 1,
        "calendar": { "from": FIRST_DAY, "to": LAST_DAY },
        "people": [],
        "sites": [ { "id": "site", "zones": zones } ]
    }))
}
