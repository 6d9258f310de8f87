//! Named points at which a process kills itself, as `kill -9` would. For tests alone: no program
//! that is not built with the feature `kill-points` has any of it.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use rustix::process::{Signal, getpid, kill_process};

/// The environment variable that names the point, as `point` or, at its nth passing, `point:n`.
///
/// ```
/// assert_eq!(booking_ledger::kill_points::VARIABLE, "KILL_SEATBLOCK_AT");
/// ```
pub const VARIABLE: &str = "KILL_SEATBLOCK_AT";

struct Chosen {
    point: String,
    nth: u64,
}

static CHOSEN: OnceLock<Option<Chosen>> = OnceLock::new();
static PASSED: AtomicU64 = AtomicU64::new(0);

/// Kills the process where the environment has chosen this `point`, at this passing of it.
///
/// ```
/// booking_ledger::kill_points::pass("nobody.chose.it"); // goes on
/// ```
pub fn pass(point: &str) {
    let chosen = CHOSEN.get_or_init(|| {
        let text = std::env::var_os(VARIABLE)?.into_string().ok()?;
        Some(match text.split_once(':') {
            Some((point, nth)) => Chosen {
                point: point.to_owned(),
                nth: nth.parse().unwrap_or(1),
            },
            None => Chosen {
                point: text,
                nth: 1,
            },
        })
    });
    let Some(chosen) = chosen.as_ref().filter(|chosen| chosen.point == point) else {
        return;
    };
    if PASSED.fetch_add(1, Ordering::SeqCst) + 1 == chosen.nth {
        // No destructor runs, no buffer is flushed: nothing has a chance to end well.
        let _ = kill_process(getpid(), Signal::KILL);
        loop {
            thread::park();
        }
    }
}
