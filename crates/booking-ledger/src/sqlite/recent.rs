//! What this process began last, so that its end need not be read first.

use std::collections::HashMap;

use booking_domain::PartnerReference;
use booking_ports::HoldCase;

use crate::row::Right;

/// More are in flight in no process that does well.
const MOST: usize = 4096;

/// A reference as it was stored when it was begun. Another process may have written it since; a
/// writing that names the revision then changes nothing.
pub(super) struct Begun {
    pub(super) case: HoldCase,
    pub(super) right: Right,
    pub(super) number: i64,
}

/// The revision of a row that was begun and not written since.
pub(super) const FIRST_REVISION: i64 = 1;

#[derive(Default)]
pub(super) struct Recent(HashMap<PartnerReference, Begun>);

impl Recent {
    pub(super) fn keep(&mut self, reference: PartnerReference, begun: Begun) {
        // Of permits that were never ended.
        if self.0.len() >= MOST {
            self.0.clear();
        }
        self.0.insert(reference, begun);
    }

    pub(super) fn take(&mut self, reference: &PartnerReference) -> Option<Begun> {
        self.0.remove(reference)
    }
}
