//! Spans for operators: told to an OpenTelemetry collector, as OTLP over HTTP.
//!
//! Only spans of our own crates leave, and of their fields only those of a list ([`allowed`]). The
//! events inside a span stay in the log. A collector that is slow or away costs spans, never an
//! answer: batches leave from a thread of their own, and what its queue cannot hold is dropped.

mod allowed;
mod client;
mod trace_context;

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::level_filters::LevelFilter;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use crate::logging;
use crate::settings::TelemetrySettings;
use allowed::Allowed;
pub(crate) use trace_context::{join, traceparent};

/// Whom spans come from, beside the service: the library's name in every batch.
const SCOPE: &str = env!("CARGO_BIN_NAME");

/// Longest wait for the last batch at the end.
const LAST_BATCH: Duration = Duration::from_secs(5);

/// Tells spans to a collector.
#[derive(Clone, Debug)]
pub(crate) struct Telemetry {
    provider: SdkTracerProvider,
    /// Whether the provider is told which trace a call belongs to.
    pub(crate) send_trace_context: bool,
}

impl Telemetry {
    /// Begins, where the settings name a collector. Not inside a runtime: the client that it makes
    /// has one of its own.
    ///
    /// Mistakes in settings are `None`: whoever reads all settings tells all of their mistakes.
    ///
    /// # Errors
    ///
    /// No client can be made, such as one for HTTPS on a host without trust roots.
    pub(crate) fn start(config: Option<&Path>) -> anyhow::Result<Option<Self>> {
        let Ok(settings) = TelemetrySettings::load(config) else {
            return Ok(None);
        };
        let Some(endpoint) = &settings.endpoint else {
            return Ok(None);
        };
        let to = || format!("no spans can be told to {endpoint} (telemetry.otlp_endpoint)");
        let exporter = SpanExporter::builder()
            .with_http()
            .with_http_client(client::client(endpoint).with_context(to)?)
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint.as_str())
            .build()
            .with_context(to)?;
        // Nothing of the environment's: a host's name or a user's would go out unasked.
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", settings.service_name.clone()),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            // Whoever began a trace decides whether it is kept.
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::AlwaysOn)))
            .with_batch_exporter(Allowed(exporter))
            .build();
        Ok(Some(Self {
            provider,
            send_trace_context: settings.send_trace_context,
        }))
    }

    /// What gives it the spans, to be put beside the log.
    pub(crate) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        let spans = filter_fn(is_told).with_max_level_hint(LevelFilter::INFO);
        tracing_opentelemetry::layer()
            .with_tracer(self.provider.tracer(SCOPE))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_level(false)
            .with_tracked_inactivity(false)
            .with_filter(spans)
    }

    /// Tells the last spans, and nothing more after that. Waits for `left` at most.
    pub(crate) async fn stop(&self, left: Duration) {
        let provider = self.provider.clone();
        let within = left.min(LAST_BATCH);
        let stopped = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(within));
        let told = match tokio::time::timeout(within, stopped).await {
            Ok(Ok(outcome)) => outcome.is_ok(),
            _ => false,
        };
        if !told {
            tracing::warn!("the last spans could not be told to the collector");
        }
    }
}

/// Spans, not events; decisions and not each step; ours, not a library's.
fn is_told(metadata: &Metadata<'_>) -> bool {
    metadata.is_span()
        && *metadata.level() <= tracing::Level::INFO
        && logging::is_ours(metadata.target())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use opentelemetry_sdk::error::OTelSdkResult;
    use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::{Allowed, Telemetry};

    #[derive(Clone, Debug, Default)]
    struct Kept(Arc<Mutex<Vec<SpanData>>>);

    impl SpanExporter for Kept {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            self.0.lock().unwrap().extend(batch);
            Ok(())
        }
    }

    #[test]
    fn only_decisions_of_our_own_crates_are_told() {
        let kept = Kept::default();
        let telemetry = Telemetry {
            provider: SdkTracerProvider::builder()
                .with_simple_exporter(Allowed(kept.clone()))
                .build(),
            send_trace_context: false,
        };
        let subscriber = tracing_subscriber::registry().with(telemetry.layer());
        tracing::subscriber::with_default(subscriber, || {
            let _foreign = tracing::info_span!(target: "hyper::proto", "foreign").entered();
            let ours =
                tracing::info_span!(target: "booking_gateway::envelope", "request").entered();
            tracing::error!(target: "booking_gateway", name = "canary", "canary");
            let step = tracing::debug_span!(target: "klikoo_adapter", "step").entered();
            drop((step, ours));
        });
        let told = kept.0.lock().unwrap().clone();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].name, "request");
        assert!(told[0].attributes.is_empty(), "{told:?}");
        assert!(told[0].events.events.is_empty(), "{told:?}");
    }
}
