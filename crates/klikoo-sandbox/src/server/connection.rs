//! One TCP connection, which a fault can cut or reset.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tower::ServiceExt as _;

/// How long a client may take to send a request's head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// Where a request came in; the pipeline finds it among the request's extensions.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) connection: u64,
    /// What stood before `/v1/`.
    pub(super) prefix: String,
}

/// Put on a response that must not be sent: the connection ends instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drop {
    Cut,
    Reset,
}

#[derive(Debug, thiserror::Error)]
#[error("the scenario drops this connection")]
struct Dropped;

pub(super) async fn serve(stream: TcpStream, connection: u64, router: Router) {
    // Small answers must not wait for an acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    let resets = Arc::new(AtomicBool::new(false));
    let socket = Socket {
        stream,
        resets: Arc::clone(&resets),
    };
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let router = router.clone();
        let resets = Arc::clone(&resets);
        async move {
            let response = route(router, request, connection).await;
            match response.extensions().get::<Drop>() {
                None => Ok(response),
                Some(drop) => {
                    resets.store(*drop == Drop::Reset, Ordering::Relaxed);
                    Err(Dropped)
                }
            }
        }
    });
    let served = http1::Builder::new()
        .auto_date_header(false)
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .serve_connection(TokioIo::new(socket), service)
        .await;
    if let Err(error) = served {
        tracing::debug!(connection, %error, "a connection ended early");
    }
}

async fn route(router: Router, request: hyper::Request<Incoming>, connection: u64) -> Response {
    let mut request = request.map(Body::new);
    let prefix = split_prefix(request.uri_mut());
    request
        .extensions_mut()
        .insert(Arrival { connection, prefix });
    match router.oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Takes what stands before `/v1/` off the path: it is not signed (API description §1).
fn split_prefix(uri: &mut Uri) -> String {
    let path = uri.path();
    let Some(at) = path.find("/v1/").filter(|at| *at > 0) else {
        return String::new();
    };
    let prefix = path[..at].to_owned();
    let rest = match uri.query() {
        Some(query) => format!("{}?{query}", &path[at..]),
        None => path[at..].to_owned(),
    };
    let Ok(rest) = PathAndQuery::try_from(rest) else {
        return String::new();
    };
    *uri = Uri::from(rest);
    prefix
}

/// A stream that can be made to end with a TCP reset.
struct Socket {
    stream: TcpStream,
    resets: Arc<AtomicBool>,
}

impl std::ops::Drop for Socket {
    fn drop(&mut self) {
        if self.resets.load(Ordering::Relaxed)
            && let Err(error) = self.stream.set_zero_linger()
        {
            tracing::warn!(%error, "the connection cannot be reset; it is closed instead");
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_any_prefix_off_and_keeps_the_query() {
        for (given, prefix, rest) in [
            ("/v1/open-api/x", "", "/v1/open-api/x"),
            (
                "/klikoo-b2b/v1/open-api/x?page=1",
                "/klikoo-b2b",
                "/v1/open-api/x?page=1",
            ),
            ("http://host:1/a/b/v1/x", "/a/b", "/v1/x"),
            ("/elsewhere", "", "/elsewhere"),
        ] {
            let mut uri: Uri = given.parse().unwrap();
            assert_eq!(split_prefix(&mut uri), prefix, "{given}");
            assert_eq!(uri, rest, "{given}");
        }
    }
}
