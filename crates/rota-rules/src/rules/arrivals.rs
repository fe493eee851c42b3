//! `arrivals`: how many people come in at about the same time.

use crate::model::{Model, Row, Sum};
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Per, ShiftSet, DAY_MINUTES};
use rota_core::finding::Finding;
use rota_core::select::{Presence, ReadWhen, When, Where, Who};
use rota_core::{About, Limit, PersonIndex, Roster, ShiftIndex, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In any so many minutes of a day, at most so many people come in: their shifts start.
///
/// Counts the people of `who` on site whose shift starts in the same stretch of `minutes`: with 30 minutes, shifts
/// from 08:00 and 08:20 are counted together, shifts from 08:00 and 08:30 are not. Each day of `when` is counted by
/// itself, at `where`; an arrival belongs to the day on which its shift starts, and no stretch goes on past
/// midnight. With `shifts` in `when` only those shifts count; with `between`, those that start between these times.
///
/// Says that the lift, the cloakroom or the temperature check takes only so many at a time.
///
/// A breach is about a day (and place, when `where` reads each); its amount is the people over in the worst stretch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Arrivals {
    /// Whose arrivals are counted; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// On which days, for which shifts or starts, such as `"07:00-10:00"`; always if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// At which places, such as `{"each": "site"}`; all together if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
    /// In a stretch of so many minutes, its end not included.
    pub minutes: u32,
    /// No more people.
    pub at_most: u32,
}

/// The shifts that count, with the minute at which each starts.
fn starts(site: &Site, when: &ReadWhen) -> Vec<(ShiftIndex, u32)> {
    let starts = |shift: ShiftIndex| site.calendar.shifts[shift.at()].span.map(|(start, _)| (shift, start));
    // Times such as 22:00-02:00 hold a start at 01:00.
    let inside = |start: u32| {
        when.between.is_none_or(|(from, to)| {
            (from..to).contains(&start) || (from..to).contains(&(start + DAY_MINUTES))
        })
    };
    ShiftIndex::all(site.calendar.shifts.len())
        .filter(|shift| when.shifts.has(Some(*shift)))
        .filter_map(starts)
        .filter(|(_, start)| inside(*start))
        .collect()
}

impl Arrivals {
    /// The shifts that start in each stretch of time; none that are part of another.
    fn windows(&self, site: &Site, when: &ReadWhen) -> Vec<ShiftSet> {
        let starts = starts(site, when);
        let mut windows: Vec<ShiftSet> = Vec::new();
        // A stretch that begins with a start holds all that a stretch begun earlier holds from there on.
        for (_, begin) in &starts {
            let shifts = starts
                .iter()
                .filter(|(_, start)| begin <= start && *start - begin < self.minutes)
                .fold(ShiftSet::NONE, |shifts, (shift, _)| shifts.with(*shift));
            windows.push(shifts);
        }
        let all = windows.clone();
        windows.retain(|window| !all.iter().any(|other| other != window && other.and(*window) == *window));
        windows.sort_unstable();
        windows.dedup();
        windows
    }
}

impl Rule for Arrivals {
    fn examples() -> Vec<Example<Arrivals>> {
        vec![
            example(TinySite::Shifts, r#"{ "minutes": 30, "at_most": 1 }"#),
            example(TinySite::Shifts, r#"{ "minutes": 361, "at_most": 2 }"#),
            example(TinySite::Shifts, r#"{ "minutes": 720, "at_most": 0, "who": { "tag": "key" } }"#),
            example(
                TinySite::Shifts,
                r#"{ "minutes": 600, "at_most": 1, "when": { "shifts": ["late", "night"], "weekdays": ["tue"] } }"#,
            ),
            example(TinySite::Shifts, r#"{ "minutes": 1440, "at_most": 1, "when": "18:00-07:00" }"#),
            example(TinySite::DeskShifts, r#"{ "minutes": 60, "at_most": 1 }"#),
            example(
                TinySite::DeskShifts,
                r#"{ "minutes": 900, "at_most": 0, "who": "ann", "where": { "each": "zone" } }"#,
            ),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "arrivals", "/who");
        findings.extend(self.when.findings(site, "arrivals", "/when"));
        findings.extend(self.at.findings(site, "arrivals", "/where"));
        if self.minutes == 0 {
            findings.push(
                Finding::error("arrivals.minutes", "/minutes", "nobody can come in within 0 minutes")
                    .help("write a number of minutes above 0"),
            );
        }
        let shifts = &site.calendar.shifts;
        if shifts.is_empty() {
            findings.push(
                Finding::error(
                    "arrivals.no_shifts",
                    "",
                    "people come in when their shifts start, and the calendar has no shifts",
                )
                .help("add `shifts` with `from` and `to` to the calendar"),
            );
            return findings;
        }
        let when = self.when.read(site);
        for shift in ShiftIndex::all(shifts.len()).filter(|shift| when.shifts.has(Some(*shift))) {
            let shift = &shifts[shift.at()];
            if shift.span.is_none() {
                findings.push(
                    Finding::error(
                        "arrivals.no_times",
                        "",
                        format!("when the shift `{}` starts is not known", shift.id),
                    )
                    .help("give the shift `from` and `to`, or name the `shifts` that count in `when`"),
                );
            }
        }
        if findings.is_empty() && starts(site, &when).is_empty() {
            findings.push(
                Finding::warning("arrivals.no_start", "/when", "no shift starts between these times")
                    .help("the rule asks nothing; correct the times, or take the rule out"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let people = self.who.people(site);
        let when = self.when.read(site);
        let windows = self.windows(site, &when);
        for day in when.days(site) {
            for spot in self.at.spots(site) {
                let mut rows = Vec::new();
                for shifts in &windows {
                    let presence = Presence { shifts: *shifts, spot };
                    let coming: Sum =
                        people.iter().map(|person| model.on_site(*person, day, &presence)).sum();
                    rows.push(Row::at_most(coming, f64::from(self.at_most)));
                }
                model.at_worst(spot.about(About::day(day)).limit(Limit::AtMost), rows);
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let people = self.who.people(site);
        let when = self.when.read(site);
        let counted = starts(site, &when);
        for day in when.days(site) {
            for spot in self.at.spots(site) {
                let there = Presence { shifts: ShiftSet::ALL, spot };
                let mut arrivals: Vec<u32> = people
                    .iter()
                    .filter(|person| roster.is_there(site, **person, day, &there))
                    .filter_map(|person| roster.at(*person, day).shift)
                    .filter_map(|shift| counted.iter().find(|(counts, _)| *counts == shift))
                    .map(|(_, start)| *start)
                    .collect();
                arrivals.sort_unstable();
                let stretches = arrivals.iter().enumerate().map(|(at, first)| {
                    let together = arrivals[at..].iter().take_while(|start| **start - first < self.minutes);
                    (together.count() as f64, f64::from(self.at_most))
                });
                tally.at_worst(spot.about(About::day(day)).limit(Limit::AtMost), stretches);
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let whom = match (self.who.is_everyone() && site.scope.is_none(), self.at_most) {
            (true, 1) => "person comes".to_string(),
            (true, _) => "people come".to_string(),
            (false, 1) => format!("of {} comes", crate::speak::who(&self.who, site)),
            (false, _) => format!("of {} come", crate::speak::who(&self.who, site)),
        };
        let minutes =
            if self.minutes == 1 { "minute".to_string() } else { format!("{} minutes", self.minutes) };
        let mut words = format!("at most {} {whom} in within any {minutes}", self.at_most);
        words.push_str(&crate::speak::at(&self.at, site, about));
        words.push_str(&crate::speak::when(&self.when, site, about, Per::Day));
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::{Owner, Problem};
    use rota_core::Day;

    /// Monday and Tuesday; shifts that start at 07:00, 08:00, 08:20, 08:30 and 23:50; two zones of two sites.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-15", "to": "2020-06-16",
        "shifts": [ { "id": "seven", "from": "07:00", "to": "15:00" }, { "id": "eight", "from": "08:00", "to": "16:00" },
                    { "id": "twenty", "from": "08:20", "to": "16:20" }, { "id": "half", "from": "08:30", "to": "16:30" },
                    { "id": "night", "from": "23:50", "to": "07:00" } ] },
      "people": [ { "id": "ann", "team": "red" }, { "id": "bob", "team": "red" }, { "id": "cat" }, { "id": "dan" },
                  { "id": "eve", "away": ["2020-06-16"] } ],
      "sites": [ { "id": "main", "zones": [ { "id": "north", "seats": 9 } ] }, { "id": "annex", "zones": [ { "id": "south", "seats": 9 } ] } ],
      "history": { "days": [ { "person": "dan", "on": "2020-06-14", "place": "on_site", "shift": "night", "zone": "north" } ] } }"#;

    /// ```text
    ///        Mon            Tue
    /// ann    08:00 north    08:20 north
    /// bob    08:20 north    08:20 south
    /// cat    08:20 south    08:30 north
    /// dan    08:30 north    07:00 north
    /// eve    23:50 north    away
    /// ```
    const LINES: [&str; 5] = [
        "ann: S/eight@north S/twenty@north",
        "bob: S/twenty@north S/twenty@south",
        "cat: S/twenty@south S/half@north",
        "dan: S/half@north S/seven@north",
        "eve: S/night@north -",
    ];

    fn count(rule: &str) -> Vec<String> {
        counted(TEAM, rule, &LINES)
    }

    /// Within 30 minutes. Monday: from 08:00 ann, bob and cat, 3 (08:30 is 30 minutes later and not within); from
    /// 08:20 bob, cat and dan, 3; at 23:50 eve. Tuesday: from 08:20 ann, bob and cat, 3. Within 31: Monday 4.
    /// Within 20: Monday from 08:20 3, and 08:00 and 08:20 are apart. Within 91: from 07:00 Tuesday has all 4.
    #[test]
    fn picture() {
        assert_eq!(
            count(r#"{ "arrivals": { "minutes": 30, "at_most": 2 } }"#),
            ["2020-06-15 at_most: 1", "2020-06-16 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "arrivals": { "minutes": 31, "at_most": 2 } }"#),
            ["2020-06-15 at_most: 2", "2020-06-16 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "arrivals": { "minutes": 10, "at_most": 1 } }"#),
            ["2020-06-15 at_most: 1", "2020-06-16 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "arrivals": { "minutes": 91, "at_most": 3 } }"#),
            ["2020-06-15 at_most: 1", "2020-06-16 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "arrivals": { "who": "red", "minutes": 20, "at_most": 1 } }"#),
            ["2020-06-16 at_most: 1"]
        );
    }

    /// Each site by itself, within 30 minutes: Monday main from 08:00 ann and bob, from 08:20 bob and dan: one over
    /// 1; annex cat alone. Tuesday main ann and cat, annex bob alone.
    ///
    /// The night of Monday at 23:50 and the morning after are never one stretch; nor does the past count.
    #[test]
    fn places_shifts_and_times() {
        assert_eq!(
            count(r#"{ "arrivals": { "minutes": 30, "at_most": 1, "where": { "each": "site" } } }"#),
            ["2020-06-15 main at_most: 1", "2020-06-16 main at_most: 1"]
        );
        assert_eq!(
            count(
                r#"{ "arrivals": { "minutes": 30, "at_most": 0, "when": { "shifts": ["seven", "eight"] } } }"#
            ),
            ["2020-06-15 at_most: 1", "2020-06-16 at_most: 1"]
        );
        // Only starts from 08:00 to before 08:30: Monday 3, Tuesday 2.
        assert_eq!(
            count(r#"{ "arrivals": { "minutes": 90, "at_most": 1, "when": "08:00-08:30" } }"#),
            ["2020-06-15 at_most: 2", "2020-06-16 at_most: 1"]
        );
        // Past midnight, on the clock: eve's night and, on its own day, dan's seven.
        assert_eq!(
            count(r#"{ "arrivals": { "minutes": 600, "at_most": 0, "when": "23:00-07:30" } }"#),
            ["2020-06-15 at_most: 1", "2020-06-16 at_most: 1"]
        );
    }

    fn problem_of(scenario: &str, rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(scenario).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        Problem::new(&scenario)
    }

    #[test]
    fn sentences() {
        let told = |rule: &str, about: &About| {
            let (problem, findings) = problem_of(TEAM, rule).expect("no error");
            assert!(findings.is_empty(), "{findings:?}");
            problem.sentence(Owner::Rule(0), about)
        };
        assert_eq!(
            told(r#"{ "arrivals": { "minutes": 30, "at_most": 2 } }"#, &About::day(Day(1))),
            "at most 2 people come in within any 30 minutes on Tue 16 June"
        );
        assert_eq!(
            told(
                r#"{ "arrivals": { "who": "red", "minutes": 1, "at_most": 1, "where": { "each": "site" }, "when": "08:00-09:00" } }"#,
                &About::default()
            ),
            "at most 1 of red comes in within any minute at each site (08:00-09:00) each day"
        );
    }

    #[test]
    fn mistakes_are_found() {
        for (rule, code) in [
            (r#"{ "arrivals": { "minutes": 0, "at_most": 2 } }"#, "arrivals.minutes"),
            (r#"{ "arrivals": { "minutes": 5, "at_most": 2, "who": "rde" } }"#, "arrivals.nobody"),
            (
                r#"{ "arrivals": { "minutes": 5, "at_most": 2, "where": { "zone": "nrth" } } }"#,
                "arrivals.nowhere",
            ),
            (
                r#"{ "arrivals": { "minutes": 5, "at_most": 2, "when": { "shifts": ["sevn"] } } }"#,
                "arrivals.unknown_shift",
            ),
        ] {
            let findings = problem_of(TEAM, rule).expect_err("an error");
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{findings:?}"
            );
        }
        let early = r#"{ "arrivals": { "minutes": 5, "at_most": 2, "when": "05:00-06:00" } }"#;
        let (_, findings) = problem_of(TEAM, early).expect("no error");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].code, "arrivals.no_start");

        let rule = r#"{ "arrivals": { "minutes": 5, "at_most": 2 } }"#;
        let without = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" }, "people": [ { "id": "ann" } ] }"#;
        let findings = problem_of(without, rule).expect_err("an error");
        assert_eq!((findings.len(), findings[0].code.as_str()), (1, "arrivals.no_shifts"), "{findings:?}");
        let untimed = r#"{ "scenario": 1, "people": [ { "id": "ann" } ],
          "calendar": { "from": "2020-06-15", "to": "2020-06-16",
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "visit", "hours": 2 } ] } }"#;
        let findings = problem_of(untimed, rule).expect_err("an error");
        assert_eq!((findings.len(), findings[0].code.as_str()), (1, "arrivals.no_times"), "{findings:?}");
        let named = r#"{ "arrivals": { "minutes": 5, "at_most": 2, "when": { "shifts": ["early"] } } }"#;
        let (_, findings) = problem_of(untimed, named).expect("no error");
        assert!(findings.is_empty(), "{findings:?}");
    }
}
