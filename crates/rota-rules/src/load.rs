//! From the text of a document to a checked problem, with every mistake of shape and of meaning in one list.

use crate::problem::Problem;
use crate::scenario::{ReadScenario, Scenario};
use rota_core::finding::Finding;
use rota_core::positions::Positions;

/// What a document gave.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// As typed, as far as it could be read.
    pub scenario: Option<Scenario>,
    /// Checked and indexed; none when any finding is an error.
    pub problem: Option<Problem>,
    /// Everything found, with line and column, but no file name: errors first, each kind in the order of the text.
    pub findings: Vec<Finding>,
}

/// Reads and checks a scenario document.
pub fn load(document: &str) -> Loaded {
    examine(document, Scenario::read(document))
}

/// Checks a scenario that was read from `document`, perhaps with parts from elsewhere put in.
pub fn examine(document: &str, read: ReadScenario) -> Loaded {
    let document = document.strip_prefix('\u{feff}').unwrap_or(document);
    let mut findings = read.findings;
    let shape_is_right = findings.is_empty();
    let mut problem = None;
    if let Some(scenario) = &read.scenario {
        let (built, mut meaning) = Problem::build(scenario);
        meaning.retain(|finding| {
            let pointer = finding.pointer.as_deref().unwrap_or("");
            let inside = |broken: &String| {
                pointer == broken || pointer.strip_prefix(broken.as_str()).is_some_and(|rest| rest.starts_with('/'))
            };
            // What is said about the inside of an item that could not be read, and about how much is left
            // without it, means nothing.
            !read.broken.iter().any(inside) && (shape_is_right || finding.is_error())
        });
        if !meaning.is_empty() {
            let positions = Positions::new(document);
            positions.place("", &mut meaning);
            for finding in &mut meaning {
                finding.file = None;
            }
        }
        findings.extend(meaning);
        problem = (!findings.iter().any(Finding::is_error)).then_some(built);
    }
    findings.sort_by_key(|finding| (finding.level, finding.line, finding.column));
    Loaded { scenario: read.scenario, problem, findings }
}
