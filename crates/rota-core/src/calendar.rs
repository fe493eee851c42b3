//! The checked calendar: days, periods, shifts and moments.

use crate::date::{Date, Weekday};
use crate::index::{Day, ShiftIndex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most days a calendar may have.
pub const MOST_DAYS: i64 = 366;
/// The most shifts a calendar may have.
pub const MOST_SHIFTS: usize = 64;
/// Minutes of a day.
pub const DAY_MINUTES: u32 = 24 * 60;

/// One shift, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// Its id.
    pub id: String,
    /// For people to read.
    pub name: String,
    /// First and last minute after midnight of its day, the last not included; none when no times are given.
    pub span: Option<(u32, u32)>,
    /// Paid length in hours.
    pub hours: Option<f64>,
    /// Only for people whose wish asks for it.
    pub by_request: bool,
}

impl Shift {
    /// Its minutes; a shift without times counts as the whole day.
    pub fn minutes(&self) -> (u32, u32) {
        self.span.unwrap_or((0, DAY_MINUTES))
    }

    /// Whether it is on at that minute after midnight of its own day.
    pub fn covers(&self, minute: u32) -> bool {
        let (start, end) = self.minutes();
        start <= minute && minute < end
    }
}

/// A set of shifts. A calendar without shifts has only [`ShiftSet::ALL`], and every day on site fits it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShiftSet(pub u64);

impl ShiftSet {
    /// Every shift, and days without a shift.
    pub const ALL: ShiftSet = ShiftSet(u64::MAX);
    /// No shift.
    pub const NONE: ShiftSet = ShiftSet(0);

    /// Whether the shift (or a day without one) is in the set.
    pub fn has(self, shift: Option<ShiftIndex>) -> bool {
        match shift {
            Some(shift) => self.0 >> shift.0 & 1 == 1,
            None => self == ShiftSet::ALL,
        }
    }

    /// The set with one more shift.
    #[must_use]
    pub fn with(self, shift: ShiftIndex) -> ShiftSet {
        ShiftSet(self.0 | 1 << shift.0)
    }

    /// Shifts in both.
    #[must_use]
    pub fn and(self, other: ShiftSet) -> ShiftSet {
        ShiftSet(self.0 & other.0)
    }
}

/// One moment: which shifts, begun on which days, are on. A whole day is the moment of all its shifts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Moment {
    /// Day of start and shifts.
    pub parts: Vec<(Day, ShiftSet)>,
}

impl Moment {
    /// Any shift that begins on the day and is in the set.
    pub fn whole(day: Day, shifts: ShiftSet) -> Moment {
        Moment { parts: vec![(day, shifts)] }
    }
}

/// Over which days a rule counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Per {
    /// Each day.
    Day,
    /// Monday to Sunday.
    Week,
    /// Two weeks counted from the anchor.
    Fortnight,
    /// The whole calendar.
    Rota,
}

/// A stretch of days over which a rule counts; may reach beyond the calendar on both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub first: Day,
    /// Last day, included.
    pub last: Day,
}

/// The checked calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {
    /// Day 0.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Which weekdays are work days, Monday first.
    pub work_days: [bool; 7],
    /// Whether each day is open.
    pub open: Vec<bool>,
    /// The shifts.
    pub shifts: Vec<Shift>,
    /// From where fortnights and cycles are counted.
    pub anchor: Option<Date>,
    /// IANA time zone.
    pub time_zone: Option<String>,
    /// First day of which history is known; day 0 without history.
    pub first_known: Day,
}

impl Calendar {
    /// Number of days.
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether it has no day; never true of a checked calendar.
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }

    /// Every day of the calendar.
    pub fn days(&self) -> impl Iterator<Item = Day> + Clone {
        (0..self.len() as i32).map(Day)
    }

    /// The last day.
    pub fn last(&self) -> Day {
        Day(self.len() as i32 - 1)
    }

    /// The date of a day, past ones included.
    pub fn date(&self, day: Day) -> Date {
        self.from.plus(i64::from(day.0))
    }

    /// The day of a date, if the calendar has it.
    pub fn day(&self, date: Date) -> Option<Day> {
        let offset = date.since(self.from);
        (0..self.len() as i64).contains(&offset).then_some(Day(offset as i32))
    }

    /// The weekday of a day.
    pub fn weekday(&self, day: Day) -> Weekday {
        self.date(day).weekday()
    }

    /// Whether the day is in the calendar, on a work day and not closed.
    pub fn is_open(&self, day: Day) -> bool {
        usize::try_from(day.0).is_ok_and(|at| self.open.get(at).copied().unwrap_or(false))
    }

    /// Whether the weekday of the day is a work day, closed or not.
    pub fn is_pattern_day(&self, day: Day) -> bool {
        self.work_days[self.weekday(day).index()]
    }

    /// The periods that hold a day of the calendar, in order.
    pub fn periods(&self, per: Per) -> Vec<Period> {
        let mut periods: Vec<Period> = Vec::new();
        for day in self.days() {
            if periods.last().is_none_or(|period| period.last < day) {
                periods.push(self.period_of(per, day));
            }
        }
        periods
    }

    /// The period in which a day lies.
    pub fn period_of(&self, per: Per, day: Day) -> Period {
        let weeks = |start: Date, length: i64| {
            let first = self.date(day).since(start).div_euclid(length) * length;
            let first = Day(start.plus(first).since(self.from) as i32);
            Period { first, last: first.plus(length as i32 - 1) }
        };
        match per {
            Per::Day => Period { first: day, last: day },
            Per::Week => weeks(self.from.monday(), 7),
            Per::Fortnight => weeks(self.anchor.unwrap_or(self.from).monday(), 14),
            Per::Rota => Period { first: Day(0), last: self.last() },
        }
    }

    /// Days of the period that are decided or being decided: known history and calendar.
    pub fn known(&self, period: Period) -> impl Iterator<Item = Day> + Clone {
        (period.first.max(self.first_known).0..=period.last.min(self.last()).0).map(Day)
    }

    /// The shifts that are on at a minute after midnight of the day on which they start.
    pub fn shifts_at(&self, minute: u32) -> ShiftSet {
        if self.shifts.is_empty() {
            return if minute < DAY_MINUTES { ShiftSet::ALL } else { ShiftSet::NONE };
        }
        ShiftIndex::all(self.shifts.len())
            .filter(|shift| self.shifts[shift.at()].covers(minute))
            .fold(ShiftSet::NONE, ShiftSet::with)
    }

    /// Whether some shift runs past midnight.
    pub fn has_nights(&self) -> bool {
        self.shifts.iter().any(|shift| shift.minutes().1 > DAY_MINUTES)
    }

    /// The moment at a minute after midnight of `day`: shifts of that day, those of the day before that are
    /// still on and, for minutes past midnight, those of the day after.
    pub fn moment(&self, day: Day, minute: u32) -> Moment {
        let mut parts = Vec::new();
        let before = self.shifts_at(minute + DAY_MINUTES);
        if before != ShiftSet::NONE && day.plus(-1) >= self.first_known {
            parts.push((day.plus(-1), before));
        }
        let own = self.shifts_at(minute);
        if own != ShiftSet::NONE {
            parts.push((day, own));
        }
        if minute >= DAY_MINUTES && day.plus(1) <= self.last() {
            let after = self.shifts_at(minute - DAY_MINUTES);
            if after != ShiftSet::NONE {
                parts.push((day.plus(1), after));
            }
        }
        Moment { parts }
    }

    /// Minutes at which shifts of a day start: the moments at which a desk or seat can first be wanted twice.
    pub fn starts(&self) -> Vec<u32> {
        if self.shifts.is_empty() {
            return vec![0];
        }
        let mut starts: Vec<u32> = self.shifts.iter().map(|shift| shift.minutes().0).collect();
        starts.sort_unstable();
        starts.dedup();
        starts
    }

    /// Minutes in `[from, to)` after midnight of a day that stand for all others in it: its begin, and each
    /// start or end of a shift of this day, the day before or the day after.
    pub fn cuts(&self, from: u32, to: u32) -> Vec<u32> {
        let mut cuts = vec![from];
        for shift in &self.shifts {
            let (start, end) = shift.minutes();
            for edge in [start, end] {
                cuts.extend(
                    [edge.checked_sub(DAY_MINUTES), Some(edge), Some(edge + DAY_MINUTES)]
                        .into_iter()
                        .flatten(),
                );
            }
        }
        cuts.retain(|minute| (from..to).contains(minute));
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    }
}

/// Rounds to the nearest whole; an exact half gives the looser limit (down for the least).
pub fn round_at_least(number: f64) -> f64 {
    (number - 0.5 - 1e-9).ceil()
}

/// Rounds to the nearest whole; an exact half gives the looser limit (up for the most).
pub fn round_at_most(number: f64) -> f64 {
    (number + 0.5 + 1e-9).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(from: Date, days: usize, shifts: &[(u32, u32)]) -> Calendar {
        Calendar {
            from,
            to: from.plus(days as i64 - 1),
            work_days: [true, true, true, true, true, false, false],
            open: vec![true; days],
            shifts: shifts
                .iter()
                .map(|(start, end)| Shift {
                    id: String::new(),
                    name: String::new(),
                    span: Some((*start, *end)),
                    hours: None,
                    by_request: false,
                })
                .collect(),
            anchor: None,
            time_zone: None,
            first_known: Day(0),
        }
    }

    #[test]
    fn weeks_and_fortnights_are_cut_at_mondays() {
        // Wednesday 17 June 2020, twelve days: weeks from 15, 22; one day short of 29.
        let mut calendar = calendar(Date::new(2020, 6, 17), 12, &[]);
        let weeks = calendar.periods(Per::Week);
        assert_eq!(weeks[0], Period { first: Day(-2), last: Day(4) });
        assert_eq!(weeks.len(), 2);
        assert_eq!(calendar.periods(Per::Fortnight).len(), 1);
        calendar.anchor = Some(Date::new(2020, 6, 11));
        assert_eq!(calendar.periods(Per::Fortnight)[0], Period { first: Day(-9), last: Day(4) });
        assert_eq!(calendar.periods(Per::Rota), vec![Period { first: Day(0), last: Day(11) }]);
        assert_eq!(calendar.known(weeks[0]).count(), 5);
    }

    #[test]
    fn nights_are_on_the_next_morning_too() {
        let calendar = calendar(Date::new(2020, 6, 15), 3, &[(8 * 60, 20 * 60), (20 * 60, 32 * 60)]);
        let early = calendar.moment(Day(1), 6 * 60);
        assert_eq!(early.parts, vec![(Day(0), ShiftSet(0b10))]);
        assert!(calendar.moment(Day(0), 6 * 60).parts.is_empty());
        assert_eq!(calendar.cuts(7 * 60, 21 * 60), vec![7 * 60, 8 * 60, 20 * 60]);
        assert_eq!(calendar.moment(Day(0), 33 * 60).parts, vec![(Day(1), ShiftSet(0b01))]);
    }

    #[test]
    fn halves_are_rounded_to_the_looser_limit() {
        assert_eq!((round_at_least(1.5), round_at_most(1.5)), (1.0, 2.0));
        assert_eq!((round_at_least(1.6), round_at_most(1.4)), (2.0, 1.0));
        assert_eq!((round_at_least(0.4), round_at_most(0.6)), (0.0, 1.0));
        assert_eq!((round_at_least(2.0), round_at_most(2.0)), (2.0, 2.0));
    }
}
