//! `POST transports/sources` and `destinations` (API description §6).

use serde_json::{Value, json};

use super::{authentic, check_product};
use crate::answer::{Answer, SUCCESS};
use crate::call::{Call, Verdict};
use crate::country::{CITIES, Spot, TERMINALS};
use crate::json::Members;
use crate::kernel::Kernel;

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

fn list(places: &[Spot], kind: &str, keyword: &str) -> Vec<Value> {
    let has = |text: &str| text.to_lowercase().contains(keyword);
    places
        .iter()
        .filter(|place| has(place.name) || has(place.address))
        .map(|place| {
            json!({"id": place.id, "name": place.name, "address": place.address, "type": kind})
        })
        .collect()
}
