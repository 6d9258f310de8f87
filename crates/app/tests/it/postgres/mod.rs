//! The program with its ledger on a server.

mod commands;
mod gateways;
mod idle_streams;
mod out_of_sight;
mod processes;
#[path = "../../kill_points/relay.rs"]
mod relay;
#[path = "../../../../booking-ledger/tests/server/mod.rs"]
mod server;
mod stopped;

use klikoo_sandbox::SandboxBuilder;
use sqlx::{AssertSqlSafe, Connection as _};

use crate::harness::Rig;
use server::Server;

/// A sandbox, and settings that name a new database.
fn rig(build: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Rig {
    rig_at(&Server::shared().database(), build)
}

fn rig_at(url: &str, build: impl FnOnce(SandboxBuilder) -> SandboxBuilder) -> Rig {
    let rig = Rig::with(build);
    rig.settings(&format!("[ledger]\nurl = \"{url}\""));
    rig
}

/// Ends, from the server's side, the sessions of whoever calls itself `name`.
async fn end_sessions(url: &str, name: &str) {
    let sql = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND application_name = '{name}'"
    );
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    let ended = sqlx::raw_sql(AssertSqlSafe(sql));
    ended.execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
