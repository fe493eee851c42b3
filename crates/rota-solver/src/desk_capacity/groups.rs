//! The fewest groups of people, one in at a time, in which everybody has a desk of their own.
//!
//! Desks that are too near each other belong to different groups: a colouring of the conflicts. Groups are dealt out by
//! the desk with the fewest choices left (Brélaz's DSATUR, 1979), then group by group anew (iterated greedy, Culberson
//! 1992); HiGHS looks for a smaller number where the proved limit leaves room for one.

use super::{any_values, program, Conflicts, Kept};
use crate::cliques::cliques;
use crate::program::{Program, ProgramRow};
use rayon::prelude::*;
use std::time::Instant;

/// Everybody's own desk, by groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// The group of each desk, from 0.
    pub group: Vec<usize>,
    /// How many groups were needed.
    pub count: usize,
    /// Fewer than so many will not do: proved.
    pub least: usize,
}

/// More desks of a part times groups than this are not put before the solver.
const LARGEST_PROGRAM: usize = 6_000;
/// Rounds in which the groups are dealt out anew.
const ROUNDS: usize = 300;

/// The fewest groups such that no two desks of one group are too near each other; past the deadline the fewest found,
/// with what is proved.
pub fn fewest_groups(conflicts: &Conflicts, deadline: Option<Instant>) -> Groups {
    let parts: Vec<(Vec<usize>, Groups)> = conflicts
        .parts()
        .into_par_iter()
        .map(|part| {
            let groups = part_groups(&conflicts.among(&part), deadline);
            (part, groups)
        })
        .collect();
    let mut group = vec![0; conflicts.count()];
    for (part, groups) in &parts {
        for (desk, own) in part.iter().zip(&groups.group) {
            group[*desk] = *own;
        }
    }
    Groups {
        group,
        count: parts.iter().map(|(_, groups)| groups.count).max().unwrap_or(0),
        least: parts.iter().map(|(_, groups)| groups.least).max().unwrap_or(0),
    }
}

fn part_groups(conflicts: &Conflicts, deadline: Option<Instant>) -> Groups {
    let cliques = cliques(&conflicts.pairs());
    let clique = cliques.iter().max_by_key(|clique| clique.len()).cloned().unwrap_or_else(|| vec![0]);
    let mut least = clique.len();
    let mut group = dealt(conflicts, &clique);
    let mut count = number(&group);
    for round in 0..ROUNDS {
        if count <= least {
            break;
        }
        group = dealt_anew(conflicts, &group, round);
        count = number(&group);
    }
    while least < count && conflicts.count() * least <= LARGEST_PROGRAM {
        match of_so_many(conflicts, &cliques, &clique, least, deadline) {
            Found::Groups(found) => {
                count = number(&found);
                group = found;
                break;
            }
            Found::None => least += 1,
            Found::Unknown => break,
        }
    }
    Groups { group, count, least }
}

fn number(group: &[usize]) -> usize {
    group.iter().max().map_or(0, |last| last + 1)
}

/// The first group that none of the neighbours of a desk is in.
fn first_free(conflicts: &Conflicts, group: &[Option<usize>], desk: usize) -> usize {
    let taken: Vec<usize> = conflicts.near[desk].iter().filter_map(|other| group[*other]).collect();
    (0..=taken.len()).find(|own| !taken.contains(own)).expect("there are more numbers than neighbours")
}

/// The desk with the fewest choices left first, after those of a clique.
pub(super) fn dealt(conflicts: &Conflicts, clique: &[usize]) -> Vec<usize> {
    let count = conflicts.count();
    let mut group: Vec<Option<usize>> = vec![None; count];
    let mut seen: Vec<Vec<usize>> = vec![Vec::new(); count];
    let place = |group: &mut Vec<Option<usize>>, seen: &mut Vec<Vec<usize>>, desk: usize| {
        let own = first_free(conflicts, group, desk);
        group[desk] = Some(own);
        for other in &conflicts.near[desk] {
            if !seen[*other].contains(&own) {
                seen[*other].push(own);
            }
        }
    };
    for desk in clique {
        place(&mut group, &mut seen, *desk);
    }
    while let Some(desk) = (0..count)
        .filter(|desk| group[*desk].is_none())
        .max_by_key(|desk| (seen[*desk].len(), conflicts.near[*desk].len(), std::cmp::Reverse(*desk)))
    {
        place(&mut group, &mut seen, desk);
    }
    group.into_iter().map(|own| own.expect("every desk was placed")).collect()
}

/// The same groups dealt out one after the other in another order: never more of them.
fn dealt_anew(conflicts: &Conflicts, before: &[usize], round: usize) -> Vec<usize> {
    let count = number(before);
    let mut sizes = vec![0usize; count];
    for own in before {
        sizes[*own] += 1;
    }
    let mut order: Vec<usize> = (0..count).collect();
    match round % 3 {
        0 => order.reverse(),
        1 => order.sort_by_key(|own| (std::cmp::Reverse(sizes[*own]), *own)),
        _ => order.sort_by_key(|own| (own * 7 + round) % count),
    }
    let mut group: Vec<Option<usize>> = vec![None; before.len()];
    for own in order {
        for desk in (0..before.len()).filter(|desk| before[*desk] == own) {
            group[desk] = Some(first_free(conflicts, &group, desk));
        }
    }
    group.into_iter().map(|own| own.expect("every desk was placed")).collect()
}

enum Found {
    Groups(Vec<usize>),
    None,
    Unknown,
}

/// Groups of a number given, if there are: the desks of one clique are each in a group of their own.
fn of_so_many(
    conflicts: &Conflicts,
    cliques: &[Vec<usize>],
    clique: &[usize],
    groups: usize,
    deadline: Option<Instant>,
) -> Found {
    let count = conflicts.count();
    let column = |desk: usize, group: usize| desk * groups + group;
    let mut whole = Program { columns: program(count * groups, &[]).columns, rows: Vec::new() };
    for desk in 0..count {
        let terms = (0..groups).map(|group| (column(desk, group), 1.0)).collect();
        whole.rows.push(ProgramRow { lower: 1.0, upper: 1.0, terms });
    }
    for members in cliques {
        for group in 0..groups {
            let terms = members.iter().map(|desk| (column(*desk, group), 1.0)).collect();
            whole.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: 1.0, terms });
        }
    }
    for (group, desk) in clique.iter().enumerate() {
        whole.columns[column(*desk, group)].lower = 1.0;
    }
    match any_values(&whole, deadline) {
        Kept::By(values) => Found::Groups(
            (0..count)
                .map(|desk| {
                    (0..groups)
                        .find(|group| values[column(desk, *group)] > 0.5)
                        .expect("every desk is in a group")
                })
                .collect(),
        ),
        Kept::ByNone => Found::None,
        Kept::Unknown => Found::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rooms;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_row_takes_two_and_a_ring_of_five_three() {
        let row = Conflicts::new(4, &[(0, 1), (1, 2), (2, 3)]);
        let ring = Conflicts::new(5, &[(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]);
        let told = |conflicts: &Conflicts| {
            let groups = fewest_groups(conflicts, None);
            (groups.count, groups.least)
        };
        assert_eq!(told(&row), (2, 2));
        assert_eq!(told(&ring), (3, 3));
        assert_eq!(told(&Conflicts::new(3, &[])), (1, 1));
        assert_eq!(told(&Conflicts::new(0, &[])), (0, 0));
    }

    fn can(conflicts: &Conflicts, groups: usize, group: &mut Vec<usize>) -> bool {
        let desk = group.len();
        if desk == conflicts.count() {
            return true;
        }
        (0..groups).any(|own| {
            if conflicts.near[desk].iter().any(|other| *other < desk && group[*other] == own) {
                return false;
            }
            group.push(own);
            let can = can(conflicts, groups, group);
            group.pop();
            can
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn as_few_groups_as_brute_force(conflicts in rooms()) {
            let fewest = (1..100).find(|groups| can(&conflicts, *groups, &mut Vec::new())).expect("enough");
            let groups = fewest_groups(&conflicts, None);
            prop_assert_eq!((groups.count, groups.least), (fewest, fewest));
            for (one, other) in conflicts.pairs() {
                prop_assert_ne!(groups.group[one], groups.group[other]);
            }
        }
    }
}
