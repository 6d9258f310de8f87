//! Thousands of small histories, each from a seed: processes that send, crash and recover, seats
//! that several want, and a wire that loses, delays and lies.
//!
//! `SIMULATION_SEEDS=1000000` runs more; a failing seed prints the command that runs it alone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod history;
mod klikoo;
mod process;

use std::collections::BTreeMap;

use history::History;
use klikoo::Fate;

/// Seeds of a run that nobody has asked for more of.
const SEEDS: u64 = 20_000;

#[expect(clippy::disallowed_methods, reason = "a test is told how much to do")]
fn asked_for(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn no_hold_is_made_twice_lost_or_denied() {
    let seeds = match asked_for("SIMULATION_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..asked_for("SIMULATION_SEEDS").unwrap_or(SEEDS),
    };
    let one = seeds.end - seeds.start == 1;
    let mut met = BTreeMap::<(Fate, &'static str), u64>::new();
    let (mut holds, mut crashes) = (0, 0);
    for seed in seeds.clone() {
        let told = std::panic::catch_unwind(|| History::new(seed).run()).unwrap_or_else(|_| {
            panic!(
                "seed {seed} fails; run it alone with\n  SIMULATION_SEED={seed} cargo test -p booking-layers --test simulation"
            )
        });
        holds += told.holds;
        crashes += told.crashes;
        for (key, count) in told.met {
            *met.entry(key).or_default() += count;
        }
    }
    println!(
        "{} seeds, {holds} holds, {crashes} crashes, 0 double, 0 lost, 0 falsely not held",
        seeds.end - seeds.start
    );
    for ((fate, state), count) in &met {
        println!("{count:>9}  {fate:?} left {state}");
    }
    if !one {
        for fate in Fate::ALL {
            let times: u64 = met
                .iter()
                .filter(|((met, _), _)| *met == fate)
                .map(|(_, count)| count)
                .sum();
            assert!(times > 0, "{fate:?} never happened");
        }
        for state in ["held", "refused", "not sent", "unknown"] {
            assert!(
                met.keys().any(|(_, left)| *left == state),
                "nothing was ever left {state}"
            );
        }
        assert!(crashes > 0 && holds > 0);
    }
}

#[test]
fn a_seed_tells_one_history() {
    for seed in 0..100 {
        assert_eq!(
            History::new(seed).run().trace,
            History::new(seed).run().trace,
            "seed {seed}"
        );
    }
}
