//! No redirect is followed: it would send passengers and signature elsewhere.

use booking_ports::SeatBlocker;

use crate::raw::{RawServer, Step, held, reply};
use crate::setup::{blocker, blocker_of, config, order, told};

#[tokio::test]
async fn no_redirect_is_followed() {
    let target = RawServer::always(Step::Send(held("1"))).await;
    for status in [300, 301, 302, 303, 307, 308] {
        let location = format!("{}/v1/open-api/transports/block-seat", target.base_url());
        let moved = reply(status, &[("location", &location), ("refresh", "0")], b"");
        let server = RawServer::always(Step::Send(moved)).await;
        let outcome = blocker(&server.base_url())
            .block(&order("1238", &["8"]))
            .await;
        assert_eq!(told(&outcome), "unknown/not_definitive", "{status}");
        assert_eq!(server.blocks(), 1);
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn nor_that_of_a_token_request() {
    let target = RawServer::always(Step::Send(crate::raw::token("t", "900"))).await;
    let location = format!("{}/v1/open-api/access-token", target.base_url());
    let moved = reply(307, &[("location", &location)], b"");
    let server = RawServer::always(Step::Send(moved)).await;
    let clock = booking_ports::ManualClock::at(crate::setup::NOW);
    let blocker = blocker_of(config(&server.base_url(), crate::setup::bearer()), &clock);
    let outcome = blocker.block(&order("1238", &["8"])).await;
    assert_eq!(told(&outcome), "not_sent/no_token");
    assert_eq!(
        (server.tokens(), server.blocks(), target.connections()),
        (1, 0, 0)
    );
}
