//! The least and the most that sums of a model can be, by the laws and the room of each day alone.

use rota_core::calendar::ShiftSet;
use rota_core::select::{Presence, Spot};
use rota_core::site::Wanted;
use rota_core::typed::WorkPlace;
use rota_core::{Day, DeskIndex, PersonIndex, ShiftIndex, Site, ZoneIndex};
use rota_rules::model::{Meaning, Model, Sum};
use rota_rules::{AnyRule, Problem, Strength};
use rota_solver::desk_capacity::most_desks;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How long the largest set of desks at a distance may be looked for.
const DESK_SECONDS: f64 = 2.0;
/// Sums closer than this are the same.
pub(crate) const TOLERANCE: f64 = 1e-6;

/// The least and the most a column can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Interval {
    pub(crate) least: f64,
    pub(crate) most: f64,
}

/// What the laws, the pins and the room allow. Keeps what it has worked out.
pub(crate) struct Bounds<'p> {
    site: &'p Site,
    /// Pairs of desks that a must rule keeps apart.
    pairs: Vec<(DeskIndex, DeskIndex)>,
    desks_at_once: HashMap<Vec<DeskIndex>, Option<usize>>,
    /// Zones kept for nobody, and those kept for each person and some others.
    open_zones: Vec<ZoneIndex>,
    kept_zones: HashMap<PersonIndex, Vec<ZoneIndex>>,
    /// By person and day: whether the person may, and whether they must, be on site.
    on_site: HashMap<(PersonIndex, Day), (bool, bool)>,
}

impl<'p> Bounds<'p> {
    pub(crate) fn new(problem: &'p Problem) -> Bounds<'p> {
        let mut pairs: Vec<(DeskIndex, DeskIndex)> = problem
            .rules
            .iter()
            .filter(|rule| rule.strength == Strength::Must)
            .filter_map(|rule| match &rule.rule {
                AnyRule::Distance(distance) => Some(distance.pairs(&problem.site)),
                _ => None,
            })
            .flatten()
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let site = &problem.site;
        let mut kept_zones: HashMap<PersonIndex, Vec<ZoneIndex>> = HashMap::new();
        for zone in ZoneIndex::all(site.zones.len()) {
            for person in site.zone(zone).admits.iter().flatten() {
                kept_zones.entry(*person).or_default().push(zone);
            }
        }
        let open_zones =
            ZoneIndex::all(site.zones.len()).filter(|zone| site.zone(*zone).admits.is_none()).collect();
        Bounds { site, pairs, desks_at_once: HashMap::new(), open_zones, kept_zones, on_site: HashMap::new() }
    }

    // ------------------------------------------------------------ people

    /// Whether laws and pins let a person be on site in this way on a day.
    pub(crate) fn may(&mut self, person: PersonIndex, day: Day, presence: &Presence) -> bool {
        if *presence == Presence::ON_SITE {
            return self.anywhere(person, day).0;
        }
        may(self.site, person, day, presence)
    }

    /// Whether laws and pins leave a person no choice but to be on site in this way on a day.
    pub(crate) fn must(&mut self, person: PersonIndex, day: Day, presence: &Presence) -> bool {
        let (may_come, must_come) = self.anywhere(person, day);
        may_come && must_come && (*presence == Presence::ON_SITE || must_so(self.site, person, day, presence))
    }

    /// Whether a person may and must be on site on a day; the second says nothing of the first.
    fn anywhere(&mut self, person: PersonIndex, day: Day) -> (bool, bool) {
        if let Some(known) = self.on_site.get(&(person, day)) {
            return *known;
        }
        let site = self.site;
        let may_come = site.works(person, day)
            && site.laid_down(person, day) != Some(WorkPlace::Home)
            && site.may_be_on_shift(person, day, ShiftSet::ALL)
            && pins_of(site, person, day).all(|pin| !pin.is_home())
            && self.has_spot(person, day);
        let known = (may_come, must_come(site, person, day));
        self.on_site.insert((person, day), known);
        known
    }

    /// Whether some open seat suits a person on a day; looks only into zones that the person may use.
    fn has_spot(&self, person: PersonIndex, day: Day) -> bool {
        let mut zones = self.open_zones.iter().chain(self.kept_zones.get(&person).into_iter().flatten());
        self.site.zones.is_empty() || zones.any(|zone| self.site.has_spot(person, day, Spot::Zone(*zone)))
    }

    /// Whether a person has to be on site on a day, whether or not there is room for them.
    pub(crate) fn is_called_in(&mut self, person: PersonIndex, day: Day) -> bool {
        self.anywhere(person, day).1
    }

    // ------------------------------------------------------------ room

    /// The most of these people who can be at a spot on a day on some of these shifts.
    pub(crate) fn room(&mut self, day: Day, presence: &Presence, people: &[PersonIndex]) -> usize {
        let site = self.site;
        if site.zones.is_empty() {
            return people.len();
        }
        let turns = turns(site, presence.shifts);
        let mut seated = 0;
        let mut at_desks = 0;
        let mut open: Vec<DeskIndex> = Vec::new();
        for zone in ZoneIndex::all(site.zones.len()).filter(|zone| !site.zone(*zone).closed[day.0 as usize]) {
            if !touches(site, Spot::Zone(zone), presence.spot) {
                continue;
            }
            let admitted: Vec<PersonIndex> =
                people.iter().copied().filter(|person| site.may_use_zone(*person, zone)).collect();
            if let Some(seats) = site.zone(zone).seats {
                let free = seats.saturating_sub(site.zone(zone).taken[day.0 as usize]) as usize;
                seated += (free * turns).min(admitted.len());
                continue;
            }
            let usable: Vec<DeskIndex> = site
                .zone(zone)
                .desks
                .iter()
                .copied()
                .filter(|desk| {
                    within(site, Spot::Desk(*desk), presence.spot) && !site.desk(*desk).closed[day.0 as usize]
                })
                .filter(|desk| admitted.iter().any(|person| site.may_use_desk(*person, *desk)))
                .collect();
            at_desks += (usable.len() * turns).min(admitted.len());
            open.extend(usable);
        }
        let at_once = self.at_once(open).map_or(at_desks, |most| most * turns);
        (seated + at_desks.min(at_once)).min(people.len())
    }

    /// The most of these desks that can be used at one time; none when it is not known.
    fn at_once(&mut self, desks: Vec<DeskIndex>) -> Option<usize> {
        if self.pairs.is_empty() || desks.is_empty() {
            return Some(desks.len());
        }
        let pairs = &self.pairs;
        *self.desks_at_once.entry(desks).or_insert_with_key(|desks| most_desks(desks, pairs, DESK_SECONDS))
    }

    // ------------------------------------------------------------ sums

    /// The interval of every column of a model.
    pub(crate) fn columns(&mut self, model: &Model) -> Vec<Interval> {
        let mut columns: Vec<Interval> = Vec::with_capacity(model.columns.len());
        for meaning in &model.columns {
            let interval = self.column(model, meaning, &columns);
            columns.push(interval);
        }
        columns
    }

    fn column(&mut self, model: &Model, meaning: &Meaning, columns: &[Interval]) -> Interval {
        let truth = |least: bool, most: bool| Interval {
            least: f64::from(u8::from(least)),
            most: f64::from(u8::from(most)),
        };
        match meaning {
            Meaning::There { person, day, presence } => {
                truth(self.must(*person, *day, presence), self.may(*person, *day, presence))
            }
            Meaning::Taken { desk, day, shifts } => {
                let open = !self.site.desk(*desk).closed[day.0 as usize];
                let presence = Presence { shifts: *shifts, spot: Spot::Desk(*desk) };
                let pinned = PersonIndex::all(self.site.people.len())
                    .filter(|person| !self.site.person(*person).pins.is_empty())
                    .any(|person| self.must(person, *day, &presence));
                truth(open && pinned, open)
            }
            Meaning::Duty { person, day, .. } => truth(false, self.may(*person, *day, &Presence::ON_SITE)),
            Meaning::Cohort { .. } => truth(false, true),
            Meaning::AnyOf(sum) => self.reached(model, columns, sum, 1.0),
            Meaning::Enough(sum, least) => self.reached(model, columns, sum, *least),
            Meaning::Both(one, other) => {
                let (one, other) =
                    (self.reached(model, columns, one, 1.0), self.reached(model, columns, other, 1.0));
                Interval { least: one.least.min(other.least), most: one.most.min(other.most) }
            }
            Meaning::Blocks(sum, every) => {
                let blocks = |count: f64| (count / every - TOLERANCE).ceil();
                let (least, most) = (self.least(model, columns, sum), self.most(model, columns, sum));
                Interval { least: blocks(least), most: blocks(most) }
            }
        }
    }

    /// The interval of "the sum is at least so much".
    fn reached(&mut self, model: &Model, columns: &[Interval], sum: &Sum, goal: f64) -> Interval {
        let reaches = |value: f64| f64::from(u8::from(value >= goal - TOLERANCE));
        let (least, most) = (self.least(model, columns, sum), self.most(model, columns, sum));
        Interval { least: reaches(least), most: reaches(most) }
    }

    /// The most a sum can be.
    pub(crate) fn most(&mut self, model: &Model, columns: &[Interval], sum: &Sum) -> f64 {
        let mut most = sum.constant;
        // Those who share the room of one day at one place.
        let mut rooms: BTreeMap<(Day, Presence), Crowd> = BTreeMap::new();
        for (column, factor) in &sum.terms {
            let interval = columns[column.at()];
            most += (factor * interval.least).max(factor * interval.most);
            if let (Meaning::There { person, day, presence }, true) =
                (&model.columns[column.at()], *factor > 0.0)
            {
                if interval.most > 0.5 {
                    rooms.entry((*day, *presence)).or_default().add(*person, *factor);
                }
            }
        }
        for ((day, presence), crowd) in rooms.into_iter().filter(|(_, crowd)| crowd.people.len() > 1) {
            let room = self.room(day, &presence, &crowd.people) as f64;
            most -= (crowd.total - room * crowd.largest).max(0.0);
        }
        most
    }

    /// The least a sum can be.
    pub(crate) fn least(&mut self, model: &Model, columns: &[Interval], sum: &Sum) -> f64 {
        -self.most(model, columns, &sum.clone().times(-1.0)) + 0.0
    }
}

/// People who might be at one place on one day, with their factors in a sum.
#[derive(Default)]
struct Crowd {
    people: Vec<PersonIndex>,
    total: f64,
    largest: f64,
}

impl Crowd {
    fn add(&mut self, person: PersonIndex, factor: f64) {
        self.people.push(person);
        self.total += factor;
        self.largest = self.largest.max(factor);
    }
}

fn pins_of(site: &Site, person: PersonIndex, day: Day) -> impl Iterator<Item = &Wanted> {
    site.person(person).pins.iter().filter(move |pin| pin.days.contains(&day))
}

fn may(site: &Site, person: PersonIndex, day: Day, presence: &Presence) -> bool {
    site.may_be(person, day, presence)
        && pins_of(site, person, day).all(|pin| {
            !pin.is_home()
                && pin.presence.shifts.and(presence.shifts) != ShiftSet::NONE
                && touches(site, pin.presence.spot, presence.spot)
        })
}

fn must_come(site: &Site, person: PersonIndex, day: Day) -> bool {
    site.works(person, day)
        && (site.laid_down(person, day) == Some(WorkPlace::OnSite)
            || pins_of(site, person, day).any(|pin| !pin.is_home()))
}

/// Whether somebody who has to be on site has to be there on such a shift, at such a place.
fn must_so(site: &Site, person: PersonIndex, day: Day, presence: &Presence) -> bool {
    let shifts = pins_of(site, person, day)
        .fold(site.person(person).shifts[day.0 as usize], |shifts, pin| shifts.and(pin.presence.shifts));
    let every = ShiftIndex::all(site.calendar.shifts.len()).fold(ShiftSet::NONE, ShiftSet::with);
    let on_shift = presence.shifts == ShiftSet::ALL || shifts.and(every).0 & !presence.shifts.0 == 0;
    let pinned = || pins_of(site, person, day).any(|pin| within(site, pin.presence.spot, presence.spot));
    let nowhere_else = || {
        ZoneIndex::all(site.zones.len()).all(|zone| {
            within(site, Spot::Zone(zone), presence.spot) || !site.has_spot(person, day, Spot::Zone(zone))
        })
    };
    on_shift && (presence.spot == Spot::Anywhere || pinned() || nowhere_else())
}

/// Whether all of the first spot lies in the second.
pub(crate) fn within(site: &Site, one: Spot, other: Spot) -> bool {
    match (one, other) {
        (_, Spot::Anywhere) => true,
        (Spot::Zone(zone), Spot::Site(premises)) => site.site_of(zone) == premises,
        (Spot::Desk(desk), Spot::Site(premises)) => site.site_of(site.desk(desk).zone) == premises,
        (Spot::Desk(desk), Spot::Zone(zone)) => site.desk(desk).zone == zone,
        _ => one == other,
    }
}

/// Whether two spots have a part in common.
fn touches(site: &Site, one: Spot, other: Spot) -> bool {
    within(site, one, other) || within(site, other, one)
}

/// How many people one after the other can use a seat on one day: the most shifts of which no two overlap.
fn turns(site: &Site, shifts: ShiftSet) -> usize {
    let calendar = &site.calendar;
    let spans: BTreeSet<(u32, u32)> = ShiftIndex::all(calendar.shifts.len())
        .filter(|shift| shifts.has(Some(*shift)))
        .map(|shift| calendar.shifts[shift.at()].minutes())
        .map(|(start, end)| (end, start))
        .collect();
    let mut turns = 0;
    let mut free = 0;
    for (end, start) in spans {
        if turns == 0 || start >= free {
            turns += 1;
            free = end;
        }
    }
    turns.max(1)
}
