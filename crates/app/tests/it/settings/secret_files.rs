//! Key and secret files: what they hold, and who can read them.

use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Rig, order};

#[test]
fn keys_that_cannot_be_used_are_named_with_what_to_do() {
    let rig = Rig::new();
    let sound = std::fs::read_to_string(rig.place.path("key.pem")).unwrap();
    let rsa = rig.place.run(["keys", "new", "rsa", "--out", "rsa"]);
    assert_eq!(rsa.code, 0);
    let cut = &sound[..sound.len() / 2];
    for (content, part) in [
        ("no key", "this is not PEM text"),
        ("", "this is not PEM text"),
        (cut, "the key is cut off"),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n",
            "encrypted",
        ),
        (
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "this is a public key",
        ),
    ] {
        rig.place.write("key.pem", content);
        let ran = rig.block(&[], &order("r-1", "8"));
        assert_eq!((ran.code, ran.stderr.lines().count()), (1, 1), "{ran:?}");
        assert!(
            ran.stderr.contains("klikoo.private_key_file") && ran.stderr.contains(part),
            "{ran:?}"
        );
    }
    rig.place.write("key.pem", sound);
    for (setting, remedy) in [
        ("signing_key_file", "--out DIR`, and register"),
        (
            "private_key_file",
            "--out DIR` and name it in klikoo.signing_key_file",
        ),
    ] {
        let lines = format!("request_signature = \"ecdsa-p256\"\n{setting} = \"rsa/private.pem\"");
        rig.settings(&lines);
        let toml = rig.place.path("seatblock.toml");
        let text = std::fs::read_to_string(&toml).unwrap();
        if setting == "private_key_file" {
            std::fs::write(&toml, text.replace("private_key_file = \"key.pem\"\n", "")).unwrap();
        }
        for command in [&["block", "order.json"][..], &["check"]] {
            let ran = rig.place.run(command.iter().copied());
            assert_eq!(ran.code, 1, "{ran:?}");
            let line = format!("klikoo.{setting}");
            let told = ran.everything();
            let line = told.lines().find(|told| told.contains(&line)).unwrap();
            for part in [
                "this is an RSA key of 2048 bits, but a P-256 key is needed",
                "seatblock keys new p256",
                remedy,
            ] {
                assert!(line.contains(part), "{part}: {line}");
            }
        }
    }
    assert!(rig.sandbox.journal().is_empty());
}

#[test]
fn a_secret_file_loses_one_line_end_and_no_more() {
    let rig = Rig::new();
    let secret = rig.sandbox.client_secret().to_owned();
    rig.place.write("secret", format!("{secret}\n"));
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
    for wrong in [format!("{secret}\n\n"), String::new(), "\n".to_owned()] {
        rig.place.write("secret", wrong);
        let ran = rig.block(&[], &order("r-2", "9"));
        assert!(
            ran.code == 1 && ran.stderr.contains("klikoo.client_secret_file"),
            "{ran:?}"
        );
    }
}

#[test]
fn files_that_others_can_read_are_warned_of() {
    let rig = Rig::new();
    let sound = rig.block(&[], &order("r-1", "8"));
    assert!(!sound.stderr.contains("warning"), "{sound:?}");
    for name in ["secret", "key.pem"] {
        let open = std::fs::Permissions::from_mode(0o644);
        std::fs::set_permissions(rig.place.path(name), open).unwrap();
    }
    let ran = rig.block(&[], &order("r-2", "9"));
    assert_eq!(ran.code, 0);
    for name in ["secret", "key.pem"] {
        let part = format!("chmod 600 {name}");
        assert!(ran.stderr.contains(&part), "{part}: {ran:?}");
    }
    let toml = rig.place.path("seatblock.toml");
    let text = std::fs::read_to_string(&toml).unwrap().replace(
        "client_secret_file = \"secret\"",
        &format!("client_secret = \"{}\"", rig.sandbox.client_secret()),
    );
    std::fs::write(&toml, text).unwrap();
    std::fs::set_permissions(&toml, std::fs::Permissions::from_mode(0o644)).unwrap();
    let ran = rig.block(&[], &order("r-3", "10"));
    assert!(
        ran.stderr
            .contains("holds klikoo.client_secret and is open"),
        "{ran:?}"
    );
}
