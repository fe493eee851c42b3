//! `same_zone`: people keep to few zones.

use super::defaults;
use crate::model::{Model, Row, Sum};
use crate::rule::{example, Example, Rule};
use crate::speak;
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Moment, Per};
use rota_core::finding::Finding;
use rota_core::select::{Presence, Spot, When, Who};
use rota_core::{About, Limit, PersonIndex, Place, Roster, Site, ZoneIndex};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The people of `who` together use at most so many zones on a day.
///
/// On each open day of `when`, the zones in which anyone of `who` sits are counted, whatever their site. With
/// `shifts` in `when`, only people on those shifts count; with `between`, the zones in use at one time inside
/// those times, at the worst moment. Zones that are in use only by shifts from before the rota are not held
/// against anybody.
///
/// Says a team that sits together (`who` the team, with `for_each: "team"` every team). `at_most: 0` charges
/// every zone that is used: as a wish it is a price per zone, so that few zones are opened, heated and
/// cleaned.
///
/// That nobody is alone in a zone is a matter for `accompanied`.
///
/// A breach is about a day; its amount is the zones over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SameZone {
    /// Whose zones are counted; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// No more zones; 1 if not given.
    #[serde(default = "defaults::one", skip_serializing_if = "defaults::is_one")]
    pub at_most: u32,
    /// On which days and at which times, such as `{"weekdays": ["mon"]}` or `"09:00-12:00"`; always if not
    /// given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
}

/// The part of a moment that was decided before the calendar.
fn past_part(moment: &Moment) -> Moment {
    Moment { parts: moment.parts.iter().copied().filter(|part| part.0.is_past()).collect() }
}

/// Zones in which some of these people, from shifts before the calendar, still are at a moment.
fn used_by_the_past(site: &Site, people: &[PersonIndex], moment: &Moment) -> usize {
    let moment = past_part(moment);
    let zones: BTreeSet<ZoneIndex> = people
        .iter()
        .flat_map(|person| moment.parts.iter().map(move |(day, shifts)| (*person, *day, *shifts)))
        .filter_map(|(person, day, shifts)| {
            let cell = site.past_cell(person, day)?;
            cell.zone.filter(|zone| cell.fits(site, &Presence { shifts, spot: Spot::Zone(*zone) }))
        })
        .collect();
    zones.len()
}

impl SameZone {
    /// At most so many at a moment: what is past already is not charged again.
    fn most(&self, site: &Site, people: &[PersonIndex], moment: &Moment) -> f64 {
        f64::from(self.at_most).max(used_by_the_past(site, people, moment) as f64)
    }
}

impl Rule for SameZone {
    fn examples() -> Vec<Example<SameZone>> {
        vec![
            example(TinySite::Desks, r#"{ "who": { "team": "red" } }"#),
            example(TinySite::Desks, r#"{ "at_most": 0 }"#),
            example(TinySite::Desks, r#"{ "who": "key", "when": { "weekdays": ["tue"] } }"#),
            example(TinySite::Seats, "{}"),
            example(TinySite::Seats, r#"{ "who": "red", "at_most": 0, "when": "Mon" }"#),
            example(TinySite::DeskShifts, r#"{ "at_most": 0 }"#),
            example(TinySite::DeskShifts, r#"{ "at_most": 0, "when": { "shifts": ["night"] } }"#),
            example(TinySite::DeskShifts, r#"{ "at_most": 0, "when": { "between": "07:00-09:00" } }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "same_zone", "/who");
        findings.extend(self.when.findings(site, "same_zone", "/when"));
        if site.zones.is_empty() {
            findings.push(
                Finding::error("same_zone.no_zone", "", "there are no zones to count")
                    .help("add `sites` with zones, or take the rule out"),
            );
        } else if site.zones.len() as u64 <= u64::from(self.at_most) {
            let zones = match site.zones.len() {
                1 => "there is only 1 zone".to_string(),
                count => format!("there are only {count} zones"),
            };
            findings.push(
                Finding::warning(
                    "same_zone.limits",
                    "/at_most",
                    format!("{zones}, so at_most {} asks nothing", self.at_most),
                )
                .help(
                    "write a smaller at_most (0 charges every zone used), or \"strength\": \"off\" to leave the rule out",
                ),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let people = self.who.people(site);
        let when = self.when.read(site);
        for day in when.days(site) {
            let mut rows = Vec::new();
            for moment in when.moments(&site.calendar, day) {
                // Those whom a zone keeps out cannot be in it, except on a night laid down before the rota.
                let looks_back = moment.parts.iter().any(|part| part.0.is_past());
                let mut used = Sum::default();
                for zone in ZoneIndex::all(site.zones.len()) {
                    let there: Sum = people
                        .iter()
                        .filter(|person| looks_back || site.may_use_zone(**person, zone))
                        .map(|person| model.at(*person, &moment, Spot::Zone(zone)))
                        .sum();
                    used += model.any_of(there);
                }
                rows.push(Row::at_most(used, self.most(site, &people, &moment)));
            }
            model.at_worst(About::day(day).limit(Limit::AtMost), rows);
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let people = self.who.people(site);
        let when = self.when.read(site);
        for day in when.days(site) {
            let readings = when.moments(&site.calendar, day).into_iter().map(|moment| {
                let zones: BTreeSet<ZoneIndex> = people
                    .iter()
                    .flat_map(|person| {
                        moment.parts.iter().map(move |part| (roster.at(*person, part.0), part.1))
                    })
                    .filter(|(cell, shifts)| cell.place == Place::OnSite && shifts.has(cell.shift))
                    .filter_map(|(cell, _)| cell.zone)
                    .collect();
                (zones.len() as f64, self.most(site, &people, &moment))
            });
            tally.at_worst(About::day(day).limit(Limit::AtMost), readings);
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let zones = match self.at_most {
            0 => "no zone is used".to_string(),
            1 => "at most 1 zone is used".to_string(),
            most => format!("at most {most} zones are used"),
        };
        let by = if self.who.is_everyone() && site.scope.is_none() {
            String::new()
        } else {
            format!(" by {}", speak::who(&self.who, site))
        };
        format!("{zones}{by}{}", speak::when(&self.when, site, about, Per::Day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::Problem;
    use rota_core::Day;

    /// Monday to Wednesday, Tuesday closed; three zones at two sites.
    ///
    /// ```text
    ///            Mon     Wed
    /// ann red    N1      bay
    /// bob red    N2      bay
    /// cat blue   south   home
    /// dan blue   -       south
    /// ```
    /// Everyone: on Monday north and south, one over 1; on Wednesday bay and south, one over. Red: one zone
    /// each day. Blue: one zone each day. At most 0 for red: one over each day; on Mondays alone: Monday. At
    /// most 2 for everyone: kept. Team by team at most 0: every team uses one zone each day.
    #[test]
    fn picture() {
        let scenario = r#"{ "scenario": 1,
          "calendar": { "from": "2020-06-15", "to": "2020-06-17", "closed": ["2020-06-16"] },
          "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat", "team": "blue" },
                      { "id": "dan", "team": "blue", "away": ["2020-06-15"] } ],
          "sites": [ { "id": "main", "zones": [ { "id": "north", "desks": [ { "id": "N1" }, { "id": "N2" } ] },
                                                { "id": "bay", "seats": 4 } ] },
                     { "id": "annex", "zones": [ { "id": "south", "seats": 4 } ] } ] }"#;
        let lines = ["ann: S@N1 S@bay", "bob: S@N2 S@bay", "cat: S@south h", "dan: - S@south"];
        let count = |rule: &str| counted(scenario, rule, &lines);
        assert_eq!(count(r#"{ "same_zone": {} }"#), ["2020-06-15 at_most: 1", "2020-06-17 at_most: 1"]);
        assert!(count(r#"{ "same_zone": { "who": "red" } }"#).is_empty());
        assert!(count(r#"{ "same_zone": { "at_most": 2 } }"#).is_empty());
        assert!(count(r#"{ "same_zone": {}, "for_each": "team" }"#).is_empty());
        assert_eq!(
            count(r#"{ "same_zone": { "who": "red", "at_most": 0 } }"#),
            ["2020-06-15 at_most: 1", "2020-06-17 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "same_zone": { "who": "red", "at_most": 0, "when": "Mon, Tue" } }"#),
            ["2020-06-15 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "same_zone": { "at_most": 0 }, "for_each": "team" }"#),
            [
                "red 2020-06-15 at_most: 1",
                "blue 2020-06-15 at_most: 1",
                "red 2020-06-17 at_most: 1",
                "blue 2020-06-17 at_most: 1",
            ]
        );
    }

    /// Early 06-14, late 12-20, night 20-08. On Sunday ann and bob began the night, in north and in bay.
    ///
    /// ```text
    ///       Sun          Mon           Tue
    /// ann   night@north  late@bay      home
    /// bob   night@bay    night@north   home
    /// cat   off          early@south   early@south
    /// ```
    /// Monday, the day of a shift's start: south, bay, north: two over 1. On the early shift: south alone. At
    /// one time on Monday: until 06 north and bay, which is past and not charged; 06-08 those and south: one
    /// more than what was past; 08-12 south; 12-14 south and bay; 14-20 bay; 20-24 north. So between 05 and
    /// 07 one over, between 05 and 06 none, between 10 and 13 one, at most 2 between 05 and 07 one. On
    /// Tuesday 05-07: north from Monday's night, then south as well: one over.
    #[test]
    fn by_shift_and_by_the_clock() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16",
            "work_days": ["sun", "mon", "tue"],
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "12:00", "to": "20:00" },
                        { "id": "night", "from": "20:00", "to": "08:00" } ] },
          "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" } ],
          "sites": [ { "id": "main", "zones": [ { "id": "north", "seats": 4 }, { "id": "bay", "seats": 4 },
                                                { "id": "south", "seats": 4 } ] } ],
          "history": { "days": [
            { "person": "ann", "on": "2020-06-14", "place": "on_site", "shift": "night", "zone": "north" },
            { "person": "bob", "on": "2020-06-14", "place": "on_site", "shift": "night", "zone": "bay" } ] } }"#;
        let lines = ["ann: S/late@bay h", "bob: S/night@north h", "cat: S/early@south S/early@south"];
        let count = |rule: &str| counted(scenario, &format!("{{ \"same_zone\": {rule} }}"), &lines);
        assert_eq!(count("{}"), ["2020-06-15 at_most: 2"]);
        assert!(count(r#"{ "when": { "shifts": ["early"] } }"#).is_empty());
        assert_eq!(
            count(r#"{ "when": { "between": "05:00-07:00" } }"#),
            ["2020-06-15 at_most: 1", "2020-06-16 at_most: 1"]
        );
        assert!(count(r#"{ "when": { "weekdays": ["mon"], "between": "05:00-06:00" } }"#).is_empty());
        assert_eq!(count(r#"{ "when": { "between": "10:00-13:00" } }"#), ["2020-06-15 at_most: 1"]);
        assert_eq!(
            count(r#"{ "at_most": 2, "when": { "between": "05:00-07:00" } }"#),
            ["2020-06-15 at_most: 1"]
        );
    }

    #[test]
    fn mistakes_and_what_asks_nothing_are_told() {
        let codes = |site: TinySite, rule: &str| -> Vec<String> {
            let mut scenario = Scenario::read(site.json()).scenario.expect("reads");
            scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
            let findings = match Problem::new(&scenario) {
                Ok((_, findings)) | Err(findings) => findings,
            };
            let own = findings.into_iter().filter(|finding| finding.code.starts_with("same_zone"));
            own.map(|finding| finding.code).collect()
        };
        assert_eq!(codes(TinySite::Days, r#"{ "same_zone": {} }"#), ["same_zone.no_zone"]);
        assert_eq!(codes(TinySite::Desks, r#"{ "same_zone": { "at_most": 2 } }"#), ["same_zone.limits"]);
        assert_eq!(
            codes(TinySite::Desks, r#"{ "same_zone": { "who": { "team": "rde" } } }"#),
            ["same_zone.nobody"]
        );
        assert!(codes(TinySite::Desks, r#"{ "same_zone": { "at_most": 0 } }"#).is_empty());
    }

    #[test]
    fn sentences() {
        let problem = TinySite::DeskShifts.problem(&[]);
        let say = |rule: &str, about: &About| {
            serde_json::from_str::<SameZone>(rule).expect("reads").sentence(&problem.site, about)
        };
        assert_eq!(say("{}", &About::default()), "at most 1 zone is used each day");
        assert_eq!(
            say(r#"{ "who": "red", "at_most": 2 }"#, &About::day(Day(0))),
            "at most 2 zones are used by red on Mon 15 June"
        );
        assert_eq!(
            say(
                r#"{ "who": { "people": ["ann", "bob"] }, "at_most": 0, "when": { "between": "07:00-09:00" } }"#,
                &About::day(Day(1))
            ),
            "no zone is used by Ann, Bob between 07:00 and 09:00 on Tue 16 June"
        );
    }
}
