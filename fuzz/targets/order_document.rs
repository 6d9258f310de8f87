//! An order document, as a caller may send it.

#![no_main]

use booking_domain::OrderDraft;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|document: &[u8]| {
    if let Some(order) = fuzz::order(document) {
        // What was accepted is accepted again, as the same order.
        let draft = serde_json::to_vec(&OrderDraft::from(&order)).unwrap();
        assert_eq!(fuzz::order(&draft).as_ref(), Some(&order));
    }
});
