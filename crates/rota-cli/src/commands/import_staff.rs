//! `rota import` without a kind: a list of staff becomes a scenario; a scenario becomes another kind of file.

use crate::args::{Format, Import, ImportDates, ImportGrid};
use crate::changed::{today, typed};
use crate::load::{load, say_mistakes, write_scenario};
use crate::output::{apart, json, print, say};
use crate::quoted::quoted;
use crate::render::{clean, findings};
use crate::Exit;
use rota_core::words::Problem;
use rota_core::Finding;
use rota_io::staff::codes::Code;
use rota_io::staff::{headings, import, Grid, Imported, Options};
use rota_io::workbook::cells::plain_word;
use rota_io::workbook::dates::Order;
use rota_io::workbook::{is_book, is_workbook, open};
use std::collections::BTreeMap;
use std::path::Path;

/// Reads a list or a scenario and writes it.
pub fn run(args: &Import) -> Exit {
    let nothing = crate::args::Beside { history: None, previous: None, ties: None };
    if let Err(exit) = apart(&[(args.output.as_deref(), "-o")], &[&args.file], &nothing) {
        return exit;
    }
    // A workbook that is there may have been worked on by hand.
    let there = args.output.as_deref().filter(|path| is_workbook(path) && path.exists());
    if let Some(path) = there {
        say(&format!(
            "error[import.exists]: `{}` is there already and is left as it is\n  help: choose another name with -o",
            clean(&path.display().to_string())
        ));
        return crate::MISTAKE;
    }
    let is_list = is_book(&args.file)
        || Path::new(&args.file).extension().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
    if !is_list {
        return converted(args, &nothing);
    }
    let book = match open(&args.file) {
        Ok(book) => book,
        Err(list) => return say_mistakes(list, args.look),
    };
    let has = |name: &str| book.sheets.iter().any(|sheet| plain_word(&sheet.name) == name);
    if has("people") && has("calendar") {
        return converted(args, &nothing);
    }
    let imported = options(args).and_then(|options| import(&book, &options));
    match imported {
        Ok(imported) => written(args, &imported),
        Err(list) => say_mistakes(list, args.look),
    }
}

/// A scenario written as another kind of file.
fn converted(args: &Import, beside: &crate::args::Beside) -> Exit {
    let loaded = match load(&args.file, beside) {
        Ok(loaded) => loaded,
        Err(list) => return say_mistakes(list, args.look),
    };
    match write_scenario(args.output.as_deref(), &json(&loaded.scenario.typed)) {
        Ok(Some(saved)) => {
            print(&format!(
                "Wrote {}: the same scenario.\nNext:  rota solve {}",
                clean(&saved),
                quoted(&saved)
            ));
            0
        }
        Ok(None) => 0,
        Err(exit) => exit,
    }
}

/// What was typed beside the file, or every mistake in it.
fn options(args: &Import) -> Result<Options, Vec<Finding>> {
    let mut mistakes = Vec::new();
    let mut map = BTreeMap::new();
    for text in &args.map {
        let field = text
            .rsplit_once('=')
            .and_then(|(heading, word)| Some((plain_word(heading), headings::field(&plain_word(word))?)));
        if let Some((heading, field)) = field {
            map.insert(heading, field);
        } else {
            let help = format!("write --map \"HEADING=FIELD\" with one of {}", headings::words().join(", "));
            let problem = Problem::new(format!("`{text}` does not say what a column holds"));
            mistakes.push(typed("import.map", problem.help(help)));
        }
    }
    let mut codes = BTreeMap::new();
    for text in &args.code {
        let code =
            text.rsplit_once('=').and_then(|(code, word)| Some((plain_word(code), Code::parse(word)?)));
        if let Some((code, meaning)) = code {
            codes.insert(code, meaning);
        } else {
            let help = "write --code \"T=away\" with one of works, home, on_site, away";
            let problem = Problem::new(format!("`{text}` does not say what a code means"));
            mistakes.push(typed("import.code", problem.help(help)));
        }
    }
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    Ok(Options {
        map,
        codes,
        grid: args.grid.map(|grid| match grid {
            ImportGrid::Availability => Grid::Availability,
            ImportGrid::Wishes => Grid::Wishes,
            ImportGrid::Previous => Grid::Previous,
        }),
        order: match args.dates {
            None => Order::Asked,
            Some(ImportDates::DayFirst) => Order::DayFirst,
            Some(ImportDates::MonthFirst) => Order::MonthFirst,
        },
        keep_reasons: args.keep_reasons,
        from: args.from.unwrap_or_else(|| today(None).monday().plus(7)),
    })
}

fn written(args: &Import, imported: &Imported) -> Exit {
    if !imported.findings.is_empty() {
        say(&findings::text(&imported.findings));
    }
    let saved = match write_scenario(args.output.as_deref(), &json(&imported.scenario)) {
        Ok(saved) => saved,
        Err(exit) => return exit,
    };
    let mut lines = vec![format!("Read {}.", imported.read.join(", "))];
    lines.extend(imported.skipped.iter().map(|what| format!("Skipped: {what}.")));
    lines.extend(imported.notes.iter().cloned());
    let on = imported.scenario.rules.iter().any(|rule| rule.strength != rota_rules::Strength::Off);
    lines.push(format!(
        "{} rules that teams often have stand on the sheet Rules, switched off{}; set their Strength to must, high, medium or low.",
        imported.scenario.rules.iter().filter(|rule| rule.strength == rota_rules::Strength::Off).count(),
        if on { " (wishes are on)" } else { "" },
    ));
    let summary = clean_lines(&lines);
    match saved {
        Some(saved) => {
            let next = format!("Next:  rota {}", quoted(&saved));
            match args.look.format {
                Format::Markdown => {
                    print(&crate::render::markdown::escape(&format!("{summary}\nWrote {}.", clean(&saved))));
                }
                _ => print(&format!("{summary}\nWrote {}.\n{next}", clean(&saved))),
            }
        }
        None => say(&summary),
    }
    0
}

fn clean_lines(lines: &[String]) -> String {
    lines.iter().map(|line| clean(line)).collect::<Vec<_>>().join("\n")
}
