//! `rota explain` of a roster: what stands against wishes, softer rules and other days.

use super::short;
use crate::args::{Explain, Format};
use crate::load::Loaded;
use crate::output::{json, print};
use crate::quoted::quoted;
use crate::render::explain::{markdown, text};
use crate::render::judged::wishes_granted;
use crate::render::{answers, clean, markdown as as_markdown, roster};
use crate::{Exit, NO, UNKNOWN};
use rota_core::typed::WishCount;
use rota_face::Explained;
use rota_io::document::measures;
use rota_io::explanation::ExplanationDocument;

/// Where there is no roster that keeps every rule, wishes have no answers.
pub(super) fn none(args: &Explain, loaded: &Loaded, document: &ExplanationDocument) -> Exit {
    let (words, exit) = if document.status == "impossible" {
        ("No roster keeps every rule (proved), so that nothing can be said of one wish or day.", NO)
    } else {
        ("No roster that keeps every rule was found in time, nor that there is none.", UNKNOWN)
    };
    let next = format!("What stands in the way, for the manager:  rota explain {}", quoted(&args.scenario));
    short(args, loaded, document, &[words.to_string(), next]);
    exit
}

/// Says why a roster is as it is.
pub(super) fn page(args: &Explain, loaded: &Loaded, explained: &Explained) -> Exit {
    let (roster, judgement) = explained.roster.as_ref().expect("there is a roster to speak of");
    let (document, person) = (&explained.document, explained.person);
    let exit = if explained.is_no { NO } else { 0 };
    let problem = &loaded.scenario.problem;
    if args.look.format == Format::Json {
        print(&json(document));
        return exit;
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
    exit
}
