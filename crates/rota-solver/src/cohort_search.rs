//! Who is in which cohort, by tabu search: the start from which the exact search of cohorts goes on.
//!
//! Splitting people into groups of given sizes so that little (or much) crosses between them is graph partitioning,
//! where linear bounds say almost nothing and branch and bound gets nowhere. Here people are moved and swapped one
//! at a time, the best change first, a change undone not for a while (tabu search; Glover 1989), and what comes of
//! several starts is crossed. What comes of it is only ever a start: the roster is built, bounded and verified like any other.
//!
//! It reads the model's buffer and knows no rule: any group of rows that speaks of cohorts alone is turned into a
//! table by trying it, whoever wrote it.

use crate::dice::Dice;
use crate::lower::Level;
use rayon::prelude::*;
use rota_core::{CohortIndex, PersonIndex};
use rota_rules::model::{Column, Meaning, Model, Owner, Row, Sense};
use rota_rules::{Problem, Strength};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// People and the cohorts chosen for them.
pub type Labels = Vec<(PersonIndex, CohortIndex)>;

/// Labellings kept and bred; a fixed number, so that the result does not depend on the threads.
const POPULATION: usize = 10;
/// Generations at most.
const GENERATIONS: usize = 200;
/// Generations without a better labelling after which no more are bred.
const STALE: usize = 20;
/// Iterations of one tabu search at most.
const ITERATIONS: usize = 20_000;
/// Iterations for each person without a better labelling after which it ends, and the most of them.
const PATIENCE: usize = 10;
const MOST_PATIENCE: usize = 1_000;
/// From so many people on only the most promising partners of a swap are looked at.
const ALL_PAIRS: usize = 20;
/// So many of them, for every two cohorts.
const PARTNERS: usize = 10;

/// A limit on a weighted count of people in cohorts.
struct Limit {
    sense: Sense,
    bound: f64,
    /// What one unit beyond it costs.
    price: f64,
    /// The factor of every choice of every person, at the person's offset.
    factors: Vec<f64>,
}

impl Limit {
    fn cost(&self, value: f64) -> f64 {
        let beyond = match self.sense {
            Sense::AtLeast => self.bound - value,
            Sense::AtMost => value - self.bound,
        };
        self.price * beyond.max(0.0)
    }
}

/// A group of rows about more than two people that is no plain count.
struct Other {
    people: Vec<usize>,
    rows: Vec<Row>,
    /// The columns that the rows need, in order.
    columns: Vec<Column>,
    price: f64,
    allowed: f64,
}

/// The people who are free to be in several cohorts, and what their labels cost.
struct Board<'m> {
    model: &'m Model,
    people: Vec<PersonIndex>,
    choices: Vec<Vec<CohortIndex>>,
    /// Where the choices of each person begin in a list of all choices of all.
    offsets: Vec<usize>,
    /// Cost of each choice of a person by itself.
    alone: Vec<Vec<f64>>,
    /// For each person the others whose labels matter, with the cost by own and other choice.
    ties: Vec<Vec<(usize, Vec<f64>)>>,
    limits: Vec<Limit>,
    limits_of: Vec<Vec<usize>>,
    others: Vec<Other>,
    others_of: Vec<Vec<usize>>,
    /// People alike to all limits and to no other group have the same number.
    class: Vec<usize>,
}

/// Finds good labels for everybody whose cohort is open; none where there is nothing to choose.
///
/// Costs of the levels are weighed so that any amount above outweighs everything below.
pub fn search(
    problem: &Problem,
    model: &Model,
    levels: &[Level],
    seed: u64,
    deadline: Option<Instant>,
) -> Option<Labels> {
    let board = Board::new(problem, model, levels)?;
    let mut best = board.bred(seed, deadline);
    let (_, labels) = best.swap_remove(0);
    let labelled = labels.into_iter().enumerate();
    Some(labelled.map(|(at, choice)| (board.people[at], board.choices[at][choice])).collect())
}

/// The people whose cohorts each column speaks of; none for a column that speaks of anything else.
fn people_of_columns(model: &Model) -> Vec<Option<BTreeSet<PersonIndex>>> {
    let mut of: Vec<Option<BTreeSet<PersonIndex>>> = Vec::with_capacity(model.columns.len());
    for meaning in &model.columns {
        of.push(match meaning {
            Meaning::Cohort { person, .. } => Some(BTreeSet::from([*person])),
            Meaning::There { .. } | Meaning::Taken { .. } | Meaning::Duty { .. } => None,
            helper => {
                let columns = helper.parts().into_iter().flat_map(|sum| &sum.terms);
                let people = columns.map(|(column, _)| of[column.at()].clone());
                people.collect::<Option<Vec<_>>>().map(|people| people.into_iter().flatten().collect())
            }
        });
    }
    of
}

/// The columns that some columns are made of, themselves included, in order.
fn with_parts(model: &Model, columns: impl Iterator<Item = Column>) -> Vec<Column> {
    let mut all: BTreeSet<Column> = columns.collect();
    let mut open: Vec<Column> = all.iter().copied().collect();
    while let Some(column) = open.pop() {
        for (part, _) in model.columns[column.at()].parts().into_iter().flat_map(|sum| &sum.terms) {
            if all.insert(*part) {
                open.push(*part);
            }
        }
    }
    all.into_iter().collect()
}

impl<'m> Board<'m> {
    fn new(problem: &Problem, model: &'m Model, levels: &[Level]) -> Option<Board<'m>> {
        let site = &problem.site;
        let open = |person: &&PersonIndex| {
            site.membership(**person)
                .is_some_and(|membership| membership.given.is_none() && membership.choices.len() > 1)
        };
        let people: Vec<PersonIndex> = site.names.members.keys().filter(open).copied().collect();
        if people.is_empty() {
            return None;
        }
        let choices: Vec<Vec<CohortIndex>> = people
            .iter()
            .map(|person| site.membership(*person).map(|one| one.choices.clone()).unwrap_or_default())
            .collect();
        let count = people.len();
        let mut offsets = Vec::with_capacity(count);
        let mut width = 0;
        for choices in &choices {
            offsets.push(width);
            width += choices.len();
        }
        let mut board = Board {
            model,
            alone: choices.iter().map(|choices| vec![0.0; choices.len()]).collect(),
            ties: vec![Vec::new(); count],
            limits: Vec::new(),
            limits_of: vec![Vec::new(); count],
            others: Vec::new(),
            others_of: vec![Vec::new(); count],
            class: vec![0; count],
            people,
            choices,
            offsets,
        };
        board.read_groups(problem, &prices(problem, model, levels));
        board.classify();
        Some(board)
    }

    fn place(&self, person: PersonIndex) -> usize {
        self.people.binary_search(&person).expect("a column of a cohort is about somebody who is free")
    }

    fn read_groups(&mut self, problem: &Problem, prices: &BTreeMap<Strength, f64>) {
        let model = self.model;
        let people_of = people_of_columns(model);
        let mut values = vec![0.0; model.columns.len()];
        let mut pairs: BTreeMap<(usize, usize), Vec<f64>> = BTreeMap::new();
        for group in &model.groups {
            let Owner::Rule(at) = group.owner else { continue };
            let rule = &problem.rules[at as usize];
            let Some(price) = prices.get(&rule.strength).map(|price| price * rule.weight) else { continue };
            let columns = || group.rows.iter().flat_map(|row| &row.sum.terms).map(|term| term.0);
            let mut people = BTreeSet::new();
            let cohorts_alone = columns().all(|column| match &people_of[column.at()] {
                Some(of) => {
                    people.extend(of.iter().copied());
                    true
                }
                None => false,
            });
            if !cohorts_alone || people.is_empty() {
                continue;
            }
            let people: Vec<usize> = people.into_iter().map(|person| self.place(person)).collect();
            let allowed = problem.allowed(rule, &group.about);
            let other = Other {
                columns: with_parts(model, columns()),
                rows: group.rows.clone(),
                people,
                price,
                allowed,
            };
            let plain = columns().all(|column| matches!(model.columns[column.at()], Meaning::Cohort { .. }));
            match other.people.as_slice() {
                &[one] => {
                    for choice in 0..self.choices[one].len() {
                        let label = |_: usize| choice;
                        self.alone[one][choice] += self.cost_of(&other, &label, &mut values);
                    }
                }
                &[one, two] => {
                    let width = self.choices[two].len();
                    let mut table = vec![0.0; self.choices[one].len() * width];
                    for (at, cost) in table.iter_mut().enumerate() {
                        let label = |person: usize| if person == one { at / width } else { at % width };
                        *cost = self.cost_of(&other, &label, &mut values);
                    }
                    let sum = pairs.entry((one, two)).or_insert_with(|| vec![0.0; table.len()]);
                    sum.iter_mut().zip(table).for_each(|(sum, cost)| *sum += cost);
                }
                _ if plain && other.rows.len() == 1 => self.add_limit(&other.rows[0], price, allowed),
                people => {
                    for person in people {
                        self.others_of[*person].push(self.others.len());
                    }
                    self.others.push(other);
                }
            }
        }
        for ((one, two), table) in pairs {
            let width = self.choices[two].len();
            let turned = (0..table.len())
                .map(|at| table[(at % self.choices[one].len()) * width + at / self.choices[one].len()])
                .collect();
            self.ties[two].push((one, turned));
            self.ties[one].push((two, table));
        }
    }

    fn add_limit(&mut self, row: &Row, price: f64, allowed: f64) {
        let mut factors = vec![0.0; self.choices.iter().map(Vec::len).sum()];
        for (column, factor) in &row.sum.terms {
            let Meaning::Cohort { person, cohort } = &self.model.columns[column.at()] else { continue };
            let at = self.place(*person);
            let choice = self.choices[at].iter().position(|choice| choice == cohort);
            if let Some(choice) = choice {
                factors[self.offsets[at] + choice] = *factor;
                if self.limits_of[at].last() != Some(&self.limits.len()) {
                    self.limits_of[at].push(self.limits.len());
                }
            }
        }
        let slack = match row.sense {
            Sense::AtLeast => -allowed,
            Sense::AtMost => allowed,
        };
        self.limits.push(Limit {
            sense: row.sense,
            bound: row.bound - row.sum.constant + slack,
            price,
            factors,
        });
    }

    fn classify(&mut self) {
        let mut known: BTreeMap<Vec<(usize, Vec<u64>)>, usize> = BTreeMap::new();
        for person in 0..self.people.len() {
            if !self.others_of[person].is_empty() {
                self.class[person] = usize::MAX - person;
                continue;
            }
            let own = self.offsets[person]..self.offsets[person] + self.choices[person].len();
            let signs = self.limits_of[person]
                .iter()
                .map(|limit| {
                    let factors = &self.limits[*limit].factors[own.clone()];
                    (*limit, factors.iter().map(|factor| factor.to_bits()).collect())
                })
                .collect();
            let next = known.len();
            self.class[person] = *known.entry(signs).or_insert(next);
        }
    }

    /// What a group costs with given labels.
    fn cost_of(&self, group: &Other, label: &dyn Fn(usize) -> usize, values: &mut [f64]) -> f64 {
        for column in &group.columns {
            values[column.at()] = match &self.model.columns[column.at()] {
                Meaning::Cohort { person, cohort } => {
                    let at = self.place(*person);
                    f64::from(u8::from(self.choices[at][label(at)] == *cohort))
                }
                helper => helper.follows(values).expect("the group speaks of cohorts alone"),
            };
        }
        let amount = group.rows.iter().map(|row| row.short(values)).fold(0.0, f64::max);
        group.price * (amount - group.allowed).max(0.0)
    }

    /// Labellings by cost, the best first: random ones improved by tabu search, then what comes of crossing two of
    /// them, improved in turn, generation after generation (Benlic and Hao 2011).
    fn bred(&self, seed: u64, deadline: Option<Instant>) -> Vec<(f64, Vec<usize>)> {
        let dice = |generation: usize, at: usize| Dice::new(seed, (generation * POPULATION + at) as u64);
        let over = || deadline.is_some_and(|deadline| Instant::now() >= deadline);
        let starts = (0..POPULATION).into_par_iter().map(|at| {
            let mut dice = dice(0, at);
            let labels = self.dealt(&mut dice);
            self.tabu(labels, &mut dice, deadline)
        });
        let mut population: Vec<(f64, Vec<usize>)> = starts.collect();
        let mut since = 0;
        for generation in 1..GENERATIONS {
            population.sort_by(|one, other| one.0.total_cmp(&other.0));
            if population[0].0 <= 1e-9 || since > STALE || over() {
                break;
            }
            let children = (0..POPULATION).into_par_iter().map(|at| {
                let mut dice = dice(generation, at);
                let mother = dice.below(POPULATION);
                let father = (mother + 1 + dice.below(POPULATION - 1)) % POPULATION;
                let labels = self.crossed(&population[mother].1, &population[father].1, &mut dice);
                self.tabu(labels, &mut dice, deadline)
            });
            let children: Vec<(f64, Vec<usize>)> = children.collect();
            let before = population[0].0;
            for child in children {
                // Alike ones would soon be all there are.
                let alike =
                    population.iter().position(|old| self.apart(&old.1, &child.1) <= self.people.len() / 50);
                let place = alike.unwrap_or_else(|| {
                    let costs = population.iter().map(|old| old.0).enumerate();
                    costs.max_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |(at, _)| at)
                });
                if child.0 < population[place].0 - 1e-9 {
                    population[place] = child;
                }
            }
            let best = population.iter().map(|one| one.0).fold(f64::INFINITY, f64::min);
            since = if best < before - 1e-9 { 0 } else { since + 1 };
        }
        population.sort_by(|one, other| one.0.total_cmp(&other.0));
        population
    }

    /// Dealt out in turn, so that sizes are even.
    fn dealt(&self, dice: &mut Dice) -> Vec<usize> {
        let count = self.people.len();
        let mut order: Vec<usize> = (0..count).collect();
        for at in (1..count).rev() {
            order.swap(at, dice.below(at + 1));
        }
        let mut labels = vec![0; count];
        for (turn, person) in order.into_iter().enumerate() {
            labels[person] = turn % self.choices[person].len();
        }
        labels
    }

    /// For each cohort of the one labelling the cohort of the other that shares most people with it.
    fn matched(&self, mother: &[usize], father: &[usize]) -> BTreeMap<CohortIndex, CohortIndex> {
        let mut shared: BTreeMap<(CohortIndex, CohortIndex), usize> = BTreeMap::new();
        for (person, choices) in self.choices.iter().enumerate() {
            *shared.entry((choices[father[person]], choices[mother[person]])).or_default() += 1;
        }
        let mut shared: Vec<_> = shared.into_iter().collect();
        shared.sort_by_key(|(pair, count)| (std::cmp::Reverse(*count), *pair));
        let (mut matched, mut taken) = (BTreeMap::new(), BTreeSet::new());
        for ((theirs, ours), _) in shared {
            if !matched.contains_key(&theirs) && taken.insert(ours) {
                matched.insert(theirs, ours);
            }
        }
        matched
    }

    /// The cohort of the father's labelling under the mother's names, person by person, where they may be in it.
    fn renamed(&self, mother: &[usize], father: &[usize]) -> Vec<usize> {
        let matched = self.matched(mother, father);
        let rename = |person: usize| {
            let theirs = self.choices[person][father[person]];
            let ours = matched.get(&theirs).copied().unwrap_or(theirs);
            self.choices[person].iter().position(|choice| *choice == ours).unwrap_or(father[person])
        };
        (0..father.len()).map(rename).collect()
    }

    /// How many people two labellings put into different cohorts, whatever these are called.
    fn apart(&self, one: &[usize], other: &[usize]) -> usize {
        self.renamed(one, other).iter().zip(one).filter(|(one, other)| one != other).count()
    }

    /// What both parents agree on, and for the rest the one or the other.
    fn crossed(&self, mother: &[usize], father: &[usize], dice: &mut Dice) -> Vec<usize> {
        let father = self.renamed(mother, father);
        let either = |(mother, father): (&usize, usize)| if dice.below(2) == 0 { *mother } else { father };
        mother.iter().zip(father).map(either).collect()
    }

    /// The best labels found from a start, with their cost.
    fn tabu(&self, labels: Vec<usize>, dice: &mut Dice, deadline: Option<Instant>) -> (f64, Vec<usize>) {
        let mut walk = Walk::with(self, labels);
        let (mut best, mut best_cost) = (walk.labels.clone(), walk.cost);
        let patience = (PATIENCE * self.people.len()).min(MOST_PATIENCE);
        let mut since = 0;
        for iteration in 0..ITERATIONS {
            if best_cost <= 1e-9 || since > patience {
                break;
            }
            if iteration % 16 == 0 && deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                break;
            }
            walk.step(iteration, best_cost, dice);
            since += 1;
            if walk.cost < best_cost - 1e-9 {
                best_cost = walk.cost;
                best.clone_from(&walk.labels);
                since = 0;
            }
        }
        (best_cost, best)
    }
}

/// What one unit of each level's cost weighs, so that the levels above outweigh all below.
fn prices(problem: &Problem, model: &Model, levels: &[Level]) -> BTreeMap<Strength, f64> {
    const MOST: f64 = 1e12;
    let worst = |strength: Strength| -> f64 {
        let groups = model.groups.iter().filter_map(|group| {
            let Owner::Rule(at) = group.owner else { return None };
            let rule = &problem.rules[at as usize];
            (rule.strength == strength).then(|| {
                let size =
                    |row: &Row| row.bound.abs() + row.sum.terms.iter().map(|term| term.1.abs()).sum::<f64>();
                rule.weight * group.rows.iter().map(size).fold(0.0, f64::max)
            })
        });
        1.0 + groups.sum::<f64>()
    };
    let mut prices = BTreeMap::new();
    let mut price = 1.0;
    for strength in [Strength::Low, Strength::Medium, Strength::High, Strength::Must] {
        if strength == Strength::Must || levels.contains(&Level::Rules(strength)) {
            prices.insert(strength, price);
            price = (price * worst(strength)).min(MOST);
        }
    }
    prices
}

/// A labelling on its way.
struct Walk<'b> {
    board: &'b Board<'b>,
    labels: Vec<usize>,
    cost: f64,
    /// What each choice of each person would cost by itself and by ties, as the others are.
    pull: Vec<Vec<f64>>,
    /// The value of every limit's count.
    counts: Vec<f64>,
    /// Until which iteration a person does not come back to a choice.
    banned: Vec<Vec<usize>>,
    scratch: Vec<f64>,
}

/// One change: a person takes a choice, and perhaps another takes theirs.
#[derive(Clone, Copy)]
struct Change {
    first: (usize, usize),
    second: Option<(usize, usize)>,
}

impl<'b> Walk<'b> {
    fn with(board: &'b Board<'b>, labels: Vec<usize>) -> Walk<'b> {
        let mut pull = board.alone.clone();
        let mut pairs = 0.0;
        for (person, ties) in board.ties.iter().enumerate() {
            let width = |other: usize| board.choices[other].len();
            for (other, table) in ties {
                for (choice, pull) in pull[person].iter_mut().enumerate() {
                    *pull += table[choice * width(*other) + labels[*other]];
                }
                pairs += 0.5 * table[labels[person] * width(*other) + labels[*other]];
            }
        }
        let counts: Vec<f64> = board
            .limits
            .iter()
            .map(|limit| {
                let taken = labels.iter().zip(&board.offsets);
                taken.map(|(choice, offset)| limit.factors[offset + choice]).sum()
            })
            .collect();
        let alone: f64 = labels.iter().enumerate().map(|(person, choice)| board.alone[person][*choice]).sum();
        let limits: f64 = board.limits.iter().zip(&counts).map(|(limit, count)| limit.cost(*count)).sum();
        let mut walk = Walk {
            board,
            cost: alone + pairs + limits,
            pull,
            counts,
            banned: board.choices.iter().map(|choices| vec![0; choices.len()]).collect(),
            scratch: vec![0.0; board.model.columns.len()],
            labels,
        };
        walk.cost += (0..board.others.len()).map(|other| walk.other_cost(other, None)).sum::<f64>();
        walk
    }

    fn other_cost(&mut self, other: usize, change: Option<Change>) -> f64 {
        let labels = &self.labels;
        let label = |person: usize| match change {
            Some(Change { first, .. }) if first.0 == person => first.1,
            Some(Change { second: Some(second), .. }) if second.0 == person => second.1,
            _ => labels[person],
        };
        self.board.cost_of(&self.board.others[other], &label, &mut self.scratch)
    }

    /// How much dearer a change makes it.
    fn difference(&mut self, change: Change) -> f64 {
        let (person, choice) = change.first;
        let mut difference = self.pull[person][choice] - self.pull[person][self.labels[person]];
        let Some((other, theirs)) = change.second else {
            return difference + self.limits_difference(change) + self.others_difference(change);
        };
        difference += self.pull[other][theirs] - self.pull[other][self.labels[other]];
        difference += self.correction(change);
        if self.board.class[person] != self.board.class[other] {
            difference += self.limits_difference(change) + self.others_difference(change);
        }
        difference
    }

    /// What the pair itself was counted wrongly when both move.
    fn correction(&self, change: Change) -> f64 {
        let (person, choice) = change.first;
        let Some((other, theirs)) = change.second else { return 0.0 };
        let board = self.board;
        // Ties of a person are in the order of the others.
        let Ok(at) = board.ties[person].binary_search_by_key(&other, |tie| tie.0) else { return 0.0 };
        let table = &board.ties[person][at].1;
        let width = board.choices[other].len();
        let cost = |mine: usize, theirs: usize| table[mine * width + theirs];
        let (mine_before, theirs_before) = (self.labels[person], self.labels[other]);
        cost(choice, theirs) + cost(mine_before, theirs_before)
            - cost(choice, theirs_before)
            - cost(mine_before, theirs)
    }

    fn limits_difference(&self, change: Change) -> f64 {
        let board = self.board;
        let moves = [Some(change.first), change.second];
        let shift = |limit: usize| -> f64 {
            moves
                .iter()
                .flatten()
                .map(|(person, choice)| {
                    let own = &board.limits[limit].factors[board.offsets[*person]..];
                    own[*choice] - own[self.labels[*person]]
                })
                .sum()
        };
        let mut difference = 0.0;
        for (nth, (person, _)) in moves.iter().flatten().enumerate() {
            for limit in &board.limits_of[*person] {
                if nth == 1 && board.limits_of[change.first.0].binary_search(limit).is_ok() {
                    continue; // counted with the first
                }
                let count = self.counts[*limit];
                difference +=
                    board.limits[*limit].cost(count + shift(*limit)) - board.limits[*limit].cost(count);
            }
        }
        difference
    }

    fn others_difference(&mut self, change: Change) -> f64 {
        let board = self.board;
        let mut touched: Vec<usize> = board.others_of[change.first.0].clone();
        if let Some((other, _)) = change.second {
            touched.extend(&board.others_of[other]);
            touched.sort_unstable();
            touched.dedup();
        }
        touched
            .into_iter()
            .map(|other| self.other_cost(other, Some(change)) - self.other_cost(other, None))
            .sum()
    }

    fn apply(&mut self, change: Change) {
        self.cost += self.difference(change);
        let board = self.board;
        for (person, choice) in [Some(change.first), change.second].into_iter().flatten() {
            let before = self.labels[person];
            for limit in &board.limits_of[person] {
                let own = &board.limits[*limit].factors[board.offsets[person]..];
                self.counts[*limit] += own[choice] - own[before];
            }
            let width = board.choices[person].len();
            for (other, table) in &board.ties[person] {
                let others = board.choices[*other].len();
                debug_assert_eq!(table.len(), width * others);
                for theirs in 0..others {
                    self.pull[*other][theirs] +=
                        table[choice * others + theirs] - table[before * others + theirs];
                }
            }
            self.labels[person] = choice;
        }
    }

    /// Makes the best change that is not banned; one that leads to the best labelling so far is never banned.
    fn step(&mut self, iteration: usize, best: f64, dice: &mut Dice) {
        let board = self.board;
        let mut chosen: Option<(f64, Change)> = None;
        let mut ties = 0;
        let cost = self.cost;
        let mut look = |difference: f64, banned: bool, change: Change, dice: &mut Dice| {
            if banned && cost + difference >= best - 1e-9 {
                return;
            }
            match &chosen {
                Some((least, _)) if difference > least + 1e-9 => {}
                Some((least, _)) if difference > least - 1e-9 => {
                    // One of those that are equally good, at random.
                    ties += 1;
                    if dice.below(ties) == 0 {
                        chosen = Some((difference, change));
                    }
                }
                _ => {
                    ties = 1;
                    chosen = Some((difference, change));
                }
            }
        };
        let count = board.people.len();
        for person in 0..count {
            let own = self.labels[person];
            for choice in (0..board.choices[person].len()).filter(|choice| *choice != own) {
                let change = Change { first: (person, choice), second: None };
                let banned = self.banned[person][choice] > iteration;
                look(self.difference(change), banned, change, dice);
            }
        }
        if count <= ALL_PAIRS {
            for person in 0..count {
                for other in person + 1..count {
                    if let Some(change) = self.swap(person, other) {
                        let banned = self.is_banned(change, iteration);
                        look(self.difference(change), banned, change, dice);
                    }
                }
            }
        } else {
            for (person, other) in self.promising() {
                if let Some(change) = self.swap(person, other) {
                    let banned = self.is_banned(change, iteration);
                    look(self.difference(change), banned, change, dice);
                }
            }
        }
        let Some((_, change)) = chosen else { return };
        for (person, _) in [Some(change.first), change.second].into_iter().flatten() {
            let tenure = 5 + dice.below(count / 6 + 5);
            let before = self.labels[person];
            self.banned[person][before] = iteration + tenure;
        }
        self.apply(change);
    }

    fn is_banned(&self, change: Change, iteration: usize) -> bool {
        let banned = |(person, choice): (usize, usize)| self.banned[person][choice] > iteration;
        banned(change.first) || change.second.is_some_and(banned)
    }

    /// Each takes the other's cohort; none where they are in one, or may not.
    fn swap(&self, person: usize, other: usize) -> Option<Change> {
        let board = self.board;
        let (mine, theirs) = (self.labels[person], self.labels[other]);
        let (mine, theirs) = (board.choices[person][mine], board.choices[other][theirs]);
        if mine == theirs {
            return None;
        }
        let of =
            |person: usize, cohort: CohortIndex| board.choices[person].iter().position(|own| *own == cohort);
        Some(Change { first: (person, of(person, theirs)?), second: Some((other, of(other, mine)?)) })
    }

    /// For every two cohorts the people who would like best to change between them, paired.
    fn promising(&self) -> Vec<(usize, usize)> {
        let board = self.board;
        let mut wish: BTreeMap<(CohortIndex, CohortIndex), Vec<(f64, usize)>> = BTreeMap::new();
        for (person, choices) in board.choices.iter().enumerate() {
            let own = self.labels[person];
            for (choice, cohort) in choices.iter().enumerate().filter(|(choice, _)| *choice != own) {
                let gain = self.pull[person][choice] - self.pull[person][own];
                wish.entry((choices[own], *cohort)).or_default().push((gain, person));
            }
        }
        for list in wish.values_mut() {
            list.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
            list.truncate(PARTNERS);
        }
        let mut pairs = Vec::new();
        for ((from, to), list) in wish.iter().filter(|((from, to), _)| from < to) {
            let Some(back) = wish.get(&(*to, *from)) else { continue };
            pairs.extend(list.iter().flat_map(|one| back.iter().map(move |other| (one.1, other.1))));
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_rules::Scenario;
    use serde_json::{json, Value};

    fn found(scenario: &Value) -> (Problem, Labels) {
        let read = Scenario::read(&scenario.to_string());
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        let (problem, _) = Problem::new(&read.scenario.expect("no findings")).expect("no mistakes");
        let levels = [Level::Rules(Strength::Medium)];
        let labels = search(&problem, &problem.model(), &levels, 0, None).expect("cohorts are open");
        (problem, labels)
    }

    fn crossing(problem: &Problem, labels: &Labels) -> f64 {
        let of = |person: PersonIndex| labels.iter().find(|label| label.0 == person).map(|label| label.1);
        problem.site.ties.iter().filter(|(one, other, _)| of(*one) != of(*other)).map(|tie| tie.2).sum()
    }

    /// Four groups of eight who work together much, each person also a little with two of the next group: the groups
    /// are the cohorts, and the sixty-four light ties cross.
    fn planted(rules: &Value) -> Value {
        let people: Vec<Value> =
            (0..32).map(|at| json!({ "id": format!("p{at}"), "team": format!("t{}", at % 4) })).collect();
        let mut ties = Vec::new();
        for one in 0..32 {
            for other in one + 1..32 {
                let weight = match (other - one) % 4 {
                    0 => 5.0,
                    _ if other - one == 1 || other - one == 5 => 1.0,
                    _ => continue,
                };
                ties.push(json!({ "between": [format!("p{one}"), format!("p{other}")], "weight": weight }));
            }
        }
        json!({ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15", "anchor": "2020-06-15" },
            "people": people, "ties": ties, "rules": rules })
    }

    #[test]
    fn groups_that_are_there_are_found() {
        let little = json!({ "mixing": { "want": "little" }, "strength": "medium" });
        let (problem, labels) = found(&planted(&json!([{ "cohorts": { "count": 4 } }, little])));
        // 31 ties to the next and 27 to the one five on.
        assert!((crossing(&problem, &labels) - 58.0).abs() < 1e-9, "{labels:?}");
        // The other way round: nobody with their own.
        let much = json!({ "mixing": { "want": "much" }, "strength": "medium" });
        let (problem, labels) = found(&planted(&json!([{ "cohorts": { "count": 8 } }, much])));
        let all: f64 = problem.site.ties.iter().map(|tie| tie.2).sum();
        assert!((crossing(&problem, &labels) - all).abs() < 1e-9);
    }

    #[test]
    fn sizes_shares_and_groups_hold() {
        let rules = json!([
            { "cohorts": { "count": 3, "split": ["t0", "t1"], "whole": ["p2; p3; p7", "p6; p9"], "members": { "B": ["p0"] } } },
            { "mixing": { "want": "little" }, "strength": "medium" }
        ]);
        let (problem, labels) = found(&planted(&rules));
        let site = &problem.site;
        let mut roster = rota_core::Roster::at_home(site);
        for (person, cohort) in &labels {
            roster.set_cohort(*person, Some(*cohort));
        }
        let judgement = rota_rules::Judgement::of(&problem, &roster);
        assert!(judgement.musts_kept(), "{:?}", judgement.breaches);
    }

    #[test]
    fn the_same_seed_gives_the_same_labels() {
        let rules =
            json!([{ "cohorts": { "count": 3 } }, { "mixing": { "want": "little" }, "strength": "medium" }]);
        let (_, one) = found(&planted(&rules));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        let (_, other) = pool.install(|| found(&planted(&rules)));
        assert_eq!(one, other);
    }

    /// Contacts measured in an office: the best known before was 678.
    #[test]
    fn an_office_in_two_halves() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/office_contacts");
        let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the fixture is there");
        let mut scenario: Value = serde_json::from_str(&read("two_cohorts.json")).expect("JSON");
        let ties: Vec<Value> = read("ties.csv")
            .lines()
            .skip(1)
            .map(|line| {
                let fields: Vec<&str> = line.split(',').collect();
                json!({ "between": fields[..2], "weight": fields[2].parse::<f64>().expect("a number") })
            })
            .collect();
        scenario["ties"] = json!(ties);
        let (problem, labels) = found(&scenario);
        assert!(crossing(&problem, &labels) <= 678.0 * 1.01);
    }
}
