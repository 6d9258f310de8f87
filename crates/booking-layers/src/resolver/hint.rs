//! What somebody said of a reference, whom nobody has to believe.

use booking_domain::{HoldState, PartnerReference, SeatHold, StatusMeaning, TransactionId};
use booking_ports::{Finding, HoldRecord, LedgerError, Source};

use super::repeating::Repeat;
use super::{Hand, Resolver, ask_about_booking};

impl Resolver {
    /// Looks into what somebody said of a reference, such as a provider's callback: records it as
    /// the hint that it is, asks the provider, and believes only what that answers. What is
    /// unsettled is settled as far as asking goes: nothing is sent because of a hint. Of a hold that is
    /// known its transaction is asked.
    ///
    /// `named` is the transaction that they named, which is asked for where nothing else is known to ask
    /// for; it has to name the reference itself.
    ///
    /// Of what has ended nothing is recorded, unless the provider itself says that a hold which is over
    /// became a ticket, or that what was not found in time is held: that is an alarm.
    ///
    /// # Errors
    ///
    /// As [`settle`](Self::settle).
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_layers::Resolver;
    /// # use booking_ports::LedgerError;
    /// async fn hint(resolver: &Resolver, reference: &PartnerReference) -> Result<(), LedgerError> {
    ///     resolver.look_again(reference, "a callback says SUCCESS", None).await.map(drop)
    /// }
    /// ```
    pub async fn look_again(
        &self,
        reference: &PartnerReference,
        hint: &str,
        named: Option<&TransactionId>,
    ) -> Result<HoldRecord, LedgerError> {
        let Some(record) = self.ledger.find(reference).await? else {
            return Err(LedgerError::NotFound {
                reference: reference.clone(),
            });
        };
        let message = hint.to_owned();
        let hint = Finding::Nothing { message };
        if record.is_unsettled() {
            self.learn(&record, Source::Callback, hint).await?;
            let hand = Hand {
                repeat: Repeat::No,
                named,
                ..Hand::default()
            };
            return self.settle_by(reference, hand).await;
        }
        let Some(hold) = record.hold() else {
            return match named {
                Some(named) => self.look_at_not_found(record, named).await,
                None => Ok(record),
            };
        };
        if record.has_ended() {
            return self.look_at_ended(record.clone(), hold).await;
        }
        self.learn(&record, Source::Callback, hint).await?;
        Ok(ask_about_booking(&*self.ledger, &*self.inquiry, hold)
            .await?
            .0)
    }

    /// What was over because nothing was found in time.
    async fn look_at_not_found(
        &self,
        record: HoldRecord,
        named: &TransactionId,
    ) -> Result<HoldRecord, LedgerError> {
        if !matches!(record.state, HoldState::Expired(None)) {
            return Ok(record);
        }
        let judged = self.look_at_named(&record, named).await?;
        if judged.held().is_none() {
            return Ok(record);
        }
        tracing::error!(reference = %record.reference, "what is over is held by the provider's word; somebody has to look");
        self.learn(&record, Source::Transaction, judged.finding)
            .await
    }

    /// What has ended stays so, and its story too, unless the provider itself says otherwise.
    async fn look_at_ended(
        &self,
        record: HoldRecord,
        hold: &SeatHold,
    ) -> Result<HoldRecord, LedgerError> {
        if record.state.name() == "booked" {
            return Ok(record);
        }
        match self.inquiry.by_id(&hold.transaction_id).await {
            Ok(Some(shown)) if shown.status.meaning() == StatusMeaning::Booked => {
                tracing::error!(reference = %record.reference, "a hold that is over is a ticket by the provider's word; somebody has to look");
                Ok(ask_about_booking(&*self.ledger, &*self.inquiry, hold)
                    .await?
                    .0)
            }
            _ => Ok(record),
        }
    }
}
