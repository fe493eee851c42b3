//! Floor plans: desks with positions, from a scenario, a table or a drawing.

use crate::drawing::read_drawing;
use crate::dxf::{is_dxf, read_dxf};
use crate::files::read_text;
use crate::picture_plan::{self, read_picture};
use crate::rosters::file_problem;
use crate::table::{at_line, Kind, Row, Table};
use crate::workbook;
use rota_core::desks::plans;
use rota_core::finding::Finding;
use rota_core::positions::Positions;
use rota_core::site::Parts;
use rota_core::slips::pitch;
use rota_core::typed::{self, DefaultPlace};
use rota_core::{Date, Site};
use rota_rules::scenario::ReadScenario;
use rota_rules::Scenario;
use std::collections::HashMap;

const DESKS: Kind = Kind {
    code: "desks",
    known: &["desk", "x", "y", "zone", "floor", "features"],
    needed: 3,
    full: false,
    others: true,
    example: "N1,0.0,1.6,north,2,sit_stand",
};

/// A plan that was read.
pub struct Plan {
    /// Its title.
    pub title: String,
    /// The desks, with an open calendar and nobody in it where the plan names neither.
    pub site: Site,
    /// The line of each desk in its table, by id; empty for a scenario.
    pub lines: HashMap<String, u32>,
    /// Warnings and notes.
    pub findings: Vec<Finding>,
}

/// Reads a plan: a scenario (.json, a workbook or a folder of tables), of which only calendar and sites are looked at, or a table of desks (.csv) whose
/// first line names the columns desk, x, y and, where wanted, zone, floor and features (several features with
/// semicolons or blanks between them), or a drawing (.svg, see [`crate::drawing`], or .dxf, see [`crate::dxf`]).
/// Positions in tables and drawings are taken times `metres_each` to be metres; an SVG drawing must have it.
///
/// # Errors
///
/// Every mistake, with its place.
pub fn read_plan(path: &str, metres_each: Option<f64>) -> Result<Plan, Vec<Finding>> {
    if workbook::is_book(path) {
        let mut book = workbook::read(path)?;
        let mut read = Scenario::read(&book.text);
        book.settle(&mut read);
        return of_scenario(path, &book.text, read).map_err(|mut findings| {
            book.places.place(&mut findings);
            findings
        });
    }
    let text = read_text(path).map_err(|what| vec![file_problem(path, what)])?;
    plan_of(path, &text, metres_each)
}

/// The same of a text that was read before: its name `path` or its first letter tells what it is.
pub fn plan_of(path: &str, text: &str, metres_each: Option<f64>) -> Result<Plan, Vec<Finding>> {
    let ending = std::path::Path::new(path).extension().map(|ending| ending.to_string_lossy().to_lowercase());
    let ends_in = |kind: &str| ending.as_deref() == Some(kind);
    let is_json = ends_in("json") || text.trim_start().starts_with('{');
    if is_json {
        return of_scenario(path, text, Scenario::read(text));
    }
    let mistake = |code: &str, message: &str, help: &str| {
        let finding = Finding::error(code, "", message).help(help).without_pointer();
        Err(vec![Finding { file: Some(path.to_string()), ..finding }])
    };
    if ends_in("svg") || text.trim_start().starts_with('<') {
        if picture_plan::is_chart(text) {
            let message = "this is a picture of a roster, and holds no positions of desks";
            return mistake(
                "plan.chart",
                message,
                "name the scenario, or a plan: a table desk,x,y or a drawing",
            );
        }
        if picture_plan::is_picture(text) {
            let (zones, findings) = read_picture(path, text);
            return assemble(path, zones, findings);
        }
        let Some(metres_each) = metres_each else {
            let message = "a drawing does not say how long its units are";
            return mistake(
                "plan.scale",
                message,
                "add --scale with the metres in one unit of the drawing, or --unit",
            );
        };
        let (zones, findings) = read_drawing(path, text, metres_each, &stem(path));
        return assemble(path, zones, findings);
    }
    if ends_in("dxf") || is_dxf(text) {
        let (zones, findings) = read_dxf(path, text, metres_each, &stem(path));
        if zones.is_empty() {
            return Err(findings);
        }
        return assemble(path, zones, findings);
    }
    of_table(path, text, metres_each.unwrap_or(1.0))
}

fn stem(path: &str) -> String {
    let stem = std::path::Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    stem.filter(|stem| stem != "-").unwrap_or_else(|| "plan".to_string())
}

/// A site needs no people here.
fn build(
    title: &str,
    calendar: &typed::Calendar,
    people: &[typed::Person],
    sites: &[typed::Site],
) -> (Site, Vec<Finding>) {
    let parts = Parts {
        title: Some(title),
        default_place: DefaultPlace::default(),
        calendar,
        people,
        sites,
        history: None,
        previous: &[],
        ties: &[],
    };
    let (site, mut findings) = Site::build(&parts);
    findings.retain(|finding| finding.code != "people.none");
    (site, findings)
}

fn of_scenario(path: &str, text: &str, mut read: ReadScenario) -> Result<Plan, Vec<Finding>> {
    let positions = Positions::new(text);
    if !read.findings.is_empty() || read.scenario.is_none() {
        for finding in &mut read.findings {
            finding.file.get_or_insert_with(|| path.to_string());
        }
        return Err(read.findings);
    }
    let scenario = read.scenario.expect("looked at above");
    let title = scenario.title.clone().unwrap_or_else(|| stem(path));
    let (site, mut findings) = build(&title, &scenario.calendar, &scenario.people, &scenario.sites);
    positions.place(path, &mut findings);
    if site.desks.is_empty() && !findings.iter().any(Finding::is_error) {
        let mut none = vec![Finding::error("plan.no_desks", "/sites", "there are no desks in this scenario")
            .help("add zones with `desks`, each with its position `at`")];
        positions.place(path, &mut none);
        findings.extend(none);
    }
    if findings.iter().any(Finding::is_error) {
        return Err(findings);
    }
    // Only what concerns desks; the rest is for those who solve it.
    findings.retain(|finding| finding.pointer.as_deref().is_some_and(|place| place.starts_with("/sites")));
    Ok(Plan { title, site, lines: HashMap::new(), findings })
}

/// A number as spreadsheets write it, with a point or a comma.
fn number(text: &str) -> Option<f64> {
    let plain = if text.contains('.') { text.to_string() } else { text.replace(',', ".") };
    plain.parse::<f64>().ok().filter(|number| number.is_finite())
}

fn of_table(path: &str, text: &str, metres_each: f64) -> Result<Plan, Vec<Finding>> {
    let mut table = Table::read(&DESKS, path, text)?;
    let mut findings = std::mem::take(&mut table.findings);
    let mut zones: Vec<(typed::Zone, Vec<u32>)> = Vec::new();
    for row in &table.rows {
        let Some((zone, floor, desk)) = desk(&table, row, path, metres_each, &mut findings) else { continue };
        let place = zones.iter().position(|(known, _)| known.id == zone).unwrap_or_else(|| {
            let own =
                typed::Zone { id: zone, floor: floor.clone(), desks: Some(Vec::new()), ..Default::default() };
            zones.push((own, Vec::new()));
            zones.len() - 1
        });
        let (known, lines) = &mut zones[place];
        if known.floor != floor {
            let message = format!("the zone `{}` is on another floor on line {}", known.id, lines[0]);
            findings.push(
                DESKS
                    .mistake("floor", path, row.line, message)
                    .help("a zone is on one floor: give it one name"),
            );
        }
        known.desks.get_or_insert_default().push(desk);
        lines.push(row.line);
    }
    if zones.is_empty() && findings.is_empty() {
        let message = "there are no desks in this table";
        findings.push(
            DESKS.mistake("none", path, 1, message).help(format!("write lines like {}", DESKS.example)),
        );
    }
    assemble(path, zones, findings)
}

/// The one day of a plan that has no calendar.
pub(crate) fn any_day() -> Date {
    Date::parse("2020-06-15").expect("a date")
}

/// A plan of zones read with the line of each of their desks, and of what was found on the way.
fn assemble(
    path: &str,
    zones: Vec<(typed::Zone, Vec<u32>)>,
    mut findings: Vec<Finding>,
) -> Result<Plan, Vec<Finding>> {
    let (typed, lines): (Vec<typed::Zone>, Vec<Vec<u32>>) = zones.into_iter().unzip();
    let ids = typed.iter().zip(&lines).flat_map(|(zone, lines)| {
        zone.desks.iter().flatten().map(|desk| desk.id.clone()).zip(lines.iter().copied())
    });
    let by_id: HashMap<String, u32> = ids.collect();
    let day = any_day();
    let calendar = typed::Calendar {
        from: day,
        to: day,
        work_days: vec![rota_core::Weekday::ALL[0]],
        closed: Vec::new(),
        shifts: Vec::new(),
        anchor: None,
        time_zone: None,
    };
    let title = stem(path);
    let site = typed::Site { id: "site".to_string(), zones: typed, ..Default::default() };
    let (site, mut found) = if site.zones.is_empty() {
        build(&title, &calendar, &[], &[])
    } else {
        build(&title, &calendar, &[], &[site])
    };
    for finding in &mut found {
        let numbers: Vec<usize> = finding
            .pointer
            .iter()
            .flat_map(|pointer| pointer.split('/'))
            .filter_map(|part| part.parse().ok())
            .collect();
        let line = match numbers.as_slice() {
            [_, zone, desk, ..] => lines.get(*zone).and_then(|lines| lines.get(*desk)),
            [_, zone] => lines.get(*zone).and_then(|lines| lines.first()),
            _ => None,
        };
        at_line(finding, path, line.copied());
        finding.column = Some(1);
    }
    findings.extend(found);
    findings.extend(unit_doubt(path, &site));
    findings.sort_by_key(|finding| finding.line);
    if findings.iter().any(Finding::is_error) {
        return Err(findings);
    }
    Ok(Plan { title, site, lines: by_id, findings })
}

/// Neighbours usually stand between so many metres ...
const USUAL_FROM: f64 = 0.3;
/// ... and so many; else the unit may be another one.
const USUAL_TO: f64 = 30.0;

/// A warning where desks stand so near or so far that the unit of the positions may be another one.
fn unit_doubt(path: &str, site: &Site) -> Option<Finding> {
    let placed: Vec<[f64; 2]> = plans(site)
        .into_iter()
        .max_by_key(Vec::len)?
        .into_iter()
        .filter(|desk| !site.desk(*desk).suspect)
        .filter_map(|desk| site.desk(desk).at)
        .collect();
    // Positions beyond all bounds are mistakes of their own.
    let is_doubtful = |pitch: &f64| !(USUAL_FROM..=USUAL_TO).contains(pitch) && *pitch < 1e6;
    let pitch = pitch(&placed).filter(is_doubtful)?;
    let message =
        format!("desks usually stand {pitch:.2} m apart on this plan: are the positions in metres?");
    let mut finding = Finding::warning("plan.unit", "", message)
        .help("give the unit: --unit cm or --unit mm, or --scale with the metres in one unit");
    at_line(&mut finding, path, Some(1));
    Some(finding)
}

/// The zone, the floor and the desk of a row.
fn desk(
    table: &Table,
    row: &Row,
    path: &str,
    metres_each: f64,
    findings: &mut Vec<Finding>,
) -> Option<(String, Option<String>, typed::Desk)> {
    let mut metres = |column: &str| {
        let Some(typed) = table.value(row, column) else {
            let message = format!("there is no `{column}` on this line");
            findings
                .push(DESKS.mistake("row", path, row.line, message).help("write the position of the desk"));
            return None;
        };
        let found = number(typed).map(|number| number * metres_each);
        if found.is_none() {
            let message = format!("`{typed}` is not a number");
            let mistake = DESKS.mistake("row", path, row.line, message).help("write a position like 3.5");
            findings.push(Finding { column: Some(table.start(row, column)), ..mistake });
        }
        found
    };
    let at = metres("x").zip(metres("y"));
    let Some(id) = table.value(row, "desk") else {
        let message = "there is no `desk` on this line";
        findings.push(DESKS.mistake("row", path, row.line, message).help("give each desk a name of its own"));
        return None;
    };
    let (x, y) = at?;
    let features = table.value(row, "features").unwrap_or("");
    let features = features.split([';', ' ']).filter(|feature| !feature.is_empty()).map(str::to_string);
    let desk = typed::Desk {
        id: id.to_string(),
        at: Some([x, y]),
        features: features.collect(),
        ..Default::default()
    };
    let zone = table.value(row, "zone").unwrap_or("all").to_string();
    Some((zone, table.value(row, "floor").map(str::to_string), desk))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let findings = match of_table("desks.csv", text, 1.0) {
            Ok(plan) => plan.findings,
            Err(findings) => findings,
        };
        findings.iter().map(|finding| format!("{} {}", finding.line.unwrap_or(0), finding.message)).collect()
    }

    #[test]
    fn desks_of_a_table() {
        let plan = of_table("l4.csv", "zone;desk;x;y;features\nn;N1;0,5;2;lift quiet\ns;S1;3;4;\n", 1.0);
        let plan = plan.unwrap_or_else(|findings| panic!("{findings:?}"));
        assert_eq!(plan.title, "l4");
        assert_eq!(plan.site.desks[0].at, Some([0.5, 2.0]));
        assert_eq!(plan.site.desks[0].features, ["lift", "quiet"]);
        assert_eq!(plan.site.zones.len(), 2);
        assert_eq!(plan.lines["S1"], 3);
        let plan = of_table("l4.csv", "desk,x,y\na,50,120\n", 0.01)
            .unwrap_or_else(|findings| panic!("{findings:?}"));
        assert_eq!(plan.site.desks[0].at, Some([0.5, 1.2]));
    }

    #[test]
    fn mistakes_stand_on_their_lines() {
        assert_eq!(
            told("desk,x,y\nA,1,q\nB,,2\n,1,2\n"),
            ["2 `q` is not a number", "3 there is no `x` on this line", "4 there is no `desk` on this line"]
        );
        let twice = told("desk,x,y,zone\nA,1,1,n\n\nA,2,2,n\n");
        assert!(twice.len() == 1 && twice[0].starts_with("4 "), "{twice:?}");
        assert_eq!(told("desk,x,y\n").len(), 1);
        assert!(told("desk,x,y,zone,floor\nA,1,1,n,1\nB,2,2,n,2\n")[0].contains("another floor"));
    }
}
