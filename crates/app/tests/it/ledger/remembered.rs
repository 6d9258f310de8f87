//! A reference has one answer, over runs of the program.

use klikoo_sandbox::{Fault, HistoryOff, Rule};

use crate::harness::{Rig, order};

fn blocks(rig: &Rig) -> usize {
    rig.sandbox.calls("transports/block-seat")
}

#[test]
fn a_repeat_gives_the_stored_answer_and_sends_nothing() {
    let rig = Rig::new();
    let first = rig.block(&["--json"], &order("r-1", "8")).json();
    let second = rig.block(&["--json"], &order("r-1", "8"));
    assert_eq!(second.code, 0, "{second:?}");
    assert_eq!(second.json()["transaction_id"], first["transaction_id"]);
    assert_eq!(second.json()["expires_at"], first["expires_at"]);
    assert_eq!(blocks(&rig), 1);

    let refused = rig.block(&["--json"], &order("r-2", "TAKEN"));
    assert_eq!(refused.code, 4);
    let again = rig.block(&["--json"], &order("r-2", "TAKEN"));
    assert_eq!((again.code, again.json()), (4, refused.json()));
    assert_eq!(blocks(&rig), 2);
}

#[test]
fn another_order_under_the_reference_is_a_conflict() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    let other = rig.block(&["--json"], &order("r-1", "9"));
    assert_eq!(other.code, 7, "{other:?}");
    assert_eq!(other.json()["outcome"], "conflict");
    assert!(
        other.json()["advice"]
            .as_str()
            .unwrap()
            .contains("of its own")
    );
    assert_eq!(blocks(&rig), 1);
}

#[test]
fn a_lost_answer_is_found_by_the_repeat_through_the_history() {
    let rig = Rig::new();
    let first = rig.block(&["--json"], &order("r-1", "CUT"));
    assert_eq!(first.code, 6, "{first:?}");
    let second = rig.block(&["--json"], &order("r-1", "CUT"));
    assert_eq!(second.code, 0, "{second:?}");
    let json = second.json();
    assert_eq!(
        json["transaction_id"],
        rig.sandbox.holds()[0].transaction_id.as_str()
    );
    assert!(
        json["expires_at"].is_null() && json["seconds_left"].is_null(),
        "{json}"
    );
    assert!(
        json.as_object().unwrap().contains_key("expires_at"),
        "{json}"
    );
    assert_eq!(blocks(&rig), 1, "asking was enough");
    let story = rig.place.run(["hold", "r-1"]).stdout;
    for part in [
        "attempt 1: sending",
        "connection_lost",
        "history search: held as",
    ] {
        assert!(story.contains(part), "{part}: {story}");
    }
}

#[test]
fn a_request_that_was_lost_is_sent_once_more_by_the_repeat() {
    let rig = Rig::new();
    rig.sandbox
        .add_fault(Rule::new(Fault::CutBeforeReading).path("block-seat").nth(1));
    let order = order("r-1", "8");
    assert_eq!(rig.block(&[], &order).code, 6);
    let second = rig.block(&["--json"], &order);
    assert_eq!(second.code, 0, "{second:?}");
    assert!(
        second.json()["expires_at"].is_string(),
        "the repeat has a receipt"
    );
    assert_eq!(rig.sandbox.holds().len(), 1);
}

#[test]
fn what_was_not_sent_is_sent_by_the_repeat() {
    let rig = Rig::new();
    let order = order("r-1", "8");
    rig.place.write("order.json", order.to_string());
    let closed = [("SEATBLOCK_KLIKOO__BASE_URL", "http://127.0.0.1:1")];
    assert_eq!(rig.place.run_with(["block", "order.json"], &closed).code, 5);
    assert_eq!(rig.block(&[], &order).code, 0);
    assert_eq!(rig.sandbox.holds().len(), 1);
}

#[test]
fn a_hold_whose_deadline_has_passed_since_is_expired() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "PAST")).code, 9);
    let again = rig.block(&["--json"], &order("r-1", "PAST"));
    assert_eq!(
        (again.code, &again.json()["outcome"]),
        (9, &"expired".into())
    );
    assert_eq!(blocks(&rig), 1);
}

#[test]
fn without_a_history_a_used_reference_is_held_without_receipt() {
    let rig = Rig::with(|builder| builder.history_off(HistoryOff::Missing));
    assert_eq!(rig.block(&[], &order("r-1", "CUT")).code, 6);
    let again = rig.block(&["--json"], &order("r-1", "CUT"));
    assert_eq!(again.code, 6, "{again:?}");
    assert_eq!(again.json()["kind"], "held_without_receipt");
    let held = rig.place.run(["--json", "hold", "r-1"]).json();
    assert_eq!(held["state"], "held_without_receipt", "{held}");
    assert_eq!(blocks(&rig), 2);
    // The one repeat is made; a third call of the command sends nothing more.
    assert_eq!(rig.block(&[], &order("r-1", "CUT")).code, 6);
    assert_eq!((blocks(&rig), rig.sandbox.holds().len()), (2, 1));
}
