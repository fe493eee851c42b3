//! Answers to questions about a roster, in words.

use super::explain::Section;
use super::judged::{breach_line, conflict, spoken_reason};
use super::{capital, clean, number};
use rota_core::typed::Assignment;
use rota_core::Place;
use rota_io::explanation::AnswerDocument;
use rota_rules::Problem;

/// Most things bent instead that are named.
const MOST_INSTEAD: usize = 5;

/// One answer: the question as heading, what would come of it below.
pub fn section(problem: &Problem, answer: &AnswerDocument) -> Section {
    let because = answer.because.as_ref().map(|because| format!(" \"{because}\"")).unwrap_or_default();
    let is_wish = answer
        .rule
        .as_ref()
        .is_some_and(|id| problem.rules.iter().any(|rule| rule.id == *id && rule.rule.name() == "wishes"));
    let head = match &answer.rule {
        Some(_) if is_wish => format!("{}: not granted.", answer.question),
        Some(rule) if *rule == answer.question => format!("{} is bent.", capital(rule)),
        Some(rule) => format!("{rule} is bent: {}.{because}", answer.question),
        None => format!("Why not {}?", answer.question),
    };
    Section { head: clean(&head), lines: lines(problem, answer) }
}

fn lines(problem: &Problem, answer: &AnswerDocument) -> Vec<String> {
    let mut lines = Vec::new();
    let against: Vec<String> = answer.against.iter().map(|id| rule_words(problem, id)).collect();
    if !against.is_empty() {
        lines.push(clean(&format!("Changed by itself, it would go against {}.", against.join(" and "))));
    }
    match answer.outcome.as_str() {
        "kept" => lines.push("It is so already.".to_string()),
        "mistake" => {
            lines.push(clean(&format!("{}.", answer.mistake.as_deref().unwrap_or("It cannot be asked"))));
        }
        "unknown" => lines.push("No answer was found in time; give it longer with --time-limit.".to_string()),
        "impossible" if answer.conflict.is_empty() && !answer.others => lines.push(
            "No roster has it (proved): leave, home days, closed days and the size of the group stand in the way, no other rule."
                .to_string(),
        ),
        "impossible" => {
            lines
                .push("No roster that keeps every rule has it (proved). These stand in the way:".to_string());
            lines.extend(conflict(&answer.conflict).into_iter().map(|line| format!("   {line}")));
            if answer.others {
                lines.push("   and what other people's days allow".to_string());
            }
        }
        _ => lines.extend(compared(answer)),
    }
    lines
}

fn compared(answer: &AnswerDocument) -> Vec<String> {
    let proved = if answer.proved == Some(true) { " (proved)" } else { " (the best found in time)" };
    let more = answer.more.unwrap_or(0.0);
    let is_visits = answer.level.as_deref() == Some("home_first");
    let level = answer.level.as_deref().unwrap_or_default();
    let mut lines = vec![match answer.outcome.as_str() {
        "as_good" => "Another roster that has it is just as good.".to_string(),
        "better" if is_visits => {
            format!(
                "A roster that has it needs {} fewer: this roster is not the best.",
                super::count(
                    (-more).round() as usize,
                    "day away from the usual place",
                    "days away from the usual place"
                )
            )
        }
        "better" => format!(
            "A roster that has it costs {} less in {level} rules: this roster is not the best.",
            number(-more)
        ),
        _ if is_visits => {
            format!(
                "The best roster that has it needs {} and costs nothing else{proved}.",
                super::count(
                    more.round() as usize,
                    "more day away from the usual place",
                    "more days away from the usual place"
                )
            )
        }
        _ => format!("The best roster that has it costs {} more in {level} rules{proved}.", number(more)),
    }];
    let instead: Vec<&_> = answer
        .instead
        .iter()
        .filter(|breach| answer.outcome != "dearer" || rank(&breach.strength) <= rank(level))
        .collect();
    for breach in instead.iter().take(MOST_INSTEAD) {
        let words = if breach.kind == "wishes" {
            format!("{}: no longer granted", breach.sentence)
        } else {
            breach_line(breach).trim_end_matches('.').to_string()
        };
        lines.push(clean(&format!("Instead: {words}.")));
    }
    if instead.len() > MOST_INSTEAD {
        lines.push(format!("and {} more", instead.len() - MOST_INSTEAD));
    }
    if answer.others {
        lines.push("Somebody else would have less of what they asked for.".to_string());
    }
    lines
}

/// The place of a level in their order.
fn rank(level: &str) -> usize {
    ["must", "high", "medium", "low"].iter().position(|name| *name == level).unwrap_or(usize::MAX)
}

/// A rule by its name and reason, for people.
fn rule_words(problem: &Problem, id: &str) -> String {
    let because = problem.rules.iter().find(|rule| rule.id == id).and_then(|rule| rule.because.as_ref());
    match because {
        Some(because) => format!("{id} (\"{because}\")"),
        None if id == "law.seats" => "the number of free seats".to_string(),
        None => spoken_reason(id),
    }
}

/// One person's days: where, and what every visit is needed for.
pub fn days(problem: &Problem, days: &[Assignment]) -> Section {
    let lines = days
        .iter()
        .map(|day| {
            let place = match day.place {
                Place::OnSite => "on site",
                Place::Home => "at home",
                Place::Off => "not working",
            };
            let why: Vec<String> =
                day.needed_for.iter().flatten().map(|id| rule_words(problem, id)).collect();
            let why = match (day.place, why.as_slice()) {
                (Place::OnSite, []) => "; nothing asks for it".to_string(),
                (Place::OnSite, why) => format!("; needed for {}", why.join(", ")),
                _ => String::new(),
            };
            clean(&format!("{}: {place}{why}", capital(&day.on.spoken())))
        })
        .collect();
    Section { head: "Your days".to_string(), lines }
}
