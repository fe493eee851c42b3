//! Desks in regular rows: patterns that repeat, and proved limits from strips of a few rows.
//!
//! In a large regular grid the rows of whole cliques prove little. A floor cut into strips holds no more desks than
//! the strips do together, and a strip of a few rows can be solved exactly from one end to the other: of all sets of
//! desks passed, only what they leave free ahead matters (dynamic programming over a path decomposition). Strips gain
//! by their edges, where no desk stands beyond; so neighbours may share a row, of which the desks count half in each.
//! In the same way a good set becomes a better one: the desks of a few rows are chosen anew, exactly, while all
//! others stay, here and there and again.

use super::Conflicts;
use crate::dice::Dice;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};
use std::time::Instant;

/// Fewer desks are left to the solver.
const FEWEST: usize = 200;
/// Rows have so many desks on average, or the plan is not regular.
const DESKS_EACH: usize = 5;
/// Rows of a strip at most.
const MOST_ROWS: usize = 16;
/// States of a strip at most.
const MOST_STATES: usize = 2_500;
/// States of all strips of a floor together at most; it bounds the time.
const MOST_WORK: usize = 12_000_000;
/// Rows of a strip that shares one, at most ...
const MOST_SHARING: usize = 10;
/// ... and states of all of them together.
const MOST_SHARED_WORK: usize = 4_000_000;
/// How often in a row the desks of a few rows are chosen anew in vain.
const IN_VAIN: usize = 400;
/// So many rows, ...
const WINDOW: usize = 7;
/// ... or up to so many fewer than so many more.
const WINDOW_MORE: usize = 4;
/// A repeating pattern takes at least one of so many desks.
const SPARSEST: usize = 40;

/// Row and column of each desk of a regular plan, by the places of its desks.
struct Rows {
    cells: Vec<[usize; 2]>,
    count: [usize; 2],
}

impl Rows {
    /// Of a plan with many desks in few rows.
    fn of(conflicts: &Conflicts) -> Option<Rows> {
        let number = conflicts.count();
        let rows = Rows::of_any(conflicts).filter(|_| number >= FEWEST)?;
        (rows.count[0].max(rows.count[1]) * DESKS_EACH <= number).then_some(rows)
    }

    /// Of any plan whose desks all have a place.
    fn of_any(conflicts: &Conflicts) -> Option<Rows> {
        if conflicts.at.len() != conflicts.count() {
            return None;
        }
        let key = |metres: f64| (metres * 100.0).round() as i64;
        let ranks = [0, 1].map(|axis| {
            let values: BTreeSet<i64> = conflicts.at.iter().map(|at| key(at[axis])).collect();
            values.into_iter().zip(0..).collect::<BTreeMap<i64, usize>>()
        });
        let count = [ranks[0].len(), ranks[1].len()];
        let cell = |at: &[f64; 2]| [0, 1].map(|axis| ranks[axis][&key(at[axis])]);
        Some(Rows { cells: conflicts.at.iter().map(cell).collect(), count })
    }

    /// The desks of each column (0) or row (1).
    fn lines(&self, axis: usize) -> Vec<Vec<usize>> {
        let mut lines = vec![Vec::new(); self.count[axis]];
        for (desk, cell) in self.cells.iter().enumerate() {
            lines[cell[axis]].push(desk);
        }
        lines
    }
}

/// The desks of the densest repeating pattern without two that are too near each other; none where desks do not stand
/// in rows, or no pattern does. Every sublattice of the rows and columns is tried, the densest first.
pub fn pattern(conflicts: &Conflicts) -> Option<Vec<usize>> {
    let rows = Rows::of(conflicts)?;
    let desks = |wide: usize, high: usize, shift: usize, from: [usize; 2]| -> Vec<usize> {
        let is_in = |cell: &[usize; 2]| {
            let up = cell[1] + from[1];
            up.is_multiple_of(high)
                && (cell[0] + from[0] + wide * up - shift * (up / high)).is_multiple_of(wide)
        };
        (0..rows.cells.len()).filter(|desk| is_in(&rows.cells[*desk])).collect()
    };
    let is_free = |set: &[usize]| {
        let mut is_in = vec![false; rows.cells.len()];
        for desk in set {
            is_in[*desk] = true;
        }
        set.iter().all(|desk| conflicts.near[*desk].iter().all(|other| !is_in[*other]))
    };
    for one_of in 2..=SPARSEST {
        let mut best: Option<Vec<usize>> = None;
        for high in (1..=one_of).filter(|high| one_of % high == 0) {
            let wide = one_of / high;
            for shift in 0..wide {
                if !is_free(&desks(wide, high, shift, [0, 0])) {
                    continue;
                }
                for from in (0..wide).flat_map(|x| (0..high).map(move |y| [x, y])) {
                    let found = desks(wide, high, shift, from);
                    if found.len() > best.as_ref().map_or(0, Vec::len) && is_free(&found) {
                        best = Some(found);
                    }
                }
            }
        }
        if best.is_some() {
            return best;
        }
    }
    None
}

/// A proved limit for desks in rows: the least sum of what strips of a few rows hold; none where desks do not stand in
/// rows.
pub fn strips(conflicts: &Conflicts) -> Option<usize> {
    of_strips(conflicts, &Rows::of(conflicts)?)
}

fn of_strips(conflicts: &Conflicts, rows: &Rows) -> Option<usize> {
    // Along the longer side first: short rows across it make many rows a strip.
    let along = usize::from(rows.count[1] > rows.count[0]);
    let mut work = Work::default();
    [along, 1 - along].into_iter().filter_map(|along| cut(conflicts, rows, along, MOST_ROWS, &mut work)).min()
}

/// States gone through for strips apart, and for strips that share a row.
#[derive(Default)]
struct Work {
    apart: usize,
    shared: usize,
}

/// The best cut into strips that run along an axis, each of at most so many rows.
fn cut(conflicts: &Conflicts, rows: &Rows, along: usize, widest: usize, work: &mut Work) -> Option<usize> {
    let across = 1 - along;
    let by_row = rows.lines(across);
    // By the desks near each, and the weight of each.
    let mut known: HashMap<(Vec<Vec<usize>>, Vec<u64>), Option<u64>> = HashMap::new();
    // In halves, what the rows before hold at most; and with half of the row that comes.
    let mut least = vec![[u64::MAX; 2]; by_row.len() + 1];
    least[0][0] = 0;
    for first in 0..by_row.len() {
        let mut strip: Vec<usize> = Vec::new();
        'wider: for last in first..by_row.len().min(first + widest) {
            strip.extend(&by_row[last]);
            strip.sort_by_key(|desk| (rows.cells[*desk][along], rows.cells[*desk][across]));
            let near = conflicts.among(&strip).near;
            for [begins, ends] in [[false, false], [false, true], [true, false], [true, true]] {
                let is_shared = begins || ends;
                let before = least[first][usize::from(begins)];
                let is_too_wide = last - first >= MOST_SHARING || last == first;
                if before == u64::MAX || is_shared && is_too_wide {
                    continue;
                }
                let half = |desk: &usize| {
                    let row = rows.cells[*desk][across];
                    begins && row == first || ends && row == last
                };
                let weights = strip.iter().map(|desk| if half(desk) { 1 } else { 2 }).collect();
                let most = *known.entry((near.clone(), weights)).or_insert_with_key(|(near, weights)| {
                    let (done, most) = if is_shared {
                        (&mut work.shared, MOST_SHARED_WORK)
                    } else {
                        (&mut work.apart, MOST_WORK)
                    };
                    Some(heaviest(near, weights, done, most, false)?.0)
                });
                match most {
                    Some(most) => {
                        let after = if ends { &mut least[last][1] } else { &mut least[last + 1][0] };
                        *after = (*after).min(before + most);
                    }
                    None if !is_shared => break 'wider,
                    None => {}
                }
            }
        }
    }
    let [whole, _] = *least.last()?;
    (whole < u64::MAX).then_some((whole / 2) as usize)
}

/// A set of at least as many desks, where it stands in rows: again and again the desks of a few neighbouring rows or
/// columns are chosen anew, as many as there can be while all others stay, of equally many any (a large neighbourhood
/// search, Shaw 1998). Ends with `most` desks, or at the deadline; always the same but for that.
pub fn improved(
    conflicts: &Conflicts,
    chosen: &[usize],
    most: usize,
    deadline: Option<Instant>,
) -> Option<Vec<usize>> {
    /// What a desk weighs; what chance adds to all of a window together is less.
    const DESK: u64 = 1 << 32;
    const CHANCE: usize = 1 << 16;
    let rows = Rows::of(conflicts)?;
    let lines = [rows.lines(0), rows.lines(1)];
    let mut is_in = vec![false; conflicts.count()];
    for desk in chosen {
        is_in[*desk] = true;
    }
    let mut count = chosen.len();
    let mut dice = Dice::new(1, conflicts.count() as u64);
    let mut in_vain = 0;
    while in_vain < IN_VAIN && count < most && deadline.is_none_or(|deadline| Instant::now() < deadline) {
        let across = dice.below(2);
        let wide = (WINDOW + dice.below(WINDOW_MORE)).min(lines[across].len());
        let first = dice.below(lines[across].len() - wide + 1);
        let window: Vec<usize> = lines[across][first..first + wide].concat();
        let before: Vec<usize> = window.iter().copied().filter(|desk| is_in[*desk]).collect();
        for desk in &before {
            is_in[*desk] = false;
        }
        let is_free = |desk: &usize| conflicts.near[*desk].iter().all(|other| !is_in[*other]);
        let mut free: Vec<usize> = window.into_iter().filter(is_free).collect();
        free.sort_by_key(|desk| (rows.cells[*desk][1 - across], rows.cells[*desk][across]));
        let weights: Vec<u64> = free.iter().map(|_| DESK + dice.below(CHANCE) as u64).collect();
        let found = heaviest(&conflicts.among(&free).near, &weights, &mut 0, MOST_WORK, true);
        let after = found.map_or_else(|| before.clone(), |(_, set)| set.iter().map(|at| free[*at]).collect());
        in_vain = if after.len() > before.len() { 0 } else { in_vain + 1 };
        count = count + after.len() - before.len();
        for desk in after {
            is_in[desk] = true;
        }
    }
    Some((0..conflicts.count()).filter(|desk| is_in[*desk]).collect())
}

/// A quick hash of a set of desks: both halves times large odd numbers. The sets come from the plan itself.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u128(&mut self, bits: u128) {
        let (low, high) = (bits as u64, (bits >> 64) as u64);
        let mixed = low.wrapping_mul(0x9e37_79b9_7f4a_7c15)
            ^ high.wrapping_mul(0xd6e8_feb8_6659_fd93).rotate_left(32);
        self.0 = (mixed ^ (mixed >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }
}

/// How much was taken at most to come to a state, and how it was come to.
#[derive(Clone, Copy)]
struct Taken {
    weight: u64,
    from: u128,
    takes: bool,
}

/// Of each set of taken desks that still have neighbours ahead, the most taken so far.
type States = HashMap<u128, Taken, BuildHasherDefault<Mix>>;

/// The weight of a heaviest set among desks in an order in which neighbours are not far from each other, and where it is
/// `told` the set; none where there are too many states to go through, in all or with the `work` done before.
fn heaviest(
    near: &[Vec<usize>],
    weights: &[u64],
    work: &mut usize,
    most_work: usize,
    told: bool,
) -> Option<(u64, Vec<usize>)> {
    const BITS: usize = 128;
    let bit = |desk: usize| 1u128 << (desk % BITS);
    let last = |desk: usize| near[desk].last().copied().unwrap_or(0);
    let mut ends: Vec<Vec<usize>> = vec![Vec::new(); near.len()];
    for desk in 0..near.len() {
        if last(desk) >= desk + BITS {
            return None;
        }
        ends[last(desk).max(desk)].push(desk);
    }
    let mut states = States::default();
    states.insert(0, Taken { weight: 0, from: 0, takes: false });
    let mut steps: Vec<States> = Vec::new();
    for desk in 0..near.len() {
        let before =
            near[desk].iter().filter(|other| **other < desk).fold(0, |bits, other| bits | bit(*other));
        let passed = !ends[desk].iter().fold(0, |bits, other| bits | bit(*other));
        let mut next = States::with_capacity_and_hasher(states.len() * 2, BuildHasherDefault::default());
        let mut keep = |state: u128, taken: Taken| {
            let own = next.entry(state & passed).or_insert(taken);
            if taken.weight > own.weight {
                *own = taken;
            }
        };
        for (from, taken) in &states {
            keep(*from, Taken { from: *from, takes: false, ..*taken });
            if from & before == 0 {
                let weight = taken.weight + weights[desk];
                keep(from | bit(desk), Taken { weight, from: *from, takes: true });
            }
        }
        // What leaves everything free ahead is at least as good as anything that took no more.
        let free = next.get(&0).map_or(0, |taken| taken.weight);
        next.retain(|state, taken| *state == 0 || taken.weight > free);
        *work += next.len();
        if next.len() > MOST_STATES || *work > most_work {
            return None;
        }
        let done = std::mem::replace(&mut states, next);
        if told {
            steps.push(done);
        }
    }
    let best = states.into_values().max_by_key(|taken| taken.weight)?;
    let mut set = Vec::new();
    let mut taken = best;
    for (desk, before) in steps.iter().enumerate().rev() {
        if taken.takes {
            set.push(desk);
        }
        taken = before[&taken.from];
    }
    set.reverse();
    Some((best.weight, set))
}

#[cfg(test)]
mod tests {
    use super::super::largest;
    use super::super::tests::{nearer, rooms, sets};
    use super::*;
    use proptest::prelude::*;

    /// Desks at these places in decimetres, kept so many decimetres apart.
    fn floor(desks: &[(u32, u32)], apart: u32) -> Conflicts {
        let metres = |desk: &(u32, u32)| [f64::from(desk.0) / 10.0, f64::from(desk.1) / 10.0];
        nearer(desks, apart).placed(desks.iter().map(metres).collect())
    }

    /// Desks 1 m apart in so many columns and rows, kept so many tenths of a metre apart.
    fn grid(columns: u32, rows: u32, tenths: u32) -> Conflicts {
        let desks: Vec<(u32, u32)> =
            (0..rows).flat_map(|y| (0..columns).map(move |x| (10 * x, 10 * y))).collect();
        floor(&desks, tenths)
    }

    /// Beyond twice the spacing desks repeat like a knight's moves: one of five, in both directions the whole floor.
    #[test]
    fn a_floor_just_above_twice_the_spacing_is_proved() {
        let floor = grid(20, 20, 21);
        let found = largest(&floor, &[], None);
        assert_eq!((found.chosen.len(), found.most), (80, 80));
    }

    #[test]
    fn patterns_keep_the_distance() {
        for (tenths, one_of) in [(11, 2), (15, 4), (21, 5), (23, 8), (29, 9), (31, 10)] {
            let floor = grid(20, 20, tenths);
            let desks = pattern(&floor).expect("rows");
            assert!(desks.len() >= 400 / one_of, "{tenths}: {}", desks.len());
            let is_free = |one: &usize| desks.iter().all(|other| !floor.joins(*one, *other));
            assert!(desks.iter().all(is_free), "{tenths}");
        }
        assert_eq!(pattern(&Conflicts::new(300, &[])), None);
    }

    /// Between 2.3 and 2.8 times the spacing patterns miss the edges, and strips apart gain by theirs.
    #[test]
    fn windows_and_shared_rows_meet() {
        let floor = grid(30, 30, 23);
        let first = pattern(&floor).expect("rows");
        let limit = strips(&floor).expect("rows");
        let found = improved(&floor, &first, limit, None).expect("rows");
        assert!(found.len() > first.len() && found.len() <= limit, "{} {}", first.len(), found.len());
        assert!(found.iter().all(|one| found.iter().all(|other| !floor.joins(*one, *other))));
        assert!(limit - found.len() <= 3, "{} of at most {limit}", found.len());
        assert_eq!(improved(&floor, &first, limit, None), Some(found));
    }

    #[test]
    fn a_limit_is_never_below_what_can_be_used() {
        for tenths in [11, 15, 21, 23, 29] {
            let floor = grid(16, 14, tenths);
            let limit = strips(&floor).expect("rows");
            assert!(limit >= pattern(&floor).expect("rows").len(), "{tenths}");
        }
    }

    /// Rows and columns at uneven distances, with places left empty, kept apart by decimetres.
    fn floors(most: usize) -> impl Strategy<Value = Conflicts> {
        let lines = |most: usize| proptest::collection::vec(8u32..16, 1..=most);
        (lines(most), lines(most), proptest::collection::vec(0u32..10, most * most), 5u32..45).prop_map(
            |(columns, rows, empty, apart)| {
                let places = |steps: &[u32]| -> Vec<u32> {
                    steps
                        .iter()
                        .scan(0, |at, step| {
                            *at += step;
                            Some(*at)
                        })
                        .collect()
                };
                let (columns, rows) = (places(&columns), places(&rows));
                let all = rows.iter().flat_map(|y| columns.iter().map(move |x| (*x, *y)));
                let desks: Vec<(u32, u32)> =
                    all.zip(empty).filter(|(_, empty)| *empty > 0).map(|(desk, _)| desk).collect();
                floor(&desks, apart)
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_strip_holds_what_brute_force_finds(conflicts in rooms()) {
            let most = sets(&conflicts).iter().map(Vec::len).max();
            let alike = vec![1; conflicts.count()];
            let (weight, set) = heaviest(&conflicts.near, &alike, &mut 0, MOST_WORK, true).expect("few states");
            prop_assert_eq!(Some(weight as usize), most);
            prop_assert!(set.len() == weight as usize && sets(&conflicts).contains(&set));
        }

        #[test]
        fn the_heaviest_set_is_that_of_brute_force(
            conflicts in rooms(),
            weights in proptest::collection::vec(1u64..5, 12),
        ) {
            let weigh = |set: &[usize]| set.iter().map(|desk| weights[*desk]).sum::<u64>();
            let most = sets(&conflicts).iter().map(|set| weigh(set)).max().expect("the empty set");
            let (weight, set) = heaviest(&conflicts.near, &weights, &mut 0, MOST_WORK, true).expect("few states");
            prop_assert_eq!((weight, weigh(&set)), (most, most));
            prop_assert!(sets(&conflicts).contains(&set));
        }

        /// The whole floor is one of the strips tried, so that the limit is exact.
        #[test]
        fn small_floors_are_cut_as_brute_force_counts(conflicts in floors(3)) {
            let rows = Rows::of_any(&conflicts).expect("places");
            let most = sets(&conflicts).iter().map(Vec::len).max();
            prop_assert_eq!(of_strips(&conflicts, &rows), most);
        }

        /// Floors too small for strips are proved by the solver: two ways to the same number.
        #[test]
        fn floors_are_cut_as_the_solver_proves(conflicts in floors(8)) {
            let rows = Rows::of_any(&conflicts).expect("places");
            let found = largest(&conflicts, &[], None);
            prop_assert!(found.is_proved());
            prop_assert_eq!(of_strips(&conflicts, &rows), Some(found.most));
        }

        /// In strips of at most three rows the limit is above what there is or the same, never below.
        #[test]
        fn narrow_strips_never_hold_less(conflicts in floors(7)) {
            let rows = Rows::of_any(&conflicts).expect("places");
            let found = largest(&conflicts, &[], None);
            for along in [0, 1] {
                let limit = cut(&conflicts, &rows, along, 3, &mut Work::default());
                prop_assert!(limit.is_none_or(|limit| limit >= found.most), "{:?} {}", limit, found.most);
            }
        }
    }
}
