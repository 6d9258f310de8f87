//! HTTP/1.1 as it goes over the wire, so that a test can also send what no client would.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpSocket, TcpStream};

use crate::described;

/// No answer of a gateway in memory takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request.
#[derive(Clone)]
pub(crate) struct Ask {
    method: String,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
}

impl Ask {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self {
            method: method.to_owned(),
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("Authorization", format!("Bearer {key}"))
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<Vec<u8>>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn is_head(&self) -> bool {
        self.method == "HEAD"
    }

    /// To another target.
    pub(crate) fn to(mut self, target: &str) -> Self {
        target.clone_into(&mut self.target);
        self
    }

    /// By another method.
    pub(crate) fn by(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    pub(crate) fn without_body(mut self) -> Self {
        self.headers.retain(|(other, _)| other != "Content-Type");
        self.body.clear();
        self
    }

    /// With another value of a header that is there.
    pub(crate) fn replacing(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self.header(name, value)
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.raw_json(body.to_string())
    }

    pub(crate) fn raw_json(self, body: impl Into<Vec<u8>>) -> Self {
        let mut ask = self.header("Content-Type", "application/json");
        ask.body = body.into();
        ask
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!(
            "{} {} HTTP/1.1\r\nHost: gateway\r\n",
            self.method, self.target
        )
        .into_bytes();
        for (name, value) in &self.headers {
            bytes.extend_from_slice(name.as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value);
            bytes.extend_from_slice(b"\r\n");
        }
        if !self.body.is_empty() || self.method == "POST" {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n", self.body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(other, _)| other == name);
        found.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.text()))
    }

    pub(crate) fn retry_after(&self) -> u64 {
        let told = self.header("retry-after");
        told.unwrap_or_else(|| panic!("{} without Retry-After: {}", self.status, self.text()))
            .parse()
            .unwrap()
    }

    /// What holds of every answer that the gateway's own code gives.
    pub(crate) fn check(&self, method: &str, target: &str) {
        let shown = || format!("{method} {target} -> {} {}", self.status, self.text());
        for name in [
            "content-security-policy",
            "x-content-type-options",
            "x-frame-options",
            "cache-control",
        ] {
            assert!(self.header(name).is_some(), "{} lacks {name}", shown());
        }
        if self.status >= 400 && method != "HEAD" {
            let kind = self.header("content-type");
            assert_eq!(kind, Some("application/problem+json"), "{}", shown());
            let problem = self.json();
            assert_eq!(problem["status"], self.status, "{}", shown());
            for member in ["type", "title", "detail"] {
                assert!(problem[member].is_string(), "{}", shown());
            }
        }
        described::check(method, target, self.status);
    }
}

/// A connection that is used again and again.
pub(crate) struct Line(BufReader<TcpStream>);

impl Line {
    pub(crate) async fn open(at: SocketAddr) -> Self {
        Self(BufReader::new(TcpStream::connect(at).await.unwrap()))
    }

    /// Of a client that takes no more than it reads.
    pub(crate) async fn narrow(at: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4_096).unwrap();
        Self(BufReader::new(socket.connect(at).await.unwrap()))
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.0.get_mut().write_all(bytes).await
    }

    /// Sends and waits for the answer, which has to be as every answer is.
    pub(crate) async fn send(&mut self, ask: &Ask) -> Reply {
        self.write(&ask.bytes()).await.unwrap();
        let reply = self.read(ask.is_head()).await;
        let reply = reply.unwrap_or_else(|| panic!("no answer to {} {}", ask.method, ask.target));
        reply.check(&ask.method, &ask.target);
        reply
    }

    /// The next answer; `None` where the connection is closed instead.
    pub(crate) async fn read(&mut self, without_body: bool) -> Option<Reply> {
        let (status, headers) = self.head().await?;
        let mut reply = Reply {
            status,
            headers,
            body: Vec::new(),
        };
        // Events have no end.
        let is_endless = reply.header("content-type") == Some("text/event-stream");
        if without_body || matches!(status, 204 | 304) || is_endless {
            return Some(reply);
        }
        if reply.header("transfer-encoding") == Some("chunked") {
            while let Some(chunk) = self.chunk().await {
                reply.body.extend(chunk);
            }
        } else {
            let length = reply
                .header("content-length")
                .unwrap_or("0")
                .parse()
                .unwrap();
            reply.body = vec![0; length];
            let read = self.0.read_exact(&mut reply.body);
            tokio::time::timeout(PATIENCE, read).await.unwrap().unwrap();
        }
        Some(reply)
    }

    /// Status and headers of the next answer.
    pub(crate) async fn head(&mut self) -> Option<(u16, Vec<(String, String)>)> {
        let first = self.line().await?;
        let status = first.split(' ').nth(1)?.parse().ok()?;
        let mut headers = Vec::new();
        loop {
            let line = self.line().await?;
            if line.is_empty() {
                return Some((status, headers));
            }
            let (name, value) = line.split_once(':')?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
    }

    /// The next chunk of a body; `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Option<Vec<u8>> {
        let length = usize::from_str_radix(self.line().await?.trim(), 16).ok()?;
        let mut chunk = vec![0; length + 2];
        let read = self.0.read_exact(&mut chunk);
        tokio::time::timeout(PATIENCE, read).await.ok()?.ok()?;
        chunk.truncate(length);
        (length > 0).then_some(chunk)
    }

    async fn line(&mut self) -> Option<String> {
        let mut line = Vec::new();
        let read = self.0.read_until(b'\n', &mut line);
        let read = tokio::time::timeout(PATIENCE, read).await;
        let read =
            read.unwrap_or_else(|_| panic!("neither an answer nor an end of the connection"));
        if read.ok()? == 0 {
            return None;
        }
        Some(String::from_utf8_lossy(&line).trim_end().to_owned())
    }
}
