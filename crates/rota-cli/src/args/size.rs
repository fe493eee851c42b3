//! What may be typed after `rota size`.

use super::{seconds, Beside, CapacityKind, Look, ProgressKind, TimeLimit, Work};
use std::path::PathBuf;

/// `rota size`
#[derive(Debug, clap::Args)]
pub struct Size {
    /// The scenario
    pub scenario: String,
    /// What is counted: desks, seats, screens, a zone, or the id of a rule `headcount` (`door:at_least` for its lower limit)
    #[arg(long, value_name = "WHAT")]
    pub of: String,
    /// Write the answer to a file (.html, .svg, .csv, .json, .md or .txt); may be given several times
    #[arg(short, long, value_name = "PATH")]
    pub output: Vec<PathBuf>,
    /// What -o holds where its ending does not tell; without -o, printed instead of the page
    #[arg(long, value_enum)]
    pub to: Option<CapacityKind>,
    /// Seconds for the whole command, or none
    #[arg(long, default_value = "60", value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    #[command(flatten)]
    pub work: Work,
    #[command(flatten)]
    pub beside: Beside,
    /// How progress is told
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressKind,
    #[command(flatten)]
    pub look: Look,
}
