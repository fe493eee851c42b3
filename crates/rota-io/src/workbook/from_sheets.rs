//! From the sheets of a workbook to a scenario's JSON.

use super::cells::{plain_word, Book};
use super::hidden;
use super::kinds::Kind;
use super::layout::{self, Column, SHEETS};
use super::places::At;
use super::selectors::Names;
use super::table::{self, Found, Row, Table};
use super::ReadBook;
use crate::staff::codes::{self, Code};
use rota_core::words::Problem;
use rota_core::Finding;
use rota_rules::entry::BESIDE;
use serde_json::{json, Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Reads the sheets of a book as a scenario, with everything that is wrong with them as sheets. Whether the scenario
/// is right is for `Scenario::read` and what follows it to say.
pub fn read(book: &Book) -> Result<ReadBook, Vec<Finding>> {
    let mut found = Found::new(book);
    let sheets = sheets(book, &mut found)?;
    let mut reading = Reading { sheets, book, found, names: Names::default(), scenario: Map::new() };
    reading.scenario.insert("scenario".to_string(), Value::from(rota_rules::scenario::FORMAT));
    reading.calendar();
    reading.people();
    reading.desks();
    reading.rules();
    reading.past();
    let text = serde_json::to_string_pretty(&Value::Object(reading.scenario)).expect("JSON is plain data");
    let Found { places, findings, marks } = reading.found;
    Ok(ReadBook { text, places, findings, marks })
}

/// Which sheet of the book each sheet of a scenario is.
fn sheets(book: &Book, found: &mut Found) -> Result<BTreeMap<&'static str, usize>, Vec<Finding>> {
    let mut sheets: BTreeMap<&'static str, usize> = BTreeMap::new();
    let whole = |code: &str, message: String, help: &str| {
        let mut finding =
            Finding::error(&format!("workbook.{code}"), "", message).help(help).without_pointer();
        finding.file = Some(book.path.clone());
        finding
    };
    for (at, sheet) in book.sheets.iter().enumerate() {
        let word = plain_word(&sheet.name);
        let own = SHEETS.iter().find(|(name, _)| plain_word(name) == word);
        let place = At { sheet: at, row: 0, column: 0 };
        match own {
            Some((name, _)) if sheets.contains_key(name) => found.error(
                "sheet",
                place,
                Problem::new(format!("there are two sheets `{name}`")).help("keep one of the two"),
            ),
            Some((name, _)) => {
                sheets.insert(name, at);
                if sheet.hidden {
                    let message = format!("the sheet `{name}` is hidden, and is read");
                    found.warning("hidden", place, message, "show it, or delete it");
                } else if let Some(what) = hidden::spoken(&sheet.hidden_rows, &sheet.hidden_columns) {
                    let is =
                        if sheet.hidden_rows.len() + sheet.hidden_columns.len() == 1 { "is" } else { "are" };
                    let message = format!("{what} of the sheet `{name}` {is} read like the others");
                    found.warning("hidden", place, message, "show what is hidden, or delete it");
                }
            }
            None if word == "help" || sheet.rows.is_empty() => {}
            None => {
                let near = rota_core::finding::nearest(&sheet.name, SHEETS.iter().map(|(name, _)| *name));
                let help = near.map_or_else(
                    || "nothing needs doing if it is for people only".to_string(),
                    |near| format!("did you mean `{near}`?"),
                );
                found.warning("sheet", place, format!("the sheet `{}` is not read", sheet.name), &help);
            }
        }
    }
    let missing: Vec<&str> =
        ["People", "Calendar"].into_iter().filter(|name| !sheets.contains_key(name)).collect();
    if missing.is_empty() {
        return Ok(sheets);
    }
    let names: Vec<String> = book.sheets.iter().map(|sheet| format!("`{}`", sheet.name)).collect();
    let help = "a list of staff becomes a workbook of this kind by: rota import staff.xlsx -o team.xlsx";
    let there = if names.is_empty() { "no sheet at all".to_string() } else { names.join(", ") };
    let message = format!("there is no sheet `{}`; there is {there}", missing.join("` and no sheet `"));
    let mut findings = vec![whole("sheet", message, help)];
    // Of a list of staff, that its sheets are not read is said by that.
    let is_near =
        |finding: &Finding| finding.is_error() || finding.code != "workbook.sheet" || has_near(finding);
    findings.extend(std::mem::take(&mut found.findings).into_iter().filter(is_near));
    Err(findings)
}

fn has_near(finding: &Finding) -> bool {
    finding.help.as_ref().is_some_and(|help| help.starts_with("did you mean"))
}

struct Reading<'b> {
    sheets: BTreeMap<&'static str, usize>,
    book: &'b Book,
    found: Found,
    names: Names,
    scenario: Map<String, Value>,
}

impl<'b> Reading<'b> {
    fn table(&mut self, name: &str) -> Table<'b> {
        let (name, columns) =
            SHEETS.iter().find(|(own, _)| *own == name).expect("the caller names a known sheet");
        match self.sheets.get(name) {
            Some(at) => table::table(&self.book.sheets[*at], *at, columns, &mut self.found),
            None => Table { columns, rows: Vec::new() },
        }
    }

    /// All columns but some, and More, into an object.
    fn fill(
        &mut self,
        row: &Row<'_>,
        columns: &[Column],
        but: &[&str],
        pointer: &str,
        object: &mut Map<String, Value>,
    ) {
        for column in columns.iter().filter(|column| column.field != "more" && !but.contains(&column.field)) {
            let target = (pointer, &mut *object, column.field);
            table::put(row, column.field, column.kind, &self.names, target, &mut self.found);
        }
        if let Some((at, members)) = table::more(row, &mut self.found) {
            table::put_more(at, members, pointer, object, &mut self.found);
        }
    }

    fn error(&mut self, code: &str, at: At, message: impl Into<String>, help: &str) {
        self.found.error(code, at, Problem::new(message).help(help));
    }

    // ------------------------------------------------------------ the calendar

    fn calendar(&mut self) {
        let table = self.table("Calendar");
        let mut calendar = Map::new();
        let mut once: BTreeSet<String> = BTreeSet::new();
        let sheet = self.sheets["Calendar"];
        self.found.places.add("/calendar", At { sheet, row: 0, column: 0 });
        for row in &table.rows {
            if row.cell("what").is_none() {
                self.error(
                    "what",
                    row.at,
                    "this row does not say what it is about",
                    "write days, work days, closed, shift ... in the column What",
                );
                continue;
            }
            let Some(what) =
                table::read(row, "what", Kind::Word(layout::SETTINGS), &self.names, &mut self.found)
            else {
                continue;
            };
            let what = what.as_str().unwrap_or_default().to_string();
            let many = ["closed", "shift"].contains(&what.as_str());
            if !many && !once.insert(what.clone()) {
                self.error(
                    "twice",
                    row.at("what"),
                    format!("`{}` is there twice", what.replace('_', " ")),
                    "keep one of the two",
                );
                continue;
            }
            let before = self.found.findings.len();
            self.setting(&what, row, &mut calendar);
            let (needed, read): (&[&str], &[&str]) = match what.as_str() {
                "days" => (&["from", "to"], &["from", "to"]),
                "closed" => (&["from"], &["from", "to", "why"]),
                "shift" => (&["value"], &["value", "from", "to", "name", "hours", "by_request"]),
                "note" => (&[], &["value", "more"]),
                _ => (&["value"], &["value"]),
            };
            if self.found.findings.len() > before {
                continue;
            }
            for field in needed.iter().filter(|field| row.cell(field).is_none()) {
                let message =
                    format!("`{}` needs something in the column {}", what.replace('_', " "), heading(field));
                self.error("missing", row.at("what"), message, "fill that cell");
            }
            for (field, (at, cell)) in &row.cells {
                if *field != "what" && !read.contains(field) {
                    let message = format!("`{}` means nothing here", cell.spoken());
                    let columns: Vec<&str> = read.iter().map(|field| heading(field)).collect();
                    let help = format!(
                        "`{}` is told in {}; clear this cell",
                        what.replace('_', " "),
                        columns.join(", ")
                    );
                    self.error("cell", *at, message, &help);
                }
            }
        }
        if !once.contains("days") {
            let at = At { sheet, row: 0, column: 0 };
            self.error(
                "missing",
                at,
                "there is no row `days` with the first and the last day",
                "add a row: days in the column What, the days in From and To",
            );
        }
        self.scenario.insert("calendar".to_string(), Value::Object(calendar));
    }

    fn setting(&mut self, what: &str, row: &Row<'_>, calendar: &mut Map<String, Value>) {
        let names = Names::default();
        let found = &mut self.found;
        match what {
            "days" => {
                for field in ["from", "to"] {
                    table::put(row, field, Kind::Date, &names, ("/calendar", calendar, field), found);
                }
            }
            "work_days" => {
                table::put(row, "value", Kind::Weekdays, &names, ("/calendar", calendar, "work_days"), found);
            }
            "weeks_from" => {
                table::put(row, "value", Kind::Date, &names, ("/calendar", calendar, "anchor"), found);
            }
            "time_zone" => {
                table::put(row, "value", Kind::Text, &names, ("/calendar", calendar, "time_zone"), found);
            }
            "closed" => {
                let list = calendar.entry("closed").or_insert_with(|| json!([]));
                let list = list.as_array_mut().expect("a list was put in");
                let pointer = format!("/calendar/closed/{}", list.len());
                if let Some(span) = span(row, &pointer, found) {
                    list.push(span);
                }
            }
            "shift" => {
                let list = calendar.entry("shifts").or_insert_with(|| json!([]));
                let list = list.as_array_mut().expect("a list was put in");
                let pointer = format!("/calendar/shifts/{}", list.len());
                let mut shift = Map::new();
                found.places.add(pointer.clone(), row.at("value"));
                table::put(row, "value", Kind::Text, &names, (&pointer, &mut shift, "id"), found);
                for (field, kind) in [
                    ("from", Kind::Clock),
                    ("to", Kind::Clock),
                    ("name", Kind::Text),
                    ("hours", Kind::Number),
                    ("by_request", Kind::Flag),
                ] {
                    table::put(row, field, kind, &names, (&pointer, &mut shift, field), found);
                }
                list.push(Value::Object(shift));
            }
            "title" => table::put(row, "value", Kind::Text, &names, ("", &mut self.scenario, "title"), found),
            "schema" => {
                table::put(row, "value", Kind::Text, &names, ("", &mut self.scenario, "$schema"), found);
            }
            "default_place" => {
                let kind = Kind::Word(&["home", "on_site", "none"]);
                table::put(row, "value", kind, &names, ("", &mut self.scenario, "default_place"), found);
            }
            "past_weeks_from" => {
                let mut history = Map::new();
                table::put(row, "value", Kind::Date, &names, ("/history", &mut history, "anchor"), found);
                self.scenario.insert("history".to_string(), Value::Object(history));
            }
            _ => {
                table::put(row, "value", Kind::Text, &names, ("", &mut self.scenario, "note"), found);
                if row.cell("more").is_some() {
                    table::put(row, "more", Kind::Json, &names, ("", &mut self.scenario, "note"), found);
                }
            }
        }
    }

    // ------------------------------------------------------------ people

    fn people(&mut self) {
        let table = self.table("People");
        let mut people: Vec<Map<String, Value>> = Vec::new();
        let mut seen: BTreeMap<String, At> = BTreeMap::new();
        for row in &table.rows {
            let before = self.found.findings.len();
            let name = table::text(row, "name", &mut self.found);
            let own = table::text(row, "id", &mut self.found);
            if self.found.findings.len() > before {
                continue;
            }
            let (id, at) = match (&own, &name) {
                (Some(id), _) => (id.clone(), row.at("id")),
                (None, Some(name)) => (plain_word(name).chars().take(64).collect(), row.at("name")),
                (None, None) => {
                    self.error(
                        "nobody",
                        row.at,
                        "this row names nobody",
                        "write a name in the column Name, or clear the row",
                    );
                    continue;
                }
            };
            let is_made = own.is_none();
            if let (true, Some(first)) = (is_made, seen.get(&id)) {
                let first = super::cells::cell_name(first.row, first.column);
                let name = name.unwrap_or_default();
                self.error(
                    "twice",
                    at,
                    format!("`{name}` is on the sheet twice, here and in {first}"),
                    "give each person an Id of their own, or take one of the rows out",
                );
                continue;
            }
            if id.is_empty() {
                self.error(
                    "nobody",
                    at,
                    "no id can be made of this name",
                    "give the person an Id of letters and digits",
                );
                continue;
            }
            seen.entry(id.clone()).or_insert(at);
            let pointer = format!("/people/{}", people.len());
            self.found.places.add(pointer.clone(), at);
            self.found.places.add(format!("{pointer}/id"), at);
            let mut person = Map::new();
            person.insert("id".to_string(), Value::from(id));
            self.fill(row, table.columns, &["id"], &pointer, &mut person);
            people.push(person);
        }
        self.scenario.insert("people".to_string(), people.iter().cloned().map(Value::Object).collect());
        self.names = Names::of(&Value::Object(self.scenario.clone()));
        let index: BTreeMap<String, usize> = people
            .iter()
            .enumerate()
            .filter_map(|(at, person)| Some((person.get("id")?.as_str()?.to_string(), at)))
            .collect();
        self.away(&mut people, &index);
        self.wishes(&mut people, &index);
        self.scenario.insert("people".to_string(), people.into_iter().map(Value::Object).collect());
    }

    /// Which person a row is about.
    fn person(&mut self, row: &Row<'_>, index: &BTreeMap<String, usize>) -> Option<usize> {
        if row.cell("person").is_none() {
            self.error(
                "nobody",
                row.at,
                "this row names nobody",
                "write a name in the column Person, or clear the row",
            );
            return None;
        }
        let name = table::text(row, "person", &mut self.found)?;
        match self.names.person(&name) {
            Ok(id) => index.get(&id).copied(),
            Err(problem) => {
                self.found.error("person", row.at("person"), problem);
                None
            }
        }
    }

    /// Tells what is wrong with other cells of a row that cannot be taken in, so that all is told in one run.
    fn look_on(&mut self, row: &Row<'_>, fields: &[(&'static str, Kind)]) {
        for (field, kind) in fields {
            table::read(row, field, *kind, &self.names, &mut self.found);
        }
    }

    fn away(&mut self, people: &mut [Map<String, Value>], index: &BTreeMap<String, usize>) {
        let table = self.table("Away");
        for row in &table.rows {
            let person = self.person(row, index);
            let kind = Kind::Word(&["away", "home_only", "on_site_only"]);
            let what = match row.cell("what") {
                None => Some(Value::from("away")),
                // Leave and the like: that somebody is away is read, and why is not kept.
                Some((_, cell)) if codes::read(cell, &codes::Asked::new()) == Some(Code::Away) => {
                    Some(Value::from("away"))
                }
                Some(_) => table::read(row, "what", kind, &self.names, &mut self.found),
            };
            let (Some(person), Some(what)) = (person, what) else {
                self.look_on(row, &[("from", Kind::On), ("to", Kind::Date)]);
                continue;
            };
            let field = if what == "away" { "away" } else { "only" };
            let list = list_of(&mut people[person], field);
            let pointer = format!("/people/{person}/{field}/{}", list.len());
            if what == "away" {
                if row.cell("from").is_none() {
                    self.error(
                        "missing",
                        row.at,
                        "this row does not say from which day",
                        "write the first day, or the only one, in the column From",
                    );
                    continue;
                }
                list.extend(span(row, &pointer, &mut self.found));
            } else {
                self.found.places.add(pointer.clone(), row.at("what"));
                let mut only = Map::new();
                let place = if what == "home_only" { "home" } else { "on_site" };
                only.insert("place".to_string(), Value::from(place));
                for field in ["from", "to"] {
                    table::put(
                        row,
                        field,
                        Kind::Date,
                        &self.names,
                        (&pointer, &mut only, field),
                        &mut self.found,
                    );
                }
                if let Some((at, cell)) = row.cell("why") {
                    let message = format!("`{}` means nothing here", cell.spoken());
                    self.found.error(
                        "cell",
                        at,
                        Problem::new(message)
                            .help("no reason is kept for days in one place only: clear the cell"),
                    );
                }
                list.push(Value::Object(only));
            }
        }
    }

    fn wishes(&mut self, people: &mut [Map<String, Value>], index: &BTreeMap<String, usize>) {
        let table = self.table("Wishes");
        for row in &table.rows {
            let person = self.person(row, index);
            let kind = Kind::Word(&["wish", "avoid", "fixed"]);
            let what = match row.cell("what") {
                None => Some(Value::from("wish")),
                Some(_) => table::read(row, "what", kind, &self.names, &mut self.found),
            };
            let (Some(person), Some(what)) = (person, what) else {
                let others = table
                    .columns
                    .iter()
                    .filter(|column| !["person", "what", "on", "to"].contains(&column.field));
                let others = others.map(|column| (column.field, column.kind));
                let days = [("on", Kind::On), ("to", Kind::Date)];
                self.look_on(row, &days.into_iter().chain(others).collect::<Vec<_>>());
                continue;
            };
            if row.cell("on").is_none() {
                self.error(
                    "missing",
                    row.at,
                    "this row does not say on which day",
                    "write a day, such as 18/06/2020 or Thu, in the column On",
                );
                continue;
            }
            let field = if what == "fixed" { "fixed" } else { "wishes" };
            let list = list_of(&mut people[person], field);
            let pointer = format!("/people/{person}/{field}/{}", list.len());
            self.found.places.add(pointer.clone(), row.at("on"));
            let mut wish = Map::new();
            if row.cell("to").is_some() {
                let inner = format!("{pointer}/on");
                let mut days = Map::new();
                for (column, field) in [("on", "from"), ("to", "to")] {
                    table::put(
                        row,
                        column,
                        Kind::Date,
                        &self.names,
                        (&inner, &mut days, field),
                        &mut self.found,
                    );
                }
                wish.insert("on".to_string(), Value::Object(days));
            } else {
                table::put(row, "on", Kind::On, &self.names, (&pointer, &mut wish, "on"), &mut self.found);
            }
            for column in
                table.columns.iter().filter(|column| !["person", "what", "on", "to"].contains(&column.field))
            {
                table::put(
                    row,
                    column.field,
                    column.kind,
                    &self.names,
                    (&pointer, &mut wish, column.field),
                    &mut self.found,
                );
            }
            if what == "avoid" {
                wish.insert("avoid".to_string(), Value::from(true));
            }
            list.push(Value::Object(wish));
        }
    }

    // ------------------------------------------------------------ desks

    fn desks(&mut self) {
        let table = self.table("Desks");
        let mut sites: Vec<Map<String, Value>> = Vec::new();
        let mut above: Option<String> = None;
        for row in &table.rows {
            let before = self.found.findings.len();
            let site = table::text(row, "site", &mut self.found).or_else(|| above.clone());
            let zone = table::text(row, "zone", &mut self.found);
            let desk = table::text(row, "desk", &mut self.found);
            if self.found.findings.len() > before {
                continue;
            }
            let Some(site) = site else {
                self.error(
                    "site",
                    row.at,
                    "this row does not name its site",
                    "write one in the column Site; rows below it may leave it out",
                );
                continue;
            };
            above = Some(site.clone());
            if zone.is_none() && desk.is_some() {
                self.error(
                    "zone",
                    row.at("desk"),
                    "this desk has no zone",
                    "name its zone in the column Zone",
                );
                continue;
            }
            let s = named(&mut sites, &site);
            let pointer = format!("/sites/{s}");
            self.found.places.add(format!("{pointer}/id"), row.at("site"));
            let Some(zone) = zone else {
                let mut own = std::mem::take(&mut sites[s]);
                self.fill(row, table.columns, &["site", "zone", "desk"], &pointer, &mut own);
                sites[s] = own;
                continue;
            };
            let mut zones = objects(sites[s].remove("zones"));
            let z = named(&mut zones, &zone);
            let pointer = format!("{pointer}/zones/{z}");
            self.found.places.add(format!("{pointer}/id"), row.at("zone"));
            match desk {
                None => {
                    let mut own = std::mem::take(&mut zones[z]);
                    self.fill(row, table.columns, &["site", "zone", "desk"], &pointer, &mut own);
                    zones[z] = own;
                }
                Some(desk) => {
                    let mut desks = objects(zones[z].remove("desks"));
                    let pointer = format!("{pointer}/desks/{}", desks.len());
                    self.found.places.add(pointer.clone(), row.at("desk"));
                    let mut own = Map::new();
                    own.insert("id".to_string(), Value::from(desk));
                    self.fill(row, table.columns, &["site", "zone", "desk", "x", "y"], &pointer, &mut own);
                    self.position(row, &pointer, &mut own);
                    desks.push(own);
                    zones[z].insert("desks".to_string(), desks.into_iter().map(Value::Object).collect());
                }
            }
            sites[s].insert("zones".to_string(), zones.into_iter().map(Value::Object).collect());
        }
        if !sites.is_empty() {
            self.scenario.insert("sites".to_string(), sites.into_iter().map(Value::Object).collect());
        }
        self.names = Names::of(&Value::Object(self.scenario.clone()));
    }

    fn position(&mut self, row: &Row<'_>, pointer: &str, desk: &mut Map<String, Value>) {
        match (row.cell("x"), row.cell("y")) {
            (None, None) => {}
            (Some(_), Some(_)) => {
                let x = table::read(row, "x", Kind::Number, &self.names, &mut self.found);
                let y = table::read(row, "y", Kind::Number, &self.names, &mut self.found);
                if let (Some(x), Some(y)) = (x, y) {
                    self.found.places.add(format!("{pointer}/at"), row.at("x"));
                    desk.insert("at".to_string(), json!([x, y]));
                }
            }
            (Some((at, _)), None) | (None, Some((at, _))) => {
                self.error(
                    "position",
                    at,
                    "this desk has only one of X and Y",
                    "give both, in metres on the plan, or neither",
                );
            }
        }
    }

    // ------------------------------------------------------------ rules

    fn rules(&mut self) {
        let table = self.table("Rules");
        let mut rules: Vec<Value> = Vec::new();
        for row in &table.rows {
            if row.cell("rule").is_none() {
                self.error(
                    "rule",
                    row.at,
                    "this row does not name its rule",
                    "write one in the column Rule; `rota rules` lists them",
                );
                continue;
            }
            let kind = Kind::Word(rota_rules::rule::NAMES);
            let Some(name) = table::read(row, "rule", kind, &self.names, &mut self.found) else {
                let beside = table.columns.iter().filter(|column| BESIDE.contains(&column.field));
                self.look_on(row, &beside.map(|column| (column.field, column.kind)).collect::<Vec<_>>());
                continue;
            };
            let name = name.as_str().unwrap_or_default().to_string();
            let pointer = format!("/rules/{}", rules.len());
            let inner = format!("{pointer}/{name}");
            self.found.places.add(pointer.clone(), row.at("rule"));
            let (mut entry, mut rule) = (Map::new(), Map::new());
            for column in
                table.columns.iter().filter(|column| column.field != "rule" && column.field != "more")
            {
                let kind = kind_in(&name, column);
                let (above, object) =
                    if BESIDE.contains(&column.field) { (&pointer, &mut entry) } else { (&inner, &mut rule) };
                table::put(
                    row,
                    column.field,
                    kind,
                    &self.names,
                    (above, object, column.field),
                    &mut self.found,
                );
            }
            if let Some((at, members)) = table::more(row, &mut self.found) {
                let (beside, own): (Map<String, Value>, Map<String, Value>) =
                    members.into_iter().partition(|(name, _)| BESIDE.contains(&name.as_str()));
                table::put_more(at, beside, &pointer, &mut entry, &mut self.found);
                table::put_more(at, own, &inner, &mut rule, &mut self.found);
            }
            entry.insert(name, Value::Object(rule));
            rules.push(Value::Object(entry));
        }
        if !rules.is_empty() {
            self.scenario.insert("rules".to_string(), Value::Array(rules));
        }
    }

    // ------------------------------------------------------------ what went before

    fn past(&mut self) {
        for (sheet, pointer) in [("Previous", "/previous"), ("Past days", "/history/days")] {
            let list = self.assignments(sheet, pointer);
            if list.is_empty() {
                continue;
            }
            if sheet == "Previous" {
                self.scenario.insert("previous".to_string(), Value::Array(list));
            } else {
                self.history().insert("days".to_string(), Value::Array(list));
            }
        }
        let table = self.table("Past counts");
        let mut counts = Vec::new();
        for row in &table.rows {
            let pointer = format!("/history/people/{}", counts.len());
            self.found.places.add(pointer.clone(), row.at);
            let mut own = Map::new();
            self.fill(row, table.columns, &[], &pointer, &mut own);
            self.known_person(&mut own, "person");
            counts.push(Value::Object(own));
        }
        if !counts.is_empty() {
            self.history().insert("people".to_string(), Value::Array(counts));
        }
        let table = self.table("Ties");
        let mut ties = Vec::new();
        for row in &table.rows {
            let pointer = format!("/ties/{}", ties.len());
            self.found.places.add(pointer.clone(), row.at);
            let mut pair = Vec::new();
            for field in ["one", "other"] {
                match table::text(row, field, &mut self.found) {
                    Some(name) => pair.push(self.names.person(&name).unwrap_or(name)),
                    None => self.error(
                        "nobody",
                        row.at,
                        "this row names one person only",
                        "write both people, in One and Other",
                    ),
                }
            }
            let mut own = Map::new();
            own.insert("between".to_string(), Value::from(pair));
            table::put(
                row,
                "weight",
                Kind::Number,
                &self.names,
                (&pointer, &mut own, "weight"),
                &mut self.found,
            );
            ties.push(Value::Object(own));
        }
        if !ties.is_empty() {
            self.scenario.insert("ties".to_string(), Value::Array(ties));
        }
    }

    fn history(&mut self) -> &mut Map<String, Value> {
        let history = self.scenario.entry("history").or_insert_with(|| json!({}));
        history.as_object_mut().expect("history is an object")
    }

    fn assignments(&mut self, sheet: &str, pointer: &str) -> Vec<Value> {
        let table = self.table(sheet);
        let mut list = Vec::new();
        for row in &table.rows {
            let pointer = format!("{pointer}/{}", list.len());
            self.found.places.add(pointer.clone(), row.at);
            let mut own = Map::new();
            self.fill(row, table.columns, &[], &pointer, &mut own);
            self.known_person(&mut own, "person");
            list.push(Value::Object(own));
        }
        list
    }

    /// A name becomes an id where the person is known; who has left keeps the name they are given.
    fn known_person(&self, object: &mut Map<String, Value>, field: &str) {
        let id = object.get(field).and_then(Value::as_str).and_then(|name| self.names.person(name).ok());
        if let Some(id) = id {
            object.insert(field.to_string(), Value::from(id));
        }
    }
}

/// What a column of the sheet Rules holds for one rule.
pub fn kind_in(rule: &str, column: &Column) -> Kind {
    match (rule, column.field) {
        ("fair", "of") => Kind::WordOrText(&["on_site", "home", "refused_wishes"]),
        ("headcount", _) | (_, "who") => column.kind,
        (_, "at_least" | "at_most") => Kind::Number,
        _ => column.kind,
    }
}

/// From, To and Why as a day off: a date, or an object.
fn span(row: &Row<'_>, pointer: &str, found: &mut Found) -> Option<Value> {
    let names = Names::default();
    found.places.add(pointer, row.at("from"));
    let mut days = Map::new();
    let has_why = row.cell("why").is_some();
    if row.cell("to").is_some() {
        for field in ["from", "to"] {
            table::put(row, field, Kind::Date, &names, (pointer, &mut days, field), found);
        }
    } else if has_why {
        table::put(row, "from", Kind::On, &names, (pointer, &mut days, "on"), found);
    } else {
        let (at, cell) = row.cell("from")?;
        return match Kind::On.read(cell, &names) {
            Ok(on) => Some(on),
            Err(problem) => {
                found.error("cell", at, problem);
                None
            }
        };
    }
    table::put(row, "why", Kind::Text, &names, (pointer, &mut days, "why"), found);
    Some(Value::Object(days))
}

/// What stands above a column of the sheet Calendar.
fn heading(field: &str) -> &'static str {
    layout::CALENDAR.iter().find(|column| column.field == field).map_or("More", |column| column.heading)
}

fn list_of<'p>(person: &'p mut Map<String, Value>, field: &str) -> &'p mut Vec<Value> {
    let list = person.entry(field).or_insert_with(|| json!([]));
    if !list.is_array() {
        *list = json!([]);
    }
    list.as_array_mut().expect("a list was put in")
}

fn objects(list: Option<Value>) -> Vec<Map<String, Value>> {
    let Some(Value::Array(list)) = list else { return Vec::new() };
    list.into_iter()
        .map(|item| match item {
            Value::Object(object) => object,
            _ => Map::new(),
        })
        .collect()
}

/// The one with this id, made if it is not there.
fn named(list: &mut Vec<Map<String, Value>>, id: &str) -> usize {
    let is_it = |own: &Map<String, Value>| own.get("id").and_then(Value::as_str) == Some(id);
    list.iter().position(is_it).unwrap_or_else(|| {
        list.push(Map::from_iter([("id".to_string(), Value::from(id))]));
        list.len() - 1
    })
}
