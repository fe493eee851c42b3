//! `days`: on how many days each person is there.

use super::defaults;
use crate::model::{Look, Model, Sum};
use crate::periods;
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::Per;
use rota_core::finding::Finding;
use rota_core::select::{Presence, ReadWhen, Spot, When, Where, Who};
use rota_core::typed::WorkPlace;
use rota_core::{About, Day, Limit, Period, PersonIndex, Place, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// On how many days each person is there, in each week, each fortnight or the whole rota: at least so many, at
/// most so many, or both.
///
/// Each person of `who` is counted alone: days on site (`place: home` counts days worked at home, `working`
/// both) on the open days of `when`, at `where`. With `shifts` in `when`, days on those shifts.
///
/// Known days before the rota count where they lie in the same week; whom no record of them names was away. Where days
/// of a week are still unknown, at least is lowered in proportion: 3 a week is 1 in a week of which two days are known. With `pro_rata` both
/// limits follow the days the person works instead: 3 of 5 is 2 for somebody who works three days that week.
/// Halves go to the looser limit.
///
/// Nobody is asked for more days than they work and may be there: leave, closed days and "home only" lower at
/// least, and a note says for whom. Days over before the rota began are not held against anybody.
///
/// Says attendance ("two days a week on site"), homeworkers who come to team days (`at_most`), and days at
/// home for everybody (`place: home`, `at_least`).
///
/// A breach is about a person, a period and a limit; its amount is the days short or over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// Whose days are counted; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// Which days: `on_site` (if not given), `home` or `working`.
    #[serde(default, skip_serializing_if = "Look::is_on_site")]
    pub place: Look,
    /// Over which period: `week` (if not given), `fortnight` or `rota`.
    #[serde(default = "defaults::each_week", skip_serializing_if = "defaults::is_each_week")]
    pub per: Per,
    /// Which days and shifts count, such as `{"shifts": ["late"]}`; all if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// At which places; anywhere if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
    /// No fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<u32>,
    /// No more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<u32>,
    /// Whether the limits follow the days that each person works; false if not given.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pro_rata: bool,
}

/// What is asked of one person in one period at one spot.
struct Asked {
    /// At least, as the period's known or worked days give it.
    least: Option<f64>,
    /// The most days there that are possible; `least` is held to it.
    possible: f64,
    /// At most.
    most: Option<f64>,
}

impl Asked {
    /// At least, as far as it is possible.
    fn least(&self) -> Option<f64> {
        self.least.map(|least| least.min(self.possible))
    }
}

impl Days {
    fn asked(&self, site: &Site, when: &ReadWhen, period: Period, person: PersonIndex, spot: Spot) -> Asked {
        let presence = Presence { shifts: when.shifts, spot };
        let past = periods::past(site, when, period, &[person], self.place, &presence);
        let coming = periods::days(site, when, period).into_iter().filter(|day| !day.is_past());
        let may = coming.filter(|day| self.may_be_there(site, person, *day, &presence)).count();
        let (least_share, most_share) = if self.pro_rata {
            let share = periods::worked_share(site, when, period, person);
            (share, share)
        } else {
            (periods::known_share(site, when, period), 1.0)
        };
        Asked {
            least: self.at_least.map(|least| periods::least(f64::from(least), least_share)),
            possible: past + may as f64,
            // History is never itself a breach: what is over already is not charged again.
            most: self.at_most.map(|most| periods::most(f64::from(most), most_share).max(past)),
        }
    }

    /// Whether the laws let a day of the calendar count.
    fn may_be_there(&self, site: &Site, person: PersonIndex, day: Day, presence: &Presence) -> bool {
        match self.place {
            Look::OnSite => site.may_be(person, day, presence),
            Look::Home => site.works(person, day) && site.laid_down(person, day) != Some(WorkPlace::OnSite),
            Look::Working => site.works(person, day),
        }
    }

    /// For whom the laws lower `at_least`: `Ann (1 of 2 from Mon 15 June to Fri 19 June, and 1 more)`.
    fn eased(&self, site: &Site) -> Vec<String> {
        let when = self.when.read(site);
        let periods = site.periods(self.per);
        let mut eased = Vec::new();
        for person in self.who.people(site) {
            let mut cases = periods.iter().flat_map(|period| {
                let asked = self
                    .at
                    .spots(site)
                    .into_iter()
                    .map(|spot| self.asked(site, &when, *period, person, spot));
                asked.map(|asked| (*period, asked)).collect::<Vec<_>>()
            });
            let lowered =
                |(_, asked): &(Period, Asked)| asked.least.is_some_and(|least| least > asked.possible);
            let Some((period, asked)) = cases.find(lowered) else { continue };
            let (first, last) = site.inside(period);
            let days = crate::speak::subject_days(site, &About::days(first, last)).unwrap_or_default();
            let more = match cases.filter(lowered).count() {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            let least = asked.least.unwrap_or_default();
            eased.push(format!("{} ({} of {least}{days}{more})", site.person(person).name, asked.possible));
        }
        eased
    }
}

impl Rule for Days {
    fn examples() -> Vec<Example<Days>> {
        vec![
            example(TinySite::Long, r#"{ "at_least": 2, "at_most": 3 }"#),
            example(TinySite::Long, r#"{ "place": "home", "at_most": 2 }"#),
            example(TinySite::Long, r#"{ "place": "home", "per": "rota", "at_least": 3, "at_most": 3 }"#),
            example(TinySite::Long, r#"{ "at_most": 0 }"#),
            example(TinySite::Long, r#"{ "at_least": 5 }"#),
            example(TinySite::Long, r#"{ "per": "fortnight", "at_least": 5, "at_most": 5 }"#),
            example(TinySite::Long, r#"{ "at_least": 3, "at_most": 3, "pro_rata": true }"#),
            example(
                TinySite::Long,
                r#"{ "per": "fortnight", "when": "Thu, Fri", "at_least": 1, "at_most": 1, "pro_rata": true }"#,
            ),
            example(
                TinySite::Long,
                r#"{ "when": { "weekdays": ["mon", "tue"], "to": "2020-06-29" }, "at_least": 1 }"#,
            ),
            example(TinySite::Days, r#"{ "who": { "team": "red" }, "at_least": 3 }"#),
            example(TinySite::Shifts, r#"{ "when": { "shifts": ["night"] }, "at_most": 0 }"#),
            example(
                TinySite::Shifts,
                r#"{ "who": "key", "when": { "shifts": ["early", "late"] }, "per": "rota", "at_least": 2 }"#,
            ),
            example(TinySite::Desks, r#"{ "where": { "zone": "north" }, "per": "rota", "at_least": 1 }"#),
            example(TinySite::Desks, r#"{ "where": { "each": "site" }, "per": "rota", "at_most": 1 }"#),
            example(
                TinySite::DeskShifts,
                r#"{ "where": "main", "when": { "shifts": ["day"] }, "at_least": 2, "at_most": 2, "pro_rata": true }"#,
            ),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "days", "/who");
        findings.extend(self.when.findings(site, "days", "/when"));
        findings.extend(self.at.findings(site, "days", "/where"));
        match (self.at_least, self.at_most) {
            (None, None) => findings.push(
                Finding::error("days.limits", "", "no limit is given").help("add `at_least` or `at_most`"),
            ),
            (Some(least), Some(most)) if least > most => findings.push(
                Finding::error(
                    "days.limits",
                    "/at_least",
                    format!("at_least {least} is above at_most {most}"),
                )
                .help("swap or correct the two limits"),
            ),
            _ => {}
        }
        if self.per == Per::Day {
            findings.push(
                Finding::error("days.per", "/per", "days are counted per week, fortnight or rota")
                    .help("write week, fortnight or rota"),
            );
        }
        if self.when.has_between(site) {
            findings.push(
                Finding::error("days.when", "/when", "`between` looks at moments of a day, not at days")
                    .help("leave out `between`, or name the `shifts` that count"),
            );
        }
        if self.place != Look::OnSite && (self.when.names_times(site) || !self.at.is_anywhere()) {
            findings.push(
                Finding::error(
                    "days.place",
                    "/place",
                    format!("days {} have no shift or place here", self.place.spoken()),
                )
                .help("leave out `shifts` and `where`, or count days on site"),
            );
        }
        if !findings.iter().any(Finding::is_error) {
            let eased = self.eased(site);
            if !eased.is_empty() {
                findings.push(
                    Finding::note(
                        "days.eased",
                        "/at_least",
                        format!("at_least is lowered to the days that are possible for {}", eased.join(", ")),
                    )
                    .help("nothing needs doing: leave, closed days, places laid down and days already past allow no more"),
                );
            }
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let when = self.when.read(site);
        let spots = self.at.spots(site);
        for period in site.periods(self.per) {
            let days = periods::days(site, &when, period);
            let (first, last) = site.inside(period);
            for person in self.who.each(site) {
                for spot in &spots {
                    let presence = Presence { shifts: when.shifts, spot: *spot };
                    let there: Sum =
                        days.iter().map(|day| model.there(person, *day, self.place, &presence)).sum();
                    let about = spot.about(About::days(first, last).of(person));
                    let asked = self.asked(site, &when, period, person, *spot);
                    if let Some(least) = asked.least() {
                        model.at_least(about, there.clone(), least);
                    }
                    if let Some(most) = asked.most {
                        model.at_most(about, there, most);
                    }
                }
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let when = self.when.read(site);
        for person in self.who.each(site) {
            for period in site.periods(self.per) {
                let (first, last) = site.inside(period);
                for spot in self.at.spots(site) {
                    let presence = Presence { shifts: when.shifts, spot };
                    let found = periods::days(site, &when, period)
                        .into_iter()
                        .filter(|day| match self.place {
                            Look::OnSite => roster.is_there(site, person, *day, &presence),
                            Look::Home => roster.at(person, *day).place == Place::Home,
                            Look::Working => roster.at(person, *day).place != Place::Off,
                        })
                        .count() as f64;
                    let about = spot.about(About::days(first, last).of(person));
                    let asked = self.asked(site, &when, period, person, spot);
                    if let Some(least) = asked.least() {
                        tally.at_least(about, found, least);
                    }
                    if let Some(most) = asked.most {
                        tally.at_most(about, found, most);
                    }
                }
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let (mut least, mut most) = (self.at_least.map(f64::from), self.at_most.map(f64::from));
        // What is asked of this person in this period, which may be less than what is written.
        if let (Some(person), Some(day)) = (about.person, about.on) {
            let spot = self.at.spots(site).into_iter().find(|spot| {
                let named = spot.about(About::default());
                (named.site, named.zone) == (about.site, about.zone)
            });
            if let Some(spot) = spot {
                let period = site.calendar.period_of(self.per, day);
                let asked = self.asked(site, &self.when.read(site), period, person, spot);
                (least, most) = (asked.least(), asked.most);
            }
        }
        let days = |count: f64| if (count - 1.0).abs() < 1e-9 { "day" } else { "days" };
        let limit = match (about.limit, least, most) {
            (Some(Limit::AtMost), _, Some(most)) | (None, None, Some(most)) => {
                format!("at most {most} {}", days(most))
            }
            (Some(Limit::AtLeast), Some(least), _) | (None, Some(least), None) => {
                format!("at least {least} {}", days(least))
            }
            (_, Some(least), Some(most)) => format!("{least} to {most} days"),
            _ => "any number of days".to_string(),
        };
        let person = crate::speak::person(&self.who, site, about);
        let at = crate::speak::at(&self.at, site, about);
        let when = crate::speak::when(&self.when, site, about, self.per);
        format!("{person} is {} on {limit}{at}{when}", self.place.spoken())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::Problem;

    /// Calendar Wednesday 17 to Tuesday 30 June 2020, Friday 26 closed; history from Monday 15.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-17", "to": "2020-06-30", "closed": ["2020-06-26"], "anchor": "2020-06-15" },
      "people": [ { "id": "ann" }, { "id": "bob", "works": ["mon", "tue", "wed"] }, { "id": "cat", "base": "home" },
                  { "id": "dan", "away": [ { "from": "2020-06-18", "to": "2020-06-24" } ] } ],
      "history": { "days": [
        { "person": "ann", "on": "2020-06-15", "place": "on_site" }, { "person": "ann", "on": "2020-06-16", "place": "on_site" },
        { "person": "bob", "on": "2020-06-15", "place": "home" }, { "person": "bob", "on": "2020-06-16", "place": "on_site" },
        { "person": "cat", "on": "2020-06-15", "place": "home" }, { "person": "cat", "on": "2020-06-16", "place": "home" },
        { "person": "dan", "on": "2020-06-15", "place": "home" }, { "person": "dan", "on": "2020-06-16", "place": "home" } ] } }"#;

    /// ```text
    ///        history   week of 15 June   week of 22 June   of 29
    ///        Mon Tue | Wed Thu Fri     | Mon Tue Wed Thu | Mon Tue
    /// ann     S   S  |  S   h   h      |  h   h   h   S  |  h   h
    /// bob     h   S  |  h   -   -      |  S   S   S   -  |  S   S
    /// cat     h   h  |  h   h   h      |  h   h   h   h  |  h   h
    /// dan     h   h  |  h   -   -      |  -   -   -   S  |  h   S
    /// ```
    const LINES: [&str; 4] = [
        "ann: S h h h h h S h h",
        "bob: h - - S S S - S S",
        "cat: h h h h h h h h h",
        "dan: h - - - - - S h S",
    ];

    fn count(rule: &str) -> Vec<String> {
        counted(TEAM, rule, &LINES)
    }

    /// At least 2 a week: the weeks of 15 and 22 June are known, closed Friday or not; that of 29 June has two
    /// of five days: 2 x 2/5 = 0.8, so 1.
    ///
    /// - ann: 3, 1 (one short), 0 of 1 (one short).
    /// - bob: 1, but could be 2 (one short); 3; 2.
    /// - cat, home only, is asked nothing.
    /// - dan: of the week of 15 June only Wednesday was left, so 1 is asked and missed; of that of 22 June only
    ///   Thursday: 1, kept; 1 of 1.
    #[test]
    fn picture() {
        assert_eq!(
            count(r#"{ "days": { "at_least": 2 } }"#),
            [
                "ann 2020-06-22..2020-06-28 at_least: 1",
                "ann 2020-06-29..2020-06-30 at_least: 1",
                "bob 2020-06-17..2020-06-21 at_least: 1",
                "dan 2020-06-17..2020-06-21 at_least: 1",
            ]
        );
        // At most is not cut. Ann was in twice before the calendar began: only her Wednesday is over.
        assert_eq!(
            count(r#"{ "days": { "at_most": 1 } }"#),
            [
                "ann 2020-06-17..2020-06-21 at_most: 1",
                "bob 2020-06-22..2020-06-28 at_most: 2",
                "bob 2020-06-29..2020-06-30 at_most: 1",
            ]
        );
    }

    /// 3 of 5 in proportion to the days worked. Week of 15: ann 5 days, 3 asked, 3 found; bob 3 days, 1.8, so 2
    /// asked, 1 found; dan 3 days (two of them history), 1.8, so 2, but only Wednesday is left: 1, none found.
    /// Week of 22: ann 4 days, 2.4, so 2, 1 found; bob 3 days, 2; 3 found, one over; dan 1 day, 0.6, so 1.
    /// Week of 29: everybody 2 days, 1.2, so 1: ann 0, bob 2, dan 1.
    #[test]
    fn in_proportion_to_days_worked() {
        assert_eq!(
            count(r#"{ "days": { "at_least": 3, "at_most": 3, "pro_rata": true } }"#),
            [
                "ann 2020-06-22..2020-06-28 at_least: 1",
                "ann 2020-06-29..2020-06-30 at_least: 1",
                "bob 2020-06-17..2020-06-21 at_least: 1",
                "bob 2020-06-22..2020-06-28 at_most: 1",
                "bob 2020-06-29..2020-06-30 at_most: 1",
                "dan 2020-06-17..2020-06-21 at_least: 1",
            ]
        );
    }

    /// A fortnight from 15 June is wholly known; that from 29 June has 2 of 10 days: 5 becomes 1. The rota is
    /// the calendar alone: ann 2 on site, bob 5, dan 2. Mondays only: of the week of 29 its one Monday is known.
    #[test]
    fn periods_and_weekdays() {
        assert_eq!(
            count(
                r#"{ "days": { "who": { "people": ["ann", "dan"] }, "per": "fortnight", "at_least": 5 } }"#
            ),
            [
                "ann 2020-06-17..2020-06-28 at_least: 1", // S S S S: 4 of 5
                "ann 2020-06-29..2020-06-30 at_least: 1",
                "dan 2020-06-17..2020-06-28 at_least: 1", // Wednesday 17 and Thursday 25 are possible, one used
            ]
        );
        assert_eq!(
            count(r#"{ "days": { "per": "rota", "at_least": 2, "at_most": 4 } }"#),
            ["bob 2020-06-17..2020-06-30 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "days": { "when": { "weekdays": ["mon"] }, "at_least": 1 } }"#),
            [
                "ann 2020-06-22..2020-06-28 at_least: 1",
                "ann 2020-06-29..2020-06-30 at_least: 1",
                "dan 2020-06-29..2020-06-30 at_least: 1",
            ]
        );
    }

    /// Days at home: dan 3, 0, 1; bob 2, 0, 0; at least 3 asks bob in the week of 15 for the 2 that he can have
    /// (Monday was one), in the week of 22 for 3. Working days: bob 3, 3, 2.
    #[test]
    fn at_home_and_working() {
        assert_eq!(
            count(r#"{ "days": { "who": { "people": ["bob", "dan"] }, "place": "home", "at_least": 3 } }"#),
            [
                "bob 2020-06-22..2020-06-28 at_least: 3",
                "bob 2020-06-29..2020-06-30 at_least: 1", // 3 x 2/5 = 1.2
                "dan 2020-06-22..2020-06-28 at_least: 1", // Thursday alone
            ]
        );
        assert_eq!(
            count(r#"{ "days": { "who": { "people": ["bob"] }, "place": "working", "at_most": 2 } }"#),
            ["bob 2020-06-17..2020-06-21 at_most: 1", "bob 2020-06-22..2020-06-28 at_most: 1"]
        );
    }

    /// Nobody can be in while every seat is taken by others.
    #[test]
    fn a_day_without_a_free_seat_is_not_asked_for() {
        let site = |seats: u32| {
            format!(
                r#"{{ "scenario": 1, "calendar": {{ "from": "2020-06-15", "to": "2020-06-15" }}, "people": [ {{ "id": "ann" }} ],
                  "sites": [ {{ "id": "hq", "zones": [ {{ "id": "z", "seats": 2, "taken": [ {{ "on": "2020-06-15", "seats": {seats} }} ] }} ] }} ] }}"#
            )
        };
        let rule = r#"{ "days": { "at_least": 1, "per": "rota" } }"#;
        assert_eq!(counted(&site(2), rule, &["ann: h"]), Vec::<String>::new());
        assert_eq!(counted(&site(1), rule, &["ann: h"]), ["ann 2020-06-15..2020-06-15 at_least: 1"]);
    }

    fn problem(rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        Problem::new(&scenario)
    }

    #[test]
    fn says_for_whom_it_was_lowered_and_what_is_asked() {
        let (problem, findings) = problem(r#"{ "days": { "at_least": 2 } }"#).expect("no error");
        let note = findings.iter().find(|finding| finding.code == "days.eased").expect("a note");
        assert_eq!(
            note.message,
            "at_least is lowered to the days that are possible for \
             cat (0 of 2 from Wed 17 June to Sun 21 June, and 2 more), \
             dan (1 of 2 from Wed 17 June to Sun 21 June, and 1 more)"
        );
        let about = About::days(Day(0), Day(4)).of(PersonIndex(3)).limit(Limit::AtLeast);
        let owner = crate::Owner::Rule(0);
        assert_eq!(
            problem.sentence(owner, &about),
            "dan is on site on at least 1 day from Wed 17 June to Sun 21 June, counted from Mon 15 June"
        );
        assert_eq!(
            problem.sentence(owner, &About::default()),
            "everyone is on site on at least 2 days each week"
        );
        let mondays = r#"{ "days": { "when": { "weekdays": ["mon"] }, "per": "rota", "at_most": 1 } }"#;
        let (problem, _) = self::problem(mondays).expect("no error");
        let about = About::days(Day(0), Day(13)).of(PersonIndex(0)).limit(Limit::AtMost);
        assert_eq!(
            problem.sentence(owner, &about),
            "ann is on site on at most 1 day on Monday from Wed 17 June to Tue 30 June"
        );
    }

    #[test]
    fn mistakes_are_found() {
        for (rule, code) in [
            (r#"{ "days": {} }"#, "days.limits"),
            (r#"{ "days": { "at_least": 3, "at_most": 2 } }"#, "days.limits"),
            (r#"{ "days": { "at_most": 2, "per": "day" } }"#, "days.per"),
            (r#"{ "days": { "at_most": 2, "when": "09:00-12:00" } }"#, "days.when"),
            (r#"{ "days": { "at_most": 2, "place": "home", "where": { "each": "zone" } } }"#, "days.place"),
        ] {
            let findings = problem(rule).expect_err("an error");
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{findings:?}"
            );
        }
    }
}
