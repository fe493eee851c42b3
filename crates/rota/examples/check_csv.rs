//! Judges a roster that another program made, a table with the columns person, on and place:
//! `cargo run --example check_csv`

use rota::{check, Options, Scenario};

const WEEK: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
  "people": [ { "id": "amy" }, { "id": "ben" } ],
  "rules": [ { "id": "phones", "headcount": { "at_least": 1 }, "because": "Somebody answers the phone" } ] }"#;

const ROSTER: &str = "person,on,place
amy,2020-06-15,on_site
amy,2020-06-16,home
ben,2020-06-15,home
ben,2020-06-16,home
";

fn main() -> Result<(), rota::Error> {
    let scenario = Scenario::read(WEEK)?;
    let roster = scenario.roster(ROSTER)?;
    let judged = check(&scenario, &roster, &Options::default())?;
    println!("may be used: {}", judged.musts_kept);
    for breach in &judged.breaches {
        println!("{}: {}", breach.rule, breach.sentence);
    }
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("it runs");
}
