//! Byte streams that are no requests, or two at once.

/// How each begins that is an order.
pub(crate) const HEAD: &str =
    "POST /v1/holds HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n";

type Streams = Vec<Vec<u8>>;

/// Every stream: what is sent at once, after which nothing more comes.
pub(crate) fn all(key: &str) -> Streams {
    let key = format!("Authorization: Bearer {key}\r\n");
    let order = crate::orders::order("smuggled").to_string();
    let length = order.len();
    let inner = format!("{HEAD}{key}Content-Length: {length}\r\n\r\n{order}");
    let mut all = Streams::new();
    two_lengths(&mut all, &key, &inner);
    odd_chunks(&mut all, &key);
    request_lines(&mut all, &key);
    odd_headers(&mut all, &key);
    odd_others(&mut all);
    all
}

/// Two readers could differ in where these end. What follows is a sound order with its key, which
/// must not be taken: it may be a part of somebody else's body.
fn two_lengths(all: &mut Streams, key: &str, inner: &str) {
    let mut add = |text: String| all.push(text.into_bytes());
    let whole = inner.len();
    add(format!(
        "GET /nothing HTTP/1.1\r\nContent-Length: {whole}\r\n\r\n{inner}"
    ));
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
        for keyed in ["", key] {
            add(format!("{HEAD}{keyed}{lengths}\r\n0\r\n\r\n{inner}"));
        }
    }
}

fn odd_chunks(all: &mut Streams, key: &str) {
    let mut add = |text: String| all.push(text.into_bytes());
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
}

fn request_lines(all: &mut Streams, key: &str) {
    let mut add = |text: String| all.push(text.into_bytes());
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
}

fn odd_headers(all: &mut Streams, key: &str) {
    let mut add = |text: String| all.push(text.into_bytes());
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
}

/// Several at once, and what is not HTTP at all.
fn odd_others(all: &mut Streams) {
    let mut add = |text: String| all.push(text.into_bytes());
    add(format!(
        "GET /healthz HTTP/1.1\r\n\r\n{}",
        "GET /healthz HTTP/1.1\r\n\r\n".repeat(50)
    ));
    add("\r\n".repeat(9_000));
    add("\n".repeat(100));
    add("SSH-2.0-x\r\n".to_owned());
    add("\u{16}\u{3}\u{1}\0".to_owned() + &"x".repeat(300));
    all.push(vec![0; 40_000]);
    all.push(vec![0xff; 40_000]);
    all.push((0..=255).cycle().take(5_000).collect());
}
