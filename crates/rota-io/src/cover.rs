//! Who can be asked to come in, or whether leave can be granted, as a document.

use crate::diff::{compare, BreachChanges};
use crate::document::{breach, Asked, BreachDocument, LevelDocument, RosterDocument, FORMAT};
use crate::document::{conflict_part, ConflictDocument};
use crate::replan::{edits, told, EditDocument, MessageDocument};
use rota_core::calendar::Per;
use rota_core::roster::{Place, Roster};
use rota_core::{Date, Finding, PersonIndex};
use rota_planner::cover::{self, Choice, Cover};
use rota_planner::diff::Spot;
use rota_planner::edit::Edit;
use rota_rules::judge::all_reasons;
use rota_rules::{Judgement, Problem};
use rota_solver::{Solved, Status};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What `rota cover` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CoverDocument {
    /// The version of the format: 1.
    pub cover: u32,
    /// The answer.
    pub answer: Answer,
    /// Who is away, and when.
    pub absent: Vec<EditDocument>,
    /// What is missing on the days of absence without anybody asked.
    pub missing: Vec<BreachDocument>,
    /// What goes wrong on other days because of the absence.
    pub later: Vec<BreachDocument>,
    /// Softer rules bent by the absence itself, before anybody is asked.
    pub bent: Vec<BreachDocument>,
    /// Whom to ask, the best first.
    pub choices: Vec<ChoiceDocument>,
    /// People who are not asked: at home that day, and that is fixed.
    pub not_asked: Vec<String>,
    /// Without a roster: what the leave costs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave: Option<LeaveDocument>,
}

/// The answer in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Nobody needs to be asked.
    NobodyNeeded,
    /// There are people to ask.
    Ask,
    /// No set of people who may be asked was found that puts it right while nobody else moves.
    NobodyCan,
    /// Without a roster: the leave can be granted.
    Grant,
    /// Without a roster: with the leave no roster keeps every rule.
    Refuse,
    /// Without a roster: not known in the time there was.
    Unknown,
}

/// A set of people to ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChoiceDocument {
    /// Who, when, and where they are then.
    pub ask: Vec<AskDocument>,
    /// Others who would do as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<InsteadDocument>,
    /// Later days that change with it, so that nothing goes wrong there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<AskDocument>,
    /// What it costs more than the roster as it was, by level.
    pub costs: BTreeMap<String, f64>,
    /// Breaches that are not those of the absence itself, with nobody in the place of those who are away.
    pub breaches: BreachChanges,
    /// Must rules that the absence breaks on other days and that this does not put right.
    pub left: Vec<BreachDocument>,
    /// What to tell those who are asked.
    pub messages: Vec<MessageDocument>,
}

/// Somebody's day that changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AskDocument {
    /// The person's id.
    pub person: String,
    /// The day.
    pub on: Date,
    /// Where they were to be.
    pub old: Spot,
    /// Where they are then.
    pub new: Spot,
    /// Their days on site in that week, this one included.
    pub on_site_that_week: u32,
}

/// People who would do as well in place of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InsteadDocument {
    /// In place of whom.
    pub of: String,
    /// The others.
    pub people: Vec<String>,
}

/// What leave costs where there is no roster yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeaveDocument {
    /// The levels of the best roster without the leave; empty where there is none.
    pub without: Vec<LevelDocument>,
    /// The levels of the best roster with it; empty where there is none.
    pub with: Vec<LevelDocument>,
    /// Whether there is a roster without the leave.
    pub possible_without: bool,
    /// What the arithmetic alone says against it.
    pub findings: Vec<Finding>,
    /// What clashes with the leave.
    pub conflict: Vec<ConflictDocument>,
    /// Whether it was shown that nothing can be left out of that.
    pub conflict_irreducible: bool,
}

fn ask(problem: &Problem, base: &Roster, roster: &Roster, asked: &cover::Asked) -> AskDocument {
    let site = &problem.site;
    let spot = |roster: &Roster| Spot::of(&roster.assignment(site, asked.person, asked.day));
    let week = site.calendar.period_of(Per::Week, asked.day);
    let days = site.calendar.known(week).filter(|day| roster.at(asked.person, *day).place == Place::OnSite);
    AskDocument {
        person: site.person(asked.person).id.clone(),
        on: site.calendar.date(asked.day),
        old: spot(base),
        new: spot(roster),
        on_site_that_week: days.count() as u32,
    }
}

fn choice(problem: &Problem, found: &Cover, choice: &Choice) -> ChoiceDocument {
    let id = |person: &PersonIndex| problem.site.person(*person).id.clone();
    let asks = |list: &[cover::Asked]| -> Vec<AskDocument> {
        list.iter().map(|asked| ask(problem, &found.base, &choice.roster, asked)).collect()
    };
    ChoiceDocument {
        ask: asks(&choice.asked),
        instead: choice
            .instead
            .iter()
            .map(|(of, people)| InsteadDocument { of: id(of), people: people.iter().map(id).collect() })
            .collect(),
        also: asks(&choice.later),
        costs: ["must", "high", "medium", "low"].map(str::to_string).into_iter().zip(choice.costs).collect(),
        breaches: compare(problem, &found.judgement, &choice.judgement),
        left: choice.left.iter().map(|found| breach(problem, found)).collect(),
        messages: told(problem, &found.base, &choice.roster),
    }
}

impl CoverDocument {
    /// The document of a cover. `was` is how the roster was judged before.
    pub fn of(problem: &Problem, done: &[Edit], was: &Judgement, found: &Cover) -> CoverDocument {
        let named = |list: &[rota_rules::Breach]| list.iter().map(|found| breach(problem, found)).collect();
        let answer = match (found.missing.is_empty(), found.choices.is_empty()) {
            (true, _) => Answer::NobodyNeeded,
            (false, false) => Answer::Ask,
            (false, true) => Answer::NobodyCan,
        };
        CoverDocument {
            cover: FORMAT,
            answer,
            absent: edits(done),
            missing: named(&found.missing),
            later: named(&found.later),
            bent: compare(problem, was, &found.judgement)
                .begun
                .into_iter()
                .filter(|breach| breach.strength != "must" && breach.cost > 0.0)
                .collect(),
            choices: found.choices.iter().map(|one| choice(problem, found, one)).collect(),
            not_asked: found.not_asked.iter().map(|person| problem.site.person(*person).id.clone()).collect(),
            leave: None,
        }
    }

    /// The answer where there is no roster yet: the best roster without the leave, and with it.
    pub fn leave(
        done: &[Edit],
        without: &Solved,
        (after, with): (&Problem, &Solved),
        findings: Vec<Finding>,
    ) -> CoverDocument {
        let answer = match with.status {
            Status::Optimal | Status::Feasible => Answer::Grant,
            Status::Impossible => Answer::Refuse,
            Status::Unknown => Answer::Unknown,
        };
        let levels = |solved: &Solved| solved.levels.iter().map(LevelDocument::from).collect();
        let conflict = with.conflict.as_ref();
        let parts = conflict.map(|conflict| {
            conflict.parts.iter().map(|part| conflict_part(after, part)).collect::<Vec<ConflictDocument>>()
        });
        CoverDocument {
            cover: FORMAT,
            answer,
            absent: edits(done),
            missing: Vec::new(),
            later: Vec::new(),
            bent: Vec::new(),
            choices: Vec::new(),
            not_asked: Vec::new(),
            leave: Some(LeaveDocument {
                without: levels(without),
                with: levels(with),
                possible_without: without.roster.is_some(),
                findings,
                conflict: parts.unwrap_or_default(),
                conflict_irreducible: conflict.is_some_and(|conflict| conflict.irreducible),
            }),
        }
    }
}

/// The roster of a choice as a document.
pub fn taken(problem: &Problem, choice: &Choice, asked: &Asked) -> RosterDocument {
    let reasons = all_reasons(problem, &choice.roster);
    RosterDocument::of_roster(problem, (&choice.roster, &choice.judgement), &reasons, asked)
}
