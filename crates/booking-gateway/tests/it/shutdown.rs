//! The end: nothing more is taken, and what is under way is answered.

use std::sync::Arc;
use std::time::Duration;

use crate::client::{Ask, Line};
use crate::house::House;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_under_way_is_answered_and_nothing_more_is_taken() {
    let mut house = House::open().await;
    let key = house.master_key();
    let mut waiting = Vec::new();
    for number in 0..20 {
        let mut line = Line::open(house.at).await;
        let order = crate::orders::order(&format!("wait-{number}"));
        line.write(&Ask::post("/v1/holds").key(&key).json(&order).bytes())
            .await
            .unwrap();
        waiting.push(line);
    }
    while house.provider.waiting() < 20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let mut idle = Line::open(house.at).await;
    assert_eq!(idle.send(&Ask::get("/readyz")).await.status, 200);
    let mut events = Line::open(house.at).await;
    events
        .write(&Ask::get("/v1/events").key(&key).bytes())
        .await
        .unwrap();
    assert_eq!(events.head().await.unwrap().0, 200);

    house.interrupt();
    // The idle one and the stream end at once, while blocks are still under way.
    let ended = tokio::time::timeout(Duration::from_secs(3), async {
        assert!(idle.read(false).await.is_none());
        while events.chunk().await.is_some() {}
    });
    ended.await.expect("a connection outlives the end");
    let refused = tokio::net::TcpStream::connect(house.at).await;
    assert!(refused.is_err(), "a connection is still taken");
    assert_eq!(house.provider.waiting(), 20);

    house.provider.open_gate();
    for mut line in waiting {
        let reply = line
            .read(false)
            .await
            .expect("no answer to what was under way");
        assert_eq!(reply.status, 201, "{}", reply.text());
        assert!(
            line.read(false).await.is_none(),
            "the connection stays open"
        );
    }
    assert!(house.ended().await, "it did not end within its grace");
    assert_eq!(house.drain().await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_end_within_the_grace_is_told() {
    let mut house = House::open().await;
    let key = house.master_key();
    let mut line = Line::open(house.at).await;
    let order = crate::orders::order("wait-1");
    line.write(&Ask::post("/v1/holds").key(&key).json(&order).bytes())
        .await
        .unwrap();
    while house.provider.waiting() < 1 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // The grace of the house is five seconds.
    assert!(!house.ended().await);
    let house = Arc::new(house);
    let drained = tokio::spawn({
        let house = Arc::clone(&house);
        async move { house.drain().await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    house.provider.open_gate();
    assert_eq!(
        drained.await.unwrap(),
        0,
        "the attempt is finished behind the closed door"
    );
}
