//! The plan inside a picture of it: what a picture of `rota capacity` says of its desks, so that the picture is a plan
//! again. Features of desks stay out of it: a picture is shared, and what a desk has may tell what somebody needs.
//!
//! Each plan is a group with the attribute `data-rota`, its floor, walls and named pairs; each desk is an element with
//! its name, zone and position in metres, exactly. A picture may show a plan several times: the first one counts.

use crate::export::markup::escape;
use crate::plans::any_day;
use crate::table::at_line;
use rota_core::date::{Absence, On};
use rota_core::finding::Finding;
use rota_core::sight::Wall;
use rota_core::typed::{Desk, Zone};
use rota_core::{DeskIndex, Site, ZoneIndex};
use std::collections::BTreeSet;
use usvg::roxmltree::{Document, Node};

/// The attribute that says what a picture is of.
pub(crate) const MARK: &str = "data-rota";
/// Its value for a chart of a roster, which has no positions.
pub(crate) const CHART: &str = "roster";
const PLAN: &str = "plan";

/// Whether a drawing is a picture of a plan, made here.
pub(crate) fn is_picture(text: &str) -> bool {
    text.contains(&format!("{MARK}=\"{PLAN}\""))
}

/// Whether a drawing is a chart of a roster, made here.
pub(crate) fn is_chart(text: &str) -> bool {
    text.contains(&format!("{MARK}=\"{CHART}\""))
}

fn attribute(name: &str, value: &str) -> String {
    if value.is_empty() {
        String::new()
    } else {
        format!(" data-{name}=\"{}\"", escape(value))
    }
}

/// The opening tag of a group that holds a plan, and empty elements for the desks that are not drawn.
pub(crate) fn opening(site: &Site, desks: &[DeskIndex], walls: &[Wall]) -> String {
    let zones: BTreeSet<ZoneIndex> = desks.iter().map(|desk| site.desk(*desk).zone).collect();
    let id = |desk: DeskIndex| site.desk(desk).id.as_str();
    let pairs = |pairs: BTreeSet<(DeskIndex, DeskIndex)>| {
        pairs.iter().map(|(one, other)| format!("{} {}", id(*one), id(*other))).collect::<Vec<_>>().join(",")
    };
    let screened = zones.iter().flat_map(|zone| site.zone(*zone).screened.iter().copied()).collect();
    let too_close = zones.iter().flat_map(|zone| site.zone(*zone).too_close.iter().copied()).collect();
    let walls: Vec<String> =
        walls.iter().map(|[one, other]| format!("{} {} {} {}", one[0], one[1], other[0], other[1])).collect();
    let floor = zones.first().and_then(|zone| site.zone(*zone).floor.clone()).unwrap_or_default();
    let facts = [
        attribute("floor", &floor),
        attribute("walls", &walls.join(",")),
        attribute("screened", &pairs(screened)),
        attribute("too-close", &pairs(too_close)),
    ];
    let hidden = desks.iter().filter(|desk| site.desk(**desk).suspect || site.desk(**desk).at.is_none());
    let hidden: Vec<String> = hidden.map(|desk| format!("<g{}/>", desk_facts(site, *desk))).collect();
    format!("<g {MARK}=\"{PLAN}\"{}>{}", facts.concat(), hidden.concat())
}

/// What a plan says of a desk, as attributes.
pub(crate) fn desk_facts(site: &Site, desk: DeskIndex) -> String {
    let own = site.desk(desk);
    let is_closed = own.closed.iter().all(|closed| *closed);
    [
        attribute("desk", &own.id),
        attribute("zone", &site.zone(own.zone).id),
        attribute("at", &own.at.map_or(String::new(), |at| format!("{} {}", at[0], at[1]))),
        attribute("closed", if is_closed { "yes" } else { "" }),
    ]
    .concat()
}

fn fact(node: &Node<'_, '_>, name: &str) -> Option<String> {
    node.attribute(format!("data-{name}").as_str()).map(str::to_string)
}

/// The pairs of desks that a plan names under `name`.
fn pairs(plan: &Node<'_, '_>, name: &str) -> Vec<[String; 2]> {
    let text = fact(plan, name).unwrap_or_default();
    let pair = |pair: &str| pair.split_once(' ').map(|(one, other)| [one.to_string(), other.to_string()]);
    text.split(',').filter_map(pair).collect()
}

/// The zone in which a pair stands: that of its first desk; the last one for a desk that is not there, which is then
/// found unknown.
fn zone_of<'z>(zones: &'z mut [(Zone, Vec<u32>)], [first, _]: &[String; 2]) -> &'z mut Zone {
    let holds = |zone: &Zone| zone.desks.iter().flatten().any(|desk| desk.id == *first);
    let at = zones.iter().position(|(zone, _)| holds(zone)).unwrap_or(zones.len() - 1);
    &mut zones[at].0
}

/// Reads zones, each with the line of each of its desks, and every mistake.
pub(crate) fn read_picture(path: &str, text: &str) -> (Vec<(Zone, Vec<u32>)>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut mistake = |line: u32, code: &str, message: String, help: &str| {
        let mut finding = Finding::error(code, "", message).help(help);
        at_line(&mut finding, path, Some(line));
        findings.push(finding);
    };
    let document = match Document::parse(text) {
        Ok(document) => document,
        Err(what) => {
            let message = format!("this is no SVG drawing: {what}");
            mistake(what.pos().row, "plan.drawing", message, "make the picture anew");
            return (Vec::new(), findings);
        }
    };
    let mut zones: Vec<(Zone, Vec<u32>)> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let numbers =
        |text: &str| text.split(' ').map(|number| number.parse::<f64>().ok()).collect::<Option<Vec<f64>>>();
    for plan in document.descendants().filter(|node| node.attribute(MARK) == Some(PLAN)) {
        let mut is_new = true;
        for node in plan.descendants().filter(Node::is_element) {
            let Some(id) = node.attribute("data-desk") else { continue };
            let line = document.text_pos_at(node.range().start).row;
            if !seen.insert(id) {
                is_new = false;
                continue;
            }
            let at = fact(&node, "at").map(|text| match numbers(&text).as_deref() {
                Some([x, y]) => Ok([*x, *y]),
                _ => Err(text),
            });
            if let Some(Err(text)) = &at {
                let message = format!("`{text}` is not the position of a desk");
                mistake(line, "plan.desk", message, "write data-at with x and y in metres, like 1.4 0");
                continue;
            }
            let closed = if fact(&node, "closed").is_some() {
                vec![Absence { on: On::Date(any_day()), why: None }]
            } else {
                Vec::new()
            };
            let desk = Desk { id: id.to_string(), at: at.and_then(Result::ok), closed, ..Desk::default() };
            let zone = fact(&node, "zone").unwrap_or_else(|| "all".to_string());
            let place = zones.iter().position(|(known, _)| known.id == zone).unwrap_or_else(|| {
                let floor = fact(&plan, "floor");
                zones
                    .push((Zone { id: zone, floor, desks: Some(Vec::new()), ..Zone::default() }, Vec::new()));
                zones.len() - 1
            });
            let (zone, lines) = &mut zones[place];
            zone.desks.get_or_insert_default().push(desk);
            lines.push(line);
        }
        let Some((zone, _)) = zones.last_mut().filter(|_| is_new) else { continue };
        let line = document.text_pos_at(plan.range().start).row;
        for wall in fact(&plan, "walls").iter().flat_map(|walls| walls.split(',')) {
            if let Some([x, y, other_x, other_y]) = numbers(wall).as_deref() {
                zone.walls.push([[*x, *y], [*other_x, *other_y]]);
                continue;
            }
            let message = format!("`{wall}` is not a wall");
            let help = "write data-walls with x y x y in metres, walls with commas between";
            mistake(line, "plan.wall", message, help);
        }
        for pair in pairs(&plan, "screened") {
            zone_of(&mut zones, &pair).screened.push(pair);
        }
        for pair in pairs(&plan, "too-close") {
            zone_of(&mut zones, &pair).too_close.push(pair);
        }
    }
    (zones, findings)
}
