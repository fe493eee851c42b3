//! `rota size`

use super::{ask, give, kinds, working};
use crate::args::{CapacityKind, Size};
use crate::load::load_or_say;
use crate::output::{apart, json};
use crate::render::roster::heading;
use crate::render::size::{html, markdown, text, Page};
use crate::Exit;
use rota_face::{size, Needed};
use rota_io::price_curve::price_curve;
use rota_io::seal;
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
    let options = working(&args.time_limit, &args.work, clock);
    let answer = ask(args.progress, args.look, options, |options| size(&loaded.scenario, &args.of, options));
    let Needed { document, exit_code } = match answer {
        Ok(needed) => needed,
        Err(exit) => return exit,
    };
    let page = Page { problem: &loaded.scenario.problem, document: &document };
    let written = |kind: CapacityKind, plain: bool| contents(kind, &page, plain);
    match give(&kinds, args.to, args.look, &written) {
        Ok(()) => exit_code,
        Err(exit) => exit,
    }
}

fn contents(kind: CapacityKind, page: &Page<'_>, plain: bool) -> String {
    match kind {
        CapacityKind::Html => html(page),
        CapacityKind::Svg => seal::page(&price_curve(page.document, &heading(page.problem))),
        CapacityKind::Csv => page.document.table(),
        CapacityKind::Json => json(page.document),
        CapacityKind::Md => markdown(page),
        CapacityKind::Txt => text(page, plain),
    }
}
