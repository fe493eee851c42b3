//! `rota batch`

use super::MOST_THREADS;
use crate::args::{Batch, Beside};
use crate::in_order::in_order;
use crate::output::{apart, say};
use crate::render::{count, findings};
use crate::{Exit, INTERNAL, MISTAKE, NO, UNKNOWN};
use rota_core::Finding;
use rota_face::{solve, Cancel, Error, Options, Scenario};
use rota_io::files::Whole;
use rota_io::FindingsDocument;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The longest line read, in bytes.
const LONGEST: usize = 64 * 1024 * 1024;

/// The code of findings about rota itself.
const INTERNAL_CODE: &str = "internal";

/// A scenario as sent.
struct Sent {
    /// Its line, from 1.
    line: u32,
    text: Result<String, Box<Finding>>,
}

/// What came of it.
struct Answer {
    document: String,
    exit: Exit,
    /// How the search ended, or `mistake`.
    status: &'static str,
    warnings: Vec<Finding>,
}

/// Solves scenarios line by line.
pub fn run(args: &Batch) -> Exit {
    let beside = Beside { history: None, previous: None, ties: None };
    if let Err(exit) = apart(&[(args.output.as_deref(), "-o")], &[&args.scenarios], &beside) {
        return exit;
    }
    if args.work.threads > MOST_THREADS {
        say(&format!("error[threads]: {} threads are too many\n  help: give at most {MOST_THREADS}, or 0 for as many as there are cores", args.work.threads));
        return MISTAKE;
    }
    let (input, mut output) = match (open(&args.scenarios), Output::open(args.output.as_deref())) {
        (Ok(input), Ok(output)) => (input, output),
        (Err(what), _) => {
            say(&format!("error[file.read]: {what}\n  help: check the name, or give - for standard input"));
            return MISTAKE;
        }
        (_, Err(what)) => {
            say(&format!("error[file.write]: {what}\n  help: choose another place with -o"));
            return MISTAKE;
        }
    };
    let cancel = Cancel::new();
    catch_ctrl_c(&cancel);
    let options = Options {
        time_limit: args.time_limit.0.map(Duration::from_secs_f64),
        effort: args.work.effort,
        gap: args.aim.gap,
        seed: args.work.seed,
        // Several scenarios at once use the cores better than several searches for one.
        threads: 1,
        best_effort: args.aim.best_effort,
        cancel: cancel.clone(),
        progress: None,
    };
    let threads = match args.work.threads {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        threads => threads,
    };
    let file = (args.scenarios != "-").then_some(args.scenarios.as_str());
    let mut tally = Tally::default();
    let mut failed = None;
    in_order(
        Lines { input, line: 0, has_ended: false },
        (threads, 2 * threads + 2),
        &cancel,
        |sent| answered(sent, file, &options),
        |answer| {
            if !answer.warnings.is_empty() {
                say(&findings::text(&answer.warnings));
            }
            tally.add(&answer);
            match output.line(&answer.document) {
                Ok(is_read) => is_read,
                Err(what) => {
                    failed = Some(what);
                    false
                }
            }
        },
    );
    if let Some(what) = failed.or_else(|| output.finish().err()) {
        say(&format!("error[file.write]: {what}\n  help: choose another place with -o"));
        return MISTAKE;
    }
    say(&tally.spoken());
    tally.exit(cancel.is_cancelled())
}

/// The first Ctrl-C ends what is being solved with the best so far, and begins nothing more; the second ends at once.
fn catch_ctrl_c(cancel: &Cancel) {
    let presses = AtomicUsize::new(0);
    let cancel = cancel.clone();
    let caught = ctrlc::set_handler(move || {
        cancel.cancel();
        if presses.fetch_add(1, Ordering::SeqCst) > 0 {
            std::process::exit(130);
        }
    });
    if caught.is_err() {
        say("note: Ctrl-C cannot be caught here; it will stop at once");
    }
}

/// Solves one scenario; whatever is wrong with it stays with it.
fn answered(sent: Sent, file: Option<&str>, options: &Options<'_>) -> Answer {
    let line = sent.line;
    let solved = sent.text.map_err(|finding| Error::Mistakes(vec![*finding])).and_then(|text| {
        catch_unwind(AssertUnwindSafe(|| {
            let scenario = Scenario::read(&text)?;
            Ok((solve(&scenario, options)?, scenario.findings))
        }))
        .unwrap_or_else(|_| Err(Error::Mistakes(vec![failure()])))
    });
    let place = |findings: &mut Vec<Finding>| {
        for finding in findings {
            finding.line = Some(line);
            finding.file = file.map(str::to_string);
        }
    };
    match solved {
        Ok((outcome, mut found)) => {
            found.retain(|finding| finding.level == rota_core::FindingLevel::Warning);
            place(&mut found);
            let status = match outcome.document().status.as_str() {
                "optimal" => "proved the best",
                "feasible" => "not proved the best",
                "impossible" => "with no roster that keeps every rule",
                _ => "without an answer in time",
            };
            Answer {
                document: one_line(outcome.document()),
                exit: outcome.exit_code(),
                status,
                warnings: found,
            }
        }
        Err(error) => {
            let mut found = error.findings();
            place(&mut found);
            for finding in &mut found {
                if finding.message == "the text ends too early" {
                    finding.help = Some(
                        "each scenario stands on one line of its own, as `jq -c . week.json` writes it"
                            .into(),
                    );
                }
            }
            let (exit, status) = if found.iter().any(|finding| finding.code == INTERNAL_CODE) {
                (INTERNAL, "stopped by an error of rota")
            } else {
                (MISTAKE, "with mistakes")
            };
            Answer { document: one_line(&FindingsDocument::new(found)), exit, status, warnings: Vec::new() }
        }
    }
}

/// What is told when a solve panics; what it says of itself is on standard error.
fn failure() -> Finding {
    Finding::error(INTERNAL_CODE, "", "rota failed with this scenario")
        .help("this is a mistake in rota; please report it with the scenario (pseudonyms will do)")
        .without_pointer()
}

fn one_line<T: serde::Serialize>(document: &T) -> String {
    serde_json::to_string(document).expect("documents are plain data")
}

/// How many came out how.
#[derive(Default)]
struct Tally {
    answered: usize,
    by_status: BTreeMap<&'static str, usize>,
    exits: Vec<Exit>,
}

impl Tally {
    fn add(&mut self, answer: &Answer) {
        self.answered += 1;
        *self.by_status.entry(answer.status).or_default() += 1;
        if !self.exits.contains(&answer.exit) {
            self.exits.push(answer.exit);
        }
    }

    fn spoken(&self) -> String {
        let parts: Vec<String> =
            self.by_status.iter().map(|(status, number)| format!("{number} {status}")).collect();
        let all = count(self.answered, "scenario", "scenarios");
        if parts.is_empty() {
            format!("{all}.")
        } else {
            format!("{all}: {}.", parts.join(", "))
        }
    }

    /// The gravest of all: an error of rota, a mistake, a no, no answer yet.
    fn exit(&self, is_cut_short: bool) -> Exit {
        let gravest = [INTERNAL, MISTAKE, NO, UNKNOWN].into_iter().find(|exit| self.exits.contains(exit));
        gravest.unwrap_or(if is_cut_short { UNKNOWN } else { 0 })
    }
}

fn open(path: &str) -> Result<Box<dyn BufRead + Send>, String> {
    if path == "-" {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    match File::open(path) {
        Ok(file) if file.metadata().is_ok_and(|data| data.is_dir()) => {
            Err(format!("`{path}` is a folder; a file with a scenario on each line is wanted here"))
        }
        Ok(file) => Ok(Box::new(BufReader::new(file))),
        Err(what) if what.kind() == io::ErrorKind::NotFound => {
            Err(format!("cannot read `{path}`: there is no such file"))
        }
        Err(what) => Err(format!("cannot read `{path}`: {what}")),
    }
}

/// The lines of the input that are not blank.
struct Lines {
    input: Box<dyn BufRead + Send>,
    line: u32,
    has_ended: bool,
}

impl Iterator for Lines {
    type Item = Sent;

    fn next(&mut self) -> Option<Sent> {
        while !self.has_ended {
            self.line += 1;
            let mut bytes = Vec::new();
            let mistake = |code: &str, message: String, help: &str| {
                Err(Box::new(Finding::error(code, "", message).help(help).without_pointer()))
            };
            let text = match self.input.by_ref().take(LONGEST as u64 + 1).read_until(b'\n', &mut bytes) {
                Err(what) => {
                    self.has_ended = true;
                    mistake("batch.read", format!("cannot read on: {what}"), "send the rest again")
                }
                Ok(0) => return None,
                Ok(_) if bytes.iter().all(u8::is_ascii_whitespace) => continue,
                Ok(_) if bytes.len() > LONGEST => {
                    self.has_ended = !bytes.ends_with(b"\n") && self.skip_line().is_err();
                    let message = format!("the line is longer than {} MB", LONGEST / 1024 / 1024);
                    mistake("batch.long", message, "give it to `rota solve` on its own")
                }
                Ok(_) => String::from_utf8(bytes).or_else(|_| {
                    mistake("batch.utf8", "the line is not UTF-8 text".to_string(), "write it as UTF-8")
                }),
            };
            return Some(Sent { line: self.line, text });
        }
        None
    }
}

impl Lines {
    /// Reads to the end of a line without keeping it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let chunk = self.input.fill_buf()?;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(chunk.len(), |at| at + 1);
            self.input.consume(used);
            if end.is_some() || used == 0 {
                return Ok(());
            }
        }
    }
}

/// Where answers go.
enum Output {
    Standard,
    File(Whole),
}

impl Output {
    fn open(path: Option<&Path>) -> Result<Output, String> {
        match path.filter(|path| *path != Path::new("-")) {
            None => Ok(Output::Standard),
            Some(path) => Whole::begin(path).map(Output::File),
        }
    }

    /// Writes a line at once; whether there is still somebody to read it.
    fn line(&mut self, text: &str) -> Result<bool, String> {
        match self {
            Output::File(file) => file.add(text.as_bytes()).and_then(|()| file.add(b"\n")).map(|()| true),
            Output::Standard => {
                let mut out = io::stdout().lock();
                match writeln!(out, "{text}").and_then(|()| out.flush()) {
                    Ok(()) => Ok(true),
                    Err(what) if what.kind() == io::ErrorKind::BrokenPipe => Ok(false),
                    Err(what) => Err(format!("cannot write to standard output: {what}")),
                }
            }
        }
    }

    fn finish(self) -> Result<(), String> {
        match self {
            Output::Standard => Ok(()),
            Output::File(file) => file.finish().map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_blank_ones_are_none() {
        let input: Box<dyn BufRead + Send> = Box::new(&b"one\n\n  \r\ntwo\n\xff\xfe\nlast"[..]);
        let read: Vec<(u32, Result<String, String>)> = Lines { input, line: 0, has_ended: false }
            .map(|sent| (sent.line, sent.text.map_err(|finding| finding.code)))
            .collect();
        let text = |text: &str| Ok(text.to_string());
        let wanted =
            [(1, text("one\n")), (4, text("two\n")), (5, Err("batch.utf8".to_string())), (6, text("last"))];
        assert_eq!(read, wanted);
    }

    #[test]
    fn a_line_that_is_too_long_is_left_out_alone() {
        let mut bytes = vec![b'x'; LONGEST + 10];
        bytes.extend_from_slice(b"\nnext\n");
        let input: Box<dyn BufRead + Send> = Box::new(io::Cursor::new(bytes));
        let codes: Vec<Result<String, String>> = Lines { input, line: 0, has_ended: false }
            .map(|sent| sent.text.map_err(|finding| finding.code))
            .collect();
        assert_eq!(codes, [Err("batch.long".to_string()), Ok("next\n".to_string())]);
    }

    #[test]
    fn the_gravest_answer_is_the_exit_code() {
        let exit = |exits: &[Exit]| Tally { exits: exits.to_vec(), ..Tally::default() }.exit(false);
        assert_eq!(
            [exit(&[0]), exit(&[0, 4]), exit(&[4, 1]), exit(&[1, 2, 0]), exit(&[2, 3])],
            [0, 4, 1, 2, 3]
        );
        assert_eq!(Tally::default().exit(true), 4);
    }
}
