//! Server-sent events of a job: how it stands, until it is over.

use crate::job_document::written;
use crate::jobs::{Job, Now};
use crate::service::Service;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::sleep;

/// Changes come at most so often; what comes between is left out.
const EVERY: Duration = Duration::from_millis(200);
/// A sign of life while nothing changes.
const HEARTBEAT: Duration = Duration::from_secs(10);

enum Next {
    First,
    Change,
    End,
}

/// The events `progress`, one for each change, and at last `end`; their data is the job without its document.
pub fn events(service: Arc<Service>, job: Arc<Job>) -> Response {
    let changes = job.watch();
    let stream = stream::unfold(
        (service, job, changes, Next::First),
        |(service, job, mut changes, next)| async move {
            match next {
                Next::First => {}
                Next::Change => {
                    sleep(unless_over(&changes)).await;
                    changes.changed().await.ok()?;
                }
                Next::End => return None,
            }
            let now = changes.borrow_and_update().clone();
            let ahead = service.book.ahead(&job);
            let (name, next) =
                if now.state.is_over() { ("end", Next::End) } else { ("progress", Next::Change) };
            let event = Event::default().event(name).data(written(&job, &now, ahead, false));
            Some((Ok::<Event, Infallible>(event), (service, job, changes, next)))
        },
    );
    Sse::new(stream).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("waiting")).into_response()
}

fn unless_over(changes: &watch::Receiver<Now>) -> Duration {
    if changes.borrow().state.is_over() {
        Duration::ZERO
    } else {
        EVERY
    }
}
