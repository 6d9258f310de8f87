//! A PostgreSQL server that lasts as long as the tests that use it. Other crates' tests take this
//! file by its path:
//!
//! ```ignore
//! #[path = "../../../booking-ledger/tests/server/mod.rs"]
//! mod server;
//!
//! #[tokio::test]
//! #[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
//! async fn a_test() {
//!     let url = server::Server::shared().database();
//! }
//! ```
//!
//! Their `Cargo.toml` names `build = "../../tools/find_services.rs"`, which sets `no_postgres`.

#![allow(
    clippy::allow_attributes,
    dead_code,
    reason = "the tests of each crate use a part of it"
)]

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) struct Server {
    folder: PathBuf,
    user: Option<(u32, u32)>,
    /// Stops the server and clears away once this process has ended, however it ends.
    watch: Child,
    databases: AtomicU32,
}

impl Server {
    /// The one of this process: tests share it, each with a database of its own.
    pub(crate) fn shared() -> &'static Self {
        static SERVER: OnceLock<Server> = OnceLock::new();
        SERVER.get_or_init(|| Self::start(&[]))
    }

    /// One of its own, with settings as in `fsync=off`. What is answered is on the disk, unless
    /// they say otherwise.
    pub(crate) fn start(settings: &[&str]) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("postgres-")
            .tempdir()
            .unwrap()
            .keep();
        // Whoever may connect to a socket must be able to reach it.
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        // PostgreSQL refuses to run as root.
        let is_root = std::fs::metadata(&folder).unwrap().uid() == 0;
        let user = is_root.then(|| user("postgres").or_else(|| user("nobody")).unwrap());
        if let Some((user, group)) = user {
            chown(&folder, Some(user), Some(group)).unwrap();
        }
        let stop = "cat; $0/pg_ctl -D $1/data -m immediate stop; rm -rf $1";
        let watch = command("sh", &folder, user)
            .args(["-c", stop])
            .args([programs(), &folder])
            // Whoever interrupts the tests must not interrupt this.
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let server = Self {
            folder,
            user,
            watch,
            databases: AtomicU32::new(0),
        };
        let data = server.data();
        server.run(
            "initdb",
            &[
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--no-locale",
                "--encoding=UTF8",
                "-D",
                text(&data),
            ],
        );
        let socket = format!("unix_socket_directories={}", text(&server.folder));
        let mut lines = vec!["listen_addresses=", "max_connections=400", &socket];
        lines.extend(settings);
        let lines: Vec<String> = lines
            .iter()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| format!("{name} = '{value}'"))
            .collect();
        std::fs::write(data.join("postgresql.auto.conf"), lines.join("\n")).unwrap();
        server.start_again();
        server
    }

    /// The URL of a new, empty database.
    pub(crate) fn database(&self) -> String {
        let name = format!("test{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.run(
            "createdb",
            &["-h", text(&self.folder), "-U", "postgres", &name],
        );
        self.url(&name)
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!(
            "postgres:///{database}?host={}&user=postgres",
            text(&self.folder)
        )
    }

    /// Its socket, for what stands between it and a client.
    pub(crate) fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Its files.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// What it has to say.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// Stops it as a loss of power would.
    pub(crate) fn stop_at_once(&self) {
        self.run(
            "pg_ctl",
            &["-D", text(&self.data()), "-m", "immediate", "stop"],
        );
    }

    pub(crate) fn start_again(&self) {
        let log = self.log();
        self.run(
            "pg_ctl",
            &["-D", text(&self.data()), "-l", text(&log), "-w", "start"],
        );
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        let program = programs().join(program);
        let ran = command(&program, &self.folder, self.user)
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(
            ran.status.success(),
            "{} {arguments:?}: {said}",
            program.display()
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watch.stdin.take());
        let _ = self.watch.wait();
    }
}

#[expect(clippy::panic, reason = "a test that cannot go on fails")]
pub(crate) fn programs() -> &'static Path {
    let found = option_env!("POSTGRES_PROGRAMS");
    Path::new(found.unwrap_or_else(|| {
        panic!("this test needs PostgreSQL; install it, as by `apt-get install postgresql`")
    }))
}

fn command(
    program: impl AsRef<std::ffi::OsStr>,
    folder: &Path,
    user: Option<(u32, u32)>,
) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Some((user, group)) = user {
        command.uid(user).gid(group);
    }
    command
}

/// The numbers of a user and its group.
fn user(name: &str) -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let mut fields = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>());
    let found = fields.find(|fields| fields[0] == name)?;
    Some((found[2].parse().ok()?, found[3].parse().ok()?))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
