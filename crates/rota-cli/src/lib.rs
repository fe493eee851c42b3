//! The `rota` command: arguments, commands, words and tables on the screen.
//!
//! Invariants: only this crate prints; results go to standard output or the file named, everything else to
//! standard error; no output file is ever half written; every text from outside is made safe for a terminal
//! before it is printed ([`render::clean`]).

mod args;
mod caller;
mod changed;
mod commands;
mod in_order;
mod lines;
mod load;
mod output;
mod progress;
mod quoted;
pub mod render;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::process::ExitCode;

/// Why a command ends: its exit code.
pub(crate) type Exit = u8;

/// The answer is no.
pub(crate) const NO: Exit = 1;
/// A mistake in the input or the command.
pub(crate) const MISTAKE: Exit = 2;
/// Rows and check disagree, or rota failed otherwise.
pub(crate) const INTERNAL: Exit = 3;
/// No answer in the time there was.
pub(crate) const UNKNOWN: Exit = 4;

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let words = with_front_door(std::env::args_os().collect());
    let args = match args::Args::command().try_get_matches_from(&words).and_then(|found| understood(&found)) {
        Ok(args) => args,
        Err(problem) if problem.use_stderr() && wants_lines(&words) => {
            lines::begin();
            lines::finding(lines::of_arguments(&problem));
            lines::end(MISTAKE);
            return ExitCode::from(MISTAKE);
        }
        Err(problem) => problem.exit(),
    };
    if !lines::on() {
        return ExitCode::from(run(args.command));
    }
    let exit = std::panic::catch_unwind(|| run(args.command)).unwrap_or(INTERNAL);
    lines::end(exit);
    ExitCode::from(exit)
}

/// The arguments as typed. A program that sends a scenario and reads progress wants JSON on standard output as well.
fn understood(found: &ArgMatches) -> Result<args::Args, clap::Error> {
    let mut args = args::Args::from_arg_matches(found)?;
    let Some((_, typed)) = found.subcommand() else { return Ok(args) };
    let kind = typed.try_get_one::<args::ProgressKind>("progress").ok().flatten();
    if kind == Some(&args::ProgressKind::Jsonl) {
        lines::begin();
        if let args::Command::Solve(solve) = &mut args.command {
            if solve.scenario == "-" && typed.value_source("format") == Some(ValueSource::DefaultValue) {
                solve.look.format = args::Format::Json;
            }
        }
    }
    Ok(args)
}

/// Whether JSON lines are asked for by arguments that are otherwise not understood.
fn wants_lines(words: &[OsString]) -> bool {
    let is_pair = |pair: &[OsString]| pair[0] == "--progress" && pair[1] == "jsonl";
    words.windows(2).any(is_pair) || words.iter().any(|word| word == "--progress=jsonl")
}

/// Runs one command.
fn run(command: args::Command) -> Exit {
    // Nothing but Ctrl-C ends the wait for what never comes on standard input.
    if command.searched().is_some_and(|inputs| !inputs.contains(&"-")) {
        progress::catch_ctrl_c();
    }
    match command {
        args::Command::Open(open) => commands::open::run(&open),
        args::Command::Solve(solve) => commands::solve::run(&solve),
        args::Command::Check(check) => commands::check::run(&check),
        args::Command::Validate(validate) => commands::validate::run(&validate),
        args::Command::Explain(explain) => commands::explain::run(&explain),
        args::Command::Rules { name, look } => commands::rules::run(name.as_deref(), look),
        args::Command::Schema { kind, .. } => commands::schema::run(&kind),
        args::Command::Init(init) => commands::init::run(&init),
        args::Command::Import(import) => commands::import::run(&import),
        args::Command::Generate(generate) => commands::generate::run(&generate),
        args::Command::Model(model) => commands::model::run(&model),
        args::Command::Next(next) => commands::next::run(&next),
        args::Command::Diff(diff) => commands::diff::run(&diff),
        args::Command::Replan(replan) => commands::replan::run(&replan),
        args::Command::Capacity(capacity) => commands::capacity::run(&capacity),
        args::Command::Cover(cover) => commands::cover::run(&cover),
        args::Command::Size(size) => commands::size::run(&size),
        args::Command::WhatIf(what_if) => commands::what_if::run(&what_if),
        args::Command::Export(export) => commands::export::run(&export),
        args::Command::Free(free) => commands::free::run(&free),
        args::Command::Batch(batch) => commands::batch::run(&batch),
        args::Command::Serve(serve) => commands::serve::run(&serve),
    }
}

/// `rota team.xlsx` is `rota open team.xlsx`: the name of a file where a command is expected.
fn with_front_door(mut words: Vec<std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    let is_file = words.get(1).and_then(|word| word.to_str()).is_some_and(|word| {
        let path = std::path::Path::new(word);
        let is_command = args::Args::command().get_subcommands().any(|own| own.get_name() == word);
        !is_command && !word.starts_with('-') && (path.exists() || rota_io::workbook::is_workbook(path))
    });
    if is_file {
        words.insert(1, "open".into());
    }
    words
}
