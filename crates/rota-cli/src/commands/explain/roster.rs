//! `rota explain` of a roster: what stands against wishes, softer rules and other days.

use super::{explain_clash, short};
use crate::args::{Explain, Format};
use crate::changed::typed;
use crate::commands::disagreement;
use crate::load::{say_mistakes, Loaded};
use crate::output::{json, print, say};
use crate::progress::Teller;
use crate::quoted::quoted;
use crate::render::explain::{markdown, text};
use crate::render::judged::wishes_granted;
use crate::render::{answers, clean, markdown as as_markdown, roster};
use crate::{Exit, MISTAKE, NO, UNKNOWN};
use rota_core::typed::WishCount;
use rota_core::{PersonIndex, Roster};
use rota_io::document::measures;
use rota_io::explanation::{answer, days_of, AnswerDocument, ExplanationDocument, Reader};
use rota_io::rosters::read_roster;
use rota_planner::why::{self, questions, read_person, read_question, Question};
use rota_rules::judge::all_reasons;
use rota_rules::{Judgement, Problem};
use rota_solver::clock::{left, part};
use rota_solver::{solve, Options, Status};
use std::time::{Duration, Instant};

/// The code of a finding about an option that could not be read.
const QUESTION: &str = "explain.question";
/// Most questions that are answered by themselves, without being asked.
const MOST_QUESTIONS: usize = 40;

/// Says why a roster is as it is.
pub(super) fn explain_roster(
    args: &Explain,
    loaded: &Loaded,
    deadline: Option<Instant>,
    mut teller: Teller,
) -> Exit {
    let problem = &loaded.problem;
    let site = &problem.site;
    let person = match args.for_person.as_deref().map(|text| read_person(text, site)).transpose() {
        Ok(person) => person,
        Err(problem) => return say_mistakes(vec![typed(QUESTION, problem)], args.look),
    };
    let (asked, mistakes): (Vec<_>, Vec<_>) =
        args.why_not.iter().map(|text| read_question(text, site)).partition(Result::is_ok);
    if !mistakes.is_empty() {
        let list =
            mistakes.into_iter().filter_map(Result::err).map(|problem| typed(QUESTION, problem)).collect();
        return say_mistakes(list, args.look);
    }
    let mut asked: Vec<Question> = asked.into_iter().filter_map(Result::ok).collect();
    if let Some(own) = person {
        let of_another =
            |question: &&Question| matches!(question, Question::Elsewhere { person, .. } if *person != own);
        if asked.iter().any(|question| of_another(&question)) {
            say("error[explain.person]: one person's page answers no questions about others\n  help: leave --for out, or ask about that person");
            return MISTAKE;
        }
    }
    let roster = match given_or_best(args, problem, deadline, &mut teller) {
        Ok((Some(roster), _)) => roster,
        Ok((None, status)) if person.is_none() => {
            if status == Status::Impossible {
                say("note: no roster keeps every rule, so that nothing can be said of one day; here is what stands in the way");
            }
            return explain_clash(args, loaded, deadline, teller);
        }
        Ok((None, status)) => {
            // What stands in the way may be somebody else's affair.
            teller.end();
            return no_roster(args, loaded, status);
        }
        Err(exit) => {
            teller.end();
            return exit;
        }
    };
    let judgement = Judgement::of(problem, &roster);
    if !judgement.musts_kept() {
        // Where nothing keeps every rule, nothing can be said against one wish.
        match best(problem, deadline, &mut teller) {
            Ok((None, status)) => {
                teller.end();
                return no_roster(args, loaded, status);
            }
            Ok(_) => {}
            Err(exit) => {
                teller.end();
                return exit;
            }
        }
    }
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
        let found =
            why::answer(&loaded.scenario, problem, (&roster, &judgement), question, until, &mut |progress| {
                teller.tell(progress)
            });
        match found {
            Ok(found) => answers.push(answer(problem, &found, reader)),
            Err(what) => {
                teller.end();
                return disagreement("an answer", &what);
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
    let cannot_be = |answer: &AnswerDocument| answer.outcome == "mistake" || answer.outcome == "impossible";
    match document.answers {
        Some(answers) if !args.why_not.is_empty() && answers.iter().all(cannot_be) => NO,
        _ => 0,
    }
}

/// The roster named, or else the best that is found in half of the time; none when there is none.
fn given_or_best(
    args: &Explain,
    problem: &Problem,
    deadline: Option<Instant>,
    teller: &mut Teller,
) -> Result<(Option<Roster>, Status), Exit> {
    match &args.roster {
        Some(path) => read_roster(path, &problem.site)
            .map(|roster| (Some(roster), Status::Feasible))
            .map_err(|findings| say_mistakes(findings, args.look)),
        None => best(problem, deadline, teller),
    }
}

/// The best roster that is found in half of the time.
fn best(
    problem: &Problem,
    deadline: Option<Instant>,
    teller: &mut Teller,
) -> Result<(Option<Roster>, Status), Exit> {
    let time_limit = left(deadline).map(|left| Duration::from_secs_f64(left / 2.0));
    let options = Options { time_limit, ..Options::default() };
    let solved = solve(problem, &options, &mut |progress| teller.tell(progress));
    match solved.disagreement {
        Some(what) => Err(disagreement("an answer", &what)),
        None => Ok((solved.roster, solved.status)),
    }
}

/// Where there is no roster that keeps every rule, wishes have no answers.
fn no_roster(args: &Explain, loaded: &Loaded, status: Status) -> Exit {
    let (words, word, exit) = if status == Status::Impossible {
        (
            "No roster keeps every rule (proved), so that nothing can be said of one wish or day.",
            "impossible",
            NO,
        )
    } else {
        ("No roster that keeps every rule was found in time, nor that there is none.", "unknown", UNKNOWN)
    };
    let next = format!("What stands in the way, for the manager:  rota explain {}", quoted(&args.scenario));
    let document = ExplanationDocument::new(&loaded.problem, rota_io::sha256(&loaded.text), word);
    short(args, loaded, &document, &[words.to_string(), next]);
    exit
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
            quoted(&args.scenario),
            quoted(given)
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
        blocks[0] = as_markdown::title(&blocks[0]);
        blocks[1] = as_markdown::paragraph(&blocks[1]);
        blocks.extend(markdown(&sections));
    } else {
        blocks.extend(text(&sections));
    }
    if let Some(more) = document.unanswered {
        blocks.push(format!(
            "{more} more were not looked at; ask for one with --why-not or for one person with --for."
        ));
    }
    if person.is_none() && args.look.format == Format::Text {
        let given = args.roster.as_deref().map(|given| format!(" {}", quoted(given))).unwrap_or_default();
        blocks.push(format!(
            "To ask for one person, for sharing:  rota explain {}{given} --for PERSON\nTo ask about one day:  rota explain {}{given} --why-not PERSON:DAY:home",
            quoted(&args.scenario),
            quoted(&args.scenario)
        ));
    }
    blocks.retain(|block| !block.is_empty());
    print(&(blocks.join("\n\n") + "\n"));
}
