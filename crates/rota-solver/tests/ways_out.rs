//! Ways out of random impossible scenarios, against trying every roster.
//!
//! Every roster that keeps the laws, pins aside, takes a way out: what it bends, and by how much. No roster may do
//! with less than a way told, the first must be the cheapest, and when there are said to be no others every roster
//! bends all that one of those told does. Each, written into the scenario, must solve.

mod common;

use common::{run, scenario, solve};
use rota_core::{About, PersonIndex, Roster};
use rota_planner::apply::{apply, edits};
use rota_planner::clash::{explain, Answer, Clash};
use rota_rules::model::Law;
use rota_rules::tiny::every_roster;
use rota_rules::{Judgement, Owner, Problem, Scenario, Strength};
use rota_solver::ways_out::WayOut;
use rota_solver::{Flow, Options, Status};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// By how much each thing bends.
type Changes = BTreeMap<(Owner, About), f64>;

/// What a roster bends, and at what cost; none when it breaks a law.
fn bent(problem: &Problem, roster: &Roster) -> Option<(Changes, f64)> {
    let judgement = Judgement::of(problem, roster);
    let (mut changes, mut cost) = (Changes::new(), 0.0);
    for breach in judgement.breaches {
        match breach.owner {
            Owner::Rule(_) if breach.strength == Strength::Must && breach.cost() > 0.0 => {
                cost += breach.cost();
                changes.insert((breach.owner, breach.about), breach.amount);
            }
            Owner::Law(Law::Fixed) | Owner::Rule(_) => {}
            Owner::Law(_) | Owner::Pin(..) => return None,
        }
    }
    let site = &problem.site;
    for person in PersonIndex::all(site.people.len()) {
        for (at, pin) in site.person(person).pins.iter().enumerate() {
            if pin.days.iter().any(|day| !pin.fits(site, roster.at(person, *day))) {
                cost += 1.0;
                changes.insert((Owner::Pin(person, at as u32), About::default()), 1.0);
            }
        }
    }
    Some((changes, cost))
}

fn changes(way: &WayOut) -> Changes {
    let bent = way.bent.iter().map(|bent| ((Owner::Rule(bent.rule as u32), bent.about), bent.amount));
    let pins = way.pins.iter().map(|(person, at)| ((Owner::Pin(*person, *at), About::default()), 1.0));
    bent.chain(pins).collect()
}

fn assert_ways(text: &str, problem: &Problem, clash: &Clash) {
    assert!(!clash.stopped, "{text}");
    let told: Vec<Changes> = clash.ways.iter().map(|tried| changes(&tried.way)).collect();
    for (tried, own) in clash.ways.iter().zip(&told) {
        assert!(!own.is_empty(), "{text}: nothing needs to bend");
        assert_eq!(tried.edits, edits(problem, &tried.way));
        // A way may hold the changes of another only where it is cheaper for letting those bend less.
        for (other, changes) in clash.ways.iter().zip(&told).filter(|(_, changes)| *changes != own) {
            let holds = changes.keys().all(|change| own.contains_key(change));
            assert!(!holds || tried.way.cost < other.way.cost - 1e-6, "{text}: {own:?} holds {changes:?}");
        }
        assert_eq!(told.iter().filter(|changes| *changes == own).count(), 1, "{text}: told twice");
    }
    let mut least = f64::INFINITY;
    every_roster(&problem.site, &mut |roster| {
        let Some((other, cost)) = bent(problem, roster) else { return };
        least = least.min(cost);
        for own in &told {
            let within = |(change, amount): (&(Owner, About), &f64)| {
                own.get(change).is_some_and(|own| *amount <= own + 1e-6)
            };
            let does_with_less = other.len() < own.len() && other.iter().all(within);
            assert!(!does_with_less, "{text}: {other:?} is enough, not {own:?}");
        }
        let holds = |own: &Changes| own.keys().all(|change| other.contains_key(change));
        if clash.all_ways {
            assert!(told.iter().any(holds), "{text}: {other:?} is another way than {told:?}");
        }
    });
    // A way that lets go of a pin may lead nowhere, and is not told: rules `fair` read the pins.
    let has_pins = problem.site.people.iter().any(|person| !person.pins.is_empty());
    match clash.ways.first() {
        Some(first) if clash.cheapest_proved => {
            assert!((first.way.cost - least).abs() < 1e-6, "{text}: {least} is the cheapest");
        }
        Some(_) => assert!(has_pins, "{text}: not proved"),
        None => {
            assert!(has_pins || (least.is_infinite() && clash.all_ways), "{text}: a way out costs {least}");
        }
    }
    assert!(clash.all_ways || clash.ways.len() >= 2 || has_pins, "{text}");
}

#[test]
fn ways_out_of_random_scenarios_are_minimal_and_solve() {
    let (found, several) = (AtomicU32::new(0), AtomicU32::new(0));
    run(600, 11, |draw| {
        let Some((text, problem)) = scenario(draw) else { return };
        let text = text.to_string();
        let typed = Scenario::read(&text).scenario.expect("it was read before");
        let clash = match explain(&typed, &problem, None, &mut |_| Flow::Continue) {
            Answer::Impossible(clash) => clash,
            Answer::Possible => return,
            Answer::Unknown => panic!("{text}: without a limit there is an answer"),
            Answer::Disagreement(what) => panic!("{text}: {what}"),
        };
        assert_ways(&text, &problem, &clash);
        found.fetch_add(clash.ways.len() as u32, Ordering::Relaxed);
        several.fetch_add(u32::from(clash.ways.len() > 1), Ordering::Relaxed);
        for tried in &clash.ways {
            let mut edited = typed.clone();
            apply(&mut edited, &tried.edits);
            let (edited, _) = Problem::new(&edited).expect("edits make no mistakes");
            let solved = solve(&edited, &Options { time_limit: None, ..Options::default() });
            assert_ne!(solved.status, Status::Impossible, "{text}: {:?}", tried.edits);
            assert!(solved.roster.is_some(), "{text}");
        }
    });
    let told = [&found, &several].map(|count| count.load(Ordering::Relaxed));
    assert!(told[0] > 50 && told[1] > 10, "{told:?}: ways out, scenarios with more than one");
}
