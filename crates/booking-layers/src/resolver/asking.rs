//! Step 1: what the provider's transactions say.

use std::time::Duration;

use booking_domain::{TransactionId, rfc3339};
use booking_ports::{Finding, HoldRecord, LedgerError, Source, Transaction, may_be_sent_until};

use super::Resolver;
use super::judge::{Judged, judge};
use super::told::names_something_else;

/// How much earlier than its record a reference may have been used that a ledger does not remember: one
/// that was restored from last night's copy, or from the night's before.
const FORGOTTEN: Duration = Duration::from_hours(48);

/// Where a reference stands after asking.
pub(super) struct Asked {
    pub(super) record: HoldRecord,
    /// As [`Judged::is_doubtful`].
    pub(super) is_doubtful: bool,
    /// Whether the history answered.
    pub(super) is_searched: bool,
}

impl Resolver {
    /// What do the provider's transactions say? `named` is one that somebody named who need not be
    /// believed; it is asked for where the search finds nothing.
    pub(super) async fn ask(
        &self,
        record: HoldRecord,
        named: Option<&TransactionId>,
    ) -> Result<Asked, LedgerError> {
        let mut since = record.begun_at - self.bounds.clock_difference;
        if record.used_before() {
            since -= FORGOTTEN;
        }
        let found = self.inquiry.by_reference(&record.reference, since).await;
        let is_searched = found.is_ok();
        let judged = match found {
            Ok(transactions) => self.weigh(&record, &transactions).await?,
            Err(error) => {
                Judged::nothing(format!("the transactions could not be searched: {error}"))
            }
        };
        let (record, source, last) = match (judged.held().cloned(), named) {
            (Some(id), _) => {
                let (searched, detail) = self.ask_for_found(&record, &id, judged.finding).await?;
                let record = self.learn(&record, Source::History, searched).await?;
                (record, Source::Transaction, detail)
            }
            (None, Some(named)) if is_nothing(&judged) && !judged.is_doubtful => {
                let record = self.learn(&record, Source::History, judged.finding).await?;
                let named = self.look_at_named(&record, named).await?;
                (record, Source::Transaction, named)
            }
            // What is not believed is not asked for either.
            (None, _) => (record, Source::History, judged),
        };
        Ok(Asked {
            record: self.learn(&record, source, last.finding).await?,
            is_doubtful: last.is_doubtful,
            is_searched,
        })
    }

    /// Before anything is believed: the transaction shows more than the search does. What the `searched`
    /// finding then is worth, and what the transaction itself proves.
    async fn ask_for_found(
        &self,
        record: &HoldRecord,
        id: &TransactionId,
        searched: Finding,
    ) -> Result<(Finding, Judged), LedgerError> {
        Ok(match self.inquiry.by_id(id).await {
            Ok(Some(transaction)) => match self.weigh(record, &[transaction]).await? {
                detail if detail.held().is_some() => (searched, detail),
                detail => {
                    let message = format!("transaction {id} was found, and shows otherwise");
                    (Finding::Nothing { message }, detail)
                }
            },
            Ok(None) => {
                let message = format!("transaction {id}, which the search told of, is not known");
                (searched, Judged::nothing(message))
            }
            Err(error) => {
                let message = format!("transaction {id} could not be asked for: {error}");
                (searched, Judged::nothing(message))
            }
        })
    }

    /// What the transaction shows that somebody named for `record`: it has to name the reference itself.
    pub(super) async fn look_at_named(
        &self,
        record: &HoldRecord,
        named: &TransactionId,
    ) -> Result<Judged, LedgerError> {
        match self.inquiry.by_id(named).await {
            Ok(Some(shown)) if shown.reference.as_ref() == Some(&record.reference) => {
                self.weigh(record, &[shown]).await
            }
            Ok(_) => Ok(Judged::nothing(format!(
                "transaction {named}, which a callback named, does not name the reference"
            ))),
            Err(error) => Ok(Judged::nothing(format!(
                "transaction {named} could not be asked for: {error}"
            ))),
        }
    }

    /// What `transactions` prove, beside all that is known of the reference.
    async fn weigh(
        &self,
        record: &HoldRecord,
        transactions: &[Transaction],
    ) -> Result<Judged, LedgerError> {
        let sent_at = record.sent_at.unwrap_or(record.begun_at);
        let now = self.clock.now();
        let over_at = sent_at + self.bounds.over_after();
        // What is alive then was not made by the sendings that are known.
        let over_at = if now < over_at {
            over_at
        } else {
            now + self.bounds.longest_hold
        };
        let judged = judge(record, transactions, over_at);
        if is_nothing(&judged) || judged.is_doubtful {
            return Ok(judged);
        }
        let story = self.ledger.story(&record.reference).await?;
        let message = match &judged.finding {
            // A success named something else than was ordered, seats perhaps. A transaction shows no
            // seats, so it does not prove that all are held.
            Finding::Held(_) if names_something_else(&story) => {
                tracing::error!(reference = %record.reference, "a transaction is not adopted, since a reply named another trip, seat or reference than was ordered");
                return Ok(Judged::doubtful(
                    "a reply under this reference named something else than was ordered, which the transaction cannot take back; somebody has to look",
                ));
            }
            Finding::Over { message } => {
                // What is under way may hold after the one that is over.
                let lost = may_be_sent_until(&story);
                // And so may a sending that none of the transactions shows.
                let unseen = (record.open_attempts.len() > transactions.len())
                    .then(|| sent_at + self.bounds.accepted_for());
                match lost.max(unseen).filter(|until| now < *until) {
                    Some(until) => format!(
                        "{message}, but an attempt may be under way until {}",
                        rfc3339(until)
                    ),
                    None => return Ok(judged),
                }
            }
            _ => return Ok(judged),
        };
        Ok(Judged::nothing(message))
    }
}

fn is_nothing(judged: &Judged) -> bool {
    matches!(judged.finding, Finding::Nothing { .. })
}
