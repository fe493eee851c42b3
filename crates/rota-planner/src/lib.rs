//! The questions around a roster: arithmetic before solving, the next period and what it must know of this one, random departments.
//!
//! [`generate()`] makes a random department that can always be planned; [`arithmetic`] says before any solving
//! what cannot work; [`advice`] asks about what is legal but should be looked at; [`next()`] turns a scenario and
//! its roster into the scenario of the period after; [`cover`] says whom to ask when people are away, [`replan`] mends
//! a roster with the fewest changes, [`diff`] compares two; [`edit`] puts into a scenario what has changed.
//!
//! Invariants: every finding of [`arithmetic::findings`] is a proof that no roster keeps every law and must rule;
//! nothing here writes, prints or reads a clock.

pub mod advice;
pub mod arithmetic;
mod bounds;
pub mod cover;
mod dice;
pub mod diff;
pub mod edit;
pub mod generate;
pub mod history;
pub mod messages;
pub mod next;
pub mod replan;

pub use generate::{department, generate, Department, Generate};
pub use history::history_after;
pub use next::next;
