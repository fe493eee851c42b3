//! `rota diff`

use super::is_plain;
use crate::args::{Diff, Format};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{json, print, say};
use crate::render::diff::{markdown, text};
use crate::{Exit, MISTAKE};
use rota_core::Finding;
use rota_io::diff::{days, Against};
use rota_io::rosters::{read_named, read_roster};
use rota_io::DiffDocument;

/// Compares two rosters.
pub fn run(args: &Diff) -> Exit {
    let beside = &args.beside;
    if args.scenario.is_none() && !beside.repeated().is_empty() {
        say(&format!(
            "error[diff.beside]: {} is read beside a scenario, and none is given\n  help: add --scenario week.json",
            beside.repeated().split_whitespace().next().unwrap_or("it")
        ));
        return MISTAKE;
    }
    let both = args.old == "-" && args.new == "-";
    if both || (args.scenario.is_some() && [&args.old, &args.new].iter().any(|roster| *roster == "-")) {
        let what = if both { "both rosters" } else { "a roster beside --scenario" };
        say(&format!("error[diff.stdin]: {what} cannot be read from standard input\n  help: name a file"));
        return MISTAKE;
    }
    let named = match (read_named(&args.old), read_named(&args.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(findings), Ok(_)) | (Ok(_), Err(findings)) => return say_mistakes(findings, args.look),
        (Err(old), Err(new)) => return say_mistakes([old, new].concat(), args.look),
    };
    let (old, new) = named;
    let days = match days(&old, &new) {
        Ok(days) => days,
        Err(message) => {
            let finding = Finding::error("diff.other_days", "", message)
                .help("name two rosters of the same days, the old one first")
                .without_pointer();
            return say_mistakes(vec![finding], args.look);
        }
    };
    let mut loaded = None;
    let mut rosters = None;
    if let Some(scenario) = &args.scenario {
        let read = match load_or_say(scenario, beside, args.look) {
            Ok(read) => read,
            Err(exit) => return exit,
        };
        let site = &read.scenario.problem.site;
        rosters = match (read_roster(&args.old, site), read_roster(&args.new, site)) {
            (Ok(old), Ok(new)) => Some((old, new)),
            (Err(findings), Ok(_)) | (Ok(_), Err(findings)) => return say_mistakes(findings, args.look),
            (Err(old), Err(new)) => return say_mistakes([old, new].concat(), args.look),
        };
        loaded = Some(read);
    }
    let problem = loaded.as_ref().map(|loaded| &loaded.scenario.problem);
    let against = problem.zip(rosters.as_ref()).map(|(problem, (old, new))| Against { problem, old, new });
    let document = DiffDocument::of(&old, &new, days, against.as_ref());
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown(problem, &document)),
        Format::Text => print(&text(problem, &document, is_plain(args.look))),
    }
    0
}
