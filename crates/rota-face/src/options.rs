//! How to work: limits, threads, progress and cancel.

use crate::error::Error;
use rayon::ThreadPoolBuilder;
use rota_core::Finding;
use rota_solver::{Flow, Progress};
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// More threads than this only wait for one another.
pub const MOST_THREADS: usize = 256;

/// Asks work to end with the best found so far; clones ask the same work. It may be used from any thread.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Nothing is cancelled yet.
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Asks the work to end soon.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked for.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// How to work. The defaults are those of the command line: 60 seconds, the proved optimum, one thread each core.
#[derive(Clone)]
pub struct Options<'a> {
    /// Wall-clock time for the whole call; none for no limit.
    pub time_limit: Option<Duration>,
    /// Branch-and-bound nodes at most for each level: a limit that repeats exactly.
    pub effort: Option<u64>,
    /// Relative gap, (cost - bound) / cost, at which a level is good enough; 0 proves the optimum.
    pub gap: f64,
    /// Where searches that throw dice begin; the same seed gives the same roster.
    pub seed: u64,
    /// Threads of a pool that belongs to this call alone; 0 for one each core. Without a time limit and without
    /// cancelling, the answer does not depend on it.
    pub threads: usize,
    /// When the must rules clash, pay for them instead: the closest roster.
    pub best_effort: bool,
    /// Ends the work early, with the best found so far.
    pub cancel: Cancel,
    /// Told how the work stands, some fifty times a second at most levels; one call at a time. A panic in it ends the
    /// work and reaches the caller.
    pub progress: Option<&'a (dyn Fn(&Progress) + Sync)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        let solver = rota_solver::Options::default();
        Options {
            time_limit: solver.time_limit,
            effort: solver.effort,
            gap: solver.gap,
            seed: solver.seed,
            threads: 0,
            best_effort: solver.best_effort,
            cancel: Cancel::new(),
            progress: None,
        }
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Options")
            .field("time_limit", &self.time_limit)
            .field("effort", &self.effort)
            .field("gap", &self.gap)
            .field("seed", &self.seed)
            .field("threads", &self.threads)
            .field("best_effort", &self.best_effort)
            .finish_non_exhaustive()
    }
}

impl Options<'_> {
    /// When the time of a call that began at `clock` is up.
    pub(crate) fn deadline(&self, clock: Instant) -> Option<Instant> {
        self.time_limit.and_then(|limit| clock.checked_add(limit))
    }

    /// What is left for the solver in a call that began at `clock`.
    pub(crate) fn of_solver(&self, clock: Instant) -> rota_solver::Options {
        let left = |limit: Duration| limit.saturating_sub(clock.elapsed()).max(Duration::from_millis(1));
        rota_solver::Options {
            time_limit: self.time_limit.map(left),
            effort: self.effort,
            gap: self.gap,
            best_effort: self.best_effort,
            seed: self.seed,
        }
    }

    /// Does work on a pool of its own; it is given whom to tell how it stands.
    pub(crate) fn run<T: Send>(
        &self,
        work: impl FnOnce(&mut (dyn FnMut(&Progress) -> Flow + Send)) -> T + Send,
    ) -> Result<T, Error> {
        self.mistakes()?;
        let pool = ThreadPoolBuilder::new()
            .num_threads(self.threads)
            .build()
            .map_err(|why| Error::Threads { threads: self.threads, why: why.to_string() })?;
        let (cancel, progress) = (&self.cancel, self.progress);
        Ok(pool.install(|| {
            work(&mut |now: &Progress| {
                if let Some(progress) = progress {
                    progress(now);
                }
                if cancel.is_cancelled() {
                    Flow::Stop
                } else {
                    Flow::Continue
                }
            })
        }))
    }

    fn mistakes(&self) -> Result<(), Error> {
        if self.threads > MOST_THREADS {
            let message = format!("{} threads are too many", self.threads);
            let help = format!("give at most {MOST_THREADS}, or 0 for as many as there are cores");
            return Err(Error::of(Finding::error("threads", "", message).help(help)));
        }
        if !(0.0..=1.0).contains(&self.gap) {
            let message = format!("the gap {} is not between 0 and 1", self.gap);
            return Err(Error::of(Finding::error("gap", "", message).help("give a share like 0.05, or 0")));
        }
        Ok(())
    }
}
