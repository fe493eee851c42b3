//! Which desks and seats can still be used on a day.

use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use rota_core::asked::{day, Now};
use rota_core::{words, Roster};
use rota_io::free::FreeDocument;

/// Which desks and seats can still be used on a day, beside those in use; for one person, those that they may use.
///
/// # Errors
///
/// A day or a person that cannot be read.
pub fn free(
    scenario: &Scenario,
    roster: &Roster,
    on: &str,
    person: Option<&str>,
    options: &Options<'_>,
) -> Result<FreeDocument, Error> {
    let problem = &scenario.problem;
    let site = &problem.site;
    let on = day(on, site, Now::today(site.calendar.from)).map_err(|what| Error::typed("free.day", what))?;
    let at = site.calendar.day(on).expect("the day was read from the calendar");
    let person = person.map(|text| words::person(text, site)).transpose();
    let person = person.map_err(|what| Error::typed("free.person", what))?;
    let found = options.run(|_| rota_planner::free::free(problem, roster, at, &[], person))?;
    Ok(FreeDocument::of(problem, &found, on, &[], person.map(|person| site.person(person).id.clone())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_too_near_to_one_in_use_is_not_free() {
        let scenario = Scenario::read(
            r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
                 "people": [ { "id": "amy" }, { "id": "ben" } ],
                 "sites": [ { "id": "hq", "zones": [ { "id": "room", "desks": [
                   { "id": "D1", "at": [0, 0] }, { "id": "D2", "at": [1, 0] }, { "id": "D3", "at": [3, 0] } ] } ] } ],
                 "rules": [ { "distance": { "metres": 2.0 } } ] }"#,
        )
        .expect("reads");
        let table =
            "person,on,place,site,zone,desk\namy,2020-06-15,on_site,hq,room,D1\nben,2020-06-15,home,,,\n";
        let roster = scenario.roster(table).expect("reads");
        let found = free(&scenario, &roster, "2020-06-15", Some("ben"), &Options::default()).expect("finds");
        let desks: Vec<&str> = found.desks.iter().map(|desk| desk.desk.as_str()).collect();
        assert_eq!((desks, found.too_near), (vec!["D3"], 1));
    }
}
