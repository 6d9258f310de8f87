//! A process that loses its sessions while it is at work: others cannot tell it from a dead one, and
//! must neither send beside it nor say what is not so.

use std::time::Duration;

use booking_ports::{Clock as _, SystemClock};
use klikoo_sandbox::{Fault, Rule};
use serde_json::Value;

use super::gateways::{Gateway, count, gateways_with, until_answered};
use super::relay::Relay;
use super::server::Server;
use super::{end_sessions, rig_at};
use crate::harness::{Rig, order, patiently};

/// As long as no call may take, so that a lease is not too long for a test.
const TIMEOUT: &str = "3s";
const LEASE: Duration = Duration::from_secs(12);

/// Two gateways, of which the first is known to the database as `first`, and reaches the provider by
/// `way`.
fn two(rig: &Rig, url: &str, way: &str) -> [Gateway; 2] {
    let url = |name: &str| format!("{url}&application_name={name}");
    let [first, second] = [url("first"), url("second")];
    gateways_with(rig, |number| {
        let url = [&first, &second][number].clone();
        let mut settings = vec![
            ("SEATBLOCK_KLIKOO__TIMEOUT", TIMEOUT.to_owned()),
            ("SEATBLOCK_LEDGER__URL", url),
        ];
        if number == 0 {
            settings.push(("SEATBLOCK_KLIKOO__BASE_URL", way.to_owned()));
        }
        settings
    })
}

/// Nothing is found out by asking, so that a repeat is all that is left.
fn silence_history(rig: &Rig) {
    let silent = Fault::Status {
        status: 502,
        code: None,
        retry_after: None,
        location: None,
    };
    rig.sandbox
        .add_fault(Rule::new(silent).path("transactions"));
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Runtime::new().unwrap()
}

fn sends(rig: &Rig) -> usize {
    rig.sandbox.calls("transports/block-seat")
}

/// The call is with the provider, which takes its time; the history tells nothing, so the order would
/// be sent once more.
#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn while_the_call_of_a_process_that_lost_its_sessions_hangs_nobody_sends_it_again() {
    let url = Server::shared().database();
    let rig = rig_at(&url, |builder| builder);
    let [one, other] = two(&rig, &url, rig.sandbox.base_url());
    let slow = Fault::Latency { ms: 2_000 };
    rig.sandbox.add_fault(Rule::new(slow).path("block-seat"));
    silence_history(&rig);
    let order = order("r-1", "8");
    std::thread::scope(|scope| {
        let first = scope.spawn(|| until_answered(&one.peer, &order));
        patiently(|| sends(&rig) == 1);
        runtime().block_on(end_sessions(&url, "first"));
        // Held by nobody's word yet, and never "not held".
        let told = until_answered(&other.peer, &order).json();
        assert_eq!(told["outcome"], "unknown", "{told}");
        let word = serde_json::json!({"finding": "not_held", "because": "a test"});
        let refused = other.peer.post("/v1/holds/r-1/settlement", &word);
        assert_eq!(refused.status, 409, "{refused:?}");
        assert!(refused.header("retry-after").is_some(), "{refused:?}");
        assert_eq!(sends(&rig), 1, "two were under way at one time");
        let held = first.join().unwrap();
        assert_eq!(held.status, 201, "{held:?}");
    });
    let told = until_answered(&other.peer, &order);
    assert_eq!(told.status, 201, "{told:?}");
    assert_eq!((sends(&rig), rig.sandbox.holds().len()), (1, 1));
}

/// The first sending was cut off before it was read, and now its one repeat is with the provider.
#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn while_the_repeat_of_a_process_that_lost_its_sessions_hangs_it_is_not_not_held() {
    let url = Server::shared().database();
    let rig = rig_at(&url, |builder| builder);
    let [one, other] = two(&rig, &url, rig.sandbox.base_url());
    silence_history(&rig);
    let cut = Rule::new(Fault::CutBeforeReading).path("block-seat").nth(1);
    rig.sandbox.add_fault(cut);
    let order = order("r-1", "8");
    let told = until_answered(&one.peer, &order).json();
    assert_eq!(told["outcome"], "unknown", "{told}");
    let slow = Fault::Latency { ms: 2_000 };
    rig.sandbox.add_fault(Rule::new(slow).path("block-seat"));
    let before = sends(&rig);
    std::thread::scope(|scope| {
        let repeated = scope.spawn(|| until_answered(&one.peer, &order));
        patiently(|| sends(&rig) == before + 1);
        runtime().block_on(end_sessions(&url, "first"));
        // What is busy for as long as the session seems to live is not under way any less then.
        let word = serde_json::json!({"finding": "not_held", "because": "a test"});
        patiently(|| {
            let refused = other.peer.post("/v1/holds/r-1/settlement", &word);
            assert_eq!(refused.status, 409, "{refused:?}");
            refused.body.contains("cannot be seen") && !repeated.is_finished()
        });
        let held = repeated.join().unwrap();
        assert!(matches!(held.status, 200 | 201), "{held:?}");
    });
    assert_eq!((sends(&rig), rig.sandbox.holds().len()), (before + 1, 1));
}

/// What a dead process never got through is still sent once more, as soon as it can be known to be
/// over.
#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn the_order_of_a_killed_process_is_sent_once_more_when_its_lease_is_over() {
    let url = Server::shared().database();
    let rig = rig_at(&url, |builder| builder);
    // Lets half of the request through.
    let relay = Relay::to(rig.sandbox.base_url(), 0.5);
    let [one, other] = two(&rig, &url, &relay.url);
    let clock = SystemClock::default();
    let order = order("r-1", "8");
    let begun = clock.monotonic();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| one.peer.try_post("/v1/holds", &order));
        assert!(relay.wait() > 0);
        one.process.signal("-KILL");
        assert!(first.join().unwrap().is_err());
    });
    let told = until_answered(&other.peer, &order).json();
    assert_eq!(told["outcome"], "unknown", "{told}");
    patiently(|| {
        let passed = clock.monotonic().saturating_sub(begun);
        let executed = rig.sandbox.holds().len();
        assert!(executed == 0 || passed >= LEASE, "after {passed:?}");
        count(&other.peer, "held") == 1
    });
    assert_eq!(rig.sandbox.holds().len(), 1);
}

/// How often, and for how long one stands still, unless the environment says otherwise.
fn from_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var_os(name).map_or(otherwise, |it| it.to_str().unwrap().parse().unwrap())
}

/// Of four gateways that are asked for one reference, one after the other is stopped for a while, and
/// loses its sessions meanwhile (T6).
#[test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
fn a_gateway_that_stands_still_sends_nothing_beside_another() {
    let rounds = from_environment("STOP_ROUNDS", 6);
    let still = Duration::from_millis(from_environment("STOP_MILLIS", 700));
    let mut chance = fastrand::Rng::with_seed(from_environment("STOP_SEED", 0));
    let url = Server::shared().database();
    let rig = rig_at(&url, |builder| {
        builder.trip(klikoo_sandbox::TripSpec::new(7, 10_000))
    });
    let gateways: [Gateway; 4] = gateways_with(&rig, |number| {
        vec![(
            "SEATBLOCK_LEDGER__URL",
            format!("{url}&application_name=gateway-{number}"),
        )]
    });
    let slow = Rule::new(Fault::Latency { ms: 40 }).path("block-seat");
    let runtime = runtime();
    let mut told = std::collections::BTreeMap::<String, usize>::new();
    for round in 0..rounds {
        let reference = format!("still-{round}");
        let mut order = order(&reference, &(round + 1).to_string());
        order["departure"]["trip_id"] = 7.into();
        let before = sends(&rig);
        let one = chance.usize(..4);
        let stopped = &gateways[one].process;
        let at = Duration::from_micros(chance.u64(..60_000));
        rig.sandbox.add_fault(slow.clone());
        silence_history(&rig);
        let answers: Vec<Value> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..32)
                .map(|client| {
                    let (peer, order) = (&gateways[client % 4].peer, &order);
                    scope.spawn(move || until_answered(peer, order).json())
                })
                .collect();
            std::thread::sleep(at);
            stopped.signal("-STOP");
            runtime.block_on(end_sessions(&url, &format!("gateway-{one}")));
            std::thread::sleep(still);
            assert!(sends(&rig) - before <= 1, "sent twice, {reference}");
            // It may have stood still for longer than a call may take: then the history tells.
            rig.sandbox.clear_faults();
            stopped.signal("-CONT");
            clients.into_iter().map(|it| it.join().unwrap()).collect()
        });
        for answer in &answers {
            let outcome = answer["outcome"].as_str().unwrap_or("held").to_owned();
            *told.entry(outcome).or_default() += 1;
        }
        // Whoever comes last gets it, and by then it was sent once.
        let other = &gateways[(round % 4) as usize].peer;
        patiently(|| matches!(until_answered(other, &order).status, 200 | 201));
        assert_eq!(sends(&rig) - before, 1, "{reference}: {answers:?}");
        let holds = rig.sandbox.holds();
        let held: Vec<_> = holds
            .iter()
            .filter(|it| it.partner_reference_no == reference)
            .collect();
        assert_eq!(held.len(), 1, "{reference}");
        for answer in &answers {
            if let Some(id) = answer["transaction_id"].as_str() {
                assert_eq!(id, held[0].transaction_id, "{reference}");
            }
        }
    }
    println!("{rounds} rounds, one stopped for {still:?} each: {told:?}");
}
