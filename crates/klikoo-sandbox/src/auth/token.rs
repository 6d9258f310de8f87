//! Access tokens in the shape of a JWT (API description §3).

use std::time::Duration;

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use time::OffsetDateTime;

/// What a bearer token turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenState {
    Live,
    Expired,
    Unknown,
}

/// Issues tokens and recognises its own, without keeping a list of them.
pub(crate) struct TokenMint {
    key: Hmac<Sha256>,
    lifetime: Duration,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    iat: i64,
    exp: i64,
    /// The end to the millisecond: a test may ask for lives below a second.
    exp_ms: i128,
    /// Tells tokens of one millisecond apart.
    jti: String,
}

impl TokenMint {
    /// `None` where the system gives no random bytes.
    pub(crate) fn new(lifetime: Duration) -> Option<Self> {
        let mut secret = [0; 32];
        rand::fill(&mut secret).ok()?;
        let key = Hmac::new_from_slice(&secret).ok()?;
        Some(Self { key, lifetime })
    }

    /// Seconds to write into `expires_in`.
    pub(crate) fn lifetime_seconds(&self) -> u64 {
        self.lifetime.as_secs()
    }

    pub(crate) fn issue(&self, client_id: &str, now: OffsetDateTime) -> Option<String> {
        let mut id = [0; 16];
        rand::fill(&mut id).ok()?;
        let end = now.checked_add(self.lifetime.try_into().ok()?)?;
        let claims = Claims {
            sub: client_id.to_owned(),
            iat: now.unix_timestamp(),
            exp: end.unix_timestamp(),
            exp_ms: milliseconds(end),
            jti: hex::encode(id),
        };
        let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        let claims = URL_SAFE_NO_PAD.encode(serde_json::to_vec(&claims).ok()?);
        let signed = format!("{head}.{claims}");
        let tag = self.key.clone().chain_update(&signed).finalize();
        Some(format!(
            "{signed}.{}",
            URL_SAFE_NO_PAD.encode(tag.into_bytes())
        ))
    }

    pub(crate) fn state(&self, token: &str, now: OffsetDateTime) -> TokenState {
        match self.claims(token) {
            None => TokenState::Unknown,
            Some(claims) if claims.exp_ms <= milliseconds(now) => TokenState::Expired,
            Some(_) => TokenState::Live,
        }
    }

    fn claims(&self, token: &str) -> Option<Claims> {
        let (signed, tag) = token.rsplit_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
        let mac = self.key.clone().chain_update(signed);
        mac.verify_slice(&tag).ok()?;
        let (_, claims) = signed.split_once('.')?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }
}

fn milliseconds(instant: OffsetDateTime) -> i128 {
    instant.unix_timestamp_nanos() / 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn knows_its_own_tokens_until_they_end() {
        let now = datetime!(2026-11-24 10:00 +7);
        let mint = TokenMint::new(Duration::from_mins(15)).unwrap();
        let token = mint.issue("client", now).unwrap();
        assert_eq!(token.split('.').count(), 3);
        assert_ne!(token, mint.issue("client", now).unwrap());
        assert_eq!(mint.state(&token, now), TokenState::Live);
        let last = now + Duration::from_millis(899_999);
        assert_eq!(mint.state(&token, last), TokenState::Live);
        let end = now + Duration::from_mins(15);
        assert_eq!(mint.state(&token, end), TokenState::Expired);
    }

    #[test]
    fn refuses_tokens_of_others_and_altered_ones() {
        let now = datetime!(2026-11-24 10:00 +7);
        let mint = TokenMint::new(Duration::from_mins(15)).unwrap();
        let other = TokenMint::new(Duration::from_mins(15)).unwrap();
        let token = mint.issue("client", now).unwrap();
        assert_eq!(other.state(&token, now), TokenState::Unknown);
        for index in 0..token.len() {
            let mut altered = token.clone().into_bytes();
            altered[index] = if altered[index] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_ne!(mint.state(&altered, now), TokenState::Live, "byte {index}");
        }
        for text in ["", ".", "..", "a.b.c", "é"] {
            assert_eq!(mint.state(text, now), TokenState::Unknown, "{text}");
        }
    }
}
