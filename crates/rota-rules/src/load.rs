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

/// Reads and checks a scenario document: every mistake of shape and of meaning in one run.
pub fn load(document: &str) -> Loaded {
    examine(document, Scenario::read(document))
}

/// The same for a document that was read before, perhaps with parts put in from other documents. What is found
/// about such parts keeps its pointer (`/history/days/3`) and has no place of its own in the document.
pub fn examine(document: &str, read: ReadScenario) -> Loaded {
    let shape_is_right = !read.findings.iter().any(Finding::is_error);
    let mut findings = Vec::new();
    let mut problem = None;
    if let Some(scenario) = read.scenario.as_ref().or(read.without_calendar.as_ref()) {
        let (built, found) = Problem::build(scenario);
        findings = without_follow_ups(found, &read);
        if shape_is_right && !findings.iter().any(Finding::is_error) {
            problem = Some(built);
        }
    }
    findings.extend(read.findings);
    if !findings.is_empty() {
        Positions::new(document).fill(&mut findings);
        findings.sort_by_key(|finding| (finding.level, finding.line, finding.column));
    }
    Loaded { scenario: read.scenario, problem, findings }
}

/// Codes (or what follows their dot) that are about names of people, places and shifts.
const PEOPLE: &[&str] =
    &["unknown_person", "unknown_team", "nobody", "no_team", "too_few", "people.none", "missing"];
const PLACES: &[&str] =
    &["unknown_site", "unknown_zone", "unknown_desk", "nowhere", "needs.unknown", "pin.place", "distance.no_desk"];
const SHIFTS: &[&str] = &["unknown_shift", "when", "between"];
/// Codes that have nothing to do with the days of the calendar.
const TIMELESS: &[&str] = &[
    "id", "duplicate", "unknown_person", "unknown_team", "unknown_site", "unknown_zone", "unknown_desk",
    "unknown_shift", "nobody", "nowhere", "weight", "amount", "nothing", "home", "places", "limits", "per",
    "desks_or_seats", "same_desk", "no_zone", "same", "order", "twice", "at", "times", "hours",
    "needs.unknown", "only.contradiction", "zone.contradiction", "history.wishes", "people.none", "rule.no_team",
    "distance.metres", "desk.position",
];

fn is_one_of(code: &str, codes: &[&str]) -> bool {
    let reason = code.split_once('.').map_or(code, |(_, reason)| reason);
    codes.contains(&code) || codes.contains(&reason)
}

/// What is left without findings that only follow from a part that could not be read; with pointers into the
/// document.
fn without_follow_ups(found: Vec<Finding>, read: &ReadScenario) -> Vec<Finding> {
    let calendar_is_wrong =
        read.scenario.is_none() || found.iter().any(|finding| finding.code.starts_with("calendar.") && finding.is_error());
    if read.gaps.is_empty() && !calendar_is_wrong {
        return found;
    }
    // The last name of what was left out tells whether it held names.
    let holds = |list: &str, names: &[&str]| {
        read.gaps.broken.iter().filter(|broken| broken.starts_with(list)).any(|broken| {
            broken.rsplit('/').find(|part| part.parse::<usize>().is_err()).is_some_and(|name| names.contains(&name))
        })
    };
    let people = holds("/people", &["people", "id", "name", "team", "tags"]);
    let places = holds("/sites", &["sites", "zones", "desks", "id", "name", "features", "for"]);
    let shifts = holds("/calendar/shifts", &["shifts", "id", "name"]);
    let rules = holds("/rules", &["rules"]) || read.gaps.broken.iter().any(|broken| broken.starts_with("/rules/"));
    let day = read.without_calendar.as_ref().map(|scenario| scenario.calendar.from.spoken());
    let follows = |finding: &Finding| {
        let pointer = finding.pointer.as_deref().unwrap_or("");
        (!finding.is_error() && (finding.code.ends_with(".empty") || finding.code.ends_with(".no_day")))
            || read.gaps.touch(pointer)
            || (people && is_one_of(&finding.code, PEOPLE))
            || (places && is_one_of(&finding.code, PLACES))
            || (shifts && is_one_of(&finding.code, SHIFTS))
            || (rules && finding.code == "wishes.unread")
            || (calendar_is_wrong
                && !finding.code.starts_with("calendar.")
                && (!is_one_of(&finding.code, TIMELESS)
                    || day.as_ref().is_some_and(|day| finding.message.contains(day.as_str()))))
    };
    let mut left: Vec<Finding> = Vec::with_capacity(found.len());
    for mut finding in found {
        finding.pointer = finding.pointer.map(|pointer| read.gaps.original(&pointer));
        if !follows(&finding) {
            finding.message = read.gaps.original_words(&finding.message);
            finding.help = finding.help.map(|help| read.gaps.original_words(&help));
            left.push(finding);
        }
    }
    left
}
