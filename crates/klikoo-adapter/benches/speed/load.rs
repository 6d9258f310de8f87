//! The adapter's block over loopback, against a bare POST of the same bytes to the same server.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use booking_domain::{BlockOrder, OrderDraft};
use booking_ports::SeatBlocker;
use klikoo_adapter::{AuthSigner, KlikooSeatBlocker, RequestSigner, SignedBlockSeat, Timestamp};
use klikoo_sandbox::Sandbox;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use time::OffsetDateTime;
use time::macros::date;
use tokio::task::JoinSet;

use crate::server::{Address, Server, TRIP};
use crate::table::{Row, median, micros};

static NEXT_SEAT: AtomicU32 = AtomicU32::new(1);

/// An order of one seat that nobody has asked for yet.
pub(crate) fn next_order() -> BlockOrder {
    let seat = NEXT_SEAT.fetch_add(1, Ordering::Relaxed);
    let mut draft = OrderDraft::sample();
    draft.partner_reference_no = Some(format!("load-{seat:08}"));
    draft.departure.trip_id = i64::try_from(TRIP).unwrap();
    draft.departure.passengers[0].seat_name = seat.to_string();
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

/// What anybody would write with reqwest: headers, body, status, bytes.
#[derive(Clone)]
struct Bare {
    client: reqwest::Client,
    url: String,
    token: String,
    signer: Arc<RequestSigner>,
}

impl Bare {
    async fn new(address: &Address) -> Self {
        let client = reqwest::Client::builder()
            .tls_certs_only([])
            .build()
            .unwrap();
        let timestamp = Timestamp::at(OffsetDateTime::now_utc());
        let signer = AuthSigner::new(address.client_id.clone(), address.key());
        let signature = signer.sign(timestamp.as_str()).unwrap();
        let body = serde_json::json!({
            "additional_info": {"client_id": address.client_id, "client_secret": address.client_secret},
            "grant_type": "client_credentials",
        });
        let reply = client
            .post(format!("{}/v1/open-api/access-token", address.base_url))
            .header(CONTENT_TYPE, "application/json")
            .header("Open-Api-Timestamp", timestamp.as_str())
            .header("Open-Api-Signature", signature.as_str())
            .body(body.to_string())
            .send()
            .await
            .unwrap();
        let reply: serde_json::Value =
            serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
        let token = reply["data"]["access_token"].as_str().unwrap().to_owned();
        let url = format!("{}/v1/open-api/transports/block-seat", address.base_url);
        Self {
            client,
            url,
            token,
            signer: Arc::new(address.signer()),
        }
    }

    /// The bytes that the adapter would send for `order`.
    fn sign(&self, order: &BlockOrder) -> SignedBlockSeat {
        let timestamp = Timestamp::at(OffsetDateTime::now_utc());
        SignedBlockSeat::new(order, &self.signer, Some(&self.token), timestamp)
    }

    async fn post(&self, request: SignedBlockSeat) {
        let reply = self
            .client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header("Open-Api-Timestamp", request.timestamp.as_str())
            .header("Open-Api-Signature", request.signature.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", self.token))
            .body(request.body)
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), 201);
        reply.bytes().await.unwrap();
    }
}

pub(crate) fn rows() -> Vec<Row> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut server = Server::start(Duration::ZERO);
    let (one, many) = runtime.block_on(async {
        let bare = Bare::new(&server.address).await;
        let ours = Arc::new(KlikooSeatBlocker::new(server.address.client()));
        (
            one_at_a_time(&bare, &ours).await,
            many_at_a_time(&bare, &ours).await,
        )
    });
    let asked = NEXT_SEAT.load(Ordering::Relaxed) - 1;
    assert_eq!(
        server.holds(),
        asked as usize,
        "every block was executed, once"
    );
    vec![one, many, in_flight(), runtime.block_on(tokens())]
}

/// Turn by turn, so that noise meets both alike.
async fn one_at_a_time(bare: &Bare, ours: &Arc<KlikooSeatBlocker>) -> Row {
    const TURNS: usize = 3_000;
    const WARM_UP: usize = 300;
    let (mut bare_times, mut our_times) = (Vec::new(), Vec::new());
    for turn in 0..TURNS + WARM_UP {
        let request = bare.sign(&next_order());
        let begin = Instant::now();
        bare.post(request).await;
        let bare_time = begin.elapsed();

        let order = next_order();
        let begin = Instant::now();
        ours.block(&order).await.unwrap();
        let our_time = begin.elapsed();
        if turn >= WARM_UP {
            bare_times.push(micros(bare_time));
            our_times.push(micros(our_time));
        }
    }
    let (bare, ours) = (median(bare_times), median(our_times));
    Row {
        what: "one block over loopback, one at a time, median",
        target: "≤ 1.10 × a bare POST",
        measured: format!("{:.3} ×", ours / bare),
        detail: format!("{ours:.0} µs against {bare:.0} µs"),
    }
}

async fn many_at_a_time(bare: &Bare, ours: &Arc<KlikooSeatBlocker>) -> Row {
    const CALLERS: u32 = 64;
    const EACH: u32 = 60;
    const ROUNDS: usize = 11;
    let per_second = |begin: Instant| f64::from(CALLERS * EACH) / begin.elapsed().as_secs_f64();
    let (mut bare_rates, mut our_rates, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let batches: Vec<Vec<_>> = (0..CALLERS)
            .map(|_| (0..EACH).map(|_| bare.sign(&next_order())).collect())
            .collect();
        let begin = Instant::now();
        let mut callers = JoinSet::new();
        for batch in batches {
            let bare = bare.clone();
            callers.spawn(async move {
                for request in batch {
                    bare.post(request).await;
                }
            });
        }
        callers.join_all().await;
        let bare_rate = per_second(begin);

        let batches: Vec<Vec<_>> = (0..CALLERS)
            .map(|_| (0..EACH).map(|_| next_order()).collect())
            .collect();
        let begin = Instant::now();
        let mut callers = JoinSet::new();
        for batch in batches {
            let ours = Arc::clone(ours);
            callers.spawn(async move {
                for order in batch {
                    ours.block(&order).await.unwrap();
                }
            });
        }
        callers.join_all().await;
        let our_rate = per_second(begin);
        // The first round opens the connections.
        if round > 0 {
            bare_rates.push(bare_rate);
            our_rates.push(our_rate);
            ratios.push(our_rate / bare_rate);
        }
    }
    Row {
        what: "64 at a time, blocks per second",
        target: "≥ 0.9 × the bare client",
        measured: format!("{:.2} ×", median(ratios)),
        detail: format!(
            "{:.0}/s against {:.0}/s",
            median(our_rates),
            median(bare_rates)
        ),
    }
}

const IN_FLIGHT: usize = 10_000;

/// Runs the client in a process of its own, whose peak memory is the figure.
fn in_flight() -> Row {
    let mut server = Server::start(Duration::from_secs(1));
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "in-flight",
            &serde_json::to_string(&server.address).unwrap(),
        ])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(
        output.status.success(),
        "{told} {}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(server.holds(), IN_FLIGHT);
    let mut words = told.split_whitespace();
    let (held, peak, took) = (
        words.next().unwrap(),
        words.next().unwrap(),
        words.next().unwrap(),
    );
    let peak: f64 = peak.parse().unwrap();
    Row {
        what: "10 000 blocks in flight, server takes 1 s: peak memory of the client process",
        target: "all held, ≤ 200 MiB",
        measured: format!("{:.0} MiB", peak / 1024.0),
        detail: format!("{held} held in {took} s"),
    }
}

/// The client's process: tells how many were held, its peak memory in KiB, and the seconds taken.
pub(crate) fn in_flight_client(address: &str) {
    let address: Address = serde_json::from_str(address).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let begin = Instant::now();
    let held = runtime.block_on(async {
        let blocker = Arc::new(KlikooSeatBlocker::new(address.client()));
        let mut callers = JoinSet::new();
        for _ in 0..IN_FLIGHT {
            let blocker = Arc::clone(&blocker);
            callers.spawn(async move { blocker.block(&next_order()).await });
        }
        let outcomes = callers.join_all().await;
        if let Some(error) = outcomes.iter().find_map(|outcome| outcome.as_ref().err()) {
            eprintln!("{error}");
        }
        outcomes.iter().filter(|outcome| outcome.is_ok()).count()
    });
    let took = begin.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    println!(
        "{held} {} {took:.1}",
        peak.split_whitespace().next().unwrap()
    );
}

/// One client alone, for a profiler: `speed serve 0` in one terminal,
/// `speed repeat (ours|bare) CALLERS EACH ADDRESS` under the profiler in another.
pub(crate) fn repeat(who: &str, callers: usize, each: usize, address: &str) {
    let address: Address = serde_json::from_str(address).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let is_ours = who == "ours";
    let first = if is_ours { 100_000 } else { 250_000 };
    NEXT_SEAT.store(first, Ordering::Relaxed);
    let begin = Instant::now();
    runtime.block_on(async {
        let bare = Bare::new(&address).await;
        let ours = Arc::new(KlikooSeatBlocker::new(address.client()));
        let mut running = JoinSet::new();
        for _ in 0..callers {
            let (bare, ours) = (bare.clone(), Arc::clone(&ours));
            running.spawn(async move {
                for _ in 0..each {
                    if is_ours {
                        ours.block(&next_order()).await.unwrap();
                    } else {
                        bare.post(bare.sign(&next_order())).await;
                    }
                }
            });
        }
        running.join_all().await;
    });
    println!("{:.2} s", begin.elapsed().as_secs_f64());
}

async fn tokens() -> Row {
    const CALLERS: usize = 1_000;
    let trip = klikoo_sandbox::TripSpec::new(TRIP, 400_000);
    let sandbox = Sandbox::builder().trip(trip).start().await.unwrap();
    let blocker = Arc::new(KlikooSeatBlocker::new(Address::of(&sandbox).client()));
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let blocker = Arc::clone(&blocker);
        callers.spawn(async move { blocker.block(&next_order()).await.unwrap() });
    }
    let held = callers.join_all().await.len();
    Row {
        what: "tokens fetched by 1 000 callers that start at once",
        target: "1",
        measured: sandbox.calls("access-token").to_string(),
        detail: format!("{held} held"),
    }
}
