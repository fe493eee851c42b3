//! The free document: which desks and seats can still be used on a day.

use crate::document::FORMAT;
use rota_core::Date;
use rota_planner::free::Free;
use rota_rules::Problem;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which desks and seats can still be used on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FreeDocument {
    /// The version of the format: 1.
    pub free: u32,
    /// The day.
    pub on: Date,
    /// Features asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// For whom, when it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Desks that can each be used beside those in use.
    pub desks: Vec<FreeDesk>,
    /// How many of them can be used together, proved; left out when that was not proved in time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<usize>,
    /// Zones with free seats.
    pub seats: Vec<FreeSeats>,
    /// Desks in use.
    pub in_use: usize,
    /// Desks that are open and not in use, yet too near to one in use.
    pub too_near: usize,
}

/// A free desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FreeDesk {
    /// Its id.
    pub desk: String,
    /// Its zone.
    pub zone: String,
    /// What it has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
}

/// Free seats of a zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FreeSeats {
    /// The zone.
    pub zone: String,
    /// How many at its fullest moment.
    pub seats: u32,
}

impl FreeDocument {
    /// The document of what was found.
    pub fn of(
        problem: &Problem,
        found: &Free,
        on: Date,
        needs: &[String],
        person: Option<String>,
    ) -> FreeDocument {
        let site = &problem.site;
        let desk = |index: &rota_core::DeskIndex| {
            let desk = site.desk(*index);
            FreeDesk {
                desk: desk.id.clone(),
                zone: site.zone(desk.zone).id.clone(),
                features: desk.features.clone(),
            }
        };
        let seats = |(zone, seats): &(rota_core::ZoneIndex, u32)| FreeSeats {
            zone: site.zone(*zone).id.clone(),
            seats: *seats,
        };
        FreeDocument {
            free: FORMAT,
            on,
            needs: needs.to_vec(),
            person,
            desks: found.desks.iter().map(desk).collect(),
            together: found.together,
            seats: found.seats.iter().map(seats).collect(),
            in_use: found.in_use,
            too_near: found.too_near,
        }
    }
}
