//! `rota capacity`

use super::{failed, give, kinds, time_left};
use crate::args::{Beside, Capacity, CapacityKind, Unit};
use crate::load::say_mistakes;
use crate::output::{apart, json, say};
use crate::render::capacity::{html, markdown, text, Page};
use crate::render::findings;
use crate::Exit;
use rota_core::finding::{Finding, FindingLevel};
use rota_face::{capacity, Fits, Fitting, Options};
use rota_io::pictures::whole;
use rota_io::plans::{read_plan, Plan};
use rota_io::seal;
use rota_io::CapacityDocument;
use rota_planner::capacity::{Policy, Room};
use std::path::Path;
use std::time::Instant;

const NOTHING: Beside = Beside { history: None, previous: None, ties: None };

/// Says how many desks can be in use at each distance.
pub fn run(args: &Capacity) -> Exit {
    let clock = Instant::now();
    let outputs: Vec<(Option<&Path>, &str)> =
        args.output.iter().map(|path| (Some(path.as_path()), "-o")).collect();
    if let Err(exit) = apart(&outputs, &[&args.plan], &NOTHING) {
        return exit;
    }
    let kinds: Vec<(&Path, CapacityKind)> = match kinds(&args.output, args.to) {
        Ok(kinds) => kinds,
        Err(exit) => return exit,
    };
    let plan = match read_plan(&args.plan, args.scale.or(args.unit.map(Unit::metres))) {
        Ok(plan) => plan,
        Err(list) => return say_mistakes(list, args.look),
    };
    // What is said of desks stands on the page itself.
    let notes: Vec<Finding> = plan
        .findings
        .iter()
        .filter(|finding| finding.level == FindingLevel::Warning || finding.code == "desks.others")
        .filter(|finding| finding.code != "desk.position")
        .cloned()
        .collect();
    if !notes.is_empty() {
        say(&findings::text(&notes));
    }
    let options = Options {
        time_limit: time_left(args.time_limit.0, clock),
        threads: args.threads,
        ..Options::default()
    };
    let Fits { document, exit_code } = match capacity(&plan, &fitting(args), &options) {
        Ok(fits) => fits,
        Err(error) => return failed(error, args.look),
    };
    let page = Page { plan: &plan, document: &document };
    let written = |kind: CapacityKind, plain: bool| contents(kind, &page, &plan, &document, plain);
    match give(&kinds, args.to, args.look, &written) {
        Ok(()) => exit_code,
        Err(exit) => exit,
    }
}

fn contents(
    kind: CapacityKind,
    page: &Page<'_>,
    plan: &Plan,
    document: &CapacityDocument,
    plain: bool,
) -> String {
    match kind {
        CapacityKind::Html => html(page),
        CapacityKind::Svg => seal::page(&whole(plan, document)),
        CapacityKind::Csv => document.table(plan),
        CapacityKind::Json => json(document),
        CapacityKind::Md => markdown(page),
        CapacityKind::Txt => text(page, plain),
    }
}

fn fitting(args: &Capacity) -> Fitting<'_> {
    Fitting {
        distances: args.distance.0.clone(),
        policy: args.people.zip(args.days).map(|(people, days)| Policy {
            people,
            days,
            open_days: args.open_days,
        }),
        prefer: args.prefer.as_deref(),
        on: args.on.as_deref(),
        room: Room { area: args.area, area_each: args.area_each, height: args.height, share: args.share },
    }
}
