//! All faults of an order, in the order of its document.

use serde::Serialize;

use super::{Fault, FaultCode};
use crate::order::limits::FAULTS_MAX;

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
