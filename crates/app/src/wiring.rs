//! From settings to ports: the one place that names concrete adapters.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::{
    CallbackParser, Clock, PlaceSearch, SeatBlocker, SeatMaps, TicketIssuer, TransactionInquiry,
    TripSearch,
};
use klikoo_adapter::{
    AuthKey, Authorization, BaseUrl, Credentials, HistorySearch, KlikooCallbacks, KlikooClient,
    KlikooConfig, KlikooPlaces, KlikooSeatBlocker, KlikooSeatMaps, KlikooTickets,
    KlikooTransactions, KlikooTrips, RequestScheme, RequestSigner, SetupError,
};
use klikoo_sandbox::Sandbox;

use crate::Run;
use crate::output::note;
use crate::settings::{self, BOOKING_MARGIN, KlikooSettings, Mistake, Mistakes, Purpose, Settings};
use crate::telemetry::{self, Telemetry};

/// How long a call to a sandbox in the process may take: the adapter's own default.
const CALL: Duration = Duration::from_secs(30);

/// What the adapters of one client are told beside it.
#[derive(Clone, Copy)]
struct Choices {
    history_search: HistorySearch,
    booking_margin: Duration,
    timeout: Duration,
}

/// A provider, ready to be called.
pub(crate) struct Provider {
    pub(crate) blocker: Arc<dyn SeatBlocker>,
    pub(crate) seat_maps: Arc<dyn SeatMaps>,
    pub(crate) places: Arc<dyn PlaceSearch>,
    pub(crate) trips: Arc<dyn TripSearch>,
    pub(crate) callbacks: Arc<dyn CallbackParser>,
    pub(crate) transactions: Arc<dyn TransactionInquiry>,
    pub(crate) tickets: Arc<dyn TicketIssuer>,
    pub(crate) client: KlikooClient,
    /// How long one call may take.
    pub(crate) timeout: Duration,
    /// As `klikoo.base_url` names it.
    base_url: String,
    /// Lives as long as it is asked: it stops when dropped.
    sandbox: Option<Sandbox>,
}

impl Provider {
    /// Connects as the settings say, for calls of which no ledger is told. Warnings go to stderr.
    ///
    /// # Errors
    ///
    /// Mistakes in settings or files; a sandbox that cannot start.
    pub(crate) async fn from_settings(run: &Run) -> anyhow::Result<Self> {
        let settings = Settings::load(run.config.as_deref(), Purpose::Calls)?;
        Self::of(run, settings).await
    }

    /// Connects as `settings` say. Warnings go to stderr.
    ///
    /// # Errors
    ///
    /// Files that cannot be used; a sandbox that cannot start.
    pub(crate) async fn of(run: &Run, settings: Settings) -> anyhow::Result<Self> {
        match settings {
            Settings::EmbeddedSandbox => {
                note(format_args!(
                    "{}, so a sandbox inside this process answers: no real seat is held",
                    settings::why_embedded(run.config.as_deref())
                ));
                Self::embedded_sandbox(run.clock.clone(), run.telemetry.as_ref()).await
            }
            Settings::Klikoo(loaded) => {
                for exposure in loaded.exposures() {
                    note(format_args!("warning: {exposure}"));
                }
                Ok(Self::klikoo(
                    loaded.klikoo,
                    run.clock.clone(),
                    run.telemetry.as_ref(),
                )?)
            }
        }
    }

    /// Klikoo, or a sandbox that runs somewhere.
    ///
    /// # Errors
    ///
    /// Every file that cannot be used; no HTTPS to be had on this host.
    pub(crate) fn klikoo(
        settings: KlikooSettings,
        clock: Arc<dyn Clock>,
        telemetry: Option<&Telemetry>,
    ) -> Result<Self, Mistakes> {
        let base_url = settings.base_url.to_string();
        let ca_file = settings.ca_file.clone();
        let choices = Choices {
            history_search: settings.history_search,
            booking_margin: settings.booking_margin,
            timeout: settings.timeout,
        };
        let config = traced(config(settings)?, telemetry);
        Self::new(config, choices, base_url, clock, None).map_err(|error| {
            Mistakes(vec![match (error, ca_file) {
                // A certificate's text is looked at last: then the client fails for it.
                (SetupError::Client(why), Some(file)) => file.mistake(&format!(
                    "no HTTPS client can be made with it: {why}; give PEM certificates (-----BEGIN CERTIFICATE-----)"
                )),
                (error @ SetupError::ExtraRoot(_), Some(file)) => file.mistake(&error.to_string()),
                (error, _) => Mistake::new("connection", error.to_string()),
            }])
        })
    }

    /// A sandbox of this process's own.
    ///
    /// # Errors
    ///
    /// It cannot start: no free port on loopback.
    pub(crate) async fn embedded_sandbox(
        clock: Arc<dyn Clock>,
        telemetry: Option<&Telemetry>,
    ) -> anyhow::Result<Self> {
        let sandbox = Sandbox::start().await?;
        let secret = sandbox.client_secret().to_owned();
        let config = KlikooConfig::new(
            BaseUrl::parse(sandbox.base_url())?,
            RequestSigner::hmac_sha512(&secret.clone().into()),
            Authorization::Bearer(Credentials {
                client_id: sandbox.client_id().to_owned(),
                client_secret: secret.into(),
                key: AuthKey::from_pkcs8_pem(sandbox.private_key_pem())?,
            }),
        );
        let config = traced(config, telemetry);
        let base_url = sandbox.base_url().to_owned();
        let choices = Choices {
            history_search: HistorySearch::default(),
            booking_margin: BOOKING_MARGIN,
            timeout: CALL,
        };
        Ok(Self::new(config, choices, base_url, clock, Some(sandbox))?)
    }

    fn new(
        config: KlikooConfig,
        choices: Choices,
        base_url: String,
        clock: Arc<dyn Clock>,
        sandbox: Option<Sandbox>,
    ) -> Result<Self, SetupError> {
        let client = KlikooClient::new(config, clock)?;
        let blocker: Arc<dyn SeatBlocker> = Arc::new(KlikooSeatBlocker::new(client.clone()));
        #[cfg(feature = "kill-points")]
        let blocker = Arc::new(crate::kill_points::KillPoints(blocker));
        Ok(Self {
            base_url,
            blocker,
            seat_maps: Arc::new(KlikooSeatMaps::new(client.clone())),
            places: Arc::new(KlikooPlaces::new(client.clone())),
            trips: Arc::new(KlikooTrips::new(client.clone())),
            callbacks: Arc::new(KlikooCallbacks),
            transactions: Arc::new(
                KlikooTransactions::new(client.clone()).with_search(choices.history_search),
            ),
            tickets: Arc::new(KlikooTickets::new(client.clone(), choices.booking_margin)),
            client,
            timeout: choices.timeout,
            sandbox,
        })
    }

    /// `message` of a failed connection, with the address that was tried and the setting to mend.
    pub(crate) fn with_address(&self, message: &str) -> String {
        if self.is_embedded_sandbox() {
            return message.to_owned();
        }
        format!("{message} (klikoo.base_url is {})", self.base_url)
    }

    /// Whether a sandbox inside this process answers.
    pub(crate) fn is_embedded_sandbox(&self) -> bool {
        self.sandbox.is_some()
    }
}

/// Tells the provider which trace a call belongs to, where that is asked for.
fn traced(config: KlikooConfig, telemetry: Option<&Telemetry>) -> KlikooConfig {
    if telemetry.is_some_and(|telemetry| telemetry.send_trace_context) {
        config.with_trace_headers(Arc::new(telemetry::traceparent))
    } else {
        config
    }
}

/// Reads the files that the settings name.
///
/// # Errors
///
/// Every file that cannot be used.
fn config(settings: KlikooSettings) -> Result<KlikooConfig, Mistakes> {
    let mut mistakes = Vec::new();
    let signer = keep(&mut mistakes, signer(&settings)).flatten();
    let authorization = keep(&mut mistakes, authorization(&settings)).flatten();
    let root = settings
        .ca_file
        .as_ref()
        .and_then(|file| keep(&mut mistakes, settings::trust_root(file)));
    match (signer, authorization) {
        (Some(signer), Some(authorization)) if mistakes.is_empty() => {
            let config = KlikooConfig::new(settings.base_url, signer, authorization)
                .with_timeouts(settings.connect_timeout, settings.timeout)
                .with_idle_timeout(settings.idle_timeout)
                .with_longest_hold(settings.longest_hold)
                .with_query_signed(settings.query_signed);
            Ok(match root {
                Some(pem) => config.with_extra_root(pem),
                None => config,
            })
        }
        _ => {
            // One file may serve two purposes and be told twice.
            mistakes.dedup();
            Err(Mistakes(mistakes))
        }
    }
}

fn keep<T>(mistakes: &mut Vec<Mistake>, outcome: Result<T, Mistake>) -> Option<T> {
    outcome.map_err(|mistake| mistakes.push(mistake)).ok()
}

/// The signer of the scheme that is set; `None` only where the settings lack its key.
pub(crate) fn signer(settings: &KlikooSettings) -> Result<Option<RequestSigner>, Mistake> {
    Ok(match settings.scheme {
        RequestScheme::HmacSha512 => match &settings.client_secret {
            Some(secret) => Some(RequestSigner::hmac_sha512(&settings::client_secret(
                secret,
            )?)),
            None => None,
        },
        RequestScheme::EcdsaP256 => match settings.request_key_file() {
            Some(file) => Some(RequestSigner::ecdsa_p256(settings::request_key(file)?)),
            None => None,
        },
    })
}

fn authorization(settings: &KlikooSettings) -> Result<Option<Authorization>, Mistake> {
    if !settings.bearer {
        return Ok(Some(Authorization::None));
    }
    let (Some(client_id), Some(secret), Some(file)) = (
        &settings.client_id,
        &settings.client_secret,
        &settings.private_key_file,
    ) else {
        return Ok(None);
    };
    Ok(Some(Authorization::Bearer(Credentials {
        client_id: client_id.clone(),
        client_secret: settings::client_secret(secret)?,
        key: settings::auth_key(file)?,
    })))
}
