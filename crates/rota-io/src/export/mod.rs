//! What goes out to people: workbook, table, calendars, page, pictures, words.
//!
//! Each writer sees a [`crate::share::Shared`] and nothing else, so that nothing private can get out by it.

pub mod csv;
pub mod floor;
pub mod html;
pub mod ics;
pub mod markup;
pub mod sign_in;
pub mod text;
pub mod wall;
pub mod xlsx;

pub use xlsx::ROSTER_SHEET;
