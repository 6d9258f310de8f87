//! Whether a success is one to our own order: whatever it names has to be what was asked for.
//!
//! The documented reply names nothing but its transaction. Should one name more (the reference,
//! trips, seats), all of it has to agree: a hold of some of the seats is no hold.

use booking_domain::{BlockOrder, Leg};
use serde_json::Value;

/// What the reply names otherwise than the order does; `None` where all that it names agrees.
pub(crate) fn contradiction(data: &Value, order: &BlockOrder) -> Option<&'static str> {
    let mut named = Named::default();
    named.collect(data);
    let reference = order.reference().as_str();
    if named.references.iter().any(|named| named != reference) {
        return Some("reference");
    }
    let legs: Vec<&Leg> = order.legs().collect();
    named
        .differs_from(&legs)
        .or_else(|| within_legs(data, order))
}

/// The same for each object of `data` that speaks of one leg: one named `departure` or `return`,
/// or one that names a single trip.
fn within_legs(data: &Value, order: &BlockOrder) -> Option<&'static str> {
    let members = match data {
        Value::Object(members) => members,
        Value::Array(items) => return items.iter().find_map(|item| within_legs(item, order)),
        _ => return None,
    };
    let own_trip = members.get("trip_id").map(text);
    let own_leg = order
        .legs()
        .find(|leg| Some(leg.trip_id().to_string()) == own_trip);
    if let Some(leg) = own_leg
        && let Some(difference) = Named::of(data).differs_from(&[leg])
    {
        return Some(difference);
    }
    members.iter().find_map(|(name, value)| {
        let leg = match name.as_str() {
            "departure" => Some(order.departure()),
            "return" => order.return_leg(),
            _ => return within_legs(value, order),
        };
        match leg {
            Some(leg) => Named::of(value).differs_from(&[leg]),
            None => (!value.is_null()).then_some("leg"),
        }
        .or_else(|| within_legs(value, order))
    })
}

/// What a reply's data names, at whatever depth.
#[derive(Default)]
struct Named {
    references: Vec<String>,
    trips: Vec<String>,
    seats: Vec<String>,
    /// An empty list of seats names them too: none.
    names_seats: bool,
}

impl Named {
    fn of(value: &Value) -> Self {
        let mut named = Self::default();
        named.collect(value);
        named
    }

    /// What is named otherwise than `legs` have it.
    fn differs_from(mut self, legs: &[&Leg]) -> Option<&'static str> {
        let mut trips: Vec<String> = legs.iter().map(|leg| leg.trip_id().to_string()).collect();
        trips.sort_unstable();
        self.trips.sort_unstable();
        self.trips.dedup();
        if !self.trips.is_empty() && self.trips != trips {
            return Some("trip");
        }
        let mut seats: Vec<String> = legs
            .iter()
            .flat_map(|leg| leg.passengers())
            .map(|passenger| passenger.seat_name().to_string())
            .collect();
        seats.sort_unstable();
        self.seats.sort_unstable();
        (self.names_seats && self.seats != seats).then_some("seat, or fewer,")
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match name.as_str() {
                        "partner_reference_no" | "partner_reference_id" => {
                            self.references.push(text(value));
                        }
                        "trip_id" => self.trips.push(text(value)),
                        "seat_name" => self.name_seat(value),
                        "seats" | "seat_names" => self.name_seats(value),
                        _ => self.collect(value),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            _ => {}
        }
    }

    fn name_seats(&mut self, value: &Value) {
        self.names_seats = true;
        match value {
            Value::Array(items) => {
                for item in items {
                    match item.get("name").or_else(|| item.get("seat_name")) {
                        Some(name) => self.name_seat(name),
                        None => self.name_seat(item),
                    }
                }
            }
            Value::Null => {}
            other => self.name_seat(other),
        }
    }

    fn name_seat(&mut self, value: &Value) {
        self.names_seats = true;
        self.seats.push(text(value));
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use booking_domain::{BlockOrder, PartnerReference};
    use serde_json::json;
    use time::macros::date;

    use super::contradiction;

    fn order() -> BlockOrder {
        let sample = include_bytes!("../tests/data/block-seat.round-trip.request.json");
        let unused = || PartnerReference::new("unused").unwrap();
        BlockOrder::from_json(sample, date!(2026 - 11 - 24), unused).unwrap()
    }

    #[test]
    fn what_agrees_or_is_not_named_is_no_contradiction() {
        let reference = "0b0f8a1e-6a53-4f5e-9a43-8a4c2b7e9d10";
        for data in [
            json!({"transaction_id": "1", "status": "WAITING"}),
            json!({"partner_reference_no": reference}),
            json!({"seats": ["1", "2", "8", "9A"]}),
            json!({"departure": {"trip_id": 188_336, "seats": [{"name": "9A"}, {"name": "8"}]},
                   "return": {"trip_id": "188400", "passengers": [{"seat_name": "1"}, {"seat_name": "2"}]}}),
        ] {
            assert_eq!(contradiction(&data, &order()), None, "{data}");
        }
    }

    #[test]
    fn another_reference_trip_or_seat_is_found() {
        for (data, what) in [
            (json!({"partner_reference_no": "1238"}), "reference"),
            (json!({"partner_reference_no": null}), "reference"),
            (
                json!({"nested": [{"partner_reference_id": 7}]}),
                "reference",
            ),
            (json!({"trip_id": 188_336}), "trip"),
            (
                json!({"departure": {"trip_id": 188_337}, "return": {"trip_id": 188_400}}),
                "trip",
            ),
            (json!({"seats": []}), "seat, or fewer,"),
            (json!({"seats": null}), "seat, or fewer,"),
            (json!({"seats": ["8", "9A"]}), "seat, or fewer,"),
            (json!({"seats": ["1", "2", "8", "9B"]}), "seat, or fewer,"),
            (json!({"seat_name": "8"}), "seat, or fewer,"),
            // The right seats on the wrong legs.
            (
                json!({"departure": {"seats": ["1", "2"]}, "return": {"seats": ["8", "9A"]}}),
                "seat, or fewer,",
            ),
            (
                json!({"departure": {"trip_id": 188_400}, "return": {"trip_id": 188_336}}),
                "trip",
            ),
            (
                json!([{"trip_id": 188_336, "seats": ["1", "2"]},
                       {"trip_id": 188_400, "seats": ["8", "9A"]}]),
                "seat, or fewer,",
            ),
        ] {
            assert_eq!(contradiction(&data, &order()), Some(what), "{data}");
        }
    }
}
