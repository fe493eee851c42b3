//! The contract of rows and checks once more, this time through the whole way down to a backend: with the decisions
//! fixed, the least cost of a rule's rows is the amount its check counts; and a roster gives values that keep every
//! row, and comes back from them at no higher cost.

mod common;

use common::{costs, run, scenario};
use rota_core::roster::Roster;
use rota_rules::judge::Judgement;
use rota_rules::tiny::every_roster;
use rota_rules::{AnyRule, Problem, RuleEntry, Strength};
use rota_solver::backend::{highs, Answer, Flow, Request};
use rota_solver::lower::{Cost, Level, Lowered, Softness};

/// About so many of the rosters that keep the laws.
fn sampled(problem: &Problem, most: usize) -> Vec<Roster> {
    let mut rosters = Vec::new();
    every_roster(&problem.site, &mut |roster| {
        if rota_rules::laws::check(&problem.site, roster, rota_rules::laws::Says::ALL).is_empty() {
            rosters.push(roster.clone());
        }
    });
    // A step that shares no factor with the number of choices of a day.
    let mut step = rosters.len().div_ceil(most).max(1);
    while step > 1 && [2, 3, 5, 7].iter().any(|prime| step % prime == 0) {
        step += 1;
    }
    rosters.into_iter().step_by(step).collect()
}

fn value_of(cost: &Cost, values: &[f64]) -> f64 {
    cost.constant + cost.terms.iter().map(|(column, factor)| factor * values[*column]).sum::<f64>()
}

/// The values of a roster keep every row, cost what the check counts, and lead back to a roster that costs no more.
fn assert_there_and_back(what: &str, problem: &Problem, lowered: &Lowered<'_>, roster: &Roster) -> Vec<f64> {
    let judgement = Judgement::of(problem, roster);
    let counted = costs(problem, roster, &judgement);
    let values = lowered.values(roster);
    let told = || {
        let lines: Vec<String> = roster
            .assignments(&problem.site)
            .iter()
            .map(|one| serde_json::to_string(one).expect("JSON"))
            .collect();
        format!("{what}\n{}", lines.join("\n"))
    };
    assert!(lowered.fits(&values), "the values break a row: {}", told());
    for (level, cost) in &lowered.levels {
        let expected = match level {
            Level::Rules(strength) => judgement.cost(*strength),
            Level::HomeFirst => counted[4],
        };
        let found = value_of(cost, &values);
        assert!(
            (found - expected).abs() < 1e-6,
            "{level:?} costs {found}, the check counts {expected}: {}",
            told()
        );
        if cost.step > 0.0 {
            let steps = (expected - cost.constant) / cost.step;
            assert!((steps - steps.round()).abs() < 1e-6, "{level:?}: {expected} in steps of {}", cost.step);
        }
    }
    let back = lowered.roster(&values);
    let again = Judgement::of(problem, &back);
    assert!(again.laws_kept(), "{:?}: {}", again.breaches, told());
    let recounted = costs(problem, &back, &again);
    // Cheaper, where somebody found a desk of the group that nobody's distance asks about.
    assert!(
        counted.iter().zip(&recounted).all(|(one, other)| *other <= one + 1e-6),
        "{counted:?} became {recounted:?}: {}",
        told()
    );
    values
}

#[test]
fn the_least_cost_of_fixed_decisions_is_the_amount_of_the_check() {
    for example in AnyRule::examples() {
        let entry = RuleEntry { strength: Strength::High, ..RuleEntry::new(example.rule.clone()) };
        let problem = example.site.problem(&[entry]);
        let model = problem.model();
        let lowered = Lowered::new(&problem, &model, &Softness::STRICT);
        let what = format!("{example:?}");
        let (_, cost) = &lowered.levels[0];
        let decisions = lowered.decisions();
        for (at, roster) in sampled(&problem, 150).iter().enumerate() {
            // Rules of the tiny site itself are conditions.
            if !Judgement::of(&problem, roster).musts_kept() {
                continue;
            }
            let values = assert_there_and_back(&what, &problem, &lowered, roster);
            if at % 12 != 0 {
                continue;
            }
            let mut program = lowered.program.clone();
            for column in &decisions {
                program.columns[*column].lower = values[*column];
                program.columns[*column].upper = values[*column];
            }
            let request = Request { constant: cost.constant, ..Request::new(&program, &cost.terms) };
            let expected = Judgement::of(&problem, roster).cost(Strength::High);
            match highs::solve(&request, &mut |_| Flow::Continue) {
                Answer::Proved { cost: found, .. } => {
                    assert!(
                        (found + cost.constant - expected).abs() < 1e-5,
                        "{what}: {found}, counted {expected}"
                    );
                }
                other => panic!("{what}: {other:?}"),
            }
        }
    }
}

#[test]
fn every_roster_of_a_random_scenario_gives_a_start_that_fits() {
    run(150, 2, |draw| {
        let Some((text, problem)) = scenario(draw) else { return };
        let model = problem.model();
        let paid = Lowered::new(&problem, &model, &Softness::BEST_EFFORT);
        let strict = Lowered::new(&problem, &model, &Softness::STRICT);
        for roster in sampled(&problem, 40) {
            assert_there_and_back(&text.to_string(), &problem, &paid, &roster);
            let kept = Judgement::of(&problem, &roster).musts_kept();
            let fits = strict.fits(&strict.values(&roster));
            assert_eq!(fits, kept, "the rows and the check disagree on the musts of {text}");
        }
    });
}
