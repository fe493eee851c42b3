//! What two rosters have people do differently, person by person and day by day.
//!
//! A day that a roster leaves out is off. What one of the two rosters never names (shifts, desks ...) is not
//! compared: a table without a column for desks does not move everybody.

use rota_core::typed::{AssignedPlace, Assignment};
use rota_core::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Where somebody is on a day, as a roster says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Spot {
    /// On site, at home or not working.
    pub place: AssignedPlace,
    /// The shift's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// The site's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The zone's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The desk's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// The duty's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duty: Option<String>,
}

impl Spot {
    /// Not working.
    pub const OFF: Spot =
        Spot { place: AssignedPlace::Off, shift: None, site: None, zone: None, desk: None, duty: None };

    /// What an assignment says.
    pub fn of(assignment: &Assignment) -> Spot {
        Spot {
            place: assignment.place,
            shift: assignment.shift.clone(),
            site: assignment.site.clone(),
            zone: assignment.zone.clone(),
            desk: assignment.desk.clone(),
            duty: assignment.duty.clone(),
        }
    }
}

/// The first thing in which two spots differ, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Differs {
    /// On site, at home or off.
    Place,
    /// Another site.
    Site,
    /// Another shift.
    Shift,
    /// Another zone or desk of the same site.
    Seat,
    /// Another duty, at the same seat.
    Duty,
}

/// One person-day that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The person's id.
    pub person: String,
    /// The day.
    pub on: Date,
    /// In what.
    pub differs: Differs,
    /// Where they were.
    pub old: Spot,
    /// Where they are.
    pub new: Spot,
}

/// What is compared beside the place: what both rosters name somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // five independent questions
pub struct Compared {
    /// Shifts.
    pub shifts: bool,
    /// Sites.
    pub sites: bool,
    /// Zones.
    pub zones: bool,
    /// Desks.
    pub desks: bool,
    /// Duties.
    pub duties: bool,
}

impl Compared {
    /// What both rosters name. What neither names needs no comparing and counts as compared.
    pub fn of(old: &[Assignment], new: &[Assignment]) -> Compared {
        let both = |field: &dyn Fn(&Assignment) -> bool| old.iter().any(field) == new.iter().any(field);
        let visits = |list: &[Assignment]| list.iter().any(|one| one.place == AssignedPlace::OnSite);
        // A roster in which nobody comes in leaves nothing unsaid.
        let says = |field: &dyn Fn(&Assignment) -> bool| !visits(old) || !visits(new) || both(field);
        Compared {
            shifts: says(&|one| one.shift.is_some()),
            sites: says(&|one| one.site.is_some()),
            zones: says(&|one| one.zone.is_some()),
            desks: says(&|one| one.desk.is_some()),
            // Duties come and go with the rules that name them.
            duties: true,
        }
    }

    /// What is not compared, in words.
    pub fn left_out(&self) -> Vec<&'static str> {
        [
            (self.shifts, "shifts"),
            (self.sites, "sites"),
            (self.zones, "zones"),
            (self.desks, "desks"),
            (self.duties, "duties"),
        ]
        .into_iter()
        .filter(|(compared, _)| !compared)
        .map(|(_, what)| what)
        .collect()
    }
}

/// In what two spots differ, if in anything.
pub fn differs(old: &Spot, new: &Spot, compared: Compared) -> Option<Differs> {
    if old.place != new.place {
        return Some(Differs::Place);
    }
    if old.place != AssignedPlace::OnSite {
        return None;
    }
    [
        (compared.sites && old.site != new.site, Differs::Site),
        (compared.shifts && old.shift != new.shift, Differs::Shift),
        ((compared.zones && old.zone != new.zone) || (compared.desks && old.desk != new.desk), Differs::Seat),
        (compared.duties && old.duty != new.duty, Differs::Duty),
    ]
    .into_iter()
    .find(|(other, _)| *other)
    .map(|(_, what)| what)
}

/// The person-days from `from` to `to`, both included, that differ: in the order in which the new roster names
/// people (those whom only the old one names come last), then by day.
pub fn changes(old: &[Assignment], new: &[Assignment], (from, to): (Date, Date)) -> Vec<Change> {
    let compared = Compared::of(old, new);
    let mut order: HashMap<&str, usize> = HashMap::new();
    for assignment in new.iter().chain(old) {
        let next = order.len();
        order.entry(assignment.person.as_str()).or_insert(next);
    }
    let mut pairs: BTreeMap<(usize, Date), (&str, [Spot; 2])> = BTreeMap::new();
    for (side, list) in [old, new].into_iter().enumerate() {
        for assignment in list.iter().filter(|one| from <= one.on && one.on <= to) {
            let person = assignment.person.as_str();
            let pair =
                pairs.entry((order[person], assignment.on)).or_insert((person, [Spot::OFF, Spot::OFF]));
            pair.1[side] = Spot::of(assignment);
        }
    }
    pairs
        .into_iter()
        .filter_map(|((_, on), (person, [old, new]))| {
            let differs = differs(&old, &new, compared)?;
            Some(Change { person: person.to_string(), on, differs, old, new })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Vec<Assignment> {
        serde_json::from_str(text).expect("reads")
    }

    fn told(old: &str, new: &str) -> Vec<String> {
        let days = (Date::new(2020, 6, 15), Date::new(2020, 6, 19));
        changes(&list(old), &list(new), days)
            .into_iter()
            .map(|change| format!("{} {} {:?}", change.person, change.on, change.differs))
            .collect()
    }

    const OLD: &str = r#"[
      { "person": "amy", "on": "2020-06-15", "place": "on_site", "zone": "north", "desk": "N1", "shift": "early" },
      { "person": "amy", "on": "2020-06-16", "place": "on_site", "zone": "north", "desk": "N1", "shift": "early" },
      { "person": "amy", "on": "2020-06-17", "place": "home" },
      { "person": "ben", "on": "2020-06-15", "place": "home" },
      { "person": "ben", "on": "2020-06-16", "place": "off" },
      { "person": "ben", "on": "2020-06-22", "place": "home" } ]"#;

    #[test]
    fn each_day_is_told_by_what_weighs_most() {
        let new = r#"[
          { "person": "ben", "on": "2020-06-15", "place": "on_site", "zone": "north", "desk": "N1", "shift": "late", "duty": "post" },
          { "person": "amy", "on": "2020-06-15", "place": "on_site", "zone": "north", "desk": "N2", "shift": "late" },
          { "person": "amy", "on": "2020-06-16", "place": "on_site", "zone": "north", "desk": "N2", "shift": "early" },
          { "person": "amy", "on": "2020-06-17", "place": "home" } ]"#;
        // Ben's Tuesday is off in both, once in words; his next Monday is outside the days compared.
        assert_eq!(told(OLD, new), ["ben 2020-06-15 Place", "amy 2020-06-15 Shift", "amy 2020-06-16 Seat"]);
        assert!(told(OLD, OLD).is_empty());
    }

    #[test]
    fn what_one_roster_never_names_is_not_compared() {
        let bare = r#"[
          { "person": "amy", "on": "2020-06-15", "place": "on_site" }, { "person": "amy", "on": "2020-06-16", "place": "home" },
          { "person": "amy", "on": "2020-06-17", "place": "home" }, { "person": "ben", "on": "2020-06-15", "place": "home" } ]"#;
        assert_eq!(told(OLD, bare), ["amy 2020-06-16 Place"]);
        let compared = Compared::of(&list(OLD), &list(bare));
        assert_eq!(compared.left_out(), ["shifts", "zones", "desks"]);
    }

    #[test]
    fn a_day_left_out_is_off() {
        let new = r#"[ { "person": "amy", "on": "2020-06-15", "place": "home" } ]"#;
        assert_eq!(
            told(OLD, new),
            ["amy 2020-06-15 Place", "amy 2020-06-16 Place", "amy 2020-06-17 Place", "ben 2020-06-15 Place"]
        );
    }
}
