//! A server of raw bytes: it answers what no decent HTTP library would.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request that was read whole.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn is_block(&self) -> bool {
        self.path.ends_with("/transports/block-seat")
    }

    pub(crate) fn is_token(&self) -> bool {
        self.path.ends_with("/access-token")
    }
}

/// What the server does once it has read a request.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Sends the bytes and waits for another request.
    Send(Vec<u8>),
    /// Sends the bytes and closes.
    SendAndClose(Vec<u8>),
    /// Sends the bytes after a while.
    SendLater(Duration, Vec<u8>),
    /// Sends so many bytes at a time, with a pause after each.
    Drip(Vec<u8>, usize, Duration),
    /// Closes.
    Close,
    /// Resets the connection.
    Reset,
    /// Sends the bytes, if any, and then nothing, for ever.
    SendAndStay(Vec<u8>),
}

type Handler = dyn Fn(&Request, usize) -> Step + Send + Sync;

/// Stops when dropped.
pub(crate) struct RawServer {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl RawServer {
    /// A server that does what `handler` says of each request and its number, from 0.
    pub(crate) async fn start(
        handler: impl Fn(&Request, usize) -> Step + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let handler: Arc<Handler> = Arc::new(handler);
        let (requests, count) = (Arc::clone(&seen), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(serve(stream, Arc::clone(&requests), Arc::clone(&handler)));
            }
        });
        Self {
            address,
            seen,
            connections,
            task,
        }
    }

    /// A server that does the same after every request.
    pub(crate) async fn always(step: Step) -> Self {
        Self::start(move |_, _| step.clone()).await
    }

    pub(crate) fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    /// How many block-seat requests arrived whole.
    pub(crate) fn blocks(&self) -> usize {
        self.seen()
            .iter()
            .filter(|request| request.is_block())
            .count()
    }

    /// The questions that arrived whole.
    pub(crate) fn asked(&self) -> Vec<Request> {
        let is_get = |request: &Request| request.method == "GET";
        self.seen().into_iter().filter(is_get).collect()
    }

    /// How many token requests arrived whole.
    pub(crate) fn tokens(&self) -> usize {
        self.seen()
            .iter()
            .filter(|request| request.is_token())
            .count()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Vec<Request>>>, handler: Arc<Handler>) {
    while let Some(request) = read_request(&mut stream).await {
        let number = {
            let mut seen = seen.lock().unwrap();
            seen.push(request.clone());
            seen.len() - 1
        };
        let wrote = match handler(&request, number) {
            Step::Send(bytes) => stream.write_all(&bytes).await,
            Step::SendLater(wait, bytes) => {
                tokio::time::sleep(wait).await;
                stream.write_all(&bytes).await
            }
            Step::SendAndClose(bytes) => {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
                return;
            }
            Step::Drip(bytes, size, pause) => {
                for part in bytes.chunks(size) {
                    if stream.write_all(part).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(pause).await;
                }
                Ok(())
            }
            Step::Close => return,
            Step::Reset => return reset(stream),
            Step::SendAndStay(bytes) => {
                let _ = stream.write_all(&bytes).await;
                std::future::pending().await
            }
        };
        if wrote.is_err() {
            return;
        }
    }
}

/// Closes with RST instead of FIN.
pub(crate) fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
    drop(stream);
}

/// One request, or `None` where the client left before it was whole.
pub(crate) async fn read_request(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
) -> Option<Request> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.lines();
    let mut start = lines.next()?.split(' ').map(str::to_owned);
    let (method, path) = (start.next()?, start.next()?);
    let headers: HashMap<String, String> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
        .collect();
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let body = String::from_utf8(body).unwrap();
    Some(Request {
        method,
        path,
        headers,
        body,
    })
}

/// An HTTP/1.1 reply of JSON.
pub(crate) fn json(status: u16, body: &str) -> Vec<u8> {
    reply(
        status,
        &[("content-type", "application/json")],
        body.as_bytes(),
    )
}

/// An HTTP/1.1 reply; its length is stated.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// A success as documented, with `id`.
pub(crate) fn held(id: &str) -> Vec<u8> {
    json(
        201,
        &envelope(
            "201052001",
            &format!(
                r#"{{"transaction_id":"{id}","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}}"#
            ),
        ),
    )
}

/// A token that lives `seconds`.
pub(crate) fn token(text: &str, seconds: &str) -> Vec<u8> {
    json(
        200,
        &envelope(
            "200012000",
            &format!(r#"{{"access_token":"{text}","token_type":"Bearer","expires_in":{seconds}}}"#),
        ),
    )
}

/// The envelope of every reply; `data` is JSON.
pub(crate) fn envelope(code: &str, data: &str) -> String {
    format!(r#"{{"response_code":"{code}","response_message":"pesan","data":{data}}}"#)
}
