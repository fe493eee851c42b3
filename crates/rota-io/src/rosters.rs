//! Rosters that somebody made: a roster document, or a table with one line per person and day.

use crate::files::read_text;
use rota_core::finding::Finding;
use rota_core::positions::Positions;
use rota_core::typed::Assignment;
use rota_core::{Roster, Site};
use serde_json::value::RawValue;
use std::collections::HashMap;

/// Reads a roster file (`.json` or `.csv`) against a scenario. The findings say what could not be read.
pub fn read_roster(path: &str, site: &Site) -> Result<Roster, Vec<Finding>> {
    let text = read_text(path).map_err(|what| vec![file_problem(path, what)])?;
    let (assignments, mut findings) = read_assignments(path, &text);
    let (roster, meaning) = Roster::read(site, &assignments);
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

fn is_table(path: &str) -> bool {
    path.to_lowercase().ends_with(".csv")
}

fn place(path: &str, text: &str, findings: &mut [Finding]) {
    if is_table(path) {
        for finding in findings {
            finding.file = Some(path.to_string());
            let row = finding.pointer.as_deref().and_then(|pointer| pointer.split('/').nth(2)?.parse::<u32>().ok());
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
        finding.column = Some(if first { column + problem.column() as u32 - 1 } else { problem.column() as u32 });
        finding.file = Some(path.to_string());
        finding.help("see `rota schema roster`")
    };
    let members: HashMap<String, &RawValue> = match serde_json::from_str(text) {
        Ok(members) => members,
        Err(problem) => {
            return (Vec::new(), vec![error(format!("this is not a roster document: {}", bare(&problem)), &problem, 0)])
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

fn bare(problem: &serde_json::Error) -> String {
    let full = problem.to_string();
    full.rfind(" at line ").map_or(full.clone(), |cut| full[..cut].to_string())
}

/// A table with the columns person, on, place and, where known, shift, site, zone, desk, duty.
fn read_table(path: &str, text: &str) -> (Vec<Assignment>, Vec<Finding>) {
    const KNOWN: [&str; 8] = ["person", "on", "place", "shift", "site", "zone", "desk", "duty"];
    let mut findings = Vec::new();
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let error = |code: &str, line: u64, message: String, help: &str| {
        let mut finding = Finding::error(code, "", message).help(help);
        finding.pointer = None;
        finding.file = Some(path.to_string());
        finding.line = Some(line as u32);
        finding.column = Some(1);
        finding
    };
    let headers: Vec<String> = match reader.headers() {
        Ok(headers) => headers.iter().map(|name| name.trim_start_matches('\u{feff}').to_lowercase()).collect(),
        Err(problem) => {
            return (Vec::new(), vec![error("table.shape", 1, problem.to_string(), "save the table as CSV, UTF-8")])
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
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(problem) => {
                let line = problem.position().map_or(1, csv::Position::line);
                findings.push(error("table.shape", line, problem.to_string(), "correct the quotes on this line"));
                continue;
            }
        };
        let line = record.position().map_or(1, csv::Position::line);
        let mut fields = serde_json::Map::new();
        for (name, value) in headers.iter().zip(record.iter()) {
            if KNOWN.contains(&name.as_str()) && !value.is_empty() {
                fields.insert(name.clone(), serde_json::Value::from(value));
            }
        }
        match serde_json::from_value(serde_json::Value::Object(fields)) {
            Ok(assignment) => assignments.push(assignment),
            Err(problem) => {
                let help = "place is on_site, home or off; on is a date like 2020-06-15";
                findings.push(error("table.row", line, bare(&problem), help));
            }
        }
    }
    (assignments, findings)
}

/// A finding for a file that cannot be read at all.
pub fn file_problem(path: &str, what: String) -> Finding {
    let mut finding = Finding::error("file.read", "", what).help("check the name and that the file may be read");
    finding.pointer = None;
    finding.file = Some(path.to_string());
    finding
}
