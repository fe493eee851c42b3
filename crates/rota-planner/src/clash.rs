//! Why no roster keeps every rule, and the cheapest ways out.
//!
//! First what arithmetic says; then sets of rules, pins and laws that clash, from each of which nothing can be left
//! out; then ways out over the whole scenario, each of them tried: the edited scenario has a roster that the check
//! accepts.

use crate::apply::{apply, edits, Edit};
use crate::arithmetic;
use rota_core::typed::WorkPlace;
use rota_core::{About, Day, Finding, PersonIndex};
use rota_rules::model::{Look, Owner};
use rota_rules::{AnyRule, Judgement, Problem, Scenario, Strength};
use rota_solver::clock;
use rota_solver::conflict::{self, Conflict};
use rota_solver::solve::Doing;
use rota_solver::ways_out::{self, WayOut};
use rota_solver::{solve, Flow, Options, Progress, Solved, Status};
use std::time::{Duration, Instant};

/// Most sets of clashing rules that are told.
const MOST_CONFLICTS: usize = 4;
/// Most ways out that are told.
pub const MOST_WAYS: usize = 6;
/// Of the time left, how much the search for what clashes may use; the rest is for the ways out.
const CONFLICT_SHARE: f64 = 0.5;

/// A way out that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// What bends.
    pub way: WayOut,
    /// The same as edits of the scenario.
    pub edits: Vec<Edit>,
}

/// Why there is no roster, and what can be done.
#[derive(Debug, Clone, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // four independent questions
pub struct Clash {
    /// What the numbers alone say.
    pub numbers: Vec<Finding>,
    /// Sets of clashing rules that share nothing that may bend.
    pub conflicts: Vec<Conflict>,
    /// Whether it was shown that without what is told of them a roster exists.
    pub all_conflicts: bool,
    /// The cheapest ways out, cheapest first.
    pub ways: Vec<Tried>,
    /// Whether the first is proved to be the cheapest.
    pub cheapest_proved: bool,
    /// Whether it is proved that there are no other ways.
    pub all_ways: bool,
    /// Whether the time ran out.
    pub stopped: bool,
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A roster keeps every rule.
    Possible,
    /// Neither a roster nor a proof that there is none was found in time.
    Unknown,
    /// No roster keeps every rule.
    Impossible(Box<Clash>),
    /// Rows and check disagree: an error of the program, never a result.
    Disagreement(String),
}

/// Finds out whether the laws, pins and must rules can be kept; if they cannot, why, and the ways out.
pub fn explain(
    scenario: &Scenario,
    problem: &Problem,
    deadline: Option<Instant>,
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Answer {
    let solved = keep_musts(problem, clock::part(deadline, CONFLICT_SHARE), watch);
    if let Some(what) = solved.disagreement {
        return Answer::Disagreement(what);
    }
    match (solved.status, solved.conflict) {
        (Status::Impossible, Some(first)) => explain_clash(scenario, problem, first, deadline, watch),
        (Status::Impossible | Status::Unknown, _) => Answer::Unknown,
        (Status::Optimal | Status::Feasible, _) => Answer::Possible,
    }
}

/// The same for a problem that is known to be impossible, of which one set of clashing rules is known.
pub fn explain_clash(
    scenario: &Scenario,
    problem: &Problem,
    first: Conflict,
    deadline: Option<Instant>,
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Answer {
    let model = problem.model();
    let mut told = || watch(&Progress { doing: Doing::Conflict, best: None, bound: None, elapsed: 0.0 });
    let until = clock::part(deadline, CONFLICT_SHARE);
    let (conflicts, all_conflicts) =
        conflict::apart(problem, &model, first, MOST_CONFLICTS, until, &mut told);
    let found = ways_out::find(problem, &model, MOST_WAYS, deadline, &mut told);
    if let Some(what) = found.disagreement {
        return Answer::Disagreement(what);
    }
    let mut ways = Vec::new();
    let (mut cheapest_proved, mut all_ways) = (found.cheapest_proved, found.all);
    for (at, way) in found.ways.into_iter().enumerate() {
        let edits = edits(problem, &way);
        match try_out(scenario, &edits, &way) {
            Ok(()) => ways.push(Tried { way, edits }),
            // A rule may read the pins: `fair` leaves out people who have no choice. Without the pin it asks for
            // something else, and the way leads nowhere.
            Err(_) if !way.pins.is_empty() => {
                all_ways = false;
                cheapest_proved &= at > 0;
            }
            Err(what) => return Answer::Disagreement(what),
        }
    }
    let irreducible = conflicts.iter().all(|conflict| conflict.irreducible);
    Answer::Impossible(Box::new(Clash {
        numbers: arithmetic::findings(problem),
        conflicts,
        all_conflicts,
        ways,
        cheapest_proved,
        all_ways,
        stopped: found.stopped || !irreducible,
    }))
}

/// Any roster that keeps the laws, pins and must rules, or what clashes.
fn keep_musts(
    problem: &Problem,
    deadline: Option<Instant>,
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Solved {
    let mut bare = problem.clone();
    for rule in bare.rules.iter_mut().filter(|rule| rule.strength != Strength::Must) {
        // Must rules about cohorts need somebody to be in one.
        if !matches!(rule.rule, AnyRule::Cohorts(_)) {
            rule.strength = Strength::Off;
        }
    }
    let time_limit = clock::left(deadline).map(Duration::from_secs_f64);
    // A level is searched when there is a roster, and any will do.
    solve(&bare, &Options { time_limit, ..Options::default() }, &mut |progress| match progress.doing {
        Doing::Level(_) => Flow::Stop,
        _ => watch(progress),
    })
}

/// The edited scenario is read anew, and the roster of the way out is judged by it.
fn try_out(scenario: &Scenario, edits: &[Edit], way: &WayOut) -> Result<(), String> {
    let mut edited = scenario.clone();
    apply(&mut edited, edits);
    let (problem, _) = Problem::new(&edited).map_err(|findings| {
        let first = findings.first().map(|finding| finding.message.clone()).unwrap_or_default();
        format!("a way out makes the scenario wrong: {first}")
    })?;
    let judgement = Judgement::of(&problem, &way.roster);
    let broken = judgement.broken_musts().next();
    broken.map_or(Ok(()), |breach| Err(format!("a way out leaves this broken: {}", problem.told(breach))))
}

// ---------------------------------------------------------------- who could come

/// How somebody stands to a day on which more people are wanted on site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// May come in.
    Free,
    /// At home, by a pin.
    FixedAtHome,
    /// At home only: never to be asked.
    HomeOnly,
    /// Does not work that day: never to be asked.
    NotWorking,
}

/// Most people of whom it is said how each stands.
const MOST_PEOPLE: usize = 8;

/// For a rule that wants people on site on one day: how each of those meant stands. None for other rules and
/// subjects, and for large groups.
pub fn standings(problem: &Problem, owner: Owner, about: &About) -> Option<Vec<(PersonIndex, Standing)>> {
    let Owner::Rule(at) = owner else { return None };
    let day = about.on.filter(|day| about.to.is_none_or(|to| to == *day))?;
    let site = match about.team {
        Some(team) => problem.site.scoped_to(team),
        None => problem.site.clone(),
    };
    if about.limit != Some(rota_core::about::Limit::AtLeast) {
        return None;
    }
    let people = match &problem.rules[at as usize].rule {
        AnyRule::Headcount(rule) if rule.place == Look::OnSite => rule.who.people(&site),
        AnyRule::Ratio(rule) => rule.who.people(&site),
        AnyRule::Duty(rule) => rule.who.people(&site),
        _ => return None,
    };
    (people.len() <= MOST_PEOPLE)
        .then(|| people.into_iter().map(|person| (person, standing(problem, person, day))).collect())
}

fn standing(problem: &Problem, person: PersonIndex, day: Day) -> Standing {
    let site = &problem.site;
    if !site.works(person, day) {
        Standing::NotWorking
    } else if site.laid_down(person, day) == Some(WorkPlace::Home) {
        Standing::HomeOnly
    } else if site.person(person).pins.iter().any(|pin| pin.is_home() && pin.days.contains(&day)) {
        Standing::FixedAtHome
    } else {
        Standing::Free
    }
}
