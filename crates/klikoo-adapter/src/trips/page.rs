//! A page of trips. Klikoo's reference does not show one whole, so it is read with forbearance.

use booking_domain::TripId;
use booking_ports::{InquiryError, TRIPS_PAGE_MAX, TripPage, TripQuery, TripSummary};

use crate::canonical_json::Node;
use crate::envelope::Envelope;
use crate::inquiry::{line, unreadable};

/// Most trips that are kept of a reply, should it be longer than was asked for.
const TRIPS_MAX: usize = 500;

/// The page that `envelope` carries: its data is the list, or an object in which one list stands.
pub(super) fn read(envelope: &Envelope<'_>, query: &TripQuery) -> Result<TripPage, InquiryError> {
    if envelope.has_null_data() {
        return Ok(TripPage::default());
    }
    let data = envelope
        .whole_data()
        .ok_or_else(|| unreadable("its data is absent, or cannot be read whole"))?;
    let rows = rows(&data)?;
    let trips: Vec<TripSummary> = rows.iter().filter_map(trip).take(TRIPS_MAX).collect();
    let meta = envelope.whole_meta();
    Ok(TripPage {
        next_page: next_page(meta.as_ref(), rows.len(), query),
        unreadable: rows.len() - trips.len(),
        trips,
    })
}

fn rows<'n, 'a>(data: &'n Node<'a>) -> Result<&'n [Node<'a>], InquiryError> {
    let members = match data {
        Node::Array(rows) => return Ok(rows),
        Node::Object(members) => members,
        Node::Text(_) | Node::Literal(_) => return Err(unreadable("its data is no list of trips")),
    };
    let mut lists = members.iter().filter_map(|(_, member)| match member {
        Node::Array(rows) => Some(rows.as_slice()),
        _ => None,
    });
    match (lists.next(), lists.next()) {
        (Some(rows), None) => Ok(rows),
        _ => Err(unreadable(
            "its data holds no list of trips, or several lists",
        )),
    }
}

/// By what stands beside the data, where something does; else a full page may have a next one.
fn next_page(meta: Option<&Node<'_>>, listed: usize, query: &TripQuery) -> Option<u32> {
    let following = query.page() + 1;
    let said = |name| meta.and_then(|meta| meta.member(name));
    let more = match (said("next_page"), said("total_pages").and_then(Node::whole)) {
        (Some(next), _) => next
            .whole()
            .is_some_and(|next| next == u64::from(following)),
        (None, Some(pages)) => u64::from(query.page()) < pages,
        // More than was asked for is everything that there is.
        (None, None) => listed == query.limit() as usize,
    };
    (more && following <= TRIPS_PAGE_MAX).then_some(following)
}

/// `None` for a trip that could not be ordered by its number.
fn trip(row: &Node<'_>) -> Option<TripSummary> {
    let number = |name| row.member(name).and_then(Node::whole);
    let id = i64::try_from(number("id")?).ok()?;
    let mut trip = TripSummary::of_trip(TripId::new(id).ok()?);
    trip.travel_name = line(row, "travel_name");
    trip.bus_type = line(row, "bus_type");
    trip.vehicle_type = line(row, "vehicle_type");
    trip.boarding_point = line(row, "boarding_point_name");
    trip.drop_point = line(row, "drop_point_name");
    trip.depart_time = line(row, "depart_time");
    trip.arrival_time = line(row, "arrival_time");
    trip.free_seats = number("available_seat").and_then(|seats| u32::try_from(seats).ok());
    trip.lowest_price = number("lower_price");
    trip.highest_price = number("high_price");
    Some(trip)
}
