//! Rota as a local service: the questions of [`rota_face::question`] over HTTP, with jobs, progress and cancel.
//!
//! Reading bodies and searching happen on threads of their own; one thread serves all connections.
//!
//! Invariants: bodies, names and tokens are never written anywhere; there is no list of jobs; no path names a file;
//! every error is a findings document; whatever a question does, the service goes on.

mod aside;
mod ask;
mod body;
mod described;
mod events;
mod guard;
mod job_document;
mod jobs;
mod listen;
pub mod openapi;
mod page;
mod prefer;
mod quick;
mod refusal;
mod routes;
mod service;
mod settings;
mod token;
mod unread;

pub use service::Answering;
pub use settings::{Caps, Settings};
pub use token::Tokens;

use service::Service;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use tokio::sync::watch;

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Others than this computer could ask, and nothing says who may.
    #[error("{0} can be reached by other computers, and there is no token")]
    NoToken(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The system does not give what is needed.
    #[error("cannot start: {0}")]
    System(std::io::Error),
}

/// A service that listens, and has not begun to answer.
pub struct Server {
    listener: TcpListener,
    service: Arc<Service>,
    stop: watch::Sender<bool>,
}

/// Ends a service, from any thread.
#[derive(Debug, Clone)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Asks the service to end: it takes nothing more, and its jobs end with the best found so far.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Server {
    /// Listens.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub fn bind(settings: Settings) -> Result<Server, StartError> {
        Server::answering(settings, Arc::new(rota_face::Ready::answer))
    }

    /// Listens, and answers questions in another way: for tests.
    ///
    /// # Errors
    ///
    /// See [`StartError`].
    pub fn answering(settings: Settings, answering: Answering) -> Result<Server, StartError> {
        let listen = settings.listen;
        if settings.tokens.is_none() && !listen.ip().is_loopback() {
            return Err(StartError::NoToken(listen));
        }
        let listener = TcpListener::bind(listen).map_err(|why| StartError::Listen(listen, why))?;
        listener.set_nonblocking(true).map_err(StartError::System)?;
        let service = Service::new(settings, answering).map_err(StartError::System)?;
        Ok(Server { listener, service: Arc::new(service), stop: watch::Sender::new(false) })
    }

    /// Where it listens; the port is the real one.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn address(&self) -> Result<SocketAddr, StartError> {
        self.listener.local_addr().map_err(StartError::System)
    }

    /// What ends it.
    pub fn stopper(&self) -> Stop {
        Stop(self.stop.clone())
    }

    /// Answers until it is asked to end, on this thread.
    ///
    /// # Errors
    ///
    /// The system does not give what is needed.
    pub fn run(self) -> Result<(), StartError> {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::System)?;
        let stop = self.stop.subscribe();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener).map_err(StartError::System)?;
            listen::serve(listener, self.service, stop).await;
            Ok(())
        })?;
        // What is still being read is nobody's any more.
        runtime.shutdown_background();
        Ok(())
    }
}
