//! A wire between client and sandbox that can go bad, with TLS or without.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use rustix::net::{Shutdown, shutdown};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::stream;
use crate::toxic::Toxic;

/// Connections that wait to be accepted: the fewest, so that a deaf listener is soon full.
const BACKLOG: u32 = 1;

/// As connections see it.
pub(crate) struct Wire {
    pub(crate) upstream: String,
    toxic: Mutex<Toxic>,
    acceptor: Mutex<Option<TlsAcceptor>>,
    ended: watch::Sender<()>,
    /// Connections of clients that stand.
    standing: watch::Sender<usize>,
}

impl Wire {
    pub(crate) fn toxic(&self) -> Toxic {
        *self.toxic.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn acceptor(&self) -> Option<TlsAcceptor> {
        let acceptor = self.acceptor.lock();
        acceptor.unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn ended(&self) -> watch::Receiver<()> {
        self.ended.subscribe()
    }

    pub(crate) fn begins(&self) {
        self.standing.send_modify(|standing| *standing += 1);
    }

    pub(crate) fn ends(&self) {
        self.standing.send_modify(|standing| *standing -= 1);
    }
}

pub(crate) struct Relay {
    wire: Arc<Wire>,
    address: SocketAddr,
    listener: Arc<TcpListener>,
    accepting: JoinHandle<()>,
    waiting: Vec<TcpStream>,
}

impl Relay {
    /// Before the sandbox at `base_url`; with TLS where there is an authority to issue a certificate.
    pub(crate) fn before(base_url: &str, authority: Option<&Authority>) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = Arc::new(socket.listen(BACKLOG).unwrap());
        let wire = Arc::new(Wire {
            upstream: base_url.trim_start_matches("http://").to_owned(),
            toxic: Mutex::default(),
            acceptor: Mutex::new(authority.map(Authority::acceptor)),
            ended: watch::Sender::new(()),
            standing: watch::Sender::new(0),
        });
        let (accepts, passed) = (Arc::clone(&listener), Arc::clone(&wire));
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = accepts.accept().await {
                tokio::spawn(stream::pass(client, Arc::clone(&passed)));
            }
        });
        Self {
            address: listener.local_addr().unwrap(),
            wire,
            listener,
            accepting,
            waiting: Vec::new(),
        }
    }

    pub(crate) fn url(&self) -> String {
        let scheme = if self.wire.acceptor().is_some() {
            "https"
        } else {
            "http"
        };
        format!("{scheme}://{}", self.address)
    }

    pub(crate) fn set(&self, toxic: Toxic) {
        *self.wire.toxic.lock().unwrap() = toxic;
    }

    /// Ends every connection that stands, and waits until the client has noticed: one that has not
    /// would send into the void, and what came of it would be *unknown*.
    pub(crate) async fn end_connections(&self) {
        self.wire.ended.send_replace(());
        let mut standing = self.wire.standing.subscribe();
        standing.wait_for(|standing| *standing == 0).await.unwrap();
    }

    /// Nobody listens any more: connections are refused. The port stays its own.
    pub(crate) async fn refuse(&self) {
        self.accepting.abort();
        shutdown(&self.listener, Shutdown::Read).unwrap();
        self.end_connections().await;
    }

    /// Listens and accepts nothing, until nothing more can wait: a SYN is not answered.
    pub(crate) async fn be_deaf(&mut self) {
        self.accepting.abort();
        self.end_connections().await;
        let patience = Duration::from_millis(100);
        while let Ok(waits) = tokio::time::timeout(patience, TcpStream::connect(self.address)).await
        {
            self.waiting.push(waits.unwrap());
        }
    }

    /// Shows a certificate of this authority from now on.
    pub(crate) async fn show(&self, authority: &Authority) {
        *self.wire.acceptor.lock().unwrap() = Some(authority.acceptor());
        self.end_connections().await;
    }

    /// Speaks without TLS from now on.
    pub(crate) async fn speak_plainly(&self) {
        *self.wire.acceptor.lock().unwrap() = None;
        self.end_connections().await;
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.accepting.abort();
        self.wire.ended.send_replace(());
    }
}

/// Issues certificates for 127.0.0.1.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().unwrap();
        Self(CertifiedIssuer::self_signed(params, key).unwrap())
    }

    /// The root certificate, to be trusted.
    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    fn acceptor(&self) -> TlsAcceptor {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let chain = vec![params.signed_by(&key, &self.0).unwrap().der().clone()];
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}
