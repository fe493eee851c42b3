//! `rota solve`

use super::outputs::{outputs, write_all, Given, Output};
use super::solve_files::{places, Contents};
use super::{ask, is_plain, width, working};
use crate::args::{ExportKind, Format, Look, Solve};
use crate::caller;
use crate::changed::today;
use crate::lines;
use crate::load::{load_given_or_say, say_mistakes, Loaded};
use crate::output::{apart, json, print, say, write, write_bytes};
use crate::render::explain::ClashPage;
use crate::render::roster::{markdown, text, Page};
use crate::render::spare;
use crate::{Exit, MISTAKE};
use rota_face::changes::errors_of_edited;
use rota_face::{solved, Cancel, Options, Whole};
use rota_io::document::{exit_code, has_roster};
use rota_io::explanation::ClashDocument;
use rota_io::export::csv;
use rota_io::share::{For, Issue, Shared};
use rota_io::spare::SpareDocument;
use rota_io::RosterDocument;
use rota_planner::spare::{spare as with_spare, Spared, Wanted};
use rota_rules::Problem;
use rota_solver::Solved;
use std::path::Path;
use std::time::Instant;

/// Solves a scenario and says what came of it.
pub fn run(args: &Solve) -> Exit {
    let clock = Instant::now();
    let places = match places(args.output.as_deref(), &args.to) {
        Ok(places) => places,
        Err(what) => {
            say(&what);
            return MISTAKE;
        }
    };
    let mut outputs = vec![(args.output.as_deref(), "-o"), (args.history_out.as_deref(), "--history-out")];
    let is_named = |path: &&Path| Some(*path) != args.output.as_deref();
    // What is in a folder that is not there yet cannot be the same as anything.
    let beside = places.iter().map(|place| place.path.as_path()).filter(is_named);
    outputs.extend(
        beside
            .filter(|path| path.parent().is_some_and(|folder| folder.is_dir() || folder == Path::new("")))
            .map(|path| (Some(path), "--to")),
    );
    if let Err(exit) = apart(&outputs, &[&args.scenario], &args.beside) {
        return exit;
    }
    let cancel = Cancel::new();
    let sent = match caller::scenario(args, &cancel) {
        Ok(sent) => sent,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let mut loaded = match load_given_or_say(&args.scenario, sent, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let spare = match spare_people(args, &mut loaded) {
        Ok(spare) => spare,
        Err(exit) => return exit,
    };
    let options = Options {
        gap: args.aim.gap,
        best_effort: args.aim.best_effort,
        cancel: cancel.clone(),
        ..working(&args.time_limit, &args.work, clock)
    };
    let answer = ask(args.progress, args.look, options, |options| solved(&loaded.scenario, options));
    let Whole { solved, clash, mut document } = match answer {
        Ok(whole) => whole,
        Err(exit) => return exit,
    };
    lines::ends_as(&document.status);
    let clash_document = clash.as_deref().map(|clash| ClashDocument::of(&loaded.scenario.problem, clash));
    document.spare = spare.as_ref().map(|spare| spare.document(&solved));
    let scenario = format!("{}{}", crate::quoted::quoted(&args.scenario), args.beside.repeated());
    let options_to_spare = options_to_spare(args);
    let clash_page = clash.as_deref().zip(clash_document.as_ref()).map(|(clash, document)| ClashPage {
        problem: &loaded.scenario.problem,
        clash,
        document,
        scenario: &scenario,
        spare: &options_to_spare,
    });
    let mut page = Page {
        problem: &loaded.scenario.problem,
        solved: &solved,
        document: &document,
        clash: clash_page,
        scenario: &scenario,
        spare: &options_to_spare,
        saved: None,
        best_effort: args.aim.best_effort,
    };
    // Without a roster no file is touched.
    let mut saved = None;
    if has_roster(&solved) {
        let made = places.iter().map(|place| {
            let one = |bytes: Vec<u8>| vec![Output { path: place.path.clone(), bytes }];
            Ok(match place.contents {
                Contents::Json => one(json(&document).into_bytes()),
                Contents::Table => one(table(&document).into_bytes()),
                Contents::Markdown => one((markdown(&page) + &spared(&document, true)).into_bytes()),
                Contents::Page => one((text(&page, 100, false) + &spared(&document, false)).into_bytes()),
                Contents::Export(kind) => {
                    for_people(&loaded.scenario.problem, &solved, kind, &place.path, args.look)?
                }
            })
        });
        let made: Vec<Vec<Output>> = match made.collect::<Result<_, Exit>>() {
            Ok(made) => made,
            Err(exit) => return exit,
        };
        let mut made: Vec<_> = places.iter().map(|place| place.path.clone()).zip(made).collect();
        match made.as_mut_slice() {
            [] => {}
            [(path, outputs)] if outputs.len() == 1 && args.output.as_deref() == Some(path) => {
                saved = match write_bytes(path, &outputs[0].bytes) {
                    Ok(saved) => saved,
                    Err(exit) => return exit,
                };
            }
            _ => {
                let exit = write_all(made);
                if exit != 0 {
                    return exit;
                }
            }
        }
    }
    let mut written: Vec<String> = Vec::new();
    if let (Some(path), Some(roster)) =
        (&args.history_out, solved.roster.as_ref().filter(|_| has_roster(&solved)))
    {
        let history = rota_planner::history_after(&loaded.scenario.typed, roster, &loaded.scenario.problem);
        match write(Some(path), &json(&history)) {
            Ok(saved) => written.extend(saved),
            Err(exit) => return exit,
        }
    }
    for path in &written {
        say(&format!("Wrote the history for the next rota to {path}; read it there with --history."));
    }
    page.saved = saved.as_deref();
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    match args.look.format {
        _ if to_stdout => print(&json(&document)),
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&(markdown(&page) + &spared(&document, true))),
        Format::Text => print(&(text(&page, width(), is_plain(args.look)) + &spared(&document, false))),
    }
    exit_code(&document)
}

/// `--spare` and what stands with it, to stand in a command that is to be run next.
fn options_to_spare(args: &Solve) -> String {
    let options = [("--spare", args.spare), ("--absent-rate", args.absent_rate)];
    let given = options.into_iter().filter_map(|(option, share)| Some((option, share?)));
    given.fold(String::new(), |all, (option, share)| format!("{all} {option} {share}"))
}

/// What `--spare` made of the scenario.
struct Spare {
    /// The scenario as it was.
    before: Problem,
    spared: Spared,
    wanted: Wanted,
}

impl Spare {
    /// What was raised, and with what chance the minima as they were hold in the roster found, if any.
    fn document(&self, solved: &Solved) -> SpareDocument {
        SpareDocument::of(&self.before, solved.roster.as_ref(), &self.spared, &self.wanted)
    }
}

/// Raises the must minima of the scenario where people to spare are asked for.
fn spare_people(args: &Solve, loaded: &mut Loaded) -> Result<Option<Spare>, Exit> {
    let Some(promise) = args.spare else { return Ok(None) };
    let wanted = Wanted { promise, absent_rate: args.absent_rate.unwrap_or(0.0) };
    let has_rate =
        loaded.scenario.typed.people.iter().any(|person| person.absent_rate.is_some_and(|rate| rate > 0.0));
    if wanted.absent_rate <= 0.0 && !has_rate {
        say("error[spare.rate]: nobody is said to be absent at times, so there is nothing to spare for\n  help: add --absent-rate 0.05, or `absent_rate` to people of the scenario");
        return Err(MISTAKE);
    }
    let spared = with_spare(&loaded.scenario.typed, &loaded.scenario.problem, &wanted);
    let raised = match Problem::new(&spared.scenario) {
        Ok((raised, _)) => raised,
        Err(findings) => return Err(say_mistakes(errors_of_edited(findings), args.look)),
    };
    let before = std::mem::replace(&mut loaded.scenario.problem, raised);
    loaded.scenario.typed = spared.scenario.clone();
    Ok(Some(Spare { before, spared, wanted }))
}

/// What is said of people to spare below a roster, or below why there is none.
fn spared(document: &RosterDocument, as_markdown: bool) -> String {
    document.spare.as_ref().map_or(String::new(), |spare| {
        let words = if as_markdown { spare::as_markdown(spare) } else { spare::text(spare) };
        format!("\n{words}")
    })
}

/// What goes out to people, as a draft.
pub(super) fn for_people(
    problem: &Problem,
    solved: &Solved,
    kind: ExportKind,
    path: &Path,
    look: Look,
) -> Result<Vec<Output>, Exit> {
    let roster = solved.roster.as_ref().expect("there is a roster to write");
    let issue = Issue {
        made: today(None),
        version: env!("CARGO_PKG_VERSION").to_string(),
        published: false,
        large_print: false,
    };
    let shared = Shared::judged(problem, roster, &issue, For::Everybody);
    outputs(kind, Some(path), &Given::whole(&shared)).map_err(|findings| say_mistakes(findings, look))
}

/// One line per person and day; with the person's cohort last where there are cohorts.
pub(super) fn table(document: &RosterDocument) -> String {
    let or = |text: &Option<String>| text.clone().unwrap_or_default();
    let rows = document.assignments.iter().flatten().map(|one| {
        let place = csv::place_word(one.place).to_string();
        let seat = [or(&one.shift), or(&one.site), or(&one.zone), or(&one.desk), or(&one.duty)];
        let mut fields = vec![one.person.clone(), one.on.to_string(), place];
        fields.extend(seat);
        (fields, document.cohorts.get(&one.person).cloned())
    });
    csv::table(rows, !document.cohorts.is_empty())
}
