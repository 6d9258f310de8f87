//! Load over a longer time, while the provider fails now and then.

use std::time::{Duration, Instant};

use booking_domain::OrderDraft;
use klikoo_sandbox::{Hold, Sandbox};
use tokio::task::JoinSet;

use crate::gateway::{Gateway, Place};
use crate::load::{Client, percentile};
use crate::provider::{next_draft, sandbox_holding_for};
use crate::table::Row;

/// Orders in a second.
const RATE: u32 = 150;
const CLIENTS: u32 = 30;

/// How long lost answers may take to be found again, at the end.
const SETTLES_WITHIN: Duration = Duration::from_mins(1);

pub(crate) async fn rows() -> Vec<Row> {
    let seconds = std::env::var("SOAK_SECONDS").ok();
    let seconds: u32 = seconds.and_then(|text| text.parse().ok()).unwrap_or(60);
    // Of an hour's load half have ended before it does, and of a short one none.
    let sandbox = sandbox_holding_for(Duration::from_mins(30)).await;
    let place = Place::new(&sandbox, None);
    let gateway = place.start();
    let end = Instant::now() + Duration::from_secs(seconds.into());
    let mut running = JoinSet::new();
    for client in 0..CLIENTS {
        let (address, key) = (gateway.address, gateway.key.clone());
        running.spawn(async move { send(address, &key, client, end).await });
    }
    // After a sixth of the time, when all has been used that is used; and a sixth before its end.
    let sixth = Duration::from_secs(seconds.into()) / 6;
    tokio::time::sleep(sixth).await;
    let (early, early_files) = (gateway.mib("VmRSS:"), gateway.files());
    tokio::time::sleep(4 * sixth).await;
    let (late, files) = (gateway.mib("VmRSS:"), gateway.files());
    let (mut times, mut held, mut unknown) = (Vec::new(), 0, 0);
    for (took, status) in running.join_all().await.concat() {
        times.push(took);
        match status {
            201 => held += 1,
            202 => unknown += 1,
            status => unreachable!("{status}"),
        }
    }
    let minutes = f64::from(seconds) * 4.0 / 6.0 / 60.0;
    let slope = (late - early) / minutes * 10.0;
    let tail = percentile(&mut times, 99);
    let peak = gateway.mib("VmHWM:");
    let log = place.size("ledger.db-wal") / 1024 / 1024;
    let lost = lost(&sandbox, &gateway).await;
    assert_eq!(
        lost, 0,
        "holds of the provider that the ledger does not have"
    );
    vec![
        Row {
            what: "soak, 150 blocks a second, 2 % of them failing at the provider",
            target: "p99 ≤ 50 ms, ≤ 1 MiB in 10 min, ≤ 256 MiB, files ± 8, log ≤ 64 MiB",
            measured: format!(
                "p99 {tail:.1} ms, {slope:.1} MiB in 10 min, {peak:.0} MiB, files {early_files} then {files}, log {log} MiB"
            ),
            detail: format!("{seconds} s: {held} held, {unknown} unknown at first"),
        },
        Row {
            what: "the same: holds of the provider that the ledger does not have, after a minute",
            target: "0",
            measured: lost.to_string(),
            detail: format!("of {}", sandbox.holds().len()),
        },
    ]
}

/// How many holds of the provider neither are nor were held for the ledger.
async fn lost(sandbox: &Sandbox, gateway: &Gateway) -> usize {
    let mut client = Client::connect(gateway.address, &gateway.key).await;
    let begin = Instant::now();
    loop {
        let known = client.transactions().await;
        let holds = sandbox.holds();
        let is_lost = |hold: &&Hold| !known.contains(&hold.transaction_id);
        let lost = holds.iter().filter(is_lost).count();
        if lost == 0 || begin.elapsed() > SETTLES_WITHIN {
            return lost;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        client = Client::connect(gateway.address, &gateway.key).await;
    }
}

async fn send(
    address: std::net::SocketAddr,
    key: &str,
    client: u32,
    end: Instant,
) -> Vec<(f64, u16)> {
    let pause = Duration::from_secs(1) * CLIENTS / RATE;
    let mut connection = Client::connect(address, key).await;
    let mut next = tokio::time::Instant::now() + pause * client / CLIENTS;
    let mut told = Vec::new();
    let mut number = client;
    while Instant::now() < end {
        tokio::time::sleep_until(next).await;
        next += pause;
        number += 37;
        let draft = sometimes_failing(number);
        let begin = Instant::now();
        let status = connection.block_this(&draft).await;
        told.push((begin.elapsed().as_secs_f64() * 1e3, status));
    }
    told
}

/// Of a hundred one is executed and its answer lost, and one fails at the provider.
fn sometimes_failing(number: u32) -> OrderDraft {
    let mut draft = next_draft();
    let seat = &mut draft.departure.passengers[0].seat_name;
    match number % 100 {
        0 => *seat = format!("CUT{seat}"),
        50 => *seat = format!("E503{seat}"),
        _ => {}
    }
    draft
}
