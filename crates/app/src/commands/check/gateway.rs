//! The settings of `serve`: its address, files and keys, and where spans are told. Nothing is bound,
//! made or changed.

use std::path::Path;
use std::sync::Arc;

use booking_gateway::FileKeyRing;
use booking_ports::Clock;

use super::findings::Findings;
use crate::commands::serve::acceptor;
use crate::input::{quoted, shown};
use crate::private_file::open_to_others;
use crate::settings::{GatewaySettings, NamedFile, TelemetrySettings};

/// Checks what `serve` would be started with.
pub(super) fn gateway(findings: &mut Findings, config: Option<&Path>, clock: Arc<dyn Clock>) {
    match TelemetrySettings::load(config) {
        Ok(settings) => findings.ok(
            "telemetry",
            settings.endpoint.map_or_else(
                || "no spans are told".to_owned(),
                |endpoint| format!("spans are told to {endpoint} as {}", settings.service_name),
            ),
        ),
        Err(mistakes) => findings.fix_each("telemetry", &mistakes),
    }
    match GatewaySettings::load_if_set(config) {
        Ok(None) => findings.ok(
            "gateway",
            "nothing is set; `seatblock serve` would serve this machine alone",
        ),
        Ok(Some(settings)) => served(findings, &settings, clock),
        Err(mistakes) => findings.fix_each("gateway", &mistakes),
    }
}

fn served(findings: &mut Findings, settings: &GatewaySettings, clock: Arc<dyn Clock>) {
    let encrypted = match (&settings.tls, settings.behind_proxy) {
        (Some(_), _) => "encrypted by itself",
        (None, true) => "encrypted by a proxy in front",
        (None, false) => "not encrypted, and reached from this machine alone",
    };
    findings.ok(
        "gateway.listen",
        format!("{}: {encrypted}", settings.listen),
    );
    if let Some(files) = &settings.tls {
        match acceptor(files) {
            Ok(_) => findings.ok(
                files.certificate.key,
                format!(
                    "{}: a certificate and its key",
                    shown(&files.certificate.path)
                ),
            ),
            Err(mistakes) => findings.fix_each("gateway TLS", &mistakes),
        }
    }
    keys(findings, settings, clock);
    if settings.session_key_file.is_none() {
        findings.ok(
            "gateway.session_key_file",
            "is not set, so everybody signs in again after a start, and at each replica",
        );
    }
    let files = settings.secret_files();
    let mut exposures: Vec<String> = files.filter_map(NamedFile::exposed).collect();
    exposures.dedup();
    for exposure in exposures {
        findings.fix("file mode", exposure);
    }
}

fn keys(findings: &mut Findings, settings: &GatewaySettings, clock: Arc<dyn Clock>) {
    const NAME: &str = "gateway.keys_file";
    const MAKE: &str =
        "make one with `seatblock gateway-keys new --name NAME --scope read,block,operate,admin`";
    let path = &settings.keys_file;
    let file = shown(path);
    match FileKeyRing::open(path, clock) {
        Ok(ring) if !ring.is_empty() => findings.ok(NAME, format!("{file}: keys are there")),
        // `serve` makes a key for its run then.
        Ok(_) if settings.makes_key_before(findings.sandbox) => findings.ok(
            NAME,
            format!("{file} holds no key; before the sandbox `serve` makes one for its run"),
        ),
        Ok(_) if path.exists() => findings.fix(
            NAME,
            format!(
                "{file} has no key that opens anything, and nothing is served without one; {MAKE}"
            ),
        ),
        Ok(_) => findings.fix(
            NAME,
            format!("{file} is not there, and nothing is served without a key; {MAKE}"),
        ),
        Err(error) => findings.fix(NAME, format!("{file} cannot be used: {error}")),
    }
    if let Some(mode) = open_to_others(path) {
        findings.fix(
            "file mode",
            format!(
                "{file} is open to other users (mode {mode}); run `chmod 600 {}`",
                quoted(path)
            ),
        );
    }
}
