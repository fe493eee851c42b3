//! A sheet as a table: the row that names the columns, and the rows below it.

use super::cells::{plain_word, Book, Cell, Sheet};
use super::kinds::Kind;
use super::layout::Column;
use super::places::{At, Places};
use super::selectors::Names;
use rota_core::words::Problem;
use rota_core::Finding;
use serde_json::{json, Map, Value};
use std::collections::BTreeMap;

/// How many rows may stand above the one that names the columns.
pub const MOST_TITLES: usize = 15;

/// Headings under which anything may stand that is never read.
const REMARKS: &[&str] = &["note", "notes", "comment", "comments", "remark", "remarks"];

/// What reading a workbook has found so far.
pub struct Found {
    /// Where everything stands.
    pub places: Places,
    /// Mistakes that belong to no value.
    pub findings: Vec<Finding>,
    /// Mistakes in cells, by the pointer of the value that stands in for what could not be read.
    pub marks: BTreeMap<String, Finding>,
}

impl Found {
    /// Nothing found yet in a book.
    pub fn new(book: &Book) -> Found {
        let sheets = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
        Found { places: Places::new(&book.path, sheets), findings: Vec::new(), marks: BTreeMap::new() }
    }

    /// A mistake at a cell.
    pub fn error(&mut self, code: &str, at: At, problem: Problem) {
        let finding = self.places.put(problem.finding(&format!("workbook.{code}"), ""), at);
        self.findings.push(finding);
    }

    /// Something worth a look at a cell.
    pub fn warning(&mut self, code: &str, at: At, message: String, help: &str) {
        let finding = Finding::warning(&format!("workbook.{code}"), "", message).help(help);
        self.findings.push(self.places.put(finding, at));
    }

    /// A cell that could not be read: its value is one that no field accepts, so that what follows from it is
    /// known not to be a mistake of its own.
    fn mark(&mut self, pointer: &str, at: At, cell: &Cell, problem: Problem) -> Value {
        let finding = self.places.put(problem.finding("workbook.cell", ""), at);
        self.marks.insert(pointer.to_string(), finding);
        json!({ "unreadable": cell.spoken() })
    }
}

/// One row with something in it.
#[derive(Debug, Clone)]
pub struct Row<'b> {
    /// Its first cell with something in it.
    pub at: At,
    /// Cells by the field of their column.
    pub cells: BTreeMap<&'static str, (At, &'b Cell)>,
}

impl<'b> Row<'b> {
    /// The cell of a column.
    pub fn cell(&self, field: &str) -> Option<(At, &'b Cell)> {
        self.cells.get(field).copied()
    }

    /// Where the cell of a column is, or else the row.
    pub fn at(&self, field: &str) -> At {
        self.cell(field).map_or(self.at, |(at, _)| at)
    }
}

/// A sheet as a table.
pub struct Table<'b> {
    /// Its columns as the layout has them.
    pub columns: &'static [Column],
    /// Its rows.
    pub rows: Vec<Row<'b>>,
}

/// Which of the columns a heading names.
fn meant(heading: &str, columns: &'static [Column]) -> Option<&'static Column> {
    let word = plain_word(heading);
    let own = |column: &&Column| plain_word(column.heading) == word || column.field == word;
    columns.iter().find(own).or_else(|| columns.iter().find(|column| column.also.contains(&word.as_str())))
}

/// How many cells of a row name columns.
fn named(row: &BTreeMap<u32, Cell>, columns: &'static [Column]) -> usize {
    row.values().filter(|cell| matches!(cell, Cell::Text(text) if meant(text, columns).is_some())).count()
}

/// The row that names the columns, or that comes nearest to it; titles may stand above.
pub fn heading_row<'s>(
    sheet: &'s Sheet,
    columns: &'static [Column],
) -> Option<(&'s u32, &'s BTreeMap<u32, Cell>)> {
    let first = sheet.rows.iter().take(MOST_TITLES);
    first.max_by_key(|(number, row)| (named(row, columns), std::cmp::Reverse(**number)))
}

/// Cells that are for people only: those above the row of headings, and those of columns that are not read.
pub fn unread(sheet: &Sheet, columns: &'static [Column]) -> Vec<(u32, u32)> {
    let Some((header, _)) = heading_row(sheet, columns) else { return Vec::new() };
    let header = *header;
    let is_known =
        |column: &u32| sheet.at(header, *column).is_some_and(|cell| meant(&cell.spoken(), columns).is_some());
    let mut cells = Vec::new();
    for (row, own) in &sheet.rows {
        let is_read = |column: &u32| *row == header || *row > header && is_known(column);
        cells.extend(own.keys().filter(|column| !is_read(column)).map(|column| (*row, *column)));
    }
    cells
}

/// Reads a sheet as a table; a sheet with nothing in it has no rows.
pub fn table<'b>(sheet: &'b Sheet, at: usize, columns: &'static [Column], found: &mut Found) -> Table<'b> {
    let mut table = Table { columns, rows: Vec::new() };
    let Some((header, row)) = heading_row(sheet, columns) else { return table };
    if named(row, columns) < 2.min(columns.len() - 1) {
        let names: Vec<&str> =
            columns.iter().filter(|column| column.usual).map(|column| column.heading).collect();
        let column = row.keys().next().copied().unwrap_or(0);
        found.error(
            "header",
            At { sheet: at, row: *header, column },
            Problem::new(format!("no row of the sheet `{}` names its columns", sheet.name))
                .help(format!("put a row at its top: {}", names.join(", "))),
        );
        return table;
    }
    let mut of: BTreeMap<u32, &'static Column> = BTreeMap::new();
    for (number, cell) in row {
        let place = At { sheet: at, row: *header, column: *number };
        let heading = cell.spoken();
        match meant(&heading, columns) {
            Some(column) if of.values().any(|other| other.field == column.field) => found.error(
                "column",
                place,
                Problem::new(format!("the column `{heading}` is there twice")).help("keep one of the two"),
            ),
            Some(column) => {
                of.insert(*number, column);
            }
            None => {
                let filled = sheet.rows.range(header + 1..).any(|(_, row)| row.contains_key(number));
                if filled && !REMARKS.contains(&plain_word(&heading).as_str()) {
                    let known: Vec<&str> = columns.iter().map(|column| column.heading).collect();
                    let near = rota_core::finding::nearest(&heading, known.iter().copied());
                    let help = near.map_or_else(
                        || {
                            format!(
                                "known here: {}; call a column `Note` that rota need not read",
                                known.join(", ")
                            )
                        },
                        |near| format!("did you mean `{near}`?"),
                    );
                    let message = format!("the sheet `{}` has no column `{heading}`", sheet.name);
                    found.error("column", place, Problem::new(message).help(help));
                }
            }
        }
    }
    for (number, row) in sheet.rows.range(header + 1..) {
        let mut cells = BTreeMap::new();
        let mut first = None;
        for (column, cell) in row {
            let place = At { sheet: at, row: *number, column: *column };
            if let Some(own) = of.get(column) {
                first.get_or_insert(place);
                cells.insert(own.field, (place, cell));
            } else if !row_has_heading(sheet, *header, *column) {
                found.error(
                    "cell",
                    place,
                    Problem::new(format!("`{}` stands in a column without a heading", cell.spoken()))
                        .help("give the column a heading, or take this out"),
                );
            }
        }
        if let Some(at) = first {
            table.rows.push(Row { at, cells });
        }
    }
    table
}

fn row_has_heading(sheet: &Sheet, header: u32, column: u32) -> bool {
    sheet.at(header, column).is_some()
}

/// Reads a cell; one that cannot be read is a mistake, and none.
pub fn read(row: &Row<'_>, field: &str, kind: Kind, names: &Names, found: &mut Found) -> Option<Value> {
    let (at, cell) = row.cell(field)?;
    match kind.read(cell, names) {
        Ok(value) => Some(value),
        Err(problem) => {
            found.error("cell", at, problem);
            None
        }
    }
}

/// Reads a cell as a text; see [`read`].
pub fn text(row: &Row<'_>, field: &str, found: &mut Found) -> Option<String> {
    let value = read(row, field, Kind::Text, &Names::default(), found)?;
    value.as_str().map(str::to_string)
}

/// Puts the cell of a column into an object, with its place; one that cannot be read is marked.
pub fn put(
    row: &Row<'_>,
    column: &str,
    kind: Kind,
    names: &Names,
    target: (&str, &mut Map<String, Value>, &str),
    found: &mut Found,
) {
    let Some((at, cell)) = row.cell(column) else { return };
    let (pointer, object, field) = target;
    let pointer = format!("{pointer}/{field}");
    let value = match kind.read(cell, names) {
        Ok(value) => value,
        Err(problem) => found.mark(&pointer, at, cell, problem),
    };
    found.places.add(pointer, at);
    object.insert(field.to_string(), value);
}

/// The members of the JSON in the column More; none when it is empty or wrong.
pub fn more(row: &Row<'_>, found: &mut Found) -> Option<(At, Map<String, Value>)> {
    let at = row.at("more");
    match read(row, "more", Kind::Json, &Names::default(), found)? {
        Value::Object(members) => Some((at, members)),
        other => {
            found.error(
                "more",
                at,
                Problem::new(format!("`{other}` is not a JSON object"))
                    .help("write it like {\"minutes\": 15}"),
            );
            None
        }
    }
}

/// Puts what More says into an object.
pub fn put_more(
    at: At,
    members: Map<String, Value>,
    pointer: &str,
    object: &mut Map<String, Value>,
    found: &mut Found,
) {
    for (name, value) in members {
        let own = format!("{pointer}/{}", rota_core::finding::pointer_part(&name));
        if object.contains_key(&name) {
            found.error(
                "more",
                at,
                Problem::new(format!("`{name}` is given in this cell and in a column of its own"))
                    .help("give it in one of the two"),
            );
            continue;
        }
        found.places.add(own, at);
        object.insert(name, value);
    }
}
