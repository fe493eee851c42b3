//! `POST /v1/...`: a question is read, and answered or put into the queue.

use crate::body::{away, Taken};
use crate::guard::Asker;
use crate::job_document::written;
use crate::jobs::{Book, Job, Refused};
use crate::prefer::Prefer;
use crate::quick::{quickly, text, within};
use crate::refusal::{json, Refusal};
use crate::service::Service;
use axum::body::Body;
use axum::http::{header, HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use rota_face::question::{Answer, Kind, Question, TimeLimit};
use rota_face::{Options, Ready};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The header of an answer given at once: the exit code that the command would give.
pub const EXIT_CODE: HeaderName = HeaderName::from_static("rota-exit-code");
/// The header of an answer given at once: the seconds it was given.
pub const TIME_LIMIT: HeaderName = HeaderName::from_static("rota-time-limit");

/// Answers a question, or says where its answer will be.
pub async fn ask(
    service: Arc<Service>,
    asker: Asker,
    kind: Kind,
    headers: HeaderMap,
    body: Body,
) -> Response {
    answered(&service, asker, kind, &headers, body).await.unwrap_or_else(IntoResponse::into_response)
}

async fn answered(
    service: &Arc<Service>,
    asker: Asker,
    kind: Kind,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let first = is_json(headers).and_then(|()| Prefer::of(headers, kind)).and_then(|prefer| {
        // Nobody need send a body that cannot be taken.
        if is_short(kind) || !service.book.is_full() {
            Ok(prefer)
        } else {
            Err(refused(Refused::Full))
        }
    });
    let prefer = match first {
        Ok(prefer) => prefer,
        Err(refusal) => {
            away(body).await;
            return Err(refusal);
        }
    };
    let taken = service.bodies.read(body, &service.caps).await?;
    match begin(service, kind, taken).await? {
        Begun::Answer(answer) => Ok(given(&answer, None)),
        Begun::Question(ready, share) => {
            let limit = ready.time_limit;
            let answering = Arc::clone(&service.answering);
            let work = move |options: &Options<'_>| {
                let answer = answering(&ready.question, options);
                // The body's share is given back when nothing of it is left.
                drop((ready, share));
                answer
            };
            let job = service.book.submit(kind, asker.0, limit, Box::new(work)).map_err(refused)?;
            wait(service, job, prefer).await
        }
    }
}

/// What takes no searching is answered at once.
fn is_short(kind: Kind) -> bool {
    matches!(kind, Kind::Validate | Kind::Check)
}

pub fn is_json(headers: &HeaderMap) -> Result<(), Refusal> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let mut parts = text(header::CONTENT_TYPE).unwrap_or("").split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    let in_utf8 = parts.all(|part| match part.split_once('=') {
        Some((name, value)) if name.trim().eq_ignore_ascii_case("charset") => {
            value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        }
        _ => true,
    });
    let unpacked =
        text(header::CONTENT_ENCODING).is_none_or(|coding| coding.eq_ignore_ascii_case("identity"));
    if is_json && in_utf8 && unpacked {
        return Ok(());
    }
    Err(Refusal::new(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "serve.type",
        "the body is not said to be JSON in UTF-8, as it is",
        "send it with the header `Content-Type: application/json`, not packed",
    ))
}

enum Begun {
    Answer(Answer),
    Question(Box<Capped>, tokio::sync::OwnedSemaphorePermit),
}

/// A question within the caps.
struct Capped {
    question: Ready,
    time_limit: Option<Duration>,
}

/// Reads a body, and answers what takes no searching.
async fn begin(service: &Arc<Service>, kind: Kind, taken: Taken) -> Result<Begun, Refusal> {
    let own = Arc::clone(service);
    let begun = quickly(service, move || {
        let Taken { text, share } = taken;
        read(&own, kind, &text).map(|begun| match begun {
            Read::Answer(answer) => Begun::Answer(answer),
            Read::Question(capped) => Begun::Question(capped, share),
        })
    });
    begun.await
}

enum Read {
    Answer(Answer),
    Question(Box<Capped>),
}

fn read(service: &Service, kind: Kind, bytes: &[u8]) -> Result<Read, Refusal> {
    let question = Question::read(kind, text(bytes)?).map_err(|error| Refusal::of(&error))?;
    let mut ready = question.ready().map_err(|error| Refusal::of(&error))?;
    within(ready.scenario().map_or(0, |scenario| scenario.problem.site.people.len()), service)?;
    let most = service.caps.time;
    let threads = service.caps.threads();
    let Some(working) = ready.working() else {
        let options = Options { threads: 1, ..Options::default() };
        let answer = (service.answering)(&ready, &options).map_err(|error| Refusal::of(&error))?;
        return Ok(Read::Answer(answer));
    };
    if working.threads == 0 || working.threads > threads {
        working.threads = threads;
    }
    let beside = Options::default();
    let limit = working.options(&beside).map_err(|error| Refusal::of(&error))?.time_limit;
    let time_limit = limit.map_or(most, |limit| limit.min(most));
    working.time_limit = TimeLimit::Seconds(time_limit.as_secs_f64());
    Ok(Read::Question(Box::new(Capped { question: ready, time_limit: Some(time_limit) })))
}

fn refused(why: Refused) -> Refusal {
    match why {
        Refused::Full => Refusal::new(
            StatusCode::TOO_MANY_REQUESTS,
            "serve.full",
            "as many jobs wait as may",
            "ask again later, or start the service with a larger --queue",
        )
        .retry(5),
        Refused::Stopping => Refusal::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "serve.stopping",
            "the service is ending",
            "ask again when it has been started again",
        )
        .retry(10),
    }
}

/// Forgets a job when whoever waits for it goes away, because nobody else knows of it.
struct Waiting<'a> {
    book: &'a Book,
    job: Option<Arc<Job>>,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if let Some(job) = &self.job {
            self.book.forget(job);
        }
    }
}

/// Waits as long as is preferred; then the answer, or where it will be.
async fn wait(service: &Service, job: Arc<Job>, prefer: Prefer) -> Result<Response, Refusal> {
    let mut waiting = Waiting { book: &service.book, job: Some(Arc::clone(&job)) };
    let mut changes = job.watch();
    let over = changes.wait_for(|now| now.state.is_over());
    let now = match prefer {
        Prefer::Never => None,
        Prefer::Seconds(seconds) => {
            let now = timeout(Duration::from_secs(seconds), over).await;
            now.ok().map(|now| now.expect("the job is held here").clone())
        }
        Prefer::Whole => Some(over.await.expect("the job is held here").clone()),
    };
    let Some(now) = now else {
        waiting.job = None;
        let ahead = service.book.ahead(&job);
        let mut response = json(StatusCode::ACCEPTED, written(&job, &job.now(), ahead, true));
        let place =
            HeaderValue::from_str(&format!("/v1/jobs/{}", job.id)).expect("ids are letters and digits");
        response.headers_mut().insert(header::LOCATION, place);
        return Ok(response);
    };
    match now.ended.as_deref() {
        Some(Ok(answer)) => Ok(given(answer, job.time_limit)),
        Some(Err(refusal)) => Err(refusal.clone()),
        // Only the end of the service cancels what nobody else knows of.
        None => Err(refused(Refused::Stopping)),
    }
}

/// An answer given at once.
fn given(answer: &Answer, limit: Option<Duration>) -> Response {
    let mut response = json(StatusCode::OK, answer.document.clone());
    response.headers_mut().insert(EXIT_CODE, HeaderValue::from(u16::from(answer.exit_code)));
    if let Some(limit) = limit {
        let limit = HeaderValue::from_str(&limit.as_secs_f64().to_string()).expect("a number is plain text");
        response.headers_mut().insert(TIME_LIMIT, limit);
    }
    response
}
