//! `rest`: time off between shifts.

use crate::model::Model;
use crate::rule::{example, Example, Rule};
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Shift, ShiftSet, DAY_MINUTES};
use rota_core::finding::Finding;
use rota_core::select::{Presence, Spot, Who};
use rota_core::{About, Day, Limit, PersonIndex, Place, Roster, ShiftIndex, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Each person has time off between shifts: so many hours, or never one shift the day after another.
///
/// `hours` looks at the time from the end of a shift to the start of a later one on another day, whatever days lie
/// between them; fewer hours are too few. A shift that starts before the earlier one has ended is always too close.
/// Shifts without times are left out of `hours`, with a warning.
///
/// `never_after` lists pairs of shifts such as `["night", "early"]`: never early on the calendar day after night,
/// whatever the times.
///
/// Known days before the rota count as the earlier of two. Only days on site have a shift; days at home and days
/// off are rest.
///
/// Says that eleven hours lie between shifts (`hours: 11`), or that nobody goes from a night to an early
/// (`never_after`).
///
/// A breach is about a person and the later of two days; its amount is 1 for each earlier day that is too close to
/// it, for one reason or both.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rest {
    /// Whose shifts; everyone's if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// No fewer hours from the end of one shift to the start of another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<f64>,
    /// Pairs of shifts, the second never on the day after the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub never_after: Vec<[String; 2]>,
}

/// Minutes; times are whole ones, and hours may be typed with decimals.
const LITTLE: f64 = 1e-6;

impl Rest {
    /// Fewer minutes than this between are too few; none where `hours` is not given.
    fn minutes(&self) -> Option<f64> {
        self.hours.map(|hours| hours * 60.0 - LITTLE)
    }

    /// On how many days after a shift another may be too close.
    fn reach(&self, site: &Site) -> i32 {
        let known = site.calendar.last().0 - site.calendar.first_known.0;
        // A shift ends within two days of the midnight before it.
        let days = self.minutes().map_or(1.0, |minutes| 2.0 + (minutes / f64::from(DAY_MINUTES)).ceil());
        days.clamp(0.0, f64::from(known)) as i32
    }

    /// The shifts that must not follow a shift so many days later.
    fn after(&self, site: &Site, first: ShiftIndex, days: i32) -> ShiftSet {
        let shifts = &site.calendar.shifts;
        let close = |second: &Shift| match (self.minutes(), shifts[first.at()].span, second.span) {
            (Some(minutes), Some((_, end)), Some((start, _))) => {
                f64::from(days) * f64::from(DAY_MINUTES) + f64::from(start) - f64::from(end) < minutes
            }
            _ => false,
        };
        let never = |second: &Shift| {
            days == 1
                && self
                    .never_after
                    .iter()
                    .any(|[one, next]| *one == shifts[first.at()].id && *next == second.id)
        };
        ShiftIndex::all(shifts.len())
            .filter(|second| close(&shifts[second.at()]) || never(&shifts[second.at()]))
            .fold(ShiftSet::NONE, ShiftSet::with)
    }

    /// For shifts so many days apart: the earlier ones after which the same later ones are too close, with those.
    fn clashes(&self, site: &Site, days: i32) -> Vec<(ShiftSet, ShiftSet)> {
        let mut clashes: Vec<(ShiftSet, ShiftSet)> = Vec::new();
        for first in ShiftIndex::all(site.calendar.shifts.len()) {
            let after = self.after(site, first, days);
            if after == ShiftSet::NONE {
                continue;
            }
            match clashes.iter_mut().find(|(_, later)| *later == after) {
                Some((earlier, _)) => *earlier = earlier.with(first),
                None => clashes.push((ShiftSet::NONE.with(first), after)),
            }
        }
        clashes
    }

    /// The later days looked at.
    fn later_days(&self, site: &Site) -> Vec<Day> {
        let reach = self.reach(site);
        let sees = |day: Day| site.lens.is_none_or(|lens| lens.day <= day && day.plus(-reach) <= lens.day);
        site.calendar.days().filter(|day| sees(*day)).collect()
    }
}

impl Rule for Rest {
    fn examples() -> Vec<Example<Rest>> {
        vec![
            example(TinySite::Weekends, r#"{ "hours": 11 }"#),
            example(TinySite::Weekends, r#"{ "hours": 40 }"#),
            example(TinySite::Weekends, r#"{ "hours": 0.5 }"#),
            example(
                TinySite::Weekends,
                r#"{ "who": "key", "never_after": [["night", "early"], ["night", "call"]] }"#,
            ),
            example(
                TinySite::Weekends,
                r#"{ "hours": 23.5, "never_after": [["call", "call"], ["night", "early"]] }"#,
            ),
            example(TinySite::Shifts, r#"{ "hours": 10 }"#),
            example(TinySite::Shifts, r#"{ "hours": 12, "never_after": [["late", "late"]] }"#),
            example(TinySite::Shifts, r#"{ "who": { "team": "red" }, "never_after": [["early", "night"]] }"#),
            example(TinySite::DeskShifts, r#"{ "hours": 12 }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "rest", "/who");
        if self.hours.is_none() && self.never_after.is_empty() {
            findings.push(
                Finding::error("rest.limits", "", "neither `hours` nor `never_after` is given")
                    .help("add `hours` between shifts, or pairs of shifts to `never_after`"),
            );
        }
        if let Some(hours) = self.hours.filter(|hours| !(*hours > 0.0 && hours.is_finite())) {
            findings.push(
                Finding::error("rest.hours", "/hours", format!("{hours} hours are no rest"))
                    .help("write a number of hours above 0"),
            );
        }
        let shifts = &site.calendar.shifts;
        if shifts.is_empty() {
            findings.push(
                Finding::error("rest.no_shifts", "", "rest lies between shifts, and the calendar has none")
                    .help("add `shifts` to the calendar, or use `run` for days in a row"),
            );
            return findings;
        }
        for (at, pair) in self.never_after.iter().enumerate() {
            for (side, id) in pair.iter().enumerate().filter(|(_, id)| site.shift(id).is_none()) {
                findings.push(site.unknown_shift("rest", &format!("/never_after/{at}/{side}"), id));
            }
        }
        let untimed: Vec<String> = shifts
            .iter()
            .filter(|shift| shift.span.is_none())
            .map(|shift| format!("`{}`", shift.id))
            .collect();
        if self.hours.is_some() && !untimed.is_empty() {
            let what = if untimed.len() == 1 { "shift" } else { "shifts" };
            let message = format!("`hours` leaves out the {what} {} without times", untimed.join(", "));
            findings.push(
                Finding::warning("rest.no_times", "/hours", message)
                    .help("give the shift `from` and `to`, or name what must not follow in `never_after`"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let clashes: Vec<Vec<(ShiftSet, ShiftSet)>> =
            (1..=self.reach(site)).map(|days| self.clashes(site, days)).collect();
        for person in self.who.each(site) {
            for day in self.later_days(site) {
                let about = About::person(person).on(day);
                for (apart, clashes) in (1..).zip(&clashes) {
                    let earlier = day.plus(-apart);
                    if earlier < site.calendar.first_known {
                        break;
                    }
                    for (first, second) in clashes {
                        let on = |shifts: ShiftSet| Presence { shifts, spot: Spot::Anywhere };
                        let before = model.on_site(person, earlier, &on(*first));
                        let then = model.on_site(person, day, &on(*second));
                        let never = |sum: &crate::model::Sum| sum.is_number() && sum.constant < 0.5;
                        if !never(&before) && !never(&then) {
                            model.at_most(about, before + then, 1.0);
                        }
                    }
                }
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let shifts = &site.calendar.shifts;
        let on = |person: PersonIndex, day: Day| {
            let cell = roster.at(person, day);
            cell.shift.filter(|_| cell.place == Place::OnSite).map(|shift| &shifts[shift.at()])
        };
        // Minutes from the first midnight of the calendar.
        let midnight = |day: Day| f64::from(day.0) * f64::from(DAY_MINUTES);
        for person in self.who.each(site) {
            for day in self.later_days(site) {
                let Some(shift) = on(person, day) else { continue };
                let first = day.plus(-self.reach(site)).max(site.calendar.first_known);
                for earlier in (first.0..day.0).map(Day) {
                    let Some(before) = on(person, earlier) else { continue };
                    let free = before.span.zip(shift.span).map(|((_, end), (start, _))| {
                        midnight(day) + f64::from(start) - midnight(earlier) - f64::from(end)
                    });
                    let short = self.minutes().zip(free).is_some_and(|(minutes, free)| free < minutes);
                    let follows = earlier.plus(1) == day
                        && self.never_after.contains(&[before.id.clone(), shift.id.clone()]);
                    let about = About::person(person).on(day).limit(Limit::AtMost);
                    if short {
                        let found = free.map(|minutes| crate::tally::number(minutes / 60.0));
                        tally.charge(about, 1.0, found, self.hours.map(crate::tally::number));
                    } else if follows {
                        let found = format!("{} after {}", shift.id, before.id);
                        tally.charge(about, 1.0, found, format!("never {} after {}", shift.id, before.id));
                    }
                }
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let name = |id: &str| match site.shift(id) {
            Some(shift) => site.calendar.shifts[shift.at()].name.clone(),
            None => id.to_string(),
        };
        let mut asks = Vec::new();
        if let Some(hours) = self.hours {
            let unit = if hours == 1.0 { "hour" } else { "hours" };
            asks.push(format!("has at least {hours} {unit} off before a shift"));
        }
        if !self.never_after.is_empty() {
            let pairs: Vec<String> = self
                .never_after
                .iter()
                .map(|[first, second]| format!("on {} the day after {}", name(second), name(first)))
                .collect();
            asks.push(format!("is never {}", pairs.join(" or ")));
        }
        let day = crate::speak::subject_days(site, about).map(|day| format!(",{day}")).unwrap_or_default();
        format!("{} {}{day}", crate::speak::person(&self.who, site, about), asks.join(" and "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::scenario::Scenario;
    use crate::{Owner, Problem};

    /// Calendar Monday 15 to Friday 19 June 2020, Thursday closed; history from Friday 12. A visit has no times.
    const TEAM: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-15", "to": "2020-06-19", "closed": ["2020-06-18"],
        "shifts": [ { "id": "early", "name": "Early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "14:00", "to": "22:00" },
                    { "id": "night", "from": "22:00", "to": "07:00" }, { "id": "visit" } ] },
      "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" }, { "id": "dan", "away": ["2020-06-16"] } ],
      "history": { "days": [
        { "person": "ann", "on": "2020-06-14", "place": "on_site", "shift": "night" },
        { "person": "bob", "on": "2020-06-12", "place": "on_site", "shift": "night" },
        { "person": "bob", "on": "2020-06-13", "place": "on_site", "shift": "early" } ] } }"#;

    /// ```text
    ///        Sun    | Mon    Tue    Wed    Thu     Fri
    /// ann    night  | early  late   early  closed  early
    /// bob           | home   night  late   closed  home
    /// cat           | late   visit  late   closed  late
    /// dan           | night  away   early  closed  visit
    /// ```
    const LINES: [&str; 4] = [
        "ann: S/early S/late S/early S/early",
        "bob: h S/night S/late h",
        "cat: S/late S/visit S/late S/late",
        "dan: S/night - S/early S/visit",
    ];

    fn count(rule: &str) -> Vec<String> {
        counted(TEAM, rule, &LINES)
    }

    /// At least 11 hours. Ann: Sunday's night ends Monday 07:00, an hour after early has begun; early to late is
    /// 24 hours; late ends 22:00, early begins 06:00: 8. Bob: Friday's night into Saturday's early was before the
    /// rota; Tuesday's night ends Wednesday 07:00, late begins at 14:00: 7. Cat: the visit has no times; late to
    /// late over Tuesday is 40 hours. Dan: Monday's night ends Tuesday 07:00, 23 hours before Wednesday's early.
    #[test]
    fn picture() {
        assert_eq!(
            count(r#"{ "rest": { "hours": 11 } }"#),
            ["ann 2020-06-15 at_most: 1", "ann 2020-06-17 at_most: 1", "bob 2020-06-17 at_most: 1"]
        );
        // Just enough is enough.
        assert_eq!(count(r#"{ "rest": { "hours": 7 } }"#), ["ann 2020-06-15 at_most: 1"]);
        assert_eq!(count(r#"{ "rest": { "who": "dan", "hours": 23 } }"#), Vec::<String>::new());
        assert_eq!(count(r#"{ "rest": { "who": "dan", "hours": 23.1 } }"#), ["dan 2020-06-17 at_most: 1"]);
    }

    /// Over more than one day, 41 hours. Ann's early on Monday is too close to Sunday's night; her late on Tuesday
    /// to Monday's early (24) and to Sunday's night (Monday 07:00 to Tuesday 14:00 is 31); her early on Wednesday
    /// to Tuesday's late (8) and Monday's early (Monday 14:00 to Wednesday 06:00 is 40), not to Sunday's night (47);
    /// Friday's early to Wednesday's (40 over the closed day). Bob: Wednesday to Tuesday. Bob's Friday is at home.
    /// Cat: Wednesday's late to Monday's (40), Friday's to Wednesday's (40). Dan: Wednesday to Monday (23).
    #[test]
    fn over_several_days() {
        assert_eq!(
            count(r#"{ "rest": { "hours": 41 } }"#),
            [
                "ann 2020-06-15 at_most: 1",
                "ann 2020-06-16 at_most: 2",
                "ann 2020-06-17 at_most: 2",
                "ann 2020-06-19 at_most: 1",
                "bob 2020-06-17 at_most: 1",
                "cat 2020-06-17 at_most: 1",
                "cat 2020-06-19 at_most: 1",
                "dan 2020-06-17 at_most: 1",
            ]
        );
    }

    /// Never early after night nor a visit after late: ann on Monday, cat on Tuesday; dan's day between makes his
    /// early right. With 11 hours beside it, ann's Monday, wrong for both reasons, still counts 1.
    #[test]
    fn never_after() {
        assert_eq!(
            count(r#"{ "rest": { "never_after": [["night", "early"], ["late", "visit"]] } }"#),
            ["ann 2020-06-15 at_most: 1", "cat 2020-06-16 at_most: 1"]
        );
        assert_eq!(
            count(r#"{ "rest": { "who": "ann", "hours": 11, "never_after": [["night", "early"]] } }"#),
            ["ann 2020-06-15 at_most: 1", "ann 2020-06-17 at_most: 1"]
        );
    }

    fn problem_of(rule: &str) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let mut scenario = Scenario::read(TEAM).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str(rule).expect("the rule reads")];
        Problem::new(&scenario)
    }

    #[test]
    fn sentences() {
        let told =
            |rule: &str, about: &About| problem_of(rule).expect("no error").0.sentence(Owner::Rule(0), about);
        let about = About::person(PersonIndex(0)).on(Day(2)).limit(Limit::AtMost);
        assert_eq!(
            told(r#"{ "rest": { "hours": 11 } }"#, &about),
            "ann has at least 11 hours off before a shift, on Wed 17 June"
        );
        assert_eq!(
            told(r#"{ "rest": { "never_after": [["night", "early"], ["late", "visit"]] } }"#, &about),
            "ann is never on Early the day after night or on visit the day after late, on Wed 17 June"
        );
        assert_eq!(
            told(r#"{ "rest": { "hours": 1, "never_after": [["night", "early"]] } }"#, &About::default()),
            "everyone has at least 1 hour off before a shift and is never on Early the day after night"
        );
    }

    #[test]
    fn mistakes_are_found() {
        for (rule, code) in [
            (r#"{ "rest": {} }"#, "rest.limits"),
            (r#"{ "rest": { "hours": 0 } }"#, "rest.hours"),
            (r#"{ "rest": { "hours": -3 } }"#, "rest.hours"),
            (r#"{ "rest": { "never_after": [["night", "erly"]] } }"#, "rest.unknown_shift"),
            (r#"{ "rest": { "who": "annn", "hours": 11 } }"#, "rest.nobody"),
        ] {
            let findings = problem_of(rule).expect_err("an error");
            assert!(
                findings.iter().any(|finding| finding.code == code && finding.help.is_some()),
                "{findings:?}"
            );
        }
        let (_, findings) = problem_of(r#"{ "rest": { "hours": 11 } }"#).expect("no error");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].message, "`hours` leaves out the shift `visit` without times");
        let (_, findings) =
            problem_of(r#"{ "rest": { "never_after": [["night", "visit"]] } }"#).expect("no error");
        assert!(findings.is_empty(), "{findings:?}");
        let without = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" }, "people": [ { "id": "ann" } ],
          "rules": [ { "rest": { "hours": 11, "never_after": [["night", "early"]] } } ] }"#;
        let scenario = Scenario::read(without).scenario.expect("reads");
        let findings = Problem::new(&scenario).expect_err("an error");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0].code, "rest.no_shifts");
    }
}
