//! The deadline of a reply, as a text of any kind.

#![no_main]

use libfuzzer_sys::fuzz_target;
use time::Duration;

fuzz_target!(|text: &str| {
    let body = serde_json::json!({
        "response_code": "201052001",
        "response_message": "Berhasil dibuat",
        "data": {"transaction_id": "14429004", "status": "WAITING", "expired_at": text},
    });
    let (order, outcome) = fuzz::block(201, body.to_string().as_bytes());
    if let Ok(hold) = outcome {
        // Never held for longer than the longest hold, and never without a deadline.
        assert!(hold.deadline.is_stated());
        assert!(
            hold.deadline.at() <= fuzz::NOW + Duration::hours(2),
            "{text}"
        );
        assert!(!hold.deadline.has_passed(fuzz::NOW), "{text}");
        assert_eq!(&hold.reference, order.reference());
    }
});
