//! Blocks as programs of their own: what each offers at prices, how little of a link it can do with, and its share.

use super::Plan;
use crate::backend::{self, Answer, Request};
use crate::blocks::Blocks;
use crate::diagram::Diagram;
use crate::neighbourhood::Role;
use crate::program::{Program, ProgramColumn, ProgramRow};
use crate::watched::unless;
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

/// Nodes of the search of one block.
pub(super) const NODES: u64 = 400;
/// Nodes of the diagram of one block at most, and of all together.
const MOST_NODES: usize = 300_000;
const ALL_NODES: usize = 20_000_000;

/// One block as a program of its own.
pub(super) struct Part {
    pub program: Program,
    pub cost: Vec<f64>,
    /// For each link (by place) the columns of the block in it.
    pub links: Vec<(usize, Vec<(usize, f64)>)>,
    /// The best plan of the last prices, to start from.
    pub last: Vec<f64>,
    /// All its plans, where they are few enough.
    pub diagram: Option<Diagram>,
}

impl Part {
    /// What the block adds to a link.
    pub fn terms_in(&self, link: usize) -> Option<&[(usize, f64)]> {
        self.links.iter().find(|(own, _)| *own == link).map(|(_, terms)| terms.as_slice())
    }

    /// Values of this block, the one at `block`, as a plan.
    pub fn plan(&self, block: usize, values: Vec<f64>) -> Plan {
        let add =
            |terms: &[(usize, f64)]| terms.iter().map(|(column, factor)| factor * values[*column]).sum();
        let adds: Vec<(usize, f64)> = self.links.iter().map(|(link, terms)| (*link, add(terms))).collect();
        Plan {
            block,
            cost: self.cost.iter().zip(&values).map(|(cost, value)| cost * value).sum(),
            adds: adds.into_iter().filter(|(_, sum)| *sum != 0.0).collect(),
            values,
        }
    }

    /// The least that a plan costs, from the last one on.
    fn solve(&self, objective: &[(usize, f64)], seconds: f64, stop: &AtomicBool) -> Answer {
        let request = Request {
            start: Some(&self.last),
            seconds: Some(seconds),
            nodes: Some(NODES),
            gap: 1e-6,
            ..Request::new(&self.program, objective)
        };
        backend::highs::solve(&request, &mut |_| unless(stop))
    }

    /// How little of a link the block can do with.
    pub fn least(&self, link: usize, seconds: f64, stop: &AtomicBool) -> f64 {
        let Some(terms) = self.terms_in(link) else { return 0.0 };
        match self.solve(terms, seconds, stop) {
            // A backend may tell a bound too high by its tolerance.
            Answer::Proved { bound, .. } | Answer::Stopped { bound, .. } => {
                bound - 1e-5 * bound.abs().max(1.0)
            }
            _ => f64::NEG_INFINITY,
        }
    }

    /// What each column costs at these prices.
    pub fn reduced(&self, prices: &[f64]) -> Vec<f64> {
        let mut reduced = self.cost.clone();
        for (link, terms) in &self.links {
            for (column, factor) in terms {
                reduced[*column] -= prices[*link] * factor;
            }
        }
        reduced
    }

    /// The best plan at these prices, with what any plan costs at least.
    pub fn offer(&self, prices: &[f64], seconds: f64, stop: &AtomicBool) -> Option<(Vec<f64>, f64)> {
        if stop.load(Ordering::Relaxed) {
            return None;
        }
        let reduced = self.reduced(prices);
        if let Some(best) = self.diagram.as_ref().and_then(|diagram| diagram.best(&reduced)) {
            return Some(best);
        }
        let objective: Vec<(usize, f64)> = reduced
            .iter()
            .enumerate()
            .filter(|(_, cost)| cost.abs() > 1e-12)
            .map(|(column, cost)| (column, *cost))
            .collect();
        match self.solve(&objective, seconds, stop) {
            Answer::Proved { values, bound, .. } => Some((values, bound)),
            Answer::Stopped { best, bound, .. } if bound.is_finite() => {
                best.map(|(values, _)| (values, bound))
            }
            _ => None,
        }
    }
}

/// The blocks of a program with costs. `start` keeps every row.
pub(super) fn parts(program: &Program, cost: &[f64], blocks: &Blocks, start: &[f64]) -> Vec<Part> {
    let mut place = vec![usize::MAX; program.columns.len()];
    let mut block_of = vec![usize::MAX; program.columns.len()];
    for (at, block) in blocks.blocks.iter().enumerate() {
        for (own, column) in block.columns.iter().enumerate() {
            place[*column] = own;
            block_of[*column] = at;
        }
    }
    let mut parts: Vec<Part> = blocks
        .blocks
        .iter()
        .map(|block| {
            let rows = block.rows.iter().map(|row| {
                let row = &program.rows[*row];
                let mut terms: Vec<(usize, f64)> =
                    row.terms.iter().map(|(column, factor)| (place[*column], *factor)).collect();
                terms.sort_unstable_by_key(|term| term.0);
                ProgramRow { lower: row.lower, upper: row.upper, terms }
            });
            Part {
                program: Program {
                    columns: block.columns.iter().map(|column| program.columns[*column]).collect(),
                    rows: rows.collect(),
                },
                cost: block.columns.iter().map(|column| cost[*column]).collect(),
                links: Vec::new(),
                last: block.columns.iter().map(|column| start[*column]).collect(),
                diagram: None,
            }
        })
        .collect();
    for (link, row) in blocks.links.iter().enumerate() {
        for (column, factor) in &program.rows[*row].terms {
            let block = block_of[*column];
            if block == usize::MAX {
                continue;
            }
            let links = &mut parts[block].links;
            if links.last().is_none_or(|(last, _)| *last != link) {
                links.push((link, Vec::new()));
            }
            links.last_mut().expect("just pushed").1.push((place[*column], *factor));
        }
    }
    parts
}

/// Gives every block a diagram of all its plans, or none of them: what few can do takes as long as what none can.
pub(super) fn give_diagrams(parts: &mut [Part], blocks: &Blocks, (roles, days): (&[Role], usize)) {
    let most = MOST_NODES.min(ALL_NODES / parts.len().max(1));
    let too_large = AtomicBool::new(false);
    parts.par_iter_mut().zip(&blocks.blocks).for_each(|(part, block)| {
        let day = |column: &usize| match roles[*column] {
            Role::Decides(cell) => Some(cell % days as u32),
            _ => None,
        };
        let days: Vec<Option<u32>> = block.columns.iter().map(day).collect();
        if !too_large.load(Ordering::Relaxed) {
            part.diagram = Diagram::of(&part.program, &days, most);
            too_large.fetch_or(part.diagram.is_none(), Ordering::Relaxed);
        }
    });
    if too_large.into_inner() {
        for part in parts {
            part.diagram = None;
        }
    }
}

/// Gives every block its own share of a link: as much as is left when all others take as little of it as they can. Adds
/// a row to the blocks that could take more.
pub(super) fn own_shares(program: &Program, row: &ProgramRow, link: usize, parts: &mut [Part]) {
    let ends = |terms: &mut dyn Iterator<Item = (ProgramColumn, f64)>| {
        terms.fold((0.0, 0.0), |(low, high), (column, factor)| {
            let (one, other) = (factor * column.lower, factor * column.upper);
            (low + one.min(other), high + one.max(other))
        })
    };
    let (least, most) =
        ends(&mut row.terms.iter().map(|(column, factor)| (program.columns[*column], *factor)));
    for part in parts {
        let Some(terms) = part.terms_in(link) else { continue };
        let (low, high) =
            ends(&mut terms.iter().map(|(column, factor)| (part.program.columns[*column], *factor)));
        let row = share(row, terms, (least - low, most - high), (low, high));
        part.program.rows.extend(row);
    }
}

/// The row of a block that may not take more of a link than all others leave, which take so much at least and at most;
/// none where the block by itself lies within it.
pub(super) fn share(
    row: &ProgramRow,
    terms: &[(usize, f64)],
    (least, most): (f64, f64),
    (low, high): (f64, f64),
) -> Option<ProgramRow> {
    let mut own = ProgramRow { lower: f64::NEG_INFINITY, upper: f64::INFINITY, terms: terms.to_vec() };
    // An unbounded column leaves nothing to say.
    let (lower, upper) = (row.lower - most, row.upper - least);
    if lower.is_finite() && lower > low + 1e-6 {
        own.lower = lower;
    }
    if upper.is_finite() && upper < high - 1e-6 {
        own.upper = upper;
    }
    own.terms.sort_unstable_by_key(|term| term.0);
    (own.lower.is_finite() || own.upper.is_finite()).then_some(own)
}
