//! The ASOCIO Student Challenge 2025: people, desks, days, teams, zones, desks that suit and wished days
//! (JSON).
//!
//! Two readings are published. `model_f` is one sum to be as large as can be: wished days on site, less
//! unwished days, zones used by a team and days short of two. `lexicographic` asks for two days each, then as
//! many wished days as can be, then as few person-days alone in a zone as can be.
//!
//! Desks that suit are `for` on the desks; a team is a team; the days are a week from a Monday.

use super::{ids, name, plain_calendar, plain_scenario, rule, visits, who, Better, Figure, Score};
use rota_core::date::{Date, On};
use rota_core::finding::Finding;
use rota_core::reading;
use rota_core::select::Who;
use rota_core::typed::{Assignment, Desk, Person, Site, Wish, WorkPlace, Zone};
use rota_core::Weekday;
use rota_rules::{RuleEntry, Scenario};
use serde_json::json;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The first day: the files name weekdays only.
fn monday() -> Date {
    Date::new(2025, 1, 6)
}

/// Which published objective is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reading {
    /// The largest sum: 100 for each wished day on site, -10 for each other day on site, -5 for each zone
    /// that a team uses on a day, -100 for each day short of 2. At most 3 days each, at most 2 zones for a
    /// team on a day, nobody alone in a zone, one desk for each person, one day with the whole team.
    #[default]
    ModelF,
    /// Exactly 2 days each and one day with the whole team; then the most wished days; then the fewest
    /// person-days alone in a zone.
    Lexicographic,
}

impl Reading {
    /// As it is typed.
    pub fn word(self) -> &'static str {
        match self {
            Reading::ModelF => "model_f",
            Reading::Lexicographic => "lexicographic",
        }
    }
}

/// One instance. Everything is named by its number in its list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Instance {
    employees: Vec<String>,
    desks: Vec<String>,
    days: Vec<String>,
    groups: Vec<String>,
    zones: Vec<String>,
    /// The zone of each desk.
    zone_of: Vec<usize>,
    /// The desks that suit each employee.
    suits: Vec<BTreeSet<usize>>,
    /// The group of each employee.
    group_of: Vec<usize>,
    /// The wished days of each employee.
    wished: Vec<BTreeSet<usize>>,
    findings: Vec<Finding>,
}

// ---------------------------------------------------------------- reading

const LISTS: [(&str, &str); 5] =
    [("Employees", "employee"), ("Desks", "desk"), ("Days", "day"), ("Groups", "group"), ("Zones", "zone")];
/// Whose lists they are and what stands in them, as numbers of `LISTS`.
const MAPS: [(&str, usize, usize); 4] = [
    ("Desks_Z", ZONES, DESKS),
    ("Desks_E", EMPLOYEES, DESKS),
    ("Employees_G", GROUPS, EMPLOYEES),
    ("Days_E", EMPLOYEES, DAYS),
];
const EMPLOYEES: usize = 0;
const DESKS: usize = 1;
const DAYS: usize = 2;
const GROUPS: usize = 3;
const ZONES: usize = 4;
const DESKS_Z: usize = 0;
const DESKS_E: usize = 1;
const EMPLOYEES_G: usize = 2;
const DAYS_E: usize = 3;

struct Reader<'t> {
    inner: reading::Reader<'t>,
    /// Whether a part could not be read, so that what follows from it means nothing.
    broken: bool,
    /// The maps in which a name is not known, so that what seems missing there may be that name.
    mistyped: BTreeSet<&'static str>,
}

impl<'t> Reader<'t> {
    fn mistake(&mut self, pointer: &str, code: &str, message: String, help: &str) {
        self.inner.report(Finding::error(&format!("asocio25.{code}"), pointer, message).help(help));
    }

    /// The fields of the document that the format has, each once.
    fn fields(&mut self, members: Vec<(String, &'t RawValue)>) -> HashMap<String, &'t RawValue> {
        let known: Vec<&str> =
            LISTS.iter().map(|(name, _)| *name).chain(MAPS.iter().map(|(name, ..)| *name)).collect();
        let mut fields: HashMap<String, &RawValue> = HashMap::new();
        for (field, raw) in members {
            let pointer = format!("/{}", rota_core::finding::pointer_part(&field));
            if !known.contains(&field.as_str()) {
                let finding = Finding::warning(
                    "asocio25.field",
                    pointer,
                    format!("the field `{field}` is not part of the format and is not read"),
                );
                let finding = finding
                    .did_you_mean(&field, known.iter().copied())
                    .or_help(format!("the fields are {}", known.join(", ")));
                self.inner.report_name(finding, "", &field);
                continue;
            }
            let name = field.clone();
            if fields.insert(field, raw).is_some() {
                let message = format!("the field `{name}` is there twice");
                let finding = Finding::error("asocio25.twice", pointer, message);
                self.inner.report_name(finding.help("keep one of the two"), "", &name);
            }
        }
        for field in known {
            if !fields.contains_key(field) {
                self.mistake(
                    "",
                    "missing",
                    format!("the field `{field}` is missing"),
                    "is this a file of the ASOCIO Student Challenge 2025?",
                );
                self.broken = true;
            }
        }
        fields
    }

    /// The names of a list, each once.
    fn names(&mut self, raw: &'t RawValue, field: &str, what: &str) -> Vec<String> {
        let pointer = format!("/{field}");
        let Some(names) = self.inner.item::<Vec<String>>(raw, &pointer) else {
            self.broken = true;
            return Vec::new();
        };
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (at, name) in names.iter().enumerate() {
            if seen.insert(name, at).is_some() {
                let message = format!("the {what} `{name}` is there twice");
                self.mistake(&format!("{pointer}/{at}"), "twice", message, "keep one of the two");
            }
        }
        if names.is_empty() {
            let message = format!("there is no {what}");
            self.mistake(&pointer, "empty", message, &format!("name at least one {what}"));
        }
        names
    }

    /// For each of one list, which of another: by number, in the order of the file.
    fn lists(
        &mut self,
        raw: &'t RawValue,
        map: (&'static str, usize, usize),
        names: &[Vec<String>],
    ) -> Vec<Option<Vec<(usize, String)>>> {
        let (field, whose, what) = map;
        let pointer = format!("/{field}");
        let mut lists: Vec<Option<Vec<(usize, String)>>> = vec![None; names[whose].len()];
        let Some(members) = self.inner.members(raw, &pointer) else {
            self.broken = true;
            return lists;
        };
        let index = |list: usize| -> HashMap<&str, usize> {
            names[list].iter().enumerate().rev().map(|(at, name)| (name.as_str(), at)).collect()
        };
        let (owners, values) = (index(whose), index(what));
        for (owner, raw) in members {
            let place = format!("{pointer}/{}", rota_core::finding::pointer_part(&owner));
            let listed = self.inner.item::<Vec<String>>(raw, &place);
            let Some(listed) = listed else {
                self.broken = true;
                continue;
            };
            let Some(at) = owners.get(owner.as_str()).copied() else {
                self.unknown(&place, LISTS[whose], &owner, &names[whose], Some((&pointer, &owner)));
                self.mistyped.insert(field);
                continue;
            };
            if lists[at].is_some() {
                let message = format!("`{owner}` is there twice in {field}");
                let finding = Finding::error("asocio25.twice", place.clone(), message);
                self.inner.report_name(finding.help("keep one of the two"), &pointer, &owner);
                continue;
            }
            let mut found: Vec<(usize, String)> = Vec::new();
            for (number, name) in listed.iter().enumerate() {
                let place = format!("{place}/{number}");
                match values.get(name.as_str()).copied() {
                    None => {
                        self.unknown(&place, LISTS[what], name, &names[what], None);
                        self.mistyped.insert(field);
                    }
                    Some(value) if found.iter().any(|(other, _)| *other == value) => {
                        let message = format!("`{name}` is there twice for `{owner}`");
                        self.mistake(&place, "twice", message, "keep one of the two");
                    }
                    Some(value) => found.push((value, place)),
                }
            }
            lists[at] = Some(found);
        }
        for (owner, list) in names[whose].iter().zip(&lists) {
            if list.is_none() && !self.broken && !self.mistyped.contains(field) {
                let message = format!("{field} has no list for the {} `{owner}`", LISTS[whose].1);
                self.mistake(&pointer, "missing", message, &format!("add \"{owner}\": []"));
            }
        }
        lists
    }

    fn unknown(
        &mut self,
        place: &str,
        (list, what): (&str, &str),
        name: &str,
        names: &[String],
        key: Option<(&str, &str)>,
    ) {
        // What is missing because its list could not be read is no mistake of its own.
        if self.broken {
            return;
        }
        let code = format!("asocio25.unknown_{what}");
        let finding = Finding::error(&code, place, format!("there is no {what} `{name}`"))
            .did_you_mean(name, names.iter().map(String::as_str))
            .or_help(format!("add it to {list}, or correct the name"));
        match key {
            Some((pointer, key)) => self.inner.report_name(finding, pointer, key),
            None => self.inner.report(finding),
        }
    }

    /// The one owner of each of a list.
    fn one_each(
        &mut self,
        map: (&str, usize, usize),
        lists: &[Option<Vec<(usize, String)>>],
        names: &[Vec<String>],
    ) -> Vec<usize> {
        let (field, whose, what) = map;
        let mut owners: Vec<Option<usize>> = vec![None; names[what].len()];
        for (owner, list) in lists.iter().enumerate() {
            for (value, place) in list.iter().flatten() {
                if let Some(first) = owners[*value] {
                    let message = format!(
                        "the {} `{}` is in two {}s, `{}` and `{}`",
                        LISTS[what].1,
                        names[what][*value],
                        LISTS[whose].1,
                        names[whose][first],
                        names[whose][owner]
                    );
                    self.mistake(place, "two_places", message, "keep it in one of the two");
                } else {
                    owners[*value] = Some(owner);
                }
            }
        }
        for (value, owner) in owners.iter().enumerate() {
            let is_repeated = || names[what][..value].contains(&names[what][value]);
            if owner.is_none() && !self.broken && !self.mistyped.contains(field) && !is_repeated() {
                let message =
                    format!("the {} `{}` is in no {}", LISTS[what].1, names[what][value], LISTS[whose].1);
                self.mistake(
                    &format!("/{field}"),
                    "nowhere",
                    message,
                    &format!("add it to one list of {field}"),
                );
            }
        }
        owners.into_iter().map(Option::unwrap_or_default).collect()
    }
}

impl Instance {
    /// Reads an instance; or every mistake in it.
    pub fn read(file: &str, text: &str) -> Result<Instance, Vec<Finding>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader =
            Reader { inner: reading::Reader::new(text), broken: false, mistyped: BTreeSet::new() };
        let instance = Instance::parts(&mut reader);
        let (mut findings, _) = reader.inner.finish();
        for finding in &mut findings {
            finding.file = Some(file.to_string());
            if finding.code == "json.empty" {
                finding.help = Some("name a file of the ASOCIO Student Challenge 2025".to_string());
            }
        }
        findings.sort_by_key(|finding| (finding.level, finding.line, finding.column));
        match instance {
            Some(instance) if !findings.iter().any(Finding::is_error) => {
                Ok(Instance { findings, ..instance })
            }
            _ => Err(findings),
        }
    }

    fn parts(reader: &mut Reader<'_>) -> Option<Instance> {
        let members = reader.inner.document()?;
        let fields = reader.fields(members);
        let mut names: Vec<Vec<String>> = Vec::new();
        for (field, what) in LISTS {
            names.push(fields.get(field).map(|raw| reader.names(raw, field, what)).unwrap_or_default());
        }
        let mut lists: Vec<Vec<Option<Vec<(usize, String)>>>> = Vec::new();
        for map in MAPS {
            let none = || vec![None; names[map.1].len()];
            lists.push(fields.get(map.0).map_or_else(none, |raw| reader.lists(raw, map, &names)));
        }
        let days = names[DAYS].len();
        if !reader.broken && !(2..=7).contains(&days) {
            let message = format!("there are {days} days, and one week of 2 to 7 days can be read");
            reader.mistake("/Days", "days", message, "give the days of one week");
        }
        let zone_of = reader.one_each(MAPS[DESKS_Z], &lists[DESKS_Z], &names);
        let group_of = reader.one_each(MAPS[EMPLOYEES_G], &lists[EMPLOYEES_G], &names);
        if !reader.broken {
            for (employee, list) in names[EMPLOYEES].iter().zip(&lists[DESKS_E]) {
                if list.as_ref().is_some_and(Vec::is_empty) && !reader.mistyped.contains("Desks_E") {
                    let message = format!("no desk suits `{employee}`, who could not come to the team's day");
                    let place = format!("/Desks_E/{}", rota_core::finding::pointer_part(employee));
                    reader.mistake(&place, "no_desk", message, "name at least one desk");
                }
            }
        }
        let sets = |lists: &[Option<Vec<(usize, String)>>]| -> Vec<BTreeSet<usize>> {
            lists.iter().map(|list| list.iter().flatten().map(|(value, _)| *value).collect()).collect()
        };
        let (suits, wished) = (sets(&lists[DESKS_E]), sets(&lists[DAYS_E]));
        for (at, desk) in names[DESKS].iter().enumerate() {
            if !reader.broken
                && !reader.mistyped.contains("Desks_E")
                && !suits.iter().any(|suits| suits.contains(&at))
            {
                let message = format!("the desk `{desk}` suits nobody and is left out");
                let finding = Finding::note("asocio25.desk", format!("/Desks/{at}"), message);
                reader.inner.report(finding.help("if that is meant, nothing needs doing"));
            }
        }
        let mut names = names.into_iter();
        let mut next = || names.next().unwrap_or_default();
        // In the order of `LISTS`.
        let (employees, desks, days, groups, zones) = (next(), next(), next(), next(), next());
        let findings = Vec::new();
        Some(Instance { employees, desks, days, groups, zones, zone_of, suits, group_of, wished, findings })
    }

    /// Warnings and notes about the file.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Wished days of everybody together.
    fn all_wished(&self) -> usize {
        self.wished.iter().map(BTreeSet::len).sum()
    }
}

// ---------------------------------------------------------------- the scenario

impl Instance {
    /// How the benchmark's figure follows from the costs of a solve.
    pub fn figure(&self, reading: Reading) -> String {
        let wished = self.all_wished();
        match reading {
            Reading::ModelF => format!(
                "the benchmark's figure is {} - the cost at medium (100 for each of {wished} wished days; \
                 the higher the better)",
                100 * wished
            ),
            Reading::Lexicographic => format!(
                "the benchmark's figures are first the wished days, {wished} - the cost at high (the more \
                 the better), then the person-days alone in a zone, the cost at medium (the fewer the better)"
            ),
        }
    }

    /// The instance as a scenario.
    pub fn scenario(&self, reading: Reading) -> Scenario {
        let (employees, desks) = (ids(&self.employees), ids(&self.desks));
        let (groups, zones) = (ids(&self.groups), ids(&self.zones));
        let people = employees
            .iter()
            .enumerate()
            .map(|(at, id)| Person {
                id: id.clone(),
                name: name(&self.employees[at], id),
                team: Some(groups[self.group_of[at]].clone()),
                wishes: self.wished[at].iter().map(|day| on_site(Weekday::ALL[*day])).collect(),
                ..Person::default()
            })
            .collect();
        let mut places: Vec<Zone> = Vec::new();
        for (zone, id) in zones.iter().enumerate() {
            let mut seats = Vec::new();
            for (desk, desk_id) in desks.iter().enumerate().filter(|(desk, _)| self.zone_of[*desk] == zone) {
                let suited: Vec<String> = (0..employees.len())
                    .filter(|person| self.suits[*person].contains(&desk))
                    .map(|person| employees[person].clone())
                    .collect();
                if suited.is_empty() {
                    continue;
                }
                seats.push(Desk {
                    id: desk_id.clone(),
                    name: name(&self.desks[desk], desk_id),
                    for_: (suited.len() < employees.len()).then_some(Who::People(suited)),
                    ..Desk::default()
                });
            }
            let name = name(&self.zones[zone], id);
            places.push(Zone { id: id.clone(), name, desks: Some(seats), ..Zone::default() });
        }
        let site = Site { id: "office".to_string(), zones: places, ..Site::default() };
        let calendar = plain_calendar(monday(), self.days.len());
        let rules = match reading {
            Reading::ModelF => self.model_f(&employees),
            Reading::Lexicographic => self.lexicographic(),
        };
        Scenario { sites: vec![site], ..plain_scenario(calendar, people, rules) }
    }

    fn wishes(&self) -> bool {
        self.wished.iter().any(|days| !days.is_empty())
    }

    fn model_f(&self, employees: &[String]) -> Vec<RuleEntry> {
        let mut rules = vec![
            team_day(),
            rule("three-days", "At most 3 days", json!({ "days": { "at_most": 3 } })),
            rule("one-desk", "One desk for each person", json!({ "same_desk": {} })),
            rule(
                "nobody-alone",
                "Nobody of a team is alone in a zone",
                json!({ "accompanied": { "at_least": 2, "where": { "each": "zone" } }, "for_each": "team" }),
            ),
            rule(
                "two-days",
                "100 for each day short of 2",
                json!({ "days": { "at_least": 2 }, "strength": "medium", "weight": 100 }),
            ),
        ];
        // Between two zones nobody can be in a third.
        if self.zones.len() > 2 {
            let entry = json!({ "same_zone": { "at_most": 2 }, "for_each": "team" });
            rules.push(rule("two-zones", "A team is in at most 2 zones on a day", entry));
        }
        if self.wishes() {
            let entry = json!({ "wishes": {}, "strength": "medium", "weight": 100 });
            rules.push(rule("wished-days", "100 for each wished day", entry));
        }
        for (day, weekday) in Weekday::ALL.iter().enumerate().take(self.days.len()) {
            let others: Vec<usize> =
                (0..employees.len()).filter(|person| !self.wished[*person].contains(&day)).collect();
            if others.is_empty() {
                continue;
            }
            let days =
                json!({ "who": who(&others, employees), "when": { "weekdays": [weekday] }, "at_most": 0 });
            let entry = json!({ "days": days, "strength": "medium", "weight": 10 });
            let id = format!("unwished-{}", weekday.short().to_lowercase());
            rules.push(rule(&id, "10 for each day on site that is not wished", entry));
        }
        rules.push(rule(
            "zones-used",
            "5 for each zone that a team uses on a day",
            json!({ "same_zone": { "at_most": 0 }, "for_each": "team", "strength": "medium", "weight": 5 }),
        ));
        rules
    }

    fn lexicographic(&self) -> Vec<RuleEntry> {
        let mut rules = vec![
            team_day(),
            rule("two-days", "Exactly 2 days", json!({ "days": { "at_least": 2, "at_most": 2 } })),
        ];
        if self.wishes() {
            let entry = json!({ "wishes": {}, "strength": "high" });
            rules.push(rule("wished-days", "First, the most wished days", entry));
        }
        rules.push(rule(
            "nobody-alone",
            "Then, the fewest person-days alone in a zone",
            json!({
                "accompanied": { "at_least": 2, "where": { "each": "zone" } }, "for_each": "team",
                "strength": "medium"
            }),
        ));
        rules
    }
}

fn team_day() -> RuleEntry {
    rule("team-day", "One day with the whole team", json!({ "together": {}, "for_each": "team" }))
}

fn on_site(weekday: Weekday) -> Wish {
    Wish {
        on: On::Weekday(weekday),
        place: Some(WorkPlace::OnSite),
        shift: None,
        site: None,
        zone: None,
        desk: None,
        weight: 1.0,
        avoid: false,
    }
}

// ---------------------------------------------------------------- the benchmark's own figures

impl Instance {
    /// The published figures of a roster and the hard constraints it breaks; or mistakes in the roster, with
    /// pointers to its assignments.
    pub fn score(&self, reading: Reading, assignments: &[Assignment]) -> Result<Score, Vec<Finding>> {
        let desks = ids(&self.desks);
        let mut findings = Vec::new();
        // By person and day: the number of the desk.
        let mut seats: Vec<Vec<Option<usize>>> = vec![vec![None; self.days.len()]; self.employees.len()];
        let visits = visits(assignments, &ids(&self.employees), monday(), self.days.len())?;
        for (person, visits) in visits.iter().enumerate() {
            for (day, visit) in visits.iter().enumerate() {
                let Some((at, assignment)) = visit else { continue };
                let named = assignment.desk.as_deref().unwrap_or("");
                seats[person][day] = desks.iter().position(|desk| desk == named);
                if seats[person][day].is_none() {
                    let message = if named.is_empty() {
                        format!("`{}` is on site on {} without a desk", assignment.person, assignment.on)
                    } else {
                        format!("there is no desk `{named}` in the benchmark's file")
                    };
                    findings.push(
                        Finding::error("score.desk", format!("/assignments/{at}"), message)
                            .did_you_mean(named, desks.iter().map(String::as_str))
                            .or_help("name one of the file's desks"),
                    );
                }
            }
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(self.judged(reading, &seats))
    }

    fn judged(&self, reading: Reading, seats: &[Vec<Option<usize>>]) -> Score {
        let mut broken = Vec::new();
        let (mut wished, mut unwished, mut short) = (0usize, 0usize, 0usize);
        for (person, days) in seats.iter().enumerate() {
            let employee = &self.employees[person];
            let visits: Vec<(usize, usize)> =
                days.iter().enumerate().filter_map(|(day, desk)| desk.map(|desk| (day, desk))).collect();
            let own = visits.iter().filter(|(day, _)| self.wished[person].contains(day)).count();
            wished += own;
            unwished += visits.len() - own;
            short += 2usize.saturating_sub(visits.len());
            for (day, desk) in &visits {
                if !self.suits[person].contains(desk) {
                    let (desk, day) = (&self.desks[*desk], &self.days[*day]);
                    broken.push(format!("{employee} sits at {desk} on {day}, which does not suit"));
                }
            }
            let own_desks: BTreeSet<usize> = visits.iter().map(|(_, desk)| *desk).collect();
            match reading {
                Reading::ModelF => {
                    if visits.len() > 3 {
                        broken.push(format!("{employee} is on site on {} days, at most 3", visits.len()));
                    }
                    if own_desks.len() > 1 {
                        broken.push(format!("{employee} has {} desks, at most 1", own_desks.len()));
                    }
                }
                Reading::Lexicographic => {
                    if visits.len() != 2 {
                        broken.push(format!("{employee} is on site on {} days, exactly 2", visits.len()));
                    }
                }
            }
        }
        for (day, day_name) in self.days.iter().enumerate() {
            let mut taken: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
            for (person, days) in seats.iter().enumerate() {
                if let Some(desk) = days[day] {
                    taken.entry(desk).or_default().push(&self.employees[person]);
                }
            }
            for (desk, people) in taken.iter().filter(|(_, people)| people.len() > 1) {
                let desk = &self.desks[*desk];
                broken.push(format!("{} all sit at {desk} on {day_name}", people.join(", ")));
            }
        }
        let (mut zones_used, mut alone) = (0usize, 0usize);
        for (group, group_name) in self.groups.iter().enumerate() {
            let members: Vec<usize> =
                (0..self.employees.len()).filter(|person| self.group_of[*person] == group).collect();
            let mut whole = members.is_empty();
            for (day, day_name) in self.days.iter().enumerate() {
                // By zone: how many of the group.
                let mut there: BTreeMap<usize, usize> = BTreeMap::new();
                for person in &members {
                    if let Some(desk) = seats[*person][day] {
                        *there.entry(self.zone_of[desk]).or_default() += 1;
                    }
                }
                whole |= there.values().sum::<usize>() == members.len();
                zones_used += there.len();
                for (zone, _) in there.iter().filter(|(_, people)| **people == 1) {
                    alone += 1;
                    if reading == Reading::ModelF {
                        let zone = &self.zones[*zone];
                        broken.push(format!("one of {group_name} is alone in {zone} on {day_name}"));
                    }
                }
                if reading == Reading::ModelF && there.len() > 2 {
                    broken.push(format!("{group_name} is in {} zones on {day_name}, at most 2", there.len()));
                }
            }
            if !whole {
                broken.push(format!("{group_name} has no day with the whole team"));
            }
        }
        let count = |number: usize| number as f64;
        let parts = vec![
            Figure::part("wished days on site", count(wished)),
            Figure::part("other days on site", count(unwished)),
            Figure::part("zones used by a team on a day", count(zones_used)),
            Figure::part("days short of 2", count(short)),
            Figure::part("person-days alone in a zone", count(alone)),
        ];
        let figures = match reading {
            Reading::ModelF => {
                let sum = 100.0 * count(wished)
                    - 10.0 * count(unwished)
                    - 5.0 * count(zones_used)
                    - 100.0 * count(short);
                vec![Figure::main("objective", sum, Better::More)]
            }
            Reading::Lexicographic => vec![
                Figure::main("wished days", count(wished), Better::More),
                Figure::main("person-days alone", count(alone), Better::Fewer),
            ],
        };
        Score { figures, parts, broken }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::tests::{drawn, judged, Dice};
    use crate::import::{import, Source};

    /// Two teams of two, two zones of two desks, three days. E2 has one desk that suits, E3 the other of its
    /// zone.
    const TINY: &str = r#"{
  "Employees": ["E0", "E1", "E2", "E3"],
  "Desks": ["D0", "D1", "D2", "D3"],
  "Days": ["L", "Ma", "Mi"],
  "Groups": ["G0", "G1"],
  "Zones": ["Z0", "Z1"],
  "Desks_Z": { "Z0": ["D0", "D1"], "Z1": ["D2", "D3"] },
  "Desks_E": { "E0": ["D0", "D2"], "E1": ["D1", "D3"], "E2": ["D2"], "E3": ["D0", "D3"] },
  "Employees_G": { "G0": ["E0", "E1"], "G1": ["E2", "E3"] },
  "Days_E": { "E0": ["L", "Mi"], "E1": ["L", "Ma"], "E2": ["Ma"], "E3": ["L", "Ma", "Mi"] }
}"#;

    fn tiny() -> Instance {
        Instance::read("tiny.json", TINY).expect("reads")
    }

    fn score(reading: Reading, lines: &[&str]) -> (Vec<f64>, Vec<f64>, Vec<String>) {
        let score = tiny().score(reading, &drawn(monday(), lines, |c, desk| c.desk = desk)).expect("reads");
        let values = |figures: &[Figure]| figures.iter().map(|figure| figure.value).collect();
        (values(&score.figures), values(&score.parts), score.broken)
    }

    /// ```text
    ///       L   Ma  Mi    wished
    /// E0    D0  D0  D0    L  Mi
    /// E1    D1  D1  -     L  Ma
    /// E2    D2  D2  -     Ma
    /// E3    D3  D3  -     L  Ma  Mi
    /// ```
    /// Wished days on site: E0 2, E1 2, E2 1, E3 2 = 7. Others: E0 on Ma, E2 on L = 2. Zones used by a team:
    /// G0 3, G1 2 = 5. Nobody is short. 700 - 20 - 25 = 655. E0 is alone in Z0 on Mi. In the other reading E0
    /// has three days; with E0 at home on Ma instead, all have two, 7 days are wished, and two person-days
    /// are alone.
    #[test]
    fn counted_by_hand() {
        let lines = ["E0: D0 D0 D0", "E1: D1 D1 -", "E2: D2 D2 -", "E3: D3 D3 -"];
        let (figures, parts, broken) = score(Reading::ModelF, &lines);
        assert_eq!(figures, [655.0]);
        assert_eq!(parts, [7.0, 2.0, 5.0, 0.0, 1.0]);
        assert_eq!(broken, ["one of G0 is alone in Z0 on Mi"]);
        assert_eq!(score(Reading::Lexicographic, &lines).2, ["E0 is on site on 3 days, exactly 2"]);
        let lines = ["E0: D0 - D0", "E1: D1 D1 -", "E2: D2 D2 -", "E3: D3 D3 -"];
        assert_eq!(score(Reading::Lexicographic, &lines).0, [7.0, 2.0]);
        assert!(score(Reading::Lexicographic, &lines).2.is_empty());
    }

    /// E0 changes desks and sits at one that does not suit, where E1 sits too; E2 and E3 never meet, and are
    /// short of a day each.
    #[test]
    fn broken_constraints_are_named() {
        let lines = ["E0: D0 D1 -", "E1: D1 D1 -", "E2: D2 - -", "E3: - - D3"];
        let (figures, parts, broken) = score(Reading::ModelF, &lines);
        assert_eq!(parts, [4.0, 2.0, 4.0, 2.0, 2.0]);
        assert_eq!(figures, [400.0 - 20.0 - 20.0 - 200.0]);
        assert_eq!(
            broken,
            [
                "E0 sits at D1 on Ma, which does not suit",
                "E0 has 2 desks, at most 1",
                "E0, E1 all sit at D1 on Ma",
                "one of G1 is alone in Z1 on L",
                "one of G1 is alone in Z1 on Mi",
                "G1 has no day with the whole team"
            ]
        );
    }

    /// On any roster the scenario's rules and the benchmark's own count agree, in what is kept and in every
    /// figure.
    #[test]
    fn rules_and_figures_agree() {
        let mut dice = Dice(1);
        let instance = tiny();
        let good = [["D0", "D0", "-"], ["D1", "D1", "-"], ["D2", "D2", "-"], ["D3", "D3", "-"]];
        for reading in [Reading::ModelF, Reading::Lexicographic] {
            let scenario = import(Source::Asocio25(reading), "tiny.json", TINY).expect("reads").scenario;
            let (mut kept, mut broken) = (0, 0);
            for round in 0..600 {
                let mut cells = good;
                for _ in 0..dice.below(if round % 2 == 0 { 3 } else { 12 }) {
                    cells[dice.below(4)][dice.below(3)] = ["-", "D0", "D1", "D2", "D3"][dice.below(5)];
                }
                let lines: Vec<String> = cells
                    .iter()
                    .enumerate()
                    .map(|(at, cells)| format!("E{at}: {}", cells.join(" ")))
                    .collect();
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                let assignments = drawn(monday(), &lines, |cell, desk| cell.desk = desk);
                let score = instance.score(reading, &assignments).expect("reads");
                let (keeps, high, medium) = judged(&scenario, &assignments);
                assert_eq!(keeps, score.broken.is_empty(), "{lines:?} {:?}", score.broken);
                let figures: Vec<f64> = score.figures.iter().map(|figure| figure.value).collect();
                match reading {
                    Reading::ModelF => assert_eq!(figures, [800.0 - medium], "{lines:?}"),
                    Reading::Lexicographic => assert_eq!(figures, [8.0 - high, medium], "{lines:?}"),
                }
                if keeps {
                    kept += 1;
                } else {
                    broken += 1;
                }
            }
            assert!(kept > 20 && broken > 20, "{kept} kept, {broken} broken");
        }
    }

    fn mistakes(text: &str) -> Vec<String> {
        let findings = Instance::read("bad.json", text).expect_err("there is a mistake");
        assert!(
            findings.iter().all(|finding| finding.help.is_some() && finding.file.is_some()),
            "{findings:?}"
        );
        let place = |finding: &Finding| finding.line.map_or(String::new(), |line| format!(" {line}"));
        findings
            .iter()
            .filter(|finding| finding.is_error())
            .map(|finding| format!("{}{}", finding.code, place(finding)))
            .collect()
    }

    #[test]
    fn every_mistake_is_told_with_its_line() {
        let bad = TINY
            .replace(r#""Desks": ["D0","#, r#""Desks": ["D0", "D0","#)
            .replace(r#""Z1": ["D2","#, r#""Z1": ["D1", "D2","#)
            .replace(r#""E1": ["D1", "D3"]"#, r#""E1": ["D9"]"#)
            .replace(r#""G1": ["E2", "E3"]"#, r#""G1": ["E2"]"#)
            .replace(r#""E2": ["Ma"], "#, r#""E2": ["Ma", "Ma"], "E2": [], "#);
        assert_eq!(
            mistakes(&bad),
            [
                "asocio25.twice 3",
                "asocio25.two_places 7",
                "asocio25.unknown_desk 8",
                "asocio25.nowhere 9",
                "asocio25.twice 10",
                "asocio25.twice 10"
            ]
        );
        assert_eq!(mistakes("{}").len(), 9);
        assert_eq!(mistakes(""), ["json.empty 1"]);
        assert_eq!(mistakes("[]").len(), 1);
        assert_eq!(mistakes("{ \"Employees\": ").len(), 1);
        assert_eq!(mistakes(&TINY.replace(r#""Days": ["L", "Ma", "Mi"]"#, r#""Days": "L""#)).len(), 1);
        let alone = TINY.replace(r#""E2": ["D2"]"#, r#""E2": []"#);
        assert_eq!(mistakes(&alone), ["asocio25.no_desk 8"]);
        let one_day =
            TINY.replace(r#", "Ma", "Mi"],"#, "],").replace(r#""Ma""#, r#""L""#).replace(r#""Mi""#, r#""L""#);
        assert!(mistakes(&one_day).contains(&"asocio25.days 4".to_string()), "{one_day}");
    }

    #[test]
    fn no_text_makes_it_panic() {
        for end in (0..TINY.len()).filter(|end| TINY.is_char_boundary(*end)) {
            assert!(Instance::read("cut.json", &TINY[..end]).is_err());
        }
        for (at, _) in TINY.match_indices('"') {
            let _ = Instance::read("odd.json", &format!("{}\"x{}", &TINY[..at], &TINY[at + 1..]));
            let _ = Instance::read("odd.json", &format!("{}[{}", &TINY[..at], &TINY[at..]));
        }
    }

    #[test]
    fn a_desk_for_nobody_is_left_out_with_a_note() {
        let text = TINY.replace(r#""E1": ["D1", "D3"]"#, r#""E1": ["D3"]"#);
        let imported = import(Source::Asocio25(Reading::ModelF), "tiny.json", &text).expect("reads");
        assert_eq!(imported.findings.len(), 1);
        assert_eq!(imported.findings[0].code, "asocio25.desk");
        let zones = &imported.scenario.sites[0].zones;
        assert_eq!(zones[0].desks.as_ref().map(Vec::len), Some(1));
    }
}
