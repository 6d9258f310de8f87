//! A response code, as a text of any kind.

#![no_main]

use klikoo_adapter::ResponseCode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let code = ResponseCode::parse(text);
    // 32 characters, each perhaps escaped as `\u{10ffff}`, and an ellipsis.
    assert!(
        code.as_str().chars().count() <= 32 * 10 + 1,
        "{:?}",
        code.as_str()
    );
    assert!(!code.as_str().chars().any(char::is_control));
    if code.http_status().is_some() {
        assert_eq!(code.as_str(), text);
    }
    assert!(code.case().is_none() || code.http_status().is_some());
});
