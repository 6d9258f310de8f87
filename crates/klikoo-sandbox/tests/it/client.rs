//! A small HTTP client that shows every way in which an exchange can end.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use klikoo_sandbox::Sandbox;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::DecodePrivateKey as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256, Sha512};
use time::OffsetDateTime;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

pub(crate) const BLOCK: &str = "/v1/open-api/transports/block-seat";
pub(crate) const TOKEN: &str = "/v1/open-api/access-token";

/// How long silence must last to count as silence.
const PATIENCE: Duration = Duration::from_millis(400);

/// How an exchange ended.
#[derive(Debug)]
pub(crate) enum End {
    Reply(Reply),
    /// Closed in order, without a byte of answer.
    Closed,
    Reset,
    Refused,
    Silence,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
    /// The body is as long as was announced.
    pub(crate) whole: bool,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub(crate) fn code(&self) -> String {
        self.json()["response_code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }
}

impl End {
    pub(crate) fn reply(self) -> Reply {
        match self {
            Self::Reply(reply) => reply,
            other => panic!("no reply: {other:?}"),
        }
    }
}

/// What is sent. Every part can be changed before it goes, signature included.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Draft {
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        self = self.without(name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(header, _)| header != name);
        self
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(header, _)| header == name);
        &found.expect(name).1
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut head = format!(
            "{} {} HTTP/1.1\r\nHost: sandbox\r\n",
            self.method, self.target
        );
        for (name, value) in &self.headers {
            head.extend([name, ": ", value, "\r\n"]);
        }
        let length = self.body.len().to_string();
        head.extend(["Content-Length: ", &length, "\r\n\r\n"]);
        [head.as_bytes(), &self.body].concat()
    }
}

pub(crate) fn address(sandbox: &Sandbox) -> SocketAddr {
    sandbox
        .base_url()
        .strip_prefix("http://")
        .unwrap()
        .parse()
        .unwrap()
}

pub(crate) fn timestamp(instant: OffsetDateTime) -> String {
    let local = instant.to_offset(time::macros::offset!(+7));
    let format = time::macros::format_description!(
        "[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]+07:00"
    );
    local.format(format).unwrap()
}

/// `METHOD:PATH:TOKEN:HASH:TIMESTAMP`, put together apart from the sandbox's own.
pub(crate) fn string_to_sign(
    method: &str,
    path: &str,
    token: &str,
    body: &[u8],
    at: &str,
) -> String {
    let hash = hex::encode(Sha256::digest(body));
    [method, path, token, &hash, at].join(":")
}

pub(crate) fn hmac(secret: &str, text: &str) -> String {
    let mac = Hmac::<Sha512>::new_from_slice(secret.as_bytes()).unwrap();
    STANDARD.encode(mac.chain_update(text).finalize().into_bytes())
}

pub(crate) fn ecdsa(private_key_pem: &str, text: &str) -> String {
    let key = SigningKey::from_pkcs8_pem(private_key_pem).unwrap();
    let signature: Signature = key.sign(text.as_bytes());
    STANDARD.encode(signature.to_bytes())
}

/// A call signed by HMAC without a token, by the sandbox's own time.
pub(crate) fn draft(sandbox: &Sandbox, method: &str, target: &str, body: &[u8]) -> Draft {
    let at = timestamp(sandbox.clock().now());
    let path = target.split('?').next().unwrap();
    let text = string_to_sign(method, path, "", body, &at);
    let draft = Draft {
        method: method.to_owned(),
        target: target.to_owned(),
        headers: Vec::new(),
        body: body.to_vec(),
    };
    draft
        .set("Content-Type", "application/json")
        .set("Open-Api-Timestamp", &at)
        .set("Open-Api-Signature", &hmac(sandbox.client_secret(), &text))
}

pub(crate) async fn send(sandbox: &Sandbox, draft: &Draft) -> End {
    exchange(address(sandbox), &draft.bytes()).await
}

pub(crate) async fn post(sandbox: &Sandbox, path: &str, body: &Value) -> End {
    let draft = draft(sandbox, "POST", path, body.to_string().as_bytes());
    send(sandbox, &draft).await
}

pub(crate) async fn get(sandbox: &Sandbox, target: &str) -> Reply {
    send(sandbox, &draft(sandbox, "GET", target, b""))
        .await
        .reply()
}

pub(crate) async fn block(sandbox: &Sandbox, reference: &str, seat: &str) -> End {
    post(sandbox, BLOCK, &order(reference, &[seat])).await
}

/// A one-way order of trip 188336.
pub(crate) fn order(reference: &str, seats: &[&str]) -> Value {
    json!({
        "product_code": "BUS",
        "selling_price": "20000",
        "partner_reference_no": reference,
        "order_detail": {"name": "Pandu", "email": "pdputra@pvg.co.id", "phone_number": "082122274139"},
        "departure": leg(188_336, seats),
        "return": null,
    })
}

pub(crate) fn leg(trip_id: u64, seats: &[&str]) -> Value {
    let passengers: Vec<Value> = seats
        .iter()
        .map(|seat| {
            json!({
                "seat_name": seat, "name": "Pandu", "dob": "1996-12-09",
                "gender": "male", "id_card_number": "31741009219923332",
            })
        })
        .collect();
    json!({"trip_id": trip_id, "passengers": passengers})
}

/// Sends `request` on a connection of its own and reads what comes.
pub(crate) async fn exchange(address: SocketAddr, request: &[u8]) -> End {
    let mut stream = match TcpStream::connect(address).await {
        Ok(stream) => stream,
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => return End::Refused,
        Err(error) => panic!("{error}"),
    };
    if let Err(error) = stream.write_all(request).await {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
        return End::Reset;
    }
    read(&mut stream).await
}

pub(crate) async fn read(stream: &mut TcpStream) -> End {
    let mut bytes = Vec::new();
    let mut buffer = vec![0; 65_536];
    loop {
        match timeout(PATIENCE, stream.read(&mut buffer)).await {
            Err(_) => return End::Silence,
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionReset => return End::Reset,
            Ok(Err(error)) => panic!("{error}"),
            Ok(Ok(0)) if bytes.is_empty() => return End::Closed,
            Ok(Ok(0)) => return End::Reply(reply(&bytes)),
            Ok(Ok(count)) => bytes.extend_from_slice(&buffer[..count]),
        }
        let reply = reply(&bytes);
        if reply.whole {
            return End::Reply(reply);
        }
    }
}

fn reply(bytes: &[u8]) -> Reply {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = end.map_or((bytes, &[][..]), |end| (&bytes[..end], &bytes[end + 4..]));
    let head = String::from_utf8(head.to_vec()).unwrap();
    let mut reply = Reply {
        status: head
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .unwrap_or(0),
        head,
        body: body.to_vec(),
        whole: false,
    };
    let length = reply
        .header("content-length")
        .and_then(|length| length.parse().ok());
    reply.whole = end.is_some() && length == Some(reply.body.len());
    reply
}
