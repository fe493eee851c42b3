//! The questions around a roster: arithmetic before solving, the next period, random departments.

mod dice;
pub mod generate;
pub mod next;

pub use generate::{department, generate, Department, Generate};
pub use next::next;
