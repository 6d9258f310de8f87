//! The one table of settings.

/// A setting that exists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// As in a file, levels joined by dots.
    pub(crate) name: &'static str,
    /// What it means and what it accepts.
    pub(crate) meaning: &'static str,
    /// What holds where it is absent.
    pub(crate) default: &'static str,
}

const fn key(name: &'static str, meaning: &'static str, default: &'static str) -> Key {
    Key {
        name,
        meaning,
        default,
    }
}

pub(crate) const BASE_URL: Key = key(
    "klikoo.base_url",
    "https://host or https://host/prefix; http only for loopback",
    "absent: a sandbox inside the process",
);
pub(crate) const CLIENT_ID: Key = key("klikoo.client_id", "as Klikoo gave it", "");
pub(crate) const CLIENT_SECRET: Key = key("klikoo.client_secret", "as Klikoo gave it", "");
pub(crate) const CLIENT_SECRET_FILE: Key = key(
    "klikoo.client_secret_file",
    "a file that holds the client secret",
    "",
);
pub(crate) const PRIVATE_KEY_FILE: Key = key(
    "klikoo.private_key_file",
    "PKCS#8 PEM, RSA or P-256: signs the token request",
    "",
);
pub(crate) const REQUEST_SIGNATURE: Key = key(
    "klikoo.request_signature",
    "\"hmac-sha512\" or \"ecdsa-p256\"",
    "hmac-sha512",
);
pub(crate) const SIGNING_KEY_FILE: Key = key(
    "klikoo.signing_key_file",
    "PKCS#8 PEM, P-256: signs requests under ecdsa-p256",
    "private_key_file",
);
pub(crate) const ACCESS_TOKEN: Key = key("klikoo.access_token", "\"bearer\" or \"none\"", "bearer");
pub(crate) const CONNECT_TIMEOUT: Key = key(
    "klikoo.connect_timeout",
    "a duration such as \"3s\", shorter than klikoo.timeout",
    "3s, or half of the timeout where less",
);
pub(crate) const TIMEOUT: Key = key("klikoo.timeout", "a duration such as \"30s\"", "30s");
pub(crate) const IDLE_TIMEOUT: Key =
    key("klikoo.idle_timeout", "a duration such as \"10s\"", "10s");
pub(crate) const CA_FILE: Key = key("klikoo.ca_file", "PEM of an extra trust root", "");
pub(crate) const LONGEST_HOLD: Key = key(
    "klikoo.longest_hold",
    "a duration such as \"2h\": how long Klikoo keeps seats at most",
    "2h",
);
pub(crate) const BOOKING_MARGIN: Key = key(
    "klikoo.booking_margin",
    "a duration such as \"1m\", no shorter than klikoo.timeout: no booking is begun later than this before the end of a hold",
    "1m, or the timeout where more",
);
pub(crate) const HISTORY_SEARCH: Key = key(
    "klikoo.history_search",
    "\"reference\" or \"window\": whether the history is searched for a reference by its own search text, or all of the time in question is read",
    "reference",
);
pub(crate) const SIGNED_QUERY: Key = key(
    "klikoo.signed_query",
    "\"no\" or \"yes\": whether the query of a question is signed with its path",
    "no",
);
pub(crate) const LEDGER_URL: Key = key(
    "ledger.url",
    "sqlite:FILE, or postgres://USER@HOST/DATABASE",
    "sqlite:seatblock/ledger.sqlite in the user's state folder; sandbox-ledger.sqlite beside it for the sandbox inside the process",
);
pub(crate) const LEDGER_KEY_FILE: Key = key(
    "ledger.key_file",
    "64 hex digits: seals the people of an order, so that it can be sent once more",
    "absent: they are not stored",
);

pub(crate) const LEDGER_SPILL_FILE: Key = key(
    "ledger.spill_file",
    "a file for answers that a failing ledger would not take; put it on another disk",
    "<ledger>.spill.jsonl beside the ledger; for PostgreSQL seatblock/ledger.spill.jsonl in the user's state folder",
);
pub(crate) const LEDGER_SHRED_AFTER: Key = key(
    "ledger.shred_after",
    "a duration such as \"24h\": how long `serve` and `recover` keep the people of an order that has ended",
    "24h",
);

pub(crate) const GATEWAY_LISTEN: Key = key(
    "gateway.listen",
    "an address and a port, such as 127.0.0.1:8480; beyond loopback only with gateway.tls_cert_file or gateway.behind_proxy",
    "127.0.0.1:8480",
);
pub(crate) const GATEWAY_METRICS_LISTEN: Key = key(
    "gateway.metrics_listen",
    "an address and a port for /metrics, or \"none\"",
    "127.0.0.1:9464",
);
pub(crate) const GATEWAY_KEYS_FILE: Key = key(
    "gateway.keys_file",
    "what `seatblock gateway-keys` writes: hashes of keys",
    "seatblock/gateway-keys.json in the user's state folder",
);
pub(crate) const GATEWAY_SESSION_KEY_FILE: Key = key(
    "gateway.session_key_file",
    "64 hex digits: signs the console's sessions; the same for all replicas",
    "absent: made anew at each start",
);
pub(crate) const GATEWAY_TLS_CERT_FILE: Key = key(
    "gateway.tls_cert_file",
    "PEM: the certificate and those between it and its root",
    "absent: plain HTTP",
);
pub(crate) const GATEWAY_TLS_KEY_FILE: Key = key(
    "gateway.tls_key_file",
    "PEM: the private key of that certificate",
    "",
);
pub(crate) const GATEWAY_BEHIND_PROXY: Key = key(
    "gateway.behind_proxy",
    "\"no\" or \"yes\": whether something in front of it encrypts",
    "no",
);
pub(crate) const GATEWAY_GRACE: Key = key(
    "gateway.grace",
    "a duration such as \"45s\": how long the end waits for what is under way",
    "45s",
);
pub(crate) const GATEWAY_IN_FLIGHT: Key = key(
    "gateway.in_flight",
    "a number, such as \"1024\": so many requests at the same time",
    "1024",
);
pub(crate) const GATEWAY_IN_FLIGHT_PER_KEY: Key = key(
    "gateway.in_flight_per_key",
    "a number, such as \"256\": so many of them by one key",
    "256",
);
pub(crate) const GATEWAY_PER_SECOND: Key = key(
    "gateway.per_second",
    "a number, such as \"200\": so many requests of one key in a second",
    "200",
);
pub(crate) const GATEWAY_BLOCKS_PER_HOUR: Key = key(
    "gateway.blocks_per_hour",
    "a number, such as \"20000\": so many blocks of one key in an hour",
    "20000",
);
pub(crate) const GATEWAY_LIVE_SEATS_PER_TRIP: Key = key(
    "gateway.live_seats_per_trip",
    "a number, such as \"60\": so many seats of one trip that a tenant holds at a time",
    "60",
);
pub(crate) const GATEWAY_LAPSES_PER_SEAT: Key = key(
    "gateway.lapses_per_seat",
    "a number from 1 to 125, such as \"12\": so often in 24 hours one tenant's holds of a seat may end unbooked",
    "12",
);
pub(crate) const GATEWAY_READS_PER_SECOND: Key = key(
    "gateway.reads_per_second",
    "a number, such as \"50\": so many calls of Klikoo in a second for places, trips and seats",
    "50",
);
pub(crate) const GATEWAY_READS_PER_SECOND_PER_TENANT: Key = key(
    "gateway.reads_per_second_per_tenant",
    "a number, such as \"20\": so many of them for one tenant",
    "20",
);

pub(crate) const TELEMETRY_OTLP_ENDPOINT: Key = key(
    "telemetry.otlp_endpoint",
    "http://host:port of an OpenTelemetry collector (OTLP, http/protobuf): `serve` tells it spans",
    "absent: none are told",
);
pub(crate) const TELEMETRY_SERVICE_NAME: Key = key(
    "telemetry.service_name",
    "the name that spans go under",
    "seatblock",
);
pub(crate) const TELEMETRY_SEND_TRACE_CONTEXT: Key = key(
    "telemetry.send_trace_context",
    "\"no\" or \"yes\": whether Klikoo is told which trace a call belongs to (traceparent)",
    "no",
);

/// Every setting, in the order in which they are told.
pub(crate) const KEYS: [Key; 39] = [
    BASE_URL,
    CLIENT_ID,
    CLIENT_SECRET,
    CLIENT_SECRET_FILE,
    PRIVATE_KEY_FILE,
    REQUEST_SIGNATURE,
    SIGNING_KEY_FILE,
    ACCESS_TOKEN,
    CONNECT_TIMEOUT,
    TIMEOUT,
    IDLE_TIMEOUT,
    CA_FILE,
    LONGEST_HOLD,
    BOOKING_MARGIN,
    HISTORY_SEARCH,
    SIGNED_QUERY,
    LEDGER_URL,
    LEDGER_KEY_FILE,
    LEDGER_SPILL_FILE,
    LEDGER_SHRED_AFTER,
    GATEWAY_LISTEN,
    GATEWAY_METRICS_LISTEN,
    GATEWAY_KEYS_FILE,
    GATEWAY_SESSION_KEY_FILE,
    GATEWAY_TLS_CERT_FILE,
    GATEWAY_TLS_KEY_FILE,
    GATEWAY_BEHIND_PROXY,
    GATEWAY_GRACE,
    GATEWAY_IN_FLIGHT,
    GATEWAY_IN_FLIGHT_PER_KEY,
    GATEWAY_PER_SECOND,
    GATEWAY_BLOCKS_PER_HOUR,
    GATEWAY_LIVE_SEATS_PER_TRIP,
    GATEWAY_LAPSES_PER_SEAT,
    GATEWAY_READS_PER_SECOND,
    GATEWAY_READS_PER_SECOND_PER_TENANT,
    TELEMETRY_OTLP_ENDPOINT,
    TELEMETRY_SERVICE_NAME,
    TELEMETRY_SEND_TRACE_CONTEXT,
];

/// Begins the name of every environment variable that is a setting.
pub(crate) const ENVIRONMENT_PREFIX: &str = "SEATBLOCK_";

impl Key {
    /// The environment variable of this setting.
    pub(crate) fn variable(&self) -> String {
        let name = self.name.replace('.', "__").to_uppercase();
        format!("{ENVIRONMENT_PREFIX}{name}")
    }
}

/// The setting of this name.
pub(crate) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The setting whose name is most like `name`.
pub(crate) fn nearest(name: &str) -> &'static Key {
    let name = name.to_lowercase();
    // What distinguishes keys is their last part: the table's name is common to all.
    let likeness = |key: &Key| {
        let whole = strsim::normalized_damerau_levenshtein(key.name, &name);
        let part = |text: &str| text.rsplit('.').next().unwrap_or_default().to_owned();
        let last = strsim::normalized_damerau_levenshtein(&part(key.name), &part(&name));
        whole + last
    };
    KEYS.iter()
        .max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
        .unwrap_or(&BASE_URL)
}

/// The table of settings, for people.
pub(crate) fn help() -> String {
    KEYS.iter()
        .map(|key| {
            let default = if key.default.is_empty() {
                String::new()
            } else {
                format!(" [{}]", key.default)
            };
            format!("  {}: {}{default}\n", key.name, key.meaning)
        })
        .collect::<Vec<_>>()
        .concat()
}

#[cfg(test)]
mod tests {
    use super::{KEYS, find, help, nearest};

    #[test]
    fn a_misspelt_name_is_recognised() {
        for (typed, meant) in [
            ("klikoo.base-url", "klikoo.base_url"),
            ("klikoo.baseurl", "klikoo.base_url"),
            ("base_url", "klikoo.base_url"),
            ("kliko.timeout", "klikoo.timeout"),
            ("klikoo.client_scret", "klikoo.client_secret"),
            ("klikoo.private_key", "klikoo.private_key_file"),
            ("klikoo.KONNECT_TIMEOUT", "klikoo.connect_timeout"),
        ] {
            assert_eq!(nearest(typed).name, meant, "{typed}");
        }
    }

    #[test]
    fn each_name_stands_once_and_has_a_variable() {
        for key in KEYS {
            assert_eq!(
                KEYS.iter().filter(|other| other.name == key.name).count(),
                1
            );
            assert_eq!(find(key.name).map(|found| found.name), Some(key.name));
            assert!(!key.meaning.is_empty());
        }
        assert_eq!(super::BASE_URL.variable(), "SEATBLOCK_KLIKOO__BASE_URL");
    }

    #[test]
    fn the_help_names_every_setting() {
        assert_eq!(help().lines().count(), KEYS.len());
    }
}
