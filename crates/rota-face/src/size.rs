//! How many desks, seats, bays or laptops are needed.

use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use rota_io::SizeDocument;
use rota_planner::size::{read_target, Outcome, Request};
use std::time::Instant;

/// What came of it.
#[derive(Debug, Clone)]
pub struct Needed {
    /// The document that `rota size` prints.
    pub document: SizeDocument,
    /// The exit code of the command: 0 answered, 1 no number will do, 4 no answer yet.
    pub exit_code: u8,
}

/// Says how many of something are needed: `desks`, `seats`, a zone, or the id of a rule `headcount`, the fewest that
/// keep the must rules, by solving; what one more or fewer buys.
///
/// # Errors
///
/// A name that means nothing here.
pub fn size(scenario: &Scenario, of: &str, options: &Options<'_>) -> Result<Needed, Error> {
    let clock = Instant::now();
    let (typed, problem) = (&scenario.typed, &scenario.problem);
    let target = read_target(of, typed, problem).map_err(|problem| Error::typed("size.of", problem))?;
    let solver = options.of_solver(clock);
    let request = Request { scenario: typed, problem, target: &target, options: &solver };
    let outcome = options.run(|watch| rota_planner::size::size(&request, watch))?;
    let most = target.wants_most();
    let (document, exit_code) = match &outcome {
        Outcome::Sized(sized) => (SizeDocument::of(of, most, problem, sized), 0),
        Outcome::Impossible(clash) => {
            let mut document = SizeDocument::without(of, most, "impossible");
            document.clashing(&clash.0, &clash.1);
            (document, 1)
        }
        Outcome::Unknown => (SizeDocument::without(of, most, "unknown"), 4),
        Outcome::Disagreement(details) => {
            return Err(Error::Disagreement { what: "a roster", details: details.clone() })
        }
    };
    Ok(Needed { document, exit_code })
}
