//! No part of a request can be altered without its signature changing.

use klikoo_adapter::{RequestKey, RequestSigner, RequestToSign};
use proptest::prelude::*;

use super::vectors::vectors;

#[derive(Clone, Debug, PartialEq)]
struct Parts {
    method: String,
    path: String,
    token: String,
    body: Vec<u8>,
    timestamp: String,
}

impl Parts {
    fn signed_by(&self, signer: &RequestSigner) -> String {
        let request = RequestToSign {
            method: &self.method,
            path: &self.path,
            access_token: Some(&self.token),
            body: &self.body,
            timestamp: &self.timestamp,
        };
        signer.sign(&request).to_string()
    }
}

fn parts() -> impl Strategy<Value = Parts> {
    let body = prop::collection::vec(any::<u8>(), 0..40);
    (
        "[A-Z]{3,6}",
        "/v1/[a-z/-]{0,20}",
        "[!-9;-~]{0,30}",
        body,
        "[0-9T.+-]{29}",
    )
        .prop_map(|(method, path, token, body, timestamp)| Parts {
            method,
            path,
            token,
            body,
            timestamp,
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn altering_any_part_changes_the_hmac(parts in parts(), other in parts()) {
        let signer = RequestSigner::hmac_sha512(&vectors().client_secret.as_str().into());
        assert_each_part_counts(&signer, &parts, &other)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn altering_any_part_changes_the_ecdsa_signature(parts in parts(), other in parts()) {
        let key = RequestKey::from_pkcs8_pem(&vectors().p256_private_key_pkcs8_pem).unwrap();
        assert_each_part_counts(&RequestSigner::ecdsa_p256(key), &parts, &other)?;
    }
}

fn assert_each_part_counts(
    signer: &RequestSigner,
    parts: &Parts,
    other: &Parts,
) -> Result<(), TestCaseError> {
    let right = parts.signed_by(signer);
    prop_assert_eq!(&parts.signed_by(signer), &right);
    prop_assert_eq!(right.len(), 88);
    let altered = [
        Parts {
            method: other.method.clone(),
            ..parts.clone()
        },
        Parts {
            path: other.path.clone(),
            ..parts.clone()
        },
        Parts {
            token: other.token.clone(),
            ..parts.clone()
        },
        Parts {
            body: other.body.clone(),
            ..parts.clone()
        },
        Parts {
            timestamp: other.timestamp.clone(),
            ..parts.clone()
        },
    ];
    for altered in altered.iter().filter(|altered| *altered != parts) {
        prop_assert_ne!(&altered.signed_by(signer), &right);
    }
    Ok(())
}
