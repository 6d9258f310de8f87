//! Durable before it is sent, and durable before it is told: `kill -9` cannot see a write that was
//! left to the system, since the system outlives the process. The order of system calls shows it.

use klikoo_sandbox::{Fault, Rule};

use crate::harness::Rig;
use crate::trace::{Call, read};
use crate::traced::{needs_strace, rig, strace};

const CALLS: &str = "trace=write,writev,pwrite64,pwritev,sendto,sendmsg,fsync,fdatasync";

/// The log of the ledger.
const LOG: &str = "l.db-wal";

fn trace(rig: &Rig, arguments: &[&str]) -> Vec<Call> {
    let ran = strace(rig, &["-y", "-s", "200", "-e", CALLS], arguments);
    assert_eq!(ran.code, 0, "{ran:?}");
    read(&std::fs::read_to_string(rig.place.path("trace")).unwrap())
}

/// Of what was written to the log between two lines, the last was made durable between them too.
fn is_durable(calls: &[Call], after: usize, before: usize) -> Result<(), String> {
    let between = |call: &&Call| call.begun > after && call.begun < before;
    let mut written = calls.iter().filter(between).filter(|call| call.writes(LOG));
    let Some(last) = written.next_back() else {
        return Err("nothing was written to the log".to_owned());
    };
    let synced = |call: &Call| call.syncs(LOG) && call.begun > last.ended && call.ended < before;
    if calls.iter().any(synced) {
        return Ok(());
    }
    Err(format!("no fsync after {last:?}"))
}

fn is_in_order(calls: &[Call]) {
    let send = calls
        .iter()
        .find(|call| call.sends("POST") && call.sends("/block-seat"));
    let send = send.expect("it was sent");
    let told = calls.iter().find(|call| call.tells()).expect("it was told");
    is_durable(calls, 0, send.begun).expect("the intent is durable before the first byte");
    is_durable(calls, send.ended, told.begun).expect("the outcome is durable before the answer");
}

#[test]
#[ignore = "needs strace; run by `just storage-faults` and .ci/run"]
fn an_intent_is_durable_before_it_is_sent_and_an_outcome_before_it_is_told() {
    needs_strace();
    let rig = rig();
    is_in_order(&trace(&rig, &["block", "order.json"]));
    assert_eq!(rig.sandbox.holds().len(), 2);
}

#[test]
#[ignore = "needs strace; run by `just storage-faults` and .ci/run"]
fn a_repeat_is_marked_durably_before_it_is_sent() {
    needs_strace();
    let rig = rig();
    let lost = Rule::new(Fault::CutBeforeExecuting)
        .path("block-seat")
        .nth(1);
    rig.sandbox.add_fault(lost);
    assert_eq!(rig.place.run(["block", "order.json"]).code, 6);
    let calls = trace(&rig, &["recover"]);
    is_in_order(&calls);
    // The mark itself, and not only the evidence before it.
    let asked = calls.iter().rfind(|call| call.sends("GET ")).unwrap();
    let sent = calls.iter().find(|call| call.sends("/block-seat")).unwrap();
    let (mut synced, asked) = (0, asked.ended);
    for call in calls.iter().filter(|call| call.syncs(LOG)) {
        synced += usize::from(call.begun > asked && call.ended < sent.begun);
    }
    assert!(synced >= 2, "evidence and mark are {synced} commits");
}
