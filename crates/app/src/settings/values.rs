//! From texts to values, with every mistake.

use std::path::PathBuf;
use std::time::Duration;

use klikoo_adapter::{BaseUrl, HistorySearch, RequestScheme};
use secrecy::SecretString;

use super::keys::{self, Key};
use super::mistake::Mistake;
use super::source::{Origin, Source};

/// Longest time to wait for anything.
const DURATION_MAX: Duration = Duration::from_hours(1);

/// What holds where nothing is set, as the table of keys tells it.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TIMEOUT: Duration = Duration::from_secs(30);
const IDLE_TIMEOUT: Duration = Duration::from_secs(10);
const LONGEST_HOLD: Duration = Duration::from_hours(2);
pub(crate) const BOOKING_MARGIN: Duration = Duration::from_mins(1);

/// No seat is kept for longer than a day before it is paid.
const LONGEST_HOLD_MAX: Duration = Duration::from_hours(24);

const SHRED_AFTER: Duration = Duration::from_hours(24);
const SHRED_AFTER_MAX: Duration = Duration::from_hours(366 * 24);

/// How to reach Klikoo. Files are named, not yet read.
#[derive(Debug)]
pub(crate) struct KlikooSettings {
    pub(crate) base_url: BaseUrl,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<ClientSecret>,
    pub(crate) private_key_file: Option<NamedFile>,
    pub(crate) scheme: RequestScheme,
    pub(crate) signing_key_file: Option<NamedFile>,
    pub(crate) bearer: bool,
    pub(crate) connect_timeout: Duration,
    pub(crate) timeout: Duration,
    pub(crate) idle_timeout: Duration,
    pub(crate) ca_file: Option<NamedFile>,
    pub(crate) longest_hold: Duration,
    pub(crate) booking_margin: Duration,
    pub(crate) history_search: HistorySearch,
    pub(crate) query_signed: bool,
}

/// A file that a setting names.
#[derive(Clone, Debug)]
pub(crate) struct NamedFile {
    /// The setting.
    pub(crate) key: &'static str,
    /// Where it was set.
    pub(crate) origin: Origin,
    /// Where the file is, from the current folder.
    pub(crate) path: PathBuf,
}

/// Where the client secret is.
#[derive(Debug)]
pub(crate) enum ClientSecret {
    Value(SecretString),
    File(NamedFile),
}

/// What the settings have to suffice for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Calls: a signature, and a token where one is used.
    Calls,
    /// Calls whose answers the ledger keeps.
    RecordedCalls,
    /// Signatures alone, for looking at them.
    Signing,
}

/// The values of `source`; what is wrong is added to its mistakes. `None` where no base URL is
/// known, with or without a mistake.
pub(crate) fn values(source: &mut Source, purpose: Purpose) -> Option<KlikooSettings> {
    let base_url = base_url(source);
    let client_id = source
        .text(&keys::CLIENT_ID)
        .and_then(|(text, origin)| plain_text(source, &keys::CLIENT_ID, &text, &origin));
    let client_secret = client_secret(source);
    let private_key_file = file(source, &keys::PRIVATE_KEY_FILE);
    let signing_key_file = file(source, &keys::SIGNING_KEY_FILE);
    let ca_file = file(source, &keys::CA_FILE);
    let ecdsa = one_of(
        source,
        &keys::REQUEST_SIGNATURE,
        ["hmac-sha512", "ecdsa-p256"],
    ) == 1;
    let bearer = one_of(source, &keys::ACCESS_TOKEN, ["bearer", "none"]) == 0;
    let timeout = duration(source, &keys::TIMEOUT).unwrap_or(TIMEOUT);
    // Whoever shortens the whole call alone wants it to fail sooner, not to hear of a second key.
    let connect_timeout =
        duration(source, &keys::CONNECT_TIMEOUT).unwrap_or(CONNECT_TIMEOUT.min(timeout / 2));
    let idle_timeout = duration(source, &keys::IDLE_TIMEOUT).unwrap_or(IDLE_TIMEOUT);
    let longest_hold = longest_hold(source);
    let booking_margin = booking_margin(source, timeout);
    let history_search = match one_of(source, &keys::HISTORY_SEARCH, ["reference", "window"]) {
        0 => HistorySearch::ByReference,
        _ => HistorySearch::WholeWindow,
    };
    let query_signed = one_of(source, &keys::SIGNED_QUERY, ["no", "yes"]) == 1;
    if connect_timeout >= timeout {
        source.mistakes.push(Mistake::new(
            keys::CONNECT_TIMEOUT.name,
            format!(
                "is {} and has to be shorter than klikoo.timeout, which is {}; otherwise a call that never left cannot be told from one without an answer",
                humantime::format_duration(connect_timeout),
                humantime::format_duration(timeout),
            ),
        ));
    }
    need(source, ecdsa, bearer && purpose != Purpose::Signing);
    Some(KlikooSettings {
        base_url: base_url?,
        client_id,
        client_secret,
        private_key_file,
        scheme: if ecdsa {
            RequestScheme::EcdsaP256
        } else {
            RequestScheme::HmacSha512
        },
        signing_key_file,
        bearer,
        connect_timeout,
        timeout,
        idle_timeout,
        ca_file,
        longest_hold,
        booking_margin,
        history_search,
        query_signed,
    })
}

/// The longest that Klikoo keeps seats.
pub(super) fn longest_hold(source: &mut Source) -> Duration {
    duration_up_to((LONGEST_HOLD_MAX, "a day"), source, &keys::LONGEST_HOLD).unwrap_or(LONGEST_HOLD)
}

/// How long before the end of a hold its booking has to begin, if it is to be over in time.
fn booking_margin(source: &mut Source, timeout: Duration) -> Duration {
    let Some(margin) = duration(source, &keys::BOOKING_MARGIN) else {
        return BOOKING_MARGIN.max(timeout);
    };
    if margin < timeout {
        source.mistakes.push(Mistake::new(
            keys::BOOKING_MARGIN.name,
            format!(
                "is {} and must not be shorter than klikoo.timeout, which is {}; otherwise a booking may still be under way when the hold ends",
                humantime::format_duration(margin),
                humantime::format_duration(timeout),
            ),
        ));
    }
    margin
}

/// How long people are kept after all has ended.
pub(super) fn shred_after(source: &mut Source) -> Duration {
    let longest = (SHRED_AFTER_MAX, "a year");
    duration_up_to(longest, source, &keys::LEDGER_SHRED_AFTER).unwrap_or(SHRED_AFTER)
}

/// Names each part that the chosen signature and token need and that is not set.
fn need(source: &mut Source, ecdsa: bool, bearer: bool) {
    let has = |key: &Key| source.has(key);
    let secret = has(&keys::CLIENT_SECRET) || has(&keys::CLIENT_SECRET_FILE);
    let private_key = has(&keys::PRIVATE_KEY_FILE);
    let signing_key = has(&keys::SIGNING_KEY_FILE) || private_key;
    let either = "klikoo.client_secret_file (or klikoo.client_secret)";
    let hint = "give it, or set klikoo.access_token = \"none\"";
    let missing = [
        (!has(&keys::BASE_URL), keys::BASE_URL.name, "is missing, but other klikoo settings are there; give it, or take those out to use the sandbox inside the process".to_owned()),
        (!ecdsa && !secret, either, "is missing: request_signature \"hmac-sha512\" signs with it".to_owned()),
        (ecdsa && !signing_key, keys::SIGNING_KEY_FILE.name, "is missing, and so is klikoo.private_key_file: request_signature \"ecdsa-p256\" signs with a P-256 key; make one with `seatblock keys new p256 --out DIR`".to_owned()),
        (bearer && !has(&keys::CLIENT_ID), keys::CLIENT_ID.name, format!("is missing: access_token \"bearer\" needs it; {hint}")),
        (bearer && !secret && ecdsa, either, format!("is missing: access_token \"bearer\" needs it; {hint}")),
        (bearer && !private_key, keys::PRIVATE_KEY_FILE.name, format!("is missing: access_token \"bearer\" signs the token request with it; {hint}")),
    ];
    for (applies, place, message) in missing {
        if applies {
            source.mistakes.push(Mistake::new(place, message));
        }
    }
}

fn base_url(source: &mut Source) -> Option<BaseUrl> {
    let (text, origin) = source.text(&keys::BASE_URL)?;
    // The error repeats nothing of the text, which may hold a password.
    match BaseUrl::parse(&text) {
        Ok(base_url) => Some(base_url),
        Err(error) => {
            let place = origin.place(keys::BASE_URL.name);
            source.mistakes.push(Mistake::new(place, error.to_string()));
            None
        }
    }
}

fn client_secret(source: &mut Source) -> Option<ClientSecret> {
    let value = source.text(&keys::CLIENT_SECRET);
    let file = file(source, &keys::CLIENT_SECRET_FILE);
    if source.has(&keys::CLIENT_SECRET) && source.has(&keys::CLIENT_SECRET_FILE) {
        source.mistakes.push(Mistake::new(
            keys::CLIENT_SECRET.name,
            "is set beside klikoo.client_secret_file; keep one of the two",
        ));
    }
    match (value, file) {
        (_, Some(file)) => Some(ClientSecret::File(file)),
        (Some((text, origin)), None) => plain_text(source, &keys::CLIENT_SECRET, &text, &origin)
            .map(|text| ClientSecret::Value(text.into())),
        (None, None) => None,
    }
}

/// A text that goes into requests: without line ends or other control characters.
fn plain_text(source: &mut Source, key: &Key, text: &str, origin: &Origin) -> Option<String> {
    if text.chars().any(char::is_control) {
        let message =
            "holds a line end or another control character; give it on one line, as Klikoo gave it";
        source
            .mistakes
            .push(Mistake::new(origin.place(key.name), message));
        return None;
    }
    Some(text.to_owned())
}

pub(super) fn file(source: &mut Source, key: &'static Key) -> Option<NamedFile> {
    let (text, origin) = source.text(key)?;
    let path = origin.folder().join(text.as_str());
    Some(NamedFile {
        key: key.name,
        origin,
        path,
    })
}

/// The place of the value among `words`; the first where it is absent or wrong.
pub(super) fn one_of(source: &mut Source, key: &Key, words: [&str; 2]) -> usize {
    let Some((text, origin)) = source.text(key) else {
        return 0;
    };
    words
        .iter()
        .position(|word| *word == text.as_str())
        .unwrap_or_else(|| {
            let message = format!("is neither \"{}\" nor \"{}\"", words[0], words[1]);
            source
                .mistakes
                .push(Mistake::new(origin.place(key.name), message));
            0
        })
}

/// The duration that is set; `None` where it is absent or wrong.
fn duration(source: &mut Source, key: &Key) -> Option<Duration> {
    duration_up_to((DURATION_MAX, "an hour"), source, key)
}

pub(super) fn duration_up_to(
    (longest, in_words): (Duration, &str),
    source: &mut Source,
    key: &Key,
) -> Option<Duration> {
    let (text, origin) = source.text(key)?;
    match humantime::parse_duration(&text) {
        Ok(duration) if !duration.is_zero() && duration <= longest => Some(duration),
        _ => {
            let message = format!(
                "is no duration above zero and up to {in_words}; write it with its unit, such as \"3s\" or \"500ms\""
            );
            source
                .mistakes
                .push(Mistake::new(origin.place(key.name), message));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use booking_gateway::GatewayLimits;

    use super::{
        BOOKING_MARGIN, CONNECT_TIMEOUT, IDLE_TIMEOUT, LONGEST_HOLD, SHRED_AFTER, TIMEOUT, keys,
    };
    use crate::settings::{gateway, ledger, telemetry};

    #[test]
    fn the_table_of_keys_tells_the_defaults() {
        for (key, duration) in [
            (keys::CONNECT_TIMEOUT, CONNECT_TIMEOUT),
            (keys::TIMEOUT, TIMEOUT),
            (keys::IDLE_TIMEOUT, IDLE_TIMEOUT),
            (keys::LONGEST_HOLD, LONGEST_HOLD),
            (keys::BOOKING_MARGIN, BOOKING_MARGIN),
            (keys::GATEWAY_GRACE, gateway::GRACE),
        ] {
            let told = humantime::format_duration(duration).to_string();
            let first = key.default.split(',').next();
            assert_eq!(first, Some(told.as_str()), "{}", key.name);
        }
        // Which humantime would write as 1day.
        let told = humantime::parse_duration(keys::LEDGER_SHRED_AFTER.default);
        assert_eq!(told.unwrap(), SHRED_AFTER);

        let usual = GatewayLimits::default();
        let folder = ledger::FOLDER;
        let ledger_file = format!("sqlite:{folder}/{}", ledger::FILE);
        let keys_file = format!("{folder}/{}", gateway::KEYS_FILE);
        for (key, told) in [
            (keys::LEDGER_URL, ledger_file),
            (keys::LEDGER_URL, ledger::SANDBOX_FILE.to_owned()),
            (keys::GATEWAY_KEYS_FILE, keys_file),
            (keys::GATEWAY_LISTEN, gateway::LISTEN.to_string()),
            (
                keys::GATEWAY_METRICS_LISTEN,
                gateway::METRICS_LISTEN.to_string(),
            ),
            (
                keys::TELEMETRY_SERVICE_NAME,
                telemetry::SERVICE_NAME.to_owned(),
            ),
            (keys::GATEWAY_IN_FLIGHT, usual.in_flight.to_string()),
            (
                keys::GATEWAY_IN_FLIGHT_PER_KEY,
                usual.in_flight_per_key.to_string(),
            ),
            (keys::GATEWAY_PER_SECOND, usual.per_second.to_string()),
            (
                keys::GATEWAY_BLOCKS_PER_HOUR,
                usual.blocks_per_hour.to_string(),
            ),
            (
                keys::GATEWAY_LIVE_SEATS_PER_TRIP,
                usual.live_seats_per_trip.to_string(),
            ),
            (
                keys::GATEWAY_LAPSES_PER_SEAT,
                usual.lapses_per_seat.to_string(),
            ),
            (
                keys::GATEWAY_READS_PER_SECOND,
                usual.reads_per_second.to_string(),
            ),
            (
                keys::GATEWAY_READS_PER_SECOND_PER_TENANT,
                usual.reads_per_second_per_tenant.to_string(),
            ),
        ] {
            let is_told = key.default.split([' ', ';']).any(|word| word == told);
            assert!(is_told, "{}: {told}", key.name);
        }
    }
}
