//! Where spans are told.

use std::path::Path;

use klikoo_adapter::{BaseUrl, BaseUrlError};

use super::keys::{self, Key};
use super::mistake::{Mistake, Mistakes};
use super::source::Source;
use super::values;

pub(super) const SERVICE_NAME: &str = "seatblock";

/// Longest name of a service, in bytes: it goes with every batch.
const NAME_MAX: usize = 100;

/// Where OTLP collectors take spans.
const TRACES_PATH: &str = "/v1/traces";

/// Where spans are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TelemetrySettings {
    /// The whole URL that batches are posted to; `None`: nothing is told.
    pub(crate) endpoint: Option<reqwest::Url>,
    pub(crate) service_name: String,
    /// Whether the provider is told which trace a call belongs to.
    pub(crate) send_trace_context: bool,
}

impl TelemetrySettings {
    /// Reads them alone.
    ///
    /// # Errors
    ///
    /// Every mistake, whatever setting it is in.
    pub(crate) fn load(config: Option<&Path>) -> Result<Self, Mistakes> {
        let mut source = Source::read(config, std::env::vars_os());
        let settings = Self::read(&mut source);
        if source.mistakes.is_empty() {
            Ok(settings)
        } else {
            Err(Mistakes(source.mistakes))
        }
    }

    /// Reads them out of `source`, where mistakes are left.
    pub(super) fn read(source: &mut Source) -> Self {
        let endpoint = endpoint(source);
        let service_name = service_name(source).unwrap_or_else(|| SERVICE_NAME.to_owned());
        let key = &keys::TELEMETRY_SEND_TRACE_CONTEXT;
        let send_trace_context = values::one_of(source, key, ["no", "yes"]) == 1;
        if send_trace_context && !source.has(&keys::TELEMETRY_OTLP_ENDPOINT) {
            source.mistakes.push(Mistake::new(
                key.name,
                "is \"yes\", but without telemetry.otlp_endpoint there is no trace that a call could belong to",
            ));
        }
        Self {
            endpoint,
            service_name,
            send_trace_context,
        }
    }
}

fn endpoint(source: &mut Source) -> Option<reqwest::Url> {
    let key = &keys::TELEMETRY_OTLP_ENDPOINT;
    let (text, origin) = source.text(key)?;
    let url = collector(&text);
    if url.is_none() {
        source.mistakes.push(wrong(key, &origin, "is no URL such as http://127.0.0.1:4318: http or https, a host, perhaps a port and a path, and nothing else; a collector's token goes into OTEL_EXPORTER_OTLP_HEADERS"));
    }
    if url.as_ref().is_some_and(is_plain_and_elsewhere) && has_token() {
        source.mistakes.push(wrong(key, &origin, &format!("is plain http to another host, where everybody on the way could read what {HEADERS} holds: write https, or a collector on this host")));
    }
    url
}

/// What the exporter sends with every batch; a collector's token, for one.
const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";

fn has_token() -> bool {
    let names = [HEADERS, "OTEL_EXPORTER_OTLP_TRACES_HEADERS"];
    names
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|text| !text.is_empty()))
}

/// By the rule that holds for Klikoo's own URL.
fn is_plain_and_elsewhere(url: &reqwest::Url) -> bool {
    let origin = url.origin().ascii_serialization();
    BaseUrl::parse(&origin) == Err(BaseUrlError::Scheme)
}

/// The URL of a collector's spans; `/v1/traces` is added where it does not stand there.
fn collector(text: &str) -> Option<reqwest::Url> {
    let mut url = reqwest::Url::parse(text).ok()?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        // A password in a URL ends up in error messages.
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !plain {
        return None;
    }
    let path = url.path().trim_end_matches('/');
    let path = if path.ends_with(TRACES_PATH) {
        path.to_owned()
    } else {
        format!("{path}{TRACES_PATH}")
    };
    url.set_path(&path);
    Some(url)
}

fn service_name(source: &mut Source) -> Option<String> {
    let key = &keys::TELEMETRY_SERVICE_NAME;
    let (text, origin) = source.text(key)?;
    let sound = text.len() <= NAME_MAX && !text.chars().any(char::is_control);
    if !sound {
        let message = format!("is longer than {NAME_MAX} bytes, or holds a control character");
        source.mistakes.push(wrong(key, &origin, &message));
        return None;
    }
    Some(text.trim().to_owned())
}

fn wrong(key: &Key, origin: &super::source::Origin, message: &str) -> Mistake {
    Mistake::new(origin.place(key.name), message)
}

#[cfg(test)]
mod tests {
    use super::{collector, is_plain_and_elsewhere};

    #[test]
    fn what_others_could_read_on_the_way_is_seen() {
        for (text, is_open) in [
            ("http://127.0.0.1:4318", false),
            ("http://[::1]:4318", false),
            ("http://localhost:4318", false),
            ("https://otel.example", false),
            ("http://otel.example:4318", true),
            ("http://10.0.0.9:4318", true),
            ("http://localhost.example", true),
        ] {
            let url = collector(text).unwrap();
            assert_eq!(is_plain_and_elsewhere(&url), is_open, "{text}");
        }
    }

    #[test]
    fn the_path_of_spans_is_added_once() {
        for (written, meant) in [
            ("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/traces"),
            ("http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/traces"),
            (
                "https://otel.example/x/",
                "https://otel.example/x/v1/traces",
            ),
            ("http://[::1]:4318/v1/traces", "http://[::1]:4318/v1/traces"),
        ] {
            assert_eq!(collector(written).map(String::from).as_deref(), Some(meant));
        }
    }

    #[test]
    fn what_is_no_collector_is_refused() {
        for text in [
            "",
            "127.0.0.1:4318",
            "collector",
            "grpc://127.0.0.1:4317",
            "http://user:secret@127.0.0.1:4318",
            "http://user@127.0.0.1:4318",
            "http://127.0.0.1:4318/?key=secret",
            "http://127.0.0.1:4318/#x",
            "file:///tmp/traces",
        ] {
            assert_eq!(collector(text), None, "{text:?}");
        }
    }
}
