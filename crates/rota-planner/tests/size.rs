//! The fewest and the most, against every roster of small random scenarios.

use proptest::prelude::*;
use rota_core::roster::Cell;
use rota_core::{PersonIndex, Roster};
use rota_planner::size::{read_target, size, Outcome, Request};
use rota_rules::{Judgement, Problem, Scenario, Strength};
use rota_solver::{Flow, Options};
use serde_json::{json, Value};
use std::time::Duration;

const PEOPLE: usize = 3;
const DAYS: usize = 3;

/// A week of three days in which people must come in so often; bays for those who drive; wishes for home.
fn scenario(at_least: &[u32], drives: &[bool], wishes: &[Option<usize>], bays: u32, door: u32) -> Value {
    let people: Vec<Value> = (0..PEOPLE)
        .map(|at| {
            let wish: Vec<Value> = wishes[at]
                .iter()
                .map(|day| json!({ "on": format!("2020-06-{}", 15 + day), "place": "on_site" }))
                .collect();
            json!({ "id": format!("p{at}"), "wishes": wish })
        })
        .collect();
    let who: Vec<String> =
        (0..PEOPLE).filter(|at| *at == 0 || drives[*at]).map(|at| format!("p{at}")).collect();
    let mut rules = vec![
        json!({ "id": "bays", "headcount": { "who": { "people": who }, "at_most": bays } }),
        json!({ "id": "door", "headcount": { "at_least": door } }),
        json!({ "id": "wishes", "wishes": {}, "strength": "medium" }),
    ];
    for (at, least) in at_least.iter().enumerate() {
        rules.push(json!({ "id": format!("days{at}"),
            "days": { "who": { "people": [format!("p{at}")] }, "at_least": least, "at_most": 2 } }));
    }
    json!({ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17", "work_days": ["mon", "tue", "wed"] }, "people": people, "rules": rules })
}

fn problem(value: &Value) -> (Scenario, Problem) {
    let scenario = Scenario::read(&value.to_string()).scenario.expect("reads");
    let problem = Problem::new(&scenario).expect("no mistakes").0;
    (scenario, problem)
}

/// The cost of wishes of the best of all rosters that keep the must rules, if there is one.
fn best(value: &Value) -> Option<f64> {
    let (_, problem) = problem(value);
    (0..1_u32 << (PEOPLE * DAYS))
        .filter_map(|bits| {
            let mut roster = Roster::at_home(&problem.site);
            for person in 0..PEOPLE {
                for (at, day) in problem.site.calendar.days().enumerate() {
                    let is_in = bits >> (person * DAYS + at) & 1 == 1;
                    let cell = if is_in { Cell::ON_SITE } else { Cell::HOME };
                    roster.set(PersonIndex(person as u32), day, cell);
                }
            }
            let judgement = Judgement::of(&problem, &roster);
            judgement.musts_kept().then(|| judgement.cost(Strength::Medium))
        })
        .fold(None, |least: Option<f64>, cost| Some(least.map_or(cost, |least| least.min(cost))))
}

fn asked(value: &Value, of: &str) -> Outcome {
    let (scenario, problem) = problem(value);
    let target = read_target(of, &scenario, &problem).expect("there is such a rule");
    let options = Options { time_limit: Some(Duration::from_secs(60)), ..Options::default() };
    let request = Request { scenario: &scenario, problem: &problem, target: &target, options: &options };
    size(&request, &mut |_| Flow::Continue)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_of_numbers_is_so_of_every_roster(
        at_least in prop::collection::vec(0_u32..3, PEOPLE),
        drives in prop::collection::vec(any::<bool>(), PEOPLE),
        wishes in prop::collection::vec(prop::option::of(0_usize..DAYS), PEOPLE),
        bays in 0_u32..4,
        door in 0_u32..3,
    ) {
        let with = |bays: u32| scenario(&at_least, &drives, &wishes, bays, door);
        let costs: Vec<Option<f64>> = (0..=3).map(|bays| best(&with(bays))).collect();
        match asked(&with(bays), "bays") {
            Outcome::Sized(sized) => {
                prop_assert!(sized.needed.proved());
                let fewest = costs.iter().position(Option::is_some);
                prop_assert_eq!(Some(sized.needed.number as usize), fewest);
                prop_assert_eq!(sized.clash.is_some(), fewest != Some(0));
                // As good as now, where there is a roster now.
                let now = costs[bays as usize];
                let as_good = now.map(|now| {
                    costs.iter().position(|cost| cost.is_some_and(|cost| cost <= now)).expect("now is one") as u32
                });
                let found = sized.as_good.filter(|found| found.proved()).map(|found| found.number);
                // Days away from the usual place are a level of their own, so that it may be a few more.
                prop_assert_eq!(found.is_some(), as_good.is_some());
                prop_assert!(found >= as_good, "{:?} {:?}", found, as_good);
                for price in &sized.prices {
                    let expected = costs[price.number.min(3) as usize];
                    let told = price.levels.first().map(|level| level.cost);
                    prop_assert_eq!(told, expected, "{}", price.number);
                }
            }
            Outcome::Impossible(_) => prop_assert!(costs.iter().all(Option::is_none)),
            other => prop_assert!(false, "{:?}", other),
        }
        let most = (0..=3_u32).filter(|door| best(&scenario(&at_least, &drives, &wishes, bays, *door)).is_some()).max();
        match (asked(&with(bays), "door"), most) {
            (Outcome::Sized(sized), Some(most)) => {
                prop_assert!(sized.needed.proved());
                prop_assert_eq!(sized.needed.number, most);
            }
            (Outcome::Impossible(_), None) => {}
            (other, most) => prop_assert!(false, "{:?} {:?}", other, most),
        }
    }
}

/// Five desks in a hall, four people of whom some must be in; one of them on a desk of his own.
fn hall(at: &[(u32, u32)], least: u32, own: usize, screens: &[[String; 2]]) -> Value {
    let desks: Vec<Value> = at
        .iter()
        .enumerate()
        .map(|(number, (x, y))| json!({ "id": format!("D{number}"), "at": [x, y] }))
        .collect();
    let mut people: Vec<Value> = (0..4).map(|at| json!({ "id": format!("p{at}") })).collect();
    people[0]["fixed"] = json!([{ "on": "2020-06-16", "desk": format!("D{own}") }]);
    json!({ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" }, "people": people,
        "sites": [{ "id": "hq", "zones": [{ "id": "hall", "desks": desks, "screened": screens }] }],
        "rules": [{ "distance": { "metres": 2.0 } }, { "headcount": { "at_least": least } }] })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    /// The fewest screens, against every set of them.
    #[test]
    fn the_fewest_screens(
        places in prop::collection::btree_set((0_u32..3, 0_u32..3), 5),
        least in 1_u32..5,
        own in 0_usize..5,
    ) {
        let at: Vec<(u32, u32)> = places.into_iter().collect();
        let near: Vec<[String; 2]> = (0..5_usize)
            .flat_map(|one| (one + 1..5).map(move |other| (one, other)))
            .filter(|(one, other)| {
                let apart = |a: u32, b: u32| f64::from(a.abs_diff(b));
                apart(at[*one].0, at[*other].0).hypot(apart(at[*one].1, at[*other].1)) < 2.0
            })
            .map(|(one, other)| [format!("D{one}"), format!("D{other}")])
            .collect();
        let does = |set: u32| {
            let some = near.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
            let screens: Vec<[String; 2]> = some.map(|(_, pair)| pair.clone()).collect();
            let (_, problem) = problem(&hall(&at, least, own, &screens));
            rota_solver::solve(&problem, &Options::default(), &mut |_| Flow::Continue).roster.is_some()
        };
        let fewest = (0..1_u32 << near.len()).map(|set| (set.count_ones(), set)).filter(|(_, set)| does(*set)).map(|one| one.0).min();
        prop_assume!(!near.is_empty());
        let Outcome::Sized(found) = asked(&hall(&at, least, own, &[]), "screens") else {
            panic!("four people fit on five desks");
        };
        prop_assert_eq!(Some(found.needed.number), fewest);
        prop_assert!(found.needed.proved());
        prop_assert_eq!(found.screens.len() as u32, found.needed.number);
        let (_, with) = problem(&hall(&at, least, own, &found.screens));
        prop_assert!(rota_solver::solve(&with, &Options::default(), &mut |_| Flow::Continue).roster.is_some());
    }
}
