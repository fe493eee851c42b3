//! Scenarios side by side, for a planner: one line for each combination.

use super::columns::columns;
use super::roster::heading;
use super::{clean, count, markdown, number};
use rota_io::grid::{spoken, GridCell};
use rota_io::GridDocument;
use rota_rules::Problem;
use std::path::Path;

/// What the page is about.
pub struct Page<'a> {
    /// The problem as it is.
    pub problem: &'a Problem,
    /// What was found.
    pub document: &'a GridDocument,
    /// Combinations that an earlier run had solved.
    pub kept: usize,
    /// Where the table was written.
    pub saved: Option<&'a Path>,
    /// Where the picture was written.
    pub picture: Option<&'a Path>,
}

const LEVELS: [(&str, &str); 4] =
    [("high", "high"), ("medium", "medium"), ("low", "low"), ("home_first", "days away")];

fn verdict(page: &Page<'_>) -> String {
    let document = page.document;
    let all = document.cells.len() + document.missing;
    let with = document.cells.iter().filter(|cell| cell.has_roster()).count();
    let have = |number: usize| if number == 1 { "has" } else { "have" };
    let combinations = count(all, "combination", "combinations");
    let mut words = vec![format!("{combinations}: {with} {} a roster.", have(with))];
    let without = document.cells.iter().filter(|cell| cell.status == "impossible").count();
    if without > 0 {
        words.push(format!("{without} {} none (proved).", have(without)));
    }
    let open = document.cells.iter().filter(|cell| cell.is_open()).count() + document.missing;
    if open > 0 {
        words.push(format!(
            "{open} are not settled; the same command goes on where this one ended, given -o."
        ));
    }
    if page.kept > 0 {
        words.push(format!("{} were solved before.", page.kept));
    }
    words.join(" ")
}

/// Levels at which some combination costs something.
fn levels(document: &GridDocument) -> Vec<(&'static str, &'static str)> {
    let costs = |name: &str| document.cells.iter().any(|cell| cell.cost(name).is_some());
    LEVELS.into_iter().filter(|(name, _)| costs(name)).collect()
}

fn head(document: &GridDocument) -> Vec<String> {
    let names = document.axes.iter().map(|axis| clean(&axis.name));
    let levels = levels(document).into_iter().map(|(_, words)| words.to_string());
    names.chain(levels).chain(["wishes refused", "visits", "busiest day"].map(str::to_string)).collect()
}

fn row(document: &GridDocument, cell: &GridCell) -> Vec<String> {
    let mut row: Vec<String> = cell.values.iter().map(|value| clean(&spoken(value))).collect();
    if cell.has_roster() {
        for (name, _) in levels(document) {
            let level = cell.levels.iter().find(|level| level.strength == name);
            row.push(level.map_or_else(String::new, |level| {
                format!("{}{}", number(level.cost), if level.proved { "" } else { " *" })
            }));
        }
        row.push(format!("{} of {}", cell.refused, cell.wishes));
        row.extend([cell.visits, cell.busiest].map(|number| number.to_string()));
    } else {
        row.push(match (cell.status.as_str(), &cell.mistake) {
            ("impossible", _) => "no roster (proved)".to_string(),
            (_, Some(mistake)) => clean(&format!("cannot be: {mistake}")),
            _ => "nothing found in time".to_string(),
        });
    }
    row
}

fn notes(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    if page.document.cells.iter().flat_map(|cell| &cell.levels).any(|level| !level.proved) {
        lines.push("* the best found in time; it is not proved that no roster does better.".to_string());
    }
    if page.document.axes.iter().any(|axis| axis.name == "desks") {
        lines.push(
            "desks: so many of the scenario stay open, in its order; `rota size --of desks` finds the fewest and which."
                .to_string(),
        );
    }
    let saved = [page.saved, page.picture].into_iter().flatten();
    let saved: Vec<String> = saved.map(|path| clean(&path.display().to_string())).collect();
    if !saved.is_empty() {
        lines.push(format!("Wrote {}.", saved.join(" and ")));
    }
    lines
}

/// The whole page.
pub fn text(page: &Page<'_>, plain: bool) -> String {
    let document = page.document;
    let mut blocks = vec![heading(page.problem), verdict(page)];
    let rows: Vec<Vec<String>> = document.cells.iter().map(|cell| row(document, cell)).collect();
    let head = head(document);
    let lines: Vec<String> = if plain {
        rows.iter()
            .map(|row| {
                let names = document.axes.len();
                let told = head.iter().zip(row).map(|(head, cell)| format!("{head} {cell}"));
                let told: Vec<String> = if row.len() == head.len() {
                    told.collect()
                } else {
                    told.take(names).chain(row.last().cloned()).collect()
                };
                format!("{}.", told.join(", "))
            })
            .collect()
    } else {
        columns(&[vec![head], rows].concat())
    };
    blocks.push(format!("  {}", lines.join("\n  ")));
    blocks.push(notes(page).join("\n"));
    blocks.retain(|block| !block.trim().is_empty());
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(page: &Page<'_>) -> String {
    let document = page.document;
    let head = head(document);
    let wide = |mut row: Vec<String>| {
        row.resize(head.len(), String::new());
        row
    };
    let rows: Vec<Vec<String>> = document.cells.iter().map(|cell| wide(row(document, cell))).collect();
    let names: Vec<&str> = head.iter().map(String::as_str).collect();
    let mut blocks = vec![
        markdown::title(&heading(page.problem)),
        markdown::paragraph(&verdict(page)),
        markdown::table(&names, &rows),
    ];
    blocks.extend(notes(page).iter().map(|note| markdown::escape(note)));
    blocks.join("\n\n") + "\n"
}
