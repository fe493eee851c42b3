//! Blocks: what stays connected when rows that span many people are set aside.
//!
//! A block is a set of columns that only few rows, the *links*, join to the rest. The least blocks are people: all
//! that is decided about one person stays together, and so do people whom a helper (a team's day together, a zone
//! shared) speaks of. Rows that merely add up decisions of several people (cover, seats, the car park) and levels
//! that are held are links. Larger blocks grow out of them along the shortest rows: a zone with all its people, say, so
//! that only the car park is a link. No rule is known here, only rows.

use crate::neighbourhood::Role;
use crate::program::Program;
use crate::sets::Sets;
use std::collections::BTreeMap;

/// Columns with the rows that are about them alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// The columns, in order.
    pub columns: Vec<usize>,
    /// The rows, in order.
    pub rows: Vec<usize>,
}

/// A program in blocks.
#[derive(Debug, Clone, PartialEq)]
pub struct Blocks {
    /// The blocks, in the order of their first columns.
    pub blocks: Vec<Block>,
    /// Rows that join blocks.
    pub links: Vec<usize>,
    /// Columns that only links speak of, and that pay for them.
    pub shared: Vec<usize>,
}

/// Splits a program into its least blocks. The last `held` rows are links.
pub fn blocks(program: &Program, roles: &[Role], days: usize, held: usize) -> Blocks {
    split(program, roles, days, held, 0)
}

/// Splits a program, which has so many least blocks, into larger ones that are still solved one by one with little
/// effort, and that few rows join; none where there are no such blocks.
pub fn large_blocks(
    program: &Program,
    roles: &[Role],
    days: usize,
    held: usize,
    least: usize,
) -> Option<Blocks> {
    LARGE.iter().map(|most| split(program, roles, days, held, *most)).find(|found| {
        found.blocks.len() > 1
            && found.blocks.len() * FEWER <= least
            && (found.links.len() - held) * FEW_LINKS <= program.rows.len()
    })
}

/// Columns that a large block may have, the first choice first.
const LARGE: [usize; 2] = [1_000, 3_000];
/// So many least blocks make a large one on average, and of so many rows at most one is a link.
const FEWER: usize = 2;
const FEW_LINKS: usize = 20;

/// Splits a program into its least blocks, and unites those that short rows join as long as no more than `most` columns
/// come together.
pub fn split(program: &Program, roles: &[Role], days: usize, held: usize, most: usize) -> Blocks {
    let count = program.columns.len();
    let own = program.rows.len() - held;
    let mut sets = Sets::of_people(roles, days);
    // Those that a helper or an open cohort speaks of.
    for row in &program.rows[..own] {
        if row.terms.iter().any(|(column, _)| matches!(roles[*column], Role::Follows | Role::Stands)) {
            let mut columns =
                row.terms.iter().map(|term| term.0).filter(|column| roles[*column] != Role::Pays);
            if let Some(first) = columns.next() {
                columns.for_each(|column| sets.unite(first, column));
            }
        }
    }
    // Rows that pay with the same column belong together.
    let mut payers = Sets::new(program.rows.len());
    let mut row_of = vec![usize::MAX; count];
    for (at, row) in program.rows[..own].iter().enumerate() {
        for (column, _) in row.terms.iter().filter(|(column, _)| roles[*column] == Role::Pays) {
            if row_of[*column] == usize::MAX {
                row_of[*column] = at;
            }
            payers.unite(row_of[*column], at);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..own {
        groups.entry(payers.find(at)).or_default().push(at);
    }
    grow(&mut sets, program, roles, groups.values(), most);
    let mut links: Vec<usize> = (own..program.rows.len()).collect();
    let mut rows_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for rows in groups.into_values() {
        let roots = roots(&mut sets, &decided(program, roles, &rows));
        match roots.as_slice() {
            [root] => rows_of.entry(*root).or_default().extend(rows),
            _ => links.extend(rows),
        }
    }
    links.sort_unstable();
    let mut block_of_payer = vec![usize::MAX; count];
    for (root, rows) in &rows_of {
        for (column, _) in rows.iter().flat_map(|row| &program.rows[*row].terms) {
            if roles[*column] == Role::Pays {
                block_of_payer[*column] = *root;
            }
        }
    }
    let mut columns_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut shared = Vec::new();
    for column in 0..count {
        if roles[column] != Role::Pays {
            columns_of.entry(sets.find(column)).or_default().push(column);
        } else if block_of_payer[column] == usize::MAX {
            shared.push(column);
        } else {
            columns_of.entry(block_of_payer[column]).or_default().push(column);
        }
    }
    let blocks = columns_of
        .into_iter()
        .map(|(root, columns)| {
            let mut rows = rows_of.remove(&root).unwrap_or_default();
            rows.sort_unstable();
            Block { columns, rows }
        })
        .collect();
    Blocks { blocks, links, shared }
}

/// The columns in rows, those aside that pay for them.
fn decided(program: &Program, roles: &[Role], rows: &[usize]) -> Vec<usize> {
    let terms = rows.iter().flat_map(|row| &program.rows[*row].terms);
    terms.map(|term| term.0).filter(|column| roles[*column] != Role::Pays).collect()
}

/// The sets that columns are in, in order.
fn roots(sets: &mut Sets, columns: &[usize]) -> Vec<usize> {
    let mut roots: Vec<usize> = columns.iter().map(|column| sets.find(*column)).collect();
    roots.sort_unstable();
    roots.dedup();
    roots
}

/// Unites what groups of rows join, the shortest first, as long as no more than `most` columns come together.
fn grow<'a>(
    sets: &mut Sets,
    program: &Program,
    roles: &[Role],
    groups: impl Iterator<Item = &'a Vec<usize>>,
    most: usize,
) {
    if most == 0 {
        return;
    }
    let mut size = vec![0; roles.len()];
    for column in (0..roles.len()).filter(|column| roles[*column] != Role::Pays) {
        size[sets.find(column)] += 1;
    }
    let mut groups: Vec<Vec<usize>> = groups.map(|rows| decided(program, roles, rows)).collect();
    groups.sort_by_key(Vec::len);
    for columns in groups {
        let roots = roots(sets, &columns);
        let sum: usize = roots.iter().map(|root| size[*root]).sum();
        if roots.len() > 1 && sum <= most {
            for root in &roots[1..] {
                sets.unite(roots[0], *root);
            }
            size[roots[0]] = sum;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{ProgramColumn, ProgramRow};

    fn program(columns: usize, rows: &[&[usize]]) -> Program {
        let row = |columns: &&[usize]| ProgramRow {
            lower: f64::NEG_INFINITY,
            upper: 1.0,
            terms: columns.iter().map(|column| (*column, 1.0)).collect(),
        };
        Program {
            columns: vec![ProgramColumn { lower: 0.0, upper: 1.0, integer: true }; columns],
            rows: rows.iter().map(row).collect(),
        }
    }

    /// Two people on two days: each has a row of their own; both days are capped, one of them at a price.
    #[test]
    fn people_are_blocks_and_what_adds_them_up_is_a_link() {
        use Role::{Decides, Pays};
        let roles = [Decides(0), Decides(1), Decides(2), Decides(3), Pays];
        let program = program(5, &[&[0, 1], &[0, 2], &[1, 3, 4], &[2, 3]]);
        let found = blocks(&program, &roles, 2, 0);
        let block =
            |columns: &[usize], rows: &[usize]| Block { columns: columns.to_vec(), rows: rows.to_vec() };
        assert_eq!(found.blocks, [block(&[0, 1], &[0]), block(&[2, 3], &[3])]);
        assert_eq!((found.links, found.shared), (vec![1, 2], vec![4]));
    }

    /// A helper that speaks of both people makes one block of them; a slack goes with the rows that need it.
    #[test]
    fn helpers_join_people() {
        use Role::{Decides, Follows, Pays};
        let roles = [Decides(0), Decides(1), Follows, Pays, Decides(2)];
        let program = program(5, &[&[0, 1, 2], &[2, 3], &[1, 4]]);
        let found = blocks(&program, &roles, 1, 1);
        assert_eq!(found.blocks.len(), 2);
        assert_eq!(found.blocks[0].columns, [0, 1, 2, 3]);
        assert_eq!((found.links, found.shared), (vec![2], vec![]));
    }

    /// Two zones of two people each, with a row for each zone and one for all: the zones are the blocks.
    #[test]
    fn blocks_grow_along_the_shortest_rows() {
        use Role::{Decides, Pays};
        let roles = [Decides(0), Decides(1), Decides(2), Decides(3), Pays];
        let program = program(5, &[&[0, 1, 2, 3], &[0, 1, 4], &[2, 3]]);
        let found = split(&program, &roles, 1, 0, 2);
        let block =
            |columns: &[usize], rows: &[usize]| Block { columns: columns.to_vec(), rows: rows.to_vec() };
        assert_eq!(found.blocks, [block(&[0, 1, 4], &[1]), block(&[2, 3], &[2])]);
        assert_eq!((found.links, found.shared), (vec![0], vec![]));
        assert_eq!(split(&program, &roles, 1, 0, 4).blocks.len(), 1);
        // One link in three rows is too many.
        assert_eq!(large_blocks(&program, &roles, 1, 0, 4), None);
    }
}
