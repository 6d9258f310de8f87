//! From a draft that was checked to the order, and back.

use super::block_order::BlockOrder;
use super::draft::{ContactDraft, LegDraft, OrderDraft, PassengerDraft};
use super::leg::Leg;
use super::people::{Contact, Passenger};
use super::personal::{Gender, Personal, parse_date};
use super::values::{PartnerReference, ProductCode, Rupiah, SeatName, TripId};

/// The rules passed, so every part converts; `None` would mean that a rule and a conversion
/// disagree.
pub(super) fn convert(draft: OrderDraft) -> Option<BlockOrder> {
    Some(BlockOrder {
        product_code: ProductCode::from_valid(draft.product_code),
        selling_price: Rupiah::parse(&draft.selling_price).ok()?,
        reference: PartnerReference::from_valid(draft.partner_reference_no?),
        contact: contact(draft.order_detail),
        departure: leg(draft.departure)?,
        return_leg: match draft.return_leg {
            Some(draft) => Some(leg(draft)?),
            None => None,
        },
        tenant: None,
    })
}

fn contact(draft: ContactDraft) -> Contact {
    Contact {
        name: trimmed(&draft.name),
        email: Personal::new(draft.email),
        phone_number: Personal::new(draft.phone_number),
    }
}

fn leg(draft: LegDraft) -> Option<Leg> {
    Some(Leg {
        trip_id: TripId::from_valid(draft.trip_id),
        passengers: draft
            .passengers
            .into_iter()
            .map(passenger)
            .collect::<Option<_>>()?,
    })
}

fn passenger(draft: PassengerDraft) -> Option<Passenger> {
    Some(Passenger {
        name: trimmed(&draft.name),
        date_of_birth: Personal::new(parse_date(&draft.dob)?),
        gender: Personal::new(Gender::parse(&draft.gender)?),
        seat_name: SeatName::from_valid(draft.seat_name),
        identity_number: Personal::new(draft.id_card_number),
    })
}

fn trimmed(name: &str) -> Personal<String> {
    Personal::new(name.trim().to_owned())
}

impl From<&BlockOrder> for OrderDraft {
    /// The draft that makes the same order again, for instance to store it sealed.
    fn from(order: &BlockOrder) -> Self {
        Self {
            product_code: order.product_code.to_string(),
            selling_price: order.selling_price.to_string(),
            partner_reference_no: Some(order.reference.to_string()),
            order_detail: ContactDraft::from(&order.contact),
            departure: LegDraft::from(&order.departure),
            return_leg: order.return_leg.as_ref().map(LegDraft::from),
        }
    }
}

impl From<&Contact> for ContactDraft {
    fn from(contact: &Contact) -> Self {
        Self {
            name: contact.name.expose().clone(),
            email: contact.email.expose().clone(),
            phone_number: contact.phone_number.expose().clone(),
        }
    }
}

impl From<&Leg> for LegDraft {
    fn from(leg: &Leg) -> Self {
        Self {
            trip_id: leg.trip_id.get(),
            passengers: leg.passengers.iter().map(PassengerDraft::from).collect(),
        }
    }
}

impl From<&Passenger> for PassengerDraft {
    fn from(passenger: &Passenger) -> Self {
        Self {
            seat_name: passenger.seat_name.to_string(),
            name: passenger.name.expose().clone(),
            dob: passenger.date_of_birth.expose().to_string(),
            gender: passenger.gender.expose().as_str().to_owned(),
            id_card_number: passenger.identity_number.expose().clone(),
        }
    }
}
