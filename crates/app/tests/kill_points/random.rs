//! `kill -9` at an instant that nobody chose.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use klikoo_sandbox::{Fault, Rule};
use tokio::time::Instant;

use crate::harness::{Background, Rig};
use crate::ledgers::{Kept, REFERENCE};
use crate::rounds::{self, Round};
use crate::side_by_side::{number, side_by_side};
use crate::told::Told;

/// What the wire does meanwhile.
fn faults() -> [Option<Fault>; 6] {
    [
        None,
        Some(Fault::Latency { ms: 40 }),
        Some(Fault::SlowBody { chunk: 16, ms: 5 }),
        Some(Fault::ExecuteThenCut),
        Some(Fault::CutBeforeExecuting),
        Some(Fault::NeverAnswer),
    ]
}

/// As long as a block takes here that nobody kills, with as many beside it as in the rounds.
fn usual_time(kept: Kept) -> Duration {
    let times = side_by_side(&[(); 8], |()| {
        let rig = Rig::new();
        kept.prepare(&rig, true);
        let begun = Instant::now();
        assert_eq!(rig.place.run(["block", "order.json"]).code, 0);
        begun.elapsed()
    });
    times.into_iter().max().unwrap()
}

fn run(kept: Kept, seed: u64, usual: Duration) -> Round {
    let mut chance = fastrand::Rng::with_seed(seed);
    let rig = Rig::new();
    let sealed = chance.bool();
    kept.prepare(&rig, sealed);
    if let Some(fault) = faults()[chance.usize(..6)].clone() {
        rig.sandbox
            .add_fault(Rule::new(fault).path("block-seat").nth(1));
    }
    let mut kill = |arguments: &[&str]| {
        let child = Background::start(&mut rig.place.command(arguments.iter().copied()));
        // Rather late than early: at first it only reads its settings.
        sleep(usual.mul_f64(chance.f64().sqrt() * 1.3));
        child.signal("-KILL");
        drop(child);
    };
    kill(&["block", "order.json"]);
    let killed = Told::state(Told::by(&rig, REFERENCE).as_ref());
    if seed.is_multiple_of(2) {
        kill(&["recover"]);
    }
    rounds::recover(&rig, kept);
    rounds::look(&rig, killed)
}

fn at_random_instants(kept: Kept) {
    let instants = number("KILL_INSTANTS", 20) as u64;
    let first = number("KILL_SEED", 0) as u64;
    let usual = usual_time(kept);
    let seeds: Vec<u64> = (first..first + instants).collect();
    let rounds = side_by_side(&seeds, |seed| run(kept, *seed, usual));
    let mut states = BTreeMap::new();
    for (seed, round) in seeds.iter().zip(&rounds) {
        let place = format!("KILL_SEED={seed} on {}: {round:?}", kept.name());
        rounds::judge(round, &place);
        assert!(round.sends <= 2, "one send and one repeat at most, {place}");
        let counts: &mut (usize, usize) = states.entry(&round.killed).or_default();
        *counts = (counts.0 + 1, counts.1 + round.executed);
    }
    println!(
        "{instants} kills on {} at random instants of {usual:?}:",
        kept.name()
    );
    for (state, (rounds, executed)) in &states {
        println!("  {state} {rounds} times, of which {executed} were executed in the end");
    }
    assert!(states.len() > 1, "all at one stage says little");
}

#[test]
fn what_was_executed_is_in_the_file_once_whenever_the_process_was_killed() {
    at_random_instants(Kept::Sqlite);
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn what_was_executed_is_on_the_server_once_whenever_the_process_was_killed() {
    at_random_instants(Kept::Postgres);
}
