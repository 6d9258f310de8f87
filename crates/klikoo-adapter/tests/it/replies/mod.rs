//! Replies byte by byte: each row one reply, and what it proves.

mod bytes;
mod data;
mod size_and_type;

use booking_ports::SeatBlocker;

use crate::raw::{RawServer, Step};
use crate::setup::{blocker, order, told};

/// Blocks seat 8 against a server that answers so, and checks that it was asked once.
async fn told_of(step: Step) -> String {
    let server = RawServer::always(step).await;
    let outcome = blocker(&server.base_url())
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(server.blocks(), 1, "{outcome:?}");
    told(&outcome)
}
