//! One level: the least cost that can be found, and the greatest bound that can be proved, in the time there is.
//!
//! Searches go on side by side: the backend on the whole program, which gives bounds and, where the program is small,
//! the optimum; beside it local search ([`crate::jump`]) and neighbourhoods ([`crate::neighbourhood`]), which give good
//! rosters where it is not. They meet after a number of nodes; between meetings the blocks of the program
//! ([`crate::columns`]) are asked for a bound and for rosters. Large blocks that few rows join, each of which is solved
//! at once, are asked before anything else, and so are small ones with all their plans at hand. All go on from the best
//! roster. What each does between two meetings does not depend on the others' speed, so that without a time limit the
//! same roster comes out every time.

use crate::backend::{self, Answer, Flow, Request, Stop};
use crate::blocks;
use crate::clock::{left, part};
use crate::columns::{Master, ROUNDS};
use crate::jump::{self, Net};
use crate::lower::{whole_above, EQUAL};
use crate::neighbourhood::{Ground, Limits, Wander};
use crate::program::Program;
use crate::watched::{on_a_pool, watched, StopOnDrop};
use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What is to be minimised, and within which limits. Costs are counted in units and without the constant.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// Columns and rows.
    pub program: &'a Program,
    /// The program prepared for the neighbourhood search, with its costs.
    pub ground: &'a Ground<'a>,
    /// The program as a network for the local search, where it is worth it.
    pub net: Option<&'a Net>,
    /// Cost of each column that has one.
    pub objective: &'a [(usize, f64)],
    /// Paid whatever the values: part of what a gap is relative to.
    pub constant: f64,
    /// Whether every cost is a whole number.
    pub whole: bool,
    /// Where the dice begin.
    pub seed: u64,
    /// When the time is up.
    pub deadline: Option<Instant>,
    /// Branch-and-bound nodes at most.
    pub effort: Option<u64>,
    /// Relative gap that is good enough.
    pub gap: f64,
}

/// What was found.
pub struct Found {
    /// The best values.
    pub values: Option<Vec<f64>>,
    /// No values cost less; negative infinity when nothing is known.
    pub bound: f64,
    /// No values keep every row: proved.
    pub impossible: bool,
    /// What cut the search short.
    pub stopped_by: Option<Stop>,
    /// What the backend failed at.
    pub failure: Option<String>,
}

impl Found {
    /// Whether the backend has found the optimum.
    fn is_proved(&self) -> bool {
        self.values.is_some() && self.stopped_by.is_none() && self.failure.is_none()
    }

    /// Nothing.
    pub const NOTHING: Found =
        Found { values: None, bound: f64::NEG_INFINITY, impossible: false, stopped_by: None, failure: None };
}

/// Of the time left, how much a search until the next meeting may take, and how much the blocks.
const MEETING_SHARE: f64 = 0.25;
const FIRST_BLOCKS_SHARE: f64 = 0.4;
const BLOCKS_SHARE: f64 = 0.6;
const ALONE_SHARE: f64 = 0.6;
const LARGE_SHARE: f64 = 0.3;
/// A program of more columns is not given to the backend whole.
pub const WHOLE: usize = 60_000;
/// Programs of so few columns are mostly solved by the backend alone: the blocks wait for the second meeting.
pub const SMALL: usize = 2_000;
/// Nodes until the first meeting for them, times columns; fewer where blocks have all their plans at hand.
const SMALL_WORK: u64 = 1_000_000;
const SMALL_WORK_BESIDE: u64 = 50_000;
/// Nodes until the second meeting; eight times as many until each of the next.
const NODES: u64 = 100;
/// Where the backend leaves so many times the gap that blocks leave, it is not asked as long as these have news.
const KNOWS_LESS: f64 = 2.0;
/// A gap, relative to the cost, that says little.
const KNOWS_LITTLE: f64 = 0.5;
/// Of the time left, how much the backend may take for its first node without being slow.
const SLOW_SHARE: f64 = 0.125;
/// Rounds of prices for large blocks before anything else is done, and the time these may take.
const OPENING: usize = 1;
const OPENING_SHARE: f64 = 0.25;
/// The neighbourhood search waits so long: small programs are solved by then.
const HEAD_START: Duration = Duration::from_millis(300);
/// Time between two looks at the watcher.
const WATCH_EVERY: Duration = Duration::from_millis(50);
impl Task<'_> {
    /// Whether the program is too large for the backend.
    fn is_large(&self) -> bool {
        self.program.columns.len() > WHOLE
    }

    /// The least cost there can be above a bound.
    pub(crate) fn step_up(&self, bound: f64) -> f64 {
        if self.whole {
            whole_above(bound)
        } else {
            bound
        }
    }

    fn cost(&self, values: &[f64]) -> f64 {
        self.objective.iter().map(|(column, factor)| factor * values[*column]).sum()
    }

    /// Whether a cost is within the gap of a bound.
    fn is_proved(&self, cost: f64, bound: f64) -> bool {
        let over = cost - self.step_up(bound);
        over <= EQUAL || over / (cost + self.constant).abs().max(1e-9) <= self.gap
    }
}

/// Goes on from values that keep every row. `watch` is told cost and bound.
pub fn minimise(task: &Task<'_>, start: Vec<f64>, watch: &mut dyn FnMut(f64, f64) -> Flow) -> Found {
    let ground = task.ground;
    let columns = task.program.columns.len();
    let is_small = columns <= SMALL;
    let blocks = blocks::blocks(task.program, ground.roles, ground.days, ground.held);
    let in_blocks = blocks.blocks.len() > 1 && task.effort.is_none();
    let large = (in_blocks && !is_small)
        .then(|| {
            let least = blocks.blocks.len();
            blocks::large_blocks(task.program, ground.roles, ground.days, ground.held, least)
        })
        .flatten();
    let mut share = FIRST_BLOCKS_SHARE;
    let mut search = Wander::new(ground, start, task.seed);
    if task.effort.is_some() {
        search.hurry();
    }
    // Costs are never below 0.
    let mut found = Found { bound: -task.constant, ..Found::NOTHING };
    let master = |blocks, start: &[f64], are_large| {
        Master::new((task.program, &ground.cost), blocks, (ground.roles, ground.days), start, are_large)
    };
    // No better bound comes of smaller blocks than of larger ones.
    let mut small = (in_blocks && large.is_none()).then(|| master(&blocks, search.values(), false));
    let mut large = large.as_ref().map(|blocks| master(blocks, search.values(), true));
    let is_cheap = small.as_ref().is_some_and(Master::is_cheap);
    let opening = part(task.deadline, OPENING_SHARE);
    let mut blocks_know = false;
    if let Some(blocks) = &mut large {
        blocks.tighten(ground.held, opening, &mut |bound| watch(search.least(), bound.max(found.bound)));
        ask(task, blocks, &mut search, &mut found, (OPENING, opening), watch);
    } else if let Some(blocks) = small.as_mut().filter(|_| is_cheap && !is_small) {
        blocks_know = ask(task, blocks, &mut search, &mut found, (ROUNDS, opening), watch);
    }
    let ended = |found: &Found, search: &Wander<'_>| {
        task.is_proved(search.cost(), found.bound)
            || found.stopped_by == Some(Stop::Asked)
            || is_over(task.deadline)
    };
    let work = if is_cheap { SMALL_WORK_BESIDE } else { SMALL_WORK };
    let mut nodes = if is_small { work / columns.max(1) as u64 } else { 1 };
    let (mut meeting, mut gave_way, mut backend_knows_less, mut is_slow) = (0, false, blocks_know, false);
    while !ended(&found, &search) {
        let allowed = task.effort.map_or(nodes, |effort| effort.min(nodes));
        let has_blocks = small.is_some() || large.is_some();
        let gives_way = backend_knows_less && (has_blocks || !gave_way);
        gave_way = gives_way;
        let alone = task.is_large() || gives_way;
        let until = match (has_blocks, task.is_large()) {
            (false, _) => task.deadline,
            (true, false) if is_small || alone => part(task.deadline, ALONE_SHARE),
            (true, false) => part(task.deadline, MEETING_SHARE),
            // Nobody else looks for rosters.
            (true, true) => part(task.deadline, LARGE_SHARE),
        };
        let nodes_now = (!alone).then_some(allowed);
        // A time that is set is used to its end: else it would be the slow backend's.
        let is_patient = gives_way && is_slow && until.is_some();
        let late = part(task.deadline, SLOW_SHARE);
        let met = meet(task, &mut search, (meeting, nodes_now, is_patient), found.bound, until, watch);
        meeting += 1;
        found.bound = found.bound.max(met.bound);
        match &met.values {
            // Whatever the other search had by then, so that the same roster comes out every time.
            Some(values) if met.is_proved() => search.put(values),
            Some(values) => search.offer(values),
            None => {}
        }
        found.failure = met.failure;
        found.stopped_by = met.stopped_by;
        if ended(&found, &search)
            || found.failure.is_some()
            || task.effort.is_some_and(|effort| effort <= nodes)
        {
            break;
        }
        // What gives no bound at all, or a poor one late, with its first node, gives way to the search for a meeting, and
        // blocks wait for that.
        let is_beside = !alone && task.net.is_some() && task.effort.is_none();
        let is_cut = met.stopped_by == Some(Stop::Time);
        let is_late = is_cut || is_over(late);
        let gap = search.cost() - met.bound;
        let knows_little = gap > KNOWS_LITTLE * (search.cost() + task.constant);
        is_slow = is_beside && is_late && nodes == 1 && knows_little;
        backend_knows_less = is_slow || is_beside && met.bound <= 1e-6 - task.constant;
        // Where each block takes a search they wait for the second meeting, unless the backend was not even through with
        // its first node.
        let is_first = nodes == 1 && !is_small && !is_cut && !task.is_large();
        let asks = !backend_knows_less && (!is_first || large.is_some() || is_cheap);
        if let Some(blocks) = large.as_mut().or(small.as_mut()).filter(|_| asks) {
            let limits = (ROUNDS, part(task.deadline, share));
            let says_new = ask(task, blocks, &mut search, &mut found, limits, watch);
            share = BLOCKS_SHARE;
            let gap = |bound: f64| search.cost() - bound;
            backend_knows_less = says_new && gap(met.bound) > KNOWS_LESS * gap(found.bound);
            // Blocks that have said nothing new are not asked again, unless it costs little and the backend was not asked
            // beside them.
            let stay = says_new || (alone && is_cheap);
            if !stay {
                (large, small) = (None, None);
            }
        }
        if !gives_way {
            // So many are never used: a backend that has no need of them and no proof either will not have one.
            let Some(more) = nodes.checked_mul(8) else { break };
            nodes = if nodes == 1 { NODES } else { more };
        }
    }
    if task.is_proved(search.cost(), found.bound) {
        found.stopped_by = None;
    } else if is_over(task.deadline) && found.stopped_by != Some(Stop::Asked) {
        found.stopped_by = Some(Stop::Time);
    }
    let is_cut = matches!(found.stopped_by, Some(Stop::Time | Stop::Asked));
    found.values = Some(if is_cut { search.best() } else { search.values() }.to_vec());
    found
}

/// Asks the blocks for a bound and for a better roster; whether they had anything new to say.
fn ask(
    task: &Task<'_>,
    blocks: &mut Master<'_>,
    search: &mut Wander<'_>,
    found: &mut Found,
    (rounds, deadline): (usize, Option<Instant>),
    watch: &mut dyn FnMut(f64, f64) -> Flow,
) -> bool {
    let (cost, start, before) = (search.cost(), search.values().to_vec(), found.bound);
    let least = search.least();
    let slack = if task.whole { 1.0 - 1e-6 } else { 0.0 };
    let mut asked = false;
    let watch = RefCell::new(|cost: f64, bound: f64| {
        let flow = watch(cost.min(least), bound.max(before));
        asked |= flow == Flow::Stop;
        flow
    });
    let mut cross = |values: &[f64]| {
        let (stop, cost) = (AtomicBool::new(false), search.cost());
        watched(&stop, || search.cross(values, deadline, &stop), || (watch.borrow_mut())(cost, before))
    };
    let mut tell = |cost: f64, bound: f64| (watch.borrow_mut())(cost, bound);
    let values = blocks.search((&start, slack), (rounds, deadline), task.seed, &mut cross, &mut tell);
    if asked {
        found.stopped_by = Some(Stop::Asked);
    }
    found.bound = found.bound.max(blocks.bound());
    if let Some(values) = values {
        search.offer(&values);
    }
    task.step_up(found.bound) > task.step_up(before) || search.cost() < cost - 1e-9
}

/// Both searches side by side, until the backend has used its nodes and the other has given up, or either has the
/// optimum; without nodes, the other alone. A patient meeting goes on until the deadline, for which it is cut.
fn meet(
    task: &Task<'_>,
    search: &mut Wander<'_>,
    (meeting, nodes, is_patient): (u64, Option<u64>, bool),
    bound: f64,
    deadline: Option<Instant>,
    watch: &mut dyn FnMut(f64, f64) -> Flow,
) -> Found {
    let (start, least) = (search.values().to_vec(), search.least());
    let stop = AtomicBool::new(false);
    let given_up = AtomicBool::new(false);
    let best = AtomicU64::new(search.cost().to_bits());
    let target = AtomicU64::new(task.step_up(bound).to_bits());
    let all = rayon::current_num_threads();
    // One thread is the backend's, as long as it works.
    let threads = AtomicUsize::new(if nodes.is_some() { all.saturating_sub(1).max(1) } else { all });
    let limits = Limits {
        deadline,
        stop: &stop,
        given_up: &given_up,
        threads: &threads,
        rounds: None,
        target: &target,
        best: &best,
    };
    let found = thread::scope(|scope| {
        let _stop = StopOnDrop(&stop);
        let other = scope.spawn(|| {
            thread::park_timeout(HEAD_START);
            if stop.load(Ordering::Relaxed) {
                return;
            }
            on_a_pool(all, || look(task, search, meeting, &limits));
        });
        // A search that begins anew is worse than what was told before.
        let least = Cell::new(least);
        let lowest = |cost: Option<f64>| {
            let other = f64::from_bits(best.load(Ordering::Relaxed));
            least.set([least.get(), other].into_iter().chain(cost).fold(f64::INFINITY, f64::min));
            least.get()
        };
        let request = Request {
            constant: task.constant,
            start: Some(&start),
            seconds: left(deadline),
            nodes,
            gap: task.gap,
            only_proves: task.net.is_some(),
            ..Request::new(task.program, task.objective)
        };
        // Where the other search may be waited for, its roster is taken, whichever is first: so it is the same every time.
        let known = task.step_up(bound);
        let may_wait = task.program.columns.len() > SMALL;
        let has_reached = |least: f64| {
            !given_up.load(Ordering::Relaxed) && f64::from_bits(best.load(Ordering::Relaxed)) <= least + 1e-6
        };
        let mut found = if nodes.is_none() {
            Found { stopped_by: (!is_patient).then_some(Stop::Nodes), ..Found::NOTHING }
        } else {
            read(backend::highs::solve(&request, &mut |step| {
                let flow = watch(lowest(step.best), step.bound.max(bound));
                if may_wait && has_reached(known) {
                    Flow::Stop
                } else {
                    flow
                }
            }))
        };
        threads.store(all, Ordering::Relaxed);
        let proved = found.is_proved();
        let proved_least = task.step_up(found.bound.max(bound));
        let waits = may_wait && found.values.as_ref().is_some_and(|values| task.cost(values) <= known + 1e-6);
        let now = (proved && !waits) || matches!(found.stopped_by, Some(Stop::Time | Stop::Asked));
        let has_ended = || given_up.load(Ordering::Relaxed) && !is_patient;
        while !(now || other.is_finished() || has_ended() || has_reached(proved_least)) {
            let cost = found.values.as_ref().map(|values| task.cost(values));
            if watch(lowest(cost), found.bound.max(bound)) == Flow::Stop {
                found.stopped_by = Some(Stop::Asked);
                break;
            }
            thread::sleep(WATCH_EVERY);
        }
        if may_wait && has_reached(known) {
            found = Found { stopped_by: Some(Stop::Nodes), bound: found.bound, ..Found::NOTHING };
        }
        stop.store(true, Ordering::Relaxed);
        other.thread().unpark();
        other.join().expect("the search does not panic");
        if is_over(deadline) && !proved {
            found.stopped_by = found.stopped_by.or(Some(Stop::Time));
        }
        found
    });
    if found.stopped_by == Some(Stop::Nodes) {
        search.go_back();
        // One of several that are as good: the search may have gone on to another by the time this was proved.
        if search.cost() <= task.step_up(found.bound.max(bound)) + 1e-6 {
            search.go_back_to_first();
        }
    } else {
        search.take_best();
    }
    found
}

/// Looks for better rosters by local search and by neighbourhoods, until stopped or out of time. The two take turns, and
/// the one that has gained more has the next; turns grow when nothing is gained, and when they have grown enough the
/// search gives up, or somewhat later where only one step is missing, and goes on elsewhere. Turns are counted in moves and
/// rounds, not in seconds.
fn look(task: &Task<'_>, search: &mut Wander<'_>, meeting: u64, limits: &Limits<'_>) {
    search.begin();
    let Some(net) = task.net.filter(|_| task.effort.is_none()) else { return search.run(limits) };
    let mut gains = [f64::INFINITY; 2];
    let (mut growth, mut idle) = (0, 0);
    let known = f64::from_bits(limits.target.load(Ordering::Relaxed));
    let mut chances = if task.whole && search.cost() < known + 1.5 { CHANCES } else { 0 };
    for turn in 0.. {
        let target = f64::from_bits(limits.target.load(Ordering::Relaxed));
        let over = limits.deadline.is_some_and(|deadline| deadline <= Instant::now());
        if over || limits.stop.load(Ordering::Relaxed) || search.cost() <= target + 1e-6 {
            limits.best.store(search.cost().to_bits(), Ordering::Relaxed);
            return;
        }
        let seconds = (TURN + net.size() as f64 * TURN_OF_ONE) * f64::from(1 << growth);
        let (before, least) = (search.cost(), search.least());
        // The one that gains less has its turn at times; when neither gains they take turns.
        let jumps =
            if gains[0] == gains[1] { turn % 2 == 0 } else { (gains[0] > gains[1]) != (turn % 6 == 5) };
        if jumps {
            // Many short ones find at times what one long one does not.
            let pieces = if turn % 4 < 2 { 1 << growth } else { 1 };
            let longer = if search.gained[0] > search.gained[1] { LONGER } else { 1 };
            for piece in 0..pieces {
                let moves = (seconds * MOVES) as u64 * longer / pieces;
                let patience = jump::Patience { first: moves / net.size().max(1) as u64, most: 1, idle: 1 };
                let Limits { deadline, stop, best, .. } = *limits;
                let limits = jump::Limits { patience, target, deadline, stop, best };
                let seed = task.seed.wrapping_add(meeting).wrapping_add(turn << 32).wrapping_add(piece << 48);
                if let Some(values) = net.search(Some(search.values()), seed, &limits) {
                    search.offer(&values);
                }
            }
        } else {
            search.run(&Limits { rounds: Some(search.rounds_in(seconds)), ..*limits });
        }
        search.gained[usize::from(!jumps)] += least - search.least();
        let gain = (before - search.cost()) / seconds;
        gains[usize::from(!jumps)] = gain;
        idle = if gain > 0.0 { 0 } else { idle + 1 };
        if idle >= 2 {
            idle = 0;
            if growth < MOST_GROWTH {
                growth += 1;
            } else {
                growth = 0;
                if chances == 0 {
                    search.give_up(limits.given_up);
                } else {
                    chances -= 1;
                }
                search.go_elsewhere(limits.deadline);
            }
        }
    }
}

/// What a turn takes on an ordinary machine at least, for each thing that is decided, and how many moves are made in a
/// second there: only to give both searches alike.
const TURN: f64 = 0.5;
const TURN_OF_ONE: f64 = 0.0002;
const MOVES: f64 = 300_000.0;
/// So many times as long is the turn of local search where it has gained more than the neighbourhoods.
const LONGER: u64 = 2;
/// How often turns are doubled.
const MOST_GROWTH: u32 = 2;
/// How often the search begins elsewhere before it gives up, where only one step is missing.
const CHANCES: u32 = 4;

/// Whether what is left of the time is not worth another search.
fn is_over(deadline: Option<Instant>) -> bool {
    left(deadline).is_some_and(|left| left < 0.05)
}

/// What an answer says.
pub fn read(answer: Answer) -> Found {
    let nothing = Found::NOTHING;
    match answer {
        Answer::Proved { values, bound, .. } => Found { values: Some(values), bound, ..nothing },
        Answer::Stopped { best, bound, why } => {
            Found { values: best.map(|(values, _)| values), bound, stopped_by: Some(why), ..nothing }
        }
        Answer::Impossible => Found { impossible: true, ..nothing },
        Answer::Failed(what) => Found { failure: Some(what), ..nothing },
    }
}
