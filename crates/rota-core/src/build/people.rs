//! People: teams, tags, days worked, what is laid down for them.

use super::{check_id, check_span, closed_days};
use crate::calendar::{Calendar, ShiftSet};
use crate::date::{Date, On, Weekday};
use crate::finding::Finding;
use crate::index::{PersonIndex, TeamIndex};
use crate::site::{Facts, Person, Site, Team};
use crate::typed::{self, Base, WorkPlace};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn index_people(facts: &mut Facts, typed: &[typed::Person], findings: &mut Vec<Finding>) {
    if typed.is_empty() {
        findings.push(
            Finding::error("people.none", "/people", "there is nobody in the scenario")
                .help("add at least one person"),
        );
    }
    let anchor = facts.calendar.anchor.unwrap_or(facts.calendar.from).monday();
    let dates: Vec<Dated> = facts
        .calendar
        .days()
        .map(|day| {
            let date = facts.calendar.date(day);
            Dated { date, weekday: date.weekday(), week: date.since(anchor).div_euclid(7) }
        })
        .collect();
    for (at, person) in typed.iter().enumerate() {
        let pointer = format!("/people/{at}");
        let index = PersonIndex(at as u32);
        let seen = facts.person_names.get(&person.id).map(|first| format!("/people/{}", first.0));
        check_id("person", &person.id, &pointer, seen.as_deref(), findings);
        facts.person_names.entry(person.id.clone()).or_insert(index);
        let team = person.team.as_ref().map(|id| {
            let next = TeamIndex(facts.teams.len() as u32);
            let team = *facts.team_names.entry(id.clone()).or_insert(next);
            if team == next {
                facts.teams.push(Team { id: id.clone(), people: Vec::new() });
            }
            facts.teams[team.at()].people.push(index);
            team
        });
        for tag in &person.tags {
            let people = facts.tags.entry(tag.clone()).or_default();
            if people.last() != Some(&index) {
                people.push(index);
            }
        }
        let works = working_days(&facts.calendar, &dates, person, &pointer, findings);
        check_only(person, &pointer, findings);
        let days_a_week = days_a_week(&facts.calendar, person);
        check_rates(person, days_a_week, &pointer, findings);
        facts.people.push(Person {
            id: person.id.clone(),
            name: person.name.clone().unwrap_or_else(|| person.id.clone()),
            team,
            shifts: vec![ShiftSet::ALL; works.len()],
            works,
            base: person.base.unwrap_or(Base::Either),
            only: person.only.clone(),
            needs: person.needs.clone(),
            pins: Vec::new(),
            wishes: Vec::new(),
            comes: person.comes,
            days_a_week,
            absent_rate: person.absent_rate,
        });
    }
    teams_alike(facts, findings);
}

/// Teams whose names differ in capitals or blanks alone: most likely one team, of which a rule would find a part.
fn teams_alike(facts: &Facts, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<String, &Team> = BTreeMap::new();
    for team in &facts.teams {
        let plain = team.id.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let Some(first) = seen.get(&plain) else {
            seen.insert(plain, team);
            continue;
        };
        let pointer = format!("/people/{}/team", team.people[0].at());
        let message =
            format!("`{}` and `{}` are two teams, because they are typed differently", first.id, team.id);
        let help = "type one team in one way throughout; if two are meant, give them names that differ more";
        findings.push(Finding::warning("team.alike", pointer, message).help(help));
    }
}

/// A day of the calendar, with what a pattern of weeks asks of it.
struct Dated {
    date: Date,
    weekday: Weekday,
    /// Weeks since the one of the anchor.
    week: i64,
}

fn working_days(
    calendar: &Calendar,
    dates: &[Dated],
    person: &typed::Person,
    pointer: &str,
    findings: &mut Vec<Finding>,
) -> Vec<bool> {
    let mut works = calendar.open.clone();
    if let Some(typed::Works(weeks)) = &person.works {
        for (week, days) in weeks.iter().enumerate() {
            for (at, weekday) in days.iter().enumerate() {
                if !calendar.work_days[weekday.index()] {
                    let place = if weeks.len() == 1 { format!("{at}") } else { format!("{week}/{at}") };
                    findings.push(
                        Finding::error(
                            "works.outside",
                            format!("{pointer}/works/{place}"),
                            format!("{} is not a work day of the calendar", weekday.long()),
                        )
                        .help("add it to `calendar.work_days` or take it out here"),
                    );
                }
            }
        }
        if weeks.len() > 1 && calendar.anchor.is_none() {
            findings.push(
                Finding::error(
                    "works.anchor",
                    format!("{pointer}/works"),
                    "weeks that take turns need a date from which they are counted",
                )
                .help(format!(
                    "add \"anchor\": \"{}\" to `calendar`, a date in the first of these weeks",
                    calendar.from.monday()
                )),
            );
        }
        let weeks: Vec<[bool; 7]> =
            weeks.iter().map(|days| Weekday::ALL.map(|weekday| days.contains(&weekday))).collect();
        for (works, dated) in works.iter_mut().zip(dates) {
            let week = dated.week.rem_euclid(weeks.len().max(1) as i64);
            *works &= weeks.get(week as usize).is_some_and(|days| days[dated.weekday.index()]);
        }
    }
    if let (Some(starts), Some(ends)) = (person.starts, person.ends) {
        if starts > ends {
            findings.push(
                Finding::error(
                    "date.order",
                    format!("{pointer}/ends"),
                    format!("`ends` {ends} is before `starts` {starts}"),
                )
                .help("swap the two dates"),
            );
        }
    }
    if !person.away.is_empty() {
        let away = closed_days(calendar, &person.away, &format!("{pointer}/away"), findings);
        for (works, away) in works.iter_mut().zip(away) {
            *works &= !away;
        }
    }
    if person.starts.is_some() || person.ends.is_some() {
        for (works, dated) in works.iter_mut().zip(dates) {
            *works &= person.starts.is_none_or(|starts| starts <= dated.date)
                && person.ends.is_none_or(|ends| dated.date <= ends);
        }
    }
    works
}

/// Days of a week without leave that a person works; the average where weeks take turns.
fn days_a_week(calendar: &Calendar, person: &typed::Person) -> f64 {
    let is_work_day = |weekday: &Weekday| calendar.work_days[weekday.index()];
    match &person.works {
        Some(typed::Works(weeks)) => {
            let days = |week: &Vec<Weekday>| {
                week.iter().filter(|day| is_work_day(day)).collect::<BTreeSet<_>>().len()
            };
            weeks.iter().map(days).sum::<usize>() as f64 / weeks.len().max(1) as f64
        }
        _ => Weekday::ALL.iter().filter(|weekday| is_work_day(weekday)).count() as f64,
    }
}

fn check_rates(person: &typed::Person, days_a_week: f64, pointer: &str, findings: &mut Vec<Finding>) {
    if let Some(comes) = person.comes.filter(|comes| !(0.0..=days_a_week).contains(comes)) {
        findings.push(
            Finding::error(
                "comes.days",
                format!("{pointer}/comes"),
                format!("somebody who works {days_a_week} days a week cannot come in on {comes} of them"),
            )
            .help(format!("give days a week, from 0 to {days_a_week}")),
        );
    }
    if let Some(rate) = person.absent_rate.filter(|rate| !(0.0..1.0).contains(rate)) {
        findings.push(
            Finding::error(
                "absent_rate.share",
                format!("{pointer}/absent_rate"),
                format!("{rate} is not a share from 0 up to, not including, 1"),
            )
            .help("write the share of days, such as 0.05 for one day in twenty"),
        );
    }
}

fn check_only(person: &typed::Person, pointer: &str, findings: &mut Vec<Finding>) {
    let overlaps = |one: &typed::Only, other: &typed::Only| {
        let begins_before = |a: Option<Date>, b: Option<Date>| a.is_none() || b.is_none() || a <= b;
        begins_before(one.from, other.to) && begins_before(other.from, one.to)
    };
    for (at, only) in person.only.iter().enumerate() {
        let pointer = format!("{pointer}/only/{at}");
        if let (Some(from), Some(to)) = (only.from, only.to) {
            check_span("date.order", &On::Span { from, to }, &pointer, findings);
        }
        let base = match person.base {
            Some(Base::Home) => Some(WorkPlace::Home),
            Some(Base::OnSite) => Some(WorkPlace::OnSite),
            _ => None,
        };
        let against_base = base.is_some_and(|place| place != only.place);
        let against_other =
            person.only[..at].iter().any(|other| other.place != only.place && overlaps(only, other));
        if against_base || against_other {
            let what = if against_base { "`base`" } else { "another `only`" };
            findings.push(
                Finding::error(
                    "only.contradiction",
                    &pointer,
                    format!("this contradicts {what} of the same person"),
                )
                .help("keep the one that is true"),
            );
        }
    }
}

pub(super) fn needs_nobody_can_meet(site: &Site, typed: &[typed::Person], findings: &mut Vec<Finding>) {
    if site.zones.is_empty() {
        return;
    }
    let known: BTreeSet<&str> = site
        .desks
        .iter()
        .flat_map(|desk| &desk.features)
        .chain(site.zones.iter().flat_map(|zone| &zone.features))
        .map(String::as_str)
        .collect();
    for (at, person) in typed.iter().enumerate() {
        for (need_at, need) in person.needs.iter().enumerate() {
            if !known.contains(need.as_str()) {
                findings.push(
                    Finding::error(
                        "needs.unknown",
                        format!("/people/{at}/needs/{need_at}"),
                        format!("no desk or zone has the feature `{need}`"),
                    )
                    .did_you_mean(need, known.iter().copied())
                    .or_help("correct it, or add it to the `features` of a desk or zone"),
                );
            }
        }
    }
}
