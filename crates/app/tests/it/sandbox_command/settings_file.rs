//! `sandbox --settings FILE`: ready for use, and nobody's work overwritten.

use serde_json::Value;

use super::started;
use crate::harness::{Place, order};

#[test]
fn its_settings_are_ready_and_one_line_changes_scheme_or_token() {
    let place = Place::new();
    let (child, _) = started(&place, &["--settings", "s.toml", "--journal", "j.jsonl"]);
    let written = std::fs::read_to_string(place.path("s.toml")).unwrap();
    let changes = [
        ("", ""),
        (
            "request_signature = \"hmac-sha512\"",
            "request_signature = \"ecdsa-p256\"",
        ),
        ("access_token = \"bearer\"", "access_token = \"none\""),
    ];
    for (index, (from, to)) in changes.into_iter().enumerate() {
        assert!(written.contains(from));
        place.write("s.toml", written.replacen(from, to, 1));
        place.write(
            "order.json",
            order(&format!("r-{index}"), &format!("{}", index + 1)).to_string(),
        );
        let ran = place.run(["--config", "s.toml", "--json", "block", "order.json"]);
        assert_eq!(ran.code, 0, "{to}: {ran:?}");
        assert!(ran.json().get("sandbox").is_none());
    }
    child.signal("-TERM");
    assert_eq!(child.wait().code, 0);

    let journal = std::fs::read_to_string(place.path("j.jsonl")).unwrap();
    let entries: Vec<Value> = journal
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let calls = |part: &str| {
        let of_path = entries
            .iter()
            .filter(|entry| entry["path"].as_str().unwrap().contains(part));
        of_path.cloned().collect::<Vec<_>>()
    };
    assert_eq!(calls("access-token").len(), 2);
    let blocks = calls("block-seat");
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let body = block["body"].as_str().unwrap();
        assert!(
            body.starts_with("{\"departure\":{\"passengers\":[{\"dob\":"),
            "{body}"
        );
        assert!(
            body.contains("\"return\":null,\"selling_price\":\"20000\"}"),
            "{body}"
        );
    }
    assert!(!journal.contains("sandbox-secret"), "{journal}");
}

#[test]
fn only_what_it_wrote_itself_is_replaced() {
    let place = Place::new();
    let (child, _) = started(&place, &["--settings", "s.toml"]);
    drop(child);
    let before = std::fs::read_to_string(place.path("s.key.pem")).unwrap();
    let (child, _) = started(&place, &["--settings", "s.toml"]);
    drop(child);
    assert_ne!(
        before,
        std::fs::read_to_string(place.path("s.key.pem")).unwrap()
    );

    let written = std::fs::read_to_string(place.path("s.toml")).unwrap();
    for changed in [
        written.replace("hmac-sha512\"", "ecdsa-p256\""),
        written.replace("bearer\"", "none\""),
        format!("{written}timeout = \"9s\"\n"),
    ] {
        assert_ne!(changed, written);
        place.write("s.toml", &changed);
        let ran = place.run(["sandbox", "--settings", "s.toml"]);
        assert!(
            ran.code == 1 && ran.stderr.contains("s.toml was changed since"),
            "{ran:?}"
        );
        assert!(
            ran.stderr.contains("rm s.toml s.secret s.key.pem"),
            "{ran:?}"
        );
        let kept = std::fs::read_to_string(place.path("s.toml")).unwrap();
        assert_eq!(kept, changed);
    }

    place.write("mine.toml", "[klikoo]\n");
    let ran = place.run(["sandbox", "--settings", "mine.toml"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("not overwritten"),
        "{ran:?}"
    );
    place.write("new.secret", "mine");
    let ran = place.run(["sandbox", "--settings", "new.toml"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("new.secret"),
        "{ran:?}"
    );
    assert!(!place.path("new.toml").exists());
}

#[test]
fn a_partner_may_bring_one_key_for_tokens_and_another_for_requests() {
    let place = Place::new();
    for kind in ["rsa", "p256"] {
        assert_eq!(place.run(["keys", "new", kind, "--out", kind]).code, 0);
    }
    let arguments = [
        "--partner-key",
        "rsa/public.pem",
        "--partner-key",
        "p256/public.pem",
        "--settings",
        "s.toml",
    ];
    let (_child, _) = started(&place, &arguments);
    let own_keys = [
        ("SEATBLOCK_KLIKOO__PRIVATE_KEY_FILE", "rsa/private.pem"),
        ("SEATBLOCK_KLIKOO__SIGNING_KEY_FILE", "p256/private.pem"),
    ];
    for keys in [&own_keys[..], &[]] {
        for scheme in ["hmac-sha512", "ecdsa-p256"] {
            let scheme = ("SEATBLOCK_KLIKOO__REQUEST_SIGNATURE", scheme);
            let environment = [keys, &[scheme]].concat();
            let ran = place.run_with(["--config", "s.toml", "check"], &environment);
            assert_eq!(ran.code, 0, "{environment:?}: {ran:?}");
        }
    }
}

#[test]
fn a_place_that_cannot_be_written_is_named_as_it_was_given() {
    let place = Place::new();
    let ran = place.run(["sandbox", "--settings", "absent/s.toml"]);
    assert!(
        ran.code == 1
            && ran
                .stderr
                .contains("--settings absent/s.toml: there is no folder absent"),
        "{ran:?}"
    );
    for name in ["s.secret", ".."] {
        let ran = place.run(["sandbox", "--settings", name]);
        assert!(
            ran.code == 1 && ran.stderr.contains("a name such as s.toml"),
            "{name}: {ran:?}"
        );
    }
    assert_eq!(std::fs::read_dir(place.path(".")).unwrap().count(), 0);
}

#[test]
fn its_hint_can_be_copied_into_a_shell() {
    let place = Place::new();
    let (child, _) = started(&place, &["--settings", "my settings.toml"]);
    child.signal("-INT");
    let ran = child.wait();
    assert!(
        ran.stdout
            .contains("seatblock --config 'my settings.toml' block ORDER.json"),
        "{ran:?}"
    );
}
