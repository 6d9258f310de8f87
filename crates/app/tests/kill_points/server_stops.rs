//! The server of a ledger that loses its power while a block or a recovery is under way.

use std::thread::sleep;
use std::time::Duration;

use klikoo_sandbox::{Fault, Rule};

use crate::harness::{Background, Rig};
use crate::ledgers::{Kept, REFERENCE};
use crate::rounds;
use crate::server::Server;
use crate::side_by_side::number;
use crate::told::Told;

/// Exit codes: held, failed before anything, not sent, unknown.
const ENDINGS: [i32; 5] = [0, 1, 5, 6, 10];

fn run(server: &Server, seed: u64) -> String {
    let mut chance = fastrand::Rng::with_seed(seed);
    let rig = Rig::new();
    Kept::prepare_at(&rig, &server.database(), true);
    // Made before, so that what is stopped is at work.
    assert_eq!(Told::by(&rig, REFERENCE).map(|told| told.state), None);
    let slow = Rule::new(Fault::Latency { ms: 60 }).path("block-seat");
    rig.sandbox.add_fault(slow);
    let block = Background::start(&mut rig.place.command(["--json", "block", "order.json"]));
    sleep(Duration::from_millis(chance.u64(..400)));
    server.stop_at_once();
    sleep(Duration::from_millis(chance.u64(..300)));
    server.start_again();
    let told = block.wait();
    let place = format!("KILL_SEED={seed}: {told:?}");
    assert!(ENDINGS.contains(&told.code), "{place}");
    rounds::recover(&rig, Kept::Postgres);
    let round = rounds::look(&rig, told.code.to_string());
    let place = format!("{place}, {round:?}");
    rounds::judge(&round, &place);
    match told.code {
        0 => assert_eq!(
            (round.executed, round.recovered.as_str()),
            (1, "held"),
            "{place}"
        ),
        // Whoever is told so may block other seats: nothing may come of it later.
        1 | 5 | 10 => assert_eq!(round.executed, 0, "{place}"),
        _ => {}
    }
    assert!(round.sends <= 2, "one send and one repeat at most, {place}");
    round.killed
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn whenever_the_server_stops_at_once_nothing_that_was_told_is_wrong() {
    let stops = number("SERVER_STOPS", 6) as u64;
    let first = number("KILL_SEED", 0) as u64;
    let server = Server::start(&[]);
    let mut told: Vec<String> = (first..first + stops)
        .map(|seed| run(&server, seed))
        .collect();
    told.sort();
    println!(
        "{stops} immediate stops of the server; exit codes {}",
        told.join(" ")
    );
}
