//! `seatblock book`: from hold to ticket, once, and certain or certainly not.

use std::time::Duration;

use klikoo_sandbox::{Fault, Rule};

use crate::harness::{Ran, Rig, order};

fn book(rig: &Rig, reference: &str) -> Ran {
    rig.place.run(["--json", "book", reference])
}

#[test]
fn a_hold_becomes_a_ticket_once_and_its_codes_are_told_again() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    let first = book(&rig, "r-1");
    assert_eq!(
        (first.code, &first.json()["outcome"]),
        (0, &"booked".into()),
        "{first:?}"
    );
    assert!(
        first.json()["booking_codes"]["departure"].is_string(),
        "{first:?}"
    );
    assert!(
        first.json()["booking_codes"]["return"].is_null(),
        "{first:?}"
    );
    let again = book(&rig, "r-1");
    assert_eq!(again.json(), first.json());
    assert_eq!(rig.sandbox.calls("transports/book"), 1);
    let text = rig.place.run(["book", "r-1"]).stdout;
    let code = first.json()["booking_codes"]["departure"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        text.starts_with("booked\n") && text.contains(&code),
        "{text}"
    );
    let story = rig.place.run(["hold", "r-1"]).stdout;
    assert!(
        story.contains("booking 1: sending") && story.contains(&code),
        "{story}"
    );
    let held = rig
        .place
        .run(["--json", "holds", "--state", "booked"])
        .json();
    assert_eq!(held["holds"][0]["partner_reference_no"], "r-1");
}

#[test]
fn a_lost_ticket_is_found_by_asking_and_booked_no_second_time() {
    for settle_first in [false, true] {
        let rig = Rig::new();
        rig.block(&[], &order("r-1", "8"));
        rig.sandbox.add_fault(
            Rule::new(Fault::ExecuteThenCut)
                .path("transports/book")
                .nth(1),
        );
        let lost = book(&rig, "r-1");
        assert_eq!(
            (lost.code, &lost.json()["outcome"]),
            (6, &"unknown".into()),
            "{lost:?}"
        );
        if settle_first {
            let ran = rig.place.run(["--json", "recover"]);
            assert_eq!(
                (ran.code, &ran.json()["settled"]),
                (0, &1.into()),
                "{ran:?}"
            );
            let ran = rig
                .place
                .run(["--json", "holds", "--state", "booked"])
                .json();
            assert_eq!(ran["holds"].as_array().unwrap().len(), 1, "{ran}");
        }
        let found = book(&rig, "r-1");
        assert_eq!(
            (found.code, &found.json()["outcome"]),
            (0, &"booked".into()),
            "{found:?}"
        );
        assert_eq!(rig.sandbox.holds().len(), 1);
        let story = rig.place.run(["hold", "r-1"]).stdout;
        assert!(story.contains("transaction query: booked as"), "{story}");
    }
}

#[test]
fn what_is_not_held_is_not_booked() {
    let rig = Rig::new();
    rig.block(&[], &order("r-1", "TAKEN"));
    let refused = rig.place.run(["book", "r-1"]);
    assert!(
        refused.code == 1 && refused.stderr.contains("r-1 is refused"),
        "{refused:?}"
    );
    let never = rig.place.run(["book", "r-9"]);
    assert!(
        never.code == 1 && never.stderr.contains("knows no r-9"),
        "{never:?}"
    );
    rig.block(&[], &order("r-2", "PAST"));
    let late = book(&rig, "r-2");
    assert_eq!(
        (late.code, &late.json()["outcome"]),
        (9, &"too_late".into()),
        "{late:?}"
    );
    assert_eq!(rig.sandbox.calls("transports/book"), 0);
}

#[test]
fn an_unknown_block_is_settled_before_it_is_booked() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "CUT")).code, 6);
    let booked = book(&rig, "r-1");
    assert_eq!(
        (booked.code, &booked.json()["outcome"]),
        (0, &"booked".into()),
        "{booked:?}"
    );
}

#[test]
fn an_operator_settles_a_booking_that_nobody_can_ask_for() {
    let rig = Rig::new();
    rig.block(&[], &order("r-1", "8"));
    rig.sandbox.add_fault(
        Rule::new(Fault::ExecuteThenCut)
            .path("transports/book")
            .nth(1),
    );
    book(&rig, "r-1");
    let settle = |more: &[&'static str]| {
        let because = ["--because", "Klikoo's desk says so"];
        rig.place.run(
            ["settle", "r-1"]
                .into_iter()
                .chain(more.iter().copied())
                .chain(because),
        )
    };
    let known = settle(&["--transaction-id", "14429004"]);
    assert!(
        known.code == 1 && known.stderr.contains("--booked or --not-held"),
        "{known:?}"
    );
    let other = settle(&["--transaction-id", "999", "--booked"]);
    assert!(
        other.code == 1 && other.stderr.contains("is held as transaction"),
        "{other:?}"
    );
    assert_eq!(settle(&["--booked"]).code, 0);
    let told = rig.place.run(["--json", "hold", "r-1"]).json();
    assert_eq!(told["state"], "booked");
    let nothing = settle(&["--not-held"]);
    assert!(
        nothing.code == 1 && nothing.stderr.contains("nothing to settle"),
        "{nothing:?}"
    );
}

#[test]
fn the_sandbox_inside_the_process_says_why_it_cannot_book() {
    let rig = Rig::new();
    std::fs::remove_file(rig.place.path("seatblock.toml")).unwrap();
    rig.block(&[], &order("r-1", "8"));
    let ran = rig.place.run(["book", "r-1"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("seatblock sandbox --settings"),
        "{ran:?}"
    );
}

/// A ticket has no deadline: whoever blocks its reference again must not be told to buy another.
#[test]
fn a_booked_order_blocked_again_after_its_deadline_is_booked() {
    let rig = Rig::with(|builder| builder.hold_for(Duration::from_secs(4)));
    rig.settings("timeout = \"1s\"\nbooking_margin = \"1s\"");
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    let booked = book(&rig, "r-1");
    assert_eq!(booked.code, 0, "{booked:?}");
    std::thread::sleep(Duration::from_secs(4));
    let again = rig.block(&["--json"], &order("r-1", "8"));
    assert_eq!(
        (again.code, &again.json()["outcome"]),
        (0, &"booked".into()),
        "{again:?}"
    );
    assert!(again.json()["expires_at"].is_null(), "{again:?}");
    let text = rig.block(&[], &order("r-1", "8")).stdout;
    assert!(text.contains("seatblock book r-1"), "{text}");
}

/// Nobody who looks at a list is told that it is over.
#[test]
fn a_hold_that_may_be_a_ticket_is_not_listed_as_expired() {
    let rig = Rig::with(|builder| builder.hold_for(Duration::from_secs(4)));
    rig.settings("timeout = \"1s\"\nbooking_margin = \"1s\"");
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    rig.sandbox.add_fault(
        Rule::new(Fault::ExecuteThenCut)
            .path("transports/book")
            .nth(1),
    );
    assert_eq!(book(&rig, "r-1").code, 6);
    std::thread::sleep(Duration::from_secs(4));
    let told = rig.place.run(["--json", "hold", "r-1"]).json();
    assert_eq!(told["state"], "perhaps_booked", "{told}");
}
