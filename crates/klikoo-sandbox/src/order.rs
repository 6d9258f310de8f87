//! A block-seat body, read as the given document's table B describes it.

use crate::json::{Members, Problem};

/// The most characters of a seat's name.
pub(crate) const MAX_SEAT_NAME: usize = 10;

/// What a block-seat call asks for. Names and dates are checked, not kept:
/// the sandbox needs none of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) product_code: String,
    pub(crate) selling_price: String,
    pub(crate) reference: String,
    /// Departure, then return if there is one.
    pub(crate) legs: Vec<Leg>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leg {
    pub(crate) trip_id: u64,
    pub(crate) seats: Vec<String>,
}

impl Order {
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        let mut order = Members::of_body(body)?;
        let product_code = order.string("product_code")?;
        let selling_price = order.string("selling_price")?;
        let reference = order.string("partner_reference_no")?;
        let mut contact = order.object("order_detail")?;
        for field in ["name", "email", "phone_number"] {
            contact.string(field)?;
        }
        contact.finish()?;
        let mut legs = vec![Leg::read(order.object("departure")?)?];
        if let Some(leg) = order.optional_object("return")? {
            legs.push(Leg::read(leg)?);
        }
        order.finish()?;
        let order = Self {
            product_code,
            selling_price,
            reference,
            legs,
        };
        order.refuse_seat_twice()?;
        Ok(order)
    }

    /// Every seat's name, departure first.
    pub(crate) fn seats(&self) -> impl Iterator<Item = &str> {
        self.legs
            .iter()
            .flat_map(|leg| leg.seats.iter().map(String::as_str))
    }

    fn refuse_seat_twice(&self) -> Result<(), Problem> {
        let mut seen = std::collections::HashSet::new();
        for leg in &self.legs {
            for seat in &leg.seats {
                if !seen.insert((leg.trip_id, seat)) {
                    return Err(Problem::invalid(format!(
                        "seat {seat:?} of trip {} is asked for twice",
                        leg.trip_id
                    )));
                }
            }
        }
        Ok(())
    }
}

impl Leg {
    fn read(mut leg: Members) -> Result<Self, Problem> {
        let trip_id = leg.integer("trip_id")?;
        let mut seats = Vec::new();
        for mut passenger in leg.objects("passengers")? {
            seats.push(passenger.string("seat_name")?);
            for field in ["name", "dob", "gender", "id_card_number"] {
                passenger.string(field)?;
            }
            passenger.finish()?;
        }
        leg.finish()?;
        Ok(Self { trip_id, seats })
    }
}
