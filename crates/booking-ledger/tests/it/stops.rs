//! A process that ends without a word.

use std::sync::Arc;

use booking_domain::HoldState;
use booking_ledger::SqliteLedger;
use booking_ports::{Begun, Evidence, Finding, HoldLedger as _, Source};
use sqlx::Connection as _;
use tokio::runtime::Runtime;

use crate::harness::{LEASE, Place, order, reference, send};

/// What was answered is there, whatever became of the process right after.
#[test]
fn what_was_answered_outlives_a_process_that_is_gone_at_once() {
    let place = Place::new();
    for round in 0..20 {
        let name = format!("order-{round}");
        let runtime = Runtime::new().unwrap();
        let permit = runtime.block_on(async {
            let ledger = place.open().await;
            let permit = send(&ledger, &name).await;
            // Without closing, with a reader and the writer where they are.
            std::mem::forget(ledger);
            permit
        });
        runtime.shutdown_background();

        Runtime::new().unwrap().block_on(async {
            let ledger = place.open().await;
            let record = ledger.find(&permit.reference).await.unwrap().unwrap();
            assert_eq!(record.state, HoldState::Sending);
            let begun = ledger.begin(&order(&name), LEASE).await.unwrap();
            let Begun::Recorded(record) = begun else {
                unreachable!("its sender is gone, and may have sent: {begun:?}")
            };
            assert_eq!(record.state, HoldState::Unknown);
            let hold = place.hold(&name);
            ledger.end(&permit, &Ok(hold)).await.unwrap();
            assert!(ledger.check().await.unwrap().is_sound());
        });
    }
}

/// A copy of the files at any moment is what a machine finds that lost its power then.
#[tokio::test]
async fn the_files_as_they_are_after_each_answer_hold_it() {
    let place = Place::new();
    let ledger = place.open().await;
    for round in 0..20 {
        let name = format!("order-{round}");
        let permit = send(&ledger, &name).await;
        let copy = place.copy();
        let other = copy.open().await;
        let record = other.find(&permit.reference).await.unwrap().unwrap();
        assert_eq!(record.state, HoldState::Sending);
        ledger.end(&permit, &Ok(place.hold(&name))).await.unwrap();
        let copy = place.copy();
        let other = copy.open().await;
        let record = other.find(&permit.reference).await.unwrap().unwrap();
        assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
        assert!(other.check().await.unwrap().is_sound());
    }
}

/// Runs `call` and drops it once it has queued, while the writer waits for another process.
async fn hang_up<T: Send + 'static>(
    place: &Place,
    ledger: &Arc<SqliteLedger>,
    call: impl Future<Output = T> + Send + 'static,
) {
    let mut other = place.connect().await;
    let transaction = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let waiting = {
        let ledger = Arc::clone(ledger);
        tokio::spawn(async move { send(&ledger, "waits").await })
    };
    // On this runtime of one thread, whoever waits has queued, and the writer is at it.
    tokio::task::yield_now().await;
    tokio::task::yield_now().await;
    let call = tokio::spawn(call);
    tokio::task::yield_now().await;
    call.abort();
    assert!(call.await.is_err(), "it was aborted");
    transaction.rollback().await.unwrap();
    waiting.await.unwrap();
}

#[tokio::test]
async fn a_caller_that_hangs_up_does_not_stop_what_it_told() {
    let place = Place::new();
    let ledger = Arc::new(place.open().await);
    let permit = send(&ledger, "1").await;
    let (telling, hold) = (Arc::clone(&ledger), place.hold("1"));
    let call = async move { telling.end(&permit, &Ok(hold)).await };
    hang_up(&place, &ledger, call).await;
    // What comes after it in the queue is answered after it was written.
    send(&ledger, "2").await;
    let record = ledger.find(&reference("1")).await.unwrap().unwrap();
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
}

#[tokio::test]
async fn a_right_that_nobody_waits_for_is_not_given() {
    let place = Place::new();
    let ledger = Arc::new(place.open().await);
    let asking = Arc::clone(&ledger);
    let call = async move { asking.begin(&order("1"), LEASE).await };
    hang_up(&place, &ledger, call).await;
    // Somebody else need not wait for a lease that nobody has.
    assert_eq!(send(&ledger, "1").await.attempt, 1);
}

/// A lease keeps others from a sender that lives, in whatever process, and from no other.
#[tokio::test]
async fn a_living_sender_is_waited_for_and_a_dead_one_is_not() {
    let place = Place::new();
    let (one, other) = (place.open().await, place.open().await);
    let permit = send(&one, "1").await;
    let begun = other.begin(&order("1"), LEASE).await.unwrap();
    assert!(matches!(begun, Begun::Busy { .. }), "{begun:?}");
    assert!(other.claim(&reference("1"), LEASE).await.unwrap().is_none());
    // Evidence from elsewhere takes the right from nobody.
    let finding = Finding::Nothing {
        message: "no transaction".to_owned(),
    };
    let source = Source::History;
    let evidence = Evidence { source, finding };
    other.learn(&reference("1"), &evidence).await.unwrap();
    assert!(other.claim(&reference("1"), LEASE).await.unwrap().is_none());

    one.close().await;
    let claim = other.claim(&reference("1"), LEASE).await.unwrap();
    assert_eq!(claim.unwrap().record.state, HoldState::Unknown);
    // What the dead one had learned is still taken down, should somebody have it.
    let record = other.end(&permit, &Ok(place.hold("1"))).await.unwrap();
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
    let owners = std::fs::read_dir(place.folder.path())
        .unwrap()
        .filter(|file| {
            let name = file.as_ref().unwrap().file_name();
            name.to_string_lossy().contains(".owner-")
        });
    assert_eq!(owners.count(), 1, "only that of the ledger that is open");
}

#[tokio::test]
async fn files_of_dead_processes_are_cleared_away_and_those_of_living_ones_stay() {
    let place = Place::new();
    let living = place.open().await;
    let dead = place.path().with_extension("db.owner-00000000000000aa");
    std::fs::write(&dead, "").unwrap();
    let permit = send(&living, "1").await;
    let other = place.open().await;
    assert!(!dead.exists());
    let begun = other.begin(&order("1"), LEASE).await.unwrap();
    assert!(matches!(begun, Begun::Busy { .. }), "{begun:?}");
    living.end(&permit, &Ok(place.hold("1"))).await.unwrap();
}
