//! Scripted faults: which call fails, and how.

mod book;
mod check;
mod script;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub(crate) use book::{FaultBook, Subject};
pub(crate) use check::check;
pub(crate) use script::{Body, Edit, End, Reply, Script};

/// A way to fail. In a scenario file: `then = "never_answer"` or, with
/// settings, `then = { latency = { ms = 200 } }`.
///
/// "Executes" means that the call does at the sandbox what it asks for, so
/// that seats are held whatever the client gets to see.
///
/// ```
/// use klikoo_sandbox::Fault;
/// let fault: Fault = serde_json::from_str(r#"{"slow_body":{"chunk":1,"ms":5}}"#).unwrap();
/// assert_eq!(fault, Fault::SlowBody { chunk: 1, ms: 5 });
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fault {
    /// Executes, and answers as ever after a wait.
    Latency {
        /// Milliseconds of real time.
        ms: u64,
    },
    /// Accepts a connection and closes it without reading. `nth` counts connections.
    CloseOnAccept,
    /// Closes the listener at once, and opens it again on the same port.
    /// Connections that stand already go on.
    RefuseConnections {
        /// Milliseconds of real time.
        ms: u64,
    },
    /// Reads the head, not the body, and closes the connection.
    CutBeforeReading,
    /// As `CutBeforeReading`, with a TCP reset.
    ResetBeforeReading,
    /// Reads all, executes nothing, and closes the connection.
    CutBeforeExecuting,
    /// As `CutBeforeExecuting`, with a TCP reset.
    ResetBeforeExecuting,
    /// Executes, and closes the connection instead of answering.
    ExecuteThenCut,
    /// As `ExecuteThenCut`, with a TCP reset.
    ExecuteThenReset,
    /// Executes, and never answers.
    NeverAnswer,
    /// Executes, and answers this status.
    ExecuteThenStatus {
        /// HTTP status, 200 to 599.
        status: u16,
        /// With a code: an envelope that carries it. Without: an HTML page.
        #[serde(default)]
        code: Option<String>,
    },
    /// Executes nothing, and answers this status.
    Status {
        /// HTTP status, 200 to 599.
        status: u16,
        /// With a code: an envelope that carries it. Without: an HTML page.
        #[serde(default)]
        code: Option<String>,
        /// Seconds for a `Retry-After` header.
        #[serde(default)]
        retry_after: Option<u64>,
        /// Target for a `Location` header.
        #[serde(default)]
        location: Option<String>,
    },
    /// Executes, and announces a longer body than it sends before it closes.
    Truncated,
    /// Executes, and answers with text which is not JSON.
    NotJson,
    /// Executes, and calls its JSON `text/html`.
    WrongContentType,
    /// Executes, and answers with more than 1 MiB of valid JSON.
    Oversize,
    /// Executes, and answers with bytes which are not UTF-8.
    InvalidUtf8,
    /// Executes, and sends the body in small pieces.
    SlowBody {
        /// Bytes of a piece, at least 1.
        chunk: usize,
        /// Milliseconds of real time before each piece.
        ms: u64,
    },
    /// Refuses with `401xx6535`: the token has expired.
    ExpiredToken,
    /// Refuses with `401xx6500`: the token is invalid.
    InvalidToken,
    /// Refuses with `409xx6563`: the reference is used.
    Duplicate,
    /// Executes, and leaves `data.transaction_id` out.
    MissingTransactionId,
    /// Executes, and leaves `data.expired_at` out.
    MissingExpiredAt,
    /// Executes, and states this deadline. The hold keeps its true one.
    ExpiredAt {
        /// Any text: without zone, past, far away, no time at all.
        text: String,
    },
    /// Executes, and states this status word in `data.status`.
    StatusWord {
        /// Any text.
        text: String,
    },
    /// Executes, and states this `response_code` beside the HTTP status of success.
    Code {
        /// Any text.
        text: String,
    },
    /// Executes nothing, and answers 201 with `500xx8504` in the envelope.
    #[serde(rename = "error_code_in_2xx")]
    ErrorCodeIn2xx,
    /// Executes, and adds these members to `data`, over those of the same name.
    ExtraData {
        /// Member names and values.
        data: BTreeMap<String, serde_json::Value>,
    },
    /// Executes, and answers with a `Date` header off the sandbox's clock.
    DateHeader {
        /// Seconds ahead of the clock; negative is behind.
        offset: i64,
    },
    /// Answers exactly this.
    Reply {
        /// Whether the call is executed first.
        execute: bool,
        /// HTTP status, 200 to 599.
        status: u16,
        /// Headers. Names that HTTP does not allow are left out.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The body, whole.
        #[serde(default)]
        body: String,
    },
}

/// Which calls fail, and how. Every condition that is given must hold.
///
/// ```
/// use klikoo_sandbox::{Fault, Rule};
/// let rule = Rule::new(Fault::ExecuteThenCut).path("block-seat").nth(1);
/// let same = Rule { path: Some("block-seat".into()), nth: Some(1), ..Rule::new(Fault::ExecuteThenCut) };
/// assert_eq!(rule, same);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The call's path contains this.
    #[serde(default)]
    pub path: Option<String>,
    /// The body's `partner_reference_no` is this.
    #[serde(default)]
    pub reference: Option<String>,
    /// A passenger's seat name starts with this.
    #[serde(default)]
    pub seat: Option<String>,
    /// Only the nth call, from 1, of those to which the conditions above
    /// apply, counted from when the rule was added. Absent: every one.
    #[serde(default)]
    pub nth: Option<u64>,
    /// What happens. Of several rules the first that applies decides; all count.
    pub then: Fault,
}

impl Rule {
    /// A rule for every call.
    ///
    /// ```
    /// use klikoo_sandbox::{Fault, Rule};
    /// assert_eq!(Rule::new(Fault::Duplicate).nth, None);
    /// ```
    #[must_use]
    pub fn new(then: Fault) -> Self {
        Self {
            path: None,
            reference: None,
            seat: None,
            nth: None,
            then,
        }
    }

    /// Only calls whose path contains `part`.
    ///
    /// ```
    /// use klikoo_sandbox::{Fault, Rule};
    /// assert_eq!(Rule::new(Fault::NotJson).path("book").path.as_deref(), Some("book"));
    /// ```
    #[must_use]
    pub fn path(mut self, part: impl Into<String>) -> Self {
        self.path = Some(part.into());
        self
    }

    /// Only calls whose body names this `partner_reference_no`.
    ///
    /// ```
    /// use klikoo_sandbox::{Fault, Rule};
    /// let rule = Rule::new(Fault::NotJson).reference("1238");
    /// assert_eq!(rule.reference.as_deref(), Some("1238"));
    /// ```
    #[must_use]
    pub fn reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// Only calls with a seat whose name starts with `start`.
    ///
    /// ```
    /// use klikoo_sandbox::{Fault, Rule};
    /// assert_eq!(Rule::new(Fault::NotJson).seat("9").seat.as_deref(), Some("9"));
    /// ```
    #[must_use]
    pub fn seat(mut self, start: impl Into<String>) -> Self {
        self.seat = Some(start.into());
        self
    }

    /// Only the `nth` matching call, from 1.
    ///
    /// ```
    /// use klikoo_sandbox::{Fault, Rule};
    /// assert_eq!(Rule::new(Fault::NotJson).nth(2).nth, Some(2));
    /// ```
    #[must_use]
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }
}
