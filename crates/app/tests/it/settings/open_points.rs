//! What Klikoo leaves open, and a person finds out: each reading is a setting.

use klikoo_sandbox::{Fault, Rule};

use crate::harness::{Ran, Rig, order};

fn lines(ran: &Ran) -> Vec<&str> {
    let about = |line: &&str| line.contains("history: ");
    ran.stdout.lines().filter(about).collect()
}

#[test]
fn check_tells_whether_the_query_has_to_be_signed() {
    for signs in [false, true] {
        let rig = Rig::with(|builder| builder.signs_query(signs));
        for (value, right) in [("no", !signs), ("yes", signs)] {
            rig.settings(&format!("signed_query = \"{value}\""));
            let ran = rig.place.run(["check"]);
            assert_eq!(ran.code, i32::from(!right), "{ran:?}");
            let expected = if right {
                "ok   history: can be searched"
            } else {
                "fix  history: the signature of a search is refused"
            };
            let told = lines(&ran);
            assert!(told.len() == 1 && told[0].starts_with(expected), "{ran:?}");
        }
    }
}

#[test]
fn a_history_that_is_switched_off_is_nothing_to_mend() {
    let rig = Rig::with(|builder| builder.history_off(klikoo_sandbox::HistoryOff::Missing));
    let ran = rig.place.run(["check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(lines(&ran)[0].contains("cannot be searched"), "{ran:?}");
}

/// A block whose reply is lost, and what `recover` makes of it.
fn recovered(rig: &Rig) -> String {
    let lost = Rule::new(Fault::ExecuteThenCut).path("block-seat");
    rig.sandbox.add_fault(lost);
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 6);
    rig.place.run(["recover"]);
    let hold = rig.place.run(["--json", "hold", "r-1"]).json();
    hold["state"].as_str().unwrap().to_owned()
}

#[test]
fn where_the_search_text_matches_no_reference_the_whole_window_is_read() {
    let rig = Rig::with(|builder| builder.history_matches_reference(false));
    assert_eq!(recovered(&rig), "unknown");
    rig.settings("history_search = \"window\"");
    rig.place.run(["recover"]);
    let hold = rig.place.run(["--json", "hold", "r-1"]).json();
    assert_eq!(hold["state"], "held", "{hold}");

    // By reference is the default, and one page.
    let rig = Rig::new();
    assert_eq!(recovered(&rig), "held");
}

#[test]
fn no_booking_begins_within_the_margin() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    rig.settings("booking_margin = \"31m\"");
    assert_eq!(rig.place.run(["book", "r-1"]).code, 9);
    assert_eq!(rig.sandbox.calls("transports/book"), 0);
    rig.settings("booking_margin = \"29m\"");
    assert_eq!(rig.place.run(["book", "r-1"]).code, 0);
}

#[test]
fn a_longer_timeout_alone_lengthens_the_margin_too() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    rig.settings("timeout = \"31m\"");
    assert_eq!(rig.place.run(["book", "r-1"]).code, 9);
}
