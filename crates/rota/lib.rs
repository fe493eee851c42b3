//! Rota: rosters that keep every hard rule, are proved good, and explain themselves.
//!
//! ```
//! use rota::{load, solve, Flow, Options, Status};
//!
//! let text = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
//!   "people": [ { "id": "amy" }, { "id": "ben", "wishes": [ { "on": "mon", "place": "home" } ] } ],
//!   "rules": [ { "headcount": { "at_least": 1 } }, { "wishes": {}, "strength": "medium" } ] }"#;
//! let loaded = load(text);
//! assert!(loaded.findings.is_empty());
//! let problem = loaded.problem.expect("no mistakes");
//! let solved = solve(&problem, &Options::default(), &mut |_progress| Flow::Continue);
//! assert_eq!(solved.status, Status::Optimal);
//! assert_eq!(solved.roster.expect("a roster").assignments(&problem.site).len(), 4);
//! ```
//!
//! The way through: a document is [loaded](load()) into a [`Scenario`] (as typed) and a [`Problem`] (checked, indexed);
//! [`solve()`] finds the best roster and verifies it; [`Judgement`] judges any roster; [`document`] holds the JSON
//! documents. There is no global state: two solves at once give the rosters they give alone.
//!
//! The command line is the default feature `cli`; without it the library brings neither clap nor indicatif.

pub use rota_core::{Date, Day, Finding, FindingLevel, On, PersonIndex, Place, Roster, Site, Weekday};
pub use rota_io::{document, files, rosters, schema};
pub use rota_planner as planner;
pub use rota_rules::{
    judge, load, AnyRule, Breach, Judgement, Loaded, Problem, Rule, RuleEntry, Scenario, Strength,
};
pub use rota_solver::{solve, Flow, Level, LevelResult, Options, Progress, Solved, Status, Stop};
