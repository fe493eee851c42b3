//! The way in: starters, folders of CSV files, changes saved in workbooks, limits on what is read.

mod common;

use common::{rota_in, Run};
use std::fs;
use std::path::Path;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Each starter solves as it is, keeps every must rule and is proved, as JSON, as a workbook and as CSV files.
#[test]
fn every_starter_solves_as_it_is() {
    let mut rules_used = std::collections::BTreeSet::new();
    for starter in ["coding", "reception", "ward_clerks", "secretaries"] {
        let made = folder();
        let run = |args: &[&str]| rota_in(made.path(), args);
        for output in ["team.json", "team.xlsx", "team/"] {
            let kind = if output == "team.json" { "--json" } else { "--workbook" };
            run(&["init", kind, "--starter", starter, "-o", output]).exits(0);
            let said = run(&["validate", output]).exits(0);
            assert!(!said.out.contains("warning") && !said.err.contains("warning"), "{starter}: {}", said.out);
        }
        let roster = run(&["solve", "team.json", "--format", "json"]).exits(0).json();
        assert_eq!(roster["status"], "optimal", "{starter}");
        assert_eq!(roster["musts_kept"], true, "{starter}");
        assert!(roster["assignments"].as_array().is_some_and(|list| list.len() > 60), "{starter}");
        let scenario = run(&["import", "team.json"]).exits(0).json();
        assert_eq!(run(&["import", "team.xlsx"]).exits(0).json(), scenario, "{starter}");
        assert_eq!(run(&["import", "team"]).exits(0).json(), scenario, "{starter}");
        let kinds = scenario["rules"].as_array().expect("rules").iter().flat_map(|rule| {
            rule.as_object().expect("a rule").iter().filter(|(_, own)| own.is_object()).map(|(name, _)| name.clone())
        });
        rules_used.extend(kinds);
    }
    for rule in ["accompanied", "cohorts", "distance", "weekends", "rest", "days", "fair", "ratio", "run"] {
        assert!(rules_used.contains(rule), "no starter shows {rule}");
    }
}

/// A folder is written whole, read back, and never written over.
#[test]
fn a_scenario_is_written_as_a_folder_of_tables() {
    let made = folder();
    let run = |args: &[&str]| rota_in(made.path(), args);
    run(&["init", "--json", "-o", "team.json"]).exits(0);
    run(&["import", "team.json", "-o", "week/"]).exits(0);
    let tables =
        ["Away.csv", "Calendar.csv", "Desks.csv", "People.csv", "Rules.csv", "Wishes.csv"].map(str::to_string);
    assert_eq!(names(&made.path().join("week")), tables);
    assert_eq!(run(&["import", "week/"]).exits(0).json(), run(&["import", "team.json"]).exits(0).json());
    run(&["solve", "week/", "-o", "roster.json"]).exits(0);
    run(&["next", "week", "roster.json", "-o", "next/"]).exits(0);
    run(&["validate", "next/"]).exits(0);
    for again in ["week/", "week"] {
        fs::write(made.path().join("week/People.csv"), "mine").expect("writes");
        for args in [["import", "team.json", "-o", again], ["init", "--workbook", "-o", again]] {
            let said = run(&args).exits(2).err;
            assert!(said.contains("has CSV files already") && said.contains("left as it is"), "{said}");
        }
        assert_eq!(fs::read_to_string(made.path().join("week/People.csv")).expect("reads"), "mine");
    }
    // A folder with other things in it may be used, and keeps them.
    fs::create_dir(made.path().join("shared")).expect("makes");
    fs::write(made.path().join("shared/notes.txt"), "kept").expect("writes");
    run(&["import", "team.json", "-o", "shared"]).exits(0);
    assert_eq!(names(&made.path().join("shared")).len(), 7);
    // A name taken by a folder, or below none.
    run(&["import", "team.json", "-o", "none/there/"]).exits(2);
    assert!(run(&["import", "team.json", "-o", "team.xlsm"]).exits(2).err.contains("macros"));
    assert_eq!(names(made.path()), ["next", "roster.json", "shared", "team.json", "week"]);
}

/// A team as workbook and as folder, and its roster.
fn team(folder: &Path) {
    let run = |args: &[&str]| rota_in(folder, args).exits(0);
    run(&["init", "--json", "--starter", "coding", "-o", "team.json"]);
    run(&["import", "team.json", "-o", "our team.xlsx"]);
    run(&["import", "team.json", "-o", "week/"]);
    run(&["solve", "team.json", "-o", "roster.json"]);
}

fn cover(folder: &Path, scenario: &str, output: &str) -> Run {
    let args = ["cover", scenario, "roster.json", "--absent", "Cara Singh:8 Dec", "--today", "2026-12-07"];
    rota_in(folder, &[&args[..], &["--take", "1", "-o", output, "--save"]].concat())
}

fn replan(folder: &Path, scenario: &str, output: &str) -> Run {
    let args = ["replan", scenario, "roster.json", "--home-only", "Hana Sato:10 Dec", "--closed", "D4:11 Dec"];
    rota_in(folder, &[&args[..], &["--today", "2026-12-07", "-o", output, "--save"]].concat())
}

/// What is saved in a workbook, in a folder and in JSON is the same, and the old file is kept.
#[test]
fn changes_are_saved_in_the_file_they_came_from() {
    let made = folder();
    team(made.path());
    let before = fs::read(made.path().join("our team.xlsx")).expect("reads");
    let people = fs::read(made.path().join("week/People.csv")).expect("reads");
    for (number, scenario) in ["team.json", "our team.xlsx", "week"].into_iter().enumerate() {
        let said = cover(made.path(), scenario, &format!("c{number}.json")).exits(0);
        assert!(said.err.contains("1 change"), "{}", said.err);
        let said = replan(made.path(), scenario, &format!("r{number}.json")).exits(0);
        assert!(said.err.contains("2 changes"), "{}", said.err);
        // Said once, it is not said again.
        let again = cover(made.path(), scenario, &format!("s{number}.json"));
        assert!(again.err.contains("says so already"), "{}", again.err);
    }
    let scenario = |path: &str| rota_in(made.path(), &["import", path]).exits(0).json();
    let wanted = scenario("team.json");
    assert!(wanted.to_string().contains("\"only\""), "{wanted}");
    assert_eq!(scenario("our team.xlsx"), wanted);
    assert_eq!(scenario("week"), wanted);
    assert_eq!(fs::read(made.path().join("our team (before).xlsx")).expect("is kept"), before);
    assert!(made.path().join("our team (before 2).xlsx").exists());
    // Of the folder only what changed was written.
    assert_eq!(fs::read(made.path().join("week/People.csv")).expect("reads"), people);
    let in_week = names(&made.path().join("week"));
    let kept: Vec<&String> = in_week.iter().filter(|name| name.contains("before")).collect();
    assert_eq!(kept, ["Away.csv (before 2)", "Away.csv (before)", "Desks.csv (before)"]);
    // The hint to save is given where it can be.
    let args = ["cover", "our team.xlsx", "roster.json", "--absent", "Ben Okafor:9 Dec", "--today", "2026-12-07"];
    let hint = rota_in(made.path(), &args).out;
    assert!(hint.contains("rota cover \"our team.xlsx\" roster.json") && hint.contains("--save"), "{hint}");
}

/// Where something of the user's would be lost nothing is written, and each thing is named.
#[test]
fn nothing_of_the_users_is_lost_by_saving() {
    use rust_xlsxwriter::{Formula, Note, Workbook};
    let made = folder();
    team(made.path());
    let write = |change: &dyn Fn(&mut Workbook)| {
        let mut book = Workbook::new();
        let rows: [(&str, &[&[&str]]); 3] = [
            ("People", &[&["Name", "Team"], &["Cara Singh", "A"], &["Ben", "A"]]),
            ("Rules", &[&["Rule", "At least"], &["headcount", "1"]]),
            ("Calendar", &[&["What", "From", "To"], &["days", "2026-12-07", "2026-12-11"]]),
        ];
        for (name, rows) in rows {
            let sheet = book.add_worksheet();
            sheet.set_name(name).expect("a name");
            for (at, row) in rows.iter().enumerate() {
                for (column, text) in row.iter().enumerate() {
                    sheet.write(at as u32, column as u16, *text).expect("writes");
                }
            }
        }
        change(&mut book);
        book.save(made.path().join("own.xlsx")).expect("saves");
    };
    let save = || {
        let args = ["cover", "own.xlsx", "--absent", "Cara Singh:8 Dec", "--today", "2026-12-07", "--save"];
        rota_in(made.path(), &args)
    };
    let first = |book: &mut Workbook| book.worksheet_from_index(0).expect("People").name();
    write(&|book| assert_eq!(first(book), "People"));
    save().exits(0);
    assert!(made.path().join("own (before).xlsx").exists());
    let cases: [(&str, &dyn Fn(&mut Workbook)); 6] = [
        ("the sheet `Phone list` is not one of rota's", &|book| {
            let sheet = book.add_worksheet().set_name("Phone list").expect("a name");
            sheet.write(3, 2, "Amy 1234").expect("writes");
        }),
        ("own.xlsx People!D2", &|book| {
            let sheet = book.worksheet_from_index(0).expect("People");
            sheet.write(0, 3, "Comments").expect("writes");
            sheet.write(1, 3, "back in May").expect("writes");
        }),
        ("`2` comes from a formula", &|book| {
            let sheet = book.worksheet_from_index(1).expect("Rules");
            sheet.write(1, 1, Formula::new("=1+1").set_result("2")).expect("writes");
        }),
        ("this workbook has", &|book| {
            let sheet = book.worksheet_from_index(0).expect("People");
            sheet.insert_note(1, 0, &Note::new("on probation")).expect("writes");
        }),
        ("own.xlsx Wishes!A1", &|book| {
            let sheet = book.add_worksheet().set_name("Wishes").expect("a name");
            sheet.write(0, 0, "Asked for in March").expect("writes");
            for (column, heading) in ["Person", "On", "Place"].into_iter().enumerate() {
                sheet.write(2, column as u16, heading).expect("writes");
            }
        }),
        ("own.xlsx Wishes!A1", &|book| {
            let sheet = book.add_worksheet().set_name("Wishes").expect("a name");
            sheet.write(0, 0, "Team A").expect("writes");
            sheet.write(1, 0, "Person").expect("writes");
            sheet.write(1, 1, "On").expect("writes");
        }),
    ];
    for (what, change) in cases {
        write(change);
        let before = fs::read(made.path().join("own.xlsx")).expect("reads");
        let said = save().exits(2).err;
        assert!(said.contains(what) && said.contains("would be lost"), "{what}:\n{said}");
        assert_eq!(fs::read(made.path().join("own.xlsx")).expect("reads"), before, "{what}");
        assert!(!made.path().join("own (before 2).xlsx").exists(), "{what}");
    }
}
