//! A scenario written as a workbook, or as CSV files, and read again is the same scenario.

use rota_core::words;
use rota_core::Site;
use rota_io::workbook::cells::Book;
use rota_io::workbook::{folder, read_sheets, sheets, workbook, xlsx};
use rota_rules::{Problem, Scenario};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Reads a scenario, which must be right.
fn scenario(text: &str) -> Scenario {
    let read = Scenario::read(text);
    assert!(read.findings.is_empty(), "{:#?}", read.findings);
    read.scenario.expect("it was read")
}

/// The scenario with selectors in words read as `rota_core` reads them: what a cell says in words comes back read.
fn in_fields(scenario: &Scenario) -> Scenario {
    let (problem, findings) = Problem::build(scenario);
    let errors: Vec<_> = findings.iter().filter(|finding| finding.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let mut value = serde_json::to_value(scenario).expect("plain data");
    for rule in members(&mut value, "rules") {
        for (_, fields) in rule.as_object_mut().into_iter().flatten().filter(|(_, own)| own.is_object()) {
            read_words(fields, &problem.site);
        }
    }
    for site in members(&mut value, "sites") {
        for zone in members(site, "zones") {
            read_words(zone, &problem.site);
            for desk in members(zone, "desks") {
                read_words(desk, &problem.site);
            }
        }
    }
    self::scenario(&value.to_string())
}

fn members<'v>(value: &'v mut Value, field: &str) -> impl Iterator<Item = &'v mut Value> {
    value.get_mut(field).and_then(Value::as_array_mut).into_iter().flatten()
}

fn read_words(fields: &mut Value, site: &Site) {
    for (name, own) in fields.as_object_mut().into_iter().flatten() {
        let Some(text) = own.as_str().map(str::to_string) else { continue };
        let read = match name.as_str() {
            "who" | "by" | "for" => {
                words::who(&text, site).ok().and_then(|who| serde_json::to_value(who).ok())
            }
            "when" => words::when(&text, site).ok().and_then(|when| serde_json::to_value(when).ok()),
            "where" => words::place(&text, site).ok().and_then(|place| serde_json::to_value(place).ok()),
            _ => None,
        };
        if let Some(read) = read {
            *own = read;
        }
    }
}

fn read_back(book: &Book) -> Scenario {
    let mut read = read_sheets(book).unwrap_or_else(|findings| panic!("{findings:#?}"));
    let mut parts = Scenario::read(&read.text);
    read.settle(&mut parts);
    let errors: Vec<_> = parts.findings.iter().filter(|finding| finding.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    parts.scenario.expect("it was read")
}

/// The workbook and the CSV files of a scenario give the scenario again.
fn comes_back(scenario: &Scenario, what: &str) {
    let wanted = in_fields(scenario);
    let book = sheets(scenario).expect("sheets can hold it");
    let bytes = workbook(&book).expect("a workbook can be made");
    let opened = xlsx::read("team.xlsx", &bytes).expect("a workbook is read");
    assert_eq!(in_fields(&read_back(&opened)), wanted, "{what} as a workbook");
    let tables = folder::tables(&book)
        .into_iter()
        .map(|(name, text)| folder::sheet(name.strip_suffix(".csv").expect("a CSV file"), &text));
    let opened = Book { path: "team".to_string(), sheets: tables.collect() };
    assert_eq!(in_fields(&read_back(&opened)), wanted, "{what} as CSV files");
}

fn scenarios_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            scenarios_below(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "json") {
            found.push(path);
        }
    }
}

#[test]
fn every_fixture_comes_back() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let mut files = Vec::new();
    scenarios_below(&root, &mut files);
    let mut tried = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).expect("reads");
        let Some(scenario) = Scenario::read(&text).scenario else { continue };
        tried += 1;
        comes_back(&scenario, &file.display().to_string());
    }
    assert!(tried >= 10, "only {tried} scenarios were found");
}

#[test]
fn departments_made_up_at_random_come_back() {
    for seed in 0..12 {
        let people = [1, 3, 7, 15, 40][seed as usize % 5];
        let made =
            rota_planner::generate(&rota_planner::Generate { people, days: 5 + seed as usize % 10, seed });
        comes_back(&made, &format!("generate --people {people} --seed {seed}"));
    }
}

/// Everything that the contract allows, some of it awkward.
#[test]
fn every_field_comes_back() {
    let text = r#"{
      "$schema": "https://example.org/scenario-1.json", "scenario": 1, "default_place": "none",
      "title": "=1+1 & <b>", "note": { "any": ["thing", 1] },
      "calendar": { "from": "2020-06-15", "to": "2020-06-26", "work_days": ["mon", "tue", "wed", "thu", "sat"],
        "closed": [ "2020-06-19", { "on": "2020-06-22", "why": "Power works" }, { "from": "2020-06-23", "to": "2020-06-24", "why": "Move" } ],
        "shifts": [ { "id": "early", "from": "07:30", "to": "15:30" }, { "id": "late", "name": "Late, long", "from": "10:00", "to": "18:00", "hours": 7.25, "by_request": true }, { "id": "any", "hours": 4 } ],
        "anchor": "2020-06-15", "time_zone": "Europe/London" },
      "people": [
        { "id": "amy", "name": "=cmd|' /C calc'!A0", "team": "coding", "tags": ["first_aider", "a, b"], "starts": "2020-06-16", "ends": "2021-01-01",
          "works": [["mon", "tue"], ["wed"]],
          "away": [ "2020-06-17", "2020-06-18", { "from": "2020-06-29", "to": "2020-07-03", "why": "Leave" } ],
          "only": [ { "place": "home", "from": "2020-06-22" }, { "place": "on_site", "to": "2020-06-16" } ],
          "needs": ["sit_stand"], "note": "kept",
          "fixed": [ { "on": "2020-06-16", "place": "on_site", "shift": "early", "site": "hq", "zone": "north", "desk": "1-2" } ],
          "wishes": [ { "on": "thu", "place": "home", "weight": 2.5 }, { "on": { "from": "2020-06-16", "to": "2020-06-18" }, "shift": "late", "avoid": true } ] },
        { "id": "12", "name": "Sam Lee", "team": "coding", "tags": ["coding"], "base": "either", "note": [1] },
        { "id": "b", "name": "Sam Lee", "team": "salt and pepper", "works": [] },
        { "id": "siân", "base": "home" }
      ],
      "sites": [
        { "id": "hq", "name": "Head office", "closed": ["2020-06-18"], "note": 1, "zones": [
          { "id": "north", "floor": "2", "features": ["quiet"], "for": { "any": [ { "team": "coding" }, { "people": ["b"] } ] },
            "desks": [ { "id": "1-2", "name": "Window", "at": [0.0, 1.25], "features": ["sit_stand"], "for": { "people": ["amy", "12"] } },
                       { "id": "N2", "closed": ["2020-06-16", { "from": "2020-06-17", "to": "2020-06-18" }] },
                       { "id": "N3", "closed": [ { "on": "2020-06-16", "why": "Paint" } ], "note": "x" } ],
            "screened": [["1-2", "N2"]], "too_close": [["N2", "N3"]] },
          { "id": "bay", "seats": 6, "taken": [ { "on": "2020-06-16", "seats": 2, "why": "Visitors" } ] } ] },
        { "id": "annex", "zones": [ { "id": "south", "seats": 2 } ] } ],
      "rules": [
        { "id": "half", "headcount": { "who": "team coding and not first_aider", "when": { "weekdays": ["mon"], "between": "09:00-12:00" }, "where": { "zone": "north" }, "at_least": "12.5%", "at_most": 3 },
          "strength": "high", "weight": 2.5, "because": "Line one\nline two", "private": true, "review": "2020-07-01",
          "allow": [ { "on": "2020-06-16", "amount": 1, "because": "Agreed" } ], "note": "n" },
        { "headcount": { "who": { "team": "coding" }, "when": "Mon, Wed", "where": "each zone", "at_most": 5 }, "for_each": "team" },
        { "headcount": { "who": { "people": ["amy", "b"] }, "when": { "to": "2020-06-17" }, "at_most": 2, "per": "week" } },
        { "ratio": { "who": { "tag": "first_aider" }, "every": 50, "of": { "not": { "team": "coding" } } }, "strength": "off" },
        { "duty": { "name": "post", "at_least": 0, "at_most": 1 } },
        { "meets": { "by": { "people": ["b"] }, "per": "rota" }, "strength": "low" },
        { "days": { "place": "working", "per": "fortnight", "at_least": 0, "at_most": 9, "pro_rata": true } },
        { "run": { "place": "home", "at_most": 4, "off_ends": true }, "strength": "low" },
        { "together": { "who": { "any": [ { "team": "coding" }, { "all": [ { "tag": "coding" }, { "not": { "people": ["amy", "b"] } } ] } ] }, "missing": 1 }, "strength": "low" },
        { "cohorts": { "names": ["A", "B"], "cycle": { "on": { "A": ["mon"], "B": ["tue"] } }, "members": { "A": ["amy"] }, "at_least": 0, "at_most": 9, "split": [ { "tag": "coding" } ], "anew": true }, "strength": "low" },
        { "mixing": { "want": "little" }, "strength": "low" },
        { "distance": { "metres": 1.5 }, "strength": "medium" },
        { "desk_rest": { "days": 1 }, "strength": "low" },
        { "arrivals": { "at_most": 2, "minutes": 15, "when": { "shifts": ["early", "late"] } }, "strength": "low" },
        { "contacts": { "at_most": 3, "within": "zone" }, "strength": "low" },
        { "fair": { "of": "refused_wishes" }, "strength": "low" },
        { "fair": { "of": "post" }, "strength": "low" },
        { "rest": { "hours": 11, "never_after": [["late", "early"]] } },
        { "keep": { "at_most": 3, "desks": true }, "strength": "low" },
        { "wishes": { "equal": true }, "strength": "medium" }
      ],
      "history": { "anchor": "2020-06-01", "days": [ { "person": "amy", "on": "2020-06-12", "place": "on_site", "shift": "early", "site": "hq", "zone": "north", "desk": "N2", "duty": "post", "needed_for": ["half"] } ],
        "people": [ { "person": "amy", "worked": { "mon": 9 }, "on_site": { "mon": 3 }, "shifts": { "early": 5 }, "wishes": { "asked": 9, "refused": 2 }, "cohort": "A" } ] },
      "previous": [ { "person": "b", "on": "2020-06-16", "place": "off", "needed_for": [] } ],
      "ties": [ { "between": ["amy", "b"], "weight": 12.5 } ]
    }"#;
    comes_back(&scenario(text), "every field");
}

/// Cells that a spreadsheet would run are texts in the workbook, and stay texts in CSV files.
#[test]
fn nothing_written_is_a_formula() {
    let text = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
      "people": [ { "id": "a", "name": "=cmd|' /C calc'!A0", "team": "+A1", "tags": ["@SUM(1)", "-A2"] } ] }"#;
    let book = sheets(&scenario(text)).expect("sheets can hold it");
    let opened = xlsx::read("team.xlsx", &workbook(&book).expect("made")).expect("read");
    let people = &opened.sheets[0];
    assert_eq!(
        people.at(1, 0).map(rota_io::workbook::cells::Cell::spoken).as_deref(),
        Some("=cmd|' /C calc'!A0")
    );
    let (_, people) = folder::tables(&book).swap_remove(0);
    for line in people.lines().skip(1) {
        for value in line.split(',') {
            assert!(!value.trim_matches('"').starts_with(['=', '+', '@']), "{line}");
        }
    }
}
