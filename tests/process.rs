//! `rota` as a child process: the scenario on standard input, the roster on standard output, JSON lines on standard
//! error, cancelled by a line or by closing standard input; from Rust, and with the examples in Java and JavaScript.

mod common;

use common::{project, rota, rota_reading, Run};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

const CODING: &str = "fixtures/clinical_coding/scenario.json";
const REPORTS: &str = "fixtures/radiology_reports/scenario.json";

/// Every line of standard error, each of which is JSON and fits the schema.
#[track_caller]
fn lines(run: &Run) -> Vec<Value> {
    let lines: Vec<Value> = run
        .err
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|problem| panic!("{line}: {problem}")))
        .collect();
    let schema = rota(&["schema", "progress"]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema is a schema");
    for line in &lines {
        assert!(validator.is_valid(line), "{line}");
    }
    lines
}

fn text(path: &str) -> String {
    fs::read_to_string(project(path)).expect("the file reads")
}

/// A scenario that is not solved soon.
fn large() -> String {
    rota(&["generate", "--people", "150", "--days", "10"]).exits(0).out
}

#[test]
fn a_program_gets_a_roster_and_json_lines() {
    let run = rota_reading(&["solve", "-", "--progress", "jsonl"], &text(CODING)).exits(0);
    assert_eq!(run.json()["status"], "optimal");
    let lines = lines(&run);
    let last = lines.last().expect("a last line");
    assert_eq!(*last, serde_json::json!({ "event": "end", "status": "optimal", "exit_code": 0 }));
    assert!(lines.iter().any(|line| line["event"] == "progress" && line["bound"].is_number()));
}

#[test]
fn a_closed_standard_input_is_no_cancel_unless_asked_for() {
    for args in [&["solve", "-", "-o", "-"][..], &["solve", "-", "--progress", "jsonl"]] {
        let roster = rota_reading(args, &text(CODING)).exits(0).json();
        assert_eq!(
            (roster["status"].as_str(), &roster["solve"]["stopped_by"]),
            (Some("optimal"), &Value::Null)
        );
    }
}

#[test]
fn mistakes_are_lines_too() {
    let broken = text(CODING).replacen("\"calendar\"", "\"calender\"", 1);
    let run = rota_reading(&["solve", "-", "--progress", "jsonl"], &broken).exits(2);
    assert!(run.json()["list"].as_array().is_some_and(|found| !found.is_empty()));
    let lines = lines(&run);
    assert!(lines
        .iter()
        .any(|line| line["finding"]["message"].as_str().is_some_and(|text| text.contains("calender"))));
    assert_eq!(lines.last().expect("a last line")["exit_code"], 2);
    for (args, code) in [
        (&["solve", "-", "--progress", "jsonl", "--threads", "1000"][..], "threads"),
        (&["solve", "-", "--progress", "jsonl", "-o", "no/such/folder/roster.json"], "output.folder"),
        (&["solve", "-", "--progress", "jsonl", "-o", "roster.what"], "output.kind"),
        (&["solve", "-", "--progress=jsonl", "--gap", "much"], "arguments"),
    ] {
        let run = rota_reading(args, &text(CODING)).exits(2);
        let found = self::lines(&run);
        assert_eq!(found[0]["finding"]["code"], code, "{}", run.err);
        assert_eq!(found.last().expect("a last line")["event"], "end");
    }
    let clash = rota_reading(&["solve", "-", "--progress", "jsonl"], &text(REPORTS)).exits(1);
    assert_eq!(clash.json()["status"], "impossible");
    assert_eq!(self::lines(&clash).last().expect("a last line")["status"], "impossible");
}

/// A solve with the scenario sent and standard input open, and its progress read up to the first roster.
struct Running {
    child: Child,
    input: ChildStdin,
    errors: BufReader<std::process::ChildStderr>,
    /// Read at the same time, or it fills up and both sides wait.
    output: std::thread::JoinHandle<String>,
}

impl Running {
    fn start(more: &[&str], scenario: &str) -> Running {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rota"))
            .args(["solve", "-", "--progress", "jsonl", "--time-limit", "none"])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("rota starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(scenario.as_bytes()).expect("rota reads");
        let mut out = child.stdout.take().expect("a pipe");
        let output = std::thread::spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).expect("UTF-8");
            text
        });
        let errors = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut running = Running { child, input, errors, output };
        // It has begun although nothing says that the scenario is all: wait for a roster, not for a time.
        loop {
            let mut line = String::new();
            let read = running.errors.read_line(&mut line).expect("UTF-8");
            assert!(read > 0, "it ended before it was to");
            let line: Value = serde_json::from_str(&line).expect("JSON");
            if line["best"].is_number() {
                return running;
            }
        }
    }

    /// Reads on to the end, with standard input open or closed.
    fn end(mut self, closed: bool) -> Run {
        let input = Some(self.input).filter(|_| !closed);
        let mut err = String::new();
        self.errors.read_to_string(&mut err).expect("UTF-8");
        let out = self.output.join().expect("it reads");
        let code = self.child.wait().expect("rota ends").code().unwrap_or(-1);
        drop(input);
        Run { code, out, err }
    }
}

#[track_caller]
fn was_cancelled(run: Run) {
    let run = run.exits(0);
    let roster = run.json();
    assert_eq!(roster["solve"]["stopped_by"], "asked");
    assert_eq!(roster["musts_kept"], true);
    assert_eq!(lines(&run).last().expect("a last line")["status"], "feasible");
}

#[test]
fn a_line_cancels_with_the_best_so_far() {
    let pretty: Value = serde_json::from_str(&large()).expect("JSON");
    let mut running = Running::start(&[], &format!("{pretty:#}"));
    running.input.write_all(b"\nwhat?\n{\"cancel\": true}\n").expect("rota reads");
    let run = running.end(false);
    assert!(run.err.contains("stdin.order"), "{}", run.err);
    was_cancelled(run);
}

#[test]
fn closing_standard_input_cancels_where_that_is_asked_for() {
    was_cancelled(Running::start(&["--cancel-on-close"], &large()).end(true));
}

/// Whether a program is there; said aloud where it is not.
/// Ctrl-C while the rules are read and written down as rows: an answer all the same, and at once.
#[cfg(unix)]
#[test]
fn ctrl_c_is_heeded_from_the_start() {
    let folder = common::folder_of(&[("year.json", &year_of_desks())]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_rota"))
        .args(["solve", "year.json", "--format", "json", "--time-limit", "none"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    std::thread::sleep(std::time::Duration::from_secs(2));
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(asked.expect("kill runs").success());
    let mut out = String::new();
    child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("it reads");
    assert_eq!(child.wait().expect("it ends").code(), Some(4));
    let document: Value = serde_json::from_str(&out).expect("a document");
    assert_eq!((&document["status"], &document["solve"]["stopped_by"]), (&"unknown".into(), &"asked".into()));
}

/// A scenario whose rows take much longer to be written down than two seconds.
fn year_of_desks() -> String {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let people: Vec<Value> = (0..100).map(|at| serde_json::json!({ "id": format!("p{at}") })).collect();
    let desks: Vec<Value> =
        (0..100).map(|at| serde_json::json!({ "id": format!("d{at}"), "at": [at, 0] })).collect();
    serde_json::json!({
        "scenario": 1,
        "calendar": { "from": "2020-01-01", "to": "2020-12-31", "work_days": days },
        "people": people,
        "sites": [{ "id": "hq", "zones": [{ "id": "room", "desks": desks }] }],
        "rules": [{ "distance": { "metres": 1.5 } }, { "desk_rest": { "days": 3 } }, { "headcount": { "at_least": 10 } },
            { "same_desk": {}, "strength": "low" }]
    })
    .to_string()
}

fn is_there(program: &str) -> bool {
    let found = Command::new(program).arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        let _ = writeln!(std::io::stderr(), "SKIPPED: there is no {program} on this machine");
    }
    found
}

fn example(program: &str, file: &str, args: &[&Path]) -> Run {
    let output = Command::new(program)
        .arg(project("crates/rota/examples").join(file))
        .arg(env!("CARGO_BIN_EXE_rota"))
        .args(args)
        .output()
        .expect("it runs");
    Run {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

#[test]
fn the_example_for_node_runs() {
    if !is_there("node") {
        return;
    }
    let solved = example("node", "process.mjs", &[&project(CODING)]).exits(0);
    assert_eq!(solved.out, "optimal: 120 person-days\n", "{}", solved.err);
    assert!(solved.err.contains(" s: best "), "{}", solved.err);
    let clash = example("node", "process.mjs", &[&project(REPORTS)]).exits(1);
    assert_eq!(clash.out, "no roster keeps every rule\n");
    let folder = tempfile::tempdir().expect("a folder");
    let week = folder.path().join("week.json");
    fs::write(&week, large()).expect("written");
    let cancelled = example("node", "process.mjs", &[&week, Path::new("8")]);
    assert!([0, 4].contains(&cancelled.code), "{}", cancelled.err);
}

#[test]
fn the_example_for_java_runs() {
    if !is_there("java") {
        return;
    }
    let solved = example("java", "RotaProcess.java", &[&project(CODING)]).exits(0);
    assert_eq!(solved.json()["status"], "optimal");
    assert_eq!(lines(&solved).last().expect("a last line")["event"], "end");
    let folder = tempfile::tempdir().expect("a folder");
    let week = folder.path().join("week.json");
    fs::write(&week, large()).expect("written");
    let cancelled = example("java", "RotaProcess.java", &[&week, Path::new("8")]);
    assert!([0, 4].contains(&cancelled.code), "{}", cancelled.err);
    assert_eq!(cancelled.json()["solve"]["stopped_by"], "asked");
}
