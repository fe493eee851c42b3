//! Every plan of a small block at once: a decision diagram.
//!
//! The columns of the block are gone through in a fixed order. Two beginnings of plans that leave every row that is
//! still open at the same sum go on in the same ways, so they meet in one node. What costs least is then a shortest way
//! from the first node to the last, whatever the costs, so that a diagram is made once and asked many times. One person's
//! shifts of four weeks make some thousands of nodes.
//!
//! Method: decision diagrams of sets of solutions (Hooker 2013; Bergman and others 2016), as in pricing by resource
//! constrained paths; here the resources are the rows themselves, so that no rule is known.

use crate::program::Program;
use std::collections::HashMap;

/// Parts of a unit in which sums are counted, so that they can be compared exactly.
const PARTS: f64 = 1e6;
/// A row that is kept whatever follows.
const KEPT: i64 = i64::MAX;
/// Nodes of one layer at most: what has more soon has too many in all.
const MOST_OPEN: usize = 10_000;
/// Values that one column may have at most.
const MOST_VALUES: f64 = 8.0;

/// One way on from a node.
#[derive(Debug, Clone, Copy)]
struct Arc {
    /// The node in the next layer.
    to: u32,
    /// The value of the layer's column.
    value: f64,
    /// Which list of slacks is paid here.
    pays: u32,
}

/// What is decided at one column.
#[derive(Debug, Clone)]
struct Layer {
    column: usize,
    /// Where each node's arcs begin, and the end of the last.
    starts: Vec<u32>,
    arcs: Vec<Arc>,
}

/// All plans of a block.
#[derive(Debug, Clone)]
pub struct Diagram {
    layers: Vec<Layer>,
    /// Lists of slacks and their least values; the first is empty.
    pays: Vec<Vec<(usize, f64)>>,
    slacks: Vec<usize>,
    columns: usize,
}

/// A row as sums in whole parts.
#[derive(Debug, Clone)]
struct Sum {
    lower: i64,
    upper: i64,
    /// Place in the order, and factor.
    terms: Vec<(usize, i64)>,
    slack: Option<usize>,
    /// The last place that matters to it.
    ends: usize,
}

/// What a column adds to an open row.
#[derive(Debug, Clone, Copy)]
struct Touch {
    row: usize,
    slot: usize,
    factor: i64,
    is_first: bool,
    /// What the columns after it can add at least and at most.
    least: i64,
    most: i64,
}

fn parts(number: f64) -> Option<i64> {
    if number == f64::INFINITY {
        return Some(i64::MAX / 4);
    }
    if number == f64::NEG_INFINITY {
        return Some(i64::MIN / 4);
    }
    let scaled = number * PARTS;
    ((scaled - scaled.round()).abs() < 1e-3 && scaled.abs() < 1e15).then(|| scaled.round() as i64)
}

/// Columns that pay for rows, each with the rows it pays for; none where a column is neither whole nor such a one.
fn slacks_of(program: &Program) -> Option<HashMap<usize, Vec<usize>>> {
    let mut rows_of: HashMap<usize, Vec<usize>> = HashMap::new();
    for (at, row) in program.rows.iter().enumerate() {
        let mut broken = row.terms.iter().filter(|(column, _)| !program.columns[*column].integer);
        let Some((column, factor)) = broken.next() else { continue };
        let helps = if *factor > 0.0 {
            row.upper == f64::INFINITY && row.lower.is_finite()
        } else {
            row.lower == f64::NEG_INFINITY && row.upper.is_finite()
        };
        if broken.next().is_some() || !helps {
            return None;
        }
        rows_of.entry(*column).or_default().push(at);
    }
    let is_slack = |column: usize| {
        let bounds = program.columns[column];
        bounds.lower == 0.0 && bounds.upper == f64::INFINITY
    };
    rows_of.keys().all(|column| is_slack(*column)).then_some(rows_of)
}

/// The order of the whole columns: as `days` has those that are decided, others after the last that they follow from.
fn order_of(program: &Program, days: &[Option<u32>]) -> Vec<usize> {
    let mut decided: Vec<usize> =
        (0..program.columns.len()).filter(|at| program.columns[*at].integer && days[*at].is_some()).collect();
    decided.sort_by_key(|at| (days[*at], *at));
    let mut place = vec![0; program.columns.len()];
    for (at, column) in decided.iter().enumerate() {
        place[*column] = at;
    }
    let mut after = vec![0; program.columns.len()];
    for row in &program.rows {
        let last =
            row.terms.iter().filter(|(column, _)| days[*column].is_some()).map(|term| place[term.0]).max();
        for (column, _) in row.terms.iter().filter(|(column, _)| days[*column].is_none()) {
            after[*column] = last.unwrap_or(0).max(after[*column]);
        }
    }
    let mut order: Vec<usize> =
        (0..program.columns.len()).filter(|at| program.columns[*at].integer).collect();
    order.sort_by_key(|at| match days[*at] {
        Some(_) => (place[*at], 0, *at),
        None => (after[*at], 1, *at),
    });
    order
}

impl Diagram {
    /// The plans of a program; none when it has more than `most` nodes, or columns and rows that are beyond this: only
    /// whole columns with few values, and slacks of which each row has one at most. `days` tells for each column that is
    /// decided when it is decided, which gives the order.
    pub fn of(program: &Program, days: &[Option<u32>], most: usize) -> Option<Diagram> {
        let slacks = slacks_of(program)?;
        let order = order_of(program, days);
        let mut place = vec![usize::MAX; program.columns.len()];
        for (at, column) in order.iter().enumerate() {
            let bounds = program.columns[*column];
            let is_few = bounds.lower.is_finite() && bounds.upper - bounds.lower <= MOST_VALUES;
            if !is_few {
                return None;
            }
            place[*column] = at;
        }
        let mut sums = Vec::new();
        for row in &program.rows {
            let mut terms = Vec::new();
            let mut slack = None;
            for (column, factor) in &row.terms {
                if place[*column] == usize::MAX {
                    slack = Some(*column);
                } else {
                    terms.push((place[*column], parts(*factor)?));
                }
            }
            terms.sort_unstable();
            // A row of slacks alone does not stand in a block.
            let ends = terms.last()?.0;
            sums.push(Sum { lower: parts(row.lower)?, upper: parts(row.upper)?, terms, slack, ends });
        }
        // Rows that pay with the same slack end together.
        for rows in slacks.values() {
            let ends = rows.iter().map(|row| sums[*row].ends).max()?;
            for row in rows {
                sums[*row].ends = ends;
            }
        }
        let steps = Steps::of(program, &order, &sums, &slacks);
        let mut slacks: Vec<usize> = slacks.into_keys().collect();
        slacks.sort_unstable();
        let mut diagram =
            Diagram { layers: Vec::new(), pays: vec![Vec::new()], slacks, columns: program.columns.len() };
        let mut nodes: Vec<Box<[i64]>> = vec![vec![0; steps.width].into_boxed_slice()];
        let mut count = 0;
        for (at, column) in order.iter().enumerate() {
            let bounds = program.columns[*column];
            let values: Vec<i64> = (bounds.lower.ceil() as i64..=bounds.upper.floor() as i64).collect();
            let mut layer = Layer { column: *column, starts: vec![0], arcs: Vec::new() };
            let mut known: HashMap<Box<[i64]>, u32> = HashMap::new();
            let mut next: Vec<Box<[i64]>> = Vec::new();
            let mut state = vec![0; steps.width];
            for node in &nodes {
                for value in &values {
                    state.copy_from_slice(node);
                    if !steps.go(at, *value, &sums, &mut state) {
                        continue;
                    }
                    let paid = steps.end(at, &sums, program, &mut state);
                    let to = if let Some(to) = known.get(state.as_slice()) {
                        *to
                    } else {
                        let to = next.len() as u32;
                        known.insert(state.clone().into_boxed_slice(), to);
                        next.push(state.clone().into_boxed_slice());
                        to
                    };
                    let pays = if paid.is_empty() {
                        0
                    } else {
                        diagram.pays.push(paid);
                        diagram.pays.len() as u32 - 1
                    };
                    layer.arcs.push(Arc { to, value: *value as f64, pays });
                }
                layer.starts.push(layer.arcs.len() as u32);
            }
            diagram.layers.push(layer);
            count += next.len();
            if count > most || next.len() > MOST_OPEN || next.is_empty() {
                return None;
            }
            nodes = next;
        }
        Some(diagram)
    }

    /// The plan that costs least, with its cost; none where a slack would be worth having, or there is no plan.
    pub fn best(&self, cost: &[f64]) -> Option<(Vec<f64>, f64)> {
        self.ways(cost)?.best()
    }

    /// The ways through the diagram at some costs; none where a slack would be worth having, or there is no plan.
    pub fn ways<'a>(&'a self, cost: &'a [f64]) -> Option<Ways<'a>> {
        if self.slacks.iter().any(|slack| cost[*slack] < 0.0) {
            return None;
        }
        let pay = |list: &Vec<(usize, f64)>| list.iter().map(|(slack, amount)| cost[*slack] * amount).sum();
        let paid = self.pays.iter().map(pay).collect();
        let end = vec![0.0; self.layers.last().map_or(1, Layer::ends_in)];
        let mut ways = Ways { diagram: self, cost, paid, beyond: vec![end] };
        for layer in self.layers.iter().rev() {
            let next = ways.beyond.last().expect("the last layer is there");
            let of_node = |node: usize| {
                let on = |arc: &Arc| ways.costs(layer, arc) + next[arc.to as usize];
                layer.from(node).iter().map(on).fold(f64::INFINITY, f64::min)
            };
            let own = (0..layer.starts.len() - 1).map(of_node).collect();
            ways.beyond.push(own);
        }
        ways.beyond.reverse();
        ways.least().is_finite().then_some(ways)
    }

    /// Puts what one way on from a layer says in its place.
    fn go(&self, at: usize, arc: &Arc, values: &mut [f64]) {
        values[self.layers[at].column] = arc.value;
        for (slack, amount) in &self.pays[arc.pays as usize] {
            values[*slack] = *amount;
        }
    }

    /// How many ways on there are in all: what one question takes.
    #[cfg(test)]
    fn arcs(&self) -> usize {
        self.layers.iter().map(|layer| layer.arcs.len()).sum()
    }
}

impl Layer {
    fn from(&self, node: usize) -> &[Arc] {
        &self.arcs[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// Nodes of the layer after it.
    fn ends_in(&self) -> usize {
        self.arcs.iter().map(|arc| arc.to as usize + 1).max().unwrap_or(0)
    }
}

/// The ways through a diagram at some costs.
pub struct Ways<'a> {
    diagram: &'a Diagram,
    cost: &'a [f64],
    /// What each list of slacks costs.
    paid: Vec<f64>,
    /// What is still to come costs at least: for each layer, and after the last, by its nodes.
    beyond: Vec<Vec<f64>>,
}

impl Ways<'_> {
    /// The plan that costs least, with its cost.
    fn best(&self) -> Option<(Vec<f64>, f64)> {
        let mut values = vec![0.0; self.diagram.columns];
        let mut node = 0;
        for (at, layer) in self.diagram.layers.iter().enumerate() {
            let arcs = layer.from(node).iter();
            let arc = arcs.min_by(|one, other| self.on(at, one).total_cmp(&self.on(at, other)))?;
            self.diagram.go(at, arc, &mut values);
            node = arc.to as usize;
        }
        Some((values, self.least()))
    }

    /// All plans that cost at most so much `more` than the least; none where there are more than `most`.
    pub fn within(&self, more: f64, most: usize) -> Option<Vec<Vec<f64>>> {
        let diagram = self.diagram;
        let mut found = Vec::new();
        let mut values = vec![0.0; diagram.columns];
        // Of each layer on the way its node, how many of its arcs were tried, and what was left to be spent there: a list,
        // because layers may be many thousands.
        let mut way = vec![(0, 0, self.least() + more)];
        while let Some(&(node, tried, left)) = way.last() {
            let at = way.len() - 1;
            let Some(layer) = diagram.layers.get(at) else {
                if found.len() == most {
                    return None;
                }
                found.push(values.clone());
                way.pop();
                continue;
            };
            let arcs = layer.from(node);
            if tried > 0 {
                let paid = &diagram.pays[arcs[tried - 1].pays as usize];
                for (slack, _) in paid {
                    values[*slack] = 0.0;
                }
            }
            let Some(arc) = arcs.get(tried) else {
                way.pop();
                continue;
            };
            way[at].1 += 1;
            if self.on(at, arc) <= left {
                diagram.go(at, arc, &mut values);
                way.push((arc.to as usize, 0, left - self.costs(layer, arc)));
            }
        }
        Some(found)
    }

    /// What the cheapest plan costs.
    fn least(&self) -> f64 {
        self.beyond[0][0]
    }

    /// What one step costs.
    fn costs(&self, layer: &Layer, arc: &Arc) -> f64 {
        self.cost[layer.column] * arc.value + self.paid[arc.pays as usize]
    }

    /// What one way on from a layer costs at least.
    fn on(&self, at: usize, arc: &Arc) -> f64 {
        self.costs(&self.diagram.layers[at], arc) + self.beyond[at + 1][arc.to as usize]
    }
}

/// What happens to the open rows at each place of the order.
struct Steps {
    touches: Vec<Vec<Touch>>,
    /// Rows that end here, with their slots; and the slacks to be paid, each with its rows.
    ends: Vec<Vec<usize>>,
    pays: Vec<Vec<(usize, Vec<(usize, usize)>)>>,
    /// Open rows at one time at most.
    width: usize,
}

impl Steps {
    fn of(program: &Program, order: &[usize], sums: &[Sum], slacks: &HashMap<usize, Vec<usize>>) -> Steps {
        let count = order.len();
        let mut steps = Steps {
            touches: vec![Vec::new(); count],
            ends: vec![Vec::new(); count],
            pays: vec![Vec::new(); count],
            width: 0,
        };
        let mut by_start: Vec<usize> = (0..sums.len()).collect();
        by_start.sort_by_key(|row| (sums[*row].terms[0].0, *row));
        // A slot is free again after the last place of its row.
        let mut busy_until: Vec<usize> = Vec::new();
        let mut slot_of = vec![0; sums.len()];
        for row in by_start {
            let sum = &sums[row];
            let start = sum.terms[0].0;
            let free = busy_until.iter().position(|until| *until < start);
            let slot = free.unwrap_or_else(|| {
                busy_until.push(0);
                busy_until.len() - 1
            });
            busy_until[slot] = sum.ends;
            slot_of[row] = slot;
            steps.ends[sum.ends].push(slot);
            let (mut least, mut most) = (0, 0);
            for (nth, (at, factor)) in sum.terms.iter().enumerate().rev() {
                let touch = Touch { row, slot, factor: *factor, is_first: nth == 0, least, most };
                steps.touches[*at].push(touch);
                let bounds = program.columns[order[*at]];
                let ends = [factor * bounds.lower.ceil() as i64, factor * bounds.upper.floor() as i64];
                least += ends[0].min(ends[1]);
                most += ends[0].max(ends[1]);
            }
        }
        steps.width = busy_until.len();
        let mut in_order: Vec<(&usize, &Vec<usize>)> = slacks.iter().collect();
        in_order.sort_unstable();
        for (slack, rows) in in_order {
            let paid = rows.iter().map(|row| (*row, slot_of[*row])).collect();
            steps.pays[sums[rows[0]].ends].push((*slack, paid));
        }
        steps
    }

    /// Adds a value to the open rows; whether all of them can still be kept.
    fn go(&self, at: usize, value: i64, sums: &[Sum], state: &mut [i64]) -> bool {
        for touch in &self.touches[at] {
            let before = if touch.is_first { 0 } else { state[touch.slot] };
            if before == KEPT {
                continue;
            }
            let sum = &sums[touch.row];
            let now = before + touch.factor * value;
            let (least, most) = (now + touch.least, now + touch.most);
            state[touch.slot] = if least >= sum.lower && most <= sum.upper {
                KEPT
            } else if sum.slack.is_none() && (least > sum.upper || most < sum.lower) {
                return false;
            } else {
                now
            };
        }
        true
    }

    /// Ends rows; the slacks they need.
    fn end(&self, at: usize, sums: &[Sum], program: &Program, state: &mut [i64]) -> Vec<(usize, f64)> {
        let mut paid = Vec::new();
        for (slack, rows) in &self.pays[at] {
            let needed = |(row, slot): &(usize, usize)| {
                let (sum, now) = (&sums[*row], state[*slot]);
                if now == KEPT {
                    return 0.0;
                }
                let factor =
                    program.rows[*row].terms.iter().find(|term| term.0 == *slack).map_or(1.0, |term| term.1);
                let over = if factor > 0.0 { sum.lower - now } else { now - sum.upper };
                over as f64 / PARTS / factor.abs()
            };
            let amount = rows.iter().map(needed).fold(0.0, f64::max);
            if amount > 0.0 {
                paid.push((*slack, amount));
            }
        }
        for slot in &self.ends[at] {
            state[*slot] = 0;
        }
        paid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dice::Dice;
    use crate::program::{ProgramColumn, ProgramRow};
    use std::collections::HashSet;

    const WHOLE: ProgramColumn = ProgramColumn { lower: 0.0, upper: 1.0, integer: true };
    const SLACK: ProgramColumn = ProgramColumn { lower: 0.0, upper: f64::INFINITY, integer: false };

    /// What all values of the first columns cost, slacks as small as the rows allow.
    fn by_trying(program: &Program, wholes: usize, cost: &[f64]) -> Vec<f64> {
        let mut costs = Vec::new();
        for bits in 0..1u32 << wholes {
            let mut values: Vec<f64> = (0..wholes).map(|at| f64::from(bits >> at & 1)).collect();
            values.resize(program.columns.len(), 0.0);
            for row in &program.rows {
                let sum: f64 = row
                    .terms
                    .iter()
                    .filter(|term| term.0 < wholes)
                    .map(|(at, factor)| factor * values[*at])
                    .sum();
                for (slack, factor) in row.terms.iter().filter(|term| term.0 >= wholes) {
                    let over = if *factor > 0.0 { row.lower - sum } else { sum - row.upper };
                    values[*slack] = values[*slack].max(over / factor.abs());
                }
            }
            if program.fits(&values) {
                costs.push(cost.iter().zip(&values).map(|(cost, value)| cost * value).sum());
            }
        }
        costs
    }

    /// Random rows over a few columns, some of them with slacks, two sharing one.
    #[test]
    fn the_shortest_ways_are_the_cheapest_plans() {
        for seed in 0..400 {
            let mut dice = Dice::new(seed, 0);
            let (wholes, slacks) = (9, 2);
            let mut program = Program { columns: vec![WHOLE; wholes], rows: Vec::new() };
            program.columns.extend([SLACK; 2]);
            for at in 0..6 {
                let begin = dice.below(wholes - 2);
                let end = (begin + 2 + dice.below(4)).min(wholes);
                let mut terms: Vec<(usize, f64)> =
                    (begin..end).map(|column| (column, dice.below(3) as f64 + 0.5)).collect();
                let limit = dice.below(4) as f64;
                let is_cap = dice.below(2) == 0;
                if at < 3 {
                    terms.push((wholes + at % slacks, if is_cap { -1.0 } else { 2.0 }));
                }
                let (lower, upper) = if is_cap { (f64::NEG_INFINITY, limit) } else { (limit, f64::INFINITY) };
                program.rows.push(ProgramRow { lower, upper, terms });
            }
            let cost: Vec<f64> = (0..wholes + slacks)
                .map(|at| if at < wholes { dice.below(9) as f64 - 4.0 } else { 1.0 + dice.below(3) as f64 })
                .collect();
            let days: Vec<Option<u32>> =
                (0..wholes + slacks).map(|at| (at < wholes - 1).then_some(at as u32)).collect();
            let tried = by_trying(&program, wholes, &cost);
            let diagram = Diagram::of(&program, &days, 100_000);
            let found = diagram.as_ref().and_then(|diagram| diagram.best(&cost));
            assert_eq!(tried.is_empty(), found.is_none(), "seed {seed}");
            let (Some(diagram), Some((values, least))) = (diagram, found) else { continue };
            let price =
                |values: &[f64]| cost.iter().zip(values).map(|(cost, value)| cost * value).sum::<f64>();
            let is_least = tried.iter().copied().fold(f64::INFINITY, f64::min);
            assert!((is_least - least).abs() < 1e-9, "seed {seed}: {is_least} {least}");
            assert!(program.fits(&values) && (price(&values) - least).abs() < 1e-9, "seed {seed}");
            let more = seed as f64 % 5.0 + 0.25;
            let near = tried.iter().filter(|own| **own <= least + more).count();
            let ways = diagram.ways(&cost).expect("there is a plan");
            let within = ways.within(more, near).expect("there are no more");
            assert!(within.iter().all(|values| program.fits(values) && price(values) <= least + more));
            let different: HashSet<String> = within.iter().map(|values| format!("{values:?}")).collect();
            assert_eq!(different.len(), near, "seed {seed}: all of them, each once");
            assert!(ways.within(more, near - 1).is_none(), "seed {seed}: too many");
        }
    }

    /// Beginnings that leave the same open meet: a cap on all of twenty columns has as many nodes as counts.
    #[test]
    fn beginnings_meet() {
        let row = ProgramRow {
            lower: f64::NEG_INFINITY,
            upper: 10.0,
            terms: (0..20).map(|at| (at, 1.0)).collect(),
        };
        let program = Program { columns: vec![WHOLE; 20], rows: vec![row] };
        let days: Vec<Option<u32>> = (0..20).map(Some).collect();
        let diagram = Diagram::of(&program, &days, 1_000).expect("it is small");
        assert!(diagram.arcs() < 400, "{}", diagram.arcs());
        assert_eq!(diagram.best(&[-1.0; 20]).map(|found| found.1), Some(-10.0));
        assert!(Diagram::of(&program, &days, 20).is_none());
    }

    /// As many layers as columns: no deeper than the memory of one thread.
    #[test]
    fn many_columns_are_gone_through() {
        let program = Program { columns: vec![WHOLE; 100_000], rows: Vec::new() };
        let days: Vec<Option<u32>> = (0..100_000).map(Some).collect();
        let diagram = Diagram::of(&program, &days, 200_000).expect("it is narrow");
        let found = diagram.ways(&vec![1.0; 100_000]).and_then(|ways| ways.within(0.5, 10));
        assert_eq!(found, Some(vec![vec![0.0; 100_000]]));
    }

    /// What pays in part, or for two slacks at once, is for the backend.
    #[test]
    fn what_is_beyond_it_is_refused() {
        let row =
            |terms: &[(usize, f64)]| ProgramRow { lower: 1.0, upper: f64::INFINITY, terms: terms.to_vec() };
        let program = |row: ProgramRow| Program { columns: vec![WHOLE, SLACK, SLACK], rows: vec![row] };
        let days = [Some(0), None, None];
        assert!(Diagram::of(&program(row(&[(0, 1.0), (1, 1.0)])), &days, 10).is_some());
        assert!(Diagram::of(&program(row(&[(0, 1.0), (1, 1.0), (2, 1.0)])), &days, 10).is_none());
        assert!(Diagram::of(&program(row(&[(0, 1.0), (1, -1.0)])), &days, 10).is_none());
    }
}
