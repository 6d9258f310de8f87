//! Thousands of small histories, each from a seed: processes with the real layers, the real rules of
//! ledger and adapter and the real resolver, seats that several want, and faults from every row of
//! the failure model, against a model of Klikoo that is judged by what it holds.
//!
//! `SIMULATION_SEEDS=1000000` runs more; a failing seed prints the command that runs it alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

// The program's own, of which a simulation needs no words for people.
#[path = "../../src/clock.rs"]
mod clock;
mod faults;
mod history;
mod hosts;
mod judge;
mod klikoo;
mod ledger;
mod log;
mod people;
mod process;
mod report;
mod scene;

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use history::{History, Told};
use report::Report;

/// Seeds of a run that nobody has asked for more of.
const SEEDS: u64 = 20_000;
/// How many seeds a thread takes at a time.
const BATCH: u64 = 50;

#[expect(clippy::disallowed_methods, reason = "a test is told how much to do")]
fn asked_for(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn play(seed: u64, keep_lines: bool) -> Told {
    log::listen();
    History::new(seed, keep_lines).run()
}

/// Plays `seeds` on two threads; gives what they came to and the first seed that failed.
fn play_all(seeds: Range<u64>) -> (Report, Option<(u64, String)>) {
    let next = AtomicU64::new(seeds.start);
    let stop = AtomicBool::new(false);
    let work = || {
        let mut report = Report::default();
        while !stop.load(Ordering::Relaxed) {
            let first = next.fetch_add(BATCH, Ordering::Relaxed);
            for seed in first..(first + BATCH).min(seeds.end) {
                let told = std::panic::catch_unwind(|| play(seed, false));
                let broken = match told {
                    Ok(told) => report.add(told),
                    Err(_) => Some("the simulation itself failed; see above".to_owned()),
                };
                if let Some(broken) = broken {
                    stop.store(true, Ordering::Relaxed);
                    return (report, Some((seed, broken)));
                }
            }
            if first + BATCH >= seeds.end {
                break;
            }
        }
        (report, None)
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        let (mut report, failed) = work();
        let (more, also) = other.join().unwrap();
        report.join(more);
        (report, failed.into_iter().chain(also).min())
    })
}

#[test]
fn no_hold_is_made_twice_lost_or_denied() {
    if let Some(seed) = asked_for("SIMULATION_SEED") {
        let told = play(seed, true);
        for line in &told.lines {
            println!("{line}");
        }
        assert_eq!(told.broken, None);
        return;
    }
    let seeds = asked_for("SIMULATION_SEEDS").unwrap_or(SEEDS);
    #[expect(
        clippy::disallowed_methods,
        reason = "the simulation tells its own speed"
    )]
    let began = Instant::now();
    let (report, failed) = play_all(0..seeds);
    if let Some((seed, broken)) = failed {
        panic!(
            "seed {seed}: {broken}\nrun it alone with\n  SIMULATION_SEED={seed} cargo test -p app --test simulation no_hold -- --nocapture"
        );
    }
    let took = began.elapsed();
    let a_second = seeds * 1000 / u64::try_from(took.as_millis().max(1)).unwrap();
    print!("{report}");
    println!("{seeds} seeds in {took:.1?}, {a_second} a second");
    report.assert_everything_was_met(seeds);
}

#[test]
fn a_seed_tells_one_history() {
    for seed in 0..100 {
        let hash = || play(seed, false).trace_hash;
        assert_eq!(hash(), hash(), "seed {seed}");
    }
}
