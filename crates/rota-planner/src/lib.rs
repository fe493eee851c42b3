//! The questions around a roster: arithmetic before solving, the next period and what it must know of this one, why a
//! roster is as it is or why there is none, random departments.
//!
//! [`generate()`] makes a random department that can always be planned, [`keep_apart`] gives it desks; [`arithmetic`] says before any solving
//! what cannot work; [`advice`] asks about what is legal but should be looked at; [`next()`] turns a scenario and
//! its roster into the scenario of the period after; [`clash`] says why no roster keeps every rule and finds the
//! cheapest ways out; [`why`] what would come of a wish, a rule or a day being otherwise. Both are edits of the
//! scenario ([`mod@apply`]) and solves.
//! [`cover`] says whom to ask when people are away, [`replan`] mends a roster with the fewest changes, [`diff`] compares
//! two; [`attendance`] says how many come when chance decides, [`spare`] raises minima so that they hold when people stay away,
//! [`exposure`] says who meets whom and what one case breaks, [`growth`] whether an infection grows in a cycle.
//! [`edit`] puts into a scenario what has changed; [`mod@free`] says which desks are still free on a day.
//!
//! Invariants: every finding of [`arithmetic::findings`] is a proof that no roster keeps every law and must rule;
//! nothing here writes, prints or asks what day it is.

pub mod advice;
mod apart;
pub mod apply;
pub mod arithmetic;
pub mod attendance;
mod bounds;
pub mod capacity;
pub mod clash;
pub mod cover;
mod dice;
pub mod diff;
pub mod edit;
pub mod exposure;
pub mod free;
pub mod generate;
pub mod grid;
pub mod growth;
pub mod history;
mod levels;
pub mod messages;
mod musts;
pub mod next;
mod places;
pub mod replan;
pub mod size;
pub mod spare;
pub mod why;

pub use apart::keep_apart;
pub use generate::{department, generate, Department, Generate};
pub use history::history_after;
pub use next::next;
