//! A folder of CSV files in place of the sheets of a workbook: `People.csv`, `Rules.csv` ...

use super::cells::{Book, Cell, Sheet};
use super::xlsx::refuse;
use crate::files::{read_text, write_new};
use rota_core::Finding;
use std::path::{Path, PathBuf};

/// The mark at the beginning of a text by which spreadsheet programs know that it is UTF-8.
const MARK: &str = "\u{feff}";

/// Reads every `.csv` file of a folder as a sheet of the same name.
pub fn read(path: &str) -> Result<Book, Vec<Finding>> {
    let broken = |what: &std::io::Error| {
        vec![*refuse(path, "folder", format!("this folder cannot be read: {what}"), "choose another")]
    };
    let names = files(Path::new(path)).map_err(|what| broken(&what))?;
    if names.is_empty() {
        let help = "put the sheets of a workbook into it as People.csv, Calendar.csv, Rules.csv ...";
        return Err(vec![*refuse(path, "folder", "there is no .csv file in this folder", help)]);
    }
    let mut book = Book { path: path.to_string(), sheets: Vec::new() };
    let mut findings = Vec::new();
    for file in names {
        let shown = file.display().to_string();
        match read_text(&shown) {
            Ok(text) => book.sheets.push(sheet(&stem(&file), &text)),
            Err(what) => findings.push(*refuse(&shown, "file", what, "save it again as CSV (UTF-8)")),
        }
    }
    if findings.is_empty() {
        Ok(book)
    } else {
        Err(findings)
    }
}

/// The `.csv` files of a folder, by name.
pub fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let file = entry?.path();
        if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("csv")) {
            names.push(file);
        }
    }
    names.sort();
    Ok(names)
}

/// Whether a path to be written asks for a folder: there is one, or it ends as one does.
pub fn is_folder(path: &Path) -> bool {
    path.is_dir() || path.to_string_lossy().ends_with(['/', std::path::MAIN_SEPARATOR])
}

/// Writes the sheets into a folder as CSV files, the folder made where there is none. All is written or nothing, and
/// nothing into a folder that has CSV files already: they would be read as sheets of the same scenario.
pub fn write(path: &Path, book: &Book) -> Result<(), String> {
    let shown = path.display();
    let cannot = |what: std::io::Error| format!("cannot write into the folder `{shown}`: {what}");
    let is_new = !path.is_dir();
    if is_new {
        std::fs::create_dir(path).map_err(cannot)?;
    } else if let Some(file) = files(path).map_err(cannot)?.first() {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Err(format!("the folder `{shown}` has CSV files already (`{name}`) and is left as it is"));
    }
    let mut written: Vec<PathBuf> = Vec::new();
    for (name, text) in tables(book) {
        let file = path.join(name);
        if let Err(what) = write_new(&file, format!("{MARK}{text}").as_bytes()) {
            for file in &written {
                let _ = std::fs::remove_file(file);
            }
            if is_new {
                let _ = std::fs::remove_dir(path);
            }
            return Err(what);
        }
        written.push(file);
    }
    Ok(())
}

/// The sheet as the text of a CSV file with the same mark and the same sign between values as an older text has.
pub fn table_like(sheet: &Sheet, older: &str) -> String {
    let mark = if older.starts_with(MARK) { MARK } else { "" };
    format!("{mark}{}", table(sheet, crate::table::delimiter(older)))
}

pub(super) fn stem(file: &Path) -> String {
    file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What a formula leaves in a CSV file when it gives no value.
const FORMULA_ERRORS: &[&str] = &["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"];

/// One CSV file as a sheet. A row is a line of the file.
pub fn sheet(name: &str, text: &str) -> Sheet {
    let mut sheet = Sheet::new(name);
    for (line, values) in crate::table::records(text) {
        for (column, value) in values.iter().enumerate() {
            // What a leading ' made inert when it was written is a text again.
            let bare = value.strip_prefix('\'').filter(|bare| is_marked(bare));
            let broken = bare.is_none() && FORMULA_ERRORS.contains(&value.trim());
            let value = bare.unwrap_or(value);
            let cell = if broken { Some(Cell::Broken(value.trim().to_string())) } else { Cell::text(value) };
            if let Some(cell) = cell {
                sheet.put(line - 1, column as u32, cell);
            }
        }
    }
    sheet
}

/// Whether a text has a `'` before it in a CSV file: what steers a spreadsheet program, what would be read as the
/// error of a formula, and what begins with such a `'` itself.
fn is_marked(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    is_steering(bare) || FORMULA_ERRORS.contains(&bare.trim())
}

/// Whether a spreadsheet program would take a text for a formula.
pub fn is_steering(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Each sheet as the text of a CSV file, with the file's name. Texts that a spreadsheet program would take for a
/// formula get a `'` before them.
pub fn tables(book: &Book) -> Vec<(String, String)> {
    book.sheets.iter().map(|sheet| (format!("{}.csv", sheet.name), table(sheet, b','))).collect()
}

fn table(sheet: &Sheet, delimiter: u8) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(Vec::new());
    let last = sheet.rows.keys().next_back().copied().unwrap_or(0);
    let width = sheet.rows.values().filter_map(|row| row.keys().next_back()).max().copied().unwrap_or(0);
    for row in 0..=last {
        let values = (0..=width).map(|column| {
            let value = sheet.at(row, column).map(Cell::spoken).unwrap_or_default();
            if is_marked(&value) && value.parse::<f64>().is_err() {
                format!("'{value}")
            } else {
                value
            }
        });
        writer.write_record(values).expect("a table in memory can be written");
    }
    let bytes = writer.into_inner().expect("a table in memory can be written");
    String::from_utf8(bytes).expect("cells are text")
}
