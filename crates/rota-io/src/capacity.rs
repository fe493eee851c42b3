//! How many desks of a plan can be used, as a document.

use crate::document::FORMAT;
use crate::plans::Plan;
use rota_planner::capacity::{AtDistance, Capacity, Counted, Policy};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `rota capacity` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CapacityDocument {
    /// The version of the format: 1.
    pub capacity: u32,
    /// The plan's title.
    pub title: String,
    /// What was counted, and what is in doubt.
    pub counted: Counted,
    /// The policy asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// Distance by distance, as asked.
    pub distances: Vec<AtDistance>,
}

impl CapacityDocument {
    /// The document of an answer.
    pub fn of(plan: &Plan, policy: Option<Policy>, answer: Capacity) -> CapacityDocument {
        CapacityDocument {
            capacity: FORMAT,
            title: plan.title.clone(),
            counted: answer.counted,
            policy,
            distances: answer.distances,
        }
    }

    /// Which desks are used at which distance, as a table.
    pub fn table(&self, plan: &Plan) -> String {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let rows = self.distances.iter().flat_map(|answer| {
            answer.chosen.iter().map(move |desk| {
                let zone = plan.site.desk_named(desk).map(|found| plan.site.desk(found).zone);
                let zone = zone.map_or(String::new(), |zone| plan.site.zone(zone).id.clone());
                [answer.metres.to_string(), zone, desk.clone()]
            })
        });
        let header = ["distance", "zone", "desk"].map(str::to_string);
        for row in std::iter::once(header).chain(rows) {
            writer.write_record(&row).expect("a table in memory");
        }
        String::from_utf8(writer.into_inner().expect("a table in memory")).expect("made of text")
    }
}
