//! Rosters improved part by part keep every row, cost no more, and are what the check says they are.

mod common;

use common::{costs, level_at, run, scenario};
use rota_rules::Judgement;
use rota_solver::backend::{highs, Answer, Flow, Request};
use rota_solver::lower::{Lowered, Softness};
use rota_solver::neighbourhood::Ground;
use rota_solver::program::ProgramRow;
use std::cell::Cell;

#[test]
fn parts_of_random_rosters_are_improved() {
    let (better, tried) = (Cell::new(0), Cell::new(0));
    run(150, 11, |draw| {
        let Some((text, problem)) = scenario(draw) else { return };
        let model = problem.model();
        let mut lowered = Lowered::new(&problem, &model, &Softness::STRICT);
        let request = Request {
            program: &lowered.program,
            objective: &[],
            constant: 0.0,
            start: None,
            seconds: None,
            nodes: None,
            steps: None,
            gap: 0.0,
        };
        let Answer::Proved { values, .. } = highs::solve(&request, &mut |_| Flow::Continue) else { return };
        let mut values = lowered.values(&lowered.roster(&values));
        let roles = lowered.roles();
        for (held, (level, cost)) in std::mem::take(&mut lowered.levels).into_iter().enumerate() {
            if !lowered.fits(&values) {
                return; // desks given out inside a group may differ from those asked about
            }
            let days = problem.site.calendar.len();
            let price = |values: &[f64]| -> f64 {
                cost.constant
                    + cost.terms.iter().map(|(column, factor)| factor * values[*column]).sum::<f64>()
            };
            let before = price(&values);
            let ground = Ground::new(&lowered.program, &roles, days, held, &cost.in_units());
            let rounds = Cell::new(0);
            let found = ground.improve(values.clone(), 3, None, &mut |_| {
                rounds.set(rounds.get() + 1);
                if rounds.get() > 4 {
                    Flow::Stop
                } else {
                    Flow::Continue
                }
            });
            let after = price(&found);
            assert!(lowered.fits(&found), "{level:?}: a row is broken in {text}");
            assert!(after <= before + 1e-6, "{level:?}: {before} became {after} in {text}");
            let roster = lowered.roster(&found);
            let judgement = Judgement::of(&problem, &roster);
            assert!(judgement.laws_kept() && judgement.musts_kept(), "{level:?}: {text}");
            let counted = costs(&problem, &roster, &judgement)[level_at(level)];
            assert!(counted <= after + 1e-6, "{level:?}: {after} is counted {counted} in {text}");
            tried.set(tried.get() + 1);
            better.set(better.get() + u32::from(after < before - 1e-6));
            values = lowered.values(&roster);
            let upper = (price(&values) - cost.constant) / cost.unit();
            let terms = cost.in_units();
            lowered.program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: upper + 1e-9, terms });
        }
    });
    assert!(better.get() * 5 > tried.get(), "only {} of {} were improved", better.get(), tried.get());
}
