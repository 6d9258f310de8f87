//! From the socket to the routes and back, with every scripted way to fail between.

mod body;
mod connection;
mod gate;
mod pipeline;
mod render;

use std::sync::Arc;

use axum::Router;
use tokio::task::JoinSet;

pub(crate) use gate::Gate;
pub(crate) use pipeline::serve;

use crate::kernel::Kernel;

/// Accepts connections until the gate is closed for good, then ends them all.
/// Dropping the future ends them too.
pub(crate) async fn accept_connections(gate: Arc<Gate>, kernel: Arc<Kernel>, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            // Takes ended ones out, so that the set does not grow.
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = gate.accept() => {
                let Some(stream) = accepted else { break };
                let number = kernel.next_connection();
                if !kernel.faults.closes_connection() {
                    connections.spawn(connection::serve(stream, number, router.clone()));
                }
            }
        }
    }
    connections.shutdown().await;
}
