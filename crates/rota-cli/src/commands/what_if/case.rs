//! `rota what-if --case` and `--contacts`

use crate::args::{Format, WhatIf};
use crate::changed::typed;
use crate::commands::is_plain;
use crate::load::{load_or_say, say_mistakes, Loaded};
use crate::output::{json, print, say};
use crate::render::exposure::{markdown, text, Page};
use crate::{Exit, MISTAKE, NO};
use rota_core::asked::{self, Now};
use rota_core::{words, Day, PersonIndex, Roster};
use rota_face::changes::errors_of_edited;
use rota_io::exposure::ExposureDocument;
use rota_io::rosters::read_roster;
use rota_planner::exposure::{case, exposure, Case, Known, Terms};
use rota_rules::rules::contacts::Within;

/// Calendar days looked at before it becomes known, where not said.
const BACK: u32 = 2;
/// Calendar days people stay away, where not said.
const STAY: u32 = 10;

/// Says what fails when somebody and all who met them have to stay away.
pub fn run_case(args: &WhatIf, name: &str) -> Exit {
    let (loaded, roster) = match read(args, "case") {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let terms = terms(args);
    if let Err(exit) = says_places(&loaded, &roster, terms) {
        return exit;
    }
    let site = &loaded.scenario.problem.site;
    let mut mistakes = Vec::new();
    let person =
        words::person(name, site).map_err(|problem| mistakes.push(typed("case.person", problem))).ok();
    let on = args.on.as_ref().and_then(|day| {
        let read = asked::day(day, site, Now::today(site.calendar.from));
        read.map_err(|problem| mistakes.push(typed("case.day", problem))).ok()
    });
    let Some(person) = person.filter(|_| mistakes.is_empty()) else {
        return say_mistakes(mistakes, args.look);
    };
    let on = match on.map(|date| site.calendar.day(date).ok_or(date)) {
        None => None,
        Some(Ok(day)) => Some(day),
        Some(Err(date)) => {
            let (from, to) = (site.calendar.from.spoken(), site.calendar.to.spoken());
            say(&format!(
                "error[case.outside]: {} is not in this rota\n  help: give a day from {from} to {to}",
                date.spoken()
            ));
            return MISTAKE;
        }
    };
    let days = match cases(&loaded, &roster, person, on, terms) {
        Ok(days) => days,
        Err(exit) => return exit_of(exit, args),
    };
    let Some(worst) = worst(&days) else {
        say("error[case.closed]: no day of this rota is open\n  help: give the day with --on");
        return MISTAKE;
    };
    let others: &[Case] = if on.is_some() { &[] } else { &days };
    let document = ExposureDocument::case(person, terms, worst, others);
    show(args, &loaded, &document);
    if worst.broken.is_empty() {
        0
    } else {
        NO
    }
}

/// Says how much people of a roster mix.
pub fn run_contacts(args: &WhatIf) -> Exit {
    let (loaded, roster) = match read(args, "contacts") {
        Ok(read) => read,
        Err(exit) => return exit,
    };
    let terms = terms(args);
    if let Err(exit) = says_places(&loaded, &roster, terms) {
        return exit;
    }
    let site = &loaded.scenario.problem.site;
    let found = exposure(site, &roster, terms);
    show(args, &loaded, &ExposureDocument::contacts(site, terms, &found));
    0
}

fn show(args: &WhatIf, loaded: &Loaded, document: &ExposureDocument) {
    let page = Page { problem: &loaded.scenario.problem, document };
    match args.look.format {
        Format::Json => print(&json(document)),
        Format::Markdown => print(&markdown(&page)),
        Format::Text => print(&text(&page, is_plain(args.look))),
    }
}

fn terms(args: &WhatIf) -> Terms {
    let within = match args.within {
        Some(crate::args::WithinName::Zone) => Within::Zone,
        _ => Within::Site,
    };
    Terms { within, back: args.back.unwrap_or(BACK), stay: args.stay.unwrap_or(STAY) }
}

fn read(args: &WhatIf, question: &str) -> Result<(Loaded, Roster), Exit> {
    let (Some(scenario), Some(roster)) = (&args.scenario, &args.roster) else {
        say(&format!(
            "error[{question}.roster]: who meets whom is read off a roster\n  help: rota what-if week.json roster.json --{question}{}",
            if question == "case" { " amy" } else { "" }
        ));
        return Err(MISTAKE);
    };
    let loaded = load_or_say(scenario, &args.beside, args.look)?;
    let roster = read_roster(roster, &loaded.scenario.problem.site)
        .map_err(|findings| say_mistakes(findings, args.look))?;
    Ok((loaded, roster))
}

/// Refuses to tell who meets whom where the roster does not say where people are.
fn says_places(loaded: &Loaded, roster: &Roster, terms: Terms) -> Result<(), Exit> {
    let site = &loaded.scenario.problem.site;
    let needs_zone = terms.within == Within::Zone;
    if !needs_zone && site.premises.len() < 2 {
        return Ok(());
    }
    let on_site = |(person, day): (PersonIndex, Day)| {
        let cell = roster.at(person, day);
        let is_said = if needs_zone { cell.zone.is_some() } else { cell.site.is_some() };
        cell.place == rota_core::Place::OnSite && !is_said
    };
    let cells = PersonIndex::all(site.people.len())
        .flat_map(|person| site.calendar.days().map(move |day| (person, day)));
    let unsaid = cells.into_iter().find(|cell| on_site(*cell));
    let Some((person, day)) = unsaid else { return Ok(()) };
    let what = if needs_zone { "zone" } else { "site" };
    say(&format!(
        "error[contacts.places]: the roster does not say in which {what} {} is on {}\n  help: {}",
        site.person(person).id,
        site.calendar.date(day).spoken(),
        if needs_zone { "add zones to the roster, or leave --within out" } else { "add sites to the roster" }
    ));
    Err(MISTAKE)
}

fn cases(
    loaded: &Loaded,
    roster: &Roster,
    person: PersonIndex,
    on: Option<Day>,
    terms: Terms,
) -> Result<Vec<Case>, Vec<rota_core::Finding>> {
    let known = Known { scenario: &loaded.scenario.typed, problem: &loaded.scenario.problem, roster };
    let calendar = &loaded.scenario.problem.site.calendar;
    let days: Vec<Day> =
        on.map_or_else(|| calendar.days().filter(|day| calendar.is_open(*day)).collect(), |day| vec![day]);
    days.into_iter().map(|day| case(known, person, day, terms)).collect()
}

fn exit_of(findings: Vec<rota_core::Finding>, args: &WhatIf) -> Exit {
    say_mistakes(errors_of_edited(findings), args.look)
}

/// The day that breaks most; of these the one that keeps most people away, then the first.
fn worst(days: &[Case]) -> Option<&Case> {
    days.iter().rev().max_by_key(|case| (case.broken.len(), case.contacts.len(), case.visits_lost))
}
