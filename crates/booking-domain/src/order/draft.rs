//! The plain order: whatever a shop wrote down, not yet checked.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::Date;
use validator::Validate;

use super::block_order::BlockOrder;
use super::limits::{EMAIL_MAX, IDENTITY_NUMBER_MAX, IDENTITY_NUMBER_MIN, SEAT_NAME_MAX};
use super::rules;
use super::validation;
use super::values::PartnerReference;
use crate::fault::Faults;

/// An order as a shop writes it, in the given document's names (section B). Any text may stand in
/// it: [`check`](Self::check) tells whether it is an order.
///
/// `Debug` shows no personal value. A program that deserialises it with serde stops at the first
/// wrong type; [`BlockOrder::from_json`] lists every fault of a document at once.
///
/// ```
/// use booking_domain::OrderDraft;
///
/// let draft: OrderDraft = serde_json::from_str(r#"{
///     "product_code": "BUS", "selling_price": "20000", "partner_reference_no": "1238",
///     "order_detail": {"name": "Pandu", "email": "pandu@example.co.id", "phone_number": "082122274139"},
///     "departure": {"trip_id": 188336, "passengers": []}, "return": null
/// }"#).unwrap();
/// assert!(draft.check(time::macros::date!(2026 - 11 - 24)).is_err()); // no passengers
/// ```
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = rules::return_trip, skip_on_field_errors = false))]
pub struct OrderDraft {
    /// 1 to 32 of `A-Z 0-9 - _`; small letters are made capital.
    #[validate(custom(function = rules::product_code))]
    pub product_code: String,
    /// Whole rupiah as a string, `"1"` to `"9999999999"`: what the traveller pays for everything.
    #[validate(custom(function = rules::selling_price))]
    pub selling_price: String,
    /// 1 to 64 printable ASCII characters without spaces; `None` where the shop has none yet.
    #[serde(default)]
    #[validate(custom(function = rules::partner_reference))]
    pub partner_reference_no: Option<String>,
    /// Who places the order.
    #[validate(nested)]
    pub order_detail: ContactDraft,
    /// The way there.
    #[validate(nested)]
    pub departure: LegDraft,
    /// The way back; `None` for one way.
    #[serde(default, rename = "return")]
    #[validate(nested)]
    pub return_leg: Option<LegDraft>,
}

/// The person who places an order (`order_detail`).
///
/// ```
/// use booking_domain::ContactDraft;
///
/// let contact = ContactDraft {
///     name: "Pandu".into(),
///     email: "pandu@example.co.id".into(),
///     phone_number: "+6282122274139".into(),
/// };
/// assert!(!format!("{contact:?}").contains("Pandu"));
/// ```
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ContactDraft {
    /// 1 to 100 characters after trimming, any script, no control characters.
    #[validate(custom(function = rules::person_name))]
    pub name: String,
    /// An address with a domain name, ASCII or punycode: at most 254 characters, 64 of them before
    /// the `@`. Neither quoted names nor `[address literals]`: shops do not have such travellers.
    #[validate(length(max = EMAIL_MAX), custom(function = rules::email))]
    pub email: String,
    /// `08…` or `+62…`, 8 to 15 digits, kept as given.
    #[validate(custom(function = rules::phone_number))]
    pub phone_number: String,
}

/// A trip and who travels on it.
///
/// ```
/// use booking_domain::LegDraft;
///
/// let leg = LegDraft { trip_id: 188_336, passengers: Vec::new() };
/// assert_eq!(leg.trip_id, 188_336);
/// ```
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = rules::passenger_count, skip_on_field_errors = false))]
#[validate(schema(function = rules::distinct_seats, skip_on_field_errors = false))]
pub struct LegDraft {
    /// The provider's number of the trip, at least 1.
    #[validate(range(min = 1))]
    pub trip_id: i64,
    /// 1 to 40, no two on one seat.
    #[validate(nested)]
    pub passengers: Vec<PassengerDraft>,
}

/// One traveller and the seat wanted.
///
/// ```
/// use booking_domain::OrderDraft;
///
/// let passenger = OrderDraft::sample().departure.passengers.remove(0);
/// assert_eq!(passenger.seat_name, "8");
/// assert!(!format!("{passenger:?}").contains("1996"));
/// ```
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct PassengerDraft {
    /// 1 to 10 characters as the seat map names it.
    #[validate(length(max = SEAT_NAME_MAX), custom(function = rules::seat_name_form))]
    pub seat_name: String,
    /// 1 to 100 characters after trimming, any script, no control characters.
    #[validate(custom(function = rules::person_name))]
    pub name: String,
    /// `YYYY-MM-DD`, from 1900-01-01 to today in Jakarta.
    #[validate(custom(function = rules::birth_date))]
    pub dob: String,
    /// `male` or `female`.
    #[validate(custom(function = rules::gender))]
    pub gender: String,
    /// 6 to 32 letters or digits.
    #[validate(
        length(min = IDENTITY_NUMBER_MIN, max = IDENTITY_NUMBER_MAX),
        custom(function = rules::identity_number)
    )]
    pub id_card_number: String,
}

impl OrderDraft {
    /// The given document's sample order (section C), for examples and first tries.
    ///
    /// ```
    /// assert_eq!(booking_domain::OrderDraft::sample().departure.trip_id, 188_336);
    /// ```
    #[must_use]
    pub fn sample() -> Self {
        Self {
            product_code: "BUS".to_owned(),
            selling_price: "20000".to_owned(),
            partner_reference_no: Some("1238".to_owned()),
            order_detail: ContactDraft {
                name: "Pandu".to_owned(),
                email: "pdputra@pvg.co.id".to_owned(),
                phone_number: "082122274139".to_owned(),
            },
            departure: LegDraft {
                trip_id: 188_336,
                passengers: vec![PassengerDraft {
                    seat_name: "8".to_owned(),
                    name: "Pandu".to_owned(),
                    dob: "1996-12-09".to_owned(),
                    gender: "male".to_owned(),
                    id_card_number: "31741009219923332".to_owned(),
                }],
            },
            return_leg: None,
        }
    }

    /// Fills in a reference where the draft has none. Keep it: a repeat must carry the same one.
    ///
    /// ```
    /// use booking_domain::{OrderDraft, PartnerReference};
    ///
    /// let mut draft = OrderDraft::sample();
    /// draft.partner_reference_no = None;
    /// let draft = draft.or_reference(|| PartnerReference::new("order-7").unwrap());
    /// assert_eq!(draft.partner_reference_no.as_deref(), Some("order-7"));
    /// ```
    #[must_use]
    pub fn or_reference(mut self, make: impl FnOnce() -> PartnerReference) -> Self {
        self.partner_reference_no
            .get_or_insert_with(|| make().as_str().to_owned());
        self
    }

    /// Makes the order, or says everything that is wrong with the draft. `today` is the day in
    /// Jakarta, the latest day on which a passenger can have been born.
    ///
    /// # Errors
    ///
    /// All faults at once, in the order of the document. A draft without a reference is one.
    ///
    /// ```
    /// use booking_domain::OrderDraft;
    /// use time::macros::date;
    ///
    /// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.departure().passengers().len(), 1);
    /// ```
    pub fn check(self, today: Date) -> Result<BlockOrder, Faults> {
        validation::check(self, today, Vec::new(), &[])
    }
}

impl fmt::Debug for OrderDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OrderDraft")
            .field("product_code", &self.product_code)
            .field("selling_price", &self.selling_price)
            .field("partner_reference_no", &self.partner_reference_no)
            .field("departure", &self.departure)
            .field("return_leg", &self.return_leg)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ContactDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContactDraft([personal])")
    }
}

impl fmt::Debug for LegDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LegDraft")
            .field("trip_id", &self.trip_id)
            .field("passengers", &self.passengers)
            .finish()
    }
}

impl fmt::Debug for PassengerDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PassengerDraft")
            .field("seat_name", &self.seat_name)
            .finish_non_exhaustive()
    }
}
