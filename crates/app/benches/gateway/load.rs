//! Clients that block over connections that stay open.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use booking_domain::OrderDraft;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::provider::next_draft;

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
    key: String,
}

impl Client {
    pub(crate) async fn connect(address: SocketAddr, key: &str) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self {
            stream,
            buffer: Vec::with_capacity(4096),
            key: key.to_owned(),
        }
    }

    /// Blocks an order that nobody has sent yet; the status.
    pub(crate) async fn block(&mut self) -> u16 {
        self.block_this(&next_draft()).await
    }

    pub(crate) async fn block_this(&mut self, draft: &OrderDraft) -> u16 {
        let body = serde_json::to_string(draft).unwrap();
        let head = format!(
            "POST /v1/holds HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n",
            self.key,
            body.len()
        );
        self.stream
            .write_all(format!("{head}{body}").as_bytes())
            .await
            .unwrap();
        self.answer().await.0
    }

    /// Asks for `path`; the status and the body.
    pub(crate) async fn get(&mut self, path: &str) -> (u16, serde_json::Value) {
        let head = format!(
            "GET {path} HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer {}\r\n\r\n",
            self.key
        );
        self.stream.write_all(head.as_bytes()).await.unwrap();
        self.answer().await
    }

    /// The transactions of all that are held, or were.
    pub(crate) async fn transactions(&mut self) -> HashSet<String> {
        let mut known = HashSet::new();
        // In this order: what ends meanwhile is in both lists.
        for state in ["held", "expired"] {
            let mut cursor = String::new();
            loop {
                let path = format!("/v1/holds?state={state}&limit=500&order=oldest{cursor}");
                let (status, page) = self.get(&path).await;
                assert_eq!(status, 200);
                let holds = page["holds"].as_array().unwrap().iter();
                known.extend(
                    holds.filter_map(|hold| hold["transaction_id"].as_str().map(str::to_owned)),
                );
                match page["next"].as_str() {
                    Some(next) => cursor = format!("&cursor={next}"),
                    None => break,
                }
            }
        }
        known
    }

    async fn answer(&mut self) -> (u16, serde_json::Value) {
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.unwrap();
            assert!(
                read > 0,
                "the gateway closed a connection before its answer"
            );
            let Some(head) = find(&self.buffer, b"\r\n\r\n") else {
                continue;
            };
            let text = std::str::from_utf8(&self.buffer[..head]).unwrap();
            let length = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse::<usize>().unwrap());
            if self.buffer.len() >= head + 4 + length {
                let status = text.get(9..12).unwrap().parse().unwrap();
                let body = &self.buffer[head + 4..];
                return (status, serde_json::from_slice(body).unwrap_or_default());
            }
        }
    }
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|part| part == what)
}

/// So many blocks by so many clients; how long each took, in milliseconds.
pub(crate) async fn times(address: SocketAddr, key: &str, clients: usize, blocks: u32) -> Vec<f64> {
    let left = Arc::new(AtomicU32::new(blocks));
    let mut running = JoinSet::new();
    for _ in 0..clients {
        let (left, key) = (Arc::clone(&left), key.to_owned());
        running.spawn(async move {
            let mut client = Client::connect(address, &key).await;
            let mut times = Vec::new();
            while take(&left) {
                let begin = Instant::now();
                assert_eq!(client.block().await, 201);
                times.push(begin.elapsed().as_secs_f64() * 1e3);
            }
            times
        });
    }
    running.join_all().await.concat()
}

/// Takes one of what is left.
pub(crate) fn take(left: &AtomicU32) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
        left.checked_sub(1)
    })
    .is_ok()
}

/// Blocks in a second by so many clients at each address, over about `time`.
pub(crate) async fn rate(
    addresses: &[SocketAddr],
    key: &str,
    clients: usize,
    time: Duration,
) -> f64 {
    let begin = Instant::now();
    let mut running = JoinSet::new();
    for client in 0..clients {
        let (address, key) = (addresses[client % addresses.len()], key.to_owned());
        running.spawn(async move {
            let mut client = Client::connect(address, &key).await;
            let mut blocks = 0_u32;
            while begin.elapsed() < time {
                assert_eq!(client.block().await, 201);
                blocks += 1;
            }
            blocks
        });
    }
    let blocks: u32 = running.join_all().await.iter().sum();
    f64::from(blocks) / begin.elapsed().as_secs_f64()
}

/// Half, or 99 of 100, took no longer.
pub(crate) fn percentile(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() * percent / 100).min(times.len() - 1)]
}
