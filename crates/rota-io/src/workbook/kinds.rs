//! What a column holds: how a cell of it becomes JSON, and how JSON becomes such a cell.
//!
//! A value goes into a cell only when the cell, read again, gives the very same value: nothing is lost between the two.

use super::cells::{plain_word, Cell};
use super::dates::{self, Order};
use super::selectors::{self, Names};
use rota_core::words::{self, Problem};
use rota_core::{Date, Weekday};
use serde_json::{json, Value};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text.
    Text,
    /// Texts with commas between them.
    Texts,
    /// One of these words, in any capitals; blanks for `_`.
    Word(&'static [&'static str]),
    /// One of these words, or any other text.
    WordOrText(&'static [&'static str]),
    /// Weekdays: `Mon, Tue` or `Mon-Thu`.
    Weekdays,
    /// Weekdays, or several weeks of them with `/` between: `Mon, Tue / Wed`.
    Works,
    /// A date.
    Date,
    /// A date or a weekday.
    On,
    /// Days that are closed: dates and spans with `;` between.
    Closed,
    /// A time of day.
    Clock,
    /// A number.
    Number,
    /// A number, or a share such as `40%`.
    Share,
    /// Yes or no.
    Flag,
    /// Which people.
    Who,
    /// Which days and times.
    When,
    /// Which places.
    Where,
    /// JSON.
    Json,
}

const YES: &[&str] = &["yes", "y", "x", "true", "1", "✓", "✔"];
const NO: &[&str] = &["no", "n", "false", "0"];

/// Whether a text says yes or no; none for any other text.
pub fn yes_or_no(text: &str) -> Option<bool> {
    let lower = text.to_lowercase();
    if YES.contains(&lower.as_str()) {
        return Some(true);
    }
    NO.contains(&lower.as_str()).then_some(false)
}

/// A number as JSON has it: whole where it is whole.
pub fn number(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Value::from(number as i64)
    } else {
        Value::from(number)
    }
}

fn weekday(day: Weekday) -> Value {
    serde_json::to_value(day).expect("a weekday is plain data")
}

/// Weekdays in words: `Mon, Tue`, `Mon-Thu`, `Mon to Thu`, `Mon Tue`.
pub fn weekdays(text: &str) -> Option<Vec<Weekday>> {
    let mut days = Vec::new();
    if matches!(plain_word(text).as_str(), "none" | "never" | "no_days") {
        return Some(days);
    }
    for part in text.split([',', ';', '&', '+']).flat_map(|part| part.split(" and ")).map(str::trim) {
        if part.is_empty() {
            continue;
        }
        let ends = part
            .split_once(['-', '–'])
            .map(|(first, last)| (first.trim(), last.trim()))
            .or_else(|| words::ends(part));
        if let Some((first, last)) = ends {
            let (first, last) = (words::weekday(first)?, words::weekday(last)?);
            let span = (last.index() + 7 - first.index()) % 7;
            days.extend((0..=span).map(|at| Weekday::ALL[(first.index() + at) % 7]));
        } else {
            for word in part.split_whitespace() {
                days.push(words::weekday(word)?);
            }
        }
    }
    Some(days)
}

fn days_json(days: &[Weekday]) -> Value {
    days.iter().map(|day| weekday(*day)).collect()
}

fn days_words(value: &Value) -> Option<String> {
    let days: Vec<Weekday> = serde_json::from_value(value.clone()).ok()?;
    if days.is_empty() {
        return Some("none".to_string());
    }
    Some(days.iter().map(|day| day.short()).collect::<Vec<_>>().join(", "))
}

/// What is wrong with a cell whose formula gives no value; none for any other cell.
pub fn no_value(cell: &Cell) -> Option<Problem> {
    match cell {
        Cell::Broken(what) => Some(
            Problem::new(format!("the formula in this cell gives `{what}`"))
                .help("mend the formula, or type the value"),
        ),
        Cell::NoResult => Some(
            Problem::new("this cell has a formula whose result is not saved")
                .help("open the file in a spreadsheet program, save it there, or type the value"),
        ),
        _ => None,
    }
}

impl Kind {
    /// The JSON of a cell.
    pub fn read(self, cell: &Cell, names: &Names) -> Result<Value, Problem> {
        if let Some(problem) = no_value(cell) {
            return Err(problem);
        }
        let text = cell.spoken();
        let expected = |what: &str, help: String| Problem::new(format!("`{text}` is not {what}")).help(help);
        Ok(match self {
            Kind::Text => match cell {
                Cell::Date(date) => {
                    return Err(Problem::new(format!("this cell holds a date ({date}) where a text is expected"))
                        .help("spreadsheets turn texts like 1-2 into dates: give the cell the format Text and type it again"))
                }
                _ => Value::from(text),
            },
            Kind::Texts => {
                Kind::Text.read(cell, names)?;
                text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect()
            }
            Kind::Word(known) => {
                let word = plain_word(&text);
                let word = match word.as_str() {
                    "office" | "onsite" | "in" | "site" if known.contains(&"on_site") && !known.contains(&word.as_str()) => "on_site",
                    "wfh" | "at_home" if known.contains(&"home") => "home",
                    word => word,
                };
                if !known.contains(&word) {
                    let spoken: Vec<String> = known.iter().map(|word| word.replace('_', " ")).collect();
                    let near = rota_core::finding::nearest(word, known.iter().copied());
                    let help = near.map_or_else(
                        || format!("write one of: {}", spoken.join(", ")),
                        |near| format!("did you mean `{}`?", near.replace('_', " ")),
                    );
                    return Err(expected("known here", help));
                }
                Value::from(word)
            }
            Kind::WordOrText(known) => {
                let word = plain_word(&text);
                if known.contains(&word.as_str()) {
                    Value::from(word)
                } else {
                    return Kind::Text.read(cell, names);
                }
            }
            Kind::Weekdays => match weekdays(&text) {
                Some(days) => days_json(&days),
                None => return Err(expected("a list of weekdays", "write it like Mon, Tue or Mon-Thu".to_string())),
            },
            Kind::Works => {
                let weeks: Option<Vec<Vec<Weekday>>> = text.split('/').map(weekdays).collect();
                match weeks.as_deref() {
                    Some([week]) => days_json(week),
                    Some(weeks) => weeks.iter().map(|week| days_json(week)).collect(),
                    None => {
                        let help = "write it like Mon, Tue or Mon-Thu; for weeks in turn Mon, Tue / Wed, Thu";
                        return Err(expected("a list of weekdays", help.to_string()));
                    }
                }
            }
            Kind::Date => Value::from(dates::date(cell, Order::Asked)?.to_string()),
            Kind::On => match Weekday::parse(&text) {
                Some(day) => weekday(day),
                None => Value::from(dates::date(cell, Order::Asked)?.to_string()),
            },
            Kind::Closed => closed(cell)?,
            Kind::Clock => match cell {
                Cell::Time(_) => Value::from(text),
                Cell::Text(_) if text.contains(':') => {
                    let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.clone() };
                    Value::from(padded.get(..5).filter(|_| padded.len() == 8 && padded.ends_with(":00")).unwrap_or(&padded))
                }
                _ => return Err(expected("a time of day", "write it like 07:30".to_string())),
            },
            Kind::Number => match cell {
                Cell::Number(own) => number(*own),
                _ => match text.replace(',', ".").parse::<f64>() {
                    Ok(own) if own.is_finite() => number(own),
                    _ => return Err(expected("a number", "write a number in this cell".to_string())),
                },
            },
            Kind::Share => match cell {
                // Spreadsheets keep 40% as 0.4.
                Cell::Number(share) if *share > 0.0 && *share < 1.0 => {
                    let percent = (share * 1e8).round() / 1e6;
                    Value::from(format!("{}%", super::cells::spoken_number(percent)))
                }
                Cell::Text(text) if text.ends_with('%') => Value::from(text.replace(' ', "")),
                _ => return Kind::Number.read(cell, names),
            },
            Kind::Flag => match (cell, yes_or_no(&text)) {
                (Cell::Truth(truth), _) => Value::from(*truth),
                (_, Some(truth)) => Value::from(truth),
                _ => return Err(expected("yes or no", "write yes or no".to_string())),
            },
            Kind::Who => {
                Kind::Text.read(cell, names)?;
                selectors::who(&text, names)?
            }
            Kind::When => match cell {
                Cell::Date(date) => json!({ "dates": [date.to_string()] }),
                _ => selectors::when(&text, names)?,
            },
            Kind::Where => {
                Kind::Text.read(cell, names)?;
                selectors::place(&text, names)?
            }
            Kind::Json => serde_json::from_str(&text).map_err(|what| {
                Problem::new(format!("`{text}` is not JSON: {what}"))
                    .help("write it like {\"minutes\": 15}, or leave the cell empty")
            })?,
        })
    }

    /// A cell that reads back as the value; none where no cell of this kind does.
    pub fn write(self, value: &Value, names: &Names) -> Option<Cell> {
        let text = || value.as_str().map(str::to_string);
        let cell = match self {
            Kind::Text | Kind::Clock => Cell::text(value.as_str()?),
            Kind::Texts => {
                let texts: Option<Vec<&str>> = value.as_array()?.iter().map(Value::as_str).collect();
                Cell::text(&texts?.join(", "))
            }
            Kind::Word(_) | Kind::WordOrText(_) => Cell::text(&value.as_str()?.replace('_', " "))
                .filter(|cell| self.read(cell, names).is_ok_and(|back| back == *value))
                .or_else(|| Cell::text(value.as_str()?)),
            Kind::Weekdays => Cell::text(&days_words(value)?),
            Kind::Works => {
                let weeks = value.as_array()?;
                let each: Option<Vec<String>> = if weeks.iter().any(Value::is_array) {
                    weeks.iter().map(days_words).collect()
                } else {
                    days_words(value).map(|days| vec![days])
                };
                Cell::text(&each?.join(" / "))
            }
            Kind::Date => Some(Cell::Date(Date::parse(value.as_str()?).ok()?)),
            Kind::On => match Weekday::parse(value.as_str()?) {
                Some(day) => Cell::text(day.short()),
                None => Some(Cell::Date(Date::parse(value.as_str()?).ok()?)),
            },
            Kind::Closed => closed_cell(value),
            Kind::Number => value.as_f64().map(Cell::Number),
            Kind::Share => value.as_f64().map(Cell::Number).or_else(|| Cell::text(&text()?)),
            Kind::Flag => Cell::text(if value.as_bool()? { "yes" } else { "no" }),
            Kind::Who => {
                Cell::text(&selectors::who_in_words(value, names).unwrap_or_else(|| value.to_string()))
            }
            Kind::When => Cell::text(&selectors::when_in_words(value).unwrap_or_else(|| value.to_string())),
            Kind::Where => Cell::text(&selectors::place_in_words(value).unwrap_or_else(|| value.to_string())),
            Kind::Json => Cell::text(&value.to_string()),
        };
        let says_it = |cell: &Cell| {
            // What stands in JSON as words is to be read as words.
            let is_words = matches!(self, Kind::Who | Kind::When | Kind::Where) && value.is_string();
            is_words || self.read(cell, names).is_ok_and(|back| same(&back, value))
        };
        let json = || {
            Cell::text(&value.to_string()).filter(|_| matches!(self, Kind::Who | Kind::When | Kind::Where))
        };
        cell.filter(says_it).or_else(|| json().filter(says_it)).filter(fits)
    }
}

/// A spreadsheet's cell holds no more characters.
pub const LONGEST_TEXT: usize = 32_767;

fn fits(cell: &Cell) -> bool {
    !matches!(cell, Cell::Text(text) if text.encode_utf16().count() > LONGEST_TEXT)
}

/// Whether two values are the same, however numbers are written.
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

fn closed(cell: &Cell) -> Result<Value, Problem> {
    if let Cell::Date(date) = cell {
        return Ok(json!([date.to_string()]));
    }
    let text = cell.spoken();
    let on = |text: &str| Kind::On.read(&Cell::Text(text.to_string()), &Names::default());
    let mut days = Vec::new();
    for part in text.split([';', ',']).map(str::trim).filter(|part| !part.is_empty()) {
        days.push(match words::ends(part) {
            Some((from, to)) => json!({ "from": on(from)?, "to": on(to)? }),
            None => on(part)?,
        });
    }
    Ok(Value::Array(days))
}

fn closed_cell(value: &Value) -> Option<Cell> {
    let days = value.as_array()?;
    if let [Value::String(only)] = days.as_slice() {
        if let Ok(date) = Date::parse(only) {
            return Some(Cell::Date(date));
        }
    }
    let each: Option<Vec<String>> = days
        .iter()
        .map(|day| match day {
            Value::String(on) => Some(on.clone()),
            Value::Object(span) if span.len() == 2 => {
                Some(format!("{}..{}", span.get("from")?.as_str()?, span.get("to")?.as_str()?))
            }
            _ => None,
        })
        .collect();
    Cell::text(&each?.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, text: &str) -> Result<Value, String> {
        let cell = Cell::text(text).expect("something to read");
        kind.read(&cell, &Names::default()).map_err(|problem| problem.message)
    }

    #[test]
    fn cells_become_json() {
        assert_eq!(
            read(Kind::Works, "Mon-Wed / Thu, fri"),
            Ok(json!([["mon", "tue", "wed"], ["thu", "fri"]]))
        );
        assert_eq!(read(Kind::Works, "none"), Ok(json!([])));
        assert_eq!(read(Kind::Works, "Mon Tue"), Ok(json!(["mon", "tue"])));
        assert_eq!(read(Kind::Texts, "drives,  first aider ;"), Ok(json!(["drives", "first aider"])));
        assert_eq!(read(Kind::Number, " 2 "), Ok(json!(2)));
        assert_eq!(read(Kind::Share, "40 %"), Ok(json!("40%")));
        assert_eq!(Kind::Share.read(&Cell::Number(0.07), &Names::default()).ok(), Some(json!("7%")));
        assert_eq!(read(Kind::Clock, "7:30"), Ok(json!("07:30")));
        assert_eq!(read(Kind::Clock, "07:30:00"), Ok(json!("07:30")));
        assert_eq!(read(Kind::Word(&["home", "on_site"]), "On site"), Ok(json!("on_site")));
        assert_eq!(read(Kind::Word(&["home", "on_site"]), "WFH"), Ok(json!("home")));
        assert_eq!(read(Kind::On, "Thursday"), Ok(json!("thu")));
        assert_eq!(
            read(Kind::Closed, "16/06/2020; 2020-06-18..2020-06-19"),
            Ok(json!(["2020-06-16", { "from": "2020-06-18", "to": "2020-06-19" }]))
        );
        assert_eq!(Kind::Text.read(&Cell::Number(12.0), &Names::default()).ok(), Some(json!("12")));
    }

    #[test]
    fn cells_that_cannot_be_read_say_why() {
        assert_eq!(
            read(Kind::Weekdays, "Mon, soon"),
            Err("`Mon, soon` is not a list of weekdays".to_string())
        );
        assert_eq!(read(Kind::Number, "many"), Err("`many` is not a number".to_string()));
        assert_eq!(read(Kind::Flag, "maybe"), Err("`maybe` is not yes or no".to_string()));
        let broken = Kind::Text.read(&Cell::Broken("#REF!".to_string()), &Names::default());
        assert_eq!(
            broken.map_err(|problem| problem.message),
            Err("the formula in this cell gives `#REF!`".to_string())
        );
        assert!(Kind::Text.read(&Cell::Date(Date::new(2020, 2, 1)), &Names::default()).is_err());
        assert!(Kind::Date.read(&Cell::Number(44000.0), &Names::default()).is_err());
    }

    #[test]
    fn a_value_that_no_cell_can_say_is_not_written() {
        let names = Names::default();
        assert_eq!(Kind::Texts.write(&json!(["a, b"]), &names), None);
        assert_eq!(Kind::Text.write(&json!(" a"), &names), None);
        assert_eq!(Kind::Text.write(&json!("x".repeat(LONGEST_TEXT + 1)), &names), None);
        assert_eq!(Kind::Closed.write(&json!([{ "on": "2020-06-16", "why": "x" }]), &names), None);
        assert_eq!(Kind::Texts.write(&json!(["a", "b"]), &names), Some(Cell::Text("a, b".to_string())));
    }
}
