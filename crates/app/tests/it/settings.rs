//! Settings: where they come from, and one clear line for each mistake.

use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Place, Ran, Rig, order};

/// Complete settings without a token, as environment variables.
const SOUND: [(&str, &str); 3] = [
    ("SEATBLOCK_KLIKOO__BASE_URL", "http://127.0.0.1:1"),
    ("SEATBLOCK_KLIKOO__ACCESS_TOKEN", "none"),
    ("SEATBLOCK_KLIKOO__CLIENT_SECRET", "00123"),
];

fn block(place: &Place, environment: &[(&str, &str)]) -> Ran {
    place.write("order.json", order("r-1", "8").to_string());
    place.run_with(["block", "order.json"], environment)
}

/// The mistakes that settings of this text lead to, one line each.
fn mistakes(toml: &str) -> Vec<String> {
    let place = Place::new();
    place.write("seatblock.toml", toml);
    let ran = block(&place, &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{toml}: {ran:?}");
    // That the file is readable to others and holds a secret is a warning, not a mistake.
    let lines = ran
        .stderr
        .lines()
        .filter(|line| !line.contains("warning: "));
    lines.map(str::to_owned).collect()
}

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
            "timeout = \"2s\"",
            [
                "klikoo.connect_timeout",
                "has to be shorter than klikoo.timeout",
            ],
        ),
        (
            "idle_timeout = true",
            ["klikoo.idle_timeout", "true or false without quotes"],
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
            "[gateway]\nlisten = \"x\"",
            ["gateway.listen", "no such setting"],
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
fn the_environment_stands_over_the_file_and_texts_stay_texts() {
    let place = Place::new();
    place.write(
        "seatblock.toml",
        "[klikoo]\nbase_url = 3\nclient_secret = 00\n",
    );
    let ran = block(&place, &SOUND);
    assert_eq!(ran.code, 1, "the file is still read: {ran:?}");

    place.write("seatblock.toml", "[klikoo]\nbase_url = 3\n");
    assert_eq!(
        block(&place, &SOUND).code,
        5,
        "a closed port, by the environment"
    );
}

#[test]
fn an_empty_variable_is_a_mistake_not_an_absence() {
    let ran = block(&Place::new(), &[("SEATBLOCK_KLIKOO__BASE_URL", "")]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("is empty"), "{ran:?}");
}

#[test]
fn a_settings_file_asked_for_must_exist() {
    let place = Place::new();
    place.write("order.json", order("r-1", "8").to_string());
    let ran = place.run(["--config", "absent.toml", "block", "order.json"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stderr
            .contains("absent.toml: the settings file cannot be read"),
        "{ran:?}"
    );
    let ran = place.run(["block", "order.json", "--config", "/dev/zero"]);
    assert_eq!(ran.code, 1, "{ran:?}");
}

#[test]
fn paths_start_from_the_folder_of_the_settings_file() {
    let rig = Rig::new();
    let elsewhere = Place::new();
    elsewhere.write("order.json", order("r-1", "8").to_string());
    let config = rig.place.path("seatblock.toml");
    let ran = elsewhere.run(["--config", config.to_str().unwrap(), "block", "order.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
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
    rig.settings("request_signature = \"ecdsa-p256\"\nsigning_key_file = \"rsa/private.pem\"");
    let ran = rig.block(&[], &order("r-1", "8"));
    assert!(
        ran.code == 1
            && ran
                .stderr
                .contains("an RSA key of 2048 bits, but a P-256 key"),
        "{ran:?}"
    );
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

#[test]
fn both_signatures_and_no_token_work() {
    let rig = Rig::new();
    for (index, more) in [
        "",
        "request_signature = \"ecdsa-p256\"",
        "access_token = \"none\"",
        "access_token = \"none\"\nrequest_signature = \"ecdsa-p256\"",
    ]
    .into_iter()
    .enumerate()
    {
        rig.settings(more);
        let ran = rig.block(
            &[],
            &order(&format!("r-{index}"), &format!("{}", index + 1)),
        );
        assert_eq!(ran.code, 0, "{more}: {ran:?}");
    }
    assert_eq!(rig.sandbox.calls("access-token"), 2);
    assert_eq!(rig.sandbox.calls("block-seat"), 4);
}

#[test]
fn a_path_prefix_is_sent_and_not_signed() {
    let rig = Rig::new();
    let toml = rig.place.path("seatblock.toml");
    let url = rig.sandbox.base_url().to_owned();
    let text = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, text.replace(&url, &format!("{url}/klikoo-b2b"))).unwrap();
    assert_eq!(rig.block(&[], &order("r-1", "8")).code, 0);
}
