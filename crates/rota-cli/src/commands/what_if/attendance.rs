//! `rota what-if --attendance`

use crate::args::{Format, WhatIf};
use crate::changed::typed;
use crate::commands::is_plain;
use crate::load::{load_or_say, say_mistakes};
use crate::output::{json, print, say};
use crate::render::attendance::{markdown, text, Page};
use crate::render::roster::heading;
use crate::{Exit, MISTAKE, NO};
use rota_core::words::Problem;
use rota_core::{Day, Finding, Site, TeamIndex};
use rota_io::attendance::{AttendanceDocument, Chosen, Looked};
use rota_io::rosters::read_roster;
use rota_planner::attendance::{
    even_rota, freely, groups, places, planned, share, DayOf, Distribution, Manner, Party,
};
use std::path::Path;

/// Says how many people are on site when chance decides.
pub fn run(args: &WhatIf, groups: &str) -> Exit {
    let answer = match &args.scenario {
        None => of_groups(args, groups),
        Some(scenario) => of_scenario(args, scenario, groups),
    };
    let (document, title) = match answer {
        Ok(answer) => answer,
        Err(exit) => return exit,
    };
    let page = Page { document: &document, title: title.as_deref() };
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown(&page)),
        Format::Text => print(&text(&page, is_plain(args.look))),
    }
    if document.kept == Some(false) {
        NO
    } else {
        0
    }
}

type Answer = Result<(AttendanceDocument, Option<String>), Exit>;

/// The chance wanted where none is given.
const PROMISE: f64 = 0.95;
/// Days looked at together where no scenario says how many.
const DAYS: u32 = 1;

/// Says a mistake of the command line.
fn mistake(code: &str, what: &str, help: &str) -> Exit {
    say(&format!("error[attendance.{code}]: {what}\n  help: {help}"));
    MISTAKE
}

fn of_groups(args: &WhatIf, words: &str) -> Answer {
    if words.is_empty() {
        let help = "give groups, like --attendance \"12x0.8,100x2/5\", or name a scenario";
        return Err(mistake("nobody", "nobody is given who might come", help));
    }
    if Path::new(words).extension().is_some_and(|ending| ending == "json" || ending == "csv") {
        let help = "write the files first: rota what-if week.json --attendance";
        return Err(mistake("file", "a file is no group of people", help));
    }
    for (is_given, option) in [(args.comes.is_some(), "--comes"), (!args.together.is_empty(), "--together")] {
        if is_given {
            let help =
                "leave it out: groups say themselves how often they come, and 8@0.4 that they do so together";
            return Err(mistake("groups", &format!("{option} is about the people of a scenario"), help));
        }
    }
    let found = groups(words).map_err(|problems| say_mistakes(findings(problems), args.look))?;
    let absent = args.absent_rate.unwrap_or(0.0);
    let parties: Vec<Party> = found.iter().flat_map(|group| group.parties(absent)).collect();
    let people = found.iter().map(|group| group.people).sum();
    let day = Looked {
        on: None,
        distribution: Distribution::of(&parties),
        places: args.desks.map(|desks| desks as usize),
    };
    let days = args.days.unwrap_or(DAYS) as usize;
    let rota = even_rota(&found);
    Ok((
        AttendanceDocument::of(
            Chosen::Freely,
            people,
            (&[day], days),
            args.promise.unwrap_or(PROMISE),
            Some(rota),
        ),
        None,
    ))
}

fn of_scenario(args: &WhatIf, scenario: &str, words: &str) -> Answer {
    if !words.is_empty() {
        let is_groups = share(words).is_some() || groups(words).is_ok();
        let (what, help) = if is_groups {
            ("groups and a scenario both say who comes", "leave one of them out")
        } else {
            (
                "--attendance reads no file",
                "write the files first: rota what-if week.json roster.json --attendance",
            )
        };
        return Err(mistake("both", what, help));
    }
    if args.days.is_some() {
        return Err(mistake("days", "the days are those of the scenario", "leave --days out"));
    }
    let is_free = args.comes.is_some() || !args.together.is_empty();
    if args.roster.is_some() && is_free {
        let help = "leave --comes and --together out, or the roster";
        return Err(mistake("roster", "a roster says itself who comes", help));
    }
    let loaded = load_or_say(scenario, &args.beside, args.look)?;
    let site = &loaded.scenario.problem.site;
    let absent_rate = args.absent_rate.unwrap_or(0.0);
    let (days, chosen, rota): (Vec<DayOf>, Chosen, _) = if let Some(path) = &args.roster {
        let roster = read_roster(path, site).map_err(|findings| say_mistakes(findings, args.look))?;
        (planned(site, &roster, absent_rate), Chosen::Roster, None)
    } else {
        let together = teams(site, &args.together).map_err(|list| say_mistakes(list, args.look))?;
        let manner = Manner { comes: args.comes, absent_rate, together };
        let (days, rota) = freely(site, &manner).map_err(|list| say_mistakes(findings(list), args.look))?;
        (days, Chosen::Freely, Some(rota))
    };
    let dates: Vec<Day> = days.iter().map(|day| day.day).collect();
    let places = match args.desks {
        Some(desks) => Some(vec![desks as usize; days.len()]),
        None => places(&loaded.scenario.problem, &dates),
    };
    let mut looked: Vec<Looked> = Vec::with_capacity(days.len());
    for (at, day) in days.iter().enumerate() {
        // Days on which the same people decide alike are worked out once.
        let before = days[..at].iter().position(|other| other.parties == day.parties);
        looked.push(Looked {
            on: Some(site.calendar.date(day.day)),
            distribution: before
                .map_or_else(|| Distribution::of(&day.parties), |before| looked[before].distribution.clone()),
            places: places.as_ref().map(|places| places[at]),
        });
    }
    let document = AttendanceDocument::of(
        chosen,
        site.people.len(),
        (&looked, 1),
        args.promise.unwrap_or(PROMISE),
        rota,
    );
    Ok((document, Some(heading(&loaded.scenario.problem))))
}

fn teams(site: &Site, names: &[String]) -> Result<Vec<TeamIndex>, Vec<Finding>> {
    let mut found = Vec::new();
    let mut unknown = Vec::new();
    for name in names {
        match site.team(name) {
            Some(team) if !found.contains(&team) => found.push(team),
            Some(_) => {}
            None => unknown.push(site.unknown_team("together", "", name).without_pointer()),
        }
    }
    if unknown.is_empty() {
        Ok(found)
    } else {
        Err(unknown)
    }
}

fn findings(problems: Vec<Problem>) -> Vec<Finding> {
    problems.into_iter().map(|problem| typed("attendance.unclear", problem)).collect()
}
