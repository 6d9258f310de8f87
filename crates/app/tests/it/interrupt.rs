//! Ctrl-C and SIGTERM while an answer is awaited.

use crate::harness::{Background, Rig, order, patiently};

fn interrupted_by(signal: &str) {
    let rig = Rig::new();
    rig.place
        .write("order.json", order("r-1", "SILENT").to_string());
    let child = Background::start(&mut rig.place.command(["--json", "block", "order.json"]));
    patiently(|| !rig.sandbox.holds().is_empty());
    child.signal(signal);
    let ran = child.wait();
    assert_eq!(ran.code, 6, "{ran:?}");
    assert_eq!(ran.json()["kind"], "interrupted");
    assert_eq!(ran.json()["partner_reference_no"], "r-1");
    assert!(
        ran.json()["advice"]
            .as_str()
            .unwrap()
            .contains("same reference")
    );
}

#[test]
fn ctrl_c_leaves_the_outcome_unknown() {
    interrupted_by("-INT");
}

#[test]
fn sigterm_leaves_the_outcome_unknown() {
    interrupted_by("-TERM");
}

#[test]
fn a_terminal_that_goes_away_leaves_it_unknown_too() {
    interrupted_by("-HUP");
}
