//! JSON Schemas of every document, generated from the types that read and write them.

use crate::attendance::AttendanceDocument;
use crate::capacity::CapacityDocument;
use crate::cover::CoverDocument;
use crate::diff::DiffDocument;
use crate::document::{CheckDocument, FindingsDocument, RosterDocument};
use crate::explanation::ExplanationDocument;
use crate::exposure::ExposureDocument;
use crate::free::FreeDocument;
use crate::grid::GridDocument;
use crate::growth::GrowthDocument;
use crate::import::ScoreDocument;
use crate::progress::LineDocument;
use crate::replan::ReplanDocument;
use crate::size::SizeDocument;
use rota_rules::Scenario;
use schemars::generate::SchemaSettings;
use schemars::JsonSchema;
use serde_json::Value;

/// The kinds of documents that have a schema.
pub const KINDS: &[&str] = &[
    "scenario",
    "roster",
    "findings",
    "check",
    "explanation",
    "score",
    "diff",
    "replan",
    "cover",
    "size",
    "grid",
    "attendance",
    "capacity",
    "growth",
    "exposure",
    "free",
    "progress",
];

/// The schema of a kind of document, JSON Schema draft 2020-12; none when there is no such kind.
pub fn schema(kind: &str) -> Option<Value> {
    Some(match kind {
        "scenario" => of::<Scenario>("A rota scenario"),
        "roster" => of::<RosterDocument>("A rota roster"),
        "findings" => of::<FindingsDocument>("What rota found in an input"),
        "check" => of::<CheckDocument>("What rota found in a roster"),
        "explanation" => of::<ExplanationDocument>("Why there is no roster, or why a roster is as it is"),
        "score" => of::<ScoreDocument>("What a benchmark says of a roster"),
        "diff" => of::<DiffDocument>("What two rosters do differently"),
        "replan" => of::<ReplanDocument>("A roster mended with few changes"),
        "size" => of::<SizeDocument>("How many are needed, and what one more buys"),
        "grid" => of::<GridDocument>("Scenarios that differ in a few numbers, side by side"),
        "cover" => of::<CoverDocument>("Whom to ask when people are away"),
        "attendance" => of::<AttendanceDocument>("How many people are on site when chance decides"),
        "capacity" => of::<CapacityDocument>("How many desks of a plan can be in use"),
        "growth" => of::<GrowthDocument>("Whether an infection grows in a cycle of days on site and at home"),
        "exposure" => of::<ExposureDocument>("Who meets whom in a roster, and what one case breaks"),
        "free" => of::<FreeDocument>("Which desks and seats can still be used on a day"),
        "progress" => of::<LineDocument>("What a command tells while it works, line by line"),
        _ => return None,
    })
}

fn of<T: JsonSchema>(title: &str) -> Value {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    let mut value = schema.to_value();
    if let Some(object) = value.as_object_mut() {
        object.insert("title".to_string(), Value::from(title));
    }
    value
}
