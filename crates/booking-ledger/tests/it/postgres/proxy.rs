//! What stands between a ledger and its server, and cuts the line at a chosen moment.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::Notify;

/// Before what the line is cut, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The next statement, which never reaches the server.
    Statement,
    /// Its answer: it was done, and not a byte comes back.
    Answer,
    /// The end of its answer, by which the server says that it is ready for the next.
    LastWord,
}

pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

struct Shared {
    server: PathBuf,
    cut: Mutex<Option<Cut>>,
    /// The line is down after a cut until this is told.
    closed: Mutex<bool>,
    was_cut: Notify,
    connections: AtomicUsize,
}

impl Proxy {
    pub(crate) async fn start(server: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            server,
            cut: Mutex::default(),
            closed: Mutex::default(),
            was_cut: Notify::new(),
            connections: AtomicUsize::new(0),
        });
        let accepting = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if !*accepting.closed.lock().unwrap() {
                    accepting.connections.fetch_add(1, Ordering::SeqCst);
                    tokio::spawn(forward(client, Arc::clone(&accepting)));
                }
            }
        });
        Self { port, shared }
    }

    /// Cuts at the next statement that is already prepared, whatever connection it comes by.
    pub(crate) fn cut(&self, cut: Cut) {
        *self.shared.cut.lock().unwrap() = Some(cut);
    }

    /// The same, and lets nobody connect any more.
    pub(crate) fn cut_for_good(&self, cut: Cut) {
        self.cut(cut);
        *self.shared.closed.lock().unwrap() = true;
    }

    pub(crate) async fn was_cut(&self) {
        self.shared.was_cut.notified().await;
    }

    pub(crate) fn open_again(&self) {
        *self.shared.closed.lock().unwrap() = false;
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

/// Whether a message binds values to a prepared statement. What has none is the ledger's own `SELECT
/// 1`, which is short.
fn is_statement(bytes: &[u8]) -> bool {
    bytes.first() == Some(&b'B') && bytes.len() > 200
}

/// `ReadyForQuery`, outside of a transaction.
const READY: &[u8] = b"Z\0\0\0\x05I";

async fn forward(mut client: TcpStream, shared: Arc<Shared>) {
    let mut server = UnixStream::connect(&shared.server).await.unwrap();
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                let asked = &asked[..length];
                let cut = is_statement(asked).then(|| shared.cut.lock().unwrap().take()).flatten();
                match cut {
                    Some(Cut::Statement) => break,
                    Some(cut) => {
                        server.write_all(asked).await.unwrap();
                        let mut whole = Vec::new();
                        while !whole.ends_with(READY) {
                            let length = server.read(&mut answered).await.unwrap();
                            whole.extend_from_slice(&answered[..length]);
                        }
                        if cut == Cut::LastWord {
                            let most = &whole[..whole.len() - READY.len()];
                            client.write_all(most).await.unwrap();
                        }
                        break;
                    }
                    None => server.write_all(asked).await.unwrap(),
                }
            }
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
    // Before the line goes dead, so that whoever waits for it comes first.
    shared.was_cut.notify_one();
}
