//! What the cells of a row say of its person.

use super::columns::Columns;
use super::{Leave, Reading};
use crate::staff::codes::{self, Code};
use crate::staff::headings::Field;
use crate::staff::names;
use crate::workbook::cells::{plain_word, Cell};
use crate::workbook::dates;
use crate::workbook::kinds;
use crate::workbook::places::At;
use rota_core::words::Problem;
use rota_core::{Date, Weekday};
use std::collections::BTreeMap;

impl Reading<'_> {
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
    pub(super) fn about(&mut self, person: usize, cells: &BTreeMap<Field, (At, &Cell)>) {
        let texts = |text: String| {
            text.split([',', ';']).map(plain_word).filter(|word| !word.is_empty()).collect::<Vec<_>>()
        };
        let team = self.text(cells.get(&Field::Team)).map(|team| self.team(team));
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

    /// The team as it was typed first, however its capitals and blanks are here.
    fn team(&mut self, typed: String) -> String {
        let plain = |team: &str| names::spaced(team).to_lowercase();
        let first = self
            .people
            .iter()
            .filter_map(|person| person.team.as_ref())
            .find(|own| plain(own) == plain(&typed));
        match first.cloned() {
            Some(first) => {
                if first != typed {
                    self.teams_alike.insert((typed, first.clone()));
                }
                first
            }
            None => typed,
        }
    }

    /// The columns of a row that say yes or no to a tag.
    pub(super) fn flags(&mut self, person: usize, columns: &Columns, row: &BTreeMap<u32, Cell>, place: At) {
        for (column, tag) in &columns.flags {
            let Some(cell) = row.get(column) else { continue };
            match codes::read(cell, &self.options.codes) {
                Some(Code::Works) => self.people[person].tags.push((*tag).to_string()),
                Some(Code::Away) => {}
                _ => {
                    let message = format!("`{}` is neither yes nor no", cell.spoken());
                    let help = "write y or n; or leave the column out: --map \"HEADING=ignore\"";
                    self.error("flag", At { column: *column, ..place }, message, help);
                }
            }
        }
    }

    /// The columns Mon to Sun of a row.
    pub(super) fn week(&mut self, person: usize, columns: &Columns, row: &BTreeMap<u32, Cell>, place: At) {
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
    pub(super) fn grid(&mut self, person: usize, columns: &Columns, row: &BTreeMap<u32, Cell>, place: At) {
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
    pub(super) fn leave(&mut self, person: usize, cells: &BTreeMap<Field, (At, &Cell)>, place: At) {
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
        let at = cells.get(&Field::From).map_or(place, |(at, _)| *at);
        self.people[person].away.push(Leave { at, from, to, why });
    }
}

/// A date that may be two days is settled for all of the list by an option.
pub(super) fn order_help(problem: Problem) -> Problem {
    if problem.message.contains(" may be ") {
        return problem.help("say how all such dates are read: --dates day-first or --dates month-first");
    }
    problem
}
