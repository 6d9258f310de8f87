//! What is wrong with an order, said so that a person can mend it.

use std::fmt;

use serde::Serialize;

use crate::order::limits::FAULTS_MAX;

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

/// The bound of the rule that a value breaks, for programs that show it their own way.
///
/// ```
/// use booking_domain::{Bound, OrderDraft};
/// use time::macros::date;
///
/// let mut draft = OrderDraft::sample();
/// draft.departure.trip_id = 0;
/// let faults = draft.check(date!(2026 - 11 - 24)).unwrap_err();
/// assert_eq!(faults[0].bound, Some(Bound { min: Some("1".into()), max: None }));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// The least that is accepted: a count of characters, a number or a date.
    pub min: Option<String>,
    /// The most that is accepted, likewise.
    pub max: Option<String>,
}

/// One thing that is wrong with an order.
///
/// Neither `path` nor `message` repeats a personal value.
///
/// ```
/// use booking_domain::{FaultCode, OrderDraft};
/// use time::macros::date;
///
/// let mut draft = OrderDraft::sample();
/// draft.departure.passengers[0].dob = "1996-02-30".into();
/// let faults = draft.check(date!(2026 - 11 - 24)).unwrap_err();
/// assert_eq!(faults[0].path, "departure.passengers[0].dob");
/// assert_eq!(faults[0].code, FaultCode::NotADate);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where, in the order document's names: `departure.passengers[0].dob`; `$` is the document.
    pub path: String,
    /// Which rule.
    pub code: FaultCode,
    /// The rule's bound, where it has one.
    pub bound: Option<Bound>,
    /// What is wrong and what is accepted, for a person.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(
        path: impl Into<String>,
        code: FaultCode,
        message: impl Into<String>,
    ) -> Self {
        Self {
            path: path.into(),
            code,
            bound: None,
            message: message.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.message)
    }
}

/// Everything that is wrong with an order, in the order of the document. Never empty.
///
/// Reads as a slice of [`Fault`]s.
///
/// ```
/// use booking_domain::OrderDraft;
/// use time::macros::date;
///
/// let mut draft = OrderDraft::sample();
/// draft.selling_price = "20.000".into();
/// draft.order_detail.phone_number = "021".into();
/// let faults = draft.check(date!(2026 - 11 - 24)).unwrap_err();
/// let paths: Vec<_> = faults.iter().map(|fault| fault.path.as_str()).collect();
/// assert_eq!(paths, ["selling_price", "order_detail.phone_number"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(transparent)]
#[error("the order has {} {}: {}", .0.len(), if .0.len() == 1 { "fault" } else { "faults" }, join(.0))]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn single(fault: Fault) -> Self {
        Self(vec![fault])
    }

    /// Sorts the faults as the document is written and lists no more than
    /// [`limits::FAULTS_MAX`](crate::limits::FAULTS_MAX); `None` where there are none.
    pub(crate) fn collect(mut faults: Vec<Fault>) -> Option<Self> {
        faults.sort_by_cached_key(|fault| document_position(&fault.path));
        faults.dedup();
        if faults.len() > FAULTS_MAX {
            let more = faults.len() - FAULTS_MAX;
            faults.truncate(FAULTS_MAX);
            faults.push(Fault::new(
                "$",
                FaultCode::MoreFaults,
                format!("{more} more faults are not listed; mend these first"),
            ));
        }
        (!faults.is_empty()).then_some(Self(faults))
    }
}

impl std::ops::Deref for Faults {
    type Target = [Fault];

    fn deref(&self) -> &[Fault] {
        &self.0
    }
}

fn join(faults: &[Fault]) -> String {
    faults
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}

/// The names of an order document in the order in which the given document lists them.
const DOCUMENT_ORDER: [&str; 15] = [
    "$",
    "product_code",
    "selling_price",
    "partner_reference_no",
    "order_detail",
    "departure",
    "return",
    "trip_id",
    "passengers",
    "seat_name",
    "name",
    "email",
    "phone_number",
    "dob",
    "gender",
];

/// A sort key that puts paths in document order: each segment by the place of its name, each
/// index by its number; names that an order does not have come last in their object.
fn document_position(path: &str) -> Vec<(usize, String)> {
    path.split(['.', '['])
        .map(|segment| {
            let segment = segment.trim_end_matches(']');
            match segment.parse::<usize>() {
                Ok(index) => (index, String::new()),
                Err(_) => DOCUMENT_ORDER
                    .iter()
                    .position(|name| *name == segment)
                    .map_or_else(
                        || (DOCUMENT_ORDER.len(), segment.to_owned()),
                        |at| (at, String::new()),
                    ),
            }
        })
        .collect()
}
