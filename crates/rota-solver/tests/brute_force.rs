//! The solver against trying every roster: on random small scenarios the costs of every level are the least there
//! are, proved; "impossible" is said exactly when no roster keeps the laws and musts.
//!
//! `CASES=5000 SEED=7 cargo test -p rota-solver --test brute_force random` tries others.

mod common;

use common::{check, problem, run, scenario};
use std::sync::atomic::{AtomicU32, Ordering};

#[test]
fn random_scenarios_are_solved_to_the_optimum() {
    // Tried, impossible, without any roster, with a soft cost.
    let counts: [AtomicU32; 4] = Default::default();
    let count = |at: usize, holds: bool| counts[at].fetch_add(u32::from(holds), Ordering::Relaxed);
    run(220, 1, |draw| {
        let Some((text, problem)) = scenario(draw) else { return };
        let (strict, paid) = check(&text.to_string(), &problem);
        count(0, true);
        count(1, strict.is_none());
        count(2, paid.is_none());
        count(3, strict.is_some_and(|costs| costs[1..4].iter().any(|cost| *cost > 0.0)));
    });
    println!("tried, impossible, without any roster, with a soft cost: {counts:?}");
}

/// A scenario that was once solved wrongly.
fn regression(text: &str) {
    let value = serde_json::from_str(text).expect("JSON");
    let problem = problem(&value).expect("a scenario without mistakes");
    check(text, &problem);
}
