//! What a person says about a reference that nobody else can settle.

use std::time::Duration;

use booking_domain::{
    Deadline, PartnerReference, ProviderStatus, SeatHold, StatusMeaning, TransactionId,
};
use booking_ports::{
    Claim, Evidence, Finding, HoldLedger, HoldRecord, LedgerError, Source, may_be_sent_until,
};
use time::OffsetDateTime;

use crate::ResolverBounds;

/// For how long recording a word keeps the reference to itself; no provider is asked meanwhile.
const LEASE: Duration = Duration::from_mins(2);

/// How the provider's state is called where an operator told it.
const TOLD: &str = "told by an operator";

/// An operator's word about what is unsettled: a row of the reference's story for ever after.
///
/// It is believed as it is said. The provider is not asked; [`Resolver::settle`](crate::Resolver::settle)
/// asks it.
///
/// ```
/// use booking_domain::PartnerReference;
/// use booking_layers::{OperatorFinding, OperatorWord, ResolverBounds, WordError};
/// use booking_ports::{Clock, HoldLedger, SystemClock};
///
/// async fn not_held(ledger: &dyn HoldLedger, reference: &PartnerReference) -> Result<(), WordError> {
///     let word = OperatorWord {
///         finding: OperatorFinding::NotHeld,
///         transaction_id: None,
///         because: "Klikoo's support said so, ticket 4711".to_owned(),
///     };
///     let now = SystemClock::default().now();
///     word.record(ledger, reference, &ResolverBounds::default(), now).await.map(drop)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct OperatorWord {
    /// What it is.
    pub finding: OperatorFinding,
    /// The provider's number of the hold: needed where the ledger does not know it, but for
    /// [`NotHeld`](OperatorFinding::NotHeld).
    pub transaction_id: Option<TransactionId>,
    /// Who says so, and how they know; without names of travellers. See [`OperatorWord::reason`].
    pub because: String,
}

/// What an operator found.
///
/// ```
/// use booking_layers::OperatorFinding;
///
/// assert_ne!(OperatorFinding::Held, OperatorFinding::NotHeld);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorFinding {
    /// It is held, as a transaction of the provider's.
    Held,
    /// It is a ticket.
    Booked,
    /// It is neither held nor booked.
    NotHeld,
}

/// Why a word was not recorded.
///
/// ```
/// use booking_layers::WordError;
///
/// assert!(WordError::HeldIsKnown.to_string().contains("held"));
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WordError {
    /// It is being sent or settled by somebody else.
    #[error("it is being sent or settled by somebody else")]
    Busy,
    /// Whoever was sending it cannot be seen any more and may be at it until then, so nobody can know
    /// yet that it is not held.
    #[error("it may be under way until {0}")]
    MayBeUnderWay(OffsetDateTime),
    /// It is not uncertain, so there is nothing to settle. Where it stands.
    #[error("it is {}, so there is nothing to settle", .0.state.name())]
    NothingToSettle(Box<HoldRecord>),
    /// It is held as another transaction than the word names; the one that the ledger knows.
    #[error("it is held as transaction {0}")]
    OtherTransaction(TransactionId),
    /// That it is held is known; whether it was booked is what nobody knows.
    #[error("that it is held is known; whether it was booked is not")]
    HeldIsKnown,
    /// Neither the word nor the ledger names a transaction.
    #[error("no transaction of it is known")]
    NoTransaction,
    /// The ledger; [`LedgerError::NotFound`] for a reference that was never begun.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl OperatorWord {
    /// Longest reason that is recorded, in characters.
    pub const REASON_MAX: usize = 300;

    /// One line of 1 to [`REASON_MAX`](Self::REASON_MAX) characters, that a story can hold, without
    /// the spaces around it; `None` for anything else.
    ///
    /// ```
    /// use booking_layers::OperatorWord;
    ///
    /// assert_eq!(OperatorWord::reason(" support said so "), Some("support said so"));
    /// assert_eq!(OperatorWord::reason("two\nlines"), None);
    /// ```
    #[must_use]
    pub fn reason(text: &str) -> Option<&str> {
        let text = text.trim();
        let sound = !text.is_empty()
            && text.chars().count() <= Self::REASON_MAX
            && !text.chars().any(char::is_control);
        sound.then_some(text)
    }

    /// The number of a transaction as a person types it: 1 to 64 letters, digits, `-` and `_`. That
    /// is stricter than what a provider may send, since it goes into paths and stays for ever.
    ///
    /// ```
    /// use booking_layers::OperatorWord;
    ///
    /// assert!(OperatorWord::transaction_id("14429004").is_some());
    /// assert!(OperatorWord::transaction_id("../14429004").is_none());
    /// ```
    #[must_use]
    pub fn transaction_id(text: &str) -> Option<TransactionId> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let sound = text.bytes().all(plain);
        TransactionId::new(text).filter(|_| sound)
    }

    /// Records it about `reference`, and tells where that then stands. Only what is unsettled takes
    /// a word, and nobody else is at it meanwhile.
    ///
    /// `now` is the time by which a sender that cannot be seen any more is given up.
    ///
    /// A hold that is told without a deadline is bounded by the longest that `bounds` allow.
    /// Dropped in the middle, it keeps the reference to itself for up to two minutes.
    ///
    /// # Errors
    ///
    /// [`WordError`]; nothing is recorded then.
    ///
    /// ```
    /// # use booking_domain::PartnerReference;
    /// # use booking_layers::{OperatorWord, ResolverBounds, WordError};
    /// # use booking_ports::HoldLedger;
    /// # use time::OffsetDateTime;
    /// async fn say(
    ///     word: &OperatorWord, ledger: &dyn HoldLedger, reference: &PartnerReference, now: OffsetDateTime,
    /// ) -> String {
    ///     match word.record(ledger, reference, &ResolverBounds::default(), now).await {
    ///         Ok(record) => format!("{reference} is {}", record.state.name()),
    ///         Err(WordError::Busy) => "try again in a minute".to_owned(),
    ///         Err(error) => error.to_string(),
    ///     }
    /// }
    /// ```
    pub async fn record(
        &self,
        ledger: &dyn HoldLedger,
        reference: &PartnerReference,
        bounds: &ResolverBounds,
        now: OffsetDateTime,
    ) -> Result<HoldRecord, WordError> {
        let Some(claim) = ledger.claim(reference, LEASE).await? else {
            return Err(match ledger.find(reference).await? {
                None => WordError::Ledger(LedgerError::NotFound {
                    reference: reference.clone(),
                }),
                Some(record) if record.is_unsettled() => WordError::Busy,
                Some(record) => WordError::NothingToSettle(Box::new(record)),
            });
        };
        let learnt = self
            .conclude(ledger, &claim, bounds.over_after(), now)
            .await;
        // Whatever failed: who tries again need not wait for the lease.
        let released = ledger.release(&claim).await;
        let record = learnt?;
        released?;
        Ok(record)
    }

    /// Under the claim: what a sender tells in the meantime says more than the operator knew.
    async fn conclude(
        &self,
        ledger: &dyn HoldLedger,
        claim: &Claim,
        over_after: Duration,
        now: OffsetDateTime,
    ) -> Result<HoldRecord, WordError> {
        let record = &claim.record;
        let reference = &record.reference;
        if self.finding == OperatorFinding::NotHeld {
            let until = may_be_sent_until(&ledger.story(reference).await?);
            if let Some(until) = until.filter(|until| now < *until) {
                return Err(WordError::MayBeUnderWay(until));
            }
        }
        let evidence = self.evidence(record, over_after)?;
        match ledger.conclude(claim, &evidence).await {
            Err(LedgerError::Fenced { .. }) => Err(WordError::Busy),
            concluded => Ok(concluded?),
        }
    }

    /// What it says, in the ledger's terms.
    fn evidence(&self, record: &HoldRecord, over_after: Duration) -> Result<Evidence, WordError> {
        let meaning = match self.finding {
            OperatorFinding::NotHeld => None,
            OperatorFinding::Booked => Some(StatusMeaning::Booked),
            OperatorFinding::Held => Some(StatusMeaning::Unrecognised),
        };
        let finding = match meaning {
            None => Finding::Over {
                message: TOLD.to_owned(),
            },
            Some(meaning) => Finding::Held(self.hold(record, meaning, over_after)?),
        };
        Ok(Evidence {
            source: Source::Operator {
                because: self.because.clone(),
            },
            finding,
        })
    }

    fn hold(
        &self,
        record: &HoldRecord,
        meaning: StatusMeaning,
        over_after: Duration,
    ) -> Result<SeatHold, WordError> {
        let status = ProviderStatus::new(meaning, TOLD);
        match (record.hold(), &self.transaction_id) {
            (Some(known), Some(other)) if known.transaction_id != *other => {
                Err(WordError::OtherTransaction(known.transaction_id.clone()))
            }
            (Some(_), _) if self.finding == OperatorFinding::Held => Err(WordError::HeldIsKnown),
            (Some(known), _) => Ok(SeatHold {
                status,
                ..known.clone()
            }),
            (None, Some(transaction_id)) => Ok(SeatHold {
                reference: record.reference.clone(),
                transaction_id: transaction_id.clone(),
                status,
                deadline: Deadline::not_stated(
                    record.sent_at.unwrap_or(record.begun_at) + over_after,
                ),
            }),
            (None, None) => Err(WordError::NoTransaction),
        }
    }
}
