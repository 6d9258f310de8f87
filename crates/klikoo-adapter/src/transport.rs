//! One HTTP/1.1 exchange with Klikoo, set up so that what happened stays known.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use booking_ports::Cause;
use bytes::Bytes;
use http::Method;
use http::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, Request, Url, tls};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::config::{KlikooConfig, SetupError};
use crate::reply::Reply;
#[cfg(feature = "simulation")]
use crate::wire_model::WireModel;

/// Most calls that are with the provider at once; each needs a connection of its own, some 26 KiB
/// and a file descriptor. Further calls wait unsent, and so unsigned, for one to end.
pub(crate) const CONNECTIONS_MAX: usize = 2048;

/// What [`SendError::Crowded`] tells a person.
pub(crate) const CROWDED: &str = "no time was left for the call: too many others wait for Klikoo, or the access token took too long";

pub(crate) struct Transport {
    wire: Wire,
    connections: Semaphore,
    connect_timeout: Duration,
}

/// What carries a request. Only a simulation has two of them; the program's has no choice to make.
enum Wire {
    Network(Client),
    #[cfg(feature = "simulation")]
    Model(Arc<dyn WireModel>),
}

/// Why there is no reply.
#[derive(Clone, Debug)]
pub(crate) enum SendError {
    /// Not one byte of the request left this host: the connector failed.
    NeverSent {
        tls: bool,
        message: String,
        cause: Cause,
    },
    /// The request could not be made.
    Unsendable { message: String },
    /// No connection became free, or no time was left to make one; nothing was sent.
    Crowded,
    /// The request may have arrived.
    TimedOut { cause: Cause },
    /// The request may have arrived.
    ConnectionLost { message: String, cause: Cause },
}

impl SendError {
    /// Which of them, for a log.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::NeverSent { .. } => "never_sent",
            Self::Unsendable { .. } => "unsendable",
            Self::Crowded => "crowded",
            Self::TimedOut { .. } => "timed_out",
            Self::ConnectionLost { .. } => "connection_lost",
        }
    }
}

impl Transport {
    /// The client for `config`, with every choice made on purpose.
    pub(crate) fn new(config: &KlikooConfig) -> Result<Self, SetupError> {
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place that builds a client"
        )]
        let mut builder = Client::builder()
            // Refused-stream re-sends of HTTP/2 are one more way to send twice.
            .http1_only()
            // The documented spelling, `Open-Api-Signature`, for whoever compares it.
            .http1_title_case_headers()
            // A 307 would send passengers and signature to wherever it points.
            .redirect(Policy::none())
            // `http_proxy` in somebody's environment would read token and passengers.
            .no_proxy()
            .referer(false)
            // No sending that we do not count. (A request that a dying pooled connection hands
            // back untouched is still put on another one: it was not begun.)
            .retry(reqwest::retry::never())
            // Below the total timeout, or an unanswered SYN could not be told from a lost answer.
            .connect_timeout(config.connect_timeout)
            // A pooled connection that the server closes at its own idle limit fails the next
            // request in a way that looks like an executed one.
            .pool_idle_timeout(config.idle_timeout)
            .pool_max_idle_per_host(usize::MAX)
            .tcp_nodelay(true)
            .min_tls_version(tls::Version::TLS_1_2)
            .user_agent(concat!("klikoo-adapter/", env!("CARGO_PKG_VERSION")));
        let mut extra_roots = Vec::new();
        for pem in &config.extra_roots {
            let found = Certificate::from_pem_bundle(pem.as_bytes())
                .map_err(|error| SetupError::ExtraRoot(innermost(&error)))?;
            if found.is_empty() {
                return Err(SetupError::ExtraRoot("no certificate in it".to_owned()));
            }
            extra_roots.extend(found);
        }
        builder = if config.base_url.is_https() {
            builder.https_only(true).tls_certs_merge(extra_roots)
        } else {
            // Plain http to loopback needs no trust roots, and a host without any can use it.
            builder.tls_certs_only(extra_roots)
        };
        let client = builder
            .build()
            .map_err(|error| SetupError::Client(innermost(&error)))?;
        Ok(Self::over(Wire::Network(client), config))
    }

    /// A transport that gives every request to `model`.
    #[cfg(feature = "simulation")]
    pub(crate) fn model(model: Arc<dyn WireModel>, config: &KlikooConfig) -> Self {
        Self::over(Wire::Model(model), config)
    }

    fn over(wire: Wire, config: &KlikooConfig) -> Self {
        Self {
            wire,
            connections: Semaphore::new(CONNECTIONS_MAX),
            connect_timeout: config.connect_timeout,
        }
    }

    /// Waits for a connection to be free, no longer than `within`.
    pub(crate) async fn connection(
        &self,
        within: Duration,
    ) -> Result<SemaphorePermit<'_>, SendError> {
        if let Ok(permit) = self.connections.try_acquire() {
            return Ok(permit);
        }
        match tokio::time::timeout(within, self.connections.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(SendError::Crowded),
        }
    }

    /// Takes `all` of them, so that every further call waits.
    #[cfg(test)]
    pub(crate) async fn all_connections(&self, all: u32) -> Option<SemaphorePermit<'_>> {
        self.connections.acquire_many(all).await.ok()
    }

    /// Sends once and reads the reply.
    pub(crate) async fn exchange(
        &self,
        method: Method,
        url: Url,
        headers: HeaderMap,
        body: Bytes,
        within: Duration,
    ) -> Result<Reply, SendError> {
        // With less time than a connection may take, the total timeout could end before the
        // connect timeout, and a call that never left would look like one without an answer.
        if within <= self.connect_timeout {
            return Err(SendError::Crowded);
        }
        let mut request = Request::new(method, url);
        *request.headers_mut() = headers;
        *request.timeout_mut() = Some(within);
        if !body.is_empty() {
            *request.body_mut() = Some(body.into());
        }
        let response = match &self.wire {
            Wire::Network(client) => client.execute(request).await.map_err(classify),
            #[cfg(feature = "simulation")]
            Wire::Model(model) => crate::wire_model::ask(&**model, request, within).await,
        };
        Ok(Reply::read(response?).await)
    }
}

/// Tells the one failure that proves nothing was sent, the connector's, from all others.
fn classify(error: reqwest::Error) -> SendError {
    let error = error.without_url();
    if error.is_builder() {
        return SendError::Unsendable {
            message: innermost(&error),
        };
    }
    let message = innermost(&error);
    if error.is_connect() {
        let tls = is_tls_failure(&error);
        let message = if error.is_timeout() {
            "no connection within the connect timeout".to_owned()
        } else {
            message
        };
        return SendError::NeverSent {
            tls,
            message,
            cause: Arc::new(error),
        };
    }
    if error.is_timeout() {
        return SendError::TimedOut {
            cause: Arc::new(error),
        };
    }
    SendError::ConnectionLost {
        message,
        cause: Arc::new(error),
    }
}

fn is_tls_failure(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|beneath| {
        // An I/O error's `source` passes over the error that it wraps, so that has to be looked
        // into by itself, and there may be several layers of them.
        let wrapped = std::iter::successors(Some(beneath), |&error| {
            let inner = error.downcast_ref::<std::io::Error>()?.get_ref()?;
            Some(inner as &(dyn Error + 'static))
        });
        wrapped.into_iter().any(|error| {
            // tokio-rustls tells of a peer that leaves during the handshake in these words.
            error.is::<rustls::Error>() || error.to_string() == "tls handshake eof"
        })
    })
}

/// The text of the deepest cause: what really happened, without the layers' paraphrases.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    chain(error)
        .last()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
