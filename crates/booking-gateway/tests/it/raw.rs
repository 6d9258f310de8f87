//! T15: byte streams that are no requests, or two at once, or never end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::client::{Ask, Line};
use crate::house::{House, wide};

const HEAD: &str = "POST /v1/holds HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n";

/// What is sent at once, after which nothing more comes.
fn streams(key: &str) -> Vec<Vec<u8>> {
    let key = format!("Authorization: Bearer {key}\r\n");
    let order = crate::orders::order("smuggled").to_string();
    let length = order.len();
    let inner = format!("{HEAD}{key}Content-Length: {length}\r\n\r\n{order}");
    let mut all: Vec<Vec<u8>> = Vec::new();
    let mut add = |text: String| all.push(text.into_bytes());
    // Two lengths: nobody may read the inner order as a request.
    for lengths in [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
        "Content-Length: 4\r\nContent-Length: 5\r\n",
        "Content-Length: 4, 5\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: xchunked\r\n",
        "Content-Length: 4\r\nTransfer-Encoding : chunked\r\n",
        "Content-Length: 4\r\nTransfer-Encoding:\tchunked\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked, identity\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: identity\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: Chunked\r\n",
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Content-Length: 4\r\n Transfer-Encoding: chunked\r\n",
        "Content-Length: 4\r\nX: y\nTransfer-Encoding: chunked\r\n",
        "Content-Length: +4\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: 0x4\r\n",
        "Content-Length: 4 4\r\n",
        "Content-Length:\r\n",
        "Content-Length: 18446744073709551616\r\n",
        "Content-Length: 99999999999999999999999\r\n",
        "Content-Length : 4\r\n",
        "Content_Length: 4\r\n",
        "Content-Length: \u{b}4\r\n",
        "Content-Length: 4\0\r\n",
    ] {
        for keyed in ["", &*key] {
            // The inner order without a key: it must not profit from the outer one's.
            add(format!(
                "{HEAD}{keyed}{lengths}\r\n0\r\n\r\n{HEAD}Content-Length: {length}\r\n\r\n{order}"
            ));
        }
    }
    for chunks in [
        "zz\r\nab\r\n0\r\n\r\n",
        "-1\r\n\r\n",
        "ffffffffffffffff\r\n",
        "fffffffffffffffff\r\n",
        "10000000\r\nab",
        "1;a=b\r\n{\r\n0\r\n\r\n",
        "1;\r\n{\r\n0\r\n\r\n",
        "1\n{\n0\n\n",
        "1\r\n{}\r\n0\r\n\r\n",
        "0x1\r\n{\r\n0\r\n\r\n",
        " 1\r\n{\r\n0\r\n\r\n",
        "1 \r\n{\r\n0\r\n\r\n",
        "\r\n",
        "0\r\nX: y\r\n\r\n",
        "0\r\nContent-Length: 5\r\n\r\n",
        "00000000000000000000001\r\n{\r\n0\r\n\r\n",
    ] {
        add(format!(
            "{HEAD}{key}Transfer-Encoding: chunked\r\n\r\n{chunks}"
        ));
    }
    add(format!(
        "{HEAD}{key}Transfer-Encoding: chunked\r\n\r\n{}",
        "1;".to_owned() + &"x".repeat(40_000)
    ));
    add(format!(
        "{HEAD}{key}Transfer-Encoding: chunked\r\n\r\n{}",
        "1\r\n \r\n".repeat(20_000)
    ));
    add(format!(
        "{HEAD}{key}Transfer-Encoding: chunked\r\n\r\n0\r\n{}",
        "X: y\r\n".repeat(5_000)
    ));
    // Request lines.
    for line in [
        "GET",
        "GET ",
        "GET /",
        "GET / ",
        "GET / HTTP",
        "GET / HTTP/",
        "GET / HTTP/1",
        "GET / HTTP/0.9",
        "GET / HTTP/1.2",
        "GET / HTTP/2.0",
        "GET / HTTP/3",
        "get /v1/holds HTTP/1.1",
        "G\0T / HTTP/1.1",
        "\u{1}\u{2} / HTTP/1.1",
        " GET / HTTP/1.1",
        "GET  /v1/holds  HTTP/1.1",
        "GET\t/v1/holds\tHTTP/1.1",
        "GET v1/holds HTTP/1.1",
        "GET http://gateway/v1/holds HTTP/1.1",
        "GET http://elsewhere/v1/holds HTTP/1.1",
        "GET https://[::1]:1/ HTTP/1.1",
        "GET //v1/holds HTTP/1.1",
        "GET * HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "CONNECT elsewhere:443 HTTP/1.1",
        "CONNECT / HTTP/1.1",
        "TRACE /v1/holds HTTP/1.1",
        "PRI * HTTP/2.0",
        "PROPFIND /v1/holds HTTP/1.1",
        "FOO /v1/holds HTTP/1.1",
        "GET /v1/ho\0lds HTTP/1.1",
        "GET /v1/holds\u{7f} HTTP/1.1",
        "GET /v1/holdé HTTP/1.1",
        "GET /%ff HTTP/1.1",
        "GET /%zz HTTP/1.1",
        "GET /% HTTP/1.1",
        "GET /v1/holds/%ff HTTP/1.1",
        "GET /v1/holds/%00 HTTP/1.1",
        "GET /v1/holds?%ff=1 HTTP/1.1",
        "GET /v1/holds?state=%ff HTTP/1.1",
        "GET /v1/holds#held HTTP/1.1",
        "GET /console/%2e%2e/Cargo.toml HTTP/1.1",
        "GET /console/../Cargo.toml HTTP/1.1",
        "GET /v1/trips/%ff/seats HTTP/1.1",
        "GET /console/%ff HTTP/1.1",
        "\u{feff}GET / HTTP/1.1",
    ] {
        add(format!("{line}\r\nHost: gateway\r\n{key}\r\n"));
    }
    add(format!("{} /v1/holds HTTP/1.1\r\n\r\n", "M".repeat(20_000)));
    add(format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(20_000)));
    add(format!(
        "GET /v1/holds?{} HTTP/1.1\r\n{key}\r\n",
        "a=1&".repeat(3_000)
    ));
    // Headers.
    for header in [
        "Host: a\r\nHost: b",
        "X",
        ": x",
        "X y: z",
        "X\0: y",
        "X: \0",
        "X: a\rb",
        "X: a\nb",
        "\u{e9}: x",
        " X: y",
        "X:\r\n y",
        "Expect: 100-continue",
        "Expect: 200-ok",
        "Upgrade: h2c\r\nConnection: Upgrade",
        "Upgrade: websocket\r\nConnection: Upgrade",
        "Connection: close, keep-alive",
        "Connection: \u{1}",
        "TE: trailers",
        "Range: bytes=0-0",
        "Content-Encoding: gzip",
        "X-HTTP-Method-Override: DELETE",
        "Host:",
        "Forwarded: for=1;host=x",
        "Trailer: Authorization",
    ] {
        add(format!("GET /v1/holds HTTP/1.1\r\n{key}{header}\r\n\r\n"));
    }
    add(format!(
        "GET / HTTP/1.1\r\nX: {}\r\n\r\n",
        "x".repeat(30_000)
    ));
    add(format!(
        "GET / HTTP/1.1\r\n{}\r\n",
        "X: y\r\n".repeat(3_000)
    ));
    add(format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(101)));
    // Several at once, and what is not HTTP at all.
    add(format!(
        "GET /healthz HTTP/1.1\r\n\r\n{}",
        "GET /healthz HTTP/1.1\r\n\r\n".repeat(50)
    ));
    add(format!(
        "GET /nothing HTTP/1.1\r\nContent-Length: {}\r\n\r\n{inner}",
        inner.len()
    ));
    add("\r\n".repeat(9_000));
    add("\n".repeat(100));
    add("SSH-2.0-x\r\n".to_owned());
    add("\u{16}\u{3}\u{1}\0".to_owned() + &"x".repeat(300));
    all.push(vec![0; 40_000]);
    all.push(vec![0xff; 40_000]);
    all.push((0..=255).cycle().take(5_000).collect());
    all
}

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
    let streams = streams(&key);
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
