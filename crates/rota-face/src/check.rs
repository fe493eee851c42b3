//! A roster judged, whoever made it.

use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use rota_core::Roster;
use rota_io::document::CheckDocument;
use rota_rules::judge::all_reasons;
use rota_rules::laws::Says;
use rota_rules::Judgement;

/// Judges a roster: every law and rule that it breaks, what it costs, and visits without a reason. The answer is no
/// where `musts_kept` is false.
///
/// # Errors
///
/// Options that cannot be.
pub fn check(scenario: &Scenario, roster: &Roster, options: &Options<'_>) -> Result<CheckDocument, Error> {
    let problem = &scenario.problem;
    options.run(|_| {
        let judgement = Judgement::with(problem, roster, Says::of(&problem.site, roster));
        CheckDocument::of(problem, roster, &judgement, &all_reasons(problem, roster))
    })
}
