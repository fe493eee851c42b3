//! `run`: how many days running a person is in one place.

use crate::model::{Look, Model, Row, Sum};
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::finding::Finding;
use rota_core::select::{Presence, Who};
use rota_core::{About, Day, Limit, PersonIndex, Place, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How many working days running each person is in one place: at most so many, at least so many, or both.
///
/// Each person's working days are lined up, known days before the rota first. A run is an unbroken stretch of
/// them on site (`place: home` looks at days at home). Weekends, closed days and leave neither count nor end a
/// run: home on Friday and home on Monday are two days running. With `off_ends: true` a day off ends it, which
/// suits rest: days on site in a row. `place: working` then looks at days worked in a row, in either place.
///
/// Days on which only one place is possible (`base`, `only`) are passed over like days off.
///
/// A run may be longer than is known: one that touches the first or last known day (with `off_ends`, a day off)
/// is never too short, and neither is one that ended before the rota began.
///
/// Says that nobody is unseen for too long (`place: home`, `at_most: 4`), that nobody is on site too many days
/// in a row (`at_most: 5`, `off_ends: true`), or that a visit lasts at least two days (`at_least: 2`).
///
/// Too long: a breach is about a person and each day of the rota beyond the limit; its amount is 1. Too short: it
/// is about a person and the first day of the run, which may lie before the rota; its amount is the days missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Whose days are lined up; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// Which days: `on_site` (if not given), `home` or `working`.
    #[serde(default, skip_serializing_if = "Look::is_on_site")]
    pub place: Look,
    /// No run is shorter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    /// No run is longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// Whether a day off ends a run; false if not given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub off_ends: bool,
}

impl Run {
    /// The working days that count, known history first, cut where a run cannot go on.
    ///
    /// Without `off_ends` one stretch; with it, a stretch ends at each day off.
    fn stretches(&self, site: &Site, person: PersonIndex) -> Vec<Vec<Day>> {
        let mut stretches: Vec<Vec<Day>> = vec![Vec::new()];
        for day in (site.calendar.first_known.0..=site.calendar.last().0).map(Day) {
            if site.works(person, day) && site.laid_down(person, day).is_none() {
                if let Some(stretch) = stretches.last_mut() {
                    stretch.push(day);
                }
            } else if self.off_ends {
                stretches.push(Vec::new());
            }
        }
        stretches
    }
}

impl Rule for Run {
    fn examples() -> Vec<Example<Run>> {
        vec![
            example(TinySite::Long, r#"{ "place": "home", "at_most": 3 }"#),
            example(TinySite::Long, r#"{ "at_most": 1 }"#),
            example(TinySite::Long, r#"{ "at_most": 0 }"#),
            example(TinySite::Long, r#"{ "at_least": 2 }"#),
            example(TinySite::Long, r#"{ "at_least": 4 }"#),
            example(TinySite::Long, r#"{ "place": "home", "at_least": 2, "at_most": 3 }"#),
            example(TinySite::Long, r#"{ "at_most": 2, "off_ends": true }"#),
            example(TinySite::Long, r#"{ "at_least": 2, "off_ends": true }"#),
            example(TinySite::Long, r#"{ "place": "home", "at_least": 2, "at_most": 2, "off_ends": true }"#),
            example(TinySite::Days, r#"{ "who": { "team": "red" }, "at_most": 1 }"#),
            example(TinySite::Days, r#"{ "who": { "tag": "new" }, "place": "home", "at_most": 0 }"#),
            example(TinySite::Shifts, r#"{ "who": "key", "at_most": 1 }"#),
            example(TinySite::DeskShifts, r#"{ "at_most": 2, "off_ends": true }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "run", "/who");
        match (self.at_least, self.at_most) {
            (None, None) => findings.push(
                Finding::error("run.limits", "", "no limit is given").help("add `at_least` or `at_most`"),
            ),
            (Some(least), Some(most)) if least > most => findings.push(
                Finding::error(
                    "run.limits",
                    "/at_least",
                    format!("at_least {least} is above at_most {most}"),
                )
                .help("swap or correct the two limits"),
            ),
            (Some(least @ (0 | 1)), None) => findings.push(
                Finding::warning(
                    "run.limits",
                    "/at_least",
                    format!("at_least {least} asks nothing: no run is shorter than 1 day"),
                )
                .help("write 2 or more, or leave the rule out"),
            ),
            _ => {}
        }
        if self.place == Look::Working {
            if !self.off_ends {
                findings.push(
                    Finding::error(
                        "run.place",
                        "/place",
                        "somebody who works is working on every working day, so such a run never ends",
                    )
                    .help("add \"off_ends\": true, so that days off end it"),
                );
            }
            if self.at_least.is_some() {
                findings.push(
                    Finding::error(
                        "run.place",
                        "/at_least",
                        "days worked in a row end at a day off, so they are never too few",
                    )
                    .help("leave out `at_least`, or name a place"),
                );
            }
        }
        if !findings.iter().any(Finding::is_error) {
            let passed_over: Vec<&str> = self
                .who
                .people(site)
                .into_iter()
                .filter(|person| {
                    let mut days = site.calendar.days();
                    days.any(|day| site.works(*person, day) && site.laid_down(*person, day).is_some())
                })
                .map(|person| site.person(person).name.as_str())
                .collect();
            if !passed_over.is_empty() {
                findings.push(
                    Finding::note(
                        "run.eased",
                        "/who",
                        format!(
                            "days on which only one place is possible are passed over for {}",
                            passed_over.join(", ")
                        ),
                    )
                    .help("nothing needs doing: `base` and `only` come before this rule"),
                );
            }
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        for person in self.who.each(site) {
            for days in self.stretches(site, person) {
                let there: Vec<Sum> = days
                    .iter()
                    .map(|day| model.there(person, *day, self.place, &Presence::ON_SITE))
                    .collect();
                if let Some(most) = self.at_most {
                    // A run of most + 1 or more days holds such a window for each day beyond most.
                    for (window, last) in
                        there.windows(most as usize + 1).zip(&days[(most as usize).min(days.len())..])
                    {
                        if !last.is_past() {
                            let about = About::person(person).on(*last);
                            model.at_most(about, window.iter().cloned().sum(), f64::from(most));
                        }
                    }
                }
                if let Some(least) = self.at_least {
                    for start in 1..days.len() {
                        // A run of exactly `length` days from here: the days beside it are not there. Only its
                        // own row is charged; a longer run meets the rows of its parts.
                        let rows: Vec<Row> = (1..least as usize)
                            .take_while(|length| start + length < days.len())
                            .filter(|length| !days[start + length - 1].is_past())
                            .map(|length| {
                                let missing = f64::from(least) - length as f64;
                                let inside: Sum = there[start..start + length].iter().cloned().sum();
                                let beside = there[start - 1].clone() + there[start + length].clone();
                                let sum = (beside + inside.times(-1.0)).times(missing);
                                Row::at_least(sum, missing * (1.0 - length as f64))
                            })
                            .collect();
                        let about = About::person(person).on(days[start]).limit(Limit::AtLeast);
                        model.at_worst(about, rows);
                    }
                }
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        for person in self.who.each(site) {
            // The run so far, and whether it may have begun before what can be seen.
            let (mut run, mut open): (Vec<Day>, bool) = (Vec::new(), true);
            for day in (site.calendar.first_known.0..=site.calendar.last().0).map(Day) {
                let place = roster.at(person, day).place;
                if place == Place::Off || site.laid_down(person, day).is_some() {
                    if self.off_ends {
                        (run, open) = (Vec::new(), true);
                    }
                    continue;
                }
                let stays = match self.place {
                    Look::OnSite => place == Place::OnSite,
                    Look::Home => place == Place::Home,
                    Look::Working => true,
                };
                if stays {
                    run.push(day);
                    let about = About::person(person).on(day).limit(Limit::AtMost);
                    if let Some(most) =
                        self.at_most.filter(|most| run.len() > *most as usize && !day.is_past())
                    {
                        tally.charge(about, 1.0, run.len(), most);
                    }
                    continue;
                }
                if let (Some(first), Some(last), Some(least)) = (run.first(), run.last(), self.at_least) {
                    if !open && !last.is_past() {
                        tally.at_least(About::person(person).on(*first), run.len() as f64, f64::from(least));
                    }
                }
                (run, open) = (Vec::new(), false);
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let days = |count: u32| match (self.off_ends, count) {
            (true, 1) => "day in a row",
            (true, _) => "days in a row",
            (false, 1) => "working day running",
            (false, _) => "working days running",
        };
        let on = |link: &str| match about.on {
            Some(day) => format!(", {link} {}", site.calendar.date(day).spoken()),
            None => String::new(),
        };
        let limit = match (about.limit, self.at_least, self.at_most) {
            (Some(Limit::AtMost), _, Some(most)) | (None, None, Some(most)) => {
                format!("at most {most} {}{}", days(most), on("up to"))
            }
            (Some(Limit::AtLeast), Some(least), _) | (None, Some(least), None) => {
                format!("at least {least} {}{}", days(least), on("from"))
            }
            (_, Some(least), Some(most)) => format!("{least} to {most} {}", days(most)),
            _ => "any number of days".to_string(),
        };
        format!("{} is {} {limit}", crate::speak::person(&self.who, site, about), self.place.spoken())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::{Owner, Problem};

    /// Calendar Wednesday 17 to Friday 26 June 2020, history from Friday 12. Dan may only be at home on 22 and 23.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-17", "to": "2020-06-26" },
      "people": [ { "id": "ann" }, { "id": "bob", "away": ["2020-06-19"] }, { "id": "cat", "base": "home" },
                  { "id": "dan", "only": [ { "place": "home", "from": "2020-06-22", "to": "2020-06-23" } ] } ],
      "history": { "days": [
        { "person": "ann", "on": "2020-06-12", "place": "home" }, { "person": "ann", "on": "2020-06-15", "place": "on_site" },
        { "person": "ann", "on": "2020-06-16", "place": "on_site" },
        { "person": "bob", "on": "2020-06-15", "place": "home" }, { "person": "bob", "on": "2020-06-16", "place": "on_site" },
        { "person": "dan", "on": "2020-06-15", "place": "on_site" }, { "person": "dan", "on": "2020-06-16", "place": "home" } ] } }"#;

    /// ```text
    ///        history      | Wed 17 18 19 | Mon 22 23 24 25 26
    ///        Fri Mon Tue  |
    /// ann     h   S   S   |   S  h  S    |   S  h  h  S  h
    /// bob     -   h   S   |   h  S  -    |   h  h  h  h  S
    /// cat                 |   h  h  h    |   h  h  h  h  h     base home
    /// dan     -   S   h   |   h  S  S    |  (h  h) S  h  S     Monday and Tuesday home only
    /// ```
    const LINES: [&str; 4] =
        ["ann: S h S S h h S h", "bob: h S - h h h h S", "cat: h h h h h h h h", "dan: h S S h h S h S"];

    fn count(rule: &str) -> Vec<String> {
        counted(TEAM, rule, &LINES)
    }

    /// Home at most 2 running. Ann: 12 | 18 | 23 24 | 26: none. Bob: 15 | 17 | 22 23 24 25: Wednesday 24 and
    /// Thursday 25 are the third and fourth. Cat: nothing else is possible. Dan: 16 17 | 25: none.
    ///
    /// On site at most 2: ann 15 16 17: the third is Wednesday 17; 19 22 over a weekend are two. Dan 18 19 24,
    /// the two home-only days passed over: the third is Wednesday 24.
    #[test]
    fn picture() {
        assert_eq!(
            count(r#"{ "run": { "place": "home", "at_most": 2 } }"#),
            ["bob 2020-06-24 at_most: 1", "bob 2020-06-25 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "run": { "at_most": 2 } }"#),
            ["ann 2020-06-17 at_most: 1", "dan 2020-06-24 at_most: 1"]
        );
    }

    /// With `off_ends` the weekend, leave and home-only days end a run. On site at most 1: ann 15 16 17: Tuesday
    /// was before the calendar, Wednesday is charged; 19 and 22 are two runs of one. Dan 18 19: Friday; 24.
    #[test]
    fn days_off_end_a_run() {
        assert_eq!(
            count(r#"{ "run": { "at_most": 1, "off_ends": true } }"#),
            ["ann 2020-06-17 at_most: 1", "dan 2020-06-19 at_most: 1"]
        );
        // Working days in a row: 15 to 19 and 22 to 26; bob's leave on 19 ends his. Cat, who can only be at home,
        // and dan's Monday and Tuesday are passed over.
        assert_eq!(
            count(r#"{ "run": { "place": "working", "at_most": 4, "off_ends": true } }"#),
            [
                "ann 2020-06-19 at_most: 1",
                "ann 2020-06-26 at_most: 1",
                "bob 2020-06-26 at_most: 1",
                "dan 2020-06-19 at_most: 1"
            ]
        );
    }

    /// On site at least 4 running. Ann: 15 16 17 is one short, and began before the calendar; 19 22 two short;
    /// 25 three. Bob: 16 ended before the calendar; 18 three short, though leave follows; 26 is the last day.
    /// Dan: 15 touches the first known day; 18 19 24 is one short; 26 the last day.
    #[test]
    fn too_short() {
        assert_eq!(
            count(r#"{ "run": { "at_least": 4 } }"#),
            [
                "ann 2020-06-15 at_least: 1",
                "ann 2020-06-19 at_least: 2",
                "ann 2020-06-25 at_least: 3",
                "bob 2020-06-18 at_least: 3",
                "dan 2020-06-18 at_least: 1",
            ]
        );
        // A day off beside it excuses: ann's 15 (after the weekend), 19 and 22, bob's 18, dan's 19 and 24. Left: ann's 25.
        assert_eq!(
            count(r#"{ "run": { "at_least": 4, "off_ends": true } }"#),
            ["ann 2020-06-25 at_least: 3"]
        );
        // At home at least 2: ann 18, 26 the last day; bob 15 the first known, 17; dan 25.
        assert_eq!(
            count(r#"{ "run": { "place": "home", "at_least": 2 } }"#),
            ["ann 2020-06-18 at_least: 1", "bob 2020-06-17 at_least: 1", "dan 2020-06-25 at_least: 1"]
        );
    }

    fn problem(rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        Problem::new(&scenario)
    }

    #[test]
    fn sentences_and_the_note() {
        let (problem, findings) =
            problem(r#"{ "run": { "place": "home", "at_least": 2, "at_most": 4 } }"#).expect("no error");
        let note = findings.iter().find(|finding| finding.code == "run.eased").expect("a note");
        assert_eq!(note.message, "days on which only one place is possible are passed over for cat, dan");
        let about = About::person(PersonIndex(0)).on(Day(1));
        let sentence = |about: &About| problem.sentence(Owner::Rule(0), about);
        assert_eq!(
            sentence(&about.limit(Limit::AtMost)),
            "ann is at home at most 4 working days running, up to Thu 18 June"
        );
        assert_eq!(
            sentence(&about.limit(Limit::AtLeast)),
            "ann is at home at least 2 working days running, from Thu 18 June"
        );
        assert_eq!(sentence(&About::default()), "everyone is at home 2 to 4 working days running");
    }

    #[test]
    fn mistakes_are_found() {
        for (rule, code) in [
            (r#"{ "run": {} }"#, "run.limits"),
            (r#"{ "run": { "at_least": 3, "at_most": 2 } }"#, "run.limits"),
            (r#"{ "run": { "place": "working", "at_most": 5 } }"#, "run.place"),
            (r#"{ "run": { "place": "working", "at_least": 5, "off_ends": true } }"#, "run.place"),
        ] {
            let findings = problem(rule).expect_err("an error");
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{findings:?}"
            );
        }
        let (_, findings) = problem(r#"{ "run": { "at_least": 1 } }"#).expect("no error");
        assert!(findings.iter().any(|finding| finding.code == "run.limits"), "{findings:?}");
    }
}
