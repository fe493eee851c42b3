//! What has changed since a roster was made, read from the command line: absences, home-only days, closed places.

use crate::args::Look;
use crate::load::{say_mistakes, Loaded};
use crate::output::{replace, say};
use crate::render::clean;
use crate::{Exit, MISTAKE};
use rota_core::asked::{person_days, place_days, Now, Premise};
use rota_core::typed::WorkPlace;
use rota_core::words;
use rota_core::{Date, Day, Finding, PersonIndex, Site};
use rota_io::workbook::anew::{rewrites, Rewrite};
use rota_io::workbook::{is_book, is_workbook};
use rota_planner::edit::{apply, written, Closable, Edit};
use rota_rules::{Problem, Scenario};
use std::path::Path;

/// The date of this computer.
pub fn today(given: Option<Date>) -> Date {
    given.unwrap_or_else(|| Date(chrono::Local::now().date_naive()))
}

/// A finding about something typed on the command line.
pub fn typed(code: &str, problem: words::Problem) -> Finding {
    problem.finding(code, "").without_pointer()
}

/// What was typed: absences, days at home only, closed places.
pub struct Typed<'a> {
    /// `--absent`
    pub absent: &'a [String],
    /// `--home-only`
    pub home_only: &'a [String],
    /// `--closed`
    pub closed: &'a [String],
}

/// The edits that were typed, or every mistake in them.
pub fn edits(typed_in: &Typed<'_>, site: &Site, now: Now) -> Result<Vec<Edit>, Vec<Finding>> {
    let mut edits = Vec::new();
    let mut mistakes = Vec::new();
    let mut absent: Vec<(PersonIndex, Day)> = Vec::new();
    let mut at_home: Vec<(PersonIndex, Day)> = Vec::new();
    for (list, code, away) in [(typed_in.absent, "absent", true), (typed_in.home_only, "home_only", false)] {
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
                        mistakes.push(typed("home_only.on_site", problem));
                        continue;
                    }
                    let works = |day: &Day| site.works(person, *day);
                    if !meant.iter().any(works) {
                        let days = if meant.len() == 1 { "that day" } else { "those days" };
                        say(&clean(&format!("note: {} does not work on {days} anyway ({text})", one.name)));
                    }
                    if away {
                        absent.extend(meant.iter().map(|day| (person, *day)));
                    } else {
                        at_home.extend(meant.iter().map(|day| (person, *day)));
                    }
                    let id = &one.id;
                    edits.extend(days.into_iter().map(|(from, to)| {
                        let person = id.clone();
                        if away {
                            Edit::Away { person, from, to }
                        } else {
                            Edit::HomeOnly { person, from, to }
                        }
                    }));
                }
                Err(problem) => mistakes.push(typed(&format!("{code}.unclear"), problem)),
            }
        }
    }
    if let Some((person, day)) = at_home.iter().find(|one| absent.contains(one)) {
        let (name, date) = (&site.person(*person).name, site.calendar.date(*day).spoken());
        let problem = words::Problem::new(format!("{name} is said to be both away and at home on {date}"))
            .help("leave one of --absent and --home-only out");
        mistakes.push(typed("absent.at_home", problem));
    }
    for text in typed_in.closed {
        match place_days(text, site, now) {
            Ok((place, days)) => {
                let place = match place {
                    Premise::Site(at) => Closable::Site(site.premises[at.at()].id.clone()),
                    Premise::Zone(at) => Closable::Zone(site.zone(at).id.clone()),
                    Premise::Desk(at) => Closable::Desk(site.desk(at).id.clone()),
                };
                edits.extend(days.into_iter().map(|(from, to)| Edit::Closed {
                    place: place.clone(),
                    from,
                    to,
                }));
            }
            Err(problem) => mistakes.push(typed("closed.unclear", problem)),
        }
    }
    if mistakes.is_empty() {
        Ok(edits)
    } else {
        Err(mistakes)
    }
}

/// A scenario with edits made, checked again.
pub fn edited(loaded: &Loaded, edits: &[Edit], look: Look) -> Result<(Scenario, Problem), Exit> {
    let mut scenario = loaded.scenario.clone();
    apply(&mut scenario, edits);
    match Problem::new(&scenario) {
        Ok((problem, _)) => Ok((scenario, problem)),
        Err(findings) => Err(say_mistakes(errors_of_edited(findings), look)),
    }
}

/// The errors of an edited scenario, whose places are not those of the file.
pub fn errors_of_edited(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(Finding::is_error).map(Finding::without_pointer).collect()
}

/// The text of the scenario with the edits, for its hash and to be saved.
pub fn document(loaded: &Loaded, edits: &[Edit]) -> Result<String, Exit> {
    if edits.is_empty() {
        return Ok(loaded.text.clone());
    }
    written(&loaded.text, edits).map_err(|what| {
        say(&format!("error[internal]: the scenario cannot be edited: {what}\n  help: please report this"));
        crate::INTERNAL
    })
}

/// How an edited scenario is put back into its own file.
pub enum Saving {
    /// Nothing has changed, or nothing was asked for.
    Nothing,
    /// The text of a document.
    Document,
    /// The files of a workbook or folder.
    Files(Vec<Rewrite>),
}

/// How the edited scenario will be saved, if that is `asked` for; refused, before any work, where it cannot be
/// without losing what else stands in a workbook.
pub fn prepared(path: &str, loaded: &Loaded, text: &str, asked: bool, look: Look) -> Result<Saving, Exit> {
    if !asked || loaded.text == text {
        return Ok(Saving::Nothing);
    }
    if !is_book(path) {
        return Ok(Saving::Document);
    }
    rewrites_of(path, loaded, text).map(Saving::Files).map_err(|findings| say_mistakes(findings, look))
}

/// Whether the edited scenario can be saved in its own file.
pub fn can_save(path: &str, loaded: &Loaded, text: &str) -> bool {
    path != "-" && (!is_book(path) || rewrites_of(path, loaded, text).is_ok())
}

fn rewrites_of(path: &str, loaded: &Loaded, text: &str) -> Result<Vec<Rewrite>, Vec<Finding>> {
    let read = |text: &str| Scenario::read(text).scenario.expect("what was read, or edited, reads again");
    rewrites(path, &read(&loaded.text), &read(text))
}

/// Writes the edited scenario over its own file and says so.
pub fn save(path: &str, text: &str, edits: &[Edit], saving: &Saving) -> Result<(), Exit> {
    if edits.is_empty() {
        say("note: nothing was said to have changed, so there is nothing to save in the scenario");
        return Ok(());
    }
    let files = match saving {
        Saving::Nothing => {
            say(&format!("note: {} says so already; nothing is saved in it", clean(path)));
            return Ok(());
        }
        Saving::Document => {
            if let Some(used) = replace(Path::new(path), text)? {
                say(&format!("Saved in {}: {}.", clean(&used), what(edits.len())));
            }
            return Ok(());
        }
        Saving::Files(files) => files,
    };
    for file in files {
        let (used, kept) = file.carry_out().map_err(|what| {
            say(&format!(
                "error[file.write]: {}\n  help: close the file where it is open, or keep the scenario as JSON",
                clean(&what)
            ));
            MISTAKE
        })?;
        let looks = if is_workbook(&used) { ", with your own colours and widths" } else { "" };
        let as_it_was = kept.map(|kept| format!(" As it was{looks}: {}.", kept.display()));
        say(&clean(&format!(
            "Saved in {}: {}.{}",
            used.display(),
            what(edits.len()),
            as_it_was.unwrap_or_default()
        )));
    }
    Ok(())
}

fn what(edits: usize) -> String {
    crate::render::count(edits, "change", "changes")
}

/// Refuses to save into standard input.
pub fn savable(path: &str, asked: bool) -> Result<(), Exit> {
    if asked && path == "-" {
        say(
            "error[save.stdin]: a scenario from standard input has no file to save in\n  help: name its file",
        );
        return Err(MISTAKE);
    }
    Ok(())
}

/// Edits in words: `Ben Okafor does not work on Thu 18 June`.
pub fn spoken(edits: &[Edit], site: &Site) -> Vec<String> {
    let name =
        |id: &String| site.person_named(id).map_or(id.clone(), |person| site.person(person).name.clone());
    edits
        .iter()
        .map(|edit| {
            let (from, to) = edit.days();
            let when = if from == to {
                format!("on {}", from.spoken())
            } else {
                format!("from {} to {}", from.spoken(), to.spoken())
            };
            clean(&match edit {
                Edit::Away { person, .. } => format!("{} does not work {when}", name(person)),
                Edit::HomeOnly { person, .. } => format!("{} works at home only {when}", name(person)),
                Edit::Closed { place, .. } => {
                    let place = match place {
                        Closable::Site(id) => {
                            site.site_named(id).map(|at| site.premises[at.at()].name.clone())
                        }
                        Closable::Zone(id) => site.zone_named(id).map(|at| site.zone(at).name.clone()),
                        Closable::Desk(id) => {
                            site.desk_named(id).map(|at| format!("desk {}", site.desk(at).name))
                        }
                    };
                    format!("{} is closed {when}", place.unwrap_or_default())
                }
            })
        })
        .collect()
}
