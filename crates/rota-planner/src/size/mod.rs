//! How many are needed: the fewest desks, seats, bays or laptops with which the must rules can be kept, the fewest
//! with which nothing softer is worse than now, and what one more or one fewer buys.
//!
//! Every number is the answer of solves of an edited scenario, none of a formula. More never makes a scenario harder,
//! so that the fewest are found by halving: a roster that uses few settles all larger numbers at once, a proof that
//! there is none all smaller ones.
//!
//! Desks differ from one another, and which of them stay open matters. There the fewest people who are in at one time,
//! found as above, are a number that cannot be gone below; the desks in use are then closed one after the other, as
//! long as the must rules can still be kept. Where both numbers meet it is proved. Screens are found by
//! what sets of them that will not do have in common.

mod screens;
mod target;

pub use target::{read_target, Target};

use crate::edit::close_desks;
use crate::levels::by_levels;
use crate::musts::musts_alone;
use rota_core::roster::Roster;
use rota_core::{Day, PersonIndex, Site};
use rota_rules::{Problem, Scenario};
use rota_solver::conflict::Conflict;
use rota_solver::solve::Doing;
use rota_solver::{solve, Flow, LevelResult, Options, Progress, Solved, Status};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// How to look.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// Its problem.
    pub problem: &'a Problem,
    /// What is counted.
    pub target: &'a Target,
    /// How to solve; the time limit is for all solves together.
    pub options: &'a Options,
}

/// A number that was found, and the one it cannot be better than.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// With so many it can be done.
    pub number: u32,
    /// Better than this it cannot be: fewer cannot do it, or no more can be asked.
    pub bound: u32,
}

impl Found {
    /// Whether both agree.
    pub fn proved(self) -> bool {
        self.number == self.bound
    }
}

/// What a number costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// The number.
    pub number: u32,
    /// Whether there is a roster.
    pub status: Status,
    /// What the best roster found costs, level by level; empty where there is none.
    pub levels: Vec<LevelResult>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Sized {
    /// The number that the scenario has; none where it sets no limit.
    pub now: Option<u32>,
    /// The fewest (for `at_least`: the most) with which the must rules can be kept.
    pub needed: Found,
    /// Why it cannot be one better, in rules of the problem that was asked.
    pub clash: Option<Box<(Problem, Conflict)>>,
    /// Days on which one fewer does not do, as far as the clash names days.
    pub days: Vec<Day>,
    /// The fewest with which no softer rule is worse than in the best roster found of the scenario as it is.
    pub as_good: Option<Found>,
    /// What numbers cost, in their order.
    pub prices: Vec<Price>,
    /// The desks that are enough, by id, where desks were counted.
    pub desks: Vec<String>,
    /// The pairs of desks between which screens are enough, by id, where screens were counted.
    pub screens: Vec<[String; 2]>,
}

/// What came of it.
#[derive(Debug)]
pub enum Outcome {
    /// An answer.
    Sized(Box<Sized>),
    /// No roster keeps every must rule with as many as anybody could want.
    Impossible(Box<(Problem, Conflict)>),
    /// Nothing was found in time.
    Unknown,
    /// Rows and check disagree: an error of the program.
    Disagreement(String),
}

/// Of the time there is, how much looking for the fewest may use.
const FEWEST_SHARE: f64 = 0.4;
/// Of the time left then, how much the scenario as it is may use.
const NOW_SHARE: f64 = 0.3;
/// Numbers whose price is told, at most.
const MOST_PRICES: usize = 9;

struct Search<'a, 'w> {
    request: &'a Request<'a>,
    clock: Instant,
    watch: &'w mut dyn FnMut(&Progress) -> Flow,
    /// Solves of the whole scenario, by number.
    known: BTreeMap<u32, Solved>,
    stopped: bool,
}

/// What a solve of the must rules came to.
enum Musts {
    Kept(Roster),
    Not(Box<(Problem, Conflict)>),
    Unknown,
}

/// Finds the fewest, the fewest that cost nothing, and prices.
pub fn size(request: &Request<'_>, watch: &mut dyn FnMut(&Progress) -> Flow) -> Outcome {
    let mut search = Search { request, clock: Instant::now(), watch, known: BTreeMap::new(), stopped: false };
    match search.run() {
        Ok(outcome) => outcome,
        Err(what) => Outcome::Disagreement(what),
    }
}

impl Search<'_, '_> {
    fn run(&mut self) -> Result<Outcome, String> {
        let (scenario, target) = (self.request.scenario, self.request.target);
        let end = self.share(FEWEST_SHARE);
        if *target == Target::Screens {
            // There are no prices to keep time for.
            let end = self.share(1.0);
            return self.screens(end);
        }
        let roster = match self.musts(&target.edited(scenario, None), end, true)? {
            Musts::Kept(roster) => roster,
            Musts::Not(clash) => return Ok(Outcome::Impossible(clash)),
            Musts::Unknown => return Ok(Outcome::Unknown),
        };
        let (needed, clash) = self.needed(&roster, end)?;
        let (needed, desks) = match target {
            Target::Desks(_) => self.fewest_desks(needed, end)?,
            _ => (needed, Vec::new()),
        };
        let days = clash.as_deref().map_or_else(Vec::new, |(_, conflict)| days_of(conflict));
        let now = target.now(scenario, &self.request.problem.site);
        let (as_good, prices) = match target {
            Target::Desks(_) => {
                let prices = self.desk_prices(&desks, needed)?;
                (as_good_as_all(&prices, needed), prices)
            }
            _ => self.prices(now, needed)?,
        };
        Ok(Outcome::Sized(Box::new(Sized {
            now,
            needed,
            clash,
            days,
            as_good,
            prices,
            desks,
            screens: Vec::new(),
        })))
    }

    /// Until when a share of what is left lasts.
    fn share(&self, share: f64) -> Option<Instant> {
        let limit = self.request.options.time_limit?;
        let left = limit.saturating_sub(self.clock.elapsed());
        Some(Instant::now() + left.mul_f64(share))
    }

    fn solve(&mut self, problem: &Problem, end: Option<Instant>, clashes: bool) -> Result<Solved, String> {
        let left = |end: Instant| end.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        let options =
            Options { time_limit: end.map(left), best_effort: false, ..self.request.options.clone() };
        let watch = &mut self.watch;
        let stopped = &mut self.stopped;
        let solved = solve(problem, &options, &mut |progress| {
            if !clashes && progress.doing == Doing::Conflict {
                return Flow::Stop;
            }
            let flow = watch(progress);
            *stopped |= flow == Flow::Stop;
            flow
        });
        match solved.disagreement {
            Some(what) => Err(what),
            None => Ok(solved),
        }
    }

    /// Whether the must rules can be kept; with what clashes, where asked for.
    fn musts(&mut self, scenario: &Scenario, end: Option<Instant>, clashes: bool) -> Result<Musts, String> {
        // A number may leave a fixed day nowhere to be: that is a clash like any other, without a name.
        let Ok((problem, _)) = Problem::new(&musts_alone(scenario)) else {
            return Ok(Musts::Not(Box::new((self.request.problem.clone(), Conflict::default()))));
        };
        let solved = self.solve(&problem, end, clashes)?;
        Ok(match (solved.roster, solved.status) {
            (Some(roster), _) => Musts::Kept(roster),
            (None, Status::Impossible) => {
                Musts::Not(Box::new((problem, solved.conflict.unwrap_or_default())))
            }
            (None, _) => Musts::Unknown,
        })
    }

    /// The best number with which the must rules can be kept, by halving, and why none is better.
    fn needed(
        &mut self,
        roster: &Roster,
        end: Option<Instant>,
    ) -> Result<(Found, Option<Box<(Problem, Conflict)>>), String> {
        let found =
            if self.request.target.wants_most() { self.most(end)? } else { self.fewest(roster, end)? };
        let better = if self.request.target.wants_most() {
            found.number.checked_add(1)
        } else {
            found.number.checked_sub(1)
        };
        let (Some(better), true) = (better, found.proved() && !self.stopped) else {
            return Ok((found, None));
        };
        let asked = self.request.target.edited(self.request.scenario, Some(better));
        match self.musts(&asked, end, true)? {
            Musts::Not(clash) => Ok((found, Some(clash))),
            Musts::Kept(_) | Musts::Unknown => Ok((found, None)),
        }
    }

    fn most(&mut self, end: Option<Instant>) -> Result<Found, String> {
        let (scenario, target) = (self.request.scenario, self.request.target);
        let site = &self.request.problem.site;
        // No period has more person-days.
        let (mut low, mut high) = (0, (site.people.len() * site.calendar.days().count()) as u32);
        let mut step = target.now(scenario, site).unwrap_or(1).max(1);
        while low < high && !self.stopped {
            let asked = (low + step).min(high);
            match self.musts(&target.edited(scenario, Some(asked)), end, false)? {
                Musts::Kept(_) => {
                    low = asked;
                    step *= 2;
                }
                Musts::Not(_) => {
                    high = asked - 1;
                    step = ((high - low) / 2).max(1);
                }
                Musts::Unknown => break,
            }
        }
        Ok(Found { number: low, bound: high })
    }

    fn fewest(&mut self, roster: &Roster, end: Option<Instant>) -> Result<Found, String> {
        let (scenario, target) = (self.request.scenario, self.request.target);
        let mut high = target.used(scenario, roster).unwrap_or(scenario.people.len() as u32);
        let mut low = 0;
        while low < high && !self.stopped {
            let middle = low + (high - low) / 2;
            match self.musts(&target.edited(scenario, Some(middle)), end, false)? {
                Musts::Kept(roster) => high = target.used(scenario, &roster).unwrap_or(middle).min(middle),
                Musts::Not(_) => low = middle + 1,
                Musts::Unknown => break,
            }
        }
        Ok(Found { number: high, bound: low })
    }

    /// Closes desks as long as the must rules can be kept. `people` are the fewest who are in at one time.
    fn fewest_desks(&mut self, people: Found, end: Option<Instant>) -> Result<(Found, Vec<String>), String> {
        let (scenario, target) = (self.request.scenario, self.request.target);
        let site = &self.request.problem.site;
        let all = target.desks(site);
        let mut open: BTreeSet<String> = all.iter().cloned().collect();
        let few = target.edited(scenario, Some(people.number));
        let Musts::Kept(mut roster) = self.musts(&few, end, false)? else {
            return Ok((Found { number: all.len() as u32, bound: people.bound }, all));
        };
        loop {
            let uses = uses(site, &roster);
            open.retain(|desk| uses.contains_key(desk));
            if open.len() as u32 <= people.bound || self.stopped {
                break;
            }
            // All that are more than needed at once, else one at a time, those used least first.
            let mut order: Vec<&String> = open.iter().collect();
            order.sort_by_key(|desk| uses.get(*desk).copied().unwrap_or(0));
            let spare = open.len() - people.bound as usize;
            let mut tries: Vec<Vec<String>> =
                vec![order.iter().take(spare).map(|desk| (*desk).clone()).collect()];
            if spare > 1 {
                tries.push(order.iter().take(spare / 2).map(|desk| (*desk).clone()).collect());
            }
            tries.extend(order.iter().map(|desk| vec![(*desk).clone()]));
            let mut found = None;
            for closed in tries {
                let kept: BTreeSet<String> =
                    open.iter().filter(|desk| !closed.contains(desk)).cloned().collect();
                let edited = with_desks(scenario, &all, &kept);
                match self.musts(&edited, end, false)? {
                    Musts::Kept(roster) => {
                        found = Some((kept, roster));
                        break;
                    }
                    Musts::Not(_) => {}
                    Musts::Unknown => break,
                }
            }
            match found {
                Some((kept, next)) => (open, roster) = (kept, next),
                None => break,
            }
        }
        let number = open.len() as u32;
        let in_order = all.into_iter().filter(|desk| open.contains(desk)).collect();
        Ok((Found { number, bound: people.bound.min(number) }, in_order))
    }

    /// The whole scenario with a number, solved once.
    fn priced(&mut self, number: u32, end: Option<Instant>) -> Result<Solved, String> {
        if let Some(known) = self.known.get(&number) {
            return Ok(known.clone());
        }
        let edited = self.request.target.edited(self.request.scenario, Some(number));
        let Ok((problem, _)) = Problem::new(&edited) else {
            return Err(format!("{number} makes the scenario wrong"));
        };
        let solved = self.solve(&problem, end, false)?;
        self.known.insert(number, solved.clone());
        Ok(solved)
    }

    /// The fewest that cost nothing, and the price of every number that matters.
    fn prices(&mut self, now: Option<u32>, needed: Found) -> Result<(Option<Found>, Vec<Price>), String> {
        let (scenario, target) = (self.request.scenario, self.request.target);
        let end = self.share(NOW_SHARE);
        let as_is = self.solve(self.request.problem, end, false)?;
        let mut as_good = None;
        if let Some(roster) = as_is.roster.as_ref().filter(|_| !target.wants_most()) {
            let used = target.used(scenario, roster).unwrap_or(u32::MAX);
            let mut high = now.map_or(used, |now| now.min(used)).max(needed.number);
            self.known.insert(high, as_is.clone());
            // Where the number is a must already, the scenario as it is has just been solved.
            if let Some(now) = now.filter(|now| target.edited(scenario, Some(*now)) == *scenario) {
                self.known.insert(now, as_is.clone());
            }
            let mut low = needed.number.min(high);
            let mut bound = None;
            while low < high && !self.stopped {
                let middle = low + (high - low) / 2;
                let end = self.share(0.25);
                let solved = self.priced(middle, end)?;
                if solved.roster.is_some() && by_levels(&solved.levels, &as_is.levels) != Ordering::Greater {
                    high = middle;
                } else {
                    // Without a proof it may yet be as good.
                    if solved.status != Status::Optimal && solved.status != Status::Impossible {
                        bound.get_or_insert(low);
                    }
                    low = middle + 1;
                }
            }
            as_good = Some(Found { number: high, bound: bound.unwrap_or(low.min(high)) });
        }
        let mut numbers: BTreeSet<u32> = BTreeSet::new();
        let better = if target.wants_most() { needed.number + 1 } else { needed.number.saturating_sub(1) };
        numbers.extend([better, needed.number]);
        numbers.extend(as_good.map(|found| found.number));
        numbers.extend(now.iter().flat_map(|now| [now.saturating_sub(1), *now, now + 1]));
        let upper = as_good.map_or(needed.number, |found| found.number);
        numbers.extend((needed.number.min(upper)..=upper).take(MOST_PRICES.saturating_sub(numbers.len())));
        numbers.extend(self.known.keys());
        let mut prices = Vec::new();
        let mut left = numbers.len();
        for number in numbers {
            let beyond = if target.wants_most() { number > needed.number } else { number < needed.number };
            if beyond && needed.proved() {
                prices.push(Price { number, status: Status::Impossible, levels: Vec::new() });
            } else if !self.stopped {
                let end = self.share(1.0 / left as f64);
                let solved = self.priced(number, end)?;
                prices.push(Price { number, status: solved.status, levels: solved.levels });
            }
            left -= 1;
        }
        carry(&mut prices, target.wants_most());
        Ok((as_good, prices))
    }

    /// Prices of desks: with those that are enough, and with one more at a time.
    fn desk_prices(&mut self, enough: &[String], needed: Found) -> Result<Vec<Price>, String> {
        let scenario = self.request.scenario;
        let site = &self.request.problem.site;
        let all = self.request.target.desks(site);
        let others: Vec<&String> = all.iter().filter(|desk| !enough.contains(desk)).collect();
        let mut prices = Vec::new();
        if needed.proved() && needed.number > 0 {
            prices.push(Price { number: needed.number - 1, status: Status::Impossible, levels: Vec::new() });
        }
        let steps = others.len().min(MOST_PRICES - 2);
        for step in 0..=steps {
            if self.stopped {
                break;
            }
            // The last is all of them.
            let more = if step == steps { others.len() } else { step };
            let kept: BTreeSet<String> =
                enough.iter().chain(others.iter().take(more).copied()).cloned().collect();
            let Ok((problem, _)) = Problem::new(&with_desks(scenario, &all, &kept)) else { continue };
            let end = self.share(1.0 / (steps - step + 1) as f64);
            let solved = self.solve(&problem, end, false)?;
            prices.push(Price { number: kept.len() as u32, status: solved.status, levels: solved.levels });
        }
        carry(&mut prices, false);
        Ok(prices)
    }
}

/// The fewest desks that cost no more than all of them do. Which desks are closed is a choice of its own and fewer of others
/// might do as well, so that it is proved only where there can be no fewer at all.
fn as_good_as_all(prices: &[Price], needed: Found) -> Option<Found> {
    let all = prices.last().filter(|price| !price.levels.is_empty())?;
    let is_as_good = |price: &&Price| {
        !price.levels.is_empty() && by_levels(&price.levels, &all.levels) != Ordering::Greater
    };
    prices.iter().find(is_as_good).map(|price| Found { number: price.number, bound: needed.bound })
}

/// A roster found with a harder number is one with every easier number: where it is better than what was found there
/// in time, it counts there too. Nothing is proved of it then.
fn carry(prices: &mut [Price], larger_is_harder: bool) {
    let mut order: Vec<usize> = (0..prices.len()).collect();
    if larger_is_harder {
        order.reverse();
    }
    let mut best: Option<Vec<LevelResult>> = None;
    for at in order {
        let price = &mut prices[at];
        if price.status == Status::Impossible {
            continue;
        }
        match &best {
            Some(best) if price.levels.is_empty() || by_levels(&price.levels, best) == Ordering::Greater => {
                let unproved =
                    |level: &LevelResult| LevelResult { bound: 0.0, proved: level.cost <= 0.0, ..*level };
                price.levels = best.iter().map(unproved).collect();
                price.status = Status::Feasible;
            }
            _ if price.levels.is_empty() => {}
            _ => best = Some(price.levels.clone()),
        }
    }
}

fn days_of(conflict: &Conflict) -> Vec<Day> {
    let days: BTreeSet<Day> = conflict
        .parts
        .iter()
        .filter_map(|part| part.about.filter(|about| about.to.is_none()).and_then(|about| about.on))
        .collect();
    days.into_iter().collect()
}

/// How often each desk is used.
fn uses(site: &Site, roster: &Roster) -> BTreeMap<String, u32> {
    let mut uses = BTreeMap::new();
    for person in PersonIndex::all(site.people.len()) {
        for desk in site.calendar.days().filter_map(|day| roster.at(person, day).desk) {
            *uses.entry(site.desk(desk).id.clone()).or_insert(0) += 1;
        }
    }
    uses
}

/// The scenario with these desks open, of those counted, and no others.
fn with_desks(scenario: &Scenario, counted: &[String], open: &BTreeSet<String>) -> Scenario {
    let mut edited = scenario.clone();
    close_desks(&mut edited, &|_, desk| {
        open.contains(desk) || !counted.iter().any(|counted| counted == desk)
    });
    edited
}
