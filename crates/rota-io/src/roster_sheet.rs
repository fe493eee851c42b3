//! The sheet "Roster" of a workbook that `rota export` wrote, perhaps with cells changed by hand, read as the table
//! that it is: a roster comes back from where people work with it.

use crate::export::ROSTER_SHEET;
use crate::files::read_bytes;
use crate::rosters::file_problem;
use crate::workbook::cells::{cell_name, Cell, Sheet};
use crate::workbook::xlsx;
use rota_core::Finding;
use std::collections::BTreeMap;

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

/// Names the cell of each finding about a row: the one that holds what the finding quotes, or the one below the
/// heading that it names as empty.
pub fn exactly(path: &str, findings: &mut [Finding]) {
    if !is_workbook(path) || findings.iter().all(|finding| finding.cell.is_none()) {
        return;
    }
    let Ok(sheet) = read(path) else { return };
    let Some((header, headings)) = sheet.rows.iter().next() else { return };
    for finding in findings {
        let row = finding.cell.as_ref().and_then(|cell| cell.strip_prefix('A')?.parse::<u32>().ok());
        let Some(row) = row.and_then(|row| row.checked_sub(1)) else { continue };
        let quoted: Vec<&str> = finding.message.split('`').skip(1).step_by(2).collect();
        let holding = |cells: &BTreeMap<u32, Cell>| {
            let is_it = |(_, cell): &(&u32, &Cell)| quoted.iter().any(|text| *text == cell.spoken());
            cells.iter().find(is_it).map(|(column, _)| *column)
        };
        let named = || {
            let is_it = |(_, cell): &(&u32, &Cell)| {
                quoted.iter().any(|text| text.eq_ignore_ascii_case(&cell.spoken()))
            };
            headings.iter().find(is_it).map(|(column, _)| *column)
        };
        let own = sheet.rows.get(&row).filter(|_| row != *header);
        if let Some(column) = own.and_then(holding).or_else(named) {
            finding.cell = Some(cell_name(row, column));
        }
    }
}

/// The sheet as a table: row n of the sheet is line n.
pub fn read_sheet(path: &str) -> Result<String, Vec<Finding>> {
    read(path).map(|sheet| as_table(&sheet.rows))
}

fn read(path: &str) -> Result<Sheet, Vec<Finding>> {
    let cannot = |what: String| vec![file_problem(path, what)];
    let bytes = read_bytes(path, xlsx::LARGEST).map_err(cannot)?;
    let book = xlsx::read(path, &bytes).map_err(|finding| vec![*finding])?;
    let is_roster = |sheet: &Sheet| sheet.name.eq_ignore_ascii_case(ROSTER_SHEET);
    let Some(mut sheet) = book.sheets.into_iter().find(is_roster) else {
        let help = "write one with `rota export week.json roster.json --to xlsx`, one row per person and day";
        let message = "this workbook has no sheet `Roster`";
        return Err(vec![*xlsx::refuse(path, "no_roster", message, help)]);
    };
    // One cell far out would make a whole table of empty ones otherwise.
    sheet.rows.retain(|row, cells| {
        cells.retain(|column, _| *column < MOST_COLUMNS);
        *row < MOST_ROWS && !cells.is_empty()
    });
    Ok(sheet)
}

/// A line a row, with the column "Name" left out: it is there for people, and the id says who is meant.
fn as_table(rows: &BTreeMap<u32, BTreeMap<u32, Cell>>) -> String {
    let head = rows.values().next();
    let width = head.and_then(|head| head.keys().last()).map_or(0, |last| last + 1);
    let is_name = |column: &u32| {
        head.and_then(|head| head.get(column)).is_some_and(|name| name.spoken().eq_ignore_ascii_case("name"))
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
                let value = values.get(column).map(Cell::spoken).unwrap_or_default();
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
        let row = |cells: &[(u32, &str)]| {
            cells.iter().filter_map(|(at, text)| Some((*at, Cell::text(text)?))).collect()
        };
        let rows = BTreeMap::from([
            (0, row(&[(0, "Person"), (1, "Name"), (2, "On")])),
            (3, row(&[(0, "amy"), (1, "Amy"), (2, "2020-06-15"), (9, "a note")])),
        ]);
        assert_eq!(as_table(&rows), "\"Person\",\"On\"\n\n\n\"amy\",\"2020-06-15\"\n");
    }
}
