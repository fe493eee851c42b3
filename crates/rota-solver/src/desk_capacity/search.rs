//! A good set of desks quickly, and a quick limit: what is left for the solver to prove.

use super::groups::dealt;
use super::rows::pattern;
use super::Conflicts;
use crate::dice::Dice;

/// Rounds of search for each desk.
const ROUNDS: usize = 30;

/// A set that grows and shrinks, with how many of it each desk is too near to.
struct Chosen<'c> {
    conflicts: &'c Conflicts,
    is_in: Vec<bool>,
    tight: Vec<usize>,
    count: usize,
}

impl Chosen<'_> {
    fn add(&mut self, desk: usize) {
        self.is_in[desk] = true;
        self.count += 1;
        for other in &self.conflicts.near[desk] {
            self.tight[*other] += 1;
        }
    }

    fn take(&mut self, desk: usize) {
        self.is_in[desk] = false;
        self.count -= 1;
        for other in &self.conflicts.near[desk] {
            self.tight[*other] -= 1;
        }
    }

    fn is_free(&self, desk: usize) -> bool {
        !self.is_in[desk] && self.tight[desk] == 0
    }

    /// Puts `desk` in, and out what it excludes.
    fn force(&mut self, desk: usize) {
        let out: Vec<usize> =
            self.conflicts.near[desk].iter().copied().filter(|other| self.is_in[*other]).collect();
        for other in out {
            self.take(other);
        }
        self.add(desk);
    }

    /// Adds what can be added, and puts two desks in the place of one as long as that can be done.
    fn grow(&mut self, around: &[usize]) {
        let mut queue: Vec<usize> = around.to_vec();
        while let Some(desk) = queue.pop() {
            if self.is_free(desk) {
                self.add(desk);
            }
            if !self.is_in[desk] {
                continue;
            }
            let loose: Vec<usize> =
                self.conflicts.near[desk].iter().copied().filter(|other| self.tight[*other] == 1).collect();
            let two = loose.iter().enumerate().find_map(|(at, one)| {
                let other = loose[at + 1..].iter().find(|other| !self.conflicts.joins(*one, **other))?;
                Some((*one, *other))
            });
            if let Some((one, other)) = two {
                self.take(desk);
                self.add(one);
                self.add(other);
                queue.extend(loose.iter().copied().filter(|third| self.is_free(*third)));
                for changed in [one, other] {
                    queue.push(changed);
                    for next in &self.conflicts.near[changed] {
                        queue.extend(self.conflicts.near[*next].iter().filter(|far| self.is_in[**far]));
                    }
                }
            }
        }
    }
}

/// Fills a set up, always with the free desk that takes the fewest others away: from the corners inward, which lays
/// regular rows of desks out regularly.
fn fill(set: &mut Chosen<'_>, preferred: &[bool]) {
    let near = &set.conflicts.near;
    let mut free: Vec<usize> = near.iter().map(Vec::len).collect();
    while let Some(desk) = (0..free.len())
        .filter(|desk| set.is_free(*desk))
        .min_by_key(|desk| (free[*desk], !preferred[*desk], *desk))
    {
        let gone: Vec<usize> = near[desk].iter().copied().filter(|other| set.is_free(*other)).collect();
        set.add(desk);
        for other in gone {
            for next in &near[other] {
                free[*next] -= 1;
            }
        }
    }
}

/// A large set by iterated local search with two-for-one swaps (Andrade, Resende and Werneck, 2012), always the same for
/// the same desks; of equally large ones met, the one with most preferred desks.
pub fn good_set(conflicts: &Conflicts, preferred: &[bool]) -> Vec<usize> {
    let count = conflicts.count();
    let mut set = Chosen { conflicts, is_in: vec![false; count], tight: vec![0; count], count: 0 };
    let all: Vec<usize> = (0..count).collect();
    fill(&mut set, preferred);
    set.grow(&all);
    let limit = clique_cover(conflicts);
    if set.count < limit {
        // Of few groups that hold everybody, the largest is large; so is a pattern that repeats.
        for other in [Some(largest_group(conflicts)), pattern(conflicts)].into_iter().flatten() {
            let mut own = Chosen { conflicts, is_in: vec![false; count], tight: vec![0; count], count: 0 };
            for desk in other {
                own.add(desk);
            }
            own.grow(&all);
            if own.count > set.count {
                set = own;
            }
        }
    }
    let worth = |set: &Chosen<'_>| {
        (set.count, (0..count).filter(|desk| set.is_in[*desk] && preferred[*desk]).count())
    };
    let mut best = (worth(&set), set.is_in.clone());
    let mut dice = Dice::new(0, count as u64);
    for round in 0..count * ROUNDS {
        if best.0 .0 >= limit {
            break;
        }
        let desk = dice.below(count);
        if set.is_in[desk] {
            continue;
        }
        let before = set.count;
        let mut around: Vec<usize> = vec![desk];
        for other in conflicts.near[desk].iter().filter(|other| set.is_in[**other]) {
            around.extend(&conflicts.near[*other]);
        }
        set.force(desk);
        set.grow(&around);
        if set.count >= best.0 .0 && worth(&set) > best.0 {
            best = (worth(&set), set.is_in.clone());
        } else if set.count + 2 < before || (set.count < best.0 .0 && round % (4 * count) == 0) {
            // Too far down: begin again from the best.
            let goal = best.1.clone();
            for (desk, stays) in goal.iter().enumerate() {
                if set.is_in[desk] && !stays {
                    set.take(desk);
                }
            }
            for (desk, stays) in goal.iter().enumerate() {
                if *stays && !set.is_in[desk] {
                    set.add(desk);
                }
            }
        }
    }
    (0..count).filter(|desk| best.1[*desk]).collect()
}

fn largest_group(conflicts: &Conflicts) -> Vec<usize> {
    let group = dealt(conflicts, &[]);
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (desk, own) in group.into_iter().enumerate() {
        groups.resize(groups.len().max(own + 1), Vec::new());
        groups[own].push(desk);
    }
    groups.into_iter().max_by_key(Vec::len).unwrap_or_default()
}

/// No set has more desks than there are cliques in a cover of all desks.
pub fn clique_cover(conflicts: &Conflicts) -> usize {
    let count = conflicts.count();
    let mut is_covered = vec![false; count];
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by_key(|desk| (conflicts.near[*desk].len(), *desk));
    let mut cliques = 0;
    for desk in order {
        if is_covered[desk] {
            continue;
        }
        is_covered[desk] = true;
        cliques += 1;
        let mut clique = vec![desk];
        let mut others: Vec<usize> =
            conflicts.near[desk].iter().copied().filter(|other| !is_covered[*other]).collect();
        others.sort_by_key(|other| (conflicts.near[*other].len(), *other));
        for other in others {
            if clique.iter().all(|member| conflicts.joins(*member, other)) {
                clique.push(other);
                is_covered[other] = true;
            }
        }
    }
    cliques
}
