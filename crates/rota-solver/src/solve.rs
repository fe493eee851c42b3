//! From a problem to its best roster: level by level, each held before the next, verified at the end.

use crate::backend::{self, Request, Stop};
use crate::clock;
use crate::cohort_search;
use crate::conflict::{self, Among, Conflict};
use crate::islands;
use crate::jump::{self, Net};
use crate::level::{self, Found, Task};
use crate::lower::{Cost, Level, Lowered, Softness};
use crate::neighbourhood::Ground;
use crate::tidy;
use crate::watched::watched;
use rota_core::{About, Day, PersonIndex, Roster};
use rota_rules::judge::{all_reasons, concerns, home_first, reasons, Breach, Judgement};
use rota_rules::{Owner, Problem};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use crate::backend::Flow;

/// How to solve.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// Wall-clock time at most; none for no limit.
    pub time_limit: Option<Duration>,
    /// Branch-and-bound nodes at most for each level: a limit that repeats exactly.
    pub effort: Option<u64>,
    /// Relative gap at which a level is good enough; 0 proves the optimum.
    pub gap: f64,
    /// When the must rules clash, pay for them instead: the closest roster.
    pub best_effort: bool,
    /// Where searches that throw dice begin; the same seed gives the same roster.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            time_limit: Some(Duration::from_secs(60)),
            effort: None,
            gap: 0.0,
            best_effort: false,
            seed: 0,
        }
    }
}

/// How the work stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub doing: Doing,
    /// Cost of the best roster so far at the level in work.
    pub best: Option<f64>,
    /// No roster costs less at the level in work.
    pub bound: Option<f64>,
    /// Seconds since the start.
    pub elapsed: f64,
}

/// What is being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// Turning rules into rows.
    Building,
    /// Searching at a level.
    Level(Level),
    /// Looking for what clashes.
    Conflict,
    /// Judging the roster by code that knows nothing of the rows.
    Verifying,
}

/// How good the search was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Every level is proved within the gap asked for.
    Optimal,
    /// A roster, not proved to be best.
    Feasible,
    /// Nothing found yet, and not proved impossible.
    Unknown,
    /// No roster keeps the laws, pins and must rules: proved.
    Impossible,
}

impl Status {
    /// The word used in documents.
    pub fn word(self) -> &'static str {
        match self {
            Status::Optimal => "optimal",
            Status::Feasible => "feasible",
            Status::Unknown => "unknown",
            Status::Impossible => "impossible",
        }
    }
}

/// One level of a finished search.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LevelResult {
    /// The level.
    pub level: Level,
    /// What the roster costs there, counted by the check.
    pub cost: f64,
    /// No roster with the same costs above costs less.
    pub bound: f64,
    /// Whether cost and bound are within the gap asked for.
    pub proved: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Solved {
    /// How good the search was.
    pub status: Status,
    /// The roster, verified.
    pub roster: Option<Roster>,
    /// The roster as judged.
    pub judgement: Option<Judgement>,
    /// Why each visit is needed.
    pub reasons: BTreeMap<(PersonIndex, Day), Vec<String>>,
    /// Every level, in order.
    pub levels: Vec<LevelResult>,
    /// What clashes, when impossible.
    pub conflict: Option<Conflict>,
    /// What cut the search short.
    pub stopped_by: Option<Stop>,
    /// Seconds from start to end.
    pub seconds: f64,
    /// Set when rows and check disagree: an error of the program, never a result.
    pub disagreement: Option<String>,
}

impl Solved {
    fn empty(status: Status, clock: Instant) -> Solved {
        Solved {
            status,
            roster: None,
            judgement: None,
            reasons: BTreeMap::new(),
            levels: Vec::new(),
            conflict: None,
            stopped_by: None,
            seconds: clock.elapsed().as_secs_f64(),
            disagreement: None,
        }
    }

    /// The largest relative gap left at any level.
    pub fn gap(&self) -> f64 {
        self.levels.iter().map(|level| relative_gap(level.cost, level.bound)).fold(0.0, f64::max)
    }
}

/// `(cost - bound) / cost`, 0 where both agree.
pub fn relative_gap(cost: f64, bound: f64) -> f64 {
    let over = cost - bound;
    if over <= 1e-6 {
        0.0
    } else {
        over / cost.abs().max(1e-9)
    }
}

/// How much more of the time left than its own part one level may use while others wait.
const SHARE: f64 = 1.4;

/// Building is not cut before: what is soon built may be seen to be impossible without any search.
const LEAST_BUILDING: Duration = Duration::from_millis(200);

/// Of the time left, how much each of the ways to a first roster may use while others wait.
const FIRST_SHARE: f64 = 0.3;
/// Of a level's time, how much local search may use alone; it is all there is at first for what is too large for the backend.
const JUMP_SHARE: f64 = 0.05;
const JUMP_SHARE_OF_LARGE: f64 = 0.15;
/// People whose visits are a sample, and how often the reasons of all are asked for after the search, with what
/// else there is to do.
const SAMPLE: usize = 100;
const TIMES: u32 = 3;
/// Programs with fewer columns are small.
const SMALL: usize = 200;

struct Search<'a> {
    problem: &'a Problem,
    options: &'a Options,
    clock: Instant,
    deadline: Option<Instant>,
    /// Softer subjects held like musts.
    holds: &'a (dyn Fn(Owner, &About) -> bool + Sync),
    watch: &'a mut dyn FnMut(&Progress) -> Flow,
    asked_to_stop: bool,
    stopped_by: Option<Stop>,
    /// Whether the deadline leaves time for judging the roster.
    keeps_time: bool,
}

impl Search<'_> {
    fn left(&self) -> Option<f64> {
        clock::left(self.deadline)
    }

    /// Whether nothing more is to be searched; says why.
    fn is_over(&mut self) -> bool {
        let out_of_time = self.left().is_some_and(|left| left <= 0.0);
        if self.asked_to_stop || out_of_time {
            let why = if self.asked_to_stop { Stop::Asked } else { Stop::Time };
            self.stopped_by = self.stopped_by.or(Some(why));
        }
        self.asked_to_stop || out_of_time
    }

    /// Keeps time for what comes after the search: the reasons of a sample of visits are worked out, as in the end
    /// they are for all.
    fn keep_time(&mut self, roster: &Roster) {
        let (Some(deadline), false) = (self.deadline, self.keeps_time) else { return };
        self.keeps_time = true;
        let days: Vec<Day> = self.problem.site.calendar.days().collect();
        let people = self.problem.site.people.len();
        let every = (people / SAMPLE).max(1);
        let (began, concerns, mut roster) = (Instant::now(), concerns(self.problem), roster.clone());
        for person in PersonIndex::all(people).step_by(every) {
            for day in &days {
                reasons(self.problem, &concerns, &mut roster, person, *day);
            }
        }
        let all = began.elapsed() * every as u32 / rayon::current_num_threads().max(1) as u32;
        let left = deadline.saturating_duration_since(Instant::now());
        self.deadline = deadline.checked_sub((all * TIMES).min(left / 4)).or(Some(deadline));
    }

    fn tell(&mut self, doing: Doing) {
        let progress =
            Progress { doing, best: None, bound: None, elapsed: self.clock.elapsed().as_secs_f64() };
        if (self.watch)(&progress) == Flow::Stop {
            self.asked_to_stop = true;
        }
    }

    /// Builds what is searched; where time runs out, or somebody asks for the end, the flag is set, and what comes back is
    /// of no use.
    fn build<T: Send>(&mut self, stop: &AtomicBool, work: impl FnOnce() -> T + Send) -> T {
        watched(&AtomicBool::new(false), work, || {
            self.tell(Doing::Building);
            if self.is_over() && self.clock.elapsed() >= LEAST_BUILDING {
                stop.store(true, Ordering::Relaxed);
            }
            Flow::Continue
        })
    }

    /// Any roster at all.
    fn any(&mut self, lowered: &Lowered<'_>, share: f64) -> Found {
        let seconds = self.left().map(|left| left * share);
        if self.is_over() {
            return Found::NOTHING;
        }
        let request = Request { seconds, nodes: self.options.effort, ..Request::new(&lowered.program, &[]) };
        let clock = self.clock;
        let mut asked = false;
        let answer = backend::highs::solve(&request, &mut |_| {
            let elapsed = clock.elapsed().as_secs_f64();
            let flow = (self.watch)(&Progress { doing: Doing::Building, best: None, bound: None, elapsed });
            asked |= flow == Flow::Stop;
            flow
        });
        self.asked_to_stop |= asked;
        let found = level::read(answer);
        self.stopped_by = found.stopped_by.or(self.stopped_by);
        found
    }

    /// Any roster: by local search, for what is hard to find by the backend, which alone can prove that there is none.
    fn first(&mut self, lowered: &Lowered<'_>) -> Found {
        let net = network(lowered, &[]);
        let values = self.jump(lowered, net.as_ref(), None, None, (FIRST_SHARE, jump::Patience::SHORT));
        if values.is_some() {
            return Found { values, ..Found::NOTHING };
        }
        let found = self.any(lowered, FIRST_SHARE);
        if found.values.is_some() || found.impossible || found.failure.is_some() || self.asked_to_stop {
            return found;
        }
        let values = self.jump(lowered, net.as_ref(), None, None, (FIRST_SHARE, jump::Patience::LONG));
        if values.is_some() {
            return Found { values, ..Found::NOTHING };
        }
        self.any(lowered, 1.0)
    }

    /// Values that keep every row, found by local search: any, or from a start the best at a level.
    fn jump(
        &mut self,
        lowered: &Lowered<'_>,
        net: Option<&Net>,
        level: Option<(Level, &Cost)>,
        start: Option<&[f64]>,
        (share, patience): (f64, jump::Patience),
    ) -> Option<Vec<f64>> {
        let net = net?;
        if self.asked_to_stop || self.left().is_some_and(|left| left <= 0.0) {
            return None;
        }
        let stop = AtomicBool::new(false);
        let best = AtomicU64::new(f64::NAN.to_bits());
        let limits = jump::Limits {
            patience,
            // Costs are never below 0.
            target: level.map_or(f64::INFINITY, |(_, cost)| -cost.constant / cost.unit()),
            deadline: clock::part(self.deadline, share),
            stop: &stop,
            best: &best,
        };
        let (clock, seed) = (self.clock, self.options.seed);
        let mut asked = false;
        let found = watched(
            &stop,
            || net.search(start, seed, &limits),
            || {
                let best = f64::from_bits(best.load(Ordering::Relaxed));
                let flow = (self.watch)(&Progress {
                    doing: level.map_or(Doing::Building, |(level, _)| Doing::Level(level)),
                    best: level
                        .filter(|_| !best.is_nan())
                        .map(|(_, cost)| best * cost.unit() + cost.constant),
                    bound: None,
                    elapsed: clock.elapsed().as_secs_f64(),
                });
                asked |= flow == Flow::Stop;
                flow
            },
        );
        self.asked_to_stop |= asked;
        found.filter(|values| lowered.fits(values))
    }

    /// Minimises a level from values that keep every row. Of the levels above it is told how many rows hold them, and
    /// whether all are proved. Costs and bounds that come back are the level's.
    fn minimise(
        &mut self,
        lowered: &Lowered<'_>,
        net: Option<&Net>,
        (level, cost): (Level, &Cost),
        start: Vec<f64>,
        (held, apart): (usize, bool),
        share: f64,
    ) -> Found {
        if self.is_over() {
            return Found { values: Some(start), ..Found::NOTHING };
        }
        // In units of the level's step, so that weights of any size are minimised alike.
        let (unit, constant, clock) = (cost.unit(), cost.constant, self.clock);
        let objective = cost.in_units();
        let days = self.problem.site.calendar.len();
        let roles = lowered.roles();
        let ground = Ground::new(&lowered.program, &roles, days, held, &objective);
        let task = Task {
            program: &lowered.program,
            ground: &ground,
            net,
            objective: &objective,
            constant: constant / unit,
            whole: cost.step > 0.0 && (constant / unit - (constant / unit).round()).abs() < 1e-9,
            seed: self.options.seed,
            deadline: clock::part(self.deadline, share),
            effort: self.options.effort,
            gap: self.options.gap,
        };
        let mut asked = false;
        let mut found = islands::minimise(&task, start, apart, &mut |best, bound| {
            let flow = (self.watch)(&Progress {
                doing: Doing::Level(level),
                best: Some(best * unit + constant),
                bound: bound.is_finite().then_some(bound * unit + constant),
                elapsed: clock.elapsed().as_secs_f64(),
            });
            asked |= flow == Flow::Stop;
            flow
        });
        self.asked_to_stop |= asked;
        self.stopped_by = found.stopped_by.or(self.stopped_by);
        found.bound = found.bound * unit + constant;
        found
    }
}

fn patience(lowered: &Lowered<'_>) -> jump::Patience {
    if lowered.program.columns.len() <= level::SMALL {
        jump::Patience::SMALL
    } else {
        jump::Patience::SHORT
    }
}

/// The program as a network for local search; none for small ones, which the backend solves at once.
fn network(lowered: &Lowered<'_>, objective: &[(usize, f64)]) -> Option<Net> {
    let large = lowered.program.columns.len() >= SMALL;
    large.then(|| Net::new(&lowered.program, &lowered.anatomy(), objective))
}

/// What a roster costs at a level, counted by the check.
pub(crate) fn counted(problem: &Problem, roster: &Roster, judgement: &Judgement, level: Level) -> f64 {
    match level {
        Level::Rules(strength) => judgement.cost(strength),
        Level::HomeFirst => home_first(problem, roster).unwrap_or(0.0),
    }
}

/// A roster and how it was judged.
type Judged = (Roster, Judgement);

/// How going through the levels ended.
enum Climb {
    /// A roster, with what is known of each level.
    Found(Judged, Vec<LevelResult>),
    /// The musts clash.
    Impossible,
    /// Neither a roster nor a proof.
    Unknown,
    /// Rows and check, or the backend, disagree.
    Disagree(String),
}

/// Finds the best roster of a problem: every level in order, each held at its cost before the next.
///
/// `watch` is told how the work stands, at least every few tenths of a second while a level is searched, and may
/// end it. The roster that comes back is verified by code independent of the model.
pub fn solve(problem: &Problem, options: &Options, watch: &mut dyn FnMut(&Progress) -> Flow) -> Solved {
    solve_holding(problem, options, &|_, _| false, watch)
}

/// The same with some softer subjects held like musts: what it would cost to keep them. When that is impossible, the
/// conflict names those that it cannot do without.
pub fn solve_holding(
    problem: &Problem,
    options: &Options,
    holds: &(dyn Fn(Owner, &About) -> bool + Sync),
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Solved {
    let clock = Instant::now();
    let deadline = options.time_limit.map(|limit| clock + limit);
    let mut search = Search {
        problem,
        options,
        clock,
        deadline,
        holds,
        watch,
        asked_to_stop: false,
        stopped_by: None,
        keeps_time: false,
    };
    let softness = if options.best_effort { Softness::BEST_EFFORT } else { Softness::STRICT };
    let softness = Softness { holds, ..softness };
    let stop = Arc::default();
    let model = search.build(&stop, || problem.model_until(Arc::clone(&stop)));
    let mut lowered = search.build(&stop, || Lowered::new(problem, &model, &softness));
    if model.is_stopped() {
        return unknown(&search);
    }
    if !lowered.broken.is_empty() {
        return impossible(&mut search, &model);
    }
    let start = start_from_cohorts(&mut search, &model, &softness, &lowered);
    match climb(&mut search, &mut lowered, start) {
        Climb::Found((roster, judgement), levels) => finish(&mut search, roster, judgement, levels),
        Climb::Impossible => impossible(&mut search, &model),
        Climb::Disagree(what) => disagree(clock, what),
        Climb::Unknown => unknown(&search),
    }
}

fn unknown(search: &Search<'_>) -> Solved {
    Solved { stopped_by: search.stopped_by, ..Solved::empty(Status::Unknown, search.clock) }
}

/// Of the time left, how much a start may take in all.
const START_SHARE: f64 = 0.5;

/// Where people's cohorts are open: the best roster with the cohorts that a search of cohorts alone has found.
fn start_from_cohorts(
    search: &mut Search<'_>,
    model: &rota_rules::Model,
    softness: &Softness<'_>,
    lowered: &Lowered<'_>,
) -> Option<Judged> {
    let levels: Vec<Level> = lowered.levels.iter().map(|(level, _)| *level).collect();
    let half = clock::part(search.deadline, START_SHARE / 2.0);
    let whole = clock::part(search.deadline, START_SHARE);
    let labels = cohort_search::search(search.problem, model, &levels, search.options.seed, half)?;
    let mut lowered = Lowered::new(search.problem, model, softness);
    lowered.hold_cohorts(&labels);
    let deadline = std::mem::replace(&mut search.deadline, whole);
    let climbed = climb(search, &mut lowered, None);
    search.deadline = deadline;
    // A start that ran out of time says nothing of the search itself.
    if !search.asked_to_stop {
        search.stopped_by = None;
    }
    match climbed {
        Climb::Found(found, _) => Some(found),
        _ => None,
    }
}

/// Makes what values stand for the best roster, unless the one before costs less at this level or any above.
fn consider(
    problem: &Problem,
    options: &Options,
    lowered: &Lowered<'_>,
    level: Level,
    above: &[LevelResult],
    best: &mut Option<Judged>,
    values: Option<&[f64]>,
) -> Result<(), String> {
    let Some(values) = values else { return Ok(()) };
    let roster = lowered.roster(values);
    let judgement = Judgement::of(problem, &roster);
    acceptable(problem, &judgement, options)?;
    let price = |level: Level, (roster, judgement): &Judged| counted(problem, roster, judgement, level);
    let new = (roster, judgement);
    let better = best.as_ref().is_none_or(|old| {
        price(level, &new) <= price(level, old) + 1e-9
            // Within a backend's tolerance a held level may have become dearer.
            && above.iter().all(|above| price(above.level, &new) <= above.cost + 1e-9)
    });
    if better {
        *best = Some(new);
    }
    Ok(())
}

/// Goes through the levels of a program, each held at the cost found before the next. `start` is a roster to begin
/// from, where there is one.
fn climb(search: &mut Search<'_>, lowered: &mut Lowered<'_>, start: Option<Judged>) -> Climb {
    let (problem, options) = (search.problem, search.options);
    let levels = std::mem::take(&mut lowered.levels);
    let mut start = start.filter(|(roster, _)| lowered.fits(&lowered.values(roster)));
    let mut best: Option<Judged> = None;
    let mut results: Vec<LevelResult> = Vec::new();
    let mut held_rows = 0;
    let price = |level: Level, (roster, judgement): &Judged| counted(problem, roster, judgement, level);
    for (at, (level, cost)) in levels.iter().enumerate() {
        // The start is as good as what was found, as long as it costs no more at any level above.
        let holds =
            |start: &Judged| results.iter().all(|above| price(above.level, start) <= above.cost + 1e-9);
        if start.as_ref().is_some_and(|start| !holds(start)) {
            start = None;
        }
        if let Some(start) = &start {
            if best.as_ref().is_none_or(|best| price(*level, start) < price(*level, best) - 1e-9) {
                best = Some(start.clone());
            }
        }
        if best.as_ref().is_some_and(|best| price(*level, best) <= 0.0) {
            // Costs are never below 0.
            results.push(LevelResult { level: *level, cost: 0.0, bound: 0.0, proved: true });
            if !cost.terms.is_empty() {
                lowered.program.rows.push(cost.held_at(0.0));
                held_rows += 1;
            }
            continue;
        }
        if best.is_none() {
            // Any roster first, to be improved.
            let found = search.first(lowered);
            if found.impossible {
                return Climb::Impossible;
            }
            if let Some(failure) = found.failure {
                return Climb::Disagree(format!("the solver failed: {failure}"));
            }
            let values = found.values.as_deref();
            if let Err(what) = consider(problem, options, lowered, *level, &results, &mut best, values) {
                return Climb::Disagree(what);
            }
        }
        let Some((roster, _)) = &best else { return Climb::Unknown };
        search.keep_time(roster);
        let start = Some(lowered.values(roster)).filter(|values| lowered.fits(values));
        // Desks given out inside a group may differ from those that the rows asked about.
        let start = start.or_else(|| search.any(lowered, 0.5).values);
        let share = (SHARE / (levels.len() - at) as f64).min(1.0);
        let mut bound = 0.0;
        if let Some(start) = start {
            let is_large = lowered.program.columns.len() > level::WHOLE;
            let jumps = if is_large { JUMP_SHARE_OF_LARGE } else { JUMP_SHARE };
            let part = (share * jumps, patience(lowered));
            let net = network(lowered, &cost.in_units());
            let start =
                search.jump(lowered, net.as_ref(), Some((*level, cost)), Some(&start), part).unwrap_or(start);
            let costs: f64 = cost.terms.iter().map(|(column, factor)| factor * start[*column]).sum();
            let found = if costs + cost.constant <= 1e-9 {
                // Costs are never below 0.
                Found { values: Some(start), bound: 0.0, ..Found::NOTHING }
            } else {
                let apart = results.iter().all(|above| above.cost - above.bound <= 1e-9);
                search.minimise(lowered, net.as_ref(), (*level, cost), start, (held_rows, apart), share)
            };
            // A backend that fails has proved nothing; the roster stands.
            bound = found.bound;
            let values = found.values.as_deref();
            if let Err(what) = consider(problem, options, lowered, *level, &results, &mut best, values) {
                return Climb::Disagree(what);
            }
        }
        let Some(found_best) = &best else { return Climb::Unknown };
        let paid = price(*level, found_best);
        let bound = cost.proved(bound, paid);
        let proved = relative_gap(paid, bound) <= options.gap + 1e-9;
        results.push(LevelResult { level: *level, cost: paid, bound, proved });
        if !cost.terms.is_empty() {
            lowered.program.rows.push(cost.held_at(paid));
            held_rows += 1;
        }
    }
    if levels.is_empty() {
        if let Some(start) = start {
            return Climb::Found(start, results);
        }
        let found = search.first(lowered);
        if found.impossible {
            return Climb::Impossible;
        }
        if let Some(failure) = found.failure {
            return Climb::Disagree(format!("the solver failed: {failure}"));
        }
        best = found.values.map(|values| {
            let roster = lowered.roster(&values);
            let judgement = Judgement::of(problem, &roster);
            (roster, judgement)
        });
    }
    match best {
        Some(best) => Climb::Found(best, results),
        None => Climb::Unknown,
    }
}

/// Tidies the roster, counts it once more, and says what it is.
fn finish(
    search: &mut Search<'_>,
    roster: Roster,
    judgement: Judgement,
    mut levels: Vec<LevelResult>,
) -> Solved {
    search.tell(Doing::Verifying);
    let problem = search.problem;
    let all_proved = levels.iter().all(|level| level.proved);
    let same_cost = |other: &Roster, other_judgement: &Judgement| {
        acceptable(problem, other_judgement, search.options).is_ok()
            && levels.iter().all(|level| {
                counted(problem, other, other_judgement, level.level)
                    <= counted(problem, &roster, &judgement, level.level) + 1e-9
            })
    };
    let mut tidied = if all_proved { roster.clone() } else { tidy::send_home(problem, &roster) };
    tidy::drop_duties(problem, &mut tidied);
    tidy::keep_desks(problem, &mut tidied);
    let tidied_judgement = Judgement::of(problem, &tidied);
    let (roster, judgement) =
        if same_cost(&tidied, &tidied_judgement) { (tidied, tidied_judgement) } else { (roster, judgement) };
    for level in &mut levels {
        level.cost = counted(problem, &roster, &judgement, level.level);
        level.bound = level.bound.min(level.cost);
        level.proved = relative_gap(level.cost, level.bound) <= search.options.gap + 1e-9;
    }
    let mut solved = Solved::empty(Status::Feasible, search.clock);
    if let Err(what) = acceptable(problem, &judgement, search.options) {
        solved.disagreement = Some(what);
        return solved;
    }
    solved.status = if levels.iter().all(|level| level.proved) { Status::Optimal } else { Status::Feasible };
    solved.stopped_by = if solved.status == Status::Optimal { None } else { search.stopped_by };
    solved.reasons = all_reasons(problem, &roster);
    solved.levels = levels;
    solved.roster = Some(roster);
    solved.judgement = Some(judgement);
    solved.seconds = search.clock.elapsed().as_secs_f64();
    solved
}

/// The laws, and the musts unless they may bend, are kept: else rows and check disagree.
fn acceptable(problem: &Problem, judgement: &Judgement, options: &Options) -> Result<(), String> {
    let bends = |breach: &Breach| options.best_effort && Problem::is_rule(breach.owner);
    let broken = judgement.broken_musts().find(|breach| !bends(breach));
    broken.map_or(Ok(()), |breach| Err(format!("the roster found breaks {}", problem.told(breach))))
}

fn disagree(clock: Instant, what: String) -> Solved {
    let mut solved = Solved::empty(Status::Unknown, clock);
    solved.disagreement = Some(what);
    solved
}

fn impossible(search: &mut Search<'_>, model: &rota_rules::Model) -> Solved {
    search.tell(Doing::Conflict);
    let mut solved = Solved::empty(Status::Impossible, search.clock);
    let watch = &mut *search.watch;
    let clock = search.clock;
    let mut told = || {
        let elapsed = clock.elapsed().as_secs_f64();
        watch(&Progress { doing: Doing::Conflict, best: None, bound: None, elapsed })
    };
    let among = Among { holds: search.holds, ..Among::MUSTS };
    let conflict = conflict::find(search.problem, model, among, search.deadline, &mut told);
    solved.conflict = Some(conflict);
    solved.seconds = search.clock.elapsed().as_secs_f64();
    solved
}
