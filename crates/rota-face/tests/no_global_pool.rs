//! Calls use pools of their own: with the process's global pool blocked, all of them still end. Alone in its file,
//! because that pool belongs to the whole process.

use rota_face::question::{Kind, Question};
use rota_face::Options;
use std::sync::mpsc::channel;
use std::time::Duration;

const CODING: &str = include_str!("../../../fixtures/clinical_coding/scenario.json");
const WEEK: &str = include_str!("../../../fixtures/clinical_coding_week/scenario.json");
/// Longer than any call here takes; a call that waits for the global pool waits for ever.
const PATIENCE: Duration = Duration::from_secs(600);

#[test]
fn no_call_waits_for_the_global_pool() {
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("nobody has made it yet");
    let (release, gate) = channel::<()>();
    let (tell, blocked) = channel();
    rayon::spawn(move || {
        tell.send(()).expect("it is waited for");
        let _ = gate.recv();
    });
    blocked.recv_timeout(PATIENCE).expect("the global pool has one thread, and it is blocked");

    let roster = answer(Kind::Solve, format!(r#"{{ "scenario": {CODING} }}"#));
    let asked = [
        (Kind::Validate, format!(r#"{{ "scenario": {CODING} }}"#)),
        (Kind::Solve, format!(r#"{{ "scenario": {WEEK} }}"#)),
        (Kind::Check, format!(r#"{{ "scenario": {CODING}, "roster": {roster} }}"#)),
        (Kind::Explain, format!(r#"{{ "scenario": {WEEK} }}"#)),
        (Kind::Explain, format!(r#"{{ "scenario": {CODING}, "roster": {roster} }}"#)),
        (Kind::Cover, format!(r#"{{ "scenario": {CODING}, "roster": {roster}, "absent": ["amy:wed"] }}"#)),
        (Kind::Replan, format!(r#"{{ "scenario": {CODING}, "roster": {roster}, "absent": ["amy:wed"] }}"#)),
        (Kind::Capacity, format!(r#"{{ "plan": {CODING}, "distance": [2.0] }}"#)),
        (Kind::Size, format!(r#"{{ "scenario": {CODING}, "of": "desks" }}"#)),
    ];
    for (kind, body) in asked {
        answer(kind, body);
    }
    drop(release);
}

/// The document of an answer, which must come.
#[track_caller]
fn answer(kind: Kind, body: String) -> String {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let question = Question::read(kind, &body).expect("the body is right");
        let answer = question.answer(&Options::default());
        let _ = tell.send(answer);
    });
    let answer = told.recv_timeout(PATIENCE).unwrap_or_else(|_| panic!("{kind:?} does not end"));
    answer.unwrap_or_else(|why| panic!("{kind:?}: {why}")).document
}
