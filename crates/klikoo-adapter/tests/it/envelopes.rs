//! The envelope: what counts as the provider's own word.

use booking_ports::{BlockError, SeatBlocker};

use crate::raw::{RawServer, Step, json};
use crate::setup::{blocker, order, told};

const DATA: &str =
    r#"{"transaction_id":"1","status":"WAITING","expired_at":"2026-11-24T10:30:00+07:00"}"#;

async fn told_of(status: u16, body: &str) -> String {
    let server = RawServer::always(Step::Send(json(status, body))).await;
    let outcome = blocker(&server.base_url())
        .block(&order("1238", &["8"]))
        .await;
    assert_eq!(server.blocks(), 1);
    told(&outcome)
}

#[tokio::test]
async fn under_a_success() {
    for (body, expected) in [
        (
            format!(r#"{{"response_code":"201052001","response_message":"m","data":{DATA}}}"#),
            "held",
        ),
        // A code as a number, of the older length, of another service; no message.
        (
            format!(r#"{{"response_code":201052001,"data":{DATA}}}"#),
            "held",
        ),
        (
            format!(r#"{{"response_code":"2010501","data":{DATA}}}"#),
            "held",
        ),
        (
            format!(r#"{{"response_code":"201992001","response_message":null,"data":{DATA}}}"#),
            "held",
        ),
        (
            format!(r#"{{"response_code":"200052000","data":{DATA}}}"#),
            "unknown/contradictory_reply",
        ),
        (
            format!(r#"{{"response_code":"20105200","data":{DATA}}}"#),
            "unknown/contradictory_reply",
        ),
        (
            format!(r#"{{"response_code":"2010520011","data":{DATA}}}"#),
            "unknown/contradictory_reply",
        ),
        (
            format!(r#"{{"response_code":"","data":{DATA}}}"#),
            "unknown/contradictory_reply",
        ),
        (
            format!(r#"{{"response_code":"+01052001","data":{DATA}}}"#),
            "unknown/contradictory_reply",
        ),
        (
            format!(r#"{{"response_code":"４０１０５２００１","data":{DATA}}}"#),
            "unknown/contradictory_reply",
        ),
        (
            format!(r#"{{"response_code":null,"data":{DATA}}}"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"response_code":201052001.0,"data":{DATA}}}"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"response_code":["201052001"],"data":{DATA}}}"#),
            "unknown/unreadable_reply",
        ),
        (format!(r#"{{"data":{DATA}}}"#), "unknown/unreadable_reply"),
        (
            format!(r#"{{"response_code":"201052001","response_code":"201052001","data":{DATA}}}"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"response_code":"201052001","data":{DATA},"data":{DATA}}}"#),
            "unknown/unreadable_reply",
        ),
        // Members in a list instead of an object.
        (
            format!(r#"["201052001","m",{DATA}]"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"[{{"response_code":"201052001","data":{DATA}}}]"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"response_code":"201052001","data":{DATA}}} x"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"response_code":"201052001","data":{DATA}}}{{}}"#),
            "unknown/unreadable_reply",
        ),
        (
            format!("\u{feff}{{\"response_code\":\"201052001\",\"data\":{DATA}}}"),
            "unknown/unreadable_reply",
        ),
        ("null".to_owned(), "unknown/unreadable_reply"),
        ("\"201052001\"".to_owned(), "unknown/unreadable_reply"),
        (DATA.to_owned(), "unknown/unreadable_reply"),
        ("[".repeat(100_000), "unknown/unreadable_reply"),
        ("{\"a\":".repeat(100_000), "unknown/unreadable_reply"),
        (
            format!(
                r#"{{"response_code":"201052001","data":{}{}}}"#,
                "[".repeat(100_000),
                "]".repeat(100_000)
            ),
            "unknown/unreadable_reply",
        ),
    ] {
        let shown: String = body.chars().take(120).collect();
        assert_eq!(told_of(201, &body).await, expected, "{shown}");
    }
}

#[tokio::test]
async fn a_list_is_no_envelope_of_a_refusal_either() {
    assert_eq!(
        told_of(400, r#"["400056510","m",null]"#).await,
        "unknown/not_definitive"
    );
    assert_eq!(
        told_of(400, r#"{"response_code":"400056510"}"#).await,
        "refused/invalid_order"
    );
}

#[tokio::test]
async fn every_published_code_by_its_meaning() {
    for (status, case, expected) in [
        (400, 6505, "refused/clock"),
        (400, 6508, "refused/signature"),
        (400, 6510, "refused/invalid_order"),
        (400, 6512, "refused/invalid_order"),
        (400, 6525, "refused/product"),
        (400, 6568, "refused/invalid_order"),
        (400, 6569, "refused/credentials"),
        (401, 6500, "refused/credentials"),
        (401, 6535, "refused/credentials"),
        (401, 6570, "refused/credentials"),
        (403, 6524, "refused/not_allowed"),
        (403, 6567, "refused/not_allowed"),
        (403, 6571, "refused/not_allowed"),
        (403, 6572, "refused/not_allowed"),
        (404, 6525, "refused/product"),
        (404, 7001, "refused/account"),
        (404, 7002, "refused/account"),
        (404, 7003, "refused/product"),
        (404, 7005, "refused/other"),
        (404, 7009, "refused/account"),
        (404, 7011, "refused/account"),
        (404, 7012, "refused/account"),
        (409, 6563, "unknown/reference_used"),
        (500, 8504, "unknown/provider_failure"),
        (500, 8505, "unknown/provider_failure"),
        (500, 8601, "unknown/provider_failure"),
        (500, 9975, "unknown/provider_failure"),
        (500, 9992, "unknown/provider_failure"),
        (500, 9999, "unknown/provider_failure"),
        (501, 9976, "unknown/provider_failure"),
        (503, 9991, "unknown/provider_failure"),
        (503, 9998, "unknown/provider_failure"),
    ] {
        for service in ["00", "01", "05", "99"] {
            let body = format!(r#"{{"response_code":"{status}{service}{case}","data":null}}"#);
            assert_eq!(told_of(status, &body).await, expected, "{body}");
        }
    }
}

#[tokio::test]
async fn an_unlisted_code_keeps_its_number_and_message() {
    let body =
        r#"{"response_code":"400057301","response_message":"Kursi sudah dipesan","data":null}"#;
    let server = RawServer::always(Step::Send(json(400, body))).await;
    let outcome = blocker(&server.base_url())
        .block(&order("1238", &["8"]))
        .await;
    let Err(BlockError::Refused(refusal)) = outcome else {
        unreachable!("{outcome:?}")
    };
    assert_eq!(
        (refusal.code.as_str(), refusal.message.as_str()),
        ("400057301", "Kursi sudah dipesan")
    );
}
