//! Pins and wishes, and pins that cannot hold together.

use super::{check_span, days_of, note_outside};
use crate::calendar::{Calendar, ShiftSet};
use crate::date::On;
use crate::finding::Finding;
use crate::index::{Day, DeskIndex, PersonIndex, ShiftIndex, SiteIndex, ZoneIndex};
use crate::select::{one_shift, Presence, Spot};
use crate::site::{Person, Site, Wanted};
use crate::typed::{self, WorkPlace};
use std::collections::HashMap;

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
    let mut unknown = |kind: &str, id: &str, names: Vec<&str>| {
        findings.push(
            Finding::error(
                &format!("{code}.unknown_{kind}"),
                format!("{pointer}/{kind}"),
                format!("there is no {kind} `{id}`"),
            )
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
                Finding::error(
                    &format!("{code}.place"),
                    pointer,
                    "the places named here do not lie in one another",
                )
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
        let by_date = matches!(pin.on, On::Date(_));
        if (by_date && !all.is_empty() && days.is_empty())
            || (matches!(pin.on, On::Span { .. }) && !all.is_empty() && days.is_empty())
        {
            findings.push(
                Finding::error(
                    "pin.off",
                    &pointer,
                    format!("`{}` does not work then, so nothing can be fixed", person.id),
                )
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
            .filter(|wish| !wish.avoid && wish.days.contains(&day))
            .chain(pins.iter().filter(|pin| pin.days.contains(&day)))
            .filter(|wanted| wanted.presence.shifts != ShiftSet::ALL)
            .fold(ShiftSet::NONE, |set, wanted| ShiftSet(set.0 | wanted.presence.shifts.0));
        let all = ShiftIndex::all(calendar.shifts.len()).fold(ShiftSet::NONE, ShiftSet::with);
        person.shifts[day.0 as usize] = ShiftSet(all.0 & !(requested.0 & !asked.0));
    }
}

/// Pins that cannot hold together or that no open seat allows.
pub(super) fn contradictory_pins(site: &Site, typed: &[typed::Person], findings: &mut Vec<Finding>) {
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
                other != person
                    && overlap(&site.calendar, shifts, site.person(*other).pins[*other_at].presence.shifts)
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
