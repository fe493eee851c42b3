//! Neighbourhood search: a part of a roster is decided anew, exactly, while the rest stands.
//!
//! A part is a set of person-days: some people's whole calendars, or a stretch of days of many people. It grows along
//! the rows of the program: people whose days stand in one row (a zone's seats, a team day, a skill, the car park)
//! belong together, whatever rule wrote the row. Columns that follow from decisions (helpers, slacks) are free
//! wherever the part touches them, everything else is put in as a number, and the small program that is left goes to
//! the backend. Several parts are searched at a time; what they find is taken in their order, each checked against
//! every row it touches, so that the number of threads changes nothing. Parts grow as long as they are solved within
//! a fixed effort, and shapes of parts that have helped are drawn more often.
//!
//! Method: large neighbourhood search (Shaw 1998), its shapes and sizes chosen by success (Ropke and Pisinger 2006),
//! over exact sub-programs.

use crate::backend::{self, Answer, Request};
use crate::clock;
use crate::dice::Dice;
use crate::program::{Program, ProgramRow};
use crate::watched::unless;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

/// What a column of the program is to the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Decides something about a person-day: its number, `person * days + day`.
    Decides(u32),
    /// Follows from decisions.
    Follows,
    /// Pays for a row: a slack.
    Pays,
    /// Decides something that stands here.
    Stands,
}

/// Parts searched at a time in a small program and in one of many columns; fixed numbers, so that the result does not
/// depend on the threads.
const PARTS: usize = 4;
const PARTS_OF_MANY: usize = 16;
const MANY: usize = 20_000;
/// Columns that are decided in the smallest part, and in the first.
const SMALLEST: f64 = 60.0;
const FIRST: f64 = 150.0;
/// Nodes and steps of one part's search, to begin with.
const NODES: u64 = 30;
const STEPS: u64 = 1_500;
/// How often they are doubled when nothing better is found.
const DOUBLINGS: u32 = 3;
/// Seconds of one part's search at most: a guard only, its nodes and steps are meant to end it.
const SECONDS: f64 = 15.0;
/// A row about more columns than this joins nobody.
const LONGEST: usize = 3_000;
/// Rounds without a better roster after which the effort is doubled: at least, and as many times as everybody is
/// looked at.
const PATIENCE: usize = 8;
const LOOKS: usize = 2;

/// Person-days that are crossed at a time, and how much more than a part's search that may take.
const CROSSED: usize = 1_000;
const CROSSING: u64 = 8;

/// What one part takes on an ordinary machine, other parts at its side.
const SECONDS_OF_A_PART: f64 = 0.09;

/// How a part is cut out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// People joined by any rows, all their days.
    People,
    /// People joined by the shortest rows, all their days.
    Group,
    /// People joined by any rows, a few days in a row.
    Days,
}

/// A shape with what is known of it.
#[derive(Debug, Clone, Copy)]
struct Habit {
    shape: Shape,
    /// Columns that a part may decide.
    size: f64,
    /// How often it has helped of late, from 0 to 1.
    success: f64,
}

impl Habit {
    /// One of each shape, to begin with.
    const ALL: [Habit; 3] = [Habit::new(Shape::People), Habit::new(Shape::Group), Habit::new(Shape::Days)];

    const fn new(shape: Shape) -> Habit {
        Habit { shape, size: FIRST, success: 0.5 }
    }
}

/// A program to be searched part by part.
pub struct Ground<'a> {
    program: &'a Program,
    /// What each column is.
    pub roles: &'a [Role],
    /// Days of the calendar.
    pub days: usize,
    /// The columns of each person-day.
    columns_of: Vec<Vec<u32>>,
    /// The rows of each column.
    rows_of: Vec<Vec<u32>>,
    /// Rows that tie everything together: levels that are held.
    wide: Vec<bool>,
    /// What each column costs.
    pub cost: Vec<f64>,
    /// How many rows at the end hold levels above.
    pub held: usize,
}

/// Values that keep every row, with the value of every row's sum.
#[derive(Debug, Clone)]
struct Standing {
    values: Vec<f64>,
    sums: Vec<f64>,
    cost: f64,
}

impl<'a> Ground<'a> {
    /// Prepares a program. `held` is the number of rows at its end that hold levels above.
    pub fn new(
        program: &'a Program,
        roles: &'a [Role],
        days: usize,
        held: usize,
        objective: &[(usize, f64)],
    ) -> Ground<'a> {
        let cells = roles.iter().filter_map(|role| match role {
            Role::Decides(cell) => Some(*cell as usize + 1),
            _ => None,
        });
        // Whole calendars, whether or not there is anything to decide at their ends.
        let mut columns_of = vec![Vec::new(); cells.max().unwrap_or(0).next_multiple_of(days.max(1))];
        for (column, role) in roles.iter().enumerate() {
            if let Role::Decides(cell) = role {
                columns_of[*cell as usize].push(column as u32);
            }
        }
        let mut rows_of = vec![Vec::new(); program.columns.len()];
        for (at, row) in program.rows.iter().enumerate() {
            for (column, _) in &row.terms {
                rows_of[*column].push(at as u32);
            }
        }
        let first_held = program.rows.len() - held;
        let mut cost = vec![0.0; program.columns.len()];
        for (column, factor) in objective {
            cost[*column] = *factor;
        }
        let wide = (0..program.rows.len()).map(|row| row >= first_held).collect();
        Ground { program, roles, days, columns_of, rows_of, wide, cost, held }
    }

    /// What a search from values costs now.
    fn standing(&self, values: Vec<f64>) -> Standing {
        let sum = |row: &ProgramRow| row.terms.iter().map(|(column, factor)| factor * values[*column]).sum();
        Standing {
            sums: self.program.rows.iter().map(sum).collect(),
            cost: values.iter().zip(&self.cost).map(|(value, cost)| value * cost).sum(),
            values,
        }
    }

    /// The person-days of a part, found by walking along rows from where something costs.
    fn part(&self, dear: &[usize], habit: Habit, dice: &mut Dice) -> Vec<u32> {
        let people = self.columns_of.len().div_ceil(self.days);
        // Between two fifths of the size and all of it.
        let size = habit.size as usize * (40 + dice.below(61)) / 100;
        let first = (!dear.is_empty()).then(|| self.near(dear[dice.below(dear.len())], habit.shape, dice));
        let first = first.unwrap_or_default();
        let (from, to) = match habit.shape {
            Shape::People | Shape::Group => (0, self.days),
            Shape::Days => {
                let long = [1, 2, 3, 5, 7][dice.below(5)].min(self.days);
                let day =
                    first.first().map_or_else(|| dice.below(self.days), |cell| *cell as usize % self.days);
                let from = day.saturating_sub(dice.below(long)).min(self.days - long);
                (from, from + long)
            }
        };
        let mut chosen = vec![false; people];
        let mut list: Vec<usize> = Vec::new();
        let mut columns = 0;
        let cells = |person: usize| person * self.days + from..person * self.days + to;
        let mut add = |list: &mut Vec<usize>, columns: &mut usize, person: usize| {
            if !chosen[person] && (*columns < size || list.len() < 2) {
                chosen[person] = true;
                list.push(person);
                *columns += cells(person).map(|cell| self.columns_of[cell].len()).sum::<usize>();
            }
        };
        for cell in first {
            add(&mut list, &mut columns, cell as usize / self.days);
        }
        let mut idle = 0;
        while columns < size && list.len() < people && idle < 60 {
            let before = list.len();
            if list.is_empty() || (habit.shape == Shape::Days && idle > 20) {
                add(&mut list, &mut columns, dice.below(people));
            } else {
                let cells = cells(list[dice.below(list.len())]);
                let own = &self.columns_of[cells.start + dice.below(cells.len())];
                if !own.is_empty() {
                    for cell in self.near(own[dice.below(own.len())] as usize, habit.shape, dice) {
                        add(&mut list, &mut columns, cell as usize / self.days);
                    }
                }
            }
            idle = if list.len() > before { 0 } else { idle + 1 };
        }
        list.into_iter().flat_map(cells).map(|cell| cell as u32).collect()
    }

    /// Person-days that share a row with a column, or, where these follow, a row with one that shares a row.
    fn near(&self, column: usize, shape: Shape, dice: &mut Dice) -> Vec<u32> {
        let mut column = column;
        let looks = if shape == Shape::Group { 4 } else { 1 };
        for _ in 0..4 {
            let rows: Vec<u32> = self.rows_of[column]
                .iter()
                .copied()
                .filter(|row| {
                    !self.wide[*row as usize] && self.program.rows[*row as usize].terms.len() <= LONGEST
                })
                .collect();
            if rows.is_empty() {
                return Vec::new();
            }
            let row = (0..looks)
                .map(|_| rows[dice.below(rows.len())])
                .min_by_key(|row| {
                    let terms = &self.program.rows[*row as usize].terms;
                    // A row of one person joins nobody.
                    (self.of_one_person(terms), terms.len())
                })
                .expect("there are rows");
            let terms = &self.program.rows[row as usize].terms;
            let mut cells: Vec<u32> = terms
                .iter()
                .filter_map(|(column, _)| match self.roles[*column] {
                    Role::Decides(cell) => Some(cell),
                    _ => None,
                })
                .collect();
            if !cells.is_empty() {
                // Few of them, from anywhere in the row.
                let from = dice.below(cells.len());
                cells.rotate_left(from);
                cells.truncate(24);
                return cells;
            }
            column = terms[dice.below(terms.len())].0;
        }
        Vec::new()
    }

    /// Whether all that a row decides is one person's.
    fn of_one_person(&self, terms: &[(usize, f64)]) -> bool {
        let mut people = terms.iter().filter_map(|(column, _)| match self.roles[*column] {
            Role::Decides(cell) => Some(cell as usize / self.days),
            _ => None,
        });
        match people.next() {
            Some(first) => people.all(|person| person == first),
            None => false,
        }
    }

    /// The changes that make a part best, and whether that was proved; none where there is nothing to gain.
    fn search(
        &self,
        standing: &Standing,
        part: &[u32],
        effort: &Effort,
    ) -> Option<(Vec<(usize, f64)>, bool)> {
        let mut place: Vec<u32> = vec![u32::MAX; self.roles.len()];
        let mut free: Vec<usize> = Vec::new();
        let mut seen = vec![false; self.program.rows.len()];
        let mut rows: Vec<usize> = Vec::new();
        for cell in part {
            for column in &self.columns_of[*cell as usize] {
                place[*column as usize] = free.len() as u32;
                free.push(*column as usize);
            }
        }
        let mut at = 0;
        while at < free.len() {
            for row in &self.rows_of[free[at]] {
                let row = *row as usize;
                if std::mem::replace(&mut seen[row], true) {
                    continue;
                }
                rows.push(row);
                if self.wide[row] {
                    continue;
                }
                for (column, _) in &self.program.rows[row].terms {
                    if matches!(self.roles[*column], Role::Follows | Role::Pays) && place[*column] == u32::MAX
                    {
                        place[*column] = free.len() as u32;
                        free.push(*column);
                    }
                }
            }
            at += 1;
        }
        let columns = free.iter().map(|column| self.program.columns[*column]).collect();
        let small = rows.iter().map(|row| {
            let whole = &self.program.rows[*row];
            let mut rest = standing.sums[*row];
            let mut terms = Vec::new();
            for (column, factor) in &whole.terms {
                if place[*column] != u32::MAX {
                    rest -= factor * standing.values[*column];
                    terms.push((place[*column] as usize, *factor));
                }
            }
            terms.sort_unstable_by_key(|term| term.0);
            let tidy = |bound: f64| {
                let bound = bound - rest;
                // What was added up may miss a whole number by a hair.
                if (bound - bound.round()).abs() < 1e-7 {
                    bound.round()
                } else {
                    bound
                }
            };
            ProgramRow { lower: tidy(whole.lower), upper: tidy(whole.upper), terms }
        });
        let program = Program { columns, rows: small.collect() };
        let mut objective: Vec<(usize, f64)> = free
            .iter()
            .enumerate()
            .filter(|(_, column)| self.cost[**column] != 0.0)
            .map(|(at, column)| (at, self.cost[*column]))
            .collect();
        if objective.is_empty() {
            return None;
        }
        if let Some(mut dice) = effort.wander {
            // Less than a step in all: of rosters that cost the same, another one.
            let most = WANDER / part.len().max(1) as f64;
            for (at, column) in free.iter().enumerate() {
                if matches!(self.roles[*column], Role::Decides(_)) && self.cost[*column] == 0.0 {
                    objective.push((at, most * dice.share()));
                }
            }
        }
        let start: Vec<f64> = free.iter().map(|column| standing.values[*column]).collect();
        let request = Request {
            start: Some(&start),
            seconds: Some(effort.seconds),
            nodes: Some(effort.nodes),
            steps: Some(effort.steps),
            ..Request::new(&program, &objective)
        };
        let (values, proved) = match backend::highs::solve(&request, &mut |_| unless(effort.stop)) {
            Answer::Proved { values, .. } => (values, true),
            Answer::Stopped { best, .. } => (best?.0, false),
            Answer::Impossible | Answer::Failed(_) => return None,
        };
        let changes = free
            .iter()
            .zip(values)
            .filter(|(column, value)| (standing.values[**column] - value).abs() > 1e-9);
        Some((changes.map(|(column, value)| (*column, value)).collect(), proved))
    }

    /// Takes changes over where they cost no more and keep every row, whatever was taken over before them.
    fn take(&self, standing: &mut Standing, changes: &[(usize, f64)]) {
        const TOLERANCE: f64 = 1e-6;
        let dearer: f64 = changes
            .iter()
            .map(|(column, value)| self.cost[*column] * (value - standing.values[*column]))
            .sum();
        if dearer > 1e-9 {
            return;
        }
        let mut rows: Vec<u32> =
            changes.iter().flat_map(|(column, _)| &self.rows_of[*column]).copied().collect();
        rows.sort_unstable();
        rows.dedup();
        let before: Vec<f64> = changes.iter().map(|(column, _)| standing.values[*column]).collect();
        for (column, value) in changes {
            standing.values[*column] = *value;
        }
        let mut sums = Vec::with_capacity(rows.len());
        let mut holds = true;
        for row in &rows {
            let terms = &self.program.rows[*row as usize];
            let sum: f64 = terms.terms.iter().map(|(column, factor)| factor * standing.values[*column]).sum();
            if sum < terms.lower - TOLERANCE || sum > terms.upper + TOLERANCE {
                holds = false;
                break;
            }
            sums.push(sum);
        }
        if holds {
            for (row, sum) in rows.into_iter().zip(sums) {
                standing.sums[row as usize] = sum;
            }
            standing.cost += dearer;
        } else {
            for ((column, _), value) in changes.iter().zip(before) {
                standing.values[*column] = value;
            }
        }
    }
}

/// How much one part may take.
struct Effort<'a> {
    nodes: u64,
    steps: u64,
    seconds: f64,
    /// Whether to look for another roster of the same cost.
    wander: Option<Dice>,
    stop: &'a AtomicBool,
}

/// Of one step of the cost, how much wandering may weigh in all.
pub const WANDER: f64 = 0.4;

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
