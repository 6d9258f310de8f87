//! System calls on the ledger's files that fail, each in its turn.

use std::collections::BTreeMap;

use crate::harness::Rig;
use crate::side_by_side::{number, side_by_side};
use crate::told::Told;
use crate::traced::{EARLIER, LEDGER, REFERENCE, needs_strace, rig, strace};

/// One way to fail.
#[derive(Clone, Debug)]
struct Failure {
    call: &'static str,
    error: &'static str,
    /// From this one on, counted over ledger and log; `+` at the end: and all that follow.
    when: String,
}

/// Every way: a block makes some 27 writes, 5 syncs and 2 truncations, opening among them.
fn failures() -> Vec<Failure> {
    let writes = number("STORAGE_WRITES", 28);
    let kinds = [
        ("pwrite64", "EIO", writes),
        ("pwrite64", "ENOSPC", writes),
        ("pwrite64", "EROFS", writes),
        ("fsync", "EIO", 6),
        ("fsync", "ENOSPC", 6),
        ("ftruncate", "EIO", 4),
    ];
    kinds
        .into_iter()
        .flat_map(|(call, error, count)| {
            (1..=count).flat_map(move |nth| {
                [format!("{nth}"), format!("{nth}+")].map(|when| Failure { call, error, when })
            })
        })
        .collect()
}

/// What a failure led to.
#[derive(Debug)]
struct Seen {
    /// Exit code of the block that met it.
    code: i32,
    /// Requests to block that it sent.
    sent: usize,
    /// Whether `ledger check` found the ledger sound afterwards.
    sound: bool,
    /// The state of the reference after a restart, and after `recover`.
    found: String,
    recovered: String,
    /// Holds of the reference that the sandbox has, and those of them that the ledger knows.
    executed: usize,
    known: usize,
    /// Whether what was answered before is still there.
    earlier: bool,
}

fn meet(failure: &Failure) -> Seen {
    let rig = rig();
    let (ledger, log) = (path(&rig, LEDGER), path(&rig, &format!("{LEDGER}-wal")));
    let trace = format!("trace={},unlink", failure.call);
    let Failure { call, error, when } = failure;
    let inject = format!("inject={call}:error={error}:when={when}");
    // A process that ends well takes its log away; one that loses its power leaves all that is in it.
    let keep = "inject=unlink:error=EIO";
    let options = [
        "-P", &ledger, "-P", &log, "-e", &trace, "-e", &inject, "-e", keep,
    ];
    let ran = strace(&rig, &options, &["block", "order.json"]);
    // One went into the ledger before.
    let sent = rig.sandbox.calls("block-seat") - 1;
    let found = Told::state(Told::by(&rig, REFERENCE).as_ref());
    let recovery = rig.place.run(["recover"]);
    assert!(matches!(recovery.code, 0 | 6), "{recovery:?}");
    let told = Told::by(&rig, REFERENCE);
    let holds = rig.sandbox.holds();
    let of = |reference| {
        holds
            .iter()
            .filter(move |hold| hold.partner_reference_no == reference)
    };
    let knows = |told: &Option<Told>, id: &str| told.as_ref().is_some_and(|told| told.knows(id));
    let before = Told::by(&rig, EARLIER);
    Seen {
        code: ran.code,
        sent,
        sound: rig.place.run(["ledger", "check"]).code == 0,
        found,
        recovered: Told::state(told.as_ref()),
        executed: of(REFERENCE).count(),
        known: of(REFERENCE)
            .filter(|hold| knows(&told, &hold.transaction_id))
            .count(),
        earlier: of(EARLIER).all(|hold| knows(&before, &hold.transaction_id)),
    }
}

fn path(rig: &Rig, name: &str) -> String {
    let path = rig.place.path("").canonicalize().unwrap().join(name);
    path.to_str().unwrap().to_owned()
}

fn judge(seen: &Seen, place: &str) {
    assert!(seen.earlier, "an acknowledged outcome is missing, {place}");
    assert!(seen.sound, "the ledger is damaged, {place}");
    assert!(seen.executed <= 1, "held twice, {place}");
    assert_eq!(seen.known, seen.executed, "a hold is lost, {place}");
    match seen.code {
        0 => assert_eq!(
            seen.found, "held",
            "told held before it was durable, {place}"
        ),
        // Whoever is told so may block other seats: nothing may come of it later.
        1 | 5 | 10 => {
            assert_eq!((seen.sent, seen.executed), (0, 0), "told not sent, {place}");
        }
        6 if seen.sent == 0 => {
            // The intent is in doubt: what was written whole may be found, and sent by `recover`.
            let consistent = [("absent", "absent"), ("sending", "held")];
            let found = (seen.found.as_str(), seen.recovered.as_str());
            assert!(consistent.contains(&found), "{place}");
        }
        6 => {
            assert_ne!(
                seen.found, "absent",
                "sent without a durable intent, {place}"
            );
            assert_eq!(seen.recovered, "held", "{place}");
        }
        code => panic!("exit code {code}, {place}"),
    }
}

#[test]
#[ignore = "needs strace; run by `just storage-faults` and .ci/run"]
fn whatever_write_fails_nothing_that_was_told_is_wrong() {
    needs_strace();
    let failures = failures();
    let seen = side_by_side(&failures, meet);
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for (failure, seen) in failures.iter().zip(&seen) {
        let told = match (seen.code, seen.sent) {
            (0, _) => "held",
            (1 | 10, _) => "an error, before anything",
            (5, _) => "not sent",
            (6, 0) => "unknown, of an intent",
            (6, _) => "unknown, of an outcome",
            _ => "?",
        };
        *counts
            .entry((
                failure.call,
                failure.error,
                told,
                &seen.found,
                &seen.recovered,
            ))
            .or_default() += 1;
    }
    println!("| call | error | told | found after a restart | after recover | times |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for ((call, error, told, found, recovered), times) in &counts {
        println!("| {call} | {error} | {told} | {found} | {recovered} | {times} |");
    }
    println!("{} failures", failures.len());
    for (failure, seen) in failures.iter().zip(&seen) {
        judge(seen, &format!("{failure:?}: {seen:?}"));
    }
    for code in [0, 1, 5, 6] {
        let times = seen.iter().filter(|seen| seen.code == code).count();
        assert!(times > 0, "no failure led to exit code {code}");
    }
}
