//! Floor plans drawn as SVG, in which each desk is a named element.
//!
//! A desk is an element of the class `desk`; where no element has that class, every named element that stands directly
//! in a group or layer called `desks`. Its name is its label (`inkscape:label`), else its `id`, and it stands at the
//! middle of its outline. Its zone is the nearest group around it of the class `zone`, by the same names; else `all`. A
//! line of the class `wall` is a wall. All of a drawing is one floor; transforms, units of the page and `viewBox` are
//! resolved by `usvg`.

use crate::table::at_line;
use rota_core::finding::Finding;
use rota_core::typed::{Desk, Zone};
use usvg::roxmltree::{Document, Node};
use usvg::tiny_skia_path::PathSegment;

const INKSCAPE: &str = "http://www.inkscape.org/namespaces/inkscape";

/// Reads zones, each with the line of each of its desks, and every mistake. One unit of the drawing is so many metres.
pub(crate) fn read_drawing(
    path: &str,
    text: &str,
    metres_each: f64,
    floor: &str,
) -> (Vec<(Zone, Vec<u32>)>, Vec<Finding>) {
    let mistake = |line: Option<u32>, code: &str, message: String, help: &str| {
        let mut finding = Finding::error(code, "", message).help(help);
        at_line(&mut finding, path, line);
        finding
    };
    let named = with_walls_named(text);
    let text = named.as_str();
    let read = Document::parse(text).map_err(|what| what.to_string()).and_then(|document| {
        let tree = usvg::Tree::from_xmltree(&document, &usvg::Options::default());
        tree.map(|tree| (tree, text)).map_err(|what| what.to_string())
    });
    let tree = match read {
        Ok((tree, _)) => tree,
        Err(what) => {
            let message = format!("this is no SVG drawing: {what}");
            return (Vec::new(), vec![mistake(Some(1), "plan.drawing", message, "save it as plain SVG")]);
        }
    };
    let document = Document::parse(text).expect("it was parsed above");
    let scale = metres_each * units_each(&document, &tree);
    let mut zones: Vec<(Zone, Vec<u32>)> = Vec::new();
    let mut findings = Vec::new();
    for node in desks(&document) {
        let line = document.text_pos_at(node.range().start).row;
        let name = name(&node).unwrap_or_default();
        let found = node.attribute("id").and_then(|id| tree.node_by_id(id));
        let Some(found) = found else {
            let message = format!("the desk `{name}` is not drawn, or has no id");
            let help = "give it an id, and a shape that can be seen";
            findings.push(mistake(Some(line), "plan.desk", message, help));
            continue;
        };
        let outline = found.abs_bounding_box();
        let middle = |from: f32, to: f32| f64::from(from).midpoint(f64::from(to)) * scale;
        // Drawings count downward, plans upward.
        let at = [middle(outline.left(), outline.right()), -middle(outline.top(), outline.bottom())];
        let zone = zone_of(&node);
        let place = zones.iter().position(|(known, _)| known.id == zone).unwrap_or_else(|| {
            let own =
                Zone { id: zone, floor: Some(floor.to_string()), desks: Some(Vec::new()), ..Zone::default() };
            zones.push((own, Vec::new()));
            zones.len() - 1
        });
        let (zone, lines) = &mut zones[place];
        let desk = Desk { id: name, at: Some(at.map(round)), ..Desk::default() };
        zone.desks.get_or_insert_default().push(desk);
        lines.push(line);
    }
    if zones.is_empty() && findings.is_empty() {
        let message = "there are no desks in this drawing".to_string();
        let help = "give each desk the class desk, or put them into a group called desks";
        findings.push(mistake(Some(1), "plan.no_desks", message, help));
    }
    for node in document.descendants().filter(|node| has_class(node, "wall")) {
        let line = document.text_pos_at(node.range().start).row;
        let found = node.attribute("id").and_then(|id| tree.node_by_id(id));
        match (found, zones.first_mut()) {
            (Some(usvg::Node::Path(wall)), Some((zone, _))) => {
                zone.walls.extend(segments(wall).into_iter().map(|ends| {
                    ends.map(|(x, y)| [round(f64::from(x) * scale), round(-f64::from(y) * scale)])
                }));
            }
            (_, None) => {}
            _ => findings.push(mistake(
                Some(line),
                "plan.wall",
                "this wall is not drawn as a line".to_string(),
                "draw it as a line, polyline or path with straight parts, and not hidden",
            )),
        }
    }
    (zones, findings)
}

/// The drawing with an id for each wall that has none, by which `usvg` finds it; on the same lines.
fn with_walls_named(text: &str) -> String {
    let mut named = text.to_string();
    let Ok(document) = Document::parse(text) else { return named };
    let walls: Vec<Node<'_, '_>> = document
        .descendants()
        .filter(|node| has_class(node, "wall") && node.attribute("id").is_none())
        .collect();
    // From the end, so that what stands before stays where it is.
    for (number, wall) in walls.iter().enumerate().rev() {
        let start = wall.range().start;
        let after = text[start..].find(char::is_whitespace).map_or(start, |length| start + length);
        named.insert_str(after, &format!(" id=\"rota wall {number}\""));
    }
    named
}

/// To a tenth of a millimetre: more than any drawing is right to.
fn round(metres: f64) -> f64 {
    (metres * 10_000.0).round() / 10_000.0
}

/// How many units of the drawing's own coordinates are one unit of its page.
fn units_each(document: &Document<'_>, tree: &usvg::Tree) -> f64 {
    let numbers: Vec<f64> = document
        .root_element()
        .attribute("viewBox")
        .unwrap_or("")
        .split([' ', ',', '\n', '\t'])
        .filter_map(|number| number.parse().ok())
        .collect();
    match numbers.as_slice() {
        // Drawings keep their proportions: the side that fills the page says how large all is.
        [_, _, width, height] if *width > 0.0 && *height > 0.0 => {
            (width / f64::from(tree.size().width())).max(height / f64::from(tree.size().height()))
        }
        _ => 1.0,
    }
}

fn has_class(node: &Node<'_, '_>, class: &str) -> bool {
    node.attribute("class").is_some_and(|classes| classes.split_whitespace().any(|own| own == class))
}

fn name(node: &Node<'_, '_>) -> Option<String> {
    let label = node.attribute((INKSCAPE, "label")).filter(|label| rota_core::site::is_id(label));
    label.or_else(|| node.attribute("id")).map(str::to_string)
}

fn desks<'d, 'i>(document: &'d Document<'i>) -> Vec<Node<'d, 'i>> {
    let all = || document.descendants().filter(Node::is_element);
    let classed: Vec<Node<'d, 'i>> = all().filter(|node| has_class(node, "desk")).collect();
    if !classed.is_empty() {
        return classed;
    }
    let is_called = |node: &Node<'_, '_>| {
        let names = [node.attribute("id"), node.attribute((INKSCAPE, "label"))];
        names.into_iter().flatten().any(|name| name.eq_ignore_ascii_case("desks"))
    };
    all()
        .filter(|node| node.tag_name().name() != "title" && node.tag_name().name() != "desc")
        .filter(|node| node.parent_element().is_some_and(|parent| is_called(&parent)) && name(node).is_some())
        .collect()
}

fn zone_of(node: &Node<'_, '_>) -> String {
    let around = node.ancestors().skip(1).find(|parent| has_class(parent, "zone"));
    around.and_then(|zone| name(&zone)).unwrap_or_else(|| "all".to_string())
}

/// The straight parts of a wall, both ends of each, on the page.
fn segments(wall: &usvg::Path) -> Vec<[(f32, f32); 2]> {
    let Some(path) = wall.data().clone().transform(wall.abs_transform()) else { return Vec::new() };
    let (mut found, mut start, mut last) = (Vec::new(), None, None);
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(point) => {
                start = Some(point);
                last = start;
            }
            // A bend is taken as the straight line between its ends.
            PathSegment::LineTo(point)
            | PathSegment::QuadTo(_, point)
            | PathSegment::CubicTo(_, _, point) => {
                found.extend(
                    last.map(|last: usvg::tiny_skia_path::Point| [(last.x, last.y), (point.x, point.y)]),
                );
                last = Some(point);
            }
            PathSegment::Close => {
                found.extend(last.zip(start).map(|(last, start)| [(last.x, last.y), (start.x, start.y)]));
                last = start;
            }
        }
    }
    found.retain(|[one, other]| one != other);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of 100 by 50 mm that shows 200 by 100 units; a unit is 5 cm.
    const PLAN: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
      width="100mm" height="50mm" viewBox="0 0 200 100">
      <g id="g1" class="zone" inkscape:label="north" transform="translate(20 10)">
        <rect id="N1" class="desk" x="0" y="0" width="20" height="10" fill="none" stroke="black"/>
        <g id="x7" class="desk" inkscape:label="N2" transform="rotate(90)"><rect x="0" y="-60" width="20" height="10"/></g>
      </g>
      <circle id="S1" class="desk" cx="100" cy="50" r="4"/>
      <line id="w" class="wall" x1="50" y1="0" x2="50" y2="40" stroke="black"/>
    </svg>"#;

    #[test]
    fn desks_and_walls_of_a_drawing() {
        let (zones, findings) = read_drawing("plan.svg", PLAN, 0.05, "2");
        assert!(findings.is_empty(), "{findings:?}");
        let told: Vec<(String, Vec<(String, [f64; 2])>)> = zones
            .iter()
            .map(|(zone, _)| {
                let desks = zone.desks.iter().flatten();
                (zone.id.clone(), desks.map(|desk| (desk.id.clone(), desk.at.expect("placed"))).collect())
            })
            .collect();
        // N1: the middle of (20..40, 10..20) is (30, 15). N2: (0..20, -60..-50) turned a quarter is (50..60, 0..20),
        // moved to (70..80, 10..30).
        let n = [("N1".to_string(), [1.5, -0.75]), ("N2".to_string(), [3.75, -1.0])];
        assert_eq!(told[0], ("north".to_string(), n.to_vec()));
        assert_eq!(told[1], ("all".to_string(), vec![("S1".to_string(), [5.0, -2.5])]));
        assert_eq!(zones[0].0.walls, [[[2.5, 0.0], [2.5, -2.0]]]);
        assert_eq!(zones[0].1, [4, 5]);
        // A wall needs no id, but is not to be hidden.
        let (unnamed, findings) = read_drawing("plan.svg", &PLAN.replace("id=\"w\" ", ""), 0.05, "2");
        assert_eq!((unnamed[0].0.walls.clone(), findings), (zones[0].0.walls.clone(), Vec::new()));
        let unseen = PLAN.replace("class=\"wall\"", "class=\"wall\" display=\"none\"");
        let codes =
            |findings: Vec<Finding>| findings.into_iter().map(|finding| finding.code).collect::<Vec<_>>();
        assert_eq!(codes(read_drawing("plan.svg", &unseen, 0.05, "2").1), ["plan.wall"]);
    }

    #[test]
    fn desks_of_a_group_and_mistakes() {
        let svg = |body: &str| {
            format!(r#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{body}</svg>"#)
        };
        let told = |body: &str| {
            let (zones, findings) = read_drawing("plan.svg", &svg(body), 1.0, "2");
            let desks: usize = zones.iter().map(|(zone, _)| zone.desks.iter().flatten().count()).sum();
            (desks, findings.into_iter().map(|finding| finding.code).collect::<Vec<_>>())
        };
        let rect = r#"<rect id="A" width="1" height="1"/><rect width="1" height="1"/>"#;
        assert_eq!(told(&format!(r#"<g id="Desks">{rect}</g>"#)), (1, vec![]));
        assert_eq!(told(rect), (0, vec!["plan.no_desks".to_string()]));
        assert_eq!(told(r#"<rect class="desk" width="1" height="1"/>"#), (0, vec!["plan.desk".to_string()]));
        assert_eq!(told("<g").1, ["plan.drawing"]);
    }
}
