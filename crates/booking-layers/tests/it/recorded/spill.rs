//! The file for outcomes that the ledger would not take.

use std::fs;
use std::sync::Arc;

use booking_domain::PartnerReference;
use booking_layers::{FileSpill, Spill, Unwritten};
use booking_ports::{
    BlockError, Expired, NotSentKind, Outcome, SeatBlocker, SendPermit, UnknownKind,
};
use tempfile::TempDir;

use super::world;
use crate::setup::{
    FaultyLedger, MINUTE, NOW, Scripted, hold, not_sent, order, reference, refused, told, unknown,
};

fn unwritten(outcome: impl FnOnce(&PartnerReference) -> Outcome) -> Unwritten {
    let reference = reference("1238");
    Unwritten {
        outcome: outcome(&reference),
        permit: SendPermit {
            reference,
            attempt: 2,
            fence: 5,
        },
        at: NOW,
    }
}

#[tokio::test]
async fn what_was_spilled_is_read_back() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spill.jsonl");
    let spill = FileSpill::new(&path);
    let all = [
        unwritten(|reference| Ok(hold(reference, "14429004"))),
        unwritten(|reference| Err(Expired::from(hold(reference, "14429004")).into())),
        unwritten(|reference| Err(refused(reference))),
        unwritten(|reference| Err(not_sent(reference, NotSentKind::Tls))),
        unwritten(|reference| Err(unknown(reference, UnknownKind::ReferenceUsed))),
    ];
    for unwritten in &all {
        spill.spill(unwritten).await.unwrap();
    }
    let back = FileSpill::read(&path).unwrap();
    assert_eq!(back.len(), all.len());
    for (back, given) in back.iter().zip(&all) {
        assert_eq!(told(&back.outcome), told(&given.outcome));
        assert_eq!((&back.permit, back.at), (&given.permit, given.at));
    }
    let Ok(held) = &back[0].outcome else {
        panic!("{back:?}")
    };
    assert_eq!(
        held.deadline.at(),
        hold(&reference("1238"), "1").deadline.at()
    );
}

#[tokio::test]
async fn a_line_says_what_recovery_needs_and_none_of_the_providers_words() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spill.jsonl");
    let spill = FileSpill::new(&path);
    let held = unwritten(|reference| Ok(hold(reference, "14429004")));
    spill.spill(&held).await.unwrap();
    let refusal = unwritten(|reference| Err(refused(reference)));
    spill.spill(&refusal).await.unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.split('\n').filter(|line| !line.is_empty()).collect();
    assert_eq!(
        lines,
        [
            r#"{"reference":"1238","attempt":2,"fence":5,"state":"held","transaction_id":"14429004","deadline":"2026-11-24T10:30:00+07:00","at":"2026-11-24T10:00:00+07:00"}"#,
            r#"{"reference":"1238","attempt":2,"fence":5,"state":"refused","kind":"seat_unavailable","at":"2026-11-24T10:00:00+07:00"}"#,
        ]
    );
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spill.jsonl");
    let held = unwritten(|reference| Ok(hold(reference, "1")));
    FileSpill::new(&path).spill(&held).await.unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(unix)]
#[tokio::test]
async fn its_folder_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = TempDir::new().unwrap();
    let path = folder.path().join("state/shop/spill.jsonl");
    let held = unwritten(|reference| Ok(hold(reference, "1")));
    FileSpill::new(&path).spill(&held).await.unwrap();
    let made = fs::metadata(path.parent().unwrap()).unwrap();
    assert_eq!(made.permissions().mode() & 0o777, 0o700);
    assert_eq!(FileSpill::read(&path).unwrap().len(), 1);
}

#[tokio::test]
async fn a_line_cut_short_hides_no_other() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spill.jsonl");
    let spill = FileSpill::new(&path);
    let held = unwritten(|reference| Ok(hold(reference, "1")));
    spill.spill(&held).await.unwrap();
    let whole = fs::read(&path).unwrap();
    for end in 1..whole.len() - 1 {
        fs::write(&path, &whole[..end]).unwrap();
        spill.spill(&held).await.unwrap();
        let back = FileSpill::read(&path).unwrap();
        assert_eq!(told(&back.last().unwrap().outcome), "held as 1", "{end}");
        assert!(back.len() <= 2);
    }
}

#[tokio::test]
async fn a_ledger_that_comes_back_is_told_what_was_spilled() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("spill.jsonl");
    let world = world(Scripted::new(|order, _| Ok(hold(order.reference(), "1"))));
    world.ledger.fail_end(Some(FaultyLedger::unavailable()));
    let blocker = (world.blocker).with_spill(Arc::new(FileSpill::new(&path)));
    let outcome = blocker.block(&order("1238")).await;
    assert!(
        matches!(outcome, Err(BlockError::Unknown(_))),
        "{outcome:?}"
    );

    // Another process, after the lease of the one that died.
    world.clock.advance(MINUTE);
    world.ledger.fail_end(None);
    let merged = FileSpill::new(&path).merge(&world.ledger).await.unwrap();
    assert_eq!(merged.told, 1);
    assert_eq!(world.ledger.state("1238").await, Some("held"));
}
