//! How a decision is made and stored, beside other processes that do the same.
//!
//! Nothing is locked while it is decided. A writing names the revision that it was decided on and
//! changes nothing where there is another by then; it is decided anew.

use std::time::Duration;

use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::{Begun, HoldCase, LedgerError};
use time::OffsetDateTime;

use super::PostgresLedger;
use super::owner::Owner;
use super::reading;
use super::store::{self, NewHold, Stored, Writing};
use crate::entropy;
use crate::moment::stored;
use crate::row::{BeginningRow, DerivedRow, Right, begun, lines};

/// So often at most somebody else may be faster. Each time it is somebody else's turn that is over.
const ROUNDS: usize = 64;

/// What a decision may give.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Gives {
    /// The right to send, whose end is told soon.
    Permit,
    /// The right to settle.
    Claim,
    Nothing,
}

/// A decision and what it was made on.
struct Decided<T> {
    answer: T,
    case: HoldCase,
    right: Right,
}

impl PostgresLedger {
    pub(super) async fn begin_order(
        &self,
        order: &BlockOrder,
        lease: Duration,
    ) -> Result<Begun, LedgerError> {
        if let Some(begun) = self.begin_fresh(order, lease).await? {
            return Ok(begun);
        }
        let reference = order.reference();
        let row = self.row(reference).await?;
        let is_same = |row: &store::StoredRow| {
            let row = &row.row;
            self.keyring.is_same(row.key_id, order, &row.fingerprint)
        };
        match row {
            Some(row) if !is_same(&row)? => Ok(Begun::Conflict),
            Some(row) => {
                let found = Some(row.stored()?);
                self.change_from(found, reference, Gives::Permit, |case, now| {
                    case.begin(now, lease)
                })
                .await
            }
            None => Err(overtaken(reference)),
        }
    }

    /// As if nobody had ever begun it; `None` where somebody has.
    async fn begin_fresh(
        &self,
        order: &BlockOrder,
        lease: Duration,
    ) -> Result<Option<Begun>, LedgerError> {
        let reference = order.reference();
        let owner = self.owner.id().await?;
        let now = stored(self.clock.now());
        let mut case = HoldCase::fresh(begun(order, now, self.keyring.seals()));
        let answer = case.begin(now, lease)?;
        let right = Right::of(&case, None, owner);
        let writing = writing(&mut case, right, false)?;
        let new = NewHold {
            beginning: BeginningRow::of(&case.record)?,
            key_id: self.keyring.current(),
            fingerprint: self.keyring.fingerprint(order)?,
            sealed: self.keyring.seal(order)?,
        };
        let (new, writing) = (&new, &writing);
        let number = self
            .connections
            .ask(|mut on| async move {
                let done = store::insert(&mut on, new, writing).await;
                (on, done)
            })
            .await?;
        let number = match number {
            Some(number) => number,
            // It may be there because it was asked for twice: the first answer was lost.
            None => match self.row(reference).await.map_err(doubted)? {
                Some(row) if row.written() == writing.mark => row.row.number,
                _ => return Ok(None),
            },
        };
        self.bell.ring();
        case.record.number = u64::try_from(number).unwrap_or_default();
        let now_stored = Stored {
            case,
            number,
            right,
            revision: 1,
            written: writing.mark,
        };
        self.recent.keep(reference, now_stored);
        Ok(Some(answer))
    }

    /// Decides about a reference that was begun, and stores what became of it.
    pub(super) async fn change<T>(
        &self,
        reference: &PartnerReference,
        gives: Gives,
        decide: impl FnMut(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        self.change_from(None, reference, gives, decide).await
    }

    /// The same, of what is known to be stored, or was.
    pub(super) async fn change_from<T>(
        &self,
        mut found: Option<Stored>,
        reference: &PartnerReference,
        gives: Gives,
        mut decide: impl FnMut(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let owner = match gives {
            Gives::Permit | Gives::Claim => Some(self.owner.id().await?),
            Gives::Nothing => None,
        };
        for _ in 0..ROUNDS {
            let before = match found.take() {
                Some(found) => found,
                None => self.stored(reference).await?,
            };
            let mut decided = self.decide(&before, owner, &mut decide).await?;
            let kept = before.case.record.keeps_order;
            let writing = &writing(&mut decided.case, decided.right, kept)?;
            if writing.entries.is_empty() && decided.right == before.right {
                return Ok(decided.answer);
            }
            let (number, revision) = (before.number, before.revision);
            let done = self
                .connections
                .ask(|mut on| async move {
                    let done = store::update(&mut on, number, revision, writing).await;
                    (on, done)
                })
                .await?;
            if done.is_some() {
                self.bell.ring();
                if gives == Gives::Permit {
                    let after = Stored {
                        case: decided.case,
                        right: decided.right,
                        revision: revision + 1,
                        written: writing.mark,
                        ..before
                    };
                    self.recent.keep(reference, after);
                }
                return Ok(decided.answer);
            }
            let now_stored = self.stored(reference).await.map_err(doubted)?;
            // It was asked for twice, and the first answer was lost.
            if now_stored.written == writing.mark {
                self.bell.ring();
                return Ok(decided.answer);
            }
            found = Some(now_stored);
        }
        Err(overtaken(reference))
    }

    async fn decide<T>(
        &self,
        before: &Stored,
        owner: Option<i64>,
        decide: &mut impl FnMut(&mut HoldCase, OffsetDateTime) -> Result<T, LedgerError>,
    ) -> Result<Decided<T>, LedgerError> {
        let mut case = before.case.clone();
        if let (Some(owner), Some(other)) = (owner, before.right.owner)
            && other != owner
            && case.lease_ends.is_some_and(|ends| ends > self.clock.now())
            && Owner::has_ended(&self.connections, other).await?
        {
            // A lost session may be all that it has lost. What is written after the row was read makes
            // this decision void, so the story may be read later than the row.
            let story = reading::story(&self.connections, &case.record.reference).await?;
            case.lose_sight_of_owner(&story, stored(self.clock.now()))?;
        }
        let answer = decide(&mut case, stored(self.clock.now()))?;
        let right = Right::of(&case, Some(&before.right), owner.unwrap_or_default());
        Ok(Decided {
            answer,
            case,
            right,
        })
    }

    async fn stored(&self, reference: &PartnerReference) -> Result<Stored, LedgerError> {
        match self.row(reference).await? {
            Some(row) => row.stored(),
            None => Err(LedgerError::NotFound {
                reference: reference.clone(),
            }),
        }
    }

    pub(super) async fn row(
        &self,
        reference: &PartnerReference,
    ) -> Result<Option<store::StoredRow>, LedgerError> {
        self.connections
            .ask(|mut on| async move {
                let row = store::load(&mut on, reference).await;
                (on, row)
            })
            .await
    }
}

fn writing(case: &mut HoldCase, right: Right, kept: bool) -> Result<Writing, LedgerError> {
    Ok(Writing {
        entries: lines(case.take_written())?,
        derived: DerivedRow::of(&case.record)?,
        right,
        drops_order: kept && !case.record.keeps_order,
        mark: i64::from_le_bytes(entropy::random()?),
    })
}

/// What was asked for twice may be there, and cannot be looked for.
fn doubted(error: LedgerError) -> LedgerError {
    match error {
        LedgerError::Unavailable { message, cause } => LedgerError::InDoubt { message, cause },
        other => other,
    }
}

fn overtaken(reference: &PartnerReference) -> LedgerError {
    LedgerError::Unavailable {
        message: format!(
            "others change {reference} all the time; nothing was written, so ask again"
        ),
        cause: None,
    }
}
