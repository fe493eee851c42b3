//! Where somebody who is asked to come in can be: shifts, duties, zones and free seats, weighed by the check.

use rota_core::calendar::ShiftSet;
use rota_core::roster::{Cell, Place, Roster};
use rota_core::select::{Presence, Spot};
use rota_core::{Day, DeskIndex, DutyIndex, PersonIndex, ShiftIndex, Site, ZoneIndex};
use rota_rules::judge::{concerns, costs_if};
use rota_rules::laws::Says;
use rota_rules::Problem;

/// Somebody's day that changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The person.
    pub person: PersonIndex,
    /// The day.
    pub day: Day,
    /// Where they are then.
    pub cell: Cell,
}

/// Everybody.
pub fn people(site: &Site) -> impl Iterator<Item = PersonIndex> {
    PersonIndex::all(site.people.len())
}

/// Costs in millionths, to be compared exactly.
pub fn rounded(costs: [f64; 4]) -> [i64; 4] {
    costs.map(|cost| (cost * 1e6).round() as i64)
}

/// Weighs where people can be.
pub struct Places<'a> {
    problem: &'a Problem,
    concerns: Vec<Option<Vec<bool>>>,
    says: Says,
}

impl<'a> Places<'a> {
    /// For rosters that say so much.
    pub fn new(problem: &'a Problem, says: Says) -> Places<'a> {
        Places { problem, concerns: concerns(problem), says }
    }

    fn site(&self) -> &Site {
        &self.problem.site
    }

    /// What a roster would cost more, level by level, with that day changed; seats are not looked at.
    pub fn costs(&self, roster: &mut Roster, asked: Asked) -> [f64; 4] {
        costs_if(self.problem, &self.concerns, roster, asked.person, asked.day, asked.cell)
    }

    /// Where it is best to have a person on a day, other than where they are: the level costs decide, then whether
    /// their usual or a freed desk is used. None where the must rules would cost more than `most` more.
    pub fn best_cell(
        &self,
        base: &Roster,
        roster: &mut Roster,
        (person, day): (PersonIndex, Day),
        most: f64,
    ) -> Option<(Cell, [f64; 4])> {
        let site = self.site();
        let mut best: Option<(Cell, [f64; 4])> = None;
        let is_better = |best: &Option<(Cell, [f64; 4])>, costs: [f64; 4]| {
            best.as_ref().is_none_or(|(_, least)| rounded(costs) < rounded(*least))
        };
        for way in self.ways(roster, person, day) {
            if !self.says.zones || site.zones.is_empty() || way.zone.is_some() {
                let costs = self.costs(roster, Asked { person, day, cell: way });
                if costs[0] <= most && is_better(&best, costs) {
                    best = Some((way, costs));
                }
                continue;
            }
            for zone in ZoneIndex::all(site.zones.len()) {
                let place = Cell { site: Some(site.site_of(zone)), zone: Some(zone), ..way };
                let now = roster.at(person, day);
                if now.place == Place::OnSite
                    && (now.zone, now.shift, now.duty) == (Some(zone), way.shift, way.duty)
                {
                    continue;
                }
                // A desk costs no less than its zone without one, wishes for desks aside.
                let bare = self.costs(roster, Asked { person, day, cell: place });
                if bare[0] > most || !is_better(&best, bare) {
                    continue;
                }
                for cell in self.seats(base, roster, person, day, place) {
                    let costs = self.costs(roster, Asked { person, day, cell });
                    if costs[0] <= most && is_better(&best, costs) {
                        best = Some((cell, costs));
                    }
                    if rounded(costs) <= rounded(bare) {
                        break;
                    }
                }
            }
        }
        best
    }

    /// Whether somebody's coming in on a day would help to keep the must rules, a free seat or not.
    pub fn would_help(&self, roster: &mut Roster, person: PersonIndex, day: Day) -> bool {
        let site = self.site();
        let shifts = std::iter::once(None).chain(ShiftIndex::all(site.calendar.shifts.len()).map(Some));
        let duties: Vec<_> =
            std::iter::once(None).chain(DutyIndex::all(site.names.duties.len()).map(Some)).collect();
        let zones: Vec<_> = std::iter::once(None).chain(ZoneIndex::all(site.zones.len()).map(Some)).collect();
        let mut cells = shifts.flat_map(|shift| {
            let zones = &zones;
            duties.iter().flat_map(move |duty| {
                zones.iter().map(move |zone| Cell {
                    shift,
                    duty: *duty,
                    zone: *zone,
                    site: zone.map(|zone| site.site_of(zone)),
                    ..Cell::ON_SITE
                })
            })
        });
        cells.any(|cell| self.costs(roster, Asked { person, day, cell })[0] < -1e-6)
    }

    /// Ways for a person to be on site on a day other than they are: shift and duty; with the seat they have, or none
    /// yet.
    fn ways(&self, roster: &Roster, person: PersonIndex, day: Day) -> Vec<Cell> {
        let site = self.site();
        let cell = *roster.at(person, day);
        let all = ShiftIndex::all(site.calendar.shifts.len());
        let shifts: Vec<Option<ShiftIndex>> = if !self.says.shifts || site.calendar.shifts.is_empty() {
            vec![None]
        } else {
            all.filter(|shift| site.may_be_on_shift(person, day, ShiftSet::NONE.with(*shift)))
                .map(Some)
                .collect()
        };
        let duties: Vec<Option<DutyIndex>> = if self.says.duties {
            std::iter::once(None).chain(DutyIndex::all(site.names.duties.len()).map(Some)).collect()
        } else {
            vec![None]
        };
        let mut ways = Vec::new();
        for shift in shifts {
            for duty in &duties {
                // A duty that somebody has already is not taken from them.
                if cell.duty.is_some() && *duty != cell.duty {
                    continue;
                }
                // Another shift needs a free seat; the same shift can be worked where they sit, or in another zone.
                let stays = cell.place == Place::OnSite && shift == cell.shift;
                if !stays {
                    ways.push(Cell { shift, duty: *duty, ..Cell::ON_SITE });
                } else if *duty != cell.duty {
                    ways.push(Cell { duty: *duty, ..cell });
                } else if site.zones.len() > 1 && self.says.zones {
                    ways.push(Cell { shift, duty: *duty, ..Cell::ON_SITE });
                }
            }
        }
        ways
    }

    /// Free seats in the zone of a cell: the person's usual desk first, then those that are used most.
    fn seats(&self, base: &Roster, roster: &Roster, person: PersonIndex, day: Day, place: Cell) -> Vec<Cell> {
        let site = self.site();
        let Some(zone) = place.zone else { return vec![place] };
        let shifts = place.shift.map_or(ShiftSet::ALL, |shift| ShiftSet::NONE.with(shift));
        let may = |spot: Spot| site.may_be(person, day, &Presence { shifts, spot });
        let users = |fits: &dyn Fn(&Cell) -> bool| self.users(roster, person, day, place.shift, fits);
        if let Some(seats) = site.zone(zone).seats {
            let taken = site.zone(zone).taken[day.0 as usize];
            let is_free = users(&|cell| cell.zone == Some(zone)) + taken < seats;
            return if is_free && may(Spot::Zone(zone)) { vec![place] } else { Vec::new() };
        }
        if !self.says.desks {
            return if may(Spot::Zone(zone)) { vec![place] } else { Vec::new() };
        }
        let mut desks: Vec<(u32, DeskIndex)> = site
            .zone(zone)
            .desks
            .iter()
            .copied()
            .filter(|desk| may(Spot::Desk(*desk)) && users(&|cell| cell.desk == Some(*desk)) == 0)
            .map(|desk| (self.liking(base, person, desk), desk))
            .collect();
        desks.sort_by_key(|(liking, desk)| (std::cmp::Reverse(*liking), *desk));
        desks.into_iter().map(|(_, desk)| Cell { desk: Some(desk), ..place }).collect()
    }

    /// How often a person sits at a desk; then how often anybody does: a desk in use fits among the others in use.
    fn liking(&self, base: &Roster, person: PersonIndex, desk: DeskIndex) -> u32 {
        let days = || self.site().calendar.days();
        let own = days().filter(|day| base.at(person, *day).desk == Some(desk)).count() as u32;
        let all = days()
            .map(|day| {
                people(self.site()).filter(|other| base.at(*other, day).desk == Some(desk)).count() as u32
            })
            .sum::<u32>();
        own * 10_000 + all
    }

    /// How many others are there at a time of a shift.
    fn users(
        &self,
        roster: &Roster,
        person: PersonIndex,
        day: Day,
        shift: Option<ShiftIndex>,
        fits: &dyn Fn(&Cell) -> bool,
    ) -> u32 {
        let site = self.site();
        let shifts = &site.calendar.shifts;
        let span = |shift: Option<ShiftIndex>| shift.map_or((0, 1440), |shift| shifts[shift.at()].minutes());
        let (start, end) = span(shift);
        let nights = site.calendar.has_nights();
        let near: &[i32] = if nights { &[-1, 0, 1] } else { &[0] };
        people(site)
            .filter(|other| *other != person)
            .filter(|other| {
                near.iter().any(|shift_of_day| {
                    let other_day = Day(day.0 + shift_of_day);
                    if other_day < site.calendar.first_known || other_day > site.calendar.last() {
                        return false;
                    }
                    let cell = roster.at(*other, other_day);
                    let (from, to) = span(cell.shift);
                    let moved = i64::from(*shift_of_day) * 1440;
                    let (from, to) = (i64::from(from) + moved, i64::from(to) + moved);
                    cell.place == Place::OnSite
                        && fits(cell)
                        && from < i64::from(end)
                        && i64::from(start) < to
                })
            })
            .count() as u32
    }
}
