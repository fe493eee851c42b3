//! `rota explain`

mod roster;

use super::{ask, time_left};
use crate::args::{Explain, Format};
use crate::load::{load_or_say, say_mistakes, write_scenario, Loaded};
use crate::output::{apart, json, print, say};
use crate::quoted::quoted;
use crate::render::explain::{markdown, text, way_words, ClashPage};
use crate::render::roster::heading;
use crate::render::{clean, longer, markdown as as_markdown};
use crate::{Exit, MISTAKE, NO, UNKNOWN};
use rota_face::{Explained, Options, Wondered};
use rota_io::explanation::{letter, ClashDocument, ExplanationDocument};
use rota_io::rosters::read_roster;
use rota_planner::apply::apply_to_document;
use rota_planner::clash::Clash;
use serde_json::Value;
use std::time::Instant;

/// Says why there is no roster, or why a roster is as it is.
pub fn run(args: &Explain) -> Exit {
    let clock = Instant::now();
    let inputs: Vec<&str> =
        [Some(args.scenario.as_str()), args.roster.as_deref()].into_iter().flatten().collect();
    if let Err(exit) = apart(&[(args.output.as_deref(), "-o")], &inputs, &args.beside) {
        return exit;
    }
    if args.output.is_some() && args.apply.is_none() {
        say("error[explain.output]: -o is for the scenario that --apply writes\n  help: add --apply A, or leave -o out and send what is printed to a file");
        return MISTAKE;
    }
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let given = match args.roster.as_deref().map(|path| read_roster(path, &loaded.scenario.problem.site)) {
        Some(Ok(roster)) => Some(roster),
        Some(Err(findings)) => return say_mistakes(findings, args.look),
        None => None,
    };
    let wondered = Wondered { why_not: &args.why_not, person: args.for_person.as_deref() };
    let options = Options { time_limit: time_left(args.time_limit.0, clock), ..Options::default() };
    let answer = ask(args.progress, args.look, options, |options| {
        rota_face::explain(&loaded.scenario, given.as_ref(), &wondered, options)
    });
    let explained = match answer {
        Ok(explained) => explained,
        Err(exit) => return exit,
    };
    let asks = !args.why_not.is_empty() || args.for_person.is_some();
    match (&explained.roster, explained.document.status.as_str()) {
        (Some(_), _) => roster::page(args, &loaded, &explained),
        (None, "possible") => possible(args, &loaded, &explained.document),
        (None, "impossible") if explained.clash.is_some() => {
            if asks {
                say("note: no roster keeps every rule, so that nothing can be said of one day; here is what stands in the way");
            }
            clash(args, &loaded, explained)
        }
        (None, _) if asks || given.is_some() => roster::none(args, &loaded, &explained.document),
        (None, _) => {
            let words = "Neither a roster was found in time, nor that there is none.".to_string();
            let next = format!(
                "To give it longer:  rota explain {} {}",
                quoted(&args.scenario),
                longer(clock.elapsed().as_secs_f64())
            );
            short(args, &loaded, &explained.document, &[words, next]);
            UNKNOWN
        }
    }
}

/// Nothing stands in the way.
fn possible(args: &Explain, loaded: &Loaded, document: &ExplanationDocument) -> Exit {
    if args.apply.is_some() {
        say("error[explain.apply]: no way out is needed: a roster keeps every rule\n  help: leave --apply out");
        return MISTAKE;
    }
    let words = "A roster keeps every rule; nothing stands in the way.".to_string();
    let next = format!(
        "To get one:  rota solve {0} -o roster.json\nTo ask why it is as it is:  rota explain {0} roster.json",
        quoted(&args.scenario)
    );
    short(args, loaded, document, &[words, next]);
    0
}

/// What stands in the way, or the scenario with a way out taken.
fn clash(args: &Explain, loaded: &Loaded, explained: Explained) -> Exit {
    let found = explained.clash.expect("there is a clash");
    let document = explained.document.clash.as_ref().expect("a clash has a document");
    if let Some(letter) = &args.apply {
        return apply(args, loaded, &found, document, letter);
    }
    page(args, loaded, &found, &explained.document);
    NO
}

/// A page of a few sentences.
fn short(args: &Explain, loaded: &Loaded, document: &ExplanationDocument, blocks: &[String]) {
    let heading = heading(&loaded.scenario.problem);
    match args.look.format {
        Format::Json => print(&json(document)),
        Format::Markdown => {
            let blocks: Vec<String> = blocks.iter().map(|block| as_markdown::paragraph(block)).collect();
            print(&format!("{}\n\n{}\n", as_markdown::title(&heading), blocks.join("\n\n")));
        }
        Format::Text => print(&format!("{heading}\n\n{}\n", blocks.join("\n\n"))),
    }
}

fn page(args: &Explain, loaded: &Loaded, clash: &Clash, whole: &ExplanationDocument) {
    let problem = &loaded.scenario.problem;
    let scenario = format!("{}{}", quoted(&args.scenario), args.beside.repeated());
    let document = whole.clash.as_ref().expect("a clash has a document");
    let page = ClashPage { problem, clash, document, scenario: &scenario, spare: "" };
    let verdict = "No roster keeps every rule (proved).".to_string();
    let heading = heading(problem);
    match args.look.format {
        Format::Json => print(&json(whole)),
        Format::Markdown => {
            let blocks = [vec![as_markdown::title(&heading), verdict], markdown(&page.sections())].concat();
            print(&(blocks.join("\n\n") + "\n"));
        }
        Format::Text => {
            let mut blocks = [vec![heading, verdict], text(&page.sections())].concat();
            let next = page.next();
            if !next.is_empty() {
                blocks.push(next.join("\n"));
            }
            print(&(blocks.join("\n\n") + "\n"));
        }
    }
}

/// Writes the scenario with a way out taken.
fn apply(args: &Explain, loaded: &Loaded, clash: &Clash, document: &ClashDocument, typed: &str) -> Exit {
    let wanted = typed.trim().to_uppercase();
    let Some(at) = (0..clash.ways.len()).find(|at| letter(*at) == wanted) else {
        let letters: Vec<String> = (0..clash.ways.len()).map(letter).collect();
        let help = if letters.is_empty() {
            "no way out was found".to_string()
        } else {
            format!("there are {}: rota explain {} shows them", letters.join(", "), quoted(&args.scenario))
        };
        say(&format!("error[explain.apply]: there is no way out `{}`\n  help: {help}", clean(typed)));
        return MISTAKE;
    };
    let text = loaded.scenario.document.strip_prefix('\u{feff}').unwrap_or(&loaded.scenario.document);
    let mut edited: Value = serde_json::from_str(text).expect("a scenario that was read is JSON");
    apply_to_document(&mut edited, &clash.ways[at].edits);
    match write_scenario(args.output.as_deref(), &json(&edited)) {
        Ok(Some(saved)) => {
            let changes = way_words(&loaded.scenario.problem, &document.ways_out[at]);
            print(&format!(
                "Wrote {saved}, with way out {wanted}:\n  {}\nNext:  rota solve {}{}",
                changes.join("\n  "),
                quoted(&saved),
                args.beside.repeated()
            ));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}
