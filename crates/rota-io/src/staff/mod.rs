//! Staff lists, leave lists and grids as people have them, turned into a scenario.
//!
//! Whatever stands on a sheet is read, or said not to be: mistakes and what may mean two things are errors at their
//! cell; columns and rows that are passed over are listed. Why somebody is away is not kept unless asked for.

pub mod codes;
pub mod headings;
mod headings_of_days;
mod merged;
mod names;
mod people;
mod reading;

use crate::workbook::cells::Book;
use crate::workbook::dates::Order;
use codes::Asked;
use headings::Field;
use rota_core::{Date, Finding};
use rota_rules::Scenario;
use std::collections::BTreeMap;

/// What a grid of people and days is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grid {
    /// Where people can be: places are laws.
    Availability,
    /// Where people ask to be.
    Wishes,
    /// The roster so far.
    Previous,
}

/// How a list is read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Headings and what they hold, as given; by the heading as `plain_word` writes it.
    pub map: BTreeMap<String, Field>,
    /// Codes and what they mean, as given.
    pub codes: Asked,
    /// What a grid is; asked for when a grid needs it and none is given.
    pub grid: Option<Grid>,
    /// How dates of three numbers are read.
    pub order: Order,
    /// Whether reasons for being away are kept.
    pub keep_reasons: bool,
    /// The first day of the roster where no grid says it.
    pub from: Date,
}

/// What a list gave.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The scenario, with likely rules switched off.
    pub scenario: Scenario,
    /// What was read: `24 people`, `31 days away` ...
    pub read: Vec<String>,
    /// What was passed over, and why.
    pub skipped: Vec<String>,
    /// How it was understood, where it might be otherwise.
    pub notes: Vec<String>,
    /// Warnings.
    pub findings: Vec<Finding>,
}

/// Makes a scenario of a book of lists; with mistakes, all of them.
pub fn import(book: &Book, options: &Options) -> Result<Imported, Vec<Finding>> {
    let gathered = reading::read(book, options)?;
    people::scenario(book, gathered, options)
}
