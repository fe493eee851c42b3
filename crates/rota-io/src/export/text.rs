//! Each person's days in words, to send or to sign. Nobody else is named on anybody's page.

use crate::share::{Shared, SharedCell, SharedPerson};
use rota_core::clean::joined;
use rota_core::{Date, Place};

/// Between two people's pages: a form feed begins a new page where the text is printed.
const NEW_PAGE: &str = "\n\u{c}\n";

/// The pages of everybody in it.
pub fn write(shared: &Shared) -> String {
    let pages: Vec<String> = shared.people.iter().map(|person| page(shared, person)).collect();
    pages.join(NEW_PAGE)
}

fn page(shared: &Shared, person: &SharedPerson) -> String {
    let mut lines = vec![person.name.clone(), shared.span(), String::new()];
    let days = |place: Place| -> Vec<Date> {
        let days = shared.days.iter().zip(&person.cells);
        days.filter(|(_, cell)| cell.place == place).map(|(day, _)| *day).collect()
    };
    let visits = days(Place::OnSite);
    lines.push(match visits.len() {
        0 => "You are not needed on site in these days.".to_string(),
        1 => "You are on site on 1 day:".to_string(),
        number => format!("You are on site on {number} days:"),
    });
    let widest = visits.iter().map(|day| spoken(*day).len()).max().unwrap_or(0);
    for (day, cell) in shared.days.iter().zip(&person.cells).filter(|(_, cell)| cell.place == Place::OnSite) {
        lines.push(format!("  {:widest$}   {}", spoken(*day), shared.visit(cell)).trim_end().to_string());
    }
    for (place, words) in [(Place::Home, "You work at home on"), (Place::Off, "You are not working on")] {
        let days = days(place);
        if !days.is_empty() {
            let days: Vec<String> = days.into_iter().map(spoken).collect();
            lines.push(String::new());
            lines.push(format!("{words} {}.", joined(&days, "and")));
        }
    }
    if let Some(group) = &person.group {
        lines.push(String::new());
        lines.push(format!("You are in group {group}."));
    }
    lines.extend([String::new(), "Seen: ______________________   Date: ______________".to_string()]);
    lines.extend([String::new(), shared.made()]);
    lines.join("\n") + "\n"
}

/// A message for each person whose days are not as they were, and about nothing else. `old` is of the same scenario.
pub fn changes(shared: &Shared, old: &Shared) -> String {
    let messages: Vec<String> =
        shared.people.iter().filter_map(|person| message(shared, old, person)).collect();
    if messages.is_empty() {
        return "Nobody's days have changed.\n".to_string();
    }
    messages.join(NEW_PAGE)
}

fn message(shared: &Shared, old: &Shared, person: &SharedPerson) -> Option<String> {
    let before = old.people.iter().find(|other| other.id == person.id);
    let mut days: Vec<Date> = shared.days.iter().chain(&old.days).copied().collect();
    days.sort();
    days.dedup();
    let changed: Vec<(String, String)> = days
        .into_iter()
        .filter_map(|day| {
            let now = told(shared, Some(person), day);
            let then = told(old, before, day);
            (now != then).then(|| (spoken(day), format!("{now}  (before: {then})")))
        })
        .collect();
    if changed.is_empty() {
        return None;
    }
    let mut lines = vec![person.name.clone(), shared.span(), String::new()];
    lines.push(match changed.len() {
        1 => "One of your days has changed:".to_string(),
        number => format!("{number} of your days have changed:"),
    });
    let widest = changed.iter().map(|(day, _)| day.len()).max().unwrap_or(0);
    lines.extend(changed.iter().map(|(day, words)| format!("  {day:widest$}   {words}")));
    lines.extend(["Nothing else in your days changes.".to_string(), String::new(), shared.made()]);
    Some(lines.join("\n") + "\n")
}

/// Where somebody is on a day, in words; a day that a roster does not have is a day off.
fn told(shared: &Shared, person: Option<&SharedPerson>, day: Date) -> String {
    let at = shared.days.iter().position(|other| *other == day);
    let cell: Option<&SharedCell> = person.zip(at).map(|(person, at)| &person.cells[at]);
    match cell.map(|cell| (cell.place, shared.visit(cell))) {
        Some((Place::OnSite, visit)) if visit.is_empty() => "on site".to_string(),
        Some((Place::OnSite, visit)) => format!("on site, {visit}"),
        Some((Place::Home, _)) => "at home".to_string(),
        Some((Place::Off, _)) | None => "not working".to_string(),
    }
}

fn spoken(date: Date) -> String {
    date.spoken()
}
