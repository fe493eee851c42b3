//! Solves a scenario, shows how it stands, and cancels after some seconds, keeping the best roster so far:
//! `cargo run --example solve -- week.json 10`

use rota::{solve, Cancel, Options, Outcome, Progress, Scenario};
use std::error::Error;
use std::time::Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1).filter(|_| !cfg!(test));
    let path = words.next().unwrap_or_else(|| "fixtures/clinical_coding/scenario.json".to_string());
    let seconds: u64 = words.next().map_or(Ok(20), |word| word.parse())?;
    let scenario = Scenario::read(&std::fs::read_to_string(path)?)?;

    // A clone of the token cancels the same work, from any thread: a button, a request that was closed.
    let cancel = Cancel::new();
    let button = cancel.clone();
    std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(seconds));
        button.cancel();
    });
    let show = |now: &Progress| {
        if let (Some(best), Some(bound)) = (now.best, now.bound) {
            eprintln!("{:.1} s: best {best}, and none is below {bound}", now.elapsed);
        }
    };
    let options = Options { time_limit: None, cancel, progress: Some(&show), ..Options::default() };
    match solve(&scenario, &options)? {
        Outcome::Optimal(planned) => println!("proved the best: {:?}", planned.document.levels),
        Outcome::Feasible(planned) => println!("not proved the best: {:?}", planned.document.levels),
        Outcome::Impossible(why) => println!("no roster keeps every rule: {:?}", why.conflict),
        Outcome::Unknown(_) => println!("nothing found in time"),
    }
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("it runs");
}
