//! The documented samples are orders (given document, section C).

use booking_domain::OrderDraft;

use crate::documents::{TODAY, read};

const ONE_WAY: &[u8] =
    include_bytes!("../../../klikoo-adapter/tests/data/block-seat.one-way.request.json");
const ROUND_TRIP: &[u8] =
    include_bytes!("../../../klikoo-adapter/tests/data/block-seat.round-trip.request.json");

#[test]
fn one_way() {
    let order = read(ONE_WAY).unwrap();
    assert_eq!(order, OrderDraft::sample().check(TODAY).unwrap());
    assert_eq!(order.legs().count(), 1);
    let passenger = &order.departure().passengers()[0];
    assert_eq!(passenger.identity_number().expose(), "31741009219923332");
    assert_eq!(order.warnings(), []);
}

#[test]
fn round_trip() {
    let order = read(ROUND_TRIP).unwrap();
    let seats: Vec<_> = order
        .legs()
        .flat_map(|leg| {
            leg.passengers()
                .iter()
                .map(|passenger| passenger.seat_name().as_str())
        })
        .collect();
    assert_eq!(seats, ["8", "9A", "1", "2"]);
    assert_eq!(order.return_leg().unwrap().trip_id().get(), 188_400);
}

#[test]
fn both_are_read_alike_by_serde_and_by_the_document_reader() {
    for sample in [ONE_WAY, ROUND_TRIP] {
        let draft: OrderDraft = serde_json::from_slice(sample).unwrap();
        assert_eq!(draft.check(TODAY).unwrap(), read(sample).unwrap());
    }
}
