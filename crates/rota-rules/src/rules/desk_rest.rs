//! `desk_rest`: a desk rests between two people.

use crate::model::{Model, Row, Sum};
use crate::rule::{example, Example, Rule};
use crate::speak;
use crate::tally::{number, Tally};
use crate::tiny::TinySite;
use rota_core::calendar::{ShiftSet, DAY_MINUTES};
use rota_core::finding::Finding;
use rota_core::select::{Presence, Spot};
use rota_core::{About, Cell, Day, DeskIndex, PersonIndex, Place, Roster, ShiftIndex, Site};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// No desk is used by two people within so many calendar days.
///
/// Weekends and closed days count as days: with `days: 3` a desk used on Friday may be used by somebody else
/// on Tuesday, not on Monday. The same person may come back to the desk at any time. `days: 0` is not even on
/// one day: it says something only where there are shifts that do not overlap, for people who overlap never
/// share a desk anyway.
///
/// Of two people on one day, the one whose shift starts earlier is the earlier one. A night shift belongs to
/// the day on which it starts. Desks used before the rota, as far as they are known, count as earlier; what
/// lies wholly before the rota is not held against anybody.
///
/// A breach is about a desk, a day and the person who uses the desk on it; its amount is the earlier uses by
/// others within those days.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeskRest {
    /// Within so many calendar days; 0 means on one day.
    pub days: u32,
}

/// So many people or fewer at a desk are summed up as they are; for more a helper says that the desk is used,
/// so that rows stay short.
const FEW: usize = 2;

/// First and last minute of a cell's shift, after midnight of its day.
fn minutes(site: &Site, cell: &Cell) -> (u32, u32) {
    cell.shift.map_or((0, DAY_MINUTES), |shift| site.calendar.shifts[shift.at()].minutes())
}

/// Shifts, as a set that is the same whenever all are meant.
fn set(site: &Site, shifts: &[ShiftIndex]) -> ShiftSet {
    if shifts.len() == site.calendar.shifts.len() {
        ShiftSet::ALL
    } else {
        shifts.iter().copied().fold(ShiftSet::NONE, ShiftSet::with)
    }
}

/// For two days so far apart: shifts of the earlier day of which a desk can hold one person at most, and the
/// shifts of the later day that start when those are over. Shifts that overlap are not for this rule: a desk
/// holds one person at a time.
fn slots(site: &Site, apart: u32) -> Vec<(ShiftSet, ShiftSet)> {
    let shifts = &site.calendar.shifts;
    if shifts.is_empty() {
        return if apart > 0 { vec![(ShiftSet::ALL, ShiftSet::ALL)] } else { Vec::new() };
    }
    let all = || ShiftIndex::all(shifts.len());
    let span = |shift: ShiftIndex| shifts[shift.at()].minutes();
    let overlap =
        |one: ShiftIndex, other: ShiftIndex| span(one).0 < span(other).1 && span(other).0 < span(one).1;
    let mut slots: Vec<(Vec<ShiftIndex>, Vec<ShiftIndex>)> = Vec::new();
    for earlier in all() {
        let over = span(earlier).1;
        let later: Vec<ShiftIndex> =
            all().filter(|later| over <= apart * DAY_MINUTES + span(*later).0).collect();
        if later.is_empty() {
            continue;
        }
        let alike = slots
            .iter_mut()
            .find(|(shifts, then)| *then == later && shifts.iter().all(|shift| overlap(*shift, earlier)));
        match alike {
            Some((shifts, _)) => shifts.push(earlier),
            None => slots.push((vec![earlier], later)),
        }
    }
    slots.into_iter().map(|(earlier, later)| (set(site, &earlier), set(site, &later))).collect()
}

impl DeskRest {
    /// The numbers of days that two days of the calendar may lie apart for this rule.
    fn lags(&self, site: &Site) -> std::ops::RangeInclusive<u32> {
        0..=self.days.min(site.calendar.len() as u32 - 1)
    }

    /// How many others used the desk within those days but before the calendar, as a shift that starts at
    /// that minute of the day sees it.
    fn past_uses(&self, site: &Site, desk: DeskIndex, day: Day, person: PersonIndex, start: u32) -> u32 {
        let from = site.calendar.first_known.0.max(day.0.saturating_sub_unsigned(self.days));
        let is_use = |past: Day, cell: &Cell| {
            let apart = (day.0 - past.0) as u32 * DAY_MINUTES;
            cell.place == Place::OnSite && cell.desk == Some(desk) && minutes(site, cell).1 <= apart + start
        };
        let uses = (from..0).map(Day).flat_map(|past| {
            PersonIndex::all(site.people.len()).filter(move |other| {
                *other != person && site.past_cell(*other, past).is_some_and(|cell| is_use(past, cell))
            })
        });
        // A desk does not care whether whoever sat there is still with us.
        let strangers =
            site.past_of_others.iter().filter(|(past, cell)| past.0 >= from && is_use(*past, cell));
        (uses.count() + strangers.count()) as u32
    }

    /// The row against what is past: each use counts, as many as there are.
    fn past_row(
        &self,
        site: &Site,
        model: &mut Model,
        desk: DeskIndex,
        day: Day,
        person: PersonIndex,
    ) -> Option<Row> {
        let shifts = &site.calendar.shifts;
        let mut by_uses: BTreeMap<u32, Vec<ShiftIndex>> = BTreeMap::new();
        for shift in ShiftIndex::all(shifts.len()) {
            let uses = self.past_uses(site, desk, day, person, shifts[shift.at()].minutes().0);
            by_uses.entry(uses).or_default().push(shift);
        }
        if shifts.is_empty() {
            by_uses.insert(self.past_uses(site, desk, day, person, 0), Vec::new());
        }
        let mut charged = Sum::default();
        for (uses, shifts) in by_uses.into_iter().filter(|(uses, _)| *uses > 0) {
            let presence = Presence { shifts: set(site, &shifts), spot: Spot::Desk(desk) };
            charged += model.on_site(person, day, &presence).times(f64::from(uses));
        }
        (charged != Sum::default()).then(|| Row::at_most(charged, 0.0))
    }

    /// The rows of one desk.
    fn desk_rows(&self, site: &Site, model: &mut Model, desk: DeskIndex) {
        let users: Vec<PersonIndex> =
            PersonIndex::all(site.people.len()).filter(|person| site.may_use_desk(*person, desk)).collect();
        let slots: Vec<(u32, ShiftSet, ShiftSet)> = self
            .lags(site)
            .flat_map(|apart| slots(site, apart).into_iter().map(move |(one, other)| (apart, one, other)))
            .collect();
        let mut used: BTreeMap<(Day, ShiftSet), Sum> = BTreeMap::new();
        for day in site.calendar.days() {
            for person in users.iter().copied().filter(|person| site.works(*person, day)) {
                let about = About { desk: Some(desk), ..About::day(day).of(person) };
                if let Some(row) = self.past_row(site, model, desk, day, person) {
                    model.at_worst(about, vec![row]);
                }
                for (apart, earlier, later) in &slots {
                    let before = day.plus(-(*apart as i32));
                    if before.is_past() {
                        continue;
                    }
                    let sits = |model: &mut Model, person: PersonIndex| {
                        model.on_site(person, before, &Presence { shifts: *earlier, spot: Spot::Desk(desk) })
                    };
                    let others = if users.len() <= FEW {
                        let others = users.iter().filter(|other| **other != person);
                        others.map(|other| sits(model, *other)).sum()
                    } else {
                        let by_anyone = used.entry((before, *earlier)).or_insert_with(|| {
                            let all = users.iter().map(|other| sits(model, *other)).sum();
                            model.any_of(all)
                        });
                        by_anyone.clone() + sits(model, person).times(-1.0)
                    };
                    if others == Sum::default() {
                        continue;
                    }
                    let presence = Presence { shifts: *later, spot: Spot::Desk(desk) };
                    let now = model.on_site(person, day, &presence);
                    model.at_worst(about, vec![Row::at_most(now + others, 1.0)]);
                }
            }
        }
    }
}

impl Rule for DeskRest {
    fn examples() -> Vec<Example<DeskRest>> {
        vec![
            example(TinySite::Desks, r#"{ "days": 3 }"#),
            example(TinySite::Desks, r#"{ "days": 1 }"#),
            example(TinySite::DeskShifts, r#"{ "days": 1 }"#),
            example(TinySite::DeskShifts, r#"{ "days": 2 }"#),
            example(TinySite::Seats, r#"{ "days": 2 }"#),
            example(TinySite::Seats, r#"{ "days": 4 }"#),
            example(TinySite::Seats, r#"{ "days": 4000000000 }"#),
        ]
    }

    fn validate(&self, site: &Site) -> Vec<Finding> {
        let mut findings = Vec::new();
        if site.desks.is_empty() {
            findings.push(
                Finding::error("desk_rest.no_desk", "", "there are no desks to rest")
                    .help("give zones `desks` instead of `seats`, or take the rule out"),
            );
        } else if self.days == 0 && slots(site, 0).is_empty() {
            findings.push(
                Finding::warning(
                    "desk_rest.limits",
                    "/days",
                    "a desk has room for one person a day anyway, so days 0 asks nothing",
                )
                .help("write 1 or more, or \"strength\": \"off\" to leave the rule out"),
            );
        }
        findings
    }

    fn rows(&self, site: &Site, model: &mut Model) {
        for desk in DeskIndex::all(site.desks.len()) {
            self.desk_rows(site, model, desk);
        }
    }

    fn check(&self, site: &Site, roster: &Roster, tally: &mut Tally) {
        let first = site.calendar.first_known.0;
        let mut uses: Vec<Vec<(Day, Option<PersonIndex>, i64, i64)>> = vec![Vec::new(); site.desks.len()];
        let mut add = |day: Day, person: Option<PersonIndex>, cell: &Cell| {
            if let Some(desk) = cell.desk.filter(|_| cell.place == Place::OnSite) {
                let midnight = i64::from(day.0) * i64::from(DAY_MINUTES);
                let (start, end) = minutes(site, cell);
                uses[desk.at()].push((day, person, midnight + i64::from(start), midnight + i64::from(end)));
            }
        };
        for person in PersonIndex::all(site.people.len()) {
            for day in (first..=site.calendar.last().0).map(Day) {
                add(day, Some(person), roster.at(person, day));
            }
        }
        // People who have left.
        for (day, cell) in &site.past_of_others {
            add(*day, None, cell);
        }
        let within = |earlier: Day, later: Day| {
            (0..=i64::from(self.days)).contains(&(i64::from(later.0) - i64::from(earlier.0)))
        };
        for desk in DeskIndex::all(site.desks.len()) {
            for (day, person, start, _) in &uses[desk.at()] {
                // One person-day touches the uses of that day, and those within `days` after it.
                if day.is_past() || site.lens.is_some_and(|lens| !within(lens.day, *day)) {
                    continue;
                }
                let before = uses[desk.at()]
                    .iter()
                    .filter(|(earlier, other, _, end)| {
                        other != person && within(*earlier, *day) && end <= start
                    })
                    .count() as f64;
                let about = About { desk: Some(desk), person: *person, ..About::day(*day) };
                tally.charge(about, before, number(before), number(0.0));
            }
        }
    }

    fn sentence(&self, site: &Site, about: &About) -> String {
        let (Some(desk), Some(person)) = (about.desk, about.person) else {
            return match self.days {
                0 => "no desk is used by two people on one day".to_string(),
                1 => "no desk is used by two people within 1 day".to_string(),
                days => format!("no desk is used by two people within {days} days"),
            };
        };
        let before = match self.days {
            0 => "earlier that day".to_string(),
            1 => "on the day before".to_string(),
            days => format!("in the {days} days before"),
        };
        // With shifts, somebody may have been there on the same day as well.
        let before = if self.days > 0 && !slots(site, 0).is_empty() {
            format!("earlier that day or {before}")
        } else {
            before
        };
        format!(
            "{} does not use desk {}{} if somebody else used it {before}",
            site.person(person).name,
            site.desk(desk).name,
            speak::subject_days(site, about).unwrap_or_default()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::counted;
    use crate::entry::RuleEntry;
    use crate::laws::{self, Says};
    use crate::scenario::Scenario;
    use crate::tiny::every_roster;
    use crate::Problem;

    /// Thursday 18 to Tuesday 23 June, the weekend not worked; two days of history.
    ///
    /// ```text
    ///       history     Thu 18  Fri 19  Mon 22  Tue 23
    ///       16    17
    /// ann   N1    home  N1      home    N1      home
    /// bob   home  N1    home    N1      N2      N2
    /// cat   N2    home  N2      home    home    N1
    /// ```
    /// Within 3 days, at N1: ann on Thursday after bob on 17: one. Bob on Friday after ann on 16 and 18: two.
    /// Ann on Monday after bob on Friday, the weekend counted: one. Cat on Tuesday after ann on Monday: one,
    /// for Friday is 4 days ago. At N2: cat after cat; bob on Monday, for Thursday is 4 days ago; bob after
    /// bob: none. Within 4 days also cat on Tuesday after bob on Friday: two; and bob at N2 on Monday after
    /// cat on Thursday: one. Within 1 day: ann on Thursday, bob on Friday, cat on Tuesday: one each.
    #[test]
    fn picture() {
        let scenario = r#"{ "scenario": 1, "calendar": { "from": "2020-06-18", "to": "2020-06-23" },
          "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" } ],
          "sites": [ { "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1" }, { "id": "N2" } ] } ] } ],
          "history": { "days": [
            { "person": "ann", "on": "2020-06-16", "place": "on_site", "desk": "N1" }, { "person": "ann", "on": "2020-06-17", "place": "home" },
            { "person": "bob", "on": "2020-06-16", "place": "home" }, { "person": "bob", "on": "2020-06-17", "place": "on_site", "desk": "N1" },
            { "person": "cat", "on": "2020-06-16", "place": "on_site", "desk": "N2" }, { "person": "cat", "on": "2020-06-17", "place": "home" } ] } }"#;
        let lines = ["ann: S@N1 h S@N1 h", "bob: h S@N1 S@N2 S@N2", "cat: S@N2 h h S@N1"];
        let within =
            |days: u32| counted(scenario, &format!(r#"{{ "desk_rest": {{ "days": {days} }} }}"#), &lines);
        assert_eq!(
            within(3),
            ["ann 2020-06-18 N1: 1", "ann 2020-06-22 N1: 1", "bob 2020-06-19 N1: 2", "cat 2020-06-23 N1: 1"]
        );
        assert_eq!(
            within(4),
            [
                "ann 2020-06-18 N1: 1",
                "ann 2020-06-22 N1: 1",
                "bob 2020-06-19 N1: 2",
                "bob 2020-06-22 N2: 1",
                "cat 2020-06-23 N1: 2",
            ]
        );
        assert_eq!(within(1), ["ann 2020-06-18 N1: 1", "bob 2020-06-19 N1: 1", "cat 2020-06-23 N1: 1"]);
        assert!(within(0).is_empty());
    }

    /// One desk, two days; early 06-14, mid 10-18, late 14-22, night 22-06. Dan had it on Sunday's night.
    const DESK: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16", "work_days": ["mon", "tue", "sun"],
        "shifts": [ { "id": "early", "from": "06:00", "to": "14:00" }, { "id": "mid", "from": "10:00", "to": "18:00" },
                    { "id": "late", "from": "14:00", "to": "22:00" }, { "id": "night", "from": "22:00", "to": "06:00" } ] },
      "people": [ { "id": "ann" }, { "id": "bob" }, { "id": "cat" }, { "id": "dan", "base": "home" } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1" } ] } ] } ],
      "history": { "days": [ { "person": "dan", "on": "2020-06-14", "place": "on_site", "shift": "night", "desk": "N1" } ] } }"#;

    /// Whoever sat there has left since; the desk rests all the same.
    #[test]
    fn people_who_have_left_sat_there_too() {
        let site = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
          "people": [ { "id": "ann" } ],
          "sites": [ { "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "D" } ] } ] } ],
          "history": { "days": [ { "person": "gone", "on": "2020-06-12", "place": "on_site", "desk": "D" } ] } }"#;
        let count =
            |days: u32| counted(site, &format!(r#"{{ "desk_rest": {{ "days": {days} }} }}"#), &["ann: S@D"]);
        assert_eq!(count(3), ["ann 2020-06-15 D: 1"]);
        assert_eq!(count(2), Vec::<String>::new());
    }

    /// ```text
    ///       Mon     Tue
    /// ann   early   early
    /// bob   late    home
    /// cat   night   late
    /// ```
    /// On one day: bob on Monday after ann: 1; cat's night after ann and bob: 2; cat on Tuesday after ann: 1.
    /// Ann on Tuesday comes after the night, but that was Monday's. Within 1 day: ann on Monday after dan's
    /// night: 1; bob after dan and ann: 2; cat after dan, ann and bob: 3; ann on Tuesday after bob and cat,
    /// not after herself: 2; cat on Tuesday after ann on both days and bob: 3.
    #[test]
    fn shifts_of_one_day() {
        let lines =
            ["ann: S/early@N1 S/early@N1", "bob: S/late@N1 h", "cat: S/night@N1 S/late@N1", "dan: h h"];
        let within =
            |days: u32| counted(DESK, &format!(r#"{{ "desk_rest": {{ "days": {days} }} }}"#), &lines);
        assert_eq!(within(0), ["bob 2020-06-15 N1: 1", "cat 2020-06-15 N1: 2", "cat 2020-06-16 N1: 1"]);
        assert_eq!(
            within(1),
            [
                "ann 2020-06-15 N1: 1",
                "ann 2020-06-16 N1: 2",
                "bob 2020-06-15 N1: 2",
                "cat 2020-06-15 N1: 3",
                "cat 2020-06-16 N1: 3",
            ]
        );
    }

    fn problem(scenario: &str, rule: &str) -> (Problem, Vec<Finding>) {
        let mut scenario = Scenario::read(scenario).scenario.expect("reads");
        scenario.rules = vec![serde_json::from_str::<RuleEntry>(rule).expect("the rule reads")];
        Problem::build(&scenario)
    }

    /// Shifts that overlap share a row; rows and check agree on every roster that keeps the laws, with two
    /// people and with more.
    #[test]
    fn overlapping_shifts_share_a_row() {
        let two = DESK.replace(r#", { "id": "cat" }"#, r#", { "id": "cat", "away": ["2020-06-15"] }"#);
        let mut tried = 0;
        for (scenario, days) in [(DESK, 0), (&two, 1), (&two, 2)] {
            let (problem, _) = problem(scenario, &format!(r#"{{ "desk_rest": {{ "days": {days} }} }}"#));
            assert_eq!(
                slots(&problem.site, 0),
                [
                    (ShiftSet(0b0001), ShiftSet(0b1100)), // late and night start when early is over
                    (ShiftSet(0b0110), ShiftSet(0b1000)), // mid and late overlap: one of the two at most
                ]
            );
            assert_eq!(slots(&problem.site, 1).len(), 3);
            let model = problem.model_of(0);
            every_roster(&problem.site, &mut |roster| {
                if !laws::check(&problem.site, roster, Says::ALL).is_empty() {
                    return;
                }
                tried += 1;
                let by_rows: Vec<(About, f64)> =
                    model.amounts(roster).into_iter().map(|((_, about), amount)| (about, amount)).collect();
                let tally = problem.tally(&problem.rules[0], &problem.site, roster);
                let by_check: Vec<(About, f64)> =
                    tally.counts.iter().map(|(about, count)| (*about, count.amount)).collect();
                assert_eq!(by_rows, by_check);
            });
        }
        assert!(tried > 1000, "{tried}");
    }

    #[test]
    fn mistakes_and_what_asks_nothing_are_told() {
        let codes = |scenario: &str, days: u32| -> Vec<String> {
            let (_, findings) = problem(scenario, &format!(r#"{{ "desk_rest": {{ "days": {days} }} }}"#));
            let own = findings.into_iter().filter(|finding| finding.code.starts_with("desk_rest"));
            own.map(|finding| finding.code).collect()
        };
        assert_eq!(codes(TinySite::Days.json(), 3), ["desk_rest.no_desk"]);
        assert_eq!(codes(TinySite::Desks.json(), 0), ["desk_rest.limits"]);
        assert_eq!(codes(TinySite::DeskShifts.json(), 0), ["desk_rest.limits"]); // day and night overlap
        assert!(codes(DESK, 0).is_empty());
        assert!(codes(TinySite::Desks.json(), 1).is_empty());
    }

    #[test]
    fn sentences() {
        let say = |scenario: &str, days: u32, about: &About| {
            DeskRest { days }.sentence(&problem(scenario, r#"{ "desk_rest": { "days": 0 } }"#).0.site, about)
        };
        let desks = TinySite::Desks.json();
        let tuesday = About { desk: Some(DeskIndex(0)), ..About::day(Day(1)).of(PersonIndex(0)) };
        assert_eq!(say(desks, 3, &About::default()), "no desk is used by two people within 3 days");
        assert_eq!(say(desks, 0, &About::default()), "no desk is used by two people on one day");
        assert_eq!(
            say(desks, 3, &tuesday),
            "Ann does not use desk N1 on Tue 16 June if somebody else used it in the 3 days before"
        );
        assert_eq!(
            say(DESK, 1, &tuesday),
            "ann does not use desk N1 on Tue 16 June if somebody else used it earlier that day or on the day before"
        );
        assert_eq!(
            say(DESK, 0, &tuesday),
            "ann does not use desk N1 on Tue 16 June if somebody else used it earlier that day"
        );
    }
}
