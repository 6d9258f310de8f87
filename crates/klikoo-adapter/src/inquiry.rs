//! What the reply to a question is worth. Only a success by every word of it answers; nothing else
//! may be taken for "there is none".

use booking_ports::InquiryError;
use http::StatusCode;

use crate::canonical_json::Node;
use crate::client::CallError;
use crate::clock_skew;
use crate::envelope::Envelope;
use crate::printable::{MESSAGE_MAX, Mask, printable};
use crate::reply::Reply;
use crate::response_code::Case;
use crate::transport::{CROWDED, SendError};

/// The envelope of an answer; `words` makes the provider's message fit to show.
pub(crate) fn answered(
    reply: &Reply,
    words: impl Fn(&Reply, &Envelope<'_>) -> String,
) -> Result<Envelope<'_>, InquiryError> {
    let status = reply.status.as_u16();
    let envelope = Envelope::read(reply).map_err(|error| {
        let message = format!("HTTP status {status}, and {error}");
        if reply.status.is_success() {
            InquiryError::Unreadable { message }
        } else {
            failing(reply, message)
        }
    })?;
    if envelope.is_definitive_refusal(reply) {
        let code = envelope.code.as_str().to_owned();
        let message = words(reply, &envelope);
        return Err(InquiryError::Refused { code, message });
    }
    let code = envelope.shown_code();
    if !reply.status.is_success() {
        let message = words(reply, &envelope);
        let message = format!("HTTP status {status}, code {code}: {message}");
        return Err(failing(reply, message));
    }
    let case = envelope.code.case();
    let done = case == Some(Case::Success) || envelope.code.is_short();
    if reply.status != StatusCode::OK || !envelope.agrees(reply) || !done {
        return Err(unreadable(format!(
            "HTTP status {status} with code {code} is not the documented success"
        )));
    }
    Ok(envelope)
}

/// The provider's own words, without the secrets of the call: for questions in which no traveller
/// occurs.
pub(crate) fn shown(reply: &Reply, envelope: &Envelope<'_>) -> String {
    Mask::secrets(&reply.secrets()).message(&envelope.message)
}

/// What the code means, in place of the provider's words: those may name a traveller, whom nobody
/// could mask without the order.
pub(crate) fn withheld(_: &Reply, envelope: &Envelope<'_>) -> String {
    let meaning = envelope.code.case().map(Case::meaning);
    let unlisted = "no meaning of this code is published, and Klikoo's words are left out, since they may name a traveller";
    meaning.unwrap_or(unlisted).to_owned()
}

/// The error of a call that has no reply.
pub(crate) fn unanswered(error: CallError) -> InquiryError {
    let mut retry_after = None;
    let (message, cause) = match error {
        CallError::NoToken(error) => {
            retry_after = error.retry_after;
            (error.to_string(), None)
        }
        CallError::ClockOff { skew } => (clock_skew::too_far_off(skew), None),
        CallError::Send(SendError::Unsendable { message }) => (message, None),
        CallError::Send(SendError::Crowded) => (CROWDED.to_owned(), None),
        CallError::Send(SendError::TimedOut { cause }) => {
            ("no answer in time".to_owned(), Some(cause))
        }
        CallError::Send(
            SendError::NeverSent { message, cause, .. }
            | SendError::ConnectionLost { message, cause },
        ) => (message, Some(cause)),
    };
    InquiryError::Unavailable {
        message,
        retry_after,
        cause,
    }
}

/// A reply of a failing provider, which may say when to ask again.
fn failing(reply: &Reply, message: String) -> InquiryError {
    InquiryError::Unavailable {
        message,
        retry_after: reply.retry_after,
        cause: None,
    }
}

pub(crate) fn unreadable(message: impl Into<String>) -> InquiryError {
    InquiryError::Unreadable {
        message: message.into(),
    }
}

pub(crate) fn unavailable(message: String) -> InquiryError {
    InquiryError::Unavailable {
        message,
        retry_after: None,
        cause: None,
    }
}

/// The text of a member in one line, fit to print; `None` where it is absent, blank or no text. A
/// number may stand in its place.
pub(crate) fn line(node: &Node<'_>, name: &str) -> Option<String> {
    let text = node.member(name)?.text_or_whole()?;
    let text = text.trim();
    (!text.is_empty()).then(|| printable(text, MESSAGE_MAX))
}
