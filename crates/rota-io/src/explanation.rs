//! The explanation document: what `rota explain` prints for programs.

use crate::document::{assignments, breach, conflict_part, BreachDocument, ConflictDocument, Of, FORMAT};
use rota_core::about::Subject;
use rota_core::typed::{Assignment, Pin, WorkPlace};
use rota_core::{About, Day, Finding, PersonIndex, Roster, Site};
use rota_planner::apply::Edit;
use rota_planner::clash::{Clash, Tried};
use rota_planner::why::{Answer, Compared, Outcome, Question};
use rota_rules::entry::Allow;
use rota_rules::model::Owner;
use rota_rules::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

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
    /// Whose page it is; it names nobody else's absences, limits or wishes.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_person: Option<String>,
    /// That person's days, with what every visit is needed for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<Vec<Assignment>>,
    /// What was asked of a roster, with the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Vec<AnswerDocument>>,
    /// Questions for which there was no time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unanswered: Option<usize>,
}

/// Why there is no roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(clippy::struct_excessive_bools)] // four independent questions
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
    /// Whom and what it is about.
    pub about: Subject,
    /// The rule's id, for a rule that is bent or a wish that is not granted; none for `--why-not`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// What was asked, in words.
    pub question: String,
    /// Why the rule is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Rules that would break if only this were changed in the roster as it stands; `pin`, `law.seats`.
    pub against: Vec<String>,
    /// `kept` (it is so already), `impossible` (no roster that keeps every rule has it), `dearer`, `as_good`,
    /// `better`, `mistake` (it cannot be asked) or `unknown` (no answer in time).
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
    /// Whether other people's limits, absences or wishes play a part, which this page does not name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub others: bool,
    /// Why it cannot be asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mistake: Option<String>,
}

/// What a private rule is called on a page for sharing.
const PRIVATE: &str = "a rule kept private";

/// Who reads the answers: the manager, or one person, who learns nothing of anybody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Everything.
    Manager,
    /// What concerns this person, and rules that are not private.
    Person(PersonIndex),
}

impl Reader {
    /// Whether something about this subject may be told.
    fn may_read(self, about: &About) -> bool {
        match self {
            Reader::Manager => true,
            Reader::Person(own) => {
                [about.person, about.with].into_iter().flatten().all(|person| person == own)
            }
        }
    }

    /// Whether a rule or a fixed day is about one other person alone.
    fn is_of_another(self, problem: &Problem, owner: Owner) -> bool {
        let Reader::Person(own) = self else { return false };
        match owner {
            Owner::Pin(person, _) => person != own,
            Owner::Law(_) => false,
            Owner::Rule(_) => {
                let people = problem.rule(owner).and_then(|rule| rule.rule.concerns(&problem.site));
                people.is_some_and(|people| matches!(people.as_slice(), [one] if *one != own))
            }
        }
    }

    /// The sentence about a subject. Tags are the manager's: for others a rule that speaks of one goes by its name.
    fn sentence(self, problem: &Problem, owner: Owner, about: &About) -> String {
        let sentence = problem.sentence(owner, about);
        let words = |text: &str| {
            text.split(|sign: char| !(sign.is_alphanumeric() || "_.@-".contains(sign)))
                .map(str::to_string)
                .collect::<Vec<String>>()
        };
        let speaks =
            |tag: &String| words(&sentence).windows(words(tag).len().max(1)).any(|part| *part == words(tag));
        if self == Reader::Manager || !problem.site.tags.keys().any(speaks) {
            return sentence;
        }
        let days = rota_rules::speak::subject_days(&problem.site, about).unwrap_or_default();
        format!("the rule {}{days}", problem.owner_name(owner))
    }

    /// Whether a rule goes by its name.
    fn may_name(self, problem: &Problem, id: &str) -> bool {
        self == Reader::Manager || !problem.rules.iter().any(|rule| rule.id == id && rule.private)
    }

    /// What a rule is called.
    fn named(self, problem: &Problem, id: &str) -> String {
        if self.may_name(problem, id) {
            id.to_string()
        } else {
            PRIVATE.to_string()
        }
    }
}

/// Where a fixed day would have somebody: `at home`, `at desk D4`, `on the late shift`.
fn place_words(site: &Site, pin: &Pin) -> String {
    if let Some(desk) = &pin.desk {
        return format!("at desk {}", site.desk_named(desk).map_or(desk, |at| &site.desk(at).name));
    }
    if let Some(zone) = &pin.zone {
        return format!("in {}", site.zone_named(zone).map_or(zone, |at| &site.zone(at).name));
    }
    if let Some(premises) = &pin.site {
        return format!(
            "at {}",
            site.site_named(premises).map_or(premises, |at| &site.premises[at.at()].name)
        );
    }
    if let Some(shift) = &pin.shift {
        return format!(
            "on the {} shift",
            site.calendar.shifts.iter().find(|known| known.id == *shift).map_or(shift, |known| &known.name)
        );
    }
    pin.place.unwrap_or(WorkPlace::OnSite).spoken().to_string()
}

/// An answer with names, for its reader.
pub fn answer(problem: &Problem, answer: &Answer, reader: Reader) -> AnswerDocument {
    let site = &problem.site;
    let (about, rule, question, because) = match &answer.question {
        Question::Kept { owner, about } => {
            let id = problem.owner_name(*owner);
            let because = match owner {
                Owner::Rule(at) => problem.rules[*at as usize].because.clone(),
                Owner::Law(_) | Owner::Pin(..) => None,
            };
            let (question, because) = if reader.may_name(problem, &id) {
                (reader.sentence(problem, *owner, about), because)
            } else {
                (PRIVATE.to_string(), None)
            };
            (*about, Some(reader.named(problem, &id)), question, because)
        }
        Question::Elsewhere { person, day, pin } => {
            let date = site.calendar.date(*day).spoken();
            let question = format!("{} {} on {date}", site.person(*person).name, place_words(site, pin));
            (About::person(*person).on(*day), None, question, None)
        }
    };
    let mut document = AnswerDocument {
        about: about.named(site),
        rule,
        question,
        because,
        against: answer.against.iter().map(|id| reader.named(problem, id)).collect(),
        outcome: String::new(),
        conflict: Vec::new(),
        level: None,
        more: None,
        proved: None,
        instead: Vec::new(),
        others: false,
        mistake: None,
    };
    match &answer.outcome {
        Outcome::Already => document.outcome = "kept".to_string(),
        Outcome::Unknown => document.outcome = "unknown".to_string(),
        Outcome::Mistake(what) => {
            document.outcome = "mistake".to_string();
            document.mistake = Some(what.clone());
        }
        Outcome::Impossible(conflict) => {
            document.outcome = "impossible".to_string();
            for part in &conflict.parts {
                let about = part.about.unwrap_or_default();
                if reader.is_of_another(problem, part.owner) || !reader.may_read(&about) {
                    document.others = true;
                    continue;
                }
                let mut told = conflict_part(problem, part);
                told.sentence = reader.sentence(problem, part.owner, &about);
                if told.rule.as_deref().is_some_and(|id| !reader.may_name(problem, id)) {
                    told.rule = Some(PRIVATE.to_string());
                    told.sentence = PRIVATE.to_string();
                    told.because = None;
                    told.about = None;
                }
                document.conflict.push(told);
            }
        }
        Outcome::Compared(compared) => compare(problem, compared, reader, &mut document),
    }
    document
}

fn compare(problem: &Problem, compared: &Compared, reader: Reader, document: &mut AnswerDocument) {
    document.outcome = match compared.more {
        None => "as_good",
        Some((_, more)) if more < 0.0 => "better",
        Some(_) => "dearer",
    }
    .to_string();
    document.level = compared.more.map(|(level, _)| level.name().to_string());
    document.more = compared.more.map(|(_, more)| (more * 1e6).round() / 1e6);
    document.proved = Some(compared.proved);
    for found in &compared.instead {
        let id = problem.owner_name(found.owner);
        let may_tell = !reader.is_of_another(problem, found.owner) && reader.may_read(&found.about);
        if may_tell && reader.may_name(problem, &id) {
            let mut told = breach(problem, found);
            told.sentence = reader.sentence(problem, found.owner, &found.about);
            document.instead.push(told);
        } else {
            document.others = true;
        }
    }
}

/// One person's days, with what every visit is needed for.
pub fn days_of(
    problem: &Problem,
    roster: &Roster,
    reasons: &BTreeMap<(PersonIndex, Day), Vec<String>>,
    person: PersonIndex,
) -> Vec<Assignment> {
    let id = &problem.site.person(person).id;
    let mut days = assignments(problem, roster, reasons);
    days.retain(|assignment| assignment.person == *id);
    for reason in days.iter_mut().flat_map(|day| day.needed_for.iter_mut().flatten()) {
        *reason = Reader::Person(person).named(problem, reason);
    }
    days
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
        Edit::Allow { allow, .. } => Some(allow),
        Edit::RemovePin { .. } | Edit::AddPin { .. } => None,
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
        sentence: problem.sentence(Owner::Pin(*person, *at), &About::default()),
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
            for_person: None,
            days: None,
            answers: None,
            unanswered: None,
        }
    }
}
