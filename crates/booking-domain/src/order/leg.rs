//! A trip of a valid order.

use super::people::Passenger;
use super::values::TripId;

/// A trip and the passengers on it, each with a seat.
///
/// ```
/// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
/// let leg = order.departure();
/// assert_eq!(leg.passengers().len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leg {
    pub(super) trip_id: TripId,
    pub(super) passengers: Vec<Passenger>,
}

impl Leg {
    /// The trip.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.departure().trip_id().get(), 188_336);
    /// ```
    #[must_use]
    pub fn trip_id(&self) -> TripId {
        self.trip_id
    }

    /// 1 to 40 passengers, no two on one seat.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.departure().passengers()[0].seat_name().as_str(), "8");
    /// ```
    #[must_use]
    pub fn passengers(&self) -> &[Passenger] {
        &self.passengers
    }
}
