//! One engine for many tenants: each request with limits of its own, several at once, none in another's way, as JSON
//! in and JSON out. `cargo run --example tenants`

use rota::question::{Kind, Question};
use rota::{document, Options};
use rota::{Cancel, Error};

/// Whatever a tenant asks for, no more than so many seconds and threads.
const MOST_SECONDS: f64 = 10.0;
const THREADS: usize = 1;

/// Answers one request: the document and the command's exit code, or the document with what is wrong and 2.
fn answer(body: &str, cancel: &Cancel) -> (String, u8) {
    let answered = Question::read(Kind::Solve, body).and_then(|mut question| {
        if let Some(working) = question.working() {
            use rota::question::TimeLimit;
            working.threads = THREADS;
            working.time_limit = match working.time_limit {
                TimeLimit::Seconds(seconds) => TimeLimit::Seconds(seconds.min(MOST_SECONDS)),
                TimeLimit::Usual | TimeLimit::Never => TimeLimit::Seconds(MOST_SECONDS),
            };
        }
        question.answer(&Options { cancel: cancel.clone(), ..Options::default() })
    });
    match answered {
        Ok(answer) => (answer.document, answer.exit_code),
        Err(error) => (findings(&error), 2),
    }
}

fn findings(error: &Error) -> String {
    let found = document::FindingsDocument::new(error.findings());
    serde_json::to_string(&found).unwrap_or_default()
}

fn main() {
    let week = |people: &str| {
        format!(
            r#"{{ "scenario": {{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-16" }},
                 "people": {people}, "rules": [ {{ "headcount": {{ "at_least": 1 }} }} ] }} }}"#
        )
    };
    let bodies = [week(r#"[ { "id": "amy" }, { "id": "ben" } ]"#), week("[]"), week(r#"[ { "name": 3 } ]"#)];
    let cancel = Cancel::new();
    std::thread::scope(|scope| {
        let running: Vec<_> = bodies.iter().map(|body| scope.spawn(|| answer(body, &cancel))).collect();
        for (tenant, handle) in running.into_iter().enumerate() {
            // A panic in one tenant's search stays with that tenant.
            match handle.join() {
                Ok((document, code)) => {
                    println!("tenant {tenant}: exit code {code}, {} bytes", document.len())
                }
                Err(_) => println!("tenant {tenant}: failed"),
            }
        }
    });
}

#[test]
fn it_runs() {
    main();
}
