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

/// Codes (or what follows their dot) that say that there is nobody of a name, by the part that holds such names.
const NAMES: &[(&str, &[&str])] = &[
    ("/people", &["unknown_person", "unknown_team", "nobody"]),
    ("/sites", &["unknown_site", "unknown_zone", "unknown_desk", "nowhere", "needs.unknown"]),
    ("/calendar", &["unknown_shift", "when"]),
];
/// Codes that count people, or seats.
const PEOPLE: &[&str] = &["people.none", "no_team", "too_few", "missing"];
const SEATS: &[&str] = &["pin.place", "distance.no_desk"];
/// Codes that have nothing to do with the days of the calendar.
const TIMELESS: &[&str] = &[
    "id",
    "duplicate",
    "unknown_person",
    "unknown_team",
    "unknown_site",
    "unknown_zone",
    "unknown_desk",
    "unknown_shift",
    "nobody",
    "nowhere",
    "weight",
    "amount",
    "nothing",
    "home",
    "places",
    "limits",
    "per",
    "desks_or_seats",
    "same_desk",
    "no_zone",
    "same",
    "order",
    "twice",
    "at",
    "times",
    "hours",
    "needs.unknown",
    "only.contradiction",
    "zone.contradiction",
    "history.wishes",
    "people.none",
    "rule.no_team",
    "distance.metres",
    "desk.position",
];

fn is_one_of(code: &str, codes: &[&str]) -> bool {
    let reason = code.split_once('.').map_or(code, |(_, reason)| reason);
    codes.contains(&code) || codes.contains(&reason)
}

/// What is left without findings that only follow from a part that could not be read; with pointers into the
/// document.
fn without_follow_ups(found: Vec<Finding>, read: &ReadScenario) -> Vec<Finding> {
    let is_broken = |part: &str| read.gaps.broken.iter().any(|broken| broken.starts_with(part));
    let calendar_is_wrong = read.scenario.is_none()
        || is_broken("/calendar/work_days")
        || is_broken("/calendar/anchor")
        || found.iter().any(|finding| finding.code.starts_with("calendar.") && finding.is_error());
    if read.gaps.is_empty() && !calendar_is_wrong {
        return found;
    }
    // The last name of what was left out tells what it held.
    let holds = |list: &str, names: &[&str]| {
        read.gaps.broken.iter().filter(|broken| broken.starts_with(list)).any(|broken| {
            let name = broken.rsplit('/').find(|part| part.parse::<usize>().is_err());
            name.is_some_and(|name| names.contains(&name))
        })
    };
    let people = holds("/people", &["people", "id", "team", "tags"]);
    let seats = holds("/sites", &["sites", "zones", "desks", "id", "features"]);
    let names_what_is_left_out = |finding: &Finding| {
        let name = finding.message.split('`').nth(1).unwrap_or("");
        NAMES.iter().any(|(part, codes)| is_one_of(&finding.code, codes) && read.gaps.may_name(part, name))
    };
    let rules = is_broken("/rules");
    let shifts = is_broken("/calendar/shifts");
    let before = is_broken("/previous");
    let works = is_broken("/people");
    let day = read.without_calendar.as_ref().map(|scenario| scenario.calendar.from.spoken());
    let follows = |finding: &Finding| {
        let pointer = finding.pointer.as_deref().unwrap_or("");
        (!finding.is_error() && is_one_of(&finding.code, &["empty", "no_day"]))
            || read.gaps.touch(pointer)
            || (people && is_one_of(&finding.code, PEOPLE))
            || (seats && is_one_of(&finding.code, SEATS))
            || names_what_is_left_out(finding)
            || (before && finding.code == "keep.no_previous")
            || (shifts && is_one_of(&finding.code, &["no_shifts"]))
            || (rules && finding.code == "wishes.unread")
            || (works && finding.code == "pin.off" && is_broken(&format!("{}works", pin_owner(pointer))))
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

/// `/people/3/` of `/people/3/fixed/0`.
fn pin_owner(pointer: &str) -> &str {
    &pointer[..pointer.match_indices('/').nth(2).map_or(0, |(at, _)| at + 1)]
}
