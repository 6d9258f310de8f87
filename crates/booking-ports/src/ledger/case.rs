//! What a ledger decides, whatever it is kept in.

use std::time::Duration;

use booking_domain::HoldState;
use time::OffsetDateTime;

use super::fact::{Entry, Evidence, Fact, Source};
use super::record::HoldRecord;
use super::{Begun, Claim, LedgerError, Outcome, SendPermit};

/// One reference, loaded from where a ledger keeps it: the record with its fence and lease.
///
/// A ledger loads the case, asks it, and stores what it became together with the entries it
/// [wrote](Self::take_written), all in one transaction. So every ledger decides alike. An error
/// leaves nothing to store.
///
/// ```
/// use std::time::Duration;
/// use booking_domain::OrderDraft;
/// use booking_ports::{Begun, HoldCase, HoldRecord};
/// use time::macros::{date, datetime};
///
/// let now = datetime!(2026-11-24 10:00 +7);
/// let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();
/// let mut case = HoldCase::fresh(HoldRecord::begun(&order, now));
/// assert!(matches!(case.begin(now, Duration::from_secs(60)), Ok(Begun::Send(_))));
/// assert_eq!(case.take_written().len(), 1);
/// ```
#[derive(Clone, Debug)]
pub struct HoldCase {
    /// Where the reference stands.
    pub record: HoldRecord,
    /// The number of the latest right to send or settle it.
    pub fence: u64,
    /// Until when that right lasts; `None` where it was given back.
    pub lease_ends: Option<OffsetDateTime>,
    written: Vec<Entry>,
}

macro_rules! example {
    ($($line:literal),+) => {
        concat!(
            "\n```\n",
            "# use std::time::Duration;\n# use booking_domain::*;\n# use booking_ports::*;\n",
            "# use time::macros::{date, datetime};\n",
            "# let now = datetime!(2026-11-24 10:00 +7);\n# let minute = Duration::from_secs(60);\n",
            "# let order = OrderDraft::sample().check(date!(2026 - 11 - 24)).unwrap();\n",
            "# let mut case = HoldCase::fresh(HoldRecord::begun(&order, now));\n",
            $($line, "\n",)+
            "```"
        )
    };
}

impl HoldCase {
    /// A reference that nobody has sent yet.
    #[doc = example!("assert_eq!(case.fence, 0);")]
    #[must_use]
    pub fn fresh(record: HoldRecord) -> Self {
        Self::stored(record, 0, None)
    }

    /// A reference as it was stored.
    #[doc = example!("let again = HoldCase::stored(case.record, 7, None);", "assert_eq!(again.fence, 7);")]
    #[must_use]
    pub fn stored(record: HoldRecord, fence: u64, lease_ends: Option<OffsetDateTime>) -> Self {
        Self {
            record,
            fence,
            lease_ends,
            written: Vec::new(),
        }
    }

    /// The entries that were written since, to be appended in this order.
    #[doc = example!("assert!(case.take_written().is_empty());")]
    #[must_use]
    pub fn take_written(&mut self) -> Vec<Entry> {
        std::mem::take(&mut self.written)
    }

    /// Whoever has the lease cannot be seen any more: a session is gone that it held, a machine does
    /// not answer. It may be dead, or cut off and at work. (Of one that is *known* to be dead, a
    /// ledger takes the lease away.)
    ///
    /// What it was sending is unknown from now on, and others may look for it. But until its lease
    /// ends, by which a living one has ended too, nothing is sent beside it: the entry says until
    /// when, a resolver's repeat [waits](super::may_be_sent_until), and a booking's lease stands.
    /// The `story` so far tells whether it may be sending: a resolver may have come to its repeat, or not
    /// yet, and then it comes to none any more.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    #[doc = example!("case.begin(now, minute).unwrap();", "let story = case.take_written();", "case.lose_sight_of_owner(&story, now).unwrap();", "assert_eq!(case.record.state, HoldState::Unknown);", "assert_eq!(may_be_sent_until(&case.take_written()), Some(now + minute));")]
    pub fn lose_sight_of_owner(
        &mut self,
        story: &[Entry],
        now: OffsetDateTime,
    ) -> Result<(), LedgerError> {
        if self.lease_left(now).is_none() || !self.record.awaits_answer() {
            return Ok(());
        }
        if is_under_way(story, self.record.attempts) {
            self.lose_sender(self.lease_ends, now)?;
        }
        self.lease_ends = None;
        Ok(())
    }

    /// [`HoldLedger::begin`](super::HoldLedger::begin), of an order that is known to be the same.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    #[doc = example!("assert!(matches!(case.begin(now, minute), Ok(Begun::Send(_))));", "assert!(matches!(case.begin(now, minute), Ok(Begun::Busy { .. })));")]
    pub fn begin(&mut self, now: OffsetDateTime, lease: Duration) -> Result<Begun, LedgerError> {
        self.give_up_dead_sender(now)?;
        let may_be_sent = matches!(self.record.state, HoldState::Intended | HoldState::NotSent);
        if (may_be_sent || self.record.awaits_answer())
            && let Some(left) = self.lease_left(now)
        {
            return Ok(Begun::Busy { left });
        }
        if !may_be_sent {
            return Ok(Begun::Recorded(Box::new(self.record.clone())));
        }
        self.lease(now, lease);
        Ok(Begun::Send(self.send(now)?))
    }

    /// [`HoldLedger::end`](super::HoldLedger::end).
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    #[doc = example!("let Ok(Begun::Send(permit)) = case.begin(now, minute) else { panic!() };", "let refusal = Refusal::new(permit.reference.clone(), RefusalKind::Other, \"400050000\", \"no\");", "let record = case.end(&permit, &Err(refusal.into()), now).unwrap();", "assert_eq!(record.state, HoldState::Refused);")]
    pub fn end(
        &mut self,
        permit: &SendPermit,
        outcome: &Outcome,
        now: OffsetDateTime,
    ) -> Result<HoldRecord, LedgerError> {
        let fact = Fact::Ended {
            attempt: permit.attempt,
            outcome: outcome.clone(),
        };
        self.write(fact, now)?;
        self.give_back(permit.fence);
        Ok(self.record.clone())
    }

    /// [`HoldLedger::claim`](super::HoldLedger::claim).
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    #[doc = example!("assert!(case.claim(now, minute).unwrap().is_none(), \"nothing to settle\");")]
    pub fn claim(
        &mut self,
        now: OffsetDateTime,
        lease: Duration,
    ) -> Result<Option<Claim>, LedgerError> {
        self.give_up_dead_sender(now)?;
        if self.lease_left(now).is_some() || !self.record.is_unsettled() {
            return Ok(None);
        }
        self.lease(now, lease);
        Ok(Some(Claim {
            record: self.record.clone(),
            fence: self.fence,
        }))
    }

    /// [`HoldLedger::repeat`](super::HoldLedger::repeat).
    ///
    /// # Errors
    ///
    /// [`LedgerError::Fenced`]: the claim is over, or what it was for is settled.
    #[doc = example!("case.begin(now, minute).unwrap();", "let later = now + 2 * minute;", "let claim = case.claim(later, minute).unwrap().unwrap();", "assert_eq!(case.repeat(&claim, later).unwrap().attempt, 2);")]
    pub fn repeat(
        &mut self,
        claim: &Claim,
        now: OffsetDateTime,
    ) -> Result<SendPermit, LedgerError> {
        let claimed = self.fence == claim.fence && self.lease_left(now).is_some();
        let open = matches!(
            self.record.state,
            HoldState::Unknown | HoldState::HeldWithoutReceipt
        );
        if !(claimed && open) {
            let reference = self.record.reference.clone();
            return Err(LedgerError::Fenced { reference });
        }
        self.send(now)
    }

    /// [`HoldLedger::release`](super::HoldLedger::release).
    #[doc = example!("case.begin(now, minute).unwrap();", "let later = now + 2 * minute;", "let claim = case.claim(later, minute).unwrap().unwrap();", "case.release(&claim);", "assert!(case.lease_ends.is_none());")]
    pub fn release(&mut self, claim: &Claim) {
        self.give_back(claim.fence);
    }

    /// [`HoldLedger::learn`](super::HoldLedger::learn).
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    #[doc = example!("let finding = Finding::Nothing { message: \"no transaction\".into() };", "let evidence = Evidence { source: Source::History, finding };", "assert!(case.learn(&evidence, now).is_ok());")]
    pub fn learn(
        &mut self,
        evidence: &Evidence,
        now: OffsetDateTime,
    ) -> Result<HoldRecord, LedgerError> {
        let fact = Fact::Learned(evidence.clone());
        // Everybody who looks sees the time pass, and it is worth one entry.
        if evidence.source == Source::Time {
            let mut then = self.record.clone();
            // Whoever looked before it was held cannot know until when it is.
            if then.deadline().is_some_and(|it| !it.has_passed(now)) {
                return Ok(then);
            }
            if then.apply(&fact, now).is_ok() && then.state == self.record.state {
                return Ok(self.record.clone());
            }
        }
        self.write(fact, now)?;
        Ok(self.record.clone())
    }

    /// [`HoldLedger::conclude`](super::HoldLedger::conclude).
    ///
    /// # Errors
    ///
    /// [`LedgerError::Fenced`]: the claim was taken over, or what is known to be held has changed since.
    #[doc = example!("case.begin(now, minute).unwrap();", "let later = now + 2 * minute;", "let claim = case.claim(later, minute).unwrap().unwrap();", "let finding = Finding::Over { message: \"nothing is held so long\".into() };", "let evidence = Evidence { source: Source::Time, finding };", "assert!(case.conclude(&claim, &evidence, later).is_ok());")]
    pub fn conclude(
        &mut self,
        claim: &Claim,
        evidence: &Evidence,
        now: OffsetDateTime,
    ) -> Result<HoldRecord, LedgerError> {
        // How a sending ended is written without a claim, and says more than was known to who concludes.
        let is_known = self.record.hold() == claim.record.hold();
        if self.fence != claim.fence || !is_known {
            let reference = self.record.reference.clone();
            return Err(LedgerError::Fenced { reference });
        }
        self.learn(evidence, now)
    }

    /// [`HoldLedger::disclose`](super::HoldLedger::disclose); whether there is anything to give.
    ///
    /// # Errors
    ///
    /// [`LedgerError`].
    #[doc = example!("assert_eq!(case.disclose(\"night shift: lost ticket\", now).unwrap(), true);", "assert_eq!(case.take_written().len(), 1);")]
    pub fn disclose(&mut self, by: &str, now: OffsetDateTime) -> Result<bool, LedgerError> {
        let kept = self.record.keeps_order;
        if kept {
            self.write(Fact::disclosed(by), now)?;
        }
        Ok(kept)
    }

    /// [`HoldLedger::shred`](super::HoldLedger::shred); whether there was anything to destroy.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Unsettled`].
    #[doc = example!("assert_eq!(case.shred(now).unwrap(), true);", "assert_eq!(case.shred(now).unwrap(), false);")]
    pub fn shred(&mut self, now: OffsetDateTime) -> Result<bool, LedgerError> {
        if self.record.is_unsettled() {
            let reference = self.record.reference.clone();
            return Err(LedgerError::Unsettled { reference });
        }
        let kept = self.record.keeps_order;
        if kept {
            self.write(Fact::Shredded, now)?;
        }
        Ok(kept)
    }

    fn send(&mut self, now: OffsetDateTime) -> Result<SendPermit, LedgerError> {
        let permit = self.record.next_permit(self.fence);
        let attempt = permit.attempt;
        self.write(Fact::Sent { attempt }, now)?;
        Ok(permit)
    }

    pub(super) fn give_up_dead_sender(&mut self, now: OffsetDateTime) -> Result<(), LedgerError> {
        if self.record.state == HoldState::Sending && self.lease_left(now).is_none() {
            self.lose_sender(None, now)?;
        }
        Ok(())
    }

    fn lose_sender(
        &mut self,
        may_send_until: Option<OffsetDateTime>,
        now: OffsetDateTime,
    ) -> Result<(), LedgerError> {
        let attempt = self.record.attempts;
        let fact = Fact::SenderLost {
            attempt,
            may_send_until,
        };
        self.write(fact, now)
    }

    pub(super) fn write(&mut self, fact: Fact, at: OffsetDateTime) -> Result<(), LedgerError> {
        self.record
            .apply(&fact, at)
            .map_err(|error| LedgerError::Damaged {
                message: format!("{}: {error}", self.record.reference),
            })?;
        self.written.push(Entry { at, fact });
        Ok(())
    }

    pub(super) fn lease_left(&self, now: OffsetDateTime) -> Option<Duration> {
        self.lease_ends
            .and_then(|ends| (ends - now).try_into().ok())
            .filter(|left: &Duration| !left.is_zero())
    }

    pub(super) fn lease(&mut self, now: OffsetDateTime, lease: Duration) {
        let lease = lease.try_into().unwrap_or(time::Duration::MAX);
        self.fence += 1;
        self.lease_ends = Some(now.saturating_add(lease));
    }

    /// A fence of somebody who was given up gives nothing back.
    pub(super) fn give_back(&mut self, fence: u64) {
        if self.fence == fence {
            self.lease_ends = None;
        }
    }
}

/// Whether nothing tells of the end of an attempt that was marked as sent, nor that its sender was lost.
fn is_under_way(story: &[Entry], number: u32) -> bool {
    let is_over = |entry: &Entry| match entry.fact {
        Fact::Ended { attempt, .. } | Fact::SenderLost { attempt, .. } => attempt == number,
        _ => false,
    };
    number > 0 && !story.iter().any(is_over)
}
