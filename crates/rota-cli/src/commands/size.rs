//! `rota size`

use super::{disagreement, is_plain, pool, time_left};
use crate::args::{Format, Size};
use crate::changed::typed;
use crate::load::{load_or_say, say_mistakes};
use crate::output::{json, print};
use crate::progress::Teller;
use crate::render::size::{markdown, text, Page};
use crate::{Exit, NO, UNKNOWN};
use rota_io::SizeDocument;
use rota_planner::size::{read_target, size, Outcome, Request};
use rota_solver::Options;
use std::time::Instant;

/// Says how many desks, seats, bays or laptops are needed.
pub fn run(args: &Size) -> Exit {
    let clock = Instant::now();
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
    let scenario = format!("{}{}", args.scenario, args.beside.repeated());
    let page = Page { problem, document: &document, scenario: &scenario };
    match args.look.format {
        Format::Json => print(&json(&document)),
        Format::Markdown => print(&markdown(&page)),
        Format::Text => print(&text(&page, is_plain(args.look))),
    }
    exit
}
