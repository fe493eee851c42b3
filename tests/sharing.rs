//! What may get out and what may not: every field of a scenario is decided here, and every kind of output is tried.

mod common;

use common::{rota, rota_in};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;

/// Fields that may be read by everybody, in so far as the roster needs them.
const SHARED: [&str; 37] = [
    "Scenario.title",
    "Calendar.from",
    "Calendar.to",
    "Calendar.work_days",
    "Calendar.shifts",
    "Calendar.time_zone",
    "Shift.id",
    "Shift.name",
    "Shift.from",
    "Shift.to",
    "Person.id",
    "Person.name",
    "Person.team",
    "Site.id",
    "Site.name",
    "Site.zones",
    "Zone.id",
    "Zone.name",
    "Zone.floor",
    "Zone.desks",
    "Zone.seats",
    "Desk.id",
    "Desk.name",
    "Desk.at",
    "RuleEntry.id",
    "RuleEntry.because",
    // Names and lists that say nothing but what stands in them, and the version.
    "Scenario.$schema",
    "Scenario.scenario",
    "Scenario.default_place",
    "Scenario.calendar",
    "Scenario.people",
    "Scenario.sites",
    "Scenario.rules",
    "Span.from",
    "Span.to",
    "RuleEntry.strength",
    "RuleEntry.for_each",
];

/// Fields with words that nobody but the manager may read. Each has a word of its own in [`WEEK`].
const PRIVATE: [&str; 17] = [
    "Scenario.note",
    "AbsenceFields.why",
    "Person.tags",
    "Person.needs",
    "Person.note",
    "Site.note",
    "Zone.features",
    "Zone.for",
    "Zone.note",
    "Desk.features",
    "Desk.for",
    "Desk.note",
    "Taken.why",
    "RuleEntry.note",
    "Allow.because",
    "PersonHistory.duties",
    // Of a private rule neither id, nor who, nor why.
    "RuleEntry.private",
];

/// Private fields without words of their own: numbers, dates, names of what is named elsewhere. No export reads them.
const WORDLESS: [&str; 64] = [
    "Scenario.history",
    "Scenario.previous",
    "Scenario.ties",
    "Calendar.closed",
    "Calendar.anchor",
    "AbsenceFields.on",
    "AbsenceFields.from",
    "AbsenceFields.to",
    "Shift.hours",
    "Shift.by_request",
    "Person.starts",
    "Person.ends",
    "Person.works",
    "Person.away",
    "Person.base",
    "Person.only",
    "Person.fixed",
    "Person.wishes",
    "Person.comes",
    "Person.absent_rate",
    "Only.place",
    "Only.from",
    "Only.to",
    "Pin.on",
    "Pin.place",
    "Pin.shift",
    "Pin.site",
    "Pin.zone",
    "Pin.desk",
    "Wish.on",
    "Wish.place",
    "Wish.shift",
    "Wish.site",
    "Wish.zone",
    "Wish.desk",
    "Wish.weight",
    "Wish.avoid",
    "Site.closed",
    "Zone.closed",
    "Zone.taken",
    "Zone.screened",
    "Zone.too_close",
    "Zone.walls",
    "Desk.closed",
    "Taken.on",
    "Taken.seats",
    "RuleEntry.weight",
    "RuleEntry.review",
    "RuleEntry.allow",
    "Allow.person",
    "Allow.with",
    "Allow.on",
    "Allow.team",
    "Allow.shift",
    "Allow.site",
    "Allow.zone",
    "Allow.desk",
    "Allow.with_desk",
    "Allow.cohort",
    "Allow.group",
    "Allow.limit",
    "Allow.amount",
    "Tie.between",
    "Tie.weight",
];

/// Of the past: counts and days, of which only what is in the roster is ever written.
const PAST: [&str; 19] = [
    "History.anchor",
    "History.days",
    "History.people",
    "PersonHistory.person",
    "PersonHistory.worked",
    "PersonHistory.on_site",
    "PersonHistory.shifts",
    "PersonHistory.wishes",
    "PersonHistory.cohort",
    "WishCount.asked",
    "WishCount.refused",
    "Assignment.person",
    "Assignment.on",
    "Assignment.place",
    "Assignment.shift",
    "Assignment.site",
    "Assignment.zone",
    "Assignment.desk",
    "Assignment.duty",
];

/// Everybody's private words begin with `canary`, and go on with the field that they stand in.
const WEEK: &str = r#"{
  "scenario": 1, "title": "Front door", "note": "canary-Scenario.note",
  "calendar": { "from": "2020-06-15", "to": "2020-06-18", "time_zone": "Europe/London",
    "closed": [ { "on": "2020-06-18", "why": "canary-AbsenceFields.why" } ],
    "shifts": [ { "id": "early", "from": "07:30", "to": "15:30" }, { "id": "night", "from": "22:00", "to": "06:00" } ] },
  "people": [
    { "id": "ann", "name": "Ann Price", "team": "desk", "tags": ["first_aider", "canary-Person.tags"], "note": "canary-Person.note",
      "wishes": [ { "on": "tue", "place": "home" } ], "needs": ["canary-Person.needs"], "absent_rate": 0.1234567 },
    { "id": "bob", "name": "Bob Shaw", "team": "desk", "tags": ["canary-Person.tags-b", "canary-Desk.for"],
      "only": [ { "place": "home", "to": "2020-06-15" } ],
      "away": [ { "on": "2020-06-17", "why": "canary-AbsenceFields.why-b" } ] },
    { "id": "cat", "name": "Cat Moss", "team": "post", "base": "home", "tags": ["canary-Zone.for"], "comes": 1.2345678 } ],
  "sites": [ { "id": "hq", "note": "canary-Site.note", "zones": [
    { "id": "hall", "note": "canary-Zone.note", "features": ["canary-Zone.features", "canary-Person.needs"],
      "for": { "not": { "tag": "canary-Zone.for" } },
      "taken": [],
      "desks": [ { "id": "H1", "at": [0, 0], "features": ["canary-Desk.features"], "note": "canary-Desk.note" },
        { "id": "H2", "at": [2, 0], "for": { "any": [ { "tag": "canary-Desk.for" }, "everyone" ] } } ] },
    { "id": "bay", "seats": 2, "taken": [ { "on": "2020-06-16", "seats": 1, "why": "canary-Taken.why" } ] } ] } ],
  "rules": [
    { "id": "door", "headcount": { "at_least": 1 }, "because": "Somebody opens the door" },
    { "id": "canary-RuleEntry.private", "headcount": { "who": { "tag": "canary-Person.tags" }, "at_least": 1 },
      "private": true, "because": "canary-RuleEntry.private because", "strength": "high" },
    { "id": "aid", "headcount": { "who": { "any": [ { "tag": "canary-Person.tags" }, { "tag": "canary-Person.tags-b" } ] }, "at_least": 2 },
      "strength": "low", "note": "canary-RuleEntry.note",
      "allow": [ { "on": "2020-06-15", "amount": 1, "because": "canary-Allow.because" } ] },
    { "wishes": {}, "strength": "medium" } ],
  "history": { "people": [ { "person": "ann", "duties": { "canary-PersonHistory.duties": 3 } } ] } }"#;

/// Nobody is in on Wednesday; Ann is in on the Tuesday for which she asked for home.
const ROSTER: &str = "person,on,place,shift,site,zone,desk,duty\n\
    ann,2020-06-15,on_site,early,hq,hall,H1,\nann,2020-06-16,on_site,early,hq,hall,H1,\nann,2020-06-17,home,,,,,\n\
    bob,2020-06-15,home,,,,,\nbob,2020-06-16,on_site,night,hq,hall,H2,\nbob,2020-06-17,off,,,,,\n\
    cat,2020-06-15,home,,,,,\ncat,2020-06-16,home,,,,,\ncat,2020-06-17,home,,,,,\n";

/// Every kind that `rota export` writes, and where it goes.
const KINDS: [(&str, &str); 10] = [
    ("xlsx", "r.xlsx"),
    ("csv", "r.csv"),
    ("html", "r.html"),
    ("svg", "r.svg"),
    ("svg", "charts"),
    ("text", "r.txt"),
    ("sign-in", "door.html"),
    ("ics", "calendars"),
    ("text", "changes.txt"),
    ("html", "large.html"),
];

/// The kinds of document parts that are rules: of them no export shows more than id, limits and counts.
fn rule_kinds(schema: &Value) -> BTreeSet<String> {
    let own = ["id", "strength", "weight", "because", "private", "review", "for_each", "allow", "note"];
    let entry = schema["$defs"]["RuleEntry"]["properties"].as_object().expect("an object");
    assert!(own.iter().all(|field| entry.contains_key(*field)));
    entry.keys().filter(|field| !own.contains(&field.as_str())).cloned().collect()
}

#[test]
fn every_field_of_a_scenario_is_decided() {
    let schema = rota(&["schema", "scenario"]).exits(0).json();
    let rules = rule_kinds(&schema);
    // What a rule's own fields refer to.
    let selectors = [
        "WhoFields",
        "WhenFields",
        "BetweenFields",
        "WhereFields",
        "Each",
        "Cycle",
        "CycleDay",
        "Listed",
        "Members",
        "Quota",
    ];
    let mut fields = BTreeSet::new();
    let mut parts: Vec<(String, &Value)> = vec![("Scenario".to_string(), &schema)];
    for (name, part) in schema["$defs"].as_object().expect("an object") {
        let is_rule = rules.contains(&snake(name));
        if !is_rule && !selectors.contains(&name.as_str()) {
            parts.push((name.clone(), part));
        }
    }
    for (name, part) in parts {
        let Some(properties) = part["properties"].as_object() else { continue };
        fields.extend(
            properties
                .keys()
                .filter(|field| name != "RuleEntry" || !rules.contains(*field))
                .map(|field| format!("{name}.{field}")),
        );
    }
    // `needed_for` is of a roster, not of a scenario; exports leave it out.
    fields.remove("Assignment.needed_for");
    let decided: Vec<&str> = [&SHARED[..], &PRIVATE, &WORDLESS, &PAST].concat();
    let set: BTreeSet<String> = decided.iter().map(ToString::to_string).collect();
    assert_eq!(set.len(), decided.len(), "each once");
    let new: Vec<&String> = fields.difference(&set).collect();
    assert!(
        new.is_empty(),
        "may these be shared? say so at the top of this test, with a canary word: {new:?}"
    );
    let gone: Vec<&String> = set.difference(&fields).collect();
    assert!(gone.is_empty(), "these are no more: {gone:?}");
    for field in PRIVATE {
        assert!(
            WEEK.contains(&format!("canary-{field}")),
            "{field} has no word in the scenario of this test"
        );
    }
}

/// `SameDesk` as `same_desk`.
fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, sign) in name.chars().enumerate() {
        if at > 0 && sign.is_uppercase() {
            snake.push('_');
        }
        snake.extend(sign.to_lowercase());
    }
    snake
}

fn folder(week: &str, roster: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("week.json"), week).expect("written");
    fs::write(folder.path().join("roster.csv"), roster).expect("written");
    let before = roster.replace("ann,2020-06-15,on_site,early,hq,hall,H1,", "ann,2020-06-15,home,,,,,");
    fs::write(folder.path().join("before.csv"), before).expect("written");
    folder
}

/// Everything that `rota export` writes, with more options: every file by its name, workbooks taken apart.
fn exported(folder: &Path, more: &[&str]) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for (kind, path) in KINDS {
        let mut args =
            vec!["export", "week.json", "roster.csv", "--today", "2020-06-12", "--to", kind, "-o", path];
        if path == "changes.txt" {
            args.extend(["--old", "before.csv"]);
        }
        if path == "large.html" {
            args.push("--large-print");
        }
        args.extend(more);
        rota_in(folder, &args).exits(0);
        contents(&folder.join(path), &mut all);
    }
    all
}

fn contents(path: &Path, all: &mut BTreeMap<String, String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            contents(&entry.expect("an entry").path(), all);
        }
        return;
    }
    let name = path.display().to_string();
    let bytes = fs::read(path).expect("reads");
    if !bytes.starts_with(b"PK") {
        all.insert(name, String::from_utf8(bytes).expect("UTF-8"));
        return;
    }
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook is a zip file");
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).expect("a part");
        let inside = part.name().expect("a name").to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).expect("XML is text");
        all.insert(format!("{name}/{inside}"), text);
    }
}

#[test]
fn no_private_word_is_in_anything_that_goes_out() {
    let made = folder(WEEK, ROSTER);
    for more in [
        &[][..],
        &["--for-team", "desk"],
        &["--for-person", "Ann Price"],
        &["--for-person", "cat"],
        &["--publish"],
    ] {
        for (name, text) in exported(made.path(), more) {
            for word in ["canary", "0.1234567", "1.2345678"] {
                assert!(!text.contains(word), "{word} in {name} {more:?}");
            }
        }
    }
    // Straight from the solver too.
    let run = rota_in(
        made.path(),
        &["solve", "week.json", "-o", "all", "--to", "xlsx,html,ics,svg,text,sign-in,csv"],
    );
    run.exits(0);
    let mut all = BTreeMap::new();
    contents(&made.path().join("all"), &mut all);
    assert!(all.len() > 12, "{:?}", all.keys());
    for (name, text) in all {
        assert!(!text.contains("canary"), "{name}");
    }
}

/// What is said of numbers of desks, of choices and of who can come instead names nobody's private words either.
#[test]
fn no_private_word_is_in_reports_and_messages() {
    let made = folder(WEEK, ROSTER);
    let run = |args: &[&str]| rota_in(made.path(), args);
    for args in [
        &["capacity", "week.json", "-o", "capacity.html"][..],
        &["size", "week.json", "--of", "hall", "-o", "size.html", "--effort", "100"],
        &["what-if", "week.json", "--attendance", "--comes", "2"],
        &["what-if", "week.json", "--grid", "door.at_least=0,1"],
        &["free", "week.json", "roster.csv", "--on", "tue", "--today", "2020-06-15"],
    ] {
        let told = run(args);
        assert!(told.code <= 1, "{args:?}: {}{}", told.out, told.err);
        assert!(!told.out.contains("canary"), "{args:?}: {}", told.out);
    }
    // Whom to ask is the manager's page; what is sent to people is not.
    let args = [
        "cover",
        "week.json",
        "asked.csv",
        "--absent",
        "bob:tue",
        "--today",
        "2020-06-15",
        "--format",
        "json",
    ];
    let asked = ROSTER.replace("ann,2020-06-16,on_site,early,hq,hall,H1,", "ann,2020-06-16,home,,,,,");
    fs::write(made.path().join("asked.csv"), asked).expect("written");
    let cover = run(&args).exits(0).json();
    let choices = cover["choices"].as_array().expect("a list");
    let messages: String = choices.iter().map(|choice| choice["messages"].to_string()).collect();
    assert!(messages.contains("Could you come in"), "{messages}");
    assert!(!messages.contains("canary"), "{messages}");
    for page in ["capacity.html", "size.html"] {
        let text = fs::read_to_string(made.path().join(page)).expect("written");
        assert!(!text.contains("canary"), "{page}");
    }
}

/// Names that do something where they are not taken as text.
const NAMES: [&str; 16] = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "]]><svg onload=alert(3)>",
    "javascript:alert(4)",
    "\u{202e}gnp.exe\u{202c}",
    "zero\u{200b}width\u{feff}",
    "bell\u{7}\u{1b}[31m",
    "two\nBEGIN:VEVENT\nlines; and, \\n more",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "Zoë 🐈 山田 <!-- rota ",
];

#[test]
fn text_from_outside_is_text_everywhere() {
    let mut week: Value = serde_json::from_str(WEEK).expect("JSON");
    for (round, names) in NAMES.chunks(4).enumerate() {
        let name = |at: usize| Value::from(names[at % names.len()]);
        week["title"] = name(0);
        for (at, person) in week["people"].as_array_mut().expect("a list").iter_mut().enumerate() {
            person["name"] = name(at + round);
            if at > 0 {
                person["team"] = name(at + 1);
            }
        }
        week["calendar"]["shifts"][0]["name"] = name(1);
        week["sites"][0]["name"] = name(2);
        week["sites"][0]["zones"][0]["name"] = name(3);
        week["sites"][0]["zones"][0]["floor"] = name(0);
        week["sites"][0]["zones"][0]["desks"][0]["name"] = name(1);
        week["rules"][0]["because"] = name(2);
        let made = folder(&week.to_string(), ROSTER);
        for (name, text) in exported(made.path(), &[]) {
            inert(&name, &text);
        }
    }
}

/// Fails where a text from outside does something in a file, or steps out of its line.
fn inert(name: &str, text: &str) {
    let ends = |kind: &str| Path::new(name).extension().is_some_and(|ending| ending == kind);
    assert!(
        !text.contains(['\u{202e}', '\u{202c}', '\u{7}', '\u{1b}']),
        "{name}: marks that turn, ring or colour"
    );
    if ends("html") || ends("svg") {
        let scripts = usize::from(Path::new(name).ends_with("r.html") || name.ends_with("large.html"));
        assert_eq!(text.matches("<script").count(), scripts, "{name}");
        for mark in ["<img", "<svg onload", "alert(2)>", "href=\"javascript", "]]><"] {
            assert!(!text.contains(mark), "{mark} in {name}");
        }
        if ends("html") {
            assert_eq!(text.matches("<!-- rota ").count(), 1, "{name}: one hash");
        }
    }
    if name.contains(".xlsx/xl/worksheets") {
        assert!(!text.contains("<f>") && !text.contains("<f "), "{name}: a formula");
    }
    if name.contains(".xlsx/") && (ends("xml") || ends("rels")) {
        let is_xml = |sign: char| !sign.is_control() || "\n\r\t".contains(sign);
        assert!(text.chars().all(is_xml), "{name}: signs that XML cannot have");
        assert!(!text.contains("<script") && !text.contains("<img"), "{name}");
    }
    if ends("csv") {
        for field in text.lines().flat_map(|line| line.split(',')) {
            let field = field.trim_matches('"');
            assert!(!field.starts_with(['=', '+', '@', '\t', '\r']), "{name}: {field}");
            assert!(!field.starts_with('-') || field.len() == 1, "{name}: {field}");
        }
    }
    if ends("ics") {
        let events = text.matches("\r\nBEGIN:VEVENT\r\n").count();
        assert_eq!(text.matches("\r\nUID:").count(), events, "{name}: an event that was typed in");
        for line in text.split("\r\n") {
            assert!(!line.contains(['\r', '\n']), "{name}: {line}");
            let known = [
                "BEGIN:",
                "END:",
                "VERSION:",
                "PRODID:",
                "CALSCALE:",
                "METHOD:",
                "X-WR-CALNAME:",
                "TZ",
                "DT",
                "UID:",
                "SEQUENCE:",
                "SUMMARY:",
                "LOCATION:",
                "TRANSP:",
                "STATUS:",
                " ",
            ];
            assert!(line.is_empty() || known.iter().any(|start| line.starts_with(start)), "{name}: {line}");
        }
    }
}

/// Very long names, ids of the most signs, and names of teams that no file can have.
#[test]
fn long_names_and_names_of_files_are_harmless() {
    let mut week: Value = serde_json::from_str(WEEK).expect("JSON");
    let long = format!("Long {}", "name ".repeat(1000));
    let id = "x".repeat(64);
    week["people"][0]["name"] = long.clone().into();
    week["people"][1]["id"] = id.clone().into();
    week["title"] = long.clone().into();
    let teams = ["../../etc/passwd", "CON", "a/b."];
    for (person, team) in week["people"].as_array_mut().expect("a list").iter_mut().zip(teams) {
        person["team"] = team.into();
    }
    week["sites"][0]["zones"][0]["name"] = long.into();
    let made = folder(&week.to_string(), &ROSTER.replace("bob,", &format!("{id},")));
    exported(made.path(), &[]);
    let mut names: Vec<String> = fs::read_dir(made.path().join("calendars/teams"))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["_.._etc_passwd.ics", "_CON.ics", "a_b.ics"]);
    let mut shown: Vec<String> = fs::read_dir(made.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    shown.sort();
    assert_eq!(shown.len(), KINDS.len() + 3, "nothing is written elsewhere: {shown:?}");
    let person = fs::read_dir(made.path().join("calendars/people")).expect("a folder").count();
    assert_eq!(person, 3);
}
