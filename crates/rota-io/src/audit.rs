//! A roster audited: what a reviewer reads line by line and signs.
//!
//! Groups of fewer than five people are merged before visits and wishes are counted by team or contract, so that no
//! line speaks of one person. What somebody is away for, or may not do, is not part of it.

use crate::document::rule_costs;
use crate::rosters::Record;
use rota_core::roster::{Place, Roster};
use rota_core::typed::WishCount;
use rota_core::{Date, PersonIndex};
use rota_rules::judge::wish_count;
use rota_rules::model::{Law, Owner};
use rota_rules::{Judgement, Problem, Scenario, Strength};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Smaller groups are counted together with others.
const FEWEST: usize = 5;

/// The checklist.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditDocument {
    /// SHA-256 of the scenario as read now, in hexadecimal.
    pub scenario_sha256: String,
    /// What the roster records of how it was made; none for a table.
    pub made: Option<Made>,
    /// Every law.
    pub laws: Vec<LawLine>,
    /// Every rule, in the order of the scenario, those that are off included.
    pub rules: Vec<RuleLine>,
    /// Wish-days asked and granted, for everybody who asked.
    pub wishes: Vec<PersonWishes>,
    /// Visits and wishes by team, and by days worked a week.
    pub spread: Vec<Group>,
}

/// How a roster was made, as it records itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Made {
    /// SHA-256 of the scenario it was made from.
    pub sha256: String,
    /// Whether that is the scenario read now.
    pub same_scenario: bool,
    /// `optimal` or `feasible`, if it says.
    pub status: Option<String>,
    /// The version of rota, if it says.
    pub version: Option<String>,
    /// The seed, if it says.
    pub seed: Option<u64>,
    /// Rules whose cost now is not the cost recorded: the roster or the scenario was changed since.
    pub changed: Vec<String>,
}

/// Whether a law or rule is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Kept.
    Kept,
    /// Kept, with agreed exceptions.
    WithExceptions,
    /// A softer rule that is not kept everywhere.
    Bent,
    /// A law or must rule that is not kept.
    Broken,
    /// The roster does not say what it asks.
    NotJudged,
    /// Switched off.
    Off,
}

/// One law.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LawLine {
    /// Its code.
    pub law: String,
    /// What it says.
    pub sentence: String,
    /// Whether it is kept.
    pub state: State,
    /// In how many places it is broken.
    pub places: u32,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleLine {
    /// The rule's id.
    pub rule: String,
    /// The rule's name: `headcount`.
    pub kind: String,
    /// `must`, `high`, `medium`, `low` or `off`.
    pub strength: String,
    /// What it asks.
    pub sentence: String,
    /// Its source: why it is there.
    pub because: Option<String>,
    /// When it is to be looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<Date>,
    /// Not to be shown to everybody.
    #[serde(default, skip_serializing_if = "rota_core::typed::is_false")]
    pub private: bool,
    /// Whether it looks at one person alone.
    #[serde(default, skip_serializing_if = "rota_core::typed::is_false")]
    pub one_person: bool,
    /// Whether it is kept.
    pub state: State,
    /// In how many places it is bent beyond what exceptions forgive.
    pub places: u32,
    /// By how much in all, what exceptions forgive included.
    pub amount: f64,
    /// How much of it exceptions forgive.
    pub allowed: f64,
    /// What that costs.
    pub cost: f64,
    /// What the roster records that it costs, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorded_cost: Option<f64>,
}

/// One person's wishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PersonWishes {
    /// The person's id.
    pub person: String,
    /// Wish-days asked.
    pub asked: u32,
    /// Wish-days granted.
    pub granted: u32,
}

/// What is grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// People of a team.
    Team,
    /// People who work so many days a week.
    Contract,
}

/// A group of people and what came to them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Group {
    /// What the group is of.
    pub by: By,
    /// Its names: several where small groups are counted together.
    pub groups: Vec<String>,
    /// How many people.
    pub people: u32,
    /// Person-days worked.
    pub worked: u32,
    /// Person-days on site.
    pub on_site: u32,
    /// Wish-days asked.
    pub asked: u32,
    /// Wish-days granted.
    pub granted: u32,
}

/// What was read beside the problem.
pub struct Seen<'a> {
    /// The scenario as typed.
    pub scenario: &'a Scenario,
    /// SHA-256 of its text.
    pub sha256: String,
    /// What the roster records.
    pub record: Option<Record>,
}

impl AuditDocument {
    /// The checklist of a roster that was judged.
    pub fn of(problem: &Problem, roster: &Roster, judgement: &Judgement, seen: &Seen<'_>) -> AuditDocument {
        let rules = rules(problem, judgement, seen.record.as_ref());
        let made = seen.record.as_ref().map(|record| made(record, &seen.sha256, &rules));
        AuditDocument {
            scenario_sha256: seen.sha256.clone(),
            made,
            laws: laws(judgement),
            rules,
            wishes: wishes(problem, roster),
            spread: spread(problem, roster, seen.scenario),
        }
    }
}

fn made(record: &Record, sha256: &str, rules: &[RuleLine]) -> Made {
    let is_other = |rule: &&RuleLine| rule.recorded_cost.is_some_and(|cost| (cost - rule.cost).abs() > 1e-6);
    Made {
        sha256: record.of.sha256.clone(),
        same_scenario: record.of.sha256 == sha256,
        status: record.status.clone(),
        version: record.solve.as_ref().map(|solve| solve.version.clone()),
        seed: record.solve.as_ref().map(|solve| solve.seed),
        changed: rules.iter().filter(is_other).map(|rule| rule.rule.clone()).collect(),
    }
}

fn laws(judgement: &Judgement) -> Vec<LawLine> {
    Law::ALL
        .into_iter()
        .map(|law| {
            let places =
                judgement.breaches.iter().filter(|breach| breach.owner == Owner::Law(law)).count() as u32;
            let state = if places > 0 {
                State::Broken
            } else if judgement.unchecked.contains(&Owner::Law(law)) {
                State::NotJudged
            } else {
                State::Kept
            };
            LawLine { law: law.code().to_string(), sentence: law.spoken().to_string(), state, places }
        })
        .collect()
}

fn rules(problem: &Problem, judgement: &Judgement, record: Option<&Record>) -> Vec<RuleLine> {
    let counted = rule_costs(problem, judgement);
    problem
        .rules
        .iter()
        .zip(counted)
        .enumerate()
        .map(|(at, (rule, counted))| {
            let owner = Owner::Rule(at as u32);
            let state = match rule.strength {
                Strength::Off => State::Off,
                _ if judgement.unchecked.contains(&owner) => State::NotJudged,
                Strength::Must if counted.places > 0 => State::Broken,
                _ if counted.places > 0 => State::Bent,
                _ if counted.allowed > 0.0 => State::WithExceptions,
                _ => State::Kept,
            };
            // Rules that are off name no duties or cohorts that a sentence could speak of.
            let sentence = match rule.strength {
                Strength::Off => String::new(),
                _ => problem.sentence(owner, &rota_core::About::default()),
            };
            let recorded =
                record.and_then(|record| record.rules.iter().find(|recorded| recorded.rule == rule.id));
            RuleLine {
                sentence,
                because: rule.because.clone(),
                review: rule.review,
                private: rule.private,
                one_person: rule.for_each.is_none()
                    && rule.rule.concerns(&problem.site).is_some_and(|people| people.len() == 1),
                state,
                rule: counted.rule,
                kind: counted.kind,
                strength: counted.strength,
                places: counted.places,
                amount: counted.amount,
                allowed: counted.allowed,
                cost: counted.cost,
                recorded_cost: recorded.map(|recorded| recorded.cost),
            }
        })
        .collect()
}

fn wishes(problem: &Problem, roster: &Roster) -> Vec<PersonWishes> {
    PersonIndex::all(problem.site.people.len())
        .filter_map(|person| {
            let (asked, refused) = wish_count(problem, roster, person);
            let person = problem.site.person(person).id.clone();
            (asked > 0).then_some(PersonWishes { person, asked, granted: asked - refused })
        })
        .collect()
}

// ---------------------------------------------------------------- spread

type Named = (Vec<String>, Vec<PersonIndex>);

fn spread(problem: &Problem, roster: &Roster, scenario: &Scenario) -> Vec<Group> {
    let site = &problem.site;
    let people = || PersonIndex::all(site.people.len());
    let mut teams: BTreeMap<usize, Named> = BTreeMap::new();
    for person in people() {
        let team = site.person(person).team;
        let name = team.map_or("no team", |team| site.teams[team.at()].id.as_str());
        let place = team.map_or(usize::MAX, rota_core::TeamIndex::at);
        let group = teams.entry(place).or_insert_with(|| (vec![name.to_string()], Vec::new()));
        group.1.push(person);
    }
    // By tenths of a day a week, the longest week first.
    let mut contracts: BTreeMap<u32, Named> = BTreeMap::new();
    for (person, typed) in people().zip(&scenario.people) {
        let week = match &typed.works {
            None => scenario.calendar.work_days.len() as f64,
            Some(works) => works.0.iter().map(Vec::len).sum::<usize>() as f64 / works.0.len().max(1) as f64,
        };
        let tenths = (week * 10.0).round() as u32;
        let name = if tenths.is_multiple_of(10) {
            format!("{}", tenths / 10)
        } else {
            format!("{:.1}", f64::from(tenths) / 10.0)
        };
        let days = if tenths == 10 { "day" } else { "days" };
        let group = contracts
            .entry(u32::MAX - tenths)
            .or_insert_with(|| (vec![format!("{name} {days} a week")], Vec::new()));
        group.1.push(person);
    }
    let teams = merged(teams.into_values().collect()).into_iter().map(|group| (By::Team, group));
    let contracts = merged(contracts.into_values().collect()).into_iter().map(|group| (By::Contract, group));
    teams.chain(contracts).map(|(by, group)| counted(problem, roster, by, group)).collect()
}

/// Small groups put together, with the smallest of the others where that is still too few: from a total and what is
/// shown of it nobody can work out a small group.
fn merged(groups: Vec<Named>) -> Vec<Named> {
    let (mut shown, small): (Vec<Named>, Vec<Named>) =
        groups.into_iter().partition(|(_, people)| people.len() >= FEWEST);
    if small.is_empty() {
        return shown;
    }
    let mut rest: Named = (Vec::new(), Vec::new());
    for (names, people) in small {
        rest.0.extend(names);
        rest.1.extend(people);
    }
    while rest.1.len() < FEWEST && !shown.is_empty() {
        let smallest = (0..shown.len()).min_by_key(|at| shown[*at].1.len()).expect("there is one");
        let (names, people) = shown.remove(smallest);
        rest.0.extend(names);
        rest.1.extend(people);
    }
    shown.push(rest);
    shown
}

fn counted(problem: &Problem, roster: &Roster, by: By, (groups, people): Named) -> Group {
    let mut group =
        Group { by, groups, people: people.len() as u32, worked: 0, on_site: 0, asked: 0, granted: 0 };
    for person in people {
        for day in problem.site.calendar.days() {
            let place = roster.at(person, day).place;
            group.worked += u32::from(place != Place::Off);
            group.on_site += u32::from(place == Place::OnSite);
        }
        let WishCount { asked, refused } = {
            let (asked, refused) = wish_count(problem, roster, person);
            WishCount { asked, refused }
        };
        group.asked += asked;
        group.granted += asked - refused;
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(sizes: &[usize]) -> Vec<usize> {
        let group = |(at, size): (usize, &usize)| {
            (vec![at.to_string()], (0..*size).map(|person| PersonIndex(person as u32)).collect())
        };
        merged(sizes.iter().enumerate().map(group).collect())
            .iter()
            .map(|(_, people): &Named| people.len())
            .collect()
    }

    #[test]
    fn small_groups_are_merged() {
        assert_eq!(sizes(&[5, 9]), [5, 9]);
        assert_eq!(sizes(&[3, 9, 2]), [9, 5]);
        // One small group would be known from the total: the smallest other group goes with it.
        assert_eq!(sizes(&[9, 6, 2]), [9, 8]);
        assert_eq!(sizes(&[2, 1]), [3]);
    }
}
