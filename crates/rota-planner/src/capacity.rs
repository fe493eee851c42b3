//! How many desks of a plan can be in use at one time, how many people that is enough for, and what would make it more.
//!
//! Needs desks and no people. Everything called proved is: numbers of desks by [`rota_solver::desk_capacity`], and what
//! follows from them by arithmetic.

use crate::arithmetic::suspect_pairs;
use rayon::prelude::*;
use rota_core::desks::plans;
use rota_core::select::Where;
use rota_core::slips::meant_among;
use rota_core::{DeskIndex, Site, ZoneIndex};
use rota_rules::rules::distance::Distance;
use rota_solver::clock;
use rota_solver::desk_capacity::groups::fewest_groups;
use rota_solver::desk_capacity::screens::fewest_screens;
use rota_solver::desk_capacity::{largest, Conflicts, Largest};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Two desks nearer than this, in metres, may be one desk measured twice.
pub const IMPROBABLE: f64 = 0.6;
/// The measuring error, in metres, for which the answer is given beside it.
pub const MEASURED_OUT: f64 = 0.05;
/// How often everybody who picks their own days must find a desk.
pub const OFTEN_ENOUGH: f64 = 0.95;
/// Ways to make a policy fit are looked for at so many distances.
pub const MOST_WAYS: usize = 6;
/// Cubic metres for each person (HSE, Workplace health, safety and welfare: Approved Code of Practice L24) ...
pub const AIR_EACH: f64 = 11.0;
/// ... with a room's height counted up to so many metres.
pub const HIGHEST_COUNTED: f64 = 3.0;

/// A sweep of more distances than so many is an overview ...
const FEW: usize = 3;
/// ... and takes so much of the time at most, where proofs do not come.
const SWEEP: f64 = 0.1;

/// What is asked of a plan.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// The distances, in metres, each above 0.
    pub distances: Vec<f64>,
    /// Desks that cannot be used.
    pub closed: BTreeSet<DeskIndex>,
    /// Desks preferred among equally large sets.
    pub preferred: BTreeSet<DeskIndex>,
    /// How many people are to come, and how often.
    pub policy: Option<Policy>,
    /// What the room allows.
    pub room: Room,
}

/// So many people, each on so many days of a week.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// People.
    pub people: u32,
    /// Days a week for each of them; 2.5 is five days a fortnight.
    pub days: f64,
    /// Days a week on which the plan is open.
    pub open_days: u32,
}

impl Policy {
    /// Desks needed each day when the days are dealt out evenly.
    pub fn desks(&self) -> usize {
        (f64::from(self.people) * self.days / f64::from(self.open_days) - 1e-9).ceil() as usize
    }

    /// The most people for whom so many desks suffice by rota.
    pub fn most_people(&self, desks: usize) -> usize {
        (desks as f64 * f64::from(self.open_days) / self.days + 1e-9).floor() as usize
    }
}

/// The room and the rules for it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Room {
    /// Floor area, square metres.
    pub area: Option<f64>,
    /// Square metres for each person.
    pub area_each: Option<f64>,
    /// Height of the room, metres; with the area it gives the air.
    pub height: Option<f64>,
    /// The share of the desks that may be used, 0 to 1.
    pub share: Option<f64>,
}

/// Why no more people are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The distance between desks.
    Distance,
    /// Floor area for each person.
    Area,
    /// Volume of air for each person.
    Air,
    /// A fixed share of the desks.
    Share,
}

/// People whom a rule about the room allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Allowed {
    /// The rule.
    pub reason: Reason,
    /// So many people.
    pub people: usize,
}

/// What the answer is about and what of it is in doubt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Counted {
    /// Desks on the plan.
    pub desks: usize,
    /// Desks left out because their position cannot be right.
    pub suspects: Vec<Suspect>,
    /// Desks closed on the day asked about.
    pub closed: Vec<String>,
    /// Desks without a position: they are near no other desk.
    pub unplaced: Vec<String>,
    /// Zones of seats without names: not counted.
    pub seats_not_counted: Vec<String>,
    /// Pairs nearer to each other than 60 cm.
    pub improbable: Vec<NearPair>,
}

/// A desk whose position cannot be right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Suspect {
    /// The desk's id.
    pub desk: String,
    /// Its position as typed, metres.
    pub at: [f64; 2],
    /// The position that may be meant, metres.
    pub perhaps: Option<[f64; 2]>,
}

/// Two desks and how far apart they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NearPair {
    /// Their ids.
    pub desks: [String; 2],
    /// Metres.
    pub metres: f64,
}

/// The answer at one distance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AtDistance {
    /// The distance, metres.
    pub metres: f64,
    /// Desks that can be in use at the same time: the largest number found.
    pub desks: usize,
    /// More than so many cannot be, proved.
    pub at_most: usize,
    /// Whether the two are the same.
    pub proved: bool,
    /// Which desks, by id.
    pub chosen: Vec<String>,
    /// How many of them are preferred ones; only when some are.
    pub preferred: Option<usize>,
    /// The same counting desks whose position cannot be right where they are said to stand: found.
    pub with_suspects: Option<usize>,
    /// If every distance was measured up to 5 cm too long: at least so many desks.
    pub measured_least: usize,
    /// If every distance was measured up to 5 cm too short: at most so many desks.
    pub measured_most: usize,
    /// Zone by zone.
    pub zones: Vec<InZone>,
    /// Groups, one in at a time, in which everybody has a desk of their own: the fewest found.
    pub groups: usize,
    /// Fewer groups than this will not do, proved.
    pub groups_at_least: usize,
    /// What else limits the people, least first; empty when nothing was asked.
    pub limits: Vec<Allowed>,
    /// People who can be in at one time: the least of desks and limits.
    pub people: usize,
    /// What decides that.
    pub reason: Reason,
    /// Whether the policy fits.
    pub policy: Option<PolicyAnswer>,
}

/// The answer in one zone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InZone {
    /// The zone's id.
    pub zone: String,
    /// Desks counted there.
    pub desks: usize,
    /// Desks of it that are chosen.
    pub chosen: usize,
    /// Desks that could be used there if the other zones were empty.
    pub alone: usize,
    /// Whether that is proved.
    pub alone_proved: bool,
}

/// Whether a policy fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyAnswer {
    /// Desks needed each day by a rota.
    pub needed: usize,
    /// Whether a rota does it.
    pub fits_by_rota: bool,
    /// The most people for whom a rota does it.
    pub people_by_rota: usize,
    /// Whether everybody finds a desk on 19 days of 20 when each picks days by chance.
    pub fits_freely: bool,
    /// The most people for whom that is so.
    pub people_freely: usize,
    /// Ways to make it fit by rota; none where it fits, or where they were not looked for.
    pub ways: Option<Ways>,
}

/// Ways to make a policy fit by rota: any one of them does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ways {
    /// Screens between desks; none where the distance is not what decides, or where none were found.
    pub screens: Option<Screens>,
    /// A shorter distance, in whole centimetres; none where none does it.
    pub distance: Option<OtherDistance>,
    /// Fewer days for each person; none where not even one day in four weeks is possible.
    pub days: Option<FewerDays>,
    /// So many people instead.
    pub people: usize,
}

/// Screens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Screens {
    /// Between which desks, by id.
    pub between: Vec<[String; 2]>,
    /// The desks then used, by id.
    pub desks: Vec<String>,
    /// Fewer will not do, proved.
    pub at_least: usize,
}

/// Another distance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OtherDistance {
    /// Metres.
    pub metres: f64,
    /// Desks that can be used there.
    pub desks: usize,
    /// Whether one centimetre more is proved not to do.
    pub proved: bool,
}

/// Fewer days: so many every so many weeks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FewerDays {
    /// Days for each person ...
    pub days: u32,
    /// ... in so many weeks.
    pub weeks: u32,
    /// Desks needed each day.
    pub desks: usize,
}

/// Both halves of the answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Capacity {
    /// What was counted.
    pub counted: Counted,
    /// Distance by distance, as asked.
    pub distances: Vec<AtDistance>,
}

/// The desks that are counted, as numbers.
struct Desks<'s> {
    site: &'s Site,
    all: Vec<DeskIndex>,
    places: BTreeMap<DeskIndex, usize>,
    preferred: Vec<bool>,
}

impl<'s> Desks<'s> {
    fn of(site: &'s Site, all: Vec<DeskIndex>, preferred: &BTreeSet<DeskIndex>) -> Desks<'s> {
        let places = all.iter().enumerate().map(|(at, desk)| (*desk, at)).collect();
        let preferred = if preferred.is_empty() {
            Vec::new()
        } else {
            all.iter().map(|desk| preferred.contains(desk)).collect()
        };
        Desks { site, all, places, preferred }
    }

    fn numbers(&self, pairs: &[(DeskIndex, DeskIndex)]) -> Vec<(usize, usize)> {
        let number = |desk: &DeskIndex| self.places.get(desk).copied();
        let mut pairs: Vec<(usize, usize)> =
            pairs.iter().filter_map(|(one, other)| Some((number(one)?, number(other)?))).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    fn pairs(&self, metres: f64) -> Vec<(usize, usize)> {
        self.numbers(&rule(metres).pairs(self.site))
    }

    fn id(&self, number: usize) -> String {
        self.site.desk(self.all[number]).id.clone()
    }

    fn ids(&self, numbers: &[usize]) -> Vec<String> {
        numbers.iter().map(|number| self.id(*number)).collect()
    }

    fn at(&self, number: usize) -> Option<[f64; 2]> {
        self.site.desk(self.all[number]).at
    }

    fn apart(&self, one: usize, other: usize) -> Option<f64> {
        let (one, other) = (self.at(one)?, self.at(other)?);
        Some((one[0] - other[0]).hypot(one[1] - other[1]))
    }
}

fn rule(metres: f64) -> Distance {
    Distance { metres, at: Where::Anywhere }
}

/// The largest sets at many distances, each distinct set of pairs solved once.
fn sweep(
    desks: &Desks<'_>,
    distances: &[f64],
    deadline: Option<Instant>,
) -> BTreeMap<u64, (Conflicts, Largest)> {
    let pairs: Vec<(u64, Vec<(usize, usize)>)> = distances
        .iter()
        .map(|metres| metres.to_bits())
        .collect::<BTreeSet<u64>>()
        .into_par_iter()
        .map(|bits| (bits, desks.pairs(f64::from_bits(bits))))
        .collect();
    let distinct: BTreeSet<&Vec<(usize, usize)>> = pairs.iter().map(|(_, pairs)| pairs).collect();
    // Each gets an even share of the time, and what those before it left over.
    let to_do = AtomicUsize::new(distinct.len());
    let solved: BTreeMap<&Vec<(usize, usize)>, (Conflicts, Largest)> = distinct
        .into_par_iter()
        .map(|pairs| {
            let at: Option<Vec<[f64; 2]>> = (0..desks.all.len()).map(|desk| desks.at(desk)).collect();
            let conflicts = Conflicts::new(desks.all.len(), pairs).placed(at.unwrap_or_default());
            let share = rayon::current_num_threads() as f64 / to_do.fetch_sub(1, Ordering::Relaxed) as f64;
            let found = largest(&conflicts, &desks.preferred, clock::part(deadline, share.min(1.0)));
            (pairs, (conflicts, found))
        })
        .collect();
    pairs.iter().map(|(bits, pairs)| (*bits, solved[pairs].clone())).collect()
}

/// Answers what is asked of the desks of a site; past the deadline with what was found and proved until then.
pub fn capacity(site: &Site, ask: &Ask, deadline: Option<Instant>) -> Capacity {
    let usable: Vec<DeskIndex> =
        DeskIndex::all(site.desks.len()).filter(|desk| !ask.closed.contains(desk)).collect();
    let (suspects, sound): (Vec<DeskIndex>, Vec<DeskIndex>) =
        usable.iter().copied().partition(|desk| site.desk(*desk).suspect);
    let desks = Desks::of(site, sound, &ask.preferred);
    let around = |metres: f64| [metres, metres + MEASURED_OUT, (metres - MEASURED_OUT).max(1e-3)];
    let all: Vec<f64> = ask.distances.iter().flat_map(|metres| around(*metres)).collect();
    let whole = deadline;
    let deadline = if ask.distances.len() > FEW { clock::part(deadline, SWEEP) } else { deadline };
    let solved = sweep(&desks, &all, clock::part(deadline, 0.6));
    let everybody = Desks::of(site, usable, &BTreeSet::new());
    let mut distances: Vec<AtDistance> = ask
        .distances
        .par_iter()
        .map(|metres| {
            let [own, more, less] = around(*metres).map(|metres| &solved[&metres.to_bits()]);
            let (conflicts, found) = own;
            let mut chosen = found.chosen.clone();
            spread(&desks, *metres, conflicts, &mut chosen);
            let with_suspects = (!suspects.is_empty()).then(|| {
                let mut pairs = rule(*metres).pairs(site);
                pairs.extend(suspect_pairs(&rule(*metres), site));
                let conflicts = Conflicts::new(everybody.all.len(), &everybody.numbers(&pairs));
                largest(&conflicts, &[], clock::part(deadline, 0.3)).chosen.len()
            });
            let groups = fewest_groups(conflicts, clock::part(deadline, 0.3));
            let limits = limits(&ask.room, desks.all.len());
            let (people, reason) = match limits.first() {
                Some(least) if least.people < chosen.len() => (least.people, least.reason),
                _ => (chosen.len(), Reason::Distance),
            };
            let held = |number: &&usize| desks.preferred.get(**number).copied().unwrap_or(false);
            AtDistance {
                metres: *metres,
                desks: chosen.len(),
                at_most: found.most,
                proved: found.is_proved(),
                preferred: (!desks.preferred.is_empty()).then(|| chosen.iter().filter(held).count()),
                with_suspects,
                // One that was measured too long is too near at a longer distance, and the other way round.
                measured_least: more.1.chosen.len().min(chosen.len()),
                measured_most: less.1.most.max(chosen.len()),
                zones: zones(&desks, conflicts, &chosen, found.is_proved(), clock::part(deadline, 0.3)),
                groups: groups.count,
                groups_at_least: groups.least,
                limits,
                people,
                reason,
                policy: None,
                chosen: desks.ids(&chosen),
            }
        })
        .collect();
    if let Some(policy) = &ask.policy {
        let mut looked = 0;
        // What was found for the distance looked at last, and the pairs too near at it.
        let mut last: Option<(Vec<(usize, usize)>, Ways)> = None;
        for answer in &mut distances {
            let needed = policy.desks();
            let fits = needed <= answer.people;
            let freely = most_freely(answer.people, policy.days / f64::from(policy.open_days));
            let (conflicts, found) = &solved[&answer.metres.to_bits()];
            let ways = (!fits).then(|| {
                let pairs = conflicts.pairs();
                if last.as_ref().is_none_or(|(before, _)| *before != pairs) {
                    if looked == MOST_WAYS {
                        return None;
                    }
                    looked += 1;
                    last = Some((pairs, ways(&desks, conflicts, found, answer, policy, whole)));
                }
                last.as_ref().map(|(_, ways)| ways.clone())
            });
            answer.policy = Some(PolicyAnswer {
                needed,
                fits_by_rota: fits,
                people_by_rota: policy.most_people(answer.people),
                fits_freely: policy.people as usize <= freely,
                people_freely: freely,
                ways: ways.flatten(),
            });
        }
    }
    Capacity { counted: counted(site, &suspects, &desks, ask), distances }
}

/// What is left out and what is in doubt.
fn counted(site: &Site, suspects: &[DeskIndex], desks: &Desks<'_>, ask: &Ask) -> Counted {
    let ids =
        |list: &mut dyn Iterator<Item = DeskIndex>| list.map(|desk| site.desk(desk).id.clone()).collect();
    let near = desks.numbers(&rule(IMPROBABLE).pairs(site));
    let improbable = near.into_iter().filter_map(|(one, other)| {
        let metres = desks.apart(one, other).filter(|metres| *metres < IMPROBABLE)?;
        Some(NearPair { desks: [desks.id(one), desks.id(other)], metres })
    });
    Counted {
        desks: site.desks.len(),
        suspects: suspects
            .iter()
            .filter_map(|desk| {
                let at = site.desk(*desk).at?;
                Some(Suspect { desk: site.desk(*desk).id.clone(), at, perhaps: perhaps(site, *desk, at) })
            })
            .collect(),
        closed: ids(&mut ask.closed.iter().copied()),
        unplaced: ids(&mut desks.all.iter().copied().filter(|desk| site.desk(*desk).at.is_none())),
        seats_not_counted: site
            .zones
            .iter()
            .filter(|zone| zone.seats.is_some())
            .map(|zone| zone.id.clone())
            .collect(),
        improbable: improbable.collect(),
    }
}

/// The position that a wrong one may stand for: where a usual slip puts it among the other desks of its plan.
fn perhaps(site: &Site, desk: DeskIndex, at: [f64; 2]) -> Option<[f64; 2]> {
    let plan = plans(site).into_iter().find(|plan| plan.contains(&desk))?;
    let positions = |is_in: &dyn Fn(DeskIndex) -> bool| -> Vec<[f64; 2]> {
        plan.iter().filter(|other| is_in(**other)).filter_map(|other| site.desk(*other).at).collect()
    };
    // Of desks at one point nobody knows which is wrong.
    let twins = positions(&|other| other != desk);
    if twins.iter().any(|other| (other[0] - at[0]).hypot(other[1] - at[1]) < 0.01) {
        return None;
    }
    meant_among(at, &positions(&|other| !site.desk(other).suspect))
}

fn zones(
    desks: &Desks<'_>,
    conflicts: &Conflicts,
    chosen: &[usize],
    proved: bool,
    deadline: Option<Instant>,
) -> Vec<InZone> {
    let zone_of = |number: usize| desks.site.desk(desks.all[number]).zone;
    let mut found = Vec::new();
    for (at, zone) in desks.site.zones.iter().enumerate().filter(|(_, zone)| zone.seats.is_none()) {
        let index = ZoneIndex(at as u32);
        let own: Vec<usize> = (0..desks.all.len()).filter(|number| zone_of(*number) == index).collect();
        let used = chosen.iter().filter(|number| zone_of(**number) == index).count();
        let is_apart =
            own.iter().all(|number| conflicts.near[*number].iter().all(|other| zone_of(*other) == index));
        // A zone that no other one touches holds as many of a largest set as it can.
        let (alone, alone_proved) = if is_apart && (proved || own.len() == desks.all.len()) {
            (used, proved)
        } else {
            let found = largest(&conflicts.among(&own), &[], deadline);
            (found.chosen.len().max(used), found.is_proved())
        };
        found.push(InZone { zone: zone.id.clone(), desks: own.len(), chosen: used, alone, alone_proved });
    }
    found
}

/// Rounds of swaps for an even spread.
const SPREAD_ROUNDS: usize = 20;
/// Desks up to so many times the distance away are looked at.
const SPREAD_REACH: f64 = 2.5;

/// Puts one desk in the place of another where that keeps the number and the preferred desks and leaves more room
/// around: less of the sum of 1 / (metres squared) to the other desks in use. Swap by swap, not proved.
fn spread(desks: &Desks<'_>, metres: f64, conflicts: &Conflicts, chosen: &mut [usize]) {
    let around = Conflicts::new(desks.all.len(), &desks.pairs(metres * SPREAD_REACH));
    let mut is_in = vec![false; desks.all.len()];
    for number in chosen.iter() {
        is_in[*number] = true;
    }
    let is_preferred = |number: usize| desks.preferred.get(number).copied().unwrap_or(false);
    let crowd = |number: usize, without: usize, is_in: &[bool]| -> f64 {
        around.near[number]
            .iter()
            .filter(|other| is_in[**other] && **other != without)
            .filter_map(|other| desks.apart(number, *other))
            .map(|apart| 1.0 / apart.max(0.1).powi(2))
            .sum()
    };
    for _ in 0..SPREAD_ROUNDS {
        let mut has_moved = false;
        for place in chosen.iter_mut() {
            let old = *place;
            let can = |new: &&usize| {
                is_preferred(old) <= is_preferred(**new)
                    && conflicts.near[**new].iter().all(|other| *other == old || !is_in[*other])
            };
            let now = crowd(old, old, &is_in);
            let best = conflicts.near[old]
                .iter()
                .filter(can)
                .map(|new| (crowd(*new, old, &is_in), *new))
                .min_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            if let Some((_, new)) = best.filter(|(crowd, _)| *crowd < now - 1e-9) {
                is_in[old] = false;
                is_in[new] = true;
                *place = new;
                has_moved = true;
            }
        }
        if !has_moved {
            break;
        }
    }
    chosen.sort_unstable();
}

/// What the room allows, least first.
fn limits(room: &Room, desks: usize) -> Vec<Allowed> {
    let people = |number: f64| (number + 1e-9).floor().max(0.0) as usize;
    let area = room.area.zip(room.area_each).map(|(area, each)| (Reason::Area, people(area / each)));
    let air = room
        .area
        .zip(room.height)
        .map(|(area, height)| (Reason::Air, people(area * height.min(HIGHEST_COUNTED) / AIR_EACH)));
    let share = room.share.map(|share| (Reason::Share, people(share * desks as f64)));
    let mut limits: Vec<Allowed> =
        [area, air, share].into_iter().flatten().map(|(reason, people)| Allowed { reason, people }).collect();
    limits.sort_by_key(|limit| limit.people);
    limits
}

/// The chance that of `people` who each come with this chance, by themselves, no more than `desks` come (binomial).
pub fn chance_of_enough(people: usize, chance: f64, desks: usize) -> f64 {
    if desks >= people || chance <= 0.0 {
        return 1.0;
    }
    if chance >= 1.0 {
        return 0.0;
    }
    let odds = (chance / (1.0 - chance)).ln();
    let mut log = people as f64 * (1.0 - chance).ln();
    let mut sum = log.exp();
    for came in 0..desks {
        log += ((people - came) as f64 / (came + 1) as f64).ln() + odds;
        sum += log.exp();
    }
    sum.min(1.0)
}

/// The most people for whom so many desks are enough on 19 days of 20 when each comes by chance.
fn most_freely(desks: usize, chance: f64) -> usize {
    if chance >= 1.0 {
        return desks;
    }
    let fits = |people: usize| chance_of_enough(people, chance, desks) >= OFTEN_ENOUGH;
    // With a mean of one more than there are desks it is enough on about every second day.
    let (mut least, mut most) = (desks, ((desks + 1) as f64 / chance).ceil() as usize + 1);
    while most - least > 1 {
        let middle = least.midpoint(most);
        if fits(middle) {
            least = middle;
        } else {
            most = middle;
        }
    }
    least
}

fn ways(
    desks: &Desks<'_>,
    conflicts: &Conflicts,
    found: &Largest,
    answer: &AtDistance,
    policy: &Policy,
    deadline: Option<Instant>,
) -> Ways {
    let needed = policy.desks();
    // More desks help only where it is not the room that allows no more people.
    let by_desks = answer.limits.first().is_none_or(|limit| limit.people >= needed);
    let never: BTreeSet<(usize, usize)> = {
        let too_close = desks.site.zones.iter().flat_map(|zone| zone.too_close.iter().copied());
        let mut never: BTreeSet<_> = desks.numbers(&too_close.collect::<Vec<_>>()).into_iter().collect();
        never.extend(desks.pairs(IMPROBABLE));
        never
    };
    let screens = by_desks
        .then(|| {
            let share = clock::part(deadline, 0.3);
            fewest_screens(conflicts, &never, needed, &found.chosen, found.most, share)
        })
        .flatten();
    Ways {
        screens: screens.map(|screens| Screens {
            between: screens.between.iter().map(|(one, other)| [desks.id(*one), desks.id(*other)]).collect(),
            desks: desks.ids(&screens.desks),
            at_least: screens.least,
        }),
        distance: by_desks.then(|| shorter(desks, conflicts, answer.metres, needed, deadline)).flatten(),
        days: fewer_days(policy, answer.people),
        people: policy.most_people(answer.people),
    }
}

/// The longest distance, in whole centimetres, at which so many desks can be used. The number of desks changes only at
/// distances that two desks have from each other, and never rises with the distance.
fn shorter(
    desks: &Desks<'_>,
    conflicts: &Conflicts,
    metres: f64,
    needed: usize,
    deadline: Option<Instant>,
) -> Option<OtherDistance> {
    let centimetres = |metres: f64| (metres * 100.0 + 1e-6).floor() as u32;
    let mut steps: Vec<u32> = conflicts
        .pairs()
        .into_iter()
        .filter_map(|(one, other)| desks.apart(one, other))
        .filter(|apart| *apart < metres)
        .map(centimetres)
        .filter(|step| *step > 0)
        .collect();
    steps.sort_unstable();
    steps.dedup();
    let at = |step: u32| {
        let metres = f64::from(step) / 100.0;
        let pairs = Conflicts::new(desks.all.len(), &desks.pairs(metres));
        largest(&pairs, &[], clock::part(deadline, 0.2))
    };
    let (mut fitting, mut beyond) = (None, steps.len());
    let mut low = 0;
    let mut proved = true;
    while low < beyond {
        let middle = low.midpoint(beyond);
        let found = at(steps[middle]);
        if found.chosen.len() >= needed {
            fitting = Some((steps[middle], found.chosen.len()));
            low = middle + 1;
        } else {
            proved &= found.most < needed;
            beyond = middle;
        }
    }
    fitting.map(|(step, desks)| OtherDistance { metres: f64::from(step) / 100.0, desks, proved })
}

/// The most days for each person that fit, told over as few weeks as can be, up to four.
fn fewer_days(policy: &Policy, desks: usize) -> Option<FewerDays> {
    let open = f64::from(policy.open_days);
    let most = |weeks: u32| {
        let days = desks as f64 * open * f64::from(weeks) / f64::from(policy.people);
        ((days + 1e-9).floor() as u32).min(policy.open_days * weeks)
    };
    let best = (1..=4u32).filter(|weeks| most(*weeks) > 0).max_by(|one, other| {
        let rate = |weeks: u32| f64::from(most(weeks)) / f64::from(weeks);
        rate(*one).total_cmp(&rate(*other)).then(other.cmp(one))
    })?;
    let days = most(best);
    let needed = (f64::from(policy.people * days) / (open * f64::from(best)) - 1e-9).ceil() as usize;
    Some(FewerDays { days, weeks: best, desks: needed })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_by_rota_and_by_chance() {
        // 162 people on 2 of 5 days: 64.8 desks a day.
        let policy = Policy { people: 162, days: 2.0, open_days: 5 };
        assert_eq!(policy.desks(), 65);
        assert_eq!([88, 55, 54].map(|desks| policy.most_people(desks)), [220, 137, 135]);
        assert_eq!([88, 55, 54].map(|desks| most_freely(desks, 0.4)), [193, 116, 114]);
        // Each of two people comes every second day: both on one day of four.
        assert!((chance_of_enough(2, 0.5, 1) - 0.75).abs() < 1e-12);
        assert_eq!(most_freely(1, 0.5), 1);
        assert_eq!(most_freely(0, 0.5), 0);
    }

    #[test]
    fn fewer_days_over_few_weeks() {
        let policy = Policy { people: 162, days: 2.0, open_days: 5 };
        // 275 desk-days a week: 1.69 each, so 5 in three weeks, 810 desk-days over 15 days.
        assert_eq!(fewer_days(&policy, 55), Some(FewerDays { days: 5, weeks: 3, desks: 54 }));
        assert_eq!(fewer_days(&policy, 0), None);
    }

    #[test]
    fn the_room_allows() {
        let room = Room { area: Some(110.0), area_each: Some(10.0), height: Some(3.5), share: Some(0.5) };
        let told: Vec<_> = limits(&room, 40).iter().map(|limit| (limit.reason, limit.people)).collect();
        // 110 m2 of 3.0 m counted are 330 m3: 30 people.
        assert_eq!(told, [(Reason::Area, 11), (Reason::Share, 20), (Reason::Air, 30)]);
        assert!(limits(&Room::default(), 40).is_empty());
    }
}
