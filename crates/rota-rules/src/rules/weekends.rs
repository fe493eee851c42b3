//! `weekends`: on how many weekends each person is on site.

use crate::model::{Model, Sum};
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Calendar, Per};
use rota_core::date::Weekday;
use rota_core::finding::Finding;
use rota_core::select::{Presence, Who};
use rota_core::{About, Day, PersonIndex, Place, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Each person is on site on at most so many weekends of the rota.
///
/// A weekend is a Saturday and the Sunday after it. One with a day on site counts 1, whether one day of it or both.
/// Half a weekend at either end of the rota counts as one. Days at home do not count, and neither do weekends
/// before the rota. A night shift belongs to the day on which it starts: Friday's is not the weekend, Sunday's is.
///
/// Says that weekends are shared out (`at_most: 2` in a rota of four weeks), or that some people have none
/// (`at_most: 0`).
///
/// A breach is about a person; its amount is the weekends over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weekends {
    /// Whose weekends; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// No more weekends than this.
    pub at_most: u32,
}

fn is_weekend(calendar: &Calendar, day: Day) -> bool {
    matches!(calendar.weekday(day), Weekday::Sat | Weekday::Sun)
}

impl Rule for Weekends {
    fn examples() -> Vec<Example<Weekends>> {
        vec![
            example(TinySite::Weekends, r#"{ "at_most": 1 }"#),
            example(TinySite::Weekends, r#"{ "at_most": 0 }"#),
            example(TinySite::Weekends, r#"{ "who": "key", "at_most": 1 }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "weekends", "/who");
        let calendar = &site.calendar;
        if !calendar.work_days[Weekday::Sat.index()] && !calendar.work_days[Weekday::Sun.index()] {
            findings.push(
                Finding::warning(
                    "weekends.no_day",
                    "",
                    "neither Saturday nor Sunday is a work day, so the rule asks nothing",
                )
                .help("add \"sat\" or \"sun\" to `calendar.work_days`, or take the rule out"),
            );
        } else if !calendar.days().any(|day| calendar.is_open(day) && is_weekend(calendar, day)) {
            findings.push(
                Finding::warning("weekends.no_day", "", "no Saturday or Sunday of this rota is open")
                    .help("the rule asks nothing this time; if that is meant, nothing needs doing"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        for person in self.who.each(site) {
            let mut weekends: Vec<Sum> = Vec::new();
            // A week ends with its Saturday and Sunday.
            for week in site.calendar.periods(Per::Week) {
                let days = site.calendar.days().filter(|day| {
                    week.first <= *day && *day <= week.last && is_weekend(&site.calendar, *day)
                });
                let there: Sum = days.map(|day| model.on_site(person, day, &Presence::ON_SITE)).sum();
                weekends.push(model.any_of(there));
            }
            let worked: Sum = weekends.into_iter().sum();
            model.at_most(About::person(person), worked, f64::from(self.at_most));
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        for person in self.who.each(site) {
            let mut worked: Vec<Day> = Vec::new();
            for day in site.calendar.days() {
                let saturday = match site.calendar.weekday(day) {
                    Weekday::Sat => day,
                    Weekday::Sun => day.plus(-1),
                    _ => continue,
                };
                if roster.at(person, day).place == Place::OnSite && worked.last() != Some(&saturday) {
                    worked.push(saturday);
                }
            }
            tally.at_most(About::person(person), worked.len() as f64, f64::from(self.at_most));
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let person = crate::speak::person(&self.who, site, about);
        match self.at_most {
            0 => format!("{person} is on site on no weekend"),
            1 => format!("{person} is on site on at most 1 weekend of the rota"),
            most => format!("{person} is on site on at most {most} weekends of the rota"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::{Owner, Problem};

    /// Sunday 14 to Saturday 27 June 2020, Monday to Thursday no work days, Saturday 20 closed; history Saturday 13.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-14", "to": "2020-06-27", "work_days": ["fri", "sat", "sun"], "closed": ["2020-06-20"] },
      "people": [ { "id": "ann" }, { "id": "bob", "away": ["2020-06-21"] }, { "id": "cat", "works": ["fri", "sat"] } ],
      "history": { "days": [ { "person": "ann", "on": "2020-06-13", "place": "on_site" }, { "person": "cat", "on": "2020-06-13", "place": "on_site" } ] } }"#;

    /// Three weekends: 13 and 14 June, of which Saturday is past; 20 and 21, of which Saturday is closed; 27 alone.
    ///
    /// ```text
    ///        Sat   | Sun  Fri  Sat     Sun   Fri  Sat
    ///        13    | 14   19   20      21    26   27
    /// ann    site  | home site closed  site  home site    21 and 27: 2
    /// bob          | site site closed  away  site site    14 and 27: 2
    /// cat    site  | off  site closed  off   site home    none; the 13th was before the rota
    /// ```
    #[test]
    fn picture() {
        let lines = ["ann: h S S h S", "bob: S S - S S", "cat: - S - S h"];
        assert_eq!(
            counted(TEAM, r#"{ "weekends": { "at_most": 1 } }"#, &lines),
            ["ann at_most: 1", "bob at_most: 1"]
        );
        assert_eq!(
            counted(TEAM, r#"{ "weekends": { "at_most": 0 } }"#, &lines),
            ["ann at_most: 2", "bob at_most: 2"]
        );
        assert_eq!(counted(TEAM, r#"{ "weekends": { "at_most": 2 } }"#, &lines), Vec::<String>::new());
    }

    /// Both days of a weekend are one weekend; Sunday and the Saturday after it are two.
    #[test]
    fn both_days_are_one_weekend() {
        let team = r#"{ "scenario": 1, "calendar": { "from": "2020-06-20", "to": "2020-06-28", "work_days": ["sat", "sun"] },
          "people": [ { "id": "ann" }, { "id": "bob" } ] }"#;
        assert_eq!(
            counted(team, r#"{ "weekends": { "at_most": 1 } }"#, &["ann: S S h h", "bob: h S S h"]),
            ["bob at_most: 1"]
        );
    }

    fn problem_of(calendar: &str, rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let text = format!(
            r#"{{ "scenario": 1, "calendar": {{ {calendar} }}, "people": [ {{ "id": "ann", "name": "Ann" }} ], "rules": [ {rule} ] }}"#
        );
        Problem::new(&Scenario::read(&text).scenario.expect("reads"))
    }

    #[test]
    fn sentences_and_mistakes() {
        let calendar = r#""from": "2020-06-15", "to": "2020-06-28", "work_days": ["fri", "sat"]"#;
        let told = |rule: &str, about: &About| {
            let (problem, findings) = problem_of(calendar, rule).expect("no error");
            assert!(findings.is_empty(), "{findings:?}");
            problem.sentence(Owner::Rule(0), about)
        };
        let ann = About::person(PersonIndex(0));
        assert_eq!(told(r#"{ "weekends": { "at_most": 0 } }"#, &ann), "Ann is on site on no weekend");
        assert_eq!(
            told(r#"{ "weekends": { "at_most": 1 } }"#, &ann),
            "Ann is on site on at most 1 weekend of the rota"
        );
        assert_eq!(
            told(r#"{ "weekends": { "at_most": 2 } }"#, &About::default()),
            "everyone is on site on at most 2 weekends of the rota"
        );
        let rule = r#"{ "weekends": { "at_most": 1 } }"#;
        for (calendar, message) in [
            (
                r#""from": "2020-06-15", "to": "2020-06-28""#,
                "neither Saturday nor Sunday is a work day, so the rule asks nothing",
            ),
            (
                r#""from": "2020-06-15", "to": "2020-06-19", "work_days": ["fri", "sat"]"#,
                "no Saturday or Sunday of this rota is open",
            ),
        ] {
            let (_, findings) = problem_of(calendar, rule).expect("no error");
            assert_eq!(findings.len(), 1, "{findings:?}");
            assert_eq!(
                (findings[0].code.as_str(), findings[0].message.as_str()),
                ("weekends.no_day", message)
            );
            assert!(findings[0].help.is_some());
        }
        let findings =
            problem_of(calendar, r#"{ "weekends": { "who": "an", "at_most": 1 } }"#).expect_err("an error");
        assert_eq!(findings[0].code, "weekends.nobody");
    }
}
