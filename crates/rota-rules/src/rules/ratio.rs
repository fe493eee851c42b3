//! `ratio`: so many of these people for every so many of those.

use super::defaults;
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

/// So many of some people for every so many people on site: a first-aider for every 50, two supervisors for
/// every 10 trainees.
///
/// Counts the people of `of` on site on each open day of `when`, at `where`, and asks for `at_least` people of
/// `who` for every *started* `every` of them ("or part thereof"). 1 for every 50 asks one of a single person, one
/// of 50 and two of 51; 2 for every 50 asks two of ten people and four of 51. It asks nothing when nobody of `of`
/// is there. Somebody in both `who` and `of` counts in both. All sites are taken together unless `where` says
/// otherwise.
///
/// With `between`, it holds at every moment inside those times. People still in from a shift before the rota
/// count towards `who`, but they ask for nobody.
///
/// A breach is about a day (and place, when `where` names or reads each); its amount is the people of `who` who
/// are missing, at the worst moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Who must be there; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// So many of them (1 if not given) ...
    #[serde(default = "defaults::one", skip_serializing_if = "defaults::is_one")]
    pub at_least: u32,
    /// ... for every so many, or part of so many ...
    pub every: u32,
    /// ... of these people; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub of: Who,
    /// On which days and at which times; always if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// At which places; anywhere if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
}

impl Rule for Ratio {
    fn examples() -> Vec<Example<Ratio>> {
        vec![
            example(TinySite::Days, r#"{ "who": { "tag": "key" }, "every": 2 }"#),
            example(TinySite::Days, r#"{ "who": { "tag": "key" }, "at_least": 2, "every": 50 }"#),
            example(
                TinySite::Days,
                r#"{ "who": "key", "every": 1, "of": { "team": "red" }, "when": "Tue" }"#,
            ),
            example(TinySite::Days, r#"{ "at_least": 3, "every": 3 }"#),
            example(TinySite::Long, r#"{ "who": "not key", "every": 5, "when": { "from": "2020-06-22" } }"#),
            example(TinySite::Desks, r#"{ "who": { "team": "red" }, "every": 2 }"#),
            example(
                TinySite::Desks,
                r#"{ "who": { "tag": "key" }, "every": 1, "where": { "each": "zone" } }"#,
            ),
            example(TinySite::Desks, r#"{ "at_least": 2, "every": 3, "where": { "each": "site" } }"#),
            example(TinySite::Desks, r#"{ "who": "key", "every": 4, "where": { "zone": "north" } }"#),
            example(
                TinySite::Shifts,
                r#"{ "who": "key", "every": 2, "when": { "between": "11:00-21:00" } }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "who": "red", "every": 1, "of": "blue", "when": { "between": "19:00-07:00" } }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "who": "key", "every": 2, "when": { "shifts": ["early", "late"] } }"#,
            ),
            example(
                TinySite::DeskShifts,
                r#"{ "who": "key", "every": 1, "when": "08:30-09:30", "where": "north" }"#,
            ),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "ratio", "/who");
        findings.extend(self.of.findings(site, "ratio", "/of"));
        findings.extend(self.when.findings(site, "ratio", "/when"));
        findings.extend(self.at.findings(site, "ratio", "/where"));
        if self.at_least == 0 {
            findings.push(
                Finding::error("ratio.limits", "/at_least", "at_least 0 asks for nobody")
                    .help("write 1 or more, or \"strength\": \"off\" to leave the rule out"),
            );
        }
        if self.every == 0 {
            findings.push(
                Finding::error("ratio.limits", "/every", "`every` must be at least 1")
                    .help("write how many people one of `who` is enough for, for example 50"),
            );
        }
        let people = self.who.people(site).len();
        if people > 0 && (people as u64) < u64::from(self.at_least) {
            findings.push(
                Finding::warning(
                    "ratio.too_few",
                    "/at_least",
                    format!(
                        "at_least is {}, but only {people} can be meant by {}: nobody of {} may be on site",
                        self.at_least,
                        speak::who(&self.who, site),
                        speak::who(&self.of, site)
                    ),
                )
                .help("ask for fewer, or widen `who`"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let (who, of) = (self.who.people(site), self.of.people(site));
        let when = self.when.read(site);
        for day in when.days(site) {
            let moments = when.moments(&site.calendar, day);
            for spot in self.at.spots(site) {
                let mut rows = Vec::with_capacity(moments.len());
                for moment in &moments {
                    // Only shifts of this rota ask for somebody: what is past cannot be a breach.
                    let parts = moment.parts.iter().copied().filter(|(day, _)| !day.is_past()).collect();
                    let asking = Moment { parts };
                    let count: Sum = of.iter().map(|person| model.at(*person, &asking, spot)).sum();
                    let blocks = model.blocks(count, f64::from(self.every));
                    let there: Sum = who.iter().map(|person| model.at(*person, moment, spot)).sum();
                    rows.push(Row::at_least(there + blocks.times(-f64::from(self.at_least)), 0.0));
                }
                model.at_worst(spot.about(About::day(day)), rows);
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let (who, of) = (self.who.people(site), self.of.people(site));
        let when = self.when.read(site);
        for day in when.days(site) {
            for spot in self.at.spots(site) {
                let mut readings = Vec::new();
                for moment in when.moments(&site.calendar, day) {
                    let there =
                        who.iter().filter(|person| roster.is_at(site, **person, &moment, spot)).count();
                    let now =
                        Moment { parts: moment.parts.into_iter().filter(|part| !part.0.is_past()).collect() };
                    let count = of.iter().filter(|person| roster.is_at(site, **person, &now, spot)).count();
                    let wanted = f64::from(self.at_least) * count.div_ceil(self.every.max(1) as usize) as f64;
                    readings.push((there as f64, wanted));
                }
                tally.at_worst(spot.about(About::day(day)), readings);
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(Who::Any(vec![self.who.clone(), self.of.clone()]).people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let whole = match (&self.of, self.every) {
            (Who::Everyone, 1) => format!("person{} on site", scope(site)),
            (Who::Everyone, every) => format!("{every} people{} on site, or part of {every},", scope(site)),
            (of, 1) => format!("one of {} on site", speak::who(of, site)),
            (of, every) => format!("{every} of {} on site, or part of {every},", speak::who(of, site)),
        };
        format!(
            "at least {} of {} for every {whole}{}{}",
            self.at_least,
            speak::who(&self.who, site),
            speak::at(&self.at, site, about),
            speak::when(&self.when, site, about, Per::Day)
        )
    }
}

/// ` of coding`, where the rule is read team by team.
fn scope(site: &Site) -> String {
    site.scope.map(|team| format!(" of {}", site.teams[team.at()].id)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;

    const FIVE: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17" },
      "people": [ { "id": "ann", "tags": ["key"] }, { "id": "bob", "tags": ["key"] }, { "id": "cat" },
                  { "id": "dan" }, { "id": "eve", "away": ["2020-06-16"] } ] }"#;

    /// Five people, two of them with the key.
    ///
    /// ```text
    ///          Mon      Tue      Wed
    /// ann key  on site  on site  home
    /// bob key  on site  home     home
    /// cat      on site  on site  home
    /// dan      on site  on site  home
    /// eve      on site  away     home
    /// ```
    /// One for every 2 of everyone: Monday has 5, that is 3 started pairs, and 2 keys: one short. Tuesday has 3,
    /// 2 started pairs and 1 key: one short. Nobody is in on Wednesday: nothing is asked.
    /// Two for every 3: Monday's 5 are 2 started threes, 4 keys wanted, 2 short; Tuesday's 3 are exactly one: 2
    /// wanted, 1 short. One for every 2 without a key: Monday 3 of them, 2 wanted and 2 there; Tuesday 2, exactly
    /// one pair, 1 wanted and there. Two for every 50: one short on Tuesday.
    #[test]
    fn picture() {
        let lines = ["ann: S S h", "bob: S h h", "cat: S S h", "dan: S S h", "eve: S - h"];
        let count = |rule: &str| counted(FIVE, &format!("{{ \"ratio\": {rule} }}"), &lines);
        assert_eq!(count(r#"{ "who": { "tag": "key" }, "every": 2 }"#), ["2020-06-15: 1", "2020-06-16: 1"]);
        assert_eq!(
            count(r#"{ "who": "key", "at_least": 2, "every": 3 }"#),
            ["2020-06-15: 2", "2020-06-16: 1"]
        );
        assert!(count(r#"{ "who": "key", "every": 2, "of": "not key" }"#).is_empty());
        assert_eq!(count(r#"{ "who": "key", "at_least": 2, "every": 50 }"#), ["2020-06-16: 1"]);
        assert_eq!(count(r#"{ "who": "key", "every": 2, "when": "Tue, Wed" }"#), ["2020-06-16: 1"]);
    }

    /// Early 06-14, late 12-20; ann alone has the key. Monday: ann and bob early, cat and dan late. From 12 to 14
    /// all four are in, 2 keys wanted and 1 there; from 14 the two late ones want 1 and have none. The worst
    /// moment is one short, not the sum of two. Up to 12 o'clock nothing is wrong. On the day as a whole: 4
    /// people, 2 wanted, 1 there. Of the early shift: 2 people, 1 wanted and there.
    #[test]
    fn worst_moment() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15",
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "12:00", "to": "20:00" } ] },
          "people": [ { "id": "ann", "tags": ["key"] }, { "id": "bob" }, { "id": "cat" }, { "id": "dan" } ] }"#;
        let lines = ["ann: S/early", "bob: S/early", "cat: S/late", "dan: S/late"];
        let count = |when: &str| {
            counted(
                scenario,
                &format!(r#"{{ "ratio": {{ "who": "key", "every": 2, "when": {when} }} }}"#),
                &lines,
            )
        };
        assert_eq!(count(r#"{ "between": "08:00-18:00" }"#), ["2020-06-15: 1"]);
        assert!(count(r#"{ "between": "08:00-12:00" }"#).is_empty());
        assert_eq!(count(r#"{ "between": "12:00-13:00" }"#), ["2020-06-15: 1"]);
        assert_eq!(count("{}"), ["2020-06-15: 1"]);
        assert!(count(r#"{ "shifts": ["early"] }"#).is_empty());
    }

    /// Two sites; ann has the key and is at the main one with bob, cat is at the annex. Together: 3 people, 1 for
    /// every 3, ann is there. Site by site: nobody with a key at the annex.
    #[test]
    fn sites_together_or_each() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
          "people": [ { "id": "ann", "tags": ["key"] }, { "id": "bob" }, { "id": "cat" } ],
          "sites": [ { "id": "main", "zones": [ { "id": "north", "seats": 4 } ] },
                     { "id": "annex", "zones": [ { "id": "south", "seats": 4 } ] } ] }"#;
        let lines = ["ann: S@north", "bob: S@north", "cat: S@south"];
        let count = |at: &str| {
            counted(
                scenario,
                &format!(r#"{{ "ratio": {{ "who": "key", "every": 3, "where": {at} }} }}"#),
                &lines,
            )
        };
        assert!(count("\"anywhere\"").is_empty());
        assert_eq!(count(r#"{ "each": "site" }"#), ["2020-06-15 annex: 1"]);
        assert!(count(r#"{ "zone": "north" }"#).is_empty());
    }

    /// Nights 20-08, early 06-14. Bob came on Sunday night, before the rota, and nobody relieves him: what is past
    /// is not a breach. With cat in early on Monday there is a person who asks for a key at 07:00; bob, who has
    /// one, is still there, and so nothing is short until he leaves at 08:00.
    #[test]
    fn the_past_asks_for_nobody() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15", "work_days": ["mon", "sun"],
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "night", "from": "20:00", "to": "08:00" } ] },
          "people": [ { "id": "bob", "tags": ["key"] }, { "id": "cat" } ],
          "history": { "days": [ { "person": "bob", "on": "2020-06-14", "place": "on_site", "shift": "night" } ] } }"#;
        let cats = r#"{ "ratio": { "who": "cat", "every": 1, "when": { "between": "05:00-08:00" } } }"#;
        let keys = |to: &str| {
            format!(r#"{{ "ratio": {{ "who": "key", "every": 1, "when": {{ "between": "05:00-{to}" }} }} }}"#)
        };
        assert!(counted(scenario, cats, &["bob: h", "cat: h"]).is_empty());
        assert!(counted(scenario, &keys("08:00"), &["bob: h", "cat: S/early"]).is_empty());
        assert_eq!(counted(scenario, &keys("09:00"), &["bob: h", "cat: S/early"]), ["2020-06-15: 1"]);
    }

    #[test]
    fn impossible_limits_are_told() {
        let problem = TinySite::Days.problem(&[]);
        let codes = |json: &str| -> Vec<String> {
            let rule: Ratio = serde_json::from_str(json).expect("reads");
            let findings = rule.validate(&problem.site);
            assert!(findings.iter().all(|finding| finding.help.is_some()), "{findings:?}");
            findings.into_iter().map(|finding| finding.code).collect()
        };
        assert_eq!(codes(r#"{ "at_least": 0, "every": 0 }"#), ["ratio.limits", "ratio.limits"]);
        assert_eq!(codes(r#"{ "who": { "tag": "kay" }, "every": 5 }"#), ["ratio.nobody"]);
        assert_eq!(codes(r#"{ "who": "key", "at_least": 3, "every": 5 }"#), ["ratio.too_few"]);
        assert!(codes(r#"{ "who": "key", "at_least": 2, "every": 5 }"#).is_empty());
        assert!(serde_json::from_str::<Ratio>(r#"{ "every": -1 }"#).is_err());
        assert!(serde_json::from_str::<Ratio>(r#"{ "who": "key" }"#).is_err());
    }

    #[test]
    fn sentences() {
        let problem = TinySite::Days.problem(&[]);
        let say = |json: &str| {
            let rule: Ratio = serde_json::from_str(json).expect("reads");
            rule.sentence(&problem.site, &About::day(rota_core::Day(0)))
        };
        assert_eq!(
            say(r#"{ "who": "key", "every": 50 }"#),
            "at least 1 of key for every 50 people on site, or part of 50, on Mon 15 June"
        );
        assert_eq!(
            say(r#"{ "who": "key", "every": 1, "of": { "team": "red" } }"#),
            "at least 1 of key for every one of red on site on Mon 15 June"
        );
    }
}
