//! The shift-scheduling instances of Curtois and Qu: a text file in sections, one line a fact.
//!
//! What is hard there is a `must` here, and what is paid for is `medium`, in the file's own weights, so that
//! the cost at medium is the published objective: requests not kept, people short, people over.
//!
//! Everybody works every day; a day without a shift is a day at home. A day off of the file is a pin at home,
//! not a day away: days away are not counted and carry no wish, so the file's runs and requests would come
//! out other. Nothing is charged at the edges: a run that touches the first or the last day may go on
//! outside.

use super::{ids, name, plain_calendar, plain_scenario, rule, visits, who, Better, Figure, Score};
use rota_core::calendar::{DAY_MINUTES, MOST_DAYS, MOST_SHIFTS};
use rota_core::date::{Date, On};
use rota_core::finding::Finding;
use rota_core::typed::{self, Assignment, Calendar, Person, Pin, Wish, WorkPlace};
use rota_rules::{RuleEntry, Scenario};
use serde_json::{json, Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The first day: the files begin on a Monday without saying which.
fn monday() -> Date {
    Date::new(2024, 1, 1)
}

/// One instance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Instance {
    days: usize,
    shifts: Vec<Shift>,
    staff: Vec<Member>,
    requests: Vec<Request>,
    cover: Vec<Cover>,
    findings: Vec<Finding>,
}

#[derive(Debug, Clone, PartialEq)]
struct Shift {
    name: String,
    minutes: u32,
    /// Shifts that may not follow on the next day.
    not_followed_by: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
struct Member {
    name: String,
    /// Most days on each shift.
    most: Vec<Option<u32>>,
    most_minutes: u32,
    least_minutes: u32,
    most_in_a_row: u32,
    least_in_a_row: u32,
    least_off_in_a_row: u32,
    most_weekends: u32,
    off: BTreeSet<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Request {
    person: usize,
    day: usize,
    shift: usize,
    weight: f64,
    /// Whether the shift is asked for; else it is asked that it should not be.
    on: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Cover {
    day: usize,
    shift: usize,
    people: u32,
    under: f64,
    over: f64,
}

// ---------------------------------------------------------------- reading

const HORIZON: &str = "SECTION_HORIZON";
const SHIFTS: &str = "SECTION_SHIFTS";
const STAFF: &str = "SECTION_STAFF";
const DAYS_OFF: &str = "SECTION_DAYS_OFF";
const ON_REQUESTS: &str = "SECTION_SHIFT_ON_REQUESTS";
const OFF_REQUESTS: &str = "SECTION_SHIFT_OFF_REQUESTS";
const COVER: &str = "SECTION_COVER";
const SECTIONS: [&str; 7] = [HORIZON, SHIFTS, STAFF, DAYS_OFF, ON_REQUESTS, OFF_REQUESTS, COVER];
/// Sections without which there is nothing to plan.
const NEEDED: [&str; 4] = [HORIZON, SHIFTS, STAFF, COVER];

/// One value with its place.
#[derive(Debug, Clone, Copy)]
struct Field<'t> {
    text: &'t str,
    line: u32,
    column: u32,
}

impl<'t> Field<'t> {
    /// The parts between marks, each without blanks around it; at least one.
    fn split(self, mark: char) -> Vec<Field<'t>> {
        let mut column = self.column;
        let mut parts = Vec::new();
        for part in self.text.split(mark) {
            let blanks = part.chars().take_while(|c| c.is_whitespace()).count() as u32;
            parts.push(Field { text: part.trim(), line: self.line, column: column + blanks });
            column += part.chars().count() as u32 + 1;
        }
        parts
    }
}

/// What is being read, and what was found wrong.
struct Reader<'f> {
    file: &'f str,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn mistake(&mut self, at: Field<'_>, code: &str, message: String, help: &str) {
        self.push(Finding::error(&format!("curtois.{code}"), "", message).help(help), at);
    }

    fn push(&mut self, mut finding: Finding, at: Field<'_>) {
        finding.pointer = None;
        finding.file = Some(self.file.to_string());
        finding.line = Some(at.line);
        finding.column = Some(at.column);
        self.findings.push(finding);
    }

    /// The values of a line, as many as the line should have.
    fn values<'t>(&mut self, line: Field<'t>, wanted: &[&str]) -> Option<Vec<Field<'t>>> {
        let mut values = line.split(',');
        while values.len() > wanted.len() && values.last().is_some_and(|value| value.text.is_empty()) {
            values.pop();
        }
        if values.len() == wanted.len() {
            return Some(values);
        }
        let message = format!("this line has {} values, and {} are wanted", values.len(), wanted.len());
        self.mistake(line, "values", message, &format!("write {}", wanted.join(",")));
        None
    }

    fn whole(&mut self, field: Field<'_>, what: &str, least: u32, most: u32) -> Option<u32> {
        let number = field.text.parse::<u32>().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let range = if most == u32::MAX {
                format!("a whole number, {least} or more")
            } else {
                format!("a whole number from {least} to {most}")
            };
            let message = format!("{what} cannot be `{}`", field.text);
            self.mistake(field, "number", message, &format!("write {range}"));
        }
        number
    }

    fn weight(&mut self, field: Field<'_>, what: &str) -> Option<f64> {
        let number = field.text.parse::<f64>().ok().filter(|number| (0.0..=1e9).contains(number));
        if number.is_none() {
            let message = format!("{what} cannot be `{}`", field.text);
            self.mistake(field, "number", message, "write a number from 0 to 1000000000");
        }
        number
    }

    fn known(&mut self, field: Field<'_>, names: &HashMap<&str, usize>, what: &str) -> Option<usize> {
        let found = names.get(field.text).copied();
        if found.is_none() {
            let code = format!("curtois.unknown_{what}");
            let message = format!("there is no {what} `{}`", field.text);
            let mut sorted: Vec<&str> = names.keys().copied().collect();
            sorted.sort_unstable();
            self.push(
                Finding::error(&code, "", message)
                    .did_you_mean(field.text, sorted)
                    .or_help(format!("add it to the {what} section, or correct the name")),
                field,
            );
        }
        found
    }

    fn new_name<'t>(
        &mut self,
        field: Field<'t>,
        names: &mut HashMap<&'t str, usize>,
        what: &str,
    ) -> Option<usize> {
        let next = names.len();
        if field.text.is_empty() {
            let message = format!("the {what} has no id");
            self.mistake(field, "id", message, "write an id before the first comma");
            return None;
        }
        if names.contains_key(field.text) {
            let message = format!("the {what} `{}` is there twice", field.text);
            self.mistake(field, "duplicate", message, "take one out, or give it another id");
            return None;
        }
        names.insert(field.text, next);
        Some(next)
    }
}

/// A heading and the lines under it.
struct Section<'t> {
    heading: Field<'t>,
    lines: Vec<Field<'t>>,
}

/// The sections, comments and blank lines left out.
fn sections<'t>(reader: &mut Reader<'_>, text: &'t str) -> HashMap<&'static str, Section<'t>> {
    let mut sections: HashMap<&'static str, Section<'t>> = HashMap::new();
    let mut open: Option<&'static str> = None;
    // Lines of a section that is not known mean nothing, and are not worth a finding each.
    let mut passing_over = false;
    let mut stray = false;
    let mut last = Field { text: "", line: 1, column: 1 };
    for (at, whole) in text.lines().enumerate() {
        let blanks = whole.chars().take_while(|c| c.is_whitespace()).count() as u32;
        let line = Field { text: whole.trim(), line: at as u32 + 1, column: blanks + 1 };
        if line.text.is_empty() || line.text.starts_with('#') {
            continue;
        }
        last = line;
        if line.text.starts_with("SECTION_") {
            open = SECTIONS.into_iter().find(|section| *section == line.text);
            passing_over = open.is_none();
            match open {
                None => reader.push(
                    Finding::error("curtois.section", "", format!("there is no section `{}`", line.text))
                        .did_you_mean(line.text, SECTIONS)
                        .or_help(format!("the sections are {}", SECTIONS.join(", "))),
                    line,
                ),
                Some(section) if sections.contains_key(section) => {
                    let message = format!("the section `{section}` is there twice");
                    reader.mistake(line, "section", message, "put its lines into the first");
                }
                Some(section) => {
                    sections.insert(section, Section { heading: line, lines: Vec::new() });
                }
            }
        } else if let Some(section) = open.and_then(|section| sections.get_mut(section)) {
            section.lines.push(line);
        } else if !passing_over && !stray {
            stray = true;
            let help = "begin with SECTION_HORIZON, or put # before a comment";
            reader.mistake(line, "section", "this line stands before the first section".to_string(), help);
        }
    }
    for section in NEEDED {
        if !sections.contains_key(section) && !passing_over {
            let message = format!("the section `{section}` is missing");
            reader.mistake(last, "section", message, "is this a file of the Curtois and Qu instances?");
        }
    }
    sections
}

impl Instance {
    /// Reads an instance; or every mistake in it.
    pub fn read(file: &str, text: &str) -> Result<Instance, Vec<Finding>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { file, findings: Vec::new() };
        let sections = sections(&mut reader, text);
        let lines =
            |section: &str| sections.get(section).map(|section| section.lines.as_slice()).unwrap_or_default();
        let heading = |section: &str| sections.get(section).map(|section| section.heading);
        let mut instance = Instance::default();
        let days = horizon(&mut reader, heading(HORIZON), lines(HORIZON));
        let (shifts, shift_names) = read_shifts(&mut reader, lines(SHIFTS));
        let longest = shifts.iter().map(|shift| shift.minutes).max().unwrap_or(0);
        // What is not known allows everything.
        let all = days.filter(|_| longest > 0).map_or(u64::MAX, |days| u64::from(days) * u64::from(longest));
        let (staff, names) = read_staff(&mut reader, lines(STAFF), &shift_names, all);
        instance.shifts = shifts;
        instance.staff = staff;
        if let Some(heading) = heading(STAFF).filter(|_| names.is_empty()) {
            let message = "there is nobody to plan for".to_string();
            reader.mistake(heading, "staff", message, "add lines to SECTION_STAFF");
        }
        // An unreadable horizon is told once, not at every day.
        let last = days.map_or(MOST_DAYS as u32 - 1, |days| days - 1);
        let mut off: Vec<(usize, usize)> = Vec::new();
        for line in lines(DAYS_OFF) {
            let values = line.split(',');
            let person = reader.known(values[0], &names, "employee");
            if values.len() == 1 {
                let message = "no day stands after the employee".to_string();
                reader.mistake(*line, "values", message, "write the employee and day numbers from 0: A,0,5");
            }
            for value in &values[1..] {
                let day = reader.whole(*value, "a day", 0, last);
                off.extend(person.zip(day.map(|day| day as usize)));
            }
        }
        for (section, on) in [(ON_REQUESTS, true), (OFF_REQUESTS, false)] {
            for line in lines(section) {
                let wanted = ["employee", "day", "shift", "weight"];
                let Some(values) = reader.values(*line, &wanted) else { continue };
                let person = reader.known(values[0], &names, "employee");
                let day = reader.whole(values[1], "a day", 0, last);
                let shift = reader.known(values[2], &shift_names, "shift");
                let weight = reader.weight(values[3], "a weight");
                if let (Some(person), Some(day), Some(shift), Some(weight)) = (person, day, shift, weight) {
                    instance.requests.push(Request { person, day: day as usize, shift, weight, on });
                }
            }
        }
        let mut covered: HashSet<(u32, usize)> = HashSet::new();
        for line in lines(COVER) {
            let wanted = ["day", "shift", "people", "weight for under", "weight for over"];
            let Some(values) = reader.values(*line, &wanted) else { continue };
            let day = reader.whole(values[0], "a day", 0, last);
            let shift = reader.known(values[1], &shift_names, "shift");
            let people = reader.whole(values[2], "the people wanted", 0, 1_000_000);
            let under = reader.weight(values[3], "the weight for under");
            let over = reader.weight(values[4], "the weight for over");
            let (Some(day), Some(shift), Some(people)) = (day, shift, people) else { continue };
            if !covered.insert((day, shift)) {
                let message = format!("the cover of day {day} and shift `{}` is there twice", values[1].text);
                reader.mistake(*line, "duplicate", message, "keep one of the two lines");
            }
            if let (Some(under), Some(over)) = (under, over) {
                instance.cover.push(Cover { day: day as usize, shift, people, under, over });
            }
        }
        let mut findings = reader.findings;
        findings.sort_by_key(|finding| (finding.level, finding.line, finding.column));
        if findings.iter().any(Finding::is_error) {
            return Err(findings);
        }
        // Without a mistake everything named stands at its number.
        instance.days = days.unwrap_or(1) as usize;
        for (person, day) in off {
            instance.staff[person].off.insert(day);
        }
        instance.findings = findings;
        Ok(instance)
    }

    /// Warnings and notes about the file.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

fn horizon(reader: &mut Reader<'_>, heading: Option<Field<'_>>, lines: &[Field<'_>]) -> Option<u32> {
    match lines {
        [] => {
            if let Some(heading) = heading {
                let message = "SECTION_HORIZON names no number of days".to_string();
                reader.mistake(heading, "horizon", message, "write the number of days on a line of its own");
            }
            None
        }
        [line] => reader.whole(*line, "the number of days", 1, MOST_DAYS as u32),
        [_, second, ..] => {
            let message = "SECTION_HORIZON has more than one line".to_string();
            reader.mistake(*second, "horizon", message, "keep the number of days alone");
            None
        }
    }
}

fn read_shifts<'t>(reader: &mut Reader<'_>, lines: &[Field<'t>]) -> (Vec<Shift>, HashMap<&'t str, usize>) {
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut shifts = Vec::new();
    let mut later: Vec<(usize, Field<'t>)> = Vec::new();
    for line in lines {
        let mut values = line.split(',');
        // The last value, of shifts that cannot follow, may be left out with its comma.
        if values.len() == 2 {
            values.push(Field { text: "", ..*line });
        } else if reader.values(*line, &["shift", "minutes", "shifts that cannot follow"]).is_none() {
            // Its name is known all the same.
            let _ = reader.new_name(values[0], &mut names, "shift");
            shifts.push(Shift { name: String::new(), minutes: 0, not_followed_by: Vec::new() });
            continue;
        }
        let minutes = reader.whole(values[1], "the length of a shift", 1, DAY_MINUTES).unwrap_or(0);
        let Some(at) = reader.new_name(values[0], &mut names, "shift") else { continue };
        shifts.push(Shift { name: values[0].text.to_string(), minutes, not_followed_by: Vec::new() });
        if !values[2].text.is_empty() {
            later.extend(values[2].split('|').into_iter().map(|value| (at, value)));
        }
    }
    for (at, value) in later {
        let after = reader.known(value, &names, "shift");
        if let (Some(shift), Some(after)) = (shifts.get_mut(at), after) {
            if !shift.not_followed_by.contains(&after) {
                shift.not_followed_by.push(after);
            }
        }
    }
    if let Some(line) = lines.get(MOST_SHIFTS) {
        let message = format!("there are {} shifts, and at most {MOST_SHIFTS} are supported", lines.len());
        reader.mistake(*line, "shifts", message, "this instance cannot be read by this version");
    }
    (shifts, names)
}

fn read_staff<'t>(
    reader: &mut Reader<'_>,
    lines: &[Field<'t>],
    shifts: &HashMap<&str, usize>,
    all: u64,
) -> (Vec<Member>, HashMap<&'t str, usize>) {
    const WANTED: [&str; 8] = [
        "employee",
        "most shifts",
        "most minutes",
        "fewest minutes",
        "most shifts in a row",
        "fewest shifts in a row",
        "fewest days off in a row",
        "most weekends",
    ];
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut staff = Vec::new();
    for line in lines {
        let Some(values) = reader.values(*line, &WANTED) else {
            // Its name is known all the same; the reading ends with this mistake.
            let _ = reader.new_name(line.split(',')[0], &mut names, "employee");
            continue;
        };
        let mut most: Vec<Option<u32>> = vec![None; shifts.len()];
        for part in values[1].split('|').into_iter().filter(|part| !part.text.is_empty()) {
            let sides = part.split('=');
            let [shift, number] = sides[..] else {
                let message = format!("`{}` is no limit", part.text);
                reader.mistake(part, "limit", message, "write shift=days, such as D=14, with | between");
                continue;
            };
            let number = reader.whole(number, "the most days on a shift", 0, u32::MAX);
            let Some(at) = reader.known(shift, shifts, "shift") else { continue };
            if most[at].is_some() {
                let message = format!("the shift `{}` has two limits", shift.text);
                reader.mistake(shift, "duplicate", message, "keep one of the two");
            }
            most[at] = number;
        }
        let mut number = |at: usize| reader.whole(values[at], WANTED[at], 0, u32::MAX).unwrap_or(0);
        let member = Member {
            name: values[0].text.to_string(),
            most,
            most_minutes: number(2),
            least_minutes: number(3),
            most_in_a_row: number(4),
            least_in_a_row: number(5),
            least_off_in_a_row: number(6),
            most_weekends: number(7),
            off: BTreeSet::new(),
        };
        if member.least_minutes > member.most_minutes
            && values[2].text.parse::<u32>().is_ok()
            && values[3].text.parse::<u32>().is_ok()
        {
            let message = format!(
                "`{}` is to work at least {} minutes and at most {}",
                member.name, member.least_minutes, member.most_minutes
            );
            reader.mistake(
                values[3],
                "limit",
                message,
                "the most minutes come first; correct one of the two",
            );
        }
        if u64::from(member.least_minutes) > all {
            let message = format!(
                "`{}` is to work at least {} minutes, and all the days have {all}",
                member.name, member.least_minutes
            );
            reader.mistake(
                values[3],
                "limit",
                message,
                "correct the fewest minutes or the length of the shifts",
            );
        }
        if reader.new_name(values[0], &mut names, "employee").is_some() {
            staff.push(member);
        }
    }
    (staff, names)
}

// ---------------------------------------------------------------- the scenario

impl Instance {
    fn ids(&self) -> Vec<String> {
        ids(&self.staff.iter().map(|member| member.name.clone()).collect::<Vec<_>>())
    }

    fn shift_ids(&self) -> Vec<String> {
        ids(&self.shifts.iter().map(|shift| shift.name.clone()).collect::<Vec<_>>())
    }

    /// How the benchmark's figure follows from the costs of a solve.
    pub fn figure(&self) -> String {
        "the benchmark's figure is the cost at medium (the lower the better)".to_string()
    }

    /// The instance as a scenario.
    pub fn scenario(&self) -> Scenario {
        let (ids, shifts) = (self.ids(), self.shift_ids());
        let from = monday();
        let calendar = Calendar {
            shifts: self
                .shifts
                .iter()
                .zip(&shifts)
                .map(|(shift, id)| typed::Shift {
                    id: id.clone(),
                    name: name(&shift.name, id),
                    from: None,
                    to: None,
                    hours: Some(hours(shift.minutes)),
                    by_request: false,
                })
                .collect(),
            ..plain_calendar(from, self.days)
        };
        let mut people: Vec<Person> = self
            .staff
            .iter()
            .zip(&ids)
            .map(|(member, id)| Person {
                id: id.clone(),
                name: name(&member.name, id),
                fixed: member.off.iter().map(|day| at_home(from.plus(*day as i64))).collect(),
                ..Person::default()
            })
            .collect();
        for request in self.requests.iter().filter(|request| request.weight > 0.0) {
            people[request.person].wishes.push(Wish {
                on: On::Date(from.plus(request.day as i64)),
                place: None,
                shift: Some(shifts[request.shift].clone()),
                site: None,
                zone: None,
                desk: None,
                weight: request.weight,
                avoid: !request.on,
            });
        }
        let mut rules = self.hard_rules(&ids, &shifts);
        if people.iter().any(|person| !person.wishes.is_empty()) {
            let entry = json!({ "wishes": {}, "strength": "medium" });
            rules.push(rule("requests", "Shifts asked for and shifts asked not to have", entry));
        }
        rules.extend(self.cover_rules(&shifts));
        plain_scenario(calendar, people, rules)
    }

    /// The staff by what is the same for them; those with none left out.
    fn grouped<K: Ord>(&self, key: impl Fn(&Member) -> Option<K>) -> BTreeMap<K, Vec<usize>> {
        let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
        for (at, member) in self.staff.iter().enumerate() {
            if let Some(key) = key(member) {
                groups.entry(key).or_default().push(at);
            }
        }
        groups
    }

    /// The limits of the staff. Those that ask nothing are left out.
    fn hard_rules(&self, ids: &[String], shifts: &[String]) -> Vec<RuleEntry> {
        let mut rules = Vec::new();
        let days = self.days as u32;
        let pairs: Vec<[&str; 2]> = self
            .shifts
            .iter()
            .enumerate()
            .flat_map(|(first, shift)| shift.not_followed_by.iter().map(move |second| (first, *second)))
            .map(|(first, second)| [shifts[first].as_str(), shifts[second].as_str()])
            .collect();
        if !pairs.is_empty() {
            let entry = json!({ "rest": { "never_after": pairs } });
            rules.push(rule("succession", "Shifts which cannot follow a shift", entry));
        }
        for (at, shift) in shifts.iter().enumerate() {
            for (most, members) in self.grouped(|member| member.most[at].filter(|most| *most < days)) {
                let days = json!({
                    "who": who(&members, ids), "per": "rota", "when": { "shifts": [shift] }, "at_most": most
                });
                rules.push(rule(&format!("at-most-{most}-{shift}"), "MaxShifts", json!({ "days": days })));
            }
        }
        let longest = self.shifts.iter().map(|shift| shift.minutes).max().unwrap_or(0);
        let all = u64::from(longest) * u64::from(days);
        let limits = |member: &Member| {
            let least = Some(member.least_minutes).filter(|least| *least > 0);
            let most = Some(member.most_minutes).filter(|most| u64::from(*most) < all);
            (least.is_some() || most.is_some()).then_some((least, most))
        };
        for ((least, most), members) in self.grouped(limits) {
            let mut fields = Map::new();
            fields.insert("who".to_string(), who(&members, ids));
            fields.insert("per".to_string(), Value::from("rota"));
            let mut id = "hours".to_string();
            for (limit, minutes) in [("at_least", least), ("at_most", most)] {
                if let Some(minutes) = minutes {
                    fields.insert(limit.to_string(), Value::from(hours(minutes)));
                    id.push_str(&format!("-{}-{}", limit.replace('_', "-"), hours(minutes)));
                }
            }
            rules.push(rule(&id, "MinTotalMinutes and MaxTotalMinutes", json!({ "hours": fields })));
        }
        for (most, members) in self.grouped(|member| Some(member.most_in_a_row).filter(|most| *most < days)) {
            let run = json!({ "who": who(&members, ids), "at_most": most });
            let id = format!("in-a-row-at-most-{most}");
            rules.push(rule(&id, "MaxConsecutiveShifts", json!({ "run": run })));
        }
        for (least, members) in self.grouped(|member| Some(member.least_in_a_row).filter(|least| *least > 1))
        {
            let run = json!({ "who": who(&members, ids), "at_least": least });
            let id = format!("in-a-row-at-least-{least}");
            rules.push(rule(&id, "MinConsecutiveShifts", json!({ "run": run })));
        }
        let least_off = |member: &Member| Some(member.least_off_in_a_row).filter(|least| *least > 1);
        for (least, members) in self.grouped(least_off) {
            let run = json!({ "who": who(&members, ids), "place": "home", "at_least": least });
            let id = format!("off-in-a-row-at-least-{least}");
            rules.push(rule(&id, "MinConsecutiveDaysOff", json!({ "run": run })));
        }
        // From a Monday, the n-th weekend begins on day 7 n - 2.
        let weekends = (days + 1) / 7;
        let most_weekends = |member: &Member| Some(member.most_weekends).filter(|most| *most < weekends);
        for (most, members) in self.grouped(most_weekends) {
            let entry = json!({ "weekends": { "who": who(&members, ids), "at_most": most } });
            rules.push(rule(&format!("weekends-at-most-{most}"), "MaxWeekends", entry));
        }
        rules
    }

    /// Cover: for each shift and number of people two rules, with the days on which so many are wanted.
    fn cover_rules(&self, shifts: &[String]) -> Vec<RuleEntry> {
        // The weight's bits order as the weight does, for numbers that are not negative.
        let mut groups: BTreeMap<(usize, u32, bool, u64), Vec<Date>> = BTreeMap::new();
        for cover in &self.cover {
            let date = monday().plus(cover.day as i64);
            // Never fewer than nobody, never more than everybody.
            if cover.under > 0.0 && cover.people > 0 {
                let group = (cover.shift, cover.people, false, cover.under.to_bits());
                groups.entry(group).or_default().push(date);
            }
            if cover.over > 0.0 && (cover.people as usize) < self.staff.len() {
                let group = (cover.shift, cover.people, true, cover.over.to_bits());
                groups.entry(group).or_default().push(date);
            }
        }
        let mut rules = Vec::new();
        for ((shift, people, is_over, bits), mut dates) in groups {
            dates.sort_unstable();
            let (weight, shift) = (f64::from_bits(bits), &shifts[shift]);
            let (limit, word, because) = if is_over {
                ("at_most", "over", "No more people than the cover asks for")
            } else {
                ("at_least", "under", "The cover that is asked for")
            };
            let entry = json!({
                "headcount": { "when": { "dates": dates, "shifts": [shift] }, limit: people },
                "strength": "medium", "weight": weight
            });
            rules.push(rule(&format!("{word}-{shift}-{people}-{weight}"), because, entry));
        }
        rules
    }
}

/// `1 shift`, `2 shifts`.
fn many(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

fn hours(minutes: u32) -> f64 {
    f64::from(minutes) / 60.0
}

fn at_home(on: Date) -> Pin {
    Pin { on: On::Date(on), place: Some(WorkPlace::Home), shift: None, site: None, zone: None, desk: None }
}

// ---------------------------------------------------------------- the benchmark's own figure

impl Instance {
    /// The published objective of a roster and the hard constraints it breaks; or mistakes in the roster,
    /// with pointers to its assignments.
    pub fn score(&self, assignments: &[Assignment]) -> Result<Score, Vec<Finding>> {
        let shifts = self.shift_ids();
        let mut findings = Vec::new();
        // By person and day: the number of the shift.
        let mut plan: Vec<Vec<Option<usize>>> = vec![vec![None; self.days]; self.staff.len()];
        for (person, visits) in visits(assignments, &self.ids(), monday(), self.days)?.iter().enumerate() {
            for (day, visit) in visits.iter().enumerate() {
                let Some((at, assignment)) = visit else { continue };
                let named = assignment.shift.as_deref().unwrap_or("");
                plan[person][day] = shifts.iter().position(|shift| shift == named);
                if plan[person][day].is_none() {
                    let message = if named.is_empty() {
                        format!("`{}` is on site on {} without a shift", assignment.person, assignment.on)
                    } else {
                        format!("there is no shift `{named}` in the benchmark's file")
                    };
                    findings.push(
                        Finding::error("score.shift", format!("/assignments/{at}"), message)
                            .did_you_mean(named, shifts.iter().map(String::as_str))
                            .or_help("name one of the file's shifts"),
                    );
                }
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let (mut on, mut off, mut under, mut over) = (0.0, 0.0, 0.0, 0.0);
        for request in &self.requests {
            let has = plan[request.person][request.day] == Some(request.shift);
            if request.on && !has {
                on += request.weight;
            } else if !request.on && has {
                off += request.weight;
            }
        }
        for cover in &self.cover {
            let there = plan.iter().filter(|days| days[cover.day] == Some(cover.shift)).count() as f64;
            let wanted = f64::from(cover.people);
            under += cover.under * (wanted - there).max(0.0);
            over += cover.over * (there - wanted).max(0.0);
        }
        let broken =
            self.staff.iter().zip(&plan).flat_map(|(member, days)| self.broken(member, days)).collect();
        Ok(Score {
            figures: vec![Figure::main("penalty", on + off + under + over, Better::Fewer)],
            parts: vec![
                Figure::part("requests for a shift not kept", on),
                Figure::part("requests against a shift not kept", off),
                Figure::part("people short", under),
                Figure::part("people over", over),
            ],
            broken,
        })
    }

    /// The hard constraints that one person's days break.
    fn broken(&self, member: &Member, days: &[Option<usize>]) -> Vec<String> {
        let mut broken = Vec::new();
        let mut say = |what: String| broken.push(format!("{}: {what}", member.name));
        for day in &member.off {
            if days[*day].is_some() {
                say(format!("a shift on day {day}, a day off"));
            }
        }
        for (day, pair) in days.windows(2).enumerate() {
            if let [Some(first), Some(second)] = *pair {
                if self.shifts[first].not_followed_by.contains(&second) {
                    let (first, second) = (&self.shifts[first].name, &self.shifts[second].name);
                    say(format!("{second} on day {} follows {first}", day + 1));
                }
            }
        }
        let worked: Vec<usize> = days.iter().flatten().copied().collect();
        for (shift, most) in member.most.iter().enumerate() {
            let number = worked.iter().filter(|worked| **worked == shift).count();
            if most.is_some_and(|most| number > most as usize) {
                say(format!("{number} times {}, at most {}", self.shifts[shift].name, most.unwrap_or(0)));
            }
        }
        let minutes: u64 = worked.iter().map(|shift| u64::from(self.shifts[*shift].minutes)).sum();
        if minutes > u64::from(member.most_minutes) {
            say(format!("{minutes} minutes, at most {}", member.most_minutes));
        }
        if minutes < u64::from(member.least_minutes) {
            say(format!("{minutes} minutes, at least {}", member.least_minutes));
        }
        // Stretches of days with a shift and of days without, by turns.
        let mut start = 0;
        while start < days.len() {
            let works = days[start].is_some();
            let length = days[start..].iter().take_while(|day| day.is_some() == works).count();
            let inside = start > 0 && start + length < days.len();
            if works && length > member.most_in_a_row as usize {
                say(format!(
                    "{} in a row from day {start}, at most {}",
                    many(length, "shift"),
                    member.most_in_a_row
                ));
            }
            if works && inside && length < member.least_in_a_row as usize {
                say(format!(
                    "{} in a row from day {start}, at least {}",
                    many(length, "shift"),
                    member.least_in_a_row
                ));
            }
            if !works && inside && length < member.least_off_in_a_row as usize {
                say(format!(
                    "{} off in a row from day {start}, at least {}",
                    many(length, "day"),
                    member.least_off_in_a_row
                ));
            }
            start += length;
        }
        let weekends = days.chunks(7).filter(|week| week.iter().skip(5).any(Option::is_some)).count();
        if weekends > member.most_weekends as usize {
            say(format!("{}, at most {}", many(weekends, "weekend"), member.most_weekends));
        }
        broken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::tests::{drawn, judged, Dice};
    use crate::import::{import, Source};

    /// A week; early of 8 hours, and night of 10, which early may not follow. A is off on Monday, does at
    /// most one night, at most 40 and at least 16 hours, 2 or 3 shifts in a row, 2 days off in a row, no
    /// weekend.
    const TINY: &str = "\
# a comment
SECTION_HORIZON
7

SECTION_SHIFTS
# ShiftID, Length in mins, Shifts which cannot follow this shift | separated
E,480,
N,600,E

SECTION_STAFF
A,E=7|N=1,2400,960,3,2,2,0
B,E=7|N=7,4200,0,7,1,1,1

SECTION_DAYS_OFF
A,0

SECTION_SHIFT_ON_REQUESTS
A,1,E,2
B,0,N,3

SECTION_SHIFT_OFF_REQUESTS
B,6,E,5
A,2,E,7

SECTION_COVER
0,E,1,100,1
0,N,1,90,2
1,E,2,100,1
6,E,0,100,4
";

    fn tiny() -> Instance {
        Instance::read("tiny.txt", TINY).expect("reads")
    }

    fn score(lines: &[&str]) -> (f64, Vec<f64>, Vec<String>) {
        let score = tiny().score(&drawn(monday(), lines, |cell, shift| cell.shift = shift)).expect("reads");
        let parts = score.parts.iter().map(|part| part.value).collect();
        (score.figures[0].value, parts, score.broken)
    }

    /// ```text
    ///      0  1  2  3  4  5  6
    /// A    -  E  E  -  -  -  -
    /// B    N  -  -  -  -  -  E
    /// ```
    /// Both shifts asked for are there. Both asked not to be are there too: 5 + 7. Short: an early on day 0
    /// and one on day 1, 200. Over: an early on day 6, 4. A's one day off on day 0 may have begun before.
    #[test]
    fn counted_by_hand() {
        let (penalty, parts, broken) = score(&["A: - E E - - - -", "B: N - - - - - E"]);
        assert_eq!(penalty, 216.0);
        assert_eq!(parts, [0.0, 12.0, 200.0, 4.0]);
        assert!(broken.is_empty(), "{broken:?}");
        // Nobody works: two requests, and 1 + 1 + 2 people short, one of them at 90.
        let (penalty, parts, broken) = score(&["A: - - - - - - -", "B: - - - - - - -"]);
        assert_eq!((penalty, parts), (395.0, vec![5.0, 0.0, 390.0, 0.0]));
        assert_eq!(broken, ["A: 0 minutes, at least 960"]);
    }

    #[test]
    fn broken_constraints_are_named() {
        assert_eq!(
            score(&["A: E N N E E E E", "B: - - - - - - -"]).2,
            [
                "A: a shift on day 0, a day off",
                "A: E on day 3 follows N",
                "A: 2 times N, at most 1",
                "A: 3600 minutes, at most 2400",
                "A: 7 shifts in a row from day 0, at most 3",
                "A: 1 weekend, at most 0"
            ]
        );
        assert_eq!(
            score(&["A: - E - E E - -", "B: - - - - - - -"]).2,
            ["A: 1 shift in a row from day 1, at least 2", "A: 1 day off in a row from day 2, at least 2"]
        );
    }

    /// On any roster the scenario's rules and the benchmark's own count agree, in what is kept and in the
    /// figure.
    #[test]
    fn rules_and_figure_agree() {
        let imported = import(Source::Curtois, "tiny.txt", TINY).expect("reads");
        assert_eq!(imported.scenario.title.as_deref(), Some("tiny (curtois)"));
        let instance = tiny();
        let mut dice = Dice(1);
        let good = [["-", "E", "E", "-", "-", "-", "-"], ["N", "-", "-", "-", "-", "-", "E"]];
        let (mut kept, mut broken) = (0, 0);
        for round in 0..2000 {
            let mut cells = good;
            for _ in 0..dice.below(if round % 2 == 0 { 5 } else { 20 }) {
                cells[dice.below(2)][dice.below(7)] = ["-", "E", "N"][dice.below(3)];
            }
            let lines = [format!("A: {}", cells[0].join(" ")), format!("B: {}", cells[1].join(" "))];
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let assignments = drawn(monday(), &lines, |cell, shift| cell.shift = shift);
            let score = instance.score(&assignments).expect("reads");
            let (keeps, _, medium) = judged(&imported.scenario, &assignments);
            assert_eq!(keeps, score.broken.is_empty(), "{lines:?} {:?}", score.broken);
            assert_eq!(medium, score.figures[0].value, "{lines:?}");
            if keeps {
                kept += 1;
            } else {
                broken += 1;
            }
        }
        assert!(kept > 50 && broken > 50, "{kept} kept, {broken} broken");
    }

    /// What asks nothing is no rule: no more nights than days, hours nobody can reach, single days.
    #[test]
    fn limits_that_ask_nothing_are_left_out() {
        let scenario = tiny().scenario();
        let ids: Vec<&str> = scenario.rules.iter().filter_map(|rule| rule.id.as_deref()).collect();
        assert_eq!(
            ids,
            [
                "succession",
                "at-most-1-N",
                "hours-at-least-16-at-most-40",
                "in-a-row-at-most-3",
                "in-a-row-at-least-2",
                "off-in-a-row-at-least-2",
                "weekends-at-most-0",
                "requests",
                "over-E-0-4",
                "under-E-1-100",
                "over-E-1-1",
                "under-E-2-100",
                "under-N-1-90",
                "over-N-1-2"
            ]
        );
    }

    fn mistakes(text: &str) -> Vec<String> {
        let findings = Instance::read("bad.txt", text).expect_err("there is a mistake");
        for finding in &findings {
            assert!(
                finding.help.is_some() && finding.file.is_some() && finding.column.is_some(),
                "{finding:?}"
            );
        }
        findings
            .into_iter()
            .map(|finding| format!("{} {}", finding.code, finding.line.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let bad = TINY
            .replace("N,600,E", "N,6000,F")
            .replace("A,E=7|N=1,2400,960,", "A,E=7|M=1,960,2400,")
            .replace("B,E=7", "A,E=")
            .replace("\nA,0\n", "\nA,7\nA\n")
            .replace("B,0,N,3", "B,0,N")
            .replace("A,2,E,7", "A,2,E,-7")
            .replace("0,N,1,90,2", "0,E,1,90,2")
            .replace(
                "SECTION_SHIFT_OFF_REQUESTS",
                "SECTION_SHIFT_OF_REQUESTS\nA,B\nSECTION_SHIFT_OFF_REQUESTS",
            );
        assert_eq!(
            mistakes(&bad),
            [
                "curtois.number 8",
                "curtois.unknown_shift 8",
                "curtois.unknown_shift 11",
                "curtois.limit 11",
                "curtois.duplicate 12",
                "curtois.number 12",
                "curtois.number 15",
                "curtois.values 16",
                "curtois.values 20",
                "curtois.section 22",
                "curtois.unknown_employee 25",
                "curtois.number 26",
                "curtois.duplicate 30"
            ]
        );
        let findings = Instance::read("bad.txt", &bad).expect_err("there is a mistake");
        assert_eq!(findings[1].column, Some(8));
        assert_eq!(findings[3].message, "`A` is to work at least 2400 minutes and at most 960");
        assert_eq!(mistakes("").len(), 4);
        assert_eq!(mistakes("7\n").len(), 5);
        // Two days of 10 hours at most.
        let short = TINY.replace("\n7\n", "\n2\n").replace("2400,960", "2400,1201");
        assert_eq!(mistakes(&short)[0], "curtois.limit 11");
        assert_eq!(mistakes(&TINY.replace("\n7\n", "\nseven\n")), ["curtois.number 3"]);
        assert_eq!(mistakes(&TINY.replace("\n7\n", "\n7\n8\n")), ["curtois.horizon 4"]);
        assert_eq!(mistakes(&TINY.replace("\n7\n", "\n")), ["curtois.horizon 2"]);
        assert_eq!(mistakes(&TINY.replace("\n7\n", "\n400\n")), ["curtois.number 3"]);
    }

    #[test]
    fn no_text_makes_it_panic() {
        for end in 0..TINY.len() {
            if let Ok(instance) = Instance::read("cut.txt", &TINY[..end]) {
                let _ = instance.scenario();
            }
        }
        let lines: Vec<&str> = TINY.lines().collect();
        for at in 0..lines.len() {
            for other in [
                "",
                ",,,,,,,",
                "=|=,|,=",
                "SECTION_STAFF",
                "SECTION_\u{e9}",
                "\u{e9},\u{2003},\u{1F600}",
                "A,A,A,A,A,A,A,A,A",
            ] {
                let mut lines = lines.clone();
                lines[at] = other;
                if let Ok(instance) = Instance::read("odd.txt", &lines.join("\r\n")) {
                    let _ = instance.scenario();
                }
            }
        }
    }

    #[test]
    fn odd_names_become_ids() {
        let text = TINY.replace("A,", "Ann Lee,").replace("E,", "early:1,").replace("E=", "early:1=");
        let text = text.replace(",E\n", ",early:1\n");
        let scenario = Instance::read("odd.txt", &text).expect("reads").scenario();
        assert_eq!(scenario.people[0].id, "Ann_Lee");
        assert_eq!(scenario.people[0].name.as_deref(), Some("Ann Lee"));
        assert_eq!(scenario.calendar.shifts[0].id, "early_1");
    }
}
