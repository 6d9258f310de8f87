//! One line of the journal.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::auth::Scheme;
use crate::store::{HeldLeg, Hold};

/// What the sandbox found about a call's signature.
///
/// ```
/// use klikoo_sandbox::{Scheme, SignatureVerdict};
/// let verdict = SignatureVerdict::Valid { scheme: Scheme::EcdsaP256 };
/// assert!(verdict.is_valid());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum SignatureVerdict {
    /// The call needs none, or was not read that far.
    NotChecked,
    /// The header was absent or there more than once.
    Missing,
    /// It signs something else, or with another key.
    Invalid,
    /// It signs this call.
    Valid {
        /// By this scheme.
        scheme: Scheme,
    },
}

impl SignatureVerdict {
    /// Whether the signature signs the call.
    ///
    /// ```
    /// assert!(!klikoo_sandbox::SignatureVerdict::Missing.is_valid());
    /// ```
    #[must_use]
    pub const fn is_valid(self) -> bool {
        matches!(self, Self::Valid { .. })
    }
}

/// How the exchange ended for the client.
///
/// ```
/// use klikoo_sandbox::Answered;
/// let ok = Answered::Reply { status: 201, response_code: Some("201052001".into()) };
/// assert_ne!(ok, Answered::Cut);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "end", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Answered {
    /// An HTTP answer was sent.
    Reply {
        /// Its status.
        status: u16,
        /// The envelope's code, unless the answer had no envelope.
        response_code: Option<String>,
    },
    /// The connection was closed without an answer.
    Cut,
    /// The connection was reset without an answer.
    Reset,
    /// Nothing was sent, and the connection stayed open.
    Silence,
    /// The client broke off before its body was whole.
    ClientGone,
    /// Nobody took the connection of a callback.
    Unreachable,
}

/// A hold that a call brought about.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
/// let executed = sandbox.journal().iter().filter(|entry| entry.executed.is_some()).count();
/// assert_eq!(executed, 0);
/// # });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Executed {
    /// The hold's number.
    pub transaction_id: String,
    /// The partner's number of the order.
    pub partner_reference_no: String,
    /// The seats of each leg.
    pub legs: Vec<HeldLeg>,
}

impl From<&Hold> for Executed {
    fn from(hold: &Hold) -> Self {
        Self {
            transaction_id: hold.transaction_id.clone(),
            partner_reference_no: hold.partner_reference_no.clone(),
            legs: hold.legs.clone(),
        }
    }
}

/// One call, or one callback. Block bodies stand in it as they came, personal fields included:
/// **the sandbox is for synthetic data only**. Secrets, tokens, private keys
/// and signatures are masked. `Debug` shows how long a body is and not the body:
/// a failed test prints it.
///
/// ```
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
/// assert!(sandbox.journal().iter().all(|entry| entry.method == "POST"));
/// # });
/// ```
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// From 1, in the order in which calls were judged.
    pub sequence: u64,
    /// The sandbox's time.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Which accepted connection it came through, from 1; 0 for a callback.
    pub connection: u64,
    /// A callback: sent by the sandbox, not to it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub callback: bool,
    /// As received.
    pub method: String,
    /// From `/v1/` on: the path that is signed.
    pub path: String,
    /// What stood before `/v1/`.
    pub prefix: String,
    /// After the `?`, as received.
    pub query: Option<String>,
    /// Those that matter, with secret values masked.
    pub headers: BTreeMap<String, String>,
    /// As received, where it carries no secret.
    pub body: String,
    /// What the sandbox found about the signature.
    pub signature: SignatureVerdict,
    /// What the client got, or what answered a callback.
    pub answered: Answered,
    /// The scripted fault or magic word that struck.
    pub fault: Option<String>,
    /// The hold that the call brought about, whatever the client got.
    pub executed: Option<Executed>,
}

impl JournalEntry {
    /// Whether the call was to block seats.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert!(!sandbox.journal().iter().any(|entry| entry.is_block()));
    /// # });
    /// ```
    #[must_use]
    pub fn is_block(&self) -> bool {
        !self.callback && self.path == crate::routes::BLOCK_SEAT
    }
}

impl fmt::Debug for JournalEntry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("JournalEntry")
            .field("sequence", &self.sequence)
            .field("connection", &self.connection)
            .field("callback", &self.callback)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &self.query)
            .field("body", &format_args!("({} bytes)", self.body.len()))
            .field("signature", &self.signature)
            .field("answered", &self.answered)
            .field("fault", &self.fault)
            .field("executed", &self.executed)
            .finish_non_exhaustive()
    }
}
