//! Answers that cannot be read.

use booking_domain::StatusMeaning;
use booking_ports::{InquiryError, TransactionInquiry};

use super::{id, reference, why};
use crate::raw::{RawServer, Step, json, reply};
use crate::setup::{NOW, transactions};

pub(super) const ROW: &str =
    r#"{"transaction_id":"7","status":"WAITING","partner_reference_id":"1238"}"#;
pub(super) const META: &str = r#"{"current_page":1,"total_pages":1,"total_rows":1}"#;

pub(super) fn one(data: &str) -> String {
    format!(r#"{{"response_code":"200022000","response_message":"m","data":{data}}}"#)
}

pub(super) fn list(data: &str, meta: &str) -> String {
    format!(r#"{{"response_code":"200022000","response_message":"m","data":{data},"meta":{meta}}}"#)
}

/// What becomes of `step` as the answer to either question.
async fn both(step: Step) -> [Result<usize, InquiryError>; 2] {
    let server = RawServer::always(step).await;
    let inquiry = transactions(&server.base_url());
    let by_id = inquiry.by_id(&id("7")).await;
    let by_reference = inquiry.by_reference(&reference("1238"), NOW).await;
    assert_eq!(server.asked().len(), 2, "one send each");
    [
        by_id.map(|found| found.into_iter().count()),
        by_reference.map(|found| found.len()),
    ]
}

async fn by_id(body: &str) -> Result<Option<booking_ports::Transaction>, InquiryError> {
    let server = RawServer::always(Step::Send(json(200, body))).await;
    transactions(&server.base_url()).by_id(&id("7")).await
}

async fn by_reference(body: &str) -> Result<usize, InquiryError> {
    let server = RawServer::always(Step::Send(json(200, body))).await;
    let inquiry = transactions(&server.base_url());
    let found = inquiry.by_reference(&reference("1238"), NOW).await;
    found.map(|found| found.len())
}

#[tokio::test]
async fn replies_that_are_no_answer() {
    let list = list(&format!("[{ROW}]"), META);
    for body in [one(ROW), list] {
        for (status, code, expected) in [
            // Row 9: status and code disagree, or the code is one of an error.
            (200, "500028505", "unreadable"),
            (200, "404027005", "unreadable"),
            (200, "200029999", "unreadable"),
            (200, "201022001", "unreadable"),
            (200, "no code", "unreadable"),
            (201, "201022001", "unreadable"),
            (202, "202022000", "unreadable"),
            (206, "206022000", "unreadable"),
            (404, "400027005", "unavailable"),
            (400, "404027005", "unavailable"),
            // Row 11, whatever the envelope says.
            (500, "500028505", "unavailable"),
            (500, "200022000", "unavailable"),
            (503, "503029991", "unavailable"),
            // Row 12.
            (302, "302022000", "unavailable"),
            (408, "408020000", "unavailable"),
            (425, "425020000", "unavailable"),
            (429, "429020000", "unavailable"),
            // Refused in Klikoo's own words.
            (400, "400026510", "refused"),
            (401, "401016500", "refused"),
            (403, "403016571", "refused"),
            (404, "404027804", "refused"),
            (409, "409026563", "refused"),
        ] {
            let body = body.replace("200022000", code);
            for told in both(Step::Send(json(status, &body))).await {
                let error = told.unwrap_err();
                assert_eq!(why(&error), expected, "{status} {code}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn bytes_that_are_no_answer() {
    let body = list(&format!("[{ROW}]"), META);
    let html = [("content-type", "text/html")];
    let as_json = [("content-type", "application/json")];
    let half = json(200, &body);
    let half = half[..half.len() - 20].to_vec();
    for (step, expected) in [
        (Step::Close, "unavailable"),
        (Step::Reset, "unavailable"),
        (Step::SendAndStay(Vec::new()), "unavailable"),
        (Step::SendAndClose(half), "unreadable"),
        (Step::SendAndClose(b"HTTP/1.1 200".to_vec()), "unavailable"),
        (Step::Send(reply(200, &html, body.as_bytes())), "unreadable"),
        (
            Step::Send(reply(404, &html, b"<h1>Not found</h1>")),
            "unavailable",
        ),
        (Step::Send(reply(404, &as_json, b"{}")), "unavailable"),
        (
            Step::Send(reply(502, &html, b"<h1>Bad gateway</h1>")),
            "unavailable",
        ),
        (Step::Send(reply(204, &as_json, b"")), "unreadable"),
        (Step::Send(reply(200, &as_json, b"")), "unreadable"),
        (Step::Send(reply(200, &as_json, b"\xff\xfe")), "unreadable"),
        (Step::Send(json(200, &" ".repeat(2 << 20))), "unreadable"),
        (Step::Send(json(200, &"[".repeat(100_000))), "unreadable"),
        (Step::Send(json(200, &format!("[{body}]"))), "unreadable"),
        (
            Step::Send(json(200, &one(&"[".repeat(100_000)))),
            "unreadable",
        ),
        (
            Step::Send(json(
                200,
                &one(&format!("{}{}", "[".repeat(300), "]".repeat(300))),
            )),
            "unreadable",
        ),
    ] {
        let about: String = format!("{step:?}").chars().take(80).collect();
        for told in both(step).await {
            let error = told.unwrap_err();
            assert_eq!(why(&error), expected, "{about}: {error}");
        }
    }
}

#[tokio::test]
async fn only_the_word_about_the_transaction_says_that_there_is_none() {
    let none = r#"{"response_code":"404027005","response_message":"m","data":null}"#;
    let [by_id, by_reference] = both(Step::Send(json(404, none))).await;
    assert_eq!(by_id.unwrap(), 0);
    // Of the history it is no answer: an empty one is a list with a count.
    assert_eq!(why(&by_reference.unwrap_err()), "refused");
}

#[tokio::test]
async fn transactions_that_can_be_read() {
    for data in [
        ROW,
        r#"{"transaction_id":7,"status":"WAITING","partner_reference_id":1238,"amount":20000}"#,
        r#"{"transaction_id":"7","status":"WAITING"}"#,
        r#"{"transaction_id":"7","status":" waiting","partner_reference_id":null,"amount":null}"#,
        r#"{"transaction_id":"7","status":"WAITING","partner_reference_id":"","reason":["x"]}"#,
    ] {
        let found = by_id(&one(data)).await.unwrap().unwrap();
        assert_eq!(found.status.meaning(), StatusMeaning::Waiting, "{data}");
    }
    let older = one(ROW).replace("200022000", "2000200");
    assert!(by_id(&older).await.unwrap().is_some());
    for (empty, meta) in [
        ("[]", r#"{"current_page":1,"total_pages":0,"total_rows":0}"#),
        (
            "[]",
            r#"{"current_page":"1","total_pages":"1","total_rows":"0"}"#,
        ),
        (
            "null",
            r#"{"current_page":1,"total_pages":0,"total_rows":0}"#,
        ),
    ] {
        assert_eq!(by_reference(&list(empty, meta)).await.unwrap(), 0, "{meta}");
    }
}

#[tokio::test]
async fn transactions_that_cannot_be_read() {
    let long = format!(
        r#"{{"transaction_id":"{}","status":"WAITING"}}"#,
        "7".repeat(65)
    );
    for data in [
        "null",
        "{}",
        "[]",
        "7",
        "\"7\"",
        r#"{"status":"WAITING"}"#,
        r#"{"transaction_id":"8","status":"WAITING"}"#,
        r#"{"transaction_id":"","status":"WAITING"}"#,
        r#"{"transaction_id":"7 ","status":"WAITING"}"#,
        r#"{"transaction_id":["7"],"status":"WAITING"}"#,
        r#"{"transaction_id":7.5,"status":"WAITING"}"#,
        r#"{"transaction_id":"7"}"#,
        r#"{"transaction_id":"7","status":""}"#,
        r#"{"transaction_id":"7","status":null}"#,
        r#"{"transaction_id":"7","status":1}"#,
        r#"{"transaction_id":"7","status":"WAITING","partner_reference_id":true}"#,
        r#"{"transaction_id":"7","status":"WAITING","partner_reference_id":["1238"]}"#,
        r#"{"transaction_id":"7","status":"WAITING","partner_reference_id":"12 38"}"#,
        r#"{"transaction_id":"7","status":"WAITING","status":"FAILED"}"#,
        r#"{"transaction_id":"7","transaction_id":"7","status":"WAITING"}"#,
        &long,
    ] {
        assert_eq!(
            why(&by_id(&one(data)).await.unwrap_err()),
            "unreadable",
            "{data}"
        );
    }
}

#[tokio::test]
async fn histories_that_cannot_be_read() {
    for (data, meta) in [
        ("null", META),
        ("{}", META),
        (ROW, META),
        ("\"\"", META),
        ("[null]", META),
        ("[[]]", META),
        (r#"["7"]"#, META),
        (r#"[{"transaction_id":"7","status":"WAITING"}]"#, META),
        (
            r#"[{"status":"WAITING","partner_reference_id":"1238"}]"#,
            META,
        ),
        (
            r#"[{"transaction_id":"7","partner_reference_id":"1238"}]"#,
            META,
        ),
        (
            r#"[{"transaction_id":"7","status":"","partner_reference_id":"1238"}]"#,
            META,
        ),
        (
            r#"[{"transaction_id":"7","status":"W","partner_reference_id":["1238"]}]"#,
            META,
        ),
        (
            r#"[{"transaction_id":"7","status":"W","partner_reference_id":1.5}]"#,
            META,
        ),
        ("[]", META),
        ("[]", "null"),
        ("[]", "{}"),
        ("[]", "[]"),
        ("[]", "\"\""),
        ("[]", r#"{"current_page":1,"total_pages":0}"#),
        ("[]", r#"{"current_page":1,"total_rows":0}"#),
        ("[]", r#"{"total_pages":0,"total_rows":0}"#),
        (
            "[]",
            r#"{"current_page":1,"total_pages":-1,"total_rows":0}"#,
        ),
        (
            "[]",
            r#"{"current_page":1,"total_pages":1e99,"total_rows":0}"#,
        ),
        (
            "[]",
            r#"{"current_page":1,"total_pages":0,"total_rows":0,"total_rows":1}"#,
        ),
        (
            "[]",
            r#"{"current_page":1,"total_pages":18446744073709551615,"total_rows":0}"#,
        ),
    ] {
        let told = by_reference(&list(data, meta)).await;
        assert!(told.is_err(), "{data} {meta}: {told:?}");
    }
    // No meta at all, and two of them.
    let without = one("[]");
    let twice = format!(
        "{},\"meta\":{META}}}",
        list("[]", META).trim_end_matches('}')
    );
    for body in [without, twice] {
        assert_eq!(
            why(&by_reference(&body).await.unwrap_err()),
            "unreadable",
            "{body}"
        );
    }
}
