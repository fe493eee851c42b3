//! `rota explain` as a user runs it, on fixtures whose answers are worked out by hand in their README.

mod common;

use common::{project, rota, rota_reading, Run};
use serde_json::{json, Value};
use std::fs;

const WEEK: &str = "fixtures/clinical_coding_week/scenario.json";
const RADIOLOGY: &str = "fixtures/radiology_reports/scenario.json";
const CODING: &str = "fixtures/clinical_coding/scenario.json";

/// Words that people should not have to read.
#[track_caller]
fn speaks_plainly(text: &str) {
    for word in ["infeasible", "constraint", "violation", "optimal", "penalty", "gap", "2020-06-2"] {
        assert!(!text.to_lowercase().contains(word), "the page says `{word}`:\n{text}");
    }
}

/// A way out as its changes, each in a few words, in order.
fn changes(way: &Value) -> Vec<String> {
    let words = |change: &Value| {
        let about = &change["about"];
        match change["rule"].as_str() {
            Some(rule) => {
                let day = if about["to"].is_null() { about["on"].as_str().unwrap_or("") } else { "" };
                format!("{rule} {day} {}", change["allow"]["amount"]).replace("  ", " ")
            }
            None => format!("pin {}", change["pin"].as_str().expect("a rule or a pin")),
        }
    };
    let mut all: Vec<String> = way["changes"].as_array().expect("changes").iter().map(words).collect();
    all.sort();
    all
}

fn ways(explained: &Value) -> Vec<Vec<String>> {
    explained.as_array().expect("ways out").iter().map(changes).collect()
}

fn parts(conflict: &Value) -> Vec<String> {
    let words = |part: &Value| {
        let name = [&part["rule"], &part["law"], &part["pin"]].into_iter().find_map(Value::as_str);
        let about = &part["about"];
        let day = if about["to"].is_null() { about["on"].as_str().unwrap_or("") } else { "" };
        format!("{} {day}", name.expect("one of the three")).trim().to_string()
    };
    conflict["parts"].as_array().expect("parts").iter().map(words).collect()
}

fn explained(scenario: &str) -> Value {
    rota(&["explain", scenario, "--format", "json"]).exits(1).json()
}

// ------------------------------------------------------------------ two causes, one behind the other

#[test]
fn both_causes_of_the_week_are_named() {
    let found = explained(WEEK);
    assert_eq!(found["explanation"], 1);
    assert_eq!(found["status"], "impossible");
    let clash = &found["clash"];
    let conflicts = clash["conflicts"].as_array().expect("conflicts");
    assert_eq!(clash["conflicts_all"], true);
    assert_eq!(conflicts.len(), 2, "{conflicts:?}");
    assert_eq!(parts(&conflicts[0]), ["law.only 2020-06-26", "validator 2020-06-26"]);
    // Amy's third day: the other two causes of it are Wed and Thu, the first is first aid on Monday.
    assert_eq!(
        parts(&conflicts[1]),
        [
            "law.only 2020-06-24",
            "law.only 2020-06-25",
            "validator 2020-06-24",
            "validator 2020-06-25",
            "first-aid 2020-06-22",
            "amys-days"
        ]
    );
    for conflict in conflicts {
        assert_eq!(conflict["irreducible"], true);
    }
}

#[test]
fn the_four_ways_out_of_the_week() {
    let found = explained(WEEK);
    let clash = &found["clash"];
    assert_eq!(clash["cheapest_proved"], true);
    assert_eq!(clash["ways_out_all"], true);
    let mut found = ways(&clash["ways_out"]);
    // Two changes each, then one of three.
    let costs: Vec<&Value> =
        clash["ways_out"].as_array().expect("ways").iter().map(|way| &way["cost"]).collect();
    assert_eq!(costs, [&json!(2.0), &json!(2.0), &json!(2.0), &json!(3.0)]);
    assert_eq!(
        found.pop().expect("four"),
        ["first-aid 2020-06-22 1.0", "validator 2020-06-26 1.0", "validators-day 1.0"]
    );
    found.sort();
    assert_eq!(
        found,
        [
            ["amys-days 1.0", "validator 2020-06-26 1.0"],
            ["validator 2020-06-24 1.0", "validator 2020-06-26 1.0"],
            ["validator 2020-06-25 1.0", "validator 2020-06-26 1.0"],
        ]
    );
}

#[test]
fn a_manager_reads_the_week() {
    let page = rota(&["explain", WEEK]).exits(1).out;
    speaks_plainly(&page);
    for words in [
        "No roster keeps every rule (proved).",
        "2 things stand in the way.",
        "at least 1 of validator on site on Fri 26 June, but none can be",
        "\"Agreed with Amy on 1 June\"",
        "Fri 26 June, of those meant by \"validator\", at home only: Jo Lee; not working: Amy Walsh, Ben Okafor",
        "There are no others (proved).",
        "All start with:\n     validator: allow 0 instead of 1 (at least 1 of validator on site on Fri 26 June)\n",
        "amys-days: allow 3 instead of 2 (Amy Walsh is on site on at most 2 days",
        "Not looked at: calling in somebody who does not work that day or is at home only",
        "rota explain fixtures/clinical_coding_week/scenario.json --apply A -o fixed.json",
    ] {
        assert!(page.contains(words), "`{words}` is not on the page:\n{page}");
    }
    let markdown = rota(&["explain", WEEK, "--format", "markdown"]).exits(1).out;
    assert!(
        markdown.starts_with("# Clinical coding") && markdown.contains("- Then one of these:"),
        "{markdown}"
    );
}

#[test]
fn every_way_out_of_the_week_solves() {
    let folder = tempfile::tempdir().expect("a folder");
    let typed: Value =
        serde_json::from_str(&fs::read_to_string(project(WEEK)).expect("reads")).expect("JSON");
    for letter in ["A", "b", "C", "D"] {
        let fixed = folder.path().join(format!("{letter}.json"));
        let fixed = fixed.to_str().expect("UTF-8");
        let run = rota(&["explain", WEEK, "--apply", letter, "-o", fixed]).exits(0);
        assert!(run.out.contains(&format!("with way out {}:", letter.to_uppercase())), "{}", run.out);
        let solved = rota(&["solve", fixed, "--format", "json"]).exits(0).json();
        assert_eq!(solved["musts_kept"], true);
        // Nothing but exceptions has changed.
        let mut written: Value =
            serde_json::from_str(&fs::read_to_string(fixed).expect("reads")).expect("JSON");
        assert_eq!(written["people"][7]["note"], "Boiler is being changed");
        for rule in written["rules"].as_array_mut().expect("rules") {
            rule.as_object_mut().expect("a rule").remove("allow");
        }
        assert_eq!(written, typed);
    }
    let run = rota(&["explain", WEEK, "--apply", "Q"]).exits(2);
    assert!(run.err.contains("there is no way out `Q`") && run.err.contains("A, B, C, D"), "{}", run.err);
    assert!(run.out.is_empty());
}

#[test]
fn radiology_has_two_causes_and_many_ways() {
    let found = explained(RADIOLOGY);
    let clash = &found["clash"];
    let conflicts: Vec<Vec<String>> =
        clash["conflicts"].as_array().expect("conflicts").iter().map(parts).collect();
    assert_eq!(conflicts.len(), 2, "{conflicts:?}");
    assert_eq!(conflicts[0], ["law.only 2020-07-24", "release 2020-07-24"]);
    assert!(conflicts[1].iter().any(|part| part == "stan-days"), "{conflicts:?}");
    let found = ways(&clash["ways_out"]);
    assert_eq!(clash["ways_out_all"], false, "13 ways are in the README, and not all are told");
    assert_eq!(clash["cheapest_proved"], true);
    assert_eq!(found[0], ["release 2020-07-24 1.0", "stan-days 2.0"]);
    let is_late = |change: &String| {
        ["29", "30", "31"].iter().any(|day| change.contains(&format!("disc-library 2020-07-{day}")))
    };
    for (at, way) in found.iter().enumerate() {
        assert_eq!(clash["ways_out"][at]["cost"], 3.0);
        assert!(way.contains(&"release 2020-07-24 1.0".to_string()), "{way:?}");
        let library = way.iter().filter(|change| change.starts_with("disc-library")).count();
        let tess = way.contains(&"tess-days 1.0".to_string());
        let stan = way.contains(&"stan-days 2.0".to_string());
        let known = match (library, tess, stan) {
            (0, false, true) => way.len() == 2,
            (1, true, false) | (2, false, false) => way.len() == 3 && way.iter().any(is_late),
            _ => false,
        };
        assert!(known, "{way:?} is not in the README");
    }
    assert!(
        found.iter().any(|way| way.contains(&"tess-days 1.0".to_string())),
        "each kind is told: {found:?}"
    );
}

// ------------------------------------------------------------------ pins, solve, nothing to explain

#[test]
fn a_pin_is_let_go() {
    let scenario = "fixtures/tiny/pin_against_cover.json";
    let found = explained(scenario);
    let mut found = ways(&found["clash"]["ways_out"]);
    found.sort();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0][0].starts_with("pin "), "{found:?}");
    assert_eq!(found[1], ["reception 2020-06-18 1.0"]);
    let page = rota(&["explain", scenario]).exits(1).out;
    assert!(page.contains("let Ann Price come in on Thu 18 June (that day is fixed at home)"), "{page}");
    let letter = page.lines().find(|line| line.contains("let Ann Price")).expect("it is there");
    let letter = letter.split_whitespace().next().expect("a letter");
    let fixed = rota(&["explain", scenario, "--apply", letter]).exits(0).out;
    let written: Value = serde_json::from_str(&fixed).expect("JSON");
    assert!(written["people"].as_array().expect("people").iter().all(|person| person.get("fixed").is_none()));
    rota_reading(&["solve", "-"], &fixed).exits(0);
}

#[test]
fn solve_shows_the_same() {
    let page = rota(&["solve", WEEK]).exits(1).out;
    assert!(page.contains("2 things stand in the way.") && page.contains("Then one of these:"), "{page}");
    assert!(page.contains("--apply A -o fixed.json") && page.contains("--best-effort"), "{page}");
    speaks_plainly(&page);
    let found = rota(&["solve", WEEK, "--format", "json"]).exits(1).json();
    assert_eq!(found["status"], "impossible");
    assert_eq!(found["ways_out"].as_array().expect("ways").len(), 4);
}

#[test]
fn laws_that_clash_have_no_way_out() {
    // Two people who work on site only, and one seat.
    let text = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
      "people": [ { "id": "ann", "base": "on_site" }, { "id": "bob", "base": "on_site" } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "north", "seats": 1 } ] } ] }"#;
    let run = rota_reading(&["explain", "-"], text).exits(1);
    assert!(run.out.contains("2 people have to be on site"), "{}", run.out);
    assert!(run.out.contains("no exception helps: correct them first"), "{}", run.out);
    assert!(!run.out.contains("--apply"), "{}", run.out);
    let found = rota_reading(&["explain", "-", "--format", "json"], text).exits(1).json();
    assert_eq!(found["clash"]["ways_out"], json!([]));
    assert_eq!(found["clash"]["ways_out_all"], true);
}

#[test]
fn nothing_stands_in_the_way() {
    let run = rota(&["explain", CODING]).exits(0);
    assert!(run.out.contains("A roster keeps every rule"), "{}", run.out);
    assert_eq!(rota(&["explain", CODING, "--format", "json"]).exits(0).json()["status"], "possible");
    let run = rota(&["explain", CODING, "--apply", "A"]).exits(2);
    assert!(run.err.contains("no way out is needed"), "{}", run.err);
}

// ------------------------------------------------------------------ of a roster

/// The team of the first fixture, solved into a folder of its own.
fn solved() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let roster = folder.path().join("roster.json").to_str().expect("UTF-8").to_string();
    rota(&["solve", CODING, "-o", &roster]).exits(0);
    (folder, roster)
}

fn answers(run: &Run) -> Vec<Value> {
    run.json()["answers"].as_array().expect("answers").clone()
}

/// The README of the fixture: Ben's 19 June is not granted because Jo's would then cost 3 instead of 2.4286, and Jo's
/// 26 June because nobody else may validate.
#[test]
fn refused_wishes_of_clinical_coding() {
    let (_folder, roster) = solved();
    let found = answers(&rota(&["explain", CODING, &roster, "--format", "json"]).exits(0));
    assert_eq!(found.len(), 2, "{found:?}");
    let ben = &found[0];
    assert_eq!(ben["about"], json!({ "person": "ben", "on": "2020-06-19" }));
    assert_eq!(ben["against"], json!(["validator"]));
    assert_eq!(
        (&ben["outcome"], &ben["level"], &ben["proved"]),
        (&json!("dearer"), &json!("medium"), &json!(true))
    );
    assert!((ben["more"].as_f64().expect("more") - 4.0 / 7.0).abs() < 1e-5, "{ben}");
    let instead: Vec<&Value> =
        ben["instead"].as_array().expect("instead").iter().map(|one| &one["about"]).collect();
    assert_eq!(instead, [&json!({ "person": "jo", "on": "2020-06-19" })]);
    let jo = &found[1];
    assert_eq!(jo["about"], json!({ "person": "jo", "on": "2020-06-26" }));
    assert_eq!(jo["outcome"], "impossible");
    assert_eq!(jo["conflict"][0]["rule"], "validator");
    let page = rota(&["explain", CODING, &roster]).exits(0).out;
    speaks_plainly(&page);
    for words in [
        "16 of 18 wishes are granted.",
        "Ben Okafor asked for home on Fri 19 June: not granted.",
        "costs 0.57 more in medium rules (proved).",
        "Instead: Jo Lee asked for home on Fri 19 June: no longer granted.",
        "No roster that keeps every rule has it (proved).",
    ] {
        assert!(page.contains(words), "`{words}` is not on the page:\n{page}");
    }
}

#[test]
fn why_not_asks_one_question() {
    let (_folder, roster) = solved();
    let ask = |question: &str, code: i32| {
        let run = rota(&["explain", CODING, &roster, "--why-not", question, "--format", "json"]).exits(code);
        answers(&run)[0].clone()
    };
    // Amy asked for home on Thursdays: coming in costs her wish.
    let amy = ask("amy:25 June:on_site", 0);
    assert_eq!(
        (&amy["outcome"], &amy["level"], &amy["more"]),
        (&json!("dearer"), &json!("high"), &json!(1.0))
    );
    assert_eq!(amy["instead"][0]["about"], json!({ "person": "amy", "on": "2020-06-25" }));
    // Dev works on site only, Ewa at home only: no option changes that.
    let ewa = ask("Ewa Nowak:Thu 18 June:in", 1);
    assert_eq!(ewa["outcome"], "mistake");
    assert!(ewa["mistake"].as_str().expect("why").contains("works at home only"), "{ewa}");
    assert_eq!(ask("ewa:18 June:home", 0)["outcome"], "kept");
    assert!(ask("amy:19 June:home", 1)["mistake"]
        .as_str()
        .expect("why")
        .contains("does not work on Fri 19 June"));
    // Without a roster the best one is asked about.
    let found = rota(&["explain", CODING, "--why-not", "jo:26 June:home", "--format", "json"]).exits(1);
    assert_eq!(answers(&found)[0]["outcome"], "impossible");
}

#[test]
fn a_personal_page_names_nobody_else() {
    let (_folder, roster) = solved();
    for person in ["jo", "ben", "Amy Walsh"] {
        for format in ["text", "json", "markdown"] {
            let page = rota(&["explain", CODING, &roster, "--for", person, "--format", format]).exits(0).out;
            let own = person.split(' ').next().expect("a word").to_lowercase();
            for (id, name) in
                [("amy", "Amy"), ("ben", "Ben"), ("jo", "Jo Lee"), ("ewa", "Ewa"), ("kofi", "Kofi")]
            {
                if id != own {
                    let quoted = format!("\"{id}\"");
                    assert!(!page.contains(name) && !page.contains(&quoted), "{person}: {name}\n{page}");
                }
            }
        }
    }
    let page = rota(&["explain", CODING, &roster, "--for", "ben"]).exits(0).out;
    assert!(page.contains("Somebody else would have less of what they asked for."), "{page}");
    assert!(
        page.contains(
            "Fri 19 June: on site; needed for validator (\"Only a validator may release coded notes\")"
        ),
        "{page}"
    );
    let run = rota(&["explain", CODING, &roster, "--for", "ben", "--why-not", "amy:18 June:home"]).exits(2);
    assert!(run.err.contains("no questions about others"), "{}", run.err);
}

/// A private rule has no name on a personal page.
#[test]
fn private_rules_stay_private() {
    let text = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
      "people": [ { "id": "ann", "wishes": [ { "on": "mon", "place": "home" } ] }, { "id": "bob", "base": "home" } ],
      "rules": [ { "id": "canary", "headcount": { "at_least": 1 }, "private": true, "because": "Door" },
                 { "wishes": {}, "strength": "high" } ] }"#;
    for format in ["text", "json", "markdown"] {
        let page = rota_reading(&["explain", "-", "--for", "ann", "--format", format], text).exits(0).out;
        assert!(!page.contains("canary") && page.contains("a rule kept private"), "{page}");
    }
    let page = rota_reading(&["explain", "-", "--why-not", "ann:15 June:home"], text).exits(1).out;
    assert!(page.contains("canary"), "{page}");
}

/// Where no roster keeps every rule, what stands in the way is not for a personal page, with a roster or without.
#[test]
fn a_personal_page_of_an_impossible_week_names_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    let bent = folder.path().join("bent.json").display().to_string();
    rota(&["solve", WEEK, "--best-effort", "-o", &bent]).exits(1);
    for format in ["text", "json", "markdown"] {
        for roster in [None, Some(bent.as_str())] {
            let args: Vec<&str> = ["explain", WEEK].into_iter().chain(roster).collect();
            let page = rota(&[&args[..], &["--for", "jo", "--format", format]].concat()).exits(1).out;
            for name in ["Amy", "amy", "Ben", "ben", "Cara", "cara"] {
                assert!(!page.contains(name), "{name}: {page}");
            }
            assert!(
                page.contains("No roster keeps every rule (proved)") || page.contains("\"impossible\""),
                "{page}"
            );
        }
    }
}

#[test]
fn an_output_without_a_way_out_is_a_mistake() {
    let (_folder, roster) = solved();
    let run = rota(&["explain", CODING, &roster, "-o", "nowhere.json"]).exits(2);
    assert!(run.err.contains("--apply"), "{}", run.err);
}

#[test]
fn explanations_fit_their_schema() {
    let schema = rota(&["schema", "explanation"]).exits(0).json();
    let validator = jsonschema::validator_for(&schema).expect("a schema is a schema");
    let (_folder, roster) = solved();
    for (args, code) in [
        (vec!["explain", WEEK], 1),
        (vec!["explain", "fixtures/tiny/pin_against_cover.json"], 1),
        (vec!["explain", CODING], 0),
        (vec!["explain", CODING, &roster], 0),
        (vec!["explain", CODING, &roster, "--for", "ben"], 0),
        (vec!["explain", CODING, &roster, "--why-not", "ewa:18 June:in"], 1),
    ] {
        let found = rota(&[args.as_slice(), &["--format", "json"]].concat()).exits(code).json();
        let problems: Vec<String> =
            validator.iter_errors(&found).map(|problem| problem.to_string()).collect();
        assert!(problems.is_empty(), "{args:?}: {problems:?}");
        assert_eq!(found["explanation"], 1);
    }
}

// ------------------------------------------------------------------ mistakes

#[test]
fn mistakes_are_named() {
    let (folder, roster) = solved();
    let wrong = |args: &[&str], words: &str| {
        let run = rota(&[&["explain", CODING, &roster], args].concat()).exits(2);
        assert!(run.err.contains(words), "{}", run.err);
        assert!(run.out.is_empty(), "{}", run.out);
    };
    wrong(&["--why-not", "amyy:18 June:home"], "did you mean `amy`?");
    wrong(&["--why-not", "amy:18 July:home"], "Sat 18 July is not in the calendar");
    wrong(&["--why-not", "amy:Thu:home"], "write Thu 18 June or Thu 25 June");
    wrong(&["--why-not", "amy"], "write it like amy:18 June:home");
    wrong(&["--for", "nobody"], "there is no team, tag or person `nobody`");
    wrong(&["--apply", "A"], "cannot be used with");
    let run = rota(&["explain", RADIOLOGY, &roster]).exits(2);
    assert!(run.err.contains("this roster is for Mon 15 June to Fri 26 June"), "{}", run.err);
    let empty = folder.path().join("empty.json");
    fs::write(&empty, "").expect("written");
    let empty = empty.to_str().expect("UTF-8");
    rota(&["explain", empty]).exits(2);
    rota(&["explain", CODING, empty]).exits(2);
    rota(&["explain", "none.json"]).exits(2);
    let run = rota(&["explain", WEEK, "--apply", "A", "-o", WEEK]).exits(2);
    assert!(run.err.contains("would write over"), "{}", run.err);
}
