//! What a row or a breach is about.

use crate::date::Date;
use crate::index::{CohortIndex, Day, DeskIndex, PersonIndex, ShiftIndex, SiteIndex, TeamIndex, ZoneIndex};
use crate::site::Site;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which of a rule's two limits is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// Too few.
    AtLeast,
    /// Too many.
    AtMost,
}

/// The subject of a row or a breach: any of person, days, team and place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct About {
    /// The person.
    pub person: Option<PersonIndex>,
    /// The other person.
    pub with: Option<PersonIndex>,
    /// The day, or the first day of a period.
    pub on: Option<Day>,
    /// The last day of a period.
    pub to: Option<Day>,
    /// The team, for a rule read team by team.
    pub team: Option<TeamIndex>,
    /// The shift.
    pub shift: Option<ShiftIndex>,
    /// The site.
    pub site: Option<SiteIndex>,
    /// The zone.
    pub zone: Option<ZoneIndex>,
    /// The desk.
    pub desk: Option<DeskIndex>,
    /// The other desk.
    pub with_desk: Option<DeskIndex>,
    /// The cohort.
    pub cohort: Option<CohortIndex>,
    /// A group of people named in a rule, by its place in the rule's list.
    pub group: Option<u32>,
    /// Which limit, for rules that have two.
    pub limit: Option<Limit>,
}

impl About {
    /// About a day.
    pub fn day(day: Day) -> About {
        About { on: Some(day), ..About::default() }
    }

    /// About a period, named by its days inside the calendar.
    pub fn days(first: Day, last: Day) -> About {
        About { on: Some(first), to: Some(last), ..About::default() }
    }

    /// About a person.
    pub fn person(person: PersonIndex) -> About {
        About { person: Some(person), ..About::default() }
    }

    /// The same, and about a person.
    #[must_use]
    pub fn of(self, person: PersonIndex) -> About {
        About { person: Some(person), ..self }
    }

    /// The same, and about a day.
    #[must_use]
    pub fn on(self, day: Day) -> About {
        About { on: Some(day), ..self }
    }

    /// The same, and about two desks.
    #[must_use]
    pub fn desks(self, desk: DeskIndex, with: DeskIndex) -> About {
        About { desk: Some(desk), with_desk: Some(with), ..self }
    }

    /// The same, about one limit.
    #[must_use]
    pub fn limit(self, limit: Limit) -> About {
        About { limit: Some(limit), ..self }
    }

    /// The subject with ids and dates.
    pub fn named(&self, site: &Site) -> Subject {
        let date = |day: Day| site.calendar.date(day);
        Subject {
            person: self.person.map(|p| site.person(p).id.clone()),
            with: self.with.map(|p| site.person(p).id.clone()),
            on: self.on.map(date),
            to: self.to.map(date),
            team: self.team.map(|t| site.teams[t.at()].id.clone()),
            shift: self.shift.map(|s| site.calendar.shifts[s.at()].id.clone()),
            site: self.site.map(|s| site.premises[s.at()].id.clone()),
            zone: self.zone.map(|z| site.zone(z).id.clone()),
            desk: self.desk.map(|d| site.desk(d).id.clone()),
            with_desk: self.with_desk.map(|d| site.desk(d).id.clone()),
            cohort: self.cohort.map(|c| site.names.cohorts[c.at()].clone()),
            group: self.group.map(|group| group + 1),
        }
    }
}

/// A subject with ids and dates, as documents carry it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Person id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Other person's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Day, or first day of a period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// Last day of a period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Team id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Shift id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// Site id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Zone id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Desk id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// Other desk's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_desk: Option<String>,
    /// Cohort name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohort: Option<String>,
    /// A group of people named in a rule: its place in the rule's list, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
}
