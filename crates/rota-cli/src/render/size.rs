//! How many are needed, for a planner: the number, why not one better, what costs nothing, what one more buys.

use super::columns::columns;
use super::report::{self, Grid};
use super::roster::heading;
use super::{clean, count, judged, markdown, number};
use rota_io::price_curve::price_curve;
use rota_io::size::{FoundDocument, PriceDocument};
use rota_io::SizeDocument;
use rota_rules::Problem;

/// What the page is about.
pub struct Page<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// What was found.
    pub document: &'a SizeDocument,
}

/// What is counted, in words.
fn what(page: &Page<'_>) -> String {
    let of = &page.document.of;
    let name = of.trim_end_matches(":at_least").trim_end_matches(":at_most");
    let rule = page.problem.rules.iter().find(|rule| rule.id == name);
    match rule.and_then(|rule| rule.because.as_ref()) {
        Some(because) => format!("{of} (\"{because}\")"),
        None => of.clone(),
    }
}

fn needed(document: &SizeDocument, found: FoundDocument) -> String {
    let kept = "to keep every rule that must be kept";
    if document.wants_most {
        return match (found.proved, found.number) {
            (true, most) => format!("At most {most} can be asked for; with {} no roster keeps every rule (proved).", most + 1),
            (false, most) => format!("{most} can be asked for; more than {} cannot (proved). In between nothing was found in time.", found.bound),
        };
    }
    match (found.proved, found.number) {
        (true, 0) => format!("None is needed {kept}."),
        (true, 1) => format!("1 is enough {kept}; without any it cannot be done (proved)."),
        (true, fewest) => format!("{fewest} are enough {kept}; {} are not (proved).", fewest - 1),
        (false, fewest) => format!(
            "{fewest} are enough {kept}; it is proved that fewer than {} are not. In between nothing was found in time.",
            found.bound
        ),
    }
}

fn verdict(page: &Page<'_>) -> Vec<String> {
    let document = page.document;
    let mut lines = Vec::new();
    match (document.result.as_str(), document.needed) {
        ("impossible", _) => {
            lines.push("No roster keeps every rule, however many there are (proved).".to_string());
        }
        (_, None) => lines.push("No answer was found in time; give it longer with --time-limit.".to_string()),
        (_, Some(found)) => lines.push(needed(document, found)),
    }
    if let Some(found) = document.as_good {
        let is_least = document.needed.is_some_and(|needed| needed.number == found.number);
        let words = match (found.proved, found.number) {
            // One fewer has no roster at all, and that is said.
            (true, number) if is_least && document.now == Some(number) => None,
            (true, 0) => Some("Softer rules are no worse without any.".to_string()),
            (true, number) if is_least => Some(format!("With {number} no softer rule is worse than now.")),
            (true, number) if document.now == Some(number) => {
                Some("With one fewer than now a softer rule is bent more (proved).".to_string())
            }
            (true, number) => Some(format!(
                "With {number} no softer rule is worse than now; with {} one is (proved).",
                number - 1
            )),
            (false, number) => Some(format!(
                "With {number} no softer rule is worse than now; whether fewer do as well is not proved."
            )),
        };
        lines.extend(words);
    }
    if let Some(now) = document.now {
        lines.push(format!("Now: {now}."));
    }
    lines
}

fn clash(document: &SizeDocument) -> Option<(String, Vec<String>)> {
    if document.clash.is_empty() {
        return None;
    }
    let days: Vec<String> = document.days.iter().map(|day| day.spoken()).collect();
    let head = match (document.needed, days.is_empty()) {
        (None, _) => "These clash".to_string(),
        (Some(_), true) if document.wants_most => "With one more these clash".to_string(),
        (Some(_), true) => "With one fewer these clash".to_string(),
        (Some(_), false) => {
            let one = if document.wants_most { "more" } else { "fewer" };
            format!("With one {one} these clash ({})", days.join(", "))
        }
    };
    Some((head, judged::conflict(&document.clash)))
}

/// Levels that any of the prices has.
fn levels(prices: &[PriceDocument]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for level in prices.iter().flat_map(|price| &price.levels) {
        if !names.contains(&level.strength) {
            names.push(level.strength.clone());
        }
    }
    names
}

fn head(document: &SizeDocument) -> Vec<String> {
    let levels = levels(&document.prices).into_iter().map(|level| match level.as_str() {
        "home_first" => "days away from the usual place".to_string(),
        level => format!("cost of {level} rules"),
    });
    std::iter::once("number".to_string()).chain(levels).collect()
}

fn rows(document: &SizeDocument) -> Vec<Vec<String>> {
    let names = levels(&document.prices);
    let row = |price: &PriceDocument| -> Vec<String> {
        let shown = if document.now == Some(price.number) {
            format!("{} now", price.number)
        } else {
            price.number.to_string()
        };
        let mut row = vec![shown];
        match price.status.as_str() {
            "impossible" => row.push("no roster (proved)".to_string()),
            "unknown" => row.push("nothing found in time".to_string()),
            _ => row.extend(names.iter().map(|name| {
                let level = price.levels.iter().find(|level| level.strength == *name);
                level.map_or_else(String::new, |level| {
                    let mark = if level.proved { "" } else { " *" };
                    format!("{}{mark}", number(level.cost))
                })
            })),
        }
        row
    };
    document.prices.iter().map(row).collect()
}

fn note(document: &SizeDocument) -> Option<String> {
    let unproved = document.prices.iter().flat_map(|price| &price.levels).any(|level| !level.proved);
    unproved.then(|| "* the best found in time; it is not proved that no roster does better.".to_string())
}

fn desks(page: &Page<'_>) -> Option<String> {
    let document = page.document;
    let names: Vec<String> = document
        .desks
        .iter()
        .map(|id| {
            let site = &page.problem.site;
            clean(site.desk_named(id).map_or(id, |desk| &site.desk(desk).name))
        })
        .collect();
    (!names.is_empty())
        .then(|| format!("{} that are enough: {}.", capital_count(names.len()), names.join(", ")))
}

fn screens(page: &Page<'_>) -> Option<String> {
    let site = &page.problem.site;
    let name = |id: &String| site.desk_named(id).map_or(id.clone(), |desk| site.desk(desk).name.clone());
    let pairs: Vec<String> = page
        .document
        .screens
        .iter()
        .map(|[one, other]| clean(&format!("{} and {}", name(one), name(other))))
        .collect();
    (!pairs.is_empty()).then(|| format!("Screens that are enough, between {}.", pairs.join("; ")))
}

fn capital_count(number: usize) -> String {
    count(number, "desk", "desks")
}

/// The whole page.
pub fn text(page: &Page<'_>, plain: bool) -> String {
    let document = page.document;
    let mut blocks =
        vec![format!("{}\n{}", heading(page.problem), clean(&what(page))), verdict(page).join("\n")];
    blocks.extend(desks(page));
    blocks.extend(screens(page));
    if let Some((head, lines)) = clash(document) {
        blocks.push(format!("{head}\n  {}", lines.join("\n  ")));
    }
    if !document.prices.is_empty() {
        let mut lines = vec!["What one more or one fewer buys".to_string()];
        let (head, rows) = (head(document), rows(document));
        if plain {
            for row in rows {
                let cells: Vec<String> = if row.len() == head.len() {
                    row.iter().zip(&head).skip(1).map(|(cell, head)| format!("{head} {cell}")).collect()
                } else {
                    row[1..].to_vec()
                };
                lines.push(format!("  {}: {}.", row[0], cells.join(", ")));
            }
        } else {
            lines.extend(columns(&[vec![head], rows].concat()).into_iter().map(|line| format!("  {line}")));
        }
        lines.extend(note(document).map(|note| format!("  {note}")));
        blocks.push(lines.join("\n"));
    }
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(page: &Page<'_>) -> String {
    let document = page.document;
    let mut blocks = vec![
        markdown::title(&heading(page.problem)),
        markdown::paragraph(&clean(&what(page))),
        markdown::paragraph(&verdict(page).join("\n")),
    ];
    blocks.extend(desks(page).map(|words| markdown::escape(&words)));
    blocks.extend(screens(page).map(|words| markdown::escape(&words)));
    if let Some((head, lines)) = clash(document) {
        blocks.push(markdown::headed(&head, &lines));
    }
    if !document.prices.is_empty() {
        let head = head(document);
        let wide = |mut row: Vec<String>| {
            row.resize(head.len().max(2), String::new());
            row
        };
        let rows: Vec<Vec<String>> = rows(document).into_iter().map(wide).collect();
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        blocks.push(format!("## What one more or one fewer buys\n\n{}", markdown::table(&head, &rows)));
        blocks.extend(note(document).map(|note| markdown::escape(&note)));
    }
    blocks.join("\n\n") + "\n"
}

/// The same as a report with its picture.
pub fn html(page: &Page<'_>) -> String {
    let document = page.document;
    let mut body = report::paragraph(&clean(&what(page)));
    body.push_str(&report::verdict(&verdict(page)));
    body.extend(desks(page).map(|words| report::paragraph(&words)));
    body.extend(screens(page).map(|words| report::paragraph(&words)));
    if let Some((head, lines)) = clash(document) {
        body.push_str(&format!("<h2>{}</h2>\n", rota_io::pictures::escape(&head)));
        body.push_str(&report::list(&lines));
    }
    if !document.prices.is_empty() {
        let head = head(document);
        let wide = |mut row: Vec<String>| {
            row.resize(head.len().max(2), String::new());
            row
        };
        let rows = rows(document).into_iter().map(wide).collect();
        let names: Vec<&str> = head.iter().map(String::as_str).collect();
        let caption = "What one more or one fewer buys".to_string();
        body.push_str(&report::table(&Grid { caption, head: names, rows, below: note(document) }));
        body.push_str(&format!("<figure>{}</figure>\n", price_curve(document, &heading(page.problem))));
    }
    report::page(&heading(page.problem), &body)
}
