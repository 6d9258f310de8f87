//! The port: which trips go from one place to another on a day.

mod query;

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::TripId;

pub use self::query::{TRIPS_LIMIT_MAX, TRIPS_PAGE_MAX, TripQuery, TripQueryError};
use crate::seat_maps::InquiryError;

/// Finds trips. A question changes nothing and may be repeated freely.
///
/// # The contract
///
/// 1. Only what the provider says is answered; an answer that cannot be read is an error, never an
///    empty page. Trips that cannot be named are counted in [`TripPage::unreadable`].
/// 2. One call is one page. [`TripPage::next_page`] tells whether to ask on; the page that it names
///    may turn out to be empty, where the provider does not say which page is the last.
/// 3. Whatever is stated of a trip is the provider's word of that moment and promises no seat: what
///    is free is known from [`SeatMaps`](crate::SeatMaps), and what is ours from a block alone.
/// 4. Texts are fit to print: one line each, bounded, without control characters.
///
/// ```
/// use booking_domain::ProductCode;
/// use booking_ports::{TripQuery, TripSearch};
/// use time::macros::date;
///
/// async fn cheapest(search: &dyn TripSearch) -> Result<Option<u64>, Box<dyn std::error::Error>> {
///     let query = TripQuery::new(
///         ProductCode::new("BUS").expect("a valid code"),
///         "city:1".parse()?,
///         "city:2".parse()?,
///         date!(2026 - 11 - 26),
///         2,
///     )?;
///     let page = search.trips(&query).await?;
///     Ok(page.trips.iter().filter_map(|trip| trip.lowest_price).min())
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait TripSearch: Send + Sync {
    /// The page of `query` of the trips that it asks for, in the provider's order.
    ///
    /// # Errors
    ///
    /// [`InquiryError`]: the provider refused, could not be asked, or was not understood.
    async fn trips(&self, query: &TripQuery) -> Result<TripPage, InquiryError>;
}

/// A page of trips.
///
/// ```
/// let page = booking_ports::TripPage::default();
/// assert!(page.trips.is_empty() && page.next_page.is_none());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TripPage {
    /// The trips, in the provider's order.
    pub trips: Vec<TripSummary>,
    /// Which page to ask for next; `None` where this was the last.
    pub next_page: Option<u32>,
    /// How many trips the provider listed in a form in which they cannot be ordered, or beyond what
    /// an adapter keeps.
    pub unreadable: usize,
}

/// A trip as a search lists it. All but its number may be unstated.
///
/// ```
/// use booking_domain::TripId;
/// use booking_ports::TripSummary;
///
/// let mut trip = TripSummary::of_trip(TripId::new(188_336).unwrap());
/// trip.free_seats = Some(36);
/// assert_eq!(trip.lowest_price, None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TripSummary {
    /// The trip, to be ordered by.
    pub trip_id: TripId,
    /// Who runs the bus.
    pub travel_name: Option<String>,
    /// The kind of bus, in the provider's words.
    pub bus_type: Option<String>,
    /// The kind of vehicle, in the provider's words.
    pub vehicle_type: Option<String>,
    /// Where passengers get on.
    pub boarding_point: Option<String>,
    /// Where passengers get off.
    pub drop_point: Option<String>,
    /// When it leaves, in the provider's words.
    pub depart_time: Option<String>,
    /// When it arrives, in the provider's words.
    pub arrival_time: Option<String>,
    /// How many seats were free.
    pub free_seats: Option<u32>,
    /// What the cheapest seat costs, in whole rupiah.
    pub lowest_price: Option<u64>,
    /// What the dearest seat costs, in whole rupiah.
    pub highest_price: Option<u64>,
}

impl TripSummary {
    /// A trip of which only the number is known.
    ///
    /// ```
    /// # use booking_ports::TripSummary;
    /// let trip = TripSummary::of_trip(booking_domain::TripId::new(7).unwrap());
    /// assert_eq!(trip.trip_id.get(), 7);
    /// ```
    #[must_use]
    pub fn of_trip(trip_id: TripId) -> Self {
        Self {
            trip_id,
            travel_name: None,
            bus_type: None,
            vehicle_type: None,
            boarding_point: None,
            drop_point: None,
            depart_time: None,
            arrival_time: None,
            free_seats: None,
            lowest_price: None,
            highest_price: None,
        }
    }
}

#[async_trait]
impl<T: TripSearch + ?Sized> TripSearch for Arc<T> {
    async fn trips(&self, query: &TripQuery) -> Result<TripPage, InquiryError> {
        T::trips(self, query).await
    }
}

#[async_trait]
impl<T: TripSearch + ?Sized> TripSearch for Box<T> {
    async fn trips(&self, query: &TripQuery) -> Result<TripPage, InquiryError> {
        T::trips(self, query).await
    }
}
