//! Nine tiny sites on which every example of every rule is tried, on every roster there is.

use crate::problem::Problem;
use crate::scenario::Scenario;
use rota_core::roster::{Cell, Roster};
use rota_core::{CohortIndex, Day, DeskIndex, PersonIndex, ShiftIndex, Site, ZoneIndex};

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
    /// Four people, one day, two cohorts that may be of any size, and ties.
    Cohorts,
    /// Four people of unlike hours and freedom, two days, and counts of what is past.
    Uneven,
    /// Two people, two weekends and a Monday, unequal shifts (one past midnight, one without times), cut weeks,
    /// leave, history and a rota that this one replaces.
    Weekends,
    /// Three people, two days at the end of a cut fortnight, desks and seats of which some are kept for some, and
    /// known days on them.
    Seats,
}

impl TinySite {
    /// All of them.
    pub const ALL: [TinySite; 9] = [
        TinySite::Days,
        TinySite::Long,
        TinySite::Desks,
        TinySite::Shifts,
        TinySite::DeskShifts,
        TinySite::Uneven,
        TinySite::Cohorts,
        TinySite::Weekends,
        TinySite::Seats,
    ];

    /// Its scenario, without rules.
    pub fn json(self) -> &'static str {
        match self {
            TinySite::Days => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-16", "anchor": "2020-06-15" },
  "people": [
    { "id": "ann", "name": "Ann", "team": "red", "tags": ["key"], "wishes": [ { "on": "mon", "place": "on_site", "weight": 2 } ] },
    { "id": "bob", "name": "Bob", "team": "red", "wishes": [ { "on": "mon", "place": "home" }, { "on": "tue", "place": "home", "avoid": true } ] },
    { "id": "cat", "name": "Cat", "team": "blue", "tags": ["key", "new"] } ],
  "previous": [
    { "person": "ann", "on": "2020-06-15", "place": "on_site" }, { "person": "ann", "on": "2020-06-16", "place": "home" },
    { "person": "bob", "on": "2020-06-15", "place": "home" }, { "person": "bob", "on": "2020-06-16", "place": "off" },
    { "person": "cat", "on": "2020-06-16", "place": "on_site" } ] }"#
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
    { "id": "annex", "zones": [ { "id": "south", "desks": [ { "id": "S1", "at": [0, 0] } ] } ] } ],
  "previous": [
    { "person": "ann", "on": "2020-06-15", "place": "on_site", "site": "main", "zone": "north", "desk": "N1" },
    { "person": "ann", "on": "2020-06-16", "place": "home" },
    { "person": "bob", "on": "2020-06-15", "place": "on_site", "zone": "north" },
    { "person": "bob", "on": "2020-06-16", "place": "on_site", "site": "main" },
    { "person": "cat", "on": "2020-06-15", "place": "on_site", "site": "annex", "desk": "gone" } ] }"#
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
  "rules": [ { "duty": { "name": "post", "who": { "people": ["ann", "bob"] }, "at_least": 0 } } ],
  "history": { "people": [
    { "person": "ann", "worked": { "mon": 4, "tue": 4 }, "on_site": { "mon": 2, "tue": 1 }, "duties": { "post": 1 }, "wishes": { "asked": 4, "refused": 1 } },
    { "person": "bob", "worked": { "tue": 4 }, "on_site": { "tue": 2 }, "wishes": { "asked": 3, "refused": 2 } },
    { "person": "dan", "worked": { "mon": 4, "tue": 4 }, "on_site": { "tue": 1 } } ] } }"#
            }
            TinySite::Cohorts => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-15", "to": "2020-06-15", "anchor": "2020-06-15" },
  "people": [ { "id": "ann", "name": "Ann", "team": "red" }, { "id": "bob", "name": "Bob", "team": "red" },
              { "id": "cat", "name": "Cat" }, { "id": "dan", "name": "Dan" } ],
  "rules": [ { "cohorts": { "count": 2, "cycle": "week_about", "members": { "B": ["dan"] }, "at_least": 0, "at_most": 4 } } ],
  "ties": [ { "between": ["ann", "bob"], "weight": 2 }, { "between": ["cat", "bob"], "weight": 0.5 },
            { "between": ["dan", "cat"] } ] }"#
            }
            TinySite::Weekends => {
                r#"{ "scenario": 1,
  "calendar": { "from": "2020-06-14", "to": "2020-06-22", "work_days": ["mon", "tue", "sat", "sun"],
    "shifts": [ { "id": "early", "from": "06:00", "to": "14:00", "hours": 7.5 }, { "id": "night", "from": "22:00", "to": "07:00" },
                { "id": "call", "hours": 4 } ] },
  "people": [
    { "id": "ann", "name": "Ann", "tags": ["key"], "away": ["2020-06-16"], "wishes": [ { "on": "sat", "shift": "night" } ] },
    { "id": "bob", "name": "Bob", "works": ["sat"] } ],
  "history": { "days": [
    { "person": "ann", "on": "2020-06-12", "place": "on_site", "shift": "early" },
    { "person": "ann", "on": "2020-06-13", "place": "on_site", "shift": "night" },
    { "person": "bob", "on": "2020-06-13", "place": "home" } ] },
  "previous": [
    { "person": "ann", "on": "2020-06-14", "place": "home" },
    { "person": "ann", "on": "2020-06-15", "place": "on_site", "shift": "night" },
    { "person": "ann", "on": "2020-06-16", "place": "on_site", "shift": "night" },
    { "person": "ann", "on": "2020-06-20", "place": "on_site", "shift": "swing" },
    { "person": "ann", "on": "2020-06-21", "place": "off" },
    { "person": "bob", "on": "2020-06-20", "place": "on_site", "shift": "call" } ] }"#
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
    { "person": "bob", "on": "2020-06-14", "place": "on_site", "shift": "night", "site": "main", "zone": "north", "desk": "N1" } ] },
  "previous": [
    { "person": "ann", "on": "2020-06-15", "place": "on_site", "shift": "day", "desk": "N2" },
    { "person": "ann", "on": "2020-06-16", "place": "on_site", "shift": "night", "zone": "north" },
    { "person": "bob", "on": "2020-06-15", "place": "on_site", "desk": "N1" },
    { "person": "bob", "on": "2020-06-16", "place": "home" } ] }"#
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
        // Rules of the site itself come last, so that those tried keep their places.
        let own = std::mem::take(&mut scenario.rules);
        scenario.rules = rules.iter().cloned().chain(own).collect();
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
    let shifts: Vec<Option<ShiftIndex>> = match site.calendar.shifts.len() {
        0 => vec![None],
        count => ShiftIndex::all(count).map(Some).collect(),
    };
    let mut on_site = Vec::new();
    for shift in shifts {
        let there = Cell { shift, ..Cell::ON_SITE };
        if site.zones.is_empty() {
            on_site.push(there);
        }
        for zone in ZoneIndex::all(site.zones.len()) {
            let there = Cell { zone: Some(zone), site: Some(site.site_of(zone)), ..there };
            if site.zone(zone).seats.is_some() {
                on_site.push(there);
            }
            on_site.extend(
                DeskIndex::all(site.desks.len())
                    .filter(|desk| site.desk(*desk).zone == zone)
                    .map(|desk| Cell { desk: Some(desk), ..there }),
            );
        }
    }
    let duties = site.duties_of(person, day);
    let busy = on_site.clone().into_iter().flat_map(|cell| {
        duties.iter().map(move |duty| Cell { duty: Some(*duty), ..cell }).collect::<Vec<_>>()
    });
    [Cell::HOME].into_iter().chain(on_site).chain(busy).collect()
}

/// What is turned from one roster to the next.
enum Wheel {
    Day(PersonIndex, Day, Vec<Cell>),
    Cohort(PersonIndex, Vec<CohortIndex>),
}

impl Wheel {
    fn len(&self) -> usize {
        match self {
            Wheel::Day(_, _, states) => states.len(),
            Wheel::Cohort(_, cohorts) => cohorts.len(),
        }
    }
}

/// Calls `look` with every roster of a small site, those that break a law included.
pub fn every_roster(site: &Site, look: &mut dyn FnMut(&Roster)) {
    let days = PersonIndex::all(site.people.len())
        .flat_map(|person| site.calendar.days().map(move |day| (person, day)))
        .map(|(person, day)| Wheel::Day(person, day, states(site, person, day)));
    let cohorts = site
        .names
        .members
        .iter()
        .filter(|(_, membership)| membership.given.is_none())
        .map(|(person, membership)| Wheel::Cohort(*person, membership.choices.clone()));
    let wheels: Vec<Wheel> = days.chain(cohorts).filter(|wheel| wheel.len() > 1).collect();
    let mut roster = Roster::at_home(site);
    let mut at = vec![0usize; wheels.len()];
    loop {
        for (place, wheel) in at.iter().zip(&wheels) {
            match wheel {
                Wheel::Day(person, day, states) => roster.set(*person, *day, states[*place]),
                Wheel::Cohort(person, cohorts) => roster.set_cohort(*person, Some(cohorts[*place])),
            }
        }
        look(&roster);
        let Some(next) = (0..at.len()).find(|place| at[*place] + 1 < wheels[*place].len()) else { return };
        at[next] += 1;
        at[..next].fill(0);
    }
}
