//! What makes a roster pleasanter at the same cost: nobody in or on a duty without a reason, and the same desks
//! every day.

use rota_core::roster::{Cell, Place, Roster};
use rota_core::typed::DefaultPlace;
use rota_core::{Day, DeskIndex, PersonIndex, Site};
use rota_rules::judge::{all_reasons, concerns, reasons, worse_if};
use rota_rules::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// Sends home whoever is in without a reason; for rosters whose last level was not searched to its end.
pub fn send_home(problem: &Problem, roster: &Roster) -> Roster {
    let mut roster = roster.clone();
    if problem.site.default_place != DefaultPlace::Home {
        return roster;
    }
    let concerns = concerns(problem);
    // Found side by side; one after the other they may need each other.
    let idle = all_reasons(problem, &roster).into_iter().filter(|(_, reasons)| reasons.is_empty());
    for ((person, day), _) in idle {
        if reasons(problem, &concerns, &mut roster, person, day).is_some_and(|reasons| reasons.is_empty()) {
            roster.set(person, day, Cell::HOME);
        }
    }
    roster
}

/// Takes duties from people of which no rule needs so many.
pub fn drop_duties(problem: &Problem, roster: &mut Roster) {
    if problem.site.names.duties.is_empty() {
        return;
    }
    let concerns = concerns(problem);
    for person in PersonIndex::all(problem.site.people.len()) {
        for day in problem.site.calendar.days() {
            let cell = *roster.at(person, day);
            let free = Cell { duty: None, ..cell };
            if cell.duty.is_some() && worse_if(problem, &concerns, roster, person, day, free).is_empty() {
                roster.set(person, day, free);
            }
        }
    }
}

/// Moves people to the desk they use most, day by day, onto the desks in use on the busiest day of each zone:
/// a smaller set of desks that were in use together may be in use together. The caller compares the costs and
/// keeps the roster as it was if they rise. Rosters with shifts are left alone.
pub fn keep_desks(problem: &Problem, roster: &mut Roster) {
    let site = &problem.site;
    if !site.calendar.shifts.is_empty() || site.desks.is_empty() {
        return;
    }
    let mut used: BTreeMap<Day, BTreeMap<DeskIndex, PersonIndex>> = BTreeMap::new();
    for person in PersonIndex::all(site.people.len()) {
        for day in site.calendar.days() {
            let cell = roster.at(person, day);
            if let (Place::OnSite, Some(desk)) = (cell.place, cell.desk) {
                used.entry(day).or_default().insert(desk, person);
            }
        }
    }
    let Some(busiest) = used.values().max_by_key(|desks| desks.len()) else { return };
    let set: BTreeSet<DeskIndex> = busiest.keys().copied().collect();
    let mut had: BTreeMap<PersonIndex, BTreeMap<DeskIndex, u32>> = BTreeMap::new();
    // The day with most people first: they choose their desks, the others follow.
    let mut days: Vec<(Day, BTreeMap<DeskIndex, PersonIndex>)> = used.clone().into_iter().collect();
    days.sort_by_key(|(day, desks)| (std::cmp::Reverse(desks.len()), *day));
    for (day, desks) in days {
        let seated: Vec<(PersonIndex, DeskIndex)> =
            desks.into_iter().map(|(desk, person)| (person, desk)).collect();
        if let Some(plan) = reseat(site, &set, &had, &seated, day) {
            for (person, desk) in plan {
                let cell = *roster.at(person, day);
                roster.set(person, day, Cell { desk: Some(desk), ..cell });
                *had.entry(person).or_default().entry(desk).or_default() += 1;
            }
        }
    }
}

/// Another desk of the set for everyone of a day, in the zone they are in; none when somebody finds none.
fn reseat(
    site: &Site,
    set: &BTreeSet<DeskIndex>,
    had: &BTreeMap<PersonIndex, BTreeMap<DeskIndex, u32>>,
    seated: &[(PersonIndex, DeskIndex)],
    day: Day,
) -> Option<Vec<(PersonIndex, DeskIndex)>> {
    let mut free: BTreeSet<DeskIndex> =
        set.iter().copied().filter(|desk| !site.desk(*desk).closed[day.0 as usize]).collect();
    let mut plan = Vec::new();
    let times = |person: PersonIndex, desk: DeskIndex| {
        had.get(&person).and_then(|desks| desks.get(&desk)).copied().unwrap_or(0)
    };
    let mut order: Vec<(PersonIndex, DeskIndex)> = seated.to_vec();
    // Those with a desk of their own first, so that nobody takes it before they come.
    order.sort_by_key(|(person, _)| {
        let most = had.get(person).and_then(|desks| desks.values().max()).copied().unwrap_or(0);
        (std::cmp::Reverse(most), *person)
    });
    for (person, desk) in order {
        let zone = site.desk(desk).zone;
        let pinned = site.person(person).pins.iter().any(|pin| pin.days.contains(&day));
        let chosen = free
            .iter()
            .copied()
            .filter(|other| site.desk(*other).zone == zone && site.may_use_desk(person, *other))
            .filter(|other| !pinned || *other == desk)
            .max_by_key(|other| {
                let strangers: u32 = had.values().filter_map(|desks| desks.get(other)).sum();
                (times(person, *other), std::cmp::Reverse(strangers), std::cmp::Reverse(*other))
            })?;
        free.remove(&chosen);
        plan.push((person, chosen));
    }
    Some(plan)
}
