//! One call, read whole.

use axum::body::Bytes;
use axum::http::HeaderMap;
use time::OffsetDateTime;

use crate::answer::{Answer, Service};
use crate::fault::Script;
use crate::journal::{Executed, SignatureVerdict};
use crate::store::Hold;

/// A request as the routes see it. No `Debug`: personal data and secrets are in it.
pub(crate) struct Call {
    pub(crate) connection: u64,
    /// The sandbox's time when the call was judged.
    pub(crate) at: OffsetDateTime,
    pub(crate) method: String,
    /// From `/v1/` on.
    pub(crate) path: String,
    pub(crate) prefix: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// A rule applies to the call: magic seats keep still then.
    pub(crate) scripted: bool,
}

impl Call {
    /// Which part of Klikoo answers for the path.
    pub(crate) fn service(&self) -> Service {
        let path = self.path.strip_prefix("/v1/open-api/").unwrap_or_default();
        match path.split('/').next().unwrap_or_default() {
            "access-token" | "auth-signature" | "signature" => Service::Auth,
            "transactions" => Service::Transaction,
            "transports" => Service::Transport,
            _ => Service::Unknown,
        }
    }
}

/// What a route made of a call.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) answer: Answer,
    pub(crate) signature: SignatureVerdict,
    pub(crate) executed: Option<Executed>,
    /// A magic seat struck: its word, and what it does to the answer.
    pub(crate) magic: Option<(&'static str, Script)>,
}

impl Verdict {
    pub(crate) fn new(signature: SignatureVerdict, answer: Answer) -> Self {
        Self {
            answer,
            signature,
            executed: None,
            magic: None,
        }
    }

    pub(crate) fn executing(mut self, hold: &Hold) -> Self {
        self.executed = Some(Executed::from(hold));
        self
    }
}
