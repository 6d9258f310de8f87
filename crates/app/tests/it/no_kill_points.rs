//! The program as it is delivered has no point at which it can be told to kill itself.

#![cfg(not(feature = "kill-points"))]

use crate::harness::PROGRAM;

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|part| part == needle.as_bytes())
}

/// `kill_points/names.rs` finds the very names where the feature is on.
#[test]
fn the_program_has_no_kill_points() {
    let program = std::fs::read(PROGRAM).unwrap();
    assert!(
        contains(&program, "ledger.key_file"),
        "texts are found where they are"
    );
    for name in ["KILL_SEATBLOCK_AT", "begin.before", "ledger.migration"] {
        assert!(!contains(&program, name), "{name}");
    }
}
