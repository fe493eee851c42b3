//! What the next rota must know of this one: a finished roster as history.

use rota_core::date::{Date, Weekday};
use rota_core::roster::{Place, Roster};
use rota_core::typed::{Assignment, History, PersonHistory, WishCount};
use rota_core::{PersonIndex, Site};
use rota_rules::judge::wish_count;
use rota_rules::{Problem, Scenario};
use std::collections::BTreeMap;

/// How many days of history rules look back on.
const HISTORY_DAYS: i64 = 28;

/// The history for a rota that begins right after this one. `problem` is that of `scenario`, `roster` one of its
/// rosters.
pub fn history_after(scenario: &Scenario, roster: &Roster, problem: &Problem) -> History {
    history_before(scenario, roster, problem, scenario.calendar.to.plus(1))
}

/// The history for a rota that begins on a later day: the assignments of the 28 days before it, and everybody's old
/// counts with this calendar's on top of them. The anchor is the one that counted until now, or the Monday of the
/// old first day, so that fortnights and cycles go on where they were.
pub fn history_before(scenario: &Scenario, roster: &Roster, problem: &Problem, from: Date) -> History {
    let site = &problem.site;
    let old = scenario.history.iter().flat_map(|history| history.days.iter().cloned());
    let days = old
        .chain(roster.assignments(site))
        .filter(|assignment| assignment.on >= from.plus(-HISTORY_DAYS))
        .filter(|assignment| site.person_named(&assignment.person).is_some())
        .map(|assignment| Assignment { needed_for: None, ..assignment })
        .collect();
    let people = PersonIndex::all(site.people.len());
    History {
        anchor: Some(site.calendar.anchor.unwrap_or(scenario.calendar.from.monday())),
        days,
        people: people.filter_map(|person| counts(problem, roster, person)).collect(),
    }
}

/// A person's old counts and this calendar's on top of them; none when there is nothing to count.
fn counts(problem: &Problem, roster: &Roster, person: PersonIndex) -> Option<PersonHistory> {
    let site = &problem.site;
    let empty = PersonHistory { person: site.person(person).id.clone(), ..PersonHistory::default() };
    let mut counts = site.counts[person.at()].clone().unwrap_or_else(|| empty.clone());
    count_days(site, roster, person, &mut counts);
    let (asked, refused) = wish_count(problem, roster, person);
    if asked > 0 {
        let before = counts.wishes.unwrap_or_default();
        counts.wishes = Some(WishCount {
            asked: before.asked.saturating_add(asked),
            refused: before.refused.saturating_add(refused),
        });
    }
    if let Some(cohort) = roster.cohort(person) {
        counts.cohort = Some(site.names.cohorts[cohort.at()].clone());
    }
    (counts != empty).then_some(counts)
}

fn count_days(site: &Site, roster: &Roster, person: PersonIndex, counts: &mut PersonHistory) {
    for day in site.calendar.days() {
        let cell = roster.at(person, day);
        if cell.place == Place::Off {
            continue;
        }
        let weekday = site.calendar.weekday(day);
        add_one::<Weekday>(&mut counts.worked, weekday);
        if cell.place == Place::OnSite {
            add_one(&mut counts.on_site, weekday);
            if let Some(shift) = cell.shift {
                add_one(&mut counts.shifts, site.calendar.shifts[shift.at()].id.clone());
            }
            if let Some(duty) = cell.duty {
                add_one(&mut counts.duties, site.names.duties[duty.at()].clone());
            }
        }
    }
}

fn add_one<K: Ord>(counts: &mut BTreeMap<K, u32>, key: K) {
    let count = counts.entry(key).or_default();
    *count = count.saturating_add(1);
}
