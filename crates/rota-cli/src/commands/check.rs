//! `rota check`

use super::{is_plain, width};
use crate::args::{Check, Format};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{json, print, say};
use crate::render::{audit, clean, count, judged, markdown as as_markdown, number, roster};
use crate::{Exit, MISTAKE, NO};
use rota_io::audit::{AuditDocument, Seen};
use rota_io::document::CheckDocument;
use rota_io::rosters::{read_roster, record, roster_text};
use rota_io::sha256;
use rota_rules::judge::{all_reasons, Judgement};
use rota_rules::laws::Says;
use rota_rules::Problem;

/// Judges a roster, whoever made it.
pub fn run(args: &Check) -> Exit {
    if args.audit && args.roster == "-" {
        say("error[audit.stdin]: an audit reads the roster twice, and standard input only once\n  help: name a file");
        return MISTAKE;
    }
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let problem = &loaded.scenario.problem;
    let found = match read_roster(&args.roster, &problem.site) {
        Ok(found) => found,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let judgement = Judgement::with(problem, &found, Says::of(&problem.site, &found));
    let reasons = all_reasons(problem, &found);
    let mut document = CheckDocument::of(problem, &found, &judgement, &reasons);
    if args.audit {
        let record = match roster_text(&args.roster) {
            Ok(text) => record(&text),
            Err(findings) => return say_mistakes(findings, args.look),
        };
        let seen =
            Seen { scenario: &loaded.scenario.typed, sha256: sha256(&loaded.scenario.document), record };
        document.audit = Some(AuditDocument::of(problem, &found, &judgement, &seen));
    }
    let page = || {
        let table = roster::checked(problem, &found, &judgement, width(), is_plain(args.look));
        [roster::heading(problem), verdict(&document), table, details(problem, &document)].join("\n\n") + "\n"
    };
    let audit = document.audit.as_ref();
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown if audit.is_some() => {
            print(&audit::markdown(problem, audit.expect("asked"), &verdict(&document)));
        }
        Format::Text if audit.is_some() => {
            print(&audit::text(problem, audit.expect("asked"), &verdict(&document), width()));
        }
        Format::Markdown => print(&markdown(problem, &document)),
        Format::Text => print(&page()),
    }
    if document.musts_kept {
        0
    } else {
        NO
    }
}

fn verdict(document: &CheckDocument) -> String {
    let laws = document.breaches.iter().filter(|breach| breach.kind == "law").count();
    let musts = document
        .breaches
        .iter()
        .filter(|breach| breach.kind != "law" && breach.strength == "must" && breach.cost > 0.0)
        .count();
    let mut sentences = Vec::new();
    if document.musts_kept {
        sentences.push(if document.unchecked.is_empty() {
            "Every law and must rule is kept.".to_string()
        } else {
            "Every law and must rule that could be judged is kept.".to_string()
        });
    } else {
        let broken: Vec<String> = [("laws are broken", laws), ("must rules are broken", musts)]
            .into_iter()
            .filter(|(_, number)| *number > 0)
            .map(|(what, number)| format!("{what} in {}", count(number, "place", "places")))
            .collect();
        sentences.push(format!("NOT ALL RULES KEPT: {}.", broken.join(", ")));
    }
    let wishes = document.measures.wishes;
    // Wishes for shifts or desks say nothing of a roster that names none.
    if wishes.asked > 0 && document.unchecked.is_empty() {
        sentences.push(format!("{}.", judged::wishes_granted(wishes)));
    }
    let costs: Vec<String> = ["high", "medium", "low"]
        .into_iter()
        .filter_map(|level| document.costs.get(level).map(|cost| format!("{level} {}", number(*cost))))
        .collect();
    if !costs.is_empty() {
        sentences.push(format!("Cost of softer rules: {}.", costs.join(", ")));
    }
    sentences.push(format!("{}.", count(document.measures.on_site_days as usize, "visit", "visits")));
    if !document.unchecked.is_empty() {
        sentences.push(format!(
            "Not judged, because the roster does not name shifts, places or duties: {}.",
            document.unchecked.join(", ")
        ));
    }
    sentences.join(" ")
}

fn sections(problem: &Problem, document: &CheckDocument) -> Vec<(String, Vec<String>)> {
    let mut sections = Vec::new();
    let laws: Vec<String> = document
        .breaches
        .iter()
        .filter(|breach| breach.kind == "law")
        .map(|breach| {
            clean(&format!(
                "{}: {} (found {})",
                breach.rule,
                breach.sentence,
                breach.found.as_str().unwrap_or("otherwise")
            ))
        })
        .collect();
    sections.push(("Laws broken".to_string(), laws));
    let rules: Vec<_> = document.breaches.iter().filter(|breach| breach.kind != "law").cloned().collect();
    sections.push(("Must rules broken".to_string(), judged::breaches(&rules, true)));
    let wishes = rules
        .iter()
        .filter(|breach| breach.kind == "wishes" && breach.cost > 0.0)
        .map(|breach| clean(&breach.sentence))
        .collect();
    sections.push(("Not granted".to_string(), wishes));
    sections.push(("Rules bent".to_string(), judged::breaches(&rules, false)));
    sections.push(("Agreed exceptions used".to_string(), judged::forgiven(&rules)));
    let visits = document.findings.iter().map(|finding| spoken_visit(problem, &finding.message)).collect();
    sections.push((
        "Any one of these visits could be a day at home (check again after changing one)".to_string(),
        visits,
    ));
    sections.retain(|(_, lines)| !lines.is_empty());
    sections
}

/// Findings speak of ids; on screen people have names.
fn spoken_visit(problem: &Problem, message: &str) -> String {
    let id = message.split('`').nth(1).unwrap_or("");
    let name = problem.site.person_named(id).map_or(id, |person| problem.site.person(person).name.as_str());
    clean(&message.replace(&format!("`{id}`"), name))
}

fn details(problem: &Problem, document: &CheckDocument) -> String {
    let blocks: Vec<String> = sections(problem, document)
        .into_iter()
        .map(|(head, lines)| format!("{head}\n  {}", lines.join("\n  ")))
        .collect();
    if blocks.is_empty() {
        if document.unchecked.is_empty() {
            "Nothing is bent, and every visit has a reason.".to_string()
        } else {
            "Nothing that could be judged is bent.".to_string()
        }
    } else {
        blocks.join("\n\n")
    }
}

fn markdown(problem: &Problem, document: &CheckDocument) -> String {
    let mut blocks =
        vec![as_markdown::title(&roster::heading(problem)), as_markdown::paragraph(&verdict(document))];
    for (head, lines) in sections(problem, document) {
        blocks.push(as_markdown::headed(&head, &lines));
    }
    blocks.join("\n\n") + "\n"
}
