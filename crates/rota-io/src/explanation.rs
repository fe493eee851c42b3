//! The explanation document: what `rota explain` prints for programs.

use crate::document::{conflict_part, BreachDocument, ConflictDocument, Of, FORMAT};
use rota_core::about::Subject;
use rota_core::Finding;
use rota_planner::clash::{Clash, Tried};
use rota_rules::entry::Allow;
use rota_rules::model::Owner;
use rota_rules::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Why no roster keeps every rule and what can be done, or why a roster is as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplanationDocument {
    /// The version of the format: 1.
    pub explanation: u32,
    /// Of which scenario.
    pub of: Of,
    /// `impossible`, `possible` or `unknown`: whether a roster keeps every law, pin and must rule.
    pub status: String,
    /// Why there is no roster; only when `impossible`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clash: Option<ClashDocument>,
    /// What was asked of a roster, with the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Vec<AnswerDocument>>,
}

/// Why there is no roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClashDocument {
    /// What the numbers alone say.
    pub numbers: Vec<Finding>,
    /// Sets of rules, pins and laws that clash; no two share anything that may bend.
    pub conflicts: Vec<ClashingDocument>,
    /// Whether it was shown that without what is told of them a roster exists.
    pub conflicts_all: bool,
    /// The cheapest ways out, cheapest first; each was tried.
    pub ways_out: Vec<WayDocument>,
    /// Whether the first way out is proved to be the cheapest.
    pub cheapest_proved: bool,
    /// Whether it is proved that there are no other ways out.
    pub ways_out_all: bool,
    /// Whether the time ran out before all was looked for.
    pub stopped: bool,
}

/// One set of rules, pins and laws that clash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClashingDocument {
    /// The parts, laws first, then in the order of the scenario.
    pub parts: Vec<ConflictDocument>,
    /// Whether it was shown that no part can be left out.
    pub irreducible: bool,
}

/// One way out: exceptions and removed pins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WayDocument {
    /// What to give `--apply`: `A`.
    pub letter: String,
    /// Weight × amount beyond what is forgiven already, and 1 for each pin.
    pub cost: f64,
    /// What changes.
    pub changes: Vec<ChangeDocument>,
}

/// One change: either a rule with its exception, or a pin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangeDocument {
    /// The rule's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The person whose pin is removed, and its place in the person's list: `amy/0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// What the exception is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Subject>,
    /// The exception to be added to the rule's `allow`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allow: Option<Allow>,
    /// What the roster that takes this way has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Value>,
    /// What the rule wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<Value>,
    /// What is no longer held to, in words.
    pub sentence: String,
    /// Why the rule is there.
    pub because: Option<String>,
}

/// One question about a roster, answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerDocument {
    /// Whom it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Subject>,
    /// The rule's id, for a rule that is bent or a wish that is not granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What was asked, in words.
    pub question: String,
    /// Rules that would break if only this were changed in the roster as it stands.
    pub against: Vec<String>,
    /// `kept` (it is so already), `impossible` (no roster keeps every rule with it), `dearer`, `as_good`, `better`,
    /// `mistake` (it cannot be asked) or `unknown` (no answer in time).
    pub outcome: String,
    /// What clashes with it, when `impossible`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflict: Vec<ConflictDocument>,
    /// The first level at which the best roster with it costs something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// How much more it costs there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more: Option<f64>,
    /// Whether no roster with it costs less: proved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proved: Option<bool>,
    /// What is bent instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<BreachDocument>,
    /// Why it cannot be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mistake: Option<String>,
}

/// The letter of a way out: A, B, C ...
pub fn letter(at: usize) -> String {
    char::from(b'A' + u8::try_from(at.min(25)).expect("at most 25")).to_string()
}

impl ClashDocument {
    /// The clash of a problem with names.
    pub fn of(problem: &Problem, clash: &Clash) -> ClashDocument {
        ClashDocument {
            numbers: clash.numbers.clone(),
            conflicts: clash
                .conflicts
                .iter()
                .map(|conflict| ClashingDocument {
                    parts: conflict.parts.iter().map(|part| conflict_part(problem, part)).collect(),
                    irreducible: conflict.irreducible,
                })
                .collect(),
            conflicts_all: clash.all_conflicts,
            ways_out: clash.ways.iter().enumerate().map(|(at, tried)| way(problem, at, tried)).collect(),
            cheapest_proved: clash.cheapest_proved,
            ways_out_all: clash.all_ways,
            stopped: clash.stopped,
        }
    }
}

fn way(problem: &Problem, at: usize, tried: &Tried) -> WayDocument {
    let allows = tried.edits.iter().filter_map(|edit| match edit {
        rota_planner::apply::Edit::Allow { allow, .. } => Some(allow),
        rota_planner::apply::Edit::RemovePin { .. } => None,
    });
    let bent = tried.way.bent.iter().zip(allows).map(|(bent, allow)| ChangeDocument {
        rule: Some(problem.rules[bent.rule].id.clone()),
        pin: None,
        about: Some(bent.about.named(&problem.site)),
        allow: Some(allow.clone()),
        found: Some(bent.found.clone()),
        wanted: Some(bent.wanted.clone()),
        sentence: problem.sentence(Owner::Rule(bent.rule as u32), &bent.about),
        because: problem.rules[bent.rule].because.clone(),
    });
    let pins = tried.way.pins.iter().map(|(person, at)| ChangeDocument {
        rule: None,
        pin: Some(format!("{}/{at}", problem.site.person(*person).id)),
        about: None,
        allow: None,
        found: None,
        wanted: None,
        sentence: problem.sentence(Owner::Pin(*person, *at), &rota_core::About::default()),
        because: None,
    });
    WayDocument { letter: letter(at), cost: tried.way.cost, changes: bent.chain(pins).collect() }
}

impl ExplanationDocument {
    /// An explanation that says only whether there is a roster.
    pub fn new(problem: &Problem, sha256: String, status: &str) -> ExplanationDocument {
        ExplanationDocument {
            explanation: FORMAT,
            of: Of {
                title: problem.site.title.clone(),
                sha256,
                from: problem.site.calendar.from,
                to: problem.site.calendar.to,
            },
            status: status.to_string(),
            clash: None,
            answers: None,
        }
    }
}
