//! Where the service listens and how much it takes on.

use crate::token::Tokens;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

/// Where the service listens and how much it takes on.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The address; port 0 for a free one.
    pub listen: SocketAddr,
    /// Who may ask; none for everybody, which only a loopback address allows.
    pub tokens: Option<Tokens>,
    /// How much it takes on.
    pub caps: Caps,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787),
            tokens: None,
            caps: Caps::default(),
        }
    }
}

/// How much the service takes on.
#[derive(Debug, Clone)]
pub struct Caps {
    /// Bytes of a body.
    pub body: usize,
    /// People of a scenario.
    pub people: usize,
    /// Time for one job, counted from when it starts to run.
    pub time: Duration,
    /// Jobs that run at once; the cores are shared out among them.
    pub jobs: usize,
    /// Jobs that wait.
    pub queue: usize,
    /// How long a result is kept after its job has ended.
    pub keep: Duration,
    /// Bytes of all results that are kept; the oldest go first.
    pub kept_bytes: usize,
    /// Connections at once; more wait to be let in.
    pub connections: usize,
    /// Time for the head of a request, and for a connection without one.
    pub head_time: Duration,
    /// Time for a body.
    pub body_time: Duration,
    /// How long an answer may stand still because nobody reads it.
    pub write_time: Duration,
}

impl Default for Caps {
    fn default() -> Self {
        Caps {
            body: 20_000_000,
            people: 20_000,
            time: Duration::from_secs(600),
            jobs: 2,
            queue: 32,
            keep: Duration::from_secs(15 * 60),
            kept_bytes: 256_000_000,
            connections: 256,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            write_time: Duration::from_secs(30),
        }
    }
}

impl Caps {
    /// The threads of one job: the cores shared out, at least one each.
    pub fn threads(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        (cores / self.jobs.max(1)).max(1)
    }
}
