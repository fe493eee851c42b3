//! Independent parts: what no row joins is minimised apart, several at a time.
//!
//! Two sites with their own people, or teams that share neither seats nor cover, are programs of their own. Together
//! they would be as hard as all of them multiplied; apart they are as hard as their sum. Levels that are held join
//! everything; they may be set aside only where they are proved, because then every part holds its own least share.

use crate::backend::{Flow, Stop};
use crate::clock;
use crate::level::{self, Found, Task};
use crate::neighbourhood::{Ground, Role};
use crate::program::{Program, ProgramRow};
use crate::sets::Sets;
use crate::watched::{on_a_pool, unless, watched};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Parts with fewer columns are put together.
const SMALL: usize = 400;

/// One part of a program.
struct Island {
    /// Its columns in the whole, in order.
    columns: Vec<usize>,
    program: Program,
    roles: Vec<Role>,
    objective: Vec<(usize, f64)>,
    held: usize,
}

/// Minimises a level, part by part where there are parts. `apart` says that every level above is proved, exactly.
pub fn minimise(
    task: &Task<'_>,
    start: Vec<f64>,
    apart: bool,
    watch: &mut dyn FnMut(f64, f64) -> Flow,
) -> Found {
    let ground = task.ground;
    let islands = if apart || ground.held == 0 { islands(task, &start) } else { Vec::new() };
    if islands.len() < 2 {
        return level::minimise(task, start, watch);
    }
    let stop = AtomicBool::new(false);
    let all = rayon::current_num_threads();
    let threads = all.clamp(1, islands.len());
    let waiting = AtomicUsize::new(islands.len());
    // Cost and bound of every part so far.
    let cost = |island: &Island| {
        island.objective.iter().map(|(column, factor)| factor * start[island.columns[*column]]).sum::<f64>()
    };
    let standing: Mutex<Vec<(f64, f64)>> =
        Mutex::new(islands.iter().map(|island| (cost(island), f64::NEG_INFINITY)).collect());
    let one = |(at, island): (usize, &Island)| {
        let turns = waiting.fetch_sub(1, Ordering::Relaxed).div_ceil(threads);
        let ground = Ground::new(&island.program, &island.roles, ground.days, island.held, &island.objective);
        let own = Task {
            program: &island.program,
            ground: &ground,
            net: None,
            objective: &island.objective,
            deadline: clock::part(task.deadline, 1.0 / turns.max(1) as f64),
            ..*task
        };
        let start = island.columns.iter().map(|column| start[*column]).collect();
        let mut found = level::minimise(&own, start, &mut |best, bound| {
            standing.lock().unwrap_or_else(PoisonError::into_inner)[at] = (best, bound);
            unless(&stop)
        });
        found.bound = own.step_up(found.bound);
        found
    };
    // Threads of their own: those of rayon are for the work inside a part, which waits for it; each part has its share.
    let own = all.div_ceil(threads);
    let next = AtomicUsize::new(0);
    let take = || {
        let mut found = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(island) = islands.get(at) else { return found };
            found.push((at, one((at, island))));
        }
    };
    let work = || {
        thread::scope(|scope| {
            let work: Vec<_> = (0..threads).map(|_| scope.spawn(|| on_a_pool(own, take))).collect();
            work.into_iter().flat_map(|work| work.join().expect("a part does not panic")).collect()
        })
    };
    let mut asked = false;
    let mut found: Vec<(usize, Found)> = watched(&stop, work, || {
        let (best, bound) = {
            let standing = standing.lock().unwrap_or_else(PoisonError::into_inner);
            standing.iter().fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
        };
        let flow = watch(best, bound);
        asked |= flow == Flow::Stop;
        flow
    });
    found.sort_by_key(|(at, _)| *at);
    let mut whole = Found { values: None, bound: 0.0, ..Found::NOTHING };
    let mut values = start;
    for (at, found) in found {
        let island = &islands[at];
        whole.bound += found.bound;
        whole.failure = whole.failure.or(found.failure);
        whole.stopped_by = whole.stopped_by.or(found.stopped_by);
        for (column, value) in island.columns.iter().zip(found.values.into_iter().flatten()) {
            values[*column] = value;
        }
    }
    if asked {
        whole.stopped_by = Some(Stop::Asked);
    }
    whole.values = Some(values);
    whole
}

/// The parts of a program, each with its share of the levels above; none or one when it is all in one piece.
fn islands(task: &Task<'_>, values: &[f64]) -> Vec<Island> {
    let (program, ground) = (task.program, task.ground);
    let own = program.rows.len() - ground.held;
    let mut sets = Sets::of_people(ground.roles, ground.days);
    for row in &program.rows[..own] {
        if let Some(((first, _), others)) = row.terms.split_first() {
            for (column, _) in others {
                sets.unite(*first, *column);
            }
        }
    }
    let mut pieces: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for column in 0..program.columns.len() {
        pieces.entry(sets.find(column)).or_default().push(column);
    }
    let mut bundles: Vec<Vec<usize>> = Vec::new();
    for piece in pieces.into_values() {
        match bundles.last_mut().filter(|bundle| bundle.len() < SMALL) {
            Some(bundle) => bundle.extend(piece),
            None => bundles.push(piece),
        }
    }
    if bundles.len() < 2 {
        return Vec::new();
    }
    let mut bundle_of = vec![0; program.columns.len()];
    let mut place = vec![0; program.columns.len()];
    for (at, bundle) in bundles.iter_mut().enumerate() {
        bundle.sort_unstable();
        for (own, column) in bundle.iter().enumerate() {
            (bundle_of[*column], place[*column]) = (at, own);
        }
    }
    let mut islands: Vec<Island> = bundles
        .into_iter()
        .map(|columns| Island {
            program: Program {
                columns: columns.iter().map(|column| program.columns[*column]).collect(),
                rows: Vec::new(),
            },
            roles: people_from_0(columns.iter().map(|column| ground.roles[*column]), ground.days as u32),
            objective: Vec::new(),
            held: 0,
            columns,
        })
        .collect();
    for (column, factor) in task.objective {
        islands[bundle_of[*column]].objective.push((place[*column], *factor));
    }
    for row in &program.rows[..own] {
        let Some((first, _)) = row.terms.first() else { continue };
        let terms = row.terms.iter().map(|(column, factor)| (place[*column], *factor)).collect();
        islands[bundle_of[*first]].program.rows.push(ProgramRow { terms, ..row.clone() });
    }
    for row in &program.rows[own..] {
        let mut shares: BTreeMap<usize, (Vec<(usize, f64)>, f64)> = BTreeMap::new();
        for (column, factor) in &row.terms {
            let share = shares.entry(bundle_of[*column]).or_default();
            share.0.push((place[*column], *factor));
            share.1 += factor * values[*column];
        }
        for (at, (terms, upper)) in shares {
            islands[at].program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper, terms });
            islands[at].held += 1;
        }
    }
    islands
}

/// Roles with the people numbered from 0.
fn people_from_0(roles: impl Iterator<Item = Role>, days: u32) -> Vec<Role> {
    let mut numbers: BTreeMap<u32, u32> = BTreeMap::new();
    roles
        .map(|role| match role {
            Role::Decides(cell) => {
                let next = numbers.len() as u32;
                Role::Decides(*numbers.entry(cell / days).or_insert(next) * days + cell % days)
            }
            other => other,
        })
        .collect()
}
