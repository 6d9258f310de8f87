//! A TLS server that counts what it can read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::authority::Identity;

/// Both versions that are spoken.
pub(super) const VERSIONS: [&SupportedProtocolVersion; 2] =
    [&rustls::version::TLS12, &rustls::version::TLS13];

pub(super) struct TlsServer {
    address: SocketAddr,
    read: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl TlsServer {
    /// Answers every request with `reply`.
    pub(super) async fn start(
        identity: Identity,
        version: &'static SupportedProtocolVersion,
        reply: Vec<u8>,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(identity.chain, identity.key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (read, connections) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (bytes, count) = (Arc::clone(&read), Arc::clone(&connections));
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                count.fetch_add(1, Ordering::SeqCst);
                let (acceptor, bytes, reply) =
                    (acceptor.clone(), Arc::clone(&bytes), reply.clone());
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut some = vec![0; 64 * 1024];
                    while let Ok(length @ 1..) = stream.read(&mut some).await {
                        bytes.fetch_add(length, Ordering::SeqCst);
                        if some[..length].ends_with(b"}") && stream.write_all(&reply).await.is_err()
                        {
                            return;
                        }
                    }
                });
            }
        });
        Self {
            address,
            read,
            connections,
            task,
        }
    }

    pub(super) fn by_name(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    pub(super) fn by_address(&self) -> String {
        format!("https://{}", self.address)
    }

    /// Bytes of requests that it could decrypt.
    pub(super) fn application_bytes(&self) -> usize {
        self.read.load(Ordering::SeqCst)
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
