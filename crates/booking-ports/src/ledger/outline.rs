//! What an order asks for, without its people.

use booking_domain::{BlockOrder, ProductCode, Rupiah, SeatName, Tenant, TripId};

/// What an order asks for, without its people.
///
/// ```
/// use booking_domain::OrderDraft;
/// use booking_ports::OrderOutline;
/// use time::macros::date;
///
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let outline = OrderOutline::of(&order);
/// assert_eq!(outline.legs[0].trip_id, order.departure().trip_id());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderOutline {
    /// The product.
    pub product_code: ProductCode,
    /// What the traveller pays for all of it.
    pub selling_price: Rupiah,
    /// The departure leg, and the return leg where there is one.
    pub legs: Vec<LegOutline>,
    /// Whose order it is, where several share one gateway.
    pub tenant: Option<Tenant>,
}

/// A trip and the seats on it.
///
/// ```
/// use booking_domain::{SeatName, TripId};
/// use booking_ports::LegOutline;
///
/// let leg = LegOutline {
///     trip_id: TripId::new(188_336).unwrap(),
///     seats: vec![SeatName::new("8").unwrap()],
/// };
/// assert_eq!(leg.seats.len(), 1);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegOutline {
    /// The trip.
    pub trip_id: TripId,
    /// Its seats.
    pub seats: Vec<SeatName>,
}

impl OrderOutline {
    /// What `order` asks for.
    ///
    /// ```
    /// # use booking_ports::OrderOutline;
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(OrderOutline::of(&order).selling_price, order.selling_price());
    /// ```
    #[must_use]
    pub fn of(order: &BlockOrder) -> Self {
        let leg = |leg: &booking_domain::Leg| LegOutline {
            trip_id: leg.trip_id(),
            seats: leg
                .passengers()
                .iter()
                .map(|passenger| passenger.seat_name().clone())
                .collect(),
        };
        Self {
            product_code: order.product_code().clone(),
            selling_price: order.selling_price(),
            legs: order.legs().map(leg).collect(),
            tenant: order.tenant().cloned(),
        }
    }
}
