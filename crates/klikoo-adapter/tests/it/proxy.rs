//! A proxy in the environment is not used. The environment is set for a child process only.

use std::process::Command;

use booking_ports::SeatBlocker;

use crate::raw::{RawServer, Step, held};
use crate::setup::{blocker, order, told};

/// Where the child is to send its request.
const TARGET: &str = "KLIKOO_ADAPTER_TEST_TARGET";

fn child(test: &str, target: &RawServer, proxy: &RawServer) -> bool {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--ignored"])
        .env(TARGET, target.base_url());
    for name in [
        "http_proxy",
        "HTTP_PROXY",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
    ] {
        command.env(name, proxy.base_url());
    }
    for name in ["no_proxy", "NO_PROXY", "REQUEST_METHOD"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        told.contains("1 passed") || told.contains("1 failed"),
        "{told}"
    );
    output.status.success()
}

fn target() -> String {
    std::env::var_os(TARGET).unwrap().into_string().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_in_the_environment_is_not_used() {
    let target = RawServer::always(Step::Send(held("1"))).await;
    let proxy = RawServer::always(Step::Send(held("proxy"))).await;
    assert!(child("proxy::child_blocks", &target, &proxy));
    assert_eq!((target.blocks(), proxy.connections()), (1, 0));
    // A client that was not told otherwise does use it, so the environment was set rightly.
    assert!(child(
        "proxy::child_posts_by_a_client_of_defaults",
        &target,
        &proxy
    ));
    assert_eq!((target.blocks(), proxy.connections()), (1, 1));
}

#[tokio::test]
#[ignore = "run by a_proxy_in_the_environment_is_not_used, in a child process"]
async fn child_blocks() {
    assert_eq!(
        told(&blocker(&target()).block(&order("1238", &["8"])).await),
        "held"
    );
}

#[tokio::test]
#[ignore = "run by a_proxy_in_the_environment_is_not_used, in a child process"]
#[expect(
    clippy::disallowed_methods,
    reason = "the defaults are what is shown here"
)]
async fn child_posts_by_a_client_of_defaults() {
    // No trust roots are asked for, which a host may not have.
    let client = reqwest::Client::builder()
        .tls_certs_only([])
        .build()
        .unwrap();
    let url = format!("{}/v1/open-api/transports/block-seat", target());
    assert!(
        client
            .post(url)
            .body("{}")
            .send()
            .await
            .unwrap()
            .status()
            .is_success()
    );
}
