//! The values of a valid order. Each can only be made by passing its rule.

use std::fmt;

use validator::ValidationError;

use super::rules;
use super::validation::fault_of;
use crate::fault::Fault;

macro_rules! text_value {
    ($(#[$doc:meta])* $name:ident, $rule:path, $path:literal) => {
        text_value! { $(#[$doc])* $name, $rule, $path, "X1" }
    };
    ($(#[$doc:meta])* $name:ident, $rule:path, $path:literal, $example:literal) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks `text` by the rule above.
            ///
            /// # Errors
            ///
            /// A [`Fault`] that says what is accepted.
            #[doc = concat!("\n```\nassert!(booking_domain::", stringify!($name), "::new(\"\").is_err());\n```")]
            pub fn new(text: impl Into<String>) -> Result<Self, Fault> {
                let text = text.into();
                match $rule(&text) {
                    Ok(()) => Ok(Self::from_valid(text)),
                    Err(error) => Err(fault_of($path.to_owned(), &error)),
                }
            }

            /// The text itself, as it is written in documents and on the wire.
            #[doc = concat!("\n```\nlet value = booking_domain::", stringify!($name), "::new(\"", $example, "\").unwrap();\nassert_eq!(value.as_str(), \"", $example, "\");\n```")]
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_value! {
    /// Which product is sold: 1 to 32 of `A-Z 0-9 - _`, made upper case. The given document's
    /// example is `BUS` (section B).
    ///
    /// ```
    /// use booking_domain::ProductCode;
    ///
    /// assert_eq!(ProductCode::new("bus").unwrap().as_str(), "BUS");
    /// assert!(ProductCode::new("BUS 1").is_err());
    /// ```
    ProductCode, rules::product_code, "product_code"
}

impl ProductCode {
    pub(crate) fn from_valid(mut text: String) -> Self {
        text.make_ascii_uppercase();
        Self(text)
    }
}

text_value! {
    /// The partner's own, unique number of an order (`partner_reference_no`): 1 to 64 printable
    /// ASCII characters without spaces, as in the given document's `1238` (section B). It is what
    /// makes a repeat recognisable: the same reference never holds twice.
    ///
    /// ```
    /// use booking_domain::PartnerReference;
    ///
    /// let reference = PartnerReference::new("1238").unwrap();
    /// assert_eq!(reference.to_string(), "1238");
    /// assert!(PartnerReference::new("12 38").is_err());
    /// ```
    PartnerReference, rules::partner_reference, "partner_reference_no"
}

impl PartnerReference {
    pub(crate) fn from_valid(text: String) -> Self {
        Self(text)
    }
}

text_value! {
    /// Whose order it is, of those who share one gateway: 1 to 40 of `a-z 0-9 -`, the first of them
    /// no `-`. It is our own word; no provider is told.
    ///
    /// ```
    /// use booking_domain::Tenant;
    ///
    /// assert_eq!(Tenant::new("acme-2").unwrap().as_str(), "acme-2");
    /// assert!(Tenant::new("Acme").is_err());
    /// ```
    Tenant, rules::tenant, "tenant", "x1"
}

impl Tenant {
    pub(crate) fn from_valid(text: String) -> Self {
        Self(text)
    }
}

text_value! {
    /// The name of a seat as the provider's seat map gives it (given document, section B): 1 to 10
    /// characters, all of them to be seen, without spaces around them. Compared letter by letter.
    ///
    /// ```
    /// use booking_domain::SeatName;
    ///
    /// assert_eq!(SeatName::new("9A").unwrap().as_str(), "9A");
    /// assert!(SeatName::new(" 9A").is_err());
    /// ```
    SeatName, rules::seat_name, "seat_name"
}

impl SeatName {
    pub(crate) fn from_valid(text: String) -> Self {
        Self(text)
    }
}

/// The provider's number of a trip, at least 1. An integer on the wire (given document, section B).
///
/// ```
/// use booking_domain::TripId;
///
/// assert_eq!(TripId::new(188_336).unwrap().get(), 188_336);
/// assert!(TripId::new(0).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TripId(i64);

impl TripId {
    /// Checks that `id` is at least 1.
    ///
    /// # Errors
    ///
    /// A [`Fault`] of code `out_of_range` otherwise.
    ///
    /// ```
    /// assert!(booking_domain::TripId::new(-1).is_err());
    /// ```
    pub fn new(id: i64) -> Result<Self, Fault> {
        rules::trip_id(id).map_err(|error| fault_of("trip_id".to_owned(), &error))?;
        Ok(Self(id))
    }

    pub(crate) fn from_valid(id: i64) -> Self {
        Self(id)
    }

    /// The number itself.
    ///
    /// ```
    /// assert_eq!(booking_domain::TripId::new(7).unwrap().get(), 7);
    /// ```
    #[must_use]
    pub fn get(self) -> i64 {
        self.0
    }
}

impl fmt::Display for TripId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An amount of whole rupiah, 1 to 9 999 999 999. A string on the wire (given document,
/// section B).
///
/// ```
/// use booking_domain::OrderDraft;
///
/// let order = OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
/// assert_eq!(order.selling_price().get(), 20_000);
/// assert_eq!(order.selling_price().to_string(), "20000");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rupiah(u64);

impl Rupiah {
    /// Reads whole rupiah, digits only: no sign, no separator, no leading zero.
    pub(crate) fn parse(text: &str) -> Result<Self, ValidationError> {
        rules::selling_price_amount(text).map(Self)
    }

    /// # Errors
    ///
    /// A [`Fault`]: not from 1 to 9 999 999 999.
    ///
    /// ```
    /// # use booking_domain::Rupiah;
    /// assert_eq!(Rupiah::new(20_000).unwrap().get(), 20_000);
    /// assert!(Rupiah::new(0).is_err());
    /// ```
    pub fn new(amount: u64) -> Result<Self, Fault> {
        Self::parse(&amount.to_string())
            .map_err(|error| fault_of("selling_price".to_owned(), &error))
    }

    /// The amount: 1 to 9 999 999 999.
    ///
    /// ```
    /// # let order = booking_domain::OrderDraft::sample().check(time::macros::date!(2026 - 11 - 24)).unwrap();
    /// assert_eq!(order.selling_price().get(), 20_000);
    /// ```
    #[must_use]
    pub fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Rupiah {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
