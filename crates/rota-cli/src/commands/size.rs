//! `rota size`

use super::{disagreement, give, is_plain, kinds, options, pool};
use crate::args::{CapacityKind, Size};
use crate::changed::typed;
use crate::load::{load_or_say, say_mistakes};
use crate::output::{apart, json};
use crate::progress::Teller;
use crate::render::roster::heading;
use crate::render::size::{html, markdown, text, Page};
use crate::{Exit, NO, UNKNOWN};
use rota_io::price_curve::price_curve;
use rota_io::SizeDocument;
use rota_planner::size::{read_target, size, Outcome, Request};
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
    let pool = match pool(args.work.threads) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let options = options(&args.time_limit, args.work.effort, args.work.seed, clock);
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
    let written = |kind: CapacityKind, plain: bool| contents(kind, &page, plain);
    match give(&kinds, args.to, args.look, &written) {
        Ok(()) => exit,
        Err(exit) => exit,
    }
}

fn contents(kind: CapacityKind, page: &Page<'_>, plain: bool) -> String {
    match kind {
        CapacityKind::Html => html(page),
        CapacityKind::Svg => price_curve(page.document, &heading(page.problem)),
        CapacityKind::Csv => page.document.table(),
        CapacityKind::Json => json(page.document),
        CapacityKind::Md => markdown(page),
        CapacityKind::Txt => text(page, plain),
    }
}
