//! The envelope of every reply: code, message, data (`docs/klikoo-api.md` §1).

use http::StatusCode;
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

use crate::canonical_json::{Node, parse_value};
use crate::reply::{BodyFault, Reply};
use crate::response_code::{Case, ResponseCode};

/// A reply whose envelope could be read.
pub(crate) struct Envelope<'a> {
    pub(crate) code: ResponseCode,
    pub(crate) message: String,
    data: Option<&'a RawValue>,
    data_is_null: bool,
    meta: Option<&'a RawValue>,
}

/// Why a reply is no envelope.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum EnvelopeError {
    #[error("the reply has more than 1 MiB")]
    TooLong,
    #[error("the reply was cut short")]
    CutShort(booking_ports::Cause),
    #[error("the reply did not end in time")]
    TimedOut(booking_ports::Cause),
    #[error("the reply is not declared as application/json")]
    NotJson,
    #[error("the reply is not the documented JSON")]
    Malformed,
}

#[derive(Deserialize)]
struct Wire<'a> {
    response_code: ResponseCode,
    #[serde(default)]
    response_message: Option<String>,
    #[serde(default, borrow, deserialize_with = "even_null")]
    data: Option<&'a RawValue>,
    #[serde(default, borrow)]
    meta: Option<&'a RawValue>,
}

/// serde would take `null` for nothing; who has to tell them apart needs the word.
fn even_null<'de: 'a, 'a, D: Deserializer<'de>>(from: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&'a RawValue>::deserialize(from).map(Some)
}

impl<'a> Envelope<'a> {
    pub(crate) fn read(reply: &'a Reply) -> Result<Self, EnvelopeError> {
        let body = reply.body.as_ref().map_err(|fault| match fault {
            BodyFault::TooLong => EnvelopeError::TooLong,
            BodyFault::CutShort(cause) => EnvelopeError::CutShort(cause.clone()),
            BodyFault::TimedOut(cause) => EnvelopeError::TimedOut(cause.clone()),
        })?;
        if !reply.is_json {
            return Err(EnvelopeError::NotJson);
        }
        // serde would also read the members from a list, in their order; a list is no envelope.
        if !begins_as_object(body) {
            return Err(EnvelopeError::Malformed);
        }
        // serde_json's own words may quote the reply, and the reply may quote the traveller.
        let wire: Wire<'a> = serde_json::from_slice(body).map_err(|_| EnvelopeError::Malformed)?;
        let data = wire.data.filter(|data| data.get() != "null");
        Ok(Self {
            code: wire.response_code,
            message: wire.response_message.unwrap_or_default(),
            data_is_null: data.is_none() && wire.data.is_some(),
            data,
            meta: wire.meta,
        })
    }

    /// Whether this is a success by both its words: a 2xx status, and a code that begins with the
    /// same status.
    pub(crate) fn is_success(&self, reply: &Reply) -> bool {
        reply.status.is_success() && self.agrees(reply)
    }

    /// Whether the code begins with the HTTP status.
    pub(crate) fn agrees(&self, reply: &Reply) -> bool {
        self.code.http_status() == Some(reply.status.as_u16())
    }

    /// The code where it is one: whatever else stands in its place may be a traveller's.
    pub(crate) fn shown_code(&self) -> &str {
        match self.code.http_status() {
            Some(_) => self.code.as_str(),
            None => "(none)",
        }
    }

    /// Whether this is a provider's final no: a 4xx that is not about timing, whose code begins
    /// with the same status, whether listed or not.
    pub(crate) fn is_definitive_refusal(&self, reply: &Reply) -> bool {
        const ABOUT_TIMING: [u16; 3] = [408, 425, 429];
        reply.status.is_client_error()
            && !ABOUT_TIMING.contains(&reply.status.as_u16())
            && self.agrees(reply)
    }

    /// Whether this says that something was made: 201 and `201xx2001` (given document, section E)
    /// or an older code of seven digits, whose cases are not published; 200 and `200xx2000`.
    /// Another 2xx, or another case, may be a request that was taken in and not yet decided.
    pub(crate) fn says_done(&self, reply: &Reply) -> bool {
        let case = self.code.case();
        self.agrees(reply)
            && match reply.status {
                StatusCode::CREATED => case == Some(Case::Created) || self.code.is_short(),
                StatusCode::OK => case == Some(Case::Success),
                _ => false,
            }
    }

    /// `data`, an object, as `T`; `None` where it is absent, `null` or of another form.
    pub(crate) fn data<T: DeserializeOwned>(&self) -> Option<T> {
        let data = self.data?.get();
        begins_as_object(data.as_bytes())
            .then(|| serde_json::from_str(data).ok())
            .flatten()
    }

    /// All that `data` says, at whatever depth; `None` where there is none, or where something in
    /// it cannot be read or is named twice, so that readers could differ in what it says.
    pub(crate) fn whole_data(&self) -> Option<Node<'a>> {
        parse_value(self.data?).ok()
    }

    /// Whether `data` is absent or `null`.
    pub(crate) fn is_without_data(&self) -> bool {
        self.data.is_none()
    }

    /// Whether `data` is there and `null`, as some servers write an empty list.
    pub(crate) fn has_null_data(&self) -> bool {
        self.data_is_null
    }

    /// What stands beside `data` in a list that has pages, read as [`whole_data`](Self::whole_data)
    /// is.
    pub(crate) fn whole_meta(&self) -> Option<Node<'a>> {
        parse_value(self.meta?).ok()
    }
}

fn begins_as_object(json: &[u8]) -> bool {
    json.trim_ascii_start().starts_with(b"{")
}

/// A text that other calls of this API also write as a number.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum TextOrNumber {
    Text(String),
    Number(serde_json::Number),
}

impl TextOrNumber {
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Text(text) => text,
            Self::Number(number) => number.to_string(),
        }
    }

    /// The whole number that this is or spells.
    pub(crate) fn whole(&self) -> Option<u64> {
        match self {
            Self::Text(text) => text.trim().parse().ok(),
            Self::Number(number) => number.as_u64(),
        }
    }
}
