//! Rosters that hold when some people do not work after all: cover with people to spare.
//!
//! Each person planned is taken to stay away with a known chance, each day by itself and independently of others. A must
//! rule `headcount` that asks for `n` people holds with the chance wanted when `m` or more are planned, `m` being the least
//! number of which, of the people most often absent, `n` or more are there with that chance: any other `m` people do no
//! worse. Where all are absent equally often that is the binomial distribution, and no smaller `m` would do. With several
//! moments of a day the chance wanted is shared out among them (Bonferroni's inequality).
//!
//! A minimum over a week or the rota counts person-days: each of them is a draw of its own, so `m` is found among the
//! person-days that may be planned, those of the people most often absent first, as many of each as they can be there.
//! What is past is certain.
//!
//! Raised minima are rules of their own beside the old ones; a roster found is weighed anew, exactly, against the old
//! ones by [`chances`].

mod minimum;
mod weigh;

pub use weigh::{chances, Chance};

use minimum::{minima, Minimum};
use rota_core::calendar::{Moment, Per, ShiftSet};
use rota_core::select::{Presence, When, WhenFields, Who};
use rota_core::typed::WorkPlace;
use rota_core::{words, Date, Day, PersonIndex, Site, TeamIndex};
use rota_rules::model::Look;
use rota_rules::periods;
use rota_rules::rules::headcount::{Headcount, Quota};
use rota_rules::{AnyRule, Problem, ProblemRule, RuleEntry, Scenario, Strength};
use std::collections::{BTreeMap, BTreeSet};

/// Chances are right to about so much.
const SMALL: f64 = 1e-9;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wanted {
    /// The chance with which each must rule `headcount` is to hold on each day, or over each week or the rota where it
    /// counts those; from 0 up to, not including, 1.
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
    /// How many it asks for: people, or person-days over a week or the rota. Exceptions and the past are taken off
    /// person-days.
    pub from: u32,
    /// How many are planned.
    pub to: u32,
    /// Over what they are counted.
    pub per: Per,
    /// On these days alone, or from the first to the last of them where person-days are counted; always where there are
    /// none.
    pub on: Vec<Date>,
    /// For this team alone, by its id; for all that the rule speaks of where there is none.
    pub team: Option<String>,
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

/// One minimum of a rule over some days, and what is to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Need {
    first: Day,
    last: Day,
    from: u32,
    to: u32,
    /// Whether the rule's own number, put up, says it: no part of the time is past or unknown.
    is_whole: bool,
}

/// Raises the minima of a scenario's must rules `headcount` so that each holds with the chance wanted: on each day, or over
/// each week or the rota where it counts person-days.
pub fn spare(scenario: &Scenario, problem: &Problem, wanted: &Wanted) -> Spared {
    let mut done = Spared { scenario: scenario.clone(), raised: Vec::new(), left_out: Vec::new() };
    let mut ids: BTreeSet<String> = problem.rules.iter().map(|rule| rule.id.clone()).collect();
    for (entry, rule) in scenario.rules.iter().zip(&problem.rules) {
        let minima = minima(problem, rule);
        if let Some(why) = not_raised(rule, &minima) {
            done.left_out.push(LeftOut { rule: rule.id.clone(), why });
            continue;
        }
        let Some(Minimum { headcount, .. }) = minima.first() else { continue };
        let site = &problem.site;
        let mut asked: Vec<(Option<TeamIndex>, Vec<Need>)> =
            minima.iter().map(|minimum| (minimum.team, needs(minimum, wanted))).collect();
        // Teams of which all need the same share the rule that is read for each of them.
        let is_shared = asked.windows(2).all(|pair| pair[0].1 == pair[1].1);
        if is_shared {
            asked.truncate(1);
        }
        for (team, needs) in asked {
            let team = team.filter(|_| !is_shared).map(|team| site.teams[team.at()].id.clone());
            for (from, to, on) in together(headcount, &needs, site) {
                let mut raised = (*headcount).clone();
                raised.at_least = Some(Quota::People(to));
                raised.at_most = None;
                if let (Some(first), Some(last)) = (on.first(), on.last()) {
                    let mut only = fields(&headcount.when, site);
                    if headcount.per == Per::Day {
                        only.dates.clone_from(&on);
                    } else {
                        // One week by itself, of which nothing is past or unknown.
                        raised.per = Per::Rota;
                        only.from = only.from.max(Some(*first));
                        only.to = Some(only.to.map_or(*last, |to| to.min(*last)));
                    }
                    raised.when = When::Fields(only);
                }
                if let Some(team) = &team {
                    raised.who = Who::All(vec![headcount.who.clone(), Who::Team(team.clone())]);
                }
                let by = new_id(&rule.id, &mut ids);
                let mut beside = RuleEntry {
                    id: Some(by.clone()),
                    rule: AnyRule::Headcount(raised),
                    because: Some(format!("{} to spare for {}", to - from, rule.id)),
                    note: None,
                    ..entry.clone()
                };
                if team.is_some() {
                    beside.for_each = None;
                }
                if headcount.per != Per::Day {
                    // They are taken off already.
                    beside.allow.clear();
                }
                done.scenario.rules.push(beside);
                let (rule, per, team) = (rule.id.clone(), headcount.per, team.clone());
                done.raised.push(Raised { rule, by, from, to, per, on, team });
            }
        }
    }
    done
}

/// Which needs one rule can say: what is asked for, what is planned, and the days of it where they are not all. Needs that
/// are met as they are, are left out.
fn together(headcount: &Headcount, needs: &[Need], site: &Site) -> Vec<(u32, u32, Vec<Date>)> {
    let mut alike: BTreeMap<(u32, u32), Vec<&Need>> = BTreeMap::new();
    for need in needs {
        alike.entry((need.from, need.to)).or_default().push(need);
    }
    let is_one = alike.len() == 1 && needs.iter().all(|need| need.is_whole);
    let mut said = Vec::new();
    for ((from, to), needs) in alike.into_iter().filter(|((from, to), _)| to > from) {
        let date = |day: Day| site.calendar.date(day);
        if is_one {
            said.push((from, to, Vec::new()));
        } else if headcount.per == Per::Day {
            said.push((from, to, needs.iter().map(|need| date(need.first)).collect()));
        } else {
            said.extend(needs.iter().map(|need| (from, to, vec![date(need.first), date(need.last)])));
        }
    }
    said
}

/// Why a must rule that asks for people is as it was; none for a rule that is raised, and for one that asks for nobody.
fn not_raised(rule: &ProblemRule, minima: &[Minimum<'_>]) -> Option<&'static str> {
    if rule.strength != Strength::Must {
        return None;
    }
    match &rule.rule {
        AnyRule::Headcount(_) => {
            let is_too_large = minima.iter().any(Minimum::is_too_large);
            is_too_large.then_some("it counts more than 20,000 person-days")
        }
        AnyRule::Ratio(_) => Some("people to spare are planned for rules `headcount`, and this is a `ratio`"),
        AnyRule::Duty(_) => Some("people to spare are planned for rules `headcount`, and this is a `duty`"),
        AnyRule::Accompanied(_) => {
            Some("people to spare are planned for rules `headcount`, and this is an `accompanied`")
        }
        _ => None,
    }
}

/// Whether somebody may be where the rule counts people on a day of the calendar.
fn can_be_there(site: &Site, person: PersonIndex, day: Day, place: Look) -> bool {
    site.works(person, day)
        && match (place, site.laid_down(person, day)) {
            (Look::Working, _) | (_, None) => true,
            (Look::OnSite, Some(laid_down)) => laid_down == WorkPlace::OnSite,
            (Look::Home, Some(laid_down)) => laid_down == WorkPlace::Home,
        }
}

fn needs(minimum: &Minimum<'_>, wanted: &Wanted) -> Vec<Need> {
    if minimum.is_of_days() {
        needs_of_days(minimum, wanted)
    } else {
        needs_of_periods(minimum, wanted)
    }
}

fn needs_of_days(minimum: &Minimum<'_>, wanted: &Wanted) -> Vec<Need> {
    let Minimum { headcount, site, people, when, .. } = minimum;
    let need = |day: Day| {
        let rates = people
            .iter()
            .filter(|person| can_be_there(site, **person, day, headcount.place))
            .map(|person| wanted.rate(site, *person))
            .collect();
        let from = minimum.least_on(day) as u32;
        let moments = smallest(&when.moments(&site.calendar, day)).max(1);
        let level = 1.0 - (1.0 - wanted.promise) / moments as f64;
        Need { first: day, last: day, from, to: planned(from, rates, level), is_whole: true }
    };
    when.days(site).into_iter().map(need).collect()
}

fn needs_of_periods(minimum: &Minimum<'_>, wanted: &Wanted) -> Vec<Need> {
    let Minimum { headcount, site, people, when, .. } = minimum;
    let mut needs = Vec::new();
    for period in site.periods(headcount.per) {
        let (first, last) = site.inside(period);
        let rates: Vec<f64> = minimum
            .coming(period)
            .into_iter()
            .flat_map(|day| people.iter().map(move |person| (*person, day)))
            .filter(|(person, day)| can_be_there(site, *person, *day, headcount.place))
            .map(|(person, _)| wanted.rate(site, person))
            .collect();
        let asked: Vec<(usize, usize)> = headcount
            .at
            .spots(site)
            .into_iter()
            .map(|spot| {
                let presence = Presence { shifts: when.shifts, spot };
                let past = periods::past(site, when, period, people, headcount.place, &presence);
                (minimum.asked_over(period, &minimum.about_period(period, spot)), past as usize)
            })
            .collect();
        // In each place no fewer than where most are missing.
        let missing = asked.iter().map(|(need, past)| need.saturating_sub(*past)).max().unwrap_or(0);
        let has_past = asked.iter().any(|(_, past)| *past > 0);
        let is_whole = !has_past && (periods::known_share(site, when, period) - 1.0).abs() < SMALL;
        let from = missing as u32;
        needs.push(Need { first, last, from, to: planned(from, rates, wanted.promise), is_whole });
    }
    needs
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
/// be planned. One more than there are where not even all of them are enough.
fn planned(need: u32, mut rates: Vec<f64>, level: f64) -> u32 {
    if need as usize > rates.len() {
        return need;
    }
    rates.sort_by(|one, other| other.total_cmp(one));
    // The chance that exactly so many are there, for each number that is too few.
    let mut too_few = vec![0.0; need as usize];
    if let Some(nobody) = too_few.first_mut() {
        *nobody = 1.0;
    }
    let is_enough = |too_few: &[f64]| 1.0 - too_few.iter().sum::<f64>() >= level - SMALL;
    for (people, rate) in rates.iter().enumerate() {
        if people >= need as usize && is_enough(&too_few) {
            return people as u32;
        }
        for number in (0..too_few.len()).rev() {
            let one_fewer = number.checked_sub(1).map_or(0.0, |below| too_few[below]);
            too_few[number] = too_few[number] * rate + one_fewer * (1.0 - rate);
        }
    }
    rates.len() as u32 + u32::from(!is_enough(&too_few))
}

/// How many of these moments do not hold whenever another does: those whose shifts contain no other's.
fn smallest(moments: &[Moment]) -> usize {
    let is_part = |one: &Moment, whole: &Moment| {
        one.parts.iter().all(|(day, shifts)| {
            *shifts == ShiftSet::NONE
                || whole.parts.iter().any(|(other, all)| other == day && all.and(*shifts) == *shifts)
        })
    };
    least(moments, &is_part).len()
}

/// Those of a list that hold no other of it as a part, and one of those that are parts of each other.
fn least<'a, T>(list: &'a [T], is_part: &dyn Fn(&T, &T) -> bool) -> Vec<&'a T> {
    let mut kept: Vec<&T> = Vec::new();
    for one in list {
        if kept.iter().any(|other| is_part(other, one)) {
            continue;
        }
        kept.retain(|other| !is_part(one, other));
        kept.push(one);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attendance::{Distribution, Party};
    use crate::dice::Dice;
    use proptest::prelude::*;
    use rota_core::roster::{Cell, Roster};

    #[test]
    fn so_many_must_be_planned() {
        // One person is there at .95; of two at least one at .9975.
        let plan = |need, rates: &[f64], level| planned(need, rates.to_vec(), level);
        assert_eq!(
            [plan(1, &[0.05; 3], 0.95), plan(1, &[0.05; 3], 0.96), plan(1, &[0.05; 3], 0.999)],
            [1, 2, 3]
        );
        // Two of two at .9025, two of three at .99275.
        assert_eq!([plan(2, &[0.05; 4], 0.9), plan(2, &[0.05; 4], 0.95)], [2, 3]);
        // The worst first: one of (.5, .2) at .9.
        assert_eq!([plan(1, &[0.5, 0.2, 0.0], 0.9), plan(1, &[0.5, 0.2, 0.0], 0.95)], [2, 3]);
        assert_eq!([plan(0, &[0.5], 0.9), plan(3, &[0.0, 0.0], 0.99), plan(3, &[], 0.99)], [0, 3, 3]);
        // Two are not enough for one at .9999, and more than there are cannot be planned: one more is asked for.
        assert_eq!([plan(1, &[0.05; 2], 0.9999), plan(u32::MAX, &[0.05; 2], 0.9)], [3, u32::MAX]);
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
        // The week is cut after Wednesday: three of five days, of 3 visits 2 (1.8). Of the visits that may be planned
        // Cat's three are the least certain: two of three at .8 are .896, two of those and another at .9 .9728.
        assert_eq!(
            told,
            ["door-spare 1 to 2 0", "phones-spare 1 to 2 0", "half-spare 2 to 3 0", "weekly-spare 2 to 4 2"]
        );
        assert_eq!(done.left_out, []);
        let (raised, _) = Problem::new(&done.scenario).expect("is right");
        assert_eq!(raised.rules.len(), scenario.rules.len() + 4);
        assert_eq!(raised.rules[6].id, "door-spare");
    }

    fn raised_in(text: &str, wanted: &Wanted) -> (Spared, Vec<String>) {
        let scenario = Scenario::read(text).scenario.expect("reads");
        let problem = Problem::new(&scenario).expect("is right").0;
        let done = spare(&scenario, &problem, wanted);
        let one = |raised: &Raised| {
            let on: Vec<String> = raised.on.iter().map(ToString::to_string).collect();
            let team = raised.team.as_deref().unwrap_or_default();
            format!("{} {} to {} {} {team}", raised.by, raised.from, raised.to, on.join(".."))
        };
        let told = done.raised.iter().map(|raised| one(raised).trim_end().to_string()).collect();
        Problem::new(&done.scenario).expect("what is raised is a scenario");
        (done, told)
    }

    /// Two people absent on one day in ten. Of four visits three are made with .9^4 + 4 x .1 x .9^3 = .9477, of three with
    /// .729; of two one with .99.
    #[test]
    fn minima_over_weeks_and_the_rota() {
        let weeks = |calendar: &str, rule: &str, history: &str| {
            format!(
                r#"{{ "scenario": 1, "calendar": {{ {calendar} }}, "people": [ {{ "id": "ann" }}, {{ "id": "bob" }} ],
                   "rules": [ {{ "id": "post", {rule} }} ] {history} }}"#
            )
        };
        let whole = r#""from": "2020-06-15", "to": "2020-06-28""#;
        let told = |text: &str| raised_in(text, &WANTED).1;
        let week = r#""headcount": { "per": "week", "at_least": 3 }"#;
        assert_eq!(told(&weeks(whole, week, "")), ["post-spare 3 to 4"]);
        let rota = r#""headcount": { "per": "rota", "at_least": 3 }"#;
        assert_eq!(told(&weeks(whole, rota, "")), ["post-spare 3 to 4"]);
        // Two of five days of the second week are planned: of 3 visits 1 (1.2), which needs one planned at .9.
        let cut = r#""from": "2020-06-15", "to": "2020-06-23""#;
        assert_eq!(told(&weeks(cut, week, "")), ["post-spare 3 to 4 2020-06-15..2020-06-21"]);
        // Monday is past, with one visit made: two more are needed, of three .972, of two .81.
        let after = r#""from": "2020-06-16", "to": "2020-06-21""#;
        let past =
            r#", "history": { "days": [ { "person": "ann", "on": "2020-06-15", "place": "on_site" } ] }"#;
        let (done, raised) = raised_in(&weeks(after, week, past), &WANTED);
        assert_eq!(raised, ["post-spare 2 to 3 2020-06-16..2020-06-21"]);
        let AnyRule::Headcount(rule) = &done.scenario.rules[1].rule else { panic!("a headcount") };
        assert_eq!((rule.per, rule.at_least), (Per::Rota, Some(Quota::People(3))));
        // An exception of one is taken off: two of three, in the second week alone.
        let but = format!(r#"{week}, "allow": [ {{ "on": "2020-06-15", "amount": 1 }} ]"#);
        let told = told(&weeks(whole, &but, ""));
        assert_eq!(
            told,
            ["post-spare 2 to 3 2020-06-15..2020-06-21", "post-spare-2 3 to 4 2020-06-22..2020-06-28"]
        );
    }

    /// The red team (absent one day in ten, or never) and the blue team (one in two): of red two are planned for one, of blue
    /// one is not enough at .75 either, two are.
    #[test]
    fn teams_are_raised_each_by_itself() {
        let text = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
          "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red", "absent_rate": 0 },
                      { "id": "cat", "team": "blue", "absent_rate": 0.5 }, { "id": "dan", "team": "blue", "absent_rate": 0.5 } ],
          "rules": [ { "id": "in", "for_each": "team", "headcount": { "at_least": RULE } } ] }"#;
        let (done, told) = raised_in(&text.replace("RULE", "1"), &Wanted { promise: 0.75, ..WANTED });
        assert_eq!(told, ["in-spare 1 to 2  blue"]);
        assert!(done.scenario.rules[1].for_each.is_none());
        let (done, told) = raised_in(&text.replace("RULE", "\"50%\""), &Wanted { promise: 0.95, ..WANTED });
        // Blue would need more than its two.
        assert_eq!(told, ["in-spare 1 to 2  red", "in-spare-2 1 to 3  blue"]);
        assert_eq!(done.left_out, []);
    }

    #[test]
    fn must_minima_of_other_rules_are_said_to_be_as_they_were() {
        let text = WEEK.replace(
            r#"{ "id": "most""#,
            r#"{ "id": "aid", "ratio": { "who": { "people": ["ann"] }, "every": 50 } },
               { "id": "post", "duty": { "name": "post" } }, { "id": "alone", "accompanied": { "at_least": 2 } },
               { "id": "most""#,
        );
        let left: Vec<String> =
            raised_in(&text, &WANTED).0.left_out.into_iter().map(|left| left.rule).collect();
        assert_eq!(left, ["aid", "post", "alone"]);
    }

    /// Every draw of every roster of a week of three days, by brute force: the chance that so many visits are made.
    #[test]
    fn chances_over_a_week_agree_with_every_case() {
        let (_, problem) = week();
        let site = &problem.site;
        for case in 0..1_u32 << 12 {
            if case % 37 != 0 {
                continue;
            }
            let mut roster = Roster::at_home(site);
            let mut visits = Vec::new();
            for (at, person) in PersonIndex::all(site.people.len()).enumerate() {
                for day in site.calendar.days().filter(|day| site.works(person, *day)) {
                    if case >> (at as i32 * 3 + day.0) & 1 == 1 {
                        roster.set(person, day, Cell { shift: site.shift("early"), ..Cell::ON_SITE });
                        visits.push(wanted_rate(site, person));
                    }
                }
            }
            let mut kept = 0.0;
            for draw in 0..1_u32 << visits.len() {
                let made = |at: usize| draw >> at & 1 == 1;
                let chance: f64 = visits
                    .iter()
                    .enumerate()
                    .map(|(at, rate)| if made(at) { 1.0 - rate } else { *rate })
                    .product();
                kept += if draw.count_ones() >= 2 { chance } else { 0.0 };
            }
            let found = chances(&problem, &roster, &WANTED);
            let weekly = found.iter().find(|one| problem.rules[one.rule].id == "weekly").expect("is weighed");
            assert_eq!((weekly.need, weekly.planned), (2, visits.len()));
            assert_eq!((weekly.about.on, weekly.about.to), (Some(Day(0)), Some(Day(2))));
            assert!((weekly.chance - kept).abs() < SMALL, "{case}: {} {kept}", weekly.chance);
            // Whatever visits are planned, as many as were found for the week are enough.
            assert!(visits.len() < 4 || weekly.chance >= WANTED.promise - SMALL, "{case}");
        }
    }

    fn wanted_rate(site: &Site, person: PersonIndex) -> f64 {
        WANTED.rate(site, person)
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
            let plan = planned(need as u32, rates.clone(), promise) as usize;
            for case in 0..1_usize << rates.len() {
                let team: Vec<Party> = (0..rates.len())
                    .filter(|at| case >> at & 1 == 1)
                    .map(|at| Party::alone(1.0 - rates[at]))
                    .collect();
                if team.len() == plan {
                    prop_assert!(Distribution::of(&team).at_least(need) >= promise - 1e-6);
                }
            }
            let fewer: Vec<Party> = sorted.iter().take(plan - 1).map(|rate| Party::alone(1.0 - rate)).collect();
            prop_assert!(plan == need || Distribution::of(&fewer).at_least(need) < promise);
        }
    }
}
