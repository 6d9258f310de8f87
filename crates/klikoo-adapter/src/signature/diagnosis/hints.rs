//! What can still be said when no known mistake explains a signature.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::Facts;
use super::parts::Base;

/// What the signature's form tells, then what is left to look at.
pub(super) fn hints(facts: &Facts<'_>, expected: &str) -> Vec<String> {
    let bytes = BASE64_STANDARD.decode(expected).map(|bytes| bytes.len());
    let hex = !expected.is_empty() && expected.chars().all(|c| c.is_ascii_hexdigit());
    let by_form = match (expected.len(), bytes) {
        (0, _) => Some("the signature is empty"),
        (64, _) if hex => Some(
            "64 hex digits are 32 bytes: HMAC-SHA256 or a bare SHA-256 hash, not a request signature",
        ),
        (_, _) if hex => Some("the signature is written in hex; it must be base64"),
        (_, Ok(32)) => {
            Some("32 bytes: HMAC-SHA256 or a bare SHA-256 hash, where 64 bytes are needed")
        }
        (_, Ok(256 | 384 | 512)) => Some(
            "the length is that of an RSA signature: RSA signs the token request (client_id|timestamp) only, other requests are signed by HMAC-SHA512 or ECDSA P-256",
        ),
        (_, Ok(68..=72)) => Some(
            "the length is that of an ECDSA signature in DER; r and s must be 32 bytes each, one after the other",
        ),
        (_, Ok(96)) => Some("96 bytes: ECDSA P-384, where P-256 is needed"),
        (_, Ok(64)) => None,
        (_, Ok(_)) => Some("the length is that of no known signature: 88 characters are needed"),
        (..88, Err(_)) => Some(
            "the signature is no base64 of 88 characters: it may have been cut when it was copied",
        ),
        (_, Err(_)) => {
            Some("the signature is no base64: it may have been garbled when it was copied")
        }
    };
    let base = Base::of(facts.base_url.unwrap_or_default());
    let no_token = facts.tokens.iter().all(|token| token.is_empty());
    let further = [
        (
            by_form.is_none(),
            "the length is right, so the content differs: compare the time to the millisecond, the body byte by byte, the access token, and whether both sides use the same secret or key",
        ),
        (
            facts.client_secret.is_none(),
            "no client secret was given, so signatures by HMAC could not be recognised",
        ),
        (
            facts.key.is_none(),
            "no P-256 key was given, so signatures by ECDSA could not be recognised",
        ),
        (
            no_token,
            "no access token was given, so a signature that covers one could not be recognised",
        ),
        (
            base.prefix.is_empty(),
            "no base URL with a path was given, so a path signed with a prefix could not be recognised",
        ),
    ];
    let further = further
        .into_iter()
        .filter_map(|(applies, text)| applies.then_some(text));
    by_form
        .into_iter()
        .chain(further)
        .map(str::to_owned)
        .collect()
}
