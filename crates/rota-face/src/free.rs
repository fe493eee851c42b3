//! Which desks and seats can still be used on a day.

use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use rota_core::asked::{day, Now};
use rota_core::typed::WorkPlace;
use rota_core::words::{self, Problem};
use rota_core::{Date, Day, Finding, PersonIndex, Roster, Site};
use rota_io::free::FreeDocument;

/// What is looked for, in words.
#[derive(Debug, Clone, Copy, Default)]
pub struct Looking<'a> {
    /// The day: `2020-06-18`, `thu`, `today`.
    pub on: &'a str,
    /// For one person, by id or name: such desks and seats as they may use.
    pub person: Option<&'a str>,
    /// What a desk or zone must have.
    pub needs: &'a [String],
    /// From which day on weekdays are read; none for the first day of the calendar.
    pub today: Option<Date>,
}

/// What is looked for, read against a scenario.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    on: Date,
    at: Day,
    person: Option<PersonIndex>,
    needs: &'a [String],
}

/// Reads what is looked for.
///
/// # Errors
///
/// Every mistake in it: a day, person or feature that there is not; a day on which there is nothing to be free.
pub fn place<'a>(scenario: &Scenario, looking: &Looking<'a>) -> Result<Place<'a>, Error> {
    let site = &scenario.problem.site;
    let mut mistakes = Vec::new();
    let mut typed = |code: &str, problem: Problem| mistakes.push(problem.finding(code, "").without_pointer());
    let now = Now::today(looking.today.unwrap_or(site.calendar.from));
    let on = day(looking.on, site, now).map_err(|problem| typed("free.day", problem)).ok();
    let person = looking.person.map(|text| words::person(text, site)).transpose();
    let person = person.map_err(|problem| typed("free.person", problem)).unwrap_or(None);
    mistakes.extend(unknown_needs(looking.needs, site));
    let (Some(on), true) = (on, mistakes.is_empty()) else { return Err(Error::Mistakes(mistakes)) };
    let at = site.calendar.day(on).expect("the day was read from the calendar");
    match nobody_there(site, at, person) {
        Some(finding) => Err(Error::of(finding)),
        None => Ok(Place { on, at, person, needs: looking.needs }),
    }
}

/// Which desks and seats can still be used on a day, beside those in use; for one person, those that they may use.
///
/// # Errors
///
/// Those of the threads alone.
pub fn free(
    scenario: &Scenario,
    roster: &Roster,
    place: &Place<'_>,
    options: &Options<'_>,
) -> Result<FreeDocument, Error> {
    let problem = &scenario.problem;
    let found =
        options.run(|_| rota_planner::free::free(problem, roster, place.at, place.needs, place.person))?;
    let person = place.person.map(|person| problem.site.person(person).id.clone());
    Ok(FreeDocument::of(problem, &found, place.on, place.needs, person))
}

/// A day on which there is nothing to be free: closed, or not one on which the person may come.
fn nobody_there(site: &Site, at: Day, person: Option<PersonIndex>) -> Option<Finding> {
    let date = site.calendar.date(at).spoken();
    let message = match person {
        _ if !site.calendar.is_open(at) => format!("{date} is a closed day"),
        Some(person) if !site.works(person, at) => {
            format!("{} does not work on {date}", site.person(person).name)
        }
        Some(person) if site.laid_down(person, at) == Some(WorkPlace::Home) => {
            format!("{} works at home only on {date}", site.person(person).name)
        }
        _ => return None,
    };
    Some(Finding::error("free.nobody", "", message).help("ask for another day"))
}

/// Features that no desk and no zone has.
fn unknown_needs(needs: &[String], site: &Site) -> Vec<Finding> {
    let desks = site.desks.iter().flat_map(|desk| &desk.features);
    let known: Vec<&str> =
        desks.chain(site.zones.iter().flat_map(|zone| &zone.features)).map(String::as_str).collect();
    let unknown = needs.iter().filter(|need| !known.contains(&need.as_str()));
    unknown
        .map(|need| {
            Finding::error("free.needs", "", format!("no desk and no zone has `{need}`"))
                .did_you_mean(need, known.iter().copied())
                .or_help("name a feature that stands on a desk or zone of the scenario")
                .without_pointer()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week() -> Scenario {
        Scenario::read(
            r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17", "closed": ["2020-06-16"] },
                 "people": [ { "id": "amy" }, { "id": "ben", "only": [ { "place": "home", "from": "2020-06-17" } ] },
                             { "id": "cara", "away": ["2020-06-15"] } ],
                 "sites": [ { "id": "hq", "zones": [ { "id": "room", "desks": [
                   { "id": "D1", "at": [0, 0] }, { "id": "D2", "at": [1, 0] }, { "id": "D3", "at": [3, 0] } ] } ] } ],
                 "rules": [ { "distance": { "metres": 2.0 } } ] }"#,
        )
        .expect("reads")
    }

    #[test]
    fn a_desk_too_near_to_one_in_use_is_not_free() {
        let scenario = week();
        let table =
            "person,on,place,site,zone,desk\namy,2020-06-15,on_site,hq,room,D1\nben,2020-06-15,home,,,\n";
        let roster = scenario.roster(table).expect("reads");
        let looking = Looking { on: "mon", person: Some("ben"), ..Looking::default() };
        let place = place(&scenario, &looking).expect("reads");
        let found = free(&scenario, &roster, &place, &Options::default()).expect("finds");
        let desks: Vec<&str> = found.desks.iter().map(|desk| desk.desk.as_str()).collect();
        assert_eq!((desks, found.too_near), (vec!["D3"], 1));
    }

    #[test]
    fn where_nobody_can_come_nothing_is_free() {
        let scenario = week();
        let told = |on: &str, person: Option<&str>, needs: &[String]| -> Vec<String> {
            let looking = Looking { on, person, needs, today: None };
            let error = place(&scenario, &looking).expect_err("is refused");
            error.findings().into_iter().map(|finding| finding.message).collect()
        };
        assert_eq!(told("tue", None, &[]), ["Tue 16 June is a closed day"]);
        assert_eq!(told("wed", Some("ben"), &[]), ["ben works at home only on Wed 17 June"]);
        assert_eq!(told("mon", Some("cara"), &[]), ["cara does not work on Mon 15 June"]);
        assert_eq!(told("18 June", Some("zoe"), &["lamp".to_string()]).len(), 3);
    }
}
