//! A roster mended with as few changes as can be: somebody is away, a zone is closed, a rule has changed.
//!
//! Solves of edited scenarios, nothing else. In all of them, what is past is laid down by pins, and the rule `keep`
//! compares with the roster that is mended.
//!
//! 1. *How few*: every softer rule is off; `keep` counts person-days whose place, shift or site differs. What this
//!    proves is the least number of changes.
//! 2. *Which seats*: whether so few changes leave everybody else at their seat; else the fewest other seats.
//! 3. *How well*: the scenario's own rules again, with `keep` as a must at the numbers just found, or at the number
//!    of changes that was allowed.
//!
//! Breaches that lie wholly before the first day that may change cannot be mended: they are forgiven while solving,
//! and told. Duties of past days stay as they were.

use crate::apply::allow;
use crate::levels::by_levels;
use crate::musts::{free_id, musts_alone};
use rota_core::date::{Date, On};
use rota_core::roster::{Cell, Place, Roster};
use rota_core::select::{When, Who};
use rota_core::typed::{Pin, WorkPlace};
use rota_core::{Day, Finding, Limit, PersonIndex, Site};
use rota_rules::judge::{all_reasons, Breach, Judgement};
use rota_rules::laws::{self, Says};
use rota_rules::model::Owner;
use rota_rules::rules::cohorts::Members;
use rota_rules::rules::keep::Keep;
use rota_rules::{AnyRule, Problem, ProblemRule, RuleEntry, Scenario, Strength};
use rota_solver::conflict::Conflict;
use rota_solver::solve::Doing;
use rota_solver::{solve, Flow, Level, LevelResult, Options, Progress, Solved, Status, Stop};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What is to be mended, and how.
#[derive(Debug)]
pub struct Request<'a> {
    /// The scenario as it is now, every edit made.
    pub scenario: &'a Scenario,
    /// Its problem.
    pub problem: &'a Problem,
    /// The roster that is mended.
    pub old: &'a Roster,
    /// Days before this one stay as they are.
    pub since: Date,
    /// On this day people may be called in, and nobody who is in is sent away.
    pub adds_only: Option<Date>,
    /// More changes than needed, up to this number, where they make the roster better; none for as few as can be.
    pub max_changes: Option<u32>,
    /// How to solve; the time limit is for all solves together.
    pub options: &'a Options,
}

/// How many person-days must differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Least {
    /// So many do it.
    pub changes: u32,
    /// Fewer than this cannot.
    pub bound: u32,
}

impl Least {
    /// Whether it is proved that fewer cannot do it.
    pub fn proved(&self) -> bool {
        self.changes == self.bound
    }
}

/// A mended roster.
#[derive(Debug, Clone)]
pub struct Mended {
    /// The roster.
    pub roster: Roster,
    /// Judged by the scenario as it is now, without what was laid down for the search.
    pub judgement: Judgement,
    /// Why each visit is needed.
    pub reasons: BTreeMap<(PersonIndex, Day), Vec<String>>,
    /// How many changes are needed.
    pub least: Least,
    /// Person-days whose place, shift or site differs.
    pub changes: Vec<(PersonIndex, Day)>,
    /// Person-days with the same place, shift and site at another seat.
    pub seats: Vec<(PersonIndex, Day)>,
    /// Must rules that were broken before the first day that may change; they stay so.
    pub past: Vec<Breach>,
    /// The levels of the last solve: costs are of the scenario's own rules, bounds and proofs hold among rosters
    /// with no more changes. Empty when there was no time for it.
    pub levels: Vec<LevelResult>,
    /// What cut the search short.
    pub stopped_by: Option<Stop>,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// Mended.
    Mended(Box<Mended>),
    /// It takes more changes than allowed: at least `bound`, and with `changes` it can be done.
    TooMany(Least),
    /// No roster keeps what is past and every must rule.
    Impossible {
        /// What clashes.
        conflict: Conflict,
        /// The problem that was asked, past days laid down: owners of the conflict are its.
        asked: Box<Problem>,
    },
    /// Nothing was found in time, and nothing proved.
    Unknown,
    /// What is past breaks laws: these cannot be mended and no roster may have them.
    PastBroken(Vec<laws::LawBreach>),
    /// What is past, or the roster, does not go with the scenario.
    Mistakes(Vec<Finding>),
    /// Rows and check disagree: an error of the program.
    Disagreement(String),
}

/// Of the time there is, how much counting the changes may use.
const FIRST_SHARE: f64 = 0.5;
/// Of the time left then, how much each of two questions about seats may use.
const SEATS_SHARE: f64 = 0.2;

/// Of the time left, how much each question may use where more changes than needed are allowed.
const WIDER_SHARE: f64 = 0.4;

/// Mends a roster. `watch` is told how the work stands and may end it.
pub fn replan(request: &Request<'_>, watch: &mut dyn FnMut(&Progress) -> Flow) -> Outcome {
    let clock = Instant::now();
    let site = &request.problem.site;
    let before = until(site, request.since);
    let base = standing(site, request.old);
    let says = Says::of(site, request.old);
    let broken: Vec<laws::LawBreach> = laws::check(site, &base, says)
        .into_iter()
        .filter(|breach| breach.about.on.is_some_and(|day| before.contains(&day)))
        .collect();
    if !broken.is_empty() {
        return Outcome::PastBroken(broken);
    }
    let past = past_breaches(request.problem, &base, says, &before);
    let laid_down = laid_down(request, &base, &before, &past);
    let left = |share: f64| {
        request
            .options
            .time_limit
            .map(|limit| limit.saturating_sub(clock.elapsed()).mul_f64(share).max(Duration::from_millis(1)))
    };

    let counting = counting(&laid_down);
    let asked = match Problem::new(&counting) {
        Ok((asked, _)) => asked,
        Err(findings) => return Outcome::Mistakes(findings),
    };
    let options = |share: f64| Options {
        time_limit: left(share),
        gap: 0.0,
        best_effort: false,
        ..request.options.clone()
    };
    let first = solve(&asked, &options(FIRST_SHARE), watch);
    if let Some(what) = first.disagreement {
        return Outcome::Disagreement(what);
    }
    let Some(fewest) = first.roster else {
        return match (first.status, first.conflict) {
            (Status::Impossible, Some(conflict)) => {
                // Where the scenario is impossible whatever was before, that is shorter to say.
                let own = clash_without_past(request, &options(1.0), watch);
                own.unwrap_or_else(|| Outcome::Impossible { conflict, asked: Box::new(asked) })
            }
            _ => Outcome::Unknown,
        };
    };
    let changes = counted(&asked, false, &fewest).len() as u32;
    let bound = |level: &LevelResult| (level.bound - 1e-6).ceil().max(0.0) as u32;
    let level = first.levels.iter().find(|level| level.level == Level::Rules(Strength::High));
    let least = Least { changes, bound: level.map_or(0, bound).min(changes) };
    if request.max_changes.is_some_and(|most| most < least.changes) {
        return Outcome::TooMany(least);
    }

    let mut best_within = |laid_down: &Scenario, most: u32, share: f64| -> Result<Solved, Outcome> {
        let seats = fewest_seats(laid_down, site, most, &options, watch)?;
        let quality = with_limits(laid_down, most, seats);
        let (asked, _) = Problem::new(&quality).map_err(Outcome::Mistakes)?;
        let solved = solve(&asked, &Options { gap: request.options.gap, ..options(share) }, watch);
        match (&solved.disagreement, solved.status) {
            (Some(what), _) => Err(Outcome::Disagreement(what.clone())),
            (None, Status::Impossible) => {
                Err(Outcome::Disagreement("a roster that was found is said not to exist".to_string()))
            }
            _ => Ok(solved),
        }
    };
    let most = request.max_changes.unwrap_or(least.changes);
    let seated = |roster: &Roster| seated_today(&laid_down, request, roster);
    let second = match fewest_as_good(&laid_down, least.changes, most, &seated, &mut best_within) {
        Ok(second) => second,
        Err(outcome) => return outcome,
    };
    let stopped_by = second.stopped_by.or(first.stopped_by);
    let (roster, levels) = match second.roster {
        Some(roster) => (roster, second.levels),
        None => (fewest, Vec::new()),
    };
    let roster = with_past_duties(request.problem, &base, &before, roster);
    let judgement = Judgement::of(request.problem, &roster);
    if let Some(what) = new_breach(request.problem, &judgement, &past) {
        return Outcome::Disagreement(what);
    }
    let changes = counted(&asked, false, &roster);
    let mut seats = counted(&asked, true, &roster);
    seats.retain(|place| !changes.contains(place));
    Outcome::Mended(Box::new(Mended {
        reasons: all_reasons(request.problem, &roster),
        roster,
        judgement,
        least,
        changes,
        seats,
        past,
        levels,
        stopped_by,
    }))
}

/// What clashes in the scenario itself, with no day laid down; none where a roster can be made of it.
fn clash_without_past(
    request: &Request<'_>,
    options: &Options,
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Option<Outcome> {
    let asked = Problem::new(&musts_alone(request.scenario)).ok()?.0;
    let solved = solve(&asked, options, watch);
    let conflict = solved.conflict.filter(|_| solved.status == Status::Impossible)?;
    Some(Outcome::Impossible { conflict, asked: Box::new(asked) })
}

/// The best roster within `most` changes, with the fewest changes, from `least` on, with which it is as good. `seated`
/// lays down for more changes than needed what a roster with the fewest does not change today.
fn fewest_as_good(
    laid_down: &Scenario,
    least: u32,
    most: u32,
    seated: &dyn Fn(&Roster) -> Scenario,
    best_within: &mut dyn FnMut(&Scenario, u32, f64) -> Result<Solved, Outcome>,
) -> Result<Solved, Outcome> {
    if most <= least {
        return best_within(laid_down, least, 1.0);
    }
    let mut best = best_within(laid_down, least, WIDER_SHARE)?;
    // Whoever need not move today does not move for the sake of something better.
    let seated = best.roster.as_ref().map_or_else(|| laid_down.clone(), seated);
    let widest = best_within(&seated, most, WIDER_SHARE)?;
    if !is_better(&widest, &best) {
        return Ok(best);
    }
    best = widest;
    // More changes are never worse.
    let (mut low, mut high) = (least, most);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let found = best_within(&seated, middle, WIDER_SHARE)?;
        if found.roster.is_none() || is_better(&best, &found) {
            low = middle;
        } else {
            (high, best) = (middle, found);
        }
    }
    Ok(best)
}

/// Whether the first costs less at the first level at which they differ.
fn is_better(one: &Solved, other: &Solved) -> bool {
    if one.roster.is_none() || other.roster.is_none() {
        return one.roster.is_some();
    }
    by_levels(&one.levels, &other.levels) == Ordering::Less
}

/// The person-days that differ from the roster before, by the rule `keep`; with seats also those at another seat.
fn counted(asked: &Problem, seats: bool, roster: &Roster) -> Vec<(PersonIndex, Day)> {
    let keep = ProblemRule {
        rule: AnyRule::Keep(keep_rule(0, seats)),
        for_each: None,
        ..asked.rules.last().expect("the rule that counts is the last").clone()
    };
    let tally = asked.tally(&keep, &asked.site, roster);
    tally.counts.keys().filter_map(|about| about.person.zip(about.on)).collect()
}

/// How many person-days must have another place, shift, site or seat where so many may have another place, shift or
/// site. First whether nobody else has to move, which is quickly known; else the fewest. None where there are no
/// seats, or no time to find out.
fn fewest_seats(
    laid_down: &Scenario,
    site: &Site,
    changes: u32,
    options: &dyn Fn(f64) -> Options,
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<Option<u32>, Outcome> {
    if site.zones.is_empty() {
        return Ok(None);
    }
    let mut bare = musts_alone(laid_down);
    let ask = |scenario: &Scenario, watch: &mut dyn FnMut(&Progress) -> Flow| {
        let (asked, _) = Problem::new(scenario).map_err(Outcome::Mistakes)?;
        // What clashes does not matter here.
        let solved = solve(&asked, &options(SEATS_SHARE), &mut |progress| match progress.doing {
            Doing::Conflict => Flow::Stop,
            _ => watch(progress),
        });
        match solved.disagreement {
            Some(what) => Err(Outcome::Disagreement(what)),
            None => Ok((asked, solved)),
        }
    };
    if ask(&with_limits(&bare, changes, Some(changes)), watch)?.1.roster.is_some() {
        return Ok(Some(changes));
    }
    bare = with_limits(&bare, changes, None);
    let id = free_id(&bare, "seats");
    bare.rules.push(keep(&id, keep_rule(0, true), Strength::High));
    let (asked, solved) = ask(&bare, watch)?;
    Ok(solved.roster.map(|roster| counted(&asked, true, &roster).len() as u32))
}

/// The days of the calendar before a date.
fn until(site: &Site, since: Date) -> Vec<Day> {
    site.calendar.days().filter(|day| site.calendar.date(*day) < since).collect()
}

/// The old roster without those who do not work after all.
pub fn standing(site: &Site, old: &Roster) -> Roster {
    let mut base = old.clone();
    for person in PersonIndex::all(site.people.len()) {
        for day in site.calendar.days().filter(|day| !site.works(person, *day)) {
            base.set(person, day, Cell::OFF);
        }
    }
    base
}

/// Breaches of must rules whose subject lies wholly in days that do not change.
fn past_breaches(problem: &Problem, base: &Roster, says: Says, before: &[Day]) -> Vec<Breach> {
    let Some(last) = before.last() else { return Vec::new() };
    let is_past = |breach: &Breach| {
        let about = &breach.about;
        // A run that begins in the past may still grow long enough.
        let may_grow = problem.rule(breach.owner).is_some_and(|rule| matches!(rule.rule, AnyRule::Run(_)))
            && about.limit == Some(Limit::AtLeast);
        about.on.is_some_and(|first| about.to.unwrap_or(first) <= *last) && !may_grow
    };
    Judgement::with(problem, base, says)
        .breaches
        .into_iter()
        .filter(|breach| Problem::is_rule(breach.owner) && breach.breaks_must() && is_past(breach))
        .collect()
}

/// What the final roster breaks beyond what is past, if anything: then the search and the check disagree.
fn new_breach(problem: &Problem, judgement: &Judgement, past: &[Breach]) -> Option<String> {
    let found = judgement.broken_musts().find(|breach| !breach.is_among(past))?;
    Some(format!("the roster found breaks {}", problem.told(found)))
}

// ---------------------------------------------------------------- the edited scenarios

/// The scenario with what is past laid down, what is broken in the past forgiven, cohorts as they are, and the roster
/// that is mended as the rota before.
fn laid_down(request: &Request<'_>, base: &Roster, before: &[Day], past: &[Breach]) -> Scenario {
    let site = &request.problem.site;
    let mut scenario = request.scenario.clone();
    scenario.previous = request.old.assignments(site);
    for (person, typed) in PersonIndex::all(site.people.len()).zip(&mut scenario.people) {
        for day in before {
            typed.fixed.extend(pin(site, base, person, *day));
        }
    }
    if let Some(day) = request.adds_only.and_then(|date| site.calendar.day(date)) {
        for (person, typed) in PersonIndex::all(site.people.len()).zip(&mut scenario.people) {
            let stays = site.works(person, day)
                && base.at(person, day).place == Place::OnSite
                && site.laid_down(person, day) != Some(WorkPlace::Home);
            // Their seat may have to change; their coming and their hours do not.
            typed.fixed.extend(stays.then(|| pin(site, base, person, day)).flatten().map(|pin| Pin {
                site: None,
                zone: None,
                desk: None,
                ..pin
            }));
        }
    }
    for breach in past {
        let Owner::Rule(at) = breach.owner else { continue };
        scenario.rules[at as usize].allow.push(allow(site, &breach.about, breach.amount));
    }
    for entry in &mut scenario.rules {
        keep_cohorts(site, request.old, entry);
    }
    scenario
}

/// The same, where those who sit today where they were to sit stay there.
fn seated_today(laid_down: &Scenario, request: &Request<'_>, roster: &Roster) -> Scenario {
    let site = &request.problem.site;
    let mut scenario = laid_down.clone();
    let Some(day) = request.adds_only.and_then(|date| site.calendar.day(date)) else { return scenario };
    for (person, typed) in PersonIndex::all(site.people.len()).zip(&mut scenario.people) {
        let (was, now) = (request.old.at(person, day), roster.at(person, day));
        if was.place == Place::OnSite && (was.zone, was.desk) == (now.zone, now.desk) {
            typed.fixed.extend(pin(site, roster, person, day));
        }
    }
    scenario
}

/// A person-day as a fixed day; none for a day off.
fn pin(site: &Site, roster: &Roster, person: PersonIndex, day: Day) -> Option<Pin> {
    let cell = roster.at(person, day);
    let place = match cell.place {
        Place::Off => return None,
        Place::Home => WorkPlace::Home,
        Place::OnSite => WorkPlace::OnSite,
    };
    let one = roster.assignment(site, person, day);
    Some(Pin {
        on: On::Date(one.on),
        place: Some(place),
        shift: one.shift,
        // The desk says where it is.
        site: if one.zone.is_none() { one.site } else { None },
        zone: if one.desk.is_none() { one.zone } else { None },
        desk: one.desk,
    })
}

/// Everybody stays in the cohort that the roster has them in.
fn keep_cohorts(site: &Site, old: &Roster, entry: &mut RuleEntry) {
    let AnyRule::Cohorts(rule) = &mut entry.rule else { return };
    if entry.strength == Strength::Off {
        return;
    }
    let known = |person: PersonIndex| site.calendar.days().any(|day| old.at(person, day).place != Place::Off);
    let mut members: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for person in rule.who.people(site).into_iter().filter(|person| known(*person)) {
        if let Some(cohort) = old.cohort(person) {
            let name = site.names.cohorts[cohort.at()].clone();
            members.entry(name).or_default().push(site.person(person).id.clone());
        }
    }
    rule.members = members.into_iter().map(|(name, ids)| (name, Members(Who::People(ids)))).collect();
}

fn keep_rule(at_most: u32, desks: bool) -> Keep {
    Keep { who: Who::Everyone, when: When::default(), at_most, desks }
}

fn keep(id: &str, rule: Keep, strength: Strength) -> RuleEntry {
    RuleEntry { id: Some(id.to_string()), strength, ..RuleEntry::new(AnyRule::Keep(rule)) }
}

/// The scenario that counts changes and nothing else: its last rule.
fn counting(laid_down: &Scenario) -> Scenario {
    let mut scenario = musts_alone(laid_down);
    let id = free_id(&scenario, "changes");
    scenario.rules.push(keep(&id, keep_rule(0, false), Strength::High));
    scenario
}

/// The scenario with no more changes than that.
fn with_limits(scenario: &Scenario, changes: u32, seats: Option<u32>) -> Scenario {
    let mut scenario = scenario.clone();
    let id = free_id(&scenario, "changes");
    scenario.rules.push(keep(&id, keep_rule(changes, false), Strength::Must));
    if let Some(seats) = seats {
        let id = free_id(&scenario, "seats");
        scenario.rules.push(keep(&id, keep_rule(seats, true), Strength::Must));
    }
    scenario
}

/// Past days with the duties that were done on them; as they are where that would break a law or must rule.
fn with_past_duties(problem: &Problem, base: &Roster, before: &[Day], roster: Roster) -> Roster {
    if problem.site.names.duties.is_empty() {
        return roster;
    }
    let mut dutiful = roster.clone();
    for person in PersonIndex::all(problem.site.people.len()) {
        for day in before {
            let cell = *roster.at(person, *day);
            dutiful.set(person, *day, Cell { duty: base.at(person, *day).duty, ..cell });
        }
    }
    let must = |roster: &Roster| Judgement::of(problem, roster).cost(Strength::Must);
    if must(&dutiful) <= must(&roster) + 1e-9 {
        dutiful
    } else {
        roster
    }
}

/// Whether a conflict's part is a day laid down for the search, not one of the scenario's own fixed days.
pub fn is_laid_down(problem: &Problem, owner: Owner) -> bool {
    match owner {
        Owner::Pin(person, at) => at as usize >= problem.site.person(person).pins.len(),
        Owner::Law(_) | Owner::Rule(_) => false,
    }
}
