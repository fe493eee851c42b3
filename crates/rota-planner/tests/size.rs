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
