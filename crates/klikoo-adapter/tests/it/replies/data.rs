//! What `data` states, lacks or contradicts.

use booking_ports::SeatBlocker;

use super::told_of;
use crate::raw::{RawServer, Step, envelope, json};
use crate::setup::{blocker, round_trip, told};

async fn told_of_data(data: &str) -> String {
    let body = envelope("201052001", data);
    told_of(Step::Send(json(201, &body))).await
}

#[tokio::test]
async fn data_that_states_a_hold() {
    for data in [
        // The documented sample's form.
        r#"{"transaction_id":"14429004","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        // Numbers where strings belong, other offsets, fractions, more fields.
        r#"{"transaction_id":14429004,"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T03:30:00Z"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T03:30:00.123456-00:00"}"#,
        r#"{"transaction_id":"1","status":"NEW","expired_at":"2026-11-24T10:30:00+07:00","x":null}"#,
        r#"{"transaction_id":"1","status":"SUCCESS","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#" { "expired_at" : "2026-11-24T10:30:00+07:00" , "status" : "WAITING" , "transaction_id" : "1" } "#,
    ] {
        assert_eq!(told_of_data(data).await, "held", "{data}");
    }
}

#[tokio::test]
async fn data_that_lacks_something() {
    let long = format!(
        r#"{{"transaction_id":"{}","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}}"#,
        "9".repeat(65)
    );
    for data in [
        "null",
        "{}",
        "[]",
        "\"\"",
        "7",
        "true",
        r#"["14429004","WAITING","2026-11-24T10:30:00+07:00"]"#,
        r#"[{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}]"#,
        r#"{"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING"}"#,
        r#"{"transaction_id":null,"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":" ","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1 2","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1\u0000","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":["1"],"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":true,"status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":null,"expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":1,"expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":null}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":1795490000}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-13-24T10:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T25:30:00+07:00"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"Tue, 24 Nov 2026 03:30:00 GMT"}"#,
        r#"{"transaction_id":"1","status":"WAITING","expired_at":"+12026-11-24T10:30:00+07:00"}"#,
        // Which of the two counts?
        r#"{"transaction_id":"1","transaction_id":"2","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        r#"{"Transaction_Id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#,
        &long,
    ] {
        assert_eq!(
            told_of_data(data).await,
            "unknown/unreadable_reply",
            "{data}"
        );
    }
}

#[tokio::test]
async fn data_about_something_else() {
    let hold =
        r#""transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00""#;
    for (more, expected) in [
        (r#""partner_reference_no":"1238""#, "held"),
        (r#""partner_reference_no":1238"#, "held"),
        (
            r#""partner_reference_no":"1239""#,
            "unknown/mismatched_reply",
        ),
        (r#""partner_reference_no":null"#, "unknown/mismatched_reply"),
        (
            r#""partner_reference_no":"1238 ""#,
            "unknown/mismatched_reply",
        ),
        (r#""trip_id":188336"#, "held"),
        (r#""trip_id":"188336""#, "held"),
        (r#""trip_id":188337"#, "unknown/mismatched_reply"),
        (
            r#""departure":{"trip_id":188337}"#,
            "unknown/mismatched_reply",
        ),
        (r#""seats":["8"]"#, "held"),
        (r#""seats":[8]"#, "held"),
        (r#""seats":[{"name":"8"}]"#, "held"),
        (r#""seats":["8","9"]"#, "unknown/mismatched_reply"),
        (r#""seats":[]"#, "unknown/mismatched_reply"),
        (r#""seats":["9A"]"#, "unknown/mismatched_reply"),
        (
            r#""departure":{"passengers":[{"seat_name":"7"}]}"#,
            "unknown/mismatched_reply",
        ),
    ] {
        assert_eq!(
            told_of_data(&format!("{{{hold},{more}}}")).await,
            expected,
            "{more}"
        );
    }
}

#[tokio::test]
async fn what_a_reply_hides_deep_down_is_not_passed_over() {
    let hold =
        r#""transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00""#;
    // Deeper than a reader follows, or a number that none can hold: what is beside it is unread.
    let deep = format!(
        r#"{{{hold},"seats":["9A"],"x":{}{}}}"#,
        "[".repeat(300),
        "]".repeat(300)
    );
    let huge = format!(r#"{{{hold},"seats":["9A"],"x":1e999}}"#);
    let twice = format!(r#"{{{hold},"seats":["9A"],"seats":["8"]}}"#);
    for data in [deep, huge, twice] {
        let told = told_of_data(&data).await;
        assert!(told.starts_with("unknown/"), "{told}: {data}");
    }
}

#[tokio::test]
async fn some_seats_or_one_leg_are_no_hold() {
    let data = |more: &str| {
        format!(
            r#"{{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00",{more}}}"#
        )
    };
    let order = round_trip("1238", &["8", "9"], &["1", "2"]);
    for (more, expected) in [
        (r#""seats":["1","2","8","9"]"#, "held"),
        (r#""seats":["8","9","2","1"]"#, "held"),
        (r#""seats":["8","9"]"#, "unknown/mismatched_reply"),
        (r#""seats":["8"]"#, "unknown/mismatched_reply"),
        (r#""seats":["8","8","9","9"]"#, "unknown/mismatched_reply"),
        (r#""trip_id":188336"#, "unknown/mismatched_reply"),
        (
            r#""departure":{"trip_id":188336},"return":{"trip_id":188400}"#,
            "held",
        ),
        (
            r#""departure":{"trip_id":188336},"return":{"trip_id":188401}"#,
            "unknown/mismatched_reply",
        ),
    ] {
        let reply = json(201, &envelope("201052001", &data(more)));
        let server = RawServer::always(Step::Send(reply)).await;
        let outcome = blocker(&server.base_url()).block(&order).await;
        assert_eq!(told(&outcome), expected, "{more}: {outcome:?}");
    }
}
