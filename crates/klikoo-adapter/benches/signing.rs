//! What signing a block costs, piece by piece, watched by criterion from run to run.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on fails")]

use std::hint::black_box;

use booking_domain::OrderDraft;
use criterion::{Criterion, criterion_group, criterion_main};
use klikoo_adapter::{
    GeneratedKeyPair, KeyKind, RequestKey, RequestSigner, SignedBlockSeat, Timestamp,
};
use secrecy::ExposeSecret;
use time::macros::{date, datetime};

fn signing(criterion: &mut Criterion) {
    let today = date!(2026 - 11 - 24);
    let order = OrderDraft::sample().check(today).unwrap();
    let timestamp = Timestamp::at(datetime!(2026-11-24 10:00 +7));
    let hmac = RequestSigner::hmac_sha512(&"k7tQ2mZx9Lr4Vb8Nc1Wd6Fy3Hs5Jg0Pa".into());
    let pair = GeneratedKeyPair::generate(KeyKind::P256).unwrap();
    let key = RequestKey::from_pkcs8_pem(pair.private_key_pem.expose_secret()).unwrap();
    let ecdsa = RequestSigner::ecdsa_p256(key);
    let token = "t".repeat(200);

    criterion.bench_function("draft to valid order", |bencher| {
        bencher.iter(|| OrderDraft::sample().check(black_box(today)));
    });
    criterion.bench_function("timestamp", |bencher| {
        bencher.iter(|| Timestamp::at(black_box(datetime!(2026-11-24 10:00 +7))));
    });
    for (name, signer) in [("hmac-sha512", &hmac), ("ecdsa-p256", &ecdsa)] {
        criterion.bench_function(
            &format!("valid order to signed request, {name}"),
            |bencher| {
                bencher.iter(|| {
                    SignedBlockSeat::new(black_box(&order), signer, Some(&token), timestamp.clone())
                });
            },
        );
    }
}

criterion_group!(benches, signing);
criterion_main!(benches);
