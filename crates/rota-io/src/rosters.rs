//! Rosters that somebody made: a roster document, or a table with one line per person and day.

use crate::document::Of;
use crate::files::read_text;
use rota_core::finding::Finding;
use rota_core::positions::Positions;
use rota_core::typed::Assignment;
use rota_core::{Roster, Site};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

/// Reads a roster file (`.json` or `.csv`) against a scenario. The findings say what could not be read.
pub fn read_roster(path: &str, site: &Site) -> Result<Roster, Vec<Finding>> {
    let text = read_text(path).map_err(|what| vec![file_problem(path, what)])?;
    if let Some(other) = of_other_days(&text, site) {
        let mut finding =
            Finding::error("roster.other_days", "/of", other).help("name the scenario it was made from");
        finding.file = Some(path.to_string());
        return Err(vec![finding]);
    }
    let (assignments, mut findings) = read_assignments(path, &text);
    let (roster, meaning) = Roster::read(site, &assignments, &read_cohorts(path, &text, &mut findings));
    // Pointers into a list that was read only in part would name the wrong lines.
    if findings.is_empty() {
        findings = meaning;
        place(path, &text, &mut findings);
    }
    if findings.iter().any(Finding::is_error) {
        return Err(findings);
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
    let members: HashMap<String, &RawValue> = serde_json::from_str(text).ok()?;
    serde_json::from_str(members.get("of")?.get()).ok()
}

fn is_table(path: &str) -> bool {
    path.to_lowercase().ends_with(".csv")
}

/// Fills in file and line of findings about a roster file.
pub(crate) fn place(path: &str, text: &str, findings: &mut [Finding]) {
    if is_table(path) {
        for finding in findings {
            finding.file = Some(path.to_string());
            let row =
                finding.pointer.as_deref().and_then(|pointer| pointer.split('/').nth(2)?.parse::<u32>().ok());
            finding.line = row.map(|row| row + 2);
        }
    } else {
        Positions::new(text).place(path, findings);
    }
}

/// Reads the assignments of a roster file, each by itself.
pub fn read_assignments(path: &str, text: &str) -> (Vec<Assignment>, Vec<Finding>) {
    if is_table(path) {
        return read_table(path, text);
    }
    let mut findings = Vec::new();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let error = |message: String, problem: &serde_json::Error, start: usize| {
        let positions = Positions::new(text);
        let inside = positions.offset(1, 1) + start;
        let (line, column) = positions.line_column(inside);
        let mut finding = Finding::error("roster.shape", "", message);
        let first = problem.line() <= 1;
        finding.line = Some(line + problem.line().max(1) as u32 - 1);
        finding.column =
            Some(if first { column + problem.column() as u32 - 1 } else { problem.column() as u32 });
        finding.file = Some(path.to_string());
        finding.help("see `rota schema roster`")
    };
    let members: HashMap<String, &RawValue> = match serde_json::from_str(text) {
        Ok(members) => members,
        Err(problem) => {
            return (
                Vec::new(),
                vec![error(format!("this is not a roster document: {}", bare(&problem)), &problem, 0)],
            )
        }
    };
    let format = members.get("roster").and_then(|raw| raw.get().parse::<u32>().ok());
    if format != Some(crate::document::FORMAT) {
        let mut finding = Finding::error("roster.format", "/roster", "this is not a roster of format 1")
            .help("a roster document begins with \"roster\": 1");
        finding.file = Some(path.to_string());
        return (Vec::new(), vec![finding]);
    }
    let Some(list) = members.get("assignments") else {
        let mut finding = Finding::error("roster.empty", "", "this roster has no `assignments`")
            .help("a document with the status impossible or unknown holds no roster");
        finding.file = Some(path.to_string());
        return (Vec::new(), vec![finding]);
    };
    let offset = |raw: &RawValue| raw.get().as_ptr() as usize - text.as_ptr() as usize;
    let list: Vec<&RawValue> = match serde_json::from_str(list.get()) {
        Ok(list) => list,
        Err(problem) => return (Vec::new(), vec![error(bare(&problem), &problem, offset(list))]),
    };
    let mut assignments = Vec::with_capacity(list.len());
    for (at, raw) in list.into_iter().enumerate() {
        match serde_json::from_str(raw.get()) {
            Ok(assignment) => assignments.push(assignment),
            Err(problem) => {
                let mut finding = error(bare(&problem), &problem, offset(raw));
                finding.pointer = Some(format!("/assignments/{at}"));
                findings.push(finding);
            }
        }
    }
    (assignments, findings)
}

/// The cohorts that a roster document names, by person; a table names none.
fn read_cohorts(path: &str, text: &str, findings: &mut Vec<Finding>) -> BTreeMap<String, String> {
    if is_table(path) || !findings.is_empty() {
        return BTreeMap::new();
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let members: HashMap<String, &RawValue> = serde_json::from_str(text).unwrap_or_default();
    let Some(raw) = members.get("cohorts") else { return BTreeMap::new() };
    serde_json::from_str(raw.get()).unwrap_or_else(|problem| {
        let mut finding =
            Finding::error("roster.shape", "/cohorts", bare(&problem)).help("see `rota schema roster`");
        Positions::new(text).place(path, std::slice::from_mut(&mut finding));
        findings.push(finding);
        BTreeMap::new()
    })
}

fn bare(problem: &serde_json::Error) -> String {
    let full = problem.to_string();
    full.rfind(" at line ").map_or(full.clone(), |cut| full[..cut].to_string())
}

/// A table with the columns person, on, place and, where known, shift, site, zone, desk, duty.
fn read_table(path: &str, text: &str) -> (Vec<Assignment>, Vec<Finding>) {
    const KNOWN: [&str; 8] = ["person", "on", "place", "shift", "site", "zone", "desk", "duty"];
    let mut findings = Vec::new();
    // Spreadsheets write semicolons where the comma is the decimal mark.
    let first = text.lines().next().unwrap_or("");
    let delimiter = if first.contains(';') && !first.contains(',') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let error = |code: &str, line: u64, message: String, help: &str| {
        let mut finding = Finding::error(code, "", message).help(help);
        finding.pointer = None;
        finding.file = Some(path.to_string());
        finding.line = Some(line as u32);
        finding.column = Some(1);
        finding
    };
    let headers: Vec<String> = match reader.headers() {
        Ok(headers) => {
            headers.iter().map(|name| name.trim_start_matches('\u{feff}').to_lowercase()).collect()
        }
        Err(problem) => {
            return (
                Vec::new(),
                vec![error("table.shape", 1, problem.to_string(), "save the table as CSV, UTF-8")],
            )
        }
    };
    for needed in &KNOWN[..3] {
        if !headers.iter().any(|name| name == needed) {
            let help = "the first line names the columns: person,on,place,shift,site,zone,desk";
            findings.push(error("table.column", 1, format!("there is no column `{needed}`"), help));
        }
    }
    if !findings.is_empty() {
        return (Vec::new(), findings);
    }
    let mut assignments = Vec::new();
    for (at, record) in reader.records().enumerate() {
        // The first line names the columns.
        let line = at as u64 + 2;
        let record = match record {
            Ok(record) => record,
            Err(problem) => {
                findings.push(error(
                    "table.shape",
                    line,
                    problem.to_string(),
                    "correct the quotes on this line",
                ));
                continue;
            }
        };
        let mut fields = serde_json::Map::new();
        for (name, value) in headers.iter().zip(record.iter()) {
            if KNOWN.contains(&name.as_str()) && !value.is_empty() {
                // `On site` and `HOME` are as good as `on_site` and `home`.
                let value = if name == "place" {
                    value.to_lowercase().replace([' ', '-'], "_")
                } else {
                    value.to_string()
                };
                fields.insert(name.clone(), serde_json::Value::from(value));
            }
        }
        match serde_json::from_value(serde_json::Value::Object(fields)) {
            Ok(assignment) => assignments.push(assignment),
            Err(problem) => {
                let help = "write dates like 2020-06-15, and on_site, home or off as the place";
                findings.push(error(
                    "table.row",
                    line,
                    bare(&problem).replace("unknown variant", "unknown place"),
                    help,
                ));
            }
        }
    }
    (assignments, findings)
}

/// A finding for a file that cannot be read at all.
pub fn file_problem(path: &str, what: String) -> Finding {
    let mut finding =
        Finding::error("file.read", "", what).help("check the name and that the file may be read");
    finding.pointer = None;
    finding.file = Some(path.to_string());
    finding
}
