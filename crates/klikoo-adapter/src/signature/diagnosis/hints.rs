//! What can still be said when no known mistake explains a signature.

use super::parts::Base;
use super::{Facts, form};

/// What the signature's form tells, then what is left to look at.
pub(super) fn hints(facts: &Facts<'_>, expected: &str) -> Vec<String> {
    let form = form::lengths(expected).first().copied();
    let by_length = form.and_then(|(bytes, _)| form::of_length(bytes));
    let in_hex = form.is_some_and(|(_, encoding)| encoding == "hex");
    let base = Base::of(facts.base_url.unwrap_or_default());
    let no_token = facts.tokens.iter().all(|token| token.is_empty());
    let further = [
        (in_hex, "the signature is written in hex; it must be base64"),
        (
            true,
            "the content or the key differs: compare the time to the millisecond, the body byte by byte, the access token, and whether both sides use the same secret or key",
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
    by_length
        .into_iter()
        .chain(further)
        .map(str::to_owned)
        .collect()
}
