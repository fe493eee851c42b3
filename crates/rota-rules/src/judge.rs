//! A finished roster judged: laws, rules, exceptions, costs, measures and the reasons of every visit.
//!
//! Nothing here knows of the model's rows; the roster that a solver returns is judged by the same code as one
//! that somebody typed.

use crate::entry::Strength;
use crate::laws::{self, Says};
use crate::model::{Law, Meaning, Owner};
use crate::problem::{Problem, ProblemRule};
use crate::rule::AnyRule;
use crate::tally::TOLERANCE;
use rayon::prelude::*;
use rota_core::calendar::ShiftSet;
use rota_core::roster::{Cell, Place, Roster};
use rota_core::select::{Presence, Spot};
use rota_core::site::{Lens, Wanted};
use rota_core::typed::{DefaultPlace, WorkPlace};
use rota_core::{About, Day, PersonIndex};
use serde_json::Value;
use std::collections::BTreeMap;

/// One breach of a law or rule by one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// Who is broken.
    pub owner: Owner,
    /// The level it counts in; laws are `must`.
    pub strength: Strength,
    /// The subject.
    pub about: About,
    /// By how much, in the rule's amounts.
    pub amount: f64,
    /// How much of it exceptions forgive.
    pub allowed: f64,
    /// What one unit costs.
    pub weight: f64,
    /// What was found.
    pub found: Value,
    /// What was wanted.
    pub wanted: Value,
}

impl Breach {
    /// `weight * (amount - allowed)`, 0 where all is allowed.
    pub fn cost(&self) -> f64 {
        let over = self.amount - self.allowed;
        if over <= TOLERANCE {
            0.0
        } else {
            self.weight * over
        }
    }

    /// Whether a law or must rule is broken beyond what exceptions forgive.
    pub fn breaks_must(&self) -> bool {
        self.strength == Strength::Must && self.cost() > 0.0
    }

    /// Whether it is about the same subject of the same law or rule.
    pub fn is_same(&self, other: &Breach) -> bool {
        self.owner == other.owner && self.about == other.about
    }

    /// Whether others have the same breach, by as much or more.
    pub fn is_among(&self, others: &[Breach]) -> bool {
        others.iter().any(|other| self.is_same(other) && self.cost() <= other.cost() + SAME_COST)
    }
}

/// Costs that differ by less are the same: they are sums in different orders.
const SAME_COST: f64 = 1e-6;

/// What a roster was found to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// Every breach, those wholly forgiven included, laws first, then in the order of the rules.
    pub breaches: Vec<Breach>,
    /// Laws and rules that could not be judged, because the roster names no shifts or no desks.
    pub unchecked: Vec<Owner>,
}

impl Judgement {
    /// Judges a roster.
    pub fn of(problem: &Problem, roster: &Roster) -> Judgement {
        Judgement::with(problem, roster, Says::ALL)
    }

    /// Judges a roster that may not name shifts or places.
    pub fn with(problem: &Problem, roster: &Roster, says: Says) -> Judgement {
        let mut breaches: Vec<Breach> = laws::check(&problem.site, roster, says)
            .into_iter()
            .map(|breach| Breach {
                owner: Owner::Law(breach.law),
                strength: Strength::Must,
                about: breach.about,
                amount: 1.0,
                allowed: 0.0,
                weight: 1.0,
                found: Value::from(breach.found),
                wanted: Value::from(breach.wanted),
            })
            .collect();
        let mut unchecked = unchecked_laws(problem, says);
        for (at, rule) in problem.rules.iter().enumerate().filter(|(_, rule)| rule.strength != Strength::Off)
        {
            let owner = Owner::Rule(at as u32);
            if says != Says::ALL && asks_more(problem, at, says) {
                unchecked.push(owner);
            } else {
                breaches.extend(rule_breaches(problem, rule, owner, roster));
            }
        }
        Judgement { breaches, unchecked }
    }

    /// What the roster costs at a level.
    pub fn cost(&self, strength: Strength) -> f64 {
        // An empty sum of floating-point numbers is -0.
        self.breaches.iter().filter(|breach| breach.strength == strength).map(Breach::cost).sum::<f64>() + 0.0
    }

    /// Breaches of laws and must rules beyond what exceptions forgive.
    pub fn broken_musts(&self) -> impl Iterator<Item = &Breach> {
        self.breaches.iter().filter(|breach| breach.breaks_must())
    }

    /// Whether every law is kept.
    pub fn laws_kept(&self) -> bool {
        !self.breaches.iter().any(|breach| matches!(breach.owner, Owner::Law(_) | Owner::Pin(..)))
    }

    /// Whether every law and must rule is kept, as far as exceptions do not forgive it.
    pub fn musts_kept(&self) -> bool {
        self.cost(Strength::Must) == 0.0
    }
}

fn rule_breaches(problem: &Problem, rule: &ProblemRule, owner: Owner, roster: &Roster) -> Vec<Breach> {
    let tally = problem.tally(rule, &problem.site, roster);
    tally
        .counts
        .into_iter()
        .map(|(about, count)| Breach {
            owner,
            strength: rule.strength,
            about,
            amount: count.amount,
            allowed: problem.allowed(rule, &about).min(count.amount),
            weight: rule.weight,
            found: count.found,
            wanted: count.wanted,
        })
        .collect()
}

fn unchecked_laws(problem: &Problem, says: Says) -> Vec<Owner> {
    let mut laws = Vec::new();
    if !says.shifts {
        laws.push(Law::Shift);
    }
    if !says.zones {
        laws.extend([Law::Place, Law::Seats, Law::Closed, Law::Needs, Law::For]);
    }
    if !says.desks && !problem.site.desks.is_empty() {
        laws.push(Law::Desk);
    }
    laws.into_iter().map(Owner::Law).collect()
}

/// Whether a rule asks for shifts, zones or desks that the roster does not say. Read off the rule's rows, so
/// that no rule has to say it twice.
fn asks_more(problem: &Problem, at: usize, says: Says) -> bool {
    let model = problem.model_of(at);
    model.columns.iter().any(|meaning| match meaning {
        Meaning::There { presence, .. } => {
            (presence.shifts != ShiftSet::ALL && !says.shifts)
                || match presence.spot {
                    Spot::Anywhere => false,
                    Spot::Site(_) | Spot::Zone(_) => !says.zones,
                    Spot::Desk(_) => !says.desks,
                }
        }
        Meaning::Taken { .. } => !says.desks,
        Meaning::Duty { .. } => !says.duties,
        _ => false,
    })
}

/// The cost of a roster at the last level, *home first*: person-days outside the default place. None where
/// neither place is preferred.
pub fn home_first(problem: &Problem, roster: &Roster) -> Option<f64> {
    let away = match problem.site.default_place {
        DefaultPlace::Home => Place::OnSite,
        DefaultPlace::OnSite => Place::Home,
        DefaultPlace::None => return None,
    };
    Some(cells(problem).filter(|(person, day)| roster.at(*person, *day).place == away).count() as f64)
}

fn cells(problem: &Problem) -> impl Iterator<Item = (PersonIndex, Day)> + '_ {
    PersonIndex::all(problem.site.people.len())
        .flat_map(|person| problem.site.calendar.days().map(move |day| (person, day)))
}

/// Which people each rule looks at; none for anybody. Worked out once for many questions.
pub fn concerns(problem: &Problem) -> Vec<Option<Vec<bool>>> {
    let concern = |rule: &ProblemRule| -> Option<Vec<bool>> {
        let mut looked = vec![false; problem.site.people.len()];
        for (_, site) in problem.readings(rule) {
            for person in rule.rule.concerns(&site)? {
                looked[person.at()] = true;
            }
        }
        Some(looked)
    };
    problem.rules.iter().map(concern).collect()
}

/// Why one visit is needed: `only`, `pin`, `wish`, or ids of rules that would be worse were it a home day.
/// None for a person-day that is not on site.
///
/// `roster` is changed while it is weighed and is as before afterwards.
pub fn reasons(
    problem: &Problem,
    concerns: &[Option<Vec<bool>>],
    roster: &mut Roster,
    person: PersonIndex,
    day: Day,
) -> Option<Vec<String>> {
    let cell = *roster.at(person, day);
    if cell.place != Place::OnSite {
        return None;
    }
    let site = &problem.site;
    let mut reasons = Vec::new();
    if site.laid_down(person, day) == Some(WorkPlace::OnSite) {
        reasons.push("only".to_string());
    }
    if site.person(person).pins.iter().any(|pin| !pin.is_home() && pin.days.contains(&day)) {
        reasons.push("pin".to_string());
    }
    for rule in worse_if(problem, concerns, roster, person, day, Cell::HOME) {
        let name = if matches!(rule.rule, AnyRule::Wishes(_)) { "wish" } else { rule.id.as_str() };
        if !reasons.iter().any(|reason| reason == name) {
            reasons.push(name.to_string());
        }
    }
    Some(reasons)
}

/// Ways of granting a wish that are weighed at most.
const MOST_WAYS: usize = 200;

/// What stands against a wish that does not hold: the rules that would be worse in the way of granting it of which
/// fewest would be, `pin` for a fixed day, `law.seats` where there is no free seat. Empty where nothing does.
///
/// `roster` is changed while it is weighed and is as before afterwards.
pub fn against(
    problem: &Problem,
    concerns: &[Option<Vec<bool>>],
    roster: &mut Roster,
    person: PersonIndex,
    day: Day,
    wish: &Wanted,
) -> Vec<String> {
    let site = &problem.site;
    if site.person(person).pins.iter().any(|pin| pin.days.contains(&day)) {
        return vec!["pin".to_string()];
    }
    let is_lawful = |cell: &Cell| match cell.place {
        Place::OnSite => {
            let shifts = cell.shift.map_or(ShiftSet::ALL, |shift| ShiftSet::NONE.with(shift));
            let spot = match (cell.desk, cell.zone) {
                (Some(desk), _) => Spot::Desk(desk),
                (None, Some(zone)) => Spot::Zone(zone),
                (None, None) => Spot::Anywhere,
            };
            cell.duty.is_none() && site.may_be(person, day, &Presence { shifts, spot })
        }
        Place::Home => site.laid_down(person, day) != Some(WorkPlace::OnSite),
        Place::Off => false,
    };
    let is_free = |roster: &Roster, cell: &Cell| {
        let others = |fits: &dyn Fn(&Cell) -> bool| {
            let people = PersonIndex::all(site.people.len()).filter(|other| *other != person);
            people.filter(|other| fits(roster.at(*other, day))).count()
        };
        match (cell.desk, cell.zone) {
            (Some(_), _) => others(&|other| other.desk == cell.desk && other.shift == cell.shift) == 0,
            (None, Some(zone)) => {
                let taken = site.zone(zone).taken[day.0 as usize] as usize;
                let seats = site.zone(zone).seats.map_or(usize::MAX, |seats| seats as usize);
                others(&|other| other.zone == cell.zone && other.shift == cell.shift) + taken < seats
            }
            (None, None) => true,
        }
    };
    let ways: Vec<Cell> = crate::tiny::states(site, person, day)
        .into_iter()
        .filter(|cell| wish.fits(site, cell) != wish.avoid && is_lawful(cell))
        .take(MOST_WAYS)
        .collect();
    let mut best: Option<Vec<String>> = None;
    for cell in ways {
        let rules = worse_if(problem, concerns, roster, person, day, cell);
        let mut names: Vec<String> = rules.into_iter().map(|rule| rule.id.clone()).collect();
        if !is_free(roster, &cell) {
            names.push("law.seats".to_string());
        }
        if best.as_ref().is_none_or(|best| names.len() < best.len()) {
            best = Some(names);
        }
    }
    best.unwrap_or_default()
}

/// The rules that would be worse were one person-day another cell.
///
/// `roster` is changed while it is weighed and is as before afterwards.
pub fn worse_if<'p>(
    problem: &'p Problem,
    concerns: &[Option<Vec<bool>>],
    roster: &mut Roster,
    person: PersonIndex,
    day: Day,
    other: Cell,
) -> Vec<&'p ProblemRule> {
    let changed = changed_amounts(problem, concerns, roster, person, day, other);
    let worse = changed.into_iter().filter(|(_, before, after)| *after > before + TOLERANCE);
    worse.map(|(rule, ..)| rule).collect()
}

/// By how much each level would cost more were one person-day another cell: must, high, medium, low; below 0 where it
/// would cost less. Laws are not looked at.
///
/// `roster` is changed while it is weighed and is as before afterwards.
pub fn costs_if(
    problem: &Problem,
    concerns: &[Option<Vec<bool>>],
    roster: &mut Roster,
    person: PersonIndex,
    day: Day,
    other: Cell,
) -> [f64; 4] {
    let mut costs = [0.0; 4];
    for (rule, before, after) in changed_amounts(problem, concerns, roster, person, day, other) {
        let level = match rule.strength {
            Strength::Must => 0,
            Strength::High => 1,
            Strength::Medium => 2,
            Strength::Low => 3,
            Strength::Off => continue,
        };
        costs[level] += rule.weight * (after - before);
    }
    costs
}

/// The rules that look at a person, each with what it counts beyond its exceptions about the subjects that one
/// person-day can touch: as it is, and were that day another cell.
fn changed_amounts<'p>(
    problem: &'p Problem,
    concerns: &[Option<Vec<bool>>],
    roster: &mut Roster,
    person: PersonIndex,
    day: Day,
    other: Cell,
) -> Vec<(&'p ProblemRule, f64, f64)> {
    let looked = problem.site.looking_at(Lens { person, day });
    let rules: Vec<&ProblemRule> = problem
        .rules
        .iter()
        .zip(concerns)
        .filter(|(rule, looked)| {
            rule.strength != Strength::Off && looked.as_ref().is_none_or(|looked| looked[person.at()])
        })
        .map(|(rule, _)| rule)
        .collect();
    let costs = |roster: &Roster| -> Vec<f64> {
        let cost = |rule: &&ProblemRule| {
            let tally = problem.tally(rule, &looked, roster);
            tally
                .counts
                .iter()
                .map(|(about, count)| (count.amount - problem.allowed(rule, about)).max(0.0))
                .sum()
        };
        rules.iter().map(cost).collect()
    };
    let cell = *roster.at(person, day);
    let before = costs(roster);
    roster.set(person, day, other);
    let after = costs(roster);
    roster.set(person, day, cell);
    rules
        .into_iter()
        .zip(before.into_iter().zip(after))
        .map(|(rule, (before, after))| (rule, before, after))
        .collect()
}

/// How many people one worker looks at before it takes the next: large enough to pay for its copy of the roster.
const PEOPLE_AT_A_TIME: usize = 64;

/// The reasons of every visit. Runs on the threads of the rayon pool it is called in.
pub fn all_reasons(problem: &Problem, roster: &Roster) -> BTreeMap<(PersonIndex, Day), Vec<String>> {
    let concerns = concerns(problem);
    let days: Vec<Day> = problem.site.calendar.days().collect();
    let people: Vec<PersonIndex> = PersonIndex::all(problem.site.people.len()).collect();
    let found: Vec<((PersonIndex, Day), Vec<String>)> = people
        .par_chunks(PEOPLE_AT_A_TIME)
        .flat_map_iter(|people| {
            let mut roster = roster.clone();
            let mut found = Vec::new();
            for person in people {
                for day in &days {
                    if let Some(why) = reasons(problem, &concerns, &mut roster, *person, *day) {
                        found.push(((*person, *day), why));
                    }
                }
            }
            found
        })
        .collect();
    found.into_iter().collect()
}

/// How many wish-days were asked and how many of them do not hold, for one person.
pub fn wish_count(problem: &Problem, roster: &Roster, person: PersonIndex) -> (u32, u32) {
    let site = &problem.site;
    let mut asked = 0;
    let mut refused = 0;
    for wish in &site.person(person).wishes {
        for day in &wish.days {
            asked += 1;
            refused += u32::from(wish.fits(site, roster.at(person, *day)) == wish.avoid);
        }
    }
    (asked, refused)
}
