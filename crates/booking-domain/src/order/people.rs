//! The people of a valid order: who placed it, and who travels.

use time::Date;

use super::personal::{Gender, Personal};
use super::values::SeatName;

/// Who placed the order (`order_detail` of the given document, section B).
///
/// ```
/// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
/// assert_eq!(order.contact().name().expose(), "Pandu");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contact {
    pub(super) name: Personal<String>,
    pub(super) email: Personal<String>,
    pub(super) phone_number: Personal<String>,
}

impl Contact {
    /// 1 to 100 characters of any script, trimmed.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.contact().name().expose(), "Pandu");
    /// ```
    #[must_use]
    pub fn name(&self) -> &Personal<String> {
        &self.name
    }

    /// As given: up to 254 ASCII characters, 64 of them before the `@`.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.contact().email().expose(), "pdputra@pvg.co.id");
    /// ```
    #[must_use]
    pub fn email(&self) -> &Personal<String> {
        &self.email
    }

    /// As given: 8 to 15 digits, local (`08…`) or international (`+62…`).
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.contact().phone_number().expose(), "082122274139");
    /// ```
    #[must_use]
    pub fn phone_number(&self) -> &Personal<String> {
        &self.phone_number
    }
}

/// A traveller and the seat to be held.
///
/// ```
/// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
/// let shown = format!("{:?}", order.departure().passengers()[0]);
/// assert!(!shown.contains("1996"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Passenger {
    pub(super) seat_name: SeatName,
    pub(super) name: Personal<String>,
    pub(super) date_of_birth: Personal<Date>,
    pub(super) gender: Personal<Gender>,
    pub(super) identity_number: Personal<String>,
}

impl Passenger {
    /// The seat to be held.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.departure().passengers()[0].seat_name().as_str(), "8");
    /// ```
    #[must_use]
    pub fn seat_name(&self) -> &SeatName {
        &self.seat_name
    }

    /// 1 to 100 characters of any script, trimmed.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.departure().passengers()[0].name().expose(), "Pandu");
    /// ```
    #[must_use]
    pub fn name(&self) -> &Personal<String> {
        &self.name
    }

    /// A day from 1900-01-01 to the day of the check (`dob`).
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// let born = order.departure().passengers()[0].date_of_birth();
    /// assert_eq!(*born.expose(), time::macros::date!(1996 - 12 - 09));
    /// ```
    #[must_use]
    pub fn date_of_birth(&self) -> &Personal<Date> {
        &self.date_of_birth
    }

    /// `male` or `female` on the wire.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.departure().passengers()[0].gender().expose().as_str(), "male");
    /// ```
    #[must_use]
    pub fn gender(&self) -> &Personal<Gender> {
        &self.gender
    }

    /// NIK or passport number, as given (`id_card_number`): 6 to 32 ASCII letters and digits.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.departure().passengers()[0].identity_number().expose().len(), 17);
    /// ```
    #[must_use]
    pub fn identity_number(&self) -> &Personal<String> {
        &self.identity_number
    }
}
