//! `rota replan`

use super::{ask, failed, is_plain, solve::table, working};
use crate::args::{Format, Replan};
use crate::changed::{prepared, savable, save, say_notes, spoken, today};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{apart, json, print, say, write};
use crate::render::replan::{markdown, text, Page};
use crate::{Exit, MISTAKE};
use rota_face::changes::Typed;
use rota_face::{aftermath, replan, Happened, Replanned};
use rota_io::rosters::read_roster;
use std::path::Path;
use std::time::Instant;

/// Whether a roster is written as a table; refuses other kinds of files.
pub(super) fn is_table(output: Option<&Path>) -> Result<bool, Exit> {
    let Some(path) = output.filter(|path| *path != Path::new("-")) else { return Ok(false) };
    match path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).as_deref() {
        Some("json") => Ok(false),
        Some("csv") => Ok(true),
        _ => {
            say(&format!(
                "error[output.kind]: `{}` does not say what to write\n  help: end the name with .json or .csv",
                path.display()
            ));
            Err(MISTAKE)
        }
    }
}

/// Mends a roster.
pub fn run(args: &Replan) -> Exit {
    let clock = Instant::now();
    let inputs: [&str; 2] = [&args.scenario, &args.roster];
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
    let happened = Happened {
        typed: Typed { absent: &args.changed.absent, home_only: &args.home_only, closed: &args.closed },
        today: today(args.changed.today),
        since: args.since.as_deref(),
        max_changes: args.max_changes,
    };
    let aftermath = match aftermath(&loaded.scenario, &happened) {
        Ok(aftermath) => aftermath,
        Err(error) => return failed(error, args.look),
    };
    let changed = &aftermath.changed;
    say_notes(changed);
    let old = match read_roster(&args.roster, &loaded.scenario.problem.site) {
        Ok(roster) => roster,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let new_text = &changed.scenario.document;
    let saving = match prepared(&args.scenario, &loaded, new_text, args.changed.save, args.look) {
        Ok(saving) => saving,
        Err(exit) => return exit,
    };
    let options = working(&args.time_limit, &args.work, clock);
    let answer =
        ask(args.progress, args.look, options, |options| replan(&loaded.scenario, &old, &aftermath, options));
    let Replanned { document, exit_code, .. } = match answer {
        Ok(answer) => answer,
        Err(exit) => return exit,
    };
    let mut saved = None;
    if let (Some(path), Some(written)) = (&args.output, &document.roster) {
        if path != Path::new("-") {
            let contents = if to_table { table(written) } else { json(written) };
            saved = match write(Some(path), &contents) {
                Ok(saved) => saved,
                Err(exit) => return exit,
            };
        }
    }
    if args.changed.save {
        if document.roster.is_some() {
            if let Err(exit) = save(&args.scenario, new_text, &changed.edits, &saving) {
                return exit;
            }
        } else {
            say("note: without a mended roster nothing is saved in the scenario");
        }
    }
    let lines = spoken(&changed.edits, &loaded.scenario.problem.site);
    let page = Page {
        problem: &changed.scenario.problem,
        document: &document,
        edits: &lines,
        adds_only: aftermath.adds_only,
        saved: saved.as_deref(),
        scenario: &args.scenario,
        unsaved: !changed.edits.is_empty() && !args.changed.save,
        seconds: clock.elapsed().as_secs_f64(),
    };
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    match (args.look.format, &document.roster) {
        (_, Some(written)) if to_stdout => print(&json(written)),
        (Format::Json, _) => print(&json(&document)),
        (Format::Markdown, _) => print(&markdown(&page)),
        (Format::Text, _) => print(&text(&page, is_plain(args.look))),
    }
    exit_code
}
