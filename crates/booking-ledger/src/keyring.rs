//! The keys of an opened ledger.

use std::collections::HashMap;

use booking_domain::{BlockOrder, PartnerReference};
use booking_ports::LedgerError;
use time::Date;

use crate::fingerprint::Fingerprinter;
use crate::key::LedgerKey;
use crate::seal::{SealedOrder, Sealer};

/// Each row names the key that it was written under, so that a key can be given later, or changed.
pub(crate) struct Keyring {
    current: i64,
    fingerprinters: HashMap<i64, Fingerprinter>,
    sealer: Option<Sealer>,
}

impl Keyring {
    /// The keys by their numbers; new rows are written under `current`, which is that of `key`
    /// where there is one.
    pub(crate) fn new(
        current: i64,
        fingerprinters: HashMap<i64, Fingerprinter>,
        key: Option<&LedgerKey>,
    ) -> Result<Self, LedgerError> {
        Ok(Self {
            current,
            fingerprinters,
            sealer: key.map(Sealer::new).transpose()?,
        })
    }

    pub(crate) fn current(&self) -> i64 {
        self.current
    }

    pub(crate) fn seals(&self) -> bool {
        self.sealer.is_some()
    }

    pub(crate) fn seal(&self, order: &BlockOrder) -> Result<Option<SealedOrder>, LedgerError> {
        self.sealer
            .as_ref()
            .map(|sealer| sealer.seal(order))
            .transpose()
    }

    pub(crate) fn open(
        &self,
        key_id: i64,
        reference: &PartnerReference,
        sealed: &SealedOrder,
        day: Date,
    ) -> Result<BlockOrder, LedgerError> {
        match &self.sealer {
            Some(own) if key_id == self.current => own.open(reference, sealed, day),
            _ => Err(other_key(reference)),
        }
    }

    pub(crate) fn fingerprint(&self, order: &BlockOrder) -> Result<Vec<u8>, LedgerError> {
        Ok(self.printer(self.current, order.reference())?.of(order))
    }

    pub(crate) fn is_same(
        &self,
        key_id: i64,
        order: &BlockOrder,
        fingerprint: &[u8],
    ) -> Result<bool, LedgerError> {
        let printer = self.printer(key_id, order.reference())?;
        Ok(printer.matches(order, fingerprint))
    }

    fn printer(
        &self,
        key_id: i64,
        reference: &PartnerReference,
    ) -> Result<&Fingerprinter, LedgerError> {
        self.fingerprinters
            .get(&key_id)
            .ok_or_else(|| other_key(reference))
    }
}

fn other_key(reference: &PartnerReference) -> LedgerError {
    LedgerError::Unavailable {
        message: format!(
            "{reference} was recorded with another key than this ledger was opened with, so its \
             order can neither be read nor compared; open the ledger with that key"
        ),
        cause: None,
    }
}
