//! What a fault means, in few parts that combine: whether the call is
//! executed, what is said, how the bytes are spoilt, and how it ends.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::Fault;
use crate::answer::{Case, DATABASE, DUPLICATE, TOKEN_EXPIRED, TOKEN_INVALID};

/// One call's fault.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Script {
    pub(crate) execute: bool,
    pub(crate) wait: Duration,
    pub(crate) reply: Reply,
    pub(crate) edits: Vec<Edit>,
    pub(crate) body: Body,
    pub(crate) end: End,
}

/// What is said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Reply {
    /// What the sandbox would say without the fault.
    Own,
    Refusal(Case),
    /// A success's HTTP status around the code of this case.
    RefusalIn2xx(Case),
    Envelope {
        status: u16,
        code: String,
        headers: Vec<(String, String)>,
    },
    Page {
        status: u16,
        headers: Vec<(String, String)>,
    },
    Literal {
        status: u16,
        headers: BTreeMap<String, String>,
        body: String,
    },
}

/// A change to the answer before it becomes bytes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Edit {
    Remove(&'static str),
    Set(String, Value),
    Code(String),
    DateOffset(i64),
}

/// What becomes of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    Whole,
    NotJson,
    WrongContentType,
    Oversize,
    InvalidUtf8,
    Truncated,
    Drip { chunk: usize, pause: Duration },
}

/// How the exchange ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Answer,
    Cut,
    Reset,
    Silence,
}

impl Script {
    /// Executes and answers as if there were no fault.
    pub(crate) fn plain() -> Self {
        Self {
            execute: true,
            wait: Duration::ZERO,
            reply: Reply::Own,
            edits: Vec::new(),
            body: Body::Whole,
            end: End::Answer,
        }
    }

    pub(crate) fn said(execute: bool, reply: Reply) -> Self {
        Self {
            execute,
            reply,
            ..Self::plain()
        }
    }

    pub(crate) fn refused(case: Case) -> Self {
        Self::said(false, Reply::Refusal(case))
    }

    pub(crate) fn edited(edit: Edit) -> Self {
        Self {
            edits: vec![edit],
            ..Self::plain()
        }
    }

    pub(crate) fn spoilt(body: Body) -> Self {
        Self {
            body,
            ..Self::plain()
        }
    }

    pub(crate) fn ended(execute: bool, end: End) -> Self {
        Self {
            execute,
            end,
            ..Self::plain()
        }
    }

    pub(crate) fn of(fault: &Fault) -> Self {
        match fault {
            Fault::Latency { ms } => Self {
                wait: Duration::from_millis(*ms),
                ..Self::plain()
            },
            // Faults of the listener never meet a call: see `FaultBook`.
            Fault::CloseOnAccept | Fault::RefuseConnections { .. } => Self::plain(),
            Fault::CutBeforeReading | Fault::CutBeforeExecuting => Self::ended(false, End::Cut),
            Fault::ResetBeforeReading | Fault::ResetBeforeExecuting => {
                Self::ended(false, End::Reset)
            }
            Fault::ExecuteThenCut => Self::ended(true, End::Cut),
            Fault::ExecuteThenReset => Self::ended(true, End::Reset),
            Fault::NeverAnswer => Self::ended(true, End::Silence),
            Fault::ExecuteThenStatus { status, code } => {
                Self::said(true, Reply::with_status(*status, code.as_ref(), Vec::new()))
            }
            Fault::Status {
                status,
                code,
                retry_after,
                location,
            } => {
                let retry_after = retry_after.map(|seconds| seconds.to_string());
                let headers = [("retry-after", retry_after), ("location", location.clone())]
                    .into_iter()
                    .filter_map(|(name, value)| Some((name.to_owned(), value?)))
                    .collect();
                Self::said(false, Reply::with_status(*status, code.as_ref(), headers))
            }
            Fault::Truncated => Self::spoilt(Body::Truncated),
            Fault::NotJson => Self::spoilt(Body::NotJson),
            Fault::WrongContentType => Self::spoilt(Body::WrongContentType),
            Fault::Oversize => Self::spoilt(Body::Oversize),
            Fault::InvalidUtf8 => Self::spoilt(Body::InvalidUtf8),
            Fault::SlowBody { chunk, ms } => Self::spoilt(Body::Drip {
                chunk: (*chunk).max(1),
                pause: Duration::from_millis(*ms),
            }),
            Fault::ExpiredToken => Self::refused(TOKEN_EXPIRED),
            Fault::InvalidToken => Self::refused(TOKEN_INVALID),
            Fault::Duplicate => Self::refused(DUPLICATE),
            Fault::MissingTransactionId => Self::edited(Edit::Remove("transaction_id")),
            Fault::MissingExpiredAt => Self::edited(Edit::Remove("expired_at")),
            Fault::ExpiredAt { text } => Self::edited(Edit::set("expired_at", text)),
            Fault::StatusWord { text } => Self::edited(Edit::set("status", text)),
            Fault::Code { text } => Self::edited(Edit::Code(text.clone())),
            Fault::ErrorCodeIn2xx => Self::said(false, Reply::RefusalIn2xx(DATABASE)),
            Fault::ExtraData { data } => Self {
                edits: data
                    .iter()
                    .map(|(name, value)| Edit::Set(name.clone(), value.clone()))
                    .collect(),
                ..Self::plain()
            },
            Fault::DateHeader { offset } => Self::edited(Edit::DateOffset(*offset)),
            Fault::Reply {
                execute,
                status,
                headers,
                body,
            } => Self::said(
                *execute,
                Reply::Literal {
                    status: *status,
                    headers: headers.clone(),
                    body: body.clone(),
                },
            ),
        }
    }
}

impl Reply {
    pub(crate) fn with_status(
        status: u16,
        code: Option<&String>,
        headers: Vec<(String, String)>,
    ) -> Self {
        match code {
            Some(code) => Self::Envelope {
                status,
                code: code.clone(),
                headers,
            },
            None => Self::Page { status, headers },
        }
    }
}

impl Edit {
    pub(crate) fn set(name: &str, text: &str) -> Self {
        Self::Set(name.to_owned(), Value::String(text.to_owned()))
    }
}
