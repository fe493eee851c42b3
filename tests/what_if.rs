//! `rota what-if` as a user runs it. Figures were published, or worked out by hand.

mod common;

use common::{fits_schema, rota, rota_in, Run};
use serde_json::{json, Value};
use std::fs;

const STAFF: &str = "12x0.8,4x0.7,8x0.6,4x0.5,8x0.4,2x0.2";

fn asked(args: &[&str]) -> Run {
    rota(&[&["what-if"], args].concat())
}

fn attendance(args: &[&str], code: i32) -> Value {
    let document = asked(&[args, &["--format", "json"]].concat()).exits(code).json();
    fits_schema("attendance", &document);
    document
}

fn near(found: &Value, wanted: f64) {
    let found = found.as_f64().expect("a number");
    assert!((found - wanted).abs() < 1e-9, "{found} is not {wanted}");
}

#[test]
fn known_figures_of_free_choice_come_out() {
    let staff = attendance(&["--attendance", STAFF, "--desks", "30", "--days", "10"], 0);
    let day = &staff["each"][0];
    assert_eq!(format!("{:.6}", day["over"].as_f64().expect("a chance")), "0.002196");
    assert_eq!((&day["q95"], &day["q99"], &staff["kept"]), (&json!(27), &json!(29), &json!(true)));
    let over = day["over"].as_f64().expect("a chance");
    near(&staff["over_any_day"], 1.0 - (1.0 - over).powi(10));
    assert_eq!(staff["rota"], json!({ "places": 23, "days": 10, "saves": 4 }));
    let floor = attendance(&["--attendance", "180x60%", "--promise", "0.975"], 0);
    assert_eq!((&floor["each"][0]["q95"], &floor["enough_each_day"]), (&json!(119), &json!(121)));
    let free = attendance(&["--attendance", "100x2/5"], 0);
    assert_eq!((&free["each"][0]["q95"], &free["each"][0]["q99"]), (&json!(48), &json!(52)));
    let page = asked(&["--attendance", STAFF, "--desks", "30", "--days", "10"]).exits(0).out;
    for wanted in [
        "30 places are enough with a chance of 99.78 %, as promised (95 %). The chance that more people come is 0.22 %.",
        "each day  22.8        27 or fewer   29 or fewer   30      0.22 %",
        "needs 23 places: 4 fewer",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
}

#[test]
fn too_few_places_are_a_no() {
    let document = attendance(&["--attendance", STAFF, "--desks", "26"], 1);
    assert_eq!(document["kept"], false);
    let page = asked(&["--attendance", STAFF, "--desks", "26", "--plain"]).exits(1).out;
    assert!(page.contains("NOT ENOUGH: 26 places are enough with a chance of 90.8 %"), "{page}");
    assert!(page.contains("Each day: 22.8 people on average"), "{page}");
}

/// Three in a team and one alone, by hand: nobody at .4, all four at .1.
#[test]
fn a_team_comes_together_or_not_at_all() {
    let document = attendance(&["--attendance", "3@0.5, 1x0.2", "--desks", "3"], 1);
    let chances = document["each"][0]["chances"].as_array().expect("a list");
    for (found, wanted) in chances.iter().zip([0.4, 0.1, 0.0, 0.4, 0.1]) {
        near(found, wanted);
    }
    near(&document["each"][0]["over"], 0.1);
}

const WEEK: &str = r#"{ "scenario": 1, "title": "Front door",
  "calendar": { "from": "2020-06-15", "to": "2020-06-19", "closed": ["2020-06-19"] },
  "people": [ { "id": "ann", "name": "Ann Price", "comes": 2.5, "team": "red" }, { "id": "bob", "name": "Bob Shaw", "absent_rate": 0.5, "team": "red" },
              { "id": "cat", "name": "Cat Moss", "base": "home" } ],
  "sites": [ { "id": "hq", "zones": [ { "id": "bay", "seats": 1 } ] } ] }"#;

#[test]
fn people_of_a_scenario_and_of_a_roster() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), WEEK).expect("written");
    let roster = "person,on,place\nann,2020-06-15,on_site\nbob,2020-06-15,on_site\nbob,2020-06-16,on_site\n";
    fs::write(folder.path().join("roster.csv"), roster).expect("written");
    let run = |args: &[&str]| rota_in(folder.path(), &[&["what-if", "week.json"], args].concat());
    let json = ["--format", "json"];
    // Ann comes on half her days; Bob means to on 2 of 5 and half the time does not: both at once on one day in ten.
    let free = run(&[&["--attendance", "--comes", "2"], &json[..]].concat()).exits(1).json();
    fits_schema("attendance", &free);
    assert_eq!(free["each"].as_array().map(Vec::len), Some(4));
    near(&free["each"][0]["over"], 0.1);
    near(&free["over_any_day"], 1.0 - 0.9_f64.powi(4));
    // Together they come on half the days, and Bob on half of those.
    let both =
        run(&[&["--attendance", "--comes", "2.5", "--together", "red"], &json[..]].concat()).exits(1).json();
    near(&both["each"][0]["over"], 0.25);
    // Of the roster Bob is there half the time; who has no rate of their own has the one given.
    let planned =
        run(&[&["roster.csv", "--attendance", "--absent-rate", "0.1"], &json[..]].concat()).exits(1).json();
    assert_eq!(planned["chosen"], "roster");
    near(&planned["each"][0]["over"], 0.45);
    near(&planned["each"][1]["mean"], 0.5);
    let page = run(&["--attendance", "--comes", "2", "--format", "markdown"]).exits(1).out;
    assert!(
        page.starts_with("# Front door: Monday 15 June to Friday 19 June 2020\n\n3 people who choose"),
        "{page}"
    );
}

#[test]
fn mistakes_say_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), WEEK).expect("written");
    fs::write(folder.path().join("bad.json"), WEEK.replace("2.5", "6").replace("0.5", "1")).expect("written");
    let cases: [(&[&str], &str); 9] = [
        (&["--attendance", "12y3, 4x9"], "`4x9` has no chance from 0 to 1"),
        (&["--attendance"], "nobody is given who might come"),
        (&["--attendance", "week.json"], "a file is no group of people"),
        (&["week.json", "--attendance", "3x0.5"], "both say who comes"),
        (&["week.json", "--attendance"], "Bob Shaw has no `comes`"),
        (&["week.json", "--attendance", "--comes", "2", "--together", "rd"], "did you mean `red`?"),
        (&["bad.json", "--attendance"], "somebody who works 5 days a week cannot come in on 6 of them"),
        (&["bad.json", "--attendance"], "1 is not a share from 0 up to, not including, 1"),
        (&["--desks", "3"], "required"),
    ];
    for (args, wanted) in cases {
        let run = rota_in(folder.path(), &[&["what-if"], args].concat()).exits(2);
        assert!(run.err.contains(wanted), "{wanted}\n{}", run.err);
        assert!(run.out.is_empty(), "{}", run.out);
    }
}
