//! Where a reference stands.

use booking_domain::rfc3339;
use booking_ports::{BookingCodes, DamagedRecord, HoldRecord, Ticket, TicketError, UnknownKind};
use serde::Serialize;
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::answer::{HoldAnswer, Outcome};
use super::message::ticket_message;
use super::story::StoryEntry;

/// Where a reference stands now.
///
/// ```
/// fn may_try_other_seats(hold: &booking_gateway::HoldView) -> bool {
///     !hold.answer.may_be_held
/// }
/// ```
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HoldView {
    /// What is known of the seats.
    #[serde(flatten)]
    pub answer: HoldAnswer,
    /// The state in the ledger, as it reads now: `sending`, `held`, `held_without_receipt`,
    /// `refused`, `not_sent`, `unknown`, `booked`, `expired`, `perhaps_booked`.
    pub state: String,
    /// Whose it is.
    #[schema(value_type = Option<String>)]
    pub tenant: Option<String>,
    /// How often it was sent.
    pub attempts: u32,
    /// When it was begun.
    pub begun_at: String,
    /// When something was last learnt of it.
    pub changed_at: String,
    /// Whether somebody has to settle it.
    pub unsettled: bool,
    /// What is known of its ticket; `null` where none was ever asked for.
    pub booking: Option<BookingView>,
    /// Whether the order with its people is still kept.
    pub order_kept: bool,
}

/// What is known of a ticket.
///
/// ```
/// use booking_gateway::BookingView;
///
/// let booking = BookingView { attempts: 1, uncertain: true, codes: None };
/// assert!(booking.uncertain);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BookingView {
    /// How often it was asked for.
    pub attempts: u32,
    /// Whether it may have been issued, and nobody knows.
    pub uncertain: bool,
    /// What the traveller shows.
    pub codes: Option<BookingCodesView>,
}

/// What the traveller shows.
///
/// ```
/// let codes = booking_gateway::BookingCodesView { departure: "KX7".into(), return_leg: None };
/// assert_eq!(codes.departure, "KX7");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BookingCodesView {
    /// For the way there.
    pub departure: String,
    /// For the way back.
    #[serde(rename = "return")]
    pub return_leg: Option<String>,
}

/// One hold with its story.
///
/// ```
/// fn last(hold: &booking_gateway::HoldStory) -> Option<&str> {
///     hold.story.last().map(|entry| entry.text.as_str())
/// }
/// ```
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HoldStory {
    /// Where it stands.
    #[serde(flatten)]
    pub hold: HoldView,
    /// Everything that was written down about it, the oldest first.
    pub story: Vec<StoryEntry>,
}

/// A page of holds.
///
/// ```
/// fn is_last(page: &booking_gateway::HoldList) -> bool {
///     page.next.is_none()
/// }
/// ```
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HoldList {
    /// The holds.
    pub holds: Vec<HoldView>,
    /// Those that belong here as well and cannot be read; absent where there is none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<DamagedView>,
    /// The `cursor` of the next page; `null` on the last.
    pub next: Option<String>,
}

/// A hold whose record in the ledger was damaged. Seats may be held by it.
///
/// ```
/// fn line(damaged: &booking_gateway::DamagedView) -> String {
///     format!("{}: {}", damaged.partner_reference_no, damaged.message)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DamagedView {
    /// The order's reference, as it stands there.
    pub partner_reference_no: String,
    /// What is wrong with it.
    pub message: String,
}

impl DamagedView {
    pub(crate) fn of(damaged: &DamagedRecord) -> Self {
        Self {
            partner_reference_no: damaged.reference.clone(),
            message: damaged.message.clone(),
        }
    }
}

impl HoldView {
    /// `record` as it reads at `now`.
    pub(crate) fn of(record: &HoldRecord, now: OffsetDateTime, sandbox: bool) -> Self {
        let blank = HoldAnswer::of_outline(
            &record.reference,
            &record.outline,
            Outcome::InProgress,
            sandbox,
        );
        let mut answer = match record.answer(now) {
            None => HoldAnswer {
                // Written down, and on its way at any moment.
                may_be_held: true,
                ..blank
            },
            Some(ended) => blank.ending(ended.as_ref()),
        };
        if let (None, Some(hold)) = (&answer.transaction_id, record.hold()) {
            answer.transaction_id = Some(hold.transaction_id.to_string());
        }
        let booking = &record.booking;
        let asked_for = booking.attempts > 0 || booking.ticket.is_some();
        Self {
            answer,
            state: state_of(record, now),
            tenant: record.outline.tenant.as_ref().map(ToString::to_string),
            attempts: record.attempts,
            begun_at: rfc3339(record.begun_at),
            changed_at: rfc3339(record.changed_at),
            unsettled: record.is_unsettled(),
            booking: asked_for.then(|| BookingView {
                attempts: booking.attempts,
                uncertain: booking.is_open(),
                codes: booking
                    .ticket
                    .as_ref()
                    .map(|ticket| codes(&ticket.booking_codes)),
            }),
            order_kept: record.keeps_order,
        }
    }
}

impl HoldView {
    /// With the ticket that was just issued, also where the ledger could not be read since.
    pub(crate) fn booked(mut self, ticket: &Ticket) -> Self {
        self.answer.outcome = Outcome::Booked;
        self.answer.may_be_held = true;
        self.answer.status = Some(ticket.status.word().to_owned());
        self.answer.expires_at = None;
        "booked".clone_into(&mut self.state);
        let attempts = self.booking.as_ref().map_or(1, |booking| booking.attempts);
        self.booking = Some(BookingView {
            attempts,
            uncertain: false,
            codes: Some(codes(&ticket.booking_codes)),
        });
        self
    }

    /// After a booking that may have become a ticket, or may follow one that has.
    pub(crate) fn perhaps_booked(mut self, error: &TicketError) -> Self {
        self.answer.outcome = Outcome::Unknown;
        self.answer.may_be_held = true;
        self.answer.kind = Some(UnknownKind::BookingUnknown.as_str());
        self.answer.message = Some(ticket_message(error));
        let advice = "It may be booked. Ask for the ticket again, and block nothing else for this traveller.";
        self.answer.advice = Some(advice.to_owned());
        "perhaps_booked".clone_into(&mut self.state);
        self.unsettled = true;
        let booking = self.booking.take();
        self.booking = Some(BookingView {
            attempts: booking.map_or(1, |booking| booking.attempts),
            uncertain: true,
            codes: None,
        });
        self
    }
}

/// What the traveller shows.
fn codes(codes: &BookingCodes) -> BookingCodesView {
    BookingCodesView {
        departure: codes.departure.to_string(),
        return_leg: codes.return_leg.as_ref().map(ToString::to_string),
    }
}

/// The state as a person should read it now, as JSON writes it.
pub(crate) fn state_of(record: &HoldRecord, now: OffsetDateTime) -> String {
    record.state_at(now).replace(' ', "_")
}
