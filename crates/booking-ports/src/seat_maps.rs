//! The port: which seats of a trip are free, and where they stand.

use std::time::Duration;

use async_trait::async_trait;
use booking_domain::{ProductCode, SeatName, TripId};

use crate::block_error::Cause;

/// Tells the free seats of a trip. A question changes nothing and may be repeated freely.
///
/// ```
/// use booking_domain::{ProductCode, TripId};
/// use booking_ports::{InquiryError, SeatMaps};
///
/// async fn count(maps: &dyn SeatMaps, trip: TripId) -> Result<usize, InquiryError> {
///     let product = ProductCode::new("BUS").expect("a valid code");
///     Ok(maps.seat_map(&product, trip).await?.seats.len())
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait SeatMaps: Send + Sync {
    /// The seats of `trip` that are free now.
    ///
    /// # Errors
    ///
    /// - [`InquiryError::NotFound`]: the provider says that it has no such trip, or product.
    /// - [`InquiryError::Refused`]: the provider said no.
    /// - [`InquiryError::Unavailable`]: no answer, or a failing provider; repeat freely.
    /// - [`InquiryError::Unreadable`]: an answer that does not fit what is documented.
    async fn seat_map(&self, product: &ProductCode, trip: TripId) -> Result<SeatMap, InquiryError>;
}

/// A trip with its free seats.
///
/// ```
/// use booking_domain::TripId;
/// use booking_ports::SeatMap;
///
/// let map = SeatMap::of_trip(TripId::new(188_336).unwrap());
/// assert!(map.seats.is_empty());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeatMap {
    /// The trip.
    pub trip_id: TripId,
    /// Who runs the bus, where stated.
    pub travel_name: Option<String>,
    /// The kind of bus, where stated.
    pub bus_type: Option<String>,
    /// Where passengers get on, where stated.
    pub boarding_point: Option<String>,
    /// Where passengers get off, where stated.
    pub drop_point: Option<String>,
    /// When it leaves, in the provider's words.
    pub depart_time: Option<String>,
    /// When it arrives, in the provider's words.
    pub arrival_time: Option<String>,
    /// What the provider wants to know of each passenger, in its words.
    pub mandatory_fields: Vec<String>,
    /// The free seats.
    pub seats: Vec<FreeSeat>,
    /// How many seats the provider listed in a form that cannot be ordered.
    pub unreadable_seats: usize,
}

impl SeatMap {
    /// A map without seats or anything else known.
    ///
    /// ```
    /// # use booking_ports::SeatMap;
    /// let map = SeatMap::of_trip(booking_domain::TripId::new(7).unwrap());
    /// assert_eq!(map.trip_id.get(), 7);
    /// ```
    #[must_use]
    pub fn of_trip(trip_id: TripId) -> Self {
        Self {
            trip_id,
            travel_name: None,
            bus_type: None,
            boarding_point: None,
            drop_point: None,
            depart_time: None,
            arrival_time: None,
            mandatory_fields: Vec::new(),
            seats: Vec::new(),
            unreadable_seats: 0,
        }
    }
}

/// A seat that can be blocked.
///
/// ```
/// use booking_domain::SeatName;
/// use booking_ports::FreeSeat;
///
/// let seat = FreeSeat { name: SeatName::new("9A").unwrap(), row: 2, column: 0, price: Some(20_000) };
/// assert_eq!(seat.name.as_str(), "9A");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeSeat {
    /// Its name, to be ordered by.
    pub name: SeatName,
    /// Its row, counted from the front.
    pub row: u16,
    /// Its column, counted from the left.
    pub column: u16,
    /// What it costs, in whole rupiah, where stated.
    pub price: Option<u64>,
}

/// Why a question stayed unanswered. Nothing was changed by asking.
///
/// ```
/// use booking_ports::InquiryError;
///
/// let error = InquiryError::Refused { code: "404057003".into(), message: "no such trip".into() };
/// assert_eq!(error.to_string(), "the provider refused (code 404057003): no such trip");
/// ```
#[derive(Clone, Debug, thiserror::Error)]
pub enum InquiryError {
    /// The provider said no.
    #[error("the provider refused (code {code}): {message}")]
    Refused {
        /// The provider's code, as received.
        code: String,
        /// The provider's message, fit to print.
        message: String,
    },
    /// The provider says that what was asked for does not exist.
    #[error("the provider has no such thing (code {code}): {message}")]
    NotFound {
        /// The provider's code, as received.
        code: String,
        /// The provider's message, fit to print.
        message: String,
    },
    /// No answer, or a failing provider; asking again may help.
    #[error("the provider could not be asked: {message}")]
    Unavailable {
        /// Why, for a person.
        message: String,
        /// How long to wait before asking again, where the provider says so, or where an answer can
        /// be had no sooner.
        retry_after: Option<Duration>,
        /// The error beneath.
        #[source]
        cause: Option<Cause>,
    },
    /// An answer that does not fit what is documented.
    #[error("the provider's answer cannot be read: {message}")]
    Unreadable {
        /// What does not fit, for a person.
        message: String,
    },
}
