//! Whether a roster file is still as rota wrote it, so that what somebody changed by hand is never written over.
//!
//! A workbook, a page and a picture carry a hash of their own content, a roster document one of its assignments. A
//! program that saves the file anew changes what is hashed, so a file that does not fit its hash counts as changed.

use crate::schema::KINDS;
use crate::sha256;
use serde_json::Value;
use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::{ZipArchive, ZipWriter};

/// The property of a workbook that holds its hash.
pub const PROPERTY: &str = "rota";
/// What stands there until the hash is known: as long as the hash.
pub const BLANK: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// The part of a workbook that holds its properties, and is not hashed.
const PROPERTIES: &str = "docProps/custom.xml";
/// Before and after the hash at the end of a page or picture.
const COMMENT: [&str; 2] = ["<!-- rota ", " -->\n"];
/// The sheet by which a workbook is known as a roster.
const SHEET: &str = "name=\"Roster\"";

/// A page or picture with its hash at its end.
pub fn page(text: &str) -> String {
    let [before, after] = COMMENT;
    format!("{text}{before}{}{after}", sha256(text))
}

/// A workbook whose [`PROPERTY`] holds [`BLANK`], with its hash there instead.
pub fn workbook(bytes: &[u8]) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let hash = workbook_hash(&mut archive)?;
    let mut sealed = ZipWriter::new(Cursor::new(Vec::with_capacity(bytes.len())));
    for at in 0..archive.len() {
        let mut part = archive.by_index_raw(at)?;
        if part.name()? != PROPERTIES {
            sealed.raw_copy_file(part)?;
            continue;
        }
        let options = zip::write::SimpleFileOptions::default()
            .last_modified_time(part.last_modified().unwrap_or_default());
        drop(part);
        part = archive.by_index(at)?;
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        sealed.start_file(PROPERTIES, options)?;
        sealed.write_all(text.replacen(BLANK, &hash, 1).as_bytes())?;
    }
    Ok(sealed.finish()?.into_inner())
}

/// A hash of every part of a workbook but its properties, by their names, sizes and checksums.
fn workbook_hash<R: Read + std::io::Seek>(
    archive: &mut ZipArchive<R>,
) -> Result<String, zip::result::ZipError> {
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at)?;
        if part.name()? != PROPERTIES {
            parts.push(format!("{} {} {:08x}", part.name()?, part.size(), part.crc32()));
        }
    }
    parts.sort();
    Ok(sha256(&parts.join("\n")))
}

/// The hash of a roster's assignments and cohorts.
pub fn assignments(assignments: &impl serde::Serialize, cohorts: &impl serde::Serialize) -> String {
    let values = [serde_json::to_value(assignments), serde_json::to_value(cohorts)]
        .map(|value| value.expect("documents are plain data"));
    sha256(&Value::from(values.to_vec()).to_string())
}

/// What is known of a file whose place another is to take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Rota wrote it and nobody has changed it; or nobody works on such a file by hand.
    AsWritten,
    /// A roster that somebody has changed since rota wrote it, or that rota did not write.
    Changed,
    /// It carries no hash, and somebody may have worked on it: tables, words, scenarios, and what rota did not write.
    Unsure,
}

/// What is known of a file, by the ending of its name and what stands in it.
pub fn known(path: &Path) -> Known {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    let Ok(bytes) = std::fs::read(path) else { return Known::AsWritten };
    match ending.as_str() {
        "xlsx" | "xlsm" => known_workbook(&bytes).unwrap_or(Known::Unsure),
        "html" | "htm" | "svg" => String::from_utf8(bytes).map_or(Known::Unsure, |text| known_page(&text)),
        "json" => serde_json::from_slice(&bytes).map_or(Known::Unsure, |document| known_document(&document)),
        "csv" | "txt" | "md" => Known::Unsure,
        _ => Known::AsWritten,
    }
}

fn as_written_unless(is_changed: bool) -> Known {
    if is_changed {
        Known::Changed
    } else {
        Known::AsWritten
    }
}

fn known_workbook(bytes: &[u8]) -> Result<Known, zip::result::ZipError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let hash = workbook_hash(&mut archive)?;
    let mut text_of = |name: &str| {
        let mut text = String::new();
        // Long enough for the names of sheets and properties; what is longer is not ours.
        let read = archive.by_name(name).map(|part| part.take(1 << 20).read_to_string(&mut text));
        read.map_or_else(|_| String::new(), |_| text)
    };
    let is_roster = text_of("xl/workbook.xml").contains(SHEET);
    let is_sealed = text_of(PROPERTIES).contains(&hash);
    Ok(match (is_sealed, is_roster) {
        (true, _) => Known::AsWritten,
        (false, true) => Known::Changed,
        (false, false) => Known::Unsure,
    })
}

/// A roster has its hash; answers of other kinds, and a history for the next rota, nobody writes by hand.
fn known_document(document: &Value) -> Known {
    let is_a = |kind: &&str| document.get(*kind).is_some_and(Value::is_number);
    if is_a(&"scenario") {
        Known::Unsure
    } else if document.get("roster").is_some() {
        as_written_unless(is_changed_document(document))
    } else if KINDS.iter().any(is_a) || document.get("days").is_some_and(Value::is_array) {
        Known::AsWritten
    } else {
        Known::Unsure
    }
}

/// A page or picture without a hash is not ours.
fn known_page(text: &str) -> Known {
    let [before, after] = COMMENT;
    let Some((page, end)) = text.rsplit_once(before) else { return Known::Unsure };
    as_written_unless(end.strip_suffix(after).is_none_or(|hash| hash != sha256(page)))
}

fn is_changed_document(document: &Value) -> bool {
    let Some(list) = document.get("roster").and_then(|_| document.get("assignments")) else { return false };
    let none = Value::from(serde_json::Map::new());
    let hash = assignments(list, document.get("cohorts").unwrap_or(&none));
    document["solve"]["seal"] != hash.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_until_it_is_changed() {
        let sealed = page("<p>Ann</p>\n");
        assert_eq!(known_page(&sealed), Known::AsWritten);
        assert_eq!(known_page(&sealed.replace("Ann", "Bob")), Known::Changed);
        assert_eq!(known_page(&(sealed + "more")), Known::Changed);
        assert_eq!(known_page("<p>another's</p>"), Known::Unsure);
    }

    #[test]
    fn what_carries_no_hash_may_have_been_changed() {
        let folder = tempfile::tempdir().expect("a folder");
        let known_as = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            known(&path)
        };
        assert_eq!(known_as("a.csv", "person,on,place\n"), Known::Unsure);
        assert_eq!(known_as("a.TXT", "words"), Known::Unsure);
        assert_eq!(known_as("week.json", r#"{ "scenario": 1 }"#), Known::Unsure);
        assert_eq!(known_as("cover.json", r#"{ "cover": 1 }"#), Known::AsWritten);
        assert_eq!(known_as("history.json", r#"{ "days": [] }"#), Known::AsWritten);
        assert_eq!(known_as("mine.json", r#"{ "shopping": ["milk"] }"#), Known::Unsure);
        assert_eq!(known_as("mine.json", "{ half a file"), Known::Unsure);
        assert_eq!(known_as("mine.xlsx", "no workbook"), Known::Unsure);
        assert_eq!(known_as("roster.json", r#"{ "roster": 1, "assignments": [] }"#), Known::Changed);
        let picture = page("<svg><text>Ann</text></svg>\n");
        assert_eq!(known_as("wall.svg", &picture), Known::AsWritten);
        assert_eq!(known_as("wall.svg", &picture.replace("Ann", "Bob")), Known::Changed);
        assert_eq!(known_as("model.mps", "NAME"), Known::AsWritten);
        assert_eq!(known(&folder.path().join("nowhere.csv")), Known::AsWritten);
    }

    #[test]
    fn a_document_is_known_until_its_assignments_are_changed() {
        let list = serde_json::json!([{ "person": "ann", "on": "2020-06-15", "place": "home" }]);
        let none = serde_json::json!({});
        let mut document =
            serde_json::json!({ "roster": 1, "assignments": list, "solve": { "seconds": 0.1 } });
        assert!(is_changed_document(&document), "it has no hash");
        document["solve"]["seal"] = assignments(&list, &none).into();
        assert!(!is_changed_document(&document));
        document["solve"]["seconds"] = 2.into();
        assert!(!is_changed_document(&document));
        document["assignments"][0]["place"] = "on_site".into();
        assert!(is_changed_document(&document));
        assert!(!is_changed_document(&serde_json::json!({ "capacity": 1 })));
    }
}
