//! Pins and wishes, and pins that cannot hold together.

use super::{check_span, days_of, note_outside};
use crate::calendar::{Calendar, ShiftSet};
use crate::date::On;
use crate::finding::Finding;
use crate::index::{Day, DeskIndex, PersonIndex, ShiftIndex, SiteIndex, ZoneIndex};
use crate::select::{one_shift, Presence, Spot};
use crate::site::{Person, Site, Wanted};
use crate::typed::{self, Base, WorkPlace};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The named parts of a pin or wish.
struct Named<'a> {
    place: Option<WorkPlace>,
    shift: Option<&'a str>,
    site: Option<&'a str>,
    zone: Option<&'a str>,
    desk: Option<&'a str>,
}

/// Looks up the names of a pin or wish; the finest place named is the one that counts.
fn presence(
    site: &Site,
    code: &str,
    named: &Named<'_>,
    pointer: &str,
    findings: &mut Vec<Finding>,
) -> Option<Presence> {
    let before = findings.len();
    let shift = named.shift.and_then(|id| {
        let found = site.shift(id);
        if found.is_none() {
            findings.push(site.unknown_shift(code, &format!("{pointer}/shift"), id));
        }
        found
    });
    let mut spot = Spot::Anywhere;
    let mut chain: Vec<(Option<SiteIndex>, Option<ZoneIndex>)> = Vec::new();
    if let Some(id) = named.site {
        match site.site_named(id) {
            Some(found) => {
                spot = Spot::Site(found);
                chain.push((Some(found), None));
            }
            None => findings.push(site.unknown_site(code, &format!("{pointer}/site"), id)),
        }
    }
    if let Some(id) = named.zone {
        match site.zone_named(id) {
            Some(found) => {
                spot = Spot::Zone(found);
                chain.push((Some(site.site_of(found)), Some(found)));
            }
            None => findings.push(site.unknown_zone(code, &format!("{pointer}/zone"), id)),
        }
    }
    if let Some(id) = named.desk {
        match site.desk_named(id) {
            Some(found) => {
                spot = Spot::Desk(found);
                let zone = site.desk(found).zone;
                chain.push((Some(site.site_of(zone)), Some(zone)));
            }
            None => findings.push(site.unknown_desk(code, &format!("{pointer}/desk"), id)),
        }
    }
    for (coarse, fine) in chain.iter().zip(chain.iter().skip(1)) {
        if coarse.0 != fine.0 || (coarse.1.is_some() && coarse.1 != fine.1) {
            findings.push(
                Finding::error(
                    &format!("{code}.places"),
                    pointer,
                    "the places named here do not lie in one another",
                )
                .help("name the desk alone, or the zone alone, or correct one of them"),
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
    if named.place.is_none()
        && named.shift.is_none()
        && named.site.is_none()
        && named.zone.is_none()
        && named.desk.is_none()
    {
        findings.push(
            Finding::error(&format!("{code}.nothing"), pointer, "this says when, but not what")
                .help("add one of `place`, `shift`, `site`, `zone`, `desk`"),
        );
    }
    (findings.len() == before).then_some(Presence { shifts: one_shift(shift), spot })
}

pub(super) fn wishes(
    site: &Site,
    index: PersonIndex,
    person: &typed::Person,
    findings: &mut Vec<Finding>,
) -> Vec<Wanted> {
    let mut wishes = Vec::new();
    for (at, wish) in person.wishes.iter().enumerate() {
        let pointer = format!("/people/{}/wishes/{at}", index.0);
        check_span("date.order", &wish.on, &pointer, findings);
        note_outside(&site.calendar, &wish.on, &pointer, findings);
        if !crate::typed::is_weight(wish.weight) {
            findings.push(
                Finding::error("wish.weight", format!("{pointer}/weight"), crate::typed::NO_WEIGHT)
                    .help("write 1 or another number in between; `avoid` asks for the opposite"),
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
            let days =
                days_of(&site.calendar, &wish.on).into_iter().filter(|day| site.works(index, *day)).collect();
            wishes.push(Wanted { days, place: wish.place, presence, weight: wish.weight, avoid: wish.avoid });
        }
    }
    wishes
}

pub(super) fn pins(
    site: &Site,
    index: PersonIndex,
    person: &typed::Person,
    findings: &mut Vec<Finding>,
) -> Vec<Wanted> {
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
        if let (Some(first), true, false) = (all.first(), days.is_empty(), matches!(pin.on, On::Weekday(_))) {
            let (why, help) = why_off(site, person, *first);
            let date = site.calendar.date(*first).spoken();
            let span = if all.len() > 1 { ", nor on any other day of this pin" } else { "" };
            let message = format!("`{}` does not work on {date}{span}: {why}", person.id);
            findings.push(Finding::error("pin.off", &pointer, message).help(help));
        }
        let wanted_place = pin.place.unwrap_or(WorkPlace::OnSite);
        if let Some(day) = days
            .iter()
            .find(|day| site.laid_down(index, **day).is_some_and(|laid_down| laid_down != wanted_place))
        {
            let (laid_down, pinned) = match wanted_place {
                WorkPlace::Home => ("on site only", "at home"),
                WorkPlace::OnSite => ("at home only", "on site"),
            };
            let date = site.calendar.date(*day).spoken();
            let message =
                format!("`{}` works {laid_down} on {date}, and this pin puts them {pinned}", person.id);
            let field = if person.base.is_some_and(|base| base != Base::Either) { "base" } else { "only" };
            findings.push(
                Finding::error("pin.only", &pointer, message)
                    .help(format!("take the pin out, or correct `{field}` of this person")),
            );
        }
        pins.push(Wanted { days, place: Some(wanted_place), presence, weight: 1.0, avoid: false });
    }
    pins
}

/// Why a person does not work on a day of the calendar, and what to do about a pin on it.
fn why_off(site: &Site, person: &typed::Person, day: Day) -> (&'static str, &'static str) {
    let date = site.calendar.date(day);
    if !site.calendar.is_pattern_day(day) {
        ("it is no work day", "take the pin out, or add the weekday to `calendar.work_days`")
    } else if !site.calendar.is_open(day) {
        ("everything is closed", "take the pin out, or correct `calendar.closed`")
    } else if person.starts.is_some_and(|starts| date < starts) || person.ends.is_some_and(|ends| ends < date)
    {
        ("it lies before `starts` or after `ends`", "take the pin out, or correct `starts` and `ends`")
    } else if person.away.iter().any(|absence| absence.on.covers(date)) {
        ("they are away", "take the pin out, or correct `away`")
    } else {
        ("it is not one of their days in `works`", "take the pin out, or correct `works`")
    }
}

/// Leaves out shifts that are only for those who ask, and opens them on the days they are asked for or fixed.
pub(super) fn open_requested_shifts(
    person: &mut Person,
    calendar: &Calendar,
    pins: &[Wanted],
    wishes: &[Wanted],
) {
    let requested = ShiftIndex::all(calendar.shifts.len())
        .filter(|shift| calendar.shifts[shift.at()].by_request)
        .fold(ShiftSet::NONE, ShiftSet::with);
    if requested == ShiftSet::NONE {
        return;
    }
    for day in calendar.days() {
        let asked = wishes
            .iter()
            .filter(|wish| !wish.avoid && wish.days.binary_search(&day).is_ok())
            .chain(pins.iter().filter(|pin| pin.days.binary_search(&day).is_ok()))
            .filter(|wanted| wanted.presence.shifts != ShiftSet::ALL)
            .fold(ShiftSet::NONE, |set, wanted| ShiftSet(set.0 | wanted.presence.shifts.0));
        let all = ShiftIndex::all(calendar.shifts.len()).fold(ShiftSet::NONE, ShiftSet::with);
        person.shifts[day.0 as usize] = ShiftSet(all.0 & !(requested.0 & !asked.0));
    }
}

/// Pins that cannot hold together or that no open seat allows.
pub(super) fn contradictory_pins(site: &Site, typed: &[typed::Person], findings: &mut Vec<Finding>) {
    let mut in_zone: BTreeMap<(ZoneIndex, Day), Vec<(PersonIndex, usize)>> = BTreeMap::new();
    let mut at_desk: BTreeMap<(DeskIndex, Day), Vec<(PersonIndex, usize)>> = BTreeMap::new();
    for person in PersonIndex::all(site.people.len()) {
        let pins = &site.person(person).pins;
        for (at, pin) in pins.iter().enumerate() {
            let pointer = format!("/people/{}/fixed/{at}", person.0);
            for day in &pin.days {
                if let Some(other) = pins[..at]
                    .iter()
                    .position(|other| other.days.binary_search(day).is_ok() && !agree(site, pin, other))
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
                        .help("keep one of the two pins, or make them name the same place and shift"),
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
                            .help(why_no_seat(
                                site,
                                person,
                                *day,
                                pin.presence.spot,
                            )),
                        );
                        break;
                    }
                    if let Spot::Zone(zone) = pin.presence.spot {
                        in_zone.entry((zone, *day)).or_default().push((person, at));
                    }
                    if let Spot::Desk(desk) = pin.presence.spot {
                        at_desk.entry((desk, *day)).or_default().push((person, at));
                    }
                }
            }
        }
    }
    crowded_zones(site, &in_zone, findings);
    let mut said: HashSet<(PersonIndex, usize)> = HashSet::new();
    for ((desk, day), pins) in at_desk {
        for (place, (person, at)) in pins.iter().enumerate() {
            let shifts = site.person(*person).pins[*at].presence.shifts;
            let clash = pins[..place].iter().find(|(other, other_at)| {
                other != person
                    && overlap(&site.calendar, shifts, site.person(*other).pins[*other_at].presence.shifts)
            });
            if let Some((other, _)) = clash.filter(|_| said.insert((*person, *at))) {
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

/// More pins than seats, where nobody can take turns.
fn crowded_zones(
    site: &Site,
    in_zone: &BTreeMap<(ZoneIndex, Day), Vec<(PersonIndex, usize)>>,
    findings: &mut Vec<Finding>,
) {
    if !site.calendar.shifts.is_empty() {
        return;
    }
    let mut said: HashSet<(PersonIndex, usize)> = HashSet::new();
    for ((zone, day), pins) in in_zone {
        let zone = site.zone(*zone);
        let Some(seats) = zone.seats else { continue };
        let free = seats.saturating_sub(zone.taken[day.0 as usize]) as usize;
        let people: BTreeSet<PersonIndex> = pins.iter().map(|(person, _)| *person).collect();
        let Some((person, at)) = pins.last().filter(|_| people.len() > free) else { continue };
        if said.insert((*person, *at)) {
            let message = format!(
                "{} people are fixed in the zone `{}` on {}, and {free} seats are free",
                people.len(),
                zone.id,
                site.calendar.date(*day).spoken()
            );
            findings.push(
                Finding::error("pin.contradiction", format!("/people/{}/fixed/{at}", person.0), message)
                    .help("take pins out, or correct `seats` or `taken` of the zone"),
            );
        }
    }
}

/// What keeps a person from every seat of a place.
fn why_no_seat(site: &Site, person: PersonIndex, day: Day, spot: Spot) -> String {
    let at = day.0 as usize;
    let (what, closed, admitted) = match spot {
        Spot::Desk(desk) => {
            let zone = site.desk(desk).zone;
            let admits = [&site.desk(desk).admits, &site.zone(zone).admits];
            let admitted = admits.into_iter().flatten().all(|people| people.binary_search(&person).is_ok());
            ("desk", site.desk(desk).closed[at], admitted)
        }
        Spot::Zone(zone) => {
            let admitted =
                site.zone(zone).admits.as_ref().is_none_or(|people| people.binary_search(&person).is_ok());
            ("zone", site.zone(zone).closed[at], admitted)
        }
        Spot::Anywhere | Spot::Site(_) => {
            return "every place is closed then, kept `for` others, or lacks what the person `needs`"
                .to_string()
        }
    };
    if closed {
        format!("the {what} is closed then: take the pin out, or correct `closed`")
    } else if !admitted {
        format!("the {what} is kept `for` others: take the pin out, or correct `for`")
    } else {
        format!("no seat of the {what} has all that the person `needs`: take the pin out, or correct `features` or `needs`")
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
