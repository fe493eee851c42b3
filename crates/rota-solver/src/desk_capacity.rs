//! How many desks can be in use at one time: the largest set without two that are too near each other.

use crate::backend::{plain, Answer};
use crate::program::{Program, ProgramColumn, ProgramRow};
use rota_core::DeskIndex;
use std::collections::BTreeMap;

/// The largest number of `desks` without a pair of `pairs` among them (a largest independent set), proved; none
/// when it cannot be proved within `seconds`.
pub fn most_desks(desks: &[DeskIndex], pairs: &[(DeskIndex, DeskIndex)], seconds: f64) -> Option<usize> {
    let columns: BTreeMap<DeskIndex, usize> =
        desks.iter().enumerate().map(|(at, desk)| (*desk, at)).collect();
    let choice = ProgramColumn { lower: 0.0, upper: 1.0, integer: true };
    let mut program = Program { columns: vec![choice; desks.len()], rows: Vec::new() };
    for (one, other) in pairs {
        if let (Some(one), Some(other)) = (columns.get(one), columns.get(other)) {
            let mut terms = vec![(*one, 1.0), (*other, 1.0)];
            terms.sort_unstable_by_key(|term| term.0);
            program.rows.push(ProgramRow { lower: f64::NEG_INFINITY, upper: 1.0, terms });
        }
    }
    let objective: Vec<(usize, f64)> = (0..desks.len()).map(|at| (at, -1.0)).collect();
    match plain::solve(&program, &objective, Some(seconds)) {
        Answer::Proved { cost, .. } => Some((-cost).round() as usize),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_second_desk_of_a_row() {
        let desks: Vec<DeskIndex> = DeskIndex::all(7).collect();
        let pairs: Vec<_> = desks.windows(2).map(|pair| (pair[0], pair[1])).collect();
        assert_eq!(most_desks(&desks, &pairs, 10.0), Some(4));
        assert_eq!(most_desks(&desks, &[], 10.0), Some(7));
        assert_eq!(most_desks(&[], &[], 10.0), Some(0));
    }
}
