//! What the engine asks of a solver, and the one module per solver that answers.
//!
//! [`highs`] speaks to HiGHS through its C interface, because the engine needs the bound, a start, progress
//! and cancel. [`plain`] goes through `good_lp`, for small programs that need none of these and as a second
//! opinion in tests. No other module names a solver.

pub mod highs;
pub mod plain;

use crate::program::Program;

/// One program to be minimised, with its limits.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Columns and rows.
    pub program: &'a Program,
    /// Cost of each column that has one: column index and coefficient.
    pub objective: &'a [(usize, f64)],
    /// Paid whatever the values: part of what a gap is relative to, but of no cost or bound that is told.
    pub constant: f64,
    /// A value for every column that keeps every row, to start from; no answer costs more. One that breaks a
    /// row is [`Answer::Failed`].
    pub start: Option<&'a [f64]>,
    /// Wall-clock seconds at most; none for no limit.
    pub seconds: Option<f64>,
    /// Branch-and-bound nodes at most: a limit that repeats exactly. 0 searches nothing, 1 solves the root.
    pub nodes: Option<u64>,
    /// Steps of the simplex method at most, in all its linear programs: a limit that repeats exactly, looked at
    /// between two of them.
    pub steps: Option<u64>,
    /// Relative gap at which to stop: (cost - bound) / |cost|. 0 proves the optimum.
    pub gap: f64,
    /// Whether somebody else looks for good solutions meanwhile, so that the solver is best used for its bound.
    pub only_proves: bool,
}

impl<'a> Request<'a> {
    /// To the proved optimum, from nothing and without limits.
    pub fn new(program: &'a Program, objective: &'a [(usize, f64)]) -> Request<'a> {
        Request {
            program,
            objective,
            constant: 0.0,
            start: None,
            seconds: None,
            nodes: None,
            steps: None,
            gap: 0.0,
            only_proves: false,
        }
    }
}

/// How a search stands, for those who watch it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Cost of the best solution so far.
    pub best: Option<f64>,
    /// No solution costs less than this.
    pub bound: f64,
    /// Nodes searched.
    pub nodes: u64,
}

/// Whether to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop soon, with the best found so far.
    Stop,
}

/// Why a search ended before its proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The seconds were used up.
    Time,
    /// The nodes or steps were used up.
    Nodes,
    /// The watcher said [`Flow::Stop`].
    Asked,
}

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A solution proved to be within the gap asked for.
    Proved {
        /// One value per column.
        values: Vec<f64>,
        /// Its cost.
        cost: f64,
        /// No solution costs less than this.
        bound: f64,
    },
    /// The search was cut short.
    Stopped {
        /// The best solution so far, one value per column, and its cost.
        best: Option<(Vec<f64>, f64)>,
        /// No solution costs less than this; `-f64::INFINITY` when nothing is known.
        bound: f64,
        /// What cut it short.
        why: Stop,
    },
    /// No solution keeps every row: proved.
    Impossible,
    /// The solver failed or was given numbers it cannot use (not finite, unbounded); says what happened.
    Failed(String),
}
