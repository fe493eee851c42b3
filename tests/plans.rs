//! Plans as people bring them: tables out of any spreadsheet, pictures that were made before, positions typed wrong.

mod common;

use common::{rota_in, Run};
use serde_json::{json, Value};
use std::fs;

/// Two rows of five desks 1.4 m apart, and what is read of them from `name`.
fn read(name: &str, text: &str, more: &[&str]) -> Run {
    page(name, text, &[&["--format", "json"], more].concat())
}

fn page(name: &str, text: &str, more: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(name), text).expect("written");
    rota_in(folder.path(), &[&["capacity", name, "--distance", "1.5"], more].concat())
}

fn rows(line: impl Fn(&str, f64, f64) -> String) -> String {
    let desks = (0..10u32).map(|at| {
        line(&format!("D{at}"), (14.0 * f64::from(at % 5)).round() / 10.0, f64::from(at / 5) * 2.0)
    });
    desks.collect()
}

/// Of each row of five 1.4 m apart three at 1.5 m; the rows are 2 m apart.
#[test]
fn tables_out_of_any_spreadsheet() {
    let comma = |number: f64| number.to_string().replace('.', ",");
    let tables = [
        ("commas", format!("desk,x,y\n{}", rows(|id, x, y| format!("{id},{x},{y}\n")))),
        ("columns in another order", format!("Y,Desk,X\n{}", rows(|id, x, y| format!("{y},{id},{x}\n")))),
        ("tabs", format!("desk\tx\ty\n{}", rows(|id, x, y| format!("{id}\t{}\t{}\n", comma(x), comma(y))))),
        (
            "semicolons, decimal commas, a mark, Windows line ends",
            format!("\u{feff}DESK;X;Y\r\n{}", rows(|id, x, y| format!("{id};{};{}\r\n", comma(x), comma(y)))),
        ),
        (
            "quotes",
            format!(
                "\"desk\",\"x\",\"y\"\n{}",
                rows(|id, x, y| format!("\"{id}\",\"{}\",\"{y}\"\n", comma(x)))
            ),
        ),
        ("sep=", format!("sep=;\r\ndesk;x;y\r\n{}", rows(|id, x, y| format!("{id};{x};{y}\r\n")))),
        (
            "more columns",
            format!("desk,x,y,telephone,owner\n{}", rows(|id, x, y| format!("{id},{x},{y},\"5, 17\",\n"))),
        ),
    ];
    for (name, text) in tables {
        let run = read("desks.csv", &text, &[]).exits(0);
        assert_eq!(run.json()["distances"][0]["desks"], 6, "{name}");
        let note = "not read: the columns `telephone`, `owner`; they are not needed here";
        assert_eq!(run.err.contains(note), name == "more columns", "{name}: {}", run.err);
        if name != "more columns" {
            assert!(run.err.is_empty(), "{name}: {}", run.err);
        }
    }
}

#[test]
fn mistakes_in_a_table_stand_at_their_values() {
    let run = page("desks.csv", "desk;telephone;x;y\nA;\"1;2\";1,4;oops\nB;3;1e999;0\n", &[]).exits(2);
    for wanted in ["desks.csv:2:13", "`oops` is not a number", "desks.csv:3:5", "`1e999` is not a number"] {
        assert!(run.err.contains(wanted), "{wanted}\n{}", run.err);
    }
    let run = page("desks.csv", "desk,x,y,zoen\nA,1,1,n\n", &[]).exits(2);
    assert!(run.err.contains("did you mean `zone`?"), "{}", run.err);
    let run = page("desks.csv", "desk,x,y\nA,1e300,1\nB,1,-2e8\n", &[]).exits(2);
    assert_eq!(run.err.matches("neither beyond 1,000 km").count(), 2, "{}", run.err);
    let millimetres = rows(|id, x, y| format!("{id},{},{}\n", x * 1000.0, y * 1000.0));
    let run = read("desks.csv", &format!("desk,x,y\n{millimetres}"), &[]).exits(0);
    assert!(run.err.contains("desks usually stand 1400.00 m apart"), "{}", run.err);
    let run = read("desks.csv", &format!("desk,x,y\n{millimetres}"), &["--unit", "mm"]).exits(0);
    assert!(run.err.is_empty() && run.json()["distances"][0]["desks"] == 6, "{}", run.err);
}

#[test]
fn absurd_numbers_are_refused() {
    let desks = "desk,x,y\nA,0,0\nB,1,0\n";
    for (option, value) in [
        ("--distance", "1e300"),
        ("--distance", "0"),
        ("--distance", "-1"),
        ("--distance", "NaN"),
        ("--distance", "inf"),
        ("--distance", "1e-300"),
        ("--distance", "1..inf/0.1"),
        ("--distance", "1..2/0"),
        ("--scale", "1e300"),
        ("--scale", "NaN"),
        ("--area", "1e300"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("desks.csv"), desks).expect("written");
        let run = rota_in(folder.path(), &["capacity", "desks.csv", &format!("{option}={value}")]).exits(2);
        assert!(run.err.contains(value.split("..").next().unwrap_or(value)), "{option}={value}: {}", run.err);
    }
    let rule = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" }, "people": [ { "id": "a" } ],
        "sites": [ { "id": "s", "zones": [ { "id": "z", "desks": [ { "id": "A", "at": [0, 0] } ] } ] } ],
        "rules": [ { "distance": { "metres": 1e300 } } ] }"#;
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), rule).expect("written");
    let run = rota_in(folder.path(), &["validate", "week.json"]).exits(2);
    assert!(run.err.contains("a distance between desks is 0.01 to 1000 metres"), "{}", run.err);
}

/// The desk (5.6, 2) typed with a slip: left out, told as what it may be meant to be, and both answers said.
#[test]
fn slips_are_told_as_what_was_meant() {
    for (typed, meant) in [
        ([56.0, 2.0], json!([5.6, 2.0])),
        ([560.0, 2.0], json!([5.6, 2.0])),
        ([56.0, 20.0], json!([5.6, 2.0])),
        ([5600.0, 2000.0], json!([5.6, 2.0])),
        ([5.6, 20.0], json!([5.6, 2.0])),
        ([-5.6, 2.0], json!([5.6, 2.0])),
        ([2.0, 5.6], Value::Null),
    ] {
        let table = rows(|id, x, y| {
            let [x, y] = if id == "D9" { typed } else { [x, y] };
            format!("{id},{x},{y}\n")
        });
        let run = read("desks.csv", &format!("desk,x,y\n{table}"), &[]).exits(0);
        let document = run.json();
        let suspects = document["counted"]["suspects"].as_array().expect("a list");
        if meant.is_null() {
            // (2, 5.6) could be a desk: 3.6 m from the next one.
            assert!(suspects.is_empty(), "{suspects:?}");
            continue;
        }
        assert_eq!(suspects.len(), 1, "{typed:?}");
        assert_eq!((&suspects[0]["desk"], &suspects[0]["perhaps"]), (&json!("D9"), &meant), "{typed:?}");
        assert_eq!(document["distances"][0]["desks"], 5, "{typed:?}");
        assert_eq!(document["distances"][0]["with_suspects"], 6, "{typed:?}");
    }
}

/// A wall, a screened pair, a pair always too close, a closed desk, one without a position and one far away: the picture
/// of the plan gives the answers that the plan gives.
#[test]
fn a_picture_of_a_plan_is_a_plan() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" }, "people": [],
      "sites": [ { "id": "hq", "zones": [
        { "id": "n", "floor": "2", "walls": [[[0.5, -1], [0.5, 1]]], "screened": [["C", "D"]], "desks": [
          { "id": "A", "at": [0, 0] }, { "id": "B", "at": [1, 0], "features": ["lift"] }, { "id": "C", "at": [2.1, 0] },
          { "id": "D", "at": [3.0, 0.123456] }, { "id": "E", "at": [9000, 0] } ] },
        { "id": "s", "floor": "2", "too_close": [["F", "H"]], "desks": [
          { "id": "F", "at": [0, 2] }, { "id": "G", "at": [1.4, 2], "closed": ["2020-06-15"] }, { "id": "H" } ] } ] } ] }"#;
    fs::write(folder.path().join("plan.json"), scenario).expect("written");
    let ask = ["--distance", "1.0,1.5,2.0", "--prefer", "B"];
    rota_in(folder.path(), &[&["capacity", "plan.json", "-o", "plan.svg"], &ask[..]].concat()).exits(0);
    let answer = |plan: &str| {
        let run = rota_in(folder.path(), &[&["capacity", plan, "--format", "json"], &ask[..]].concat());
        let mut document = run.exits(0).json();
        document["title"] = Value::Null;
        document
    };
    assert_eq!(answer("plan.svg"), answer("plan.json"));
    // What a desk has may tell what somebody needs.
    assert!(!fs::read_to_string(folder.path().join("plan.svg")).expect("read").contains("lift"));
    let broken = fs::read_to_string(folder.path().join("plan.svg"))
        .expect("read")
        .replace("data-at=\"1 0\"", "data-at=\"1\"");
    fs::write(folder.path().join("broken.svg"), broken).expect("written");
    let run = rota_in(folder.path(), &["capacity", "broken.svg"]).exits(2);
    assert!(run.err.contains("`1` is not the position of a desk"), "{}", run.err);
}

#[test]
fn a_chart_of_a_roster_is_no_plan() {
    let folder = tempfile::tempdir().expect("a folder");
    rota_in(folder.path(), &["init", "--json", "-o", "week.json"]).exits(0);
    rota_in(folder.path(), &["solve", "week.json", "-o", "roster.json"]).exits(0);
    rota_in(folder.path(), &["export", "week.json", "roster.json", "-o", "wall.svg"]).exits(0);
    let run = rota_in(folder.path(), &["capacity", "wall.svg"]).exits(2);
    assert!(
        run.err.contains("this is a picture of a roster, and holds no positions of desks"),
        "{}",
        run.err
    );
}

/// Nothing is gained or lost between two distances: said so.
#[test]
fn where_nothing_falls() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("desks.csv"), "desk,x,y\nA,0,0\nB,3,0\n").expect("written");
    let page = rota_in(folder.path(), &["capacity", "desks.csv", "--distance", "1.5,2.5"]).exits(0).out;
    let wanted = "2 desks can be in use at the same time at every distance from 1.5 to 2.5 m.";
    assert!(page.contains(wanted), "{page}");
}
