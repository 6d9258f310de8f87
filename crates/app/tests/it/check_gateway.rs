//! `check` of what `serve` would be started with.

use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Place, Ran};

/// Every line that `check` has to say about `lines` of a settings file.
fn check(place: &Place, lines: &str) -> Ran {
    place.write("seatblock.toml", lines);
    place.run(["check"])
}

fn private(place: &Place, name: &str, content: &str) {
    let path = place.write(name, content);
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn key(place: &Place) {
    let new = ["gateway-keys", "new", "--name", "shop", "--scope", "read"];
    assert_eq!(place.run(new).code, 0);
}

#[test]
fn where_nothing_is_set_nothing_has_to_be_mended() {
    let ran = Place::new().run(["check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout.contains("ok   gateway: nothing is set"),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("ok   telemetry: no spans"), "{ran:?}");
}

#[test]
fn sound_settings_are_told_line_by_line() {
    let place = Place::new();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    place.write("cert.pem", made.cert.pem());
    private(&place, "tls.pem", &made.signing_key.serialize_pem());
    private(&place, "session_key", &"07".repeat(32));
    let lines = "[gateway]\nlisten = \"0.0.0.0:8480\"\ntls_cert_file = \"cert.pem\"\ntls_key_file = \"tls.pem\"\nsession_key_file = \"session_key\"\nkeys_file = \"keys.json\"\n[telemetry]\notlp_endpoint = \"http://127.0.0.1:4318\"";
    place.write("seatblock.toml", lines);
    key(&place);
    let ran = check(&place, lines);
    assert_eq!(ran.code, 0, "{ran:?}");
    for told in [
        "ok   gateway.listen: 0.0.0.0:8480: encrypted by itself",
        "ok   gateway.tls_cert_file: cert.pem: a certificate and its key",
        "ok   gateway.keys_file: keys.json: keys are there",
        "ok   telemetry: spans are told to http://127.0.0.1:4318/v1/traces as seatblock",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {ran:?}");
    }
    let open = std::fs::Permissions::from_mode(0o644);
    for (file, setting) in [
        ("tls.pem", "tls.pem (gateway.tls_key_file)"),
        ("session_key", "session_key (gateway.session_key_file)"),
        ("keys.json", "keys.json"),
    ] {
        std::fs::set_permissions(place.path(file), open.clone()).unwrap();
        let told = format!("fix  file mode: {setting} is open to other users");
        let ran = place.run(["check"]);
        assert!(
            ran.code == 1 && ran.stdout.contains(&told),
            "{told}: {ran:?}"
        );
    }
}

#[test]
fn each_mistake_is_told_with_what_is_accepted() {
    let place = Place::new();
    key(&place);
    private(&place, "odd.json", "no keys");
    for (lines, told) in [
        (
            "[gateway]\nlisten = \"0.0.0.0:8480\"",
            "gateway: gateway.listen: is 0.0.0.0:8480, which others can reach, and nothing encrypts: set gateway.tls_cert_file",
        ),
        (
            "[gateway]\nlisten = \"somewhere\"",
            "gateway: gateway.listen (seatblock.toml): is no address: write an address and a port",
        ),
        (
            "[gateway]\nkeys_file = \"absent.json\"",
            "gateway.keys_file: absent.json is not there, and nothing is served without a key; make one",
        ),
        (
            "[gateway]\nkeys_file = \"odd.json\"",
            "gateway.keys_file: odd.json cannot be used: line 1 is not what",
        ),
        (
            "[gateway]\nsession_key_file = \"absent\"",
            "gateway: gateway.session_key_file (seatblock.toml): absent: cannot be read",
        ),
        (
            "[gateway]\ntls_cert_file = \"cert.pem\"",
            "gateway: gateway.tls_key_file: is missing; a certificate and its key belong together",
        ),
        (
            "[telemetry]\notlp_endpoint = \"grpc://127.0.0.1:4317\"",
            "telemetry: telemetry.otlp_endpoint (seatblock.toml): is no URL such as http://127.0.0.1:4318",
        ),
        (
            "[gateway]\nlistne = \"127.0.0.1:1\"",
            "settings: gateway.listne (seatblock.toml): no such setting; the nearest is gateway.listen",
        ),
    ] {
        let ran = check(&place, lines);
        assert_eq!(ran.code, 1, "{lines}: {ran:?}");
        assert!(
            ran.stdout.contains(&format!("fix  {told}")),
            "{told}: {ran:?}"
        );
        assert_eq!(ran.stdout.matches("fix  ").count(), 1, "{ran:?}");
    }
}

#[test]
fn all_mistakes_are_told_at_once_each_in_one_line() {
    let place = Place::new();
    place.write("cert.pem", "no certificate");
    place.write("tls.pem", "no key");
    let ran = check(
        &place,
        "[klikoo]\ntimeout = \"soon\"\n[ledger]\nshred_after = \"0s\"\n[gateway]\nlisten = \"0.0.0.0:8480\"\nper_second = \"none\"\nlapses_per_seat = \"126\"\ngrace = \"1\"\n[telemetry]\notlp_endpoint = \"collector\"",
    );
    assert_eq!(ran.code, 1, "{ran:?}");
    for told in [
        "klikoo.timeout",
        "ledger.shred_after",
        "gateway.listen",
        "gateway.per_second",
        "gateway.lapses_per_seat",
        "gateway.grace",
        "telemetry.otlp_endpoint",
    ] {
        let lines = ran.stdout.lines();
        let of_it = |line: &&str| line.starts_with("fix  ") && line.contains(&format!(": {told}"));
        assert_eq!(lines.filter(of_it).count(), 1, "{told}: {ran:?}");
    }
    let ran = check(
        &place,
        "[gateway]\ntls_cert_file = \"cert.pem\"\ntls_key_file = \"tls.pem\"",
    );
    for told in [
        "gateway.tls_cert_file (seatblock.toml): cert.pem: holds no certificate",
        "gateway.tls_key_file (seatblock.toml): tls.pem: holds no private key",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {ran:?}");
    }
}
