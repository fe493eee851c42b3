//! A job as JSON.

use crate::jobs::{Job, Now, State, Told};
use rota_face::question::Kind;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// It waits for others.
    Queued,
    /// It is being worked on.
    Running,
    /// The document is there.
    Done,
    /// It was cancelled; the document, with the best roster found by then, is there if the work had begun.
    Cancelled,
    /// It could not be answered; the document is the findings that say why.
    Failed,
}

/// A job. New fields may be added.
#[derive(Debug, Serialize, JsonSchema)]
pub struct JobDocument<'a> {
    /// The version of the format: 1.
    pub job: u32,
    /// The name of the job, which cannot be guessed: whoever has it may see and cancel the job.
    pub id: &'a str,
    /// What was asked: `solve`, `cover`, ...
    pub kind: &'a str,
    /// How it stands.
    pub state: JobState,
    /// How many jobs wait before this one, while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<usize>,
    /// Whether it was asked to end, and has not yet.
    pub stopping: bool,
    /// Seconds for which it may run: what was asked for, or the most that this service allows.
    pub time_limit: Option<f64>,
    /// How the work stands.
    pub progress: Option<ProgressDocument>,
    /// The exit code that the command would give, when it is done or cancelled: 0 done, 1 the answer is no, 4 no answer yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<u8>,
    /// What came of it: the document of the question, or findings.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<serde_json::Value>")]
    pub document: Option<Box<RawValue>>,
}

/// How the work of a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct ProgressDocument {
    /// `building`, `searching`, `conflict` (looking for what clashes) or `verifying`.
    pub doing: &'static str,
    /// The level in work: `must`, `high`, `medium`, `low` or `home_first`.
    pub level: Option<&'static str>,
    /// Cost of the best roster so far at that level.
    pub best: Option<f64>,
    /// No roster costs less at that level.
    pub bound: Option<f64>,
    /// (best - bound) / best.
    pub gap: Option<f64>,
    /// Seconds since the work began.
    pub elapsed: f64,
}

impl From<Told> for ProgressDocument {
    fn from(told: Told) -> ProgressDocument {
        ProgressDocument {
            doing: told.doing,
            level: told.level,
            best: told.best,
            bound: told.bound,
            gap: told.gap(),
            elapsed: (told.elapsed * 1000.0).round() / 1000.0,
        }
    }
}

impl From<State> for JobState {
    fn from(state: State) -> JobState {
        match state {
            State::Queued => JobState::Queued,
            State::Running => JobState::Running,
            State::Done => JobState::Done,
            State::Cancelled => JobState::Cancelled,
            State::Failed => JobState::Failed,
        }
    }
}

/// A job as it stands; with what came of it, or without.
pub fn written(job: &Job, now: &Now, ahead: Option<usize>, whole: bool) -> String {
    let ended = now.ended.as_deref();
    let document = ended.filter(|_| whole).map(|ended| match ended {
        Ok(answer) => answer.document.clone(),
        Err(refusal) => refusal.document(),
    });
    let document = JobDocument {
        job: 1,
        id: &job.id,
        kind: Kind::name(job.kind),
        state: now.state.into(),
        ahead: ahead.filter(|_| now.state == State::Queued),
        stopping: now.stopping,
        time_limit: job.time_limit.map(|limit| limit.as_secs_f64()),
        progress: now.progress.map(ProgressDocument::from),
        exit_code: ended.and_then(|ended| ended.as_ref().ok()).map(|answer| answer.exit_code),
        document: document.map(|text| RawValue::from_string(text).expect("documents are JSON")),
    };
    serde_json::to_string(&document).expect("a job is plain data")
}
