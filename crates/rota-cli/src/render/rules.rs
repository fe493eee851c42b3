//! The rules' pages.

use rota_rules::rule::{page, AnyRule, NAMES};
use serde_json::Value;

/// The first sentence of a rule's page.
pub fn first_sentence(name: &str) -> String {
    let page = page(name).unwrap_or_default();
    let first = page.split("\n\n").next().unwrap_or("").replace('\n', " ");
    first.trim_end_matches('.').to_string()
}

/// The table of all rules, in Markdown.
pub fn table() -> String {
    let mut lines = vec!["| rule | what it asks | fields |".to_string(), "|---|---|---|".to_string()];
    for name in NAMES {
        let fields: Vec<String> = fields(name).into_iter().map(|(field, ..)| format!("`{field}`")).collect();
        lines.push(format!("| `{name}` | {} | {} |", first_sentence(name), fields.join(", ")));
    }
    lines.join("\n") + "\n"
}

/// The list of all rules.
pub fn list() -> String {
    let width = NAMES.iter().map(|name| name.len()).max().unwrap_or(0);
    let mut lines: Vec<String> =
        NAMES.iter().map(|name| format!("{name:width$}  {}", first_sentence(name))).collect();
    lines.push(String::new());
    lines.push("The page of one:  rota rules headcount".to_string());
    lines.join("\n")
}

/// Name, whether it must be given, and description of every field of a rule.
fn fields(name: &str) -> Vec<(String, bool, String)> {
    let schema = rule_schema(name);
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    properties
        .iter()
        .map(|(field, schema)| {
            let mut description =
                schema.get("description").and_then(Value::as_str).unwrap_or("").replace('\n', " ");
            match schema.get("default") {
                None | Some(Value::Null) => {}
                Some(Value::Object(fields)) if fields.is_empty() => {}
                Some(Value::String(text)) => description.push_str(&format!(" If not given: {text}.")),
                Some(other) => description.push_str(&format!(" If not given: {other}.")),
            }
            (field.clone(), required.contains(&field.as_str()), description)
        })
        .collect()
}

fn rule_schema(name: &str) -> Value {
    let mut generator = schemars::SchemaGenerator::default();
    let schemas = rota_rules::rule::schemas(&mut generator);
    let reference =
        schemas.into_iter().find(|(found, _)| *found == name).map(|(_, schema)| schema.to_value());
    let reference = reference.unwrap_or(Value::Null);
    match reference.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next()) {
        Some(definition) => generator.definitions().get(definition).cloned().unwrap_or(Value::Null),
        None => reference,
    }
}

/// The page of one rule; none when there is no such rule.
pub fn rule_page(name: &str) -> Option<String> {
    let text = page(name)?;
    let mut lines = vec![
        name.to_string(),
        "=".repeat(name.len()),
        String::new(),
        text,
        String::new(),
        "Fields".to_string(),
    ];
    for (field, required, description) in fields(name) {
        let must = if required { " (must be given)" } else { "" };
        lines.push(format!("  {field}{must}: {description}"));
    }
    let example = AnyRule::examples().into_iter().find(|example| example.rule.name() == name)?;
    let mut entry = serde_json::json!({ name: example.rule.to_value() });
    if matches!(example.rule, AnyRule::Fair(_) | AnyRule::Mixing(_) | AnyRule::Wishes(_)) {
        // As a must these would hardly ever leave a roster.
        entry["strength"] = "medium".into();
    }
    lines.push(String::new());
    lines.push("Example".to_string());
    lines.push(format!("  {entry}"));
    lines.push(String::new());
    lines.push("Beside the rule: id, strength (must, high, medium, low, off), weight, because, private, review, for_each, allow.".to_string());
    Some(lines.join("\n"))
}
