//! A folder of its own for each test, the program in it, and a sandbox beside it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use klikoo_sandbox::{Sandbox, SandboxBuilder};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_seatblock");

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A temporary folder in which the program runs.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// The program, free of the settings of whoever runs the tests.
    pub(crate) fn command<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).args(arguments);
        self.clean(&mut command);
        command
    }

    /// Frees a command of the settings of whoever runs the tests, and of their ledger.
    pub(crate) fn clean(&self, command: &mut Command) {
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SEATBLOCK_") {
                command.env_remove(name);
            }
        }
        command.env_remove("RUST_LOG");
        command.env("XDG_STATE_HOME", self.folder.path().canonicalize().unwrap());
    }

    pub(crate) fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> Ran {
        ran(&mut self.command(arguments))
    }

    pub(crate) fn run_with<'a>(
        &self,
        arguments: impl IntoIterator<Item = &'a str>,
        environment: &[(&str, &str)],
    ) -> Ran {
        ran(self.command(arguments).envs(environment.iter().copied()))
    }
}

pub(crate) fn ran(command: &mut Command) -> Ran {
    assert_cmd::Command::from_std(std::mem::replace(command, Command::new("true")))
        .timeout(Duration::from_mins(1))
        .output()
        .unwrap()
        .into()
}

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The one JSON object on stdout.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.stdout.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn everything(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }
}

/// A sandbox inside the test, and settings for it in a folder.
pub(crate) struct Rig {
    pub(crate) place: Place,
    pub(crate) sandbox: Sandbox,
    runtime: Runtime,
}

impl Rig {
    pub(crate) fn new() -> Self {
        Self::with(|builder| builder)
    }

    pub(crate) fn with(build: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Self {
        let runtime = Runtime::new().unwrap();
        let builder = build(Sandbox::builder());
        let sandbox = runtime.block_on(builder.start()).unwrap();
        let place = Place::new();
        let rig = Self {
            place,
            sandbox,
            runtime,
        };
        rig.private("secret", rig.sandbox.client_secret());
        rig.private("key.pem", rig.sandbox.private_key_pem());
        rig.settings("");
        rig
    }

    fn private(&self, name: &str, content: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.place.write(name, content);
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// Writes `seatblock.toml` anew, with further lines.
    pub(crate) fn settings(&self, more: &str) {
        let text = format!(
            "[klikoo]\nbase_url = \"{}\"\nclient_id = \"{}\"\nclient_secret_file = \"secret\"\nprivate_key_file = \"key.pem\"\n{more}\n",
            self.sandbox.base_url(),
            self.sandbox.client_id(),
        );
        self.place.write("seatblock.toml", text);
    }

    /// Runs SQL on a file of SQLite's, which is made where it is not there.
    pub(crate) fn sql(&self, name: &str, sql: &'static str) {
        use sqlx::Connection as _;
        let mut connection = self.connect(name);
        self.runtime.block_on(async {
            sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        });
    }

    /// Lets nobody else write into a file of SQLite's, until it is dropped.
    pub(crate) fn lock(&self, name: &str) -> SqliteConnection {
        let mut connection = self.connect(name);
        let locking = sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection);
        self.runtime.block_on(locking).unwrap();
        connection
    }

    fn connect(&self, name: &str) -> SqliteConnection {
        use sqlx::ConnectOptions as _;
        let file = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.place.path(name))
            .create_if_missing(true);
        self.runtime.block_on(file.connect()).unwrap()
    }

    /// Blocks an order as JSON and as text would be: the caller gives the options.
    pub(crate) fn block(&self, options: &[&str], order: &Value) -> Ran {
        self.place.write("order.json", order.to_string());
        let arguments = options.iter().copied().chain(["block", "order.json"]);
        self.place.run(arguments)
    }
}

/// An order for one seat.
pub(crate) fn order(reference: &str, seat: &str) -> Value {
    json!({
        "product_code": "BUS",
        "selling_price": "20000",
        "partner_reference_no": reference,
        "order_detail": {
            "name": "Pandu",
            "email": "pdputra@pvg.co.id",
            "phone_number": "082122274139"
        },
        "departure": {
            "trip_id": 188_336,
            "passengers": [{
                "seat_name": seat,
                "name": "Pandu",
                "dob": "1996-12-09",
                "gender": "male",
                "id_card_number": "31741009219923332"
            }]
        },
        "return": null
    })
}

/// Asks until the answer is yes, for half a minute of real time.
pub(crate) fn patiently(mut done: impl FnMut() -> bool) {
    for _ in 0..1_500 {
        if done() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("nothing happened for half a minute");
}

/// A child that does not outlive its test.
pub(crate) struct Background(pub(crate) Child);

impl Background {
    pub(crate) fn start(command: &mut Command) -> Self {
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self(child)
    }

    /// The first line on its stdout.
    pub(crate) fn first_line(&mut self) -> String {
        use std::io::BufRead as _;
        let mut line = String::new();
        let stdout = self.0.stdout.as_mut().unwrap();
        std::io::BufReader::with_capacity(1, stdout)
            .read_line(&mut line)
            .unwrap();
        line.trim_end().to_owned()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.0.id().to_string();
        let killed = Command::new("kill").args([name, &id]).status().unwrap();
        assert!(killed.success());
    }

    pub(crate) fn wait(mut self) -> Ran {
        use std::io::Read as _;
        let mut text = [String::new(), String::new()];
        let mut ended = None;
        patiently(|| {
            ended = self.0.try_wait().unwrap();
            ended.is_some()
        });
        let status = ended.unwrap();
        let (stdout, stderr) = (self.0.stdout.take(), self.0.stderr.take());
        stdout.unwrap().read_to_string(&mut text[0]).unwrap();
        stderr.unwrap().read_to_string(&mut text[1]).unwrap();
        let [stdout, stderr] = text;
        Ran {
            code: status.code().unwrap_or(-1),
            stdout,
            stderr,
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
