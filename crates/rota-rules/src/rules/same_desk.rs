//! `same_desk`: each person keeps to one desk.

use crate::model::{Model, Sum};
use crate::rule::{example, Example, Rule};
use crate::speak;
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::ShiftSet;
use rota_core::finding::Finding;
use rota_core::select::{Presence, Spot, Who};
use rota_core::{About, DeskIndex, PersonIndex, Place, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Each person of `who` sits at one and the same desk on all their days on site.
///
/// The desks that a person uses between the first and the last day of the rota are counted, whatever the
/// shift. Days in a zone of seats have no desk and do not count. Desks used before the rota do not bind: each
/// rota may give somebody another desk; where it may not, pin it with `fixed`.
///
/// It does not keep others from that desk on other days: a desk is made somebody's own with `for`, and left
/// empty between two people by `desk_rest`.
///
/// A breach is about a person; its amount is the desks beyond the first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SameDesk {
    /// Who keeps to one desk; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
}

impl Rule for SameDesk {
    fn examples() -> Vec<Example<SameDesk>> {
        vec![
            example(TinySite::Desks, "{}"),
            example(TinySite::Desks, r#"{ "who": { "team": "red" } }"#),
            example(TinySite::Seats, "{}"),
            example(TinySite::DeskShifts, "{}"),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "same_desk", "/who");
        if site.desks.is_empty() {
            findings.push(
                Finding::error("same_desk.no_desk", "", "there are no desks to keep to")
                    .help("give zones `desks` instead of `seats`, or take the rule out"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        for person in self.who.each(site) {
            let desks = DeskIndex::all(site.desks.len()).filter(|desk| site.may_use_desk(person, *desk));
            let mut used = Sum::default();
            for desk in desks {
                let presence = Presence { shifts: ShiftSet::ALL, spot: Spot::Desk(desk) };
                let days = site.calendar.days().map(|day| model.on_site(person, day, &presence)).sum();
                used += model.any_of(days);
            }
            model.at_most(About::person(person), used, 1.0);
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        for person in self.who.each(site) {
            let cells = site.calendar.days().map(|day| roster.at(person, day));
            let desks: BTreeSet<DeskIndex> =
                cells.filter(|cell| cell.place == Place::OnSite).filter_map(|cell| cell.desk).collect();
            tally.at_most(About::person(person), desks.len() as f64, 1.0);
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        format!("{} uses at most 1 desk in the rota", speak::person(&self.who, site, about))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;

    /// Three days, two shifts, three desks and a zone of seats.
    ///
    /// ```text
    ///       history  Mon        Tue       Wed
    /// ann   N2       early@N1   late@N1   bay        one desk: another before, and a seat, do not count
    /// bob   home     late@N2    early@N2  early@N1   two desks: one over
    /// cat   home     early@S1   early@N3  early@N2   three desks: two over
    /// dan   home     home       home      bay        none
    /// ```
    #[test]
    fn picture() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-17",
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "14:00", "to": "22:00" } ] },
          "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat" }, { "id": "dan" } ],
          "sites": [ { "id": "main", "zones": [
              { "id": "north", "desks": [ { "id": "N1" }, { "id": "N2" }, { "id": "N3" } ] }, { "id": "bay", "seats": 4 } ] },
            { "id": "annex", "zones": [ { "id": "south", "desks": [ { "id": "S1" } ] } ] } ],
          "history": { "days": [ { "person": "ann", "on": "2020-06-12", "place": "on_site", "shift": "early", "desk": "N2" } ] } }"#;
        let lines = [
            "ann: S/early@N1 S/late@N1 S/early@bay",
            "bob: S/late@N2 S/early@N2 S/early@N1",
            "cat: S/early@S1 S/early@N3 S/early@N2",
            "dan: h h S/early@bay",
        ];
        let count = |rule: &str| counted(scenario, rule, &lines);
        assert_eq!(count(r#"{ "same_desk": {} }"#), ["bob at_most: 1", "cat at_most: 2"]);
        assert_eq!(count(r#"{ "same_desk": { "who": "red" } }"#), ["bob at_most: 1"]);
        assert_eq!(count(r#"{ "same_desk": {}, "for_each": "team" }"#), ["bob red at_most: 1"]);
    }

    #[test]
    fn mistakes_are_found() {
        let codes = |site: TinySite, rule: &str| -> Vec<String> {
            let rule: SameDesk = serde_json::from_str(rule).expect("reads");
            rule.validate(&site.problem(&[]).site).into_iter().map(|finding| finding.code).collect()
        };
        assert_eq!(codes(TinySite::Days, "{}"), ["same_desk.no_desk"]);
        assert_eq!(codes(TinySite::Desks, r#"{ "who": "purple" }"#), ["same_desk.nobody"]);
        assert!(codes(TinySite::Desks, "{}").is_empty());
    }

    #[test]
    fn sentences() {
        let site = TinySite::Desks.problem(&[]).site;
        let rule = SameDesk { who: Who::Team("red".to_string()) };
        assert_eq!(rule.sentence(&site, &About::default()), "each of red uses at most 1 desk in the rota");
        assert_eq!(
            rule.sentence(&site, &About::person(PersonIndex(1))),
            "Bob uses at most 1 desk in the rota"
        );
    }
}
