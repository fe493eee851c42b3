//! The fewest screens between desks with which the must rules can be kept.
//!
//! Screens are a set of pairs of desks that are too near each other. A set that will not do proves something of every
//! other: enlarged as far as it will not do, it says that each set that does has a pair outside it. The smallest set with
//! a pair outside each of these is tried next; the first that does is the fewest, and its size is at any time a number
//! that cannot be gone below. (Implicit hitting sets: Chandrasekaran and others 2011, Davies and Bacchus 2011.)

use super::{Found, Musts, Outcome, Search, Sized};
use crate::musts::musts_alone;
use rota_core::roster::Roster;
use rota_core::{DeskIndex, Site};
use rota_rules::model::Owner;
use rota_rules::{AnyRule, Judgement, Problem, Scenario, Strength};
use rota_solver::backend::{highs, Answer, Flow, Request};
use rota_solver::clock::{left, part};
use rota_solver::program::{Program, ProgramColumn, ProgramRow};
use std::collections::BTreeSet;
use std::time::Instant;

type Pair = (DeskIndex, DeskIndex);

/// Pairs that a must rule `distance` keeps apart, and between which a screen may stand.
pub(super) fn near(problem: &Problem) -> Vec<Pair> {
    let rules = problem.rules.iter().filter(|rule| rule.strength == Strength::Must);
    let mut pairs: BTreeSet<Pair> = rules
        .filter_map(|rule| match &rule.rule {
            AnyRule::Distance(distance) => Some(distance.pairs(&problem.site)),
            _ => None,
        })
        .flatten()
        .collect();
    // Those always count as too near.
    for pair in problem.site.zones.iter().flat_map(|zone| &zone.too_close) {
        pairs.remove(pair);
    }
    pairs.into_iter().collect()
}

/// The scenario with screens between these desks.
fn with_screens(scenario: &Scenario, site: &Site, pairs: &BTreeSet<Pair>) -> Scenario {
    let mut edited = scenario.clone();
    for (one, other) in pairs {
        let [one, other] = [one, other].map(|desk| site.desk(*desk).id.clone());
        let mut zones = edited.sites.iter_mut().flat_map(|site| &mut site.zones);
        if let Some(zone) = zones.find(|zone| zone.desks.iter().flatten().any(|desk| desk.id == one)) {
            zone.screened.push([one, other]);
        }
    }
    edited
}

/// The pairs that a roster uses at one time although they are too near each other.
fn used(problem: &Problem, roster: &Roster) -> BTreeSet<Pair> {
    let judgement = Judgement::of(problem, roster);
    let is_distance = |owner: Owner| match owner {
        Owner::Rule(at) => matches!(problem.rules[at as usize].rule, AnyRule::Distance(_)),
        _ => false,
    };
    let broken = judgement.breaches.iter().filter(|breach| is_distance(breach.owner));
    broken
        .filter_map(|breach| {
            let (one, other) = (breach.about.desk?, breach.about.with_desk?);
            Some((one.min(other), one.max(other)))
        })
        .collect()
}

/// The smallest set with one of each list, proved; none when time did not suffice.
fn smallest(count: usize, lists: &[Vec<usize>], seconds: Option<f64>) -> Option<Vec<usize>> {
    let column = ProgramColumn { lower: 0.0, upper: 1.0, integer: true };
    let row = |list: &Vec<usize>| ProgramRow {
        lower: 1.0,
        upper: f64::INFINITY,
        terms: list.iter().map(|at| (*at, 1.0)).collect(),
    };
    let program = Program { columns: vec![column; count], rows: lists.iter().map(row).collect() };
    let objective: Vec<(usize, f64)> = (0..count).map(|at| (at, 1.0)).collect();
    let request = Request { seconds, ..Request::new(&program, &objective) };
    match highs::solve(&request, &mut |_| Flow::Continue) {
        Answer::Proved { values, .. } => Some((0..count).filter(|at| values[*at] > 0.5).collect()),
        _ => None,
    }
}

impl Search<'_, '_> {
    /// The fewest screens, and between which desks.
    pub(super) fn screens(&mut self, end: Option<Instant>) -> Result<Outcome, String> {
        let (scenario, problem) = (self.request.scenario, self.request.problem);
        let near = near(problem);
        let all: BTreeSet<Pair> = near.iter().copied().collect();
        let roster = match self.musts(&with_screens(scenario, &problem.site, &all), end, true)? {
            Musts::Kept(roster) => roster,
            Musts::Not(clash) => return Ok(Outcome::Impossible(clash)),
            Musts::Unknown => return Ok(Outcome::Unknown),
        };
        let mut enough = used(problem, &roster);
        enough.retain(|pair| all.contains(pair));
        // A roster that bends the distance as little as it can uses few pairs.
        if !enough.is_empty() {
            if let Some(roster) = self.bent_least(end)? {
                let few = used(problem, &roster);
                if few.len() < enough.len() && few.is_subset(&all) {
                    enough = few;
                }
            }
        }
        let mut bound = 0;
        let mut lists: Vec<Vec<usize>> = Vec::new();
        while bound < enough.len() && !self.stopped && left(end).is_none_or(|left| left > 0.0) {
            let Some(set) = smallest(near.len(), &lists, left(end)) else { break };
            bound = set.len();
            if bound >= enough.len() {
                break;
            }
            let tried: BTreeSet<Pair> = set.iter().map(|at| near[*at]).collect();
            match self.with(&tried, end)? {
                Some(true) => enough = tried,
                Some(false) => {
                    let Some(enlarged) = self.enlarged(tried, &near, end)? else { break };
                    lists.push((0..near.len()).filter(|at| !enlarged.contains(&near[*at])).collect());
                }
                None => break,
            }
        }
        let id = |desk: &DeskIndex| problem.site.desk(*desk).id.clone();
        let number = enough.len() as u32;
        Ok(Outcome::Sized(Box::new(Sized {
            now: None,
            needed: Found { number, bound: (bound as u32).min(number) },
            clash: None,
            days: Vec::new(),
            as_good: None,
            prices: Vec::new(),
            desks: Vec::new(),
            screens: enough.iter().map(|(one, other)| [id(one), id(other)]).collect(),
        })))
    }

    /// Whether the must rules can be kept with these screens; none when time did not suffice.
    fn with(&mut self, screens: &BTreeSet<Pair>, end: Option<Instant>) -> Result<Option<bool>, String> {
        let site = &self.request.problem.site;
        let edited = with_screens(self.request.scenario, site, screens);
        Ok(match self.musts(&edited, end, false)? {
            Musts::Kept(_) => Some(true),
            Musts::Not(_) => Some(false),
            Musts::Unknown => None,
        })
    }

    /// A set of screens that will not do, with as many others as still will not do: many at a time first.
    fn enlarged(
        &mut self,
        mut set: BTreeSet<Pair>,
        near: &[Pair],
        end: Option<Instant>,
    ) -> Result<Option<BTreeSet<Pair>>, String> {
        let rest: Vec<Pair> = near.iter().copied().filter(|pair| !set.contains(pair)).collect();
        let mut to_do = vec![rest];
        while let Some(some) = to_do.pop() {
            let more: BTreeSet<Pair> = set.iter().copied().chain(some.iter().copied()).collect();
            match self.with(&more, end)? {
                Some(false) => set = more,
                Some(true) if some.len() > 1 => {
                    let (first, second) = some.split_at(some.len() / 2);
                    to_do.push(second.to_vec());
                    to_do.push(first.to_vec());
                }
                Some(true) => {}
                None => return Ok(None),
            }
        }
        Ok(Some(set))
    }

    /// A roster of the must rules that breaks the distance as rarely as it can, as far as time allows.
    fn bent_least(&mut self, end: Option<Instant>) -> Result<Option<Roster>, String> {
        let mut bent = musts_alone(self.request.scenario);
        for entry in &mut bent.rules {
            if matches!(entry.rule, AnyRule::Distance(_)) && entry.strength == Strength::Must {
                entry.strength = Strength::Medium;
            }
        }
        let Ok((problem, _)) = Problem::new(&bent) else { return Ok(None) };
        // Half of the time is for the proof.
        let half = part(end, 0.5);
        Ok(self.solve(&problem, half, false)?.roster)
    }
}
