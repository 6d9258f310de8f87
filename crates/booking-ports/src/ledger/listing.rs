//! Which records, and which part of them.

use booking_domain::{Tenant, TripId};
use time::OffsetDateTime;

use super::HoldRecord;

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
