//! Several processes at one database.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use booking_domain::HoldState;
use booking_ledger::{LedgerKey, PostgresLedger, PostgresOptions};
use booking_ports::{Begun, Evidence, Finding, HoldLedger as _, Source, SystemClock};
use tokio::task::JoinSet;

use super::harness::{Database, send};
use crate::harness::{LEASE, order, reference};

/// As many as a test has time for, each with other references.
const ROUNDS: usize = 20;

/// Two replicas look at the same moment at holds whose deadline has passed.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn of_many_who_see_a_hold_end_one_writes_it_down() {
    let database = Database::new();
    let ledgers = [database.open().await, database.open().await].map(Arc::new);
    for round in 0..ROUNDS {
        let name = format!("passed-{round}");
        let permit = send(&ledgers[0], &name).await;
        let hold = database.hold(&name);
        ledgers[0].end(&permit, &Ok(hold)).await.unwrap();
        database.clock.advance(Duration::from_hours(1));
        let mut calls = JoinSet::new();
        for caller in 0..8 {
            let (ledger, reference) = (Arc::clone(&ledgers[caller % 2]), reference(&name));
            let message = "its deadline has passed".to_owned();
            let over = Evidence {
                source: Source::Time,
                finding: Finding::Over { message },
            };
            calls.spawn(async move { ledger.learn(&reference, &over).await.unwrap() });
        }
        for record in calls.join_all().await {
            assert_eq!(record.state.name(), "expired");
        }
        let story = ledgers[1].story(&reference(&name)).await.unwrap();
        assert_eq!(story.len(), 3, "{story:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn of_64_callers_at_two_ledgers_one_sends() {
    let database = Database::new();
    let ledgers = [database.open().await, database.open().await].map(Arc::new);
    for round in 0..ROUNDS {
        let name = format!("shared-{round}");
        let mut calls = JoinSet::new();
        for caller in 0..64 {
            let (ledger, order) = (Arc::clone(&ledgers[caller % 2]), order(&name));
            calls.spawn(async move { ledger.begin(&order, LEASE).await.unwrap() });
        }
        let all = calls.join_all().await;
        let senders = all.iter().filter(|begun| matches!(begun, Begun::Send(_)));
        let busy = all
            .iter()
            .filter(|begun| matches!(begun, Begun::Busy { .. }));
        assert_eq!((senders.count(), busy.count()), (1, 63), "{all:?}");
        assert_eq!(ledgers[0].story(&reference(&name)).await.unwrap().len(), 1);
    }
}

/// Of those who settle what a dead sender left, too.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn of_32_resolvers_at_two_ledgers_one_claims() {
    let database = Database::new();
    let ledgers = [database.open().await, database.open().await].map(Arc::new);
    for round in 0..ROUNDS {
        let name = format!("left-{round}");
        send(&ledgers[0], &name).await;
        database.clock.advance(LEASE * 2);
        let mut calls = JoinSet::new();
        for caller in 0..32 {
            let (ledger, reference) = (Arc::clone(&ledgers[caller % 2]), reference(&name));
            calls.spawn(async move { ledger.claim(&reference, LEASE).await.unwrap() });
        }
        let claims: Vec<_> = calls.join_all().await.into_iter().flatten().collect();
        assert_eq!(claims.len(), 1);
        assert_eq!(claims[0].record.state, HoldState::Unknown);
        let permit = ledgers[1].repeat(&claims[0]).await.unwrap();
        assert_eq!(permit.attempt, 2);
    }
}

/// Evidence of many at one time: none is lost, and none written over another.
#[tokio::test(flavor = "multi_thread")]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn what_many_learn_at_one_time_is_all_written() {
    use booking_ports::{Evidence, Finding, Source};

    let database = Database::new();
    let ledgers = [database.open().await, database.open().await].map(Arc::new);
    send(&ledgers[0], "1").await;
    let mut calls = JoinSet::new();
    for caller in 0..32 {
        let ledger = Arc::clone(&ledgers[caller % 2]);
        let message = format!("nothing, says {caller}");
        let finding = Finding::Nothing { message };
        let evidence = Evidence {
            source: Source::History,
            finding,
        };
        calls.spawn(async move { ledger.learn(&reference("1"), &evidence).await.unwrap() });
    }
    calls.join_all().await;
    assert_eq!(ledgers[0].story(&reference("1")).await.unwrap().len(), 33);
    assert!(ledgers[0].check().await.unwrap().is_sound());
}

const URL: &str = "LEDGER_OF_THE_TEST";
const SAYS: &str = "answered: ";

/// Its lease has a minute to go, by a clock that stands still: only its end can be known.
#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_living_sender_is_waited_for_and_a_killed_one_is_known_at_once() {
    let database = Database::new();
    let other = database.open().await;
    for round in 0..5 {
        let (mut child, name) = sender(&database.url, round);
        let begun = other.begin(&order(&name), LEASE).await.unwrap();
        assert!(matches!(begun, Begun::Busy { .. }), "{begun:?}");
        assert!(
            other
                .claim(&reference(&name), LEASE)
                .await
                .unwrap()
                .is_none()
        );
        child.kill().unwrap();
        child.wait().unwrap();
        let mut claim = None;
        // The server sees the end of a connection, not of a process.
        for _ in 0..100 {
            claim = other.claim(&reference(&name), LEASE).await.unwrap();
            if claim.is_some() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let claim = claim.unwrap_or_else(|| unreachable!("its sender is dead for a second"));
        assert_eq!(claim.record.state, HoldState::Unknown);
    }
}

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn a_sender_that_let_go_of_the_ledger_is_not_waited_for() {
    let database = Database::new();
    let (one, other) = (database.open().await, database.open().await);
    let permit = send(&one, "1").await;
    one.close().await;
    let claim = other.claim(&reference("1"), LEASE).await.unwrap();
    assert_eq!(claim.unwrap().record.state, HoldState::Unknown);
    // What it had learned is still taken down, should somebody have it.
    let hold = database.hold("1");
    let record = other.end(&permit, &Ok(hold)).await.unwrap();
    assert!(matches!(record.state, HoldState::Held(_)), "{record:?}");
}

/// A process that has begun a reference, and which.
fn sender(url: &str, round: usize) -> (Child, String) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "postgres::processes::begins_and_waits_to_be_killed",
            "--ignored",
            "--nocapture",
        ])
        .env(URL, url)
        .env("ROUND_OF_THE_TEST", round.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let name = lines
        .find_map(|line| Some(line.unwrap().split_once(SAYS)?.1.to_owned()))
        .unwrap();
    (child, name)
}

#[tokio::test]
#[ignore = "the process that the test above kills"]
async fn begins_and_waits_to_be_killed() {
    let (Some(url), Some(round)) = (std::env::var_os(URL), std::env::var_os("ROUND_OF_THE_TEST"))
    else {
        return;
    };
    let options = PostgresOptions::from_url(url.to_str().unwrap()).unwrap();
    let options = options.sealed_by(LedgerKey::new([7; 32]));
    let clock = Arc::new(SystemClock::default());
    let ledger = PostgresLedger::open(&options, clock).await.unwrap();
    let name = format!("killed-{}", round.to_string_lossy());
    // Far longer than the clock of the test goes.
    let lease = Duration::from_hours(24 * 365 * 20);
    let begun = ledger.begin(&order(&name), lease).await.unwrap();
    assert!(matches!(begun, Begun::Send(_)), "{begun:?}");
    writeln!(std::io::stdout(), "{SAYS}{name}").unwrap();
    tokio::time::sleep(Duration::from_mins(1)).await;
}
