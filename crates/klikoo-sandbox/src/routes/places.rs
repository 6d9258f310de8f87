//! `POST transports/sources` and `destinations` (API description §6).

use serde_json::{Value, json};

use super::{authentic, check_product};
use crate::answer::{Answer, SUCCESS};
use crate::call::{Call, Verdict};
use crate::json::Members;
use crate::kernel::Kernel;

/// Id, name, address. Every trip goes from the first city to the second.
pub(super) const CITIES: [(u64, &str, &str); 3] = [
    (1, "Jakarta", "DKI Jakarta"),
    (2, "Bandung", "Jawa Barat"),
    (3, "Yogyakarta", "DI Yogyakarta"),
];

pub(super) const TERMINALS: [(u64, &str, &str); 3] = [
    (101, "Terminal Satu", "Jalan Contoh 1, Jakarta"),
    (102, "Terminal Dua", "Jalan Contoh 2, Bandung"),
    (103, "Terminal Tiga", "Jalan Contoh 3, Yogyakarta"),
];

pub(crate) fn search(kernel: &Kernel, call: &Call) -> Verdict {
    authentic(kernel, call, |service| {
        let read = || {
            let mut body = Members::of_body(&call.body)?;
            let parts = (
                body.string("product_code")?,
                body.optional_string("keyword")?,
            );
            body.finish().map(|()| parts)
        };
        let (product, keyword) = read().map_err(|problem| problem.answer(service))?;
        check_product(&product, service)?;
        let keyword = keyword.unwrap_or_default().to_lowercase();
        let data = json!({
            "cities": list(&CITIES, "CITY", &keyword),
            "terminals": list(&TERMINALS, "LOCATION", &keyword),
        });
        Ok(Answer::success(SUCCESS, service, data))
    })
}

fn list(places: &[(u64, &str, &str)], kind: &str, keyword: &str) -> Vec<Value> {
    places
        .iter()
        .filter(|(_, name, address)| {
            name.to_lowercase().contains(keyword) || address.to_lowercase().contains(keyword)
        })
        .map(
            |(id, name, address)| json!({"id": id, "name": name, "address": address, "type": kind}),
        )
        .collect()
}
