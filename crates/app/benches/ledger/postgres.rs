//! Recorded blocks on PostgreSQL, beside what its own benchmark makes of the same server.

use std::process::Command;

use booking_ledger::{PostgresLedger, PostgresOptions};

use crate::recording::{CALLERS, TURN, TURNS, clock, rate, recorded};
use crate::server::{Server, programs};
use crate::table::{Row, median};

/// Intent and sending mark share one, the outcome is the other.
const COMMITS_OF_A_BLOCK: f64 = 2.0;

pub(crate) async fn row() -> Row {
    let server = Server::start(&[]);
    let baseline = Baseline::new(&server);
    let options = PostgresOptions::from_url(&server.database()).unwrap();
    let ledger = PostgresLedger::open(&options, clock()).await.unwrap();
    let blocker = recorded(std::sync::Arc::new(ledger));
    let (mut ratios, mut blocks, mut transactions) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let base = baseline.rate();
        let own = rate(&blocker).await;
        eprintln!("PostgreSQL: {own:.0} blocks/s against {base:.0} transactions/s");
        ratios.push(own / (base / COMMITS_OF_A_BLOCK));
        blocks.push(own);
        transactions.push(base);
    }
    Row {
        what: "recorded blocks per second, PostgreSQL, 64 callers",
        target: "≥ 0.7 × pgbench of an insert and an update, ÷ 2 commits",
        measured: format!("{:.2} ×", median(ratios)),
        detail: format!(
            "{:.0} blocks/s against {:.0} transactions/s",
            median(blocks),
            median(transactions)
        ),
    }
}

/// `pgbench` with a transaction of one insert and one update.
struct Baseline {
    folder: tempfile::TempDir,
    host: String,
    database: String,
}

impl Baseline {
    fn new(server: &Server) -> Self {
        let url = server.database();
        let (database, host) = url
            .strip_prefix("postgres:///")
            .and_then(|rest| rest.split_once("?host="))
            .unwrap();
        let new = Self {
            folder: tempfile::tempdir().unwrap(),
            host: host.split('&').next().unwrap().to_owned(),
            database: database.to_owned(),
        };
        let script = "BEGIN;\n\
             INSERT INTO rows (text, state) VALUES ('one row of about as many bytes as a line of a \
             story', 'sending') RETURNING number \\gset\n\
             UPDATE rows SET state = 'held' WHERE number = :number;\n\
             END;\n";
        std::fs::write(new.folder.path().join("script"), script).unwrap();
        let table = "CREATE TABLE rows (number BIGSERIAL PRIMARY KEY, text TEXT, state TEXT)";
        let done = new.program("psql").args(["-q", "-c", table]).status();
        assert!(done.unwrap().success());
        new
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(programs().join(name));
        command.args(["-h", &self.host, "-U", "postgres"]);
        command.env("PGDATABASE", &self.database);
        command
    }

    /// Transactions per second.
    fn rate(&self) -> f64 {
        let callers = CALLERS.to_string();
        let time = TURN.as_secs().to_string();
        let output = self
            .program("pgbench")
            .args([
                "-n", "-M", "prepared", "-j", "2", "-c", &callers, "-T", &time,
            ])
            .arg("-f")
            .arg(self.folder.path().join("script"))
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let rate = text.lines().find_map(|line| {
            let rest = line.strip_prefix("tps = ")?;
            rest.split_whitespace().next()?.parse().ok()
        });
        rate.unwrap_or_else(|| panic!("{output:?}"))
    }
}
