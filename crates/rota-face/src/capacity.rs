//! How many desks of a plan can be in use.

use crate::error::Error;
use crate::options::Options;
use rota_core::words;
use rota_core::{DeskIndex, Finding, Site};
use rota_io::plans::Plan;
use rota_io::CapacityDocument;
use rota_planner::capacity::{Ask, Policy, Room};
use std::collections::BTreeSet;
use std::time::Instant;

/// What is asked of a plan.
#[derive(Debug, Clone, Default)]
pub struct Fitting<'a> {
    /// The distances, in metres, each above 0.
    pub distances: Vec<f64>,
    /// How many people are to come, and how often.
    pub policy: Option<Policy>,
    /// Of equally many desks, choose these: features or desks, with commas between.
    pub prefer: Option<&'a str>,
    /// The day whose closed desks are left out; those closed on every day where none is given.
    pub on: Option<&'a str>,
    /// What the room allows.
    pub room: Room,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Fits {
    /// The document that `rota capacity` prints.
    pub document: CapacityDocument,
    /// The exit code of the command: 0 answered, 1 the policy fits at no distance, 4 that is not proved.
    pub exit_code: u8,
}

/// Says how many desks of a plan can be in use at each distance, exactly, and which; with a policy, whether it fits.
///
/// # Errors
///
/// Every mistake in what is asked.
pub fn capacity(plan: &Plan, fitting: &Fitting<'_>, options: &Options<'_>) -> Result<Fits, Error> {
    let clock = Instant::now();
    let ask = ask(fitting, &plan.site).map_err(Error::Mistakes)?;
    let answer =
        options.run(|_| rota_planner::capacity::capacity(&plan.site, &ask, options.deadline(clock)))?;
    let document = CapacityDocument::of(plan, ask.policy, answer);
    let exit_code = exit_code(&document);
    Ok(Fits { document, exit_code })
}

/// What is asked, with names looked up; every mistake.
fn ask(fitting: &Fitting<'_>, site: &Site) -> Result<Ask, Vec<Finding>> {
    let mut findings = Vec::new();
    let mut mistake = |code: &str, message: String, help: &str| {
        findings.push(Finding::error(code, "", message).help(help).without_pointer());
    };
    if fitting.distances.is_empty() {
        mistake("capacity.distance", "no distance is given".to_string(), "give one or more, in metres");
    }
    if let Some(wrong) = fitting.distances.iter().find(|metres| !(metres.is_finite() && **metres > 0.0)) {
        mistake("capacity.distance", format!("{wrong} is not a distance"), "give metres above 0");
    }
    if let Some(policy) = fitting.policy {
        if policy.people == 0
            || !(policy.days > 0.0 && policy.days.is_finite())
            || !(1..=7).contains(&policy.open_days)
        {
            let message =
                "people and days must be above 0, and the place open on 1 to 7 days a week".to_string();
            mistake("capacity.policy", message, "give numbers like 162 people on 2 days of 5");
        } else if policy.days > f64::from(policy.open_days) {
            let message = format!(
                "{} days a week are more than the {} on which the place is open",
                policy.days, policy.open_days
            );
            mistake("capacity.days", message, "give fewer --days, or more --open-days");
        }
    }
    let room = fitting.room;
    if room.area.is_some() && room.area_each.is_none() && room.height.is_none() {
        let message = "an area alone says nothing of people".to_string();
        mistake(
            "capacity.area",
            message,
            "add --area-each with square metres for each person, or --height for the air",
        );
    }
    let closed = closed(fitting.on, site, &mut findings);
    let preferred = preferred(fitting.prefer, site, &mut findings);
    if findings.is_empty() {
        Ok(Ask { distances: fitting.distances.clone(), closed, preferred, policy: fitting.policy, room })
    } else {
        Err(findings)
    }
}

fn closed(on: Option<&str>, site: &Site, findings: &mut Vec<Finding>) -> BTreeSet<DeskIndex> {
    let all = DeskIndex::all(site.desks.len());
    let Some(text) = on else {
        return all.filter(|desk| site.desk(*desk).closed.iter().all(|closed| *closed)).collect();
    };
    let day = words::date(text, site).and_then(|date| site.calendar.day(date));
    let Some(day) = day else {
        let message = format!("`{text}` is no day of the plan's calendar");
        let help = "--on is for scenarios: write a day of its calendar, like 18 June";
        findings.push(Finding::error("capacity.on", "", message).help(help).without_pointer());
        return BTreeSet::new();
    };
    all.filter(|desk| site.desk(*desk).closed[day.0 as usize]).collect()
}

fn preferred(names: Option<&str>, site: &Site, findings: &mut Vec<Finding>) -> BTreeSet<DeskIndex> {
    let mut found = BTreeSet::new();
    let names = names.into_iter().flat_map(|names| names.split(',')).map(str::trim);
    for name in names.filter(|name| !name.is_empty()) {
        let fits = |desk: &DeskIndex| {
            let desk = site.desk(*desk);
            desk.id == name || desk.features.iter().any(|feature| feature == name)
        };
        let own: Vec<DeskIndex> = DeskIndex::all(site.desks.len()).filter(fits).collect();
        if own.is_empty() {
            let known = site.desks.iter().flat_map(|desk| desk.features.iter().chain([&desk.id]));
            let message = format!("no desk has the feature or the name `{name}`");
            findings.push(
                Finding::error("capacity.prefer", "", message)
                    .did_you_mean(name, known.map(String::as_str))
                    .or_help("name features or desks of the plan, with commas between")
                    .without_pointer(),
            );
        }
        found.extend(own);
    }
    found
}

/// No when a policy fits at no distance; no answer yet when that could not be proved.
fn exit_code(document: &CapacityDocument) -> u8 {
    let policies = || document.distances.iter().filter_map(|answer| Some((answer, answer.policy.as_ref()?)));
    if policies().next().is_none() || policies().any(|(_, policy)| policy.fits_by_rota) {
        return 0;
    }
    let is_no = policies().all(|(answer, policy)| {
        answer.at_most < policy.needed
            || answer.limits.first().is_some_and(|limit| limit.people < policy.needed)
    });
    if is_no {
        1
    } else {
        4
    }
}
