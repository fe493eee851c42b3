//! The parts of a scenario exactly as they are typed, before anything is looked up or checked.
//!
//! [`crate::site::Site::build`] turns them into the checked and indexed [`crate::site::Site`].

use crate::date::{Absence, Clock, Date, On, Weekday};
use crate::select::Who;
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Where somebody works when nothing calls them elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DefaultPlace {
    /// At home: nobody is called in without a reason.
    #[default]
    Home,
    /// On site: nobody is sent home without a reason.
    OnSite,
    /// Neither is preferred.
    None,
}

/// One of the two places of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkPlace {
    /// At home.
    Home,
    /// On site.
    OnSite,
}

impl WorkPlace {
    /// `at home` or `on site`.
    pub fn spoken(self) -> &'static str {
        match self {
            WorkPlace::Home => "at home",
            WorkPlace::OnSite => "on site",
        }
    }
}

/// The days the rota covers and how they are cut.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
    /// Weekdays on which work is done; Monday to Friday if not given.
    #[serde(default = "monday_to_friday")]
    pub work_days: Vec<Weekday>,
    /// Days on which everything is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<Absence>,
    /// Shifts; with any, a day on site has exactly one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<Shift>,
    /// The date from which fortnights and cycles are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Date>,
    /// IANA time zone, for calendar files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

fn monday_to_friday() -> Vec<Weekday> {
    Weekday::ALL[..5].to_vec()
}

/// One shift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shift {
    /// Unique among shifts.
    pub id: String,
    /// For people to read; the id if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Start; needs `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Clock>,
    /// End; past midnight when not later than `from`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Clock>,
    /// Paid length in hours; from the times if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<f64>,
    /// Only for people whose wish asks for it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub by_request: bool,
}

/// The weekdays a person works, week by week from the anchor (one list for the same every week).
#[derive(Debug, Clone, PartialEq)]
pub struct Works(pub Vec<Vec<Weekday>>);

impl Serialize for Works {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [week] => week.serialize(serializer),
            weeks => weeks.serialize(serializer),
        }
    }
}

/// One entry of a `works` list: a weekday, or a whole week.
enum WorksEntry {
    Day(Weekday),
    Week(Vec<Weekday>),
}

impl<'de> Deserialize<'de> for WorksEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<WorksEntry, D::Error> {
        struct EntryVisitor;
        impl<'de> Visitor<'de> for EntryVisitor {
            type Value = WorksEntry;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a weekday like mon, or a list of weekdays for one week")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<WorksEntry, E> {
                Weekday::parse(text)
                    .map(WorksEntry::Day)
                    .ok_or_else(|| E::custom(format!("`{text}` is not a weekday; write it like mon")))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<WorksEntry, A::Error> {
                Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(WorksEntry::Week)
            }
        }
        deserializer.deserialize_any(EntryVisitor)
    }
}

impl<'de> Deserialize<'de> for Works {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Works, D::Error> {
        let entries: Vec<WorksEntry> = Vec::deserialize(deserializer)?;
        let mut days = Vec::new();
        let mut weeks = Vec::new();
        for entry in entries {
            match entry {
                WorksEntry::Day(day) => days.push(day),
                WorksEntry::Week(week) => weeks.push(week),
            }
        }
        match (days.is_empty(), weeks.is_empty()) {
            (_, true) => Ok(Works(vec![days])),
            (true, false) => Ok(Works(weeks)),
            (false, false) => Err(de::Error::custom(
                "write either weekdays or one list of weekdays for each week, not both",
            )),
        }
    }
}

impl JsonSchema for Works {
    fn schema_name() -> Cow<'static, str> {
        "Works".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let week = generator.subschema_for::<Vec<Weekday>>();
        json_schema!({
            "description": "Weekdays, or a list of such lists taken week by week from the anchor.",
            "anyOf": [week, { "type": "array", "items": week }]
        })
    }
}

/// One person.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Unique among people.
    pub id: String,
    /// For people to read; the id if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The one team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Anything else that rules may ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// First day in the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts: Option<Date>,
    /// Last day in the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<Date>,
    /// Weekdays worked; every work day if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub works: Option<Works>,
    /// Days off; a law, and private.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub away: Vec<Absence>,
    /// Always at home, always on site, or either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<Base>,
    /// Spans in which only one place is possible; a law, and private.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<Only>,
    /// Features a desk or zone of seats must have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Pins: what is already decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<Pin>,
    /// What the person asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wishes: Vec<Wish>,
    /// Days a week on which the person comes in when choosing freely; read by `rota what-if --attendance` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comes: Option<f64>,
    /// The share of days on which the person does not work although planned (0.05 for one in twenty), whatever the
    /// reason; read by `rota what-if --attendance` and `rota solve --spare` alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absent_rate: Option<f64>,
    /// Never read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Value>,
}

/// Where a person may work at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// Home or on site.
    Either,
    /// On site on every day worked.
    OnSite,
    /// Never on site.
    Home,
}

/// A span in which a person may be in one place alone; an end left out is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Only {
    /// The place.
    pub place: WorkPlace,
    /// First day; open if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Last day; open if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// What is already decided for a person on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// Which days.
    pub on: On,
    /// The place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<WorkPlace>,
    /// The shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// The site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
}

/// What a person asked for on a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Which days.
    pub on: On,
    /// The place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<WorkPlace>,
    /// The shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// The site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// How much it matters, from 0.001 to 1e9.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// True when the person asks that it should not be so.
    #[serde(default, skip_serializing_if = "is_false")]
    pub avoid: bool,
}

/// A place of work with its zones.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Unique among sites.
    pub id: String,
    /// For people to read; the id if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Days on which it is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<Absence>,
    /// Its zones.
    #[serde(default)]
    pub zones: Vec<Zone>,
    /// Never read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Value>,
}

/// A part of a site: either desks with names, or a number of seats.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Unique among zones.
    pub id: String,
    /// For people to read; the id if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Zones of a site that name the same floor share one plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<String>,
    /// Its desks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desks: Option<Vec<Desk>>,
    /// Its number of seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// Days on which it is closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<Absence>,
    /// Seats used by others.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Taken>,
    /// Pairs of desks that never count as too near.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub screened: Vec<[String; 2]>,
    /// Pairs of desks that always count as too near.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub too_close: Vec<[String; 2]>,
    /// Walls and screens as straight lines on the plan, metres: [[x, y], [x, y]]. A pair of desks of the plan whose
    /// line of sight a wall cuts counts as screened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub walls: Vec<[[f64; 2]; 2]>,
    /// What every seat here has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Only these people may sit here.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_: Option<Who>,
    /// Never read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Value>,
}

/// Seats of a zone used by others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// When.
    pub on: On,
    /// How many.
    pub seats: u32,
    /// Why; private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// One desk.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    /// Unique among all desks.
    pub id: String,
    /// For people to read; the id if not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where the person's head is, in metres on the plan: [x, y].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<[f64; 2]>,
    /// What it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Only these people may sit here.
    #[serde(default, rename = "for", skip_serializing_if = "Option::is_none")]
    pub for_: Option<Who>,
    /// Days on which it cannot be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed: Vec<Absence>,
    /// Never read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Value>,
}

/// What went before this rota.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct History {
    /// The anchor of the rotas before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Date>,
    /// Assignments of the last 28 days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Assignment>,
    /// Counts over all that is past.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PersonHistory>,
}

/// One person's counts over all that is past.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonHistory {
    /// The person's id.
    pub person: String,
    /// Days worked, by weekday.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub worked: BTreeMap<Weekday, u32>,
    /// Days on site, by weekday.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub on_site: BTreeMap<Weekday, u32>,
    /// Days on each duty.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub duties: BTreeMap<String, u32>,
    /// Days on each shift.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shifts: BTreeMap<String, u32>,
    /// Wishes asked and refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wishes: Option<WishCount>,
    /// The cohort the person was in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohort: Option<String>,
}

/// Wishes asked and refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WishCount {
    /// How many wish-days there were.
    #[serde(default)]
    pub asked: u32,
    /// How many of them did not hold.
    #[serde(default)]
    pub refused: u32,
}

/// How much two people work together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tie {
    /// The two people.
    pub between: [String; 2],
    /// How much, in any unit; from 0.001 to 1e9.
    #[serde(default = "one")]
    pub weight: f64,
}

/// Where a person is on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssignedPlace {
    /// On site.
    OnSite,
    /// Working at home.
    Home,
    /// Not working.
    Off,
}

/// One person-day of a roster, of history or of a previous roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The person's id.
    pub person: String,
    /// The day; a shift past midnight belongs to the day on which it starts.
    pub on: Date,
    /// Where.
    pub place: AssignedPlace,
    /// The shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// The site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// The duty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<String>,
    /// The rules (or `wish`, `only`, `pin`) that would be worse if this visit were a day at home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_for: Option<Vec<String>>,
}

/// The largest weight of a wish, tie or rule: beyond it sums of costs would no longer be exact.
pub const MOST_WEIGHT: f64 = 1e9;
/// The smallest; no cost is told more exactly.
pub const LEAST_WEIGHT: f64 = 0.001;

/// What is said of a number that may not be a weight.
pub const NO_WEIGHT: &str = "a weight must be at least 0.001 and at most 1000000000";

/// Whether a number may be a weight.
pub fn is_weight(weight: f64) -> bool {
    (LEAST_WEIGHT..=MOST_WEIGHT).contains(&weight)
}

/// `1.0`, the default weight.
pub fn one() -> f64 {
    1.0
}

/// Whether it is the default weight.
pub fn is_one(number: &f64) -> bool {
    (*number - 1.0).abs() < f64::EPSILON
}

/// Whether it is false.
#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
pub fn is_false(flag: &bool) -> bool {
    !*flag
}
