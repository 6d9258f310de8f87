//! Whether a success is one to our own order: whatever it names has to be what was asked for.
//!
//! The documented reply names nothing but its transaction. Should one name more (the reference,
//! trips, seats), all of it has to agree: a hold of some of the seats is no hold.

use std::borrow::Cow;

use booking_domain::{BlockOrder, Leg};

use crate::canonical_json::{Node, Style, write};

/// What the reply names otherwise than the order does; `None` where all that it names agrees.
pub(crate) fn contradiction(data: &Node<'_>, order: &BlockOrder) -> Option<&'static str> {
    if names_another_reference(data, order.reference().as_str()) {
        return Some("reference");
    }
    let legs: Vec<&Leg> = order.legs().collect();
    Named::of(data)
        .differs_from(&legs)
        .or_else(|| within_legs(data, order))
}

/// Whether `data` names, at whatever depth, a reference other than this one.
pub(crate) fn names_another_reference(data: &Node<'_>, reference: &str) -> bool {
    let named = Named::of(data).references;
    named.iter().any(|named| named != reference)
}

/// The same for each object of `data` that speaks of one leg: one named `departure` or `return`,
/// or one that names a single trip.
fn within_legs(data: &Node<'_>, order: &BlockOrder) -> Option<&'static str> {
    let members = match data {
        Node::Object(members) => members,
        Node::Array(items) => return items.iter().find_map(|item| within_legs(item, order)),
        Node::Text(_) | Node::Literal(_) => return None,
    };
    if let Some(trip) = data.member("trip_id").map(text)
        && let Some(leg) = order.legs().find(|leg| leg.trip_id().to_string() == trip)
        && let Some(difference) = Named::of(data).differs_from(&[leg])
    {
        return Some(difference);
    }
    members.iter().find_map(|(name, value)| {
        let leg = match name.as_ref() {
            "departure" => Some(order.departure()),
            "return" => order.return_leg(),
            _ => return within_legs(value, order),
        };
        match leg {
            Some(leg) => Named::of(value).differs_from(&[leg]),
            None => (!matches!(value, Node::Literal("null"))).then_some("leg"),
        }
        .or_else(|| within_legs(value, order))
    })
}

/// What a reply's data names, at whatever depth.
#[derive(Default)]
struct Named<'a> {
    references: Vec<Cow<'a, str>>,
    trips: Vec<Cow<'a, str>>,
    /// An empty list of seats names them too: none.
    seats: Option<Vec<Cow<'a, str>>>,
}

impl<'a> Named<'a> {
    fn of(data: &'a Node<'_>) -> Self {
        let mut named = Self::default();
        named.collect(data);
        named
    }

    /// What is named otherwise than `legs` have it.
    fn differs_from(mut self, legs: &[&Leg]) -> Option<&'static str> {
        if !self.trips.is_empty() {
            let mut trips: Vec<String> = legs.iter().map(|leg| leg.trip_id().to_string()).collect();
            trips.sort_unstable();
            self.trips.sort_unstable();
            self.trips.dedup();
            if self.trips != trips {
                return Some("trip");
            }
        }
        let mut named = self.seats?;
        let mut seats: Vec<&str> = legs
            .iter()
            .flat_map(|leg| leg.passengers())
            .map(|passenger| passenger.seat_name().as_str())
            .collect();
        seats.sort_unstable();
        named.sort_unstable();
        (named != seats).then_some("seat, or fewer,")
    }

    fn collect(&mut self, node: &'a Node<'_>) {
        match node {
            Node::Object(members) => {
                for (name, value) in members {
                    match name.as_ref() {
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
            Node::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Node::Text(_) | Node::Literal(_) => {}
        }
    }

    fn name_seats(&mut self, node: &'a Node<'_>) {
        self.seats.get_or_insert_default();
        match node {
            Node::Array(items) => {
                for item in items {
                    let name = item.member("name").or_else(|| item.member("seat_name"));
                    self.name_seat(name.unwrap_or(item));
                }
            }
            Node::Literal("null") => {}
            other => self.name_seat(other),
        }
    }

    fn name_seat(&mut self, node: &'a Node<'_>) {
        self.seats.get_or_insert_default().push(text(node));
    }
}

fn text<'a>(node: &'a Node<'_>) -> Cow<'a, str> {
    match node {
        Node::Text(text) => Cow::Borrowed(text),
        Node::Literal(text) => Cow::Borrowed(text),
        Node::Object(_) | Node::Array(_) => Cow::Owned(write(node, Style::CANONICAL)),
    }
}

#[cfg(test)]
mod tests {
    use booking_domain::{BlockOrder, PartnerReference};
    use serde_json::json;
    use time::macros::date;

    use crate::canonical_json::parse;

    fn order() -> BlockOrder {
        let sample = include_bytes!("../tests/data/block-seat.round-trip.request.json");
        let unused = || PartnerReference::new("unused").unwrap();
        BlockOrder::from_json(sample, date!(2026 - 11 - 24), unused).unwrap()
    }

    fn contradiction(data: &serde_json::Value) -> Option<&'static str> {
        let data = data.to_string();
        super::contradiction(&parse(data.as_bytes()).unwrap(), &order())
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
            assert_eq!(contradiction(&data), None, "{data}");
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
            assert_eq!(contradiction(&data), Some(what), "{data}");
        }
    }
}
