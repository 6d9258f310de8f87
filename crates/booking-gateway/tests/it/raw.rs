//! T15: byte streams that are no requests, or two at once, or never end.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::client::{Ask, Line};
use crate::house::{House, wide};
use crate::streams::{self, HEAD};

/// Whatever is answered until the connection is closed.
async fn until_closed(mut stream: TcpStream, within: Duration) -> Option<Vec<u8>> {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(within, stream.read_to_end(&mut answer)).await;
    // A reset is an end too.
    read.is_ok().then_some(answer)
}

fn statuses(answer: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(answer);
    let mut found = Vec::new();
    for part in text.split("HTTP/1.").skip(1) {
        let status: Option<u16> = part.get(2..5).and_then(|it| it.parse().ok());
        found.extend(status.filter(|it| *it != 100));
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_byte_stream_is_answered_or_closed_and_none_smuggles() {
    let mut limits = wide();
    limits.head_timeout = Duration::from_secs(2);
    limits.body_timeout = Duration::from_secs(2);
    let house = House::limited(limits).await;
    let key = house.master_key();
    let streams = streams::all(&key);
    assert!(streams.len() >= 120, "{}", streams.len());
    let mut all = JoinSet::new();
    for (index, bytes) in streams.iter().cloned().enumerate() {
        let at = house.at;
        all.spawn(async move {
            let mut stream = TcpStream::connect(at).await.unwrap();
            // It may be closed before all is written.
            let _ = stream.write_all(&bytes).await;
            (index, until_closed(stream, Duration::from_secs(10)).await)
        });
    }
    let mut counts = BTreeMap::new();
    while let Some(done) = all.join_next().await {
        let (index, answer) = done.unwrap();
        let shown = String::from_utf8_lossy(&streams[index])
            .chars()
            .take(200)
            .collect::<String>();
        let answer = answer.unwrap_or_else(|| panic!("neither answered nor closed: {shown:?}"));
        let statuses = statuses(&answer);
        if statuses.is_empty() {
            *counts.entry(0).or_insert(0) += 1;
        }
        for status in statuses {
            *counts.entry(status).or_insert(0) += 1;
            assert!(
                status < 500,
                "{shown:?} -> {}",
                String::from_utf8_lossy(&answer)
            );
        }
        let text = String::from_utf8_lossy(&answer);
        // What has a body of the gateway's own is a problem; hyper's own refusals have none.
        for error in text.split("HTTP/1.").filter(|it| it.get(2..3) == Some("4")) {
            let body = error.split_once("\r\n\r\n").map_or("", |(_, body)| body);
            assert!(
                body.is_empty() || error.contains("application/problem+json"),
                "{shown:?} -> {error}"
            );
        }
        assert!(
            !text.contains(crate::orders::PERSONAL[3]),
            "{shown:?} -> {text}"
        );
    }
    println!(
        "T15: {} byte streams: {counts:?} (0: closed without an answer)",
        streams.len()
    );
    assert_eq!(
        house.provider.sendings("smuggled"),
        0,
        "an order was smuggled in"
    );
    assert_eq!(house.send(&Ask::get("/healthz")).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_slow_is_cut_off_in_time() {
    let mut limits = wide();
    limits.head_timeout = Duration::from_millis(500);
    limits.body_timeout = Duration::from_millis(500);
    let house = House::limited(limits).await;
    let key = house.master_key();
    let slow_head = "GET /healthz HTTP/1.1\r\nX: ".to_owned() + &"x".repeat(1_000);
    let slow_body = format!(
        "{HEAD}Authorization: Bearer {key}\r\nContent-Length: 1000\r\n\r\n{}",
        " ".repeat(900)
    );
    let chunks = "1\r\n \r\n".repeat(500);
    let slow_chunks =
        format!("{HEAD}Authorization: Bearer {key}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");
    let callback = "POST /callbacks/klikoo HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n"
        .to_owned()
        + &" ".repeat(800);
    let sign_in = "POST /console/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n".to_owned()
        + &" ".repeat(800);
    for (what, text, status) in [
        ("nothing", String::new(), None),
        ("head", slow_head, None),
        ("body", slow_body, Some(400)),
        ("chunks", slow_chunks, Some(400)),
        ("callback", callback, Some(400)),
        ("sign-in", sign_in, Some(400)),
    ] {
        let begun = Instant::now();
        let (mut reader, mut writer) = TcpStream::connect(house.at).await.unwrap().into_split();
        let writing = tokio::spawn(async move {
            // One byte now and then: each is a sign of life, and none is enough.
            for byte in text.into_bytes() {
                if writer.write_all(&[byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(3)).await;
            }
            tokio::time::sleep(Duration::from_mins(1)).await;
        });
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(10), reader.read_to_end(&mut answer));
        assert!(ended.await.is_ok(), "{what}: it stays open");
        writing.abort();
        assert!(
            begun.elapsed() < Duration::from_secs(8),
            "{what}: {:?}",
            begun.elapsed()
        );
        let found = statuses(&answer);
        assert!(
            found.is_empty() || found.first().copied() == status.or(Some(408)),
            "{what}: {found:?}"
        );
    }
    // Meanwhile and afterwards others are served.
    assert_eq!(house.send(&Ask::get("/healthz")).await.status, 200);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let mut limits = wide();
    limits.head_timeout = Duration::from_millis(300);
    let house = House::limited(limits).await;
    let mut line = Line::open(house.at).await;
    assert_eq!(line.send(&Ask::get("/healthz")).await.status, 200);
    let closed = tokio::time::timeout(Duration::from_secs(5), line.read(false)).await;
    assert!(
        closed
            .expect("it stays open")
            .is_none_or(|reply| reply.status == 408)
    );
}

#[tokio::test]
async fn the_same_order_after_a_sound_request_is_taken() {
    let house = House::open().await;
    let key = house.master_key();
    let order = crate::orders::order("sound");
    let mut bytes = Ask::get("/healthz").bytes();
    bytes.extend(Ask::post("/v1/holds").key(&key).json(&order).bytes());
    let chunked = format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    bytes.extend(chunked.into_bytes());
    let order = crate::orders::order("sound-2");
    bytes.extend(Ask::post("/v1/holds").key(&key).json(&order).bytes());
    let mut line = Line::open(house.at).await;
    line.write(&bytes).await.unwrap();
    let mut statuses = Vec::new();
    while statuses.len() < 4 {
        let Some(reply) = line.read(false).await else {
            break;
        };
        statuses.push(reply.status);
    }
    assert_eq!(statuses, [200, 201, 401, 201]);
}
