//! Many callers at once.

use std::sync::Arc;

use booking_ports::{Begun, HoldLedger as _};
use tokio::task::JoinSet;

use crate::harness::{LEASE, Place, order, reference, send};

#[tokio::test]
async fn callers_that_wait_share_a_commit() {
    let place = Place::new();
    let ledger = Arc::new(place.open().await);
    // On this runtime of one thread, all of them queue before the writer comes round.
    let mut calls = JoinSet::new();
    for caller in 0..64 {
        let ledger = Arc::clone(&ledger);
        calls.spawn(async move { send(&ledger, &format!("order-{caller}")).await });
    }
    let permits = calls.join_all().await;
    assert_eq!(permits.len(), 64);
    let commits = ledger.commits();
    assert!(
        (1..=4).contains(&commits),
        "{commits} commits for 64 callers"
    );

    let hold = place.hold("order-0");
    let mut calls = JoinSet::new();
    for permit in permits {
        let (ledger, hold) = (Arc::clone(&ledger), hold.clone());
        calls.spawn(async move { ledger.end(&permit, &Ok(hold)).await.unwrap() });
    }
    assert_eq!(calls.join_all().await.len(), 64);
    let commits = ledger.commits() - commits;
    assert!(
        (1..=4).contains(&commits),
        "{commits} commits for 64 endings"
    );
    assert!(ledger.check().await.unwrap().is_sound());
}

#[tokio::test]
async fn one_of_a_group_that_cannot_be_written_spoils_none_of_the_others() {
    let place = Place::new();
    let ledger = Arc::new(place.open().await);
    place
        .execute(
            "CREATE TRIGGER bad_sector BEFORE INSERT ON entries \
             WHEN new.hold = (SELECT number FROM holds WHERE reference = 'bad') \
             BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END",
        )
        .await
        .unwrap();
    let mut calls = JoinSet::new();
    for name in ["1", "2", "bad", "3", "4"] {
        let ledger = Arc::clone(&ledger);
        calls.spawn(async move { (name, ledger.begin(&order(name), LEASE).await) });
    }
    for (name, begun) in calls.join_all().await {
        match name {
            "bad" => {
                let error = begun.unwrap_err().to_string();
                assert_eq!(error, "the ledger cannot be used: disk I/O error");
            }
            _ => assert!(matches!(begun, Ok(Begun::Send(_))), "{name}: {begun:?}"),
        }
    }
    assert!(ledger.find(&reference("bad")).await.unwrap().is_none());
    place.execute("DROP TRIGGER bad_sector").await.unwrap();
    send(&ledger, "bad").await;
    assert!(ledger.check().await.unwrap().is_sound());
}

/// What is refused only when all is to be made durable.
#[tokio::test]
async fn a_commit_that_fails_is_no_answer_and_spoils_none_of_the_others() {
    let place = Place::new();
    let ledger = Arc::new(place.open().await);
    place
        .execute(
            "CREATE TABLE debts (key_id INTEGER REFERENCES keys (id) DEFERRABLE INITIALLY DEFERRED); \
             CREATE TRIGGER in_debt AFTER INSERT ON entries \
             WHEN new.hold = (SELECT number FROM holds WHERE reference = 'bad') \
             BEGIN INSERT INTO debts VALUES (999); END",
        )
        .await
        .unwrap();
    let mut calls = JoinSet::new();
    for name in ["1", "bad", "2"] {
        let ledger = Arc::clone(&ledger);
        calls.spawn(async move { (name, ledger.begin(&order(name), LEASE).await) });
    }
    for (name, begun) in calls.join_all().await {
        assert_eq!(begun.is_err(), name == "bad", "{name}: {begun:?}");
    }
    assert!(ledger.find(&reference("bad")).await.unwrap().is_none());
    assert!(ledger.check().await.unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_callers_in_many_processes_one_sends() {
    let place = Place::new();
    let ledgers = [place.open().await, place.open().await, place.open().await];
    let ledgers = ledgers.map(Arc::new);
    for round in 0..20 {
        let name = format!("round-{round}");
        let mut calls = JoinSet::new();
        for caller in 0..64 {
            let (ledger, order) = (Arc::clone(&ledgers[caller % 3]), order(&name));
            calls.spawn(async move { ledger.begin(&order, LEASE).await.unwrap() });
        }
        let all = calls.join_all().await;
        let senders = all.iter().filter(|begun| matches!(begun, Begun::Send(_)));
        let busy = all
            .iter()
            .filter(|begun| matches!(begun, Begun::Busy { .. }));
        assert_eq!((senders.count(), busy.count()), (1, 63), "{all:?}");
    }
    assert!(ledgers[0].check().await.unwrap().is_sound());
}
