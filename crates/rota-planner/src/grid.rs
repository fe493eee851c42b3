//! Many scenarios that differ in a few numbers, solved side by side: attendance policy against distance against
//! desks.
//!
//! An axis is one number of the scenario and the values it takes: a field of a rule, the seats of a zone, how many
//! desks there are. Each combination is an edited scenario, solved by itself on one thread.

use crate::edit::close_desks;
use rayon::prelude::*;
use rota_core::finding::nearest;
use rota_core::reading;
use rota_core::roster::Place;
use rota_core::typed::WishCount;
use rota_core::words::Problem as Words;
use rota_core::{Finding, PersonIndex};
use rota_rules::judge::wish_count;
use rota_rules::{Problem, RuleEntry, Scenario};
use rota_solver::{solve, Flow, LevelResult, Options, Progress, Status};
use serde_json::Value;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// One number of the scenario and the values it takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// As typed: `attendance.at_least`, `north.seats`, `desks`.
    pub name: String,
    /// What it changes.
    pub change: Change,
    /// The values, in the order typed.
    pub values: Vec<Value>,
}

/// What an axis changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A field of the rule at this place.
    Rule {
        /// The rule.
        at: usize,
        /// `at_least`, `metres`, or `strength` and `weight`, which stand beside every rule.
        field: String,
    },
    /// The seats of a zone.
    Seats(String),
    /// The first so many desks of the scenario stay open.
    Desks,
}

/// One combination of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// A value of each axis.
    pub values: Vec<Value>,
    /// Whether there is a roster.
    pub status: Status,
    /// What makes the scenario wrong with these values: then it is not solved.
    pub mistake: Option<String>,
    /// What the best roster found costs.
    pub levels: Vec<LevelResult>,
    /// Wishes asked and refused.
    pub wishes: WishCount,
    /// Person-days on site.
    pub visits: u32,
    /// Most people on site on one day.
    pub busiest: u32,
    /// Seconds of its solve.
    pub seconds: f64,
}

/// Values of one axis, and combinations, at most.
pub const MOST_VALUES: usize = 200;
/// Combinations at most.
pub const MOST_CELLS: usize = 2000;

// ---------------------------------------------------------------- axes

/// Reads `distance.metres=1.0,1.5,2.0`, `days.at_least=2..4`, `north.seats=10..20/5`, `desks=20,30`.
pub fn read_axis(text: &str, scenario: &Scenario, problem: &Problem) -> Result<Axis, Words> {
    let Some((name, values)) = text.split_once('=').map(|(name, values)| (name.trim(), values.trim())) else {
        return Err(
            Words::new(format!("`{text}` has no values")).help("write it like distance.metres=1.0,1.5,2.0")
        );
    };
    let change = read_change(name, problem)?;
    let values = read_values(values)?;
    let axis = Axis { name: name.to_string(), change, values };
    for value in &axis.values {
        edited(scenario, &[(&axis, value)]).map_err(|what| {
            Words::new(format!("`{name}` cannot be {value}: {what}"))
                .help("give values that the field may have in the scenario")
        })?;
    }
    Ok(axis)
}

fn read_change(name: &str, problem: &Problem) -> Result<Change, Words> {
    let site = &problem.site;
    if name == "desks" {
        return if site.desks.is_empty() {
            Err(Words::new("the scenario has no desks").help("name a zone's seats, like north.seats=10,12"))
        } else {
            Ok(Change::Desks)
        };
    }
    let Some((owner, field)) = name.rsplit_once('.') else {
        return Err(Words::new(format!("`{name}` does not say which number"))
            .help("write a rule's id and its field, like distance.metres, or a zone and seats, like north.seats, or desks"));
    };
    if let Some(at) = problem.rules.iter().position(|rule| rule.id == owner) {
        return Ok(Change::Rule { at, field: field.to_string() });
    }
    if let Some(zone) = site.zone_named(owner) {
        return match (field, site.zone(zone).seats) {
            ("seats", Some(_)) => Ok(Change::Seats(owner.to_string())),
            ("seats", None) => {
                Err(Words::new(format!("zone `{owner}` has desks, not seats")).help("use desks=20,30"))
            }
            _ => {
                Err(Words::new(format!("a zone has no number `{field}`"))
                    .help(format!("write {owner}.seats")))
            }
        };
    }
    let rules = problem.rules.iter().map(|rule| rule.id.as_str());
    let zones = site.zones.iter().map(|zone| zone.id.as_str());
    let help = match nearest(owner, rules.chain(zones)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "write the id of a rule or a zone".to_string(),
    };
    Err(Words::new(format!("there is no rule or zone `{owner}`")).help(help))
}

/// `1.0,1.5`, `2..4`, `0.5..3.0/0.1`, words such as `must`, shares such as `40%`.
fn read_values(text: &str) -> Result<Vec<Value>, Words> {
    let mut values: Vec<Value> = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.split_once("..") {
            None => values.push(value(part)),
            Some((from, rest)) => {
                let (to, step) = rest.split_once('/').unwrap_or((rest, "1"));
                let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
                let (Some(from), Some(to), Some(step)) = (number(from), number(to), number(step)) else {
                    return Err(
                        Words::new(format!("`{part}` is no range")).help("write it like 0.5..3.0/0.5")
                    );
                };
                if to < from || step <= 0.0 || (to - from) / step > MOST_VALUES as f64 {
                    return Err(Words::new(format!("`{part}` is no range of up to {MOST_VALUES} values"))
                        .help("write the smaller end first, and a step above 0"));
                }
                let steps = ((to - from) / step + 1e-9).floor() as u32;
                // Millionths, so that tenths are tenths.
                values.extend((0..=steps).map(|at| {
                    let number = ((from + f64::from(at) * step) * 1e6).round() / 1e6;
                    value(&number.to_string())
                }));
            }
        }
    }
    if values.is_empty() || values.len() > MOST_VALUES {
        return Err(Words::new(format!("`{text}` gives {} values", values.len()))
            .help(format!("give 1 to {MOST_VALUES}")));
    }
    for (at, one) in values.iter().enumerate() {
        if values[..at].contains(one) {
            return Err(Words::new(format!("{one} is given twice")).help("give each value once"));
        }
    }
    Ok(values)
}

fn value(text: &str) -> Value {
    match (text.parse::<u64>(), text.parse::<f64>()) {
        (Ok(whole), _) => Value::from(whole),
        (_, Ok(number)) if number.is_finite() => Value::from(number),
        _ => Value::from(text),
    }
}

/// A scenario with a value of each axis; an error says what is wrong with it.
fn edited(scenario: &Scenario, values: &[(&Axis, &Value)]) -> Result<Scenario, String> {
    let mut edited = scenario.clone();
    for (axis, value) in values {
        match &axis.change {
            Change::Rule { at, field } => edited.rules[*at] = with_field(&edited.rules[*at], field, value)?,
            Change::Seats(id) => {
                let seats = whole(value)?;
                for zone in
                    edited.sites.iter_mut().flat_map(|site| &mut site.zones).filter(|zone| zone.id == *id)
                {
                    zone.seats = Some(seats);
                }
            }
            Change::Desks => keep_desks(&mut edited, whole(value)?)?,
        }
    }
    Ok(edited)
}

fn whole(value: &Value) -> Result<u32, String> {
    let number = value.as_u64().and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| "a whole number is needed".to_string())
}

fn with_field(entry: &RuleEntry, field: &str, value: &Value) -> Result<RuleEntry, String> {
    let in_words = |what| reading::in_words(&what);
    let mut typed = serde_json::to_value(entry).map_err(in_words)?;
    let place = match field {
        "strength" | "weight" => &mut typed[field],
        _ => &mut typed[entry.rule.name()][field],
    };
    *place = value.clone();
    serde_json::from_value(typed).map_err(in_words)
}

fn keep_desks(scenario: &mut Scenario, number: u32) -> Result<(), String> {
    let zones = scenario.sites.iter().flat_map(|site| &site.zones);
    let all = zones.flat_map(|zone| zone.desks.iter().flatten()).count();
    if number as usize > all {
        return Err(format!("the scenario has {all} desks"));
    }
    close_desks(scenario, &|at, _| at < number as usize);
    Ok(())
}

/// All combinations, the last axis changing fastest.
pub fn combinations(axes: &[Axis]) -> Vec<Vec<Value>> {
    axes.iter().fold(vec![Vec::new()], |found, axis| {
        let longer = |values: &Vec<Value>| -> Vec<Vec<Value>> {
            axis.values
                .iter()
                .map(|value| [values.as_slice(), std::slice::from_ref(value)].concat())
                .collect()
        };
        found.iter().flat_map(longer).collect()
    })
}

// ---------------------------------------------------------------- solving

/// Solves the scenario with each of the combinations, several at once on the threads of the pool in use. `watch` is
/// told how each solve stands and may end them all; `done` is told of each that is finished. Combinations that were
/// not begun are left out.
///
/// # Errors
/// What rows and check disagree about: an error of the program.
pub fn grid(
    scenario: &Scenario,
    axes: &[Axis],
    cells: &[Vec<Value>],
    options: &Options,
    watch: &(dyn Fn(&Progress) -> Flow + Sync),
    done: &(dyn Fn(&Cell) + Sync),
) -> Result<Vec<Cell>, String> {
    let clock = Instant::now();
    let threads = rayon::current_num_threads().max(1);
    let rounds = cells.len().div_ceil(threads).max(1) as u32;
    let stopped = AtomicBool::new(false);
    let found: Vec<Option<Result<Cell, String>>> = cells
        .par_iter()
        .with_max_len(1)
        .enumerate()
        .map(|(at, values)| {
            if stopped.load(Ordering::Relaxed) {
                return None;
            }
            let time_limit = options.time_limit.map(|limit| {
                // What a cell leaves is shared by those after it.
                let rounds_left = rounds - (at / threads) as u32;
                (limit.saturating_sub(clock.elapsed()) / rounds_left).max(Duration::from_millis(1))
            });
            let options = Options { time_limit, best_effort: false, ..options.clone() };
            let cell = solved(scenario, axes, values, &options, &|progress| {
                let flow = watch(progress);
                if flow == Flow::Stop {
                    stopped.store(true, Ordering::Relaxed);
                }
                flow
            });
            if let Ok(cell) = &cell {
                done(cell);
            }
            Some(cell)
        })
        .collect();
    found.into_iter().flatten().collect()
}

fn solved(
    scenario: &Scenario,
    axes: &[Axis],
    values: &[Value],
    options: &Options,
    watch: &(dyn Fn(&Progress) -> Flow + Sync),
) -> Result<Cell, String> {
    let clock = Instant::now();
    let pairs: Vec<(&Axis, &Value)> = axes.iter().zip(values).collect();
    let nothing = |status: Status| Cell {
        values: values.to_vec(),
        status,
        mistake: None,
        levels: Vec::new(),
        wishes: WishCount { asked: 0, refused: 0 },
        visits: 0,
        busiest: 0,
        seconds: clock.elapsed().as_secs_f64(),
    };
    let wrong = |what: String| Ok(Cell { mistake: Some(what), ..nothing(Status::Unknown) });
    let edited = match edited(scenario, &pairs) {
        Ok(edited) => edited,
        Err(what) => return wrong(what),
    };
    let problem = match Problem::new(&edited) {
        Ok((problem, _)) => problem,
        Err(findings) => {
            let first = findings.into_iter().find(Finding::is_error).map(|finding| finding.message);
            return wrong(first.unwrap_or_default());
        }
    };
    // One thread each: the combinations are what is done side by side.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().map_err(|what| what.to_string())?;
    let found = pool.install(|| {
        solve(&problem, options, &mut |progress| match progress.doing {
            rota_solver::solve::Doing::Conflict => Flow::Stop,
            _ => watch(progress),
        })
    });
    if let Some(what) = found.disagreement {
        return Err(what);
    }
    let mut cell = nothing(found.status);
    if let Some(roster) = &found.roster {
        let site = &problem.site;
        let people = || PersonIndex::all(site.people.len());
        for person in people() {
            let (asked, refused) = wish_count(&problem, roster, person);
            cell.wishes.asked += asked;
            cell.wishes.refused += refused;
        }
        let on_site =
            |day| people().filter(|person| roster.at(*person, day).place == Place::OnSite).count() as u32;
        let days: Vec<u32> = site.calendar.days().map(on_site).collect();
        cell.visits = days.iter().sum();
        cell.busiest = days.iter().copied().max().unwrap_or(0);
        cell.levels = found.levels;
    }
    Ok(cell)
}

/// What is wrong with a grid as a whole.
pub fn too_many(axes: &[Axis]) -> Option<Finding> {
    let cells: usize = axes.iter().map(|axis| axis.values.len()).product();
    let twice = axes
        .iter()
        .enumerate()
        .find(|(at, axis)| axes[..*at].iter().any(|other| other.change == axis.change));
    if let Some((_, axis)) = twice {
        let message = format!("`{}` is given twice", axis.name);
        return Some(
            Finding::error("grid.twice", "", message).help("give all its values at once").without_pointer(),
        );
    }
    (cells > MOST_CELLS).then(|| {
        Finding::error("grid.size", "", format!("{cells} combinations are too many"))
            .help(format!("give fewer values; at most {MOST_CELLS} combinations are solved"))
            .without_pointer()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: &str = r#"{ "scenario": 1,
      "calendar": { "from": "2020-06-15", "to": "2020-06-16", "work_days": ["mon", "tue"] },
      "people": [ { "id": "ann", "wishes": [ { "on": "mon", "place": "on_site" } ] },
                  { "id": "bob", "wishes": [ { "on": "mon", "place": "on_site" } ] } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "room",
          "desks": [ { "id": "D1", "at": [0, 0] }, { "id": "D2", "at": [1, 0] } ] } ] } ],
      "rules": [ { "id": "apart", "distance": { "metres": 2 } },
                 { "id": "days", "days": { "at_least": 1 } },
                 { "id": "wishes", "wishes": {}, "strength": "medium" } ] }"#;

    fn week() -> (Scenario, Problem) {
        let scenario = Scenario::read(WEEK).scenario.expect("reads");
        let problem = Problem::new(&scenario).expect("no mistakes").0;
        (scenario, problem)
    }

    #[test]
    fn values_are_read() {
        let numbers = |text: &str| read_values(text).map(|values| Value::from(values).to_string());
        assert_eq!(numbers("1.0, 1.5,2"), Ok("[1.0,1.5,2]".to_string()));
        assert_eq!(numbers("0.1..0.4/0.1"), Ok("[0.1,0.2,0.3,0.4]".to_string()));
        assert_eq!(numbers("2..4"), Ok("[2,3,4]".to_string()));
        assert_eq!(numbers("must,high"), Ok("[\"must\",\"high\"]".to_string()));
        for wrong in ["", "3..1", "1..2/0", "1..9999999", "1,1", "a..b"] {
            assert!(numbers(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn axes_are_read() {
        let (scenario, problem) = week();
        let told = |text: &str| match read_axis(text, &scenario, &problem) {
            Ok(axis) => format!("{:?}", axis.change),
            Err(problem) => format!("{}; {}", problem.message, problem.help.unwrap_or_default()),
        };
        assert_eq!(told("desks=1,2"), "Desks");
        assert_eq!(told("apart.metres=1,2"), "Rule { at: 0, field: \"metres\" }");
        assert!(told("apart.meters=1").contains("cannot be 1"), "{}", told("apart.meters=1"));
        assert!(told("apar.metres=1").contains("did you mean `apart`?"));
        assert!(told("room.seats=1").contains("has desks, not seats"));
        assert!(told("desks=3").contains("has 2 desks"));
        assert!(told("desks=0.5").contains("whole number"));
        assert!(told("desks").contains("no values"));
    }

    /// Two desks a metre apart: at 2 m one of them, at 1 m both. With one, only one of the two wishes for Monday is
    /// granted; with two days each and one seat there is no roster.
    #[test]
    fn every_combination_is_solved() {
        let (scenario, problem) = week();
        let axes: Vec<Axis> = ["apart.metres=1,2", "days.at_least=1,2"]
            .iter()
            .map(|text| read_axis(text, &scenario, &problem).expect("reads"))
            .collect();
        let cells =
            grid(&scenario, &axes, &combinations(&axes), &Options::default(), &|_| Flow::Continue, &|_| {})
                .expect("rows and check agree");
        let told: Vec<String> = cells
            .iter()
            .map(|cell| {
                format!(
                    "{} {} {} {}",
                    Value::from(cell.values.clone()),
                    cell.status.word(),
                    cell.wishes.refused,
                    cell.visits
                )
            })
            .collect();
        assert_eq!(
            told,
            ["[1,1] optimal 0 2", "[1,2] optimal 0 4", "[2,1] optimal 1 2", "[2,2] impossible 0 0"]
        );
    }
}
