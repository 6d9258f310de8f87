//! What the gateway adds to the provider's own time.

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Instant;

use booking_ports::SeatBlocker as _;
use klikoo_adapter::KlikooSeatBlocker;
use time::macros::date;
use tokio::task::JoinSet;

use crate::gateway::Place;
use crate::load::{percentile, take, times};
use crate::provider::{adapter, next_draft, sandbox};
use crate::table::{Row, median};

const PROVIDER_MS: u64 = 20;
const AT_A_TIME: usize = 32;
const BLOCKS: u32 = 3_000;
const TURNS: usize = 5;

pub(crate) async fn row() -> Row {
    let sandbox = sandbox(PROVIDER_MS).await;
    let place = Place::new(&sandbox, None);
    let gateway = place.start();
    let adapter = Arc::new(adapter(&sandbox));
    directly(&adapter, 200).await;
    times(gateway.address, &gateway.key, AT_A_TIME, 200).await;
    let (mut medians, mut tails, mut detail) = (Vec::new(), Vec::new(), String::new());
    for _ in 0..TURNS {
        let mut base = directly(&adapter, BLOCKS).await;
        let mut own = times(gateway.address, &gateway.key, AT_A_TIME, BLOCKS).await;
        let (base_half, base_tail) = (percentile(&mut base, 50), percentile(&mut base, 99));
        let (half, tail) = (percentile(&mut own, 50), percentile(&mut own, 99));
        detail =
            format!("{half:.2} against {base_half:.2} ms, {tail:.2} against {base_tail:.2} ms");
        eprintln!("gateway, provider at 20 ms: {detail}");
        medians.push((half / base_half - 1.0) * 100.0);
        tails.push((tail / base_tail - 1.0) * 100.0);
    }
    Row {
        what: "what the gateway with its SQLite ledger adds, provider at 20 ms, 32 at a time",
        target: "median ≤ 5 %, p99 ≤ 25 %",
        measured: format!("{:.1} %, {:.1} %", median(medians), median(tails)),
        detail: format!("the last turn: {detail}; against the adapter alone"),
    }
}

async fn directly(adapter: &Arc<KlikooSeatBlocker>, blocks: u32) -> Vec<f64> {
    let left = Arc::new(AtomicU32::new(blocks));
    let mut running = JoinSet::new();
    for _ in 0..AT_A_TIME {
        let (adapter, left) = (Arc::clone(adapter), Arc::clone(&left));
        running.spawn(async move {
            let mut times = Vec::new();
            while take(&left) {
                let order = next_draft().check(date!(2026 - 11 - 24)).unwrap();
                let begin = Instant::now();
                adapter.block(&order).await.unwrap();
                times.push(begin.elapsed().as_secs_f64() * 1e3);
            }
            times
        });
    }
    running.join_all().await.concat()
}
