//! `hours`: for how many hours each person is on site.

use super::defaults;
use crate::model::{Model, Sum};
use crate::periods;
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Per, ShiftSet};
use rota_core::finding::Finding;
use rota_core::roster::Cell;
use rota_core::select::{one_shift, Presence, ReadWhen, Spot, When, Who};
use rota_core::typed::is_false;
use rota_core::{About, Day, Limit, Period, PersonIndex, Place, Roster, ShiftIndex, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// For how many hours each person is on site, in each week, each fortnight or the whole rota: at least so many,
/// at most so many, or both.
///
/// Each person of `who` is counted alone. A day on site counts the length of its shift: the shift's `hours`, or
/// the time from its `from` to its `to`. The hours of a shift past midnight belong to the day on which it starts.
/// Days at home count nothing.
///
/// Known days before the rota count where they lie in the same week; one whose shift is not known counts nothing,
/// unless all shifts are equally long. Where days of a week are still unknown, at least is lowered in proportion:
/// 20 a week is 8 in a week of which two of five days are known. With `pro_rata` both limits follow the days
/// the person works instead: 20 of five days is 12 for somebody who works three days that week. Hours are not
/// rounded.
///
/// Nobody is asked for more hours than the longest shifts open to them on the days they work and may be on site:
/// leave, closed days and "home only" lower at least, and a note says for whom. Hours over before the rota began
/// are not held against anybody.
///
/// Says contracts in hours ("30 hours a week at the counter"), limits on working time (`at_most: 48`), and part of
/// a contract that has to be on site.
///
/// A breach is about a person, a period and a limit; its amount is the hours short or over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hours {
    /// Whose hours are counted; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// Over which period: `week` (if not given), `fortnight` or `rota`.
    #[serde(default = "defaults::each_week", skip_serializing_if = "defaults::is_each_week")]
    pub per: Per,
    /// No fewer hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
    /// No more hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<f64>,
    /// Whether the limits follow the days that each person works; false if not given.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pro_rata: bool,
}

/// What is asked of one person in one period.
struct Asked {
    /// At least, as the period's known or worked days give it.
    least: Option<f64>,
    /// The most hours that are possible; `least` is held to it.
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

/// The length of a shift; 0 where none is known, which is an error.
fn length(site: &Site, shift: ShiftIndex) -> f64 {
    site.calendar.shifts[shift.at()].hours.unwrap_or(0.0)
}

/// The length that all shifts share, if they do.
fn common_length(site: &Site) -> Option<f64> {
    let mut lengths = ShiftIndex::all(site.calendar.shifts.len()).map(|shift| length(site, shift));
    let first = lengths.next()?;
    lengths.all(|length| length == first).then_some(first)
}

/// What a person-day counts.
fn cell_hours(site: &Site, cell: &Cell) -> f64 {
    match (cell.place, cell.shift) {
        (Place::OnSite, Some(shift)) => length(site, shift),
        (Place::OnSite, None) => common_length(site).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// The lengths of shifts, each with the shifts that are so long.
fn lengths(site: &Site) -> Vec<(f64, ShiftSet)> {
    if let Some(length) = common_length(site) {
        return vec![(length, ShiftSet::ALL)];
    }
    let mut lengths: Vec<(f64, ShiftSet)> = Vec::new();
    for shift in ShiftIndex::all(site.calendar.shifts.len()) {
        let hours = length(site, shift);
        match lengths.iter_mut().find(|(length, _)| *length == hours) {
            Some((_, shifts)) => *shifts = shifts.with(shift),
            None => lengths.push((hours, ShiftSet::NONE.with(shift))),
        }
    }
    lengths
}

impl Hours {
    /// Every day counts.
    fn when(site: &Site) -> ReadWhen {
        When::default().read(site)
    }

    fn asked(&self, site: &Site, when: &ReadWhen, period: Period, person: PersonIndex) -> Asked {
        let days = periods::days(site, when, period);
        let (past, coming): (Vec<Day>, Vec<Day>) = days.into_iter().partition(|day| day.is_past());
        let past: f64 = past
            .into_iter()
            .filter_map(|day| site.past_cell(person, day))
            .map(|cell| cell_hours(site, cell))
            .sum();
        let longest = |day: Day| -> f64 {
            ShiftIndex::all(site.calendar.shifts.len())
                .filter(|shift| {
                    let presence = Presence { shifts: one_shift(Some(*shift)), spot: Spot::Anywhere };
                    site.may_be(person, day, &presence)
                })
                .map(|shift| length(site, shift))
                .fold(0.0, f64::max)
        };
        let (least_share, most_share) = if self.pro_rata {
            let share = periods::worked_share(site, when, period, person);
            (share, share)
        } else {
            (periods::known_share(site, when, period), 1.0)
        };
        Asked {
            least: self.at_least.map(|least| least * least_share),
            possible: past + coming.into_iter().map(longest).sum::<f64>(),
            // History is never itself a breach: what is over already is not charged again.
            most: self.at_most.map(|most| (most * most_share).max(past)),
        }
    }

    /// For whom the laws lower `at_least`: `Ann (15 of 20 from Mon 15 June to Fri 19 June, and 1 more)`.
    fn eased(&self, site: &Site) -> Vec<String> {
        let when = Hours::when(site);
        let mut eased = Vec::new();
        for person in self.who.people(site) {
            let mut cases = site.periods(self.per).into_iter().filter_map(|period| {
                let asked = self.asked(site, &when, period, person);
                let least = asked.least.filter(|least| *least > asked.possible + 1e-9)?;
                Some((period, least, asked.possible))
            });
            let Some((period, least, possible)) = cases.next() else { continue };
            let (first, last) = site.inside(period);
            let days = crate::speak::subject_days(site, &About::days(first, last)).unwrap_or_default();
            let more = match cases.count() {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            let (possible, least) = (spoken(possible), spoken(least));
            eased.push(format!("{} ({possible} of {least}{days}{more})", site.person(person).name));
        }
        eased
    }
}

/// A number of hours with at most two decimals.
fn spoken(hours: f64) -> String {
    let text = format!("{hours:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

impl Rule for Hours {
    fn examples() -> Vec<Example<Hours>> {
        vec![
            example(TinySite::Weekends, r#"{ "at_least": 12, "at_most": 20 }"#),
            example(TinySite::Weekends, r#"{ "at_most": 0 }"#),
            example(TinySite::Weekends, r#"{ "at_least": 30 }"#),
            example(TinySite::Weekends, r#"{ "at_least": 10.5, "at_most": 21, "pro_rata": true }"#),
            example(
                TinySite::Weekends,
                r#"{ "who": "key", "per": "fortnight", "at_least": 17, "at_most": 17 }"#,
            ),
            example(TinySite::Weekends, r#"{ "per": "rota", "at_least": 4, "at_most": 26.5 }"#),
            example(TinySite::Shifts, r#"{ "at_most": 20 }"#),
            example(TinySite::Shifts, r#"{ "who": { "team": "red" }, "at_least": 40 }"#),
            example(
                TinySite::DeskShifts,
                r#"{ "per": "rota", "at_least": 26, "at_most": 26, "pro_rata": true }"#,
            ),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "hours", "/who");
        match (self.at_least, self.at_most) {
            (None, None) => findings.push(
                Finding::error("hours.limits", "", "no limit is given").help("add `at_least` or `at_most`"),
            ),
            (Some(least), Some(most)) if least > most => findings.push(
                Finding::error(
                    "hours.limits",
                    "/at_least",
                    format!("at_least {least} is above at_most {most}"),
                )
                .help("swap or correct the two limits"),
            ),
            _ => {}
        }
        for (name, limit) in [("at_least", self.at_least), ("at_most", self.at_most)] {
            if let Some(limit) = limit.filter(|limit| !(*limit >= 0.0 && limit.is_finite())) {
                findings.push(
                    Finding::error(
                        "hours.limits",
                        format!("/{name}"),
                        format!("{limit} is no number of hours"),
                    )
                    .help("write 0 or a number above it"),
                );
            }
        }
        if self.per == Per::Day {
            findings.push(
                Finding::error("hours.per", "/per", "hours are counted per week, fortnight or rota")
                    .help("write week, fortnight or rota"),
            );
        }
        let shifts = &site.calendar.shifts;
        if shifts.is_empty() {
            findings.push(
                Finding::error("hours.no_shifts", "", "hours are those of shifts, and the calendar has none")
                    .help("add `shifts` to the calendar, or count `days`"),
            );
        }
        for shift in shifts.iter().filter(|shift| shift.hours.is_none()) {
            findings.push(
                Finding::error(
                    "hours.length",
                    "",
                    format!("the length of the shift `{}` is not known", shift.id),
                )
                .help("give the shift `hours`, or `from` and `to`"),
            );
        }
        if !findings.iter().any(Finding::is_error) {
            let eased = self.eased(site);
            if !eased.is_empty() {
                findings.push(
                    Finding::note(
                        "hours.eased",
                        "/at_least",
                        format!("at_least is lowered to the hours that are possible for {}", eased.join(", ")),
                    )
                    .help("nothing needs doing: leave, closed days, places laid down and days already past allow no more"),
                );
            }
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let when = Hours::when(site);
        let lengths = lengths(site);
        for period in site.periods(self.per) {
            let days = periods::days(site, &when, period);
            let (first, last) = site.inside(period);
            for person in self.who.each(site) {
                let mut parts: Vec<Sum> = Vec::new();
                for day in &days {
                    for (hours, shifts) in &lengths {
                        let presence = Presence { shifts: *shifts, spot: Spot::Anywhere };
                        parts.push(model.on_site(person, *day, &presence).times(*hours));
                    }
                }
                let hours: Sum = parts.into_iter().sum();
                let about = About::days(first, last).of(person);
                let asked = self.asked(site, &when, period, person);
                if let Some(least) = asked.least() {
                    model.at_least(about, hours.clone(), least);
                }
                if let Some(most) = asked.most {
                    model.at_most(about, hours, most);
                }
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let when = Hours::when(site);
        for person in self.who.each(site) {
            for period in site.periods(self.per) {
                let (first, last) = site.inside(period);
                let days = periods::days(site, &when, period).into_iter();
                let found: f64 = days.map(|day| cell_hours(site, roster.at(person, day))).sum();
                let about = About::days(first, last).of(person);
                let asked = self.asked(site, &when, period, person);
                if let Some(least) = asked.least() {
                    tally.at_least(about, found, least);
                }
                if let Some(most) = asked.most {
                    tally.at_most(about, found, most);
                }
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let (mut least, mut most) = (self.at_least, self.at_most);
        // What is asked of this person in this period, which may be less than what is written.
        if let (Some(person), Some(day)) = (about.person, about.on) {
            let period = site.calendar.period_of(self.per, day);
            let asked = self.asked(site, &Hours::when(site), period, person);
            (least, most) = (asked.least(), asked.most);
        }
        let hours = |count: f64| {
            let count = spoken(count);
            if count == "1" {
                "1 hour".to_string()
            } else {
                format!("{count} hours")
            }
        };
        let limit = match (about.limit, least, most) {
            (Some(Limit::AtMost), _, Some(most)) | (None, None, Some(most)) => {
                format!("at most {}", hours(most))
            }
            (Some(Limit::AtLeast), Some(least), _) | (None, Some(least), None) => {
                format!("at least {}", hours(least))
            }
            (_, Some(least), Some(most)) => format!("{} to {} hours", spoken(least), spoken(most)),
            _ => "any number of hours".to_string(),
        };
        let person = crate::speak::person(&self.who, site, about);
        let when = crate::speak::when(&When::default(), site, about, self.per);
        format!("{person} is on site for {limit}{when}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::{Owner, Problem};

    /// Calendar Wednesday 17 to Tuesday 30 June 2020, Friday 26 closed; history from Monday 15. Early is 7.5 hours
    /// long, late 8 on the clock, night 10 on the clock, and nobody but dan may work the latter.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-17", "to": "2020-06-30", "closed": ["2020-06-26"], "anchor": "2020-06-15",
        "shifts": [ { "id": "early", "from": "07:00", "to": "15:00", "hours": 7.5 }, { "id": "late", "from": "12:00", "to": "20:00" },
                    { "id": "night", "from": "21:00", "to": "07:00", "by_request": true } ] },
      "people": [ { "id": "ann" }, { "id": "bob", "works": ["mon", "tue", "wed"] }, { "id": "cat", "base": "home" },
                  { "id": "dan", "away": [ { "from": "2020-06-18", "to": "2020-06-24" } ],
                    "wishes": [ { "on": "2020-06-25", "shift": "night" } ] } ],
      "history": { "days": [
        { "person": "ann", "on": "2020-06-15", "place": "on_site", "shift": "late" },
        { "person": "ann", "on": "2020-06-16", "place": "on_site", "shift": "night" },
        { "person": "bob", "on": "2020-06-15", "place": "home" },
        { "person": "bob", "on": "2020-06-16", "place": "on_site", "shift": "gone" } ] } }"#;

    /// ```text
    ///        history  week of 15 June    week of 22 June      of 29
    ///        Mon Tue | Wed Thu Fri    | Mon Tue Wed Thu | Mon Tue    hours
    /// ann     8  10  | 7.5  h   h     |  h   h   8   8  |  h   8     25.5, 16, 8
    /// bob     h   ?  |  h   -   -     |  8   8   8   -  | 7.5 7.5    0, 24, 15
    /// cat     -   -  |  h   h   h     |  h   h   h   h  |  h   h     none
    /// dan     -   -  |  h   -   -     |  -   -   -  10  |  h   8     0, 10, 8
    /// ```
    const LINES: [&str; 4] = [
        "ann: S/early h h h h S/late S/late h S/late",
        "bob: h - - S/late S/late S/late - S/early S/early",
        "cat: h h h h h h h h h",
        "dan: h - - - - - S/night h S/late",
    ];

    fn count(rule: &str) -> Vec<String> {
        counted(TEAM, rule, &LINES)
    }

    /// At least 22.5 a week, 22.5 x 2/5 = 9 in the week of 29 June.
    ///
    /// - ann: 25.5; 16, 6.5 short; 8, 1 short.
    /// - bob: 0 (the past shift is not known); only Wednesday is left, so 8 are asked and missed; 24; 15.
    /// - cat, home only, is asked nothing.
    /// - dan: Wednesday's 8 are asked and missed; Thursday's night gives 10 of the 10 possible; 8 of 9.
    #[test]
    fn picture() {
        assert_eq!(
            count(r#"{ "hours": { "at_least": 22.5 } }"#),
            [
                "ann 2020-06-22..2020-06-28 at_least: 6.5",
                "ann 2020-06-29..2020-06-30 at_least: 1",
                "bob 2020-06-17..2020-06-21 at_least: 8",
                "dan 2020-06-17..2020-06-21 at_least: 8",
                "dan 2020-06-29..2020-06-30 at_least: 1",
            ]
        );
        // At most is not cut. Ann had 18 before the calendar began: her 7.5 of Wednesday are over, not the past.
        assert_eq!(
            count(r#"{ "hours": { "at_most": 15 } }"#),
            [
                "ann 2020-06-17..2020-06-21 at_most: 7.5",
                "ann 2020-06-22..2020-06-28 at_most: 1",
                "bob 2020-06-22..2020-06-28 at_most: 9",
            ]
        );
    }

    /// 20 of five days in proportion to the days worked. Week of 15: ann 5 days, 20, 5.5 over; bob 3 days, 12, but
    /// only Wednesday's 8 are possible; dan 1 day, 4. Week of 22: ann 4 days, 16, kept; bob 3 days, 12, 12 over;
    /// dan 1 day, 4, 6 over. Week of 29: 2 days, 8: ann and dan keep it, bob is 7 over. The fortnight: ann 41.5,
    /// bob 24, dan 10; then 8, 15, 8. The rota: ann 31.5, bob 39, dan 18.
    #[test]
    fn in_proportion_and_over_other_periods() {
        assert_eq!(
            count(r#"{ "hours": { "at_least": 20, "at_most": 20, "pro_rata": true } }"#),
            [
                "ann 2020-06-17..2020-06-21 at_most: 5.5",
                "bob 2020-06-17..2020-06-21 at_least: 8",
                "bob 2020-06-22..2020-06-28 at_most: 12",
                "bob 2020-06-29..2020-06-30 at_most: 7",
                "dan 2020-06-17..2020-06-21 at_least: 4",
                "dan 2020-06-22..2020-06-28 at_most: 6",
            ]
        );
        assert_eq!(
            count(r#"{ "hours": { "per": "fortnight", "at_most": 40 } }"#),
            ["ann 2020-06-17..2020-06-28 at_most: 1.5"]
        );
        assert_eq!(
            count(r#"{ "hours": { "who": "not cat", "per": "rota", "at_least": 20, "at_most": 35 } }"#),
            ["bob 2020-06-17..2020-06-30 at_most: 4", "dan 2020-06-17..2020-06-30 at_least: 2"]
        );
    }

    /// Where all shifts are equally long, a past day on site counts even if its shift is not known: 8 and 8.
    #[test]
    fn shifts_of_one_length() {
        let team = r#"{ "scenario": 1,
          "calendar": { "from": "2020-06-16", "to": "2020-06-17",
            "shifts": [ { "id": "early", "from": "07:00", "to": "15:00" }, { "id": "any", "hours": 8 } ] },
          "people": [ { "id": "ann" } ],
          "history": { "days": [ { "person": "ann", "on": "2020-06-15", "place": "on_site" } ] } }"#;
        assert_eq!(
            counted(team, r#"{ "hours": { "at_most": 12 } }"#, &["ann: S/any h"]),
            ["ann 2020-06-16..2020-06-17 at_most: 4"]
        );
    }

    fn problem_of(scenario: &str, rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(scenario).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        Problem::new(&scenario)
    }

    #[test]
    fn says_for_whom_it_was_lowered_and_what_is_asked() {
        let (problem, findings) = problem_of(TEAM, r#"{ "hours": { "at_least": 21 } }"#).expect("no error");
        let note = findings.iter().find(|finding| finding.code == "hours.eased").expect("a note");
        assert_eq!(
            note.message,
            "at_least is lowered to the hours that are possible for \
             bob (8 of 21 from Wed 17 June to Sun 21 June), \
             cat (0 of 21 from Wed 17 June to Sun 21 June, and 2 more), \
             dan (8 of 21 from Wed 17 June to Sun 21 June, and 1 more)"
        );
        let owner = Owner::Rule(0);
        let about = About::days(Day(12), Day(13)).of(PersonIndex(3)).limit(Limit::AtLeast);
        assert_eq!(
            problem.sentence(owner, &about),
            "dan is on site for at least 8.4 hours from Mon 29 June to Tue 30 June"
        );
        assert_eq!(
            problem.sentence(owner, &About::default()),
            "everyone is on site for at least 21 hours each week"
        );
        let both = r#"{ "hours": { "per": "rota", "at_least": 0, "at_most": 1 } }"#;
        let (problem, _) = problem_of(TEAM, both).expect("no error");
        let about = About::days(Day(0), Day(13)).of(PersonIndex(0));
        assert_eq!(
            problem.sentence(owner, &about.limit(Limit::AtMost)),
            "ann is on site for at most 1 hour from Wed 17 June to Tue 30 June"
        );
        assert_eq!(
            problem.sentence(owner, &About::default()),
            "everyone is on site for 0 to 1 hours in the rota"
        );
    }

    #[test]
    fn mistakes_are_found() {
        for (rule, code) in [
            (r#"{ "hours": {} }"#, "hours.limits"),
            (r#"{ "hours": { "at_least": 3.5, "at_most": 2 } }"#, "hours.limits"),
            (r#"{ "hours": { "at_least": -1 } }"#, "hours.limits"),
            (r#"{ "hours": { "at_most": 8, "per": "day" } }"#, "hours.per"),
            (r#"{ "hours": { "who": "bobb", "at_most": 8 } }"#, "hours.nobody"),
        ] {
            let findings = problem_of(TEAM, rule).expect_err("an error");
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{findings:?}"
            );
        }
        let rule = r#"{ "hours": { "at_most": 40 } }"#;
        let without =
            r#"{ "scenario": 1, "calendar": { "from": "2020-06-17", "to": "2020-06-30" }, "people": [] }"#;
        let findings = problem_of(without, rule).expect_err("an error");
        assert!(findings.iter().any(|finding| finding.code == "hours.no_shifts"), "{findings:?}");
        let unknown = r#"{ "scenario": 1, "people": [ { "id": "ann" } ],
          "calendar": { "from": "2020-06-17", "to": "2020-06-30", "shifts": [ { "id": "early", "hours": 7 }, { "id": "visit" } ] } }"#;
        let findings = problem_of(unknown, rule).expect_err("an error");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].message, "the length of the shift `visit` is not known");
    }
}
