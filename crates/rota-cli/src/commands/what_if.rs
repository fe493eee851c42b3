//! `rota what-if`: one file per question.

mod attendance;

use crate::args::WhatIf;
use crate::Exit;

/// Answers the one question that was asked.
pub fn run(args: &WhatIf) -> Exit {
    match &args.attendance {
        Some(groups) => attendance::run(args, groups),
        None => unreachable!("one question is required"),
    }
}
