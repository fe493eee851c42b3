//! Desks for a made-up department, kept apart.

use rota_core::select::Where;
use rota_core::typed::{Desk, Zone};
use rota_rules::rules::distance::Distance;
use rota_rules::{AnyRule, RuleEntry, Scenario};

/// Desks of one row.
const ROW: usize = 8;
/// From desk to desk and from row to row, in parts of the distance asked for: of two neighbours in a row one can be in
/// use, of two rows both.
const BESIDE: f64 = 0.6;
const BEHIND: f64 = 1.1;

/// Gives every zone twice as many desks as it has seats, in rows, and asks for a distance in metres such that as many as
/// it had seats can be in use together: whoever could be planned with the seats can be planned with the desks.
pub fn keep_apart(scenario: &mut Scenario, metres: f64) {
    for zone in scenario.sites.iter_mut().flat_map(|site| &mut site.zones) {
        zone.desks = zone.seats.take().map(|seats| desks(zone, seats as usize, metres));
    }
    scenario.rules.push(RuleEntry {
        id: Some("apart".to_string()),
        because: Some(format!("People sit {metres} m from each other")),
        ..RuleEntry::new(AnyRule::Distance(Distance { metres, at: Where::default() }))
    });
}

fn desks(zone: &Zone, seats: usize, metres: f64) -> Vec<Desk> {
    let at = |place: usize, step: f64| (place as f64 * step * metres * 100.0).round() / 100.0;
    (0..2 * seats)
        .map(|desk| Desk {
            id: format!("{}-{}", zone.id, desk + 1),
            at: Some([at(desk % ROW, BESIDE), at(desk / ROW, BEHIND)]),
            ..Desk::default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{generate, Generate};
    use rota_rules::Problem;
    use rota_solver::{solve, Flow, Options};

    /// Of each row every other desk: nobody is nearer than asked, and as many sit as there were seats.
    #[test]
    fn as_many_can_sit_as_there_were_seats() {
        for (seats, metres) in [(1, 2.0), (7, 2.0), (16, 1.5), (19, 1.0)] {
            let desks = desks(&Zone::default(), seats, metres);
            let used: Vec<[f64; 2]> = desks.iter().step_by(2).filter_map(|desk| desk.at).collect();
            assert_eq!((desks.len(), used.len()), (2 * seats, seats));
            for (at, [x, y]) in used.iter().enumerate() {
                assert!(used[..at].iter().all(|[u, v]| (x - u).hypot(y - v) >= metres));
            }
            assert!(desks
                .iter()
                .skip(1)
                .step_by(2)
                .filter_map(|desk| desk.at)
                .enumerate()
                .all(|(at, [x, y])| { (x - used[at][0]).hypot(y - used[at][1]) < metres }));
        }
    }

    #[test]
    fn whoever_can_be_planned_with_seats_can_be_with_desks_apart() {
        let mut scenario = generate(&Generate { people: 25, days: 2, seed: 1 });
        let seats: u32 = scenario.sites[0].zones.iter().filter_map(|zone| zone.seats).sum();
        keep_apart(&mut scenario, 2.0);
        let (problem, _) = Problem::new(&scenario).expect("a department without mistakes");
        assert_eq!(problem.site.desks.len(), 2 * seats as usize);
        let options = Options { time_limit: None, effort: Some(1), ..Options::default() };
        let solved = solve(&problem, &options, &mut |_| Flow::Continue);
        assert!(solved.judgement.is_some_and(|judgement| judgement.musts_kept()));
    }
}
