//! Every command as a user runs it: exit code, standard output, standard error.

mod common;

use common::{project, rota, rota_in, rota_reading};
use serde_json::Value;
use std::fs;
use std::path::Path;

const CODING: &str = "fixtures/clinical_coding/scenario.json";

fn text(path: &Path) -> String {
    fs::read_to_string(path).expect("the file reads")
}

/// The team of the first fixture, solved once into a folder of its own.
fn solved() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let roster = folder.path().join("roster.json").to_str().expect("UTF-8").to_string();
    rota(&["solve", CODING, "-o", &roster]).exits(0);
    (folder, roster)
}

// ------------------------------------------------------------------ solve

#[test]
fn clinical_coding_is_proved() {
    let run = rota(&["solve", CODING, "--format", "json"]).exits(0);
    let roster = run.json();
    assert_eq!(roster["roster"], 1);
    assert_eq!(roster["status"], "optimal");
    assert_eq!(roster["musts_kept"], true);
    assert_eq!(roster["measures"]["wishes"], serde_json::json!({ "asked": 18, "refused": 2 }));
    assert_eq!(roster["measures"]["on_site_days"], 38);
    for level in roster["levels"].as_array().expect("levels") {
        assert_eq!(level["proved"], true, "{level}");
        assert!(
            (level["cost"].as_f64().expect("cost") - level["bound"].as_f64().expect("bound")).abs() < 1e-6
        );
    }
    for assignment in roster["assignments"].as_array().expect("assignments") {
        let needed = assignment["needed_for"].as_array();
        assert_eq!(needed.is_some(), assignment["place"] == "on_site", "{assignment}");
        assert!(needed.is_none_or(|reasons| !reasons.is_empty()), "no reason: {assignment}");
    }
    assert!(run.err.is_empty(), "{}", run.err);
}

#[test]
fn a_manager_reads_the_verdict_first() {
    let run = rota(&["solve", CODING]).exits(0);
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines[0].starts_with("Clinical coding"), "{}", run.out);
    assert!(run.out.contains("10 desks (at most 5 in use at once, 2 m apart)"), "{}", run.out);
    assert!(
        run.out.contains("16 of 18 wishes are granted, and no roster can grant more (proved)"),
        "{}",
        run.out
    );
    assert!(run.out.contains("38 visits"), "{}", run.out);
    assert!(run.out.contains("Not granted"), "{}", run.out);
    for word in ["infeasible", "constraint", "violation", "optimal", "penalty", "gap"] {
        assert!(!run.out.to_lowercase().contains(word), "the page says `{word}`");
    }
}

#[test]
fn plain_says_a_sentence_a_person() {
    let run = rota(&["solve", CODING, "--plain"]).exits(0);
    assert!(
        run.out.lines().any(|line| line.starts_with("Ewa Nowak: on site never; at home Mon 15 June")),
        "{}",
        run.out
    );
}

#[test]
fn markdown_has_a_table() {
    let run = rota(&["solve", CODING, "--format", "markdown"]).exits(0);
    assert!(run.out.starts_with("# Clinical coding"));
    assert!(run.out.contains("| Amy Walsh |"), "{}", run.out);
}

#[test]
fn a_roster_is_written_in_each_kind() {
    let folder = tempfile::tempdir().expect("a folder");
    for ending in ["json", "csv", "md", "txt"] {
        let path = folder.path().join(format!("roster.{ending}"));
        let run = rota(&["solve", CODING, "-o", path.to_str().expect("UTF-8")]).exits(0);
        assert!(run.out.contains("Saved "), "{}", run.out);
        assert!(!text(&path).is_empty());
    }
    let csv = folder.path().join("roster.csv");
    rota(&["check", CODING, csv.to_str().expect("UTF-8")]).exits(0);
    let other = folder.path().join("roster.pdf");
    let run = rota(&["solve", CODING, "-o", other.to_str().expect("UTF-8")]).exits(2);
    assert!(run.err.contains("output.kind"), "{}", run.err);
    assert!(!other.exists());
}

#[test]
fn standard_input_and_output() {
    let scenario = text(&project(CODING));
    let run = rota_reading(&["solve", "-", "-o", "-"], &scenario).exits(0);
    assert_eq!(run.json()["status"], "optimal");
}

#[test]
fn the_same_scenario_gives_the_same_roster_whatever_the_threads() {
    let strip = |threads: &str| {
        let mut roster = rota(&["solve", CODING, "--format", "json", "--threads", threads]).exits(0).json();
        roster["solve"]["seconds"] = Value::Null;
        roster
    };
    assert_eq!(strip("1"), strip("4"));
}

#[test]
fn progress_is_json_lines_when_asked() {
    let run = rota(&["solve", CODING, "--progress", "jsonl", "--format", "json"]).exits(0);
    assert!(!run.err.is_empty());
    for line in run.err.lines() {
        let line: Value = serde_json::from_str(line).unwrap_or_else(|problem| panic!("{line}: {problem}"));
        assert!(line["event"] == "end" || line["doing"].is_string() && line["elapsed"].is_number());
    }
}

#[test]
fn no_time_gives_no_answer_yet_and_leaves_files_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = folder.path().join("big.json");
    let roster = folder.path().join("roster.json");
    fs::write(&roster, "precious").expect("written");
    let scenario = scenario.to_str().expect("UTF-8");
    rota(&["generate", "--people", "400", "--days", "10", "-o", scenario]).exits(0);
    let run =
        rota(&["solve", scenario, "--time-limit", "0.001", "-o", roster.to_str().expect("UTF-8")]).exits(4);
    assert!(run.out.contains("No roster was found"), "{}", run.out);
    assert_eq!(text(&roster), "precious");
}

// ------------------------------------------------------------------ impossible

const RADIOLOGY: &str = "fixtures/radiology_reports/scenario.json";

#[test]
fn an_impossible_rota_names_what_clashes() {
    let folder = tempfile::tempdir().expect("a folder");
    let roster = folder.path().join("roster.json");
    fs::write(&roster, "precious").expect("written");
    let run = rota(&["solve", RADIOLOGY, "-o", roster.to_str().expect("UTF-8")]).exits(1);
    assert!(run.out.contains("No roster keeps every rule (proved)"), "{}", run.out);
    assert!(run.out.contains("Rule \""), "{}", run.out);
    assert!(run.out.contains("--best-effort"), "{}", run.out);
    assert_eq!(text(&roster), "precious", "no file is touched");
    let document = rota(&["solve", RADIOLOGY, "--format", "json"]).exits(1).json();
    assert_eq!(document["status"], "impossible");
    assert!(document.get("assignments").is_none());
    let conflict = document["conflict"].as_array().expect("a conflict");
    assert!(!conflict.is_empty());
    for part in conflict {
        assert!(part["sentence"].as_str().is_some_and(|sentence| !sentence.is_empty()), "{part}");
    }
}

#[test]
fn best_effort_gives_the_closest_roster_and_says_so() {
    let run = rota(&["solve", RADIOLOGY, "--best-effort"]).exits(1);
    assert!(run.out.contains("NOT ALL RULES KEPT"), "{}", run.out);
    assert!(run.out.contains("Must rules bent"), "{}", run.out);
    let document = rota(&["solve", RADIOLOGY, "--best-effort", "--format", "json"]).exits(1).json();
    assert_eq!(document["musts_kept"], false);
    assert_eq!(document["levels"][0]["strength"], "must");
    assert_eq!(document["levels"][0]["proved"], true);
}

#[test]
fn laws_alone_that_clash_are_impossible_even_with_best_effort() {
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
      "people": [ { "id": "amy", "base": "on_site" }, { "id": "ben", "fixed": [ { "on": "mon", "place": "on_site" } ] } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "north", "seats": 1 } ] } ] }"#;
    for args in
        [&["solve", "-", "--format", "json"][..], &["solve", "-", "--best-effort", "--format", "json"]]
    {
        let document = rota_reading(args, scenario).exits(1).json();
        assert_eq!(document["status"], "impossible");
        let said = document["conflict"].to_string();
        assert!(said.contains("law.only") && said.contains("law.seats") && said.contains("ben/0"), "{said}");
    }
}

// ------------------------------------------------------------------ check

#[test]
fn check_agrees_with_solve() {
    let (_folder, roster) = solved();
    let run = rota(&["check", CODING, &roster]).exits(0);
    assert!(run.out.contains("Every law and must rule is kept"), "{}", run.out);
    let document = rota(&["check", CODING, &roster, "--format", "json"]).exits(0).json();
    assert_eq!(document["musts_kept"], true);
    assert_eq!(document["unchecked"], serde_json::json!([]));
}

#[test]
fn a_broken_roster_is_found_out() {
    let (folder, roster) = solved();
    let mut document: Value = serde_json::from_str(&text(Path::new(&roster))).expect("JSON");
    for assignment in document["assignments"].as_array_mut().expect("assignments") {
        // Ewa works at home only; on Monday 15 June she is put on Amy's desk.
        if assignment["person"] == "ewa" && assignment["on"] == "2020-06-15" {
            assignment["place"] = Value::from("on_site");
            assignment["desk"] = Value::from("D3");
        }
        // Nobody is in on Tuesday 16 June.
        if assignment["on"] == "2020-06-16"
            && assignment["place"] == "on_site"
            && assignment["person"] != "dev"
        {
            *assignment =
                serde_json::json!({ "person": assignment["person"], "on": "2020-06-16", "place": "home" });
        }
    }
    let broken = folder.path().join("broken.json");
    fs::write(&broken, document.to_string()).expect("written");
    let broken = broken.to_str().expect("UTF-8");
    let run = rota(&["check", CODING, broken]).exits(1);
    assert!(run.out.contains("NOT ALL RULES KEPT"), "{}", run.out);
    assert!(run.out.contains("law.only: Ewa Nowak works at home only on Mon 15 June"), "{}", run.out);
    assert!(run.out.contains("Paper notes can only be coded from the file"), "{}", run.out);
    let found = rota(&["check", CODING, broken, "--format", "json"]).exits(1).json();
    let rules: Vec<&str> = found["breaches"]
        .as_array()
        .expect("breaches")
        .iter()
        .filter_map(|breach| breach["rule"].as_str())
        .collect();
    for rule in ["law.only", "three-in-room", "validator", "first-aid"] {
        assert!(rules.contains(&rule), "{rule} is not among {rules:?}");
    }
}

#[test]
fn visits_without_a_reason_are_listed() {
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
      "people": [ { "id": "amy", "name": "Amy Walsh" }, { "id": "ben" } ], "rules": [ { "headcount": { "at_least": 1 } } ] }"#;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), scenario).expect("written");
    fs::write(
        folder.path().join("roster.csv"),
        "person,on,place\namy,2020-06-15,on_site\nben,2020-06-15,on_site\n",
    )
    .expect("written");
    let run = rota_in(folder.path(), &["check", "week.json", "roster.csv"]).exits(0);
    assert!(run.out.contains("nothing asks for Amy Walsh to come in on Mon 15 June"), "{}", run.out);
    let found =
        rota_in(folder.path(), &["check", "week.json", "roster.csv", "--format", "json"]).exits(0).json();
    assert_eq!(found["findings"][0]["code"], "visit.no_reason");
}

#[test]
fn a_roster_that_cannot_be_read_is_a_mistake_of_the_input() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("roster.json");
    let bad = r#"{ "roster": 1, "assignments": [
      { "person": "amy", "on": "2020-06-15", "place": "hme" },
      { "person": "amyy", "on": "2020-06-15", "place": "home" } ] }"#;
    fs::write(&path, bad).expect("written");
    let run = rota(&["check", CODING, path.to_str().expect("UTF-8")]).exits(2);
    assert!(run.err.contains(":2:"), "{}", run.err);
    fs::write(&path, bad.replace("hme", "home")).expect("written");
    let run = rota(&["check", CODING, path.to_str().expect("UTF-8")]).exits(2);
    assert!(run.err.contains(":3:") && run.err.contains("did you mean `amy`?"), "{}", run.err);
}

#[test]
fn what_a_roster_does_not_name_is_not_judged_and_listed() {
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15",
        "shifts": [ { "id": "early", "from": "07:00", "to": "15:00" } ] },
      "people": [ { "id": "amy" } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1", "at": [0, 0] }, { "id": "N2", "at": [1, 0] } ] } ] } ],
      "rules": [ { "headcount": { "at_least": 1, "when": { "shifts": ["early"] } } }, { "id": "all", "headcount": { "at_least": 1 } },
                 { "distance": { "metres": 2 } } ] }"#;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), scenario).expect("written");
    fs::write(folder.path().join("roster.csv"), "person,on,place\namy,2020-06-15,on_site\n")
        .expect("written");
    let found =
        rota_in(folder.path(), &["check", "week.json", "roster.csv", "--format", "json"]).exits(0).json();
    let unchecked = found["unchecked"].to_string();
    for name in ["law.shift", "law.desk", "law.place", "headcount", "distance"] {
        assert!(unchecked.contains(&format!("\"{name}\"")), "{name}: {unchecked}");
    }
    assert!(!unchecked.contains("\"all\""), "{unchecked}");
}

// ------------------------------------------------------------------ validate, rules, schema

#[test]
fn every_mistake_is_named_with_its_place_and_remedy() {
    let scenario = r#"{
  "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
  "people": [
    { "id": "amy", "tags": ["reception"] },
    { "id": "amy" }
  ],
  "rules": [
    { "headcount": { "who": { "tag": "recepton" }, "at_least": 3, "at_most": 2 } },
    { "cohorts": { "cycle": "week_about" } }
  ]
}"#;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), scenario).expect("written");
    let run = rota_in(folder.path(), &["validate", "week.json"]).exits(2);
    let err = &run.err;
    assert!(
        err.contains("error[headcount.nobody]: nobody has the tag `recepton`\n  --> week.json:9:"),
        "{err}"
    );
    assert!(err.contains("rules[0].headcount.who.tag\n  help: did you mean `reception`?"), "{err}");
    assert!(err.contains("error[person.duplicate]"), "{err}");
    assert!(err.contains("error[headcount.limits]"), "{err}");
    assert!(err.contains("error[cohorts.names]"), "{err}");
    let found = rota_in(folder.path(), &["validate", "week.json", "--format", "json"]).exits(2).json();
    assert_eq!(found["findings"], 1);
    for finding in found["list"].as_array().expect("a list") {
        for field in ["level", "code", "message", "help", "file", "line", "column"] {
            assert!(!finding[field].is_null(), "{field}: {finding}");
        }
    }
}

#[test]
fn arithmetic_that_cannot_work_is_said_before_solving() {
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
      "people": [ { "id": "amy", "tags": ["desk"] }, { "id": "ben", "tags": ["desk"], "away": ["2020-06-16"] }, { "id": "cat", "base": "home", "tags": ["desk"] } ],
      "rules": [ { "id": "reception", "headcount": { "who": { "tag": "desk" }, "at_least": 2 } } ] }"#;
    let run = rota_reading(&["validate", "-"], scenario).exits(1);
    assert!(run.out.contains("Tue 16 June"), "{}", run.out);
    assert!(!run.out.contains("Mon 15 June"), "{}", run.out);
    let found = rota_reading(&["validate", "-", "--format", "json"], scenario).exits(1).json();
    assert!(found["list"][0]["code"].as_str().is_some_and(|code| code.starts_with("arithmetic.")), "{found}");
}

#[test]
fn a_right_scenario_validates() {
    for fixture in [CODING, "fixtures/outpatient_admin/scenario.json"] {
        let run = rota(&["validate", fixture]).exits(0);
        assert!(run.out.contains("people"), "{}", run.out);
    }
}

#[test]
fn a_missing_file_is_a_mistake() {
    let run = rota(&["solve", "no_such.json"]).exits(2);
    assert!(run.err.contains("file.read") && run.err.contains("no_such.json"), "{}", run.err);
    rota(&["solve"]).exits(2);
    rota(&["dance"]).exits(2);
    rota(&["solve", CODING, "--time-limit", "never"]).exits(2);
}

#[test]
fn every_rule_has_a_page_whose_example_reads() {
    let list = rota(&["rules", "--format", "json"]).exits(0).json();
    let names: Vec<&str> =
        list["list"].as_array().expect("a list").iter().filter_map(|rule| rule["name"].as_str()).collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in names {
        let page = rota(&["rules", name]).exits(0);
        assert!(page.out.contains("Fields") && page.out.contains("Example"), "{}", page.out);
    }
    let run = rota(&["rules", "headcont"]).exits(2);
    assert!(run.err.contains("did you mean `headcount`?"), "{}", run.err);
}

#[test]
fn an_unknown_schema_is_a_mistake() {
    let run = rota(&["schema", "rooster"]).exits(2);
    assert!(run.err.contains("did you mean `roster`?"), "{}", run.err);
}

// ------------------------------------------------------------------ model

/// The lines of one section of an MPS text.
fn section<'t>(mps: &'t str, name: &str) -> Vec<&'t str> {
    mps.lines().skip_while(|line| *line != name).skip(1).take_while(|line| line.starts_with(' ')).collect()
}

#[test]
fn the_program_of_a_level_is_written() {
    let (folder, roster) = solved();
    // Without a roster the levels above are not held, and that is said.
    let run = rota(&["model", CODING, "--level", "home_first"]).exits(0);
    assert!(run.out.starts_with("* minimise the level home_first\n* not held: high\n"), "{}", run.out);
    assert!(run.out.ends_with("ENDATA\n"));
    assert!(run.err.contains("high, medium above are not held"), "{}", run.err);
    let rows = section(&run.out, "ROWS");
    // With one they are, each as a row more, at what the roster costs.
    let path = folder.path().join("home_first.mps");
    let name = path.to_str().expect("UTF-8");
    let run = rota(&["model", CODING, "--level", "home_first", "--after", &roster, "-o", name]).exits(0);
    assert!(run.out.contains("minimise home_first, high held at 2, medium held at 2.43;"), "{}", run.out);
    assert_eq!(run.err, "");
    let mps = text(&path);
    assert!(mps.contains("* held: high costs at most 2\n"), "{mps}");
    assert_eq!(section(&mps, "ROWS"), [rows, vec![" L high", " L medium"]].concat());
    assert!(section(&mps, "RHS").contains(&" RHS high 2"));
    assert!(section(&mps, "COLUMNS").iter().any(|line| line.starts_with(" x0 cost 1")), "{mps}");
    assert!(section(&mps, "BOUNDS").contains(&" UP BOUND x0 1"));
    // The first level that the scenario has, when none is named.
    let run = rota(&["model", CODING]).exits(0);
    assert!(run.out.starts_with("* minimise the level high\n"), "{}", run.out);
    assert_eq!(run.err, "");
}

#[test]
fn a_program_that_cannot_be_written_is_refused_in_words() {
    let (folder, roster) = solved();
    let run = rota(&["model", CODING, "--level", "low"]).exits(2);
    assert!(run.err.contains("error[model.level]") && run.err.contains("it has high, medium"), "{}", run.err);
    let run = rota(&["model", CODING, "--level", "lowest"]).exits(2);
    assert!(run.err.contains("home_first"), "{}", run.err);
    rota(&["model", CODING, "--after", &roster, "-o", &roster]).exits(2);
    // Amy works on Mondays to Thursdays only.
    let broken = text(Path::new(&roster)).replacen("\"place\": \"off\"", "\"place\": \"home\"", 1);
    let broken = written(folder.path(), "broken.json", &broken);
    let run = rota(&["model", CODING, "--after", &broken]).exits(1);
    assert!(run.err.contains("error[model.law]"), "{}", run.err);
    assert_eq!(run.out, "");
}

/// Must rules that clash: the closest roster pays for them, and below they are held at that.
#[test]
fn the_program_of_the_closest_roster() {
    let scenario = r#"{ "scenario": 1, "default_place": "none",
      "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
      "people": [ { "id": "amy", "wishes": [ { "on": "mon", "place": "home" } ] }, { "id": "ben" } ],
      "rules": [ { "id": "most", "headcount": { "at_most": 1 } }, { "id": "least", "headcount": { "at_least": 2 } },
                 { "wishes": {}, "strength": "low" } ] }"#;
    let folder = tempfile::tempdir().expect("a folder");
    let week = written(folder.path(), "week.json", scenario);
    let roster = folder.path().join("roster.json").to_str().expect("UTF-8").to_string();
    rota(&["solve", &week, "--best-effort", "-o", &roster]).exits(1);
    let run = rota(&["model", &week, "--level", "must"]).exits(0);
    assert!(run.out.starts_with("* minimise the level must\n* columns"), "{}", run.out);
    let run = rota(&["model", &week, "--after", &roster]).exits(0);
    assert!(run.out.starts_with("* minimise the level low\n* held: must costs at most 1\n"), "{}", run.out);
}

// ------------------------------------------------------------------ init, generate, next

#[test]
fn the_starter_solves_as_it_is_and_is_never_written_over_a_file() {
    let folder = tempfile::tempdir().expect("a folder");
    rota_in(folder.path(), &["init", "--json", "-o", "week.json"]).exits(0);
    rota_in(folder.path(), &["validate", "week.json"]).exits(0);
    rota_in(folder.path(), &["solve", "week.json"]).exits(0);
    let before = text(&folder.path().join("week.json"));
    let run = rota_in(folder.path(), &["init", "--json", "-o", "week.json"]).exits(2);
    assert!(run.err.contains("init.exists"), "{}", run.err);
    assert_eq!(text(&folder.path().join("week.json")), before);
}

#[test]
fn generated_departments_are_the_same_for_the_same_seed_and_solve() {
    let make = |seed: &str| rota(&["generate", "--people", "24", "--days", "5", "--seed", seed]).exits(0).out;
    assert_eq!(make("7"), make("7"));
    assert_ne!(make("7"), make("8"));
    let run = rota_reading(&["solve", "-", "--format", "json"], &make("7")).exits(0);
    assert_eq!(run.json()["musts_kept"], true);
}

#[test]
fn the_next_period_follows_on() {
    let (folder, roster) = solved();
    let next = folder.path().join("next.json");
    let next = next.to_str().expect("UTF-8");
    rota(&["next", CODING, &roster, "-o", next]).exits(0);
    let document: Value = serde_json::from_str(&text(Path::new(next))).expect("JSON");
    assert_eq!(document["calendar"]["from"], "2020-06-29");
    assert_eq!(document["calendar"]["to"], "2020-07-10");
    assert!(document["history"]["days"].as_array().is_some_and(|days| !days.is_empty()));
    rota(&["validate", next]).exits(0);
    let second = folder.path().join("second.json");
    rota(&["solve", next, "-o", second.to_str().expect("UTF-8")]).exits(0);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_the_best_so_far() {
    use std::io::Read;
    use std::process::{Command, Stdio};
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = folder.path().join("big.json");
    rota(&["generate", "--people", "150", "--days", "10", "-o", scenario.to_str().expect("UTF-8")]).exits(0);
    let mut child = Command::new(env!("CARGO_BIN_EXE_rota"))
        .args([
            "solve",
            scenario.to_str().expect("UTF-8"),
            "--time-limit",
            "none",
            "--progress",
            "jsonl",
            "--format",
            "json",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("rota starts");
    // Wait until a first roster is known, not for a time.
    let mut err = child.stderr.take().expect("a pipe");
    let mut seen = String::new();
    let mut chunk = [0u8; 256];
    while !seen.lines().any(|line| line.contains("\"best\":") && !line.contains("\"best\":null")) {
        let read = err.read(&mut chunk).expect("progress is told");
        if read == 0 {
            break; // solved before it could be stopped
        }
        seen.push_str(&String::from_utf8_lossy(&chunk[..read]));
    }
    let drain = std::thread::spawn(move || {
        let mut rest = String::new();
        let _ = err.read_to_string(&mut rest);
    });
    let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    let output = child.wait_with_output().expect("rota ends");
    drain.join().expect("the pipe is drained");
    assert_eq!(output.status.code(), Some(0));
    let roster: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(roster["musts_kept"], true);
}

// ------------------------------------------------------------------ what others wrote

/// A team in two cohorts, as a file in a folder.
fn two_cohorts(folder: &Path) -> String {
    let scenario = serde_json::json!({
        "scenario": 1,
        "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
        "people": [{ "id": "amy" }, { "id": "ben" }, { "id": "cat" }, { "id": "dan" }],
        "rules": [
            { "cohorts": { "count": 2 } },
            { "headcount": { "at_least": 1 } }
        ]
    });
    let path = folder.join("team.json");
    fs::write(&path, scenario.to_string()).expect("writes");
    path.to_str().expect("UTF-8").to_string()
}

fn written(folder: &Path, name: &str, contents: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, contents).expect("writes");
    path.to_str().expect("UTF-8").to_string()
}

#[test]
fn a_table_keeps_the_cohorts() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = two_cohorts(folder.path());
    let csv = folder.path().join("roster.csv");
    let csv = csv.to_str().expect("UTF-8");
    rota(&["solve", &scenario, "-o", csv]).exits(0);
    let table = text(Path::new(csv));
    assert!(table.starts_with("person,on,place,shift,site,zone,desk,duty,cohort\n"), "{table}");
    rota(&["check", &scenario, csv]).exits(0);
    // All in one cohort is another roster: the sizes are no longer even.
    let swapped = written(folder.path(), "one.csv", &table.replace(",B\n", ",A\n"));
    rota(&["check", &scenario, &swapped]).exits(1);
    let unknown = written(folder.path(), "unknown.csv", &table.replace(",B\n", ",C\n"));
    let run = rota(&["check", &scenario, &unknown]).exits(2);
    let line = table.lines().position(|line| line.ends_with(",B")).expect("somebody is in B") + 1;
    assert!(run.err.contains(&format!("unknown.csv:{line}\n")), "{}", run.err);
    let both = written(folder.path(), "both.csv", &table.replacen(",B\n", ",A\n", 1));
    let run = rota(&["check", &scenario, &both]).exits(2);
    assert!(run.err.contains("table.cohort") && run.err.contains("on line"), "{}", run.err);
}

#[test]
fn a_table_without_cohorts_has_no_such_column() {
    let folder = tempfile::tempdir().expect("a folder");
    let csv = folder.path().join("roster.csv");
    rota(&["solve", CODING, "-o", csv.to_str().expect("UTF-8")]).exits(0);
    assert!(text(&csv).starts_with("person,on,place,shift,site,zone,desk,duty\n"));
}

#[test]
fn mistakes_in_a_roster_are_told_in_plain_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = two_cohorts(folder.path());
    let roster = written(
        folder.path(),
        "roster.json",
        r#"{ "roster": 1, "assignments": [
  { "person": "amy", "on": "2020-06-15", "place": "moon" },
  [],
  { "person": 3, "on": "2020-06-15", "place": "home" },
  { "person": "bem", "on": "2020-06-15", "place": "home" }
] }"#,
    );
    let run = rota(&["check", &scenario, &roster]).exits(2);
    for wanted in [
        "`moon` is not known here\n",
        "roster.json:2:51 assignments[0].place\n",
        "this is a list [...], and should be an object {...}\n",
        "roster.json:4:15 assignments[2].person\n",
        "did you mean `ben`?",
        "roster.json:5:15 assignments[3].person\n",
        "4 errors",
    ] {
        assert!(run.err.contains(wanted), "{wanted}: {}", run.err);
    }
    let csv = written(folder.path(), "roster.csv", "person,on,place,shfit\namy,2020-06-15,home,\n");
    let run = rota(&["check", &scenario, &csv]).exits(2);
    assert!(run.err.contains("roster.csv:1:1") && run.err.contains("did you mean `shift`?"), "{}", run.err);
}

#[test]
fn ties_want_a_first_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = two_cohorts(folder.path());
    let ties = written(folder.path(), "ties.csv", "weight,one,other\n3,amy,ben\n");
    rota(&["validate", &scenario, "--ties", &ties]).exits(0);
    let bare = written(folder.path(), "bare.csv", "amy,ben,3\nben,cat,2\n");
    let run = rota(&["validate", &scenario, "--ties", &bare]).exits(2);
    assert!(run.err.contains("ties.header") || run.out.contains("ties.header"), "{}{}", run.out, run.err);
}

#[test]
fn a_roster_of_another_file_is_scored_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let instance = written(
        folder.path(),
        "instance.json",
        &serde_json::json!({
            "Employees": ["E0", "E1"], "Desks": ["D0", "D1"], "Days": ["L", "Ma"], "Groups": ["G0"],
            "Zones": ["Z0"], "Desks_Z": { "Z0": ["D0", "D1"] },
            "Desks_E": { "E0": ["D0", "D1"], "E1": ["D0", "D1"] }, "Employees_G": { "G0": ["E0", "E1"] },
            "Days_E": { "E0": ["L"], "E1": ["Ma"] }
        })
        .to_string(),
    );
    let (_solved, roster) = solved();
    let run = rota(&["import", "--kind", "asocio25", &instance, "--score", &roster]).exits(2);
    assert!(run.err.contains("score.other_file") && run.err.contains("1 error"), "{}", run.err);
}

/// Two ask for the one bay; a third has a fixed day.
#[test]
fn what_stands_against_a_wish_is_named() {
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
      "people": [ { "id": "amy", "wishes": [ { "on": "mon", "place": "on_site" } ] },
                  { "id": "ben", "wishes": [ { "on": "mon", "place": "on_site" } ] },
                  { "id": "cat", "wishes": [ { "on": "mon", "place": "on_site" } ], "fixed": [ { "on": "mon", "place": "home" } ] } ],
      "rules": [ { "id": "bays", "headcount": { "at_most": 1 } }, { "wishes": {}, "strength": "medium" } ] }"#;
    let out = rota_reading(&["solve", "-"], scenario).exits(0).out;
    assert!(out.contains("against bays"), "{out}");
    assert!(out.contains("against a fixed day"), "{out}");
}

/// An output that would write over what is read, or over another output, is refused before any work.
#[test]
fn outputs_are_kept_apart_from_inputs() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" }, "people": [ { "id": "amy" } ] }"#;
    fs::write(folder.path().join("week.json"), scenario).expect("written");
    for arguments in [
        vec!["solve", "week.json", "-o", "week.json"],
        vec!["solve", "week.json", "-o", "r.json", "--history-out", "r.json"],
        vec!["solve", "week.json", "--history-out", "./week.json"],
        vec!["solve", "week.json", "--history-out", "nowhere/h.json"],
    ] {
        let run = rota_in(folder.path(), &arguments).exits(2);
        assert!(run.err.contains("error[output."), "{arguments:?}: {}", run.err);
        assert!(!folder.path().join("r.json").exists());
    }
    assert_eq!(fs::read_to_string(folder.path().join("week.json")).expect("still there"), scenario);
    rota_in(folder.path(), &["solve", "week.json", "-o", "r.json", "--history-out", "h.json"]).exits(0);
    rota_in(folder.path(), &["next", "week.json", "r.json", "--history", "h.json", "-o", "n.json"]).exits(2);
    rota_in(folder.path(), &["next", "week.json", "r.json", "-o", "n.json"]).exits(0);
}
