//! `rota free`

use super::failed;
use crate::args::{Format, Free};
use crate::changed::today;
use crate::load::{load_or_say, say_mistakes};
use crate::output::{json, print};
use crate::render::{clean, count, markdown};
use crate::{Exit, NO};
use rota_core::Site;
use rota_face::{free, place, Looking};
use rota_io::free::FreeDocument;
use rota_io::rosters::read_roster;

/// Says which desks and seats can still be used on a day.
pub fn run(args: &Free) -> Exit {
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let scenario = &loaded.scenario;
    let site = &scenario.problem.site;
    let looking = Looking {
        on: &args.on,
        person: args.for_person.as_deref(),
        needs: &args.needs,
        today: Some(today(args.today)),
    };
    let mut mistakes = Vec::new();
    let place = place(scenario, &looking).map_err(|error| mistakes.extend(error.findings())).ok();
    let roster = read_roster(&args.roster, site).map_err(|found| mistakes.extend(found)).ok();
    let (Some(place), Some(roster)) = (place, roster) else {
        return say_mistakes(mistakes, args.look);
    };
    let document = match free(scenario, &roster, &place, &rota_face::Options::default()) {
        Ok(document) => document,
        Err(error) => return failed(error, args.look),
    };
    let person = document.person.as_deref().and_then(|id| site.person_named(id));
    let name = person.map(|person| clean(&site.person(person).name));
    let (verdict, lines) = told(&document, name.as_deref(), site);
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown::section(&verdict, &lines)),
        Format::Text => {
            let lines: Vec<String> =
                std::iter::once(verdict).chain(lines.iter().map(|line| format!("  {line}"))).collect();
            print(&lines.join("\n"));
        }
    }
    if document.desks.is_empty() && document.seats.is_empty() {
        NO
    } else {
        0
    }
}

fn told(document: &FreeDocument, person: Option<&str>, site: &Site) -> (String, Vec<String>) {
    let day = document.on.spoken();
    let with = if document.needs.is_empty() {
        String::new()
    } else {
        format!(" with {}", document.needs.join(", "))
    };
    let whom = person.map(|name| format!(" for {name}")).unwrap_or_default();
    let mut verdict = match (document.desks.len(), document.seats.is_empty()) {
        (0, true) => format!("Nothing{with} is free{whom} on {day}."),
        (0, false) => format!("No desk{with} is free{whom} on {day}, but there are seats."),
        (1, _) => format!("1 desk{with} is free{whom} on {day}."),
        (number, _) => format!("{number} desks{with} are free{whom} on {day}."),
    };
    match document.together {
        Some(together) if together < document.desks.len() => {
            verdict.push_str(&format!(
                " Each can be used; of them together {}, because of the distance (proved).",
                count(together, "can be", "can be")
            ));
        }
        Some(_) => {}
        None => verdict.push_str(" How many of them can be used together was not found in time."),
    }
    let mut beside = vec![format!("{} in use", count(document.in_use, "desk is", "desks are"))];
    if document.too_near > 0 {
        beside.push(format!("{} too near to one in use", count(document.too_near, "more is", "more are")));
    }
    if !site.desks.is_empty() {
        verdict.push_str(&format!(" {}.", beside.join(", and ")));
    }
    let mut lines = Vec::new();
    for desk in &document.desks {
        let found = site.desk_named(&desk.desk).map(|desk| site.desk(desk));
        let name = found.map_or(desk.desk.as_str(), |desk| desk.name.as_str());
        let zone = found.map_or(desk.zone.as_str(), |desk| site.zone(desk.zone).name.as_str());
        let features =
            if desk.features.is_empty() { String::new() } else { format!(" ({})", desk.features.join(", ")) };
        lines.push(clean(&format!("{name}, {zone}{features}")));
    }
    for seats in &document.seats {
        let name =
            site.zone_named(&seats.zone).map_or(seats.zone.as_str(), |zone| site.zone(zone).name.as_str());
        lines.push(clean(&format!("{name}: {} free", count(seats.seats as usize, "seat", "seats"))));
    }
    (verdict, lines)
}
