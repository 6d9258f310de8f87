//! A client of the gateway: a connection for each request.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// A gateway, as somebody with a key sees it.
pub(crate) struct Peer {
    address: SocketAddr,
    key: String,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (told, value) = line.split_once(':')?;
            told.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Peer {
    pub(crate) fn new(url: &str, key: &str) -> Self {
        Self {
            address: url.trim_start_matches("http://").parse().unwrap(),
            key: key.to_owned(),
        }
    }

    /// The same gateway, with another key.
    pub(crate) fn by(&self, key: &str) -> Self {
        Self {
            address: self.address,
            key: key.to_owned(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.request("GET", path, "").unwrap()
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.try_post(path, body).unwrap()
    }

    pub(crate) fn try_post(&self, path: &str, body: &Value) -> io::Result<Answer> {
        self.request("POST", path, &body.to_string())
    }

    /// Sends a request, whose answer is for the caller to read.
    pub(crate) fn open(&self, path: &str) -> TcpStream {
        self.send("GET", path, "").unwrap()
    }

    fn request(&self, method: &str, path: &str, body: &str) -> io::Result<Answer> {
        let mut stream = self.send(method, path, body)?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let (head, body) = text
            .split_once("\r\n\r\n")
            .ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        Ok(Answer {
            status: head[9..12].parse().map_err(io::Error::other)?,
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }

    fn send(&self, method: &str, path: &str, body: &str) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(Duration::from_mins(1)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: gateway\r\nconnection: close\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.key,
            body.len()
        )?;
        Ok(stream)
    }
}
