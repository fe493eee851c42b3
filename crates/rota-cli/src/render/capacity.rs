//! What can be in use on a plan, for people: a page on the screen, in Markdown, and a report in one HTML file.

use super::columns::columns;
use super::report::{self, Grid};
use super::{clean, count, markdown, number};
use rota_io::pictures::{curve, drawn, escape, metres, plan_at};
use rota_io::plans::Plan;
use rota_io::CapacityDocument;
use rota_planner::capacity::{AtDistance, Policy, Reason, Suspect, Ways};

/// What the page is about.
pub struct Page<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The answer.
    pub document: &'a CapacityDocument,
}

/// Names named at most.
const MOST_NAMES: usize = 12;

fn names<'n>(list: impl IntoIterator<Item = &'n String>) -> String {
    let list: Vec<&String> = list.into_iter().collect();
    let mut text = list.iter().take(MOST_NAMES).map(|name| clean(name)).collect::<Vec<_>>().join(", ");
    if list.len() > MOST_NAMES {
        text.push_str(&format!(" and {} more", list.len() - MOST_NAMES));
    }
    text
}

fn heading(document: &CapacityDocument) -> String {
    format!("{}: {} read", clean(&document.title), count(document.counted.desks, "desk", "desks"))
}

/// `88`, or `85 (at most 88)` where that is all that is proved.
fn found(answer: &AtDistance) -> String {
    if answer.proved {
        answer.desks.to_string()
    } else {
        format!("{} (at most {})", answer.desks, answer.at_most)
    }
}

/// The answer in a sentence or two.
fn verdict(document: &CapacityDocument) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(policy) = &document.policy {
        let fitting = document.distances.iter().filter(|answer| fits(answer)).map(|answer| answer.metres);
        let longest = fitting.fold(f64::NEG_INFINITY, f64::max);
        let asked = asked(policy);
        let first = document.distances.first().map_or(0.0, |answer| answer.metres);
        lines.push(match document.distances.len() {
            _ if longest == f64::NEG_INFINITY && document.distances.len() > 1 => {
                format!("{asked}: no, not even at {} m.", metres(first))
            }
            1 if longest == f64::NEG_INFINITY => format!("{asked}, {} m: no.", metres(first)),
            1 => format!("{asked}, {} m: yes, by rota.", metres(first)),
            _ => format!("{asked}: yes by rota up to {} m.", metres(longest)),
        });
    } else if let [answer] = document.distances.as_slice() {
        lines.push(format!(
            "{} can be in use at the same time at {} m.",
            count(answer.desks, "desk", "desks"),
            metres(answer.metres)
        ));
    } else if let (Some(first), Some(last)) = (document.distances.first(), document.distances.last()) {
        if document.distances.iter().all(|answer| answer.desks == first.desks) {
            lines.push(format!(
                "{} can be in use at the same time at every distance from {} to {} m.",
                count(first.desks, "desk", "desks"),
                metres(first.metres),
                metres(last.metres)
            ));
            return lines;
        }
        lines.push(format!(
            "From {} at {} m down to {} at {} m can be in use at the same time.",
            count(first.desks, "desk", "desks"),
            metres(first.metres),
            last.desks,
            metres(last.metres)
        ));
    }
    lines
}

fn fits(answer: &AtDistance) -> bool {
    answer.policy.as_ref().is_some_and(|policy| policy.fits_by_rota)
}

fn asked(policy: &Policy) -> String {
    let days = number(policy.days);
    let unit = if days == "1" { "day" } else { "days" };
    format!("{}, {days} {unit} a week each", count(policy.people as usize, "person", "people"))
}

/// What is left out and what is in doubt, each a line.
fn doubts(page: &Page<'_>) -> Vec<String> {
    let document = page.document;
    let counted = &document.counted;
    let mut lines = Vec::new();
    for suspect in counted.suspects.iter().take(MOST_NAMES) {
        lines.push(suspect_line(page.plan, suspect));
    }
    if counted.suspects.len() > MOST_NAMES {
        lines.push(format!(
            "{} more desks are left out for their positions.",
            counted.suspects.len() - MOST_NAMES
        ));
    }
    if !counted.suspects.is_empty() {
        let them = if counted.suspects.len() == 1 {
            "Counted where it stands, it"
        } else {
            "Counted where they stand, they"
        };
        let more: Vec<String> = document
            .distances
            .iter()
            .filter_map(|answer| Some((answer, answer.with_suspects?)))
            .map(|(answer, with)| format!("{with} desks at {} m", metres(answer.metres)))
            .take(MOST_NAMES)
            .collect();
        let added: Vec<usize> = document
            .distances
            .iter()
            .filter_map(|answer| Some(answer.with_suspects?.saturating_sub(answer.desks)))
            .collect();
        lines.push(match added.as_slice() {
            [first, rest @ ..] if rest.iter().all(|other| other == first) => {
                format!("{them} would add {} to every answer below.", count(*first, "desk", "desks"))
            }
            _ => format!("{them} would make it {}.", more.join(", ")),
        });
    }
    if let Some(nearest) = counted.improbable.iter().min_by(|one, other| one.metres.total_cmp(&other.metres))
    {
        let more = match counted.improbable.len() - 1 {
            0 => String::new(),
            1 => " (and 1 more pair under 60 cm)".to_string(),
            more => format!(" (and {more} more pairs under 60 cm)"),
        };
        lines.push(format!(
            "{} and {} are {:.0} cm apart{more}: one desk measured twice?",
            clean(&nearest.desks[0]),
            clean(&nearest.desks[1]),
            nearest.metres * 100.0
        ));
    }
    if !counted.closed.is_empty() {
        lines.push(format!("Closed and left out: {}.", names(&counted.closed)));
    }
    if !counted.unplaced.is_empty() {
        lines.push(format!(
            "Without a position, so taken to be near no other desk: {}.",
            names(&counted.unplaced)
        ));
    }
    if !counted.seats_not_counted.is_empty() {
        lines.push(format!(
            "Not counted, because their seats have no positions: {}.",
            names(&counted.seats_not_counted)
        ));
    }
    lines
}

fn suspect_line(plan: &Plan, suspect: &Suspect) -> String {
    let id = clean(&suspect.desk);
    let finding = plan.findings.iter().find(|finding| {
        finding.code == "desk.position" && finding.message.contains(&format!("`{}`", suspect.desk))
    });
    let what = finding
        .map_or_else(|| format!("{id} cannot stand where it is said to"), |finding| clean(&finding.message));
    let row = plan.lines.get(&suspect.desk).map(|line| format!("row {line}, ")).unwrap_or_default();
    let axis = |at: usize| ["x", "y"][at];
    let shown = |value: f64| number((value * 1000.0).round() / 1000.0);
    let place = match suspect.perhaps {
        Some(perhaps) => {
            let slips: Vec<String> = (0..2)
                .filter(|at| perhaps[*at] != suspect.at[*at])
                .map(|at| format!("{} = {}; is it {}?", axis(at), shown(suspect.at[at]), metres(perhaps[at])))
                .collect();
            slips.join(" ")
        }
        None => format!("x = {}, y = {}", shown(suspect.at[0]), shown(suspect.at[1])),
    };
    format!("{} ({row}{place}). Left out until corrected.", super::capital(&what))
}

/// Distance by distance.
fn main_table(document: &CapacityDocument) -> Grid<'static> {
    let usable = document.counted.desks - document.counted.suspects.len() - document.counted.closed.len();
    let mut head = vec!["distance", "desks", "share of desks", "measured 5 cm out"];
    let has_limits = document.distances.iter().any(|answer| !answer.limits.is_empty());
    let has_groups = document.distances.len() > FEW;
    let has_preferred = document.distances.iter().any(|answer| answer.preferred.is_some());
    if has_limits {
        head.extend(["people", "decided by"]);
    }
    if has_preferred {
        head.push("of them preferred");
    }
    if has_groups {
        head.push("groups");
    }
    if document.policy.is_some() {
        head.extend(["fits", "people by rota", "people freely *"]);
    }
    let rows = document
        .distances
        .iter()
        .map(|answer| {
            let share = 100.0 * answer.desks as f64 / usable.max(1) as f64;
            let mut row = vec![
                format!("{} m", metres(answer.metres)),
                found(answer),
                format!("{share:.0} %"),
                if answer.measured_least == answer.measured_most {
                    answer.measured_least.to_string()
                } else {
                    format!("{} to {}", answer.measured_least, answer.measured_most)
                },
            ];
            if has_limits {
                row.extend([answer.people.to_string(), reason(answer.reason).to_string()]);
            }
            if has_preferred {
                row.push(answer.preferred.unwrap_or(0).to_string());
            }
            if has_groups {
                row.push(groups(answer).replace(" groups", "").replace(" group", ""));
            }
            if let Some(policy) = &answer.policy {
                let fits = match (policy.fits_by_rota, policy.fits_freely) {
                    (true, true) => "yes",
                    (true, false) => "by rota only",
                    _ => "no",
                };
                row.extend([
                    fits.to_string(),
                    policy.people_by_rota.to_string(),
                    policy.people_freely.to_string(),
                ]);
            }
            row
        })
        .collect();
    let is_proved = document.distances.iter().all(|answer| answer.proved);
    let proved = if is_proved {
        " (exact, proved)"
    } else {
        " (best found in the time; limits in brackets are proved)"
    };
    Grid {
        caption: format!("Desks that can be in use at the same time{proved}"),
        head,
        rows,
        below: document.policy.map(|policy| {
            format!(
                "* each picks {} of {} days by chance; everyone finds a desk on 19 days out of 20.",
                number(policy.days),
                policy.open_days
            )
        }),
    }
}

fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Distance => "distance",
        Reason::Area => "floor area for each person",
        Reason::Air => "air: 11 m3 for each person",
        Reason::Share => "share of the desks",
    }
}

/// Zone by zone, where there are several.
fn zone_table(page: &Page<'_>) -> Option<Grid<'static>> {
    let document = page.document;
    let several = document.distances.first().is_some_and(|answer| answer.zones.len() > 1);
    let shown: Vec<&AtDistance> = drawn(document);
    several.then(|| Grid {
        caption: "Zone by zone".to_string(),
        head: vec!["zone", "distance", "in use", "of", "if the others were empty"],
        rows: shown
            .iter()
            .flat_map(|answer| {
                answer.zones.iter().map(|zone| {
                    vec![
                        clean(&zone.zone),
                        format!("{} m", metres(answer.metres)),
                        zone.chosen.to_string(),
                        zone.desks.to_string(),
                        if zone.alone_proved {
                            zone.alone.to_string()
                        } else {
                            format!("{} or more", zone.alone)
                        },
                    ]
                })
            })
            .collect(),
        below: None,
    })
}

/// Each policy that does not fit, and what would make it fit; neighbouring distances of which the same is said, together.
fn policies(document: &CapacityDocument) -> Vec<(String, Vec<String>)> {
    let Some(policy) = &document.policy else { return Vec::new() };
    // The distances from first to last, and what is said of them.
    let mut alike: Vec<([f64; 2], String, Vec<String>)> = Vec::new();
    for answer in &document.distances {
        let Some(own) = &answer.policy else { continue };
        let Some(ways) = &own.ways else { continue };
        let fit = if answer.reason == Reason::Distance {
            format!("{} fit", answer.people)
        } else {
            format!("{} may be in ({})", answer.people, reason(answer.reason))
        };
        let sure = if answer.proved || answer.reason != Reason::Distance { "no" } else { "not found" };
        let needs = count(own.needed, "desk", "desks");
        let said = format!("{sure}. A rota needs {needs} and {fit}. Any one of these does it:");
        let lines = way_lines(policy, ways);
        match alike.last_mut() {
            Some(([_, to], other, others)) if *other == said && *others == lines => *to = answer.metres,
            _ => alike.push(([answer.metres; 2], said, lines)),
        }
    }
    let mut sections: Vec<(String, Vec<String>)> = alike
        .into_iter()
        .map(|([from, to], said, lines)| {
            let at = if from == to { metres(from) } else { format!("{} to {}", metres(from), metres(to)) };
            (format!("{}, {at} m: {said}", asked(policy)), lines)
        })
        .collect();
    let missing = document.distances.iter().filter_map(|answer| answer.policy.as_ref());
    let missing = missing.filter(|policy| !policy.fits_by_rota && policy.ways.is_none()).count();
    if missing > 0 {
        sections.push((
            format!(
                "Ways to make it fit were not looked for at {}: ask for fewer distances at a time.",
                count(missing, "more distance", "more distances")
            ),
            Vec::new(),
        ));
    }
    sections
}

fn way_lines(policy: &Policy, ways: &Ways) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(screens) = &ways.screens {
        let number = screens.between.len();
        let sure = if screens.at_least == number {
            "fewer cannot".to_string()
        } else {
            format!("at least {} are needed", screens.at_least)
        };
        let between: Vec<String> = screens
            .between
            .iter()
            .take(MOST_NAMES)
            .map(|[one, other]| format!("{} and {}", clean(one), clean(other)))
            .collect();
        let more = number.saturating_sub(MOST_NAMES);
        let more = if more == 0 { String::new() } else { format!("; and {more} more (see --format json)") };
        lines.push(format!(
            "{} ({sure}) between {}{more}",
            count(number, "screen", "screens"),
            between.join("; ")
        ));
    }
    if let Some(distance) = ways.distance {
        let sure = if distance.proved { "" } else { "; a little more may do" };
        lines.push(format!(
            "a distance of {} m ({} fit{sure})",
            metres(distance.metres),
            count(distance.desks, "desk", "desks")
        ));
    }
    if let Some(days) = ways.days {
        let weeks =
            if days.weeks == 1 { "a week".to_string() } else { format!("every {} weeks", days.weeks) };
        lines.push(format!(
            "{} {weeks} instead of {} ({} a day)",
            count(days.days as usize, "day", "days"),
            number(policy.days * f64::from(days.weeks)),
            count(days.desks, "desk", "desks")
        ));
    }
    lines.push(format!("{} instead of {}", count(ways.people, "person", "people"), policy.people));
    lines
}

/// Up to so many distances the groups are told in a sentence, else in the table.
const FEW: usize = 4;

/// `4 groups`, or `5 groups (at least 4)`.
fn groups(answer: &AtDistance) -> String {
    let groups = count(answer.groups, "group", "groups");
    if answer.groups == answer.groups_at_least {
        groups
    } else {
        format!("{groups} (at least {})", answer.groups_at_least)
    }
}

/// What a step gains, and groups.
fn remarks(document: &CapacityDocument) -> Vec<String> {
    let mut lines = Vec::new();
    let list = &document.distances;
    if (2..=MOST_NAMES).contains(&list.len()) {
        let gains: Vec<String> = list
            .windows(2)
            .rev()
            .map(|pair| {
                let gain = pair[0].desks.saturating_sub(pair[1].desks);
                format!(
                    "from {} to {} m {}",
                    metres(pair[1].metres),
                    metres(pair[0].metres),
                    if gain == 0 { "none".to_string() } else { count(gain, "desk", "desks") }
                )
            })
            .collect();
        lines.push(format!("What a shorter distance gains: {}.", gains.join("; ")));
    }
    if list.len() <= FEW {
        let groups: Vec<String> =
            list.iter().map(|answer| format!("{} at {} m", groups(answer), metres(answer.metres))).collect();
        lines.push(format!(
            "A desk of one's own for everybody, with one group in at a time, takes {}.",
            groups.join(", ")
        ));
    } else {
        lines.push(
            "Groups: so many, one in at a time, for everybody to have a desk of their own.".to_string(),
        );
    }
    lines
}

/// The page on the screen.
pub fn text(page: &Page<'_>, plain: bool) -> String {
    let document = page.document;
    let mut blocks = vec![format!("{}\n{}", heading(document), verdict(document).join("\n"))];
    let doubts = doubts(page);
    if !doubts.is_empty() {
        blocks.push(doubts.iter().map(|line| format!("  ! {line}")).collect::<Vec<_>>().join("\n"));
    }
    for grid in std::iter::once(main_table(document)).chain(zone_table(page)) {
        let mut lines = vec![grid.caption];
        if plain {
            lines.extend(grid.rows.iter().map(|row| {
                let cells = grid.head.iter().zip(row).map(|(head, cell)| format!("{head} {cell}"));
                format!("{}.", super::capital(&cells.collect::<Vec<_>>().join(", ")))
            }));
        } else {
            let head = grid.head.iter().map(ToString::to_string).collect();
            let table = columns(&[vec![head], grid.rows].concat());
            lines.push(String::new());
            lines.extend(table.iter().map(|line| format!("  {line}")));
        }
        lines.extend(grid.below.map(|line| format!("  {line}")));
        blocks.push(lines.join("\n"));
    }
    for (head, lines) in policies(document) {
        blocks.push(
            std::iter::once(head)
                .chain(lines.iter().map(|line| format!("  {line}")))
                .collect::<Vec<_>>()
                .join("\n"),
        );
    }
    blocks.push(remarks(document).join("\n"));
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(page: &Page<'_>) -> String {
    let document = page.document;
    let mut blocks =
        vec![markdown::title(&heading(document)), markdown::paragraph(&verdict(document).join("\n"))];
    let doubts = doubts(page);
    if !doubts.is_empty() {
        blocks.push(markdown::headed("In doubt", &doubts));
    }
    for grid in std::iter::once(main_table(document)).chain(zone_table(page)) {
        blocks.push(format!("## {}", markdown::escape(&grid.caption)));
        blocks.push(markdown::table(&grid.head, &grid.rows));
        blocks.extend(grid.below.map(|line| markdown::paragraph(&line)));
    }
    for (head, lines) in policies(document) {
        blocks.push(markdown::section(&head, &lines));
    }
    blocks.push(markdown::paragraph(&remarks(document).join("\n")));
    blocks.join("\n\n") + "\n"
}

/// A report in one file: needs no other file, no script and no network.
pub fn html(page: &Page<'_>) -> String {
    let document = page.document;
    let mut body = report::verdict(&verdict(document));
    let doubts = doubts(page);
    if !doubts.is_empty() {
        body.push_str(&format!("<h2>In doubt</h2>\n{}", report::list(&doubts)));
    }
    body.push_str("<h2>Distance by distance</h2>\n");
    body.push_str(&report::table(&main_table(document)));
    if document.distances.len() > 1 {
        body.push_str(&format!("<figure>{}</figure>\n", curve(document)));
    }
    body.push_str(&remarks(document).iter().map(|line| report::paragraph(line)).collect::<String>());
    let policies = policies(document);
    if !policies.is_empty() {
        body.push_str("<h2>Ways to make it fit</h2>\n");
        for (head, lines) in policies {
            body.push_str(&report::paragraph(&head));
            if !lines.is_empty() {
                body.push_str(&report::list(&lines));
            }
        }
    }
    if let Some(zones) = zone_table(page) {
        body.push_str(&format!("<h2>Zones</h2>\n{}", report::table(&zones)));
    }
    body.push_str("<h2>Which desks</h2>\n");
    for answer in drawn(document) {
        let desks: Vec<String> = answer.chosen.iter().map(|desk| clean(desk)).collect();
        body.push_str(&format!(
            "<h3>{} m: {}</h3>\n<figure>{}<figcaption>In use: {}.</figcaption></figure>\n",
            metres(answer.metres),
            escape(&count(answer.desks, "desk", "desks")),
            plan_at(page.plan, answer),
            escape(&desks.join(", "))
        ));
    }
    report::page(&heading(document), &body)
}
