//! `cohorts`: people in groups that come in on different days.

use crate::model::{Model, Sum};
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::finding::{pointer_part, Finding};
use rota_core::select::{Presence, Who};
use rota_core::site::is_id;
use rota_core::typed::is_false;
use rota_core::{
    About, CohortIndex, Day, Limit, Membership, Names, PersonIndex, Place, Roster, Site, Weekday,
};
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// People are in cohorts, and each cohort comes in only on its days of a cycle.
///
/// Each person of `who` is in exactly one cohort; rota chooses which, and the roster names it. The cohorts are
/// named (`names`) or counted (`count`: A, B, C ...). The rule keeps people out on the days of the others; what
/// brings anybody in are other rules and wishes. A day of the cycle that is closed is lost, not moved.
///
/// `cycle` is a name, counted from `calendar.anchor` (or from the anchor in history):
///
/// - `week_about`: the weeks are the cohorts' in turn, the anchor's week the first one's.
/// - `days_about`: the work days are dealt out in turn, closed or not, the anchor's to the first.
/// - `2-2-3`: two cohorts, 14 days: days 1, 2, 5, 6, 7, 10 and 11 are the first one's, the rest the other's.
/// - `four_on_ten_off`: 14 days: days 1 to 4 are the first one's, days 8 to 11 those of a second one.
///
/// Or it is a list: `{"length": 14, "on": {"A": [1, 2, 3, 4], "B": [8, 9, 10, 11]}}` with day 1 the anchor, or
/// `{"on": {"A": ["mon", "tue"], "B": ["wed", "thu"]}}`, which needs no anchor. Without `cycle` people are only
/// dealt out, and any of them may come in on any day.
///
/// - Sizes: `at_least` to `at_most` people in each cohort; if not given, as even as can be.
/// - `split`: groups of which every cohort has its even share (key holders, first aiders, each grade), so that
///   each can run the service alone.
/// - `whole`: groups of which all are in one cohort (teams, car shares).
/// - `members`: people whose cohort is laid down. Cohorts in history are laid down too, unless `anew` is true.
///
/// Nobody may be in two `cohorts` rules. Where a roster is judged that names no cohorts, each person is taken to be
/// in the one on whose days fewest of their visits fall outside; the first on ties.
///
/// Breaches: about a person and a day, 1 for a visit on a day that is not their cohort's; about a cohort, the
/// people over or under its size; about a `split` group and a cohort, the people outside the share; about a
/// `whole` group, the cohorts used beyond one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cohorts {
    /// Who is in a cohort; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// The names of the cohorts, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// How many cohorts there are, called A, B, C ...; instead of `names`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// On which days each cohort may be on site; on all if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Cycle>,
    /// People whose cohort is laid down, by the cohort's name: a list of ids, or a selector.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, Members>,
    /// Fewest people in each cohort; if not given, all people divided by the cohorts, rounded down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    /// Most people in each cohort; if not given, all people divided by the cohorts, rounded up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// Groups of which every cohort has its even share.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<Who>,
    /// Groups that stay together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub whole: Vec<Who>,
    /// Whether people are dealt out anew, whatever cohort they were in; false if not given.
    #[serde(default, skip_serializing_if = "is_false")]
    pub anew: bool,
}

/// On which days each cohort may be on site.
#[derive(Debug, Clone, PartialEq)]
pub enum Cycle {
    /// Weeks in turn.
    WeekAbout,
    /// Work days in turn.
    DaysAbout,
    /// Two days, two days, three days, for two cohorts.
    TwoTwoThree,
    /// Four days in, ten out.
    FourOnTenOff,
    /// Lists.
    Listed(Listed),
}

/// The days of each cohort, as lists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// After how many calendar days the cycle begins again; for numbered days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<u32>,
    /// The days of each cohort: numbers from 1 (the anchor), or weekdays.
    pub on: BTreeMap<String, Vec<CycleDay>>,
}

/// One day of a cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CycleDay {
    /// Its number, from 1.
    Number(u32),
    /// A weekday.
    Weekday(Weekday),
}

impl Cycle {
    const NAMES: [&'static str; 4] = ["week_about", "days_about", "2-2-3", "four_on_ten_off"];
    /// Length of the two cycles with a fixed shape.
    const FORTNIGHT: i64 = 14;

    fn name(&self) -> Option<&'static str> {
        match self {
            Cycle::WeekAbout => Some(Cycle::NAMES[0]),
            Cycle::DaysAbout => Some(Cycle::NAMES[1]),
            Cycle::TwoTwoThree => Some(Cycle::NAMES[2]),
            Cycle::FourOnTenOff => Some(Cycle::NAMES[3]),
            Cycle::Listed(_) => None,
        }
    }

    fn needs_anchor(&self) -> bool {
        match self {
            Cycle::Listed(listed) => listed.length.is_some(),
            _ => true,
        }
    }

    /// Whether the cohort at a place of the list of names may be on site on a day.
    fn is_on(&self, site: &Site, names: &[String], cohort: usize, day: Day) -> bool {
        let calendar = &site.calendar;
        let anchor = calendar.anchor.unwrap_or(calendar.from);
        let date = calendar.date(day);
        let since = date.since(anchor);
        let count = names.len() as i64;
        let fortnight_day = since.rem_euclid(Cycle::FORTNIGHT) + 1;
        match self {
            Cycle::WeekAbout => {
                date.monday().since(anchor.monday()).div_euclid(7).rem_euclid(count) == cohort as i64
            }
            Cycle::DaysAbout => {
                let per_week = calendar.work_days.iter().filter(|works| **works).count() as i64;
                // Work days from the anchor up to the day, the day not included; below 0 before the anchor.
                let weeks = since.div_euclid(7);
                let rest = since.rem_euclid(7);
                let odd = (0..rest)
                    .filter(|offset| calendar.work_days[anchor.plus(*offset).weekday().index()])
                    .count() as i64;
                calendar.is_pattern_day(day) && (weeks * per_week + odd).rem_euclid(count) == cohort as i64
            }
            Cycle::TwoTwoThree => {
                let first = [1, 2, 5, 6, 7, 10, 11].contains(&fortnight_day);
                first == (cohort == 0)
            }
            Cycle::FourOnTenOff => {
                let first = 7 * cohort as i64 + 1;
                (first..first + 4).contains(&fortnight_day)
            }
            Cycle::Listed(listed) => listed.on.get(&names[cohort]).is_some_and(|days| {
                days.iter().any(|on| match (on, listed.length) {
                    (CycleDay::Weekday(weekday), _) => date.weekday() == *weekday,
                    (CycleDay::Number(number), Some(length)) if length > 0 => {
                        since.rem_euclid(i64::from(length)) + 1 == i64::from(*number)
                    }
                    _ => false,
                })
            }),
        }
    }
}

impl Serialize for Cycle {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cycle::Listed(listed) => listed.serialize(serializer),
            named => serializer.serialize_str(named.name().unwrap_or_default()),
        }
    }
}

impl<'de> Deserialize<'de> for Cycle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Cycle, D::Error> {
        struct CycleVisitor;
        impl<'de> Visitor<'de> for CycleVisitor {
            type Value = Cycle;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{}, or an object with `on`", Cycle::NAMES.join(", "))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Cycle, E> {
                match text {
                    "week_about" => Ok(Cycle::WeekAbout),
                    "days_about" => Ok(Cycle::DaysAbout),
                    "2-2-3" => Ok(Cycle::TwoTwoThree),
                    "four_on_ten_off" => Ok(Cycle::FourOnTenOff),
                    _ => Err(E::custom(format!(
                        "`{text}` is not a cycle; write {}, or the days of each cohort",
                        Cycle::NAMES.join(", ")
                    ))),
                }
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Cycle, A::Error> {
                Listed::deserialize(de::value::MapAccessDeserializer::new(map)).map(Cycle::Listed)
            }
        }
        deserializer.deserialize_any(CycleVisitor)
    }
}

impl JsonSchema for Cycle {
    fn schema_name() -> Cow<'static, str> {
        "Cycle".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let listed = generator.subschema_for::<Listed>();
        json_schema!({
            "description": "A named cycle, or the days of each cohort.",
            "anyOf": [{ "enum": Cycle::NAMES }, listed]
        })
    }
}

impl Serialize for CycleDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            CycleDay::Number(number) => serializer.serialize_u32(*number),
            CycleDay::Weekday(weekday) => weekday.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for CycleDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<CycleDay, D::Error> {
        struct DayVisitor;
        impl Visitor<'_> for DayVisitor {
            type Value = CycleDay;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a day of the cycle, from 1, or a weekday like mon")
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<CycleDay, E> {
                u32::try_from(number)
                    .map(CycleDay::Number)
                    .map_err(|_| E::custom(format!("{number} is not a day of a cycle")))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<CycleDay, E> {
                Weekday::parse(text)
                    .map(CycleDay::Weekday)
                    .ok_or_else(|| E::custom(format!("`{text}` is not a weekday; write it like mon")))
            }
        }
        deserializer.deserialize_any(DayVisitor)
    }
}

impl JsonSchema for CycleDay {
    fn schema_name() -> Cow<'static, str> {
        "CycleDay".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let weekday = generator.subschema_for::<Weekday>();
        json_schema!({
            "description": "A day of the cycle, from 1, or a weekday.",
            "anyOf": [{ "type": "integer", "minimum": 1 }, weekday]
        })
    }
}

/// Whose cohort is laid down.
#[derive(Debug, Clone, PartialEq)]
pub struct Members(pub Who);

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Who::People(ids) => ids.serialize(serializer),
            who => who.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a list of ids of people, words, or a selector such as {\"team\"}")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Members, A::Error> {
                let ids = Vec::deserialize(de::value::SeqAccessDeserializer::new(seq))?;
                Ok(Members(Who::People(ids)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Members, E> {
                Who::deserialize(de::value::StrDeserializer::new(text)).map(Members)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Members, A::Error> {
                Who::deserialize(de::value::MapAccessDeserializer::new(map)).map(Members)
            }
        }
        deserializer.deserialize_any(MembersVisitor)
    }
}

impl JsonSchema for Members {
    fn schema_name() -> Cow<'static, str> {
        "Members".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let who = generator.subschema_for::<Who>();
        json_schema!({
            "description": "A list of ids of people, or a selector.",
            "anyOf": [{ "type": "array", "items": { "type": "string" } }, who]
        })
    }
}

/// The most cohorts of one rule.
const MOST: u32 = 100;

impl Cohorts {
    /// The names, in order.
    fn cohort_names(&self) -> Vec<String> {
        if !self.names.is_empty() {
            return self.names.clone();
        }
        if let Some(count) = self.count {
            let letter = |at: u32| char::from(b'A' + (at % 26) as u8);
            let name = |at: u32| match at / 26 {
                0 => letter(at).to_string(),
                round => format!("{}{}", letter(at), round + 1),
            };
            return (0..count.min(MOST)).map(name).collect();
        }
        match &self.cycle {
            Some(Cycle::Listed(listed)) => listed.on.keys().cloned().collect(),
            _ => Vec::new(),
        }
    }

    /// The cohorts, as the site numbers them.
    fn cohorts(&self, site: &Site) -> Vec<CohortIndex> {
        self.cohort_names().iter().filter_map(|name| site.cohort(name)).collect()
    }

    /// For each cohort and day of the calendar, whether it may be on site.
    fn days_on(&self, site: &Site) -> Vec<Vec<bool>> {
        let names = self.cohort_names();
        let is_on = |cohort: usize, day: Day| {
            self.cycle.as_ref().is_none_or(|cycle| cycle.is_on(site, &names, cohort, day))
        };
        (0..names.len()).map(|cohort| site.calendar.days().map(|day| is_on(cohort, day)).collect()).collect()
    }

    /// Least and most people of so many in each of the cohorts.
    fn share(people: usize, cohorts: usize) -> (f64, f64) {
        let cohorts = cohorts.max(1);
        ((people / cohorts) as f64, people.div_ceil(cohorts) as f64)
    }

    fn sizes(&self, people: usize, cohorts: usize) -> (f64, f64) {
        let (least, most) = Cohorts::share(people, cohorts);
        // A limit that is given moves the other one out of its way.
        let given_least = self.at_least.map(f64::from);
        let given_most = self.at_most.map(f64::from);
        (
            given_least.unwrap_or_else(|| given_most.map_or(least, |most| most.min(least))),
            given_most.unwrap_or_else(|| given_least.map_or(most, |least| least.max(most))),
        )
    }

    /// The people of a group who are in this rule.
    fn of_group(group: &Who, people: &[PersonIndex], site: &Site) -> Vec<PersonIndex> {
        let mut members = group.people(site);
        members.retain(|person| people.binary_search(person).is_ok());
        members
    }

    fn cycle_findings(&self, site: &Site, names: &[String]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let error = |pointer: &str, message: String, help: &str| {
            Finding::error("cohorts.cycle", pointer, message).help(help)
        };
        let Some(cycle) = &self.cycle else {
            findings.push(
                Finding::warning("cohorts.no_cycle", "", "without a `cycle` the cohorts may meet on any day").help(
                    "add \"cycle\": \"week_about\" or another; if people are only to be dealt out, nothing needs doing",
                ),
            );
            return findings;
        };
        if cycle.needs_anchor() && site.calendar.anchor.is_none() {
            findings.push(
                Finding::error(
                    "cohorts.anchor",
                    "/cycle",
                    "a cycle is counted from an anchor, and the calendar has none",
                )
                .help(format!(
                    "add \"anchor\": \"{}\" to `calendar`, and keep that date in the rotas that follow; or give the history of the last one (--history)",
                    site.calendar.from.monday()
                )),
            );
        }
        match cycle {
            Cycle::TwoTwoThree if names.len() != 2 => findings.push(error(
                "/cycle",
                format!("2-2-3 is for two cohorts, and there are {}", names.len()),
                "write two names, or choose another cycle",
            )),
            Cycle::FourOnTenOff if names.len() > 2 => findings.push(error(
                "/cycle",
                format!("four_on_ten_off is for one or two cohorts, and there are {}", names.len()),
                "write two names, or list the days of each cohort",
            )),
            Cycle::Listed(listed) => {
                for (name, days) in &listed.on {
                    let pointer = format!("/cycle/on/{}", pointer_part(name));
                    if !names.contains(name) {
                        findings.push(
                            error(&pointer, format!("there is no cohort `{name}`"), "correct the name")
                                .did_you_mean(name, names.iter().map(String::as_str)),
                        );
                    }
                    for (at, day) in days.iter().enumerate() {
                        let problem = match (day, listed.length) {
                            (CycleDay::Number(_), None) => {
                                Some(("numbered days need a `length`", "add \"length\": 14 or another"))
                            }
                            (CycleDay::Weekday(_), Some(_)) => {
                                Some(("weekdays come every week", "leave out `length`, or number the days"))
                            }
                            (CycleDay::Number(number), Some(length)) if !(1..=length).contains(number) => {
                                Some(("this is not a day of the cycle", "write a number from 1 to `length`"))
                            }
                            _ => None,
                        };
                        if let Some((message, help)) = problem {
                            findings.push(error(&format!("{pointer}/{at}"), message.to_string(), help));
                        }
                    }
                }
                for name in names.iter().filter(|name| !listed.on.contains_key(*name)) {
                    findings.push(error(
                        "/cycle/on",
                        format!("the cohort `{name}` has no days"),
                        "list its days; [] keeps it at home",
                    ));
                }
                if listed.length.is_some_and(|length| !(1..=366).contains(&length)) {
                    findings.push(error(
                        "/cycle/length",
                        "a cycle has 1 to 366 days".to_string(),
                        "correct the length",
                    ));
                }
            }
            _ => {}
        }
        findings
    }

    fn size_findings(&self, people: usize, names: &[String]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let cohorts = names.len();
        match (self.at_least, self.at_most) {
            (Some(least), Some(most)) if least > most => findings.push(
                Finding::error(
                    "cohorts.limits",
                    "/at_least",
                    format!("at_least {least} is above at_most {most}"),
                )
                .help("swap or correct the two limits"),
            ),
            _ => {
                let (least, most) = self.sizes(people, cohorts);
                let (least, most) = (least as usize, most as usize);
                if least * cohorts > people {
                    let message = format!(
                        "{cohorts} cohorts of at least {least} need {}, and there are {people}",
                        least * cohorts
                    );
                    findings.push(
                        Finding::error("cohorts.sizes", "/at_least", message)
                            .help(format!("write at most {}", people / cohorts)),
                    );
                } else if most * cohorts < people {
                    let message = format!(
                        "{cohorts} cohorts of at most {most} hold {}, and there are {people}",
                        most * cohorts
                    );
                    findings.push(
                        Finding::error("cohorts.sizes", "/at_most", message)
                            .help(format!("write at least {}, or more cohorts", people.div_ceil(cohorts))),
                    );
                }
            }
        }
        findings
    }
}

impl Cohorts {
    /// People laid down, or kept together, beyond what a cohort may have.
    fn given_findings(&self, site: &Site, people: &[PersonIndex], cohorts: usize) -> Vec<Finding> {
        let mut findings = Vec::new();
        let most = self.sizes(people.len(), cohorts).1 as usize;
        for cohort in self.cohorts(site) {
            let given = |person: &&PersonIndex| {
                site.membership(**person).is_some_and(|membership| membership.given == Some(cohort))
            };
            let count = people.iter().filter(given).count();
            if count > most {
                let name = &site.names.cohorts[cohort.at()];
                let message = format!(
                    "`members` and history lay {count} people down for {name}, which may have {most}"
                );
                findings.push(Finding::warning("cohorts.given", "/members", message).help(
                    "take some of them out, raise `at_most`, or write \"anew\": true to deal people out whatever history says",
                ));
            }
        }
        for (at, group) in self.whole.iter().enumerate() {
            let count = Cohorts::of_group(group, people, site).len();
            if count > most {
                let message =
                    format!("the {count} of this group cannot be in one cohort, which may have {most}");
                findings.push(
                    Finding::warning("cohorts.given", format!("/whole/{at}"), message)
                        .help("raise `at_most`, or split the group in two"),
                );
            }
        }
        if cohorts > people.len() && !people.is_empty() {
            let message = format!("there are {cohorts} cohorts for {} people", people.len());
            findings
                .push(Finding::warning("cohorts.count", "", message).help("some will be empty; write fewer"));
        }
        findings
    }
}

impl Rule for Cohorts {
    fn examples() -> Vec<Example<Cohorts>> {
        vec![
            example(TinySite::Days, r#"{ "names": ["A", "B"], "cycle": "days_about" }"#),
            example(
                TinySite::Days,
                r#"{ "count": 2, "cycle": { "on": { "A": ["mon"], "B": ["tue"] } }, "split": [{ "tag": "key" }] }"#,
            ),
            example(
                TinySite::Days,
                r#"{ "count": 2, "cycle": "week_about", "at_least": 1, "at_most": 2, "whole": [{ "team": "red" }] }"#,
            ),
            example(
                TinySite::Days,
                r#"{ "count": 2, "cycle": "days_about", "members": { "B": ["ann"] }, "at_least": 0, "at_most": 3 }"#,
            ),
            example(
                TinySite::Days,
                r#"{ "count": 2, "at_least": 0, "at_most": 3, "split": [{ "tag": "key" }], "whole": [{ "team": "red" }] }"#,
            ),
            example(TinySite::Days, r#"{ "count": 3, "who": "red", "at_most": 1 }"#),
            example(TinySite::Long, r#"{ "count": 2, "cycle": "week_about", "at_least": 0 }"#),
            example(TinySite::Long, r#"{ "names": ["A"], "cycle": { "length": 3, "on": { "A": [1, 2] } } }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "cohorts", "/who");
        let names = self.cohort_names();
        for (at, name) in self.names.iter().enumerate() {
            if !is_id(name) {
                findings.push(
                    Finding::error(
                        "cohorts.names",
                        format!("/names/{at}"),
                        format!("`{name}` cannot name a cohort"),
                    )
                    .help("use letters, digits and _ . @ -, at most 64 of them"),
                );
            }
        }
        if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
            findings.push(
                Finding::error("cohorts.names", "/names", "two cohorts have the same name")
                    .help("give each its own name"),
            );
        }
        if names.is_empty() {
            findings.push(
                Finding::error("cohorts.names", "", "there are no cohorts")
                    .help("add \"names\": [\"A\", \"B\"] or \"count\": 2"),
            );
            return findings;
        }
        if let Some(count) = self.count.filter(|count| *count > MOST || !self.names.is_empty()) {
            let (message, help) = if count > MOST {
                (format!("{count} cohorts are too many"), format!("write at most {MOST}"))
            } else {
                ("`names` and `count` are both given".to_string(), "keep one of the two".to_string())
            };
            findings.push(Finding::error("cohorts.count", "/count", message).help(help));
        }
        findings.extend(self.cycle_findings(site, &names));
        let people = self.who.people(site);
        for (name, members) in &self.members {
            let pointer = format!("/members/{}", pointer_part(name));
            findings.extend(members.0.findings(site, "cohorts", &pointer));
            if !names.contains(name) {
                findings.push(
                    Finding::error("cohorts.members", &pointer, format!("there is no cohort `{name}`"))
                        .did_you_mean(name, names.iter().map(String::as_str))
                        .or_help(format!("the cohorts are {}", names.join(", "))),
                );
            }
            for person in members.0.people(site).iter().filter(|person| people.binary_search(person).is_err())
            {
                let id = &site.person(*person).id;
                findings.push(
                    Finding::error("cohorts.members", &pointer, format!("`{id}` is not in `who`"))
                        .help("take the person out here, or widen `who`"),
                );
            }
        }
        for (field, groups) in [("split", &self.split), ("whole", &self.whole)] {
            for (at, group) in groups.iter().enumerate() {
                let pointer = format!("/{field}/{at}");
                findings.extend(group.findings(site, "cohorts", &pointer));
                let count = Cohorts::of_group(group, &people, site).len();
                if field == "split" && count > 0 && count < names.len() {
                    let who = crate::speak::who(group, site);
                    let message = format!("{count} of {who} cannot be in each of {} cohorts", names.len());
                    findings.push(
                        Finding::warning("cohorts.split", &pointer, message)
                            .help("some cohort will have none; if that is meant, nothing needs doing"),
                    );
                }
            }
        }
        findings.extend(self.size_findings(people.len(), &names));
        findings.extend(self.given_findings(site, &people, names.len()));
        findings
    }

    fn names(&self, site: &Site, names: &mut Names) -> Vec<Finding> {
        let mut findings = Vec::new();
        let own = self.cohort_names();
        let choices: Vec<CohortIndex> = own.iter().map(|name| names.cohort(name)).collect();
        if choices.is_empty() {
            return findings;
        }
        let on = Arc::new(self.days_on(site));
        let mut given: BTreeMap<PersonIndex, CohortIndex> = BTreeMap::new();
        for (name, members) in &self.members {
            let Some(at) = own.iter().position(|own| own == name) else { continue };
            for person in members.0.people(site) {
                if given.insert(person, choices[at]).is_some_and(|before| before != choices[at]) {
                    let id = &site.person(person).id;
                    findings.push(
                        Finding::error(
                            "cohorts.members",
                            format!("/members/{}", pointer_part(name)),
                            format!("`{id}` is laid down for two cohorts"),
                        )
                        .help("keep one of them"),
                    );
                }
            }
        }
        let mut twice = Vec::new();
        let mut unknown = BTreeSet::new();
        for person in self.who.people(site) {
            let before = site.counts[person.at()].as_ref().and_then(|counts| counts.cohort.as_ref());
            if let (None, false, Some(name)) = (given.get(&person), self.anew, before) {
                match own.iter().position(|own| own == name) {
                    Some(at) => {
                        given.insert(person, choices[at]);
                    }
                    None => {
                        unknown.insert(name.clone());
                    }
                }
            }
            let membership = Membership {
                choices: choices.clone(),
                given: given.get(&person).copied(),
                on: Arc::clone(&on),
            };
            if names.members.insert(person, membership).is_some() {
                twice.push(site.person(person).id.as_str());
            }
        }
        if let Some(first) = twice.first() {
            let more = if twice.len() > 1 { format!(" and {} more", twice.len() - 1) } else { String::new() };
            findings.push(
                Finding::error(
                    "cohorts.twice",
                    "/who",
                    format!("`{first}`{more} is in another rule `cohorts` too"),
                )
                .help("nobody can be in two cohorts: narrow `who` in one of the rules"),
            );
        }
        if !unknown.is_empty() {
            let list: Vec<String> = unknown.into_iter().collect();
            findings.push(
                Finding::note(
                    "cohorts.history",
                    "",
                    format!("history names the cohorts {}, which this rule does not have", list.join(", ")),
                )
                .help("their people are dealt out anew; if that is meant, nothing needs doing"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let cohorts = self.cohorts(site);
        let people = self.who.people(site);
        let on = self.days_on(site);
        for person in &people {
            for day in site.calendar.days().filter(|day| site.works(*person, *day)) {
                let there = model.on_site(*person, day, &Presence::ON_SITE);
                let mut own = Sum::default();
                for (cohort, _) in cohorts.iter().zip(&on).filter(|(_, days)| days[day.0 as usize]) {
                    own += model.cohort(*person, *cohort);
                }
                model.at_most(About::person(*person).on(day), there + own.times(-1.0), 0.0);
            }
        }
        let (least, most) = self.sizes(people.len(), cohorts.len());
        count_rows(model, &cohorts, &people, About::default(), (least, most));
        for (at, group) in self.split.iter().enumerate() {
            let members = Cohorts::of_group(group, &people, site);
            let about = About { group: Some(at as u32), ..About::default() };
            count_rows(model, &cohorts, &members, about, Cohorts::share(members.len(), cohorts.len()));
        }
        for (at, group) in self.whole.iter().enumerate() {
            let members = Cohorts::of_group(group, &people, site);
            let about = About { group: Some(at as u32), ..About::default() };
            let mut used = Sum::default();
            for cohort in &cohorts {
                let inside: Sum = members.iter().map(|person| model.cohort(*person, *cohort)).sum();
                used += model.any_of(inside);
            }
            model.at_most(about, used, 1.0);
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        for person in self.who.each(site) {
            let Some(own) = roster.cohort(person) else { continue };
            let Some(membership) = site.membership(person) else { continue };
            for day in site.calendar.days().filter(|day| site.lens.is_none_or(|lens| lens.day == *day)) {
                if roster.at(person, day).place == Place::OnSite
                    && site.works(person, day)
                    && !membership.is_on(own, day)
                {
                    let name = &site.names.cohorts[own.at()];
                    let about = About::person(person).on(day).limit(Limit::AtMost);
                    tally.charge(about, 1.0, format!("on site, in cohort {name}"), "home");
                }
            }
        }
        if site.lens.is_some() {
            return; // nobody's cohort depends on where they are on one day
        }
        let cohorts = self.cohorts(site);
        let people = self.who.people(site);
        let count = |group: &[PersonIndex], cohort: CohortIndex| {
            group.iter().filter(|person| roster.cohort(**person) == Some(cohort)).count() as f64
        };
        let mut within = |about: About, group: &[PersonIndex], (least, most): (f64, f64)| {
            for cohort in &cohorts {
                let about = About { cohort: Some(*cohort), ..about };
                tally.at_least(about, count(group, *cohort), least);
                tally.at_most(about, count(group, *cohort), most);
            }
        };
        within(About::default(), &people, self.sizes(people.len(), cohorts.len()));
        for (at, group) in self.split.iter().enumerate() {
            let group = Cohorts::of_group(group, &people, site);
            let about = About { group: Some(at as u32), ..About::default() };
            within(about, &group, Cohorts::share(group.len(), cohorts.len()));
        }
        for (at, group) in self.whole.iter().enumerate() {
            let group = Cohorts::of_group(group, &people, site);
            let used = cohorts.iter().filter(|cohort| count(&group, **cohort) > 0.0).count();
            tally.at_most(About { group: Some(at as u32), ..About::default() }, used as f64, 1.0);
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let names = self.cohort_names();
        let range = |(least, most): (f64, f64)| {
            if (least - most).abs() < 1e-9 {
                format!("{least}")
            } else {
                format!("{least} to {most}")
            }
        };
        let within = |limits: (f64, f64)| match about.limit {
            Some(Limit::AtLeast) => format!("at least {}", limits.0),
            Some(Limit::AtMost) => format!("at most {}", limits.1),
            None => range(limits),
        };
        let people = self.who.people(site);
        if let Some(person) = about.person {
            let name = &site.person(person).name;
            let rule = format!("{name} comes in only on the days of their own cohort");
            let Some(day) = about.on else { return rule };
            let on = self.days_on(site);
            let whose: Vec<&str> = names
                .iter()
                .zip(&on)
                .filter(|(_, days)| days[day.0 as usize])
                .map(|(name, _)| name.as_str())
                .collect();
            let whose =
                if whose.is_empty() { "nobody's".to_string() } else { format!("{}'s", whose.join(", ")) };
            return format!("{rule}, and {} is {whose} day", site.calendar.date(day).spoken());
        }
        let cohort = about.cohort.map(|cohort| site.names.cohorts[cohort.at()].as_str());
        match (about.group, cohort) {
            (Some(group), Some(cohort)) => {
                let Some(group) = self.split.get(group as usize) else { return String::new() };
                let count = Cohorts::of_group(group, &people, site).len();
                let share = within(Cohorts::share(count, names.len()));
                format!("cohort {cohort} has {share} of {}", crate::speak::who(group, site))
            }
            (Some(group), None) => {
                let Some(group) = self.whole.get(group as usize) else { return String::new() };
                format!("{} are all in one cohort", crate::speak::who(group, site))
            }
            (None, Some(cohort)) => {
                let size = within(self.sizes(people.len(), names.len()));
                format!("cohort {cohort} has {size} people")
            }
            (None, None) => {
                let days = if self.cycle.is_some() { ", and on site only on its days" } else { "" };
                format!(
                    "{} is in one of the cohorts {}{days}",
                    crate::speak::person(&self.who, site, &About::default()),
                    names.join(", ")
                )
            }
        }
    }
}

/// So many of a group in each cohort.
fn count_rows(
    model: &mut Model,
    cohorts: &[CohortIndex],
    people: &[PersonIndex],
    about: About,
    (least, most): (f64, f64),
) {
    for cohort in cohorts {
        let inside: Sum = people.iter().map(|person| model.cohort(*person, *cohort)).sum();
        let about = About { cohort: Some(*cohort), ..about };
        model.at_least(about, inside.clone(), least);
        model.at_most(about, inside, most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::Problem;
    use rota_core::{Day, Roster};

    fn team(calendar: &str, history: &str) -> String {
        format!(
            r#"{{ "scenario": 1, "calendar": {{ {calendar} }},
              "people": [ {{ "id": "ann", "tags": ["key"] }}, {{ "id": "bob", "tags": ["key"] }}, {{ "id": "cat" }}, {{ "id": "dan" }} ]
              {history} }}"#
        )
    }

    const WEEK: &str = r#""from": "2020-06-15", "to": "2020-06-19", "anchor": "2020-06-15""#;

    /// Days in turn: Monday, Wednesday, Friday are A's. Ann (A) comes on Tuesday: 1. Bob (B) comes on Tuesday.
    /// Cat (A) comes every day: Tuesday and Thursday. Three in A: one over, B one short of 2. Of the two with a
    /// key, one is in each. Cat and Dan should be together and are not.
    #[test]
    fn picture() {
        let lines = [
            "cohorts: ann=A bob=B cat=A dan=A",
            "ann: h S h h h",
            "bob: h S h h h",
            "cat: S S S S S",
            "dan: h h h h h",
        ];
        let rule = r#"{ "cohorts": { "names": ["A", "B"], "cycle": "days_about", "split": [{ "tag": "key" }],
            "whole": [{ "people": ["bob", "cat", "dan"] }, { "people": ["ann", "cat"] }] } }"#;
        assert_eq!(
            counted(&team(WEEK, ""), rule, &lines),
            [
                "group 1 at_most: 1",
                "A at_most: 1",
                "B at_least: 1",
                "ann 2020-06-16 at_most: 1",
                "cat 2020-06-16 at_most: 1",
                "cat 2020-06-18 at_most: 1",
            ]
        );
        let both = [
            "cohorts: ann=B bob=B cat=A dan=A",
            "ann: h h h h h",
            "bob: h h h h h",
            "cat: h h h h h",
            "dan: h h h h h",
        ];
        assert_eq!(
            counted(&team(WEEK, ""), rule, &both),
            // Two with a key in B where 1 is the share, none in A; both `whole` groups are in two cohorts.
            ["group 1 at_most: 1", "group 2 at_most: 1", "group 1 A at_least: 1", "group 1 B at_most: 1"]
        );
    }

    fn days_of(calendar: &str, cycle: &str, cohorts: usize) -> Vec<String> {
        let mut scenario = Scenario::read(&team(calendar, "")).scenario.expect("reads");
        let rule = format!(r#"{{ "cohorts": {{ "count": {cohorts}, "cycle": {cycle}, "at_least": 0 }} }}"#);
        scenario.rules = vec![serde_json::from_str(&rule).expect("the rule reads")];
        let (problem, _) = Problem::new(&scenario).unwrap_or_else(|findings| panic!("{findings:?}"));
        let membership = problem.site.membership(PersonIndex(0)).expect("in a cohort");
        let letter = |day: Day| -> String {
            let on: String = membership
                .choices
                .iter()
                .filter(|cohort| membership.is_on(**cohort, day))
                .map(|cohort| problem.site.names.cohorts[cohort.at()].clone())
                .collect();
            if on.is_empty() {
                "-".to_string()
            } else {
                on
            }
        };
        let days: Vec<String> = problem.site.calendar.days().map(letter).collect();
        days.chunks(7).map(<[String]>::concat).collect()
    }

    /// Worked out by hand. 2020 had 53 weeks: the cycle of weeks goes on over New Year.
    #[test]
    fn cycles() {
        let june = r#""from": "2020-06-15", "to": "2020-06-28", "anchor": "2020-06-15""#;
        assert_eq!(days_of(june, r#""week_about""#, 2), ["AAAAAAA", "BBBBBBB"]);
        assert_eq!(days_of(june, r#""days_about""#, 2), ["ABABA--", "BABAB--"]);
        assert_eq!(days_of(june, r#""days_about""#, 3), ["ABCAB--", "CABCA--"]);
        assert_eq!(days_of(june, r#""2-2-3""#, 2), ["AABBAAA", "BBAABBB"]);
        assert_eq!(days_of(june, r#""four_on_ten_off""#, 2), ["AAAA---", "BBBB---"]);
        // Days 1, 2, 3, 4, 5 of the cycle: A, both, nobody, nobody, B.
        assert_eq!(
            days_of(june, r#"{ "length": 5, "on": { "A": [1, 2], "B": [2, 5] } }"#, 2),
            ["AAB--BAAB", "--BAAB--"]
        );
        assert_eq!(
            days_of(june, r#"{ "on": { "A": ["mon", "tue"], "B": ["tue", "fri"] } }"#, 2),
            ["AAB--B--", "AAB--B--"]
        );
        // Weeks of 21 and 28 December 2020 and 4 January 2021, seen from a rota that begins on a Wednesday.
        let winter = r#""from": "2020-12-23", "to": "2021-01-05", "anchor": "2020-06-15""#;
        assert_eq!(days_of(winter, r#""week_about""#, 2), ["BBBBBAA", "AAAAABB"]);
        // Before the anchor the cycle runs backwards.
        let early = r#""from": "2020-06-08", "to": "2020-06-16", "anchor": "2020-06-15""#;
        assert_eq!(days_of(early, r#""days_about""#, 2), ["BABAB--", "AB"]);
        // An anchor in the middle of a week: the first work day from it is the first cohort's.
        let middle = r#""from": "2020-06-15", "to": "2020-06-28", "anchor": "2020-06-17""#;
        assert_eq!(days_of(middle, r#""days_about""#, 2), ["ABABA--", "BABAB--"]);
        // The closed Wednesday is lost: Thursday stays B's.
        let closed =
            r#""from": "2020-06-15", "to": "2020-06-19", "anchor": "2020-06-15", "closed": ["2020-06-17"]"#;
        assert_eq!(days_of(closed, r#""days_about""#, 2), ["ABABA"]);
    }

    fn problem(calendar: &str, history: &str, rules: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(&team(calendar, history)).scenario.expect("reads");
        scenario.rules = serde_json::from_str(rules).expect("the rules read");
        Problem::new(&scenario)
    }

    #[test]
    fn history_and_members_are_laid_down() {
        let history = r#", "history": { "anchor": "2020-06-08", "people": [
            { "person": "ann", "cohort": "B" }, { "person": "bob", "cohort": "B" }, { "person": "cat", "cohort": "Z" } ] }"#;
        let calendar = r#""from": "2020-06-15", "to": "2020-06-19""#;
        let given = |rule: &str| -> Vec<Option<String>> {
            let (problem, _) = problem(calendar, history, rule).expect("no error");
            let site = &problem.site;
            PersonIndex::all(4)
                .map(|person| {
                    let given = site.membership(person).and_then(|membership| membership.given);
                    given.map(|cohort| site.names.cohorts[cohort.at()].clone())
                })
                .collect()
        };
        let some = |name: &str| Some(name.to_string());
        let rule = r#"[{ "cohorts": { "count": 2, "cycle": "week_about", "members": { "A": ["bob"] } } }]"#;
        assert_eq!(given(rule), [some("B"), some("A"), None, None]);
        let anew = r#"[{ "cohorts": { "count": 2, "cycle": "week_about", "members": { "A": ["bob"] }, "anew": true } }]"#;
        assert_eq!(given(anew), [None, some("A"), None, None]);
        let (_, findings) = problem(calendar, history, rule).expect("no error");
        assert!(findings.iter().any(|finding| finding.code == "cohorts.history"), "{findings:?}");
    }

    /// Ann was in on Tuesday and Thursday, B's days; Bob on Monday and Tuesday, one of each: the first name.
    #[test]
    fn a_roster_without_labels_is_judged_kindly() {
        let rule = r#"[{ "cohorts": { "count": 2, "cycle": "days_about" } }]"#;
        let (problem, _) = problem(WEEK, "", rule).expect("no error");
        let mut roster = Roster::at_home(&problem.site);
        for (person, day) in [(0, 1), (0, 3), (1, 0), (1, 1)] {
            roster.set(PersonIndex(person), Day(day), rota_core::Cell::ON_SITE);
        }
        for person in PersonIndex::all(4) {
            roster.set_cohort(person, None);
        }
        roster.deal_cohorts(&problem.site);
        let labels: Vec<String> = roster.cohorts(&problem.site).into_values().collect();
        assert_eq!(labels, ["B", "A", "A", "A"]);
    }

    #[test]
    fn speaks() {
        let rule = r#"[{ "cohorts": { "count": 2, "cycle": "days_about", "split": [{ "tag": "key" }], "whole": ["cat; dan"] } }]"#;
        let (problem, _) = problem(WEEK, "", rule).expect("no error");
        let owner = crate::Owner::Rule(0);
        let (a, group) = (Some(CohortIndex(0)), Some(0));
        let none = About::default();
        for (about, sentence) in [
            (
                About::person(PersonIndex(0)).on(Day(1)),
                "ann comes in only on the days of their own cohort, and Tue 16 June is B's day",
            ),
            (About { cohort: a, ..none }, "cohort A has 2 people"),
            (About { cohort: a, ..none }.limit(Limit::AtMost), "cohort A has at most 2 people"),
            (About { cohort: a, group, ..none }, "cohort A has 1 of key"),
            (About { group, ..none }, "cat; dan are all in one cohort"),
            (none, "everyone is in one of the cohorts A, B, and on site only on its days"),
        ] {
            assert_eq!(problem.sentence(owner, &about), sentence);
        }
    }

    #[test]
    fn mistakes_are_found() {
        let bare = r#""from": "2020-06-15", "to": "2020-06-19""#;
        for (calendar, rules, code) in [
            (bare, r#"[{ "cohorts": { "count": 2, "cycle": "week_about" } }]"#, "cohorts.anchor"),
            (WEEK, r#"[{ "cohorts": { "cycle": "week_about" } }]"#, "cohorts.names"),
            (WEEK, r#"[{ "cohorts": { "names": ["A", "A"] } }]"#, "cohorts.names"),
            (WEEK, r#"[{ "cohorts": { "names": ["A one", "B"] } }]"#, "cohorts.names"),
            (WEEK, r#"[{ "cohorts": { "names": ["A"], "count": 2 } }]"#, "cohorts.count"),
            (WEEK, r#"[{ "cohorts": { "count": 4000000000 } }]"#, "cohorts.count"),
            (WEEK, r#"[{ "cohorts": { "count": 3, "cycle": "2-2-3" } }]"#, "cohorts.cycle"),
            (WEEK, r#"[{ "cohorts": { "count": 3, "cycle": "four_on_ten_off" } }]"#, "cohorts.cycle"),
            (WEEK, r#"[{ "cohorts": { "cycle": { "on": { "A": [1] } } } }]"#, "cohorts.cycle"),
            (WEEK, r#"[{ "cohorts": { "cycle": { "length": 7, "on": { "A": [8] } } } }]"#, "cohorts.cycle"),
            (WEEK, r#"[{ "cohorts": { "cycle": { "length": 0, "on": { "A": [] } } } }]"#, "cohorts.cycle"),
            (
                WEEK,
                r#"[{ "cohorts": { "count": 2, "cycle": { "on": { "A": ["mon"] } } } }]"#,
                "cohorts.cycle",
            ),
            (WEEK, r#"[{ "cohorts": { "count": 2, "at_least": 3 } }]"#, "cohorts.sizes"),
            (WEEK, r#"[{ "cohorts": { "count": 2, "at_most": 1 } }]"#, "cohorts.sizes"),
            (WEEK, r#"[{ "cohorts": { "count": 2, "at_least": 3, "at_most": 2 } }]"#, "cohorts.limits"),
            (WEEK, r#"[{ "cohorts": { "count": 2, "members": { "C": ["ann"] } } }]"#, "cohorts.members"),
            (
                WEEK,
                r#"[{ "cohorts": { "count": 2, "members": { "A": ["ann"], "B": ["ann"] } } }]"#,
                "cohorts.members",
            ),
            (
                WEEK,
                r#"[{ "cohorts": { "count": 2, "who": "key", "members": { "A": ["cat"] } } }]"#,
                "cohorts.members",
            ),
            (
                WEEK,
                r#"[{ "cohorts": { "count": 2 } }, { "cohorts": { "count": 2, "who": "key" } }]"#,
                "cohorts.twice",
            ),
        ] {
            let findings = problem(calendar, "", rules).expect_err(rules);
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{rules}: {findings:?}"
            );
        }
        let (_, findings) =
            problem(WEEK, "", r#"[{ "cohorts": { "count": 3, "split": ["key"] } }]"#).expect("no error");
        for code in ["cohorts.split", "cohorts.no_cycle"] {
            assert!(findings.iter().any(|finding| finding.code == code), "{findings:?}");
        }
    }
}
