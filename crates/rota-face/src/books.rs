//! Workbooks, tables and JSON as scenarios, and scenarios as workbooks: everything in memory.
//!
//! Whoever edits a scenario in tables gets it as [`SheetDocument`]s and gives them back; what is wrong is said of a
//! sheet and a cell. What is read goes through the same code, with the same limits, as files of the command line.

use crate::error::Error;
use rota_core::{About, Finding};
use rota_io::workbook::cells::{plain_word, Book, Cell, Sheet};
use rota_io::workbook::layout::SHEETS;
use rota_io::workbook::table::heading_row;
use rota_io::workbook::{self, ReadBook};
use rota_rules::model::Owner;
use rota_rules::{load, Problem, Scenario};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The version of the format.
const FORMAT: u32 = 1;
/// Cells that one sheet may have when it is given as rows, empty ones between others included.
const MOST_CELLS: usize = 400_000;

/// A sheet as rows of texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetDocument {
    /// Its name: People, Away, Wishes, Desks, Rules, Calendar ...
    pub name: String,
    /// The number of the first of the rows in the sheet, counted from 0; what stood above names no column.
    #[serde(default)]
    pub first: u32,
    /// The cells, row by row, from the first column on. The first row names the columns.
    pub rows: Vec<Vec<String>>,
}

/// A scenario given as sheets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetsBody {
    /// The sheets.
    pub sheets: Vec<SheetDocument>,
}

/// One rule as it is called and what it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleName {
    /// Its id, given or made from its name.
    pub id: String,
    /// `headcount`.
    pub rule: String,
    /// `must`, `high`, `medium`, `low` or `off`.
    pub strength: String,
    /// What it asks, in words.
    pub sentence: String,
    /// Why it is there.
    pub because: Option<String>,
}

/// What was read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ImportDocument {
    /// The version of the format: 1.
    pub import: u32,
    /// The scenario; none where there are mistakes.
    #[schemars(with = "Option<rota_rules::Scenario>")]
    pub scenario: Option<Box<RawValue>>,
    /// The scenario as sheets: as given where there are mistakes, else with its usual columns. None where there is
    /// nothing to be shown in sheets.
    pub sheets: Option<Vec<SheetDocument>>,
    /// The rules, in their order; empty where there are mistakes.
    pub rules: Vec<RuleName>,
    /// How many people there are; 0 where there are mistakes.
    pub people: usize,
    /// How many mistakes there are.
    pub errors: usize,
    /// Mistakes, warnings and notes, with sheet and cell where they stand in one.
    pub findings: Vec<Finding>,
}

impl ImportDocument {
    fn mistaken(findings: Vec<Finding>) -> ImportDocument {
        let mut document = ImportDocument {
            import: FORMAT,
            scenario: None,
            sheets: None,
            rules: Vec::new(),
            people: 0,
            errors: 0,
            findings,
        };
        document.count();
        document
    }

    fn count(&mut self) {
        self.errors = self.findings.iter().filter(|finding| finding.is_error()).count();
        for finding in &mut self.findings {
            // What was given has no name.
            finding.file = None;
        }
    }

    /// The exit code that the command line would give: 0, or 2 with mistakes.
    pub fn exit_code(&self) -> u8 {
        u8::from(self.errors > 0) * 2
    }
}

/// Reads a scenario from the bytes of a workbook, from JSON, or from sheets as JSON (see [`SheetsBody`]).
/// Mistakes are part of the answer.
pub fn import(bytes: &[u8]) -> ImportDocument {
    let is_packed = bytes.starts_with(b"PK") || bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]);
    if is_packed {
        return match workbook::xlsx::read("", bytes) {
            Ok(book) => from_book(&book, true),
            Err(finding) => ImportDocument::mistaken(vec![*finding]),
        };
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        let finding = Finding::error("import.kind", "", "this is neither a workbook nor a text")
            .help("give an .xlsx workbook, or a scenario as JSON");
        return ImportDocument::mistaken(vec![finding.without_pointer()]);
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.trim_start().starts_with('{') {
        let finding = Finding::error("import.kind", "", "this is neither a workbook nor a scenario as JSON")
            .help("save it as .xlsx in a spreadsheet program, with the sheets People and Calendar");
        return ImportDocument::mistaken(vec![finding.without_pointer()]);
    }
    if has_sheets(text) {
        return match serde_json::from_str::<SheetsBody>(text) {
            Ok(body) => from_sheets(&body.sheets),
            Err(wrong) => {
                let finding = Finding::error("import.sheets", "", wrong.to_string()).help(
                    "give { \"sheets\": [ { \"name\": \"People\", \"rows\": [[\"Name\"], [\"Amy\"]] } ] }",
                );
                ImportDocument::mistaken(vec![finding.without_pointer()])
            }
        };
    }
    from_json(text)
}

/// Whether a document is sheets: a scenario has no such field.
fn has_sheets(text: &str) -> bool {
    #[derive(Deserialize)]
    struct Top<'t> {
        #[serde(borrow)]
        sheets: Option<&'t RawValue>,
    }
    serde_json::from_str::<Top<'_>>(text).is_ok_and(|top| top.sheets.is_some())
}

fn from_sheets(sheets: &[SheetDocument]) -> ImportDocument {
    let cells: usize = sheets.iter().flat_map(|sheet| &sheet.rows).map(Vec::len).sum();
    if cells > MOST_CELLS {
        let finding = Finding::error("import.large", "", format!("there are {cells} cells in these sheets"))
            .help(format!("give at most {MOST_CELLS}"));
        return ImportDocument::mistaken(vec![finding.without_pointer()]);
    }
    let book = Book { path: String::new(), sheets: sheets.iter().map(sheet).collect() };
    from_book(&book, false)
}

fn sheet(given: &SheetDocument) -> Sheet {
    let mut sheet = Sheet::new(&given.name);
    for (row, values) in given.rows.iter().enumerate() {
        for (column, value) in values.iter().enumerate() {
            if let Some(cell) = Cell::text(value) {
                sheet.put(given.first.saturating_add(row as u32), column as u32, cell);
            }
        }
    }
    sheet
}

/// `usual` asks for the sheets with their usual columns where nothing is wrong with them.
fn from_book(book: &Book, usual: bool) -> ImportDocument {
    let mut read = match workbook::read_sheets(book) {
        Ok(read) => read,
        Err(findings) => {
            let mut document = ImportDocument::mistaken(findings);
            document.sheets = as_given(book).ok();
            return document;
        }
    };
    let text = read.text.clone();
    let mut document = settled(&text, &mut read);
    let canonical = usual.then(|| usual_sheets(&text)).flatten();
    match (document.errors, canonical) {
        (0, Some((book, mut again))) => {
            document = settled(&text, &mut again);
            document.sheets = as_given(&book).ok();
        }
        _ => match as_given(book) {
            Ok(sheets) => document.sheets = Some(sheets),
            Err(finding) => {
                document.scenario = None;
                document.findings.push(*finding);
                document.count();
            }
        },
    }
    document
}

/// The sheets that a scenario without mistakes of shape is written as, and what they are read as.
fn usual_sheets(text: &str) -> Option<(Book, ReadBook)> {
    let book = workbook::sheets(&Scenario::read(text).scenario?).ok()?;
    let read = workbook::read_sheets(&book).ok()?;
    Some((book, read))
}

/// What a scenario says that was read from sheets, told of their cells.
fn settled(text: &str, book: &mut ReadBook) -> ImportDocument {
    let mut read = Scenario::read(text);
    book.settle(&mut read);
    let loaded = rota_rules::examine(text, read);
    let mut findings = loaded.findings;
    book.places.place(&mut findings);
    document(text, loaded.problem.as_ref(), findings)
}

fn from_json(text: &str) -> ImportDocument {
    let loaded = load(text);
    let has_shape = loaded.problem.is_some() || Scenario::read(text).findings.is_empty();
    let sheets = has_shape.then(|| usual_sheets(text)).flatten();
    let mut findings = loaded.findings;
    if let Some((_, read)) = &sheets {
        read.places.place(&mut findings);
    }
    let mut document = document(text, loaded.problem.as_ref(), findings);
    document.sheets = sheets.and_then(|(book, _)| as_given(&book).ok());
    document
}

fn document(text: &str, problem: Option<&Problem>, findings: Vec<Finding>) -> ImportDocument {
    let mut document = ImportDocument::mistaken(findings);
    if let (Some(problem), 0) = (problem, document.errors) {
        document.scenario = RawValue::from_string(text.to_string()).ok();
        document.rules = rule_names(problem);
        document.people = problem.site.people.len();
    }
    document
}

/// Every rule of a problem with what it asks.
fn rule_names(problem: &Problem) -> Vec<RuleName> {
    let name = |(at, rule): (usize, &rota_rules::ProblemRule)| RuleName {
        id: rule.id.clone(),
        rule: rule.rule.name().to_string(),
        strength: rule.strength.word().to_string(),
        sentence: problem.sentence(Owner::Rule(at as u32), &About::default()),
        because: rule.because.clone(),
    };
    problem.rules.iter().enumerate().map(name).collect()
}

/// The known sheets of a book, from the row that names the columns on.
fn as_given(book: &Book) -> Result<Vec<SheetDocument>, Box<Finding>> {
    let mut sheets = Vec::new();
    for sheet in &book.sheets {
        let known = SHEETS.iter().find(|(name, _)| plain_word(name) == plain_word(&sheet.name));
        let Some((name, columns)) = known else { continue };
        let first = heading_row(sheet, columns).map_or(0, |(row, _)| *row);
        let rows = sheet.rows.range(first..);
        let last = rows.clone().next_back().map_or(first, |(row, _)| *row);
        let width = rows.filter_map(|(_, row)| row.keys().next_back()).max().map_or(0, |last| last + 1);
        let height = last - first + 1;
        if width as usize * height as usize > MOST_CELLS {
            let message = format!("the sheet `{name}` reaches too far down or to the right to be shown");
            let mut finding = Finding::error("import.large", "", message)
                .help("delete the empty rows and columns before its last cell")
                .without_pointer();
            finding.sheet = Some((*name).to_string());
            return Err(Box::new(finding));
        }
        let row = |row: u32| (0..width).map(|column| shown(sheet.at(row, column))).collect();
        sheets.push(SheetDocument {
            name: (*name).to_string(),
            first,
            rows: (first..=last).map(row).collect(),
        });
    }
    Ok(sheets)
}

/// A cell as a person writes it, so that reading it again gives the same.
fn shown(cell: Option<&Cell>) -> String {
    match cell {
        None => String::new(),
        Some(Cell::Date(date)) => date.0.format("%-d %b %Y").to_string(),
        Some(cell) => cell.spoken(),
    }
}

/// The bytes of a workbook (xlsx) with a scenario in it.
///
/// # Errors
///
/// What no sheet can hold.
pub fn book(scenario: &Scenario) -> Result<Vec<u8>, Error> {
    workbook::sheets(scenario)
        .and_then(|book| workbook::workbook(&book))
        .map_err(|what| Error::of(Finding::error("workbook.write", "", what).help("keep it as JSON")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: &str = r#"{ "scenario": 1, "title": "A week",
        "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
        "people": [ { "id": "amy", "name": "Amy Walsh", "team": "coding", "tags": ["drives"],
                      "away": [ { "from": "2020-06-17", "to": "2020-06-18" } ] },
                    { "id": "ben", "wishes": [ { "on": "tue", "place": "home" } ] } ],
        "rules": [ { "headcount": { "who": { "tag": "drives" }, "at_least": 1 }, "because": "The van" },
                   { "wishes": {}, "strength": "high" } ] }"#;

    fn sheet_of<'d>(document: &'d ImportDocument, name: &str) -> &'d SheetDocument {
        let sheets = document.sheets.as_ref().expect("there are sheets");
        sheets.iter().find(|sheet| sheet.name == name).expect("the sheet is there")
    }

    fn back(document: &ImportDocument, change: impl Fn(&mut Vec<SheetDocument>)) -> ImportDocument {
        let mut sheets = document.sheets.clone().expect("there are sheets");
        change(&mut sheets);
        import(serde_json::json!({ "sheets": sheets }).to_string().as_bytes())
    }

    fn value(document: &ImportDocument) -> serde_json::Value {
        let scenario = document.scenario.as_ref().expect("there are no mistakes");
        let typed = Scenario::read(scenario.get()).scenario.expect("reads");
        serde_json::to_value(typed).expect("plain data")
    }

    #[test]
    fn json_becomes_sheets_and_comes_back_the_same() {
        let read = import(WEEK.as_bytes());
        assert_eq!((read.errors, read.exit_code()), (0, 0), "{:?}", read.findings);
        assert_eq!(sheet_of(&read, "Away").rows[1], ["Amy Walsh", "away", "17 Jun 2020", "18 Jun 2020"]);
        assert_eq!(read.rules[0].id, "headcount");
        assert_eq!(read.rules[0].sentence, "at least 1 of drives on site each day");
        let again = back(&read, |_| {});
        assert_eq!(again.errors, 0, "{:?}", again.findings);
        assert_eq!(value(&again)["people"], value(&read)["people"]);
        assert_eq!(value(&again)["rules"], value(&read)["rules"]);
        assert_eq!(value(&again)["calendar"], value(&read)["calendar"]);
    }

    #[test]
    fn a_workbook_comes_back_the_same() {
        let bytes = book(&Scenario::read(WEEK).scenario.expect("reads")).expect("writes");
        let read = import(&bytes);
        assert_eq!(read.errors, 0, "{:?}", read.findings);
        assert_eq!(value(&read), value(&import(WEEK.as_bytes())));
        assert_eq!(sheet_of(&read, "People").first, 0);
    }

    #[test]
    fn a_mistake_is_told_of_its_cell() {
        let read = import(WEEK.as_bytes());
        let wrong = back(&read, |sheets| {
            let rules = sheets.iter_mut().find(|sheet| sheet.name == "Rules").expect("is there");
            assert_eq!(rules.rows[0][1], "Who");
            rules.rows[1][1] = "drivs".to_string();
            rules.first = 2;
        });
        assert_eq!((wrong.errors, wrong.exit_code()), (1, 2));
        let finding = &wrong.findings[0];
        assert_eq!((finding.sheet.as_deref(), finding.cell.as_deref()), (Some("Rules"), Some("B4")));
        assert_eq!(finding.help.as_deref(), Some("did you mean `drives`?"));
        assert!(wrong.scenario.is_none());
        assert_eq!(sheet_of(&wrong, "Rules").rows[1][1], "drivs");
        assert_eq!(sheet_of(&wrong, "Rules").first, 2);
    }

    #[test]
    fn mistakes_of_json_are_at_cells_where_there_are_any() {
        let meaning = import(WEEK.replace("\"tag\": \"drives\"", "\"tag\": \"drivs\"").as_bytes());
        assert_eq!(meaning.findings[0].cell.as_deref(), Some("B2"));
        let shape = import(WEEK.replace("\"at_least\": 1", "\"at_lest\": 1").as_bytes());
        assert!(shape.sheets.is_none());
        assert_eq!(shape.findings[0].pointer.as_deref(), Some("/rules/0/headcount/at_lest"));
        assert!(shape.findings[0].line.is_some());
    }

    #[test]
    fn what_is_nothing_is_said() {
        let code = |bytes: &[u8]| import(bytes).findings[0].code.clone();
        assert_eq!(code(b"name,team"), "import.kind");
        assert_eq!(code(&[0xff, 0xfe, 0x00]), "import.kind");
        assert_eq!(code(b"PK nothing"), "workbook.kind");
        assert_eq!(code(b"{ \"sheets\": 3 }"), "import.sheets");
        assert_eq!(code(b"{ \"sheets\": [] }"), "workbook.sheet");
        assert_eq!(import(b"{}").exit_code(), 2);
    }

    #[test]
    fn a_cell_far_away_does_not_fill_the_memory() {
        let mut far = Sheet::new("People");
        far.put(0, 0, Cell::Text("Name".to_string()));
        far.put(0, 2, Cell::Text("Team".to_string()));
        far.put(1_048_575, 16_383, Cell::Text("far".to_string()));
        let finding = as_given(&Book { path: String::new(), sheets: vec![far] }).expect_err("is too far");
        assert_eq!(finding.code, "import.large");
    }
}
