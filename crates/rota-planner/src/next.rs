//! The next period: dates moved on, the finished roster turned into history, what is over dropped.
//!
//! - **Dates.** The calendar moves on by its length in whole weeks (a started week counts), so that weekdays match:
//!   Monday to Friday is followed by the next Monday to Friday, eight days by the eight that begin two weeks later.
//!   Days in between are in no rota and stand in the history as days off.
//! - **Anchor.** `calendar.anchor` stays as typed. `history.anchor` is set to the anchor that counted until now, or
//!   to the Monday of the old first day, so that fortnights and weeks that take turns go on where they were.
//! - **History.** `days` holds the last 28 days before the new first day; `people` the old counts and this
//!   calendar's on top of them, with the cohort of each person (see [`crate::history`]).
//! - **Over.** Dated `away`, `closed`, `taken`, `fixed`, `wishes` and `allow` that end before the new first day are
//!   dropped, spans of `only` as well; those by weekday stay. `previous` is dropped. Rules stay even when their own
//!   dates are over (`validate` says that they ask nothing): they may be wanted again with other dates.
//! - **People who have left** (`ends` before the new first day) are dropped everywhere: in selectors, words among
//!   them, exceptions, ties and history, with teams and tags that nobody else has. A rule left with nobody to speak
//!   of is switched off and says so in its `because`, so that it is neither an error nor forgotten. A desk or zone
//!   kept `for` them alone is open to everybody again.
//! - **Title.** Dates of the calendar's first and last day in it move on; a title with any other date is dropped.

use crate::history::history_before;
use rota_core::date::{Absence, Date};
use rota_core::roster::Roster;
use rota_core::select::Who;
use rota_core::typed::{Desk, Person, Zone};
use rota_core::{words, Site};
use rota_rules::entry::Allow;
use rota_rules::{AnyRule, Problem, RuleEntry, Scenario, Strength};
use std::collections::HashSet;

/// The scenario of the period after this one. `problem` is that of `scenario`, `roster` one of its rosters.
pub fn next(scenario: &Scenario, roster: &Roster, problem: &Problem) -> Scenario {
    let site = &problem.site;
    let shift = moved_days(&site.calendar);
    let from = scenario.calendar.from.plus(shift);
    let left = Left::before(from, &scenario.people);
    let mut next = scenario.clone();
    next.calendar.from = from;
    next.calendar.to = scenario.calendar.to.plus(shift);
    next.calendar.closed.retain(|absence| !is_over(absence, from));
    next.title = scenario.title.as_deref().and_then(|title| moved_title(title, scenario, shift));
    next.people.retain(|person| !left.people.contains(&person.id));
    for person in &mut next.people {
        drop_past(person, from);
    }
    for place in &mut next.sites {
        place.closed.retain(|absence| !is_over(absence, from));
        for zone in &mut place.zones {
            move_zone(zone, from, &left, site);
        }
    }
    for entry in &mut next.rules {
        move_rule(entry, from, &left, site);
    }
    next.ties.retain(|tie| !tie.between.iter().any(|person| left.people.contains(person)));
    next.previous = Vec::new();
    let mut history = history_before(scenario, roster, problem, from);
    history.days.retain(|assignment| !left.people.contains(&assignment.person));
    history.people.retain(|counts| !left.people.contains(&counts.person));
    next.history = Some(history);
    next
}

/// The calendar's length in whole weeks, a started one counted, in days.
fn moved_days(calendar: &rota_core::calendar::Calendar) -> i64 {
    calendar.len().div_ceil(7) as i64 * 7
}

// ---------------------------------------------------------------- what is over

fn is_over(absence: &Absence, from: Date) -> bool {
    absence.on.last().is_some_and(|last| last < from)
}

fn drop_past(person: &mut Person, from: Date) {
    let stays = |last: Option<Date>| last.is_none_or(|last| last >= from);
    person.away.retain(|absence| !is_over(absence, from));
    person.only.retain(|only| stays(only.to));
    person.fixed.retain(|pin| stays(pin.on.last()));
    person.wishes.retain(|wish| stays(wish.on.last()));
}

fn move_zone(zone: &mut Zone, from: Date, left: &Left, site: &Site) {
    zone.closed.retain(|absence| !is_over(absence, from));
    zone.taken.retain(|taken| taken.on.last().is_none_or(|last| last >= from));
    zone.for_ = zone.for_.take().and_then(|who| left.without(&who, site));
    for desk in zone.desks.iter_mut().flatten() {
        move_desk(desk, from, left, site);
    }
}

fn move_desk(desk: &mut Desk, from: Date, left: &Left, site: &Site) {
    desk.closed.retain(|absence| !is_over(absence, from));
    desk.for_ = desk.for_.take().and_then(|who| left.without(&who, site));
}

fn move_rule(entry: &mut RuleEntry, from: Date, left: &Left, site: &Site) {
    entry.allow.retain(|allow| stays(allow, from, left));
    if let AnyRule::Cohorts(rule) = &mut entry.rule {
        // A group of people who have all left is dropped; the others stay in their cohorts.
        let mut stay = |who: &mut Who| match left.without(who, site) {
            Some(rest) => {
                *who = rest;
                true
            }
            None => false,
        };
        rule.split.retain_mut(&mut stay);
        rule.whole.retain_mut(&mut stay);
        rule.members.retain(|_, members| stay(&mut members.0));
    }
    let mut anybody =
        entry.for_each.is_none() || left.teams.len() < site.teams.len() || site.teams.is_empty();
    for who in selectors(&mut entry.rule) {
        match left.without(who, site) {
            Some(rest) => *who = rest,
            None => anybody = false,
        }
    }
    if !anybody {
        // The names that are gone must not stand in the rule either; nobody in their place, so that the rule
        // speaks of nobody else should it be switched on again.
        for who in selectors(&mut entry.rule) {
            *who = left.without(who, site).unwrap_or(Who::People(Vec::new()));
        }
        if left.teams.len() == site.teams.len() {
            entry.for_each = None;
        }
        switch_off(entry);
    }
}

fn stays(allow: &Allow, from: Date, left: &Left) -> bool {
    let gone =
        |id: &Option<String>, names: &HashSet<String>| id.as_ref().is_some_and(|id| names.contains(id));
    let over = allow.on.and_then(|on| on.last()).is_some_and(|last| last < from);
    !over
        && !gone(&allow.person, &left.people)
        && !gone(&allow.with, &left.people)
        && !gone(&allow.team, &left.teams)
}

fn switch_off(entry: &mut RuleEntry) {
    let why = format!("off (was {}): those it names have left", entry.strength.word());
    if entry.strength != Strength::Off {
        entry.because = Some(entry.because.take().map_or(why.clone(), |because| format!("{because}; {why}")));
    }
    entry.strength = Strength::Off;
}

/// Every selector of people in a rule. That no rule is forgotten here is for a test to say.
#[allow(unreachable_patterns, clippy::match_wildcard_for_single_variants)] // a rule in the making does not stop the build
fn selectors(rule: &mut AnyRule) -> Vec<&mut Who> {
    match rule {
        AnyRule::Accompanied(rule) => std::iter::once(&mut rule.who).chain(rule.by.as_mut()).collect(),
        AnyRule::Arrivals(rule) => vec![&mut rule.who],
        AnyRule::Cohorts(rule) => {
            std::iter::once(&mut rule.who).chain(&mut rule.split).chain(&mut rule.whole).collect()
        }
        AnyRule::Contacts(rule) => vec![&mut rule.who],
        AnyRule::Days(rule) => vec![&mut rule.who],
        AnyRule::Duty(rule) => vec![&mut rule.who],
        AnyRule::Fair(rule) => vec![&mut rule.who],
        AnyRule::Headcount(rule) => vec![&mut rule.who],
        AnyRule::Hours(rule) => vec![&mut rule.who],
        AnyRule::Keep(rule) => vec![&mut rule.who],
        AnyRule::Meets(rule) => vec![&mut rule.who, &mut rule.by],
        AnyRule::Mixing(rule) => vec![&mut rule.who],
        AnyRule::Ratio(rule) => vec![&mut rule.who, &mut rule.of],
        AnyRule::Rest(rule) => vec![&mut rule.who],
        AnyRule::Run(rule) => vec![&mut rule.who],
        AnyRule::SameDesk(rule) => vec![&mut rule.who],
        AnyRule::SameZone(rule) => vec![&mut rule.who],
        AnyRule::Together(rule) => vec![&mut rule.who],
        AnyRule::Weekends(rule) => vec![&mut rule.who],
        AnyRule::Wishes(rule) => vec![&mut rule.who],
        _ => Vec::new(),
    }
}

// ---------------------------------------------------------------- people who have left

/// Names that nobody has any more.
struct Left {
    people: HashSet<String>,
    teams: HashSet<String>,
    tags: HashSet<String>,
}

impl Left {
    fn before(from: Date, people: &[Person]) -> Left {
        let is_gone = |person: &&Person| person.ends.is_some_and(|ends| ends < from);
        let (gone, stay): (Vec<&Person>, Vec<&Person>) = people.iter().partition(is_gone);
        let only_theirs = |names: &dyn Fn(&Person) -> Vec<String>| -> HashSet<String> {
            let kept: HashSet<String> = stay.iter().flat_map(|person| names(person)).collect();
            gone.iter().flat_map(|person| names(person)).filter(|name| !kept.contains(name)).collect()
        };
        Left {
            teams: only_theirs(&|person| person.team.iter().cloned().collect()),
            tags: only_theirs(&|person| person.tags.clone()),
            people: gone.iter().map(|person| person.id.clone()).collect(),
        }
    }

    /// The selector without the names that are gone; none when it speaks of nobody without them. Words stay words
    /// unless one of those names is meant.
    fn without(&self, who: &Who, site: &Site) -> Option<Who> {
        match who {
            Who::Everyone => Some(Who::Everyone),
            Who::Words(text) => match words::who(text, site) {
                Ok(read) if self.names_gone(&read) => self.without(&read, site),
                _ => Some(who.clone()),
            },
            Who::Team(name) => (!self.teams.contains(name)).then(|| who.clone()),
            Who::Tag(name) => (!self.tags.contains(name)).then(|| who.clone()),
            Who::People(ids) => {
                let rest: Vec<String> = ids.iter().filter(|id| !self.people.contains(*id)).cloned().collect();
                (!rest.is_empty() || ids.is_empty()).then_some(Who::People(rest))
            }
            Who::Any(parts) => {
                let rest: Vec<Who> = parts.iter().filter_map(|part| self.without(part, site)).collect();
                (!rest.is_empty() || parts.is_empty()).then_some(Who::Any(rest))
            }
            Who::All(parts) => {
                parts.iter().map(|part| self.without(part, site)).collect::<Option<Vec<Who>>>().map(Who::All)
            }
            // Everyone but people who have left is everyone.
            Who::Not(part) => {
                Some(self.without(part, site).map_or(Who::Everyone, |rest| Who::Not(Box::new(rest))))
            }
        }
    }

    fn names_gone(&self, who: &Who) -> bool {
        match who {
            Who::Everyone | Who::Words(_) => false,
            Who::Team(name) => self.teams.contains(name),
            Who::Tag(name) => self.tags.contains(name),
            Who::People(ids) => ids.iter().any(|id| self.people.contains(id)),
            Who::Any(parts) | Who::All(parts) => parts.iter().any(|part| self.names_gone(part)),
            Who::Not(part) => self.names_gone(part),
        }
    }
}

// ---------------------------------------------------------------- title

/// The ways in which people write a date.
const FORMS: [&str; 3] = ["%-d %B %Y", "%Y-%m-%d", "%-d %B"];

fn moved_title(title: &str, scenario: &Scenario, shift: i64) -> Option<String> {
    // What stands for a date that has been moved, so that it is neither moved again nor taken for another date.
    let mut parts: Vec<String> = Vec::new();
    let mut moved = title.to_string();
    for form in FORMS {
        for date in [scenario.calendar.to, scenario.calendar.from] {
            let (old, new) = (date.0.format(form).to_string(), date.plus(shift).0.format(form).to_string());
            let mark = format!("\u{1}{}\u{1}", char::from(b'a' + parts.len() as u8));
            moved = replace_whole(&moved, &old, &mark);
            parts.push(new);
        }
    }
    if names_date(&moved) {
        return None;
    }
    for (at, new) in parts.iter().enumerate() {
        moved = moved.replace(&format!("\u{1}{}\u{1}", char::from(b'a' + at as u8)), new);
    }
    Some(moved)
}

/// Replaces `old` where no digit or letter touches it.
fn replace_whole(text: &str, old: &str, new: &str) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(old) {
        let after = &rest[at + old.len()..];
        let alone = !rest[..at].ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        done.push_str(&rest[..at]);
        done.push_str(if alone { new } else { old });
        rest = after;
    }
    done + rest
}

/// Whether a date such as 2020-06-15, `15 June` or `June 2020` stands in a text.
fn names_date(text: &str) -> bool {
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || ",;()".contains(c))
        .filter(|word| !word.is_empty())
        .collect();
    let starts_with_digit = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let month = |word: &&str| {
        (1..=12).any(|month| {
            let name = Date::new(2020, month, 1).0.format("%B").to_string();
            word.eq_ignore_ascii_case(&name) || word.eq_ignore_ascii_case(&name[..3])
        })
    };
    words.iter().any(|word| Date::parse(word).is_ok())
        || words.windows(2).any(|pair| {
            (starts_with_digit(&pair[0]) && month(&pair[1]))
                || (month(&pair[0]) && starts_with_digit(&pair[1]))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::{department, Generate};
    use rota_core::roster::Cell;
    use rota_core::Day;
    use rota_core::{PersonIndex, Place};

    fn read(text: &str) -> (Scenario, Problem) {
        let read = Scenario::read(text);
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        let scenario = read.scenario.expect("a scenario without findings");
        let problem = checked(&scenario);
        (scenario, problem)
    }

    fn checked(scenario: &Scenario) -> Problem {
        match Problem::new(scenario) {
            Ok((problem, _)) => problem,
            Err(findings) => panic!("{findings:?}"),
        }
    }

    fn json<T: serde::Serialize>(part: &T) -> String {
        serde_json::to_string(part).expect("plain data")
    }

    const TEAM: &str = r#"{ "scenario": 1, "title": "Coding, week of 15 June 2020",
      "calendar": { "from": "2020-06-15", "to": "2020-06-19", "closed": ["2020-06-19", "2020-06-22"],
        "shifts": [ { "id": "early", "from": "07:00", "to": "15:00" } ] },
      "people": [
        { "id": "amy", "team": "coding", "tags": ["key"], "ends": "2020-06-20" },
        { "id": "ben", "team": "coding",
          "away": ["2020-06-17", { "from": "2020-06-18", "to": "2020-06-23" }, "fri"],
          "only": [ { "place": "home", "to": "2020-06-16" }, { "place": "home", "from": "2020-06-24" } ],
          "fixed": [ { "on": "2020-06-16", "place": "home" }, { "on": "mon", "place": "home" } ],
          "wishes": [ { "on": "tue", "place": "on_site" }, { "on": "2020-06-15", "place": "home" } ] },
        { "id": "cara", "name": "Cara Singh" } ],
      "sites": [ { "id": "hq", "closed": ["2020-06-18"], "zones": [
        { "id": "north", "seats": 2, "taken": [ { "on": "2020-06-15", "seats": 1 }, { "on": "tue", "seats": 1 } ] },
        { "id": "south", "desks": [ { "id": "S1", "for": { "people": ["amy"] } }, { "id": "S2", "for": "amy; ben" } ] } ] } ],
      "rules": [
        { "headcount": { "who": { "people": ["amy", "cara"] }, "at_most": 1 },
          "allow": [ { "on": "2020-06-16", "amount": 1 }, { "on": "mon", "amount": 1 }, { "person": "amy", "amount": 1 } ] },
        { "headcount": { "who": { "tag": "key" }, "at_most": 1 }, "because": "Keys" },
        { "headcount": { "who": "amy or Cara Singh", "at_most": 2 }, "strength": "low" },
        { "headcount": { "who": "coding and not amy", "at_most": 2, "when": { "dates": ["2020-06-16"] } } },
        { "wishes": {}, "strength": "medium" } ],
      "history": { "days": [
        { "person": "ben", "on": "2020-05-22", "place": "home" }, { "person": "ben", "on": "2020-05-25", "place": "on_site" },
        { "person": "amy", "on": "2020-06-12", "place": "home" } ],
        "people": [ { "person": "ben", "worked": { "mon": 3 }, "on_site": { "mon": 1 }, "wishes": { "asked": 4, "refused": 1 }, "cohort": "A" },
                    { "person": "amy", "worked": { "mon": 3 } } ] },
      "previous": [ { "person": "ben", "on": "2020-06-15", "place": "home" } ],
      "ties": [ { "between": ["amy", "ben"] }, { "between": ["ben", "cara"] } ] }"#;

    /// Ben: Monday at home (his wish for that date, granted), Tuesday at home (his Tuesday wish for on site, not
    /// granted), away from Wednesday. Cara: on site Monday and Tuesday, home on Wednesday and Thursday, Friday closed.
    fn moved() -> Scenario {
        let (scenario, problem) = read(TEAM);
        let mut roster = Roster::at_home(&problem.site);
        let cara = problem.site.person_named("cara").expect("in the text");
        for day in [Day(0), Day(1)] {
            let there = Cell {
                shift: problem.site.shift("early"),
                zone: problem.site.zone_named("north"),
                ..Cell::ON_SITE
            };
            roster.set(cara, day, there);
        }
        next(&scenario, &roster, &problem)
    }

    #[test]
    fn what_is_over_is_dropped() {
        let next = moved();
        let problem = checked(&next);
        assert_eq!(
            json(&next.calendar),
            r#"{"from":"2020-06-22","to":"2020-06-26","work_days":["mon","tue","wed","thu","fri"],"closed":["2020-06-22"],"shifts":[{"id":"early","from":"07:00","to":"15:00"}]}"#
        );
        assert_eq!(next.title.as_deref(), Some("Coding, week of 22 June 2020"));
        let ben = &next.people[0];
        assert_eq!(json(&ben.away), r#"[{"from":"2020-06-18","to":"2020-06-23"},"fri"]"#);
        assert_eq!(json(&ben.only), r#"[{"place":"home","from":"2020-06-24"}]"#);
        assert_eq!(json(&ben.fixed), r#"[{"on":"mon","place":"home"}]"#);
        assert_eq!(json(&ben.wishes), r#"[{"on":"tue","place":"on_site"}]"#);
        assert!(next.sites[0].closed.is_empty() && next.previous.is_empty());
        assert_eq!(json(&next.sites[0].zones[0].taken), r#"[{"on":"tue","seats":1}]"#);
        assert_eq!(problem.site.calendar.anchor, Some(Date::new(2020, 6, 15)));
    }

    #[test]
    fn people_who_have_left_are_dropped_everywhere() {
        let next = moved();
        assert_eq!(next.people.iter().map(|person| person.id.as_str()).collect::<Vec<_>>(), ["ben", "cara"]);
        let desks = next.sites[0].zones[1].desks.as_ref().expect("has desks");
        assert_eq!(json(desks), r#"[{"id":"S1"},{"id":"S2","for":{"any":[{"people":["ben"]}]}}]"#);
        let rules: Vec<String> = next.rules.iter().map(json).collect();
        assert_eq!(
            rules[0],
            r#"{"headcount":{"who":{"people":["cara"]},"at_most":1},"allow":[{"on":"mon","amount":1.0}]}"#
        );
        assert_eq!(
            rules[1],
            r#"{"headcount":{"who":{"people":[]},"at_most":1},"strength":"off","because":"Keys; off (was must): those it names have left"}"#
        );
        assert_eq!(
            rules[2],
            r#"{"headcount":{"who":{"any":[{"people":["cara"]}]},"at_most":2},"strength":"low"}"#
        );
        assert_eq!(
            rules[3],
            r#"{"headcount":{"who":{"all":[{"team":"coding"},"everyone"]},"when":{"dates":["2020-06-16"]},"at_most":2}}"#
        );
        assert_eq!(json(&next.ties), r#"[{"between":["ben","cara"],"weight":1.0}]"#);
        assert!(!json(&next).contains("amy"));
    }

    /// Ben: Monday 3 + 1 worked, 1 on site; Tuesday 1 worked; wishes 4 + 2 asked, 1 + 1 not granted.
    #[test]
    fn history_adds_up_by_hand() {
        let history = moved().history.expect("there is a roster");
        assert_eq!(
            json(&history.people),
            concat!(
                r#"[{"person":"ben","worked":{"mon":4,"tue":1},"on_site":{"mon":1},"wishes":{"asked":6,"refused":2},"cohort":"A"},"#,
                r#"{"person":"cara","worked":{"mon":1,"tue":1,"wed":1,"thu":1},"on_site":{"mon":1,"tue":1},"shifts":{"early":2}}]"#
            )
        );
        let days: Vec<String> =
            history.days.iter().map(|line| format!("{} {} {:?}", line.person, line.on, line.place)).collect();
        assert_eq!(days.len(), 1 + 4 + 4);
        assert_eq!(days[0], "ben 2020-05-25 OnSite"); // 28 days before 22 June
        assert!(days.contains(&"ben 2020-06-17 Off".to_string()));
        assert!(days.contains(&"cara 2020-06-16 OnSite".to_string()));
    }

    #[test]
    fn a_title_with_another_date_is_dropped() {
        let (scenario, _) = read(TEAM);
        let title = |text: &str| moved_title(text, &scenario, 7);
        assert_eq!(title("15 June to 19 June"), Some("22 June to 26 June".to_string()));
        assert_eq!(title("2020-06-15, floor 2"), Some("2020-06-22, floor 2".to_string()));
        assert_eq!(title("June 2020"), None);
        assert_eq!(title("From 5 June"), None);
        assert_eq!(title("Coding"), Some("Coding".to_string()));
    }

    #[test]
    fn eight_days_move_on_by_two_weeks() {
        let (scenario, problem) = read(
            r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-22" }, "people": [ { "id": "amy" } ] }"#,
        );
        let next = next(&scenario, &Roster::at_home(&problem.site), &problem);
        assert_eq!(next.calendar.from, Date::new(2020, 6, 29));
        assert_eq!(next.calendar.to, Date::new(2020, 7, 6));
        checked(&next);
    }

    /// Rules whose schema speaks of people have as many selectors as that.
    #[test]
    fn no_selector_is_forgotten() {
        let mut generator = schemars::SchemaGenerator::default();
        for (name, _) in rota_rules::rule::schemas(&mut generator) {
            let of_people = generator
                .definitions()
                .iter()
                .find(|(kind, _)| kind.to_lowercase() == name.replace('_', ""))
                .map_or(0, |(_, schema)| schema.to_string().matches("\"#/$defs/Who\"").count());
            let mut examples: Vec<AnyRule> =
                AnyRule::examples().into_iter().map(|example| example.rule).collect();
            let found = examples
                .iter_mut()
                .filter(|rule| rule.name() == name)
                .map(|rule| selectors(rule).len())
                .max();
            assert_eq!(found, Some(of_people), "add `{name}` to `selectors`");
        }
    }

    /// Every kind of rule about somebody who has left, alone or team by team, is still a rule that reads.
    #[test]
    fn rules_about_nobody_are_no_errors() {
        let (scenario, problem) = read(
            r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
              "people": [ { "id": "amy", "team": "red", "ends": "2020-06-19" }, { "id": "ben" } ],
              "rules": [
                { "headcount": { "who": "amy", "at_least": "50%" } }, { "days": { "who": "amy", "at_least": 1 } },
                { "ratio": { "who": "amy", "every": 5 } }, { "ratio": { "of": "team red", "every": 5 } },
                { "together": { "who": "red" } }, { "together": {}, "for_each": "team" }, { "run": { "who": "amy", "at_most": 4 } },
                { "accompanied": { "who": "amy", "at_least": 2 } }, { "accompanied": { "by": "amy", "at_least": 1 } },
                { "wishes": { "who": "amy" } } ] }"#,
        );
        let next = next(&scenario, &Roster::at_home(&problem.site), &problem);
        checked(&next);
        assert!(next.rules.iter().all(|entry| entry.strength == Strength::Off));
    }

    #[test]
    fn four_periods_in_a_row() {
        let made = department(&Generate { people: 60, days: 10, seed: 2 });
        let mut scenario = made.scenario.clone();
        let worked = |scenario: &Scenario| -> u32 {
            scenario
                .history
                .iter()
                .flat_map(|history| &history.people)
                .flat_map(|person| person.worked.values())
                .sum()
        };
        let mut expected = 0;
        for period in 0..4 {
            let problem = checked(&scenario);
            let site = &problem.site;
            let roster = if period == 0 { made.roster(site) } else { Roster::at_home(site) };
            let cells = PersonIndex::all(site.people.len())
                .flat_map(|person| site.calendar.days().map(move |day| (person, day)));
            expected +=
                cells.filter(|(person, day)| roster.at(*person, *day).place != Place::Off).count() as u32;
            scenario = next(&scenario, &roster, &problem);
            assert_eq!(scenario.calendar.from, Date::new(2020, 6, 15).plus(14 * (period + 1)));
            assert_eq!(worked(&scenario), expected);
            let days = &scenario.history.as_ref().expect("there is a roster").days;
            assert!(days.iter().all(|line| (1..=28).contains(&scenario.calendar.from.since(line.on))));
        }
        let (again, _) = read(&json(&scenario));
        assert_eq!(again, scenario);
    }
}
