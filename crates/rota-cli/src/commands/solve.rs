//! `rota solve`

use super::export::share;
use super::{asked, disagreement, is_plain, options, pool, width};
use crate::args::{Format, Solve};
use crate::caller;
use crate::changed::{errors_of_edited, today};
use crate::lines;
use crate::load::{load_given_or_say, say_mistakes, Loaded};
use crate::output::{apart, json, print, say, write, write_bytes};
use crate::progress::Teller;
use crate::render::explain::ClashPage;
use crate::render::roster::{markdown, text, Page};
use crate::render::spare;
use crate::{Exit, MISTAKE};
use rota_face::Cancel;
use rota_io::document::{exit_code, has_roster};
use rota_io::explanation::ClashDocument;
use rota_io::export::{csv, html, xlsx};
use rota_io::share::{For, Issue};
use rota_io::spare::SpareDocument;
use rota_io::RosterDocument;
use rota_planner::clash::{self, Answer, Clash};
use rota_planner::spare::{spare as with_spare, Spared, Wanted};
use rota_rules::Problem;
use rota_solver::{solve, Flow, Options, Progress, Solved, Status};
use std::path::Path;
use std::time::{Duration, Instant};

/// Endings that a roster can be written to.
const ENDINGS: [&str; 6] = ["json", "csv", "xlsx", "html", "md", "txt"];

/// Solves a scenario and says what came of it.
pub fn run(args: &Solve) -> Exit {
    let clock = Instant::now();
    let outputs = [(args.output.as_deref(), "-o"), (args.history_out.as_deref(), "--history-out")];
    if let Err(exit) = apart(&outputs, &[&args.scenario], &args.beside) {
        return exit;
    }
    let ending = match &args.output {
        Some(path) if path != Path::new("-") => match ending(path) {
            Ok(ending) => Some(ending),
            Err(what) => {
                say(&what);
                return MISTAKE;
            }
        },
        _ => None,
    };
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
        gap: args.gap,
        best_effort: args.best_effort,
        ..options(&args.time_limit, args.work.effort, args.work.seed, clock)
    };
    let pool = match pool(args.work.threads) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let mut teller = Teller::start(args.progress, is_plain(args.look)).cancelled_by(&cancel);
    let solved = pool.install(|| solve(&loaded.problem, &options, &mut |progress| teller.tell(progress)));
    if let Some(what) = &solved.disagreement {
        teller.end();
        return disagreement("an answer", what);
    }
    let deadline = args.time_limit.0.map(|seconds| clock + Duration::from_secs_f64(seconds));
    let clash = match explain_clash(&loaded, &solved, deadline, &pool, &mut |progress| teller.tell(progress))
    {
        Ok(clash) => clash,
        Err(exit) => return exit,
    };
    teller.end();
    let clash_document = clash.as_deref().map(|clash| ClashDocument::of(&loaded.problem, clash));
    let mut document =
        RosterDocument::of(&loaded.problem, &solved, &asked(&loaded.text, args.work.seed, clock));
    lines::ends_as(&document.status);
    document.spare = spare.as_ref().map(|spare| spare.document(&solved));
    document.ways_out = clash_document.as_ref().map(|clash| clash.ways_out.clone());
    let scenario = format!("{}{}", args.scenario, args.beside.repeated());
    let options_to_spare = options_to_spare(args);
    let clash_page = clash.as_deref().zip(clash_document.as_ref()).map(|(clash, document)| ClashPage {
        problem: &loaded.problem,
        clash,
        document,
        scenario: &scenario,
        spare: &options_to_spare,
    });
    let mut page = Page {
        problem: &loaded.problem,
        solved: &solved,
        document: &document,
        clash: clash_page,
        scenario: &scenario,
        spare: &options_to_spare,
        saved: None,
        best_effort: args.best_effort,
    };
    let saved = match (&args.output, ending) {
        // Without a roster no file is touched.
        (Some(path), Some(ending)) if has_roster(&solved) => {
            let contents = match ending {
                "json" => Ok(json(&document).into_bytes()),
                "csv" => Ok(table(&document).into_bytes()),
                "md" => Ok((markdown(&page) + &spared(&document, true)).into_bytes()),
                "txt" => Ok((text(&page, 100, false) + &spared(&document, false)).into_bytes()),
                kind => for_people(&loaded.problem, &solved, kind),
            };
            match contents.and_then(|contents| write_bytes(path, &contents)) {
                Ok(saved) => saved,
                Err(exit) => return exit,
            }
        }
        _ => None,
    };
    let mut written: Vec<String> = Vec::new();
    if let (Some(path), Some(roster)) =
        (&args.history_out, solved.roster.as_ref().filter(|_| has_roster(&solved)))
    {
        let history = rota_planner::history_after(&loaded.scenario, roster, &loaded.problem);
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
        loaded.scenario.people.iter().any(|person| person.absent_rate.is_some_and(|rate| rate > 0.0));
    if wanted.absent_rate <= 0.0 && !has_rate {
        say("error[spare.rate]: nobody is said to be absent at times, so there is nothing to spare for\n  help: add --absent-rate 0.05, or `absent_rate` to people of the scenario");
        return Err(MISTAKE);
    }
    let spared = with_spare(&loaded.scenario, &loaded.problem, &wanted);
    let raised = match Problem::new(&spared.scenario) {
        Ok((raised, _)) => raised,
        Err(findings) => return Err(say_mistakes(errors_of_edited(findings), args.look)),
    };
    let before = std::mem::replace(&mut loaded.problem, raised);
    loaded.scenario = spared.scenario.clone();
    Ok(Some(Spare { before, spared, wanted }))
}

/// What is said of people to spare below a roster, or below why there is none.
fn spared(document: &RosterDocument, as_markdown: bool) -> String {
    document.spare.as_ref().map_or(String::new(), |spare| {
        let words = if as_markdown { spare::as_markdown(spare) } else { spare::text(spare) };
        format!("\n{words}")
    })
}

/// Why there is no roster, with what is left of the time.
fn explain_clash(
    loaded: &Loaded,
    solved: &Solved,
    deadline: Option<Instant>,
    pool: &rayon::ThreadPool,
    watch: &mut (dyn FnMut(&Progress) -> Flow + Send),
) -> Result<Option<Box<Clash>>, Exit> {
    let (Status::Impossible, Some(first)) = (solved.status, &solved.conflict) else { return Ok(None) };
    let explain = || clash::explain_clash(&loaded.scenario, &loaded.problem, first.clone(), deadline, watch);
    match pool.install(explain) {
        Answer::Impossible(clash) => Ok(Some(clash)),
        Answer::Disagreement(what) => Err(disagreement("an answer", &what)),
        Answer::Possible | Answer::Unknown => Ok(None),
    }
}

/// The workbook or the page, as a draft.
pub(super) fn for_people(problem: &Problem, solved: &Solved, kind: &str) -> Result<Vec<u8>, Exit> {
    let roster = solved.roster.as_ref().expect("there is a roster to write");
    let issue = Issue { made: today(None), version: env!("CARGO_PKG_VERSION").to_string(), published: false };
    let shared = share(problem, roster, &issue, For::Everybody);
    if kind == "html" {
        return Ok(html::write(&shared).into_bytes());
    }
    xlsx::write(&shared).map_err(|what| {
        say(&format!("error[export.xlsx]: {what}\n  help: write it as .csv"));
        MISTAKE
    })
}

fn ending(path: &Path) -> Result<&'static str, String> {
    let typed = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    ENDINGS.into_iter().find(|ending| *ending == typed).ok_or_else(|| {
        format!(
            "error[output.kind]: `{}` does not say what to write\n  help: end the name with .json, .csv, .xlsx, .html, .md or .txt; `rota export` writes other kinds",
            path.display()
        )
    })
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
