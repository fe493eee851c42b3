//! Time, effort, gap and the watcher's word; the same roster whatever runs beside.

use rota_planner::generate::{generate, Generate};
use rota_rules::{Judgement, Model, Problem, Scenario};
use rota_solver::lower::{Lowered, Softness};
use rota_solver::solve::Doing;
use rota_solver::{conflict, solve, Flow, Level, Options, Solved, Status, Stop};
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How late a search may be on a machine that is busy with other tests; the backend itself allows 1 s.
const LATE: Duration = Duration::from_secs(60);

fn department(people: usize, seed: u64) -> Problem {
    let scenario = generate(&Generate { people, days: 10, seed });
    Problem::new(&scenario).expect("a generated scenario has no mistakes").0
}

fn quietly(problem: &Problem, options: &Options) -> Solved {
    solve(problem, options, &mut |_| Flow::Continue)
}

fn assert_sound(problem: &Problem, solved: &Solved) {
    assert_eq!(solved.disagreement, None);
    let roster = solved.roster.as_ref().expect("a roster");
    let judgement = Judgement::of(problem, roster);
    assert!(judgement.laws_kept() && judgement.musts_kept(), "{:?}", judgement.breaches);
    for level in &solved.levels {
        assert!(level.bound <= level.cost, "{level:?}");
    }
}

#[test]
fn the_time_limit_holds_and_gives_a_roster() {
    let problem = department(200, 1);
    let clock = Instant::now();
    let options = Options { time_limit: Some(Duration::from_secs(1)), ..Options::default() };
    let solved = quietly(&problem, &options);
    assert!(clock.elapsed() < Duration::from_millis(1100) + LATE, "{:?}", clock.elapsed());
    if solved.status != Status::Unknown {
        assert_sound(&problem, &solved);
        assert!(solved.status == Status::Optimal || solved.stopped_by == Some(Stop::Time), "{solved:?}");
    }
}

#[test]
fn no_time_at_all_is_unknown_at_once() {
    let problem = department(50, 1);
    let clock = Instant::now();
    let solved = quietly(&problem, &Options { time_limit: Some(Duration::ZERO), ..Options::default() });
    assert_eq!((solved.status, solved.stopped_by), (Status::Unknown, Some(Stop::Time)));
    assert!(clock.elapsed() < LATE);
}

#[test]
fn building_ends_when_it_is_no_longer_wanted() {
    let problem = department(100, 1);
    let rows = |model: &Model| model.groups.len() + model.edges.len();
    let stopped = problem.model_until(Arc::new(AtomicBool::new(true)));
    assert_eq!((rows(&stopped), stopped.columns.len()), (0, 0));

    let stop = Arc::new(AtomicBool::new(false));
    let model = problem.model_until(Arc::clone(&stop));
    assert!(rows(&model) > 0 && !model.is_stopped());
    let whole = Lowered::new(&problem, &model, &Softness::STRICT).program.rows.len();
    stop.store(true, Ordering::Relaxed);
    let part = Lowered::new(&problem, &model, &Softness::STRICT).program.rows.len();
    assert!(part == 0 && whole > 0, "{part} of {whole}");
}

#[test]
fn building_can_be_stopped_at_any_moment() {
    let problem = department(100, 1);
    for moment in 0..40 {
        let stop = Arc::new(AtomicBool::new(false));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_micros(500 * moment));
                stop.store(true, Ordering::Relaxed);
            });
            let model = problem.model_until(Arc::clone(&stop));
            let _ = Lowered::new(&problem, &model, &Softness::STRICT);
        });
    }
}

#[test]
fn weights_may_be_far_apart() {
    for weight in ["0.001", "1e4", "1e9"] {
        let text = WEIGHTS.replace("WEIGHT", weight);
        let scenario = Scenario::read(&text).scenario.expect("it is a scenario");
        let problem = Problem::new(&scenario).expect("it has no mistakes").0;
        let solved = quietly(&problem, &Options::default());
        assert_sound(&problem, &solved);
        assert_eq!(solved.status, Status::Optimal, "weight {weight}: {:?}", solved.levels);
    }
}

/// Wishes whose weights are shares of a person's own, and so have no common step.
const WEIGHTS: &str = r#"{
    "scenario": 1,
    "calendar": { "from": "2020-06-15", "to": "2020-06-26" },
    "people": [
        { "id": "amy", "works": ["mon", "tue", "wed"], "wishes": [
            { "on": "mon", "place": "home" }, { "on": "tue", "place": "home" }, { "on": "wed", "place": "home" } ] },
        { "id": "ben", "wishes": [ { "on": "mon", "place": "home", "weight": 0.7 } ] },
        { "id": "cat", "works": ["mon", "tue", "wed", "fri"], "wishes": [
            { "on": "mon", "place": "home" }, { "on": "tue", "place": "home", "weight": 3.7 }, { "on": "wed", "place": "home" } ] }
    ],
    "rules": [
        { "days": { "at_most": 3, "per": "fortnight", "pro_rata": true }, "strength": "low", "weight": WEIGHT },
        { "wishes": { "equal": true }, "strength": "low" },
        { "headcount": { "at_least": 1 } }
    ]
}"#;

#[test]
fn stop_at_once_is_unknown_at_once() {
    let problem = department(200, 1);
    let clock = Instant::now();
    let solved = solve(&problem, &Options::default(), &mut |_| Flow::Stop);
    assert_eq!((solved.status, solved.stopped_by), (Status::Unknown, Some(Stop::Asked)));
    assert!(solved.roster.is_none());
    assert!(clock.elapsed() < LATE);
}

#[test]
fn stop_at_the_first_roster_keeps_it() {
    let problem = department(200, 1);
    let mut asked: Option<Instant> = None;
    let solved = solve(&problem, &Options::default(), &mut |progress| {
        if progress.best.is_some() {
            asked.get_or_insert_with(Instant::now);
            return Flow::Stop;
        }
        Flow::Continue
    });
    let asked = asked.expect("a roster was told of");
    assert!(asked.elapsed() < LATE, "{:?}", asked.elapsed());
    assert_sound(&problem, &solved);
    assert!(solved.status == Status::Optimal || solved.stopped_by == Some(Stop::Asked));
    // Levels that were not reached have the cost of the roster, and bound 0.
    let last = solved.levels.last().expect("levels");
    assert_eq!(last.level, Level::HomeFirst);
    assert!(solved.status == Status::Optimal || last.bound == 0.0, "{last:?}");
}

/// All that may not differ from run to run.
fn outcome(problem: &Problem, solved: &Solved) -> String {
    let mut told = format!("{:?} {:?} {:?}", solved.status, solved.levels, solved.disagreement);
    for assignment in solved.roster.iter().flat_map(|roster| roster.assignments(&problem.site)) {
        write!(told, "\n{}", serde_json::to_string(&assignment).expect("plain data")).expect("text");
    }
    for ((person, day), reasons) in &solved.reasons {
        write!(told, "\n{person:?} {day:?} {reasons:?}").expect("text");
    }
    told
}

#[test]
fn effort_gives_the_same_roster_on_any_number_of_threads() {
    for (people, effort) in [(12, None), (25, Some(1))] {
        let problem = department(people, 2);
        let options = Options { time_limit: None, effort, ..Options::default() };
        let alone = quietly(&problem, &options);
        assert_sound(&problem, &alone);
        let alone = outcome(&problem, &alone);
        assert_eq!(alone, outcome(&problem, &quietly(&problem, &options)));
        for threads in [1, 4] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            assert_eq!(
                alone,
                pool.install(|| outcome(&problem, &quietly(&problem, &options))),
                "{threads} threads"
            );
        }
        let other = department(people, 3);
        let other_alone = outcome(&other, &quietly(&other, &options));
        let (one, two) = std::thread::scope(|scope| {
            let one = scope.spawn(|| outcome(&problem, &quietly(&problem, &options)));
            let two = scope.spawn(|| outcome(&other, &quietly(&other, &options)));
            (one.join().expect("no panic"), two.join().expect("no panic"))
        });
        assert_eq!((one, two), (alone, other_alone), "two at once");
    }
}

#[test]
fn a_gap_ends_the_search_early_with_a_true_bound() {
    let problem = department(50, 1);
    let whole = quietly(&problem, &Options { time_limit: None, ..Options::default() });
    assert_eq!(whole.status, Status::Optimal);
    let loose = quietly(&problem, &Options { time_limit: None, gap: 0.5, ..Options::default() });
    assert_sound(&problem, &loose);
    assert_eq!(loose.status, Status::Optimal);
    assert!(loose.gap() <= 0.5 + 1e-9, "{:?}", loose.levels);
    // The levels above may cost more now; the first may not cost less than the optimum, nor its bound be above it.
    let (first, best) = (&loose.levels[0], &whole.levels[0]);
    assert!(first.bound <= best.cost + 1e-9 && first.cost >= best.cost - 1e-9, "{first:?} {best:?}");
}

/// Everybody comes once, but not so often all together: a conflict of as many parts as there are people.
fn crowded(people: usize) -> Problem {
    let list: Vec<String> = (0..people).map(|at| format!(r#"{{ "id": "p{at}" }}"#)).collect();
    let text = format!(
        r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-19" }}, "people": [{}],
  "rules": [ {{ "days": {{ "at_least": 1 }} }}, {{ "headcount": {{ "per": "rota", "at_most": {} }} }} ] }}"#,
        list.join(", "),
        people - 1
    );
    let read = Scenario::read(&text);
    Problem::new(&read.scenario.expect("a scenario")).expect("no mistakes").0
}

#[test]
fn a_conflict_is_found_whole_in_time() {
    let problem = crowded(30);
    let solved = quietly(&problem, &Options::default());
    assert_eq!(solved.status, Status::Impossible);
    let conflict = solved.conflict.expect("a conflict");
    assert!(conflict.irreducible);
    assert_eq!(conflict.parts.len(), 31);
}

#[test]
fn a_conflict_that_runs_out_of_time_says_so() {
    let problem = crowded(400);
    let clock = Instant::now();
    let model = problem.model();
    let found = conflict::find(&problem, &model, conflict::Among::MUSTS, Some(Instant::now()), &mut || {
        Flow::Continue
    });
    assert!(clock.elapsed() < LATE);
    assert!(!found.irreducible && !found.parts.is_empty());
    assert!(found.parts.len() <= 2, "owners alone: {:?}", found.parts);

    let clock = Instant::now();
    let options = Options { time_limit: Some(Duration::from_millis(500)), ..Options::default() };
    let solved = quietly(&problem, &options);
    assert!(clock.elapsed() < Duration::from_millis(550) + LATE, "{:?}", clock.elapsed());
    if solved.status == Status::Impossible {
        let conflict = solved.conflict.expect("a conflict");
        assert!(!conflict.parts.is_empty());
        assert!(!conflict.irreducible || conflict.parts.len() == 401);
    }
}

#[test]
fn the_search_for_a_conflict_can_be_stopped() {
    let problem = crowded(400);
    let mut asked: Option<Instant> = None;
    let solved = solve(&problem, &Options::default(), &mut |progress| {
        if progress.doing == Doing::Conflict {
            asked.get_or_insert_with(Instant::now);
            return Flow::Stop;
        }
        Flow::Continue
    });
    assert!(asked.expect("a conflict was looked for").elapsed() < LATE);
    assert_eq!(solved.status, Status::Impossible);
    let conflict = solved.conflict.expect("a conflict");
    assert!(!conflict.irreducible && !conflict.parts.is_empty());
}

#[test]
fn a_row_that_cannot_hold_is_a_conflict_by_itself() {
    let text = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
  "people": [ { "id": "ann" }, { "id": "bob", "away": ["2020-06-16"] } ],
  "rules": [ { "headcount": { "at_most": 1, "place": "home" } }, { "headcount": { "at_least": 2 } } ] }"#;
    let problem = Problem::new(&Scenario::read(text).scenario.expect("a scenario")).expect("no mistakes").0;
    let solved = quietly(&problem, &Options { time_limit: Some(Duration::ZERO), ..Options::default() });
    assert_eq!(solved.status, Status::Impossible);
    let conflict = solved.conflict.expect("a conflict");
    assert!(conflict.irreducible);
    let parts: Vec<String> = conflict.parts.iter().map(|part| problem.owner_name(part.owner)).collect();
    assert_eq!(parts, ["headcount-2"]);
    assert_eq!(conflict.parts[0].about.and_then(|about| about.on), Some(rota_core::Day(1)));
}
