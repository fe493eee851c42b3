//! Arithmetic before any solving: what is asked against what can be.
//!
//! Three looks, each of them a proof that no roster keeps every law and must rule:
//!
//! 1. **Row by row.** The rows of every must rule, with each person-day bounded by the laws (works, `only`, `base`,
//!    pins, shifts, seats that suit) and people of one day and place bounded together by the room there: free
//!    seats, open desks, and the largest set of desks that must rules about distance let be used at once. A row
//!    whose best value misses its bound by more than is allowed is a finding.
//! 2. **People who have to be in** (`base: on_site`, `only`, pins): a seat for each, and room for all of them.
//! 3. **Several rules at once.** On one day, rules that ask for different people ask for the sum of them. Against
//!    that stand the room, and must rules that let in at most so many.
//!
//! Silence proves nothing: the solver may still find that it cannot be done.

use crate::bounds::{within, Bounds, Interval, TOLERANCE};
use rota_core::calendar::ShiftSet;
use rota_core::desks::plans;
use rota_core::select::{Presence, Spot};
use rota_core::sight::{is_screened, walls_around};
use rota_core::typed::WorkPlace;
use rota_core::{About, Day, DeskIndex, Finding, PersonIndex, Site, ZoneIndex};
use rota_rules::model::{Group, Meaning, Model, Owner, Row, Sense, Sum};
use rota_rules::rules::distance::Distance;
use rota_rules::{AnyRule, Problem, ProblemRule, Strength};
use rota_solver::desk_capacity::most_desks;
use std::collections::{BTreeMap, HashSet};

/// How long the largest set of desks may be looked for.
const DESK_SECONDS: f64 = 2.0;

/// What cannot work, whatever roster is tried: errors `arithmetic.*`, each at its rule.
pub fn findings(problem: &Problem) -> Vec<Finding> {
    let mut bounds = Bounds::new(problem);
    let mut shorts: Vec<Short> = Vec::new();
    let mut asked: Vec<Asked> = Vec::new();
    for (at, _) in problem.rules.iter().enumerate().filter(|(_, rule)| rule.strength == Strength::Must) {
        let model = problem.model_of(at);
        let columns = bounds.columns(&model);
        let known = shorts.len();
        for group in &model.groups {
            shorts.extend(short_group(problem, &mut bounds, &model, &columns, group));
            asked.extend(asked_of(problem, &model, &columns, group));
        }
        shorts.extend(short_edges(problem, &mut bounds, &model, &columns));
        if shorts.len() > known {
            // What cannot be by itself says nothing together with others.
            asked.retain(|asked| asked.rule != at);
        }
    }
    let mut findings = told_once(&shorts);
    findings.extend(called_in(problem, &mut bounds));
    findings.extend(together(problem, &mut bounds, &asked));
    findings
}

// ---------------------------------------------------------------- row by row

/// A subject of a rule that cannot be kept.
struct Short {
    rule: usize,
    about: About,
    date: Option<String>,
    sentence: String,
    why_not: String,
    help: String,
}

fn short_group(
    problem: &Problem,
    bounds: &mut Bounds<'_>,
    model: &Model,
    columns: &[Interval],
    group: &Group,
) -> Option<Short> {
    let rule = rule_of(group.owner)?;
    let allowed = problem.allowed(&problem.rules[rule], &group.about);
    let (row, best, missed) = group
        .rows
        .iter()
        .map(|row| {
            let (best, missed) = match row.sense {
                Sense::AtLeast => {
                    let most = bounds.most(model, columns, &row.sum);
                    (most, row.bound - most)
                }
                Sense::AtMost => {
                    let least = bounds.least(model, columns, &row.sum);
                    (least, least - row.bound)
                }
            };
            (row, best, missed)
        })
        .max_by(|one, other| one.2.total_cmp(&other.2))?;
    if missed <= allowed + TOLERANCE {
        return None;
    }
    let why_not = match row.sense {
        _ if !is_count(model, &row.sum) => format!("which falls short by {} in any roster", spoken(missed)),
        Sense::AtLeast if best < 0.5 => "but none can be".to_string(),
        Sense::AtLeast => format!("but at most {} can be", spoken(best)),
        Sense::AtMost => format!("but at least {} must be", spoken(best)),
    };
    Some(Short {
        rule,
        about: group.about,
        date: one_date(problem, &group.about),
        sentence: problem.sentence(group.owner, &group.about),
        why_not,
        help: help(problem, bounds, model, columns, row),
    })
}

fn short_edges(
    problem: &Problem,
    bounds: &mut Bounds<'_>,
    model: &Model,
    columns: &[Interval],
) -> Vec<Short> {
    let mut shorts: Vec<Short> = Vec::new();
    for edge in &model.edges {
        let Some(rule) = rule_of(edge.owner) else { continue };
        let allowed = problem.allowed(&problem.rules[rule], &edge.about);
        let mut both = || [&edge.one, &edge.other].iter().all(|sum| bounds.least(model, columns, sum) > 0.5);
        if allowed < 1.0 - TOLERANCE && shorts.last().is_none_or(|last| last.about != edge.about) && both() {
            shorts.push(Short {
                rule,
                about: edge.about,
                date: one_date(problem, &edge.about),
                sentence: problem.sentence(edge.owner, &edge.about),
                why_not: "but both are fixed".to_string(),
                help: "take one of the two out of `fixed`, or give it another desk".to_string(),
            });
        }
    }
    shorts
}

fn rule_of(owner: Owner) -> Option<usize> {
    match owner {
        Owner::Rule(at) => Some(at as usize),
        Owner::Law(_) | Owner::Pin(..) => None,
    }
}

/// Whether a sum counts people or days, so that its value means something to people.
fn is_count(model: &Model, sum: &Sum) -> bool {
    let same = |factor: f64| sum.terms.iter().all(|term| (term.1 - factor).abs() < TOLERANCE);
    let blocks = sum.terms.iter().any(|term| matches!(model.columns[term.0.at()], Meaning::Blocks(..)));
    (same(1.0) || same(-1.0)) && !blocks
}

fn spoken(number: f64) -> String {
    let rounded = (number * 100.0).round() / 100.0;
    format!("{rounded}")
}

/// The date of a subject of one day.
fn one_date(problem: &Problem, about: &About) -> Option<String> {
    let day = about.on.filter(|day| about.to.is_none_or(|to| to == *day))?;
    Some(problem.site.calendar.date(day).spoken())
}

/// Why so few can be there, in numbers, and what to do.
fn help(
    problem: &Problem,
    bounds: &mut Bounds<'_>,
    model: &Model,
    columns: &[Interval],
    row: &Row,
) -> String {
    if row.sense == Sense::AtMost {
        return "those who must be are fixed, or may be in one place only: ask for more, or see to those"
            .to_string();
    }
    if let Some(best) = best_common_day(problem, bounds, model, columns, &row.sum) {
        return best;
    }
    let site = &problem.site;
    let mut why: BTreeMap<&str, HashSet<PersonIndex>> = BTreeMap::new();
    for (column, factor) in &row.sum.terms {
        let Meaning::There { person, day, presence } = &model.columns[column.at()] else { continue };
        if *factor < 0.0 || columns[column.at()].most > 0.5 {
            continue;
        }
        why.entry(why_not(site, *person, *day, presence)).or_default().insert(*person);
    }
    let counts: Vec<String> = why.iter().map(|(why, people)| format!("{}: {why}", people.len())).collect();
    if counts.is_empty() {
        "no more of them work then, or there is no more room: ask for less, or add an exception (`allow`)"
            .to_string()
    } else {
        format!("of those who work then, {}; ask for less, or add an exception (`allow`)", counts.join(", "))
    }
}

fn why_not(site: &Site, person: PersonIndex, day: Day, presence: &Presence) -> &'static str {
    if site.laid_down(person, day) == Some(WorkPlace::Home) {
        "at home only"
    } else if site.person(person).pins.iter().any(|pin| pin.days.contains(&day)) {
        "fixed elsewhere"
    } else if !site.may_be_on_shift(person, day, presence.shifts) {
        "not on that shift"
    } else {
        "no open seat that suits"
    }
}

/// For a rule that wants a group together: the day on which most can be, and how many would be missing.
fn best_common_day(
    problem: &Problem,
    bounds: &mut Bounds<'_>,
    model: &Model,
    columns: &[Interval],
    sum: &Sum,
) -> Option<String> {
    let mut best: Option<(f64, f64, Day)> = None;
    let mut open: Vec<&Sum> = vec![sum];
    while let Some(part) = open.pop() {
        for (column, _) in &part.terms {
            match &model.columns[column.at()] {
                Meaning::AnyOf(inner) => open.push(inner),
                Meaning::Enough(inner, needed) => {
                    let can = bounds.most(model, columns, inner);
                    let Some(day) = day_of(model, inner) else { continue };
                    let nearer =
                        |(found, wanted, on): &(f64, f64, Day)| (needed - can, day) < (wanted - found, *on);
                    if best.as_ref().is_none_or(nearer) {
                        best = Some((can, *needed, day));
                    }
                }
                _ => {}
            }
        }
    }
    let (can, needed, day) = best?;
    let date = problem.site.calendar.date(day).spoken();
    let missing = spoken((needed - can).max(0.0));
    Some(format!(
        "the best day is {date}: {} of {} can be in; write `missing` {missing} higher, or ask for fewer days",
        spoken(can),
        spoken(needed)
    ))
}

fn day_of(model: &Model, sum: &Sum) -> Option<Day> {
    sum.terms.iter().find_map(|(column, _)| match &model.columns[column.at()] {
        Meaning::There { day, .. } => Some(*day),
        Meaning::AnyOf(inner) => day_of(model, inner),
        _ => None,
    })
}

/// One finding for each subject; the same on several days is told once.
fn told_once(shorts: &[Short]) -> Vec<Finding> {
    type Key = (usize, About, String);
    let mut days: BTreeMap<Key, (usize, Vec<String>)> = BTreeMap::new();
    for (at, short) in shorts.iter().enumerate() {
        let about =
            if short.date.is_some() { About { on: None, to: None, ..short.about } } else { short.about };
        let (_, dates) = days.entry((short.rule, about, short.why_not.clone())).or_insert((at, Vec::new()));
        dates.extend(short.date.clone());
    }
    let mut told: Vec<(usize, Vec<String>)> = days.into_values().collect();
    told.sort_by_key(|(at, _)| *at);
    told.into_iter()
        .map(|(at, dates)| {
            let short = &shorts[at];
            let message = format!("{}, {}{}", short.sentence, short.why_not, also(&dates));
            Finding::error("arithmetic.short", format!("/rules/{}", short.rule), message).help(&short.help)
        })
        .collect()
}

/// ` (the same on Wed 17 June and 3 more days)`, or nothing for a single day.
fn also(dates: &[String]) -> String {
    match dates {
        [] | [_] => String::new(),
        [_, one] => format!(" (the same on {one})"),
        [_, one, rest @ ..] => {
            let days = if rest.len() == 1 { "day" } else { "days" };
            format!(" (the same on {one} and {} more {days})", rest.len())
        }
    }
}

// ---------------------------------------------------------------- people who have to be in

fn called_in(problem: &Problem, bounds: &mut Bounds<'_>) -> Vec<Finding> {
    let site = &problem.site;
    let mut findings = Vec::new();
    let mut unseated: BTreeMap<PersonIndex, Vec<String>> = BTreeMap::new();
    let mut crowded: BTreeMap<(Spot, usize, usize), Vec<String>> = BTreeMap::new();
    for day in site.calendar.days().filter(|day| site.calendar.is_open(*day)) {
        let date = site.calendar.date(day).spoken();
        let called: Vec<PersonIndex> =
            PersonIndex::all(site.people.len()).filter(|person| bounds.is_called_in(*person, day)).collect();
        let (seated, without): (Vec<PersonIndex>, Vec<PersonIndex>) =
            called.into_iter().partition(|person| bounds.may(*person, day, &Presence::ON_SITE));
        for person in without {
            unseated.entry(person).or_default().push(date.clone());
        }
        let spots = std::iter::once(Spot::Anywhere).chain(ZoneIndex::all(site.zones.len()).map(Spot::Zone));
        for spot in spots.filter(|_| !seated.is_empty()) {
            let presence = Presence { shifts: ShiftSet::ALL, spot };
            let there: Vec<PersonIndex> =
                seated.iter().copied().filter(|person| bounds.must(*person, day, &presence)).collect();
            let room = bounds.room(day, &presence, &there);
            if there.len() > room {
                crowded.entry((spot, there.len(), room)).or_default().push(date.clone());
                break;
            }
        }
    }
    for (person, dates) in unseated {
        let message = format!(
            "`{}` has to be on site on {}, and no open seat suits them{}",
            site.person(person).id,
            dates[0],
            also(&dates)
        );
        findings.push(
            Finding::error("arithmetic.no_seat", format!("/people/{}", person.0), message)
                .help("open a place, or see to `base`, `only`, `fixed`, `needs` and the `for` of places"),
        );
    }
    for ((spot, people, room), dates) in crowded {
        let place =
            if let Spot::Zone(zone) = spot { format!(" in {}", site.zone(zone).name) } else { String::new() };
        let message = format!(
            "{people} people have to be on site{place} on {}, and there is room for {room}{}",
            dates[0],
            also(&dates)
        );
        findings.push(
            Finding::error("arithmetic.room", "/sites", message)
                .help("open more places, or see to `base: on_site`, `only` and `fixed`"),
        );
    }
    findings
}

// ---------------------------------------------------------------- several rules at once

/// So many of some people on one day, at least or at most.
struct Asked {
    rule: usize,
    day: Day,
    presence: Presence,
    /// Those of them who can be there, in order.
    people: Vec<PersonIndex>,
    sense: Sense,
    count: f64,
}

/// What a group asks of one day, where it simply counts people.
fn asked_of(problem: &Problem, model: &Model, columns: &[Interval], group: &Group) -> Vec<Asked> {
    let Some(rule) = rule_of(group.owner) else { return Vec::new() };
    let allowed = problem.allowed(&problem.rules[rule], &group.about);
    group.rows.iter().filter_map(|row| asked_by_row(rule, allowed, model, columns, row)).collect()
}

fn asked_by_row(rule: usize, allowed: f64, model: &Model, columns: &[Interval], row: &Row) -> Option<Asked> {
    let (first, _) = row.sum.terms.first()?;
    let Meaning::There { day, presence, .. } = model.columns[first.at()] else { return None };
    let mut people = Vec::with_capacity(row.sum.terms.len());
    for (column, factor) in &row.sum.terms {
        match &model.columns[column.at()] {
            Meaning::There { person, day: on, presence: so } if (*on, *so) == (day, presence) => {
                if (factor - 1.0).abs() > TOLERANCE {
                    return None;
                }
                if columns[column.at()].most > 0.5 {
                    people.push(*person);
                }
            }
            _ => return None,
        }
    }
    people.sort_unstable();
    let count = row.bound - row.sum.constant;
    let count = if row.sense == Sense::AtLeast { count - allowed } else { count + allowed };
    (row.sense == Sense::AtMost || count > TOLERANCE).then_some(Asked {
        rule,
        day,
        presence,
        people,
        sense: row.sense,
        count,
    })
}

/// Days on which rules that ask for different people ask for more than there is room for, or than a rule lets in.
fn together(problem: &Problem, bounds: &mut Bounds<'_>, asked: &[Asked]) -> Vec<Finding> {
    let site = &problem.site;
    let mut told: BTreeMap<Vec<usize>, (String, Vec<String>)> = BTreeMap::new();
    for day in site.calendar.days().filter(|day| site.calendar.is_open(*day)) {
        let mut wanted: Vec<&Asked> =
            asked.iter().filter(|asked| asked.day == day && asked.sense == Sense::AtLeast).collect();
        // Those that leave least choice first; the order never makes a finding wrong.
        wanted.sort_by(|one, other| {
            let free = |asked: &Asked| asked.people.len() as f64 - asked.count;
            free(one)
                .total_cmp(&free(other))
                .then(other.count.total_cmp(&one.count))
                .then(one.rule.cmp(&other.rule))
        });
        let date = site.calendar.date(day).spoken();
        let mut tell = |rules: Vec<usize>, needed: f64, limit: &str| {
            let names: Vec<&ProblemRule> = rules.iter().map(|rule| &problem.rules[*rule]).collect();
            let message =
                format!("{date}: {} need {} different people in, {limit}", names_of(&names), spoken(needed));
            told.entry(rules).or_insert((message, Vec::new())).1.push(date.clone());
        };
        for cap in asked.iter().filter(|asked| asked.day == day && asked.sense == Sense::AtMost) {
            let (mut rules, needed) = needed_of(site, &wanted, &cap.presence, Some(&cap.people));
            if needed > cap.count + TOLERANCE && !rules.is_empty() {
                let id = &problem.rules[cap.rule].id;
                rules.retain(|rule| *rule != cap.rule);
                if !rules.is_empty() {
                    tell(rules, needed, &format!("and `{id}` lets in at most {}", spoken(cap.count)));
                }
            }
        }
        let mut places: Vec<Spot> =
            wanted.iter().map(|asked| asked.presence.spot).chain([Spot::Anywhere]).collect();
        places.sort_unstable();
        places.dedup();
        for spot in places.into_iter().filter(|_| !site.zones.is_empty()) {
            let presence = Presence { shifts: ShiftSet::ALL, spot };
            let here: Vec<&Asked> =
                wanted.iter().copied().filter(|asked| within(site, asked.presence.spot, spot)).collect();
            let (rules, needed) = needed_of(site, &here, &presence, None);
            if rules.len() < 2 {
                continue; // one rule alone has been looked at row by row
            }
            let mut people: Vec<PersonIndex> =
                here.iter().flat_map(|asked| asked.people.iter().copied()).collect();
            people.sort_unstable();
            people.dedup();
            let room = bounds.room(day, &presence, &people);
            if needed > room as f64 + TOLERANCE {
                tell(rules, needed, &format!("and there is room for {room}"));
                break;
            }
        }
    }
    told.into_iter()
        .map(|(rules, (message, dates))| {
            Finding::error(
                "arithmetic.together",
                format!("/rules/{}", rules[0]),
                format!("{message}{}", also(&dates)),
            )
            .help("ask for less, let in more, or make one of the rules softer than must")
        })
        .collect()
}

/// How many different people of `among` rules ask for at such a place: the rules and the sum.
fn needed_of(
    site: &Site,
    wanted: &[&Asked],
    presence: &Presence,
    among: Option<&[PersonIndex]>,
) -> (Vec<usize>, f64) {
    let mut counted: HashSet<PersonIndex> = HashSet::new();
    let mut rules: Vec<usize> = Vec::new();
    let mut needed = 0.0;
    for asked in wanted {
        let shifts_fit = asked.presence.shifts.0 & !presence.shifts.0 == 0;
        if !shifts_fit || !within(site, asked.presence.spot, presence.spot) {
            continue;
        }
        if asked.people.iter().any(|person| counted.contains(person)) {
            continue;
        }
        let outside = |people: &[PersonIndex]| {
            asked.people.iter().filter(|person| people.binary_search(person).is_err()).count() as f64
        };
        let here = asked.count - among.map_or(0.0, outside);
        if here > TOLERANCE {
            counted.extend(&asked.people);
            needed += here;
            rules.push(asked.rule);
        }
    }
    rules.sort_unstable();
    rules.dedup();
    (rules, needed)
}

fn names_of(rules: &[&ProblemRule]) -> String {
    let names: Vec<String> = rules.iter().take(3).map(|rule| format!("`{}`", rule.id)).collect();
    match rules.len() {
        0..=3 => names.join(" and "),
        more => format!("{} and {} more rules", names.join(", "), more - 3),
    }
}

// ---------------------------------------------------------------- suspect desks

/// For every rule about distance over desks whose position cannot be right: both answers, without those desks and
/// with them where they are said to stand.
pub fn suspect_desks(problem: &Problem) -> Vec<Finding> {
    let site = &problem.site;
    let mut findings = Vec::new();
    for (at, rule) in problem.rules.iter().enumerate().filter(|(_, rule)| rule.strength != Strength::Off) {
        let AnyRule::Distance(distance) = &rule.rule else { continue };
        let desks: Vec<DeskIndex> = DeskIndex::all(site.desks.len())
            .filter(|desk| looks_at(distance, site, *desk) && site.desk(*desk).at.is_some())
            .collect();
        let (suspects, sound): (Vec<DeskIndex>, Vec<DeskIndex>) =
            desks.iter().copied().partition(|desk| site.desk(*desk).suspect);
        if suspects.is_empty() {
            continue;
        }
        let mut pairs = distance.pairs(site);
        let without = most_desks(&sound, &pairs, DESK_SECONDS);
        pairs.extend(suspect_pairs(distance, site));
        let with = most_desks(&desks, &pairs, DESK_SECONDS);
        let (Some(without), Some(with)) = (without, with) else { continue };
        let names: Vec<&str> = suspects.iter().take(3).map(|desk| site.desk(*desk).id.as_str()).collect();
        let more =
            if suspects.len() > 3 { format!(" and {} more", suspects.len() - 3) } else { String::new() };
        let (stand, they) = if suspects.len() == 1 { ("it stands", "it") } else { ("they stand", "them") };
        findings.push(
            Finding::warning(
                "distance.suspect",
                format!("/rules/{at}"),
                format!(
                    "at {} m at most {without} desks can be used at once; with {}{more} where {stand}, {with}",
                    distance.metres,
                    names.join(", "),
                ),
            )
            .help(format!("correct `at`; until then the rule keeps no distance from {they}")),
        );
    }
    findings
}

fn looks_at(distance: &Distance, site: &Site, desk: DeskIndex) -> bool {
    distance.at.spots(site).into_iter().any(|spot| within(site, Spot::Desk(desk), spot))
}

/// Pairs too near each other with a suspect desk among them, if positions are taken as typed.
pub(crate) fn suspect_pairs(distance: &Distance, site: &Site) -> Vec<(DeskIndex, DeskIndex)> {
    let mut pairs = Vec::new();
    for plan in plans(site) {
        let walls = plan.first().map(|desk| walls_around(site, *desk)).unwrap_or_default();
        let placed: Vec<(DeskIndex, [f64; 2])> = plan
            .into_iter()
            .filter(|desk| looks_at(distance, site, *desk))
            .filter_map(|desk| site.desk(desk).at.map(|at| (desk, at)))
            .collect();
        for (place, (one, [x, y])) in placed.iter().enumerate() {
            for (other, [other_x, other_y]) in &placed[place + 1..] {
                let near = (other_x - x).hypot(other_y - y) < distance.metres - TOLERANCE;
                let pair = (*one.min(other), *one.max(other));
                let screened = is_screened(site, &walls, *one, *other);
                if near && !screened && (site.desk(*one).suspect || site.desk(*other).suspect) {
                    pairs.push(pair);
                }
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{generate, Generate};
    use rota_rules::Scenario;

    fn problem(text: &str) -> Problem {
        let read = Scenario::read(text);
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        match Problem::new(&read.scenario.expect("a scenario without findings")) {
            Ok((problem, _)) => problem,
            Err(findings) => panic!("{findings:?}"),
        }
    }

    /// `code pointer: message` of every finding, for a week with these people, sites and rules.
    fn told(people: &str, sites: &str, rules: &str) -> Vec<String> {
        told_on("\"from\": \"2020-06-15\", \"to\": \"2020-06-16\"", people, sites, rules)
    }

    fn told_on(calendar: &str, people: &str, sites: &str, rules: &str) -> Vec<String> {
        let problem = problem(&format!(
            r#"{{ "scenario": 1, "calendar": {{ {calendar} }}, "people": [{people}], "sites": [{sites}], "rules": [{rules}] }}"#
        ));
        let found = findings(&problem);
        assert!(found.iter().all(|finding| finding.is_error() && finding.help.is_some()));
        found
            .iter()
            .map(|finding| {
                format!("{} {}: {}", finding.code, finding.pointer.as_deref().unwrap_or(""), finding.message)
            })
            .collect()
    }

    const FIVE: &str = r#"{ "id": "ann", "team": "red", "away": ["2020-06-16"] }, { "id": "bob", "team": "red", "base": "home" },
        { "id": "cat", "team": "red" }, { "id": "dan", "team": "blue", "fixed": [ { "on": "tue", "place": "home" } ] },
        { "id": "eve", "team": "blue" }"#;

    #[test]
    fn cover_that_cannot_be() {
        // Red can be in: Monday ann and cat, Tuesday cat alone.
        assert_eq!(
            told(FIVE, "", r#"{ "headcount": { "who": { "team": "red" }, "at_least": 2 } }"#),
            ["arithmetic.short /rules/0: at least 2 of red on site on Tue 16 June, but at most 1 can be"]
        );
        assert_eq!(
            told(FIVE, "", r#"{ "headcount": { "who": { "team": "red" }, "at_least": 4 } }"#),
            [
                "arithmetic.short /rules/0: at least 4 of red on site on Mon 15 June, but at most 2 can be",
                "arithmetic.short /rules/0: at least 4 of red on site on Tue 16 June, but at most 1 can be"
            ]
        );
        let soft = r#"{ "headcount": { "who": { "team": "red" }, "at_least": 4 }, "strength": "high" }"#;
        assert!(told(FIVE, "", soft).is_empty());
        let allowed = r#"{ "headcount": { "who": { "team": "red" }, "at_least": 2 }, "allow": [ { "on": "tue", "amount": 1 } ] }"#;
        assert!(told(FIVE, "", allowed).is_empty());
        assert_eq!(
            told(FIVE, "", r#"{ "headcount": { "who": "bob", "at_least": 1 } }"#),
            ["arithmetic.short /rules/0: at least 1 of bob on site on Mon 15 June, but none can be (the same on Tue 16 June)"]
        );
    }

    #[test]
    fn too_many_who_must_be_there() {
        let people = r#"{ "id": "ann", "base": "on_site" }, { "id": "bob", "fixed": [ { "on": "mon", "place": "on_site" } ] }"#;
        assert_eq!(
            told(people, "", r#"{ "headcount": { "at_most": 1 } }"#),
            ["arithmetic.short /rules/0: at most 1 person on site on Mon 15 June, but at least 2 must be"]
        );
        // Two seats for three people: one of them is at home.
        let seats = r#"{ "id": "hq", "zones": [ { "id": "north", "seats": 2 } ] }"#;
        let three = r#"{ "id": "ann" }, { "id": "bob" }, { "id": "cat" }"#;
        assert_eq!(
            told(three, seats, r#"{ "headcount": { "place": "home", "at_most": 0 } }"#),
            ["arithmetic.short /rules/0: at most 0 people at home on Mon 15 June, but at least 1 must be (the same on Tue 16 June)"]
        );
    }

    #[test]
    fn other_rules_are_read_the_same_way() {
        let people = r#"{ "id": "ann", "base": "on_site" }, { "id": "bob", "tags": ["aid"], "base": "home" },
            { "id": "cat", "tags": ["aid"], "away": ["mon"] }"#;
        assert_eq!(
            told(people, "", r#"{ "ratio": { "who": { "tag": "aid" }, "every": 10 } }"#),
            ["arithmetic.short /rules/0: at least 1 of aid for every 10 people on site, or part of 10, on Mon 15 June, which falls short by 1 in any roster"]
        );
        let accompanied = told(people, "", r#"{ "accompanied": { "at_least": 2 } }"#);
        assert_eq!(accompanied.len(), 1, "{accompanied:?}");
        let pinned = r#"{ "id": "ann", "fixed": [ { "on": "mon", "place": "home" }, { "on": "tue", "place": "home" } ] }"#;
        assert_eq!(
            told(pinned, "", r#"{ "days": { "at_least": 1, "per": "rota" } }, { "run": { "place": "home", "at_most": 1 } }"#),
            [
                "arithmetic.short /rules/0: ann is on site on at least 1 day from Mon 15 June to Tue 16 June, but none can be",
                "arithmetic.short /rules/1: ann is at home at most 1 working day running, up to Tue 16 June, but at least 2 must be"
            ]
        );
    }

    #[test]
    fn the_best_day_for_a_team() {
        let people = r#"{ "id": "ann", "away": ["mon"] }, { "id": "bob", "away": ["tue"] }, { "id": "cat" }, { "id": "dan", "away": ["mon"] }"#;
        let problem = problem(&format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-16" }}, "people": [{people}],
                  "rules": [ {{ "together": {{ "per": "rota" }} }} ] }}"#
        ));
        let found = findings(&problem);
        assert_eq!(found.len(), 1);
        let help = found[0].help.as_deref().unwrap_or("");
        assert!(
            help.starts_with("the best day is Tue 16 June: 3 of 4 can be in; write `missing` 1 higher"),
            "{help}"
        );
    }

    #[test]
    fn seats_and_desks_are_counted() {
        let three = r#"{ "id": "ann" }, { "id": "bob" }, { "id": "cat" }"#;
        let seats = r#"{ "id": "hq", "zones": [ { "id": "north", "seats": 3, "taken": [ { "on": "tue", "seats": 1 } ] } ] }"#;
        assert_eq!(
            told(three, seats, r#"{ "headcount": { "at_least": 3, "where": { "zone": "north" } } }"#),
            ["arithmetic.short /rules/0: at least 3 people on site in north on Tue 16 June, but at most 2 can be"]
        );
        // Three desks in a row, 1.5 m apart: at 2 m the middle one is empty.
        let desks = r#"{ "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1", "at": [0, 0] }, { "id": "N2", "at": [1.5, 0] },
            { "id": "N3", "at": [3, 0], "closed": ["2020-06-16"] } ] } ] }"#;
        let rules = r#"{ "headcount": { "at_least": 2 } }, { "distance": { "metres": 2 } }"#;
        assert_eq!(
            told(three, desks, rules),
            ["arithmetic.short /rules/0: at least 2 people on site on Tue 16 June, but at most 1 can be"]
        );
        // Two half-day shifts use each desk twice.
        let calendar = r#""from": "2020-06-16", "to": "2020-06-16",
            "shifts": [ { "id": "am", "from": "08:00", "to": "13:00" }, { "id": "pm", "from": "13:00", "to": "18:00" } ]"#;
        assert!(told_on(calendar, three, desks, rules).is_empty());
        let three_in = rules.replace("2 }", "3 }");
        assert_eq!(told_on(calendar, three, desks, &three_in).len(), 1);
    }

    #[test]
    fn two_pins_too_near_each_other() {
        let people = r#"{ "id": "ann", "fixed": [ { "on": "mon", "desk": "N1" } ] }, { "id": "bob", "fixed": [ { "on": "mon", "desk": "N2" } ] }"#;
        let desks = r#"{ "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1", "at": [0, 0] }, { "id": "N2", "at": [1.5, 0] } ] } ] }"#;
        let found = told(people, desks, r#"{ "distance": { "metres": 2 } }"#);
        assert_eq!(found[0], "arithmetic.short /rules/0: desks N1 and N2, less than 2 m apart, are not used at one time on Mon 15 June, but both are fixed");
        assert_eq!(
            found[1],
            "arithmetic.room /sites: 2 people have to be on site on Mon 15 June, and there is room for 1"
        );
    }

    #[test]
    fn people_who_have_to_be_in_need_seats() {
        let people = r#"{ "id": "ann", "base": "on_site" }, { "id": "bob", "base": "on_site" }, { "id": "cat", "base": "on_site", "needs": ["lift"] }"#;
        let site = r#"{ "id": "hq", "zones": [ { "id": "north", "seats": 1 }, { "id": "south", "desks": [ { "id": "S1", "features": ["lift"], "closed": ["mon"] } ],
            "for": { "people": ["cat"] } } ] }"#;
        assert_eq!(
            told(people, site, ""),
            [
                "arithmetic.no_seat /people/2: `cat` has to be on site on Mon 15 June, and no open seat suits them",
                "arithmetic.room /sites: 2 people have to be on site on Mon 15 June, and there is room for 1",
                "arithmetic.room /sites: 3 people have to be on site on Tue 16 June, and there is room for 2"
            ]
        );
    }

    #[test]
    fn rules_add_up_over_different_people() {
        let people = r#"{ "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat", "team": "blue" }, { "id": "dan", "team": "blue" }"#;
        let seats = r#"{ "id": "hq", "zones": [ { "id": "north", "seats": 3 } ] }"#;
        let rules = r#"{ "id": "reds", "headcount": { "who": { "team": "red" }, "at_least": 2 } },
            { "id": "blues", "headcount": { "who": { "team": "blue" }, "at_least": 2 } }"#;
        assert_eq!(
            told(people, seats, rules),
            ["arithmetic.together /rules/0: Mon 15 June: `reds` and `blues` need 4 different people in, and there is room for 3 (the same on Tue 16 June)"]
        );
        let cap = format!(
            r#"{rules}, {{ "id": "cap", "headcount": {{ "at_most": 3, "when": {{ "weekdays": ["tue"] }} }} }}"#
        );
        assert_eq!(
            told(people, "", &cap),
            ["arithmetic.together /rules/0: Tue 16 June: `reds` and `blues` need 4 different people in, and `cap` lets in at most 3"]
        );
        // The same people twice are asked for once.
        let twice = r#"{ "headcount": { "who": { "team": "red" }, "at_least": 2 } }, { "headcount": { "at_least": 2 } }"#;
        assert!(told(people, seats, twice).is_empty());
    }

    #[test]
    fn both_answers_about_a_suspect_desk() {
        let desk = |id: usize, x: f64| format!(r#"{{ "id": "N{id}", "at": [{x}, 0] }}"#);
        let row: Vec<String> =
            (1..=9).map(|at| desk(at, at as f64 * 1.4)).chain([desk(10, -9363.0)]).collect();
        let problem = problem(&format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-15" }}, "people": [ {{ "id": "ann" }} ],
                 "sites": [ {{ "id": "hq", "zones": [ {{ "id": "north", "desks": [{}] }} ] }} ],
                 "rules": [ {{ "distance": {{ "metres": 2 }}, "strength": "low" }} ] }}"#,
            row.join(",")
        ));
        let found = suspect_desks(&problem);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].message,
            "at 2 m at most 5 desks can be used at once; with N10 where it stands, 6"
        );
        assert_eq!(found[0].pointer.as_deref(), Some("/rules/0"));
    }

    /// Every finding is a proof: on tiny sites where people are free or tied to a place, with pairs of the rules'
    /// own examples as must rules, no roster at all keeps laws and musts where something was found.
    #[test]
    fn a_finding_is_a_proof() {
        use rota_core::typed::Base;
        use rota_rules::judge::Judgement;
        use rota_rules::tiny::{every_roster, TinySite};
        use rota_rules::RuleEntry;
        let bases = [Base::Either, Base::OnSite, Base::Home];
        let mut proofs = 0;
        for site in TinySite::ALL {
            let examples: Vec<AnyRule> = AnyRule::examples()
                .into_iter()
                .filter(|example| example.site == site)
                .map(|example| example.rule)
                .collect();
            for (at, (first, second)) in
                bases.iter().flat_map(|first| bases.iter().map(move |second| (*first, *second))).enumerate()
            {
                let mut scenario = Scenario::read(site.json()).scenario.expect("tiny sites are right");
                let tied: Vec<Base> = vec![first, second];
                for (person, base) in scenario.people.iter_mut().zip(tied) {
                    person.base = person.only.is_empty().then_some(base);
                }
                for (place, rule) in examples.iter().enumerate() {
                    let other = &examples[(place + at + 1) % examples.len()];
                    scenario.rules = vec![RuleEntry::new(rule.clone()), RuleEntry::new(other.clone())];
                    let Ok((problem, _)) = Problem::new(&scenario) else { continue };
                    let found = findings(&problem);
                    if found.is_empty() {
                        continue;
                    }
                    proofs += 1;
                    every_roster(&problem.site, &mut |roster| {
                        let judged = Judgement::of(&problem, roster);
                        assert!(
                            !judged.laws_kept() || !judged.musts_kept(),
                            "{found:?} {:?}",
                            scenario.rules
                        );
                    });
                }
            }
        }
        assert!(proofs > 50, "{proofs}");
    }

    #[test]
    fn departments_that_can_be_planned_have_no_finding() {
        for (people, seed) in [(5, 1), (41, 2), (120, 3)] {
            let scenario = generate(&Generate { people, days: 10, seed });
            let (problem, _) = Problem::new(&scenario).expect("generated scenarios are right");
            assert_eq!(findings(&problem), Vec::new());
        }
    }
}
