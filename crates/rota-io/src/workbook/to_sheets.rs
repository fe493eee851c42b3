//! From a scenario to the sheets of a workbook: what plain columns can say stands in them, the rest as JSON in More.

use super::cells::{Book, Cell, Sheet};
use super::from_sheets::kind_in;
use super::kinds::Kind;
use super::layout::{self, Column, SHEETS};
use super::selectors::Names;
use rota_rules::entry::BESIDE;
use rota_rules::Scenario;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A row: cells by the field of their column.
type Row = BTreeMap<&'static str, Cell>;

/// The sheets of a scenario. The error names what no sheet can hold.
pub fn write(scenario: &Scenario) -> Result<Book, String> {
    let value = serde_json::to_value(scenario).expect("a scenario is plain data");
    let names = Names::of(&value);
    let mut writing = Writing { names, troubles: Vec::new() };
    let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    let people = list(&value, "people");
    rows.insert("People", people.iter().map(|person| writing.person(person)).collect());
    rows.insert("Away", people.iter().flat_map(|person| writing.away(person)).collect());
    rows.insert("Wishes", people.iter().flat_map(|person| writing.wishes(person)).collect());
    rows.insert("Desks", list(&value, "sites").iter().flat_map(|site| writing.site(site)).collect());
    rows.insert("Rules", list(&value, "rules").iter().map(|rule| writing.rule(rule)).collect());
    rows.insert("Calendar", writing.calendar(&value));
    let history = value.get("history").cloned().unwrap_or_default();
    rows.insert("Previous", writing.assignments(list(&value, "previous")));
    rows.insert("Past days", writing.assignments(list(&history, "days")));
    let counts = list(&history, "people").iter().map(|person| writing.counts(person));
    rows.insert("Past counts", counts.collect());
    rows.insert("Ties", list(&value, "ties").iter().map(|tie| writing.tie(tie)).collect());
    if let Some(trouble) = writing.troubles.first() {
        return Err(trouble.clone());
    }
    let mut sheets = Vec::new();
    for (at, (name, columns)) in SHEETS.iter().enumerate() {
        let rows = rows.remove(name).unwrap_or_default();
        if at < 6 || !rows.is_empty() {
            sheets.push(sheet(name, columns, &rows));
        }
    }
    Ok(Book { path: String::new(), sheets })
}

/// The columns that a sheet with these rows has.
fn wanted(columns: &'static [Column], rows: &[Row]) -> Vec<&'static Column> {
    let used: BTreeSet<&str> = rows.iter().flat_map(|row| row.keys().copied()).collect();
    columns.iter().filter(|column| column.usual || used.contains(column.field)).collect()
}

fn sheet(name: &str, columns: &'static [Column], rows: &[Row]) -> Sheet {
    let mut sheet = Sheet::new(name);
    for (at, column) in wanted(columns, rows).into_iter().enumerate() {
        sheet.put(0, at as u32, Cell::Text(column.heading.to_string()));
        for (number, row) in rows.iter().enumerate() {
            if let Some(cell) = row.get(column.field) {
                sheet.put(number as u32 + 1, at as u32, cell.clone());
            }
        }
    }
    sheet
}

fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

struct Writing {
    names: Names,
    troubles: Vec<String>,
}

impl Writing {
    /// Puts a field into its column, or into what goes to More.
    fn put(&self, row: &mut Row, more: &mut Map<String, Value>, column: &Column, kind: Kind, value: &Value) {
        match kind.write(value, &self.names) {
            Some(cell) => {
                row.insert(column.field, cell);
            }
            None => {
                more.insert(column.field.to_string(), value.clone());
            }
        }
    }

    fn put_more(&mut self, row: &mut Row, more: Map<String, Value>, what: &str) {
        if more.is_empty() {
            return;
        }
        match Kind::Json.write(&Value::Object(more), &self.names) {
            Some(cell) => {
                row.insert("more", cell);
            }
            None => self.troubles.push(format!("{what} has more beside its columns than one cell can hold")),
        }
    }

    /// A text that must stand in its own column.
    fn must(&mut self, row: &mut Row, field: &'static str, kind: Kind, value: &Value, what: &str) {
        match kind.write(value, &self.names) {
            Some(cell) => {
                row.insert(field, cell);
            }
            None => self.troubles.push(format!("`{what}` cannot stand in a cell as it is")),
        }
    }

    /// An object whose fields are the columns; all others but `but` go to More.
    fn plain(&mut self, value: &Value, columns: &[Column], but: &[&str]) -> Row {
        let (mut row, mut more) = (Row::new(), Map::new());
        for (field, own) in
            value.as_object().into_iter().flatten().filter(|(field, _)| !but.contains(&field.as_str()))
        {
            match columns.iter().find(|column| column.field == field && field != "more") {
                Some(column) => self.put(&mut row, &mut more, column, column.kind, own),
                None => {
                    more.insert(field.clone(), own.clone());
                }
            }
        }
        self.put_more(&mut row, more, word(value, "id"));
        row
    }

    fn person(&mut self, person: &Value) -> Row {
        let mut row = self.plain(person, layout::PEOPLE, &["id", "away", "only", "fixed", "wishes"]);
        let id = person.get("id").cloned().unwrap_or_default();
        self.must(&mut row, "id", Kind::Text, &id, word(person, "id"));
        row
    }

    fn who(&self, person: &Value) -> Cell {
        let id = word(person, "id");
        // A name that no cell holds as it is, with blanks at its ends say, gives way to the id.
        let name = Value::from(self.names.called(id));
        Kind::Text.write(&name, &self.names).unwrap_or_else(|| Cell::Text(id.to_string()))
    }

    fn away(&mut self, person: &Value) -> Vec<Row> {
        let mut rows = Vec::new();
        for span in list(person, "away") {
            let mut row = self.span(span);
            row.insert("person", self.who(person));
            row.insert("what", Cell::Text("away".to_string()));
            rows.push(row);
        }
        for only in list(person, "only") {
            let what = if word(only, "place") == "home" { "home only" } else { "on site only" };
            let mut row = Row::from([("person", self.who(person)), ("what", Cell::Text(what.to_string()))]);
            self.dates(only, &mut row);
            rows.push(row);
        }
        rows
    }

    fn dates(&self, span: &Value, row: &mut Row) {
        for field in ["from", "to"] {
            let cell = span.get(field).and_then(|value| Kind::Date.write(value, &self.names));
            row.extend(cell.map(|cell| (field, cell)));
        }
    }

    /// A day off: a date or weekday, or an object.
    fn span(&mut self, span: &Value) -> Row {
        let mut row = Row::new();
        let on = if span.is_string() { Some(span) } else { span.get("on") };
        if let Some(cell) = on.and_then(|on| Kind::On.write(on, &self.names)) {
            row.insert("from", cell);
        }
        self.dates(span, &mut row);
        if let Some(why) = span.get("why") {
            self.must(&mut row, "why", Kind::Text, why, word(span, "why"));
        }
        row
    }

    fn wishes(&mut self, person: &Value) -> Vec<Row> {
        let mut rows = Vec::new();
        let all = list(person, "wishes").iter().map(|wish| (wish, false));
        for (wish, is_fixed) in all.chain(list(person, "fixed").iter().map(|pin| (pin, true))) {
            let mut row = self.plain(wish, layout::WISHES, &["on", "avoid"]);
            let avoid = wish.get("avoid").and_then(Value::as_bool).unwrap_or(false);
            let what = if is_fixed {
                "fixed"
            } else if avoid {
                "avoid"
            } else {
                "wish"
            };
            row.insert("person", self.who(person));
            row.insert("what", Cell::Text(what.to_string()));
            match wish.get("on") {
                Some(on) if on.is_object() => {
                    let mut days = Row::new();
                    self.dates(on, &mut days);
                    row.extend(days.remove("from").map(|cell| ("on", cell)));
                    row.extend(days.remove("to").map(|cell| ("to", cell)));
                }
                on => row.extend(on.and_then(|on| Kind::On.write(on, &self.names)).map(|cell| ("on", cell))),
            }
            if row.contains_key("more") {
                self.troubles.push(format!("a wish of `{}` cannot stand in a row", word(person, "id")));
            }
            rows.push(row);
        }
        rows
    }

    fn site(&mut self, site: &Value) -> Vec<Row> {
        let mut rows = Vec::new();
        let site_id = site.get("id").cloned().unwrap_or_default();
        let mut own = self.plain(site, layout::DESKS, &["id", "zones"]);
        let zones = list(site, "zones");
        if !own.is_empty() || zones.is_empty() {
            self.must(&mut own, "site", Kind::Text, &site_id, word(site, "id"));
            rows.push(own);
        }
        for zone in zones {
            let zone_id = zone.get("id").cloned().unwrap_or_default();
            let desks = list(zone, "desks");
            let but: &[&str] = if desks.is_empty() { &["id"] } else { &["id", "desks"] };
            let mut own = self.plain(zone, layout::DESKS, but);
            if !own.is_empty() || desks.is_empty() {
                self.must(&mut own, "site", Kind::Text, &site_id, word(site, "id"));
                self.must(&mut own, "zone", Kind::Text, &zone_id, word(zone, "id"));
                rows.push(own);
            }
            for desk in desks {
                let mut own = self.plain(desk, layout::DESKS, &["id", "at"]);
                self.must(&mut own, "site", Kind::Text, &site_id, word(site, "id"));
                self.must(&mut own, "zone", Kind::Text, &zone_id, word(zone, "id"));
                self.must(
                    &mut own,
                    "desk",
                    Kind::Text,
                    desk.get("id").unwrap_or(&Value::Null),
                    word(desk, "id"),
                );
                for (field, at) in ["x", "y"].into_iter().zip(list(desk, "at")) {
                    self.must(&mut own, field, Kind::Number, at, field);
                }
                rows.push(own);
            }
        }
        rows
    }

    fn rule(&mut self, entry: &Value) -> Row {
        let (mut row, mut more) = (Row::new(), Map::new());
        for (field, value) in entry.as_object().into_iter().flatten() {
            let beside = BESIDE.contains(&field.as_str());
            let fields: Vec<(&String, &Value)> = if beside {
                vec![(field, value)]
            } else {
                row.insert("rule", Cell::Text(field.clone()));
                value.as_object().into_iter().flatten().collect()
            };
            for (own, value) in fields {
                let column =
                    layout::RULES.iter().find(|column| column.field == own && own != "more" && own != "rule");
                match column {
                    Some(column) => self.put(&mut row, &mut more, column, kind_in(field, column), value),
                    None => {
                        more.insert(own.clone(), value.clone());
                    }
                }
            }
        }
        self.put_more(&mut row, more, "a rule");
        row
    }

    fn calendar(&mut self, scenario: &Value) -> Vec<Row> {
        let calendar = scenario.get("calendar").cloned().unwrap_or_default();
        let mut rows = Vec::new();
        let setting = |what: &str| Row::from([("what", Cell::Text(what.to_string()))]);
        for (what, value, kind) in [
            ("title", scenario.get("title"), Kind::Text),
            ("schema", scenario.get("$schema"), Kind::Text),
            ("days", None, Kind::Text),
            ("work days", calendar.get("work_days"), Kind::Weekdays),
            ("weeks from", calendar.get("anchor"), Kind::Date),
            (
                "past weeks from",
                scenario.get("history").and_then(|history| history.get("anchor")),
                Kind::Date,
            ),
            ("time zone", calendar.get("time_zone"), Kind::Text),
            (
                "default place",
                scenario.get("default_place").filter(|place| *place != "home"),
                Kind::Word(&["home", "on_site", "none"]),
            ),
        ] {
            let mut row = setting(what);
            if what == "days" {
                self.dates(&calendar, &mut row);
            } else if let Some(value) = value {
                self.must(&mut row, "value", kind, value, what);
            } else {
                continue;
            }
            rows.push(row);
        }
        for closed in list(&calendar, "closed") {
            let mut row = self.span(closed);
            row.extend(setting("closed"));
            rows.push(row);
        }
        for shift in list(&calendar, "shifts") {
            let mut row = setting("shift");
            for (field, kind) in [
                ("id", Kind::Text),
                ("name", Kind::Text),
                ("from", Kind::Clock),
                ("to", Kind::Clock),
                ("hours", Kind::Number),
                ("by_request", Kind::Flag),
            ] {
                if let Some(value) = shift.get(field) {
                    self.must(
                        &mut row,
                        if field == "id" { "value" } else { field },
                        kind,
                        value,
                        word(shift, "id"),
                    );
                }
            }
            rows.push(row);
        }
        if let Some(note) = scenario.get("note") {
            let mut row = setting("note");
            match Kind::Text.write(note, &self.names) {
                Some(cell) => {
                    row.insert("value", cell);
                }
                None => self.must(&mut row, "more", Kind::Json, note, "the note"),
            }
            rows.push(row);
        }
        rows
    }

    fn assignments(&mut self, list: &[Value]) -> Vec<Row> {
        list.iter()
            .map(|assignment| {
                self.is_itself(word(assignment, "person"));
                self.plain(assignment, layout::ASSIGNMENTS, &[])
            })
            .collect()
    }

    /// An id that stands in a row must not be read as the name of somebody else.
    fn is_itself(&mut self, id: &str) {
        if let Some(other) = self.names.person(id).ok().filter(|meant| meant != id) {
            self.troubles.push(format!("`{id}` is who somebody was, and now the name of `{other}`"));
        }
    }

    fn counts(&mut self, person: &Value) -> Row {
        self.is_itself(word(person, "person"));
        self.plain(person, layout::COUNTS, &[])
    }

    fn tie(&mut self, tie: &Value) -> Row {
        for person in list(tie, "between").iter().filter_map(Value::as_str) {
            self.is_itself(person);
        }
        let mut row = self.plain(tie, layout::TIES, &["between"]);
        for (field, person) in ["one", "other"].into_iter().zip(list(tie, "between")) {
            self.must(&mut row, field, Kind::Text, person, field);
        }
        row
    }
}
