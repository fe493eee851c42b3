//! The searches of one level on random scenarios: what they find keeps every row and is what the check says it is,
//! no bound is above the optimum, and together they end at it.

mod common;

use common::{costs, level_at, run, scenario};
use rota_rules::Judgement;
use rota_solver::backend::{highs, Answer, Flow, Request};
use rota_solver::blocks::split;
use rota_solver::columns::{Master, ROUNDS};
use rota_solver::islands;
use rota_solver::level::{self, Task};
use rota_solver::lower::{Lowered, Softness};
use rota_solver::neighbourhood::{Ground, Limits, Role, Wander};
use rota_solver::program::{Program, ProgramColumn, ProgramRow};
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

/// The optimum of the whole program and the values that have it.
fn optimum(program: &Program, objective: &[(usize, f64)]) -> Option<(Vec<f64>, f64)> {
    let request = Request::new(program, objective);
    match highs::solve(&request, &mut |_| Flow::Continue) {
        Answer::Proved { values, cost, .. } => Some((values, cost)),
        _ => None,
    }
}

/// Searches neighbourhoods until nothing better is found, and so much longer; twice.
fn wander(program: &Program, ground: &Ground<'_>, start: Vec<f64>, longer: Duration) -> Vec<f64> {
    let mut search = Wander::new(ground, start, 3);
    for _ in 0..2 {
        let least = search.least();
        search.begin();
        until_it_gives_up(&mut search, longer);
        search.go_back();
        let best: f64 = ground.cost.iter().zip(search.best()).map(|(cost, value)| cost * value).sum();
        assert!(search.least() <= least + 1e-9, "the best roster is lost");
        assert!((best - search.least()).abs() < 1e-6 && best <= search.cost() + 1e-6);
        assert!(program.fits(search.best()), "a row is broken");
    }
    search.values().to_vec()
}

fn until_it_gives_up(search: &mut Wander<'_>, longer: Duration) {
    let (stop, given_up) = (AtomicBool::new(false), AtomicBool::new(false));
    let (target, best) = (AtomicU64::new(f64::NEG_INFINITY.to_bits()), AtomicU64::new(0));
    let threads = AtomicUsize::new(rayon::current_num_threads());
    let limits = Limits {
        deadline: None,
        stop: &stop,
        given_up: &given_up,
        threads: &threads,
        rounds: None,
        target: &target,
        best: &best,
    };
    thread::scope(|scope| {
        let work = scope.spawn(|| search.run(&limits));
        while !work.is_finished() && !given_up.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(longer);
        stop.store(true, Ordering::Relaxed);
    });
}

#[test]
fn every_search_of_a_level_ends_where_it_should() {
    let (better, tried, joined, exact) = (Cell::new(0), Cell::new(0), Cell::new(0), Cell::new(0));
    let crossed = Cell::new(0);
    run(60, 11, |draw| {
        let Some((text, problem)) = scenario(draw) else { return };
        let model = problem.model();
        let mut lowered = Lowered::new(&problem, &model, &Softness::STRICT);
        let Some((values, _)) = optimum(&lowered.program, &[]) else { return };
        let mut values = lowered.values(&lowered.roster(&values));
        let roles = lowered.roles();
        for (held, (level, cost)) in std::mem::take(&mut lowered.levels).into_iter().enumerate() {
            if !lowered.fits(&values) {
                return; // desks given out inside a group may differ from those asked about
            }
            let objective = cost.in_units();
            let units = |values: &[f64]| objective.iter().map(|(at, cost)| cost * values[*at]).sum::<f64>();
            let (_, least) = optimum(&lowered.program, &objective).expect("there is a roster");
            let days = problem.site.calendar.len();
            let ground = Ground::new(&lowered.program, &roles, days, held, &objective);
            let before = units(&values);

            let found = wander(&lowered.program, &ground, values.clone(), Duration::ZERO);
            let again = wander(&lowered.program, &ground, values.clone(), Duration::from_millis(20));
            assert_eq!(found, again, "{level:?}: the time it has changes what is found in {text}");
            assert!(lowered.fits(&found), "{level:?}: a row is broken in {text}");
            let after = units(&found);
            assert!(after <= before + 1e-6, "{level:?}: {before} became {after} in {text}");
            let roster = lowered.roster(&found);
            let judgement = Judgement::of(&problem, &roster);
            assert!(judgement.laws_kept() && judgement.musts_kept(), "{level:?}: {text}");
            let counted = costs(&problem, &roster, &judgement)[level_at(level)];
            let told = after * cost.unit() + cost.constant;
            assert!(counted <= told + 1e-6, "{level:?}: {told} is counted {counted} in {text}");
            tried.set(tried.get() + 1);
            better.set(better.get() + u32::from(after < before - 1e-6));

            for (most, are_large) in [(0, false), (25, true)] {
                let parts = split(&lowered.program, &roles, days, held, most);
                if parts.blocks.len() == 1 {
                    continue;
                }
                let (program, roles) = ((&lowered.program, &*ground.cost), (ground.roles, ground.days));
                let mut master = Master::new(program, &parts, roles, &values, are_large);
                master.tighten(held, None, &mut |_| Flow::Continue);
                let mut search = Wander::new(&ground, values.clone(), 7);
                let mut cross = |other: &[f64]| {
                    let better = search.cross(other, None, &AtomicBool::new(false));
                    crossed.set(crossed.get() + u32::from(better.is_some()));
                    better
                };
                let own = master.search(
                    (&values, f64::NEG_INFINITY),
                    (ROUNDS, None),
                    5,
                    &mut cross,
                    &mut |_, _| Flow::Continue,
                );
                let bound = master.bound();
                assert!(bound <= least + 1e-5, "{level:?}: bound {bound}, optimum {least} in {text}");
                joined.set(joined.get() + 1);
                exact.set(exact.get() + u32::from(bound > least - 1e-5));
                if let Some(own) = own {
                    assert!(lowered.fits(&own), "{level:?}: a row is broken by plans in {text}");
                    assert!(units(&own) <= before + 1e-6, "{level:?}: plans are dearer in {text}");
                }
            }

            let task = Task {
                program: &lowered.program,
                ground: &ground,
                net: None,
                objective: &objective,
                constant: cost.constant / cost.unit(),
                whole: false,
                seed: 1,
                deadline: None,
                effort: None,
                gap: 0.0,
            };
            let found = islands::minimise(&task, values.clone(), true, &mut |_, _| Flow::Continue);
            let own = found.values.expect("there was a start");
            assert!(lowered.fits(&own), "{level:?}: a row is broken in {text}");
            assert!(
                (units(&own) - least).abs() < 1e-5,
                "{level:?}: {} is not {least} in {text}",
                units(&own)
            );
            assert!(
                (found.bound - least).abs() < 1e-5,
                "{level:?}: {} proves {least} in {text}",
                found.bound
            );

            values = lowered.values(&lowered.roster(&own));
            let upper = units(&values);
            lowered.program.rows.push(ProgramRow {
                lower: f64::NEG_INFINITY,
                upper: upper + 1e-9,
                terms: objective,
            });
        }
    });
    assert!(better.get() * 5 > tried.get(), "only {} of {} were improved", better.get(), tried.get());
    assert!(crossed.get() > 1, "only {} rosters came of crossing", crossed.get());
    assert!(exact.get() * 3 > joined.get(), "only {} of {} bounds were exact", exact.get(), joined.get());
}

#[test]
fn an_effort_ends_where_the_program_is_too_large_for_the_backend() {
    let count = level::WHOLE + 1;
    let columns = vec![ProgramColumn { lower: 0.0, upper: 1.0, integer: true }; count];
    // One of each two days.
    let pair = |day: usize| ProgramRow { lower: 1.0, upper: 2.0, terms: vec![(day, 1.0), (day + 1, 1.0)] };
    let program = Program { columns, rows: (0..count - 1).step_by(2).map(pair).collect() };
    let roles: Vec<Role> = (0..count as u32).map(Role::Decides).collect();
    let objective: Vec<(usize, f64)> = (0..count).map(|column| (column, 1.0)).collect();
    let ground = Ground::new(&program, &roles, 10, 0, &objective);
    let task = Task {
        program: &program,
        ground: &ground,
        net: None,
        objective: &objective,
        constant: 0.0,
        whole: true,
        seed: 1,
        deadline: None,
        effort: Some(2),
        gap: 0.0,
    };
    let found = level::minimise(&task, vec![1.0; count], &mut |_, _| Flow::Continue);
    assert!(program.fits(&found.values.expect("there was a start")));
}
