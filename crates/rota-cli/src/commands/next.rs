//! `rota next`

use crate::args::{Beside, Next};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{json, print, write};
use crate::Exit;
use rota_io::rosters::read_roster;

/// Writes the scenario of the next period.
pub fn run(args: &Next) -> Exit {
    let beside = Beside { history: None, previous: None, ties: None };
    let loaded = match load_or_say(&args.scenario, &beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let roster = match read_roster(&args.roster, &loaded.problem.site) {
        Ok(roster) => roster,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let next = rota_planner::next(&loaded.scenario, &roster, &loaded.problem);
    match write(args.output.as_deref(), &json(&next)) {
        Ok(Some(saved)) => {
            print(&format!(
                "Wrote {saved}: {} to {}.\nNext:  rota solve {saved}",
                next.calendar.from.spoken(),
                next.calendar.to.spoken()
            ));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}
