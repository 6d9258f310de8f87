//! A provider that repeats the traveller's data: nobody sees it.

use std::error::Error;
use std::fmt::Write as _;

use booking_domain::{BlockOrder, OrderDraft};
use booking_ports::{BlockError, SeatBlocker};
use time::macros::date;

use crate::raw::{RawServer, Step, json};
use crate::setup::blocker;

/// An order with a marker in each personal field; the names change their length in upper case.
fn planted() -> (BlockOrder, Vec<&'static str>) {
    let mut draft = OrderDraft::sample();
    "Zqcontact Weißmann".clone_into(&mut draft.order_detail.name);
    "zqmail@example.co.id".clone_into(&mut draft.order_detail.email);
    "0899887766".clone_into(&mut draft.order_detail.phone_number);
    let passenger = &mut draft.departure.passengers[0];
    "Zqtraveller Dé'ana".clone_into(&mut passenger.name);
    "1977-07-17".clone_into(&mut passenger.dob);
    "9977553311224466".clone_into(&mut passenger.id_card_number);
    let markers = vec![
        "zqcontact",
        "weißmann",
        "weissmann",
        "zqmail",
        "0899887766",
        "899887766",
        "zqtraveller",
        "dé'ana",
        "1977-07-17",
        "17-07-1977",
        "19770717",
        "9977553311224466",
    ];
    (draft.check(date!(2026 - 11 - 24)).unwrap(), markers)
}

/// Everything that can be printed of an error.
fn printed(error: &BlockError) -> String {
    let mut printed = format!("{error} {error:?} {error:#?} {}", error.advice());
    let mut cause = error.source();
    while let Some(beneath) = cause {
        write!(printed, " {beneath} {beneath:?}").unwrap();
        cause = beneath.source();
    }
    printed
}

async fn error_of(status: u16, body: &str, order: &BlockOrder) -> BlockError {
    let server = RawServer::always(Step::Send(json(status, body))).await;
    blocker(&server.base_url()).block(order).await.unwrap_err()
}

fn assert_masked(error: &BlockError, markers: &[&str], about: &str) {
    let shown = printed(error).to_lowercase();
    for marker in markers {
        assert!(!shown.contains(marker), "{marker} of {about} in {shown}");
    }
}

#[tokio::test]
async fn what_a_message_repeats_is_masked_in_every_outcome() {
    let (order, markers) = planted();
    let mut echoes: Vec<String> = order.personal_texts();
    echoes.push("17-07-1977 19770717 1977/07/17 +62899887766 62899887766".to_owned());
    let plain = echoes.join(", ");
    for echo in [
        plain.clone(),
        plain.to_uppercase(),
        plain.to_lowercase(),
        format!("'{}'", echoes.join("''")),
    ] {
        for (status, code) in [
            (400, "400056510"),
            (400, "400056508"),
            (403, "403056571"),
            (409, "409056563"),
            (429, "429050000"),
            (500, "500058504"),
            (201, "400056510"),
            (400, "201052001"),
            (302, "302050000"),
            (201, "201052001"),
        ] {
            let body =
                serde_json::json!({"response_code": code, "response_message": echo, "data": null})
                    .to_string();
            let error = error_of(status, &body, &order).await;
            assert_masked(&error, &markers, &format!("{status} {code} {echo}"));
            // It is masked, and not merely dropped: a person sees that something was said.
            let dropped = status == 201 && code == "201052001";
            assert!(dropped || printed(&error).contains("[personal]"), "{error}");
        }
    }
}

#[tokio::test]
async fn what_stands_where_no_message_belongs_is_not_shown() {
    let (order, markers) = planted();
    let values = order.personal_texts();
    for value in values
        .iter()
        .map(String::as_str)
        .chain(["ZQTRAVELLER", "zqcontact"])
    {
        let text = serde_json::to_string(value).unwrap();
        for (status, body) in [
            (
                400,
                format!(r#"{{"response_code":{text},"response_message":"m"}}"#),
            ),
            (
                500,
                format!(r#"{{"response_code":{text},"response_message":"m"}}"#),
            ),
            (
                201,
                format!(r#"{{"response_code":{text},"response_message":"m","data":null}}"#),
            ),
            (
                201,
                format!(
                    r#"{{"response_code":"201052001","data":{{"transaction_id":"1","status":{text},"expired_at":"x"}}}}"#
                ),
            ),
            (
                201,
                format!(
                    r#"{{"response_code":"201052001","data":{{"transaction_id":"1","status":"FAILED","expired_at":{text}}}}}"#
                ),
            ),
            (
                201,
                format!(
                    r#"{{"response_code":"201052001","data":{{"transaction_id":"1","status":{text},"expired_at":"2020-01-01T00:00:00Z"}}}}"#
                ),
            ),
            (
                201,
                format!(r#"{{"response_code":"201052001","data":{{{text}:1}}}}"#),
            ),
            (400, text.clone()),
            (201, format!("{{\"response_code\":\"201052001\",{text}")),
        ] {
            let error = error_of(status, &body, &order).await;
            assert_masked(&error, &markers, &body);
        }
    }
}

#[tokio::test]
async fn a_value_that_is_cut_short_is_masked_too() {
    let mut draft = OrderDraft::sample();
    let email = format!("zqmail.{}@example.co.id", "q".repeat(50));
    email.clone_into(&mut draft.order_detail.email);
    let order = draft.check(date!(2026 - 11 - 24)).unwrap();
    for body in [
        serde_json::json!({"response_code": email, "data": null}),
        serde_json::json!({"response_code": "201052001", "data": {
            "transaction_id": "1", "status": email, "expired_at": "2020-01-01T00:00:00Z"}}),
        serde_json::json!({"response_code": "400056510", "response_message":
            format!("{}{email}", "x ".repeat(130))}),
    ] {
        let status = if body["data"].is_object() { 201 } else { 400 };
        let error = error_of(status, &body.to_string(), &order).await;
        assert_masked(&error, &["zqmail"], &body.to_string());
    }
}

#[tokio::test]
async fn control_characters_and_length_are_tamed() {
    let (order, _) = planted();
    let hostile = format!(
        "\u{1b}[31mred\r\nlevel=error \u{202e}{}",
        "x".repeat(100_000)
    );
    let body =
        serde_json::json!({"response_code": "400056510", "response_message": hostile}).to_string();
    let BlockError::Refused(refusal) = error_of(400, &body, &order).await else {
        unreachable!()
    };
    assert!(
        refusal
            .message
            .starts_with("\\u{1b}[31mred\\u{d}\\u{a}level=error")
    );
    assert!(refusal.message.chars().count() < 350);
}

#[tokio::test]
async fn a_lost_connection_shows_no_body() {
    let (order, markers) = planted();
    for step in [
        Step::Close,
        Step::Reset,
        Step::SendAndStay(Vec::new()),
        Step::SendAndClose(b"Zqtraveller\r\n\r\n".to_vec()),
    ] {
        let server = RawServer::always(step).await;
        let error = blocker(&server.base_url()).block(&order).await.unwrap_err();
        assert_masked(&error, &markers, "a lost connection");
    }
}
