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
            assert!(
                !said.out.contains("warning") && !said.err.contains("warning"),
                "{starter}: {}",
                said.out
            );
        }
        let roster = run(&["solve", "team.json", "--format", "json"]).exits(0).json();
        assert_eq!(roster["status"], "optimal", "{starter}");
        assert_eq!(roster["musts_kept"], true, "{starter}");
        assert!(roster["assignments"].as_array().is_some_and(|list| list.len() > 60), "{starter}");
        let scenario = run(&["import", "team.json"]).exits(0).json();
        assert_eq!(run(&["import", "team.xlsx"]).exits(0).json(), scenario, "{starter}");
        assert_eq!(run(&["import", "team"]).exits(0).json(), scenario, "{starter}");
        let kinds = scenario["rules"].as_array().expect("rules").iter().flat_map(|rule| {
            rule.as_object()
                .expect("a rule")
                .iter()
                .filter(|(_, own)| own.is_object())
                .map(|(name, _)| name.clone())
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
    let tables = ["Away.csv", "Calendar.csv", "Desks.csv", "People.csv", "Rules.csv", "Wishes.csv"]
        .map(str::to_string);
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
    let args =
        ["replan", scenario, "roster.json", "--home-only", "Hana Sato:10 Dec", "--closed", "D4:11 Dec"];
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
    let args =
        ["cover", "our team.xlsx", "roster.json", "--absent", "Ben Okafor:9 Dec", "--today", "2026-12-07"];
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

/// A packed file with one part, or more.
fn packed(parts: &[(&str, &dyn Fn(&mut dyn std::io::Write))]) -> Vec<u8> {
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, write) in parts {
        packed.start_file(*name, zip::write::SimpleFileOptions::default()).expect("starts");
        write(&mut packed);
    }
    packed.finish().expect("ends").into_inner()
}

fn zeros(megabytes: usize) -> impl Fn(&mut dyn std::io::Write) {
    move |out| {
        let zeros = vec![0_u8; 1024 * 1024];
        (0..megabytes).for_each(|_| out.write_all(&zeros).expect("writes"));
    }
}

/// What is no workbook, is locked or is far too large is refused with a sentence, by every command that reads one.
#[test]
fn what_cannot_be_read_is_refused_quickly() {
    let made = folder();
    let write = |name: &str, bytes: &[u8]| fs::write(made.path().join(name), bytes).expect("writes");
    write("empty.xlsx", b"");
    write("table.xlsx", b"Name,Team\nAmy,A\n");
    write("old.xls", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
    write("locked.xlsx", &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0]);
    let text = |text: &'static str| {
        move |out: &mut dyn std::io::Write| out.write_all(text.as_bytes()).expect("writes")
    };
    let open_document = text("application/vnd.oasis.opendocument.spreadsheet");
    write("team.ods", &packed(&[("mimetype", &open_document), ("content.xml", &zeros(1))]));
    write("ods.xlsx", &packed(&[("mimetype", &open_document), ("content.xml", &zeros(1))]));
    write("team.numbers", &packed(&[("Index/Document.iwa", &zeros(1))]));
    write("bomb.xlsx", &packed(&[("xl/workbook.xml", &zeros(201))]));
    let half = packed(&[("xl/workbook.xml", &zeros(1))]);
    write("half.xlsx", &half[..half.len() / 2]);
    fs::create_dir(made.path().join("folder.xlsx")).expect("makes");
    // Every way in, with the words that each must say.
    let refused = [
        ("empty.xlsx", "is no workbook"),
        ("table.xlsx", "is no workbook"),
        ("old.xls", ".xls"),
        ("locked.xlsx", "protected by a password"),
        ("team.ods", "workbook"),
        ("ods.xlsx", "is no workbook"),
        ("team.numbers", "workbook"),
        ("bomb.xlsx", "unpacks to more than"),
        ("half.xlsx", "is no workbook"),
        ("folder.xlsx", "no .csv file"),
        ("none.xlsx", "there is no such file"),
    ];
    rota_in(made.path(), &["init", "--json", "-o", "team.json"]).exits(0);
    for (name, words) in refused {
        for args in [vec!["solve", name], vec!["import", name], vec!["check", "team.json", name]] {
            let clock = std::time::Instant::now();
            let said = rota_in(made.path(), &args).exits(2).err;
            // As a roster a folder is no CSV file either.
            let is_folder = args[0] == "check" && name == "folder.xlsx";
            assert!(said.contains(words) || is_folder, "{args:?}: {said}");
            assert!(said.contains("help:") && !said.contains("panicked"), "{args:?}: {said}");
            assert!(clock.elapsed().as_secs() < 60, "{args:?} took {:?}", clock.elapsed());
        }
    }
}

/// A sheet of more rows than anybody has is refused before it is kept.
#[test]
fn a_sheet_of_two_million_rows_is_refused() {
    let made = folder();
    let sheet = |out: &mut dyn std::io::Write| {
        out.write_all(
            b"<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
        )
        .expect("writes");
        for row in 1..=2_000_001 {
            write!(out, "<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>").expect("writes");
        }
        out.write_all(b"</sheetData></worksheet>").expect("writes");
    };
    let part = |text: &'static str| {
        move |out: &mut dyn std::io::Write| out.write_all(text.as_bytes()).expect("writes")
    };
    let workbook = part(
        "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">\
         <sheets><sheet name=\"Roster\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
    );
    let relations = part(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
         Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>",
    );
    let bytes = packed(&[
        ("xl/workbook.xml", &workbook),
        ("xl/_rels/workbook.xml.rels", &relations),
        ("xl/worksheets/sheet1.xml", &sheet),
    ]);
    fs::write(made.path().join("long.xlsx"), bytes).expect("writes");
    rota_in(made.path(), &["init", "--json", "-o", "team.json"]).exits(0);
    for args in
        [vec!["solve", "long.xlsx"], vec!["import", "long.xlsx"], vec!["check", "team.json", "long.xlsx"]]
    {
        let said = rota_in(made.path(), &args).exits(2).err;
        assert!(said.contains("workbook.large") || said.contains("workbook.broken"), "{args:?}: {said}");
    }
}

/// A mistake in a roster's workbook is told of its own cell.
#[test]
fn a_mistake_in_a_roster_is_told_of_its_cell() {
    use rust_xlsxwriter::Workbook;
    let made = folder();
    rota_in(made.path(), &["init", "--json", "-o", "team.json"]).exits(0);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Roster").expect("a name");
    let rows = [
        ["Person", "Name", "On", "Place", "Desk"],
        ["amy", "Amy Walsh", "2026-12-07", "on_site", "D1"],
        ["ben", "Ben Okafor", "2026-12-08", "ofice", ""],
        ["cara", "Cara Singh", "8 Dezember", "home", ""],
        ["dev", "Dev Patel", "2026-12-08", "on_site", "D99"],
        ["femi", "Femi Ade", "2026-12-08", "", ""],
        ["nobody", "", "2026-12-08", "home", ""],
    ];
    for (row, cells) in rows.iter().enumerate() {
        for (column, text) in cells.iter().enumerate() {
            sheet.write(row as u32, column as u16, *text).expect("writes");
        }
    }
    book.save(made.path().join("roster.xlsx")).expect("saves");
    let found =
        rota_in(made.path(), &["check", "team.json", "roster.xlsx", "--format", "json"]).exits(2).json();
    let cells: Vec<&str> =
        found["list"].as_array().expect("a list").iter().filter_map(|one| one["cell"].as_str()).collect();
    for cell in ["D3", "C4", "D6"] {
        assert!(cells.contains(&cell), "{cell}: {found}");
    }
}
