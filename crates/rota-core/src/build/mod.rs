//! From the typed parts of a scenario to a checked [`Site`]: every mistake of meaning, found in one run.
//!
//! One file per subject; each takes typed parts, fills in facts and adds what it finds to the list.

mod calendar;
mod past;
mod people;
mod pins;
mod places;

use crate::calendar::Calendar;
use crate::date::{Absence, On};
use crate::finding::Finding;
use crate::index::{Day, PersonIndex, TeamIndex};
use crate::near::Near;
use crate::site::{Called, Facts, Parts, Site, Wanted};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

impl Site {
    /// Checks and indexes the typed parts. All mistakes of meaning are in the list; with an error among them
    /// the site is only good for finding more mistakes.
    pub fn build(parts: &Parts<'_>) -> (Site, Vec<Finding>) {
        let mut findings = Vec::new();
        let calendar = calendar::build_calendar(parts.calendar, parts.history, &mut findings);
        let mut facts = Facts {
            title: parts.title.map(str::to_string),
            default_place: parts.default_place,
            calendar,
            people: Vec::with_capacity(parts.people.len()),
            teams: Vec::new(),
            tags: BTreeMap::new(),
            premises: Vec::new(),
            zones: Vec::new(),
            desks: Vec::new(),
            past: Vec::new(),
            past_duties: Vec::new(),
            past_of_others: Vec::new(),
            counts: Vec::new(),
            previous: Vec::new(),
            ties: Vec::new(),
            names: crate::names::Names::default(),
            person_names: HashMap::new(),
            called: HashMap::new(),
            near_people: Near::default(),
            near_desks: Near::default(),
            team_names: HashMap::new(),
            zone_names: HashMap::new(),
            desk_names: HashMap::new(),
        };
        people::index_people(&mut facts, parts.people, &mut findings);
        places::index_places(&mut facts, parts.sites, &mut findings);
        index_names(&mut facts);
        let mut site = Site { facts: Arc::new(facts), scope: None, lens: None };
        let admits = places::admissions(&site, parts.sites, &mut findings);
        let wanted: Vec<(Vec<Wanted>, Vec<Wanted>)> = parts
            .people
            .iter()
            .enumerate()
            .map(|(at, person)| {
                let index = PersonIndex(at as u32);
                (
                    pins::pins(&site, index, person, &mut findings),
                    pins::wishes(&site, index, person, &mut findings),
                )
            })
            .collect();
        let past = past::past(&site, parts.history, &mut findings);
        let others = past::others(&site, parts.history);
        let counts = past::counts(&site, parts.history, &mut findings);
        let ties = past::ties(&site, parts.ties, &mut findings);
        let previous = past::previous(&site, parts.previous, &mut findings);
        let facts = Arc::get_mut(&mut site.facts).expect("nobody else holds the new site");
        for (zone, (zone_admits, desk_admits)) in facts.zones.iter_mut().zip(admits) {
            zone.admits = zone_admits;
            for (desk, admits) in zone.desks.iter().zip(desk_admits) {
                facts.desks[desk.at()].admits = admits;
            }
        }
        for (person, (pins, wishes)) in facts.people.iter_mut().zip(wanted) {
            pins::open_requested_shifts(person, &facts.calendar, &pins, &wishes);
            person.pins = pins;
            person.wishes = wishes;
        }
        facts.past_duties = past::duties(facts, parts.history);
        facts.past = past;
        facts.past_of_others = others;
        facts.counts = counts;
        facts.previous = previous;
        facts.ties = ties;
        pins::contradictory_pins(&site, parts.people, &mut findings);
        crate::desks::suspect_positions(
            Arc::get_mut(&mut site.facts).expect("still alone"),
            parts.sites,
            &mut findings,
        );
        people::needs_nobody_can_meet(&site, parts.people, &mut findings);
        gather_outside(&mut findings);
        (site, findings)
    }
}

/// What each name may mean when it is written in words.
fn index_names(facts: &mut Facts) {
    let mut called: HashMap<String, Called> = HashMap::new();
    for (at, team) in facts.teams.iter().enumerate() {
        called.entry(team.id.to_lowercase()).or_default().teams.push(TeamIndex(at as u32));
    }
    for tag in facts.tags.keys() {
        called.entry(tag.to_lowercase()).or_default().tags.push(tag.clone());
    }
    for (at, person) in facts.people.iter().enumerate() {
        let index = PersonIndex(at as u32);
        called.entry(person.id.to_lowercase()).or_default().people.push(index);
        if person.name != person.id {
            let people = &mut called.entry(person.name.to_lowercase()).or_default().people;
            if people.last() != Some(&index) {
                people.push(index);
            }
        }
    }
    let people = &facts.people;
    let ids = people.iter().map(|person| person.id.clone());
    let names = people.iter().filter(|person| person.name != person.id).map(|person| person.name.clone());
    facts.near_people = Near::new(ids.chain(names));
    facts.near_desks = Near::new(facts.desks.iter().map(|desk| desk.id.clone()));
    facts.called = called;
}

/// Whether an id keeps to letters, digits and `_ . @ -`, at most 64.
pub fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.chars().count() <= 64
        && id.chars().all(|c| c.is_alphanumeric() || "_.@-".contains(c))
}

/// A finding for a bad id or one that was there before.
fn check_id(kind: &str, id: &str, pointer: &str, seen: Option<&str>, findings: &mut Vec<Finding>) {
    if !is_id(id) {
        findings.push(
            Finding::error(&format!("{kind}.id"), format!("{pointer}/id"), format!("`{id}` cannot be an id"))
                .help("use letters, digits and _ . @ -, at most 64 of them; `name` may be anything"),
        );
    }
    if let Some(first) = seen {
        findings.push(
            Finding::error(
                &format!("{kind}.duplicate"),
                format!("{pointer}/id"),
                format!("the {kind} `{id}` is there twice"),
            )
            .help(format!(
                "the first is {}; give this one another id",
                crate::finding::spoken_pointer(first)
            )),
        );
    }
}

fn check_span(code: &str, on: &On, pointer: &str, findings: &mut Vec<Finding>) {
    if let On::Span { from, to } = on {
        if from > to {
            findings.push(
                Finding::error(code, pointer, format!("`from` {from} is after `to` {to}"))
                    .help("swap the two dates"),
            );
        }
    }
}

/// Marks the days of the calendar on which something is closed; notes dates outside the calendar.
fn closed_days(
    calendar: &Calendar,
    absences: &[Absence],
    pointer: &str,
    findings: &mut Vec<Finding>,
) -> Vec<bool> {
    let mut closed = vec![false; calendar.len()];
    for (at, absence) in absences.iter().enumerate() {
        let pointer = format!("{pointer}/{at}");
        check_span("date.order", &absence.on, &pointer, findings);
        note_outside(calendar, &absence.on, &pointer, findings);
        mark(calendar, &absence.on, &mut closed);
    }
    closed
}

fn mark(calendar: &Calendar, on: &On, days: &mut [bool]) {
    for day in days_of(calendar, on) {
        days[day.0 as usize] = true;
    }
}

/// The days of the calendar that are meant, open or not.
fn days_of(calendar: &Calendar, on: &On) -> Vec<Day> {
    match *on {
        On::Date(date) => calendar.day(date).into_iter().collect(),
        On::Weekday(_) => calendar.days().filter(|day| on.covers(calendar.date(*day))).collect(),
        On::Span { from, to } => {
            let first = from.since(calendar.from).max(0);
            let last = to.since(calendar.from).min(calendar.len() as i64 - 1);
            (first..=last).map(|day| Day(day as i32)).collect()
        }
    }
}

fn is_outside(calendar: &Calendar, on: &On) -> bool {
    match *on {
        On::Date(date) => calendar.day(date).is_none(),
        On::Weekday(_) => false,
        On::Span { from, to } => to < calendar.from || calendar.to < from,
    }
}

fn note_outside(calendar: &Calendar, on: &On, pointer: &str, findings: &mut Vec<Finding>) {
    if is_outside(calendar, on) {
        findings
            .push(Finding::note(OUTSIDE, pointer, "this lies outside the calendar and is not used").help(
            "nothing needs doing: lists may be kept for the year; correct the date if it should count now",
        ));
    }
}

/// The code of dates outside the calendar.
const OUTSIDE: &str = "date.outside";

/// Leave lists are kept for the year: of the dates outside the calendar in lists of one kind (`away`, `wishes`,
/// ...), the first is noted, with how many more there are.
fn gather_outside(findings: &mut Vec<Finding>) {
    let kind = |finding: &Finding| {
        let pointer = finding.pointer.as_deref().unwrap_or("");
        pointer.rsplit('/').find(|part| part.parse::<usize>().is_err()).unwrap_or("").to_string()
    };
    let mut counts: HashMap<String, usize> = HashMap::new();
    findings.retain(|finding| {
        if finding.code != OUTSIDE {
            return true;
        }
        let count = counts.entry(kind(finding)).or_default();
        *count += 1;
        *count == 1
    });
    for finding in findings.iter_mut().filter(|finding| finding.code == OUTSIDE) {
        let more = counts[&kind(finding)] - 1;
        if more > 0 {
            finding.message =
                format!("this and {more} more like it lie outside the calendar and are not used");
        }
    }
}
