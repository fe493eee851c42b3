//! Some blocks planned anew while all others stand: the way from a good roster to a better one where blocks are many and
//! all their plans are at hand, as calendars of single people are.
//!
//! The blocks that are open are a master of their own, with what the others leave of the links. Prices go on until no
//! block has a plan to offer that would help, which proves at times that nothing better is there. Else all plans are
//! gathered that cost so little at these prices that they may be part of something better, or some of them, and the best
//! of all known is picked exactly. Parts grow as long as that is done within a fixed effort, until they are all blocks
//! there are: what is proved of these is a bound.
//!
//! Methods: large neighbourhood search (Shaw 1998) whose parts are solved by column generation, as nurse rosters have
//! been (Legrain, Omer and Rosat 2020); all columns within the gap (Baldacci, Christofides and Mingozzi 2008).

use super::{between, key, smoother, Effort, Master, Plan, EPSILON, FREE, SMOOTH};
use crate::backend::highs::Relaxation;
use crate::backend::Flow;
use crate::clock::{at_most, left};
use crate::diagram::Ways;
use crate::dice::Dice;
use crate::neighbourhood::WANDER;
use crate::watched::{unless, watched};
use rayon::prelude::*;
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Parts searched at a time; a fixed number, so that the result does not depend on the threads.
const PARTS: usize = 4;
/// Blocks that are open in the first parts, and at least.
const FIRST: f64 = 8.0;
const FEWEST: f64 = 3.0;
/// How parts grow where half of them are solved, how they shrink, and how they grow where all are solved.
const GROWTH: f64 = 1.05;
const FAST_GROWTH: f64 = 1.15;
/// Rounds of prices for one part, and the effort to pick from its plans.
const ROUNDS: usize = 120;
const NODES: u64 = 60;
const STEPS: u64 = 20_000;
/// Seconds of one part at most: a guard only, its nodes and steps are meant to end it.
const SECONDS: f64 = 300.0;
/// Plans of each block that a part begins with, beside the one that stands.
const KNOWN: usize = 30;
/// Plans that are gathered beside them, at most, and how often their range is halved for that.
const GATHERED: usize = 4_000;
const HALVINGS: usize = 8;
/// Values of plans that are gathered at most, where plans are long.
const ROOM: usize = 4_000_000;
/// How often each block is looked at in vain before the effort is doubled.
const LOOKS: f64 = 12.0;
/// How often the effort is doubled then.
const DOUBLINGS: u32 = 2;

/// What became of a part.
#[derive(Debug)]
enum Outcome {
    /// Nothing better is there: proved.
    Best,
    /// Nothing better was found; whether that was proved of the plans known.
    Nothing(bool),
    /// Columns with their new values: better, or as good where that is looked for.
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

/// How many blocks are open at a time, and how much a part may take.
#[derive(Debug)]
struct Pace {
    size: f64,
    /// How often the effort was doubled.
    doublings: u32,
    /// How many blocks were looked at in vain since.
    looked_at: f64,
}

impl Pace {
    /// Takes account of a round of parts of which so many were `solved`. Parts of all `count` blocks are all the same.
    fn after(&mut self, count: usize, (parts, solved, proved): (usize, usize, usize), has_gained: bool) {
        let count = count as f64;
        self.looked_at += self.size.floor() * parts as f64;
        if has_gained {
            (self.doublings, self.looked_at) = (self.doublings.saturating_sub(1), 0.0);
        } else if self.looked_at > LOOKS * count || self.size >= count {
            (self.doublings, self.looked_at) = (self.doublings + 1, 0.0);
        }
        let factor = if proved == parts {
            FAST_GROWTH
        } else if 2 * solved >= parts {
            GROWTH
        } else {
            1.0 / GROWTH
        };
        self.size = (self.size * factor).max(FEWEST).min(count);
    }
}

impl Master<'_> {
    /// Plans some blocks anew, again and again, and gives the best values that come of it. `best` keeps every row; of
    /// two costs less than `slack` apart the better is not worth looking for. `watch` is told cost and bound. The bound
    /// becomes better where parts grow until they are all there is.
    pub(super) fn improve(
        &mut self,
        mut best: Vec<f64>,
        slack: f64,
        until: Option<Instant>,
        seed: u64,
        watch: &mut dyn FnMut(f64, f64) -> Flow,
    ) -> Vec<f64> {
        let (count, mut cost) = (self.parts.len(), self.cost_of(&best));
        let mut pace = Pace { size: FIRST.min(count as f64), doublings: 0, looked_at: 0.0 };
        let mut is_asked = false;
        let mut stands = self.learn(&best);
        while pace.doublings <= DOUBLINGS
            && self.bound < cost - slack
            && left(until).is_none_or(|left| left > 0.1)
            && !is_asked
        {
            let first = self.picks * PARTS as u64;
            self.picks += 1;
            let mut parts: Vec<Vec<usize>> = (first..first + PARTS as u64)
                .map(|part| chosen(count, pace.size as usize, Dice::new(seed, part)))
                .collect();
            parts.dedup();
            // The last one wanders, where costs have room below a step.
            let plain = if slack > WANDER { parts.len().min(PARTS - 1) } else { parts.len() };
            let (stop, seconds) = (AtomicBool::new(false), at_most(until, SECONDS));
            let (master, values, bound) = (&*self, &best, self.bound);
            let anew = |(at, open): (usize, &Vec<usize>)| {
                let part = Part::new(master, (values, slack), &stands, open, seconds, &stop);
                if at < plain {
                    part.anew(pace.doublings)
                } else {
                    part.another(Dice::new(seed.wrapping_add(1), first))
                }
            };
            let work = || parts.par_iter().with_max_len(1).enumerate().map(anew).collect::<Vec<_>>();
            let found = watched(&stop, work, || {
                let flow = watch(cost, bound);
                is_asked |= flow == Flow::Stop;
                flow
            });
            let asked = found.iter().take(plain).map(|(outcome, _)| outcome);
            let proved = asked.clone().filter(|outcome| matches!(outcome, Outcome::Best)).count();
            let picked = asked.filter(|outcome| matches!(outcome, Outcome::Nothing(true))).count();
            let (before, mut is_other) = (cost, false);
            for ((outcome, least), open) in found.into_iter().zip(&parts) {
                if open.len() == count {
                    self.bound = self.bound.max(least);
                }
                let Outcome::Better(changes) = outcome else { continue };
                let mut values = best.clone();
                for (column, value) in changes {
                    values[column] = value;
                }
                let own = self.cost_of(&values);
                // Another part may have been taken over before it.
                if own < cost + EPSILON && self.program.fits(&values) {
                    is_other = true;
                    (best, cost) = (values, own);
                }
            }
            if is_other {
                stands = self.learn(&best);
            }
            pace.after(count, (plain, proved + picked, proved), cost < before - EPSILON);
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

    /// Plans the blocks anew, with an effort doubled so often; and what any plans of these blocks cost at least, shared
    /// columns included.
    fn anew(mut self, doublings: u32) -> (Outcome, f64) {
        let Some((prices, bound)) = self.price() else { return (Outcome::Nothing(false), f64::NEG_INFINITY) };
        if bound > self.cost - self.slack {
            return (Outcome::Best, bound);
        }
        let reach = self.gather(&prices, bound, GATHERED << doublings);
        let (nodes, steps) = (NODES << doublings, STEPS << doublings);
        let (outcome, least) =
            self.pick(Effort { seconds: left(Some(self.until)), nodes, steps }, reach, 0.0);
        (outcome, least.max(bound))
    }

    /// Looks for other plans that together cost no more.
    fn another(mut self, mut dice: Dice) -> (Outcome, f64) {
        let nothing = (Outcome::Nothing(false), f64::NEG_INFINITY);
        self.slack = 0.0;
        let Some((prices, bound)) = self.price() else { return nothing };
        let reach = self.gather(&prices, bound, GATHERED);
        // Less than a step in all.
        let most = WANDER / self.open.len() as f64;
        for plan in &mut self.plans {
            plan.cost += most * dice.below(1_000) as f64 / 1_000.0;
        }
        let effort = Effort { seconds: left(Some(self.until)), nodes: NODES, steps: STEPS };
        (self.pick(effort, reach, 2.0 * EPSILON).0, f64::NEG_INFINITY)
    }

    /// Takes up the plans that may be part of something better, which are those that cost little more than the best at
    /// prices whose bound is known; or, where there are more than `most`, those among them that cost less. Whatever
    /// costs less than the result is made of the plans then known.
    fn gather(&mut self, prices: &[f64], bound: f64, most: usize) -> f64 {
        let parts: Vec<_> = self.open.iter().map(|block| &self.master.parts[*block]).collect();
        let reduced: Vec<Vec<f64>> = parts.iter().map(|part| part.reduced(prices)).collect();
        let ways = parts.iter().zip(&reduced).map(|(part, reduced)| part.diagram.as_ref()?.ways(reduced));
        let Some(ways) = ways.collect::<Option<Vec<_>>>() else { return bound };
        let widest = reduced.iter().map(Vec::len).max().unwrap_or(1);
        let most = most.min(ROOM / widest.max(1));
        let mut more = self.cost - self.slack - bound;
        for _ in 0..HALVINGS {
            let mut left = most;
            let within = |ways: &Ways<'_>| {
                let found = ways.within(more, left)?;
                left -= found.len();
                Some(found)
            };
            let Some(found) = ways.iter().map(within).collect::<Option<Vec<_>>>() else {
                more /= 2.0;
                continue;
            };
            let mut known: HashSet<(usize, Vec<i64>)> =
                self.plans.iter().map(|plan| (plan.block, key(&plan.values))).collect();
            for (block, found) in self.open.iter().zip(found) {
                let new = found.into_iter().filter(|values| known.insert((*block, key(values))));
                self.plans.extend(new.map(|values| self.master.parts[*block].plan(*block, values)));
            }
            return bound + more;
        }
        bound
    }

    /// Asks for plans at one price after the other, until more would hardly help or nothing better can be there; the best
    /// prices, and the bound that these prove. None when it was cut short.
    fn price(&mut self) -> Option<(Vec<f64>, f64)> {
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
            let has_helped = bound > best_bound + EPSILON;
            if has_helped {
                (best_bound, best_prices) = (bound, prices);
            }
            if bound > self.cost - self.slack {
                break;
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
        Some((best_prices, best_bound))
    }

    /// Picks the best of the plans known, if it costs less than what stands and so much `more`. Whatever costs less than
    /// `reach` is made of these plans, so that the least there can be is known too.
    fn pick(&self, effort: Effort, reach: f64, more: f64) -> (Outcome, f64) {
        let stands: Vec<usize> = (0..self.open.len()).collect();
        let plans = (self.plans.as_slice(), stands.as_slice());
        let Some((values, bound)) =
            self.master
                .choose(self.values, plans, (self.open, &self.rest), effort, &mut || unless(self.stop))
        else {
            return (Outcome::Nothing(false), f64::NEG_INFINITY);
        };
        let least = bound.min(reach);
        let enough = self.cost - self.slack - EPSILON;
        let both = values.iter().zip(self.values).enumerate();
        let changes: Vec<(usize, f64)> = both
            .filter(|(_, (value, stood))| (*value - *stood).abs() > 1e-9)
            .map(|(column, (value, _))| (column, *value))
            .collect();
        let dearer = self.master.cost_of(&values) - self.master.cost_of(self.values);
        let outcome = if dearer < more - EPSILON && !changes.is_empty() {
            Outcome::Better(changes)
        } else if least > enough {
            Outcome::Best
        } else {
            Outcome::Nothing(bound > enough)
        };
        (outcome, least)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{all, random, BLOCKS, DAYS};
    use super::*;
    use crate::neighbourhood::Role;

    #[test]
    fn parts_end_at_the_best_that_others_leave() {
        let (mut best, mut better, mut nothing, mut proved) = (0, 0, 0, 0);
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
                let part = Part::new(&master, (start, 1.0 - 1e-6), &stands, &open, SECONDS, &stop);
                let (outcome, bound) = part.anew(0);
                let own = |columns: &[usize]| {
                    columns.iter().map(|column| cost[*column] * start[*column]).sum::<f64>()
                };
                let closed: f64 = (0..BLOCKS)
                    .filter(|block| !open.contains(block))
                    .map(|block| own(&blocks.blocks[block].columns))
                    .sum();
                assert!(bound + closed <= least + 1e-6, "seed {seed}: {open:?}: bound {bound} of {least}");
                match outcome {
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
            let least = rosters.iter().map(|roster| price(roster)).fold(f64::INFINITY, f64::min);
            assert!(program.fits(&found) && price(&found) <= price(start), "seed {seed}");
            assert!(master.bound() <= least + 1e-6, "seed {seed}: bound {} of {least}", master.bound());
            proved += usize::from(price(&found) - master.bound() < slack + 1e-6);
        }
        assert!(proved > 100, "{proved} proved of all");
        assert!(best > 100 && better > 100, "{best} proved, {better} better, {nothing} neither");
    }
}
