//! A roster weighed: with what chance each minimum holds when people stay away.

use super::minimum::{minima, Minimum};
use super::{least, Wanted};
use crate::attendance::{Distribution, Party};
use rota_core::calendar::Moment;
use rota_core::roster::{Place, Roster};
use rota_core::select::Presence;
use rota_core::{About, Day, PersonIndex};
use rota_rules::model::Look;
use rota_rules::{periods, Problem};
use std::collections::{BTreeMap, BTreeSet};

/// With what chance a minimum holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// The rule, by its place among the rules.
    pub rule: usize,
    /// The subject: a day, week or the rota, and a place or team where the rule is read by those.
    pub about: About,
    /// How many are asked for, exceptions taken off: people, or person-days over a week or the rota.
    pub need: usize,
    /// How many are planned, at the moment at which fewest are; person-days with those of the past.
    pub planned: usize,
    /// The chance that so many are there, at every moment that the rule looks at.
    pub chance: f64,
}

/// With what chance each must minimum of a scenario holds on each day, or over each week or the rota where it counts
/// person-days, for a roster from which people stay away.
///
/// Exact; where a day has so many moments with people of their own that every case cannot be looked at, the chance is no
/// less than the one given. Minima that are left out of raising are left out here, and subjects of which nothing is asked.
pub fn chances(problem: &Problem, roster: &Roster, wanted: &Wanted) -> Vec<Chance> {
    let mut found = Vec::new();
    for (at, rule) in problem.rules.iter().enumerate() {
        let minima = minima(problem, rule);
        if minima.iter().any(Minimum::is_too_large) {
            continue;
        }
        for minimum in &minima {
            if minimum.is_of_days() {
                found.extend(of_days(at, minimum, roster, wanted));
            } else {
                found.extend(of_periods(at, minimum, roster, wanted));
            }
        }
    }
    found
}

fn of_days(rule: usize, minimum: &Minimum<'_>, roster: &Roster, wanted: &Wanted) -> Vec<Chance> {
    let Minimum { headcount, site, people, when, .. } = minimum;
    let mut found = Vec::new();
    for day in when.days(site) {
        for spot in headcount.at.spots(site) {
            let about = minimum.about_day(day, spot);
            let need = minimum.asked_on(day, &about);
            if need == 0 {
                continue;
            }
            let there = |person: PersonIndex, moment: &Moment| match headcount.place {
                Look::OnSite => roster.is_at(site, person, moment, spot),
                Look::Home => roster.at(person, day).place == Place::Home,
                Look::Working => roster.at(person, day).place != Place::Off,
            };
            let moments: Vec<Vec<PersonIndex>> = when
                .moments(&site.calendar, day)
                .iter()
                .map(|moment| people.iter().copied().filter(|person| there(*person, moment)).collect())
                .collect();
            let planned = moments.iter().map(Vec::len).min().unwrap_or(0);
            let chance = all_hold(&moments, need, &|person| wanted.rate(site, person));
            found.push(Chance { rule, about, need, planned, chance });
        }
    }
    found
}

fn of_periods(rule: usize, minimum: &Minimum<'_>, roster: &Roster, wanted: &Wanted) -> Vec<Chance> {
    let Minimum { headcount, site, people, when, .. } = minimum;
    let mut found = Vec::new();
    for period in site.periods(headcount.per) {
        for spot in headcount.at.spots(site) {
            let about = minimum.about_period(period, spot);
            let need = minimum.asked_over(period, &about);
            if need == 0 {
                continue;
            }
            let presence = Presence { shifts: when.shifts, spot };
            let there = |person: PersonIndex, day: Day| match headcount.place {
                Look::OnSite => roster.is_there(site, person, day, &presence),
                Look::Home => roster.at(person, day).place == Place::Home,
                Look::Working => roster.at(person, day).place != Place::Off,
            };
            let visits: Vec<Party> = minimum
                .coming(period)
                .into_iter()
                .flat_map(|day| people.iter().map(move |person| (*person, day)))
                .filter(|(person, day)| there(*person, *day))
                .map(|(person, _)| Party::alone(1.0 - wanted.rate(site, person)))
                .collect();
            let past = periods::past(site, when, period, people, headcount.place, &presence) as usize;
            let chance = Distribution::of(&visits).at_least(need.saturating_sub(past));
            found.push(Chance { rule, about, need, planned: past + visits.len(), chance });
        }
    }
    found
}

/// Cases of people there at each moment that are looked at, at most.
const MOST_CASES: usize = 20_000;

/// The chance that at every moment `need` of the people of that moment are there; a lower bound on it where there are too
/// many cases.
fn all_hold(moments: &[Vec<PersonIndex>], need: usize, rate: &dyn Fn(PersonIndex) -> f64) -> f64 {
    // A moment at which all of another's people are there holds whenever that one does.
    let kept = least(moments, &|one: &Vec<PersonIndex>, whole: &Vec<PersonIndex>| {
        one.iter().all(|person| whole.contains(person))
    });
    let alone = |people: &[PersonIndex]| {
        let parties: Vec<Party> = people.iter().map(|person| Party::alone(1.0 - rate(*person))).collect();
        Distribution::of(&parties).at_least(need)
    };
    if let [one] = kept.as_slice() {
        return alone(one);
    }
    let everybody: BTreeSet<PersonIndex> = kept.iter().flat_map(|people| people.iter().copied()).collect();
    // How many are there at each moment, as far as it matters: no more than are needed.
    let mut cases: BTreeMap<Vec<usize>, f64> = BTreeMap::from([(vec![0; kept.len()], 1.0)]);
    for person in everybody {
        let mut next: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
        for (counts, chance) in cases {
            let with: Vec<usize> = counts
                .iter()
                .zip(&kept)
                .map(|(count, people)| (count + usize::from(people.contains(&person))).min(need))
                .collect();
            *next.entry(with).or_default() += chance * (1.0 - rate(person));
            *next.entry(counts).or_default() += chance * rate(person);
        }
        if next.len() > MOST_CASES {
            return (1.0 - kept.iter().map(|people| 1.0 - alone(people)).sum::<f64>()).max(0.0);
        }
        cases = next;
    }
    cases.get(&vec![need; kept.len()]).copied().unwrap_or(0.0)
}
