//! Rosters compared by what they cost, level by level.

use rota_solver::LevelResult;
use std::cmp::Ordering;

/// Costs that differ by less are the same.
const SAME: f64 = 1e-6;

/// Which of two rosters costs less at the first level at which they differ.
pub fn by_levels(one: &[LevelResult], other: &[LevelResult]) -> Ordering {
    let more = one.iter().zip(other).map(|(one, other)| one.cost - other.cost).find(|more| more.abs() > SAME);
    more.map_or(Ordering::Equal, |more| more.total_cmp(&0.0))
}
