//! The one form of a JSON body, and its signature.

#![no_main]

use klikoo_adapter::{RequestSigner, RequestToSign, canonical_json, hashed_payload};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|json: &[u8]| {
    let signer = RequestSigner::hmac_sha512(&"the client secret".into());
    let sign = |body: &[u8]| {
        let request = RequestToSign {
            method: "POST",
            path: "/v1/open-api/transports/block-seat",
            access_token: None,
            body,
            timestamp: "2026-11-24T10:00:00.000+07:00",
        };
        assert!(request.string_to_sign().contains(&hashed_payload(body)));
        signer.sign(&request).as_str().to_owned()
    };
    let raw = sign(json);
    if let Ok(canonical) = canonical_json(json) {
        // The form of the form is itself, so a server that hashes either finds the same.
        assert_eq!(canonical_json(&canonical).as_deref(), Ok(&canonical[..]));
        assert_eq!(sign(&canonical) == raw, canonical == json);
    }
});
