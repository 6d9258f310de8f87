//! Several gateways on one database.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use booking_ports::{Clock as _, SystemClock};
use klikoo_sandbox::{Fault, Rule};
use serde_json::Value;

use super::rig;
use crate::harness::{Background, Rig, order, patiently};
use crate::http::{Answer, Peer};

/// How often, unless the environment says otherwise.
fn rounds() -> usize {
    std::env::var_os("GATEWAY_ROUNDS").map_or(20, |rounds| {
        rounds.to_str().and_then(|it| it.parse().ok()).unwrap()
    })
}

pub(super) struct Gateway {
    pub(super) process: Background,
    pub(super) peer: Peer,
}

/// So many gateways with one key file, before the sandbox of `rig`.
pub(super) fn gateways<const N: usize>(rig: &Rig) -> [Gateway; N] {
    gateways_with(rig, |_| Vec::new())
}

/// A new key.
pub(super) fn key(rig: &Rig) -> String {
    let new = ["--json", "gateway-keys", "new", "--name", "test"];
    let scopes = ["--scope", "read,block,operate"];
    let made = rig.place.run(new.into_iter().chain(scopes));
    made.json()["key"].as_str().unwrap().to_owned()
}

/// The same, each with settings of its own.
pub(super) fn gateways_with<const N: usize>(
    rig: &Rig,
    settings: impl Fn(usize) -> Vec<(&'static str, String)>,
) -> [Gateway; N] {
    let key = key(rig);
    // So that whoever takes over can send an order once more.
    let seal = rig.place.write("ledger.key", "5e".repeat(32));
    std::array::from_fn(|number| {
        let mut command = rig
            .place
            .command(["--json", "serve", "--listen", "127.0.0.1:0"]);
        command.env("SEATBLOCK_GATEWAY__METRICS_LISTEN", "none");
        command.env("SEATBLOCK_GATEWAY__PER_SECOND", "100000");
        command.env("SEATBLOCK_LEDGER__KEY_FILE", &seal);
        command.envs(settings(number));
        let mut process = Background::start(&mut command);
        let told: Value = serde_json::from_str(&process.first_line()).unwrap();
        Gateway {
            peer: Peer::new(told["url"].as_str().unwrap(), &key),
            process,
        }
    })
}

/// What a client gets in the end that asks again where it is told to.
pub(super) fn until_answered(peer: &Peer, order: &Value) -> Answer {
    loop {
        let answer = peer.post("/v1/holds", order);
        if answer.status != 409 || answer.json()["outcome"] != "in_progress" {
            return answer;
        }
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn of_32_clients_of_4_gateways_with_one_reference_one_is_sent_and_all_get_one_answer() {
    let rig = rig(|builder| builder);
    let gateways: [Gateway; 4] = gateways(&rig);
    // Long enough that others come while it is under way.
    let slow = Fault::Latency { ms: 30 };
    rig.sandbox.add_fault(Rule::new(slow).path("block-seat"));
    for round in 0..rounds() {
        let order = order(&format!("shared-{round}"), &(round % 30 + 1).to_string());
        let before = rig.sandbox.calls("transports/block-seat");
        let answers: Vec<Answer> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..32)
                .map(|client| {
                    let (peer, order) = (&gateways[client % 4].peer, &order);
                    scope.spawn(move || until_answered(peer, order))
                })
                .collect();
            clients.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let first = &answers[0];
        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (first.status, &first.body));
        }
        let free = round < 30;
        assert_eq!(first.status, if free { 201 } else { 409 }, "{first:?}");
        assert_eq!(rig.sandbox.calls("transports/block-seat") - before, 1);
    }
}

#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn of_64_clients_for_one_seat_one_holds_it() {
    let rig = rig(|builder| builder.trip(klikoo_sandbox::TripSpec::new(7, 10_000)));
    let gateways: [Gateway; 2] = gateways(&rig);
    for round in 0..rounds() {
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..64)
                .map(|client| {
                    let peer = &gateways[client % 2].peer;
                    let mut order =
                        order(&format!("seat-{round}-{client}"), &(round + 1).to_string());
                    order["departure"]["trip_id"] = 7.into();
                    scope.spawn(move || peer.post("/v1/holds", &order).status)
                })
                .collect();
            clients.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let of = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
        assert_eq!((of(201), of(409)), (1, 63), "{statuses:?}");
    }
    assert_eq!(rig.sandbox.holds().len(), rounds());
}

/// One of two is killed while both are at work. What it had sent is found by the other.
#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn a_killed_gateways_holds_are_taken_over_by_the_other() {
    let rig = rig(|builder| builder.trip(klikoo_sandbox::TripSpec::new(7, 10_000)));
    // A lease of twelve seconds: what the killed one never got through is sent once more after it.
    let short = |_| vec![("SEATBLOCK_KLIKOO__TIMEOUT", "3s".to_owned())];
    let [one, other]: [Gateway; 2] = gateways_with(&rig, short);
    let slow = Fault::Latency { ms: 50 };
    rig.sandbox.add_fault(Rule::new(slow).path("block-seat"));
    let clock = SystemClock::default();
    let (sent, until) = (
        AtomicUsize::new(0),
        clock.monotonic() + Duration::from_secs(4),
    );
    std::thread::scope(|scope| {
        for client in 0..32 {
            let peer = if client % 2 == 0 {
                &one.peer
            } else {
                &other.peer
            };
            let (sent, clock) = (&sent, &clock);
            scope.spawn(move || {
                while clock.monotonic() < until {
                    let number = sent.fetch_add(1, Ordering::Relaxed) + 1;
                    let mut order = order(&format!("load-{number}"), &number.to_string());
                    order["departure"]["trip_id"] = 7.into();
                    // Its own gateway may be gone: then nobody knows, as for any client.
                    if peer.try_post("/v1/holds", &order).is_err() {
                        return;
                    }
                }
            });
        }
        std::thread::sleep(Duration::from_secs(2));
        one.process.signal("-KILL");
    });
    let killed = clock.monotonic();
    patiently(|| count(&other.peer, "unsettled") == 0);
    let took = clock.monotonic().saturating_sub(killed);
    let (executed, held) = (rig.sandbox.holds(), count(&other.peer, "held"));
    let mut references: Vec<&str> = executed
        .iter()
        .map(|it| it.partner_reference_no.as_str())
        .collect();
    references.sort_unstable();
    references.dedup();
    println!(
        "{} orders, {} executed, {held} held, all settled {:.1} s after the load's end",
        sent.load(Ordering::Relaxed),
        executed.len(),
        took.as_secs_f64()
    );
    assert_eq!(
        references.len(),
        executed.len(),
        "a reference was held twice"
    );
    assert_eq!(
        held,
        executed.len(),
        "a hold was lost, or one is told that is none"
    );
}

pub(super) fn count(peer: &Peer, state: &str) -> usize {
    let (mut count, mut cursor) = (0, String::new());
    loop {
        let page = peer.get(&format!(
            "/v1/holds?state={state}&limit=500&order=oldest{cursor}"
        ));
        let page = page.json();
        count += page["holds"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return count,
        }
    }
}
