//! `POST transports/trips-detail` and `trips` (API description §6).

use serde_json::{Value, json};
use time::{Duration, OffsetDateTime, Time};

use super::places::TERMINALS;
use super::{authentic, check_product};
use crate::answer::{Answer, PRODUCT, SUCCESS, Service};
use crate::call::{Call, Verdict};
use crate::json::{Members, Problem};
use crate::kernel::Kernel;

/// Every trip leaves at this hour of the clock's next day.
const DEPARTURE: Time = time::macros::time!(08:00);
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
        let seats = kernel.store().free_seats(id, call.at).ok_or_else(|| {
            Answer::refusal_because(PRODUCT, service, &format!("there is no trip {id}"))
        })?;
        let mut trip = summary(id, seats.len(), call.at);
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

/// What a search asks for, beside the names of its other fields.
struct Search {
    product: String,
    limit: usize,
    page: usize,
}

impl Search {
    fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut body = Members::of_body(body)?;
        let product = body.string("product_code")?;
        body.string("date")?;
        // The documents do not say the types of these.
        for field in [
            "source_id",
            "source_type",
            "destination_id",
            "destination_type",
            "total_seat",
        ] {
            body.anything(field)
                .ok_or_else(|| Problem::invalid(format!("`{field}` is missing")))?;
        }
        let mut pagination = body.object("pagination")?;
        let limit = bounded(&mut pagination, "limit", 1..=100)?;
        let page = bounded(&mut pagination, "page", 1..=1_000_000)?;
        pagination.anything("sort");
        pagination.anything("search");
        pagination.finish()?;
        body.finish()?;
        Ok(Self {
            product,
            limit,
            page,
        })
    }
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

/// Lists every trip, whatever cities are asked for: the sandbox has one road.
pub(crate) fn search(kernel: &Kernel, call: &Call) -> Verdict {
    authentic(kernel, call, |service: Service| {
        let search = Search::read(&call.body).map_err(|problem| problem.answer(service))?;
        check_product(&search.product, service)?;
        let store = kernel.store();
        let trips: Vec<Value> = store
            .trip_ids()
            .into_iter()
            .skip((search.page - 1).saturating_mul(search.limit))
            .take(search.limit)
            .filter_map(|id| Some(summary(id, store.free_seats(id, call.at)?.len(), call.at)))
            .collect();
        Ok(Answer::success(SUCCESS, service, Value::Array(trips)))
    })
}

fn summary(id: u64, free: usize, now: OffsetDateTime) -> Value {
    let departs = now.saturating_add(Duration::DAY).replace_time(DEPARTURE);
    let [(_, boarding, _), (_, drop, _), _] = TERMINALS;
    json!({
        "id": id,
        "available_seat": free,
        "boarding_point_name": boarding,
        "drop_point_name": drop,
        "travel_name": "Klikoo Sandbox",
        "vehicle_type": "BUS",
        "bus_type": "Executive",
        "depart_time": crate::clock::to_seconds(departs),
        "arrival_time": crate::clock::to_seconds(departs.saturating_add(JOURNEY)),
        "lower_price": "20000",
        "high_price": 20_000,
    })
}
