//! Two rosters compared, for people.

use super::columns::columns;
use super::markdown;
use super::{clean, count, judged, number};
use rota_core::roster::Place;
use rota_core::typed::WishCount;
use rota_core::Date;
use rota_io::diff::{BreachChanges, Pair};
use rota_io::document::BreachDocument;
use rota_io::DiffDocument;
use rota_planner::diff::{Change, Spot};
use rota_rules::Problem;

/// The person's name, or the id where no scenario is known.
pub fn person(problem: Option<&Problem>, id: &str) -> String {
    let found = problem.and_then(|problem| {
        let person = problem.site.person_named(id)?;
        Some(problem.site.person(person).name.clone())
    });
    clean(found.as_deref().unwrap_or(id))
}

/// Where somebody is, in words: `home`, `not working`, `on site, late shift, desk N1, post`.
pub fn spot(problem: Option<&Problem>, spot: &Spot) -> String {
    match spot.place {
        Place::Off => return "not working".to_string(),
        Place::Home => return "home".to_string(),
        Place::OnSite => {}
    }
    let site = problem.map(|problem| &problem.site);
    let mut parts = vec!["on site".to_string()];
    if let Some(id) = &spot.shift {
        let shift = site.and_then(|site| Some(&site.calendar.shifts[site.shift(id)?.at()]));
        parts.push(format!("{} shift", shift.map_or(id, |shift| &shift.name)));
    }
    if let Some(id) = &spot.desk {
        let desk = site.and_then(|site| Some(site.desk(site.desk_named(id)?)));
        parts.push(format!("desk {}", desk.map_or(id, |desk| &desk.name)));
    } else if let Some(id) = &spot.zone {
        let zone = site.and_then(|site| Some(site.zone(site.zone_named(id)?)));
        parts.push(zone.map_or(id, |zone| &zone.name).clone());
    }
    parts.extend(spot.duty.clone());
    clean(&parts.join(", "))
}

/// What changes, in a sentence.
fn verdict(document: &DiffDocument) -> String {
    let (days, people) = (document.changes.len(), document.people.len());
    let mut sentences = Vec::new();
    if days == 0 {
        sentences.push("Nothing changes: everybody is where they were on every day.".to_string());
    } else {
        let verb = if days == 1 { "differs" } else { "differ" };
        sentences.push(format!(
            "{} {verb}, of {}.",
            count(days, "person-day", "person-days"),
            count(people, "person", "people")
        ));
    }
    let must = document.costs.as_ref().and_then(|costs| costs.get("must"));
    match must {
        Some(cost) if cost.new > 0.0 && cost.old > 0.0 => {
            sentences.push("Both rosters break laws or must rules.".to_string());
        }
        Some(cost) if cost.new > 0.0 => {
            sentences.push("The new roster breaks a law or must rule, and the old one does not.".to_string());
        }
        Some(cost) if cost.old > 0.0 => {
            sentences.push("The old roster breaks a law or must rule, and the new one does not.".to_string());
        }
        _ => {}
    }
    if !document.not_compared.is_empty() {
        sentences.push(format!(
            "Not compared, because one of the two does not name them: {}.",
            document.not_compared.join(", ")
        ));
    }
    sentences.join(" ")
}

fn heading(document: &DiffDocument) -> String {
    let day = |date: Option<Date>| date.map_or_else(|| "no day".to_string(), Date::long);
    format!("Two rosters compared, {} to {}", day(document.from), day(document.to))
}

/// A line of a table for each change.
pub fn rows(problem: Option<&Problem>, changes: &[Change]) -> Vec<Vec<String>> {
    changes
        .iter()
        .map(|change| {
            vec![
                person(problem, &change.person),
                change.on.spoken(),
                spot(problem, &change.old),
                spot(problem, &change.new),
            ]
        })
        .collect()
}

/// What stands above them.
pub const HEAD: [&str; 4] = ["who", "day", "before", "now"];

fn pair<T: PartialEq>(what: &str, pair: &Pair<T>, spoken: &dyn Fn(&T) -> String) -> Option<String> {
    (pair.old != pair.new).then(|| format!("{what}: {} before, {} now", spoken(&pair.old), spoken(&pair.new)))
}

/// Counts that differ, one a line.
fn counts(problem: Option<&Problem>, document: &DiffDocument) -> Vec<String> {
    let plain = |number: &u32| number.to_string();
    let granted = |wishes: &WishCount| format!("{} of {}", wishes.asked - wishes.refused, wishes.asked);
    let measures = &document.measures;
    let mut lines: Vec<String> = [
        pair("Visits", &measures.on_site_days, &plain),
        pair("Days at home", &measures.home_days, &plain),
        pair("Most people in on one day", &measures.peak, &plain),
        measures.wishes.as_ref().and_then(|wishes| pair("Wishes granted", wishes, &granted)),
    ]
    .into_iter()
    .flatten()
    .collect();
    for (day, people) in &measures.by_day {
        let day = Date::parse(day).map_or_else(|_| day.clone(), Date::spoken);
        lines.extend(pair(&format!("On site on {day}"), people, &plain));
    }
    for level in ["must", "high", "medium", "low"] {
        let cost = document.costs.as_ref().and_then(|costs| costs.get(level));
        let what = format!("Cost of {level} rules");
        lines.extend(cost.and_then(|cost| pair(&what, cost, &|cost: &f64| number(*cost))));
    }
    for change in &document.people {
        let what = format!("Days on site of {}", person(problem, &change.person));
        lines.extend(pair(&what, &change.on_site, &plain));
    }
    for change in &document.cohorts {
        let cohort = |name: &Option<String>| clean(name.as_deref().unwrap_or("none"));
        let who = person(problem, &change.person);
        lines.push(format!("Cohort of {who}: {} before, {} now", cohort(&change.old), cohort(&change.new)));
    }
    lines
}

/// Breaches that come and go, wishes told by themselves.
pub fn breaches(changes: &BreachChanges) -> Vec<(&'static str, Vec<String>)> {
    let wishes = |list: &[BreachDocument]| -> Vec<String> {
        let costly = list.iter().filter(|breach| breach.kind == "wishes" && breach.cost > 0.0);
        costly.map(|breach| clean(&breach.sentence)).collect()
    };
    let rules = |list: &[BreachDocument]| -> Vec<String> {
        [judged::breaches(list, true), judged::breaches(list, false)].concat()
    };
    let by = |breach: &rota_io::diff::ChangedBreach| {
        let sentence = rules(std::slice::from_ref(&breach.new));
        let (old, new) = (number(breach.old_amount), number(breach.new.amount));
        sentence.into_iter().map(move |line| format!("{line} By {old} before, by {new} now."))
    };
    let mut sections = vec![
        ("Bent now and not before", rules(&changes.begun)),
        ("Bent before and not now", rules(&changes.ended)),
        ("Bent by another amount", changes.changed.iter().flat_map(by).collect()),
        ("Not granted now", wishes(&changes.begun)),
        ("Granted now", wishes(&changes.ended)),
    ];
    sections.retain(|(_, lines)| !lines.is_empty());
    sections
}

/// Most lines under one head.
const MOST_LINES: usize = 60;

fn sections(problem: Option<&Problem>, document: &DiffDocument) -> Vec<(&'static str, Vec<String>)> {
    let mut sections = Vec::new();
    let counts = counts(problem, document);
    if !counts.is_empty() {
        sections.push(("What that comes to", counts));
    }
    if let Some(changes) = &document.breaches {
        sections.extend(breaches(changes));
    }
    for (_, lines) in &mut sections {
        if lines.len() > MOST_LINES {
            let more = lines.len() - MOST_LINES;
            lines.truncate(MOST_LINES);
            lines.push(format!("and {more} more (see --format json)"));
        }
    }
    sections
}

/// What to add for more.
fn next(document: &DiffDocument) -> Option<String> {
    document.costs.is_none().then(|| {
        "To compare wishes and what is bent, and for people's names: add --scenario week.json".to_string()
    })
}

/// The whole page.
pub fn text(problem: Option<&Problem>, document: &DiffDocument, plain: bool) -> String {
    let mut blocks = vec![heading(document), verdict(document)];
    let rows = rows(problem, &document.changes);
    if plain {
        let lines: Vec<String> = rows
            .iter()
            .map(|row| format!("{} on {}: before {}; now {}.", row[0], row[1], row[2], row[3]))
            .collect();
        blocks.push(lines.join("\n"));
    } else if !rows.is_empty() {
        let head = HEAD.map(str::to_string).to_vec();
        blocks.push(columns(&[vec![head], rows].concat()).join("\n"));
    }
    for (head, lines) in sections(problem, document) {
        blocks.push(format!("{head}\n  {}", lines.join("\n  ")));
    }
    blocks.extend(next(document));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(problem: Option<&Problem>, document: &DiffDocument) -> String {
    let mut blocks = vec![markdown::title(&heading(document)), markdown::paragraph(&verdict(document))];
    let rows = rows(problem, &document.changes);
    if !rows.is_empty() {
        blocks.push(markdown::table(&HEAD, &rows));
    }
    for (head, lines) in sections(problem, document) {
        blocks.push(markdown::headed(head, &lines));
    }
    blocks.join("\n\n") + "\n"
}
