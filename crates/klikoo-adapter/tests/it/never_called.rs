//! The helpers that take a private key or a secret are never called, and the key never leaves.

use booking_ports::{ManualClock, SeatBlocker};
use klikoo_sandbox::{Fault, Rule};

use crate::setup::{NOW, blocker_of, config_of, order, round_trip, sandbox};

#[tokio::test]
async fn only_the_token_and_the_block_are_called() {
    let sandbox = sandbox().await;
    let clock = ManualClock::at(NOW);
    let blocker = blocker_of(config_of(&sandbox), &clock);
    assert!(blocker.block(&order("one", &["8"])).await.is_ok());
    assert!(
        blocker
            .block(&round_trip("two", &["9A"], &["1"]))
            .await
            .is_ok()
    );
    for fault in [
        Fault::ExpiredToken,
        Fault::InvalidToken,
        Fault::NotJson,
        Fault::Duplicate,
        Fault::ExecuteThenCut,
    ] {
        sandbox.clear_faults();
        sandbox.add_fault(Rule::new(fault).path("block-seat"));
        // The pause after two refused tokens.
        clock.advance(std::time::Duration::from_secs(5));
        assert!(blocker.block(&order("three", &["10"])).await.is_err());
    }
    let journal = sandbox.journal();
    let known = [
        "/v1/open-api/access-token",
        "/v1/open-api/transports/block-seat",
    ];
    assert!(journal.len() >= 8);
    for entry in &journal {
        assert!(known.contains(&entry.path.as_str()), "{}", entry.path);
        assert!(entry.signature.is_valid(), "{entry:?}");
    }
    assert_eq!(
        sandbox.calls("/signature") + sandbox.calls("auth-signature"),
        0
    );
}

#[tokio::test]
async fn no_byte_of_the_private_key_leaves() {
    let server = crate::raw::RawServer::start(|request, _| {
        crate::raw::Step::Send(if request.is_token() {
            crate::raw::token("a-token", "900")
        } else {
            crate::raw::held("1")
        })
    })
    .await;
    let config = crate::setup::config(&server.base_url(), crate::setup::bearer());
    let blocker = blocker_of(config, &ManualClock::at(NOW));
    assert!(blocker.block(&order("1238", &["8"])).await.is_ok());
    let data: serde_json::Value =
        serde_json::from_str(include_str!("../data/signing.json")).unwrap();
    let pem = data["p256_private_key_pkcs8_pem"].as_str().unwrap();
    let sent = format!("{:?}", server.seen());
    assert!(
        sent.contains(crate::setup::CLIENT_SECRET),
        "the token request carries the secret"
    );
    for line in pem.lines().filter(|line| !line.starts_with('-')) {
        for part in line.as_bytes().chunks(16).filter(|part| part.len() == 16) {
            assert!(!sent.contains(std::str::from_utf8(part).unwrap()));
        }
    }
    // The secret goes with the token request alone.
    let block = server
        .seen()
        .into_iter()
        .find(crate::raw::Request::is_block)
        .unwrap();
    assert!(!format!("{block:?}").contains(crate::setup::CLIENT_SECRET));
}
