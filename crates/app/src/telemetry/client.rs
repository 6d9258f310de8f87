//! What carries batches of spans to the collector.

use std::time::Duration;

use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

/// How long one batch may take.
const BATCH: Duration = Duration::from_secs(5);

/// A client for `endpoint`. It blocks: the thread of the batches has no runtime, and an asynchronous
/// client panics in it.
///
/// # Errors
///
/// No HTTPS to be had on this host.
pub(super) fn client(endpoint: &Url) -> reqwest::Result<Client> {
    let builder = Client::builder()
        // `http_proxy` in somebody's environment is not where spans were meant to go.
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .timeout(BATCH)
        .user_agent(concat!("seatblock/", env!("CARGO_PKG_VERSION")));
    if endpoint.scheme() == "https" {
        builder.https_only(true).build()
    } else {
        // Plain http needs no trust roots, and a host without any can use it.
        builder.tls_certs_only([]).build()
    }
}
