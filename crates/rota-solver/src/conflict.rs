//! Why no roster keeps every must: a set of rules, pins and laws that clash, from which nothing can be left out.
//!
//! Deletion filter: leave one out, and if the rest still cannot be kept, it stays out. First over rules and pins,
//! then over the kinds of laws, then over the subjects (days, people) of what is left. Every question is asked of
//! the program without costs.

use crate::backend::{self, Answer, Flow, Request};
use crate::clock;
use crate::lower::{Lowered, Softness};
use rota_core::About;
use rota_rules::model::{Law, Model, Owner};
use rota_rules::Problem;
use std::collections::BTreeSet;
use std::time::Instant;

/// One part of a conflict.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConflictPart {
    /// The rule, pin or law.
    pub owner: Owner,
    /// The subject, where the filter came that far.
    pub about: Option<About>,
}

/// A conflict.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Conflict {
    /// What clashes, laws first, then in the order of the scenario.
    pub parts: Vec<ConflictPart>,
    /// Whether it was shown that no part can be left out; false when the time ran out first.
    pub irreducible: bool,
}

/// Among which conditions a conflict is looked for.
#[derive(Clone, Copy)]
pub struct Among<'a> {
    /// Whether a condition is looked at.
    pub asked: &'a (dyn Fn(Owner, &About) -> bool + Sync),
    /// Softer subjects that are conditions as well.
    pub holds: &'a (dyn Fn(Owner, &About) -> bool + Sync),
}

impl Among<'_> {
    /// All laws, pins and must rules.
    pub const MUSTS: Among<'static> = Among { asked: &|_, _| true, holds: &|_, _| false };
}

struct Filter<'a> {
    problem: &'a Problem,
    model: &'a Model,
    among: Among<'a>,
    deadline: Option<Instant>,
    stopped: bool,
    watch: &'a mut dyn FnMut() -> Flow,
}

impl Filter<'_> {
    /// Whether the rows that are kept can hold together; "yes" when time has run out, so that nothing is left
    /// out without proof.
    fn possible(&mut self, keeps: &(dyn Fn(Owner, &About) -> bool + Sync)) -> bool {
        let seconds = clock::left(self.deadline);
        if self.stopped || seconds.is_some_and(|seconds| seconds <= 0.0) {
            self.stopped = true;
            return true;
        }
        let softness = Softness { keeps, holds: self.among.holds, ..Softness::STRICT };
        let lowered = Lowered::new(self.problem, self.model, &softness);
        if !lowered.broken.is_empty() {
            return false;
        }
        let request = Request { seconds, ..Request::new(&lowered.program, &[]) };
        match backend::highs::solve(&request, &mut |_| (self.watch)()) {
            Answer::Impossible => false,
            Answer::Proved { .. } => true,
            Answer::Stopped { best, .. } => {
                self.stopped |= best.is_none();
                true
            }
            Answer::Failed(_) => {
                self.stopped = true;
                true
            }
        }
    }

    /// Leaves out what can be left out of `items`, halves first, while `impossible` stays so.
    fn shrink<T: Ord + Copy + Sync>(
        &mut self,
        items: Vec<T>,
        keeps: &(dyn Fn(&BTreeSet<T>, Owner, &About) -> bool + Sync),
    ) -> Vec<T> {
        let mut kept: BTreeSet<T> = items.iter().copied().collect();
        let mut size = items.len().div_ceil(2).max(1);
        loop {
            let order: Vec<T> = items.iter().rev().copied().filter(|item| kept.contains(item)).collect();
            for chunk in order.chunks(size) {
                let without: BTreeSet<T> =
                    kept.iter().copied().filter(|item| !chunk.contains(item)).collect();
                if !self.possible(&|owner, about| keeps(&without, owner, about)) {
                    kept = without;
                }
            }
            if size == 1 {
                return items.into_iter().filter(|item| kept.contains(item)).collect();
            }
            size = (size / 2).max(1);
        }
    }
}

/// Finds a conflict among the conditions of a problem that are known to clash.
pub fn find(
    problem: &Problem,
    model: &Model,
    among: Among<'_>,
    deadline: Option<Instant>,
    watch: &mut dyn FnMut() -> Flow,
) -> Conflict {
    let must = |owner: Owner, about: &About| {
        (problem.strength(owner) == rota_rules::Strength::Must || (among.holds)(owner, about))
            && (among.asked)(owner, about)
    };
    let softness = Softness { keeps: &must, holds: among.holds, ..Softness::STRICT };
    let all = Lowered::new(problem, model, &softness);
    if let Some((owner, about)) = all.broken.first() {
        // A row that cannot hold by itself is a conflict of one part.
        return Conflict {
            parts: vec![ConflictPart { owner: *owner, about: Some(*about) }],
            irreducible: true,
        };
    }
    let conditions = all.conditions;
    let mut filter = Filter { problem, model, among, deadline, stopped: false, watch };
    let law_of = |owner: Owner| match owner {
        Owner::Law(law) => Some(law),
        _ => None,
    };
    let mut owners: Vec<Owner> = conditions.iter().map(|(owner, _)| *owner).collect();
    owners.dedup();
    let laws: Vec<Law> = owners.iter().filter_map(|owner| law_of(*owner)).collect();
    owners.retain(|owner| law_of(*owner).is_none());

    let owners = filter.shrink(owners, &|kept, owner, about| {
        law_of(owner).is_some() || (must(owner, about) && kept.contains(&owner))
    });
    let owners: BTreeSet<Owner> = owners.into_iter().collect();
    let laws = filter.shrink(laws, &|kept, owner, about| match law_of(owner) {
        Some(law) => kept.contains(&law),
        None => must(owner, about) && owners.contains(&owner),
    });
    let owners: BTreeSet<Owner> = owners.into_iter().chain(laws.into_iter().map(Owner::Law)).collect();
    let mut subjects: Vec<(Owner, About)> =
        conditions.into_iter().filter(|(owner, _)| owners.contains(owner)).collect();
    if !filter.stopped {
        subjects = filter.shrink(subjects, &|kept, owner, about| kept.contains(&(owner, *about)));
    }
    let mut parts: Vec<ConflictPart> = Vec::new();
    for owner in owners {
        let own = || subjects.iter().filter(|(subject, _)| *subject == owner).map(|(_, about)| *about);
        if filter.stopped && own().count() > 1 {
            // The filter did not come as far as subjects; hundreds of them would help nobody.
            parts.push(ConflictPart { owner, about: None });
        } else {
            parts.extend(own().map(|about| ConflictPart { owner, about: Some(about) }));
        }
    }
    Conflict { parts, irreducible: !filter.stopped }
}

/// Most conflicts that are looked for, those of one part included.
const MOST_CONFLICTS: usize = 40;

/// Conflicts that share no rule, pin or subject of one, at most so many of several parts. The first is given; the others are those
/// that stay when it is left out. A second cause may also hide in what they share: then it is not among them.
///
/// Says as well whether it was shown that there are no others.
pub fn apart(
    problem: &Problem,
    model: &Model,
    first: Conflict,
    most: usize,
    deadline: Option<Instant>,
    watch: &mut dyn FnMut() -> Flow,
) -> (Vec<Conflict>, bool) {
    let mut found = vec![first];
    loop {
        let last = found.last().expect("one is there");
        let bends = |part: &ConflictPart| !matches!(part.owner, Owner::Law(_));
        if !last.parts.iter().any(bends) {
            return (found, true);
        }
        // What cannot be kept by itself is found at once and told in one line.
        let several = found.iter().filter(|conflict| conflict.parts.len() > 1).count();
        if several == most || found.len() == MOST_CONFLICTS || !last.irreducible {
            return (found, false);
        }
        let left_out: Vec<ConflictPart> =
            found.iter().flat_map(|conflict| &conflict.parts).copied().filter(bends).collect();
        let asked = |owner: Owner, about: &About| {
            !left_out.iter().any(|part| part.owner == owner && part.about.is_none_or(|own| own == *about))
        };
        let among = Among { asked: &asked, ..Among::MUSTS };
        let must = |owner: Owner, about: &About| {
            problem.strength(owner) == rota_rules::Strength::Must && asked(owner, about)
        };
        let mut filter = Filter { problem, model, among, deadline, stopped: false, watch };
        if filter.possible(&must) {
            return (found, !filter.stopped);
        }
        found.push(find(problem, model, among, deadline, watch));
    }
}
