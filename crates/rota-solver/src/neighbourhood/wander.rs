//! The way of a neighbourhood search from roster to roster: which parts are searched, when it gives up, and where it goes
//! on from then.

use super::{Effort, Ground, Habit, Standing, NODES, SMALLEST, STEPS};
use crate::clock;
use crate::dice::Dice;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// Parts searched at a time in a small program and in one of many columns; fixed numbers, so that the result does not
/// depend on the threads.
const PARTS: usize = 4;
const PARTS_OF_MANY: usize = 16;
const MANY: usize = 20_000;
/// How often they are doubled when nothing better is found.
const DOUBLINGS: u32 = 3;
/// Seconds of one part's search at most: a guard only, its nodes and steps are meant to end it.
const SECONDS: f64 = 15.0;
/// Rounds without a better roster after which the effort is doubled: at least, and as many times as everybody is
/// looked at.
const PATIENCE: usize = 8;
const LOOKS: usize = 2;

/// Person-days that are crossed at a time, and how much more than a part's search that may take.
const CROSSED: usize = 1_000;
const CROSSING: u64 = 8;

/// What one part takes on an ordinary machine, other parts at its side.
const SECONDS_OF_A_PART: f64 = 0.09;

/// A neighbourhood search as it stands; it may be interrupted and goes on where it was.
pub struct Wander<'a> {
    ground: &'a Ground<'a>,
    /// Where and when it began.
    origin: Vec<f64>,
    began: Instant,
    standing: Standing,
    seed: u64,
    round: u64,
    /// Parts searched at a time.
    parts: usize,
    idle: usize,
    doublings: u32,
    most_doublings: u32,
    habits: [Habit; 3],
    /// Whether costs are whole numbers, so that there is room for wandering below a step.
    whole: bool,
    /// The first roster of those that cost least, and that cost.
    first: (f64, Vec<f64>),
    /// The search when it gave up.
    mark: Option<Box<Wander<'a>>>,
    /// Better values found after that: how far the search came then depends on the time it had, so that they are what
    /// it goes on from when it has given up again, and what is left when the time is up, but nothing else.
    extra: Option<Standing>,
    /// Whether it went on from its origin, not from the best, when it last found nothing better.
    is_anew: bool,
    /// How much cheaper the best roster became by local search, which takes turns with this one, and by this one.
    pub gained: [f64; 2],
}

/// What ends a search before it has given up by itself, and where it says how it stands.
pub struct Limits<'a> {
    /// When the time is up.
    pub deadline: Option<Instant>,
    /// Set from outside.
    pub stop: &'a AtomicBool,
    /// Told that the search has given up; it goes on as long as it is not stopped.
    pub given_up: &'a AtomicBool,
    /// How many threads may work now.
    pub threads: &'a AtomicUsize,
    /// Rounds at most, those of double effort counting twice: such a search is one of several that take turns, and does not
    /// give up by itself.
    pub rounds: Option<u64>,
    /// No roster costs less, as bits of a number.
    pub target: &'a AtomicU64,
    /// Told the cost of the best roster, as bits of a number.
    pub best: &'a AtomicU64,
}

impl<'a> Wander<'a> {
    /// A search from values that keep every row.
    pub fn new(ground: &'a Ground<'a>, values: Vec<f64>, seed: u64) -> Wander<'a> {
        let standing = ground.standing(values);
        Wander {
            ground,
            origin: standing.values.clone(),
            began: Instant::now(),
            first: (standing.cost, standing.values.clone()),
            standing,
            seed,
            round: 0,
            parts: if ground.cost.len() > MANY { PARTS_OF_MANY } else { PARTS },
            idle: 0,
            doublings: 0,
            most_doublings: DOUBLINGS,
            habits: Habit::ALL,
            whole: ground.cost.iter().all(|cost| (cost - cost.round()).abs() < 1e-9),
            mark: None,
            extra: None,
            is_anew: false,
            gained: [0.0; 2],
        }
    }

    /// Gives up as soon as everybody was looked at in vain.
    pub fn hurry(&mut self) {
        self.most_doublings = 0;
    }

    /// What the best roster costs, without the constant.
    pub fn cost(&self) -> f64 {
        self.standing.cost
    }

    /// The values of the best roster.
    pub fn values(&self) -> &[f64] {
        &self.standing.values
    }

    /// Goes on from other values.
    pub fn put(&mut self, values: &[f64]) {
        self.standing = self.ground.standing(values.to_vec());
        self.note();
    }

    /// Remembers the first roster of a cost.
    fn note(&mut self) {
        if self.standing.cost < self.first.0 - 1e-9 {
            self.first = (self.standing.cost, self.standing.values.clone());
        }
    }

    /// Goes back to the first roster of those that cost least: which one the search has come to since may depend on the
    /// time it had.
    pub fn go_back_to_first(&mut self) {
        self.standing = self.ground.standing(self.first.1.clone());
    }

    /// Goes on from other values, if they cost less.
    pub fn offer(&mut self, values: &[f64]) {
        let cost: f64 = values.iter().zip(&self.ground.cost).map(|(value, cost)| value * cost).sum();
        if cost < self.standing.cost - 1e-9 {
            self.put(values);
        }
    }

    /// Takes over what is good of other values, which need not keep every row: whatever they decide otherwise is decided
    /// anew, a stretch at a time. The roster, if it has become better.
    ///
    /// Method: relaxation induced neighbourhoods (Danna, Rothberg and Le Pape 2005).
    pub fn cross(&mut self, other: &[f64], deadline: Option<Instant>, stop: &AtomicBool) -> Option<Vec<f64>> {
        let ground = self.ground;
        let before = self.standing.cost;
        let differs = |cell: &u32| {
            let mut columns = ground.columns_of[*cell as usize].iter();
            columns
                .any(|column| (self.standing.values[*column as usize] - other[*column as usize]).abs() > 0.5)
        };
        let cells: Vec<u32> = (0..ground.columns_of.len() as u32).filter(differs).collect();
        for part in cells.chunks(CROSSED) {
            let seconds = clock::at_most(deadline, SECONDS);
            if seconds < 0.05 || stop.load(Ordering::Relaxed) {
                break;
            }
            let effort =
                Effort { nodes: NODES * CROSSING, steps: STEPS * CROSSING, seconds, wander: None, stop };
            if let Some((changes, _)) = ground.search(&self.standing, part, &effort) {
                ground.take(&mut self.standing, &changes);
            }
        }
        self.note();
        (self.standing.cost < before - 1e-9).then(|| self.standing.values.clone())
    }

    /// Goes back to where the search has given up, if it has gone on since, and there to the best.
    pub fn go_back(&mut self) {
        if let Some(mark) = self.mark.take() {
            self.take_best();
            let gone_on = std::mem::replace(self, Wander { mark: None, ..*mark }).standing;
            self.extra = Some(gone_on).filter(|extra| extra.cost < self.first.0 - 1e-9);
        }
        if self.first.0 < self.standing.cost - 1e-9 {
            self.go_back_to_first();
        }
    }

    /// Goes on from the best roster of all, whenever it was found.
    pub fn take_best(&mut self) {
        if self.least() < self.standing.cost - 1e-9 {
            self.standing = self.ground.standing(self.best().to_vec());
            self.note();
        }
        self.extra = None;
    }

    /// What the best roster of all costs, whenever it was found.
    pub fn least(&self) -> f64 {
        self.extra.as_ref().map_or(self.first.0, |extra| extra.cost.min(self.first.0))
    }

    /// The values of the best roster of all, whenever it was found.
    pub fn best(&self) -> &[f64] {
        let extra = self.extra.as_ref().filter(|extra| extra.cost < self.first.0 - 1e-9);
        extra.map_or(&self.first.1, |extra| &extra.values)
    }

    /// Forgets how long nothing better was found.
    pub fn begin(&mut self) {
        (self.idle, self.doublings, self.mark, self.is_anew) = (0, 0, None, false);
    }

    /// Says so, once, and remembers where the search was.
    pub fn give_up(&mut self, given_up: &AtomicBool) {
        if self.mark.is_none() {
            let (origin, standing, first) = (self.origin.clone(), self.standing.clone(), self.first.clone());
            self.mark = Some(Box::new(Wander { origin, standing, first, mark: None, extra: None, ..*self }));
            given_up.store(true, Ordering::Relaxed);
        }
    }

    /// Where nothing better was found, goes on from where the search began, the next time from the best, and so on. Once
    /// it has given up it begins anew only where half as much time is left as it has taken.
    pub fn go_elsewhere(&mut self, deadline: Option<Instant>) {
        let is_late =
            clock::left(deadline).is_some_and(|left| left < self.began.elapsed().as_secs_f64() / 2.0);
        self.is_anew = !(self.is_anew || is_late && self.mark.is_some());
        if self.is_anew {
            self.standing = self.ground.standing(self.origin.clone());
            (self.habits, self.doublings) = (Habit::ALL, 0);
        } else if self.mark.is_some() {
            self.take_best();
        } else {
            self.go_back();
        }
    }

    /// How many rounds take as long as so many seconds, by and large: a number that is always the same.
    pub fn rounds_in(&self, seconds: f64) -> u64 {
        (seconds / (SECONDS_OF_A_PART * self.parts as f64)).ceil() as u64
    }

    /// Searches until a limit is reached. When nothing better has been found for long, the search says so, remembers
    /// where it was, and goes on.
    pub fn run(&mut self, limits: &Limits<'_>) {
        let mut rounds = limits.rounds;
        let cells = self.ground.columns_of.iter().filter(|columns| !columns.is_empty()).count();
        let columns: usize = self.ground.columns_of.iter().map(Vec::len).sum();
        loop {
            limits.best.store(self.standing.cost.to_bits(), Ordering::Relaxed);
            let target = f64::from_bits(limits.target.load(Ordering::Relaxed));
            if limits.stop.load(Ordering::Relaxed) || self.standing.cost <= target + 1e-6 || cells == 0 {
                return;
            }
            if let Some(rounds) = &mut rounds {
                if *rounds == 0 {
                    return;
                }
                *rounds = rounds.saturating_sub(1 << self.doublings);
            }
            let left = clock::left(limits.deadline);
            if left.is_some_and(|left| left < 0.05) {
                return;
            }
            let looked_at =
                self.habits.iter().map(|habit| habit.size).sum::<f64>() * 0.7 / 3.0 * self.parts as f64;
            let patience = PATIENCE.max((LOOKS as f64 * columns as f64 / looked_at) as usize);
            if self.idle >= patience {
                self.idle = 0;
                if self.doublings < self.most_doublings {
                    self.doublings += 1;
                } else if limits.rounds.is_none() {
                    self.give_up(limits.given_up);
                    self.go_elsewhere(limits.deadline);
                }
            }
            let seconds = clock::at_most(limits.deadline, SECONDS);
            self.round(seconds, columns as f64, limits);
        }
    }

    /// Searches some parts at a time.
    fn round(&mut self, seconds: f64, all: f64, limits: &Limits<'_>) {
        let ground = self.ground;
        // Columns that cost something now.
        let dear: Vec<usize> = (0..ground.cost.len())
            .filter(|column| ground.cost[*column] * self.standing.values[*column] > 1e-9)
            .collect();
        let total: f64 = self.habits.iter().map(|habit| habit.success + 0.1).sum();
        let parts: Vec<(usize, Vec<u32>, Effort<'_>)> = (0..self.parts as u64)
            .map(|part| {
                let mut dice = Dice::new(self.seed, self.round * self.parts as u64 + part);
                let mut at = dice.below(1_000_000) as f64 / 1_000_000.0 * total;
                let fits = |habit: &Habit| {
                    at -= habit.success + 0.1;
                    at < 0.0
                };
                let habit = self.habits.iter().position(fits).unwrap_or(0);
                // One in four begins anywhere.
                let from: &[usize] = if dice.below(4) == 0 { &[] } else { &dear };
                let cells = ground.part(from, self.habits[habit], &mut dice);
                let wander = (self.whole && part % 2 == 1).then_some(dice);
                let nodes = NODES << self.doublings;
                let steps = STEPS << self.doublings;
                (habit, cells, Effort { nodes, steps, seconds, wander, stop: limits.stop })
            })
            .collect();
        let standing = &self.standing;
        let next = AtomicUsize::new(0);
        let work = |_| {
            let own = || Some(next.fetch_add(1, Ordering::Relaxed)).filter(|at| *at < parts.len());
            let search = |at: usize| (at, ground.search(standing, &parts[at].1, &parts[at].2));
            std::iter::from_fn(own).map(search).collect::<Vec<_>>()
        };
        let threads = limits.threads.load(Ordering::Relaxed).max(1);
        let mut found: Vec<_> = (0..threads).into_par_iter().with_max_len(1).flat_map_iter(work).collect();
        found.sort_unstable_by_key(|(at, _)| *at);
        let before = self.standing.cost;
        for ((habit, ..), (_, found)) in parts.iter().zip(found) {
            let habit = &mut self.habits[*habit];
            let was = self.standing.cost;
            let proved = found.as_ref().is_none_or(|(_, proved)| *proved);
            if let Some((changes, _)) = found {
                ground.take(&mut self.standing, &changes);
            }
            let helped = self.standing.cost < was - 1e-9;
            habit.success = 0.9 * habit.success + if helped { 0.1 } else { 0.0 };
            // Parts that are solved may be larger; parts that are not must be smaller.
            let factor = if proved { 1.07 } else { 0.7 };
            habit.size = (habit.size * factor).clamp(SMALLEST, (1.3 * all).max(SMALLEST));
        }
        self.round += 1;
        self.note();
        if self.standing.cost < before - 1e-9 {
            (self.idle, self.doublings) = (0, self.doublings.saturating_sub(1));
        } else {
            self.idle += 1;
        }
    }
}
