//! Workbooks read cell by cell. What is not a workbook, is locked, or would unpack to more than is sensible is
//! refused before anything of it is kept.

use super::cells::{Book, Cell, Sheet};
use super::hidden;
use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use chrono::NaiveDate;
use rota_core::{Date, Finding};
use std::collections::BTreeSet;
use std::io::{Cursor, Read};

/// The largest workbook read, in bytes.
pub const LARGEST: u64 = 32 * 1024 * 1024;
/// The most that a workbook may unpack to, in bytes.
pub const LARGEST_UNPACKED: u64 = 200 * 1024 * 1024;
/// The most cells with something in them that are read.
pub const MOST_CELLS: usize = 2_000_000;

/// The most blocks of merged cells on a sheet that are looked at.
const MOST_MERGED: usize = 10_000;

/// Reads a workbook from its bytes.
pub fn read(path: &str, bytes: &[u8]) -> Result<Book, Box<Finding>> {
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(refuse(
            path,
            "locked",
            "this file is protected by a password, or is of the old kind .xls",
            "open it, take the password off, and save it as .xlsx",
        ));
    }
    if bytes.len() as u64 > LARGEST {
        return Err(refuse(
            path,
            "large",
            format!("this workbook has more than {} MB", LARGEST / 1024 / 1024),
            "save the sheets that matter in a new workbook, without pictures",
        ));
    }
    unpacks(path, bytes)?;
    let broken = |what: &XlsxError| {
        refuse(
            path,
            "broken",
            format!("this workbook cannot be read: {what}"),
            "open it in a spreadsheet program and save it again as .xlsx",
        )
    };
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|what| match what {
        XlsxError::Password => refuse(
            path,
            "locked",
            "this workbook is protected by a password",
            "open it, take the password off, and save it again",
        ),
        what => broken(&what),
    })?;
    let mut book = Book { path: path.to_string(), sheets: Vec::new() };
    let mut unseen = hidden::of(bytes);
    let mut cells = 0;
    for about in workbook.sheets_metadata().to_vec() {
        if about.typ != SheetType::WorkSheet {
            continue;
        }
        let mut sheet = Sheet::new(&about.name);
        sheet.hidden = about.visible != SheetVisible::Visible;
        let mut reader = workbook.worksheet_cells_reader(&about.name).map_err(|what| broken(&what))?;
        while let Some(found) = reader.next_cell_with_formula().map_err(|what| broken(&what))? {
            let (row, column) = found.pos;
            let Some(cell) = cell(&found.value, found.formula.is_some()) else { continue };
            cells += 1;
            if cells > MOST_CELLS {
                return Err(refuse(
                    path,
                    "large",
                    format!("this workbook has more than {MOST_CELLS} filled cells"),
                    "save the sheets that matter in a new workbook",
                ));
            }
            if found.formula.is_some() {
                sheet.formulas.push((row, column));
            }
            sheet.put(row, column, cell);
        }
        drop(reader);
        let merged = workbook.merge_cells_by_sheet_name(&about.name).unwrap_or_default();
        sheet.merged = merged.into_iter().take(MOST_MERGED).map(|block| (block.start, block.end)).collect();
        let hidden = unseen.remove(&about.name).unwrap_or_default();
        let columns: BTreeSet<u32> = sheet.rows.values().flat_map(|row| row.keys().copied()).collect();
        sheet.hidden_rows = hidden.rows.into_iter().filter(|row| sheet.rows.contains_key(row)).collect();
        sheet.hidden_columns = hidden.columns.intersection(&columns).copied().collect();
        book.sheets.push(sheet);
    }
    Ok(book)
}

/// Parts of a workbook that stand beside its cells, by the beginning of their names in the packed file.
const BESIDE_CELLS: &[(&str, &str)] = &[
    ("xl/comments", "notes on cells"),
    ("xl/threadedComments", "comments on cells"),
    ("xl/media", "pictures"),
    ("xl/drawings/drawing", "drawings"),
    ("xl/charts", "charts"),
    ("xl/chartsheets", "charts"),
    ("xl/pivotTables", "pivot tables"),
    ("xl/vbaProject", "macros"),
];

/// What a workbook holds beside its cells: charts, notes, pictures ...
pub fn beside_cells(bytes: &[u8]) -> BTreeSet<&'static str> {
    let Ok(packed) = zip::ZipArchive::new(Cursor::new(bytes)) else { return BTreeSet::new() };
    let names: Vec<String> =
        packed.file_names().filter_map(|name| name.ok().map(|name| name.to_string())).collect();
    let is_there = |(part, _): &&(&str, &str)| names.iter().any(|name| name.starts_with(part));
    BESIDE_CELLS.iter().filter(is_there).map(|(_, what)| *what).collect()
}

/// A finding about a whole file.
pub(crate) fn refuse(path: &str, what: &str, message: impl Into<String>, help: &str) -> Box<Finding> {
    let mut finding = Finding::error(&format!("workbook.{what}"), "", message).help(help).without_pointer();
    finding.file = Some(path.to_string());
    Box::new(finding)
}

/// Unpacks everything once without keeping it: what a packed file says of its own size need not be true.
fn unpacks(path: &str, bytes: &[u8]) -> Result<(), Box<Finding>> {
    let no_workbook = || {
        refuse(
            path,
            "kind",
            "this file is no workbook, whatever its name says",
            "save it as .xlsx in a spreadsheet program, or give a folder of .csv files",
        )
    };
    let mut packed = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| no_workbook())?;
    let is_book = |name: &str| name.ends_with("workbook.xml");
    if !packed.file_names().any(|name| name.is_ok_and(|name| is_book(&name))) {
        return Err(no_workbook());
    }
    let mut left = LARGEST_UNPACKED;
    for at in 0..packed.len() {
        let entry = packed.by_index(at).map_err(|_| no_workbook())?;
        let unpacked = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink()).map_err(|what| {
            refuse(
                path,
                "broken",
                format!("this workbook is damaged: {what}"),
                "get it again from where it came, or save it again",
            )
        })?;
        if unpacked > left {
            return Err(refuse(
                path,
                "large",
                format!("this workbook unpacks to more than {} MB", LARGEST_UNPACKED / 1024 / 1024),
                "save the sheets that matter in a new workbook",
            ));
        }
        left -= unpacked;
    }
    Ok(())
}

fn cell(value: &DataRef<'_>, is_formula: bool) -> Option<Cell> {
    let text = |text: &str| match Cell::text(text) {
        // A formula may give an empty text on purpose.
        None => None,
        some => some,
    };
    match value {
        DataRef::Empty => is_formula.then_some(Cell::NoResult),
        DataRef::Int(number) => Some(Cell::Number(*number as f64)),
        DataRef::Float(number) => Some(Cell::Number(*number)),
        DataRef::String(own) | DataRef::DurationIso(own) => text(own),
        DataRef::SharedString(own) => text(own),
        DataRef::Bool(truth) => Some(Cell::Truth(*truth)),
        DataRef::Error(what) => Some(Cell::Broken(what.to_string())),
        DataRef::DateTime(moment) => Some({
            let days = moment.as_f64();
            if moment.is_duration() || (0.0..1.0).contains(&days) {
                time(days)
            } else {
                let (year, month, day, ..) = moment.to_ymd_hms_milli();
                date(i32::from(year), u32::from(month), u32::from(day)).unwrap_or(Cell::Number(days))
            }
        }),
        DataRef::DateTimeIso(own) => {
            let parsed = own.get(..10).and_then(|day| Date::parse(day).ok());
            parsed.map(Cell::Date).or_else(|| text(own))
        }
    }
}

fn time(days: f64) -> Cell {
    let minutes = (days * 1440.0).round();
    if (0.0..=1440.0).contains(&minutes) {
        Cell::Time(minutes as u32)
    } else {
        Cell::Number(days)
    }
}

fn date(year: i32, month: u32, day: u32) -> Option<Cell> {
    NaiveDate::from_ymd_opt(year, month, day).map(|date| Cell::Date(Date(date)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

    fn saved(workbook: &mut Workbook) -> Vec<u8> {
        workbook.save_to_buffer().expect("a workbook can be written")
    }

    #[test]
    fn every_kind_of_cell_is_read() {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet();
        let day = Format::new().set_num_format("d mmm yyyy");
        let clock = Format::new().set_num_format("hh:mm");
        let written = (|| {
            sheet.write(0, 0, " Amy ")?;
            sheet.write(0, 1, 2.5)?;
            sheet.write(0, 2, true)?;
            sheet.write_with_format(1, 0, &ExcelDateTime::from_ymd(2020, 6, 15)?, &day)?;
            sheet.write_with_format(1, 1, 0.3125, &clock)?;
            sheet.write(1, 2, "   ")?;
            sheet.write_formula(2, 0, rust_xlsxwriter::Formula::new("=1+1").set_result("2"))?;
            sheet.write(1_048_575, 16_383, "far")?;
            Ok::<(), rust_xlsxwriter::XlsxError>(())
        })();
        written.expect("writes");
        let book = read("a.xlsx", &saved(&mut workbook)).expect("reads");
        let sheet = &book.sheets[0];
        assert_eq!(sheet.at(0, 0), Some(&Cell::Text("Amy".to_string())));
        assert_eq!(sheet.at(0, 1), Some(&Cell::Number(2.5)));
        assert_eq!(sheet.at(0, 2), Some(&Cell::Truth(true)));
        assert_eq!(sheet.at(1, 0), Some(&Cell::Date(Date::new(2020, 6, 15))));
        assert_eq!(sheet.at(1, 1), Some(&Cell::Time(450)));
        assert_eq!(sheet.at(1, 2), None);
        assert_eq!(sheet.at(2, 0), Some(&Cell::Number(2.0)));
        assert_eq!(sheet.at(1_048_575, 16_383), Some(&Cell::Text("far".to_string())));
    }

    #[test]
    fn what_is_no_workbook_is_refused() {
        let code = |bytes: &[u8]| read("a.xlsx", bytes).expect_err("is refused").code;
        assert_eq!(code(b"name,team\n"), "workbook.kind");
        assert_eq!(code(b""), "workbook.kind");
        assert_eq!(code(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), "workbook.locked");
        let whole = saved(
            Workbook::new().add_worksheet().write(0, 0, 1).map(|_| Workbook::new()).as_mut().expect("writes"),
        );
        assert_eq!(code(&whole[..whole.len() / 2]), "workbook.kind");
    }

    #[test]
    fn what_unpacks_to_too_much_is_refused() {
        use std::io::Write;
        let mut packed = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        packed.start_file("xl/workbook.xml", options).expect("starts");
        let zeros = vec![0_u8; 1024 * 1024];
        for _ in 0..=LARGEST_UNPACKED / zeros.len() as u64 {
            packed.write_all(&zeros).expect("writes");
        }
        let bytes = packed.finish().expect("ends").into_inner();
        assert!((bytes.len() as u64) < LARGEST);
        assert_eq!(read("a.xlsx", &bytes).expect_err("is refused").code, "workbook.large");
    }
}
