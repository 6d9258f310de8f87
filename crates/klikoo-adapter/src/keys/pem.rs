//! Finds the one private key in a PEM text, and says what else was found instead.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use super::KeyError;

/// The DER of the one PKCS#8 private key in `text`.
///
/// Text around the sections is allowed (OpenSSL writes attributes there), and so are certificates
/// and EC parameters beside the key.
pub(super) fn private_key_der(text: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let sections = sections(text)?;
    let keys: Vec<&Section<'_>> = sections
        .iter()
        .filter(|section| section.label.ends_with("PRIVATE KEY"))
        .collect();
    match keys.as_slice() {
        [] => Err(sections
            .first()
            .map_or(KeyError::NotPem, |section| not_a_private_key(section.label))),
        [key] => match key.label {
            "PRIVATE KEY" => decode(key.body),
            // OpenSSL's older encryption keeps the label and says so in a header line.
            _ if key.body.contains("ENCRYPTED") => Err(KeyError::Encrypted),
            "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted),
            "RSA PRIVATE KEY" => Err(KeyError::Pkcs1),
            "EC PRIVATE KEY" => Err(KeyError::Sec1),
            other => Err(KeyError::OtherPem(printable(other))),
        },
        several => Err(KeyError::SeveralKeys(several.len())),
    }
}

struct Section<'a> {
    label: &'a str,
    body: &'a str,
}

fn sections(text: &str) -> Result<Vec<Section<'_>>, KeyError> {
    const BEGIN: &str = "-----BEGIN ";
    const DASHES: &str = "-----";
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(BEGIN) {
        let after = &rest[start + BEGIN.len()..];
        let (label, after) = after.split_once(DASHES).ok_or(KeyError::Truncated)?;
        let end = format!("-----END {label}-----");
        let (body, after) = after.split_once(end.as_str()).ok_or(KeyError::Truncated)?;
        if body.contains(BEGIN) {
            return Err(KeyError::Truncated);
        }
        found.push(Section { label, body });
        rest = after;
    }
    Ok(found)
}

fn decode(body: &str) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut compact = Zeroizing::new(String::with_capacity(body.len()));
    compact.extend(body.chars().filter(|c| !c.is_ascii_whitespace()));
    let mut der = Zeroizing::new(vec![0; compact.len() / 4 * 3 + 3]);
    let length = BASE64_STANDARD
        .decode_slice(compact.as_bytes(), &mut der)
        .map_err(|_| KeyError::Damaged)?;
    der.truncate(length);
    Ok(der)
}

fn not_a_private_key(label: &str) -> KeyError {
    match label {
        "PUBLIC KEY" | "RSA PUBLIC KEY" | "EC PUBLIC KEY" => KeyError::PublicKey,
        "CERTIFICATE" | "TRUSTED CERTIFICATE" | "X509 CERTIFICATE" => KeyError::Certificate,
        other => KeyError::OtherPem(printable(other)),
    }
}

/// A label comes from a file of unknown content: short, and without control characters.
fn printable(label: &str) -> String {
    label.chars().filter(|c| !c.is_control()).take(40).collect()
}
