//! `mixing`: who is with whom in a cohort.

use crate::model::{Model, Sum};
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::finding::Finding;
use rota_core::select::Who;
use rota_core::{About, Limit, PersonIndex, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// People who work together much are put into one cohort, or into different ones.
///
/// Reads the top-level `ties`: pairs of people with a weight, how much they work together. With `want: little`
/// people should meet little outside their cohort: every tie between two cohorts costs its weight. With
/// `want: much` cohorts should be mixed: every tie inside one cohort costs its weight (so that not all who can do
/// a thing fall ill at once).
///
/// A rule of its own because a rule has one strength: `cohorts` is usually a must and this a wish. Everybody of
/// `who` must be in a `cohorts` rule. Ties with people outside `who` are not counted; several ties of one pair add
/// up.
///
/// A breach is about two people; its amount is the weight of their tie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mixing {
    /// Whose ties count; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// `little`: no tie between cohorts; `much`: no tie inside one.
    pub want: Want,
}

/// Whether cohorts should mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Want {
    /// No tie across cohorts.
    Little,
    /// No tie inside a cohort.
    Much,
}

impl Mixing {
    /// The ties between people of `who`, each pair once, the earlier person first.
    pub fn ties(&self, site: &Site) -> Vec<(PersonIndex, PersonIndex, f64)> {
        let people = self.who.people(site);
        let inside = |person: PersonIndex| people.binary_search(&person).is_ok();
        let mut ties: Vec<(PersonIndex, PersonIndex, f64)> = site
            .ties
            .iter()
            .filter(|(one, other, _)| inside(*one) && inside(*other))
            .map(|(one, other, weight)| (*one.min(other), *one.max(other), *weight))
            .collect();
        ties.sort_by_key(|tie| (tie.0, tie.1));
        ties.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 += next.2;
            }
            same
        });
        ties
    }
}

fn about(one: PersonIndex, other: PersonIndex) -> About {
    About { with: Some(other), ..About::person(one) }
}

impl Rule for Mixing {
    fn examples() -> Vec<Example<Mixing>> {
        vec![
            example(TinySite::Cohorts, r#"{ "want": "little" }"#),
            example(TinySite::Cohorts, r#"{ "want": "much" }"#),
            example(TinySite::Cohorts, r#"{ "want": "little", "who": { "team": "red" } }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "mixing", "/who");
        let people = self.who.people(site);
        let outside: Vec<&str> = people
            .iter()
            .filter(|person| site.membership(**person).is_none())
            .map(|person| site.person(*person).id.as_str())
            .collect();
        if let Some(first) = outside.first() {
            let message = if outside.len() == people.len() {
                "nobody of `who` is in a rule `cohorts`".to_string()
            } else if outside.len() == 1 {
                format!("`{first}` is in no rule `cohorts`")
            } else {
                format!("`{first}` and {} more are in no rule `cohorts`", outside.len() - 1)
            };
            findings.push(
                Finding::error("mixing.no_cohort", "/who", message)
                    .help("add a rule `cohorts` that covers them, or narrow `who`"),
            );
        }
        if findings.is_empty() && self.ties(site).is_empty() {
            findings.push(
                Finding::warning("mixing.no_ties", "", "there are no `ties` between people of `who`")
                    .help("add `ties` to the scenario or name a table with --ties; without ties the rule asks nothing"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        for (one, other, weight) in self.ties(site) {
            let (Some(mine), Some(theirs)) = (site.membership(one), site.membership(other)) else { continue };
            let shared: Vec<_> =
                mine.choices.iter().copied().filter(|cohort| theirs.choices.contains(cohort)).collect();
            let mut same = Sum::default();
            for cohort in shared {
                let (mine, theirs) = (model.cohort(one, cohort), model.cohort(other, cohort));
                same += model.both(mine, theirs);
            }
            match self.want {
                Want::Little => model.at_least(about(one, other), same.times(weight), weight),
                Want::Much => model.at_most(about(one, other), same.times(weight), 0.0),
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        if site.lens.is_some() {
            return; // nobody's cohort depends on where they are on one day
        }
        for (one, other, weight) in self.ties(site) {
            let same = roster.cohort(one).is_some() && roster.cohort(one) == roster.cohort(other);
            let (limit, kept, wanted) = match self.want {
                Want::Little => (Limit::AtLeast, same, "one cohort"),
                Want::Much => (Limit::AtMost, !same, "different cohorts"),
            };
            if !kept {
                let found = if same { "one cohort" } else { "different cohorts" };
                tally.charge(about(one, other).limit(limit), weight, found, wanted);
            }
        }
    }

    fn concerns(&self, _site: &Site) -> Option<Vec<PersonIndex>> {
        Some(Vec::new())
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let wanted = match self.want {
            Want::Little => "in one cohort",
            Want::Much => "in different cohorts",
        };
        match about.person.zip(about.with) {
            Some((one, other)) => {
                format!("{} and {} are {wanted}", site.person(one).name, site.person(other).name)
            }
            None => format!("those of {} who work together are {wanted}", crate::speak::who(&self.who, site)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::Problem;

    const TEAM: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15", "anchor": "2020-06-15" },
      "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat" }, { "id": "dan" } ],
      "ties": [ { "between": ["bob", "ann"], "weight": 3 }, { "between": ["ann", "bob"], "weight": 0.5 },
                { "between": ["ann", "cat"], "weight": 2 }, { "between": ["cat", "dan"] } ] }"#;

    fn count(rule: &str, labels: &str) -> Vec<String> {
        // The pictures look at one rule; its cohorts come with the scenario.
        let mut scenario: serde_json::Value = serde_json::from_str(TEAM).expect("is JSON");
        scenario["rules"] = serde_json::json!([{ "cohorts": { "count": 2, "cycle": "week_about", "at_least": 0, "at_most": 4 } }]);
        counted(&scenario.to_string(), rule, &[labels, "ann: h", "bob: h", "cat: h", "dan: h"])
    }

    /// Ann and Bob (3 + 0.5) are together, Ann and Cat (2) apart, Cat and Dan (1) together.
    #[test]
    fn picture() {
        let labels = "cohorts: ann=A bob=A cat=B dan=B";
        assert_eq!(count(r#"{ "mixing": { "want": "little" } }"#, labels), ["ann cat at_least: 2"]);
        assert_eq!(
            count(r#"{ "mixing": { "want": "much" } }"#, labels),
            ["ann bob at_most: 3.5", "cat dan at_most: 1"]
        );
        let red = r#"{ "mixing": { "want": "little", "who": { "team": "red" } } }"#;
        assert_eq!(count(red, "cohorts: ann=A bob=B cat=B dan=A"), ["ann bob at_least: 3.5"]);
    }

    #[test]
    fn speaks_and_finds_mistakes() {
        let problem = |rules: &str| {
            let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
            scenario.rules = serde_json::from_str(rules).expect("the rules read");
            Problem::new(&scenario)
        };
        let (found, _) = problem(
            r#"[{ "cohorts": { "count": 2, "cycle": "week_about" } }, { "mixing": { "want": "little" }, "strength": "low" }]"#,
        )
        .expect("no error");
        assert_eq!(
            found.sentence(crate::Owner::Rule(1), &about(PersonIndex(0), PersonIndex(1))),
            "ann and bob are in one cohort"
        );
        for rules in [
            r#"[{ "mixing": { "want": "little" } }]"#,
            r#"[{ "cohorts": { "count": 2, "who": "red" } }, { "mixing": { "want": "little" } }]"#,
        ] {
            let findings = problem(rules).expect_err("an error");
            assert!(findings.iter().any(|finding| finding.code == "mixing.no_cohort"), "{findings:?}");
        }
    }
}
