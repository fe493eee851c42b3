//! The checked and indexed scenario without its rules: who works when, where there is room, what went before.

use crate::calendar::{Calendar, Period, Per, Shift, ShiftSet, MOST_DAYS, MOST_SHIFTS};
use crate::date::{Absence, Date, On};
use crate::finding::Finding;
use crate::index::{Day, DeskIndex, PersonIndex, ShiftIndex, SiteIndex, TeamIndex, ZoneIndex};
use crate::roster::{Cell, Place};
use crate::select::{one_shift, Presence, Spot};
use crate::typed::{self, Base, DefaultPlace, WorkPlace};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;

/// Everything a rule may ask about, read only. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct Site {
    facts: Arc<Facts>,
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
    /// Counts over all that is past, by person.
    pub counts: Vec<Option<typed::PersonHistory>>,
    /// Person-days of the rota this one replaces.
    pub previous: Vec<typed::Assignment>,
    /// How much pairs of people work together.
    pub ties: Vec<(PersonIndex, PersonIndex, f64)>,
    person_names: HashMap<String, PersonIndex>,
    team_names: HashMap<String, TeamIndex>,
    zone_names: HashMap<String, ZoneIndex>,
    desk_names: HashMap<String, DeskIndex>,
}

impl Deref for Site {
    type Target = Facts;
    fn deref(&self) -> &Facts {
        &self.facts
    }
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
                    .map(|shift| shifts[shift.at()].name.clone()),
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

    /// Whether subjects of this day are looked at. A night shift touches the morning after as well.
    pub fn sees_day(&self, day: Day) -> bool {
        self.lens.is_none_or(|lens| {
            lens.day == day || (self.calendar.has_nights() && (lens.day.plus(1) == day || lens.day.plus(-1) == day))
        })
    }

    /// The periods looked at.
    pub fn periods(&self, per: Per) -> Vec<Period> {
        let mut periods = self.calendar.periods(per);
        if let Some(lens) = self.lens {
            periods.retain(|period| period.first <= lens.day && lens.day <= period.last);
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
                    || ZoneIndex::all(self.zones.len()).any(|zone| self.has_spot(person, day, Spot::Zone(zone)))
            }
            Spot::Site(site) => {
                self.premises[site.at()].zones.iter().any(|zone| self.has_spot(person, day, Spot::Zone(*zone)))
            }
            Spot::Zone(index) => {
                let zone = self.zone(index);
                if zone.closed[at] {
                    false
                } else if zone.seats.is_some() {
                    self.may_use_zone(person, index)
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
        self.admitted(person, zone.admits.as_ref())
            && (zone.seats.is_none() || self.has_needs(person, &zone.features))
    }

    /// Whether a desk's `for`, its zone's `for` and its features suit the person.
    pub fn may_use_desk(&self, person: PersonIndex, desk: DeskIndex) -> bool {
        let desk = self.desk(desk);
        self.may_use_zone(person, desk.zone)
            && self.admitted(person, desk.admits.as_ref())
            && self.has_needs(person, &desk.features)
    }

    /// Whether the features meet all that the person needs.
    pub fn has_needs(&self, person: PersonIndex, features: &[String]) -> bool {
        self.person(person).needs.iter().all(|need| features.contains(need))
    }

    fn admitted(&self, person: PersonIndex, admits: Option<&Vec<PersonIndex>>) -> bool {
        admits.is_none_or(|people| people.binary_search(&person).is_ok())
    }

    /// The finding for a person that does not exist.
    pub fn unknown_person(&self, code: &str, pointer: &str, id: &str) -> Finding {
        let finding =
            Finding::error(&format!("{code}.unknown_person"), pointer, format!("there is no person `{id}`"));
        match self.people.iter().find(|person| person.name == id) {
            Some(person) => finding.help(format!("use the id `{}`", person.id)),
            None => finding.did_you_mean(id, self.people.iter().map(|person| person.id.as_str())),
        }
    }

    /// The finding for a shift that does not exist.
    pub fn unknown_shift(&self, code: &str, pointer: &str, id: &str) -> Finding {
        let finding = Finding::error(&format!("{code}.unknown_shift"), pointer, format!("there is no shift `{id}`"));
        if self.calendar.shifts.is_empty() {
            return finding.help("add it under `calendar.shifts`");
        }
        finding.did_you_mean(id, self.calendar.shifts.iter().map(|shift| shift.id.as_str()))
    }

    /// Checks and indexes the typed parts. All mistakes of meaning are in the list; with an error among them
    /// the site is only good for finding more mistakes.
    pub fn build(parts: &Parts<'_>) -> (Site, Vec<Finding>) {
        let mut findings = Vec::new();
        let calendar = build_calendar(parts.calendar, parts.history, &mut findings);
        let mut facts = Facts {
            title: parts.title.map(str::to_string),
            default_place: parts.default_place,
            calendar,
            people: Vec::with_capacity(parts.people.len()),
            teams: Vec::new(),
            tags: BTreeMap::new(),
            premises: Vec::new(),
            zones: Vec::new(),
            desks: Vec::new(),
            past: Vec::new(),
            counts: Vec::new(),
            previous: parts.previous.to_vec(),
            ties: Vec::new(),
            person_names: HashMap::new(),
            team_names: HashMap::new(),
            zone_names: HashMap::new(),
            desk_names: HashMap::new(),
        };
        index_people(&mut facts, parts.people, &mut findings);
        index_places(&mut facts, parts.sites, &mut findings);
        let mut site = Site { facts: Arc::new(facts), scope: None, lens: None };
        let admits = admissions(&site, parts.sites, &mut findings);
        let wanted: Vec<(Vec<Wanted>, Vec<Wanted>)> = parts
            .people
            .iter()
            .enumerate()
            .map(|(at, person)| {
                let index = PersonIndex(at as u32);
                (pins(&site, index, person, &mut findings), wishes(&site, index, person, &mut findings))
            })
            .collect();
        let past = past(&site, parts.history, &mut findings);
        let counts = counts(&site, parts.history, &mut findings);
        let ties = ties(&site, parts.ties, &mut findings);
        check_previous(&site, parts.previous, &mut findings);
        let facts = Arc::get_mut(&mut site.facts).expect("nobody else holds the new site");
        for (zone, (zone_admits, desk_admits)) in facts.zones.iter_mut().zip(admits) {
            zone.admits = zone_admits;
            for (desk, admits) in zone.desks.iter().zip(desk_admits) {
                facts.desks[desk.at()].admits = admits;
            }
        }
        for (person, (pins, wishes)) in facts.people.iter_mut().zip(wanted) {
            open_requested_shifts(person, &facts.calendar, &pins, &wishes);
            person.pins = pins;
            person.wishes = wishes;
        }
        facts.past = past;
        facts.counts = counts;
        facts.ties = ties;
        contradictory_pins(&site, parts.people, &mut findings);
        crate::desks::suspect_positions(Arc::get_mut(&mut site.facts).expect("still alone"), parts.sites, &mut findings);
        needs_nobody_can_meet(&site, parts.people, &mut findings);
        (site, findings)
    }
}

/// Whether an id keeps to letters, digits and `_ . @ -`, at most 64.
pub fn is_id(id: &str) -> bool {
    !id.is_empty() && id.chars().count() <= 64 && id.chars().all(|c| c.is_alphanumeric() || "_.@-".contains(c))
}

/// A finding for a bad id or one that was there before.
fn check_id(kind: &str, id: &str, pointer: &str, seen: Option<&str>, findings: &mut Vec<Finding>) {
    if !is_id(id) {
        findings.push(
            Finding::error(&format!("{kind}.id"), format!("{pointer}/id"), format!("`{id}` cannot be an id"))
                .help("use letters, digits and _ . @ -, at most 64 of them; `name` may be anything"),
        );
    }
    if let Some(first) = seen {
        findings.push(
            Finding::error(
                &format!("{kind}.duplicate"),
                format!("{pointer}/id"),
                format!("the {kind} `{id}` is there twice"),
            )
            .help(format!("the first is {}; give this one another id", crate::finding::spoken_pointer(first))),
        );
    }
}

fn check_span(code: &str, on: &On, pointer: &str, findings: &mut Vec<Finding>) {
    if let On::Span { from, to } = on {
        if from > to {
            findings.push(
                Finding::error(code, pointer, format!("`from` {from} is after `to` {to}")).help("swap the two dates"),
            );
        }
    }
}

/// Marks the days of the calendar on which something is closed; notes dates outside the calendar.
fn closed_days(
    calendar: &Calendar,
    absences: &[Absence],
    pointer: &str,
    findings: &mut Vec<Finding>,
) -> Vec<bool> {
    let mut closed = vec![false; calendar.len()];
    for (at, absence) in absences.iter().enumerate() {
        let pointer = format!("{pointer}/{at}");
        check_span("date.order", &absence.on, &pointer, findings);
        note_outside(calendar, &absence.on, &pointer, findings);
        mark(calendar, &absence.on, &mut closed);
    }
    closed
}

fn mark(calendar: &Calendar, on: &On, days: &mut [bool]) {
    for day in days_of(calendar, on) {
        days[day.0 as usize] = true;
    }
}

/// The days of the calendar that are meant, open or not.
fn days_of(calendar: &Calendar, on: &On) -> Vec<Day> {
    match *on {
        On::Date(date) => calendar.day(date).into_iter().collect(),
        On::Weekday(_) => calendar.days().filter(|day| on.covers(calendar.date(*day))).collect(),
        On::Span { from, to } => {
            let first = from.since(calendar.from).max(0);
            let last = to.since(calendar.from).min(calendar.len() as i64 - 1);
            (first..=last).map(|day| Day(day as i32)).collect()
        }
    }
}

fn is_outside(calendar: &Calendar, on: &On) -> bool {
    match *on {
        On::Date(date) => calendar.day(date).is_none(),
        On::Weekday(_) => false,
        On::Span { from, to } => to < calendar.from || calendar.to < from,
    }
}

fn note_outside(calendar: &Calendar, on: &On, pointer: &str, findings: &mut Vec<Finding>) {
    if is_outside(calendar, on) {
        findings.push(Finding::note("date.outside", pointer, "this lies outside the calendar and is not used"));
    }
}

fn build_calendar(
    typed: &typed::Calendar,
    history: Option<&typed::History>,
    findings: &mut Vec<Finding>,
) -> Calendar {
    let mut to = typed.to;
    if typed.to < typed.from {
        findings.push(
            Finding::error(
                "calendar.order",
                "/calendar/to",
                format!("the last day {} is before the first day {}", typed.to, typed.from),
            )
            .help("swap `from` and `to`"),
        );
        to = typed.from;
    } else if typed.to.since(typed.from) >= MOST_DAYS {
        findings.push(
            Finding::error(
                "calendar.too_long",
                "/calendar/to",
                format!("the calendar has {} days; at most {MOST_DAYS} are supported", typed.to.since(typed.from) + 1),
            )
            .help("plan a shorter stretch and carry on with `rota next`"),
        );
        to = typed.from.plus(MOST_DAYS - 1);
    }
    let mut work_days = [false; 7];
    for weekday in &typed.work_days {
        work_days[weekday.index()] = true;
    }
    if typed.work_days.is_empty() {
        findings.push(
            Finding::error("calendar.no_work_day", "/calendar/work_days", "no weekday is a work day")
                .help("list weekdays such as \"mon\", or leave `work_days` out for Monday to Friday"),
        );
    }
    let mut calendar = Calendar {
        from: typed.from,
        to,
        work_days,
        open: vec![true; (to.since(typed.from) + 1) as usize],
        shifts: Vec::new(),
        anchor: typed.anchor.or_else(|| history.and_then(|history| history.anchor)),
        time_zone: typed.time_zone.clone(),
        first_known: Day(0),
    };
    if let Some(zone) = &typed.time_zone {
        if !zone.chars().all(|c| c.is_ascii_alphanumeric() || "_/+-".contains(c)) || zone.is_empty() {
            findings.push(
                Finding::error("calendar.time_zone", "/calendar/time_zone", format!("`{zone}` is not a time zone"))
                    .help("write it like Europe/London"),
            );
        }
    }
    let closed = closed_days(&calendar, &typed.closed, "/calendar/closed", findings);
    for day in calendar.days() {
        calendar.open[day.0 as usize] = calendar.is_pattern_day(day) && !closed[day.0 as usize];
    }
    if !calendar.open.contains(&true) && !findings.iter().any(Finding::is_error) {
        findings.push(Finding::warning("calendar.no_open_day", "/calendar", "no day of the calendar is open"));
    }
    calendar.shifts = build_shifts(&typed.shifts, findings);
    if let Some(history) = history {
        let first = history.days.iter().map(|assignment| assignment.on).filter(|on| *on < typed.from).min();
        if let Some(first) = first {
            calendar.first_known = Day(first.since(typed.from).max(-28) as i32);
        }
    }
    calendar
}

fn build_shifts(typed: &[typed::Shift], findings: &mut Vec<Finding>) -> Vec<Shift> {
    if typed.len() > MOST_SHIFTS {
        findings.push(Finding::error(
            "shift.too_many",
            "/calendar/shifts",
            format!("there are {} shifts; at most {MOST_SHIFTS} are supported", typed.len()),
        ));
    }
    let mut seen: HashMap<&str, String> = HashMap::new();
    let mut shifts = Vec::new();
    for (at, shift) in typed.iter().enumerate().take(MOST_SHIFTS) {
        let pointer = format!("/calendar/shifts/{at}");
        check_id("shift", &shift.id, &pointer, seen.get(shift.id.as_str()).map(String::as_str), findings);
        seen.entry(&shift.id).or_insert_with(|| pointer.clone());
        let span = match (shift.from, shift.to) {
            (Some(from), Some(to)) => {
                let end = if to > from { to.0 } else { to.0 + crate::calendar::DAY_MINUTES };
                Some((from.0, end))
            }
            (None, None) => None,
            _ => {
                findings.push(
                    Finding::error("shift.times", &pointer, format!("the shift `{}` has only one of `from` and `to`", shift.id))
                        .help("give both times, or neither and `hours` alone"),
                );
                None
            }
        };
        if shift.hours.is_some_and(|hours| !(hours > 0.0 && hours <= 24.0)) {
            findings.push(
                Finding::error("shift.hours", format!("{pointer}/hours"), "the length of a shift must be above 0 and at most 24 hours")
                    .help("give the paid hours of one day"),
            );
        }
        shifts.push(Shift {
            id: shift.id.clone(),
            name: shift.name.clone().unwrap_or_else(|| shift.id.clone()),
            span,
            hours: shift.hours.or_else(|| span.map(|(start, end)| f64::from(end - start) / 60.0)),
            by_request: shift.by_request,
        });
    }
    shifts
}

fn index_people(facts: &mut Facts, typed: &[typed::Person], findings: &mut Vec<Finding>) {
    if typed.is_empty() {
        findings.push(
            Finding::error("people.none", "/people", "there is nobody in the scenario").help("add at least one person"),
        );
    }
    for (at, person) in typed.iter().enumerate() {
        let pointer = format!("/people/{at}");
        let index = PersonIndex(at as u32);
        let seen = facts.person_names.get(&person.id).map(|first| format!("/people/{}", first.0));
        check_id("person", &person.id, &pointer, seen.as_deref(), findings);
        facts.person_names.entry(person.id.clone()).or_insert(index);
        let team = person.team.as_ref().map(|id| {
            let next = TeamIndex(facts.teams.len() as u32);
            let team = *facts.team_names.entry(id.clone()).or_insert(next);
            if team == next {
                facts.teams.push(Team { id: id.clone(), people: Vec::new() });
            }
            facts.teams[team.at()].people.push(index);
            team
        });
        for tag in &person.tags {
            let people = facts.tags.entry(tag.clone()).or_default();
            if people.last() != Some(&index) {
                people.push(index);
            }
        }
        let works = working_days(&facts.calendar, person, &pointer, findings);
        check_only(person, &pointer, findings);
        facts.people.push(Person {
            id: person.id.clone(),
            name: person.name.clone().unwrap_or_else(|| person.id.clone()),
            team,
            shifts: vec![ShiftSet::ALL; works.len()],
            works,
            base: person.base.unwrap_or(Base::Either),
            only: person.only.clone(),
            needs: person.needs.clone(),
            pins: Vec::new(),
            wishes: Vec::new(),
        });
    }
}

fn working_days(
    calendar: &Calendar,
    person: &typed::Person,
    pointer: &str,
    findings: &mut Vec<Finding>,
) -> Vec<bool> {
    let mut works = calendar.open.clone();
    if let Some(typed::Works(weeks)) = &person.works {
        for (week, days) in weeks.iter().enumerate() {
            for (at, weekday) in days.iter().enumerate() {
                if !calendar.work_days[weekday.index()] {
                    let place = if weeks.len() == 1 { format!("{at}") } else { format!("{week}/{at}") };
                    findings.push(
                        Finding::error(
                            "works.outside",
                            format!("{pointer}/works/{place}"),
                            format!("{} is not a work day of the calendar", weekday.long()),
                        )
                        .help("add it to `calendar.work_days` or take it out here"),
                    );
                }
            }
        }
        if weeks.len() > 1 && calendar.anchor.is_none() {
            findings.push(
                Finding::error(
                    "works.anchor",
                    format!("{pointer}/works"),
                    "weeks that take turns need a date from which they are counted",
                )
                .help(format!("add \"anchor\": \"{}\" to `calendar`, a date in the first of these weeks", calendar.from.monday())),
            );
        }
        let anchor = calendar.anchor.unwrap_or(calendar.from).monday();
        for day in calendar.days() {
            let date = calendar.date(day);
            let week = date.monday().since(anchor).div_euclid(7).rem_euclid(weeks.len().max(1) as i64);
            let in_week = weeks.get(week as usize).is_some_and(|days| days.contains(&date.weekday()));
            works[day.0 as usize] &= in_week;
        }
    }
    if let (Some(starts), Some(ends)) = (person.starts, person.ends) {
        if starts > ends {
            findings.push(
                Finding::error("date.order", format!("{pointer}/ends"), format!("`ends` {ends} is before `starts` {starts}"))
                    .help("swap the two dates"),
            );
        }
    }
    let away = closed_days(calendar, &person.away, &format!("{pointer}/away"), findings);
    for day in calendar.days() {
        let date = calendar.date(day);
        let at = day.0 as usize;
        works[at] &= !away[at]
            && person.starts.is_none_or(|starts| starts <= date)
            && person.ends.is_none_or(|ends| date <= ends);
    }
    works
}

fn check_only(person: &typed::Person, pointer: &str, findings: &mut Vec<Finding>) {
    let overlaps = |one: &typed::Only, other: &typed::Only| {
        let begins_before = |a: Option<Date>, b: Option<Date>| a.is_none() || b.is_none() || a <= b;
        begins_before(one.from, other.to) && begins_before(other.from, one.to)
    };
    for (at, only) in person.only.iter().enumerate() {
        let pointer = format!("{pointer}/only/{at}");
        if let (Some(from), Some(to)) = (only.from, only.to) {
            check_span("date.order", &On::Span { from, to }, &pointer, findings);
        }
        let base = match person.base {
            Some(Base::Home) => Some(WorkPlace::Home),
            Some(Base::OnSite) => Some(WorkPlace::OnSite),
            _ => None,
        };
        let against_base = base.is_some_and(|place| place != only.place);
        let against_other =
            person.only[..at].iter().any(|other| other.place != only.place && overlaps(only, other));
        if against_base || against_other {
            let what = if against_base { "`base`" } else { "another `only`" };
            findings.push(
                Finding::error("only.contradiction", &pointer, format!("this contradicts {what} of the same person"))
                    .help("keep the one that is true"),
            );
        }
    }
}

fn index_places(facts: &mut Facts, typed: &[typed::Site], findings: &mut Vec<Finding>) {
    let mut first_site: HashMap<&str, String> = HashMap::new();
    let mut first_zone: HashMap<&str, String> = HashMap::new();
    let mut first_desk: HashMap<&str, String> = HashMap::new();
    for (at, site) in typed.iter().enumerate() {
        let pointer = format!("/sites/{at}");
        check_id("site", &site.id, &pointer, first_site.get(site.id.as_str()).map(String::as_str), findings);
        first_site.entry(&site.id).or_insert_with(|| pointer.clone());
        let index = SiteIndex(at as u32);
        let closed = closed_days(&facts.calendar, &site.closed, &format!("{pointer}/closed"), findings);
        let mut zones = Vec::new();
        for (at, zone) in site.zones.iter().enumerate() {
            let pointer = format!("{pointer}/zones/{at}");
            check_id("zone", &zone.id, &pointer, first_zone.get(zone.id.as_str()).map(String::as_str), findings);
            first_zone.entry(&zone.id).or_insert_with(|| pointer.clone());
            let zone_index = ZoneIndex(facts.zones.len() as u32);
            facts.zone_names.entry(zone.id.clone()).or_insert(zone_index);
            zones.push(zone_index);
            index_zone(facts, zone, zone_index, index, &closed, &pointer, &mut first_desk, findings);
        }
        if site.zones.is_empty() {
            findings.push(
                Finding::error("site.no_zone", &pointer, format!("the site `{}` has no zone", site.id))
                    .help("add a zone with `desks` or `seats`"),
            );
        }
        facts.premises.push(Premises {
            id: site.id.clone(),
            name: site.name.clone().unwrap_or_else(|| site.id.clone()),
            zones,
            closed,
        });
    }
}

#[allow(clippy::too_many_arguments)] // one level of a nested reading, with its surroundings
fn index_zone<'a>(
    facts: &mut Facts,
    zone: &'a typed::Zone,
    zone_index: ZoneIndex,
    site: SiteIndex,
    site_closed: &[bool],
    pointer: &str,
    first_desk: &mut HashMap<&'a str, String>,
    findings: &mut Vec<Finding>,
) {
    let both = zone.desks.is_some() && zone.seats.is_some();
    let neither = zone.desks.is_none() && zone.seats.is_none();
    if both || neither {
        let what = if both { "both `desks` and `seats`" } else { "neither `desks` nor `seats`" };
        findings.push(
            Finding::error("zone.desks_or_seats", pointer, format!("the zone `{}` has {what}", zone.id))
                .help("give `desks` where people have named desks, or `seats` where only their number matters"),
        );
    }
    let or = |one: &[bool], other: &[bool]| one.iter().zip(other).map(|(a, b)| *a || *b).collect::<Vec<_>>();
    let own = closed_days(&facts.calendar, &zone.closed, &format!("{pointer}/closed"), findings);
    let closed = or(site_closed, &own);
    let mut taken = vec![0u32; facts.calendar.len()];
    for (at, entry) in zone.taken.iter().enumerate() {
        let pointer = format!("{pointer}/taken/{at}");
        check_span("date.order", &entry.on, &pointer, findings);
        note_outside(&facts.calendar, &entry.on, &pointer, findings);
        if zone.desks.is_some() && zone.seats.is_none() {
            findings.push(
                Finding::error("zone.taken", &pointer, format!("the zone `{}` has desks, so `taken` cannot say which", zone.id))
                    .help("write `closed` on the desks that others use"),
            );
        }
        for day in days_of(&facts.calendar, &entry.on) {
            taken[day.0 as usize] = taken[day.0 as usize].saturating_add(entry.seats);
        }
    }
    if let Some(seats) = zone.seats {
        for day in facts.calendar.days().filter(|day| taken[day.0 as usize] > seats) {
            findings.push(
                Finding::error(
                    "zone.taken",
                    format!("{pointer}/taken"),
                    format!("{} of {seats} seats of `{}` are taken on {}", taken[day.0 as usize], zone.id, facts.calendar.date(day)),
                )
                .help("take no more seats than there are"),
            );
        }
    }
    let mut desks = Vec::new();
    for (at, desk) in zone.desks.iter().flatten().enumerate() {
        let pointer = format!("{pointer}/desks/{at}");
        check_id("desk", &desk.id, &pointer, first_desk.get(desk.id.as_str()).map(String::as_str), findings);
        first_desk.entry(&desk.id).or_insert_with(|| pointer.clone());
        let index = DeskIndex(facts.desks.len() as u32);
        facts.desk_names.entry(desk.id.clone()).or_insert(index);
        desks.push(index);
        if desk.at.is_some_and(|at| !at.iter().all(|metres| metres.is_finite())) {
            findings.push(Finding::error("desk.at", format!("{pointer}/at"), "a position must be two numbers in metres"));
        }
        let own = closed_days(&facts.calendar, &desk.closed, &format!("{pointer}/closed"), findings);
        let features: Vec<String> = desk.features.iter().chain(&zone.features).cloned().collect();
        facts.desks.push(Desk {
            id: desk.id.clone(),
            name: desk.name.clone().unwrap_or_else(|| desk.id.clone()),
            zone: zone_index,
            at: desk.at,
            suspect: false,
            features,
            admits: None,
            closed: or(&closed, &own),
        });
    }
    let pair = |kind: &str, at: usize, names: &[String; 2], findings: &mut Vec<Finding>| {
        let found: Vec<Option<DeskIndex>> = names
            .iter()
            .enumerate()
            .map(|(side, name)| {
                let desk = desks.iter().copied().find(|desk| facts.desks[desk.at()].id == *name);
                if desk.is_none() {
                    let known: Vec<&str> = desks.iter().map(|desk| facts.desks[desk.at()].id.as_str()).collect();
                    findings.push(
                        Finding::error(
                            "zone.unknown_desk",
                            format!("{pointer}/{kind}/{at}/{side}"),
                            format!("there is no desk `{name}` in the zone `{}`", zone.id),
                        )
                        .did_you_mean(name, known),
                    );
                }
                desk
            })
            .collect();
        match (found[0], found[1]) {
            (Some(one), Some(other)) if one != other => Some((one.min(other), one.max(other))),
            (Some(_), Some(_)) => {
                findings.push(
                    Finding::error("zone.same_desk", format!("{pointer}/{kind}/{at}"), "a pair needs two desks")
                        .help("name two different desks"),
                );
                None
            }
            _ => None,
        }
    };
    let screened: HashSet<_> = zone
        .screened
        .iter()
        .enumerate()
        .filter_map(|(at, names)| pair("screened", at, names, findings))
        .collect();
    let too_close: Vec<_> = zone
        .too_close
        .iter()
        .enumerate()
        .filter_map(|(at, names)| pair("too_close", at, names, findings))
        .collect();
    for (at, both) in too_close.iter().enumerate() {
        if screened.contains(both) {
            findings.push(
                Finding::error(
                    "zone.contradiction",
                    format!("{pointer}/too_close/{at}"),
                    "the same two desks are `screened` and `too_close`",
                )
                .help("keep one of the two"),
            );
        }
    }
    facts.zones.push(Zone {
        id: zone.id.clone(),
        name: zone.name.clone().unwrap_or_else(|| zone.id.clone()),
        site,
        floor: zone.floor.clone(),
        seats: if zone.desks.is_some() { None } else { Some(zone.seats.unwrap_or(0)) },
        desks,
        closed,
        taken,
        features: zone.features.clone(),
        admits: None,
        screened,
        too_close,
    });
}

type Admits = Option<Vec<PersonIndex>>;

/// Who may sit in each zone and at each of its desks, zone by zone.
fn admissions(site: &Site, typed: &[typed::Site], findings: &mut Vec<Finding>) -> Vec<(Admits, Vec<Admits>)> {
    let mut all = Vec::new();
    for (at, typed_site) in typed.iter().enumerate() {
        for (zone_at, zone) in typed_site.zones.iter().enumerate() {
            let pointer = format!("/sites/{at}/zones/{zone_at}");
            let mut admit = |who: Option<&crate::select::Who>, pointer: &str| {
                who.map(|who| {
                    findings.extend(who.findings(site, "for", &format!("{pointer}/for")));
                    who.people(site)
                })
            };
            let zone_admits = admit(zone.for_.as_ref(), &pointer);
            let desks = zone
                .desks
                .iter()
                .flatten()
                .enumerate()
                .map(|(desk_at, desk)| admit(desk.for_.as_ref(), &format!("{pointer}/desks/{desk_at}")))
                .collect();
            all.push((zone_admits, desks));
        }
    }
    all
}

/// The named parts of a pin or wish.
struct Named<'a> {
    place: Option<WorkPlace>,
    shift: Option<&'a str>,
    site: Option<&'a str>,
    zone: Option<&'a str>,
    desk: Option<&'a str>,
}

/// Looks up the names of a pin or wish; the finest place named is the one that counts.
fn presence(site: &Site, code: &str, named: &Named<'_>, pointer: &str, findings: &mut Vec<Finding>) -> Option<Presence> {
    let before = findings.len();
    let shift = named.shift.and_then(|id| {
        let found = site.shift(id);
        if found.is_none() {
            findings.push(site.unknown_shift(code, &format!("{pointer}/shift"), id));
        }
        found
    });
    let mut unknown = |kind: &str, id: &str, names: Vec<&str>| {
        findings.push(
            Finding::error(&format!("{code}.unknown_{kind}"), format!("{pointer}/{kind}"), format!("there is no {kind} `{id}`"))
                .did_you_mean(id, names),
        );
    };
    let mut spot = Spot::Anywhere;
    let mut chain: Vec<(Option<SiteIndex>, Option<ZoneIndex>)> = Vec::new();
    if let Some(id) = named.site {
        match site.site_named(id) {
            Some(found) => {
                spot = Spot::Site(found);
                chain.push((Some(found), None));
            }
            None => unknown("site", id, site.premises.iter().map(|premises| premises.id.as_str()).collect()),
        }
    }
    if let Some(id) = named.zone {
        match site.zone_named(id) {
            Some(found) => {
                spot = Spot::Zone(found);
                chain.push((Some(site.site_of(found)), Some(found)));
            }
            None => unknown("zone", id, site.zones.iter().map(|zone| zone.id.as_str()).collect()),
        }
    }
    if let Some(id) = named.desk {
        match site.desk_named(id) {
            Some(found) => {
                spot = Spot::Desk(found);
                let zone = site.desk(found).zone;
                chain.push((Some(site.site_of(zone)), Some(zone)));
            }
            None => unknown("desk", id, site.desks.iter().map(|desk| desk.id.as_str()).collect()),
        }
    }
    for (coarse, fine) in chain.iter().zip(chain.iter().skip(1)) {
        if coarse.0 != fine.0 || (coarse.1.is_some() && coarse.1 != fine.1) {
            findings.push(
                Finding::error(&format!("{code}.place"), pointer, "the places named here do not lie in one another")
                    .help("name only the desk, or only the zone"),
            );
        }
    }
    let asks_site = shift.is_some() || spot != Spot::Anywhere;
    if named.place == Some(WorkPlace::Home) && (asks_site || named.shift.is_some()) {
        findings.push(
            Finding::error(&format!("{code}.home"), pointer, "at home there is no shift, site, zone or desk")
                .help("leave them out, or write \"place\": \"on_site\""),
        );
    }
    if named.place.is_none() && named.shift.is_none() && named.site.is_none() && named.zone.is_none() && named.desk.is_none() {
        findings.push(
            Finding::error(&format!("{code}.nothing"), pointer, "this says when, but not what")
                .help("add one of `place`, `shift`, `site`, `zone`, `desk`"),
        );
    }
    (findings.len() == before).then_some(Presence { shifts: one_shift(shift), spot })
}

fn wishes(site: &Site, index: PersonIndex, person: &typed::Person, findings: &mut Vec<Finding>) -> Vec<Wanted> {
    let mut wishes = Vec::new();
    for (at, wish) in person.wishes.iter().enumerate() {
        let pointer = format!("/people/{}/wishes/{at}", index.0);
        check_span("date.order", &wish.on, &pointer, findings);
        note_outside(&site.calendar, &wish.on, &pointer, findings);
        if !(wish.weight > 0.0 && wish.weight.is_finite()) {
            findings.push(
                Finding::error("wish.weight", format!("{pointer}/weight"), "a weight must be above 0")
                    .help("use `avoid` to ask for the opposite"),
            );
        }
        let named = Named {
            place: wish.place,
            shift: wish.shift.as_deref(),
            site: wish.site.as_deref(),
            zone: wish.zone.as_deref(),
            desk: wish.desk.as_deref(),
        };
        if let Some(presence) = presence(site, "wish", &named, &pointer, findings) {
            let days = days_of(&site.calendar, &wish.on).into_iter().filter(|day| site.works(index, *day)).collect();
            wishes.push(Wanted { days, place: wish.place, presence, weight: wish.weight, avoid: wish.avoid });
        }
    }
    wishes
}

fn pins(site: &Site, index: PersonIndex, person: &typed::Person, findings: &mut Vec<Finding>) -> Vec<Wanted> {
    let mut pins = Vec::new();
    for (at, pin) in person.fixed.iter().enumerate() {
        let pointer = format!("/people/{}/fixed/{at}", index.0);
        check_span("date.order", &pin.on, &pointer, findings);
        note_outside(&site.calendar, &pin.on, &pointer, findings);
        let named = Named {
            place: pin.place,
            shift: pin.shift.as_deref(),
            site: pin.site.as_deref(),
            zone: pin.zone.as_deref(),
            desk: pin.desk.as_deref(),
        };
        let Some(presence) = presence(site, "pin", &named, &pointer, findings) else {
            pins.push(Wanted {
                days: Vec::new(),
                place: pin.place,
                presence: Presence::ON_SITE,
                weight: 1.0,
                avoid: false,
            });
            continue;
        };
        let all = days_of(&site.calendar, &pin.on);
        let days: Vec<Day> = all.iter().copied().filter(|day| site.works(index, *day)).collect();
        let by_date = matches!(pin.on, On::Date(_));
        if (by_date && !all.is_empty() && days.is_empty())
            || (matches!(pin.on, On::Span { .. }) && !all.is_empty() && days.is_empty())
        {
            findings.push(
                Finding::error("pin.off", &pointer, format!("`{}` does not work then, so nothing can be fixed", person.id))
                    .help("take the pin out, or correct `works` or `away`"),
            );
        }
        let wanted_place = pin.place.unwrap_or(WorkPlace::OnSite);
        if let Some(day) = days
            .iter()
            .find(|day| site.laid_down(index, **day).is_some_and(|laid_down| laid_down != wanted_place))
        {
            let other = match wanted_place {
                WorkPlace::Home => "on site only",
                WorkPlace::OnSite => "at home only",
            };
            findings.push(
                Finding::error(
                    "pin.only",
                    &pointer,
                    format!("`{}` can be {other} on {}", person.id, site.calendar.date(*day).spoken()),
                )
                .help("take the pin out, or correct `only` or `base`"),
            );
        }
        pins.push(Wanted { days, place: Some(wanted_place), presence, weight: 1.0, avoid: false });
    }
    pins
}

/// Leaves out shifts that are only for those who ask, and opens them on the days they are asked for or fixed.
fn open_requested_shifts(person: &mut Person, calendar: &Calendar, pins: &[Wanted], wishes: &[Wanted]) {
    let requested = ShiftIndex::all(calendar.shifts.len())
        .filter(|shift| calendar.shifts[shift.at()].by_request)
        .fold(ShiftSet::NONE, ShiftSet::with);
    if requested == ShiftSet::NONE {
        return;
    }
    for day in calendar.days() {
        let asked = wishes
            .iter()
            .filter(|wish| !wish.avoid && wish.days.contains(&day))
            .chain(pins.iter().filter(|pin| pin.days.contains(&day)))
            .filter(|wanted| wanted.presence.shifts != ShiftSet::ALL)
            .fold(ShiftSet::NONE, |set, wanted| ShiftSet(set.0 | wanted.presence.shifts.0));
        let all = ShiftIndex::all(calendar.shifts.len()).fold(ShiftSet::NONE, ShiftSet::with);
        person.shifts[day.0 as usize] = ShiftSet(all.0 & !(requested.0 & !asked.0));
    }
}

/// Pins that cannot hold together or that no open seat allows.
fn contradictory_pins(site: &Site, typed: &[typed::Person], findings: &mut Vec<Finding>) {
    let mut at_desk: HashMap<(DeskIndex, Day), Vec<(PersonIndex, usize)>> = HashMap::new();
    for person in PersonIndex::all(site.people.len()) {
        let pins = &site.person(person).pins;
        for (at, pin) in pins.iter().enumerate() {
            let pointer = format!("/people/{}/fixed/{at}", person.0);
            for day in &pin.days {
                if let Some(other) =
                    pins[..at].iter().position(|other| other.days.contains(day) && !agree(site, pin, other))
                {
                    findings.push(
                        Finding::error(
                            "pin.contradiction",
                            &pointer,
                            format!(
                                "this disagrees with people[{}].fixed[{other}] on {}",
                                person.0,
                                site.calendar.date(*day).spoken()
                            ),
                        )
                        .help("keep one of the two"),
                    );
                    break;
                }
                if !pin.is_home() && site.laid_down(person, *day) != Some(WorkPlace::Home) {
                    if !site.has_spot(person, *day, pin.presence.spot) {
                        findings.push(
                            Finding::error(
                                "pin.place",
                                &pointer,
                                format!(
                                    "no open seat there suits `{}` on {}",
                                    typed[person.at()].id,
                                    site.calendar.date(*day).spoken()
                                ),
                            )
                            .help("the place is closed then, is kept `for` others, or lacks what the person `needs`"),
                        );
                        break;
                    }
                    if let Spot::Desk(desk) = pin.presence.spot {
                        at_desk.entry((desk, *day)).or_default().push((person, at));
                    }
                }
            }
        }
    }
    let mut shared: Vec<_> = at_desk.into_iter().filter(|(_, pins)| pins.len() > 1).collect();
    shared.sort_by_key(|((desk, day), _)| (*desk, *day));
    for ((desk, day), pins) in shared {
        for (place, (person, at)) in pins.iter().enumerate() {
            let shifts = site.person(*person).pins[*at].presence.shifts;
            let clash = pins[..place].iter().find(|(other, other_at)| {
                other != person && overlap(&site.calendar, shifts, site.person(*other).pins[*other_at].presence.shifts)
            });
            if let Some((other, _)) = clash {
                findings.push(
                    Finding::error(
                        "pin.contradiction",
                        format!("/people/{}/fixed/{at}", person.0),
                        format!(
                            "`{}` is fixed at the desk `{}` on {} as well",
                            site.person(*other).id,
                            site.desk(desk).id,
                            site.calendar.date(day).spoken()
                        ),
                    )
                    .help("a desk holds one person at a time: give one of them another"),
                );
            }
        }
    }
}

/// Whether every shift of one set overlaps every shift of the other.
fn overlap(calendar: &Calendar, one: ShiftSet, other: ShiftSet) -> bool {
    let spans = |set: ShiftSet| -> Vec<(u32, u32)> {
        ShiftIndex::all(calendar.shifts.len())
            .filter(|shift| set.has(Some(*shift)))
            .map(|shift| calendar.shifts[shift.at()].minutes())
            .collect()
    };
    spans(one).iter().all(|(start, end)| spans(other).iter().all(|(from, to)| start < to && from < end))
}

fn agree(site: &Site, one: &Wanted, other: &Wanted) -> bool {
    if one.is_home() || other.is_home() {
        return one.is_home() == other.is_home();
    }
    if one.presence.shifts.and(other.presence.shifts) == ShiftSet::NONE {
        return false;
    }
    let within = |fine: Spot, coarse: Spot| match (fine, coarse) {
        (_, Spot::Anywhere) => true,
        (Spot::Zone(zone), Spot::Site(premises)) => site.site_of(zone) == premises,
        (Spot::Desk(desk), Spot::Site(premises)) => site.site_of(site.desk(desk).zone) == premises,
        (Spot::Desk(desk), Spot::Zone(zone)) => site.desk(desk).zone == zone,
        (fine, coarse) => fine == coarse,
    };
    within(one.presence.spot, other.presence.spot) || within(other.presence.spot, one.presence.spot)
}

fn needs_nobody_can_meet(site: &Site, typed: &[typed::Person], findings: &mut Vec<Finding>) {
    if site.zones.is_empty() {
        return;
    }
    let known: HashSet<&str> = site
        .desks
        .iter()
        .flat_map(|desk| &desk.features)
        .chain(site.zones.iter().flat_map(|zone| &zone.features))
        .map(String::as_str)
        .collect();
    for (at, person) in typed.iter().enumerate() {
        for (need_at, need) in person.needs.iter().enumerate() {
            if !known.contains(need.as_str()) {
                findings.push(
                    Finding::error(
                        "needs.unknown",
                        format!("/people/{at}/needs/{need_at}"),
                        format!("no desk or zone has the feature `{need}`"),
                    )
                    .did_you_mean(need, known.iter().copied().collect::<std::collections::BTreeSet<_>>()),
                );
            }
        }
    }
}

/// Reads assignments of the past into cells; a day left out is off.
fn past(site: &Site, history: Option<&typed::History>, findings: &mut Vec<Finding>) -> Vec<Vec<Cell>> {
    let first = site.calendar.first_known;
    let mut past = vec![vec![Cell::OFF; -first.0 as usize]; site.people.len()];
    let mut first_seen: HashMap<(PersonIndex, Date), usize> = HashMap::new();
    for (at, assignment) in history.iter().flat_map(|history| &history.days).enumerate() {
        let pointer = format!("/history/days/{at}");
        // People who have left may still stand in history.
        let Some(person) = site.person_named(&assignment.person) else { continue };
        if let Some(first) = first_seen.insert((person, assignment.on), at) {
            findings.push(
                Finding::error(
                    "history.twice",
                    &pointer,
                    format!("`{}` is in history.days[{first}] on the same day", assignment.person),
                )
                .help("keep one of the two"),
            );
        }
        if assignment.on >= site.calendar.from {
            findings.push(
                Finding::error("history.not_past", format!("{pointer}/on"), format!("{} is not before the calendar", assignment.on))
                    .help("history ends before `calendar.from`"),
            );
            continue;
        }
        let day = Day(assignment.on.since(site.calendar.from) as i32);
        if day >= first {
            past[person.at()][(day.0 - first.0) as usize] = Cell::read_lenient(site, assignment);
        }
    }
    past
}

fn counts(site: &Site, history: Option<&typed::History>, findings: &mut Vec<Finding>) -> Vec<Option<typed::PersonHistory>> {
    let mut counts = vec![None; site.people.len()];
    for (at, count) in history.iter().flat_map(|history| &history.people).enumerate() {
        // People who have left may still stand in history.
        let Some(person) = site.person_named(&count.person) else { continue };
        if counts[person.at()].is_some() {
            findings.push(Finding::error(
                "history.twice",
                format!("/history/people/{at}"),
                format!("`{}` is in history.people twice", count.person),
            ));
        }
        if count.wishes.is_some_and(|wishes| wishes.refused > wishes.asked) {
            findings.push(Finding::error(
                "history.wishes",
                format!("/history/people/{at}/wishes"),
                "more wishes refused than asked",
            ));
        }
        counts[person.at()] = Some(count.clone());
    }
    counts
}

fn ties(site: &Site, typed: &[typed::Tie], findings: &mut Vec<Finding>) -> Vec<(PersonIndex, PersonIndex, f64)> {
    let mut ties = Vec::new();
    for (at, tie) in typed.iter().enumerate() {
        let pointer = format!("/ties/{at}");
        if !(tie.weight > 0.0 && tie.weight.is_finite()) {
            findings.push(Finding::error("tie.weight", format!("{pointer}/weight"), "a weight must be above 0"));
        }
        let people: Vec<Option<PersonIndex>> = tie
            .between
            .iter()
            .enumerate()
            .map(|(side, id)| {
                let found = site.person_named(id);
                if found.is_none() {
                    findings.push(site.unknown_person("tie", &format!("{pointer}/between/{side}"), id));
                }
                found
            })
            .collect();
        match (people[0], people[1]) {
            (Some(one), Some(other)) if one == other => findings.push(
                Finding::error("tie.same", format!("{pointer}/between"), "a tie needs two people").help("name two people"),
            ),
            (Some(one), Some(other)) => ties.push((one, other, tie.weight)),
            _ => {}
        }
    }
    ties
}

fn check_previous(site: &Site, previous: &[typed::Assignment], findings: &mut Vec<Finding>) {
    let mut seen: HashSet<(&str, Date)> = HashSet::new();
    for (at, assignment) in previous.iter().enumerate() {
        let pointer = format!("/previous/{at}");
        if !seen.insert((&assignment.person, assignment.on)) {
            findings.push(Finding::error(
                "previous.twice",
                pointer,
                format!("`{}` is there twice on {}", assignment.person, assignment.on),
            ));
        } else if site.person_named(&assignment.person).is_none() {
            findings.push(Finding::note(
                "previous.left",
                pointer,
                format!("`{}` is not in this scenario; the line is not used", assignment.person),
            ));
        }
    }
}
