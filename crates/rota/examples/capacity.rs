//! How many desks of a plan can be in use at each distance: `cargo run --example capacity`

use rota::planner::capacity::Policy;
use rota::{capacity, plan, Fitting, Options};

const DESKS: &str = "zone,desk,x,y
north,N1,0.0,0.0
north,N2,1.4,0.0
north,N3,2.8,0.0
north,N4,4.2,0.0
";

fn main() -> Result<(), rota::Error> {
    let plan = plan(DESKS, None)?;
    let policy = Some(Policy { people: 5, days: 2.0, open_days: 5 });
    let fitting = Fitting { distances: vec![1.0, 2.0], policy, ..Fitting::default() };
    let fits = capacity(&plan, &fitting, &Options::default())?;
    for answer in &fits.document.distances {
        let enough = answer.policy.as_ref().is_some_and(|policy| policy.fits_by_rota);
        println!("{} m: {} desks, enough: {enough}", answer.metres, answer.desks);
    }
    Ok(())
}

#[test]
fn it_runs() {
    main().expect("it runs");
}
