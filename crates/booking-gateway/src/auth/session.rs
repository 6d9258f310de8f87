//! An operator's sign-in, kept in a cookie that this gateway signed.
//!
//! Nothing is stored: every replica that has the same session key accepts it. Each request asks
//! the key ring again, so a revoked key ends its sessions at once.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;
use time::{Duration, OffsetDateTime};
use zeroize::Zeroizing;

use super::api_key::KeyId;

/// Where the connection is encrypted: a cookie of this name cannot be set by a neighbouring host.
pub(crate) const SECURE_COOKIE: &str = "__Host-seatblock";
pub(crate) const COOKIE: &str = "seatblock";

/// A working night, and no longer.
const LASTS: Duration = Duration::hours(12);

/// Longest cookie that is looked at.
const COOKIE_MAX: usize = 256;

/// Signs cookies and reads them.
pub(crate) struct Sessions(Zeroizing<[u8; 32]>);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) key: KeyId,
    pub(crate) ends_at: OffsetDateTime,
    nonce: String,
}

impl Sessions {
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        Self(Zeroizing::new(secret))
    }

    /// A session that begins now.
    pub(crate) fn begin(key: KeyId, nonce: [u8; 16], now: OffsetDateTime) -> Session {
        Session {
            key,
            ends_at: now + LASTS,
            nonce: hex::encode(nonce),
        }
    }

    /// The value of its cookie.
    pub(crate) fn cookie(&self, session: &Session) -> String {
        let signed = session.to_string();
        let mac = self.mac("cookie", &signed);
        format!("{signed}.{mac}")
    }

    /// What must stand in the header of every request that changes something.
    pub(crate) fn csrf(&self, session: &Session) -> String {
        self.mac("csrf", &session.to_string())
    }

    pub(crate) fn is_csrf(&self, session: &Session, told: &[u8]) -> bool {
        self.csrf(session).as_bytes().ct_eq(told).into()
    }

    /// The session of a cookie that this gateway signed and that has not ended.
    pub(crate) fn read(&self, cookie: &str, now: OffsetDateTime) -> Option<Session> {
        let (signed, mac) = cookie.rsplit_once('.')?;
        let sound = cookie.len() <= COOKIE_MAX
            && bool::from(self.mac("cookie", signed).as_bytes().ct_eq(mac.as_bytes()));
        if !sound {
            return None;
        }
        let mut parts = signed.splitn(3, '.');
        let session = Session {
            key: parts.next()?.parse().ok()?,
            ends_at: OffsetDateTime::from_unix_timestamp(parts.next()?.parse().ok()?).ok()?,
            nonce: parts.next()?.to_owned(),
        };
        (now < session.ends_at).then_some(session)
    }

    fn mac(&self, purpose: &str, text: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.0) else {
            return String::new();
        };
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ends_at = self.ends_at.unix_timestamp();
        write!(f, "{}.{ends_at}.{}", self.key, self.nonce)
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::{LASTS, Sessions};

    #[test]
    fn only_what_was_signed_here_and_has_not_ended_is_read() {
        let now = datetime!(2026-11-24 22:00 +7);
        let sessions = Sessions::new([7; 32]);
        let session = Sessions::begin("00000000000000a7".parse().unwrap(), [1; 16], now);
        let cookie = sessions.cookie(&session);
        let read = sessions.read(&cookie, now).unwrap();
        assert_eq!((&read.key, &read.nonce), (&session.key, &session.nonce));
        assert_eq!(sessions.csrf(&read), sessions.csrf(&session));

        assert!(
            sessions
                .read(&cookie, now + LASTS - Duration::SECOND)
                .is_some()
        );
        assert!(sessions.read(&cookie, now + LASTS).is_none());
        assert!(Sessions::new([8; 32]).read(&cookie, now).is_none());
        for at in 0..cookie.len() {
            let mut other = cookie.clone().into_bytes();
            other[at] = if other[at] == b'0' { b'1' } else { b'0' };
            let other = String::from_utf8(other).unwrap();
            assert!(sessions.read(&other, now).is_none(), "{other}");
        }
        for odd in ["", ".", "..", "....", &"a".repeat(5000)] {
            assert!(sessions.read(odd, now).is_none());
        }
    }

    #[test]
    fn the_token_of_another_session_is_none() {
        let now = datetime!(2026-11-24 22:00 +7);
        let sessions = Sessions::new([7; 32]);
        let of = |nonce| Sessions::begin("00000000000000a7".parse().unwrap(), [nonce; 16], now);
        assert!(sessions.is_csrf(&of(1), sessions.csrf(&of(1)).as_bytes()));
        assert!(!sessions.is_csrf(&of(1), sessions.csrf(&of(2)).as_bytes()));
        assert!(!sessions.is_csrf(&of(1), b""));
    }
}
