//! Desks whose position cannot be right.

use crate::finding::Finding;
use crate::index::DeskIndex;
use crate::site::Facts;
use crate::slips::strays;
use crate::typed;
use std::collections::BTreeMap;

/// A desk is an outlier when it stands more than this many times the usual distance from the middle of its plan ...
const FAR_TIMES: f64 = 10.0;
/// ... and more than so many metres from it ...
const FAR_METRES: f64 = 50.0;
/// ... or, whatever is usual, more than so many metres from all others.
const NO_FLOOR: f64 = 1000.0;
/// A desk nearer than so many metres to the next one is not told to stand apart from the rest.
const SQUEEZED: f64 = 2.0;
/// Fewer desks than this say nothing about what is usual.
const FEWEST: usize = 4;

/// Two heads cannot be within a centimetre.
const POINT: f64 = 100.0;
/// So many desks at one point are named.
const MOST_NAMED: usize = 3;

/// Desks that share a plan: those of one floor of a site, or of one zone without a floor.
pub fn plans(facts: &Facts) -> Vec<Vec<DeskIndex>> {
    let mut plans: BTreeMap<(u32, Option<&str>, u32), Vec<DeskIndex>> = BTreeMap::new();
    for desk in DeskIndex::all(facts.desks.len()) {
        let zone_index = facts.desks[desk.at()].zone;
        let zone = &facts.zones[zone_index.at()];
        let floor = zone.floor.as_deref();
        let own = if floor.is_some() { 0 } else { zone_index.0 };
        plans.entry((zone.site.0, floor, own)).or_default().push(desk);
    }
    plans.into_values().collect()
}

fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

/// Marks and reports desks at one point, desks wildly away from the others of their plan, and those that a slip of the
/// hand explains (see [`crate::slips`]).
pub fn suspect_positions(facts: &mut Facts, sites: &[typed::Site], findings: &mut Vec<Finding>) {
    let pointers: Vec<String> = sites
        .iter()
        .enumerate()
        .flat_map(|(site, typed)| {
            typed.zones.iter().enumerate().flat_map(move |(zone, typed)| {
                (0..typed.desks.as_ref().map_or(0, Vec::len))
                    .map(move |desk| format!("/sites/{site}/zones/{zone}/desks/{desk}/at"))
            })
        })
        .collect();
    let mut suspects: Vec<(DeskIndex, String)> = Vec::new();
    for plan in plans(facts) {
        let placed: Vec<(DeskIndex, [f64; 2])> =
            plan.iter().filter_map(|desk| facts.desks[desk.at()].at.map(|at| (*desk, at))).collect();
        let mut points: BTreeMap<[i64; 2], Vec<DeskIndex>> = BTreeMap::new();
        for (desk, at) in &placed {
            points.entry(at.map(|metres| (metres * POINT).round() as i64)).or_default().push(*desk);
        }
        for together in points.values().filter(|together| together.len() > 1) {
            let some = together.iter().take(MOST_NAMED);
            let mut names: Vec<String> =
                some.map(|desk| format!("`{}`", facts.desks[desk.at()].id)).collect();
            if together.len() > MOST_NAMED {
                names.push(format!("{} more", together.len() - MOST_NAMED));
            }
            for desk in together {
                suspects.push((*desk, format!("the desks {} stand at one point", names.join(" and "))));
            }
        }
        if placed.len() < FEWEST {
            continue;
        }
        let middle = [0, 1].map(|axis| median(placed.iter().map(|(_, at)| at[axis]).collect()));
        let away = |at: &[f64; 2]| (at[0] - middle[0]).hypot(at[1] - middle[1]);
        let usual = median(placed.iter().map(|(_, at)| away(at)).collect());
        let positions: Vec<[f64; 2]> = placed.iter().map(|(_, at)| *at).collect();
        for stray in strays(&positions) {
            let (desk, at) = placed[stray.number];
            let is_far = away(&at) > FAR_METRES && away(&at) > FAR_TIMES * usual;
            if stray.meant.is_none() && !is_far && stray.gap <= NO_FLOOR {
                continue;
            }
            let id = &facts.desks[desk.at()].id;
            let gap = spoken_distance(stray.gap);
            let message = if stray.gap < SQUEEZED {
                format!("the desk `{id}` stands {gap} from the next one")
            } else {
                format!("the desk `{id}` stands {gap} from the rest")
            };
            suspects.push((desk, message));
        }
    }
    suspects.sort();
    suspects.dedup_by_key(|(desk, _)| *desk);
    for (desk, message) in suspects {
        facts.desks[desk.at()].suspect = true;
        findings.push(
            Finding::warning("desk.position", &pointers[desk.at()], message).help(
                "correct `at` (metres on the plan); until then rules about distance leave this desk out",
            ),
        );
    }
}

fn spoken_distance(metres: f64) -> String {
    if metres >= 1000.0 {
        format!("{:.0} km", metres / 1000.0)
    } else if metres >= 2.0 {
        format!("{metres:.0} m")
    } else {
        format!("{:.0} cm", metres * 100.0)
    }
}
