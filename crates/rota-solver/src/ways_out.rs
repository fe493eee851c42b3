//! Ways out of musts that clash: the cheapest sets of exceptions and removed pins with which a roster exists.
//!
//! Every must rule and every pin may bend at its price (weight × amount; 1 for a pin); the laws stay. The cheapest
//! roster of that program is the cheapest way out. A way found is then forbidden together with everything that
//! contains it, and the next is looked for: first one of each kind (another set of rules), then others of the same
//! kinds. Nothing can be left out of a way: what could be is dropped before it is told.

use crate::backend::{self, Answer, Flow, Request, Stop};
use crate::clock;
use crate::jump::{self, Net};
use crate::lower::anatomy::Anatomy;
use crate::lower::{Lowered, Softness};
use crate::program::{Program, ProgramColumn, ProgramRow};
use crate::watched::watched;
use rota_core::{About, PersonIndex, Roster};
use rota_rules::judge::Judgement;
use rota_rules::model::{Law, Model, Owner};
use rota_rules::{AnyRule, Problem, Strength};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Instant;

/// A must rule that bends.
#[derive(Debug, Clone, PartialEq)]
pub struct Bent {
    /// Its place in the list of the problem.
    pub rule: usize,
    /// The subject.
    pub about: About,
    /// By how much in all, in the rule's amounts.
    pub amount: f64,
    /// What of it is forgiven already.
    pub allowed: f64,
    /// What the roster has.
    pub found: Value,
    /// What the rule wants.
    pub wanted: Value,
}

/// One way out, with a roster that takes it.
#[derive(Debug, Clone, PartialEq)]
pub struct WayOut {
    /// Rules that bend, in the order of the problem.
    pub bent: Vec<Bent>,
    /// Pins that are let go: person and place in the person's list.
    pub pins: Vec<(PersonIndex, u32)>,
    /// A roster that keeps everything else, counted by the check.
    pub roster: Roster,
    /// Weight × amount beyond what is forgiven, and 1 for each pin.
    pub cost: f64,
}

impl WayOut {
    /// How many changes it takes.
    pub fn changes(&self) -> usize {
        self.bent.len() + self.pins.len()
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WaysOut {
    /// The ways, cheapest first.
    pub ways: Vec<WayOut>,
    /// Whether the first is proved to be the cheapest.
    pub cheapest_proved: bool,
    /// Whether it is proved that there are no others.
    pub all: bool,
    /// Whether the time ran out.
    pub stopped: bool,
    /// Set when rows and check disagree: an error of the program, never a result.
    pub disagreement: Option<String>,
}

/// What may bend as one change of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Change {
    Rule(u32, About),
    Pin(PersonIndex, u32),
}

/// Ways with the same rules are of one kind; all pins together are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Rule(u32),
    Pins,
}

impl Change {
    fn of(owner: Owner, about: About) -> Option<Change> {
        match owner {
            Owner::Rule(at) => Some(Change::Rule(at, about)),
            Owner::Pin(person, at) => Some(Change::Pin(person, at)),
            Owner::Law(_) => None,
        }
    }

    fn kind(self) -> Kind {
        match self {
            Change::Rule(at, _) => Kind::Rule(at),
            Change::Pin(..) => Kind::Pins,
        }
    }
}

/// Of what does not bend in steps, this much is something.
const SMALLEST: f64 = 0.01;
/// How far costs may be off by a backend's tolerance.
const TOLERANCE: f64 = 1e-4;
/// Programs with fewer columns are solved at once, without a guess.
const SMALL: usize = 500;
/// Where the first way takes more changes than a person looks through, a second is enough.
const MANY_CHANGES: usize = 12;
/// Steps of the simplex method for a way that is not the first, at most: a limit that repeats exactly.
const STEPS: u64 = 20_000;
/// Of the time left, how much the search for a hint may take.
const HINT_SHARE: f64 = 0.3;
/// Of the time left, how much a guess may take.
const GUESS_SHARE: f64 = 0.1;
/// How often it guesses for one way, and how long.
const GUESSES: usize = 3;
const PATIENCE: jump::Patience = jump::Patience { first: 60, most: 1, idle: 1 };
/// By how much changes are made dearer to it that another way would do without.
const DEAR: f64 = 100.0;
/// Ways that turn out to be others in disguise are dropped; so many rounds at most for each way wanted.
const ROUNDS: usize = 4;

struct Search<'a> {
    problem: &'a Problem,
    lowered: Lowered<'a>,
    /// Whether a change is made: one column each.
    made: BTreeMap<Change, usize>,
    /// Whether any change of a kind is made.
    kinds: BTreeMap<Kind, usize>,
    /// How much bends with a change: columns and factors, and the least of it that is anything at all.
    bends: BTreeMap<Change, (Vec<(usize, f64)>, f64)>,
    objective: Vec<(usize, f64)>,
    /// The program of `lowered` with a switch for each change.
    program: Program,
    /// The program without switches as local search sees it.
    anatomy: Anatomy,
    /// The ways found so far, with their rosters.
    found: Vec<(BTreeSet<Change>, Roster)>,
    tries: u64,
    /// The row that says how cheap a way can be at least, by what is proved.
    floor: usize,
    deadline: Option<Instant>,
    stopped: bool,
    watch: &'a mut dyn FnMut() -> Flow,
}

/// What one round gave.
enum Round {
    /// A way, and whether it is proved to be the cheapest that is left.
    Found(WayOut, bool),
    /// There is none left.
    None,
    /// The time ran out, or it would take too long.
    Stopped,
}

impl<'a> Search<'a> {
    fn new(
        problem: &'a Problem,
        model: &'a Model,
        holds: &(dyn Fn(Owner, &About) -> bool + Sync),
        deadline: Option<Instant>,
        watch: &'a mut dyn FnMut() -> Flow,
    ) -> Search<'a> {
        let must = |owner: Owner| problem.strength(owner) == Strength::Must;
        // Must rules about cohorts need somebody to be in one; rules that are no musts bend for nothing.
        let keeps = |owner: Owner, _: &About| must(owner) || deals_cohorts(problem, owner);
        let softness = Softness { pins_bend: true, keeps: &keeps, holds, ..Softness::BEST_EFFORT };
        let mut lowered = Lowered::new(problem, model, &softness);
        let payable = std::mem::take(&mut lowered.payable);
        let (program, anatomy) = (lowered.program.clone(), lowered.anatomy());
        let mut search = Search {
            program,
            anatomy,
            found: Vec::new(),
            tries: 0,
            problem,
            lowered,
            made: BTreeMap::new(),
            kinds: BTreeMap::new(),
            objective: Vec::new(),
            bends: BTreeMap::new(),
            floor: 0,
            deadline,
            stopped: false,
            watch,
        };
        for ((owner, about), terms) in payable {
            let Some(change) = Change::of(owner, about).filter(|_| must(owner)) else { continue };
            let price = search.price(change);
            search.lay_change(change, &terms, price);
        }
        search.lay_switches();
        let objective = search.objective.clone();
        search.floor = search.program.rows.len();
        search.row(f64::NEG_INFINITY, f64::INFINITY, objective);
        search
    }

    fn switch(&mut self) -> usize {
        self.program.columns.push(ProgramColumn { lower: 0.0, upper: 1.0, integer: true });
        self.program.columns.len() - 1
    }

    /// One subject of a change: it bends only when the change is made.
    fn lay_change(&mut self, change: Change, terms: &[(usize, f64)], price: f64) {
        let kind = change.kind();
        let kind_made = self.kinds.get(&kind).copied().unwrap_or_else(|| {
            let column = self.switch();
            self.kinds.insert(kind, column);
            column
        });
        let made = self.made.get(&change).copied().unwrap_or_else(|| {
            let column = self.switch();
            self.made.insert(change, column);
            self.row(f64::NEG_INFINITY, 0.0, vec![(column, 1.0), (kind_made, -1.0)]);
            if matches!(change, Change::Pin(..)) {
                self.objective.push((column, price));
            }
            column
        });
        let columns = &self.program.columns;
        let most: f64 = terms
            .iter()
            .filter(|term| term.1 > 0.0)
            .map(|(column, factor)| columns[*column].upper * factor)
            .sum();
        let mut row = terms.to_vec();
        row.push((made, -most));
        self.row(f64::NEG_INFINITY, 0.0, row);
        if matches!(change, Change::Rule(..)) {
            self.objective.extend(terms.iter().map(|(column, factor)| (*column, factor * price)));
        }
        let whole = |column: usize| self.program.columns[column].integer;
        let step = terms
            .iter()
            .map(|(column, factor)| if whole(*column) { factor.abs() } else { SMALLEST })
            .fold(f64::INFINITY, f64::min);
        let (bends, least) = self.bends.entry(change).or_insert((Vec::new(), step));
        bends.extend_from_slice(terms);
        *least = least.min(step);
    }

    /// A change that is made bends something, and of a kind that is used some change is made: else a way could be
    /// another one in name only.
    fn lay_switches(&mut self) {
        for (change, (mut terms, least)) in self.bends.clone() {
            terms.push((self.made[&change], -least));
            self.row(0.0, f64::INFINITY, terms);
        }
        for (kind, column) in self.kinds.clone() {
            let own = self.made.iter().filter(|(change, _)| change.kind() == kind);
            let terms = own.map(|(_, made)| (*made, 1.0)).chain([(column, -1.0)]).collect();
            self.row(0.0, f64::INFINITY, terms);
        }
    }

    fn row(&mut self, lower: f64, upper: f64, mut terms: Vec<(usize, f64)>) {
        terms.sort_unstable_by_key(|term| term.0);
        self.program.rows.push(ProgramRow { lower, upper, terms });
    }

    /// Forbids to make all of these changes together.
    fn forbid(&mut self, changes: &BTreeSet<Change>) {
        let terms = changes.iter().map(|change| (self.made[change], 1.0)).collect();
        self.row(f64::NEG_INFINITY, changes.len() as f64 - 1.0, terms);
    }

    /// Forbids ways of exactly these kinds.
    fn forbid_kinds(&mut self, kinds: &BTreeSet<Kind>) {
        let terms = self
            .kinds
            .iter()
            .map(|(kind, column)| (*column, if kinds.contains(kind) { 1.0 } else { -1.0 }))
            .collect();
        self.row(f64::NEG_INFINITY, kinds.len() as f64 - 1.0, terms);
    }

    /// The best values; none when there are none, or when the time ran out.
    fn minimise(
        &mut self,
        objective: &[(usize, f64)],
        start: Option<&[f64]>,
        steps: Option<u64>,
    ) -> Result<(Option<Vec<f64>>, bool), String> {
        let seconds = clock::left(self.deadline);
        if self.stopped || seconds.is_some_and(|seconds| seconds <= 0.0) {
            self.stopped = true;
            return Ok((None, false));
        }
        let request = Request { start, seconds, steps, ..Request::new(&self.program, objective) };
        match backend::highs::solve(&request, &mut |_| (self.watch)()) {
            Answer::Proved { values, .. } => Ok((Some(values), true)),
            Answer::Stopped { best, why, .. } => {
                self.stopped |= why != Stop::Nodes;
                Ok((best.map(|best| best.0), false))
            }
            Answer::Impossible => Ok((None, true)),
            Answer::Failed(what) => Err(format!("the solver failed: {what}")),
        }
    }

    fn is_small(&self) -> bool {
        self.lowered.program.columns.len() < SMALL
    }

    /// A way out that is quickly found, dear perhaps; none when what is found is forbidden. A way that is new lacks a
    /// change of each that was found, and one of a new kind lacks, with luck, a whole kind of the last: such changes
    /// are made dear to local search, which goes on from the last roster.
    fn guess(&mut self, by_kind: bool) -> Option<Vec<f64>> {
        if self.is_small() {
            return None;
        }
        let floor = self.program.rows[self.floor].lower;
        let mut best: Option<(f64, Vec<f64>)> = None;
        for _ in 0..if by_kind { 1 } else { GUESSES } {
            let Some(values) = self.look_round(by_kind) else { continue };
            let cost = cost(&self.objective, &values);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, values));
            }
            if best.as_ref().is_some_and(|(least, _)| *least <= floor + 2.0 * TOLERANCE) {
                break;
            }
        }
        best.map(|(_, values)| values)
    }

    /// One local search.
    fn look_round(&mut self, by_kind: bool) -> Option<Vec<f64>> {
        self.tries += 1;
        let at = self.tries as usize;
        let mut dear: BTreeSet<Change> = BTreeSet::new();
        if by_kind && at.is_multiple_of(2) {
            if let Some((last, _)) = self.found.last() {
                let kinds: Vec<Kind> = kinds(last).into_iter().collect();
                let kind = kinds[at % kinds.len()];
                dear.extend(self.made.keys().filter(|change| change.kind() == kind));
            }
        } else {
            // Those that every way has can hardly be done without.
            let everywhere = |change: &Change| self.found.iter().all(|(way, _)| way.contains(change));
            for (way, _) in &self.found {
                let own: Vec<&Change> =
                    way.iter().filter(|change| self.found.len() == 1 || !everywhere(change)).collect();
                dear.extend(own.get(at % own.len().max(1)).copied());
            }
        }
        let mut prices: BTreeMap<usize, f64> = BTreeMap::new();
        for (change, (terms, _)) in &self.bends {
            let price = self.price(*change) * if dear.contains(change) { DEAR } else { 1.0 };
            for (column, factor) in terms {
                *prices.entry(*column).or_default() += factor * price;
            }
        }
        let prices: Vec<(usize, f64)> = prices.into_iter().collect();
        let net = Net::new(&self.lowered.program, &self.anatomy, &prices);
        let start = self.found.last().map(|(_, roster)| self.lowered.values(roster));
        let (stop, best) = (AtomicBool::new(false), AtomicU64::new(f64::NAN.to_bits()));
        let limits = jump::Limits {
            patience: PATIENCE,
            target: 0.0,
            deadline: clock::part(self.deadline, GUESS_SHARE),
            stop: &stop,
            best: &best,
        };
        let seed = self.tries;
        let watch = &mut *self.watch;
        let values = watched(&stop, || net.search(start.as_deref(), seed, &limits), watch)?;
        self.completed(&self.lowered.roster(&values))
    }

    /// Values for a roster, switches included; none when it is forbidden, or breaks a law.
    fn completed(&self, roster: &Roster) -> Option<Vec<f64>> {
        let mut values = self.lowered.values(roster);
        values.resize(self.program.columns.len(), 0.0);
        for (change, (terms, _)) in &self.bends {
            let bends = cost(terms, &values) > 1e-9;
            values[self.made[change]] = f64::from(u8::from(bends));
            if bends {
                values[self.kinds[&change.kind()]] = 1.0;
            }
        }
        self.program.fits(&values).then_some(values)
    }

    fn price(&self, change: Change) -> f64 {
        match change {
            Change::Rule(at, _) => self.problem.rules[at as usize].weight,
            Change::Pin(..) => 1.0,
        }
    }

    /// The next way out.
    fn round(&mut self, by_kind: bool, hint: Option<&Roster>) -> Result<Round, String> {
        let objective = self.objective.clone();
        let guess = hint.and_then(|roster| self.completed(roster)).or_else(|| self.guess(by_kind));
        let floor = self.program.rows[self.floor].lower;
        let (values, proved) = match guess {
            // No way left is cheaper.
            Some(values) if cost(&objective, &values) <= floor + 2.0 * TOLERANCE => (Some(values), true),
            // Only the cheapest of all is worth any time.
            guess => {
                let steps = (!self.found.is_empty()).then_some(STEPS);
                self.minimise(&objective, guess.as_deref(), steps)?
            }
        };
        let values = match values {
            Some(values) if proved || self.found.is_empty() => values,
            None if proved => return Ok(Round::None),
            _ => return Ok(Round::Stopped),
        };
        if proved {
            // What is forbidden from now on makes nothing cheaper.
            let cost = cost(&objective, &values);
            self.program.rows[self.floor].lower = floor.max(cost - TOLERANCE);
        }
        let way = self.read(&values)?;
        Ok(Round::Found(self.without_needless(way)?, proved))
    }

    /// Drops the changes that are not needed, or that others can make up for at no more cost.
    fn without_needless(&mut self, way: WayOut) -> Result<WayOut, String> {
        let changes = changes(&way);
        if changes.len() < 2 || self.stopped {
            return Ok(way);
        }
        let columns = self.program.columns.clone();
        for (change, column) in &self.made {
            if !changes.contains(change) {
                self.program.columns[*column].upper = 0.0;
            }
        }
        // One change fewer is worth any amount, as long as it is not dearer.
        let objective: Vec<(usize, f64)> = {
            let mut terms: BTreeMap<usize, f64> = BTreeMap::new();
            let whole = self.objective.iter().copied();
            for (column, factor) in whole.chain(self.made.values().map(|column| (*column, way.cost + 1.0))) {
                *terms.entry(column).or_default() += factor;
            }
            terms.into_iter().collect()
        };
        // Ways found before are not among the parts of this one, so that what forbids them is in nobody's way; kinds
        // may be.
        let rows = self.program.rows.clone();
        let kinds: BTreeSet<usize> = self.kinds.values().copied().collect();
        let price = &mut self.program.rows[self.floor];
        (price.lower, price.upper) = (f64::NEG_INFINITY, way.cost + TOLERANCE);
        self.program.rows.retain(|row| {
            !(row.terms.len() == kinds.len() && row.terms.iter().all(|term| kinds.contains(&term.0)))
        });
        let start = self.completed(&way.roster);
        let found = self.minimise(&objective, start.as_deref(), Some(STEPS));
        self.program.columns = columns;
        self.program.rows = rows;
        match found? {
            (Some(values), _) => {
                let fewer = self.read(&values)?;
                Ok(if fewer.changes() < way.changes() { fewer } else { way })
            }
            (None, _) => Ok(way),
        }
    }

    /// What values stand for, counted by the check.
    fn read(&self, values: &[f64]) -> Result<WayOut, String> {
        let problem = self.problem;
        let roster = self.lowered.roster(values);
        let judgement = Judgement::of(problem, &roster);
        let mut way = WayOut { bent: Vec::new(), pins: Vec::new(), roster, cost: 0.0 };
        for breach in judgement.breaches {
            match breach.owner {
                Owner::Rule(at) if breach.strength == Strength::Must && breach.cost() > 0.0 => {
                    way.cost += breach.cost();
                    way.bent.push(Bent {
                        rule: at as usize,
                        about: breach.about,
                        amount: breach.amount,
                        allowed: breach.allowed,
                        found: breach.found,
                        wanted: breach.wanted,
                    });
                }
                Owner::Rule(_) | Owner::Pin(..) | Owner::Law(Law::Fixed) => {}
                owner @ Owner::Law(_) => {
                    let sentence = problem.sentence(owner, &breach.about);
                    return Err(format!("a way out breaks `{}`: {sentence}", problem.owner_name(owner)));
                }
            }
        }
        let site = &problem.site;
        for person in PersonIndex::all(site.people.len()) {
            for (at, pin) in site.person(person).pins.iter().enumerate() {
                if pin.days.iter().any(|day| !pin.fits(site, way.roster.at(person, *day))) {
                    way.pins.push((person, at as u32));
                    way.cost += 1.0;
                }
            }
        }
        match changes(&way).iter().find(|change| !self.made.contains_key(change)) {
            None => Ok(way),
            Some(change) => Err(format!("a way out bends what cannot be bent: {change:?}")),
        }
    }
}

/// Whether an owner is a rule that deals people into cohorts.
fn deals_cohorts(problem: &Problem, owner: Owner) -> bool {
    problem
        .rule(owner)
        .is_some_and(|rule| rule.strength != Strength::Off && matches!(rule.rule, AnyRule::Cohorts(_)))
}

fn cost(terms: &[(usize, f64)], values: &[f64]) -> f64 {
    terms.iter().map(|(column, factor)| factor * values[*column]).sum()
}

fn changes(way: &WayOut) -> BTreeSet<Change> {
    let bent = way.bent.iter().map(|bent| Change::Rule(bent.rule as u32, bent.about));
    bent.chain(way.pins.iter().map(|(person, at)| Change::Pin(*person, *at))).collect()
}

/// Finds at most so many ways out of a problem whose musts clash. `model` is the problem's.
pub fn find(
    problem: &Problem,
    model: &Model,
    most: usize,
    deadline: Option<Instant>,
    watch: &mut dyn FnMut() -> Flow,
) -> WaysOut {
    // With a slack for each pair that must keep apart a program is large; without, the cheapest way is soon found, and
    // is mostly the cheapest of all.
    let pairs: BTreeSet<Owner> = model.edges.iter().map(|edge| edge.owner).collect();
    let hint = (!pairs.is_empty()).then(|| {
        let holds = |owner: Owner, _: &About| pairs.contains(&owner);
        let mut search = Search::new(problem, model, &holds, clock::part(deadline, HINT_SHARE), watch);
        match search.round(false, None) {
            Ok(Round::Found(way, _)) => Some(way.roster),
            _ => None,
        }
    });
    let mut search = Search::new(problem, model, &|_, _| false, deadline, watch);
    let mut found = WaysOut::default();
    if let Err(what) = all(&mut search, &mut found, most, hint.flatten().as_ref()) {
        return WaysOut { disagreement: Some(what), ..WaysOut::default() };
    }
    found.stopped = search.stopped;
    found.ways = in_order(found.ways);
    found
}

/// How many ways are worth the time they take.
fn enough(search: &Search<'_>, found: &WaysOut) -> usize {
    if found.ways.first().is_some_and(|way| way.changes() > MANY_CHANGES) {
        2
    } else if search.is_small() {
        usize::MAX
    } else {
        4
    }
}

/// Cheapest first, then fewest changes, then one of each kind before others of the same; then as they were found.
fn in_order(ways: Vec<WayOut>) -> Vec<WayOut> {
    let mut seen: BTreeMap<BTreeSet<Kind>, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, WayOut)> = ways
        .into_iter()
        .map(|way| {
            let rank = seen.entry(kinds(&changes(&way))).or_default();
            *rank += 1;
            (*rank, way)
        })
        .collect();
    // Costs are sums of floating-point numbers.
    let cost = |way: &WayOut| (way.cost * 1e6).round() as i64;
    ranked.sort_by_key(|(rank, way)| (cost(way), way.changes(), *rank));
    ranked.into_iter().map(|(_, way)| way).collect()
}

fn kinds(changes: &BTreeSet<Change>) -> BTreeSet<Kind> {
    changes.iter().map(|change| change.kind()).collect()
}

fn all(
    search: &mut Search<'_>,
    found: &mut WaysOut,
    most: usize,
    hint: Option<&Roster>,
) -> Result<(), String> {
    let kinds_from = search.program.rows.len();
    for by_kind in [true, false] {
        if !by_kind {
            // Others of the same kinds; the ways themselves stay forbidden.
            search.program.rows.truncate(kinds_from);
            search.program.rows[search.floor].lower = f64::NEG_INFINITY;
            for (changes, _) in search.found.clone() {
                search.forbid(&changes);
            }
        }
        for _ in 0..most * ROUNDS {
            if found.ways.len() >= most.min(enough(search, found)) {
                return Ok(());
            }
            let hint = hint.filter(|_| found.ways.is_empty());
            match search.round(by_kind && !found.ways.is_empty(), hint)? {
                Round::Found(way, proved) => {
                    if found.ways.is_empty() {
                        found.cheapest_proved = proved;
                    }
                    let changes = changes(&way);
                    if changes.is_empty() {
                        return Err("the musts do not clash after all".to_string());
                    }
                    search.forbid(&changes);
                    if by_kind {
                        search.forbid_kinds(&kinds(&changes));
                    }
                    search.found.push((changes, way.roster.clone()));
                    found.ways.push(way);
                }
                Round::None if by_kind => break,
                Round::None => {
                    found.all = true;
                    return Ok(());
                }
                Round::Stopped if by_kind && !search.stopped => break,
                Round::Stopped => return Ok(()),
            }
            if search.stopped {
                return Ok(());
            }
        }
    }
    Ok(())
}
