//! `rota what-if --grid`: the scenario with every combination of a few numbers.

use crate::args::{Format, WhatIf};
use crate::changed::typed;
use crate::commands::{disagreement, is_plain, options, pool};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{apart, json, print, replace, say};
use crate::progress::Teller;
use crate::render::clean;
use crate::render::what_if_grid::{markdown, text, Page};
use crate::{Exit, MISTAKE, UNKNOWN};
use rota_io::files::read_text;
use rota_io::grid::{read, written, GridCell};
use rota_io::heat_map::heat_map;
use rota_io::seal;
use rota_io::{sha256, GridDocument};
use rota_planner::grid::{combinations, grid, read_axis, too_many, Axis};
use rota_solver::Flow;
use serde_json::Value;
use std::path::Path;
use std::sync::Mutex;
use std::time::Instant;

/// Solves every combination; what an earlier run has written is not solved again.
pub fn run(args: &WhatIf, typed_axes: &[String]) -> Exit {
    let clock = Instant::now();
    let Some(path) = &args.scenario else {
        say("error[grid.scenario]: no scenario is given\n  help: rota what-if week.json --grid distance.metres=1,1.5,2");
        return MISTAKE;
    };
    let outputs = [(args.output.as_deref(), "-o"), (args.svg.as_deref(), "--svg")];
    if let Err(exit) = apart(&outputs, &[path], &args.beside) {
        return exit;
    }
    let loaded = match load_or_say(path, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let mut mistakes = Vec::new();
    let mut axes: Vec<Axis> = Vec::new();
    for text in typed_axes {
        match read_axis(text, &loaded.scenario.typed, &loaded.scenario.problem) {
            Ok(axis) => axes.push(axis),
            Err(problem) => mistakes.push(typed("grid.axis", problem)),
        }
    }
    mistakes.extend(too_many(&axes));
    if !mistakes.is_empty() {
        return say_mistakes(mistakes, args.look);
    }
    let all = combinations(&axes);
    let hash = sha256(&loaded.scenario.document);
    let known = match known(args.output.as_deref(), &axes, &hash) {
        Ok(known) => known,
        Err(exit) => return exit,
    };
    let solved_before =
        |values: &Vec<Value>| known.iter().any(|cell| cell.values == *values && !cell.is_open());
    let open: Vec<Vec<Value>> = all.iter().filter(|values| !solved_before(values)).cloned().collect();
    let pool = match pool(args.threads) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let options = options(&args.time_limit, args.effort, args.seed, clock);
    let teller = Mutex::new(Teller::start(args.progress, is_plain(args.look)));
    let found: Mutex<Vec<GridCell>> = Mutex::new(known);
    let failed = Mutex::new(None);
    let outcome = pool.install(|| {
        grid(
            &loaded.scenario.typed,
            &axes,
            &open,
            &options,
            &|progress| teller.lock().map_or(Flow::Stop, |mut teller| teller.tell(progress)),
            &|cell| {
                let mut found = found.lock().expect("nobody panics with the list");
                found.retain(|known| known.values != cell.values);
                found.push(GridCell::from(cell));
                let table = written(&axes, &GridDocument::of(&hash, &axes, &all, &found));
                // Written after every combination, so that nothing is lost when the run is cut short.
                if let Some(path) = args.output.as_deref() {
                    if let Err(exit) = replace(path, &table) {
                        *failed.lock().expect("nobody panics with it") = Some(exit);
                    }
                }
            },
        )
    });
    teller.into_inner().expect("nobody panics with it").end();
    if let Err(what) = outcome {
        return disagreement("a roster", &what);
    }
    if let Some(exit) = failed.into_inner().expect("nobody panics with it") {
        return exit;
    }
    let cells = found.into_inner().expect("nobody panics with the list");
    let document = GridDocument::of(&hash, &axes, &all, &cells);
    if let Some(path) = &args.svg {
        let title = crate::render::roster::heading(&loaded.scenario.problem);
        if let Err(exit) = crate::output::write(Some(path), &seal::page(&heat_map(&document, &title))) {
            return exit;
        }
    }
    let page = Page {
        problem: &loaded.scenario.problem,
        document: &document,
        kept: all.len() - open.len(),
        saved: args.output.as_deref(),
        picture: args.svg.as_deref(),
    };
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown(&page)),
        Format::Text => print(&text(&page, is_plain(args.look))),
    }
    if document.missing > 0 || document.cells.iter().any(GridCell::is_open) {
        UNKNOWN
    } else {
        0
    }
}

/// What an earlier run has written into the file: it is gone on with. A file of another kind is never written over.
fn known(path: Option<&Path>, axes: &[Axis], hash: &str) -> Result<Vec<GridCell>, Exit> {
    let Some(path) = path else { return Ok(Vec::new()) };
    if path.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("csv")) {
        say(&format!(
            "error[output.kind]: `{}` is to be a table\n  help: end the name with .csv",
            path.display()
        ));
        return Err(MISTAKE);
    }
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = read_text(&path.display().to_string()).map_err(|what| {
        say(&format!("error[file.read]: {what}\n  help: check the name and that the file may be read"));
        MISTAKE
    })?;
    read(&text, axes, hash).map_err(|what| {
        let what = clean(&what);
        say(&format!(
            "error[grid.other]: `{}` is there and cannot be gone on with: {what}\n  help: give -o another name",
            path.display()
        ));
        MISTAKE
    })
}
