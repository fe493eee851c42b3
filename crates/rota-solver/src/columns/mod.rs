//! Bounds and rosters from blocks: column generation.
//!
//! Each block ([`crate::blocks`]) offers whole plans of its own, the columns; a master program picks one plan for each
//! block such that the links hold, and its prices for the links tell every block which plan to offer next. Any prices
//! give a bound: what the links are worth at these prices plus what each block can do best alone. The bound is a proof
//! by itself, whether or not the prices are the best ones, and uses only what the backend has proved of each block.
//! The plans together are also a way to rosters: the master with whole plans only is a program of its own, and where
//! blocks are few and large, what they offer at the same prices is a roster but for the links.
//!
//! Methods: Dantzig and Wolfe (1960); Lagrangian bounds (Geoffrion 1974); prices smoothed between those of the best
//! bound and those of the master (Wentges 1997; Pessoa and others 2018).

mod anew;
mod part;
mod pick;

use crate::backend::highs::{Relaxation, Relaxed};
use crate::backend::{self, Answer, Flow, Request};
use crate::blocks::Blocks;
use crate::clock::{at_most, left, part};
use crate::neighbourhood::Role;
use crate::program::{Program, ProgramColumn, ProgramRow};
use crate::watched::watched;
use part::{give_diagrams, own_shares, parts, share, Part, NODES};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

/// What a block may plan.
#[derive(Debug, Clone)]
struct Plan {
    block: usize,
    cost: f64,
    /// What it adds to each link, by the link's place.
    adds: Vec<(usize, f64)>,
    /// A value for each column of the block.
    values: Vec<f64>,
}

impl Plan {
    /// What it costs at prices of the links.
    fn cost_at(&self, prices: &[f64]) -> f64 {
        self.cost - self.adds.iter().map(|(link, sum)| prices[*link] * sum).sum::<f64>()
    }
}

/// Values so that they can be compared exactly.
fn key(values: &[f64]) -> Vec<i64> {
    values.iter().map(|value| (value * 1e6).round() as i64).collect()
}

/// Prices between the best ones and others, of the best so much as `smooth` says.
fn between(best: &[f64], other: &[f64], smooth: f64) -> Vec<f64> {
    best.iter().zip(other).map(|(best, other)| smooth * best + (1.0 - smooth) * other).collect()
}

/// How much of the best prices stays in the next ones, after the last have given a better bound or none.
fn smoother(smooth: f64, has_helped: bool) -> f64 {
    if has_helped {
        (smooth * 0.8).max(0.2)
    } else {
        (1.0 - (1.0 - smooth) * 0.7).min(0.9)
    }
}

/// Rounds prices to a grid: whole costs at such prices are multiples of its step, and a search among multiples is ended
/// sooner. The grid becomes finer where nothing has changed since the last prices.
fn rounded(prices: &mut [f64], last: &[f64], grid: &mut f64) {
    let exact = prices.to_vec();
    while *grid <= FINEST {
        for (price, exact) in prices.iter_mut().zip(&exact) {
            *price = (exact * *grid).round() / *grid;
        }
        if prices != last {
            return;
        }
        *grid *= 2.0;
    }
    prices.copy_from_slice(&exact);
}

/// Steps of the grid of prices in one unit of the cost, to begin with and in the end.
const GRID: f64 = 4.0;
const FINEST: f64 = 64.0;

/// A plan that may be taken, in part where numbers may be broken. That one plan is taken of each block is a row, whose
/// price would be another if the column said it too.
const FREE: ProgramColumn = ProgramColumn { lower: 0.0, upper: f64::INFINITY, integer: false };
/// Seconds of the search of one block: a guard only.
const SECONDS: f64 = 20.0;
/// Rounds of prices at most.
pub const ROUNDS: usize = 200;
/// How much of the best prices stays in the next ones.
const SMOOTH: f64 = 0.85;
/// Of the time, how much may go into rosters in the end, and of that into picking plans.
const WHOLE_SHARE: f64 = 0.4;
const PICK_SHARE: f64 = 0.6;
/// Steps of the simplex method for the best choice of whole plans: some twenty seconds of a large one.
const WHOLE_STEPS: u64 = 100_000;
/// Bound and master are as good as equal, or nearly, relative to the cost.
const CLOSE: f64 = 1e-4;
const NEAR: f64 = 0.02;
/// Smaller costs than this do not matter to prices.
const EPSILON: f64 = 1e-7;

/// How much the choice among plans may take.
#[derive(Debug, Clone, Copy)]
struct Effort {
    seconds: Option<f64>,
    nodes: u64,
    steps: u64,
}

/// A program in blocks, with the plans and prices known so far.
pub struct Master<'a> {
    program: &'a Program,
    cost: &'a [f64],
    blocks: &'a Blocks,
    parts: Vec<Part>,
    plans: Vec<Plan>,
    /// The plans of each block.
    plans_of: Vec<Vec<usize>>,
    known: HashMap<(usize, Vec<i64>), usize>,
    /// The plan that a block is held to, while plans are picked one after the other.
    held: Vec<Option<usize>>,
    /// The best bound, and the prices that gave it.
    bound: f64,
    prices: Option<Vec<f64>>,
    /// How often plans were picked.
    picks: u64,
    /// Whether picking is worth its time.
    picking_helps: bool,
    /// Whether blocks are few and large: what they offer together is nearly a roster.
    are_large: bool,
    /// The master with broken numbers, as it was solved last; made when it is first asked.
    relaxation: Option<Relaxation>,
}

impl<'a> Master<'a> {
    /// Prepares a program with costs, whose columns have `roles` on so many days. `start` keeps every row. `are_large`
    /// says that blocks are few and large.
    pub fn new(
        (program, cost): (&'a Program, &'a [f64]),
        blocks: &'a Blocks,
        (roles, days): (&[Role], usize),
        start: &[f64],
        are_large: bool,
    ) -> Master<'a> {
        let mut parts = parts(program, cost, blocks, start);
        if are_large {
            for (link, row) in blocks.links.iter().enumerate() {
                own_shares(program, &program.rows[*row], link, &mut parts);
            }
        } else {
            give_diagrams(&mut parts, blocks, (roles, days));
        }
        let held = vec![None; parts.len()];
        let (plans, known, bound) = (Vec::new(), HashMap::new(), f64::NEG_INFINITY);
        let plans_of = vec![Vec::new(); parts.len()];
        let mut master = Master {
            program,
            cost,
            blocks,
            parts,
            plans,
            plans_of,
            known,
            held,
            bound,
            prices: None,
            picks: 0,
            picking_helps: true,
            are_large,
            relaxation: None,
        };
        master.learn(start);
        master
    }

    /// Looks how little of the last `held` links each block can do with, and gives it no more than all others then leave.
    /// Needs a search of every block for every such link.
    pub fn tighten(&mut self, held: usize, deadline: Option<Instant>, watch: &mut dyn FnMut(f64) -> Flow) {
        for link in self.blocks.links.len() - held..self.blocks.links.len() {
            let row = &self.program.rows[self.blocks.links[link]];
            if row.upper == f64::INFINITY || row.terms.iter().any(|(column, _)| self.is_shared(*column)) {
                continue;
            }
            let seconds = self.seconds(deadline);
            let (parts, stop) = (&self.parts, AtomicBool::new(false));
            let work = || parts.par_iter().map(|part| part.least(link, seconds, &stop)).collect();
            let least: Vec<f64> = watched(&stop, work, || watch(self.bound));
            let all: f64 = least.iter().sum();
            for (part, own) in self.parts.iter_mut().zip(&least) {
                let anything = (f64::NEG_INFINITY, f64::INFINITY);
                let row = part
                    .terms_in(link)
                    .and_then(|terms| share(row, terms, (all - own, f64::INFINITY), anything));
                part.program.rows.extend(row);
            }
        }
    }

    /// Whether only links speak of a column.
    fn is_shared(&self, column: usize) -> bool {
        self.blocks.shared.binary_search(&column).is_ok()
    }

    /// Whether every block has all its plans at hand.
    pub fn is_cheap(&self) -> bool {
        self.parts.iter().all(|part| part.diagram.is_some())
    }

    /// No values cost less, as far as is known.
    pub fn bound(&self) -> f64 {
        self.bound
    }

    /// Takes the plans of values that keep every row up; which plans they are.
    fn learn(&mut self, values: &[f64]) -> Vec<usize> {
        (0..self.parts.len())
            .map(|block| {
                let own: Vec<f64> =
                    self.blocks.blocks[block].columns.iter().map(|column| values[*column]).collect();
                self.parts[block].last.clone_from(&own);
                self.add(block, own).0
            })
            .collect()
    }

    /// Improves the bound, in so many rounds of prices at most, and looks for values that cost less than those of
    /// `start`, which keep every row. A bound less than `slack` below the cost would do. Where blocks are few and large,
    /// `cross` is given what they offer together, which need not keep the links; it gives values that do, if they cost
    /// less than any before. `watch` is told cost and bound.
    pub fn search(
        &mut self,
        (start, slack): (&[f64], f64),
        (rounds, deadline): (usize, Option<Instant>),
        seed: u64,
        cross: &mut dyn FnMut(&[f64]) -> Option<Vec<f64>>,
        watch: &mut dyn FnMut(f64, f64) -> Flow,
    ) -> Option<Vec<f64>> {
        self.learn(start);
        let mut best = start.to_vec();
        let until = part(deadline, if self.are_large { 1.0 } else { 1.0 - WHOLE_SHARE });
        let settled = self.price((&mut best, slack), (rounds, until), cross, watch);
        let cost = self.cost_of(&best);
        if self.bound < cost - slack && settled {
            let is_cheap = self.is_cheap();
            if !self.are_large && (self.picking_helps || !is_cheap) {
                best = self.pick(best, part(deadline, PICK_SHARE), seed, watch);
                self.picking_helps = self.cost_of(&best) < cost - EPSILON;
            }
            best = if is_cheap {
                self.improve(best, slack, deadline, seed, watch)
            } else {
                let plans = self.learn(&best);
                self.whole(&best, &plans, deadline, &mut |bound| watch(cost, bound)).unwrap_or(best)
            };
        }
        (best != start).then_some(best)
    }

    fn cost_of(&self, values: &[f64]) -> f64 {
        self.cost.iter().zip(values).map(|(cost, value)| cost * value).sum()
    }

    /// Takes a plan up; its place, and whether it is new.
    fn add(&mut self, block: usize, values: Vec<f64>) -> (usize, bool) {
        let key = (block, key(&values));
        if let Some(known) = self.known.get(&key) {
            return (*known, false);
        }
        self.known.insert(key, self.plans.len());
        let plan = self.parts[block].plan(block, values);
        if let Some(relaxation) = &mut self.relaxation {
            let mut terms = plan.adds.clone();
            terms.push((self.blocks.links.len() + block, 1.0));
            if relaxation.add(plan.cost, FREE, &terms).is_err() {
                self.relaxation = None;
            }
        }
        self.plans_of[block].push(self.plans.len());
        self.plans.push(plan);
        (self.plans.len() - 1, true)
    }

    /// Plans of the blocks at `open` as a program, others adding `rest` to each link: shared columns, then plans; links,
    /// then one plan for each block.
    fn lower(
        &self,
        plans: &[Plan],
        open: &[usize],
        rest: &[f64],
        whole: bool,
    ) -> (Program, Vec<(usize, f64)>) {
        let mut columns = Vec::new();
        let mut objective = Vec::new();
        let mut place = HashMap::new();
        for (at, column) in self.blocks.shared.iter().enumerate() {
            place.insert(*column, at);
            let own = self.program.columns[*column];
            columns.push(ProgramColumn { integer: whole && own.integer, ..own });
            if self.cost[*column] != 0.0 {
                objective.push((at, self.cost[*column]));
            }
        }
        let first = columns.len();
        columns.extend(plans.iter().map(|_| ProgramColumn { integer: whole, ..FREE }));
        objective.extend(plans.iter().enumerate().map(|(at, plan)| (first + at, plan.cost)));
        let mut rows: Vec<ProgramRow> = self
            .blocks
            .links
            .iter()
            .zip(rest)
            .map(|(row, rest)| {
                let row = &self.program.rows[*row];
                ProgramRow { lower: row.lower - rest, upper: row.upper - rest, terms: Vec::new() }
            })
            .collect();
        for (link, row) in self.blocks.links.iter().enumerate() {
            let mut shared: Vec<(usize, f64)> = self.program.rows[*row]
                .terms
                .iter()
                .filter_map(|(column, factor)| place.get(column).map(|at| (*at, *factor)))
                .collect();
            shared.sort_unstable_by_key(|term| term.0);
            rows[link].terms = shared;
        }
        for (at, plan) in plans.iter().enumerate() {
            for (link, sum) in &plan.adds {
                rows[*link].terms.push((first + at, *sum));
            }
        }
        let mut one: Vec<ProgramRow> =
            vec![ProgramRow { lower: 1.0, upper: 1.0, terms: Vec::new() }; open.len()];
        for (at, plan) in plans.iter().enumerate() {
            let own = open.binary_search(&plan.block).expect("plans are of open blocks");
            one[own].terms.push((first + at, 1.0));
        }
        rows.extend(one);
        (Program { columns, rows }, objective)
    }

    /// All blocks, and what others add to each link.
    fn all_open(&self) -> (Vec<usize>, Vec<f64>) {
        ((0..self.parts.len()).collect(), vec![0.0; self.blocks.links.len()])
    }

    /// The master with broken numbers and the plans held; values of shared columns, then of plans.
    fn relaxed(&mut self, seconds: Option<f64>) -> Option<Relaxed> {
        if self.relaxation.is_none() {
            let (open, rest) = self.all_open();
            let (program, objective) = self.lower(&self.plans, &open, &rest, false);
            self.relaxation = Relaxation::new(&program, &objective).ok()?;
            for block in 0..self.held.len() {
                self.bound_plans(block);
            }
        }
        let found = self.relaxation.as_mut()?.solve(seconds);
        if !matches!(found, Ok(Some(_))) {
            // What went wrong with the last basis may go well without it.
            self.relaxation = None;
        }
        found.ok()?
    }

    /// Holds a block to a plan, or to none.
    fn hold(&mut self, block: usize, plan: Option<usize>) {
        if self.held[block] != plan {
            self.held[block] = plan;
            self.bound_plans(block);
        }
    }

    /// Holds no block any more.
    fn release(&mut self) {
        (0..self.held.len()).for_each(|block| self.hold(block, None));
    }

    /// Tells the relaxation which plans of a block may be taken.
    fn bound_plans(&mut self, block: usize) {
        let Some(relaxation) = &mut self.relaxation else { return };
        let held = self.held[block];
        let first = self.blocks.shared.len();
        let done = self.plans_of[block].iter().all(|plan| {
            let lower = if held == Some(*plan) { 1.0 } else { 0.0 };
            let upper = if held.is_none_or(|held| held == *plan) { f64::INFINITY } else { 0.0 };
            relaxation.bound(first + plan, lower, upper).is_ok()
        });
        if !done {
            self.relaxation = None;
        }
    }

    /// Prices with the sign that their rows allow: what has no lower bound is never worth having.
    fn allowed(&self, prices: &mut [f64]) {
        for (price, row) in prices.iter_mut().zip(&self.blocks.links) {
            let row = &self.program.rows[*row];
            if !price.is_finite()
                || (*price > 0.0 && row.lower == f64::NEG_INFINITY)
                || (*price < 0.0 && row.upper == f64::INFINITY)
            {
                *price = 0.0;
            }
        }
    }

    /// What the links and the shared columns are worth at these prices.
    fn worth(&self, prices: &[f64]) -> f64 {
        let mut worth = 0.0;
        let mut reduced: HashMap<usize, f64> =
            self.blocks.shared.iter().map(|column| (*column, self.cost[*column])).collect();
        for (price, row) in prices.iter().zip(&self.blocks.links) {
            let row = &self.program.rows[*row];
            if *price != 0.0 {
                worth += price * if *price > 0.0 { row.lower } else { row.upper };
                for (column, factor) in &row.terms {
                    if let Some(cost) = reduced.get_mut(column) {
                        *cost -= price * factor;
                    }
                }
            }
        }
        for column in &self.blocks.shared {
            let cost = reduced[column];
            let bounds = self.program.columns[*column];
            // An unbounded column with a price the wrong way proves nothing.
            worth += if cost > 0.0 {
                cost * bounds.lower
            } else if cost < 0.0 {
                cost * bounds.upper
            } else {
                0.0
            };
        }
        worth
    }

    /// Every block's best plan at these prices, with what it costs at least.
    fn offers(
        &self,
        prices: &[f64],
        seconds: f64,
        watch: &mut dyn FnMut(f64) -> Flow,
    ) -> Vec<Option<(Vec<f64>, f64)>> {
        let stop = AtomicBool::new(false);
        let offer = |(part, held): (&Part, &Option<usize>)| {
            held.is_none().then(|| part.offer(prices, seconds, &stop)).flatten()
        };
        let (parts, held, bound) = (&self.parts, &self.held, self.bound);
        let work = || parts.par_iter().zip(held).map(offer).collect();
        watched(&stop, work, || watch(bound))
    }

    /// Goes on asking for plans until the bound is as good as it gets, or nearly; whether it is.
    fn price(
        &mut self,
        (best, slack): (&mut Vec<f64>, f64),
        (rounds, deadline): (usize, Option<Instant>),
        cross: &mut dyn FnMut(&[f64]) -> Option<Vec<f64>>,
        watch: &mut dyn FnMut(f64, f64) -> Flow,
    ) -> bool {
        let mut best_prices = self.prices.take().unwrap_or_else(|| self.first_prices(deadline));
        let mut master_prices = best_prices.clone();
        let (mut last_prices, mut grid) = (Vec::new(), GRID);
        let mut smooth = SMOOTH;
        let mut settled = false;
        let mut cost = self.cost_of(best);
        for _ in 0..rounds {
            if left(deadline).is_some_and(|left| left < 0.1) || watch(cost, self.bound) == Flow::Stop {
                break;
            }
            let mut prices = between(&best_prices, &master_prices, smooth);
            self.allowed(&mut prices);
            if self.are_large {
                rounded(&mut prices, &last_prices, &mut grid);
                last_prices.clone_from(&prices);
            }
            let offers = self.offers(&prices, self.seconds(deadline), &mut |bound| watch(cost, bound));
            let mut bound = self.worth(&prices);
            let mut new = false;
            let mut together = self.are_large.then(|| best.clone());
            for (block, offer) in offers.into_iter().enumerate() {
                let Some((values, least)) = offer else {
                    bound = f64::NEG_INFINITY;
                    continue;
                };
                bound += least;
                if let Some(together) = &mut together {
                    for (column, value) in self.blocks.blocks[block].columns.iter().zip(&values) {
                        together[*column] = *value;
                    }
                }
                self.parts[block].last.clone_from(&values);
                new |= self.add(block, values).1;
            }
            let has_helped = bound > self.bound + EPSILON;
            if has_helped {
                self.bound = bound;
                best_prices.clone_from(&prices);
            }
            smooth = smoother(smooth, has_helped);
            if let Some(better) = together.and_then(|together| cross(&together)) {
                cost = self.cost_of(&better);
                self.learn(&better);
                *best = better;
            }
            if self.bound >= cost - slack {
                break;
            }
            let Some(relaxed) = self.relaxed(left(deadline)) else { break };
            settled = self.bound >= relaxed.cost - NEAR * relaxed.cost.abs().max(1.0);
            if self.bound >= relaxed.cost - CLOSE * relaxed.cost.abs().max(1.0) {
                break;
            }
            master_prices = relaxed.duals[..self.blocks.links.len()].to_vec();
            self.allowed(&mut master_prices);
            if !new {
                // Nothing new at prices between: the master's own prices next.
                if prices == master_prices {
                    break;
                }
                smooth = 0.0;
            }
        }
        self.prices = Some(best_prices);
        settled
    }

    /// Seconds that the search of one block may take: where blocks are large, a fair part of what is left.
    fn seconds(&self, deadline: Option<Instant>) -> f64 {
        let share =
            if self.are_large { rayon::current_num_threads() as f64 / self.parts.len() as f64 } else { 1.0 };
        at_most(part(deadline, share.min(1.0)), SECONDS)
    }

    /// Prices to begin with: those of the program with broken numbers, where it is small enough.
    fn first_prices(&self, deadline: Option<Instant>) -> Vec<f64> {
        let none = vec![0.0; self.blocks.links.len()];
        if self.program.columns.len() > 150_000 {
            return none;
        }
        let objective: Vec<(usize, f64)> = self
            .cost
            .iter()
            .enumerate()
            .filter(|(_, cost)| **cost != 0.0)
            .map(|(at, cost)| (at, *cost))
            .collect();
        let seconds = left(deadline).map(|left| left * 0.3);
        match backend::highs::relax(self.program, &objective, seconds) {
            Ok(Some(relaxed)) => {
                let mut prices: Vec<f64> = self.blocks.links.iter().map(|row| relaxed.duals[*row]).collect();
                self.allowed(&mut prices);
                prices
            }
            _ => none,
        }
    }

    /// Values from whole plans, one for each block.
    fn whole(
        &self,
        values: &[f64],
        stands: &[usize],
        deadline: Option<Instant>,
        watch: &mut dyn FnMut(f64) -> Flow,
    ) -> Option<Vec<f64>> {
        let seconds = left(deadline).map(|left| left.min(SECONDS * 3.0));
        let effort = Effort { seconds, nodes: NODES * 20, steps: WHOLE_STEPS };
        let (open, rest) = self.all_open();
        let plans = (self.plans.as_slice(), stands);
        let found = self.choose(values, plans, (&open, &rest), effort, &mut || watch(self.bound))?;
        Some(found.0)
    }

    /// The best choice of `plans` for the blocks at `open`, while others add `rest` to each link and `stands` are the
    /// places of the plans in `values`; and what any choice costs at least, constants aside.
    fn choose(
        &self,
        values: &[f64],
        (plans, stands): (&[Plan], &[usize]),
        (open, rest): (&[usize], &[f64]),
        effort: Effort,
        watch: &mut dyn FnMut() -> Flow,
    ) -> Option<(Vec<f64>, f64)> {
        let (program, objective) = self.lower(plans, open, rest, true);
        let mut start: Vec<f64> = self.blocks.shared.iter().map(|column| values[*column]).collect();
        start.resize(program.columns.len(), 0.0);
        for plan in stands {
            start[self.blocks.shared.len() + plan] = 1.0;
        }
        let request = Request {
            start: Some(&start),
            seconds: effort.seconds,
            nodes: Some(effort.nodes),
            steps: Some(effort.steps),
            ..Request::new(&program, &objective)
        };
        let (found, bound) = match backend::highs::solve(&request, &mut |_| watch()) {
            Answer::Proved { values, bound, .. } => (values, bound),
            Answer::Stopped { best, bound, .. } => (best?.0, bound),
            Answer::Impossible | Answer::Failed(_) => return None,
        };
        let mut whole = values.to_vec();
        self.fill(&mut whole, plans, &found);
        Some((whole, bound))
    }

    /// Puts what was found for shared columns and plans in its place.
    fn fill(&self, values: &mut [f64], plans: &[Plan], found: &[f64]) {
        let (shared, picked) = found.split_at(self.blocks.shared.len());
        for (column, value) in self.blocks.shared.iter().zip(shared) {
            values[*column] = *value;
        }
        for plan in plans.iter().zip(picked).filter(|(_, value)| **value > 0.5).map(|(plan, _)| plan) {
            for (column, value) in self.blocks.blocks[plan.block].columns.iter().zip(&plan.values) {
                values[*column] = *value;
            }
        }
    }

    /// So many plans of a block, the best at the best prices, but for one.
    fn best_known(&self, block: usize, but: usize, most: usize) -> impl Iterator<Item = &Plan> {
        let cost =
            |plan: &usize| self.prices.as_ref().map_or(0.0, |prices| self.plans[*plan].cost_at(prices));
        let own = self.plans_of[block].iter().filter(|plan| **plan != but);
        let mut known: Vec<(f64, usize)> = own.map(|plan| (cost(plan), *plan)).collect();
        known.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        known.into_iter().take(most).map(|(_, plan)| &self.plans[plan])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blocks::Block;
    use crate::dice::Dice;

    pub(super) const BLOCKS: usize = 3;
    pub(super) const DAYS: usize = 3;

    /// Three blocks of three days each, a row of each block's own, two links and a level that is held, all of small
    /// whole numbers.
    pub(super) fn random(seed: u64) -> (Program, Vec<f64>, Blocks) {
        let mut dice = Dice::new(seed, 0);
        let count = BLOCKS * DAYS;
        let mut factor = |least: i64, range: usize| (least + dice.below(range) as i64) as f64;
        let mut row = |columns: std::ops::Range<usize>, lower: f64, upper: f64, least: i64| ProgramRow {
            lower,
            upper,
            terms: columns.map(|column| (column, factor(least, 4))).filter(|term| term.1 != 0.0).collect(),
        };
        let mut rows: Vec<ProgramRow> =
            (0..BLOCKS).map(|block| row(DAYS * block..DAYS * (block + 1), 1.0, 4.0, 0)).collect();
        rows.push(row(0..count, f64::NEG_INFINITY, 5.0, -1));
        rows.push(row(0..count, 3.0, f64::INFINITY, 0));
        rows.push(row(0..count, f64::NEG_INFINITY, 6.0, 0));
        let cost = (0..count).map(|_| factor(0, 6)).collect();
        let blocks = (0..BLOCKS)
            .map(|block| Block { columns: (DAYS * block..DAYS * (block + 1)).collect(), rows: vec![block] })
            .collect();
        let columns = vec![ProgramColumn { lower: 0.0, upper: 1.0, integer: true }; count];
        (Program { columns, rows }, cost, Blocks { blocks, links: vec![3, 4, 5], shared: Vec::new() })
    }

    /// Every roster that keeps the rows.
    pub(super) fn all(program: &Program) -> Vec<Vec<f64>> {
        let count = program.columns.len();
        let values = |bits: usize| (0..count).map(|at| f64::from((bits >> at & 1) as u8)).collect();
        (0..1 << count).map(values).filter(|values: &Vec<f64>| program.fits(values)).collect()
    }

    #[test]
    fn bounds_and_shares_hold_for_every_roster() {
        let (mut cut, mut proved) = (0, 0);
        for seed in 0..200 {
            let (program, cost, blocks) = random(seed);
            let rosters = all(&program);
            let Some(start) = rosters.first() else { continue };
            let price =
                |values: &[f64]| cost.iter().zip(values).map(|(cost, value)| cost * value).sum::<f64>();
            let least = rosters.iter().map(|values| price(values)).fold(f64::INFINITY, f64::min);
            let roles: Vec<Role> = (0..program.columns.len() as u32).map(Role::Decides).collect();
            for are_large in [true, false] {
                let mut master = Master::new((&program, &cost), &blocks, (&roles, DAYS), start, are_large);
                master.tighten(1, None, &mut |_| Flow::Continue);
                for (part, block) in master.parts.iter().zip(&blocks.blocks) {
                    cut += part.program.rows.len() - block.rows.len();
                    for roster in &rosters {
                        let own: Vec<f64> = block.columns.iter().map(|column| roster[*column]).collect();
                        assert!(part.program.fits(&own), "seed {seed}: a block is left too little");
                    }
                }
                let mut offered = 0;
                let mut cross = |values: &[f64]| {
                    offered += 1;
                    (program.fits(values) && price(values) < price(start)).then(|| values.to_vec())
                };
                let found =
                    master.search((start, 1.0 - 1e-6), (ROUNDS, None), 1, &mut cross, &mut |_, bound| {
                        assert!(bound <= least + 1e-6, "seed {seed}: bound {bound} of {least}");
                        Flow::Continue
                    });
                assert!(master.bound() <= least + 1e-6, "seed {seed}: bound {} of {least}", master.bound());
                assert_eq!(offered > 0, are_large);
                let found = found.unwrap_or(start.clone());
                assert!(program.fits(&found) && price(&found) <= price(start), "seed {seed}");
                proved += usize::from(price(&found) - master.bound() < 1.0 - 1e-6);
            }
        }
        assert!(cut > 200 && proved > 200, "only {cut} rows were added and {proved} rosters proved");
    }
}
