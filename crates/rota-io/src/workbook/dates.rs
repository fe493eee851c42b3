//! Dates as people type them: ISO, UK style, with the month in letters. One that may be read in two ways is asked
//! about, never guessed.

use super::cells::Cell;
use super::kinds::no_value;
use rota_core::words::{Problem, MONTHS};
use rota_core::{Date, Weekday};

/// How a date of three numbers is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Only where it can be read in one way.
    #[default]
    Asked,
    /// 6/7/2020 is 6 July.
    DayFirst,
    /// 6/7/2020 is 7 June.
    MonthFirst,
}

/// Serial numbers that a spreadsheet would show as a day from 1954 to 2119: likely a date without its format.
const LIKELY_DATES: std::ops::Range<f64> = 20_000.0..80_000.0;

const LIKE: &str = "write it like 15/06/2020, 15 Jun 2020 or 2020-06-15";

/// Reads the day in a cell.
pub fn date(cell: &Cell, order: Order) -> Result<Date, Problem> {
    if let Some(problem) = no_value(cell) {
        return Err(problem);
    }
    match cell {
        Cell::Date(date) => Ok(*date),
        Cell::Text(text) => match written(text, order) {
            Some(read) => read,
            // A serial number typed or saved as a text.
            None if text.parse().is_ok_and(|number| LIKELY_DATES.contains(&number)) => {
                date(&Cell::Number(text.parse().unwrap_or_default()), order)
            }
            None if has_no_year(text) => Err(Problem::new(format!("`{text}` has no year")).help(LIKE)),
            None => Err(Problem::new(format!("`{text}` is not a date")).help(LIKE)),
        },
        Cell::Number(number) if LIKELY_DATES.contains(number) => {
            Err(Problem::new(format!("`{}` is a number where a date is expected", cell.spoken()))
                .help("give the cell the format of a date"))
        }
        _ => Err(Problem::new(format!("`{}` is not a date", cell.spoken())).help(LIKE)),
    }
}

/// Reads a date in words; none when it does not look like a date at all.
pub fn written(text: &str, order: Order) -> Option<Result<Date, Problem>> {
    let text = text.trim();
    let (weekday, bare) = without_weekday(text);
    // A time of midnight, as exports of other programs have it.
    let bare =
        [" 00:00:00", "T00:00:00", " 00:00"].iter().find_map(|end| bare.strip_suffix(end)).unwrap_or(bare);
    let parts: Vec<&str> =
        bare.split(|c: char| "/-., ".contains(c)).filter(|part| !part.is_empty()).collect();
    let [one, two, three] = parts.as_slice() else { return None };
    let number = |part: &str| {
        let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u32>().ok()).flatten()
    };
    let none =
        || Problem::new(format!("there is no `{text}` in the calendar")).help("correct the day or the month");
    let dated = |year: u32, month: u32, day: u32| {
        let date = Date::parse(&format!("{year:04}-{month:02}-{day:02}")).map_err(|_| none())?;
        match weekday {
            Some(said) if said != date.weekday() => {
                let message = format!("`{text}` is a {}, not a {}", date.weekday().long(), said.long());
                Err(Problem::new(message).help("correct the weekday or the date"))
            }
            _ => Ok(date),
        }
    };
    let year = |part: &str| match (part.len(), number(part)) {
        (4, Some(year)) => Some(year),
        (2, Some(year)) => Some(2000 + year),
        _ => None,
    };
    if let (4, Some(year)) = (one.len(), number(one)) {
        return Some(dated(year, number(two).or_else(|| month(two))?, number(three)?));
    }
    let year = year(three)?;
    if let Some(month) = month(two) {
        return Some(dated(year, month, day(one)?));
    }
    if let Some(month) = month(one) {
        return Some(dated(year, month, day(two)?));
    }
    let (first, second) = (number(one)?, number(two)?);
    Some(match order {
        Order::DayFirst => dated(year, second, first),
        Order::MonthFirst => dated(year, first, second),
        Order::Asked if first == second || first > 12 => dated(year, second, first),
        Order::Asked if second > 12 => dated(year, first, second),
        Order::Asked => match (dated(year, second, first), dated(year, first, second)) {
            (Ok(day_first), Ok(month_first)) => {
                Err(Problem::new(format!("`{text}` may be {} or {}", said(day_first), said(month_first)))
                    .help("write the month in letters, like 15 Jun 2020, or the date like 2020-06-15"))
            }
            // The weekday tells.
            (Ok(date), Err(_)) | (Err(_), Ok(date)) => Ok(date),
            (Err(problem), Err(_)) => Err(problem),
        },
    })
}

/// `Mon 15 June 2020`, `Monday, 15/06/2020`: the weekday, and the rest.
fn without_weekday(text: &str) -> (Option<Weekday>, &str) {
    match text.split_once([' ', ',']) {
        Some((first, rest)) if Weekday::parse(first).is_some() => (Weekday::parse(first), rest.trim()),
        _ => (None, text),
    }
}

/// Whether a text is a day and a month alone: `25 Nov`, `Friday 4th December`.
fn has_no_year(text: &str) -> bool {
    let (_, bare) = without_weekday(text.trim());
    let parts: Vec<&str> = bare.split(['-', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let [one, two] = parts.as_slice() else { return false };
    month(two).is_some() && day(one).is_some() || month(one).is_some() && day(two).is_some()
}

fn said(date: Date) -> String {
    format!("{} {}", date.0.format("%-d %B"), date.0.format("%Y"))
}

fn day(part: &str) -> Option<u32> {
    let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| part.strip_suffix(end)).unwrap_or(part);
    (bare.len() <= 2).then(|| bare.parse().ok()).flatten()
}

fn month(part: &str) -> Option<u32> {
    let lower = part.to_lowercase();
    let at = MONTHS.iter().position(|name| {
        lower.len() >= 3 && (name.starts_with(&lower) || lower == "sept" && *name == "september")
    })?;
    Some(at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        match written(text, Order::Asked) {
            None => "no date".to_string(),
            Some(Ok(date)) => date.to_string(),
            Some(Err(problem)) => problem.message,
        }
    }

    #[test]
    fn dates_are_read_as_they_are_typed() {
        for text in [
            "2020-06-15",
            "15/06/2020",
            "15/6/20",
            "15.06.2020",
            "15-06-2020",
            "15-Jun-20",
            "15 June 2020",
            "15th June 2020",
            "Mon 15 June 2020",
            "Monday, 15/06/2020",
            "June 15, 2020",
            "2020-06-15 00:00:00",
            "06/15/2020",
        ] {
            assert_eq!(read(text), "2020-06-15", "{text}");
        }
        assert_eq!(read("6/6/2020"), "2020-06-06");
    }

    #[test]
    fn a_day_without_a_year_is_told() {
        let told = |text: &str| {
            let cell = Cell::Text(text.to_string());
            date(&cell, Order::Asked).expect_err("there is no year").message
        };
        for text in ["25 Nov", "4th Dec", "Friday 4th December", "Nov 25"] {
            assert_eq!(told(text), format!("`{text}` has no year"));
        }
        assert_eq!(told("w/c 14 Dec"), "`w/c 14 Dec` is not a date");
    }

    #[test]
    fn what_may_be_two_days_is_asked_about() {
        assert_eq!(read("06/07/2020"), "`06/07/2020` may be 6 July 2020 or 7 June 2020");
        let order = |order| written("06/07/2020", order).expect("a date").expect("exists").to_string();
        assert_eq!(order(Order::DayFirst), "2020-07-06");
        assert_eq!(order(Order::MonthFirst), "2020-06-07");
        // 6 July 2020 is a Monday, 7 June a Sunday.
        assert_eq!(read("Mon 06/07/2020"), "2020-07-06");
        assert_eq!(read("Sun 06/07/2020"), "2020-06-07");
    }

    #[test]
    fn what_is_no_day_is_said() {
        assert_eq!(read("31/02/2020"), "there is no `31/02/2020` in the calendar");
        assert_eq!(read("Tue 15 June 2020"), "`Tue 15 June 2020` is a Monday, not a Tuesday");
        assert_eq!(read("15 June"), "no date");
        assert_eq!(read("soon"), "no date");
        assert_eq!(read("Amy Jane Walsh"), "no date");
        assert_eq!(read("1/2/x"), "no date");
        let number = date(&Cell::Number(44000.0), Order::Asked).expect_err("no date");
        assert_eq!(number.message, "`44000` is a number where a date is expected");
    }
}
