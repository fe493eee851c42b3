//! `rota import`

use super::import_staff;
use crate::args::{Format, Import, ImportKind, ImportReading};
use crate::load::say_mistakes;
use crate::output::{json, print, say, write};
use crate::quoted::quoted;
use crate::render::{clean, count, findings, markdown as as_markdown, number};
use crate::{Exit, MISTAKE, NO};
use rota_io::files::read_text;
use rota_io::import::asocio25::Reading;
use rota_io::import::{import, score, Better, Figure, Source};
use rota_io::rosters::file_problem;
use rota_io::ScoreDocument;

/// Makes a scenario of a list of staff or of a benchmark's file, or says what the benchmark makes of a roster.
pub fn run(args: &Import) -> Exit {
    let Some(kind) = args.kind else { return import_staff::run(args) };
    let source = match source(kind, args.reading) {
        Ok(source) => source,
        Err(exit) => return exit,
    };
    let text = match read_text(&args.file) {
        Ok(text) => text,
        Err(what) => return say_mistakes(vec![file_problem(&args.file, what)], args.look),
    };
    match &args.score {
        Some(roster) => scored(args, source, &text, roster),
        None => imported(args, source, &text),
    }
}

fn source(kind: ImportKind, reading: Option<ImportReading>) -> Result<Source, Exit> {
    match (kind, reading) {
        (ImportKind::Curtois, None) => Ok(Source::Curtois),
        (ImportKind::Curtois, Some(_)) => {
            say("error[import.reading]: `curtois` has one reading only\n  help: leave out --reading");
            Err(MISTAKE)
        }
        (ImportKind::Asocio25, reading) => Ok(Source::Asocio25(match reading {
            Some(ImportReading::Lexicographic) => Reading::Lexicographic,
            Some(ImportReading::ModelF) | None => Reading::ModelF,
        })),
    }
}

fn imported(args: &Import, source: Source, text: &str) -> Exit {
    let imported = match import(source, &args.file, text) {
        Ok(imported) => imported,
        Err(list) => return say_mistakes(list, args.look),
    };
    if !imported.findings.is_empty() {
        say(&findings::text(&imported.findings));
    }
    let saved = match write(args.output.as_deref(), &json(&imported.scenario)) {
        Ok(saved) => saved,
        Err(exit) => return exit,
    };
    say(&clean(&format!("Of a roster of this scenario, {}.", imported.figure)));
    if let Some(saved) = saved {
        print(&format!("Wrote {saved}.\nNext:  rota solve {}", quoted(&saved)));
    }
    0
}

fn scored(args: &Import, source: Source, text: &str, roster: &str) -> Exit {
    let document = match score(source, &args.file, text, roster) {
        Ok(document) => document,
        Err(list) => return say_mistakes(list, args.look),
    };
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown(&document)),
        Format::Text => print(&page(&document)),
    }
    if document.valid {
        0
    } else {
        NO
    }
}

/// `penalty 607 (the fewer the better)`.
fn spoken(figure: &Figure) -> String {
    let better = match figure.better {
        Some(Better::More) => " (the more the better)",
        Some(Better::Fewer) => " (the fewer the better)",
        None => "",
    };
    format!("{} {}{better}", figure.name, number(figure.value))
}

fn verdict(document: &ScoreDocument) -> String {
    let figures: Vec<String> = document.figures.iter().map(spoken).collect();
    let reading = document.reading.as_ref().map(|reading| format!(", {reading}")).unwrap_or_default();
    let kept = if document.valid {
        "Every hard constraint is kept.".to_string()
    } else {
        let broken = count(document.broken.len(), "hard constraint", "hard constraints");
        format!("NOT VALID: {broken} broken.")
    };
    format!("{}{reading}: {}. {kept}", document.kind, figures.join(", then "))
}

fn page(document: &ScoreDocument) -> String {
    let width = document.parts.iter().map(|part| part.name.len()).max().unwrap_or(0);
    let mut lines = vec![verdict(document), String::new()];
    for part in &document.parts {
        lines.push(format!("  {:width$}  {:>8}", part.name, number(part.value)));
    }
    if !document.broken.is_empty() {
        lines.push(String::new());
        lines.push("Hard constraints broken".to_string());
        lines.extend(document.broken.iter().map(|broken| format!("  {}", clean(broken))));
    }
    lines.join("\n")
}

fn markdown(document: &ScoreDocument) -> String {
    let mut lines = vec![verdict(document), String::new()];
    lines.extend(document.parts.iter().map(|part| format!("- {}", spoken(part))));
    if !document.broken.is_empty() {
        lines.extend([String::new(), "## Hard constraints broken".to_string(), String::new()]);
        lines.extend(
            document.broken.iter().map(|broken| format!("- {}", as_markdown::escape(&clean(broken)))),
        );
    }
    lines.join("\n")
}
