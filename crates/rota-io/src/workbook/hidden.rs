//! Rows and columns of a workbook that people do not see: hidden, filtered away, or without height or width.
//!
//! They stand in the parts of the packed file beside the cells: `workbook.xml` names the sheets, its relations name the
//! part of each, and there rows and columns say of themselves that they are hidden (ECMA-376 part 1, 18.3.1.13 and
//! 18.3.1.73).

use quick_xml::events::{BytesStart, Event};
use quick_xml::Reader;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufReader, Cursor, Read, Seek};
use zip::ZipArchive;

/// Columns that a sheet can have.
const MOST_COLUMNS: u32 = 16_384;
/// How many stretches of hidden rows or columns are named.
const MOST_NAMED: usize = 8;

/// What is hidden of a sheet, counted from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Rows.
    pub rows: BTreeSet<u32>,
    /// Columns.
    pub columns: BTreeSet<u32>,
}

/// What is hidden of each sheet, by its name. A workbook whose parts cannot be told says nothing.
pub fn of(bytes: &[u8]) -> BTreeMap<String, Hidden> {
    let Ok(mut packed) = ZipArchive::new(Cursor::new(bytes)) else { return BTreeMap::new() };
    let parts = parts(&mut packed);
    parts.into_iter().map(|(sheet, part)| (sheet, of_part(&mut packed, &part))).collect()
}

/// The part of each sheet, by the name of the sheet.
fn parts<R: Read + Seek>(packed: &mut ZipArchive<R>) -> Vec<(String, String)> {
    let mut targets: BTreeMap<String, String> = BTreeMap::new();
    each(packed, "xl/_rels/workbook.xml.rels", &mut |tag| {
        if tag.local_name().as_ref() == "Relationship" {
            targets.extend(attribute(tag, "Id").zip(attribute(tag, "Target")));
        }
    });
    let mut sheets = Vec::new();
    each(packed, "xl/workbook.xml", &mut |tag| {
        if tag.local_name().as_ref() == "sheet" {
            sheets.extend(attribute(tag, "name").zip(attribute(tag, "id")));
        }
    });
    let part = |(sheet, id): (String, String)| {
        let target = targets.get(&id)?;
        let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_string);
        Some((sheet, part))
    };
    sheets.into_iter().filter_map(part).collect()
}

fn of_part<R: Read + Seek>(packed: &mut ZipArchive<R>, part: &str) -> Hidden {
    let mut hidden = Hidden::default();
    // A row that does not say its number is the one after the last.
    let mut next = 0;
    each(packed, part, &mut |tag| match tag.local_name().as_ref() {
        "row" => {
            let row = number(tag, "r").map_or(next, |row| row.saturating_sub(1));
            if is_unseen(tag, "ht") {
                hidden.rows.insert(row);
            }
            next = row + 1;
        }
        "col" if is_unseen(tag, "width") => {
            if let (Some(first), Some(last)) = (number(tag, "min"), number(tag, "max")) {
                hidden.columns.extend(first.max(1) - 1..last.min(MOST_COLUMNS));
            }
        }
        _ => {}
    });
    hidden
}

fn is_unseen(tag: &BytesStart<'_>, size: &str) -> bool {
    matches!(attribute(tag, "hidden").as_deref(), Some("1" | "true"))
        || attribute(tag, size).is_some_and(|size| size.parse() == Ok(0.0))
}

fn number(tag: &BytesStart<'_>, name: &str) -> Option<u32> {
    attribute(tag, name)?.parse().ok()
}

/// An attribute by its name, whatever stands before the colon.
fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|own| own.key.local_name().as_ref() == name)?;
    quick_xml::escape::unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}

/// Calls for each tag of a part, as far as the part can be read.
fn each<R: Read + Seek>(packed: &mut ZipArchive<R>, part: &str, call: &mut dyn FnMut(&BytesStart<'_>)) {
    let Ok(part) = packed.by_name(part) else { return };
    let mut reader = Reader::from_reader(BufReader::new(part));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag) | Event::Empty(tag)) => call(&tag),
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// `3 hidden rows (8, 11 to 12) and 1 hidden column (G)`, of those that hold something; none where nothing is hidden.
pub fn spoken(rows: &[u32], columns: &[u32]) -> Option<String> {
    let one = |list: &[u32], what: &str, name: &dyn Fn(u32) -> String| {
        let plural = if list.len() == 1 { "" } else { "s" };
        (!list.is_empty()).then(|| format!("{} hidden {what}{plural} ({})", list.len(), ranges(list, name)))
    };
    let rows = one(rows, "row", &|row| (row + 1).to_string());
    let columns = one(columns, "column", &|column| {
        super::cells::cell_name(0, column).trim_end_matches(|sign: char| sign.is_ascii_digit()).to_string()
    });
    match (rows, columns) {
        (Some(rows), Some(columns)) => Some(format!("{rows} and {columns}")),
        (rows, columns) => rows.or(columns),
    }
}

/// Numbers in order, those that follow each other as one: `8, 11 to 12`.
fn ranges(list: &[u32], name: &dyn Fn(u32) -> String) -> String {
    let mut found: Vec<(u32, u32)> = Vec::new();
    for number in list {
        match found.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => found.push((*number, *number)),
        }
    }
    let said = |(first, last): &(u32, u32)| {
        if first == last {
            name(*first)
        } else {
            format!("{} to {}", name(*first), name(*last))
        }
    };
    let more = if found.len() > MOST_NAMED { " ..." } else { "" };
    found.iter().take(MOST_NAMED).map(said).collect::<Vec<_>>().join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::Workbook;

    #[test]
    fn hidden_rows_and_columns_are_told_by_sheet() {
        let mut workbook = Workbook::new();
        let written = (|| {
            workbook.add_worksheet().set_name("Plain")?.write(0, 0, "Name")?;
            let sheet = workbook.add_worksheet().set_name("Staff & <more>")?;
            sheet.write(0, 0, "Name")?;
            sheet.set_row_hidden(7)?.set_row_hidden(10)?.set_row_hidden(11)?;
            sheet.set_row_height(20, 0)?;
            sheet.set_column_hidden(6)?;
            workbook.save_to_buffer()
        })();
        let hidden = of(&written.expect("writes"));
        assert_eq!(hidden["Plain"], Hidden::default());
        let own = &hidden["Staff & <more>"];
        assert_eq!(own.rows.iter().copied().collect::<Vec<_>>(), [7, 10, 11, 20]);
        assert_eq!(own.columns.iter().copied().collect::<Vec<_>>(), [6]);
        assert!(of(b"no workbook").is_empty());
    }

    #[test]
    fn what_is_hidden_is_said_with_numbers_and_letters() {
        assert_eq!(spoken(&[], &[]), None);
        assert_eq!(spoken(&[7], &[]).as_deref(), Some("1 hidden row (8)"));
        assert_eq!(
            spoken(&[7, 10, 11], &[6, 26, 27]).as_deref(),
            Some("3 hidden rows (8, 11 to 12) and 3 hidden columns (G, AA to AB)")
        );
    }
}
