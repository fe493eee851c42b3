//! Cells and sheets as they stand in a workbook or a folder of tables, whatever the file.

use rota_core::Date;
use std::collections::BTreeMap;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text without blanks around it; never empty.
    Text(String),
    /// A number.
    Number(f64),
    /// True or false.
    Truth(bool),
    /// A day.
    Date(Date),
    /// A time of day, in minutes after midnight.
    Time(u32),
    /// What a formula gave instead of a value, such as `#REF!`.
    Broken(String),
    /// A formula whose result was not saved.
    NoResult,
}

impl Cell {
    /// A text as a cell; none where nothing but blanks stands in it.
    pub fn text(text: &str) -> Option<Cell> {
        let text = text.trim_matches(is_blank);
        (!text.is_empty()).then(|| Cell::Text(text.to_string()))
    }

    /// The cell as a person reads it.
    pub fn spoken(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Broken(text) => text.clone(),
            Cell::Number(number) => spoken_number(*number),
            Cell::Truth(true) => "TRUE".to_string(),
            Cell::Truth(false) => "FALSE".to_string(),
            Cell::Date(date) => date.to_string(),
            Cell::Time(minutes) => format!("{:02}:{:02}", minutes / 60, minutes % 60),
            Cell::NoResult => "a formula without a saved result".to_string(),
        }
    }
}

/// Blanks that stand around what was typed or pasted, those that do not break a line included.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}' | '\u{feff}')
}

/// `3` for 3.0, `2.5` for 2.5.
pub fn spoken_number(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        format!("{number}")
    }
}

/// One sheet; rows and columns are counted from 0, and cells with nothing in them are left out.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sheet {
    /// What its tab says.
    pub name: String,
    /// Whether people do not see it.
    pub hidden: bool,
    /// Cells by row, then column.
    pub rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    /// Cells that are shown as one: the first and the last row and column of each such block.
    pub merged: Vec<((u32, u32), (u32, u32))>,
    /// Rows with something in them that people do not see.
    pub hidden_rows: Vec<u32>,
    /// Columns with something in them that people do not see.
    pub hidden_columns: Vec<u32>,
    /// Rows and columns of the cells whose value a formula gives.
    pub formulas: Vec<(u32, u32)>,
}

impl Sheet {
    /// A sheet with nothing in it.
    pub fn new(name: &str) -> Sheet {
        Sheet { name: name.to_string(), ..Sheet::default() }
    }

    /// The cell at a row and column.
    pub fn at(&self, row: u32, column: u32) -> Option<&Cell> {
        self.rows.get(&row)?.get(&column)
    }

    /// Puts a cell in its place.
    pub fn put(&mut self, row: u32, column: u32, cell: Cell) {
        self.rows.entry(row).or_default().insert(column, cell);
    }
}

/// A workbook, or a folder of tables.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    /// The file or folder it came from.
    pub path: String,
    /// Sheets in their order.
    pub sheets: Vec<Sheet>,
}

/// `B7` for row 6 and column 1, both counted from 0.
pub fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let letter = (rest - 1) % 26;
        letters.push(char::from(b'A' + letter as u8));
        rest = (rest - 1 - letter) / 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

/// A heading or a word as it is compared: small letters, and one `_` for whatever is neither letter nor digit.
pub fn plain_word(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        if c.is_alphanumeric() {
            word.push(c);
        } else if !word.is_empty() && !word.ends_with('_') && !matches!(c, '\'' | '’') {
            word.push('_');
        }
    }
    word.truncate(word.trim_end_matches('_').len());
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_spreadsheets_do() {
        assert_eq!(cell_name(0, 0), "A1");
        assert_eq!(cell_name(6, 25), "Z7");
        assert_eq!(cell_name(0, 26), "AA1");
        assert_eq!(cell_name(9, 701), "ZZ10");
        assert_eq!(cell_name(0, 702), "AAA1");
        assert_eq!(cell_name(1_048_575, 16_383), "XFD1048576");
    }

    #[test]
    fn blanks_are_no_text() {
        assert_eq!(Cell::text(" \u{a0}\t"), None);
        assert_eq!(Cell::text("\u{a0}Amy  Walsh "), Some(Cell::Text("Amy  Walsh".to_string())));
    }

    #[test]
    fn words_are_compared_without_looks() {
        assert_eq!(plain_word("  At least "), "at_least");
        assert_eq!(plain_word("Person's name (full)"), "persons_name_full");
        assert_eq!(plain_word("***"), "");
    }
}
