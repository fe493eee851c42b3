//! How long each step takes, by size of the department: reading, building the program, solving, verifying.
//!
//! `cargo bench` runs them all; `cargo bench -- load` one step. The departments are made by `rota generate`.

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use rota::engine::{solve, Options};
use rota::planner::{department, generate, Generate};
use rota::{load, Flow, Judgement, Problem, Roster};
use rota_solver::lower::{Lowered, Softness};
use std::hint::black_box;
use std::time::Duration;

const SIZES: [usize; 3] = [50, 200, 1000];

fn document(people: usize) -> String {
    serde_json::to_string(&generate(&Generate { people, days: 10, seed: 1 }))
        .expect("a scenario is plain data")
}

fn problem(people: usize) -> Problem {
    load(&document(people)).problem.expect("a generated scenario has no mistakes")
}

/// A roster that keeps the musts, made together with the department.
fn roster(people: usize, problem: &Problem) -> Roster {
    department(&Generate { people, days: 10, seed: 1 }).roster(&problem.site)
}

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    for people in SIZES {
        let text = document(people);
        group.bench_with_input(BenchmarkId::from_parameter(people), &text, |bencher, text| {
            bencher.iter(|| load(black_box(text)));
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("build");
    group.sample_size(10);
    for people in SIZES {
        let problem = problem(people);
        group.bench_with_input(BenchmarkId::from_parameter(people), &problem, |bencher, problem| {
            bencher.iter(|| {
                let model = black_box(problem).model();
                Lowered::new(problem, &model, &Softness::STRICT).program.columns.len()
            });
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("verify");
    group.sample_size(10);
    for people in SIZES {
        let problem = problem(people);
        let roster = roster(people, &problem);
        group.bench_with_input(BenchmarkId::from_parameter(people), &roster, |bencher, roster| {
            bencher.iter(|| Judgement::of(&problem, black_box(roster)));
        });
    }
    group.finish();
    // Only sizes that are proved in seconds: a search that its time limit cuts has no time of its own.
    let mut group = criterion.benchmark_group("solve");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    for people in [12, 25, 50] {
        let problem = problem(people);
        let options = Options { time_limit: None, ..Options::default() };
        group.bench_with_input(BenchmarkId::from_parameter(people), &problem, |bencher, problem| {
            bencher.iter(|| solve(black_box(problem), &options, &mut |_| Flow::Continue));
        });
    }
    group.finish();
}

criterion_group!(benches, steps);
criterion_main!(benches);
