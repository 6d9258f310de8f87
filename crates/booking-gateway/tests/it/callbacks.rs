//! T8: whatever is called back, only the provider's answer to a question changes anything.

use std::sync::Arc;
use std::time::Duration;

use booking_domain::{PartnerReference, StatusMeaning};
use booking_ports::HoldLedger as _;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::{Ask, Line};
use crate::house::{House, wide};

const CASES: usize = 2_000;
const WORKERS: usize = 8;
const WORDS: [&str; 6] = [
    "WAITING",
    "SUCCESS",
    "EXPIRED",
    "FAILED",
    "CANCELED",
    "WHO-KNOWS",
];

fn callback(body: &Value) -> Ask {
    Ask::post("/callbacks/klikoo").json(body)
}

async fn state(house: &House, reference: &str) -> &'static str {
    let reference = PartnerReference::new(reference).unwrap();
    house
        .ledger
        .find(&reference)
        .await
        .unwrap()
        .unwrap()
        .state
        .name()
}

/// What the provider says of a reference in the end, and the state that follows for what is held
/// and what is unknown.
const TRUTHS: [(Option<(StatusMeaning, &str)>, &str); 3] = [
    (None, "held"),
    (Some((StatusMeaning::Booked, "SUCCESS")), "booked"),
    (Some((StatusMeaning::Ended, "EXPIRED")), "expired"),
];

/// One to four callbacks about one reference, of any word, in any order, some twice.
async fn case(house: &House, line: &mut Line, key: &str, number: usize) -> (usize, bool) {
    let mut random = fastrand::Rng::with_seed(number as u64);
    // `held-` is held with a receipt, `gone-` is held and its answer lost, `lost-` was never had.
    let fate = ["held", "gone", "lost"][number % 3];
    let reference = format!("{fate}-{number}");
    let order = crate::orders::order(&reference);
    let blocked = line
        .send(&Ask::post("/v1/holds").key(key).json(&order))
        .await;
    assert!([201, 202].contains(&blocked.status), "{}", blocked.text());
    let before = state(house, &reference).await;
    let (truth, expected) = TRUTHS[random.usize(0..3)];
    if let Some((meaning, word)) = truth {
        house.provider.says(&reference, meaning, word);
    }
    let mut words: Vec<&str> = (0..random.usize(1..=4))
        .map(|_| WORDS[random.usize(0..6)])
        .collect();
    if random.bool() {
        words.push(words[0]);
    }
    if random.u8(0..4) == 0 {
        // Late: its deadline has passed for everybody but this reference's story.
        words.push(WORDS[random.usize(0..6)]);
    }
    random.shuffle(&mut words);
    let questions = house.provider.questions(&reference);
    for word in &words {
        let body = json!({"reference": reference, "status": word, "transaction": "999"});
        let reply = line.send(&callback(&body)).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
    }
    // They are looked into after their answers.
    let mut patience = 0;
    while house.provider.questions(&reference) == questions {
        patience += 1;
        assert!(patience < 5_000, "{reference} was never asked about");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let right = match (fate, truth.is_some()) {
        ("held", false) => "held",
        // A provider that knows no transaction says nothing, whatever a callback says.
        ("lost", _) => "unknown",
        _ => expected,
    };
    let mut after = state(house, &reference).await;
    while after != right && patience < 5_000 {
        patience += 1;
        tokio::time::sleep(Duration::from_millis(2)).await;
        after = state(house, &reference).await;
    }
    assert_eq!(after, right, "{reference}: {before}, {words:?}, {truth:?}");
    (words.len(), after != before)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_orders_of_callbacks_end_as_the_provider_says() {
    let house = Arc::new(House::open().await);
    let key = house.master_key();
    let mut workers = JoinSet::new();
    for worker in 0..WORKERS {
        let (house, key) = (Arc::clone(&house), key.clone());
        workers.spawn(async move {
            let mut line = Line::open(house.at).await;
            let (mut callbacks, mut changes) = (0, 0);
            for number in (worker..CASES).step_by(WORKERS) {
                let (sent, moved) = case(&house, &mut line, &key, number).await;
                callbacks += sent;
                changes += usize::from(moved);
            }
            (callbacks, changes)
        });
    }
    let (mut callbacks, mut changes) = (0, 0);
    while let Some(done) = workers.join_next().await {
        let done = done.unwrap();
        (callbacks, changes) = (callbacks + done.0, changes + done.1);
    }
    let questions = house.provider.all_questions();
    println!("T8: {CASES} cases, {callbacks} callbacks, {changes} changes, {questions} questions");
    assert!(changes > 500 && questions >= CASES, "{changes} {questions}");
}

/// Bodies that somebody made up. The reference of a hold that is live stands in many of them.
fn forged() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "",
        " ",
        "{",
        "}",
        "[]",
        "null",
        "true",
        "0",
        "\"\"",
        "{}",
        "{\"status\":\"SUCCESS\"}",
        "{\"reference\":\"held-1\"}",
        "{\"reference\":null,\"status\":\"SUCCESS\"}",
        "{\"reference\":1,\"status\":\"SUCCESS\"}",
        "{\"reference\":[],\"status\":\"SUCCESS\"}",
        "{\"reference\":\"\",\"status\":\"SUCCESS\"}",
        "status=SUCCESS&reference=held-1",
        "<status>SUCCESS</status>",
        "\u{feff}{}",
        "{\"status\":\"SUCCESS\",}",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    for reference in [
        "nobody",
        "HELD-1",
        "held-1 ",
        " held-1",
        "held-1\0",
        "held-1\n",
        "held\u{2010}1",
        "../held-1",
        "held-1/..",
        "held%2D1",
        "held-10",
        "held-",
        "*",
        "%",
        "' OR '1'='1",
        "held-1;",
        "h\u{435}ld-1",
        "Ａ",
        &"9".repeat(65),
        &"9".repeat(9_000),
    ] {
        bodies.push(
            json!({"reference": reference, "status": "SUCCESS"})
                .to_string()
                .into(),
        );
    }
    // These name the hold, so they cost a question; its answer is what counts.
    for (word, transaction) in [
        ("SUCCESS", "14429000"),
        ("EXPIRED", "14429000"),
        ("FAILED", "1"),
        ("CANCELED", "' OR 1=1"),
        ("success", "14429000"),
        ("\u{1b}[31mSUCCESS", "14429000"),
        ("SUCCESS\n", "2"),
        ("", "14429000"),
        (&*"S".repeat(5_000), "3"),
        ("booked", "held"),
    ] {
        let body = json!({"reference": "held-1", "transaction": transaction, "status": word});
        bodies.push(body.to_string().into());
        let mut signed = body;
        signed["signature"] = "0".repeat(128).into();
        signed["amount"] = 0.into();
        bodies.push(signed.to_string().into());
    }
    bodies.push(vec![0xff; 100]);
    bodies.push("[".repeat(10_000).into());
    bodies.push("{\"a\":".repeat(10_000).into());
    bodies.push(vec![b' '; 70_000]);
    bodies
}

#[tokio::test]
async fn no_forged_callback_changes_anything() {
    let house = House::open().await;
    let key = house.master_key();
    assert_eq!(house.block(&key, "held-1").await.status, 201);
    let hold = || async {
        house
            .send(&Ask::get("/v1/holds/held-1").key(&key))
            .await
            .json()
    };
    let before = hold().await;
    let forged = forged();
    assert!(forged.len() >= 60, "{}", forged.len());
    let mut statuses = std::collections::BTreeMap::new();
    for (index, body) in forged.iter().enumerate() {
        // So that no question is left out for want of time between two.
        house.clock.advance(Duration::from_secs(1));
        let reply = house
            .send(&Ask::post("/callbacks/klikoo").raw_json(body.clone()))
            .await;
        assert!(
            [200, 400, 404, 413].contains(&reply.status),
            "{index}: {}",
            reply.text()
        );
        *statuses.entry(reply.status).or_insert(0) += 1;
    }
    for provider in ["nobody", "Klikoo", "klikoo%2F..", "%ff", "klikoo;a=b"] {
        let ask = Ask::post(&format!("/callbacks/{provider}")).raw_json("{}");
        assert_eq!(house.send(&ask).await.status, 404, "{provider}");
    }
    // Those that name it cost a question each, until it was asked about often enough.
    let mut patience = 0;
    while house.provider.questions("held-1") < 6 {
        patience += 1;
        assert!(
            patience < 1_000,
            "{} questions",
            house.provider.questions("held-1")
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let after = hold().await;
    for member in [
        "outcome",
        "state",
        "transaction_id",
        "status",
        "expires_at",
        "booking",
    ] {
        assert_eq!(after[member], before[member], "{member}");
    }
    println!(
        "T8: {} forged callbacks, {statuses:?}, 0 changes",
        forged.len()
    );
}

#[tokio::test]
async fn callbacks_are_throttled_by_address_and_questions_by_reference() {
    let mut limits = wide();
    limits.per_second = 40.try_into().unwrap();
    let house = House::limited(limits).await;
    let key = house.master_key();
    house.block(&key, "held-1").await;
    let about = |reference: &str| callback(&json!({"reference": reference, "status": "SUCCESS"}));
    for _ in 0..20 {
        assert_eq!(house.send(&about("held-1")).await.status, 200);
        assert_eq!(house.send(&about("nobody")).await.status, 404);
    }
    let reply = house.send(&about("nobody")).await;
    assert_eq!((reply.status, reply.retry_after()), (429, 1));
    tokio::time::sleep(Duration::from_millis(200)).await;
    let questions = house.provider.questions("held-1");
    assert!(
        (1..=6).contains(&questions),
        "{questions} questions for 20 callbacks"
    );
}

/// Whoever is told to come back later finds its question still unspent.
#[tokio::test]
async fn a_callback_that_finds_no_place_costs_its_reference_nothing() {
    let house = House::open().await;
    let key = house.master_key();
    let mut line = Line::open(house.at).await;
    let about = |reference: &str| callback(&json!({"reference": reference, "status": "SUCCESS"}));
    house.block(&key, "held-1").await;
    let mut number = 0;
    // Each question waits at the provider, until no more callbacks are kept.
    loop {
        let reference = format!("gone-late-{number}");
        let order = crate::orders::order(&reference);
        let ask = Ask::post("/v1/holds").key(&key).json(&order);
        assert_eq!(line.send(&ask).await.status, 202);
        match line.send(&about(&reference)).await.status {
            200 => number += 1,
            503 => break,
            other => panic!("{other}"),
        }
        assert!(number < 5_000, "however many wait, one more is kept");
    }
    for _ in 0..20 {
        let reply = line.send(&about("held-1")).await;
        assert_eq!((reply.status, reply.retry_after()), (503, 5));
    }
    house.provider.open_gate();
    while line.send(&about("held-1")).await.status != 200 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let asked = async {
        while house.provider.questions("held-1") == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let asked = tokio::time::timeout(Duration::from_secs(10), asked).await;
    assert!(asked.is_ok(), "nobody asked about it");
}
