//! The vocabulary of a rota: calendar, people, places, selectors, roster, findings. No solver, no files.
//!
//! Data flows one way: the typed parts of a scenario ([`typed`]) are checked and indexed into a [`Site`]
//! ([`Site::build`]); rules ask the site who ([`select::Who`]), when ([`select::When`]) and where
//! ([`select::Where`]); a [`Roster`] says where everybody is.
//!
//! Documents are read part by part ([`reading`], [`strict`]); what is found is placed by its JSON pointer
//! ([`positions`]).
//!
//! Invariants: nothing here prints, reads a clock or a file; nothing iterates a `HashMap`; a day is always
//! counted from the first day of the calendar ([`Day`]); every mistake is a [`Finding`] with a place and a remedy.

pub mod about;
pub mod asked;
mod build;
pub mod calendar;
pub mod clean;
pub mod date;
pub mod desks;
pub mod finding;
pub mod index;
pub mod names;
pub mod near;
pub mod positions;
pub mod reading;
pub mod roster;
pub mod select;
pub mod sight;
pub mod site;
pub mod slips;
pub mod strict;
pub mod typed;
pub mod words;

pub use about::{About, Limit, Subject};
pub use build::is_id;
pub use calendar::{Moment, Per, Period, ShiftSet};
pub use date::{Date, On, Weekday};
pub use finding::{Finding, FindingLevel};
pub use index::{
    CohortIndex, Day, DeskIndex, DutyIndex, PersonIndex, ShiftIndex, SiteIndex, TeamIndex, ZoneIndex,
};
pub use names::{Membership, Names};
pub use roster::{Cell, Place, Roster};
pub use select::{Presence, Spot, When, Where, Who};
pub use site::Site;
