//! One callback, sent once: who does not take it has missed it.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, HOST};
use axum::http::{Method, Request};
use http_body_util::Full;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::CallbackUrl;
use crate::journal::{Answered, JournalEntry, SignatureVerdict};
use crate::kernel::Kernel;

/// How long a partner's server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Sends `body`; answers what the journal shows of it.
pub(super) async fn post(kernel: &Kernel, url: &CallbackUrl, body: &[u8]) -> JournalEntry {
    let at = kernel.clock.now();
    let answered = match timeout(PATIENCE, exchange(url, body)).await {
        Ok(answered) => answered,
        Err(_) => Answered::Silence,
    };
    tracing::debug!(path = url.target.path(), ?answered, "callback sent");
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (HOST, url.host.as_str()),
    ];
    JournalEntry {
        sequence: 0,
        at,
        connection: 0,
        callback: true,
        method: Method::POST.to_string(),
        path: url.target.path().to_owned(),
        prefix: String::new(),
        query: url.target.query().map(str::to_owned),
        headers: headers
            .into_iter()
            .map(|(name, value)| (name.to_string(), value.to_owned()))
            .collect::<BTreeMap<_, _>>(),
        body: String::from_utf8_lossy(body).into_owned(),
        signature: SignatureVerdict::NotChecked,
        answered,
        fault: None,
        executed: None,
    }
}

async fn exchange(url: &CallbackUrl, body: &[u8]) -> Answered {
    let Ok(stream) = TcpStream::connect(url.address).await else {
        return Answered::Unreachable;
    };
    let request = Request::post(url.target.as_str())
        .header(HOST, &url.host)
        .header(CONTENT_TYPE, "application/json")
        .body(Full::new(Bytes::copy_from_slice(body)));
    let (Ok(request), Ok((mut sender, connection))) =
        (request, handshake(TokioIo::new(stream)).await)
    else {
        return Answered::Unreachable;
    };
    let mut reply = std::pin::pin!(sender.send_request(request));
    let reply = tokio::select! {
        reply = &mut reply => reply,
        // It may have ended with the very bytes of the reply, which is there then.
        _ = connection => reply.await,
    };
    match reply {
        Ok(reply) => Answered::Reply {
            status: reply.status().as_u16(),
            response_code: None,
        },
        Err(_) => Answered::Cut,
    }
}
