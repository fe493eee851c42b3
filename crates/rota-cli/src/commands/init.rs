//! `rota init`

use crate::args::Init;
use crate::load::write_scenario;
use crate::output::{print, say};
use crate::{Exit, MISTAKE};
use rota_io::workbook::is_workbook;
use std::path::Path;

/// A small team that solves as it is.
const STARTER: &str = include_str!("../../starters/team.json");

/// Writes a starter scenario; never over a file that is there.
pub fn run(args: &Init) -> Exit {
    let to_stdout = args.output == Path::new("-");
    let is_workbook = is_workbook(&args.output);
    let is_json = args.output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let unlike = (args.json && is_workbook) || (args.workbook && !is_workbook);
    if unlike || !(to_stdout || is_workbook || is_json) {
        say(&format!(
            "error[init.kind]: `{}` does not say what to write\n  help: rota init --workbook -o team.xlsx, or rota init --json -o week.json",
            args.output.display()
        ));
        return MISTAKE;
    }
    if !to_stdout && args.output.exists() {
        say(&format!(
            "error[init.exists]: `{}` is there already and is left as it is\n  help: choose another name with -o",
            args.output.display()
        ));
        return MISTAKE;
    }
    match write_scenario(Some(&args.output), STARTER) {
        Ok(Some(saved)) => {
            print(&format!(
                "Wrote {saved}: a small team to change into your own.\nNext:  rota solve {saved}"
            ));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}
