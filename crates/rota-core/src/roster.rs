//! A roster: where everybody is on every day.

use crate::calendar::{Moment, ShiftSet};
use crate::finding::{pointer_part, Finding};
use crate::index::{CohortIndex, Day, DeskIndex, DutyIndex, PersonIndex, ShiftIndex, SiteIndex, ZoneIndex};
use crate::select::{Presence, Spot};
use crate::site::Site;
use crate::typed::{AssignedPlace, Assignment};
use std::collections::{BTreeMap, HashMap};

pub use crate::typed::AssignedPlace as Place;

/// Where one person is on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cell {
    /// On site, at home or not working.
    pub place: Place,
    /// The shift, on site.
    pub shift: Option<ShiftIndex>,
    /// The site, on site.
    pub site: Option<SiteIndex>,
    /// The zone, on site.
    pub zone: Option<ZoneIndex>,
    /// The desk, on site.
    pub desk: Option<DeskIndex>,
    /// The duty, on site.
    pub duty: Option<DutyIndex>,
}

impl Cell {
    /// Not working.
    pub const OFF: Cell =
        Cell { place: Place::Off, shift: None, site: None, zone: None, desk: None, duty: None };
    /// Working at home.
    pub const HOME: Cell = Cell { place: Place::Home, ..Cell::OFF };
    /// On site, with nothing more known.
    pub const ON_SITE: Cell = Cell { place: Place::OnSite, ..Cell::OFF };

    /// Whether the person is on site in this way.
    pub fn fits(&self, _site: &Site, presence: &Presence) -> bool {
        self.place == Place::OnSite
            && (presence.shifts == ShiftSet::ALL || presence.shifts.has(self.shift))
            && match presence.spot {
                Spot::Anywhere => true,
                Spot::Site(site) => self.site == Some(site),
                Spot::Zone(zone) => self.zone == Some(zone),
                Spot::Desk(desk) => self.desk == Some(desk),
            }
    }

    /// Reads an assignment; names that no longer exist are left out.
    pub fn read_lenient(site: &Site, assignment: &Assignment) -> Cell {
        let desk = assignment.desk.as_deref().and_then(|id| site.desk_named(id));
        let zone = assignment.zone.as_deref().and_then(|id| site.zone_named(id));
        let zone = zone.or_else(|| desk.map(|desk| site.desk(desk).zone));
        let place = assignment.site.as_deref().and_then(|id| site.site_named(id));
        Cell {
            place: assignment.place,
            shift: assignment.shift.as_deref().and_then(|id| site.shift(id)),
            site: place.or_else(|| zone.map(|zone| site.site_of(zone))),
            zone,
            desk,
            duty: assignment.duty.as_deref().and_then(|name| site.duty(name)),
        }
    }
}

/// Where everybody is on every day of the calendar, with the known days before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Roster {
    first: Day,
    days: usize,
    cells: Vec<Cell>,
    cohorts: Vec<Option<CohortIndex>>,
}

impl Roster {
    /// Everybody who works is at home.
    pub fn at_home(site: &Site) -> Roster {
        let first = site.calendar.first_known;
        let days = site.calendar.len() + (-first.0) as usize;
        let mut cells = Vec::with_capacity(days * site.people.len());
        for person in PersonIndex::all(site.people.len()) {
            cells.extend_from_slice(&site.past[person.at()]);
            cells.extend(site.calendar.days().map(|day| {
                if site.works(person, day) {
                    Cell::HOME
                } else {
                    Cell::OFF
                }
            }));
        }
        let mut roster = Roster { first, days, cells, cohorts: vec![None; site.people.len()] };
        roster.deal_cohorts(site);
        roster
    }

    /// The cohort a person is in.
    pub fn cohort(&self, person: PersonIndex) -> Option<CohortIndex> {
        self.cohorts[person.at()]
    }

    /// Puts a person into a cohort.
    pub fn set_cohort(&mut self, person: PersonIndex, cohort: Option<CohortIndex>) {
        self.cohorts[person.at()] = cohort;
    }

    /// Gives everybody who is in no cohort yet, and belongs in one, the one laid down, else the one on whose days
    /// fewest of their visits fall outside; the first on ties.
    pub fn deal_cohorts(&mut self, site: &Site) {
        for (person, membership) in &site.names.members {
            if self.cohort(*person).is_some() {
                continue;
            }
            let outside = |cohort: &CohortIndex| {
                let on_site =
                    |day: &Day| self.at(*person, *day).place == Place::OnSite && site.calendar.is_open(*day);
                site.calendar.days().filter(on_site).filter(|day| !membership.is_on(*cohort, *day)).count()
            };
            let best = membership.given.or_else(|| membership.choices.iter().copied().min_by_key(outside));
            self.cohorts[person.at()] = best;
        }
    }

    fn place(&self, person: PersonIndex, day: Day) -> usize {
        let offset = usize::try_from(day.0 - self.first.0).expect("the day is known");
        debug_assert!(offset < self.days);
        person.at() * self.days + offset
    }

    /// Where a person is on a day of the calendar or of known history.
    pub fn at(&self, person: PersonIndex, day: Day) -> &Cell {
        &self.cells[self.place(person, day)]
    }

    /// Puts a person somewhere on a day.
    pub fn set(&mut self, person: PersonIndex, day: Day, cell: Cell) {
        let place = self.place(person, day);
        self.cells[place] = cell;
    }

    /// Whether a person is on site in this way on a day.
    pub fn is_there(&self, site: &Site, person: PersonIndex, day: Day, presence: &Presence) -> bool {
        self.at(person, day).fits(site, presence)
    }

    /// Whether a person is on site at a moment and place.
    pub fn is_at(&self, site: &Site, person: PersonIndex, moment: &Moment, spot: Spot) -> bool {
        moment
            .parts
            .iter()
            .any(|(day, shifts)| self.is_there(site, person, *day, &Presence { shifts: *shifts, spot }))
    }

    /// Reads a list of assignments, and the cohorts of people by their id. Days left out are off. Mistakes (unknown
    /// names, a person twice on a day, dates outside the calendar, a cohort other than the one laid down) are all
    /// in the list. Who has no cohort is given one: see [`Roster::deal_cohorts`].
    pub fn read(
        site: &Site,
        assignments: &[Assignment],
        cohorts: &BTreeMap<String, String>,
    ) -> (Roster, Vec<Finding>) {
        let mut findings = Vec::new();
        let mut roster = Roster::at_home(site);
        roster.cohorts.fill(None);
        for person in PersonIndex::all(site.people.len()) {
            for day in site.calendar.days() {
                roster.set(person, day, Cell::OFF);
            }
        }
        let mut seen: HashMap<(PersonIndex, Day), usize> = HashMap::new();
        for (at, assignment) in assignments.iter().enumerate() {
            let pointer = format!("/assignments/{at}");
            let person = site.person_named(&assignment.person);
            if person.is_none() {
                findings.push(site.unknown_person(
                    "roster",
                    &format!("{pointer}/person"),
                    &assignment.person,
                ));
            }
            let day = site.calendar.day(assignment.on);
            if day.is_none() {
                findings.push(
                    Finding::error(
                        "roster.outside",
                        format!("{pointer}/on"),
                        format!("{} is not in the calendar of the scenario", assignment.on),
                    )
                    .help("take the line out, or check that this roster belongs to this scenario"),
                );
            }
            unknown_names(site, assignment, &pointer, &mut findings);
            let (Some(person), Some(day)) = (person, day) else { continue };
            if let Some(first) = seen.insert((person, day), at) {
                findings.push(
                    Finding::error(
                        "roster.twice",
                        &pointer,
                        format!("`{}` is in assignments[{first}] on the same day", assignment.person),
                    )
                    .help("keep one of the two"),
                );
                continue;
            }
            roster.set(person, day, Cell::read_lenient(site, assignment));
        }
        roster.read_cohorts(site, cohorts, &mut findings);
        roster.deal_cohorts(site);
        (roster, findings)
    }

    fn read_cohorts(&mut self, site: &Site, cohorts: &BTreeMap<String, String>, findings: &mut Vec<Finding>) {
        for (id, name) in cohorts {
            let pointer = format!("/cohorts/{}", pointer_part(id));
            let Some(person) = site.person_named(id) else {
                findings.push(site.unknown_person("roster", &pointer, id));
                continue;
            };
            let Some(cohort) = site.cohort(name) else {
                findings.push(site.unknown_cohort("roster", &pointer, name));
                continue;
            };
            let named = |cohort: &CohortIndex| site.names.cohorts[cohort.at()].as_str();
            let problem = match site.membership(person) {
                None => Some(format!("`{id}` is in no rule `cohorts`")),
                Some(membership) => match membership.given {
                    Some(given) if given != cohort => {
                        Some(format!("`{id}` is in {} by the scenario, not in {name}", named(&given)))
                    }
                    None if !membership.choices.contains(&cohort) => {
                        let names: Vec<&str> = membership.choices.iter().map(named).collect();
                        Some(format!("`{id}` may be in {}, not in {name}", names.join(", ")))
                    }
                    _ => None,
                },
            };
            match problem {
                Some(message) => findings.push(
                    Finding::error("roster.cohort", &pointer, message)
                        .help("correct the cohort here, or the rule `cohorts` of the scenario"),
                ),
                None => self.set_cohort(person, Some(cohort)),
            }
        }
    }

    /// The cohort of everybody who is in one, by id.
    pub fn cohorts(&self, site: &Site) -> BTreeMap<String, String> {
        PersonIndex::all(site.people.len())
            .filter_map(|person| {
                let cohort = self.cohort(person)?;
                Some((site.person(person).id.clone(), site.names.cohorts[cohort.at()].clone()))
            })
            .collect()
    }

    /// The assignments of the calendar, in the order of people, then days.
    pub fn assignments(&self, site: &Site) -> Vec<Assignment> {
        let mut assignments = Vec::new();
        for index in PersonIndex::all(site.people.len()) {
            for day in site.calendar.days() {
                if site.calendar.is_open(day) || self.at(index, day).place != AssignedPlace::Off {
                    assignments.push(self.assignment(site, index, day));
                }
            }
        }
        assignments
    }

    /// One person-day with ids and date.
    pub fn assignment(&self, site: &Site, person: PersonIndex, day: Day) -> Assignment {
        let cell = self.at(person, day);
        Assignment {
            person: site.person(person).id.clone(),
            on: site.calendar.date(day),
            place: cell.place,
            shift: cell.shift.map(|shift| site.calendar.shifts[shift.at()].id.clone()),
            site: cell.site.map(|premises| site.premises[premises.at()].id.clone()),
            zone: cell.zone.map(|zone| site.zone(zone).id.clone()),
            desk: cell.desk.map(|desk| site.desk(desk).id.clone()),
            duty: cell.duty.map(|duty| site.names.duties[duty.at()].clone()),
            needed_for: None,
        }
    }
}

fn unknown_names(site: &Site, assignment: &Assignment, pointer: &str, findings: &mut Vec<Finding>) {
    if let Some(id) = &assignment.shift {
        if site.shift(id).is_none() {
            findings.push(site.unknown_shift("roster", &format!("{pointer}/shift"), id));
        }
    }
    if let Some(id) = assignment.site.as_ref().filter(|id| site.site_named(id).is_none()) {
        findings.push(site.unknown_site("roster", &format!("{pointer}/site"), id));
    }
    if let Some(id) = assignment.zone.as_ref().filter(|id| site.zone_named(id).is_none()) {
        findings.push(site.unknown_zone("roster", &format!("{pointer}/zone"), id));
    }
    if let Some(id) = assignment.desk.as_ref().filter(|id| site.desk_named(id).is_none()) {
        findings.push(site.unknown_desk("roster", &format!("{pointer}/desk"), id));
    }
    if let Some(name) = assignment.duty.as_ref().filter(|name| site.duty(name).is_none()) {
        findings.push(site.unknown_duty("roster", &format!("{pointer}/duty"), name));
    }
}
