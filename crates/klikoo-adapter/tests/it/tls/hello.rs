//! Servers that begin a handshake as no library would any more: bytes written by hand.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Suites by their registered numbers (RFC 5246, appendix A.5, and RFC 8422).
pub(super) const ECDHE_ECDSA_AES128_GCM: u16 = 0xc02b;
pub(super) const ECDHE_ECDSA_AES128_CBC: u16 = 0xc009;
pub(super) const NULL: u16 = 0x0000;
pub(super) const RSA_NULL_SHA: u16 = 0x0002;
pub(super) const RSA_EXPORT_RC4_40: u16 = 0x0003;
pub(super) const RSA_RC4_128: u16 = 0x0005;
pub(super) const RSA_3DES: u16 = 0x000a;
pub(super) const RSA_AES128_CBC: u16 = 0x002f;

pub(super) const SSL_3: [u8; 2] = [3, 0];
pub(super) const TLS_1_0: [u8; 2] = [3, 1];
pub(super) const TLS_1_1: [u8; 2] = [3, 2];
pub(super) const TLS_1_2: [u8; 2] = [3, 3];

/// What the last eight bytes of the random say when a server that speaks TLS 1.3 was made to
/// speak TLS 1.2 (RFC 8446, section 4.1.3).
pub(super) const DOWNGRADED: &[u8; 8] = b"DOWNGRD\x01";

/// A `ServerHello` in a record of its own (RFC 5246, section 7.4.1.3).
pub(super) fn server_hello(version: [u8; 2], suite: u16, random_end: [u8; 8]) -> Vec<u8> {
    let mut body = version.to_vec();
    body.extend([0x5a; 24]);
    body.extend(random_end);
    body.push(0); // no session
    body.extend(suite.to_be_bytes());
    body.push(0); // no compression
    let length = u8::try_from(body.len()).unwrap();
    let handshake = [&[2, 0, 0, length], &body[..]].concat();
    let length = u8::try_from(handshake.len()).unwrap();
    [&[22, version[0], version[1], 0, length], &handshake[..]].concat()
}

/// Answers whatever comes first with the bytes given, and keeps everything that arrives.
pub(super) struct Listener {
    address: SocketAddr,
    arrived: Arc<Mutex<Vec<u8>>>,
    task: JoinHandle<()>,
}

impl Listener {
    pub(super) async fn start(answer: Vec<u8>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&arrived);
        let task = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut some = vec![0; 64 * 1024];
                let mut answered = false;
                while let Ok(length @ 1..) = stream.read(&mut some).await {
                    kept.lock().unwrap().extend(&some[..length]);
                    if !answered {
                        answered = true;
                        let _ = stream.write_all(&answer).await;
                        if answer.is_empty() {
                            break;
                        }
                    }
                }
            }
        });
        Self {
            address,
            arrived,
            task,
        }
    }

    pub(super) fn base_url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The types of the records that arrived (RFC 8446, section 5.1): 22 is a handshake, 21 an
    /// alert, 23 application data. Anything that is no record is a 0.
    pub(super) fn record_types(&self) -> Vec<u8> {
        let arrived = self.arrived.lock().unwrap();
        let mut rest = &arrived[..];
        let mut types = Vec::new();
        while let [kind, 3, _, high, low, ..] = rest {
            types.push(*kind);
            let length = usize::from(u16::from_be_bytes([*high, *low]));
            rest = rest.get(5 + length..).unwrap_or_default();
        }
        if !rest.is_empty() {
            types.push(0);
        }
        types
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}
