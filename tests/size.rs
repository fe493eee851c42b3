//! `rota size` as a user runs it. Answers were worked out by hand.

mod common;

use common::{fits_schema, rota_in, Run};
use serde_json::{json, Value};
use std::fs;
use std::path::Path;

/// Three people come in on two of three days each: six person-days, so that on some day two are in. All asked for
/// Monday: with two bays one of them must give way.
const WEEK: &str = r#"{
  "scenario": 1, "title": "Bays",
  "calendar": { "from": "2020-06-15", "to": "2020-06-17", "work_days": ["mon", "tue", "wed"] },
  "people": [ { "id": "ann", "name": "Ann Price", "wishes": [ { "on": "mon", "place": "on_site" } ] },
              { "id": "bob", "name": "Bob Shaw", "wishes": [ { "on": "mon", "place": "on_site" } ] },
              { "id": "cat", "name": "Cat Moss", "wishes": [ { "on": "mon", "place": "on_site" } ] } ],
  "sites": [ { "id": "hq", "zones": [ ZONE ] } ],
  "rules": [ { "id": "bays", "headcount": { "at_most": 3 }, "because": "Three bays" },
             { "id": "door", "headcount": { "at_least": 1 } },
             { "id": "share", "headcount": { "at_least": "10%" } },
             { "id": "days", "days": { "at_least": 2, "at_most": 2 } },
             { "id": "wishes", "wishes": {}, "strength": "medium" } ]
}"#;
const SEATS: &str = r#"{ "id": "room", "seats": 4, "taken": [ { "on": "2020-06-16", "seats": 1 } ] }"#;
const DESKS: &str =
    r#"{ "id": "room", "desks": [ { "id": "D1" }, { "id": "D2" }, { "id": "D3" }, { "id": "D4" } ] }"#;

fn folder(zone: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), WEEK.replace("ZONE", zone)).expect("written");
    folder
}

fn size(folder: &Path, more: &[&str]) -> Run {
    rota_in(folder, &[&["size", "week.json"], more].concat())
}

fn found(folder: &Path, of: &str) -> Value {
    let document = size(folder, &["--of", of, "--format", "json"]).exits(0).json();
    fits_schema("size", &document);
    document
}

fn number(number: u32) -> Value {
    json!({ "number": number, "bound": number, "proved": true })
}

/// `2 feasible 1`: the number, whether there is a roster, and the cost of the wishes.
fn prices(document: &Value) -> Vec<String> {
    let price = |price: &Value| {
        let medium = price["levels"].as_array().and_then(|levels| {
            levels.iter().find(|level| level["strength"] == "medium").map(|level| level["cost"].to_string())
        });
        format!("{} {}", price["number"], medium.unwrap_or_else(|| price["status"].to_string()))
    };
    document["prices"].as_array().expect("a list").iter().map(price).collect()
}

#[test]
fn bays_by_a_rule() {
    let folder = folder(SEATS);
    let document = found(folder.path(), "bays");
    assert_eq!(document["now"], 3);
    assert_eq!(document["needed"], number(2));
    assert_eq!(document["as_good"], number(3));
    assert_eq!(prices(&document), ["1 \"impossible\"", "2 1.0", "3 0.0", "4 0.0"]);
    let clashing: Vec<&str> = document["clash"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|part| part["rule"].as_str())
        .collect();
    assert!(clashing.contains(&"bays") && clashing.contains(&"days"), "{clashing:?}");
    assert_eq!(document["clash_irreducible"], true);
    let page = size(folder.path(), &["--of", "bays"]).exits(0).out;
    for line in [
        "2 are enough to keep every rule that must be kept; 1 are not (proved).",
        "With one fewer than now a softer rule is bent more (proved).",
        "3 now",
        "Three bays",
    ] {
        assert!(page.contains(line), "{line}\n{page}");
    }
    let plain = size(folder.path(), &["--of", "bays", "--plain"]).exits(0).out;
    assert!(plain.contains("2: cost of medium rules 1"), "{plain}");
    let markdown = size(folder.path(), &["--of", "bays", "--format", "markdown"]).exits(0).out;
    assert!(markdown.contains("| 3 now | 0 |"), "{markdown}");
}

/// Six person-days in three days: at most two are in every day.
#[test]
fn the_most_that_can_be_asked_for() {
    let folder = folder(SEATS);
    for of in ["door", "door:at_least"] {
        let document = found(folder.path(), of);
        assert_eq!(document["wants_most"], true);
        assert_eq!(document["needed"], number(2));
    }
    let page = size(folder.path(), &["--of", "door"]).exits(0).out;
    assert!(
        page.contains("At most 2 can be asked for; with 3 no roster keeps every rule (proved)."),
        "{page}"
    );
    assert!(page.contains("With one more these clash"), "{page}");
}

/// A seat is taken by others on Tuesday: people are in on Monday and Wednesday alone, or one of two seats is theirs
/// on Tuesday. With two seats: 2 on Monday, 1 on Tuesday, 2 on Wednesday are five of six. Three are needed.
#[test]
fn seats_beside_those_taken_by_others() {
    let folder = folder(SEATS);
    let document = found(folder.path(), "seats");
    assert_eq!(document["now"], 4);
    assert_eq!(document["needed"], number(3));
    assert_eq!(document["as_good"], number(3));
    assert_eq!(found(folder.path(), "room")["needed"], number(3));
}

/// Two people a day sit at two desks, whichever these are.
#[test]
fn desks_that_are_enough() {
    let folder = folder(DESKS);
    let document = found(folder.path(), "desks");
    assert_eq!(document["now"], 4);
    assert_eq!(document["needed"], number(2));
    assert_eq!(document["desks"].as_array().expect("a list").len(), 2);
    assert_eq!(prices(&document), ["1 \"impossible\"", "2 1.0", "3 0.0", "4 0.0"]);
    let page = size(folder.path(), &["--of", "desks"]).exits(0).out;
    assert!(page.contains("2 desks that are enough: D"), "{page}");
    // With three nobody gives way; which two might do as well was not looked at.
    assert_eq!(document["as_good"], json!({ "number": 3, "bound": 2, "proved": false }));
    assert!(
        page.contains("With 3 no softer rule is worse than now; whether fewer do as well is not proved."),
        "{page}"
    );
}

#[test]
fn no_number_helps_where_the_rules_clash() {
    let folder = folder(SEATS);
    let text = fs::read_to_string(folder.path().join("week.json")).expect("read");
    fs::write(
        folder.path().join("week.json"),
        text.replace(r#""door", "headcount": { "at_least": 1"#, r#""door", "headcount": { "at_least": 3"#),
    )
    .expect("written");
    let document = size(folder.path(), &["--of", "bays", "--format", "json"]).exits(1).json();
    fits_schema("size", &document);
    assert_eq!(document["result"], "impossible");
    let page = size(folder.path(), &["--of", "bays"]).exits(1).out;
    assert!(page.contains("No roster keeps every rule, however many there are (proved)."), "{page}");
    assert!(page.contains("door"), "{page}");
}

/// Wishes are switched off: nothing softer is bent at two bays, and with one there is no roster at all.
#[test]
fn what_is_softer_is_told_only_where_there_is_a_roster() {
    let folder = folder(SEATS);
    let text = fs::read_to_string(folder.path().join("week.json")).expect("read");
    for (bays, said) in [(3, Some("With 2 no softer rule is worse than now.")), (2, None)] {
        let now = format!(r#""at_most": {bays} }}, "because""#);
        let week = text.replace(r#""at_most": 3 }, "because""#, &now);
        let week = week.replace(r#""strength": "medium""#, r#""strength": "off""#);
        fs::write(folder.path().join("week.json"), &week).expect("written");
        let page = size(folder.path(), &["--of", "bays"]).exits(0).out;
        let softer: Vec<&str> = page.lines().filter(|line| line.contains("softer")).collect();
        assert_eq!(softer, said.into_iter().collect::<Vec<_>>(), "{page}");
    }
}

#[test]
fn mistakes_are_named() {
    let folder = folder(SEATS);
    for (of, words) in [
        ("bay", "did you mean `bays`?"),
        ("laptop_bags", "which stands for bays, laptops or log-ins: bays, door"),
        ("desks", "the scenario has no desks"),
        ("screens", "no must rule `distance`"),
        ("wishes", "sets no number of people"),
        ("share", "a share of those who work"),
        ("door:at_most", "`door` has no `at_most`"),
    ] {
        let run = size(folder.path(), &["--of", of]).exits(2);
        assert!(run.err.contains(words), "{of}: {}", run.err);
    }
}

#[test]
fn the_answer_goes_to_files() {
    let folder = folder(SEATS);
    let run = size(folder.path(), &["--of", "bays", "-o", "r.html", "-o", "r.svg", "-o", "r.csv", "--plain"])
        .exits(0);
    assert!(run.err.contains("Wrote r.html, r.svg, r.csv."), "{}", run.err);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).expect("written");
    let table = read("r.csv");
    assert!(
        table.starts_with("number,status,high,medium,low,home_first\n1,impossible,,,,\n2,optimal,,1,,6\n"),
        "{table}"
    );
    let picture = read("r.svg");
    assert!(picture.contains("3 now") && picture.contains("no roster"), "{picture}");
    let page = read("r.html");
    assert!(
        page.contains("2 are enough to keep every rule") && page.contains("<svg") && page.contains("<table"),
        "{page}"
    );
    let run = size(folder.path(), &["--of", "bays", "-o", "week.json"]).exits(2);
    assert!(run.err.contains("output.input"), "{}", run.err);
}

/// Four desks in a row, a metre apart, two metres wanted: three people need one screen, four need three.
#[test]
fn screens_are_counted_and_named() {
    let row = |people: u32| {
        format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-15" }},
              "people": [ {{ "id": "amy" }}, {{ "id": "ben" }}, {{ "id": "cara" }}, {{ "id": "dev" }} ],
              "sites": [ {{ "id": "hq", "zones": [ {{ "id": "row", "desks": [
                {{ "id": "A", "at": [0, 0] }}, {{ "id": "B", "at": [1, 0] }},
                {{ "id": "C", "at": [2, 0] }}, {{ "id": "D", "at": [3, 0] }} ] }} ] }} ],
              "rules": [ {{ "distance": {{ "metres": 2.0 }} }}, {{ "id": "door", "headcount": {{ "at_least": {people} }} }} ] }}"#
        )
    };
    for (people, screens, words) in [
        (2, 0, "None is needed to keep every rule that must be kept."),
        (3, 1, "1 is enough to keep every rule that must be kept; without any it cannot be done (proved)."),
        (4, 3, "3 are enough to keep every rule that must be kept; 2 are not (proved)."),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("week.json"), row(people)).expect("written");
        let page = size(folder.path(), &["--of", "screens"]).exits(0).out;
        assert!(page.contains(words), "{page}");
        let document = size(folder.path(), &["--of", "screens", "--format", "json"]).exits(0).json();
        fits_schema("size", &document);
        assert_eq!(document["needed"]["bound"], screens);
        assert_eq!(document["screens"].as_array().map_or(0, Vec::len), screens);
        let named = page.contains("Screens that are enough, between A and B; B and C; C and D.");
        assert_eq!(named, screens == 3, "{page}");
    }
}
