//! `rota cover`

use super::{ask, failed, is_plain, replan::is_table, solve::table, time_left};
use crate::args::{Cover, Format, ProgressKind};
use crate::changed::{can_save, prepared, savable, save, say_notes, spoken, today, Saving};
use crate::load::{load_or_say, say_mistakes, Loaded};
use crate::output::{apart, json, print, say, write};
use crate::quoted::quoted;
use crate::render::cover::{markdown, text, Page};
use crate::{Exit, MISTAKE, NO};
use rota_face::{absences, cover, take, Changed, Options};
use rota_io::cover::Answer;
use rota_io::rosters::read_roster;
use rota_io::RosterDocument;
use std::path::Path;
use std::time::Instant;

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
    let today = today(args.changed.today);
    let changed = match absences(&loaded.scenario, &args.changed.absent, today) {
        Ok(changed) => changed,
        Err(error) => return failed(error, args.look),
    };
    say_notes(&changed);
    let new_text = &changed.scenario.document;
    let saving = match prepared(&args.scenario, &loaded, new_text, args.changed.save, args.look) {
        Ok(saving) => saving,
        Err(exit) => return exit,
    };
    let Some(path) = &args.roster else {
        return leave(args, &loaded, &changed, &saving, clock);
    };
    let old = match read_roster(path, &loaded.scenario.problem.site) {
        Ok(roster) => roster,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let options = Options::default();
    let covered = match cover(&loaded.scenario, Some(&old), &changed, &options) {
        Ok(covered) => covered,
        Err(error) => return failed(error, args.look),
    };
    let document = &covered.document;
    let mut roster: Option<RosterDocument> = None;
    if let Some(number) = args.take {
        roster = match take(&changed, &covered, number as usize, &options) {
            Ok(roster) => roster,
            Err(error) => return failed(error, args.look),
        };
        if roster.is_none() {
            let help = match document.choices.len() {
                0 => "leave --take out to see why".to_string(),
                1 => "there is one: --take 1".to_string(),
                many => format!("give a number from 1 to {many}"),
            };
            say(&format!("error[take.none]: there is no choice {number}\n  help: {help}"));
            return if document.choices.is_empty() { NO } else { MISTAKE };
        }
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
        if let Err(exit) = save(&args.scenario, new_text, &changed.edits, &saving) {
            return exit;
        }
    }
    if saved.is_some() && !args.changed.save {
        say(&format!("note: {} does not have the absence yet; --save writes it there", args.scenario));
    }
    let lines = spoken(&changed.edits, &loaded.scenario.problem.site);
    let page = Page {
        problem: &changed.scenario.problem,
        document,
        edits: &lines,
        taken: args.take.map(|number| number as usize),
        saved: saved.as_deref(),
        command: &repeated(args, path),
        savable: can_save(&args.scenario, &loaded, new_text),
    };
    match (args.look.format, &roster) {
        // The roster taken is the result, unless it went to a file.
        (_, Some(roster)) if saved.is_none() => print(&json(roster)),
        (Format::Json, _) => print(&json(document)),
        (Format::Markdown, _) => print(&markdown(&page)),
        (Format::Text, _) => print(&text(&page, is_plain(args.look))),
    }
    match &roster {
        Some(roster) => u8::from(!roster.musts_kept),
        None => covered.exit_code(),
    }
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
fn leave(args: &Cover, loaded: &Loaded, changed: &Changed, saving: &Saving, clock: Instant) -> Exit {
    let options = Options { time_limit: time_left(args.time_limit.0, clock), ..Options::default() };
    let answer = ask(ProgressKind::Auto, args.look, options, |options| {
        cover(&loaded.scenario, None, changed, options)
    });
    let covered = match answer {
        Ok(covered) => covered,
        Err(exit) => return exit,
    };
    let document = &covered.document;
    if args.changed.save {
        if document.answer == Answer::Grant {
            if let Err(exit) = save(&args.scenario, &changed.scenario.document, &changed.edits, saving) {
                return exit;
            }
        } else {
            say("note: without a yes nothing is saved in the scenario");
        }
    }
    let lines = spoken(&changed.edits, &loaded.scenario.problem.site);
    let page = Page {
        problem: &changed.scenario.problem,
        document,
        edits: &lines,
        taken: None,
        saved: None,
        command: "",
        savable: false,
    };
    match args.look.format {
        Format::Json => print(&json(document)),
        Format::Markdown => print(&markdown(&page)),
        Format::Text => print(&text(&page, is_plain(args.look))),
    }
    covered.exit_code()
}
