//! Where settings come from: a file, the environment over it, and files that they name.

use super::block;
use crate::harness::{Place, Rig, order};

/// Complete settings without a token, as environment variables.
const SOUND: [(&str, &str); 3] = [
    ("SEATBLOCK_KLIKOO__BASE_URL", "http://127.0.0.1:1"),
    ("SEATBLOCK_KLIKOO__ACCESS_TOKEN", "none"),
    ("SEATBLOCK_KLIKOO__CLIENT_SECRET", "00123"),
];

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
fn a_secret_of_the_environment_stands_over_the_files_however_it_is_spelt() {
    let rig = Rig::new();
    let secret = rig.sandbox.client_secret().to_owned();
    rig.place.write("sound", &secret);
    rig.place.write("secret", "another");
    let toml = std::fs::read_to_string(rig.place.path("seatblock.toml")).unwrap();
    let as_value = toml.replace(
        "client_secret_file = \"secret\"",
        "client_secret = \"another\"",
    );
    for (index, (toml, variable, value)) in [
        (&toml, "CLIENT_SECRET", secret.as_str()),
        (&toml, "CLIENT_SECRET_FILE", "sound"),
        (&as_value, "CLIENT_SECRET", secret.as_str()),
        (&as_value, "CLIENT_SECRET_FILE", "sound"),
    ]
    .into_iter()
    .enumerate()
    {
        rig.place.write("seatblock.toml", toml);
        let seat = format!("{}", index + 1);
        let order = order(&format!("r-{seat}"), &seat);
        rig.place.write("order.json", order.to_string());
        let variable = format!("SEATBLOCK_KLIKOO__{variable}");
        let environment = [(variable.as_str(), value)];
        let ran = rig.place.run_with(["block", "order.json"], &environment);
        assert_eq!(ran.code, 0, "{environment:?} over {toml}: {ran:?}");
    }
    let both = [
        ("SEATBLOCK_KLIKOO__CLIENT_SECRET", secret.as_str()),
        ("SEATBLOCK_KLIKOO__CLIENT_SECRET_FILE", "sound"),
    ];
    let ran = rig.place.run_with(["block", "order.json"], &both);
    assert!(
        ran.code == 1 && ran.stderr.contains("keep one of the two"),
        "{ran:?}"
    );
}

#[test]
fn an_empty_variable_is_a_mistake_not_an_absence() {
    let ran = block(&Place::new(), &[("SEATBLOCK_KLIKOO__BASE_URL", "")]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("is empty"), "{ran:?}");
}

#[test]
fn a_short_timeout_alone_shortens_the_connect_timeout_too() {
    let rig = Rig::new();
    for (timeout, seat) in [("3s", "8"), ("2500ms", "9")] {
        rig.settings(&format!("timeout = \"{timeout}\""));
        let ran = rig.block(&[], &order(&format!("r-{seat}"), seat));
        assert_eq!(ran.code, 0, "{timeout}: {ran:?}");
    }
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
fn a_file_without_a_setting_is_named_when_the_sandbox_answers() {
    for content in ["", "[klikoo]\n# base_url = \"https://example.com\"\n"] {
        let place = Place::new();
        for (file, arguments) in [
            ("seatblock.toml", &["block", "order.json"][..]),
            ("s.toml", &["--config", "s.toml", "block", "order.json"]),
        ] {
            place.write("order.json", order("r-1", "8").to_string());
            place.write(file, content);
            let ran = place.run(arguments.iter().copied());
            assert_eq!(ran.code, 0, "{ran:?}");
            let told =
                format!("{file} holds no klikoo setting, so a sandbox inside this process answers");
            assert!(ran.stderr.contains(&told), "{ran:?}");
        }
        let ran = place.run(["check"]);
        assert!(
            ran.stdout
                .contains("seatblock.toml holds no klikoo setting"),
            "{ran:?}"
        );
    }
    let ran = block(&Place::new(), &[]);
    assert!(ran.stderr.contains("no settings are there"), "{ran:?}");
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
