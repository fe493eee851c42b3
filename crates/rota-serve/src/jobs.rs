//! Jobs: a queue, the threads that work on it, and results that are kept for a while.
//!
//! Nothing here knows of HTTP. A job is told of through a [`watch`] channel, which the solver's thread fills and any
//! number of requests look at.

use crate::refusal::Refusal;
use crate::settings::Caps;
use rota_face::question::{Answer, Kind};
use rota_face::{Cancel, Error, Options};
use rota_io::progress::ProgressDocument;
use rota_solver::Progress;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Whose job it is: the number of a token; nobody's where there are no tokens.
pub type Tenant = Option<usize>;

/// What a job does; progress and cancelling come with the options.
pub type Work = Box<dyn FnOnce(&Options<'_>) -> Result<Answer, Error> + Send>;

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "JobState")]
pub enum State {
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

impl State {
    pub fn is_over(self) -> bool {
        matches!(self, State::Done | State::Cancelled | State::Failed)
    }
}

/// A job as it stands at one moment.
#[derive(Debug, Clone)]
pub struct Now {
    pub state: State,
    /// It was asked to end, and has not yet.
    pub stopping: bool,
    pub progress: Option<ProgressDocument>,
    /// What came of it.
    pub ended: Option<Arc<Result<Answer, Refusal>>>,
}

/// A job.
pub struct Job {
    /// 128 bits from the system's randomness, in hexadecimal.
    pub id: String,
    pub kind: Kind,
    pub tenant: Tenant,
    /// Seconds it may run.
    pub time_limit: Option<Duration>,
    cancel: Cancel,
    now: watch::Sender<Now>,
}

impl Job {
    /// As it stands.
    pub fn now(&self) -> Now {
        self.now.borrow().clone()
    }

    /// To be told of every change.
    pub fn watch(&self) -> watch::Receiver<Now> {
        self.now.subscribe()
    }
}

/// Why a job was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// As many wait as may.
    Full,
    /// The service ends.
    Stopping,
}

/// All jobs, and the threads that work on them.
pub struct Book {
    shared: Arc<Shared>,
    workers: Mutex<Vec<JoinHandle<()>>>,
}

struct Shared {
    jobs: Mutex<Jobs>,
    /// Something was put into the queue, or the service ends.
    changed: Condvar,
    caps: Caps,
}

#[derive(Default)]
struct Jobs {
    known: HashMap<String, Arc<Job>>,
    queue: VecDeque<(Arc<Job>, Work)>,
    running: usize,
    /// Those that are over, the oldest first, with the bytes of what came of them.
    over: VecDeque<(Instant, usize, Arc<Job>)>,
    kept_bytes: usize,
    stopping: bool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Jobs> {
        // The work of a job never runs under the lock, so it cannot be left half changed.
        self.jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Book {
    /// Starts the threads.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn open(caps: &Caps) -> std::io::Result<Book> {
        let shared = Arc::new(Shared {
            jobs: Mutex::new(Jobs::default()),
            changed: Condvar::new(),
            caps: caps.clone(),
        });
        let start = |at: usize| {
            let shared = Arc::clone(&shared);
            std::thread::Builder::new().name(format!("job {at}")).spawn(move || work(&shared))
        };
        let workers = (1..=caps.jobs.max(1)).map(start).collect::<Result<Vec<_>, _>>()?;
        Ok(Book { shared, workers: Mutex::new(workers) })
    }

    /// Whether no more can wait.
    pub fn is_full(&self) -> bool {
        self.shared.lock().is_full(&self.shared.caps)
    }

    /// Puts a job into the queue.
    ///
    /// # Errors
    ///
    /// The queue is full, or the service ends.
    pub fn submit(
        &self,
        kind: Kind,
        tenant: Tenant,
        time_limit: Option<Duration>,
        work: Work,
    ) -> Result<Arc<Job>, Refused> {
        let mut jobs = self.shared.lock();
        if jobs.stopping {
            return Err(Refused::Stopping);
        }
        if jobs.is_full(&self.shared.caps) {
            return Err(Refused::Full);
        }
        let now = Now { state: State::Queued, stopping: false, progress: None, ended: None };
        let job = Arc::new(Job {
            id: new_id(),
            kind,
            tenant,
            time_limit,
            cancel: Cancel::new(),
            now: watch::Sender::new(now),
        });
        jobs.known.insert(job.id.clone(), Arc::clone(&job));
        jobs.queue.push_back((Arc::clone(&job), work));
        drop(jobs);
        self.shared.changed.notify_one();
        Ok(job)
    }

    /// A tenant's job of this id; none when it is another's, was never there or is kept no longer.
    pub fn get(&self, id: &str, tenant: Tenant) -> Option<Arc<Job>> {
        let mut jobs = self.shared.lock();
        jobs.sweep(&self.shared.caps);
        jobs.known.get(id).filter(|job| job.tenant == tenant).cloned()
    }

    /// How many wait before it, where it waits.
    pub fn ahead(&self, job: &Job) -> Option<usize> {
        self.shared.lock().queue.iter().position(|(waiting, _)| waiting.id == job.id)
    }

    /// Asks a job to end with the best found so far. One that waits is over at once; one that is over stays as it is.
    pub fn cancel(&self, job: &Job) {
        let mut jobs = self.shared.lock();
        job.cancel.cancel();
        if let Some(at) = jobs.queue.iter().position(|(waiting, _)| waiting.id == job.id) {
            let (job, work) = jobs.queue.remove(at).expect("it was found there");
            jobs.end(&job, State::Cancelled, None, &self.shared.caps);
            drop(jobs);
            drop(work);
        } else {
            job.now.send_if_modified(|now| {
                let begins = now.state == State::Running && !now.stopping;
                now.stopping |= begins;
                begins
            });
        }
    }

    /// Cancels a job and forgets it: nobody will ask for it.
    pub fn forget(&self, job: &Job) {
        self.cancel(job);
        let mut jobs = self.shared.lock();
        jobs.known.remove(&job.id);
        if let Some(at) = jobs.over.iter().position(|(_, _, over)| over.id == job.id) {
            let (_, bytes, _) = jobs.over.remove(at).expect("it was found there");
            jobs.kept_bytes -= bytes;
        }
    }

    /// Lets go of results that were kept long enough.
    pub fn sweep(&self) {
        self.shared.lock().sweep(&self.shared.caps);
    }

    /// Takes no more jobs and asks all to end.
    pub fn stop(&self) {
        let mut jobs = self.shared.lock();
        jobs.stopping = true;
        let waiting = std::mem::take(&mut jobs.queue);
        for (job, _) in &waiting {
            job.cancel.cancel();
            jobs.end(job, State::Cancelled, None, &self.shared.caps);
        }
        let known: Vec<Arc<Job>> = jobs.known.values().cloned().collect();
        drop(jobs);
        drop(waiting);
        for job in known {
            self.cancel(&job);
        }
        self.shared.changed.notify_all();
    }

    /// Whether every thread has ended after [`Book::stop`].
    pub fn is_at_rest(&self) -> bool {
        let workers = self.workers.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        workers.iter().all(JoinHandle::is_finished)
    }
}

impl Jobs {
    fn is_full(&self, caps: &Caps) -> bool {
        // A free thread takes the next at once, so that a queue of 0 lets jobs run and none wait.
        let free = caps.jobs.max(1).saturating_sub(self.running);
        self.queue.len() >= caps.queue + free
    }

    /// Ends a job, and lets go of the oldest results where there are too many bytes.
    fn end(&mut self, job: &Arc<Job>, state: State, ended: Option<Result<Answer, Refusal>>, caps: &Caps) {
        let bytes = match &ended {
            Some(Ok(answer)) => answer.document.len(),
            Some(Err(refusal)) => refusal.findings.len() * 256,
            None => 0,
        };
        job.now.send_modify(|now| {
            now.state = state;
            now.stopping = false;
            now.ended = ended.map(Arc::new);
        });
        // A forgotten job is kept by nobody.
        if self.known.contains_key(&job.id) {
            self.over.push_back((Instant::now(), bytes, Arc::clone(job)));
            self.kept_bytes += bytes;
            // The newest stays whatever its size, else nobody could have it.
            while self.kept_bytes > caps.kept_bytes && self.over.len() > 1 {
                self.let_go();
            }
        }
    }

    fn sweep(&mut self, caps: &Caps) {
        while self.over.front().is_some_and(|(since, _, _)| since.elapsed() >= caps.keep) {
            self.let_go();
        }
    }

    /// Lets go of the oldest result.
    fn let_go(&mut self) {
        if let Some((_, bytes, job)) = self.over.pop_front() {
            self.kept_bytes -= bytes;
            self.known.remove(&job.id);
        }
    }
}

/// One thread: takes the next job until the service ends.
fn work(shared: &Shared) {
    loop {
        let mut jobs = shared.lock();
        let (job, work) = loop {
            if let Some(next) = jobs.queue.pop_front() {
                break next;
            }
            if jobs.stopping {
                return;
            }
            jobs = shared.changed.wait(jobs).unwrap_or_else(std::sync::PoisonError::into_inner);
        };
        jobs.running += 1;
        job.now.send_modify(|now| now.state = State::Running);
        drop(jobs);
        let result = run(&job, work, shared.caps.threads());
        let state = match &result {
            Err(_) => State::Failed,
            Ok(_) if job.cancel.is_cancelled() => State::Cancelled,
            Ok(_) => State::Done,
        };
        let mut jobs = shared.lock();
        jobs.running -= 1;
        jobs.end(&job, state, Some(result), &shared.caps);
    }
}

/// Does the work of a job. A panic in it is a mistake of rota's own, and ends this job alone.
fn run(job: &Job, work: Work, threads: usize) -> Result<Answer, Refusal> {
    let tell = |progress: &Progress| {
        let told = ProgressDocument::from(progress);
        job.now.send_modify(|now| now.progress = Some(told));
    };
    let options =
        Options { cancel: job.cancel.clone(), progress: Some(&tell), threads, ..Options::default() };
    match catch_unwind(AssertUnwindSafe(|| work(&options))) {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(Refusal::of(&error)),
        Err(_) => Err(Refusal::internal()),
    }
}

fn new_id() -> String {
    let mut bits = [0; 16];
    getrandom::fill(&mut bits).expect("the system gives random numbers");
    format!("{:032x}", u128::from_be_bytes(bits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_solver::solve::Doing;
    use rota_solver::Level;
    use std::sync::mpsc::{channel, Receiver, Sender};

    /// Longer than anything here takes.
    const PATIENCE: Duration = Duration::from_secs(60);

    fn book(jobs: usize, queue: usize) -> Book {
        Book::open(&Caps { jobs, queue, ..Caps::default() }).expect("threads start")
    }

    fn submit(book: &Book, work: Work) -> Result<Arc<Job>, Refused> {
        book.submit(Kind::Solve, None, None, work)
    }

    fn answer() -> Answer {
        Answer { document: "{}".to_string(), exit_code: 0 }
    }

    fn over(job: &Job) -> Now {
        let begun = Instant::now();
        while !job.now().state.is_over() {
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            std::thread::sleep(Duration::from_millis(1));
        }
        job.now()
    }

    /// Work that says when it has come to a stage, and goes on when it is cancelled.
    fn halting(doing: Doing) -> (Work, Receiver<()>) {
        let (tell, told): (Sender<()>, Receiver<()>) = channel();
        let work = move |options: &Options<'_>| {
            let progress = options.progress.expect("a job is told of");
            progress(&Progress { doing, best: Some(4.0), bound: Some(3.0), elapsed: 0.5 });
            tell.send(()).expect("it is waited for");
            let begun = Instant::now();
            while !options.cancel.is_cancelled() {
                assert!(begun.elapsed() < PATIENCE, "it is not cancelled");
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(answer())
        };
        (Box::new(work), told)
    }

    #[test]
    fn a_job_is_cancelled_at_every_stage_and_keeps_its_answer() {
        let book = book(1, 8);
        let stages = [
            (Doing::Building, "building", None),
            (Doing::Level(Level::Rules(rota_rules::Strength::High)), "searching", Some("high")),
            (Doing::Conflict, "conflict", None),
            (Doing::Verifying, "verifying", None),
        ];
        for (doing, word, level) in stages {
            let (work, told) = halting(doing);
            let job = submit(&book, work).expect("there is room");
            told.recv_timeout(PATIENCE).expect("it runs");
            let now = job.now();
            let progress = now.progress.expect("it was told of");
            assert_eq!((now.state, progress.doing, progress.level), (State::Running, word, level));
            assert_eq!(progress.gap, Some(0.25));
            book.cancel(&job);
            let now = over(&job);
            assert_eq!((now.state, now.stopping), (State::Cancelled, false));
            assert_eq!(now.ended.as_deref(), Some(&Ok(answer())));
        }
    }

    #[test]
    fn a_panic_ends_its_job_alone() {
        let book = book(1, 8);
        let job = submit(&book, Box::new(|_| panic!("on purpose"))).expect("there is room");
        assert_eq!(over(&job).state, State::Failed);
        let next = submit(&book, Box::new(|_| Ok(answer()))).expect("there is room");
        assert_eq!(over(&next).state, State::Done);
    }

    #[test]
    fn a_queue_of_none_lets_jobs_run_and_none_wait() {
        let book = book(1, 0);
        let (work, told) = halting(Doing::Building);
        let job = submit(&book, work).expect("a thread is free");
        told.recv_timeout(PATIENCE).expect("it runs");
        assert!(book.is_full());
        assert_eq!(submit(&book, Box::new(|_| Ok(answer()))).err(), Some(Refused::Full));
        book.cancel(&job);
        over(&job);
    }

    #[test]
    fn what_is_forgotten_is_kept_by_nobody() {
        let book = book(1, 8);
        let job = submit(&book, Box::new(|_| Ok(answer()))).expect("there is room");
        over(&job);
        assert!(book.get(&job.id, None).is_some());
        assert!(book.get(&job.id, Some(0)).is_none(), "another tenant's");
        book.forget(&job);
        assert!(book.get(&job.id, None).is_none());
        assert_eq!(book.shared.lock().kept_bytes, 0);
        // While it runs, too.
        let (work, told) = halting(Doing::Building);
        let job = submit(&book, work).expect("there is room");
        told.recv_timeout(PATIENCE).expect("it runs");
        book.forget(&job);
        over(&job);
        let jobs = book.shared.lock();
        assert!(jobs.known.is_empty() && jobs.over.is_empty() && jobs.kept_bytes == 0);
    }

    #[test]
    fn a_book_that_stops_ends_all_and_takes_no_more() {
        let book = book(1, 8);
        let (work, told) = halting(Doing::Building);
        let running = submit(&book, work).expect("there is room");
        told.recv_timeout(PATIENCE).expect("it runs");
        let waiting = submit(&book, Box::new(|_| Ok(answer()))).expect("there is room");
        book.stop();
        assert_eq!(waiting.now().state, State::Cancelled);
        assert_eq!(over(&running).state, State::Cancelled);
        assert_eq!(submit(&book, Box::new(|_| Ok(answer()))).err(), Some(Refused::Stopping));
        let begun = Instant::now();
        while !book.is_at_rest() {
            assert!(begun.elapsed() < PATIENCE);
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn names_of_jobs_are_128_bits() {
        let (one, other) = (new_id(), new_id());
        assert_eq!(one.len(), 32);
        assert_ne!(one, other);
    }
}
