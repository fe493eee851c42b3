//! Files in and out: scenario and roster documents, tables, schemas, outside formats, exports for people.
//!
//! Invariants: a file is written whole or not at all ([`files::write_whole`]); every mistake in a file is a finding
//! with its line and column; nothing here prints;
//! an export sees only what may be shared ([`share::Shared`]).

pub mod audit;
pub mod cover;
pub mod diff;
pub mod document;
pub mod explanation;
pub mod export;
pub mod files;
pub mod free;
pub mod import;
pub mod replan;
pub mod roster_sheet;
pub mod rosters;
pub mod schema;
pub mod share;
pub mod table;
pub mod ties;

pub use cover::CoverDocument;
pub use diff::DiffDocument;
pub use document::{CheckDocument, FindingsDocument, RosterDocument};
pub use import::ScoreDocument;
pub use replan::ReplanDocument;

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    let nibble = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    digest.iter().flat_map(|byte| [nibble(byte >> 4), nibble(byte & 15)]).collect()
}
