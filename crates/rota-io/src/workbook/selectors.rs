//! Selectors between cells and JSON: words as people write them, and what they mean.
//!
//! Words are read here against the names on the sheets, as `rota_core::words` reads them against a checked scenario;
//! what cannot be read here stays as it was typed, and is read (or reported) there.

use super::cells::is_blank;
use super::dates::{self, Order};
use rota_core::finding::nearest;
use rota_core::select::{Between, Who};
use rota_core::words::{self, Problem};
use rota_core::Weekday;
use serde_json::{json, Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The names that a scenario knows.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Ids and names of people, in order.
    pub people: Vec<(String, String)>,
    /// What each name means, by its small letters: a person's id.
    people_called: BTreeMap<String, BTreeSet<String>>,
    teams: BTreeMap<String, BTreeSet<String>>,
    tags: BTreeMap<String, BTreeSet<String>>,
    sites: BTreeMap<String, BTreeSet<String>>,
    zones: BTreeMap<String, BTreeSet<String>>,
    shifts: BTreeSet<String>,
}

fn members<'v>(value: &'v Value, field: &str) -> impl Iterator<Item = &'v Value> {
    value.get(field).and_then(Value::as_array).into_iter().flatten()
}

fn word<'v>(value: &'v Value, field: &str) -> Option<&'v str> {
    value.get(field).and_then(Value::as_str)
}

/// A name as it is looked up: capitals and the number of blanks do not matter.
fn plain(name: &str) -> String {
    name.split(is_blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ").to_lowercase()
}

fn enter(map: &mut BTreeMap<String, BTreeSet<String>>, called: &str, id: &str) {
    map.entry(plain(called)).or_default().insert(id.to_string());
}

impl Names {
    /// The names in a scenario's JSON.
    pub fn of(scenario: &Value) -> Names {
        let mut names = Names::default();
        for person in members(scenario, "people") {
            let Some(id) = word(person, "id") else { continue };
            let name = word(person, "name").unwrap_or(id);
            names.people.push((id.to_string(), name.to_string()));
            enter(&mut names.people_called, id, id);
            enter(&mut names.people_called, name, id);
            if let Some(team) = word(person, "team") {
                enter(&mut names.teams, team, team);
            }
            for tag in members(person, "tags").filter_map(Value::as_str) {
                enter(&mut names.tags, tag, tag);
            }
        }
        for site in members(scenario, "sites") {
            if let Some(id) = word(site, "id") {
                enter(&mut names.sites, id, id);
                enter(&mut names.sites, word(site, "name").unwrap_or(id), id);
            }
            for zone in members(site, "zones") {
                if let Some(id) = word(zone, "id") {
                    enter(&mut names.zones, id, id);
                    enter(&mut names.zones, word(zone, "name").unwrap_or(id), id);
                }
            }
        }
        let shifts = scenario.get("calendar").into_iter().flat_map(|calendar| members(calendar, "shifts"));
        names.shifts.extend(shifts.filter_map(|shift| word(shift, "id")).map(str::to_string));
        names
    }

    /// The id of the one person that an id or a name means.
    pub fn person(&self, text: &str) -> Result<String, Problem> {
        match exactly(&self.people_called, text).as_slice() {
            [id] => Ok(id.clone()),
            [] => {
                let known = self.people.iter().flat_map(|(id, name)| [id.as_str(), name.as_str()]);
                let problem = Problem::new(format!("there is no person `{text}` on the sheet People"));
                let first: Vec<&str> = self
                    .people
                    .iter()
                    .filter(|(_, name)| name.split_whitespace().any(|part| part.eq_ignore_ascii_case(text)))
                    .map(|(_, name)| name.as_str())
                    .take(4)
                    .collect();
                Err(match (first.as_slice(), nearest(text, known)) {
                    ([], None) => problem.help("write the name as it stands there"),
                    ([], Some(near)) => problem.help(format!("did you mean `{near}`?")),
                    (few, _) => problem.help(format!("did you mean `{}`?", few.join("` or `"))),
                })
            }
            _ => Err(Problem::new(format!("`{text}` may mean more than one person"))
                .help("write the id of the person instead of the name")),
        }
    }

    /// The name by which a person can be told from all others: the name, or else the id.
    pub fn called(&self, id: &str) -> String {
        let name = self.people.iter().find(|(own, _)| own == id).map_or(id, |(_, name)| name.as_str());
        match self.person(name) {
            Ok(meant) if meant == id => name.to_string(),
            _ => id.to_string(),
        }
    }

    fn meaning(&self, name: &str) -> Result<Who, Problem> {
        if name.eq_ignore_ascii_case("everyone") || name.eq_ignore_ascii_case("everybody") {
            return Ok(Who::Everyone);
        }
        let of_kind = |kind: &str, name: &str| -> Vec<Who> {
            match kind {
                "team" => exactly(&self.teams, name).into_iter().map(Who::Team).collect(),
                "tag" => exactly(&self.tags, name).into_iter().map(Who::Tag).collect(),
                _ => exactly(&self.people_called, name).into_iter().map(|id| Who::People(vec![id])).collect(),
            }
        };
        let mut found: Vec<Who> =
            ["team", "tag", "person"].iter().flat_map(|kind| of_kind(kind, name)).collect();
        if found.is_empty() {
            if let Some((kind, bare)) = name.split_once([' ', ':']) {
                let kind = kind.to_lowercase();
                if ["team", "tag", "person"].contains(&kind.as_str()) {
                    found = of_kind(&kind, bare.trim());
                }
            }
        }
        match found.len() {
            1 => Ok(found.swap_remove(0)),
            // Said better where the whole scenario is known.
            _ => Err(Problem::new(format!("`{name}` is not one name"))),
        }
    }
}

fn exactly(map: &BTreeMap<String, BTreeSet<String>>, name: &str) -> Vec<String> {
    match map.get(&plain(name)) {
        None => Vec::new(),
        Some(ids) if ids.contains(name) => vec![name.to_string()],
        Some(ids) => ids.iter().cloned().collect(),
    }
}

/// A cell's text as JSON, when it begins like an object or a list.
fn as_json(text: &str) -> Option<Result<Value, Problem>> {
    text.starts_with(['{', '[']).then(|| {
        serde_json::from_str(text).map_err(|what| {
            Problem::new(format!("`{text}` is not JSON: {what}")).help("correct it, or write it in words")
        })
    })
}

// ---------------------------------------------------------------- who

/// The JSON of a `who` in words.
pub fn who(text: &str, names: &Names) -> Result<Value, Problem> {
    if let Some(json) = as_json(text) {
        return json;
    }
    Ok(match words::who_by(text, &|name| names.meaning(name)) {
        Ok(who) => serde_json::to_value(listed(who)).expect("a selector is plain data"),
        Err(_) => Value::from(text),
    })
}

/// `amy; ben` is a list of people.
fn listed(who: Who) -> Who {
    match who {
        Who::Any(parts) => {
            let single = |part: &Who| matches!(part, Who::People(ids) if ids.len() == 1);
            if parts.iter().all(single) {
                let ids = parts.into_iter().flat_map(|part| match part {
                    Who::People(ids) => ids,
                    _ => Vec::new(),
                });
                return Who::People(ids.collect());
            }
            Who::Any(parts.into_iter().map(listed).collect())
        }
        Who::All(parts) => Who::All(parts.into_iter().map(listed).collect()),
        Who::Not(part) => Who::Not(Box::new(listed(*part))),
        who => who,
    }
}

/// A `who` in words; none where words cannot say it.
pub fn who_in_words(value: &Value, names: &Names) -> Option<String> {
    if let Value::String(words) = value {
        return Some(words.clone());
    }
    let who: Who = serde_json::from_value(value.clone()).ok()?;
    spoken(&who, names, false)
}

fn spoken(who: &Who, names: &Names, inside: bool) -> Option<String> {
    let bracket = |text: String| if inside { format!("({text})") } else { text };
    let one = |who: &Who, name: &str, kind: &str| {
        let quoted = |text: &str| format!("\"{text}\"");
        let known =
            [name.to_string(), quoted(name), format!("{kind} {name}"), quoted(&format!("{kind} {name}"))];
        known.into_iter().find(|words| words::who_by(words, &|name| names.meaning(name)).as_ref() == Ok(who))
    };
    match who {
        Who::Everyone => Some("everyone".to_string()),
        Who::Team(name) => one(who, name, "team"),
        Who::Tag(name) => one(who, name, "tag"),
        Who::People(ids) => match ids.as_slice() {
            [] => None,
            [id] => one(who, &names.called(id), "person").or_else(|| one(who, id, "person")),
            ids => {
                let each = ids.iter().map(|id| spoken(&Who::People(vec![id.clone()]), names, true));
                Some(bracket(each.collect::<Option<Vec<_>>>()?.join("; ")))
            }
        },
        Who::Any(parts) if parts.len() > 1 => {
            // What is joined by `and` needs no brackets between `;`.
            let each = parts.iter().map(|part| spoken(part, names, !matches!(part, Who::All(_))));
            Some(bracket(each.collect::<Option<Vec<_>>>()?.join("; ")))
        }
        Who::All(parts) if parts.len() > 1 => {
            let each = parts.iter().map(|part| spoken(part, names, true));
            Some(bracket(each.collect::<Option<Vec<_>>>()?.join(" and ")))
        }
        Who::Not(part) => Some(format!("not {}", spoken(part, names, true)?)),
        Who::Words(_) | Who::Any(_) | Who::All(_) => None,
    }
}

// ---------------------------------------------------------------- when

/// The JSON of a `when` in words.
pub fn when(text: &str, names: &Names) -> Result<Value, Problem> {
    if let Some(json) = as_json(text) {
        return json;
    }
    Ok(fields(text, names).map_or_else(|| Value::from(text), Value::Object))
}

fn fields(text: &str, names: &Names) -> Option<Map<String, Value>> {
    let mut fields = Map::new();
    let mut push = |field: &str, value: Value| {
        let list = fields.entry(field.to_string()).or_insert_with(|| json!([]));
        list.as_array_mut()?.push(value);
        Some(())
    };
    let date = |text: &str| dates::written(text, Order::Asked)?.ok();
    let day = |weekday: Weekday| serde_json::to_value(weekday).expect("a weekday is plain data");
    let (mut span, mut between) = (None, None);
    if names.shifts.contains(text.trim()) {
        push("shifts", Value::from(text.trim()))?;
        return Some(fields);
    }
    for part in words::list(text).ok()? {
        let part = part.as_str();
        if let Some(weekday) = words::weekday(part) {
            push("weekdays", day(weekday))?;
        } else if let Some(date) = date(part) {
            push("dates", Value::from(date.to_string()))?;
        } else if let Some((first, last)) = words::ends(part) {
            if let (Some(first), Some(last)) = (words::weekday(first), words::weekday(last)) {
                let days = (last.index() + 7 - first.index()) % 7;
                for at in 0..=days {
                    push("weekdays", day(Weekday::ALL[(first.index() + at) % 7]))?;
                }
            } else if span.replace((date(first)?, date(last)?)).is_some() {
                return None;
            }
        } else if names.shifts.contains(part) {
            push("shifts", Value::from(part))?;
        } else if between.replace(Between::parse(part).ok()?).is_some() {
            return None;
        }
    }
    if let Some((from, to)) = span {
        fields.insert("from".to_string(), Value::from(from.to_string()));
        fields.insert("to".to_string(), Value::from(to.to_string()));
    }
    if let Some(between) = between {
        fields.insert("between".to_string(), Value::from(between.to_string()));
    }
    let mixed = fields.contains_key("weekdays") && fields.contains_key("dates");
    (!fields.is_empty() && !mixed).then_some(fields)
}

/// A `when` in words; none where words cannot say it.
pub fn when_in_words(value: &Value) -> Option<String> {
    if let Value::String(words) = value {
        return Some(words.clone());
    }
    let text = |field: &str| word(value, field).map(str::to_string);
    let mut parts: Vec<String> = members(value, "weekdays")
        .filter_map(|day| Weekday::parse(day.as_str()?))
        .map(|day| day.short().to_string())
        .collect();
    parts.extend(members(value, "dates").filter_map(Value::as_str).map(str::to_string));
    if let (Some(from), Some(to)) = (text("from"), text("to")) {
        parts.push(format!("{from}..{to}"));
    }
    parts.extend(members(value, "shifts").filter_map(Value::as_str).map(str::to_string));
    parts.extend(text("between"));
    (!parts.is_empty()).then(|| parts.join(", "))
}

// ---------------------------------------------------------------- where

/// The JSON of a `where` in words.
pub fn place(text: &str, names: &Names) -> Result<Value, Problem> {
    if let Some(json) = as_json(text) {
        return json;
    }
    let lower = text.to_lowercase();
    match lower.as_str() {
        "each site" => return Ok(json!({ "each": "site" })),
        "each zone" => return Ok(json!({ "each": "zone" })),
        "anywhere" => return Ok(Value::from("anywhere")),
        _ => {}
    }
    let (kind, bare) = match lower.split_once([' ', ':']) {
        Some((kind, _)) if kind == "site" || kind == "zone" => (Some(kind), text[kind.len() + 1..].trim()),
        _ => (None, text),
    };
    let found =
        |map, own: &str| if kind.is_none_or(|kind| kind == own) { exactly(map, bare) } else { Vec::new() };
    let (zones, sites) = (found(&names.zones, "zone"), found(&names.sites, "site"));
    Ok(match (zones.as_slice(), sites.as_slice()) {
        ([zone], []) => json!({ "zone": zone }),
        ([], [site]) => json!({ "site": site }),
        _ => Value::from(text),
    })
}

/// A `where` in words; none where words cannot say it.
pub fn place_in_words(value: &Value) -> Option<String> {
    match value {
        Value::String(words) => Some(words.clone()),
        Value::Object(fields) if fields.len() == 1 => {
            let (kind, name) = fields.iter().next()?;
            Some(format!("{kind} {}", name.as_str()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::of(&json!({
            "people": [
                { "id": "amy", "name": "Amy Walsh", "team": "coding", "tags": ["first_aider"] },
                { "id": "ben", "team": "coding", "tags": ["coding"] },
                { "id": "a", "name": "Sam Lee", "team": "post" },
                { "id": "b", "name": "Sam Lee", "team": "salt and pepper" }
            ],
            "calendar": { "shifts": [ { "id": "early" } ] },
            "sites": [ { "id": "hq", "zones": [ { "id": "north", "name": "North wing" } ] } ]
        }))
    }

    fn read(text: &str) -> Value {
        who(text, &names()).expect("reads")
    }

    #[test]
    fn who_is_read_as_the_sheets_name_people() {
        assert_eq!(read("everyone"), json!("everyone"));
        assert_eq!(read("post"), json!({ "team": "post" }));
        assert_eq!(read("Amy walsh; ben"), json!({ "people": ["amy", "ben"] }));
        assert_eq!(
            read("post and not first_aider"),
            json!({ "all": [{ "team": "post" }, { "not": { "tag": "first_aider" } }] })
        );
        // A team and a tag are called so; two people are; nobody is: said where the whole scenario is known.
        assert_eq!(read("coding"), json!("coding"));
        assert_eq!(read("team coding"), json!({ "team": "coding" }));
        assert_eq!(read("Sam Lee"), json!("Sam Lee"));
        assert_eq!(read("recepton"), json!("recepton"));
        assert_eq!(read("{\"tag\": \"x\"}"), json!({ "tag": "x" }));
        assert!(who("{tag}", &names()).is_err());
    }

    #[test]
    fn who_is_written_so_that_it_reads_back() {
        for value in [
            json!("everyone"),
            json!({ "team": "coding" }),
            json!({ "team": "salt and pepper" }),
            json!({ "tag": "coding" }),
            json!({ "people": ["b"] }),
            json!({ "people": ["amy", "a"] }),
            json!({ "any": [{ "team": "post" }, { "all": [{ "team": "coding" }, { "not": { "people": ["amy", "ben"] } }] }] }),
            json!({ "all": [{ "any": [{ "team": "post" }, { "tag": "first_aider" }] }, { "people": ["amy", "ben"] }] }),
        ] {
            let words = who_in_words(&value, &names()).expect("can be said");
            assert_eq!(read(&words), value, "{words}");
        }
        assert_eq!(
            who_in_words(&json!({ "people": ["amy", "b"] }), &names()).as_deref(),
            Some("Amy Walsh; b")
        );
        assert_eq!(who_in_words(&json!({ "any": [] }), &names()), None);
    }

    #[test]
    fn when_is_read_and_written() {
        let read = |text: &str| when(text, &names()).expect("reads");
        assert_eq!(read("Mon to Wed"), json!({ "weekdays": ["mon", "tue", "wed"] }));
        assert_eq!(read("15/06/2020"), json!({ "dates": ["2020-06-15"] }));
        assert_eq!(read("early"), json!({ "shifts": ["early"] }));
        assert_eq!(read("late"), json!("late"));
        for value in [
            json!({ "weekdays": ["mon", "fri"], "between": "09:00-12:00" }),
            json!({ "shifts": ["early"], "from": "2020-06-15", "to": "2020-06-19" }),
        ] {
            let words = when_in_words(&value).expect("can be said");
            assert_eq!(read(&words), value, "{words}");
        }
    }

    #[test]
    fn where_is_read_and_written() {
        let read = |text: &str| place(text, &names()).expect("reads");
        assert_eq!(read("north WING"), json!({ "zone": "north" }));
        assert_eq!(read("Site hq"), json!({ "site": "hq" }));
        assert_eq!(read("south"), json!("south"));
        assert_eq!(read("each zone"), json!({ "each": "zone" }));
        assert_eq!(place_in_words(&json!({ "each": "site" })).as_deref(), Some("each site"));
    }
}
