//! Rounds side by side, and the table of what they showed.

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::ledgers::Kept;
use crate::points::Point;
use crate::rounds::Round;

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

pub(crate) fn of_points(work: &[(Point, Kept)], rounds: &[Vec<Round>]) -> String {
    let mut text = String::from(
        "| killed | ledger | runs | state then | after recover | executed | in the ledger | sends |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let mut runs = 0;
    for ((point, kept), rounds) in work.iter().zip(rounds) {
        runs += rounds.len();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            point.name,
            kept.name(),
            rounds.len(),
            all(rounds, |round| round.killed.clone()),
            all(rounds, |round| round.recovered.clone()),
            all(rounds, |round| round.executed.to_string()),
            all(rounds, |round| round.known.to_string()),
            all(rounds, |round| round.sends.to_string()),
        );
    }
    let _ = write!(text, "{} points, {runs} kills", rounds.len());
    text
}

/// Every value that was seen, once.
fn all(rounds: &[Round], of: impl Fn(&Round) -> String) -> String {
    let mut seen: Vec<String> = rounds.iter().map(of).collect();
    seen.sort();
    seen.dedup();
    seen.join(" or ")
}
