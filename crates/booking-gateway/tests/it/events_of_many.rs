//! Many streams, of which one reader in the process reads the ledger.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use booking_gateway::GatewayLimits;
use booking_ports::{Begun, FeedPosition, HoldFeed as _, HoldLedger as _, NotSent, NotSentKind};
use tokio::task::JoinSet;

use crate::client::Line;
use crate::events::Reader;
use crate::house::{House, wide};

const STREAMS: usize = 100;

async fn house() -> (Arc<House>, String) {
    let limits = GatewayLimits {
        streams_per_key: 2 * STREAMS,
        ..wide()
    };
    let house = Arc::new(House::limited(limits).await);
    let key = house.master_key();
    (house, key)
}

/// Two changes, without a request.
async fn change(house: &House, reference: &str) {
    let draft: booking_domain::OrderDraft =
        serde_json::from_value(crate::orders::order(reference)).unwrap();
    let order = draft.check(time::macros::date!(2026 - 11 - 24)).unwrap();
    let lease = Duration::from_mins(1);
    let Ok(Begun::Send(permit)) = house.ledger.begin(&order, lease).await else {
        panic!("{reference} is fresh")
    };
    let kind = NotSentKind::Unreachable;
    let not_sent = NotSent::new(order.reference().clone(), kind, "no way");
    house
        .ledger
        .end(&permit, &Err(not_sent.into()))
        .await
        .unwrap();
}

/// Where each reference was changed last.
async fn last_changes(house: &House) -> BTreeMap<String, u64> {
    let all = house.ledger.after(FeedPosition::START, u32::MAX).await;
    let change = |change: &booking_ports::Change| {
        let reference = change.record.reference.to_string();
        (reference, change.position.get())
    };
    all.unwrap().iter().map(change).collect()
}

/// Reads until the last change of all, and looks whether every reference's last one was told, once and
/// in order.
async fn sees_all(mut reader: Reader, last: &BTreeMap<String, u64>) {
    let (from, end) = (reader.from, *last.values().max().unwrap());
    let (mut at, mut told) = (from, BTreeMap::new());
    while at < end {
        let event = reader.next().await.unwrap();
        let id = event.id.unwrap();
        assert!(id > at, "{id} after {at}");
        at = id;
        told.insert(event.reference().to_owned(), id);
    }
    let due: BTreeMap<_, _> = last
        .clone()
        .into_iter()
        .filter(|(_, id)| *id > from)
        .collect();
    assert_eq!(told, due, "from {from}");
}

#[tokio::test]
async fn a_hundred_streams_cost_the_ledger_as_much_as_one() {
    let (house, key) = house().await;
    let mut readers = Vec::new();
    for _ in 0..STREAMS {
        readers.push(Reader::open(&house, &key, None).await);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let to_join = house.feed.asked();
    tokio::time::sleep(Duration::from_secs(6)).await;
    let idle = house.feed.asked();
    change(&house, "one").await;
    let last = last_changes(&house).await;
    for reader in readers {
        sees_all(reader, &last).await;
    }
    let changed = house.feed.asked();
    println!(
        "{STREAMS} streams: {to_join} questions to join, {idle} in 6 idle seconds, {changed} for two changes"
    );
    assert!(to_join <= 2 * STREAMS + 3, "{to_join}");
    assert!(idle <= 3, "{idle}");
    assert!(changed <= 6, "{changed}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_joins_while_changes_are_written_misses_none_and_hears_none_twice() {
    let (house, key) = house().await;
    let writers: JoinSet<()> = (0..4)
        .map(|writer| {
            let house = Arc::clone(&house);
            async move {
                for number in 0..300 {
                    change(&house, &format!("w{writer}-{number}")).await;
                    if number % 3 == 0 {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                }
            }
        })
        .collect();
    let mut readers = Vec::new();
    let mut chance = fastrand::Rng::with_seed(7);
    for _ in 0..40 {
        // From now on, or from somewhere before.
        let after = chance.bool().then(|| chance.u64(0..200));
        readers.push(Reader::open(&house, &key, after).await);
    }
    writers.join_all().await;
    change(&house, "end").await;
    let last = last_changes(&house).await;
    assert!(readers.iter().filter(|reader| reader.from > 200).count() > 5);
    for reader in readers {
        sees_all(reader, &last).await;
    }
}

/// The process's reader begins with the first stream, and later than that has read what is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_stream_misses_nothing_of_what_is_written_before_anybody_follows() {
    let (house, key) = house().await;
    house.feed.is_slow.store(true, Ordering::SeqCst);
    let writer = tokio::spawn({
        let house = Arc::clone(&house);
        async move {
            for number in 0.. {
                change(&house, &format!("first-{number}")).await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    });
    let mut heard = Vec::new();
    for _ in 0..20 {
        let mut reader = Reader::open(&house, &key, None).await;
        let mut told = BTreeMap::new();
        let mut at = reader.from;
        while at < reader.from + 60 {
            let event = reader.next().await.unwrap();
            at = event.id.unwrap();
            told.insert(event.reference().to_owned(), at);
        }
        heard.push((reader.from, at, told));
    }
    writer.abort();
    let last = last_changes(&house).await;
    for (from, at, told) in heard {
        let due = last.iter().filter(|(_, id)| (from + 1..=at).contains(*id));
        for (reference, id) in due {
            assert_eq!(told.get(reference), Some(id), "{reference}, {from} to {at}");
        }
    }
}

#[tokio::test]
async fn who_reads_too_slowly_misses_none_and_hears_none_twice() {
    let house = House::narrow(wide());
    let key = house.master_key();
    let slow = Reader::on(Line::narrow(house.at).await, &key, None).await;
    let quick = Reader::open(&house, &key, None).await;
    house.feed.asked();
    for number in 0..3_000 {
        change(&house, &format!("slow-{number}")).await;
        // So that what is told are many batches, of few changes each.
        tokio::task::yield_now().await;
        if number % 20 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    let last = last_changes(&house).await;
    sees_all(slow, &last).await;
    sees_all(quick, &last).await;
}
