//! A scenario as a workbook, or as a folder of CSV files of the same names.
//!
//! The sheets People, Away, Wishes, Desks, Rules and Calendar hold a whole scenario; Previous, Past days, Past counts
//! and Ties are there where they are needed. Reading gives the JSON of the scenario and remembers which cell gave
//! which part, so that every mistake, of the sheet or of what it says, is told of its cell. A scenario written as a
//! workbook and read again is the same scenario, its selectors in words read.

pub mod anew;
pub mod cells;
pub mod dates;
pub mod folder;
mod from_sheets;
pub mod hidden;
pub mod kinds;
pub mod layout;
pub mod places;
pub mod selectors;
pub mod table;
mod to_sheets;
mod write;
pub mod xlsx;

use cells::Book;
use places::Places;
use rota_core::Finding;
use rota_rules::scenario::ReadScenario;
use rota_rules::Scenario;
use std::collections::BTreeMap;
use std::path::Path;

/// A workbook read: the scenario's JSON, and where in the workbook everything stands.
pub struct ReadBook {
    /// The scenario as JSON.
    pub text: String,
    /// Where everything stands.
    pub places: Places,
    /// Mistakes of the sheets themselves.
    findings: Vec<Finding>,
    /// Mistakes in cells, by the pointer of the value that could not be read.
    marks: BTreeMap<String, Finding>,
}

impl ReadBook {
    /// Puts the mistakes of the workbook among those of the scenario read from its text: what a cell could not say
    /// is told in the words of the sheet.
    pub fn settle(&mut self, read: &mut ReadScenario) {
        let marks: Vec<String> = self.marks.keys().cloned().collect();
        read.findings.retain_mut(|finding| {
            let pointer = finding.pointer.clone().unwrap_or_default();
            let under = |own: &&String| pointer == **own || pointer.starts_with(&format!("{own}/"));
            let Some(own) = marks.iter().find(under) else { return true };
            // The first is told in the words of the sheet; others about the same cell say no more.
            match self.marks.remove(own) {
                Some(mark) => {
                    *finding = mark;
                    true
                }
                None => false,
            }
        });
        read.findings.extend(std::mem::take(&mut self.marks).into_values());
        read.findings.append(&mut self.findings);
    }
}

/// Whether a path is that of a workbook or of a folder, by its name and nature.
pub fn is_book(path: &str) -> bool {
    is_workbook(Path::new(path)) || Path::new(path).is_dir()
}

/// Whether a file is named as a workbook.
pub fn is_workbook(path: &Path) -> bool {
    let endings = ["xlsx", "xlsm"];
    path.extension().is_some_and(|own| endings.iter().any(|ending| own.eq_ignore_ascii_case(ending)))
}

/// Reads the sheets of a workbook, of a folder of CSV files, or of a single CSV file.
pub fn open(path: &str) -> Result<Book, Vec<Finding>> {
    if Path::new(path).is_dir() {
        return folder::read(path);
    }
    let cannot = |what: String| vec![crate::rosters::file_problem(path, what)];
    if Path::new(path).extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
        let text = crate::files::read_text(path).map_err(cannot)?;
        let name = Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let sheet = folder::sheet(&name.unwrap_or_default(), &text);
        return Ok(Book { path: path.to_string(), sheets: vec![sheet] });
    }
    let bytes = crate::files::read_bytes(path, xlsx::LARGEST).map_err(cannot)?;
    xlsx::read(path, &bytes).map_err(|finding| vec![*finding])
}

/// Reads a scenario from a workbook or folder; with no sheets to read, what is wrong.
pub fn read(path: &str) -> Result<ReadBook, Vec<Finding>> {
    from_sheets::read(&open(path)?)
}

/// Reads a scenario from sheets.
pub fn read_sheets(book: &Book) -> Result<ReadBook, Vec<Finding>> {
    from_sheets::read(book)
}

/// The sheets of a scenario; the error says what no sheet can hold.
pub fn sheets(scenario: &Scenario) -> Result<Book, String> {
    to_sheets::write(scenario)
}

/// What each sheet and each column is for: sheet, column or columns, words.
pub const HELP: &[(&str, &str, &str)] = write::HELP;

/// The bytes of a workbook with these sheets, and a sheet that helps with them.
pub fn workbook(book: &Book) -> Result<Vec<u8>, String> {
    write::write(book)
}
