//! The sheet at the door: for each day and site, who is expected, by zone, with a column to sign in. First aiders
//! and fire wardens stand on top. No days at home are on it.

use super::html::{columns, page, PRINT};
use super::markup::{element, Element};
use crate::share::{Shared, SharedCell, SharedPerson};
use rota_core::{Date, Place};

/// The sheets of some days (by their place in the list) as one HTML page to print.
pub fn write(shared: &Shared, days: &[usize]) -> String {
    let sheets = days.iter().flat_map(|day| sheets(shared, *day));
    let mut body = element("main");
    if shared.issue.large_print {
        body = body.class("large");
    }
    let body = body.all(sheets);
    page(&format!("Sign-in: {}", shared.heading()), PRINT, &body)
}

/// One sheet a site on a day on which somebody is there.
fn sheets(shared: &Shared, day: usize) -> Vec<Element> {
    let there: Vec<(&SharedPerson, &SharedCell)> = shared
        .people
        .iter()
        .map(|person| (person, &person.cells[day]))
        .filter(|(_, cell)| cell.place == Place::OnSite)
        .collect();
    let mut sites: Vec<Option<&[String; 2]>> = Vec::new();
    for (_, cell) in &there {
        if !sites.contains(&cell.site.as_ref()) {
            sites.push(cell.site.as_ref());
        }
    }
    let date = shared.days[day];
    let sheet = |site: Option<&[String; 2]>| {
        let here: Vec<_> = there.iter().filter(|(_, cell)| cell.site.as_ref() == site).copied().collect();
        sheet(shared, date, site.map_or("", |[name, _]| name), &here)
    };
    sites.into_iter().map(sheet).collect()
}

fn sheet(shared: &Shared, date: Date, site: &str, here: &[(&SharedPerson, &SharedCell)]) -> Element {
    let name = if site.is_empty() { "On site".to_string() } else { site.to_string() };
    let mut section = element("section").class("sheet");
    section = section.holds(&element("h1").text(&format!("{name}: {}", date.long())));
    for role in ["First aider", "Fire warden"] {
        let names: Vec<String> = here
            .iter()
            .filter(|(person, _)| person.roles.contains(&role))
            .map(|(person, cell)| match cell.shift {
                Some(shift) => format!("{} ({})", person.name, shared.shifts[shift].name),
                None => person.name.clone(),
            })
            .collect();
        let names = if names.is_empty() { "nobody named".to_string() } else { names.join(", ") };
        section =
            section.holds(&element("p").holds(&element("strong").text(&format!("{role}: "))).text(&names));
    }
    let mut sorted = here.to_vec();
    // Stable, so that people of one zone stay in the order of the scenario.
    sorted.sort_by_key(|(_, cell)| cell.zone);
    let cells: Vec<&SharedCell> = sorted.iter().map(|(_, cell)| *cell).collect();
    let columns = columns(shared, &cells);
    let heads = columns.iter().map(|(head, _)| *head).chain(["Name", "Signature", "In", "Out"]);
    let head = element("tr").all(heads.map(|head| element("th").with("scope", "col").text(head)));
    let row = |(line, (person, _)): (usize, &(&SharedPerson, &SharedCell))| {
        element("tr")
            .all(columns.iter().map(|(_, texts)| element("td").text(&texts[line])))
            .holds(&element("th").with("scope", "row").text(&person.name))
            .holds(&element("td").class("signature"))
            .holds(&element("td").class("clock"))
            .holds(&element("td").class("clock"))
    };
    let caption = match here.len() {
        1 => "1 person is expected".to_string(),
        number => format!("{number} people are expected"),
    };
    section
        .holds(
            &element("table")
                .holds(&element("caption").text(&caption))
                .holds(&element("thead").holds(&head))
                .holds(&element("tbody").all(sorted.iter().enumerate().map(row))),
        )
        .holds(&element("p").class("made").text(&shared.made()))
}
