//! The spill file's way back into the ledger.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use booking_layers::{FileSpill, Merged, Spill, Unwritten};
use booking_ports::{Begun, HoldLedger, LedgerError, SendPermit};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::setup::{FaultyLedger, MINUTE, NOW, clock, hold, order, reference};

struct Place {
    _folder: TempDir,
    path: PathBuf,
    spill: FileSpill,
    ledger: Arc<FaultyLedger>,
}

fn place() -> Place {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spill.jsonl");
    Place {
        spill: FileSpill::new(&path),
        path,
        _folder: folder,
        ledger: Arc::new(FaultyLedger::new(clock())),
    }
}

/// A block of `name` that was sent, held, and could not be written down.
async fn spilled(place: &Place, name: &str) {
    let Ok(Begun::Send(permit)) = place.ledger.begin(&order(name), MINUTE).await else {
        unreachable!("{name}")
    };
    place.spill.spill(&held(permit)).await.unwrap();
}

fn held(permit: SendPermit) -> Unwritten {
    let outcome = Ok(hold(&permit.reference, "14429004"));
    Unwritten {
        permit,
        outcome,
        at: NOW,
    }
}

fn merged(told: usize, kept: usize, unreadable: usize) -> Merged {
    Merged {
        told,
        kept,
        unreadable,
    }
}

#[tokio::test]
async fn nothing_spilled_is_nothing_to_do_and_makes_no_file() {
    let place = place();
    let nothing = place.spill.merge(&place.ledger).await.unwrap();
    assert_eq!(nothing, Merged::default());
    assert!(!place.path.exists());
}

#[tokio::test]
async fn what_the_ledger_takes_is_taken_out_and_the_file_stays() {
    let place = place();
    for name in ["one", "two"] {
        spilled(&place, name).await;
    }
    assert_eq!(
        place.spill.merge(&place.ledger).await.unwrap(),
        merged(2, 0, 0)
    );
    for name in ["one", "two"] {
        assert_eq!(place.ledger.state(name).await, Some("held"));
    }
    assert_eq!(fs::metadata(&place.path).unwrap().len(), 0);
    assert_eq!(
        place.spill.merge(&place.ledger).await.unwrap(),
        Merged::default()
    );
    // And it serves again.
    spilled(&place, "three").await;
    assert_eq!(
        place.spill.merge(&place.ledger).await.unwrap(),
        merged(1, 0, 0)
    );
}

#[tokio::test]
async fn what_a_failing_ledger_does_not_take_stays() {
    let place = place();
    spilled(&place, "one").await;
    let before = fs::read(&place.path).unwrap();
    place.ledger.fail_end(Some(FaultyLedger::unavailable()));
    assert_eq!(
        place.spill.merge(&place.ledger).await.unwrap(),
        merged(0, 1, 0)
    );
    assert_eq!(fs::read(&place.path).unwrap(), before);
    place.ledger.fail_end(None);
    assert_eq!(
        place.spill.merge(&place.ledger).await.unwrap(),
        merged(1, 0, 0)
    );
    assert_eq!(place.ledger.state("one").await, Some("held"));
}

#[tokio::test]
async fn lines_of_another_ledger_and_lines_cut_short_stay_beside_those_that_go() {
    let place = place();
    spilled(&place, "one").await;
    let anothers = held(SendPermit {
        reference: reference("another"),
        attempt: 1,
        fence: 1,
    });
    place.spill.spill(&anothers).await.unwrap();
    let mut bytes = fs::read(&place.path).unwrap();
    bytes.extend_from_slice(b"\n{\"reference\":\"cut sh");
    fs::write(&place.path, &bytes).unwrap();
    spilled(&place, "two").await;
    for told in [2, 0] {
        let did = place.spill.merge(&place.ledger).await.unwrap();
        assert_eq!(did, merged(told, 1, 1));
    }
    let text = fs::read_to_string(&place.path).unwrap();
    assert!(
        text.contains("another") && text.contains("cut sh"),
        "{text}"
    );
    assert!(
        !text.contains("\"one\"") && !text.contains("\"two\""),
        "{text}"
    );
    assert!(matches!(
        place.ledger.end(&anothers.permit, &anothers.outcome).await,
        Err(LedgerError::NotFound { .. })
    ));
    assert_eq!(FileSpill::read(&place.path).unwrap().len(), 1);
}

#[tokio::test]
async fn a_crash_while_lines_are_taken_out_loses_none_that_was_not_told() {
    let place = place();
    for name in ["one", "two"] {
        spilled(&place, name).await;
    }
    let whole = fs::read(&place.path).unwrap();
    let second = whole
        .windows(5)
        .position(|part| part == b"\"two\"")
        .unwrap();
    let first = 1..whole
        .iter()
        .skip(1)
        .position(|byte| *byte == b'\n')
        .unwrap()
        + 1;
    for blanked in first.clone() {
        // As far as it came with the first line.
        let mut bytes = whole.clone();
        bytes[first.start..blanked].fill(b' ');
        fs::write(&place.path, &bytes).unwrap();
        let back = FileSpill::read(&place.path).unwrap();
        let last = back.last().unwrap().permit.reference.as_str();
        assert_eq!(last, "two", "{blanked} of {second}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_spill_and_those_who_merge_lose_nothing_to_each_other() {
    const SPILLERS: usize = 4;
    const EACH: usize = 50;
    let place = Arc::new(place());
    let mut tasks = JoinSet::new();
    for spiller in 0..SPILLERS {
        let place = place.clone();
        tasks.spawn(async move {
            for number in 0..EACH {
                spilled(&place, &format!("r-{spiller}-{number}")).await;
            }
        });
    }
    let mergers: Vec<_> = (0..2)
        .map(|_| {
            let place = place.clone();
            tokio::spawn(async move {
                loop {
                    place.spill.merge(&place.ledger).await.unwrap();
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    for merger in mergers {
        merger.abort();
    }
    let last = place.spill.merge(&place.ledger).await.unwrap();
    assert_eq!((last.kept, last.unreadable), (0, 0));
    for spiller in 0..SPILLERS {
        for number in 0..EACH {
            let name = format!("r-{spiller}-{number}");
            assert_eq!(place.ledger.state(&name).await, Some("held"), "{name}");
        }
    }
}
