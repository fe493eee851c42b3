//! A mended roster, for people: the verdict, what changes, what that bends, what to tell people.

use super::columns::columns;
use super::diff::{breaches, person, rows, HEAD};
use super::judged;
use super::markdown;
use super::roster::heading;
use super::{capital, clean, count, longer, number};
use rota_core::Date;
use rota_io::replan::{Mending, MessageDocument};
use rota_io::ReplanDocument;
use rota_planner::diff::Change;
use rota_rules::Problem;

/// What the page is about.
pub struct Page<'a> {
    /// The problem of the edited scenario.
    pub problem: &'a Problem,
    /// What was found.
    pub document: &'a ReplanDocument,
    /// What has changed, in words.
    pub edits: &'a [String],
    /// The day on which people are only added.
    pub adds_only: Option<Date>,
    /// Where the roster was written.
    pub saved: Option<&'a str>,
    /// The scenario and what is read beside it, as typed.
    pub scenario: &'a str,
    /// Whether the scenario's file does not have the edits yet.
    pub unsaved: bool,
    /// Seconds taken.
    pub seconds: f64,
}

fn given(page: &Page<'_>) -> String {
    let mut lines: Vec<String> = page.edits.iter().map(|line| format!("{}.", capital(line))).collect();
    if page.problem.site.calendar.from < page.document.since {
        let since = page.document.since.spoken();
        lines.push(match page.adds_only {
            Some(_) => format!("What is before {since} stays as it is; today people are only added."),
            None => format!("What is before {since} stays as it is."),
        });
    } else if page.adds_only.is_some() {
        lines.push("Today people are only added.".to_string());
    }
    lines.join("\n")
}

fn verdict(page: &Page<'_>) -> String {
    let document = page.document;
    let fewer = |proved: bool| if proved { ", and fewer will not do (proved)" } else { "" };
    match (document.result, document.least) {
        (Mending::Mended, Some(least)) => {
            let made = document.changes.len();
            let mut sentences = Vec::new();
            if made == 0 && document.seats.is_empty() {
                sentences.push("Nothing needs to change.".to_string());
            } else if made == 0 {
                let seats = count(document.seats.len(), "seat is another", "seats are others");
                sentences.push(format!("Nobody's days need to change; {seats}."));
            } else {
                let people: std::collections::BTreeSet<&str> =
                    document.changes.iter().map(|change| change.person.as_str()).collect();
                let days = count(made, "person-day changes", "person-days change");
                let people = count(people.len(), "person", "people");
                if made > least.changes as usize {
                    let proved = if least.proved { ", the fewest there can be (proved)" } else { "" };
                    sentences.push(format!(
                        "{days}, of {people}. {} would do{proved}; the others make the roster better.",
                        least.changes
                    ));
                } else {
                    sentences.push(format!("{days}, of {people}{}.", fewer(least.proved)));
                }
                if !least.proved {
                    sentences.push(format!(
                        "It is not proved that fewer would not do; no fewer than {} will.",
                        least.bound
                    ));
                }
            }
            sentences.push(if document.past.is_empty() && document.past_new.is_empty() {
                "Every law and must rule is kept.".to_string()
            } else {
                format!("From {} on every law and must rule is kept.", document.since.spoken())
            });
            if document.best_of_these {
                sentences.push("No roster with so few changes is better (proved).".to_string());
            } else {
                sentences.push("It is not proved that no roster with so few changes is better.".to_string());
            }
            sentences.join(" ")
        }
        (Mending::TooMany, Some(least)) => {
            let most = document.max_changes.unwrap_or(0);
            let changes = |number: u32| count(number as usize, "change", "changes");
            if most < least.bound {
                let needed = if least.proved {
                    format!("it takes {} (proved)", changes(least.changes))
                } else {
                    format!(
                        "it takes {} at least (proved), and {} will do",
                        changes(least.bound),
                        least.changes
                    )
                };
                format!("No: {} will not do; {needed}.", changes(most))
            } else {
                format!(
                    "No roster with {} was found in {} s. {} will do; it is not proved that fewer will not.",
                    changes(most),
                    number(page.seconds.round().max(1.0)),
                    capital(&changes(least.changes))
                )
            }
        }
        (Mending::Impossible, _) => {
            let mut lines =
                vec!["No roster keeps every rule from there on (proved).".to_string(), String::new()];
            if let Some(conflict) = &document.conflict {
                lines.push(if conflict.irreducible {
                    "These clash: they cannot all be kept, and without any one of them the others here could."
                        .to_string()
                } else {
                    "What clashes is among these (there was no time to narrow it down further):".to_string()
                });
                lines.extend(judged::conflict(&conflict.parts).into_iter().map(|line| format!("  {line}")));
                if !conflict.past.is_empty() {
                    lines.push("  Already so".to_string());
                    lines.extend(conflict.past.iter().map(|part| format!("      {}", clean(&part.sentence))));
                }
            }
            lines.join("\n")
        }
        _ => format!(
            "No roster was found in {} s, and it was not proved that there is none.",
            number(page.seconds.round().max(1.0))
        ),
    }
}

/// Messages, one line each.
pub fn messages(problem: &Problem, list: &[MessageDocument]) -> Vec<String> {
    list.iter()
        .map(|message| format!("{}: {}", person(Some(problem), &message.person), clean(&message.text)))
        .collect()
}

fn sections(page: &Page<'_>) -> Vec<(&'static str, Vec<String>)> {
    let document = page.document;
    let mut sections = breaches(&document.breaches);
    sections.insert(
        0,
        ("Broken by the change on days that stay as they are", judged::breaches(&document.past_new, true)),
    );
    sections.push(("Already broken on days that stay as they are", judged::breaches(&document.past, true)));
    sections.push(("Messages", messages(page.problem, &document.messages)));
    sections.retain(|(_, lines)| !lines.is_empty());
    sections
}

fn tables<'a>(page: &Page<'a>) -> [(&'static str, &'a [Change]); 3] {
    [
        ("What changes", &page.document.changes),
        ("Other seats", &page.document.seats),
        ("Not counted: new leave, days planned anew, duties", &page.document.others),
    ]
}

fn next(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(saved) = page.saved {
        lines.push(format!("Saved {}.", clean(saved)));
    }
    match page.document.result {
        Mending::Mended if page.saved.is_none() => {
            lines.push("To keep it: the same command with -o new.json".to_string());
        }
        Mending::Impossible => {
            let earlier = page.problem.site.calendar.from < page.document.since;
            let ways = if earlier {
                "an `allow` beside a rule, a fixed day taken out, or an earlier --since"
            } else {
                "an `allow` beside a rule, or a fixed day taken out"
            };
            lines.push(format!("What may give way is for you to say: {ways}."));
        }
        Mending::Unknown => lines.push(format!("To give it longer: {}", longer(page.seconds))),
        _ => {}
    }
    if page.unsaved && page.document.result == Mending::Mended {
        lines.push(format!("{} does not have the change yet; --save writes it there.", clean(page.scenario)));
    }
    lines
}

/// The whole page.
pub fn text(page: &Page<'_>, plain: bool) -> String {
    let mut blocks = vec![heading(page.problem), given(page), verdict(page)];
    for (head, changes) in tables(page) {
        let rows = rows(Some(page.problem), changes);
        if rows.is_empty() {
            continue;
        }
        let lines: Vec<String> = if plain {
            rows.iter()
                .map(|row| format!("{} on {}: before {}; now {}.", row[0], row[1], row[2], row[3]))
                .collect()
        } else {
            columns(&[vec![HEAD.map(str::to_string).to_vec()], rows].concat())
        };
        blocks.push(format!("{head}\n  {}", lines.join("\n  ")));
    }
    for (head, lines) in sections(page) {
        blocks.push(format!("{head}\n  {}", lines.join("\n  ")));
    }
    blocks.push(next(page).join("\n"));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(page: &Page<'_>) -> String {
    let mut blocks = vec![
        markdown::title(&heading(page.problem)),
        markdown::paragraph(&given(page)),
        markdown::told(&verdict(page)),
    ];
    for (head, changes) in tables(page) {
        let rows = rows(Some(page.problem), changes);
        if !rows.is_empty() {
            blocks.push(format!("## {head}\n\n{}", markdown::table(&HEAD, &rows)));
        }
    }
    for (head, lines) in sections(page) {
        blocks.push(markdown::headed(head, &lines));
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}
