//! A changed scenario put back into its own workbook or folder of CSV files: the sheets are written anew from the
//! scenario, and only where that loses nothing that stands in them. A workbook is written whole, of a folder only the
//! files that change; the old ones are kept under another name.

use super::cells::{cell_name, plain_word, Book, Cell, Sheet};
use super::layout::{Column, SHEETS};
use super::{folder, from_sheets, table, to_sheets, write, xlsx};
use crate::files::{keep_as, keep_under, read_bytes, read_text, write_whole};
use rota_core::Finding;
use rota_rules::Scenario;
use std::path::{Path, PathBuf};

/// How many findings of one kind are named.
const MOST_NAMED: usize = 5;

/// A file to be written anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// The file.
    pub path: PathBuf,
    /// What is to stand in it.
    contents: Vec<u8>,
    /// Whether there is such a file, which is kept under another name.
    is_there: bool,
}

/// The files to be written so that a workbook or folder says `after`, where it says `before` now. The findings name
/// what would be lost, and what cannot be said in cells.
pub fn rewrites(path: &str, before: &Scenario, after: &Scenario) -> Result<Vec<Rewrite>, Vec<Finding>> {
    let book = super::open(path)?;
    let refused =
        |what: String| vec![*xlsx::refuse(path, "save", what, "change the scenario in a .json file")];
    let (old, new) = (to_sheets::write(before).map_err(refused)?, to_sheets::write(after).map_err(refused)?);
    let changed: Vec<&Sheet> = new.sheets.iter().filter(|sheet| !old.sheets.contains(sheet)).collect();
    let (files, reread) = if Path::new(path).is_dir() {
        of_folder(path, &book, &changed)?
    } else {
        of_workbook(path, &book, new)?
    };
    // What was written is read again before anything is replaced.
    if read_again(&reread).as_ref() == Some(after) {
        Ok(files)
    } else {
        Err(refused("the change cannot be said in the cells of this file".to_string()))
    }
}

fn read_again(book: &Book) -> Option<Scenario> {
    let mut sheets = from_sheets::read(book).ok()?;
    let mut read = Scenario::read(&sheets.text);
    sheets.settle(&mut read);
    read.scenario.filter(|_| !read.findings.iter().any(Finding::is_error))
}

fn of_workbook(path: &str, book: &Book, mut new: Book) -> Result<(Vec<Rewrite>, Book), Vec<Finding>> {
    let cannot = |what: String| vec![crate::rosters::file_problem(path, what)];
    let bytes = read_bytes(path, xlsx::LARGEST).map_err(cannot)?;
    let mut findings = Vec::new();
    let beside: Vec<&str> = xlsx::beside_cells(&bytes).into_iter().collect();
    if !beside.is_empty() || path.to_lowercase().ends_with(".xlsm") {
        let what = if beside.is_empty() { "macros".to_string() } else { beside.join(", ") };
        findings.push(lost(path, None, &format!("this workbook has {what}")));
    }
    for sheet in &book.sheets {
        match layout_of(sheet) {
            Some(columns) => findings.extend(lost_cells(path, sheet, columns)),
            None if plain_word(&sheet.name) == "help" || sheet.rows.is_empty() => {}
            None => findings.push(lost(
                path,
                Some((sheet, (0, 0))),
                &format!("the sheet `{}` is not one of rota's", sheet.name),
            )),
        }
    }
    if !findings.is_empty() {
        return Err(findings);
    }
    let is_hidden = |name: &str| {
        book.sheets.iter().any(|sheet| sheet.hidden && plain_word(&sheet.name) == plain_word(name))
    };
    for sheet in &mut new.sheets {
        sheet.hidden = is_hidden(&sheet.name);
    }
    let contents = write::write(&new).map_err(cannot)?;
    let reread = xlsx::read(path, &contents).map_err(|finding| vec![*finding])?;
    Ok((vec![Rewrite { path: PathBuf::from(path), contents, is_there: true }], reread))
}

fn of_folder(path: &str, book: &Book, changed: &[&Sheet]) -> Result<(Vec<Rewrite>, Book), Vec<Finding>> {
    let cannot = |what: String| vec![crate::rosters::file_problem(path, what)];
    let (mut files, mut findings) = (Vec::new(), Vec::new());
    let mut reread = book.clone();
    let there = folder::files(Path::new(path)).map_err(|what| cannot(what.to_string()))?;
    for sheet in changed {
        let is_it = |name: &str| plain_word(name) == plain_word(&sheet.name);
        let own = there.iter().find(|file| is_it(&folder::stem(file)));
        let older = match own {
            Some(file) => read_text(&file.display().to_string()).map_err(cannot)?,
            None => String::new(),
        };
        let text = folder::table_like(sheet, &older);
        let file = own.cloned().unwrap_or_else(|| Path::new(path).join(format!("{}.csv", sheet.name)));
        let written = folder::sheet(&sheet.name, &text);
        match reread.sheets.iter().position(|sheet| is_it(&sheet.name)) {
            Some(at) => {
                let columns = layout_of(sheet).expect("rota writes its own sheets");
                findings.extend(lost_cells(&file.display().to_string(), &book.sheets[at], columns));
                reread.sheets[at] = written;
            }
            None => reread.sheets.push(written),
        }
        files.push(Rewrite { path: file, contents: text.into_bytes(), is_there: own.is_some() });
    }
    if findings.is_empty() {
        Ok((files, reread))
    } else {
        Err(findings)
    }
}

fn layout_of(sheet: &Sheet) -> Option<&'static [Column]> {
    let word = plain_word(&sheet.name);
    SHEETS.iter().find(|(name, _)| plain_word(name) == word).map(|(_, columns)| *columns)
}

/// Something that would not be there any more.
fn lost(path: &str, at: Option<(&Sheet, (u32, u32))>, message: &str) -> Finding {
    let message = format!("{message}, which would be lost by writing the file anew");
    let help =
        "leave out --save and change the sheets Away, Wishes and Desks by hand, or keep it in another file";
    let mut finding = *xlsx::refuse(path, "save", message, help);
    if let Some((sheet, (row, column))) = at {
        finding.sheet = Some(sheet.name.clone());
        finding.cell = Some(cell_name(row, column));
    }
    finding
}

/// What of a sheet would be lost: what is not read, and formulas.
fn lost_cells(path: &str, sheet: &Sheet, columns: &'static [Column]) -> Vec<Finding> {
    let unread = table::unread(sheet, columns);
    let mut findings: Vec<Finding> = Vec::new();
    for (cells, what) in [(&unread, "is not read by rota"), (&sheet.formulas, "comes from a formula")] {
        for (row, column) in cells.iter().take(MOST_NAMED) {
            let text = sheet.at(*row, *column).map(Cell::spoken).unwrap_or_default();
            findings.push(lost(path, Some((sheet, (*row, *column))), &format!("`{text}` {what}")));
        }
        if cells.len() > MOST_NAMED {
            let more = cells.len() - MOST_NAMED;
            let message = format!("{more} more cells of the sheet `{}` the same", sheet.name);
            findings.push(lost(path, None, &message));
        }
    }
    findings
}

impl Rewrite {
    /// Keeps the file that is there under another name, and writes the new one. Gives the name of the new one and
    /// that of the old one.
    pub fn carry_out(&self) -> Result<(PathBuf, Option<PathBuf>), String> {
        let kept = if self.is_there { Some(self.keep()?) } else { None };
        let used = write_whole(&self.path, &self.contents)?;
        Ok((used, kept))
    }

    /// Keeps the old file as `team (before).xlsx`, or `team (before 2).xlsx` and so on where that is taken.
    fn keep(&self) -> Result<PathBuf, String> {
        let ending = self.path.extension().unwrap_or_default();
        // Every .csv file of a folder is a sheet of it, so that the old one may not end so.
        if !ending.eq_ignore_ascii_case("csv") {
            return keep_as(&self.path, "before");
        }
        let name = self.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        keep_under(&self.path, &|number| {
            let times = if number == 1 { String::new() } else { format!(" {number}") };
            self.path.with_file_name(format!("{name} (before{times})"))
        })
    }
}
