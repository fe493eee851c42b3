//! Ways out of musts that clash: the cheapest sets of exceptions and removed pins with which a roster exists.
//!
//! Every must rule and every pin may bend at its price (weight × amount; 1 for a pin); the laws stay. The cheapest
//! roster of that program is the cheapest way out. A way found is then forbidden together with everything that
//! contains it, and the next is looked for: first one of each kind (another set of rules), then others of the same
//! kinds. Nothing can be left out of a way: what could be is dropped before it is told.

use crate::backend::{self, Answer, Flow, Request};
use crate::clock;
use crate::lower::{Lowered, Softness};
use crate::program::{ProgramColumn, ProgramRow};
use rota_core::{About, PersonIndex, Roster};
use rota_rules::judge::Judgement;
use rota_rules::model::{Law, Model, Owner};
use rota_rules::{Problem, Strength};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
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

/// Of two ways that cost the same, the one with fewer changes: this much for each, of the least price there is.
const EACH: f64 = 1.0 / 1024.0;
/// Ways that turn out to be others in disguise are dropped; so many rounds at most for each way wanted.
const ROUNDS: usize = 4;

struct Search<'a> {
    problem: &'a Problem,
    lowered: Lowered<'a>,
    /// Whether a change is made: one column each.
    made: BTreeMap<Change, usize>,
    /// Whether any change of a kind is made.
    kinds: BTreeMap<Kind, usize>,
    objective: Vec<(usize, f64)>,
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
    /// The time ran out.
    Stopped,
}

impl<'a> Search<'a> {
    fn new(
        problem: &'a Problem,
        model: &'a Model,
        deadline: Option<Instant>,
        watch: &'a mut dyn FnMut() -> Flow,
    ) -> Search<'a> {
        let must = |owner: Owner, _: &About| problem.strength(owner) == Strength::Must;
        let softness = Softness { pins_bend: true, keeps: &must, ..Softness::BEST_EFFORT };
        let mut lowered = Lowered::new(problem, model, &softness);
        let payable = std::mem::take(&mut lowered.payable);
        let mut search = Search {
            problem,
            lowered,
            made: BTreeMap::new(),
            kinds: BTreeMap::new(),
            objective: Vec::new(),
            deadline,
            stopped: false,
            watch,
        };
        let price = |change: Change| match change {
            Change::Rule(at, _) => problem.rules[at as usize].weight,
            Change::Pin(..) => 1.0,
        };
        let least = payable
            .iter()
            .filter_map(|((owner, about), terms)| Some((Change::of(*owner, *about)?, terms)))
            .flat_map(|(change, terms)| terms.iter().map(move |term| term.1.abs() * price(change)))
            .fold(1.0, f64::min);
        for ((owner, about), terms) in payable {
            let Some(change) = Change::of(owner, about) else { continue };
            search.lay_change(change, &terms, price(change), least * EACH);
        }
        search
    }

    fn switch(&mut self) -> usize {
        self.lowered.program.columns.push(ProgramColumn { lower: 0.0, upper: 1.0, integer: true });
        self.lowered.program.columns.len() - 1
    }

    /// One subject of a change: it bends only when the change is made.
    fn lay_change(&mut self, change: Change, terms: &[(usize, f64)], price: f64, each: f64) {
        let kind = change.kind();
        let kind_made = match self.kinds.get(&kind) {
            Some(column) => *column,
            None => {
                let column = self.switch();
                self.kinds.insert(kind, column);
                column
            }
        };
        let made = match self.made.get(&change) {
            Some(column) => *column,
            None => {
                let column = self.switch();
                self.made.insert(change, column);
                self.row(f64::NEG_INFINITY, 0.0, vec![(column, 1.0), (kind_made, -1.0)]);
                let fixed = if matches!(change, Change::Pin(..)) { price } else { 0.0 };
                self.objective.push((column, fixed + each));
                column
            }
        };
        let columns = &self.lowered.program.columns;
        let most: f64 =
            terms.iter().filter(|term| term.1 > 0.0).map(|(column, factor)| columns[*column].upper * factor).sum();
        let mut row = terms.to_vec();
        row.push((made, -most));
        self.row(f64::NEG_INFINITY, 0.0, row);
        if matches!(change, Change::Rule(..)) {
            self.objective.extend(terms.iter().map(|(column, factor)| (*column, factor * price)));
        }
    }

    fn row(&mut self, lower: f64, upper: f64, mut terms: Vec<(usize, f64)>) {
        terms.sort_unstable_by_key(|term| term.0);
        self.lowered.program.rows.push(ProgramRow { lower, upper, terms });
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
    fn minimise(&mut self, objective: &[(usize, f64)]) -> Result<(Option<Vec<f64>>, bool), String> {
        let seconds = clock::left(self.deadline);
        if self.stopped || seconds.is_some_and(|seconds| seconds <= 0.0) {
            self.stopped = true;
            return Ok((None, false));
        }
        let request = Request { seconds, ..Request::new(&self.lowered.program, objective) };
        match backend::highs::solve(&request, &mut |_| (self.watch)()) {
            Answer::Proved { values, .. } => Ok((Some(values), true)),
            Answer::Stopped { best, .. } => {
                self.stopped = true;
                Ok((best.map(|best| best.0), false))
            }
            Answer::Impossible => Ok((None, true)),
            Answer::Failed(what) => Err(format!("the solver failed: {what}")),
        }
    }

    /// The next way out.
    fn round(&mut self) -> Result<Round, String> {
        let objective = self.objective.clone();
        let (values, proved) = self.minimise(&objective)?;
        let Some(values) = values else {
            return Ok(if proved { Round::None } else { Round::Stopped });
        };
        let way = self.read(&values)?;
        let way = self.without_needless(way)?;
        Ok(Round::Found(way, proved))
    }

    /// Drops the changes that are not needed.
    fn without_needless(&mut self, way: WayOut) -> Result<WayOut, String> {
        let changes = changes(&way);
        if changes.len() < 2 || self.stopped {
            return Ok(way);
        }
        let columns = self.lowered.program.columns.clone();
        for (change, column) in &self.made {
            if !changes.contains(change) {
                self.lowered.program.columns[*column].upper = 0.0;
            }
        }
        // One change fewer is worth any amount.
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
        let rows = self.lowered.program.rows.clone();
        let kinds: BTreeSet<usize> = self.kinds.values().copied().collect();
        self.lowered
            .program
            .rows
            .retain(|row| !(row.terms.len() == kinds.len() && row.terms.iter().all(|term| kinds.contains(&term.0))));
        let found = self.minimise(&objective);
        self.lowered.program.columns = columns;
        self.lowered.program.rows = rows;
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
    let mut search = Search::new(problem, model, deadline, watch);
    let mut found = WaysOut::default();
    if let Err(what) = all(&mut search, &mut found, most) {
        return WaysOut { disagreement: Some(what), ..WaysOut::default() };
    }
    found.stopped = search.stopped;
    found.ways = in_order(found.ways);
    found
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

fn all(search: &mut Search<'_>, found: &mut WaysOut, most: usize) -> Result<(), String> {
    let kinds_from = search.lowered.program.rows.len();
    let mut forbidden: Vec<BTreeSet<Change>> = Vec::new();
    for by_kind in [true, false] {
        if !by_kind {
            // Others of the same kinds; the ways themselves stay forbidden.
            search.lowered.program.rows.truncate(kinds_from);
            for changes in &forbidden {
                search.forbid(changes);
            }
        }
        for _ in 0..most * ROUNDS {
            if found.ways.len() >= most {
                return Ok(());
            }
            match search.round()? {
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
                    forbidden.push(changes);
                    found.ways.push(way);
                }
                Round::None if by_kind => break,
                Round::None => {
                    found.all = true;
                    return Ok(());
                }
                Round::Stopped => return Ok(()),
            }
            if search.stopped {
                return Ok(());
            }
        }
    }
    Ok(())
}
