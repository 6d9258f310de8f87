//! What is counted, served on a listener of its own.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use booking_gateway::Gateway;
use klikoo_adapter::KlikooClient;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use metrics_process::Collector;

use super::bind;
use crate::settings::GatewaySettings;

/// Upper bounds of the histograms, in seconds.
const SECONDS: [f64; 12] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// Between two tidyings of what was counted.
const UPKEEP: Duration = Duration::from_secs(5);

/// What is looked at when somebody asks.
pub(super) struct Sources {
    pub(super) client: KlikooClient,
    /// What the ledger would not take waits there.
    pub(super) spill_file: PathBuf,
}

/// Begins to count. What is counted earlier is lost.
///
/// # Errors
///
/// Something counts already.
pub(super) fn record() -> anyhow::Result<PrometheusHandle> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)?
        .install_recorder()
        .context("metrics cannot be counted")?;
    describe();
    metrics::gauge!("seatblock_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Ok(recorder)
}

fn describe() {
    metrics::describe_gauge!("seatblock_build_info", "Always 1; its label is the version");
    metrics::describe_gauge!(
        "seatblock_token_age_seconds",
        metrics::Unit::Seconds,
        "How long ago the access token in use was asked for; NaN where none is in use"
    );
    metrics::describe_gauge!(
        "seatblock_clock_difference_seconds",
        metrics::Unit::Seconds,
        "How far this host's clock is ahead of the provider's; NaN where no reply has told lately"
    );
    metrics::describe_gauge!(
        "seatblock_spill_file_bytes",
        metrics::Unit::Bytes,
        "Answers of the provider that the ledger would not take, and that wait to be told to it"
    );
}

/// Serves them where the settings say, for as long as the process lives, and tells where.
///
/// # Errors
///
/// An address that is taken.
pub(super) async fn serve(
    gateway: &Gateway,
    settings: &GatewaySettings,
    recorder: PrometheusHandle,
    sources: Sources,
) -> anyhow::Result<Option<SocketAddr>> {
    // Also where nobody looks: else what is timed is kept for ever.
    let upkeep = recorder.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            upkeep.run_upkeep();
        }
    });
    let Some(address) = settings.metrics_listen else {
        return Ok(None);
    };
    let listener = bind("gateway.metrics_listen", address).await?;
    let address = listener.local_addr()?;
    let process = Collector::default();
    process.describe();
    let render = Arc::new(move || {
        process.collect();
        sources.look();
        recorder.render()
    });
    let gateway = gateway.clone();
    tokio::spawn(async move { gateway.serve_metrics(listener, render).await });
    Ok(Some(address))
}

impl Sources {
    /// Sets what is only true at the moment of a look.
    fn look(&self) {
        let age = self.client.token_age().map(|age| age.as_secs_f64());
        metrics::gauge!("seatblock_token_age_seconds").set(age.unwrap_or(f64::NAN));
        let ahead = self.client.clock_difference();
        let ahead = ahead.map_or(f64::NAN, time::Duration::as_seconds_f64);
        metrics::gauge!("seatblock_clock_difference_seconds").set(ahead);
        // There is none until it is needed.
        let bytes = std::fs::metadata(&self.spill_file).map_or(0, |file| file.len());
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        metrics::gauge!("seatblock_spill_file_bytes").set(f64::from(bytes));
    }
}
