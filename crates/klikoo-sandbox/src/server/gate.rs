//! The listener, which a fault can take away for a while.

use std::future::{pending, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, sleep_until};

/// Connections that the system keeps for us until they are accepted.
const BACKLOG: u32 = 4096;

/// Between two tries to get the port back, or to accept when no file is free.
const PAUSE: Duration = Duration::from_millis(10);

pub(crate) struct Gate {
    address: SocketAddr,
    state: Mutex<State>,
    changed: Notify,
}

struct State {
    listener: Option<TcpListener>,
    /// `None` beside no listener: closed for good.
    reopens_at: Option<Instant>,
}

impl Gate {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let listener = listen(address)?;
        Ok(Self {
            address: listener.local_addr()?,
            state: Mutex::new(State {
                listener: Some(listener),
                reopens_at: None,
            }),
            changed: Notify::new(),
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses connections for good: when this returns, the port is closed.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.listener = None;
        state.reopens_at = None;
        self.changed.notify_one();
    }

    /// Refuses connections from now on, for `duration`.
    pub(crate) fn close_for(&self, duration: Duration) {
        let mut state = self.state();
        state.listener = None;
        state.reopens_at = Some(Instant::now() + duration);
        self.changed.notify_one();
    }

    /// The next connection; `None` once the gate is closed for good.
    pub(crate) async fn accept(&self) -> Option<TcpStream> {
        loop {
            let (open, reopens_at) = {
                let state = self.state();
                (state.listener.is_some(), state.reopens_at)
            };
            if !open && reopens_at.is_none() {
                return None;
            }
            tokio::select! {
                () = self.changed.notified() => {}
                () = wait_until(reopens_at) => self.reopen().await,
                accepted = self.accept_open() => match accepted {
                    Ok(stream) => return Some(stream),
                    // No free file descriptor, or the client is gone already.
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        sleep(PAUSE).await;
                    }
                },
            }
        }
    }

    /// Waits while the gate is closed: `changed` or the time ends that.
    async fn accept_open(&self) -> io::Result<TcpStream> {
        poll_fn(|context| match &self.state().listener {
            Some(listener) => listener.poll_accept(context),
            None => Poll::Pending,
        })
        .await
        .map(|(stream, _)| stream)
    }

    /// Somebody else may have the port by now; then it is tried again.
    async fn reopen(&self) {
        let opened = listen(self.address);
        if opened.is_err() {
            sleep(PAUSE).await;
        }
        let mut state = self.state();
        // Closed again, or for good, in the meantime.
        if state.reopens_at.is_none_or(|at| at > Instant::now()) {
            return;
        }
        if let Ok(listener) = opened {
            state.listener = Some(listener);
            state.reopens_at = None;
        }
    }
}

async fn wait_until(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => pending().await,
    }
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}
