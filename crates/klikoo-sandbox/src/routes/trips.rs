//! `POST transports/trips-detail` and `trips` (API description §6).

use serde_json::{Value, json};
use time::macros::format_description;
use time::{Date, Duration};

use super::{authentic, check_product};
use crate::answer::{Answer, PRODUCT, SUCCESS, Service};
use crate::call::{Call, Verdict};
use crate::clock::{JAKARTA, to_seconds};
use crate::country::{Place, PlaceKind};
use crate::json::{Json, Members, Problem};
use crate::kernel::Kernel;
use crate::store::TripFound;

/// How long every bus is on its way.
const JOURNEY: Duration = Duration::hours(3);

pub(crate) fn detail(kernel: &Kernel, call: &Call) -> Verdict {
    authentic(kernel, call, |service| {
        let read = || {
            let mut body = Members::of_body(&call.body)?;
            let parts = (body.string("product_code")?, body.integer("trip_id")?);
            body.finish().map(|()| parts)
        };
        let (product, id) = read().map_err(|problem| problem.answer(service))?;
        check_product(&product, service)?;
        let (found, seats) = kernel.store().trip(id, call.at).ok_or_else(|| {
            Answer::refusal_because(PRODUCT, service, &format!("there is no trip {id}"))
        })?;
        // A bus runs every day under one number; nobody has said which day is meant.
        let tomorrow = call.at.saturating_add(Duration::DAY).date();
        let mut trip = summary(&found, tomorrow);
        if let Some(members) = trip.as_object_mut() {
            members.insert(
                "mandatory_fields".into(),
                json!(["PHONE", "EMAILID", "NAME"]),
            );
            members.insert("seats".into(), Value::Array(seats));
        }
        Ok(Answer::success(SUCCESS, service, trip))
    })
}

/// What a search asks for.
struct Search {
    product: String,
    /// `None`: a place that the sandbox's country has not.
    from: Option<Place>,
    to: Option<Place>,
    seats: u64,
    date: Date,
    limit: usize,
    page: usize,
}

impl Search {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut body = Members::of_body(body)?;
        let product = body.string("product_code")?;
        let date = Date::parse(
            &body.string("date")?,
            format_description!("[year]-[month]-[day]"),
        )
        .map_err(|_| Problem::invalid("`date` must be a day as 2026-11-26".to_owned()))?;
        let from = place(&mut body, "source_id", "source_type")?;
        let to = place(&mut body, "destination_id", "destination_type")?;
        let seats = spelled(&mut body, "total_seat")?.ok_or_else(|| {
            Problem::invalid("`total_seat` must be a whole number, or spell one".to_owned())
        })?;
        let mut pagination = body.object("pagination")?;
        let limit = bounded(&mut pagination, "limit", 1..=100)?;
        let page = bounded(&mut pagination, "page", 1..=1_000_000)?;
        pagination.anything("sort");
        pagination.anything("search");
        pagination.finish()?;
        body.finish()?;
        Ok(Self {
            product,
            from,
            to,
            seats,
            date,
            limit,
            page,
        })
    }
}

/// The documents do not say the types of these, so a number may be a text.
fn spelled(body: &mut Members, name: &str) -> Result<Option<u64>, Problem> {
    match body.anything(name) {
        None => Err(Problem::invalid(format!("`{name}` is missing"))),
        Some(Json::Integer(number)) => Ok(Some(number)),
        Some(Json::String(text)) => Ok(text.trim().parse().ok()),
        Some(_) => Ok(None),
    }
}

fn place(body: &mut Members, id: &str, kind: &str) -> Result<Option<Place>, Problem> {
    let id = spelled(body, id)?;
    let kind = match body.string(kind)?.to_uppercase().as_str() {
        "CITY" => PlaceKind::City,
        "LOCATION" => PlaceKind::Location,
        _ => {
            return Err(Problem::invalid(format!(
                "`{kind}` must be CITY or LOCATION"
            )));
        }
    };
    Ok(id.and_then(|id| Place::find(kind, id)))
}

fn bounded(
    members: &mut Members,
    name: &str,
    range: std::ops::RangeInclusive<u64>,
) -> Result<usize, Problem> {
    let number = members.integer(name)?;
    if !range.contains(&number) {
        let (low, high) = range.into_inner();
        return Err(Problem::invalid(format!(
            "`{name}` must be {low} to {high}"
        )));
    }
    usize::try_from(number).map_err(|_| Problem::invalid(format!("`{name}` is too large")))
}

/// Every bus runs on every day; what is full for as many seats as are wanted is left out.
pub(crate) fn search(kernel: &Kernel, call: &Call) -> Verdict {
    authentic(kernel, call, |service: Service| {
        let search = Search::read(&call.body).map_err(|problem| problem.answer(service))?;
        check_product(&search.product, service)?;
        let found = match (search.from, search.to) {
            (Some(from), Some(to)) => {
                let store = kernel.store();
                store.trips_between(from, to, search.seats, call.at)
            }
            _ => Vec::new(),
        };
        let trips: Vec<Value> = found
            .iter()
            .skip((search.page - 1).saturating_mul(search.limit))
            .take(search.limit)
            .map(|trip| summary(trip, search.date))
            .collect();
        Ok(Answer::success(SUCCESS, service, Value::Array(trips)))
    })
}

fn summary(trip: &TripFound, day: Date) -> Value {
    let timetable = &trip.timetable;
    let departs = day.with_time(timetable.departs).assume_offset(JAKARTA);
    json!({
        "id": trip.id,
        "available_seat": trip.free,
        "boarding_point_name": timetable.from.name,
        "drop_point_name": timetable.to.name,
        "travel_name": timetable.travel_name,
        "vehicle_type": "BUS",
        "bus_type": timetable.bus_type,
        "depart_time": to_seconds(departs),
        "arrival_time": to_seconds(departs.saturating_add(JOURNEY)),
        "lower_price": timetable.price.to_string(),
        "high_price": timetable.price,
    })
}
