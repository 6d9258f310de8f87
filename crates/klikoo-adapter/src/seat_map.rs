//! The free seats of a trip: `POST /v1/open-api/transports/trips-detail`.

use async_trait::async_trait;
use booking_domain::{ProductCode, SeatName, TripId};
use booking_ports::{FreeSeat, InquiryError, SeatMap, SeatMaps};
use serde::{Deserialize, Serialize};

use crate::base_url::Endpoint;
use crate::client::KlikooClient;
use crate::envelope::TextOrNumber;
use crate::inquiry::{answered, shown, unanswered, unreadable};
use crate::printable::{MESSAGE_MAX, printable};
use crate::response_code::{Case, ResponseCode};
use crate::wire::written;

const PATH: &str = "/v1/open-api/transports/trips-detail";

/// More seats than any vehicle has; what lies beyond is counted as unreadable.
const SEATS_MAX: usize = 500;

/// Further back or to the side no seat stands.
const PLACE_MAX: u16 = 200;

/// Asks Klikoo for the free seats of a trip (`docs/klikoo-api.md` §6).
///
/// ```
/// use booking_domain::{ProductCode, TripId};
/// use booking_ports::{InquiryError, SeatMaps};
/// use klikoo_adapter::{KlikooClient, KlikooSeatMaps};
///
/// async fn free_seats(client: KlikooClient) -> Result<usize, InquiryError> {
///     let maps = KlikooSeatMaps::new(client);
///     let (product, trip) = (ProductCode::new("BUS").unwrap(), TripId::new(188_336).unwrap());
///     Ok(maps.seat_map(&product, trip).await?.seats.len())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct KlikooSeatMaps {
    client: KlikooClient,
    endpoint: Endpoint,
}

impl KlikooSeatMaps {
    /// An adapter over `client`, whose token and connections it shares with others.
    ///
    /// ```
    /// use klikoo_adapter::{KlikooClient, KlikooSeatMaps};
    ///
    /// fn maps(client: &KlikooClient) -> KlikooSeatMaps {
    ///     KlikooSeatMaps::new(client.clone())
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

#[derive(Serialize)]
struct TripWanted<'a> {
    product_code: &'a str,
    trip_id: i64,
}

#[derive(Deserialize)]
struct TripData {
    id: Option<TextOrNumber>,
    travel_name: Option<String>,
    bus_type: Option<String>,
    boarding_point_name: Option<String>,
    drop_point_name: Option<String>,
    depart_time: Option<String>,
    arrival_time: Option<String>,
    #[serde(default)]
    mandatory_fields: Option<Vec<String>>,
    seats: Vec<SeatData>,
}

#[derive(Deserialize)]
struct SeatData {
    name: TextOrNumber,
    row: Option<TextOrNumber>,
    column: Option<TextOrNumber>,
    price: Option<TextOrNumber>,
    base_price: Option<TextOrNumber>,
}

#[async_trait]
impl SeatMaps for KlikooSeatMaps {
    async fn seat_map(&self, product: &ProductCode, trip: TripId) -> Result<SeatMap, InquiryError> {
        let wanted = TripWanted {
            product_code: product.as_str(),
            trip_id: trip.get(),
        };
        let body = written(&wanted);
        let reply = self
            .client
            .post(&self.endpoint, body)
            .await
            .map_err(unanswered)?;
        let data: TripData = answered(&reply, shown)
            .map_err(not_found)?
            .data()
            .ok_or_else(|| unreadable("its data is not a trip with seats"))?;
        if data.id.as_ref().and_then(TextOrNumber::whole) != trip.get().try_into().ok() {
            return Err(unreadable("it describes another trip than was asked for"));
        }
        Ok(seat_map(data, trip))
    }
}

/// Klikoo's "product not found": with a trip in the question, it is the trip or its product.
fn not_found(error: InquiryError) -> InquiryError {
    match error {
        InquiryError::Refused { code, message }
            if ResponseCode::parse(&code).case() == Some(Case::ProductNotFound) =>
        {
            InquiryError::NotFound { code, message }
        }
        error => error,
    }
}

fn seat_map(data: TripData, trip: TripId) -> SeatMap {
    let line = |text: Option<String>| text.map(|text| printable(&text, MESSAGE_MAX));
    let listed = data.seats.len();
    let seats: Vec<FreeSeat> = data
        .seats
        .into_iter()
        .filter_map(free_seat)
        .take(SEATS_MAX)
        .collect();
    let mut map = SeatMap::of_trip(trip);
    map.travel_name = line(data.travel_name);
    map.bus_type = line(data.bus_type);
    map.boarding_point = line(data.boarding_point_name);
    map.drop_point = line(data.drop_point_name);
    map.depart_time = line(data.depart_time);
    map.arrival_time = line(data.arrival_time);
    map.mandatory_fields = data
        .mandatory_fields
        .unwrap_or_default()
        .iter()
        .map(|field| printable(field, MESSAGE_MAX))
        .collect();
    map.unreadable_seats = listed - seats.len();
    map.seats = seats;
    map
}

/// `None` for a seat that could not be ordered by its name, or that stands nowhere.
fn free_seat(seat: SeatData) -> Option<FreeSeat> {
    let place = |number: Option<TextOrNumber>| {
        u16::try_from(number?.whole()?)
            .ok()
            .filter(|place| *place <= PLACE_MAX)
    };
    Some(FreeSeat {
        name: SeatName::new(seat.name.into_text()).ok()?,
        row: place(seat.row)?,
        column: place(seat.column)?,
        price: seat
            .price
            .or(seat.base_price)
            .and_then(|price| price.whole()),
    })
}
