//! `rota free`

use crate::args::{Format, Free};
use crate::changed::{today, typed};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{json, print};
use crate::render::{clean, count, markdown};
use crate::{Exit, NO};
use rota_core::asked::{day, Now};
use rota_core::typed::WorkPlace;
use rota_core::{words, Day, Finding, PersonIndex, Site};
use rota_io::free::FreeDocument;
use rota_io::rosters::read_roster;
use rota_planner::free::free;

/// Says which desks and seats can still be used on a day.
pub fn run(args: &Free) -> Exit {
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let problem = &loaded.scenario.problem;
    let site = &problem.site;
    let mut mistakes = Vec::new();
    let on = day(&args.on, site, Now::today(today(args.today)))
        .map_err(|problem| mistakes.push(typed("free.day", problem)))
        .ok();
    let person = args.for_person.as_deref().map(|text| words::person(text, site)).transpose();
    let person = person.map_err(|problem| mistakes.push(typed("free.person", problem))).unwrap_or(None);
    mistakes.extend(unknown_needs(&args.needs, site));
    let roster = read_roster(&args.roster, site).map_err(|found| mistakes.extend(found)).ok();
    let (Some(on), Some(roster), true) = (on, roster, mistakes.is_empty()) else {
        return say_mistakes(mistakes, args.look);
    };
    let at = site.calendar.day(on).expect("the day was read from the calendar");
    if let Some(finding) = nobody_there(site, at, person) {
        return say_mistakes(vec![finding], args.look);
    }
    let found = free(problem, &roster, at, &args.needs, person);
    let id = person.map(|person| site.person(person).id.clone());
    let document = FreeDocument::of(problem, &found, on, &args.needs, id);
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

/// A day on which there is nothing to be free: closed, or not one on which the person may come.
fn nobody_there(site: &Site, at: Day, person: Option<PersonIndex>) -> Option<Finding> {
    let date = site.calendar.date(at).spoken();
    let message = match person {
        _ if !site.calendar.is_open(at) => format!("{date} is a closed day"),
        Some(person) if !site.works(person, at) => {
            format!("{} does not work on {date}", site.person(person).name)
        }
        Some(person) if site.laid_down(person, at) == Some(WorkPlace::Home) => {
            format!("{} works at home only on {date}", site.person(person).name)
        }
        _ => return None,
    };
    Some(Finding::error("free.nobody", "", message).help("ask for another day").without_pointer())
}

/// Features that no desk and no zone has.
fn unknown_needs(needs: &[String], site: &Site) -> Vec<Finding> {
    let desks = site.desks.iter().flat_map(|desk| &desk.features);
    let known: Vec<&str> =
        desks.chain(site.zones.iter().flat_map(|zone| &zone.features)).map(String::as_str).collect();
    let unknown = needs.iter().filter(|need| !known.contains(&need.as_str()));
    unknown
        .map(|need| {
            Finding::error("free.needs", "", format!("no desk and no zone has `{need}`"))
                .did_you_mean(need, known.iter().copied())
                .or_help("name a feature that stands on a desk or zone of the scenario")
                .without_pointer()
        })
        .collect()
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
