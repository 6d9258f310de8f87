//! One span for each question about transactions.

use async_trait::async_trait;
use booking_domain::{PartnerReference, TransactionId};
use booking_ports::{InquiryError, Transaction, TransactionInquiry};
use time::OffsetDateTime;
use tracing::{Span, field, info_span};

use super::{Traced, Words};

fn span() -> Span {
    info_span!(
        "inquiry",
        outcome = field::Empty,
        kind = field::Empty,
        elapsed_ms = field::Empty,
    )
}

/// `is_nothing` tells whether an answer is that there is none.
fn words<A>(answer: &Result<A, InquiryError>, is_nothing: impl Fn(&A) -> bool) -> Words {
    match answer {
        Ok(answer) if is_nothing(answer) => ("nothing", None),
        Ok(_) => ("found", None),
        Err(InquiryError::NotFound { .. }) => ("nothing", None),
        Err(InquiryError::Refused { .. }) => ("no_answer", Some("refused")),
        Err(InquiryError::Unavailable { .. }) => ("no_answer", Some("unavailable")),
        Err(InquiryError::Unreadable { .. }) => ("no_answer", Some("unreadable")),
    }
}

#[async_trait]
impl<I: TransactionInquiry> TransactionInquiry for Traced<I> {
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        since: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        let call = self.inner.by_reference(reference, since);
        let words = |answer: &_| words(answer, Vec::is_empty);
        self.told(&span(), call, words).await.0
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        let call = self.inner.by_id(id);
        let words = |answer: &_| words(answer, Option::is_none);
        self.told(&span(), call, words).await.0
    }
}
