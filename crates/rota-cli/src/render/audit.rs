//! The checklist of an audit, for people.

use super::columns::columns;
use super::diff::person;
use super::markdown;
use super::roster::heading;
use super::{clean, count, number};
use rota_io::audit::{AuditDocument, By, Group, RuleLine, State};
use rota_rules::Problem;

/// One line to tick: what, how it stands, what it asks and where it comes from.
struct Line {
    name: String,
    strength: String,
    state: String,
    asks: String,
    source: Option<String>,
}

fn state(state: State, places: u32) -> String {
    let places = count(places as usize, "place", "places");
    match state {
        State::Kept => "kept".to_string(),
        State::WithExceptions => "kept, with exceptions".to_string(),
        State::Bent => format!("bent in {places}"),
        State::Broken => format!("BROKEN in {places}"),
        State::NotJudged => "not judged".to_string(),
        State::Off => "switched off".to_string(),
    }
}

fn rule(line: &RuleLine) -> Line {
    let mut how = state(line.state, line.places);
    if line.amount > 0.0 && line.state != State::NotJudged {
        how.push_str(&format!(", by {}", number(line.amount)));
        if line.allowed > 0.0 {
            how.push_str(&format!(" ({} agreed)", number(line.allowed)));
        }
        if line.cost > 0.0 && line.state == State::Bent {
            how.push_str(&format!(", cost {}", number(line.cost)));
        }
    }
    let review = line.review.map(|review| format!(" To be looked at again by {}.", review.spoken()));
    // A burden is charged even where it is shared as well as can be.
    if line.kind == "fair" && line.state == State::Bent {
        how = format!("shared, cost {}", number(line.cost));
    }
    // A rule kept private shows its source and nothing else.
    let (name, asks) = if line.private {
        ("a rule kept private".to_string(), String::new())
    } else {
        (clean(&line.rule), clean(&line.sentence))
    };
    let source = line.because.as_deref().map_or("none given", str::trim);
    Line {
        name,
        strength: line.strength.clone(),
        state: how,
        asks,
        source: Some(clean(&format!("{source}{}", review.unwrap_or_default()))),
    }
}

fn lines(document: &AuditDocument) -> [(&'static str, Vec<Line>); 2] {
    let laws = document
        .laws
        .iter()
        .map(|law| Line {
            name: law.law.clone(),
            strength: String::new(),
            state: state(law.state, law.places),
            asks: law.sentence.clone(),
            source: None,
        })
        .collect();
    [("Laws, which nothing bends", laws), ("Rules", document.rules.iter().map(rule).collect())]
}

/// What the roster was made from, and whether it is still that.
fn made(document: &AuditDocument) -> Vec<String> {
    let mut lines = vec![format!("Scenario read now: SHA-256 {}", document.scenario_sha256)];
    let Some(made) = &document.made else {
        lines.push("This roster does not say what it was made from.".to_string());
        return lines;
    };
    lines.push(if made.same_scenario {
        "The roster was made from this scenario.".to_string()
    } else {
        format!(
            "The roster was made from another scenario, or from this one before it was changed: SHA-256 {}",
            clean(&made.sha256)
        )
    });
    let version = made.version.as_deref().map(|version| format!("rota {}", clean(version)));
    let seed = made.seed.map(|seed| format!("seed {seed}"));
    let how = match made.status.as_deref() {
        Some("optimal") => Some("recorded as proved: none is better".to_string()),
        Some("feasible") => Some("recorded as the best found, not proved".to_string()),
        _ => None,
    };
    let parts: Vec<String> = [version, seed, how].into_iter().flatten().collect();
    if !parts.is_empty() {
        lines.push(format!("Made by {}.", parts.join(", ")));
    }
    if !made.changed.is_empty() {
        lines.push(format!(
            "Changed since: the costs recorded are not those counted now, for {}.",
            clean(&made.changed.join(", "))
        ));
    }
    lines
}

fn share(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "none".to_string();
    }
    format!("{part} of {whole} ({:.0} %)", f64::from(part) * 100.0 / f64::from(whole))
}

const SPREAD: [&str; 4] = ["group", "people", "days on site, of days worked", "wishes granted"];

fn spread(groups: &[Group]) -> Vec<Vec<String>> {
    groups
        .iter()
        .map(|group| {
            let names = match group.by {
                By::Team if group.groups.len() > 1 => format!("teams {}", group.groups.join(", ")),
                By::Team => format!("team {}", group.groups.join(", ")),
                By::Contract => {
                    let days = |name: &String| name.split(' ').next().unwrap_or_default().to_string();
                    let mut names: Vec<String> = group.groups.iter().map(days).collect();
                    names.sort();
                    let unit = if names == ["1"] { "day" } else { "days" };
                    format!("works {} {unit} a week", names.join(" or "))
                }
            };
            vec![
                clean(&names.replace("team no team", "in no team")),
                group.people.to_string(),
                share(group.on_site, group.worked),
                share(group.granted, group.asked),
            ]
        })
        .collect()
}

fn wishes(problem: &Problem, document: &AuditDocument) -> Vec<Vec<String>> {
    document
        .wishes
        .iter()
        .map(|own| vec![person(Some(problem), &own.person), format!("{} of {}", own.granted, own.asked)])
        .collect()
}

fn one_person(document: &AuditDocument) -> Option<String> {
    let name =
        |line: &RuleLine| if line.private { "a rule kept private".to_string() } else { clean(&line.rule) };
    let names: Vec<String> = document.rules.iter().filter(|line| line.one_person).map(name).collect();
    (!names.is_empty()).then(|| format!("Rules about one person alone: {}.", names.join(", ")))
}

const SIGN: &str = "Reviewed by ____________________   Date ____________   Signed ____________________";

/// The page to sign.
pub fn text(problem: &Problem, document: &AuditDocument, verdict: &str, width: usize) -> String {
    let mut blocks = vec![
        format!("Audit. {}", heading(problem)),
        textwrap::fill(verdict, width.max(20)),
        made(document).join("\n"),
    ];
    for (head, lines) in lines(document) {
        let rows: Vec<Vec<String>> = lines
            .iter()
            .map(|line| vec![format!("[ ] {}", line.name), line.strength.clone(), line.state.clone()])
            .collect();
        let mut block = vec![head.to_string()];
        for (line, shown) in lines.iter().zip(columns(&rows)) {
            block.push(format!("  {shown}"));
            let indent = |text: &str| {
                let options = textwrap::Options::new(width.max(30))
                    .initial_indent("        ")
                    .subsequent_indent("        ");
                textwrap::fill(text, options)
            };
            if !line.asks.is_empty() {
                block.push(indent(&line.asks));
            }
            block.extend(line.source.as_ref().map(|source| indent(&format!("Source: {source}"))));
        }
        blocks.push(block.join("\n"));
    }
    let rows = wishes(problem, document);
    if !rows.is_empty() {
        blocks.push(format!("Wishes granted, by person\n  {}", columns(&rows).join("\n  ")));
    }
    let head = SPREAD.map(str::to_string).to_vec();
    let rows = [vec![head], spread(&document.spread)].concat();
    blocks.push(format!(
        "How it is spread (fewer than 5 people are counted together with others)\n  {}",
        columns(&rows).join("\n  ")
    ));
    blocks.extend(one_person(document));
    blocks.push(SIGN.to_string());
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(problem: &Problem, document: &AuditDocument, verdict: &str) -> String {
    let mut blocks = vec![
        markdown::title(&format!("Audit. {}", heading(problem))),
        markdown::paragraph(verdict),
        markdown::paragraph(&made(document).join("\n")),
    ];
    for (head, lines) in lines(document) {
        let items: Vec<String> = lines
            .iter()
            .map(|line| {
                let strength =
                    if line.strength.is_empty() { String::new() } else { format!(" ({})", line.strength) };
                let asks = if line.asks.is_empty() {
                    String::new()
                } else {
                    format!(" {}.", markdown::escape(&line.asks))
                };
                let source =
                    line.source.as_ref().map(|source| format!(" _Source: {}_", markdown::escape(source)));
                format!(
                    "- [ ] **{}**{strength}: {}.{asks}{}",
                    markdown::escape(&line.name),
                    markdown::escape(&line.state),
                    source.unwrap_or_default()
                )
            })
            .collect();
        blocks.push(format!("## {head}\n\n{}", items.join("\n")));
    }
    let rows = wishes(problem, document);
    if !rows.is_empty() {
        blocks
            .push(format!("## Wishes granted, by person\n\n{}", markdown::table(&["who", "granted"], &rows)));
    }
    blocks.push(format!("## How it is spread\n\n{}", markdown::table(&SPREAD, &spread(&document.spread))));
    blocks.extend(one_person(document));
    blocks.push(SIGN.replace('_', "\\_"));
    blocks.join("\n\n") + "\n"
}
