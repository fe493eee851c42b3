//! `rota what-if`: one file per question.

mod attendance;
mod grid;

use crate::args::WhatIf;
use crate::Exit;

/// Answers the one question that was asked.
pub fn run(args: &WhatIf) -> Exit {
    if !args.grid.is_empty() {
        return grid::run(args, &args.grid);
    }
    match &args.attendance {
        Some(groups) => attendance::run(args, groups),
        None => unreachable!("one question is required"),
    }
}
