//! The sheet "Roster" of a workbook that `rota export` wrote, perhaps with cells changed by hand, read as the table
//! that it is: a roster comes back from where people work with it.

use crate::export::ROSTER_SHEET;
use crate::rosters::file_problem;
use calamine::{Data, DataRef, Reader, Xlsx};
use rota_core::Finding;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Cursor, Read};

/// The largest workbook read, in bytes.
const LARGEST: u64 = 20 * 1024 * 1024;
/// The most that it may unpack to, in bytes.
const UNPACKED: u64 = 200 * 1024 * 1024;
/// Rows and columns read.
const MOST_ROWS: u32 = 400_000;
const MOST_COLUMNS: u32 = 40;

/// Whether the name is that of a workbook.
pub fn is_workbook(path: &str) -> bool {
    path.to_lowercase().ends_with(".xlsx")
}

/// Makes a line of a table the cell of the sheet that it came from.
pub fn in_workbook(path: &str, finding: &mut Finding) {
    if is_workbook(path) {
        if let Some(line) = finding.line.take() {
            finding.sheet = Some(ROSTER_SHEET.to_string());
            finding.cell = Some(format!("A{line}"));
            finding.column = None;
        }
    }
}

/// The sheet as a table: row n of the sheet is line n.
pub fn read_sheet(path: &str) -> Result<String, Vec<Finding>> {
    let bytes = read_bytes(path).map_err(|what| vec![file_problem(path, what)])?;
    let finding = |code: &str, message: String, help: &str| {
        let mut finding = Finding::error(code, "", message).help(help).without_pointer();
        finding.file = Some(path.to_string());
        vec![finding]
    };
    let wrong = |what: String| {
        let help = "open it in a spreadsheet program and save it as .xlsx once more";
        finding("workbook.read", format!("this workbook cannot be read: {what}"), help)
    };
    if let Some(what) = too_large(&bytes).map_err(wrong)? {
        let help = "keep the sheet `Roster` alone in it, or give the roster as .csv";
        return Err(finding("workbook.large", what, help));
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|what| wrong(what.to_string()))?;
    let Some(name) = book.sheet_names().into_iter().find(|name| name.eq_ignore_ascii_case(ROSTER_SHEET))
    else {
        let message = "this workbook has no sheet `Roster`".to_string();
        let help = "write one with `rota export week.json roster.json --to xlsx`, one row per person and day";
        return Err(finding("workbook.no_roster", message, help));
    };
    // Cell by cell: one cell far out would make a whole sheet of empty ones otherwise.
    let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
    let mut reader = book.worksheet_cells_reader(&name).map_err(|what| wrong(what.to_string()))?;
    while let Some(cell) = reader.next_cell().map_err(|what| wrong(what.to_string()))? {
        let (row, column) = cell.get_position();
        let text = words(cell.get_value());
        if !text.trim().is_empty() && row < MOST_ROWS && column < MOST_COLUMNS {
            rows.entry(row).or_default().insert(column, text);
        }
    }
    Ok(as_table(&rows))
}

fn read_bytes(path: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let problem = |what: std::io::Error| match what.kind() {
        std::io::ErrorKind::NotFound => format!("cannot read `{path}`: there is no such file"),
        _ => format!("cannot read `{path}`: {what}"),
    };
    File::open(path).map_err(problem)?.take(LARGEST + 1).read_to_end(&mut bytes).map_err(problem)?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("`{path}` is larger than {} MB", LARGEST / 1024 / 1024));
    }
    Ok(bytes)
}

/// Unpacks without keeping anything, to know how much there is: what a zip file says of its own sizes may be wrong.
fn too_large(bytes: &[u8]) -> Result<Option<String>, String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|what| what.to_string())?;
    let mut left = UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|what| what.to_string())?;
        let read =
            std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(|what| what.to_string())?;
        if read > left {
            return Ok(Some(format!("this workbook unpacks to more than {} MB", UNPACKED / 1024 / 1024)));
        }
        left -= read;
    }
    Ok(None)
}

fn words(value: &DataRef<'_>) -> String {
    match Data::from(value.clone()) {
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        other => other.to_string(),
    }
}

/// A line a row, with the column "Name" left out: it is there for people, and the id says who is meant.
fn as_table(rows: &BTreeMap<u32, BTreeMap<u32, String>>) -> String {
    let head = rows.values().next();
    let width = head.and_then(|head| head.keys().last()).map_or(0, |last| last + 1);
    let is_name = |column: &u32| {
        head.and_then(|head| head.get(column)).is_some_and(|name| name.trim().eq_ignore_ascii_case("name"))
    };
    let columns: Vec<u32> = (0..width).filter(|column| !is_name(column)).collect();
    let mut text = String::new();
    let mut line = 0;
    for (row, values) in rows {
        text.push_str(&"\n".repeat((row - line) as usize));
        line = *row;
        // What stands to the right of the table is nobody's.
        let fields: Vec<String> = columns
            .iter()
            .map(|column| {
                let value = values.get(column).map_or("", String::as_str);
                let plain: String =
                    value.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect();
                format!("\"{}\"", plain.replace('"', "\"\""))
            })
            .collect();
        text.push_str(&fields.join(","));
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_numbers_and_names_are_left_out() {
        let row = |cells: &[(u32, &str)]| cells.iter().map(|(at, text)| (*at, (*text).to_string())).collect();
        let rows = BTreeMap::from([
            (0, row(&[(0, "Person"), (1, "Name"), (2, "On")])),
            (3, row(&[(0, "amy"), (1, "Amy"), (2, "2020-06-15"), (9, "a note")])),
        ]);
        assert_eq!(as_table(&rows), "\"Person\",\"On\"\n\n\n\"amy\",\"2020-06-15\"\n");
    }
}
