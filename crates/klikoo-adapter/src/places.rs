//! The places that Klikoo serves: `POST /v1/open-api/transports/sources` and `destinations`.

use std::collections::HashSet;

use async_trait::async_trait;
use booking_domain::ProductCode;
use booking_ports::{
    InquiryError, KEYWORD_MAX, Place, PlaceId, PlaceKind, PlaceRole, PlaceSearch, is_keyword,
};
use serde::Serialize;

use crate::base_url::Endpoint;
use crate::canonical_json::Node;
use crate::client::KlikooClient;
use crate::inquiry::{answered, line, shown, unanswered, unavailable, unreadable};
use crate::wire::written;

const SOURCES: &str = "/v1/open-api/transports/sources";
const DESTINATIONS: &str = "/v1/open-api/transports/destinations";

/// Most places that are kept; the country has some 500 cities and regencies, each with its stops.
const PLACES_MAX: usize = 5_000;

/// Asks Klikoo for places (`docs/klikoo-api.md` §6). Keeps the contract of [`PlaceSearch`], and
/// keeps the first 5000 places of a reply.
///
/// ```
/// use booking_domain::ProductCode;
/// use booking_ports::{InquiryError, PlaceRole, PlaceSearch};
/// use klikoo_adapter::{KlikooClient, KlikooPlaces};
///
/// async fn count(client: KlikooClient) -> Result<usize, InquiryError> {
///     let (places, product) = (KlikooPlaces::new(client), ProductCode::new("BUS").unwrap());
///     let found = places.places(&product, PlaceRole::Source, Some("Bandung")).await?;
///     Ok(found.len())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct KlikooPlaces {
    client: KlikooClient,
    sources: Endpoint,
    destinations: Endpoint,
}

impl KlikooPlaces {
    /// An adapter over `client`, whose token and connections it shares with others.
    ///
    /// ```
    /// use klikoo_adapter::{KlikooClient, KlikooPlaces};
    ///
    /// fn places(client: &KlikooClient) -> KlikooPlaces {
    ///     KlikooPlaces::new(client.clone())
    /// }
    /// ```
    #[must_use]
    pub fn new(client: KlikooClient) -> Self {
        Self {
            sources: client.endpoint(SOURCES),
            destinations: client.endpoint(DESTINATIONS),
            client,
        }
    }
}

/// The members stand in alphabetical order, because the body is sent with sorted keys.
#[derive(Serialize)]
struct PlacesWanted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    keyword: Option<&'a str>,
    product_code: &'a str,
}

#[async_trait]
impl PlaceSearch for KlikooPlaces {
    async fn places<'a>(
        &self,
        product: &ProductCode,
        role: PlaceRole,
        keyword: Option<&'a str>,
    ) -> Result<Vec<Place>, InquiryError> {
        let keyword = keyword.map(str::trim).filter(|keyword| !keyword.is_empty());
        if keyword.is_some_and(|keyword| !is_keyword(keyword)) {
            return Err(unavailable(format!(
                "this keyword cannot be searched for; give at most {KEYWORD_MAX} characters, all of them to be seen"
            )));
        }
        let endpoint = match role {
            PlaceRole::Source => &self.sources,
            PlaceRole::Destination => &self.destinations,
        };
        let body = written(&PlacesWanted {
            keyword,
            product_code: product.as_str(),
        });
        let reply = self.client.post(endpoint, body).await.map_err(unanswered)?;
        let data = answered(&reply, shown)?
            .whole_data()
            .ok_or_else(|| unreadable("its data is absent, or cannot be read whole"))?;
        read(&data)
    }
}

/// Cities first, as Klikoo lists them.
fn read(data: &Node<'_>) -> Result<Vec<Place>, InquiryError> {
    let lists = [
        list(data, "cities", PlaceKind::City)?,
        list(data, "terminals", PlaceKind::Location)?,
    ];
    if lists.iter().all(Option::is_none) {
        return Err(unreadable("its data has neither cities nor terminals"));
    }
    let mut seen = HashSet::new();
    let mut listed = 0_usize;
    let mut places = Vec::new();
    for (kind, nodes) in lists.into_iter().flatten() {
        listed += nodes.len();
        let readable = nodes.iter().filter_map(|node| place(node, kind));
        places.extend(readable.filter(|place| seen.insert(place.id.clone())));
    }
    if places.is_empty() && listed > 0 {
        return Err(unreadable("none of its places has a name and an id"));
    }
    places.truncate(PLACES_MAX);
    if places.len() < listed {
        tracing::debug!(
            listed,
            kept = places.len(),
            "some places are left out: without name or id, named twice, or beyond the bound"
        );
    }
    Ok(places)
}

type Listed<'n, 'a> = Option<(PlaceKind, &'n [Node<'a>])>;

/// The list of this name; `None` where there is none.
fn list<'n, 'a>(
    data: &'n Node<'a>,
    name: &str,
    kind: PlaceKind,
) -> Result<Listed<'n, 'a>, InquiryError> {
    match data.member(name) {
        None => Ok(None),
        Some(Node::Literal("null")) => Ok(Some((kind, &[]))),
        Some(Node::Array(nodes)) => Ok(Some((kind, nodes))),
        Some(_) => Err(unreadable(format!("its {name} are no list"))),
    }
}

/// `None` for a place that has no name, or could not be asked for. What it says of its own kind
/// counts more than the list that it stands in.
fn place(node: &Node<'_>, kind: PlaceKind) -> Option<Place> {
    let kind = match node.member("type") {
        Some(Node::Text(word)) if word.eq_ignore_ascii_case("CITY") => PlaceKind::City,
        Some(Node::Text(word)) if word.eq_ignore_ascii_case("LOCATION") => PlaceKind::Location,
        // A new kind is none that trips could be asked for with.
        Some(Node::Text(word)) if !word.is_empty() => return None,
        _ => kind,
    };
    Some(Place {
        id: PlaceId::new(kind, node.member("id")?.text_or_whole()?).ok()?,
        name: line(node, "name")?,
        address: line(node, "address"),
    })
}
