//! A call that waits for a connection takes its token when it has one.

use std::sync::Arc;
use std::time::Duration;

use booking_ports::ManualClock;
use time::macros::datetime;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::KlikooClient;
use crate::config::{Authorization, Credentials, KlikooConfig};
use crate::signature::RequestSigner;
use crate::transport::CONNECTIONS_MAX;
use crate::{AuthKey, BaseUrl, GeneratedKeyPair, KeyKind};

const CALLERS: usize = 200;

/// Gives a token to whoever asks for one, and an empty success to everybody else.
async fn serve(mut stream: TcpStream, asked: tokio::sync::mpsc::UnboundedSender<bool>) {
    let mut buffer = vec![0; 16 * 1024];
    let mut read = 0;
    while let Ok(more @ 1..) = stream.read(&mut buffer[read..]).await {
        read += more;
        let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
        let Some(head) = text.find("\r\n\r\n") else {
            continue;
        };
        let length = text
            .to_lowercase()
            .split_once("content-length: ")
            .map_or(0, |(_, rest)| {
                rest.split("\r\n").next().unwrap().parse().unwrap()
            });
        if read < head + 4 + length {
            continue;
        }
        read = 0;
        let is_token = text.contains("/access-token");
        let data = if is_token {
            r#"{"access_token":"t","expires_in":900}"#
        } else {
            "null"
        };
        let body =
            format!(r#"{{"response_code":"200052000","response_message":"","data":{data}}}"#);
        let reply = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        asked.send(is_token).unwrap();
        stream.write_all(reply.as_bytes()).await.unwrap();
    }
}

fn client(port: u16, clock: &ManualClock) -> KlikooClient {
    use secrecy::ExposeSecret as _;

    let pair = GeneratedKeyPair::generate(KeyKind::P256).unwrap();
    let credentials = Credentials {
        client_id: "5f0c1f6e-8f4b-4a51-9c7d-2b3a6f1f0e77".to_owned(),
        client_secret: "a secret".into(),
        key: AuthKey::from_pkcs8_pem(pair.private_key_pem.expose_secret()).unwrap(),
    };
    let config = KlikooConfig::new(
        BaseUrl::parse(&format!("http://127.0.0.1:{port}")).unwrap(),
        RequestSigner::hmac_sha512(&"a secret".into()),
        Authorization::Bearer(credentials),
    )
    .with_timeouts(Duration::from_secs(10), Duration::from_secs(30));
    KlikooClient::new(config, Arc::new(clock.clone())).unwrap()
}

#[tokio::test]
async fn a_token_that_ends_while_callers_wait_for_a_connection_is_renewed_once() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, tell.clone()));
        }
    });
    let clock = ManualClock::at(datetime!(2026-11-24 10:00 +7));
    let client = client(port, &clock);
    assert!(client.check_token().await.is_ok());
    let all = u32::try_from(CONNECTIONS_MAX).unwrap();
    let taken = client.inner.transport.all_connections(all).await;

    let endpoint = client.endpoint("/v1/open-api/transports/block-seat");
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..CALLERS {
        let (client, endpoint) = (client.clone(), endpoint.clone());
        callers.spawn(async move { client.post(&endpoint, b"{}".to_vec()).await.is_ok() });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    clock.advance(Duration::from_mins(15));
    drop(taken);
    assert!(callers.join_all().await.into_iter().all(|done| done));
    let mut tokens = 0;
    while let Ok(is_token) = told.try_recv() {
        tokens += usize::from(is_token);
    }
    assert_eq!(tokens, 2, "the first, and one in its place");
}
