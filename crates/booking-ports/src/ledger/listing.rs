//! Which records, and which part of them.

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
