//! The fewest screens between desks for so many of them to be used together.

use super::Conflicts;
use crate::backend::{highs, Answer, Flow, Request};
use crate::cliques::cliques;
use crate::clock;
use crate::program::{Program, ProgramColumn, ProgramRow};
use std::collections::BTreeSet;
use std::time::Instant;

/// Screens, and the desks that may then be used together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screens {
    /// The pairs of desks with a screen between them.
    pub between: Vec<(usize, usize)>,
    /// The desks used, in order.
    pub desks: Vec<usize>,
    /// Fewer screens will not do: proved.
    pub least: usize,
}

/// The fewest pairs to be screened so that `wanted` desks may be used together; none when no screens do it, or none
/// were found before the deadline.
///
/// `chosen` is a largest set without screens and `most` its proved limit: a screen lets at most one more desk be used,
/// so that at least `wanted - most` are needed. Pairs of `never` cannot be screened.
pub fn fewest_screens(
    conflicts: &Conflicts,
    never: &BTreeSet<(usize, usize)>,
    wanted: usize,
    chosen: &[usize],
    most: usize,
    deadline: Option<Instant>,
) -> Option<Screens> {
    let least = wanted.saturating_sub(most);
    let quick = added_one_by_one(conflicts, never, wanted, chosen);
    if let Some(desks) = quick.as_ref().filter(|desks| between(conflicts, desks).len() == least) {
        return Some(Screens { between: between(conflicts, desks), desks: desks.clone(), least });
    }
    let (desks, bound) = by_program(conflicts, never, wanted, quick.as_deref(), deadline)?;
    let between = between(conflicts, &desks);
    let least = least.max(bound).min(between.len());
    Some(Screens { between, desks, least })
}

/// The pairs among some desks that are too near each other.
fn between(conflicts: &Conflicts, desks: &[usize]) -> Vec<(usize, usize)> {
    let is_in: BTreeSet<usize> = desks.iter().copied().collect();
    let mut pairs = conflicts.pairs();
    pairs.retain(|(one, other)| is_in.contains(one) && is_in.contains(other));
    pairs
}

/// Adds to a set, one by one, the desk that is too near the fewest of it.
fn added_one_by_one(
    conflicts: &Conflicts,
    never: &BTreeSet<(usize, usize)>,
    wanted: usize,
    chosen: &[usize],
) -> Option<Vec<usize>> {
    let mut desks: BTreeSet<usize> = chosen.iter().copied().collect();
    while desks.len() < wanted {
        let near = |desk: usize| conflicts.near[desk].iter().filter(|other| desks.contains(other)).copied();
        let can = |desk: usize| near(desk).all(|other| !never.contains(&(desk.min(other), desk.max(other))));
        let next = (0..conflicts.count())
            .filter(|desk| !desks.contains(desk) && can(*desk))
            .min_by_key(|desk| (near(*desk).count(), *desk))?;
        desks.insert(next);
    }
    Some(desks.into_iter().collect())
}

/// A column for each desk and each pair. Of a clique of which k desks are used, at least k - 1 pairs are screened, so
/// one row for each clique bounds well; one for each pair makes it exact.
fn by_program(
    conflicts: &Conflicts,
    never: &BTreeSet<(usize, usize)>,
    wanted: usize,
    start: Option<&[usize]>,
    deadline: Option<Instant>,
) -> Option<(Vec<usize>, usize)> {
    let count = conflicts.count();
    let pairs = conflicts.pairs();
    let screen = |at: usize| count + at;
    let choice = ProgramColumn { lower: 0.0, upper: 1.0, integer: true };
    let mut program = Program { columns: vec![choice; count + pairs.len()], rows: Vec::new() };
    for (at, pair) in pairs.iter().enumerate() {
        if never.contains(pair) {
            program.columns[screen(at)].upper = 0.0;
        }
        let terms = vec![(pair.0, 1.0), (pair.1, 1.0), (screen(at), -1.0)];
        program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: 1.0, terms });
    }
    for clique in cliques(&pairs).into_iter().filter(|clique| clique.len() > 2) {
        let mut terms: Vec<(usize, f64)> = clique.iter().map(|desk| (*desk, 1.0)).collect();
        for (at, one) in clique.iter().enumerate() {
            for other in &clique[at + 1..] {
                let place = pairs.binary_search(&(*one, *other)).expect("a clique is made of pairs");
                terms.push((screen(place), -1.0));
            }
        }
        terms.sort_unstable_by_key(|term| term.0);
        program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: 1.0, terms });
    }
    let terms = (0..count).map(|desk| (desk, 1.0)).collect();
    program.rows.push(ProgramRow { lower: wanted as f64, upper: f64::INFINITY, terms });
    let objective: Vec<(usize, f64)> = (0..pairs.len()).map(|at| (screen(at), 1.0)).collect();
    let values = start.map(|desks| {
        let mut values = vec![0.0; program.columns.len()];
        for desk in desks {
            values[*desk] = 1.0;
        }
        for pair in between(conflicts, desks) {
            values[screen(pairs.binary_search(&pair).expect("a pair"))] = 1.0;
        }
        values
    });
    let request = Request {
        start: values.as_deref(),
        seconds: clock::left(deadline),
        ..Request::new(&program, &objective)
    };
    let desks = |values: &[f64]| (0..count).filter(|desk| values[*desk] > 0.5).collect::<Vec<_>>();
    let whole = |bound: f64| if bound.is_finite() { (bound - 1e-6).ceil().max(0.0) as usize } else { 0 };
    match highs::solve(&request, &mut |_| Flow::Continue) {
        Answer::Proved { values, bound, .. } | Answer::Stopped { best: Some((values, _)), bound, .. } => {
            Some((desks(&values), whole(bound)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rooms;
    use super::*;
    use crate::desk_capacity::largest;
    use proptest::prelude::*;

    #[test]
    fn a_row_of_four_takes_one_screen_for_three() {
        let row = Conflicts::new(4, &[(0, 1), (1, 2), (2, 3)]);
        let screens = fewest_screens(&row, &BTreeSet::new(), 3, &[0, 2], 2, None).expect("screens");
        assert_eq!((screens.between.len(), screens.least), (1, 1));
        let all = BTreeSet::from([(0, 1), (1, 2), (2, 3)]);
        assert_eq!(fewest_screens(&row, &all, 3, &[0, 2], 2, None), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn as_few_screens_as_brute_force(conflicts in rooms(), more in 0usize..4) {
            let found = largest(&conflicts, &[], None);
            let wanted = (found.most + more).min(conflicts.count());
            let fewest = (0u32..1 << conflicts.count())
                .filter(|bits| bits.count_ones() as usize == wanted)
                .map(|bits| {
                    let taken = |desk: usize| bits & 1 << desk != 0;
                    conflicts.pairs().iter().filter(|(one, other)| taken(*one) && taken(*other)).count()
                })
                .min()
                .expect("a set");
            let screens =
                fewest_screens(&conflicts, &BTreeSet::new(), wanted, &found.chosen, found.most, None)
                    .expect("screens");
            prop_assert_eq!((screens.between.len(), screens.least), (fewest, fewest));
            prop_assert!(screens.desks.len() >= wanted);
            prop_assert_eq!(between(&conflicts, &screens.desks), screens.between);
        }
    }
}
