//! The sandbox in a process of its own, so that client and server are measured apart.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use booking_ports::SystemClock;
use klikoo_adapter::{
    AuthKey, Authorization, BaseUrl, Credentials, KlikooClient, KlikooConfig, RequestSigner,
};
use klikoo_sandbox::{Sandbox, TripSpec};
use serde::{Deserialize, Serialize};

/// A trip with seats for everything that is measured.
pub(crate) const TRIP: u64 = 900_001;
const SEATS: u32 = 400_000;

/// Where the sandbox is, and what it accepts.
#[derive(Serialize, Deserialize)]
pub(crate) struct Address {
    pub(crate) base_url: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) private_key_pem: String,
}

impl Address {
    pub(crate) fn of(sandbox: &Sandbox) -> Self {
        Self {
            base_url: sandbox.base_url().to_owned(),
            client_id: sandbox.client_id().to_owned(),
            client_secret: sandbox.client_secret().to_owned(),
            private_key_pem: sandbox.private_key_pem().to_owned(),
        }
    }

    pub(crate) fn signer(&self) -> RequestSigner {
        RequestSigner::hmac_sha512(&self.client_secret.as_str().into())
    }

    pub(crate) fn key(&self) -> AuthKey {
        AuthKey::from_pkcs8_pem(&self.private_key_pem).unwrap()
    }

    pub(crate) fn client(&self) -> KlikooClient {
        let credentials = Credentials {
            client_id: self.client_id.clone(),
            client_secret: self.client_secret.as_str().into(),
            key: self.key(),
        };
        let base_url = BaseUrl::parse(&self.base_url).unwrap();
        let authorization = Authorization::Bearer(credentials);
        let config = KlikooConfig::new(base_url, self.signer(), authorization);
        KlikooClient::new(config, Arc::new(SystemClock::default())).unwrap()
    }
}

/// The server's process: tells its address, then, for each line it reads, how many it holds.
pub(crate) fn serve(latency: Duration) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(async {
        Sandbox::builder()
            .trip(TripSpec::new(TRIP, SEATS))
            .latency(latency)
            .journal_capacity(0)
            .start()
            .await
            .unwrap()
    });
    println!("{}", serde_json::to_string(&Address::of(&sandbox)).unwrap());
    for line in std::io::stdin().lines() {
        line.unwrap();
        println!("{}", sandbox.holds().len());
    }
}

/// A running server process.
pub(crate) struct Server {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    pub(crate) address: Address,
}

impl Server {
    pub(crate) fn start(latency: Duration) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["serve", &latency.as_millis().to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = serde_json::from_str(&line).unwrap();
        Self {
            child,
            input,
            output,
            address,
        }
    }

    /// How many holds the server has made.
    pub(crate) fn holds(&mut self) -> usize {
        self.input.as_mut().unwrap().write_all(b"?\n").unwrap();
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        line.trim().parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}
