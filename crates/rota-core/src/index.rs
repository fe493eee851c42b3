//! Numbers that stand for people, places and days once everything has been looked up.

macro_rules! indexes {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As a position in a list.
            pub fn at(self) -> usize {
                self.0 as usize
            }

            /// All of them, for a list of `count`.
            pub fn all(count: usize) -> impl Iterator<Item = $name> + Clone {
                (0..count as u32).map($name)
            }
        }
    )*};
}

indexes! {
    /// A person, in the order of the scenario.
    PersonIndex;
    /// A team, in order of first mention.
    TeamIndex;
    /// A shift, in the order of the calendar.
    ShiftIndex;
    /// A site (a place of work), in the order of the scenario.
    SiteIndex;
    /// A zone, counted over all sites.
    ZoneIndex;
    /// A desk, counted over all zones.
    DeskIndex;
    /// A duty, in order of first mention by the rules.
    DutyIndex;
    /// A name of a cohort, in order of first mention by the rules.
    CohortIndex;
}

/// A day, counted from the first day of the calendar; days of history are negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day so many days later (earlier when negative).
    #[must_use]
    pub fn plus(self, days: i32) -> Day {
        Day(self.0 + days)
    }

    /// Whether it lies before the calendar.
    pub fn is_past(self) -> bool {
        self.0 < 0
    }
}
