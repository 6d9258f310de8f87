//! What a reply to *block seat* proves.
//!
//! A hold needs a success by every word of the reply; a refusal needs Klikoo's own envelope under
//! a 4xx whose code says the same; everything else is unknown.

use booking_domain::{BlockOrder, Deadline, SeatHold, StatusMeaning, TransactionId};
use booking_ports::{BlockError, Unknown, UnknownKind};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use crate::canonical_json::Node;
use crate::clock_skew::Clocks;
use crate::doubt::Doubt;
use crate::envelope::Envelope;
use crate::printable::Mask;
use crate::refusal::refusal;
use crate::reply::Reply;
use crate::reply_match::contradiction;
use crate::status::provider_status;

/// The outcome of a reply that has just arrived.
pub(crate) fn outcome(
    reply: &Reply,
    order: &BlockOrder,
    clocks: Clocks,
    longest_hold: Duration,
) -> Result<SeatHold, BlockError> {
    let unknown = |kind, message: String| Unknown {
        retry_after: reply.retry_after,
        ..Unknown::new(order.reference().clone(), kind, message)
    };
    let doubted = |doubt: Doubt| Unknown {
        cause: doubt.cause,
        ..unknown(doubt.kind, doubt.message)
    };
    let envelope = match Envelope::read(reply) {
        Ok(envelope) => envelope,
        Err(error) => return Err(doubted(Doubt::unreadable(reply, error)).into()),
    };
    if !envelope.says_done(reply) {
        let mask = Mask::of(order, &reply.secrets());
        let message = mask.message(&envelope.message);
        // Whatever stands where the code belongs may be the traveller's too, and a cut value would
        // not be recognised.
        let code = match envelope.code.as_str() {
            code if envelope.code.http_status().is_some() => code.to_owned(),
            cut if cut.ends_with('…') => "(too long)".to_owned(),
            code => mask.message(code),
        };
        return Err(match Doubt::undone(reply, &envelope, &code, &message) {
            Some(doubt) => doubted(doubt).into(),
            None => refusal(&envelope, message, order, clocks).into(),
        });
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
            Some(false) => Ok(SeatHold {
                // Shown by this host's clock, it must not outlive the provider's.
                deadline: hold.deadline.brought_forward(clocks.behind()),
                ..hold
            }),
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
    let transaction_id = id
        .text_or_whole()
        .filter(|id| !order.is_personal_text(id))
        .and_then(TransactionId::new)
        .ok_or("whose transaction_id cannot be one")?;
    let stated = OffsetDateTime::parse(expired_at, &Rfc3339)
        .map_err(|_| "whose expired_at is no RFC 3339 time with an offset")?;
    let status = provider_status(status, || Mask::of(order, &reply.secrets()))
        .ok_or("whose status is blank")?;
    let deadline = Deadline::stated(stated, now, longest_hold);
    if deadline.was_clamped() {
        tracing::warn!(
            reference = %order.reference(),
            "the stated deadline is further off than the longest hold; it is brought forward"
        );
    }
    Ok(SeatHold {
        reference: order.reference().clone(),
        transaction_id,
        status,
        deadline,
    })
}
