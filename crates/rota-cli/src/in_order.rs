//! Work on many items at once, whose results come out in the order of the items.

use rota_face::Cancel;
use std::collections::BTreeMap;
use std::sync::mpsc::{channel, sync_channel, Receiver, RecvTimeoutError};
use std::sync::Mutex;
use std::time::Duration;

/// How soon workers that wait for an item see that work is to end.
const LOOK: Duration = Duration::from_millis(50);

/// Does `work` on all items, on so many threads at once, and hands the results to `give` in the order of the items.
/// At most `held` items are read and not yet given, however long one of them takes. When `stop` is asked for, or `give`
/// says false, no further item is begun; what was begun is given still, unless `give` said false.
pub fn in_order<T: Send + 'static, R: Send>(
    items: impl Iterator<Item = T> + Send + 'static,
    (threads, held): (usize, usize),
    stop: &Cancel,
    work: impl Fn(T) -> R + Sync,
    mut give: impl FnMut(R) -> bool,
) {
    let (let_in, may_enter) = channel::<()>();
    for _ in 0..held.max(1) {
        let_in.send(()).expect("the other end is held below");
    }
    let (sender, taken) = sync_channel::<(usize, T)>(held.max(1));
    // It may be waiting for input that never comes, so nobody waits for it.
    std::thread::spawn(move || {
        // The place for an item is there before it is read.
        let mut items = items.enumerate();
        while may_enter.recv().is_ok() {
            let Some(item) = items.next() else { return };
            if sender.send(item).is_err() {
                return;
            }
        }
    });
    let taken = Mutex::new(taken);
    let (done, results) = channel::<(usize, R)>();
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            let (done, taken, work) = (done.clone(), &taken, &work);
            scope.spawn(move || {
                while let Some((at, item)) = next(taken, stop) {
                    if done.send((at, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(done);
        let mut waiting = BTreeMap::new();
        let mut turn = 0;
        for (at, result) in results {
            waiting.insert(at, result);
            while let Some(result) = waiting.remove(&turn) {
                turn += 1;
                if !give(result) {
                    stop.cancel();
                    return;
                }
                // Where everything is read there is nobody to let in.
                let _ = let_in.send(());
            }
        }
    });
}

/// The next item; none when there are no more, or work is to end.
fn next<T>(taken: &Mutex<Receiver<T>>, stop: &Cancel) -> Option<T> {
    loop {
        if stop.is_cancelled() {
            return None;
        }
        let taken = taken.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        match taken.recv_timeout(LOOK) {
            Ok(item) => return Some(item),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Condvar};

    #[test]
    fn results_come_in_order_and_no_more_than_agreed_are_held() {
        static READ: AtomicUsize = AtomicUsize::new(0);
        let given = AtomicUsize::new(0);
        let most = AtomicUsize::new(0);
        // The first item ends last of the first six.
        let gate = Arc::new((Mutex::new(0), Condvar::new()));
        let items = (0..100usize).inspect(|_| {
            READ.fetch_add(1, Ordering::SeqCst);
        });
        let mut order = Vec::new();
        in_order(
            items,
            (3, 6),
            &Cancel::new(),
            |item| {
                let (count, changed) = &*gate;
                let mut count = count.lock().expect("no panics");
                *count += 1;
                changed.notify_all();
                while item == 0 && *count < 6 {
                    count = changed.wait(count).expect("no panics");
                }
                most.fetch_max(READ.load(Ordering::SeqCst) - given.load(Ordering::SeqCst), Ordering::SeqCst);
                item
            },
            |item| {
                order.push(item);
                given.fetch_add(1, Ordering::SeqCst);
                true
            },
        );
        assert_eq!(order, (0..100).collect::<Vec<_>>());
        // One place is free again as soon as `give` is begun, a moment before it is counted here.
        assert!(most.load(Ordering::SeqCst) <= 6, "{most:?}");
    }

    #[test]
    fn who_takes_no_more_is_given_no_more() {
        let mut given = 0;
        in_order(
            0..,
            (2, 4),
            &Cancel::new(),
            |item: u64| item,
            |_| {
                given += 1;
                given < 5
            },
        );
        assert_eq!(given, 5);
    }

    #[test]
    fn what_was_begun_is_given_when_work_is_to_end() {
        let stop = Cancel::new();
        let mut given = Vec::new();
        // Input that never ends and never comes.
        let items = (0..3u32).chain(std::iter::from_fn(|| loop {
            std::thread::park();
        }));
        let work = |item| {
            if item == 2 {
                stop.cancel();
            }
            item
        };
        in_order(items, (2, 4), &stop, work, |item| {
            given.push(item);
            true
        });
        assert_eq!(given, [0, 1, 2]);
    }
}
