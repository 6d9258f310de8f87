//! Connections that are lost.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::HoldState;
use booking_ports::{
    Begun, BookingBegun, Clock as _, HoldLedger as _, LedgerError, Unknown, UnknownKind,
    may_be_sent_until,
};

use super::harness::{Database, send};
use super::server::Server;
use crate::harness::{LEASE, order, reference};

/// Ends every session of the database but the one that asks.
const END_SESSIONS: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn connections_that_were_closed_meanwhile_are_nobodys_failure() {
    let database = Database::new();
    let ledger = Arc::new(database.open().await);
    let mut callers = tokio::task::JoinSet::new();
    for caller in 0..24 {
        let ledger = Arc::clone(&ledger);
        callers.spawn(async move { send(&ledger, &format!("first-{caller}")).await });
    }
    let permits = callers.join_all().await;
    database.execute(END_SESSIONS).await.unwrap();
    for permit in permits {
        let name = permit.reference.as_str();
        ledger.end(&permit, &Ok(database.hold(name))).await.unwrap();
    }
    send(&ledger, "after").await;
    assert!(ledger.check().await.unwrap().is_sound());
}

/// Whoever lost the lock that shows that it lives gives out rights under another only.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn after_its_session_was_lost_a_ledger_is_known_to_live_again() {
    let database = Database::new();
    let (one, other) = (database.open().await, database.open().await);
    send(&one, "before").await;
    let begun = other.begin(&order("before"), LEASE).await.unwrap();
    assert!(matches!(begun, Begun::Busy { .. }), "{begun:?}");
    database.execute(END_SESSIONS).await.unwrap();
    // It notices without being asked.
    tokio::time::sleep(Duration::from_millis(300)).await;
    send(&one, "after").await;
    let begun = other.begin(&order("after"), LEASE).await.unwrap();
    assert!(matches!(begun, Begun::Busy { .. }), "{begun:?}");
    // What it had sent is not sent again, whatever others think of it.
    let begun = other.begin(&order("before"), LEASE).await.unwrap();
    assert!(!matches!(begun, Begun::Send(_)), "{begun:?}");
}

/// A lost session is no proof of an end: what was being sent is unknown, for as long as it may be under
/// way; what was being booked is nobody else's before the lease is over.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_sender_whose_session_was_lost_may_still_be_at_it() {
    let database = Database::new();
    let (one, other) = (database.open().await, database.open().await);
    let booked = send(&one, "booked").await;
    let hold = database.hold("booked");
    one.end(&booked, &Ok(hold)).await.unwrap();
    let begun = one.begin_booking(&reference("booked"), LEASE).await;
    assert!(matches!(begun, Ok(BookingBegun::Send(_))), "{begun:?}");
    let permit = send(&one, "sent").await;
    database.execute(END_SESSIONS).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;

    let begun = other.begin_booking(&reference("booked"), LEASE).await;
    assert!(matches!(begun, Ok(BookingBegun::Busy { .. })), "{begun:?}");
    let claimed = other.claim(&reference("booked"), LEASE).await.unwrap();
    assert!(claimed.is_none(), "{claimed:?}");

    let claimed = other.claim(&reference("sent"), LEASE).await.unwrap();
    assert_eq!(claimed.unwrap().record.state, HoldState::Unknown);
    let story = other.story(&reference("sent")).await.unwrap();
    assert!(may_be_sent_until(&story).is_some(), "{story:?}");
    let late = one.end(&permit, &Ok(database.hold("sent"))).await.unwrap();
    assert_eq!(late.state.name(), "held");
    let story = other.story(&reference("sent")).await.unwrap();
    assert_eq!(may_be_sent_until(&story), None);
    assert!(other.check().await.unwrap().is_sound());
}

/// Nor is it of a resolver's: its repeat may be under way for as long as its claim lasts. One that had not
/// come to its repeat comes to none any more, so nothing waits for it.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_repeat_whose_session_was_lost_may_still_be_under_way() {
    let database = Database::new();
    let (one, other) = (database.open().await, database.open().await);
    let mut claims = Vec::new();
    for name in ["claimed", "repeated"] {
        let permit = send(&one, name).await;
        let cut = Unknown::new(reference(name), UnknownKind::ConnectionLost, "cut");
        one.end(&permit, &Err(cut.into())).await.unwrap();
        claims.push(one.claim(&reference(name), LEASE).await.unwrap().unwrap());
    }
    let [claim, with_repeat] = &claims[..] else {
        unreachable!("two were claimed")
    };
    let repeat = one.repeat(with_repeat).await.unwrap();
    let lease_ends = database.clock.now() + LEASE;
    database.execute(END_SESSIONS).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;

    let claimed = other.claim(&reference("claimed"), LEASE).await.unwrap();
    assert!(claimed.is_some());
    let story = other.story(&reference("claimed")).await.unwrap();
    assert_eq!(may_be_sent_until(&story), None);
    assert_eq!(story.len(), 2, "{story:?}");
    let late = one.repeat(claim).await;
    assert!(matches!(late, Err(LedgerError::Fenced { .. })), "{late:?}");

    let claimed = other.claim(&reference("repeated"), LEASE).await.unwrap();
    assert_eq!(claimed.unwrap().record.state, HoldState::Unknown);
    let story = other.story(&reference("repeated")).await.unwrap();
    let until = may_be_sent_until(&story).unwrap();
    assert!((lease_ends - until).abs() < time::Duration::MILLISECOND);
    let held = one.end(&repeat, &Ok(database.hold("repeated"))).await;
    assert_eq!(held.unwrap().state.name(), "held");
    let story = other.story(&reference("repeated")).await.unwrap();
    assert_eq!(may_be_sent_until(&story), None);
    assert!(other.check().await.unwrap().is_sound());
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_server_that_is_gone_is_an_error_and_gives_no_right() {
    let server = Server::start(&[]);
    let database = Database::at(server.database());
    let ledger = database.open().await;
    let permit = send(&ledger, "1").await;
    server.stop_at_once();
    let error = ledger.begin(&order("2"), LEASE).await.unwrap_err();
    assert_eq!(error.to_string().lines().count(), 1, "{error}");
    let ended = ledger.end(&permit, &Ok(database.hold("1"))).await;
    assert!(ended.is_err(), "{ended:?}");
    server.start_again();
    let ended = ledger.end(&permit, &Ok(database.hold("1"))).await;
    assert!(ended.is_ok(), "{ended:?}");
    assert_eq!(send(&ledger, "2").await.attempt, 1);
    assert_eq!(ledger.story(&reference("1")).await.unwrap().len(), 2);
}
