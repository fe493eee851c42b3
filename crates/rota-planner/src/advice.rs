//! What a scenario should be asked about before it is solved: reviews that are due, everybody called in without a
//! reason, words that say something about somebody's health.

use rota_core::calendar::Per;
use rota_core::{Date, Finding};
use rota_rules::model::Look;
use rota_rules::rules::days::Days;
use rota_rules::rules::headcount::{Headcount, Quota};
use rota_rules::{AnyRule, Problem, ProblemRule, Scenario, Strength};
use std::collections::BTreeMap;

/// All of this module.
pub fn advice(scenario: &Scenario, problem: &Problem) -> Vec<Finding> {
    let mut findings = review_due(problem);
    findings.extend(no_reason(problem));
    findings.extend(health_words(scenario));
    findings
}

fn read_rules(problem: &Problem) -> impl Iterator<Item = (usize, &ProblemRule)> {
    problem.rules.iter().enumerate().filter(|(_, rule)| rule.strength != Strength::Off)
}

/// Rules whose `review` lies before the calendar's first day.
pub fn review_due(problem: &Problem) -> Vec<Finding> {
    let is_due = |review: &Date| *review < problem.site.calendar.from;
    read_rules(problem)
        .filter_map(|(at, rule)| rule.review.filter(is_due).map(|review| (at, rule, review)))
        .map(|(at, rule, review)| {
            Finding::warning(
                "rule.review",
                format!("/rules/{at}/review"),
                format!("`{}` was to be reviewed by {}", rule.id, review.spoken()),
            )
            .help("ask whether it is still wanted, then give it a later `review` or take it out")
        })
        .collect()
}

/// Must rules that call everybody in on every day they ask about, without a `because`.
pub fn no_reason(problem: &Problem) -> Vec<Finding> {
    read_rules(problem)
        .filter(|(_, rule)| rule.strength == Strength::Must && rule.because.is_none())
        .filter(|(_, rule)| match &rule.rule {
            AnyRule::Headcount(headcount) => reaches_everybody(headcount, problem),
            AnyRule::Days(days) => reaches_every_day(days, problem),
            _ => false,
        })
        .map(|(at, rule)| {
            Finding::warning(
                "rule.no_reason",
                format!("/rules/{at}"),
                format!("`{}` calls everybody in, and no reason is given", rule.id),
            )
            .help("write the reason in `because`, or ask for fewer people")
        })
        .collect()
}

fn reaches_everybody(headcount: &Headcount, problem: &Problem) -> bool {
    let people = headcount.who.people(&problem.site).len();
    headcount.place == Look::OnSite
        && headcount.per == Per::Day
        && people == problem.site.people.len()
        && match headcount.at_least {
            None => false,
            Some(Quota::People(least)) => least as usize >= people,
            Some(Quota::Percent(percent)) => percent >= 100.0,
        }
}

fn reaches_every_day(days: &Days, problem: &Problem) -> bool {
    let work_days = problem.site.calendar.work_days.iter().filter(|open| **open).count();
    days.place == Look::OnSite
        && days.per == Per::Week
        && days.who.people(&problem.site).len() == problem.site.people.len()
        && days.at_least.is_some_and(|least| least as usize >= work_days)
}

// ---------------------------------------------------------------- words about health

/// Beginnings of words that say something about somebody's health.
const HEALTH_WORDS: [&str; 8] = ["sick", "covid", "pregnan", "cancer", "shield", "disab", "mental", "isolat"];

fn names_health(text: &str) -> bool {
    let lower = text.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| HEALTH_WORDS.iter().any(|health| word.starts_with(health)))
}

/// Tags, needs, features, reasons for being away, and ids of rules, zones and desks that say something about
/// somebody's health. Ids of people and teams are names, and not looked at.
pub fn health_words(scenario: &Scenario) -> Vec<Finding> {
    let mut findings = words_of_people(scenario);
    findings.extend(words_of_places(scenario));
    for (at, entry) in scenario.rules.iter().enumerate() {
        if let Some(id) = entry.id.as_deref().filter(|id| names_health(id)) {
            findings.push(warning(
                format!("/rules/{at}/id"),
                &format!("the rule id `{id}`"),
                "never_on_site",
            ));
        }
    }
    findings
}

fn warning(pointer: String, what: &str, instead: &str) -> Finding {
    Finding::warning("privacy.health_word", pointer, format!("{what} says something about somebody's health"))
        .help(format!("nothing here needs to know why: use a word such as `{instead}`"))
}

/// Each word once, where it stands first.
#[derive(Default)]
struct Words(BTreeMap<String, (usize, Finding)>);

impl Words {
    fn look(&mut self, word: &str, pointer: impl FnOnce() -> String, what: &str, instead: &str) {
        let order = self.0.len();
        if names_health(word) {
            let key = format!("{what} {word}");
            self.0
                .entry(key)
                .or_insert_with(|| (order, warning(pointer(), &format!("the {what} `{word}`"), instead)));
        }
    }

    fn findings(self) -> Vec<Finding> {
        let mut findings: Vec<(usize, Finding)> = self.0.into_values().collect();
        findings.sort_by_key(|(order, _)| *order);
        findings.into_iter().map(|(_, finding)| finding).collect()
    }
}

fn words_of_people(scenario: &Scenario) -> Vec<Finding> {
    let mut words = Words::default();
    let mut reasons: Vec<String> = Vec::new();
    for (at, person) in scenario.people.iter().enumerate() {
        for (tag_at, tag) in person.tags.iter().enumerate() {
            words.look(tag, || format!("/people/{at}/tags/{tag_at}"), "tag", "home_group");
        }
        for (need_at, need) in person.needs.iter().enumerate() {
            words.look(need, || format!("/people/{at}/needs/{need_at}"), "need", "desk_a");
        }
        for (away_at, absence) in person.away.iter().enumerate() {
            if absence.why.as_deref().is_some_and(names_health) {
                reasons.push(format!("/people/{at}/away/{away_at}/why"));
            }
        }
    }
    let mut findings = words.findings();
    // The reason itself is not repeated; one finding stands for all.
    if let Some(first) = reasons.first() {
        let what = match reasons.len() {
            1 => "a reason for being away".to_string(),
            many => format!("a reason for being away (and {} more)", many - 1),
        };
        findings.push(
            Finding::warning(
                "privacy.health_word",
                first,
                format!("{what} says something about somebody's health"),
            )
            .help("leave `why` out: that somebody is away is enough"),
        );
    }
    findings
}

fn words_of_places(scenario: &Scenario) -> Vec<Finding> {
    let mut words = Words::default();
    for (site_at, site) in scenario.sites.iter().enumerate() {
        for (zone_at, zone) in site.zones.iter().enumerate() {
            let place = format!("/sites/{site_at}/zones/{zone_at}");
            words.look(&zone.id, || format!("{place}/id"), "zone", "zone_a");
            for (at, feature) in zone.features.iter().enumerate() {
                words.look(feature, || format!("{place}/features/{at}"), "feature", "desk_a");
            }
            for (desk_at, desk) in zone.desks.iter().flatten().enumerate() {
                let place = format!("{place}/desks/{desk_at}");
                words.look(&desk.id, || format!("{place}/id"), "desk", "desk_a");
                for (at, feature) in desk.features.iter().enumerate() {
                    words.look(feature, || format!("{place}/features/{at}"), "feature", "desk_a");
                }
            }
        }
    }
    words.findings()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Scenario, Problem) {
        let read = Scenario::read(text);
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        let scenario = read.scenario.expect("a scenario without findings");
        match Problem::new(&scenario) {
            Ok((problem, _)) => (scenario, problem),
            Err(findings) => panic!("{findings:?}"),
        }
    }

    fn with_rules(rules: &str) -> Problem {
        read(&format!(
            r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-19" }},
                 "people": [ {{ "id": "amy", "team": "red" }}, {{ "id": "ben" }} ], "rules": [{rules}] }}"#
        ))
        .1
    }

    fn pointers(findings: &[Finding]) -> Vec<&str> {
        findings.iter().filter_map(|finding| finding.pointer.as_deref()).collect()
    }

    #[test]
    fn reviews_are_due_before_the_first_day() {
        let problem = with_rules(
            r#"{ "headcount": { "at_most": 2 }, "review": "2020-06-14" }, { "headcount": { "at_most": 1 }, "review": "2020-06-15" },
               { "headcount": { "at_most": 2 }, "review": "2020-06-01", "strength": "off" }"#,
        );
        let found = review_due(&problem);
        assert_eq!(pointers(&found), ["/rules/0/review"]);
        assert_eq!(found[0].message, "`headcount` was to be reviewed by Sun 14 June");
    }

    #[test]
    fn everybody_in_needs_a_reason() {
        let problem = with_rules(
            r#"{ "headcount": { "at_least": "100%" } }, { "headcount": { "at_least": 2 } }, { "headcount": { "at_least": 1 } },
               { "headcount": { "at_least": 2 }, "because": "Fire drill" }, { "headcount": { "at_least": 2 }, "strength": "high" },
               { "headcount": { "who": { "team": "red" }, "at_least": 1 } }, { "headcount": { "at_least": 2, "place": "working" } },
               { "days": { "at_least": 5 } }, { "days": { "at_least": 2 } }"#,
        );
        assert_eq!(pointers(&no_reason(&problem)), ["/rules/0", "/rules/1", "/rules/7"]);
    }

    #[test]
    fn words_about_health_are_told_once_and_reasons_not_repeated() {
        let (scenario, problem) = read(
            r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
              "people": [
                { "id": "amy_shields", "tags": ["key", "Shielding"], "away": [ { "on": "2020-06-17", "why": "Sick leave" } ] },
                { "id": "ben", "tags": ["Shielding", "departmental"], "needs": ["disabled_access"] } ],
              "sites": [ { "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1", "features": ["disabled_access"] }, { "id": "covid-desk" } ] } ] } ],
              "rules": [ { "id": "pregnant-at-home", "headcount": { "who": "key", "at_most": 1 } } ] }"#,
        );
        let found = advice(&scenario, &problem);
        assert_eq!(
            pointers(&found),
            [
                "/people/0/tags/1",
                "/people/1/needs/0",
                "/people/0/away/0/why",
                "/sites/0/zones/0/desks/0/features/0",
                "/sites/0/zones/0/desks/1/id",
                "/rules/0/id"
            ]
        );
        assert!(found.iter().all(|finding| !finding.is_error() && finding.help.is_some()));
        assert!(found[0].help.as_deref().is_some_and(|help| help.contains("`home_group`")));
        assert!(!found[2].message.contains("Sick"));
    }
}
