//! What `--expect` takes, and what it says where it finds nothing.

use klikoo_adapter::RequestToSign;
use serde_json::Value;

use super::{Desk, PATH, SECRET, TIME, TOKEN, hmac};

#[test]
fn what_was_compared_is_told_and_no_more() {
    let desk = Desk::new();
    let canonical = desk.canonical();
    let prefixed = format!("/klikoo-b2b{PATH}");
    let signature = hmac().sign(&RequestToSign {
        method: "POST",
        path: &prefixed,
        access_token: Some(TOKEN),
        body: &canonical,
        timestamp: TIME,
    });
    let json = desk.sign(&["--expect", signature.as_str()]).json();
    let message = json["mistakes"][0]["message"].as_str().unwrap();
    assert!(message.contains(&prefixed), "{message}");

    // Without that prefix in the settings nobody can know of it.
    let bare = [("SEATBLOCK_KLIKOO__BASE_URL", "http://127.0.0.1:1")];
    let arguments = [
        "sign",
        "POST",
        PATH,
        "--body",
        "order.json",
        "--token-file",
        "token",
        "--timestamp",
        TIME,
        "--expect",
        signature.as_str(),
    ];
    let ran = desk
        .place
        .run_with(std::iter::once("--json").chain(arguments), &bare);
    assert_eq!(ran.code, 1, "{ran:?}");
    let json = ran.json();
    let paths = json["compared"]["path"].as_array().unwrap();
    assert_eq!(paths[0], PATH);
    assert!(!paths.contains(&Value::from(prefixed.as_str())));
    assert_eq!(json["compared"]["access_token"][0], "the one given");
    let text = desk.place.run_with(arguments, &bare);
    assert!(!text.stdout.contains(&prefixed), "{text:?}");
    for part in [
        "method",
        "http://127.0.0.1:1/v1/",
        "the one given; none",
        "hint: no base URL with a path",
    ] {
        assert!(text.stdout.contains(part), "{part}: {text:?}");
    }
}

#[test]
fn an_unexplained_signature_gets_hints() {
    let desk = Desk::new();
    // As long as a signature of the other secret would be.
    let foreign = format!("-{}==", "A".repeat(85));
    let ran = desk.sign(&["--expect", &foreign]);
    assert_eq!(ran.code, 1);
    assert!(!ran.json()["hints"].as_array().unwrap().is_empty());
    let arguments = ["--timestamp", TIME, "--expect", &foreign];
    let text = desk
        .place
        .run(["sign", "POST", PATH].into_iter().chain(arguments));
    assert!(text.code == 1 && text.stdout.contains("hint: "), "{text:?}");
}

#[test]
fn a_text_that_is_no_signature_is_told_what_is_wrong_and_what_is_accepted() {
    let desk = Desk::new();
    for (value, fault) in [
        ("abcd", "3 bytes in base64"),
        ("bm9uZQ==", "4 bytes in base64"),
        ("?", "neither base64 nor hex"),
        ("", "empty"),
        (SECRET, "24 bytes in base64"),
    ] {
        let ran = desk.sign(&["--expect", value]);
        assert_eq!(ran.code, 1, "{value}: {ran:?}");
        let json = ran.json();
        assert_eq!(json["matches"], false);
        assert_eq!(json["tried"], 0);
        assert!(json.get("compared").is_none(), "{json}");
        let told = json["fault"].as_str().unwrap();
        assert!(told.contains(fault), "{value}: {told}");
        let accepted = json["accepted"].as_str().unwrap();
        assert!(accepted.contains("88 characters"), "{accepted}");
        assert!(!ran.everything().contains(SECRET));

        let arguments = ["--timestamp", TIME, "--expect", value];
        let text = desk
            .place
            .run(["sign", "POST", PATH].into_iter().chain(arguments));
        assert_eq!(text.code, 1);
        for part in [fault, "accepted: the 64 bytes of hmac-sha512"] {
            assert!(text.stdout.contains(part), "{part}: {text:?}");
        }
        assert!(!text.stdout.contains("combinations"), "{text:?}");
    }
}

/// Another instant has another signature: compared with the one of now, nothing would ever match.
#[test]
fn a_signature_is_compared_only_at_the_instant_it_was_made_for() {
    let desk = Desk::new();
    let signature = desk.sign(&[]).json()["signature"]
        .as_str()
        .unwrap()
        .to_owned();
    for options in [&[][..], &["--json"]] {
        let arguments = ["sign", "POST", PATH, "--expect", &signature];
        let ran = desk.place.run(options.iter().copied().chain(arguments));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("--timestamp"), "{ran:?}");
        assert!(!ran.everything().contains("mistake"), "{ran:?}");
    }
    let help = desk.place.run(["sign", "--help"]).stdout;
    let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("so give its --timestamp too"), "{help}");
}
