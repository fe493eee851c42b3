//! The scenario as typed, and how it is read: every item by itself, so that each mistake of shape is found in
//! one run at its exact place.

use crate::entry::RuleEntry;
use rota_core::finding::{nearest, pointer_part, Finding};
use rota_core::positions::Positions;
use rota_core::typed::{Assignment, Calendar, DefaultPlace, History, Person, PersonHistory, Site, Tie};
use rota_core::Date;
use schemars::JsonSchema;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use serde_json::Value;
use std::fmt;

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
#[derive(Debug, Clone)]
pub struct ReadScenario {
    /// The scenario; with mistakes of shape, broken items stand in by their names alone. None when not even
    /// the calendar could be read.
    pub scenario: Option<Scenario>,
    /// Mistakes of shape, with their places.
    pub findings: Vec<Finding>,
    /// Pointers of the items that could not be read: what is said about their inside means nothing.
    pub broken: Vec<String>,
}

const TOP: &[&str] = &[
    "$schema", "scenario", "default_place", "title", "note", "calendar", "people", "sites", "rules", "history",
    "previous", "ties",
];

/// The members of an object in the order of the text, duplicates included.
struct Members<'t>(Vec<(String, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'t>, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Vec<(String, &'de RawValue)>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}

struct Reader<'t> {
    text: &'t str,
    /// Built at the first mistake.
    positions: Option<Positions<'t>>,
    findings: Vec<Finding>,
    broken: Vec<String>,
}

impl<'t> Reader<'t> {
    fn positions(&mut self) -> &Positions<'t> {
        self.positions.get_or_insert_with(|| Positions::new(self.text))
    }

    /// Turns serde's error inside `part` of the text into a finding at its exact place.
    fn problem(&mut self, part: &str, problem: &serde_json::Error) {
        // `part` is a slice of the text, so the distance of their starts is its offset.
        let start = part.as_ptr() as usize - self.text.as_ptr() as usize;
        let line_start = if problem.line() <= 1 {
            0
        } else {
            part.match_indices('\n').nth(problem.line() - 2).map_or(0, |(at, _)| at + 1)
        };
        let offset = (start + line_start + problem.column().saturating_sub(1)).min(self.text.len());
        self.problem_at(offset, problem);
    }

    fn problem_at(&mut self, offset: usize, problem: &serde_json::Error) {
        let told = tell(problem);
        let positions = self.positions();
        let (pointer, place) =
            if problem.is_data() { positions.innermost(offset) } else { (positions.innermost(offset).0, offset) };
        let (line, column) = positions.line_column(place);
        let mut finding = Finding::error(told.code, pointer, told.message);
        finding.help = told.help;
        finding.line = Some(line);
        finding.column = Some(column);
        self.findings.push(finding);
    }

    fn item<T: DeserializeOwned>(&mut self, raw: &RawValue) -> Option<T> {
        match serde_json::from_str(raw.get()) {
            Ok(item) => Some(item),
            Err(problem) => {
                self.problem(raw.get(), &problem);
                None
            }
        }
    }

    /// Reads a list item by item; a broken item is replaced by what `stand_in` makes of it.
    fn items<T: DeserializeOwned>(
        &mut self,
        raw: Option<&RawValue>,
        pointer: &str,
        stand_in: impl Fn(&Value) -> Option<T>,
    ) -> Vec<T> {
        let Some(raw) = raw else { return Vec::new() };
        let list: Vec<&RawValue> = match serde_json::from_str(raw.get()) {
            Ok(list) => list,
            Err(problem) => {
                self.problem(raw.get(), &problem);
                self.broken.push(pointer.to_string());
                return Vec::new();
            }
        };
        let mut items = Vec::with_capacity(list.len());
        for (at, raw) in list.into_iter().enumerate() {
            if let Some(item) = self.item(raw) {
                items.push(item);
            } else {
                self.broken.push(format!("{pointer}/{at}"));
                let value: Value = serde_json::from_str(raw.get()).unwrap_or(Value::Null);
                items.extend(stand_in(&value));
            }
        }
        items
    }
}

struct Told {
    code: &'static str,
    message: String,
    help: Option<String>,
}

/// serde's words in ours: what is wrong, and what to do.
fn tell(problem: &serde_json::Error) -> Told {
    let full = problem.to_string();
    let bare = full.rfind(" at line ").map_or(full.as_str(), |cut| &full[..cut]);
    if !problem.is_data() {
        return Told {
            code: "json.syntax",
            message: format!("this is not JSON: {bare}"),
            help: Some("look just before this place for a missing comma, quote or bracket".to_string()),
        };
    }
    let quoted: Vec<&str> = bare.split('`').skip(1).step_by(2).collect();
    if bare.starts_with("unknown field") && quoted.len() > 1 && bare.contains("expected") {
        let help = nearest(quoted[0], quoted[1..].iter().copied())
            .map_or_else(|| format!("known here: {}", quoted[1..].join(", ")), |near| format!("did you mean `{near}`?"));
        return Told { code: "field.unknown", message: format!("unknown field `{}`", quoted[0]), help: Some(help) };
    }
    if bare.starts_with("unknown variant") && quoted.len() > 1 {
        let help = nearest(quoted[0], quoted[1..].iter().copied())
            .map_or_else(|| format!("one of {}", quoted[1..].join(", ")), |near| format!("did you mean `{near}`?"));
        return Told { code: "field.value", message: format!("`{}` is not known here", quoted[0]), help: Some(help) };
    }
    if let Some(field) = bare.strip_prefix("missing field ") {
        return Told {
            code: "field.missing",
            message: format!("the field {field} is missing"),
            help: Some(format!("add {field}")),
        };
    }
    if let Some(field) = bare.strip_prefix("duplicate field ") {
        return Told {
            code: "field.duplicate",
            message: format!("the field {field} is there twice"),
            help: Some("keep one of the two".to_string()),
        };
    }
    if let Some(rest) = bare.strip_prefix("invalid type: ").or_else(|| bare.strip_prefix("invalid value: ")) {
        if let Some((found, wanted)) = rest.split_once(", expected ") {
            return Told {
                code: "field.type",
                message: format!("this is {}, and should be {}", plain_type(found), plain_type(wanted)),
                help: Some(format!("write {} here", plain_type(wanted))),
            };
        }
    }
    if bare.contains("not supported yet") {
        let (message, help) = bare.split_once("; ").unwrap_or((bare, "take the entry out to plan without it"));
        return Told { code: "rule.not_supported", message: message.to_string(), help: Some(help.to_string()) };
    }
    match bare.split_once("; ") {
        Some((message, help)) => {
            let code = if message.starts_with("unknown field") { "field.unknown" } else { "field.value" };
            Told { code, message: message.to_string(), help: Some(help.to_string()) }
        }
        None => {
            let code = if bare.starts_with("there is no ") { "date.impossible" } else { "field.value" };
            let help = match code {
                "date.impossible" => "correct the day or the month",
                _ => "see `rota schema` for what may stand here",
            };
            Told { code, message: bare.to_string(), help: Some(help.to_string()) }
        }
    }
}

fn plain_type(serde: &str) -> String {
    let serde = serde.trim();
    let plain = match serde {
        "map" => "an object {...}",
        "sequence" | "a sequence" => "a list [...]",
        "null" | "unit" => "null",
        "a string" | "string" | "str" => "a text in quotes",
        "a boolean" => "true or false",
        "u32" | "u64" => "a whole number from 0",
        "f64" | "f32" => "a number",
        other if other.starts_with("struct ") => "an object {...}",
        other if other.starts_with("string ") => return format!("the text {}", &other["string ".len()..]),
        other if other.starts_with("integer ") || other.starts_with("floating point ") => {
            return format!("the number {}", other.rsplit(' ').next().unwrap_or(other));
        }
        other if other.starts_with("boolean ") => return other["boolean ".len()..].to_string(),
        other => other,
    };
    plain.to_string()
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.get(name)?.as_str().map(str::to_string)
}

fn texts(value: &Value, name: &str) -> Vec<String> {
    value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(|text| text.as_str().map(str::to_string)).collect()
}

/// The names of a broken person, so that those who speak of them are not reported too.
fn stand_in_person(value: &Value) -> Option<Person> {
    Some(Person {
        id: text(value, "id")?,
        name: text(value, "name"),
        team: text(value, "team"),
        tags: texts(value, "tags"),
        ..Person::default()
    })
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// The names of a broken site.
fn stand_in_site(value: &Value) -> Option<Site> {
    let zones = list(value, "zones").iter().filter_map(|zone| {
        let desks = list(zone, "desks").iter().filter_map(|desk| {
            Some(rota_core::typed::Desk {
                id: text(desk, "id")?,
                features: texts(desk, "features"),
                ..rota_core::typed::Desk::default()
            })
        });
        Some(rota_core::typed::Zone {
            id: text(zone, "id")?,
            desks: Some(desks.collect()),
            features: texts(zone, "features"),
            ..rota_core::typed::Zone::default()
        })
    });
    Some(Site { id: text(value, "id")?, zones: zones.collect(), ..Site::default() })
}

impl Scenario {
    /// Reads a scenario document. Findings have line, column and pointer, but no file name.
    pub fn read(document: &str) -> ReadScenario {
        // Spreadsheets' and editors' byte order mark.
        let document = document.strip_prefix('\u{feff}').unwrap_or(document);
        let mut reader = Reader { text: document, positions: None, findings: Vec::new(), broken: Vec::new() };
        let members = match serde_json::from_str::<Members<'_>>(document) {
            Ok(Members(members)) => members,
            Err(problem) => {
                reader.problem(document, &problem);
                return ReadScenario { scenario: None, findings: reader.findings, broken: Vec::new() };
            }
        };
        let mut fields: Vec<(&str, &RawValue)> = Vec::new();
        for (name, raw) in &members {
            let pointer = format!("/{}", pointer_part(name));
            if !TOP.contains(&name.as_str()) {
                reader.findings.push(
                    Finding::error("field.unknown", pointer, format!("unknown field `{name}`"))
                        .did_you_mean(name, TOP.iter().copied()),
                );
            } else if fields.iter().any(|(seen, _)| seen == name) {
                reader.findings.push(
                    Finding::error("field.duplicate", pointer, format!("the field `{name}` is there twice"))
                        .help("keep one of the two"),
                );
            } else {
                fields.push((name, raw));
            }
        }
        let field = |name: &str| fields.iter().find(|(seen, _)| *seen == name).map(|(_, raw)| *raw);
        for name in ["scenario", "calendar", "people"] {
            if field(name).is_none() {
                let help = if name == "scenario" { "add \"scenario\": 1".to_string() } else { format!("add `{name}`") };
                reader.findings.push(
                    Finding::error("field.missing", "", format!("the field `{name}` is missing")).help(help),
                );
            }
        }
        let format = field("scenario").and_then(|raw| reader.item::<u32>(raw));
        if let Some(newer) = format.filter(|format| *format != FORMAT) {
            let help = if newer > FORMAT {
                format!("this needs a newer rota: this one reads format {FORMAT}")
            } else {
                format!("write \"scenario\": {FORMAT}")
            };
            reader.findings.push(
                Finding::error("scenario.format", "/scenario", format!("the format {newer} is not known")).help(help),
            );
        }
        let calendar = field("calendar").and_then(|raw| reader.item::<Calendar>(raw));
        let people = reader.items(field("people"), "/people", stand_in_person);
        let sites = reader.items(field("sites"), "/sites", stand_in_site);
        let rules = reader.items(field("rules"), "/rules", |_| None::<RuleEntry>);
        let history = field("history").and_then(|raw| read_history(&mut reader, raw, "/history"));
        let previous = reader.items(field("previous"), "/previous", |_| None::<Assignment>);
        let ties = reader.items(field("ties"), "/ties", |_| None::<Tie>);
        let schema = field("$schema").and_then(|raw| reader.item(raw));
        let title = field("title").and_then(|raw| reader.item(raw));
        let note = field("note").and_then(|raw| reader.item(raw));
        let default_place = field("default_place").and_then(|raw| reader.item(raw)).unwrap_or_default();
        let scenario = calendar.map(|calendar| Scenario {
            schema,
            scenario: FORMAT,
            default_place,
            title,
            note,
            calendar,
            people,
            sites,
            rules,
            history,
            previous,
            ties,
        });
        let mut findings = reader.findings;
        if !findings.is_empty() {
            Positions::new(document).place("", &mut findings);
            for finding in &mut findings {
                finding.file = None;
            }
        }
        ReadScenario { scenario, findings, broken: reader.broken }
    }

    /// Reads a history document: `{ "anchor", "days", "people" }`. Pointers are those of the document.
    pub fn read_history(document: &str) -> (Option<History>, Vec<Finding>) {
        let mut reader = Reader { text: document, positions: None, findings: Vec::new(), broken: Vec::new() };
        let history = match serde_json::from_str::<&RawValue>(document) {
            Ok(raw) => read_history(&mut reader, raw, ""),
            Err(problem) => {
                reader.problem(document, &problem);
                None
            }
        };
        (history, reader.findings)
    }
}

fn read_history(reader: &mut Reader<'_>, raw: &RawValue, pointer: &str) -> Option<History> {
    let Members(members) = match serde_json::from_str(raw.get()) {
        Ok(members) => members,
        Err(problem) => {
            reader.problem(raw.get(), &problem);
            return None;
        }
    };
    let mut history = History::default();
    for (name, raw) in members {
        match name.as_str() {
            "anchor" => history.anchor = reader.item::<Option<Date>>(raw).flatten(),
            "days" => history.days = reader.items(Some(raw), &format!("{pointer}/days"), |_| None::<Assignment>),
            "people" => {
                history.people = reader.items(Some(raw), &format!("{pointer}/people"), |_| None::<PersonHistory>);
            }
            other => reader.findings.push(
                Finding::error("field.unknown", format!("{pointer}/{}", pointer_part(other)), format!("unknown field `{other}`"))
                    .did_you_mean(other, ["anchor", "days", "people"]),
            ),
        }
    }
    Some(history)
}
