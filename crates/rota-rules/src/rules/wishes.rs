//! `wishes`: what people asked for.

use crate::model::Model;
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::finding::Finding;
use rota_core::select::Who;
use rota_core::site::Wanted;
use rota_core::typed::is_false;
use rota_core::{About, Limit, PersonIndex, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What people asked for holds.
///
/// A wish of a person of `who`, on each of its days that the person works, holds when every field given (place,
/// shift, site, zone, desk) fits; with `avoid` it must not hold. On days off a wish is neither granted nor
/// refused. A wish against a pin is refused and counted.
///
/// `equal: true` scales each person's weights so that all their wish-days of the rota together weigh 1: they
/// then only order that person's own wishes.
///
/// A breach is about a person and a day; its amount is the weight of the wishes refused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wishes {
    /// Whose wishes; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// Whether everybody's wishes weigh the same in all; false if not given.
    #[serde(default, skip_serializing_if = "is_false")]
    pub equal: bool,
}

impl Wishes {
    /// What one unit of a person's typed weights counts.
    fn scale(&self, site: &Site, person: PersonIndex) -> f64 {
        if !self.equal {
            return 1.0;
        }
        let total: f64 =
            site.person(person).wishes.iter().map(|wish| wish.weight * wish.days.len() as f64).sum();
        if total > 0.0 {
            1.0 / total
        } else {
            1.0
        }
    }
}

impl Rule for Wishes {
    fn examples() -> Vec<Example<Wishes>> {
        vec![
            example(TinySite::Days, "{}"),
            example(TinySite::Days, r#"{ "who": { "team": "red" }, "equal": true }"#),
            example(TinySite::Long, "{}"),
            example(TinySite::Desks, "{}"),
            example(TinySite::Shifts, "{}"),
            example(TinySite::DeskShifts, "{}"),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "wishes", "/who");
        let anybody = self.who.people(site).iter().any(|person| !site.person(*person).wishes.is_empty());
        if findings.is_empty() && !anybody {
            findings.push(Finding::note("wishes.none", "", "nobody of `who` has a wish"));
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        for person in self.who.each(site) {
            let scale = self.scale(site, person);
            for wish in &site.person(person).wishes {
                let weight = wish.weight * scale;
                for day in wish.days.iter().filter(|day| site.sees_day(**day)) {
                    let there = model.on_site(person, *day, &wish.presence);
                    let holds = if wish.is_home() == wish.avoid { there } else { there.complement() };
                    let about = About::person(person).on(*day);
                    model.at_least(about, holds.times(weight), weight);
                }
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        for person in self.who.each(site) {
            let scale = self.scale(site, person);
            for wish in &site.person(person).wishes {
                for day in wish.days.iter().filter(|day| site.sees_day(**day)) {
                    let cell = roster.at(person, *day);
                    if wish.fits(site, cell) == wish.avoid {
                        let found = serde_json::to_value(cell.place).unwrap_or(Value::Null);
                        let about = About::person(person).on(*day).limit(Limit::AtLeast);
                        tally.charge(about, wish.weight * scale, found, spoken(site, wish));
                    }
                }
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let Some((person, day)) = about.person.zip(about.on) else {
            return format!("the wishes of {} are granted", crate::speak::who(&self.who, site));
        };
        let person = site.person(person);
        let asked: Vec<String> = person
            .wishes
            .iter()
            .filter(|wish| wish.days.contains(&day))
            .map(|wish| spoken(site, wish))
            .collect();
        format!("{} asked for {} on {}", person.name, asked.join(" and "), site.calendar.date(day).spoken())
    }
}

fn spoken(site: &Site, wish: &Wanted) -> String {
    let wanted = wish.spoken(site);
    if wish.avoid {
        format!("not {wanted}")
    } else {
        wanted
    }
}

#[cfg(test)]
mod tests {
    use crate::contract::counted;

    /// Ann asks for home on Mondays (weight 2) and for a Tuesday on site; Bob, away on Tuesday, asks not to be on
    /// site then and for home on Monday.
    ///
    /// ```text
    ///        Mon      Tue
    /// ann    on site  home     both refused: 2 and 1
    /// bob    home     off      Monday granted; Tuesday neither granted nor refused
    /// ```
    #[test]
    fn picture() {
        let picture = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
          "people": [
            { "id": "ann", "wishes": [ { "on": "mon", "place": "home", "weight": 2 }, { "on": "2020-06-16", "place": "on_site" } ] },
            { "id": "bob", "away": ["2020-06-16"], "wishes": [ { "on": "tue", "place": "on_site", "avoid": true }, { "on": "mon", "place": "home" } ] } ] }"#;
        let lines = ["ann: S h", "bob: h -"];
        let plain = counted(picture, r#"{ "wishes": {} }"#, &lines);
        assert_eq!(plain, ["ann 2020-06-15 at_least: 2", "ann 2020-06-16 at_least: 1"]);
        let equal = counted(picture, r#"{ "wishes": { "equal": true } }"#, &["ann: S S", "bob: S -"]);
        assert_eq!(equal.len(), 2);
        assert!(equal[0].starts_with("ann 2020-06-15 at_least: 0.66"), "{equal:?}");
        assert_eq!(equal[1], "bob 2020-06-15 at_least: 1");
    }
}
