//! `rota export` as a user runs it: what comes out can be used, read back and shared.
//!
//! Calendars and workbooks are also read by others' programs: by Python with `icalendar`, `ics` and `openpyxl` (the
//! interpreter named by `ROTA_PYTHON`, else `python3`), and by `LibreOffice`, where they are there; where they are
//! not, the test says that it left that out.

mod common;

use common::{folder_of, rota_in, Run};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

/// Two teams, shifts, desks with positions, a duty, and every kind of private thing: each holds the word `canary`.
const WEEK: &str = r#"{
  "scenario": 1, "title": "Front door",
  "note": "canary-top",
  "calendar": { "from": "2020-06-15", "to": "2020-06-18", "time_zone": "Europe/London",
    "closed": [ { "on": "2020-06-18", "why": "canary-closed" } ],
    "shifts": [ { "id": "early", "name": "Early", "from": "07:30", "to": "15:30" },
                { "id": "night", "name": "Night", "from": "22:00", "to": "06:00" } ] },
  "people": [
    { "id": "ann", "name": "Ann Price", "team": "desk", "tags": ["first_aider", "canarytag"], "note": "canary-person",
      "wishes": [ { "on": "tue", "place": "home" } ] },
    { "id": "bob", "name": "Bob Shaw", "team": "desk", "tags": ["fire_warden"], "needs": ["canaryneed"],
      "away": [ { "on": "2020-06-17", "why": "canary-away" } ] },
    { "id": "cat", "name": "Cat, Moss", "team": "post", "base": "home" } ],
  "sites": [ { "id": "hq", "name": "Head office", "zones": [
    { "id": "hall", "name": "Hall", "note": "canary-zone", "desks": [
      { "id": "H1", "at": [0, 0], "features": ["canaryneed"] }, { "id": "H2", "at": [2, 0], "features": ["canaryneed"] } ],
      "taken": [] } ] } ],
  "rules": [
    { "id": "door", "headcount": { "at_least": 1 }, "because": "Somebody opens the door" },
    { "id": "canaryrule", "headcount": { "who": { "tag": "canarytag" }, "at_least": 1 }, "private": true, "strength": "high" },
    { "id": "aid", "headcount": { "who": { "tag": "canarytag" }, "at_least": 1 }, "strength": "low", "note": "canary-rule",
      "allow": [ { "on": "2020-06-15", "amount": 1, "because": "canary-allow" } ] },
    { "id": "duty-post", "duty": { "name": "post", "at_least": 0 } },
    { "wishes": {}, "strength": "medium" } ] }"#;

/// Ann on Monday early at H1; Bob on Tuesday at night at H2, with the post; nobody on Wednesday.
const ROSTER: &str = "person,on,place,shift,site,zone,desk,duty\n\
    ann,2020-06-15,on_site,early,hq,hall,H1,\nann,2020-06-16,home,,,,,\nann,2020-06-17,home,,,,,\n\
    bob,2020-06-15,home,,,,,\nbob,2020-06-16,on_site,night,hq,hall,H2,post\nbob,2020-06-17,off,,,,,\n\
    cat,2020-06-15,home,,,,,\ncat,2020-06-16,home,,,,,\ncat,2020-06-17,home,,,,,\n";

const KINDS: [(&str, &str); 8] = [
    ("xlsx", "r.xlsx"),
    ("csv", "r.csv"),
    ("html", "r.html"),
    ("svg", "r.svg"),
    ("svg", "charts"),
    ("text", "r.txt"),
    ("sign-in", "door.html"),
    ("ics", "calendars"),
];

fn folder() -> tempfile::TempDir {
    folder_of(&[("week.json", WEEK), ("roster.csv", ROSTER)])
}

fn export(folder: &Path, more: &[&str]) -> Run {
    rota_in(folder, &[&["export", "week.json", "roster.csv", "--today", "2020-06-12"], more].concat())
}

/// Every file under a path by its name, workbooks taken apart, as text.
fn contents(path: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            all.extend(contents(&entry.expect("an entry").path()));
        }
        return all;
    }
    let name = path.display().to_string();
    let bytes = fs::read(path).expect("reads");
    if ends(&name, "xlsx") {
        let mut archive =
            zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook is a zip file");
        for at in 0..archive.len() {
            let mut part = archive.by_index(at).expect("a part");
            let inside = part.name().expect("a name").to_string();
            let mut text = String::new();
            part.read_to_string(&mut text).expect("XML is text");
            all.insert(format!("{name}/{inside}"), text);
        }
    } else {
        all.insert(name, String::from_utf8(bytes).expect("UTF-8"));
    }
    all
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|problem| panic!("{name}: {problem}"))
}

#[test]
fn nothing_private_is_in_what_is_shared() {
    let folder = folder();
    let folder = folder.path();
    assert!(WEEK.matches("canary").count() > 10);
    for (kind, path) in KINDS {
        export(folder, &["--to", kind, "-o", path]).exits(0);
        for (name, text) in contents(&folder.join(path)) {
            assert!(!text.contains("canary"), "{name}");
            // A rule bent about a tag says neither tag nor sentence.
            assert!(!text.contains("asked for"), "{name}");
        }
    }
    let page = read(folder, "r.html");
    assert!(page.contains("NOT ALL RULES KEPT"), "nobody is in on Wednesday");
    assert!(
        page.contains("Wed 17 June, door: 0 found, at least 1 wanted. &quot;Somebody opens the door&quot;"),
        "{page}"
    );
    assert!(page.contains("About single people, softer rules are bent"), "{page}");
    assert!(!page.contains(">aid (1 or more)<"), "a rule about the only one with a tag is theirs: {page}");
}

#[test]
fn reasons_are_in_only_when_asked_for_and_say_so() {
    let folder = folder();
    let folder = folder.path();
    // Ann comes in on the day on which she asked to be at home.
    let roster = ROSTER.replace("ann,2020-06-16,home,,,,,", "ann,2020-06-16,on_site,early,hq,hall,H1,");
    fs::write(folder.join("roster.csv"), roster).expect("written");
    for path in ["plain.html", "plain.xlsx"] {
        export(folder, &["-o", path]).exits(0);
        let all: String = contents(&folder.join(path)).into_values().collect();
        assert!(!all.contains("home on Tue 16") && !all.contains("personal reasons"), "{path}");
        assert!(all.contains("Wishes granted"), "{path}");
    }
    for path in ["with.html", "with.xlsx"] {
        export(folder, &["-o", path, "--with-reasons"]).exits(0);
        let all: String = contents(&folder.join(path)).into_values().collect();
        assert!(all.contains("home on Tue 16") && all.contains("ontains personal reasons"), "{path}");
    }
    let refused = export(folder, &["-o", "x.csv", "--with-reasons"]).exits(2).err;
    assert!(refused.contains("--with-reasons says nothing about this kind of output"), "{refused}");
}

#[test]
fn one_person_or_team_has_nobody_else_in_it() {
    let folder = folder();
    let folder = folder.path();
    for (kind, path) in KINDS {
        export(folder, &["--to", kind, "-o", path, "--for-person", "Ann Price"]).exits(0);
        for (name, text) in contents(&folder.join(path)) {
            for other in ["Bob", "bob", "Cat, Moss", "cat,2020"] {
                assert!(!text.contains(other), "{other} in {name}");
            }
        }
    }
    let team = tempfile::tempdir().expect("a folder");
    for (kind, path) in KINDS {
        let path = team.path().join(path);
        export(folder, &["--to", kind, "-o", path.to_str().expect("UTF-8"), "--for-team", "desk"]).exits(0);
        let all = contents(&path);
        assert!(all.values().any(|text| text.contains("Bob") || text.contains("bob")), "{kind}");
        for (name, text) in all {
            assert!(!text.contains("Moss") && !text.contains("Somebody opens"), "{name}");
        }
    }
    let wrong = export(folder, &["-o", "x.csv", "--for-team", "dsek"]).exits(2).err;
    assert!(wrong.contains("there is no team `dsek`") && wrong.contains("did you mean `desk`?"), "{wrong}");
}

#[test]
fn text_from_outside_is_inert() {
    let folder = folder();
    let folder = folder.path();
    let names = ["=cmd|' /C calc'!A0", "<script>alert('x')</script>", "+1+1"];
    let mut week: serde_json::Value = serde_json::from_str(WEEK).expect("JSON");
    for (person, name) in week["people"].as_array_mut().expect("a list").iter_mut().zip(names) {
        person["name"] = name.into();
    }
    week["title"] = "</title><script>alert(2)</script>".into();
    week["people"][2]["team"] = "=1+1".into();
    week["sites"][0]["zones"][0]["desks"][0]["name"] = "\"><svg onload=alert(3)>".into();
    fs::write(folder.join("week.json"), week.to_string()).expect("written");
    for (kind, path) in KINDS {
        export(folder, &["--to", kind, "-o", path]).exits(0);
        for (name, text) in contents(&folder.join(path)) {
            if ends(&name, "html") || ends(&name, "svg") {
                assert!(!text.contains("<script>alert") && !text.contains("<svg onload"), "{name}");
                assert_eq!(
                    text.matches("<script").count(),
                    usize::from(Path::new(&name).ends_with("r.html")),
                    "{name}"
                );
            }
            if name.contains(".xlsx/xl/worksheets") {
                assert!(!text.contains("<f>") && !text.contains("<f "), "{name}");
            }
            if ends(&name, "csv") {
                // Ids alone: no name and so no formula is in the table.
                assert!(text.lines().all(|line| !line.starts_with(['=', '+', '@'])), "{name}");
            }
        }
    }
    // Marked as text, so that it stays text when somebody edits the cell.
    assert!(contents(&folder.join("r.xlsx")).values().any(|text| text.contains("quotePrefix=\"1\"")));
    let all: String = contents(&folder.join("r.xlsx")).into_values().collect();
    assert!(all.contains("=cmd|' /C calc'!A0"), "the name is there as it was typed");
}

#[test]
fn a_workbook_is_read_back() {
    let folder = folder();
    let folder = folder.path();
    rota_in(folder, &["generate", "--people", "12", "--days", "10", "--seed", "3", "-o", "made.json"])
        .exits(0);
    rota_in(folder, &["solve", "made.json", "-o", "made.xlsx", "--effort", "200"]).exits(0);
    let found = rota_in(folder, &["check", "made.json", "made.xlsx", "--format", "json"]).exits(0).json();
    rota_in(folder, &["export", "made.json", "made.xlsx", "-o", "made.csv"]).exits(0);
    let table = rota_in(folder, &["check", "made.json", "made.csv", "--format", "json"]).exits(0).json();
    assert_eq!(found, table);
    assert_eq!(found["findings"], serde_json::json!([]), "every visit has its reason");

    // With shifts, a duty and a person who is off, line by line.
    export(folder, &["-o", "r.xlsx"]).exits(0);
    rota_in(folder, &["export", "week.json", "r.xlsx", "-o", "again.csv"]).exits(0);
    assert_eq!(read(folder, "again.csv"), ROSTER);
    let diff = rota_in(folder, &["diff", "roster.csv", "r.xlsx", "--format", "json"]).exits(0).json();
    assert_eq!(diff["changes"], serde_json::json!([]));
}

/// A workbook with one sheet of texts.
fn workbook(path: &Path, sheet: &str, rows: &[&[&str]]) {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet().set_name(sheet).expect("a name");
    for (row, cells) in (0..).zip(rows) {
        for (column, text) in (0..).zip(*cells) {
            page.write_string(row, column, *text).expect("a cell");
        }
    }
    book.save(path).expect("saved");
}

#[test]
fn mistakes_in_a_workbook_stand_at_their_cells() {
    let folder = folder();
    let folder = folder.path();
    let rows: [&[&str]; 5] = [
        &["Person", "Name", "On", "Place", "Desk"],
        &["ann", "Ann", "2020-06-15", "on site", "H1"],
        &[],
        &["ann", "Ann", "2020-06-16", "at sea", ""],
        &["amm", "Ann", "2020-06-17", "home", ""],
    ];
    workbook(&folder.join("hand.xlsx"), "Roster", &rows);
    let found = rota_in(folder, &["check", "week.json", "hand.xlsx", "--format", "json"]).exits(2).json();
    let told: Vec<(String, String)> = found["list"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            (
                format!("{}!{}", one["sheet"].as_str().unwrap_or(""), one["cell"].as_str().unwrap_or("")),
                one["message"].to_string(),
            )
        })
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().any(|(place, message)| place.ends_with(char::is_numeric) && message.contains("at sea")),
        "{told:?}"
    );
    assert!(told.iter().any(|(place, message)| place == "Roster!A5" && message.contains("amm")), "{told:?}");

    workbook(&folder.join("other.xlsx"), "Sheet1", &[&["a"]]);
    let other = rota_in(folder, &["check", "week.json", "other.xlsx"]).exits(2).err;
    assert!(other.contains("no sheet `Roster`"), "{other}");
    fs::write(folder.join("broken.xlsx"), b"PK\x03\x04 and then nothing").expect("written");
    let broken = rota_in(folder, &["check", "week.json", "broken.xlsx"]).exits(2).err;
    assert!(broken.contains("workbook.kind"), "{broken}");
    let missing = rota_in(folder, &["check", "week.json", "nowhere.xlsx"]).exits(2).err;
    assert!(missing.contains("there is no such file"), "{missing}");
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    use std::io::Write;
    let folder = folder();
    let file = fs::File::create(folder.path().join("bomb.xlsx")).expect("a file");
    let mut archive = zip::ZipWriter::new(file);
    archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).expect("a part");
    let blank = vec![b' '; 1 << 20];
    for _ in 0..201 {
        archive.write_all(&blank).expect("written");
    }
    archive.finish().expect("finished");
    let refused = rota_in(folder.path(), &["check", "week.json", "bomb.xlsx"]).exits(2).err;
    assert!(refused.contains("unpacks to more than 200 MB"), "{refused}");
}

/// The events of a calendar: UID to its lines, unfolded.
fn events(text: &str) -> BTreeMap<String, Vec<String>> {
    assert!(text.lines().all(|line| line.len() <= 75), "{text}");
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "lines end in CRLF");
    let text = text.replace("\r\n ", "").replace("\r\n", "\n");
    text.split("BEGIN:VEVENT\n")
        .skip(1)
        .map(|event| {
            let lines: Vec<String> =
                event.lines().take_while(|line| *line != "END:VEVENT").map(str::to_string).collect();
            (lines[0].clone(), lines)
        })
        .collect()
}

fn about<'e>(events: &'e BTreeMap<String, Vec<String>>, day: &str) -> &'e [String] {
    let starts =
        |lines: &&Vec<String>| lines.iter().any(|line| line.starts_with("DTSTART") && line.contains(day));
    events.values().find(starts).unwrap_or_else(|| panic!("{day}: {events:?}"))
}

#[test]
fn calendars_say_when_and_where() {
    let folder = folder();
    let folder = folder.path();
    export(folder, &["--to", "ics", "-o", "cal", "--publish"]).exits(0);
    let ann = events(&read(folder, "cal/people/ann.ics"));
    assert_eq!(ann.len(), 3);
    let monday = about(&ann, "20200615");
    for line in [
        "DTSTART;TZID=Europe/London:20200615T073000",
        "DTEND;TZID=Europe/London:20200615T153000",
        "SUMMARY:On site\\, Early shift",
        "LOCATION:Desk H1\\, Hall\\, Head office",
        "STATUS:CONFIRMED",
        "SEQUENCE:0",
    ] {
        assert!(monday.iter().any(|found| found == line), "{line}: {monday:?}");
    }
    // A day at home is a whole day, which ends the day after, and leaves the diary free.
    let tuesday = about(&ann, "20200616").join("\n");
    assert!(tuesday.contains("DTSTART;VALUE=DATE:20200616\nDTEND;VALUE=DATE:20200617\nSUMMARY:Working at home\nTRANSP:TRANSPARENT"), "{tuesday}");
    // A night ends on the day after.
    let bob = read(folder, "cal/people/bob.ics");
    assert!(
        bob.contains(
            "DTSTART;TZID=Europe/London:20200616T220000\r\nDTEND;TZID=Europe/London:20200617T060000"
        ),
        "{bob}"
    );
    assert!(
        bob.contains("BEGIN:VTIMEZONE") && bob.contains("SUMMARY:On site\\, Night shift\\, post"),
        "{bob}"
    );
    // The team's calendar has days on site alone.
    let team = read(folder, "cal/teams/desk.ics");
    assert_eq!(events(&team).len(), 2);
    assert!(team.contains("SUMMARY:Ann Price: On site") && !team.contains("home"), "{team}");
    // UIDs hold no name.
    assert!(ann.keys().all(|uid| !uid.contains("ann") && uid.ends_with("@rota")), "{ann:?}");
}

#[test]
fn calendars_given_out_again_update_and_cancel() {
    let folder = folder();
    let folder = folder.path();
    export(folder, &["--to", "ics", "-o", "cal"]).exits(0);
    let first = read(folder, "cal/people/ann.ics");
    export(folder, &["--to", "ics", "-o", "cal"]).exits(0);
    assert_eq!(read(folder, "cal/people/ann.ics"), first, "nothing has changed");
    // Ann moves to H2 on Monday and does not work on Tuesday after all.
    let new = ROSTER
        .replace("ann,2020-06-15,on_site,early,hq,hall,H1,", "ann,2020-06-15,on_site,early,hq,hall,H2,")
        .replace("ann,2020-06-16,home,,,,,", "ann,2020-06-16,off,,,,,");
    fs::write(folder.join("new.csv"), new).expect("written");
    let again = |more: &[&str]| {
        let args = ["export", "week.json", "new.csv", "--to", "ics", "--today", "2020-06-13"];
        rota_in(folder, &[&args, more].concat()).exits(0)
    };
    let sequences = |folder_name: &str| -> Vec<String> {
        let events = events(&read(folder, &format!("{folder_name}/people/ann.ics")));
        ["20200615", "20200616", "20200617"]
            .iter()
            .map(|day| {
                let lines = about(&events, day);
                let value = |name: &str| {
                    lines.iter().find_map(|line| line.strip_prefix(name)).unwrap_or("").to_string()
                };
                format!("{} {}", value("SEQUENCE:"), value("STATUS:"))
            })
            .collect()
    };
    // By the calendars that are there, by the old roster, and by a number given.
    again(&["-o", "cal"]);
    assert_eq!(sequences("cal"), ["1 TENTATIVE", "1 CANCELLED", "0 TENTATIVE"]);
    let second = read(folder, "cal/people/ann.ics");
    assert_eq!(
        events(&first).keys().collect::<Vec<_>>(),
        events(&second).keys().collect::<Vec<_>>(),
        "UIDs stay"
    );
    again(&["-o", "fresh", "--old", "roster.csv"]);
    assert_eq!(sequences("fresh"), ["1 TENTATIVE", "1 CANCELLED", "0 TENTATIVE"]);
    again(&["-o", "numbered", "--old", "roster.csv", "--sequence", "7"]);
    assert_eq!(sequences("numbered"), ["7 TENTATIVE", "7 CANCELLED", "7 TENTATIVE"]);
    // A day that is back is not cancelled any more, and counts on.
    export(folder, &["--to", "ics", "-o", "cal"]).exits(0);
    assert_eq!(sequences("cal"), ["2 TENTATIVE", "2 TENTATIVE", "0 TENTATIVE"]);
    // Somebody else's calendar is not written over.
    fs::write(
        folder.join("cal/people/bob.ics"),
        "BEGIN:VCALENDAR\r\nPRODID:-//Other//EN\r\nEND:VCALENDAR\r\n",
    )
    .expect("written");
    let refused = export(folder, &["--to", "ics", "-o", "cal"]).exits(2).err;
    assert!(refused.contains("no calendar that rota wrote"), "{refused}");
    assert!(read(folder, "cal/people/bob.ics").contains("Other"));
}

/// A Python that has a package; none with a word about it.
fn python_with(package: &str) -> Option<std::ffi::OsString> {
    let python = std::env::var_os("ROTA_PYTHON").unwrap_or_else(|| "python3".into());
    let found = Command::new(&python).args(["-c", &format!("import {package}")]).output();
    if found.is_ok_and(|output| output.status.success()) {
        return Some(python);
    }
    eprintln!(
        "LEFT OUT: no Python with `{package}`; name one by ROTA_PYTHON (pip install icalendar ics openpyxl)"
    );
    None
}

fn runs(command: &mut Command) -> String {
    let output = command.output().expect("it starts");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    out.trim().to_string()
}

/// Every event of a folder of calendars, by a parser of others, one line each: UID, times, SEQUENCE, place, words.
fn told_by(package: &str, script: &str, folder: &Path) -> Option<String> {
    let python = python_with(package)?;
    let all = "import sys, glob\nsys.stdout.reconfigure(encoding='utf-8')\nfor path in sorted(glob.glob(sys.argv[1] + '/**/*.ics', recursive=True)):\n    raw = open(path, 'rb').read()\n";
    let script = all.to_string() + script;
    Some(runs(Command::new(python).args(["-c", &script]).arg(folder)))
}

/// Two parsers of others read every event that is there, with its times and texts.
#[test]
fn other_parsers_read_the_calendars() {
    let folder = folder();
    // Clocks go back in the night of 25 October 2020; names with every sign that a calendar quotes, and long ones.
    let name =
        "Ann; \"Price\", Jr \\ 🐈 Łódź and a name that goes on for much longer than one line of a file";
    let mut week: serde_json::Value = serde_json::from_str(WEEK).expect("JSON");
    week["calendar"]["from"] = "2020-10-24".into();
    week["calendar"]["to"] = "2020-10-26".into();
    week["calendar"]["work_days"] = serde_json::json!(["mon", "sat", "sun"]);
    week["calendar"]["closed"] = serde_json::json!([]);
    week["people"][1]["away"] = serde_json::json!([]);
    week["people"][0]["wishes"] = serde_json::json!([]);
    week["sites"][0]["name"] = name.into();
    week["people"][1]["name"] = name.into();
    week["rules"] = serde_json::json!([]);
    fs::write(folder.path().join("week.json"), week.to_string()).expect("written");
    let roster = "person,on,place,shift,site,zone,desk,duty\nann,2020-10-24,on_site,early,hq,hall,H1,\nann,2020-10-25,home,,,,,\n\
        bob,2020-10-24,on_site,night,hq,hall,H2,\nbob,2020-10-26,on_site,early,hq,hall,H2,\n";
    fs::write(folder.path().join("roster.csv"), roster).expect("written");
    export(folder.path(), &["--to", "ics", "-o", "cal"]).exits(0);
    // Given out again without Ann's day at home: it is there, and cancelled.
    fs::write(folder.path().join("roster.csv"), roster.replace("ann,2020-10-25,home,,,,,\n", ""))
        .expect("written");
    export(folder.path(), &["--to", "ics", "-o", "cal"]).exits(0);
    let cal = folder.path().join("cal");
    let written: usize = contents(&cal).values().map(|text| text.matches("BEGIN:VEVENT").count()).sum();
    assert_eq!(
        written, 7,
        "four days of people, one of them cancelled on top, and three of their team on site less one"
    );
    let seat = |desk: &str| format!("Desk {desk}, Hall, {name}");
    let [one, two] = [seat("H1"), seat("H2")];
    // Ann's, Bob's, the team's; UTC tells the clocks apart: 06:00 at night after the change is 06:00 UTC.
    let mut wanted = vec![
        format!("2020-10-24T06:30:00 2020-10-24T14:30:00 0 TENTATIVE On site, Early shift|{one}"),
        "2020-10-25 2020-10-26 1 CANCELLED Working at home|".to_string(),
        format!("2020-10-24T21:00:00 2020-10-25T06:00:00 0 TENTATIVE On site, Night shift|{two}"),
        format!("2020-10-26T07:30:00 2020-10-26T15:30:00 0 TENTATIVE On site, Early shift|{two}"),
        format!("2020-10-24T06:30:00 2020-10-24T14:30:00 0 TENTATIVE Ann Price: On site, Early shift|{one}"),
        format!("2020-10-24T21:00:00 2020-10-25T06:00:00 0 TENTATIVE {name}: On site, Night shift|{two}"),
        format!("2020-10-26T07:30:00 2020-10-26T15:30:00 0 TENTATIVE {name}: On site, Early shift|{two}"),
    ];
    wanted.sort();
    let sorted = |text: String| {
        let mut lines: Vec<String> = text.lines().map(str::to_string).collect();
        lines.sort();
        lines
    };
    let icalendar = "    import icalendar, datetime\n    c = icalendar.Calendar.from_ical(raw)\n\
        \x20   assert not c.errors and c['version'] == '2.0'\n    uids = set()\n\
        \x20   u = lambda t: t.astimezone(datetime.timezone.utc).replace(tzinfo=None).isoformat() if isinstance(t, datetime.datetime) else t.isoformat()\n\
        \x20   for e in c.walk('VEVENT'):\n        assert not e.errors\n        uids.add(str(e['uid']))\n\
        \x20       print(u(e.decoded('dtstart')), u(e.decoded('dtend')), int(e['sequence']), str(e['status']), str(e['summary']) + '|' + str(e.get('location', '')))\n\
        \x20   assert len(uids) == len(c.walk('VEVENT'))\n";
    if let Some(told) = told_by("icalendar", icalendar, &cal) {
        assert_eq!(sorted(told), wanted);
    }
    let ics = "    import ics\n    c = ics.Calendar(raw.decode('utf-8'))\n\
        \x20   u = lambda e, t: t.format('YYYY-MM-DD') if e.all_day else t.to('utc').format('YYYY-MM-DDTHH:mm:ss')\n\
        \x20   for e in c.events:\n        n = [x.value for x in e.extra if x.name == 'SEQUENCE']\n\
        \x20       print(u(e, e.begin), u(e, e.end), n[0], e.status, e.name + '|' + (e.location or ''))\n";
    if let Some(told) = told_by("ics", ics, &cal) {
        assert_eq!(sorted(told), wanted);
    }
}

#[test]
fn other_programs_open_the_workbook() {
    let folder = folder();
    export(folder.path(), &["-o", "r.xlsx"]).exits(0);
    let path = folder.path().join("r.xlsx");
    if let Some(python) = python_with("openpyxl") {
        let script = "import sys, openpyxl\n\
            b = openpyxl.load_workbook(sys.argv[1])\n\
            print([s.title for s in b], b['Overview'].freeze_panes, b['Overview'].page_setup.orientation)\n\
            print(b['Overview']['A2'].value)\n\
            assert all(s.sheet_state == 'visible' for s in b)\n\
            assert not any(c.data_type == 'f' for s in b for row in s.iter_rows() for c in row)\n\
            assert not b.properties.creator\n";
        let told = runs(Command::new(&python).args(["-c", script]).arg(&path));
        assert!(
            told.starts_with("['Overview', 'desk', 'post', 'Desks by day', 'By person', 'Roster'] B"),
            "{told}"
        );
        assert!(told.contains("landscape") && told.contains("NOT ALL RULES KEPT"), "{told}");
    }
    let office = Command::new("soffice").arg("--version").output();
    if office.is_ok_and(|output| output.status.success()) {
        let convert = |to: &str, from: &str| {
            let home = format!("-env:UserInstallation=file://{}/office", folder.path().display());
            let args = [home.as_str(), "--headless", "--convert-to", to, "--outdir"];
            runs(Command::new("soffice").args(args).args([folder.path(), &folder.path().join(from)]));
        };
        convert("csv", "r.xlsx");
        assert!(read(folder.path(), "r.csv").contains("Ann Price"));
        // Saved by it, the workbook still says the same.
        fs::copy(&path, folder.path().join("ours.xlsx")).expect("copied");
        convert("ods", "ours.xlsx");
        convert("xlsx:Calc MS Excel 2007 XML", "ours.ods");
        export(folder.path(), &["-o", "theirs.csv"]).exits(0);
        rota_in(folder.path(), &["export", "week.json", "ours.xlsx", "-o", "saved.csv"]).exits(0);
        assert_eq!(read(folder.path(), "saved.csv"), read(folder.path(), "theirs.csv"));
    } else {
        eprintln!("LEFT OUT: no LibreOffice (soffice) to open the workbook with");
    }
}

#[test]
fn pages_and_words_say_what_they_should() {
    let folder = folder();
    let folder = folder.path();
    let text = export(folder, &["--to", "text", "--for-person", "ann"]).exits(0).out;
    for wanted in [
        "Ann Price\nMonday 15 June to Thursday 18 June 2020",
        "You are on site on 1 day:\n  Mon 15 June   Early shift, 07:30 to 15:30, desk H1, Hall, Head office",
        "You work at home on Tue 16 June and Wed 17 June.",
        "Draft, not yet published. Made on Friday 12 June 2020",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let door = export(folder, &["--to", "sign-in", "--on", "15 June"]).exits(0).out;
    assert!(
        door.contains("Head office: Monday 15 June 2020")
            && door.contains("<strong>First aider: </strong>Ann Price"),
        "{door}"
    );
    assert!(door.contains("<strong>Fire warden: </strong>nobody named") && !door.contains("Bob"), "{door}");
    let page = export(folder, &["--to", "html"]).exits(0).out;
    for wanted in [
        "<html lang=\"en\">",
        "<caption>",
        "scope=\"row\"",
        "scope=\"col\"",
        "<svg",
        "prefers-color-scheme: dark",
        "A4 landscape",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let addresses = page.matches("://").count();
    assert_eq!(addresses, page.matches("http://www.w3.org/2000/svg").count(), "nothing is fetched");
    // A chart for the wall tells nobody's days at home.
    let wall = export(folder, &["--to", "svg"]).exits(0).out;
    assert!(wall.contains("Ann Price") && !wall.contains("home") && !wall.contains("not working"), "{wall}");
    let desks = export(folder, &["--to", "svg", "--on", "16 June"]).exits(0).out;
    assert!(desks.contains("H2: Bob Shaw, Night") && desks.contains("H1: free"), "{desks}");
    assert_eq!(page, export(folder, &["--to", "html"]).exits(0).out, "the same again");
}

#[test]
fn mistakes_in_the_command_are_said() {
    let folder = folder();
    let folder = folder.path();
    for (args, wanted) in [
        (&["-o", "x.pdf"][..], "it is not said what to write"),
        (&["--to", "xlsx"], "a workbook is not printed"),
        (&["--to", "csv", "-o", "x.xlsx"], "ask for different things"),
        (&["--to", "ics"], "calendars of everybody do not fit in one file"),
        (&["--to", "csv", "-o", "week.json"], "which is read"),
        (&["--to", "html", "-o", "no/such/r.html"], "there is no folder"),
        (&["--to", "svg", "--on", "2020-07-01"], "is not in the calendar"),
        (&["--to", "svg", "--on", "18 June"], "nobody works on Thu 18 June"),
        (&["--to", "html", "--on", "15 June"], "--on says nothing"),
        (&["--to", "html", "--old", "roster.csv"], "--old says nothing"),
        (&["--to", "text", "--for-person", "Zoe"], "Zoe"),
    ] {
        let told = export(folder, args).exits(2).err;
        assert!(told.contains(wanted), "{args:?}\n{told}");
    }
    assert!(!folder.join("x.xlsx").exists() && !folder.join("x.pdf").exists());
}

#[test]
fn a_roster_that_breaks_rules_says_so_first() {
    let folder = folder();
    let folder = folder.path();
    let two = WEEK.replace("\"headcount\": { \"at_least\": 1 }", "\"headcount\": { \"at_least\": 3 }");
    fs::write(folder.join("week.json"), two).expect("written");
    rota_in(folder, &["solve", "week.json", "--best-effort", "-o", "closest.xlsx"]).exits(1);
    let parts = contents(&folder.join("closest.xlsx"));
    let strings = parts.iter().find(|(name, _)| name.ends_with("sharedStrings.xml")).expect("texts").1;
    assert!(strings.contains("NOT ALL RULES KEPT: must rules are bent in 3 places."), "{strings}");
    rota_in(folder, &["solve", "week.json", "--best-effort", "-o", "closest.html"]).exits(1);
    assert!(read(folder, "closest.html").contains("NOT ALL RULES KEPT"));
}

/// Whether a file is of a kind, by the end of its name.
fn ends(name: &str, kind: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending == kind)
}

/// Whose rules these are is nobody else's affair: a private rule, a rule for one person, a rule for the one who has a
/// tag. All three are broken, and no export says whose they are or why; teams whose names make one file name have one each.
#[test]
fn rules_about_one_person_stay_with_the_manager() {
    let made = tempfile::tempdir().expect("a folder");
    let folder = made.path();
    let week = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
      "people": [ { "id": "ann", "name": "Ann Price", "team": "a/b" },
                  { "id": "bob", "name": "Bob Shaw", "team": "a:b", "tags": ["CANARYTAG"] },
                  { "id": "cat", "name": "Cat Moss", "team": "a_b" } ],
      "rules": [ { "id": "h1", "headcount": { "at_least": 3 }, "private": true, "because": "CANARYPRIVATE" },
                 { "id": "h2", "headcount": { "who": { "people": ["ann"] }, "at_least": 1 }, "because": "CANARYONE" },
                 { "id": "h3", "headcount": { "who": { "tag": "CANARYTAG" }, "at_least": 1 }, "because": "CANARYTWO" } ] }"#;
    fs::write(folder.join("week.json"), week).expect("written");
    let roster = "person,on,place\nann,2020-06-15,home\nbob,2020-06-15,home\ncat,2020-06-15,home\n";
    fs::write(folder.join("roster.csv"), roster).expect("written");
    for (kind, path) in KINDS {
        export(folder, &["--to", kind, "-o", path]).exits(0);
        for (name, text) in contents(&folder.join(path)) {
            assert!(!text.contains("CANARY"), "{name}: {text}");
        }
    }
    let page = export(folder, &["--to", "html", "-o", "again.html"]).exits(0);
    assert!(page.err.contains("NOT ALL") || page.err.contains("warning"), "{}", page.err);
    let page = fs::read_to_string(folder.join("again.html")).expect("written");
    assert!(page.contains("a rule kept private") && page.contains("About single people"), "{page}");
    export(folder, &["--to", "ics", "-o", "teams"]).exits(0);
    let teams = fs::read_dir(folder.join("teams").join("teams")).expect("a folder").count();
    assert_eq!(teams, 3, "each team has its own calendar");
}
