//! Floor plans drawn as DXF, as a text of pairs: a line with a group code and a line with its value.
//!
//! A desk is an INSERT, CIRCLE, POINT or closed LWPOLYLINE on a layer whose name contains `desk`, or an INSERT of a block
//! whose name does. It stands where the block or point is put, or at the middle of its outline. Its name is the first
//! attribute of the block that can be a name, else the nearest TEXT or MTEXT not farther than 1.5 m that can be one;
//! each text names one desk. LINEs and LWPOLYLINEs on layers whose name contains `wall` are walls, bends taken as
//! straight. A unit is so long as `$INSUNITS` says, unless it is given. All of a drawing is one floor and one zone. What
//! stands inside blocks, and on sheets for printing (paper space), is not looked at.
//!
//! The codes are those of Autodesk's "DXF Reference" (2018): 0 kind, 1 text, 2 block, 8 layer, 10/20 and 11/21 points,
//! 67 paper space, 70 flags (bit 1: closed), 230 the direction a drawing is seen from (-1: mirrored).

use crate::table::at_line;
use rota_core::finding::Finding;
use rota_core::site::is_id;
use rota_core::typed::{Desk, Zone};

/// A text names a desk up to so many metres away.
const NAMES_UP_TO: f64 = 1.5;

/// One pair and the line of its value.
struct Group<'t> {
    code: i32,
    value: &'t str,
    line: u32,
}

/// What stands between two pairs with the code 0.
struct Entity<'t> {
    kind: &'t str,
    line: u32,
    groups: Vec<Group<'t>>,
}

impl<'t> Entity<'t> {
    fn text(&self, code: i32) -> Option<&'t str> {
        self.groups.iter().find(|group| group.code == code).map(|group| group.value)
    }

    fn number(&self, code: i32) -> Option<f64> {
        self.text(code)?.parse().ok()
    }

    fn is_on(&self, layer: &str) -> bool {
        self.text(8).is_some_and(|own| own.to_lowercase().contains(layer))
    }

    fn is_closed(&self) -> bool {
        self.number(70).is_some_and(|flags| flags as i64 & 1 == 1)
    }

    /// The points whose x has this code, in the drawing's units; y has ten more.
    fn points(&self, code: i32) -> Vec<[f64; 2]> {
        let mirror =
            if self.kind != "LINE" && self.number(230).is_some_and(|seen| seen < 0.0) { -1.0 } else { 1.0 };
        let values = |code: i32| {
            self.groups
                .iter()
                .filter(move |group| group.code == code)
                .filter_map(|group| group.value.parse::<f64>().ok())
        };
        values(code).zip(values(code + 10)).map(|(x, y)| [x * mirror, y]).collect()
    }

    /// Where a desk stands: the middle of its outline.
    fn middle(&self) -> Option<[f64; 2]> {
        let points = self.points(10);
        let side = |axis: usize| {
            let values = points.iter().map(|at| at[axis]);
            values.clone().fold(f64::INFINITY, f64::min).midpoint(values.fold(f64::NEG_INFINITY, f64::max))
        };
        (!points.is_empty()).then(|| [side(0), side(1)])
    }
}

/// The metres in one unit by the code of `$INSUNITS`.
fn metres_by(code: &str) -> Option<f64> {
    match code {
        "1" => Some(0.0254),
        "2" => Some(0.3048),
        "4" => Some(0.001),
        "5" => Some(0.01),
        "6" => Some(1.0),
        "10" => Some(0.9144),
        "14" => Some(0.1),
        _ => None,
    }
}

/// Whether a text is a DXF drawing, by its first pair.
pub(crate) fn is_dxf(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.by_ref().take(2).collect::<Vec<_>>();
    first == ["0", "SECTION"] || first.first() == Some(&"999")
}

/// Every pair, or the line of the first code that is none.
fn groups(text: &str) -> Result<Vec<Group<'_>>, u32> {
    let lines: Vec<&str> = text.lines().collect();
    let pairs =
        lines.chunks(2).zip(0u32..).filter(|(pair, _)| pair.iter().any(|line| !line.trim().is_empty()));
    pairs
        .map(|(pair, at)| match (pair[0].trim().parse::<i32>(), pair.get(1)) {
            (Ok(code), Some(value)) => Ok(Group { code, value: value.trim(), line: 2 * at + 2 }),
            _ => Err(2 * at + 1),
        })
        .collect()
}

/// What the section of entities holds, and the code of the unit.
fn entities(groups: Vec<Group<'_>>) -> (Vec<Entity<'_>>, Option<&str>) {
    let mut all: Vec<Entity<'_>> = Vec::new();
    let (mut unit, mut section, mut asks, mut is_new) = (None, "", false, false);
    for group in groups {
        match (group.code, group.value) {
            (0, "SECTION") => is_new = true,
            (0, "ENDSEC") => section = "",
            (2, name) if is_new => {
                section = name;
                is_new = false;
            }
            (9, name) => asks = name == "$INSUNITS",
            (70, code) if section == "HEADER" && asks => unit = Some(code),
            (0, kind) if section == "ENTITIES" => {
                all.push(Entity { kind, line: group.line, groups: Vec::new() });
            }
            _ if section == "ENTITIES" => {
                if let Some(last) = all.last_mut() {
                    last.groups.push(group);
                }
            }
            _ => {}
        }
    }
    // Codes 67: sheets for printing.
    all.retain(|entity| entity.text(67) != Some("1"));
    (all, unit)
}

/// Whether an entity can be a desk, as the module says.
fn is_desk(entity: &Entity<'_>) -> bool {
    let is_shape = match entity.kind {
        "INSERT" | "CIRCLE" | "POINT" => true,
        "LWPOLYLINE" => entity.is_closed(),
        _ => false,
    };
    let of_block = || {
        entity.kind == "INSERT" && entity.text(2).is_some_and(|block| block.to_lowercase().contains("desk"))
    };
    is_shape && !entity.is_on("wall") && (entity.is_on("desk") || of_block())
}

/// The words of a text; those of an MTEXT without its marks for fonts and colours, where it has any.
fn words<'t>(entity: &Entity<'t>) -> Option<&'t str> {
    let text = entity.text(1)?;
    let plain = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
    let name = plain.rsplit(';').next().unwrap_or(plain).trim();
    Some(name).filter(|name| is_id(name))
}

/// Reads zones, each with the line of each of its desks, and every mistake. One unit of the drawing is so many metres;
/// none for what the drawing says.
pub(crate) fn read_dxf(
    path: &str,
    text: &str,
    metres_each: Option<f64>,
    floor: &str,
) -> (Vec<(Zone, Vec<u32>)>, Vec<Finding>) {
    let mistake = |line: u32, code: &str, message: String, help: &str| {
        let mut finding = Finding::error(code, "", message).help(help);
        at_line(&mut finding, path, Some(line));
        finding
    };
    let groups = match groups(text.trim_start_matches('\u{feff}')) {
        Ok(groups) if !groups.is_empty() => groups,
        wrong => {
            let line = wrong.err().unwrap_or(1);
            let message =
                "this is no DXF drawing: here a group code is wanted, and a value after it".to_string();
            return (Vec::new(), vec![mistake(line, "plan.drawing", message, "save it as ASCII DXF")]);
        }
    };
    let mut findings: Vec<Finding> = Vec::new();
    let (all, unit) = entities(groups);
    for group in all.iter().flat_map(|entity| &entity.groups) {
        let is_number = group.value.parse::<f64>().is_ok_and(f64::is_finite);
        if matches!(group.code, 10 | 11 | 20 | 21) && !is_number {
            let message = format!("`{}` is not a number", group.value);
            findings.push(mistake(group.line, "plan.number", message, "save the drawing again as ASCII DXF"));
        }
    }
    let Some(scale) = metres_each.or_else(|| unit.and_then(metres_by)) else {
        let message = "this drawing does not say how long its units are ($INSUNITS)".to_string();
        let help = "add --scale with the metres in one unit of the drawing, or --unit";
        findings.push(mistake(1, "plan.scale", message, help));
        return (Vec::new(), findings);
    };
    let metres = |at: [f64; 2]| at.map(|number| (number * scale * 10_000.0).round() / 10_000.0);
    let mut desks: Vec<(Option<String>, [f64; 2], u32)> = Vec::new();
    let mut texts: Vec<(&str, [f64; 2])> = Vec::new();
    let mut walls = Vec::new();
    let mut is_in_desk = false;
    for entity in &all {
        match entity.kind {
            "ATTRIB" => {
                let name = entity.text(1).filter(|name| is_id(name) && is_in_desk);
                if let (Some(name), Some((own, ..))) = (name, desks.last_mut()) {
                    own.get_or_insert_with(|| name.to_string());
                }
                continue;
            }
            "TEXT" | "MTEXT" => {
                texts.extend(words(entity).zip(entity.points(10).first().copied().map(metres)));
            }
            "LINE" if entity.is_on("wall") => {
                walls.extend(
                    entity.points(10).into_iter().zip(entity.points(11)).map(|(one, other)| [one, other]),
                );
            }
            "LWPOLYLINE" if entity.is_on("wall") => {
                let points = entity.points(10);
                walls.extend(points.windows(2).map(|ends| [ends[0], ends[1]]));
                if let ([first, .., last], true) = (points.as_slice(), entity.is_closed()) {
                    walls.push([*last, *first]);
                }
            }
            _ => {}
        }
        let at = entity.middle().filter(|_| is_desk(entity));
        is_in_desk = at.is_some() && entity.kind == "INSERT";
        desks.extend(at.map(|at| (None, metres(at), entity.line)));
    }
    name_by_texts(&mut desks, &texts);
    let nameless: Vec<u32> =
        desks.iter().filter(|(name, ..)| name.is_none()).map(|(.., line)| *line).collect();
    if let Some(line) = nameless.first() {
        let count = nameless.len();
        let are = if count == 1 { "1 desk has" } else { "desks have" };
        let message = if count == 1 {
            format!("{are} no name")
        } else {
            format!("{count} {are} no name; this is the first")
        };
        let help = "write the name as an attribute of the block, or as a text within 1.5 m, like N12";
        findings.push(mistake(*line, "plan.desk", message, help));
    }
    if desks.is_empty() && findings.is_empty() {
        let message = "there are no desks in this drawing".to_string();
        let help =
            "put the desks on a layer whose name contains desk: blocks, circles, points or closed polylines";
        findings.push(mistake(1, "plan.no_desks", message, help));
        return (Vec::new(), findings);
    }
    let lines = desks.iter().map(|(.., line)| *line).collect();
    let desk = |(name, at, _): (Option<String>, [f64; 2], u32)| {
        Some(Desk { id: name?, at: Some(at), ..Desk::default() })
    };
    let zone = Zone {
        id: "all".to_string(),
        floor: Some(floor.to_string()),
        desks: Some(desks.into_iter().filter_map(desk).collect()),
        walls: walls.into_iter().map(|ends| ends.map(metres)).filter(|[one, other]| one != other).collect(),
        ..Zone::default()
    };
    (vec![(zone, lines)], findings)
}

/// Gives desks without a name the texts near them, the nearest pair first; each text names one desk.
fn name_by_texts(desks: &mut [(Option<String>, [f64; 2], u32)], texts: &[(&str, [f64; 2])]) {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (desk, (_, at, _)) in desks.iter().enumerate().filter(|(_, (name, ..))| name.is_none()) {
        for (text, (_, place)) in texts.iter().enumerate() {
            let apart = (at[0] - place[0]).hypot(at[1] - place[1]);
            if apart <= NAMES_UP_TO {
                pairs.push((apart, desk, text));
            }
        }
    }
    pairs.sort_by(|one, other| one.0.total_cmp(&other.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let mut is_used = vec![false; texts.len()];
    for (_, desk, text) in pairs {
        if desks[desk].0.is_none() && !is_used[text] {
            desks[desk].0 = Some(texts[text].0.to_string());
            is_used[text] = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawing(unit: &str, entities: &str) -> String {
        let entities = entities.split_whitespace().collect::<Vec<_>>().join("\n");
        format!(
            "0\nSECTION\n2\nHEADER\n9\n$INSUNITS\n70\n{unit}\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n{entities}\n0\nENDSEC\n0\nEOF\n"
        )
    }

    fn told(text: &str) -> (Vec<(String, [f64; 2])>, Vec<String>) {
        let (zones, findings) = read_dxf("plan.dxf", text, None, "2");
        let desks = zones.iter().flat_map(|(zone, _)| zone.desks.iter().flatten());
        (
            desks.map(|desk| (desk.id.clone(), desk.at.expect("placed"))).collect(),
            findings
                .into_iter()
                .map(|finding| format!("{}:{}", finding.code, finding.line.unwrap_or(0)))
                .collect(),
        )
    }

    /// A block with an attribute, a circle, a mirrored point and an outline with texts near them, and a chair.
    #[test]
    fn desks_of_every_kind() {
        let text = drawing(
            "4",
            "0 INSERT 8 furniture 2 DESK_160 10 1000 20 2000 0 ATTRIB 8 0 2 NO 1 N1 0 SEQEND
             0 CIRCLE 8 Desks 10 3000 20 2000 40 400 0 TEXT 8 notes 10 3100 20 2000 1 N2
             0 POINT 8 desks 10 -5000 20 2000 230 -1 0 MTEXT 8 notes 10 5000 20 2200 1 {\\fArial;N3}
             0 LWPOLYLINE 8 desks 90 4 70 1 10 0 20 0 10 1600 20 0 10 1600 20 800 10 0 20 800 0 TEXT 8 x 10 700 20 300 1 N4
             0 CIRCLE 8 chairs 10 9 20 9 40 1 0 INSERT 8 desks 67 1 2 D 10 9 20 9
             0 LINE 8 WALLS 10 0 20 1000 11 4000 21 1000",
        );
        let (desks, findings) = told(&text);
        let wanted = [("N1", [1.0, 2.0]), ("N2", [3.0, 2.0]), ("N3", [5.0, 2.0]), ("N4", [0.8, 0.4])];
        assert_eq!(desks, wanted.map(|(name, at)| (name.to_string(), at)));
        assert_eq!(findings, Vec::<String>::new());
        assert_eq!(
            read_dxf("plan.dxf", &text, Some(1.0), "2").0[0].0.walls,
            [[[0.0, 1000.0], [4000.0, 1000.0]]]
        );
    }

    #[test]
    fn mistakes_of_a_drawing() {
        let codes = |text: &str| told(text).1;
        assert_eq!(codes(&drawing("0", "0 POINT 8 desks 10 1 20 1")), ["plan.scale:1"]);
        assert_eq!(codes(&drawing("6", "0 POINT 8 desks 10 1 20 1")), ["plan.desk:16"]);
        assert_eq!(codes(&drawing("6", "0 POINT 8 desks 10 oops 20 1")), ["plan.number:20"]);
        assert_eq!(codes(&drawing("6", "0 POINT 8 chairs 10 1 20 1")), ["plan.no_desks:1"]);
        assert_eq!(codes("0\nSECTION\nx\n"), ["plan.drawing:3"]);
        assert_eq!(codes(""), ["plan.drawing:1"]);
    }
}
