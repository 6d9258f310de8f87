//! A person's data: kept from print, and the two values of it that have a form.

use std::fmt;

use serde::{Deserialize, Serialize};
use time::Date;

/// A person's data: usable by code that asks for it, invisible to everything that prints.
///
/// `Debug` writes `[personal]`, and there is no `Display`.
///
/// ```
/// use booking_domain::OrderDraft;
/// use time::macros::date;
///
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let name = order.contact().name();
/// assert_eq!(format!("{name:?}"), "[personal]");
/// assert_eq!(name.expose(), "Pandu");
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself. What is done with it must keep it out of logs, errors and metrics.
    ///
    /// ```
    /// # use booking_domain::OrderDraft;
    /// # let order = OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.contact().phone_number().expose(), "082122274139");
    /// ```
    pub fn expose(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

/// A passenger's gender, in one of two words. The given document's sample has `male` (section B);
/// `female` is its counterpart.
///
/// ```
/// use booking_domain::Gender;
///
/// assert_eq!(Gender::Female.as_str(), "female");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// `male`
    Male,
    /// `female`
    Female,
}

impl Gender {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text {
            "male" => Some(Self::Male),
            "female" => Some(Self::Female),
            _ => None,
        }
    }

    /// The word on the wire.
    ///
    /// ```
    /// assert_eq!(booking_domain::Gender::Male.as_str(), "male");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Male => "male",
            Self::Female => "female",
        }
    }
}

/// Reads `YYYY-MM-DD`, ten characters, a day of the calendar.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let form = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !form {
        return None;
    }
    let year = text.get(0..4)?.parse().ok()?;
    let month = text.get(5..7)?.parse::<u8>().ok()?.try_into().ok()?;
    let day = text.get(8..10)?.parse().ok()?;
    Date::from_calendar_date(year, month, day).ok()
}
