//! Tickets in the ledger: a booking is marked before it is sent, as a block is.

use std::collections::BTreeSet;
use std::time::Duration;

use booking_domain::{HoldState, SeatHold};
use time::OffsetDateTime;

use super::fact::Fact;
use super::{HoldCase, HoldRecord, LedgerError};
use crate::tickets::{Ticket, TicketError};

/// How one attempt to book ended.
///
/// ```
/// use booking_ports::BookingOutcome;
///
/// fn may_be_booked(outcome: &BookingOutcome) -> bool {
///     outcome.as_ref().map_or_else(booking_ports::TicketError::may_be_booked, |_| true)
/// }
/// ```
pub type BookingOutcome = Result<Ticket, TicketError>;

/// What is known of the booking of a hold.
///
/// ```
/// use booking_ports::Booking;
///
/// assert!(!Booking::default().is_open());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Booking {
    /// How often it was marked as being booked.
    pub attempts: u32,
    /// The attempts that are not proven to have booked nothing.
    pub open_attempts: BTreeSet<u32>,
    /// The ticket with its codes. A hold can be known to be booked before its codes are.
    pub ticket: Option<Ticket>,
}

impl Booking {
    /// Whether it may be booked without anybody knowing.
    ///
    /// ```
    /// # use booking_ports::Booking;
    /// let booking = Booking { attempts: 1, open_attempts: [1].into(), ticket: None };
    /// assert!(booking.is_open());
    /// ```
    #[must_use]
    pub fn is_open(&self) -> bool {
        !self.open_attempts.is_empty()
    }
}

/// What a caller that wants to book may do.
///
/// ```
/// use booking_ports::BookingBegun;
///
/// fn may_book(begun: &BookingBegun) -> bool {
///     matches!(begun, BookingBegun::Send(_))
/// }
/// ```
#[derive(Clone, Debug)]
pub enum BookingBegun {
    /// Book, once, and record how it ended.
    Send(Box<BookingPermit>),
    /// Do not book: there is a ticket, or nothing that can be booked.
    Recorded(Box<HoldRecord>),
    /// Do not book: another caller is at this reference, and has at most so long left.
    Busy {
        /// Until its lease ends.
        left: Duration,
    },
}

/// The right to book one hold, once.
///
/// ```
/// use booking_ports::BookingPermit;
///
/// /// What an earlier attempt did is asked before another is made.
/// fn ask_first(permit: &BookingPermit) -> bool {
///     permit.may_be_booked
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookingPermit {
    /// What to book.
    pub hold: SeatHold,
    /// The number of this attempt to book, from 1.
    pub attempt: u32,
    /// Whether an earlier attempt may have booked it.
    pub may_be_booked: bool,
    /// As [`SendPermit::fence`](super::SendPermit::fence).
    pub fence: u64,
}

macro_rules! example {
    ($($line:literal),+) => {
        concat!(
            "\n```\n",
            "# use std::time::Duration;\n# use booking_domain::*;\n# use booking_ports::*;\n",
            "# use time::macros::{date, datetime};\n",
            "# let now = datetime!(2026-11-24 10:00 +7);\n# let minute = Duration::from_secs(60);\n",
            "# let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();\n",
            "# let mut case = HoldCase::fresh(HoldRecord::begun(&order, now));\n",
            "# let hold = SeatHold {\n",
            "#     reference: order.reference().clone(),\n",
            "#     transaction_id: TransactionId::new(\"14429004\").unwrap(),\n",
            "#     status: ProviderStatus::new(StatusMeaning::Waiting, \"WAITING\"),\n",
            "#     deadline: Deadline::stated(now + 30 * minute, now, time::Duration::hours(2)),\n",
            "# };\n",
            "# let Ok(Begun::Send(permit)) = case.begin(now, minute) else { panic!() };\n",
            "# case.end(&permit, &Ok(hold), now).unwrap();\n",
            $($line, "\n",)+
            "```"
        )
    };
}

impl HoldCase {
    /// [`HoldLedger::begin_booking`](super::HoldLedger::begin_booking).
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    #[doc = example!("assert!(matches!(case.begin_booking(now, minute), Ok(BookingBegun::Send(_))));", "assert!(matches!(case.begin_booking(now, minute), Ok(BookingBegun::Busy { .. })));")]
    pub fn begin_booking(
        &mut self,
        now: OffsetDateTime,
        lease: Duration,
    ) -> Result<BookingBegun, LedgerError> {
        self.give_up_dead_sender(now)?;
        let hold = match &self.record.state {
            HoldState::Held(hold) => hold,
            // Known from evidence to be booked: the provider can still be asked for the codes.
            HoldState::Booked(hold) if self.record.booking.ticket.is_none() => hold,
            _ => return Ok(BookingBegun::Recorded(Box::new(self.record.clone()))),
        };
        let hold = hold.clone();
        if let Some(left) = self.lease_left(now) {
            return Ok(BookingBegun::Busy { left });
        }
        self.lease(now, lease);
        let permit = BookingPermit {
            hold,
            attempt: self.record.booking.attempts + 1,
            may_be_booked: self.record.booking.is_open(),
            fence: self.fence,
        };
        let attempt = permit.attempt;
        self.write(Fact::Booking { attempt }, now)?;
        Ok(BookingBegun::Send(Box::new(permit)))
    }

    /// [`HoldLedger::end_booking`](super::HoldLedger::end_booking).
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    #[doc = example!("let Ok(BookingBegun::Send(permit)) = case.begin_booking(now, minute) else { panic!() };", "let ticket = Ticket {", "    transaction_id: permit.hold.transaction_id.clone(),", "    booking_codes: BookingCodes {", "        departure: BookingCode::new(\"KX 7\").unwrap(),", "        return_leg: None,", "    },", "    status: ProviderStatus::new(StatusMeaning::Booked, \"SUCCESS\"),", "};", "let record = case.end_booking(&permit, &Ok(ticket), now).unwrap();", "assert_eq!(record.state.name(), \"booked\");")]
    pub fn end_booking(
        &mut self,
        permit: &BookingPermit,
        outcome: &BookingOutcome,
        now: OffsetDateTime,
    ) -> Result<HoldRecord, LedgerError> {
        let fact = Fact::BookingEnded {
            attempt: permit.attempt,
            outcome: outcome.clone(),
        };
        self.write(fact, now)?;
        self.give_back(permit.fence);
        Ok(self.record.clone())
    }
}
