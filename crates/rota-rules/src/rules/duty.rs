//! `duty`: so many people do a duty.

use super::defaults;
use crate::model::{Model, Row, Sum};
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::Moment;
use rota_core::finding::Finding;
use rota_core::select::{Presence, Spot, When, Where, Who};
use rota_core::site::is_id;
use rota_core::{About, Day, DutyIndex, Limit, Names, PersonIndex, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// So many people do a duty: work that must be counted apart from other work.
///
/// On each open day of `when` at least so many (1 if not given) and at most so many of `who`, on site at
/// `where`, do the duty `name`. A person does one duty at a time: on one day, one duty or none. The roster says
/// who does which.
///
/// `headcount` counts one person as reception, post and scanning at once; two `duty` rules need two people. With
/// `shifts`, those on other shifts are not counted; with `between`, the worst moment inside those times counts.
/// Several rules may speak of the same duty, for other days or other people; each counts its own `who`.
///
/// A breach is about a day (and place, when `where` reads each) and a limit; its amount is the people short or over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// What the duty is called, such as `post`.
    pub name: String,
    /// Who may do it; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// No fewer; 1 if not given.
    #[serde(default = "defaults::one", skip_serializing_if = "defaults::is_one")]
    pub at_least: u32,
    /// No more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// On which days and at which times; always if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// At which places; anywhere if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
}

impl Duty {
    fn duty(&self, site: &Site) -> Option<DutyIndex> {
        site.duty(&self.name)
    }
}

/// At most, moment by moment: what is past alone is never charged.
fn at_mosts(
    site: &Site,
    moments: &[Moment],
    people: &[PersonIndex],
    duty: DutyIndex,
    most: u32,
    spot: Spot,
) -> Vec<f64> {
    let past = |moment: &Moment| {
        let did = |person: &&PersonIndex| {
            let past = moment.parts.iter().filter(|(day, _)| day.is_past());
            let mut parts = past.map(|(day, shifts)| (*day, Presence { shifts: *shifts, spot }));
            parts.any(|(day, presence)| did(site, **person, day, duty, &presence))
        };
        people.iter().filter(did).count() as f64
    };
    moments.iter().map(|moment| past(moment).max(f64::from(most))).collect()
}

/// Whether a person did the duty on a known day before the calendar, in such a way.
fn did(site: &Site, person: PersonIndex, day: Day, duty: DutyIndex, presence: &Presence) -> bool {
    site.past_cell(person, day).is_some_and(|cell| cell.duty == Some(duty) && cell.fits(site, presence))
}

/// 1 when the person does the duty at a moment and place.
fn doing(
    site: &Site,
    model: &mut Model,
    person: PersonIndex,
    duty: DutyIndex,
    moment: &Moment,
    spot: Spot,
) -> Sum {
    let mut parts: Vec<Sum> = Vec::new();
    for (day, shifts) in &moment.parts {
        let presence = Presence { shifts: *shifts, spot };
        if day.is_past() {
            parts.push(Sum::number(f64::from(u8::from(did(site, person, *day, duty, &presence)))));
            continue;
        }
        let does = model.duty(person, *day, duty);
        if does == Sum::default() || !site.works(person, *day) {
            continue;
        }
        // Who does a duty is on site.
        parts.push(if presence == Presence::ON_SITE {
            does
        } else {
            let there = model.on_site(person, *day, &presence);
            model.both(does, there)
        });
    }
    match parts.len() {
        0 | 1 => parts.pop().unwrap_or_default(),
        _ => model.any_of(parts.into_iter().sum()),
    }
}

impl Rule for Duty {
    fn examples() -> Vec<Example<Duty>> {
        vec![
            example(TinySite::Days, r#"{ "name": "post", "who": { "team": "red" } }"#),
            example(TinySite::Days, r#"{ "name": "post", "at_least": 2, "at_most": 2, "when": "Mon" }"#),
            example(TinySite::Days, r#"{ "name": "post", "at_least": 0, "at_most": 0 }"#),
            example(
                TinySite::Desks,
                r#"{ "name": "post", "who": { "tag": "key" }, "where": { "each": "site" }, "when": "Tue" }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "name": "post", "who": { "people": ["ann"] }, "when": { "shifts": ["early", "late"] } }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "name": "post", "who": { "people": ["bob"] }, "when": "20:00-07:00", "at_most": 1 }"#,
            ),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "duty", "/who");
        findings.extend(self.when.findings(site, "duty", "/when"));
        findings.extend(self.at.findings(site, "duty", "/where"));
        if !is_id(&self.name) {
            findings.push(
                Finding::error("duty.name", "/name", format!("`{}` cannot name a duty", self.name))
                    .help("use letters, digits and _ . @ -, at most 64 of them"),
            );
        } else if ["on_site", "home", "refused_wishes"].contains(&self.name.as_str()) {
            let message =
                format!("`{}` cannot name a duty: the rule `fair` means something else by it", self.name);
            findings.push(Finding::error("duty.name", "/name", message).help("choose another name"));
        }
        if self.at_most.is_some_and(|most| most < self.at_least) {
            let message =
                format!("at_least {} is above at_most {}", self.at_least, self.at_most.unwrap_or_default());
            findings.push(
                Finding::error("duty.limits", "/at_least", message)
                    .help("correct the two limits; at_least is 1 where it is not given"),
            );
        }
        findings
    }

    fn names(&self, site: &Site, names: &mut Names) -> Vec<Finding> {
        let duty = names.duty(&self.name);
        let when = self.when.read(site);
        let people = self.who.people(site);
        for day in when.days(site) {
            for moment in when.moments(&site.calendar, day) {
                for (day, _) in moment.parts.iter().filter(|(day, _)| !day.is_past()) {
                    for person in people.iter().filter(|person| site.works(**person, *day)) {
                        names.may_do(*person, *day, duty);
                    }
                }
            }
        }
        Vec::new()
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let Some(duty) = self.duty(site) else { return };
        let people = self.who.people(site);
        let when = self.when.read(site);
        for day in when.days(site) {
            for spot in self.at.spots(site) {
                let moments = when.moments(&site.calendar, day);
                let counts: Vec<Sum> = moments
                    .iter()
                    .map(|moment| {
                        people.iter().map(|person| doing(site, model, *person, duty, moment, spot)).sum()
                    })
                    .collect();
                let about = spot.about(About::day(day));
                let least = f64::from(self.at_least);
                model.at_worst(
                    about.limit(Limit::AtLeast),
                    counts.iter().map(|count| Row::at_least(count.clone(), least)).collect(),
                );
                if let Some(most) = self.at_most {
                    let rows = counts.into_iter().zip(at_mosts(site, &moments, &people, duty, most, spot));
                    let rows = rows.map(|(count, most)| Row::at_most(count, most)).collect();
                    model.at_worst(about.limit(Limit::AtMost), rows);
                }
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let Some(duty) = self.duty(site) else { return };
        let people = self.who.people(site);
        let when = self.when.read(site);
        for day in when.days(site) {
            for spot in self.at.spots(site) {
                let does = |person: PersonIndex, moment: &Moment| {
                    moment.parts.iter().any(|(day, shifts)| {
                        roster.at(person, *day).duty == Some(duty)
                            && (day.is_past() || site.duties_of(person, *day).contains(&duty))
                            && roster.is_there(site, person, *day, &Presence { shifts: *shifts, spot })
                    })
                };
                let moments = when.moments(&site.calendar, day);
                let counts: Vec<f64> = moments
                    .iter()
                    .map(|moment| people.iter().filter(|person| does(**person, moment)).count() as f64)
                    .collect();
                let about = spot.about(About::day(day));
                let least = f64::from(self.at_least);
                tally.at_worst(about.limit(Limit::AtLeast), counts.iter().map(|count| (*count, least)));
                if let Some(most) = self.at_most {
                    let bounds = at_mosts(site, &moments, &people, duty, most, spot);
                    tally.at_worst(about.limit(Limit::AtMost), counts.into_iter().zip(bounds));
                }
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let limit = match (about.limit, self.at_most) {
            (Some(Limit::AtMost), Some(most)) => format!("at most {most}"),
            (None, Some(most)) if most == self.at_least => format!("exactly {most}"),
            (None, Some(most)) => format!("{} to {most}", self.at_least),
            _ => format!("at least {}", self.at_least),
        };
        let who = crate::speak::who(&self.who, site);
        let at = crate::speak::at(&self.at, site, about);
        let when = crate::speak::when(&self.when, site, about, rota_core::Per::Day);
        format!("{limit} of {who} on {} duty{at}{when}", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::Problem;

    /// Monday 15 to Wednesday 17 June 2020; Cat is away on Tuesday.
    const TEAM: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17" },
      "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" },
                  { "id": "cat", "away": ["2020-06-16"] } ] }"#;

    /// Ann and Cat do post on Monday: one over for at most 1; only Ann is of the team. On Tuesday Bob is there but
    /// does nothing: one short. On Wednesday Bob does it.
    #[test]
    fn picture() {
        let lines = ["ann: S+post h h", "bob: S S S+post", "cat: S+post - h"];
        assert_eq!(
            counted(TEAM, r#"{ "duty": { "name": "post", "at_most": 1 } }"#, &lines),
            ["2020-06-15 at_most: 1", "2020-06-16 at_least: 1"]
        );
        let red = r#"{ "duty": { "name": "post", "who": { "team": "red" }, "at_least": 2 } }"#;
        assert_eq!(
            counted(TEAM, red, &["ann: S+post h h", "bob: S S S+post", "cat: S - h"]),
            ["2020-06-15 at_least: 1", "2020-06-16 at_least: 2", "2020-06-17 at_least: 1"]
        );
    }

    /// Early 06-14 and late 12-20, one on each. Between 11 and 15 both must be covered: at 14 Bob is alone.
    #[test]
    fn moments() {
        let site = r#"{ "scenario": 1,
          "calendar": { "from": "2020-06-15", "to": "2020-06-15", "shifts": [
            { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "12:00", "to": "20:00" } ] },
          "people": [ { "id": "ann" }, { "id": "bob" } ] }"#;
        let lines = ["ann: S/early+post", "bob: S/late+post"];
        let count = |when: &str| {
            counted(
                site,
                &format!(r#"{{ "duty": {{ "name": "post", "at_least": 2, "when": {when} }} }}"#),
                &lines,
            )
        };
        assert_eq!(count(r#""12:00-14:00""#), Vec::<String>::new());
        assert_eq!(count(r#""11:00-15:00""#), ["2020-06-15 at_least: 1"]);
        assert_eq!(count(r#"{ "shifts": ["late"] }"#), ["2020-06-15 at_least: 1"]);
    }

    /// Last night's staff are still on duty in the small hours of the first day; what is past is never too many.
    #[test]
    fn the_night_before_counts() {
        let site = r#"{ "scenario": 1,
          "calendar": { "from": "2020-06-16", "to": "2020-06-16", "shifts": [ { "id": "n", "from": "22:00", "to": "06:00" } ] },
          "people": [ { "id": "ann" }, { "id": "bob" } ],
          "history": { "days": [
            { "person": "ann", "on": "2020-06-15", "place": "on_site", "shift": "n", "duty": "post" },
            { "person": "bob", "on": "2020-06-15", "place": "on_site", "shift": "n", "duty": "post" } ] } }"#;
        let count = |limits: &str, when: &str, lines: &[&str]| {
            let rule = format!(r#"{{ "duty": {{ "name": "post", {limits}, "when": "{when}" }} }}"#);
            counted(site, &rule, lines)
        };
        let home = ["ann: h", "bob: h"];
        assert_eq!(count(r#""at_least": 2"#, "01:00-03:00", &home), Vec::<String>::new());
        assert_eq!(count(r#""at_least": 3"#, "01:00-03:00", &home), ["2020-06-16 at_least: 1"]);
        assert_eq!(count(r#""at_most": 1"#, "01:00-03:00", &home), Vec::<String>::new());
        let night = ["ann: S/n+post", "bob: S/n+post"];
        assert_eq!(count(r#""at_most": 1"#, "23:00-23:30", &night), ["2020-06-16 at_most: 1"]);
    }

    fn problem(rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        Problem::new(&scenario)
    }

    #[test]
    fn speaks_and_finds_mistakes() {
        let (found, _) =
            problem(r#"{ "duty": { "name": "post", "who": { "team": "red" } } }"#).expect("no error");
        assert_eq!(
            found.sentence(crate::Owner::Rule(0), &About::day(rota_core::Day(1)).limit(Limit::AtLeast)),
            "at least 1 of red on post duty on Tue 16 June"
        );
        for (rule, code) in [
            (r#"{ "duty": { "name": "the post" } }"#, "duty.name"),
            (r#"{ "duty": { "name": "home" } }"#, "duty.name"),
            (r#"{ "duty": { "name": "post", "at_most": 0 } }"#, "duty.limits"),
            (r#"{ "duty": { "name": "post", "who": { "team": "rde" } } }"#, "duty.nobody"),
        ] {
            let findings = problem(rule).expect_err("an error");
            assert!(findings.iter().any(|finding| finding.code == code), "{findings:?}");
        }
    }
}
