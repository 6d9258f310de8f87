//! Several mistakes at once, and never more than there are.

use klikoo_adapter::Diagnosis;

use super::{FILE, TOKEN, codes, codes_ecdsa, codes_for, diagnosed, ecdsa, hash, hmac, right};

#[test]
fn several_mistakes_at_once_are_found_and_no_more_than_there_are() {
    let mut signed = right();
    signed.method = "post".into();
    signed.token = format!("Bearer {TOKEN}");
    let two = vec!["method_lower_case", "token_bearer"];
    assert_eq!(codes(&hmac(&signed.text())), Some(two.clone()));
    assert_eq!(codes_ecdsa(&ecdsa(&signed.text())), Some(two));
    // What Python's json.dumps writes by default.
    let mut signed = right();
    signed.hash = hash(r#"{"b": "D\u00e9/<&>", "a": [1, {}]}"#);
    let three = vec!["body_unsorted", "body_spaces", "body_ascii_escapes"];
    assert_eq!(codes(&hmac(&signed.text())), Some(three));
    let mut signed = right();
    signed.hash = hash(FILE).to_uppercase();
    signed.time = "2024-02-07T10:28:35+07:00".into();
    let three = vec![
        "body_as_in_file",
        "hash_upper_case",
        "time_without_milliseconds",
    ];
    assert_eq!(codes(&hmac(&signed.text())), Some(three));
}

/// The documented sample is unsorted and indented at once, but hashing it whole is one mistake.
#[test]
fn a_file_in_a_usual_style_hashed_as_it_stands_is_one_mistake() {
    let file = "{\n    \"b\": 1,\n    \"a\": \"8\"\n}";
    let mut signed = right();
    signed.hash = hash(file);
    let found = codes_for(|facts| facts.body = file.as_bytes(), &hmac(&signed.text()));
    assert_eq!(found, Some(vec!["body_as_in_file"]));
}

#[test]
fn a_file_hashed_as_it_stands_is_told_what_is_wrong_with_it() {
    let mut signed = right();
    signed.hash = hash(FILE);
    let Diagnosis::Mistakes(mistakes) = diagnosed(|_| {}, &hmac(&signed.text())) else {
        panic!("one mistake")
    };
    let message = &mistakes[0].message;
    for part in [
        "keys are not sorted",
        "not minified",
        "white space around it",
    ] {
        assert!(message.contains(part), "{message}");
    }
}
