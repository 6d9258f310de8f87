//! A running sandbox.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::task::JoinHandle;

use crate::builder::SandboxBuilder;
use crate::clock::VirtualClock;
use crate::error::StartError;
use crate::fault::{Fault, Rule};
use crate::journal::JournalEntry;
use crate::kernel::Kernel;
use crate::routes::router;
use crate::server::{Gate, accept_connections};
use crate::store::{Hold, seen_at};

/// A local Klikoo that listens until it is dropped.
///
/// ```
/// use klikoo_sandbox::Sandbox;
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let sandbox = Sandbox::start().await.unwrap();
/// assert!(sandbox.base_url().starts_with("http://127.0.0.1:"));
/// sandbox.shutdown().await;
/// # });
/// ```
#[must_use = "the sandbox stops when it is dropped"]
pub struct Sandbox {
    kernel: Arc<Kernel>,
    gate: Arc<Gate>,
    base_url: String,
    private_key_pem: String,
    accepting: JoinHandle<()>,
    calling_back: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox with all defaults, on a free port of `127.0.0.1`.
    ///
    /// # Errors
    ///
    /// [`StartError`] when the system gives no port or no random bytes.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let one = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// let other = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert_ne!(one.base_url(), other.base_url());
    /// # });
    /// ```
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// A sandbox with settings of one's own.
    ///
    /// ```
    /// let builder = klikoo_sandbox::Sandbox::builder().client_id("a-client");
    /// ```
    pub fn builder() -> SandboxBuilder {
        SandboxBuilder::default()
    }

    pub(crate) fn open(
        address: SocketAddr,
        kernel: Arc<Kernel>,
        private_key_pem: String,
    ) -> Result<Self, StartError> {
        let gate = Gate::open(address).map_err(|source| StartError::Listen { address, source })?;
        let gate = Arc::new(gate);
        let router = router(Arc::clone(&kernel));
        let accepting = tokio::spawn(accept_connections(
            Arc::clone(&gate),
            Arc::clone(&kernel),
            router,
        ));
        Ok(Self {
            base_url: format!("http://{}", gate.address()),
            kernel,
            gate,
            private_key_pem,
            accepting,
            calling_back: None,
        })
    }

    /// Has `task` send callbacks for as long as the sandbox runs.
    pub(crate) fn calls_back(&mut self, task: JoinHandle<()>) {
        self.calling_back = Some(task);
    }

    /// `http://` and the address. A path prefix of any text may follow; it is not signed.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// let with_prefix = format!("{}/klikoo-b2b", sandbox.base_url());
    /// # assert!(with_prefix.ends_with("/klikoo-b2b"));
    /// # });
    /// ```
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The client id that token requests must name.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert_eq!(sandbox.client_id().len(), 36);
    /// # });
    /// ```
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.kernel.options.client_id
    }

    /// The client secret.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert_eq!(sandbox.client_secret().len(), 32);
    /// # });
    /// ```
    #[must_use]
    pub fn client_secret(&self) -> &str {
        &self.kernel.options.client_secret
    }

    /// The demo key: P-256, PKCS#8 PEM, made at start, its public half registered.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert!(sandbox.private_key_pem().starts_with("-----BEGIN PRIVATE KEY-----"));
    /// # });
    /// ```
    #[must_use]
    pub fn private_key_pem(&self) -> &str {
        &self.private_key_pem
    }

    /// The clock: turning it turns the sandbox's.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// sandbox.clock().advance(std::time::Duration::from_secs(31 * 60));
    /// # });
    /// ```
    #[must_use]
    pub fn clock(&self) -> VirtualClock {
        self.kernel.clock.clone()
    }

    /// What the sandbox saw, oldest first. An entry is there before its answer is sent.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert!(sandbox.journal().is_empty());
    /// # });
    /// ```
    #[must_use]
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.kernel.journal.entries()
    }

    /// The callbacks that were sent, oldest first. An entry is there once it was answered, or was not.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert!(sandbox.callbacks().is_empty());
    /// # });
    /// ```
    #[must_use]
    pub fn callbacks(&self) -> Vec<JournalEntry> {
        let mut journal = self.journal();
        journal.retain(|entry| entry.callback);
        journal
    }

    /// How many journalled calls have a path that contains `part`. Callbacks are none of them.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert_eq!(sandbox.calls("access-token"), 0);
    /// # });
    /// ```
    #[must_use]
    pub fn calls(&self, part: &str) -> usize {
        let journal = self.journal();
        journal
            .iter()
            .filter(|entry| !entry.callback && entry.path.contains(part))
            .count()
    }

    /// The bodies of all journalled block-seat calls, as received.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert!(sandbox.block_bodies().is_empty());
    /// # });
    /// ```
    #[must_use]
    pub fn block_bodies(&self) -> Vec<String> {
        self.journal()
            .into_iter()
            .filter(JournalEntry::is_block)
            .map(|entry| entry.body)
            .collect()
    }

    /// Every block that was executed, oldest first, with its state by the clock's now.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert!(sandbox.holds().is_empty());
    /// # });
    /// ```
    #[must_use]
    pub fn holds(&self) -> Vec<Hold> {
        let now = self.kernel.clock.now();
        let store = self.kernel.store();
        store
            .holds()
            .iter()
            .map(|hold| seen_at(hold, now))
            .collect()
    }

    /// Adds a fault to those in force. `RefuseConnections` strikes before this
    /// returns, whatever its conditions; the other faults of a connection look
    /// at `nth` alone, and those before the body is read at `path` and `nth`.
    ///
    /// ```
    /// use klikoo_sandbox::{Fault, Rule, Sandbox};
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = Sandbox::start().await.unwrap();
    /// sandbox.add_fault(Rule::new(Fault::ExecuteThenCut).path("block-seat").nth(1));
    /// # });
    /// ```
    pub fn add_fault(&self, rule: Rule) {
        if let Fault::RefuseConnections { ms } = rule.then {
            self.gate.close_for(Duration::from_millis(ms));
        }
        self.kernel.faults.add(rule);
    }

    /// Takes every fault away. A closed listener still waits its time.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// sandbox.clear_faults();
    /// # });
    /// ```
    pub fn clear_faults(&self) {
        self.kernel.faults.clear();
    }

    /// How many TCP connections were accepted since the start.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// assert_eq!(sandbox.connections(), 0);
    /// # });
    /// ```
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.kernel.connections.load(Ordering::Relaxed)
    }

    /// Stops, and waits until every connection is closed.
    ///
    /// ```
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let sandbox = klikoo_sandbox::Sandbox::start().await.unwrap();
    /// sandbox.shutdown().await;
    /// # });
    /// ```
    pub async fn shutdown(mut self) {
        self.gate.close();
        if let Err(error) = (&mut self.accepting).await {
            tracing::warn!(%error, "the sandbox did not stop as it should");
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.gate.close();
        self.accepting.abort();
        if let Some(task) = &self.calling_back {
            task.abort();
        }
    }
}

/// Without secret and key.
impl fmt::Debug for Sandbox {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sandbox")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}
