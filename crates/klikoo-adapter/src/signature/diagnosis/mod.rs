//! Finds which usual mistake made another signature.
//!
//! Each part of the signed string has one right value and a list of wrong ones that people and
//! their tools are known to make. The search puts them together, fewest mistakes first, until one
//! combination gives the signature in question.

mod body;
mod checks;
mod compared;
mod form;
mod hints;
mod parts;
mod search;
mod times;

use std::fmt;

use secrecy::SecretString;

use super::RequestScheme;
use crate::keys::RequestKey;

/// What is known about a request, to find out why its signature differs.
///
/// ```
/// use klikoo_adapter::{Facts, RequestScheme};
///
/// let secret = "a client secret".into();
/// let facts = Facts {
///     method: "GET",
///     path: "/v1/open-api/transactions/14429004",
///     base_url: Some("https://host.example/klikoo-b2b"),
///     body: b"",
///     tokens: &["the right token", "yesterday's token"],
///     timestamp: "2024-02-07T10:29:20.000+07:00",
///     scheme: RequestScheme::HmacSha512,
///     client_secret: Some(&secret),
///     key: None,
/// };
/// assert!(!format!("{facts:?}").contains("token\""));
/// ```
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Upper case, as it is sent.
    pub method: &'a str,
    /// As it is to be signed: begins with `/v1/`, without the base URL's own path.
    pub path: &'a str,
    /// `https://host/prefix`, or its path alone (`/prefix`): for the mistake of signing that too.
    pub base_url: Option<&'a str>,
    /// The body as its author wrote it; the right one to sign is its canonical form.
    pub body: &'a [u8],
    /// The right access token first (empty, or no element, for none), then others that may have
    /// been taken by mistake.
    pub tokens: &'a [&'a str],
    /// The value of `Open-Api-Timestamp`.
    pub timestamp: &'a str,
    /// The scheme that is right for this partner.
    pub scheme: RequestScheme,
    /// Lets signatures by HMAC be recognised.
    pub client_secret: Option<&'a SecretString>,
    /// Lets signatures by ECDSA be recognised.
    pub key: Option<&'a RequestKey>,
}

/// Shows what is present, not what it is: bodies hold personal data, the rest secrets.
impl fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Facts")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("body_length", &self.body.len())
            .field("tokens", &self.tokens.len())
            .field("timestamp", &self.timestamp)
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

/// What [`diagnose`] found.
///
/// ```
/// use klikoo_adapter::Diagnosis;
///
/// assert_ne!(Diagnosis::Matches, Diagnosis::Mistakes(Vec::new()));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Diagnosis {
    /// The signature is right.
    Matches,
    /// These mistakes together, and no fewer, give the signature.
    Mistakes(Vec<Mistake>),
    /// No combination of up to three known mistakes gives the signature.
    NotFound {
        /// How many combinations were tried.
        tried: usize,
        /// Part by part, what was tried in its place and no more: where no token was given, none
        /// stands here, and no path prefix where the base URL has none. The combinations are
        /// those with up to three values that are not the first of their part.
        compared: Vec<(&'static str, Vec<String>)>,
        /// What the signature's form tells, and what to look at next.
        hints: Vec<String>,
    },
    /// The text is no signature that could have been compared with anything.
    NotCompared {
        /// What is wrong with it; it is not repeated.
        fault: String,
        /// What would have been compared.
        accepted: String,
    },
}

/// One known mistake.
///
/// ```
/// use klikoo_adapter::Mistake;
///
/// let mistake = Mistake { code: "method_lower_case", message: "signed: `post`".into() };
/// assert_eq!(mistake.code, "method_lower_case");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Stable: `method_lower_case`.
    pub code: &'static str,
    /// What was done and what is right, in a sentence. Holds no secret and no part of the body.
    pub message: String,
}

/// Finds the fewest mistakes that turn the right signature of `facts` into `expected`, the
/// signature that somebody else made of the same request.
///
/// An ECDSA signature is verified rather than compared, since its maker's nonce may be random.
/// Surrounding white space of `expected` is ignored. The work is bounded: some ten thousand
/// hashes, or about a second where every one is an ECDSA verification.
///
/// ```
/// use klikoo_adapter::{
///     Diagnosis, Facts, RequestScheme, RequestSigner, RequestToSign, diagnose,
/// };
///
/// let secret = "a client secret".into();
/// let facts = Facts {
///     method: "POST",
///     path: "/v1/open-api/transports/block-seat",
///     base_url: None,
///     body: br#"{"product_code":"BUS","partner_reference_no":"1238"}"#,
///     tokens: &["token"],
///     timestamp: "2024-02-07T10:28:35.000+07:00",
///     scheme: RequestScheme::HmacSha512,
///     client_secret: Some(&secret),
///     key: None,
/// };
/// // Somebody signed the body as it stands: its keys are not sorted.
/// let theirs = RequestSigner::hmac_sha512(&secret).sign(&RequestToSign {
///     method: facts.method,
///     path: facts.path,
///     access_token: Some("token"),
///     body: facts.body,
///     timestamp: facts.timestamp,
/// });
/// let Diagnosis::Mistakes(mistakes) = diagnose(&facts, theirs.as_str()) else {
///     panic!("a known mistake");
/// };
/// assert_eq!(mistakes[0].code, "body_unsorted");
/// ```
#[must_use]
pub fn diagnose(facts: &Facts<'_>, expected: &str) -> Diagnosis {
    let expected = expected.trim();
    let parts = [
        parts::methods(facts),
        parts::paths(facts),
        parts::tokens(facts),
        body::hashes(facts.body),
        times::times(facts),
    ];
    let checks = checks::checks(facts, expected);
    if checks.is_empty() {
        return Diagnosis::NotCompared {
            fault: form::fault(expected, facts),
            accepted: form::accepted(facts),
        };
    }
    match search::fewest_mistakes(&parts, &checks) {
        Ok(mistakes) if mistakes.is_empty() => Diagnosis::Matches,
        Ok(mistakes) => Diagnosis::Mistakes(mistakes),
        Err(tried) => Diagnosis::NotFound {
            tried,
            compared: compared::compared(&parts, &checks),
            hints: hints::hints(facts, expected),
        },
    }
}

/// A mistake as the tables below list it.
#[derive(Clone, Copy, Debug)]
struct Slip {
    code: &'static str,
    message: &'static str,
}

impl From<Slip> for Mistake {
    fn from(slip: Slip) -> Self {
        Self {
            code: slip.code,
            message: slip.message.to_owned(),
        }
    }
}

const fn slip(code: &'static str, message: &'static str) -> Slip {
    Slip { code, message }
}

/// One value that a part may have had, and the mistakes that lead to it: none for the right one.
struct Choice<T> {
    value: T,
    /// What the value is, for people; empty where it is several wrong values of its part at once.
    form: String,
    mistakes: Vec<Mistake>,
}

/// The values of one part. The right one is the first.
struct Part {
    name: &'static str,
    choices: Vec<Choice<Vec<u8>>>,
}

impl Part {
    fn new(name: &'static str) -> Self {
        let choices = Vec::new();
        Self { name, choices }
    }

    /// Adds a value, unless the part has it already: then with as many mistakes or fewer, since
    /// the callers add the likelier first.
    fn add(&mut self, form: impl Into<String>, value: Vec<u8>, mistakes: Vec<Mistake>) {
        if self.choices.iter().all(|choice| choice.value != value) {
            self.choices.push(Choice {
                value,
                form: form.into(),
                mistakes,
            });
        }
    }
}
