//! `rota cover`

use super::{asked, disagreement, is_plain, replan::is_table, solve::table};
use crate::args::{Cover, Format, ProgressKind};
use crate::changed::{
    can_save, document as document_of, edited, edits, prepared, savable, save, spoken, today, Saving, Typed,
};
use crate::load::{load_or_say, say_mistakes, Loaded};
use crate::output::{apart, json, print, say, write};
use crate::progress::Teller;
use crate::quoted::quoted;
use crate::render::cover::{markdown, text, Page};
use crate::{Exit, MISTAKE, NO, UNKNOWN};
use rota_core::asked::Now;
use rota_core::{Date, Site};
use rota_io::cover::{taken, Answer};
use rota_io::rosters::read_roster;
use rota_io::{CoverDocument, RosterDocument};
use rota_planner::cover::{cover, Request};
use rota_planner::edit::Edit;
use rota_rules::laws::Says;
use rota_rules::{Judgement, Problem};
use rota_solver::{solve, Options, Status};
use std::path::Path;
use std::time::{Duration, Instant};

/// Of the time there is, how much the rota without the leave may use.
const WITHOUT_SHARE: f64 = 0.5;

/// Says whom to ask when people are away, or whether leave can be granted.
pub fn run(args: &Cover) -> Exit {
    let clock = Instant::now();
    if args.changed.absent.is_empty() {
        say("error[absent.none]: nobody is said to be away\n  help: add --absent \"Ben Okafor:today..wed\"");
        return MISTAKE;
    }
    let inputs: Vec<&str> = std::iter::once(args.scenario.as_str()).chain(args.roster.as_deref()).collect();
    if let Err(exit) = apart(&[(args.output.as_deref(), "-o")], &inputs, &args.beside) {
        return exit;
    }
    if let Err(exit) = savable(&args.scenario, args.changed.save) {
        return exit;
    }
    let to_table = match is_table(args.output.as_deref()) {
        Ok(to_table) => to_table,
        Err(exit) => return exit,
    };
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let site = &loaded.problem.site;
    let today = today(args.changed.today);
    let list = Typed { absent: &args.changed.absent, home_only: &[], closed: &[] };
    let edits = match edits(&list, site, Now::today(today)) {
        Ok(edits) => edits,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let edits = match still_to_come(edits, today, site) {
        Ok(edits) => edits,
        Err(exit) => return exit,
    };
    let (_, problem) = match edited(&loaded, &edits, args.look) {
        Ok(edited) => edited,
        Err(exit) => return exit,
    };
    let new_text = match document_of(&loaded, &edits) {
        Ok(text) => text,
        Err(exit) => return exit,
    };
    let saving = match prepared(&args.scenario, &loaded, &new_text, args.changed.save, args.look) {
        Ok(saving) => saving,
        Err(exit) => return exit,
    };
    let Some(path) = &args.roster else {
        return leave(args, &loaded, &problem, &edits, (&new_text, &saving));
    };
    let old = match read_roster(path, site) {
        Ok(roster) => roster,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let was = Judgement::with(&loaded.problem, &old, Says::of(site, &old));
    let found = cover(&Request { before: &loaded.problem, problem: &problem, old: &old });
    let document = CoverDocument::of(&problem, &edits, &was, &found);
    let mut roster: Option<RosterDocument> = None;
    if let Some(number) = args.take {
        let Some(choice) = (number as usize).checked_sub(1).and_then(|at| found.choices.get(at)) else {
            let help = match found.choices.len() {
                0 => "leave --take out to see why".to_string(),
                1 => "there is one: --take 1".to_string(),
                many => format!("give a number from 1 to {many}"),
            };
            say(&format!("error[take.none]: there is no choice {number}\n  help: {help}"));
            return if found.choices.is_empty() { NO } else { MISTAKE };
        };
        roster = Some(taken(&problem, choice, &asked(&new_text, 0, clock)));
    }
    let mut saved = None;
    if let (Some(path), Some(roster)) =
        (args.output.as_deref().filter(|path| *path != Path::new("-")), &roster)
    {
        let contents = if to_table { table(roster) } else { json(roster) };
        saved = match write(Some(path), &contents) {
            Ok(saved) => saved,
            Err(exit) => return exit,
        };
    }
    if args.changed.save {
        if let Err(exit) = save(&args.scenario, &new_text, &edits, &saving) {
            return exit;
        }
    }
    if saved.is_some() && !args.changed.save {
        say(&format!("note: {} does not have the absence yet; --save writes it there", args.scenario));
    }
    let lines = spoken(&edits, site);
    let page = Page {
        problem: &problem,
        document: &document,
        edits: &lines,
        taken: args.take.map(|number| number as usize),
        saved: saved.as_deref(),
        command: &repeated(args, path),
        savable: can_save(&args.scenario, &loaded, &new_text),
    };
    match (args.look.format, &roster) {
        // The roster taken is the result, unless it went to a file.
        (_, Some(roster)) if saved.is_none() => print(&json(roster)),
        (Format::Json, _) => print(&json(&document)),
        (Format::Markdown, _) => print(&markdown(&page)),
        (Format::Text, _) => print(&text(&page, is_plain(args.look))),
    }
    let is_good = match args.take {
        Some(number) => found.choices[number as usize - 1].judgement.musts_kept(),
        None => found.choices.first().is_some_and(|best| best.left.is_empty()),
    };
    if is_good {
        0
    } else {
        NO
    }
}

/// Absences from today on, where today is in the calendar: nobody can be asked to come in yesterday.
fn still_to_come(edits: Vec<Edit>, today: Date, site: &Site) -> Result<Vec<Edit>, Exit> {
    if site.calendar.day(today).is_none() {
        return Ok(edits);
    }
    let mut rest = Vec::new();
    for edit in edits {
        match edit {
            Edit::Away { to, .. } if to < today => {
                say(&format!(
                    "error[absent.over]: {} is over, and nobody can be asked for it\n  help: leave it out, or write it into the scenario and use `rota replan`",
                    to.spoken()
                ));
                return Err(MISTAKE);
            }
            Edit::Away { person, from, to } => rest.push(Edit::Away { person, from: from.max(today), to }),
            other => rest.push(other),
        }
    }
    Ok(rest)
}

/// The command that was typed, to be typed again with more.
fn repeated(args: &Cover, roster: &str) -> String {
    let mut command = format!("rota cover {} {}", quoted(&args.scenario), quoted(roster));
    for absent in &args.changed.absent {
        command.push_str(&format!(" --absent {}", quoted(absent)));
    }
    if let Some(today) = args.changed.today {
        command.push_str(&format!(" --today {today}"));
    }
    command + &args.beside.repeated()
}

/// Whether there is a roster with the leave, and what it costs.
fn leave(
    args: &Cover,
    loaded: &Loaded,
    problem: &Problem,
    edits: &[Edit],
    (new_text, saving): (&str, &Saving),
) -> Exit {
    let clock = Instant::now();
    let left = |share: f64| {
        args.time_limit.0.map(|seconds| {
            let left = Duration::from_secs_f64(seconds).saturating_sub(clock.elapsed());
            left.mul_f64(share).max(Duration::from_millis(1))
        })
    };
    let mut teller = Teller::start(ProgressKind::Auto, is_plain(args.look));
    let without = solve(
        &loaded.problem,
        &Options { time_limit: left(WITHOUT_SHARE), ..Options::default() },
        &mut |progress| teller.tell(progress),
    );
    let with = solve(problem, &Options { time_limit: left(1.0), ..Options::default() }, &mut |progress| {
        teller.tell(progress)
    });
    teller.end();
    if let Some(what) = without.disagreement.as_ref().or(with.disagreement.as_ref()) {
        return disagreement("a roster", what);
    }
    let findings = if with.status == Status::Impossible {
        rota_planner::arithmetic::findings(problem)
    } else {
        Vec::new()
    };
    let document = CoverDocument::leave(edits, &without, (problem, &with), findings);
    if args.changed.save {
        if document.answer == Answer::Grant {
            if let Err(exit) = save(&args.scenario, new_text, edits, saving) {
                return exit;
            }
        } else {
            say("note: without a yes nothing is saved in the scenario");
        }
    }
    let lines = spoken(edits, &loaded.problem.site);
    let page = Page {
        problem,
        document: &document,
        edits: &lines,
        taken: None,
        saved: None,
        command: "",
        savable: false,
    };
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown(&page)),
        Format::Text => print(&text(&page, is_plain(args.look))),
    }
    match document.answer {
        Answer::Refuse => NO,
        Answer::Unknown => UNKNOWN,
        _ => 0,
    }
}
