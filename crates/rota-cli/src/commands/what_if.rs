//! `rota what-if`: one file per question.

mod attendance;
mod case;
mod cycle;
mod grid;

use crate::args::WhatIf;
use crate::output::say;
use crate::{Exit, MISTAKE};

/// Answers the one question that was asked.
pub fn run(args: &WhatIf) -> Exit {
    let misplaced = misplaced(args);
    if !misplaced.is_empty() {
        say(&misplaced.join("\n"));
        return MISTAKE;
    }
    if !args.grid.is_empty() {
        grid::run(args, &args.grid)
    } else if let Some(groups) = &args.attendance {
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

/// Options of a question that was not asked.
fn misplaced(args: &WhatIf) -> Vec<String> {
    let attendance = (args.attendance.is_some(), "--attendance");
    let case = (args.case.is_some(), "--case");
    let meetings = (args.case.is_some() || args.contacts, "--case or --contacts");
    let cycle = (args.cycle.is_some(), "--cycle");
    let options = [
        (args.desks.is_some(), "--desks", attendance),
        (args.days.is_some(), "--days", attendance),
        (args.promise.is_some(), "--promise", attendance),
        (args.absent_rate.is_some(), "--absent-rate", attendance),
        (args.comes.is_some(), "--comes", attendance),
        (!args.together.is_empty(), "--together", attendance),
        (args.on.is_some(), "--on", case),
        (args.stay.is_some(), "--stay", case),
        (args.within.is_some(), "--within", meetings),
        (args.back.is_some(), "--back", meetings),
        (args.home_r.is_some(), "--home-r", cycle),
        (args.work_r.is_some(), "--work-r", cycle),
        (args.latent_days.is_some(), "--latent-days", cycle),
        (args.infectious_days.is_some(), "--infectious-days", cycle),
    ];
    let wrong = options.into_iter().filter(|(is_given, _, (is_asked, _))| *is_given && !is_asked);
    wrong
        .map(|(_, option, (_, question))| {
            format!("error[what_if.option]: {option} is read with {question} alone\n  help: leave it out")
        })
        .collect()
}
