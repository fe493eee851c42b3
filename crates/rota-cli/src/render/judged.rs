//! Breaches, wishes and conflicts in words.

use super::{clean, number};
use rota_core::roster::{Place, Roster};
use rota_core::typed::WishCount;
use rota_core::{CohortIndex, Day, DutyIndex, PersonIndex};
use rota_io::document::{BreachDocument, ConflictDocument};
use rota_rules::Problem;
use std::collections::BTreeMap;

/// Why each visit is needed.
pub type Reasons = BTreeMap<(PersonIndex, Day), Vec<String>>;

/// Most wishes of which it is worked out what stands against them.
const MOST_EXPLAINED: usize = 60;

/// The wishes not granted: who, what, and what the visit is needed for.
pub fn refused(problem: &Problem, roster: &Roster, reasons: &Reasons) -> Vec<(String, String, String)> {
    let site = &problem.site;
    let mut lines: Vec<(String, String, String)> = Vec::new();
    let concerns = rota_rules::judge::concerns(problem);
    let mut weighed = roster.clone();
    for person in PersonIndex::all(site.people.len()) {
        for wish in &site.person(person).wishes {
            for day in &wish.days {
                let cell = roster.at(person, *day);
                if wish.fits(site, cell) != wish.avoid {
                    continue;
                }
                let not = if wish.avoid { "not " } else { "" };
                let asked = format!("{not}{} on {}", wish.spoken(site), site.calendar.date(*day).short());
                let why = match reasons.get(&(person, *day)) {
                    // Only for a wish to be at home does the reason of the visit say why not.
                    Some(why)
                        if wish.is_home()
                            && !wish.avoid
                            && cell.place == Place::OnSite
                            && !why.is_empty() =>
                    {
                        let others: Vec<String> = why.iter().map(|why| spoken_reason(why)).collect();
                        format!("needed for {}", others.join(", "))
                    }
                    _ if lines.len() < MOST_EXPLAINED => {
                        let why =
                            rota_rules::judge::against(problem, &concerns, &mut weighed, person, *day, wish);
                        let others: Vec<String> = why.iter().map(|why| spoken_reason(why)).collect();
                        if others.is_empty() {
                            String::new()
                        } else {
                            format!("against {}", others.join(", "))
                        }
                    }
                    _ => String::new(),
                };
                lines.push((clean(&site.person(person).name), clean(&asked), clean(&why)));
            }
        }
    }
    lines
}

/// Who is in which cohort, and who does which duty, as far as there are cohorts and duties.
pub fn cohorts_and_duties(problem: &Problem, roster: &Roster, width: usize) -> Vec<String> {
    let site = &problem.site;
    let people = || PersonIndex::all(site.people.len());
    let name = |person: PersonIndex| clean(&site.person(person).name);
    let mut blocks = Vec::new();
    let mut lines = vec!["Cohorts".to_string()];
    for cohort in CohortIndex::all(site.names.cohorts.len()) {
        let names: Vec<String> =
            people().filter(|person| roster.cohort(*person) == Some(cohort)).map(name).collect();
        let head = format!("{} ({})", clean(&site.names.cohorts[cohort.at()]), names.len());
        lines.push(hanging(&format!("{head}: {}", names.join(", ")), width));
    }
    if lines.len() > 1 {
        blocks.push(lines.join("\n"));
    }
    let mut lines = vec!["Duties".to_string()];
    for day in site.calendar.days() {
        let duties: Vec<String> = DutyIndex::all(site.names.duties.len())
            .filter_map(|duty| {
                let names: Vec<String> =
                    people().filter(|person| roster.at(*person, day).duty == Some(duty)).map(name).collect();
                let duty = clean(&site.names.duties[duty.at()]);
                (!names.is_empty()).then(|| format!("{duty}: {}", names.join(", ")))
            })
            .collect();
        if !duties.is_empty() {
            let date = site.calendar.date(day).spoken();
            lines.push(hanging(&format!("{date}   {}", duties.join("; ")), width));
        }
    }
    if lines.len() > 1 {
        blocks.push(lines.join("\n"));
    }
    blocks
}

/// A line of a list, wrapped.
fn hanging(text: &str, width: usize) -> String {
    let options = textwrap::Options::new(width.max(20)).initial_indent("  ").subsequent_indent("      ");
    textwrap::fill(text, options)
}

/// A reason of a visit, for people.
pub fn spoken_reason(reason: &str) -> String {
    match reason {
        "only" => "works on site only".to_string(),
        "pin" => "a fixed day".to_string(),
        "wish" => "their own wish".to_string(),
        "law.seats" => "no free seat".to_string(),
        rule => rule.to_string(),
    }
}

/// `16 of 18 wishes are granted`.
pub fn wishes_granted(wishes: WishCount) -> String {
    match (wishes.asked, wishes.refused) {
        (1, 0) => "The one wish is granted".to_string(),
        (1, _) => "The one wish is not granted".to_string(),
        (all, 0) => format!("All {all} wishes are granted"),
        (all, refused) => {
            let granted = all - refused;
            format!("{granted} of {all} wishes {} granted", if granted == 1 { "is" } else { "are" })
        }
    }
}

/// How many visits each reason is behind, most first.
pub fn reasons(problem: &Problem, all: &Reasons) -> Vec<(usize, String)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for why in all.values() {
        for reason in why {
            *counts.entry(reason).or_default() += 1;
        }
    }
    let mut lines: Vec<(usize, String)> = counts
        .into_iter()
        .map(|(reason, visits)| {
            let because = problem
                .rules
                .iter()
                .find(|rule| rule.id == reason)
                .and_then(|rule| rule.because.as_ref())
                .map(|because| format!(": {}", clean(because)))
                .unwrap_or_default();
            (visits, format!("{}{because}", clean(&spoken_reason(reason))))
        })
        .collect();
    lines.sort_by_key(|(visits, _)| std::cmp::Reverse(*visits));
    lines
}

/// Breaches that cost something, wishes aside, one line each with its `because`.
pub fn breaches(list: &[BreachDocument], must: bool) -> Vec<String> {
    let mut lines = Vec::new();
    for breach in list.iter().filter(|breach| !is_burden(breach) && breach.cost > 0.0) {
        if (breach.strength == "must") != must {
            continue;
        }
        lines.push(breach_line(breach));
    }
    lines
}

/// Whether a breach is no rule bent: wishes are told by themselves, and `fair` charges every burden, even one that
/// is shared as well as can be.
pub fn is_burden(breach: &BreachDocument) -> bool {
    breach.kind == "wishes" || breach.kind == "fair"
}

/// Agreed exceptions that are used: what is asked, and what was found instead.
pub fn forgiven(list: &[BreachDocument]) -> Vec<String> {
    list.iter().filter(|breach| breach.allowed > 0.0).map(breach_line).collect()
}

/// A number or a word of a document, for people.
pub fn plain(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text.replace('_', " "),
        serde_json::Value::Number(found) => number(found.as_f64().unwrap_or(0.0)),
        other => other.to_string(),
    }
}

/// What a rule asks and what was found instead.
pub fn breach_line(breach: &BreachDocument) -> String {
    let because = breach.because.as_ref().map(|because| format!(" \"{because}\"")).unwrap_or_default();
    let found =
        if breach.found.is_null() { String::new() } else { format!(" (found {})", plain(&breach.found)) };
    clean(&format!("{}: {}{found}.{because}", breach.rule, breach.sentence))
}

/// Most subjects of one rule that are said one by one.
const MOST_SUBJECTS: usize = 6;

/// A conflict: each rule, pin or law with what is asked, in its own sentence.
pub fn conflict(parts: &[ConflictDocument]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut groups: Vec<(String, Vec<&ConflictDocument>)> = Vec::new();
    for part in parts {
        let name = match (&part.rule, &part.law, &part.pin) {
            (Some(rule), ..) => format!("Rule \"{rule}\""),
            (_, Some(_), _) => "Given".to_string(),
            (_, _, Some(_)) => "Fixed in the scenario".to_string(),
            _ => String::new(),
        };
        match groups.last_mut() {
            Some((last, list)) if *last == name => list.push(part),
            _ => groups.push((name, vec![part])),
        }
    }
    for (name, list) in groups {
        let because = list[0].because.as_ref().map(|because| format!("  \"{because}\"")).unwrap_or_default();
        lines.push(clean(&format!("{name}{because}")));
        for part in list.iter().take(MOST_SUBJECTS) {
            lines.push(clean(&format!("    {}", part.sentence)));
        }
        if list.len() > MOST_SUBJECTS {
            lines.push(format!("    and {} more like these", list.len() - MOST_SUBJECTS));
        }
    }
    lines
}
