//! The rules that a value can break, by name.

use std::fmt;

use serde::Serialize;

/// What rule a value breaks. The words of [`FaultCode::as_str`] are stable: programs may branch
/// on them.
///
/// ```
/// use booking_domain::FaultCode;
///
/// assert_eq!(FaultCode::DuplicateSeat.as_str(), "duplicate_seat");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultCode {
    /// The document has more bytes than [`limits::DOCUMENT_MAX`](crate::limits::DOCUMENT_MAX).
    DocumentTooLarge,
    /// The document is not UTF-8.
    NotUtf8,
    /// The document is not JSON, or nests deeper than a reader should follow.
    NotJson,
    /// A required field is absent or `null`.
    Missing,
    /// A field that an order does not have.
    UnknownField,
    /// The same field stands twice in one object.
    DuplicateKey,
    /// A string where a number belongs, an object where a list belongs, and the like.
    WrongType,
    /// An empty or blank text.
    Empty,
    /// Fewer characters than the rule's least.
    TooShort,
    /// More characters than the rule's most.
    TooLong,
    /// A number below or above the rule's range.
    OutOfRange,
    /// Characters that the field does not take.
    BadCharacters,
    /// Not of the form that the field demands.
    BadFormat,
    /// Spaces around a value that is compared letter by letter.
    SurroundingSpaces,
    /// A control character, a line break or NUL among them.
    ControlCharacter,
    /// No such day in the calendar, or not written `YYYY-MM-DD`.
    NotADate,
    /// A date before the earliest or after the latest that the rule takes.
    DateOutOfRange,
    /// None of the words that the field takes.
    NotOneOf,
    /// Fewer or more passengers than a leg takes.
    PassengerCount,
    /// Two passengers of one leg on the same seat.
    DuplicateSeat,
    /// The return leg names the departure's trip.
    SameTrip,
    /// More faults than are listed.
    MoreFaults,
}

impl FaultCode {
    /// The stable word of this code, `snake_case`.
    ///
    /// ```
    /// assert_eq!(booking_domain::FaultCode::NotADate.as_str(), "not_a_date");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentTooLarge => "document_too_large",
            Self::NotUtf8 => "not_utf8",
            Self::NotJson => "not_json",
            Self::Missing => "missing",
            Self::UnknownField => "unknown_field",
            Self::DuplicateKey => "duplicate_key",
            Self::WrongType => "wrong_type",
            Self::Empty => "empty",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::OutOfRange => "out_of_range",
            Self::BadCharacters => "bad_characters",
            Self::BadFormat => "bad_format",
            Self::SurroundingSpaces => "surrounding_spaces",
            Self::ControlCharacter => "control_character",
            Self::NotADate => "not_a_date",
            Self::DateOutOfRange => "date_out_of_range",
            Self::NotOneOf => "not_one_of",
            Self::PassengerCount => "passenger_count",
            Self::DuplicateSeat => "duplicate_seat",
            Self::SameTrip => "same_trip",
            Self::MoreFaults => "more_faults",
        }
    }
}

impl fmt::Display for FaultCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
