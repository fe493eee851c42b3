//! Rota: rosters that keep every hard rule, are proved good, and explain themselves.
//!
//! ```
//! use rota::{solve, Options, Outcome, Scenario};
//!
//! let text = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
//!   "people": [ { "id": "amy" }, { "id": "ben", "wishes": [ { "on": "mon", "place": "home" } ] } ],
//!   "rules": [ { "headcount": { "at_least": 1 } }, { "wishes": {}, "strength": "medium" } ] }"#;
//! let scenario = Scenario::read(text)?;
//! match solve(&scenario, &Options::default())? {
//!     Outcome::Optimal(planned) | Outcome::Feasible(planned) => {
//!         let site = &scenario.problem.site;
//!         assert_eq!(planned.roster.assignments(site).len(), 4);
//!         assert!(planned.judgement.musts_kept());
//!     }
//!     Outcome::Impossible(why) => println!("{:?}", why.conflict),
//!     Outcome::Unknown(_) => println!("nothing found in time"),
//! }
//! # Ok::<(), rota::Error>(())
//! ```
//!
//! A document is read into a [`Scenario`] (as typed, checked, indexed), and asked: [`solve()`], [`check()`], [`explain()`],
//! [`cover()`], [`replan()`], [`size()`]; a floor [`plan()`] is asked for its [`capacity()`]. Every answer has the
//! document that the command of the same name prints ([`document`], [`schema`]); [`question`] takes and gives JSON.
//!
//! There is no global state: each call has a pool of threads of its own, and nothing here reads the environment,
//! today's date or files, those of [`files`] and [`rosters`] apart, which say so. Two calls at once give the answers
//! they give alone. [`engine`] is what lies below: rules, rows, searches, the judge.
//!
//! The command line is the default feature `cli`; without it the library brings neither clap nor indicatif.
//!
//! # Versions
//!
//! Until 1.0 a minor version (0.2) may change this crate's types, a patch version (0.1.1) may not. Documents have a
//! version of their own (`"roster": 1`), which grows by optional fields only. [`engine`] and [`planner`] may change with
//! any minor version, after 1.0 too. Costs and proofs do not change within a version for the same scenario, options and
//! seed; another version may find another roster of the same cost.

pub use rota_core::{Date, Day, Finding, FindingLevel, On, PersonIndex, Place, Roster, Site, Weekday};
pub use rota_face::{
    absences, aftermath, capacity, changes, check, cover, explain, plan, question, replan, size, solve, take,
    Aftermath, Cancel, Changed, Covered, Error, Explained, Fits, Fitting, Happened, Needed, Options, Outcome,
    Planned, Replanned, Scenario, Wondered, MOST_THREADS,
};
pub use rota_io::{document, files, rosters, schema};
pub use rota_planner as planner;
pub use rota_rules::{judge, load, AnyRule, Breach, Judgement, Loaded, Problem, Rule, RuleEntry, Strength};
pub use rota_solver::{Flow, Level, LevelResult, Progress, Status, Stop};

/// What lies below the calls of this crate: rules as typed, and the solver with its own options and results.
pub mod engine {
    pub use rota_rules::Scenario as Typed;
    pub use rota_solver::{solve, Options, Solved};
}

/// The Rust of the README, run as it stands.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
