//! Forgets people: by rule, or one person who asks for it.

use std::sync::Arc;

use booking_domain::PartnerReference;
use booking_ports::{HoldLedger, LedgerError, Page, Which};
use time::OffsetDateTime;
use tokio::task::JoinSet;

/// How many records are read, and at most shredded together, at a time.
const PAGE: u32 = 500;

/// Destroys the personal data of orders in a ledger. What they held, and what became of it, stays
/// recorded.
///
/// ```
/// use std::sync::Arc;
/// use booking_layers::Shredder;
/// use booking_ports::{HoldLedger, LedgerError};
/// use time::{Duration, OffsetDateTime};
///
/// async fn nightly(ledger: Arc<dyn HoldLedger>, now: OffsetDateTime) -> Result<usize, LedgerError> {
///     Shredder::new(ledger).ended_before(now - Duration::DAY, |_| ()).await
/// }
/// ```
#[derive(Clone)]
pub struct Shredder {
    ledger: Arc<dyn HoldLedger>,
}

/// What became of the orders that name one person.
///
/// ```
/// use booking_layers::Erased;
///
/// fn is_forgotten(erased: &Erased) -> bool {
///     erased.unsettled.is_empty() && erased.unreadable.is_empty() && erased.damaged.is_empty()
/// }
/// assert!(is_forgotten(&Erased::default()));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Those that are shredded now.
    pub shredded: Vec<PartnerReference>,
    /// Those that name the person and may still be needed: settle them first.
    pub unsettled: Vec<PartnerReference>,
    /// Those of which nobody can say whether they name the person: the ledger was opened without
    /// the key that sealed them.
    pub unreadable: Vec<PartnerReference>,
    /// References whose records are damaged, so that nobody can say it of them either.
    pub damaged: Vec<String>,
}

impl Shredder {
    /// A shredder of what `ledger` keeps.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use booking_layers::Shredder;
    /// # use booking_ports::{MemoryHoldLedger, SystemClock};
    /// let ledger = MemoryHoldLedger::new(Arc::new(SystemClock::default()));
    /// let shredder = Shredder::new(Arc::new(ledger));
    /// ```
    #[must_use]
    pub fn new(ledger: Arc<dyn HoldLedger>) -> Self {
        Self { ledger }
    }

    /// Shreds the orders of all that [ended](booking_ports::HoldRecord::has_ended) before
    /// `moment`, and tells how many. `progress` is called with that number as it grows. One that
    /// cannot be shredded holds up none of the others.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: the ledger cannot be read, or one of them could not be shredded; the others
    /// are gone.
    ///
    /// ```
    /// # use booking_layers::Shredder;
    /// # use booking_ports::LedgerError;
    /// # use time::OffsetDateTime;
    /// async fn all(shredder: &Shredder, now: OffsetDateTime) -> Result<usize, LedgerError> {
    ///     shredder.ended_before(now, |_| ()).await
    /// }
    /// ```
    pub async fn ended_before(
        &self,
        moment: OffsetDateTime,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<usize, LedgerError> {
        let (mut shredded, mut failed) = (0, None);
        loop {
            let before = shredded;
            let failed_now = self.pass(moment, &mut shredded, &mut progress).await?;
            // What was deleted and can still be found is in no list any more.
            failed = failed_now.or(failed);
            // What is shredded has changed just now, which is past the end of a list that goes by the
            // time of the last change: only a list that shows nothing to shred is at its end.
            if shredded == before {
                return failed.map_or(Ok(shredded), Err);
            }
        }
    }

    /// Shreds what a list shows until it ends or is lost, and tells what could not be shredded.
    async fn pass(
        &self,
        moment: OffsetDateTime,
        shredded: &mut usize,
        progress: &mut (impl FnMut(usize) + Send),
    ) -> Result<Option<LedgerError>, LedgerError> {
        let listing = Which::EndedBefore(moment).into();
        let (mut page, mut failed) = (Page::first(PAGE), None);
        loop {
            let ended = self.ledger.list(&listing, page).await?;
            let Some(next) = ended.next_page(PAGE) else {
                return Ok(failed);
            };
            page = next;
            // Together, so that a ledger can do many in one step.
            let mut shredding = JoinSet::new();
            for record in ended.records {
                let ledger = Arc::clone(&self.ledger);
                shredding.spawn(async move { ledger.shred(&record.reference).await });
            }
            while let Some(done) = shredding.join_next().await {
                match done {
                    Ok(Ok(())) => *shredded += 1,
                    Ok(Err(error)) => {
                        tracing::warn!(%error, "an order could not be shredded");
                        failed = Some(error);
                    }
                    Err(error) => tracing::error!(%error, "shredding ended by an internal error"),
                }
                progress(*shredded);
            }
        }
    }

    /// Shreds every order in which `person` stands, letter for letter, as a name, email address,
    /// phone number, date of birth or identity number. Every order that is kept is opened for
    /// that, so it takes a while.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: the ledger cannot be read or written; what was shredded before is gone.
    ///
    /// ```
    /// # use booking_layers::{Erased, Shredder};
    /// # use booking_ports::LedgerError;
    /// async fn forget(shredder: &Shredder, id_card_number: &str) -> Result<Erased, LedgerError> {
    ///     shredder.person(id_card_number).await
    /// }
    /// ```
    pub async fn person(&self, person: &str) -> Result<Erased, LedgerError> {
        let mut erased = Erased::default();
        let mut page = Page::first(PAGE);
        loop {
            let listed = self.ledger.list(&Which::All.into(), page).await?;
            let Some(next) = listed.next_page(PAGE) else {
                return Ok(erased);
            };
            page = next;
            let damaged = listed.damaged.into_iter();
            erased.damaged.extend(damaged.map(|it| it.reference));
            for record in listed
                .records
                .into_iter()
                .filter(|record| record.keeps_order)
            {
                let reference = record.reference;
                match self.ledger.order(&reference).await {
                    Ok(Some(order)) if order.is_personal_text(person) => {}
                    Ok(_) => continue,
                    Err(error) => {
                        tracing::warn!(%reference, %error, "an order could not be read");
                        erased.unreadable.push(reference);
                        continue;
                    }
                }
                match self.ledger.shred(&reference).await {
                    Ok(()) => erased.shredded.push(reference),
                    Err(LedgerError::Unsettled { .. }) => erased.unsettled.push(reference),
                    Err(error) => return Err(error),
                }
            }
        }
    }
}
