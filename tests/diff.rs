//! `rota diff` as a user runs it.

mod common;

use common::{fits_schema, folder_of, rota, rota_in};
use serde_json::json;
use std::fs;
use std::path::Path;

/// Somebody must open the door each day. Ann asked for home on Tuesday.
const WEEK: &str = r#"{
  "scenario": 1, "title": "Front door",
  "calendar": { "from": "2020-06-15", "to": "2020-06-17" },
  "people": [ { "id": "ann", "name": "Ann Price", "wishes": [ { "on": "tue", "place": "home" } ] },
              { "id": "bob", "name": "Bob Shaw" }, { "id": "cat", "name": "Cat Moss" } ],
  "sites": [ { "id": "hq", "zones": [ { "id": "hall", "desks": [ { "id": "H1" }, { "id": "H2" } ] } ] } ],
  "rules": [ { "id": "door", "headcount": { "at_least": 1 }, "because": "Somebody opens the door" },
             { "id": "wishes", "wishes": {}, "strength": "medium" } ] }"#;

/// Before: Ann at H1 on Monday and Tuesday, Bob at H2 on Wednesday.
const OLD: &str = "person,on,place,zone,desk\n\
    ann,2020-06-15,on_site,hall,H1\nann,2020-06-16,on_site,hall,H1\nann,2020-06-17,home,,\n\
    bob,2020-06-15,home,,\nbob,2020-06-16,home,,\nbob,2020-06-17,on_site,hall,H2\n\
    cat,2020-06-15,home,,\ncat,2020-06-16,home,,\ncat,2020-06-17,home,,\n";

/// Now: Ann moves to H2 on Monday, Cat takes Tuesday from her, and nobody is in on Wednesday: Bob is at home.
const NEW: &str = "person,on,place,zone,desk\n\
    ann,2020-06-15,on_site,hall,H2\nann,2020-06-16,home,,\nann,2020-06-17,home,,\n\
    bob,2020-06-15,home,,\nbob,2020-06-16,home,,\nbob,2020-06-17,home,,\n\
    cat,2020-06-15,home,,\ncat,2020-06-16,on_site,hall,H1\ncat,2020-06-17,home,,\n";

fn folder() -> tempfile::TempDir {
    folder_of(&[("week.json", WEEK), ("old.csv", OLD), ("new.csv", NEW)])
}

fn diff(folder: &Path, more: &[&str]) -> common::Run {
    rota_in(folder, &[&["diff", "old.csv", "new.csv"], more].concat())
}

#[test]
fn person_days_are_compared_without_a_scenario() {
    let folder = folder();
    let found = diff(folder.path(), &["--format", "json"]).exits(0).json();
    fits_schema("diff", &found);
    assert_eq!(found["diff"], 1);
    assert_eq!((&found["from"], &found["to"]), (&json!("2020-06-15"), &json!("2020-06-17")));
    let told: Vec<String> = found["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|change| {
            let word = |field: &str| change[field].as_str().expect("a word").to_string();
            format!("{} {} {}", word("person"), word("on"), word("differs"))
        })
        .collect();
    assert_eq!(
        told,
        ["ann 2020-06-15 seat", "ann 2020-06-16 place", "bob 2020-06-17 place", "cat 2020-06-16 place"]
    );
    // Three visits before, two now; Wednesday has nobody.
    assert_eq!(found["measures"]["on_site_days"], json!({ "old": 3, "new": 2 }));
    assert_eq!(found["measures"]["home_days"], json!({ "old": 6, "new": 7 }));
    assert_eq!(found["measures"]["by_day"], json!({ "2020-06-17": { "old": 1, "new": 0 } }));
    assert_eq!(found["people"][0], json!({ "person": "ann", "days": 2, "on_site": { "old": 2, "new": 1 } }));
    assert!(found.get("costs").is_none() && found.get("breaches").is_none(), "{found}");
    let page = diff(folder.path(), &[]).exits(0).out;
    assert!(page.contains("4 person-days differ, of 3 people."), "{page}");
    assert!(page.contains("add --scenario"), "{page}");
}

#[test]
fn with_a_scenario_breaches_wishes_and_costs_are_compared() {
    let folder = folder();
    let found = diff(folder.path(), &["--scenario", "week.json", "--format", "json"]).exits(0).json();
    fits_schema("diff", &found);
    assert_eq!(
        found["costs"],
        json!({ "must": { "old": 0.0, "new": 1.0 }, "medium": { "old": 1.0, "new": 0.0 } })
    );
    assert_eq!(found["measures"]["wishes"]["old"], json!({ "asked": 1, "refused": 1 }));
    assert_eq!(found["measures"]["wishes"]["new"], json!({ "asked": 1, "refused": 0 }));
    let begun = found["breaches"]["begun"].as_array().expect("a list");
    assert_eq!(begun.len(), 1, "{begun:?}");
    assert_eq!(begun[0]["rule"], "door");
    assert_eq!(begun[0]["about"], json!({ "on": "2020-06-17" }));
    let ended = found["breaches"]["ended"].as_array().expect("a list");
    assert_eq!(ended.len(), 1, "{ended:?}");
    assert_eq!(ended[0]["kind"], "wishes");

    let page = diff(folder.path(), &["--scenario", "week.json"]).exits(0).out;
    for wanted in [
        "The new roster breaks a law or must rule, and the old one does not.",
        "Ann Price  Mon 15 June  on site, desk H1  on site, desk H2",
        "Bob Shaw   Wed 17 June  on site, desk H2  home",
        "door: at least 1 person on site on Wed 17 June (found 0). \"Somebody opens the door\"",
        "Wishes granted: 0 of 1 before, 1 of 1 now",
        "Granted now\n  Ann Price asked for home on Tue 16 June",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    assert!(!page.contains("2020-06"), "a day as programs write it: {page}");
    let plain = diff(folder.path(), &["--scenario", "week.json", "--plain"]).exits(0).out;
    assert!(plain.contains("Bob Shaw on Wed 17 June: before on site, desk H2; now home."), "{plain}");
    let markdown = diff(folder.path(), &["--scenario", "week.json", "--format", "markdown"]).exits(0).out;
    assert!(markdown.contains("| Cat Moss | Tue 16 June | home | on site, desk H1 |"), "{markdown}");
}

#[test]
fn the_same_roster_does_not_differ() {
    let folder = folder();
    let run = rota_in(folder.path(), &["diff", "old.csv", "old.csv", "--scenario", "week.json"]).exits(0);
    assert!(run.out.contains("Nothing changes"), "{}", run.out);
    // A table of places alone does not move anybody to another desk.
    let bare: String =
        OLD.lines().map(|line| line.split(',').take(3).collect::<Vec<_>>().join(",") + "\n").collect();
    fs::write(folder.path().join("bare.csv"), bare).expect("written");
    let run = rota_in(folder.path(), &["diff", "old.csv", "bare.csv"]).exits(0);
    assert!(run.out.contains("Nothing changes") && run.out.contains("zones, desks"), "{}", run.out);
}

#[test]
fn a_solved_roster_against_one_edited_by_hand() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("UTF-8").to_string();
    let scenario = "fixtures/clinical_coding/scenario.json";
    rota(&["solve", scenario, "-o", &path("a.json")]).exits(0);
    let text = fs::read_to_string(path("a.json")).expect("reads");
    let mut edited: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    // Ewa may only be at home: a visit of hers breaks a law, whatever else the roster has.
    let ewa = edited["assignments"]
        .as_array_mut()
        .expect("a list")
        .iter_mut()
        .find(|one| one["person"] == "ewa" && one["on"] == "2020-06-17")
        .expect("Ewa works that day");
    ewa["place"] = json!("on_site");
    fs::write(path("b.json"), edited.to_string()).expect("written");
    let run = rota(&["diff", &path("a.json"), &path("b.json"), "--scenario", scenario, "--format", "json"])
        .exits(0);
    let found = run.json();
    fits_schema("diff", &found);
    assert_eq!(found["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(found["people"][0]["on_site"], json!({ "old": 0, "new": 1 }));
    let laws: Vec<&str> = found["breaches"]["begun"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|breach| breach["rule"].as_str())
        .collect();
    assert!(laws.contains(&"law.only"), "{laws:?}");
    assert!(found["old_of"]["sha256"].is_string());
}

#[test]
fn mistakes_are_named() {
    let folder = folder();
    fs::write(folder.path().join("late.csv"), "person,on,place\nann,2020-07-15,home\n").expect("written");
    fs::write(
        folder.path().join("twice.csv"),
        "person,on,place\nann,2020-06-15,home\n\nann,2020-06-15,off\n",
    )
    .expect("written");
    for (args, wanted) in [
        (vec!["diff", "old.csv", "late.csv"], "diff.other_days"),
        (vec!["diff", "old.csv", "none.csv"], "file.read"),
        (vec!["diff", "old.csv", "week.json"], "roster.is_scenario"),
        (vec!["diff", "old.csv", "twice.csv"], "twice.csv:4"),
        (vec!["diff", "old.csv", "new.csv", "--history", "h.json"], "diff.beside"),
        (vec!["diff", "-", "-"], "diff.stdin"),
        (vec!["diff", "late.csv", "late.csv", "--scenario", "week.json"], "roster.outside"),
    ] {
        let run = rota_in(folder.path(), &args).exits(2);
        assert!(run.err.contains(wanted), "{args:?}: {}", run.err);
    }
}
