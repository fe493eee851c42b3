//! The laws: what no rule, strength or option bends. Those that are more than "which choices exist" are rows
//! with an owner, so that a conflict can name them; all of them are checked on the finished roster.

use crate::model::{Law, Model, Owner, Row, Sum};
use rota_core::calendar::ShiftSet;
use rota_core::roster::{Place, Roster};
use rota_core::select::{Presence, Spot};
use rota_core::typed::WorkPlace;
use rota_core::{About, Day, DeskIndex, PersonIndex, ShiftIndex, Site, ZoneIndex};
use std::collections::HashMap;

/// Rows of `law.only`, `law.closed` (sites and zones), `law.seats` and of the pins. The other laws are the
/// shape of the choices themselves and are laid down where the model becomes a program.
pub fn rows(site: &Site, model: &mut Model) {
    model.begin(Owner::Law(Law::Only), None);
    for person in PersonIndex::all(site.people.len()) {
        for day in site.calendar.days().filter(|day| site.works(person, *day)) {
            let about = About::person(person).on(day);
            match site.laid_down(person, day) {
                Some(WorkPlace::Home) => {
                    let there = model.on_site(person, day, &Presence::ON_SITE);
                    model.at_most(about, there, 0.0);
                }
                Some(WorkPlace::OnSite) => {
                    let there = model.on_site(person, day, &Presence::ON_SITE);
                    model.at_least(about, there, 1.0);
                }
                None => {}
            }
        }
    }
    for person in PersonIndex::all(site.people.len()) {
        for (at, pin) in site.person(person).pins.iter().enumerate() {
            model.begin(Owner::Pin(person, at as u32), None);
            for day in &pin.days {
                let about = About::person(person).on(*day);
                if pin.is_home() {
                    let there = model.on_site(person, *day, &Presence::ON_SITE);
                    model.at_most(about, there, 0.0);
                } else {
                    let there = model.on_site(person, *day, &pin.presence);
                    model.at_least(about, there, 1.0);
                }
            }
        }
    }
    for zone in ZoneIndex::all(site.zones.len()) {
        zone_rows(site, zone, model);
    }
}

fn zone_rows(site: &Site, index: ZoneIndex, model: &mut Model) {
    let zone = site.zone(index);
    let spot = Spot::Zone(index);
    let users = users(site, index);
    for day in site.calendar.days().filter(|day| site.calendar.is_open(*day)) {
        let at = day.0 as usize;
        let about = About { zone: Some(index), ..About::day(day) };
        if zone.closed[at] {
            model.begin(Owner::Law(Law::Closed), None);
            let there = users
                .iter()
                .map(|person| model.on_site(*person, day, &Presence { shifts: ShiftSet::ALL, spot }))
                .sum();
            model.at_most(about, there, 0.0);
            continue;
        }
        let Some(seats) = zone.seats else { continue };
        if seats as usize >= users.len() + zone.taken[at] as usize && !site.calendar.has_nights() {
            continue; // there is a seat for everybody
        }
        model.begin(Owner::Law(Law::Seats), None);
        let free = f64::from(seats - zone.taken[at].min(seats));
        let rows = seat_moments(site, day)
            .into_iter()
            .map(|parts| {
                let there: Sum = parts
                    .iter()
                    .flat_map(|part| users.iter().map(move |person| (*person, *part)))
                    .map(|(person, (day, shifts))| model.on_site(person, day, &Presence { shifts, spot }))
                    .sum();
                // Of history, which cannot be changed, no more is asked than that nobody else comes.
                let bound = free.max(there.constant);
                Row::at_most(there, bound)
            })
            .collect();
        model.at_worst(about.limit(rota_core::Limit::AtMost), rows);
    }
}

/// Those whom the zone does not keep out; the others have no choice there to speak of.
fn users(site: &Site, zone: ZoneIndex) -> Vec<PersonIndex> {
    people(site).filter(|person| site.may_use_zone(*person, zone)).collect()
}

fn people(site: &Site) -> impl Iterator<Item = PersonIndex> + Clone {
    PersonIndex::all(site.people.len())
}

/// The moments at which most seats of a day can be in use: each start of a shift and, with night shifts, midnight,
/// when the seats of the new day count.
pub fn seat_moments(site: &Site, day: Day) -> Vec<Vec<(Day, ShiftSet)>> {
    if site.calendar.shifts.is_empty() {
        return vec![vec![(day, ShiftSet::ALL)]];
    }
    let midnight = site.calendar.has_nights().then_some(0);
    midnight
        .into_iter()
        .chain(site.calendar.starts())
        .map(|minute| site.calendar.moment(day, minute).parts)
        .collect()
}

/// One way in which a roster breaks a law.
#[derive(Debug, Clone, PartialEq)]
pub struct LawBreach {
    /// The law.
    pub law: Law,
    /// About what.
    pub about: About,
    /// What was found, in words.
    pub found: String,
    /// What was wanted, in words.
    pub wanted: String,
}

/// What a roster says at all: one without shifts, zones or desks is judged without them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // four independent questions
pub struct Says {
    /// Some assignment names a shift, or the calendar has none.
    pub shifts: bool,
    /// Some assignment names a zone, or there are none.
    pub zones: bool,
    /// Some assignment names a desk, or there are none.
    pub desks: bool,
    /// Some assignment names a duty, or there are none.
    pub duties: bool,
}

impl Says {
    /// Everything.
    pub const ALL: Says = Says { shifts: true, zones: true, desks: true, duties: true };

    /// What this roster says.
    pub fn of(site: &Site, roster: &Roster) -> Says {
        let days = || people(site).flat_map(|person| site.calendar.days().map(move |day| (person, day)));
        let on_site =
            || days().map(|(person, day)| roster.at(person, day)).filter(|cell| cell.place == Place::OnSite);
        let nobody = on_site().next().is_none();
        Says {
            shifts: nobody || site.calendar.shifts.is_empty() || on_site().any(|cell| cell.shift.is_some()),
            zones: nobody || site.zones.is_empty() || on_site().any(|cell| cell.zone.is_some()),
            desks: nobody
                || site.desks.is_empty()
                || on_site().any(|cell| cell.desk.is_some())
                // Everybody may be in zones of seats.
                || (on_site().all(|cell| cell.zone.is_some_and(|zone| site.zone(zone).seats.is_some()))),
            duties: nobody || site.names.duties.is_empty() || on_site().any(|cell| cell.duty.is_some()),
        }
    }
}

/// Every way in which a roster breaks a law.
pub fn check(site: &Site, roster: &Roster, says: Says) -> Vec<LawBreach> {
    let mut breaches = Vec::new();
    for person in people(site) {
        for day in site.calendar.days() {
            check_cell(site, roster, says, person, day, &mut breaches);
        }
        for pin in &site.person(person).pins {
            for day in &pin.days {
                let unsaid = (pin.presence.shifts != ShiftSet::ALL && !says.shifts)
                    || match pin.presence.spot {
                        Spot::Anywhere => false,
                        Spot::Site(_) | Spot::Zone(_) => !says.zones,
                        Spot::Desk(_) => !says.desks,
                    };
                let cell = roster.at(person, *day);
                if !unsaid && !pin.fits(site, cell) {
                    breaches.push(LawBreach {
                        law: Law::Fixed,
                        about: About::person(person).on(*day),
                        found: spoken(site, cell),
                        wanted: pin.spoken(site),
                    });
                }
            }
        }
    }
    if says.zones {
        check_seats(site, roster, says, &mut breaches);
    }
    if says.desks {
        check_desks(site, roster, says, &mut breaches);
    }
    breaches
}

fn spoken(site: &Site, cell: &rota_core::Cell) -> String {
    match (cell.place, cell.desk, cell.zone) {
        (Place::Off, ..) => "not working".to_string(),
        (Place::Home, ..) => "home".to_string(),
        (Place::OnSite, Some(desk), _) => format!("desk {}", site.desk(desk).name),
        (Place::OnSite, None, Some(zone)) => site.zone(zone).name.clone(),
        (Place::OnSite, None, None) => "on site".to_string(),
    }
}

fn check_cell(
    site: &Site,
    roster: &Roster,
    says: Says,
    person: PersonIndex,
    day: Day,
    breaches: &mut Vec<LawBreach>,
) {
    let cell = roster.at(person, day);
    let about = About::person(person).on(day);
    let mut breach = |law: Law, found: &str, wanted: &str| {
        breaches.push(LawBreach { law, about, found: found.to_string(), wanted: wanted.to_string() });
    };
    let works = site.works(person, day);
    if works && cell.place == Place::Off {
        breach(Law::State, "not working", "home or on site");
    }
    if !works && cell.place != Place::Off {
        breach(Law::State, &spoken(site, cell), "not working");
        return;
    }
    match (site.laid_down(person, day), cell.place) {
        (Some(WorkPlace::Home), Place::OnSite) => breach(Law::Only, "on site", "home"),
        (Some(WorkPlace::OnSite), Place::Home) => breach(Law::Only, "home", "on site"),
        _ => {}
    }
    if cell.place != Place::OnSite {
        if cell.zone.is_some() || cell.desk.is_some() {
            breach(Law::Place, "a seat on site", "none while not on site");
        }
        if cell.duty.is_some() {
            breach(Law::State, "a duty", "none while not on site");
        }
        return;
    }
    if says.shifts && !site.calendar.shifts.is_empty() {
        match cell.shift {
            None => breach(Law::Shift, "no shift", "one shift"),
            Some(shift) if !site.person(person).shifts[day.0 as usize].has(Some(shift)) => {
                breach(
                    Law::Shift,
                    &site.calendar.shifts[shift.at()].name,
                    "a shift that is not only by request",
                );
            }
            Some(_) => {}
        }
    }
    if site.zones.is_empty() || !says.zones {
        return;
    }
    let Some(zone) = cell.zone else {
        breach(Law::Place, "no zone", "one zone");
        return;
    };
    if cell.site != Some(site.site_of(zone)) {
        breach(Law::Place, "a zone of another site", "site and zone that fit");
    }
    let at = day.0 as usize;
    let has_desks = site.zone(zone).seats.is_none();
    if site.zone(zone).closed[at] {
        breach(Law::Closed, &site.zone(zone).name, "an open zone");
    }
    match cell.desk {
        None if has_desks && says.desks => breach(Law::Place, "no desk", "one desk"),
        Some(desk) if site.desk(desk).zone != zone => {
            breach(Law::Place, "a desk of another zone", "one desk of the zone");
        }
        Some(desk) => {
            if site.desk(desk).closed[at] && !site.zone(zone).closed[at] {
                breach(Law::Closed, &site.desk(desk).name, "an open desk");
            }
            if !site.has_needs(person, &site.desk(desk).features) {
                breach(Law::Needs, &site.desk(desk).name, "a desk with what is needed");
            }
            if !(site.may_use_zone(person, zone)
                && (site.may_use_desk(person, desk) || !site.has_needs(person, &site.desk(desk).features)))
            {
                breach(Law::For, &site.desk(desk).name, "a desk open to them");
            }
        }
        None => {
            if !has_desks && !site.has_needs(person, &site.zone(zone).features) {
                breach(Law::Needs, &site.zone(zone).name, "a zone with what is needed");
            } else if !site.may_use_zone(person, zone) {
                breach(Law::For, &site.zone(zone).name, "a zone open to them");
            }
        }
    }
}

fn check_seats(site: &Site, roster: &Roster, says: Says, breaches: &mut Vec<LawBreach>) {
    for index in ZoneIndex::all(site.zones.len()) {
        let zone = site.zone(index);
        let Some(seats) = zone.seats else { continue };
        for day in
            site.calendar.days().filter(|day| site.calendar.is_open(*day) && !zone.closed[day.0 as usize])
        {
            let moments =
                if says.shifts { seat_moments(site, day) } else { vec![vec![(day, ShiftSet::ALL)]] };
            let spot = Spot::Zone(index);
            let count = |(day, shifts): &(Day, ShiftSet)| {
                let presence = Presence { shifts: *shifts, spot };
                people(site).filter(|person| roster.is_there(site, *person, *day, &presence)).count()
            };
            let free = seats.saturating_sub(zone.taken[day.0 as usize]) as usize;
            // What is past is never itself a breach: then nobody else may come.
            let over = |parts: &Vec<(Day, ShiftSet)>| {
                let past = parts.iter().filter(|part| part.0.is_past()).map(count).sum::<usize>();
                let there = parts.iter().map(count).sum::<usize>();
                (there > free.max(past)).then_some(there)
            };
            let most = moments.iter().filter_map(over).max().unwrap_or(0);
            if most > free {
                breaches.push(LawBreach {
                    law: Law::Seats,
                    about: About { zone: Some(index), ..About::day(day) },
                    found: format!("{most} people"),
                    wanted: format!("at most {free}"),
                });
            }
        }
    }
}

fn check_desks(site: &Site, roster: &Roster, says: Says, breaches: &mut Vec<LawBreach>) {
    type Use = (u32, u32, PersonIndex, Day);
    let mut uses: HashMap<DeskIndex, Vec<Use>> = HashMap::new();
    for person in people(site) {
        for day in (site.calendar.first_known.0..=site.calendar.last().0).map(Day) {
            let cell = roster.at(person, day);
            let Some(desk) = cell.desk.filter(|_| cell.place == Place::OnSite) else { continue };
            let (from, to) = shift_minutes(site, if says.shifts { cell.shift } else { None });
            let start = (day.0 - site.calendar.first_known.0) as u32 * rota_core::calendar::DAY_MINUTES;
            uses.entry(desk).or_default().push((start + from, start + to, person, day));
        }
    }
    for desk in DeskIndex::all(site.desks.len()) {
        let Some(uses) = uses.get_mut(&desk) else { continue };
        uses.sort_unstable();
        for (at, later) in uses.iter().enumerate().filter(|(_, later)| !later.3.is_past()) {
            if let Some(earlier) = uses[..at].iter().find(|earlier| later.0 < earlier.1) {
                breaches.push(LawBreach {
                    law: Law::Desk,
                    about: About {
                        person: Some(later.2),
                        with: Some(earlier.2),
                        desk: Some(desk),
                        ..About::day(later.3)
                    },
                    found: "two people".to_string(),
                    wanted: "one person at a time".to_string(),
                });
            }
        }
    }
}

fn shift_minutes(site: &Site, shift: Option<ShiftIndex>) -> (u32, u32) {
    shift.map_or((0, rota_core::calendar::DAY_MINUTES), |shift| site.calendar.shifts[shift.at()].minutes())
}

/// One sentence about one subject of a law.
pub fn sentence(site: &Site, law: Law, about: &About) -> String {
    let who = about.person.map_or_else(|| "everybody".to_string(), |person| site.person(person).name.clone());
    let day = about.on.map_or_else(String::new, |day| format!(" on {}", site.calendar.date(day).spoken()));
    let zone = about.zone.map_or_else(|| "the zone".to_string(), |zone| site.zone(zone).name.clone());
    let desk =
        about.desk.map_or_else(|| "a desk".to_string(), |desk| format!("desk {}", site.desk(desk).name));
    match law {
        Law::State => match (about.person, about.on) {
            (Some(person), Some(day_index)) if !site.works(person, day_index) => {
                format!("{who} does not work{day}")
            }
            _ => format!("{who} is at home or on site{day}"),
        },
        Law::Only => {
            let place = match (about.person, about.on) {
                (Some(person), Some(day)) => {
                    site.laid_down(person, day).map_or("in one place", WorkPlace::spoken)
                }
                _ => "in one place",
            };
            format!("{who} works {place} only{day}")
        }
        Law::Fixed => format!("{who} is fixed{day}"),
        Law::Shift => format!("{who} has one shift{day}, and one that is open to them"),
        Law::Place => format!("{who} has one place to sit{day}"),
        Law::Desk => format!("{desk} holds one person at a time{day}"),
        Law::Seats => {
            let seats = about.zone.zip(about.on).map_or(0, |(zone, day)| {
                let zone = site.zone(zone);
                zone.seats.unwrap_or(0).saturating_sub(zone.taken[day.0 as usize])
            });
            format!("{zone} has {seats} free seats{day}")
        }
        Law::Needs => format!("{who} sits only where there is what they need{day}"),
        Law::For => format!("{who} does not sit at a place kept for others{day}"),
        Law::Closed => match (about.desk, about.zone) {
            (Some(_), _) => format!("{desk} is closed{day}"),
            (None, Some(_)) => format!("{zone} is closed{day}"),
            (None, None) => format!("nobody is where it is closed{day}"),
        },
    }
}

/// One sentence about a pin.
pub fn pin_sentence(site: &Site, person: PersonIndex, at: u32, about: &About) -> String {
    let pin = &site.person(person).pins[at as usize];
    let name = &site.person(person).name;
    let day = about.on.map_or_else(
        || match (pin.days.first(), pin.days.last()) {
            (Some(first), Some(last)) if first == last => {
                format!(" on {}", site.calendar.date(*first).spoken())
            }
            (Some(first), Some(last)) => {
                format!(
                    " from {} to {}",
                    site.calendar.date(*first).spoken(),
                    site.calendar.date(*last).spoken()
                )
            }
            _ => String::new(),
        },
        |day| format!(" on {}", site.calendar.date(day).spoken()),
    );
    format!("{name} is fixed: {}{day}", pin.spoken(site))
}
