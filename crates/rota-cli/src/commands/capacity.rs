//! `rota capacity`

use super::{give, kinds, pool};
use crate::args::{Beside, Capacity, CapacityKind, Unit};
use crate::load::say_mistakes;
use crate::output::{apart, json, say};
use crate::render::capacity::{html, markdown, text, Page};
use crate::render::findings;
use crate::{Exit, NO, UNKNOWN};
use rota_core::finding::{Finding, FindingLevel};
use rota_core::{DeskIndex, Site};
use rota_io::pictures::whole;
use rota_io::plans::{read_plan, Plan};
use rota_io::CapacityDocument;
use rota_planner::capacity::{capacity, Ask, Policy, Room};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

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
    let ask = match ask(args, &plan.site) {
        Ok(ask) => ask,
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
    let pool = match pool(args.threads) {
        Ok(pool) => pool,
        Err(exit) => return exit,
    };
    let deadline = args.time_limit.0.map(|seconds| clock + Duration::from_secs_f64(seconds));
    let answer = pool.install(|| capacity(&plan.site, &ask, deadline));
    let document = CapacityDocument::of(&plan, ask.policy, answer);
    let page = Page { plan: &plan, document: &document };
    let written = |kind: CapacityKind, plain: bool| contents(kind, &page, &plan, &document, plain);
    match give(&kinds, args.to, args.look, &written) {
        Ok(()) => exit(&document),
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
        CapacityKind::Svg => whole(plan, document),
        CapacityKind::Csv => document.table(plan),
        CapacityKind::Json => json(document),
        CapacityKind::Md => markdown(page),
        CapacityKind::Txt => text(page, plain),
    }
}

/// What is asked, with names looked up; every mistake.
fn ask(args: &Capacity, site: &Site) -> Result<Ask, Vec<Finding>> {
    let mut findings = Vec::new();
    let policy =
        args.people.zip(args.days).map(|(people, days)| Policy { people, days, open_days: args.open_days });
    if let Some(policy) = policy.filter(|policy| policy.days > f64::from(policy.open_days)) {
        findings.push(
            Finding::error(
                "capacity.days",
                "",
                format!(
                    "{} days a week are more than the {} on which the place is open",
                    policy.days, policy.open_days
                ),
            )
            .help("give fewer --days, or more --open-days")
            .without_pointer(),
        );
    }
    if args.area.is_some() && args.area_each.is_none() && args.height.is_none() {
        findings.push(
            Finding::error("capacity.area", "", "an area alone says nothing of people")
                .help("add --area-each with square metres for each person, or --height for the air")
                .without_pointer(),
        );
    }
    let ask = Ask {
        distances: args.distance.0.clone(),
        closed: closed(args, site, &mut findings),
        preferred: preferred(args.prefer.as_deref(), site, &mut findings),
        policy,
        room: Room { area: args.area, area_each: args.area_each, height: args.height, share: args.share },
    };
    if findings.is_empty() {
        Ok(ask)
    } else {
        Err(findings)
    }
}

fn closed(args: &Capacity, site: &Site, findings: &mut Vec<Finding>) -> BTreeSet<DeskIndex> {
    let all = DeskIndex::all(site.desks.len());
    let Some(text) = &args.on else {
        let is_closed = |desk: &DeskIndex| site.desk(*desk).closed.iter().all(|closed| *closed);
        return all.filter(is_closed).collect();
    };
    let day = rota_core::words::date(text, site).and_then(|date| site.calendar.day(date));
    let Some(day) = day else {
        findings.push(
            Finding::error("capacity.on", "", format!("`{text}` is no day of the plan's calendar"))
                .help("--on is for scenarios: write a day of its calendar, like 18 June")
                .without_pointer(),
        );
        return BTreeSet::new();
    };
    all.filter(|desk| site.desk(*desk).closed[day.0 as usize]).collect()
}

fn preferred(names: Option<&str>, site: &Site, findings: &mut Vec<Finding>) -> BTreeSet<DeskIndex> {
    let mut found = BTreeSet::new();
    for name in
        names.into_iter().flat_map(|names| names.split(',')).map(str::trim).filter(|name| !name.is_empty())
    {
        let fits = |desk: &DeskIndex| {
            let desk = site.desk(*desk);
            desk.id == name || desk.features.iter().any(|feature| feature == name)
        };
        let own: Vec<DeskIndex> = DeskIndex::all(site.desks.len()).filter(fits).collect();
        if own.is_empty() {
            let names = site.desks.iter().flat_map(|desk| desk.features.iter().chain([&desk.id]));
            findings.push(
                Finding::error(
                    "capacity.prefer",
                    "",
                    format!("no desk has the feature or the name `{name}`"),
                )
                .did_you_mean(name, names.map(String::as_str))
                .or_help("name features or desks of the plan, with commas between")
                .without_pointer(),
            );
        }
        found.extend(own);
    }
    found
}

/// No when a policy fits at no distance; no answer yet when that could not be proved.
fn exit(document: &CapacityDocument) -> Exit {
    let policies = || document.distances.iter().filter_map(|answer| Some((answer, answer.policy.as_ref()?)));
    if policies().next().is_none() || policies().any(|(_, policy)| policy.fits_by_rota) {
        return 0;
    }
    let is_no = policies().all(|(answer, policy)| {
        answer.at_most < policy.needed
            || answer.limits.first().is_some_and(|limit| limit.people < policy.needed)
    });
    if is_no {
        NO
    } else {
        UNKNOWN
    }
}
