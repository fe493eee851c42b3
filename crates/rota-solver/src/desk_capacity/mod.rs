//! How many desks can be in use at one time: the largest set without two that are too near each other.
//!
//! A largest independent set of the desks' [`Conflicts`], exact: desks that never need to be chosen are taken out
//! (`reduce`), what is left falls into parts that nothing joins, a search makes a good set of each (`search`), and
//! HiGHS proves it over rows that hold whole cliques of desks; of desks in regular rows `rows` gives good sets and proved
//! limits. [`groups`] is the fewest groups in which everybody has a desk of their own, [`screens`] the fewest screens for
//! a number of desks.

pub mod groups;
mod reduce;
mod rows;
pub mod screens;
mod search;

use crate::backend::{highs, Answer, Flow, Request};
use crate::cliques::cliques;
use crate::clock;
use crate::program::{Program, ProgramColumn, ProgramRow};
use rayon::prelude::*;
use rota_core::DeskIndex;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Desks as numbers from 0, and which of them are not used at one time.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflicts {
    /// For each desk those too near it, in order.
    pub near: Vec<Vec<usize>>,
    /// Where they stand, in metres; empty where that is not known of all. Used to find desks in rows, never to judge.
    pub at: Vec<[f64; 2]>,
}

impl Conflicts {
    /// `count` desks and the pairs that are not used at one time.
    pub fn new(count: usize, pairs: &[(usize, usize)]) -> Conflicts {
        let mut near = vec![Vec::new(); count];
        for (one, other) in pairs.iter().filter(|(one, other)| one != other) {
            near[*one].push(*other);
            near[*other].push(*one);
        }
        for list in &mut near {
            list.sort_unstable();
            list.dedup();
        }
        Conflicts { near, at: Vec::new() }
    }

    /// With the places of all desks, in metres.
    #[must_use]
    pub fn placed(self, at: Vec<[f64; 2]>) -> Conflicts {
        Conflicts { at, ..self }
    }

    /// How many desks there are.
    pub fn count(&self) -> usize {
        self.near.len()
    }

    /// Whether two desks are too near each other.
    pub fn joins(&self, one: usize, other: usize) -> bool {
        self.near[one].binary_search(&other).is_ok()
    }

    /// Every pair once, the smaller number first, in order.
    pub fn pairs(&self) -> Vec<(usize, usize)> {
        let pairs = |(one, near): (usize, &Vec<usize>)| {
            near.iter().filter(move |other| one < **other).map(move |other| (one, *other)).collect::<Vec<_>>()
        };
        self.near.iter().enumerate().flat_map(pairs).collect()
    }

    /// The desks in parts that nothing joins, each in order.
    pub fn parts(&self) -> Vec<Vec<usize>> {
        let mut seen = vec![false; self.count()];
        let mut parts = Vec::new();
        for first in 0..self.count() {
            if seen[first] {
                continue;
            }
            seen[first] = true;
            let mut part = vec![first];
            let mut at = 0;
            while at < part.len() {
                for next in &self.near[part[at]] {
                    if !std::mem::replace(&mut seen[*next], true) {
                        part.push(*next);
                    }
                }
                at += 1;
            }
            part.sort_unstable();
            parts.push(part);
        }
        parts
    }

    /// Some of the desks, numbered anew in the order given.
    #[must_use]
    pub fn among(&self, desks: &[usize]) -> Conflicts {
        let places: BTreeMap<usize, usize> = desks.iter().enumerate().map(|(at, desk)| (*desk, at)).collect();
        let near = |desk: &usize| self.near[*desk].iter().filter_map(|other| places.get(other).copied());
        Conflicts {
            at: desks.iter().filter_map(|desk| self.at.get(*desk).copied()).collect(),
            near: desks
                .iter()
                .map(|desk| {
                    let mut list: Vec<usize> = near(desk).collect();
                    list.sort_unstable();
                    list
                })
                .collect(),
        }
    }
}

/// A set of desks that may be used together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Largest {
    /// The desks chosen, in order.
    pub chosen: Vec<usize>,
    /// No set has more desks: the proved limit. As many as `chosen` where the set is proved to be a largest one.
    pub most: usize,
    /// Whether, of the sets of this size, none is proved to hold more preferred desks.
    pub preferred_proved: bool,
}

impl Largest {
    /// Whether no larger set exists.
    pub fn is_proved(&self) -> bool {
        self.chosen.len() == self.most
    }
}

/// The largest set of desks without two too near each other, and among the largest one with the most `preferred`
/// desks (a bit for each desk; empty for no preference). Past the deadline the best found, with what is proved of it.
pub fn largest(conflicts: &Conflicts, preferred: &[bool], deadline: Option<Instant>) -> Largest {
    let is_preferred = |desk: usize| preferred.get(desk).copied().unwrap_or(false);
    let kept = reduce::kept(conflicts, &is_preferred);
    let kernel = conflicts.among(&kept);
    let parts: Vec<Largest> = kernel
        .parts()
        .into_par_iter()
        .map(|part| {
            let preferred: Vec<bool> = part.iter().map(|at| is_preferred(kept[*at])).collect();
            let found = part_largest(&kernel.among(&part), &preferred, deadline);
            Largest { chosen: found.chosen.iter().map(|at| kept[part[*at]]).collect(), ..found }
        })
        .collect();
    let mut chosen: Vec<usize> = parts.iter().flat_map(|part| part.chosen.iter().copied()).collect();
    chosen.sort_unstable();
    Largest {
        chosen,
        most: parts.iter().map(|part| part.most).sum(),
        preferred_proved: parts.iter().all(|part| part.preferred_proved),
    }
}

/// The largest set of a part in which everything is joined.
fn part_largest(conflicts: &Conflicts, preferred: &[bool], deadline: Option<Instant>) -> Largest {
    let count = conflicts.count();
    if count == 1 {
        return Largest { chosen: vec![0], most: 1, preferred_proved: true };
    }
    let cliques = cliques(&conflicts.pairs());
    let mut chosen = search::good_set(conflicts, preferred);
    let mut most = search::clique_cover(conflicts).min(count);
    if chosen.len() < most {
        most = rows::strips(conflicts).map_or(most, |limit| most.min(limit));
    }
    if chosen.len() < most {
        let more =
            rows::improved(conflicts, &chosen, most, deadline).filter(|more| more.len() > chosen.len());
        chosen = more.unwrap_or(chosen);
    }
    if chosen.len() < most {
        let objective: Vec<(usize, f64)> = (0..count).map(|desk| (desk, -1.0)).collect();
        let (found, bound) = maximise(&program(count, &cliques), &objective, &chosen, deadline);
        chosen = found;
        most = most.min(bound.max(chosen.len()));
    }
    let choices = preferred.iter().filter(|is_preferred| **is_preferred).count();
    let held = chosen.iter().filter(|desk| preferred[**desk]).count();
    let mut preferred_proved = choices == count || held == choices.min(chosen.len()) || choices == 0;
    if !preferred_proved {
        let mut program = program(count, &cliques);
        let terms = (0..count).map(|desk| (desk, 1.0)).collect();
        program.rows.push(ProgramRow { lower: chosen.len() as f64, upper: f64::INFINITY, terms });
        let objective: Vec<(usize, f64)> =
            (0..count).filter(|desk| preferred[*desk]).map(|desk| (desk, -1.0)).collect();
        let (found, bound) = maximise(&program, &objective, &chosen, deadline);
        preferred_proved = found.iter().filter(|desk| preferred[**desk]).count() == bound;
        chosen = found;
    }
    Largest { chosen, most, preferred_proved }
}

/// A column for each desk; of each clique at most one is chosen.
fn program(count: usize, cliques: &[Vec<usize>]) -> Program {
    let choice = ProgramColumn { lower: 0.0, upper: 1.0, integer: true };
    let row = |clique: &Vec<usize>| ProgramRow {
        lower: f64::NEG_INFINITY,
        upper: 1.0,
        terms: clique.iter().map(|desk| (*desk, 1.0)).collect(),
    };
    Program { columns: vec![choice; count], rows: cliques.iter().map(row).collect() }
}

/// The desks of the best values found from a start, and the proved limit of how many of those with a cost there are.
fn maximise(
    program: &Program,
    objective: &[(usize, f64)],
    start: &[usize],
    deadline: Option<Instant>,
) -> (Vec<usize>, usize) {
    let mut values = vec![0.0; program.columns.len()];
    for desk in start {
        values[*desk] = 1.0;
    }
    let request =
        Request { start: Some(&values), seconds: clock::left(deadline), ..Request::new(program, objective) };
    let chosen = |values: &[f64]| (0..values.len()).filter(|at| values[*at] > 0.5).collect::<Vec<_>>();
    let none = objective.len();
    // A bound of 3.9 desks is one of 3.
    let whole =
        |bound: f64| if bound.is_finite() { ((-bound + 1e-6).floor() as usize).min(none) } else { none };
    match highs::solve(&request, &mut |_| Flow::Continue) {
        Answer::Proved { values, bound, .. } | Answer::Stopped { best: Some((values, _)), bound, .. } => {
            (chosen(&values), whole(bound))
        }
        Answer::Stopped { best: None, bound, .. } => (start.to_vec(), whole(bound)),
        Answer::Impossible | Answer::Failed(_) => (start.to_vec(), none),
    }
}

/// Whether there are values that keep every row.
enum Kept {
    /// These.
    By(Vec<f64>),
    /// There are none: proved.
    ByNone,
    /// The time did not suffice.
    Unknown,
}

/// Looks for values that keep every row.
fn any_values(program: &Program, deadline: Option<Instant>) -> Kept {
    let request = Request { seconds: clock::left(deadline), ..Request::new(program, &[]) };
    match highs::solve(&request, &mut |_| Flow::Continue) {
        Answer::Proved { values, .. } | Answer::Stopped { best: Some((values, _)), .. } => Kept::By(values),
        Answer::Impossible => Kept::ByNone,
        Answer::Stopped { best: None, .. } | Answer::Failed(_) => Kept::Unknown,
    }
}

/// The largest number of `desks` without a pair of `pairs` among them (a largest independent set), proved; none
/// when it cannot be proved within `seconds`.
pub fn most_desks(desks: &[DeskIndex], pairs: &[(DeskIndex, DeskIndex)], seconds: f64) -> Option<usize> {
    let places: BTreeMap<DeskIndex, usize> = desks.iter().enumerate().map(|(at, desk)| (*desk, at)).collect();
    let pairs: BTreeSet<(usize, usize)> =
        pairs.iter().filter_map(|(one, other)| Some((*places.get(one)?, *places.get(other)?))).collect();
    let conflicts = Conflicts::new(desks.len(), &pairs.into_iter().collect::<Vec<_>>());
    let deadline = Instant::now() + Duration::from_secs_f64(seconds);
    let found = largest(&conflicts, &[], Some(deadline));
    found.is_proved().then_some(found.most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_second_desk_of_a_row() {
        let desks: Vec<DeskIndex> = DeskIndex::all(7).collect();
        let pairs: Vec<_> = desks.windows(2).map(|pair| (pair[0], pair[1])).collect();
        assert_eq!(most_desks(&desks, &pairs, 10.0), Some(4));
        assert_eq!(most_desks(&desks, &[], 10.0), Some(7));
        assert_eq!(most_desks(&[], &[], 10.0), Some(0));
    }

    /// A ring of five desks and one of seven: 2 and 3, which no cover by cliques proves.
    #[test]
    fn rings_are_proved_by_the_solver() {
        let ring = |from: usize, count: usize| (0..count).map(move |at| (from + at, from + (at + 1) % count));
        let conflicts = Conflicts::new(12, &ring(0, 5).chain(ring(5, 7)).collect::<Vec<_>>());
        let found = largest(&conflicts, &[], None);
        assert_eq!((found.chosen.len(), found.most), (5, 5));
    }

    /// Of a row of four, {0, 2}, {0, 3} and {1, 3} are the largest sets; desk 1 is preferred.
    #[test]
    fn preferred_desks_break_the_tie() {
        let row = Conflicts::new(4, &[(0, 1), (1, 2), (2, 3)]);
        let found = largest(&row, &[false, true, false, false], None);
        assert_eq!(found.chosen, [1, 3]);
        assert!(found.preferred_proved);
        // Never at the price of a desk.
        let star = Conflicts::new(3, &[(0, 1), (0, 2)]);
        assert_eq!(largest(&star, &[true, false, false], None).chosen, [1, 2]);
    }

    /// Desks at random places of a small room, and how far they are to be apart.
    pub(super) fn rooms() -> impl Strategy<Value = Conflicts> {
        (proptest::collection::vec((0u32..40, 0u32..40), 1..13), 3u32..20)
            .prop_map(|(desks, apart)| nearer(&desks, apart))
    }

    /// The pairs of these places, in whole units, that are nearer than so many units.
    pub(super) fn nearer(desks: &[(u32, u32)], apart: u32) -> Conflicts {
        let near = |one: (u32, u32), other: (u32, u32)| {
            one.0.abs_diff(other.0).pow(2) + one.1.abs_diff(other.1).pow(2) < apart * apart
        };
        let pairs: Vec<(usize, usize)> = (0..desks.len())
            .flat_map(|one| (one + 1..desks.len()).map(move |other| (one, other)))
            .filter(|(one, other)| near(desks[*one], desks[*other]))
            .collect();
        Conflicts::new(desks.len(), &pairs)
    }

    /// Every set of desks that may be used together.
    pub(super) fn sets(conflicts: &Conflicts) -> Vec<Vec<usize>> {
        (0u32..1 << conflicts.count())
            .map(|bits| (0..conflicts.count()).filter(|desk| bits & 1 << desk != 0).collect::<Vec<_>>())
            .filter(|set| {
                set.iter().all(|one| set.iter().all(|other| one == other || !conflicts.joins(*one, *other)))
            })
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn the_largest_set_is_that_of_brute_force(conflicts in rooms(), bits in any::<u32>()) {
            let preferred: Vec<bool> = (0..conflicts.count()).map(|desk| bits & 1 << desk != 0).collect();
            let worth = |set: &[usize]| (set.len(), set.iter().filter(|desk| preferred[**desk]).count());
            let best = sets(&conflicts).iter().map(|set| worth(set)).max().expect("the empty set");
            let found = largest(&conflicts, &preferred, None);
            prop_assert!(sets(&conflicts).contains(&found.chosen));
            prop_assert_eq!(worth(&found.chosen), best);
            prop_assert!(found.is_proved() && found.preferred_proved);
        }
    }
}
