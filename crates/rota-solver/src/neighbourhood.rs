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

mod wander;

pub use wander::{Limits, Wander};

use crate::backend::{self, Answer, Request};
use crate::dice::Dice;
use crate::program::{Program, ProgramRow};
use crate::watched::unless;
use std::sync::atomic::AtomicBool;

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

/// Columns that are decided in the smallest part, and in the first.
const SMALLEST: f64 = 60.0;
const FIRST: f64 = 150.0;
/// Nodes and steps of one part's search, to begin with.
const NODES: u64 = 30;
const STEPS: u64 = 1_500;
/// A row about more columns than this joins nobody.
const LONGEST: usize = 3_000;
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
