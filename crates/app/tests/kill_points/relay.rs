//! Stands between program and sandbox, and lets only a part of a block's request pass.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

pub(crate) struct Relay {
    pub(crate) url: String,
    passed: Receiver<usize>,
}

impl Relay {
    /// Passes all to `base_url`, but of a block's request only the part `share`, of 0 to 1.
    pub(crate) fn to(base_url: &str, share: f64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let upstream = base_url.trim_start_matches("http://").to_owned();
        let (tell, passed) = channel();
        thread::spawn(move || {
            for client in listener.incoming() {
                let server = TcpStream::connect(&upstream).unwrap();
                let tell = tell.clone();
                thread::spawn(move || relay(client.unwrap(), server, share, &tell));
            }
        });
        Self { url, passed }
    }

    /// Waits until the part has passed; how many bytes it was.
    pub(crate) fn wait(&self) -> usize {
        self.passed
            .recv_timeout(std::time::Duration::from_secs(30))
            .unwrap()
    }
}

fn relay(mut client: TcpStream, mut server: TcpStream, share: f64, tell: &Sender<usize>) {
    let (mut back, mut from) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    thread::spawn(move || drop(std::io::copy(&mut from, &mut back)));
    while let Some(request) = request(&mut client) {
        let head = String::from_utf8_lossy(&request);
        if !head
            .lines()
            .next()
            .unwrap_or_default()
            .contains("block-seat")
        {
            server.write_all(&request).unwrap();
            continue;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "a request has some hundred bytes"
        )]
        let part = ((request.len() as f64 * share) as usize).min(request.len() - 1);
        server.write_all(&request[..part]).unwrap();
        tell.send(part).unwrap();
        // As it would stand with the sender's last packets lost: until the sender has gone.
        let _ = client.read(&mut [0; 64]);
        let _ = server.shutdown(Shutdown::Both);
        return;
    }
}

/// One whole request; `None` at the end of the connection.
fn request(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut some = [0; 4096];
    loop {
        let length = client.read(&mut some).ok().filter(|length| *length > 0)?;
        bytes.extend(&some[..length]);
        if let Some(head) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
            let body: usize = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok())
                .unwrap_or(0);
            if bytes.len() >= head + 4 + body {
                return Some(bytes);
            }
        }
    }
}
