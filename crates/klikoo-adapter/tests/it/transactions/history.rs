//! The pages of the history: all of them, or an error.

use booking_ports::{InquiryError, Transaction, TransactionInquiry};
use klikoo_adapter::HistorySearch;
use serde_json::{Value, json};

use super::{id, reference, why};
use crate::raw::{RawServer, Request, Step, json as reply};
use crate::setup::{NOW, transactions};

type Answer = Box<dyn Fn(u64, usize) -> Vec<u8> + Send + Sync>;

/// The page that a request asks for.
fn page_of(request: &Request) -> u64 {
    let query = request.path.split_once('?').unwrap().1;
    let page = query.split('&').find_map(|pair| pair.strip_prefix("page="));
    page.unwrap().parse().unwrap()
}

fn row(id: &str, reference: impl Into<Value>, status: &str) -> Value {
    json!({"transaction_id": id, "partner_reference_id": reference.into(), "status": status,
           "amount": "20000"})
}

fn page(number: u64, pages: u64, rows: u64, list: &[Value]) -> Vec<u8> {
    let body = json!({
        "response_code": "200022000", "response_message": "pesan", "data": list,
        "meta": {"current_page": number, "previous_page": null, "next_page": null,
                 "total_pages": pages, "total_rows": rows, "per_page": 100}});
    reply(200, &body.to_string())
}

/// What is found of `1238` where `answer` gives the page of each number.
async fn found(
    answer: impl Fn(u64, usize) -> Vec<u8> + Send + Sync + 'static,
) -> (Result<Vec<Transaction>, InquiryError>, usize) {
    let server =
        RawServer::start(move |request, count| Step::Send(answer(page_of(request), count))).await;
    let inquiry = transactions(&server.base_url()).with_search(HistorySearch::WholeWindow);
    let found = inquiry.by_reference(&reference("1238"), NOW).await;
    (found, server.asked().len())
}

fn ids(found: &[Transaction]) -> Vec<&str> {
    found.iter().map(|found| found.id.as_str()).collect()
}

#[tokio::test]
async fn what_is_asked_is_written_as_documented() {
    let server = RawServer::always(Step::Send(page(1, 0, 0, &[]))).await;
    for search in [HistorySearch::ByReference, HistorySearch::WholeWindow] {
        let inquiry = transactions(&server.base_url()).with_search(search);
        assert!(inquiry.by_reference(&reference("a&b"), NOW).await.is_ok());
    }
    assert!(
        transactions(&server.base_url())
            .by_id(&id("7"))
            .await
            .is_err()
    );
    let asked = server.asked();
    let window = "from=2026-11-24T09%3A55%3A00.000%2B07%3A00&limit=100&page=1\
                  &to=2026-11-24T10%3A05%3A00.000%2B07%3A00";
    assert_eq!(
        asked.iter().map(|it| it.path.as_str()).collect::<Vec<_>>(),
        [
            &format!("/v1/open-api/transactions?{window}&q=a%26b"),
            &format!("/v1/open-api/transactions?{window}"),
            "/v1/open-api/transactions/7",
        ]
    );
    for request in asked {
        assert_eq!(request.body, "");
        assert!(!request.headers.contains_key("content-length"));
        assert_eq!(request.headers["content-type"], "application/json");
        assert_eq!(request.headers["open-api-signature"].len(), 88);
    }
}

#[tokio::test]
async fn every_page_is_read_and_the_last_one_ends_it() {
    let (found, asked) = found(|number, _| {
        let own = row(&format!("own-{number}"), "1238", "WAITING");
        let other = row(&format!("other-{number}"), "1239", "");
        page(number, 3, 6, &[own, other])
    })
    .await;
    assert_eq!(ids(&found.unwrap()), ["own-1", "own-2", "own-3"]);
    assert_eq!(asked, 3);
}

#[tokio::test]
async fn no_more_than_a_hundred_pages_are_read() {
    let (result, asked) = found(|number, _| page(number, 101, 10_001, &[])).await;
    let error = result.unwrap_err();
    assert_eq!((why(&error), asked), ("unreadable", 1));
    assert!(error.to_string().contains("101 pages"), "{error}");

    // One that grows while it is read is not read for ever.
    let (result, asked) = found(|number, _| {
        let row = row(&number.to_string(), "other", "WAITING");
        page(number, number + 1, 1, &[row])
    })
    .await;
    assert_eq!((why(&result.unwrap_err()), asked), ("unreadable", 100));

    let (result, asked) = found(|number, _| {
        let row = row(&number.to_string(), number, "WAITING");
        page(number, 100, 100, &[row])
    })
    .await;
    assert_eq!((result.unwrap().len(), asked), (0, 100));
}

#[tokio::test]
async fn what_moves_between_pages_is_not_missed() {
    // Another was made meanwhile: the last of the first page is the first of the second, booked.
    let moved = |number, _| match number {
        1 => page(1, 2, 2, &[row("2", "1238", "WAITING")]),
        _ => page(
            2,
            2,
            3,
            &[row("2", "1238", "SUCCESS"), row("1", "1238", "WAITING")],
        ),
    };
    let (result, _) = found(moved).await;
    let result = result.unwrap();
    assert_eq!(ids(&result), ["2", "1"]);
    assert_eq!(result[0].status.word(), "SUCCESS");

    // One went: what moved up to the first page was never shown.
    let gone = |number, _| match number {
        1 => page(1, 2, 3, &[row("3", "x", "WAITING")]),
        _ => page(2, 2, 2, &[row("1", "x", "WAITING")]),
    };
    let (result, _) = found(gone).await;
    assert_eq!(why(&result.unwrap_err()), "unavailable");
}

#[tokio::test]
async fn a_server_that_gives_less_than_it_counts_is_not_believed() {
    let one = row("1", "1239", "WAITING");
    let cases: Vec<(&str, Answer)> = vec![
        (
            "no rows of one",
            Box::new(|number, _| page(number, 1, 1, &[])),
        ),
        (
            "no pages of one",
            Box::new(|number, _| page(number, 0, 1, &[])),
        ),
        (
            "the first page again",
            Box::new({
                let one = one.clone();
                move |_, _| page(1, 2, 2, std::slice::from_ref(&one))
            }),
        ),
        (
            "the same row again",
            Box::new({
                let one = one.clone();
                move |number, _| page(number, 2, 2, std::slice::from_ref(&one))
            }),
        ),
        (
            "page 2 at first",
            Box::new(move |_, _| page(2, 2, 1, std::slice::from_ref(&one))),
        ),
    ];
    for (about, answer) in cases {
        let (result, _) = found(answer).await;
        assert!(result.is_err(), "{about}: {result:?}");
    }
}

#[tokio::test]
async fn only_the_reference_itself_is_ours() {
    let (result, _) = found(|number, _| {
        let rows = [
            row("1", "1238", "WAITING"),
            row("2", 1238, "WAITING"),
            row("3", "1238 ", "WAITING"),
            row("4", "12381", "WAITING"),
            row("5", "01238", "WAITING"),
            row("6", Value::Null, "WAITING"),
            row("7", "", "WAITING"),
            // What others are in is not ours to understand.
            json!({"transaction_id": 8, "partner_reference_id": "x"}),
        ];
        page(number, 1, 8, &rows)
    })
    .await;
    assert_eq!(ids(&result.unwrap()), ["1", "2"]);
}
