//! What is to be written of a ticket, by what is stored of its reference, or by a guess at that.

use booking_domain::BlockOrder;
use booking_ports::{HoldCase, LedgerError};
use time::OffsetDateTime;

use super::store::{Change, Writing};
use super::ticket::{Subject, Ticket};
use super::writer::Writer;
use crate::row::{BeginningRow, DerivedRow, HoldRow, Right, begun, lines};

impl Writer {
    /// What is to be stored if the guess is right, and the case that it makes.
    pub(super) fn guess(
        &mut self,
        ticket: &mut Ticket,
        now: OffsetDateTime,
    ) -> Result<Option<(Writing, Option<HoldCase>)>, LedgerError> {
        let recent = self.recent.take(ticket.subject.reference());
        match (&ticket.subject, recent) {
            (Subject::Order(order), None) => {
                let mut case = HoldCase::fresh(begun(order, now, self.keyring.seals()));
                if !ticket.work.decide(Some(&mut case), now) {
                    return Ok(None);
                }
                let writing = self.beginning(order, &mut case)?;
                Ok(Some((writing, Some(case))))
            }
            (Subject::Reference(_), Some(begun)) => {
                let mut case = begun.case;
                if !ticket.work.decide(Some(&mut case), now) {
                    return Ok(None);
                }
                let kept = case.record.keeps_order;
                let writing = self.going_on(begun.number, &begun.right, kept, case)?;
                Ok(writing.map(|writing| (writing, None)))
            }
            _ => Ok(None),
        }
    }

    /// What is to be stored of it, if anything.
    pub(super) fn decide(
        &self,
        ticket: &mut Ticket,
        row: Option<HoldRow>,
        now: OffsetDateTime,
    ) -> Result<Option<Writing>, LedgerError> {
        match (row, &ticket.subject) {
            (None, Subject::Order(order)) => {
                let record = begun(order, now, self.keyring.seals());
                let mut case = HoldCase::fresh(record);
                if ticket.work.decide(Some(&mut case), now) {
                    return self.beginning(order, &mut case).map(Some);
                }
            }
            (None, _) => {
                ticket.work.decide(None, now);
            }
            (Some(row), Subject::Order(order))
                if !self.keyring.is_same(row.key_id, order, &row.fingerprint)? =>
            {
                ticket.work.decide(None, now);
            }
            (Some(row), _) => {
                let mut case = row.case()?;
                if row.right.owner.is_some_and(|it| self.owner.has_ended(it)) {
                    case.lease_ends = None;
                }
                if ticket.work.decide(Some(&mut case), now) {
                    let kept = row.derived.keeps_order;
                    return self.going_on(row.number, &row.right, kept, case);
                }
            }
        }
        Ok(None)
    }

    fn beginning(&self, order: &BlockOrder, case: &mut HoldCase) -> Result<Writing, LedgerError> {
        Ok(Writing {
            reference: order.reference().clone(),
            change: Change::Begin {
                beginning: Box::new(BeginningRow::of(&case.record)?),
                key_id: self.keyring.current(),
                fingerprint: self.keyring.fingerprint(order)?,
                sealed: self.keyring.seal(order)?,
            },
            derived: DerivedRow::of(&case.record)?,
            right: Right::of(case, None, self.owner.id),
            entries: lines(case.take_written())?,
        })
    }

    fn going_on(
        &self,
        number: i64,
        before: &Right,
        kept: bool,
        mut case: HoldCase,
    ) -> Result<Option<Writing>, LedgerError> {
        let entries = lines(case.take_written())?;
        let derived = DerivedRow::of(&case.record)?;
        let right = Right::of(&case, Some(before), self.owner.id);
        if entries.is_empty() && right == *before {
            return Ok(None);
        }
        let change = Change::GoOn {
            number,
            shred: kept && !derived.keeps_order,
        };
        Ok(Some(Writing {
            reference: case.record.reference,
            change,
            derived,
            right,
            entries,
        }))
    }
}
