//! Whether an infection grows in a cycle of days on site and days at home, as a document.

use crate::document::FORMAT;
use rota_planner::growth::Cycle;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `rota what-if --cycle` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GrowthDocument {
    /// The version of the format: 1.
    pub growth: u32,
    /// Days on site at the beginning of the cycle.
    pub on: u32,
    /// Days at home after them.
    pub off: u32,
    /// Days from infection to being infectious, on average.
    pub latent_days: f64,
    /// Days of being infectious, on average.
    pub infectious_days: f64,
    /// One for each R at home that was asked for.
    pub at_home: Vec<AtHome>,
    /// How many others one person infects on days on site, as asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work_r: Option<f64>,
    /// Whether the infection dies out for every R at home that was asked for; only with R at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dies_out: Option<bool>,
}

/// What comes of one R at home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AtHome {
    /// How many others one person infects on days at home.
    pub home_r: f64,
    /// The largest R at work with which the infection does not grow; none where there is no such limit.
    pub critical_work_r: Option<f64>,
    /// With R at work: what the number of infected is multiplied by in one cycle; none where a number cannot hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth_per_cycle: Option<f64>,
    /// With R at work: the same for seven days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub growth_per_week: Option<f64>,
    /// With R at work: the R that would grow as much were it the same on every day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_every_day: Option<f64>,
}

impl GrowthDocument {
    /// The document of a cycle.
    pub fn of(cycle: &Cycle, home: &[f64], work: Option<f64>) -> GrowthDocument {
        let at_home: Vec<AtHome> = home
            .iter()
            .map(|home_r| {
                let growth = work.map(|work| cycle.growth(work, *home_r));
                let per_week = 7.0 / f64::from(cycle.on + cycle.off);
                AtHome {
                    home_r: *home_r,
                    critical_work_r: cycle.critical_r(*home_r),
                    growth_per_cycle: growth,
                    growth_per_week: growth.map(|growth| growth.powf(per_week)),
                    same_every_day: growth.map(|growth| cycle.same_every_day(growth)),
                }
            })
            .collect();
        let dies_out = |at: &AtHome| at.growth_per_cycle.is_some_and(|growth| growth < 1.0);
        GrowthDocument {
            growth: FORMAT,
            on: cycle.on,
            off: cycle.off,
            latent_days: cycle.latent,
            infectious_days: cycle.infectious,
            work_r: work,
            dies_out: work.map(|_| at_home.iter().all(dies_out)),
            at_home,
        }
    }
}
