//! What a reply to *book* states, lacks or contradicts.

use booking_ports::{ManualClock, TicketError, TicketIssuer};

use super::{hold, told};
use crate::raw::{RawServer, Request, Step, envelope, json, token};
use crate::setup::{CLIENT_SECRET, NOW, bearer, config, tickets, tickets_of};

async fn told_of(status: u16, code: &str, data: &str) -> String {
    let server = RawServer::always(Step::Send(json(status, &envelope(code, data)))).await;
    let outcome = tickets(&server.base_url()).issue(&hold("1238", "7")).await;
    let seen = server.seen();
    assert_eq!(seen.len(), 1, "one send");
    assert_eq!(seen[0].path, "/v1/open-api/transports/book");
    assert_eq!(seen[0].body, r#"{"transaction_id":"7"}"#);
    told(&outcome)
}

#[tokio::test]
async fn data_that_states_a_ticket() {
    for (data, expected) in [
        (
            r#"{"transaction_id":"7","status":"SUCCESS","booking_codes":{"departure":"KX1","return":""}}"#,
            "booked/KX1/",
        ),
        (
            r#"{"transaction_id":7,"status":"success","booking_codes":{"departure":71,"return":null}}"#,
            "booked/71/",
        ),
        (
            r#"{"transaction_id":"7","status":"SUCCESS","booking_codes":{"departure":"KX 1"},"x":[]}"#,
            "booked/KX 1/",
        ),
        (
            r#"{"transaction_id":"7","status":"SUCCESS","booking_codes":{"departure":"D","return":"R"},
                "partner_reference_id":"1238"}"#,
            "booked/D/R",
        ),
    ] {
        for (status, code) in [(201, "201052001"), (201, "2010501"), (200, "200052000")] {
            assert_eq!(told_of(status, code, data).await, expected, "{data}");
        }
    }
}

#[tokio::test]
async fn data_that_states_no_ticket() {
    let codes = r#""booking_codes":{"departure":"D","return":""}"#;
    let long = "9".repeat(65);
    for (data, expected) in [
        ("null".to_owned(), "unknown/unreadable_reply"),
        ("[]".to_owned(), "unknown/unreadable_reply"),
        (
            format!(r#"{{"status":"SUCCESS",{codes}}}"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"transaction_id":"7",{codes}}}"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"transaction_id":"7","status":null,{codes}}}"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"transaction_id":"8","status":"SUCCESS",{codes}}}"#),
            "unknown/mismatched_reply",
        ),
        (
            format!(r#"{{"transaction_id":"07","status":"SUCCESS",{codes}}}"#),
            "unknown/mismatched_reply",
        ),
        (
            format!(
                r#"{{"transaction_id":"7","status":"SUCCESS",{codes},"x":{{"partner_reference_no":"1239"}}}}"#
            ),
            "unknown/mismatched_reply",
        ),
        (
            format!(r#"{{"transaction_id":"7","transaction_id":"7","status":"SUCCESS",{codes}}}"#),
            "unknown/unreadable_reply",
        ),
        (
            format!(r#"{{"transaction_id":"7","status":"WAITING",{codes}}}"#),
            "unknown/contradictory_reply",
        ),
        (
            format!(r#"{{"transaction_id":"7","status":"FAILED",{codes}}}"#),
            "unknown/contradictory_reply",
        ),
        (
            format!(r#"{{"transaction_id":"7","status":"IN_PROCESS",{codes}}}"#),
            "unknown/contradictory_reply",
        ),
    ] {
        assert_eq!(told_of(201, "201052001", &data).await, expected, "{data}");
    }
    for codes in [
        "null",
        "[]",
        "\"D\"",
        "{}",
        r#"{"return":"R"}"#,
        r#"{"departure":""}"#,
        r#"{"departure":null}"#,
        r#"{"departure":true}"#,
        r#"{"departure":["D"]}"#,
        r#"{"departure":" D"}"#,
        r#"{"departure":"D\u001b[31m"}"#,
        r#"{"departure":"D\u202e"}"#,
        r#"{"departure":"D","return":" "}"#,
        r#"{"departure":"D","return":{}}"#,
        r#"{"departure":"D","departure":"E"}"#,
        &format!(r#"{{"departure":"{long}"}}"#),
    ] {
        let data =
            format!(r#"{{"transaction_id":"7","status":"SUCCESS","booking_codes":{codes}}}"#);
        assert_eq!(
            told_of(201, "201052001", &data).await,
            "unknown/unreadable_reply",
            "{data}"
        );
    }
}

#[tokio::test]
async fn what_each_code_proves() {
    let data = r#"{"transaction_id":"7","status":"SUCCESS","booking_codes":{"departure":"D"}}"#;
    for (status, code, expected) in [
        (201, "500058504", "unknown/contradictory_reply"),
        (201, "200052000", "unknown/contradictory_reply"),
        (202, "202052000", "unknown/contradictory_reply"),
        (200, "200059999", "unknown/contradictory_reply"),
        (400, "201052001", "unknown/contradictory_reply"),
        (302, "302050000", "unknown/not_definitive"),
        (408, "408050000", "unknown/not_definitive"),
        (409, "409056563", "unknown/not_definitive"),
        (409, "409050001", "unknown/not_definitive"),
        (425, "425050000", "unknown/not_definitive"),
        (429, "429050000", "unknown/not_definitive"),
        (500, "500059999", "unknown/provider_failure"),
        (500, "201052001", "unknown/provider_failure"),
        (503, "503059998", "unknown/provider_failure"),
        (400, "400056505", "refused/clock"),
        (400, "400056510", "refused/invalid_order"),
        (400, "400059999", "refused/other"),
        (403, "403056571", "refused/not_allowed"),
        (404, "404057005", "refused/other"),
        (404, "404057009", "refused/account"),
    ] {
        assert_eq!(
            told_of(status, code, data).await,
            expected,
            "{status} {code}"
        );
    }
}

#[tokio::test]
async fn how_long_to_wait_is_passed_on() {
    let headers = [("content-type", "application/json"), ("retry-after", "7")];
    let body = envelope("429050000", "null");
    let reply = crate::raw::reply(429, &headers, body.as_bytes());
    let server = RawServer::always(Step::Send(reply)).await;
    let outcome = tickets(&server.base_url()).issue(&hold("1238", "7")).await;
    let Err(TicketError::Unknown { retry_after, .. }) = outcome else {
        unreachable!("{outcome:?}")
    };
    assert_eq!(retry_after, Some(std::time::Duration::from_secs(7)));
}

#[tokio::test]
async fn nothing_that_a_provider_repeats_is_shown() {
    let markers = [
        "Zqtraveller",
        "zqmail@example.co.id",
        "9977553311224466",
        "1977-07-17",
    ];
    let replies = [
        (400, "400056510"),
        (400, "400059999"),
        (500, "500058504"),
        (409, "409056563"),
        (201, "400056510"),
        (500, "Zqtraveller"),
        (201, "201052001"),
    ];
    let server = RawServer::start(move |request: &Request, count| {
        if request.is_token() {
            return Step::Send(token("canary.token.text", "900"));
        }
        let mut sent: Vec<&str> = request.headers.values().map(String::as_str).collect();
        sent.extend(markers);
        let message = sent.join(" ");
        let (status, code) = replies[count % replies.len()];
        let body = serde_json::json!({"response_code": code, "response_message": message,
            "data": {"transaction_id": message, "status": message,
                     "booking_codes": {"departure": message}}});
        Step::Send(json(status, &body.to_string()))
    })
    .await;
    let tickets = tickets_of(config(&server.base_url(), bearer()), &ManualClock::at(NOW));
    let mut shown = Vec::new();
    for _ in replies {
        let error = tickets.issue(&hold("1238", "7")).await.unwrap_err();
        shown.push(format!("{error} {error:?} {error:#?}"));
    }
    let shown = shown.concat();
    let signatures = server.seen().into_iter();
    let signatures = signatures.map(|it| it.headers["open-api-signature"].clone());
    let secrets = [CLIENT_SECRET, "canary.token.text"].map(str::to_owned);
    for hidden in signatures.chain(secrets).chain(markers.map(str::to_owned)) {
        assert!(!shown.contains(&hidden), "{hidden} in {shown}");
    }
    assert!(shown.contains("validation error"), "{shown}");
}
