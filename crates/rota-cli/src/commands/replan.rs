//! `rota replan`

use super::{asked as asked_of, disagreement, is_plain, options, pool, solve::table};
use crate::args::{Format, Replan};
use crate::changed::{
    document as document_of, edited, edits, errors_of_edited, prepared, savable, save, spoken, today, typed,
    Typed,
};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{apart, json, print, say, write};
use crate::progress::Teller;
use crate::render::replan::{markdown, text, Page};
use crate::{Exit, MISTAKE, NO, UNKNOWN};
use rota_core::asked::Now;
use rota_core::{asked, Date, Finding, Site};
use rota_io::replan::Mending;
use rota_io::rosters::read_roster;
use rota_io::ReplanDocument;
use rota_planner::replan::{replan, Outcome, Request};
use rota_rules::judge::Judgement;
use rota_rules::laws::Says;
use rota_rules::model::Owner;
use std::path::Path;
use std::time::Instant;

/// The first day that may change, and the day on which people are only added.
fn first_day(args: &Replan, site: &Site, today: Date) -> Result<(Date, Option<Date>), Vec<Finding>> {
    if let Some(since) = &args.since {
        return match asked::day(since, site, Now::today(today)) {
            Ok(since) => Ok((since, None)),
            Err(problem) => Err(vec![typed("since.unclear", problem)]),
        };
    }
    if today > site.calendar.to {
        let message =
            format!("this rota ended on {}, and today is {}", site.calendar.to.spoken(), today.long());
        let finding = Finding::error("since.over", "", message)
            .help("say from which day on it may change: --since 2020-06-18")
            .without_pointer();
        return Err(vec![finding]);
    }
    Ok((today.max(site.calendar.from), site.calendar.day(today).map(|_| today)))
}

/// Whether a roster is written as a table; refuses other kinds of files.
pub(super) fn is_table(output: Option<&Path>) -> Result<bool, Exit> {
    let Some(path) = output.filter(|path| *path != Path::new("-")) else { return Ok(false) };
    match path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).as_deref() {
        Some("json") => Ok(false),
        Some("csv") => Ok(true),
        _ => {
            say(&format!(
                "error[output.kind]: `{}` does not say what to write\n  help: end the name with .json or .csv",
                path.display()
            ));
            Err(MISTAKE)
        }
    }
}

/// Mends a roster.
pub fn run(args: &Replan) -> Exit {
    let clock = Instant::now();
    let inputs: [&str; 2] = [&args.scenario, &args.roster];
    if let Err(exit) = apart(&[(args.output.as_deref(), "-o")], &inputs, &args.beside) {
        return exit;
    }
    if let Err(exit) = savable(&args.scenario, args.changed.save) {
        return exit;
    }
    let to_table = match is_table(args.output.as_deref()) {
        Ok(to_table) => to_table,
        Err(exit) => return exit,
    };
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let site = &loaded.problem.site;
    let today = today(args.changed.today);
    let list = Typed { absent: &args.changed.absent, home_only: &args.home_only, closed: &args.closed };
    let (since, adds_only) = match first_day(args, site, today) {
        Ok(days) => days,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let from = if site.calendar.day(today).is_some() { today } else { since };
    let edits = match edits(&list, site, Now { today, from }) {
        Ok(edits) => edits,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let old = match read_roster(&args.roster, site) {
        Ok(roster) => roster,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let (scenario, problem) = match edited(&loaded, &edits, args.look) {
        Ok(edited) => edited,
        Err(exit) => return exit,
    };
    let new_text = match document_of(&loaded, &edits) {
        Ok(text) => text,
        Err(exit) => return exit,
    };
    let saving = match prepared(&args.scenario, &loaded, &new_text, args.changed.save, args.look) {
        Ok(saving) => saving,
        Err(exit) => return exit,
    };
    let options = options(&args.time_limit, args.work.effort, args.work.seed, clock);
    let request = Request {
        scenario: &scenario,
        problem: &problem,
        old: &old,
        since,
        adds_only,
        max_changes: args.max_changes,
        options: &options,
    };
    let pool = match pool(args.work.threads) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let mut teller = Teller::start(args.progress, is_plain(args.look));
    let outcome = pool.install(|| replan(&request, &mut |progress| teller.tell(progress)));
    teller.end();

    let mut document = ReplanDocument::without(Mending::Unknown, since, &edits, args.max_changes);
    let mut roster = None;
    let exit = match &outcome {
        Outcome::Mended(mended) => {
            let before = Judgement::with(&loaded.problem, &old, Says::of(site, &old));
            let asked = asked_of(&new_text, args.work.seed, clock);
            document.result = Mending::Mended;
            pool.install(|| document.mended(&problem, &old, &before, mended, &asked));
            roster = Some(&mended.roster);
            // What is broken on days that stay as they are cannot be mended.
            if mended.judgement.musts_kept() {
                0
            } else {
                NO
            }
        }
        Outcome::TooMany(least) => {
            document.result = Mending::TooMany;
            document.least = Some((*least).into());
            if args.max_changes.is_some_and(|most| most < least.bound) {
                NO
            } else {
                UNKNOWN
            }
        }
        Outcome::Impossible { conflict, asked } => {
            document.result = Mending::Impossible;
            document.clashing(conflict, asked, &problem);
            NO
        }
        Outcome::Unknown => UNKNOWN,
        Outcome::PastBroken(breaches) => {
            let finding = |breach: &rota_rules::laws::LawBreach| {
                let sentence = problem.sentence(Owner::Law(breach.law), &breach.about);
                let message = format!("what is past breaks a law: {sentence} (found {})", breach.found);
                Finding::error(breach.law.code(), "", message)
                    .help("correct the scenario or the roster, so that they agree on the days before --since")
                    .without_pointer()
            };
            return say_mistakes(breaches.iter().map(finding).collect(), args.look);
        }
        Outcome::Mistakes(findings) => {
            return say_mistakes(errors_of_edited(findings.clone()), args.look);
        }
        Outcome::Disagreement(what) => return disagreement("a roster", what),
    };
    let mut saved = None;
    if let (Some(path), Some(_), Some(written)) = (&args.output, roster, &document.roster) {
        if path != Path::new("-") {
            let contents = if to_table { table(written) } else { json(written) };
            saved = match write(Some(path), &contents) {
                Ok(saved) => saved,
                Err(exit) => return exit,
            };
        }
    }
    if args.changed.save {
        if roster.is_some() {
            if let Err(exit) = save(&args.scenario, &new_text, &edits, &saving) {
                return exit;
            }
        } else {
            say("note: without a mended roster nothing is saved in the scenario");
        }
    }
    let lines = spoken(&edits, site);
    let page = Page {
        problem: &problem,
        document: &document,
        edits: &lines,
        adds_only,
        saved: saved.as_deref(),
        scenario: &args.scenario,
        unsaved: !edits.is_empty() && !args.changed.save,
        seconds: clock.elapsed().as_secs_f64(),
    };
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    match (args.look.format, &document.roster) {
        (_, Some(written)) if to_stdout => print(&json(written)),
        (Format::Json, _) => print(&json(&document)),
        (Format::Markdown, _) => print(&markdown(&page)),
        (Format::Text, _) => print(&text(&page, is_plain(args.look))),
    }
    exit
}
