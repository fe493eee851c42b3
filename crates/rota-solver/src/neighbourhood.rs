//! Neighbourhood search: a part of a roster is decided anew, exactly, while the rest stands.
//!
//! A part is a set of person-days. It grows along the rows of the program: people whose days stand in one row (a
//! zone's seats, a team day, a skill, the car park) belong together, whatever rule wrote the row. Columns that follow
//! from decisions (helpers, slacks) are free wherever the part touches them, everything else is put in as a number,
//! and the small program that is left goes to the backend. Several parts are searched at a time; what they find is
//! taken in their order, each checked against every row it touches, so that the number of threads changes nothing.
//!
//! Method: large neighbourhood search (Shaw 1998) over exact sub-programs.

use crate::backend::{self, Answer, Flow, Request};
use crate::dice::Dice;
use crate::program::{Program, ProgramRow};
use rayon::prelude::*;
use std::time::Instant;

/// What a column of the program is to the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Decides something about a person-day: its number, `person * days + day`.
    Decides(u32),
    /// Follows from decisions.
    Follows,
    /// Decides something that stands here.
    Stands,
}

/// Parts searched at a time; a fixed number, so that the result does not depend on the threads.
const PARTS: usize = 4;
/// Person-days of the smallest and the largest part, and of the first.
const SMALLEST: usize = 60;
const LARGEST: usize = 4_000;
const FIRST: usize = 240;
/// Nodes of one part's search.
const NODES: u64 = 60;
/// Seconds of one part's search at most: a guard only, its nodes are meant to end it.
const SECONDS: f64 = 10.0;
/// A row about more columns than this joins nobody.
const LONGEST: usize = 3_000;
/// Rounds without a better roster after which the search ends, at least; else as many as look at everybody once.
const PATIENCE: usize = 2;

/// A program to be searched part by part.
pub struct Ground<'a> {
    program: &'a Program,
    roles: &'a [Role],
    days: usize,
    /// The columns of each person-day.
    columns_of: Vec<Vec<u32>>,
    /// The rows of each column.
    rows_of: Vec<Vec<u32>>,
    /// Rows that tie everything together: levels that are held.
    wide: Vec<bool>,
    cost: Vec<f64>,
}

/// Values that keep every row, with the value of every row's sum.
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
        let mut columns_of = vec![Vec::new(); cells.max().unwrap_or(0)];
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
        Ground { program, roles, days, columns_of, rows_of, wide, cost }
    }

    /// Better values, or the same. `told` is given the cost after every round and may end the search.
    pub fn improve(
        &self,
        values: Vec<f64>,
        seed: u64,
        deadline: Option<Instant>,
        told: &mut dyn FnMut(f64) -> Flow,
    ) -> Vec<f64> {
        let sum = |row: &ProgramRow| row.terms.iter().map(|(column, factor)| factor * values[*column]).sum();
        let mut standing = Standing {
            sums: self.program.rows.iter().map(sum).collect(),
            cost: values.iter().zip(&self.cost).map(|(value, cost)| value * cost).sum(),
            values,
        };
        if self.columns_of.is_empty() {
            return standing.values;
        }
        let mut size = FIRST;
        let mut idle = 0;
        let mut round = 0u64;
        while idle < PATIENCE.max(self.columns_of.len() / (PARTS * size))
            && told(standing.cost) == Flow::Continue
        {
            let left =
                deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()).as_secs_f64());
            if left.is_some_and(|left| left < 0.05) {
                break;
            }
            let seconds = left.map_or(SECONDS, |left| left.min(SECONDS));
            // Columns that cost something now.
            let dear: Vec<usize> = (0..self.cost.len())
                .filter(|column| self.cost[*column] * standing.values[*column] > 1e-9)
                .collect();
            let parts: Vec<Vec<u32>> = (0..PARTS as u64)
                .map(|part| self.part(&dear, size, &mut Dice::new(seed, round * PARTS as u64 + part)))
                .collect();
            let found: Vec<Option<(Vec<(usize, f64)>, bool)>> =
                parts.par_iter().map(|part| self.search(&standing, part, seconds)).collect();
            let before = standing.cost;
            let (mut quick, mut slow) = (0, 0);
            for (changes, proved) in found.into_iter().flatten() {
                if proved {
                    quick += 1;
                } else {
                    slow += 1;
                }
                self.take(&mut standing, &changes);
            }
            idle = if standing.cost < before - 1e-9 { 0 } else { idle + 1 };
            // Parts that are solved at once may be larger; parts that are not must be smaller.
            if slow > quick {
                size = (size * 2 / 3).max(SMALLEST);
            } else if idle > 0 {
                size = (size * 5 / 4).min(LARGEST);
            }
            round += 1;
        }
        standing.values
    }

    /// The person-days of a part, found by walking along rows from where something costs.
    fn part(&self, dear: &[usize], size: usize, dice: &mut Dice) -> Vec<u32> {
        let people = self.columns_of.len().div_ceil(self.days);
        let mut chosen = vec![false; people];
        let mut list: Vec<usize> = Vec::new();
        let want = (size / self.days.max(1)).max(2).min(people);
        let mut add = |list: &mut Vec<usize>, cell: u32| {
            let person = cell as usize / self.days;
            if !chosen[person] && list.len() < want {
                chosen[person] = true;
                list.push(person);
            }
        };
        if !dear.is_empty() {
            let column = dear[dice.below(dear.len())];
            for cell in self.near(column, dice) {
                add(&mut list, cell);
            }
        }
        if list.is_empty() {
            add(&mut list, (dice.below(people) * self.days) as u32);
        }
        for _ in 0..want * 20 {
            if list.len() >= want {
                break;
            }
            let person = list[dice.below(list.len())];
            let first = person * self.days;
            let last = (first + self.days).min(self.columns_of.len());
            let columns = &self.columns_of[first + dice.below(last - first)];
            if columns.is_empty() {
                continue;
            }
            let column = columns[dice.below(columns.len())] as usize;
            for cell in self.near(column, dice) {
                add(&mut list, cell);
            }
        }
        let cells = list.into_iter().flat_map(|person| {
            let first = person * self.days;
            first..(first + self.days).min(self.columns_of.len())
        });
        cells.map(|cell| cell as u32).collect()
    }

    /// Person-days that share a row with a column, or, where these follow, a row with one that shares a row.
    fn near(&self, column: usize, dice: &mut Dice) -> Vec<u32> {
        let mut column = column;
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
            let terms = &self.program.rows[rows[dice.below(rows.len())] as usize].terms;
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

    /// The changes that make a part best, and whether that was proved; none where nothing better was found.
    fn search(&self, standing: &Standing, part: &[u32], seconds: f64) -> Option<(Vec<(usize, f64)>, bool)> {
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
                    if self.roles[*column] == Role::Follows && place[*column] == u32::MAX {
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
        let objective: Vec<(usize, f64)> = free
            .iter()
            .enumerate()
            .filter(|(_, column)| self.cost[**column] != 0.0)
            .map(|(at, column)| (at, self.cost[*column]))
            .collect();
        if objective.is_empty() {
            return None;
        }
        let start: Vec<f64> = free.iter().map(|column| standing.values[*column]).collect();
        let request = Request {
            program: &program,
            objective: &objective,
            constant: 0.0,
            start: Some(&start),
            seconds: Some(seconds),
            nodes: Some(NODES),
            gap: 0.0,
        };
        let (values, proved) = match backend::highs::solve(&request, &mut |_| Flow::Continue) {
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
