//! What is given: a scenario that was read and checked, rosters, plans.

use crate::error::Error;
use rota_core::{Finding, Roster};
use rota_io::plans::{plan_of, Plan};
use rota_io::rosters::roster_of;
use rota_rules::{load, Problem};

/// A scenario without mistakes: as typed, and checked and indexed.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// As typed.
    pub typed: rota_rules::Scenario,
    /// Checked and indexed.
    pub problem: Problem,
    /// Warnings and notes.
    pub findings: Vec<Finding>,
    /// The document as read; its hash stands in the rosters made from it.
    pub document: String,
}

impl Scenario {
    /// Reads a scenario document (JSON).
    ///
    /// # Errors
    ///
    /// [`Error::Mistakes`] with every mistake of shape and of meaning, each with line, column, pointer and remedy.
    pub fn read(document: &str) -> Result<Scenario, Error> {
        let loaded = load(document);
        match (loaded.scenario, loaded.problem) {
            (Some(typed), Some(problem)) if !loaded.findings.iter().any(Finding::is_error) => {
                Ok(Scenario { typed, problem, findings: loaded.findings, document: document.to_string() })
            }
            _ => Err(Error::Mistakes(loaded.findings)),
        }
    }

    /// Reads a roster of this scenario: a roster document, or a table (CSV) with the columns person, on and place.
    ///
    /// # Errors
    ///
    /// [`Error::Mistakes`] with everything that could not be read.
    pub fn roster(&self, document: &str) -> Result<Roster, Error> {
        let is_document = document.trim_start_matches('\u{feff}').trim_start().starts_with('{');
        let name = if is_document { "roster" } else { "roster.csv" };
        roster_of(name, document, &self.problem.site).map_err(|mut findings| {
            nameless(&mut findings);
            Error::Mistakes(findings)
        })
    }

    /// SHA-256 of the document, in hexadecimal.
    pub fn sha256(&self) -> String {
        rota_io::sha256(&self.document)
    }
}

/// Reads a floor plan: a scenario, a table of desks (CSV) or a drawing (SVG). Positions in tables and drawings are
/// taken times `metres_each` to be metres; a drawing must have it.
///
/// # Errors
///
/// [`Error::Mistakes`] with everything that could not be read.
pub fn plan(document: &str, metres_each: Option<f64>) -> Result<Plan, Error> {
    plan_of("plan", document, metres_each).map_err(|mut findings| {
        nameless(&mut findings);
        Error::Mistakes(findings)
    })
}

/// What was given as text has no file to be named.
fn nameless(findings: &mut [Finding]) {
    for finding in findings {
        finding.file = None;
    }
}
