//! Somebody does not come after all: whom to ask instead, and the roster mended with the fewest changes.
//! `cargo run --example cover_and_replan`

use rota::changes::Typed;
use rota::{cover, replan, solve, Date, Happened, Options, Scenario};
use std::error::Error;

const WEEK: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17" },
  "people": [ { "id": "amy", "name": "Amy Walsh", "only": [ { "place": "on_site" } ] },
              { "id": "ben", "name": "Ben Okafor" }, { "id": "cara", "name": "Cara Singh" } ],
  "rules": [ { "headcount": { "at_least": 1 } } ] }"#;

fn main() -> Result<(), Box<dyn Error>> {
    let scenario = Scenario::read(WEEK)?;
    let options = Options::default();
    let outcome = solve(&scenario, &options)?;
    let planned = outcome.planned().ok_or("there is no roster")?;

    let absent = ["Amy Walsh:tue".to_string()];
    let today = Date::parse("2020-06-15")?;
    let covered = cover(&scenario, Some(&planned.roster), &absent, today, &options)?;
    for (at, choice) in covered.document.choices.iter().enumerate() {
        let people: Vec<&str> = choice.ask.iter().map(|ask| ask.person.as_str()).collect();
        println!("choice {}: ask {}", at + 1, people.join(", "));
    }
    // The roster with the first choice taken; `covered.scenario` is the scenario with the absence in it.
    let taken = covered.take(1, &options)?.ok_or("nobody can be asked")?;
    println!("with it every rule is kept: {}", taken.musts_kept);

    let typed = Typed { absent: &absent, ..Typed::default() };
    let happened = Happened { typed, today, since: None, max_changes: None };
    let replanned = replan(&scenario, &planned.roster, &happened, &options)?;
    println!("fewest changes: {}", replanned.document.changes.len());
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("it runs");
}
