//! What every embedder relies on: calls at once, cancelling at every stage, panics in callbacks.

use rota_face::question::{Kind, Question};
use rota_face::{check, solve, Cancel, Options, Outcome, Scenario};
use rota_solver::solve::Doing;
use rota_solver::Progress;
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;

const CODING: &str = include_str!("../../../fixtures/clinical_coding/scenario.json");
const WEEK: &str = include_str!("../../../fixtures/clinical_coding_week/scenario.json");
const RECEPTION: &str = include_str!("../../../fixtures/outpatient_admin/scenario.json");

fn read(document: &str) -> Scenario {
    Scenario::read(document).expect("the fixture has no mistakes")
}

/// What is the same in every solve of a scenario: all but the seconds.
fn lasting(outcome: &Outcome) -> String {
    let mut document = outcome.document().clone();
    document.solve.seconds = 0.0;
    serde_json::to_string(&document).expect("plain data")
}

fn alone(document: &str) -> String {
    lasting(&solve(&read(document), &without_limit()).expect("it is answered"))
}

fn without_limit() -> Options<'static> {
    Options { time_limit: None, ..Options::default() }
}

#[test]
fn two_solves_at_once_give_the_rosters_they_give_alone() {
    let all = [CODING, RECEPTION, WEEK];
    let wanted = all.map(alone);
    std::thread::scope(|scope| {
        let found: Vec<_> = all.iter().cycle().take(6).map(|one| scope.spawn(|| alone(one))).collect();
        for (at, found) in found.into_iter().enumerate() {
            assert_eq!(found.join().expect("no panic"), wanted[at % all.len()], "solve {at}");
        }
    });
}

/// The stage of a progress.
fn stage(progress: &Progress) -> &'static str {
    match progress.doing {
        Doing::Building => "building",
        Doing::Level(_) => "searching",
        Doing::Conflict => "conflict",
        Doing::Verifying => "verifying",
    }
}

/// Every stage that a scenario goes through.
fn stages(scenario: &Scenario) -> Vec<&'static str> {
    let seen = Mutex::new(Vec::new());
    let progress = |now: &Progress| {
        let mut seen = seen.lock().expect("nobody panics");
        if !seen.contains(&stage(now)) {
            seen.push(stage(now));
        }
    };
    solve(scenario, &Options { progress: Some(&progress), ..without_limit() }).expect("it is answered");
    seen.into_inner().expect("nobody panics")
}

#[test]
fn cancelling_before_the_start_ends_at_once_without_a_mistake() {
    for document in [CODING, WEEK] {
        let cancel = Cancel::new();
        cancel.cancel();
        let scenario = read(document);
        let outcome = solve(&scenario, &Options { cancel, ..without_limit() }).expect("it is answered");
        is_sound(&scenario, &outcome);
    }
}

#[test]
fn cancelling_at_every_stage_gives_a_sound_answer() {
    let mut met = Vec::new();
    for document in [CODING, WEEK] {
        let scenario = read(document);
        for at in stages(&scenario) {
            let cancel = Cancel::new();
            let progress = |now: &Progress| {
                if stage(now) == at {
                    cancel.cancel();
                }
            };
            let options = Options { cancel: cancel.clone(), progress: Some(&progress), ..without_limit() };
            let outcome = solve(&scenario, &options).expect("it is answered");
            assert!(cancel.is_cancelled(), "{at}");
            is_sound(&scenario, &outcome);
            met.push(at);
        }
    }
    for wanted in ["building", "searching", "conflict", "verifying"] {
        assert!(met.contains(&wanted), "no scenario here is ever {wanted}: {met:?}");
    }
}

/// A roster that may be used, or none.
#[track_caller]
fn is_sound(scenario: &Scenario, outcome: &Outcome) {
    if let Some(planned) = outcome.planned() {
        let judged = check(scenario, &planned.roster, &Options::default()).expect("it is judged");
        assert!(judged.musts_kept);
    }
}

#[test]
fn a_panic_in_the_callback_reaches_the_caller_and_the_next_call_works() {
    for document in [CODING, WEEK] {
        let scenario = read(document);
        let wanted = alone(document);
        for at in stages(&scenario) {
            let progress = |now: &Progress| assert!(stage(now) != at, "on purpose");
            let options = Options { progress: Some(&progress), ..without_limit() };
            let ended = catch_unwind(AssertUnwindSafe(|| solve(&scenario, &options)));
            let payload = ended.expect_err("the panic reaches the caller");
            let said = payload.downcast_ref::<&str>().map(ToString::to_string);
            let said = said.or_else(|| payload.downcast_ref::<String>().cloned());
            assert_eq!(said.as_deref(), Some("on purpose"), "{at}");
            assert_eq!(lasting(&solve(&scenario, &without_limit()).expect("it is answered")), wanted);
        }
    }
}

#[test]
fn a_panic_in_the_callback_of_other_questions_reaches_the_caller_too() {
    let bodies = [
        (Kind::Explain, format!(r#"{{ "scenario": {WEEK} }}"#)),
        (Kind::Size, format!(r#"{{ "scenario": {CODING}, "of": "desks" }}"#)),
        (Kind::Cover, format!(r#"{{ "scenario": {CODING}, "absent": ["amy:wed"] }}"#)),
    ];
    for (kind, body) in bodies {
        let question = Question::read(kind, &body).expect("the body is right");
        let calls = AtomicUsize::new(0);
        let progress = |_: &Progress| {
            calls.fetch_add(1, Ordering::SeqCst);
            panic!("on purpose");
        };
        let options = Options { progress: Some(&progress), ..without_limit() };
        let ended = catch_unwind(AssertUnwindSafe(|| question.answer(&options)));
        // Where sums alone answer, nobody is told how the work stands.
        assert_eq!(ended.is_err(), calls.load(Ordering::SeqCst) > 0, "{kind:?}");
        question.answer(&without_limit()).expect("it is answered afterwards");
    }
}
