//! The faults, by name.

use std::collections::BTreeMap;
use std::time::Duration;

use klikoo_sandbox::Fault;

use crate::toxic::Toxic;

/// What strikes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Strike {
    /// The sandbox, by a rule for the one call.
    Sandbox(Fault),
    /// The sandbox, by a rule for each of the attempt's calls: the repeat after a 401 among them.
    SandboxAlways(Fault),
    /// The wire.
    Wire(Toxic),
    /// Nobody listens.
    Refused,
    /// Somebody listens, and answers no SYN.
    Unanswered,
    /// The server ended the connection while it was idle.
    IdleEnd,
    /// A certificate of somebody who is not trusted.
    Untrusted,
    /// No TLS where it is spoken.
    Plain,
}

#[derive(Clone, Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) strike: Strike,
    /// The client's timeout ends it.
    pub(crate) times_out: bool,
    /// It takes TLS to fail so.
    pub(crate) needs_tls: bool,
}

fn kind(name: &'static str, strike: Strike) -> Kind {
    Kind {
        name,
        strike,
        times_out: false,
        needs_tls: false,
    }
}

fn sandbox(name: &'static str, fault: Fault) -> Kind {
    kind(name, Strike::Sandbox(fault))
}

fn wire(name: &'static str, toxic: Toxic) -> Kind {
    kind(name, Strike::Wire(toxic))
}

fn slow(kind: Kind) -> Kind {
    Kind {
        times_out: true,
        ..kind
    }
}

fn tls(kind: Kind) -> Kind {
    Kind {
        needs_tls: true,
        ..kind
    }
}

/// An answer of this status without executing: with a code in Klikoo's envelope, or as a page.
fn status(name: &'static str, status: u16, code: Option<&str>) -> Kind {
    let fault = Fault::Status {
        status,
        code: code.map(str::to_owned),
        // None to wait for: that the resolver waits is shown elsewhere.
        retry_after: (status == 429).then_some(0),
        location: (300..400)
            .contains(&status)
            .then(|| "http://127.0.0.1:9/elsewhere".to_owned()),
    };
    sandbox(name, fault)
}

/// As above, after executing.
fn executed(name: &'static str, status: u16, code: Option<&str>) -> Kind {
    let code = code.map(str::to_owned);
    sandbox(name, Fault::ExecuteThenStatus { status, code })
}

fn other_data(name: &'static str, member: &str, value: serde_json::Value) -> Kind {
    let data = BTreeMap::from([(member.to_owned(), value)]);
    sandbox(name, Fault::ExtraData { data })
}

fn text(text: &str) -> String {
    text.to_owned()
}

const GATEWAY_PAGE: &str = "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<p>sorry</p>\r\n";
const FIREWALL_PAGE: &str = "HTTP/1.1 403 Forbidden\r\ncontent-type: text/html\r\ncontent-length: 14\r\n\r\n<p>denied</p>\r\n";

/// All of them.
pub(crate) fn kinds() -> Vec<Kind> {
    let mut kinds = of_the_wire();
    kinds.extend(of_readable_replies());
    kinds.extend(of_statuses());
    kinds
}

/// Nothing is said, or it cannot be read.
fn of_the_wire() -> Vec<Kind> {
    let ms = Duration::from_millis;
    vec![
        kind("none", Strike::Wire(Toxic::Clear)),
        // The connector: nothing has left.
        kind("refused", Strike::Refused),
        slow(kind("syn_unanswered", Strike::Unanswered)),
        kind("idle_connection_ended", Strike::IdleEnd),
        tls(kind("tls_untrusted", Strike::Untrusted)),
        tls(kind("tls_not_spoken", Strike::Plain)),
        // The wire, before the request is whole.
        wire("closed_unread", Toxic::CloseUnread),
        wire("reset_unread", Toxic::ResetUnread),
        slow(wire("request_swallowed", Toxic::SwallowRequest)),
        wire("request_cut_in_its_head", Toxic::CutRequest(100)),
        wire("request_sliced", Toxic::SliceRequest(64)),
        wire("proxy_page_502", Toxic::ProxyPage(GATEWAY_PAGE)),
        wire("proxy_page_403", Toxic::ProxyPage(FIREWALL_PAGE)),
        sandbox("cut_before_reading", Fault::CutBeforeReading),
        sandbox("reset_before_reading", Fault::ResetBeforeReading),
        sandbox("cut_before_executing", Fault::CutBeforeExecuting),
        sandbox("reset_before_executing", Fault::ResetBeforeExecuting),
        // After it was executed.
        sandbox("executed_then_cut", Fault::ExecuteThenCut),
        sandbox("executed_then_reset", Fault::ExecuteThenReset),
        slow(sandbox("never_answered", Fault::NeverAnswer)),
        slow(wire("reply_swallowed", Toxic::SwallowReply)),
        wire("reply_reset", Toxic::ResetReply),
        wire("reply_cut_in_its_head", Toxic::LimitReply(5)),
        wire("reply_cut_in_its_body", Toxic::LimitReply(97)),
        wire("reply_reset_in_its_body", Toxic::LimitReplyReset(97)),
        wire("reply_is_no_http", Toxic::NoHttp),
        // Slow, and whole.
        wire("latency", Toxic::Latency(ms(150))),
        wire("reply_sliced", Toxic::SliceReply(16)),
        wire("bandwidth_low", Toxic::Bandwidth(64)),
        slow(wire("bandwidth_too_low", Toxic::Bandwidth(2))),
        wire("slow_close", Toxic::SlowClose(ms(200))),
        slow(sandbox("slow_body", Fault::SlowBody { chunk: 4, ms: 100 })),
        // Replies that cannot be read.
        sandbox("truncated", Fault::Truncated),
        sandbox("not_json", Fault::NotJson),
        sandbox("wrong_content_type", Fault::WrongContentType),
        sandbox("oversize", Fault::Oversize),
        sandbox("not_utf8", Fault::InvalidUtf8),
    ]
}

/// A success in HTTP's words, which proves less, or something else.
fn of_readable_replies() -> Vec<Kind> {
    let minutes = |number: i64| {
        Strike::Sandbox(Fault::DateHeader {
            offset: number * 60,
        })
    };
    vec![
        sandbox("no_transaction_id", Fault::MissingTransactionId),
        sandbox("no_deadline", Fault::MissingExpiredAt),
        sandbox(
            "deadline_without_zone",
            Fault::ExpiredAt {
                text: text("2026-11-24 12:00:00"),
            },
        ),
        sandbox(
            "deadline_passed",
            Fault::ExpiredAt {
                text: text("2020-01-01T00:00:00+07:00"),
            },
        ),
        sandbox(
            "deadline_absurd",
            Fault::ExpiredAt {
                text: text("2999-01-01T00:00:00+07:00"),
            },
        ),
        sandbox(
            "status_word_new",
            Fault::StatusWord {
                text: text("PENDING"),
            },
        ),
        sandbox(
            "status_word_failed",
            Fault::StatusWord {
                text: text("FAILED"),
            },
        ),
        // Replies that contradict themselves or the order.
        sandbox("error_code_in_201", Fault::ErrorCodeIn2xx),
        sandbox(
            "refusal_code_in_201",
            Fault::Code {
                text: text("400057801"),
            },
        ),
        executed("status_and_code_differ", 400, Some("500058504")),
        other_data(
            "other_reference",
            "partner_reference_no",
            "somebody-else".into(),
        ),
        other_data("other_seats", "seats", serde_json::json!(["9A"])),
        kind("date_an_hour_ahead", minutes(60)),
        kind("date_an_hour_behind", minutes(-60)),
    ]
}

/// Whatever else is said.
fn of_statuses() -> Vec<Kind> {
    vec![
        // What settles nothing.
        executed("executed_then_500", 500, Some("500058504")),
        executed("executed_then_502_page", 502, None),
        status("status_500", 500, Some("500058504")),
        status("status_503", 503, Some("503059991")),
        status("status_504_page", 504, None),
        status("status_307", 307, None),
        status("status_403_page", 403, None),
        status("status_404_page", 404, None),
        status("status_408", 408, Some("408050000")),
        status("status_425", 425, Some("425050000")),
        status("status_429", 429, Some("429050000")),
        // Refusals.
        status("seat_taken", 400, Some("400057801")),
        status("signature_refused", 400, Some("400056508")),
        status("timestamp_refused", 400, Some("400056505")),
        status("not_allowed", 403, Some("403056571")),
        sandbox("token_expired_once", Fault::ExpiredToken),
        kind(
            "token_refused_always",
            Strike::SandboxAlways(Fault::InvalidToken),
        ),
        sandbox("reference_used", Fault::Duplicate),
    ]
}
