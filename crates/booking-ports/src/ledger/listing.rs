//! Which records, and which part of them.

use booking_domain::{Tenant, TripId};
use time::OffsetDateTime;

use super::{HoldRecord, LedgerError};

/// Which records to list.
///
/// ```
/// use booking_ports::Which;
///
/// assert_eq!(Which::State("held"), Which::State("held"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// All, in the order in which they were begun.
    All,
    /// Those of one state, by its [name](booking_domain::HoldState::name), in that order.
    State(&'static str),
    /// Those that somebody has to settle: unknown, held without receipt, sending, or with a booking
    /// that may have happened.
    Unsettled,
    /// Held ones, by deadline, the nearest first; without those whose booking may have happened,
    /// which no deadline settles.
    NextToExpire,
    /// Those that [ended](HoldRecord::has_ended) before this moment and whose order is still kept,
    /// the longest ended first.
    EndedBefore(OffsetDateTime),
    /// Those that are [live](HoldRecord::is_live) at this moment, in the order in which they were
    /// begun: what counts where there may be only so many at a time.
    Live(OffsetDateTime),
}

/// A list of records: which, whose, of which trip, and which way round.
///
/// ```
/// use booking_domain::{Tenant, TripId};
/// use booking_ports::{Listing, Which};
///
/// let listing = Listing::of(Which::Unsettled)
///     .of_tenant(Tenant::new("acme").unwrap())
///     .on_trip(TripId::new(188_336).unwrap())
///     .newest_first();
/// assert!(listing.newest_first);
/// assert_eq!(Listing::from(Which::All), Listing::of(Which::All));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Which records.
    pub which: Which,
    /// Those of this tenant alone; `None` for all, those without one too.
    pub tenant: Option<Tenant>,
    /// Those of this trip alone, there or back.
    pub trip: Option<TripId>,
    /// The other way round: what was begun last comes first; by deadline, the latest; of what has
    /// ended, what ended last.
    pub newest_first: bool,
}

impl Listing {
    /// Of all tenants and trips, the oldest first.
    ///
    /// ```
    /// # use booking_ports::{Listing, Which};
    /// assert!(Listing::of(Which::All).tenant.is_none());
    /// ```
    #[must_use]
    pub fn of(which: Which) -> Self {
        Self {
            which,
            tenant: None,
            trip: None,
            newest_first: false,
        }
    }

    /// Those of `tenant` alone.
    ///
    /// ```
    /// # use booking_ports::{Listing, Which};
    /// let acme = booking_domain::Tenant::new("acme").unwrap();
    /// assert_eq!(Listing::of(Which::All).of_tenant(acme.clone()).tenant, Some(acme));
    /// ```
    #[must_use]
    pub fn of_tenant(self, tenant: Tenant) -> Self {
        Self {
            tenant: Some(tenant),
            ..self
        }
    }

    /// Those of `trip` alone, there or back.
    ///
    /// ```
    /// # use booking_ports::{Listing, Which};
    /// let trip = booking_domain::TripId::new(188_336).unwrap();
    /// assert_eq!(Listing::of(Which::All).on_trip(trip).trip, Some(trip));
    /// ```
    #[must_use]
    pub fn on_trip(self, trip: TripId) -> Self {
        Self {
            trip: Some(trip),
            ..self
        }
    }

    /// The other way round.
    ///
    /// ```
    /// # use booking_ports::{Listing, Which};
    /// assert!(Listing::of(Which::All).newest_first().newest_first);
    /// ```
    #[must_use]
    pub fn newest_first(self) -> Self {
        Self {
            newest_first: true,
            ..self
        }
    }
}

impl From<Which> for Listing {
    fn from(which: Which) -> Self {
        Self::of(which)
    }
}

/// A part of a list.
///
/// ```
/// use booking_ports::Page;
///
/// assert_eq!(Page::first(20).limit, 20);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Begin after the record of this [number](HoldRecord::number).
    pub after: Option<u64>,
    /// At most so many.
    pub limit: u32,
}

impl Page {
    /// The beginning of a list.
    ///
    /// ```
    /// # use booking_ports::Page;
    /// assert_eq!(Page::first(20).after, None);
    /// ```
    #[must_use]
    pub fn first(limit: u32) -> Self {
        Self { after: None, limit }
    }

    /// What follows `last`.
    ///
    /// ```
    /// # use booking_ports::{HoldRecord, Page};
    /// fn next(page: &[HoldRecord]) -> Option<Page> {
    ///     page.last().map(|last| Page::after(last, 20))
    /// }
    /// ```
    #[must_use]
    pub fn after(last: &HoldRecord, limit: u32) -> Self {
        Self {
            after: Some(last.number),
            limit,
        }
    }
}

/// A page of a list.
///
/// ```
/// use booking_ports::{Listed, Page};
///
/// fn next(page: &Listed) -> Option<Page> {
///     page.next_page(20)
/// }
/// assert_eq!(next(&Listed::default()), None);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Listed {
    /// Those that could be read, in the list's order.
    pub records: Vec<HoldRecord>,
    /// Those that belong here as well and cannot be read, in that order. Seats may be held by them.
    pub damaged: Vec<DamagedRecord>,
    last: Option<u64>,
}

/// A record that a ledger has and cannot read: changed by something else than a ledger, or by a fault of
/// the disk. It does not keep others from being listed.
///
/// ```
/// fn line(damaged: &booking_ports::DamagedRecord) -> String {
///     format!("{}: {}", damaged.reference, damaged.message)
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DamagedRecord {
    /// As [`HoldRecord::number`].
    pub number: u64,
    /// Its reference as it stands there, which may be none.
    pub reference: String,
    /// What is wrong with it.
    pub message: String,
}

impl DamagedRecord {
    /// One that can be read as `record` itself, and not with all its entries, as `error` tells.
    ///
    /// ```
    /// # use booking_ports::{DamagedRecord, HoldRecord, LedgerError};
    /// # use time::macros::{date, datetime};
    /// # let order = booking_domain::OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// # let record = HoldRecord::begun(&order, datetime!(2026-11-24 10:00 +7));
    /// let damage = LedgerError::Damaged { message: "an entry is no fact".into() };
    /// assert_eq!(DamagedRecord::of(&record, &damage).reference, record.reference.as_str());
    /// ```
    #[must_use]
    pub fn of(record: &HoldRecord, error: &LedgerError) -> Self {
        Self {
            number: record.number,
            reference: record.reference.to_string(),
            message: error.to_string(),
        }
    }
}

impl From<Vec<HoldRecord>> for Listed {
    fn from(records: Vec<HoldRecord>) -> Self {
        Self {
            last: records.last().map(|record| record.number),
            records,
            damaged: Vec::new(),
        }
    }
}

impl Listed {
    /// A page of what was found, in the list's order: records, and what is wrong with those that are
    /// none, by number and reference.
    ///
    /// ```
    /// # use booking_ports::{LedgerError, Listed};
    /// let damage = LedgerError::Damaged { message: "1238 has a state that cannot be".into() };
    /// let page = Listed::of([(7, "1238", Err(damage))]);
    /// assert_eq!((page.damaged[0].number, page.rows()), (7, 1));
    /// ```
    pub fn of<'a>(
        found: impl IntoIterator<Item = (u64, &'a str, Result<HoldRecord, LedgerError>)>,
    ) -> Self {
        let mut page = Self::default();
        for (number, reference, record) in found {
            page.last = Some(number);
            match record {
                Ok(record) => page.records.push(record),
                Err(error) => page.damaged.push(DamagedRecord {
                    number,
                    reference: reference.to_owned(),
                    message: error.to_string(),
                }),
            }
        }
        page
    }

    /// How many are on it, damaged ones included: fewer than were asked for are the last ones.
    ///
    /// ```
    /// assert_eq!(booking_ports::Listed::default().rows(), 0);
    /// ```
    #[must_use]
    pub fn rows(&self) -> usize {
        self.records.len() + self.damaged.len()
    }

    /// What follows, of at most `limit`; `None` where nothing was on this one.
    ///
    /// ```
    /// # use booking_ports::{LedgerError, Listed};
    /// let damage = LedgerError::Damaged { message: "1238 has a state that cannot be".into() };
    /// let page = Listed::of([(7, "1238", Err(damage))]);
    /// assert_eq!(page.next_page(20).and_then(|next| next.after), Some(7));
    /// ```
    #[must_use]
    pub fn next_page(&self, limit: u32) -> Option<Page> {
        let after = Some(self.last?);
        Some(Page { after, limit })
    }
}
