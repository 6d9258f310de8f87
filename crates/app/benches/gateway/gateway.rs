//! The gateway, as the program that it is.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use klikoo_sandbox::Sandbox;

/// A `seatblock serve` that ends with this value.
pub(crate) struct Gateway {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) key: String,
}

/// Where a gateway's files are, and what it is told.
pub(crate) struct Place {
    folder: tempfile::TempDir,
    ledger: String,
    key: String,
    in_flight: usize,
}

impl Place {
    /// With a ledger of its own, or the one that `ledger` names.
    pub(crate) fn new(sandbox: &Sandbox, ledger: Option<String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ledger = ledger
            .unwrap_or_else(|| format!("sqlite:{}", folder.path().join("ledger.db").display()));
        for (name, content) in [
            ("secret", sandbox.client_secret()),
            ("key.pem", sandbox.private_key_pem()),
        ] {
            private(&folder.path().join(name), content);
        }
        let place = Self {
            folder,
            ledger,
            key: String::new(),
            in_flight: 8_000,
        };
        private(&place.settings(), &place.text(sandbox));
        let made = place
            .program()
            .args(["--json", "gateway-keys", "new", "--name", "bench"])
            .args(["--scope", "read,block,operate,admin"])
            .output()
            .unwrap();
        let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
        Self {
            key: made["key"].as_str().unwrap().to_owned(),
            ..place
        }
    }

    /// Lets so many requests in at the same time.
    pub(crate) fn with_in_flight(self, in_flight: usize) -> Self {
        Self { in_flight, ..self }
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("seatblock.toml")
    }

    fn text(&self, sandbox: &Sandbox) -> String {
        format!(
            "[klikoo]\nbase_url = \"{}\"\nclient_id = \"{}\"\nclient_secret_file = \"secret\"\n\
             private_key_file = \"key.pem\"\n[ledger]\nurl = \"{}\"\nspill_file = \"{}\"\n\
             [gateway]\nkeys_file = \"keys.json\"\nlisten = \"127.0.0.1:0\"\n\
             metrics_listen = \"none\"\n\
             per_second = \"1000000\"\nblocks_per_hour = \"10000000\"\n",
            sandbox.base_url(),
            sandbox.client_id(),
            self.ledger,
            self.folder.path().join("spill").display(),
        )
    }

    fn program(&self) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_seatblock"));
        program
            .arg("--config")
            .arg(self.settings())
            .env("XDG_STATE_HOME", self.folder.path())
            // As deployed: see deploy/seatblock.service.
            .env("MALLOC_ARENA_MAX", "2")
            .env("SEATBLOCK_GATEWAY__IN_FLIGHT", self.in_flight.to_string())
            .env("SEATBLOCK_GATEWAY__IN_FLIGHT_PER_KEY", "8000");
        program
    }

    /// Starts it, and waits until it has told its address.
    pub(crate) fn start(&self) -> Gateway {
        let mut child = self
            .program()
            .args(["--json", "serve"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut told = BufReader::new(child.stdout.take().unwrap());
        told.read_line(&mut line).unwrap();
        let told: serde_json::Value = serde_json::from_str(&line).unwrap();
        let url = told["url"].as_str().unwrap();
        Gateway {
            child,
            address: url.trim_start_matches("http://").parse().unwrap(),
            key: self.key.clone(),
        }
    }

    /// Bytes of a file of the ledger's.
    pub(crate) fn size(&self, name: &str) -> u64 {
        let path = self.folder.path().join(name);
        std::fs::metadata(path).map_or(0, |metadata| metadata.len())
    }
}

impl Gateway {
    /// A figure of `/proc/PID/status`, in MiB.
    pub(crate) fn mib(&self, figure: &str) -> f64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(figure));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        kib.unwrap() / 1024.0
    }

    /// How many files it has open.
    pub(crate) fn files(&self) -> usize {
        let path = format!("/proc/{}/fd", self.child.id());
        std::fs::read_dir(path).unwrap().count()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _same = self.child.wait();
    }
}

fn private(path: &Path, content: &str) {
    std::fs::write(path, content).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}
