//! `rota team.xlsx` again and again, and `rota solve --to`: what is written where, and what becomes of what was there.

mod common;

use common::{folder_of, rota_in, Run};
use std::fs;
use std::path::Path;

const WEEK: &str = r#"{ "scenario": 1, "calendar": { "from": "2026-12-07", "to": "2026-12-08" },
  "people": [ { "id": "amy", "name": "Amy Walsh" }, { "id": "ben", "base": "home" } ],
  "rules": [ { "id": "cover", "headcount": { "at_least": 1 } } ] }"#;

fn folder() -> tempfile::TempDir {
    folder_of(&[("team.json", WEEK)])
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn clash(folder: &Path) -> Run {
    fs::write(folder.join("team.json"), WEEK.replace("\"at_least\": 1", "\"at_least\": 2")).expect("written");
    rota_in(folder, &["team.json"])
}

/// Changes a text in a part of a workbook, as somebody who edits it does.
fn edit(path: &Path, old: &str, new: &str) {
    use std::io::{Read, Write};
    let bytes = fs::read(path).expect("reads");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook");
    let mut edited = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut changed = 0;
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("XML");
        changed += text.matches(old).count();
        let name = part.name().expect("a name").to_string();
        edited.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        edited.write_all(text.replace(old, new).as_bytes()).expect("written");
    }
    assert!(changed > 0, "{old} is in the workbook");
    fs::write(path, edited.finish().expect("finished").into_inner()).expect("written");
}

#[test]
fn a_later_run_replaces_what_nobody_changed() {
    let made = folder();
    let wanted = ["team roster.html", "team roster.json", "team roster.xlsx", "team.json"];
    for _ in 0..3 {
        rota_in(made.path(), &["team.json"]).exits(0);
        assert_eq!(names(made.path()), wanted);
    }
}

#[test]
fn a_roster_changed_by_hand_is_kept() {
    let made = folder();
    let at = |name: &str| made.path().join(name);
    rota_in(made.path(), &["team.json"]).exits(0);
    edit(&at("team roster.xlsx"), "Amy Walsh", "Amy at desk 9");
    let page = fs::read_to_string(at("team roster.html")).expect("reads");
    fs::write(at("team roster.html"), page.replace("Amy Walsh", "Amy in room 9")).expect("written");
    let roster = fs::read_to_string(at("team roster.json")).expect("reads");
    let changed = roster.replacen("\"place\": \"on_site\"", "\"place\": \"home\"", 1);
    assert_ne!(roster, changed);
    fs::write(at("team roster.json"), &changed).expect("written");
    let edited = fs::read(at("team roster.xlsx")).expect("reads");
    let said = rota_in(made.path(), &["team.json"]).exits(0).err;
    for ending in ["xlsx", "html", "json"] {
        assert!(said.contains(&format!("`team roster.{ending}` was changed since rota wrote it; it is kept as `team roster (edited).{ending}`")), "{said}");
    }
    assert_eq!(fs::read(at("team roster (edited).xlsx")).expect("reads"), edited);
    assert_eq!(fs::read_to_string(at("team roster (edited).json")).expect("reads"), changed);
    assert!(fs::read_to_string(at("team roster (edited).html")).expect("reads").contains("room 9"));
    // The one in use is the new one, and is not taken for an edited one.
    assert_eq!(fs::read_to_string(at("team roster.html")).expect("reads"), page);
    assert!(!rota_in(made.path(), &["team.json"]).exits(0).err.contains("was changed"));
    // Changed again, it has the next number; export and solve keep it too.
    edit(&at("team roster.xlsx"), "Amy Walsh", "Amy at desk 10");
    rota_in(made.path(), &["export", "team.json", "team roster.json", "-o", "team roster.xlsx"]).exits(0);
    assert!(at("team roster (edited 2).xlsx").exists());
    edit(&at("team roster.xlsx"), "Amy Walsh", "Amy at desk 11");
    rota_in(made.path(), &["solve", "team.json", "-o", "team roster.xlsx"]).exits(0);
    assert!(at("team roster (edited 3).xlsx").exists());
}

#[test]
fn an_earlier_roster_does_not_look_like_the_one_that_holds() {
    let made = folder();
    rota_in(made.path(), &["team.json"]).exits(0);
    let good = fs::read(made.path().join("team roster.json")).expect("reads");
    let said = clash(made.path()).exits(1).err;
    let now = names(made.path());
    assert!(!now.contains(&"team roster.xlsx".to_string()), "{now:?}");
    for ending in ["html", "json", "xlsx"] {
        assert!(now.contains(&format!("team roster NOT ALL RULES KEPT.{ending}")), "{now:?}");
        let aside = now.iter().find(|name| name.starts_with("team roster (of ") && name.ends_with(ending));
        let aside = aside.unwrap_or_else(|| panic!("{now:?}"));
        assert!(said.contains(aside.as_str()), "{said}");
        if ending == "json" {
            assert_eq!(fs::read(made.path().join(aside)).expect("reads"), good, "nothing is lost");
        }
    }
    // Mended: what showed the clash goes, unless somebody has worked on it.
    edit(&made.path().join("team roster NOT ALL RULES KEPT.xlsx"), "Amy Walsh", "Amy W");
    fs::write(made.path().join("team.json"), WEEK).expect("written");
    let said = rota_in(made.path(), &["team.json"]).exits(0).err;
    let now = names(made.path());
    assert!(now.contains(&"team roster.xlsx".to_string()), "{now:?}");
    assert!(!now.contains(&"team roster NOT ALL RULES KEPT.html".to_string()), "{now:?}");
    assert!(
        said.contains("`team roster NOT ALL RULES KEPT.html` was of an earlier run and is removed"),
        "{said}"
    );
    let kept = now.iter().filter(|name| name.starts_with("team roster NOT ALL RULES KEPT (of ")).count();
    assert_eq!(kept, 1, "{now:?}");
}

#[test]
fn several_kinds_at_once() {
    let made = folder();
    let solve = |args: &[&str]| rota_in(made.path(), &[&["solve", "team.json"], args].concat());
    let said = solve(&["-o", "week.json", "--to", "xlsx,html,ics"]).exits(0).err;
    assert!(
        said.contains("Wrote week.json, week.xlsx, week.html and 2 files into week calendars."),
        "{said}"
    );
    assert_eq!(names(made.path()), ["team.json", "week calendars", "week.html", "week.json", "week.xlsx"]);
    // The same as by export.
    let today = ["export", "team.json", "week.json", "-o", "again.html"];
    rota_in(made.path(), &today).exits(0);
    let [one, other] =
        ["week.html", "again.html"].map(|name| fs::read(made.path().join(name)).expect("reads"));
    assert_eq!(one, other);
    solve(&["-o", "out", "--to", "json,xlsx,csv,html,ics,svg,text,sign-in"]).exits(0);
    assert_eq!(
        names(&made.path().join("out")),
        [
            "calendars",
            "charts",
            "days.txt",
            "roster.csv",
            "roster.html",
            "roster.json",
            "roster.xlsx",
            "sign-in.html"
        ]
    );
    rota_in(made.path(), &["check", "team.json", "out/roster.xlsx"]).exits(0);
    for (args, wanted) in [
        (&["-o", "team.html", "--to", "json"][..], "--to would write over `team.json`, which is read"),
        (&["-o", "x.ics", "--to", "ics"], "name a folder with -o"),
        (&["-o", "none/x.html", "--to", "ics"], "there is no folder"),
        (&["--to", "html"], "--output"),
        (&["-o", "-", "--to", "html"], "standard output"),
        (&["-o", "x.pdf", "--to", "html"], "does not say what to write"),
        (&["-o", "x.html", "--to", "pdf"], "pdf"),
    ] {
        let told = solve(args).exits(2).err;
        assert!(told.contains(wanted), "{args:?}\n{told}");
    }
    let now = names(made.path());
    assert!(!now.iter().any(|name| name.starts_with("x.") || name == "team.html"), "{now:?}");
    // Without a roster nothing is written.
    fs::write(made.path().join("team.json"), WEEK.replace("\"at_least\": 1", "\"at_least\": 2"))
        .expect("written");
    solve(&["-o", "no", "--to", "xlsx,html"]).exits(1);
    assert!(!made.path().join("no").exists());
}

#[test]
fn large_print_has_one_week_to_a_page() {
    let made = folder();
    let args = ["generate", "--people", "8", "--days", "10", "--seed", "4", "-o", "w.json"];
    rota_in(made.path(), &args).exits(0);
    rota_in(made.path(), &["solve", "w.json", "-o", "r.json", "--effort", "200"]).exits(0);
    let export = |args: &[&str]| {
        let all = [&["export", "w.json", "r.json", "--today", "2020-06-12"], args].concat();
        rota_in(made.path(), &all)
    };
    let plain = export(&["--to", "html"]).exits(0).out;
    let large = export(&["--to", "html", "--large-print"]).exits(0).out;
    assert_eq!((plain.matches("class=\"grid\"").count(), large.matches("class=\"grid\"").count()), (1, 2));
    assert!(large.contains("<html lang=\"en\" class=\"large\">"));
    assert!(export(&["--to", "sign-in", "--large-print"]).exits(0).out.contains("<main class=\"large\">"));
    export(&["-o", "large.xlsx", "--large-print"]).exits(0);
    rota_in(made.path(), &["check", "w.json", "large.xlsx"]).exits(0);
    let refused = export(&["--to", "csv", "--large-print"]).exits(2).err;
    assert!(refused.contains("--large-print says nothing"), "{refused}");
}

#[test]
fn messages_after_a_change_are_about_the_change() {
    let made = folder();
    let old = "person,on,place\namy,2026-12-07,on_site\namy,2026-12-08,on_site\nben,2026-12-07,home\nben,2026-12-08,home\n";
    fs::write(made.path().join("old.csv"), old).expect("written");
    fs::write(made.path().join("new.csv"), old.replace("amy,2026-12-08,on_site", "amy,2026-12-08,off"))
        .expect("written");
    let export = |new: &str| {
        rota_in(
            made.path(),
            &["export", "team.json", new, "--to", "text", "--old", "old.csv", "--today", "2026-12-06"],
        )
        .exits(0)
    };
    assert_eq!(
        export("new.csv").out,
        format!(
            "Amy Walsh\nMonday 7 December to Tuesday 8 December 2026\n\nOne of your days has changed:\n  \
             Tue 8 December   not working  (before: on site)\nNothing else in your days changes.\n\n\
             Draft, not yet published. Made on Sunday 6 December 2026 by rota {}.\n",
            env!("CARGO_PKG_VERSION")
        )
    );
    assert_eq!(export("old.csv").out, "Nobody's days have changed.\n");
}
