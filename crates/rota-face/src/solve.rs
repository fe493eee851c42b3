//! The best roster.

use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use rota_core::Roster;
use rota_io::document::{exit_code, has_roster, Asked};
use rota_io::explanation::ClashDocument;
use rota_io::RosterDocument;
use rota_planner::clash::{explain_clash, Answer, Clash};
use rota_rules::Judgement;
use rota_solver::{Flow, Progress, Solved, Status};
use std::time::Instant;

/// What came of solving. Each holds the document that `rota solve` writes.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// A roster, and every level of it is proved within the gap asked for.
    Optimal(Box<Planned>),
    /// A roster, verified like every other, but not proved to be the best.
    Feasible(Box<Planned>),
    /// Nothing found in time, and not proved impossible.
    Unknown(Box<RosterDocument>),
    /// No roster keeps the laws, pins and must rules: proved. The document says what clashes and the ways out.
    Impossible(Box<RosterDocument>),
}

/// A roster that was found.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The roster, verified by code that knows nothing of the search.
    pub roster: Roster,
    /// The roster as judged.
    pub judgement: Judgement,
    /// The document: assignments, levels with bounds, breaches, measures.
    pub document: RosterDocument,
}

impl Outcome {
    /// The document of the outcome, whichever it is.
    pub fn document(&self) -> &RosterDocument {
        match self {
            Outcome::Optimal(planned) | Outcome::Feasible(planned) => &planned.document,
            Outcome::Unknown(document) | Outcome::Impossible(document) => document,
        }
    }

    /// The roster, if there is one.
    pub fn planned(&self) -> Option<&Planned> {
        match self {
            Outcome::Optimal(planned) | Outcome::Feasible(planned) => Some(planned),
            Outcome::Unknown(_) | Outcome::Impossible(_) => None,
        }
    }

    /// The exit code of the command: 0 done and usable, 1 the answer is no, 4 no answer yet.
    pub fn exit_code(&self) -> u8 {
        exit_code(self.document())
    }
}

/// Everything that came of solving, for those who show more of it than the document has.
#[derive(Debug, Clone)]
pub struct Whole {
    /// What the solver found.
    pub solved: Solved,
    /// Why there is no roster, and the ways out; none where there is one, or where time did not suffice.
    pub clash: Option<Box<Clash>>,
    /// The document.
    pub document: RosterDocument,
}

/// Finds the best roster of a scenario, verifies it, and says how good it is proved to be; where there is none, what
/// clashes and the cheapest ways out.
///
/// # Errors
///
/// Options that cannot be; [`Error::Disagreement`] instead of a roster that the check does not accept.
pub fn solve(scenario: &Scenario, options: &Options<'_>) -> Result<Outcome, Error> {
    let Whole { solved, document, .. } = self::solved(scenario, options)?;
    let is_found = has_roster(&solved);
    let planned = match (solved.roster, solved.judgement) {
        (Some(roster), Some(judgement)) if is_found => Box::new(Planned { roster, judgement, document }),
        _ if solved.status == Status::Impossible => return Ok(Outcome::Impossible(Box::new(document))),
        _ => return Ok(Outcome::Unknown(Box::new(document))),
    };
    Ok(if solved.status == Status::Optimal { Outcome::Optimal(planned) } else { Outcome::Feasible(planned) })
}

/// The same as [`solve`], with everything that came of it.
///
/// # Errors
///
/// As [`solve`].
pub fn solved(scenario: &Scenario, options: &Options<'_>) -> Result<Whole, Error> {
    let clock = Instant::now();
    // The document too, because the reasons in it are found on the pool.
    options.run(|watch| whole(scenario, options, clock, watch))?
}

fn whole(
    scenario: &Scenario,
    options: &Options<'_>,
    clock: Instant,
    watch: &mut (dyn FnMut(&Progress) -> Flow + Send),
) -> Result<Whole, Error> {
    let problem = &scenario.problem;
    let solved = rota_solver::solve(problem, &options.of_solver(clock), watch);
    let clash = match (&solved.conflict, solved.status) {
        (Some(first), Status::Impossible) => {
            let deadline = options.deadline(clock);
            Some(explain_clash(&scenario.typed, problem, first.clone(), deadline, watch))
        }
        _ => None,
    };
    let disagreement = |details: &String| Error::Disagreement { what: "an answer", details: details.clone() };
    if let Some(details) = &solved.disagreement {
        return Err(disagreement(details));
    }
    let clash: Option<Box<Clash>> = match clash {
        Some(Answer::Impossible(clash)) => Some(clash),
        Some(Answer::Disagreement(details)) => return Err(disagreement(&details)),
        Some(Answer::Possible | Answer::Unknown) | None => None,
    };
    let mut document = RosterDocument::of(problem, &solved, &asked(scenario, options, clock));
    document.ways_out = clash.as_ref().map(|clash| ClashDocument::of(problem, clash).ways_out);
    Ok(Whole { solved, clash, document })
}

/// What was asked, for the document of a roster.
pub(crate) fn asked(scenario: &Scenario, options: &Options<'_>, clock: Instant) -> Asked {
    Asked::of(&scenario.document, options.seed, clock.elapsed().as_secs_f64())
}
