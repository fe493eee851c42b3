//! What went before: history, the rota this one replaces, and ties.

use super::note_outside;
use crate::date::{Date, On};
use crate::finding::Finding;
use crate::index::{Day, PersonIndex};
use crate::roster::Cell;
use crate::site::{Facts, Site};
use crate::typed;
use std::collections::{HashMap, HashSet};

/// Reads assignments of the past into cells; a day left out is off.
pub(super) fn past(
    site: &Site,
    history: Option<&typed::History>,
    findings: &mut Vec<Finding>,
) -> Vec<Vec<Cell>> {
    let first = site.calendar.first_known;
    let mut past = vec![vec![Cell::OFF; -first.0 as usize]; site.people.len()];
    let mut first_seen: HashMap<(PersonIndex, Date), usize> = HashMap::new();
    for (at, assignment) in history.iter().flat_map(|history| &history.days).enumerate() {
        let pointer = format!("/history/days/{at}");
        // People who have left may still stand in history.
        let Some(person) = site.person_named(&assignment.person) else { continue };
        if let Some(first) = first_seen.insert((person, assignment.on), at) {
            findings.push(
                Finding::error(
                    "history.twice",
                    &pointer,
                    format!("`{}` is in history.days[{first}] on the same day", assignment.person),
                )
                .help("keep one of the two"),
            );
        }
        if assignment.on >= site.calendar.from {
            findings.push(
                Finding::error(
                    "history.not_past",
                    format!("{pointer}/on"),
                    format!("{} is not before the calendar", assignment.on),
                )
                .help("history ends before `calendar.from`"),
            );
            continue;
        }
        let day = Day(assignment.on.since(site.calendar.from) as i32);
        if day >= first {
            past[person.at()][(day.0 - first.0) as usize] = Cell::read_lenient(site, assignment);
        }
    }
    past
}

/// The duties of known days, by name: which duties there are is for the rules to say.
pub(super) fn duties(facts: &Facts, history: Option<&typed::History>) -> Vec<(PersonIndex, Day, String)> {
    let days = history.into_iter().flat_map(|history| &history.days);
    days.filter_map(|assignment| {
        let day = known_day(facts, assignment.on)?;
        Some((*facts.person_names.get(&assignment.person)?, day, assignment.duty.clone()?))
    })
    .collect()
}

/// Where people who have left were on known days.
pub(super) fn others(site: &Site, history: Option<&typed::History>) -> Vec<(Day, Cell)> {
    let days = history.into_iter().flat_map(|history| &history.days);
    days.filter(|assignment| site.person_named(&assignment.person).is_none())
        .filter_map(|assignment| {
            Some((known_day(site, assignment.on)?, Cell::read_lenient(site, assignment)))
        })
        .collect()
}

fn known_day(facts: &Facts, date: Date) -> Option<Day> {
    let day = Day(date.since(facts.calendar.from) as i32);
    (day.is_past() && day >= facts.calendar.first_known).then_some(day)
}

pub(super) fn counts(
    site: &Site,
    history: Option<&typed::History>,
    findings: &mut Vec<Finding>,
) -> Vec<Option<typed::PersonHistory>> {
    let mut counts = vec![None; site.people.len()];
    for (at, count) in history.iter().flat_map(|history| &history.people).enumerate() {
        // People who have left may still stand in history.
        let Some(person) = site.person_named(&count.person) else { continue };
        if counts[person.at()].is_some() {
            findings.push(
                Finding::error(
                    "history.twice",
                    format!("/history/people/{at}"),
                    format!("`{}` is in history.people twice", count.person),
                )
                .help("keep one of the two"),
            );
        }
        if count.wishes.is_some_and(|wishes| wishes.refused > wishes.asked) {
            findings.push(
                Finding::error(
                    "history.wishes",
                    format!("/history/people/{at}/wishes"),
                    "there are more wishes refused than asked",
                )
                .help("correct `asked` or `refused`; refused ones are part of those asked"),
            );
        }
        counts[person.at()] = Some(count.clone());
    }
    counts
}

pub(super) fn ties(
    site: &Site,
    typed: &[typed::Tie],
    findings: &mut Vec<Finding>,
) -> Vec<(PersonIndex, PersonIndex, f64)> {
    let mut ties = Vec::new();
    for (at, tie) in typed.iter().enumerate() {
        let pointer = format!("/ties/{at}");
        if !typed::is_weight(tie.weight) {
            findings.push(
                Finding::error("tie.weight", format!("{pointer}/weight"), typed::NO_WEIGHT)
                    .help("write 1 or another number in between, or take the tie out"),
            );
        }
        let people: Vec<Option<PersonIndex>> = tie
            .between
            .iter()
            .enumerate()
            .map(|(side, id)| {
                let found = site.person_named(id);
                if found.is_none() {
                    findings.push(site.unknown_person("tie", &format!("{pointer}/between/{side}"), id));
                }
                found
            })
            .collect();
        match (people[0], people[1]) {
            (Some(one), Some(other)) if one == other => findings.push(
                Finding::error("tie.same", format!("{pointer}/between"), "a tie needs two people")
                    .help("name two people"),
            ),
            (Some(one), Some(other)) => ties.push((one, other, tie.weight)),
            _ => {}
        }
    }
    ties
}

/// Reads the rota this one replaces into cells by day of the calendar; nothing when there is none.
pub(super) fn previous(
    site: &Site,
    previous: &[typed::Assignment],
    findings: &mut Vec<Finding>,
) -> Vec<Vec<Option<Cell>>> {
    if previous.is_empty() {
        return Vec::new();
    }
    check_previous(site, previous, findings);
    let mut cells = vec![vec![None; site.calendar.len()]; site.people.len()];
    for (at, assignment) in previous.iter().enumerate() {
        let Some(day) = site.calendar.day(assignment.on) else {
            note_outside(&site.calendar, &On::Date(assignment.on), &format!("/previous/{at}"), findings);
            continue;
        };
        if let Some(person) = site.person_named(&assignment.person) {
            cells[person.at()][day.0 as usize] = Some(Cell::read_lenient(site, assignment));
        }
    }
    cells
}

fn check_previous(site: &Site, previous: &[typed::Assignment], findings: &mut Vec<Finding>) {
    let mut seen: HashMap<(&str, Date), usize> = HashMap::new();
    let mut left: Vec<(usize, &str)> = Vec::new();
    let mut known: HashSet<&str> = HashSet::new();
    for (at, assignment) in previous.iter().enumerate() {
        if let Some(first) = seen.insert((&assignment.person, assignment.on), at) {
            findings.push(
                Finding::error(
                    "previous.twice",
                    format!("/previous/{at}"),
                    format!("`{}` is in previous[{first}] on the same day", assignment.person),
                )
                .help("keep one of the two"),
            );
        } else if site.person_named(&assignment.person).is_none() && known.insert(&assignment.person) {
            left.push((at, &assignment.person));
        }
    }
    if let Some((at, person)) = left.first() {
        let message = match left.len() {
            1 => format!("`{person}` is not in this scenario, so their days are not used"),
            count => {
                format!(
                    "`{person}` and {} others are not in this scenario, so their days are not used",
                    count - 1
                )
            }
        };
        findings.push(
            Finding::note("previous.left", format!("/previous/{at}/person"), message)
                .help("nothing needs doing for people who have left; correct the id of anybody else"),
        );
    }
}
