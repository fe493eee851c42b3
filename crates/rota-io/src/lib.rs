//! Files in and out: scenario and roster documents, tables, schemas, outside formats, exports for people.
//!
//! Invariants: a file is written whole or not at all ([`files::write_whole`]); every mistake in a file is a finding
//! with its line and column; nothing here prints;
//! an export sees only what may be shared ([`share::Shared`]).

pub mod attendance;
pub mod audit;
pub mod capacity;
pub mod cover;
pub mod diff;
pub mod document;
pub mod drawing;
pub mod dxf;
pub mod explanation;
pub mod export;
pub mod exposure;
pub mod files;
pub mod free;
pub mod grid;
pub mod growth;
pub mod heat_map;
pub mod import;
pub mod names;
mod picture_plan;
pub mod pictures;
pub mod plans;
pub mod price_curve;
pub mod progress;
pub mod replan;
pub mod roster_sheet;
pub mod rosters;
pub mod schema;
pub mod seal;
pub mod share;
pub mod size;
pub mod spare;
pub mod staff;
pub mod table;
pub mod ties;
pub mod workbook;

pub use attendance::AttendanceDocument;
pub use capacity::CapacityDocument;
pub use cover::CoverDocument;
pub use diff::DiffDocument;
pub use document::{CheckDocument, FindingsDocument, RosterDocument};
pub use grid::GridDocument;
pub use import::ScoreDocument;
pub use replan::ReplanDocument;
pub use size::SizeDocument;

/// SHA-256 of a text, in hexadecimal.
pub fn sha256(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    let nibble = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    digest.iter().flat_map(|byte| [nibble(byte >> 4), nibble(byte & 15)]).collect()
}
