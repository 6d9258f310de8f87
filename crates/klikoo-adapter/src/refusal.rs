//! What a refusal is about.

use booking_domain::BlockOrder;
use booking_ports::{Refusal, RefusalKind};

use crate::clock_skew::{self, Clocks};
use crate::envelope::Envelope;
use crate::response_code::Case;

/// The refusal that `envelope` states, whose `message` is fit to print.
pub(crate) fn refusal(
    envelope: &Envelope<'_>,
    message: String,
    order: &BlockOrder,
    clocks: Clocks,
) -> Refusal {
    let (kind, message) = kind_and_words(envelope, message, clocks);
    Refusal::new(
        order.reference().clone(),
        kind,
        envelope.code.as_str(),
        message,
    )
}

/// What a refusal is about, and `message` with what a person needs beside it.
pub(crate) fn kind_and_words(
    envelope: &Envelope<'_>,
    message: String,
    clocks: Clocks,
) -> (RefusalKind, String) {
    let skew = clocks.provider.map(|provider| clocks.here - provider);
    let kind = match envelope.code.case() {
        Some(Case::TimestampMismatch) => RefusalKind::Clock,
        Some(Case::SignatureMismatch) => RefusalKind::Signature,
        Some(Case::ValidationError | Case::FieldEmpty | Case::UuidMismatch) => {
            RefusalKind::InvalidOrder
        }
        Some(Case::ProductMismatch | Case::ProductNotFoundOrMismatch | Case::ProductNotFound) => {
            RefusalKind::Product
        }
        Some(
            Case::TokenInvalid
            | Case::TokenExpired
            | Case::CredentialsMismatch
            | Case::GrantTypeMismatch,
        ) => RefusalKind::Credentials,
        Some(Case::VerificationNeeded | Case::NotB2b | Case::AddressNotAllowed | Case::NotIrs) => {
            RefusalKind::NotAllowed
        }
        Some(
            Case::UserDataMissing
            | Case::CustomerNotFound
            | Case::AccountDisabled
            | Case::WrongCustomer
            | Case::LastInstalment,
        ) => RefusalKind::Account,
        _ => RefusalKind::Other,
    };
    let message = match (kind, skew) {
        (RefusalKind::Clock, Some(skew)) => {
            tracing::error!(skew = %clock_skew::in_words(skew), "timestamp refused");
            format!(
                "{message} (this host's clock is {})",
                clock_skew::in_words(skew)
            )
        }
        (RefusalKind::Signature, _) => {
            tracing::error!("signature refused");
            message
        }
        _ => message,
    };
    (kind, message)
}
