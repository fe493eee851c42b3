//! `rota batch`

use super::{seconds, Aim, TimeLimit, Work};
use std::path::PathBuf;

/// `rota batch`
#[derive(Debug, clap::Args)]
pub struct Batch {
    /// The scenarios, each on a line of its own (NDJSON); - for standard input
    #[arg(default_value = "-")]
    pub scenarios: String,
    /// Write the answers to a file; standard output if not given
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// Seconds for each scenario, or none
    #[arg(long, default_value = "60", value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    /// `--threads` is how many scenarios are solved at once, each on one thread
    #[command(flatten)]
    pub work: Work,
    #[command(flatten)]
    pub aim: Aim,
}
