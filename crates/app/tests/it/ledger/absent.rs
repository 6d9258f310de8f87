//! Commands that look at holds find the ledger that is there, say which, and make none.

use crate::harness::{Rig, order};

/// Each as an operator types it.
const COMMANDS: [&[&str]; 9] = [
    &["holds"],
    &["hold", "r-1"],
    &["recover"],
    &["book", "r-1"],
    &["settle", "r-1", "--not-held", "--because", "looked up"],
    &["ledger", "check"],
    &["ledger", "export"],
    &["ledger", "accept"],
    &["ledger", "shred", "--ended-for", "24h"],
];

#[test]
fn where_no_ledger_is_none_is_made_and_nothing_is_said_to_be_well() {
    let rig = Rig::new();
    for command in COMMANDS {
        let ran = rig.place.run(command.iter().copied());
        assert_eq!(ran.code, 1, "{command:?}: {ran:?}");
        let told = "there is no ledger at ";
        assert!(ran.stderr.contains(told), "{command:?}: {ran:?}");
        assert!(
            ran.stderr.contains("XDG_STATE_HOME"),
            "{command:?}: {ran:?}"
        );
        assert_eq!(ran.stdout, "", "{command:?}");
        assert!(!rig.place.path("seatblock").exists(), "{command:?}");
    }
}

#[test]
fn the_ledger_that_is_read_is_named_beside_the_result() {
    let rig = Rig::new();
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    let path = rig.place.path("seatblock/ledger.sqlite");
    let named = format!("the ledger is {}", path.canonicalize().unwrap().display());
    for command in COMMANDS {
        let ran = rig.place.run(["--json"].iter().chain(command).copied());
        assert!(ran.stderr.contains(&named), "{command:?}: {ran:?}");
        assert!(
            !ran.stdout.contains("the ledger is"),
            "{command:?}: {ran:?}"
        );
    }
}

#[test]
fn a_block_whose_ledger_is_away_says_that_an_earlier_attempt_stands() {
    let rig = Rig::new();
    rig.settings("[ledger]\nurl = \"postgres://127.0.0.1:1/holds\"");
    let ran = rig.block(&["--json"], &order("r-1", "8"));
    assert_eq!(ran.code, 10, "{ran:?}");
    assert_eq!(ran.json()["outcome"], "unavailable");
    let message = ran.json()["message"].as_str().unwrap().to_owned();
    for told in [
        "an earlier one did under r-1 stands",
        "cannot be opened",
        "try again",
    ] {
        assert!(message.contains(told), "{message}");
    }
    assert_eq!(rig.sandbox.calls("block-seat"), 0);
}

#[test]
fn a_file_that_cannot_be_opened_is_told_once_with_what_to_look_at() {
    let rig = Rig::new();
    std::fs::create_dir(rig.place.path("folder.sqlite")).unwrap();
    rig.settings("[ledger]\nurl = \"sqlite:folder.sqlite\"");
    let ran = rig.block(&[], &order("r-1", "8"));
    assert_eq!(ran.code, 1, "{ran:?}");
    let cause = "unable to open database file";
    assert_eq!(ran.stderr.matches(cause).count(), 1, "{ran:?}");
    assert!(
        ran.stderr.contains("folder.sqlite cannot be opened"),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("read and write the file"), "{ran:?}");
}
