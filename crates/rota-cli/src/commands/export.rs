//! `rota export`

use crate::args::{Export, ExportKind};
use crate::changed::{today, typed};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{apart, print, replace_bytes, say, write_bytes};
use crate::quoted::quoted;
use crate::render::judged;
use crate::{Exit, MISTAKE};
use rota_core::asked::{day, Now};
use rota_core::{words, Date, Finding, Roster, Site};
use rota_io::export::ics::{self, Before, Issued, Whose};
use rota_io::export::{csv, floor, html, sign_in, text, wall, xlsx};
use rota_io::rosters::read_roster;
use rota_io::share::{For, Issue, Personal, Shared};
use rota_rules::judge::all_reasons;
use rota_rules::laws::Says;
use rota_rules::{Judgement, Problem};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Endings of names, and the kind each tells.
const ENDINGS: [(&str, ExportKind); 7] = [
    ("xlsx", ExportKind::Xlsx),
    ("csv", ExportKind::Csv),
    ("html", ExportKind::Html),
    ("htm", ExportKind::Html),
    ("ics", ExportKind::Ics),
    ("svg", ExportKind::Svg),
    ("txt", ExportKind::Text),
];

/// One file to be written.
struct Output {
    path: PathBuf,
    bytes: Vec<u8>,
}

/// Writes what goes out to people.
pub fn run(args: &Export) -> Exit {
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let inputs: Vec<&str> = [Some(&args.scenario), Some(&args.roster), args.old.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    if let Err(exit) = apart(&[(output, "-o")], &inputs, &args.beside) {
        return exit;
    }
    let kind = match kind(args, output) {
        Ok(kind) => kind,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let problem = &loaded.problem;
    let site = &problem.site;
    let mut mistakes = Vec::new();
    let audience = audience(args, site).map_err(|found| mistakes.extend(found)).ok();
    let on = args.on.as_deref().map(|text| day(text, site, Now::today(today(args.today)))).transpose();
    let on = on.map_err(|problem| mistakes.push(typed("export.day", problem))).unwrap_or(None);
    let mut read = |path: &str| read_roster(path, site).map_err(|found| mistakes.extend(found)).ok();
    let roster = read(&args.roster);
    let old = args.old.as_deref().map(&mut read);
    let (Some(audience), Some(roster), true) = (audience, roster, mistakes.is_empty()) else {
        return say_mistakes(mistakes, args.look);
    };
    let issue = Issue {
        made: today(args.today),
        version: env!("CARGO_PKG_VERSION").to_string(),
        published: args.publish,
    };
    let mut shared = share(problem, &roster, &issue, audience);
    if args.with_reasons {
        shared.personal = Some(personal(problem, &roster));
    }
    let old = old.flatten().map(|old| share(problem, &old, &issue, audience));
    if !shared.kept {
        say(&format!(
            "warning[export.broken]: {}\n  help: rota check {} {} says where",
            shared.verdict,
            quoted(&args.scenario),
            quoted(&args.roster)
        ));
    }
    let outputs = match outputs(args, kind, output, &shared, old.as_ref(), on) {
        Ok(outputs) => outputs,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    give(output, outputs)
}

/// What may be shared of a roster.
pub fn share(problem: &Problem, roster: &Roster, issue: &Issue, audience: For) -> Shared {
    let judgement = Judgement::with(problem, roster, Says::of(&problem.site, roster));
    Shared::of(problem, roster, &judgement, issue, audience)
}

/// Wishes not granted and rules bent, with their reasons.
fn personal(problem: &Problem, roster: &Roster) -> Personal {
    let judgement = Judgement::with(problem, roster, Says::of(&problem.site, roster));
    let breaches: Vec<_> =
        judgement.breaches.iter().map(|breach| rota_io::document::breach(problem, breach)).collect();
    let bent = [judged::breaches(&breaches, true), judged::breaches(&breaches, false)].concat();
    let refused = judged::refused(problem, roster, &all_reasons(problem, roster));
    Personal { bent, not_granted: refused.into_iter().map(|(who, what, why)| [who, what, why]).collect() }
}

fn mistake(code: &str, message: String, help: &str) -> Vec<Finding> {
    vec![Finding::error(code, "", message).help(help).without_pointer()]
}

/// The kind asked for, by `--to` or by the ending of the name, and whether the other options go with it.
fn kind(args: &Export, output: Option<&Path>) -> Result<ExportKind, Vec<Finding>> {
    let ending = output.and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
    let named = ending
        .as_ref()
        .and_then(|ending| ENDINGS.iter().find(|(known, _)| known == ending))
        .map(|(_, kind)| *kind);
    let kind = match (args.to, named) {
        (None, None) => {
            return Err(mistake(
                "export.kind",
                "it is not said what to write".to_string(),
                "add --to xlsx, csv, html, ics, svg, text or sign-in, or end the name given by -o with .xlsx, .csv, .html, .ics, .svg or .txt",
            ))
        }
        (Some(ExportKind::SignIn), Some(ExportKind::Html)) => ExportKind::SignIn,
        (Some(asked), Some(named)) if asked != named => {
            return Err(mistake(
                "export.kind",
                format!("--to and the ending of `{}` ask for different things", output.unwrap_or(Path::new("-")).display()),
                "leave --to out, or end the name as it says",
            ))
        }
        (Some(kind), _) | (None, Some(kind)) => kind,
    };
    let refuse = |option: &str, kinds: &str| {
        Err(mistake(
            "export.option",
            format!("{option} says nothing about this kind of output"),
            &format!("it goes with --to {kinds}"),
        ))
    };
    if args.with_reasons && !matches!(kind, ExportKind::Xlsx | ExportKind::Html) {
        return refuse("--with-reasons", "xlsx or html");
    }
    if args.on.is_some() && !matches!(kind, ExportKind::Svg | ExportKind::SignIn) {
        return refuse("--on", "svg or sign-in");
    }
    if (args.sequence.is_some() || args.old.is_some()) && kind != ExportKind::Ics {
        return refuse(if args.old.is_some() { "--old" } else { "--sequence" }, "ics");
    }
    if kind == ExportKind::Xlsx && output.is_none() {
        return Err(mistake(
            "export.output",
            "a workbook is not printed".to_string(),
            "name a file with -o, like -o roster.xlsx",
        ));
    }
    Ok(kind)
}

fn audience(args: &Export, site: &Site) -> Result<For, Vec<Finding>> {
    if let Some(name) = &args.for_person {
        return words::person(name, site)
            .map(For::Person)
            .map_err(|problem| vec![typed("export.person", problem)]);
    }
    let Some(name) = &args.for_team else { return Ok(For::Everybody) };
    site.team(name)
        .map(For::Team)
        .ok_or_else(|| vec![site.unknown_team("export", "", name).without_pointer()])
}

/// Everything that is to be written, before anything is.
fn outputs(
    args: &Export,
    kind: ExportKind,
    output: Option<&Path>,
    shared: &Shared,
    old: Option<&Shared>,
    on: Option<Date>,
) -> Result<Vec<Output>, Vec<Finding>> {
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
        ExportKind::Text => one(text::write(shared)),
        ExportKind::SignIn => {
            let all: Vec<usize> = (0..shared.days.len()).collect();
            one(sign_in::write(shared, at.as_slice().get(..).filter(|days| !days.is_empty()).unwrap_or(&all)))
        }
        ExportKind::Svg => svg(output, shared, at, &path),
        ExportKind::Ics => calendars(args, output, shared, old),
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
fn calendars(
    args: &Export,
    output: Option<&Path>,
    shared: &Shared,
    old: Option<&Shared>,
) -> Result<Vec<Output>, Vec<Finding>> {
    let zone = ics::zone(shared)
        .map_err(|what| mistake("export.time_zone", what, "correct `calendar.time_zone` in the scenario"))?;
    let is_one =
        output.is_none_or(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ics")));
    let path = output.unwrap_or(Path::new("-")).to_path_buf();
    let calendars: Vec<(PathBuf, Whose)> = if is_one {
        let whose = match (&args.for_person, &args.for_team) {
            (Some(_), _) => Whose::Person(0),
            (_, Some(_)) => Whose::Team(0),
            _ => {
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
        let people =
            people.map(|(at, one)| (path.join("people").join(format!("{}.ics", one.id)), Whose::Person(at)));
        let teams = if args.for_person.is_some() { &[][..] } else { &shared.teams[..] };
        let teams = teams.iter().enumerate();
        let teams = teams.map(|(at, team)| {
            (path.join("teams").join(format!("{}.ics", file_name(&team.id))), Whose::Team(at))
        });
        apart_names(people.chain(teams).collect())
    };
    let before = Before { sequence: args.sequence, old };
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

/// Names that some file systems, or signs that no file name has, would make one are told apart by numbers.
fn apart_names(calendars: Vec<(PathBuf, Whose)>) -> Vec<(PathBuf, Whose)> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    calendars
        .into_iter()
        .map(|(path, whose)| {
            let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            let numbered = |number: usize| match number {
                1 => path.clone(),
                _ => path.with_file_name(format!("{stem}-{number}.ics")),
            };
            // Fewer are taken than have been named, so that one of one more is free.
            let most = taken.len() + 1;
            let free =
                (1..=most).map(numbered).find(|path| taken.insert(path.to_string_lossy().to_lowercase()));
            (free.expect("one more than are taken were tried"), whose)
        })
        .collect()
}

/// A team's name as the name of a file.
fn file_name(name: &str) -> String {
    let plain = |sign: char| if sign.is_alphanumeric() || " _-@".contains(sign) { sign } else { '_' };
    name.chars().map(plain).collect()
}

/// Writes the files, or prints the one that has no name.
fn give(output: Option<&Path>, outputs: Vec<Output>) -> Exit {
    if output.is_none() {
        for one in outputs {
            print(&String::from_utf8(one.bytes).expect("what is printed is text"));
        }
        return 0;
    }
    let mut written = Vec::new();
    for one in &outputs {
        if let Err(exit) = make_folder(output, &one.path) {
            return exit;
        }
        // A folder given out again is meant to be replaced; one file is said to be.
        let used = if outputs.len() == 1 {
            write_bytes(&one.path, &one.bytes)
        } else {
            replace_bytes(&one.path, &one.bytes)
        };
        match used {
            Ok(used) => written.extend(used),
            Err(exit) => return exit,
        }
    }
    match written.as_slice() {
        [one] => say(&format!("Wrote {one}.")),
        many => {
            let folder = output.unwrap_or(Path::new("."));
            say(&format!("Wrote {} files into {}.", many.len(), folder.display()));
        }
    }
    0
}

/// Makes the folder named by `-o`, and those in it.
fn make_folder(output: Option<&Path>, file: &Path) -> Result<(), Exit> {
    let (Some(top), Some(folder)) = (output, file.parent()) else { return Ok(()) };
    if file == top || folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(folder).map_err(|what| {
        say(&format!(
            "error[output.folder]: cannot make the folder `{}`: {what}\n  help: choose another place with -o",
            folder.display()
        ));
        MISTAKE
    })
}
