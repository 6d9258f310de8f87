//! One connection.

use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use futures_util::FutureExt as _;
use futures_util::future::Either;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::Watcher;
use rustix::net::sockopt::set_tcp_user_timeout;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

use crate::limits::GatewayLimits;

/// What is done for a connection, until it has ended.
///
/// Futures are joined, not awaited in a function of their own: that would keep room for each twice,
/// some kilobytes for as long as the connection is there.
pub(super) fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: GatewayLimits,
    watcher: Watcher,
) -> impl Future<Output = ()> + Send {
    // Small answers must not wait for an acknowledgement.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    // A peer that is gone, or that reads nothing, must not keep its place for ever.
    if let Err(error) = set_tcp_user_timeout(&stream, limits.unread_timeout_ms()) {
        tracing::debug!(%error, "TCP_USER_TIMEOUT was refused");
    }
    match tls {
        None => Either::Left(talk(stream, peer, router, limits, watcher)),
        Some(tls) => Either::Right(Box::pin(async move {
            let greeting = tokio::time::timeout(limits.head_timeout, tls.accept(stream));
            if let Ok(Ok(stream)) = greeting.await {
                talk(stream, peer, router, limits, watcher).await;
            }
        })),
    }
}

fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: SocketAddr,
    router: Router,
    limits: GatewayLimits,
    watcher: Watcher,
) -> impl Future<Output = ()> + Send {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = router.clone().oneshot(request);
        answer.map(|answer| answer.map(super::answer::bounded))
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_buf_size(limits.head)
        // A peer that has sent its request and shut its half still gets the answer. And nothing is
        // read while an answer is awaited: that would take a buffer of 8 KiB for each.
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    watcher.watch(connection).map(|ended| {
        if let Err(error) = ended {
            tracing::debug!(%error, "a connection ended early");
        }
    })
}
