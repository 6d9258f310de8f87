//! An operator's sign-in, kept in a cookie that this gateway signed.
//!
//! Every replica that has the same session key accepts it, for a quarter of an hour; the console asks
//! for the next one before. Each request asks the key ring again, so a revoked key ends its sessions
//! at once. Whoever signs out ends the session with all copies of its cookies at this replica; another
//! has stored nothing, and there a copy that nobody renews ends with its quarter of an hour.

use std::collections::HashMap;
use std::fmt;
use std::sync::{PoisonError, RwLock};

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

/// For so long a cookie stands for its session: three times as long as until the console asks again.
const RENEWED_WITHIN: Duration = Duration::minutes(15);

/// So many sessions of one key that were ended are remembered, until they would have ended by
/// themselves: a key can sign in and out as often as it may ask, and must not make others' be forgotten.
const ENDED_OF_KEY_MAX: usize = 1_000;

/// Longest cookie that is looked at.
const COOKIE_MAX: usize = 256;

/// Signs cookies and reads them.
pub(crate) struct Sessions {
    secret: Zeroizing<[u8; 32]>,
    /// What was signed out here.
    ended: RwLock<HashMap<KeyId, Ended>>,
}

/// The sessions of one key that were signed out, by their nonce, until they would have ended by
/// themselves.
type Ended = HashMap<String, OffsetDateTime>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) key: KeyId,
    /// Where nobody asks for the next cookie.
    pub(crate) ends_at: OffsetDateTime,
    /// Whatever is asked for.
    until: OffsetDateTime,
    nonce: String,
}

impl Sessions {
    pub(crate) fn new(secret: [u8; 32]) -> Self {
        Self {
            secret: Zeroizing::new(secret),
            ended: RwLock::default(),
        }
    }

    /// A session that begins now.
    pub(crate) fn begin(key: KeyId, nonce: [u8; 16], now: OffsetDateTime) -> Session {
        Session {
            key,
            ends_at: now + RENEWED_WITHIN,
            until: now + LASTS,
            nonce: hex::encode(nonce),
        }
    }

    /// The same session with as long to go as at its beginning, but not past its end.
    pub(crate) fn renewed(session: Session, now: OffsetDateTime) -> Session {
        Session {
            ends_at: session.until.min(now + RENEWED_WITHIN),
            ..session
        }
    }

    /// Ends the session: no cookie of it is read here any more.
    pub(crate) fn end(&self, session: Session, now: OffsetDateTime) {
        let mut ended = self.ended.write().unwrap_or_else(PoisonError::into_inner);
        if !ended.contains_key(&session.key) {
            // Keys that are used no more take no room for ever.
            ended.retain(|_, of_key| {
                of_key.retain(|_, until| *until > now);
                !of_key.is_empty()
            });
        }
        let of_key = ended.entry(session.key).or_default();
        if of_key.len() >= ENDED_OF_KEY_MAX {
            of_key.retain(|_, until| *until > now);
        }
        if of_key.len() >= ENDED_OF_KEY_MAX {
            // The nearest to its end is the least to be lost.
            let nearest = of_key.iter().min_by_key(|(_, until)| **until);
            let nearest = nearest.map(|(nonce, _)| nonce.clone());
            nearest.map(|nonce| of_key.remove(&nonce));
        }
        of_key.insert(session.nonce, session.until);
    }

    /// The value of its cookie.
    pub(crate) fn cookie(&self, session: &Session) -> String {
        let signed = session.to_string();
        let mac = self.mac("cookie", &signed);
        format!("{signed}.{mac}")
    }

    /// What must stand in the header of every request that changes something. Each page of a browser
    /// keeps it for as long as the session lasts, whichever of them renews the cookie.
    pub(crate) fn csrf(&self, session: &Session) -> String {
        self.mac("csrf", &format!("{}.{}", session.key, session.nonce))
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
        let mut parts = signed.splitn(4, '.');
        let moment = |text: &str| OffsetDateTime::from_unix_timestamp(text.parse().ok()?).ok();
        let session = Session {
            key: parts.next()?.parse().ok()?,
            ends_at: moment(parts.next()?)?,
            until: moment(parts.next()?)?,
            nonce: parts.next()?.to_owned(),
        };
        self.is_open(&session, now).then_some(session)
    }

    /// Whether it lasts, by the cookie that it was read from, and nobody has signed out.
    pub(crate) fn is_open(&self, session: &Session, now: OffsetDateTime) -> bool {
        let ended = self.ended.read().unwrap_or_else(PoisonError::into_inner);
        let of_key = ended.get(&session.key);
        let was_ended = of_key.is_some_and(|of_key| of_key.contains_key(&session.nonce));
        now < session.ends_at && !was_ended
    }

    fn mac(&self, purpose: &str, text: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&*self.secret) else {
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
        let (ends_at, until) = (self.ends_at.unix_timestamp(), self.until.unix_timestamp());
        write!(f, "{}.{ends_at}.{until}.{}", self.key, self.nonce)
    }
}

#[cfg(test)]
mod tests {
    use time::Duration;
    use time::macros::datetime;

    use super::{ENDED_OF_KEY_MAX, LASTS, RENEWED_WITHIN, Session, Sessions};

    fn begin(nonce: u8, now: time::OffsetDateTime) -> Session {
        Sessions::begin("00000000000000a7".parse().unwrap(), [nonce; 16], now)
    }

    #[test]
    fn only_what_was_signed_here_and_has_not_ended_is_read() {
        let now = datetime!(2026-11-24 22:00 +7);
        let sessions = Sessions::new([7; 32]);
        let session = begin(1, now);
        let cookie = sessions.cookie(&session);
        let read = sessions.read(&cookie, now).unwrap();
        assert_eq!((&read.key, &read.nonce), (&session.key, &session.nonce));
        assert_eq!(sessions.csrf(&read), sessions.csrf(&session));

        assert!(
            sessions
                .read(&cookie, now + RENEWED_WITHIN - Duration::SECOND)
                .is_some()
        );
        assert!(sessions.read(&cookie, now + RENEWED_WITHIN).is_none());
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
        let of = |nonce| begin(nonce, now);
        assert!(sessions.is_csrf(&of(1), sessions.csrf(&of(1)).as_bytes()));
        assert!(!sessions.is_csrf(&of(1), sessions.csrf(&of(2)).as_bytes()));
        assert!(!sessions.is_csrf(&of(1), b""));
    }

    #[test]
    fn a_session_is_renewed_until_its_night_is_over() {
        let began = datetime!(2026-11-24 22:00 +7);
        let sessions = Sessions::new([7; 32]);
        let (mut session, mut now) = (begin(1, began), began);
        let csrf = sessions.csrf(&session);
        let mut renewals = 0;
        while let Some(read) = sessions.read(&sessions.cookie(&session), now) {
            assert_eq!(sessions.csrf(&read), csrf);
            session = Sessions::renewed(read, now);
            assert!(session.ends_at <= began + LASTS);
            now += Duration::minutes(5);
            renewals += 1;
        }
        assert_eq!((now, renewals), (began + LASTS, 12 * 12));
    }

    #[test]
    fn who_signs_out_ends_every_copy_here_and_elsewhere_those_that_nobody_renews() {
        let now = datetime!(2026-11-24 22:00 +7);
        let (here, elsewhere) = (Sessions::new([7; 32]), Sessions::new([7; 32]));
        let session = begin(1, now);
        let cookie = here.cookie(&session);
        let later = here.cookie(&Sessions::renewed(session.clone(), now + Duration::MINUTE));
        here.end(session, now);
        for copy in [&cookie, &later] {
            assert!(here.read(copy, now).is_none());
            assert!(elsewhere.read(copy, now).is_some());
            let over = now + RENEWED_WITHIN + Duration::MINUTE;
            assert!(elsewhere.read(copy, over).is_none());
        }
        let other = here.cookie(&begin(2, now));
        assert!(here.read(&other, now).is_some());
    }

    #[test]
    fn as_many_ended_sessions_of_a_key_are_remembered_as_there_is_room_for_and_all_of_another() {
        let now = datetime!(2026-11-24 22:00 +7);
        let sessions = Sessions::new([7; 32]);
        let other = begin(1, now);
        let of_other = sessions.cookie(&other);
        sessions.end(other, now);
        let key: crate::auth::KeyId = "00000000000000a8".parse().unwrap();
        let mut all = Vec::new();
        for number in 0..=ENDED_OF_KEY_MAX {
            let mut nonce = [0; 16];
            nonce[..8].copy_from_slice(&(number as u64).to_le_bytes());
            let at = now + Duration::milliseconds(i64::try_from(number).unwrap());
            let session = Sessions::begin(key.clone(), nonce, at);
            all.push(sessions.cookie(&session));
            sessions.end(session, at);
        }
        // The first made room for the last of its own key, and for nobody else's.
        assert!(sessions.read(&all[0], now).is_some());
        assert!(all[1..].iter().all(|it| sessions.read(it, now).is_none()));
        assert!(sessions.read(&of_other, now).is_none());
        // What is over takes no room.
        let later = now + LASTS * 2;
        let third = Sessions::begin("00000000000000a9".parse().unwrap(), [1; 16], later);
        sessions.end(third, later);
        assert_eq!(sessions.ended.read().unwrap().len(), 1);
    }
}
