//! `seatblock seats`: the free seats of a trip.

mod drawing;

use anyhow::bail;
use booking_domain::{ProductCode, TripId};
use booking_ports::{FreeSeat, InquiryError, SeatMap};
use clap::Args;
use serde_json::{Map, Value, json};

use self::drawing::{draw, prices};
use crate::Run;
use crate::exit::Exit;
use crate::output::{Report, columns, object};
use crate::wiring::Provider;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The trip, as the provider numbers it
    #[arg(value_parser = trip_id)]
    trip_id: TripId,
    /// The product
    #[arg(long, value_name = "CODE", default_value = "BUS", value_parser = product_code)]
    product: ProductCode,
}

fn trip_id(text: &str) -> Result<TripId, String> {
    let id = text
        .parse()
        .map_err(|_| "a trip id is a whole number, such as 188336".to_owned())?;
    TripId::new(id).map_err(|fault| fault.message)
}

fn product_code(text: &str) -> Result<ProductCode, String> {
    ProductCode::new(text).map_err(|fault| fault.message)
}

/// Asks for the seat map and draws it.
///
/// # Errors
///
/// Settings that cannot be used, or no answer; a refusal is an exit code.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let provider = Provider::from_settings(&run).await?;
    let sandbox = provider.is_embedded_sandbox();
    let answer = provider
        .seat_maps
        .seat_map(&arguments.product, arguments.trip_id)
        .await;
    match answer {
        Ok(map) => {
            run.output.result(&SeatsReport { map: &map, sandbox });
            Ok(Exit::Done)
        }
        Err(InquiryError::Refused { code, message } | InquiryError::NotFound { code, message }) => {
            run.output.result(&RefusedReport {
                code,
                message,
                sandbox,
            });
            Ok(Exit::Refused)
        }
        // The causes beneath say the same again.
        Err(error @ InquiryError::Unavailable { .. }) => {
            bail!(provider.with_address(&error.to_string()))
        }
        Err(error @ InquiryError::Unreadable { .. }) => bail!(error.to_string()),
    }
}

struct SeatsReport<'a> {
    map: &'a SeatMap,
    sandbox: bool,
}

impl Report for SeatsReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let map = self.map;
        let seats: Value = map.seats.iter().map(seat_json).collect();
        object([
            ("trip_id", map.trip_id.get().into()),
            ("travel_name", map.travel_name.as_deref().into()),
            ("bus_type", map.bus_type.as_deref().into()),
            ("boarding_point", map.boarding_point.as_deref().into()),
            ("drop_point", map.drop_point.as_deref().into()),
            ("depart_time", map.depart_time.as_deref().into()),
            ("arrival_time", map.arrival_time.as_deref().into()),
            ("mandatory_fields", map.mandatory_fields.clone().into()),
            ("free_seats", map.seats.len().into()),
            ("seats", seats),
            (
                "unreadable_seats",
                (map.unreadable_seats > 0)
                    .then_some(map.unreadable_seats)
                    .into(),
            ),
            ("sandbox", self.sandbox.then_some(true).into()),
        ])
    }

    fn text(&self) -> String {
        let map = self.map;
        let stated = [
            ("travel", &map.travel_name),
            ("bus", &map.bus_type),
            ("from", &map.boarding_point),
            ("to", &map.drop_point),
            ("departs", &map.depart_time),
            ("arrives", &map.arrival_time),
        ];
        let mut rows: Vec<(&str, String)> = stated
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.clone()?)))
            .collect();
        if !map.mandatory_fields.is_empty() {
            rows.push(("asks for", map.mandatory_fields.join(", ")));
        }
        rows.push(("free seats", map.seats.len().to_string()));
        if map.unreadable_seats > 0 {
            rows.push(("unreadable", format!("{} more seats", map.unreadable_seats)));
        }
        rows.extend(self.sandbox.then(sandbox_row));
        let drawing = draw(&map.seats);
        let prices = prices(&map.seats);
        format!(
            "trip {}\n{}\n{drawing}\n{prices}",
            map.trip_id,
            columns(&rows)
        )
    }
}

fn sandbox_row() -> (&'static str, String) {
    ("sandbox", "yes, not a real bus".to_owned())
}

fn seat_json(seat: &FreeSeat) -> Value {
    Value::Object(object([
        ("name", seat.name.as_str().into()),
        ("row", seat.row.into()),
        ("column", seat.column.into()),
        ("price", seat.price.into()),
    ]))
}

struct RefusedReport {
    code: String,
    message: String,
    sandbox: bool,
}

impl Report for RefusedReport {
    fn json(&self) -> Map<String, Value> {
        object([
            ("outcome", "refused".into()),
            ("code", json!(self.code)),
            ("message", json!(self.message)),
            ("sandbox", self.sandbox.then_some(true).into()),
        ])
    }

    fn text(&self) -> String {
        let mut rows = vec![
            ("code", self.code.clone()),
            ("message", self.message.clone()),
        ];
        rows.extend(self.sandbox.then(sandbox_row));
        format!("refused\n{}", columns(&rows))
    }
}
