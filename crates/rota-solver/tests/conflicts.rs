//! Conflicts of random impossible scenarios, against trying every roster.
//!
//! What is tried is every roster of the *shape* (a state a day, shifts and places open to the person), whatever
//! else it breaks. A part of a conflict is broken by a roster when the rows of its owner about its subject are;
//! the laws of desks, which are laid down with the program, are counted here by hand, group by group.
//! No roster may keep every part; and for each part some roster must keep all the others.

mod common;

use common::{keeps_shape, run, scenario, solve};
use rota_core::calendar::DAY_MINUTES;
use rota_core::roster::{Place, Roster};
use rota_core::{Day, DeskIndex, PersonIndex};
use rota_rules::model::{Law, Model, Owner};
use rota_rules::tiny::every_roster;
use rota_rules::{Problem, Strength};
use rota_solver::conflict::{apart, Conflict, ConflictPart};
use rota_solver::desk_groups::{desk_groups, DeskGroup};
use rota_solver::{Options, Status};
use std::sync::atomic::{AtomicU32, Ordering};

/// Whether a desk of the group is used on the day although it is closed, or by two people at a start of a shift.
fn breaks_desk_law(problem: &Problem, roster: &Roster, group: &DeskGroup, day: Day, law: Law) -> bool {
    let site = &problem.site;
    let is_closed = |desk: &DeskIndex| site.desk(*desk).closed[day.0 as usize];
    if (law == Law::Closed) != group.desks.iter().all(is_closed) || !site.calendar.is_open(day) {
        return false;
    }
    let users = |desk: DeskIndex, day: Day, minute: Option<u32>| {
        PersonIndex::all(site.people.len())
            .filter(|_| day >= site.calendar.first_known)
            .map(|person| roster.at(person, day))
            .filter(|cell| cell.place == Place::OnSite && cell.desk == Some(desk))
            .filter(|cell| match (cell.shift, minute) {
                (_, None) => true,
                (Some(shift), Some(minute)) => site.calendar.shifts[shift.at()].covers(minute),
                (None, Some(minute)) => minute < DAY_MINUTES,
            })
            .count()
    };
    group.desks.iter().any(|desk| {
        if is_closed(desk) {
            return users(*desk, day, None) > 0;
        }
        site.calendar.starts().into_iter().any(|minute| {
            let now = users(*desk, day, Some(minute));
            let before = users(*desk, day.plus(-1), Some(minute + DAY_MINUTES));
            now > 0 && now + before > 1
        })
    })
}

fn is_broken(
    problem: &Problem,
    model: &Model,
    groups: &[DeskGroup],
    roster: &Roster,
    part: &ConflictPart,
) -> bool {
    let about = part.about.expect("an irreducible conflict has subjects");
    let amount = model.amounts(roster).get(&(part.owner, about)).copied().unwrap_or(0.0);
    let allowed = match part.owner {
        Owner::Rule(at) => problem.allowed(&problem.rules[at as usize], &about),
        _ => 0.0,
    };
    if amount > allowed + 1e-6 {
        return true;
    }
    let Owner::Law(law @ (Law::Desk | Law::Closed)) = part.owner else { return false };
    groups.iter().any(|group| {
        let desk = (group.desks.len() == 1).then_some(group.desks[0]);
        about.zone == Some(group.zone)
            && about.desk == desk
            && about.on.is_some_and(|day| breaks_desk_law(problem, roster, group, day, law))
    })
}

fn assert_irreducible(what: &str, problem: &Problem, conflict: &Conflict) {
    let model = problem.model();
    let groups = desk_groups(&problem.site, &model);
    assert!(conflict.irreducible, "{what}: {conflict:?}");
    assert!(!conflict.parts.is_empty(), "{what}");
    for part in &conflict.parts {
        assert_eq!(problem.strength(part.owner), Strength::Must, "{what}: {part:?}");
        let about = part.about.expect("a subject");
        assert!(!problem.sentence(part.owner, &about).is_empty());
    }
    let mut kept_without = vec![false; conflict.parts.len()];
    every_roster(&problem.site, &mut |roster| {
        if !keeps_shape(problem, roster) {
            return;
        }
        let broken: Vec<usize> = (0..conflict.parts.len())
            .filter(|at| is_broken(problem, &model, &groups, roster, &conflict.parts[*at]))
            .collect();
        match broken.as_slice() {
            [] => panic!("{what}: a roster keeps every part of {conflict:?}"),
            [only] => kept_without[*only] = true,
            _ => {}
        }
    });
    assert!(
        kept_without.iter().all(|kept| *kept),
        "{what}: a part can be left out of {conflict:?}: {kept_without:?}"
    );
}

#[test]
fn conflicts_of_random_scenarios_are_irreducible() {
    let (parts, found, several) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    run(700, 3, |draw| {
        let Some((text, problem)) = scenario(draw) else { return };
        let solved = solve(&problem, &Options { time_limit: None, ..Options::default() });
        if solved.status != Status::Impossible {
            return;
        }
        let first = solved.conflict.expect("a conflict");
        let (conflicts, all) =
            apart(&problem, &problem.model(), first, 9, None, &mut || rota_solver::Flow::Continue);
        assert!(all, "{text}: nine of several parts are many");
        several.fetch_add(u32::from(conflicts.len() > 1), Ordering::Relaxed);
        let bends = |part: &&ConflictPart| !matches!(part.owner, Owner::Law(_));
        for (at, conflict) in conflicts.iter().enumerate() {
            found.fetch_add(1, Ordering::Relaxed);
            parts.fetch_add(conflict.parts.len() as u32, Ordering::Relaxed);
            assert_irreducible(&text.to_string(), &problem, conflict);
            for part in conflict.parts.iter().filter(bends) {
                let again = conflicts[..at].iter().any(|other| other.parts.contains(part));
                assert!(!again, "{text}: {part:?} is in two conflicts");
            }
        }
    });
    let told = [&found, &parts, &several].map(|count| count.load(Ordering::Relaxed));
    assert!(told[0] > 50 && told[2] > 5, "{told:?}: conflicts, parts, scenarios with more than one");
}
