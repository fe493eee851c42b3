//! How many people are on site when chance decides, as a document.

use crate::document::FORMAT;
use rota_core::Date;
use rota_planner::attendance::{over_any, places_for_all, Distribution, EvenRota};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Chances below this are left out of a document.
const SMALLEST: f64 = 1e-12;

/// What `rota what-if --attendance` found. Different days are taken as independent of one another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttendanceDocument {
    /// The version of the format: 1.
    pub attendance: u32,
    /// Who decides who comes.
    pub chosen: Chosen,
    /// How many people there are.
    pub people: usize,
    /// How many days are looked at.
    pub days: usize,
    /// The chance that is wanted of places being enough.
    pub promise: f64,
    /// Whether the places keep the promise on each single day; only where places are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<bool>,
    /// The fewest places that keep the promise on each single day.
    pub enough_each_day: usize,
    /// The fewest places, the same number every day, that keep it for all days together.
    pub enough_all_days: usize,
    /// The chance that on at least one day more people come than there are places; only where places are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over_any_day: Option<f64>,
    /// What a rota of as many visits needs; only for free choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rota: Option<EvenRotaDocument>,
    /// Each day; one for all of them where all are alike.
    pub each: Vec<DayDocument>,
}

/// Who decides who comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Chosen {
    /// Each person, or each party that comes together, by themselves.
    Freely,
    /// A roster, of which some people do not come.
    Roster,
}

/// A rota that plans as many visits as free choice makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EvenRotaDocument {
    /// Places that are enough for it.
    pub places: usize,
    /// Over how many working days it was dealt.
    pub days: usize,
    /// Places that it saves against free choice with the promise on each single day; below 0 where it needs more.
    pub saves: i64,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DayDocument {
    /// The day; none where all are alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<Date>,
    /// People on site on average.
    pub mean: f64,
    /// No more than so many come on half of such days.
    pub half: usize,
    /// No more than so many come on 19 days of 20.
    pub q95: usize,
    /// No more than so many come on 99 days of 100.
    pub q99: usize,
    /// The fewest places that keep the promise.
    pub enough: usize,
    /// The places there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<usize>,
    /// The chance that more people come than there are places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<f64>,
    /// The number of people of the first of `chances`.
    pub least: usize,
    /// The chance of each number of people, from `least` on; what is less likely than 1 in 1,000,000,000,000 at either end
    /// is left out.
    pub chances: Vec<f64>,
}

/// One day that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Looked {
    /// The day; none where all are alike.
    pub on: Option<Date>,
    /// How likely each number of people is.
    pub distribution: Distribution,
    /// The places there are.
    pub places: Option<usize>,
}

impl DayDocument {
    fn of(looked: &Looked, promise: f64) -> DayDocument {
        let found = &looked.distribution;
        let seen = |chance: &f64| *chance >= SMALLEST;
        let least = found.chances.iter().position(seen).unwrap_or(0);
        let last = found.chances.iter().rposition(seen).unwrap_or(0);
        DayDocument {
            on: looked.on,
            mean: found.mean(),
            half: found.quantile(0.5),
            q95: found.quantile(0.95),
            q99: found.quantile(0.99),
            enough: found.quantile(promise),
            places: looked.places,
            over: looked.places.map(|places| found.over(places)),
            least,
            chances: found.chances[least..=last].to_vec(),
        }
    }
}

impl AttendanceDocument {
    /// The document of days that were looked at, each of them `alike` times over.
    pub fn of(
        chosen: Chosen,
        people: usize,
        (days, alike): (&[Looked], usize),
        promise: f64,
        rota: Option<EvenRota>,
    ) -> AttendanceDocument {
        let each: Vec<DayDocument> = days.iter().map(|day| DayDocument::of(day, promise)).collect();
        let repeated = || days.iter().flat_map(|day| std::iter::repeat_n(day, alike));
        let with_places: Option<Vec<(&Distribution, usize)>> =
            repeated().map(|day| Some((&day.distribution, day.places?))).collect();
        let all: Vec<&Distribution> = repeated().map(|day| &day.distribution).collect();
        let enough_each_day = each.iter().map(|day| day.enough).max().unwrap_or(0);
        AttendanceDocument {
            attendance: FORMAT,
            chosen,
            people,
            days: days.len() * alike,
            promise,
            kept: with_places
                .is_some()
                .then(|| each.iter().all(|day| day.places.is_some_and(|places| day.enough <= places))),
            enough_each_day,
            enough_all_days: places_for_all(&all, promise),
            over_any_day: with_places.map(|days| over_any(&days)),
            rota: rota.map(|rota| EvenRotaDocument {
                places: rota.places,
                days: rota.days,
                saves: enough_each_day as i64 - rota.places as i64,
            }),
            each,
        }
    }
}
