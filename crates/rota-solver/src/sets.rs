//! Sets that are united step by step.

use crate::neighbourhood::Role;
use std::collections::BTreeMap;

/// Numbers from 0, each in one set.
pub struct Sets(Vec<u32>);

impl Sets {
    /// Every number in a set of its own.
    pub fn new(count: usize) -> Sets {
        Sets((0..count as u32).collect())
    }

    /// Columns by their roles: all that is decided about one person in one set, every other column in a set of its own.
    pub fn of_people(roles: &[Role], days: usize) -> Sets {
        let mut sets = Sets::new(roles.len());
        let mut first_of: BTreeMap<u32, usize> = BTreeMap::new();
        for (column, role) in roles.iter().enumerate() {
            if let Role::Decides(cell) = role {
                sets.unite(*first_of.entry(cell / days as u32).or_insert(column), column);
            }
        }
        sets
    }

    /// The least number of the set of a number.
    pub fn find(&mut self, of: usize) -> usize {
        let mut root = of;
        while self.0[root] as usize != root {
            root = self.0[root] as usize;
        }
        let mut at = of;
        while self.0[at] as usize != root {
            at = std::mem::replace(&mut self.0[at], root as u32) as usize;
        }
        root
    }

    /// Makes one set of two.
    pub fn unite(&mut self, one: usize, other: usize) {
        let (one, other) = (self.find(one), self.find(other));
        self.0[one.max(other)] = one.min(other) as u32;
    }
}
