//! `rota what-if --grid` as a user runs it. Answers were worked out by hand.

mod common;

use common::{fits_schema, folder_of, rota_in, Run};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Two desks a metre apart, two people who both asked for Monday and must each come once. At 2 m one desk is in use
/// at a time: one wish is not granted. With two days each there is no roster at 2 m.
const WEEK: &str = r#"{ "scenario": 1, "title": "Two desks",
  "calendar": { "from": "2020-06-15", "to": "2020-06-16", "work_days": ["mon", "tue"] },
  "people": [ { "id": "ann", "wishes": [ { "on": "mon", "place": "on_site" } ] },
              { "id": "bob", "wishes": [ { "on": "mon", "place": "on_site" } ] } ],
  "sites": [ { "id": "hq", "zones": [ { "id": "room",
      "desks": [ { "id": "D1", "at": [0, 0] }, { "id": "D2", "at": [1, 0] } ] } ] } ],
  "rules": [ { "id": "apart", "distance": { "metres": 2 } },
             { "id": "days", "days": { "at_least": 1 } },
             { "id": "wishes", "wishes": {}, "strength": "medium" } ] }"#;

fn folder() -> tempfile::TempDir {
    folder_of(&[("week.json", WEEK)])
}

fn grid(folder: &Path, more: &[&str]) -> Run {
    let both = ["what-if", "week.json", "--grid", "apart.metres=1,2", "--grid", "days.at_least=1,2"];
    rota_in(folder, &[&both[..], more].concat())
}

#[test]
fn every_combination_is_told_and_kept() {
    let folder = folder();
    let document =
        grid(folder.path(), &["--format", "json", "-o", "grid.csv", "--svg", "grid.svg"]).exits(0).json();
    fits_schema("grid", &document);
    let told: Vec<String> = document["cells"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|cell| {
            format!("{} {} {}", cell["values"], cell["status"].as_str().unwrap_or_default(), cell["refused"])
        })
        .collect();
    assert_eq!(told, ["[1,1] optimal 0", "[1,2] optimal 0", "[2,1] optimal 1", "[2,2] impossible 0"]);
    let table = fs::read_to_string(folder.path().join("grid.csv")).expect("written");
    assert_eq!(table.lines().count(), 5, "{table}");
    assert!(table.starts_with("apart.metres,days.at_least,status,"), "{table}");
    let picture = fs::read_to_string(folder.path().join("grid.svg")).expect("written");
    assert!(picture.contains("no roster") && picture.contains("Two desks"), "{picture}");
    // The same again solves nothing; the table stays as it was.
    let page = grid(folder.path(), &["-o", "grid.csv"]).exits(0).out;
    assert!(
        page.contains("4 combinations: 3 have a roster. 1 has none (proved). 4 were solved before."),
        "{page}"
    );
    assert_eq!(fs::read_to_string(folder.path().join("grid.csv")).expect("there"), table);
    let markdown = grid(folder.path(), &["--format", "markdown"]).exits(0).out;
    assert!(markdown.contains("| 2 | 2 | no roster (proved) |"), "{markdown}");
    let plain = grid(folder.path(), &["--plain"]).exits(0).out;
    assert!(plain.contains("apart.metres 2, days.at_least 2, no roster (proved)."), "{plain}");
}

/// A table cut off after two lines is gone on with: its lines stay as they are, word for word.
#[test]
fn a_run_that_was_cut_short_is_gone_on_with() {
    let folder = folder();
    grid(folder.path(), &["-o", "grid.csv"]).exits(0);
    let path = folder.path().join("grid.csv");
    let whole = fs::read_to_string(&path).expect("written");
    let begun: Vec<String> =
        whole.lines().take(3).map(|line| line.replace(",optimal,2,0,", ",optimal,2,7,")).collect();
    fs::write(&path, begun.join("\n") + "\n").expect("written");
    let page = grid(folder.path(), &["-o", "grid.csv"]).exits(0).out;
    assert!(page.contains("2 were solved before."), "{page}");
    let now = fs::read_to_string(&path).expect("written");
    let of = |text: &str, line: usize| text.lines().nth(line).map(str::to_string);
    assert_eq!(of(&now, 1), begun.get(1).cloned());
    assert_eq!(now.lines().count(), 5, "{now}");
}

#[test]
fn tables_of_something_else_are_not_written_over() {
    let folder = folder();
    let path = folder.path().join("grid.csv");
    fs::write(&path, "who,what\nann,1\n").expect("written");
    let run = grid(folder.path(), &["-o", "grid.csv"]).exits(2);
    assert!(run.err.contains("grid.other"), "{}", run.err);
    assert_eq!(fs::read_to_string(&path).expect("there"), "who,what\nann,1\n");
    fs::remove_file(&path).expect("removed");
    grid(folder.path(), &["-o", "grid.csv"]).exits(0);
    let text = fs::read_to_string(folder.path().join("week.json")).expect("read");
    fs::write(folder.path().join("week.json"), text.replace("Two desks", "Two other desks"))
        .expect("written");
    let run = grid(folder.path(), &["-o", "grid.csv"]).exits(2);
    assert!(run.err.contains("the scenario has changed since"), "{}", run.err);
    let run = grid(folder.path(), &["-o", "week.json"]).exits(2);
    assert!(run.err.contains("output.input"), "{}", run.err);
}

#[test]
fn how_many_desks_says_which() {
    let folder = folder();
    let page = rota_in(folder.path(), &["what-if", "week.json", "--grid", "desks=1,2"]).exits(0).out;
    assert!(page.contains("desks: so many of the scenario stay open, in its order"), "{page}");
    assert!(!grid(folder.path(), &[]).exits(0).out.contains("stay open"));
}

#[test]
fn mistakes_are_named_all_at_once() {
    let folder = folder();
    let more =
        ["--grid", "apar.metres=1", "--grid", "days.at_most=x", "--grid", "desks=3", "--format", "json"];
    let document: Value =
        rota_in(folder.path(), &[&["what-if", "week.json"], &more[..]].concat()).exits(2).json();
    let told = document["list"].to_string();
    for words in ["did you mean `apart`?", "`days.at_most` cannot be", "the scenario has 2 desks"] {
        assert!(told.contains(words), "{words}: {told}");
    }
    // In plain words, not in those of the reader.
    let raw = ["what-if", "week.json", "--grid", "apart.metres=far", "--grid", "days.at_least=2.5"];
    let told = rota_in(folder.path(), &raw).exits(2).err;
    assert!(told.contains("this is the text") && told.contains("should be a whole number"), "{told}");
    assert!(!told.contains("f64") && !told.contains("u32") && !told.contains("floating"), "{told}");
    let run = rota_in(folder.path(), &["what-if", "--grid", "desks=1"]).exits(2);
    assert!(run.err.contains("no scenario is given"), "{}", run.err);
    let twice = ["what-if", "week.json", "--grid", "desks=1", "--grid", "desks=2"];
    let run = rota_in(folder.path(), &twice).exits(2);
    assert!(run.err.contains("given twice"), "{}", run.err);
}
