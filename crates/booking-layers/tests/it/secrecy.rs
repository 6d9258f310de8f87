//! No layer tells anything personal, at any level, however badly things go.

use std::fs;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use booking_domain::{BlockOrder, ContactDraft, LegDraft, OrderDraft, PassengerDraft};
use booking_layers::{FileSpill, Limit, Limits, Recorded, Retry, RetryBudget, RetryPolicy, Traced};
use booking_ports::{NotSentKind, SeatBlocker, UnknownKind};
use time::macros::date;

use crate::setup::{
    FaultyLedger, Log, MINUTE, Scripted, clock, hold, not_sent, refused, told, unknown,
};

const MARKERS: [&str; 7] = [
    "Marker-Contact",
    "marker@example.co.id",
    "081234509876",
    "Marker-Passenger",
    "1987-06-05",
    "MARKER31740109",
    "female",
];

fn marked(reference: &str) -> BlockOrder {
    let [
        name,
        email,
        phone_number,
        passenger,
        dob,
        id_card_number,
        gender,
    ] = MARKERS.map(str::to_owned);
    let draft = OrderDraft {
        partner_reference_no: Some(reference.to_owned()),
        order_detail: ContactDraft {
            name,
            email,
            phone_number,
        },
        departure: LegDraft {
            trip_id: 188_336,
            passengers: vec![PassengerDraft {
                seat_name: "8".to_owned(),
                name: passenger,
                dob,
                gender,
                id_card_number,
            }],
        },
        ..OrderDraft::sample()
    };
    draft.check(date!(2026 - 11 - 24)).unwrap()
}

#[tokio::test(start_paused = true)]
async fn no_personal_value_is_in_log_answer_or_spill_file() {
    let log = Log::capture();
    let folder = tempfile::TempDir::new().unwrap();
    let spill = folder.path().join("spill.jsonl");
    let clock = clock();
    let ledger = Arc::new(FaultyLedger::new(clock.clone()));
    let provider = Scripted::new(|order, _| match order.reference() {
        refusal if refusal.as_str() == "refused" => Err(refused(refusal)),
        lost if lost.as_str() == "lost" => Err(unknown(lost, UnknownKind::Timeout)),
        down if down.as_str() == "down" => Err(not_sent(down, NotSentKind::Unreachable)),
        failing if failing.as_str() == "panic" => panic!("a test says so"),
        held => Ok(hold(held, "1")),
    });
    let ten = NonZeroU32::new(10).unwrap();
    let limits = Limits {
        in_flight: ten,
        per_second: ten,
    };
    let recorded = Recorded::new(provider, ledger.clone(), clock.clone(), MINUTE)
        .with_spill(Arc::new(FileSpill::new(&spill)));
    let limited = Limit::new(recorded.clone(), limits, clock.clone());
    let retried = Retry::new(limited, RetryPolicy::default(), RetryBudget::default(), 7);
    let blocker = Traced::new(retried, clock.clone());

    let mut answers = Vec::new();
    let mut block = async |reference: &str| {
        let outcome = blocker.block(&marked(reference)).await;
        answers.push(format!("{outcome:?}"));
        if let Err(error) = &outcome {
            answers.push(format!("{error} {}", error.advice()));
        }
        told(&outcome)
    };
    assert_eq!(block("held").await, "held as 1");
    assert_eq!(block("held").await, "held as 1");
    assert_eq!(block("refused").await, "refused/seat_unavailable");
    assert_eq!(block("lost").await, "unknown/timeout");
    assert_eq!(block("panic").await, "unknown/interrupted");
    assert_eq!(block("down").await, "not_sent/unreachable");
    clock.advance(Duration::from_secs(10));
    ledger.begin_fails.store(true, Ordering::SeqCst);
    assert_eq!(block("unwritten").await, "not_sent/unrecorded");
    ledger.begin_fails.store(false, Ordering::SeqCst);
    ledger.fail_end(Some(FaultyLedger::unavailable()));
    assert_eq!(block("spilled").await, "unknown/unrecorded");
    ledger.fail_end(None);
    for _ in 0..10 {
        block("again").await;
    }
    assert_eq!(block("again").await, "not_sent/overloaded");
    recorded.drain(MINUTE).await;

    let (text, spilled) = (log.text(), fs::read_to_string(&spill).unwrap());
    for told in [
        "reference=spilled",
        "could not be recorded",
        "recorded late",
        "to be repeated",
    ] {
        assert!(text.contains(told), "{told} is not in:\n{text}");
    }
    assert!(spilled.contains(r#""reference":"spilled""#), "{spilled}");
    for marker in MARKERS {
        for (place, text) in [
            ("log", &text),
            ("answers", &answers.join("\n")),
            ("spill", &spilled),
        ] {
            assert!(!text.contains(marker), "{marker} is in the {place}");
        }
    }
}
