//! What this process wrote last for a permit, so that its end need not read it first. It may be out
//! of date: a writing on it then changes nothing, and it is read after all.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use booking_domain::PartnerReference;

use super::store::Stored;

/// More are in flight in no process that does well.
const MOST: usize = 4096;

#[derive(Default)]
pub(super) struct Recent(Mutex<HashMap<PartnerReference, Stored>>);

impl Recent {
    pub(super) fn keep(&self, reference: &PartnerReference, stored: Stored) {
        let mut kept = self.lock();
        // Of permits that were never ended.
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(reference.clone(), stored);
    }

    pub(super) fn take(&self, reference: &PartnerReference) -> Option<Stored> {
        self.lock().remove(reference)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<PartnerReference, Stored>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
