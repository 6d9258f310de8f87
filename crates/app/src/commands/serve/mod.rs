//! `seatblock serve`: the gateway and its console, until interrupted.

mod keys;
mod metrics;
mod tls;

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use booking_gateway::{Gateway, GatewayOptions, ProviderWatch, Serving, Stack};
use booking_layers::{Limit, Limits, Traced};
use booking_ports::SteadyClock;
use clap::Args;
use serde_json::{Map, Value};
use tokio::net::TcpListener;

pub(super) use self::tls::acceptor;
use crate::Run;
use crate::desk::Desk;
use crate::entropy;
use crate::exit::Exit;
use crate::input::shown;
use crate::interrupt::Interrupt;
use crate::more_files::more_files;
use crate::output::{Report, columns, note, object};
use crate::settings::{GatewaySettings, NamedFile, address};
use crate::telemetry;

#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Address and port [default: gateway.listen]
    #[arg(long, value_name = "ADDR", value_parser = address)]
    listen: Option<SocketAddr>,
}

/// Serves until interrupted, then finishes what is under way.
///
/// # Errors
///
/// Mistakes in settings, keys, files or the ledger; an address that is taken.
pub(crate) async fn run(run: Run, arguments: Arguments) -> anyhow::Result<Exit> {
    let settings = GatewaySettings::load(run.config.as_deref(), arguments.listen)?;
    // A system that refuses is no reason not to serve.
    let _ = more_files();
    let mut interrupt = Interrupt::listen()?;
    let watch = ProviderWatch::new(run.clock.clone());
    let desk = Desk::watched(&run, &watch).await?;
    let sandbox = desk.provider.is_embedded_sandbox();
    let keys = keys::open(&run, &settings, sandbox)?;
    if let Some(address) = settings.metrics_listen
        && !address.ip().is_loopback()
    {
        note(format_args!(
            "warning: gateway.metrics_listen is {address}, which others may reach: metrics show no secret, but are for your own machines alone; of a container publish the port to 127.0.0.1"
        ));
    }
    let tls = settings.tls.as_ref().map(acceptor).transpose()?;
    for exposure in settings.secret_files().filter_map(NamedFile::exposed) {
        note(format_args!("warning: {exposure}"));
    }
    let listener = bind(settings.listen_named, settings.listen).await?;
    let recorder = metrics::record()?;
    desk.ledger.merge_spill().await;
    desk.ledger.keep_merging_spill();
    desk.keep_remembering().await;

    let address = listener.local_addr()?;
    let gateway = Gateway::new(
        stack(&run, &desk, &settings, &watch, keys.ring),
        options(&settings, sandbox)?,
    );
    let sources = metrics::Sources {
        client: desk.provider.client.clone(),
        spill_file: desk.ledger.spill_file().to_owned(),
    };
    let metrics_address = metrics::serve(&gateway, &settings, recorder, sources).await?;
    run.output.result(&Running {
        url: &format!(
            "{}://{address}",
            if tls.is_some() { "https" } else { "http" }
        ),
        key: keys.one_off.as_deref().map(String::as_str),
        keys_file: &settings.keys_file,
        metrics: metrics_address,
        sandbox,
    });
    let serving = Serving {
        listener,
        tls,
        grace: settings.grace,
    };
    let stopping = std::sync::OnceLock::new();
    let over = async {
        interrupt.wait().await;
        let _ = stopping.set(run.clock.monotonic());
        note("ending: no more orders are taken, what is under way is finished");
    };
    let ended = gateway.serve(serving, over).await;
    let waited = || {
        let since = stopping.get().copied();
        since.map_or(Duration::ZERO, |since| {
            run.clock.monotonic().saturating_sub(since)
        })
    };
    let left = desk.drain(settings.grace.saturating_sub(waited())).await;
    desk.close().await;
    if let Some(telemetry) = &run.telemetry {
        telemetry
            .stop(settings.grace.saturating_sub(waited()))
            .await;
    }
    if !ended {
        note(
            "not all had ended within gateway.grace: some clients may have been cut off before their answers, or a sweep before its end",
        );
    }
    if left > 0 {
        note(format_args!(
            "ended: {left} attempts were left open; they are found as unknown, and settled by the next that runs"
        ));
        return Ok(Exit::Unknown);
    }
    if ended {
        note("ended: all that was under way is answered and written down, nothing is left open");
    }
    Ok(Exit::Done)
}

/// `named` is the setting or option that names the address.
async fn bind(named: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "{named} is {address}, where nothing can be served now: end what listens there (`ss -ltnp` shows it), or name another address"
        )
    })
}

fn stack(
    run: &Run,
    desk: &Desk,
    settings: &GatewaySettings,
    watch: &ProviderWatch,
    keys: Arc<dyn booking_gateway::KeyRing>,
) -> Stack {
    let places = u32::try_from(settings.limits.in_flight).unwrap_or(u32::MAX);
    let limits = Limits {
        in_flight: places.try_into().unwrap_or(std::num::NonZeroU32::MIN),
        // By key, and not again here.
        per_second: const { std::num::NonZeroU32::new(1_000_000).unwrap() },
    };
    let limited = Limit::new(desk.settled(), limits, run.clock.clone());
    let provider = &desk.provider;
    Stack {
        blocker: Arc::new(Traced::new(limited, run.clock.clone())),
        tickets: Arc::new(Traced::new(desk.tickets.clone(), run.clock.clone())),
        ledger: desk.ledger.holds.clone(),
        feed: desk.ledger.store.clone(),
        resolver: desk.resolver.clone(),
        seat_maps: provider.seat_maps.clone(),
        trips: provider.trips.clone(),
        places: provider.places.clone(),
        callbacks: [("klikoo".to_owned(), provider.callbacks.clone())].into(),
        keys,
        watch: watch.clone(),
        clock: Arc::new(SteadyClock::of(run.clock.clone())),
    }
}

fn options(settings: &GatewaySettings, sandbox: bool) -> anyhow::Result<GatewayOptions> {
    Ok(GatewayOptions {
        limits: settings.limits,
        session_key: match settings.session_key {
            Some(key) => key,
            None => entropy::bytes()?,
        },
        secure_cookies: settings.is_encrypted(),
        sandbox,
        entropy: Arc::new(entropy::fill),
        join_trace: telemetry::join(),
    })
}

struct Running<'a> {
    url: &'a str,
    key: Option<&'a str>,
    keys_file: &'a Path,
    metrics: Option<SocketAddr>,
    sandbox: bool,
}

impl Report for Running<'_> {
    fn json(&self) -> Map<String, Value> {
        object([
            ("url", self.url.into()),
            ("console", format!("{}/console/", self.url).into()),
            ("key", self.key.into()),
            (
                "metrics",
                self.metrics.map(|at| format!("http://{at}/metrics")).into(),
            ),
            ("sandbox", self.sandbox.then_some(true).into()),
        ])
    }

    fn text(&self) -> String {
        let url = self.url;
        let mut rows = vec![("console", format!("{url}/console/"))];
        match self.key {
            Some(key) => rows.push(("key", format!("{key} (all scopes, for this run alone)"))),
            None => rows.push(("keys", shown(self.keys_file))),
        }
        rows.push(("reference", format!("{url}/docs")));
        if let Some(metrics) = self.metrics {
            rows.push(("metrics", format!("http://{metrics}/metrics")));
        }
        if self.sandbox {
            rows.push(("sandbox", "yes, no real seat is held".to_owned()));
        }
        rows.push(("stop", "Ctrl-C".to_owned()));
        format!("{url}\n{}", columns(&rows))
    }
}
