//! What every rule is, and the one list of them.

use crate::model::Model;
use crate::rules;
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::{About, Finding, Names, PersonIndex, Roster, Site};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::MapAccess;
use serde::{Deserialize, Serialize};

/// One rule: its data (which is its JSON and its schema), and five ways to read it.
pub trait Rule:
    Serialize + for<'de> Deserialize<'de> + JsonSchema + Clone + PartialEq + std::fmt::Debug
{
    /// Small instances, each with the tiny site it is tried on. The first is shown in the docs; every one runs
    /// through the rule contract.
    fn examples() -> Vec<Example<Self>>;
    /// Mistakes the schema cannot catch, each with its remedy. Pointers are relative to the rule (`/who`);
    /// codes begin with the rule's name.
    fn validate(&self, site: &Site) -> Vec<Finding>;
    /// What the rule adds to the things that a roster can say, with mistakes that only show here. Other rules
    /// may then speak of it.
    fn names(&self, _site: &Site, _names: &mut Names) -> Vec<Finding> {
        Vec::new()
    }
    /// The rule as rows of the linear program. Sees no roster.
    fn rows(&self, site: &Site, model: &mut Model);
    /// The rule read off a finished roster. Sees no model.
    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally);
    /// Those whose place can change what the check counts; none for anybody. It saves recounting rules that do
    /// not look at a person, and must not leave anybody out.
    fn concerns(&self, _site: &Site) -> Option<Vec<PersonIndex>> {
        None
    }
    /// One sentence, without a full stop, about one subject: what is asked of it. The same words in breaches,
    /// conflicts and docs.
    fn sentence(&self, site: &Site, about: &About) -> String;
}

/// A rule as it might be written, with the tiny site on which the contract tries it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example<R> {
    /// The site.
    pub site: TinySite,
    /// The rule.
    pub rule: R,
}

/// Reads an example written as JSON.
///
/// # Panics
/// When the JSON is not that rule: examples are written by hand and tested.
pub fn example<R: Rule>(site: TinySite, json: &str) -> Example<R> {
    let rule = serde_json::from_str(json).unwrap_or_else(|problem| panic!("example {json}: {problem}"));
    Example { site, rule }
}

macro_rules! rules {
    ($($module:ident: $kind:ident,)*) => {
        /// Any rule.
        #[derive(Debug, Clone, PartialEq)]
        pub enum AnyRule {
            $(
                #[doc = concat!("`", stringify!($module), "`")]
                $kind(rules::$module::$kind),
            )*
        }

        /// The names of the rules that are built, in alphabetical order.
        pub const NAMES: &[&str] = &[$(stringify!($module)),*];

        impl AnyRule {
            /// Its name: `headcount`.
            pub fn name(&self) -> &'static str {
                match self { $(AnyRule::$kind(_) => stringify!($module),)* }
            }

            /// Reads the rule with this name as the next value of a JSON object; none when there is no such rule.
            pub fn read<'de, A: MapAccess<'de>>(name: &str, map: &mut A) -> Result<Option<AnyRule>, A::Error> {
                Ok(match name {
                    $(stringify!($module) => Some(AnyRule::$kind(map.next_value()?)),)*
                    _ => None,
                })
            }

            /// Writes the rule's own fields.
            pub fn to_value(&self) -> serde_json::Value {
                let written = match self { $(AnyRule::$kind(rule) => serde_json::to_value(rule),)* };
                written.expect("a rule is plain data")
            }

            /// See [`Rule::validate`].
            pub fn validate(&self, site: &Site) -> Vec<Finding> {
                match self { $(AnyRule::$kind(rule) => rule.validate(site),)* }
            }

            /// See [`Rule::names`].
            pub fn names(&self, site: &Site, names: &mut Names) -> Vec<Finding> {
                match self { $(AnyRule::$kind(rule) => rule.names(site, names),)* }
            }

            /// See [`Rule::rows`].
            pub fn rows(&self, site: &Site, model: &mut Model) {
                match self { $(AnyRule::$kind(rule) => rule.rows(site, model),)* }
            }

            /// See [`Rule::check`].
            pub fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
                match self { $(AnyRule::$kind(rule) => rule.check(site, roster, tally),)* }
            }

            /// See [`Rule::concerns`].
            pub fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
                match self { $(AnyRule::$kind(rule) => rule.concerns(site),)* }
            }

            /// See [`Rule::sentence`].
            pub fn sentence(&self, site: &Site, about: &About) -> String {
                match self { $(AnyRule::$kind(rule) => rule.sentence(site, about),)* }
            }

            /// Every example of every rule.
            pub fn examples() -> Vec<Example<AnyRule>> {
                let mut all = Vec::new();
                $(all.extend(<rules::$module::$kind as Rule>::examples().into_iter().map(|example| Example {
                    site: example.site,
                    rule: AnyRule::$kind(example.rule),
                }));)*
                all
            }
        }

        /// The name and schema of every rule; the schema's description is the rule's page.
        pub fn schemas(generator: &mut SchemaGenerator) -> Vec<(&'static str, Schema)> {
            vec![$((stringify!($module), generator.subschema_for::<rules::$module::$kind>())),*]
        }

        /// The page of a rule as its doc comment has it; none when there is no such rule.
        pub fn page(name: &str) -> Option<String> {
            match name {
                $(stringify!($module) => {
                    let schema = schemars::schema_for!(rules::$module::$kind);
                    schema.get("description").and_then(|text| text.as_str()).map(str::to_string)
                })*
                _ => None,
            }
        }
    };
}

rules! {
    accompanied: Accompanied,
    arrivals: Arrivals,
    cohorts: Cohorts,
    contacts: Contacts,
    days: Days,
    desk_rest: DeskRest,
    distance: Distance,
    duty: Duty,
    fair: Fair,
    headcount: Headcount,
    hours: Hours,
    keep: Keep,
    meets: Meets,
    mixing: Mixing,
    ratio: Ratio,
    rest: Rest,
    run: Run,
    same_desk: SameDesk,
    same_zone: SameZone,
    together: Together,
    weekends: Weekends,
    wishes: Wishes,
}
