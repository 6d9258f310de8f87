//! The stages of a signature.

use std::borrow::Cow;

use klikoo_adapter::{Diagnosis, RequestScheme, hashed_payload};
use serde_json::{Map, Value};

use super::comparison::Comparison;
use super::mask::masked;
use super::request::Request;
use crate::exit::Exit;
use crate::output::{Report, columns, object};

pub(crate) struct SignReport<'a> {
    pub(super) request: &'a Request,
    pub(super) reveal: bool,
    /// With the token as it may be shown.
    pub(super) string_to_sign: String,
    pub(super) token: Token,
    pub(super) scheme: RequestScheme,
    pub(super) signature: &'a str,
    pub(super) comparison: Option<Comparison>,
}

/// The access token in what is signed.
pub(crate) enum Token {
    /// As it may be shown.
    Given(String),
    /// Calls carry one, but none was given to sign with.
    Missing,
    /// Calls carry none.
    Unused,
}

impl Token {
    /// The token under its settings: `given` as it may be shown.
    pub(super) fn new(given: Option<String>, bearer: bool) -> Self {
        match given {
            Some(shown) => Self::Given(shown),
            None if bearer => Self::Missing,
            None => Self::Unused,
        }
    }

    pub(super) fn shown(&self) -> Option<&str> {
        match self {
            Self::Given(shown) => Some(shown),
            Self::Missing | Self::Unused => None,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Given(_) => "given",
            Self::Missing => "missing",
            Self::Unused => "unused",
        }
    }
}

impl SignReport<'_> {
    pub(super) fn exit(&self) -> Exit {
        match &self.comparison {
            None | Some(Comparison(Diagnosis::Matches)) => Exit::Done,
            Some(_) => Exit::Failed,
        }
    }

    fn canonical_body(&self) -> String {
        let body: Cow<'_, str> = String::from_utf8_lossy(&self.request.canonical_body);
        masked(&body, self.reveal)
    }

    /// The body and its hash, as rows.
    fn body(&self) -> Vec<(&'static str, String)> {
        let request = self.request;
        let hash = hashed_payload(&request.canonical_body);
        if request.body.is_empty() {
            let why = if request.has_file {
                "empty, as the file is; send no byte, not even {} or null"
            } else {
                "empty, since no --body is given; send no byte, not even {} or null"
            };
            return vec![
                ("body to send", why.to_owned()),
                ("its SHA-256", format!("{hash}   (of zero bytes)")),
            ];
        }
        let change = if request.body == request.canonical_body {
            "the file is minified and sorted already"
        } else {
            "minified, keys sorted; send it so, not as in the file"
        };
        let file = format!(
            "{} bytes, SHA-256 {}",
            request.body.len(),
            hashed_payload(&request.body)
        );
        vec![
            ("body in the file", file),
            ("body to send", change.to_owned()),
            ("", self.canonical_body()),
            ("its SHA-256", hash),
        ]
    }

    /// Whether something is shown in another form than it is signed.
    fn masks(&self) -> bool {
        let token = self.token.shown().is_some();
        let body = self.canonical_body().as_bytes() != self.request.canonical_body;
        !self.reveal && (token || body)
    }

    fn token(&self) -> String {
        let text = match &self.token {
            Token::Given(shown) => shown,
            Token::Missing => "missing, its place in the string to sign is empty",
            Token::Unused => {
                "none, its place in the string to sign stays empty (klikoo.access_token = \"none\")"
            }
        };
        text.to_owned()
    }

    /// What has to be known to make use of the signature.
    fn notes(&self) -> Vec<&'static str> {
        match self.token {
            Token::Missing => vec![
                "no access token is signed here, but calls carry and sign one (klikoo.access_token is \"bearer\"), so Klikoo would refuse this signature; put the token into a file and give it with --token-file FILE, or set klikoo.access_token = \"none\" where no token is used",
            ],
            Token::Given(_) | Token::Unused => vec![],
        }
    }

    fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("Content-Type", "application/json".to_owned()),
            ("Open-Api-Timestamp", self.request.timestamp.clone()),
            ("Open-Api-Signature", self.signature.to_owned()),
        ];
        if let Some(token) = self.token.shown() {
            headers.push(("Authorization", format!("Bearer {token}")));
        }
        headers
    }
}

impl Report for SignReport<'_> {
    fn json(&self) -> Map<String, Value> {
        let headers: Map<String, Value> = self
            .headers()
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.into()))
            .collect();
        let file = |value: Value| Some(value).filter(|_| self.request.has_file).into();
        let mut members = object([
            ("method", self.request.method.as_str().into()),
            ("path", self.request.path.as_str().into()),
            ("body_in_file_bytes", file(self.request.body.len().into())),
            (
                "body_in_file_hash",
                file(hashed_payload(&self.request.body).into()),
            ),
            ("canonical_body", self.canonical_body().into()),
            (
                "hashed_payload",
                hashed_payload(&self.request.canonical_body).into(),
            ),
            ("access_token", self.token.code().into()),
            ("timestamp", self.request.timestamp.as_str().into()),
            ("string_to_sign", self.string_to_sign.as_str().into()),
            ("scheme", self.scheme.to_string().into()),
            ("signature", self.signature.into()),
            ("headers", headers.into()),
            ("notes", self.notes().into()),
        ]);
        if let Some(comparison) = &self.comparison {
            members.extend(comparison.json());
        }
        members
    }

    fn text(&self) -> String {
        let request = self.request;
        let mut path = request.path.clone();
        if request.had_query {
            path.push_str("   (its query is sent, but not signed)");
        }
        let mut rows = vec![
            ("method", request.method.clone()),
            ("path", path),
            ("access token", self.token()),
        ];
        rows.extend(self.body());
        rows.extend([
            ("timestamp", request.timestamp.clone()),
            ("string to sign", self.string_to_sign.clone()),
            ("scheme", self.scheme.to_string()),
            ("signature", self.signature.to_owned()),
        ]);
        let headers = self
            .headers()
            .into_iter()
            .map(|(name, value)| format!("  {name}: {value}\n"))
            .collect::<Vec<_>>()
            .concat();
        let masked = if self.masks() {
            "\nPersonal values and the token are masked here; --reveal shows them.\n"
        } else {
            ""
        };
        let notes = self
            .notes()
            .into_iter()
            .map(|note| format!("\nnote: {note}\n"))
            .collect::<Vec<_>>()
            .concat();
        let comparison = self.comparison.as_ref().map(Comparison::text);
        format!(
            "{}\nheaders to send\n{headers}{masked}{notes}{}",
            columns(&rows),
            comparison.unwrap_or_default()
        )
    }
}
