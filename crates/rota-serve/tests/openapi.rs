//! The committed description is the one that the types give.
//! `ROTA_UPDATE=1 cargo xtask test -p rota-serve --test openapi` writes it anew.

use std::fs;
use std::path::Path;

#[test]
fn the_committed_description_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let wanted = rota_serve::openapi::text();
    if std::env::var_os("ROTA_UPDATE").is_some() {
        fs::write(&path, &wanted).expect("it is written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "openapi.json is stale; see the top of this test");
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &serde_json::Value, all: &serde_json::Value, seen: &mut usize) {
        match value {
            serde_json::Value::Object(object) => {
                if let Some(to) = object.get("$ref").and_then(|to| to.as_str()) {
                    let pointer = to.strip_prefix('#').expect("references stay within");
                    assert!(all.pointer(pointer).is_some(), "{to} leads nowhere");
                    *seen += 1;
                }
                object.values().for_each(|value| walk(value, all, seen));
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| walk(value, all, seen)),
            _ => {}
        }
    }
    let document = rota_serve::openapi::document();
    let mut seen = 0;
    walk(&document, &document, &mut seen);
    assert!(seen > 100, "{seen}");
}
