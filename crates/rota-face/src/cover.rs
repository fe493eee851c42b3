//! Whom to ask when people are away, or whether leave can be granted.

use crate::changes::{edited, edits, Typed};
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
    /// The scenario with the absences in it.
    pub scenario: Scenario,
    /// What was put into it.
    pub edits: Vec<Edit>,
    /// What is worth knowing of it.
    pub notes: Vec<String>,
    /// Who could be asked; none where leave was asked for before there is a roster.
    pub found: Option<Cover>,
    clock: Instant,
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

    /// The roster with the choice of this number (from 1) taken; none when there is no such choice.
    ///
    /// # Errors
    ///
    /// Options that cannot be.
    pub fn take(&self, number: usize, options: &Options<'_>) -> Result<Option<RosterDocument>, Error> {
        let choice = number.checked_sub(1).and_then(|at| self.found.as_ref()?.choices.get(at));
        let Some(choice) = choice else { return Ok(None) };
        let asked = asked(&self.scenario, options, self.clock);
        options.run(|_| Some(taken(&self.scenario.problem, choice, &asked)))
    }
}

/// Says whom to ask when people are away (`Ben Okafor:today..wed`), cheapest first; without a roster, whether there is
/// one with the leave and what it costs. `today` is what that word means, and days before it are over.
///
/// # Errors
///
/// Absences that cannot be read, are over, or make the scenario impossible to read.
pub fn cover(
    scenario: &Scenario,
    roster: Option<&Roster>,
    absent: &[String],
    today: Date,
    options: &Options<'_>,
) -> Result<Covered, Error> {
    let clock = Instant::now();
    if absent.is_empty() {
        let finding = Finding::error("absent.none", "", "nobody is said to be away")
            .help("say who and when, like Ben Okafor:today..wed");
        return Err(Error::of(finding));
    }
    let site = &scenario.problem.site;
    let read =
        edits(&Typed { absent, ..Typed::default() }, site, Now::today(today)).map_err(Error::Mistakes)?;
    let edits = still_to_come(read.edits, today, site)?;
    let after = edited(scenario, &edits)?;
    let (document, found) = options.run(|watch| {
        let Some(old) = roster else {
            return Ok((leave(scenario, &after, &edits, (options, clock), watch)?, None));
        };
        let was = Judgement::with(&scenario.problem, old, Says::of(site, old));
        let request = Request { before: &scenario.problem, problem: &after.problem, old };
        let found = rota_planner::cover::cover(&request);
        Ok((CoverDocument::of(&after.problem, &edits, &was, &found), Some(found)))
    })??;
    Ok(Covered { document, scenario: after, edits, notes: read.notes, found, clock })
}

/// Whether there is a roster with the leave, and what it costs.
fn leave(
    before: &Scenario,
    after: &Scenario,
    edits: &[Edit],
    (options, clock): (&Options<'_>, Instant),
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<CoverDocument, Error> {
    let limit = |share: f64| {
        let options = options.of_solver(clock);
        rota_solver::Options { time_limit: options.time_limit.map(|left| left.mul_f64(share)), ..options }
    };
    let without = rota_solver::solve(&before.problem, &limit(WITHOUT_SHARE), watch);
    let with = rota_solver::solve(&after.problem, &limit(1.0), watch);
    if let Some(details) = without.disagreement.as_ref().or(with.disagreement.as_ref()) {
        return Err(Error::Disagreement { what: "a roster", details: details.clone() });
    }
    let findings = if with.status == Status::Impossible {
        rota_planner::arithmetic::findings(&after.problem)
    } else {
        Vec::new()
    };
    Ok(CoverDocument::leave(edits, &without, (&after.problem, &with), findings))
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
