//! What anybody may send as a callback.

#![no_main]

use booking_ports::CallbackParser as _;
use klikoo_adapter::KlikooCallbacks;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    if let Ok(callback) = KlikooCallbacks.parse(body) {
        assert!(callback.reference.is_some() || callback.transaction_id.is_some());
        let word = callback.status.word();
        assert!(!word.chars().any(char::is_control), "{word:?}");
        // It was JSON, whatever else it was.
        assert!(serde_json::from_slice::<Box<serde_json::value::RawValue>>(body).is_ok());
    }
});
