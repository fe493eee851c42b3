//! Rota's questions as plain calls: what the Rust library, the service, the Python package and `rota batch` share.
//!
//! A [`Scenario`] is read once and asked many times: [`solve()`], [`check()`], [`explain()`], [`cover()`], [`replan()`],
//! [`size()`]; a plan of desks is asked for its [`capacity()`]. [`question`] puts the same questions as JSON and gets
//! JSON back, for callers that share no types with us.
//!
//! Invariants: there is no global state, and each call works on a pool of threads of its own; nothing here reads the
//! environment, files or today's date; "impossible" is an answer; two calls at once answer as each would alone.

pub mod beside;
pub mod books;
mod capacity;
pub mod changes;
mod check;
mod cover;
mod error;
mod explain;
pub mod forms;
mod free;
mod options;
pub mod question;
mod ready;
mod replan;
mod scenario;
pub mod shared;
mod size;
mod solve;

pub use capacity::{capacity, Fits, Fitting};
pub use changes::Changed;
pub use check::check;
pub use cover::{absences, cover, take, Covered};
pub use error::Error;
pub use explain::{explain, Explained, Wondered};
pub use free::{free, place, Looking, Place};
pub use options::{Cancel, Options, MOST_THREADS};
pub use ready::Ready;
pub use replan::{aftermath, replan, Aftermath, Happened, Replanned};
pub use scenario::{plan, Scenario};
pub use size::{size, Needed};
pub use solve::{solve, solved, Outcome, Planned, Whole};
