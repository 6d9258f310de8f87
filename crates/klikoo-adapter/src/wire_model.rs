//! A model of Klikoo in the network's place, so that a simulation has every rule of this crate in
//! its loop: token, signature, repeat after a 401, reading and judging of replies. Only the
//! connection itself is left out.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use reqwest::{Request, Response};

use crate::transport::SendError;

/// Answers signed requests in Klikoo's place.
///
/// ```
/// use std::time::Duration;
/// use async_trait::async_trait;
/// use bytes::Bytes;
/// use klikoo_adapter::{ModelReply, WireFault, WireModel};
///
/// struct Closed;
///
/// #[async_trait]
/// impl WireModel for Closed {
///     async fn exchange(
///         &self,
///         _request: http::Request<Bytes>,
///         _within: Duration,
///     ) -> Result<ModelReply, WireFault> {
///         Ok(ModelReply::whole(http::Response::new(Bytes::from_static(b"closed for repair"))))
///     }
/// }
/// ```
#[async_trait]
pub trait WireModel: Send + Sync {
    /// One exchange: the request as it would be sent, token and signature included, and how long
    /// it may take. The model keeps that time itself.
    ///
    /// # Errors
    ///
    /// [`WireFault`]: no reply came.
    async fn exchange(
        &self,
        request: http::Request<Bytes>,
        within: Duration,
    ) -> Result<ModelReply, WireFault>;
}

/// Why a model gives no reply, as far as an HTTP client can tell such failures apart.
///
/// ```
/// use klikoo_adapter::WireFault;
///
/// assert_ne!(WireFault::NeverSent { tls: false }, WireFault::ConnectionLost);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireFault {
    /// The connector failed, so not one byte left.
    NeverSent {
        /// In the TLS handshake.
        tls: bool,
    },
    /// The time was over before a reply came. The request may have arrived.
    TimedOut,
    /// The connection ended before a reply came. The request may have arrived.
    ConnectionLost,
}

impl fmt::Display for WireFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NeverSent { tls: false } => "no connection could be made",
            Self::NeverSent { tls: true } => "the TLS handshake failed",
            Self::TimedOut => "no reply in time",
            Self::ConnectionLost => "the connection ended",
        })
    }
}

impl std::error::Error for WireFault {}

/// A reply, whole or ended early.
///
/// ```
/// use bytes::Bytes;
/// use klikoo_adapter::ModelReply;
///
/// let reply = ModelReply::whole(http::Response::new(Bytes::from_static(b"{}")));
/// assert_eq!(reply.ends, None);
/// ```
#[derive(Clone, Debug)]
pub struct ModelReply {
    /// Status, headers, and the part of the body that arrives.
    pub response: http::Response<Bytes>,
    /// What ends the reply before the rest of its body; `None` where it arrives whole.
    /// [`WireFault::TimedOut`] is the call's time, everything else a cut connection.
    pub ends: Option<WireFault>,
}

impl ModelReply {
    /// A reply that arrives whole.
    ///
    /// ```
    /// # use klikoo_adapter::ModelReply;
    /// let reply = ModelReply::whole(http::Response::new(bytes::Bytes::new()));
    /// assert_eq!(reply.response.status(), 200);
    /// ```
    #[must_use]
    pub fn whole(response: http::Response<Bytes>) -> Self {
        Self {
            response,
            ends: None,
        }
    }
}

/// The exchange with a model, in the types of one with the network.
pub(crate) async fn ask(
    model: &dyn WireModel,
    request: Request,
    within: Duration,
) -> Result<Response, SendError> {
    let mut asked = http::Request::new(Bytes::new());
    *asked.method_mut() = request.method().clone();
    *asked.uri_mut() = request.url().as_str().parse().unwrap_or_default();
    asked.headers_mut().clone_from(request.headers());
    if let Some(body) = request.body().and_then(reqwest::Body::as_bytes) {
        *asked.body_mut() = Bytes::copy_from_slice(body);
    }
    match model.exchange(asked, within).await {
        Ok(reply) => {
            let (parts, body) = reply.response.into_parts();
            let body = Parts::of(body, reply.ends);
            Ok(http::Response::from_parts(parts, reqwest::Body::wrap(body)).into())
        }
        Err(fault) => {
            let cause = Arc::new(fault);
            Err(match fault {
                WireFault::NeverSent { tls } => SendError::NeverSent {
                    tls,
                    message: fault.to_string(),
                    cause,
                },
                WireFault::TimedOut => SendError::TimedOut { cause },
                WireFault::ConnectionLost => SendError::ConnectionLost {
                    message: fault.to_string(),
                    cause,
                },
            })
        }
    }
}

/// A body that may end in a failure.
struct Parts {
    left: VecDeque<io::Result<Bytes>>,
    length: Option<u64>,
}

impl Parts {
    fn of(body: Bytes, ends: Option<WireFault>) -> Self {
        let length = ends.is_none().then_some(body.len() as u64);
        let end = ends.map(|fault| {
            Err(io::Error::from(match fault {
                WireFault::TimedOut => io::ErrorKind::TimedOut,
                _ => io::ErrorKind::ConnectionReset,
            }))
        });
        let begin = (!body.is_empty()).then_some(Ok(body));
        Self {
            left: begin.into_iter().chain(end).collect(),
            length,
        }
    }
}

impl Body for Parts {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(self.left.pop_front().map(|part| part.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.length
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
