//! Valid order to signed request, against the sum of its primitives timed alone.
//!
//! Both sides are timed in short turns, one after the other, so that noise of the machine meets
//! both alike; the figure is the median of the turns' ratios.

use std::hint::black_box;
use std::time::Instant;

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use booking_domain::{BlockOrder, OrderDraft};
use klikoo_adapter::{
    GeneratedKeyPair, KeyKind, RequestKey, RequestSigner, SignedBlockSeat, Timestamp,
};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use p256::pkcs8::DecodePrivateKey;
use secrecy::ExposeSecret;
use serde::Serialize;
use time::macros::{date, datetime};

use crate::table::{Row, median, micros};

const TURNS: usize = 101;
const SECRET: &str = "k7tQ2mZx9Lr4Vb8Nc1Wd6Fy3Hs5Jg0Pa";

/// Mean time of one of `count` runs, in microseconds.
fn time(count: u32, mut run: impl FnMut()) -> f64 {
    let begin = Instant::now();
    for _ in 0..count {
        run();
    }
    micros(begin.elapsed()) / f64::from(count)
}

/// The same body with the plainest serde types, all borrowed.
#[derive(Serialize)]
struct Body<'a> {
    departure: Leg<'a>,
    order_detail: Contact<'a>,
    partner_reference_no: &'a str,
    product_code: &'a str,
    #[serde(rename = "return")]
    return_leg: Option<Leg<'a>>,
    selling_price: &'a str,
}

#[derive(Serialize)]
struct Leg<'a> {
    passengers: Vec<Passenger<'a>>,
    trip_id: i64,
}

#[derive(Serialize)]
struct Contact<'a> {
    email: &'a str,
    name: &'a str,
    phone_number: &'a str,
}

#[derive(Serialize)]
struct Passenger<'a> {
    dob: &'a str,
    gender: &'a str,
    id_card_number: &'a str,
    name: &'a str,
    seat_name: &'a str,
}

fn body(draft: &OrderDraft) -> Body<'_> {
    let passenger = &draft.departure.passengers[0];
    Body {
        departure: Leg {
            passengers: vec![Passenger {
                dob: &passenger.dob,
                gender: &passenger.gender,
                id_card_number: &passenger.id_card_number,
                name: &passenger.name,
                seat_name: &passenger.seat_name,
            }],
            trip_id: draft.departure.trip_id,
        },
        order_detail: Contact {
            email: &draft.order_detail.email,
            name: &draft.order_detail.name,
            phone_number: &draft.order_detail.phone_number,
        },
        partner_reference_no: draft.partner_reference_no.as_deref().unwrap(),
        product_code: &draft.product_code,
        return_leg: None,
        selling_price: &draft.selling_price,
    }
}

struct Subject {
    draft: OrderDraft,
    order: BlockOrder,
    token: String,
    timestamp: Timestamp,
}

impl Subject {
    fn sign(&self, signer: &RequestSigner) {
        black_box(SignedBlockSeat::new(
            black_box(&self.order),
            signer,
            Some(&self.token),
            self.timestamp.clone(),
        ));
    }
}

pub(crate) fn rows() -> Vec<Row> {
    let draft = OrderDraft::sample();
    let subject = Subject {
        order: draft.clone().check(date!(2026 - 11 - 24)).unwrap(),
        draft,
        token: "t".repeat(200),
        timestamp: Timestamp::at(datetime!(2026-11-24 10:00 +7)),
    };
    vec![hmac_row(&subject), ecdsa_row(&subject), draft_row(&subject)]
}

fn hmac_row(subject: &Subject) -> Row {
    let signer = RequestSigner::hmac_sha512(&SECRET.into());
    let key = hmac::Key::new(hmac::HMAC_SHA512, SECRET.as_bytes());
    let bytes = serde_json::to_vec(&body(&subject.draft)).unwrap();
    let hash = digest::digest(&digest::SHA256, &bytes);
    let to_sign = format!(
        "POST:/v1/open-api/transports/block-seat:{}:{}:{}",
        subject.token,
        hex::encode(hash.as_ref()),
        subject.timestamp
    );
    let tag = hmac::sign(&key, to_sign.as_bytes());
    let (mut ours, mut ratios, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let whole = time(500, || subject.sign(&signer));
        let json = time(500, || {
            black_box(serde_json::to_vec(black_box(&body(&subject.draft))).unwrap());
        });
        let sha = time(500, || {
            black_box(digest::digest(&digest::SHA256, black_box(&bytes)));
        });
        let mac = time(500, || {
            black_box(hmac::sign(&key, black_box(to_sign.as_bytes())));
        });
        let text = time(500, || {
            black_box(STANDARD.encode(black_box(tag.as_ref())));
        });
        let sum = json + sha + mac + text;
        ours.push(whole);
        sums.push(sum);
        ratios.push(whole / sum);
    }
    Row {
        what: "valid order → signed request, HMAC, one passenger",
        target: "≤ 1.5 × its primitives",
        measured: format!("{:.2} ×", median(ratios)),
        detail: format!("{:.2} µs against {:.2} µs", median(ours), median(sums)),
    }
}

fn ecdsa_row(subject: &Subject) -> Row {
    let pair = GeneratedKeyPair::generate(KeyKind::P256).unwrap();
    let pem = pair.private_key_pem.expose_secret();
    let signer = RequestSigner::ecdsa_p256(RequestKey::from_pkcs8_pem(pem).unwrap());
    let key = SigningKey::from_pkcs8_pem(pem).unwrap();
    let message = "m".repeat(350);
    let (mut ours, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let whole = time(40, || subject.sign(&signer));
        let alone = time(40, || {
            let signature: Signature = key.sign(black_box(message.as_bytes()));
            black_box(signature);
        });
        ours.push(whole);
        bare.push(alone);
        ratios.push(whole / alone);
    }
    Row {
        what: "the same with P-256",
        target: "≤ 1.1 × one signature",
        measured: format!("{:.2} ×", median(ratios)),
        detail: format!("{:.1} µs against {:.1} µs", median(ours), median(bare)),
    }
}

fn draft_row(subject: &Subject) -> Row {
    let today = date!(2026 - 11 - 24);
    let times = (0..TURNS)
        .map(|_| {
            time(200, || {
                black_box(subject.draft.clone().check(black_box(today)).unwrap());
            })
        })
        .collect();
    let document = serde_json::to_vec_pretty(&subject.draft).unwrap();
    let from_json = (0..TURNS)
        .map(|_| {
            time(200, || {
                let order = BlockOrder::from_json(black_box(&document), today, || unreachable!());
                black_box(order.unwrap());
            })
        })
        .collect();
    Row {
        what: "draft → valid order",
        target: "reported",
        measured: format!("{:.2} µs", median(times)),
        detail: format!("from its JSON document {:.2} µs", median(from_json)),
    }
}
