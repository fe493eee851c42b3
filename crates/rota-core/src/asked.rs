//! What is asked about on a command line: `Ben Okafor:today..wed`, `north:18 June`.
//!
//! Weekdays alone are read from today on (see [`Now`]): on a Wednesday `thu` is the next day, `mon` the Monday after. What counts
//! as today is given; nothing here reads a clock.

use crate::date::{Date, Weekday};
use crate::index::{DeskIndex, PersonIndex, SiteIndex, ZoneIndex};
use crate::select::Where;
use crate::site::Site;
use crate::words::{self, Problem};

/// From when days are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// What `today` means.
    pub today: Date,
    /// Weekdays alone are read from this day on: today, or the first day that matters.
    pub from: Date,
}

impl Now {
    /// Everything is read from today on.
    pub fn today(today: Date) -> Now {
        Now { today, from: today }
    }
}

/// A first and a last day, both included.
pub type Days = (Date, Date);

/// A place of work or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Premise {
    /// A site.
    Site(SiteIndex),
    /// A zone.
    Zone(ZoneIndex),
    /// A desk.
    Desk(DeskIndex),
}

/// Reads `amy:18 June`, `Ben Okafor:today..wed`, `cara:thu, fri`: a person by id or name, and days of the calendar.
pub fn person_days(text: &str, site: &Site, now: Now) -> Result<(PersonIndex, Vec<Days>), Problem> {
    let (name, when) = halves(text, "somebody and the days, like amy:18 June or amy:mon..wed")?;
    Ok((words::person(name, site)?, days(when, site, now)?))
}

/// Reads `north:18 June`: a site, zone or desk by id or name, and days of the calendar.
pub fn place_days(text: &str, site: &Site, now: Now) -> Result<(Premise, Vec<Days>), Problem> {
    let (name, when) = halves(text, "a place and the days, like north:18 June")?;
    Ok((place(name, site)?, days(when, site, now)?))
}

/// Reads one day of the calendar: `today`, `thu`, `18 June`, `2020-06-18`.
pub fn day(text: &str, site: &Site, now: Now) -> Result<Date, Problem> {
    one_day(text.trim(), site, now)
}

fn halves<'t>(text: &'t str, wanted: &str) -> Result<(&'t str, &'t str), Problem> {
    match text.rsplit_once(':') {
        Some((name, when)) if !name.trim().is_empty() && !when.trim().is_empty() => {
            Ok((name.trim(), when.trim()))
        }
        _ => Err(Problem::new(format!("`{text}` does not say whom or what, and when"))
            .help(format!("write {wanted}"))),
    }
}

fn place(name: &str, site: &Site) -> Result<Premise, Problem> {
    if let Some(desk) = site.desk_named(name) {
        if site.zone_named(name).is_none() && site.site_named(name).is_none() {
            return Ok(Premise::Desk(desk));
        }
    }
    let what_there_is = |problem: Problem| match &problem.help {
        Some(help) if help.starts_with("did you") => problem,
        _ => problem.help("write a site, zone or desk of the scenario"),
    };
    match words::place(name, site) {
        Ok(Where::Zone(id)) => Ok(Premise::Zone(site.zone_named(&id).expect("words name what there is"))),
        Ok(Where::Site(id)) => Ok(Premise::Site(site.site_named(&id).expect("words name what there is"))),
        Ok(_) => {
            Err(Problem::new(format!("`{name}` is not one site, zone or desk"))
                .help("name each place by itself"))
        }
        Err(problem) => {
            let mut named = DeskIndex::all(site.desks.len())
                .filter(|desk| site.desk(*desk).name.eq_ignore_ascii_case(name));
            match (named.next(), named.next()) {
                (Some(desk), None) => Ok(Premise::Desk(desk)),
                _ => Err(match site.near_desks.nearest(name) {
                    Some(near) if problem.help.as_deref().is_none_or(|help| !help.starts_with("did you")) => {
                        Problem::new(format!("there is no site, zone or desk `{name}`"))
                            .help(format!("did you mean `{near}`?"))
                    }
                    _ => what_there_is(problem),
                }),
            }
        }
    }
}

fn days(text: &str, site: &Site, now: Now) -> Result<Vec<Days>, Problem> {
    let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let mut all = Vec::new();
    for part in parts {
        let Some((first, last)) = words::ends(part) else {
            let day = one_day(part, site, now)?;
            all.push((day, day));
            continue;
        };
        let first = one_day(first, site, now)?;
        let last = match words::weekday(last) {
            // The next such day, the first day itself included.
            Some(weekday) => inside(next(first, weekday), last, site)?,
            None => one_day(last, site, now)?,
        };
        if last < first {
            return Err(Problem::new(format!("`{part}` ends before it begins")).help("swap the two days"));
        }
        all.push((first, last));
    }
    if all.is_empty() {
        return Err(Problem::new("no day is given").help("write days like thu, 18 June or today..wed"));
    }
    Ok(all)
}

fn next(from: Date, weekday: Weekday) -> Date {
    from.plus(((weekday.index() + 7 - from.weekday().index()) % 7) as i64)
}

fn inside(date: Date, said: &str, site: &Site) -> Result<Date, Problem> {
    if site.calendar.day(date).is_some() {
        return Ok(date);
    }
    let (from, to) = (site.calendar.from, site.calendar.to);
    // A date needs no explaining; `today` and weekdays are told as the date that was meant.
    let named = if words::date(said, site) == Some(date) { String::new() } else { format!("`{said}`, ") };
    Err(Problem::new(format!("{named}{} is not in the calendar", date.spoken())).help(format!(
        "give a day from {} to {}",
        from.spoken(),
        to.spoken()
    )))
}

fn one_day(text: &str, site: &Site, now: Now) -> Result<Date, Problem> {
    match text.to_lowercase().as_str() {
        "today" => return inside(now.today, text, site),
        "tomorrow" => return inside(now.today.plus(1), text, site),
        _ => {}
    }
    if let Some(weekday) = words::weekday(text) {
        return from_weekday(weekday, text, site, now);
    }
    match words::written_date(text, site) {
        Some(date) => inside(date?, text, site),
        None => Err(Problem::new(format!("`{text}` is no day"))
            .help("write it like today, thu, 18 June or 2020-06-18")),
    }
}

/// The next such weekday from then on; outside the calendar's days, the only one it has.
fn from_weekday(weekday: Weekday, text: &str, site: &Site, now: Now) -> Result<Date, Problem> {
    let calendar = &site.calendar;
    if calendar.day(now.from).is_some() {
        return inside(next(now.from, weekday), text, site);
    }
    let all: Vec<Date> =
        calendar.days().map(|day| calendar.date(day)).filter(|date| date.weekday() == weekday).collect();
    match all.as_slice() {
        [one] => Ok(*one),
        [] => {
            Err(Problem::new(format!("there is no {} in the calendar", weekday.long()))
                .help("name another day"))
        }
        many => {
            let few: Vec<String> = many.iter().take(4).map(|date| date.spoken()).collect();
            Err(Problem::new(format!("the calendar has {} such days as `{text}`", many.len()))
                .help(format!("say which: {}", few.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Parts;
    use crate::typed;

    /// Monday 15 to Friday 26 June 2020.
    fn site() -> Site {
        let calendar: typed::Calendar =
            serde_json::from_str(r#"{ "from": "2020-06-15", "to": "2020-06-26" }"#).expect("reads");
        let people: Vec<typed::Person> = serde_json::from_str(
            r#"[ { "id": "ben", "name": "Ben Okafor" }, { "id": "cara", "name": "Cara: the second" }, { "id": "o", "name": "Thu" } ]"#,
        )
        .expect("reads");
        let sites: Vec<typed::Site> = serde_json::from_str(
            r#"[ { "id": "hq", "name": "Head office", "zones": [ { "id": "north", "desks": [ { "id": "N1", "name": "By the door" } ] }, { "id": "bay", "seats": 2 } ] } ]"#,
        )
        .expect("reads");
        let (site, findings) = Site::build(&Parts {
            title: None,
            default_place: typed::DefaultPlace::Home,
            calendar: &calendar,
            people: &people,
            sites: &sites,
            history: None,
            previous: &[],
            ties: &[],
        });
        assert!(findings.is_empty(), "{findings:?}");
        site
    }

    fn told(text: &str, today: (u32, u32)) -> String {
        let today = Date::new(2020, today.0, today.1);
        match person_days(text, &site(), Now::today(today)) {
            Ok((person, days)) => {
                let days: Vec<String> = days.iter().map(|(from, to)| format!("{from}..{to}")).collect();
                format!("{} {}", person.0, days.join(" "))
            }
            Err(problem) => {
                assert!(problem.help.is_some(), "{}", problem.message);
                problem.message
            }
        }
    }

    #[test]
    fn people_and_days() {
        assert_eq!(told("ben:2020-06-18", (6, 16)), "0 2020-06-18..2020-06-18");
        assert_eq!(told("Ben Okafor: today..wed", (6, 16)), "0 2020-06-16..2020-06-17");
        assert_eq!(
            told("ben:18 June..20 June, Mon 22 June", (6, 1)),
            "0 2020-06-18..2020-06-20 2020-06-22..2020-06-22"
        );
        // On a Thursday: Thursday is today, Wednesday next week's.
        assert_eq!(told("ben:thu", (6, 18)), "0 2020-06-18..2020-06-18");
        assert_eq!(told("ben:wed..wed", (6, 18)), "0 2020-06-24..2020-06-24");
        assert_eq!(told("ben:thu..tue", (6, 18)), "0 2020-06-18..2020-06-23");
        assert_eq!(told("Cara: the second:tomorrow", (6, 15)), "1 2020-06-16..2020-06-16");
    }

    #[test]
    fn weekdays_are_read_from_the_first_day_that_matters() {
        let now = Now { today: Date::new(2026, 11, 22), from: Date::new(2020, 6, 22) };
        let days = |text: &str| person_days(text, &site(), now).map(|(_, days)| days[0].0);
        assert_eq!(days("ben:tue"), Ok(Date::new(2020, 6, 23)));
        assert!(days("ben:today").is_err());
    }

    #[test]
    fn what_cannot_be_meant() {
        assert_eq!(told("ben", (6, 16)), "`ben` does not say whom or what, and when");
        assert_eq!(told("bem:thu", (6, 16)), "there is no person `bem`");
        assert_eq!(told("ben:thu", (1, 1)), "the calendar has 2 such days as `thu`");
        assert_eq!(told("ben:sun", (1, 1)), "0 2020-06-21..2020-06-21");
        assert_eq!(told("ben:today", (6, 30)), "`today`, Tue 30 June is not in the calendar");
        assert_eq!(told("ben:2 July", (6, 16)), "Thu 2 July is not in the calendar");
        assert_eq!(told("ben:31 June", (6, 16)), "there is no `31 June` in the calendar");
        assert_eq!(told("ben:mon", (6, 23)), "`mon`, Mon 29 June is not in the calendar");
        assert_eq!(told("ben:19 June..18 June", (6, 16)), "`19 June..18 June` ends before it begins");
        assert_eq!(told("ben:soon", (6, 16)), "`soon` is no day");
        assert_eq!(told("ben:,", (6, 16)), "no day is given");
    }

    #[test]
    fn places() {
        let site = site();
        let found = |name: &str| {
            place_days(&format!("{name}:thu"), &site, Now::today(Date::new(2020, 6, 16)))
                .map(|(place, _)| place)
        };
        assert_eq!(found("north"), Ok(Premise::Zone(ZoneIndex(0))));
        assert_eq!(found("Head office"), Ok(Premise::Site(SiteIndex(0))));
        assert_eq!(found("N1"), Ok(Premise::Desk(DeskIndex(0))));
        assert_eq!(found("by the door"), Ok(Premise::Desk(DeskIndex(0))));
        assert!(found("each zone").is_err());
        let near = found("N11").expect_err("no such desk");
        assert_eq!(near.help.as_deref(), Some("did you mean `N1`?"));
    }
}
