//! `sandbox`: a local Klikoo until interrupted.

mod settings_file;

use serde_json::Value;

use crate::harness::{Background, Place, order};

pub(super) fn started(place: &Place, arguments: &[&str]) -> (Background, String) {
    let all = ["sandbox"].iter().chain(arguments).copied();
    let mut child = Background::start(&mut place.command(all));
    let url = child.first_line();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    (child, url)
}

#[test]
fn a_round_trip_is_one_token_and_one_block() {
    let place = Place::new();
    let (_child, _) = started(&place, &["--settings", "s.toml", "--journal", "j.jsonl"]);
    let example = crate::harness::root().join("docs/examples/round-trip.json");
    let ran = place.run([
        "--config",
        "s.toml",
        "--json",
        "block",
        example.to_str().unwrap(),
    ]);
    assert_eq!(ran.json()["outcome"], "held", "{ran:?}");
    let journal = std::fs::read_to_string(place.path("j.jsonl")).unwrap();
    assert_eq!(journal.lines().count(), 2, "{journal}");
    assert!(
        journal.contains("\\\"return\\\":{\\\"passengers\\\":"),
        "{journal}"
    );
}

#[test]
fn a_partner_brings_its_own_key_id_and_secret() {
    let place = Place::new();
    assert_eq!(place.run(["keys", "new", "rsa", "--out", "k"]).code, 0);
    place.write("secret", "a secret of one's own\n");
    let arguments = [
        "--partner-key",
        "k/public.pem",
        "--client-secret-file",
        "secret",
        "--client-id",
        "me",
    ];
    let (_child, url) = started(&place, &arguments);
    place.write("order.json", order("r-1", "8").to_string());
    let environment = [
        ("SEATBLOCK_KLIKOO__BASE_URL", url.as_str()),
        ("SEATBLOCK_KLIKOO__CLIENT_ID", "me"),
        ("SEATBLOCK_KLIKOO__CLIENT_SECRET_FILE", "secret"),
        ("SEATBLOCK_KLIKOO__PRIVATE_KEY_FILE", "k/private.pem"),
    ];
    let ran = place.run_with(["block", "order.json"], &environment);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn where_to_listen_and_whom_to_accept_are_checked_before_it_starts() {
    let place = Place::new();
    let (_child, _) = started(&place, &["--listen", "localhost:0"]);
    for address in ["", "localhost", "localhost:x", "example.com:80", "8080"] {
        let ran = place.run(["sandbox", "--listen", address]);
        assert!(
            ran.code == 2 && ran.stderr.contains("such as 127.0.0.1:8080"),
            "{address}: {ran:?}"
        );
    }
    for id in ["", " ", "a\nb"] {
        let ran = place.run(["sandbox", "--client-id", id]);
        assert!(
            ran.code == 2 && ran.stderr.contains("a client id is a text on one line"),
            "{id:?}: {ran:?}"
        );
    }
}

#[test]
fn a_scenario_fails_on_demand_and_a_wrong_one_is_told() {
    let place = Place::new();
    place.write(
        "f.toml",
        "[[fault]]\npath = \"block-seat\"\nthen = \"execute_then_cut\"\n",
    );
    let (_child, _) = started(&place, &["--settings", "s.toml", "--scenario", "f.toml"]);
    place.write("order.json", order("r-1", "8").to_string());
    assert_eq!(
        place
            .run(["--config", "s.toml", "block", "order.json"])
            .code,
        6
    );

    place.write("wrong.toml", "[[fault]]\nthen = \"explode\"\n");
    let ran = place.run(["sandbox", "--scenario", "wrong.toml"]);
    assert!(ran.code == 1 && ran.stderr.contains("explode"), "{ran:?}");
    let ran = place.run(["sandbox", "--partner-key", "f.toml"]);
    assert!(
        ran.code == 1 && ran.stderr.contains("no public key was found"),
        "{ran:?}"
    );
}

#[test]
fn callbacks_go_to_this_machine_alone() {
    use std::io::{Read as _, Write as _};

    let place = Place::new();
    let partner = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/klikoo", partner.local_addr().unwrap());
    let arguments = [
        "--settings",
        "s.toml",
        "--journal",
        "j",
        "--callback-url",
        &url,
    ];
    let (_child, _) = started(&place, &arguments);
    place.write("order.json", order("r-1", "8").to_string());
    let ran = place.run(["--config", "s.toml", "block", "order.json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let (mut stream, _) = partner.accept().unwrap();
    let mut told = String::new();
    while !told.ends_with('}') {
        let mut buffer = [0; 4_096];
        let read = stream.read(&mut buffer).unwrap();
        assert!(read > 0, "{told}");
        told.push_str(std::str::from_utf8(&buffer[..read]).unwrap());
    }
    stream
        .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
        .unwrap();
    assert!(told.starts_with("POST /klikoo "), "{told}");
    for part in [
        r#""partner_reference_id":"r-1""#,
        r#""transaction_status":"WAITING""#,
    ] {
        assert!(told.contains(part), "{told}");
    }

    for url in [
        "",
        "localhost",
        "https://127.0.0.1/",
        "http://example.com/klikoo",
    ] {
        let ran = place.run(["sandbox", "--callback-url", url]);
        assert!(
            ran.code == 2 && ran.stderr.contains("http://127.0.0.1:8080/path"),
            "{url}: {ran:?}"
        );
    }
}

#[test]
fn its_first_url_is_its_base_url_in_json_too() {
    let place = Place::new();
    let mut child = Background::start(&mut place.command(["--json", "sandbox"]));
    let line: Value = serde_json::from_str(&child.first_line()).unwrap();
    assert!(
        line["base_url"]
            .as_str()
            .unwrap()
            .starts_with("http://127.0.0.1:")
    );
    assert_eq!(line["sandbox"], true);
    child.signal("-INT");
    assert_eq!(child.wait().code, 0);
}

#[test]
fn listening_beyond_loopback_is_warned_of_and_a_taken_port_is_an_error() {
    let place = Place::new();
    let mut open = Background::start(&mut place.command([
        "sandbox",
        "--listen",
        "0.0.0.0:0",
        "--settings",
        "s.toml",
    ]));
    assert!(open.first_line().starts_with("http://127.0.0.1:"));
    assert_eq!(place.run(["--config", "s.toml", "check"]).code, 0);
    open.signal("-INT");
    let ran = open.wait();
    assert!(ran.stderr.contains("open to the network"), "{ran:?}");

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = place.run(["sandbox", "--listen", &address]);
    assert!(
        ran.code == 10 && ran.stderr.contains("cannot listen on"),
        "{ran:?}"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn no_core_is_dumped() {
    let place = Place::new();
    let (child, _) = started(&place, &[]);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.0.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let words: Vec<&str> = core.split_whitespace().collect();
    // A byte: less than any dump takes, and what keeps Linux from handing one to a program. None, where
    // somebody had set that before.
    let limit = words[4..6].join(" ");
    assert!(limit == "1 1" || limit == "0 0", "{core}");
}
