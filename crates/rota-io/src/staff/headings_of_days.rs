//! Days that stand above the columns of a grid, with their year or without it.

use super::Options;
use crate::workbook::cells::Cell;
use crate::workbook::dates;
use rota_core::words::Problem;
use rota_core::{Date, Weekday};
use std::collections::BTreeSet;

/// A day read off a heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heading {
    /// The day.
    pub date: Date,
    /// Whether its year was found by its weekday.
    pub year_found: bool,
}

/// The day that a heading names; none when it names no day at all. `Mon 15/6` is the one Monday of that date in the
/// year of the roster, the one before and the one after; without a weekday the year is asked about.
pub fn read(cell: &Cell, options: &Options) -> Option<Result<Heading, Problem>> {
    let whole = |date: Date| Heading { date, year_found: false };
    let text = match cell {
        Cell::Date(date) => return Some(Ok(whole(*date))),
        Cell::Text(text) => text,
        _ => return None,
    };
    if let Some(read) = dates::written(text, options.order) {
        return Some(read.map(whole));
    }
    let has_weekday = text.split([' ', ',']).next().is_some_and(|first| Weekday::parse(first).is_some());
    let this_year: i32 = options.from.to_string().get(..4)?.parse().ok()?;
    let years =
        (this_year - 1..=this_year + 1).map(|year| dates::written(&format!("{text}/{year}"), options.order));
    let tries: Vec<Result<Date, Problem>> = years.collect::<Option<_>>()?;
    let found: BTreeSet<Date> = tries.iter().filter_map(|date| date.as_ref().ok().copied()).collect();
    let unclear =
        tries.into_iter().filter_map(Result::err).find(|problem| problem.message.contains(" may be "));
    let mut found = found.into_iter();
    Some(match (found.next(), found.next(), unclear) {
        (_, _, Some(problem)) => Err(problem),
        (Some(date), None, None) if has_weekday => Ok(Heading { date, year_found: true }),
        (None, ..) => {
            Err(Problem::new(format!("there is no `{text}` from {} to {}", this_year - 1, this_year + 1))
                .help("write the year with it, or name a day near it with --from"))
        }
        _ => Err(Problem::new(format!("`{text}` does not say its year"))
            .help("write the year with it, or the weekday: 15/06/2020, Mon 15/6")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbook::dates::Order;
    use std::collections::BTreeMap;

    fn read(text: &str) -> String {
        let options = Options {
            map: BTreeMap::new(),
            codes: BTreeMap::new(),
            grid: None,
            order: Order::Asked,
            keep_reasons: false,
            from: Date::new(2020, 6, 1),
        };
        match super::read(&Cell::Text(text.to_string()), &options) {
            None => "none".to_string(),
            Some(Ok(heading)) => format!("{} {}", heading.date, heading.year_found),
            Some(Err(problem)) => problem.message,
        }
    }

    #[test]
    fn a_weekday_tells_the_year() {
        assert_eq!(read("Mon 15/6"), "2020-06-15 true");
        assert_eq!(read("Monday 15 June"), "2020-06-15 true");
        // 15 June 2019 was a Saturday, 15 June 2021 a Tuesday.
        assert_eq!(read("Sat 15/6"), "2019-06-15 true");
        assert_eq!(read("Tue 15/6"), "2021-06-15 true");
        assert_eq!(read("Wed 15/6"), "there is no `Wed 15/6` from 2019 to 2021");
        assert_eq!(read("Mon 15/6/2020"), "2020-06-15 false");
    }

    #[test]
    fn what_does_not_say_its_year_is_asked_about() {
        assert_eq!(read("15/6"), "`15/6` does not say its year");
        assert_eq!(read("15 Jun"), "`15 Jun` does not say its year");
        assert!(read("6/7").contains(" may be "), "{}", read("6/7"));
        for text in ["Monday", "Week 1", "Team", "Grade 5", "1/2 day", "Amy Walsh", ""] {
            assert_eq!(read(text), "none", "{text}");
        }
    }
}
