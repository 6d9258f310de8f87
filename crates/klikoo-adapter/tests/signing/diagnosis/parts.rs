//! A mistake in one part of the signed string.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::{
    BODY, FILE, METHOD, OTHER_TOKEN, PATH, Signed, TIME, TOKEN, codes, codes_ecdsa, codes_for,
    ecdsa, hash, hmac, right,
};

#[test]
fn a_right_signature_matches_under_both_schemes() {
    let text = right().text();
    assert_eq!(codes(&hmac(&text)), Some(vec![]));
    assert_eq!(codes(&format!(" {}\n", hmac(&text))), Some(vec![]));
    assert_eq!(codes_ecdsa(&ecdsa(&text)), Some(vec![]));
}

#[test]
fn every_mistake_in_a_part_is_named_under_both_schemes() {
    type Change = fn(&mut Signed);
    let cases: [(&str, Change); 39] = [
        ("method_lower_case", |s| s.method = "post".into()),
        ("method_capitalised", |s| s.method = "Post".into()),
        ("path_with_prefix", |s| {
            s.path = format!("/klikoo-b2b{PATH}");
        }),
        ("path_full_url", |s| {
            s.path = format!("https://host.example/klikoo-b2b{PATH}");
        }),
        ("path_without_leading_slash", |s| s.path = PATH[1..].into()),
        ("path_trailing_slash", |s| s.path.push('/')),
        ("path_without_version", |s| {
            s.path = "/open-api/transports/block-seat".into();
        }),
        ("path_without_version", |s| {
            s.path = "/transports/block-seat".into();
        }),
        ("path_upper_case", |s| s.path = PATH.to_uppercase()),
        ("token_missing", |s| s.token = String::new()),
        ("token_bearer", |s| s.token = format!("Bearer {TOKEN}")),
        ("token_trailing_newline", |s| s.token = format!("{TOKEN}\n")),
        ("token_other", |s| s.token = OTHER_TOKEN.into()),
        ("body_unsorted", |s| {
            s.hash = hash(r#"{"b":"Dé/<&>","a":[1,{}]}"#);
        }),
        ("body_spaces", |s| {
            s.hash = hash(r#"{"a": [1, {}], "b": "Dé/<&>"}"#);
        }),
        ("body_pretty", |s| {
            s.hash = hash("{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": \"Dé/<&>\"\n}");
        }),
        ("body_pretty", |s| {
            s.hash = hash("{\n\t\"a\": [\n\t\t1,\n\t\t{}\n\t],\n\t\"b\": \"Dé/<&>\"\n}");
        }),
        ("body_trailing_newline", |s| {
            s.hash = hash(&format!("{BODY}\n"));
        }),
        ("body_trailing_newline", |s| {
            s.hash = hash(&format!("{BODY}\r\n"));
        }),
        ("body_ascii_escapes", |s| {
            s.hash = hash(r#"{"a":[1,{}],"b":"D\u00e9/<&>"}"#);
        }),
        ("body_html_escapes", |s| {
            s.hash = hash(r#"{"a":[1,{}],"b":"Dé/\u003c\u0026\u003e"}"#);
        }),
        ("body_php_escapes", |s| {
            s.hash = hash(r#"{"a":[1,{}],"b":"D\u00e9\/<&>"}"#);
        }),
        ("body_slash_escapes", |s| {
            s.hash = hash(r#"{"a":[1,{}],"b":"Dé\/<&>"}"#);
        }),
        ("body_as_in_file", |s| s.hash = hash(FILE)),
        ("body_missing", |s| s.hash = hash("")),
        ("body_empty_value", |s| s.hash = hash("{}")),
        ("hash_upper_case", |s| s.hash = hash(BODY).to_uppercase()),
        ("hash_base64", |s| {
            s.hash = BASE64_STANDARD.encode(digest(&SHA256, BODY.as_bytes()));
        }),
        ("hash_missing", |s| s.hash = String::new()),
        ("hash_is_body", |s| s.hash = BODY.into()),
        ("time_without_milliseconds", |s| {
            s.time = "2024-02-07T10:28:35+07:00".into();
        }),
        ("time_microseconds", |s| {
            s.time = "2024-02-07T10:28:35.120000+07:00".into();
        }),
        ("time_utc", |s| s.time = "2024-02-07T03:28:35.120Z".into()),
        ("time_utc", |s| s.time = "2024-02-07T03:28:35Z".into()),
        ("time_utc_offset", |s| {
            s.time = "2024-02-07T03:28:35.120+00:00".into();
        }),
        ("time_offset_without_colon", |s| {
            s.time = "2024-02-07T10:28:35.120+0700".into();
        }),
        ("time_without_t", |s| {
            s.time = "2024-02-07 10:28:35.120+07:00".into();
        }),
        ("time_epoch", |s| s.time = "1707276515".into()),
        ("time_epoch", |s| s.time = "1707276515120".into()),
    ];
    for (code, change) in cases {
        let mut signed = right();
        change(&mut signed);
        assert_eq!(
            codes(&hmac(&signed.text())),
            Some(vec![code]),
            "{}",
            signed.text()
        );
        assert_eq!(
            codes_ecdsa(&ecdsa(&signed.text())),
            Some(vec![code]),
            "{}",
            signed.text()
        );
    }
}

#[test]
fn mistakes_that_depend_on_the_facts_are_named() {
    let text = |change: fn(&mut Signed)| {
        let mut signed = right();
        change(&mut signed);
        hmac(&signed.text())
    };
    // The header carries no milliseconds, the signature does.
    let signature = text(|s| s.time = "2024-02-07T10:28:35.000+07:00".into());
    let found = codes_for(
        |facts| facts.timestamp = "2024-02-07T10:28:35+07:00",
        &signature,
    );
    assert_eq!(found, Some(vec!["time_other_than_header"]));
    let signature = text(|s| s.time = "2024-02-07T10:28:35.120Z".into());
    assert_eq!(codes(&signature), Some(vec!["time_jakarta_called_utc"]));
    // A token is signed where none is sent, or its place is dropped.
    let found = codes_for(|facts| facts.tokens = &["", TOKEN], &hmac(&right().text()));
    assert_eq!(found, Some(vec!["token_other"]));
    let dropped = hmac(&format!("{METHOD}:{PATH}:{}:{TIME}", hash(BODY)));
    let found = codes_for(|facts| facts.tokens = &[], &dropped);
    assert_eq!(found, Some(vec!["token_place_dropped"]));
    // The base URL may be given by its path alone.
    let signature = text(|s| s.path = format!("/klikoo-b2b{PATH}"));
    let found = codes_for(|facts| facts.base_url = Some("/klikoo-b2b"), &signature);
    assert_eq!(found, Some(vec!["path_with_prefix"]));
    let found = codes_for(
        |facts| facts.path = "/v1/open-api/transports/block-seat?page=1",
        &hmac(&right().text()),
    );
    assert_eq!(found, Some(vec!["path_without_query"]));
    // A GET has no body: a value was hashed that stands for one.
    for body in ["{}", "null", "\"\""] {
        let mut signed = right();
        signed.hash = hash(body);
        let found = codes_for(|facts| facts.body = b"", &hmac(&signed.text()));
        assert_eq!(found, Some(vec!["body_empty_value"]), "{body}");
    }
    // What is not JSON is signed as it is.
    let mut signed = right();
    signed.hash = hash("plain");
    let found = codes_for(|facts| facts.body = b"plain", &hmac(&signed.text()));
    assert_eq!(found, Some(vec![]));
    signed.hash = hash("plain\n");
    let found = codes_for(|facts| facts.body = b"plain", &hmac(&signed.text()));
    assert_eq!(found, Some(vec!["body_trailing_newline"]));
}
