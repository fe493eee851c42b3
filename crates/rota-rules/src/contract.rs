//! The rule contract: for every example of every rule, on every roster of its tiny site, the least slack of the
//! rows is the amount of the check, subject by subject; some roster breaks the rule and some keeps it. And the
//! means for hand-counted pictures.

use crate::entry::RuleEntry;
use crate::judge::{concerns, reasons, Judgement};
use crate::laws::{self, Says};
use crate::model::Owner;
use crate::problem::Problem;
use crate::rule::{AnyRule, Example, NAMES};
use crate::scenario::Scenario;
use crate::tiny::{every_roster, TinySite};
use rota_core::roster::{Cell, Place, Roster};
use rota_core::{About, Limit, PersonIndex};
use std::collections::BTreeMap;

/// The breaches of one more rule of a scenario on a hand-written roster, as `person date..date limit: amount`.
///
/// A line of the roster is `ann: S h -`: S on site, h at home, - off, one sign an open day; `S@N1` at a desk,
/// `S/early` on a shift, `S/early@N1` both, `S@north` in a zone, `S+post` doing a duty. A line `cohorts: ann=A bob=B`
/// says who is in which.
pub fn counted(scenario: &str, rule: &str, lines: &[&str]) -> Vec<String> {
    let read = Scenario::read(scenario);
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    let mut scenario = read.scenario.expect("no findings");
    // Rules of the scenario itself come last.
    scenario.rules.insert(0, serde_json::from_str::<RuleEntry>(rule).expect("the rule reads"));
    let (problem, _) = Problem::new(&scenario).unwrap_or_else(|findings| panic!("{findings:?}"));
    let roster = drawn(&problem, lines);
    let tally = problem.tally(&problem.rules[0], &problem.site, &roster);
    let by_rows: BTreeMap<About, f64> = problem
        .model_of(0)
        .amounts(&roster)
        .into_iter()
        .map(|((_, about), amount)| (about, amount))
        .collect();
    let by_check: BTreeMap<About, f64> =
        tally.counts.iter().map(|(about, count)| (*about, count.amount)).collect();
    assert_same(&by_rows, &by_check, "the picture");
    tally
        .counts
        .iter()
        .map(|(about, count)| format!("{}: {}", spoken(&problem, about), count.amount))
        .collect()
}

fn spoken(problem: &Problem, about: &About) -> String {
    let subject = about.named(&problem.site);
    let mut words: Vec<String> = Vec::new();
    words.extend(subject.person);
    words.extend(subject.with);
    words.extend(subject.team);
    match (subject.on, subject.to) {
        (Some(on), Some(to)) => words.push(format!("{on}..{to}")),
        (Some(on), None) => words.push(on.to_string()),
        _ => {}
    }
    words.extend(subject.site);
    words.extend(subject.zone);
    words.extend(subject.desk);
    words.extend(subject.with_desk);
    words.extend(subject.group.map(|group| format!("group {group}")));
    words.extend(subject.cohort);
    match about.limit {
        Some(Limit::AtLeast) => words.push("at_least".to_string()),
        Some(Limit::AtMost) => words.push("at_most".to_string()),
        None => {}
    }
    words.join(" ")
}

/// Reads a hand-written roster; see [`counted`].
pub fn drawn(problem: &Problem, lines: &[&str]) -> Roster {
    let site = &problem.site;
    let mut roster = Roster::at_home(site);
    for line in lines {
        if let Some(labels) = line.strip_prefix("cohorts:") {
            for label in labels.split_whitespace() {
                let (id, name) = label.split_once('=').expect("a person and a cohort");
                let person = site.person_named(id).expect("a known person");
                roster.set_cohort(person, Some(site.cohort(name).expect("a known cohort")));
            }
            continue;
        }
        let (id, signs) = line.split_once(':').expect("a person and signs");
        let person = site.person_named(id.trim()).expect("a known person");
        let signs: Vec<&str> = signs.split_whitespace().collect();
        let days: Vec<_> = site.calendar.days().filter(|day| site.calendar.is_open(*day)).collect();
        assert_eq!(signs.len(), days.len(), "one sign for each open day: {line}");
        for (sign, day) in signs.iter().zip(days) {
            roster.set(person, day, read_sign(problem, sign));
        }
    }
    roster
}

fn read_sign(problem: &Problem, sign: &str) -> Cell {
    let site = &problem.site;
    match sign {
        "-" => return Cell::OFF,
        "h" => return Cell::HOME,
        _ => {}
    }
    let rest = sign.strip_prefix('S').expect("S, h or -");
    let (rest, duty) = match rest.split_once('+') {
        Some((rest, duty)) => (rest, Some(site.duty(duty).expect("a known duty"))),
        None => (rest, None),
    };
    let (shift, place) = match rest.split_once('@') {
        Some((shift, place)) => (shift, Some(place)),
        None => (rest, None),
    };
    let desk = place.and_then(|id| site.desk_named(id));
    let zone = desk.map(|desk| site.desk(desk).zone).or_else(|| place.and_then(|id| site.zone_named(id)));
    assert!(place.is_none() || zone.is_some(), "no such place: {sign}");
    Cell {
        place: Place::OnSite,
        shift: shift.strip_prefix('/').map(|id| site.shift(id).expect("a known shift")),
        site: zone.map(|zone| site.site_of(zone)),
        zone,
        desk,
        duty,
    }
}

fn assert_same(by_rows: &BTreeMap<About, f64>, by_check: &BTreeMap<About, f64>, what: &str) {
    let same = by_rows.len() == by_check.len()
        && by_rows
            .iter()
            .zip(by_check)
            .all(|(one, other)| one.0 == other.0 && (one.1 - other.1).abs() < 1e-6);
    assert!(same, "{what}: rows charge {by_rows:#?}, the check counts {by_check:#?}");
}

fn contract(example: &Example<AnyRule>) {
    let problem = example.site.problem(&[RuleEntry::new(example.rule.clone())]);
    let model = problem.model_of(0);
    let (mut kept, mut broken, mut tried) = (0, 0, 0);
    every_roster(&problem.site, &mut |roster| {
        if !laws::check(&problem.site, roster, Says::ALL).is_empty() {
            return;
        }
        tried += 1;
        let by_rows: BTreeMap<About, f64> =
            model.amounts(roster).into_iter().map(|((_, about), amount)| (about, amount)).collect();
        let tally = problem.tally(&problem.rules[0], &problem.site, roster);
        let by_check: BTreeMap<About, f64> =
            tally.counts.iter().map(|(about, count)| (*about, count.amount)).collect();
        let lines: Vec<String> = PersonIndex::all(problem.site.people.len())
            .map(|person| {
                let cells: Vec<String> = problem
                    .site
                    .calendar
                    .days()
                    .map(|day| format!("{:?}", roster.assignment(&problem.site, person, day)))
                    .collect();
                cells.join("\n")
            })
            .collect();
        assert_same(&by_rows, &by_check, &format!("{example:?} on {}", lines.join("\n")));
        if by_check.is_empty() {
            kept += 1;
        } else {
            broken += 1;
        }
        for about in by_check.keys() {
            assert!(!problem.sentence(Owner::Rule(0), about).is_empty());
        }
    });
    assert!(tried > 0, "{example:?}: no roster keeps the laws");
    assert!(kept + broken == tried);
    // A rule that nothing can break, or nothing can keep, would prove nothing.
    assert!(broken > 0, "{example:?}: no roster breaks it");
    assert!(kept > 0, "{example:?}: no roster keeps it");
}

/// One test for all rules; cargo runs the tests of one binary side by side, so it is cut by name.
macro_rules! contracts {
    ($($name:ident,)*) => {
        $(#[test]
        fn $name() {
            let examples: Vec<_> =
                AnyRule::examples().into_iter().filter(|example| example.rule.name() == stringify!($name)).collect();
            assert!(!examples.is_empty());
            examples.iter().for_each(contract);
        })*

        #[test]
        fn every_rule_is_under_contract() {
            assert_eq!(NAMES, [$(stringify!($name)),*]);
        }
    };
}

contracts! {
    accompanied,
    arrivals,
    cohorts,
    contacts,
    days,
    desk_rest,
    distance,
    duty,
    fair,
    headcount,
    hours,
    keep,
    meets,
    mixing,
    ratio,
    rest,
    run,
    same_desk,
    same_zone,
    together,
    weekends,
    wishes,
}

/// The reasons of a visit are found by looking at a part of the roster; a whole recount must agree.
#[test]
fn reasons_agree_with_a_whole_recount() {
    for example in AnyRule::examples() {
        let problem = example.site.problem(&[RuleEntry::new(example.rule.clone())]);
        let concerns = concerns(&problem);
        let mut seen = 0u32;
        every_roster(&problem.site, &mut |roster| {
            seen += 1;
            if seen % 37 != 1 {
                return;
            }
            let whole = |roster: &Roster| -> f64 {
                problem
                    .tally(&problem.rules[0], &problem.site, roster)
                    .counts
                    .values()
                    .map(|count| count.amount)
                    .sum()
            };
            let mut changed = roster.clone();
            for person in PersonIndex::all(problem.site.people.len()) {
                for day in problem.site.calendar.days() {
                    let Some(found) = reasons(&problem, &concerns, &mut changed, person, day) else {
                        continue;
                    };
                    let mut flipped = roster.clone();
                    flipped.set(person, day, Cell::HOME);
                    let worse = whole(&flipped) > whole(roster) + 1e-6;
                    let named = found.iter().any(|reason| reason != "only" && reason != "pin");
                    assert_eq!(
                        named,
                        worse,
                        "{example:?}: {:?}",
                        roster.assignment(&problem.site, person, day)
                    );
                }
            }
            assert_eq!(&changed, roster);
        });
    }
}

#[test]
fn tiny_sites_are_read() {
    for site in TinySite::ALL {
        let problem = site.problem(&[]);
        let judgement = Judgement::of(&problem, &Roster::at_home(&problem.site));
        assert!(judgement.breaches.is_empty(), "{site:?}: {:?}", judgement.breaches);
    }
}

/// Every example reads back from what it writes.
#[test]
fn examples_round_trip() {
    for example in AnyRule::examples() {
        let entry = RuleEntry::new(example.rule);
        let written = serde_json::to_string(&entry).expect("writes");
        let read: RuleEntry =
            serde_json::from_str(&written).unwrap_or_else(|problem| panic!("{written}: {problem}"));
        assert_eq!(read, entry);
    }
}
