//! Scenario, rules, and the two readings of every rule: rows of a model, breaches of a roster.
//!
//! Data flows one way: [`Scenario`] (as typed) -> [`Problem`] (checked, indexed) -> [`Model`] (rows). On the
//! other side a [`rota_core::Roster`] is read into a [`judge::Judgement`].
//!
//! Invariants: rows never see a roster; a check never sees a model; the two share selectors, period arithmetic,
//! moments and exceptions, and nothing else; a rule is one file and one line in the list of [`rule`]; for every
//! example of every rule, on every roster of a tiny site, the least slack of the rows is the amount of the check.

#[cfg(test)]
mod contract;
pub mod counted;
pub mod entry;
pub mod judge;
pub mod laws;
pub mod load;
pub mod model;
pub mod periods;
pub mod problem;
pub mod rule;
pub mod rules;
pub mod scenario;
pub mod speak;
pub mod sum;
pub mod tally;
pub mod tiny;

pub use entry::{RuleEntry, Strength};
pub use judge::{Breach, Judgement};
pub use load::{examine, load, Loaded};
pub use model::{Law, Model, Owner};
pub use problem::{Problem, ProblemRule};
pub use rule::{AnyRule, Rule};
pub use scenario::Scenario;
pub use tally::Tally;
