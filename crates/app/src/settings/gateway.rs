//! How the gateway is served.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::Duration;

use booking_gateway::GatewayLimits;

use super::keys::{self, Key};
use super::ledger::{FOLDER, state_folder};
use super::mistake::{Mistake, Mistakes};
use super::source::Source;
use super::telemetry::TelemetrySettings;
use super::values::{self, NamedFile};

pub(super) const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8480);
pub(super) const METRICS_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 9464);
pub(super) const GRACE: Duration = Duration::from_secs(45);
const GRACE_MAX: Duration = Duration::from_mins(10);
pub(super) const KEYS_FILE: &str = "gateway-keys.json";

/// How the gateway is served.
pub(crate) struct GatewaySettings {
    pub(crate) listen: SocketAddr,
    /// The option or setting that names it.
    pub(crate) listen_named: &'static str,
    pub(crate) metrics_listen: Option<SocketAddr>,
    pub(crate) keys_file: PathBuf,
    /// Whether the key file was named, and not found in its usual place.
    pub(crate) names_keys_file: bool,
    pub(crate) session_key: Option<[u8; 32]>,
    /// Where it was read from.
    pub(crate) session_key_file: Option<NamedFile>,
    pub(crate) tls: Option<TlsFiles>,
    pub(crate) behind_proxy: bool,
    pub(crate) grace: Duration,
    pub(crate) limits: GatewayLimits,
}

/// A certificate with its key, as PEM.
pub(crate) struct TlsFiles {
    pub(crate) certificate: NamedFile,
    pub(crate) key: NamedFile,
}

/// An address of `text`; `localhost` is one, and no other name is looked up.
///
/// # Errors
///
/// What is accepted.
pub(crate) fn address(text: &str) -> Result<SocketAddr, String> {
    let of_localhost = || {
        let port = text.strip_prefix("localhost:")?.parse().ok()?;
        Some(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
    };
    text.parse().ok().or_else(of_localhost).ok_or_else(|| {
        "write an address and a port, such as 127.0.0.1:8080, [::1]:8080 or localhost:8080; no other name is looked up"
            .to_owned()
    })
}

impl GatewaySettings {
    /// Reads them, to serve by them. `listen`, of the option `--listen`, goes before the setting.
    ///
    /// # Errors
    ///
    /// Every mistake.
    pub(crate) fn load(
        config: Option<&Path>,
        listen: Option<SocketAddr>,
    ) -> Result<Self, Mistakes> {
        Self::read(Source::read(config, std::env::vars_os()), listen, true)
    }

    /// As [`load`](Self::load), for a command that listens nowhere: whoever makes a key for a gateway
    /// need not say yet what encrypts it.
    ///
    /// # Errors
    ///
    /// Every mistake but an address that nothing may be served at.
    pub(crate) fn unserved(config: Option<&Path>) -> Result<Self, Mistakes> {
        Self::read(Source::read(config, std::env::vars_os()), None, false)
    }

    /// Reads them where at least one of them is set, or may be meant by a name that no setting has.
    ///
    /// # Errors
    ///
    /// Every mistake.
    pub(crate) fn load_if_set(config: Option<&Path>) -> Result<Option<Self>, Mistakes> {
        let source = Source::read(config, std::env::vars_os());
        if source.sets("gateway.") || !source.mistakes.is_empty() {
            Self::read(source, None, true).map(Some)
        } else {
            Ok(None)
        }
    }

    fn read(
        mut source: Source,
        listen: Option<SocketAddr>,
        is_served: bool,
    ) -> Result<Self, Mistakes> {
        let listen_named = match listen {
            Some(_) => "--listen",
            None => keys::GATEWAY_LISTEN.name,
        };
        let listen = listen
            .or_else(|| listen_on(&mut source, &keys::GATEWAY_LISTEN))
            .unwrap_or(LISTEN);
        let metrics_listen = metrics_listen(&mut source);
        let named = values::file(&mut source, &keys::GATEWAY_KEYS_FILE);
        let names_keys_file = named.is_some();
        let keys_file = match named {
            Some(file) => Some(file.path),
            None => usual_keys_file(&mut source),
        };
        let session_key_file = values::file(&mut source, &keys::GATEWAY_SESSION_KEY_FILE);
        let session_key = session_key_file
            .as_ref()
            .and_then(|file| session_key(&mut source, file));
        let tls = tls(&mut source);
        let behind_proxy =
            values::one_of(&mut source, &keys::GATEWAY_BEHIND_PROXY, ["no", "yes"]) == 1;
        let longest = (GRACE_MAX, "10 minutes");
        let grace = values::duration_up_to(longest, &mut source, &keys::GATEWAY_GRACE);
        let limits = limits(&mut source);
        // They were taken before the log began; here their mistakes are told with the others.
        TelemetrySettings::read(&mut source);
        if is_served && !listen.ip().is_loopback() && tls.is_none() && !behind_proxy {
            source.mistakes.push(Mistake::new(
                listen_named,
                format!(
                    "is {listen}, which others can reach, and nothing encrypts: set gateway.tls_cert_file and gateway.tls_key_file, or gateway.behind_proxy = \"yes\" where a proxy in front does"
                ),
            ));
        }
        match keys_file {
            Some(keys_file) if source.mistakes.is_empty() => Ok(Self {
                listen,
                listen_named,
                metrics_listen,
                keys_file,
                names_keys_file,
                session_key,
                session_key_file,
                tls,
                behind_proxy,
                grace: grace.unwrap_or(GRACE),
                limits,
            }),
            _ => Err(Mistakes(source.mistakes)),
        }
    }

    /// Whether browsers reach it over an encrypted connection only.
    pub(crate) fn is_encrypted(&self) -> bool {
        self.tls.is_some() || self.behind_proxy
    }

    /// Whether a key is made for one run: before a sandbox, for whoever looks around on this machine
    /// and has named no file of keys.
    pub(crate) fn makes_key_before(&self, sandbox: bool) -> bool {
        sandbox && self.listen.ip().is_loopback() && !self.names_keys_file
    }

    /// Every named file whose content is a secret.
    pub(crate) fn secret_files(&self) -> impl Iterator<Item = &NamedFile> {
        let tls = self.tls.as_ref().map(|files| &files.key);
        self.session_key_file.iter().chain(tls)
    }
}

fn listen_on(source: &mut Source, key: &Key) -> Option<SocketAddr> {
    let (text, origin) = source.text(key)?;
    match address(&text) {
        Ok(address) => Some(address),
        Err(message) => {
            let message = format!("is no address: {message}");
            source
                .mistakes
                .push(Mistake::new(origin.place(key.name), message));
            None
        }
    }
}

fn metrics_listen(source: &mut Source) -> Option<SocketAddr> {
    match source.text(&keys::GATEWAY_METRICS_LISTEN) {
        Some((text, _)) if *text == "none" => None,
        Some(_) => listen_on(source, &keys::GATEWAY_METRICS_LISTEN),
        None => Some(METRICS_LISTEN),
    }
}

fn usual_keys_file(source: &mut Source) -> Option<PathBuf> {
    let folder = state_folder();
    if folder.is_none() {
        let message = "is missing, and neither XDG_STATE_HOME nor HOME tells where the user's state folder is; name a file";
        source
            .mistakes
            .push(Mistake::new(keys::GATEWAY_KEYS_FILE.name, message));
    }
    Some(folder?.join(FOLDER).join(KEYS_FILE))
}

fn session_key(source: &mut Source, file: &NamedFile) -> Option<[u8; 32]> {
    let read = file.text().and_then(|text| {
        let mut bytes = [0; 32];
        match hex::decode_to_slice(text.trim_end(), &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(_) => Err(file.mistake(
                "has to hold 64 hex digits and nothing else; make one with `openssl rand -hex 32`",
            )),
        }
    });
    read.map_err(|mistake| source.mistakes.push(mistake)).ok()
}

fn tls(source: &mut Source) -> Option<TlsFiles> {
    let certificate = values::file(source, &keys::GATEWAY_TLS_CERT_FILE);
    let key = values::file(source, &keys::GATEWAY_TLS_KEY_FILE);
    match (certificate, key) {
        (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
        (None, None) => None,
        (certificate, _) => {
            let missing = if certificate.is_some() {
                &keys::GATEWAY_TLS_KEY_FILE
            } else {
                &keys::GATEWAY_TLS_CERT_FILE
            };
            let message = "is missing; a certificate and its key belong together";
            source.mistakes.push(Mistake::new(missing.name, message));
            None
        }
    }
}

fn limits(source: &mut Source) -> GatewayLimits {
    let usual = GatewayLimits::default();
    let places = |source: &mut Source, key: &Key| {
        number(source, key).and_then(|number| usize::try_from(number.get()).ok())
    };
    GatewayLimits {
        in_flight: places(source, &keys::GATEWAY_IN_FLIGHT).unwrap_or(usual.in_flight),
        in_flight_per_key: places(source, &keys::GATEWAY_IN_FLIGHT_PER_KEY)
            .unwrap_or(usual.in_flight_per_key),
        per_second: number(source, &keys::GATEWAY_PER_SECOND).unwrap_or(usual.per_second),
        blocks_per_hour: number(source, &keys::GATEWAY_BLOCKS_PER_HOUR)
            .unwrap_or(usual.blocks_per_hour),
        live_seats_per_trip: number(source, &keys::GATEWAY_LIVE_SEATS_PER_TRIP)
            .map_or(usual.live_seats_per_trip, NonZeroU32::get),
        lapses_per_seat: number_up_to(source, &keys::GATEWAY_LAPSES_PER_SEAT, LAPSES_MAX)
            .unwrap_or(usual.lapses_per_seat),
        reads_per_second: number(source, &keys::GATEWAY_READS_PER_SECOND)
            .unwrap_or(usual.reads_per_second),
        reads_per_second_per_tenant: number(source, &keys::GATEWAY_READS_PER_SECOND_PER_TENANT)
            .unwrap_or(usual.reads_per_second_per_tenant),
        ..usual
    }
}

/// The largest number that any of them can be: a limit, and no way to have none.
const NUMBER_MAX: u32 = 10_000_000;

/// As many as the gateway counts for every seat of a bus.
const LAPSES_MAX: u32 = 125;

fn number(source: &mut Source, key: &Key) -> Option<NonZeroU32> {
    number_up_to(source, key, NUMBER_MAX)
}

fn number_up_to(source: &mut Source, key: &Key, max: u32) -> Option<NonZeroU32> {
    let (text, origin) = source.text(key)?;
    match text.parse::<NonZeroU32>() {
        Ok(number) if number.get() <= max => Some(number),
        _ => {
            let message = format!("is not a number from 1 to {max}");
            source
                .mistakes
                .push(Mistake::new(origin.place(key.name), message));
            None
        }
    }
}
