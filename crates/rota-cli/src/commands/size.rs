//! `rota size`

use super::{disagreement, is_plain, kinds, pool, time_left};
use crate::args::{CapacityKind, Format, Size};
use crate::changed::typed;
use crate::load::{load_or_say, say_mistakes};
use crate::output::{apart, json, print, say, write};
use crate::progress::Teller;
use crate::render::roster::heading;
use crate::render::size::{html, markdown, text, Page};
use crate::{Exit, NO, UNKNOWN};
use rota_io::price_curve::price_curve;
use rota_io::SizeDocument;
use rota_planner::size::{read_target, size, Outcome, Request};
use rota_solver::Options;
use std::path::Path;
use std::time::Instant;

/// Says how many desks, seats, bays or laptops are needed.
pub fn run(args: &Size) -> Exit {
    let clock = Instant::now();
    let kinds = match kinds(&args.output, args.to) {
        Ok(kinds) => kinds,
        Err(exit) => return exit,
    };
    let outputs: Vec<(Option<&Path>, &str)> =
        args.output.iter().map(|path| (Some(path.as_path()), "-o")).collect();
    if let Err(exit) = apart(&outputs, &[&args.scenario], &args.beside) {
        return exit;
    }
    let loaded = match load_or_say(&args.scenario, &args.beside, args.look) {
        Ok(loaded) => loaded,
        Err(exit) => return exit,
    };
    let (scenario, problem) = (&loaded.scenario, &loaded.problem);
    let target = match read_target(&args.of, scenario, problem) {
        Ok(target) => target,
        Err(problem) => return say_mistakes(vec![typed("size.of", problem)], args.look),
    };
    let pool = match pool(args.threads) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let options = Options {
        time_limit: time_left(args.time_limit.0, clock),
        effort: args.effort,
        seed: args.seed,
        ..Options::default()
    };
    let request = Request { scenario, problem, target: &target, options: &options };
    let mut teller = Teller::start(args.progress, is_plain(args.look));
    let outcome = pool.install(|| size(&request, &mut |progress| teller.tell(progress)));
    teller.end();
    let most = target.wants_most();
    let (document, exit) = match &outcome {
        Outcome::Sized(sized) => (SizeDocument::of(&args.of, most, problem, sized), 0),
        Outcome::Impossible(clash) => {
            let mut document = SizeDocument::without(&args.of, most, "impossible");
            document.clashing(&clash.0, &clash.1);
            (document, NO)
        }
        Outcome::Unknown => (SizeDocument::without(&args.of, most, "unknown"), UNKNOWN),
        Outcome::Disagreement(what) => return disagreement("a roster", what),
    };
    let page = Page { problem, document: &document };
    let mut saved = Vec::new();
    for (path, kind) in kinds {
        match write(Some(path), &contents(kind, &page)) {
            Ok(used) => saved.extend(used),
            Err(exit) => return exit,
        }
    }
    let to_stdout = args.output.iter().any(|path| path == Path::new("-"));
    match (args.to.filter(|_| args.output.is_empty()), args.look.format) {
        _ if to_stdout => {}
        (Some(kind), _) => print(&contents(kind, &page)),
        (None, Format::Json) => print(&json(&document)),
        (None, Format::Markdown) => print(&markdown(&page)),
        (None, Format::Text) => print(&text(&page, is_plain(args.look))),
    }
    if !saved.is_empty() {
        say(&format!("Wrote {}.", saved.join(", ")));
    }
    exit
}

fn contents(kind: CapacityKind, page: &Page<'_>) -> String {
    match kind {
        CapacityKind::Html => html(page),
        CapacityKind::Svg => price_curve(page.document, &heading(page.problem)),
        CapacityKind::Csv => page.document.table(),
        CapacityKind::Json => json(page.document),
        CapacityKind::Md => markdown(page),
        CapacityKind::Txt => text(page, false),
    }
}
