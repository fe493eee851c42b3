//! The checked and indexed scenario without its rules: who works when, where there is room, what went before.

use crate::calendar::{Calendar, Per, Period, ShiftSet};
use crate::finding::Finding;
use crate::index::{Day, DeskIndex, DutyIndex, PersonIndex, ShiftIndex, SiteIndex, TeamIndex, ZoneIndex};
use crate::names::Names;
use crate::near::Near;
use crate::roster::{Cell, Place};
use crate::select::{Presence, Spot};
use crate::typed::{self, Base, DefaultPlace, WorkPlace};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;

pub use crate::build::is_id;

/// Everything a rule may ask about, read only. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Site {
    pub(crate) facts: Arc<Facts>,
    /// The one team that selectors see, while a rule is read team by team.
    pub scope: Option<TeamIndex>,
    /// The part looked at, while a change to one person-day is weighed.
    pub lens: Option<Lens>,
}

/// One person-day: rules then read only the subjects that it can touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lens {
    /// The person.
    pub person: PersonIndex,
    /// The day.
    pub day: Day,
}

/// The facts of a [`Site`].
#[derive(Debug, Clone)]
pub struct Facts {
    /// Title of the scenario.
    pub title: Option<String>,
    /// Where somebody works when nothing calls them elsewhere.
    pub default_place: DefaultPlace,
    /// Days, shifts, periods.
    pub calendar: Calendar,
    /// The people, in the order of the scenario.
    pub people: Vec<Person>,
    /// The teams, in order of first mention.
    pub teams: Vec<Team>,
    /// The people with each tag.
    pub tags: BTreeMap<String, Vec<PersonIndex>>,
    /// The sites (places of work).
    pub premises: Vec<Premises>,
    /// The zones of all sites.
    pub zones: Vec<Zone>,
    /// The desks of all zones.
    pub desks: Vec<Desk>,
    /// Where everybody was on the known days before the calendar: `past[person][day - first_known]`.
    pub past: Vec<Vec<Cell>>,
    /// Duties done on known days before the calendar, by the names that history has.
    pub(crate) past_duties: Vec<(PersonIndex, Day, String)>,
    /// Where people who are not in the scenario any more were on the known days before the calendar.
    pub past_of_others: Vec<(Day, Cell)>,
    /// Counts over all that is past, by person.
    pub counts: Vec<Option<typed::PersonHistory>>,
    /// Where everybody was on the days of the calendar in the rota this one replaces, as far as it says:
    /// `previous[person][day]`. Empty when there is none.
    pub previous: Vec<Vec<Option<Cell>>>,
    /// How much pairs of people work together.
    pub ties: Vec<(PersonIndex, PersonIndex, f64)>,
    /// Duties and cohorts, as the rules name them.
    pub names: Names,
    pub(crate) person_names: HashMap<String, PersonIndex>,
    /// What a name may mean when it is written in words, in small letters.
    pub(crate) called: HashMap<String, Called>,
    /// Ids and names of people, for did-you-mean.
    pub(crate) near_people: Near,
    /// Ids of desks, for did-you-mean.
    pub(crate) near_desks: Near,
    pub(crate) team_names: HashMap<String, TeamIndex>,
    pub(crate) zone_names: HashMap<String, ZoneIndex>,
    pub(crate) desk_names: HashMap<String, DeskIndex>,
}

impl Deref for Site {
    type Target = Facts;
    fn deref(&self) -> &Facts {
        &self.facts
    }
}

/// Everything that a name in words may mean.
#[derive(Debug, Clone, Default)]
pub(crate) struct Called {
    pub teams: Vec<TeamIndex>,
    pub tags: Vec<String>,
    pub people: Vec<PersonIndex>,
}

/// One person, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Id.
    pub id: String,
    /// For people to read.
    pub name: String,
    /// The team.
    pub team: Option<TeamIndex>,
    /// Whether the person works, by day of the calendar.
    pub works: Vec<bool>,
    /// Always at home or on site.
    pub base: Base,
    /// Spans in which only one place is possible.
    pub only: Vec<typed::Only>,
    /// Features a seat must have.
    pub needs: Vec<String>,
    /// Pins.
    pub pins: Vec<Wanted>,
    /// Wishes.
    pub wishes: Vec<Wanted>,
    /// Shifts the person may be on, by day of the calendar where that differs from all.
    pub shifts: Vec<ShiftSet>,
    /// Days a week on which the person comes in when choosing freely.
    pub comes: Option<f64>,
    /// Days a week that the person works by pattern, on average where weeks take turns.
    pub days_a_week: f64,
    /// The share of planned days on which the person does not work after all; from 0 up to, not including, 1.
    pub absent_rate: Option<f64>,
}

/// A pin or a wish, with names looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// The days of the calendar on which it counts: those the person works.
    pub days: Vec<Day>,
    /// The place.
    pub place: Option<WorkPlace>,
    /// On which shift and where, for `on_site`.
    pub presence: Presence,
    /// Weight (wishes).
    pub weight: f64,
    /// True when it should not be so (wishes).
    pub avoid: bool,
}

impl Wanted {
    /// Whether only "at home" is named.
    pub fn is_home(&self) -> bool {
        self.place == Some(WorkPlace::Home)
    }

    /// Whether the cell is as wanted (before `avoid`).
    pub fn fits(&self, site: &Site, cell: &Cell) -> bool {
        if self.is_home() {
            cell.place == Place::Home
        } else {
            cell.fits(site, &self.presence)
        }
    }

    /// In words: `home`, `on site`, `on site, late`, `desk N1`.
    pub fn spoken(&self, site: &Site) -> String {
        if self.is_home() {
            return "home".to_string();
        }
        let mut parts = Vec::new();
        if self.presence.shifts != ShiftSet::ALL {
            let shifts = &site.calendar.shifts;
            parts.extend(
                ShiftIndex::all(shifts.len())
                    .filter(|shift| self.presence.shifts.has(Some(*shift)))
                    .map(|shift| format!("{} shift", shifts[shift.at()].name)),
            );
        }
        match self.presence.spot {
            Spot::Anywhere => {}
            Spot::Site(found) => parts.push(site.premises[found.at()].name.clone()),
            Spot::Zone(found) => parts.push(site.zone(found).name.clone()),
            Spot::Desk(found) => parts.push(format!("desk {}", site.desk(found).name)),
        }
        if parts.is_empty() {
            "on site".to_string()
        } else {
            parts.join(", ")
        }
    }
}

/// A team.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// Id.
    pub id: String,
    /// Its people.
    pub people: Vec<PersonIndex>,
}

/// A site: a place of work.
#[derive(Debug, Clone, PartialEq)]
pub struct Premises {
    /// Id.
    pub id: String,
    /// For people to read.
    pub name: String,
    /// Its zones.
    pub zones: Vec<ZoneIndex>,
    /// Whether it is closed, by day of the calendar.
    pub closed: Vec<bool>,
}

/// A zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// Id.
    pub id: String,
    /// For people to read.
    pub name: String,
    /// Its site.
    pub site: SiteIndex,
    /// The plan it shares.
    pub floor: Option<String>,
    /// Seats without names; none when it has desks.
    pub seats: Option<u32>,
    /// Its desks.
    pub desks: Vec<DeskIndex>,
    /// Whether the zone or its site is closed, by day of the calendar.
    pub closed: Vec<bool>,
    /// Seats used by others, by day of the calendar.
    pub taken: Vec<u32>,
    /// What every seat has.
    pub features: Vec<String>,
    /// Who alone may sit here.
    pub admits: Option<Vec<PersonIndex>>,
    /// Pairs never too near.
    pub screened: HashSet<(DeskIndex, DeskIndex)>,
    /// Pairs always too near.
    pub too_close: Vec<(DeskIndex, DeskIndex)>,
    /// Walls on its plan: both ends, metres.
    pub walls: Vec<[[f64; 2]; 2]>,
}

/// A desk.
#[derive(Debug, Clone, PartialEq)]
pub struct Desk {
    /// Id.
    pub id: String,
    /// For people to read.
    pub name: String,
    /// Its zone.
    pub zone: ZoneIndex,
    /// Where the head is, metres.
    pub at: Option<[f64; 2]>,
    /// Whether its position cannot be right, so that rules about distance leave it out.
    pub suspect: bool,
    /// What it has, its zone's features included.
    pub features: Vec<String>,
    /// Who alone may sit here, of those whom the zone admits.
    pub admits: Option<Vec<PersonIndex>>,
    /// Whether the desk, its zone or its site is closed, by day of the calendar.
    pub closed: Vec<bool>,
}

/// The typed parts from which a site is built.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// Title.
    pub title: Option<&'a str>,
    /// Default place.
    pub default_place: DefaultPlace,
    /// Calendar.
    pub calendar: &'a typed::Calendar,
    /// People.
    pub people: &'a [typed::Person],
    /// Sites.
    pub sites: &'a [typed::Site],
    /// History.
    pub history: Option<&'a typed::History>,
    /// The rota this one replaces.
    pub previous: &'a [typed::Assignment],
    /// Ties.
    pub ties: &'a [typed::Tie],
}

impl Site {
    /// The same facts, with selectors seeing one team only.
    #[must_use]
    pub fn scoped_to(&self, team: TeamIndex) -> Site {
        Site { facts: Arc::clone(&self.facts), scope: Some(team), lens: self.lens }
    }

    /// The same facts, looking only at what one person-day can touch.
    #[must_use]
    pub fn looking_at(&self, lens: Lens) -> Site {
        Site { facts: Arc::clone(&self.facts), scope: self.scope, lens: Some(lens) }
    }

    /// The same site, with the duties and cohorts that the rules name.
    #[must_use]
    pub fn with_names(mut self, names: Names) -> Site {
        let facts = Arc::make_mut(&mut self.facts);
        let first = facts.calendar.first_known;
        for (person, day, name) in &facts.past_duties {
            let duty = names.duties.iter().position(|known| known == name);
            facts.past[person.at()][(day.0 - first.0) as usize].duty = duty.map(|at| DutyIndex(at as u32));
        }
        facts.names = names;
        self
    }

    /// Whether subjects of this day are looked at. A night shift touches the morning after as well.
    pub fn sees_day(&self, day: Day) -> bool {
        self.lens.is_none_or(|lens| {
            lens.day == day
                || (self.calendar.has_nights() && (lens.day.plus(1) == day || lens.day.plus(-1) == day))
        })
    }

    /// The periods looked at. A Sunday's night shift touches the Monday after as well.
    pub fn periods(&self, per: Per) -> Vec<Period> {
        let mut periods = self.calendar.periods(per);
        if let Some(lens) = self.lens {
            let last = if self.calendar.has_nights() { lens.day.plus(1) } else { lens.day };
            periods.retain(|period| period.first <= last && lens.day <= period.last);
        }
        periods
    }

    /// The part of a period inside the calendar, as a subject names it.
    pub fn inside(&self, period: Period) -> (Day, Day) {
        (period.first.max(Day(0)), period.last.min(self.calendar.last()))
    }

    /// A person.
    pub fn person(&self, person: PersonIndex) -> &Person {
        &self.facts.people[person.at()]
    }

    /// A zone.
    pub fn zone(&self, zone: ZoneIndex) -> &Zone {
        &self.facts.zones[zone.at()]
    }

    /// A desk.
    pub fn desk(&self, desk: DeskIndex) -> &Desk {
        &self.facts.desks[desk.at()]
    }

    /// The site in which a zone lies.
    pub fn site_of(&self, zone: ZoneIndex) -> SiteIndex {
        self.zone(zone).site
    }

    /// The person with this id.
    pub fn person_named(&self, id: &str) -> Option<PersonIndex> {
        self.person_names.get(id).copied()
    }

    /// The team with this id.
    pub fn team(&self, id: &str) -> Option<TeamIndex> {
        self.team_names.get(id).copied()
    }

    /// The shift with this id.
    pub fn shift(&self, id: &str) -> Option<ShiftIndex> {
        self.calendar.shifts.iter().position(|shift| shift.id == id).map(|at| ShiftIndex(at as u32))
    }

    /// The site with this id.
    pub fn site_named(&self, id: &str) -> Option<SiteIndex> {
        self.premises.iter().position(|premises| premises.id == id).map(|at| SiteIndex(at as u32))
    }

    /// The zone with this id.
    pub fn zone_named(&self, id: &str) -> Option<ZoneIndex> {
        self.zone_names.get(id).copied()
    }

    /// The desk with this id.
    pub fn desk_named(&self, id: &str) -> Option<DeskIndex> {
        self.desk_names.get(id).copied()
    }

    /// Whether a person works on a day: of the calendar, or of known history.
    pub fn works(&self, person: PersonIndex, day: Day) -> bool {
        match usize::try_from(day.0) {
            Ok(at) => self.person(person).works.get(at).copied().unwrap_or(false),
            Err(_) => self.past_cell(person, day).is_some_and(|cell| cell.place != Place::Off),
        }
    }

    /// Where a person was on a day of known history.
    pub fn past_cell(&self, person: PersonIndex, day: Day) -> Option<&Cell> {
        let at = usize::try_from(day.0 - self.calendar.first_known.0).ok()?;
        self.past[person.at()].get(at)
    }

    /// Where the rota this one replaces has a person on a day of the calendar; none where it does not say.
    pub fn previous_cell(&self, person: PersonIndex, day: Day) -> Option<&Cell> {
        self.previous.get(person.at())?.get(usize::try_from(day.0).ok()?)?.as_ref()
    }

    /// The one place laid down for a person on a date by `base` or `only`, in the calendar or before it.
    pub fn laid_down(&self, person: PersonIndex, day: Day) -> Option<WorkPlace> {
        let person = self.person(person);
        match person.base {
            Base::Home => return Some(WorkPlace::Home),
            Base::OnSite => return Some(WorkPlace::OnSite),
            Base::Either => {}
        }
        if person.only.is_empty() {
            return None;
        }
        let date = self.calendar.date(day);
        person
            .only
            .iter()
            .find(|only| only.from.is_none_or(|from| from <= date) && only.to.is_none_or(|to| date <= to))
            .map(|only| only.place)
    }

    /// Whether the laws let a person, on a day of the calendar, be on site in this way at all.
    pub fn may_be(&self, person: PersonIndex, day: Day, presence: &Presence) -> bool {
        self.works(person, day)
            && self.laid_down(person, day) != Some(WorkPlace::Home)
            && self.may_be_on_shift(person, day, presence.shifts)
            && self.has_spot(person, day, presence.spot)
    }

    /// Whether one of these shifts is open to the person on a day of the calendar.
    pub fn may_be_on_shift(&self, person: PersonIndex, day: Day, shifts: ShiftSet) -> bool {
        self.person(person).shifts[day.0 as usize].and(shifts) != ShiftSet::NONE
    }

    /// Whether there is an open seat at the spot that the person may use on a day of the calendar.
    pub fn has_spot(&self, person: PersonIndex, day: Day, spot: Spot) -> bool {
        let at = day.0 as usize;
        match spot {
            Spot::Anywhere => {
                self.zones.is_empty()
                    || ZoneIndex::all(self.zones.len())
                        .any(|zone| self.has_spot(person, day, Spot::Zone(zone)))
            }
            Spot::Site(site) => self.premises[site.at()]
                .zones
                .iter()
                .any(|zone| self.has_spot(person, day, Spot::Zone(*zone))),
            Spot::Zone(index) => {
                let zone = self.zone(index);
                if zone.closed[at] {
                    false
                } else if let Some(seats) = zone.seats {
                    seats > zone.taken[at] && self.may_use_zone(person, index)
                } else {
                    zone.desks.iter().any(|desk| self.has_spot(person, day, Spot::Desk(*desk)))
                }
            }
            Spot::Desk(desk) => !self.desk(desk).closed[at] && self.may_use_desk(person, desk),
        }
    }

    /// Whether a zone's `for` and, for a zone of seats, its features suit the person.
    pub fn may_use_zone(&self, person: PersonIndex, zone: ZoneIndex) -> bool {
        let zone = self.zone(zone);
        admitted(person, zone.admits.as_ref())
            && (zone.seats.is_none() || self.has_needs(person, &zone.features))
    }

    /// Whether a desk's `for`, its zone's `for` and its features suit the person.
    pub fn may_use_desk(&self, person: PersonIndex, desk: DeskIndex) -> bool {
        let desk = self.desk(desk);
        self.may_use_zone(person, desk.zone)
            && admitted(person, desk.admits.as_ref())
            && self.has_needs(person, &desk.features)
    }

    /// Whether the features meet all that the person needs.
    pub fn has_needs(&self, person: PersonIndex, features: &[String]) -> bool {
        self.person(person).needs.iter().all(|need| features.contains(need))
    }

    /// The finding for a person that does not exist.
    pub fn unknown_person(&self, code: &str, pointer: &str, id: &str) -> Finding {
        let finding =
            Finding::error(&format!("{code}.unknown_person"), pointer, format!("there is no person `{id}`"));
        let named = self.called.get(&id.to_lowercase()).and_then(|called| called.people.first());
        match named.or_else(|| self.near_person(id)) {
            Some(person) if self.person(*person).name == id => {
                finding.help(format!("use the id `{}`", self.person(*person).id))
            }
            Some(person) => finding.near(Some(&self.person(*person).id)),
            None => finding.help("correct the id, or add the person to `people`"),
        }
    }

    /// The person whose id or name is nearest to a text.
    fn near_person(&self, text: &str) -> Option<&PersonIndex> {
        let near = self.near_people.nearest(text)?;
        self.called.get(&near.to_lowercase()).and_then(|called| called.people.first())
    }

    /// The finding for a shift that does not exist.
    pub fn unknown_shift(&self, code: &str, pointer: &str, id: &str) -> Finding {
        let shifts = self.calendar.shifts.iter().map(|shift| shift.id.as_str());
        let remedy = "correct the id, or add the shift under `calendar.shifts`";
        unknown(code, "shift", pointer, id).did_you_mean(id, shifts).or_help(remedy)
    }

    /// The finding for a team in which nobody is.
    pub fn unknown_team(&self, code: &str, pointer: &str, id: &str) -> Finding {
        let teams = self.teams.iter().map(|team| team.id.as_str());
        let remedy = "correct the name, or give people this `team`";
        unknown(code, "team", pointer, id).did_you_mean(id, teams).or_help(remedy)
    }

    /// The finding for a site that does not exist.
    pub fn unknown_site(&self, code: &str, pointer: &str, id: &str) -> Finding {
        let sites = self.premises.iter().map(|premises| premises.id.as_str());
        let remedy = "correct the id, or add the site to `sites`";
        unknown(code, "site", pointer, id).did_you_mean(id, sites).or_help(remedy)
    }

    /// The finding for a zone that does not exist.
    pub fn unknown_zone(&self, code: &str, pointer: &str, id: &str) -> Finding {
        let zones = self.zones.iter().map(|zone| zone.id.as_str());
        let remedy = "correct the id, or add the zone to its site";
        unknown(code, "zone", pointer, id).did_you_mean(id, zones).or_help(remedy)
    }

    /// The finding for a duty that no rule names.
    pub fn unknown_duty(&self, code: &str, pointer: &str, name: &str) -> Finding {
        let duties = self.names.duties.iter().map(String::as_str);
        let remedy = "correct the name, or add a rule `duty` of that name";
        unknown(code, "duty", pointer, name).did_you_mean(name, duties).or_help(remedy)
    }

    /// The finding for a cohort that no rule names.
    pub fn unknown_cohort(&self, code: &str, pointer: &str, name: &str) -> Finding {
        let cohorts = self.names.cohorts.iter().map(String::as_str);
        let remedy = "correct the name, or name the cohort in a rule `cohorts`";
        unknown(code, "cohort", pointer, name).did_you_mean(name, cohorts).or_help(remedy)
    }

    /// The finding for a desk that does not exist.
    pub fn unknown_desk(&self, code: &str, pointer: &str, id: &str) -> Finding {
        let remedy = "correct the id, or add the desk to its zone";
        unknown(code, "desk", pointer, id).near(self.near_desks.nearest(id)).or_help(remedy)
    }
}

fn admitted(person: PersonIndex, admits: Option<&Vec<PersonIndex>>) -> bool {
    admits.is_none_or(|people| people.binary_search(&person).is_ok())
}

fn unknown(code: &str, kind: &str, pointer: &str, id: &str) -> Finding {
    Finding::error(&format!("{code}.unknown_{kind}"), pointer, format!("there is no {kind} `{id}`"))
}
