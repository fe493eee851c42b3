//! A scenario and the documents beside it, read and checked, with every mistake said.

use crate::args::{Beside, Format, Look};
use crate::lines;
use crate::output::{json, print, say};
use crate::quoted::quoted;
use crate::render::findings;
use crate::{Exit, MISTAKE};
use rota_core::finding::{Finding, FindingLevel};
use rota_core::positions::Positions;
use rota_io::files::read_text;
use rota_io::rosters::{file_problem, read_assignments, roster_text};
use rota_io::workbook::places::Places;
use rota_io::workbook::{folder, is_workbook};
use rota_io::FindingsDocument;
use rota_rules::Scenario;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::path::Path;

/// A scenario that has no mistakes.
pub struct Loaded {
    /// As typed, checked and indexed; the document of a workbook is the scenario in it as JSON.
    pub scenario: rota_face::Scenario,
    /// Where in a workbook everything stands.
    places: Option<Places>,
}

impl Loaded {
    /// Puts findings with pointers at their places in the file read.
    pub fn place(&self, path: &str, findings: &mut [Finding]) {
        match &self.places {
            Some(places) => places.place(findings),
            None => Positions::new(&self.scenario.document).place(path, findings),
        }
    }
}

/// Reads a scenario with what is given beside it; with mistakes, all of them.
pub fn load(path: &str, beside: &Beside) -> Result<Loaded, Vec<Finding>> {
    load_given(path, None, beside)
}

/// The same, of a scenario whose text was read already.
pub fn load_given(path: &str, given: Option<String>, beside: &Beside) -> Result<Loaded, Vec<Finding>> {
    let mut book = if rota_io::workbook::is_book(path) { Some(rota_io::workbook::read(path)?) } else { None };
    if book.is_none() && path.to_lowercase().ends_with(".csv") {
        let mut finding = Finding::error("scenario.is_table", "", "this is a table, not a scenario")
            .help(format!("a list of staff becomes a scenario: rota import {} -o team.xlsx", quoted(path)))
            .without_pointer();
        finding.file = Some(path.to_string());
        return Err(vec![finding]);
    }
    let text = match (&book, given) {
        (Some(book), _) => book.text.clone(),
        (None, Some(text)) => text,
        (None, None) => read_text(path).map_err(|what| vec![file_problem(path, what)])?,
    };
    let mut outside: Vec<Finding> = Vec::new();
    let mut sources: Vec<(&str, String, String)> = Vec::new();
    let mut read = Scenario::read(&text);
    if let Some(book) = &mut book {
        book.settle(&mut read);
    }
    let places = book.map(|book| book.places);
    if !read.findings.is_empty() && is_roster(&text) {
        let mut finding = Finding::error("scenario.is_roster", "", "this is a roster, not a scenario")
            .help("the scenario comes first: rota check week.json roster.json")
            .without_pointer();
        finding.file = Some(path.to_string());
        return Err(vec![finding]);
    }
    if let Some(scenario) = &mut read.scenario {
        if let Some(file) = &beside.history {
            match read_text(file) {
                Ok(text) => {
                    let (history, mut found) = Scenario::read_history(&text);
                    Positions::new(&text).place(file, &mut found);
                    outside.extend(found);
                    scenario.history = history;
                    sources.push(("/history", file.clone(), text));
                }
                Err(what) => outside.push(file_problem(file, what)),
            }
        }
        if let Some(file) = &beside.previous {
            match roster_text(file) {
                Ok(text) => {
                    let (assignments, found) = read_assignments(file, &text);
                    outside.extend(found);
                    scenario.previous = assignments;
                    sources.push(("/previous", file.clone(), text));
                }
                Err(findings) => outside.extend(findings),
            }
        }
        if let Some(file) = &beside.ties {
            match read_text(file) {
                Ok(text) => {
                    let (ties, found) = rota_io::ties::read_ties(file, &text);
                    outside.extend(found);
                    scenario.ties = ties;
                    sources.push(("/ties", file.clone(), text));
                }
                Err(what) => outside.push(file_problem(file, what)),
            }
        }
    }
    let loaded = rota_rules::examine(&text, read);
    let mut findings = loaded.findings;
    let mut placed: Vec<Finding> = outside;
    for (prefix, file, text) in &sources {
        let (mut theirs, ours): (Vec<Finding>, Vec<Finding>) = findings.into_iter().partition(|finding| {
            finding.pointer.as_deref().is_some_and(|pointer| pointer.starts_with(prefix))
        });
        replace(&mut theirs, prefix, file, text);
        placed.extend(theirs);
        findings = ours;
    }
    if let Some(places) = &places {
        places.place(&mut findings);
    }
    for finding in &mut findings {
        finding.file.get_or_insert_with(|| path.to_string());
    }
    findings.extend(placed);
    match (loaded.scenario, loaded.problem) {
        (Some(typed), Some(problem)) if !findings.iter().any(Finding::is_error) => {
            let scenario = rota_face::Scenario { typed, problem, findings, document: text };
            Ok(Loaded { scenario, places })
        }
        _ => Err(findings),
    }
}

/// Whether a text is a roster document, for those who swap the two files.
fn is_roster(text: &str) -> bool {
    let members: Result<HashMap<String, &RawValue>, _> = serde_json::from_str(text);
    members.is_ok_and(|members| members.contains_key("roster") && !members.contains_key("people"))
}

/// Findings about a part that came from a file of its own are about that file.
fn replace(findings: &mut [Finding], prefix: &str, file: &str, text: &str) {
    let is_table = prefix == "/ties" || rota_io::rosters::is_table(file);
    let lines = if is_table { rota_io::table::lines(text) } else { Vec::new() };
    for finding in findings.iter_mut() {
        let inner = finding.pointer.as_deref().unwrap_or("").trim_start_matches(prefix).to_string();
        let row = inner.split('/').nth(1).and_then(|row| row.parse::<u32>().ok());
        // A roster keeps its lines under `assignments`.
        finding.pointer = Some(if prefix == "/previous" { format!("/assignments{inner}") } else { inner });
        finding.line = None;
        finding.column = None;
        if is_table {
            finding.line = row.and_then(|row| lines.get(row as usize).copied());
            finding.file = Some(file.to_string());
            rota_io::roster_sheet::in_workbook(file, finding);
        }
    }
    if !is_table {
        Positions::new(text).place(file, findings);
    }
}

/// Reads a scenario, or says every mistake and gives the exit code.
pub fn load_or_say(path: &str, beside: &Beside, look: Look) -> Result<Loaded, Exit> {
    load_given_or_say(path, None, beside, look)
}

/// The same, of a scenario whose text was read already.
pub fn load_given_or_say(
    path: &str,
    given: Option<String>,
    beside: &Beside,
    look: Look,
) -> Result<Loaded, Exit> {
    match load_given(path, given, beside) {
        Ok(loaded) => {
            let warnings: Vec<Finding> = loaded
                .scenario
                .findings
                .iter()
                .filter(|finding| finding.level != FindingLevel::Note)
                .cloned()
                .collect();
            if lines::on() {
                warnings.into_iter().for_each(lines::finding);
            } else if !warnings.is_empty() {
                say(&findings::text(&warnings));
            }
            Ok(loaded)
        }
        Err(list) => Err(say_mistakes(list, look)),
    }
}

/// Says mistakes in the shape asked for; the exit code for them.
pub fn say_mistakes(list: Vec<Finding>, look: Look) -> Exit {
    if lines::on() {
        list.iter().cloned().for_each(lines::finding);
    }
    match look.format {
        Format::Json => print(&json(&FindingsDocument::new(list))),
        Format::Markdown => print(&findings::markdown(&list)),
        Format::Text if lines::on() => {}
        Format::Text => {
            // Notes can wait until the mistakes are mended.
            let list: Vec<Finding> =
                list.into_iter().filter(|finding| finding.level != FindingLevel::Note).collect();
            say(&format!("{}\n\n{}", findings::text(&list), findings::summary(&list)));
        }
    }
    MISTAKE
}

/// Writes a scenario as its name says: as a workbook, as a folder of CSV files, or as JSON. Gives the name used.
pub fn write_scenario(path: Option<&Path>, text: &str) -> Result<Option<String>, Exit> {
    let is_sheets = |path: &&Path| is_workbook(path) || folder::is_folder(path);
    let Some(path) = path.filter(is_sheets) else {
        return crate::output::write(path, text);
    };
    let refused = |what: String, help: &str| {
        say(&format!("error[workbook.write]: {}\n  help: {help}", crate::render::clean(&what)));
        MISTAKE
    };
    let scenario = Scenario::read(text).scenario.expect("a scenario that was written reads back");
    let book = rota_io::workbook::sheets(&scenario).map_err(|what| refused(what, "write it as .json"))?;
    if folder::is_folder(path) {
        folder::write(path, &book).map_err(|what| refused(what, "choose another folder with -o"))?;
        return Ok(Some(path.display().to_string()));
    }
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xlsm")) {
        let what =
            format!("`{}` is the name of a workbook with macros, and rota writes none", path.display());
        return Err(refused(what, "end its name with .xlsx"));
    }
    let bytes = rota_io::workbook::workbook(&book).map_err(|what| refused(what, "write it as .json"))?;
    crate::output::write_bytes(path, &bytes)
}
