//! A reference as a row, whatever database it is in.

use booking_domain::{
    BlockOrder, HoldState, PartnerReference, ProductCode, Rupiah, Tenant, day_in_jakarta,
};
use booking_ports::{
    Booking, Change, Entry, FeedPosition, HoldCase, HoldRecord, LedgerError, OrderOutline, Outcome,
};
use sqlx::FromRow;

use crate::keyring::Keyring;
use crate::moment::{from_millis, to_millis};
use crate::seal::SealedOrder;
use crate::wire;

/// What is written when a reference is begun, and never again.
pub(crate) struct BeginningRow {
    pub(crate) reference: String,
    pub(crate) product_code: String,
    pub(crate) selling_price: i64,
    pub(crate) legs: String,
    pub(crate) begun_at: i64,
    pub(crate) tenant: Option<String>,
    /// The trips again, for lists by trip.
    pub(crate) trip: Option<i64>,
    pub(crate) return_trip: Option<i64>,
}

impl BeginningRow {
    pub(crate) fn of(record: &HoldRecord) -> Result<Self, LedgerError> {
        let outline = &record.outline;
        let trip = |leg: usize| outline.legs.get(leg).map(|leg| leg.trip_id.get());
        Ok(Self {
            reference: record.reference.to_string(),
            product_code: outline.product_code.to_string(),
            selling_price: signed(outline.selling_price.get()),
            legs: wire::legs_to_json(&outline.legs)?,
            begun_at: to_millis(record.begun_at),
            tenant: outline.tenant.as_ref().map(ToString::to_string),
            trip: trip(0),
            return_trip: trip(1),
        })
    }
}

/// What follows from the entries.
#[derive(Debug, PartialEq, Eq, FromRow)]
pub(crate) struct DerivedRow {
    pub(crate) state: String,
    pub(crate) hold: Option<String>,
    pub(crate) deadline: Option<i64>,
    pub(crate) ending: Option<String>,
    pub(crate) attempts: i64,
    pub(crate) open_attempts: String,
    pub(crate) sent_at: Option<i64>,
    pub(crate) bookings: i64,
    pub(crate) open_bookings: String,
    pub(crate) ticket: Option<String>,
    pub(crate) changed_at: i64,
    pub(crate) keeps_order: bool,
    pub(crate) unsettled: bool,
}

impl DerivedRow {
    pub(crate) fn of(record: &HoldRecord) -> Result<Self, LedgerError> {
        let (hold, booking) = (record.hold(), &record.booking);
        let ending = record.ending.clone().map(Outcome::Err);
        Ok(Self {
            state: record.state.name().to_owned(),
            hold: hold.map(wire::hold_to_json).transpose()?,
            deadline: hold.map(|hold| to_millis(hold.deadline.at())),
            ending: ending.as_ref().map(wire::outcome_to_json).transpose()?,
            attempts: record.attempts.into(),
            open_attempts: wire::attempts_to_json(&record.open_attempts)?,
            sent_at: record.sent_at.map(to_millis),
            bookings: booking.attempts.into(),
            open_bookings: wire::attempts_to_json(&booking.open_attempts)?,
            ticket: booking
                .ticket
                .as_ref()
                .map(wire::ticket_to_json)
                .transpose()?,
            changed_at: to_millis(record.changed_at),
            keeps_order: record.keeps_order,
            unsettled: record.is_unsettled(),
        })
    }
}

/// Who may send or settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub(crate) struct Right {
    pub(crate) fence: i64,
    pub(crate) lease_ends: Option<i64>,
    /// Which opened ledger was given it.
    pub(crate) owner: Option<i64>,
}

impl Right {
    /// The right of a case, given by the ledger `owner` where it is newer than `before`.
    pub(crate) fn of(case: &HoldCase, before: Option<&Self>, owner: i64) -> Self {
        let fence = signed(case.fence);
        let owner = match before {
            Some(before) if before.fence == fence => before.owner,
            _ => Some(owner),
        };
        Self {
            fence,
            lease_ends: case.lease_ends.map(to_millis),
            owner: owner.filter(|_| case.lease_ends.is_some()),
        }
    }
}

/// A whole row, as it is read.
#[derive(FromRow)]
pub(crate) struct HoldRow {
    pub(crate) number: i64,
    reference: String,
    product_code: String,
    selling_price: i64,
    legs: String,
    begun_at: i64,
    tenant: Option<String>,
    pub(crate) key_id: i64,
    pub(crate) fingerprint: Vec<u8>,
    /// Whether the order was kept when the reference was begun.
    sealed: bool,
    #[sqlx(flatten)]
    pub(crate) derived: DerivedRow,
    #[sqlx(flatten)]
    pub(crate) right: Right,
}

impl HoldRow {
    pub(crate) fn case(&self) -> Result<HoldCase, LedgerError> {
        let lease_ends = self.right.lease_ends.map(from_millis).transpose()?;
        let fence = unsigned(self.right.fence)?;
        Ok(HoldCase::stored(self.record()?, fence, lease_ends))
    }

    /// As a part of a list, which it must not spoil.
    pub(crate) fn listed(&self) -> (u64, &str, Result<HoldRecord, LedgerError>) {
        let number = u64::try_from(self.number).unwrap_or_default();
        (number, &self.reference, self.record())
    }

    pub(crate) fn record(&self) -> Result<HoldRecord, LedgerError> {
        let derived = &self.derived;
        Ok(HoldRecord {
            state: self.state()?,
            ending: match derived.ending.as_deref().map(wire::outcome_from_json) {
                None => None,
                Some(outcome) => outcome?.err(),
            },
            attempts: self.count(derived.attempts)?,
            open_attempts: wire::attempts_from_json(&derived.open_attempts)?,
            sent_at: derived.sent_at.map(from_millis).transpose()?,
            booking: Booking {
                attempts: self.count(derived.bookings)?,
                open_attempts: wire::attempts_from_json(&derived.open_bookings)?,
                ticket: match derived.ticket.as_deref() {
                    None => None,
                    Some(json) => Some(wire::ticket_from_json(json)?),
                },
            },
            changed_at: from_millis(derived.changed_at)?,
            keeps_order: derived.keeps_order,
            ..self.beginning()?
        })
    }

    /// The record without any of its entries.
    pub(crate) fn beginning(&self) -> Result<HoldRecord, LedgerError> {
        let begun_at = from_millis(self.begun_at)?;
        Ok(HoldRecord {
            number: unsigned(self.number)?,
            reference: self.reference()?,
            outline: OrderOutline {
                product_code: ProductCode::new(self.product_code.as_str())
                    .map_err(|_| self.impossible("product"))?,
                selling_price: Rupiah::new(unsigned(self.selling_price)?)
                    .map_err(|_| self.impossible("price"))?,
                legs: wire::legs_from_json(&self.legs)?,
                tenant: self.tenant()?,
            },
            state: HoldState::Intended,
            ending: None,
            attempts: 0,
            open_attempts: std::collections::BTreeSet::new(),
            begun_at,
            sent_at: None,
            booking: Booking::default(),
            changed_at: begun_at,
            keeps_order: self.sealed,
        })
    }

    pub(crate) fn reference_text(&self) -> &str {
        &self.reference
    }

    pub(crate) fn legs(&self) -> &str {
        &self.legs
    }

    fn tenant(&self) -> Result<Option<Tenant>, LedgerError> {
        let tenant = self.tenant.as_deref().map(Tenant::new).transpose();
        tenant.map_err(|_| self.impossible("tenant"))
    }

    fn reference(&self) -> Result<PartnerReference, LedgerError> {
        PartnerReference::new(self.reference.as_str()).map_err(|_| LedgerError::Damaged {
            message: format!("row {} has no valid reference", self.number),
        })
    }

    fn state(&self) -> Result<HoldState, LedgerError> {
        let hold = self
            .derived
            .hold
            .as_deref()
            .map(wire::hold_from_json)
            .transpose()?;
        Ok(match (self.derived.state.as_str(), hold) {
            ("intended", None) => HoldState::Intended,
            ("sending", None) => HoldState::Sending,
            ("held", Some(hold)) => HoldState::Held(hold),
            ("held without receipt", None) => HoldState::HeldWithoutReceipt,
            ("refused", None) => HoldState::Refused,
            ("not sent", None) => HoldState::NotSent,
            ("unknown", None) => HoldState::Unknown,
            ("booked", Some(hold)) => HoldState::Booked(hold),
            ("expired", hold) => HoldState::Expired(hold),
            _ => return Err(self.impossible("state")),
        })
    }

    fn count(&self, attempts: i64) -> Result<u32, LedgerError> {
        u32::try_from(attempts).map_err(|_| self.impossible("number of attempts"))
    }

    fn impossible(&self, what: &str) -> LedgerError {
        LedgerError::Damaged {
            message: format!("{} has a {what} that cannot be", self.reference),
        }
    }
}

/// An entry as it is read.
#[derive(FromRow)]
pub(crate) struct EntryRow {
    pub(crate) hold: i64,
    at: i64,
    pub(crate) fact: String,
}

impl EntryRow {
    pub(crate) fn entry(&self) -> Result<Entry, LedgerError> {
        Ok(Entry {
            at: from_millis(self.at)?,
            fact: wire::fact_from_json(&self.fact)?,
        })
    }
}

/// An entry of the feed as it is read, with its reference.
#[derive(FromRow)]
pub(crate) struct ChangeRow {
    position: i64,
    at: i64,
    fact: String,
    #[sqlx(flatten)]
    row: HoldRow,
}

impl ChangeRow {
    /// Where it cannot be read, the feed goes on without it.
    pub(crate) fn shown(&self) -> Option<Change> {
        let shown = self.change();
        if let Err(error) = &shown {
            let position = self.position;
            tracing::warn!(%error, position, "an entry of the feed is damaged and is not shown");
        }
        shown.ok()
    }

    fn change(&self) -> Result<Change, LedgerError> {
        Ok(Change {
            position: FeedPosition::new(unsigned(self.position)?),
            record: self.row.record()?,
            entry: Entry {
                at: from_millis(self.at)?,
                fact: wire::fact_from_json(&self.fact)?,
            },
        })
    }
}

/// An order as it is kept, and what its row knows of it.
#[derive(FromRow)]
pub(crate) struct OrderRow {
    begun_at: i64,
    tenant: Option<String>,
    key_id: i64,
    row_key: Vec<u8>,
    body: Vec<u8>,
}

impl OrderRow {
    pub(crate) fn order(
        self,
        keyring: &Keyring,
        reference: &PartnerReference,
    ) -> Result<BlockOrder, LedgerError> {
        // The rules of an order depend on the day, and it was valid on that one.
        let day = day_in_jakarta(from_millis(self.begun_at)?);
        let (row_key, body) = (self.row_key, self.body);
        let sealed = SealedOrder { row_key, body };
        let order = keyring.open(self.key_id, reference, &sealed, day)?;
        Ok(match self.tenant.map(Tenant::new).transpose() {
            Ok(None) => order,
            Ok(Some(tenant)) => order.with_tenant(tenant),
            Err(_) => {
                return Err(LedgerError::Damaged {
                    message: format!("{reference} has a tenant that cannot be"),
                });
            }
        })
    }
}

/// Entries as they are stored: when, and what as JSON.
pub(crate) fn lines(entries: Vec<Entry>) -> Result<Vec<(i64, String)>, LedgerError> {
    entries
        .into_iter()
        .map(|entry| Ok((to_millis(entry.at), wire::fact_to_json(&entry.fact)?)))
        .collect()
}

/// A record of an order that is begun now, before its first entry.
pub(crate) fn begun(
    order: &BlockOrder,
    now: time::OffsetDateTime,
    keeps_order: bool,
) -> HoldRecord {
    HoldRecord {
        keeps_order,
        ..HoldRecord::begun(order, now)
    }
}

/// Databases count with a sign.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub(crate) fn unsigned(number: i64) -> Result<u64, LedgerError> {
    u64::try_from(number).map_err(|_| LedgerError::Damaged {
        message: format!("it holds {number} where no negative number can be"),
    })
}
