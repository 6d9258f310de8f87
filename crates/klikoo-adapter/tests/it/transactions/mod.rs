//! What Klikoo knows of a transaction.

mod history;
mod hostile;
mod promises;
mod replies;
mod settings;

use booking_domain::{PartnerReference, TransactionId};
use booking_ports::InquiryError;

fn reference(text: &str) -> PartnerReference {
    PartnerReference::new(text).unwrap()
}

fn id(text: &str) -> TransactionId {
    TransactionId::new(text).unwrap()
}

/// Why there is no answer, in one word.
fn why(error: &InquiryError) -> &'static str {
    match error {
        InquiryError::Refused { .. } => "refused",
        InquiryError::NotFound { .. } => "not found",
        InquiryError::Unavailable { .. } => "unavailable",
        InquiryError::Unreadable { .. } => "unreadable",
    }
}
