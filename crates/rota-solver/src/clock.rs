//! What is left of the time.

use std::time::{Duration, Instant};

/// Seconds until the time is up, at least 0; none when it never is.
pub fn left(deadline: Option<Instant>) -> Option<f64> {
    deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()).as_secs_f64())
}

/// When such a share of the time that is left is over.
pub fn part(deadline: Option<Instant>, share: f64) -> Option<Instant> {
    left(deadline).map(|left| Instant::now() + Duration::from_secs_f64(left * share))
}

/// Seconds that something may take: as many as are left, and no more than `most`.
pub fn at_most(deadline: Option<Instant>, most: f64) -> f64 {
    left(deadline).map_or(most, |left| left.min(most))
}
