//! Where callbacks go: to this machine and nowhere else.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::http::Uri;
use axum::http::uri::{PathAndQuery, Scheme};

use crate::error::CallbackUrlError;

/// An address of this machine, and a path on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CallbackUrl {
    pub(crate) address: SocketAddr,
    /// As a `Host` header names the address.
    pub(crate) host: String,
    pub(crate) target: PathAndQuery,
}

impl CallbackUrl {
    /// Reads `http://HOST[:PORT]/path`, with a loopback address or `localhost` as the host.
    pub(crate) fn parse(text: &str) -> Result<Self, CallbackUrlError> {
        let uri: Uri = text.parse().map_err(|_| CallbackUrlError::NotAUrl)?;
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(CallbackUrlError::NotAUrl);
        };
        let plain = *scheme == Scheme::HTTP && !authority.as_str().contains('@');
        let host = authority.host();
        let address = match host {
            // Looked up nowhere: what it means elsewhere is nobody's loopback.
            "localhost" => Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            host => host.trim_matches(['[', ']']).parse().ok(),
        };
        // `Authority::port` says of one beyond 65535 that there is none.
        let port = match authority.as_str().rsplit_once(host) {
            Some((_, "")) => 80,
            Some((_, rest)) => rest
                .strip_prefix(':')
                .and_then(|port| port.parse().ok())
                .ok_or(CallbackUrlError::NotAUrl)?,
            None => return Err(CallbackUrlError::NotAUrl),
        };
        match address {
            Some(address) if plain && address.is_loopback() => Ok(Self {
                address: SocketAddr::new(address, port),
                host: authority.to_string(),
                target: uri
                    .path_and_query()
                    .cloned()
                    .unwrap_or_else(|| PathAndQuery::from_static("/")),
            }),
            _ => Err(CallbackUrlError::NotLoopback),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_to_this_machine_is_taken() {
        for (text, address, target) in [
            ("http://127.0.0.1:8080/klikoo", "127.0.0.1:8080", "/klikoo"),
            ("http://127.9.9.9/a?b=c", "127.9.9.9:80", "/a?b=c"),
            ("http://localhost:1", "127.0.0.1:1", "/"),
            ("HTTP://[::1]:8080/x", "[::1]:8080", "/x"),
        ] {
            let url = CallbackUrl::parse(text).unwrap();
            assert_eq!(
                (url.address.to_string().as_str(), url.target.as_str()),
                (address, target)
            );
        }
        for (text, why) in [
            ("", CallbackUrlError::NotAUrl),
            ("/callback", CallbackUrlError::NotAUrl),
            ("127.0.0.1:8080", CallbackUrlError::NotAUrl),
            ("http://127.0.0.1:99999/", CallbackUrlError::NotAUrl),
            ("http://127.0.0.1:8080/a\r\nb", CallbackUrlError::NotAUrl),
            ("https://127.0.0.1:8080/", CallbackUrlError::NotLoopback),
            ("http://example.com/", CallbackUrlError::NotLoopback),
            ("http://10.0.0.1/", CallbackUrlError::NotLoopback),
            ("http://0.0.0.0/", CallbackUrlError::NotLoopback),
            ("http://[::ffff:10.0.0.1]/", CallbackUrlError::NotLoopback),
            (
                "http://127.0.0.1.example.com/",
                CallbackUrlError::NotLoopback,
            ),
            (
                "http://localhost.example.com/",
                CallbackUrlError::NotLoopback,
            ),
            (
                "http://127.0.0.1@example.com/",
                CallbackUrlError::NotLoopback,
            ),
            ("http://me@127.0.0.1/", CallbackUrlError::NotLoopback),
        ] {
            assert_eq!(CallbackUrl::parse(text), Err(why), "{text:?}");
        }
    }
}
