//! `together`: days on which a whole group is on site.

use super::defaults;
use crate::model::{Model, Sum};
use crate::periods;
use crate::rule::{example, Example, Rule};
use crate::speak;
use crate::tally::Tally;
use crate::tiny::TinySite;
use rota_core::calendar::{Moment, Per, DAY_MINUTES};
use rota_core::finding::Finding;
use rota_core::roster::Roster;
use rota_core::select::{Presence, ReadWhen, Spot, When, Where, Who};
use rota_core::typed::{Base, WorkPlace};
use rota_core::{About, Day, Period, PersonIndex, ShiftIndex, ShiftSet, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A whole group is on site together on at least so many days of each week (or fortnight, or the rota).
///
/// The group is everybody of `who` who works on at least one day of `when` in the period; those who always work
/// from home (`base: home`) are left out. A day counts when all of the group are on site, at one site; with
/// `missing: 1`, when all but one are. Fix the day with `when`: `"when": "Wed"` is a team day on Wednesdays. With
/// `between`, people must be there for the whole of those times, on one shift that covers them.
///
/// A day off or leave narrows the choice of days, and is never passed over silently: where no day suits the whole
/// group, `rota validate` names the best day and how many would be `missing`. A closed team day is not asked for:
/// `at_least` is never above the open days of `when` in the period. In a week that the rota cuts, days known from
/// history count, and `at_least` shrinks in proportion where days are not known yet.
///
/// With `where`, everybody must be at that place; with `where: each site` or `each zone`, each place is asked for
/// its own days.
///
/// A breach is about a period (and place, when `where` names or reads each); its amount is the days that are missing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Together {
    /// The group; everyone if not given.
    #[serde(default, skip_serializing_if = "Who::is_everyone")]
    pub who: Who,
    /// No fewer days; 1 if not given.
    #[serde(default = "defaults::one", skip_serializing_if = "defaults::is_one")]
    pub at_least: u32,
    /// In each `week` (if not given), each `fortnight` or the `rota`.
    #[serde(default = "defaults::each_week", skip_serializing_if = "defaults::is_each_week")]
    pub per: Per,
    /// On which days and at which times; always if not given.
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    /// At which places; any one site if not given.
    #[serde(default, rename = "where", skip_serializing_if = "Where::is_anywhere")]
    pub at: Where,
    /// So many of the group may be missing on a day that counts; 0 if not given.
    #[serde(default, skip_serializing_if = "is_none")]
    pub missing: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde hands over a reference
fn is_none(number: &u32) -> bool {
    *number == 0
}

/// Findings about periods that cannot be kept: so many are told one by one.
const MOST_TOLD: usize = 3;

/// Whether a person never works on site. An `only` without dates is what `base` is short for.
fn is_home_based(site: &Site, person: PersonIndex) -> bool {
    let person = site.person(person);
    let always = |only: &rota_core::typed::Only| only.from.is_none() && only.to.is_none();
    person.base == Base::Home || person.only.iter().any(|only| only.place == WorkPlace::Home && always(only))
}

/// Those of `who` who are not always at home, before it is asked who of them works in a period.
fn members(who: &Who, site: &Site) -> Vec<PersonIndex> {
    who.people(site).into_iter().filter(|person| !is_home_based(site, *person)).collect()
}

/// The shifts that cover all of two minutes counted from midnight of their day.
fn covering(site: &Site, from: u32, to: u32) -> ShiftSet {
    let shifts = &site.calendar.shifts;
    if shifts.is_empty() {
        return if to <= DAY_MINUTES { ShiftSet::ALL } else { ShiftSet::NONE };
    }
    ShiftIndex::all(shifts.len())
        .filter(|shift| {
            let (start, end) = shifts[shift.at()].minutes();
            start <= from && to <= end
        })
        .fold(ShiftSet::NONE, ShiftSet::with)
}

/// What counts as being there on a day: its shifts of `when`; with `between`, the shifts, begun on it or on the
/// evening before, that cover those times.
fn presence(site: &Site, when: &ReadWhen, day: Day) -> Moment {
    let Some((from, to)) = when.between else { return Moment::whole(day, when.shifts) };
    let own = covering(site, from, to);
    let before = if site.calendar.shifts.is_empty() {
        ShiftSet::NONE
    } else {
        covering(site, from + DAY_MINUTES, to + DAY_MINUTES)
    };
    let parts = [(day.plus(-1), before), (day, own)];
    Moment { parts: parts.into_iter().filter(|(_, shifts)| *shifts != ShiftSet::NONE).collect() }
}

impl Together {
    /// The readings of the rule, each at one or several places of which any will do.
    fn places(&self, site: &Site) -> Vec<Vec<Spot>> {
        if self.at.is_anywhere() {
            vec![self.at.meeting_spots(site)]
        } else {
            self.at.spots(site).into_iter().map(|spot| vec![spot]).collect()
        }
    }

    /// The subject of one reading.
    fn about(&self, site: &Site, period: Period, spots: &[Spot]) -> About {
        let (first, last) = site.inside(period);
        match spots {
            [spot] if !self.at.is_anywhere() => spot.about(About::days(first, last)),
            _ => About::days(first, last),
        }
    }

    /// The days asked for in a period: `at_least`, cut where days are unknown, and never more than can still be
    /// had: the open days of the calendar, and those common days that are past.
    fn asked(&self, site: &Site, when: &ReadWhen, period: Period, past: usize) -> f64 {
        let least = periods::least(f64::from(self.at_least), periods::known_share(site, when, period));
        let open = periods::days(site, when, period).into_iter().filter(|day| !day.is_past()).count();
        least.min((open + past) as f64)
    }

    /// How many of these people may be there on a day at the best of some places, before anything is decided;
    /// on a past day, how many were.
    fn could_be(site: &Site, when: &ReadWhen, people: &[PersonIndex], day: Day, spots: &[Spot]) -> usize {
        let moment = presence(site, when, day);
        let at = |spot: Spot| {
            let possible = |person: PersonIndex| {
                moment.parts.iter().any(|(day, shifts)| {
                    let presence = Presence { shifts: *shifts, spot };
                    if day.is_past() {
                        site.past_cell(person, *day).is_some_and(|cell| cell.fits(site, &presence))
                    } else {
                        site.may_be(person, *day, &presence)
                    }
                })
            };
            people.iter().filter(|person| possible(**person)).count()
        };
        spots.iter().map(|spot| at(*spot)).max().unwrap_or_default()
    }

    /// Periods in which fewer days than are asked suit the group, each with its best day of the others.
    fn impossible(&self, site: &Site) -> Vec<Finding> {
        let members = members(&self.who, site);
        let when = self.when.read(site);
        let mut findings = Vec::new();
        for period in site.periods(self.per) {
            let days = periods::days(site, &when, period);
            let mut group = members.clone();
            group.retain(|person| days.iter().any(|day| site.works(*person, *day)));
            let needed = group.len().saturating_sub(self.missing as usize);
            if needed == 0 {
                continue;
            }
            for spots in self.places(site) {
                let could: Vec<(Day, usize)> = days
                    .iter()
                    .map(|day| (*day, Together::could_be(site, &when, &group, *day, &spots)))
                    .collect();
                let past = could.iter().filter(|(day, count)| day.is_past() && *count >= needed).count();
                let asked = self.asked(site, &when, period, past);
                let possible = could.iter().filter(|(_, count)| *count >= needed).count();
                if possible as f64 >= asked {
                    continue;
                }
                // The first of the best days on which too many cannot come.
                let best = could
                    .iter()
                    .filter(|(day, count)| !day.is_past() && *count < needed)
                    .max_by_key(|(day, count)| (*count, std::cmp::Reverse(*day)));
                let Some((day, count)) = best else { continue };
                findings.push(self.missing_finding(site, period, &group, (*day, *count), possible));
            }
        }
        findings
    }

    fn missing_finding(
        &self,
        site: &Site,
        period: Period,
        group: &[PersonIndex],
        (day, count): (Day, usize),
        possible: usize,
    ) -> Finding {
        let short = group.len() - count;
        let off = group.iter().filter(|person| !site.works(**person, day)).count();
        let (first, last) = site.inside(period);
        let date = |day: Day| site.calendar.date(day).spoken();
        let span = if first == last {
            format!("on {}", date(first))
        } else {
            format!("from {} to {}", date(first), date(last))
        };
        let why = match (off == short, short) {
            (true, 1) => "is not working",
            (true, _) => "are not working",
            (false, _) => "cannot be there",
        };
        let enough = match (possible, self.missing) {
            (0, 0) => "no day has the whole group".to_string(),
            (0, missing) => format!("no day has the group with at most {missing} missing"),
            (1, _) => "only 1 day can have the group".to_string(),
            (days, _) => format!("only {days} days can have the group"),
        };
        Finding::warning(
            "together.missing",
            "",
            format!(
                "{span} {enough} ({}): at best, on {}, {short} of {} {why}",
                speak::who(&self.who, site),
                date(day),
                group.len()
            ),
        )
        .help(if possible == 0 {
            format!("write \"missing\": {short} if that day will do")
        } else {
            format!("write \"missing\": {short} if that day will do as well, or ask for fewer days")
        })
    }
}

impl Rule for Together {
    fn examples() -> Vec<Example<Together>> {
        vec![
            example(TinySite::Days, r#"{ "who": { "team": "red" }, "when": { "weekdays": ["tue"] } }"#),
            example(TinySite::Days, r#"{ "at_least": 2 }"#),
            example(TinySite::Days, r#"{ "per": "rota", "missing": 1 }"#),
            example(TinySite::Days, r#"{ "per": "fortnight", "at_least": 5, "missing": 2 }"#),
            example(TinySite::Long, r#"{ "at_least": 3 }"#),
            example(TinySite::Long, r#"{ "per": "fortnight", "at_least": 4 }"#),
            example(TinySite::Long, r#"{ "per": "rota", "at_least": 2, "when": "Tue, Thu" }"#),
            example(TinySite::Desks, r#"{ "who": { "team": "red" }, "per": "rota" }"#),
            example(TinySite::Desks, r#"{ "per": "rota", "missing": 2, "at_least": 2 }"#),
            example(TinySite::Desks, r#"{ "who": "key", "at_least": 2, "where": { "zone": "north" } }"#),
            example(TinySite::Desks, r#"{ "missing": 2, "at_least": 2, "where": { "each": "site" } }"#),
            example(
                TinySite::Shifts,
                r#"{ "who": "red", "when": { "shifts": ["early", "late"] }, "at_least": 2 }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "missing": 1, "per": "rota", "when": { "between": "12:00-14:00" } }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "who": "key", "per": "rota", "when": { "between": "21:00-07:00" } }"#,
            ),
            example(
                TinySite::Shifts,
                r#"{ "who": "red", "per": "rota", "when": { "between": "06:00-08:00" } }"#,
            ),
            example(TinySite::DeskShifts, r#"{ "when": { "between": "08:30-09:00" }, "at_least": 2 }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = self.who.findings(site, "together", "/who");
        findings.extend(self.when.findings(site, "together", "/when"));
        findings.extend(self.at.findings(site, "together", "/where"));
        if self.at_least == 0 {
            findings.push(
                Finding::error("together.limits", "/at_least", "at_least 0 asks for no day")
                    .help("write 1 or more, or \"strength\": \"off\" to leave the rule out"),
            );
        }
        if self.per == Per::Day {
            findings.push(
                Finding::error(
                    "together.per",
                    "/per",
                    "together counts days of a week, a fortnight or the rota",
                )
                .help("leave out `per`; to ask for certain days, name them in `when`"),
            );
        }
        if !findings.is_empty() {
            return findings;
        }
        let when = self.when.read(site);
        if let Some((from, to)) = when.between {
            if presence(site, &when, Day(0)).parts.is_empty() {
                let clock = |minute: u32| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
                findings.push(
                    Finding::error(
                        "together.between",
                        "/when",
                        format!("no shift covers all of {}-{}", clock(from), clock(to)),
                    )
                    .help("one shift must cover the whole of `between`: name shorter times"),
                );
                return findings;
            }
        }
        let members = members(&self.who, site);
        if self.who.people(site).is_empty() {
            return findings; // read team by team: a team without any of them
        }
        if members.is_empty() {
            findings.push(
                Finding::warning(
                    "together.nobody",
                    "/who",
                    format!("nobody of {} works on site, so the rule asks nothing", speak::who(&self.who, site)),
                )
                .help("people with `base: home` are left out; for a homeworker who comes to team days use `days` with `at_most`"),
            );
            return findings;
        }
        if members.len() <= self.missing as usize {
            findings.push(
                Finding::warning(
                    "together.limits",
                    "/missing",
                    format!("{} of {} may be missing, so the rule asks nothing", self.missing, members.len()),
                )
                .help("let fewer be missing"),
            );
            return findings;
        }
        let whole = |period: &Period| {
            (period.first.0..=period.last.0)
                .filter(|day| when.is_pattern_day(&site.calendar, Day(*day)))
                .count()
        };
        let most = site.periods(self.per).iter().map(whole).max().unwrap_or_default();
        if (most as u64) < u64::from(self.at_least) {
            findings.push(
                Finding::warning(
                    "together.limits",
                    "/at_least",
                    format!(
                        "at_least is {}, but no period has more than {most} such days: each of them is asked",
                        self.at_least
                    ),
                )
                .help(format!("write {most} or fewer, or widen `when`")),
            );
        }
        let mut impossible = self.impossible(site);
        let more = impossible.len().saturating_sub(MOST_TOLD);
        impossible.truncate(MOST_TOLD);
        findings.extend(impossible);
        if more > 0 {
            findings.push(
                Finding::warning(
                    "together.missing",
                    "",
                    format!("and so {more} more times later in the rota"),
                )
                .help("write `missing` so that a day with most of the group will do"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        let members = members(&self.who, site);
        let when = self.when.read(site);
        for period in site.periods(self.per) {
            let days = periods::days(site, &when, period);
            let mut group = members.clone();
            group.retain(|person| days.iter().any(|day| site.works(*person, *day)));
            let needed = group.len().saturating_sub(self.missing as usize);
            if needed == 0 {
                continue;
            }
            for spots in self.places(site) {
                let mut common = Sum::default();
                let mut past = 0;
                for day in &days {
                    let moment = presence(site, &when, *day);
                    let full: Sum = spots
                        .iter()
                        .map(|spot| {
                            let there = group.iter().map(|person| model.at(*person, &moment, *spot)).sum();
                            model.enough(there, needed as f64)
                        })
                        .sum();
                    let counts = model.any_of(full);
                    past += usize::from(day.is_past() && counts.constant > 0.5);
                    common += counts;
                }
                model.at_least(
                    self.about(site, period, &spots),
                    common,
                    self.asked(site, &when, period, past),
                );
            }
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let when = self.when.read(site);
        let people = self.who.people(site);
        for period in site.periods(self.per) {
            let days = periods::days(site, &when, period);
            let group: Vec<PersonIndex> = people
                .iter()
                .copied()
                .filter(|person| !is_home_based(site, *person))
                .filter(|person| days.iter().any(|day| site.works(*person, *day)))
                .collect();
            if group.len() <= self.missing as usize {
                continue;
            }
            for spots in self.places(site) {
                let is_common = |day: &&Day| {
                    spots.iter().any(|spot| {
                        let absent = group
                            .iter()
                            .filter(|person| !is_there(site, roster, &when, **person, **day, *spot));
                        absent.count() <= self.missing as usize
                    })
                };
                let common: Vec<&Day> = days.iter().filter(is_common).collect();
                let past = common.iter().filter(|day| day.is_past()).count();
                let asked = self.asked(site, &when, period, past);
                tally.at_least(self.about(site, period, &spots), common.len() as f64, asked);
            }
        }
    }

    fn concerns(&self, site: &Site) -> Option<Vec<PersonIndex>> {
        Some(self.who.people(site))
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let group = match (&self.who, site.scope) {
            (Who::Everyone, None) => "everyone".to_string(),
            (Who::Everyone, Some(team)) => format!("everyone of {}", site.teams[team.at()].id),
            (who, _) => format!("everyone of {}", speak::who(who, site)),
        };
        let but = if self.missing == 0 { String::new() } else { format!(" but for {}", self.missing) };
        let place = speak::at(&self.at, site, about);
        let days = |number: f64| if number > 1.5 { format!("{number} days") } else { "1 day".to_string() };
        let Some(first) = about.on else {
            let days = days(f64::from(self.at_least));
            let when = speak::when(&self.when, site, about, self.per);
            return format!("{group}{but} is on site together{place} on at least {days}{when}");
        };
        let read = self.when.read(site);
        let period = site.calendar.period_of(self.per, first);
        let open = periods::days(site, &read, period);
        if let [day] = open[..] {
            // A fixed day is told by its date.
            let when = speak::when(&self.when, site, &About::day(day), Per::Day);
            return format!("{group}{but} is on site together{place}{when}");
        }
        let asked = days(self.asked(site, &read, period, open.len()));
        let when = speak::when(&self.when, site, about, self.per);
        format!("{group}{but} is on site together{place} on at least {asked}{when}")
    }
}

/// Whether a person is there on a day as the rule has it, read off the roster.
fn is_there(
    site: &Site,
    roster: &Roster,
    when: &ReadWhen,
    person: PersonIndex,
    day: Day,
    spot: Spot,
) -> bool {
    let Some((from, to)) = when.between else {
        return roster.is_there(site, person, day, &Presence { shifts: when.shifts, spot });
    };
    [day.plus(-1), day].into_iter().filter(|start| *start >= site.calendar.first_known).any(|start| {
        let minutes = match roster.at(person, start).shift {
            Some(shift) => Some(site.calendar.shifts[shift.at()].minutes()),
            None => site.calendar.shifts.is_empty().then_some((0, DAY_MINUTES)),
        };
        let later = if start == day { 0 } else { DAY_MINUTES };
        roster.is_there(site, person, start, &Presence { shifts: ShiftSet::ALL, spot })
            && minutes.is_some_and(|(begin, end)| begin <= from + later && to + later <= end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::judge;
    use crate::scenario::Scenario;
    use crate::Problem;

    fn count(scenario: &str, lines: &[&str], rule: &str) -> Vec<String> {
        counted(scenario, &format!("{{ \"together\": {rule} }}"), lines)
    }

    const WEEK: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
      "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat", "works": ["mon", "tue", "wed"] },
                  { "id": "dan", "base": "home" }, { "id": "eve", "away": [ { "from": "2020-06-15", "to": "2020-06-19" } ] } ] }"#;

    /// One week.
    ///
    /// ```text
    ///      Mon      Tue      Wed      Thu   Fri
    /// ann  on site  on site  on site  home  on site
    /// bob  on site  home     on site  home  on site
    /// cat  on site  on site  home     off   off
    /// dan  home, always
    /// eve  away all week
    /// ```
    /// The group is ann, bob and cat: dan is based at home, eve works no day. All three are in on Monday alone. With
    /// one missing Monday, Tuesday, Wednesday and Friday count. On Fridays the group is ann and bob, as cat works on
    /// none; both are in. On Wednesday cat works and is at home. On Thursday nobody is in. Seven days are asked as
    /// five, the open days of the week.
    #[test]
    fn picture() {
        let lines =
            ["ann: S S S h S", "bob: S h S h S", "cat: S S h - -", "dan: h h h h h", "eve: - - - - -"];
        let count = |rule: &str| count(WEEK, &lines, rule);
        let week = |amount: u32| vec![format!("2020-06-15..2020-06-19 at_least: {amount}")];
        assert!(count("{}").is_empty());
        assert_eq!(count(r#"{ "at_least": 2 }"#), week(1));
        assert!(count(r#"{ "at_least": 4, "missing": 1 }"#).is_empty());
        assert_eq!(count(r#"{ "at_least": 5, "missing": 1 }"#), week(1));
        assert_eq!(count(r#"{ "at_least": 7 }"#), week(4));
        assert!(count(r#"{ "when": "Fri" }"#).is_empty());
        assert_eq!(count(r#"{ "when": "Wed" }"#), week(1));
        assert_eq!(count(r#"{ "when": "Thu" }"#), week(1));
        assert!(count(r#"{ "who": { "people": ["dan", "eve"] }, "at_least": 3 }"#).is_empty()); // nobody is left to ask
        assert!(count(r#"{ "missing": 3, "at_least": 5 }"#).is_empty()); // every open day counts
    }

    /// Wednesday 17 June is closed: a team day on Wednesdays is not asked for that week, and is in the next, when it
    /// is missed. Four days a week are the open four of the first week (all there) and four of five of the second,
    /// where all are in on Monday only.
    #[test]
    fn a_closed_team_day_is_not_asked_for() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-26", "closed": ["2020-06-17"] },
          "people": [ { "id": "ann" }, { "id": "bob" } ] }"#;
        let lines = ["ann: S S S S S h h h h", "bob: S S S S S h S h h"];
        assert_eq!(count(scenario, &lines, r#"{ "when": "Wed" }"#), ["2020-06-22..2020-06-26 at_least: 1"]);
        assert_eq!(count(scenario, &lines, r#"{ "at_least": 5 }"#), ["2020-06-22..2020-06-26 at_least: 4"]);
    }

    /// From Wednesday 17 to Tuesday 23 June. Without history the first week has three of five days, the second two
    /// of five: of 3 days 1.8 and 1.2 are asked, that is 2 and 1; of 1 day 0.6 and 0.4, that is 1 and 0. Both are in
    /// on Wednesday alone.
    ///
    /// With Monday and Tuesday in history, both in on Monday, the first week is known: of 3 days Monday and
    /// Wednesday are there, 1 short. A team day on Tuesdays was missed on the 16th; that is past and no breach, the
    /// one of the 23rd is.
    #[test]
    fn cut_weeks() {
        let people = r#""people": [ { "id": "ann" }, { "id": "bob" } ]"#;
        let calendar = r#""calendar": { "from": "2020-06-17", "to": "2020-06-23" }"#;
        let unknown = format!(r#"{{ "scenario": 1, {calendar}, {people} }}"#);
        let known = format!(
            r#"{{ "scenario": 1, {calendar}, {people}, "history": {{ "days": [
              {{ "person": "ann", "on": "2020-06-15", "place": "on_site" }}, {{ "person": "bob", "on": "2020-06-15", "place": "on_site" }},
              {{ "person": "ann", "on": "2020-06-16", "place": "on_site" }}, {{ "person": "bob", "on": "2020-06-16", "place": "home" }} ] }} }}"#
        );
        let lines = ["ann: S S h h h", "bob: S h S h h"];
        let (first, second) = ("2020-06-17..2020-06-21 at_least", "2020-06-22..2020-06-23 at_least");
        let three = r#"{ "at_least": 3 }"#;
        assert_eq!(count(&unknown, &lines, three), [format!("{first}: 1"), format!("{second}: 1")]);
        assert!(count(&unknown, &lines, "{}").is_empty());
        assert_eq!(count(&known, &lines, three), [format!("{first}: 1"), format!("{second}: 1")]);
        assert!(count(&known, &lines, r#"{ "at_least": 2, "when": { "to": "2020-06-19" } }"#).is_empty());
        assert_eq!(count(&known, &lines, r#"{ "when": "Tue" }"#), [format!("{second}: 1")]);
    }

    /// Ann and bob are both in each day, on Monday at different sites, on Tuesday in different zones of one. That
    /// makes one common day, none in the north zone. At each site by itself: main has Tuesday, the annex no day.
    #[test]
    fn at_one_site() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
          "people": [ { "id": "ann" }, { "id": "bob" } ],
          "sites": [ { "id": "main", "zones": [ { "id": "north", "seats": 4 }, { "id": "east", "seats": 4 } ] },
                     { "id": "annex", "zones": [ { "id": "south", "seats": 4 } ] } ] }"#;
        let lines = ["ann: S@north S@north", "bob: S@south S@east"];
        let count = |rule: &str| count(scenario, &lines, rule);
        assert!(count(r#"{ "per": "rota" }"#).is_empty());
        assert_eq!(count(r#"{ "per": "rota", "at_least": 2 }"#), ["2020-06-15..2020-06-16 at_least: 1"]);
        assert_eq!(
            count(r#"{ "per": "rota", "where": { "zone": "north" } }"#),
            ["2020-06-15..2020-06-16 north at_least: 1"]
        );
        assert_eq!(
            count(r#"{ "per": "rota", "where": { "each": "site" } }"#),
            ["2020-06-15..2020-06-16 annex at_least: 1"]
        );
    }

    /// Early 06-14, late 12-20, night 20-08. Monday: ann early, bob late: both are there from 12 to 14, and neither
    /// between 11 and 14 (bob comes at 12) nor, together, between 13 and 15. Sunday 21: both on the night shift;
    /// they are there on Monday 22 between 02 and 07, which lies in the next week.
    #[test]
    fn one_shift_covers_the_times() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-22", "work_days": ["mon", "sun"],
            "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "late", "from": "12:00", "to": "20:00" },
                        { "id": "night", "from": "20:00", "to": "08:00" } ] },
          "people": [ { "id": "ann" }, { "id": "bob" } ] }"#;
        let lines = ["ann: S/early S/night h", "bob: S/late S/night h"];
        let between = |day: &str, times: &str| {
            let rule = format!(
                r#"{{ "per": "rota", "when": {{ "dates": ["2020-06-{day}"], "between": "{times}" }} }}"#
            );
            count(scenario, &lines, &rule).is_empty()
        };
        assert!(between("15", "12:00-14:00"));
        assert!(!between("15", "11:00-14:00"));
        assert!(!between("15", "13:00-15:00"));
        assert!(between("21", "22:00-06:00"));
        assert!(between("22", "02:00-07:00"));
        assert!(!between("21", "02:00-07:00"));

        // Ann's Sunday night is needed for the week after.
        let text = scenario.replace(
            "\"people\"",
            r#""rules": [ { "together": { "when": { "weekdays": ["mon"], "between": "02:00-07:00" } } } ], "people""#,
        );
        let scenario = Scenario::read(&text).scenario.expect("reads");
        let (problem, _) = Problem::new(&scenario).expect("no error");
        let mut roster = crate::contract::drawn(&problem, &lines);
        let ann = problem.site.person_named("ann").expect("there is ann");
        assert_eq!(
            judge::reasons(&problem, &judge::concerns(&problem), &mut roster, ann, Day(6)),
            Some(vec!["together".to_string()])
        );
        assert_eq!(
            judge::reasons(&problem, &judge::concerns(&problem), &mut roster, ann, Day(0)),
            Some(Vec::new())
        );
    }

    fn told(scenario: &str, rule: &str) -> Vec<String> {
        let text = format!(
            "{}, \"rules\": [ {rule} ] }}",
            scenario.trim_end().strip_suffix('}').expect("an object")
        );
        let scenario = Scenario::read(&text).scenario.expect("reads");
        let findings = Problem::build(&scenario).1;
        let mine: Vec<_> =
            findings.into_iter().filter(|finding| finding.code.starts_with("together.")).collect();
        assert!(mine.iter().all(|finding| finding.help.is_some()), "{mine:?}");
        mine.into_iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect()
    }

    /// Ann works Monday to Wednesday, bob Wednesday to Friday, and cat is away on Wednesday: no day has all three.
    /// Two are best, on four days, the first of them Monday, when bob is off. With one missing every day will do.
    #[test]
    fn the_best_day_is_named() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
          "people": [ { "id": "ann", "works": ["mon", "tue", "wed"], "team": "red" }, { "id": "bob", "works": ["wed", "thu", "fri"] },
                      { "id": "cat", "away": ["2020-06-17"], "team": "red" } ] }"#;
        assert_eq!(
            told(scenario, r#"{ "together": {} }"#),
            ["together.missing: from Mon 15 June to Fri 19 June no day has the whole group (everyone): \
              at best, on Mon 15 June, 1 of 3 is not working"]
        );
        // Cat works no Wednesday of this week, so the group is ann and bob.
        assert!(told(scenario, r#"{ "together": { "when": "Wed" } }"#).is_empty());
        assert!(told(scenario, r#"{ "together": { "missing": 1, "at_least": 5 } }"#).is_empty());
        assert_eq!(
            told(scenario, r#"{ "together": { "who": { "people": ["ann", "cat"] }, "at_least": 3 } }"#),
            ["together.missing: from Mon 15 June to Fri 19 June only 2 days can have the group (ann, cat): \
              at best, on Wed 17 June, 1 of 2 is not working"]
        );
        // Team by team, only the team's own days matter: ann and cat share Monday and Tuesday.
        assert!(told(scenario, r#"{ "together": { "at_least": 2 }, "for_each": "team" }"#).is_empty());
    }

    #[test]
    fn what_asks_nothing_or_cannot_be_is_told() {
        let codes = |rule: &str| -> Vec<String> {
            let problem = TinySite::Shifts.problem(&[]);
            let rule: Together = serde_json::from_str(rule).expect("reads");
            rule.validate(&problem.site).into_iter().map(|finding| finding.code).collect()
        };
        assert_eq!(codes(r#"{ "at_least": 0 }"#), ["together.limits"]);
        assert_eq!(codes(r#"{ "per": "day" }"#), ["together.per"]);
        assert_eq!(codes(r#"{ "missing": 3 }"#), ["together.limits"]);
        assert_eq!(codes(r#"{ "at_least": 6 }"#), ["together.limits"]);
        assert_eq!(codes(r#"{ "when": { "between": "10:00-18:00" } }"#), ["together.between"]);
        assert!(codes(r#"{ "when": { "between": "03:00-05:00" }, "missing": 1 }"#).is_empty());
        assert_eq!(
            told(WEEK, r#"{ "together": { "who": { "people": ["dan"] } } }"#),
            ["together.nobody: nobody of dan works on site, so the rule asks nothing"]
        );
    }

    #[test]
    fn sentences() {
        let problem = TinySite::Days.problem(&[]);
        let say = |rule: &str, about: &About| {
            serde_json::from_str::<Together>(rule).expect("reads").sentence(&problem.site, about)
        };
        let week = About::days(Day(0), Day(1));
        assert_eq!(say("{}", &About::default()), "everyone is on site together on at least 1 day each week");
        assert_eq!(
            say(r#"{ "who": "red", "missing": 1, "at_least": 5 }"#, &week),
            "everyone of red but for 1 is on site together on at least 2 days from Mon 15 June to Tue 16 June"
        );
        assert_eq!(
            say(r#"{ "when": { "weekdays": ["tue"] } }"#, &week),
            "everyone is on site together on Tue 16 June"
        );
        assert_eq!(
            say(r#"{ "at_least": 2, "when": { "weekdays": ["mon", "tue"] } }"#, &week),
            "everyone is on site together on at least 2 days on Monday, Tuesday from Mon 15 June to Tue 16 June"
        );
    }
}
