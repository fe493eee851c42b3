//! Public benchmarks as ordinary scenarios, and their own figures as a second witness.
//!
//! Each format has a file of its own that reads it, turns it into a scenario of ordinary rules and weights,
//! and works out the benchmark's own figure from the benchmark's file and a roster. The figure knows nothing
//! of Rota's rules: it is another reading of the same page, so that the two can disagree.
//!
//! Invariants: every mistake in a file is a finding with its line and a remedy, all of them in one run;
//! nothing here panics on any text; ids of the benchmark are kept wherever they are legal.

pub mod asocio25;
pub mod curtois;

use crate::document::FORMAT;
use crate::rosters::{place, read_assignments};
use rota_core::date::Date;
use rota_core::finding::Finding;
use rota_core::roster::Place;
use rota_core::site::is_id;
use rota_core::typed::{Assignment, Calendar, DefaultPlace, Person};
use rota_core::Weekday;
use rota_rules::{RuleEntry, Scenario};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{json, Value};
use std::collections::HashSet;
use std::path::Path;

/// A published file format, with the reading that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The shift-scheduling instances of Curtois and Qu (text).
    Curtois,
    /// The ASOCIO Student Challenge 2025 (JSON).
    Asocio25(asocio25::Reading),
}

impl Source {
    fn kind(self) -> &'static str {
        match self {
            Source::Curtois => "curtois",
            Source::Asocio25(_) => "asocio25",
        }
    }

    fn reading(self) -> Option<&'static str> {
        match self {
            Source::Curtois => None,
            Source::Asocio25(reading) => Some(reading.word()),
        }
    }
}

/// A benchmark's file as a scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The scenario.
    pub scenario: Scenario,
    /// How the benchmark's figure follows from the costs of a solve, in one sentence.
    pub figure: String,
    /// Warnings and notes about the file.
    pub findings: Vec<Finding>,
}

/// Reads a benchmark's file and makes a scenario of it; or every mistake in it. `file` is its name.
pub fn import(source: Source, file: &str, text: &str) -> Result<Imported, Vec<Finding>> {
    let title = Path::new(file).file_stem().filter(|_| file != "-").map(|stem| stem.to_string_lossy());
    let mut imported = match source {
        Source::Curtois => {
            let instance = curtois::Instance::read(file, text)?;
            Imported {
                scenario: instance.scenario(),
                figure: instance.figure(),
                findings: instance.findings().to_vec(),
            }
        }
        Source::Asocio25(reading) => {
            let instance = asocio25::Instance::read(file, text)?;
            Imported {
                scenario: instance.scenario(reading),
                figure: instance.figure(reading),
                findings: instance.findings().to_vec(),
            }
        }
    };
    imported.scenario.title = Some(match (title, source.reading()) {
        (Some(title), Some(reading)) => format!("{title} ({}, {reading})", source.kind()),
        (Some(title), None) => format!("{title} ({})", source.kind()),
        (None, _) => source.kind().to_string(),
    });
    imported.scenario.note = Some(json!({ "figure": imported.figure }));
    Ok(imported)
}

/// The benchmark's own figure of a roster, worked out from the benchmark's file without any rule of Rota.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScoreDocument {
    /// The version of the format: 1.
    pub score: u32,
    /// `curtois` or `asocio25`.
    pub kind: String,
    /// The reading, where the benchmark has more than one.
    pub reading: Option<String>,
    /// Whether every hard constraint of the benchmark is kept.
    pub valid: bool,
    /// The figure, or several where one counts before the next.
    pub figures: Vec<Figure>,
    /// What they are made of.
    pub parts: Vec<Figure>,
    /// The hard constraints that are broken, one sentence each.
    pub broken: Vec<String>,
}

/// A number with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figure {
    /// What is counted.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Whether `more` or `fewer` is better; none for parts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<Better>,
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The larger the better.
    More,
    /// The smaller the better.
    Fewer,
}

impl Figure {
    fn part(name: &str, value: f64) -> Figure {
        Figure { name: name.to_string(), value, better: None }
    }

    fn main(name: &str, value: f64, better: Better) -> Figure {
        Figure { name: name.to_string(), value, better: Some(better) }
    }
}

/// What a benchmark says of a roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The figure, or several where one counts before the next.
    pub figures: Vec<Figure>,
    /// What they are made of.
    pub parts: Vec<Figure>,
    /// The hard constraints that are broken.
    pub broken: Vec<String>,
}

/// The benchmark's figure of a roster file (`.json` or `.csv`); or every mistake in the two.
pub fn score(source: Source, file: &str, text: &str, roster: &str) -> Result<ScoreDocument, Vec<Finding>> {
    let read = crate::files::read_text(roster);
    let read = read.map_err(|what| vec![crate::rosters::file_problem(roster, what)]);
    let judge = |assignments: &[Assignment]| match source {
        Source::Curtois => curtois::Instance::read(file, text).map(|instance| instance.score(assignments)),
        Source::Asocio25(reading) => {
            asocio25::Instance::read(file, text).map(|instance| instance.score(reading, assignments))
        }
    };
    // Mistakes in both files are told in one run.
    let (assignments, mut findings, roster_text) = match read {
        Ok(text) => {
            let (assignments, findings) = read_assignments(roster, &text);
            (assignments, findings, text)
        }
        Err(findings) => (Vec::new(), findings, String::new()),
    };
    let judged = match judge(&assignments) {
        Ok(judged) => judged,
        Err(more) => {
            findings.extend(more);
            return Err(findings);
        }
    };
    if !findings.is_empty() {
        return Err(findings);
    }
    let score = judged.map_err(|mut findings| {
        place(roster, &roster_text, &mut findings);
        few(findings)
    })?;
    Ok(ScoreDocument {
        score: FORMAT,
        kind: source.kind().to_string(),
        reading: source.reading().map(str::to_string),
        valid: score.broken.is_empty(),
        figures: score.figures,
        parts: score.parts,
        broken: score.broken,
    })
}

/// Of many mistakes of one kind the first five, and how many more there are.
fn few(findings: Vec<Finding>) -> Vec<Finding> {
    const FEW: usize = 5;
    let mut told: Vec<Finding> = Vec::new();
    // By kind, in the order met: how many, and which finding to tell the rest with.
    let mut kinds: Vec<(String, usize, Option<Finding>)> = Vec::new();
    for finding in findings {
        let at = kinds.iter().position(|(code, ..)| *code == finding.code).unwrap_or_else(|| {
            kinds.push((finding.code.clone(), 0, None));
            kinds.len() - 1
        });
        let (_, number, next) = &mut kinds[at];
        *number += 1;
        if *number <= FEW {
            told.push(finding);
        } else {
            next.get_or_insert(finding);
        }
    }
    for (_, number, next) in kinds {
        let Some(mut next) = next else { continue };
        if number > FEW + 1 {
            next.message = format!("and {} more of this kind, the first of them here", number - FEW);
            next.help = Some("mend the cause of the first, and read it again".to_string());
        }
        told.push(next);
    }
    told
}

// ---------------------------------------------------------------- shared by the formats

/// A scenario of these people and rules in which no place is preferred.
fn plain_scenario(calendar: Calendar, people: Vec<Person>, rules: Vec<RuleEntry>) -> Scenario {
    Scenario {
        schema: None,
        scenario: rota_rules::scenario::FORMAT,
        default_place: DefaultPlace::None,
        title: None,
        note: None,
        calendar,
        people,
        sites: Vec::new(),
        rules,
        history: None,
        previous: Vec::new(),
        ties: Vec::new(),
    }
}

/// A calendar of so many days from a Monday; with more than 7, every weekday is a work day.
fn plain_calendar(from: Date, days: usize) -> Calendar {
    Calendar {
        from,
        to: from.plus(days as i64 - 1),
        work_days: Weekday::ALL[..days.min(7)].to_vec(),
        closed: Vec::new(),
        shifts: Vec::new(),
        anchor: None,
        time_zone: None,
    }
}

/// A rule as a scenario has it. An id that would be no id is left out.
fn rule(id: &str, because: &str, mut entry: Value) -> RuleEntry {
    if is_id(id) {
        entry["id"] = Value::from(id);
    }
    entry["because"] = Value::from(because);
    serde_json::from_value(entry).expect("the importers write rules that are rules")
}

/// These of all: `"everyone"`, or by id.
fn who(members: &[usize], ids: &[String]) -> Value {
    if members.len() == ids.len() {
        return Value::from("everyone");
    }
    json!({ "people": members.iter().map(|at| ids[*at].as_str()).collect::<Vec<_>>() })
}

/// An id for each name: itself where that is legal, else the nearest to it that is legal and free.
fn ids(names: &[String]) -> Vec<String> {
    const LONGEST: usize = 64;
    let mut taken: HashSet<String> = names.iter().filter(|name| is_id(name)).cloned().collect();
    let mut ids = Vec::with_capacity(names.len());
    for name in names {
        if is_id(name) {
            ids.push(name.clone());
            continue;
        }
        let legal = |c: char| if c.is_alphanumeric() || "_.@-".contains(c) { c } else { '_' };
        let bare: String = name.chars().map(legal).take(LONGEST).collect();
        let bare = if bare.is_empty() { "_".to_string() } else { bare };
        let mut id = bare.clone();
        let mut number = 2;
        while !taken.insert(id.clone()) {
            let ending = format!("-{number}");
            id = bare.chars().take(LONGEST - ending.len()).chain(ending.chars()).collect();
            number += 1;
        }
        ids.push(id);
    }
    ids
}

/// The name to show, where the id is not the name.
fn name(name: &str, id: &str) -> Option<String> {
    (name != id).then(|| name.to_string())
}

/// Where each person is on each day as a roster has it: by person and day, the assignment where on site.
///
/// Findings carry the pointer of the assignment; ids are those of the scenario.
fn visits<'a>(
    assignments: &'a [Assignment],
    ids: &[String],
    from: Date,
    days: usize,
) -> Result<Vec<Vec<Option<(usize, &'a Assignment)>>>, Vec<Finding>> {
    if let Some(other) = of_other_file(assignments, ids, from, days) {
        return Err(vec![other]);
    }
    let mut findings = Vec::new();
    let mut visits: Vec<Vec<Option<(usize, &Assignment)>>> = vec![vec![None; days]; ids.len()];
    let mut seen: HashSet<(usize, usize)> = HashSet::new();
    for (at, assignment) in assignments.iter().enumerate() {
        let pointer = |field: &str| format!("/assignments/{at}/{field}");
        let person = ids.iter().position(|id| *id == assignment.person);
        if person.is_none() {
            let message = format!("there is no person `{}` in the benchmark's file", assignment.person);
            findings.push(
                Finding::error("score.unknown_person", pointer("person"), message)
                    .did_you_mean(&assignment.person, ids.iter().map(String::as_str))
                    .or_help("name the file that the roster was made from"),
            );
        }
        let day = usize::try_from(assignment.on.since(from)).ok().filter(|day| *day < days);
        if day.is_none() {
            let to = from.plus(days as i64 - 1);
            let message =
                format!("{} is no day of the benchmark's file: it is {from} to {to}", assignment.on);
            findings.push(
                Finding::error("score.other_days", pointer("on"), message)
                    .help("name the file that the roster was made from"),
            );
        }
        let (Some(person), Some(day)) = (person, day) else { continue };
        if !seen.insert((person, day)) {
            let message = format!("`{}` is there twice on {}", assignment.person, assignment.on);
            findings.push(
                Finding::error("score.twice", format!("/assignments/{at}"), message)
                    .help("keep one of the two lines"),
            );
        } else if assignment.place == Place::OnSite {
            visits[person][day] = Some((at, assignment));
        }
    }
    if findings.is_empty() {
        Ok(visits)
    } else {
        Err(findings)
    }
}

/// What to say of a roster that was made from another file: most of its people are not in this one, or none of
/// its days.
fn of_other_file(assignments: &[Assignment], ids: &[String], from: Date, days: usize) -> Option<Finding> {
    let known: HashSet<&str> = ids.iter().map(String::as_str).collect();
    let people: HashSet<&str> = assignments.iter().map(|assignment| assignment.person.as_str()).collect();
    let strange = people.iter().filter(|person| !known.contains(**person)).count();
    let to = from.plus(days as i64 - 1);
    let first = assignments.iter().map(|assignment| assignment.on).min()?;
    let last = assignments.iter().map(|assignment| assignment.on).max()?;
    let why = if strange * 2 > people.len() {
        let number = people.len();
        let are = if strange == 1 { "is" } else { "are" };
        format!("{strange} of the {number} people in it {are} not in the benchmark's file")
    } else if first > to || last < from {
        format!("it is for {first} to {last}, and the benchmark's file for {from} to {to}")
    } else {
        return None;
    };
    let message = format!("this roster was made from another file: {why}");
    Some(
        Finding::error("score.other_file", "/assignments", message)
            .help("name the file that the roster was made from"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_core::Roster;
    use rota_rules::judge::Judgement;
    use rota_rules::{Problem, Strength};

    /// A stream of numbers that is the same everywhere.
    pub struct Dice(pub u64);

    impl Dice {
        pub fn below(&mut self, limit: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((self.0 >> 33) as usize) % limit
        }
    }

    /// A roster from lines such as `A: - E E`: at home where there is a mark, else on site with that name.
    pub fn drawn(
        from: Date,
        lines: &[&str],
        put: impl Fn(&mut Assignment, Option<String>),
    ) -> Vec<Assignment> {
        let mut assignments = Vec::new();
        for line in lines {
            let (person, days) = line.split_once(": ").expect("a name and days");
            for (day, named) in days.split(' ').enumerate() {
                let mut assignment = Assignment {
                    person: person.to_string(),
                    on: from.plus(day as i64),
                    place: if named == "-" { Place::Home } else { Place::OnSite },
                    shift: None,
                    site: None,
                    zone: None,
                    desk: None,
                    duty: None,
                    needed_for: None,
                };
                put(&mut assignment, (named != "-").then(|| named.to_string()));
                assignments.push(assignment);
            }
        }
        assignments
    }

    /// What the scenario's rules make of a roster: whether every must is kept, and the costs at high and
    /// medium. The scenario goes through its text, as it would for a user, and has nothing to mend.
    pub fn judged(scenario: &Scenario, assignments: &[Assignment]) -> (bool, f64, f64) {
        let text = serde_json::to_string(scenario).expect("plain data");
        let loaded = rota_rules::load(&text);
        assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
        let problem: Problem = loaded.problem.expect("no error");
        let (roster, findings) = Roster::read(&problem.site, assignments, &std::collections::BTreeMap::new());
        assert!(findings.is_empty(), "{findings:?}");
        let judgement = Judgement::of(&problem, &roster);
        (judgement.musts_kept(), judgement.cost(Strength::High), judgement.cost(Strength::Medium))
    }

    #[test]
    fn ids_are_kept_or_made_legal() {
        let names = ["A", "b c", "b_c", "", "b:c"].map(str::to_string);
        assert_eq!(ids(&names), ["A", "b_c-2", "b_c", "_", "b_c-3"]);
        let long = ["x y".repeat(40), "x y".repeat(40)];
        let made = ids(&long);
        assert!(made.iter().all(|id| is_id(id)), "{made:?}");
        assert_ne!(made[0], made[1]);
    }

    #[test]
    fn a_roster_of_something_else_is_a_mistake() {
        let from = Date::new(2024, 1, 1);
        let ids = ["A".to_string(), "B".to_string()];
        let lines = ["A: D D", "AA: D", "A: D", "B: D"];
        let mut assignments = drawn(from, &lines, |cell, shift| cell.shift = shift);
        assignments[1].on = from.plus(7);
        let findings = visits(&assignments, &ids, from, 7).expect_err("mistakes");
        let told: Vec<String> = findings
            .iter()
            .map(|finding| format!("{} {}", finding.code, finding.pointer.as_deref().unwrap_or("")))
            .collect();
        assert_eq!(
            told,
            [
                "score.other_days /assignments/1/on",
                "score.unknown_person /assignments/2/person",
                "score.twice /assignments/3"
            ]
        );
    }

    #[test]
    fn a_roster_of_another_file_is_one_sentence() {
        let from = Date::new(2024, 1, 1);
        let ids = ["A".to_string(), "B".to_string()];
        let told = |lines: &[&str], from: Date| {
            let assignments = drawn(from, lines, |cell, shift| cell.shift = shift);
            let findings = visits(&assignments, &ids, Date::new(2024, 1, 1), 7).expect_err("mistakes");
            findings
                .iter()
                .map(|finding| format!("{}: {}", finding.code, finding.message))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            told(&["A: D D", "x: D D", "y: D"], from),
            ["score.other_file: this roster was made from another file: 2 of the 3 people in it are not in the \
              benchmark's file"]
        );
        assert_eq!(
            told(&["A: D D", "B: D D"], from.plus(7)),
            ["score.other_file: this roster was made from another file: it is for 2024-01-08 to 2024-01-09, \
              and the benchmark's file for 2024-01-01 to 2024-01-07"]
        );
        // Half of them, and one day: by themselves.
        assert_eq!(told(&["A: D D", "x: D D"], from.plus(6)).len(), 4);
    }

    #[test]
    fn of_many_mistakes_five_are_told() {
        let many = |code: &str, number: usize| {
            (0..number).map(|at| Finding::error(code, format!("/{at}"), "wrong")).collect::<Vec<_>>()
        };
        let told = few([many("a.b", 300), many("c.d", 6)].concat());
        assert_eq!(told.len(), 12);
        let rest = told.iter().find(|finding| finding.message != "wrong").expect("the rest is told");
        assert_eq!((rest.code.as_str(), rest.pointer.as_deref()), ("a.b", Some("/5")));
        assert_eq!(rest.message, "and 295 more of this kind, the first of them here");
    }
}
