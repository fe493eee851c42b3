//! What has changed since a roster was made, read from the command line: absences, home-only days, closed places.

use crate::args::Look;
use crate::load::{say_mistakes, Loaded};
use crate::output::{replace, say};
use crate::render::clean;
use crate::{Exit, MISTAKE};
use rota_core::words;
use rota_core::{Date, Finding, Site};
use rota_face::Changed;
use rota_io::workbook::anew::{rewrites, Rewrite};
use rota_io::workbook::{is_book, is_workbook};
use rota_planner::edit::{Closable, Edit};
use rota_rules::Scenario;
use std::path::Path;

/// The date of this computer.
pub fn today(given: Option<Date>) -> Date {
    given.unwrap_or_else(|| Date(chrono::Local::now().date_naive()))
}

/// A finding about something typed on the command line.
pub fn typed(code: &str, problem: words::Problem) -> Finding {
    problem.finding(code, "").without_pointer()
}

/// Says what is worth knowing of what was typed.
pub fn say_notes(changed: &Changed) {
    for note in &changed.notes {
        say(&clean(&format!("note: {note}")));
    }
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
    if !asked || loaded.scenario.document == text {
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
    rewrites(path, &read(&loaded.scenario.document), &read(text))
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
