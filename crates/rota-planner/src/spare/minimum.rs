//! A must rule `headcount` that asks for people, as each of its readings sees it.

use crate::attendance::MOST_PEOPLE;
use rota_core::calendar::Per;
use rota_core::select::{ReadWhen, Spot};
use rota_core::{About, Day, Limit, Period, PersonIndex, Site, TeamIndex};
use rota_rules::periods;
use rota_rules::rules::headcount::{Headcount, Quota};
use rota_rules::{AnyRule, Problem, ProblemRule, Strength};

/// A minimum, for the people of one reading of its rule.
pub(super) struct Minimum<'a> {
    problem: &'a Problem,
    rule: &'a ProblemRule,
    pub headcount: &'a Headcount,
    least: Quota,
    /// The team whose people are counted, where teams are counted each by itself.
    pub team: Option<TeamIndex>,
    /// The site as this reading sees it.
    pub site: Site,
    pub people: Vec<PersonIndex>,
    pub when: ReadWhen,
}

/// The readings of a rule; none where it is not a must rule `headcount` that asks for people.
pub(super) fn minima<'a>(problem: &'a Problem, rule: &'a ProblemRule) -> Vec<Minimum<'a>> {
    let AnyRule::Headcount(headcount) = &rule.rule else { return Vec::new() };
    let Some(least) = headcount.at_least.filter(|_| rule.strength == Strength::Must) else {
        return Vec::new();
    };
    let minimum = |(team, site): (Option<TeamIndex>, Site)| {
        let (people, when) = (headcount.who.people(&site), headcount.when.read(&site));
        Minimum { problem, rule, headcount, least, team, site, people, when }
    };
    problem.readings(rule).into_iter().map(minimum).collect()
}

impl Minimum<'_> {
    /// Whether it counts so many people or person-days that their number is not worked out.
    pub fn is_too_large(&self) -> bool {
        let longest = self.site.periods(self.headcount.per).into_iter().map(|period| {
            let (first, last) = self.site.inside(period);
            (last.0 - first.0 + 1) as usize
        });
        self.people.len().saturating_mul(longest.max().unwrap_or(0)) > MOST_PEOPLE
    }

    /// Whether it is counted day by day.
    pub fn is_of_days(&self) -> bool {
        self.headcount.per == Per::Day
    }

    /// How many people it asks for on a day, exceptions left aside.
    pub fn least_on(&self, day: Day) -> f64 {
        self.least.least(self.people.iter().filter(|person| self.site.works(**person, day)).count())
    }

    /// How many people it asks for about a day, exceptions taken off.
    pub fn asked_on(&self, day: Day, about: &About) -> usize {
        self.without_allowed(self.least_on(day), about)
    }

    /// How many person-days it asks for about a period: in proportion where part of it is unknown, exceptions taken off.
    pub fn asked_over(&self, period: Period, about: &About) -> usize {
        let share = periods::known_share(&self.site, &self.when, period);
        self.without_allowed(periods::least(self.least.least(0), share), about)
    }

    fn without_allowed(&self, least: f64, about: &About) -> usize {
        (least - self.problem.allowed(self.rule, about)).ceil().max(0.0) as usize
    }

    /// Days of a period in the calendar on which it counts.
    pub fn coming(&self, period: Period) -> Vec<Day> {
        let days = periods::days(&self.site, &self.when, period);
        days.into_iter().filter(|day| !day.is_past()).collect()
    }

    /// What a day at a place is about.
    pub fn about_day(&self, day: Day, spot: Spot) -> About {
        About { team: self.team, ..spot.about(About::day(day)).limit(Limit::AtLeast) }
    }

    /// What a period at a place is about.
    pub fn about_period(&self, period: Period, spot: Spot) -> About {
        let (first, last) = self.site.inside(period);
        About { team: self.team, ..spot.about(About::days(first, last)).limit(Limit::AtLeast) }
    }
}
