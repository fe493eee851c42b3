//! HiGHS through its C interface: the bound, a start, progress and cancel.
//!
//! Each solve is one search on a thread of its own, so many may run at once.
//!
//! What to know before relying on an answer:
//! - Rows are kept within 1e-6 and whole numbers within 1e-6, in absolute terms. Values are rounded to whole
//!   numbers where that keeps the rows. Solutions that differ by less than 1e-6 in cost count as equal.
//! - A gap is relative to the cost with the request's constant; costs and bounds are told without it.
//! - 0 nodes ends before the root is solved, with no more than the start; 1 node solves the root.
//! - HiGHS looks at the clock and for a stop between the steps of its search, but the LP at the root looks at
//!   the clock only, and the preparation of a large program (some ten thousand columns with a cost) at
//!   neither for tens of seconds. A search that is a second late is left to end by itself: the answer is then
//!   what was known, and its thread and memory are free when HiGHS next looks.

// HiGHS offers its bound, callbacks and starts in C only; every call into C is in this file.
#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_void, CStr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use highs_sys as c;

use super::{Answer, Flow, Request, Step, Stop};
use crate::program::{Program, ProgramColumn};
use crate::watched::StopOnDrop;

/// How far a row's sum or a column may lie outside its bounds; HiGHS's own tolerance.
const ROW_TOLERANCE: f64 = 1e-6;
/// How far HiGHS's raw values may lie outside, when rounding them would be worse.
const RAW_TOLERANCE: f64 = 1e-5;
/// How far a value may be from the whole number it stands for.
const WHOLE_TOLERANCE: f64 = 1e-5;
/// How far rounding errors can move a sum, relative to the sum of its absolute terms.
const SUM_PRECISION: f64 = 1e-12;
/// How far a solver's bound may lie above the cost of a known solution, relative to that cost.
const BOUND_PRECISION: f64 = 1e-6;
/// How far apart a bound and a cost may be and count as equal, relative to the cost.
const COST_PRECISION: f64 = 1e-9;
/// HiGHS takes bounds and costs of this size for infinite.
const INFINITE: f64 = 1e20;
/// HiGHS refuses coefficients of this size.
const LARGE: f64 = 1e15;
/// HiGHS drops coefficients up to this size.
const SMALL: f64 = 1e-9;
/// Time between two calls of the watcher, unless a better solution is found.
const WATCH_EVERY: Duration = Duration::from_millis(100);
/// How late HiGHS may be before it is left behind.
const GRACE: Duration = Duration::from_secs(1);
/// Bytes of stack for a search: as much as a main thread has, twice.
const STACK: usize = 16 << 20;

/// A value per column, and its cost.
type Solution = (Vec<f64>, f64);

/// Minimises the program within its limits.
///
/// `watch` is called on this thread: first of all, then about every 0.1 s and at better solutions. When it
/// panics, the search is stopped. The start is never lost: no answer costs more. A start that breaks a row is
/// [`Answer::Failed`], like numbers that HiGHS cannot use.
pub fn solve(request: &Request, watch: &mut dyn FnMut(&Step) -> Flow) -> Answer {
    let began = Instant::now();
    let Request { program, objective, .. } = *request;
    if let Some(answer) = refusal(program, objective) {
        return answer;
    }
    if program.columns.is_empty() {
        return without_columns(program);
    }
    attempt(request, watch, began).unwrap_or_else(Answer::Failed)
}

/// The optimum of a program whose whole numbers may be broken.
#[derive(Debug, Clone, PartialEq)]
pub struct Relaxed {
    /// One value per column.
    pub values: Vec<f64>,
    /// What they cost.
    pub cost: f64,
    /// What one more of a row's bound would add to the cost.
    pub duals: Vec<f64>,
}

/// Minimises the program as a linear one, on this thread, without a proof: none when there is no solution or the
/// seconds do not suffice.
///
/// # Errors
///
/// Numbers that HiGHS cannot use, or its own failure.
pub fn relax(
    program: &Program,
    objective: &[(usize, f64)],
    seconds: Option<f64>,
) -> Result<Option<Relaxed>, String> {
    match Relaxation::new(program, objective)? {
        Some(mut relaxation) => relaxation.solve(seconds),
        None => Ok(None),
    }
}

/// A linear program that is solved again and again while it grows, each time from where it ended before.
pub struct Relaxation {
    highs: Highs,
    costs: Vec<f64>,
    rows: usize,
}

// SAFETY: whoever shares one can do nothing with it: all it does needs it alone.
unsafe impl Sync for Relaxation {}

impl Relaxation {
    /// Takes a program over, whole numbers as if they could be broken; none when bounds of it are crossed.
    ///
    /// # Errors
    ///
    /// Numbers that HiGHS cannot use, or its own failure.
    pub fn new(program: &Program, objective: &[(usize, f64)]) -> Result<Option<Self>, String> {
        if let Some(what) = unusable(program, objective) {
            return Err(what);
        }
        if has_crossed_bounds(program) {
            return Ok(None);
        }
        let request = Request::new(program, objective);
        let mut highs = Highs::new(false)?;
        highs.set_options(&request)?;
        // Primal after new columns, dual after new bounds.
        highs.set_integer(c"simplex_strategy", 0)?;
        highs.pass(&request)?;
        let mut costs = vec![0.0; program.columns.len()];
        for &(column, cost) in objective {
            costs[column] += cost;
        }
        Ok(Some(Self { highs, costs, rows: program.rows.len() }))
    }

    /// Adds a column with its cost and what it adds to each row, rows in order and each at most once.
    ///
    /// # Errors
    ///
    /// A row that is not there, or numbers that HiGHS cannot use.
    pub fn add(&mut self, cost: f64, column: ProgramColumn, terms: &[(usize, f64)]) -> Result<(), String> {
        if terms.iter().any(|&(row, _)| row >= self.rows) || !usable_bounds(column.lower, column.upper) {
            return Err("a column to be added is not usable".to_owned());
        }
        let index = |row: usize| c_int::try_from(row).map_err(|_| "there are too many rows".to_owned());
        let rows: Vec<c_int> = terms.iter().map(|&(row, _)| index(row)).collect::<Result<_, _>>()?;
        let factors: Vec<f64> = terms.iter().map(|term| term.1).collect();
        // SAFETY: the instance is valid, both arrays have the length told, and HiGHS copies them.
        let status = unsafe {
            c::Highs_addCol(
                self.highs.pointer,
                cost,
                column.lower,
                column.upper,
                index(terms.len())?,
                rows.as_ptr(),
                factors.as_ptr(),
            )
        };
        done(status, "a new column")?;
        self.costs.push(cost);
        Ok(())
    }

    /// Gives a column other bounds.
    ///
    /// # Errors
    ///
    /// A column that is not there, or bounds that HiGHS cannot use.
    pub fn bound(&mut self, column: usize, lower: f64, upper: f64) -> Result<(), String> {
        let at = c_int::try_from(column).map_err(|_| "there is no such column".to_owned())?;
        if column >= self.costs.len() || !usable_bounds(lower, upper) {
            return Err("the bounds of a column are not usable".to_owned());
        }
        // SAFETY: the instance is valid and has the column.
        let status = unsafe { c::Highs_changeColBounds(self.highs.pointer, at, lower, upper) };
        done(status, "the bounds of a column")
    }

    /// Minimises it: none when there is no solution or the seconds do not suffice.
    ///
    /// # Errors
    ///
    /// HiGHS's own failure.
    pub fn solve(&mut self, seconds: Option<f64>) -> Result<Option<Relaxed>, String> {
        // SAFETY: the instance is valid.
        unsafe { c::Highs_zeroAllClocks(self.highs.pointer) };
        self.highs.set_float(c"time_limit", seconds.map_or(f64::INFINITY, |seconds| seconds.max(0.0)))?;
        // SAFETY: the instance is valid.
        let status = unsafe { c::Highs_run(self.highs.pointer) };
        if status == c::STATUS_ERROR {
            return Err(format!("HiGHS failed with model status {}", self.highs.model_status()));
        }
        if self.highs.model_status() != c::MODEL_STATUS_OPTIMAL {
            return Ok(None);
        }
        let values = self.highs.values();
        let cost = self.costs.iter().zip(&values).map(|(cost, value)| cost * value).sum();
        Ok(Some(Relaxed { values, cost, duals: self.highs.duals(self.rows) }))
    }
}

/// Name and version of the library, for the record: `highs 1.15.0`.
pub fn version() -> String {
    // SAFETY: HiGHS returns a static string that ends with a zero.
    let version = unsafe { CStr::from_ptr(c::Highs_version()) };
    format!("highs {}", version.to_string_lossy())
}

/// The answer to programs that no solver needs to see: numbers it cannot use, or crossed bounds.
pub(super) fn refusal(program: &Program, objective: &[(usize, f64)]) -> Option<Answer> {
    match unusable(program, objective) {
        Some(what) => Some(Answer::Failed(what)),
        None if has_crossed_bounds(program) => Some(Answer::Impossible),
        None => None,
    }
}

/// Says where the first number is that HiGHS cannot use.
fn unusable(program: &Program, objective: &[(usize, f64)]) -> Option<String> {
    let count = program.columns.len();
    let terms = program.rows.iter().map(|row| row.terms.len()).sum::<usize>();
    if [count, program.rows.len(), terms].iter().any(|&size| c_int::try_from(size).is_err()) {
        return Some("the program is larger than HiGHS can index".to_owned());
    }
    for &(column, cost) in objective {
        if column >= count {
            return Some(format!("objective: there is no column {column}"));
        }
        if !is_below(cost, INFINITE) {
            return Some(format!("objective: the cost {cost} of column {column} is not usable"));
        }
    }
    for (index, column) in program.columns.iter().enumerate() {
        if !usable_bounds(column.lower, column.upper) {
            return Some(format!(
                "column {index}: the bounds {}, {} are not usable",
                column.lower, column.upper
            ));
        }
    }
    for (index, row) in program.rows.iter().enumerate() {
        if !usable_bounds(row.lower, row.upper) {
            return Some(format!("row {index}: the bounds {}, {} are not usable", row.lower, row.upper));
        }
        let mut free_from = 0;
        for &(column, coefficient) in &row.terms {
            if column >= count {
                return Some(format!("row {index}: there is no column {column}"));
            }
            if column < free_from {
                return Some(format!("row {index}: column {column} is repeated or out of order"));
            }
            free_from = column + 1;
            if !is_below(coefficient, LARGE) || (coefficient != 0.0 && coefficient.abs() <= SMALL) {
                return Some(format!(
                    "row {index}: the coefficient {coefficient} of column {column} is not usable"
                ));
            }
        }
    }
    None
}

/// Whether the number is less than the limit in size; what is not a number is not.
fn is_below(number: f64, limit: f64) -> bool {
    number.abs() < limit
}

/// Whether both bounds are numbers that HiGHS takes for what they are.
fn usable_bounds(lower: f64, upper: f64) -> bool {
    (is_below(lower, INFINITE) || lower == f64::NEG_INFINITY)
        && (is_below(upper, INFINITE) || upper == f64::INFINITY)
}

/// Whether a column or row asks for more than its own upper bound.
fn has_crossed_bounds(program: &Program) -> bool {
    program.columns.iter().any(|column| column.lower > column.upper)
        || program.rows.iter().any(|row| row.lower > row.upper)
}

/// The answer when there is nothing to choose: HiGHS itself says "empty" whatever the rows ask.
pub(super) fn without_columns(program: &Program) -> Answer {
    match first_broken(program, &[], ROW_TOLERANCE) {
        Some(_) => Answer::Impossible,
        None => Answer::Proved { values: Vec::new(), cost: 0.0, bound: 0.0 },
    }
}

/// What the values cost.
pub(super) fn cost_of(objective: &[(usize, f64)], values: &[f64]) -> f64 {
    objective.iter().map(|&(column, cost)| cost * values[column]).sum()
}

/// The values with whole numbers made whole and bounds kept exactly, where that keeps the rows; else as they
/// are. Says what is wrong with values that are no solution.
pub(super) fn clean(program: &Program, raw: Vec<f64>) -> Result<Vec<f64>, String> {
    let neat: Vec<f64> =
        program.columns.iter().zip(&raw).map(|(column, &value)| neatened(column, value)).collect();
    let fraction = |index: &usize| {
        program.columns[*index].integer && (neat[*index] - raw[*index]).abs() > WHOLE_TOLERANCE
    };
    if let Some(index) = (0..raw.len()).find(fraction) {
        return Err(format!("column {index}: {} is not a whole number", raw[index]));
    }
    if first_broken(program, &neat, ROW_TOLERANCE).is_none() {
        return Ok(neat);
    }
    first_broken(program, &raw, RAW_TOLERANCE).map_or(Ok(raw), Err)
}

/// The nearest value that the column allows.
fn neatened(column: &ProgramColumn, value: f64) -> f64 {
    if column.integer {
        // Adding zero turns -0 into 0.
        value.round() + 0.0
    } else {
        value.clamp(column.lower, column.upper)
    }
}

/// Says which column or row is outside its bounds by more than the tolerance.
fn first_broken(program: &Program, values: &[f64], tolerance: f64) -> Option<String> {
    let outside =
        |value: f64, lower: f64, upper: f64, slack: f64| !(value >= lower - slack && value <= upper + slack);
    for (index, (column, &value)) in program.columns.iter().zip(values).enumerate() {
        if outside(value, column.lower, column.upper, tolerance) {
            return Some(format!("column {index}: {value} is not within {}, {}", column.lower, column.upper));
        }
    }
    for (index, row) in program.rows.iter().enumerate() {
        let (mut sum, mut size) = (0.0, 0.0);
        for &(column, coefficient) in &row.terms {
            let term = coefficient * values[column];
            sum += term;
            size += term.abs();
        }
        if outside(sum, row.lower, row.upper, tolerance + SUM_PRECISION * size) {
            return Some(format!("row {index}: {sum} is not within {}, {}", row.lower, row.upper));
        }
    }
    None
}

/// The start as a solution of its own, if there is one.
fn checked_start(request: &Request) -> Result<Option<Solution>, String> {
    let Some(start) = request.start else { return Ok(None) };
    let count = request.program.columns.len();
    if start.len() != count {
        return Err(format!("the start has {} values for {count} columns", start.len()));
    }
    let values =
        clean(request.program, start.to_vec()).map_err(|why| format!("the start is no solution: {why}"))?;
    let cost = cost_of(request.objective, &values);
    Ok(Some((values, cost)))
}

/// Runs HiGHS once and reads its answer; what fails on the way is the error.
fn attempt(
    request: &Request,
    watch: &mut dyn FnMut(&Step) -> Flow,
    began: Instant,
) -> Result<Answer, String> {
    let start = checked_start(request)?;
    let start_cost = start.as_ref().map(|&(_, cost)| cost);
    let has_integers = request.program.columns.iter().any(|column| column.integer);

    if watch(&Step { best: start_cost, bound: f64::NEG_INFINITY, nodes: 0 }) == Flow::Stop {
        return Ok(Answer::Stopped { best: start, bound: f64::NEG_INFINITY, why: Stop::Asked });
    }
    let mut highs = Highs::new(has_integers)?;
    highs.set_options(request)?;
    highs.pass(request)?;
    if let Some((values, _)) = start.as_ref().filter(|_| has_integers) {
        // An LP gains nothing from a start, and would lose its presolve.
        highs.set_start(values)?;
    }
    let deadline = deadline(request, began);
    if let Some(deadline) = deadline {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Answer::Stopped { best: start, bound: f64::NEG_INFINITY, why: Stop::Time });
        }
        highs.set_float(c"time_limit", left.as_secs_f64())?;
    }
    let ending = search(highs, watch, start_cost, deadline, request.steps)?;

    let stopped = |why| Ok(stopped(request, &ending, start.clone(), why));
    match ending.status {
        Status::Left(why) => stopped(why),
        Status::Model(c::MODEL_STATUS_REACHED_TIME_LIMIT) => stopped(Stop::Time),
        Status::Model(c::MODEL_STATUS_REACHED_SOLUTION_LIMIT) => stopped(Stop::Nodes),
        Status::Model(c::MODEL_STATUS_REACHED_INTERRUPT) if ending.walked => stopped(Stop::Nodes),
        Status::Model(c::MODEL_STATUS_REACHED_INTERRUPT) => stopped(Stop::Asked),
        Status::Model(c::MODEL_STATUS_OPTIMAL) => proved(request, ending, start, has_integers),
        Status::Model(c::MODEL_STATUS_INFEASIBLE) => match start {
            None => Ok(Answer::Impossible),
            Some(_) => Err("HiGHS calls the program impossible, but the start keeps every row".to_owned()),
        },
        Status::Model(c::MODEL_STATUS_UNBOUNDED) if !has_integers => Err(UNBOUNDED.to_owned()),
        Status::Model(c::MODEL_STATUS_UNBOUNDED | c::MODEL_STATUS_UNBOUNDED_OR_INFEASIBLE) => {
            unbounded_or_impossible(request, watch, began)
        }
        Status::Model(other) => Err(format!("HiGHS ended with model status {other}")),
    }
}

/// When the time is up; none when it never is.
fn deadline(request: &Request, began: Instant) -> Option<Instant> {
    let seconds = Duration::try_from_secs_f64(request.seconds?.max(0.0)).ok()?;
    began.checked_add(seconds)
}

/// What is said of a cost that can fall for ever.
pub(super) const UNBOUNDED: &str = "the cost has no least value: the program is unbounded";

/// The answer when HiGHS found the optimum.
fn proved(
    request: &Request,
    ending: Ending,
    start: Option<Solution>,
    has_integers: bool,
) -> Result<Answer, String> {
    let raw = ending.values.ok_or("HiGHS found an optimum without values")?;
    let values =
        clean(request.program, raw).map_err(|why| format!("HiGHS's optimum is no solution: {why}"))?;
    let cost = cost_of(request.objective, &values);
    let bound = if has_integers { ending.bound } else { cost };
    let (values, cost) = cheaper(Some((values, cost)), start).expect("there is a solution at the optimum");
    if bound > cost + BOUND_PRECISION * cost.abs().max(1.0) {
        return Err(format!("HiGHS says nothing costs less than {bound}, but a solution costs {cost}"));
    }
    Ok(Answer::Proved { values, cost, bound: at_most(bound, cost) })
}

/// The answer when a limit or the watcher ended the search.
fn stopped(request: &Request, ending: &Ending, start: Option<Solution>, why: Stop) -> Answer {
    // Values that are no solution are worth nothing here: the search had not ended.
    let values = ending.values.clone().and_then(|raw| clean(request.program, raw).ok());
    let found = values.map(|values| {
        let cost = cost_of(request.objective, &values);
        (values, cost)
    });
    let best = cheaper(found, start);
    let bound = match &best {
        Some((_, cost)) => at_most(ending.bound, *cost),
        // Infinite before the end of the search: nothing is known.
        None if ending.bound >= INFINITE => f64::NEG_INFINITY,
        None => ending.bound,
    };
    Answer::Stopped { best, bound, why }
}

/// The bound, which is the cost itself where only rounding errors are between them.
fn at_most(bound: f64, cost: f64) -> f64 {
    if bound >= cost - COST_PRECISION * cost.abs().max(1.0) {
        cost
    } else {
        bound
    }
}

/// The cheaper of two solutions; the first of equals.
fn cheaper(first: Option<Solution>, second: Option<Solution>) -> Option<Solution> {
    match (first, second) {
        (Some(first), Some(second)) => Some(if second.1 < first.1 { second } else { first }),
        (first, second) => first.or(second),
    }
}

/// Tells the two apart by asking for any solution at all, within what is left of the limits.
fn unbounded_or_impossible(
    request: &Request,
    watch: &mut dyn FnMut(&Step) -> Flow,
    began: Instant,
) -> Result<Answer, String> {
    if request.start.is_some() {
        return Err(UNBOUNDED.to_owned());
    }
    if request.objective.is_empty() {
        return Err("HiGHS calls a program without costs unbounded".to_owned());
    }
    let left =
        request.seconds.map(|seconds| seconds - began.elapsed().as_secs_f64()).map(|left| left.max(0.0));
    let any = Request { objective: &[], constant: 0.0, seconds: left, ..*request };
    // Costs and bounds of this search mean nothing to the watcher.
    let mut watch_any =
        |step: &Step| watch(&Step { best: None, bound: f64::NEG_INFINITY, nodes: step.nodes });
    match attempt(&any, &mut watch_any, Instant::now())? {
        Answer::Proved { .. } => Err(UNBOUNDED.to_owned()),
        Answer::Stopped { best, why, .. } => {
            let best = best.map(|(values, _)| {
                let cost = cost_of(request.objective, &values);
                (values, cost)
            });
            Ok(Answer::Stopped { best, bound: f64::NEG_INFINITY, why })
        }
        other => Ok(other),
    }
}

/// How a search ended, in HiGHS's words.
struct Ending {
    status: Status,
    /// A value per column, not yet checked.
    values: Option<Vec<f64>>,
    /// What HiGHS calls its dual bound; negative infinity for an LP.
    bound: f64,
    /// Whether the steps were used up.
    walked: bool,
}

/// Why a search ended.
enum Status {
    /// HiGHS returned, with this model status.
    Model(c_int),
    /// HiGHS was left behind.
    Left(Stop),
}

/// What the thread of a search tells the one that waits for it.
struct State {
    cost: Option<f64>,
    values: Option<Vec<f64>>,
    bound: f64,
    nodes: u64,
    /// Whether there is a better solution that the watcher has not heard of.
    improved: bool,
    ending: Option<Result<Ending, String>>,
}

/// What both threads of a search hold.
struct Shared {
    state: Mutex<State>,
    /// Told of better solutions and of the end.
    changed: Condvar,
    stop: AtomicBool,
    /// Steps of the simplex method at most.
    steps: u64,
    /// Whether they were used up.
    walked: AtomicBool,
    /// In every cost and bound that HiGHS reports.
    constant: f64,
}

impl Shared {
    fn new(constant: f64, steps: Option<u64>) -> Self {
        let state = State {
            cost: None,
            values: None,
            bound: f64::NEG_INFINITY,
            nodes: 0,
            improved: false,
            ending: None,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
            stop: AtomicBool::new(false),
            steps: steps.unwrap_or(u64::MAX),
            walked: AtomicBool::new(false),
            constant,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No panic can leave a state half written.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, ending: Result<Ending, String>) {
        self.lock().ending = Some(ending);
        self.changed.notify_one();
    }

    /// Waits for the end, but no longer than until the watcher has something to hear.
    fn wait(&self, pause: Duration) -> MutexGuard<'_, State> {
        let idle = |state: &mut State| state.ending.is_none() && !state.improved;
        let waited = self.changed.wait_timeout_while(self.lock(), pause, idle);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// Runs HiGHS on a thread of its own and keeps the watcher informed.
fn search(
    highs: Highs,
    watch: &mut dyn FnMut(&Step) -> Flow,
    start_cost: Option<f64>,
    deadline: Option<Instant>,
    steps: Option<u64>,
) -> Result<Ending, String> {
    let shared = Arc::new(Shared::new(highs.constant, steps));
    let thread = spawn(highs, &shared)?;
    // When nobody waits any more, be it for a panic.
    let _stop = StopOnDrop(&shared.stop);
    let mut asked: Option<Instant> = None;
    let mut heard = Instant::now();
    loop {
        let mut state = shared.wait(WATCH_EVERY.saturating_sub(heard.elapsed()));
        if let Some(ending) = state.ending.take() {
            drop(state);
            // HiGHS is freed on its thread.
            return thread.join().map_err(|_| "HiGHS could not be freed".to_owned()).and(ending);
        }
        if thread.is_finished() {
            return Err("the thread of HiGHS ended without an answer".to_owned());
        }
        let late = [asked, deadline].into_iter().flatten().any(|since| since.elapsed() >= GRACE);
        if late {
            let why = if asked.is_some() { Stop::Asked } else { Stop::Time };
            let (values, bound) = (state.values.take(), state.bound);
            return Ok(Ending { status: Status::Left(why), values, bound, walked: false });
        }
        let best = [state.cost, start_cost].into_iter().flatten().reduce(f64::min);
        let step = Step { best, bound: state.bound.min(best.unwrap_or(f64::INFINITY)), nodes: state.nodes };
        state.improved = false;
        drop(state);
        if asked.is_none() && watch(&step) == Flow::Stop {
            asked = Some(Instant::now());
            shared.stop.store(true, Ordering::Relaxed);
        }
        heard = Instant::now();
    }
}

/// Starts the thread of a search.
fn spawn(mut highs: Highs, shared: &Arc<Shared>) -> Result<JoinHandle<()>, String> {
    let shared = Arc::clone(shared);
    let run = move || {
        let ending = highs.run(&shared);
        shared.end(ending);
    };
    let thread = thread::Builder::new().name("highs".to_owned()).stack_size(STACK);
    thread.spawn(run).map_err(|error| format!("no thread for HiGHS: {error}"))
}

/// Called by HiGHS, during [`Highs::run`] only.
unsafe extern "C" fn on_callback(
    kind: c_int,
    _message: *const c_char,
    report: *const c::HighsCallbackDataOut,
    reply: *mut c::HighsCallbackDataIn,
    shared: *mut c_void,
) {
    // SAFETY: `Highs::run` passes a pointer to what it borrows until HiGHS has returned.
    let shared = unsafe { &*shared.cast_const().cast::<Shared>() };
    let improving = kind == c::kHighsCallbackMipImprovingSolution;
    // SAFETY: null, or a report that HiGHS keeps until the callback returns.
    let report = unsafe { report.as_ref() };
    // Reports of an LP say nothing.
    if let Some(report) = report.filter(|_| improving || kind == c::kHighsCallbackMipInterrupt) {
        let mut state = shared.lock();
        state.bound = state.bound.max(report.mip_dual_bound - shared.constant);
        state.nodes = u64::try_from(report.mip_node_count).unwrap_or(0);
        if improving && !report.mip_solution.is_null() {
            let size = usize::try_from(report.mip_solution_size).unwrap_or(0);
            // SAFETY: HiGHS gives so many values and keeps them until the callback returns.
            let values = unsafe { std::slice::from_raw_parts(report.mip_solution, size) };
            state.values = Some(values.to_vec());
            state.cost = Some(report.objective_function_value - shared.constant);
            state.improved = true;
            shared.changed.notify_one();
        }
    }
    let walked = kind == c::kHighsCallbackMipInterrupt
        && report
            .is_some_and(|report| u64::try_from(report.mip_total_lp_iterations).unwrap_or(0) > shared.steps);
    if walked {
        shared.walked.store(true, Ordering::Relaxed);
    }
    if !improving && (walked || shared.stop.load(Ordering::Relaxed)) {
        // SAFETY: null, or a reply that HiGHS reads after the callback returns and nobody else holds.
        if let Some(reply) = unsafe { reply.as_mut() } {
            reply.user_interrupt = 1;
        }
    }
}

/// One HiGHS instance, freed when dropped.
struct Highs {
    pointer: *mut c_void,
    has_integers: bool,
    /// Added to every cost and bound.
    constant: f64,
}

// SAFETY: HiGHS ties an instance to no thread, and each is used by one thread at a time.
unsafe impl Send for Highs {}

impl Drop for Highs {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `Highs_create` and is freed here only.
        unsafe { c::Highs_destroy(self.pointer) }
    }
}

impl Highs {
    fn new(has_integers: bool) -> Result<Self, String> {
        // SAFETY: takes nothing; null is caught below.
        let pointer = unsafe { c::Highs_create() };
        if pointer.is_null() {
            return Err("HiGHS could not be created".to_owned());
        }
        Ok(Self { pointer, has_integers, constant: 0.0 })
    }

    /// Sets everything but the time, of which some passes before the run.
    fn set_options(&mut self, request: &Request) -> Result<(), String> {
        if !(request.gap >= 0.0 && request.gap.is_finite()) {
            return Err(format!("the gap {} is not usable", request.gap));
        }
        if request.seconds.is_some_and(f64::is_nan) {
            return Err("the seconds are not a number".to_owned());
        }
        self.set_flag(c"output_flag", false)?;
        // More would be a pool of their own for every search.
        self.set_integer(c"threads", 1)?;
        // HiGHS has given wrong answers with other seeds.
        self.set_integer(c"random_seed", 0)?;
        self.set_float(c"mip_rel_gap", request.gap)?;
        // The default of 1e-6 would stop searches of small costs early.
        self.set_float(c"mip_abs_gap", 0.0)?;
        self.set_float(c"mip_feasibility_tolerance", ROW_TOLERANCE)?;
        // A start that HiGHS wants to complete gets no search of its own, which no limit would hold.
        self.set_integer(c"mip_max_start_nodes", 0)?;
        if request.start.is_some() {
            // It looks for a first solution, for 6 ms even in the smallest program.
            self.set_flag(c"mip_heuristic_run_feasibility_jump", false)?;
        }
        if request.steps.is_some() || request.only_proves {
            // Searches of their own, of which the steps are not told.
            self.set_flag(c"mip_heuristic_run_rins", false)?;
            self.set_flag(c"mip_heuristic_run_rens", false)?;
            self.set_flag(c"mip_heuristic_run_root_reduced_cost", false)?;
            // A restart does the work at the root twice.
            self.set_flag(c"mip_allow_restart", false)?;
        }
        if request.only_proves {
            self.set_float(c"mip_heuristic_effort", 0.0)?;
        }
        if let Some(nodes) = request.nodes {
            self.set_integer(c"mip_max_nodes", c_int::try_from(nodes).unwrap_or(c_int::MAX))?;
        }
        Ok(())
    }

    fn set_flag(&mut self, name: &CStr, value: bool) -> Result<(), String> {
        // SAFETY: the instance is valid and the name ends with a zero.
        let status = unsafe { c::Highs_setBoolOptionValue(self.pointer, name.as_ptr(), c_int::from(value)) };
        done(status, &name.to_string_lossy())
    }

    fn set_integer(&mut self, name: &CStr, value: c_int) -> Result<(), String> {
        // SAFETY: the instance is valid and the name ends with a zero.
        let status = unsafe { c::Highs_setIntOptionValue(self.pointer, name.as_ptr(), value) };
        done(status, &name.to_string_lossy())
    }

    fn set_float(&mut self, name: &CStr, value: f64) -> Result<(), String> {
        // SAFETY: the instance is valid and the name ends with a zero.
        let status = unsafe { c::Highs_setDoubleOptionValue(self.pointer, name.as_ptr(), value) };
        done(status, &name.to_string_lossy())
    }

    /// Hands over the whole program in one call.
    fn pass(&mut self, request: &Request) -> Result<(), String> {
        let Request { program, objective, constant, .. } = *request;
        self.constant = constant;
        let index = |size: usize| c_int::try_from(size).expect("sizes were checked");
        let mut costs = vec![0.0; program.columns.len()];
        for &(column, cost) in objective {
            costs[column] += cost;
        }
        let column_lower: Vec<f64> = program.columns.iter().map(|column| column.lower).collect();
        let column_upper: Vec<f64> = program.columns.iter().map(|column| column.upper).collect();
        let kinds: Vec<c_int> = program.columns.iter().map(|column| c_int::from(column.integer)).collect();
        let row_lower: Vec<f64> = program.rows.iter().map(|row| row.lower).collect();
        let row_upper: Vec<f64> = program.rows.iter().map(|row| row.upper).collect();
        let size = program.rows.iter().map(|row| row.terms.len()).sum();
        let mut starts = Vec::with_capacity(program.rows.len() + 1);
        let mut columns = Vec::with_capacity(size);
        let mut coefficients = Vec::with_capacity(size);
        for row in &program.rows {
            starts.push(index(columns.len()));
            for &(column, coefficient) in row.terms.iter().filter(|&&(_, coefficient)| coefficient != 0.0) {
                columns.push(index(column));
                coefficients.push(coefficient);
            }
        }
        starts.push(index(columns.len()));
        // SAFETY: every array has the length that the counts before it tell HiGHS, every index is in range
        // (checked by `unusable`), and HiGHS copies them all before it returns.
        let status = unsafe {
            c::Highs_passMip(
                self.pointer,
                index(costs.len()),
                index(row_lower.len()),
                index(columns.len()),
                c::kHighsMatrixFormatRowwise,
                c::kHighsObjSenseMinimize,
                constant,
                costs.as_ptr(),
                column_lower.as_ptr(),
                column_upper.as_ptr(),
                row_lower.as_ptr(),
                row_upper.as_ptr(),
                starts.as_ptr(),
                columns.as_ptr(),
                coefficients.as_ptr(),
                if self.has_integers { kinds.as_ptr() } else { std::ptr::null() },
            )
        };
        done(status, "the program")
    }

    /// Gives one value per column to start from.
    fn set_start(&mut self, values: &[f64]) -> Result<(), String> {
        use std::ptr::null;
        // SAFETY: HiGHS reads as many values as it has columns, which `checked_start` has counted; null
        // stands for what is not given.
        let status = unsafe { c::Highs_setSolution(self.pointer, values.as_ptr(), null(), null(), null()) };
        done(status, "the start")
    }

    /// Solves, and reads how it ended.
    fn run(&mut self, shared: &Shared) -> Result<Ending, String> {
        let pointer = std::ptr::from_ref(shared).cast_mut().cast();
        // SAFETY: the instance is valid; HiGHS uses the pointer during `Highs_run` only, and the callback
        // reads through it only what may be shared.
        let status = unsafe { c::Highs_setCallback(self.pointer, Some(on_callback), pointer) };
        done(status, "the callback")?;
        for kind in [
            c::kHighsCallbackMipInterrupt,
            c::kHighsCallbackMipImprovingSolution,
            c::kHighsCallbackSimplexInterrupt,
            c::kHighsCallbackIpmInterrupt,
        ] {
            // SAFETY: the instance is valid and has a callback.
            let status = unsafe { c::Highs_startCallback(self.pointer, kind) };
            done(status, "a callback")?;
        }
        // SAFETY: the instance is valid, and what is shared outlives the call.
        let status = unsafe { c::Highs_run(self.pointer) };
        if status == c::STATUS_ERROR {
            return Err(format!("HiGHS failed with model status {}", self.model_status()));
        }
        let values = self.has_solution().then(|| self.values());
        let walked = shared.walked.load(Ordering::Relaxed);
        Ok(Ending { status: Status::Model(self.model_status()), values, bound: self.dual_bound(), walked })
    }

    fn model_status(&self) -> c_int {
        // SAFETY: the instance is valid.
        unsafe { c::Highs_getModelStatus(self.pointer) }
    }

    /// Whether HiGHS holds values that it takes for a solution.
    fn has_solution(&self) -> bool {
        let mut value = 0;
        // SAFETY: the instance is valid, the name ends with a zero, and HiGHS writes one integer.
        unsafe { c::Highs_getIntInfoValue(self.pointer, c"primal_solution_status".as_ptr(), &raw mut value) };
        value == c::SOLUTION_STATUS_FEASIBLE
    }

    /// What no solution costs less than, as far as HiGHS knows.
    fn dual_bound(&self) -> f64 {
        let mut bound = f64::NEG_INFINITY;
        // HiGHS gives 0 for an LP, which means nothing.
        if self.has_integers {
            // SAFETY: the instance is valid, the name ends with a zero, and HiGHS writes one number.
            unsafe { c::Highs_getDoubleInfoValue(self.pointer, c"mip_dual_bound".as_ptr(), &raw mut bound) };
        }
        bound - self.constant
    }

    /// HiGHS's dual value of every row.
    fn duals(&self, count: usize) -> Vec<f64> {
        use std::ptr::null_mut;
        let mut duals = vec![f64::NAN; count];
        // SAFETY: HiGHS has as many rows as the program that was passed, and skips what is null.
        unsafe { c::Highs_getSolution(self.pointer, null_mut(), null_mut(), null_mut(), duals.as_mut_ptr()) };
        duals
    }

    /// HiGHS's value of every column; not a number where it has none.
    fn values(&self) -> Vec<f64> {
        use std::ptr::null_mut;
        // SAFETY: the instance is valid.
        let count = unsafe { c::Highs_getNumCol(self.pointer) };
        let mut values = vec![f64::NAN; usize::try_from(count).unwrap_or(0)];
        // SAFETY: HiGHS writes at most one value per column, and skips what is null.
        unsafe {
            c::Highs_getSolution(self.pointer, values.as_mut_ptr(), null_mut(), null_mut(), null_mut())
        };
        values
    }
}

/// Whether HiGHS did what it was asked; its warnings are about numbers that were checked before.
fn done(status: c_int, what: &str) -> Result<(), String> {
    if status == c::STATUS_ERROR {
        return Err(format!("HiGHS refused {what}"));
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use std::cell::Cell;
    use std::panic::catch_unwind;

    use super::*;
    use crate::program::ProgramRow;

    /// Random numbers that are the same on every machine.
    pub struct Dice(u64);

    impl Dice {
        pub fn new(seed: u64) -> Self {
            Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
        }

        /// A whole number from 0 to just below the limit.
        pub fn below(&mut self, limit: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (self.0 >> 33) % limit
        }

        /// A whole number from the least to the greatest, as a coefficient.
        pub fn between(&mut self, least: i64, greatest: i64) -> f64 {
            let width = u64::try_from(greatest - least + 1).expect("a range");
            (least + self.below(width) as i64) as f64
        }
    }

    pub fn whole(lower: f64, upper: f64) -> ProgramColumn {
        ProgramColumn { lower, upper, integer: true }
    }

    pub fn real(lower: f64, upper: f64) -> ProgramColumn {
        ProgramColumn { lower, upper, integer: false }
    }

    pub fn row(lower: f64, terms: &[(usize, f64)], upper: f64) -> ProgramRow {
        ProgramRow { lower, upper, terms: terms.to_vec() }
    }

    const INF: f64 = f64::INFINITY;

    /// Values 10, 13, 7, 8 and weights 3, 4, 2, 3 in a bag for 7: the best is 23.
    pub fn knapsack() -> (Program, Vec<(usize, f64)>) {
        let program = Program {
            columns: vec![whole(0.0, 1.0); 4],
            rows: vec![row(-INF, &[(0, 3.0), (1, 4.0), (2, 2.0), (3, 3.0)], 7.0)],
        };
        (program, vec![(0, -10.0), (1, -13.0), (2, -7.0), (3, -8.0)])
    }

    /// Rows of which each must be covered by some of many priced columns: slow to prove.
    fn cover(rows: usize, columns: usize) -> (Program, Vec<(usize, f64)>) {
        let mut dice = Dice::new(7);
        let objective = (0..columns).map(|column| (column, dice.between(20, 60))).collect();
        let terms = |dice: &mut Dice| -> Vec<(usize, f64)> {
            (0..columns).filter(|_| dice.below(12) == 0).map(|column| (column, 1.0)).collect()
        };
        let rows = (0..rows).map(|_| row(2.0, &terms(&mut dice), INF)).collect();
        (Program { columns: vec![whole(0.0, 1.0); columns], rows }, objective)
    }

    /// Splits every market in half between two firms, with as little error as may be: hopeless to prove.
    fn market_split(markets: usize, shops: usize) -> (Program, Vec<(usize, f64)>) {
        let mut dice = Dice::new(3);
        let mut columns = vec![whole(0.0, 1.0); shops];
        columns.extend(vec![real(0.0, INF); 2 * markets]);
        let mut rows = Vec::new();
        for market in 0..markets {
            let mut terms: Vec<_> = (0..shops).map(|shop| (shop, dice.between(0, 99))).collect();
            let half = (terms.iter().map(|term| term.1).sum::<f64>() / 2.0).floor();
            terms.push((shops + 2 * market, 1.0));
            terms.push((shops + 2 * market + 1, -1.0));
            rows.push(row(half, &terms, half));
        }
        (Program { columns, rows }, (shops..shops + 2 * markets).map(|column| (column, 1.0)).collect())
    }

    /// Small, with whole and real columns, and rows of every kind.
    pub fn random_program(seed: u64) -> (Program, Vec<(usize, f64)>) {
        let mut dice = Dice::new(seed);
        let count = 2 + dice.below(7) as usize;
        let columns: Vec<_> = (0..count)
            .map(|_| {
                let lower = dice.between(-3, 1);
                let upper = lower + dice.between(0, 6);
                ProgramColumn { lower, upper, integer: dice.below(3) > 0 }
            })
            .collect();
        let rows = (0..=dice.below(5))
            .map(|_| {
                let terms: Vec<_> = (0..count)
                    .filter_map(|column| Some((column, dice.between(-5, 5))).filter(|_| column % 4 != 3))
                    .collect();
                let middle = dice.between(-6, 12);
                match dice.below(4) {
                    0 => row(-INF, &terms, middle),
                    1 => row(middle, &terms, INF),
                    2 => row(middle, &terms, middle + dice.between(0, 4)),
                    _ => row(middle, &terms, middle),
                }
            })
            .collect();
        let objective = (0..count).map(|column| (column, dice.between(-9, 9))).collect();
        (Program { columns, rows }, objective)
    }

    fn answer(request: &Request) -> Answer {
        solve(request, &mut |_| Flow::Continue)
    }

    fn answer_to(program: &Program, objective: &[(usize, f64)]) -> Answer {
        answer(&Request::new(program, objective))
    }

    #[track_caller]
    fn assert_proved(answer: &Answer, expected: f64) -> Vec<f64> {
        let Answer::Proved { values, cost, bound } = answer else { panic!("not proved: {answer:?}") };
        assert!((cost - expected).abs() < 1e-6, "cost {cost}, not {expected}");
        assert!(*bound <= *cost && cost - bound < 1e-6, "bound {bound} of {cost}");
        values.clone()
    }

    #[track_caller]
    fn assert_failed(answer: &Answer, words: &str) {
        let Answer::Failed(what) = answer else { panic!("not failed: {answer:?}") };
        assert!(what.contains(words), "{what}");
    }

    #[test]
    fn tells_its_version() {
        assert!(version().starts_with("highs 1."), "{}", version());
    }

    #[test]
    fn proves_the_best_knapsack() {
        let (program, objective) = knapsack();
        let values = assert_proved(&answer_to(&program, &objective), -23.0);
        assert_eq!(values, [1.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn stops_at_the_gap() {
        let (program, objective) = cover(40, 120);
        let loose = Request { gap: 0.5, ..Request::new(&program, &objective) };
        let Answer::Proved { cost, bound, .. } = answer(&loose) else { panic!("not proved") };
        assert!(bound <= cost && cost - bound <= 0.5 * cost, "bound {bound} of {cost}");
    }

    #[test]
    fn solves_an_lp() {
        let program = Program {
            columns: vec![real(0.0, INF), real(0.0, 3.0)],
            rows: vec![row(-INF, &[(0, 1.0), (1, 2.0)], 8.0), row(-INF, &[(0, 3.0), (1, 1.0)], 9.0)],
        };
        let values = assert_proved(&answer_to(&program, &[(0, -1.0), (1, -1.0)]), -5.0);
        assert!((values[0] - 2.0).abs() < 1e-6 && (values[1] - 3.0).abs() < 1e-6, "{values:?}");
    }

    #[test]
    fn keeps_equality_rows() {
        let program = Program {
            columns: vec![whole(0.0, 9.0), whole(0.0, 9.0)],
            rows: vec![row(7.0, &[(0, 2.0), (1, 3.0)], 7.0)],
        };
        assert_eq!(assert_proved(&answer_to(&program, &[(0, 1.0), (1, 5.0)]), 7.0), [2.0, 1.0]);
    }

    #[test]
    fn sees_that_rows_contradict() {
        let rows = vec![row(3.0, &[(0, 1.0), (1, 1.0)], INF), row(-INF, &[(0, 1.0), (1, 1.0)], 2.0)];
        for column in [whole(0.0, 5.0), real(0.0, 5.0)] {
            let program = Program { columns: vec![column; 2], rows: rows.clone() };
            assert_eq!(answer_to(&program, &[(0, 1.0)]), Answer::Impossible);
        }
    }

    #[test]
    fn sees_that_no_whole_numbers_fit() {
        let program =
            Program { columns: vec![whole(0.0, 9.0); 2], rows: vec![row(7.0, &[(0, 2.0), (1, 4.0)], 7.0)] };
        assert_eq!(answer_to(&program, &[(0, 1.0)]), Answer::Impossible);
    }

    #[test]
    fn sees_crossed_bounds() {
        let crossed = Program { columns: vec![whole(2.0, 1.0)], rows: vec![] };
        assert_eq!(answer_to(&crossed, &[]), Answer::Impossible);
        let crossed = Program { columns: vec![whole(0.0, 1.0)], rows: vec![row(2.0, &[(0, 1.0)], 1.0)] };
        assert_eq!(answer_to(&crossed, &[]), Answer::Impossible);
    }

    #[test]
    fn says_when_the_cost_has_no_least_value() {
        for column in [whole(0.0, INF), real(0.0, INF)] {
            let program =
                Program { columns: vec![column; 2], rows: vec![row(0.0, &[(0, 1.0), (1, -1.0)], 1.0)] };
            assert_failed(&answer_to(&program, &[(0, -1.0)]), "unbounded");
        }
    }

    #[test]
    fn tells_impossible_from_unbounded() {
        // The cost falls for ever along the last column, but no whole numbers keep the row.
        let program = Program {
            columns: vec![whole(0.0, 9.0), whole(0.0, 9.0), whole(0.0, INF)],
            rows: vec![row(7.0, &[(0, 2.0), (1, 4.0)], 7.0)],
        };
        assert_eq!(answer_to(&program, &[(2, -1.0)]), Answer::Impossible);
    }

    #[test]
    fn solves_what_is_empty() {
        assert_proved(&answer_to(&Program::default(), &[]), 0.0);
        let no_columns = |lower| Program { columns: vec![], rows: vec![row(lower, &[], INF)] };
        assert_proved(&answer_to(&no_columns(0.0), &[]), 0.0);
        assert_eq!(answer_to(&no_columns(1.0), &[]), Answer::Impossible);
        for column in [whole(-2.0, 5.0), real(-2.0, 5.0)] {
            let no_rows = Program { columns: vec![column; 2], rows: vec![] };
            assert_proved(&answer_to(&no_rows, &[]), 0.0);
            assert_eq!(assert_proved(&answer_to(&no_rows, &[(0, 1.0), (1, -1.0)]), -7.0), [-2.0, 5.0]);
            let empty_row = Program { columns: vec![column], rows: vec![row(1.0, &[], INF)] };
            assert_eq!(answer_to(&empty_row, &[]), Answer::Impossible);
        }
    }

    #[test]
    fn refuses_numbers_it_cannot_use() {
        let sound = Program { columns: vec![whole(0.0, 1.0); 2], rows: vec![row(0.0, &[(1, 1.0)], 1.0)] };
        let with_column = |column| Program { columns: vec![whole(0.0, 1.0), column], rows: vec![] };
        let with_row = |row| Program { rows: vec![row], ..sound.clone() };
        for (program, objective, words) in [
            (sound.clone(), vec![(1, f64::NAN)], "column 1"),
            (sound.clone(), vec![(1, INF)], "column 1"),
            (sound.clone(), vec![(2, 1.0)], "no column 2"),
            (with_column(real(f64::NAN, 1.0)), vec![], "column 1"),
            (with_column(real(INF, INF)), vec![], "column 1"),
            (with_column(real(0.0, 1e30)), vec![], "column 1"),
            (with_row(row(0.0, &[], f64::NAN)), vec![], "row 0"),
            (
                with_row(row(0.0, &[(0, 1.0), (1, f64::NAN)], 1.0)),
                vec![],
                "row 0: the coefficient NaN of column 1",
            ),
            (with_row(row(0.0, &[(0, -INF)], 1.0)), vec![], "row 0"),
            (with_row(row(0.0, &[(0, 1e-12)], 1.0)), vec![], "row 0"),
            (with_row(row(0.0, &[(2, 1.0)], 1.0)), vec![], "no column 2"),
            (with_row(row(0.0, &[(1, 1.0), (1, 1.0)], 1.0)), vec![], "repeated"),
        ] {
            assert_failed(&answer_to(&program, &objective), words);
        }
        let odd = Request { gap: f64::NAN, ..Request::new(&sound, &[]) };
        assert_failed(&answer(&odd), "gap");
        let odd = Request { seconds: Some(f64::NAN), ..Request::new(&sound, &[]) };
        assert_failed(&answer(&odd), "seconds");
    }

    #[test]
    fn never_loses_the_start() {
        let (program, objective) = cover(40, 120);
        let Answer::Proved { values, cost, .. } = answer_to(&program, &objective) else {
            panic!("not proved")
        };
        for nodes in [0, 1] {
            let limited =
                Request { start: Some(&values), nodes: Some(nodes), ..Request::new(&program, &objective) };
            let (Answer::Proved { cost: best, bound, .. }
            | Answer::Stopped { best: Some((_, best)), bound, why: Stop::Nodes }) = answer(&limited)
            else {
                panic!("the start was lost")
            };
            assert!(best <= cost && bound <= best, "bound {bound} of {best}");
        }
        let everything = vec![1.0; 120];
        let mut first = None;
        let started = Request { start: Some(&everything), ..Request::new(&program, &objective) };
        let all: f64 = objective.iter().map(|term| term.1).sum();
        let answer = solve(&started, &mut |step| {
            first.get_or_insert(step.best);
            Flow::Continue
        });
        assert!(first.flatten().expect("a step") <= all);
        assert_proved(&answer, cost);
    }

    #[test]
    fn keeps_the_start_of_an_lp() {
        let program =
            Program { columns: vec![real(0.0, 4.0); 2], rows: vec![row(1.0, &[(0, 1.0), (1, 1.0)], 5.0)] };
        let started = Request { start: Some(&[2.0, 2.0]), ..Request::new(&program, &[(0, 1.0), (1, 2.0)]) };
        assert_proved(&answer(&started), 1.0);
        let stopped = solve(&started, &mut |_| Flow::Stop);
        let (Answer::Proved { cost, .. } | Answer::Stopped { best: Some((_, cost)), .. }) = stopped else {
            panic!("{stopped:?}")
        };
        assert!(cost <= 6.0);
    }

    #[test]
    fn refuses_a_start_that_is_no_solution() {
        let (program, objective) = knapsack();
        for (start, words) in [
            (vec![1.0, 1.0, 1.0, 0.0], "row 0"),
            (vec![0.5, 0.0, 0.0, 0.0], "column 0"),
            (vec![0.0, 2.0, 0.0, 0.0], "column 1"),
            (vec![0.0, f64::NAN, 0.0, 0.0], "column 1"),
            (vec![0.0], "1 values for 4 columns"),
        ] {
            let started = Request { start: Some(&start), ..Request::new(&program, &objective) };
            assert_failed(&answer(&started), words);
        }
    }

    #[test]
    fn stops_when_asked() {
        let (program, objective) = market_split(4, 30);
        let asked = Cell::new(None);
        let began = Instant::now();
        let answer = solve(&Request::new(&program, &objective), &mut |step| {
            if step.best.is_none() || began.elapsed() < Duration::from_millis(300) {
                return Flow::Continue;
            }
            assert!(asked.get().is_none(), "called again after the stop");
            asked.set(Some(Instant::now()));
            Flow::Stop
        });
        let late = asked.get().expect("asked to stop").elapsed();
        let Answer::Stopped { best: Some((values, cost)), bound, why: Stop::Asked } = answer else {
            panic!("{answer:?}")
        };
        assert!(late < 2 * GRACE, "stopped after {late:?}");
        assert!(bound.is_finite() && bound <= cost);
        assert_eq!(first_broken(&program, &values, ROW_TOLERANCE), None);
    }

    #[test]
    fn watches_often_enough_and_not_too_often() {
        let (program, objective) = market_split(4, 30);
        let limited = Request { seconds: Some(1.0), ..Request::new(&program, &objective) };
        let (mut calls, mut better, mut bound, mut best) = (0, 0, f64::NEG_INFINITY, INF);
        solve(&limited, &mut |step| {
            calls += 1;
            assert!(step.bound >= bound, "the bound fell from {bound} to {}", step.bound);
            assert!(step.best.is_none_or(|cost| cost <= best), "the best rose");
            bound = step.bound;
            if step.best.is_some_and(|cost| cost < best) {
                best = step.best.expect("a cost");
                better += 1;
            }
            Flow::Continue
        });
        assert!(
            (4..=12 + 2 * better).contains(&calls),
            "{calls} calls, {better} of them with better solutions"
        );
    }

    #[test]
    fn obeys_the_clock() {
        for (program, objective) in [market_split(4, 30), cover(150, 1200)] {
            let limited = Request { seconds: Some(1.0), ..Request::new(&program, &objective) };
            let began = Instant::now();
            let answer = answer(&limited);
            let Answer::Stopped { best: Some((_, cost)), bound, why: Stop::Time } = answer else {
                panic!("{answer:?}")
            };
            assert!(began.elapsed() < Duration::from_secs(3), "took {:?}", began.elapsed());
            assert!(bound.is_finite() && bound <= cost);
            let no_time = Request { seconds: Some(0.0), ..limited };
            assert!(matches!(super::tests::answer(&no_time), Answer::Stopped { why: Stop::Time, .. }));
        }
    }

    #[test]
    fn repeats_itself_under_a_node_limit() {
        let (program, objective) = bags(5);
        let limited = Request { nodes: Some(3), ..Request::new(&program, &objective) };
        let first = answer(&limited);
        assert!(matches!(first, Answer::Stopped { why: Stop::Nodes, .. }), "{first:?}");
        assert_eq!(answer(&limited), first);
    }

    #[test]
    fn solves_on_many_threads_at_once() {
        let programs: Vec<_> = (0..4).map(|extra| cover(30, 90 + 10 * extra)).collect();
        let alone: Vec<_> =
            programs.iter().map(|(program, objective)| answer_to(program, objective)).collect();
        let together: Vec<_> = std::thread::scope(|scope| {
            let handles: Vec<_> = programs
                .iter()
                .map(|(program, objective)| scope.spawn(|| answer_to(program, objective)))
                .collect();
            handles.into_iter().map(|handle| handle.join().expect("no panic")).collect()
        });
        assert_eq!(alone, together);
    }

    #[test]
    fn passes_on_a_panic_of_the_watcher() {
        let (program, objective) = market_split(4, 30);
        let caught = catch_unwind(|| {
            solve(&Request::new(&program, &objective), &mut |step| {
                assert!(step.best.is_none(), "the watcher fell");
                Flow::Continue
            })
        });
        let message = caught.expect_err("a panic");
        assert_eq!(message.downcast_ref::<&str>(), Some(&"the watcher fell"));
        // HiGHS is as good as new.
        let (program, objective) = knapsack();
        assert_proved(&answer_to(&program, &objective), -23.0);
    }

    #[test]
    fn solves_within_a_watcher() {
        let (outer, outer_objective) = cover(40, 120);
        let (inner, inner_objective) = knapsack();
        let expected = answer_to(&outer, &outer_objective);
        let answer = solve(&Request::new(&outer, &outer_objective), &mut |_| {
            assert_proved(&answer_to(&inner, &inner_objective), -23.0);
            Flow::Continue
        });
        assert_eq!(answer, expected);
    }

    /// Bags with several limits and least weights: some tens of nodes.
    fn bags(seed: u64) -> (Program, Vec<(usize, f64)>) {
        let mut dice = Dice::new(seed);
        let count = 25 + dice.below(10) as usize;
        let columns = (0..count)
            .map(|column| {
                let upper = if column % 5 == 0 { 3.0 } else { 1.0 };
                ProgramColumn { lower: 0.0, upper, integer: column % 7 > 0 }
            })
            .collect();
        let rows = (0..9)
            .map(|index| {
                let mut terms: Vec<_> = (0..count).map(|column| (column, dice.between(-20, 40))).collect();
                terms.retain(|term| term.1 > 0.0);
                let weight: f64 = terms.iter().map(|term| term.1).sum();
                if index % 3 == 2 {
                    row((weight / 4.0).floor(), &terms, INF)
                } else {
                    row(-INF, &terms, (weight / 2.5).floor())
                }
            })
            .collect();
        let objective = (0..count).map(|column| (column, dice.between(-1000, -30) / 37.0)).collect();
        (Program { columns, rows }, objective)
    }

    #[test]
    fn bounds_hold_wherever_the_search_is_cut() {
        let mut cut = 0;
        for seed in 2..4 {
            let (program, objective) = bags(seed);
            let Answer::Proved { cost: optimum, .. } = answer_to(&program, &objective) else {
                panic!("program {seed} is not proved")
            };
            for nodes in [0, 1, 3, 10] {
                let limited = Request { nodes: Some(nodes), ..Request::new(&program, &objective) };
                let answer = solve(&limited, &mut |step| {
                    assert!(step.bound <= optimum + 1e-6, "program {seed}: {step:?} of {optimum}");
                    Flow::Continue
                });
                match answer {
                    Answer::Proved { cost, .. } => assert!((cost - optimum).abs() < 1e-6, "program {seed}"),
                    Answer::Stopped { best, bound, why } => {
                        cut += 1;
                        assert_eq!(why, Stop::Nodes);
                        assert!(bound <= optimum + 1e-6, "program {seed}: bound {bound} of {optimum}");
                        assert!(best.is_none_or(|(_, cost)| cost >= optimum - 1e-6), "program {seed}");
                    }
                    other => panic!("program {seed}: {other:?}"),
                }
            }
        }
        assert!(cut >= 4, "only {cut} searches were cut");
    }

    #[test]
    fn leaves_behind_a_search_that_does_not_stop() {
        // The LP at the root takes long, and asks nobody; the clock ends it after the test.
        let (program, objective) = cover(500, 6000);
        let everything = vec![1.0; 6000];
        let limited =
            Request { start: Some(&everything), seconds: Some(8.0), ..Request::new(&program, &objective) };
        let mut asked = None;
        let mut calls = 0;
        let began = Instant::now();
        let answer = solve(&limited, &mut |_| {
            calls += 1;
            if began.elapsed() < Duration::from_secs(1) {
                return Flow::Continue;
            }
            asked = Some(Instant::now());
            Flow::Stop
        });
        let late = asked.expect("asked to stop").elapsed();
        let Answer::Stopped { best: Some((values, _)), why: Stop::Asked, .. } = answer else {
            panic!("{answer:?}")
        };
        assert!(late < 2 * GRACE, "stopped after {late:?}");
        assert!(calls >= 5, "only {calls} calls");
        assert_eq!(first_broken(&program, &values, ROW_TOLERANCE), None);
    }

    #[test]
    fn stops_an_lp_when_asked() {
        let (mut program, objective) = cover(400, 4000);
        program.columns = vec![real(0.0, 1.0); 4000];
        let mut asked = None;
        let answer = solve(&Request::new(&program, &objective), &mut |step| {
            assert_eq!((step.best, step.bound, step.nodes), (None, -INF, 0));
            // The second call comes after 0.1 s, when the simplex method is at work.
            match asked.replace(Instant::now()) {
                None => Flow::Continue,
                Some(_) => Flow::Stop,
            }
        });
        let late = asked.expect("asked to stop").elapsed();
        assert_eq!(answer, Answer::Stopped { best: None, bound: -INF, why: Stop::Asked });
        assert!(late < GRACE, "stopped after {late:?}");
    }

    #[test]
    fn does_not_begin_when_stopped_at_once() {
        let (program, objective) = knapsack();
        let answer = solve(&Request::new(&program, &objective), &mut |_| Flow::Stop);
        assert_eq!(answer, Answer::Stopped { best: None, bound: -INF, why: Stop::Asked });
    }

    #[test]
    fn rounds_where_that_keeps_the_rows() {
        let program = |limit| Program {
            columns: vec![whole(0.0, 5.0), real(0.0, 5.0)],
            rows: vec![row(-INF, &[(0, 1e6), (1, 1.0)], limit)],
        };
        assert_eq!(clean(&program(2e6), vec![0.999_999_5, 5.000_000_1]), Ok(vec![1.0, 5.0]));
        assert_eq!(clean(&program(2e6), vec![-1e-9, -1e-9]), Ok(vec![0.0, 0.0]));
        // Whole, the first column would break the row.
        assert_eq!(clean(&program(999_999.6), vec![0.999_999_5, 0.0]), Ok(vec![0.999_999_5, 0.0]));
        assert!(clean(&program(2e6), vec![0.99, 0.0]).is_err());
        assert!(clean(&program(2e6), vec![0.0, f64::NAN]).is_err());
        assert!(clean(&program(1e6), vec![2.0, 0.0]).is_err());
    }
}
