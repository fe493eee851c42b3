//! Messages ready to send to those whose days change. Each speaks of its reader alone: nobody else is named, and no
//! reason is given that would be somebody else's.

use rota_core::clean::joined;
use rota_core::roster::{Cell, Place, Roster};
use rota_core::{Day, PersonIndex, Site};

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// To whom.
    pub person: PersonIndex,
    /// What it says.
    pub text: String,
}

/// A message for everybody whose days differ between two rosters. Days on which somebody does not work after all are
/// not told to them: they said so.
pub fn messages(site: &Site, old: &Roster, new: &Roster) -> Vec<Message> {
    PersonIndex::all(site.people.len())
        .filter_map(|person| {
            let mut told: Vec<(Sentence, Vec<Day>)> = Vec::new();
            for day in site.calendar.days() {
                for sentence in sentences(site, old.at(person, day), new.at(person, day)) {
                    match told.iter_mut().find(|(other, _)| *other == sentence) {
                        Some((_, days)) => days.push(day),
                        None => told.push((sentence, vec![day])),
                    }
                }
            }
            if told.is_empty() {
                return None;
            }
            let mut sentences: Vec<String> = told
                .iter()
                .map(|(Sentence(begin, end), days)| format!("{begin}{}{end}", dates(site, days)))
                .collect();
            sentences.push("Nothing else in your rota changes.".to_string());
            Some(Message { person, text: sentences.join(" ") })
        })
        .collect()
}

/// A sentence about a day: what stands before and after the date.
#[derive(PartialEq)]
struct Sentence(String, String);

/// `Mon 15 June`, `Mon 15 June and Tue 16 June`.
fn dates(site: &Site, days: &[Day]) -> String {
    let dates: Vec<String> = days.iter().map(|day| site.calendar.date(*day).spoken()).collect();
    joined(&dates, "and")
}

/// `late shift`, if there are shifts.
fn shift(site: &Site, cell: &Cell) -> Option<String> {
    cell.shift.map(|shift| format!("{} shift", site.calendar.shifts[shift.at()].name))
}

fn seat(site: &Site, cell: &Cell) -> Option<String> {
    match (cell.desk, cell.zone) {
        (Some(desk), _) => Some(format!("desk {}", site.desk(desk).name)),
        (None, Some(zone)) if site.zones.len() > 1 => Some(site.zone(zone).name.clone()),
        _ => None,
    }
}

/// `, late shift, desk D4`, as far as there is something to say.
fn details(site: &Site, cell: &Cell) -> String {
    let duty = cell.duty.map(|duty| site.names.duties[duty.at()].clone());
    let parts = [shift(site, cell), seat(site, cell), duty].into_iter().flatten();
    parts.fold(String::new(), |words, part| words + ", " + &part)
}

/// What is told of a day that changes.
fn sentences(site: &Site, old: &Cell, new: &Cell) -> Vec<Sentence> {
    let said = |begin: &str, end: String| vec![Sentence(begin.to_string(), end)];
    match (old.place, new.place) {
        (_, Place::Off) | (Place::Home, Place::Home) => Vec::new(),
        (Place::Home, Place::OnSite) => said("Could you come in on ", format!("{}?", details(site, new))),
        (Place::OnSite, Place::Home) => said("You can work at home on ", ".".to_string()),
        (Place::Off, Place::Home) => said("On ", " you work at home.".to_string()),
        (Place::Off, Place::OnSite) => said("On ", format!(" you are on site{}.", details(site, new))),
        (Place::OnSite, Place::OnSite) if old.shift != new.shift || old.site != new.site => {
            let before = details(site, old);
            let before = before.trim_start_matches(", ");
            let before = if before.is_empty() { String::new() } else { format!(" (it was {before})") };
            said("Could you come in on ", format!("{}{before}?", details(site, new)))
        }
        (Place::OnSite, Place::OnSite) => seat_and_duty(site, old, new),
    }
}

/// Another seat, another duty.
fn seat_and_duty(site: &Site, old: &Cell, new: &Cell) -> Vec<Sentence> {
    let was = |what: Option<String>| what.map(|what| format!(" instead of {what}")).unwrap_or_default();
    let mut told = Vec::new();
    if (old.zone, old.desk) != (new.zone, new.desk) {
        let now = seat(site, new);
        told.extend(
            now.map(|now| Sentence("On ".to_string(), format!(" you sit at {now}{}.", was(seat(site, old))))),
        );
    }
    let named = |cell: &Cell| cell.duty.map(|duty| site.names.duties[duty.at()].clone());
    match (named(old), named(new)) {
        (before, Some(now)) if before.as_ref() != Some(&now) => {
            told.push(Sentence(format!("Could you take {now} on "), format!("{}?", was(before))));
        }
        (Some(before), None) => {
            told.push(Sentence(format!("You need not do {before} on "), ".".to_string()));
        }
        _ => {}
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_core::Date;
    use rota_rules::{Problem, Scenario};

    const WEEK: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-15", "to": "2020-06-18", "shifts": [ { "id": "early" }, { "id": "late" } ] },
      "people": [ { "id": "ann", "name": "Ann" }, { "id": "bob", "name": "Bob" }, { "id": "cat", "name": "Cat" } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "hall", "desks": [ { "id": "H1" }, { "id": "H2" } ] } ] } ],
      "rules": [ { "duty": { "name": "post", "at_least": 0 } } ] }"#;

    fn roster(problem: &Problem, lines: &[(&str, u32, &str, &str, &str, &str)]) -> Roster {
        let list: Vec<serde_json::Value> = lines
            .iter()
            .map(|(person, day, place, shift, desk, duty)| {
                let mut one =
                    serde_json::json!({ "person": person, "on": Date::new(2020, 6, *day), "place": place });
                for (field, value) in [("shift", shift), ("desk", desk), ("duty", duty)] {
                    if !value.is_empty() {
                        one[field] = serde_json::Value::from(*value);
                    }
                }
                one
            })
            .collect();
        let list: Vec<rota_core::typed::Assignment> = serde_json::from_value(list.into()).expect("reads");
        Roster::read(&problem.site, &list, &std::collections::BTreeMap::new()).0
    }

    #[test]
    fn everybody_is_told_their_own_days_alone() {
        let scenario = Scenario::read(WEEK).scenario.expect("reads");
        let problem = Problem::new(&scenario).expect("no mistakes").0;
        let old = roster(
            &problem,
            &[
                ("ann", 15, "on_site", "early", "H1", ""),
                ("ann", 16, "home", "", "", ""),
                ("ann", 17, "on_site", "early", "H1", "post"),
                ("bob", 15, "on_site", "early", "H2", ""),
                ("bob", 16, "on_site", "early", "H2", ""),
                ("cat", 15, "home", "", "", ""),
            ],
        );
        let new = roster(
            &problem,
            &[
                ("ann", 15, "on_site", "late", "H1", ""),
                ("ann", 16, "on_site", "late", "H2", ""),
                ("ann", 17, "on_site", "early", "H2", ""),
                ("ann", 18, "home", "", "", ""),
                ("bob", 15, "on_site", "early", "H2", "post"),
                ("bob", 16, "home", "", "", ""),
            ],
        );
        let told = messages(&problem.site, &old, &new);
        assert_eq!(told.len(), 2, "{told:?}");
        assert_eq!(
            told[0].text,
            "Could you come in on Mon 15 June, late shift, desk H1 (it was early shift, desk H1)? \
             Could you come in on Tue 16 June, late shift, desk H2? \
             On Wed 17 June you sit at desk H2 instead of desk H1. You need not do post on Wed 17 June. \
             On Thu 18 June you work at home. Nothing else in your rota changes."
        );
        assert_eq!(
            told[1].text,
            "Could you take post on Mon 15 June? You can work at home on Tue 16 June. \
             Nothing else in your rota changes."
        );
    }
}
