//! Bodies: read whole, within a size, a time and what all together may take.

use crate::refusal::Refusal;
use crate::settings::Caps;
use axum::body::Body;
use axum::http::StatusCode;
use http_body_util::BodyExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{timeout, timeout_at, Instant};

/// All bodies in hand may take as much as so many of the largest.
const BODIES: usize = 16;
/// What bodies take is counted in pieces of so many bytes.
const PIECE: usize = 1024;
/// How long a body that is not wanted is read away, so that its sender sees the answer instead of a broken pipe.
const AWAY: Duration = Duration::from_secs(3);

/// How much all bodies may take.
pub struct Budget(Arc<Semaphore>);

/// A body, and its share of what all may take, which is given back with it.
pub struct Taken {
    pub text: Vec<u8>,
    pub share: OwnedSemaphorePermit,
}

impl Budget {
    pub fn new(caps: &Caps) -> Budget {
        Budget(Arc::new(Semaphore::new((caps.body / PIECE + 1) * BODIES)))
    }

    /// Reads a body.
    ///
    /// # Errors
    ///
    /// It is too large or too slow, was broken off, or all together are too much.
    pub async fn read(&self, mut body: Body, caps: &Caps) -> Result<Taken, Refusal> {
        let said = http_body::Body::size_hint(&body).lower();
        if usize::try_from(said).map_or(true, |said| said > caps.body) {
            away(body).await;
            return Err(too_large(caps));
        }
        let until = Instant::now() + caps.body_time;
        let mut text = Vec::new();
        let mut share = self.share(0)?;
        loop {
            let Ok(next) = timeout_at(until, body.frame()).await else {
                return Err(too_slow(caps));
            };
            let Some(frame) = next else { break };
            let Ok(frame) = frame else {
                return Err(Refusal::new(
                    StatusCode::BAD_REQUEST,
                    "serve.body",
                    "the body was broken off",
                    "send the whole body",
                ));
            };
            let Ok(data) = frame.into_data() else { continue };
            if text.len() + data.len() > caps.body {
                drop(text);
                away(body).await;
                return Err(too_large(caps));
            }
            let pieces = (text.len() + data.len()).div_ceil(PIECE);
            if pieces > share.num_permits() {
                share.merge(self.share(pieces - share.num_permits())?);
            }
            text.extend_from_slice(&data);
        }
        Ok(Taken { text, share })
    }

    fn share(&self, pieces: usize) -> Result<OwnedSemaphorePermit, Refusal> {
        let pieces = u32::try_from(pieces).unwrap_or(u32::MAX);
        Arc::clone(&self.0).try_acquire_many_owned(pieces).map_err(|_| {
            Refusal::new(
                StatusCode::TOO_MANY_REQUESTS,
                "serve.bodies",
                "too many large questions are in hand",
                "ask again later",
            )
            .retry(10)
        })
    }
}

/// Reads a body away that is not wanted, for a while.
pub async fn away(mut body: Body) {
    let _ = timeout(AWAY, async { while let Some(Ok(_)) = body.frame().await {} }).await;
}

fn too_large(caps: &Caps) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "serve.size",
        format!("the body has more than {} bytes", caps.body),
        "send less, or start the service with a larger --max-body",
    )
}

fn too_slow(caps: &Caps) -> Refusal {
    Refusal::new(
        StatusCode::REQUEST_TIMEOUT,
        "serve.slow",
        format!("the body took more than {} seconds to come", caps.body_time.as_secs_f64()),
        "send it faster",
    )
}
