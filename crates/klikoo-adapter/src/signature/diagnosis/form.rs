//! What the form of a signature tells: its characters and its length.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};

use super::Facts;

/// Bytes of a request signature under either scheme.
const BYTES: usize = 64;

/// What a length is the length of, where that is not a request signature's.
pub(super) fn of_length(bytes: usize) -> Option<&'static str> {
    Some(match bytes {
        32 => {
            "32 bytes is the length of HMAC-SHA256 or of a bare SHA-256 hash, and a request signature has 64"
        }
        68..=72 => {
            "that is the length of an ECDSA signature in DER; r and s must be 32 bytes each, one after the other"
        }
        96 => "that is the length of ECDSA P-384, where P-256 is needed",
        256 | 384 | 512 => {
            "that is the length of an RSA signature: RSA signs the token request (client_id|timestamp) only, other requests are signed by HMAC-SHA512 or ECDSA P-256"
        }
        _ => return None,
    })
}

/// The lengths in bytes that a text has in the encodings in which it can be read, base64 before hex
/// unless it is as long as a signature in hex.
pub(super) fn lengths(text: &str) -> Vec<(usize, &'static str)> {
    let unpadded = text.trim_end_matches('=');
    let base64 = BASE64_STANDARD_NO_PAD
        .decode(unpadded)
        .or_else(|_| BASE64_URL_SAFE_NO_PAD.decode(unpadded))
        .ok()
        .filter(|_| text.len() - unpadded.len() <= 2);
    let hex = hex::decode(text).ok();
    let mut lengths: Vec<_> = [(base64, "base64"), (hex, "hex")]
        .into_iter()
        .filter_map(|(bytes, encoding)| Some((bytes?.len(), encoding)))
        .collect();
    // Any text in hex is base64 as well, but hardly by intent where its length fits so well.
    lengths.sort_by_key(|(bytes, encoding)| {
        *encoding == "base64" || (*bytes != BYTES && of_length(*bytes).is_none())
    });
    lengths
}

/// Why a text could be compared with nothing.
pub(super) fn fault(text: &str, facts: &Facts<'_>) -> String {
    let count = text.chars().count();
    if count == 0 {
        return "it is empty".to_owned();
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "+/-_=".contains(c);
    if let Some(place) = text.chars().position(|c| !known(c)) {
        return format!(
            "of its {count} characters number {} is one that neither base64 nor hex has; it may have been garbled when it was copied",
            place + 1
        );
    }
    let lengths = lengths(text);
    let Some((first, _)) = lengths.first().copied() else {
        return format!(
            "its {count} characters are no whole base64 and no whole hex; it may have been cut or garbled when it was copied"
        );
    };
    let read: Vec<String> = lengths
        .iter()
        .map(|(bytes, encoding)| format!("{bytes} bytes in {encoding}"))
        .collect();
    let read = read.join(" or ");
    let told = match of_length(first) {
        Some(told) => told,
        None if first == BYTES => no_key(facts),
        None if first < BYTES => {
            "a request signature has 64 bytes, so this is none, or it was cut when it was copied"
        }
        None => "a request signature has 64 bytes",
    };
    format!("its {count} characters are {read}; {told}")
}

/// Why even 64 bytes were compared with nothing.
fn no_key(facts: &Facts<'_>) -> &'static str {
    if facts.client_secret.is_none() && facts.key.is_none() {
        "neither a client secret nor a P-256 key was given to compare them with"
    } else {
        "they are no r and s of ECDSA P-256, and no client secret was given to compare them with HMAC-SHA512"
    }
}

/// What would be compared.
pub(super) fn accepted(facts: &Facts<'_>) -> String {
    let more = match (facts.client_secret, facts.key) {
        (Some(_), Some(_)) => "; HMAC-SHA256 (32 bytes) and ECDSA in DER",
        (Some(_), None) => "; HMAC-SHA256 (32 bytes)",
        (None, Some(_)) => "; ECDSA in DER",
        (None, None) => "",
    };
    format!(
        "the 64 bytes of {} in base64, 88 characters with `==` at the end. To name the mistake, these are read too: the same bytes in hex (128 digits), in URL-safe base64, or without `=`{more}",
        facts.scheme
    )
}
