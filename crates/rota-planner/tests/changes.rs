//! Random departments in which people are suddenly away: what cover and replan answer, tried against the check and
//! against each other.

use proptest::prelude::*;
use rota_core::{Date, Day, PersonIndex, Place, Roster};
use rota_planner::cover::{cover, Choice, Request};
use rota_planner::edit::{apply, Edit};
use rota_planner::replan::{replan, Outcome};
use rota_planner::{department, generate, Generate};
use rota_rules::{Breach, Judgement, Problem, Scenario, Strength};
use rota_solver::{Flow, Options};
use std::time::Duration;

/// A department, its roster, and the same department with some people away on some days.
struct Case {
    before: Problem,
    scenario: Scenario,
    problem: Problem,
    old: Roster,
    away: Vec<(PersonIndex, Day)>,
}

fn case(people: usize, seed: u64, absences: &[(usize, usize)]) -> Case {
    let asked = Generate { people, days: 5, seed };
    let typed = generate(&asked);
    let before = Problem::new(&typed).expect("a generated scenario has no mistakes").0;
    let old = department(&asked).roster(&before.site);
    let open: Vec<Day> =
        before.site.calendar.days().filter(|day| before.site.calendar.is_open(*day)).collect();
    let mut scenario = typed;
    let mut away = Vec::new();
    for (person, day) in absences {
        let day = open[day % open.len()];
        // Somebody who is in that day.
        let there: Vec<PersonIndex> = PersonIndex::all(before.site.people.len())
            .filter(|person| old.at(*person, day).place == Place::OnSite && !away.contains(&(*person, day)))
            .collect();
        let Some(person) = there.get(person % there.len().max(1)) else { continue };
        let on: Date = before.site.calendar.date(day);
        let id = before.site.person(*person).id.clone();
        apply(&mut scenario, &[Edit::Away { person: id, from: on, to: on }]);
        away.push((*person, day));
    }
    let problem = Problem::new(&scenario).expect("leave makes no mistake").0;
    Case { before, scenario, problem, old, away }
}

fn musts(judgement: &Judgement) -> Vec<&Breach> {
    judgement
        .breaches
        .iter()
        .filter(|breach| breach.strength == Strength::Must && breach.cost() > 0.0)
        .collect()
}

/// Person-days of a roster that are not those of another one.
fn differing(problem: &Problem, one: &Roster, other: &Roster) -> Vec<(PersonIndex, Day)> {
    PersonIndex::all(problem.site.people.len())
        .flat_map(|person| problem.site.calendar.days().map(move |day| (person, day)))
        .filter(|(person, day)| one.at(*person, *day) != other.at(*person, *day))
        .collect()
}

/// Whether a choice breaks nothing new but what it says is left.
fn keeps(case: &Case, choice: &Choice, roster: &Roster) -> bool {
    let judgement = Judgement::of(&case.problem, roster);
    musts(&judgement)
        .iter()
        .all(|breach| choice.left.iter().any(|left| left.owner == breach.owner && left.about == breach.about))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]

    #[test]
    fn every_choice_keeps_the_musts_asks_only_those_who_may_and_nobody_in_vain(
        people in 12_usize..40,
        seed in 0_u64..1000,
        absences in prop::collection::vec((0_usize..100, 0_usize..5), 1..5),
    ) {
        let case = case(people, seed, &absences);
        prop_assert!(musts(&Judgement::of(&case.before, &case.old)).is_empty());
        let found = cover(&Request { before: &case.before, problem: &case.problem, old: &case.old });
        let site = &case.problem.site;
        for choice in &found.choices {
            prop_assert!(keeps(&case, choice, &choice.roster));
            for left in &choice.left {
                prop_assert!(found.later.iter().any(|later| later.owner == left.owner && later.about == left.about));
            }
            // Nobody but those named changes.
            let mut named: Vec<(PersonIndex, Day)> =
                choice.asked.iter().chain(&choice.later).map(|asked| (asked.person, asked.day)).collect();
            named.sort();
            prop_assert_eq!(differing(&case.problem, &found.base, &choice.roster), named);
            for asked in &choice.asked {
                prop_assert!(site.works(asked.person, asked.day));
                prop_assert!(site.laid_down(asked.person, asked.day).is_none());
                prop_assert!(!case.away.contains(&(asked.person, asked.day)));
                prop_assert!(!site.person(asked.person).pins.iter().any(|pin| pin.days.contains(&asked.day)));
                // Without them something is missing again.
                let mut without = choice.roster.clone();
                without.set(asked.person, asked.day, *found.base.at(asked.person, asked.day));
                prop_assert!(!keeps(&case, choice, &without), "{asked:?} is asked in vain");
            }
        }
        if found.missing.is_empty() {
            prop_assert!(found.choices.iter().all(|choice| choice.asked.is_empty()));
        } else {
            prop_assert!(found.choices.iter().all(|choice| !choice.asked.is_empty()));
        }
        // Where nobody is named, nobody alone could do it: every place of everybody was tried.
        let one_day = found.missing.windows(2).all(|pair| pair[0].about.on == pair[1].about.on);
        if let (Some(missing), true, true) = (found.missing.first(), found.choices.is_empty(), one_day) {
            let day = missing.about.on.expect("what is missing is about a day");
            for person in PersonIndex::all(site.people.len()) {
                let fixed = site.laid_down(person, day).is_some()
                    || site.person(person).pins.iter().any(|pin| pin.days.contains(&day));
                if fixed || found.base.at(person, day).place == Place::Off {
                    continue;
                }
                for cell in rota_rules::tiny::states(site, person, day) {
                    let mut tried = found.base.clone();
                    tried.set(person, day, cell);
                    let judgement = Judgement::of(&case.problem, &tried);
                    let new = musts(&judgement).into_iter().find(|breach| {
                        !found.later.iter().any(|later| {
                            later.owner == breach.owner && later.about == breach.about && breach.cost() <= later.cost()
                        })
                    });
                    prop_assert!(new.is_some(), "{} could have been asked", site.person(person).id);
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn a_mended_roster_keeps_the_past_and_the_musts_with_no_more_changes_than_cover_asks(
        people in 12_usize..24,
        seed in 0_u64..1000,
        since in 0_i64..4,
        absences in prop::collection::vec((0_usize..100, 0_usize..5), 1..4),
    ) {
        let case = case(people, seed, &absences);
        let site = &case.problem.site;
        let since = site.calendar.from.plus(since);
        let options = Options { time_limit: Some(Duration::from_secs(30)), ..Options::default() };
        let request = rota_planner::replan::Request {
            scenario: &case.scenario,
            problem: &case.problem,
            old: &case.old,
            since,
            adds_only: None,
            max_changes: None,
            options: &options,
        };
        match replan(&request, &mut |_| Flow::Continue) {
            Outcome::Mended(mended) => {
                let judgement = Judgement::of(&case.problem, &mended.roster);
                let is_past = |breach: &Breach| {
                    let last = breach.about.to.or(breach.about.on).expect("a must of a department is about days");
                    site.calendar.date(last) < since
                };
                prop_assert!(musts(&judgement).into_iter().all(is_past));
                for (person, day) in differing(&case.problem, &case.old, &mended.roster) {
                    let is_away = case.away.contains(&(person, day));
                    prop_assert!(is_away || site.calendar.date(day) >= since);
                    prop_assert!(
                        is_away || mended.changes.contains(&(person, day)) || mended.seats.contains(&(person, day))
                    );
                }
                prop_assert_eq!(mended.changes.len() as u32, mended.least.changes);
                prop_assert!(mended.least.bound <= mended.least.changes);
                // Whatever cover asks is a way to mend, so the fewest changes are no more.
                let found = cover(&Request { before: &case.before, problem: &case.problem, old: &case.old });
                let all_open = since <= site.calendar.from;
                for choice in found.choices.iter().filter(|choice| choice.left.is_empty() && all_open) {
                    let asked = choice.asked.len() + choice.later.len();
                    prop_assert!(mended.least.bound as usize <= asked);
                    prop_assert!(!mended.least.proved() || mended.least.changes as usize <= asked);
                }
            }
            Outcome::Impossible { .. } => {
                // Then cover finds nothing that keeps everything either.
                let found = cover(&Request { before: &case.before, problem: &case.problem, old: &case.old });
                let whole = |choice: &&Choice| choice.left.is_empty();
                prop_assert!(since > site.calendar.from || !found.choices.iter().any(|choice| whole(&choice)));
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }
}
