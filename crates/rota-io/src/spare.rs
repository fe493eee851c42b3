//! Cover with people to spare, as part of the document of a roster.

use rota_core::about::Subject;
use rota_core::calendar::Per;
use rota_core::{Date, Roster};
use rota_planner::spare::{chances, Chance, Spared, Wanted};
use rota_rules::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// With what chance the must minima of a roster hold when people stay away.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpareDocument {
    /// The chance that was asked for.
    pub promise: f64,
    /// Whether every minimum weighed holds with that chance; none without a roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<bool>,
    /// The minima that were raised.
    pub raised: Vec<RaisedDocument>,
    /// Must minima that were not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<LeftOutDocument>,
    /// Each minimum on each day, week or rota, with the chance that it holds in this roster.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chances: Vec<ChanceDocument>,
}

/// A minimum that was raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RaisedDocument {
    /// The rule's id.
    pub rule: String,
    /// The id of the rule that was put beside it, as visits name it.
    pub by: String,
    /// How many the rule asks for: people, or with `per` person-days, of which exceptions and the past are taken off.
    pub from: u32,
    /// How many are planned.
    pub to: u32,
    /// Over what person-days are counted; none where people are counted day by day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Per>,
    /// On these days, with `per` from the first to the last of two; always where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on: Vec<Date>,
    /// For this team alone; for all that the rule speaks of where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

/// A must minimum that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOutDocument {
    /// The rule's id.
    pub rule: String,
    /// Why, in words.
    pub why: String,
}

/// One minimum on one day, or over one week or the rota.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChanceDocument {
    /// The rule's id.
    pub rule: String,
    /// The day or days, and the place or team where the rule is read by those.
    pub about: Subject,
    /// How many are asked for: people, or person-days over several days.
    pub need: usize,
    /// How many are planned, at the moment at which fewest are; person-days with those of the past.
    pub planned: usize,
    /// The chance that so many are there.
    pub chance: f64,
}

impl SpareDocument {
    /// Says what was raised, and weighs a roster against the minima of the scenario as it was, `problem`.
    pub fn of(problem: &Problem, roster: Option<&Roster>, spared: &Spared, wanted: &Wanted) -> SpareDocument {
        let found = roster.map(|roster| chances(problem, roster, wanted));
        let one = |chance: &Chance| ChanceDocument {
            rule: problem.rules[chance.rule].id.clone(),
            about: chance.about.named(&problem.site),
            need: chance.need,
            planned: chance.planned,
            chance: chance.chance,
        };
        SpareDocument {
            promise: wanted.promise,
            kept: found.as_ref().map(|found| found.iter().all(|one| one.chance >= wanted.promise - 1e-9)),
            raised: spared
                .raised
                .iter()
                .map(|raised| RaisedDocument {
                    rule: raised.rule.clone(),
                    by: raised.by.clone(),
                    from: raised.from,
                    to: raised.to,
                    per: Some(raised.per).filter(|per| *per != Per::Day),
                    on: raised.on.clone(),
                    team: raised.team.clone(),
                })
                .collect(),
            left_out: spared
                .left_out
                .iter()
                .map(|left| LeftOutDocument { rule: left.rule.clone(), why: left.why.to_string() })
                .collect(),
            chances: found.iter().flatten().map(one).collect(),
        }
    }
}
