//! Rosters that hold when some people do not work after all: cover with people to spare.
//!
//! Each person planned is taken to stay away with a known chance, independently of others. A must rule `headcount` that
//! asks for `n` people holds with the chance wanted when `m` or more are planned, `m` being the least number of which,
//! of the people most often absent, `n` or more are there with that chance: any other `m` people do no worse. Where all
//! are absent equally often that is the binomial distribution, and no smaller `m` would do. With several moments of a
//! day the chance wanted is shared out among them (Bonferroni's inequality).
//!
//! Raised minima are rules of their own beside the old ones; a roster found is weighed anew, exactly, against the old
//! ones by [`chances`].

use crate::attendance::{least_that, Distribution, Party, MOST_PEOPLE};
use rota_core::calendar::{Moment, Per, ShiftSet};
use rota_core::roster::{Place, Roster};
use rota_core::select::{When, WhenFields};
use rota_core::{words, About, Date, Day, Limit, PersonIndex, Site};
use rota_rules::model::Look;
use rota_rules::rules::headcount::{Headcount, Quota};
use rota_rules::{AnyRule, Problem, ProblemRule, RuleEntry, Scenario, Strength};
use std::collections::{BTreeMap, BTreeSet};

/// Chances are right to about so much.
const SMALL: f64 = 1e-9;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// The chance with which each must rule `headcount` is to hold on each day; from 0 up to, not including, 1.
    pub promise: f64,
    /// The share of planned days on which those do not work who have no `absent_rate`.
    pub absent_rate: f64,
}

impl Wanted {
    /// The chance that somebody planned does not work after all.
    fn rate(&self, site: &Site, person: PersonIndex) -> f64 {
        site.person(person).absent_rate.unwrap_or(self.absent_rate)
    }
}

/// A minimum that was raised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The rule's id.
    pub rule: String,
    /// The id of the rule beside it.
    pub by: String,
    /// How many it asks for.
    pub from: u32,
    /// How many are planned.
    pub to: u32,
    /// On these days alone; on all days of the rule where there are none.
    pub on: Vec<Date>,
}

/// A must minimum that is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// The rule's id.
    pub rule: String,
    /// Why, in words.
    pub why: &'static str,
}

/// A scenario with raised minima.
#[derive(Debug, Clone)]
pub struct Spared {
    /// The scenario, with the rules added at the end.
    pub scenario: Scenario,
    /// What was raised.
    pub raised: Vec<Raised>,
    /// What was not.
    pub left_out: Vec<LeftOut>,
}

/// Raises the minima of a scenario's must rules `headcount` so that each holds on each day with the chance wanted.
pub fn spare(scenario: &Scenario, problem: &Problem, wanted: &Wanted) -> Spared {
    let mut done = Spared { scenario: scenario.clone(), raised: Vec::new(), left_out: Vec::new() };
    let mut ids: BTreeSet<String> = problem.rules.iter().map(|rule| rule.id.clone()).collect();
    for (entry, rule) in scenario.rules.iter().zip(&problem.rules) {
        let Some((headcount, least)) = minimum(rule) else { continue };
        if headcount.per != Per::Day {
            let why = "it counts person-days over a longer time";
            done.left_out.push(LeftOut { rule: rule.id.clone(), why });
            continue;
        }
        if rule.for_each.is_some() && matches!(least, Quota::Percent(_)) {
            done.left_out.push(LeftOut { rule: rule.id.clone(), why: "it is a share of each team" });
            continue;
        }
        let site = &problem.site;
        let people = headcount.who.people(site);
        let mut rates: Vec<f64> = people.iter().map(|person| wanted.rate(site, *person)).collect();
        rates.sort_by(|one, other| other.total_cmp(one));
        // Days on which as many are asked for, and as many planned, share a rule.
        let mut days: BTreeMap<(u32, u32), Vec<Day>> = BTreeMap::new();
        let when = headcount.when.read(site);
        for day in when.days(site) {
            let working = people.iter().filter(|person| site.works(**person, day)).count();
            let need = least.least(working) as u32;
            let moments = smallest(&when.moments(&site.calendar, day)).max(1);
            let level = 1.0 - (1.0 - wanted.promise) / moments as f64;
            days.entry((need, planned(need as usize, &rates, level) as u32)).or_default().push(day);
        }
        let is_one = days.len() == 1;
        for ((from, to), days) in days.into_iter().filter(|((from, to), _)| to > from) {
            let on: Vec<Date> = days.iter().map(|day| site.calendar.date(*day)).collect();
            let mut raised = headcount.clone();
            raised.at_least = Some(Quota::People(to));
            raised.at_most = None;
            if !is_one {
                raised.when = When::Fields(WhenFields { dates: on.clone(), ..fields(&headcount.when, site) });
            }
            let by = new_id(&rule.id, &mut ids);
            done.scenario.rules.push(RuleEntry {
                id: Some(by.clone()),
                rule: AnyRule::Headcount(raised),
                because: Some(format!("{} to spare for {}", to - from, rule.id)),
                note: None,
                ..entry.clone()
            });
            let on = if is_one { Vec::new() } else { on };
            done.raised.push(Raised { rule: rule.id.clone(), by, from, to, on });
        }
    }
    done
}

/// The minimum of a must rule `headcount`.
fn minimum(rule: &ProblemRule) -> Option<(&Headcount, Quota)> {
    match &rule.rule {
        AnyRule::Headcount(headcount) if rule.strength == Strength::Must => {
            Some((headcount, headcount.at_least?))
        }
        _ => None,
    }
}

fn fields(when: &When, site: &Site) -> WhenFields {
    match when {
        When::Fields(fields) => fields.clone(),
        When::Words(text) => words::when(text, site).expect("the scenario is checked"),
    }
}

/// The longest that an id may be.
const LONGEST: usize = 64;

fn new_id(rule: &str, ids: &mut BTreeSet<String>) -> String {
    let ending = "-spare";
    let mut number = 1;
    loop {
        let ending = if number == 1 { ending.to_string() } else { format!("{ending}-{number}") };
        let room = LONGEST - ending.len();
        let id: String = rule.chars().take(room).chain(ending.chars()).collect();
        if ids.insert(id.clone()) {
            return id;
        }
        number += 1;
    }
}

/// How many must be planned so that `need` of them are there with the chance `level`; `rates` of absence of all who may
/// be planned, the largest first. May be more people than there are.
fn planned(need: usize, rates: &[f64], level: f64) -> usize {
    let worst = rates.first().copied().unwrap_or(0.0);
    if need == 0 || worst <= 0.0 {
        return need;
    }
    let here = |at: usize| Party::alone(1.0 - rates.get(at).copied().unwrap_or(worst));
    // The number there grows with each person more, so the least that is enough is found by halving.
    let is_enough = |people: usize| {
        let parties: Vec<Party> = (0..people).map(here).collect();
        Distribution::of(&parties).at_least(need) >= level - SMALL
    };
    let mut high = need;
    while !is_enough(high) && high < MOST_PEOPLE {
        high = (high * 2).min(MOST_PEOPLE);
    }
    least_that(need, high, &is_enough)
}

/// How many of these moments do not hold whenever another does: those whose shifts contain no other's.
fn smallest(moments: &[Moment]) -> usize {
    let is_part = |one: &Moment, whole: &Moment| {
        one.parts.iter().all(|(day, shifts)| {
            *shifts == ShiftSet::NONE
                || whole.parts.iter().any(|(other, all)| other == day && all.and(*shifts) == *shifts)
        })
    };
    let mut kept: Vec<&Moment> = Vec::new();
    for moment in moments {
        if kept.iter().any(|other| is_part(other, moment)) {
            continue;
        }
        kept.retain(|other| !is_part(moment, other));
        kept.push(moment);
    }
    kept.len()
}

// ---------------------------------------------------------------- a roster weighed

/// With what chance a minimum holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Chance {
    /// The rule, by its place among the rules.
    pub rule: usize,
    /// The subject: a day, and a place or team where the rule is read by those.
    pub about: About,
    /// How many are asked for, exceptions taken off.
    pub need: usize,
    /// How many are planned, at the moment at which fewest are.
    pub planned: usize,
    /// The chance that so many are there, at every moment that the rule looks at.
    pub chance: f64,
}

/// With what chance each must minimum of a scenario holds on each day, for a roster from which people stay away.
///
/// Exact; where a day has so many moments with people of their own that every case cannot be looked at, the chance is no
/// less than the one given. Rules over longer times than a day are left out, and subjects of which nothing is asked.
pub fn chances(problem: &Problem, roster: &Roster, wanted: &Wanted) -> Vec<Chance> {
    let mut found = Vec::new();
    for (at, rule) in problem.rules.iter().enumerate() {
        let Some((headcount, least)) = minimum(rule) else { continue };
        if headcount.per != Per::Day {
            continue;
        }
        for (team, site) in problem.readings(rule) {
            let people = headcount.who.people(&site);
            let when = headcount.when.read(&site);
            for day in when.days(&site) {
                let working = people.iter().filter(|person| site.works(**person, day)).count();
                for spot in headcount.at.spots(&site) {
                    let about = About { team, ..spot.about(About::day(day)).limit(Limit::AtLeast) };
                    let need =
                        (least.least(working) - problem.allowed(rule, &about)).ceil().max(0.0) as usize;
                    if need == 0 {
                        continue;
                    }
                    let there = |person: PersonIndex, moment: &Moment| match headcount.place {
                        Look::OnSite => roster.is_at(&site, person, moment, spot),
                        Look::Home => roster.at(person, day).place == Place::Home,
                        Look::Working => roster.at(person, day).place != Place::Off,
                    };
                    let moments: Vec<Vec<PersonIndex>> = when
                        .moments(&site.calendar, day)
                        .iter()
                        .map(|moment| {
                            people.iter().copied().filter(|person| there(*person, moment)).collect()
                        })
                        .collect();
                    let planned = moments.iter().map(Vec::len).min().unwrap_or(0);
                    let chance = all_hold(&moments, need, &|person| wanted.rate(&site, person));
                    found.push(Chance { rule: at, about, need, planned, chance });
                }
            }
        }
    }
    found
}

/// Cases of people there at each moment that are looked at, at most.
const MOST_CASES: usize = 20_000;

/// The chance that at every moment `need` of the people of that moment are there; a lower bound on it where there are too
/// many cases.
fn all_hold(moments: &[Vec<PersonIndex>], need: usize, rate: &dyn Fn(PersonIndex) -> f64) -> f64 {
    // A moment at which all of another's people are there holds whenever that one does.
    let mut kept: Vec<&Vec<PersonIndex>> = Vec::new();
    for moment in moments {
        let is_part = |one: &Vec<PersonIndex>, whole: &Vec<PersonIndex>| {
            one.iter().all(|person| whole.contains(person))
        };
        if kept.iter().any(|other| is_part(other, moment)) {
            continue;
        }
        kept.retain(|other| !is_part(moment, other));
        kept.push(moment);
    }
    let alone = |people: &[PersonIndex]| {
        let parties: Vec<Party> = people.iter().map(|person| Party::alone(1.0 - rate(*person))).collect();
        Distribution::of(&parties).at_least(need)
    };
    if let [one] = kept.as_slice() {
        return alone(one);
    }
    let everybody: BTreeSet<PersonIndex> = kept.iter().flat_map(|people| people.iter().copied()).collect();
    // How many are there at each moment, as far as it matters: no more than are needed.
    let mut cases: BTreeMap<Vec<usize>, f64> = BTreeMap::from([(vec![0; kept.len()], 1.0)]);
    for person in everybody {
        let mut next: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
        for (counts, chance) in cases {
            let with: Vec<usize> = counts
                .iter()
                .zip(&kept)
                .map(|(count, people)| (count + usize::from(people.contains(&person))).min(need))
                .collect();
            *next.entry(with).or_default() += chance * (1.0 - rate(person));
            *next.entry(counts).or_default() += chance * rate(person);
        }
        if next.len() > MOST_CASES {
            return (1.0 - kept.iter().map(|people| 1.0 - alone(people)).sum::<f64>()).max(0.0);
        }
        cases = next;
    }
    cases.get(&vec![need; kept.len()]).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use proptest::prelude::*;
    use rota_core::roster::Cell;

    #[test]
    fn so_many_must_be_planned() {
        // One person is there at .95; of two at least one at .9975.
        let plan = |need, rates: &[f64], level| planned(need, rates, level);
        assert_eq!([plan(1, &[0.05], 0.95), plan(1, &[0.05], 0.96), plan(1, &[0.05], 0.999)], [1, 2, 3]);
        // Two of two at .9025, two of three at .99275.
        assert_eq!([plan(2, &[0.05; 4], 0.9), plan(2, &[0.05; 4], 0.95)], [2, 3]);
        // The worst first: one of (.5, .2) at .9.
        assert_eq!([plan(1, &[0.5, 0.2, 0.0], 0.9), plan(1, &[0.5, 0.2, 0.0], 0.95)], [2, 3]);
        assert_eq!([plan(0, &[0.5], 0.9), plan(3, &[0.0, 0.0], 0.99), plan(3, &[], 0.99)], [0, 3, 3]);
    }

    const WEEK: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17",
        "shifts": [ { "id": "early", "from": "08:00", "to": "12:00" }, { "id": "long", "from": "08:00", "to": "16:00" },
                    { "id": "late", "from": "12:00", "to": "16:00" } ] },
      "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat", "absent_rate": 0.2 }, { "id": "dan", "away": ["2020-06-16"] } ],
      "rules": [ { "id": "door", "headcount": { "at_least": 1 } },
                 { "id": "phones", "headcount": { "when": "08:00-16:00", "at_least": 1 } },
                 { "id": "half", "headcount": { "at_least": "50%" } },
                 { "id": "soft", "headcount": { "at_least": 3 }, "strength": "high" },
                 { "id": "weekly", "headcount": { "per": "week", "at_least": 3 } },
                 { "id": "most", "headcount": { "at_most": 4 } } ] }"#;

    fn week() -> (Scenario, Problem) {
        let scenario = Scenario::read(WEEK).scenario.expect("reads");
        let problem = Problem::new(&scenario).expect("is right").0;
        (scenario, problem)
    }

    const WANTED: Wanted = Wanted { promise: 0.9, absent_rate: 0.1 };

    #[test]
    fn minima_are_raised_beside_the_old_ones() {
        let (scenario, problem) = week();
        let done = spare(&scenario, &problem, &WANTED);
        let told: Vec<String> = done
            .raised
            .iter()
            .map(|raised| format!("{} {} to {} {}", raised.by, raised.from, raised.to, raised.on.len()))
            .collect();
        // With Cat alone the door would be kept at .8. Two moments share what may fail: .95 each. Of half of four two
        // are needed: of three with Cat .8 x .99 + .2 x .81 = .954. On Dan's day off two of three as well.
        assert_eq!(told, ["door-spare 1 to 2 0", "phones-spare 1 to 2 0", "half-spare 2 to 3 0"]);
        let left: Vec<&str> = done.left_out.iter().map(|left| left.rule.as_str()).collect();
        assert_eq!(left, ["weekly"]);
        let (raised, _) = Problem::new(&done.scenario).expect("is right");
        assert_eq!(raised.rules.len(), scenario.rules.len() + 3);
        assert_eq!(raised.rules[6].id, "door-spare");
    }

    #[test]
    fn shares_are_raised_day_by_day() {
        let text = WEEK.replace("50%", "70%");
        let scenario = Scenario::read(&text).scenario.expect("reads");
        let problem = Problem::new(&scenario).expect("is right").0;
        let done = spare(&scenario, &problem, &Wanted { promise: 0.8, absent_rate: 0.1 });
        let half: Vec<(u32, u32, usize)> = done
            .raised
            .iter()
            .filter(|raised| raised.rule == "half")
            .map(|raised| (raised.from, raised.to, raised.on.len()))
            .collect();
        // 70 % of four is three, of three also three: on each day four, which is one more than there are on Dan's day off.
        assert_eq!(half, [(3, 4, 0)]);
        let door: Vec<u32> =
            done.raised.iter().filter(|raised| raised.rule == "door").map(|raised| raised.to).collect();
        assert!(door.is_empty(), "Cat alone keeps the door at .8");
    }

    fn put(problem: &Problem, roster: &mut Roster, name: &str, shift: &str) {
        let site = &problem.site;
        let cell = Cell { shift: site.shift(shift), ..Cell::ON_SITE };
        roster.set(site.person_named(name).expect("is there"), Day(0), cell);
    }

    fn chance(problem: &Problem, roster: &Roster, rule: &str) -> f64 {
        let found = chances(problem, roster, &WANTED);
        let is_it = |one: &&Chance| problem.rules[one.rule].id == rule && one.about.on == Some(Day(0));
        found.iter().find(is_it).expect("is weighed").chance
    }

    #[test]
    fn chances_by_hand() {
        let (_, problem) = week();
        let mut roster = Roster::at_home(&problem.site);
        assert!(chance(&problem, &roster, "door").abs() < SMALL);
        put(&problem, &mut roster, "ann", "early");
        put(&problem, &mut roster, "cat", "late");
        // Either is enough for the door; the phones need both.
        assert!((chance(&problem, &roster, "door") - 0.98).abs() < SMALL);
        assert!((chance(&problem, &roster, "phones") - 0.72).abs() < SMALL);
        // Bob all day, or both others: .9 + .1 x .72.
        put(&problem, &mut roster, "bob", "long");
        assert!((chance(&problem, &roster, "phones") - 0.972).abs() < SMALL);
        // Two of three: .9 x .9 x .8 + .9 x .9 x .2 + 2 x .9 x .1 x .8.
        assert!((chance(&problem, &roster, "half") - 0.954).abs() < SMALL);
    }

    #[test]
    fn chances_agree_with_a_simulation() {
        let (_, problem) = week();
        let site = &problem.site;
        let mut roster = Roster::at_home(site);
        for (name, shift) in [("ann", "early"), ("cat", "late"), ("bob", "long"), ("dan", "late")] {
            put(&problem, &mut roster, name, shift);
        }
        let mut dice = Dice::new(1);
        let draws = 20_000;
        let mut kept = [0_u32; 2];
        for _ in 0..draws {
            let mut drawn = roster.clone();
            for person in PersonIndex::all(site.people.len()) {
                if dice.percent((WANTED.rate(site, person) * 100.0).round() as u64) {
                    drawn.set(person, Day(0), Cell::OFF);
                }
            }
            for (rule, kept) in problem.rules[1..3].iter().zip(&mut kept) {
                let AnyRule::Headcount(headcount) = &rule.rule else { panic!("a headcount") };
                let mut tally = rota_rules::Tally::default();
                rota_rules::Rule::check(headcount, site, &drawn, &mut tally);
                let fails = tally
                    .counts
                    .keys()
                    .any(|about| about.on == Some(Day(0)) && tally.counts[about].amount > 0.0);
                *kept += u32::from(!fails);
            }
        }
        for (rule, kept) in ["phones", "half"].into_iter().zip(kept) {
            let (found, drawn) = (chance(&problem, &roster, rule), f64::from(kept) / f64::from(draws));
            // Four standard deviations of a share of so many draws.
            let room = 4.0 * (found * (1.0 - found) / f64::from(draws)).sqrt();
            assert!((found - drawn).abs() < room, "{rule}: {found} {drawn}");
        }
    }

    proptest! {
        /// Whoever of the group is planned, as many as were found are enough.
        #[test]
        fn any_so_many_of_the_group_are_enough(
            rates in prop::collection::vec(0.0..0.6f64, 1..7),
            need in 1_usize..4,
            promise in 0.5..0.99f64,
        ) {
            let mut sorted = rates.clone();
            sorted.sort_by(|one, other| other.total_cmp(one));
            let plan = planned(need, &sorted, promise);
            for case in 0..1_usize << rates.len() {
                let team: Vec<Party> = (0..rates.len())
                    .filter(|at| case >> at & 1 == 1)
                    .map(|at| Party::alone(1.0 - rates[at]))
                    .collect();
                if team.len() == plan {
                    prop_assert!(Distribution::of(&team).at_least(need) >= promise - 1e-6);
                }
            }
            let fewer: Vec<Party> = (0..plan - 1).map(|at| Party::alone(1.0 - sorted.get(at).unwrap_or(&sorted[0]))).collect();
            prop_assert!(plan == need || Distribution::of(&fewer).at_least(need) < promise);
        }
    }
}
