//! A manager with a list, a workbook and no manual: what they type, what they change by hand, what they ask again.

mod common;

use common::{folder_of, project, rota_in, Run};
use std::fs;
use std::path::Path;

const WEEK: &str = r#"{ "scenario": 1, "calendar": { "from": "2026-12-07", "to": "2026-12-09" },
  "people": [ { "id": "s7", "name": "Siân O'Brien" }, { "id": "amy", "name": "Amy Walsh" }, { "id": "ben", "name": "Ben Okafor" } ],
  "sites": [ { "id": "hq", "zones": [ { "id": "room", "desks": [ { "id": "D1", "at": [0, 0] }, { "id": "D2", "at": [2, 0] } ] },
                                      { "id": "bay", "seats": 3 } ] },
             { "id": "annexe", "zones": [ { "id": "attic", "seats": 1 } ] } ],
  "rules": [ { "id": "cover", "headcount": { "at_least": 1 } } ] }"#;
const ROSTER: &str = "person,on,place,shift,site,zone,desk\n\
  s7,2026-12-07,on_site,,hq,room,D1\ns7,2026-12-08,on_site,,hq,room,D1\ns7,2026-12-09,on_site,,hq,room,D1\n\
  amy,2026-12-07,home,,,,\namy,2026-12-08,home,,,,\namy,2026-12-09,home,,,,\n\
  ben,2026-12-07,home,,,,\nben,2026-12-08,home,,,,\nben,2026-12-09,home,,,,\n";

fn folder() -> tempfile::TempDir {
    folder_of(&[("week.json", WEEK), ("roster.csv", ROSTER)])
}

fn export(folder: &Path, more: &[&str]) -> Run {
    let args = [&["export", "week.json", "roster.csv", "--today", "2026-12-01"], more].concat();
    rota_in(folder, &args).exits(0)
}

/// Of each kind of file: what somebody changed in it is there after it was given out again.
#[test]
fn what_was_changed_by_hand_is_kept_whatever_the_kind() {
    for (name, more, kept) in [
        ("out.csv", &[][..], "out (before).csv"),
        ("out.txt", &[][..], "out (before).txt"),
        ("out.svg", &[][..], "out (edited).svg"),
        ("out.html", &["--to", "sign-in"][..], "out (edited).html"),
        ("out.xlsx", &[][..], ""),
    ] {
        let made = folder();
        let run = |also: &[&str]| export(made.path(), &[&["-o", name], more, also].concat());
        run(&[]);
        // The same again needs no keeping.
        let said = run(&[]).err;
        assert!(said.contains("was there and is replaced"), "{name}: {said}");
        if kept.is_empty() {
            continue;
        }
        let path = made.path().join(name);
        let edited = fs::read_to_string(&path).expect("text").replace("O'Brien", "Brien").replace("D1", "D2");
        fs::write(&path, &edited).expect("written");
        let said = run(&["--publish"]).err;
        assert!(said.contains(&format!("it is kept as `{kept}`")), "{name}: {said}");
        assert_eq!(fs::read_to_string(made.path().join(kept)).expect("it is kept"), edited, "{name}");
        assert!(fs::read_to_string(&path).expect("text").contains("D1"), "{name}");
    }
}

/// A file that happens to have the name, but is somebody's own.
#[test]
fn what_rota_did_not_write_is_kept() {
    for (name, args) in [
        ("mine.json", &["solve", "week.json", "-o"][..]),
        ("mine.xlsx", &["export", "week.json", "roster.csv", "-o"][..]),
        ("mine.html", &["solve", "week.json", "-o"][..]),
        ("mine.svg", &["size", "week.json", "--of", "room", "-o"][..]),
    ] {
        let made = folder();
        fs::write(made.path().join(name), "my own").expect("written");
        let said = rota_in(made.path(), &[args, &[name]].concat()).exits(0).err;
        let kept = name.replace("mine", "mine (before)");
        assert!(said.contains(&format!("it is kept as `{kept}`")), "{said}");
        assert_eq!(fs::read_to_string(made.path().join(kept)).expect("it is kept"), "my own");
    }
}

/// A pipe that nobody reads would be waited for; a device would be replaced; a link would lead elsewhere from then on.
#[cfg(unix)]
#[test]
fn only_files_are_written_over() {
    let made = folder();
    let pipe = made.path().join("pipe.json");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().expect("a pipe").success());
    let run = rota_in(made.path(), &["solve", "week.json", "-o", "pipe.json"]).exits(2);
    assert!(run.err.starts_with("error[output.special]: -o names `pipe.json`"), "{}", run.err);
    rota_in(made.path(), &["solve", "week.json", "--history-out", "/dev/null"]).exits(2);

    fs::write(made.path().join("of june.json"), "{}").expect("written");
    std::os::unix::fs::symlink("of june.json", made.path().join("roster.json")).expect("a link");
    rota_in(made.path(), &["solve", "week.json", "-o", "roster.json"]).exits(0);
    assert!(made.path().join("roster.json").is_symlink());
    assert!(fs::read_to_string(made.path().join("of june.json")).expect("reads").contains("assignments"));
}

/// In a folder too, and a chart that nobody changed is not kept.
#[test]
fn a_changed_chart_of_a_folder_is_kept() {
    let made = folder();
    let charts = || export(made.path(), &["--to", "svg", "-o", "charts"]).err;
    charts();
    let wall = made.path().join("charts/wall chart.svg");
    let edited = fs::read_to_string(&wall).expect("a chart").replace("Siân", "Sioned");
    fs::write(&wall, &edited).expect("written");
    let said = charts();
    assert_eq!(said.matches("it is kept as").count(), 1, "{said}");
    assert_eq!(
        fs::read_to_string(made.path().join("charts/wall chart (edited).svg")).expect("it is kept"),
        edited
    );
}

/// A place that is closed, and somebody who is away, are written into the scenario once, however often it is said.
#[test]
fn what_is_saved_is_saved_once() {
    for scenario in ["week.json", "week.xlsx"] {
        let made = folder();
        let run = |args: &[&str]| rota_in(made.path(), args);
        run(&["import", "week.json", "-o", "week.xlsx"]).exits(0);
        let read = || run(&["import", scenario]).exits(0).json();
        for (option, what) in [
            ("--closed", "bay:8 December"),
            ("--closed", "D2:7 December..8 December"),
            ("--closed", "annexe:9 December"),
            ("--absent", "ben:8 December"),
            ("--home-only", "amy:8 December..9 December"),
        ] {
            let args = ["replan", scenario, "roster.csv", option, what, "--today", "2026-12-07", "--save"];
            let said = run(&args);
            assert!(said.err.contains("Saved in week"), "{scenario} {what}: {}", said.err);
            let once = read();
            let said = run(&args);
            assert!(said.err.contains("says so already"), "{scenario} {what}: {}", said.err);
            assert_eq!(read(), once, "{scenario} {what}");
        }
    }
}

/// The command that is offered does not write over what it reads.
#[test]
fn the_command_offered_has_a_name_that_is_free() {
    let made = folder();
    fs::rename(made.path().join("roster.csv"), made.path().join("new.csv")).expect("renamed");
    let cover = |roster: &str, who: &str| {
        let args = ["cover", "week.json", roster, "--absent", who, "--today", "2026-12-07"];
        rota_in(made.path(), &args)
    };
    let said = cover("new.csv", "s7:8 December..9 December").out;
    assert!(said.contains("--take 1 -o new.json"), "{said}");
    // On both days the place is the same.
    assert!(!said.contains("see the messages"), "{said}");
    let args = ["cover", "week.json", "new.csv", "--absent", "s7:8 December", "--today", "2026-12-07"];
    rota_in(made.path(), &[&args[..], &["--take", "1", "-o", "new.json", "--save"]].concat()).exits(0);
    let said = cover("new.json", "s7:9 December").out;
    assert!(said.contains("--take 1 -o new2.json"), "{said}");
    let wrong = cover("new.json", "Sian:tue").err;
    assert!(wrong.contains("did you mean `Siân O'Brien`?"), "{wrong}");
}

/// A folder of tables as somebody fills it in: every mistake at once, and what is meant understood.
#[test]
fn cells_are_read_as_people_type_them() {
    let made = folder();
    let run = |args: &[&str]| rota_in(made.path(), args);
    let put = |name: &str, text: &str| fs::write(made.path().join("team").join(name), text).expect("written");
    fs::create_dir(made.path().join("team")).expect("a folder");
    put("People.csv", "Name,Team\nSiân O'Brien,Front desk\nAmy Walsh,Front Desk\nBen Okafor,Coding\n");
    put("Calendar.csv", "What,From,To\ndays,07/12/2026,2026-12-11\n");
    put("Away.csv", "Person,What,From,To\nSian,sick,25 Nov,tomorrow\nAmy Walsh,awya,Friday 4th December,\n");
    put("Wishes.csv", "Person,What,On,Place\nZoe,wsh,4th Dec,ofice\n");
    put(
        "Rules.csv",
        "Rule,Who,When,At least,Strength\nat least,Ben,Mon-Fri,1,yes\nheadcount,Ben,Mon-Wed,1,must\n",
    );
    let said = run(&["validate", "team"]).exits(2);
    let said = said.out + &said.err;
    for wanted in [
        "`07/12/2026` may be 7 December 2026 or 12 July 2026",
        "there is no person `Sian`",
        "`25 Nov` has no year",
        "`tomorrow` is not a date",
        "`awya` is not known here",
        "`Friday 4th December` has no year",
        "there is no person `Zoe`",
        "`wsh` is not known here",
        "`4th Dec` has no year",
        "`ofice` is not known here",
        "`at least` is not known here",
        "`yes` is not known here",
    ] {
        assert!(said.contains(wanted), "{wanted}\n{said}");
    }
    put("Calendar.csv", "What,From,To\ndays,2026-12-07,2026-12-11\n");
    put("Away.csv", "Person,What,From,To\nSiân O'Brien,Annual leave,7 Dec 2026,8 Dec 2026\n");
    put("Wishes.csv", "Person,What,On,Place\n");
    put("Rules.csv", "Rule,Who,When,At least,Strength\nheadcount,Ben,Mon-Wed,1,must\n");
    let said = run(&["validate", "team"]).exits(2);
    assert!((said.out + &said.err).contains("did you mean `Ben Okafor`?"));
    put("Rules.csv", "Rule,Who,When,At least,Strength\nheadcount,Ben Okafor,Mon-Wed,1,must\n");
    let said = run(&["validate", "team"]).exits(0);
    let said = said.out + &said.err;
    assert!(
        said.contains("`Front desk` and `Front Desk` are two teams, because they are typed differently"),
        "{said}"
    );
    let read = run(&["import", "team"]).exits(0).json();
    assert_eq!(read["people"][0]["away"][0], serde_json::json!({ "from": "2026-12-07", "to": "2026-12-08" }));
    let roster = run(&["solve", "team", "--format", "json"]).exits(0).json();
    let visits = roster["assignments"].as_array().expect("a list").iter();
    assert_eq!(visits.filter(|one| one["person"] == "ben_okafor" && one["place"] == "on_site").count(), 3);
}

/// A list of staff where a scenario is wanted: what to do is said, and nothing beside it.
#[test]
fn a_list_where_a_scenario_is_wanted_is_told() {
    let made = folder();
    for name in ["ward_list.xlsx", "windows_letters.csv"] {
        fs::copy(project("fixtures/messy_sheets").join(name), made.path().join(name)).expect("copied");
    }
    let said = rota_in(made.path(), &["ward_list.xlsx"]).exits(2).err;
    assert!(said.contains("rota import"), "{said}");
    assert!(!said.contains("is not read"), "{said}");
    let said = rota_in(made.path(), &["windows_letters.csv"]).exits(2).err;
    assert!(
        said.contains("this is a table, not a scenario") && said.contains("rota import windows_letters.csv"),
        "{said}"
    );
}

/// In large print the names on desks stand on two lines, and the picture is shown larger.
#[test]
fn names_on_desks_grow_in_large_print() {
    let made = folder();
    let page = |more: &[&str]| export(made.path(), &[&["--to", "html"], more].concat()).out;
    let (usual, large) = (page(&[]), page(&["--large-print"]));
    let names = |page: &str| {
        let (_, rest) = page.split_once("class=\"who middle\"").expect("somebody sits at a desk");
        let texts: Vec<String> = rest
            .split("</g>")
            .next()
            .expect("the desk ends")
            .split('>')
            .filter_map(|part| part.split_once("</text").map(|(text, _)| text.to_string()))
            .collect();
        texts
    };
    assert_eq!(names(&usual), ["Siân O&#39;Brien"]);
    assert_eq!(names(&large), ["Siân", "O&#39;Brien"]);
    assert!(large.contains(".large svg .who { font-size: 18px }"));
}

/// What is offered for a workbook is a workbook.
#[test]
fn a_workbook_is_mended_as_a_workbook() {
    let made = folder();
    let run = |args: &[&str]| rota_in(made.path(), args);
    let week = WEEK.replace("\"at_least\": 1", "\"at_least\": 4");
    fs::write(made.path().join("week.json"), week).expect("written");
    run(&["import", "week.json", "-o", "week.xlsx"]).exits(0);
    assert!(run(&["explain", "week.json"]).exits(1).out.contains("--apply A -o fixed.json"));
    assert!(run(&["explain", "week.xlsx"])
        .exits(1)
        .out
        .contains("rota explain week.xlsx --apply A -o fixed.xlsx"));
    run(&["explain", "week.xlsx", "--apply", "A", "-o", "fixed.xlsx"]).exits(0);
    run(&["solve", "fixed.xlsx"]).exits(0);
}
