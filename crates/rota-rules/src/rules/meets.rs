//! `meets`: people see somebody of a group often enough.

use super::defaults;
use crate::model::{Model, Sum};
use crate::periods;
use crate::rule::{example, Example, Rule};
use crate::speak;
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Per, ShiftSet};
use rota_core::finding::Finding;
use rota_core::select::{Presence, Spot, When, Where, Who};
use rota_core::{About, Day, Period, PersonIndex, Place, Roster, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Each person of `who` is on site together with at least one of `by`, other than themselves, on so many
/// days.
///
/// A day counts when both are on site on it, at one site where there are several; on which shifts does not
/// matter. It need not be the same one of `by` each time: a new starter who sees a mentor is `who: new`, `by:
/// mentor`; two people who check in with each other are `who` and `by` the two. For a whole group on one day
/// see `together`.
///
/// Known days before the rota count where they lie in the same fortnight (or week). Where days of it are
/// still unknown, at least is lowered in proportion, to the nearest whole, an exact half down. Nobody is
/// asked for more days than they may still be on site, and a note says for whom that was used: leave, closed
/// days and "home only" are excused. That nobody of `by` can be there is not excused: a warning says so.
///
/// A breach is about a person and a period; its amount is the days short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Meets {
    /// Who meets somebody; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// Whom they meet; nobody meets themselves.
    pub by: Who,
    /// No fewer days; 1 if not given.
    #[serde(default = "defaults::one", skip_serializing_if = "defaults::is_one")]
    pub at_least: u32,
    /// In each `fortnight` (if not given), each `week` or the `rota`.
    #[serde(default = "each_fortnight", skip_serializing_if = "is_each_fortnight")]
    pub per: Per,
}

fn each_fortnight() -> Per {
    Per::Fortnight
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
fn is_each_fortnight(per: &Per) -> bool {
    *per == Per::Fortnight
}

/// The days of a period that count: known history and open days of the calendar.
fn days(site: &Site, period: Period) -> Vec<Day> {
    periods::days(site, &When::default().read(site), period)
}

/// What is asked of one person in one period.
struct Asked {
    /// At least, as the known days give it.
    least: f64,
    /// Days of meeting that are past, and days on which the person may still be on site.
    possible: f64,
}

impl Asked {
    /// At least, as far as the person may be on site.
    fn least(&self) -> f64 {
        self.least.min(self.possible)
    }
}

/// Whether a person and another of `by` are at one place on a day, as `there` sees it.
fn in_company(
    site: &Site,
    by: &[PersonIndex],
    person: PersonIndex,
    there: impl Fn(PersonIndex, &Presence) -> bool,
) -> bool {
    Where::Anywhere.meeting_spots(site).into_iter().any(|spot| {
        let presence = Presence { shifts: ShiftSet::ALL, spot };
        there(person, &presence) && by.iter().any(|other| *other != person && there(*other, &presence))
    })
}

/// Days of a period before the calendar on which a person met somebody of `by`.
fn met_before(site: &Site, by: &[PersonIndex], period: Period, person: PersonIndex) -> f64 {
    let met = days(site, period).into_iter().filter(|day| {
        let was_there = |person: PersonIndex, presence: &Presence| {
            site.past_cell(person, *day).is_some_and(|cell| cell.fits(site, presence))
        };
        day.is_past() && in_company(site, by, person, was_there)
    });
    met.count() as f64
}

impl Meets {
    fn asked(&self, site: &Site, by: &[PersonIndex], period: Period, person: PersonIndex) -> Asked {
        let share = periods::known_share(site, &When::default().read(site), period);
        let coming = days(site, period).into_iter().filter(|day| !day.is_past());
        let may_be = coming.filter(|day| site.may_be(person, *day, &Presence::ON_SITE)).count();
        Asked {
            least: periods::least(f64::from(self.at_least), share),
            possible: met_before(site, by, period, person) + may_be as f64,
        }
    }

    /// Days of meeting that are past, and days on which another of `by` may be where the person may be.
    fn possible_meetings(site: &Site, by: &[PersonIndex], period: Period, person: PersonIndex) -> f64 {
        let coming = days(site, period).into_iter().filter(|day| {
            let may_be = |person: PersonIndex, presence: &Presence| site.may_be(person, *day, presence);
            !day.is_past() && in_company(site, by, person, may_be)
        });
        met_before(site, by, period, person) + coming.count() as f64
    }

    /// The people whose days are counted: under a lens those whom that person can be company for.
    fn subjects(&self, site: &Site, by: &[PersonIndex]) -> Vec<PersonIndex> {
        match site.lens {
            Some(lens) if !by.contains(&lens.person) => self.who.each(site),
            _ => self.who.people(site),
        }
    }

    /// Those of whom more is asked than is possible in some way: `Ann (1 of 2 from Mon 15 June to Sun 28
    /// June)`. `limits` gives what is asked of a person in a period, and what is possible.
    fn told(&self, site: &Site, limits: impl Fn(Period, PersonIndex) -> (f64, f64)) -> Vec<String> {
        let mut told = Vec::new();
        for person in self.who.people(site) {
            let mut cases = site
                .periods(self.per)
                .into_iter()
                .map(|period| (period, limits(period, person)))
                .filter(|(_, (asked, possible))| asked > possible);
            let Some((period, (asked, possible))) = cases.next() else { continue };
            let (first, last) = site.inside(period);
            let days = speak::subject_days(site, &About::days(first, last)).unwrap_or_default();
            let more = match cases.count() {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            told.push(format!("{} ({possible} of {asked}{days}{more})", site.person(person).name));
        }
        told
    }
}

impl Rule for Meets {
    fn examples() -> Vec<Example<Meets>> {
        vec![
            example(TinySite::Days, r#"{ "who": { "tag": "new" }, "by": { "team": "red" }, "per": "rota" }"#),
            example(TinySite::Days, r#"{ "who": "red", "by": "key", "at_least": 5, "per": "week" }"#),
            example(TinySite::Days, r#"{ "by": "everyone", "at_least": 8 }"#),
            example(TinySite::Desks, r#"{ "by": "everyone", "per": "rota" }"#),
            example(TinySite::Desks, r#"{ "who": "red", "by": "key", "per": "rota" }"#),
            example(TinySite::Shifts, r#"{ "who": "red", "by": "blue", "at_least": 2, "per": "rota" }"#),
            example(TinySite::DeskShifts, r#"{ "by": "everyone", "at_least": 2, "per": "rota" }"#),
            example(TinySite::Uneven, r#"{ "by": "everyone", "per": "rota" }"#),
            example(TinySite::Seats, r#"{ "who": "blue", "by": "red", "at_least": 3 }"#),
            example(TinySite::Seats, r#"{ "by": "red", "at_least": 4 }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "meets", "/who");
        let by = self.by.findings(site, "meets", "/by");
        // That nobody can be met is told below, with what it means.
        findings.extend(by.into_iter().filter(Finding::is_error));
        if self.at_least == 0 {
            findings.push(
                Finding::error("meets.limits", "/at_least", "at_least 0 asks for no day")
                    .help("write 1 or more, or \"strength\": \"off\" to leave the rule out"),
            );
        }
        if self.per == Per::Day {
            findings.push(
                Finding::error("meets.per", "/per", "meetings are counted per week, fortnight or rota")
                    .help("write week, fortnight or rota"),
            );
        }
        if findings.iter().any(Finding::is_error) {
            return findings;
        }
        let by = self.by.people(site);
        let apart = self.told(site, |period, person| {
            let asked = self.asked(site, &by, period, person).least();
            (asked, Meets::possible_meetings(site, &by, period, person))
        });
        if !apart.is_empty() {
            findings.push(
                Finding::warning(
                    "meets.apart",
                    "/by",
                    format!(
                        "too few days on which somebody of {} can be on site too, for {}",
                        speak::who(&self.by, site),
                        apart.join(", ")
                    ),
                )
                .help("widen `by`, ask for fewer days, or look at who works when"),
            );
        }
        let eased = self.told(site, |period, person| {
            let asked = self.asked(site, &by, period, person);
            (asked.least, asked.possible)
        });
        if !eased.is_empty() {
            findings.push(
                Finding::note(
                    "meets.eased",
                    "/at_least",
                    format!("at_least is lowered to the days that are possible for {}", eased.join(", ")),
                )
                .help("nothing needs doing: leave, closed days and places laid down allow no more"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let by = self.by.people(site);
        let spots = Where::Anywhere.meeting_spots(site);
        // For those who are not in `by` themselves, the company of a day is the same.
        let mut company: BTreeMap<(Day, Spot), Sum> = BTreeMap::new();
        for period in site.periods(self.per) {
            let days = days(site, period);
            let (first, last) = site.inside(period);
            for person in self.subjects(site, &by) {
                let least = self.asked(site, &by, period, person).least();
                if least <= 0.0 {
                    continue;
                }
                let mut met = Sum::default();
                for (day, spot) in days.iter().flat_map(|day| spots.iter().map(move |spot| (*day, *spot))) {
                    let presence = Presence { shifts: ShiftSet::ALL, spot };
                    let there = model.on_site(person, day, &presence);
                    if there == Sum::default() {
                        continue;
                    }
                    let anyone = |model: &mut Model, but: Option<PersonIndex>| {
                        let others = by.iter().filter(|other| Some(**other) != but);
                        let there = others.map(|other| model.on_site(*other, day, &presence)).sum();
                        model.any_of(there)
                    };
                    let anyone = if by.contains(&person) {
                        anyone(model, Some(person))
                    } else {
                        company.entry((day, spot)).or_insert_with(|| anyone(model, None)).clone()
                    };
                    met += model.both(there, anyone);
                }
                model.at_least(About::days(first, last).of(person), met, least);
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let by = self.by.people(site);
        let one_site = site.premises.len() < 2;
        for person in self.subjects(site, &by) {
            for period in site.periods(self.per) {
                let met = days(site, period).into_iter().filter(|day| {
                    let own = roster.at(person, *day);
                    own.place == Place::OnSite
                        && by.iter().filter(|other| **other != person).any(|other| {
                            let theirs = roster.at(*other, *day);
                            let same = own.site.is_some() && own.site == theirs.site;
                            theirs.place == Place::OnSite && (one_site || same)
                        })
                });
                let found = met.count() as f64;
                let (first, last) = site.inside(period);
                let asked = self.asked(site, &by, period, person);
                tally.at_least(About::days(first, last).of(person), found, asked.least());
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(Who::Any(vec![self.who.clone(), self.by.clone()]).people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let by = self.by.people(site);
        let others: Vec<PersonIndex> =
            by.iter().copied().filter(|other| Some(*other) != about.person).collect();
        let in_both = match about.person {
            Some(person) => by.contains(&person),
            None => self.who.people(site).iter().all(|person| by.contains(person)),
        };
        let company = match (&others[..], in_both) {
            ([other], _) => site.person(*other).name.clone(),
            (_, true) if self.by.is_everyone() && site.scope.is_none() => "somebody else".to_string(),
            (_, true) => format!("another of {}", speak::who(&self.by, site)),
            (_, false) => format!("one of {}", speak::who(&self.by, site)),
        };
        let least = match (about.person, about.on) {
            (Some(person), Some(day)) => {
                self.asked(site, &by, site.calendar.period_of(self.per, day), person).least()
            }
            _ => f64::from(self.at_least),
        };
        let days = if (least - 1.0).abs() < 1e-9 { "day" } else { "days" };
        let person = speak::person(&self.who, site, about);
        let when = speak::when(&When::default(), site, about, self.per);
        format!("{person} is on site with {company} on at least {least} {days}{when}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::{Owner, Problem};

    /// Calendar Wednesday 17 to Tuesday 30 June 2020, Friday 26 closed; history from Monday 15; two sites.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-17", "to": "2020-06-30", "closed": ["2020-06-26"], "anchor": "2020-06-15" },
      "people": [ { "id": "ann", "tags": ["mentor"] }, { "id": "bob", "tags": ["mentor"] }, { "id": "cat" },
                  { "id": "dan", "works": ["mon", "tue", "wed"] }, { "id": "eve", "base": "home" } ],
      "sites": [ { "id": "main", "zones": [ { "id": "m", "seats": 9 } ] },
                 { "id": "annex", "zones": [ { "id": "a", "seats": 9 } ] } ],
      "history": { "days": [
        { "person": "ann", "on": "2020-06-15", "place": "on_site", "zone": "m" }, { "person": "ann", "on": "2020-06-16", "place": "home" },
        { "person": "bob", "on": "2020-06-15", "place": "home" }, { "person": "bob", "on": "2020-06-16", "place": "on_site", "zone": "a" },
        { "person": "cat", "on": "2020-06-15", "place": "on_site", "zone": "m" }, { "person": "cat", "on": "2020-06-16", "place": "on_site", "zone": "a" },
        { "person": "dan", "on": "2020-06-15", "place": "home" }, { "person": "dan", "on": "2020-06-16", "place": "home" } ] } }"#;

    /// `m` at the main site, `a` at the annex.
    ///
    /// ```text
    ///          history   week of 15 June   week of 22 June   of 29
    ///          Mon Tue | Wed Thu Fri     | Mon Tue Wed Thu | Mon Tue
    /// ann       m   h  |  m   h   h      |  a   h   h   m  |  h   h
    /// bob       h   a  |  h   m   h      |  m   h   m   h  |  m   h
    /// cat       m   a  |  a   h   h      |  h   h   h   m  |  m   h
    /// dan       h   h  |  m   -   -      |  a   h   h   -  |  h   h
    /// eve       h   h  |  h   h   h      |  h   h   h   h  |  h   h
    /// ```
    const LINES: [&str; 5] = [
        "ann: S@m h h S@a h h S@m h h",
        "bob: h S@m h S@m h S@m h S@m h",
        "cat: S@a h h h h h S@m S@m h",
        "dan: S@m - - S@a h h - h h",
        "eve: h h h h h h h h h",
    ];

    fn count(rule: &str) -> Vec<String> {
        counted(TEAM, rule, &LINES)
    }

    /// Days with ann or bob, the mentors, in the fortnight of 15 June, which is wholly known, and in that of
    /// 29 June, of which 2 of 10 days are known: 3 becomes 0.6, so 1.
    ///
    /// - ann and bob are never in one place on one day: 3 short, then 1.
    /// - cat: Monday 15 with ann, Tuesday 16 with bob, Wednesday at the other site than ann, Thursday 25 with
    ///   ann: 3. Monday 29 with bob: 1.
    /// - dan: Wednesday 17 and Monday 22 with ann: 2, one short; then none, one short.
    /// - eve, home only, is asked nothing.
    #[test]
    fn picture() {
        assert_eq!(
            count(r#"{ "meets": { "by": "mentor", "at_least": 3 } }"#),
            [
                "ann 2020-06-17..2020-06-28 at_least: 3",
                "ann 2020-06-29..2020-06-30 at_least: 1",
                "bob 2020-06-17..2020-06-28 at_least: 3",
                "bob 2020-06-29..2020-06-30 at_least: 1",
                "dan 2020-06-17..2020-06-28 at_least: 1",
                "dan 2020-06-29..2020-06-30 at_least: 1",
            ]
        );
        // Once a fortnight: of that of 29 June nothing is asked yet (0.2).
        assert_eq!(
            count(r#"{ "meets": { "by": "mentor" } }"#),
            ["ann 2020-06-17..2020-06-28 at_least: 1", "bob 2020-06-17..2020-06-28 at_least: 1"]
        );
    }

    /// Cat by the week, 3 asked: 2 (both past), one short; 1, two short; of the cut week 3 x 2/5 = 1.2, so 1,
    /// kept. In the calendar alone: Thursday 25 and Monday 29, one short of 3. Dan by the week, 4 asked: of
    /// that of 15 June only Wednesday is left, 1, kept; of that of 22 June three days are possible, 3 asked,
    /// two short; of that of 29 June 1.6, so 2, two short.
    #[test]
    fn periods_and_what_is_possible() {
        let of = |person: &str, rest: &str| {
            count(&format!(
                r#"{{ "meets": {{ "who": {{ "people": ["{person}"] }}, "by": "mentor", {rest} }} }}"#
            ))
        };
        assert_eq!(
            of("cat", r#""per": "week", "at_least": 3"#),
            ["cat 2020-06-17..2020-06-21 at_least: 1", "cat 2020-06-22..2020-06-28 at_least: 2"]
        );
        assert_eq!(of("cat", r#""per": "rota", "at_least": 3"#), ["cat 2020-06-17..2020-06-30 at_least: 1"]);
        assert_eq!(
            of("dan", r#""per": "week", "at_least": 4"#),
            ["dan 2020-06-22..2020-06-28 at_least: 2", "dan 2020-06-29..2020-06-30 at_least: 2"]
        );
    }

    /// On one day, one early and one late: shifts do not matter. Cat, alone at home, has met nobody.
    #[test]
    fn whatever_the_shifts() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15",
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "14:00", "to": "22:00" } ] },
          "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" } ] }"#;
        let lines = ["ann: S/early", "bob: S/late", "cat: h"];
        assert_eq!(
            counted(scenario, r#"{ "meets": { "by": "everyone", "per": "rota" } }"#, &lines),
            ["cat 2020-06-15..2020-06-15 at_least: 1"]
        );
    }

    fn problem(rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        Problem::new(&scenario)
    }

    fn told(rule: &str) -> Vec<String> {
        let (_, findings) = problem(rule).expect("no error");
        let own = findings.into_iter().filter(|finding| finding.code.starts_with("meets"));
        own.map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
    }

    #[test]
    fn says_for_whom_it_was_lowered_and_who_cannot_meet() {
        assert_eq!(
            told(r#"{ "meets": { "by": "mentor", "per": "week", "at_least": 3 } }"#),
            ["meets.eased: at_least is lowered to the days that are possible for \
                 dan (1 of 3 from Wed 17 June to Sun 21 June), \
                 eve (0 of 3 from Wed 17 June to Sun 21 June, and 2 more)"]
        );
        assert_eq!(
            told(
                r#"{ "meets": { "who": { "people": ["ann", "bob"] }, "by": { "people": ["ann", "eve"] } } }"#
            ),
            ["meets.apart: too few days on which somebody of ann, eve can be on site too, for \
                 ann (0 of 1 from Wed 17 June to Sun 28 June)"]
        );
        assert!(told(r#"{ "meets": { "who": { "people": ["cat"] }, "by": "mentor", "at_least": 2 } }"#)
            .is_empty());
    }

    #[test]
    fn sentences() {
        let say =
            |rule: &str, about: &About| problem(rule).expect("no error").0.sentence(Owner::Rule(0), about);
        let mentors = r#"{ "meets": { "by": "mentor", "at_least": 3 } }"#;
        let late = |person: u32| About::days(Day(12), Day(13)).of(PersonIndex(person));
        assert_eq!(
            say(mentors, &About::default()),
            "everyone is on site with one of mentor on at least 3 days each fortnight"
        );
        assert_eq!(
            say(mentors, &late(2)),
            "cat is on site with one of mentor on at least 1 day from Mon 29 June to Tue 30 June"
        );
        assert_eq!(
            say(mentors, &late(0)),
            "ann is on site with bob on at least 1 day from Mon 29 June to Tue 30 June"
        );
        assert_eq!(
            say(r#"{ "meets": { "by": "everyone", "per": "rota" } }"#, &About::default()),
            "everyone is on site with somebody else on at least 1 day in the rota"
        );
    }

    #[test]
    fn mistakes_are_found() {
        for (rule, code) in [
            (r#"{ "meets": { "by": "mentor", "at_least": 0 } }"#, "meets.limits"),
            (r#"{ "meets": { "by": "mentor", "per": "day" } }"#, "meets.per"),
            (r#"{ "meets": { "by": "mentr" } }"#, "meets.nobody"),
            (r#"{ "meets": { "who": { "people": ["anne"] }, "by": "mentor" } }"#, "meets.unknown_person"),
        ] {
            let findings = problem(rule).expect_err("an error");
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{findings:?}"
            );
        }
    }
}
