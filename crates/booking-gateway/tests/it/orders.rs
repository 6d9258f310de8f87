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
    json!({
        "trip_id": trip,
        "passengers": [{
            "seat_name": seat,
            "name": PERSONAL[0],
            "dob": PERSONAL[4],
            "gender": "male",
            "id_card_number": PERSONAL[3],
        }],
    })
}
