//! Whether the access token stands in what is signed, and what to do where it does not.

use super::{Desk, PATH, TIME, TOKEN};
use crate::harness::Ran;

const NONE: [(&str, &str); 1] = [("SEATBLOCK_KLIKOO__ACCESS_TOKEN", "none")];

/// Signs at one instant, with further options.
fn sign(desk: &Desk, environment: &[(&str, &str)], more: &[&str]) -> Ran {
    let arguments = [
        "sign",
        "POST",
        PATH,
        "--body",
        "order.json",
        "--timestamp",
        TIME,
    ];
    let all = arguments.into_iter().chain(more.iter().copied());
    desk.place.run_with(all, environment)
}

#[test]
fn a_missing_token_is_told_with_the_way_to_give_it() {
    let desk = Desk::new();
    desk.place.write("empty", "\n");
    for more in [&[][..], &["--token-file", "empty"]] {
        let text = sign(&desk, &[], more);
        assert_eq!(text.code, 0, "{text:?}");
        for part in [
            "access token      missing",
            "no access token is signed here",
            "klikoo.access_token is \"bearer\"",
            "--token-file FILE",
        ] {
            assert!(text.stdout.contains(part), "{part}: {text:?}");
        }
        assert!(!text.stdout.contains("Authorization"), "{text:?}");
        let json = sign(&desk, &[], &[&["--json"], more].concat()).json();
        assert_eq!(json["access_token"], "missing");
        let note = json["notes"][0].as_str().unwrap();
        assert!(note.contains("--token-file FILE"), "{note}");
    }
}

#[test]
fn a_token_that_is_given_or_not_used_is_not_missed() {
    let desk = Desk::new();
    let given = ["--token-file", "token"];
    for (environment, more, state) in [(&[][..], &given[..], "given"), (&NONE, &[], "unused")] {
        let json = sign(&desk, environment, &[&["--json"], more].concat()).json();
        assert_eq!(json["access_token"], state);
        assert_eq!(json["notes"], serde_json::json!([]));
        let text = sign(&desk, environment, more);
        assert!(!text.stdout.contains("note: "), "{text:?}");
    }
    let text = sign(&desk, &[], &given).stdout;
    let shown = format!("access token      [token of {} characters]", TOKEN.len());
    assert!(text.contains(&shown), "{text}");
    let text = sign(&desk, &NONE, &[]).stdout;
    assert!(text.contains("access token      none, its place"), "{text}");
}

/// A match means that both lack the token, which is nothing to be glad of.
#[test]
fn a_match_without_the_token_still_misses_it() {
    let desk = Desk::new();
    let json = sign(&desk, &[], &["--json"]).json();
    let signature = json["signature"].as_str().unwrap();
    let text = sign(&desk, &[], &["--expect", signature]).stdout;
    assert!(text.contains("The expected signature matches"), "{text}");
    assert!(text.contains("no access token is signed here"), "{text}");
}
