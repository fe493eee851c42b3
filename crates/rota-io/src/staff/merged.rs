//! Merged cells of a list: what stands in such a block is meant for every row and column of it.

use crate::workbook::cells::{cell_name, Sheet};

/// The most cells of one block that are filled.
const LARGEST_BLOCK: u64 = 10_000;

/// The sheet with each merged block below a row filled with what stands in its first cell, and the names of those
/// blocks.
pub fn filled(sheet: &Sheet, header: u32) -> (Sheet, Vec<String>) {
    let mut filled = sheet.clone();
    let mut names = Vec::new();
    for ((top, left), (bottom, right)) in &sheet.merged {
        let cells = u64::from(bottom - top + 1) * u64::from(right - left + 1);
        let Some(cell) = sheet.at(*top, *left) else { continue };
        if *top <= header || cells > LARGEST_BLOCK {
            continue;
        }
        for row in *top..=*bottom {
            for column in *left..=*right {
                filled.put(row, column, cell.clone());
            }
        }
        names.push(format!("{}!{}:{}", sheet.name, cell_name(*top, *left), cell_name(*bottom, *right)));
    }
    (filled, names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::cells::Cell;

    #[test]
    fn blocks_below_the_headings_are_filled() {
        let mut sheet = Sheet::new("Rota");
        let text = |text: &str| Cell::Text(text.to_string());
        sheet.put(0, 0, text("Title"));
        sheet.put(2, 0, text("A"));
        sheet.merged = vec![((0, 0), (0, 3)), ((2, 0), (3, 1)), ((5, 0), (6, 0))];
        let (filled, names) = filled(&sheet, 1);
        assert_eq!(names, ["Rota!A3:B4"]);
        assert_eq!(filled.at(3, 1), Some(&text("A")));
        assert_eq!(filled.at(0, 1), None);
        assert_eq!(filled.at(6, 0), None);
    }
}
