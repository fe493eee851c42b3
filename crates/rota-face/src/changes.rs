//! What has changed since a roster was made: absences, days at home only, closed places, in words.

use crate::error::Error;
use crate::scenario::Scenario;
use rota_core::asked::{person_days, place_days, Now, Premise};
use rota_core::typed::WorkPlace;
use rota_core::words;
use rota_core::{Date, Day, Finding, PersonIndex, Site};
use rota_planner::edit::{apply, written, Closable, Edit};
use rota_rules::Problem;

/// A scenario with what has changed in it.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The scenario as it is now.
    pub scenario: Scenario,
    /// What was put into it.
    pub edits: Vec<Edit>,
    /// What is worth knowing of it.
    pub notes: Vec<String>,
}

/// What has changed, in words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Typed<'a> {
    /// Who does not work: `Ben Okafor:today..wed`.
    pub absent: &'a [String],
    /// Who works at home only: `amy:mon..wed`.
    pub home_only: &'a [String],
    /// Sites, zones and desks that are closed: `north:18 June`.
    pub closed: &'a [String],
}

/// The edits meant.
#[derive(Debug, Clone, Default)]
pub struct Edits {
    /// One for each span of days.
    pub edits: Vec<Edit>,
    /// What is worth knowing of them: that somebody does not work then anyway.
    pub notes: Vec<String>,
}

/// Reads what has changed.
///
/// # Errors
///
/// Every mistake in it.
pub fn edits(typed: &Typed<'_>, site: &Site, now: Now) -> Result<Edits, Vec<Finding>> {
    let mut read = Edits::default();
    let mut mistakes = Vec::new();
    let mut absent: Vec<(PersonIndex, Day)> = Vec::new();
    let mut at_home: Vec<(PersonIndex, Day)> = Vec::new();
    for (list, code, away) in [(typed.absent, "absent", true), (typed.home_only, "home_only", false)] {
        for text in list {
            match person_days(text, site, now) {
                Ok((person, days)) => {
                    let one = site.person(person);
                    let within = |date: Date| days.iter().any(|(from, to)| *from <= date && date <= *to);
                    let calendar = &site.calendar;
                    let meant: Vec<Day> = calendar.days().filter(|day| within(calendar.date(*day))).collect();
                    let cannot = |day: &&Day| site.laid_down(person, **day) == Some(WorkPlace::OnSite);
                    if let Some(day) = meant.iter().find(|day| !away && cannot(day)) {
                        let date = site.calendar.date(*day).spoken();
                        let problem =
                            words::Problem::new(format!("{} works on site only on {date}", one.name))
                                .help("say --absent, or change `base` or `only` in the scenario");
                        mistakes.push(problem.finding("home_only.on_site", "").without_pointer());
                        continue;
                    }
                    if !meant.iter().any(|day| site.works(person, *day)) {
                        let days = if meant.len() == 1 { "that day" } else { "those days" };
                        read.notes.push(format!("{} does not work on {days} anyway ({text})", one.name));
                    }
                    let list = if away { &mut absent } else { &mut at_home };
                    list.extend(meant.iter().map(|day| (person, *day)));
                    let id = &one.id;
                    read.edits.extend(days.into_iter().map(|(from, to)| {
                        let person = id.clone();
                        if away {
                            Edit::Away { person, from, to }
                        } else {
                            Edit::HomeOnly { person, from, to }
                        }
                    }));
                }
                Err(problem) => {
                    mistakes.push(problem.finding(&format!("{code}.unclear"), "").without_pointer());
                }
            }
        }
    }
    if let Some((person, day)) = at_home.iter().find(|one| absent.contains(one)) {
        let (name, date) = (&site.person(*person).name, site.calendar.date(*day).spoken());
        let problem = words::Problem::new(format!("{name} is said to be both away and at home on {date}"))
            .help("leave one of the two out");
        mistakes.push(problem.finding("absent.at_home", "").without_pointer());
    }
    for text in typed.closed {
        match place_days(text, site, now) {
            Ok((place, days)) => {
                let place = match place {
                    Premise::Site(at) => Closable::Site(site.premises[at.at()].id.clone()),
                    Premise::Zone(at) => Closable::Zone(site.zone(at).id.clone()),
                    Premise::Desk(at) => Closable::Desk(site.desk(at).id.clone()),
                };
                read.edits.extend(days.into_iter().map(|(from, to)| Edit::Closed {
                    place: place.clone(),
                    from,
                    to,
                }));
            }
            Err(problem) => mistakes.push(problem.finding("closed.unclear", "").without_pointer()),
        }
    }
    if mistakes.is_empty() {
        Ok(read)
    } else {
        Err(mistakes)
    }
}

/// The errors of an edited scenario, whose places are not those of the document.
pub fn errors_of_edited(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(Finding::is_error).map(Finding::without_pointer).collect()
}

/// A scenario with edits made, checked again; its document has them as well.
///
/// # Errors
///
/// The mistakes that the edits make.
pub fn edited(scenario: &Scenario, edits: &[Edit]) -> Result<Scenario, Error> {
    let mut typed = scenario.typed.clone();
    apply(&mut typed, edits);
    let (problem, findings): (Problem, Vec<Finding>) =
        Problem::new(&typed).map_err(|findings| Error::Mistakes(errors_of_edited(findings)))?;
    let document = if edits.is_empty() {
        scenario.document.clone()
    } else {
        written(&scenario.document, edits)
            .map_err(|details| Error::Disagreement { what: "an edited scenario", details })?
    };
    Ok(Scenario { typed, problem, findings, document })
}
