//! `rota what-if`: one file per question.

mod attendance;
mod cycle;

use crate::args::WhatIf;
use crate::Exit;

/// Answers the one question that was asked.
pub fn run(args: &WhatIf) -> Exit {
    if let Some(groups) = &args.attendance {
        attendance::run(args, groups)
    } else if let Some(days) = args.cycle {
        cycle::run(args, days)
    } else {
        unreachable!("one question is required")
    }
}
