//! `rota batch`: a scenario a line in, an answer a line out, in order, whatever happens to one of them.

mod common;

use common::{fits_schema, project, rota, rota_reading};
use serde_json::Value;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

const CODING: &str = "fixtures/clinical_coding/scenario.json";
const REPORTS: &str = "fixtures/radiology_reports/scenario.json";

/// A scenario on one line, with a title to know it by.
fn line(path: &str, title: &str) -> String {
    let text = fs::read_to_string(project(path)).expect("the file reads");
    let mut scenario: Value = serde_json::from_str(&text).expect("JSON");
    scenario["title"] = Value::from(title);
    scenario.to_string()
}

fn answers(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[test]
fn answers_come_in_order_and_a_broken_scenario_stops_nothing() {
    let misspelt = line(CODING, "misspelt").replacen("headcount", "hedcount", 1);
    let input =
        [&line(REPORTS, "first"), "", &misspelt, "{\"scenario\": 1,", &line(CODING, "last"), ""].join("\n");
    let run = rota_reading(&["batch", "--best-effort"], &input).exits(2);
    let answers = answers(&run.out);
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[0]["of"]["title"], "first");
    assert_eq!(answers[3]["of"]["title"], "last");
    assert_eq!(answers[3]["status"], "optimal");
    for roster in [0, 3] {
        fits_schema("roster", &answers[roster]);
    }
    for mistake in [1, 2] {
        fits_schema("findings", &answers[mistake]);
    }
    assert_eq!(answers[1]["list"][0]["line"], 3, "the line of the input");
    assert!(
        answers[2]["list"][0]["help"].as_str().is_some_and(|help| help.contains("jq -c")),
        "{}",
        answers[2]
    );
    assert!(run.err.contains("4 scenarios: "), "{}", run.err);
}

#[test]
fn the_exit_code_is_that_of_the_gravest_answer() {
    let no = rota_reading(&["batch"], &format!("{}\n{}", line(CODING, "a"), line(REPORTS, "b"))).exits(1);
    let found = answers(&no.out);
    assert_eq!(
        (&found[0]["status"], &found[1]["status"]),
        (&Value::from("optimal"), &Value::from("impossible"))
    );
    assert!(found[1]["conflict"].as_array().is_some_and(|parts| !parts.is_empty()));
    rota_reading(&["batch", "-"], &line(CODING, "a")).exits(0);
    rota_reading(&["batch", "-"], "\n\n").exits(0);
    rota(&["batch", "no-such-file.ndjson"]).exits(2);
    rota(&["batch", CODING, "-o", CODING]).exits(2);
}

#[test]
fn the_answers_do_not_depend_on_the_threads() {
    let made: Vec<String> = (0..6)
        .map(|seed| {
            let text = rota(&["generate", "--people", "14", "--days", "5", "--seed", &seed.to_string()])
                .exits(0)
                .out;
            serde_json::from_str::<Value>(&text).expect("JSON").to_string()
        })
        .collect();
    let input = made.join("\n");
    let folder = tempfile::tempdir().expect("a folder");
    let strip = |threads: &str| {
        let path = folder.path().join(format!("{threads}.ndjson"));
        let path = path.to_str().expect("UTF-8");
        rota_reading(
            &["batch", "--time-limit", "none", "--effort", "200", "--threads", threads, "-o", path],
            &input,
        )
        .exits(0);
        let mut rosters = answers(&fs::read_to_string(path).expect("it was written"));
        for roster in &mut rosters {
            roster["solve"]["seconds"] = Value::Null;
        }
        rosters
    };
    let one = strip("1");
    assert_eq!(one.len(), 6);
    assert_eq!(one, strip("3"));
    assert_eq!(fs::read_dir(folder.path()).expect("lists").count(), 2, "nothing else is left there");
}

#[test]
fn an_answer_is_written_before_the_next_scenario_is_sent() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rota"))
        .arg("batch")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("rota starts");
    let mut input = child.stdin.take().expect("a pipe");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    for title in ["one", "two"] {
        writeln!(input, "{}", line(CODING, title)).expect("rota reads");
        let mut answer = String::new();
        output.read_line(&mut answer).expect("rota answers");
        assert_eq!(answers(&answer)[0]["of"]["title"], title);
    }
    drop(input);
    assert!(child.wait().expect("rota ends").success());
}

#[test]
fn a_reader_that_goes_away_ends_it() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_rota"))
        .args(["batch", "--threads", "1"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("rota starts");
    drop(child.stdout.take());
    let mut input = child.stdin.take().expect("a pipe");
    // Standard input stays open, and it ends all the same.
    writeln!(input, "{}", line(CODING, "one")).expect("rota reads");
    assert!(child.wait().expect("rota ends").code().is_some());
}
