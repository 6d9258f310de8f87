//! A body sent in pieces, which may end before it is whole.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use hyper::body::{Body, Frame};
use tokio::time::{Sleep, sleep};

#[derive(Debug, thiserror::Error)]
#[error("the scenario breaks this body off")]
pub(super) struct BrokenOff;

/// Waits `pause` before each piece, and before it breaks off, so that every
/// piece has left the process by then.
pub(super) struct Drip {
    rest: Bytes,
    chunk: usize,
    pause: Duration,
    sleeping: Option<Pin<Box<Sleep>>>,
    breaks_off: bool,
}

impl Drip {
    pub(super) fn whole(bytes: Bytes, chunk: usize, pause: Duration) -> Self {
        Self {
            rest: bytes,
            chunk,
            pause,
            sleeping: None,
            breaks_off: false,
        }
    }

    /// Sends the first half of `bytes`, then breaks off.
    pub(super) fn half(bytes: &Bytes) -> Self {
        let half = bytes.slice(..bytes.len() / 2);
        Self {
            breaks_off: true,
            ..Self::whole(half, bytes.len().max(1), Duration::from_millis(5))
        }
    }
}

impl Body for Drip {
    type Data = Bytes;
    type Error = BrokenOff;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenOff>>> {
        if self.rest.is_empty() && !self.breaks_off {
            return Poll::Ready(None);
        }
        let pause = self.pause;
        let sleeping = self.sleeping.get_or_insert_with(|| Box::pin(sleep(pause)));
        ready!(sleeping.as_mut().poll(context));
        self.sleeping = None;
        if self.rest.is_empty() {
            self.breaks_off = false;
            return Poll::Ready(Some(Err(BrokenOff)));
        }
        let piece = self.chunk.min(self.rest.len());
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(piece)))))
    }
}
