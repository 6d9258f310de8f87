//! A writing whose answer is lost: it was done or not, and is done once.

use std::sync::Arc;

use booking_domain::HoldState;
use booking_ledger::{LedgerKey, PostgresLedger, PostgresOptions};
use booking_ports::{Begun, HoldLedger as _, LedgerError};

use super::harness::{Database, send};
use super::proxy::{Cut, Proxy};
use super::server::Server;
use crate::harness::{LEASE, order, reference};

/// A ledger behind a proxy, whose statements are prepared.
async fn behind(database: &Database) -> (Proxy, PostgresLedger) {
    let proxy = Proxy::start(Server::shared().socket()).await;
    let name = database.url.split(['/', '?']).nth(3).unwrap();
    let url = format!(
        "postgres://postgres@127.0.0.1:{}/{name}?sslmode=disable",
        proxy.port
    );
    let options = PostgresOptions::from_url(&url).unwrap();
    let options = options.sealed_by(LedgerKey::new([7; 32]));
    let ledger = database.try_open(&options).await.unwrap();
    let permit = send(&ledger, "0").await;
    ledger.end(&permit, &Ok(database.hold("0"))).await.unwrap();
    (proxy, ledger)
}

const CUTS: [Cut; 3] = [Cut::Statement, Cut::Answer, Cut::LastWord];

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_lost_answer_is_found_out_and_nothing_is_written_twice() {
    for cut in CUTS {
        let database = Database::new();
        let (proxy, ledger) = behind(&database).await;
        let before = proxy.connections();
        proxy.cut(cut);
        let permit = send(&ledger, "1").await;
        // Had it believed what came before the last word, it would not have connected anew.
        assert_eq!(proxy.connections(), before + 1, "{cut:?}");
        proxy.cut(cut);
        let record = ledger.end(&permit, &Ok(database.hold("1"))).await.unwrap();
        assert_eq!(record.state, HoldState::Held(database.hold("1")), "{cut:?}");
        assert_eq!(proxy.connections(), before + 2, "{cut:?}");
        let story = ledger.story(&reference("1")).await.unwrap();
        assert_eq!(story.len(), 2, "{cut:?}: {story:?}");
        let found = ledger.find(&reference("1")).await.unwrap().unwrap();
        assert_eq!(found.number, record.number);
        assert!(ledger.check().await.unwrap().is_sound());
    }
}

/// What cannot be read again is not sent; but whoever recovers may find and send it.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn an_answer_that_cannot_be_found_out_gives_no_right() {
    for cut in CUTS {
        let database = Database::new();
        let (proxy, ledger) = behind(&database).await;
        proxy.cut_for_good(cut);
        let begun = ledger.begin(&order("1"), LEASE).await;
        assert!(
            matches!(begun, Err(LedgerError::InDoubt { .. })),
            "{cut:?}: {begun:?}"
        );
        // Whoever comes by another way neither sends what may have been marked, nor loses it.
        let other = database.open().await;
        let found = other.find(&reference("1")).await.unwrap();
        assert_eq!(found.is_some(), cut != Cut::Statement);
        let begun = other.begin(&order("1"), LEASE).await.unwrap();
        match begun {
            Begun::Send(permit) => assert!(found.is_none() && permit.attempt == 1, "{cut:?}"),
            begun => assert!(found.is_some(), "{cut:?}: {begun:?}"),
        }
    }
}

/// Two callers of one process, of whom the other was faster while the first had no line: a row by
/// this process is not yet a row by this call.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_row_of_another_call_is_not_taken_for_the_lost_one() {
    for cut in CUTS {
        let database = Database::new();
        let (proxy, ledger) = behind(&database).await;
        let ledger = Arc::new(ledger);
        proxy.cut_for_good(cut);
        let first = {
            let ledger = Arc::clone(&ledger);
            tokio::spawn(async move { ledger.begin(&order("1"), LEASE).await.unwrap() })
        };
        proxy.was_cut().await;
        proxy.open_again();
        let second = ledger.begin(&order("1"), LEASE).await.unwrap();
        let both = [first.await.unwrap(), second];
        let senders = both.iter().filter(|begun| matches!(begun, Begun::Send(_)));
        let busy = both
            .iter()
            .filter(|begun| matches!(begun, Begun::Busy { .. }));
        assert_eq!((senders.count(), busy.count()), (1, 1), "{cut:?}: {both:?}");
        assert_eq!(ledger.story(&reference("1")).await.unwrap().len(), 1);
    }
}
