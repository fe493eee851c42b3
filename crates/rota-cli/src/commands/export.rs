//! `rota export`

use super::outputs::{mistake, outputs, print_all, write_all, Given};
use crate::args::{Export, ExportKind};
use crate::changed::{today, typed};
use crate::load::{load_or_say, say_mistakes};
use crate::output::{apart, say};
use crate::quoted::quoted;
use crate::render::judged;
use crate::Exit;
use rota_core::asked::{day, Now};
use rota_core::{Finding, Roster};
use rota_io::rosters::read_roster;
use rota_io::share::{For, Issue, Personal, Shared};
use rota_rules::judge::all_reasons;
use rota_rules::laws::Says;
use rota_rules::{Judgement, Problem};
use std::path::Path;

/// Endings of names, and the kind each tells.
const ENDINGS: [(&str, ExportKind); 7] = [
    ("xlsx", ExportKind::Xlsx),
    ("csv", ExportKind::Csv),
    ("html", ExportKind::Html),
    ("htm", ExportKind::Html),
    ("ics", ExportKind::Ics),
    ("svg", ExportKind::Svg),
    ("txt", ExportKind::Text),
];

/// Writes what goes out to people.
pub fn run(args: &Export) -> Exit {
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let inputs: Vec<&str> = [Some(&args.scenario), Some(&args.roster), args.old.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    if let Err(exit) = apart(&[(output, "-o")], &inputs, &args.beside) {
        return exit;
    }
    let kind = match kind(args, output) {
        Ok(kind) => kind,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let problem = &loaded.scenario.problem;
    let site = &problem.site;
    let mut mistakes = Vec::new();
    let audience = For::named(site, args.for_person.as_deref(), args.for_team.as_deref());
    let audience = audience.map_err(|found| mistakes.push(*found)).ok();
    let on = args.on.as_deref().map(|text| day(text, site, Now::today(today(args.today)))).transpose();
    let on = on.map_err(|problem| mistakes.push(typed("export.day", problem))).unwrap_or(None);
    let mut read = |path: &str| read_roster(path, site).map_err(|found| mistakes.extend(found)).ok();
    let roster = read(&args.roster);
    let old = args.old.as_deref().map(&mut read);
    let (Some(audience), Some(roster), true) = (audience, roster, mistakes.is_empty()) else {
        return say_mistakes(mistakes, args.look);
    };
    let issue = Issue {
        made: today(args.today),
        version: env!("CARGO_PKG_VERSION").to_string(),
        published: args.publish,
        large_print: args.large_print,
    };
    let mut shared = Shared::judged(problem, &roster, &issue, audience);
    if args.with_reasons {
        shared.personal = Some(personal(problem, &roster));
    }
    let old = old.flatten().map(|old| Shared::judged(problem, &old, &issue, audience));
    if !shared.kept {
        say(&format!(
            "warning[export.broken]: {}\n  help: rota check {} {} says where",
            shared.verdict,
            quoted(&args.scenario),
            quoted(&args.roster)
        ));
    }
    let given = Given { shared: &shared, old: old.as_ref(), on, sequence: args.sequence };
    let outputs = match outputs(kind, output, &given) {
        Ok(outputs) => outputs,
        Err(findings) => return say_mistakes(findings, args.look),
    };
    let Some(output) = output else {
        print_all(outputs);
        return 0;
    };
    write_all(vec![(output.to_path_buf(), outputs)])
}

/// Wishes not granted and rules bent, with their reasons.
fn personal(problem: &Problem, roster: &Roster) -> Personal {
    let judgement = Judgement::with(problem, roster, Says::of(&problem.site, roster));
    let breaches: Vec<_> =
        judgement.breaches.iter().map(|breach| rota_io::document::breach(problem, breach)).collect();
    let bent = [judged::breaches(&breaches, true), judged::breaches(&breaches, false)].concat();
    let refused = judged::refused(problem, roster, &all_reasons(problem, roster));
    Personal { bent, not_granted: refused.into_iter().map(|(who, what, why)| [who, what, why]).collect() }
}

/// The kind asked for, by `--to` or by the ending of the name, and whether the other options go with it.
fn kind(args: &Export, output: Option<&Path>) -> Result<ExportKind, Vec<Finding>> {
    let ending = output.and_then(Path::extension).map(|ending| ending.to_string_lossy().to_lowercase());
    let named = ending
        .as_ref()
        .and_then(|ending| ENDINGS.iter().find(|(known, _)| known == ending))
        .map(|(_, kind)| *kind);
    let kind = match (args.to, named) {
        (None, None) => {
            return Err(mistake(
                "export.kind",
                "it is not said what to write".to_string(),
                "add --to xlsx, csv, html, ics, svg, text or sign-in, or end the name given by -o with .xlsx, .csv, .html, .ics, .svg or .txt",
            ))
        }
        (Some(ExportKind::SignIn), Some(ExportKind::Html)) => ExportKind::SignIn,
        (Some(asked), Some(named)) if asked != named => {
            return Err(mistake(
                "export.kind",
                format!("--to and the ending of `{}` ask for different things", output.unwrap_or(Path::new("-")).display()),
                "leave --to out, or end the name as it says",
            ))
        }
        (Some(kind), _) | (None, Some(kind)) => kind,
    };
    let refuse = |option: &str, kinds: &str| {
        Err(mistake(
            "export.option",
            format!("{option} says nothing about this kind of output"),
            &format!("it goes with --to {kinds}"),
        ))
    };
    if args.with_reasons && !matches!(kind, ExportKind::Xlsx | ExportKind::Html) {
        return refuse("--with-reasons", "xlsx or html");
    }
    if args.on.is_some() && !matches!(kind, ExportKind::Svg | ExportKind::SignIn) {
        return refuse("--on", "svg or sign-in");
    }
    if args.sequence.is_some() && kind != ExportKind::Ics {
        return refuse("--sequence", "ics");
    }
    if args.old.is_some() && !matches!(kind, ExportKind::Ics | ExportKind::Text) {
        return refuse("--old", "ics or text");
    }
    if args.large_print && !matches!(kind, ExportKind::Xlsx | ExportKind::Html | ExportKind::SignIn) {
        return refuse("--large-print", "xlsx, html or sign-in");
    }
    if kind == ExportKind::Xlsx && output.is_none() {
        return Err(mistake(
            "export.output",
            "a workbook is not printed".to_string(),
            "name a file with -o, like -o roster.xlsx",
        ));
    }
    Ok(kind)
}
