//! `rota what-if` as a user runs it. Figures were published, or worked out by hand.

mod common;

use common::{fits_schema, project, rota, rota_in, Run};
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
    fs::write(folder.path().join("roster.csv"), "person,on,place\nann,2020-06-15,on_site\n")
        .expect("written");
    fs::write(folder.path().join("bad.json"), WEEK.replace("2.5", "6").replace("0.5", "1")).expect("written");
    let cases: [(&[&str], &str); 17] = [
        (&["--attendance", "12y3, 4x9"], "`4x9` has no chance from 0 to 1"),
        (&["--attendance"], "nobody is given who might come"),
        (&["--attendance", "week.json"], "a file is no group of people"),
        (&["week.json", "--attendance", "3x0.5"], "both say who comes"),
        (&["week.json", "--attendance"], "Bob Shaw has no `comes`"),
        (&["week.json", "--attendance", "--comes", "2", "--together", "rd"], "did you mean `red`?"),
        (&["bad.json", "--attendance"], "somebody who works 5 days a week cannot come in on 6 of them"),
        (&["bad.json", "--attendance"], "1 is not a share from 0 up to, not including, 1"),
        (&["--desks", "3"], "required"),
        (&["--cycle", "4:10", "--desks", "3", "--on", "tue"], "--desks is read with --attendance alone"),
        (&["--cycle", "4:10", "--desks", "3", "--on", "tue"], "--on is read with --case alone"),
        (&["--cycle", "0:0"], "give days on site and days at home, like 4:10"),
        (&["week.json", "--cycle", "4:10"], "reads no scenario"),
        (&["--cycle", "4:10", "--contacts"], "cannot be used with"),
        (&["week.json", "--case", "ann"], "rota what-if week.json roster.json --case amy"),
        (&["week.json", "roster.csv", "--case", "anne", "--on", "17 Jly"], "did you mean `ann`?"),
        (&["week.json", "roster.csv", "--case", "ann", "--on", "1 July"], "1 July"),
    ];
    for (args, wanted) in cases {
        let run = rota_in(folder.path(), &[&["what-if"], args].concat()).exits(2);
        assert!(run.err.contains(wanted), "{wanted}\n{}", run.err);
        assert!(run.out.is_empty(), "{}", run.out);
    }
}

#[test]
fn four_days_on_ten_off_as_published() {
    let document = asked(&["--cycle", "4:10", "--format", "json"]).exits(0).json();
    fits_schema("growth", &document);
    let limits: Vec<String> = document["at_home"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|at| format!("{:.2}", at["critical_work_r"].as_f64().expect("a limit")))
        .collect();
    assert_eq!(limits, ["2.80", "2.33", "1.92", "1.57", "1.27"]);
    let page = asked(&["--cycle", "4:10", "--home-r", "0.6"]).exits(0).out;
    assert!(page.contains("as long as R at work is below about 2.33"), "{page}");
    // A little more than that grows, a little less does not.
    let grows = asked(&["--cycle", "4:10", "--home-r", "0.6", "--work-r", "2.34", "--format", "json"])
        .exits(1)
        .json();
    fits_schema("growth", &grows);
    asked(&["--cycle", "4:10", "--home-r", "0.6", "--work-r", "2.32", "--plain"]).exits(0);
    let markdown = asked(&["--cycle", "0:14", "--format", "markdown"]).exits(0).out;
    assert!(markdown.contains(r"| 0.5 | \- |"), "{markdown}");
}

/// Two at the door each day. Ann meets Bob in the north on Monday and Cat in the south on Tuesday; Cat works on site only.
const ROOMS: &str = r#"{ "scenario": 1, "title": "Rooms",
  "calendar": { "from": "2020-06-15", "to": "2020-06-18" },
  "people": [ { "id": "ann", "name": "Ann Price", "team": "red" }, { "id": "bob", "name": "Bob Shaw", "team": "red" },
              { "id": "cat", "name": "Cat Moss", "base": "on_site", "team": "blue" }, { "id": "dan", "name": "Dan Hall", "team": "blue" } ],
  "sites": [ { "id": "hq", "zones": [ { "id": "north", "seats": 3 }, { "id": "south", "seats": 3 } ] } ],
  "rules": [ { "id": "door", "headcount": { "at_least": 2 } } ] }"#;

const VISITS: &str = "person,on,place,zone
ann,2020-06-15,on_site,north
bob,2020-06-15,on_site,north
cat,2020-06-15,on_site,south
ann,2020-06-16,on_site,south
cat,2020-06-16,on_site,south
cat,2020-06-17,on_site,south
dan,2020-06-17,on_site,north
cat,2020-06-18,on_site,south
dan,2020-06-18,on_site,south
bob,2020-06-17,home,
";

#[test]
fn one_case_and_what_it_breaks() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), ROOMS).expect("written");
    fs::write(folder.path().join("roster.csv"), VISITS).expect("written");
    let run =
        |args: &[&str]| rota_in(folder.path(), &[&["what-if", "week.json", "roster.csv"], args].concat());
    let json = ["--within", "zone", "--format", "json"];
    let found = run(&[&["--case", "Ann Price", "--on", "wed"], &json[..]].concat()).exits(1).json();
    fits_schema("exposure", &found);
    let case = &found["case"];
    assert_eq!(case["contacts"], json!(["bob", "cat"]));
    assert_eq!((&case["first"], &case["visits_lost"]), (&json!("2020-06-17"), &json!(2)));
    let days: Vec<&Value> =
        case["broken"].as_array().expect("a list").iter().map(|one| &one["about"]["on"]).collect();
    assert_eq!(days, [&json!("2020-06-17"), &json!("2020-06-18")]);
    // Known before work on Thursday, looking back one day: Ann met nobody, and Dan and Cat are in.
    let none = run(&[&["--case", "ann", "--on", "thu", "--back", "1"], &json[..]].concat()).exits(0).json();
    assert_eq!((&none["case"]["contacts"], &none["case"]["broken"]), (&json!([]), &json!([])));
    // Of all days the worst: on Tuesday Bob alone stays away beside Ann, and the door fails on that day alone.
    let all = run(&[&["--case", "ann"], &json[..]].concat()).exits(1).json();
    fits_schema("exposure", &all);
    let by_day: Vec<(u64, u64)> = all["case"]["by_day"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|day| (day["group"].as_u64().expect("a number"), day["broken"].as_u64().expect("a number")))
        .collect();
    // On Monday nobody is known to have met Ann; without her Tuesday fails. On Thursday Cat is away: Dan is alone.
    assert_eq!(by_day, [(1, 1), (2, 1), (3, 2), (2, 1)]);
    assert_eq!(all["case"]["known"], "2020-06-17");
    let page = run(&["--case", "ann", "--on", "wed", "--within", "zone"]).exits(1).out;
    for wanted in [
        "not for sharing",
        "NOT ALL RULES KEPT: must rules fail in 2 places, from Wed 17 June on.",
        "Ann Price and 2 people who met them stay away, from Wed 17 June to Thu 18 June: 2 visits do not happen.",
        "Bob Shaw\n  Cat Moss",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    for word in ["sick", "ill", "infect", "covid", "isolat"] {
        assert!(
            !page
                .to_lowercase()
                .split(|sign: char| !sign.is_alphabetic())
                .any(|found| found.starts_with(word)),
            "{word}"
        );
    }
    let mixed = run(&[&["--contacts"], &json[..]].concat()).exits(0).json();
    fits_schema("exposure", &mixed);
    let contacts = &mixed["contacts"];
    // Ann and Bob, Ann and Cat, Cat and Dan.
    assert_eq!((&contacts["pairs"], &contacts["across_teams"]), (&json!(3), &json!(1)));
    assert_eq!((&contacts["largest_group"], &contacts["people"][0]["group"]), (&json!(3), &json!(3)));
    let page = run(&["--contacts", "--format", "markdown"]).exits(0).out;
    assert!(page.contains("4 of 6 pairs of people meet, 2 of them across teams."), "{page}");
    // A roster that does not say the zone cannot be read by zones.
    fs::write(folder.path().join("roster.csv"), "person,on,place\nann,2020-06-15,on_site\n")
        .expect("written");
    assert!(run(&["--contacts", "--within", "zone"]).exits(2).err.contains("does not say in which zone"));
}

const DOOR: &str = r#"{ "scenario": 1, "title": "Door",
  "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
  "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat", "absent_rate": 0.2 }, { "id": "dan" } ],
  "rules": [ { "id": "door", "headcount": { "at_least": 2 }, "because": "Two open the door" },
             { "id": "week", "headcount": { "per": "week", "at_least": 15 } },
             { "id": "together", "accompanied": { "at_least": 2 } } ] }"#;

#[test]
fn people_to_spare_are_planned_and_weighed() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), DOOR).expect("written");
    let run = |args: &[&str]| rota_in(folder.path(), &[&["solve", "week.json"], args].concat());
    let json = ["--format", "json"];
    let found = run(&[&["--spare", "0.95", "--absent-rate", "0.05"], &json[..]].concat()).exits(0).json();
    fits_schema("roster", &found);
    let spare = &found["spare"];
    // The week is cut: of 15 person-days two fifths, 6. Six of seven or eight of which two are Cat's.
    assert_eq!(
        spare["raised"],
        json!([
            { "rule": "door", "by": "door-spare", "from": 2, "to": 3 },
            { "rule": "week", "by": "week-spare", "from": 6, "to": 8, "per": "week", "on": ["2020-06-15", "2020-06-16"] }
        ])
    );
    assert_eq!((&spare["kept"], &spare["left_out"][0]["rule"]), (&json!(true), &json!("together")));
    assert_eq!(found["measures"]["on_site_days"], 8);
    let (weeks, days): (Vec<&Value>, Vec<&Value>) =
        spare["chances"].as_array().expect("a list").iter().partition(|one| one["rule"] == "week");
    // Both of Cat's are made, one or none, and of six at .95 at least four, five or all.
    let six = |least: i32| -> f64 {
        let ways = [1.0, 6.0, 15.0];
        (0..=6 - least).map(|gone| ways[gone as usize] * 0.05_f64.powi(gone) * 0.95_f64.powi(6 - gone)).sum()
    };
    near(&weeks[0]["chance"], 0.64 * six(4) + 0.32 * six(5) + 0.04 * six(6));
    for one in days {
        // Two of four of whom one is Cat: two of the others, or one of them and Cat.
        near(&one["chance"], 0.99275 + 0.8 * 3.0 * 0.95 * 0.0025);
    }
    // The roster keeps the scenario as it is.
    fs::write(folder.path().join("roster.json"), found.to_string()).expect("written");
    rota_in(folder.path(), &["check", "week.json", "roster.json"]).exits(0);
    let page = run(&["--spare", "0.95", "--absent-rate", "0.05"]).exits(0).out;
    for wanted in [
        "People to spare: each must minimum holds on each day, or over its days, with 95 % or more when people stay away. The least is 9",
        "door: 3 planned where 2 are needed (door-spare)",
        "week: 8 person-days planned where 6 are needed from Mon 15 June to Tue 16 June (week-spare)",
        "together is as it was: people to spare are planned for rules `headcount`, and this is an `accompanied`",
    ] {
        assert!(page.contains(wanted), "{wanted}\n{page}");
    }
    // All four are not enough for this: told as any other clash.
    let no = run(&["--spare", "0.999", "--absent-rate", "0.05", "--format", "markdown"]).exits(1).out;
    assert!(no.contains("door-spare") && no.contains("door: 5 planned where 2 are needed"), "{no}");
    let page = run(&["--spare", "0.999", "--absent-rate", "0.05"]).exits(1).out;
    assert!(page.contains("rota solve week.json --spare 0.999 --absent-rate 0.05 --best-effort"), "{page}");
    assert!(!page.contains("--apply"), "the way out is not of the scenario alone: {page}");
    let clash = run(&[&["--spare", "0.999", "--absent-rate", "0.05"], &json[..]].concat()).exits(1).json();
    fits_schema("roster", &clash);
    assert_eq!(clash["spare"]["kept"], Value::Null);
    fs::write(folder.path().join("week.json"), DOOR.replace(", \"absent_rate\": 0.2", "")).expect("written");
    let none = run(&["--spare", "0.95"]).exits(2).err;
    assert!(none.contains("add --absent-rate 0.05"), "{none}");
}

/// `ROTA_UPDATE=1 cargo xtask test --test what_if` writes the part anew.
#[test]
fn the_readme_shows_what_is_said() {
    let path = project("README.md");
    let text = fs::read_to_string(&path).expect("the README reads");
    let (before, rest) = text.split_once("<!-- chance -->\n").expect("the mark is there");
    let (shown, after) = rest.split_once("<!-- /chance -->").expect("the closing mark is there");
    let said = asked(&["--attendance", STAFF, "--desks", "30", "--days", "10"]).exits(0).out;
    let wanted =
        format!("```text\n$ rota what-if --attendance \"{STAFF}\" --desks 30 --days 10\n{said}```\n");
    if shown != wanted && std::env::var_os("ROTA_UPDATE").is_some() {
        let whole = format!("{before}<!-- chance -->\n{wanted}<!-- /chance -->{after}");
        fs::write(&path, whole).expect("the README is written");
    } else {
        assert_eq!(shown, wanted);
    }
}
