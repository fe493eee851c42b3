//! The committed schemas are those that the types give, and the fixtures keep to them.
//! `ROTA_UPDATE=1 cargo xtask test --test schema` writes them anew.

mod common;

use common::{project, rota};
use serde_json::Value;
use std::fs;

fn committed(kind: &str) -> std::path::PathBuf {
    project(&format!("crates/rota-io/schemas/{kind}-1.json"))
}

#[test]
fn committed_schemas_are_current() {
    for kind in rota::schema::KINDS {
        let run = rota(&["schema", kind]).exits(0);
        if std::env::var_os("ROTA_UPDATE").is_some() {
            fs::write(committed(kind), &run.out).expect("the schema is written");
        }
        let old = fs::read_to_string(committed(kind)).unwrap_or_default();
        assert!(old == run.out, "crates/rota-io/schemas/{kind}-1.json is stale; see the top of this test");
    }
}

fn validator(kind: &str) -> jsonschema::Validator {
    let schema: Value =
        serde_json::from_str(&rota(&["schema", kind]).exits(0).out).expect("a schema is JSON");
    jsonschema::validator_for(&schema).expect("a schema is a schema")
}

#[track_caller]
fn fits(validator: &jsonschema::Validator, document: &Value) {
    let problems: Vec<String> = validator
        .iter_errors(document)
        .map(|problem| format!("{}: {problem}", problem.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

fn read(path: &std::path::Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("the file reads")).expect("the file is JSON")
}

/// Every scenario among the fixtures.
fn scenarios() -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for folder in fs::read_dir(project("fixtures")).expect("there are fixtures") {
        for file in fs::read_dir(folder.expect("an entry").path()).expect("fixtures stand in folders") {
            let path = file.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "json") {
                all.push(path);
            }
        }
    }
    all.sort();
    all
}

#[test]
fn fixtures_fit_the_scenario_schema() {
    let validator = validator("scenario");
    let all = scenarios();
    assert!(all.len() >= 6, "{all:?}");
    for path in all {
        fits(&validator, &read(&path));
    }
    let starter = rota(&["init", "--json", "-o", "-"]).exits(0);
    fits(&validator, &serde_json::from_str(&starter.out).expect("JSON"));
    let made = rota(&["generate", "--people", "30", "--days", "5"]).exits(0);
    fits(&validator, &serde_json::from_str(&made.out).expect("JSON"));
}

#[test]
fn the_schema_refuses_what_the_program_refuses() {
    let validator = validator("scenario");
    let mut document = read(&project("fixtures/clinical_coding/scenario.json"));
    document["rules"][0]["headcount"]["at_leest"] = Value::from(3);
    assert!(!validator.is_valid(&document));
    let mut document = read(&project("fixtures/clinical_coding/scenario.json"));
    document["people"][0]["id"] = Value::from(3);
    assert!(!validator.is_valid(&document));
}

#[test]
fn printed_documents_fit_their_schemas() {
    let scenario = "fixtures/clinical_coding/scenario.json";
    let solved = rota(&["solve", scenario, "--format", "json"]).exits(0);
    fits(&validator("roster"), &solved.json());
    let clash = rota(&["solve", "fixtures/radiology_reports/scenario.json", "--format", "json"]).exits(1);
    fits(&validator("roster"), &clash.json());
    let folder = tempfile::tempdir().expect("a folder");
    let roster = folder.path().join("roster.json");
    fs::write(&roster, &solved.out).expect("written");
    let checked = rota(&["check", scenario, roster.to_str().expect("UTF-8"), "--format", "json"]).exits(0);
    fits(&validator("check"), &checked.json());
    let found = rota(&["validate", scenario, "--format", "json"]).exits(0);
    fits(&validator("findings"), &found.json());
}
