//! What may be typed after `rota what-if`.

use super::{seconds, share, whole, Beside, Look, ProgressKind, TimeLimit};
use clap::ArgGroup;
use std::path::PathBuf;

/// `rota what-if`: one question at a time.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("question").required(true).args(["grid", "attendance"])))]
pub struct WhatIf {
    /// The scenario
    pub scenario: Option<String>,
    /// A roster of it: .json or .csv
    pub roster: Option<String>,
    /// Solve the scenario with several values of a number: distance.metres=1,1.5,2 (a rule and its field),
    /// north.seats=10..20/5, desks=20,30; given several times, every combination
    #[arg(long, value_name = "NUMBER=VALUES")]
    pub grid: Vec<String>,
    /// Write the table of a grid to a file (.csv); what is there already of the same grid is not solved again
    #[arg(short, long, value_name = "PATH", requires = "grid")]
    pub output: Option<PathBuf>,
    /// Draw a grid as a picture
    #[arg(long, value_name = "PATH", requires = "grid")]
    pub svg: Option<PathBuf>,
    /// Seconds for all combinations of a grid together, or none
    #[arg(long, default_value = "600", value_parser = seconds, value_name = "SECONDS")]
    pub time_limit: TimeLimit,
    /// Search steps at most for each level of each combination: a limit that repeats exactly
    #[arg(long, value_name = "N", requires = "grid")]
    pub effort: Option<u64>,
    /// Seed for choices that are free
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub seed: u64,
    /// Combinations solved at the same time; 0 for as many as there are cores
    #[arg(long, default_value_t = 0, value_name = "N")]
    pub threads: usize,
    /// How progress is told
    #[arg(long, value_enum, default_value = "auto")]
    pub progress: ProgressKind,
    /// How many are on site when people choose their days: "12x0.8,100x2/5", 8@0.4 for a team that comes together;
    /// without groups the people of the scenario, or those of the roster who do not come after all
    #[arg(long, value_name = "GROUPS", num_args = 0..=1, default_missing_value = "")]
    pub attendance: Option<String>,
    /// Places there are; those of the scenario if not given
    #[arg(long, value_name = "N", requires = "attendance", value_parser = whole)]
    pub desks: Option<u32>,
    /// How many days are looked at together; those of the scenario if not given
    #[arg(long, value_name = "N", requires = "attendance", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub days: Option<u32>,
    /// The chance wanted of places being enough
    #[arg(long, value_name = "SHARE", default_value = "0.95", value_parser = share)]
    pub promise: f64,
    /// The share of planned days on which somebody does not come, for those who have no `absent_rate`
    #[arg(long, value_name = "SHARE", requires = "attendance", value_parser = share)]
    pub absent_rate: Option<f64>,
    /// Days a week on which those come who have no `comes`
    #[arg(long, value_name = "DAYS", requires = "attendance", value_parser = days_a_week)]
    pub comes: Option<f64>,
    /// A team of the scenario whose people come on the same days; may be given several times
    #[arg(long, value_name = "TEAM", requires = "attendance")]
    pub together: Vec<String>,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

fn days_a_week(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(days) if (0.0..=7.0).contains(&days) => Ok(days),
        _ => Err("give days a week, from 0 to 7".to_string()),
    }
}
