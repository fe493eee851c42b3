//! stub
use crate::model::Model;
use crate::rule::{Example, Rule};
use crate::tally::Tally;
use rota_core::finding::Finding;
use rota_core::{About, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
/// stub
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ratio {}
impl Rule for Ratio {
    fn examples() -> Vec<Example<Ratio>> { vec![] }
    fn validate(&self, _: &Site) -> Vec<Finding> { vec![] }
    fn rows(&self, _: &Site, _: &mut Model) {}
    fn check(&self, _: &Site, _: &Roster, _: &mut Tally) {}
    fn sentence(&self, _: &Site, _: &About) -> String { String::new() }
}
