//! A good server is believed, so the failures of the bad ones mean something.

use booking_ports::SeatBlocker;
use klikoo_adapter::{KlikooClient, SetupError};

use super::authority::Authority;
use super::server::{TlsServer, VERSIONS};
use crate::raw::held;
use crate::setup::{bearer, config, order, told};

#[tokio::test]
async fn a_good_server_holds_seats() {
    let root = Authority::new("root");
    for version in VERSIONS {
        let server = TlsServer::start(root.issue(|_| {}), version, held("1")).await;
        for url in [
            server.by_name(),
            server.by_address(),
            format!("{}/klikoo-b2b/", server.by_name()),
        ] {
            let outcome = super::blocker(&url, &root.pem())
                .block(&order("1238", &["8"]))
                .await;
            assert_eq!(told(&outcome), "held", "{url}: {outcome:?}");
        }
        assert!(server.application_bytes() > 1_000);
    }
}

#[tokio::test]
async fn only_where_its_root_is_trusted() {
    let (root, other) = (Authority::new("root"), Authority::new("other"));
    let server = TlsServer::start(root.issue(|_| {}), VERSIONS[1], held("1")).await;
    let blocker = super::blocker(&server.by_name(), &other.pem());
    assert_eq!(
        told(&blocker.block(&order("1238", &["8"])).await),
        "not_sent/tls"
    );
    // One bundle of several, and several bundles, are trusted alike.
    let bundle = format!("{}{}", other.pem(), root.pem());
    let blocker = super::blocker(&server.by_name(), &bundle);
    assert_eq!(told(&blocker.block(&order("1238", &["8"])).await), "held");
}

#[tokio::test]
async fn a_token_is_not_asked_of_a_bad_server_either() {
    let server = TlsServer::start(super::authority::self_signed(), VERSIONS[1], held("1")).await;
    let config = config(&server.by_name(), bearer()).with_extra_root(Authority::new("root").pem());
    let clock = booking_ports::ManualClock::at(crate::setup::NOW);
    let outcome = crate::setup::blocker_of(config, &clock)
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(told(&outcome), "not_sent/tls");
    assert_eq!(server.application_bytes(), 0);
}

#[test]
fn a_root_that_is_none_is_told_at_set_up() {
    let key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    for broken in [
        "",
        "no certificate",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
        &key,
    ] {
        let config = config("https://localhost", bearer()).with_extra_root(broken.to_owned());
        let clock = std::sync::Arc::new(booking_ports::ManualClock::at(crate::setup::NOW));
        let error = KlikooClient::new(config, clock).err();
        assert!(
            matches!(
                error,
                Some(SetupError::ExtraRoot(_) | SetupError::Client(_))
            ),
            "{error:?}: {broken}"
        );
    }
}
