//! `rota explain`

use super::is_plain;
use crate::args::{Explain, Format};
use crate::load::{load_or_say, say_mistakes, Loaded};
use crate::output::{apart, json, print, say, write};
use crate::progress::Teller;
use crate::render::explain::{markdown, text, way_words, ClashPage};
use crate::render::judged::wishes_granted;
use crate::render::{answers, clean, roster};
use crate::{Exit, INTERNAL, MISTAKE, NO};
use rota_core::typed::WishCount;
use rota_core::{PersonIndex, Roster};
use rota_io::document::measures;
use rota_io::explanation::{
    answer, days_of, letter, AnswerDocument, ClashDocument, ExplanationDocument, Reader,
};
use rota_io::rosters::read_roster;
use rota_planner::apply::apply_to_document;
use rota_planner::clash::{self, Answer, Clash};
use rota_planner::why::{self, questions, read_person, read_question, Question};
use rota_rules::judge::all_reasons;
use rota_rules::Judgement;
use rota_solver::clock::{left, part};
use rota_solver::{solve, Options};
use serde_json::Value;
use std::time::{Duration, Instant};

/// No answer yet.
const UNKNOWN: Exit = 4;

/// Says why there is no roster, or why a roster is as it is.
pub fn run(args: &Explain) -> Exit {
    let deadline = args.time_limit.0.map(|seconds| Instant::now() + Duration::from_secs_f64(seconds));
    let inputs: Vec<&str> = [Some(args.scenario.as_str()), args.roster.as_deref()].into_iter().flatten().collect();
    if let Err(exit) = apart(&[(args.output.as_deref(), "-o")], &inputs, &args.beside) {
        return exit;
    }
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let teller = Teller::start(args.progress, is_plain(args.look));
    let asks = !args.why_not.is_empty() || args.for_person.is_some();
    match &args.roster {
        Some(_) => explain_roster(args, &loaded, deadline, teller),
        None if asks => explain_roster(args, &loaded, deadline, teller),
        None => explain_clash(args, &loaded, deadline, teller),
    }
}

// ---------------------------------------------------------------- of a roster

/// Most questions that are answered by themselves, without being asked.
const MOST_QUESTIONS: usize = 40;

fn explain_roster(args: &Explain, loaded: &Loaded, deadline: Option<Instant>, mut teller: Teller) -> Exit {
    let problem = &loaded.problem;
    let site = &problem.site;
    let person = match args.for_person.as_deref().map(|text| read_person(text, site)).transpose() {
        Ok(person) => person,
        Err(finding) => return say_mistakes(vec![finding], args.look),
    };
    let (asked, mistakes): (Vec<_>, Vec<_>) =
        args.why_not.iter().map(|text| read_question(text, site)).partition(Result::is_ok);
    if !mistakes.is_empty() {
        return say_mistakes(mistakes.into_iter().filter_map(Result::err).collect(), args.look);
    }
    let mut asked: Vec<Question> = asked.into_iter().filter_map(Result::ok).collect();
    if let Some(own) = person {
        let of_another = |question: &&Question| matches!(question, Question::Elsewhere { person, .. } if *person != own);
        if asked.iter().any(|question| of_another(&question)) {
            say("error[explain.person]: one person's page answers no questions about others\n  help: leave --for out, or ask about that person");
            return MISTAKE;
        }
    }
    let roster = match &args.roster {
        Some(path) => match read_roster(path, site) {
            Ok(roster) => roster,
            Err(findings) => {
                teller.end();
                return say_mistakes(findings, args.look);
            }
        },
        None => {
            // Half of the time for the roster, half for the questions.
            let time_limit = left(deadline).map(|left| Duration::from_secs_f64(left / 2.0));
            let options = Options { time_limit, ..Options::default() };
            let solved = solve(problem, &options, &mut |progress| teller.tell(progress));
            match (solved.roster, solved.disagreement) {
                (_, Some(what)) => {
                    teller.end();
                    return disagreement(&what);
                }
                (Some(roster), None) => roster,
                (None, None) => {
                    return explain_clash(args, loaded, deadline, teller);
                }
            }
        }
    };
    let judgement = Judgement::of(problem, &roster);
    if asked.is_empty() {
        asked = questions(problem, &judgement, person);
    }
    let unanswered = asked.len().saturating_sub(MOST_QUESTIONS);
    asked.truncate(MOST_QUESTIONS);
    let reader = person.map_or(Reader::Manager, Reader::Person);
    let mut answers = Vec::new();
    for (at, question) in asked.iter().enumerate() {
        // Each its share of what is left.
        let until = part(deadline, 1.0 / (asked.len() - at) as f64);
        let found = why::answer(
            &loaded.scenario,
            problem,
            (&roster, &judgement),
            question,
            until,
            &mut |progress| teller.tell(progress),
        );
        match found {
            Ok(found) => answers.push(answer(problem, &found, reader)),
            Err(what) => {
                teller.end();
                return disagreement(&what);
            }
        }
    }
    teller.end();
    let mut document = ExplanationDocument::new(problem, rota_io::sha256(&loaded.text), "possible");
    if !judgement.musts_kept() {
        // Whether another roster would keep them was not looked at.
        document.status = "unknown".to_string();
    }
    if let Some(person) = person {
        let reasons = all_reasons(problem, &roster);
        document.for_person = Some(site.person(person).id.clone());
        document.days = Some(days_of(problem, &roster, &reasons, person));
    }
    document.answers = Some(answers);
    document.unanswered = (unanswered > 0).then_some(unanswered);
    roster_page(args, loaded, &document, (&roster, &judgement), person);
    let is_mistake = |answer: &AnswerDocument| answer.outcome == "mistake";
    match document.answers {
        Some(answers) if !args.why_not.is_empty() && answers.iter().all(is_mistake) => NO,
        _ => 0,
    }
}

fn roster_page(
    args: &Explain,
    loaded: &Loaded,
    document: &ExplanationDocument,
    (roster, judgement): (&Roster, &Judgement),
    person: Option<PersonIndex>,
) {
    let problem = &loaded.problem;
    if args.look.format == Format::Json {
        print(&json(document));
        return;
    }
    let mut sections = Vec::new();
    let mut verdict = Vec::new();
    if !judgement.musts_kept() && person.is_none() {
        let given = args.roster.as_deref().unwrap_or("roster.json");
        verdict.push(format!(
            "NOT ALL RULES KEPT by this roster: rota check {} {} says where.",
            clean(&args.scenario),
            clean(given)
        ));
    }
    if let Some(person) = person {
        verdict.push(format!("For {}.", clean(&problem.site.person(person).name)));
    }
    let wishes = match person {
        Some(person) => {
            let (asked, refused) = rota_rules::judge::wish_count(problem, roster, person);
            WishCount { asked, refused }
        }
        None => measures(problem, roster).wishes,
    };
    if wishes.asked > 0 {
        verdict.push(format!("{}.", wishes_granted(wishes)));
    }
    if let Some(days) = &document.days {
        sections.push(answers::days(problem, days));
    }
    let given = document.answers.as_deref().unwrap_or_default();
    if given.is_empty() {
        verdict.push("No softer rule is bent: there is nothing to ask about.".to_string());
    }
    sections.extend(given.iter().map(|answer| answers::section(problem, answer)));
    let mut blocks = vec![roster::heading(problem), verdict.join(" ")];
    if args.look.format == Format::Markdown {
        blocks[0] = format!("# {}", blocks[0]);
        blocks.extend(markdown(&sections));
    } else {
        blocks.extend(text(&sections));
    }
    if let Some(more) = document.unanswered {
        blocks.push(format!("{more} more were not looked at; ask for one with --why-not or for one person with --for."));
    }
    if person.is_none() && args.look.format == Format::Text {
        let given = args.roster.as_deref().map(|given| format!(" {}", clean(given))).unwrap_or_default();
        blocks.push(format!(
            "To ask for one person, for sharing:  rota explain {}{given} --for PERSON\nTo ask about one day:  rota explain {}{given} --why-not PERSON:DAY:home",
            clean(&args.scenario),
            clean(&args.scenario)
        ));
    }
    print(&(blocks.join("\n\n") + "\n"));
}

// ---------------------------------------------------------------- of a clash

fn explain_clash(args: &Explain, loaded: &Loaded, deadline: Option<Instant>, mut teller: Teller) -> Exit {
    let problem = &loaded.problem;
    let answer = clash::explain(&loaded.scenario, problem, deadline, &mut |progress| teller.tell(progress));
    teller.end();
    let sha256 = rota_io::sha256(&loaded.text);
    match answer {
        Answer::Disagreement(what) => disagreement(&what),
        Answer::Possible => {
            let words = "A roster keeps every rule; nothing stands in the way.".to_string();
            let next = format!(
                "To get one:  rota solve {0} -o roster.json\nTo ask why it is as it is:  rota explain {0} roster.json",
                clean(&args.scenario)
            );
            if args.apply.is_some() {
                say("error[explain.apply]: no way out is needed: a roster keeps every rule\n  help: leave --apply out");
                return MISTAKE;
            }
            short(args, loaded, &ExplanationDocument::new(problem, sha256, "possible"), &[words, next]);
            0
        }
        Answer::Unknown => {
            let words = "Neither a roster was found in time, nor that there is none.".to_string();
            let next = format!("To give it longer:  rota explain {} --time-limit 600", clean(&args.scenario));
            short(args, loaded, &ExplanationDocument::new(problem, sha256, "unknown"), &[words, next]);
            UNKNOWN
        }
        Answer::Impossible(clash) => {
            let document = ClashDocument::of(problem, &clash);
            match &args.apply {
                Some(letter) => apply(args, loaded, &clash, &document, letter),
                None => {
                    page(args, loaded, &clash, document, sha256);
                    NO
                }
            }
        }
    }
}

pub(super) fn disagreement(what: &str) -> Exit {
    say(&format!(
        "error[internal]: rota found an answer that its own check does not accept, so nothing is given out.\n  {what}\n  \
         help: this is a mistake in rota, not in your scenario; please report it with the scenario (pseudonyms will do)"
    ));
    INTERNAL
}

/// A page of a few sentences.
fn short(args: &Explain, loaded: &Loaded, document: &ExplanationDocument, blocks: &[String]) {
    let heading = roster::heading(&loaded.problem);
    match args.look.format {
        Format::Json => print(&json(document)),
        Format::Markdown => print(&format!("# {heading}\n\n{}\n", blocks.join("\n\n"))),
        Format::Text => print(&format!("{heading}\n\n{}\n", blocks.join("\n\n"))),
    }
}

fn page(args: &Explain, loaded: &Loaded, clash: &Clash, document: ClashDocument, sha256: String) {
    let problem = &loaded.problem;
    let scenario = format!("{}{}", args.scenario, args.beside.repeated());
    let page = ClashPage { problem, clash, document: &document, scenario: &scenario };
    let verdict = "No roster keeps every rule (proved).".to_string();
    let heading = roster::heading(problem);
    match args.look.format {
        Format::Json => {
            let mut whole = ExplanationDocument::new(problem, sha256, "impossible");
            whole.clash = Some(document);
            print(&json(&whole));
        }
        Format::Markdown => {
            let blocks = [vec![format!("# {heading}"), verdict], markdown(&page.sections())].concat();
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
            format!("there are {}: rota explain {} shows them", letters.join(", "), clean(&args.scenario))
        };
        say(&format!("error[explain.apply]: there is no way out `{}`\n  help: {help}", clean(typed)));
        return MISTAKE;
    };
    let text = loaded.text.strip_prefix('\u{feff}').unwrap_or(&loaded.text);
    let mut edited: Value = serde_json::from_str(text).expect("a scenario that was read is JSON");
    apply_to_document(&mut edited, &clash.ways[at].edits);
    match write(args.output.as_deref(), &json(&edited)) {
        Ok(Some(saved)) => {
            let changes = way_words(&loaded.problem, &document.ways_out[at]);
            print(&format!(
                "Wrote {saved}, with way out {wanted}:\n  {}\nNext:  rota solve {saved}{}",
                changes.join("\n  "),
                args.beside.repeated()
            ));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}
