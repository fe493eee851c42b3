//! Local search on random scenarios: what it finds keeps every row, costs no more than its start, is what the check
//! says it is, and is the same every time.

mod common;

use common::{costs, level_at, run, scenario};
use rota_rules::Judgement;
use rota_solver::backend::{highs, Answer, Flow, Request};
use rota_solver::jump::{Limits, Net, Patience};
use rota_solver::lower::{Lowered, Softness};
use rota_solver::program::ProgramRow;
use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU64};

#[test]
fn local_search_keeps_every_row() {
    let (better, tried, first) = (Cell::new(0), Cell::new(0), Cell::new((0, 0)));
    run(150, 17, |draw| {
        let Some((text, problem)) = scenario(draw) else { return };
        let model = problem.model();
        let mut lowered = Lowered::new(&problem, &model, &Softness::STRICT);
        if !lowered.broken.is_empty() {
            return;
        }
        let anatomy = lowered.anatomy();
        let stop = AtomicBool::new(false);
        let best = AtomicU64::new(0);
        let limits = |target: f64| Limits {
            patience: Patience { first: 100, most: 3, idle: 3 },
            target,
            deadline: None,
            stop: &stop,
            best: &best,
        };
        let request = Request::new(&lowered.program, &[]);
        let possible = matches!(highs::solve(&request, &mut |_| Flow::Continue), Answer::Proved { .. });
        let net = Net::new(&lowered.program, &anatomy, &[]);
        let found = net.search(None, 1, &limits(f64::INFINITY));
        assert!(possible || found.is_none(), "what is impossible was found: {text}");
        let (all, found_all) = first.get();
        first.set((all + u32::from(possible), found_all + u32::from(found.is_some())));
        let Some(mut values) = found else { return };
        for (level, cost) in std::mem::take(&mut lowered.levels) {
            assert!(lowered.fits(&values), "{level:?}: a row is broken before the search in {text}");
            let price = |values: &[f64]| -> f64 {
                cost.constant
                    + cost.terms.iter().map(|(column, factor)| factor * values[*column]).sum::<f64>()
            };
            let net = Net::new(&lowered.program, &anatomy, &cost.in_units());
            let search = || net.search(Some(&values), 3, &limits(f64::NEG_INFINITY));
            let found = search().expect("the start keeps every row");
            assert_eq!(Some(&found), search().as_ref(), "{level:?}: not the same again in {text}");
            let (before, after) = (price(&values), price(&found));
            assert!(lowered.fits(&found), "{level:?}: a row is broken in {text}");
            assert!(after <= before + 1e-6, "{level:?}: {before} became {after} in {text}");
            let roster = lowered.roster(&found);
            let judgement = Judgement::of(&problem, &roster);
            assert!(judgement.laws_kept() && judgement.musts_kept(), "{level:?}: {text}");
            let counted = costs(&problem, &roster, &judgement)[level_at(level)];
            assert!(counted <= after + 1e-6, "{level:?}: {after} is counted {counted} in {text}");
            tried.set(tried.get() + 1);
            better.set(better.get() + u32::from(after < before - 1e-6));
            let upper = (after - cost.constant) / cost.unit();
            let terms = cost.in_units();
            lowered.program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: upper + 1e-9, terms });
            values = found;
        }
    });
    let (possible, found) = first.get();
    assert!(found * 10 >= possible * 9, "a roster was found for only {found} of {possible}");
    assert!(better.get() * 5 > tried.get(), "only {} of {} were improved", better.get(), tried.get());
}
