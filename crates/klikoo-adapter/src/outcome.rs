//! What a reply to *block seat* proves.
//!
//! A hold needs a success by every word of the reply; a refusal needs Klikoo's own envelope under
//! a 4xx whose code says the same; everything else is unknown.

use booking_domain::{
    BlockOrder, Deadline, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_ports::{BlockError, Unknown, UnknownKind};
use http::StatusCode;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::canonical_json::Node;
use crate::clock_skew::Clocks;
use crate::envelope::{Envelope, EnvelopeError};
use crate::printable::{Mask, printable};
use crate::refusal::refusal;
use crate::reply::Reply;
use crate::reply_match::contradiction;
use crate::response_code::Case;

/// Longest status word that is kept.
const STATUS_MAX: usize = 32;

/// The outcome of a reply that has just arrived.
pub(crate) fn outcome(
    reply: &Reply,
    order: &BlockOrder,
    clocks: Clocks,
    longest_hold: Duration,
) -> Result<SeatHold, BlockError> {
    let status = reply.status.as_u16();
    let unknown = |kind, message: String| Unknown {
        retry_after: reply.retry_after,
        ..Unknown::new(order.reference().clone(), kind, message)
    };
    let envelope = match Envelope::read(reply) {
        Ok(envelope) => envelope,
        Err(error) => return Err(unreadable(reply, error, unknown).into()),
    };
    if !is_documented_success(reply, &envelope) {
        let mask = Mask::of(order, &reply.secrets());
        let message = mask.message(&envelope.message);
        // Whatever stands where the code belongs may be the traveller's too, and a cut value would
        // not be recognised.
        let code = match envelope.code.as_str() {
            code if envelope.code.http_status().is_some() => code.to_owned(),
            cut if cut.ends_with('…') => "(too long)".to_owned(),
            code => mask.message(code),
        };
        let said = format!("HTTP status {status}, code {code}: {message}");
        let kind = match status {
            409 if envelope.code.case() == Some(Case::ReferenceUsed) => UnknownKind::ReferenceUsed,
            // The first three are about timing; what a 409 conflicts with may be our own earlier
            // attempt.
            408 | 425 | 429 | 409 => UnknownKind::NotDefinitive,
            400..=499 if envelope.is_definitive_refusal(reply) => {
                return Err(refusal(&envelope, message, order, clocks).into());
            }
            200..=299 | 400..=499 => {
                let said =
                    format!("the reply is neither the documented success nor a refusal ({said})");
                return Err(unknown(UnknownKind::ContradictoryReply, said).into());
            }
            500..=599 => UnknownKind::ProviderFailure,
            _ => UnknownKind::NotDefinitive,
        };
        return Err(unknown(kind, said).into());
    }
    let stated = envelope
        .whole_data()
        .ok_or("whose data is absent, is nested too deeply or names a field twice")
        .and_then(|data| {
            let hold = read_hold(&data, reply, order, clocks.here, longest_hold)?;
            Ok((hold, contradiction(&data, order)))
        });
    let (hold, difference) = match stated {
        Ok(stated) => stated,
        Err(missing) => {
            let message = format!("a success (code {}) {missing}", envelope.code);
            return Err(unknown(UnknownKind::UnreadableReply, message).into());
        }
    };
    if let Some(difference) = difference {
        let id = &hold.transaction_id;
        tracing::error!(reference = %order.reference(), "a reply names another {difference} than was ordered");
        let message = format!("transaction {id} names another {difference} than was ordered");
        return Err(unknown(UnknownKind::MismatchedReply, message).into());
    }
    match hold.status.meaning() {
        StatusMeaning::Ended => {
            let word = hold.status.word();
            let message = format!(
                "a success whose transaction {} is {word}",
                hold.transaction_id
            );
            Err(unknown(UnknownKind::ContradictoryReply, message).into())
        }
        _ => match clocks.agree_passed(&hold.deadline) {
            Some(true) => Err(BlockError::Expired(hold.into())),
            Some(false) => Ok(hold),
            None => {
                let message = format!(
                    "whether the deadline of transaction {} has passed is seen differently by this host's clock and Klikoo's",
                    hold.transaction_id
                );
                Err(unknown(UnknownKind::ContradictoryReply, message).into())
            }
        },
    }
}

/// 201 and `201xx2001` (given document, section E) or an older code of seven digits, whose cases
/// are not published; 200 and `200xx2000`. Another 2xx, or another case, may be
/// a request that was taken in and not yet decided.
fn is_documented_success(reply: &Reply, envelope: &Envelope<'_>) -> bool {
    let case = envelope.code.case();
    envelope.agrees(reply)
        && match reply.status {
            StatusCode::CREATED => case == Some(Case::Created) || envelope.code.is_short(),
            StatusCode::OK => case == Some(Case::Success),
            _ => false,
        }
}

fn unreadable(
    reply: &Reply,
    error: EnvelopeError,
    unknown: impl Fn(UnknownKind, String) -> Unknown,
) -> Unknown {
    let status = reply.status.as_u16();
    let message = format!("HTTP status {status}, and {error}");
    let kind = match (&error, status) {
        (EnvelopeError::TimedOut(_), _) => UnknownKind::Timeout,
        (_, 500..=599) => UnknownKind::ProviderFailure,
        (_, 200..=299) => UnknownKind::UnreadableReply,
        _ => UnknownKind::NotDefinitive,
    };
    let cause = match error {
        EnvelopeError::TimedOut(cause) | EnvelopeError::CutShort(cause) => Some(cause),
        EnvelopeError::TooLong | EnvelopeError::NotJson | EnvelopeError::Malformed => None,
    };
    Unknown {
        cause,
        ..unknown(kind, message)
    }
}

/// The hold that a success states, or what it lacks.
fn read_hold(
    data: &Node<'_>,
    reply: &Reply,
    order: &BlockOrder,
    now: OffsetDateTime,
    longest_hold: Duration,
) -> Result<SeatHold, &'static str> {
    let text = |name| match data.member(name) {
        Some(Node::Text(text)) => Some(text.as_ref()),
        _ => None,
    };
    let (Some(id), Some(status), Some(expired_at)) = (
        data.member("transaction_id"),
        text("status"),
        text("expired_at"),
    ) else {
        return Err("without transaction_id, status and expired_at as documented");
    };
    let transaction_id = match id {
        Node::Text(text) => Some(text.to_string()),
        // Other calls of this API write it as a number.
        Node::Literal(number) => number.parse().ok().map(|number: u64| number.to_string()),
        Node::Object(_) | Node::Array(_) => None,
    };
    let transaction_id = transaction_id
        .filter(|id| !order.is_personal_text(id))
        .and_then(TransactionId::new)
        .ok_or("whose transaction_id cannot be one")?;
    let stated = OffsetDateTime::parse(expired_at, &Rfc3339)
        .map_err(|_| "whose expired_at is no RFC 3339 time with an offset")?;
    let meaning = match status.trim().to_ascii_uppercase().as_str() {
        "" => return Err("whose status is blank"),
        "WAITING" => StatusMeaning::Waiting,
        "SUCCESS" => StatusMeaning::Booked,
        // The first two are documented (A4); nobody can mean a live hold by the others.
        "FAILED" | "EXPIRED" | "CANCELLED" | "CANCELED" | "REJECTED" | "REFUNDED" => {
            StatusMeaning::Ended
        }
        _ => StatusMeaning::Unrecognised,
    };
    let deadline = Deadline::stated(stated, now, longest_hold);
    if deadline.was_clamped() {
        tracing::warn!(
            reference = %order.reference(),
            "the stated deadline is further off than the longest hold; it is brought forward"
        );
    }
    let word = match meaning {
        // Only a new word can hold something that has to be hidden.
        StatusMeaning::Unrecognised => printable(
            &Mask::of(order, &reply.secrets()).message(status),
            STATUS_MAX,
        ),
        _ => status.to_owned(),
    };
    Ok(SeatHold {
        reference: order.reference().clone(),
        transaction_id,
        status: ProviderStatus::new(meaning, word),
        deadline,
    })
}
