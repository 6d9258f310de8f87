//! Ten times as much as is let in, beside thousands of connections that hardly speak.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::gateway::Place;
use crate::load::{Client, percentile, times};
use crate::provider::sandbox;
use crate::table::Row;

const LET_IN: usize = 64;
const TIMES: usize = 10;
const SLOW: usize = 5_000;
const LASTS: Duration = Duration::from_secs(20);

pub(crate) async fn row() -> Row {
    let sandbox = sandbox(20).await;
    let place = Place::new(&sandbox, None).with_in_flight(LET_IN);
    let gateway = place.start();
    times(gateway.address, &gateway.key, LET_IN / 2, 500).await;
    let mut usual = times(gateway.address, &gateway.key, LET_IN / 2, 3_000).await;
    let end = Instant::now() + LASTS;
    let mut slow = JoinSet::new();
    for connection in 0..SLOW {
        slow.spawn(speak_slowly(gateway.address, connection, end));
    }
    let mut running = JoinSet::new();
    for _ in 0..LET_IN * TIMES {
        running.spawn(knock(gateway.address, gateway.key.clone(), end));
    }
    let (mut held, mut refused, mut other) = (Vec::new(), Vec::new(), 0);
    for (took, status) in running.join_all().await.concat() {
        match status {
            201 => held.push(took),
            429 | 503 => refused.push(took),
            _ => other += 1,
        }
    }
    slow.join_all().await;
    let (usual, tail) = (percentile(&mut usual, 99), percentile(&mut held, 99));
    let no = percentile(&mut refused, 99);
    Row {
        what: "ten times the load that is let in, beside 5 000 slow connections",
        target: "refused within 50 ms, held p99 ≤ 2 ×, ≤ 512 MiB",
        measured: format!(
            "refused p99 {no:.1} ms, held p99 {:.2} ×, {:.0} MiB",
            tail / usual,
            gateway.mib("VmHWM:")
        ),
        detail: format!(
            "{} held, {} refused, {other} otherwise; p99 {tail:.1} against {usual:.1} ms with half of what is let in",
            held.len(),
            refused.len()
        ),
    }
}

/// Blocks again and again; who is refused waits a little, and less than it was told.
async fn knock(address: SocketAddr, key: String, end: Instant) -> Vec<(f64, u16)> {
    let mut client = Client::connect(address, &key).await;
    let mut told = Vec::new();
    while Instant::now() < end {
        let begin = Instant::now();
        let status = client.block().await;
        told.push((begin.elapsed().as_secs_f64() * 1e3, status));
        if status != 201 {
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
    }
    told
}

/// Sends a head, a byte in each second, and comes back when it is cut off.
async fn speak_slowly(address: SocketAddr, number: usize, end: Instant) {
    tokio::time::sleep(Duration::from_micros(200 * number as u64)).await;
    while Instant::now() < end {
        let Ok(mut stream) = TcpStream::connect(address).await else {
            return;
        };
        for byte in b"POST /v1/holds HTTP/1.1\r\nhost: gateway\r\n".chunks(1) {
            if Instant::now() >= end || stream.write_all(byte).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
}
