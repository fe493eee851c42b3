//! The sheets of a staff list read into what they say of each person.

mod columns;
mod rows;
mod said;
mod who;

use super::codes::Code;
use super::{merged, Grid, Options};
use crate::workbook::cells::{plain_word, Book};
use crate::workbook::hidden;
use crate::workbook::places::{At, Places};
use columns::Columns;
use rota_core::words::Problem;
use rota_core::{Date, Finding, Weekday};
use std::collections::{BTreeMap, BTreeSet};

/// What the sheets say of one person.
#[derive(Debug, Clone, Default)]
pub struct Somebody {
    /// Where the person was first named.
    pub at: Option<At>,
    /// The name as typed.
    pub name: String,
    /// The id as typed.
    pub id: Option<String>,
    /// The team.
    pub team: Option<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Weekdays worked; every work day if not known.
    pub works: Option<Vec<Weekday>>,
    /// Always at home, or always on site.
    pub base: Option<&'static str>,
    /// What the desk must have.
    pub needs: Vec<String>,
    /// First and last day in the job.
    pub starts: Option<Date>,
    /// See `starts`.
    pub ends: Option<Date>,
    /// Places by weekday.
    pub weekdays: Vec<(Weekday, Code)>,
    /// The rows of leave lists.
    pub away: Vec<Leave>,
    /// Codes of a grid.
    pub days: BTreeMap<Date, (Code, String)>,
}

/// A time away.
#[derive(Debug, Clone)]
pub struct Leave {
    /// Where it stands.
    pub at: At,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why, where that is kept.
    pub why: Option<String>,
}

/// What the sheets say.
pub struct Gathered {
    /// The people in the order of the sheets.
    pub people: Vec<Somebody>,
    /// Where everything stands.
    pub places: Places,
    /// What was passed over.
    pub skipped: Vec<String>,
    /// How it was understood.
    pub notes: Vec<String>,
}

struct Reading<'b> {
    book: &'b Book,
    options: &'b Options,
    places: Places,
    people: Vec<Somebody>,
    findings: Vec<Finding>,
    skipped: Vec<String>,
    notes: Vec<String>,
    mapped: BTreeSet<String>,
    /// How often each code was read in grids.
    counts: BTreeMap<(String, Code), usize>,
    reasons: usize,
    rows_without_name: Vec<String>,
    /// Whether cells under weekdays were empty beside others that were not.
    blanks: bool,
    /// Names that were taken for another way to write a name.
    alike: BTreeSet<(String, String)>,
    /// The same of teams.
    teams_alike: BTreeSet<(String, String)>,
}

/// Reads every sheet that people see.
pub fn read(book: &Book, options: &Options) -> Result<Gathered, Vec<Finding>> {
    let sheets = book.sheets.iter().map(|sheet| sheet.name.clone()).collect();
    let mut reading = Reading {
        book,
        options,
        places: Places::new(&book.path, sheets),
        people: Vec::new(),
        findings: Vec::new(),
        skipped: Vec::new(),
        notes: Vec::new(),
        mapped: BTreeSet::new(),
        counts: BTreeMap::new(),
        reasons: 0,
        rows_without_name: Vec::new(),
        blanks: false,
        alike: BTreeSet::new(),
        teams_alike: BTreeSet::new(),
    };
    let mut tables = Vec::new();
    for (at, sheet) in book.sheets.iter().enumerate() {
        if sheet.rows.is_empty() {
            continue;
        }
        if sheet.hidden {
            reading.skipped.push(format!("the hidden sheet `{}`", sheet.name));
            continue;
        }
        match reading.columns(at, sheet) {
            Some(columns) => tables.push((at, columns)),
            None => reading
                .skipped
                .push(format!("the sheet `{}`: no row of it names a column of people", sheet.name)),
        }
    }
    // Leave lists name people whom the other sheets bring.
    tables.sort_by_key(|(at, columns)| (columns.is_leave(), *at));
    let brings_people = tables.iter().any(|(_, columns)| !columns.is_leave());
    for (at, columns) in &tables {
        if let Some(what) = reading.hidden(*at, columns) {
            reading.notes.push(what);
        }
        let (sheet, blocks) = merged::filled(&book.sheets[*at], columns.header);
        if !blocks.is_empty() {
            let blocks = blocks.join(", ");
            reading
                .notes
                .push(format!("Merged cells were read as if each held what the first does: {blocks}."));
        }
        reading.sheet(*at, &sheet, columns, brings_people);
    }
    reading.finish(&tables)
}

impl Reading<'_> {
    fn error(&mut self, code: &str, at: At, message: impl Into<String>, help: impl Into<String>) {
        let problem = Problem::new(message).help(help);
        self.problem(code, at, problem);
    }

    fn problem(&mut self, code: &str, at: At, problem: Problem) {
        let finding = self.places.put(problem.finding(&format!("import.{code}"), ""), at);
        self.findings.push(finding);
    }

    /// Rows and columns that people do not see and that are read all the same.
    fn hidden(&self, at: usize, columns: &Columns) -> Option<String> {
        let sheet = &self.book.sheets[at];
        let rows: Vec<u32> = sheet.hidden_rows.iter().copied().filter(|row| *row >= columns.header).collect();
        let of_columns: Vec<u32> =
            sheet.hidden_columns.iter().copied().filter(|column| columns.is_read(*column)).collect();
        let what = hidden::spoken(&rows, &of_columns)?;
        let was = if rows.len() + of_columns.len() == 1 { "was" } else { "were" };
        Some(format!("{what} of the sheet `{}` {was} read like the others.", sheet.name))
    }

    fn finish(mut self, tables: &[(usize, Columns)]) -> Result<Gathered, Vec<Finding>> {
        let whole = |code: &str, message: String, help: String| {
            let mut finding =
                Finding::error(&format!("import.{code}"), "", message).help(help).without_pointer();
            finding.file = Some(self.book.path.clone());
            finding
        };
        if tables.is_empty() {
            let help =
                "put a heading such as Name above the names, or say which it is: --map \"HEADING=name\"";
            let finding = whole("names", "no sheet has a column of names".to_string(), help.to_string());
            self.findings.push(finding);
        } else if self.people.is_empty() && self.findings.is_empty() {
            let finding = whole(
                "nobody",
                "nobody is named on any sheet".to_string(),
                "write one person a row below the headings".to_string(),
            );
            self.findings.push(finding);
        }
        for word in self.options.map.keys().filter(|word| !self.mapped.contains(*word)) {
            let headings: Vec<String> = tables
                .iter()
                .filter_map(|(at, columns)| self.book.sheets[*at].rows.get(&columns.header))
                .flat_map(|row| row.values().map(|cell| format!("`{}`", cell.spoken())))
                .take(20)
                .collect();
            let help = format!("the headings are {}", headings.join(", "));
            self.findings.push(whole(
                "map",
                format!("--map names a heading that is not there: `{word}`"),
                help,
            ));
        }
        let uses = |code: Code| self.counts.keys().any(|(_, own)| *own == code);
        if self.options.grid.is_none() && (uses(Code::Home) || uses(Code::OnSite)) {
            let message = "the grid says who is at home and who on site, and not whether that is a law, a wish or a roster";
            let help = "say which: --as availability, --as wishes or --as previous";
            self.findings.push(whole("as", message.to_string(), help.to_string()));
        }
        let at_home: BTreeSet<String> = self
            .counts
            .keys()
            .filter(|(_, code)| *code == Code::Home)
            .map(|(text, _)| plain_word(text))
            .collect();
        if at_home.contains("h") && at_home.len() > 1 && !self.options.codes.contains_key("h") {
            let message = "`H` stands in the grid beside another code for home, and may mean holiday";
            let help = "say which: --code H=home or --code H=away";
            self.findings.push(whole("code", message.to_string(), help.to_string()));
        }
        if !self.findings.is_empty() {
            self.places.place(&mut self.findings);
            return Err(self.findings);
        }
        if !self.rows_without_name.is_empty() {
            let rows = &self.rows_without_name;
            let what = if rows.len() == 1 { "1 row".to_string() } else { format!("{} rows", rows.len()) };
            let shown: Vec<&str> = rows.iter().take(5).map(String::as_str).collect();
            let more = if rows.len() > 5 { " ..." } else { "" };
            self.skipped.push(format!("{what} without a name ({}{more})", shown.join(", ")));
        }
        if !self.counts.is_empty() {
            let read: Vec<String> = self
                .counts
                .iter()
                .map(|((text, code), count)| format!("{text} = {} ({count})", code.word()))
                .collect();
            self.notes.push(format!("The codes of the grid were read so: {}.", read.join(", ")));
        }
        for (what, alike) in [("Names", &self.alike), ("Teams", &self.teams_alike)]
            .into_iter()
            .filter(|(_, alike)| !alike.is_empty())
        {
            let one = if what == "Names" { "person" } else { "team" };
            let each: Vec<String> = alike.iter().map(|(name, own)| format!("`{name}` for `{own}`")).collect();
            self.notes
                .push(format!("{what} typed in another way were taken for one {one}: {}.", each.join(", ")));
        }
        if self.blanks {
            let note = "Where a row fills some of the weekdays, the empty ones were read as not worked.";
            self.notes.push(note.to_string());
        }
        let coded = self.counts.keys().any(|(_, code)| *code == Code::Away);
        if !self.options.keep_reasons
            && (self.reasons > 0 || (coded && self.options.grid != Some(Grid::Previous)))
        {
            self.notes.push("Why people are away was not kept; --keep-reasons keeps it.".to_string());
        }
        Ok(Gathered { people: self.people, places: self.places, skipped: self.skipped, notes: self.notes })
    }
}
