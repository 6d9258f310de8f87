//! By which scheme, key and encoding a signature may have been made of a text.

mod table;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use secrecy::ExposeSecret as _;

use self::table::{ENCODINGS, HIGH_S, HMACS, PREHASHES, Prehash, READINGS, SECRETS};
use super::super::signer::hmac_of;
use super::search::MOST_MISTAKES;
use super::{Choice, Facts, Mistake, Slip};
use crate::RequestScheme;

/// Decides whether the signature in question was made of a text.
pub(super) enum Check {
    Hmac {
        key: Box<hmac::Key>,
        tag: Vec<u8>,
    },
    Ecdsa {
        key: Box<VerifyingKey>,
        signature: Box<Signature>,
        prehash: Prehash,
    },
}

impl Check {
    pub(super) fn passes(&self, text: &[u8]) -> bool {
        match self {
            Self::Hmac { key, tag } => {
                verify_slices_are_equal(hmac_of(key, &[text]).as_ref(), tag).is_ok()
            }
            Self::Ecdsa {
                key,
                signature,
                prehash,
            } => key
                .verify_prehash(&prehash(text), signature.as_ref())
                .is_ok(),
        }
    }
}

/// Everything that could have made `expected`, as far as its form and the given keys allow and the
/// search goes.
pub(super) fn checks(facts: &Facts<'_>, expected: &str) -> Vec<Choice<Check>> {
    let mut found = Vec::new();
    let mut seen = Vec::new();
    for (name, decode, encoding) in ENCODINGS {
        let Some(bytes) = decode(expected) else {
            continue;
        };
        if seen.contains(&bytes) {
            continue;
        }
        let read = (name, encoding);
        hmac_checks(facts, &bytes, read, &mut found);
        ecdsa_checks(facts, &bytes, read, &mut found);
        seen.push(bytes);
    }
    found.retain(|check| check.mistakes.len() <= MOST_MISTAKES);
    found
}

/// The encoding in which a signature was read, and what is wrong with it.
type Encoding = (&'static str, Option<Slip>);

fn hmac_checks(
    facts: &Facts<'_>,
    bytes: &[u8],
    (read, encoding): Encoding,
    found: &mut Vec<Choice<Check>>,
) {
    let Some(secret) = facts.client_secret else {
        return;
    };
    let scheme = other_scheme(facts, RequestScheme::HmacSha512);
    let fitting = HMACS
        .iter()
        .filter(|(_, _, length, _)| bytes.len() == *length);
    for (name, algorithm, _, other) in fitting {
        for (which, make, odd) in SECRETS {
            let Some(secret) = make(secret.expose_secret().as_bytes()) else {
                continue;
            };
            found.push(Choice {
                value: Check::Hmac {
                    key: Box::new(hmac::Key::new(**algorithm, &secret)),
                    tag: bytes.to_vec(),
                },
                form: format!("{name} with {which}, read as {read}"),
                mistakes: mistakes(scheme.as_ref(), [*other, odd, encoding]),
            });
        }
    }
}

fn ecdsa_checks(
    facts: &Facts<'_>,
    bytes: &[u8],
    (read, encoding): Encoding,
    found: &mut Vec<Choice<Check>>,
) {
    let Some(key) = facts.key else { return };
    let scheme = other_scheme(facts, RequestScheme::EcdsaP256);
    for (layout, parse, der) in READINGS {
        let Some(signature) = parse(bytes) else {
            continue;
        };
        let high = (signature.normalize_s() != signature).then_some(HIGH_S);
        for (hash, prehash, other) in PREHASHES {
            found.push(Choice {
                value: Check::Ecdsa {
                    key: Box::new(*key.verifying_key()),
                    signature: Box::new(signature),
                    prehash,
                },
                form: format!("ECDSA P-256 with the given key over {hash}, read as {read}{layout}"),
                mistakes: mistakes(scheme.as_ref(), [other, der, high, encoding]),
            });
        }
    }
}

fn other_scheme(facts: &Facts<'_>, used: RequestScheme) -> Option<Mistake> {
    (used != facts.scheme).then(|| Mistake {
        code: "scheme_other",
        message: format!(
            "the signature was made by {used}; this partner's scheme is {}",
            facts.scheme
        ),
    })
}

fn mistakes<const N: usize>(scheme: Option<&Mistake>, slips: [Option<Slip>; N]) -> Vec<Mistake> {
    let slips = slips.into_iter().flatten().map(Mistake::from);
    scheme.into_iter().cloned().chain(slips).collect()
}
