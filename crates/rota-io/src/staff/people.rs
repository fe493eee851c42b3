//! What a staff list says, as a scenario: the people, their days, and likely rules that are switched off.

use super::codes::Code;
use super::reading::{Gathered, Somebody};
use super::{Grid, Imported, Options};
use crate::workbook::cells::{plain_word, Book};
use rota_core::words::without_accents;
use rota_core::{Date, Finding, Weekday};
use serde_json::{json, Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How many days a roster has where nothing else says so: two weeks, Monday to Friday.
const FORTNIGHT: i64 = 11;

/// What was counted on the way.
#[derive(Default)]
struct Counts {
    away: usize,
    wishes: usize,
    only: usize,
    fixed: usize,
    previous: usize,
}

pub(super) fn scenario(book: &Book, gathered: Gathered, options: &Options) -> Result<Imported, Vec<Finding>> {
    let Gathered { people, mut places, skipped, mut notes } = gathered;
    let mut counts = Counts::default();
    let mut previous = Vec::new();
    let ids = ids(&people);
    let mut list = Vec::new();
    for (at, (person, id)) in people.iter().zip(&ids).enumerate() {
        if let Some(place) = person.at {
            places.add(format!("/people/{at}"), place);
        }
        for (number, leave) in person.away.iter().enumerate() {
            places.add(format!("/people/{at}/away/{number}"), leave.at);
        }
        list.push(Value::Object(one(person, id, options, &mut counts)));
        if options.grid == Some(Grid::Previous) {
            previous.extend(person.days.iter().filter_map(|(date, (code, _))| assignment(id, *date, *code)));
        }
    }
    counts.previous = previous.len();
    let dates: BTreeSet<Date> = people.iter().flat_map(|person| person.days.keys().copied()).collect();
    let (from, to) = if let (Some(from), Some(to)) = (dates.first(), dates.last()) {
        (*from, *to)
    } else {
        let to = options.from.plus(FORTNIGHT);
        let (first, last) = (options.from.spoken(), to.spoken());
        notes.push(format!("The roster is for {first} to {last}; the sheet Calendar changes that."));
        (options.from, to)
    };
    let work_days = work_days(&people, &dates);
    let mut document = json!({
        "scenario": 1,
        "calendar": { "from": from.to_string(), "to": to.to_string(), "work_days": work_days },
        "people": list,
        "rules": rules(&people, &counts),
    });
    if !previous.is_empty() {
        document["previous"] = Value::Array(previous);
    }
    let text = serde_json::to_string(&document).expect("JSON is plain data");
    let loaded = rota_rules::load(&text);
    let mut findings = loaded.findings;
    places.place(&mut findings);
    for finding in &mut findings {
        finding.file.get_or_insert_with(|| book.path.clone());
    }
    let read = read(&people, &counts);
    match loaded.scenario {
        Some(scenario) if !findings.iter().any(Finding::is_error) => {
            // Rules that are off, and wishes that nobody has yet, say nothing of the list.
            findings.retain(|finding| finding.sheet.is_some());
            Ok(Imported { scenario, read, skipped, notes, findings })
        }
        _ => Err(findings),
    }
}

/// An id for each person: the one typed where it may be one, else made of the name.
fn ids(people: &[Somebody]) -> Vec<String> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut ids = Vec::new();
    for person in people {
        let typed = person.id.as_ref().filter(|id| rota_core::is_id(id) && !used.contains(*id));
        // Without accents, so that everybody can type it.
        let made: String = plain_word(&without_accents(&person.name)).chars().take(60).collect();
        let made = if made.is_empty() { "person".to_string() } else { made };
        let free = (1..).map(|number| if number == 1 { made.clone() } else { format!("{made}_{number}") });
        let id = typed.cloned().unwrap_or_else(|| {
            let mut free = free.filter(|id| !used.contains(id));
            free.next().expect("there is always a next number")
        });
        used.insert(id.clone());
        ids.push(id);
    }
    ids
}

fn span(from: Date, to: Date, why: Option<&String>) -> Value {
    match (from == to, why) {
        (true, None) => json!(from.to_string()),
        (true, Some(why)) => json!({ "on": from.to_string(), "why": why }),
        (false, None) => json!({ "from": from.to_string(), "to": to.to_string() }),
        (false, Some(why)) => json!({ "from": from.to_string(), "to": to.to_string(), "why": why }),
    }
}

/// Days of one code, as stretches of days that follow each other; each text is a stretch of its own.
fn stretches(days: &BTreeMap<Date, (Code, String)>, code: Code) -> Vec<(Date, Date, String)> {
    let mut found: Vec<(Date, Date, String)> = Vec::new();
    for (date, (own, text)) in days.iter().filter(|(_, (own, _))| *own == code) {
        debug_assert_eq!(*own, code);
        match found.last_mut() {
            Some((_, last, said)) if last.plus(1) == *date && said == text => *last = *date,
            _ => found.push((*date, *date, text.clone())),
        }
    }
    found
}

fn one(person: &Somebody, id: &str, options: &Options, counts: &mut Counts) -> Map<String, Value> {
    let mut own = Map::new();
    let mut put = |field: &str, value: Value| {
        if !matches!(&value, Value::Null)
            && value.as_array().is_none_or(|list| !list.is_empty() || field == "works")
        {
            own.insert(field.to_string(), value);
        }
    };
    put("id", json!(id));
    put("name", json!(person.name));
    put("team", json!(person.team));
    let tags: BTreeSet<&String> = person.tags.iter().collect();
    put("tags", json!(tags));
    put(
        "works",
        person.works.as_ref().map_or(Value::Null, |works| works.iter().map(|day| json!(day)).collect()),
    );
    put("base", json!(person.base));
    put("needs", json!(person.needs));
    put("starts", json!(person.starts.map(|date| date.to_string())));
    put("ends", json!(person.ends.map(|date| date.to_string())));
    let mut away: Vec<Value> = Vec::new();
    for leave in &person.away {
        counts.away += (leave.to.since(leave.from) + 1) as usize;
        away.push(span(leave.from, leave.to, leave.why.as_ref()));
    }
    let (mut only, mut wishes, mut fixed) = (Vec::new(), Vec::new(), Vec::new());
    if options.grid != Some(Grid::Previous) {
        for (from, to, text) in stretches(&person.days, Code::Away) {
            counts.away += (to.since(from) + 1) as usize;
            away.push(span(from, to, options.keep_reasons.then_some(&text)));
        }
        for (code, place) in [(Code::Home, "home"), (Code::OnSite, "on_site")] {
            for (from, to, _) in stretches(&person.days, code) {
                if options.grid == Some(Grid::Availability) {
                    counts.only += (to.since(from) + 1) as usize;
                    only.push(json!({ "place": place, "from": from.to_string(), "to": to.to_string() }));
                } else {
                    counts.wishes += 1;
                    let on = if from == to { json!(from.to_string()) } else { span(from, to, None) };
                    wishes.push(json!({ "on": on, "place": place }));
                }
            }
        }
    }
    for (day, code) in &person.weekdays {
        let place = if *code == Code::Home { "home" } else { "on_site" };
        let entry = json!({ "on": day, "place": place });
        if options.grid == Some(Grid::Availability) {
            counts.fixed += 1;
            fixed.push(entry);
        } else {
            counts.wishes += 1;
            wishes.push(entry);
        }
    }
    put("away", Value::Array(away));
    put("only", Value::Array(only));
    put("fixed", Value::Array(fixed));
    put("wishes", Value::Array(wishes));
    own
}

fn assignment(id: &str, on: Date, code: Code) -> Option<Value> {
    let place = match code {
        Code::Home => "home",
        Code::OnSite => "on_site",
        Code::Away => "off",
        // Where was not said.
        Code::Works => return None,
    };
    Some(json!({ "person": id, "on": on.to_string(), "place": place }))
}

/// Monday to Friday, and whatever else somebody works.
fn work_days(people: &[Somebody], dates: &BTreeSet<Date>) -> Vec<Weekday> {
    let worked = |day: &Weekday| {
        let pattern =
            people.iter().filter_map(|person| person.works.as_ref()).any(|works| works.contains(day));
        let days = |person: &Somebody| {
            person.days.iter().any(|(date, (code, _))| date.weekday() == *day && *code != Code::Away)
        };
        pattern || (!dates.is_empty() && people.iter().any(days))
    };
    Weekday::ALL.into_iter().filter(|day| day.index() < 5 || worked(day)).collect()
}

/// Rules that teams often have, switched off until somebody wants them.
fn rules(people: &[Somebody], counts: &Counts) -> Value {
    let mut rules = vec![json!({
        "id": "cover", "headcount": { "at_least": 1 }, "strength": "off",
        "because": "Somebody is on site each day"
    })];
    let teams: BTreeSet<&String> = people.iter().filter_map(|person| person.team.as_ref()).collect();
    if teams.len() > 1 {
        rules.push(json!({
            "id": "each-team", "headcount": { "at_least": 1 }, "for_each": "team", "strength": "off",
            "because": "Somebody of each team is on site each day"
        }));
    }
    let tags: BTreeSet<&String> = people.iter().flat_map(|person| &person.tags).collect();
    if let Some(tag) = tags.iter().find(|tag| tag.contains("first_aid")) {
        rules.push(json!({
            "id": "first-aid", "ratio": { "who": { "tag": tag }, "every": 50 }, "strength": "off",
            "because": "First aid at work"
        }));
    }
    rules.push(json!({
        "id": "seen", "run": { "place": "home", "at_most": 4 }, "strength": "off",
        "because": "Nobody is away from the team for a week"
    }));
    rules.push(json!({
        "id": "days-in", "days": { "at_most": 3 }, "strength": "off",
        "because": "At most three days a week on site"
    }));
    let strength = if counts.wishes > 0 { "medium" } else { "off" };
    rules.push(json!({ "id": "wishes", "wishes": {}, "strength": strength }));
    Value::Array(rules)
}

fn read(people: &[Somebody], counts: &Counts) -> Vec<String> {
    let said =
        |number: usize, one: &str, many: &str| format!("{number} {}", if number == 1 { one } else { many });
    let mut read = vec![said(people.len(), "person", "people")];
    let teams: BTreeSet<&String> = people.iter().filter_map(|person| person.team.as_ref()).collect();
    for (number, one, many) in [
        (teams.len(), "team", "teams"),
        (counts.away, "day away", "days away"),
        (counts.only, "day in one place only", "days in one place only"),
        (counts.fixed, "weekday with a fixed place", "weekdays with a fixed place"),
        (counts.wishes, "wish", "wishes"),
        (counts.previous, "day of the roster so far", "days of the roster so far"),
    ] {
        if number > 0 {
            read.push(said(number, one, many));
        }
    }
    read
}
