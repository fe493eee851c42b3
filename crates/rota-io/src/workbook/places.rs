//! Where in a workbook each part of a scenario stands, so that whatever is found in it is said of a cell.

use super::cells::cell_name;
use rota_core::Finding;
use std::collections::BTreeMap;

/// A cell: its sheet, row and column, all counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The sheet.
    pub sheet: usize,
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
}

/// The cells of a workbook by what they gave.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The file or folder.
    pub path: String,
    /// The names of the sheets.
    pub sheets: Vec<String>,
    /// Cells by JSON pointer.
    cells: BTreeMap<String, At>,
}

impl Places {
    /// Places of a workbook with these sheets.
    pub fn new(path: &str, sheets: Vec<String>) -> Places {
        Places { path: path.to_string(), sheets, cells: BTreeMap::new() }
    }

    /// Remembers which cell gave the value at a pointer.
    pub fn add(&mut self, pointer: impl Into<String>, at: At) {
        self.cells.insert(pointer.into(), at);
    }

    /// The cell that gave the value at a pointer, or what it stands in.
    pub fn of(&self, pointer: &str) -> Option<At> {
        let mut above = pointer;
        loop {
            if let Some(at) = self.cells.get(above) {
                return Some(*at);
            }
            above = &above[..above.rfind('/')?];
        }
    }

    /// Puts a finding at a cell.
    pub fn put(&self, finding: Finding, at: At) -> Finding {
        let mut finding = finding.without_pointer();
        finding.file = Some(self.path.clone());
        finding.sheet = self.sheets.get(at.sheet).cloned();
        finding.cell = Some(cell_name(at.row, at.column));
        finding
    }

    /// Puts findings with pointers at their cells, and all of them in order.
    pub fn place(&self, findings: &mut [Finding]) {
        for finding in findings.iter_mut() {
            finding.line = None;
            finding.column = None;
            if finding.sheet.is_some() {
                continue;
            }
            let Some(pointer) = finding.pointer.clone() else { continue };
            if let Some(at) = self.of(&pointer) {
                *finding = self.put(finding.clone(), at);
            } else {
                finding.pointer = None;
                finding.file = Some(self.path.clone());
            }
        }
        findings.sort_by_cached_key(|finding| {
            let sheet = self.sheets.iter().position(|name| Some(name) == finding.sheet.as_ref());
            let cell = finding.cell.clone().unwrap_or_default();
            let digits = cell.find(|c: char| c.is_ascii_digit()).unwrap_or(cell.len());
            (finding.level, sheet, cell[digits..].parse::<u32>().unwrap_or(0), digits, cell)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_that_of_the_nearest_part_that_has_one() {
        let mut places = Places::new("team.xlsx", vec!["Rules".to_string()]);
        places.add("/rules/0", At { sheet: 0, row: 1, column: 0 });
        places.add("/rules/0/headcount/who", At { sheet: 0, row: 1, column: 1 });
        let cell = |pointer: &str| {
            let mut found = [Finding::error("a.b", pointer, "x")];
            places.place(&mut found);
            let [found] = found;
            (found.sheet, found.cell, found.pointer)
        };
        let rules = Some("Rules".to_string());
        assert_eq!(cell("/rules/0/headcount/who/team"), (rules.clone(), Some("B2".to_string()), None));
        assert_eq!(cell("/rules/0/headcount"), (rules, Some("A2".to_string()), None));
        assert_eq!(cell("/people/0"), (None, None, None));
    }
}
