//! `keys new`: a pair of files that work, and nothing overwritten.

use std::os::unix::fs::PermissionsExt as _;

use klikoo_sandbox::Sandbox;

use crate::harness::{Place, Rig, order};

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_pair_is_written_readable_to_its_owner_alone() {
    let place = Place::new();
    for kind in ["p256", "rsa"] {
        let out = format!("a/{kind}");
        let ran = place.run(["--json", "keys", "new", kind, "--out", &out]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.json()["kind"], kind);
        let private = place.path(&format!("{out}/private.pem"));
        let public = place.path(&format!("{out}/public.pem"));
        assert_eq!(mode(&private), 0o600);
        assert_eq!(mode(private.parent().unwrap()), 0o700);
        let text = std::fs::read_to_string(&private).unwrap();
        assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        assert!(!ran.everything().contains(text.lines().nth(1).unwrap()));
        let text = std::fs::read_to_string(public).unwrap();
        assert!(text.starts_with("-----BEGIN PUBLIC KEY-----\n"));
        assert!(Sandbox::builder().partner_public_key_pem(&text).is_ok());
    }
}

#[test]
fn neither_file_is_overwritten() {
    for name in ["private.pem", "public.pem"] {
        let place = Place::new();
        place.write(name, "mine");
        let ran = place.run(["keys", "new", "p256", "--out", "."]);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(ran.stderr.contains(name) && ran.stderr.contains("not overwritten"));
        assert_eq!(std::fs::read_to_string(place.path(name)).unwrap(), "mine");
        let other = if name == "private.pem" {
            "public.pem"
        } else {
            "private.pem"
        };
        assert!(!place.path(other).exists());
    }
}

#[test]
fn a_link_is_not_followed() {
    let place = Place::new();
    std::os::unix::fs::symlink("/tmp/nowhere-to-be-written", place.path("private.pem")).unwrap();
    assert_eq!(place.run(["keys", "new", "p256", "--out", "."]).code, 1);
    assert!(!place.path("public.pem").exists());
}

#[test]
fn an_rsa_key_fetches_a_token_and_a_p256_key_signs_beside_it() {
    let place = Place::new();
    for kind in ["rsa", "p256"] {
        assert_eq!(place.run(["keys", "new", kind, "--out", kind]).code, 0);
    }
    let public =
        |kind: &str| std::fs::read_to_string(place.path(&format!("{kind}/public.pem"))).unwrap();
    let rig = Rig::with(|builder| {
        builder
            .partner_public_key_pem(&public("rsa"))
            .and_then(|builder| builder.partner_public_key_pem(&public("p256")))
            .unwrap()
    });
    rig.place.write("order.json", order("r-1", "8").to_string());
    let key = place.path("rsa/private.pem");
    let signing = place.path("p256/private.pem");
    let ran = rig.place.run_with(
        ["block", "order.json"],
        &[
            ("SEATBLOCK_KLIKOO__PRIVATE_KEY_FILE", key.to_str().unwrap()),
            (
                "SEATBLOCK_KLIKOO__SIGNING_KEY_FILE",
                signing.to_str().unwrap(),
            ),
            ("SEATBLOCK_KLIKOO__REQUEST_SIGNATURE", "ecdsa-p256"),
        ],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
}
