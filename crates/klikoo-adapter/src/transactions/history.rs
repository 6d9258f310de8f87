//! The history's pages, read so that none is missed.

use std::collections::HashSet;

use booking_domain::{PartnerReference, TransactionId};
use booking_ports::{InquiryError, Transaction};

use crate::canonical_json::Node;
use crate::envelope::Envelope;
use crate::inquiry::{unavailable, unreadable};
use crate::printable::Mask;
use crate::status::provider_status;

/// Most pages that are read. Beyond that, a narrower time has to be asked for.
pub(super) const PAGES_MAX: u64 = 100;

/// What was read so far.
pub(super) struct History<'a> {
    reference: &'a PartnerReference,
    found: Vec<Transaction>,
    seen: HashSet<TransactionId>,
    /// How many there were when the first page was read. What is made later may stay unseen.
    promised: Option<u64>,
}

impl<'a> History<'a> {
    pub(super) fn of(reference: &'a PartnerReference) -> Self {
        Self {
            reference,
            found: Vec::new(),
            seen: HashSet::new(),
            promised: None,
        }
    }

    /// Adds the page with this number; answers whether it was the last.
    pub(super) fn add(
        &mut self,
        envelope: &Envelope<'_>,
        page: u64,
        secrets: &[&str],
    ) -> Result<bool, InquiryError> {
        let meta = envelope
            .whole_meta()
            .ok_or_else(|| unreadable("the history has no meta, or none that can be read"))?;
        let count = |name| meta.member(name).and_then(Node::whole);
        let (Some(current), Some(pages), Some(rows)) = (
            count("current_page"),
            count("total_pages"),
            count("total_rows"),
        ) else {
            return Err(unreadable(
                "the history's meta lacks current_page, total_pages or total_rows",
            ));
        };
        if current != page {
            return Err(unreadable(format!(
                "the history answers page {current} where page {page} was asked for"
            )));
        }
        if pages > PAGES_MAX {
            return Err(too_long(pages));
        }
        match envelope.whole_data() {
            Some(Node::Array(rows)) => {
                for row in &rows {
                    self.add_row(row, secrets)?;
                }
            }
            // An empty list is written so by some servers, and the count says that it is one.
            None if envelope.is_without_data() && rows == 0 => {}
            _ => {
                return Err(unreadable(
                    "the history's data is no list, or cannot be read whole",
                ));
            }
        }
        self.promised.get_or_insert(rows);
        Ok(page >= pages)
    }

    fn add_row(&mut self, row: &Node<'_>, secrets: &[&str]) -> Result<(), InquiryError> {
        let id = id(row)?;
        let reference = row
            .member("partner_reference_id")
            .ok_or_else(|| unreadable(format!("transaction {id} tells no partner_reference_id")))?;
        let ours = match reference {
            // One that was made elsewhere has none.
            Node::Literal("null") => false,
            named => {
                named.text_or_whole().ok_or_else(|| {
                    unreadable(format!("the reference of transaction {id} is no text"))
                })? == self.reference.as_str()
            }
        };
        if ours {
            let transaction = transaction(row, secrets)?;
            // On two pages after a move: the later word counts.
            self.found.retain(|found| found.id != transaction.id);
            self.found.push(transaction);
        }
        self.seen.insert(id);
        Ok(())
    }

    /// What was found, unless something may have been missed.
    pub(super) fn finish(self) -> Result<Vec<Transaction>, InquiryError> {
        let seen = self.seen.len() as u64;
        match self.promised {
            Some(promised) if seen < promised => Err(unavailable(format!(
                "the history tells of {promised} transactions and showed {seen}; ask again"
            ))),
            _ => Ok(self.found),
        }
    }
}

pub(super) fn too_long(pages: u64) -> InquiryError {
    unreadable(format!(
        "the history has {pages} pages or more, and {PAGES_MAX} are read; ask for a later time, or search by reference"
    ))
}

/// A transaction as `data` tells it.
pub(super) fn transaction(data: &Node<'_>, secrets: &[&str]) -> Result<Transaction, InquiryError> {
    let id = id(data)?;
    let reference = match data.member("partner_reference_id") {
        None | Some(Node::Literal("null")) => None,
        Some(named) => match named.text_or_whole() {
            Some(empty) if empty.is_empty() => None,
            named => Some(
                named
                    .and_then(|named| PartnerReference::new(named).ok())
                    .ok_or_else(|| {
                        unreadable(format!("the reference of transaction {id} cannot be one"))
                    })?,
            ),
        },
    };
    let status = match data.member("status") {
        Some(Node::Text(word)) => provider_status(word, || Mask::secrets(secrets)),
        _ => None,
    };
    let status = status.ok_or_else(|| unreadable(format!("transaction {id} tells no status")))?;
    Ok(Transaction {
        id,
        reference,
        status,
        amount: data.member("amount").and_then(Node::whole),
    })
}

fn id(data: &Node<'_>) -> Result<TransactionId, InquiryError> {
    data.member("transaction_id")
        .and_then(Node::text_or_whole)
        .and_then(TransactionId::new)
        .ok_or_else(|| unreadable("a transaction has no transaction_id, or none that can be one"))
}
