//! How many are needed, as a document.

use crate::document::{conflict_part, ConflictDocument, LevelDocument, FORMAT};
use rota_core::Date;
use rota_planner::size::{Found, Sized};
use rota_rules::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `rota size` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SizeDocument {
    /// The version of the format: 1.
    pub size: u32,
    /// What is counted, as asked: `desks`, a zone, a rule.
    pub of: String,
    /// `kept`, `impossible` (no roster keeps every rule with any number) or `unknown` (nothing found in time).
    pub result: String,
    /// Whether the most is wanted (the lower limit of a rule), not the fewest.
    pub wants_most: bool,
    /// The number in the scenario.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<u32>,
    /// The fewest (or the most) with which every rule that must be kept can be kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed: Option<FoundDocument>,
    /// What clashes with one better than that; or why there is no roster at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub clash: Vec<ConflictDocument>,
    /// Whether it was shown that nothing can be left out of that.
    pub clash_irreducible: bool,
    /// The days on which one fewer does not do, where the clash is about days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Date>,
    /// The fewest with which no softer rule is worse than in the best roster found of the scenario as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_good: Option<FoundDocument>,
    /// What numbers cost, the smallest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<PriceDocument>,
    /// The desks that are enough, where desks were counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub desks: Vec<String>,
    /// The pairs of desks between which screens are enough, where screens were counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screens: Vec<[String; 2]>,
}

/// A number and what is proved of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FoundDocument {
    /// With so many it can be done.
    pub number: u32,
    /// Better than this it cannot be.
    pub bound: u32,
    /// Whether the two agree.
    pub proved: bool,
}

/// What a number costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PriceDocument {
    /// The number.
    pub number: u32,
    /// `optimal`, `feasible`, `impossible` or `unknown`.
    pub status: String,
    /// The levels of the best roster found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelDocument>,
}

impl From<Found> for FoundDocument {
    fn from(found: Found) -> FoundDocument {
        FoundDocument { number: found.number, bound: found.bound, proved: found.proved() }
    }
}

impl SizeDocument {
    /// A document without an answer.
    pub fn without(of: &str, wants_most: bool, result: &str) -> SizeDocument {
        SizeDocument {
            size: FORMAT,
            of: of.to_string(),
            result: result.to_string(),
            wants_most,
            now: None,
            needed: None,
            clash: Vec::new(),
            clash_irreducible: false,
            days: Vec::new(),
            as_good: None,
            prices: Vec::new(),
            desks: Vec::new(),
            screens: Vec::new(),
        }
    }

    /// What numbers cost, as a table: number, status, and the cost of each level.
    pub fn table(&self) -> String {
        const LEVELS: [&str; 4] = ["high", "medium", "low", "home_first"];
        let mut lines = vec![format!("number,status,{}", LEVELS.join(","))];
        for price in &self.prices {
            let cost = |name: &&str| {
                let level = price.levels.iter().find(|level| level.strength == **name);
                level.map_or_else(String::new, |level| level.cost.to_string())
            };
            let costs: Vec<String> = LEVELS.iter().map(cost).collect();
            lines.push(format!("{},{},{}", price.number, price.status, costs.join(",")));
        }
        lines.join("\n") + "\n"
    }

    /// Adds what clashes, in rules of the problem that was asked.
    pub fn clashing(&mut self, asked: &Problem, conflict: &rota_solver::conflict::Conflict) {
        self.clash = conflict.parts.iter().map(|part| conflict_part(asked, part)).collect();
        self.clash_irreducible = conflict.irreducible;
    }

    /// The answer with names.
    pub fn of(of: &str, wants_most: bool, problem: &Problem, sized: &Sized) -> SizeDocument {
        let mut document = SizeDocument::without(of, wants_most, "kept");
        document.now = sized.now;
        document.needed = Some(sized.needed.into());
        if let Some((asked, conflict)) = sized.clash.as_deref() {
            document.clashing(asked, conflict);
        }
        document.days = sized.days.iter().map(|day| problem.site.calendar.date(*day)).collect();
        document.as_good = sized.as_good.map(FoundDocument::from);
        document.prices = sized
            .prices
            .iter()
            .map(|price| PriceDocument {
                number: price.number,
                status: price.status.word().to_string(),
                levels: price.levels.iter().map(LevelDocument::from).collect(),
            })
            .collect();
        document.desks.clone_from(&sized.desks);
        document.screens.clone_from(&sized.screens);
        document
    }
}
