//! `rota team.xlsx`: the front door. Reads, solves, and writes the roster beside the file.

use super::outputs::Output;
use super::solve::for_people;
use super::{disagreement, is_plain, pool, width};
use crate::args::{Beside, ExportKind, Format, Look, Open};
use crate::changed::today;
use crate::load::load_or_say;
use crate::output::{json, print, say, write_bytes};
use crate::progress::Teller;
use crate::quoted::quoted;
use crate::render::clean;
use crate::render::roster::{markdown, text, Page};
use crate::Exit;
use rota_io::document::{exit_code, has_roster, Asked};
use rota_io::files::{remove, set_aside};
use rota_io::seal::{known, Known};
use rota_io::RosterDocument;
use rota_solver::{solve, Options, Status};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// What stands in the name of a roster that breaks a must rule.
const NOT_KEPT: &str = "NOT ALL RULES KEPT";
/// Of what kinds the roster is written.
const ENDINGS: [&str; 3] = ["html", "xlsx", "json"];

/// Reads, solves and writes.
pub fn run(args: &Open) -> Exit {
    let clock = Instant::now();
    let nothing_beside = Beside { history: None, previous: None, ties: None };
    if args.scenario == "-" {
        say("error[open.stdin]: standard input has no place beside it for a roster\n  help: rota solve - -o roster.json");
        return crate::MISTAKE;
    }
    let loaded = match load_or_say(&args.scenario, &nothing_beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let pool = match pool(0) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let mut options = Options {
        time_limit: args.time_limit.0.map(Duration::from_secs_f64),
        effort: None,
        gap: 0.0,
        best_effort: false,
        seed: args.seed,
    };
    let mut teller = Teller::start(args.progress, is_plain(args.look));
    let mut solved =
        pool.install(|| solve(&loaded.scenario.problem, &options, &mut |progress| teller.tell(progress)));
    // When the must rules clash, the closest roster is of more use than none.
    if solved.disagreement.is_none() && solved.status == Status::Impossible {
        options.best_effort = true;
        solved =
            pool.install(|| solve(&loaded.scenario.problem, &options, &mut |progress| teller.tell(progress)));
    }
    teller.end();
    if let Some(what) = &solved.disagreement {
        return disagreement("an answer", what);
    }
    let document = RosterDocument::of(
        &loaded.scenario.problem,
        &solved,
        &Asked::of(&loaded.scenario.document, args.seed, clock.elapsed().as_secs_f64()),
    );
    let page = Page {
        problem: &loaded.scenario.problem,
        solved: &solved,
        document: &document,
        clash: None,
        scenario: &quoted(&args.scenario),
        saved: None,
        spare: "",
        best_effort: options.best_effort,
    };
    let written = if has_roster(&solved) {
        match write_beside(&args.scenario, &page, args.look) {
            Ok(written) => written,
            Err(exit) => return exit,
        }
    } else {
        let earlier = [true, false].map(|kept| beside(&args.scenario, kept, "html"));
        for path in earlier.iter().filter(|path| path.exists()) {
            say(&format!(
                "note: nothing was written; `{}` is of an earlier run",
                clean(&path.display().to_string())
            ));
        }
        Vec::new()
    };
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown(&page)),
        Format::Text => print(&text(&page, width(), is_plain(args.look))),
    }
    let names: Vec<String> = written.iter().map(|name| clean(name)).collect();
    match names.as_slice() {
        [] => {}
        [read, sheet, roster] => say(&format!(
            "Wrote {read} to read, {sheet} for a spreadsheet, and {roster} for rota (check, cover, replan)."
        )),
        names => say(&format!("Wrote {}.", names.join(", "))),
    }
    if !document.musts_kept && has_roster(&solved) {
        say(&format!("{NOT_KEPT}: rota explain {} says why, and what can be done.", quoted(&args.scenario)));
    }
    exit_code(&document)
}

/// Writes the roster beside its scenario, as all that a manager wants of it, and takes care that no other roster beside
/// it looks like the one that holds. Gives the names used: the one to read, the one for a spreadsheet, the one for rota.
fn write_beside(scenario: &str, page: &Page<'_>, look: Look) -> Result<Vec<String>, Exit> {
    let kept = page.document.musts_kept;
    let mut made = Vec::new();
    for (ending, kind) in [("html", ExportKind::Html), ("xlsx", ExportKind::Xlsx)] {
        made.extend(for_people(page.problem, page.solved, kind, &beside(scenario, kept, ending), look)?);
    }
    made.push(Output { path: beside(scenario, kept, "json"), bytes: json(page.document).into_bytes() });
    let mut written = Vec::new();
    for one in &made {
        written.extend(write_bytes(&one.path, &one.bytes)?);
    }
    for ending in ENDINGS {
        make_way(&beside(scenario, !kept, ending), kept)?;
    }
    Ok(written)
}

/// An earlier roster of the other name is not the one that holds any more. One that kept every rule may be in use, and
/// one that was changed by hand is somebody's work: they get their date as a name. What only showed that the rules
/// clashed has had its day.
fn make_way(path: &Path, kept: bool) -> Result<(), Exit> {
    if !path.exists() {
        return Ok(());
    }
    let name = clean(&path.display().to_string());
    if kept && known(path) == Known::AsWritten {
        remove(path).map_err(|what| stays(&what))?;
        say(&format!("note: `{name}` was of an earlier run and is removed"));
        return Ok(());
    }
    let aside = set_aside(path, &format!("of {}", written_on(path))).map_err(|what| stays(&what))?;
    say(&format!(
        "note: `{name}` was of an earlier run; it is now `{}`",
        clean(&aside.display().to_string())
    ));
    Ok(())
}

fn stays(what: &str) -> Exit {
    say(&format!(
        "error[open.earlier]: {what}\n  help: it is a roster of an earlier run, not of this one; close it where it is open, and move it away"
    ));
    crate::MISTAKE
}

/// The day on which a file was last written: `12 June 2020`.
fn written_on(path: &Path) -> String {
    let time = std::fs::metadata(path).and_then(|file| file.modified());
    let day = time
        .map_or_else(|_| today(None).0, |time| chrono::DateTime::<chrono::Local>::from(time).date_naive());
    day.format("%-d %B %Y").to_string()
}

/// `team roster.html` beside `team.xlsx`; `team roster NOT ALL RULES KEPT.html` where a must rule is broken.
fn beside(scenario: &str, kept: bool, ending: &str) -> PathBuf {
    let path = Path::new(scenario);
    let stem = if path.is_dir() { path.file_name() } else { path.file_stem() };
    let stem = stem.map_or_else(|| "team".to_string(), |stem| stem.to_string_lossy().into_owned());
    let name =
        if kept { format!("{stem} roster.{ending}") } else { format!("{stem} roster {NOT_KEPT}.{ending}") };
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roster_is_named_after_its_scenario() {
        assert_eq!(beside("a/team.xlsx", true, "html"), Path::new("a/team roster.html"));
        assert_eq!(beside("team.xlsx", false, "csv"), Path::new("team roster NOT ALL RULES KEPT.csv"));
        assert_eq!(beside("my.team.json", true, "json"), Path::new("my.team roster.json"));
    }
}
