//! `rota next`

use crate::args::Next;
use crate::load::{load_or_say, say_mistakes, write_scenario};
use crate::output::{apart, json, print, say};
use crate::quoted::quoted;
use crate::Exit;
use rota_io::rosters::read_roster;
use rota_rules::Judgement;

/// Writes the scenario of the next period.
pub fn run(args: &Next) -> Exit {
    if let Err(exit) = apart(&[(args.output.as_deref(), "-o")], &[&args.scenario, &args.roster], &args.beside)
    {
        return exit;
    }
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let roster = match read_roster(&args.roster, &loaded.scenario.problem.site) {
        Ok(roster) => roster,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    if !Judgement::of(&loaded.scenario.problem, &roster).musts_kept() {
        say(&format!(
            "warning[next.broken]: the roster breaks a law or must rule of its scenario; the next period starts from it as it is\n  \
             help: rota check {} {} says where",
            quoted(&args.scenario),
            quoted(&args.roster)
        ));
    }
    let next = rota_planner::next(&loaded.scenario.typed, &roster, &loaded.scenario.problem);
    match write_scenario(args.output.as_deref(), &json(&next)) {
        Ok(Some(saved)) => {
            print(&format!(
                "Wrote {saved}: {} to {}.\nNext:  rota solve {}",
                next.calendar.from.spoken(),
                next.calendar.to.spoken(),
                quoted(&saved)
            ));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}
