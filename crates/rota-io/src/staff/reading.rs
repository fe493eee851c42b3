//! The sheets of a staff list read into what they say of each person.

use super::codes::{self, Code};
use super::headings::{self, Field};
use super::{headings_of_days, merged, names};
use super::{Grid, Options};
use crate::workbook::cells::{plain_word, Book, Cell, Sheet};
use crate::workbook::dates;
use crate::workbook::kinds;
use crate::workbook::places::{At, Places};
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
    /// First day, last day and reason of each time away.
    pub away: Vec<(Date, Date, Option<String>)>,
    /// Codes of a grid.
    pub days: BTreeMap<Date, (Code, String)>,
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
}

/// The columns of a sheet.
struct Columns {
    header: u32,
    fields: BTreeMap<u32, Field>,
    weekdays: BTreeMap<u32, Weekday>,
    dates: BTreeMap<u32, Date>,
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
    tables.sort_by_key(|(at, columns)| (is_leave(columns), *at));
    let brings_people = tables.iter().any(|(_, columns)| !is_leave(columns));
    for (at, columns) in &tables {
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

fn is_leave(columns: &Columns) -> bool {
    columns.fields.values().any(|field| *field == Field::From) && columns.dates.is_empty()
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

    fn field(&self, heading: &str) -> Option<Field> {
        let word = plain_word(heading);
        self.options.map.get(&word).copied().or_else(|| headings::meant(&word))
    }

    fn is_day(&self, cell: &Cell) -> bool {
        headings_of_days::read(cell, self.options).is_some()
    }

    /// The row that names the columns, and what each column holds; none when no row does.
    fn columns(&mut self, at: usize, sheet: &Sheet) -> Option<Columns> {
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

    fn sheet(&mut self, at: usize, sheet: &Sheet, columns: &Columns, brings_people: bool) {
        let is_leave = is_leave(columns);
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
            let known = |column: &u32| {
                columns.fields.contains_key(column)
                    || columns.weekdays.contains_key(column)
                    || columns.dates.contains_key(column)
            };
            if !row.keys().any(known) {
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
                self.week(person, columns, row, place);
                self.grid(person, columns, row, place);
            }
        }
    }

    /// Who is meant by a name: a person of the same id or, without ids, the one of the same name, however it is
    /// typed; the error says who else may be meant.
    fn known(&mut self, name: &str, id: Option<&str>, at: At) -> Result<Option<usize>, Problem> {
        let ids_differ =
            |person: &Somebody| matches!((id, person.id.as_deref()), (Some(id), Some(own)) if id != own);
        let has_id = |person: &Somebody| id.is_some() && person.id.as_deref() == id;
        if let Some(person) = self.people.iter().position(has_id) {
            return Ok(Some(person));
        }
        let others: Vec<usize> = (0..self.people.len()).filter(|at| !ids_differ(&self.people[*at])).collect();
        let of = |is_it: &dyn Fn(&str) -> bool| -> Vec<usize> {
            others.iter().copied().filter(|person| is_it(&self.people[*person].name)).collect()
        };
        let lower = name.to_lowercase();
        let parts = names::parts(name);
        let exact = of(&|own| own.to_lowercase() == lower);
        let found = if exact.is_empty() { of(&|own| names::parts(own) == parts) } else { exact };
        match found.as_slice() {
            [] => {}
            [person] => {
                let own = &self.people[*person].name;
                if own.to_lowercase() != lower
                    && self.people[*person].at.is_some_and(|first| first.sheet != at.sheet)
                {
                    self.alike.insert((name.to_string(), own.clone()));
                }
                return Ok(Some(*person));
            }
            several => {
                return Err(self.which(name, several, "tell them apart by a column Id on both sheets"))
            }
        }
        let is_elsewhere =
            |person: &usize| self.people[*person].at.is_some_and(|first| first.sheet != at.sheet);
        let initials: Vec<usize> =
            of(&|own| names::is_initial_of(own, name)).into_iter().filter(is_elsewhere).collect();
        match initials.as_slice() {
            [] => Ok(None),
            several => {
                Err(self.which(name, several, "write the whole name in both places, or give both an Id"))
            }
        }
    }

    /// A name that may be several people's.
    fn which(&self, name: &str, people: &[usize], help: &str) -> Problem {
        let each: Vec<String> = people
            .iter()
            .map(|person| {
                let own = &self.people[*person];
                let cell = own.at.map(|at| {
                    let cell = crate::workbook::cells::cell_name(at.row, at.column);
                    format!(" ({}!{cell})", self.book.sheets[at.sheet].name)
                });
                format!("`{}`{}", own.name, cell.unwrap_or_default())
            })
            .collect();
        Problem::new(format!("`{name}` may be {}", each.join(" or "))).help(help)
    }

    /// The name in a row; an error when it cannot be read.
    fn name(&mut self, cells: &BTreeMap<Field, (At, &Cell)>) -> Result<Option<(String, At)>, ()> {
        let mut parts = Vec::new();
        let mut at = None;
        for field in [Field::Name, Field::First, Field::Surname] {
            if field != Field::Name && cells.contains_key(&Field::Name) {
                continue;
            }
            let Some((place, cell)) = cells.get(&field) else { continue };
            at.get_or_insert(*place);
            match cell {
                Cell::Text(text) => parts.push(names::spaced(text)),
                Cell::Number(_) => parts.push(cell.spoken()),
                cell => {
                    if let Some(problem) = kinds::no_value(cell) {
                        self.problem("cell", *place, problem);
                        return Err(());
                    }
                    let message = format!("`{}` stands where a name is expected", cell.spoken());
                    self.error("name", *place, message, "write the name");
                    return Err(());
                }
            }
        }
        Ok(at.filter(|_| !parts.is_empty()).map(|at| (parts.join(" "), at)))
    }

    fn date(&mut self, found: Option<&(At, &Cell)>) -> Option<Date> {
        let (at, cell) = found?;
        match dates::date(cell, self.options.order) {
            Ok(date) => Some(date),
            Err(problem) => {
                self.problem("date", *at, order_help(problem));
                None
            }
        }
    }

    fn text(&mut self, found: Option<&(At, &Cell)>) -> Option<String> {
        let (at, cell) = found?;
        match cell {
            Cell::Broken(_) | Cell::NoResult => {
                self.problem("cell", *at, kinds::no_value(cell).expect("such a cell has no value"));
                None
            }
            Cell::Date(_) => {
                let message = format!("`{}` stands where a text is expected", cell.spoken());
                self.error("cell", *at, message, "type it again as a text");
                None
            }
            cell => Some(cell.spoken()),
        }
    }

    /// What a row of a staff list says of a person beside days.
    fn about(&mut self, person: usize, cells: &BTreeMap<Field, (At, &Cell)>) {
        let texts = |text: String| {
            text.split([',', ';']).map(plain_word).filter(|word| !word.is_empty()).collect::<Vec<_>>()
        };
        let team = self.text(cells.get(&Field::Team));
        let mut tags: Vec<String> = self.text(cells.get(&Field::Tags)).map(texts).unwrap_or_default();
        tags.extend(
            self.text(cells.get(&Field::Role)).map(|role| plain_word(&role)).filter(|tag| !tag.is_empty()),
        );
        let needs = self.text(cells.get(&Field::Needs)).map(texts).unwrap_or_default();
        let (starts, ends) = (self.date(cells.get(&Field::Starts)), self.date(cells.get(&Field::Ends)));
        let mut works = None;
        if let Some((at, cell)) = cells.get(&Field::Works) {
            works = kinds::weekdays(&cell.spoken());
            if works.is_none() {
                self.error(
                    "works",
                    *at,
                    format!("`{}` is not a list of weekdays", cell.spoken()),
                    "write it like Mon, Tue or Mon-Thu",
                );
            }
        }
        let mut base = None;
        if let Some((at, cell)) = cells.get(&Field::Base) {
            let word = plain_word(&cell.spoken());
            base = match (codes::read(cell, &self.options.codes), word.as_str()) {
                (Some(Code::Home), _) => Some("home"),
                (Some(Code::OnSite), _) => Some("on_site"),
                (Some(Code::Works), _) | (_, "hybrid" | "both" | "any" | "mixed") => None,
                _ => {
                    self.error(
                        "base",
                        *at,
                        format!("`{}` is not a place to work", cell.spoken()),
                        "write home, office or hybrid",
                    );
                    None
                }
            };
        }
        let mut weekdays = Vec::new();
        for (field, code) in [(Field::HomeDays, Code::Home), (Field::OfficeDays, Code::OnSite)] {
            let Some((at, cell)) = cells.get(&field) else { continue };
            match kinds::weekdays(&cell.spoken()) {
                Some(days) => weekdays.extend(days.into_iter().map(|day| (day, code))),
                None => self.error(
                    "weekdays",
                    *at,
                    format!("`{}` is not a list of weekdays", cell.spoken()),
                    "write it like Mon, Tue or Mon-Thu",
                ),
            }
        }
        let own = &mut self.people[person];
        own.team = team.or(own.team.take());
        own.tags.extend(tags);
        own.needs.extend(needs);
        own.starts = starts.or(own.starts);
        own.ends = ends.or(own.ends);
        own.works = works.or(own.works.take());
        own.base = base.or(own.base);
        own.weekdays.extend(weekdays);
    }

    /// The columns Mon to Sun of a row.
    fn week(&mut self, person: usize, columns: &Columns, row: &BTreeMap<u32, Cell>, place: At) {
        let mut said: Vec<(Weekday, Code)> = Vec::new();
        let mut wrong = false;
        for (column, day) in &columns.weekdays {
            let Some(cell) = row.get(column) else { continue };
            if let Some(code) = codes::read(cell, &self.options.codes) {
                said.push((*day, code));
            } else {
                wrong = true;
                self.unknown_code(At { column: *column, ..place }, cell);
            }
        }
        if said.is_empty() || wrong {
            return;
        }
        let works: Vec<Weekday> =
            said.iter().filter(|(_, code)| *code != Code::Away).map(|(day, _)| *day).collect();
        if works.is_empty() && said.len() < columns.weekdays.len() {
            let column =
                columns.weekdays.keys().find(|column| !row.contains_key(column)).copied().unwrap_or_default();
            let name = self.people[person].name.clone();
            self.error(
                "blank",
                At { column, ..place },
                format!("this row says on which days {name} does not work, and leaves the others empty"),
                "write y on the days worked",
            );
            return;
        }
        self.blanks |= said.len() < columns.weekdays.len();
        let own = &mut self.people[person];
        own.works = Some(works);
        own.weekdays.extend(said.into_iter().filter(|(_, code)| matches!(code, Code::Home | Code::OnSite)));
    }

    fn unknown_code(&mut self, at: At, cell: &Cell) {
        if let Some(problem) = kinds::no_value(cell) {
            self.problem("cell", at, problem);
            return;
        }
        let text = cell.spoken();
        let help = format!("expected: {}; or say what it means: --code \"{text}=away\"", codes::EXPECTED);
        self.error("code", at, format!("`{text}` is no code known here"), help);
    }

    /// The cells of a row below dates.
    fn grid(&mut self, person: usize, columns: &Columns, row: &BTreeMap<u32, Cell>, place: At) {
        for (column, date) in &columns.dates {
            let Some(cell) = row.get(column) else { continue };
            match codes::read(cell, &self.options.codes) {
                Some(code) => {
                    *self.counts.entry((cell.spoken(), code)).or_default() += 1;
                    self.people[person].days.insert(*date, (code, cell.spoken()));
                }
                None => self.unknown_code(At { column: *column, ..place }, cell),
            }
        }
    }

    /// A row of a leave list.
    fn leave(&mut self, person: usize, cells: &BTreeMap<Field, (At, &Cell)>, place: At) {
        let before = self.findings.len();
        let (from, to) = (self.date(cells.get(&Field::From)), self.date(cells.get(&Field::To)));
        if self.findings.len() > before {
            return;
        }
        let Some(from) = from else {
            self.error(
                "date",
                place,
                "this row does not say from which day",
                "write the first day, or clear the row",
            );
            return;
        };
        let to = to.unwrap_or(from);
        if to < from {
            let at = cells.get(&Field::To).map_or(place, |(at, _)| *at);
            self.error(
                "date",
                at,
                format!("the last day, {}, is before the first, {}", to.spoken(), from.spoken()),
                "correct one of the two",
            );
            return;
        }
        let why = self.text(cells.get(&Field::Why));
        self.reasons += usize::from(why.is_some());
        let why = why.filter(|_| self.options.keep_reasons);
        self.people[person].away.push((from, to, why));
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
        if !self.alike.is_empty() {
            let each: Vec<String> =
                self.alike.iter().map(|(name, own)| format!("`{name}` for `{own}`")).collect();
            self.notes
                .push(format!("Names typed in another way were taken for one person: {}.", each.join(", ")));
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

fn order_help(problem: Problem) -> Problem {
    if problem.message.contains(" may be ") {
        return problem.help("say how all such dates are read: --dates day-first or --dates month-first");
    }
    problem
}

/// A weekday as a heading: `Mon`, `Monday`, `Tues`.
fn weekday(text: &str) -> Option<Weekday> {
    rota_core::words::weekday(text)
}

fn is_weekday(text: &str) -> bool {
    weekday(text).is_some()
}
