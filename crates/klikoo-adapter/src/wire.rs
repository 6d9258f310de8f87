//! The request body of *block seat* (given document, section B), in wire types of its own.
//!
//! Fields stand in alphabetical order, at every level, because the body is sent with sorted keys.

use booking_domain::{BlockOrder, Contact, Gender, Leg, Passenger};
use serde::{Serialize, Serializer};
use time::Date;

#[derive(Serialize)]
struct BlockSeat<'a> {
    departure: LegBody<'a>,
    order_detail: ContactBody<'a>,
    partner_reference_no: &'a str,
    product_code: &'a str,
    #[serde(rename = "return")]
    return_leg: Option<LegBody<'a>>,
    #[serde(serialize_with = "as_text")]
    selling_price: u64,
}

#[derive(Serialize)]
struct LegBody<'a> {
    passengers: Vec<PassengerBody<'a>>,
    trip_id: i64,
}

#[derive(Serialize)]
struct ContactBody<'a> {
    email: &'a str,
    name: &'a str,
    phone_number: &'a str,
}

#[derive(Serialize)]
struct PassengerBody<'a> {
    #[serde(serialize_with = "as_text")]
    dob: Date,
    gender: Gender,
    id_card_number: &'a str,
    name: &'a str,
    seat_name: &'a str,
}

/// A value as the text that it is shown by.
pub(crate) fn as_text<T: std::fmt::Display, S: Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// The bytes to hash and to send.
pub(crate) fn block_seat_body(order: &BlockOrder) -> Vec<u8> {
    let body = BlockSeat {
        departure: leg(order.departure()),
        order_detail: contact(order.contact()),
        partner_reference_no: order.reference().as_str(),
        product_code: order.product_code().as_str(),
        return_leg: order.return_leg().map(leg),
        selling_price: order.selling_price().get(),
    };
    written(&body)
}

/// Room for a round trip of two; longer bodies grow into more.
const USUAL_LENGTH: usize = 1024;

/// The JSON of a body.
#[expect(
    clippy::expect_used,
    reason = "an empty body in its place could be signed and sent"
)]
pub(crate) fn written(body: &impl Serialize) -> Vec<u8> {
    let mut written = Vec::with_capacity(USUAL_LENGTH);
    serde_json::to_writer(&mut written, body)
        .expect("strings, numbers and lists in structs can be written");
    written
}

fn contact(contact: &Contact) -> ContactBody<'_> {
    ContactBody {
        email: contact.email().expose(),
        name: contact.name().expose(),
        phone_number: contact.phone_number().expose(),
    }
}

fn leg(leg: &Leg) -> LegBody<'_> {
    LegBody {
        passengers: leg.passengers().iter().map(passenger).collect(),
        trip_id: leg.trip_id().get(),
    }
}

fn passenger(passenger: &Passenger) -> PassengerBody<'_> {
    PassengerBody {
        dob: *passenger.date_of_birth().expose(),
        gender: *passenger.gender().expose(),
        id_card_number: passenger.identity_number().expose(),
        name: passenger.name().expose(),
        seat_name: passenger.seat_name().as_str(),
    }
}

#[cfg(test)]
mod tests {
    use booking_domain::{BlockOrder, PartnerReference};
    use time::macros::date;

    use super::block_seat_body;
    use crate::canonical_json::canonical_json;

    #[test]
    fn the_samples_are_sent_minified_with_sorted_keys() {
        for sample in [
            &include_bytes!("../tests/data/block-seat.one-way.request.json")[..],
            &include_bytes!("../tests/data/block-seat.round-trip.request.json")[..],
        ] {
            let unused = || PartnerReference::new("unused").unwrap();
            let order = BlockOrder::from_json(sample, date!(2026 - 11 - 24), unused).unwrap();
            let expected = canonical_json(sample).unwrap();
            assert_eq!(
                String::from_utf8(block_seat_body(&order)).unwrap(),
                String::from_utf8(expected).unwrap()
            );
        }
    }
}
