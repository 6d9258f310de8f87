//! Work done a few pieces at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A number that the environment may set.
pub(crate) fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var_os(variable).map_or(otherwise, |text| text.to_str().unwrap().parse().unwrap())
}

/// Does all of `work`, a few at a time; results in the order of the work.
pub(crate) fn side_by_side<W: Sync, R: Send>(work: &[W], one: impl Fn(&W) -> R + Sync) -> Vec<R> {
    let at_once = 2 * thread::available_parallelism().map_or(2, usize::from);
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = work.get(place) else { return };
                    let result = one(item);
                    done.lock().unwrap().push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
