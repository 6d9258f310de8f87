//! What is wrong with an order, said so that a person can mend it.

mod code;
mod faults;

use std::fmt;

use serde::Serialize;

pub use code::FaultCode;
pub use faults::Faults;

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
