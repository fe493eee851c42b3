//! Lines of sight between desks, and the walls and screens that cut them.

use crate::index::DeskIndex;
use crate::site::Facts;

/// A straight wall: both ends, metres on the plan.
pub type Wall = [[f64; 2]; 2];

/// The walls of the plan on which the zone of a desk lies: those of all zones that share its floor.
pub fn walls_around(facts: &Facts, desk: DeskIndex) -> Vec<Wall> {
    let own_index = facts.desks[desk.at()].zone;
    let own = &facts.zones[own_index.at()];
    if own.floor.is_none() {
        return own.walls.clone();
    }
    let shares = |zone: &&crate::site::Zone| zone.site == own.site && zone.floor == own.floor;
    facts.zones.iter().filter(shares).flat_map(|zone| zone.walls.iter().copied()).collect()
}

/// Whether a pair of desks of one plan is screened: named so, or cut off from each other by a wall.
pub fn is_screened(facts: &Facts, walls: &[Wall], one: DeskIndex, other: DeskIndex) -> bool {
    let pair = (one.min(other), one.max(other));
    let named = |desk: DeskIndex| facts.zones[facts.desks[desk.at()].zone.at()].screened.contains(&pair);
    if named(one) || named(other) {
        return true;
    }
    match (facts.desks[one.at()].at, facts.desks[other.at()].at) {
        (Some(one), Some(other)) => walls.iter().any(|wall| cuts(wall, one, other)),
        _ => false,
    }
}

/// Whether a wall cuts the line between two points. A line past the very end of a wall is cut; one that only begins
/// at the wall, or runs along it, is not.
pub fn cuts(wall: &Wall, one: [f64; 2], other: [f64; 2]) -> bool {
    // How far the third point is from the line through the first two, to its left or (below 0) to its right.
    let off = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| {
        let (along, up) = (b[0] - a[0], b[1] - a[1]);
        let metres = (along * (c[1] - a[1]) - up * (c[0] - a[0])) / along.hypot(up);
        // Positions are typed: what is so near the line is meant to be on it.
        if metres.abs() < ON_THE_LINE {
            0.0
        } else {
            metres
        }
    };
    let sides = [off(wall[0], wall[1], one), off(wall[0], wall[1], other)];
    let ends = [off(one, other, wall[0]), off(one, other, wall[1])];
    sides[0] * sides[1] < 0.0 && ends[0] * ends[1] <= 0.0
}

/// Metres.
const ON_THE_LINE: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_cuts_what_crosses_it() {
        let wall = [[0.0, 0.0], [0.0, 2.0]];
        assert!(cuts(&wall, [-1.0, 1.0], [1.0, 1.0]));
        assert!(cuts(&wall, [-1.0, 2.0], [1.0, 2.0]), "past its very end");
        assert!(!cuts(&wall, [-1.0, 2.1], [1.0, 2.1]), "past it");
        assert!(!cuts(&wall, [-2.0, 1.0], [-1.0, 1.0]), "on one side");
        assert!(!cuts(&wall, [0.0, 1.0], [1.0, 1.0]), "from the wall itself");
        assert!(!cuts(&wall, [0.0, -1.0], [0.0, 3.0]), "along it");
        // (2, 0.6) is on the line x + y = 2.6, whatever rounding makes of it.
        assert!(!cuts(&[[2.53, 0.07], [1.13, 1.47]], [1.0, 0.2], [2.0, 0.6]), "from the wall, askew");
    }
}
