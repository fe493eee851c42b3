//! `rota init`

use crate::args::Init;
use crate::output::{print, say, write};
use crate::{Exit, MISTAKE};
use std::path::Path;

/// A small team that solves as it is.
const STARTER: &str = include_str!("../../starters/team.json");

/// Writes a starter scenario; never over a file that is there.
pub fn run(args: &Init) -> Exit {
    let to_stdout = args.output == Path::new("-");
    if !to_stdout && args.output.extension().is_none_or(|ending| !ending.eq_ignore_ascii_case("json")) {
        say(&format!(
            "error[init.kind]: `{}` is not a .json file\n  help: this version writes JSON scenarios: rota init --json -o week.json",
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
    match write(Some(&args.output), STARTER) {
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
