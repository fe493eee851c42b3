//! How long the answers to sudden absences take: whom to ask, and the fewest changes.
//!
//! `cargo bench --bench changes`. Whom to ask must be known in under a second for 60 people.

use criterion::{criterion_group, criterion_main, BenchmarkId, Criterion};
use rota::engine::{Options, Typed as Scenario};
use rota::planner::cover::{cover, Request};
use rota::planner::edit::{apply, Edit};
use rota::planner::replan::{replan, Request as Mending};
use rota::planner::{department, generate, Generate};
use rota::{Flow, PersonIndex, Place, Problem, Roster};
use std::hint::black_box;
use std::time::Duration;

struct Case {
    before: Problem,
    scenario: Scenario,
    problem: Problem,
    old: Roster,
}

/// A department and so many people away who are in on its first day, each for so many days.
fn case(people: usize, absent: usize, days: i64) -> Case {
    let asked = Generate { people, days: 10, seed: 1 };
    let mut scenario = generate(&asked);
    let before = Problem::new(&scenario).expect("a generated scenario has no mistakes").0;
    let old = department(&asked).roster(&before.site);
    let first = before.site.calendar.days().next().expect("there are days");
    let from = before.site.calendar.from;
    let there = PersonIndex::all(before.site.people.len())
        .filter(|person| old.at(*person, first).place == Place::OnSite)
        .take(absent);
    for person in there.collect::<Vec<_>>() {
        let person = before.site.person(person).id.clone();
        apply(&mut scenario, &[Edit::Away { person, from, to: from.plus(days - 1) }]);
    }
    let problem = Problem::new(&scenario).expect("leave makes no mistake").0;
    Case { before, scenario, problem, old }
}

fn changes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("cover");
    group.sample_size(10);
    for (people, absent, days) in [(60, 1, 1), (60, 4, 1), (60, 8, 1), (60, 4, 5), (200, 8, 1)] {
        let case = case(people, absent, days);
        let name = format!("{people} people, {absent} away, days {days}");
        group.bench_with_input(BenchmarkId::from_parameter(name), &case, |bencher, case| {
            bencher.iter(|| {
                cover(black_box(&Request { before: &case.before, problem: &case.problem, old: &case.old }))
            });
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("replan");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    for people in [12, 25] {
        let case = case(people, 2, 2);
        let options = Options { time_limit: None, ..Options::default() };
        group.bench_with_input(BenchmarkId::from_parameter(people), &case, |bencher, case| {
            bencher.iter(|| {
                let request = Mending {
                    scenario: &case.scenario,
                    problem: &case.problem,
                    old: &case.old,
                    since: case.problem.site.calendar.from,
                    adds_only: None,
                    max_changes: None,
                    options: &options,
                };
                replan(black_box(&request), &mut |_| Flow::Continue)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, changes);
criterion_main!(benches);
