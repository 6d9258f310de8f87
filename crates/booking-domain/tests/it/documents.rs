//! Order documents to break, and what is found in them.

use booking_domain::{BlockOrder, Faults, PartnerReference};
use serde_json::{Value, json};
use time::Date;
use time::macros::date;

/// The day on which every document here is read.
pub(crate) const TODAY: Date = date!(2026 - 11 - 24);

/// The day after [`TODAY`], as a document writes it.
pub(crate) const TOMORROW: &str = "2026-11-25";

/// A valid round trip with two passengers each way.
pub(crate) fn round_trip() -> Value {
    let passenger = |seat: &str| {
        json!({
            "seat_name": seat, "name": "Pandu", "dob": "1996-12-09", "gender": "male",
            "id_card_number": "31741009219923332",
        })
    };
    json!({
        "product_code": "BUS",
        "selling_price": "20000",
        "partner_reference_no": "1238",
        "order_detail": {"name": "Pandu", "email": "pandu@example.co.id", "phone_number": "082122274139"},
        "departure": {"trip_id": 188_336, "passengers": [passenger("8"), passenger("9A")]},
        "return": {"trip_id": 188_400, "passengers": [passenger("1"), passenger("2")]},
    })
}

/// [`round_trip`] with `value` at `pointer` (RFC 6901), which has to be there already.
pub(crate) fn with(pointer: &str, value: Value) -> Value {
    let mut document = round_trip();
    *document.pointer_mut(pointer).unwrap() = value;
    document
}

/// [`round_trip`] without the field at `pointer`.
pub(crate) fn without(pointer: &str) -> Value {
    let mut document = round_trip();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let members = document
        .pointer_mut(parent)
        .unwrap()
        .as_object_mut()
        .unwrap();
    members.remove(name).unwrap();
    document
}

/// Reads `document` on [`TODAY`]; a missing reference becomes `made`.
pub(crate) fn read(document: &[u8]) -> Result<BlockOrder, Faults> {
    BlockOrder::from_json(document, TODAY, || PartnerReference::new("made").unwrap())
}

/// Path and code of every fault of `document`; empty where it is an order.
pub(crate) fn found(document: &[u8]) -> Vec<(String, &'static str)> {
    match read(document) {
        Ok(_) => Vec::new(),
        Err(faults) => faults
            .iter()
            .map(|fault| (fault.path.clone(), fault.code.as_str()))
            .collect(),
    }
}

/// The same of a JSON value.
pub(crate) fn found_in(document: &Value) -> Vec<(String, &'static str)> {
    found(document.to_string().as_bytes())
}

/// `path: code: message` of every fault, one a line.
pub(crate) fn listed(document: &[u8]) -> String {
    let faults = read(document).unwrap_err();
    let lines = faults
        .iter()
        .map(|fault| format!("{}: {}: {}", fault.path, fault.code, fault.message));
    lines.collect::<Vec<_>>().join("\n")
}
