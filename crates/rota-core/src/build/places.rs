//! Sites, zones and desks, and who may sit where.

use super::{check_id, check_span, closed_days, days_of, note_outside};
use crate::finding::Finding;
use crate::index::{DeskIndex, PersonIndex, SiteIndex, ZoneIndex};
use crate::near::Near;
use crate::site::{Desk, Facts, Premises, Site, Zone};
use crate::typed;
use std::collections::{HashMap, HashSet};

pub(super) fn index_places(facts: &mut Facts, typed: &[typed::Site], findings: &mut Vec<Finding>) {
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
            check_id(
                "zone",
                &zone.id,
                &pointer,
                first_zone.get(zone.id.as_str()).map(String::as_str),
                findings,
            );
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
                .help(
                    "give `desks` where people have named desks, or `seats` where only their number matters",
                ),
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
                Finding::error(
                    "zone.taken",
                    &pointer,
                    format!("the zone `{}` has desks, so `taken` cannot say which", zone.id),
                )
                .help("write `closed` on the desks that others use"),
            );
        }
        for day in days_of(&facts.calendar, &entry.on) {
            taken[day.0 as usize] = taken[day.0 as usize].saturating_add(entry.seats);
        }
    }
    if let Some(seats) = zone.seats {
        let over: Vec<_> = facts.calendar.days().filter(|day| taken[day.0 as usize] > seats).collect();
        if let Some(day) = over.first() {
            let date = facts.calendar.date(*day);
            let entry = zone.taken.iter().rposition(|entry| entry.on.covers(date)).unwrap_or(0);
            let more = match over.len() {
                1 => String::new(),
                days => format!(", and too many on {} more days", days - 1),
            };
            findings.push(
                Finding::error(
                    "zone.taken",
                    format!("{pointer}/taken/{entry}"),
                    format!(
                        "{} seats of `{}` are taken on {}, and it has {seats}{more}",
                        taken[day.0 as usize],
                        zone.id,
                        date.spoken()
                    ),
                )
                .help("take no more seats than there are, or correct `seats`"),
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
        if desk.at.is_some_and(|at| !is_on_a_plan(at)) {
            findings.push(
                Finding::error(
                    "desk.at",
                    format!("{pointer}/at"),
                    "a position must be two numbers in metres, neither beyond 1,000 km",
                )
                .help("write `at`: [x, y] in metres on the plan, or leave it out"),
            );
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
    let own: HashMap<&str, DeskIndex> =
        desks.iter().rev().map(|desk| (facts.desks[desk.at()].id.as_str(), *desk)).collect();
    let near = Near::new(desks.iter().map(|desk| facts.desks[desk.at()].id.clone()));
    let pair = |kind: &str, at: usize, names: &[String; 2], findings: &mut Vec<Finding>| {
        let found: Vec<Option<DeskIndex>> = names
            .iter()
            .enumerate()
            .map(|(side, name)| {
                let desk = own.get(name.as_str()).copied();
                if desk.is_none() {
                    findings.push(
                        Finding::error(
                            "zone.unknown_desk",
                            format!("{pointer}/{kind}/{at}/{side}"),
                            format!("there is no desk `{name}` in the zone `{}`", zone.id),
                        )
                        .near(near.nearest(name))
                        .or_help("name two desks of this zone"),
                    );
                }
                desk
            })
            .collect();
        match (found[0], found[1]) {
            (Some(one), Some(other)) if one != other => Some((one.min(other), one.max(other))),
            (Some(_), Some(_)) => {
                findings.push(
                    Finding::error(
                        "zone.same_desk",
                        format!("{pointer}/{kind}/{at}"),
                        "a pair needs two desks",
                    )
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
    let mut too_close = Vec::new();
    for (at, names) in zone.too_close.iter().enumerate() {
        let Some(both) = pair("too_close", at, names, findings) else { continue };
        too_close.push(both);
        if screened.contains(&both) {
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
    for (at, wall) in zone.walls.iter().enumerate() {
        if !wall.iter().all(|end| is_on_a_plan(*end)) || wall[0] == wall[1] {
            findings.push(
                Finding::error(
                    "zone.wall",
                    format!("{pointer}/walls/{at}"),
                    "a wall must run between two different points, neither beyond 1,000 km",
                )
                .help("write [[x, y], [x, y]] in metres on the plan"),
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
        walls: zone.walls.clone(),
    });
}

pub(super) type Admits = Option<Vec<PersonIndex>>;

/// Who may sit in each zone and at each of its desks, zone by zone.
pub(super) fn admissions(
    site: &Site,
    typed: &[typed::Site],
    findings: &mut Vec<Finding>,
) -> Vec<(Admits, Vec<Admits>)> {
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

/// Metres. What lies beyond is no plan in any unit.
const FARTHEST: f64 = 1e6;

fn is_on_a_plan(at: [f64; 2]) -> bool {
    at.iter().all(|metres| metres.abs() <= FARTHEST)
}
