//! Two rosters compared, as a document.

use crate::document::{breach, measures, BreachDocument, Of, FORMAT};
use crate::rosters::Named;
use rota_core::about::{Limit, Subject};
use rota_core::roster::{Place, Roster};
use rota_core::typed::{Assignment, WishCount};
use rota_core::Date;
use rota_planner::diff::{changes, Change, Compared};
use rota_rules::laws::Says;
use rota_rules::{Judgement, Problem, Strength};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What `rota diff` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiffDocument {
    /// The version of the format: 1.
    pub diff: u32,
    /// First day compared; none where neither roster has a day.
    pub from: Option<Date>,
    /// Last day compared, included.
    pub to: Option<Date>,
    /// Of which scenario the old roster says it is.
    pub old_of: Option<Of>,
    /// Of which scenario the new roster says it is.
    pub new_of: Option<Of>,
    /// What one of the two rosters never names and is therefore not compared: `shifts`, `zones`, `desks` ...
    pub not_compared: Vec<String>,
    /// Every person-day that differs.
    pub changes: Vec<Change>,
    /// Everybody with a change, in the same order.
    pub people: Vec<PersonChanges>,
    /// People whose cohort differs.
    pub cohorts: Vec<CohortChange>,
    /// Counts over the days compared.
    pub measures: MeasuresPair,
    /// The cost at each level, by the check; only with a scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub costs: Option<BTreeMap<String, Pair<f64>>>,
    /// Breaches that are not the same; only with a scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub breaches: Option<BreachChanges>,
}

/// A number in the old and in the new roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Pair<T> {
    /// In the old roster.
    pub old: T,
    /// In the new roster.
    pub new: T,
}

/// One person's changes, counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonChanges {
    /// The person's id.
    pub person: String,
    /// Days that differ.
    pub days: u32,
    /// Days on site.
    pub on_site: Pair<u32>,
}

/// A person whose cohort differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CohortChange {
    /// The person's id.
    pub person: String,
    /// The cohort before, if any.
    pub old: Option<String>,
    /// The cohort now, if any.
    pub new: Option<String>,
}

/// Counts over both rosters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MeasuresPair {
    /// Person-days on site.
    pub on_site_days: Pair<u32>,
    /// Person-days at home.
    pub home_days: Pair<u32>,
    /// Most people on site on one day.
    pub peak: Pair<u32>,
    /// People on site, for the days on which that number differs.
    pub by_day: BTreeMap<String, Pair<u32>>,
    /// Wish-days asked and refused; only with a scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wishes: Option<Pair<WishCount>>,
}

/// Breaches that are not the same in both.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct BreachChanges {
    /// In the new roster alone.
    pub begun: Vec<BreachDocument>,
    /// In the old roster alone.
    pub ended: Vec<BreachDocument>,
    /// In both, by another amount; as the new roster has them.
    pub changed: Vec<ChangedBreach>,
}

/// A breach whose amount differs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedBreach {
    /// The amount before.
    pub old_amount: f64,
    /// The breach now.
    pub new: BreachDocument,
}

/// A scenario and both rosters read against it.
pub struct Against<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// The old roster.
    pub old: &'a Roster,
    /// The new roster.
    pub new: &'a Roster,
}

/// The days that both rosters are about: what they say themselves, else from their first to their last day. An error
/// says which days each is about when they have none in common; none where neither has any day.
pub fn days(old: &Named, new: &Named) -> Result<Option<(Date, Date)>, String> {
    let (old, new) = match (span(old), span(new)) {
        (Some(old), Some(new)) => (old, new),
        (Some(one), None) | (None, Some(one)) => return Ok(Some(one)),
        (None, None) => return Ok(None),
    };
    let common = (old.0.max(new.0), old.1.min(new.1));
    if common.0 <= common.1 {
        return Ok(Some(common));
    }
    let spoken = |(from, to): (Date, Date)| format!("{} to {}", from.spoken(), to.spoken());
    Err(format!(
        "these rosters have no day in common: the old one is for {}, the new one for {}",
        spoken(old),
        spoken(new)
    ))
}

/// The first and last day of a roster.
pub fn span(roster: &Named) -> Option<(Date, Date)> {
    if let Some(of) = &roster.of {
        return Some((of.from, of.to));
    }
    let days = || roster.assignments.iter().map(|one| one.on);
    days().min().zip(days().max())
}

impl DiffDocument {
    /// Compares two rosters over the days that both are about; with a scenario also what they cost and break.
    pub fn of(
        old: &Named,
        new: &Named,
        days: Option<(Date, Date)>,
        against: Option<&Against<'_>>,
    ) -> DiffDocument {
        let changes = days.map(|days| changes(&old.assignments, &new.assignments, days)).unwrap_or_default();
        let left_out = Compared::of(&old.assignments, &new.assignments).left_out();
        let visits = |list: &[Assignment]| -> HashMap<String, u32> {
            let mut visits = HashMap::new();
            for one in inside(list, days).filter(|one| one.place == Place::OnSite) {
                *visits.entry(one.person.clone()).or_default() += 1;
            }
            visits
        };
        let (before, now) = (visits(&old.assignments), visits(&new.assignments));
        let mut people: Vec<PersonChanges> = Vec::new();
        for change in &changes {
            match people.last_mut() {
                Some(last) if last.person == change.person => last.days += 1,
                _ => people.push(PersonChanges {
                    person: change.person.clone(),
                    days: 1,
                    on_site: Pair {
                        old: before.get(&change.person).copied().unwrap_or(0),
                        new: now.get(&change.person).copied().unwrap_or(0),
                    },
                }),
            }
        }
        let mut measures = counted(old, new, days);
        let judged = against.map(|against| judged(against, &mut measures));
        let (costs, breaches) =
            judged.map_or((None, None), |(costs, breaches)| (Some(costs), Some(breaches)));
        DiffDocument {
            diff: FORMAT,
            from: days.map(|days| days.0),
            to: days.map(|days| days.1),
            old_of: old.of.clone(),
            new_of: new.of.clone(),
            not_compared: left_out.into_iter().map(str::to_string).collect(),
            changes,
            people,
            cohorts: cohorts(old, new),
            measures,
            costs,
            breaches,
        }
    }
}

fn inside(list: &[Assignment], days: Option<(Date, Date)>) -> impl Iterator<Item = &Assignment> {
    list.iter().filter(move |one| days.is_some_and(|(from, to)| from <= one.on && one.on <= to))
}

fn cohorts(old: &Named, new: &Named) -> Vec<CohortChange> {
    // A table without cohorts says nothing of them.
    if old.cohorts.is_empty() || new.cohorts.is_empty() {
        return Vec::new();
    }
    let people: BTreeSet<&String> = old.cohorts.keys().chain(new.cohorts.keys()).collect();
    let change = |person: &&String| CohortChange {
        person: (*person).clone(),
        old: old.cohorts.get(*person).cloned(),
        new: new.cohorts.get(*person).cloned(),
    };
    people.iter().map(change).filter(|change| change.old != change.new).collect()
}

fn counted(old: &Named, new: &Named, days: Option<(Date, Date)>) -> MeasuresPair {
    let number = |list: &[Assignment], place: Place| {
        inside(list, days).filter(|one| one.place == place).count() as u32
    };
    let by_day = |list: &[Assignment]| -> BTreeMap<Date, u32> {
        let mut by_day = BTreeMap::new();
        for one in inside(list, days).filter(|one| one.place == Place::OnSite) {
            *by_day.entry(one.on).or_default() += 1;
        }
        by_day
    };
    let both =
        |place: Place| Pair { old: number(&old.assignments, place), new: number(&new.assignments, place) };
    let (before, now) = (by_day(&old.assignments), by_day(&new.assignments));
    let all: BTreeSet<Date> = before.keys().chain(now.keys()).copied().collect();
    let on = |counts: &BTreeMap<Date, u32>, day: Date| counts.get(&day).copied().unwrap_or(0);
    MeasuresPair {
        on_site_days: both(Place::OnSite),
        home_days: both(Place::Home),
        peak: Pair {
            old: before.values().copied().max().unwrap_or(0),
            new: now.values().copied().max().unwrap_or(0),
        },
        by_day: all
            .into_iter()
            .map(|day| (day.to_string(), Pair { old: on(&before, day), new: on(&now, day) }))
            .filter(|(_, pair)| pair.old != pair.new)
            .collect(),
        wishes: None,
    }
}

/// What both rosters cost and break, counted by the check.
fn judged(against: &Against<'_>, counts: &mut MeasuresPair) -> (BTreeMap<String, Pair<f64>>, BreachChanges) {
    let problem = against.problem;
    let judge = |roster: &Roster| Judgement::with(problem, roster, Says::of(&problem.site, roster));
    let (old, new) = (judge(against.old), judge(against.new));
    counts.wishes =
        Some(Pair { old: measures(problem, against.old).wishes, new: measures(problem, against.new).wishes });
    let costs = [Strength::Must, Strength::High, Strength::Medium, Strength::Low]
        .into_iter()
        .filter(|level| *level == Strength::Must || problem.rules.iter().any(|rule| rule.strength == *level))
        .map(|level| (level.word().to_string(), Pair { old: old.cost(level), new: new.cost(level) }))
        .collect();
    (costs, compare(problem, &old, &new))
}

/// The breaches of one judgement that another one does not have, or has by another amount.
pub fn compare(problem: &Problem, old: &Judgement, new: &Judgement) -> BreachChanges {
    type Key = (String, Subject, Option<Limit>);
    let key = |breach: &BreachDocument| -> Key { (breach.rule.clone(), breach.about.clone(), breach.limit) };
    let named = |judgement: &Judgement| -> Vec<BreachDocument> {
        judgement.breaches.iter().map(|found| breach(problem, found)).collect()
    };
    let mut found = BreachChanges::default();
    let mut before: Vec<(Key, BreachDocument)> =
        named(old).into_iter().map(|breach| (key(&breach), breach)).collect();
    for breach in named(new) {
        let own = key(&breach);
        match before.iter().position(|(key, _)| *key == own) {
            None => found.begun.push(breach),
            Some(at) => {
                let (_, earlier) = before.remove(at);
                if (earlier.amount - breach.amount).abs() > 1e-6 {
                    found.changed.push(ChangedBreach { old_amount: earlier.amount, new: breach });
                }
            }
        }
    }
    found.ended = before.into_iter().map(|(_, breach)| breach).collect();
    found
}
