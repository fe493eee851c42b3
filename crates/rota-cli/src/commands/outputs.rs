//! The files that go out to people, for `rota export` and `rota solve --to`: all made before the first is written.

use crate::args::ExportKind;
use crate::output::{keep_changed, print, replace_bytes, say, write_bytes};
use crate::render::clean;
use crate::{Exit, MISTAKE};
use rota_core::clean::joined;
use rota_core::{Date, Finding};
use rota_io::export::ics::{self, Before, Issued, Whose};
use rota_io::export::{csv, floor, html, sign_in, text, wall, xlsx};
use rota_io::names::{file_name, told_apart};
use rota_io::share::Shared;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// One file to be written.
pub struct Output {
    /// Where.
    pub path: PathBuf,
    /// What is to be in it.
    pub bytes: Vec<u8>,
}

/// What is written of a roster, and how.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The roster as it may be shared.
    pub shared: &'a Shared,
    /// The roster that it replaces.
    pub old: Option<&'a Shared>,
    /// One day only.
    pub on: Option<Date>,
    /// SEQUENCE of every event.
    pub sequence: Option<u32>,
}

impl<'a> Given<'a> {
    /// The whole roster, which replaces none.
    pub fn whole(shared: &'a Shared) -> Given<'a> {
        Given { shared, old: None, on: None, sequence: None }
    }
}

/// A mistake in what was asked for.
pub fn mistake(code: &str, message: String, help: &str) -> Vec<Finding> {
    vec![Finding::error(code, "", message).help(help).without_pointer()]
}

/// Everything of one kind that is to be written, before anything is; for one text to be printed the path is `-`.
pub fn outputs(
    kind: ExportKind,
    output: Option<&Path>,
    given: &Given<'_>,
) -> Result<Vec<Output>, Vec<Finding>> {
    let Given { shared, old, on, .. } = *given;
    let path = output.unwrap_or(Path::new("-")).to_path_buf();
    let one = |text: String| Ok(vec![Output { path: path.clone(), bytes: text.into_bytes() }]);
    let at = on.and_then(|on| shared.days.iter().position(|day| *day == on));
    if let (Some(on), None) = (on, at) {
        let message = format!("nobody works on {}", on.spoken());
        return Err(mistake("export.day", message, "name a day on which somebody does"));
    }
    match kind {
        ExportKind::Xlsx => {
            let bytes = xlsx::write(shared).map_err(|what| {
                mistake("export.xlsx", what, "use --to csv, or shorten what is named in it")
            })?;
            Ok(vec![Output { path, bytes }])
        }
        ExportKind::Csv => one(csv::write(shared)),
        ExportKind::Html => one(html::write(shared)),
        ExportKind::Text => one(old.map_or_else(|| text::write(shared), |old| text::changes(shared, old))),
        ExportKind::SignIn => {
            let all: Vec<usize> = (0..shared.days.len()).collect();
            one(sign_in::write(shared, at.as_slice().get(..).filter(|days| !days.is_empty()).unwrap_or(&all)))
        }
        ExportKind::Svg => svg(output, shared, at, &path),
        ExportKind::Ics => calendars(output, given),
    }
}

/// The wall chart or one day's desks; into a folder, all of them.
fn svg(
    output: Option<&Path>,
    shared: &Shared,
    at: Option<usize>,
    path: &Path,
) -> Result<Vec<Output>, Vec<Finding>> {
    if at.is_some() && shared.plans.is_empty() {
        let help = "give the desks `at`: [x, y] in metres; without --on the wall chart is drawn";
        return Err(mistake(
            "export.no_plan",
            "no desk has a position, so there is no plan to draw".to_string(),
            help,
        ));
    }
    let is_folder = output.is_some_and(|path| path.extension().is_none());
    if let (false, at) = (is_folder, at) {
        let text = at.map_or_else(|| wall::write(shared), |day| floor::write(shared, day));
        return Ok(vec![Output { path: path.to_path_buf(), bytes: text.into_bytes() }]);
    }
    let mut outputs =
        vec![Output { path: path.join("wall chart.svg"), bytes: wall::write(shared).into_bytes() }];
    if !shared.plans.is_empty() {
        let days = (0..shared.days.len()).filter(|day| at.is_none_or(|at| at == *day));
        outputs.extend(days.map(|day| Output {
            path: path.join(floor::file_name(shared.days[day])),
            bytes: floor::write(shared, day).into_bytes(),
        }));
    }
    Ok(outputs)
}

/// Calendars: one for a person or team asked for; else everybody's, in the folders `people` and `teams`.
fn calendars(output: Option<&Path>, given: &Given<'_>) -> Result<Vec<Output>, Vec<Finding>> {
    let Given { shared, old, sequence, .. } = *given;
    let zone = ics::zone(shared)
        .map_err(|what| mistake("export.time_zone", what, "correct `calendar.time_zone` in the scenario"))?;
    let is_one =
        output.is_none_or(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ics")));
    let path = output.unwrap_or(Path::new("-")).to_path_buf();
    let calendars: Vec<(PathBuf, Whose)> = if is_one {
        let whose = match (shared.is_personal_page, &shared.only_for) {
            (true, _) => Whose::Person(0),
            (false, Some(_)) if !shared.teams.is_empty() => Whose::Team(0),
            (false, _) => {
                let help = "name a folder with -o; or add --for-person or --for-team for one calendar";
                return Err(mistake(
                    "export.many",
                    "calendars of everybody do not fit in one file".to_string(),
                    help,
                ));
            }
        };
        vec![(path, whose)]
    } else {
        let people = shared.people.iter().enumerate();
        let people = people.map(|(at, one)| (format!("people/{}", file_name(&one.id)), Whose::Person(at)));
        let teams = if shared.is_personal_page { &[][..] } else { &shared.teams[..] };
        let teams = teams.iter().enumerate();
        let teams = teams.map(|(at, team)| (format!("teams/{}", file_name(&team.id)), Whose::Team(at)));
        let mut taken = BTreeSet::new();
        let apart =
            |(name, whose): (String, Whose)| (path.join(told_apart(&name, &mut taken) + ".ics"), whose);
        people.chain(teams).map(apart).collect()
    };
    let before = Before { sequence, old };
    let mut outputs = Vec::new();
    let mut mistakes = Vec::new();
    for (path, whose) in calendars {
        match issued(&path) {
            Ok(issued) => {
                let bytes = ics::write(shared, whose, zone, &before, &issued).into_bytes();
                outputs.push(Output { path, bytes });
            }
            Err(found) => mistakes.extend(found),
        }
    }
    if mistakes.is_empty() {
        Ok(outputs)
    } else {
        Err(mistakes)
    }
}

/// The events of the calendar that stands where the new one is to go.
fn issued(path: &Path) -> Result<Issued, Vec<Finding>> {
    if !path.exists() {
        return Ok(Issued::new());
    }
    let text = rota_io::files::read_text(&path.display().to_string())
        .map_err(|what| mistake("export.earlier", what, "choose another folder with -o"))?;
    ics::read(&text).ok_or_else(|| {
        mistake(
            "export.earlier",
            format!("`{}` is there and is no calendar that rota wrote", path.display()),
            "choose another folder with -o, or move the file away",
        )
    })
}

/// Prints the one that has no name.
pub fn print_all(outputs: Vec<Output>) {
    for one in outputs {
        print(&String::from_utf8(one.bytes).expect("what is printed is text"));
    }
}

/// Writes the files of each place named, one after the other, each whole, and says their names; for a folder how many.
/// What was written before one cannot be is said too.
pub fn write_all(places: Vec<(PathBuf, Vec<Output>)>) -> Exit {
    let mut written = Vec::new();
    for (place, outputs) in places {
        match write_place(&place, &outputs) {
            Ok(names) => written.push(names),
            Err(exit) => {
                if !written.is_empty() {
                    say(&format!("Wrote {} before that.", joined(&written, "and")));
                }
                return exit;
            }
        }
    }
    say(&format!("Wrote {}.", joined(&written, "and")));
    0
}

/// Writes one file, or those of a folder. Gives what to say of it.
fn write_place(place: &Path, outputs: &[Output]) -> Result<String, Exit> {
    if let [one] = outputs {
        make_folder(&one.path)?;
        let used = write_bytes(&one.path, &one.bytes)?;
        return Ok(clean(&used.unwrap_or_default()));
    }
    for one in outputs {
        make_folder(&one.path)?;
        // A folder given out again is meant to be replaced, but for what was changed in it; one file is said to be.
        keep_changed(&one.path, &one.bytes)?;
        replace_bytes(&one.path, &one.bytes)?;
    }
    Ok(format!("{} files into {}", outputs.len(), clean(&place.display().to_string())))
}

/// Makes the folder of a file, where it is not there.
fn make_folder(file: &Path) -> Result<(), Exit> {
    let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
    else {
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|what| {
        say(&format!(
            "error[output.folder]: cannot make the folder `{}`: {what}\n  help: choose another place with -o",
            folder.display()
        ));
        MISTAKE
    })
}
