//! How fine each person-day is decided: ways of being on site that nothing tells apart are one choice.

use crate::desk_groups::DeskGroup;
use rota_core::calendar::{ShiftSet, DAY_MINUTES};
use rota_core::roster::Cell;
use rota_core::select::{Presence, Spot};
use rota_core::{PersonIndex, ShiftIndex, Site, ZoneIndex};
use std::collections::{BTreeMap, HashMap};

/// One way of being on site on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way {
    /// The shift, where there are shifts.
    pub shift: Option<ShiftIndex>,
    /// The zone, where there are sites.
    pub zone: Option<ZoneIndex>,
    /// The group of desks, where the zone has desks.
    pub group: Option<usize>,
}

impl Way {
    /// The way a person of a roster is on site.
    pub fn of(cell: &Cell, group_of_desk: &[usize]) -> Way {
        let group = cell.desk.map(|desk| group_of_desk[desk.at()]);
        Way { shift: cell.shift, zone: cell.zone, group }
    }

    /// Whether this is being on site in the way asked about.
    pub fn fits(&self, site: &Site, groups: &[DeskGroup], presence: &Presence) -> bool {
        (presence.shifts == ShiftSet::ALL || presence.shifts.has(self.shift))
            && match presence.spot {
                Spot::Anywhere => true,
                Spot::Site(asked) => self.zone.is_some_and(|zone| site.site_of(zone) == asked),
                Spot::Zone(asked) => self.zone == Some(asked),
                // A desk that is asked for by name is a group of its own.
                Spot::Desk(asked) => self.group.is_some_and(|group| groups[group].desks == [asked]),
            }
    }
}

/// The choices of person-days that have the same ways and are asked the same questions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Kind {
    /// One way for each choice, to stand for all its ways.
    pub choices: Vec<Way>,
    /// Every way, with its choice.
    ways: BTreeMap<Way, usize>,
}

impl Kind {
    /// The choice that a way belongs to; none when the person may not be there.
    pub fn choice_of(&self, way: &Way) -> Option<usize> {
        self.ways.get(way).copied()
    }
}

/// The kind of every person-day.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choices {
    kinds: Vec<Kind>,
    of: Vec<Option<u32>>,
}

impl Choices {
    /// The choices of a person-day, by its place in the list of them all; none when the person cannot be on site.
    pub fn of(&self, cell: usize) -> Option<&Kind> {
        self.of[cell].map(|kind| &self.kinds[kind as usize])
    }

    /// Settles the choices of every person-day from what is asked about it. A cell is `person * days + day`.
    pub fn new(site: &Site, groups: &[DeskGroup], asked: Vec<Vec<Presence>>) -> Choices {
        let days = site.calendar.len();
        let covered = CoveredMinutes::of(site);
        let mut choices = Choices { kinds: Vec::new(), of: vec![None; asked.len()] };
        let mut known: HashMap<(u32, ShiftSet, Vec<Presence>), u32> = HashMap::new();
        let mut spots_known: HashMap<Vec<(Option<ZoneIndex>, Option<usize>)>, u32> = HashMap::new();
        let mut spots_of: HashMap<PersonIndex, (u32, Vec<(Option<ZoneIndex>, Option<usize>)>)> =
            HashMap::new();
        for (cell, asked) in asked.into_iter().enumerate() {
            let (person, day) = (PersonIndex((cell / days) as u32), rota_core::Day((cell % days) as i32));
            if !site.works(person, day) {
                continue;
            }
            let (number, spots) = spots_of.entry(person).or_insert_with(|| {
                let spots = spots(site, groups, person);
                let next = spots_known.len() as u32;
                (*spots_known.entry(spots.clone()).or_insert(next), spots)
            });
            let open = site.person(person).shifts[day.0 as usize];
            let next = choices.kinds.len() as u32;
            let kind = *known.entry((*number, open, asked)).or_insert_with_key(|(_, _, asked)| {
                choices.kinds.push(kind(site, groups, &covered, spots, open, asked));
                next
            });
            choices.of[cell] = (!choices.kinds[kind as usize].choices.is_empty()).then_some(kind);
        }
        choices
    }
}

/// Zones of seats and groups of desks that a person may use.
fn spots(site: &Site, groups: &[DeskGroup], person: PersonIndex) -> Vec<(Option<ZoneIndex>, Option<usize>)> {
    if site.zones.is_empty() {
        return vec![(None, None)];
    }
    let seats = ZoneIndex::all(site.zones.len())
        .filter(|zone| site.zone(*zone).seats.is_some() && site.may_use_zone(person, *zone))
        .map(|zone| (Some(zone), None));
    let desks = groups.iter().enumerate().filter(|(_, group)| site.may_use_desk(person, group.sample()));
    let mut spots: Vec<_> = seats.chain(desks.map(|(at, group)| (Some(group.zone), Some(at)))).collect();
    spots.sort_unstable();
    spots
}

/// Ways that every question and every desk sees alike are one choice.
fn kind(
    site: &Site,
    groups: &[DeskGroup],
    covered: &CoveredMinutes,
    spots: &[(Option<ZoneIndex>, Option<usize>)],
    open: ShiftSet,
    asked: &[Presence],
) -> Kind {
    let mut shifts: Vec<Option<ShiftIndex>> = match site.calendar.shifts.len() {
        0 => vec![None],
        count => ShiftIndex::all(count).map(Some).filter(|shift| open.has(*shift)).collect(),
    };
    // What is only for those who ask stands for other ways last of all.
    shifts.sort_by_key(|shift| shift.is_some_and(|shift| site.calendar.shifts[shift.at()].by_request));
    let mut kind = Kind::default();
    let mut seen: HashMap<(Vec<bool>, Option<usize>, &[bool]), usize> = HashMap::new();
    for shift in shifts {
        for (zone, group) in spots {
            let way = Way { shift, zone: *zone, group: *group };
            let signs = asked.iter().map(|presence| way.fits(site, groups, presence)).collect();
            let minutes = if group.is_some() { covered.by(shift) } else { &[] };
            let next = kind.choices.len();
            let choice = *seen.entry((signs, *group, minutes)).or_insert(next);
            if choice == next {
                kind.choices.push(way);
            }
            kind.ways.insert(way, choice);
        }
    }
    kind
}

/// Which starts of shifts, of the same day and of the next, each shift is on at: all that desks ask.
struct CoveredMinutes {
    whole_day: Vec<bool>,
    by_shift: Vec<Vec<bool>>,
}

impl CoveredMinutes {
    fn of(site: &Site) -> CoveredMinutes {
        let starts = site.calendar.starts();
        let minutes: Vec<u32> =
            starts.iter().copied().chain(starts.iter().map(|minute| minute + DAY_MINUTES)).collect();
        let covers =
            |shift: &rota_core::calendar::Shift| minutes.iter().map(|minute| shift.covers(*minute)).collect();
        CoveredMinutes {
            whole_day: minutes.iter().map(|minute| *minute < DAY_MINUTES).collect(),
            by_shift: site.calendar.shifts.iter().map(covers).collect(),
        }
    }

    fn by(&self, shift: Option<ShiftIndex>) -> &[bool] {
        shift.map_or(&self.whole_day, |shift| &self.by_shift[shift.at()])
    }
}
