//! `headcount`: how many people are there.

use crate::model::{Look, Model, Row};
use crate::periods;
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::Per;
use rota_core::finding::Finding;
use rota_core::select::{Presence, ReadWhen, When, Where, Who};
use rota_core::{About, Day, Limit, Period, PersonIndex, Roster, Site};
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// How many people are there: at least so many, at most so many, or both.
///
/// Counts the people of `who` on site (`place: home` counts those at home, `working` both) on each open day of
/// `when`, at `where`. With `between`, at the worst moment inside those times. With `per: week` or `rota` it
/// counts person-days over the period instead. A limit such as `"40%"` is of those of `who` who work that day;
/// at least rounds up, at most down.
///
/// Says cover ("two of reception, every day"), keeping people apart (`at_most: 1`), caps (car park, laptops,
/// remote access) and phone cover (`place: working`).
///
/// A breach is about a day (and place, when `where` reads each) and a limit; its amount is the people short or over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Headcount {
    /// Who is counted; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// Where they are counted: `on_site` (if not given), `home` or `working`.
    #[serde(default, skip_serializing_if = "Look::is_on_site")]
    pub place: Look,
    /// Over what: each `day` (if not given), or person-days over a `week` or the `rota`.
    #[serde(default = "each_day", skip_serializing_if = "is_each_day")]
    pub per: Per,
    /// On which days and at which times, such as `{"weekdays": ["mon"], "shifts": ["early"]}` or `"09:00-12:00"`; always if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// At which places, such as `{"zone": "north"}` or `{"each": "zone"}`; anywhere if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
    /// No fewer: a number, or a share such as `"40%"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Quota>,
    /// No more: a number, or a share such as `"40%"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Quota>,
}

fn each_day() -> Per {
    Per::Day
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
fn is_each_day(per: &Per) -> bool {
    *per == Per::Day
}

/// A number of people, or a share of those who work that day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quota {
    /// So many.
    People(u32),
    /// So many in a hundred of those of `who` who work that day.
    Percent(f64),
}

impl Quota {
    /// The limit as a lower one, where so many of `who` work that day: shares are rounded up.
    pub fn least(self, working: usize) -> f64 {
        match self {
            Quota::People(people) => f64::from(people),
            Quota::Percent(percent) => (percent * working as f64 / 100.0 - 1e-9).ceil(),
        }
    }

    fn most(self, working: usize) -> f64 {
        match self {
            Quota::People(people) => f64::from(people),
            Quota::Percent(percent) => (percent * working as f64 / 100.0 + 1e-9).floor(),
        }
    }

    fn is_percent(self) -> bool {
        matches!(self, Quota::Percent(_))
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Quota::People(people) => write!(formatter, "{people}"),
            Quota::Percent(percent) => write!(formatter, "{percent}%"),
        }
    }
}

impl Serialize for Quota {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Quota::People(people) => serializer.serialize_u32(*people),
            Quota::Percent(_) => serializer.collect_str(self),
        }
    }
}

impl<'de> Deserialize<'de> for Quota {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Quota, D::Error> {
        struct QuotaVisitor;
        impl Visitor<'_> for QuotaVisitor {
            type Value = Quota;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a number of people such as 3, or a share such as \"40%\"")
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Quota, E> {
                u32::try_from(number)
                    .map(Quota::People)
                    .map_err(|_| E::custom(format!("{number} is too many people")))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Quota, E> {
                text.trim()
                    .strip_suffix('%')
                    .and_then(|number| number.trim().parse::<f64>().ok())
                    .filter(|percent| (0.0..=100.0).contains(percent))
                    .map(Quota::Percent)
                    .ok_or_else(|| {
                        E::custom(format!("`{text}` is not a share; write it like \"40%\", from 0% to 100%"))
                    })
            }
        }
        deserializer.deserialize_any(QuotaVisitor)
    }
}

impl JsonSchema for Quota {
    fn schema_name() -> Cow<'static, str> {
        "Quota".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A number of people, or a share such as \"40%\" of those who work that day.",
            "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": "^ *[0-9.]+ *% *$" }]
        })
    }
}

impl Headcount {
    fn working(site: &Site, people: &[PersonIndex], day: Day) -> usize {
        people.iter().filter(|person| site.works(**person, day)).count()
    }

    /// The limits over a period: `at_least` cut in proportion where days of it are unknown, and none where no open day is
    /// left; `at_most` no less than what history has already.
    fn period_limits(
        &self,
        site: &Site,
        when: &ReadWhen,
        period: Period,
        people: &[PersonIndex],
        presence: &Presence,
    ) -> (Option<f64>, Option<f64>) {
        let share = periods::known_share(site, when, period);
        let past = periods::past(site, when, period, people, self.place, presence);
        (
            self.at_least
                .filter(|_| periods::asks(site, when, period))
                .map(|quota| periods::least(quota.least(0), share)),
            self.at_most.map(|quota| quota.most(0).max(past)),
        )
    }
}

impl Rule for Headcount {
    fn examples() -> Vec<Example<Headcount>> {
        vec![
            example(TinySite::Days, r#"{ "who": { "team": "red" }, "at_least": 1 }"#),
            example(TinySite::Days, r#"{ "at_least": 2, "at_most": 2 }"#),
            example(TinySite::Days, r#"{ "who": { "tag": "key" }, "place": "home", "at_most": 1 }"#),
            example(TinySite::Days, r#"{ "at_most": 0, "when": { "weekdays": ["mon"] } }"#),
            example(TinySite::Days, r#"{ "at_least": "50%", "at_most": "70%" }"#),
            example(TinySite::Days, r#"{ "who": "red and not key", "per": "week", "at_most": 1 }"#),
            example(TinySite::Long, r#"{ "per": "week", "at_least": 3, "at_most": 3 }"#),
            example(TinySite::Long, r#"{ "per": "week", "at_most": 0 }"#),
            example(TinySite::Long, r#"{ "per": "rota", "place": "home", "at_least": 3, "at_most": 5 }"#),
            example(TinySite::Desks, r#"{ "at_most": 1, "where": { "each": "zone" } }"#),
            example(TinySite::Desks, r#"{ "at_least": 1, "where": { "site": "annex" } }"#),
            example(
                TinySite::Shifts,
                r#"{ "when": { "between": "07:00-13:00" }, "at_least": 1, "at_most": 1 }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "when": { "between": "19:00-07:00" }, "at_least": 1, "at_most": 2 }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "when": { "shifts": ["late", "night"] }, "at_least": 2, "at_most": 2 }"#,
            ),
            example(TinySite::DeskShifts, r#"{ "when": "08:30-09:30", "where": "north", "at_most": 1 }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "headcount", "/who");
        findings.extend(self.when.findings(site, "headcount", "/when"));
        findings.extend(self.at.findings(site, "headcount", "/where"));
        let error = |pointer: &str, message: &str, help: &str| {
            Finding::error("headcount.limits", pointer, message).help(help)
        };
        match (self.at_least, self.at_most) {
            (None, None) => findings.push(error("", "no limit is given", "add `at_least` or `at_most`")),
            (Some(Quota::People(least)), Some(Quota::People(most))) if least > most => findings.push(error(
                "/at_least",
                &format!("at_least {least} is above at_most {most}"),
                "swap or correct the two limits",
            )),
            _ => {}
        }
        if self.place != Look::OnSite && (self.when.names_times(site) || !self.at.is_anywhere()) {
            findings.push(
                Finding::error(
                    "headcount.place",
                    "/place",
                    format!("people {} have no shift, time or place here", self.place.spoken()),
                )
                .help("leave out `shifts`, `between` and `where`, or count people on site"),
            );
        }
        let percent = [self.at_least, self.at_most].iter().flatten().any(|quota| quota.is_percent());
        match self.per {
            Per::Day => {}
            Per::Fortnight => findings.push(
                Finding::error("headcount.per", "/per", "headcount is per day, week or rota")
                    .help("write week or rota"),
            ),
            Per::Week | Per::Rota => {
                if percent {
                    findings.push(
                        Finding::error(
                            "headcount.per",
                            "/per",
                            "a share is of those who work one day, so it has no meaning over a period",
                        )
                        .help("give numbers, or leave out `per`"),
                    );
                }
                if self.when.has_between(site) {
                    findings.push(
                        Finding::error(
                            "headcount.per",
                            "/per",
                            "`between` looks at moments of a day, not at a period",
                        )
                        .help("leave out `per` or `between`"),
                    );
                }
            }
        }
        if let (Some(least), Some(most), true) =
            (self.at_least, self.at_most, percent && self.per == Per::Day)
        {
            let people = self.who.people(site);
            let crossed = self.when.read(site).days(site).into_iter().find(|day| {
                let working = Headcount::working(site, &people, *day);
                least.least(working) > most.most(working)
            });
            if let Some(day) = crossed {
                let working = Headcount::working(site, &people, day);
                findings.push(
                    Finding::error(
                        "headcount.limits",
                        "/at_least",
                        format!(
                            "on {} {working} of them work, and at least {least} is {} while at most {most} is {}",
                            site.calendar.date(day).spoken(),
                            least.least(working),
                            most.most(working)
                        ),
                    )
                    .help("at least rounds up, at most down: leave more room between the two shares"),
                );
            }
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let people = self.who.people(site);
        let when = self.when.read(site);
        if self.per != Per::Day {
            for period in site.periods(self.per) {
                let days = periods::days(site, &when, period);
                let (first, last) = site.inside(period);
                for spot in self.at.spots(site) {
                    let presence = Presence { shifts: when.shifts, spot };
                    let there: crate::model::Sum = days
                        .iter()
                        .flat_map(|day| people.iter().map(move |person| (*person, *day)))
                        .map(|(person, day)| model.there(person, day, self.place, &presence))
                        .sum();
                    let about = spot.about(About::days(first, last));
                    let (least, most) = self.period_limits(site, &when, period, &people, &presence);
                    if let Some(least) = least {
                        model.at_least(about, there.clone(), least);
                    }
                    if let Some(most) = most {
                        model.at_most(about, there, most);
                    }
                }
            }
            return;
        }
        for day in when.days(site) {
            let working = Headcount::working(site, &people, day);
            let moments = when.moments(&site.calendar, day);
            for spot in self.at.spots(site) {
                let there: Vec<crate::model::Sum> = moments
                    .iter()
                    .map(|moment| match self.place {
                        Look::OnSite => people.iter().map(|person| model.at(*person, moment, spot)).sum(),
                        _ => people
                            .iter()
                            .map(|person| model.there(*person, day, self.place, &Presence::ON_SITE))
                            .sum(),
                    })
                    .collect();
                let about = spot.about(About::day(day));
                if let Some(least) = self.at_least {
                    let bound = least.least(working);
                    let rows = there.iter().map(|sum| Row::at_least(sum.clone(), bound)).collect();
                    model.at_worst(about.limit(Limit::AtLeast), rows);
                }
                if let Some(most) = self.at_most {
                    let bound = most.most(working);
                    let rows = there.into_iter().zip(&moments);
                    let rows = rows.map(|(sum, moment)| {
                        Row::at_most(sum, bound.max(periods::past_at(site, &people, moment, spot)))
                    });
                    let rows = rows.collect();
                    model.at_worst(about.limit(Limit::AtMost), rows);
                }
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        use rota_core::Place;
        let people = self.who.people(site);
        let when = self.when.read(site);
        let fits = |person: PersonIndex, day: Day, presence: &Presence| match self.place {
            Look::OnSite => roster.is_there(site, person, day, presence),
            Look::Home => roster.at(person, day).place == Place::Home,
            Look::Working => roster.at(person, day).place != Place::Off,
        };
        if self.per != Per::Day {
            for period in site.periods(self.per) {
                let (first, last) = site.inside(period);
                for spot in self.at.spots(site) {
                    let presence = Presence { shifts: when.shifts, spot };
                    let (least, most) = self.period_limits(site, &when, period, &people, &presence);
                    let found = periods::days(site, &when, period)
                        .into_iter()
                        .map(|day| people.iter().filter(|person| fits(**person, day, &presence)).count())
                        .sum::<usize>() as f64;
                    let about = spot.about(About::days(first, last));
                    if let Some(least) = least {
                        tally.at_least(about, found, least);
                    }
                    if let Some(most) = most {
                        tally.at_most(about, found, most);
                    }
                }
            }
            return;
        }
        for day in when.days(site) {
            let working = people.iter().filter(|person| site.works(**person, day)).count();
            let moments = when.moments(&site.calendar, day);
            for spot in self.at.spots(site) {
                let counts: Vec<f64> = moments
                    .iter()
                    .map(|moment| {
                        let there = people.iter().filter(|person| match self.place {
                            Look::OnSite => roster.is_at(site, **person, moment, spot),
                            _ => fits(**person, day, &Presence::ON_SITE),
                        });
                        there.count() as f64
                    })
                    .collect();
                let about = spot.about(About::day(day));
                if let Some(least) = self.at_least {
                    let bound = least.least(working);
                    tally.at_worst(about.limit(Limit::AtLeast), counts.iter().map(|count| (*count, bound)));
                }
                if let Some(most) = self.at_most {
                    let bound = most.most(working);
                    let past = moments.iter().map(|moment| periods::past_at(site, &people, moment, spot));
                    let bounds = past.map(|past| bound.max(past));
                    tally.at_worst(about.limit(Limit::AtMost), counts.into_iter().zip(bounds));
                }
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let limit = match (about.limit, self.at_least, self.at_most) {
            (Some(Limit::AtMost), _, Some(most)) | (None, None, Some(most)) => format!("at most {most}"),
            (Some(Limit::AtLeast), Some(least), _) | (None, Some(least), None) => format!("at least {least}"),
            (_, Some(least), Some(most)) => format!("{least} to {most}"),
            _ => "any number".to_string(),
        };
        let whom = match (self.who.is_everyone() && site.scope.is_none(), self.per) {
            (true, Per::Day) if limit.ends_with(" 1") => "person".to_string(),
            (true, Per::Day) => "people".to_string(),
            (true, _) if limit.ends_with(" 1") => "person-day".to_string(),
            (true, _) => "person-days".to_string(),
            (false, Per::Day) => format!("of {}", crate::speak::who(&self.who, site)),
            (false, _) => format!("person-days of {}", crate::speak::who(&self.who, site)),
        };
        let mut words = format!("{limit} {whom} {}", self.place.spoken());
        words.push_str(&crate::speak::at(&self.at, site, about));
        words.push_str(&crate::speak::when(&self.when, site, about, self.per));
        words
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::counted;

    /// Four people, two days, counted by hand.
    ///
    /// ```text
    ///        Mon      Tue
    /// ann    on site  home
    /// bob    on site  home
    /// cat    on site  on site
    /// dan    off      on site
    /// ```
    /// Three on Monday against at most 2: one over. Two of the red team (ann, bob) wanted each day: nobody is
    /// there on Tuesday, two short.
    #[test]
    fn picture() {
        let picture = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
          "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat" },
                      { "id": "dan", "away": ["2020-06-15"] } ] }"#;
        let lines = ["ann: S h", "bob: S h", "cat: S S", "dan: - S"];
        let over = counted(picture, r#"{ "headcount": { "at_most": 2 } }"#, &lines);
        assert_eq!(over, ["2020-06-15 at_most: 1"]);
        let short =
            counted(picture, r#"{ "headcount": { "who": { "team": "red" }, "at_least": 2 } }"#, &lines);
        assert_eq!(short, ["2020-06-16 at_least: 2"]);
        let share = counted(picture, r#"{ "headcount": { "at_least": "60%" } }"#, &lines);
        assert_eq!(share, ["2020-06-16 at_least: 1"]); // 60% of 3 is 2, of 4 is 3
    }

    /// Two people are still there from the night before: more than one, but nobody can change that.
    #[test]
    fn the_night_before_is_never_too_many() {
        let site = r#"{ "scenario": 1,
          "calendar": { "from": "2020-06-16", "to": "2020-06-16", "shifts": [ { "id": "n", "from": "22:00", "to": "06:00" },
            { "id": "small", "from": "00:00", "to": "04:00" } ] },
          "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" } ],
          "history": { "days": [
            { "person": "ann", "on": "2020-06-15", "place": "on_site", "shift": "n" },
            { "person": "bob", "on": "2020-06-15", "place": "on_site", "shift": "n" } ] } }"#;
        let rule = r#"{ "headcount": { "at_most": 1, "when": "01:00-03:00" } }"#;
        assert_eq!(counted(site, rule, &["ann: h", "bob: h", "cat: h"]), Vec::<String>::new());
        assert_eq!(counted(site, rule, &["ann: h", "bob: h", "cat: S/small"]), ["2020-06-16 at_most: 1"]);
    }

    /// A week of which Monday and Tuesday are past, with 4 person-days on site; on Wednesday one more. At most 3:
    /// the past is over already and not charged again, Wednesday is. At most 4: one over. At least 6: one short.
    #[test]
    fn the_past_of_a_week_is_counted_and_never_a_breach() {
        let picture = r#"{ "scenario": 1, "calendar": { "from": "2020-06-17", "to": "2020-06-19" },
          "people": [ { "id": "ann" }, { "id": "bob" } ],
          "history": { "days": [
            { "person": "ann", "on": "2020-06-15", "place": "on_site" }, { "person": "ann", "on": "2020-06-16", "place": "on_site" },
            { "person": "bob", "on": "2020-06-15", "place": "on_site" }, { "person": "bob", "on": "2020-06-16", "place": "on_site" } ] } }"#;
        let lines = ["ann: S h h", "bob: h h h"];
        let count = |rule: &str| counted(picture, rule, &lines);
        assert_eq!(
            count(r#"{ "headcount": { "per": "week", "at_most": 3 } }"#),
            ["2020-06-17..2020-06-19 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "headcount": { "per": "week", "at_most": 4 } }"#),
            ["2020-06-17..2020-06-19 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "headcount": { "per": "week", "at_least": 6 } }"#),
            ["2020-06-17..2020-06-19 at_least: 1"]
        );
    }

    /// Monday is closed, then the rota has no Monday at all: whoever asks for Mondays asks nothing. A fortnight whose
    /// second Monday is closed asks for the first week's only.
    #[test]
    fn periods_without_an_open_day_ask_nothing() {
        let site = |from: &str, to: &str, closed: &str| {
            format!(
                r#"{{ "scenario": 1, "calendar": {{ "from": "{from}", "to": "{to}", "closed": [{closed}] }},
                  "people": [ {{ "id": "ann" }} ] }}"#
            )
        };
        let mondays = |per: &str| {
            format!(
                r#"{{ "headcount": {{ "when": {{ "weekdays": ["mon"] }}, "per": "{per}", "at_least": 1 }} }}"#
            )
        };
        for per in ["week", "rota"] {
            let closed = site("2020-06-15", "2020-06-16", r#""2020-06-15""#);
            assert_eq!(counted(&closed, &mondays(per), &["ann: h"]), Vec::<String>::new(), "{per}");
            let none = site("2020-06-18", "2020-06-19", "");
            assert_eq!(counted(&none, &mondays(per), &["ann: h h"]), Vec::<String>::new(), "{per}");
        }
        let second = site("2020-06-15", "2020-06-22", r#""2020-06-22""#);
        let lines = ["ann: h h h h h"];
        assert_eq!(counted(&second, &mondays("week"), &lines), ["2020-06-15..2020-06-21 at_least: 1"]);
    }
}
