//! The `rota` command: arguments, commands, words and tables on the screen.
//!
//! Invariants: only this crate prints; results go to standard output or the file named, everything else to
//! standard error; no output file is ever half written; every text from outside is made safe for a terminal
//! before it is printed ([`render::clean`]).

mod args;
mod changed;
mod commands;
mod load;
mod output;
mod progress;
pub mod render;

use clap::Parser;
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
    let args = args::Args::parse_from(with_front_door(std::env::args_os().collect()));
    let exit = match args.command {
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
        args::Command::Serve(serve) => commands::serve::run(&serve),
    };
    ExitCode::from(exit)
}

/// `rota team.xlsx` is `rota open team.xlsx`: the name of a file where a command is expected.
fn with_front_door(mut words: Vec<std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    let is_file = words.get(1).and_then(|word| word.to_str()).is_some_and(|word| {
        let path = std::path::Path::new(word);
        let is_command = <args::Args as clap::CommandFactory>::command()
            .get_subcommands()
            .any(|own| own.get_name() == word);
        !is_command && !word.starts_with('-') && (path.exists() || rota_io::workbook::is_workbook(path))
    });
    if is_file {
        words.insert(1, "open".into());
    }
    words
}
