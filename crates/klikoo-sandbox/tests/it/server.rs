//! Starting, stopping, and carrying many at once.

use std::sync::Arc;
use std::time::Duration;

use klikoo_sandbox::{Sandbox, TripSpec};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::client::{BLOCK, End, address, block, draft, exchange, leg, order, read};

#[tokio::test]
async fn shutdown_closes_the_port_and_every_connection() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = address(&sandbox);
    let mut silent = TcpStream::connect(address).await.unwrap();
    let body = order("r", &["SILENT"]).to_string();
    let call = draft(&sandbox, "POST", BLOCK, body.as_bytes());
    silent.write_all(&call.bytes()).await.unwrap();
    assert!(matches!(read(&mut silent).await, End::Silence));
    sandbox.shutdown().await;
    assert!(matches!(read(&mut silent).await, End::Closed | End::Reset));
    assert!(matches!(exchange(address, b"").await, End::Refused));
}

#[tokio::test]
async fn dropping_closes_the_port_at_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = address(&sandbox);
    let mut idle = TcpStream::connect(address).await.unwrap();
    drop(sandbox);
    assert!(matches!(exchange(address, b"").await, End::Refused));
    assert!(matches!(read(&mut idle).await, End::Closed | End::Reset));
}

#[tokio::test]
async fn one_connection_carries_many_calls() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
    for seat in 1..=36 {
        let seat = seat.to_string();
        let body = order(&seat, &[&seat]).to_string();
        let call = draft(&sandbox, "POST", BLOCK, body.as_bytes());
        stream.write_all(&call.bytes()).await.unwrap();
        assert_eq!(read(&mut stream).await.reply().status, 201);
    }
    assert_eq!((sandbox.connections(), sandbox.holds().len()), (1, 36));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_connections_stand_at_once() {
    const CALLERS: u32 = 2_000;
    let sandbox = Sandbox::builder()
        .trip(TripSpec::new(7, CALLERS))
        .latency(Duration::from_millis(100))
        .journal_capacity(0)
        .start()
        .await
        .unwrap();
    let sandbox = Arc::new(sandbox);
    let callers: Vec<_> = (1..=CALLERS)
        .map(|seat| {
            let sandbox = Arc::clone(&sandbox);
            tokio::spawn(async move {
                let seat = seat.to_string();
                let mut body = order(&seat, &[]);
                body["departure"] = leg(7, &[&seat]);
                let call = draft(&sandbox, "POST", BLOCK, body.to_string().as_bytes());
                let mut stream = TcpStream::connect(address(&sandbox)).await.unwrap();
                stream.write_all(&call.bytes()).await.unwrap();
                let mut answer = [0; 12];
                tokio::io::AsyncReadExt::read_exact(&mut stream, &mut answer)
                    .await
                    .unwrap();
                assert_eq!(&answer, b"HTTP/1.1 201");
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(sandbox.holds().len(), CALLERS as usize);
    assert_eq!(sandbox.connections(), u64::from(CALLERS));
    assert_eq!(block(&sandbox, "after", "1").await.reply().status, 201);
}
