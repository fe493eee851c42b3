//! The same questions as JSON: a body is read into a [`Question`], whose answer is a document.
//!
//! A scenario, a roster or a plan stands in the body as it is. What is found in a scenario has the pointers that the
//! command line gives (`/rules/3/headcount/who`), with line and column counted from the scenario's first letter.

use crate::error::Error;
use crate::options::Options;
use crate::Fitting;
use rota_core::positions::Positions;
use rota_core::{Date, Finding};
use rota_planner::capacity::{Policy, Room};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use std::time::Duration;

/// What can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Every mistake and what is worth knowing of a scenario.
    Validate,
    /// The best roster.
    Solve,
    /// A roster judged.
    Check,
    /// Why there is no roster, or why a roster is as it is.
    Explain,
    /// Whom to ask when people are away.
    Cover,
    /// A roster mended with the fewest changes.
    Replan,
    /// How many desks of a plan can be in use.
    Capacity,
    /// How many of something are needed.
    Size,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 8] = [
        Kind::Validate,
        Kind::Solve,
        Kind::Check,
        Kind::Explain,
        Kind::Cover,
        Kind::Replan,
        Kind::Capacity,
        Kind::Size,
    ];

    /// The name of the command.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Validate => "validate",
            Kind::Solve => "solve",
            Kind::Check => "check",
            Kind::Explain => "explain",
            Kind::Cover => "cover",
            Kind::Replan => "replan",
            Kind::Capacity => "capacity",
            Kind::Size => "size",
        }
    }

    /// The question of this name.
    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// How to work; what is left out is as on the command line.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Working {
    /// Seconds for the whole call; null for no limit; 60 if left out.
    #[serde(default)]
    #[schemars(with = "Option<f64>")]
    pub time_limit: TimeLimit,
    /// Branch-and-bound nodes at most for each level: a limit that repeats exactly.
    #[serde(default)]
    pub effort: Option<u64>,
    /// Relative gap at which a level is good enough: 0 proves the optimum.
    #[serde(default)]
    pub gap: f64,
    /// Where searches that throw dice begin.
    #[serde(default)]
    pub seed: u64,
    /// Threads to use; 0 for one each core.
    #[serde(default)]
    pub threads: usize,
    /// When the must rules clash, pay for them instead: the closest roster.
    #[serde(default)]
    pub best_effort: bool,
}

/// Seconds for a call.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum TimeLimit {
    /// As on the command line: 60.
    #[default]
    Usual,
    /// No limit: null.
    Never,
    /// So many.
    Seconds(f64),
}

impl<'de> Deserialize<'de> for TimeLimit {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<TimeLimit, D::Error> {
        Ok(Option::deserialize(from)?.map_or(TimeLimit::Never, TimeLimit::Seconds))
    }
}

impl Working {
    /// The options meant, with what `beside` says of cancelling and progress.
    ///
    /// # Errors
    ///
    /// A time that is none.
    pub fn options<'a>(&self, beside: &Options<'a>) -> Result<Options<'a>, Error> {
        let time_limit = match self.time_limit {
            TimeLimit::Usual => Options::default().time_limit,
            TimeLimit::Never => None,
            TimeLimit::Seconds(seconds) => Some(Duration::try_from_secs_f64(seconds).map_err(|_| {
                let message = format!("{seconds} seconds are no time limit");
                Error::of(
                    Finding::error("options.time_limit", "/options/time_limit", message)
                        .help("give seconds above 0, or null"),
                )
            })?),
        };
        Ok(Options {
            time_limit,
            effort: self.effort,
            gap: self.gap,
            seed: self.seed,
            threads: self.threads,
            best_effort: self.best_effort,
            ..beside.clone()
        })
    }
}

/// The scenario alone.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
}

/// A scenario to be solved.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SolveBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
    /// How to work.
    #[serde(default)]
    pub options: Working,
}

/// A roster to be judged.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
    /// The roster: a roster document, or a table (CSV) as text.
    #[schemars(with = "serde_json::Value")]
    pub roster: Box<RawValue>,
}

/// Why there is no roster, or why a roster is as it is.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExplainBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
    /// The roster; left out, the best one or what stands in the way.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub roster: Option<Box<RawValue>>,
    /// Questions like `amy:18 June:home`.
    #[serde(default)]
    pub why_not: Vec<String>,
    /// For this person alone: an id or a name.
    #[serde(default, rename = "for")]
    pub person: Option<String>,
    /// How to work.
    #[serde(default)]
    pub options: Working,
}

/// Whom to ask when people are away.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoverBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
    /// The roster; left out, whether leave can be granted.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub roster: Option<Box<RawValue>>,
    /// Who is away and when: `Ben Okafor:today..wed`.
    pub absent: Vec<String>,
    /// What `today` means; the first day of the calendar if left out.
    #[serde(default)]
    pub today: Option<Date>,
    /// The roster with the choice of this number (from 1) taken, instead of the choices.
    #[serde(default)]
    pub take: Option<usize>,
    /// How to work.
    #[serde(default)]
    pub options: Working,
}

/// A roster to be mended.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplanBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
    /// The roster: a roster document, or a table (CSV) as text.
    #[schemars(with = "serde_json::Value")]
    pub roster: Box<RawValue>,
    /// Who is away and when: `Ben Okafor:today..wed`.
    #[serde(default)]
    pub absent: Vec<String>,
    /// Who works at home only and when.
    #[serde(default)]
    pub home_only: Vec<String>,
    /// Sites, zones and desks that are closed: `north:18 June`.
    #[serde(default)]
    pub closed: Vec<String>,
    /// What `today` means; the first day of the calendar if left out.
    #[serde(default)]
    pub today: Option<Date>,
    /// The first day that may change; today if left out.
    #[serde(default)]
    pub since: Option<String>,
    /// Person-days that may change at most.
    #[serde(default)]
    pub max_changes: Option<u32>,
    /// How to work.
    #[serde(default)]
    pub options: Working,
}

/// How many desks of a plan can be in use.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapacityBody {
    /// The plan: a scenario, or a table of desks (CSV) or a drawing (SVG) as text.
    #[schemars(with = "serde_json::Value")]
    pub plan: Box<RawValue>,
    /// Distances in metres.
    pub distance: Vec<f64>,
    /// Metres in one unit of a table or drawing.
    #[serde(default)]
    pub scale: Option<f64>,
    /// So many people are to come ...
    #[serde(default)]
    pub people: Option<u32>,
    /// ... on so many days a week each.
    #[serde(default)]
    pub days: Option<f64>,
    /// Days a week on which the place is open; 5 if left out.
    #[serde(default)]
    pub open_days: Option<u32>,
    /// Of equally many desks, choose these: features or desks, with commas between.
    #[serde(default)]
    pub prefer: Option<String>,
    /// The day whose closed desks are left out.
    #[serde(default)]
    pub on: Option<String>,
    /// Floor area, square metres.
    #[serde(default)]
    pub area: Option<f64>,
    /// Square metres for each person.
    #[serde(default)]
    pub area_each: Option<f64>,
    /// Height of the room, metres.
    #[serde(default)]
    pub height: Option<f64>,
    /// The share of the desks that may be used, 0 to 1.
    #[serde(default)]
    pub share: Option<f64>,
    /// How to work.
    #[serde(default)]
    pub options: Working,
}

/// How many of something are needed.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SizeBody {
    /// The scenario.
    #[schemars(with = "rota_rules::Scenario")]
    pub scenario: Box<RawValue>,
    /// `desks`, `seats`, a zone, or the id of a rule `headcount`.
    pub of: String,
    /// How to work.
    #[serde(default)]
    pub options: Working,
}

/// A question that was read.
#[derive(Debug, Clone)]
pub enum Question {
    /// See [`ValidateBody`].
    Validate(ValidateBody),
    /// See [`SolveBody`].
    Solve(SolveBody),
    /// See [`CheckBody`].
    Check(CheckBody),
    /// See [`ExplainBody`].
    Explain(ExplainBody),
    /// See [`CoverBody`].
    Cover(CoverBody),
    /// See [`ReplanBody`].
    Replan(ReplanBody),
    /// See [`CapacityBody`].
    Capacity(CapacityBody),
    /// See [`SizeBody`].
    Size(SizeBody),
}

/// A document, and the exit code that the command would give: 0 done, 1 the answer is no, 4 no answer yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// JSON, of the kind that the command prints.
    pub document: String,
    /// 0, 1 or 4.
    pub exit_code: u8,
}

impl Answer {
    pub(crate) fn of(document: &impl Serialize, exit_code: u8) -> Answer {
        let document =
            serde_json::to_string(document).expect("a document has names for keys and finite numbers");
        Answer { document, exit_code }
    }
}

impl Question {
    /// Reads the body of a question.
    ///
    /// # Errors
    ///
    /// What is wrong with the body itself; what is in the scenario is read when it is answered.
    pub fn read(kind: Kind, body: &str) -> Result<Question, Error> {
        Ok(match kind {
            Kind::Validate => Question::Validate(read(body)?),
            Kind::Solve => Question::Solve(read(body)?),
            Kind::Check => Question::Check(read(body)?),
            Kind::Explain => Question::Explain(read(body)?),
            Kind::Cover => Question::Cover(read(body)?),
            Kind::Replan => Question::Replan(read(body)?),
            Kind::Capacity => Question::Capacity(read(body)?),
            Kind::Size => Question::Size(read(body)?),
        })
    }

    /// How to work, to be looked at or changed before it is answered; none for what takes no time.
    pub fn working(&mut self) -> Option<&mut Working> {
        match self {
            Question::Validate(_) | Question::Check(_) => None,
            Question::Solve(body) => Some(&mut body.options),
            Question::Explain(body) => Some(&mut body.options),
            Question::Cover(body) => Some(&mut body.options),
            Question::Replan(body) => Some(&mut body.options),
            Question::Capacity(body) => Some(&mut body.options),
            Question::Size(body) => Some(&mut body.options),
        }
    }

    /// Which question it is.
    pub fn kind(&self) -> Kind {
        match self {
            Question::Validate(_) => Kind::Validate,
            Question::Solve(_) => Kind::Solve,
            Question::Check(_) => Kind::Check,
            Question::Explain(_) => Kind::Explain,
            Question::Cover(_) => Kind::Cover,
            Question::Replan(_) => Kind::Replan,
            Question::Capacity(_) => Kind::Capacity,
            Question::Size(_) => Kind::Size,
        }
    }

    /// Answers it. Of `beside`, cancelling and progress are used; everything else stands in the question.
    ///
    /// # Errors
    ///
    /// Every mistake in what was given.
    pub fn answer(&self, beside: &Options<'_>) -> Result<Answer, Error> {
        self.clone().ready()?.answer(beside)
    }
}

impl CapacityBody {
    pub(crate) fn fitting(&self) -> Result<Fitting<'_>, Error> {
        let policy = match (self.people, self.days) {
            (Some(people), Some(days)) => {
                Some(Policy { people, days, open_days: self.open_days.unwrap_or(5) })
            }
            (None, None) => None,
            _ => {
                let finding = Finding::error("capacity.policy", "", "people and days belong together")
                    .help("give both, or neither");
                return Err(Error::of(finding));
            }
        };
        let room =
            Room { area: self.area, area_each: self.area_each, height: self.height, share: self.share };
        Ok(Fitting {
            distances: self.distance.clone(),
            policy,
            prefer: self.prefer.as_deref(),
            on: self.on.as_deref(),
            room,
        })
    }
}

pub(crate) fn read<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, Error> {
    const HELP: &str =
        "the schema of each body stands in the OpenAPI document, and that of scenarios is `rota schema scenario`";
    let read: T = serde_json::from_str(body).map_err(|wrong| {
        let positions = Positions::new(body);
        let (pointer, _) = positions.innermost(positions.offset(wrong.line(), wrong.column()));
        let whole = wrong.to_string();
        let message = whole.split(" at line ").next().unwrap_or(&whole);
        // What is no JSON at all is told from what is not the JSON expected.
        let code = if wrong.is_data() { "body.shape" } else { "body.json" };
        let mut finding = Finding::error(code, pointer, message).help(HELP);
        finding.line = u32::try_from(wrong.line()).ok();
        finding.column = u32::try_from(wrong.column()).ok();
        Error::Mistakes(vec![finding])
    })?;
    // A list of the fields' values without their names would be read as well.
    if body.trim_start().starts_with('{') {
        Ok(read)
    } else {
        let finding = Finding::error("body.shape", "", "the body should be an object");
        Err(Error::Mistakes(vec![finding.help(HELP)]))
    }
}
