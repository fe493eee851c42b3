//! What a command tells while it works, one JSON object a line (`--progress jsonl`).

use rota_core::Finding;
use rota_solver::solve::{relative_gap, Doing};
use rota_solver::Progress;
use schemars::JsonSchema;
use serde::Serialize;

/// How the work stands.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ProgressDocument {
    /// `building`, `searching`, `conflict` (looking for what clashes) or `verifying`.
    pub doing: &'static str,
    /// The level that is searched: `must`, `high`, `medium`, `low` or `home_first`.
    pub level: Option<&'static str>,
    /// Cost of the best roster so far at that level.
    pub best: Option<f64>,
    /// No roster costs less at that level.
    pub bound: Option<f64>,
    /// `(best - bound) / best`, where both are known.
    pub gap: Option<f64>,
    /// Seconds since the start.
    pub elapsed: f64,
}

impl From<&Progress> for ProgressDocument {
    fn from(now: &Progress) -> ProgressDocument {
        let (doing, level) = match now.doing {
            Doing::Building => ("building", None),
            Doing::Level(level) => ("searching", Some(level.name())),
            Doing::Conflict => ("conflict", None),
            Doing::Verifying => ("verifying", None),
        };
        // Between two levels a side may still be infinite, which is no JSON.
        let finite = |number: Option<f64>| number.filter(|number| number.is_finite());
        let (best, bound) = (finite(now.best), finite(now.bound));
        let gap = best.zip(bound).map(|(best, bound)| relative_gap(best, bound));
        ProgressDocument { doing, level, best, bound, gap, elapsed: (now.elapsed * 1000.0).round() / 1000.0 }
    }
}

/// One line on standard error.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LineDocument {
    /// How the work stands.
    Progress(ProgressDocument),
    /// A mistake, a warning or a note.
    Finding {
        /// What was found, with its place and what to do.
        finding: Finding,
    },
    /// Something said in words alone.
    Message {
        /// The words.
        text: String,
    },
    /// The last line: the result, if there is one, is written.
    End {
        /// `optimal`, `feasible`, `unknown` or `impossible`, where something was solved.
        status: Option<String>,
        /// The exit code that follows.
        exit_code: u8,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_solver::Level;

    #[test]
    fn a_line_says_what_it_is() {
        let now = Progress {
            doing: Doing::Level(Level::HomeFirst),
            best: Some(40.0),
            bound: Some(30.0),
            elapsed: 1.23456,
        };
        let line = serde_json::to_value(LineDocument::Progress((&now).into())).expect("JSON");
        let wanted = serde_json::json!({ "event": "progress", "doing": "searching", "level": "home_first",
            "best": 40.0, "bound": 30.0, "gap": 0.25, "elapsed": 1.235 });
        assert_eq!(line, wanted);
    }

    #[test]
    fn what_is_not_known_is_null() {
        let now =
            Progress { doing: Doing::Building, best: None, bound: Some(f64::NEG_INFINITY), elapsed: 0.0 };
        let line = ProgressDocument::from(&now);
        assert_eq!((line.best, line.bound, line.gap), (None, None, None));
    }
}
