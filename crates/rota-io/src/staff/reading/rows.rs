//! The rows of a sheet, each given to the person whom it names.

use super::columns::Columns;
use super::{Reading, Somebody};
use crate::staff::headings::{self, Field};
use crate::workbook::cells::{plain_word, Cell, Sheet};
use crate::workbook::places::At;
use std::collections::BTreeMap;

/// Rows that add up others.
const SUMS: &[&str] = &[
    "total",
    "totals",
    "sum",
    "count",
    "average",
    "headcount",
    "in_office",
    "on_site",
    "grand_total",
    "key",
    "legend",
];

/// Whether a row is a sum and nobody's: `Total`, `Total 24`, `Totals: 24`.
fn is_sum(name: &str) -> bool {
    let is_number = |word: &str| word.parse::<f64>().is_ok();
    let words: Vec<String> = name
        .split(|sign: char| sign.is_whitespace() || ":=,".contains(sign))
        .filter(|word| !word.is_empty() && !is_number(word))
        .map(plain_word)
        .collect();
    SUMS.contains(&plain_word(name).as_str())
        || !words.is_empty() && words.iter().all(|word| SUMS.contains(&word.as_str()))
}

impl Reading<'_> {
    /// Takes in every row below the headings.
    pub(super) fn sheet(&mut self, at: usize, sheet: &Sheet, columns: &Columns, brings_people: bool) {
        let is_leave = columns.is_leave();
        let mut seen: BTreeMap<usize, At> = BTreeMap::new();
        for (number, row) in sheet.rows.range(columns.header + 1..) {
            let Some((first, _)) = row.iter().next() else { continue };
            let place = At { sheet: at, row: *number, column: *first };
            let cells: BTreeMap<Field, (At, &Cell)> = columns
                .fields
                .iter()
                .filter_map(|(column, field)| {
                    Some((*field, (At { column: *column, ..place }, row.get(column)?)))
                })
                .collect();
            if !row.keys().any(|column| columns.is_read(*column)) {
                continue;
            }
            let (name, name_at) = match self.name(&cells) {
                Ok(Some(found)) => found,
                Ok(None) => {
                    let cell = crate::workbook::cells::cell_name(*number, *first);
                    self.rows_without_name.push(format!("{}!{cell}", sheet.name));
                    continue;
                }
                Err(()) => continue,
            };
            if is_sum(&name) {
                self.skipped.push(format!("row {} of the sheet `{}` (`{name}`)", number + 1, sheet.name));
                continue;
            }
            // The row of headings again, as long lists repeat it.
            if headings::meant(&plain_word(&name)) == Some(Field::Name) {
                self.skipped.push(format!(
                    "row {} of the sheet `{}`, which repeats the headings",
                    number + 1,
                    sheet.name
                ));
                continue;
            }
            let id = cells.get(&Field::Id).map(|(_, cell)| cell.spoken());
            let known = match self.known(&name, id.as_deref(), name_at) {
                Ok(known) => known,
                Err(problem) => {
                    self.problem("person", name_at, problem);
                    continue;
                }
            };
            let person = match known {
                Some(person) => person,
                None if is_leave && brings_people => {
                    let names = self.people.iter().map(|person| person.name.as_str());
                    let near = rota_core::finding::nearest(&name, names);
                    let help = near.map_or(
                        "add the person to the staff list, or correct the name".to_string(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    self.error("person", name_at, format!("`{name}` is not on the staff list"), help);
                    continue;
                }
                None => {
                    self.people.push(Somebody {
                        at: Some(name_at),
                        name: name.clone(),
                        id,
                        ..Somebody::default()
                    });
                    self.people.len() - 1
                }
            };
            if let (false, Some(first)) = (is_leave, seen.get(&person)) {
                let first = crate::workbook::cells::cell_name(first.row, first.column);
                let other = &self.people[person].name;
                let message = if other.to_lowercase() == name.to_lowercase() {
                    format!("`{name}` is on this sheet twice, here and in {first}")
                } else {
                    format!("`{name}` may be `{other}`, who is on this sheet too, in {first}")
                };
                self.error(
                    "twice",
                    name_at,
                    message,
                    "tell two people of one name apart by a column Id, or take one of the rows out",
                );
                continue;
            }
            seen.insert(person, name_at);
            if is_leave {
                self.leave(person, &cells, place);
            } else {
                self.about(person, &cells);
                self.flags(person, columns, row, place);
                self.week(person, columns, row, place);
                self.grid(person, columns, row, place);
            }
        }
    }
}
