//! `rota schema`

use crate::output::{json, print, say};
use crate::{Exit, MISTAKE};
use rota_core::finding::nearest;
use rota_io::schema::{schema, KINDS};

/// Prints the JSON Schema of a kind of document.
pub fn run(kind: &str) -> Exit {
    let Some(schema) = schema(kind) else {
        let near = nearest(kind, KINDS.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        let help = near.unwrap_or_else(|| format!("the kinds are {}", KINDS.join(", ")));
        say(&format!("error[schema.unknown]: there is no schema `{kind}`\n  help: {help}"));
        return MISTAKE;
    };
    print(&json(&schema));
    0
}
