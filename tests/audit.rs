//! `rota check --audit` as a user runs it, and what a roster records of how it was made.

mod common;

use common::{fits_schema, project, rota, rota_in};
use serde_json::{json, Value};
use std::fs;

const CODING: &str = "fixtures/clinical_coding/scenario.json";

fn solved(scenario: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let roster = folder.path().join("roster.json").to_str().expect("UTF-8").to_string();
    rota(&["solve", scenario, "-o", &roster]).exits(0);
    (folder, roster)
}

fn read(path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("reads")).expect("JSON")
}

fn rule<'a>(audit: &'a Value, id: &str) -> &'a Value {
    let rules = audit["rules"].as_array().expect("a list");
    rules.iter().find(|rule| rule["rule"] == id).unwrap_or_else(|| panic!("no rule {id}: {audit}"))
}

#[test]
fn a_roster_records_its_scenario_version_seed_and_rules() {
    let (_folder, path) = solved(CODING);
    let roster = read(&path);
    fits_schema("roster", &roster);
    assert_eq!(roster["of"]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!((&roster["solve"]["seed"], &roster["solve"]["version"]), (&json!(0), &json!("0.1.0")));
    let rules = roster["rules"].as_array().expect("a list");
    assert_eq!(rules.len(), 8);
    assert_eq!(rules[1]["rule"], "validator");
    assert_eq!(rules[1]["because"], "Only a validator may release coded notes");
    assert_eq!((&rules[1]["cost"], &rules[1]["places"]), (&json!(0.0), &json!(0)));
    // 16 of 18 wishes, each of weight 1.
    assert_eq!((&rules[6]["rule"], &rules[6]["cost"]), (&json!("wishes"), &json!(2.0)));
    let sums: f64 = rules
        .iter()
        .filter(|rule| rule["strength"] == "high")
        .map(|rule| rule["cost"].as_f64().expect("a cost"))
        .sum();
    assert!((sums - roster["levels"][0]["cost"].as_f64().expect("a cost")).abs() < 1e-9);
}

#[test]
fn a_reviewer_reads_every_rule_with_its_source() {
    let (_folder, path) = solved(CODING);
    let checked = rota(&["check", CODING, &path, "--audit", "--format", "json"]).exits(0).json();
    fits_schema("check", &checked);
    let audit = &checked["audit"];
    assert_eq!(audit["laws"].as_array().map(Vec::len), Some(10));
    assert_eq!(audit["made"]["same_scenario"], true);
    assert_eq!(audit["made"]["changed"], json!([]));
    assert_eq!(rule(audit, "validator")["state"], "kept");
    assert_eq!(rule(audit, "wishes")["state"], "bent");
    assert_eq!(rule(audit, "wishes")["amount"], 2.0);
    // One team of twelve, and fewer than five of each shorter week: everybody is one group in both.
    let whole = |by: &str| {
        audit["spread"]
            .as_array()
            .expect("a list")
            .iter()
            .filter(|group| group["by"] == by)
            .cloned()
            .collect::<Vec<_>>()
    };
    for by in ["team", "contract"] {
        let groups = whole(by);
        assert_eq!(groups.len(), 1, "{groups:?}");
        assert_eq!(
            (&groups[0]["people"], &groups[0]["worked"], &groups[0]["on_site"]),
            (&json!(12), &json!(107), &json!(38))
        );
        assert_eq!((&groups[0]["asked"], &groups[0]["granted"]), (&json!(18), &json!(16)));
    }
    // Nine people asked for two days each.
    let wishes = audit["wishes"].as_array().expect("a list");
    assert_eq!(wishes.len(), 9);
    assert!(wishes.iter().all(|own| own["asked"] == 2), "{wishes:?}");
    assert_eq!(wishes.iter().map(|own| own["granted"].as_u64().expect("a number")).sum::<u64>(), 16);

    let page = rota(&["check", CODING, &path, "--audit"]).exits(0).out;
    for wanted in [
        "Audit. Clinical coding",
        "The roster was made from this scenario.",
        "[ ] law.only      kept",
        "Source: Only a validator may release coded notes",
        "Source: none given",
        "no-one-twice    medium  shared, cost",
        "team coding",
        "38 of 107 (36 %)",
        "works 3 or 4 or 5 days a week",
        "Signed ____",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    for word in ["away", "leave", "first_aider:", "2020-06", "violation", "penalty", "optimal"] {
        assert!(!page.contains(word), "the page says `{word}`:\n{page}");
    }
    let markdown = rota(&["check", CODING, &path, "--audit", "--format", "markdown"]).exits(0).out;
    assert!(markdown.contains("- [ ] **validator** (must): kept."), "{markdown}");
    assert!(rota(&["check", CODING, &path, "--format", "json"]).exits(0).json().get("audit").is_none());
}

#[test]
fn a_roster_changed_since_is_found_out() {
    let (folder, path) = solved(CODING);
    let mut roster = read(&path);
    // Ben's and Jo's Friday 19 June: whoever of the two is in goes home, and no validator is left.
    let visits = roster["assignments"].as_array_mut().expect("a list");
    for visit in visits
        .iter_mut()
        .filter(|one| one["on"] == "2020-06-19" && (one["person"] == "ben" || one["person"] == "jo"))
    {
        *visit = json!({ "person": visit["person"], "on": "2020-06-19", "place": "home" });
    }
    fs::write(&path, roster.to_string()).expect("written");
    let scenario = folder.path().join("week.json");
    let text = fs::read_to_string(project(CODING)).expect("reads");
    fs::write(&scenario, text.replace("\"title\":", "\"note\": \"later\", \"title\":")).expect("written");
    let run = rota(&["check", scenario.to_str().expect("UTF-8"), &path, "--audit"]).exits(1);
    assert!(run.out.contains("The roster was made from another scenario"), "{}", run.out);
    assert!(run.out.contains("Changed since") && run.out.contains("validator"), "{}", run.out);
    assert!(run.out.contains("validator       must    BROKEN in 1 place, by 1"), "{}", run.out);
    assert!(run.out.contains("NOT ALL RULES KEPT"), "{}", run.out);
}

#[test]
fn private_rules_show_their_source_alone() {
    let scenario = "fixtures/outpatient_admin/scenario.json";
    let folder = tempfile::tempdir().expect("a folder");
    let roster = folder.path().join("r.csv").to_str().expect("UTF-8").to_string();
    // Nobody is anywhere: what is told is all that matters here.
    fs::write(&roster, "person,on,place\n").expect("written");
    let run = rota(&["check", scenario, &roster, "--audit"]).exits(1);
    assert!(
        run.out.contains("a rule kept private") && run.out.contains("Source: Agreed on 3 August"),
        "{}",
        run.out
    );
    assert!(!run.out.contains("fay-days") && !run.out.contains("Fay Osei is"), "{}", run.out);
    assert!(run.out.contains("Rules about one person alone: a rule kept private"), "{}", run.out);
    assert!(run.out.contains("does not say what it was made from"), "{}", run.out);
}

#[test]
fn agreed_exceptions_and_rules_switched_off_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
      "people": [ { "id": "ann" }, { "id": "bob" } ],
      "rules": [ { "id": "two", "headcount": { "at_least": 2 }, "because": "Two keys", "review": "2020-07-01",
                   "allow": [ { "on": "tue", "amount": 1, "because": "Agreed" } ] },
                 { "id": "rare", "headcount": { "at_most": 1 }, "strength": "off" } ] }"#;
    fs::write(folder.path().join("week.json"), scenario).expect("written");
    let roster = "person,on,place\nann,2020-06-15,on_site\nbob,2020-06-15,on_site\nann,2020-06-16,on_site\nbob,2020-06-16,home\n";
    fs::write(folder.path().join("r.csv"), roster).expect("written");
    let audit = rota_in(folder.path(), &["check", "week.json", "r.csv", "--audit", "--format", "json"])
        .exits(0)
        .json();
    let two = rule(&audit["audit"], "two");
    assert_eq!(
        (&two["state"], &two["amount"], &two["allowed"]),
        (&json!("with_exceptions"), &json!(1.0), &json!(1.0))
    );
    assert_eq!(rule(&audit["audit"], "rare")["state"], "off");
    let page = rota_in(folder.path(), &["check", "week.json", "r.csv", "--audit"]).exits(0).out;
    assert!(page.contains("kept, with exceptions, by 1 (1 agreed)"), "{page}");
    assert!(page.contains("Source: Two keys To be looked at again by Wed 1 July."), "{page}");
    assert!(page.contains("switched off"), "{page}");
}
