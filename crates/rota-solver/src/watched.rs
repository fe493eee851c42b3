//! Work on another thread, with somebody who may end it on this one.

use crate::backend::Flow;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Time between two looks at the watcher.
const WATCH_EVERY: Duration = Duration::from_millis(20);

/// Sets a flag when dropped, be it for a panic.
pub struct StopOnDrop<'a>(pub &'a AtomicBool);

impl Drop for StopOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What becomes of the work. Meanwhile `watch` is called again and again on this thread; when it says so, or panics,
/// `stop` is set, which the work is to heed. `stop` is set in the end in any case.
pub fn watched<T: Send>(
    stop: &AtomicBool,
    work: impl FnOnce() -> T + Send,
    mut watch: impl FnMut() -> Flow,
) -> T {
    let here = thread::current();
    thread::scope(|scope| {
        let _stop = StopOnDrop(stop);
        let threads = rayon::current_num_threads();
        let work = scope.spawn(move || {
            let done = on_a_pool(threads, work);
            here.unpark();
            done
        });
        while !work.is_finished() {
            if watch() == Flow::Stop {
                stop.store(true, Ordering::Relaxed);
            }
            thread::park_timeout(WATCH_EVERY);
        }
        work.join().expect("the work does not panic")
    })
}

/// What becomes of work on a new thread, whose parallel parts are done by so many threads of its own: outside a pool they
/// would be done by the one that the whole process shares, be it busy with another's work. Where no pool can be had, that
/// one does.
pub fn on_a_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

/// What a watcher says who only looks at a flag.
pub fn unless(stop: &AtomicBool) -> Flow {
    if stop.load(Ordering::Relaxed) {
        Flow::Stop
    } else {
        Flow::Continue
    }
}
