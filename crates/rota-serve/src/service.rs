//! What all routes share.

use crate::body::Budget;
use crate::jobs::Book;
use crate::openapi;
use crate::settings::{Caps, Settings};
use crate::token::Tokens;
use axum::body::Bytes;
use rota_face::question::Answer;
use rota_face::{Error, Options, Ready};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// How a question that was read is answered. It is given from outside so that tests can hold an answer back.
pub type Answering = Arc<dyn Fn(&Ready, &Options<'_>) -> Result<Answer, Error> + Send + Sync>;

/// What all routes share.
pub struct Service {
    pub caps: Caps,
    pub tokens: Option<Tokens>,
    pub book: Book,
    pub bodies: Budget,
    /// Bodies are read and short questions answered by so many threads at once.
    pub quick: Arc<Semaphore>,
    pub answering: Answering,
    /// The description, made once.
    pub openapi: Bytes,
}

impl Service {
    pub fn new(settings: Settings, answering: Answering) -> std::io::Result<Service> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Service {
            book: Book::open(&settings.caps)?,
            bodies: Budget::new(&settings.caps),
            quick: Arc::new(Semaphore::new(cores)),
            caps: settings.caps,
            tokens: settings.tokens,
            answering,
            openapi: openapi::text().into(),
        })
    }
}
