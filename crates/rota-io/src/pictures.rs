//! Pictures of a capacity answer as SVG: the curve over the distance, and the plan with the desks in use.
//!
//! Nothing is told by colour alone: a desk in use is filled and carries a ring and a dot, others are empty, those in
//! doubt are crossed. Each picture has a title and a description for those who do not see it.

use crate::capacity::CapacityDocument;
pub use crate::export::markup::escape;
use crate::picture_plan::{desk_facts, opening};
use crate::plans::Plan;
use rota_core::desks::plans;
use rota_core::DeskIndex;
use rota_planner::capacity::AtDistance;
use std::collections::BTreeSet;

/// So many distances at most are drawn on the plan.
pub const MOST_DRAWN: usize = 6;

/// Signs of a title that fit above a picture.
const MOST_SIGNS: usize = 68;

/// A title cut to what fits above a picture; the whole of it is the picture's own title.
pub(crate) fn short(title: &str) -> String {
    if title.chars().count() <= MOST_SIGNS {
        return title.to_string();
    }
    let cut: String = title.chars().take(MOST_SIGNS - 1).collect();
    // At the end of a word.
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ':']))
}

/// A length in metres without needless noughts, at least one figure after the point.
pub fn metres(length: f64) -> String {
    let text = format!("{length:.3}");
    let text = text.trim_end_matches('0');
    if text.ends_with('.') {
        format!("{text}0")
    } else {
        text.to_string()
    }
}

/// The distances drawn on the plan: all of a few, else some spread evenly over them, the first and the last included.
pub fn drawn(document: &CapacityDocument) -> Vec<&AtDistance> {
    let all = &document.distances;
    if all.len() <= MOST_DRAWN {
        return all.iter().collect();
    }
    (0..MOST_DRAWN).map(|at| &all[at * (all.len() - 1) / (MOST_DRAWN - 1)]).collect()
}

const STYLE: &str = "<style>text{font-family:sans-serif;font-size:13px;fill:#111}.head{font-size:16px;font-weight:bold}\
.small{font-size:11px;fill:#333}.line{fill:none;stroke:#0b4f8a;stroke-width:2}.axis{stroke:#333;stroke-width:1}\
.grid{stroke:#ccc;stroke-width:1}.need{stroke:#8a3b0b;stroke-width:2;stroke-dasharray:6 4}.dot{fill:#0b4f8a}\
.desk{fill:#fff;stroke:#555;stroke-width:1}.used{fill:#0b4f8a;stroke:#111;stroke-width:1}\
.ring{fill:none;stroke:#0b4f8a;stroke-width:1;stroke-dasharray:3 3}.wall{stroke:#111;stroke-width:3}\
.mark{fill:#fff;stroke:none}.on{fill:#fff}</style>";

/// A drawing with a size of its own.
pub(crate) struct Drawing {
    pub width: f64,
    pub height: f64,
    pub body: String,
}

pub(crate) fn svg(drawing: &Drawing, title: &str, about: &str) -> String {
    let Drawing { width, height, body } = drawing;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         height=\"{height:.0}\"><title>{}</title><desc>{}</desc>{STYLE}<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{body}</svg>\n",
        escape(title),
        escape(about)
    )
}

/// A step for marks on an axis: 1, 2 or 5 times a power of ten, for at most so many marks.
fn step(range: f64, marks: f64) -> f64 {
    let rough = (range / marks).max(1e-9);
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= rough)
        .unwrap_or(rough)
}

fn curve_drawing(document: &CapacityDocument) -> Drawing {
    let (width, height) = (720.0, 380.0);
    let (left, right, top, bottom) = (60.0, 690.0, 50.0, 320.0);
    let mut answers: Vec<&AtDistance> = document.distances.iter().collect();
    answers.sort_by(|one, other| one.metres.total_cmp(&other.metres));
    let needed =
        document.distances.iter().find_map(|answer| answer.policy.as_ref()).map(|policy| policy.needed);
    let first = answers.first().map_or(0.0, |answer| answer.metres);
    let last = answers.last().map_or(1.0, |answer| answer.metres);
    let (low, high) = if last - first < 1e-9 { (first - 0.5, last + 0.5) } else { (first, last) };
    let most = answers.iter().map(|answer| answer.desks).chain(needed).max().unwrap_or(1).max(1) as f64;
    let x = |metres: f64| left + (metres - low) / (high - low) * (right - left);
    let y = |desks: f64| bottom - desks / most * (bottom - top);
    let mut body = format!(
        "<text class=\"head\" x=\"{left}\" y=\"28\">{}</text>",
        escape(&short(&format!("Desks in use at the same time: {}", document.title)))
    );
    let rise = step(most, 6.0).max(1.0);
    let mut mark = 0.0;
    while mark <= most + 1e-9 {
        let at = y(mark);
        body.push_str(&format!(
            "<line class=\"grid\" x1=\"{left}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{mark:.0}</text>",
            left - 8.0,
            at + 4.0
        ));
        mark += rise;
    }
    let run = step(high - low, 10.0).max(0.01);
    let mut mark = (low / run - 1e-9).ceil() * run;
    while mark <= high + 1e-9 {
        body.push_str(&format!(
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
            x(mark),
            bottom + 20.0,
            metres(mark)
        ));
        mark += run;
    }
    body.push_str(&format!(
        "<line class=\"axis\" x1=\"{left}\" x2=\"{right}\" y1=\"{bottom}\" y2=\"{bottom}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">distance between desks in use, metres</text>",
        f64::midpoint(left, right),
        bottom + 44.0
    ));
    if let Some(needed) = needed {
        let at = y(needed as f64);
        body.push_str(&format!(
            "<line class=\"need\" x1=\"{left}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/><text x=\"{right}\" y=\"{:.1}\" text-anchor=\"end\">a rota needs {needed}</text>",
            at - 6.0
        ));
    }
    let points: Vec<String> = answers
        .iter()
        .map(|answer| format!("{:.1},{:.1}", x(answer.metres), y(answer.desks as f64)))
        .collect();
    body.push_str(&format!("<polyline class=\"line\" points=\"{}\"/>", points.join(" ")));
    let every = answers.len().div_ceil(20).max(1);
    for (at, answer) in answers.iter().enumerate() {
        let (x, y) = (x(answer.metres), y(answer.desks as f64));
        body.push_str(&format!("<circle class=\"dot\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"));
        if at % every == 0 {
            body.push_str(&format!(
                "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x + 5.0,
                y - 7.0,
                answer.desks
            ));
        }
    }
    Drawing { width, height, body }
}

/// Width of a plan's picture.
const PLAN_WIDTH: f64 = 720.0;
/// Height at most, for a long narrow plan.
const PLAN_HEIGHT: f64 = 900.0;
/// Metres around the outermost desks at least.
const MARGIN: f64 = 1.2;

/// The plans of a place one below the other, with the desks in use at a distance.
fn plan_drawing(plan: &Plan, answer: &AtDistance) -> Drawing {
    let site = &plan.site;
    let used: BTreeSet<&str> = answer.chosen.iter().map(String::as_str).collect();
    let (mut body, mut top) = (String::new(), 0.0);
    for desks in plans(site) {
        let placed: Vec<(DeskIndex, [f64; 2])> = desks
            .iter()
            .filter(|desk| !site.desk(**desk).suspect)
            .filter_map(|desk| site.desk(*desk).at.map(|at| (*desk, at)))
            .collect();
        let Some(first) = desks.first() else { continue };
        let walls = rota_core::sight::walls_around(site, *first);
        if placed.is_empty() {
            continue;
        }
        body.push_str(&opening(site, &desks, &walls));
        // Rings are drawn whole.
        let margin = (answer.metres / 2.0 + 0.2).max(MARGIN);
        let points = || placed.iter().map(|(_, at)| *at).chain(walls.iter().flatten().copied());
        let least = [0, 1].map(|axis| points().map(|at| at[axis]).fold(f64::INFINITY, f64::min) - margin);
        let most = [0, 1].map(|axis| points().map(|at| at[axis]).fold(f64::NEG_INFINITY, f64::max) + margin);
        let scale = (PLAN_WIDTH / (most[0] - least[0])).min(PLAN_HEIGHT / (most[1] - least[1])).min(60.0);
        let zone = site.zone(site.desk(*first).zone);
        let name = zone.floor.as_ref().map_or_else(|| zone.name.clone(), |floor| format!("floor {floor}"));
        let here = placed.iter().filter(|(desk, _)| used.contains(site.desk(*desk).id.as_str())).count();
        body.push_str(&format!(
            "<text class=\"head\" x=\"10\" y=\"{:.1}\">{}, {} m: {here} of {} desks in use</text>",
            top + 24.0,
            escape(&name),
            metres(answer.metres),
            placed.len()
        ));
        let origin = top + 36.0;
        let x = |at: [f64; 2]| (at[0] - least[0]) * scale;
        // Plans are drawn with y upwards.
        let y = |at: [f64; 2]| origin + (most[1] - at[1]) * scale;
        for wall in &walls {
            body.push_str(&format!(
                "<line class=\"wall\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/>",
                x(wall[0]),
                y(wall[0]),
                x(wall[1]),
                y(wall[1])
            ));
        }
        let half = (scale * 0.28).clamp(3.0, 12.0);
        let has_names = scale >= 28.0;
        for (desk, at) in &placed {
            let found = site.desk(*desk);
            let is_used = used.contains(found.id.as_str());
            let (cx, cy) = (x(*at), y(*at));
            if is_used {
                body.push_str(&format!(
                    "<circle class=\"ring\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"{:.1}\"/>",
                    answer.metres / 2.0 * scale
                ));
            }
            body.push_str(&format!(
                "<rect class=\"{}\"{} x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\"><title>{}</title></rect>",
                if is_used { "used" } else { "desk" },
                desk_facts(site, *desk),
                cx - half,
                cy - half,
                half * 2.0,
                half * 2.0,
                escape(&format!("{}{}", found.id, if is_used { ", in use" } else { "" }))
            ));
            if is_used {
                body.push_str(&format!(
                    "<circle class=\"mark\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"{:.1}\"/>",
                    half * 0.35
                ));
            }
            if has_names {
                body.push_str(&format!(
                    "<text class=\"small\" x=\"{cx:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    cy + half + 11.0,
                    escape(&found.id)
                ));
            }
        }
        let bottom = origin + (most[1] - least[1]) * scale;
        // One metre, to judge by.
        body.push_str(&format!(
            "<line class=\"axis\" x1=\"10\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/><text class=\"small\" x=\"10\" y=\"{:.1}\">1 m. Filled with a dot: in use. Rings: half of {} m.</text>",
            10.0 + scale,
            bottom + 6.0,
            bottom + 6.0,
            bottom + 22.0,
            metres(answer.metres)
        ));
        body.push_str("</g>");
        top = bottom + 36.0;
    }
    Drawing { width: PLAN_WIDTH, height: top.max(40.0), body }
}

/// The curve over the distance.
pub fn curve(document: &CapacityDocument) -> String {
    let points: Vec<String> = document
        .distances
        .iter()
        .map(|answer| format!("{} m: {}", metres(answer.metres), answer.desks))
        .collect();
    svg(&curve_drawing(document), "Desks that can be in use, by distance", &points.join("; "))
}

/// The plan with the desks in use at one of the distances.
pub fn plan_at(plan: &Plan, answer: &AtDistance) -> String {
    let title = format!("{} at {} m", plan.title, metres(answer.metres));
    svg(&plan_drawing(plan, answer), &title, &format!("Desks in use: {}", answer.chosen.join(", ")))
}

/// The curve, and below it the plan at each of the distances drawn.
pub fn whole(plan: &Plan, document: &CapacityDocument) -> String {
    let mut drawings = Vec::new();
    if document.distances.len() > 1 {
        drawings.push(curve_drawing(document));
    }
    drawings.extend(drawn(document).into_iter().map(|answer| plan_drawing(plan, answer)));
    let (mut body, mut top) = (String::new(), 0.0);
    for drawing in &drawings {
        body.push_str(&format!("<g transform=\"translate(0 {top:.0})\">{}</g>", drawing.body));
        top += drawing.height + 20.0;
    }
    let width = drawings.iter().map(|drawing| drawing.width).fold(PLAN_WIDTH, f64::max);
    let about =
        format!("The numbers stand in the table of: rota capacity. {} distances.", document.distances.len());
    svg(&Drawing { width, height: top, body }, &format!("{}: desks that can be in use", plan.title), &about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_become_marks() {
        assert_eq!(escape("<b a=\"1\">&'\u{1b}"), "&lt;b a=&quot;1&quot;&gt;&amp;&#39;?");
        assert_eq!([2.0, 1.39, 0.75].map(metres), ["2.0", "1.39", "0.75"]);
        assert_eq!([step(162.0, 6.0), step(2.5, 10.0)], [50.0, 0.5]);
    }
}
