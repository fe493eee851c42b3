//! Cover with people to spare, for people to read.

use super::attendance::percent;
use super::{clean, count, markdown};
use rota_core::calendar::Per;
use rota_io::spare::{ChanceDocument, RaisedDocument, SpareDocument};

fn verdict(spare: &SpareDocument) -> String {
    let promise = percent(spare.promise);
    let Some(kept) = spare.kept else {
        return format!("Planned with people to spare, so that each must minimum holds with {promise}:");
    };
    let least = spare.chances.iter().min_by(|one, other| one.chance.total_cmp(&other.chance));
    let Some(least) = least else {
        return "People to spare: no must rule `headcount` asks for a least number of people.".to_string();
    };
    let told = |one: &ChanceDocument| {
        let on = match (one.about.on, one.about.to) {
            (Some(on), Some(to)) if on != to => format!(" from {} to {}", on.spoken(), to.spoken()),
            (on, _) => on.map_or(String::new(), |on| format!(" on {}", on.spoken())),
        };
        clean(&format!("{}{on}", one.rule))
    };
    if kept {
        let is_longer = |one: &ChanceDocument| one.about.to.is_some();
        let when = match (spare.chances.iter().any(is_longer), spare.chances.iter().all(is_longer)) {
            (false, _) => "on each day",
            (_, true) => "over its days",
            (true, false) => "on each day, or over its days,",
        };
        return format!(
            "People to spare: each must minimum holds {when} with {promise} or more when people stay away. The least is {}, for {}.",
            percent(least.chance),
            told(least)
        );
    }
    let short = spare.chances.iter().filter(|one| one.chance < spare.promise - 1e-9).count();
    format!(
        "NOT ENOUGH TO SPARE: {} below {promise}. The least is {}, for {}.",
        count(short, "must minimum is", "must minima are"),
        percent(least.chance),
        told(least)
    )
}

/// What was raised, and what was not looked at, a line each.
fn lines(spare: &SpareDocument) -> Vec<String> {
    let raised = |one: &RaisedDocument| {
        let (what, on) = match (one.per, one.on.as_slice()) {
            (None, []) => ("", String::new()),
            (None, days) => {
                let days: Vec<String> = days.iter().map(|on| on.spoken()).collect();
                ("", format!(" on {}", days.join(", ")))
            }
            (Some(_), [first, last]) => {
                ("person-days ", format!(" from {} to {}", first.spoken(), last.spoken()))
            }
            (Some(Per::Rota), _) => ("person-days ", " in the rota".to_string()),
            (Some(_), _) => ("person-days ", " each week".to_string()),
        };
        let of = one.team.as_ref().map_or(String::new(), |team| format!(" of {team}"));
        let needed = needed(one.from);
        clean(&format!("{}: {} {what}planned{of} where {needed} needed{on} ({})", one.rule, one.to, one.by))
    };
    let left = spare.left_out.iter().map(|left| clean(&format!("{} is as it was: {}", left.rule, left.why)));
    spare.raised.iter().map(raised).chain(left).collect()
}

fn needed(number: u32) -> String {
    if number == 1 {
        "1 is".to_string()
    } else {
        format!("{number} are")
    }
}

/// The block below a roster, or below why there is none.
pub fn text(spare: &SpareDocument) -> String {
    let lines: Vec<String> = lines(spare).iter().map(|line| format!("\n  {line}")).collect();
    format!("{}{}\n", verdict(spare), lines.concat())
}

/// The same in Markdown.
pub fn as_markdown(spare: &SpareDocument) -> String {
    markdown::section(&verdict(spare), &lines(spare)) + "\n"
}
