//! The tidy table: one line per person and day, by ids, as `rota check` and other programs read it.
//!
//! Ids hold letters, digits and `_ . @ -` alone; what else stands in a cell is quoted.

use crate::share::{Shared, SharedCell};
use rota_core::Place;

/// The columns; `cohort` comes last where there are cohorts.
pub const COLUMNS: [&str; 8] = ["person", "on", "place", "shift", "site", "zone", "desk", "duty"];

/// The word for a place in tables.
pub fn place_word(place: Place) -> &'static str {
    match place {
        Place::OnSite => "on_site",
        Place::Home => "home",
        Place::Off => "off",
    }
}

/// The ids of a person-day, in the order of the columns after the day.
pub fn values(shared: &Shared, cell: &SharedCell) -> [String; 6] {
    let shift = cell.shift.map(|shift| shared.shifts[shift].id.clone());
    let site = cell.site.as_ref().map(|[_, id]| id.clone());
    let zone = cell.zone.map(|zone| shared.zones[zone].id.clone());
    let desk = cell.desk.map(|desk| shared.desks[desk].id.clone());
    let or = Option::unwrap_or_default;
    [place_word(cell.place).to_string(), or(shift), or(site), or(zone), or(desk), or(cell.duty.clone())]
}

/// Whether anybody is in a group, so that the table has a column for it.
pub fn has_groups(shared: &Shared) -> bool {
    shared.people.iter().any(|person| person.group.is_some())
}

/// The whole table of what is shared.
pub fn write(shared: &Shared) -> String {
    let rows = shared.people.iter().flat_map(|person| {
        shared.days.iter().zip(&person.cells).map(|(day, cell)| {
            let mut fields = vec![person.id.clone(), day.to_string()];
            fields.extend(values(shared, cell));
            (fields, person.group.clone())
        })
    });
    table(rows, has_groups(shared))
}

/// A table: the fields of each line in the order of the columns and, where there are groups, the person's own.
pub fn table(rows: impl Iterator<Item = (Vec<String>, Option<String>)>, groups: bool) -> String {
    let mut head = COLUMNS.join(",");
    if groups {
        head.push_str(",cohort");
    }
    let mut lines = vec![head];
    for (mut fields, group) in rows {
        if groups {
            fields.push(group.unwrap_or_default());
        }
        lines.push(fields.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(","));
    }
    lines.join("\n") + "\n"
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', ';']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_string()
    }
}
