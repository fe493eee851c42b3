//! Local search: from roster to roster by changing single decisions, helpers and slacks following by evaluation.
//!
//! No rule is known by name here. A program is a network ([`Anatomy`]): decisions, sums over columns, and columns that
//! follow from sums. A move sets a few decisions: one person-day; the same change for people who stand in one row; all
//! of somebody's days from one way of being on site to another; an exchange between two days or two people. What such
//! a move breaks it may mend at once by one more change along the row that broke. Only the sums that a move touches
//! are added up anew.
//!
//! Broken rows cost their weight times what they miss. Moves that make things worse are accepted as in simulated
//! annealing (Kirkpatrick, Gelatt and Vecchi 1983); half of all moves begin in a row that is broken or costs something,
//! as in `WalkSAT` (Selman, Kautz and Cohen 1994); rows that stay broken grow heavier, as in Feasibility Jump (Luteberget
//! and Sartor 2023) and `ViolationLS` (Davies, Didier and Perron 2024). Work is counted in moves, and a fixed number of
//! chains meets after each annealing, so that without a deadline the same values come out every time.

use crate::dice::Dice;
use crate::lower::anatomy::{Anatomy, Follow};
use crate::program::Program;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

/// No column, sum or decision.
const NONE: u32 = u32::MAX;
/// Less than this is not broken.
const TOLERANCE: f64 = 1e-7;
/// Chains searched side by side; a fixed number, so that the result does not depend on the threads.
const CHAINS: usize = 2;
/// Moves between two looks at the clock and at the rows that stay broken.
const BEAT: u64 = 256;

/// Moves of the first annealing, at least and at most.
const SHORTEST: u64 = 2_000;
const LONGEST: u64 = 10_000_000;
/// Temperature to begin with, in dearest columns, and to end with, in cheapest; and both where nothing costs.
const HOT: f64 = 0.7;
const COLD: f64 = 0.5;
const HEAT: (f64, f64) = (0.6, 0.05);
/// How hot the annealings after the first begin, as part of that.
const AGAIN: f64 = 0.5;
/// What a broken row weighs at first, in dearest columns.
const WEIGHT: f64 = 0.3;
/// A row that is broken from beginning to end grows by this power of e, and so many times faster towards the end.
const GROWTH: f32 = 16.0;
const LATE: f32 = 8.0;
/// What is left of a weight when the next annealing begins, and how many times the first weight it may be.
const EASE: f32 = 0.1;
const HEAVIEST: f32 = 10.0;

/// People at most to whom the same is done at once.
const MATES: usize = 60;

/// When to end.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    /// How long to go on.
    pub patience: Patience,
    /// A cost that is good enough.
    pub target: f64,
    /// When the time is up.
    pub deadline: Option<Instant>,
    /// Set from outside.
    pub stop: &'a AtomicBool,
    /// Told the cost of the best roster, as bits of a number.
    pub best: &'a AtomicU64,
}

impl Limits<'_> {
    fn over(&self) -> bool {
        self.stop.load(Ordering::Relaxed) || self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }
}

/// How long to go on, counted in annealings, each of which makes twice the moves of the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Moves of the first annealing for each decision.
    pub first: u64,
    /// Annealings at most.
    pub most: u32,
    /// Annealings in a row without a better roster, after which there is no other.
    pub idle: u32,
}

impl Patience {
    /// For a first roster that is easily found.
    pub const SHORT: Patience = Patience { first: 100, most: 3, idle: 3 };
    /// For the best roster of a small program, which is then only to be proved.
    pub const SMALL: Patience = Patience { first: 100, most: 3, idle: 1 };
    /// For a first roster that is not.
    pub const LONG: Patience = Patience { first: 400, most: 9, idle: 9 };
}

/// What a sum is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// It must lie between its bounds.
    Hard,
    /// A column is 1 when it is at least the lower bound.
    Gate,
    /// A column is the sum plus `upper`, divided by `lower` and rounded up.
    Blocks,
    /// A slack is at least what it misses its bounds by.
    Short,
    /// A column is the sum divided by `lower`, at most `upper`; for a whole column rounded down.
    Forgiven(bool),
}

/// What is fixed about a sum.
#[derive(Debug, Clone, Copy)]
struct Fixed {
    lower: f64,
    upper: f64,
    out: u32,
    depth: u16,
    aim: Aim,
}

/// Lists of one kind, one after the other.
#[derive(Debug, Clone, Default)]
struct Lists<T> {
    from: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy + Default> Lists<T> {
    /// Of pairs (list, item), which keep their order.
    fn new(count: usize, pairs: impl Iterator<Item = (usize, T)> + Clone) -> Lists<T> {
        let mut from = vec![0u32; count + 1];
        for (list, _) in pairs.clone() {
            from[list + 1] += 1;
        }
        for list in 0..count {
            from[list + 1] += from[list];
        }
        let mut next = from.clone();
        let mut items = vec![T::default(); from[count] as usize];
        for (list, item) in pairs {
            items[next[list] as usize] = item;
            next[list] += 1;
        }
        Lists { from, items }
    }

    fn range(&self, list: usize) -> std::ops::Range<usize> {
        self.from[list] as usize..self.from[list + 1] as usize
    }

    fn of(&self, list: usize) -> &[T] {
        &self.items[self.range(list)]
    }
}

/// A program as a network of sums.
pub struct Net {
    sums: Vec<Fixed>,
    /// The terms of each sum: column and factor.
    terms: Lists<(u32, f32)>,
    /// The sums of each column.
    sums_of: Lists<(u32, f64)>,
    /// Of each column that follows: its sum; of a slack its sums.
    behind: Lists<u32>,
    cost: Vec<f64>,
    /// The options of each decision: column and way.
    options: Lists<(u32, u32)>,
    lead: Vec<u32>,
    /// Whether an option must be taken.
    needed: Vec<bool>,
    under: Vec<u32>,
    /// The duty decisions under each person-day.
    over: Vec<u32>,
    /// The decision of each column and which of its options it is, counted from 1; 0 for the lead.
    decides: Vec<(u32, u16)>,
    /// Decisions that have an option.
    open: Vec<u32>,
    person_days: usize,
    days: usize,
    depths: usize,
    /// The weight of a hard row to begin with.
    weights: Vec<f32>,
    /// Temperatures from and to, in units of the cost.
    heat: (f64, f64),
}

impl Net {
    /// Prepares a program with its costs.
    pub fn new(program: &Program, anatomy: &Anatomy, objective: &[(usize, f64)]) -> Net {
        let count = program.columns.len();
        let (mut is_slack, mut is_forgiven) = (vec![false; count], vec![false; count]);
        for (column, follow) in &anatomy.follows {
            match follow {
                Follow::Slack => is_slack[*column] = true,
                Follow::Forgiven => is_forgiven[*column] = true,
                Follow::AtLeast(..) | Follow::Blocks(..) => {}
            }
        }
        let mut sums: Vec<Fixed> = Vec::new();
        let mut pairs: Vec<(usize, (u32, f64))> = Vec::new();
        let mut push = |aim, lower, upper, out: u32, terms: &mut dyn Iterator<Item = (usize, f64)>| {
            let at = sums.len();
            pairs.extend(terms.map(|(column, factor)| (at, (column as u32, factor))));
            sums.push(Fixed { lower, upper, out, depth: 0, aim });
        };
        for (column, follow) in &anatomy.follows {
            let out = *column as u32;
            match follow {
                Follow::AtLeast(terms, least) => {
                    push(Aim::Gate, *least, f64::INFINITY, out, &mut terms.iter().copied());
                }
                Follow::Blocks(terms, constant, every) => {
                    push(Aim::Blocks, *every, *constant, out, &mut terms.iter().copied());
                }
                Follow::Slack | Follow::Forgiven => {}
            }
        }
        let mut told = vec![false; count];
        for row in &program.rows[anatomy.holding..] {
            let mut slacks = row.terms.iter().filter(|term| is_slack[term.0]);
            let forgiven = row.terms.iter().find(|term| is_forgiven[term.0]);
            if let Some((column, unit)) = forgiven {
                if *unit > 0.0 && row.upper == 0.0 && !told[*column] {
                    told[*column] = true;
                    let bounds = program.columns[*column];
                    let mut terms =
                        row.terms.iter().filter(|term| term.0 != *column).map(|term| (term.0, -term.1));
                    push(Aim::Forgiven(bounds.integer), *unit, bounds.upper, *column as u32, &mut terms);
                    continue;
                }
            } else if let (Some((column, factor)), None) = (slacks.next(), slacks.next()) {
                let own =
                    (*factor == 1.0 && row.lower.is_finite()) || (*factor == -1.0 && row.upper.is_finite());
                if own {
                    let mut terms = row.terms.iter().copied().filter(|term| term.0 != *column);
                    push(Aim::Short, row.lower, row.upper, *column as u32, &mut terms);
                    continue;
                }
            }
            push(Aim::Hard, row.lower, row.upper, NONE, &mut row.terms.iter().copied());
        }
        let terms =
            Lists::new(sums.len(), pairs.iter().map(|(sum, (column, by))| (*sum, (*column, *by as f32))));
        let sums_of =
            Lists::new(count, pairs.iter().map(|(sum, (column, by))| (*column as usize, (*sum as u32, *by))));
        drop(pairs);
        let outs = sums.iter().enumerate().filter(|(_, sum)| sum.out != NONE);
        let behind = Lists::new(
            count,
            outs.map(|(at, sum)| (sum.out as usize, at as u32)).collect::<Vec<_>>().into_iter(),
        );
        // Columns that follow come after those they follow from.
        let mut depth_of = vec![0u16; count];
        let mut depths = 1;
        let below = |sum: usize, depth_of: &[u16]| {
            terms.of(sum).iter().map(|(column, _)| depth_of[*column as usize]).max().unwrap_or(0)
        };
        for (column, _) in &anatomy.follows {
            for sum in behind.of(*column) {
                let depth = below(*sum as usize, &depth_of);
                sums[*sum as usize].depth = depth;
                depth_of[*column] = depth_of[*column].max(depth + 1);
            }
        }
        for (at, sum) in sums.iter_mut().enumerate() {
            if sum.aim == Aim::Hard {
                sum.depth = below(at, &depth_of);
            }
            depths = depths.max(sum.depth as usize + 1);
        }
        let mut cost = vec![0.0; count];
        for (column, factor) in objective {
            cost[*column] += *factor;
        }
        let mut net = Net {
            weights: vec![0.0; sums.len()],
            sums,
            terms,
            sums_of,
            behind,
            cost,
            options: Lists::default(),
            lead: Vec::new(),
            needed: Vec::new(),
            under: Vec::new(),
            over: vec![NONE; anatomy.decisions.len()],
            decides: vec![(NONE, 0); count],
            open: Vec::new(),
            person_days: anatomy.person_days,
            days: anatomy.days.max(1),
            depths,
            heat: (1.0, 0.1),
        };
        net.lay_decisions(program, anatomy);
        net.weigh();
        net
    }

    fn lay_decisions(&mut self, program: &Program, anatomy: &Anatomy) {
        let mut options: Vec<(usize, (u32, u32))> = Vec::new();
        for (at, decision) in anatomy.decisions.iter().enumerate() {
            let before = options.len();
            let is_held = |column: usize| program.columns[column].lower > 0.5;
            let held = decision.options.iter().any(|option| is_held(option.0));
            for (column, way) in &decision.options {
                if program.columns[*column].upper < 0.5 || (held && !is_held(*column)) {
                    continue;
                }
                options.push((at, (*column as u32, *way)));
                self.decides[*column] = (at as u32, (options.len() - before) as u16);
            }
            let lead = decision.lead.filter(|_| options.len() > before);
            if let Some(lead) = lead {
                self.decides[lead] = (at as u32, 0);
            }
            self.lead.push(lead.map_or(NONE, |lead| lead as u32));
            self.needed.push(held);
            self.under.push(decision.under.map_or(NONE, |under| under as u32));
            if let Some(under) = decision.under {
                self.over[under] = at as u32;
            }
            if options.len() > before {
                self.open.push(at as u32);
            }
        }
        self.options = Lists::new(anatomy.decisions.len(), options.iter().copied());
    }

    /// Temperatures and weights that suit the costs.
    fn weigh(&mut self) {
        let mut costs: Vec<f64> =
            self.cost.iter().map(|cost| cost.abs()).filter(|cost| *cost > 0.0).collect();
        costs.sort_unstable_by(f64::total_cmp);
        let (mut weight, mut heat) = (1.0, HEAT);
        if let (Some(least), Some(most)) = (costs.first(), costs.last()) {
            weight = WEIGHT * most;
            heat = ((HOT * most).max(COLD * least), COLD * least);
        }
        self.heat = heat;
        for (at, sum) in self.sums.iter().enumerate() {
            if sum.aim == Aim::Hard {
                let least = self
                    .terms
                    .of(at)
                    .iter()
                    .map(|term| f64::from(term.1.abs()))
                    .fold(f64::INFINITY, f64::min);
                self.weights[at] = (weight / least.clamp(1e-3, 1e6)) as f32;
            }
        }
    }

    /// What a sum misses its bounds by.
    fn short(&self, sum: usize, value: f64) -> f64 {
        let fixed = &self.sums[sum];
        let short = (fixed.lower - value).max(value - fixed.upper);
        if short > TOLERANCE {
            short
        } else {
            0.0
        }
    }
}

/// What changes about a sum.
#[derive(Debug, Clone, Copy, Default)]
struct Live {
    value: f64,
    /// What it misses its bounds by, as last settled.
    short: f64,
    weight: f32,
    stamp: u32,
    queued: bool,
}

/// Some of many numbers, any of which can be drawn.
#[derive(Debug, Clone, Default)]
struct Marked {
    list: Vec<u32>,
    place: Vec<u32>,
}

impl Marked {
    fn new(count: usize) -> Marked {
        Marked { list: Vec::new(), place: vec![NONE; count] }
    }

    fn keep(&mut self, number: u32, keep: bool) {
        let place = self.place[number as usize];
        if keep && place == NONE {
            self.place[number as usize] = self.list.len() as u32;
            self.list.push(number);
        } else if !keep && place != NONE {
            self.list.swap_remove(place as usize);
            if let Some(moved) = self.list.get(place as usize) {
                self.place[*moved as usize] = place;
            }
            self.place[number as usize] = NONE;
        }
    }
}

/// One search as it stands.
struct Chain<'a> {
    net: &'a Net,
    dice: Dice,
    /// The option of each decision, counted from 1.
    at: Vec<u16>,
    values: Vec<f64>,
    live: Vec<Live>,
    cost: f64,
    penalty: f64,
    broken: usize,
    stamp: u32,
    queues: Vec<Vec<u32>>,
    old_at: Vec<(u32, u16)>,
    old_values: Vec<(u32, f64)>,
    old_sums: Vec<(u32, f64, f64)>,
    /// Hard sums that are broken.
    worries: Marked,
    /// Columns that cost something.
    dear: Marked,
    best: Option<(f64, Vec<u16>)>,
    /// The best is what stands, not yet written down.
    fresh: bool,
    moves: u64,
}

impl<'a> Chain<'a> {
    fn new(net: &'a Net, at: Vec<u16>, dice: Dice) -> Chain<'a> {
        let live = net.weights.iter().map(|weight| Live { weight: *weight, ..Live::default() }).collect();
        let mut chain = Chain {
            net,
            dice,
            at,
            values: vec![0.0; net.cost.len()],
            live,
            cost: 0.0,
            penalty: 0.0,
            broken: 0,
            stamp: 1,
            queues: vec![Vec::new(); net.depths],
            old_at: Vec::new(),
            old_values: Vec::new(),
            old_sums: Vec::new(),
            worries: Marked::new(net.sums.len()),
            dear: Marked::new(net.cost.len()),
            best: None,
            fresh: false,
            moves: 0,
        };
        chain.count();
        chain
    }

    /// Adds everything up anew.
    fn count(&mut self) {
        let net = self.net;
        self.values.fill(0.0);
        for live in &mut self.live {
            (live.value, live.short, live.queued) = (0.0, 0.0, false);
        }
        (self.cost, self.penalty, self.broken) = (0.0, 0.0, 0);
        for decision in &net.open {
            let decision = *decision as usize;
            if net.needed[decision] && self.at[decision] == 0 {
                self.at[decision] = 1;
            }
            let at = self.at[decision];
            if at > 0 {
                self.put(net.options.of(decision)[at as usize - 1].0, 1.0);
                if net.lead[decision] != NONE {
                    self.put(net.lead[decision], 1.0);
                }
            }
        }
        for sum in 0..net.sums.len() {
            if !self.live[sum].queued {
                self.live[sum].queued = true;
                self.queues[net.sums[sum].depth as usize].push(sum as u32);
            }
        }
        self.settle();
        self.worries = Marked::new(net.sums.len());
        for sum in 0..net.sums.len() {
            self.worries.keep(sum as u32, net.sums[sum].aim == Aim::Hard && self.live[sum].short > 0.0);
        }
        self.dear = Marked::new(net.cost.len());
        for column in 0..net.cost.len() {
            self.dear.keep(column as u32, net.cost[column] * self.values[column] > 0.0);
        }
        self.begin();
    }

    /// Forgets how to go back.
    fn begin(&mut self) {
        self.old_at.clear();
        self.old_values.clear();
        self.old_sums.clear();
        self.stamp = self.stamp.wrapping_add(1);
    }

    fn put(&mut self, column: u32, value: f64) {
        let net = self.net;
        let old = self.values[column as usize];
        if old == value {
            return;
        }
        self.old_values.push((column, old));
        self.values[column as usize] = value;
        self.cost += net.cost[column as usize] * (value - old);
        for (sum, by) in net.sums_of.of(column as usize) {
            let live = &mut self.live[*sum as usize];
            if live.stamp != self.stamp {
                live.stamp = self.stamp;
                self.old_sums.push((*sum, live.value, live.short));
            }
            live.value += by * (value - old);
            if !live.queued {
                live.queued = true;
                self.queues[net.sums[*sum as usize].depth as usize].push(*sum);
            }
        }
    }

    /// Lets everything follow.
    fn settle(&mut self) {
        let net = self.net;
        for depth in 0..self.queues.len() {
            while let Some(at) = self.queues[depth].pop() {
                let sum = at as usize;
                let fixed = &net.sums[sum];
                let live = &mut self.live[sum];
                live.queued = false;
                let value = live.value;
                match fixed.aim {
                    Aim::Hard => {
                        let short = net.short(sum, value);
                        self.penalty += f64::from(live.weight) * (short - live.short);
                        self.broken += usize::from(short > 0.0);
                        self.broken -= usize::from(live.short > 0.0);
                        live.short = short;
                    }
                    Aim::Gate => self.put(fixed.out, f64::from(u8::from(value >= fixed.lower - 1e-6))),
                    Aim::Blocks => self.put(fixed.out, ((value + fixed.upper) / fixed.lower - 1e-9).ceil()),
                    Aim::Short => {
                        let short = net.short(sum, value);
                        let old = std::mem::replace(&mut live.short, short);
                        let now = self.values[fixed.out as usize];
                        let rows = net.behind.of(fixed.out as usize);
                        if rows.len() == 1 || short >= now {
                            self.put(fixed.out, short);
                        } else if old >= now - TOLERANCE {
                            let most =
                                rows.iter().map(|row| self.live[*row as usize].short).fold(0.0, f64::max);
                            self.put(fixed.out, most);
                        }
                    }
                    Aim::Forgiven(whole) => {
                        let units = (value / fixed.lower).min(fixed.upper);
                        self.put(fixed.out, if whole { (units + 1e-9).floor() } else { units });
                    }
                }
            }
        }
    }

    /// Gives a decision an option, counted from 1; 0 for none. What can no longer be goes with it.
    fn set(&mut self, decision: u32, option: u16) {
        let net = self.net;
        let at = decision as usize;
        let old = self.at[at];
        if old == option || (option == 0 && net.needed[at]) {
            return;
        }
        self.old_at.push((decision, old));
        self.at[at] = option;
        let options = net.options.of(at);
        if old > 0 {
            self.put(options[old as usize - 1].0, 0.0);
        }
        if option > 0 {
            self.put(options[option as usize - 1].0, 1.0);
        }
        if net.lead[at] != NONE && (old == 0) != (option == 0) {
            self.put(net.lead[at], f64::from(u8::from(option > 0)));
        }
        if option == 0 && net.over[at] != NONE {
            self.set(net.over[at], 0);
        }
        if option > 0 && net.under[at] != NONE && self.at[net.under[at] as usize] == 0 {
            let under = net.under[at];
            if let Some(option) = self.likely(under) {
                self.set(under, option);
            }
        }
    }

    fn undo(&mut self, cost: f64, penalty: f64, broken: usize) {
        while let Some((decision, at)) = self.old_at.pop() {
            self.at[decision as usize] = at;
        }
        while let Some((column, value)) = self.old_values.pop() {
            self.values[column as usize] = value;
        }
        for (sum, value, short) in self.old_sums.drain(..) {
            let live = &mut self.live[sum as usize];
            (live.value, live.short) = (value, short);
        }
        (self.cost, self.penalty, self.broken) = (cost, penalty, broken);
    }

    fn commit(&mut self) {
        let net = self.net;
        for at in 0..self.old_sums.len() {
            let sum = self.old_sums[at].0;
            if net.sums[sum as usize].aim == Aim::Hard {
                self.worries.keep(sum, self.live[sum as usize].short > 0.0);
            }
        }
        for at in 0..self.old_values.len() {
            let column = self.old_values[at].0;
            let cost = net.cost[column as usize];
            if cost != 0.0 {
                self.dear.keep(column, cost * self.values[column as usize] > 0.0);
            }
        }
    }

    // ------------------------------------------------------------ drawing

    fn chance(&mut self, of_a_hundred: usize) -> bool {
        self.dice.below(100) < of_a_hundred
    }

    /// One of the person's days.
    fn another_day(&mut self, decision: u32) -> Option<u32> {
        if decision as usize >= self.net.person_days {
            return None;
        }
        let first = decision as usize / self.net.days * self.net.days;
        Some((first + self.dice.below(self.net.days)) as u32)
    }

    /// The option of a decision that is the same way.
    fn same_way(&self, decision: u32, way: u32) -> Option<u16> {
        let options = self.net.options.of(decision as usize);
        options.iter().position(|option| option.1 == way).map(|at| at as u16 + 1)
    }

    fn way(&self, decision: u32, option: u16) -> Option<u32> {
        (option > 0).then(|| self.net.options.of(decision as usize)[option as usize - 1].1)
    }

    /// Any option, rather one that the person has on another day.
    fn likely(&mut self, decision: u32) -> Option<u16> {
        let count = self.net.options.of(decision as usize).len();
        if count == 0 {
            return None;
        }
        if count > 1 && self.chance(70) {
            for _ in 0..4 {
                let Some(other) = self.another_day(decision) else { break };
                if other == decision {
                    continue;
                }
                if let Some(way) = self.way(other, self.at[other as usize]) {
                    if let Some(option) = self.same_way(decision, way) {
                        return Some(option);
                    }
                }
            }
        }
        Some(self.dice.below(count) as u16 + 1)
    }

    /// Another option than the one it has.
    fn other_option(&mut self, decision: u32) -> u16 {
        let now = self.at[decision as usize];
        if now > 0 && self.chance(50) {
            return 0;
        }
        for _ in 0..3 {
            if let Some(option) = self.likely(decision) {
                if option != now {
                    return option;
                }
            }
        }
        0
    }

    /// From a sum to a decision that would move it: which, and to what.
    fn towards(&mut self, sum: u32, raise: bool) -> Option<(u32, u16)> {
        let net = self.net;
        let (mut sum, mut raise) = (sum as usize, raise);
        'down: for _ in 0..8 {
            let terms = net.terms.of(sum);
            if terms.is_empty() {
                return None;
            }
            for _ in 0..16.min(2 * terms.len()) {
                let (column, by) = terms[self.dice.below(terms.len())];
                let up = raise == (by > 0.0);
                let value = self.values[column as usize];
                let (decision, option) = net.decides[column as usize];
                if decision != NONE {
                    if up == (value > 0.5) {
                        continue;
                    }
                    if self.old_at.iter().any(|old| old.0 == decision) {
                        continue;
                    }
                    let to = match (up, option) {
                        (true, 0) => self.likely(decision)?,
                        (true, option) => option,
                        (false, 0) => 0,
                        (false, _) => self.other_option(decision),
                    };
                    return Some((decision, to));
                }
                let behind = net.behind.of(column as usize);
                let Some(first) = behind.first() else { continue };
                match net.sums[*first as usize].aim {
                    Aim::Gate if up == (value > 0.5) => {}
                    Aim::Short if up || value <= 0.0 => {}
                    Aim::Short => {
                        let row = behind[self.dice.below(behind.len())] as usize;
                        if self.live[row].short <= 0.0 {
                            continue;
                        }
                        (sum, raise) = (row, self.live[row].value < net.sums[row].lower);
                        continue 'down;
                    }
                    _ => {
                        (sum, raise) = (*first as usize, up);
                        continue 'down;
                    }
                }
            }
            return None;
        }
        None
    }

    /// A change that begins where something is broken or costs.
    fn worried(&mut self) -> Option<(u32, u16)> {
        let net = self.net;
        let hard = !self.worries.list.is_empty() && (self.dear.list.is_empty() || self.chance(60));
        if hard {
            let sum = self.worries.list[self.dice.below(self.worries.list.len())];
            return self.towards(sum, self.live[sum as usize].value < net.sums[sum as usize].lower);
        }
        if self.dear.list.is_empty() {
            return None;
        }
        let column = self.dear.list[self.dice.below(self.dear.list.len())];
        let (decision, _) = net.decides[column as usize];
        if decision != NONE {
            return Some((decision, self.other_option(decision)));
        }
        let rows = net.behind.of(column as usize);
        let row = *rows.get(self.dice.below(rows.len()))?;
        let live = &self.live[row as usize];
        if net.sums[row as usize].aim == Aim::Short && live.short > 0.0 {
            return self.towards(row, live.value < net.sums[row as usize].lower);
        }
        None
    }

    /// The same change for others who stand in a row with this one.
    fn mates(&mut self, column: u32, on: bool, wide: bool) {
        let net = self.net;
        let Some(terms) = self.short_row(column) else { return };
        let count = if terms.len() <= 12 && self.chance(30) { terms.len() } else { 1 + self.dice.below(3) };
        let from = self.dice.below(terms.len());
        let mut done = 0;
        for at in 0..terms.len().min(MATES) {
            let (column, _) = terms[(from + at) % terms.len()];
            let (decision, option) = net.decides[column as usize];
            if decision == NONE || on == (self.values[column as usize] > 0.5) {
                continue;
            }
            let to = match (on, option) {
                (true, 0) => self.likely(decision).unwrap_or(0),
                (true, option) => option,
                (false, _) => 0,
            };
            if wide {
                self.set_wide(decision, to);
            } else {
                self.set(decision, to);
            }
            done += 1;
            if done >= count {
                break;
            }
        }
    }

    /// Sets a decision, and the person's other days on site to the same way.
    fn set_wide(&mut self, decision: u32, option: u16) {
        self.set(decision, option);
        let Some(way) = self.way(decision, option) else { return };
        if decision as usize >= self.net.person_days {
            return;
        }
        let first = decision as usize / self.net.days * self.net.days;
        for other in first..first + self.net.days {
            if self.at[other] > 0 && other != decision as usize {
                if let Some(option) = self.same_way(other as u32, way) {
                    self.set(other as u32, option);
                }
            }
        }
    }

    /// Another person's day of the same number.
    fn another_person(&mut self, decision: u32) -> Option<u32> {
        let net = self.net;
        if decision as usize >= net.person_days {
            return None;
        }
        let day = decision as usize % net.days;
        // Somebody from a row they both stand in, or anybody.
        let options = net.options.of(decision as usize);
        let column = options[self.dice.below(options.len())].0;
        let rows = net.sums_of.of(column as usize);
        if !rows.is_empty() && self.chance(70) {
            let terms = net.terms.of(rows[self.dice.below(rows.len())].0 as usize);
            for _ in 0..4 {
                let other = net.decides[terms[self.dice.below(terms.len())].0 as usize].0;
                if other != NONE
                    && (other as usize) < net.person_days
                    && other as usize / net.days != decision as usize / net.days
                {
                    return Some(other);
                }
            }
        }
        let people = net.person_days / net.days;
        let other = (self.dice.below(people) * net.days + day) as u32;
        (other != decision && !net.options.of(other as usize).is_empty()).then_some(other)
    }

    /// Exchanges what two decisions have, as far as the ways allow.
    fn exchange(&mut self, one: u32, other: u32) {
        let (one_way, other_way) =
            (self.way(one, self.at[one as usize]), self.way(other, self.at[other as usize]));
        let to = |decision: u32, way: Option<u32>, chain: &Self| {
            way.map_or(Some(0), |way| chain.same_way(decision, way))
        };
        let one_to = to(one, other_way, self);
        let other_to = to(other, one_way, self);
        if let Some(option) = one_to {
            self.set(one, option);
        }
        if let Some(option) = other_to {
            self.set(other, option);
        }
    }

    /// Exchanges two days of everybody who stands in a short row with a person-day.
    fn exchange_days(&mut self, decision: u32) {
        let net = self.net;
        let Some(other) = self.another_day(decision) else { return };
        let days = net.days as u32;
        let (one, other) = (decision % days, other % days);
        let lead = net.lead[decision as usize];
        let column = if lead == NONE { net.options.of(decision as usize)[0].0 } else { lead };
        let Some(terms) = self.short_row(column) else { return };
        let mut last = NONE;
        for (column, _) in terms.iter().take(MATES) {
            let mate = net.decides[*column as usize].0;
            if mate as usize >= net.person_days || mate / days == last {
                continue;
            }
            last = mate / days;
            self.exchange(last * days + one, last * days + other);
        }
    }

    /// Of a few rows that a column stands in, the shortest.
    fn short_row(&mut self, column: u32) -> Option<&'a [(u32, f32)]> {
        let net = self.net;
        let rows = net.sums_of.of(column as usize);
        if rows.is_empty() {
            return None;
        }
        (0..4)
            .map(|_| net.terms.of(rows[self.dice.below(rows.len())].0 as usize))
            .filter(|terms| terms.len() > 1)
            .min_by_key(|terms| terms.len())
    }

    /// One more change, along a row that has just been broken.
    fn mend(&mut self, gone: Option<u32>, wide: bool) -> bool {
        let net = self.net;
        let mut found = None;
        let mut seen = 0;
        for (sum, _, short) in &self.old_sums {
            let sum = *sum as usize;
            if net.sums[sum].aim == Aim::Hard && self.live[sum].short > *short {
                seen += 1;
                if self.dice.below(seen) == 0 {
                    found = Some(sum);
                }
            }
        }
        let Some(sum) = found else { return false };
        let raise = self.live[sum].value < net.sums[sum].lower;
        let Some((decision, mut to)) = self.towards(sum as u32, raise) else { return false };
        let old = self.at[decision as usize];
        if old > 0 && to == 0 || self.chance(50) {
            if let Some(option) = gone.and_then(|way| self.same_way(decision, way)) {
                if !raise {
                    to = option;
                }
            }
        }
        if wide && to > 0 && old > 0 {
            self.set_wide(decision, to);
        } else {
            self.set(decision, to);
        }
        self.settle();
        true
    }

    /// Makes a move; whether anything changed.
    fn step(&mut self) -> bool {
        let net = self.net;
        let begun = if self.chance(50) { self.worried() } else { None };
        let (decision, to) = begun.unwrap_or_else(|| {
            let decision = net.open[self.dice.below(net.open.len())];
            (decision, self.other_option(decision))
        });
        let old = self.at[decision as usize];
        if old == to {
            return false;
        }
        let gone = self.way(decision, old);
        let mut wide = false;
        match self.dice.below(100) {
            0..=39 => self.set(decision, to),
            40..=54 => {
                // Another of the person's days the other way round.
                self.set(decision, to);
                for _ in 0..4 {
                    let Some(other) = self.another_day(decision) else { break };
                    let there = self.at[other as usize] > 0;
                    if other == decision || net.options.of(other as usize).is_empty() || there != (to > 0) {
                        continue;
                    }
                    let option = match gone {
                        Some(way) if !there => self.same_way(other, way).unwrap_or(0),
                        _ => 0,
                    };
                    self.set(other, option);
                    break;
                }
            }
            55..=69 => {
                wide = true;
                self.set_wide(decision, to);
            }
            70..=84 => {
                wide = self.chance(40);
                let column = |option: u16, lead: bool| {
                    let lead_column = net.lead[decision as usize];
                    if lead && lead_column != NONE || option == 0 {
                        if lead_column == NONE {
                            net.options.of(decision as usize)[0].0
                        } else {
                            lead_column
                        }
                    } else {
                        net.options.of(decision as usize)[option as usize - 1].0
                    }
                };
                let lead = (old == 0 || to == 0) && self.chance(60);
                let column = if to > 0 { column(to, lead) } else { column(old, lead) };
                if wide {
                    self.set_wide(decision, to);
                } else {
                    self.set(decision, to);
                }
                self.mates(column, to > 0, wide);
            }
            _ if self.chance(35) => self.exchange_days(decision),
            _ => {
                let Some(other) = self.another_person(decision) else { return false };
                if self.chance(50) {
                    self.exchange(decision, other);
                } else {
                    let (one, two) = (decision as usize / net.days, other as usize / net.days);
                    for day in 0..net.days {
                        self.exchange((one * net.days + day) as u32, (two * net.days + day) as u32);
                    }
                }
            }
        }
        self.settle();
        let mends = [0, 1, 1, 2][self.dice.below(4)];
        for _ in 0..mends {
            if !self.mend(gone, wide) {
                break;
            }
        }
        !self.old_at.is_empty()
    }

    /// Writes down the best, which stands but for the changes of the move.
    fn write_down(&mut self) {
        if std::mem::take(&mut self.fresh) {
            let (_, best) = self.best.as_mut().expect("a fresh best was found");
            best.clone_from(&self.at);
            for (decision, at) in self.old_at.iter().rev() {
                best[*decision as usize] = *at;
            }
        }
    }

    fn look(&mut self) {
        if self.broken == 0 && self.best.as_ref().is_none_or(|best| self.cost < best.0 - 1e-9) {
            let at = self.best.take().map_or_else(Vec::new, |best| best.1);
            self.best = Some((self.cost, at));
            self.fresh = true;
        }
    }

    /// Goes on from the best that any chain has found.
    fn go_on_from(&mut self, best: &(f64, Vec<u16>)) {
        self.at.clone_from(&best.1);
        self.best = Some(best.clone());
        for (live, weight) in self.live.iter_mut().zip(&self.net.weights) {
            live.weight = (live.weight * EASE).clamp(*weight, HEAVIEST * weight);
        }
        self.count();
    }

    /// One annealing.
    fn anneal(&mut self, length: u64, heat: (f64, f64), limits: &Limits<'_>) {
        let ended = self.moves + length;
        let mut temperature = heat.0;
        let cooling = (heat.1 / heat.0).powf(BEAT as f64 / length as f64);
        self.look();
        while self.moves < ended {
            if self.best.as_ref().is_some_and(|best| best.0 <= limits.target + 1e-9) {
                break;
            }
            if self.moves.is_multiple_of(BEAT) {
                temperature *= cooling;
                let late = (ended - self.moves) < length / 8;
                self.grow(if late { LATE } else { 1.0 } * GROWTH * BEAT as f32 / length as f32);
                if limits.over() {
                    break;
                }
            }
            self.moves += 1;
            let (cost, penalty, broken) = (self.cost, self.penalty, self.broken);
            let moved = self.step();
            let worse = self.cost - cost + self.penalty - penalty;
            let luck = (self.dice.below(1 << 30) + 1) as f64 / f64::from(1 << 30);
            if moved && worse <= -temperature * luck.ln() {
                self.write_down();
                self.commit();
                self.look();
                self.begin();
            } else {
                self.undo(cost, penalty, broken);
                self.begin();
            }
        }
        self.write_down();
    }

    /// Rows that are broken grow heavier.
    fn grow(&mut self, by: f32) {
        for at in 0..self.worries.list.len() {
            let sum = self.worries.list[at] as usize;
            let live = &mut self.live[sum];
            let more = live.weight * by;
            live.weight += more;
            self.penalty += f64::from(more) * live.short;
        }
    }
}

impl Net {
    /// How many things are to be decided.
    pub fn size(&self) -> usize {
        self.open.len()
    }

    /// The best values that were found, from a start or from nothing; none when no values that keep every row were.
    pub fn search(&self, start: Option<&[f64]>, seed: u64, limits: &Limits<'_>) -> Option<Vec<f64>> {
        let from: Vec<u16> = match start {
            Some(values) => (0..self.under.len())
                .map(|decision| {
                    let options = self.options.of(decision);
                    options
                        .iter()
                        .position(|option| values[option.0 as usize] > 0.5)
                        .map_or(0, |at| at as u16 + 1)
                })
                .collect(),
            None => vec![0; self.under.len()],
        };
        if self.open.is_empty() {
            return None;
        }
        let mut chains: Vec<Chain<'_>> =
            (0..CHAINS as u64).map(|chain| Chain::new(self, from.clone(), Dice::new(seed, chain))).collect();
        let mut length = (limits.patience.first * self.open.len() as u64).clamp(SHORTEST, LONGEST);
        let mut heat = self.heat;
        let (began, mut moves) = (Instant::now(), 0);
        let mut best: Option<(f64, Vec<u16>)> = None;
        let mut idle = 0;
        for _ in 0..limits.patience.most {
            // What would be cut off by the deadline cools down in time.
            let left = limits.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            let rate = moves as f64 / began.elapsed().as_secs_f64().max(1e-6);
            let room =
                left.filter(|_| moves > 0).map_or(u64::MAX, |left| (left.as_secs_f64() * rate * 0.97) as u64);
            if room < length / 8 {
                break;
            }
            let planned = length.min(room);
            chains.par_iter_mut().for_each(|chain| chain.anneal(planned, heat, limits));
            moves += planned;
            let found = chains.iter().filter_map(|chain| chain.best.as_ref());
            let found = found.min_by(|one, other| one.0.total_cmp(&other.0));
            idle += 1;
            if let Some(found) =
                found.filter(|found| best.as_ref().is_none_or(|best| found.0 < best.0 - 1e-9))
            {
                best = Some(found.clone());
                idle = 0;
            }
            let enough = best.as_ref().is_some_and(|best| best.0 <= limits.target + 1e-9);
            if enough || limits.over() || idle >= limits.patience.idle {
                break;
            }
            if let Some(best) = &best {
                limits.best.store(best.0.to_bits(), Ordering::Relaxed);
                heat.0 = (self.heat.0 * AGAIN).max(self.heat.1);
                for chain in &mut chains {
                    chain.go_on_from(best);
                }
            }
            length *= 2;
        }
        Some(Chain::new(self, best?.1, Dice::new(seed, 0)).values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::anatomy::Decision;
    use crate::program::{ProgramColumn, ProgramRow};

    fn limits<'a>(stop: &'a AtomicBool, best: &'a AtomicU64, target: f64) -> Limits<'a> {
        Limits { patience: Patience { first: 400, most: 12, idle: 3 }, target, deadline: None, stop, best }
    }

    /// Six people with two ways each: two at most the first way, four at least there; a helper says whether all are,
    /// and a slack what they cost: 3 for each above four, 1 for each who is there the second way.
    fn program() -> (Program, Anatomy, Vec<(usize, f64)>) {
        let choice = ProgramColumn { lower: 0.0, upper: 1.0, integer: true };
        let mut program = Program::default();
        let mut anatomy = Anatomy { person_days: 6, days: 1, ..Anatomy::default() };
        let mut costs = Vec::new();
        for person in 0..6 {
            let lead = 3 * person;
            program.columns.extend([choice; 3]);
            anatomy.decisions.push(Decision {
                lead: Some(lead),
                options: vec![(lead + 1, 0), (lead + 2, 1)],
                under: None,
            });
            costs.push((lead + 2, 1.0));
        }
        let each = |from: usize| (0..6).map(|person| (3 * person + from, 1.0)).collect::<Vec<_>>();
        // All are there, which must not be.
        program.columns.push(choice);
        anatomy.follows.push((18, Follow::AtLeast(each(0), 6.0)));
        program.columns.push(ProgramColumn { upper: 6.0, ..choice });
        anatomy.follows.push((19, Follow::Slack));
        costs.push((19, 3.0));
        let row = |lower, upper, terms| ProgramRow { lower, upper, terms };
        let mut above = each(0);
        above.push((19, -1.0));
        program.rows = vec![
            row(f64::NEG_INFINITY, 2.0, each(1)),
            row(4.0, f64::INFINITY, each(0)),
            row(f64::NEG_INFINITY, 0.0, vec![(18, 1.0)]),
            row(f64::NEG_INFINITY, 4.0, above),
        ];
        (program, anatomy, costs)
    }

    #[test]
    fn finds_what_is_best() {
        let (program, anatomy, costs) = program();
        let (stop, best) = (AtomicBool::new(false), AtomicU64::new(0));
        let net = Net::new(&program, &anatomy, &costs);
        let values =
            net.search(None, 0, &limits(&stop, &best, f64::NEG_INFINITY)).expect("there are rosters");
        let count = |from: usize| (0..6).map(|person| values[3 * person + from]).sum::<f64>();
        assert_eq!((count(0), count(1), count(2)), (4.0, 2.0, 2.0));
        assert_eq!((values[18], values[19]), (0.0, 0.0));
        assert_eq!(Some(values), net.search(None, 0, &limits(&stop, &best, f64::NEG_INFINITY)));
    }

    #[test]
    fn finds_nothing_where_there_is_nothing() {
        let (mut program, anatomy, _) = program();
        program.rows[1].lower = 6.0;
        let (stop, best) = (AtomicBool::new(false), AtomicU64::new(0));
        let net = Net::new(&program, &anatomy, &[]);
        let limits = Limits { patience: Patience::SHORT, ..limits(&stop, &best, f64::INFINITY) };
        assert_eq!(net.search(None, 0, &limits), None);
    }
}
