//! `rota rules`

use crate::args::{Format, Look};
use crate::output::{json, print, say};
use crate::render::rules::{first_sentence, list, rule_page, table};
use crate::{Exit, MISTAKE};
use rota_core::finding::nearest;
use rota_rules::rule::NAMES;

/// Lists the rules, or shows the page of one.
pub fn run(name: Option<&str>, look: Look) -> Exit {
    let Some(name) = name else {
        match look.format {
            Format::Text => print(&list()),
            Format::Markdown => print(&table()),
            Format::Json => {
                let rules: Vec<_> = NAMES
                    .iter()
                    .map(|name| serde_json::json!({ "name": name, "asks": first_sentence(name) }))
                    .collect();
                print(&json(&serde_json::json!({ "rules": 1, "list": rules })));
            }
        }
        return 0;
    };
    let Some(page) = rule_page(name) else {
        let near = nearest(name, NAMES.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let help = near.unwrap_or_else(|| format!("the rules are {}", NAMES.join(", ")));
        say(&format!("error[rule.unknown]: there is no rule `{name}`\n  help: {help}"));
        return MISTAKE;
    };
    match look.format {
        Format::Json => print(&json(&serde_json::json!({ "rules": 1, "name": name, "page": page }))),
        _ => print(&page),
    }
    0
}
