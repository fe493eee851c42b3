//! Whom to ask, for the manager: what is missing, the choices, what each bends, what goes wrong later, messages.

use super::columns::columns;
use super::diff::{breaches, person, spot};
use super::judged;
use super::markdown;
use super::replan::messages;
use super::roster::heading;
use super::{clean, number};
use rota_core::clean::joined;
use rota_core::Date;
use rota_io::cover::{Answer, AskDocument, ChoiceDocument, LeaveDocument};
use rota_io::document::BreachDocument;
use rota_io::CoverDocument;
use rota_rules::Problem;

/// What the page is about.
pub struct Page<'a> {
    /// The problem with the absences.
    pub problem: &'a Problem,
    /// What was found.
    pub document: &'a CoverDocument,
    /// Who is away, in words.
    pub edits: &'a [String],
    /// The choice that was taken.
    pub taken: Option<usize>,
    /// Where its roster was written.
    pub saved: Option<&'a str>,
    /// The command that was typed.
    pub command: &'a str,
    /// Whether absences can be saved in the scenario's file.
    pub savable: bool,
}

fn sentences(list: &[BreachDocument]) -> Vec<String> {
    judged::breaches(list, true)
}

fn verdict(page: &Page<'_>) -> String {
    let document = page.document;
    match document.answer {
        Answer::NobodyNeeded if document.later.is_empty() => {
            "Nobody needs to be asked: without them every must rule that was kept is kept.".to_string()
        }
        Answer::NobodyNeeded => {
            "Nobody needs to be asked for those days. Something goes wrong on others (see below).".to_string()
        }
        Answer::Ask => {
            let counts = || document.choices.iter().map(|choice| people(choice).len());
            let (least, most) = (counts().min().unwrap_or(0), counts().max().unwrap_or(0));
            let who = match (least, most) {
                (1, 1) => "One person has to be asked.".to_string(),
                (least, most) if least == most => format!("{least} people have to be asked."),
                (least, most) => format!("{least} to {most} people have to be asked, by choice."),
            };
            let missing = sentences(&document.missing).join("\n  ");
            format!("{who} Without that:\n  {missing}")
        }
        Answer::NobodyCan => format!(
            "No set of people who may be asked was found that puts this right while nobody else moves:\n  {}",
            sentences(&document.missing).join("\n  ")
        ),
        Answer::Grant | Answer::Refuse | Answer::Unknown => {
            document.leave.as_ref().map(|leave| leave_verdict(document.answer, leave)).unwrap_or_default()
        }
    }
}

fn leave_verdict(answer: Answer, leave: &LeaveDocument) -> String {
    match answer {
        Answer::Refuse => {
            let mut lines = vec!["No: with this leave no roster keeps every rule (proved).".to_string()];
            if !leave.possible_without {
                lines.push("Without it there is none either, so the leave is not what stands in the way.".to_string());
            }
            lines.extend(leave.findings.iter().map(|finding| format!("  {}", clean(&finding.message))));
            lines.push("These clash:".to_string());
            lines.extend(judged::conflict(&leave.conflict).into_iter().map(|line| format!("  {line}")));
            lines.join("\n")
        }
        Answer::Unknown => "Not known yet: no roster with this leave was found in the time there was, and it is not proved that there is none.".to_string(),
        _ => {
            let mut sentences = vec!["Yes: a roster with this leave keeps every law and must rule.".to_string()];
            if !leave.possible_without {
                sentences.push("Without it none was found.".to_string());
                return sentences.join(" ");
            }
            let mut dearer = Vec::new();
            let mut unproved = false;
            for with in &leave.with {
                let Some(without) = leave.without.iter().find(|level| level.strength == with.strength) else { continue };
                unproved |= !with.proved || !without.proved;
                if (with.cost - without.cost).abs() > 1e-6 {
                    let what = match with.strength.as_str() {
                        "home_first" => "visits".to_string(),
                        strength => format!("cost of {strength} rules"),
                    };
                    dearer.push(format!("{what} {} instead of {}", number(with.cost), number(without.cost)));
                }
            }
            sentences.push(if dearer.is_empty() {
                "It costs nothing that the best roster without it does not cost.".to_string()
            } else {
                format!("Best rosters, with it and without it: {}.", dearer.join(", "))
            });
            sentences.push(if unproved {
                "Not all of that is proved to be best.".to_string()
            } else {
                "Both are proved: no roster does better.".to_string()
            });
            sentences.join(" ")
        }
    }
}

/// The people of a choice, in its order, each once.
fn people(choice: &ChoiceDocument) -> Vec<&str> {
    let mut people: Vec<&str> = Vec::new();
    for ask in &choice.ask {
        if !people.contains(&ask.person.as_str()) {
            people.push(&ask.person);
        }
    }
    people
}

/// Each person with their days where there are several.
fn asked(page: &Page<'_>, choice: &ChoiceDocument) -> String {
    let mut days: Vec<Date> =
        page.document.choices.iter().flat_map(|choice| &choice.ask).map(|ask| ask.on).collect();
    days.sort();
    days.dedup();
    let names: Vec<String> = people(choice)
        .into_iter()
        .map(|id| {
            let name = person(Some(page.problem), id);
            let own: Vec<String> =
                choice.ask.iter().filter(|ask| ask.person == id).map(|ask| ask.on.short()).collect();
            if days.len() > 1 {
                format!("{name} ({})", own.join(", "))
            } else {
                name
            }
        })
        .collect();
    if names.is_empty() {
        "nobody".to_string()
    } else {
        joined(&names, "and")
    }
}

fn places(page: &Page<'_>, asks: &[AskDocument]) -> String {
    let problem = Some(page.problem);
    let place = |ask: &AskDocument| spot(problem, &ask.new).replace("on site, ", "");
    let mut places: Vec<String> = asks.iter().map(place).collect();
    places.dedup();
    // Over several days that would be a list of its own; the messages have it.
    if places.len() > 1 && asks.iter().any(|ask| ask.on != asks[0].on) {
        return "see the messages".to_string();
    }
    places.join("; ")
}

fn bends(page: &Page<'_>, choice: &ChoiceDocument) -> String {
    let mut parts: Vec<String> = Vec::new();
    for (head, lines) in breaches(&choice.breaches) {
        match head {
            "Not granted now" | "Bent now and not before" | "Bent by another amount" => parts.extend(lines),
            _ => {}
        }
    }
    let often = choice.ask.iter().filter(|ask| ask.on_site_that_week > 2);
    for ask in often {
        let name = person(Some(page.problem), &ask.person);
        let line = format!("{name} is then in on {} days that week", ask.on_site_that_week);
        if !parts.contains(&line) {
            parts.push(line);
        }
    }
    if parts.is_empty() {
        "nothing".to_string()
    } else {
        parts.join("; ")
    }
}

/// `(or Hana or Liz in place of Femi)`.
fn instead(page: &Page<'_>, choice: &ChoiceDocument) -> Vec<String> {
    let name = |id: &String| person(Some(page.problem), id);
    choice
        .instead
        .iter()
        .map(|other| {
            let names: Vec<String> = other.people.iter().map(name).collect();
            format!("or {} in place of {}", joined(&names, "or"), name(&other.of))
        })
        .collect()
}

/// What changes later with a choice, and what is left.
fn later(page: &Page<'_>, choice: &ChoiceDocument) -> Vec<String> {
    let problem = Some(page.problem);
    let mut lines: Vec<String> = choice
        .also
        .iter()
        .map(|ask| {
            format!(
                "{} on {}: {} puts that right",
                person(problem, &ask.person),
                ask.on.spoken(),
                spot(problem, &ask.new)
            )
        })
        .collect();
    if !choice.left.is_empty() {
        lines.push(
            "One more changed day does not put everything right; rota replan finds the fewest changes. Left:"
                .to_string(),
        );
        lines.extend(sentences(&choice.left));
    }
    lines
}

/// What the absence does whoever is asked.
fn in_any_case(page: &Page<'_>) -> Vec<(&'static str, Vec<String>)> {
    let mut sections = vec![
        ("What goes wrong on other days", sentences(&page.document.later)),
        ("Bent by the absence itself", judged::breaches(&page.document.bent, false)),
    ];
    sections.retain(|(_, lines)| !lines.is_empty());
    sections
}

const HEAD: [&str; 4] = ["", "ask", "where", "what it bends"];

fn rows(page: &Page<'_>) -> Vec<Vec<String>> {
    let numbered = page.document.choices.iter().enumerate();
    numbered
        .map(|(at, choice)| {
            vec![(at + 1).to_string(), asked(page, choice), places(page, &choice.ask), bends(page, choice)]
        })
        .collect()
}

fn next(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(number), Some(saved)) = (page.taken, page.saved) {
        lines.push(format!("Took choice {number}. Saved {}.", clean(saved)));
    } else if !page.document.choices.is_empty() {
        let save = if page.savable { " --save" } else { "" };
        // Not over the roster that is read.
        let names = std::iter::once("new.json".to_string()).chain((2..).map(|n| format!("new{n}.json")));
        let name = names.into_iter().find(|name| !page.command.contains(name.as_str()));
        let name = name.expect("there is always a next number");
        lines.push(format!("To take it:  {} --take 1 -o {name}{save}", clean(page.command)));
    }
    if page.document.answer == Answer::NobodyCan {
        lines.push(
            "To mend the roster with the fewest changes, others' days included: rota replan".to_string(),
        );
    }
    lines
}

fn not_asked(page: &Page<'_>) -> Option<String> {
    let names: Vec<String> =
        page.document.not_asked.iter().map(|id| person(Some(page.problem), id)).collect();
    (!names.is_empty())
        .then(|| format!("Not asked: {} (at home that day, and that is fixed).", names.join(", ")))
}

/// The choice whose messages and later days are told: the one taken, else the first.
fn told<'a>(page: &Page<'a>) -> Option<(usize, &'a ChoiceDocument)> {
    let number = page.taken.unwrap_or(1);
    page.document.choices.get(number.checked_sub(1)?).map(|choice| (number, choice))
}

/// What else changes, or stays broken. Where nobody is asked there is no list of choices to speak of.
fn with_choice(page: &Page<'_>, number: usize) -> String {
    match page.document.answer {
        Answer::Ask => format!("With choice {number}"),
        _ => "What puts that right, or does not".to_string(),
    }
}

fn for_choice(page: &Page<'_>, number: usize) -> String {
    match page.document.answer {
        Answer::Ask => format!("Messages for choice {number}"),
        _ => "Messages".to_string(),
    }
}

/// The whole page.
pub fn text(page: &Page<'_>, plain: bool) -> String {
    let given: Vec<String> = page.edits.iter().map(|line| format!("{line}.")).collect();
    let mut blocks = vec![heading(page.problem), given.join("\n"), verdict(page)];
    let needed = page.document.answer == Answer::Ask;
    if needed {
        let mut lines: Vec<String> = Vec::new();
        if plain {
            for row in rows(page) {
                lines.push(format!("{}: ask {}; {}; what it bends: {}.", row[0], row[1], row[2], row[3]));
            }
        } else {
            let shown = columns(&[vec![HEAD.map(str::to_string).to_vec()], rows(page)].concat());
            lines.push(format!("  {}", shown[0]));
            for (choice, line) in page.document.choices.iter().zip(&shown[1..]) {
                lines.push(format!("  {line}"));
                lines.extend(instead(page, choice).into_iter().map(|other| format!("     ({other})")));
            }
        }
        blocks.push(lines.join("\n"));
        blocks.extend(not_asked(page));
    }
    if page.document.answer == Answer::NobodyCan {
        blocks.extend(not_asked(page));
    }
    for (head, lines) in in_any_case(page) {
        blocks.push(format!("{head}\n  {}", lines.join("\n  ")));
    }
    if let Some((number, choice)) = told(page) {
        let lines = later(page, choice);
        if !lines.is_empty() {
            blocks.push(format!("{}\n  {}", with_choice(page, number), lines.join("\n  ")));
        }
        let messages = messages(page.problem, &choice.messages);
        if !messages.is_empty() {
            blocks.push(format!("{}\n  {}", for_choice(page, number), messages.join("\n  ")));
        }
    }
    blocks.push(next(page).join("\n"));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(page: &Page<'_>) -> String {
    let given: Vec<String> = page.edits.iter().map(|line| format!("{line}.")).collect();
    let mut blocks = vec![
        markdown::title(&heading(page.problem)),
        markdown::paragraph(&given.join(" ")),
        markdown::told(&verdict(page)),
    ];
    if page.document.answer == Answer::Ask {
        blocks.push(markdown::table(&["", "ask", "where", "what it bends"], &rows(page)));
        for (at, choice) in page.document.choices.iter().enumerate() {
            blocks.extend(
                instead(page, choice)
                    .into_iter()
                    .map(|other| markdown::escape(&format!("Choice {}: {other}.", at + 1))),
            );
        }
    }
    blocks.extend(not_asked(page).map(|words| markdown::escape(&words)));
    for (head, lines) in in_any_case(page) {
        blocks.push(markdown::headed(head, &lines));
    }
    if let Some((number, choice)) = told(page) {
        let lines = later(page, choice);
        if !lines.is_empty() {
            blocks.push(markdown::headed(&with_choice(page, number), &lines));
        }
        let messages = messages(page.problem, &choice.messages);
        if !messages.is_empty() {
            blocks.push(markdown::headed(&for_choice(page, number), &messages));
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}
