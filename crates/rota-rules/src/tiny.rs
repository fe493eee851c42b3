//! Seven tiny sites on which every example of every rule is tried, on every roster there is.

use crate::problem::Problem;
use crate::scenario::Scenario;
use rota_core::roster::{Cell, Roster};
use rota_core::{Day, DeskIndex, PersonIndex, ShiftIndex, Site, ZoneIndex};

/// One of the tiny sites.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TinySite {
    /// Three people, two days, no places.
    Days,
    /// One person, ten working days in cut weeks with a closed day, a day of leave and history.
    Long,
    /// Three people, two days, three desks in two zones of two sites.
    Desks,
    /// Three people, two days, three shifts, one of them past midnight.
    Shifts,
    /// Two people, two days, two shifts that overlap, two desks, and a night before the first day.
    DeskShifts,
    /// Four people of unlike hours and freedom, two days, and counts of what is past.
    Uneven,
    /// Three people, two days at the end of a cut fortnight, desks and seats of which some are kept for some, and
    /// known days on them.
    Seats,
}

impl TinySite {
    /// All of them.
    pub const ALL: [TinySite; 7] = [
        TinySite::Days,
        TinySite::Long,
        TinySite::Desks,
        TinySite::Shifts,
        TinySite::DeskShifts,
        TinySite::Uneven,
        TinySite::Seats,
    ];

    /// Its scenario, without rules.
    pub fn json(self) -> &'static str {
        match self {
            TinySite::Days => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
  "people": [
    { "id": "ann", "name": "Ann", "team": "red", "tags": ["key"], "wishes": [ { "on": "mon", "place": "on_site", "weight": 2 } ] },
    { "id": "bob", "name": "Bob", "team": "red", "wishes": [ { "on": "mon", "place": "home" }, { "on": "tue", "place": "home", "avoid": true } ] },
    { "id": "cat", "name": "Cat", "team": "blue", "tags": ["key", "new"] } ] }"#
            }
            TinySite::Long => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-17", "to": "2020-06-30", "closed": ["2020-06-25"], "anchor": "2020-06-08" },
  "people": [
    { "id": "ann", "name": "Ann", "tags": ["key"], "away": ["2020-06-19"],
      "only": [ { "place": "home", "from": "2020-06-29", "to": "2020-06-29" } ],
      "wishes": [ { "on": "wed", "place": "on_site" } ] } ],
  "history": { "days": [
    { "person": "ann", "on": "2020-06-11", "place": "on_site" },
    { "person": "ann", "on": "2020-06-12", "place": "home" },
    { "person": "ann", "on": "2020-06-15", "place": "home" },
    { "person": "ann", "on": "2020-06-16", "place": "on_site" } ] } }"#
            }
            TinySite::Desks => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
  "people": [
    { "id": "ann", "name": "Ann", "team": "red", "tags": ["key"], "wishes": [ { "on": "mon", "desk": "N1" } ] },
    { "id": "bob", "name": "Bob", "team": "red", "wishes": [ { "on": "tue", "zone": "south", "avoid": true } ] },
    { "id": "cat", "name": "Cat", "team": "blue", "tags": ["key"] } ],
  "sites": [
    { "id": "main", "zones": [ { "id": "north", "desks": [ { "id": "N1", "at": [0, 0] }, { "id": "N2", "at": [1.4, 0] } ] } ] },
    { "id": "annex", "zones": [ { "id": "south", "desks": [ { "id": "S1", "at": [0, 0] } ] } ] } ] }"#
            }
            TinySite::Shifts => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-16",
    "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "12:00", "to": "20:00" },
                { "id": "night", "from": "20:00", "to": "08:00" } ] },
  "people": [
    { "id": "ann", "name": "Ann", "team": "red", "tags": ["key"], "wishes": [ { "on": "mon", "shift": "late" } ] },
    { "id": "bob", "name": "Bob", "team": "red", "wishes": [ { "on": "tue", "shift": "night", "avoid": true } ] },
    { "id": "cat", "name": "Cat", "team": "blue", "tags": ["key"] } ] }"#
            }
            TinySite::Uneven => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
  "people": [
    { "id": "ann", "name": "Ann", "wishes": [ { "on": "mon", "place": "home", "weight": 3 }, { "on": "tue", "place": "on_site" } ] },
    { "id": "bob", "name": "Bob", "works": ["tue"], "wishes": [ { "on": "tue", "place": "home" } ] },
    { "id": "cat", "name": "Cat", "base": "home" },
    { "id": "dan", "name": "Dan", "fixed": [ { "on": "mon", "place": "home" } ] } ],
  "history": { "people": [
    { "person": "ann", "worked": { "mon": 4, "tue": 4 }, "on_site": { "mon": 2, "tue": 1 }, "wishes": { "asked": 4, "refused": 1 } },
    { "person": "bob", "worked": { "tue": 4 }, "on_site": { "tue": 2 }, "wishes": { "asked": 3, "refused": 2 } },
    { "person": "dan", "worked": { "mon": 4, "tue": 4 }, "on_site": { "tue": 1 } } ] } }"#
            }
            TinySite::Seats => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-16", "anchor": "2020-06-08" },
  "people": [
    { "id": "ann", "name": "Ann", "team": "red", "tags": ["key"] },
    { "id": "bob", "name": "Bob", "team": "red" },
    { "id": "cat", "name": "Cat", "team": "blue" } ],
  "sites": [ { "id": "main", "zones": [
    { "id": "north", "desks": [ { "id": "N1" }, { "id": "N2", "for": { "people": ["ann"] } } ] },
    { "id": "bay", "seats": 2, "for": { "team": "red" } } ] } ],
  "history": { "days": [
    { "person": "ann", "on": "2020-06-10", "place": "on_site", "site": "main", "zone": "bay" },
    { "person": "bob", "on": "2020-06-10", "place": "on_site", "site": "main", "zone": "north", "desk": "N1" },
    { "person": "ann", "on": "2020-06-11", "place": "home" },
    { "person": "bob", "on": "2020-06-11", "place": "on_site", "site": "main", "zone": "north", "desk": "N1" },
    { "person": "cat", "on": "2020-06-11", "place": "home" },
    { "person": "ann", "on": "2020-06-12", "place": "on_site", "site": "main", "zone": "north", "desk": "N1" },
    { "person": "bob", "on": "2020-06-12", "place": "home" } ] } }"#
            }
            TinySite::DeskShifts => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-16", "work_days": ["mon", "tue", "sun"],
    "shifts": [ { "id": "day", "from": "08:00", "to": "20:00" }, { "id": "night", "from": "19:00", "to": "09:00" } ] },
  "people": [
    { "id": "ann", "name": "Ann", "team": "red", "tags": ["key"], "wishes": [ { "on": "mon", "shift": "day", "desk": "N2" } ] },
    { "id": "bob", "name": "Bob", "team": "red" } ],
  "sites": [ { "id": "main", "zones": [ { "id": "north", "desks": [ { "id": "N1", "at": [0, 0] }, { "id": "N2", "at": [1.4, 0] } ] } ] } ],
  "history": { "days": [
    { "person": "bob", "on": "2020-06-14", "place": "on_site", "shift": "night", "site": "main", "zone": "north", "desk": "N1" } ] } }"#
            }
        }
    }

    /// Its scenario with some rules, read and checked.
    ///
    /// # Panics
    /// When it cannot be read: the tiny sites are written by hand and tested.
    pub fn problem(self, rules: &[crate::entry::RuleEntry]) -> Problem {
        let read = Scenario::read(self.json());
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        let mut scenario = read.scenario.expect("a scenario without findings");
        scenario.rules = rules.to_vec();
        match Problem::new(&scenario) {
            Ok((problem, _)) => problem,
            Err(findings) => panic!("{findings:?}"),
        }
    }
}

/// Every state in which a person who works may be on a day, whether or not a law allows it.
pub fn states(site: &Site, person: PersonIndex, day: Day) -> Vec<Cell> {
    if !site.works(person, day) {
        return vec![Cell::OFF];
    }
    let mut states = vec![Cell::HOME];
    let shifts: Vec<Option<ShiftIndex>> = match site.calendar.shifts.len() {
        0 => vec![None],
        count => ShiftIndex::all(count).map(Some).collect(),
    };
    for shift in shifts {
        let on_site = Cell { shift, ..Cell::ON_SITE };
        if site.zones.is_empty() {
            states.push(on_site);
        }
        for zone in ZoneIndex::all(site.zones.len()) {
            let there = Cell { zone: Some(zone), site: Some(site.site_of(zone)), ..on_site };
            if site.zone(zone).seats.is_some() {
                states.push(there);
            }
            states.extend(
                DeskIndex::all(site.desks.len())
                    .filter(|desk| site.desk(*desk).zone == zone)
                    .map(|desk| Cell { desk: Some(desk), ..there }),
            );
        }
    }
    states
}

/// Calls `look` with every roster of a small site, those that break a law included.
pub fn every_roster(site: &Site, look: &mut dyn FnMut(&Roster)) {
    let choices: Vec<(PersonIndex, Day, Vec<Cell>)> = PersonIndex::all(site.people.len())
        .flat_map(|person| site.calendar.days().map(move |day| (person, day)))
        .map(|(person, day)| (person, day, states(site, person, day)))
        .filter(|(_, _, states)| states.len() > 1)
        .collect();
    let mut roster = Roster::at_home(site);
    let mut at = vec![0usize; choices.len()];
    loop {
        for (place, (person, day, states)) in at.iter().zip(&choices) {
            roster.set(*person, *day, states[*place]);
        }
        look(&roster);
        let Some(next) = (0..at.len()).find(|place| at[*place] + 1 < choices[*place].2.len()) else { return };
        at[next] += 1;
        at[..next].fill(0);
    }
}
