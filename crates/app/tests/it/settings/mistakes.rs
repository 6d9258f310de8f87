//! What is wrong is told in one line each, and never with a secret.

use super::{block, mistakes};
use crate::harness::{Place, order};

fn klikoo(lines: &str) -> Vec<String> {
    mistakes(&format!(
        "[klikoo]\nbase_url = \"http://127.0.0.1:1\"\naccess_token = \"none\"\nclient_secret = \"s\"\n{lines}"
    ))
}

#[test]
fn each_mistake_is_one_line_that_names_key_place_and_remedy() {
    let cases = [
        (
            "timeout = 30",
            [
                "klikoo.timeout (seatblock.toml)",
                "is a number; put it in quotes",
            ],
        ),
        ("timeout = \"30\"", ["klikoo.timeout", "is no duration"]),
        (
            "timeout = \"0s\"",
            ["klikoo.timeout", "is no duration above zero"],
        ),
        ("timeout = \"2 hours\"", ["klikoo.timeout", "up to an hour"]),
        (
            "connect_timeout = \"2s\"\ntimeout = \"2s\"",
            [
                "klikoo.connect_timeout",
                "has to be shorter than klikoo.timeout",
            ],
        ),
        (
            "idle_timeout = true",
            ["klikoo.idle_timeout", "true or false without quotes"],
        ),
        (
            "booking_margin = \"29s\"",
            [
                "klikoo.booking_margin: is 29s",
                "must not be shorter than klikoo.timeout, which is 30s",
            ],
        ),
        (
            "history_search = \"q\"",
            [
                "klikoo.history_search",
                "neither \"reference\" nor \"window\"",
            ],
        ),
        (
            "signed_query = true",
            ["klikoo.signed_query", "true or false without quotes"],
        ),
        ("ca_file = []", ["klikoo.ca_file", "is a list"]),
        ("ca_file = 2024-01-01", ["klikoo.ca_file", "is a date"]),
        (
            "ca_file = \"absent.pem\"",
            ["klikoo.ca_file", "absent.pem: cannot be read"],
        ),
        ("client_id = \"\"", ["klikoo.client_id", "is empty"]),
        (
            "client_id = \"a\\nb\"",
            ["klikoo.client_id", "control character"],
        ),
        (
            "client_secret_file = \"secret\"",
            ["klikoo.client_secret", "keep one of the two"],
        ),
        (
            "request_signature = \"rsa\"",
            [
                "klikoo.request_signature",
                "neither \"hmac-sha512\" nor \"ecdsa-p256\"",
            ],
        ),
        (
            "tiemout = \"3s\"",
            [
                "klikoo.tiemout (seatblock.toml)",
                "the nearest is klikoo.timeout",
            ],
        ),
        (
            "[klikoo.client]\nid = \"x\"",
            ["klikoo.client.id", "the nearest is klikoo.client_id"],
        ),
        (
            "[server]\nlisten = \"x\"",
            ["server.listen", "no such setting"],
        ),
    ];
    for (lines, parts) in cases {
        let told = klikoo(lines);
        assert_eq!(told.len(), 1, "{lines}: {told:?}");
        for part in parts {
            assert!(told[0].contains(part), "{lines}: {told:?} lacks {part}");
        }
    }
}

#[test]
fn a_base_url_is_checked_and_never_repeated() {
    for (url, part) in [
        ("http://api.example.com", "has to begin with https://"),
        ("https://user:hunter2@example.com", "user name or password"),
        ("https://example.com/?key=hunter2", "query"),
        ("https://example.com/v1/open-api", "already contains /v1"),
        ("hunter2", "is not a URL"),
    ] {
        let told = mistakes(&format!(
            "[klikoo]\nbase_url = \"{url}\"\naccess_token = \"none\"\nclient_secret = \"s\"\n"
        ));
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(
            told[0].contains("klikoo.base_url") && told[0].contains(part),
            "{told:?}"
        );
        assert!(!told[0].contains("hunter2"), "{told:?}");
    }
}

#[test]
fn every_missing_part_is_named() {
    let told = mistakes("[klikoo]\nclient_id = \"x\"\n").join("\n");
    for part in [
        "klikoo.base_url: is missing",
        "client_secret_file",
        "klikoo.private_key_file",
    ] {
        assert!(told.contains(part), "{told}");
    }
    let told = mistakes(
        "[klikoo]\nbase_url = \"https://example.com\"\nrequest_signature = \"ecdsa-p256\"\n",
    );
    assert_eq!(told.len(), 4, "{told:?}");
    let told = told.join("\n");
    for part in [
        "klikoo.signing_key_file",
        "klikoo.client_id",
        "client_secret_file",
        "klikoo.private_key_file: is missing",
    ] {
        assert!(told.contains(part), "{told}");
    }
}

#[test]
fn a_credential_without_base_url_never_reaches_a_sandbox() {
    let ran = block(&Place::new(), &[("SEATBLOCK_KLIKOO__CLIENT_SECRET", "s")]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr.contains("klikoo.base_url: is missing"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("sandbox inside this process answers"));
}

#[test]
fn mistakes_are_one_json_object_too() {
    let place = Place::new();
    place.write("order.json", order("r-1", "8").to_string());
    let ran = place.run_with(
        ["--json", "block", "order.json"],
        &[("SEATBLOCK_KLIKOO__BAS_URL", "x"), ("SEATBLOCK_X", "y")],
    );
    assert_eq!(ran.code, 1);
    assert_eq!(ran.json()["outcome"], "error");
    let message = ran.json()["message"].as_str().unwrap().to_owned();
    assert_eq!(message.lines().count(), 2, "{message}");
    assert!(message.contains("the nearest is SEATBLOCK_KLIKOO__BASE_URL"));
}

#[test]
fn a_text_that_is_not_toml_is_told_by_its_line_alone() {
    let told =
        mistakes("[klikoo]\nbase_url = \"https://example.com\"\nclient_secret = \"hunter2\n");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("line 3 is not TOML"), "{told:?}");
    assert!(!told[0].contains("hunter2"));
    let told = mistakes("[klikoo]\nclient_secret = \"hunter2\"\nclient_secret = \"hunter2\"\n");
    assert!(!told.join("").contains("hunter2"), "{told:?}");
}
