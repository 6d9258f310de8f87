//! Connections: taken, bounded, ended.

mod answer;
mod connection;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures_util::FutureExt as _;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

pub(crate) use answer::Places;

use crate::limits::GatewayLimits;

/// After an error of the system's, such as too many open files.
const BREATH: Duration = Duration::from_millis(50);

/// Takes connections until `over` is done, then ends them: idle ones at once, the others after
/// their answer, but within `grace`. Tells whether all had ended by then.
pub(crate) async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    limits: GatewayLimits,
    over: impl Future<Output = ()>,
    grace: Duration,
) -> bool {
    let places = Arc::new(Semaphore::new(limits.connections));
    let graceful = GracefulShutdown::new();
    let mut over = std::pin::pin!(over);
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut over => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else {
            continue;
        };
        let watcher = graceful.watcher();
        let (router, tls) = (router.clone(), tls.clone());
        let served = connection::serve(stream, peer, tls, router, limits, watcher);
        tokio::spawn(served.map(move |()| drop(place)));
    }
    drop(listener);
    tokio::time::timeout(grace, graceful.shutdown())
        .await
        .is_ok()
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<Accepted> {
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Who finds no place is cut off at once: a queue of connections would hide the overload.
            let place = Arc::clone(places).try_acquire_owned();
            if place.is_err() {
                metrics::counter!("seatblock_connections_refused_total").increment(1);
            }
            Some((stream, peer, place.ok()?))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be taken");
            tokio::time::sleep(BREATH).await;
            None
        }
    }
}
