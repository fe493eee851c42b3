//! Desks last: people who hold a place in a group of desks are given one of its desks.

use crate::desk_groups::DeskGroup;
use rota_core::calendar::{ShiftSet, DAY_MINUTES};
use rota_core::roster::Roster;
use rota_core::{Day, DeskIndex, PersonIndex, ShiftIndex, Site};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A person with a place in a group of desks on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sitting {
    /// The person.
    pub person: PersonIndex,
    /// The day.
    pub day: Day,
    /// The group.
    pub group: usize,
    /// The shift.
    pub shift: Option<ShiftIndex>,
}

/// Gives each sitting a desk: open, not `barred`, free at that time; the one the person had before if possible.
/// The program has made sure that there is one; should none be left, the person stays without a desk and the
/// verification of the roster says so.
pub fn seat(
    site: &Site,
    groups: &[DeskGroup],
    sittings: &[Sitting],
    barred: &[(DeskIndex, Day, ShiftSet)],
    roster: &mut Roster,
) {
    let mut barred_on: HashMap<(DeskIndex, Day), Vec<ShiftSet>> = HashMap::new();
    for (desk, day, shifts) in barred {
        barred_on.entry((*desk, *day)).or_default().push(*shifts);
    }
    let minutes = |shift: Option<ShiftIndex>| {
        shift.map_or((0, DAY_MINUTES), |shift| site.calendar.shifts[shift.at()].minutes())
    };
    let mut by_day: BTreeMap<(Day, usize), Vec<Sitting>> = BTreeMap::new();
    for sitting in sittings {
        by_day.entry((sitting.day, sitting.group)).or_default().push(*sitting);
    }
    let mut had: HashMap<PersonIndex, BTreeMap<DeskIndex, u32>> = HashMap::new();
    for ((day, group), mut sittings) in by_day {
        sittings.sort_by_key(|sitting| (minutes(sitting.shift), sitting.person));
        let mut busy: HashMap<DeskIndex, u32> = HashMap::new();
        let is_open = |desk: DeskIndex, shift: Option<ShiftIndex>| {
            !site.desk(desk).closed[day.0 as usize]
                && barred_on
                    .get(&(desk, day))
                    .is_none_or(|sets| !sets.iter().any(|set| *set == ShiftSet::ALL || set.has(shift)))
        };
        // First those who find the desk they had, then the rest: intervals taken by their start need no more
        // desks than there are people at one time.
        let mut waiting = Vec::new();
        for sitting in sittings {
            let (from, to) = minutes(sitting.shift);
            let old = had.get(&sitting.person).and_then(|desks| {
                desks
                    .iter()
                    .filter(|(desk, _)| groups[group].desks.contains(desk))
                    .max_by_key(|(desk, times)| (**times, std::cmp::Reverse(**desk)))
                    .map(|(desk, _)| *desk)
            });
            match old {
                Some(desk)
                    if site.calendar.shifts.is_empty()
                        && is_open(desk, sitting.shift)
                        && !busy.contains_key(&desk) =>
                {
                    busy.insert(desk, to);
                    take(site, roster, &mut had, sitting, desk);
                }
                _ => waiting.push((from, to, sitting)),
            }
        }
        let liked: BTreeSet<DeskIndex> = had.values().flat_map(BTreeMap::keys).copied().collect();
        for (from, to, sitting) in waiting {
            let free = |desk: &&DeskIndex| {
                is_open(**desk, sitting.shift) && busy.get(desk).is_none_or(|until| *until <= from)
            };
            let own =
                |desk: &DeskIndex| had.get(&sitting.person).is_some_and(|desks| desks.contains_key(desk));
            let chosen = groups[group]
                .desks
                .iter()
                .filter(free)
                .min_by_key(|desk| (!own(desk), liked.contains(desk), **desk))
                .copied();
            if let Some(desk) = chosen {
                busy.insert(desk, to);
                take(site, roster, &mut had, sitting, desk);
            }
        }
    }
}

fn take(
    site: &Site,
    roster: &mut Roster,
    had: &mut HashMap<PersonIndex, BTreeMap<DeskIndex, u32>>,
    sitting: Sitting,
    desk: DeskIndex,
) {
    let zone = site.desk(desk).zone;
    let cell = *roster.at(sitting.person, sitting.day);
    let cell = rota_core::Cell { desk: Some(desk), zone: Some(zone), site: Some(site.site_of(zone)), ..cell };
    roster.set(sitting.person, sitting.day, cell);
    *had.entry(sitting.person).or_default().entry(desk).or_default() += 1;
}
