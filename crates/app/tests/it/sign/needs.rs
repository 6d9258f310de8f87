//! Which settings it needs, and what it says where one is absent.

use super::{Desk, PATH, TIME};
use crate::harness::{Place, Ran};

const BASE_URL: &str = "[klikoo]\nbase_url = \"http://127.0.0.1:1/klikoo-b2b\"\n";
const ECDSA: &str = "request_signature = \"ecdsa-p256\"\n";

/// Signs under these settings alone.
fn sign(desk: &Desk, settings: &str, more: &[&str]) -> Ran {
    let text = format!("{BASE_URL}{settings}");
    desk.place.write("seatblock.toml", text);
    let arguments = ["sign", "POST", PATH, "--timestamp", TIME];
    let all = arguments.into_iter().chain(more.iter().copied());
    desk.place.run(all)
}

#[test]
fn what_a_scheme_signs_with_is_enough_and_the_rest_may_be_out_of_order() {
    let desk = Desk::new();
    let signs_with = [
        ("client_secret_file = \"secret\"\n", "signing_key_file"),
        (
            "request_signature = \"ecdsa-p256\"\nsigning_key_file = \"k/private.pem\"\n",
            "client_secret_file",
        ),
        (
            "request_signature = \"ecdsa-p256\"\nprivate_key_file = \"k/private.pem\"\n",
            "client_secret_file",
        ),
    ];
    for (settings, other) in signs_with {
        let ran = sign(&desk, settings, &[]);
        assert_eq!(ran.code, 0, "{settings}: {ran:?}");
        let broken = format!("{settings}{other} = \"absent\"\n");
        let json = sign(&desk, &broken, &["--json"]).json();
        let expect = ["--expect", json["signature"].as_str().unwrap()];
        let ran = sign(&desk, &broken, &expect);
        assert_eq!(ran.code, 0, "{broken}: {ran:?}");
        let warning = format!("warning: not compared with it: klikoo.{other} ");
        assert!(ran.stderr.contains(&warning), "{ran:?}");
    }
}

#[test]
fn an_absent_one_is_named_on_a_line_of_its_own() {
    let desk = Desk::new();
    for (settings, named) in [
        (
            "private_key_file = \"k/private.pem\"\n",
            "client_secret_file",
        ),
        (ECDSA, "signing_key_file"),
    ] {
        let ran = sign(&desk, settings, &[]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
        let begins = format!("seatblock: klikoo.{named}");
        assert!(ran.stderr.starts_with(&begins), "{ran:?}");
        assert!(ran.stderr.contains("is missing"), "{ran:?}");
    }
}

#[test]
fn help_says_what_is_needed() {
    let help = Place::new().run(["sign", "--help"]).stdout;
    let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "Settings it needs: ",
        "klikoo.client_secret_file (or klikoo.client_secret) for request_signature \"hmac-sha512\"",
        "klikoo.signing_key_file (or klikoo.private_key_file) for \"ecdsa-p256\"",
        "No klikoo.client_id",
    ] {
        assert!(words.contains(part), "{part}: {help}");
    }
}
