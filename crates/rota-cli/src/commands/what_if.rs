//! `rota what-if`: one file per question.

mod attendance;
mod case;
mod cycle;

use crate::args::WhatIf;
use crate::Exit;

/// Answers the one question that was asked.
pub fn run(args: &WhatIf) -> Exit {
    if let Some(groups) = &args.attendance {
        attendance::run(args, groups)
    } else if let Some(person) = &args.case {
        case::run_case(args, person)
    } else if args.contacts {
        case::run_contacts(args)
    } else if let Some(days) = args.cycle {
        cycle::run(args, days)
    } else {
        unreachable!("one question is required")
    }
}
