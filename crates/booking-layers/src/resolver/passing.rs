//! What time alone does: holds end, and people are forgotten. The provider is not asked, so nothing
//! of it waits for one that is slow.

use std::sync::Arc;

use booking_ports::{Evidence, Finding, LedgerError, Page, Source, Which};

use super::Resolver;
use crate::shredder::Shredder;

/// How many records are read at a time.
const PAGE: u32 = 500;

impl Resolver {
    /// Records holds whose deadline has passed as ended, and tells how many.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: the ledger failed; those before are recorded.
    ///
    /// ```
    /// # use booking_layers::Resolver;
    /// # use booking_ports::LedgerError;
    /// async fn ended(resolver: &Resolver) -> Result<usize, LedgerError> {
    ///     resolver.expire().await
    /// }
    /// ```
    pub async fn expire(&self) -> Result<usize, LedgerError> {
        self.expire_each(|_| ()).await
    }

    /// Shreds the orders of what ended [long enough](super::ResolverBounds::shred_after) ago, and
    /// tells how many. One that cannot be shredded holds up none of the others.
    ///
    /// # Errors
    ///
    /// [`LedgerError`]: the ledger cannot be read, or one of them could not be shredded.
    ///
    /// ```
    /// # use booking_layers::Resolver;
    /// # use booking_ports::LedgerError;
    /// async fn forgotten(resolver: &Resolver) -> Result<usize, LedgerError> {
    ///     resolver.forget().await
    /// }
    /// ```
    pub async fn forget(&self) -> Result<usize, LedgerError> {
        self.forget_each(|_| ()).await
    }

    pub(super) async fn expire_each(
        &self,
        mut progress: impl FnMut(usize) + Send,
    ) -> Result<usize, LedgerError> {
        let mut expired = 0;
        loop {
            let now = self.clock.now();
            let first = self
                .ledger
                .list(&Which::NextToExpire.into(), Page::first(PAGE))
                .await?;
            let passed: Vec<_> = first
                .records
                .iter()
                .filter(|record| record.deadline().is_some_and(|it| it.has_passed(now)))
                .collect();
            if passed.is_empty() {
                return Ok(expired);
            }
            let before = expired;
            for record in passed {
                let message = "its deadline has passed".to_owned();
                let evidence = Evidence {
                    source: Source::Time,
                    finding: Finding::Over { message },
                };
                let told = self.ledger.learn(&record.reference, &evidence).await?;
                // By the ledger's own clock it may still be held.
                if told.state != record.state {
                    expired += 1;
                    progress(expired);
                }
            }
            if expired == before {
                return Ok(expired);
            }
        }
    }

    pub(super) async fn forget_each(
        &self,
        progress: impl FnMut(usize) + Send,
    ) -> Result<usize, LedgerError> {
        let keep = self.bounds.shred_after.try_into();
        let keep = keep.unwrap_or(time::Duration::MAX);
        let Some(moment) = self.clock.now().checked_sub(keep) else {
            return Ok(0);
        };
        let shredder = Shredder::new(Arc::clone(&self.ledger));
        shredder.ended_before(moment, progress).await
    }
}
