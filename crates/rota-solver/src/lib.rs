//! From a problem to the best roster that can be proved, verified before it leaves.
//!
//! [`solve()`] turns the rules' rows into a program ([`lower`]), minimises level after level ([`level`]), in parts that
//! nothing joins ([`islands`]), puts people at desks ([`seating`]), and lets code that knows nothing of the rows judge
//! the roster ([`rota_rules::judge`]).
//!
//! A level is minimised by four searches that know only columns and rows: HiGHS on the whole ([`backend`]), local
//! search ([`jump`]), neighbourhoods ([`neighbourhood`]), and blocks with their plans and prices ([`blocks`],
//! [`columns`]).
//!
//! Invariants: exactly one module per solver names it; `unsafe` stands in `backend/highs.rs` alone; a level is held
//! at the cost that the check counted, not at the solver's; a roster that the check finds to break a law or a must
//! is reported as a disagreement, never returned; there is no global state.

pub mod backend;
pub mod blocks;
mod choices;
mod cliques;
pub mod clock;
pub mod cohort_search;
pub mod columns;
pub mod conflict;
pub mod desk_capacity;
pub mod desk_groups;
mod diagram;
mod dice;
pub mod islands;
pub mod jump;
pub mod level;
pub mod lower;
pub mod mps;
pub mod neighbourhood;
pub mod program;
pub mod seating;
mod sets;
pub mod solve;
mod tidy;
mod watched;
pub mod ways_out;

pub use backend::Stop;
pub use lower::Level;
pub use solve::{solve, solve_holding, Flow, LevelResult, Options, Progress, Solved, Status};
