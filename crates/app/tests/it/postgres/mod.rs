//! The program with its ledger on a server.

mod commands;
mod gateways;
mod processes;
#[path = "../../../../booking-ledger/tests/server/mod.rs"]
mod server;
mod stopped;

use klikoo_sandbox::SandboxBuilder;

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
