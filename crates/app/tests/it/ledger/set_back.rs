//! A ledger that forgot what it knew.

use crate::gateway::served::Served;
use crate::harness::{Rig, order};

fn copy(rig: &Rig, from: &str, to: &str) {
    for suffix in ["", "-wal", "-shm"] {
        let (from, to) = (format!("{from}{suffix}"), format!("{to}{suffix}"));
        let _ = std::fs::remove_file(rig.place.path(&to));
        if rig.place.path(&from).exists() {
            std::fs::copy(rig.place.path(&from), rig.place.path(&to)).unwrap();
        }
    }
}

#[test]
fn a_restored_backup_sends_nothing_until_somebody_has_looked() {
    let rig = Rig::new();
    rig.settings("[ledger]\nurl = \"sqlite:own.sqlite\"");
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    copy(&rig, "own.sqlite", "backup.sqlite");
    assert_eq!(rig.block(&[], &order("r-2", "9")).code, 0);
    copy(&rig, "backup.sqlite", "own.sqlite");
    let sent = rig.sandbox.calls("block-seat");
    for command in [&["recover"][..], &["book", "r-1"], &["block", "order.json"]] {
        let ran = rig.place.run(command.iter().copied());
        assert!(ran.code == 1 && ran.stderr.contains("set back"), "{ran:?}");
        assert!(ran.stderr.contains("seatblock ledger accept"), "{ran:?}");
    }
    assert_eq!(rig.sandbox.calls("block-seat"), sent);
    assert_eq!(rig.place.run(["holds"]).code, 0, "it can still be read");
    assert_eq!(rig.place.run(["ledger", "accept"]).code, 0);
    // What it has forgotten is found by its reference, and held once.
    let again = rig.block(&["--json"], &order("r-2", "9"));
    assert_eq!(again.json()["kind"], "reference_used", "{again:?}");
    let found = rig.block(&["--json"], &order("r-2", "9"));
    assert_eq!(
        (found.code, &found.json()["outcome"]),
        (0, &"held".into()),
        "{found:?}"
    );
    assert_eq!(rig.sandbox.holds().len(), 2);
}

#[test]
fn a_gateway_that_is_killed_has_remembered_how_far_it_came() {
    let rig = Rig::new();
    rig.settings("[ledger]\nurl = \"sqlite:own.sqlite\"");
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    copy(&rig, "own.sqlite", "backup.sqlite");
    let served = Served::start(&rig, &[]);
    assert_eq!(served.post("/v1/holds", &order("r-2", "9")).status, 201);
    served.kill();
    // The next one remembers at once, and every minute.
    let served = Served::start(&rig, &[]);
    assert_eq!(served.get("/v1/holds").status, 200);
    served.kill();
    copy(&rig, "backup.sqlite", "own.sqlite");
    let ran = rig.place.run(["recover"]);
    assert!(ran.code == 1 && ran.stderr.contains("set back"), "{ran:?}");
}

#[test]
fn a_new_ledger_in_the_place_of_another_is_not_taken_for_it() {
    let rig = Rig::new();
    rig.settings("[ledger]\nurl = \"sqlite:own.sqlite\"");
    rig.block(&[], &order("r-1", "8"));
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(rig.place.path(&format!("own.sqlite{suffix}")));
    }
    assert_eq!(rig.block(&[], &order("r-2", "9")).code, 0);
}
