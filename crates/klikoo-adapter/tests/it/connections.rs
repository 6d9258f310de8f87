//! Connections that fail: what proves that nothing was sent, and what does not.

use std::net::SocketAddr;
use std::time::Duration;

use booking_domain::{LegDraft, OrderDraft};
use booking_ports::{BlockError, SeatBlocker};
use klikoo_adapter::Authorization;
use time::macros::date;
use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::raw::{RawServer, Step, held, reset};
use crate::setup::{blocker, config, order, told};

#[tokio::test]
async fn nobody_listens() {
    // Bound, so that nobody else gets the port, but not listening.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    let outcome = blocker(&url).block(&order("1238", &["8"])).await;
    assert_eq!(told(&outcome), "not_sent/unreachable", "{outcome:?}");
}

#[tokio::test]
async fn the_name_does_not_resolve() {
    // RFC 6761 promises that `.invalid` never does.
    let clock = booking_ports::ManualClock::at(crate::setup::NOW);
    let config = config("https://name.invalid", Authorization::None);
    let outcome = crate::setup::blocker_of(config, &clock)
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(told(&outcome), "not_sent/unreachable", "{outcome:?}");
}

#[tokio::test]
async fn a_connection_that_is_never_accepted_proves_that_nothing_was_sent() {
    // A full backlog drops every further SYN, as a host that is gone does.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let listener = socket.listen(1).unwrap();
    let waiting = fill(address).await;
    let outcome = blocker(&format!("http://{address}"))
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(told(&outcome), "not_sent/unreachable", "{outcome:?}");
    drop((listener, waiting));
}

/// Connects until the listener at `address` takes no more.
async fn fill(address: SocketAddr) -> Vec<TcpStream> {
    let mut waiting = Vec::new();
    loop {
        match tokio::time::timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
            Ok(connected) => waiting.push(connected.unwrap()),
            Err(_) => return waiting,
        }
        assert!(waiting.len() < 100, "the backlog has no end");
    }
}

/// A listener that does `then` with each connection, without reading a request.
async fn listener(then: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            then(listener.accept().await.unwrap().0);
        }
    });
    url
}

#[tokio::test]
async fn closing_without_reading_and_closing_after_executing_look_the_same() {
    let unread = listener(drop).await;
    let executed = RawServer::always(Step::Close).await;
    for url in [unread, executed.base_url()] {
        let outcome = blocker(&url).block(&order("1238", &["8"])).await;
        assert_eq!(told(&outcome), "unknown/connection_lost", "{outcome:?}");
    }
    assert_eq!(executed.blocks(), 1);
}

#[tokio::test]
async fn resets_prove_nothing() {
    let unread = listener(reset).await;
    let executed = RawServer::always(Step::Reset).await;
    for url in [unread, executed.base_url()] {
        let outcome = blocker(&url).block(&order("1238", &["8"])).await;
        assert_eq!(told(&outcome), "unknown/connection_lost", "{outcome:?}");
    }
    assert_eq!(executed.blocks(), 1);
}

#[tokio::test]
async fn a_reset_in_the_middle_of_a_large_request_proves_nothing() {
    // The fullest order, whose bytes do not leave in one piece.
    let mut draft = OrderDraft::sample();
    let passenger = draft.departure.passengers.remove(0);
    let passengers = (0..40).map(|seat| {
        let mut passenger = passenger.clone();
        passenger.seat_name = format!("{seat}x");
        passenger.name = "é".repeat(100);
        passenger
    });
    draft.departure.passengers = passengers.collect();
    draft.return_leg = Some(LegDraft {
        trip_id: 188_400,
        passengers: draft.departure.passengers.clone(),
    });
    let order = draft.check(date!(2026 - 11 - 24)).unwrap();
    let url = listener(|mut stream| {
        tokio::spawn(async move {
            let mut some = [0; 2_000];
            let _ = stream.read(&mut some).await;
            reset(stream);
        });
    })
    .await;
    let outcome = blocker(&url).block(&order).await;
    assert_eq!(told(&outcome), "unknown/connection_lost", "{outcome:?}");
}

#[tokio::test]
async fn no_answer_within_the_total_time_is_a_timeout() {
    let server = RawServer::always(Step::SendAndStay(Vec::new())).await;
    let outcome = blocker(&server.base_url())
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(told(&outcome), "unknown/timeout", "{outcome:?}");
    assert_eq!((server.blocks(), server.connections()), (1, 1));
    let Err(BlockError::Unknown(unknown)) = outcome else {
        unreachable!()
    };
    assert!(unknown.cause.is_some());
}

#[tokio::test]
async fn a_connection_that_ends_between_two_blocks_is_not_used_again() {
    // Closed by the server long before: the client has seen that, and connects anew.
    let server = RawServer::start(|_, number| Step::SendAndClose(held(&number.to_string()))).await;
    let blocker = blocker(&server.base_url());
    for number in 0..20 {
        let reference = number.to_string();
        let hold = blocker.block(&order(&reference, &["8"])).await.unwrap();
        assert_eq!(hold.transaction_id.as_str(), reference);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!((server.blocks(), server.connections()), (20, 20));
}

#[tokio::test]
async fn an_idle_connection_is_dropped_in_time() {
    let server = RawServer::always(Step::Send(held("1"))).await;
    let clock = booking_ports::ManualClock::at(crate::setup::NOW);
    let config = config(&server.base_url(), Authorization::None)
        .with_idle_timeout(Duration::from_millis(400));
    let blocker = crate::setup::blocker_of(config, &clock);
    for (wait, connections) in [(0, 1), (0, 1), (1_000, 2), (0, 2), (1_000, 3)] {
        tokio::time::sleep(Duration::from_millis(wait)).await;
        assert!(blocker.block(&order("1238", &["8"])).await.is_ok());
        assert_eq!(server.connections(), connections);
    }
}

#[tokio::test]
async fn a_refused_connection_is_refused_again_and_then_served() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    let blocker = blocker(&format!("http://{address}"));
    for _ in 0..2 {
        let outcome = blocker.block(&order("1238", &["8"])).await;
        assert_eq!(told(&outcome), "not_sent/unreachable");
    }
    let listener = socket.listen(8).unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        crate::raw::read_request(&mut stream).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, &held("1"))
            .await
            .unwrap();
    });
    assert_eq!(told(&blocker.block(&order("1238", &["8"])).await), "held");
}
