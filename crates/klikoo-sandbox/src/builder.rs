//! Settings of a sandbox before it starts.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::auth::{BodyHash, DemoKey, PartnerKey, TokenMint, Verifier};
use crate::callback::{CallbackUrl, Callbacks, send_callbacks};
use crate::clock::VirtualClock;
use crate::country::standing_trips;
use crate::error::{CallbackUrlError, PartnerKeyError, StartError};
use crate::fault::{FaultBook, Rule};
use crate::journal::Journal;
use crate::kernel::{Kernel, Options};
use crate::open_points::{HistoryOff, OpenPoints};
use crate::sandbox::Sandbox;
use crate::scenario::{Scenario, TripSpec};
use crate::store::Store;

/// The client id of a sandbox that was told none: an invented UUID.
const CLIENT_ID: &str = "5a4d0b0e-0000-4000-8000-00000000c11e";

/// The secret of a sandbox that was told none: 32 characters, and no secret to anybody.
const CLIENT_SECRET: &str = "sandbox-secret-of-32-characters!";

/// Entries that the journal keeps in memory: a long test, but no leak.
const JOURNAL_CAPACITY: usize = 100_000;

/// Settings of a [`Sandbox`]; every one has a default.
///
/// ```
/// use std::time::Duration;
/// use klikoo_sandbox::{BodyHash, Sandbox};
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = Sandbox::builder()
///     .client_id("5f0c1f6e-8f4b-4a51-9c7d-2b3a6f1f0e77")
///     .body_hash(BodyHash::Sorted)
///     .hold_for(Duration::from_secs(60))
///     .start()
///     .await
///     .unwrap();
/// assert_eq!(sandbox.client_id(), "5f0c1f6e-8f4b-4a51-9c7d-2b3a6f1f0e77");
/// # });
/// ```
#[must_use = "a builder does nothing until `start`"]
pub struct SandboxBuilder {
    listen: SocketAddr,
    options: Options,
    partner_keys: Vec<PartnerKey>,
    clock: VirtualClock,
    trips: Vec<TripSpec>,
    faults: Vec<Rule>,
    journal_capacity: usize,
    journal_file: Option<PathBuf>,
    callback_url: Option<CallbackUrl>,
}

impl Default for SandboxBuilder {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            options: Options {
                client_id: CLIENT_ID.to_owned(),
                client_secret: CLIENT_SECRET.to_owned(),
                body_hash: BodyHash::default(),
                signs_query: false,
                timestamp_window: Duration::from_mins(5),
                hold_for: Duration::from_mins(30),
                token_lifetime: Duration::from_mins(15),
                latency: Duration::ZERO,
                open: OpenPoints::default(),
            },
            partner_keys: Vec::new(),
            clock: VirtualClock::system(),
            trips: Vec::new(),
            faults: Vec::new(),
            journal_capacity: JOURNAL_CAPACITY,
            journal_file: None,
            callback_url: None,
        }
    }
}

/// Writes one builder method: documentation, an example, and what it sets.
macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident($value:ident: $kind:ty) => $($field:ident).+ = $set:expr;)*) => {$(
        $(#[$doc])*
        pub fn $name(mut self, $value: $kind) -> Self {
            self.$($field).+ = $set;
            self
        }
    )*};
}

impl SandboxBuilder {
    settings! {
        /// Where to listen. Default: `127.0.0.1` on any free port.
        ///
        /// ```
        /// let builder = klikoo_sandbox::Sandbox::builder().listen(([127, 0, 0, 1], 0).into());
        /// ```
        listen(address: SocketAddr) => listen = address;
        /// The client id that token requests must name.
        ///
        /// ```
        /// let builder = klikoo_sandbox::Sandbox::builder().client_id("a-client");
        /// ```
        client_id(id: impl Into<String>) => options.client_id = id.into();
        /// The client secret: named in token requests, and the key of HMAC signatures.
        ///
        /// ```
        /// let builder = klikoo_sandbox::Sandbox::builder().client_secret("a-secret");
        /// ```
        client_secret(secret: impl Into<String>) => options.client_secret = secret.into();
        /// What is hashed of a body. Default: the bytes as received.
        ///
        /// ```
        /// use klikoo_sandbox::{BodyHash, Sandbox};
        /// let builder = Sandbox::builder().body_hash(BodyHash::SortedGo);
        /// ```
        body_hash(hash: BodyHash) => options.body_hash = hash;
        /// Whether the signed path of a GET includes its query (assumption A6). Default: no.
        ///
        /// ```
        /// let builder = klikoo_sandbox::Sandbox::builder().signs_query(true);
        /// ```
        signs_query(yes: bool) => options.signs_query = yes;
        /// How far a timestamp may be from the clock, before or after it
        /// (assumption A3). Default: 5 minutes.
        ///
        /// ```
        /// use std::time::Duration;
        /// let builder = klikoo_sandbox::Sandbox::builder().timestamp_window(Duration::from_secs(1));
        /// ```
        timestamp_window(window: Duration) => options.timestamp_window = window;
        /// How long a hold lasts by the clock. Default: 30 minutes.
        ///
        /// ```
        /// use std::time::Duration;
        /// let builder = klikoo_sandbox::Sandbox::builder().hold_for(Duration::from_secs(60));
        /// ```
        hold_for(duration: Duration) => options.hold_for = duration;
        /// How long a token lasts by the clock. Default: 900 seconds. `expires_in` has whole seconds.
        ///
        /// ```
        /// use std::time::Duration;
        /// let builder = klikoo_sandbox::Sandbox::builder().token_lifetime(Duration::from_secs(2));
        /// ```
        token_lifetime(lifetime: Duration) => options.token_lifetime = lifetime;
        /// Real time to wait before each answer of block-seat, after executing. Default: none.
        ///
        /// ```
        /// use std::time::Duration;
        /// let builder = klikoo_sandbox::Sandbox::builder().latency(Duration::from_secs(1));
        /// ```
        latency(wait: Duration) => options.latency = wait;
        /// Whether a refused block uses its reference up. Default: no.
        ///
        /// ```
        /// let builder = klikoo_sandbox::Sandbox::builder().refused_uses_reference(true);
        /// ```
        refused_uses_reference(yes: bool) => options.open.refused_uses_reference = yes;
        /// Whether product, trips and seats are judged before the reference. A repeat of a held
        /// block is then told that its own seat is taken, instead of `409056563`. Default: no.
        ///
        /// ```
        /// let builder = klikoo_sandbox::Sandbox::builder().reference_checked_last(true);
        /// ```
        reference_checked_last(yes: bool) => options.open.reference_checked_last = yes;
        /// Whether the history's `q` finds a whole partner reference (assumption
        /// A6), beside a whole transaction id. Default: yes.
        ///
        /// ```
        /// let builder = klikoo_sandbox::Sandbox::builder().history_matches_reference(false);
        /// ```
        history_matches_reference(yes: bool) => options.open.history_matches_reference = yes;
        /// Answers no search of the history, but still the query of one transaction. Default: it
        /// answers.
        ///
        /// ```
        /// use klikoo_sandbox::{HistoryOff, Sandbox};
        /// let builder = Sandbox::builder().history_off(HistoryOff::Fails);
        /// ```
        history_off(how: HistoryOff) => options.open.history_off = Some(how);
        /// The time to go by. Default: a clock that follows the system's.
        ///
        /// ```
        /// use klikoo_sandbox::{Sandbox, VirtualClock};
        /// let builder = Sandbox::builder().clock(VirtualClock::system());
        /// ```
        clock(clock: VirtualClock) => clock = clock;
        /// The most journal entries kept in memory; the oldest go first, and 0
        /// keeps none. Default: 100 000.
        ///
        /// ```
        /// let for_a_load_run = klikoo_sandbox::Sandbox::builder().journal_capacity(0);
        /// ```
        journal_capacity(entries: usize) => journal_capacity = entries;
        /// Appends every journal entry to a file, one JSON object a line, readable
        /// by its owner alone.
        ///
        /// ```
        /// let builder = klikoo_sandbox::Sandbox::builder().journal_file("journal.jsonl");
        /// ```
        journal_file(path: impl Into<PathBuf>) => journal_file = Some(path.into());
    }

    /// Registers a partner's public key, beside any others and the demo key:
    /// SPKI PEM, P-256 or RSA of 2048 to 8192 bits.
    ///
    /// # Errors
    ///
    /// [`PartnerKeyError`] when the text is no public key of these kinds.
    ///
    /// ```
    /// use klikoo_sandbox::{PartnerKeyError, Sandbox};
    /// let refused = Sandbox::builder().partner_public_key_pem("-----BEGIN PRIVATE KEY-----");
    /// assert_eq!(refused.err(), Some(PartnerKeyError::Private));
    /// ```
    pub fn partner_public_key_pem(mut self, pem: &str) -> Result<Self, PartnerKeyError> {
        self.partner_keys.push(PartnerKey::from_spki_pem(pem)?);
        Ok(self)
    }

    /// Where to POST a callback after each block and booking, and when a hold ends by the clock:
    /// `http://` with a loopback address or `localhost`. Each is sent once, after its cause, whatever
    /// the cause's own answer is; who does not take it within 5 seconds has missed it.
    ///
    /// # Errors
    ///
    /// [`CallbackUrlError`] when it is no such URL.
    ///
    /// ```
    /// # use klikoo_sandbox::{CallbackUrlError, Sandbox};
    /// let builder = Sandbox::builder().callback_url("http://127.0.0.1:8080/klikoo")?;
    /// # Ok::<(), CallbackUrlError>(())
    /// ```
    pub fn callback_url(mut self, url: &str) -> Result<Self, CallbackUrlError> {
        self.callback_url = Some(CallbackUrl::parse(url)?);
        Ok(self)
    }

    /// Adds a trip beside those that always run.
    ///
    /// ```
    /// use klikoo_sandbox::{Sandbox, TripSpec};
    /// let builder = Sandbox::builder().trip(TripSpec::new(7, 20_000));
    /// ```
    pub fn trip(mut self, trip: TripSpec) -> Self {
        self.trips.push(trip);
        self
    }

    /// Adds a scenario's trips and faults.
    ///
    /// ```
    /// use klikoo_sandbox::{Sandbox, Scenario};
    /// let scenario = Scenario::from_toml("[[fault]]\nthen = \"not_json\"").unwrap();
    /// let builder = Sandbox::builder().scenario(scenario);
    /// ```
    pub fn scenario(mut self, scenario: Scenario) -> Self {
        self.trips.extend(scenario.trips);
        self.faults.extend(scenario.faults);
        self
    }

    /// Starts listening, on the tokio runtime that this is called in.
    ///
    /// # Errors
    ///
    /// [`StartError`] when the address cannot be listened on, the journal file
    /// cannot be opened, or two trips have one id.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::builder().start().await.unwrap();
    /// assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
    /// # });
    /// ```
    // Async so that it can only be called inside a runtime, which the listener needs.
    #[expect(clippy::unused_async, reason = "the listener needs a runtime")]
    pub async fn start(mut self) -> Result<Sandbox, StartError> {
        check_trips(&self.trips)?;
        let journal = Journal::new(self.journal_capacity, self.journal_file.as_deref()).map_err(
            |source| StartError::Journal {
                path: self.journal_file.clone().unwrap_or_default(),
                source,
            },
        )?;
        let DemoKey {
            private_pem,
            public,
        } = DemoKey::generate().ok_or(StartError::NoRandomness)?;
        self.partner_keys.push(public);
        let (callbacks, changed) = Callbacks::new();
        let kernel = Kernel {
            verifier: Verifier::new(&self.options.client_secret, self.partner_keys)
                .ok_or(StartError::NoRandomness)?,
            mint: TokenMint::new(self.options.token_lifetime).ok_or(StartError::NoRandomness)?,
            options: self.options,
            clock: self.clock,
            faults: FaultBook::default(),
            journal,
            connections: AtomicU64::new(0),
            store: Mutex::new(Store::new(&self.trips)),
            callbacks: self.callback_url.is_some().then_some(callbacks),
        };
        let kernel = Arc::new(kernel);
        let mut sandbox = Sandbox::open(self.listen, Arc::clone(&kernel), private_pem)?;
        if let Some(url) = self.callback_url {
            sandbox.calls_back(tokio::spawn(send_callbacks(kernel, url, changed)));
        }
        for rule in self.faults {
            sandbox.add_fault(rule);
        }
        Ok(sandbox)
    }
}

/// Without secret and keys.
impl fmt::Debug for SandboxBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SandboxBuilder")
            .field("listen", &self.listen)
            .field("client_id", &self.options.client_id)
            .finish_non_exhaustive()
    }
}

fn check_trips(trips: &[TripSpec]) -> Result<(), StartError> {
    let mut ids = std::collections::HashSet::from(standing_trips().map(|trip| trip.id));
    for trip in trips {
        if !ids.insert(trip.id) {
            return Err(StartError::TripTwice { id: trip.id });
        }
        if trip.seats > TripSpec::MAX_SEATS {
            return Err(StartError::TooManySeats {
                id: trip.id,
                seats: trip.seats,
            });
        }
    }
    Ok(())
}
