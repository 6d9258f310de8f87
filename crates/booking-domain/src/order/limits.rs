//! The bounds of an order, each with its reason.
//!
//! The given document (*Block Ticket (Reserved Seat)*, section B) states the names and types of
//! the fields and no bound: what Klikoo itself refuses is for Klikoo to say. These bounds stop what
//! no shop can mean.
//!
//! ```
//! use booking_domain::{PartnerReference, limits::PARTNER_REFERENCE_MAX};
//!
//! let longest = "r".repeat(usize::try_from(PARTNER_REFERENCE_MAX).unwrap());
//! assert!(PartnerReference::new(longest.as_str()).is_ok());
//! assert!(PartnerReference::new(longest + "r").is_err());
//! ```

use time::Date;
use time::macros::date;

/// Longest product code. The documented one is `BUS`; 32 leaves room for compound codes.
pub const PRODUCT_CODE_MAX: u64 = 32;

/// Highest selling price in whole rupiah: ten digits, above any coach party and below what a
/// misplaced decimal point would make of one.
pub const SELLING_PRICE_MAX: u64 = 9_999_999_999;

/// Longest partner reference: a UUID has 36 characters, a prefixed one fits too.
pub const PARTNER_REFERENCE_MAX: u64 = 64;

/// Longest name of a tenant: a word or two, short enough for a table and a header.
pub const TENANT_MAX: u64 = 40;

/// Longest email address: RFC 5321 §4.5.3.1.3 allows a path of 256 with its brackets.
pub const EMAIL_MAX: u64 = 254;

/// Longest part of an email address before the `@`: RFC 5321 §4.5.3.1.1.
pub const EMAIL_LOCAL_MAX: usize = 64;

/// Fewest digits of a phone number, country code included.
pub const PHONE_DIGITS_MIN: usize = 8;

/// Most digits of a phone number: the limit of E.164.
pub const PHONE_DIGITS_MAX: usize = 15;

/// Most passengers of a leg: the seats of a large bus. Nobody sells more in one order.
pub const PASSENGERS_MAX: usize = 40;

/// Longest seat name in characters. Documented ones are `8` and `9A`.
pub const SEAT_NAME_MAX: u64 = 10;

/// Longest name of a person in characters, after trimming: room for names of many parts.
pub const PERSON_NAME_MAX: u64 = 100;

/// Earliest date of birth: nobody born before travels by bus, while `0001-01-01` is a usual
/// placeholder for "not known".
pub const BIRTH_DATE_MIN: Date = date!(1900 - 01 - 01);

/// Fewest characters of an identity number: short passport numbers have six.
pub const IDENTITY_NUMBER_MIN: u64 = 6;

/// Most characters of an identity number. A NIK has 16 digits, yet the given document's own
/// sample has 17, so no exact length is demanded.
pub const IDENTITY_NUMBER_MAX: u64 = 32;

/// Largest order document in bytes: the fullest order (two legs, 40 passengers each, every
/// character escaped, generously indented) stays below.
pub const DOCUMENT_MAX: usize = 256 * 1024;

/// Most faults listed for one order; what lies beyond is counted in one last fault.
pub const FAULTS_MAX: usize = 200;
