//! Answers that are none, for either question, and the wait that a provider asks for.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use booking_ports::{InquiryError, PlaceRole, PlaceSearch, TripSearch};
use klikoo_adapter::{KlikooPlaces, KlikooTrips};

use super::{bus, client, client_at, query, why};
use crate::raw::{RawServer, Step, envelope, json, reply, token};
use crate::setup::{bearer, config};

/// What becomes of `step` as the answer to either question.
async fn both(step: Step) -> [Result<usize, InquiryError>; 2] {
    let server = RawServer::always(step).await;
    let client = client_at(&server);
    let places = KlikooPlaces::new(client.clone());
    let places = places.places(&bus(), PlaceRole::Destination, None).await;
    let trips = KlikooTrips::new(client).trips(&query()).await;
    assert_eq!(server.seen().len(), 2, "one send each");
    [
        places.map(|found| found.len()),
        trips.map(|page| page.trips.len()),
    ]
}

#[tokio::test]
async fn replies_that_are_no_answer() {
    for (status, code, expected) in [
        (200, "500058505", "unreadable"),
        (200, "404057003", "unreadable"),
        (200, "no code", "unreadable"),
        (201, "201052001", "unreadable"),
        (202, "202052000", "unreadable"),
        (404, "400057003", "unavailable"),
        (500, "200052000", "unavailable"),
        (503, "503059991", "unavailable"),
        (302, "302052000", "unavailable"),
        (408, "408050000", "unavailable"),
        (429, "429057807", "unavailable"),
        (400, "400056510", "refused"),
        (403, "403056571", "refused"),
        (404, "404057003", "refused"),
    ] {
        let body = envelope(code, r#"{"cities":[],"terminals":[],"trips":[]}"#);
        for told in both(Step::Send(json(status, &body))).await {
            let error = told.unwrap_err();
            assert_eq!(why(&error), expected, "{status} {code}: {error}");
        }
    }
}

#[tokio::test]
async fn data_that_is_no_answer() {
    let deep = format!(
        r#"{{"cities":{}{},"trips":[]}}"#,
        "[".repeat(200),
        "]".repeat(200)
    );
    for data in [
        "7",
        "\"x\"",
        "true",
        "{}",
        r#"{"cities":7,"trips":7}"#,
        r#"{"cities":[],"cities":[],"trips":[]}"#,
        r#"{"cities":{"id":1,"name":"a"},"trips":null}"#,
        &deep,
    ] {
        for told in both(Step::Send(json(200, &super::success(data)))).await {
            assert_eq!(why(&told.unwrap_err()), "unreadable", "{data}");
        }
    }
    let html = [("content-type", "text/html")];
    for (step, expected) in [
        (Step::Close, "unavailable"),
        (Step::SendAndClose(b"HTTP/1.1 200".to_vec()), "unavailable"),
        (Step::Send(reply(200, &html, b"<html>")), "unreadable"),
        (Step::Send(reply(502, &html, b"<html>")), "unavailable"),
        (Step::Send(json(200, "")), "unreadable"),
        (
            Step::Send(json(200, &" ".repeat(1024 * 1024 + 1))),
            "unreadable",
        ),
    ] {
        for told in both(step.clone()).await {
            assert_eq!(why(&told.unwrap_err()), expected, "{step:?}");
        }
    }
}

/// An answer with each byte changed in turn is an answer or an error, and never a panic.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_with_one_byte_changed_is_survived() {
    let body = super::success(r#"{"cities":[{"id":1,"name":"a","type":"CITY"}]}"#);
    let current = Arc::new(Mutex::new(Vec::new()));
    let shown = Arc::clone(&current);
    let server =
        RawServer::start(move |_, _| Step::SendAndClose(shown.lock().unwrap().clone())).await;
    let client = client_at(&server);
    let (places, trips) = (KlikooPlaces::new(client.clone()), KlikooTrips::new(client));
    let (mut found, mut wrong) = (0, 0);
    for place in 0..body.len() {
        for byte in [b'"', b'0', b'}', 0xff] {
            let mut bytes = body.clone().into_bytes();
            bytes[place] = byte;
            let headers = [
                ("content-type", "application/json"),
                ("connection", "close"),
            ];
            *current.lock().unwrap() = reply(200, &headers, &bytes);
            let about = format!("{place} {byte}");
            match places.places(&bus(), PlaceRole::Source, None).await {
                Ok(places) => {
                    assert_eq!(places.len(), 1, "no place is lost in silence: {about}");
                    found += 1;
                }
                Err(_) => wrong += 1,
            }
            // The one list in an object is taken for the trips, and its id for a trip's.
            if let Ok(page) = trips.trips(&query()).await {
                assert_eq!(page.trips.len() + page.unreadable, 1, "{about}");
            }
        }
    }
    assert!(found > 50 && wrong > 50, "{found} {wrong}");
}

#[tokio::test]
async fn the_wait_that_a_provider_states_is_passed_on() {
    let waits = async |status, headers: &[(&str, &str)], body: &str| {
        let server = RawServer::always(Step::Send(reply(status, headers, body.as_bytes()))).await;
        let error = KlikooTrips::new(client_at(&server))
            .trips(&query())
            .await
            .unwrap_err();
        let InquiryError::Unavailable { retry_after, .. } = error else {
            unreachable!("{error}")
        };
        retry_after
    };
    let as_json = ("content-type", "application/json");
    let body = envelope("429057807", "null");
    let seven = Some(Duration::from_secs(7));
    assert_eq!(
        waits(429, &[as_json, ("retry-after", "7")], &body).await,
        seven
    );
    assert_eq!(waits(503, &[("retry-after", "7")], "<html>").await, seven);
    assert_eq!(waits(429, &[as_json], &body).await, None);
    // However long it asks for, a question is asked again within minutes.
    let long = waits(429, &[as_json, ("retry-after", "86400")], &body).await;
    assert_eq!(long, Some(Duration::from_mins(5)));
}

#[tokio::test]
async fn without_a_token_the_wait_is_that_for_the_token() {
    let body = envelope("503019991", "null");
    let headers = [("content-type", "application/json"), ("retry-after", "40")];
    let server = RawServer::always(Step::Send(reply(503, &headers, body.as_bytes()))).await;
    let search = KlikooTrips::new(client(config(&server.base_url(), bearer())));
    let error = search.trips(&query()).await.unwrap_err();
    let InquiryError::Unavailable { retry_after, .. } = error else {
        unreachable!("{error}")
    };
    assert_eq!(retry_after, Some(Duration::from_secs(40)));
    assert_eq!(server.seen().len(), server.tokens());
}

#[tokio::test]
async fn secrets_that_a_provider_repeats_are_masked() {
    let server = RawServer::start(|request, _| {
        if request.is_token() {
            return Step::Send(token("canary.token.text", "900"));
        }
        let body = serde_json::json!({"response_code": "400056510", "data": null,
            "response_message": request.headers["authorization"]});
        Step::Send(json(400, &body.to_string()))
    })
    .await;
    let search = KlikooTrips::new(client(config(&server.base_url(), bearer())));
    let error = search.trips(&query()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
}
