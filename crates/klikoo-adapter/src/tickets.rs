//! A ticket for what is held: `POST /v1/open-api/transports/book`.

use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{Deadline, SeatHold, StatusMeaning};
use booking_ports::{
    BookingCode, BookingCodes, Ticket, TicketError, TicketIssuer, TransactionInquiry, UnknownKind,
};
use serde::Serialize;

use crate::base_url::Endpoint;
use crate::canonical_json::Node;
use crate::client::KlikooClient;
use crate::doubt::Doubt;
use crate::envelope::Envelope;
use crate::inquiry::withheld;
use crate::printable::Mask;
use crate::refusal::kind_and_words;
use crate::reply::Reply;
use crate::reply_match::names_another_reference;
use crate::silence::Silence;
use crate::status::provider_status;
use crate::transactions::KlikooTransactions;
use crate::wire::written;

const PATH: &str = "/v1/open-api/transports/book";

/// Books holds at Klikoo. Keeps the contract of [`TicketIssuer`].
///
/// Whether Klikoo answers a second booking of a booked hold with the codes that it has, is not
/// published (`docs/klikoo-api.md`, A9). Where it refuses instead, that is a
/// [`TicketError::Refused`], and proves nothing about the first.
///
/// ```
/// use std::time::Duration;
/// use booking_domain::SeatHold;
/// use booking_ports::{TicketError, TicketIssuer};
/// use klikoo_adapter::{KlikooClient, KlikooTickets};
///
/// async fn book(client: KlikooClient, hold: &SeatHold) -> Result<(), TicketError> {
///     let tickets = KlikooTickets::new(client, Duration::from_secs(60));
///     println!("{}", tickets.issue(hold).await?.booking_codes.departure);
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct KlikooTickets {
    client: KlikooClient,
    endpoint: Endpoint,
    transactions: KlikooTransactions,
    margin: Duration,
}

impl KlikooTickets {
    /// An adapter over `client`, whose token and connections it shares with others, that begins
    /// no booking later than `margin` before the end of a hold. A call may take as long as the
    /// client's total timeout; a shorter margin risks paying for seats that were let go.
    ///
    /// ```
    /// use std::time::Duration;
    /// use klikoo_adapter::{KlikooClient, KlikooTickets};
    ///
    /// fn tickets(client: &KlikooClient) -> KlikooTickets {
    ///     KlikooTickets::new(client.clone(), Duration::from_secs(60))
    /// }
    /// ```
    #[must_use]
    pub fn new(client: KlikooClient, margin: Duration) -> Self {
        Self {
            endpoint: client.endpoint(PATH),
            transactions: KlikooTransactions::new(client.clone()),
            client,
            margin,
        }
    }

    /// Whether `hold` may be booked now.
    async fn check_time(&self, hold: &SeatHold) -> Result<(), TicketError> {
        // Asked for its codes: what is booked does not end.
        if hold.status.meaning() == StatusMeaning::Booked {
            return Ok(());
        }
        if !hold.deadline.is_stated() {
            return self
                .confirm(hold)
                .await
                .map_err(|message| TicketError::Unconfirmed {
                    reference: hold.reference.clone(),
                    transaction_id: hold.transaction_id.clone(),
                    message,
                });
        }
        if self.in_time(&hold.deadline) {
            // A token that has to be fetched first tells Klikoo's time, which decides as well.
            let told = self.client.clocks().provider.is_some()
                || self.client.token(self.client.deadline()).await.is_err();
            if told || self.in_time(&hold.deadline) {
                return Ok(());
            }
        }
        Err(TicketError::TooLate {
            reference: hold.reference.clone(),
            transaction_id: hold.transaction_id.clone(),
            ends_at: hold.deadline.at(),
            margin: self.margin,
        })
    }

    /// By Klikoo's clock, what Klikoo stated; by this host's, what it may believe.
    fn in_time(&self, deadline: &Deadline) -> bool {
        let margin = self.margin.try_into().unwrap_or(time::Duration::MAX);
        let clocks = self.client.clocks();
        let by_klikoo = clocks.provider.zip(deadline.stated_at());
        deadline.allows(margin, clocks.here)
            && by_klikoo.is_none_or(|(now, stated)| stated - now > margin)
    }

    /// Asks whether `hold` still waits, or is booked already.
    async fn confirm(&self, hold: &SeatHold) -> Result<(), String> {
        let shown = self.transactions.by_id(&hold.transaction_id).await;
        let Some(shown) = shown.map_err(|error| error.to_string())? else {
            return Err("it knows no such transaction".to_owned());
        };
        if let Some(other) = shown.reference.filter(|it| *it != hold.reference) {
            tracing::error!(reference = %hold.reference, %other, "a transaction is another order's");
            return Err(format!("its reference is {other}"));
        }
        match shown.status.meaning() {
            StatusMeaning::Waiting | StatusMeaning::Booked => Ok(()),
            StatusMeaning::Ended | StatusMeaning::Unrecognised => {
                Err(format!("it is {}", shown.status.word()))
            }
        }
    }
}

#[derive(Serialize)]
struct BookBody<'a> {
    transaction_id: &'a str,
}

#[async_trait]
impl TicketIssuer for KlikooTickets {
    async fn issue(&self, hold: &SeatHold) -> Result<Ticket, TicketError> {
        self.check_time(hold).await?;
        let body = written(&BookBody {
            transaction_id: hold.transaction_id.as_str(),
        });
        let reply = match self.client.post(&self.endpoint, body).await {
            Ok(reply) => reply,
            Err(error) => return Err(without_reply(error.into(), hold)),
        };
        let unknown = |doubt: Doubt| TicketError::Unknown {
            reference: hold.reference.clone(),
            transaction_id: hold.transaction_id.clone(),
            kind: match doubt.kind {
                // A booking uses no reference.
                UnknownKind::ReferenceUsed => UnknownKind::NotDefinitive,
                kind => kind,
            },
            message: doubt.message,
            retry_after: reply.retry_after,
            cause: doubt.cause,
        };
        let envelope =
            Envelope::read(&reply).map_err(|error| unknown(Doubt::unreadable(&reply, error)))?;
        if envelope.says_done(&reply) {
            return ticket(&reply, &envelope, hold).map_err(unknown);
        }
        let message = withheld(&reply, &envelope);
        let code = envelope.shown_code();
        if let Some(doubt) = Doubt::undone(&reply, &envelope, code, &message) {
            return Err(unknown(doubt));
        }
        let (kind, message) = kind_and_words(&envelope, message, self.client.clocks());
        Err(TicketError::Refused {
            reference: hold.reference.clone(),
            transaction_id: hold.transaction_id.clone(),
            kind,
            code: code.to_owned(),
            message,
        })
    }
}

/// The ticket that a success states; a doubt where it states none, or another's.
fn ticket(reply: &Reply, envelope: &Envelope<'_>, hold: &SeatHold) -> Result<Ticket, Doubt> {
    let unreadable = |what: &str| {
        let message = format!("a success (code {}) {what}", envelope.code);
        Doubt::new(UnknownKind::UnreadableReply, message)
    };
    let data = envelope.whole_data().ok_or_else(|| {
        unreadable("whose data is absent, is nested too deeply or names a field twice")
    })?;
    let id = data
        .member("transaction_id")
        .and_then(Node::text_or_whole)
        .ok_or_else(|| unreadable("without transaction_id as documented"))?;
    let mismatch = if id != hold.transaction_id.as_str() {
        Some("transaction")
    } else if names_another_reference(&data, hold.reference.as_str()) {
        Some("reference")
    } else {
        None
    };
    if let Some(what) = mismatch {
        tracing::error!(reference = %hold.reference, "a ticket names another {what} than was booked");
        let message = format!("the reply names another {what} than was to be booked");
        return Err(Doubt::new(UnknownKind::MismatchedReply, message));
    }
    let status = match data.member("status") {
        Some(Node::Text(word)) => provider_status(word, || Mask::secrets(&reply.secrets())),
        _ => None,
    };
    let status = status.ok_or_else(|| unreadable("without status as documented"))?;
    if status.meaning() != StatusMeaning::Booked {
        let message = format!("a success whose transaction is {}", status.word());
        return Err(Doubt::new(UnknownKind::ContradictoryReply, message));
    }
    let code = |leg| {
        data.member("booking_codes")
            .and_then(|codes| codes.member(leg))
    };
    let read = |node: &Node<'_>| node.text_or_whole().and_then(BookingCode::new);
    let departure = code("departure")
        .and_then(read)
        .ok_or_else(|| unreadable("without a booking code that can be shown"))?;
    let return_leg = match code("return") {
        None | Some(Node::Literal("null")) => None,
        // So Klikoo writes that there is none.
        Some(Node::Text(empty)) if empty.is_empty() => None,
        Some(node) => Some(
            read(node).ok_or_else(|| unreadable("whose return's booking code cannot be shown"))?,
        ),
    };
    Ok(Ticket {
        transaction_id: hold.transaction_id.clone(),
        booking_codes: BookingCodes {
            departure,
            return_leg,
        },
        status,
    })
}

fn without_reply(silence: Silence, hold: &SeatHold) -> TicketError {
    let (reference, transaction_id) = (hold.reference.clone(), hold.transaction_id.clone());
    match silence {
        Silence::NotSent {
            kind,
            message,
            retry_after,
            cause,
        } => TicketError::NotSent {
            reference,
            transaction_id,
            kind,
            message,
            retry_after,
            cause,
        },
        Silence::Unknown {
            kind,
            message,
            cause,
        } => TicketError::Unknown {
            reference,
            transaction_id,
            kind,
            message,
            retry_after: None,
            cause: Some(cause),
        },
    }
}
