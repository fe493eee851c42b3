//! The solver against trying every roster: on random small scenarios the costs of every level are the least there
//! are, proved; "impossible" is said exactly when no roster keeps the laws and musts.
//!
//! `CASES=5000 SEED=7 cargo test -p rota-solver --test brute_force random` tries others.

mod common;

use common::{check, costs, level_at, problem, run, scenario, solve};
use rota_rules::tiny::every_roster;
use rota_rules::{Judgement, Problem};
use rota_solver::solve::relative_gap;
use rota_solver::{Options, Solved, Status};
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

/// Weights that are far from each other, of rules of one level and of wishes.
#[test]
fn weights_far_apart_are_solved_to_the_optimum() {
    const WEIGHTS: [f64; 6] = [0.001, 0.3, 1.0, 1e4, 1e6, 1e9];
    run(80, 23, |draw| {
        let Some((mut text, _)) = scenario(draw) else { return };
        let mut numbers = draw.calendar.iter().rev().cycle();
        let mut weigh = |list: &mut serde_json::Value| {
            for one in list.as_array_mut().into_iter().flatten() {
                one["weight"] =
                    WEIGHTS[usize::from(*numbers.next().expect("there is no end")) % WEIGHTS.len()].into();
            }
        };
        weigh(&mut text["rules"]);
        for person in text["people"].as_array_mut().into_iter().flatten() {
            if let Some(wishes) = person.get_mut("wishes") {
                weigh(wishes);
            }
        }
        let Some(problem) = problem(&text) else { return };
        check(&text.to_string(), &problem);
    });
}

/// A level's bound holds given the costs of the levels above, wherever the search was cut.
fn assert_bounds_hold(what: &str, problem: &Problem, solved: &Solved, gap: f64) {
    assert_eq!(solved.disagreement, None, "{what}");
    let Some(roster) = &solved.roster else { return };
    let judgement = Judgement::of(problem, roster);
    assert!(judgement.laws_kept() && judgement.musts_kept(), "{what}");
    let mut least = [f64::INFINITY; 5];
    let found = costs(problem, roster, &judgement);
    every_roster(&problem.site, &mut |roster| {
        let judgement = Judgement::of(problem, roster);
        if !judgement.laws_kept() {
            return;
        }
        let other = costs(problem, roster, &judgement);
        for at in 1..5 {
            if (0..at).all(|above| other[above] <= found[above] + 1e-6) {
                least[at] = least[at].min(other[at]);
            }
        }
    });
    for level in &solved.levels {
        let at = level_at(level.level);
        assert!((level.cost - found[at]).abs() < 1e-9, "{what}: {level:?} but the roster costs {found:?}");
        assert!(level.bound <= least[at] + 1e-6, "{what}: {level:?}, but {} is possible", least[at]);
        let left = relative_gap(level.cost, level.bound);
        assert_eq!(level.proved, left <= gap + 1e-9, "{what}: {level:?}");
    }
    let all_proved = solved.levels.iter().all(|level| level.proved);
    assert_eq!(solved.status, if all_proved { Status::Optimal } else { Status::Feasible }, "{what}");
}

#[test]
fn bounds_hold_wherever_a_random_search_is_cut() {
    let counts: [AtomicU32; 3] = Default::default();
    run(60, 4, |draw| {
        let Some((text, problem)) = scenario(draw) else { return };
        let whole = Options { time_limit: None, ..Options::default() };
        for options in [
            Options { gap: 0.5, ..whole.clone() },
            Options { effort: Some(0), ..whole.clone() },
            Options { effort: Some(1), ..whole },
        ] {
            let solved = solve(&problem, &options);
            assert_bounds_hold(&format!("{options:?}: {text}"), &problem, &solved, options.gap);
            if options.effort.is_none() {
                assert!(matches!(solved.status, Status::Optimal | Status::Impossible), "{text}");
            }
            let open = solved.levels.iter().any(|level| level.bound < level.cost);
            counts[0].fetch_add(u32::from(open), Ordering::Relaxed);
            counts[1].fetch_add(u32::from(solved.status == Status::Feasible), Ordering::Relaxed);
            counts[2].fetch_add(u32::from(solved.status == Status::Unknown), Ordering::Relaxed);
        }
    });
    println!("with a gap, feasible, unknown: {counts:?}");
}
