//! `rota model`

use crate::args::{LevelName, Model};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{apart, print, say, write};
use crate::render::{clean, count, number};
use crate::{Exit, MISTAKE, NO};
use rota_core::Roster;
use rota_io::rosters::read_roster;
use rota_rules::judge::Judgement;
use rota_rules::laws::Says;
use rota_rules::{Problem, Strength};
use rota_solver::mps::{export, Exported, Refused};
use rota_solver::Level;

/// Writes the whole program of a level.
pub fn run(args: &Model) -> Exit {
    let inputs: Vec<&str> = [&args.scenario].into_iter().chain(&args.after).map(String::as_str).collect();
    if let Err(exit) = apart(&[(args.output.as_deref(), "-o")], &inputs, &args.beside) {
        return exit;
    }
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let after = match &args.after {
        None => None,
        Some(path) => match read_roster(path, &loaded.scenario.problem.site) {
            Err(findings) => return say_mistakes(findings, args.look),
            Ok(roster) => match judged(&loaded.scenario.problem, path, roster) {
                Ok(judged) => Some(judged),
                Err(exit) => return exit,
            },
        },
    };
    let after = after.as_ref().map(|(roster, judgement)| (roster, judgement));
    let exported = match export(&loaded.scenario.problem, args.level.map(level), after) {
        Ok(exported) => exported,
        Err(refused) => return say_refused(refused, args),
    };
    if !exported.loose.is_empty() {
        let names: Vec<&str> = exported.loose.iter().map(|level| level.name()).collect();
        say(&format!(
            "note: {} above {} not held: rosters may cost anything there\n  help: --after ROSTER holds what a roster costs",
            names.join(", "),
            if names.len() == 1 { "is" } else { "are" }
        ));
    }
    match write(args.output.as_deref(), &exported.text) {
        Ok(Some(saved)) => {
            print(&format!("Wrote {saved}: {}.", summary(&exported)));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}

/// A roster that levels can be held to: one that is whole and keeps the laws.
fn judged(problem: &Problem, path: &str, roster: Roster) -> Result<(Roster, Judgement), Exit> {
    let judgement = Judgement::with(problem, &roster, Says::of(&problem.site, &roster));
    if !judgement.unchecked.is_empty() {
        say(&format!(
            "error[model.unchecked]: what this roster costs is not known: it does not name shifts, places or duties\n  \
             --> {}\n  help: give a roster written by rota solve -o roster.json",
            clean(path)
        ));
        return Err(MISTAKE);
    }
    if !judgement.laws_kept() {
        say(&format!(
            "error[model.law]: this roster breaks a law of its scenario, so nothing can be held to it\n  \
             --> {}\n  help: rota check says where",
            clean(path)
        ));
        return Err(NO);
    }
    Ok((roster, judgement))
}

fn level(name: LevelName) -> Level {
    match name {
        LevelName::Must => Level::Rules(Strength::Must),
        LevelName::High => Level::Rules(Strength::High),
        LevelName::Medium => Level::Rules(Strength::Medium),
        LevelName::Low => Level::Rules(Strength::Low),
        LevelName::HomeFirst => Level::HomeFirst,
    }
}

fn say_refused(refused: Refused, args: &Model) -> Exit {
    match refused {
        Refused::NoLevel(levels) => {
            let asked = args.level.map_or("", |asked| level(asked).name());
            let names: Vec<&str> = levels.iter().map(|level| level.name()).collect();
            let help = if names.is_empty() {
                "without --level the program has nothing to minimise".to_string()
            } else {
                format!("it has {}", names.join(", "))
            };
            say(&format!(
                "error[model.level]: nothing of this scenario is of the level {asked}\n  help: {help}"
            ));
            MISTAKE
        }
        Refused::Impossible(owner, sentence) => {
            say(&format!(
                "error[model.impossible]: no roster keeps `{}`: {}\n  help: rota validate says more",
                clean(&owner),
                clean(&sentence)
            ));
            NO
        }
    }
}

fn summary(exported: &Exported) -> String {
    let goal = match exported.level {
        Some(level) => format!("minimise {}", level.name()),
        None => "nothing to minimise".to_string(),
    };
    let held: Vec<String> = exported
        .held
        .iter()
        .map(|(level, paid)| format!(", {} held at {}", level.name(), number(*paid)))
        .collect();
    let columns = count(exported.columns, "column", "columns");
    format!("{goal}{}; {columns}, {}", held.concat(), count(exported.rows, "row", "rows"))
}
