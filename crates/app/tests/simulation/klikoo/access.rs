//! Who may ask: token, timestamp, signature.

use http::Method;
use klikoo_adapter::RequestToSign;
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::wire::Sent;
use super::{Klikoo, replies};

/// How long a token lives.
pub(super) const TOKEN_LIFE: Duration = Duration::minutes(15);

/// A process may not ask again sooner after a failure.
const PAUSE: Duration = Duration::seconds(5);

#[derive(Default)]
pub(super) struct Tokens {
    given: Vec<Given>,
    /// Processes whose request for a token is under way.
    asking: Vec<(usize, OffsetDateTime)>,
    /// Which process was last not given one, and when.
    failed: Vec<(usize, OffsetDateTime)>,
}

struct Given {
    text: String,
    process: usize,
    asked_at: OffsetDateTime,
    ends: OffsetDateTime,
    refused: bool,
}

impl Klikoo {
    /// Whether Klikoo looks at a request at all, now that it arrives.
    pub(super) fn accepts(&self, sent: &Sent) -> Result<(), replies::Reply> {
        let now = self.scene.now();
        let Ok(timestamp) = OffsetDateTime::parse(&sent.timestamp, &Rfc3339) else {
            return Err(replies::refusal(400, "400056505", "no timestamp"));
        };
        if (timestamp - now).abs() > self.reading.tolerance {
            return Err(replies::refusal(400, "400056505", "timestamp"));
        }
        if let Some(token) = &sent.token {
            let mut state = self.lock();
            let given = state.tokens.given.iter_mut().find(|it| it.text == *token);
            match given {
                Some(given) if given.refused => {
                    return Err(replies::refusal(401, "401056500", "token invalid"));
                }
                Some(given) if given.ends <= now => {
                    given.refused = true;
                    return Err(replies::refusal(401, "401056535", "token expired"));
                }
                Some(_) => {}
                None => return Err(replies::refusal(401, "401056500", "token unknown")),
            }
        }
        let expected = self.signer.sign(&RequestToSign {
            method: sent.method.as_str(),
            path: &sent.path,
            access_token: sent.token.as_deref(),
            body: &sent.body,
            timestamp: &sent.timestamp,
        });
        if expected.as_str() != sent.signature {
            let what = format!("{} {} is not signed as it was sent", sent.method, sent.path);
            self.scene.broken("row 1", &what);
            return Err(replies::refusal(400, "400056508", "signature"));
        }
        Ok(())
    }

    /// Klikoo's word that `sent`'s token is no good is on its way.
    pub(super) fn refuse_token(&self, sent: &Sent) {
        let mut state = self.lock();
        for given in &mut state.tokens.given {
            given.refused |= Some(&given.text) == sent.token.as_ref();
        }
    }

    /// A request for a token begins. One at a time, only when one is needed, and not at once after
    /// a failure.
    pub(super) fn asks_for_token(&self, process: usize) {
        let now = self.scene.now();
        let mut state = self.lock();
        let tokens = &mut state.tokens;
        let mine = tokens.given.iter().rfind(|given| given.process == process);
        // A minute before its end it is renewed; its age counts from the asking.
        let fresh = TOKEN_LIFE - Duration::minutes(1);
        let needless = mine.is_some_and(|given| !given.refused && given.asked_at + fresh > now);
        let too_soon = tokens
            .failed
            .iter()
            .any(|(who, at)| *who == process && now - *at < PAUSE);
        let twice = tokens.asking.iter().any(|(who, _)| *who == process);
        tokens.asking.push((process, now));
        drop(state);
        for (broken, what) in [
            (needless, "while one is at hand"),
            (too_soon, "right after a failure"),
            (twice, "while one is being fetched"),
        ] {
            if broken {
                let what = format!("process {process} asks for a token {what}");
                self.scene.broken("one token", &what);
            }
        }
    }

    /// A new token.
    pub(super) fn give_token(&self, process: usize) -> String {
        let number = self.lock().tokens.given.len() + 1;
        let text = format!("token.{number}");
        self.token_ends(process, Some(text.clone()));
        text
    }

    /// It ends; `given` where the process gets one.
    pub(super) fn token_ends(&self, process: usize, given: Option<String>) {
        let now = self.scene.now();
        let mut state = self.lock();
        let tokens = &mut state.tokens;
        let asked = tokens.asking.iter().position(|(who, _)| *who == process);
        let asked_at = asked.map_or(now, |at| tokens.asking.remove(at).1);
        tokens.failed.retain(|(who, _)| *who != process);
        match given {
            Some(text) => tokens.given.push(Given {
                text,
                process,
                asked_at,
                ends: now + TOKEN_LIFE,
                refused: false,
            }),
            None => tokens.failed.push((process, now)),
        }
    }

    /// Process `process` has died, and with it what it had under way.
    pub(crate) fn forget(&self, process: usize) {
        let mut state = self.lock();
        state.tokens.asking.retain(|(who, _)| *who != process);
        state.tokens.failed.retain(|(who, _)| *who != process);
        state.refuse_again.retain(|(who, _)| *who != process);
    }
}

/// `Bearer …` without the first word.
pub(super) fn token_of(authorization: Option<&http::HeaderValue>) -> Option<String> {
    let text = authorization?.to_str().ok()?;
    text.strip_prefix("Bearer ").map(str::to_owned)
}

pub(super) fn is_post(method: &Method) -> bool {
    *method == Method::POST
}
