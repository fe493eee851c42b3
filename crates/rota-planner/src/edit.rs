//! Edits of a scenario as typed: somebody is away, or may only be at home; a place is closed.
//!
//! Each edit exists twice, for the scenario in memory ([`apply`]) and for its document ([`written`]). The document
//! keeps every character that the edit does not touch: notes, order, layout. That both say the same is tested.

use rota_core::date::{Absence, Date, On};
use rota_core::typed::{Only, Person, Pin, WorkPlace};
use rota_rules::Scenario;
use serde::Serialize;
use serde_json::value::RawValue;
use std::ops::Range;

/// One edit; the first and the last day count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// A person does not work.
    Away {
        /// The person's id.
        person: String,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// A person may only be at home.
    HomeOnly {
        /// The person's id.
        person: String,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
    /// Nobody may be in a place.
    Closed {
        /// The place.
        place: Closable,
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
}

/// What can be closed, by its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closable {
    /// A site.
    Site(String),
    /// A zone.
    Zone(String),
    /// A desk.
    Desk(String),
}

impl Edit {
    /// The first and the last day.
    pub fn days(&self) -> (Date, Date) {
        match self {
            Edit::Away { from, to, .. } | Edit::HomeOnly { from, to, .. } | Edit::Closed { from, to, .. } => {
                (*from, *to)
            }
        }
    }

    /// Whether a fixed day of this person has lost its meaning by the edit: it lies within the days, and asks for
    /// what can no longer be.
    fn outdates(&self, person: &Person, pin: &Pin) -> bool {
        let (who, from, to) = match self {
            Edit::Away { person, from, to } => (person, *from, *to),
            Edit::HomeOnly { person, from, to } if pin.place != Some(WorkPlace::Home) => (person, *from, *to),
            _ => return false,
        };
        *who == person.id
            && match pin.on {
                On::Date(on) => from <= on && on <= to,
                On::Span { from: first, to: last } => from <= first && last <= to,
                On::Weekday(_) => false,
            }
    }

    /// Whether leave, or days at home only, that this person has already say the same.
    fn is_known(&self, person: &Person) -> bool {
        match self {
            Edit::Away { from, to, .. } => is_said(&person.away, *from, *to),
            Edit::HomeOnly { from, to, .. } => each_day(*from, *to).all(|day| {
                person.only.iter().any(|only| {
                    only.place == WorkPlace::Home
                        && only.from.is_none_or(|first| first <= day)
                        && only.to.is_none_or(|last| day <= last)
                })
            }),
            Edit::Closed { .. } => false,
        }
    }
}

/// Whether a list of absences has each of these days.
fn is_said(list: &[Absence], from: Date, to: Date) -> bool {
    each_day(from, to).all(|day| list.iter().any(|absence| absence.on.covers(day)))
}

fn each_day(from: Date, to: Date) -> impl Iterator<Item = Date> {
    (0..=to.since(from)).map(move |days| from.plus(days))
}

fn absence(from: Date, to: Date) -> Absence {
    let on = if from == to { On::Date(from) } else { On::Span { from, to } };
    Absence { on, why: None }
}

fn only(from: Date, to: Date) -> Only {
    Only { place: WorkPlace::Home, from: Some(from), to: Some(to) }
}

/// Makes edits in a scenario as typed. Fixed days that an edit outdates go. Ids that the scenario does not have are
/// passed over, and so is what the scenario says already.
pub fn apply(scenario: &mut Scenario, edits: &[Edit]) {
    for edit in edits {
        for person in &mut scenario.people {
            let fixed = std::mem::take(&mut person.fixed);
            person.fixed = fixed.into_iter().filter(|pin| !edit.outdates(person, pin)).collect();
            let is_known = edit.is_known(person);
            match edit {
                Edit::Away { person: id, from, to } if *id == person.id && !is_known => {
                    person.away.push(absence(*from, *to));
                }
                Edit::HomeOnly { person: id, from, to } if *id == person.id && !is_known => {
                    person.only.push(only(*from, *to));
                }
                _ => {}
            }
        }
        if let Edit::Closed { place, from, to } = edit {
            close(scenario, place, *from, *to);
        }
    }
}

/// Closes desks for the whole calendar: those that `stays` does not keep, told by their place in the scenario and id.
pub fn close_desks(scenario: &mut Scenario, stays: &dyn Fn(usize, &str) -> bool) {
    let always = absence(scenario.calendar.from, scenario.calendar.to);
    let zones = scenario.sites.iter_mut().flat_map(|site| &mut site.zones);
    for (at, desk) in zones.flat_map(|zone| zone.desks.iter_mut().flatten()).enumerate() {
        if !stays(at, &desk.id) {
            desk.closed.push(always.clone());
        }
    }
}

fn close(scenario: &mut Scenario, place: &Closable, from: Date, to: Date) {
    let add = |closed: &mut Vec<Absence>| {
        if !is_said(closed, from, to) {
            closed.push(absence(from, to));
        }
    };
    for site in &mut scenario.sites {
        if matches!(place, Closable::Site(id) if *id == site.id) {
            add(&mut site.closed);
        }
        for zone in &mut site.zones {
            if matches!(place, Closable::Zone(id) if *id == zone.id) {
                add(&mut zone.closed);
            }
            for desk in zone.desks.iter_mut().flatten() {
                if matches!(place, Closable::Desk(id) if *id == desk.id) {
                    add(&mut desk.closed);
                }
            }
        }
    }
}

// ---------------------------------------------------------------- the document

/// The document of a scenario with the edits made; everything else stays as typed. The document must be one that
/// reads without a mistake, and the edits must name what it has; an error says which could not be found in it.
pub fn written(document: &str, edits: &[Edit]) -> Result<String, String> {
    let mut text = document.strip_prefix('\u{feff}').unwrap_or(document).to_string();
    for edit in edits {
        text = written_once(&text, edit)?;
    }
    Ok(text)
}

fn written_once(text: &str, edit: &Edit) -> Result<String, String> {
    let document = Object::of(text).ok_or("the document is no object")?;
    let (Edit::Away { person: id, from, to } | Edit::HomeOnly { person: id, from, to }) = edit else {
        let Edit::Closed { place, from, to } = edit else {
            unreachable!("every edit has a person or a place")
        };
        let object =
            find_place(&document, place).ok_or_else(|| format!("{place:?} is not in the document"))?;
        let closed: Option<Vec<Absence>> = object
            .member("closed")
            .map_or(Ok(None), serde_json::from_str)
            .map_err(|what| what.to_string())?;
        if is_said(&closed.unwrap_or_default(), *from, *to) {
            return Ok(text.to_string());
        }
        return Ok(object.with(text, "closed", &absence(*from, *to)));
    };
    let people = document.list("people");
    let found =
        people.iter().filter_map(|raw| Object::of(raw)).find(|person| person.id().as_deref() == Some(id));
    let person = found.ok_or_else(|| format!("`{id}` is not in the document"))?;
    let typed: Person = serde_json::from_str(person.text).map_err(|what| what.to_string())?;
    let stays: Vec<bool> = typed.fixed.iter().map(|pin| !edit.outdates(&typed, pin)).collect();
    // From the end to the beginning, so that places named first stay right.
    let mut changes = match edit {
        _ if edit.is_known(&typed) => Vec::new(),
        Edit::Away { .. } => vec![person.addition(text, "away", &absence(*from, *to))],
        _ => vec![person.addition(text, "only", &only(*from, *to))],
    };
    if stays.contains(&false) {
        changes.push(person.removal(text, "fixed", &stays));
    }
    changes.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut edited = text.to_string();
    for (range, new) in changes {
        edited.replace_range(range, &new);
    }
    Ok(edited)
}

/// An object of a document, with the exact text of its members.
struct Object<'t> {
    text: &'t str,
    members: Vec<(String, &'t RawValue)>,
}

impl<'t> Object<'t> {
    fn of(text: &'t str) -> Option<Object<'t>> {
        let members: rota_core::reading::Members<'t> = serde_json::from_str(text).ok()?;
        Some(Object { text, members: members.0 })
    }

    fn member(&self, name: &str) -> Option<&'t str> {
        self.members.iter().find(|(own, _)| own == name).map(|(_, raw)| raw.get())
    }

    fn id(&self) -> Option<String> {
        serde_json::from_str(self.member("id")?).ok()
    }

    /// The items of a list, each as typed; none where there is no such list.
    fn list(&self, name: &str) -> Vec<&'t str> {
        let items: Option<Vec<&RawValue>> = self.member(name).and_then(|raw| serde_json::from_str(raw).ok());
        items.unwrap_or_default().into_iter().map(RawValue::get).collect()
    }

    /// The change that adds an item at the end of a list of this object, which is part of `whole`.
    fn addition<T: Serialize>(&self, whole: &str, name: &str, item: &T) -> (Range<usize>, String) {
        let item = serde_json::to_string(item).expect("dates are plain data");
        let (list, before) = match self.member(name) {
            Some(list) if list != "null" => (list, if self.list(name).is_empty() { "" } else { ", " }),
            Some(null) => {
                let at = place_of(whole, null);
                return (at..at + null.len(), format!("[{item}]"));
            }
            None => {
                let end = inner_end(whole, self.text);
                return (end..end, format!(", \"{name}\": [{item}]"));
            }
        };
        let end = inner_end(whole, list);
        (end..end, format!("{before}{item}"))
    }

    /// The change that leaves only those items in a list for which `stays` is true.
    fn removal(&self, whole: &str, name: &str, stays: &[bool]) -> (Range<usize>, String) {
        let list = self.member(name).expect("the list was read from this object");
        let items = self.list(name);
        let rest: Vec<&str> =
            items.iter().zip(stays).filter(|(_, stays)| **stays).map(|(raw, _)| *raw).collect();
        let at = place_of(whole, list);
        (at..at + list.len(), format!("[{}]", rest.join(", ")))
    }

    /// The whole document with an item added to a list of this object.
    fn with<T: Serialize>(&self, whole: &str, name: &str, item: &T) -> String {
        let (range, new) = self.addition(whole, name, item);
        let mut edited = whole.to_string();
        edited.replace_range(range, &new);
        edited
    }
}

/// Where a part of a text begins in it.
fn place_of(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// The place after the last item of a list or object, before the blanks that close it.
fn inner_end(whole: &str, part: &str) -> usize {
    place_of(whole, part) + part[..part.len() - 1].trim_end().len()
}

fn find_place<'t>(document: &Object<'t>, place: &Closable) -> Option<Object<'t>> {
    for site in document.list("sites").into_iter().filter_map(Object::of) {
        for zone in site.list("zones").into_iter().filter_map(Object::of) {
            for desk in zone.list("desks").into_iter().filter_map(Object::of) {
                if matches!(place, Closable::Desk(id) if desk.id().as_deref() == Some(id)) {
                    return Some(desk);
                }
            }
            if matches!(place, Closable::Zone(id) if zone.id().as_deref() == Some(id)) {
                return Some(zone);
            }
        }
        if matches!(place, Closable::Site(id) if site.id().as_deref() == Some(id)) {
            return Some(site);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: &str = r#"{ "scenario": 1, "note": { "by":  "Sam" },
  "calendar": { "from": "2020-06-15", "to": "2020-06-26" },
  "people": [
    { "id": "amy", "away": [ "2020-06-17" ],   "note": "keeps the key",
      "fixed": [ { "on": "2020-06-18", "place": "on_site" }, { "on": "mon", "place": "home" },
                 { "on": { "from": "2020-06-18", "to": "2020-06-19" }, "place": "home" } ] },
    { "id": "ben",
      "away": [] },
    { "note": [1, 2.50], "id": "cara"
    } ],
  "sites": [ { "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1" }, { "id": "N2", "closed": ["2020-06-16"] } ] },
                                      { "id": "bay", "seats": 3 } ] } ]
}
"#;

    fn day(day: u32) -> Date {
        Date::new(2020, 6, day)
    }

    fn away(person: &str, from: u32, to: u32) -> Edit {
        Edit::Away { person: person.to_string(), from: day(from), to: day(to) }
    }

    fn home_only(person: &str, from: u32, to: u32) -> Edit {
        Edit::HomeOnly { person: person.to_string(), from: day(from), to: day(to) }
    }

    fn closed(place: Closable, from: u32, to: u32) -> Edit {
        Edit::Closed { place, from: day(from), to: day(to) }
    }

    fn all() -> Vec<Edit> {
        vec![
            away("amy", 18, 19),
            away("ben", 16, 16),
            home_only("cara", 22, 24),
            away("cara", 25, 25),
            closed(Closable::Zone("bay".to_string()), 18, 18),
            closed(Closable::Desk("N2".to_string()), 18, 19),
            closed(Closable::Site("hq".to_string()), 26, 26),
        ]
    }

    /// The document with an edit is the scenario with that edit: for each edit alone and for all together.
    #[test]
    fn document_and_scenario_say_the_same() {
        let one_by_one = all().into_iter().map(|edit| vec![edit]);
        for edits in one_by_one.chain([all(), vec![home_only("amy", 18, 19)]]) {
            let mut scenario = Scenario::read(WEEK).scenario.expect("reads");
            apply(&mut scenario, &edits);
            let text = written(WEEK, &edits).expect("everything is there");
            let read = Scenario::read(&text);
            assert!(read.findings.is_empty(), "{text}\n{:?}", read.findings);
            assert_eq!(read.scenario.expect("reads"), scenario, "{edits:?}\n{text}");
        }
    }

    #[test]
    fn what_is_not_touched_stays_as_typed() {
        let text = written(WEEK, &[away("ben", 16, 16)]).expect("ben is there");
        assert_eq!(text, WEEK.replace("\"away\": [] }", "\"away\": [\"2020-06-16\"] }"));
        let text = written(WEEK, &[home_only("cara", 22, 24)]).expect("cara is there");
        let new = r#""id": "cara", "only": [{"place":"home","from":"2020-06-22","to":"2020-06-24"}]"#;
        assert_eq!(text, WEEK.replace("\"id\": \"cara\"", new));
        assert!(written(WEEK, &[away("dan", 16, 16)]).is_err());
    }

    /// Whether by one entry or by several, and whatever the place: nothing is written, and nothing changes in memory.
    #[test]
    fn what_is_said_already_is_not_written_again() {
        let week = WEEK
            .replace(
                r#""seats": 3"#,
                r#""seats": 3, "closed": ["mon", { "on": "2020-06-16", "why": "Paint" }]"#,
            )
            .replace(r#""id": "ben","#, r#""id": "ben", "only": [{ "place": "home", "to": "2020-06-19" }],"#)
            .replace(r#""away": [ "2020-06-17" ]"#, r#""away": [ "2020-06-17", "2020-06-18" ]"#)
            .replace(r#""id": "hq","#, r#""id": "hq", "closed": null,"#);
        let bay = || Closable::Zone("bay".to_string());
        let known =
            [closed(bay(), 15, 16), closed(bay(), 22, 22), away("amy", 17, 17), home_only("ben", 15, 19)];
        let scenario = Scenario::read(&week).scenario.expect("reads");
        for edit in known {
            assert_eq!(written(&week, std::slice::from_ref(&edit)).expect("it is there"), week, "{edit:?}");
            let mut same = scenario.clone();
            apply(&mut same, &[edit]);
            assert_eq!(same, scenario);
        }
        let (hq, desk) = (Closable::Site("hq".to_string()), Closable::Desk("N2".to_string()));
        let new = [closed(bay(), 16, 17), closed(hq, 26, 26), closed(desk, 17, 18), home_only("ben", 19, 22)];
        for edit in new {
            let once = written(&week, std::slice::from_ref(&edit)).expect("it is there");
            assert_ne!(once, week, "{edit:?}");
            assert_eq!(written(&once, &[edit]).expect("it is there"), once);
        }
    }

    #[test]
    fn fixed_days_that_can_no_longer_be_go() {
        let pins = |edit: Edit| -> usize {
            let mut scenario = Scenario::read(WEEK).scenario.expect("reads");
            apply(&mut scenario, &[edit]);
            scenario.people[0].fixed.len()
        };
        assert_eq!(pins(away("amy", 18, 18)), 2); // the span goes on until Friday
        assert_eq!(pins(away("amy", 18, 19)), 1); // the weekday stays
        assert_eq!(pins(home_only("amy", 18, 19)), 2); // at home is still right
        assert_eq!(pins(away("ben", 18, 19)), 3);
    }
}
