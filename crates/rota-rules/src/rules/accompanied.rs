//! `accompanied`: nobody is there without company.

use crate::model::{Model, Row, Sum};
use crate::rule::{example, Example, Rule};
use crate::speak;
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Moment, Per};
use rota_core::finding::Finding;
use rota_core::select::{When, Where, Who};
use rota_core::{About, PersonIndex, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whenever anyone of `who` is on site, at least so many of `by` are there too.
///
/// Without `by`, the company is `who` itself, and people count themselves: nobody alone in the building is
/// `at_least: 2`. A new starter with a mentor is `who: new`, `by: mentor`, `at_least: 1`. Nobody of a team alone
/// in a zone is `who` the team, `at_least: 2`, `where: each zone`.
///
/// It holds at every moment of every open day of `when` where shifts have times (with `between`, inside those
/// times; with `shifts`, counting people on those shifts only), else on the day as a whole. Each site is read by
/// itself, or each place of `where`. People still in from a shift before the rota are company for others, but need
/// none. Where nobody of `who` is, nothing is asked.
///
/// A breach is about a day and place; its amount is the people of `by` who are missing, at the worst moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accompanied {
    /// Who needs company; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// Who is company; the same people when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Who>,
    /// No fewer of them; whoever is in both counts too.
    pub at_least: u32,
    /// On which days and at which times, such as `{"weekdays": ["mon"]}` or `"09:00-12:00"`; always if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// At which places, such as `{"each": "zone"}`; site by site if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
}

impl Accompanied {
    fn company(&self, site: &Site) -> Vec<PersonIndex> {
        self.by.as_ref().unwrap_or(&self.who).people(site)
    }
}

impl Rule for Accompanied {
    fn examples() -> Vec<Example<Accompanied>> {
        vec![
            example(TinySite::Days, r#"{ "at_least": 2 }"#),
            example(TinySite::Days, r#"{ "who": { "tag": "new" }, "by": { "team": "red" }, "at_least": 1 }"#),
            example(
                TinySite::Days,
                r#"{ "who": { "team": "red" }, "by": "everyone", "at_least": 3, "when": "Tue" }"#,
            ),
            example(TinySite::Days, r#"{ "who": "red", "by": "key", "at_least": 1 }"#),
            example(TinySite::Long, r#"{ "at_least": 2, "when": { "weekdays": ["mon"] } }"#),
            example(TinySite::Desks, r#"{ "at_least": 2 }"#),
            example(
                TinySite::Desks,
                r#"{ "who": { "team": "red" }, "at_least": 2, "where": { "each": "zone" } }"#,
            ),
            example(
                TinySite::Desks,
                r#"{ "who": "red", "by": "blue", "at_least": 1, "where": { "site": "main" } }"#,
            ),
            example(TinySite::Shifts, r#"{ "at_least": 2 }"#),
            example(
                TinySite::Shifts,
                r#"{ "who": "red", "by": "key", "at_least": 1, "when": { "between": "07:00-15:00" } }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "who": "red", "by": "blue", "at_least": 1, "when": { "between": "21:00-07:00" } }"#,
            ),
            example(TinySite::Shifts, r#"{ "at_least": 3, "when": { "shifts": ["night", "early"] } }"#),
            example(TinySite::DeskShifts, r#"{ "at_least": 2 }"#),
            example(
                TinySite::DeskShifts,
                r#"{ "who": "ann", "by": "bob", "at_least": 1, "where": "each zone" }"#,
            ),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "accompanied", "/who");
        let by = self.by.as_ref().map(|by| by.findings(site, "accompanied", "/by")).unwrap_or_default();
        // That nobody is company is told below, with what it means.
        findings.extend(by.into_iter().filter(Finding::is_error));
        findings.extend(self.when.findings(site, "accompanied", "/when"));
        findings.extend(self.at.findings(site, "accompanied", "/where"));
        let (who, company) = (self.who.people(site), self.company(site));
        if self.at_least == 0 {
            findings.push(
                Finding::error("accompanied.limits", "/at_least", "at_least 0 asks for nobody")
                    .help("write 1 or more, or \"strength\": \"off\" to leave the rule out"),
            );
        } else if self.at_least == 1 && self.by.is_none() {
            findings.push(
                Finding::error(
                    "accompanied.limits",
                    "/at_least",
                    "people count themselves, so at_least 1 asks nothing",
                )
                .help("write 2 so that nobody is alone, or say in `by` who is company"),
            );
        } else if self.at_least == 1 && !who.is_empty() && who.iter().all(|person| company.contains(person)) {
            findings.push(
                Finding::warning(
                    "accompanied.limits",
                    "/at_least",
                    "everybody of `who` is in `by` and counts as company, so at_least 1 asks nothing",
                )
                .help("write 2, or leave those of `who` out of `by`"),
            );
        }
        let some = !findings.iter().any(Finding::is_error) && !who.is_empty();
        if some && (company.len() as u64) < u64::from(self.at_least) {
            let meant = speak::who(self.by.as_ref().unwrap_or(&self.who), site);
            let count = match company.len() {
                0 => "nobody is".to_string(),
                1 => "only 1 is".to_string(),
                count => format!("only {count} are"),
            };
            findings.push(
                Finding::warning(
                    "accompanied.too_few",
                    if self.by.is_some() { "/by" } else { "/at_least" },
                    format!(
                        "at_least is {}, but {count} meant by {meant}: nobody of {} may be on site",
                        self.at_least,
                        speak::who(&self.who, site)
                    ),
                )
                .help("ask for fewer, or widen `by`"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let (who, company) = (self.who.people(site), self.company(site));
        let when = self.when.read(site);
        for day in when.days(site) {
            let moments = when.meeting_moments(&site.calendar, day);
            for spot in self.at.meeting_spots(site) {
                let mut rows = Vec::with_capacity(moments.len());
                for moment in &moments {
                    // Only shifts of this rota need company: what is past cannot be a breach.
                    let parts: Vec<_> =
                        moment.parts.iter().copied().filter(|(day, _)| !day.is_past()).collect();
                    if parts.is_empty() {
                        continue;
                    }
                    let needing = Moment { parts };
                    let needy: Sum = who.iter().map(|person| model.at(*person, &needing, spot)).sum();
                    let anyone = model.any_of(needy);
                    let there: Sum = company.iter().map(|person| model.at(*person, moment, spot)).sum();
                    rows.push(Row::at_least(there + anyone.times(-f64::from(self.at_least)), 0.0));
                }
                model.at_worst(spot.about(About::day(day)), rows);
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let (who, company) = (self.who.people(site), self.company(site));
        let when = self.when.read(site);
        for day in when.days(site) {
            for spot in self.at.meeting_spots(site) {
                let readings = when.meeting_moments(&site.calendar, day).into_iter().map(|moment| {
                    let there =
                        company.iter().filter(|person| roster.is_at(site, **person, &moment, spot)).count();
                    let now =
                        Moment { parts: moment.parts.into_iter().filter(|part| !part.0.is_past()).collect() };
                    let needed = who.iter().any(|person| roster.is_at(site, *person, &now, spot));
                    (there as f64, if needed { f64::from(self.at_least) } else { 0.0 })
                });
                tally.at_worst(spot.about(About::day(day)), readings);
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        let by = self.by.clone().unwrap_or_else(|| self.who.clone());
        Some(Who::Any(vec![self.who.clone(), by]).people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let anyone = match (&self.who, site.scope) {
            (Who::Everyone, None) => "anyone".to_string(),
            (Who::Everyone, Some(team)) => format!("anyone of {}", site.teams[team.at()].id),
            (who, _) => format!("anyone of {}", speak::who(who, site)),
        };
        let are = if self.at_least == 1 { "is" } else { "are" };
        let company = match &self.by {
            None => format!("at least {} of them {are}", self.at_least),
            Some(by) => format!("at least {} of {} {are} there too", self.at_least, speak::who(by, site)),
        };
        format!(
            "whenever {anyone} is on site{}{}, {company}",
            speak::at(&self.at, site, about),
            speak::when(&self.when, site, about, Per::Day)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;

    /// Three people, three days, no shifts: the day counts as a whole.
    ///
    /// ```text
    ///               Mon      Tue      Wed
    /// ann mentor    on site  home     home
    /// bob mentor    home     on site  home
    /// cat new       on site  home     home
    /// ```
    /// Nobody alone: two on Monday, bob alone on Tuesday (one short), nobody on Wednesday, nothing asked. Cat with
    /// two mentors: one short on Monday, cat is not there otherwise. Cat with one: kept. Three with anyone new: two
    /// there on Monday, cat counted as she is in `by` as well, one short.
    #[test]
    fn picture() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17" },
          "people": [ { "id": "ann", "tags": ["mentor"] }, { "id": "bob", "tags": ["mentor"] }, { "id": "cat", "tags": ["new"] } ] }"#;
        let lines = ["ann: S h h", "bob: h S h", "cat: S h h"];
        let count = |rule: &str| counted(scenario, &format!("{{ \"accompanied\": {rule} }}"), &lines);
        assert_eq!(count(r#"{ "at_least": 2 }"#), ["2020-06-16: 1"]);
        assert_eq!(count(r#"{ "who": "new", "by": "mentor", "at_least": 2 }"#), ["2020-06-15: 1"]);
        assert!(count(r#"{ "who": "new", "by": "mentor", "at_least": 1 }"#).is_empty());
        assert_eq!(count(r#"{ "who": "new", "by": "everyone", "at_least": 3 }"#), ["2020-06-15: 1"]);
        assert!(count(r#"{ "at_least": 2, "when": "Mon, Wed" }"#).is_empty());
    }

    /// Early 06-14, late 12-20, night 20-08; Monday and Tuesday.
    ///
    /// ```text
    ///       Mon    Tue
    /// ann   early  home
    /// bob   late   early
    /// cat   night  home
    /// ```
    /// At least 2. Monday: ann alone 06-12, ann and bob 12-14, bob alone 14-20, cat alone 20-24: the worst moment is
    /// one short. Tuesday: cat, from Monday, is alone 00-06; cat and bob 06-08; bob alone from 08: one short. At least
    /// 3: two short on both days. Between 12 and 14 on Monday nobody is alone; on Tuesday bob is. Between 06 and 08
    /// nobody is alone on Tuesday, ann is on Monday. Over the night, 21:00-07:00: Monday cat alone until bob comes
    /// at 06; on Tuesday nobody is there from 21:00 on.
    #[test]
    fn every_moment() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16",
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "12:00", "to": "20:00" },
                        { "id": "night", "from": "20:00", "to": "08:00" } ] },
          "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" } ] }"#;
        let lines = ["ann: S/early h", "bob: S/late S/early", "cat: S/night h"];
        let count = |rule: &str| counted(scenario, &format!("{{ \"accompanied\": {rule} }}"), &lines);
        let between =
            |times: &str| count(&format!(r#"{{ "at_least": 2, "when": {{ "between": "{times}" }} }}"#));
        assert_eq!(count(r#"{ "at_least": 2 }"#), ["2020-06-15: 1", "2020-06-16: 1"]);
        assert_eq!(count(r#"{ "at_least": 3 }"#), ["2020-06-15: 2", "2020-06-16: 2"]);
        assert_eq!(between("12:00-14:00"), ["2020-06-16: 1"]);
        assert_eq!(between("06:00-08:00"), ["2020-06-15: 1"]);
        assert_eq!(between("21:00-07:00"), ["2020-06-15: 1"]);
        // On the early shift alone: ann alone on Monday, bob on Tuesday, though others overlap with them.
        assert_eq!(
            count(r#"{ "at_least": 2, "when": { "shifts": ["early"] } }"#),
            ["2020-06-15: 1", "2020-06-16: 1"]
        );
    }

    /// Ann and bob at the main site, bob in another zone; cat at the annex. Nobody alone, site by site: cat is. In
    /// each zone: all three are. Of the red team (ann, bob) in each zone: ann in north, bob in east, and the annex
    /// has nobody of it. At the main site alone: nobody is.
    #[test]
    fn site_by_site() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
          "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat" } ],
          "sites": [ { "id": "main", "zones": [ { "id": "north", "seats": 4 }, { "id": "east", "seats": 4 } ] },
                     { "id": "annex", "zones": [ { "id": "south", "seats": 4 } ] } ] }"#;
        let lines = ["ann: S@north", "bob: S@east", "cat: S@south"];
        let count = |rule: &str| counted(scenario, &format!("{{ \"accompanied\": {rule} }}"), &lines);
        assert_eq!(count(r#"{ "at_least": 2 }"#), ["2020-06-15 annex: 1"]);
        assert_eq!(
            count(r#"{ "at_least": 2, "where": { "each": "zone" } }"#),
            ["2020-06-15 north: 1", "2020-06-15 east: 1", "2020-06-15 south: 1"]
        );
        assert_eq!(
            count(r#"{ "who": "red", "at_least": 2, "where": { "each": "zone" } }"#),
            ["2020-06-15 north: 1", "2020-06-15 east: 1"]
        );
        assert!(count(r#"{ "at_least": 2, "where": { "site": "main" } }"#).is_empty());
    }

    /// Bob came on Sunday night, before the rota, until 08:00. Alone on Monday's early hours, he is past and no
    /// breach. Cat, in from 06:00, has his company until 08:00 and is alone from then on.
    #[test]
    fn the_past_is_company_and_needs_none() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15", "work_days": ["mon", "sun"],
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "night", "from": "20:00", "to": "08:00" } ] },
          "people": [ { "id": "bob" }, { "id": "cat" } ],
          "history": { "days": [ { "person": "bob", "on": "2020-06-14", "place": "on_site", "shift": "night" } ] } }"#;
        let rule = |between: &str| {
            format!(r#"{{ "accompanied": {{ "at_least": 2, "when": {{ "between": "{between}" }} }} }}"#)
        };
        assert!(
            counted(scenario, r#"{ "accompanied": { "at_least": 2 } }"#, &["bob: h", "cat: h"]).is_empty()
        );
        assert!(counted(scenario, &rule("00:00-08:00"), &["bob: h", "cat: S/early"]).is_empty());
        assert_eq!(counted(scenario, &rule("00:00-09:00"), &["bob: h", "cat: S/early"]), ["2020-06-15: 1"]);
    }

    #[test]
    fn limits_that_ask_nothing_or_too_much_are_told() {
        let problem = TinySite::Days.problem(&[]);
        let codes = |json: &str| -> Vec<String> {
            let rule: Accompanied = serde_json::from_str(json).expect("reads");
            let findings = rule.validate(&problem.site);
            assert!(findings.iter().all(|finding| finding.help.is_some()), "{findings:?}");
            findings.into_iter().map(|finding| format!("{} {}", finding.level.word(), finding.code)).collect()
        };
        assert_eq!(codes(r#"{ "at_least": 0 }"#), ["error accompanied.limits"]);
        assert_eq!(codes(r#"{ "at_least": 1 }"#), ["error accompanied.limits"]);
        assert_eq!(codes(r#"{ "who": "new", "by": "key", "at_least": 1 }"#), ["warning accompanied.limits"]);
        assert_eq!(codes(r#"{ "who": "key", "at_least": 3 }"#), ["warning accompanied.too_few"]);
        let empty = r#"{ "by": { "all": [ { "team": "red" }, { "team": "blue" } ] }, "at_least": 1 }"#;
        assert_eq!(codes(empty), ["warning accompanied.too_few"]);
        assert_eq!(codes(r#"{ "by": { "tag": "kay" }, "at_least": 1 }"#), ["error accompanied.nobody"]);
        assert!(codes(r#"{ "at_least": 2 }"#).is_empty());
    }

    #[test]
    fn sentences() {
        let problem = TinySite::Days.problem(&[]);
        let say = |json: &str| {
            let rule: Accompanied = serde_json::from_str(json).expect("reads");
            rule.sentence(&problem.site, &About::day(rota_core::Day(0)))
        };
        assert_eq!(
            say(r#"{ "at_least": 2 }"#),
            "whenever anyone is on site on Mon 15 June, at least 2 of them are"
        );
        assert_eq!(
            say(r#"{ "who": "new", "by": "key", "at_least": 1 }"#),
            "whenever anyone of new is on site on Mon 15 June, at least 1 of key is there too"
        );
    }
}
