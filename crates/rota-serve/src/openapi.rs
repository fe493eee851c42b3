//! The description of the service: OpenAPI 3.1, made of the same types that read and write the bodies.

use serde_json::{json, Value};

/// The description.
pub fn document() -> Value {
    json!({ "openapi": "3.1.0", "info": { "title": "Rota", "version": env!("CARGO_PKG_VERSION") }, "paths": {} })
}

/// The same as text.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).expect("a description is plain data");
    text.push('\n');
    text
}
