//! What may be typed after `rota export` and `rota free`.

use super::{date, whole, Beside, Look};
use clap::ValueEnum;
use std::path::PathBuf;

/// `rota export`
#[derive(Debug, clap::Args)]
pub struct Export {
    /// The scenario
    pub scenario: String,
    /// The roster: .json, .csv or .xlsx
    pub roster: String,
    /// Where to write it; its ending tells the kind. A folder for calendars, and for charts of every day
    #[arg(short, long, value_name = "PATH")]
    pub output: Option<PathBuf>,
    /// What to write, where the ending of the name does not tell it
    #[arg(long, value_enum, value_name = "KIND")]
    pub to: Option<ExportKind>,
    /// Only this team: nobody else is in it
    #[arg(long, value_name = "TEAM", conflicts_with_all = ["for_person", "with_reasons"])]
    pub for_team: Option<String>,
    /// Only this person: nobody else is in it
    #[arg(long, value_name = "PERSON", conflicts_with = "with_reasons")]
    pub for_person: Option<String>,
    /// Only this day: the plan of its desks (svg), or its sheet (sign-in)
    #[arg(long, value_name = "DAY")]
    pub on: Option<String>,
    /// The roster that this one replaces: events changed or gone are marked so (ics); a message for each person whose
    /// days changed, and nothing else (text)
    #[arg(long, value_name = "ROSTER")]
    pub old: Option<String>,
    /// SEQUENCE of every event, instead of counting on from the calendars that are there (ics)
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = whole)]
    pub sequence: Option<u32>,
    /// It holds: not marked as a draft
    #[arg(long)]
    pub publish: bool,
    /// In large letters, one week to a page (xlsx, html, sign-in)
    #[arg(long)]
    pub large_print: bool,
    /// Add wishes not granted and rules bent with their reasons; marked as personal (xlsx, html)
    #[arg(long)]
    pub with_reasons: bool,
    /// The date it carries, and what counts as today; the date of this computer if not given
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub today: Option<rota_core::Date>,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}

/// What a roster can be written as, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportKind {
    /// A workbook; `rota check` reads it back
    Xlsx,
    /// A table, one line per person and day
    Csv,
    /// A page with everything in it
    Html,
    /// Calendars: one for each person and team
    Ics,
    /// A wall chart, and the desks of each day
    Svg,
    /// Everybody's days in words
    Text,
    /// Lists to sign at the door
    SignIn,
}

/// What `rota solve --to` writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SolveKind {
    /// The roster document
    Json,
    /// A workbook; `rota check` reads it back
    Xlsx,
    /// A table, one line per person and day
    Csv,
    /// A page with everything in it
    Html,
    /// Calendars: one for each person and team, in a folder
    Ics,
    /// A wall chart; into a folder, the desks of each day too
    Svg,
    /// Everybody's days in words
    Text,
    /// Lists to sign at the door
    SignIn,
}

/// `rota free`
#[derive(Debug, clap::Args)]
pub struct Free {
    /// The scenario
    pub scenario: String,
    /// The roster: .json, .csv or .xlsx
    pub roster: String,
    /// The day
    #[arg(long, value_name = "DAY")]
    pub on: String,
    /// What the desk must have; may be given several times
    #[arg(long, value_name = "FEATURE")]
    pub needs: Vec<String>,
    /// Only what this person may use
    #[arg(long, value_name = "PERSON")]
    pub for_person: Option<String>,
    /// What counts as today; the date of this computer if not given
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub today: Option<rota_core::Date>,
    #[command(flatten)]
    pub beside: Beside,
    #[command(flatten)]
    pub look: Look,
}
