//! The scenario as typed, and how it is read: every item by itself, so that each mistake of shape is found in
//! one run at its exact place.

use crate::entry::RuleEntry;
use rota_core::finding::{pointer_part, Finding};
use rota_core::reading::{Gaps, Reader};
use rota_core::typed::{Assignment, Calendar, DefaultPlace, History, Person, Site, Tie};
use rota_core::{Date, Weekday};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::Value;

/// The scenario format this version reads and writes.
pub const FORMAT: u32 = 1;

/// A scenario exactly as typed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Where the schema of this document is.
    #[serde(default, rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The version of the format: 1.
    pub scenario: u32,
    /// Where somebody works when nothing calls them elsewhere.
    #[serde(default)]
    pub default_place: DefaultPlace,
    /// For people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Never read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Value>,
    /// The days.
    pub calendar: Calendar,
    /// The people.
    pub people: Vec<Person>,
    /// The places of work.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<Site>,
    /// The rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleEntry>,
    /// What went before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history: Option<History>,
    /// The rota this one replaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previous: Vec<Assignment>,
    /// How much pairs of people work together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ties: Vec<Tie>,
}

/// What a document gave: the scenario as far as it could be read, and every mistake of shape.
#[derive(Debug, Clone, Default)]
pub struct ReadScenario {
    /// The scenario; with mistakes of shape, without the parts that could not be read. None when not even the
    /// calendar could be read.
    pub scenario: Option<Scenario>,
    /// Mistakes of shape, with their places.
    pub findings: Vec<Finding>,
    /// Pointers of the parts that could not be read: what is said about their inside means nothing.
    pub broken: Vec<String>,
    /// What was left out, to know where in the document the rest stands.
    pub(crate) gaps: Gaps,
    /// The scenario with a calendar of its own, when the real one could not be read: only good for finding
    /// mistakes that have nothing to do with days.
    pub(crate) without_calendar: Option<Scenario>,
}

const TOP: &[&str] = &[
    "$schema",
    "scenario",
    "default_place",
    "title",
    "note",
    "calendar",
    "people",
    "sites",
    "rules",
    "history",
    "previous",
    "ties",
];

impl Scenario {
    /// Reads a scenario document. Findings have line, column and pointer, but no file name.
    pub fn read(document: &str) -> ReadScenario {
        // Spreadsheets' and editors' byte order mark.
        let document = document.strip_prefix('\u{feff}').unwrap_or(document);
        let mut reader = Reader::new(document);
        let Some(members) = reader.document() else {
            return ReadScenario { findings: reader.finish().0, ..ReadScenario::default() };
        };
        let fields = fields(&mut reader, &members, "", TOP);
        let field = |name: &str| fields.iter().find(|(seen, _)| *seen == name).map(|(_, raw)| *raw);
        let format = field("scenario").and_then(|raw| reader.item::<u32>(raw, "/scenario"));
        if let Some(format) = format.filter(|format| *format != FORMAT) {
            let help = if format > FORMAT {
                format!("this needs a newer rota: this one reads format {FORMAT}")
            } else {
                format!("write \"scenario\": {FORMAT}")
            };
            let message = format!("the format {format} is not known");
            reader.report(Finding::error("scenario.format", "/scenario", message).help(help));
            if format > FORMAT {
                // Whatever else looks wrong may be right in that format.
                let mut findings = reader.finish().0;
                findings.retain(|finding| finding.code == "scenario.format");
                return ReadScenario { findings, ..ReadScenario::default() };
            }
        }
        for (name, help) in [
            ("scenario", "add \"scenario\": 1"),
            (
                "calendar",
                "add \"calendar\": { \"from\": \"2020-06-15\", \"to\": \"2020-06-19\" } with your dates",
            ),
            ("people", "add \"people\": [ { \"id\": \"amy\" } ] with your people"),
        ] {
            if field(name).is_none() {
                let message = format!("the field `{name}` is missing");
                reader.report(Finding::error("field.missing", "", message).help(help));
                reader.leave_out(&format!("/{name}"));
            }
        }
        let calendar = field("calendar").and_then(|raw| reader.item::<Calendar>(raw, "/calendar"));
        let people = reader.items(field("people"), "/people");
        let sites = reader.items(field("sites"), "/sites");
        let rules = reader.items(field("rules"), "/rules");
        let history = field("history").and_then(|raw| read_history(&mut reader, raw, "/history"));
        let previous = reader.items(field("previous"), "/previous");
        let ties = reader.items(field("ties"), "/ties");
        let default_place = field("default_place").and_then(|raw| reader.item(raw, "/default_place"));
        let without_calendar = calendar.is_none().then(|| field("calendar")).map(any_calendar);
        let mut scenario = Scenario {
            schema: field("$schema").and_then(|raw| reader.item(raw, "/$schema")),
            scenario: FORMAT,
            default_place: default_place.unwrap_or_default(),
            title: field("title").and_then(|raw| reader.item::<Option<String>>(raw, "/title")).flatten(),
            note: field("note").and_then(|raw| reader.item::<Option<Value>>(raw, "/note")).flatten(),
            calendar: calendar.clone().unwrap_or_else(|| any_calendar(None)),
            people,
            sites,
            rules,
            history,
            previous,
            ties,
        };
        let (findings, gaps) = reader.finish();
        let broken = gaps.broken.iter().cloned().collect();
        let mut read = ReadScenario { scenario: None, findings, broken, gaps, without_calendar: None };
        match without_calendar {
            None => read.scenario = Some(scenario),
            Some(calendar) => {
                scenario.calendar = calendar;
                read.without_calendar = Some(scenario);
            }
        }
        read
    }

    /// Reads a history document: `{ "anchor", "days", "people" }`. Pointers are those of the document.
    pub fn read_history(document: &str) -> (Option<History>, Vec<Finding>) {
        let document = document.strip_prefix('\u{feff}').unwrap_or(document);
        let mut reader = Reader::new(document);
        let history = reader.document().map(|members| history_of(&mut reader, &members, ""));
        (history, reader.finish().0)
    }
}

/// The known fields of an object, each once; the others are reported.
fn fields<'m, 't>(
    reader: &mut Reader<'t>,
    members: &'m [(String, &'t RawValue)],
    pointer: &str,
    known: &[&str],
) -> Vec<(&'m str, &'t RawValue)> {
    let mut fields: Vec<(&str, &RawValue)> = Vec::new();
    for (name, raw) in members {
        let place = format!("{pointer}/{}", pointer_part(name));
        if !known.contains(&name.as_str()) {
            let finding = Finding::error("field.unknown", place, format!("unknown field `{name}`"))
                .did_you_mean(name, known.iter().copied())
                .or_help(format!("known here: {}", known.join(", ")));
            reader.report_name(finding, pointer, name);
        } else if fields.iter().any(|(seen, _)| seen == name) {
            let finding =
                Finding::error("field.duplicate", place, format!("the field `{name}` is there twice"))
                    .help("keep one of the two");
            reader.report_name(finding, pointer, name);
        } else {
            fields.push((name, raw));
        }
    }
    fields
}

fn read_history<'t>(reader: &mut Reader<'t>, raw: &'t RawValue, pointer: &str) -> Option<History> {
    if raw.get() == "null" {
        return None;
    }
    let members = reader.members(raw, pointer)?;
    Some(history_of(reader, &members, pointer))
}

fn history_of<'t>(reader: &mut Reader<'t>, members: &[(String, &'t RawValue)], pointer: &str) -> History {
    let mut history = History::default();
    for (name, raw) in fields(reader, members, pointer, &["anchor", "days", "people"]) {
        let place = format!("{pointer}/{name}");
        match name {
            "anchor" => history.anchor = reader.item::<Option<Date>>(raw, &place).flatten(),
            "days" => history.days = reader.items(Some(raw), &place),
            _ => history.people = reader.items(Some(raw), &place),
        }
    }
    history
}

/// A calendar that stands in for one that could not be read, with what of it can be.
fn any_calendar(raw: Option<&RawValue>) -> Calendar {
    let value: Value = raw.and_then(|raw| serde_json::from_str(raw.get()).ok()).unwrap_or(Value::Null);
    let date = |name: &str| value.get(name).and_then(Value::as_str).and_then(|text| Date::parse(text).ok());
    let from = date("from").or_else(|| date("to")).unwrap_or(Date::new(2020, 6, 15));
    let shifts = value.get("shifts").and_then(|shifts| serde_json::from_value(shifts.clone()).ok());
    Calendar {
        from,
        to: from,
        work_days: Weekday::ALL.to_vec(),
        closed: Vec::new(),
        shifts: shifts.unwrap_or_default(),
        anchor: Some(from),
        time_zone: None,
    }
}
