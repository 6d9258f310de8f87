//! T20: each bad server gets no byte of a request, and the outcome is proof of that.

use booking_ports::SeatBlocker;
use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, SanType, date_time_ymd};

use super::authority::{Authority, Identity, self_signed};
use super::hello::{self, Listener, server_hello};
use super::server::{TlsServer, VERSIONS};
use crate::raw::{RawServer, Step, held, reply};
use crate::setup::{order, told};

/// Blocks at a server with `identity`, over both versions of TLS, and demands that it read
/// nothing.
async fn refused(about: &str, root: &Authority, identity: impl Fn() -> Identity) {
    for version in VERSIONS {
        let server = TlsServer::start(identity(), version, held("1")).await;
        let blocker = super::blocker(&server.by_name(), &root.pem());
        let outcome = blocker.block(&order("1238", &["8"])).await;
        assert_eq!(told(&outcome), "not_sent/tls", "{about}: {outcome:?}");
        assert_eq!(server.application_bytes(), 0, "{about}");
        assert_eq!(
            server.connections(),
            1,
            "{about}: no second try, no downgrade"
        );
    }
}

/// The same of a certificate that a trusted authority issued with one thing wrong.
async fn refused_with(about: &str, change: fn(&mut CertificateParams)) {
    let root = Authority::new("root");
    refused(about, &root, || root.issue(change)).await;
}

#[tokio::test]
async fn expired() {
    refused_with("expired", |params| {
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
    })
    .await;
}

#[tokio::test]
async fn not_yet_valid() {
    refused_with("not yet valid", |params| {
        params.not_before = date_time_ymd(2190, 1, 1);
        params.not_after = date_time_ymd(2191, 1, 1);
    })
    .await;
}

#[tokio::test]
async fn wrong_host() {
    refused_with("wrong host", |params| {
        params.subject_alt_names = vec![SanType::DnsName("api.example.com".try_into().unwrap())];
    })
    .await;
    // A common name is no name to go by.
    refused_with("common name only", |params| {
        params.subject_alt_names.clear();
    })
    .await;
    // 127.0.0.1 is not localhost.
    refused_with("address only", |params| {
        params
            .subject_alt_names
            .retain(|name| matches!(name, SanType::IpAddress(_)));
    })
    .await;
}

#[tokio::test]
async fn self_signed_certificate() {
    refused("self-signed", &Authority::new("root"), self_signed).await;
}

#[tokio::test]
async fn unknown_authority() {
    let stranger = Authority::new("stranger");
    refused("unknown CA", &Authority::new("root"), || {
        stranger.issue(|_| {})
    })
    .await;
    // Of the same name as the trusted one.
    let impostor = Authority::new("root");
    refused("impostor", &Authority::new("root"), || {
        impostor.issue(|_| {})
    })
    .await;
}

#[tokio::test]
async fn a_key_for_clients_only() {
    refused_with("client-only key usage", |params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    })
    .await;
}

#[tokio::test]
async fn an_issuer_constrained_to_other_names() {
    let root = Authority::new("root");
    refused("name constraint", &root, || {
        root.issue_by_a_constrained_intermediate()
    })
    .await;
}

#[tokio::test]
async fn an_issuer_that_is_none() {
    let root = Authority::new("root");
    refused("issued by a server", &root, || root.issue_by_a_server()).await;
}

/// Blocks at a listener that answers the `ClientHello` so, and demands that nothing but
/// handshakes and alerts arrived.
async fn refused_after(about: &str, answer: Vec<u8>) {
    let listener = Listener::start(answer).await;
    let root = Authority::new("root").pem();
    let outcome = super::blocker(&listener.base_url(), &root)
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(told(&outcome), "not_sent/tls", "{about}: {outcome:?}");
    let types = listener.record_types();
    assert_eq!(types.first(), Some(&22), "{about}: a ClientHello");
    assert!(
        types.iter().all(|kind| [21, 22].contains(kind)),
        "{about}: {types:?}"
    );
}

#[tokio::test]
async fn old_versions() {
    for version in [hello::SSL_3, hello::TLS_1_0, hello::TLS_1_1] {
        for suite in [
            hello::ECDHE_ECDSA_AES128_CBC,
            hello::ECDHE_ECDSA_AES128_GCM,
            hello::RSA_AES128_CBC,
        ] {
            let about = format!("version {version:?}, suite {suite:04x}");
            refused_after(&about, server_hello(version, suite, [7; 8])).await;
        }
    }
}

#[tokio::test]
async fn null_and_weak_suites() {
    for suite in [
        hello::NULL,
        hello::RSA_NULL_SHA,
        hello::RSA_EXPORT_RC4_40,
        hello::RSA_RC4_128,
        hello::RSA_3DES,
        hello::RSA_AES128_CBC,
        hello::ECDHE_ECDSA_AES128_CBC,
    ] {
        let hello = server_hello(hello::TLS_1_2, suite, [7; 8]);
        refused_after(&format!("suite {suite:04x}"), hello).await;
    }
}

#[tokio::test]
async fn downgrade() {
    let hello = server_hello(
        hello::TLS_1_2,
        hello::ECDHE_ECDSA_AES128_GCM,
        *hello::DOWNGRADED,
    );
    refused_after("downgrade", hello).await;
}

#[tokio::test]
async fn plain_http_on_the_tls_port() {
    refused_after("plain HTTP", held("1")).await;
    refused_after("an alert", vec![21, 3, 3, 0, 2, 2, 40]).await;
    refused_after("noise", vec![0xff; 600]).await;
}

#[tokio::test]
async fn a_server_that_leaves_during_the_handshake() {
    refused_after("closed", Vec::new()).await;
}

#[tokio::test]
async fn a_server_that_is_silent_during_the_handshake() {
    // One byte of a record, and then nothing: the connect timeout ends it.
    let listener = Listener::start(vec![22]).await;
    let root = Authority::new("root").pem();
    let outcome = super::blocker(&listener.base_url(), &root)
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(told(&outcome), "not_sent/unreachable", "{outcome:?}");
    assert_eq!(listener.record_types(), [22]);
}

#[tokio::test]
async fn redirected_to_plain_http() {
    let target = RawServer::always(Step::Send(held("1"))).await;
    for version in VERSIONS {
        let location = format!("{}/v1/open-api/transports/block-seat", target.base_url());
        let moved = reply(307, &[("location", &location)], b"");
        let root = Authority::new("root");
        let server = TlsServer::start(root.issue(|_| {}), version, moved).await;
        let outcome = super::blocker(&server.by_name(), &root.pem())
            .block(&order("1238", &["8"]))
            .await;
        assert_eq!(told(&outcome), "unknown/not_definitive");
        assert!(server.application_bytes() > 0, "it was asked");
    }
    assert_eq!(target.connections(), 0);
}
