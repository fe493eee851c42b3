//! `keep`: how far this rota may differ from the one it replaces.

use crate::model::{Model, Sum};
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::Per;
use rota_core::finding::Finding;
use rota_core::roster::Cell;
use rota_core::select::{one_shift, Presence, Spot, When, Who};
use rota_core::typed::is_false;
use rota_core::{About, Day, Limit, PersonIndex, Place, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// People stay where the rota that this one replaces has them: at most so many days differ.
///
/// Compares each day of `when` of each person of `who` with the rota given by `--previous`, or by `previous` in the
/// scenario. A day differs when its place, or on site its shift or site, is another one; with `desks` also when its
/// zone or desk is. What the other rota leaves open (it names no shift, or a desk that is no longer there) is not
/// compared.
///
/// Only days that were worked then and are worked now count: new people, new leave and days that are worked anew
/// are no changes. A day that cannot stay as it was (its zone is closed, the person may only be at home) is one.
///
/// Says that people can rely on what they were told: nothing changes unless it has to (`"strength": "high"`), or
/// at most six days do (`at_most: 6`).
///
/// A breach with `at_most: 0` is about a person and a day; its amount is 1. With a higher limit there is one breach
/// in all; its amount is the days that differ beyond the limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// Whose days are compared; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// Which days are compared, such as `{"to": "2020-06-17"}`; all if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// No more days differ; 0 if not given.
    #[serde(default, skip_serializing_if = "is_none")]
    pub at_most: u32,
    /// Whether zone and desk are compared too; false if not given.
    #[serde(default, skip_serializing_if = "is_false")]
    pub desks: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
fn is_none(days: &u32) -> bool {
    *days == 0
}

impl Keep {
    /// The person-days compared, with what they were: worked then and now.
    fn cases<'a>(&self, site: &'a Site) -> Vec<(PersonIndex, Day, &'a Cell)> {
        let when = self.when.read(site);
        // With a limit above 0 every day is part of the one subject, whatever is looked at.
        let (people, whole) =
            if self.at_most == 0 { (self.who.each(site), false) } else { (self.who.people(site), true) };
        let days: Vec<Day> = site
            .calendar
            .days()
            .filter(|day| site.calendar.is_open(*day) && when.fits(&site.calendar, *day))
            .filter(|day| whole || site.sees_day(*day))
            .collect();
        let mut cases = Vec::new();
        for person in people {
            for day in &days {
                let before = site.previous_cell(person, *day).filter(|cell| cell.place != Place::Off);
                if let (Some(before), true) = (before, site.works(person, *day)) {
                    cases.push((person, *day, before));
                }
            }
        }
        cases
    }

    /// What it takes for a visit to be the same. Where a desk is compared, its zone and site go with it.
    fn presence(&self, site: &Site, before: &Cell) -> Presence {
        let finest = before.desk.map(Spot::Desk).or(before.zone.map(Spot::Zone)).filter(|_| self.desks);
        // With one site every visit is to it.
        let premises = before.site.filter(|_| site.premises.len() > 1).map(Spot::Site);
        let spot = finest.or(premises).unwrap_or(Spot::Anywhere);
        Presence { shifts: one_shift(before.shift), spot }
    }

    /// Whether a day is another one than before.
    fn differs(&self, site: &Site, before: &Cell, now: &Cell) -> bool {
        fn other<T: PartialEq + Copy>(before: Option<T>, now: Option<T>) -> bool {
            before.is_some() && before != now
        }
        if before.place != now.place {
            return true;
        }
        if before.place == Place::Home {
            return false;
        }
        let elsewhere = match (self.desks, before.desk, before.zone) {
            (true, Some(_), _) => other(before.desk, now.desk),
            (true, None, Some(_)) => other(before.zone, now.zone),
            _ => site.premises.len() > 1 && other(before.site, now.site),
        };
        elsewhere || other(before.shift, now.shift)
    }

    /// A day as it was, in words: `at home`, `on site, late shift, desk N1`.
    fn spoken(&self, site: &Site, before: &Cell) -> String {
        if before.place == Place::Home {
            return "at home".to_string();
        }
        let mut words = "on site".to_string();
        if let Some(shift) = before.shift {
            words.push_str(&format!(", {} shift", site.calendar.shifts[shift.at()].name));
        }
        match self.presence(site, before).spot {
            Spot::Anywhere => {}
            Spot::Site(found) => words.push_str(&format!(", {}", site.premises[found.at()].name)),
            Spot::Zone(found) => words.push_str(&format!(", {}", site.zone(found).name)),
            Spot::Desk(found) => words.push_str(&format!(", desk {}", site.desk(found).name)),
        }
        words
    }
}

impl Rule for Keep {
    fn examples() -> Vec<Example<Keep>> {
        vec![
            example(TinySite::Days, "{}"),
            example(TinySite::Days, r#"{ "at_most": 1 }"#),
            example(TinySite::Days, r#"{ "who": { "team": "red" }, "when": "mon" }"#),
            example(TinySite::Weekends, "{}"),
            example(TinySite::Weekends, r#"{ "at_most": 2, "desks": true }"#),
            example(TinySite::Desks, "{}"),
            example(TinySite::Desks, r#"{ "desks": true }"#),
            example(TinySite::Desks, r#"{ "desks": true, "at_most": 2, "who": "red or key" }"#),
            example(TinySite::DeskShifts, r#"{ "desks": true }"#),
            example(TinySite::DeskShifts, r#"{ "at_most": 1, "when": { "from": "2020-06-15" } }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "keep", "/who");
        findings.extend(self.when.findings(site, "keep", "/when"));
        if self.when.names_times(site) {
            findings.push(
                Finding::error("keep.when", "/when", "whole days are compared, not shifts or times of day")
                    .help("leave out `shifts` and `between`; a change of shift counts anyway"),
            );
        }
        if site.previous.is_empty() {
            findings.push(
                Finding::warning(
                    "keep.no_previous",
                    "",
                    "no other rota is given to compare with, so the rule asks nothing",
                )
                .help("give the roster that this one replaces with `--previous FILE`, or as `previous` in the scenario"),
            );
        } else if findings.is_empty() && self.cases(site).is_empty() {
            findings.push(
                Finding::warning(
                    "keep.no_day",
                    "",
                    "the rota to compare with has no day that is worked then and now, so the rule asks nothing",
                )
                .help("check that the two rotas have days and people in common; if that is meant, nothing needs doing"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let mut changes: Vec<Sum> = Vec::new();
        for (person, day, before) in self.cases(site) {
            let change = if before.place == Place::Home {
                model.on_site(person, day, &Presence::ON_SITE)
            } else {
                model.on_site(person, day, &self.presence(site, before)).complement()
            };
            if self.at_most == 0 {
                model.at_most(About::person(person).on(day), change, 0.0);
            } else {
                changes.push(change);
            }
        }
        if !changes.is_empty() {
            model.at_most(About::default(), changes.into_iter().sum(), f64::from(self.at_most));
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let mut changes = 0;
        for (person, day, before) in self.cases(site) {
            let now = roster.at(person, day);
            if !self.differs(site, before, now) {
                continue;
            }
            changes += 1;
            if self.at_most == 0 {
                let about = About::person(person).on(day).limit(Limit::AtMost);
                let found = match now.place {
                    Place::Off => "off".to_string(),
                    _ => self.spoken(site, now),
                };
                tally.charge(about, 1.0, found, self.spoken(site, before));
            }
        }
        if self.at_most > 0 {
            tally.at_most(About::default(), f64::from(changes), f64::from(self.at_most));
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        if let Some((person, day)) = about.person.zip(about.on) {
            let name = &site.person(person).name;
            let date = site.calendar.date(day).spoken();
            return match site.previous_cell(person, day) {
                Some(before) => format!("{name} stays {} on {date}, as before", self.spoken(site, before)),
                None => format!("{name} stays as before on {date}"),
            };
        }
        let whom = if self.who.is_everyone() && site.scope.is_none() {
            String::new()
        } else {
            format!(" of {}", crate::speak::who(&self.who, site))
        };
        let when = if self.when.is_always() {
            String::new()
        } else {
            crate::speak::when(&self.when, site, about, Per::Rota)
        };
        let (days, differ) = match self.at_most {
            0 => ("no day".to_string(), "differs"),
            1 => ("at most 1 day".to_string(), "differs"),
            most => (format!("at most {most} days"), "differ"),
        };
        format!("{days}{whom} {differ} from the rota before{when}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::{Owner, Problem};

    /// Monday 15 to Thursday 18 June 2020; two sites, early and late. The rota before is in the drawing below.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-15", "to": "2020-06-18",
        "shifts": [ { "id": "early", "from": "07:00", "to": "15:00" }, { "id": "late", "from": "12:00", "to": "20:00" } ] },
      "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red", "away": ["2020-06-16"] }, { "id": "cat" }, { "id": "new" } ],
      "sites": [ { "id": "main", "zones": [ { "id": "north", "desks": [ { "id": "N1" }, { "id": "N2" } ] }, { "id": "south", "desks": [ { "id": "S1" } ] } ] },
                 { "id": "annex", "zones": [ { "id": "bay", "seats": 4 } ] } ],
      "previous": [
        { "person": "ann", "on": "2020-06-15", "place": "on_site", "shift": "early", "site": "main", "zone": "north", "desk": "N1" },
        { "person": "ann", "on": "2020-06-16", "place": "home" },
        { "person": "ann", "on": "2020-06-17", "place": "on_site", "shift": "early", "desk": "N1" },
        { "person": "ann", "on": "2020-06-18", "place": "home" },
        { "person": "bob", "on": "2020-06-15", "place": "off" },
        { "person": "bob", "on": "2020-06-16", "place": "on_site", "shift": "late" },
        { "person": "bob", "on": "2020-06-17", "place": "on_site", "shift": "swing", "site": "main" },
        { "person": "bob", "on": "2020-06-18", "place": "on_site", "zone": "north", "desk": "N9" },
        { "person": "cat", "on": "2020-06-15", "place": "on_site", "shift": "early", "site": "annex" },
        { "person": "cat", "on": "2020-06-16", "place": "on_site", "zone": "south" },
        { "person": "cat", "on": "2020-06-17", "place": "on_site" } ] }"#;

    /// ```text
    ///        Mon              Tue               Wed              Thu
    /// ann    early N1 -> N2   home -> home      early N1 -> late home -> site
    /// bob    off -> site      late -> away      main -> annex    north -> S1
    /// cat    annex -> main    south -> north    site -> home     not there -> site
    /// new    (nothing is known before)
    /// ```
    const LINES: [&str; 4] = [
        "ann: S/early@N2 h S/late@N1 S/early@S1",
        "bob: S/late@bay - S/late@bay S/late@S1",
        "cat: S/early@S1 S/late@N1 h S/late@bay",
        "new: h h h S/late@bay",
    ];

    fn count(rule: &str) -> Vec<String> {
        counted(TEAM, rule, &LINES)
    }

    /// Ann: another desk is no change, another shift on Wednesday and a visit on Thursday are. Bob: off and away
    /// are not compared; Wednesday's shift is no longer there, but its site is another; Thursday is in the same
    /// site. Cat: another site on Monday; the same site on Tuesday; home on Wednesday; Thursday was not there.
    #[test]
    fn picture() {
        let changed = [
            "ann 2020-06-17 at_most: 1",
            "ann 2020-06-18 at_most: 1",
            "bob 2020-06-17 at_most: 1",
            "cat 2020-06-15 at_most: 1",
            "cat 2020-06-17 at_most: 1",
        ];
        assert_eq!(count(r#"{ "keep": {} }"#), changed);
        assert_eq!(count(r#"{ "keep": { "at_most": 3 } }"#), ["at_most: 2"]);
        assert_eq!(count(r#"{ "keep": { "at_most": 5 } }"#), Vec::<String>::new());
        assert_eq!(count(r#"{ "keep": { "who": "red", "when": "wed" } }"#), [changed[0], changed[2]]);
        assert_eq!(
            count(r#"{ "keep": { "who": "red", "when": { "to": "2020-06-17" }, "at_most": 1 } }"#),
            ["at_most: 1"]
        );
    }

    /// With desks also ann's Monday (N1 to N2), bob's Thursday (the desk is no longer there, the zone is another)
    /// and cat's Tuesday (south to north).
    #[test]
    fn zones_and_desks() {
        assert_eq!(
            count(r#"{ "keep": { "desks": true } }"#),
            [
                "ann 2020-06-15 at_most: 1",
                "ann 2020-06-17 at_most: 1",
                "ann 2020-06-18 at_most: 1",
                "bob 2020-06-17 at_most: 1",
                "bob 2020-06-18 at_most: 1",
                "cat 2020-06-15 at_most: 1",
                "cat 2020-06-16 at_most: 1",
                "cat 2020-06-17 at_most: 1",
            ]
        );
        assert_eq!(count(r#"{ "keep": { "desks": true, "at_most": 2 } }"#), ["at_most: 6"]);
    }

    fn problem_of(
        rule: &str,
        change: &dyn Fn(&mut Scenario),
    ) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        change(&mut scenario);
        Problem::new(&scenario)
    }

    #[test]
    fn sentences() {
        let told = |rule: &str, about: &About| {
            let (problem, findings) = problem_of(rule, &|_| {}).expect("no error");
            assert!(findings.is_empty(), "{findings:?}");
            problem.sentence(Owner::Rule(0), about)
        };
        let ann = |day: i32| About::person(PersonIndex(0)).on(Day(day)).limit(Limit::AtMost);
        assert_eq!(
            told(r#"{ "keep": {} }"#, &ann(0)),
            "ann stays on site, early shift, main on Mon 15 June, as before"
        );
        assert_eq!(
            told(r#"{ "keep": { "desks": true } }"#, &ann(0)),
            "ann stays on site, early shift, desk N1 on Mon 15 June, as before"
        );
        assert_eq!(told(r#"{ "keep": {} }"#, &ann(1)), "ann stays at home on Tue 16 June, as before");
        assert_eq!(told(r#"{ "keep": {} }"#, &About::default()), "no day differs from the rota before");
        assert_eq!(
            told(r#"{ "keep": { "who": "red", "at_most": 6 } }"#, &About::default()),
            "at most 6 days of red differ from the rota before"
        );
        assert_eq!(
            told(r#"{ "keep": { "when": { "weekdays": ["mon"] }, "at_most": 1 } }"#, &About::default()),
            "at most 1 day differs from the rota before on Monday in the rota"
        );
    }

    #[test]
    fn mistakes_and_nothing_to_compare() {
        for (rule, code) in [
            (r#"{ "keep": { "who": "rde" } }"#, "keep.nobody"),
            (r#"{ "keep": { "when": { "shifts": ["late"] } } }"#, "keep.when"),
            (r#"{ "keep": { "when": "09:00-12:00" } }"#, "keep.when"),
        ] {
            let findings = problem_of(rule, &|_| {}).expect_err("an error");
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{findings:?}"
            );
        }
        let told = |rule: &str, change: &dyn Fn(&mut Scenario)| {
            let (_, findings) = problem_of(rule, change).expect("no error");
            findings.into_iter().map(|finding| finding.code).collect::<Vec<String>>()
        };
        assert_eq!(told(r#"{ "keep": {} }"#, &|scenario| scenario.previous.clear()), ["keep.no_previous"]);
        assert_eq!(told(r#"{ "keep": { "who": "new" } }"#, &|_| {}), ["keep.no_day"]);
        let last_week = |scenario: &mut Scenario| {
            for assignment in &mut scenario.previous {
                assignment.on = assignment.on.plus(-7);
            }
        };
        assert_eq!(told(r#"{ "keep": {} }"#, &last_week), ["date.outside", "keep.no_day"]);
    }
}
