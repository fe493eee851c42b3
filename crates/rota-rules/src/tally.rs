//! The rules read off a finished roster: breaches, counted with the same verbs as the rows.

use rota_core::{About, Limit};
use serde_json::Value;
use std::collections::BTreeMap;

/// What was counted about one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Count {
    /// By how much it breaks the rule; above 0.
    pub amount: f64,
    /// What was found.
    pub found: Value,
    /// What was wanted.
    pub wanted: Value,
}

/// Numbers closer than this are the same.
pub const TOLERANCE: f64 = 1e-6;

/// The breaches of one rule. Amounts about one subject add up.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Subjects that break the rule.
    pub counts: BTreeMap<About, Count>,
    team: Option<rota_core::TeamIndex>,
}

impl Tally {
    /// Nothing counted yet; subjects will name the team.
    pub fn new(team: Option<rota_core::TeamIndex>) -> Tally {
        Tally { counts: BTreeMap::new(), team }
    }

    /// Says of which team the subjects that follow are.
    pub fn begin(&mut self, team: Option<rota_core::TeamIndex>) {
        self.team = team;
    }

    /// Charges an amount, if it is above 0, with what was found and wanted in words or numbers.
    pub fn charge(&mut self, about: About, amount: f64, found: impl Into<Value>, wanted: impl Into<Value>) {
        if amount <= TOLERANCE {
            return;
        }
        let about = About { team: self.team.or(about.team), ..about };
        let count = self.counts.entry(about).or_insert(Count {
            amount: 0.0,
            found: Value::Null,
            wanted: Value::Null,
        });
        count.amount += amount;
        if count.found.is_null() {
            count.found = found.into();
            count.wanted = wanted.into();
        }
    }

    /// At least so much.
    pub fn at_least(&mut self, about: About, found: f64, bound: f64) {
        self.charge(about.limit(Limit::AtLeast), bound - found, number(found), number(bound));
    }

    /// At most so much.
    pub fn at_most(&mut self, about: About, found: f64, bound: f64) {
        self.charge(about.limit(Limit::AtMost), found - bound, number(found), number(bound));
    }

    /// Exactly so much; each side is charged by itself.
    pub fn exactly(&mut self, about: About, found: f64, bound: f64) {
        self.at_least(about, found, bound);
        self.at_most(about, found, bound);
    }

    /// The worst of several readings, each (found, bound), charged once; the limit must stand in `about`.
    pub fn at_worst(&mut self, about: About, readings: impl IntoIterator<Item = (f64, f64)>) {
        let sign = if about.limit == Some(Limit::AtMost) { -1.0 } else { 1.0 };
        let worst = readings
            .into_iter()
            .map(|(found, bound)| (sign * (bound - found), found, bound))
            .max_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((amount, found, bound)) = worst {
            self.charge(about, amount, number(found), number(bound));
        }
    }

    /// The two are never both so.
    pub fn never_both(&mut self, about: About, both: bool) {
        if both && !self.counts.contains_key(&About { team: self.team.or(about.team), ..about }) {
            self.charge(about, 1.0, "both", "not both");
        }
    }
}

/// A number as JSON, whole where it is whole.
pub fn number(number: f64) -> Value {
    if (number - number.round()).abs() < TOLERANCE && number.abs() < 9e15 {
        Value::from(number.round() as i64)
    } else {
        Value::from(number)
    }
}
