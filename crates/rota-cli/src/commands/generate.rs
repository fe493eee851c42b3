//! `rota generate`

use crate::args::Generate;
use crate::load::write_scenario;
use crate::output::{json, print};
use crate::quoted::quoted;
use crate::Exit;

/// Makes up a department.
pub fn run(args: &Generate) -> Exit {
    let mut scenario = rota_planner::generate(&rota_planner::Generate {
        people: args.people as usize,
        days: args.days as usize,
        seed: args.seed,
    });
    if let Some(metres) = args.metres {
        rota_planner::keep_apart(&mut scenario, metres);
    }
    match write_scenario(args.output.as_deref(), &json(&scenario)) {
        Ok(Some(saved)) => {
            print(&format!("Wrote {saved}.\nNext:  rota solve {}", quoted(&saved)));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}
