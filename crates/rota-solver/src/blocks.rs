//! Blocks: what stays connected when rows that span many people are set aside.
//!
//! A block is a set of columns that only few rows, the *links*, join to the rest. The least blocks are people: all
//! that is decided about one person stays together, and so do people whom a helper (a team's day together, a zone
//! shared) speaks of. Rows that merely add up decisions of several people (cover, seats, the car park) and levels
//! that are held are links. No rule is known here, only rows.

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

/// Splits a program into its blocks. The last `held` rows are links.
pub fn blocks(program: &Program, roles: &[Role], days: usize, held: usize) -> Blocks {
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
    let mut links: Vec<usize> = (own..program.rows.len()).collect();
    let mut rows_of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for rows in groups.into_values() {
        let mut roots: Vec<usize> = rows
            .iter()
            .flat_map(|row| &program.rows[*row].terms)
            .filter(|(column, _)| roles[*column] != Role::Pays)
            .map(|(column, _)| sets.find(*column))
            .collect();
        roots.sort_unstable();
        roots.dedup();
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
}
