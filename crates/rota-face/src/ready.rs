//! A question whose documents were read: what is left is the work.

use crate::changes::Typed;
use crate::error::Error;
use crate::options::Options;
use crate::question::{Answer, Kind, Question, Working};
use crate::scenario::{plan, Scenario};
use crate::{absences, aftermath, capacity, check, cover, explain, replan, size, solve, take};
use crate::{Happened, Wondered};
use rota_core::{Finding, Roster};
use rota_io::plans::Plan;
use rota_io::FindingsDocument;
use rota_rules::load;
use serde_json::value::RawValue;

/// A question whose scenario, roster and plan were read, so that mistakes in them are known before the work begins.
pub struct Ready {
    question: Question,
    given: Given,
}

enum Given {
    /// What is wrong with the scenario is the answer.
    Nothing,
    Scenario(Box<Scenario>, Option<Roster>),
    Plan(Box<Plan>),
}

impl Question {
    /// Reads the scenario, the roster or the plan.
    ///
    /// # Errors
    ///
    /// Every mistake in them. A question [`Kind::Validate`] has none: its answer tells them.
    pub fn ready(self) -> Result<Ready, Error> {
        let read = |scenario: &RawValue, roster: Option<&RawValue>| {
            let scenario = Scenario::read(scenario.get())?;
            let roster = roster.map(|roster| scenario.roster(&text(roster))).transpose()?;
            Ok(Given::Scenario(Box::new(scenario), roster))
        };
        let given = match &self {
            Question::Validate(_) => Given::Nothing,
            Question::Solve(body) => read(&body.scenario, None)?,
            Question::Check(body) => read(&body.scenario, Some(&body.roster))?,
            Question::Explain(body) => read(&body.scenario, body.roster.as_deref())?,
            Question::Cover(body) => read(&body.scenario, body.roster.as_deref())?,
            Question::Replan(body) => read(&body.scenario, Some(&body.roster))?,
            Question::Capacity(body) => Given::Plan(Box::new(plan(&text(&body.plan), body.scale)?)),
            Question::Size(body) => read(&body.scenario, None)?,
        };
        Ok(Ready { question: self, given })
    }
}

impl Ready {
    /// Which question it is.
    pub fn kind(&self) -> Kind {
        self.question.kind()
    }

    /// How to work, to be looked at or changed before it is answered; none for what takes no time.
    pub fn working(&mut self) -> Option<&mut Working> {
        self.question.working()
    }

    /// The scenario, where there is one.
    pub fn scenario(&self) -> Option<&Scenario> {
        match &self.given {
            Given::Scenario(scenario, _) => Some(scenario),
            Given::Nothing | Given::Plan(_) => None,
        }
    }

    /// Answers it. Of `beside`, cancelling and progress are used; everything else stands in the question.
    ///
    /// # Errors
    ///
    /// Every mistake in what was given beside the documents.
    pub fn answer(&self, beside: &Options<'_>) -> Result<Answer, Error> {
        match (&self.question, &self.given) {
            (Question::Validate(body), _) => {
                let loaded = load(body.scenario.get());
                let mut findings = loaded.findings;
                let mut exit_code = 2;
                if let Some(problem) = loaded.problem.filter(|_| !findings.iter().any(Finding::is_error)) {
                    let sums = rota_planner::arithmetic::findings(&problem);
                    exit_code = u8::from(!sums.is_empty());
                    findings.extend(sums);
                }
                Ok(Answer::of(&FindingsDocument::new(findings), exit_code))
            }
            (Question::Solve(body), Given::Scenario(scenario, _)) => {
                let outcome = solve(scenario, &body.options.options(beside)?)?;
                Ok(Answer::of(outcome.document(), outcome.exit_code()))
            }
            (Question::Check(_), Given::Scenario(scenario, Some(roster))) => {
                let document = check(scenario, roster, beside)?;
                Ok(Answer::of(&document, u8::from(!document.musts_kept)))
            }
            (Question::Explain(body), Given::Scenario(scenario, roster)) => {
                let wondered = Wondered { why_not: &body.why_not, person: body.person.as_deref() };
                let options = body.options.options(beside)?;
                let explained = explain(scenario, roster.as_ref(), &wondered, &options)?;
                let exit_code = match explained.document.status.as_str() {
                    _ if explained.is_no => 1,
                    "unknown" if explained.roster.is_none() => 4,
                    _ => 0,
                };
                Ok(Answer::of(&explained.document, exit_code))
            }
            (Question::Cover(body), Given::Scenario(scenario, roster)) => {
                let options = body.options.options(beside)?;
                let today = body.today.unwrap_or(scenario.problem.site.calendar.from);
                let changed = absences(scenario, &body.absent, today)?;
                let covered = cover(scenario, roster.as_ref(), &changed, &options)?;
                let Some(number) = body.take else {
                    return Ok(Answer::of(&covered.document, covered.exit_code()));
                };
                let Some(roster) = take(&changed, &covered, number, &options)? else {
                    let message = format!("there is no choice {number}");
                    let help = match covered.document.choices.len() {
                        0 => "leave `take` out to see why".to_string(),
                        many => format!("give a number from 1 to {many}"),
                    };
                    return Err(Error::of(Finding::error("take.none", "/take", message).help(help)));
                };
                Ok(Answer::of(&roster, u8::from(!roster.musts_kept)))
            }
            (Question::Replan(body), Given::Scenario(scenario, Some(roster))) => {
                let happened = Happened {
                    typed: Typed { absent: &body.absent, home_only: &body.home_only, closed: &body.closed },
                    today: body.today.unwrap_or(scenario.problem.site.calendar.from),
                    since: body.since.as_deref(),
                    max_changes: body.max_changes,
                };
                let aftermath = aftermath(scenario, &happened)?;
                let replanned = replan(scenario, roster, &aftermath, &body.options.options(beside)?)?;
                Ok(Answer::of(&replanned.document, replanned.exit_code))
            }
            (Question::Capacity(body), Given::Plan(plan)) => {
                let fits = capacity(plan, &body.fitting()?, &body.options.options(beside)?)?;
                Ok(Answer::of(&fits.document, fits.exit_code))
            }
            (Question::Size(body), Given::Scenario(scenario, _)) => {
                let needed = size(scenario, &body.of, &body.options.options(beside)?)?;
                Ok(Answer::of(&needed.document, needed.exit_code))
            }
            _ => unreachable!("a question is made ready with the documents it speaks of"),
        }
    }
}

/// A document as it stands, or the text in a string.
pub(crate) fn text(raw: &RawValue) -> String {
    serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_| raw.get().to_string())
}
