//! `kill -9` while a block is under way, and what the next command makes of it.

use crate::harness::{Background, Rig, order, patiently};

/// Kills a block of `seat` once the sandbox has seen its request.
fn kill_at(rig: &Rig, seat: &str) {
    rig.place
        .write("order.json", order("r-1", seat).to_string());
    let block = Background::start(&mut rig.place.command(["block", "order.json"]));
    patiently(|| rig.sandbox.calls("block-seat") == 1);
    block.signal("-KILL");
    assert_eq!(block.wait().code, -1, "it had no chance to end");
}

#[test]
fn what_was_executed_is_found_at_once_by_recover() {
    let rig = Rig::new();
    // Executed, and never answered.
    kill_at(&rig, "SILENT");
    patiently(|| rig.sandbox.holds().len() == 1);
    let ran = rig.place.run(["--json", "recover"]);
    assert_eq!(
        (ran.code, &ran.json()["settled"]),
        (0, &1.into()),
        "{ran:?}"
    );
    let held = rig.place.run(["--json", "hold", "r-1"]).json();
    assert_eq!(held["state"], "held", "{held}");
    assert_eq!(
        held["transaction_id"],
        rig.sandbox.holds()[0].transaction_id.as_str()
    );
    let story = held["story"].to_string();
    assert!(story.contains("its sender ended without a word"), "{story}");
    assert_eq!(rig.sandbox.holds().len(), 1);
}

#[test]
fn the_same_order_blocked_again_finds_the_hold_of_the_killed_one() {
    let rig = Rig::new();
    kill_at(&rig, "SILENT");
    patiently(|| rig.sandbox.holds().len() == 1);
    let again = rig.place.run(["--json", "block", "order.json"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.json()["expires_at"].is_null());
    assert_eq!(rig.sandbox.holds().len(), 1);
}

#[test]
fn while_a_sender_lives_nobody_else_sends() {
    let rig = Rig::new();
    rig.place
        .write("order.json", order("r-1", "SILENT").to_string());
    let block = Background::start(&mut rig.place.command(["block", "order.json"]));
    patiently(|| rig.sandbox.calls("block-seat") == 1);
    let busy = rig.place.run(["--json", "block", "order.json"]);
    assert_eq!(
        (busy.code, &busy.json()["outcome"]),
        (8, &"busy".into()),
        "{busy:?}"
    );
    let left = rig.place.run(["--json", "recover"]);
    assert_eq!(
        (left.code, &left.json()["settled"]),
        (6, &0.into()),
        "{left:?}"
    );
    assert_eq!(rig.sandbox.calls("block-seat"), 1);
    drop(block);
}
