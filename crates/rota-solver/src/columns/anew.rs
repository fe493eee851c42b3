//! Some blocks planned anew while all others stand: the way from a good roster to a better one where blocks are many and
//! all their plans are at hand, as calendars of single people are.
//!
//! The blocks that are open are a master of their own, with what the others leave of the links. Prices go on until no
//! block has a plan to offer that would help, which proves at times that nothing better is there; else the plans known by
//! then are picked from exactly. Parts grow as long as that is done within a fixed effort.
//!
//! Methods: large neighbourhood search (Shaw 1998) whose parts are solved by column generation, as nurse rosters have
//! been (Legrain, Omer and Rosat 2020).

use super::{between, smoother, Effort, Master, Plan, EPSILON, FREE, SMOOTH};
use crate::backend::highs::Relaxation;
use crate::backend::Flow;
use crate::clock::{at_most, left};
use crate::dice::Dice;
use crate::watched::{unless, watched};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Parts searched at a time; a fixed number, so that the result does not depend on the threads.
const PARTS: usize = 4;
/// Blocks that are open in the first parts, and at least.
const FIRST: f64 = 8.0;
const FEWEST: f64 = 3.0;
/// How parts grow where half of them are solved, and how they shrink.
const GROWTH: f64 = 1.05;
/// Rounds of prices for one part, and the effort to pick from its plans.
const ROUNDS: usize = 120;
const NODES: u64 = 60;
const STEPS: u64 = 20_000;
/// Seconds of one part at most: a guard only.
const SECONDS: f64 = 15.0;
/// Plans of each block that a part begins with, beside the one that stands.
const KNOWN: usize = 30;
/// How often each block is looked at in vain.
const LOOKS: f64 = 12.0;

/// What became of a part.
#[derive(Debug)]
enum Outcome {
    /// Nothing better is there: proved.
    Best,
    /// Nothing better was found; whether that was proved of the plans known.
    Nothing(bool),
    /// Columns with their new values.
    Better(Vec<(usize, f64)>),
}

/// Some blocks, and what is known of them while all others stand.
struct Part<'a> {
    master: &'a Master<'a>,
    /// The blocks, in order.
    open: &'a [usize],
    /// What stands: a value for every column.
    values: &'a [f64],
    /// What the other blocks add to each link.
    rest: Vec<f64>,
    /// The plans that stand, in the order of `open`, then others.
    plans: Vec<Plan>,
    /// What the blocks and the shared columns cost as they stand.
    cost: f64,
    /// Of two costs less than this apart the better is not worth looking for.
    slack: f64,
    until: Instant,
    stop: &'a AtomicBool,
}

/// So many of the first numbers, in order.
fn chosen(count: usize, size: usize, mut dice: Dice) -> Vec<usize> {
    let mut all: Vec<usize> = (0..count).collect();
    for at in 0..size {
        all.swap(at, at + dice.below(count - at));
    }
    all.truncate(size);
    all.sort_unstable();
    all
}

impl Master<'_> {
    /// Plans some blocks anew, again and again, and gives the best values that come of it. `best` keeps every row; of
    /// two costs less than `slack` apart the better is not worth looking for. `watch` is told cost and bound.
    pub(super) fn improve(
        &mut self,
        mut best: Vec<f64>,
        slack: f64,
        until: Option<Instant>,
        seed: u64,
        watch: &mut dyn FnMut(f64, f64) -> Flow,
    ) -> Vec<f64> {
        let (count, mut cost) = (self.parts.len(), self.cost_of(&best));
        let mut size = FIRST.min(count as f64);
        let (mut looked_at, mut is_asked) = (0.0, false);
        let mut stands = self.learn(&best);
        while looked_at < LOOKS * count as f64
            && self.bound < cost - slack
            && left(until).is_none_or(|left| left > 0.1)
            && !is_asked
        {
            let first = self.picks * PARTS as u64;
            self.picks += 1;
            let parts: Vec<Vec<usize>> = (first..first + PARTS as u64)
                .map(|part| chosen(count, size as usize, Dice::new(seed, part)))
                .collect();
            let (stop, seconds) = (AtomicBool::new(false), at_most(until, SECONDS));
            let (master, values, bound) = (&*self, &best, self.bound);
            let anew =
                |open: &Vec<usize>| Part::new(master, (values, slack), &stands, open, seconds, &stop).anew();
            let work = || parts.par_iter().with_max_len(1).map(anew).collect::<Vec<_>>();
            let found = watched(&stop, work, || {
                let flow = watch(cost, bound);
                is_asked |= flow == Flow::Stop;
                flow
            });
            looked_at += size * PARTS as f64;
            let (mut solved, before) = (0, cost);
            for outcome in found {
                solved += usize::from(matches!(outcome, Outcome::Best | Outcome::Nothing(true)));
                let Outcome::Better(changes) = outcome else { continue };
                let mut values = best.clone();
                for (column, value) in changes {
                    values[column] = value;
                }
                let own = self.cost_of(&values);
                // Another part may have been taken over before it.
                if own < cost - EPSILON && self.program.fits(&values) {
                    (best, cost, looked_at) = (values, own, 0.0);
                }
            }
            if cost < before {
                stands = self.learn(&best);
            }
            let factor = if 2 * solved >= PARTS { GROWTH } else { 1.0 / GROWTH };
            size = (size * factor).max(FEWEST).min(count as f64);
        }
        best
    }
}

impl<'a> Part<'a> {
    /// The blocks at `open`, while `stands` are the plans of all.
    fn new(
        master: &'a Master<'a>,
        (values, slack): (&'a [f64], f64),
        stands: &[usize],
        open: &'a [usize],
        seconds: f64,
        stop: &'a AtomicBool,
    ) -> Part<'a> {
        let mut rest = vec![0.0; master.blocks.links.len()];
        for (block, plan) in stands.iter().enumerate() {
            if open.binary_search(&block).is_err() {
                for (link, sum) in &master.plans[*plan].adds {
                    rest[*link] += sum;
                }
            }
        }
        let mut plans: Vec<Plan> = open.iter().map(|block| master.plans[stands[*block]].clone()).collect();
        let shared = master.blocks.shared.iter().map(|column| master.cost[*column] * values[*column]);
        let cost = shared.sum::<f64>() + plans.iter().map(|plan| plan.cost).sum::<f64>();
        for block in open {
            plans.extend(master.best_known(*block, stands[*block], KNOWN).cloned());
        }
        let until = Instant::now() + Duration::from_secs_f64(seconds);
        Part { master, open, values, rest, plans, cost, slack, until, stop }
    }

    /// Plans the blocks anew.
    fn anew(mut self) -> Outcome {
        match self.price() {
            Some(true) => Outcome::Best,
            Some(false) => self.pick(),
            None => Outcome::Nothing(false),
        }
    }

    /// Asks for plans at one price after the other; whether that proves that nothing better is there. None when it was
    /// cut short.
    fn price(&mut self) -> Option<bool> {
        let (master, links) = (self.master, self.master.blocks.links.len());
        let (program, objective) = master.lower(&self.plans, self.open, &self.rest, false);
        let mut relaxation = Relaxation::new(&program, &objective).ok()??;
        let mut best_prices = master.prices.clone().unwrap_or_else(|| vec![0.0; links]);
        let (mut best_bound, mut smooth) = (f64::NEG_INFINITY, SMOOTH);
        let mut relaxed = relaxation.solve(left(Some(self.until))).ok()??;
        for _ in 0..ROUNDS {
            if self.stop.load(Ordering::Relaxed) {
                return None;
            }
            let mut duals = relaxed.duals[..links].to_vec();
            master.allowed(&mut duals);
            let prices = between(&best_prices, &duals, smooth);
            let taken: f64 = prices.iter().zip(&self.rest).map(|(price, rest)| price * rest).sum();
            let mut bound = master.worth(&prices) - taken;
            let mut is_new = false;
            for (at, block) in self.open.iter().enumerate() {
                let (values, least) = master.parts[*block].offer(&prices, SECONDS, self.stop)?;
                bound += least;
                let plan = master.parts[*block].plan(*block, values);
                if plan.cost_at(&duals) < relaxed.duals[links + at] - EPSILON {
                    let mut terms = plan.adds.clone();
                    terms.push((links + at, 1.0));
                    relaxation.add(plan.cost, FREE, &terms).ok()?;
                    self.plans.push(plan);
                    is_new = true;
                }
            }
            if bound > self.cost - self.slack {
                return Some(true);
            }
            let has_helped = bound > best_bound + EPSILON;
            if has_helped {
                (best_bound, best_prices) = (bound, prices);
            }
            if is_new {
                relaxed = relaxation.solve(left(Some(self.until))).ok()??;
            } else if smooth == 0.0 {
                break;
            }
            // Nothing new at prices between: the master's own next.
            smooth = if is_new { smoother(smooth, has_helped) } else { 0.0 };
            // More plans would hardly make it cheaper.
            if best_bound >= relaxed.cost - (self.slack / 2.0).max(EPSILON) {
                break;
            }
        }
        Some(false)
    }

    /// Picks from the plans known.
    fn pick(&self) -> Outcome {
        let effort = Effort { seconds: left(Some(self.until)), nodes: NODES, steps: STEPS };
        let stands: Vec<usize> = (0..self.open.len()).collect();
        let plans = (self.plans.as_slice(), stands.as_slice());
        let Some((values, is_proved)) =
            self.master
                .choose(self.values, plans, (self.open, &self.rest), effort, &mut || unless(self.stop))
        else {
            return Outcome::Nothing(false);
        };
        if self.master.cost_of(&values) >= self.master.cost_of(self.values) - EPSILON {
            return Outcome::Nothing(is_proved);
        }
        let both = values.iter().zip(self.values).enumerate();
        let changes = both.filter(|(_, (value, stood))| (*value - *stood).abs() > 1e-9);
        Outcome::Better(changes.map(|(column, (value, _))| (column, *value)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{all, random, BLOCKS, DAYS};
    use super::*;
    use crate::neighbourhood::Role;

    #[test]
    fn parts_end_at_the_best_that_others_leave() {
        let (mut best, mut better, mut nothing) = (0, 0, 0);
        for seed in 0..200 {
            let (program, cost, blocks) = random(seed);
            let rosters = all(&program);
            let Some(start) = rosters.last() else { continue };
            let price =
                |values: &[f64]| cost.iter().zip(values).map(|(cost, value)| cost * value).sum::<f64>();
            let roles: Vec<Role> = (0..program.columns.len() as u32).map(Role::Decides).collect();
            let mut master = Master::new((&program, &cost), &blocks, (&roles, DAYS), start, false);
            assert!(master.is_cheap(), "all plans of a block are at hand");
            let (stands, stop) = (master.learn(start), AtomicBool::new(false));
            for open in [vec![0], vec![1, 2], vec![0, 2], vec![0, 1, 2]] {
                let stays = |roster: &&Vec<f64>| {
                    let closed = (0..BLOCKS).filter(|block| !open.contains(block));
                    let mut columns = closed.flat_map(|block| &blocks.blocks[block].columns);
                    columns.all(|column| roster[*column] == start[*column])
                };
                let left = rosters.iter().filter(stays).map(|roster| price(roster));
                let least = left.fold(f64::INFINITY, f64::min);
                match Part::new(&master, (start, 1.0 - 1e-6), &stands, &open, SECONDS, &stop).anew() {
                    Outcome::Best => {
                        best += 1;
                        assert!(price(start) - least < 1.0 - 1e-6, "seed {seed}: {open:?} could be better");
                    }
                    Outcome::Better(changes) => {
                        better += 1;
                        let mut values = start.clone();
                        for (column, value) in changes {
                            values[column] = value;
                        }
                        assert!(rosters.contains(&values) && stays(&&values), "seed {seed}: {open:?}");
                        assert!(price(&values) < price(start) && price(&values) >= least, "seed {seed}");
                    }
                    Outcome::Nothing(_) => nothing += 1,
                }
            }
            let slack = 1.0 - 1e-6;
            let found = master.improve(start.clone(), slack, None, 3, &mut |_, _| Flow::Continue);
            assert!(program.fits(&found) && price(&found) <= price(start), "seed {seed}");
        }
        assert!(best > 100 && better > 100, "{best} proved, {better} better, {nothing} neither");
    }
}
