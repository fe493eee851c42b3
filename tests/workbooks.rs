//! Workbooks in: the starter, messy sheets and what is said of them, the front door.
//! `ROTA_UPDATE=1 cargo xtask test --test workbooks` writes what is said of the messy sheets anew.

mod common;

use common::{project, rota_in};
use std::fs;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// What is said of each messy sheet is what stands beside it.
#[test]
fn messy_sheets_give_the_errors_they_must() {
    let sheets = project("fixtures/messy_sheets");
    let made = folder();
    let mut tried = 0;
    let mut stale = Vec::new();
    let mut names: Vec<String> = fs::read_dir(&sheets)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| matches!(name.rsplit('.').next(), Some("csv" | "xlsx")))
        .collect();
    names.sort();
    for name in names {
        tried += 1;
        let output = made.path().join("week.json");
        let output_name = output.display().to_string();
        let run = rota_in(&sheets, &["import", &name, "--from", "2026-12-07", "-o", &output_name]);
        assert_eq!(output.exists(), run.code == 0, "{name}: only what was read whole is written");
        let scenario = fs::read_to_string(&output).unwrap_or_default();
        let said = format!("exit {}\n{}{}", run.code, run.out.replace(&output_name, "week.json"), run.err);
        let _ = fs::remove_file(&output);
        assert!(
            !scenario.contains("SICK") && !scenario.contains("Operation"),
            "{name}: reasons are not kept"
        );
        let wanted = sheets.join("said").join(format!("{name}.txt"));
        if fs::read_to_string(&wanted).unwrap_or_default() != said {
            if std::env::var_os("ROTA_UPDATE").is_some() {
                fs::write(&wanted, &said).expect("writes");
            } else {
                stale.push(format!("{name}:\n{said}"));
            }
        }
    }
    assert!(tried >= 15, "only {tried} messy sheets were found");
    assert!(stale.is_empty(), "see the top of this test\n{}", stale.join("\n"));
}

#[test]
fn a_grid_is_what_it_is_said_to_be() {
    let made = folder();
    let grid = project("fixtures/messy_sheets/grid.csv").display().to_string();
    let read = |grid_is: &str| {
        let args = ["import", &grid, "--as", grid_is, "--code", "T=works"];
        rota_in(made.path(), &args).exits(0).json()
    };
    let wishes = read("wishes");
    assert_eq!(wishes["calendar"]["from"], "2020-06-15");
    assert_eq!(
        wishes["people"][0]["away"][0],
        serde_json::json!({ "from": "2020-06-17", "to": "2020-06-18" })
    );
    assert_eq!(
        wishes["people"][0]["wishes"][1],
        serde_json::json!({ "on": "2020-06-15", "place": "on_site" })
    );
    let laws = read("availability");
    assert_eq!(
        laws["people"][1]["only"][0],
        serde_json::json!({ "place": "home", "from": "2020-06-15", "to": "2020-06-15" })
    );
    assert!(laws["people"][1].get("wishes").is_none());
    // Amy: two days with a place, three away; Ben: three with a place, one away, and T, which says no place.
    assert_eq!(read("previous")["previous"].as_array().map(Vec::len), Some(9));
}

#[test]
fn reasons_are_kept_only_when_asked_for() {
    let made = folder();
    fs::write(made.path().join("leave.csv"), "Name,From,To,Type\nAmy,2026-12-07,2026-12-08,SICK\n")
        .expect("writes");
    let plain = rota_in(made.path(), &["import", "leave.csv"]).exits(0).out;
    assert!(plain.contains("2026-12-07") && !plain.contains("SICK"), "{plain}");
    assert!(rota_in(made.path(), &["import", "leave.csv", "--keep-reasons"]).exits(0).out.contains("SICK"));
}

#[test]
fn headings_and_dates_are_told_where_they_are_not_known() {
    let made = folder();
    fs::write(made.path().join("a.csv"), "Who is it?,Start date\nAmy,06/07/2020\n").expect("writes");
    let told = ["import", "a.csv", "--map", "who IS it?=name", "--dates", "day-first"];
    assert_eq!(rota_in(made.path(), &told).exits(0).json()["people"][0]["starts"], "2020-07-06");
    let wrong = rota_in(made.path(), &["import", "a.csv", "--map", "Who=name", "--map", "x=y"]).exits(2).err;
    assert!(wrong.contains("`x=y` does not say what a column holds"), "{wrong}");
}

/// The starter is runnable as it is, by every command that takes a scenario, and comes back as it was.
#[test]
fn the_starter_workbook_is_a_scenario() {
    let made = folder();
    let run = |args: &[&str]| rota_in(made.path(), args);
    run(&["init", "--workbook", "-o", "team.xlsx"]).exits(0);
    run(&["init", "--json", "-o", "team.json"]).exits(0);
    run(&["init", "--workbook", "-o", "team.xlsx"]).exits(2);
    run(&["init", "--workbook", "-o", "other.json"]).exits(2);
    run(&["validate", "team.xlsx"]).exits(0);
    run(&["solve", "team.xlsx", "-o", "roster.json"]).exits(0);
    run(&["check", "team.xlsx", "roster.json"]).exits(0);
    run(&["explain", "team.xlsx", "roster.json"]).exits(0);
    run(&["cover", "team.xlsx", "roster.json", "--absent", "Amy Walsh:8 Dec", "--today", "2026-12-07"])
        .exits(0);
    run(&["next", "team.xlsx", "roster.json", "-o", "next.xlsx"]).exits(0);
    run(&["validate", "next.xlsx"]).exits(0);
    let starter = run(&["import", "team.json"]).exits(0).json();
    assert_eq!(run(&["import", "team.xlsx"]).exits(0).json(), starter);
}

#[test]
fn a_folder_of_tables_is_a_scenario() {
    let made = folder();
    let week = made.path().join("week");
    fs::create_dir(&week).expect("makes");
    fs::write(week.join("People.csv"), "Name;Team\nAmy Walsh;A\nBen;A\n").expect("writes");
    fs::write(week.join("calendar.csv"), "What,Value,From,To\ndays,,2026-12-07,11 Dec 2026\n")
        .expect("writes");
    fs::write(week.join("Rules.csv"), "Rule,Who,At least\nheadcount,\"Amy Walsh; ben\",1\nheadcount,A,3\n")
        .expect("writes");
    let wrong = rota_in(made.path(), &["validate", "week"]).exits(1).out;
    assert!(wrong.contains("week Rules!A3"), "{wrong}");
    fs::write(week.join("Rules.csv"), "Rule,Who,At least\nheadcount,\"Amy Walsh; ben\",1\n").expect("writes");
    rota_in(made.path(), &["week"]).exits(0);
    for ending in ["html", "xlsx", "json"] {
        assert!(made.path().join(format!("week roster.{ending}")).exists(), "{ending}");
    }
}

#[test]
fn the_front_door_writes_the_closest_roster_when_the_rules_clash() {
    let made = folder();
    let scenario = r#"{ "scenario": 1, "calendar": { "from": "2026-12-07", "to": "2026-12-08" },
      "people": [ { "id": "amy", "name": "Amy <b>Walsh</b>" }, { "id": "ben", "base": "home" } ],
      "rules": [ { "id": "cover", "headcount": { "at_least": 2 }, "because": "Two at the desk" } ] }"#;
    fs::write(made.path().join("team.json"), scenario).expect("writes");
    rota_in(made.path(), &["import", "team.json", "-o", "team.xlsx"]).exits(0);
    let run = rota_in(made.path(), &["team.xlsx"]).exits(1);
    assert!(run.out.contains("NOT ALL RULES KEPT"), "{}", run.out);
    let page =
        fs::read_to_string(made.path().join("team roster NOT ALL RULES KEPT.html")).expect("is written");
    let (verdict, grid) = (page.find("NOT ALL RULES KEPT: must rules are bent"), page.find("<table"));
    assert!(verdict.is_some() && verdict < grid, "the verdict comes first:\n{page}");
    assert!(page.contains("Two at the desk") || page.contains("cover"), "{page}");
    assert!(!page.contains("<b>Walsh"), "names are no markup");
    assert!(made.path().join("team roster NOT ALL RULES KEPT.xlsx").exists());
    assert!(!made.path().join("team roster.html").exists());
    assert!(rota_in(made.path(), &["slove"]).exits(2).err.contains("solve"));
    assert!(rota_in(made.path(), &["none.xlsx"]).exits(2).err.contains("there is no such file"));
}

/// What a workbook says wrong is told of its cell, in JSON too.
#[test]
fn findings_name_sheet_and_cell() {
    let sheets = project("fixtures/messy_sheets");
    let found = rota_in(&sheets, &["validate", "scenario.xlsx", "--format", "json"]).exits(2).json();
    common::fits_schema("findings", &found);
    let at = |cell: &str| {
        let all = found["list"].as_array().expect("a list");
        all.iter().filter(|one| one["sheet"] == "Rules" && one["cell"] == cell).count()
    };
    assert_eq!(at("A2"), 1);
    assert_eq!(at("D7"), 1, "a cell that cannot be read is told once");
}
