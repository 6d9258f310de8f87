//! Step 1: what the provider's transactions say.

use booking_domain::rfc3339;
use booking_ports::{Finding, HoldRecord, LedgerError, Source, may_be_sent_until};

use super::Resolver;
use super::judge::judge;
use super::told::names_something_else;

impl Resolver {
    /// What do the provider's transactions say?
    pub(super) async fn ask(&self, record: HoldRecord) -> Result<HoldRecord, LedgerError> {
        let since = record.begun_at - self.bounds.clock_difference;
        let over_at = record.sent_at.unwrap_or(record.begun_at) + self.bounds.over_after();
        let found = self.inquiry.by_reference(&record.reference, since).await;
        let (finding, id) = match found {
            Ok(transactions) => {
                let (finding, id) = judge(&record, &transactions, over_at);
                let finding = self.unless_doubtful(&record, finding).await?;
                // What is not believed is not asked for either.
                let id = id.filter(|_| matches!(finding, Finding::Held(_)));
                (finding, id)
            }
            Err(error) => {
                let message = format!("the transactions could not be searched: {error}");
                (Finding::Nothing { message }, None)
            }
        };
        let Some(id) = id else {
            return self.learn(&record, Source::History, finding).await;
        };
        // Before anything is believed: the transaction shows more than the search does.
        let (finding, detail) = match self.inquiry.by_id(&id).await {
            Ok(Some(transaction)) => match judge(&record, &[transaction], over_at).0 {
                detail @ Finding::Held(_) => (finding, detail),
                detail => {
                    let message = format!("transaction {id} was found, and shows otherwise");
                    let detail = self.unless_doubtful(&record, detail).await?;
                    (Finding::Nothing { message }, detail)
                }
            },
            Ok(None) => {
                let message = format!("transaction {id}, which the search told of, is not known");
                (finding, Finding::Nothing { message })
            }
            Err(error) => {
                let message = format!("transaction {id} could not be asked for: {error}");
                (finding, Finding::Nothing { message })
            }
        };
        let record = self.learn(&record, Source::History, finding).await?;
        self.learn(&record, Source::Transaction, detail).await
    }

    /// `finding`, or why it settles nothing, as the story tells.
    async fn unless_doubtful(
        &self,
        record: &HoldRecord,
        finding: Finding,
    ) -> Result<Finding, LedgerError> {
        if matches!(finding, Finding::Nothing { .. }) {
            return Ok(finding);
        }
        let story = self.ledger.story(&record.reference).await?;
        let until = may_be_sent_until(&story).filter(|until| self.clock.now() < *until);
        let message = match (&finding, until) {
            // A success named something else than was ordered, seats perhaps. A transaction shows no
            // seats, so it does not prove that all are held.
            (Finding::Held(_), _) if names_something_else(&story) => {
                tracing::error!(reference = %record.reference, "a transaction is not adopted, since a reply named another trip, seat or reference than was ordered");
                "a reply under this reference named something else than was ordered, which the transaction cannot take back; somebody has to look".to_owned()
            }
            // What is under way may hold after the one that is over.
            (Finding::Over { message }, Some(until)) => format!(
                "{message}, but an attempt may be under way until {}",
                rfc3339(until)
            ),
            _ => return Ok(finding),
        };
        Ok(Finding::Nothing { message })
    }
}
