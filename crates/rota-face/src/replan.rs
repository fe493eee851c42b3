//! A roster mended with the fewest changes.

use crate::changes::{edited, edits, errors_of_edited, Changed, Typed};
use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use crate::solve::asked;
use rota_core::asked::{self as words, Now};
use rota_core::{Date, Finding, Roster, Site};
use rota_io::replan::Mending;
use rota_io::ReplanDocument;
use rota_planner::replan::{Mended, Outcome, Request};
use rota_rules::laws::{LawBreach, Says};
use rota_rules::model::Owner;
use rota_rules::{Judgement, Problem};
use std::time::Instant;

/// What has changed, and what may.
#[derive(Debug, Clone, Copy)]
pub struct Happened<'a> {
    /// Absences, days at home only, closed places, in words.
    pub typed: Typed<'a>,
    /// What `today` means. Days before it stay as they are, and today people are only added.
    pub today: Date,
    /// The first day that may change instead, in words.
    pub since: Option<&'a str>,
    /// Person-days that may change at most.
    pub max_changes: Option<u32>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Replanned {
    /// The document that `rota replan` prints, with the mended roster in it.
    pub document: ReplanDocument,
    /// The mended roster.
    pub mended: Option<Box<Mended>>,
    /// The exit code of the command: 0 mended and usable, 1 the answer is no, 4 no answer yet.
    pub exit_code: u8,
}

/// A scenario with what has happened in it, and from when on its roster may change.
#[derive(Debug, Clone)]
pub struct Aftermath {
    /// The scenario as it is now.
    pub changed: Changed,
    /// The first day that may change.
    pub since: Date,
    /// The day on which people are only added.
    pub adds_only: Option<Date>,
    /// Person-days that may change at most.
    pub max_changes: Option<u32>,
}

/// Puts what has happened into the scenario.
///
/// # Errors
///
/// What has happened cannot be read, or makes the scenario impossible to read.
pub fn aftermath(scenario: &Scenario, happened: &Happened<'_>) -> Result<Aftermath, Error> {
    let site = &scenario.problem.site;
    let (since, adds_only) = first_day(happened, site)?;
    let from = if site.calendar.day(happened.today).is_some() { happened.today } else { since };
    let read = edits(&happened.typed, site, Now { today: happened.today, from }).map_err(Error::Mistakes)?;
    let changed = Changed { scenario: edited(scenario, &read.edits)?, edits: read.edits, notes: read.notes };
    Ok(Aftermath { changed, since, adds_only, max_changes: happened.max_changes })
}

/// Mends a roster: the fewest person-days changed that keep every must rule, and of these the best roster.
///
/// # Errors
///
/// The roster breaks a law on days that are past.
pub fn replan(
    scenario: &Scenario,
    old: &Roster,
    aftermath: &Aftermath,
    options: &Options<'_>,
) -> Result<Replanned, Error> {
    let clock = Instant::now();
    let Aftermath { changed, since, adds_only, max_changes } = aftermath;
    let (before, after) = (&scenario.problem, &changed.scenario);
    let solver = options.of_solver(clock);
    let request = Request {
        scenario: &after.typed,
        problem: &after.problem,
        old,
        since: *since,
        adds_only: *adds_only,
        max_changes: *max_changes,
        options: &solver,
    };
    let mut document = ReplanDocument::without(Mending::Unknown, *since, &changed.edits, *max_changes);
    let outcome = options.run(|watch| {
        let outcome = rota_planner::replan::replan(&request, watch);
        if let Outcome::Mended(mended) = &outcome {
            let was = Judgement::with(before, old, Says::of(&before.site, old));
            document.result = Mending::Mended;
            document.mended(&after.problem, old, &was, mended, &asked(after, options, clock));
        }
        outcome
    })?;
    let (exit_code, mended) = match outcome {
        // What is broken on days that stay as they are cannot be mended.
        Outcome::Mended(mended) => (u8::from(!mended.judgement.musts_kept()), Some(mended)),
        Outcome::TooMany(least) => {
            document.result = Mending::TooMany;
            document.least = Some(least.into());
            (if max_changes.is_some_and(|most| most < least.bound) { 1 } else { 4 }, None)
        }
        Outcome::Impossible { conflict, asked } => {
            document.result = Mending::Impossible;
            document.clashing(&conflict, &asked, &after.problem);
            (1, None)
        }
        Outcome::Unknown => (4, None),
        Outcome::PastBroken(breaches) => {
            return Err(Error::Mistakes(
                breaches.iter().map(|breach| past(&after.problem, breach)).collect(),
            ));
        }
        Outcome::Mistakes(findings) => return Err(Error::Mistakes(errors_of_edited(findings))),
        Outcome::Disagreement(details) => return Err(Error::Disagreement { what: "a roster", details }),
    };
    Ok(Replanned { document, mended, exit_code })
}

/// The first day that may change, and the day on which people are only added.
fn first_day(happened: &Happened<'_>, site: &Site) -> Result<(Date, Option<Date>), Error> {
    let today = happened.today;
    if let Some(since) = happened.since {
        let since = words::day(since, site, Now::today(today));
        return since.map(|since| (since, None)).map_err(|problem| Error::typed("since.unclear", problem));
    }
    if today > site.calendar.to {
        let message =
            format!("this rota ended on {}, and today is {}", site.calendar.to.spoken(), today.long());
        let finding = Finding::error("since.over", "", message)
            .help("say from which day on it may change: --since 2020-06-18");
        return Err(Error::of(finding));
    }
    Ok((today.max(site.calendar.from), site.calendar.day(today).map(|_| today)))
}

fn past(problem: &Problem, breach: &LawBreach) -> Finding {
    let sentence = problem.sentence(Owner::Law(breach.law), &breach.about);
    let message = format!("what is past breaks a law: {sentence} (found {})", breach.found);
    Finding::error(breach.law.code(), "", message)
        .help("correct the scenario or the roster, so that they agree on the days before --since")
        .without_pointer()
}
