//! Each person's days in words, to send or to sign. Nobody else is named on anybody's page.

use crate::share::{Shared, SharedPerson};
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

fn spoken(date: Date) -> String {
    date.spoken()
}
