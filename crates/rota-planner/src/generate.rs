//! Random departments that can always be planned.
//!
//! People work in teams of about ten; four teams share a zone of about forty people with seats for 42 % of them,
//! kept for those teams. Some work part-time, some are away, some at home only; 45 % come by car and there are
//! bays for 15 %; everyone has one or two of six skills, and each zone needs some of each skill every day.
//!
//! **Why there is always a roster that keeps every must.** First people, working days and skills are drawn. Then
//! a *hidden roster* is made ([`Department::roster`]): day by day and zone by zone, those who have been at home for
//! three working days come in, then those whose skill is still missing, then those who have waited longest, until
//! about seven eighths of the seats are used. Only then are the must limits chosen, each so that the hidden roster
//! keeps it:
//!
//! - seats of a zone: 42 % of its people, or the most that the hidden roster ever has there, if that is more;
//! - bays: 15 % of all people, or the most drivers the hidden roster ever has in, if that is more;
//! - cover of a skill in a zone: 1 or 2, at most the fewest the hidden roster ever has there (none, no rule);
//! - home days in a row: 3, or the longest such run of the hidden roster, if that is longer;
//! - at least one or two days a week, at most two or three: for most people, as every week of the hidden roster
//!   has it;
//! - pins: days copied from the hidden roster.
//!
//! Everything else is soft: a day a week with nearly the whole team, which takes more than half the seats of its
//! zone, and wishes that compete for seats. Most people wish for the same two or three weekdays on site every week,
//! Tuesdays to Thursdays above all, some for a single day at home. On those days more people want to come than there
//! are seats, and more drivers than bays, while Fridays leave seats empty; so a fifth of the wishes or more must be
//! refused, and which is the question. Nobody wishes for what cannot be: days off, days at home only, pinned days, a
//! third day where two are agreed.
//!
//! The same numbers give the same department.

use crate::dice::Dice;
use rota_core::calendar::Per;
use rota_core::date::{Absence, Date, On, Weekday};
use rota_core::roster::{Cell, Roster};
use rota_core::select::{When, Where, Who};
use rota_core::typed::{Base, Calendar, DefaultPlace, Only, Person, Pin, Site, Wish, WorkPlace, Works, Zone};
use rota_core::PersonIndex;
use rota_rules::model::Look;
use rota_rules::rules::days::Days;
use rota_rules::rules::headcount::{Headcount, Quota};
use rota_rules::rules::run::Run;
use rota_rules::rules::together::Together;
use rota_rules::rules::wishes::Wishes;
use rota_rules::scenario::FORMAT;
use rota_rules::{AnyRule, RuleEntry, Scenario, Strength};
use std::collections::HashMap;

/// What kind of department is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generate {
    /// How many people; at least 1.
    pub people: usize,
    /// How many work days, Monday to Friday, from Monday 15 June 2020; at least 1, and at most 260 (a calendar
    /// has no more than 366 days).
    pub days: usize,
    /// Another number gives another department.
    pub seed: u64,
}

/// A random department with the hidden roster that shows that it can be planned.
#[derive(Debug, Clone, PartialEq)]
pub struct Department {
    /// The scenario.
    pub scenario: Scenario,
    /// Whether each person is on site, by person and work day.
    on_site: Vec<Vec<bool>>,
}

/// A random department.
pub fn generate(wanted: &Generate) -> Scenario {
    department(wanted).scenario
}

/// A random department, with a roster that keeps all its must rules.
pub fn department(wanted: &Generate) -> Department {
    let mut dice = Dice::new(wanted.seed);
    let dates = work_dates(wanted.days);
    let mut staff = staff(wanted.people.max(1), &dates, &mut dice);
    let on_site = hidden_roster(&staff, dates.len(), &mut dice);
    add_day_limits(&mut staff, &dates, &on_site, &mut dice);
    add_pins(&mut staff, &dates, &on_site, &mut dice);
    add_wishes(&mut staff, &dates, &mut dice);
    let site = Site {
        id: "hq".to_string(),
        name: Some("Headquarters".to_string()),
        zones: zones(&staff, &on_site),
        ..Site::default()
    };
    let rules = rules(&staff, &dates, &on_site, &mut dice);
    let scenario = Scenario {
        schema: None,
        scenario: FORMAT,
        default_place: DefaultPlace::Home,
        title: Some(format!("Department of {} people, number {}", staff.len(), wanted.seed)),
        note: None,
        calendar: calendar(&dates),
        people: staff.into_iter().map(|member| member.person).collect(),
        sites: vec![site],
        rules,
        history: None,
        previous: Vec::new(),
        ties: Vec::new(),
    };
    Department { scenario, on_site }
}

impl Department {
    /// The hidden roster over the site of this department's problem. It keeps every law and must rule, and takes
    /// no notice of wishes and team days.
    pub fn roster(&self, site: &rota_core::Site) -> Roster {
        let mut roster = Roster::at_home(site);
        let work_days: Vec<_> =
            site.calendar.days().filter(|day| site.calendar.is_pattern_day(*day)).collect();
        for person in PersonIndex::all(site.people.len()) {
            let zone =
                rota_core::ZoneIndex::all(site.zones.len()).find(|zone| site.may_use_zone(person, *zone));
            let seated = Cell { zone, site: zone.map(|zone| site.site_of(zone)), ..Cell::ON_SITE };
            for (day, there) in work_days.iter().zip(&self.on_site[person.at()]) {
                if *there {
                    roster.set(person, *day, seated);
                }
            }
        }
        roster
    }
}

// ---------------------------------------------------------------- calendar

const FIRST_DAY: (i32, u32, u32) = (2020, 6, 15);
const MOST_WORK_DAYS: usize = 260;

fn work_dates(days: usize) -> Vec<Date> {
    let first = Date::new(FIRST_DAY.0, FIRST_DAY.1, FIRST_DAY.2);
    (0..days.clamp(1, MOST_WORK_DAYS) as i64).map(|day| first.plus(day / 5 * 7 + day % 5)).collect()
}

fn calendar(dates: &[Date]) -> Calendar {
    Calendar {
        from: dates[0],
        to: dates[dates.len() - 1],
        work_days: WORK_DAYS.to_vec(),
        closed: Vec::new(),
        shifts: Vec::new(),
        anchor: Some(dates[0]),
        time_zone: None,
    }
}

const WORK_DAYS: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

// ---------------------------------------------------------------- people

/// Percentages of people.
const PART_TIME: u64 = 25;
const LEAVE: u64 = 18;
const HOME_BASE: u64 = 2;
const HOME_SPAN: u64 = 3;
const DRIVERS: u64 = 45;
const SECOND_SKILL: u64 = 45;
const AT_LEAST: u64 = 35;
const AT_MOST: u64 = 75;
const PINNED: u64 = 3;
const WISHING: u64 = 95;
const THIRD_DAY: u64 = 75;
const HOME_DAY: u64 = 40;
/// How sought the weekdays are on site, Monday to Friday.
const SOUGHT: [usize; WORK_DAYS.len()] = [2, 8, 9, 7, 1];
/// Of the days of a week, on how many a team could meet.
const TEAM_DAYS: usize = 4;
/// Weights of wishes.
const WEIGHTS: [f64; 3] = [1.0, 2.0, 3.0];
/// Percentages of seats and bays for the people of a zone and of the department.
const SEATS: usize = 42;
const BAYS: usize = 15;
const TEAMS_OF_A_ZONE: usize = 4;
/// Working days at home in a row.
const HOME_RUN: u32 = 3;

const SKILLS: [&str; 6] = ["reception", "post", "scanning", "first_aider", "fire_warden", "keyholder"];
const DRIVES: &str = "drives";
const AT_LEAST_ONE: &str = "one_day_or_more";
const AT_LEAST_TWO: &str = "two_days_or_more";
const AT_MOST_TWO: &str = "two_days_or_fewer";
const AT_MOST_THREE: &str = "three_days_or_fewer";

/// One person while the department is made.
#[derive(Debug, Clone)]
struct Member {
    person: Person,
    zone: usize,
    /// Which of [`SKILLS`].
    skills: [bool; SKILLS.len()],
    drives: bool,
    /// Whether the person works, by work day of the calendar.
    works: Vec<bool>,
    /// Whether only home is possible, by work day of the calendar.
    home_only: Vec<bool>,
}

impl Member {
    fn may_come(&self, day: usize) -> bool {
        self.works[day] && !self.home_only[day]
    }

    /// Whether the person can be on site as far as working days, leave and pins go.
    fn may_meet(&self, dates: &[Date], day: usize) -> bool {
        let at_home = |pin: &Pin| pin.place == Some(WorkPlace::Home) && pin.on.covers(dates[day]);
        self.may_come(day) && !self.person.fixed.iter().any(at_home)
    }

    /// Whether a wish for the day can be granted as far as the person alone is concerned.
    fn may_wish(&self, dates: &[Date], day: usize) -> bool {
        self.may_come(day) && !self.person.fixed.iter().any(|pin| pin.on.covers(dates[day]))
    }
}

fn staff(count: usize, dates: &[Date], dice: &mut Dice) -> Vec<Member> {
    let teams = team_sizes(count, dice);
    let mut team_names = Names::new();
    let mut people_names = Names::new();
    let mut staff = Vec::with_capacity(count);
    for (team, size) in teams.into_iter().enumerate() {
        let team_id = team_names.unique(dice.pick(&TEAMS));
        for _ in 0..size {
            staff.push(member(&team_id, team / TEAMS_OF_A_ZONE, dates, &mut people_names, dice));
        }
    }
    give_skills(&mut staff, dice);
    staff
}

/// Teams of 8 to 12; what is left over makes a smaller last team, or joins the last one.
fn team_sizes(people: usize, dice: &mut Dice) -> Vec<usize> {
    let mut sizes = Vec::new();
    let mut left = people;
    while left > 0 {
        let size = (8 + dice.below(5)).min(left);
        if size < 4 && !sizes.is_empty() {
            let last = sizes.len() - 1;
            sizes[last] += size;
        } else {
            sizes.push(size);
        }
        left -= size;
    }
    sizes
}

fn member(team: &str, zone: usize, dates: &[Date], names: &mut Names, dice: &mut Dice) -> Member {
    let (first, last) = (dice.pick(&FIRST_NAMES), dice.pick(&LAST_NAMES));
    let name = format!("{first} {last}");
    let id = names.unique(&slug(&name));
    let weekdays = dice.percent(PART_TIME).then(|| part_time(dice));
    let away = leave(dates, dice);
    let base = dice.percent(HOME_BASE).then_some(Base::Home);
    let only = if base.is_none() && dice.percent(HOME_SPAN) { home_span(dates, dice) } else { Vec::new() };
    let drives = base.is_none() && dice.percent(DRIVERS);
    let works = dates
        .iter()
        .map(|date| {
            weekdays.as_ref().is_none_or(|weekdays| weekdays.contains(&date.weekday()))
                && !away.iter().any(|absence| absence.on.covers(*date))
        })
        .collect();
    let home_only = dates
        .iter()
        .map(|date| {
            base.is_some()
                || only.iter().any(|only| {
                    only.from.is_none_or(|from| from <= *date) && only.to.is_none_or(|to| *date <= to)
                })
        })
        .collect();
    let person = Person {
        id,
        name: Some(name),
        team: Some(team.to_string()),
        tags: drives.then(|| DRIVES.to_string()).into_iter().collect(),
        works: weekdays.map(|weekdays| Works(vec![weekdays])),
        away,
        base,
        only,
        ..Person::default()
    };
    Member { person, zone, skills: [false; SKILLS.len()], drives, works, home_only }
}

/// Two to four weekdays.
fn part_time(dice: &mut Dice) -> Vec<Weekday> {
    let mut weekdays = WORK_DAYS.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(weekdays.len());
        weekdays.remove(at);
    }
    weekdays
}

/// For some people one leave of one to five days.
fn leave(dates: &[Date], dice: &mut Dice) -> Vec<Absence> {
    if !dice.percent(LEAVE) {
        return Vec::new();
    }
    let first = dice.below(dates.len());
    let last = (first + dice.below(5)).min(dates.len() - 1);
    let on =
        if first == last { On::Date(dates[first]) } else { On::Span { from: dates[first], to: dates[last] } };
    vec![Absence { on, why: None }]
}

/// Some days on which only home is possible.
fn home_span(dates: &[Date], dice: &mut Dice) -> Vec<Only> {
    let first = dice.below(dates.len());
    let last = (first + 2 + dice.below(8)).min(dates.len() - 1);
    vec![Only { place: WorkPlace::Home, from: Some(dates[first]), to: Some(dates[last]) }]
}

/// Everyone gets one skill in turn, zone by zone, so that every zone of six has all; some get a second.
fn give_skills(staff: &mut [Member], dice: &mut Dice) {
    for (at, member) in staff.iter_mut().enumerate() {
        member.skills[at % SKILLS.len()] = true;
        if dice.percent(SECOND_SKILL) {
            member.skills[dice.below(SKILLS.len())] = true;
        }
        let skills =
            SKILLS.iter().zip(member.skills).filter(|(_, has)| *has).map(|(skill, _)| (*skill).to_string());
        member.person.tags.extend(skills);
    }
}

// ---------------------------------------------------------------- the hidden roster

/// The people of each zone.
fn people_of_zones(staff: &[Member]) -> Vec<Vec<usize>> {
    let count = staff.iter().map(|member| member.zone + 1).max().unwrap_or(0);
    let mut zones = vec![Vec::new(); count];
    for (at, member) in staff.iter().enumerate() {
        zones[member.zone].push(at);
    }
    zones
}

/// So many in a hundred, rounded up; at least 1.
fn share(percent: usize, of: usize) -> usize {
    (percent * of).div_ceil(100).max(1)
}

/// Who comes in on which work day: see the top of this file.
fn hidden_roster(staff: &[Member], days: usize, dice: &mut Dice) -> Vec<Vec<bool>> {
    let zones = people_of_zones(staff);
    let mut on_site = vec![Vec::with_capacity(days); staff.len()];
    let mut at_home = vec![0u32; staff.len()];
    for day in 0..days {
        let there = hidden_day(staff, &zones, day, &at_home, dice);
        for (person, there) in there.into_iter().enumerate() {
            at_home[person] =
                if there { 0 } else { at_home[person] + u32::from(staff[person].may_come(day)) };
            on_site[person].push(there);
        }
    }
    on_site
}

/// Whether each person comes in on one work day.
fn hidden_day(
    staff: &[Member],
    zones: &[Vec<usize>],
    day: usize,
    at_home: &[u32],
    dice: &mut Dice,
) -> Vec<bool> {
    let mut there = vec![false; staff.len()];
    let mut bays = share(BAYS, staff.len());
    for zone in zones {
        let seats = share(SEATS, zone.len());
        for person in choose(staff, zone, day, at_home, seats - seats / 8, bays, dice) {
            there[person] = true;
            bays = bays.saturating_sub(usize::from(staff[person].drives));
        }
    }
    there
}

/// Who of a zone comes in on one day: those who must, then missing skills, then who has waited longest.
fn choose(
    staff: &[Member],
    zone: &[usize],
    day: usize,
    at_home: &[u32],
    places: usize,
    bays: usize,
    dice: &mut Dice,
) -> Vec<usize> {
    let mut waiting: Vec<(u32, u64, usize)> = zone
        .iter()
        .filter(|person| staff[**person].may_come(day))
        .map(|person| (at_home[*person], dice.number(), *person))
        .collect();
    waiting.sort_unstable_by(|one, other| other.cmp(one));
    let must = waiting.iter().take_while(|(home_days, ..)| *home_days >= HOME_RUN).count();
    let rest = waiting.split_off(must);
    let mut chosen: Vec<usize> = waiting.into_iter().map(|(.., person)| person).collect();
    let missing = |chosen: &[usize], person: usize| {
        (0..SKILLS.len()).any(|skill| {
            staff[person].skills[skill] && !chosen.iter().any(|other| staff[*other].skills[skill])
        })
    };
    let fits = |chosen: &[usize], person: usize| {
        let cars = chosen.iter().filter(|other| staff[**other].drives).count();
        chosen.len() < places && (!staff[person].drives || cars < bays)
    };
    for only_missing in [true, false] {
        for (.., person) in &rest {
            if !chosen.contains(person)
                && fits(&chosen, *person)
                && (!only_missing || missing(&chosen, *person))
            {
                chosen.push(*person);
            }
        }
    }
    chosen
}

/// The fewest and the most of some people that the hidden roster has in on a day.
fn fewest_and_most(on_site: &[Vec<bool>], people: &[usize]) -> (usize, usize) {
    let days = on_site.first().map_or(0, Vec::len);
    let counts = (0..days).map(|day| people.iter().filter(|person| on_site[**person][day]).count());
    counts.fold((usize::MAX, 0), |(fewest, most), count| (fewest.min(count), most.max(count)))
}

/// The longest run of home days of the hidden roster, days away or at home only left out.
fn longest_home_run(staff: &[Member], on_site: &[Vec<bool>]) -> u32 {
    let mut longest = 0;
    for (member, there) in staff.iter().zip(on_site) {
        let mut run = 0;
        for (day, there) in there.iter().enumerate() {
            run = if *there { 0 } else { run + u32::from(member.may_come(day)) };
            longest = longest.max(run);
        }
    }
    longest
}

// ---------------------------------------------------------------- what people have besides

fn add_day_limits(staff: &mut [Member], dates: &[Date], on_site: &[Vec<bool>], dice: &mut Dice) {
    for (member, there) in staff.iter_mut().zip(on_site) {
        let weeks: Vec<usize> =
            there.chunks(5).map(|week| week.iter().filter(|there| **there).count()).collect();
        debug_assert_eq!(weeks.len(), dates.len().div_ceil(5));
        let (at_least, at_most) = (dice.percent(AT_LEAST), dice.percent(AT_MOST));
        if member.person.base.is_some() {
            continue;
        }
        let fewest = weeks.iter().min().filter(|_| at_least).and_then(|fewest| match fewest {
            0 => None,
            1 => Some(AT_LEAST_ONE),
            _ => Some(AT_LEAST_TWO),
        });
        let most = weeks.iter().max().filter(|_| at_most).and_then(|most| match most {
            0..=2 => Some(AT_MOST_TWO),
            3 => Some(AT_MOST_THREE),
            _ => None,
        });
        member.person.tags.extend(fewest.into_iter().chain(most).map(str::to_string));
    }
}

fn add_pins(staff: &mut [Member], dates: &[Date], on_site: &[Vec<bool>], dice: &mut Dice) {
    for (member, there) in staff.iter_mut().zip(on_site) {
        let day = dice.below(dates.len());
        if dice.percent(PINNED) && member.may_come(day) {
            let place = if there[day] { WorkPlace::OnSite } else { WorkPlace::Home };
            let pin = Pin {
                on: On::Date(dates[day]),
                place: Some(place),
                shift: None,
                site: None,
                zone: None,
                desk: None,
            };
            member.person.fixed.push(pin);
        }
    }
}

/// Most people wish for the same two or three weekdays on site every week, some for a single day at home besides.
fn add_wishes(staff: &mut [Member], dates: &[Date], dice: &mut Dice) {
    for member in staff.iter_mut().filter(|member| member.person.base.is_none()) {
        let days: Vec<usize> = (0..dates.len()).filter(|day| member.may_wish(dates, *day)).collect();
        let days_of = |weekday: Weekday| {
            let days = days.iter().copied().filter(|day| dates[*day].weekday() == weekday);
            days.collect::<Vec<usize>>()
        };
        let mut taken: Vec<usize> = Vec::new();
        let mut wishes: Vec<Wish> = Vec::new();
        if dice.percent(WISHING) {
            let has_at_most_two = member.person.tags.iter().any(|tag| tag == AT_MOST_TWO);
            let count = 2 + usize::from(dice.percent(THIRD_DAY) && !has_at_most_two);
            let mut open: Vec<usize> =
                (0..WORK_DAYS.len()).filter(|at| !days_of(WORK_DAYS[*at]).is_empty()).collect();
            for _ in 0..count.min(open.len()) {
                let weekday = WORK_DAYS[open.remove(sought(&open, dice))];
                let weight = dice.pick(&WEIGHTS);
                let here = days_of(weekday);
                let works =
                    (0..dates.len()).filter(|day| dates[*day].weekday() == weekday && member.works[*day]);
                if here.iter().copied().eq(works) {
                    wishes.push(wish(On::Weekday(weekday), WorkPlace::OnSite, weight));
                } else {
                    wishes.extend(
                        here.iter().map(|day| wish(On::Date(dates[*day]), WorkPlace::OnSite, weight)),
                    );
                }
                taken.extend(here);
            }
        }
        let free: Vec<usize> = days.iter().copied().filter(|day| !taken.contains(day)).collect();
        if dice.percent(HOME_DAY) && !free.is_empty() {
            wishes.push(wish(On::Date(dates[dice.pick(&free)]), WorkPlace::Home, dice.pick(&WEIGHTS)));
        }
        member.person.wishes = wishes;
    }
}

/// Draws one of some weekdays, by how sought they are; where it stands in the list.
fn sought(open: &[usize], dice: &mut Dice) -> usize {
    let mut left = dice.below(open.iter().map(|weekday| SOUGHT[*weekday]).sum());
    let drawn = open.iter().position(|weekday| {
        let is_it = left < SOUGHT[*weekday];
        left = left.saturating_sub(SOUGHT[*weekday]);
        is_it
    });
    drawn.expect("the draw is below the sum")
}

fn wish(on: On, place: WorkPlace, weight: f64) -> Wish {
    let place = Some(place);
    Wish { on, place, shift: None, site: None, zone: None, desk: None, weight, avoid: false }
}

// ---------------------------------------------------------------- zones and rules

fn zone_id(zone: usize) -> String {
    format!("zone_{}", zone + 1)
}

/// The teams of a zone as a selector.
fn teams_of(staff: &[Member], people: &[usize]) -> Who {
    let mut teams: Vec<String> =
        people.iter().filter_map(|person| staff[*person].person.team.clone()).collect();
    teams.dedup();
    match teams.as_slice() {
        [team] => Who::Team(team.clone()),
        _ => Who::Any(teams.into_iter().map(Who::Team).collect()),
    }
}

fn zones(staff: &[Member], on_site: &[Vec<bool>]) -> Vec<Zone> {
    people_of_zones(staff)
        .into_iter()
        .enumerate()
        .map(|(zone, people)| {
            let (_, most) = fewest_and_most(on_site, &people);
            Zone {
                id: zone_id(zone),
                name: Some(format!("Zone {}", zone + 1)),
                seats: Some(share(SEATS, people.len()).max(most) as u32),
                for_: Some(teams_of(staff, &people)),
                ..Zone::default()
            }
        })
        .collect()
}

fn rules(staff: &[Member], dates: &[Date], on_site: &[Vec<bool>], dice: &mut Dice) -> Vec<RuleEntry> {
    let mut rules = cover_rules(staff, on_site, dice);
    rules.extend(car_park_rule(staff, on_site));
    rules.push(must(
        "seen",
        AnyRule::Run(Run {
            who: Who::Everyone,
            place: Look::Home,
            at_least: None,
            at_most: Some(longest_home_run(staff, on_site).max(HOME_RUN)),
            off_ends: false,
        }),
        "Nobody is at home for longer without being seen",
    ));
    rules.extend(day_limit_rules(staff));
    rules.extend(team_day_rules(staff, dates));
    let wishes = AnyRule::Wishes(Wishes { who: Who::Everyone, equal: false });
    rules.push(RuleEntry { strength: Strength::Medium, because: None, ..must("wishes", wishes, "") });
    rules
}

fn must(id: &str, rule: AnyRule, because: &str) -> RuleEntry {
    RuleEntry { id: Some(id.to_string()), because: Some(because.to_string()), ..RuleEntry::new(rule) }
}

fn headcount(who: Who, at: Where, at_least: Option<usize>, at_most: Option<usize>) -> AnyRule {
    let people = |count: usize| Quota::People(count as u32);
    AnyRule::Headcount(Headcount {
        who,
        place: Look::OnSite,
        per: Per::Day,
        when: When::default(),
        at,
        at_least: at_least.map(people),
        at_most: at_most.map(people),
    })
}

/// Every skill in every zone, as far as the hidden roster has it.
fn cover_rules(staff: &[Member], on_site: &[Vec<bool>], dice: &mut Dice) -> Vec<RuleEntry> {
    let mut rules = Vec::new();
    for (zone, people) in people_of_zones(staff).iter().enumerate() {
        for (skill, name) in SKILLS.iter().enumerate() {
            let skilled: Vec<usize> =
                people.iter().copied().filter(|person| staff[*person].skills[skill]).collect();
            let (fewest, _) = fewest_and_most(on_site, &skilled);
            let at_least = fewest.min(1 + usize::from(dice.percent(30)));
            if skilled.is_empty() || at_least == 0 {
                continue;
            }
            // The zone's people first: selectors and rows then look at forty people, not at everybody.
            let who = Who::All(vec![teams_of(staff, people), Who::Tag((*name).to_string())]);
            let id = format!("{}-{name}", zone_id(zone));
            let because = format!("The zone needs {name} every day");
            rules.push(must(&id, headcount(who, Where::Zone(zone_id(zone)), Some(at_least), None), &because));
        }
    }
    rules
}

fn car_park_rule(staff: &[Member], on_site: &[Vec<bool>]) -> Option<RuleEntry> {
    let drivers: Vec<usize> = (0..staff.len()).filter(|person| staff[*person].drives).collect();
    let (_, most) = fewest_and_most(on_site, &drivers);
    let bays = share(BAYS, staff.len()).max(most);
    let rule = headcount(Who::Tag(DRIVES.to_string()), Where::Anywhere, None, Some(bays));
    (!drivers.is_empty()).then(|| must("car-park", rule, "There are no more bays"))
}

/// One day a week for each team. So many may be missing that [`TEAM_DAYS`] days of every week will do as far as
/// working days, leave and pins go: the choice is open, and on each of them nearly the whole team must come.
fn team_day_rules(staff: &[Member], dates: &[Date]) -> Vec<RuleEntry> {
    let teams = staff.chunk_by(|one, other| one.person.team == other.person.team);
    let rule_of = |team: &[Member]| {
        let name = team[0].person.team.clone().unwrap_or_default();
        let days: Vec<usize> = (0..dates.len()).collect();
        let missing = days.chunks(WORK_DAYS.len()).map(|week| missing_in_a_week(team, dates, week)).max();
        let rule = AnyRule::Together(Together {
            who: Who::Team(name.clone()),
            at_least: 1,
            per: Per::Week,
            when: When::default(),
            at: Where::Anywhere,
            missing: missing.unwrap_or(0),
        });
        RuleEntry {
            strength: Strength::High,
            ..must(&format!("team-day-{name}"), rule, "The team meets once a week")
        }
    };
    teams.map(rule_of).collect()
}

/// How many of a team may be missing so that [`TEAM_DAYS`] days of a week will do.
fn missing_in_a_week(team: &[Member], dates: &[Date], week: &[usize]) -> u32 {
    let group: Vec<&Member> = team
        .iter()
        .filter(|member| member.person.base.is_none() && week.iter().any(|day| member.works[*day]))
        .collect();
    let absent = |day: &usize| group.iter().filter(|member| !member.may_meet(dates, *day)).count();
    let mut absent: Vec<usize> = week.iter().map(absent).collect();
    absent.sort_unstable();
    absent[TEAM_DAYS.min(absent.len()) - 1] as u32
}

fn day_limit_rules(staff: &[Member]) -> Vec<RuleEntry> {
    let limits = [
        (AT_LEAST_ONE, Some(1), None),
        (AT_LEAST_TWO, Some(2), None),
        (AT_MOST_TWO, None, Some(2)),
        (AT_MOST_THREE, None, Some(3)),
    ];
    let has = |tag: &str| staff.iter().any(|member| member.person.tags.iter().any(|own| own == tag));
    limits
        .into_iter()
        .filter(|(tag, ..)| has(tag))
        .map(|(tag, at_least, at_most)| {
            let rule = AnyRule::Days(Days {
                who: Who::Tag(tag.to_string()),
                place: Look::OnSite,
                per: Per::Week,
                when: When::default(),
                at: Where::Anywhere,
                at_least,
                at_most,
                pro_rata: false,
            });
            must(&tag.replace('_', "-"), rule, "Agreed with these people")
        })
        .collect()
}

// ---------------------------------------------------------------- names

/// Gives each name once: `amy_walsh`, `amy_walsh_2`.
struct Names(HashMap<String, u32>);

impl Names {
    fn new() -> Names {
        Names(HashMap::new())
    }

    fn unique(&mut self, name: &str) -> String {
        let count = self.0.entry(name.to_string()).or_default();
        *count += 1;
        if *count == 1 {
            name.to_string()
        } else {
            format!("{name}_{count}")
        }
    }
}

/// `Siobhan O'Brien` as an id: `siobhan_obrien`.
fn slug(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || *c == ' ')
        .map(|c| if c == ' ' { '_' } else { c })
        .collect()
}

const TEAMS: [&str; 24] = [
    "accounts",
    "appeals",
    "archives",
    "benefits",
    "billing",
    "casework",
    "claims",
    "coding",
    "contracts",
    "grants",
    "licensing",
    "mapping",
    "payroll",
    "pensions",
    "permits",
    "planning",
    "printing",
    "purchasing",
    "records",
    "registry",
    "research",
    "returns",
    "surveys",
    "training",
];

const FIRST_NAMES: [&str; 72] = [
    "Abena", "Adam", "Aisha", "Alan", "Amir", "Amy", "Ana", "Andrzej", "Anita", "Ben", "Bola", "Bridget",
    "Callum", "Carys", "Chen", "Chloe", "Daniel", "Deepa", "Dev", "Dilys", "Elena", "Emeka", "Emma", "Ewa",
    "Farah", "Femi", "Fiona", "Gareth", "George", "Grace", "Hana", "Harpreet", "Helen", "Hugh", "Imran",
    "Iris", "Ivan", "Jack", "Jia", "Jo", "Jorge", "Kamal", "Kate", "Kofi", "Lars", "Leila", "Lucy", "Malik",
    "Maria", "Mei", "Mohammed", "Nadia", "Nia", "Olga", "Omar", "Owen", "Paula", "Pedro", "Priya", "Rhys",
    "Rosa", "Sam", "Sanjay", "Siân", "Sofia", "Tariq", "Tom", "Uma", "Victor", "Wanda", "Yusuf", "Zoe",
];

const LAST_NAMES: [&str; 80] = [
    "Adeyemi",
    "Ahmed",
    "Ali",
    "Allen",
    "Asante",
    "Bailey",
    "Banerjee",
    "Begum",
    "Bell",
    "Bennett",
    "Boateng",
    "Brown",
    "Campbell",
    "Carter",
    "Chan",
    "Clarke",
    "Cohen",
    "Collins",
    "Costa",
    "Davies",
    "Diaz",
    "Edwards",
    "Evans",
    "Fisher",
    "Foster",
    "Fraser",
    "Garcia",
    "Gill",
    "Graham",
    "Green",
    "Griffiths",
    "Hall",
    "Hassan",
    "Hughes",
    "Hussain",
    "Iqbal",
    "Ivanova",
    "James",
    "Jones",
    "Kaur",
    "Kelly",
    "Khan",
    "Kim",
    "King",
    "Kowalski",
    "Kumar",
    "Lee",
    "Lewis",
    "Lopez",
    "MacDonald",
    "Mensah",
    "Miller",
    "Morgan",
    "Morris",
    "Murphy",
    "Nguyen",
    "Novak",
    "O'Brien",
    "Okafor",
    "Osei",
    "Owusu",
    "Park",
    "Patel",
    "Petrov",
    "Price",
    "Quinn",
    "Rahman",
    "Reid",
    "Roberts",
    "Santos",
    "Sato",
    "Sharma",
    "Silva",
    "Singh",
    "Smith",
    "Taylor",
    "Thomas",
    "Walsh",
    "Wilson",
    "Young",
];

#[cfg(test)]
mod tests {
    use super::*;
    use rota_rules::judge::Judgement;
    use rota_rules::Problem;

    fn problem(scenario: &Scenario) -> Problem {
        match Problem::new(scenario) {
            Ok((problem, _)) => problem,
            Err(findings) => panic!(
                "{:?}",
                findings.iter().map(|found| (found.path(), &found.message)).collect::<Vec<_>>()
            ),
        }
    }

    #[test]
    fn the_seed_decides() {
        let wanted = Generate { people: 60, days: 10, seed: 7 };
        assert_eq!(department(&wanted), department(&wanted));
        assert_ne!(generate(&wanted), generate(&Generate { seed: 8, ..wanted }));
    }

    #[test]
    fn the_hidden_roster_keeps_every_must() {
        let sizes =
            [(1, 1), (2, 3), (5, 3), (9, 4), (12, 20), (40, 10), (41, 7), (90, 5), (200, 10), (200, 20)];
        for (people, days) in sizes {
            for seed in 0..if people < 90 { 25 } else { 4 } {
                let made = department(&Generate { people, days, seed });
                let problem = problem(&made.scenario);
                let judgement = Judgement::of(&problem, &made.roster(&problem.site));
                assert!(judgement.laws_kept(), "{people} {days} {seed}");
                assert!(judgement.musts_kept(), "{people} {days} {seed}");
                assert!(judgement.unchecked.is_empty());
            }
        }
    }

    /// What the module says a department looks like.
    #[test]
    fn the_shape_is_as_described() {
        let made = department(&Generate { people: 400, days: 10, seed: 1 });
        let problem = problem(&made.scenario);
        assert_eq!((problem.site.people.len(), problem.site.calendar.len()), (400, 12));
        assert!((9..=11).contains(&problem.site.zones.len()), "{}", problem.site.zones.len());
        assert!(problem.site.zones.iter().rev().skip(1).all(|zone| {
            let people = zone.admits.as_ref().map_or(0, Vec::len) as u32;
            let seats = zone.seats.unwrap_or(0);
            (32..=48).contains(&people) && seats * 100 >= people * 42 && seats * 100 <= people * 50
        }));
        let covers =
            made.scenario.rules.iter().filter(|entry| matches!(&entry.rule, AnyRule::Headcount(_))).count();
        assert!(covers > problem.site.zones.len() * 5, "{covers}");
        let text = serde_json::to_string(&made.scenario).expect("plain data");
        let read = Scenario::read(&text);
        assert!(read.findings.is_empty(), "{:?}", read.findings);
        assert_eq!(read.scenario, Some(made.scenario));
    }

    /// On popular days more wish to come than there are seats; on Fridays fewer.
    #[test]
    fn wishes_compete_for_seats() {
        let made = department(&Generate { people: 200, days: 10, seed: 1 });
        let problem = problem(&made.scenario);
        let seats: u32 = problem.site.zones.iter().filter_map(|zone| zone.seats).sum();
        let mut wanted = [0; 5];
        for person in &problem.site.people {
            let on_site = person.wishes.iter().filter(|wish| !wish.is_home());
            for day in on_site.flat_map(|wish| &wish.days) {
                wanted[problem.site.calendar.date(*day).weekday() as usize] += 1;
            }
        }
        // Two weeks.
        assert!(wanted[1..=3].iter().all(|wanted| *wanted > 2 * seats * 11 / 10), "{wanted:?} {seats}");
        assert!(wanted[4] < seats, "{wanted:?} {seats}");
        let refused = Judgement::of(&problem, &made.roster(&problem.site)).cost(Strength::Medium);
        assert!(refused > 500.0, "{refused}");
    }

    #[test]
    fn home_runs_stay_at_three() {
        let longer = (0..20)
            .flat_map(|seed| generate(&Generate { people: 120, days: 10, seed }).rules)
            .filter(|entry| matches!(&entry.rule, AnyRule::Run(run) if run.at_most != Some(HOME_RUN)));
        assert_eq!(longer.count(), 0);
    }

    #[test]
    fn twenty_thousand_people_are_quick() {
        let start = std::time::Instant::now();
        let scenario = generate(&Generate { people: 20_000, days: 10, seed: 3 });
        assert_eq!(scenario.people.len(), 20_000);
        assert!(start.elapsed().as_secs() < 10, "{:?}", start.elapsed());
        assert!(Problem::new(&scenario).is_ok());
    }
}
