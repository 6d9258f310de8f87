//! The port: what does the provider know of a transaction?

use std::sync::Arc;

use async_trait::async_trait;
use booking_domain::{PartnerReference, ProviderStatus, TransactionId};
use time::OffsetDateTime;

use crate::seat_maps::InquiryError;

/// Asks a provider for its transactions. Asking changes nothing, so it may be repeated freely.
///
/// # The contract
///
/// 1. Only what the provider says is answered; an answer that cannot be read whole is an error,
///    never an empty list.
/// 2. [`by_reference`](Self::by_reference) answers transactions whose own reference *is* the one
///    asked for; that a search merely found them is not enough.
/// 3. That nothing is found proves nothing about a request that is still on its way, nor where the
///    provider's search cannot be trusted to match references.
/// 4. What was found out of many is all of it, or an error: no list is cut in silence.
/// 5. An error holds neither a secret nor a traveller's data, whatever the provider repeats.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_ports::{InquiryError, Transaction, TransactionInquiry};
/// use time::{Duration, OffsetDateTime};
///
/// async fn landed(
///     inquiry: &dyn TransactionInquiry,
///     reference: &PartnerReference,
///     sent_at: OffsetDateTime,
/// ) -> Result<Option<Transaction>, InquiryError> {
///     Ok(inquiry.by_reference(reference, sent_at - Duration::MINUTE).await?.pop())
/// }
/// ```
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait TransactionInquiry: Send + Sync {
    /// Every transaction under `reference` that was made at `since` or later, and perhaps some made
    /// minutes before: the provider writes its times by a clock of its own.
    ///
    /// # Errors
    ///
    /// [`InquiryError`]: the provider refused, could not be asked, or was not understood.
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        since: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError>;

    /// The transaction `id`; `None` where the provider says that there is none.
    ///
    /// # Errors
    ///
    /// [`InquiryError`].
    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError>;
}

/// A transaction as its provider tells it.
///
/// ```
/// use booking_domain::{ProviderStatus, StatusMeaning, TransactionId};
/// use booking_ports::Transaction;
///
/// let transaction = Transaction {
///     id: TransactionId::new("14429004").unwrap(),
///     reference: None,
///     status: ProviderStatus::new(StatusMeaning::Waiting, "WAITING"),
///     amount: Some(20_000),
/// };
/// assert_eq!(transaction.status.word(), "WAITING");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// Its number.
    pub id: TransactionId,
    /// The partner's number of the order, where the provider tells it.
    pub reference: Option<PartnerReference>,
    /// The provider's word for its state.
    pub status: ProviderStatus,
    /// What it costs, in whole rupiah, where told.
    pub amount: Option<u64>,
}

#[async_trait]
impl<T: TransactionInquiry + ?Sized> TransactionInquiry for Arc<T> {
    async fn by_reference(
        &self,
        reference: &PartnerReference,
        since: OffsetDateTime,
    ) -> Result<Vec<Transaction>, InquiryError> {
        T::by_reference(self, reference, since).await
    }

    async fn by_id(&self, id: &TransactionId) -> Result<Option<Transaction>, InquiryError> {
        T::by_id(self, id).await
    }
}
