//! One connection through the relay.

use std::io;
use std::os::fd::{AsFd as _, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use rustix::net::sockopt::set_socket_linger;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::sleep;

use crate::relay::Wire;
use crate::toxic::{Reply, Request};

/// Passes bytes both ways, as the wire is at that moment, until either side ends.
pub(crate) async fn pass(client: TcpStream, wire: Arc<Wire>) {
    // Of the same socket: a reset is asked for there, under TLS too.
    let Ok(socket) = client.as_fd().try_clone_to_owned() else {
        return;
    };
    let upstream = TcpStream::connect(&wire.upstream).await;
    let Ok(server) = upstream else { return };
    wire.begins();
    match wire.acceptor() {
        None => drop(pump(client, socket, server, &wire).await),
        Some(acceptor) => {
            if let Ok(client) = acceptor.accept(client).await {
                drop(pump(client, socket, server, &wire).await);
            }
        }
    }
    wire.ends();
}

async fn pump<S>(
    mut client: S,
    socket: OwnedFd,
    mut server: TcpStream,
    wire: &Wire,
) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (mut up, mut down) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    let mut ended = wire.ended();
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let bytes = &up[..read?];
                if bytes.is_empty() {
                    return Ok(());
                }
                match wire.toxic().on_request() {
                    Request::Pass => server.write_all(bytes).await?,
                    Request::Slice(length) => {
                        slices(&mut server, bytes, length, Duration::from_millis(1)).await?;
                    }
                    Request::Swallow => {}
                    Request::Cut(length) => {
                        server.write_all(&bytes[..length.min(bytes.len())]).await?;
                        return Ok(());
                    }
                    Request::Reset => return reset(&socket),
                    Request::Answer(page) => {
                        client.write_all(page.as_bytes()).await?;
                        return client.shutdown().await;
                    }
                }
            }
            read = server.read(&mut down) => {
                let bytes = &down[..read?];
                if bytes.is_empty() {
                    return client.shutdown().await;
                }
                match wire.toxic().on_reply() {
                    Reply::Pass => client.write_all(bytes).await?,
                    Reply::Late(wait) => {
                        sleep(wait).await;
                        client.write_all(bytes).await?;
                    }
                    Reply::Slice(length, wait) => slices(&mut client, bytes, length, wait).await?,
                    Reply::Swallow => {}
                    Reply::Cut(hundredths, hard) => {
                        let length = bytes.len() * hundredths / 100;
                        client.write_all(&bytes[..length]).await?;
                        client.flush().await?;
                        return if hard { reset(&socket) } else { client.shutdown().await };
                    }
                    Reply::PassAndEnd(wait) => {
                        client.write_all(bytes).await?;
                        client.flush().await?;
                        sleep(wait).await;
                        return client.shutdown().await;
                    }
                    Reply::Answer(text) => {
                        client.write_all(text.as_bytes()).await?;
                        return client.shutdown().await;
                    }
                }
            }
            _ = ended.changed() => {
                client.shutdown().await?;
                // The client has noticed when it ends its side.
                while client.read(&mut up).await? > 0 {}
                return Ok(());
            }
        }
        client.flush().await?;
    }
}

async fn slices(
    to: &mut (impl AsyncWrite + Unpin),
    bytes: &[u8],
    length: usize,
    wait: Duration,
) -> io::Result<()> {
    for slice in bytes.chunks(length) {
        to.write_all(slice).await?;
        to.flush().await?;
        sleep(wait).await;
    }
    Ok(())
}

/// What is closed from now on ends with a reset.
fn reset(socket: &OwnedFd) -> io::Result<()> {
    Ok(set_socket_linger(socket, Some(Duration::ZERO))?)
}
