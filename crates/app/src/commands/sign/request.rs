//! The request to be signed, as the command line gives it.

use anyhow::{Context as _, bail};
use booking_ports::Clock;
use klikoo_adapter::{Timestamp, canonical_json};
use secrecy::SecretString;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Arguments;
use crate::input::{read_capped, shown};
use crate::private_file::{read_text, without_line_end};

/// Longest body, in bytes.
const BODY_MAX: usize = 1024 * 1024;

/// Longest token file, in bytes.
const TOKEN_MAX: u64 = 64 * 1024;

/// The parts of a signature, the right ones.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without a query: that is not signed (docs/klikoo-api.md, assumption A6).
    pub(crate) path: String,
    /// Whether a query stood behind the path.
    pub(crate) had_query: bool,
    /// Whether a file was given for the body.
    pub(crate) has_file: bool,
    /// As in the file; empty without one.
    pub(crate) body: Vec<u8>,
    /// As it is sent.
    pub(crate) canonical_body: Vec<u8>,
    /// The one that is sent first, others behind.
    pub(crate) tokens: Vec<SecretString>,
    pub(crate) timestamp: String,
}

impl Request {
    pub(super) fn read(arguments: &Arguments, clock: &dyn Clock) -> anyhow::Result<Self> {
        let body = match &arguments.body {
            Some(path) => read_capped(path, BODY_MAX)?,
            None => Vec::new(),
        };
        if body.len() > BODY_MAX {
            bail!("the body has more than {BODY_MAX} bytes");
        }
        let canonical_body = if body.is_empty() {
            Vec::new()
        } else {
            canonical_json(&body).context("the body has no canonical form")?
        };
        let mut tokens = Vec::new();
        for path in &arguments.token_file {
            let text = read_text(path, TOKEN_MAX)
                .with_context(|| format!("the token file {} cannot be read", shown(path)))?;
            tokens.push(SecretString::from(without_line_end(&text)));
        }
        let (path, query) = match arguments.path.split_once('?') {
            Some((path, _)) => (path, true),
            None => (arguments.path.as_str(), false),
        };
        Ok(Self {
            method: arguments.method.clone(),
            path: path.to_owned(),
            had_query: query,
            has_file: arguments.body.is_some(),
            body,
            canonical_body,
            tokens,
            timestamp: arguments
                .timestamp
                .clone()
                .unwrap_or_else(|| Timestamp::at(clock.now()).as_str().to_owned()),
        })
    }
}

/// A method, in upper case as it is sent.
pub(super) fn method(text: &str) -> Result<String, String> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return Err("a method is a word such as POST or GET".to_owned());
    }
    Ok(text.to_ascii_uppercase())
}

/// A path as it is signed.
pub(super) fn path(text: &str) -> Result<String, String> {
    if !text.starts_with("/v1/") {
        let message = "the path begins with /v1/, without host and without the base URL's own path, such as /v1/open-api/transports/block-seat";
        return Err(message.to_owned());
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err("the path is printable ASCII without spaces".to_owned());
    }
    Ok(text.to_owned())
}

/// A timestamp in the header's own form: another would be refused, and its signature with it.
pub(super) fn timestamp(text: &str) -> Result<String, String> {
    let form = "write it as the header does, 2024-02-07T10:28:35.000+07:00";
    let moment =
        OffsetDateTime::parse(text, &Rfc3339).map_err(|_| format!("this is no time; {form}"))?;
    let right = Timestamp::at(moment);
    if right.as_str() != text {
        return Err(format!("this moment is written {right} in the header"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{method, path, timestamp};

    #[test]
    fn the_parts_are_taken_in_the_form_in_which_they_are_signed() {
        assert_eq!(method("post").unwrap(), "POST");
        assert!(method("PO ST").is_err());
        assert!(path("/v1/open-api/transports/block-seat").is_ok());
        for refused in ["v1/x", "/klikoo-b2b/v1/x", "https://h/v1/x", "/v1/a b"] {
            assert!(path(refused).is_err(), "{refused}");
        }
        assert!(timestamp("2024-02-07T10:28:35.000+07:00").is_ok());
        let other_form = timestamp("2024-02-07T03:28:35Z").unwrap_err();
        assert!(other_form.contains("2024-02-07T10:28:35.000+07:00"));
        assert!(timestamp("yesterday").is_err());
    }
}
