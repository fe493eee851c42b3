//! A job as JSON.

use crate::jobs::{Job, Now, State};
use rota_face::question::Kind;
use rota_io::progress::ProgressDocument;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

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
    pub state: State,
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
        state: now.state,
        ahead: ahead.filter(|_| now.state == State::Queued),
        stopping: now.stopping,
        time_limit: job.time_limit.map(|limit| limit.as_secs_f64()),
        progress: now.progress.clone(),
        exit_code: ended.and_then(|ended| ended.as_ref().ok()).map(|answer| answer.exit_code),
        document: document.map(|text| RawValue::from_string(text).expect("documents are JSON")),
    };
    serde_json::to_string(&document).expect("a job is plain data")
}
