//! Orders whose people nobody may read anywhere but in the request itself.

use booking_domain::{BlockOrder, ContactDraft, LegDraft, OrderDraft, PassengerDraft};
use time::macros::date;

/// Parts of every personal value of every order.
pub(crate) const MARKERS: [&str; 6] = [
    "Marker-Contact",
    "marker@example.co.id",
    "08123450",
    "Marker-Passenger",
    "1987-06-05",
    "MARKER3174",
];

/// The trip that all want.
pub(crate) const TRIP: i64 = 188_336;

/// The order of traveller `number` for `seats`, under a reference of its own.
pub(crate) fn order(number: usize, seats: &[u32]) -> BlockOrder {
    draft(number, seats).check(date!(2026 - 11 - 24)).unwrap()
}

pub(crate) fn draft(number: usize, seats: &[u32]) -> OrderDraft {
    let passenger = |seat: &u32| PassengerDraft {
        seat_name: seat.to_string(),
        name: format!("Marker-Passenger {number}"),
        dob: "1987-06-05".to_owned(),
        gender: "female".to_owned(),
        id_card_number: identity(number),
    };
    OrderDraft {
        partner_reference_no: Some(format!("order-{number}")),
        order_detail: ContactDraft {
            name: format!("Marker-Contact {number}"),
            email: "marker@example.co.id".to_owned(),
            phone_number: format!("08123450{number:04}"),
        },
        departure: LegDraft {
            trip_id: TRIP,
            passengers: seats.iter().map(passenger).collect(),
        },
        ..OrderDraft::sample()
    }
}

/// By this number the model knows a traveller again, whatever the reference.
pub(crate) fn identity(number: usize) -> String {
    format!("MARKER3174{number:06}")
}
