//! Which desks and seats somebody else could still use on a day, given who is in.

use rota_core::calendar::ShiftSet;
use rota_core::roster::{Place, Roster};
use rota_core::{Day, DeskIndex, PersonIndex, Site, ZoneIndex};
use rota_rules::laws::seat_moments;
use rota_rules::rule::AnyRule;
use rota_rules::{Problem, Strength};
use rota_solver::desk_capacity::most_desks;

/// Longest time spent on how many desks can be used together, in seconds.
const SECONDS: f64 = 5.0;

/// What is free on a day.
#[derive(Debug, Clone, PartialEq)]
pub struct Free {
    /// Desks that can each be used beside those in use, in the order of the scenario.
    pub desks: Vec<DeskIndex>,
    /// How many of them can be used together, proved; none when that was not proved in time.
    pub together: Option<usize>,
    /// Free seats in each zone of seats that has some.
    pub seats: Vec<(ZoneIndex, u32)>,
    /// Desks in use.
    pub in_use: usize,
    /// Desks that are open and not in use, yet too near to one in use.
    pub too_near: usize,
}

/// Desks and seats still usable on a whole day: open, not in use at any time of it, with the features asked for, far
/// enough from every desk in use by the `distance` rules that are must, and, for a person, such as they may use.
/// Which desk is nearest or best is not weighed.
pub fn free(
    problem: &Problem,
    roster: &Roster,
    day: Day,
    needs: &[String],
    person: Option<PersonIndex>,
) -> Free {
    let site = &problem.site;
    let pairs: Vec<(DeskIndex, DeskIndex)> = problem
        .rules
        .iter()
        .filter(|rule| rule.strength == Strength::Must)
        .filter_map(|rule| match &rule.rule {
            AnyRule::Distance(distance) => Some(distance.pairs(site)),
            _ => None,
        })
        .flatten()
        .collect();
    let used: Vec<DeskIndex> = DeskIndex::all(site.desks.len())
        .filter(|desk| !moments(problem, roster, day, |cell| cell.desk == Some(*desk)).is_empty())
        .collect();
    let is_used = |desk: &DeskIndex| used.binary_search(desk).is_ok();
    let mut near = vec![false; site.desks.len()];
    for (one, other) in &pairs {
        near[one.at()] |= is_used(other);
        near[other.at()] |= is_used(one);
    }
    let suits = |desk: &DeskIndex| {
        let one = site.desk(*desk);
        !one.closed[day.0 as usize]
            && needs.iter().all(|need| one.features.contains(need))
            && person.is_none_or(|person| site.may_use_desk(person, *desk))
    };
    let open: Vec<DeskIndex> =
        DeskIndex::all(site.desks.len()).filter(|desk| suits(desk) && !is_used(desk)).collect();
    let (too_near, desks): (Vec<DeskIndex>, Vec<DeskIndex>) =
        open.into_iter().partition(|desk| near[desk.at()]);
    let together = most_desks(&desks, &pairs, SECONDS);
    let seats = ZoneIndex::all(site.zones.len())
        .filter_map(|zone| Some((zone, seats(problem, roster, day, zone, needs, person)?)))
        .filter(|(_, seats)| *seats > 0)
        .collect();
    Free { desks, together, seats, in_use: used.len(), too_near: too_near.len() }
}

/// Free seats of a zone at its fullest moment of a day; none for a zone that has desks or does not suit.
fn seats(
    problem: &Problem,
    roster: &Roster,
    day: Day,
    index: ZoneIndex,
    needs: &[String],
    person: Option<PersonIndex>,
) -> Option<u32> {
    let site = &problem.site;
    let zone = site.zone(index);
    let suits = needs.iter().all(|need| zone.features.contains(need))
        && person.is_none_or(|person| site.may_use_zone(person, index));
    if zone.closed[day.0 as usize] || !suits {
        return None;
    }
    let fullest =
        moments(problem, roster, day, |cell| cell.zone == Some(index)).into_iter().max().unwrap_or(0);
    Some(zone.seats?.saturating_sub(zone.taken[day.0 as usize]).saturating_sub(fullest))
}

/// How many people of a kind are there at each moment of a day at which somebody of the kind is.
fn moments(
    problem: &Problem,
    roster: &Roster,
    day: Day,
    fits: impl Fn(&rota_core::Cell) -> bool,
) -> Vec<u32> {
    let site: &Site = &problem.site;
    let at = |parts: Vec<(Day, ShiftSet)>| {
        let there = |person: PersonIndex| {
            parts.iter().any(|(day, shifts)| {
                let cell = roster.at(person, *day);
                let is_on = *shifts == ShiftSet::ALL || cell.shift.is_none() || shifts.has(cell.shift);
                cell.place == Place::OnSite && is_on && fits(cell)
            })
        };
        PersonIndex::all(site.people.len()).filter(|person| there(*person)).count() as u32
    };
    seat_moments(site, day).into_iter().map(at).filter(|number| *number > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_rules::Scenario;

    /// Six desks in a row, 1 m apart; A is in use. At 2 m, C, E and F... each stand clear of A; B is too near. D is
    /// closed. C and E, or C and F, can be used together; E and F cannot.
    const ROW: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
      "people": [ { "id": "ann" }, { "id": "bob", "needs": ["sit_stand"] } ],
      "sites": [ { "id": "hq", "zones": [
        { "id": "hall", "desks": [
          { "id": "A", "at": [0, 0] }, { "id": "B", "at": [1, 0] }, { "id": "C", "at": [2, 0] },
          { "id": "D", "at": [3, 0], "closed": ["2020-06-15"] }, { "id": "E", "at": [4, 0], "features": ["sit_stand"] },
          { "id": "F", "at": [5, 0], "for": { "people": ["ann"] } } ] },
        { "id": "bay", "seats": 3, "taken": [ { "on": "2020-06-15", "seats": 2 } ] } ] } ],
      "rules": [ { "distance": { "metres": 2.0 } } ] }"#;

    #[test]
    fn desks_in_use_closed_or_too_near_are_not_free() {
        let scenario = Scenario::read(ROW).scenario.expect("reads");
        let problem = Problem::new(&scenario).expect("no mistakes").0;
        let site = &problem.site;
        let list =
            r#"[{"person":"ann","on":"2020-06-15","place":"on_site","site":"hq","zone":"hall","desk":"A"}]"#;
        let list: Vec<rota_core::typed::Assignment> = serde_json::from_str(list).expect("reads");
        let roster = Roster::read(site, &list, &std::collections::BTreeMap::new()).0;
        let named = |free: &Free| -> Vec<String> {
            free.desks.iter().map(|desk| site.desk(*desk).id.clone()).collect()
        };
        let monday = free(&problem, &roster, Day(0), &[], None);
        assert_eq!(named(&monday), ["C", "E", "F"]);
        assert_eq!((monday.together, monday.in_use, monday.too_near), (Some(2), 1, 1));
        assert_eq!(monday.seats, [(site.zone_named("bay").expect("a zone"), 1)]);
        let needs = free(&problem, &roster, Day(0), &["sit_stand".to_string()], None);
        assert_eq!((named(&needs), needs.seats.len()), (vec!["E".to_string()], 0));
        let bob = free(&problem, &roster, Day(0), &[], site.person_named("bob"));
        assert_eq!(named(&bob), ["E"]);
        let tuesday = free(&problem, &roster, Day(1), &[], None);
        assert_eq!((named(&tuesday).len(), tuesday.together), (6, Some(3)));
    }
}
