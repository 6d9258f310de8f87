//! What a bad wire does to bytes.

use std::time::Duration;

/// Struck from the moment it is set, on every connection of the relay.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Toxic {
    /// A good wire.
    #[default]
    Clear,
    /// Replies come later.
    Latency(Duration),
    /// Requests come to pieces of so many bytes, each a millisecond after the other.
    SliceRequest(usize),
    /// So do replies.
    SliceReply(usize),
    /// Of a reply, so many bytes come each ten milliseconds.
    Bandwidth(usize),
    /// The request goes nowhere, and nobody says so.
    SwallowRequest,
    /// The reply does.
    SwallowReply,
    /// The first so many bytes of the request pass, and the connection ends.
    CutRequest(usize),
    /// The connection ends when the request comes, unread.
    CloseUnread,
    /// As above, with a reset.
    ResetUnread,
    /// The request passes; a reset comes for a reply.
    ResetReply,
    /// This part of the reply passes, in hundredths, and the connection ends.
    LimitReply(usize),
    /// This part of the reply passes, in hundredths, and a reset comes.
    LimitReplyReset(usize),
    /// The whole reply passes, and the connection ends a while later.
    SlowClose(Duration),
    /// Something comes for a reply that is not HTTP.
    NoHttp,
    /// A proxy answers for itself, and passes nothing on.
    ProxyPage(&'static str),
}

/// What becomes of some bytes of a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Pass,
    Slice(usize),
    Swallow,
    /// So many bytes pass; then the connection ends.
    Cut(usize),
    Reset,
    /// This is answered instead.
    Answer(&'static str),
}

/// What becomes of some bytes of a reply.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    Pass,
    /// Pieces of so many bytes, each after this wait.
    Slice(usize, Duration),
    Late(Duration),
    Swallow,
    /// This many hundredths pass, and the connection ends, with a reset or without.
    Cut(usize, bool),
    /// It passes, and the connection ends after this wait.
    PassAndEnd(Duration),
    /// This is answered instead.
    Answer(&'static str),
}

impl Toxic {
    pub(crate) fn on_request(self) -> Request {
        match self {
            Self::SliceRequest(bytes) => Request::Slice(bytes),
            Self::SwallowRequest => Request::Swallow,
            Self::CutRequest(bytes) => Request::Cut(bytes),
            Self::CloseUnread => Request::Cut(0),
            Self::ResetUnread => Request::Reset,
            Self::ProxyPage(page) => Request::Answer(page),
            _ => Request::Pass,
        }
    }

    pub(crate) fn on_reply(self) -> Reply {
        match self {
            Self::Latency(wait) => Reply::Late(wait),
            Self::SliceReply(bytes) => Reply::Slice(bytes, Duration::from_millis(1)),
            Self::Bandwidth(bytes) => Reply::Slice(bytes, Duration::from_millis(10)),
            Self::SwallowReply => Reply::Swallow,
            Self::ResetReply => Reply::Cut(0, true),
            Self::LimitReply(hundredths) => Reply::Cut(hundredths, false),
            Self::LimitReplyReset(hundredths) => Reply::Cut(hundredths, true),
            Self::SlowClose(wait) => Reply::PassAndEnd(wait),
            Self::NoHttp => Reply::Answer("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
            _ => Reply::Pass,
        }
    }
}
