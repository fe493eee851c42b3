//! A rule entry as typed: the rule under its own name, and beside it what every rule may have.

use crate::rule::{schemas, AnyRule, NAMES};
use rota_core::about::Limit;
use rota_core::date::{Date, On};
use rota_core::finding::nearest;
use rota_core::typed::{is_false, is_one, one};
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::borrow::Cow;
use std::fmt;

/// How strong a rule is. Levels are solved in this order, each held before the next starts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// A condition: a roster that breaks it is no roster.
    #[default]
    Must,
    /// Kept first.
    High,
    /// Kept next.
    Medium,
    /// Kept last.
    Low,
    /// Not read at all.
    Off,
}

impl Strength {
    /// The word used in documents.
    pub fn word(self) -> &'static str {
        match self {
            Strength::Must => "must",
            Strength::High => "high",
            Strength::Medium => "medium",
            Strength::Low => "low",
            Strength::Off => "off",
        }
    }
}

/// An agreed exception: forgives up to `amount` for the subjects that fit every field given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// The person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The other person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<On>,
    /// The team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The shift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shift: Option<String>,
    /// The site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desk: Option<String>,
    /// The other desk, for a rule about pairs of desks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with_desk: Option<String>,
    /// The cohort.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohort: Option<String>,
    /// A group of people named in the rule: its place in the rule's list, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u32>,
    /// Only this one of the rule's two limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// How much is forgiven for each subject that fits, in the rule's own amounts.
    pub amount: f64,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// Once for each group of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForEach {
    /// Once per team; every selector in the rule sees only that team.
    Team,
}

/// A rule entry as typed.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleEntry {
    /// Unique among rules; the rule's name (`headcount-2` for the second) if not given.
    pub id: Option<String>,
    /// The rule.
    pub rule: AnyRule,
    /// How strong.
    pub strength: Strength,
    /// What one unit of breach costs within its level, from 0.001 to 1e9.
    pub weight: f64,
    /// Why the rule is there, for people.
    pub because: Option<String>,
    /// Shared outputs show only "a rule kept private".
    pub private: bool,
    /// A date after which `validate` asks for a review.
    pub review: Option<Date>,
    /// Read once per team.
    pub for_each: Option<ForEach>,
    /// Agreed exceptions.
    pub allow: Vec<Allow>,
    /// Never read.
    pub note: Option<Value>,
}

impl RuleEntry {
    /// A must rule with nothing beside it.
    pub fn new(rule: AnyRule) -> RuleEntry {
        RuleEntry {
            id: None,
            rule,
            strength: Strength::Must,
            weight: 1.0,
            because: None,
            private: false,
            review: None,
            for_each: None,
            allow: Vec::new(),
            note: None,
        }
    }
}

/// The fields beside the rule.
pub const BESIDE: &[&str] =
    &["id", "strength", "weight", "because", "private", "review", "for_each", "allow", "note"];

impl Serialize for RuleEntry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        map.serialize_entry(self.rule.name(), &self.rule.to_value())?;
        if self.strength != Strength::Must {
            map.serialize_entry("strength", &self.strength)?;
        }
        if !is_one(&self.weight) {
            map.serialize_entry("weight", &self.weight)?;
        }
        if let Some(because) = &self.because {
            map.serialize_entry("because", because)?;
        }
        if !is_false(&self.private) {
            map.serialize_entry("private", &self.private)?;
        }
        if let Some(review) = &self.review {
            map.serialize_entry("review", review)?;
        }
        if let Some(for_each) = &self.for_each {
            map.serialize_entry("for_each", for_each)?;
        }
        if !self.allow.is_empty() {
            map.serialize_entry("allow", &self.allow)?;
        }
        if let Some(note) = &self.note {
            map.serialize_entry("note", note)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for RuleEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RuleEntry, D::Error> {
        deserializer.deserialize_map(EntryVisitor)
    }
}

struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = RuleEntry;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a rule entry: an object with the rule under its own name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RuleEntry, A::Error> {
        let mut rule: Option<AnyRule> = None;
        let mut seen: Vec<String> = Vec::new();
        let (mut id, mut because, mut review, mut for_each, mut note) = (None, None, None, None, None);
        let (mut strength, mut weight, mut private, mut allow) = (Strength::Must, one(), false, Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(de::Error::custom(format!("duplicate field `{key}`")));
            }
            match key.as_str() {
                "id" => id = Some(map.next_value()?),
                "strength" => strength = map.next_value()?,
                "weight" => weight = map.next_value()?,
                "because" => because = map.next_value()?,
                "private" => private = map.next_value()?,
                "review" => review = map.next_value()?,
                "for_each" => for_each = map.next_value()?,
                "allow" => allow = map.next_value()?,
                "note" => note = Some(map.next_value()?),
                name => {
                    if let Some(first) = &rule {
                        if NAMES.contains(&name) {
                            return Err(de::Error::custom(format!(
                                "an entry holds one rule, and this one has `{}` already; write `{name}` as an entry of its own",
                                first.name()
                            )));
                        }
                    }
                    match AnyRule::read(name, &mut map)? {
                        Some(read) => rule = Some(read),
                        None => return Err(de::Error::custom(unknown_field(name))),
                    }
                }
            }
            seen.push(key);
        }
        let rule = rule.ok_or_else(|| {
            de::Error::custom(format!("no rule in this entry; give one of `{}`", NAMES.join("`, `")))
        })?;
        Ok(RuleEntry { id, rule, strength, weight, because, private, review, for_each, allow, note })
    }
}

fn unknown_field(name: &str) -> String {
    let known = NAMES.iter().chain(BESIDE).copied();
    match nearest(name, known) {
        Some(near) => format!("unknown field `{name}`; did you mean `{near}`?"),
        None => format!("unknown field `{name}`; the rules are `{}`", NAMES.join("`, `")),
    }
}

impl JsonSchema for RuleEntry {
    fn schema_name() -> Cow<'static, str> {
        "RuleEntry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let rules = schemas(generator);
        let strength = generator.subschema_for::<Strength>();
        let for_each = generator.subschema_for::<ForEach>();
        let allow = generator.subschema_for::<Vec<Allow>>();
        let date = generator.subschema_for::<Date>();
        let mut properties = serde_json::Map::new();
        let mut describe = |name: &str, mut schema: Value, text: &str| {
            if let Some(object) = schema.as_object_mut() {
                object.insert("description".to_string(), Value::from(text));
            }
            properties.insert(name.to_string(), schema);
        };
        describe(
            "id",
            serde_json::json!({ "type": "string" }),
            "Unique among rules; the rule's name if not given.",
        );
        describe("strength", strength.to_value(), "How strong; must if not given.");
        describe(
            "weight",
            serde_json::json!({ "type": "number", "exclusiveMinimum": 0 }),
            "What one unit of breach costs within its level; 1 if not given.",
        );
        describe(
            "because",
            serde_json::json!({ "type": ["string", "null"] }),
            "Why the rule is there, for people.",
        );
        describe(
            "private",
            serde_json::json!({ "type": "boolean" }),
            "Shared outputs show only \"a rule kept private\".",
        );
        describe("review", date.to_value(), "After this date `rota validate` asks for a review.");
        describe("for_each", for_each.to_value(), "Read once per team.");
        describe("allow", allow.to_value(), "Agreed exceptions.");
        describe("note", Value::Object(serde_json::Map::new()), "Never read.");
        let required: Vec<Value> =
            rules.iter().map(|(name, _)| serde_json::json!({ "required": [name] })).collect();
        for (name, schema) in rules {
            properties.insert(name.to_string(), schema.to_value());
        }
        json_schema!({
            "description": "A rule under its own name, and beside it what every rule may have.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "oneOf": required
        })
    }
}
