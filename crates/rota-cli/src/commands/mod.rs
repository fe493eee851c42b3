//! One file per command.

pub mod batch;
pub mod capacity;
pub mod check;
pub mod cover;
pub mod diff;
pub mod explain;
pub mod export;
pub mod free;
pub mod generate;
pub mod import;
mod import_staff;
pub mod init;
pub mod model;
pub mod next;
pub mod open;
mod outputs;
pub mod replan;
pub mod rules;
pub mod schema;
pub mod serve;
pub mod size;
pub mod solve;
mod solve_files;
pub mod validate;
pub mod what_if;

use crate::args::{CapacityKind, Format, Look, ProgressKind, TimeLimit, Work};
use crate::load::say_mistakes;
use crate::output::{print, say, write};
use crate::progress::Teller;
use crate::{Exit, INTERNAL, MISTAKE};
use rayon::{ThreadPool, ThreadPoolBuilder};
use rota_face::MOST_THREADS;
use rota_solver::{Flow, Options, Progress};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The threads of a command, a pool of its own.
fn pool(threads: usize) -> Result<ThreadPool, Exit> {
    if threads > MOST_THREADS {
        say(&format!("error[threads]: {threads} threads are too many\n  help: give at most {MOST_THREADS}, or 0 for as many as there are cores"));
        return Err(MISTAKE);
    }
    ThreadPoolBuilder::new().num_threads(threads).build().map_err(|what| {
        say(&format!("error[threads]: cannot start {threads} threads: {what}\n  help: give fewer"));
        MISTAKE
    })
}

/// Asks the library: how the work stands is told on standard error, Ctrl-C ends it with what there is, and why there is
/// no answer is said.
fn ask<T>(
    progress: ProgressKind,
    look: Look,
    options: rota_face::Options<'static>,
    question: impl FnOnce(&rota_face::Options<'_>) -> Result<T, rota_face::Error>,
) -> Result<T, Exit> {
    let teller = Mutex::new(Teller::start(progress, is_plain(look)));
    let cancel = options.cancel.clone();
    let tell = |now: &Progress| {
        if teller.lock().expect("telling does not panic").tell(now) == Flow::Stop {
            cancel.cancel();
        }
    };
    let answer = question(&rota_face::Options { progress: Some(&tell), ..options });
    teller.into_inner().expect("telling does not panic").end();
    answer.map_err(|error| failed(error, look))
}

/// Says why there is no answer.
fn failed(error: rota_face::Error, look: Look) -> Exit {
    match error {
        rota_face::Error::Mistakes(findings) => say_mistakes(findings, look),
        rota_face::Error::Disagreement { what, details } => disagreement(what, &details),
        rota_face::Error::Threads { .. } => {
            say(&format!("error[threads]: {error}\n  help: give fewer"));
            MISTAKE
        }
    }
}

/// How the library is to work, in a command that has run since `clock` began.
fn working(limit: &TimeLimit, work: &Work, clock: Instant) -> rota_face::Options<'static> {
    rota_face::Options {
        time_limit: time_left(limit.0, clock),
        effort: work.effort,
        seed: work.seed,
        threads: work.threads,
        ..rota_face::Options::default()
    }
}

/// Says that rows and check disagree about `what` was found: nothing is given out.
fn disagreement(what: &str, details: &str) -> Exit {
    say(&format!(
        "error[internal]: rota found {what} that its own check does not accept, so nothing is given out.\n  {details}\n  \
         help: this is a mistake in rota, not in your scenario; please report it with the scenario (pseudonyms will do)"
    ));
    INTERNAL
}

/// What a command that has run since `clock` began may still use of its time.
fn time_left(limit: Option<f64>, clock: Instant) -> Option<Duration> {
    limit.map(|seconds| {
        Duration::from_secs_f64(seconds).saturating_sub(clock.elapsed()).max(Duration::from_millis(1))
    })
}

/// What each file of an answer with pictures is to hold.
fn kinds(outputs: &[PathBuf], to: Option<CapacityKind>) -> Result<Vec<(&Path, CapacityKind)>, Exit> {
    let mut kinds = Vec::new();
    for path in outputs {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
        let told = match ending.as_deref() {
            Some("html" | "htm") => Some(CapacityKind::Html),
            Some("svg") => Some(CapacityKind::Svg),
            Some("csv") => Some(CapacityKind::Csv),
            Some("json") => Some(CapacityKind::Json),
            Some("md") => Some(CapacityKind::Md),
            Some("txt") => Some(CapacityKind::Txt),
            _ => None,
        };
        let by_default = (path == Path::new("-")).then_some(CapacityKind::Json);
        let Some(kind) = told.or(to).or(by_default) else {
            say(&format!(
                "error[output.kind]: `{}` does not say what to write\n  help: end it in .html, .svg, .csv, .json, .md or .txt, or add --to",
                path.display()
            ));
            return Err(MISTAKE);
        };
        kinds.push((path.as_path(), kind));
    }
    Ok(kinds)
}

/// Writes an answer with pictures to its files, or prints it. `contents` is given what to write, and whether plainly.
fn give(
    files: &[(&Path, CapacityKind)],
    to: Option<CapacityKind>,
    look: Look,
    contents: &dyn Fn(CapacityKind, bool) -> String,
) -> Result<(), Exit> {
    let mut saved = Vec::new();
    for (path, kind) in files {
        saved.extend(write(Some(path), &contents(*kind, false))?);
    }
    // What goes to a file is shown as well, in the format asked for; what goes to standard output is all.
    if !files.iter().any(|(path, _)| *path == Path::new("-")) {
        let shown = match look.format {
            Format::Json => CapacityKind::Json,
            Format::Markdown => CapacityKind::Md,
            Format::Text => CapacityKind::Txt,
        };
        match to.filter(|_| files.is_empty()) {
            Some(kind) => print(&contents(kind, false)),
            None => print(&contents(shown, is_plain(look))),
        }
    }
    if !saved.is_empty() {
        say(&format!("Wrote {}.", saved.join(", ")));
    }
    Ok(())
}

/// How to solve, for a command that has run since `clock` began.
fn options(limit: &TimeLimit, effort: Option<u64>, seed: u64, clock: Instant) -> Options {
    Options { time_limit: time_left(limit.0, clock), effort, seed, ..Options::default() }
}

/// The width to write for: that of the terminal, else 100 columns.
fn width() -> usize {
    if let Some(columns) = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok()) {
        return columns.max(40);
    }
    let terminal = console::Term::stdout();
    terminal.size_checked().map_or(100, |(_, columns)| usize::from(columns).max(40))
}

/// Whether the plain look was asked for, by flag or by a terminal that can do no other.
fn is_plain(look: crate::args::Look) -> bool {
    look.plain || crate::progress::dumb()
}
