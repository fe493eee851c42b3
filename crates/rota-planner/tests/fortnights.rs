//! Rota after rota: the history that one writes is read by the next, and fairness remembers.

use rota_core::{PersonIndex, Place, Roster};
use rota_planner::history_after;
use rota_rules::{Judgement, Problem, Scenario, Strength};
use rota_solver::{solve, Flow, Options, Status};
use serde_json::{json, Value};

/// Six people, Monday to Friday, two weeks; each cohort has somebody with a key. Somebody is in every day, two on
/// Mondays, and somebody does post.
fn scenario(from: &str, to: &str) -> Value {
    json!({
        "scenario": 1,
        "calendar": { "from": from, "to": to },
        "people": [
            { "id": "ann", "tags": ["key"] }, { "id": "bob" },
            { "id": "cat", "works": ["mon", "tue", "wed"] }, { "id": "dan", "tags": ["key"] },
            { "id": "eve", "wishes": [{ "on": "fri", "place": "home" }] }, { "id": "fay" },
        ],
        "rules": [
            { "cohorts": { "count": 2, "cycle": "week_about", "split": [{ "tag": "key" }] } },
            { "headcount": { "at_least": 1 } },
            { "headcount": { "at_least": 2, "when": { "weekdays": ["mon"] } } },
            { "duty": { "name": "post" } },
            { "wishes": {}, "strength": "high" },
            { "fair": { "of": "on_site" }, "strength": "low" },
            { "fair": { "of": "post" }, "strength": "low" },
        ],
    })
}

fn read(text: &str) -> (Scenario, Problem) {
    let read = Scenario::read(text);
    assert!(read.findings.is_empty(), "{:?}", read.findings);
    let scenario = read.scenario.expect("no findings");
    match Problem::new(&scenario) {
        Ok((problem, _)) => (scenario, problem),
        Err(findings) => panic!("{findings:?}"),
    }
}

fn best(problem: &Problem) -> Roster {
    let options = Options { time_limit: None, ..Options::default() };
    let solved = solve(problem, &options, &mut |_| Flow::Continue);
    assert_eq!(solved.disagreement, None);
    assert_eq!(solved.status, Status::Optimal);
    solved.roster.expect("optimal")
}

fn on_site(problem: &Problem, roster: &Roster) -> Vec<u32> {
    let days = || problem.site.calendar.days();
    let visits = |person| days().filter(|day| roster.at(person, *day).place == Place::OnSite).count() as u32;
    PersonIndex::all(problem.site.people.len()).map(visits).collect()
}

#[test]
fn five_fortnights_in_a_row() {
    let fortnights = [
        ("2020-06-01", "2020-06-12"),
        ("2020-06-15", "2020-06-26"),
        ("2020-06-29", "2020-07-10"),
        ("2020-07-13", "2020-07-24"),
        ("2020-07-27", "2020-08-07"),
    ];
    let mut history: Option<Value> = None;
    let mut cohorts = None;
    let mut totals = [0; 6];
    for (number, (from, to)) in fortnights.into_iter().enumerate() {
        let mut text = scenario(from, to);
        match &history {
            Some(history) => text["history"] = history.clone(),
            None => text["calendar"]["anchor"] = json!("2020-06-01"),
        }
        let (scenario, problem) = read(&text.to_string());
        let roster = best(&problem);
        // Nobody changes cohort, and the weeks go on taking turns without an anchor of their own.
        let labels = roster.cohorts(&problem.site);
        assert_eq!(labels.len(), 6);
        assert_eq!(*cohorts.get_or_insert_with(|| labels.clone()), labels);
        for (total, visits) in totals.iter_mut().zip(on_site(&problem, &roster)) {
            *total += visits;
        }
        let after = history_after(&scenario, &roster, &problem);
        let counted = |person: usize| after.people[person].on_site.values().sum::<u32>();
        assert_eq!((0..6).map(counted).collect::<Vec<_>>(), totals, "fortnight {number}");
        let duties: u32 = after.people.iter().flat_map(|person| person.duties.values()).sum();
        assert_eq!(duties, 10 * (number as u32 + 1));
        let first = after.days.iter().map(|assignment| assignment.on).min().expect("days");
        assert!(scenario.calendar.to.since(first) < 28);
        let written = serde_json::to_string(&after).expect("plain data");
        let (read_back, findings) = Scenario::read_history(&written);
        assert!(findings.is_empty(), "{findings:?}");
        assert_eq!(read_back.as_ref(), Some(&after));
        history = Some(serde_json::from_str(&written).expect("JSON"));
    }
    // Twelve visits a fortnight, six in each cohort's week. Over the five, whoever works full time is in about as
    // often as the others of the cohort, and somebody on three days of five about three fifths as often.
    assert_eq!(totals.iter().sum::<u32>(), 60);
    let labels = cohorts.expect("five rosters");
    let due = |at: usize| f64::from(totals[at]) * if at == 2 { 5.0 / 3.0 } else { 1.0 };
    for name in ["A", "B"] {
        let ids = ["ann", "bob", "cat", "dan", "eve", "fay"];
        let shares: Vec<f64> = (0..6).filter(|at| labels[ids[*at]] == name).map(due).collect();
        let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
        let most = shares.iter().copied().fold(0.0, f64::max);
        assert!(most - least <= 3.0, "{name}: {totals:?}");
    }
}

/// Adding `fair` shares the visits there are; it never makes more of them.
#[test]
fn fair_never_calls_anybody_in() {
    for seed in 0..12u32 {
        let dice = |at: u32, of: u32| (seed * 7 + at * 13 + (seed * at) % 5) % of;
        let people: Vec<Value> = (0..6)
            .map(|at| {
                let team = ["red", "blue"][(at % 2) as usize];
                let mut person = json!({ "id": format!("p{at}"), "team": team });
                if at > 1 && dice(at, 3) == 0 {
                    person["works"] = json!(["mon", "wed", "thu"]);
                }
                let wish = ["home", "on_site"][dice(at, 2) as usize];
                let on = ["mon", "tue", "fri"][dice(at + 1, 3) as usize];
                person["wishes"] = json!([{ "on": on, "place": wish }]);
                person
            })
            .collect();
        let counts: Vec<Value> = (0..6)
            .map(
                |at| json!({ "person": format!("p{at}"), "worked": { "mon": 9 }, "on_site": { "mon": dice(at, 9) } }),
            )
            .collect();
        let mut text = json!({
            "scenario": 1,
            "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
            "people": people,
            "history": { "people": counts },
            "rules": [
                { "headcount": { "who": { "team": "red" }, "at_least": 1 } },
                { "headcount": { "who": { "team": "blue" }, "at_least": 1, "when": { "weekdays": ["mon", "wed"] } } },
                { "wishes": {}, "strength": "high" },
                { "days": { "at_least": 1, "at_most": 3 }, "strength": "medium" },
            ],
        });
        let cost = |text: &Value| {
            let (_, problem) = read(&text.to_string());
            let roster = best(&problem);
            let judgement = Judgement::of(&problem, &roster);
            let above = [Strength::Must, Strength::High, Strength::Medium].map(|level| judgement.cost(level));
            (above, on_site(&problem, &roster).iter().sum::<u32>())
        };
        let without = cost(&text);
        let shared = json!({ "fair": { "of": "on_site" }, "strength": "low" });
        text["rules"].as_array_mut().expect("a list").push(shared);
        let (above, visits) = cost(&text);
        assert_eq!(above, without.0, "{text}");
        assert_eq!(visits, without.1, "fair changed the number of visits: {text}");
    }
}
