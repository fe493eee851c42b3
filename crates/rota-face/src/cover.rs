//! Whom to ask when people are away, or whether leave can be granted.

use crate::changes::{edited, edits, Changed, Typed};
use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use crate::solve::asked;
use rota_core::asked::Now;
use rota_core::{Date, Finding, Roster, Site};
use rota_io::cover::{taken, Answer};
use rota_io::{CoverDocument, RosterDocument};
use rota_planner::cover::{Cover, Request};
use rota_planner::edit::Edit;
use rota_rules::laws::Says;
use rota_rules::Judgement;
use rota_solver::{Flow, Progress, Status};
use std::time::Instant;

/// Of the time there is, how much the rota without the leave may use.
const WITHOUT_SHARE: f64 = 0.5;

/// What came of it.
#[derive(Debug, Clone)]
pub struct Covered {
    /// The document that `rota cover` prints.
    pub document: CoverDocument,
    /// Who could be asked; none where leave was asked for before there is a roster.
    pub found: Option<Cover>,
}

impl Covered {
    /// The exit code of the command: 0 somebody can be asked or leave granted, 1 the answer is no, 4 no answer yet.
    pub fn exit_code(&self) -> u8 {
        let is_whole = |found: &Cover| found.choices.first().is_some_and(|best| best.left.is_empty());
        match (self.document.answer, &self.found) {
            (_, Some(found)) => u8::from(!is_whole(found)),
            (Answer::Refuse, None) => 1,
            (Answer::Unknown, None) => 4,
            (_, None) => 0,
        }
    }
}

/// The scenario with absences in it (`Ben Okafor:today..wed`), from `today` on: days before it are over.
///
/// # Errors
///
/// Absences that cannot be read, are over, or make the scenario impossible to read.
pub fn absences(scenario: &Scenario, absent: &[String], today: Date) -> Result<Changed, Error> {
    if absent.is_empty() {
        let finding = Finding::error("absent.none", "", "nobody is said to be away")
            .help("say who and when, like Ben Okafor:today..wed");
        return Err(Error::of(finding));
    }
    let site = &scenario.problem.site;
    let typed = Typed { absent, ..Typed::default() };
    let read = edits(&typed, site, Now::today(today)).map_err(Error::Mistakes)?;
    let edits = still_to_come(read.edits, today, site)?;
    Ok(Changed { scenario: edited(scenario, &edits)?, edits, notes: read.notes })
}

/// Says whom to ask when people are away ([`absences`]), cheapest first; without a roster, whether there is one with the
/// leave and what it costs.
///
/// # Errors
///
/// Options that cannot be.
pub fn cover(
    scenario: &Scenario,
    roster: Option<&Roster>,
    changed: &Changed,
    options: &Options<'_>,
) -> Result<Covered, Error> {
    let clock = Instant::now();
    let (before, after) = (&scenario.problem, &changed.scenario.problem);
    let (document, found) = options.run(|watch| {
        let Some(old) = roster else {
            return Ok((leave(scenario, changed, (options, clock), watch)?, None));
        };
        let was = Judgement::with(before, old, Says::of(&before.site, old));
        let found = rota_planner::cover::cover(&Request { before, problem: after, old });
        Ok((CoverDocument::of(after, &changed.edits, &was, &found), Some(found)))
    })??;
    Ok(Covered { document, found })
}

/// The roster with the choice of this number (from 1) taken; none when there is no such choice.
///
/// # Errors
///
/// Options that cannot be.
pub fn take(
    changed: &Changed,
    covered: &Covered,
    number: usize,
    options: &Options<'_>,
) -> Result<Option<RosterDocument>, Error> {
    let clock = Instant::now();
    let choice = number.checked_sub(1).and_then(|at| covered.found.as_ref()?.choices.get(at));
    let Some(choice) = choice else { return Ok(None) };
    options.run(|_| Some(taken(&changed.scenario.problem, choice, &asked(&changed.scenario, options, clock))))
}

/// Whether there is a roster with the leave, and what it costs.
fn leave(
    before: &Scenario,
    changed: &Changed,
    (options, clock): (&Options<'_>, Instant),
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<CoverDocument, Error> {
    let limit = |share: f64| {
        let options = options.of_solver(clock);
        rota_solver::Options { time_limit: options.time_limit.map(|left| left.mul_f64(share)), ..options }
    };
    let after = &changed.scenario.problem;
    let without = rota_solver::solve(&before.problem, &limit(WITHOUT_SHARE), watch);
    let with = rota_solver::solve(after, &limit(1.0), watch);
    if let Some(details) = without.disagreement.as_ref().or(with.disagreement.as_ref()) {
        return Err(Error::Disagreement { what: "a roster", details: details.clone() });
    }
    let findings = if with.status == Status::Impossible {
        rota_planner::arithmetic::findings(after)
    } else {
        Vec::new()
    };
    Ok(CoverDocument::leave(&changed.edits, &without, (after, &with), findings))
}

/// Absences from today on, where today is in the calendar: nobody can be asked to come in yesterday.
fn still_to_come(edits: Vec<Edit>, today: Date, site: &Site) -> Result<Vec<Edit>, Error> {
    if site.calendar.day(today).is_none() {
        return Ok(edits);
    }
    let still = |edit: Edit| match edit {
        Edit::Away { to, .. } if to < today => {
            let message = format!("{} is over, and nobody can be asked for it", to.spoken());
            let help = "leave it out, or write it into the scenario and mend the roster (`rota replan`)";
            Err(Error::of(Finding::error("absent.over", "", message).help(help)))
        }
        Edit::Away { person, from, to } => Ok(Edit::Away { person, from: from.max(today), to }),
        other => Ok(other),
    };
    edits.into_iter().map(still).collect()
}
