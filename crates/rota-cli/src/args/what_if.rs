//! What may be typed after `rota what-if`.

use super::{share, whole, Beside, Look};
use clap::ArgGroup;

/// `rota what-if`: one question at a time.
#[derive(Debug, clap::Args)]
#[command(group(ArgGroup::new("question").required(true).args(["attendance"])))]
pub struct WhatIf {
    /// The scenario
    pub scenario: Option<String>,
    /// A roster of it: .json or .csv
    pub roster: Option<String>,
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
