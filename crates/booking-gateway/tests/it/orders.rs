//! Order documents.

use serde_json::{Value, json};

/// What stands in every order and must stand nowhere else.
pub(crate) const PERSONAL: [&str; 5] = [
    "Pandu",
    "pdputra@pvg.co.id",
    "081294482354",
    "31741009219923332",
    "1990-02-28",
];

/// The given document's sample, under `reference`.
pub(crate) fn order(reference: &str) -> Value {
    json!({
        "product_code": "BUS",
        "selling_price": "20000",
        "partner_reference_no": reference,
        "order_detail": {
            "name": PERSONAL[0],
            "email": PERSONAL[1],
            "phone_number": PERSONAL[2],
        },
        "departure": leg(188_336, "8"),
        "return": null,
    })
}

/// The same, there and back.
pub(crate) fn there_and_back(reference: &str) -> Value {
    let mut order = order(reference);
    order["return"] = leg(188_400, "1");
    order
}

fn leg(trip: i64, seat: &str) -> Value {
    leg_of(trip, &[seat])
}

/// A leg with a passenger on each of `seats`.
pub(crate) fn leg_of(trip: i64, seats: &[&str]) -> Value {
    let passenger = |(place, seat): (usize, &&str)| {
        let mut id_card_number = PERSONAL[3].to_owned();
        id_card_number.replace_range(..1, &(3 + place).to_string());
        json!({
            "seat_name": seat,
            "name": PERSONAL[0],
            "dob": PERSONAL[4],
            "gender": "male",
            "id_card_number": id_card_number,
        })
    };
    let passengers: Vec<_> = seats.iter().enumerate().map(passenger).collect();
    json!({"trip_id": trip, "passengers": passengers})
}
