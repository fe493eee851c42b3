//! The whole program of one level as text in free-format MPS, for other solvers to read.
//!
//! It is the program that the search itself works on: person-days as fine as something asks for them, desks that no
//! rule tells apart as a group. Numbers are written so that they read back exactly.

use crate::lower::{Cost, Level, Lowered, Softness};
use crate::program::Program;
use crate::solve::counted;
use rota_core::Roster;
use rota_rules::judge::Judgement;
use rota_rules::{Problem, Strength};
use std::fmt::Write;

/// The program of one level.
#[derive(Debug, Clone, PartialEq)]
pub struct Exported {
    /// What is minimised; none where nothing of the scenario is soft.
    pub level: Option<Level>,
    /// Levels above that are held as rows, with the cost that they must not exceed.
    pub held: Vec<(Level, f64)>,
    /// Levels above that are not held, because there is no roster to hold them to.
    pub loose: Vec<Level>,
    /// How many columns.
    pub columns: usize,
    /// How many rows.
    pub rows: usize,
    /// The program.
    pub text: String,
}

/// Why there is no program.
#[derive(Debug, Clone, PartialEq)]
pub enum Refused {
    /// The scenario has no such level; those that it has.
    NoLevel(Vec<Level>),
    /// A row cannot hold whatever is decided: whose, and what it asks.
    Impossible(String, String),
}

/// The whole program of a level, or of the first level that the scenario has.
///
/// With a roster that keeps the laws, the levels above are held at what it costs there; where it breaks must rules,
/// these are a level too, as in a search for the closest roster.
pub fn export(
    problem: &Problem,
    asked: Option<Level>,
    after: Option<(&Roster, &Judgement)>,
) -> Result<Exported, Refused> {
    let must = Level::Rules(Strength::Must);
    let best_effort = asked == Some(must) || after.is_some_and(|(_, judgement)| !judgement.musts_kept());
    let model = problem.model();
    let softness = if best_effort { Softness::BEST_EFFORT } else { Softness::STRICT };
    let mut lowered = Lowered::new(problem, &model, &softness);
    if let Some((owner, about)) = lowered.broken.first() {
        return Err(Refused::Impossible(problem.owner_name(*owner), problem.sentence(*owner, about)));
    }
    let levels = std::mem::take(&mut lowered.levels);
    let wanted = |level: Level| asked.map_or(level != must, |asked| level == asked);
    let at = levels.iter().position(|(level, _)| wanted(*level));
    if asked.is_some() && at.is_none() {
        return Err(Refused::NoLevel(levels.iter().map(|(level, _)| *level).collect()));
    }
    let mut exported = Exported {
        level: None,
        held: Vec::new(),
        loose: Vec::new(),
        columns: 0,
        rows: 0,
        text: String::new(),
    };
    for (level, cost) in &levels[..at.unwrap_or(0)] {
        match after {
            Some((roster, judgement)) => {
                let paid = counted(problem, roster, judgement, *level);
                lowered.program.rows.push(cost.held_at(paid));
                exported.held.push((*level, paid));
            }
            None => exported.loose.push(*level),
        }
    }
    let nothing = Cost::default();
    let cost = at.map_or(&nothing, |at| &levels[at].1);
    exported.level = at.map(|at| levels[at].0);
    exported.columns = lowered.program.columns.len();
    exported.rows = lowered.program.rows.len();
    let column_name = |column: usize| format!("{}{column}", lowered.letter(column));
    let first_held = exported.rows - exported.held.len();
    let row_name = |row: usize| match row.checked_sub(first_held) {
        Some(at) => exported.held[at].0.name().to_string(),
        None => format!("r{row}"),
    };
    exported.text = heading(&exported) + &text(&lowered.program, cost, &column_name, &row_name);
    Ok(exported)
}

/// What the numbers are, as comments.
fn heading(exported: &Exported) -> String {
    let mut lines = match exported.level {
        Some(level) => format!("* minimise the level {}\n", level.name()),
        None => "* nothing to minimise\n".to_string(),
    };
    for (level, paid) in &exported.held {
        lines += &format!("* held: {} costs at most {}\n", level.name(), number(*paid));
    }
    for level in &exported.loose {
        lines += &format!("* not held: {}\n", level.name());
    }
    lines + "* columns: x on site, w one way to be on site, h helper, s amount of a breach, f part of it forgiven\n"
}

/// A program as MPS: sides and bounds all written out, because readers differ in what they take for granted.
fn text(
    program: &Program,
    cost: &Cost,
    column_name: &dyn Fn(usize) -> String,
    row_name: &dyn Fn(usize) -> String,
) -> String {
    let mut out = "NAME rota\nROWS\n N cost\n".to_string();
    let mut sides = String::new();
    let mut ranges = String::new();
    let mut entries: Vec<Vec<(usize, f64)>> = vec![Vec::new(); program.columns.len()];
    for (at, row) in program.rows.iter().enumerate() {
        let name = row_name(at);
        let (kind, side) = match (row.lower.is_finite(), row.upper.is_finite()) {
            (true, true) if row.lower == row.upper => ('E', row.lower),
            (true, true) => {
                push(&mut ranges, &format!(" RANGE {name} {}", number(row.upper - row.lower)));
                ('L', row.upper)
            }
            (true, false) => ('G', row.lower),
            (false, true) => ('L', row.upper),
            // It says nothing.
            (false, false) => continue,
        };
        push(&mut out, &format!(" {kind} {name}"));
        if side != 0.0 {
            push(&mut sides, &format!(" RHS {name} {}", number(side)));
        }
        for (column, factor) in row.terms.iter().filter(|(_, factor)| *factor != 0.0) {
            entries[*column].push((at, *factor));
        }
    }
    let mut costs = vec![0.0; program.columns.len()];
    for (column, factor) in &cost.terms {
        costs[*column] += factor;
    }
    out += "COLUMNS\n";
    let mut bounds = String::new();
    let mut in_whole = false;
    let mut markers = 0;
    let mut mark = |out: &mut String, whole: bool| {
        push(out, &format!(" MARKER{markers} 'MARKER' '{}'", if whole { "INTORG" } else { "INTEND" }));
        markers += 1;
    };
    for (at, column) in program.columns.iter().enumerate() {
        if column.integer != in_whole {
            in_whole = column.integer;
            mark(&mut out, in_whole);
        }
        let name = column_name(at);
        // Every column is named at least once.
        if costs[at] != 0.0 || entries[at].is_empty() {
            push(&mut out, &format!(" {name} cost {}", number(costs[at])));
        }
        for (row, factor) in &entries[at] {
            push(&mut out, &format!(" {name} {} {}", row_name(*row), number(*factor)));
        }
        let (lower, upper) = (column.lower, column.upper);
        let mut bound = |kind: &str, value: Option<f64>| {
            let value = value.map(|value| format!(" {}", number(value))).unwrap_or_default();
            push(&mut bounds, &format!(" {kind} BOUND {name}{value}"));
        };
        match (lower.is_finite(), upper.is_finite()) {
            (true, true) if lower == upper => bound("FX", Some(lower)),
            (false, false) => bound("FR", None),
            (lower_is, upper_is) => {
                if !lower_is {
                    bound("MI", None);
                } else if lower != 0.0 {
                    bound("LO", Some(lower));
                }
                if upper_is {
                    bound("UP", Some(upper));
                } else {
                    bound("PL", None);
                }
            }
        }
    }
    if in_whole {
        mark(&mut out, false);
    }
    out += "RHS\n";
    if cost.constant != 0.0 {
        // By custom the objective's right-hand side is taken away from it.
        push(&mut out, &format!(" RHS cost {}", number(-cost.constant)));
    }
    out += &sides;
    if !ranges.is_empty() {
        out = out + "RANGES\n" + &ranges;
    }
    out + "BOUNDS\n" + &bounds + "ENDATA\n"
}

fn push(out: &mut String, line: &str) {
    let written = writeln!(out, "{line}");
    debug_assert!(written.is_ok());
}

/// The shortest decimal number that reads back as this one.
fn number(number: f64) -> String {
    if number == 0.0 {
        "0".to_string()
    } else {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{ProgramColumn, ProgramRow};

    const NONE: f64 = f64::INFINITY;

    #[test]
    fn a_tiny_program() {
        let column = |lower, upper, integer| ProgramColumn { lower, upper, integer };
        let row = |lower, upper, terms: &[(usize, f64)]| ProgramRow { lower, upper, terms: terms.to_vec() };
        let program = Program {
            columns: vec![
                column(0.0, 1.0, true),
                column(0.0, NONE, false),
                column(-2.0, 3.0, true),
                column(1.0, 1.0, true),
                column(-NONE, NONE, false),
                column(-NONE, 0.5, false),
            ],
            rows: vec![
                row(1.0, 1.0, &[(0, 1.0), (1, -0.1)]),
                row(0.0, 3.0, &[(0, 2.0), (2, 1.0)]),
                row(2.5, NONE, &[(1, 1.0), (5, 1.0)]),
                row(-NONE, NONE, &[(0, 7.0)]),
                row(-NONE, 4.0, &[(2, 1.0)]),
            ],
        };
        let cost = Cost { terms: vec![(0, 1.5), (2, -1.0)], constant: 10.0, step: 0.5 };
        let name = |column: usize| format!("x{column}");
        let row_name = |row: usize| if row == 4 { "high".to_string() } else { format!("r{row}") };
        let wanted = "\
NAME rota
ROWS
 N cost
 E r0
 L r1
 G r2
 L high
COLUMNS
 MARKER0 'MARKER' 'INTORG'
 x0 cost 1.5
 x0 r0 1
 x0 r1 2
 MARKER1 'MARKER' 'INTEND'
 x1 r0 -0.1
 x1 r2 1
 MARKER2 'MARKER' 'INTORG'
 x2 cost -1
 x2 r1 1
 x2 high 1
 x3 cost 0
 MARKER3 'MARKER' 'INTEND'
 x4 cost 0
 x5 r2 1
RHS
 RHS cost -10
 RHS r0 1
 RHS r1 3
 RHS r2 2.5
 RHS high 4
RANGES
 RANGE r1 3
BOUNDS
 UP BOUND x0 1
 PL BOUND x1
 LO BOUND x2 -2
 UP BOUND x2 3
 FX BOUND x3 1
 FR BOUND x4
 MI BOUND x5
 UP BOUND x5 0.5
ENDATA
";
        assert_eq!(text(&program, &cost, &name, &row_name), wanted);
    }
}
