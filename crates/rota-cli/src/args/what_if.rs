//! What may be typed after `rota what-if`.

use super::{seconds, share, whole, Beside, Look, ProgressKind, TimeLimit};
use clap::{ArgGroup, ValueEnum};
use std::path::PathBuf;

/// `rota what-if`: one question at a time.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("question").required(true).args(["grid", "attendance", "case", "contacts", "cycle"])))]
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
    #[arg(long, allow_negative_numbers = true, value_name = "N", value_parser = whole)]
    pub desks: Option<u32>,
    /// How many days are looked at together; those of the scenario if not given
    #[arg(long, allow_negative_numbers = true, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub days: Option<u32>,
    /// The chance wanted of places being enough; 0.95 if not given
    #[arg(long, allow_negative_numbers = true, value_name = "SHARE", value_parser = share)]
    pub promise: Option<f64>,
    /// The share of planned days on which somebody does not come, for those who have no `absent_rate`
    #[arg(long, allow_negative_numbers = true, value_name = "SHARE", value_parser = share)]
    pub absent_rate: Option<f64>,
    /// Days a week on which those come who have no `comes`
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", value_parser = days_a_week)]
    pub comes: Option<f64>,
    /// A team of the scenario whose people come on the same days; may be given several times
    #[arg(long, value_name = "TEAM")]
    pub together: Vec<String>,
    /// Who else has to stay away with this person of the roster, which must rules then fail, and from when
    #[arg(long, value_name = "PERSON")]
    pub case: Option<String>,
    /// How much the people of the roster meet: contacts, pairs across teams and cohorts, the largest group of one case
    #[arg(long)]
    pub contacts: bool,
    /// The day before whose work it becomes known; the worst day if not given
    #[arg(long, value_name = "DAY")]
    pub on: Option<String>,
    /// What people share who meet; a site if not given
    #[arg(long, value_enum)]
    pub within: Option<WithinName>,
    /// Days looked at before it becomes known; 2 if not given
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(0..=28))]
    pub back: Option<u32>,
    /// Days for which people stay away; 10 if not given
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=366))]
    pub stay: Option<u32>,
    /// Whether an infection grows when people are on site for some days, then at home for some: 4:10
    #[arg(long, value_name = "ON:OFF", value_parser = cycle)]
    pub cycle: Option<(u32, u32)>,
    /// How many others one infected person infects at the pace of days at home; 0.5 to 0.9 if not given
    #[arg(long, allow_negative_numbers = true, value_name = "R", value_parser = reproduction)]
    pub home_r: Option<f64>,
    /// The same for days on site; if not given, the most with which the infection dies out
    #[arg(long, allow_negative_numbers = true, value_name = "R", value_parser = reproduction)]
    pub work_r: Option<f64>,
    /// Days from infection to being infectious, on average; 3 if not given
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", value_parser = length)]
    pub latent_days: Option<f64>,
    /// Days of being infectious, on average; 4 if not given
    #[arg(long, allow_negative_numbers = true, value_name = "DAYS", value_parser = length)]
    pub infectious_days: Option<f64>,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

/// What people share who meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WithinName {
    /// A site
    Site,
    /// A zone
    Zone,
}

fn days_a_week(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(days) if (0.0..=7.0).contains(&days) => Ok(days),
        _ => Err("give days a week, from 0 to 7".to_string()),
    }
}

fn cycle(text: &str) -> Result<(u32, u32), String> {
    let days = |text: &str| text.trim().parse::<u32>().ok();
    let read = text.split_once(':').and_then(|(on, off)| Some((days(on)?, days(off)?)));
    match read {
        Some((on, off)) if (1..=365).contains(&on.saturating_add(off)) => Ok((on, off)),
        _ => Err("give days on site and days at home, like 4:10, at most 365 together".to_string()),
    }
}

fn reproduction(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(r) if (0.0..=100.0).contains(&r) => Ok(r),
        _ => Err("give a number of people from 0 to 100".to_string()),
    }
}

fn length(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(days) if (0.1..=100.0).contains(&days) => Ok(days),
        _ => Err("give days, from 0.1 to 100".to_string()),
    }
}
