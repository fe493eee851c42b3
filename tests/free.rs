//! `rota free` as a user runs it.

mod common;

use common::{fits_schema, folder_of, rota_in};
use serde_json::json;
use std::fs;

/// Four desks 1.5 m apart, 2 m to be kept; D4 has a sit-stand desk; three seats, of which visitors take one.
const WEEK: &str = r#"{
  "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
  "people": [ { "id": "ann", "name": "Ann Price" }, { "id": "bob", "name": "Bob Shaw", "needs": ["sit_stand"] } ],
  "sites": [ { "id": "hq", "zones": [
    { "id": "hall", "desks": [ { "id": "D1", "at": [0, 0] }, { "id": "D2", "at": [1.5, 0] }, { "id": "D3", "at": [3, 0] },
      { "id": "D4", "at": [4.5, 0], "features": ["sit_stand"] } ] },
    { "id": "bay", "name": "The bay", "seats": 3, "taken": [ { "on": "2020-06-15", "seats": 1 } ] } ] } ],
  "rules": [ { "distance": { "metres": 2.0 } } ] }"#;
const ROSTER: &str =
    "person,on,place,zone,desk\nann,2020-06-15,on_site,hall,D1\nbob,2020-06-15,on_site,bay,\n";

fn folder() -> tempfile::TempDir {
    folder_of(&[("week.json", WEEK), ("roster.csv", ROSTER)])
}

#[test]
fn what_is_free_is_listed() {
    let folder = folder();
    let free = |more: &[&str]| {
        rota_in(
            folder.path(),
            &[&["free", "week.json", "roster.csv", "--today", "2020-06-15"], more].concat(),
        )
    };
    let found = free(&["--on", "mon", "--format", "json"]).exits(0).json();
    fits_schema("free", &found);
    let desks: Vec<&str> =
        found["desks"].as_array().expect("a list").iter().filter_map(|desk| desk["desk"].as_str()).collect();
    assert_eq!(desks, ["D3", "D4"]);
    assert_eq!((&found["together"], &found["too_near"], &found["in_use"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(found["seats"], json!([{ "zone": "bay", "seats": 1 }]));
    let page = free(&["--on", "mon"]).exits(0).out;
    for wanted in [
        "2 desks are free on Mon 15 June.",
        "of them together 1 can be, because of the distance (proved)",
        "D4, hall (sit_stand)",
        "The bay: 1 seat free",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    let needs = free(&["--on", "mon", "--needs", "sit_stand", "--format", "json"]).exits(0).json();
    assert_eq!(needs["desks"], json!([{ "desk": "D4", "zone": "hall", "features": ["sit_stand"] }]));
    let bob = free(&["--on", "mon", "--for-person", "Bob Shaw", "--format", "json"]).exits(0).json();
    assert_eq!(bob["desks"], needs["desks"]);
    assert!(free(&["--on", "mon", "--format", "markdown"]).exits(0).out.contains("- D3, hall"));
}

#[test]
fn nothing_free_is_a_no_and_mistakes_are_said() {
    let folder = folder();
    fs::write(
        folder.path().join("full.csv"),
        ROSTER.replace("bob,2020-06-15,on_site,bay,", "bob,2020-06-15,on_site,hall,D4"),
    )
    .expect("written");
    let none =
        rota_in(folder.path(), &["free", "week.json", "full.csv", "--on", "15 June", "--needs", "sit_stand"])
            .exits(1)
            .out;
    assert!(none.contains("Nothing with sit_stand is free on Mon 15 June."), "{none}");
    let wrong = rota_in(
        folder.path(),
        &[
            "free",
            "week.json",
            "roster.csv",
            "--on",
            "2020-07-01",
            "--needs",
            "sit_stnd",
            "--for-person",
            "zoe",
        ],
    )
    .exits(2)
    .err;
    for wanted in ["is not in the calendar", "did you mean `sit_stand`?", "zoe"] {
        assert!(wrong.contains(wanted), "{wanted}\n{wrong}");
    }
}
