//! Which row of a sheet names its columns, and what each column holds.

use super::said::order_help;
use super::Reading;
use crate::staff::headings::{self, Field};
use crate::staff::headings_of_days;
use crate::workbook::cells::{plain_word, Cell, Sheet};
use crate::workbook::kinds;
use crate::workbook::places::At;
use rota_core::{Date, Weekday};
use std::collections::{BTreeMap, BTreeSet};

/// The columns of a sheet.
pub(super) struct Columns {
    pub(super) header: u32,
    pub(super) fields: BTreeMap<u32, Field>,
    pub(super) weekdays: BTreeMap<u32, Weekday>,
    pub(super) dates: BTreeMap<u32, Date>,
    /// Tags that a column says yes or no to.
    pub(super) flags: BTreeMap<u32, &'static str>,
}

impl Columns {
    /// Whether something of a person is read from a column.
    pub(super) fn is_read(&self, column: u32) -> bool {
        self.fields.contains_key(&column)
            || self.weekdays.contains_key(&column)
            || self.dates.contains_key(&column)
            || self.flags.contains_key(&column)
    }

    /// Whether the sheet is a list of leave, and not one of people.
    pub(super) fn is_leave(&self) -> bool {
        self.fields.values().any(|field| *field == Field::From) && self.dates.is_empty()
    }
}

impl Reading<'_> {
    fn field(&self, heading: &str) -> Option<Field> {
        let word = plain_word(heading);
        self.options.map.get(&word).copied().or_else(|| headings::meant(&word))
    }

    fn is_day(&self, cell: &Cell) -> bool {
        headings_of_days::read(cell, self.options).is_some()
    }

    /// The row that names the columns, and what each column holds; none when no row does.
    pub(super) fn columns(&mut self, at: usize, sheet: &Sheet) -> Option<Columns> {
        let score = |row: &BTreeMap<u32, Cell>| {
            let known = |cell: &&Cell| match cell {
                Cell::Text(text) => self.field(text).is_some() || is_weekday(text) || self.is_day(cell),
                Cell::Date(_) => true,
                _ => false,
            };
            let names = |cell: &Cell| matches!(cell, Cell::Text(text) if matches!(self.field(text), Some(Field::Name | Field::First | Field::Surname | Field::Id)));
            let known = row.values().filter(known).count();
            (row.values().any(names), known)
        };
        let (header, row) = sheet
            .rows
            .iter()
            .take(30)
            .max_by_key(|(number, row)| (score(row), std::cmp::Reverse(**number)))?;
        let (has_name, known) = score(row);
        let dates = row.values().filter(|cell| self.is_day(cell)).count();
        if !has_name && (dates < 2 || known == 0) {
            return None;
        }
        let mut columns = Columns {
            header: *header,
            fields: BTreeMap::new(),
            weekdays: BTreeMap::new(),
            dates: BTreeMap::new(),
            flags: BTreeMap::new(),
        };
        let mut passed: Vec<String> = Vec::new();
        let mut years_found: Vec<String> = Vec::new();
        for (number, cell) in row {
            let place = At { sheet: at, row: *header, column: *number };
            let heading = cell.spoken();
            if let Some(problem) = kinds::no_value(cell) {
                self.problem("cell", place, problem);
                continue;
            }
            let field = match cell {
                Cell::Text(text) => self.field(text),
                _ => None,
            };
            if let Some(field) = field {
                if self.options.map.contains_key(&plain_word(&heading)) {
                    self.mapped.insert(plain_word(&heading));
                }
                if field == Field::Ignore {
                    passed.push(heading);
                } else if columns.fields.values().any(|own| *own == field) && field != Field::Role {
                    let help = format!("say which is meant: --map \"{heading}=ignore\"");
                    self.error(
                        "column",
                        place,
                        format!("`{heading}` is a second column of the same kind"),
                        help,
                    );
                } else {
                    columns.fields.insert(*number, field);
                }
            } else if let Some(tag) = headings::flag(&plain_word(&heading)) {
                columns.flags.insert(*number, tag);
            } else if let (Cell::Text(text), true) = (cell, is_weekday(&heading)) {
                columns.weekdays.extend(weekday(text).map(|day| (*number, day)));
            } else if let Some(day) = headings_of_days::read(cell, self.options) {
                if let Ok(found) = &day {
                    if found.year_found {
                        years_found.push(format!("`{heading}` as {}", found.date.long()));
                    }
                }
                match day.map(|found| found.date) {
                    Ok(date) if columns.dates.values().any(|own| *own == date) => {
                        self.error(
                            "date",
                            place,
                            format!("{} is there twice", date.long()),
                            "correct one of the two",
                        );
                    }
                    Ok(date) => {
                        columns.dates.insert(*number, date);
                    }
                    Err(problem) => self.problem("date", place, order_help(problem)),
                }
            } else if sheet.rows.range(header + 1..).any(|(_, row)| row.contains_key(number)) {
                passed.push(heading);
            }
        }
        // Without a heading, names usually stand first.
        if !has_name {
            let first = sheet.rows.range(header + 1..).find_map(|(_, row)| row.keys().next().copied())?;
            if columns.dates.keys().all(|date| first < *date) {
                columns.fields.insert(first, Field::Name);
                self.notes.push(format!("On the sheet `{}` the first column was read as names.", sheet.name));
            }
        }
        if let (Some(first), Some(last)) = (years_found.first(), years_found.last()) {
            let each = if first == last { first.clone() } else { format!("{first} ... {last}") };
            self.notes.push(format!("The weekdays told the year of days without one: {each}."));
        }
        if !passed.is_empty() {
            let what = if passed.len() == 1 { "the column" } else { "the columns" };
            let names: Vec<String> = passed.iter().map(|name| format!("`{name}`")).collect();
            self.skipped.push(format!("{what} {} of the sheet `{}`", names.join(", "), sheet.name));
        }
        // What stands in a column without a heading.
        let headed: BTreeSet<u32> = row.keys().copied().chain(columns.fields.keys().copied()).collect();
        let lone = sheet
            .rows
            .range(header + 1..)
            .flat_map(|(number, row)| row.keys().map(move |column| (*number, *column)));
        let lone: Vec<(u32, u32)> = lone.filter(|(_, column)| !headed.contains(column)).collect();
        if let Some((row, column)) = lone.first() {
            let cell = crate::workbook::cells::cell_name(*row, *column);
            let more =
                if lone.len() > 1 { format!(" and {} more cells", lone.len() - 1) } else { String::new() };
            self.skipped.push(format!("{}!{cell}{more}, which stand under no heading", sheet.name));
        }
        Some(columns)
    }
}

/// A weekday as a heading: `Mon`, `Monday`, `Tues`.
fn weekday(text: &str) -> Option<Weekday> {
    rota_core::words::weekday(text)
}

fn is_weekday(text: &str) -> bool {
    weekday(text).is_some()
}
