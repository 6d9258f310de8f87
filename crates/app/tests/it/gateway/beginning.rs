//! What stands in the way of a start, and how a gateway ends: told so that somebody can act on it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use super::served::Served;
use crate::harness::{Rig, patiently};

const KEY: [&str; 2] = ["--scope", "read"];

#[test]
fn an_address_that_is_taken_names_its_setting_and_is_worth_another_start() {
    let rig = Rig::new();
    Served::new_key(&rig, &KEY);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (free, none) = ("127.0.0.1:0", "none");
    for (option, listen, metrics, named) in [
        (Some(address.as_str()), free, none, "--listen"),
        (None, address.as_str(), none, "gateway.listen"),
        (None, free, address.as_str(), "gateway.metrics_listen"),
    ] {
        let options = option.into_iter().flat_map(|address| ["--listen", address]);
        let environment = [
            ("SEATBLOCK_GATEWAY__LISTEN", listen),
            ("SEATBLOCK_GATEWAY__METRICS_LISTEN", metrics),
        ];
        let arguments = ["serve"].into_iter().chain(options);
        let ran = rig.place.run_with(arguments, &environment);
        assert_eq!(ran.code, 10, "{ran:?}");
        let told = format!("seatblock: {named} is {address}, where nothing can be served now");
        assert!(ran.stderr.contains(&told), "{named}: {ran:?}");
    }
}

#[test]
fn an_open_address_that_nothing_encrypts_names_the_option_that_gave_it() {
    let rig = Rig::new();
    let ran = rig.place.run(["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("--listen: is 0.0.0.0:0"), "{ran:?}");
}

#[test]
fn a_gateway_warns_of_metrics_that_others_reach_and_says_at_its_end_that_nothing_is_open() {
    let rig = Rig::new();
    let open = [("SEATBLOCK_GATEWAY__METRICS_LISTEN", "0.0.0.0:0")];
    let ran = Served::start(&rig, &open).stop();
    assert_eq!(ran.code, 0, "{ran:?}");
    let told = "warning: gateway.metrics_listen is 0.0.0.0:0";
    assert!(ran.stderr.contains(told), "{ran:?}");
    let last = ran.stderr.lines().last().unwrap();
    assert!(last.contains("nothing is left open"), "{ran:?}");
}

#[test]
fn a_gateway_that_had_to_cut_somebody_off_does_not_say_that_all_was_answered() {
    let rig = Rig::new();
    let served = Served::start(&rig, &[("SEATBLOCK_GATEWAY__GRACE", "500ms")]);
    let mut slow = TcpStream::connect(served.url.strip_prefix("http://").unwrap()).unwrap();
    let head = format!(
        "POST /v1/holds HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: 9\r\nexpect: 100-continue\r\n\r\n",
        served.key
    );
    slow.write_all(head.as_bytes()).unwrap();
    let mut told = [0; 12];
    slow.read_exact(&mut told).unwrap();
    // Its body is awaited, and never comes.
    assert_eq!(&told, b"HTTP/1.1 100");

    let ran = served.stop();
    assert_eq!(ran.code, 0, "{ran:?}");
    let last = ran.stderr.lines().last().unwrap();
    assert!(last.contains("not all had ended within"), "{ran:?}");
    assert!(!ran.stderr.contains("is answered"), "{ran:?}");
}

/// Another process has the file for itself: it can be read, and nothing can be begun in it.
#[test]
fn a_ledger_that_cannot_be_written_is_not_ready_and_can_still_be_looked_at() {
    let rig = Rig::new();
    let served = Served::start(&rig, &[("SEATBLOCK_LEDGER__URL", "sqlite:holds.db")]);
    assert_eq!(served.get("/readyz").status, 200);
    let lock = rig.lock("holds.db");
    // What was answered a moment ago stands for a moment.
    patiently(|| served.get("/readyz").status == 503);
    assert_eq!(served.get("/v1/holds").status, 200);
    drop(lock);
    patiently(|| served.get("/readyz").status == 200);
    assert_eq!(served.stop().code, 0);
}
