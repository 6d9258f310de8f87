//! The trips of a day: `POST /v1/open-api/transports/trips`.

mod page;

use async_trait::async_trait;
use booking_ports::{InquiryError, PlaceId, PlaceKind, TripPage, TripQuery, TripSearch};
use serde::Serialize;
use time::Date;

use crate::base_url::Endpoint;
use crate::client::KlikooClient;
use crate::inquiry::{answered, shown, unanswered};
use crate::wire::{as_text, written};

const PATH: &str = "/v1/open-api/transports/trips";

/// Asks Klikoo for trips (`docs/klikoo-api.md` §6). Keeps the contract of [`TripSearch`], and keeps
/// the first 500 trips of a reply.
///
/// ```
/// use booking_ports::{InquiryError, TripQuery, TripSearch, TripSummary};
/// use klikoo_adapter::{KlikooClient, KlikooTrips};
///
/// async fn all(client: KlikooClient, mut query: TripQuery) -> Result<Vec<TripSummary>, InquiryError> {
///     let search = KlikooTrips::new(client);
///     let mut found = Vec::new();
///     loop {
///         let page = search.trips(&query).await?;
///         found.extend(page.trips);
///         match page.next_page.map(|next| query.clone().with_page(next)) {
///             Some(Ok(next)) => query = next,
///             _ => return Ok(found),
///         }
///     }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct KlikooTrips {
    client: KlikooClient,
    endpoint: Endpoint,
}

impl KlikooTrips {
    /// An adapter over `client`, whose token and connections it shares with others.
    ///
    /// ```
    /// use klikoo_adapter::{KlikooClient, KlikooTrips};
    ///
    /// fn trips(client: &KlikooClient) -> KlikooTrips {
    ///     KlikooTrips::new(client.clone())
    /// }
    /// ```
    #[must_use]
    pub fn new(client: KlikooClient) -> Self {
        Self {
            endpoint: client.endpoint(PATH),
            client,
        }
    }
}

/// The members stand in alphabetical order, because the body is sent with sorted keys.
#[derive(Serialize)]
struct TripsWanted<'a> {
    #[serde(serialize_with = "as_text")]
    date: Date,
    destination_id: Number<'a>,
    destination_type: &'static str,
    pagination: Pagination,
    product_code: &'a str,
    source_id: Number<'a>,
    source_type: &'static str,
    total_seat: u32,
}

/// Without `sort` and `search`: the order is Klikoo's, and nothing is filtered.
#[derive(Serialize)]
struct Pagination {
    limit: u32,
    page: u32,
}

/// The number of a place: a JSON number where it is one, since Klikoo lists it so (A10).
#[derive(Serialize)]
#[serde(untagged)]
enum Number<'a> {
    Whole(u64),
    Text(&'a str),
}

impl<'a> From<&'a PlaceId> for Number<'a> {
    fn from(id: &'a PlaceId) -> Self {
        let text = id.as_str();
        match text.parse::<u64>() {
            // With leading zeros it would come back as another one.
            Ok(number) if number.to_string() == text => Self::Whole(number),
            _ => Self::Text(text),
        }
    }
}

fn kind(id: &PlaceId) -> &'static str {
    match id.kind() {
        PlaceKind::City => "CITY",
        PlaceKind::Location => "LOCATION",
    }
}

fn body(query: &TripQuery) -> Vec<u8> {
    written(&TripsWanted {
        date: query.date(),
        destination_id: query.to().into(),
        destination_type: kind(query.to()),
        pagination: Pagination {
            limit: query.limit(),
            page: query.page(),
        },
        product_code: query.product().as_str(),
        source_id: query.from().into(),
        source_type: kind(query.from()),
        total_seat: query.seats(),
    })
}

#[async_trait]
impl TripSearch for KlikooTrips {
    async fn trips(&self, query: &TripQuery) -> Result<TripPage, InquiryError> {
        let reply = self.client.post(&self.endpoint, body(query)).await;
        let reply = reply.map_err(unanswered)?;
        page::read(&answered(&reply, shown)?, query)
    }
}

#[cfg(test)]
mod tests {
    use booking_domain::ProductCode;
    use booking_ports::TripQuery;
    use time::macros::date;

    use super::body;
    use crate::canonical_json::canonical_json;

    fn sent(from: &str, to: &str) -> String {
        let product = ProductCode::new("BUS").unwrap();
        let (from, to) = (from.parse().unwrap(), to.parse().unwrap());
        let query = TripQuery::new(product, from, to, date!(2026 - 01 - 02), 3).unwrap();
        String::from_utf8(body(&query)).unwrap()
    }

    #[test]
    fn the_body_is_canonical() {
        let body = sent("city:1", "location:102");
        assert_eq!(
            body,
            r#"{"date":"2026-01-02","destination_id":102,"destination_type":"LOCATION","pagination":{"limit":20,"page":1},"product_code":"BUS","source_id":1,"source_type":"CITY","total_seat":3}"#
        );
        assert_eq!(canonical_json(body.as_bytes()).unwrap(), body.as_bytes());
    }

    #[test]
    fn a_number_is_sent_as_one_and_a_code_as_text() {
        for (id, expected) in [
            ("0", "0"),
            ("18446744073709551615", "18446744073709551615"),
            ("18446744073709551616", "\"18446744073709551616\""),
            ("007", "\"007\""),
            ("+7", "\"+7\""),
            ("JKT\"1", "\"JKT\\\"1\""),
        ] {
            let body = sent(&format!("city:{id}"), "city:2");
            assert!(
                body.contains(&format!("\"source_id\":{expected},")),
                "{body}"
            );
        }
    }
}
