//! Desks that no rule tells apart, so that the days are decided before the desks.
//!
//! Desks of a zone form a group when the same people may use them and nobody asks for one of them by name.
//! People then get a place in the group; which desk of it, is settled afterwards. This is exact when no shift runs
//! past midnight and, inside a group,
//! - any two uses either overlap wholly or not at all (the same number of desks at every moment, each set of them
//!   free of what rules forbid), or
//! - no rule asks which desks are taken (then it is colouring of intervals).
//!
//! Otherwise every desk is a group of its own. A rule may ask of taken desks only that some are *not* taken together:
//! a group reads "taken" as "set aside for the people of the group".

use rota_core::calendar::DAY_MINUTES;
use rota_core::select::Spot;
use rota_core::{DeskIndex, PersonIndex, Site, ZoneIndex};
use rota_rules::model::{Meaning, Model};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Desks of one zone that no rule tells apart.
#[derive(Debug, Clone, PartialEq)]
pub struct DeskGroup {
    /// Their zone.
    pub zone: ZoneIndex,
    /// The desks, in order; at least one.
    pub desks: Vec<DeskIndex>,
}

impl DeskGroup {
    /// Any of its desks, for questions that have the same answer for all of them.
    pub fn sample(&self) -> DeskIndex {
        self.desks[0]
    }
}

/// The groups of every zone with desks, in order.
pub fn desk_groups(site: &Site, model: &Model) -> Vec<DeskGroup> {
    let mut named: HashSet<DeskIndex> = HashSet::new();
    let mut distanced: HashSet<DeskIndex> = HashSet::new();
    for meaning in &model.columns {
        match meaning {
            Meaning::There { presence, .. } => {
                if let Spot::Desk(desk) = presence.spot {
                    named.insert(desk);
                }
            }
            Meaning::Taken { desk, .. } => {
                distanced.insert(*desk);
            }
            _ => {}
        }
    }
    let nights = site.calendar.has_nights();
    let apart = shifts_are_apart(site);
    let mut groups = Vec::new();
    for zone in ZoneIndex::all(site.zones.len()) {
        let mut users_of: HashMap<(&[String], Option<&[PersonIndex]>), Vec<PersonIndex>> = HashMap::new();
        let mut alike: BTreeMap<Vec<PersonIndex>, Vec<DeskIndex>> = BTreeMap::new();
        for index in &site.zone(zone).desks {
            if nights || named.contains(index) || (distanced.contains(index) && !apart) {
                groups.push(DeskGroup { zone, desks: vec![*index] });
                continue;
            }
            let desk = site.desk(*index);
            let users = users_of.entry((&desk.features, desk.admits.as_deref())).or_insert_with(|| {
                let all = PersonIndex::all(site.people.len());
                all.filter(|person| site.may_use_desk(*person, *index)).collect()
            });
            match alike.get_mut(users) {
                Some(desks) => desks.push(*index),
                None => {
                    alike.insert(users.clone(), vec![*index]);
                }
            }
        }
        groups.extend(alike.into_values().map(|desks| DeskGroup { zone, desks }));
    }
    groups.sort_by_key(DeskGroup::sample);
    groups
}

/// Whether any two shifts of a day cover the same minutes or none in common.
fn shifts_are_apart(site: &Site) -> bool {
    let spans: Vec<(u32, u32)> =
        site.calendar.shifts.iter().map(rota_core::calendar::Shift::minutes).collect();
    spans.iter().all(|(from, to)| *to <= DAY_MINUTES && from < to)
        && spans
            .iter()
            .all(|one| spans.iter().all(|other| one == other || one.1 <= other.0 || other.1 <= one.0))
}
