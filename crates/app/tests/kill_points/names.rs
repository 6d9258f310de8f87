//! That a search of the program's bytes finds kill points where they are.

use crate::harness::PROGRAM;

#[test]
fn the_program_under_test_has_kill_points() {
    let program = std::fs::read(PROGRAM).unwrap();
    for name in ["KILL_SEATBLOCK_AT", "begin.before", "ledger.migration"] {
        let found = program
            .windows(name.len())
            .any(|part| part == name.as_bytes());
        assert!(found, "{name}");
    }
}
