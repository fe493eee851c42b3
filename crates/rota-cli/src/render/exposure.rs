//! Who meets whom, and what one case breaks, for whoever makes the roster.

use super::columns::columns;
use super::roster::heading;
use super::{clean, count, judged, markdown};
use rota_core::Date;
use rota_io::exposure::{CaseDay, CaseDocument, ContactsDocument, ExposureDocument};
use rota_rules::rules::contacts::Within;
use rota_rules::Problem;

/// What the page is about.
pub struct Page<'a> {
    /// The scenario.
    pub problem: &'a Problem,
    /// The answer.
    pub document: &'a ExposureDocument,
}

const PRIVATE: &str = "For whoever makes the roster, not for sharing.";

fn name(problem: &Problem, id: &str) -> String {
    let person = problem.site.person_named(id);
    clean(person.map_or(id, |person| problem.site.person(person).name.as_str()))
}

/// `one site`, `one zone`.
fn shared(document: &ExposureDocument) -> &'static str {
    match document.within {
        Within::Site => "at one site",
        Within::Zone => "in one zone",
    }
}

struct Parts {
    title: String,
    verdict: String,
    /// Head and rows.
    table: Option<(Vec<&'static str>, Vec<Vec<String>>)>,
    lists: Vec<(String, Vec<String>)>,
    terms: String,
}

fn parts(page: &Page<'_>) -> Parts {
    let document = page.document;
    match (&document.case, &document.contacts) {
        (Some(case), _) => of_case(page, case),
        (None, Some(contacts)) => of_contacts(page, contacts),
        (None, None) => unreachable!("a document answers one question"),
    }
}

fn of_case(page: &Page<'_>, case: &CaseDocument) -> Parts {
    let problem = page.problem;
    let who = name(problem, &case.person);
    let away = match case.contacts.len() {
        0 => format!("{who} stays away, and nobody else: they met nobody"),
        others => format!("{who} and {} who met them stay away", count(others, "person", "people")),
    };
    let fails = match case.first {
        None => "Every must rule that was kept is still kept.".to_string(),
        Some(first) => format!(
            "NOT ALL RULES KEPT: must rules fail in {}, from {} on.",
            count(case.broken.len(), "place", "places"),
            first.spoken()
        ),
    };
    let days = if case.known == case.until {
        format!("on {}", case.until.spoken())
    } else {
        format!("from {} to {}", case.known.spoken(), case.until.spoken())
    };
    let verdict = format!(
        "{fails} If it becomes known before work on {}{}, {away}, {days}: {}.",
        case.known.spoken(),
        if case.by_day.is_empty() { "" } else { " (the worst day)" },
        match case.visits_lost {
            0 => "no visit is lost".to_string(),
            lost => count(lost, "visit does not happen", "visits do not happen"),
        }
    );
    let contacts: Vec<String> = case.contacts.iter().map(|id| name(problem, id)).collect();
    let mut lists = vec![
        ("Must rules that fail".to_string(), judged::breaches(&case.broken, true)),
        (format!("Who met {who} {} in the days before", shared(page.document)), contacts),
    ];
    lists.retain(|(_, lines)| !lines.is_empty());
    let or = |date: Option<Date>| date.map_or_else(|| "-".to_string(), Date::spoken);
    let row = |day: &CaseDay| {
        vec![
            day.known.spoken(),
            day.group.to_string(),
            day.visits_lost.to_string(),
            day.broken.to_string(),
            or(day.first),
        ]
    };
    let head = vec!["known before work on", "stay away", "visits lost", "must rules fail in", "from"];
    let rows: Vec<Vec<String>> = case.by_day.iter().map(row).collect();
    Parts {
        title: format!("If {who} has to stay away"),
        verdict,
        table: (!rows.is_empty()).then_some((head, rows)),
        lists,
        terms: format!(
            "Taken as met: on site on the same day {}, in the {} before. They stay away for {} and work at home where they can. Nothing is planned anew: rota cover and rota replan do that.",
            shared(page.document),
            count(page.document.back_days as usize, "calendar day", "calendar days"),
            count(page.document.stay_days as usize, "day", "days"),
        ),
    }
}

fn of_contacts(page: &Page<'_>, contacts: &ContactsDocument) -> Parts {
    let largest = contacts.people.iter().max_by_key(|one| (one.group, std::cmp::Reverse(one.known)));
    let verdict = match largest.filter(|one| one.group > 1) {
        None => "Nobody meets anybody in this roster.".to_string(),
        Some(one) => format!(
            "One case keeps away {} at most, that person included; so many if it becomes known before work on {}.",
            count(one.group, "person", "people"),
            one.known.spoken()
        ),
    };
    let mut each: Vec<usize> = contacts.people.iter().map(|one| one.contacts).collect();
    each.sort_unstable();
    let all = each.len() * each.len().saturating_sub(1) / 2;
    let middle = each.get(each.len() / 2).copied().unwrap_or(0);
    let teams = match page.problem.site.teams.len() {
        0 | 1 => String::new(),
        _ => format!(", {} of them across teams", contacts.across_teams),
    };
    let mut lines = vec![
        format!("{} of {all} pairs of people meet{teams}.", contacts.pairs),
        format!(
            "Each person meets {} to {} others, half of them {middle} or more.",
            each.first().copied().unwrap_or(0),
            each.last().copied().unwrap_or(0)
        ),
    ];
    if let Some(across) = contacts.across_cohorts {
        lines.push(match across {
            0 => "Nobody meets anybody of another cohort.".to_string(),
            across => format!("{} across cohorts.", count(across, "pair meets", "pairs meet")),
        });
    }
    Parts {
        title: "Who meets whom".to_string(),
        verdict,
        table: None,
        lists: vec![("In the whole rota".to_string(), lines)],
        terms: format!(
            "Taken as met: on site on the same day {}. For one case, the {} before it becomes known are looked at. What one case breaks: --case PERSON.",
            shared(page.document),
            count(page.document.back_days as usize, "day", "days"),
        ),
    }
}

/// The whole page.
pub fn text(page: &Page<'_>, plain: bool) -> String {
    let parts = parts(page);
    let mut blocks = vec![format!("{}\n{}. {PRIVATE}", heading(page.problem), parts.title), parts.verdict];
    for (head, lines) in &parts.lists {
        blocks.push(format!("{head}\n  {}", lines.join("\n  ")));
    }
    if let Some((head, rows)) = parts.table {
        blocks.push(if plain {
            let say = |row: &Vec<String>| {
                head.iter()
                    .zip(row)
                    .map(|(name, value)| format!("{name} {value}"))
                    .collect::<Vec<_>>()
                    .join(", ")
                    + "."
            };
            rows.iter().map(say).collect::<Vec<_>>().join("\n")
        } else {
            let head = head.iter().map(|word| (*word).to_string()).collect();
            columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>()).join("\n")
        });
    }
    blocks.push(parts.terms);
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(page: &Page<'_>) -> String {
    let parts = parts(page);
    let mut blocks = vec![
        markdown::title(&format!("{}: {}", heading(page.problem), parts.title)),
        markdown::paragraph(PRIVATE),
        markdown::paragraph(&parts.verdict),
    ];
    blocks.extend(parts.lists.iter().map(|(head, lines)| markdown::headed(head, lines)));
    if let Some((head, rows)) = &parts.table {
        blocks.push(markdown::table(head, rows));
    }
    blocks.push(markdown::paragraph(&parts.terms));
    blocks.join("\n\n") + "\n"
}
