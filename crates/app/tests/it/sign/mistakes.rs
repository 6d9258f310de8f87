//! The mistake in another signature, from a signature made with it.

use klikoo_adapter::{RequestSigner, RequestToSign};
use serde_json::Value;

use super::{Desk, OTHER_TOKEN, PATH, TIME, TOKEN, hmac};
use crate::harness::Ran;

fn codes(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let mistakes = json["mistakes"].as_array().unwrap();
    mistakes
        .iter()
        .map(|mistake| mistake["code"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_right_signature_matches_under_both_schemes() {
    let desk = Desk::new();
    let signature = desk.sign(&[]).json()["signature"]
        .as_str()
        .unwrap()
        .to_owned();
    let ran = desk.sign(&["--expect", &signature]);
    assert_eq!((ran.code, &ran.json()["matches"]), (0, &Value::from(true)));

    let scheme = [("SEATBLOCK_KLIKOO__REQUEST_SIGNATURE", "ecdsa-p256")];
    let arguments = ["--json", "sign", "GET", "/v1/open-api/transactions/7"];
    let ran = desk.place.run_with(arguments, &scheme);
    assert_eq!(ran.json()["scheme"], "ecdsa-p256");
    let at = ran.json()["timestamp"].as_str().unwrap().to_owned();
    let signature = ran.json()["signature"].as_str().unwrap().to_owned();
    let again = ["--timestamp", at.as_str(), "--expect", signature.as_str()];
    let ran = desk
        .place
        .run_with(arguments.into_iter().chain(again), &scheme);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn each_usual_mistake_is_named() {
    let desk = Desk::new();
    let (canonical, unsorted) = (desk.canonical(), desk.minified_unsorted());
    let sorted_value: Value = serde_json::from_slice(&desk.body).unwrap();
    let pretty = serde_json::to_vec_pretty(&sorted_value).unwrap();
    let right = RequestToSign {
        method: "POST",
        path: PATH,
        access_token: Some(TOKEN),
        body: &canonical,
        timestamp: TIME,
    };
    let prefixed = format!("/klikoo-b2b{PATH}");
    let cases = [
        (
            "body_unsorted",
            RequestToSign {
                body: &unsorted,
                ..right
            },
        ),
        (
            "body_pretty",
            RequestToSign {
                body: &pretty,
                ..right
            },
        ),
        (
            "path_with_prefix",
            RequestToSign {
                path: &prefixed,
                ..right
            },
        ),
        (
            "method_lower_case",
            RequestToSign {
                method: "post",
                ..right
            },
        ),
        (
            "token_missing",
            RequestToSign {
                access_token: None,
                ..right
            },
        ),
        (
            "token_other",
            RequestToSign {
                access_token: Some(OTHER_TOKEN),
                ..right
            },
        ),
        (
            "time_utc",
            RequestToSign {
                timestamp: "2024-02-07T03:28:35.120Z",
                ..right
            },
        ),
        (
            "time_without_milliseconds",
            RequestToSign {
                timestamp: "2024-02-07T10:28:35+07:00",
                ..right
            },
        ),
    ];
    for (code, wrong) in cases {
        let signature = hmac().sign(&wrong);
        let ran = desk.sign(&["--token-file", "other", "--expect", signature.as_str()]);
        assert_eq!(ran.code, 1, "{code}: {ran:?}");
        assert_eq!(ran.json()["matches"], false);
        assert_eq!(codes(&ran), [code]);
    }
    let other_scheme = RequestSigner::ecdsa_p256(desk.key.clone()).sign(&right);
    let ran = desk.sign(&["--expect", other_scheme.as_str()]);
    assert_eq!(
        (ran.code, codes(&ran)),
        (1, vec!["scheme_other".to_owned()])
    );

    let whole_file = hmac().sign(&RequestToSign {
        body: &desk.body,
        ..right
    });
    let ran = desk.sign(&["--expect", whole_file.as_str()]);
    assert_eq!(codes(&ran).len(), 1, "{ran:?}");
}
