//! Memory, and the time until the first answer.

use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::gateway::Place;
use crate::load::Client;
use crate::provider::sandbox;
use crate::table::{Row, median, micros};

const IN_FLIGHT: usize = 5_000;

pub(crate) async fn rows() -> Vec<Row> {
    let sandbox = sandbox(1_000).await;
    let place = Place::new(&sandbox, None);
    let gateway = place.start();
    // One, so that all has been used that is used at first.
    let mut first = Client::connect(gateway.address, &gateway.key).await;
    assert_eq!(first.block().await, 201);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = gateway.mib("VmRSS:");
    let mut running = JoinSet::new();
    let begin = Instant::now();
    for client in 0..IN_FLIGHT {
        let (address, key) = (gateway.address, gateway.key.clone());
        running.spawn(async move {
            // They do not all knock in the same instant: a listener's queue is shorter than that.
            tokio::time::sleep(Duration::from_micros(100 * client as u64)).await;
            Client::connect(address, &key).await.block().await
        });
    }
    let statuses = running.join_all().await;
    let took = begin.elapsed().as_secs_f64();
    let held = statuses.iter().filter(|status| **status == 201).count();
    let peak = gateway.mib("VmHWM:");
    vec![
        Row {
            what: "memory of an idle gateway",
            target: "≤ 30 MiB",
            measured: format!("{idle:.1} MiB"),
            detail: "resident, after one block".to_owned(),
        },
        Row {
            what: "memory with 5 000 blocks in flight, provider at 1 s",
            target: "≤ 200 MiB",
            measured: format!("{peak:.0} MiB"),
            detail: format!("the highest; {held} of {IN_FLIGHT} held within {took:.1} s"),
        },
    ]
}

/// From the start of the process to its first answer.
pub(crate) async fn start() -> Row {
    const TURNS: usize = 9;
    let sandbox = sandbox(0).await;
    let place = Place::new(&sandbox, None);
    let mut times = Vec::new();
    for _ in 0..TURNS {
        let begin = Instant::now();
        let gateway = place.start();
        let mut client = Client::connect(gateway.address, &gateway.key).await;
        assert_eq!(client.get("/v1/holds").await.0, 200);
        times.push(micros(begin.elapsed()) / 1e3);
    }
    Row {
        what: "start to first answer",
        target: "≤ 100 ms",
        measured: format!("{:.0} ms", median(times)),
        detail: "a list of holds, with a key, from a ledger that is there".to_owned(),
    }
}
