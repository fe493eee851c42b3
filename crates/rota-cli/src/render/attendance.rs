//! How many people are on site when chance decides, for people to read.

use super::columns::columns;
use super::{count, markdown, number};
use rota_core::Date;
use rota_io::attendance::{AttendanceDocument, Chosen, DayDocument};

/// What the page is about.
pub struct Page<'a> {
    /// The answer.
    pub document: &'a AttendanceDocument,
    /// The scenario's title and days, where there is one.
    pub title: Option<&'a str>,
}

/// A chance in a hundred, with as many digits as tell it from never and always: `0.22 %`, `99.78 %`.
pub fn percent(chance: f64) -> String {
    let from_the_end = chance.min(1.0 - chance) * 100.0;
    let hundredth = chance * 100.0;
    let worded = match from_the_end {
        _ if chance <= 0.0 => "0".to_string(),
        _ if chance >= 1.0 => "100".to_string(),
        small if small < 0.001 && chance < 0.5 => return "less than 0.001 %".to_string(),
        small if small < 0.001 => return "more than 99.999 %".to_string(),
        small if small < 0.095 => format!("{hundredth:.3}"),
        small if small < 0.95 => format!("{hundredth:.2}"),
        _ => format!("{hundredth:.1}"),
    };
    let short =
        if worded.contains('.') { worded.trim_end_matches('0').trim_end_matches('.') } else { &worded };
    format!("{short} %")
}

/// The answer in a sentence or two.
fn verdict(document: &AttendanceDocument) -> String {
    let promise = percent(document.promise);
    let worst = document
        .each
        .iter()
        .filter_map(|day| Some((day.over?, day)))
        .max_by(|one, other| one.0.total_cmp(&other.0));
    let Some((over, day)) = worst else {
        return format!("{} enough with a chance of {promise} on each day.", are(document.enough_each_day));
    };
    let places = day.places.unwrap_or(0);
    let kept = document.kept == Some(true);
    let wanted = if kept { "as promised" } else { "not as promised" };
    let on = day
        .on
        .filter(|_| document.each.len() > 1)
        .map_or(String::new(), |on| format!(", on the worst day, {}", on.spoken()));
    format!(
        "{}{}, {wanted} ({promise}). The chance that more people come is {}{on}.",
        if kept { "" } else { "NOT ENOUGH: " },
        match (document.each.len() > 1, kept) {
            (true, true) => format!("{} enough on every day", are(places)),
            (true, false) => format!("{} too few", are(places)),
            (false, _) => format!("{} enough with a chance of {}", are(places), percent(1.0 - over)),
        },
        percent(over),
    )
}

/// `1 place is`, `30 places are`.
fn are(places: usize) -> String {
    count(places, "place is", "places are")
}

/// What else is to be said, a sentence each.
fn sentences(document: &AttendanceDocument) -> Vec<String> {
    let mut lines = Vec::new();
    if let (Some(any), true) = (document.over_any_day, document.days > 1) {
        lines.push(format!(
            "Over {} days the chance that on at least one of them more people come than there are places is {}.",
            document.days,
            percent(any)
        ));
    }
    let promise = percent(document.promise);
    let mut needed = format!("Places needed for {promise}: {} on each single day", document.enough_each_day);
    if document.days > 1 {
        needed.push_str(&format!("; {} for all {} days together", document.enough_all_days, document.days));
    }
    lines.push(needed + ".");
    if let Some(rota) = &document.rota {
        let saved = match rota.saves {
            0 => "as many".to_string(),
            more if more > 0 => format!("{more} fewer"),
            fewer => format!("{} more", -fewer),
        };
        lines.push(format!(
            "A rota of the same visits, dealt evenly over {}, needs {}: {saved}, and nobody comes in vain.",
            count(rota.days, "working day", "working days"),
            count(rota.places, "place", "places")
        ));
    }
    lines
}

/// What the figures take for granted.
fn taken_as(document: &AttendanceDocument) -> String {
    let who = match document.chosen {
        Chosen::Freely => "people decide each day anew and by themselves (teams that come together, as one)",
        Chosen::Roster => "everybody planned comes unless they do not work after all, each by themselves",
    };
    format!("The chances are exact where {who}, and where no day depends on another.")
}

const HEAD: [&str; 6] = ["", "on average", "95 % of days", "99 % of days", "places", "chance of more"];

fn row(day: &DayDocument) -> Vec<String> {
    let or = |words: Option<String>| words.unwrap_or_else(|| "-".to_string());
    vec![
        day.on.map_or_else(|| "each day".to_string(), Date::spoken),
        number((day.mean * 10.0).round() / 10.0),
        format!("{} or fewer", day.q95),
        format!("{} or fewer", day.q99),
        or(day.places.map(|places| places.to_string())),
        or(day.over.map(percent)),
    ]
}

fn plain_row(day: &DayDocument) -> String {
    let mut line = format!(
        "{}: {} people on average, {} or fewer on 95 % of days, {} or fewer on 99 %",
        day.on.map_or_else(|| "Each day".to_string(), Date::spoken),
        number((day.mean * 10.0).round() / 10.0),
        day.q95,
        day.q99
    );
    if let (Some(places), Some(over)) = (day.places, day.over) {
        line.push_str(&format!(
            "; {}, chance of more people {}",
            count(places, "place", "places"),
            percent(over)
        ));
    }
    line + "."
}

fn heading(page: &Page<'_>) -> String {
    let people = count(page.document.people, "person", "people");
    let how = match page.document.chosen {
        Chosen::Freely => format!("{people} who choose their days"),
        Chosen::Roster => format!("{people} with a roster, some of whom do not come"),
    };
    match page.title {
        Some(title) => format!("{title}\n{how}"),
        None => how,
    }
}

/// The whole page.
pub fn text(page: &Page<'_>, plain: bool) -> String {
    let document = page.document;
    let rows = if plain {
        document.each.iter().map(plain_row).collect()
    } else {
        let head = HEAD.map(str::to_string).to_vec();
        columns(&std::iter::once(head).chain(document.each.iter().map(row)).collect::<Vec<_>>())
    };
    let blocks = [
        heading(page),
        verdict(document),
        rows.join("\n"),
        sentences(document).join("\n"),
        taken_as(document),
    ];
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(page: &Page<'_>) -> String {
    let document = page.document;
    let head = heading(page);
    let (title, below) = head.split_once('\n').unwrap_or((&head, ""));
    let rows: Vec<Vec<String>> = document.each.iter().map(row).collect();
    let mut blocks = vec![
        markdown::title(title),
        markdown::paragraph(below),
        markdown::paragraph(&verdict(document)),
        markdown::table(&HEAD, &rows),
        markdown::section("", &sentences(document)),
        markdown::paragraph(&taken_as(document)),
    ];
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_are_told_with_digits_that_matter() {
        let told = [0.0, 1e-9, 0.002_196, 0.0421, 0.5, 0.997_804, 0.999_999_99, 1.0, 0.2].map(percent);
        let wanted = [
            "0 %",
            "less than 0.001 %",
            "0.22 %",
            "4.2 %",
            "50 %",
            "99.78 %",
            "more than 99.999 %",
            "100 %",
            "20 %",
        ];
        assert_eq!(told, wanted);
    }
}
