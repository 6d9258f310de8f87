//! `check`: a line for each thing, fine or with what to do.

use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Place, Ran, Rig, order};

/// The names of what is to be mended.
fn to_fix(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let fixes: Vec<String> = json["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| check["ok"] == false)
        .map(|check| check["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(json["ok"], fixes.is_empty());
    assert_eq!(ran.code, i32::from(!fixes.is_empty()));
    fixes
}

#[test]
fn sound_settings_are_ok_line_by_line() {
    let rig = Rig::new();
    let ran = rig.place.run(["check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for name in [
        "settings",
        "klikoo.client_secret_file",
        "klikoo.private_key_file",
        "base URL",
        "token",
        "signature",
        "clock",
    ] {
        assert!(
            ran.stdout.contains(&format!("ok   {name}: ")),
            "{name}: {ran:?}"
        );
    }
    assert_eq!(rig.sandbox.holds().len(), 0);
    assert!(to_fix(&rig.place.run(["--json", "check"])).is_empty());
}

#[test]
fn the_embedded_sandbox_is_checked_and_named() {
    let ran = Place::new().run(["--json", "check"]);
    assert!(to_fix(&ran).is_empty(), "{ran:?}");
    assert_eq!(ran.json()["sandbox"], true);
}

#[test]
fn each_trouble_is_told_apart() {
    let rig = Rig::new();
    let open = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(rig.place.path("key.pem"), open).unwrap();
    assert_eq!(to_fix(&rig.place.run(["--json", "check"])), ["file mode"]);

    let rig = Rig::new();
    rig.place.write("secret", "another");
    assert_eq!(to_fix(&rig.place.run(["--json", "check"])), ["token"]);

    let rig = Rig::new();
    rig.place.write("secret", "another");
    rig.settings("access_token = \"none\"");
    assert_eq!(to_fix(&rig.place.run(["--json", "check"])), ["signature"]);

    let rig = Rig::new();
    rig.place.write("key.pem", "no key");
    assert_eq!(
        to_fix(&rig.place.run(["--json", "check"])),
        ["klikoo.private_key_file"]
    );

    let rig = Rig::new();
    rig.settings("tiemout = \"3s\"");
    let ran = rig.place.run(["check"]);
    assert_eq!(ran.stdout.matches("fix  ").count(), 1, "{ran:?}");
    assert!(
        ran.stdout.starts_with("fix  settings: klikoo.tiemout"),
        "{ran:?}"
    );
}

#[test]
fn a_trust_root_that_cannot_be_used_is_one_thing_to_mend() {
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (content, part) in [
        (None, "ca.pem: cannot be read"),
        (Some("no certificate"), "no certificate in it"),
        (Some(damaged), "no HTTPS client can be made with it"),
    ] {
        let rig = Rig::new();
        rig.settings("ca_file = \"ca.pem\"");
        if let Some(content) = content {
            rig.place.write("ca.pem", content);
        }
        let ran = rig.place.run(["--json", "check"]);
        assert_eq!(to_fix(&ran), ["klikoo.ca_file"], "{ran:?}");
        assert!(ran.stdout.contains(part), "{part}: {ran:?}");
        let ran = rig.place.run(["seats", "188336"]);
        let told = "seatblock: klikoo.ca_file (seatblock.toml): ca.pem: ";
        assert!(ran.code == 1 && ran.stderr.starts_with(told), "{ran:?}");
    }
}

#[test]
fn a_public_key_in_place_of_a_private_one_is_no_secret() {
    let rig = Rig::new();
    assert_eq!(rig.place.run(["keys", "new", "p256", "--out", "k"]).code, 0);
    rig.settings("signing_key_file = \"k/public.pem\"\nrequest_signature = \"ecdsa-p256\"");
    let ran = rig.place.run(["--json", "check"]);
    assert_eq!(to_fix(&ran), ["klikoo.signing_key_file"], "{ran:?}");
    let ran = rig.block(&[], &order("r-1", "8"));
    assert!(!ran.stderr.contains("chmod"), "{ran:?}");
}

#[test]
fn a_clock_that_is_off_is_told_with_its_difference() {
    let rig = Rig::new();
    rig.sandbox.clock().set_offset(time::Duration::minutes(-2));
    let ran = rig.place.run(["check"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let line = ran
        .stdout
        .lines()
        .find(|line| line.contains("clock:"))
        .unwrap();
    assert!(
        line.starts_with("fix  clock: ") && line.contains("s ahead of the server's"),
        "{line}"
    );
    assert!(
        line.contains(" 119 s") || line.contains(" 120 s") || line.contains(" 121 s"),
        "{line}"
    );
}

#[test]
fn no_answer_is_told_as_such() {
    let place = Place::new();
    let ran = place.run_with(
        ["--json", "check"],
        &[
            ("SEATBLOCK_KLIKOO__BASE_URL", "http://127.0.0.1:1"),
            ("SEATBLOCK_KLIKOO__CLIENT_SECRET", "s"),
            ("SEATBLOCK_KLIKOO__ACCESS_TOKEN", "none"),
        ],
    );
    assert_eq!(to_fix(&ran), ["signature"]);
    assert!(
        ran.stdout
            .contains("(klikoo.base_url is http://127.0.0.1:1)"),
        "{ran:?}"
    );
}

#[test]
fn the_ledger_is_looked_at_and_not_made() {
    let rig = Rig::new();
    for (lines, code, told) in [
        ("", 0, "ledger: is not there yet"),
        (
            "[ledger]\nurl = \"mysql:x\"",
            1,
            "ledger.url (seatblock.toml): is no URL of a ledger",
        ),
        (
            "[ledger]\nshred_after = \"0s\"",
            1,
            "ledger.shred_after (seatblock.toml): is no duration",
        ),
        (
            "[ledger]\nkey_file = \"absent\"",
            1,
            "ledger.key_file: absent: cannot be read",
        ),
        (
            "[ledger]\nurl = \"sqlite:key.pem\"",
            1,
            "fix  ledger: key.pem is something else",
        ),
        (
            "[ledger]\nurl = \"postgres:///x?host=/nowhere\"",
            1,
            "fix  ledger: ",
        ),
    ] {
        rig.settings(lines);
        let ran = rig.place.run(["check"]);
        assert_eq!(ran.code, code, "{lines}: {ran:?}");
        assert!(ran.stdout.contains(told), "{lines}: {ran:?}");
    }
    assert!(!rig.place.path("seatblock").exists());
    rig.settings("");
    rig.block(&[], &order("r-1", "8"));
    let ran = rig.place.run(["check"]);
    assert!(
        ran.code == 0 && ran.stdout.contains("can be opened, schema"),
        "{ran:?}"
    );
}

#[test]
fn what_a_refused_token_keeps_from_being_looked_at_is_said_and_the_settings_to_compare_are_named() {
    let rig = Rig::new();
    rig.place.write("secret", "another secret");
    let checked = rig.place.run(["--json", "check"]);
    assert_eq!(checked.code, 1, "{checked:?}");
    let checks = checked.json()["checks"].as_array().unwrap().clone();
    for name in ["signature", "history"] {
        let check = checks.iter().find(|check| check["name"] == name).unwrap();
        let message = check["message"].as_str().unwrap();
        assert!(message.contains("because there is no token"), "{message}");
        assert!(check["ok"].is_null(), "{check}");
    }
    let refused = rig.block(&[], &order("r-1", "8"));
    assert_eq!(refused.code, 5, "{refused:?}");
    let settings = [
        "klikoo.client_id",
        "klikoo.client_secret",
        "klikoo.private_key_file",
    ];
    for setting in settings {
        assert!(refused.stdout.contains(setting), "{setting}: {refused:?}");
        let token = checks
            .iter()
            .find(|check| check["name"] == "token")
            .unwrap();
        let told = token["message"].as_str().unwrap();
        let known = told.contains(setting) || setting == "klikoo.client_secret";
        assert!(known, "{setting}: {told}");
    }
}
