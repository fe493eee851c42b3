//! Rosters that somebody made: a roster document, or a table with one line per person and day.

use crate::document::{Of, RuleCost, SolveDocument, FORMAT};
use crate::files::read_text;
use crate::roster_sheet::{exactly, is_workbook, read_sheet};
use crate::table::{at_line, lines, Kind, Row, Table};
use rota_core::finding::{nearest, pointer_part, Finding};
use rota_core::positions::Positions;
use rota_core::reading::{Gaps, Reader};
use rota_core::typed::Assignment;
use rota_core::{Date, Place, Roster, Site};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

/// Reads a roster file (`.json`, `.csv` or `.xlsx`) against a scenario. The findings say what could not be read.
pub fn read_roster(path: &str, site: &Site) -> Result<Roster, Vec<Finding>> {
    let text = roster_text(path)?;
    roster_of(path, &text, site).map_err(|mut findings| {
        exactly(path, &mut findings);
        findings
    })
}

/// The same of a text that was read before: a document, or a table where the name `path` ends in `.csv`.
pub fn roster_of(path: &str, text: &str, site: &Site) -> Result<Roster, Vec<Finding>> {
    if let Some(other) = of_other_days(text, site) {
        let mut finding =
            Finding::error("roster.other_days", "/of", other).help("name the scenario it was made from");
        Positions::new(text).place(path, std::slice::from_mut(&mut finding));
        return Err(vec![finding]);
    }
    let mut read = read(path, text);
    let (roster, mut meaning) = Roster::read(site, &read.assignments, &read.cohorts);
    if is_table(path) {
        for finding in &mut meaning {
            read.place_in_table(path, finding);
        }
    } else {
        for finding in &mut meaning {
            finding.pointer = finding.pointer.as_ref().map(|pointer| read.gaps.original(pointer));
            finding.message = read.gaps.original_words(&finding.message);
        }
        // What was left out of is not spoken of twice.
        meaning.retain(|finding| !read.gaps.touch(finding.pointer.as_deref().unwrap_or("")));
        Positions::new(text).place(path, &mut meaning);
    }
    read.findings.extend(meaning);
    read.findings.sort_by_key(|finding| (finding.line, finding.column));
    if read.findings.iter().any(Finding::is_error) {
        return Err(read.findings);
    }
    Ok(roster)
}

/// What to say when a roster document names other days than the scenario.
fn of_other_days(text: &str, site: &Site) -> Option<String> {
    let of = of(text)?;
    let calendar = &site.calendar;
    (of.from > calendar.to || of.to < calendar.from).then(|| {
        format!(
            "this roster is for {} to {}, and the scenario for {} to {}",
            of.from.spoken(),
            of.to.spoken(),
            calendar.from.spoken(),
            calendar.to.spoken()
        )
    })
}

/// Of which scenario a roster document says it is.
pub fn of(text: &str) -> Option<Of> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let members: HashMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    serde_json::from_str(members.get("of")?.get()).ok()
}

/// What a roster document records of how it was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Of which scenario.
    pub of: Of,
    /// How good the search was; none when it does not say.
    pub status: Option<String>,
    /// How it was found; none when it does not say.
    pub solve: Option<SolveDocument>,
    /// What it cost by each rule.
    pub rules: Vec<RuleCost>,
}

fn part<T: serde::de::DeserializeOwned>(members: &HashMap<String, &RawValue>, name: &str) -> Option<T> {
    serde_json::from_str(members.get(name)?.get()).ok()
}

/// What a roster document records of how it was made; none for a table, or where it does not say of what it is.
pub fn record(text: &str) -> Option<Record> {
    let of = of(text)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let members: HashMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    Some(Record {
        of,
        status: part(&members, "status"),
        solve: part(&members, "solve"),
        rules: part(&members, "rules").unwrap_or_default(),
    })
}

/// Whether a roster of this name is a table: `.csv`, or the sheet of a workbook.
pub fn is_table(path: &str) -> bool {
    path.to_lowercase().ends_with(".csv") || is_workbook(path)
}

/// The text of a roster file; of a workbook, its sheet "Roster" as a table, each row on the line of its number.
pub fn roster_text(path: &str) -> Result<String, Vec<Finding>> {
    if is_workbook(path) {
        return read_sheet(path);
    }
    read_text(path).map_err(|what| vec![file_problem(path, what)])
}

/// Fills in file and line of findings about a roster file that was read without a mistake.
pub(crate) fn place(path: &str, text: &str, findings: &mut [Finding]) {
    if is_table(path) {
        let read = Read { lines: lines(text), ..Read::default() };
        for finding in findings.iter_mut() {
            read.place_in_table(path, finding);
        }
        exactly(path, findings);
    } else {
        Positions::new(text).place(path, findings);
    }
}

/// Reads the assignments of a roster file. With a mistake in them there are none: places in a list that was read
/// in part would name the wrong lines.
pub fn read_assignments(path: &str, text: &str) -> (Vec<Assignment>, Vec<Finding>) {
    let mut read = read(path, text);
    if read.findings.iter().any(Finding::is_error) {
        read.assignments.clear();
    }
    exactly(path, &mut read.findings);
    (read.assignments, read.findings)
}

/// A roster as its file has it, with ids instead of people and days instead of places in a calendar.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Named {
    /// Every person-day that the file names.
    pub assignments: Vec<Assignment>,
    /// The cohort of people, by id.
    pub cohorts: BTreeMap<String, String>,
    /// Of which scenario it says it is; a table does not say.
    pub of: Option<Of>,
}

/// Reads a roster file (`.json` or `.csv`) without a scenario: names and days are not looked up.
pub fn read_named(path: &str) -> Result<Named, Vec<Finding>> {
    let text = roster_text(path)?;
    let mut read = read(path, &text);
    if read.findings.iter().any(Finding::is_error) {
        exactly(path, &mut read.findings);
        return Err(read.findings);
    }
    let mut seen: HashMap<(&str, Date), usize> = HashMap::new();
    let mut twice: Vec<Finding> = Vec::new();
    for (at, one) in read.assignments.iter().enumerate() {
        if let Some(first) = seen.insert((one.person.as_str(), one.on), at) {
            let message = format!("`{}` is in assignments[{first}] on the same day", one.person);
            let pointer = format!("/assignments/{at}");
            twice.push(Finding::error("roster.twice", pointer, message).help("keep one of the two"));
        }
    }
    if twice.is_empty() {
        let of = if is_table(path) { None } else { of(&text) };
        return Ok(Named { assignments: read.assignments, cohorts: read.cohorts, of });
    }
    place(path, &text, &mut twice);
    Err(twice)
}

/// What could be read of a roster file.
#[derive(Default)]
struct Read {
    assignments: Vec<Assignment>,
    /// The cohort of people, by id.
    cohorts: BTreeMap<String, String>,
    /// What could not be read.
    findings: Vec<Finding>,
    /// What was left out of a document.
    gaps: Gaps,
    /// The line of each assignment of a table.
    lines: Vec<u32>,
    /// The first line of a table that names the cohort, by the person's id.
    cohort_lines: BTreeMap<String, u32>,
}

impl Read {
    /// Puts a finding about the list on its line of the table.
    fn place_in_table(&self, path: &str, finding: &mut Finding) {
        let line_of = |at: &str| at.parse::<usize>().ok().and_then(|at| self.lines.get(at).copied());
        let pointer = finding.pointer.take().unwrap_or_default();
        let mut parts = pointer.split('/').skip(1);
        let line = match (parts.next(), parts.next()) {
            (Some("assignments"), Some(at)) => line_of(at),
            (Some("assignments"), None) => line_of("0"),
            (Some("cohorts"), Some(person)) => {
                let named = self.cohort_lines.iter().find(|(id, _)| pointer_part(id) == person);
                named.map(|(_, line)| *line)
            }
            _ => None,
        };
        at_line(finding, path, line);
        // `assignments[3]` is no place in a table.
        if let Some((before, rest)) = finding.message.split_once("in assignments[") {
            if let Some((line, after)) =
                rest.split_once(']').and_then(|(at, after)| Some((line_of(at)?, after)))
            {
                finding.message = format!("{before}on line {line}{after}");
            }
        }
    }
}

fn read(path: &str, text: &str) -> Read {
    if is_table(path) {
        return read_table(path, text);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::new(text);
    let (assignments, cohorts) = read_document(&mut reader).unwrap_or_default();
    let (mut findings, gaps) = reader.finish();
    for finding in &mut findings {
        finding.file = Some(path.to_string());
        finding.help = finding.help.take().map(|help| match finding.code.as_str() {
            "json.empty" => "write a roster into it: rota solve week.json -o roster.json".to_string(),
            _ => help.replace("`rota schema`", "`rota schema roster`"),
        });
    }
    Read { assignments, cohorts, findings, gaps, ..Read::default() }
}

/// The assignments and the cohorts of a roster document; what else it holds is not needed to know the roster.
fn read_document(reader: &mut Reader<'_>) -> Option<(Vec<Assignment>, BTreeMap<String, String>)> {
    let members = reader.document()?;
    let known = ["roster", "assignments", "cohorts"];
    let mut parts: HashMap<&str, &RawValue> = HashMap::new();
    for (name, raw) in &members {
        if parts.insert(name, raw).is_some() && known.contains(&name.as_str()) {
            let message = format!("the field `{name}` is there twice");
            let finding =
                Finding::error("field.duplicate", format!("/{name}"), message).help("keep one of the two");
            reader.report_name(finding, "", name);
        }
    }
    let begins = format!("a roster document begins with \"roster\": {FORMAT}");
    match parts.get("roster").map(|raw| raw.get()) {
        Some(format) if format.parse() == Ok(FORMAT) => {}
        Some(format) if format.parse::<u32>().is_ok() => {
            let message =
                format!("this is a roster of format {format}, and this version reads format {FORMAT}");
            reader.report(Finding::error("roster.format", "/roster", message).help(begins));
            return None;
        }
        Some(_) => {
            let message = format!("this is not a roster of format {FORMAT}");
            reader.report(Finding::error("roster.format", "/roster", message).help(begins));
            return None;
        }
        None if parts.contains_key("scenario") => {
            let message = "this is a scenario, not a roster";
            let finding = Finding::error("roster.is_scenario", "/scenario", message)
                .help("make a roster of it: rota solve week.json -o roster.json");
            reader.report(finding);
            return None;
        }
        None => {
            let message = format!("this is not a roster of format {FORMAT}: it has no `roster`");
            reader.report(Finding::error("roster.format", "", message).help(begins));
            return None;
        }
    }
    let Some(list) = parts.get("assignments") else {
        let place = if parts.contains_key("status") { "/status" } else { "" };
        let finding = Finding::error("roster.empty", place, "this roster has no `assignments`")
            .help("a document with the status impossible or unknown holds no roster");
        reader.report(finding);
        return None;
    };
    let assignments = reader.items(Some(*list), "/assignments");
    let cohorts = parts.get("cohorts").and_then(|raw| reader.item(raw, "/cohorts"));
    Some((assignments, cohorts.unwrap_or_default()))
}

const TABLE: Kind = Kind {
    code: "table",
    known: &["person", "on", "place", "shift", "site", "zone", "desk", "duty", "cohort"],
    needed: 3,
    full: false,
    others: false,
    example: "amy,2020-06-15,home",
};

/// A table with the columns person, on, place and, where known, shift, site, zone, desk, duty, cohort.
fn read_table(path: &str, text: &str) -> Read {
    let mut table = match Table::read(&TABLE, path, text) {
        Ok(table) => table,
        Err(findings) => return Read { findings, ..Read::default() },
    };
    let mut read = Read { findings: std::mem::take(&mut table.findings), ..Read::default() };
    for row in &table.rows {
        if let (Some(person), Some(cohort)) = (table.value(row, "person"), table.value(row, "cohort")) {
            let first = *read.cohort_lines.entry(person.to_string()).or_insert(row.line);
            let named = read.cohorts.entry(person.to_string()).or_insert_with(|| cohort.to_string());
            if named != cohort {
                let message =
                    format!("`{person}` is in cohort {cohort} here, and in {named} on line {first}");
                let finding = TABLE.mistake("cohort", path, row.line, message);
                read.findings
                    .push(finding.help("a person is in one cohort; name it on every line, or on one"));
            }
        }
        if let Some(assignment) = read_row(&table, row, path, &mut read.findings) {
            read.assignments.push(assignment);
            read.lines.push(row.line);
        }
    }
    read.findings.sort_by_key(|finding| finding.line);
    read
}

fn read_row(table: &Table, row: &Row, path: &str, findings: &mut Vec<Finding>) -> Option<Assignment> {
    let mut problem = |message: String, help: String| {
        findings.push(TABLE.mistake("row", path, row.line, message).help(help));
    };
    for needed in &TABLE.known[..TABLE.needed] {
        if table.value(row, needed).is_none() {
            problem(format!("there is no `{needed}` on this line"), format!("add the `{needed}`"));
        }
    }
    let on = table.value(row, "on").and_then(|text| {
        Date::parse(text)
            .map_err(|wrong| {
                let (message, help) =
                    wrong.split_once("; ").unwrap_or((&wrong, "correct the day or the month"));
                problem(message.to_string(), help.to_string());
            })
            .ok()
    });
    let place = table.value(row, "place").and_then(|text| {
        const PLACES: [(&str, Place); 3] =
            [("on_site", Place::OnSite), ("home", Place::Home), ("off", Place::Off)];
        // `On site` and `HOME` are as good as `on_site` and `home`.
        let name = text.to_lowercase().replace([' ', '-'], "_");
        let found = PLACES.into_iter().find(|(known, _)| *known == name).map(|(_, place)| place);
        if found.is_none() {
            let near = nearest(&name, PLACES.into_iter().map(|(known, _)| known));
            let help = near.map_or_else(
                || "write on_site, home or off".to_string(),
                |near| format!("did you mean `{near}`?"),
            );
            problem(format!("`{text}` is not a place"), help);
        }
        found
    });
    let text = |name: &str| table.value(row, name).map(str::to_string);
    Some(Assignment {
        person: text("person")?,
        on: on?,
        place: place?,
        shift: text("shift"),
        site: text("site"),
        zone: text("zone"),
        desk: text("desk"),
        duty: text("duty"),
        needed_for: None,
    })
}

/// A finding for a file that cannot be read at all.
pub fn file_problem(path: &str, what: String) -> Finding {
    let help = if what.contains("is not UTF-8 text") {
        "save it again: in Excel as `CSV UTF-8`, elsewhere as text in UTF-8; or as a workbook, .xlsx"
    } else if what.contains("is a workbook or zip file") {
        "save the sheet as `CSV UTF-8` and give that file"
    } else if what.contains("is larger than") {
        "no document is as long as that; check the name"
    } else {
        "check the name and that the file may be read"
    };
    let mut finding = Finding::error("file.read", "", what).help(help).without_pointer();
    finding.file = Some(path.to_string());
    finding
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(path: &str, text: &str) -> Vec<String> {
        let read = read(path, text);
        let told = |finding: Finding| {
            let line = finding.line.expect("a line");
            let pointer = finding.pointer.unwrap_or_default();
            assert!(finding.help.is_some(), "{}", finding.message);
            format!("{line} {} {pointer}: {}", finding.code, finding.message)
        };
        read.findings.into_iter().map(told).collect()
    }

    #[test]
    fn every_mistake_of_a_document_is_told_at_its_field() {
        let text = r#"{
  "roster": 1,
  "assignments": [
    { "person": "amy", "on": "2020-06-15", "place": "moon" },
    { "person": 3, "on": "2020-06-31", "place": "home" },
    { "person": "amy", "on": "2020-06-16", "place": "home", "shfit": "early" },
    [],
    { "person": "amy", "place": "home" },
    { "person": "amy", "on": "2020-06-17", "place": "off" }
  ],
  "cohorts": { "amy": 3, "ben": "B" }
}"#;
        assert_eq!(
            told("roster.json", text),
            [
                "4 field.value /assignments/0/place: `moon` is not known here",
                "5 field.type /assignments/1/person: this is the number 3, and should be a text in quotes",
                "5 date.impossible /assignments/1/on: there is no 2020-06-31 in the calendar",
                "6 field.unknown /assignments/2/shfit: unknown field `shfit`",
                "7 field.type /assignments/3: this is a list [...], and should be an object {...}",
                "8 field.missing /assignments/4: the field `on` is missing",
                "11 field.type /cohorts/amy: this is the number 3, and should be a text in quotes",
            ]
        );
        let read = read("roster.json", text);
        assert_eq!(read.assignments.len(), 2);
        assert_eq!(read.gaps.original("/assignments/1/person"), "/assignments/5/person");
        assert_eq!(read.cohorts, BTreeMap::from([("ben".to_string(), "B".to_string())]));
        assert!(read_assignments("roster.json", text).0.is_empty());
    }

    #[test]
    fn what_is_no_roster_is_told_with_its_line() {
        let one = |text: &str| told("roster.json", text).join("; ");
        assert_eq!(one(""), "1 json.empty : this file is empty");
        assert_eq!(one("{\n \"roster\": 1,"), "2 json.syntax : the text ends too early");
        assert_eq!(one("\n[1]"), "2 field.type : this is a list [...], and should be an object");
        assert_eq!(
            one("{\n\"roster\": 2 }"),
            "2 roster.format /roster: this is a roster of format 2, and this version reads format 1"
        );
        assert_eq!(one("{}"), "1 roster.format : this is not a roster of format 1: it has no `roster`");
        assert_eq!(
            one("{\n\"scenario\": 1 }"),
            "2 roster.is_scenario /scenario: this is a scenario, not a roster"
        );
        assert_eq!(
            one("{ \"roster\": 1,\n\"status\": \"impossible\" }"),
            "2 roster.empty /status: this roster has no `assignments`"
        );
        assert_eq!(
            one("{ \"roster\": 1,\n\"assignments\": {} }"),
            "2 field.type /assignments: this is an object {...}, and should be a list [...]"
        );
        assert_eq!(
            one("{ \"roster\": 1, \"assignments\": [],\n\"cohorts\": [] }"),
            "2 field.type /cohorts: this is a list [...], and should be an object {...}"
        );
    }

    #[test]
    fn a_table_names_cohorts() {
        let text = "cohort,person,on,place\nA,amy,2020-06-15,On site\n\n,amy,2020-06-16,home\n\
                    B,ben,2020-06-15,off\n";
        let read = read("roster.csv", text);
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        assert_eq!(read.lines, [2, 4, 5]);
        let cohorts = [("amy", "A"), ("ben", "B")].map(|(id, name)| (id.to_string(), name.to_string()));
        assert_eq!(read.cohorts, BTreeMap::from(cohorts));
        let mut finding = Finding::error("x.y", "/cohorts/ben", "`ben` is in assignments[1] and here");
        read.place_in_table("roster.csv", &mut finding);
        assert_eq!((finding.line, finding.message.as_str()), (Some(5), "`ben` is on line 4 and here"));
    }

    #[test]
    fn every_mistake_of_a_table_is_told_on_its_line() {
        let text = "person,on,place,cohort\namy,2020-06-15,hom,A\n\namy,2020-06-31,home,B\n,15/6/2020,,\n";
        assert_eq!(
            told("roster.csv", text),
            [
                "2 table.row : `hom` is not a place",
                "4 table.cohort : `amy` is in cohort B here, and in A on line 2",
                "4 table.row : there is no 2020-06-31 in the calendar",
                "5 table.row : there is no `person` on this line",
                "5 table.row : there is no `place` on this line",
                "5 table.row : `15/6/2020` is not a date",
            ]
        );
        assert_eq!(
            told("roster.csv", "person,on,place,shfit\n"),
            ["1 table.column : unknown column `shfit`"]
        );
    }
}
