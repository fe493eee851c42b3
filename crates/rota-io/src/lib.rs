//! Files in and out: scenario and roster documents, tables, schemas.
//!
//! Invariants: a file is written whole or not at all ([`files::write_whole`]); every mistake in a file is a finding
//! with its line and column; nothing here prints.

pub mod document;
pub mod files;
pub mod rosters;
pub mod schema;
pub mod ties;

pub use document::{CheckDocument, FindingsDocument, RosterDocument};

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
