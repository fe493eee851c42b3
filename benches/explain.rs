//! How long it takes to explain why no roster of a department of 60 keeps every rule: what clashes, and the ways out.
//!
//! `cargo bench --bench explain`. Departments made by `rota generate` always have a roster; each case takes something
//! from one of them that it cannot do without.

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use rota::engine::Typed as Scenario;
use rota::planner::clash::{explain, Answer};
use rota::planner::{generate, Generate};
use rota::{Flow, On, Problem};
use rota_core::date::Absence;
use rota_rules::rules::headcount::Quota;
use rota_rules::AnyRule;
use std::hint::black_box;
use std::time::Duration;

/// Half of the department away on the first day.
fn half_away(scenario: &mut Scenario) {
    let first = scenario.calendar.from;
    for person in scenario.people.iter_mut().step_by(2) {
        person.away.push(Absence { on: On::Date(first), why: None });
    }
}

/// Two bays in the car park.
fn two_bays(scenario: &mut Scenario) {
    for entry in scenario.rules.iter_mut().filter(|entry| entry.id.as_deref() == Some("car-park")) {
        if let AnyRule::Headcount(headcount) = &mut entry.rule {
            headcount.at_most = Some(Quota::People(2));
        }
    }
}

/// Nobody at home for more than one day running.
fn seen_daily(scenario: &mut Scenario) {
    for entry in &mut scenario.rules {
        if let AnyRule::Run(run) = &mut entry.rule {
            run.at_most = Some(1);
        }
    }
}

fn explained(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    group.sample_size(10).measurement_time(Duration::from_secs(30));
    let cases: [(&str, fn(&mut Scenario)); 3] =
        [("half_away", half_away), ("two_bays", two_bays), ("seen_daily", seen_daily)];
    for (name, spoil) in cases {
        let mut scenario = generate(&Generate { people: 60, days: 10, seed: 1 });
        spoil(&mut scenario);
        let (problem, _) = Problem::new(&scenario).expect("what is taken away makes no mistakes");
        group.bench_function(BenchmarkId::from_parameter(name), |bencher| {
            bencher.iter(|| {
                let answer = explain(&scenario, black_box(&problem), None, &mut |_| Flow::Continue);
                assert!(matches!(answer, Answer::Impossible(_)), "{name} is impossible");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, explained);
criterion_main!(benches);
