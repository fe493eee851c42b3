//! HiGHS through `good_lp`: small programs that need no bound, start or progress, and a second opinion in tests.

use good_lp::solvers::highs::{highs, HighsParallelType};
use good_lp::solvers::{ResolutionError, SolutionStatus, WithTimeLimit};
use good_lp::{variable, Expression, ProblemVariables, Solution, SolverModel, Variable};

use super::highs::{clean, cost_of, refusal, without_columns, UNBOUNDED};
use super::{Answer, Stop};
use crate::program::{Program, ProgramColumn, ProgramRow};

/// Minimises the program, to the proved optimum or for so many seconds.
///
/// `good_lp` gives no bound, so a search cut short knows none; at the optimum the bound is the cost.
/// The tolerances are those of [`super::highs`].
pub fn solve(program: &Program, objective: &[(usize, f64)], seconds: Option<f64>) -> Answer {
    if let Some(answer) = refusal(program, objective) {
        return answer;
    }
    if seconds.is_some_and(f64::is_nan) {
        return Answer::Failed("the seconds are not a number".to_owned());
    }
    if program.columns.is_empty() {
        return without_columns(program);
    }
    match attempt(program, objective, seconds) {
        // good_lp may call an unbounded program infeasible, and HiGHS one without whole solutions unbounded:
        // what has a solution is unbounded.
        Err(ResolutionError::Infeasible | ResolutionError::Unbounded) => match attempt(program, &[], seconds)
        {
            Ok(Answer::Proved { .. }) => Answer::Failed(UNBOUNDED.to_owned()),
            Ok(Answer::Stopped { why, .. }) => Answer::Stopped { best: None, bound: f64::NEG_INFINITY, why },
            Ok(other) => other,
            Err(ResolutionError::Infeasible) => Answer::Impossible,
            Err(error) => failed(&error),
        },
        Err(error) => failed(&error),
        Ok(answer) => answer,
    }
}

fn failed(error: &ResolutionError) -> Answer {
    Answer::Failed(format!("good_lp failed: {error}"))
}

/// One call of `good_lp`.
fn attempt(
    program: &Program,
    objective: &[(usize, f64)],
    seconds: Option<f64>,
) -> Result<Answer, ResolutionError> {
    let mut variables = ProblemVariables::new();
    let columns: Vec<Variable> =
        program.columns.iter().map(|column| variables.add(definition(column))).collect();
    let mut model = variables
        .minimise(sum(&columns, objective))
        .using(highs)
        .set_parallel(HighsParallelType::Off)
        .set_threads(1)
        .set_option("mip_rel_gap", 0.0)
        .set_option("mip_abs_gap", 0.0);
    if let Some(seconds) = seconds.filter(|seconds| seconds.is_finite()) {
        model = model.with_time_limit(seconds.max(0.0));
    }
    for row in &program.rows {
        add_row(&mut model, &columns, row);
    }
    let solved = match model.solve() {
        // The only limit here is the time.
        Err(ResolutionError::Other("NoSolutionFound")) => {
            return Ok(Answer::Stopped { best: None, bound: f64::NEG_INFINITY, why: Stop::Time });
        }
        solved => solved?,
    };
    let raw = columns.iter().map(|&column| solved.value(column)).collect();
    let values = clean(program, raw).map_err(ResolutionError::Str)?;
    let cost = cost_of(objective, &values);
    Ok(match solved.status() {
        SolutionStatus::TimeLimit => {
            Answer::Stopped { best: Some((values, cost)), bound: f64::NEG_INFINITY, why: Stop::Time }
        }
        // With gaps of 0, a gap that is left is a rounding error.
        _ => Answer::Proved { values, cost, bound: cost },
    })
}

fn definition(column: &ProgramColumn) -> good_lp::VariableDefinition {
    let definition = variable().min(column.lower).max(column.upper);
    if column.integer {
        definition.integer()
    } else {
        definition
    }
}

fn sum(columns: &[Variable], terms: &[(usize, f64)]) -> Expression {
    let mut sum = Expression::with_capacity(terms.len());
    for &(column, coefficient) in terms {
        sum.add_mul(coefficient, columns[column]);
    }
    sum
}

/// Adds the row as one constraint, or as two when it has two different bounds.
fn add_row<M: SolverModel>(model: &mut M, columns: &[Variable], row: &ProgramRow) {
    let sum = sum(columns, &row.terms);
    if row.lower.to_bits() == row.upper.to_bits() {
        model.add_constraint(sum.eq(row.lower));
        return;
    }
    if row.lower.is_finite() {
        model.add_constraint(sum.clone().geq(row.lower));
    }
    if row.upper.is_finite() {
        model.add_constraint(sum.leq(row.upper));
    }
}

#[cfg(test)]
mod tests {
    use super::super::highs::tests::{knapsack, random_program, real, row, whole};
    use super::super::{highs, Flow, Request};
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn proves_the_best_knapsack() {
        let (program, objective) = knapsack();
        let values = vec![1.0, 1.0, 0.0, 0.0];
        assert_eq!(solve(&program, &objective, None), Answer::Proved { values, cost: -23.0, bound: -23.0 });
    }

    #[test]
    fn solves_an_lp_with_rows_of_every_kind() {
        let program = Program {
            columns: vec![real(-INF, INF), real(0.0, 3.0), real(0.0, 9.0)],
            rows: vec![
                row(-INF, &[(0, 1.0), (1, 2.0)], 8.0),
                row(-4.0, &[(0, 1.0)], INF),
                row(2.0, &[(1, 1.0), (2, 1.0)], 4.0),
                row(5.0, &[(0, 1.0), (2, 1.0)], 5.0),
            ],
        };
        let answer = solve(&program, &[(0, 1.0), (1, 1.0), (2, 3.0)], Some(10.0));
        // The third is 5 - x, so y >= x - 3 and the cost is 15 - 2x + y; x + 2y <= 8 ends x at 14/3.
        let Answer::Proved { values, cost, bound } = answer else { panic!("{answer:?}") };
        assert!((cost - 22.0 / 3.0).abs() < 1e-6 && (bound - cost).abs() < 1e-6, "{cost}, {values:?}");
    }

    #[test]
    fn tells_impossible_from_unbounded() {
        let impossible = |column| Program {
            columns: vec![column; 2],
            rows: vec![row(3.0, &[(0, 1.0), (1, 1.0)], INF), row(-INF, &[(0, 1.0), (1, 1.0)], 2.0)],
        };
        assert_eq!(solve(&impossible(whole(0.0, 5.0)), &[(0, -1.0)], None), Answer::Impossible);
        assert_eq!(solve(&impossible(real(0.0, INF)), &[(0, -1.0)], None), Answer::Impossible);
        for column in [whole(0.0, INF), real(0.0, INF)] {
            let endless =
                Program { columns: vec![column; 2], rows: vec![row(0.0, &[(0, 1.0), (1, -1.0)], 1.0)] };
            assert!(matches!(solve(&endless, &[(0, -1.0)], None), Answer::Failed(what) if what == UNBOUNDED));
        }
        let fractional = Program {
            columns: vec![whole(0.0, 9.0), whole(0.0, 9.0), whole(0.0, INF)],
            rows: vec![row(7.0, &[(0, 2.0), (1, 4.0)], 7.0)],
        };
        assert_eq!(solve(&fractional, &[(2, -1.0)], None), Answer::Impossible);
    }

    #[test]
    fn solves_what_is_empty() {
        let nothing = Answer::Proved { values: vec![], cost: 0.0, bound: 0.0 };
        assert_eq!(solve(&Program::default(), &[], None), nothing);
        let no_rows = Program { columns: vec![whole(-2.0, 5.0)], rows: vec![] };
        let answer = solve(&no_rows, &[(0, 1.0)], None);
        assert_eq!(answer, Answer::Proved { values: vec![-2.0], cost: -2.0, bound: -2.0 });
    }

    #[test]
    fn refuses_numbers_it_cannot_use() {
        let (program, _) = knapsack();
        assert!(matches!(solve(&program, &[(0, f64::NAN)], None), Answer::Failed(_)));
        assert!(matches!(solve(&program, &[], Some(f64::NAN)), Answer::Failed(_)));
    }

    #[test]
    fn stops_with_no_time() {
        let (program, objective) = knapsack();
        let answer = solve(&program, &objective, Some(0.0));
        assert!(
            matches!(answer, Answer::Stopped { why: Stop::Time, .. } | Answer::Proved { .. }),
            "{answer:?}"
        );
    }

    #[test]
    fn agrees_with_the_c_interface() {
        let mut solved = 0;
        for seed in 0..400 {
            let (program, objective) = random_program(seed);
            let ours = solve(&program, &objective, None);
            let request = Request::new(&program, &objective);
            let theirs = highs::solve(&request, &mut |_| Flow::Continue);
            match (&ours, &theirs) {
                (Answer::Proved { cost, .. }, Answer::Proved { cost: other, .. }) => {
                    assert!((cost - other).abs() < 1e-6, "program {seed}: {cost} and {other}");
                    solved += 1;
                }
                (Answer::Impossible, Answer::Impossible) => {}
                _ => panic!("program {seed}: {ours:?} and {theirs:?}"),
            }
        }
        assert!((100..=350).contains(&solved), "{solved} solved: too few of a kind");
    }
}
